# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a checklist or a command line is said before any connection is made."""

import json
import re

import pytest

import gate as gate_module
from checklists import DIALOGUE, checklist, target

GREETING = {"assert": "connection.greeting"}


def text_of(port, assertions=(GREETING,), **members):
    return json.dumps({"targets": [target(port)], "assertions": list(assertions), **members},
                      indent=2)


# What is wrong, the checklist's text made from a good one, and what the message must say.
PROBLEMS = [
    ("unknown key", lambda text: text.replace('"assertions"', '"asertions"', 1), "assertions"),
    ("unknown assertion", lambda text: text.replace("connection.greeting", "connection.greting"),
     "connection.greeting"),
    ("unknown parameter", lambda text: text.replace('"assert":', '"cod": 220, "assert":'), "code"),
    ("duplicate key", lambda text: text.replace('"targets"', '"name": "a", "name": "b", "targets"'),
     "name"),
    ("trailing comma", lambda text: text.replace("]", ",]", 1), ""),
    ("comment", lambda text: "// hello\n" + text, ""),
    ("nothing at all", lambda text: "", ""),
    ("half a file", lambda text: text[:len(text) // 2], ""),
    ("bytes after the end", lambda text: text + "x", ""),
    ("bad UTF-8", lambda text: text.encode().replace(b"smtp", b"sm\xfftp"), "UTF-8"),
    ("nesting without end", lambda text: "[" * 100000, ""),
    ("a list instead of an object", lambda text: "[]", "object"),
    ("wrong type of port", lambda text: re.sub(r'"port": (\d+)', r'"port": "\1"', text), "port"),
    ("port out of range", lambda text: re.sub(r'"port": \d+', '"port": 65536', text), "65535"),
    ("port with a fraction", lambda text: re.sub(r'"port": \d+', '"port": 25.5', text), "port"),
    ("unknown protocol", lambda text: text.replace('"smtp"', '"smpt"'), "smtp"),
    ("undefined variable", lambda text: text.replace("127.0.0.1", "${nowhere}"), "nowhere"),
    ("undefined secret",
     lambda text: text.replace('"connection.greeting"', '"auth.login", "mechanism": "PLAIN", '
                               '"username": "x", "password": "${nowhere}"'), "nowhere"),
    ("no assertions", lambda text: re.sub(r'"assertions": \[.*\]', '"assertions": []', text,
                                          flags=re.S), "assertions"),
    ("no targets", lambda text: re.sub(r'"targets": \[.*?\]', '"targets": []', text, flags=re.S),
     "targets"),
    ("a limit without unit", lambda text: text.replace(
        '"targets"', '"limits": {"reply_timeout": "10"}, "targets"'), "reply_timeout"),
    ("a parameter out of its choices",
     lambda text: text.replace('"connection.greeting"', '"tls.version", "minimum": "1.4"'), "1.3"),
    ("a regular expression that is none",
     lambda text: text.replace('"connection.greeting"',
                               '"connection.greeting", "matches": "(a"'), "matches"),
    ("a CA file that is not there", lambda text: text.replace(
        '"targets"', '"trust": {"ca_file": "no-such.pem"}, "targets"'), "no-such.pem"),
]


@pytest.mark.parametrize("spoil, says", [row[1:] for row in PROBLEMS],
                         ids=[row[0] for row in PROBLEMS])
def test_a_checklist_with(spoil, says, gate, scripted):
    server = scripted()
    outcome = gate.wait(gate.start(str(gate.write(spoil(text_of(server.port))))))
    assert outcome.status == 2, outcome.text
    assert says in outcome.stderr, outcome.text
    assert "test.json" in outcome.stderr
    assert [case.verdict for case in outcome.cases.values()] == ["error"], outcome.text
    assert says in "".join(case.body + case.message for case in outcome.cases.values())
    assert server.conversations == []


def test_problems_have_place_and_caret(gate):
    outcome = gate(str(gate.write(text_of(25).replace('"port"', '"prot"'))))
    line = text_of(25).split('"port"')[0].count("\n") + 1
    assert re.search(rf"test\.json:{line}:\d+", outcome.stderr), outcome.text
    assert "^" in outcome.stderr and "port" in outcome.stderr


def test_all_problems_come_at_once(gate):
    text = text_of(25).replace('"port"', '"prot"').replace("connection.greeting", "no.such")
    outcome = gate(str(gate.write(text)))
    assert "prot" in outcome.stderr and "no.such" in outcome.stderr, outcome.text


def test_ids_are_unique(gate):
    outcome = gate(str(gate.write(text_of(25, [GREETING, GREETING]))))
    assert outcome.status == 2
    assert "connection.greeting" in outcome.stderr


def test_a_checklist_that_is_not_there(gate):
    outcome = gate("no/such/checklist.json")
    assert outcome.status == 2
    assert "no/such/checklist.json" in outcome.stderr
    assert [case.verdict for case in outcome.cases.values()] == ["error"]


def test_a_shipped_name_that_does_not_exist_gets_a_suggestion(gate):
    outcome = gate("submision")
    assert outcome.status == 2
    assert "submission" in outcome.stderr


@pytest.mark.parametrize("arguments", [
    ["--no-such-option"], ["--target"], ["--var", "novalue"], ["--ca-file", "/no/such.pem"],
    ["--deadline", "soon"], ["--only", "nothing.matches"], ["--tag", "nothing"],
    ["--address", "not an address"],
], ids=lambda arguments: " ".join(arguments))
def test_a_wrong_command_line(arguments, gate, scripted):
    server = scripted()
    outcome = gate(str(gate.write(text_of(server.port))), *arguments)
    assert outcome.status == 2, outcome.text
    assert outcome.stderr.strip()
    assert server.conversations == []


@pytest.mark.parametrize("arguments", [[], ["no-such-command"], ["run"], ["explain", "no.such"]],
                         ids=lambda arguments: " ".join(arguments) or "nothing")
def test_a_wrong_command(arguments, gate):
    assert gate.command(*arguments).status == 2


def test_a_report_that_cannot_be_written(gate, scripted, certificates):
    server = scripted()
    path = gate.write(checklist(server.port, [GREETING], certificates.ca_file))
    outcome = gate.command("run", path, "--junit", gate.directory / "no" / "such" / "report.xml")
    assert outcome.status == 2, outcome.text
    assert "report.xml" in outcome.stderr
    assert server.conversations == []


def test_an_unreadable_secret(gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file,
                             secrets={"password": {"env": "NO_SUCH_VARIABLE"}}))
    assert outcome.status == 2, outcome.text
    assert "NO_SUCH_VARIABLE" in outcome.stderr
    assert server.conversations == []


@pytest.mark.parametrize("source", ["option", "environment", "checklist", "default"])
def test_variables_come_from(source, gate, scripted, certificates):
    """Each source is laid over those after it."""
    server = scripted()
    host = {"option": "${host}", "environment": "${host}", "checklist": "${host}",
            "default": "${nowhere:-" + gate_module.HOST + "}"}[source]
    content = checklist(target(server.port, host=host), [{"assert": "certificate.hostname"}],
                        certificates.ca_file, variables={"host": "wrong.example.test"})
    arguments, env = [], {}
    if source == "checklist":
        content["variables"]["host"] = gate_module.HOST
    if source == "environment":
        env = {"STARTTLS_GATE_VAR_host": gate_module.HOST}
    if source == "option":
        arguments, env = ["--var", f"host={gate_module.HOST}"], {"STARTTLS_GATE_VAR_host": "x.test"}
    assert gate(content, *arguments, env=env).status == 0
