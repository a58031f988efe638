# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a checklist or a command line is said before any connection is made."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

import gate as gate_module
from checklists import DIALOGUE, checklist, target
from gate import finish, start

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
    ["--only", "connection.*", "--only", "nothing.matches"], ["--skip", "nothing.matches"],
    ["--skip", "*"], ["--tag", "!nothing"], ["--var", "nothing=1"], ["--color", "sometimes"],
    ["--color"], ["-q", "-v"],
    ["--target", "target", "--target", "target"],
    ["--target", "target", "--target", "not a target"],
], ids=lambda arguments: " ".join(arguments))
def test_a_wrong_command_line(arguments, gate, scripted):
    server = scripted()
    outcome = gate(str(gate.write(text_of(server.port))), *arguments)
    assert outcome.status == 2, outcome.text
    assert outcome.stderr.strip()
    assert server.conversations == []


@pytest.mark.parametrize("arguments", [
    ["--address", "127.0.0.1"], ["--ca-file", "ca.pem"], ["-j", "1"], ["--wait", "1s"],
    ["--retries", "1"], ["--deadline", "1s"], ["--dry-run"], ["-n"], ["--verbose"], ["--quiet"],
    ["--color", "never"], ["--junit", "other.xml"],
], ids=lambda arguments: " ".join(arguments))
def test_an_option_given_twice(arguments, gate, scripted, certificates):
    server = scripted()
    (gate.directory / "ca.pem").symlink_to(certificates.ca_file)
    path = gate.write(text_of(server.port))
    outcome = gate.command("run", path, *arguments, *arguments, cwd=gate.directory)
    assert outcome.status == 2, outcome.text
    assert "given twice" in outcome.stderr
    assert server.conversations == []


def test_a_long_and_a_short_option_are_the_same(gate):
    outcome = gate.command("run", gate.write(text_of(25)), "-j1", "--jobs=2")
    assert outcome.status == 2, outcome.text
    assert "--jobs is given twice" in outcome.stderr


def test_an_unused_variable_gets_a_suggestion(gate):
    text = text_of(25).replace(gate_module.HOST, "${host:-" + gate_module.HOST + "}")
    outcome = gate.command("run", gate.write(text), "--var", "hots=other.example.test")
    assert outcome.status == 2, outcome.text
    assert "hots" in outcome.stderr and 'did you mean "host"' in outcome.stderr


def test_a_variable_may_be_of_one_checklist_of_several(gate):
    one = gate.write(text_of(25).replace("127.0.0.1", "${address}"), "one.json")
    two = gate.write(text_of(25), "two.json")
    arguments = ["--var", "address=127.0.0.2"]
    assert gate.command("validate", one, two, *arguments).status == 0
    assert gate.command("validate", two, *arguments).status == 2


def test_a_pattern_may_be_of_one_checklist_of_several(gate):
    one = gate.write(text_of(25, [GREETING, {"assert": "tls.handshake", "tags": ["tls"]}]), "1.json")
    two = gate.write(text_of(25), "2.json")
    for arguments in ["--skip", "tls.*"], ["--tag", "!tls"], ["--only", "tls.*", "--only", "conn*"]:
        assert gate.command("validate", one, two, *arguments).status == 0, arguments
        assert gate.command("validate", two, *arguments).status == 2, arguments


def test_what_is_no_file_cannot_be_misspelt_when_the_checklist_is(gate):
    """A checklist that cannot be read makes nothing else wrong."""
    outcome = gate.command("run", "./none.json", "--var", "a=b", "--only", "x", "--tag", "y")
    assert outcome.status == 2
    assert outcome.stderr.count("error:") == 1, outcome.text
    misspelt = gate.write(text_of(25, [{"assert": "auth.logn", "username": "${username}"}]))
    outcome = gate.command("validate", misspelt, "--var", "username=u", "--only", "auth.login")
    assert outcome.stderr.count("error:") == 1, outcome.text


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


SECRETS = {
    "a variable that is not set": {"env": "NO_SUCH_VARIABLE"},
    "a file that is not there": {"file": "no-such-file"},
    "a FIFO": {"file": "fifo"},
    "a directory": {"file": "."},
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("command, status", [("validate", 0), ("list", 0), ("run", 2)])
def test_only_a_run_needs_secrets(command, status, secret, gate, scripted, certificates):
    server = scripted()
    os.mkfifo(gate.directory / "fifo")
    path = gate.write(checklist(server.port, DIALOGUE, certificates.ca_file,
                                secrets={"password": secret}))
    outcome = gate.command(command, path, timeout=5)
    assert outcome.status == status, outcome.text
    assert ("password" in outcome.stderr) == (status == 2)
    assert server.conversations == []


def test_the_plan_is_the_same_without_secrets(gate, certificates):
    rows = [*DIALOGUE, {"assert": "auth.rejects_wrong_password", "username": "gate"},
            {**DIALOGUE[-1], "id": "other", "username": "other"}]
    path = gate.write(checklist(25, rows, certificates.ca_file))
    with_secret = gate.command("list", path)
    without = gate.command("list", path, env={"SMTP_PASSWORD": ""})
    assert without.status == 0, without.text
    assert without.stdout == with_secret.stdout


@pytest.mark.parametrize("value, warned", [("hunte", True), ("hunter", False), ("é" * 3, False)])
def test_a_short_secret_is_warned_about(value, warned, gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file),
                   env={"SMTP_PASSWORD": value})
    assert server.conversations != [], outcome.text
    assert ("warning" in outcome.stderr and '"password"' in outcome.stderr) == warned
    assert value not in outcome.stderr


