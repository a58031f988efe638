# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that need no network, and the ready-made checklists."""

import json
import re

import jsonschema
import pytest

import gate as gate_module
from checklists import DIALOGUE, SUBMISSION, checklist

SHIPPED = ["submission", "smtps", "mx", "imap", "imaps", "pop3", "pop3s", "lmtp", "managesieve",
           "ftps", "dane", "mta-sts", "domain"]

ASSERTIONS = [
    "connection.established", "connection.greeting", "ehlo.accepted", "ehlo.includes",
    "ehlo.excludes", "starttls.advertised", "starttls.accepted", "starttls.clean_reply",
    "starttls.not_reoffered", "tls.handshake", "tls.version", "tls.cipher",
    "certificate.trusted", "certificate.hostname", "certificate.expiry", "session.ehlo",
    "session.includes", "session.excludes", "auth.mechanisms", "auth.not_before_tls",
    "auth.login", "auth.rejects_wrong_password", "session.dialogue", "mail.accepted",
    "mail.relay_refused", "mail.size", "mail.round_trip", "dane.published", "dane.valid",
    "dane.complete", "dane.rollover", "dane.covers_file",
    "mta_sts.record", "mta_sts.policy",
    "mta_sts.mode", "mta_sts.covers_mx", "mta_sts.matches_file", "mta_sts.certificate",
    "tls_rpt.record",
]


def test_version(gate):
    outcome = gate.command("--version")
    assert outcome.status == 0
    assert re.fullmatch(r"starttls-gate \d+\.\d+\.\d+\n", outcome.stdout)


@pytest.mark.parametrize("arguments", [
    ["--help"], ["run", "--help"], ["validate", "--help"], ["list", "--help"],
    ["explain", "--help"], ["schema", "--help"],
], ids=" ".join)
def test_help(arguments, gate):
    outcome = gate.command(*arguments)
    assert outcome.status == 0
    assert "starttls-gate" in outcome.stdout
    assert outcome.stderr == ""


def test_list_knows_every_assertion(gate):
    outcome = gate.command("list")
    assert outcome.status == 0
    assert [name for name in ASSERTIONS if name not in outcome.stdout] == []


@pytest.mark.parametrize("name", ASSERTIONS)
def test_explain(name, gate):
    outcome = gate.command("explain", name)
    assert outcome.status == 0
    assert name in outcome.stdout
    assert "RFC" in outcome.stdout


def test_explain_suggests(gate):
    outcome = gate.command("explain", "certificate.exipry")
    assert outcome.status == 2
    assert "certificate.expiry" in outcome.stderr


def test_list_of_a_checklist_connects_to_nobody(gate, scripted, certificates):
    server = scripted()
    outcome = gate.command("list", gate.write(checklist(server.port, SUBMISSION,
                                                        certificates.ca_file)))
    assert outcome.status == 0, outcome.text
    assert [row["assert"] for row in SUBMISSION if row["assert"] not in outcome.stdout] == []
    assert server.conversations == []


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_checklists_are_valid(name, gate, tmp_path):
    account = [] if name in ("mx", "lmtp", "ftps", "dane", "mta-sts", "domain") else [
        "--var", "username=gate"]
    which = "--mx" if name in ("mta-sts", "domain") else "--target"
    outcome = gate.command("validate", name, which, gate_module.HOST, *account, cwd=tmp_path)
    assert outcome.status == 0, outcome.text


def test_validate_finds_what_run_would_find(gate, certificates):
    good = gate.write(checklist(25, DIALOGUE, certificates.ca_file), "good.json")
    bad = gate.write({**checklist(25, DIALOGUE, certificates.ca_file), "extra": 1}, "bad.json")
    assert gate.command("validate", good).status == 0
    outcome = gate.command("validate", bad)
    assert outcome.status == 2
    assert "extra" in outcome.stderr


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    outcome = gate_module.Gate(tmp_path_factory.mktemp("schema")).command("schema")
    assert outcome.status == 0
    return json.loads(outcome.stdout)


def test_the_schema_is_a_schema(schema):
    jsonschema.Draft7Validator.check_schema(schema)
    assert "draft-07" in schema["$schema"]


def test_the_schema_in_the_tree_is_the_printed_one(schema):
    path = gate_module.ROOT / "schemas" / "checklist.schema.json"
    assert json.loads(path.read_text()) == schema


@pytest.mark.parametrize("name", SHIPPED)
def test_the_schema_takes_the_shipped_checklists(name, schema):
    content = json.loads((gate_module.ROOT / "checks" / f"{name}.json").read_text())
    jsonschema.validate(content, schema)


def edited(path, value):
    """Sets the member at `path` of a checklist; an assertion is found by its name."""
    def edit(content):
        *parents, last = path
        for key in parents:
            content = content[key] if key in content or isinstance(key, int) else next(
                row for row in content if row["assert"] == key)
        content[last] = value
    return edit


# Edits of a good checklist that neither schema nor loader may take.
REFUSED = [
    edited(["extra"], 1),
    edited(["targets"], []),
    edited(["targets", 0, "extra"], 1),
    edited(["targets", 0, "port"], 0),
    edited(["targets", 0, "port"], 65536),
    edited(["targets", 0, "port"], 25.5),
    edited(["targets", 0, "protocol"], "gopher"),
    edited(["targets", 0, "tls"], "maybe"),
    edited(["targets", 0, "host"], 5),
    edited(["limits", "extra"], "1s"),
    edited(["limits", "reply_timeout"], "soon"),
    edited(["limits", "reply_timeout"], 5),
    edited(["limits", "connections"], 0),
    edited(["limits", "retries"], -1),
    edited(["trust", "extra"], True),
    edited(["trust", "system"], "yes"),
    edited(["secrets", "password"], "in the open"),
    edited(["secrets", "password"], {"argv": "x"}),
    edited(["assertions"], []),
    edited(["assertions", 0], "connection.established"),
    edited(["assertions", 0, "assert"], "no.such"),
    edited(["assertions", 0, "extra"], 1),
    edited(["assertions", 0, "severity"], "sometimes"),
    edited(["assertions", 0, "tags"], "auth"),
    edited(["assertions", 0, "waive"], {"reason": "no date"}),
    edited(["assertions", "connection.greeting", "code"], "220"),
    edited(["assertions", "connection.greeting", "code"], 99),
    edited(["assertions", "tls.version", "minimum"], "1.4"),
    edited(["assertions", "tls.version", "minimum"], 1.2),
    edited(["assertions", "certificate.expiry", "days"], "21"),
    edited(["assertions", "certificate.expiry", "days"], -1),
    edited(["assertions", "auth.mechanisms", "includes"], "PLAIN"),
    edited(["assertions", "auth.login", "mechanism"], "GUESS"),
    edited(["assertions", "auth.login", "password"], 5),
]


def good_checklist(certificates):
    return json.loads(json.dumps(checklist(25, SUBMISSION, certificates.ca_file)))


def test_schema_and_loader_take_the_good_one(schema, gate, certificates):
    content = good_checklist(certificates)
    jsonschema.validate(content, schema)
    outcome = gate.command("validate", gate.write(content), env={"SMTP_PASSWORD": "x"})
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize("edit", REFUSED, ids=range(len(REFUSED)))
def test_schema_and_loader_refuse_the_same(edit, schema, gate, certificates):
    content = good_checklist(certificates)
    edit(content)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)
    outcome = gate.command("validate", gate.write(content))
    assert outcome.status == 2, f"{content}\n{outcome.text}"