FIFOS = {
    "the checklist": lambda content: "fifo",
    "an included checklist": lambda content: {**content, "include": ["./fifo"]},
    "a secret": lambda content: {**content, "secrets": {"password": {"file": "fifo"}}},
    "the authorities": lambda content: {**content, "trust": {"ca_file": "fifo"}},
    "certificates": lambda content: {**content, "targets": [
        {"host": "a.example", "certificate_file": "fifo"}]},
    "a private key": lambda content: {**content, "targets": [
        {"host": "a.example", "certificate_file": "chain.pem", "private_key_file": "fifo"}]},
}


@pytest.mark.parametrize("use", FIFOS.values(), ids=FIFOS)
def test_a_fifo_that_nobody_writes_to(use, gate, scripted, certificates):
    """It is said at once; a writer would be waited for without end."""
    server = scripted()
    os.mkfifo(gate.directory / "fifo")
    (gate.directory / "chain.pem").symlink_to(certificates.identities["good"].chain)
    content = use(checklist(server.port, DIALOGUE, certificates.ca_file))
    path = "./fifo" if content == "fifo" else gate.write(content)
    outcome = finish(start("run", path, cwd=gate.directory), timeout=5)
    assert outcome.status == 2, outcome.text
    assert "it is a pipe that nobody has written to" in outcome.stderr
    assert server.conversations == []


def test_a_directory_of_authorities_may_hold_a_fifo(gate, scripted, certificates):
    """Even one whose writer says nothing."""
    server = scripted()
    (gate.directory / "ca").mkdir()
    os.mkfifo(gate.directory / "ca" / "fifo")
    writer = os.open(gate.directory / "ca" / "fifo", os.O_RDWR)
    (gate.directory / "ca" / "ca.pem").symlink_to(certificates.ca_file)
    content = checklist(server.port, [{"assert": "certificate.trusted"}], certificates.ca_file)
    outcome = gate({**content, "trust": {"system": False, "ca_path": "ca"}}, timeout=5)
    os.close(writer)
    assert outcome.status == 0, outcome.text


def test_a_checklist_from_a_pipe(gate, scripted, certificates):
    """Paths in it begin in the working directory."""
    server = scripted()
    (gate.directory / "ca.pem").symlink_to(certificates.ca_file)
    content = checklist(server.port, [GREETING, {"assert": "certificate.trusted"}], "ca.pem")
    report = gate.directory / "report.xml"
    process = subprocess.run([gate_module.BINARY, "run", "/dev/stdin", "--junit", report],
                             input=json.dumps(content).encode(), capture_output=True,
                             cwd=gate.directory, timeout=20)
    outcome = gate_module.Outcome(process, report)
    assert outcome.status == 0, outcome.text
    assert 'classname="checklist.target"' in report.read_text()
    assert "file=" not in report.read_text()


def test_authorities_from_a_pipe(gate, scripted, certificates):
    server = scripted()
    path = gate.write(checklist(server.port, [{"assert": "certificate.trusted"}], "none"))
    text = path.read_text().replace('"ca_file": "none"', '"$comment": ""')
    path.write_text(text)
    process = subprocess.run(
        ["bash", "-c", f"'{gate_module.BINARY}' run '{path}' --ca-file <(cat '{certificates.ca_file}')"],
        capture_output=True, timeout=20)
    assert process.returncode == 0, process


@pytest.mark.parametrize("command", ["run", "validate", "list"])
@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
                         ids=["SIGINT", "SIGTERM"])
def test_a_signal_while_a_checklist_is_read(number, status, command, gate):
    fifo = gate.directory / "fifo"
    os.mkfifo(fifo)
    writer = os.open(fifo, os.O_RDWR)
    os.write(writer, b'{ "name": ')
    report = ["--junit", gate.directory / "report.xml"] if command != "list" else []
    try:
        process = start(command, fifo, *report)
        time.sleep(0.3)
        process.send_signal(number)
        outcome = finish(process, gate.directory / "report.xml", timeout=5)
    finally:
        os.close(writer)
    assert outcome.status == status, outcome.text
    assert "interrupted" in outcome.stderr
    if report:
        assert [case.verdict for case in outcome.cases.values()] == ["error"]


def test_a_pipe_that_is_written_slowly(gate, scripted, certificates):
    server = scripted()
    text = json.dumps(checklist(server.port, [GREETING], certificates.ca_file)).encode()
    process = subprocess.Popen([gate_module.BINARY, "run", "/dev/stdin"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for part in text[:20], text[20:]:
        time.sleep(0.2)
        process.stdin.write(part)
        process.stdin.flush()
    stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 0, stdout + stderr


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
