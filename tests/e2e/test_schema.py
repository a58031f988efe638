# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of checklists and the loader agree: what the schema refuses the loader refuses,
and what the loader takes the schema takes."""

import json
import re

import jsonschema
import pytest

import gate as gate_module

ENVIRONMENT = {"SMTP_PASSWORD": "x", "STARTTLS_GATE_VAR_username": "gate"}
HANDSHAKE = {"assert": "tls.handshake"}
LOGIN = {"assert": "auth.login", "username": "u", "password": "${password}"}


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((gate_module.ROOT / "schemas/checklist.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def with_members(**members):
    """A good checklist with some of its members set; None takes one away."""
    content = {"trust": {"system": False}, "secrets": {"password": {"env": "SMTP_PASSWORD"}},
               "targets": [{"host": "a.example", "name": "one"}], "assertions": [HANDSHAKE]}
    content.update(members)
    return {key: value for key, value in content.items() if value is not None}


def with_target(**members):
    return with_members(targets=[{"host": "a.example", **members}])


def with_assertion(assertion="tls.handshake", **members):
    return with_members(assertions=[{"assert": assertion, **members}])


def with_overrides(overrides):
    """Of the shipped checklist mx."""
    return with_members(assertions=None, include=["mx"], overrides=overrides,
                        targets=[{"host": "a.example", "port": 25}])


REFUSED = {
    "an array": [],
    "nothing": {},
    "a file with a port": with_target(certificate_file="chain.pem", port=25),
    "a date without a file": with_target(at="2026-01-01"),
    "a key without a file": with_target(private_key_file="key.pem"),
    "a date that is none": with_target(certificate_file="chain.pem", at="tomorrow"),
    "a time without its offset": with_target(certificate_file="chain.pem",
                                             at="2026-01-01T00:00:00"),
    "an offset without its colon": with_target(certificate_file="chain.pem",
                                               at="2026-01-01T00:00:00+0200"),
    "a fraction of nothing": with_assertion("certificate.expiry", fraction=0),
    "a fraction above the whole": with_assertion("certificate.expiry", fraction=1.5),
    "a boolean in words": with_assertion("certificate.expiry", chain="yes"),
    "a curve that is none": with_assertion("certificate.key", curves=["P-255"]),
    "an unknown member": with_members(extra=1),
    "no assertions": with_members(assertions=None),
    "an empty list of assertions": with_members(assertions=[]),
    "an empty list of targets": with_members(targets=[]),
    "an empty list of includes": with_members(include=[]),
    "an include that is a number": with_members(include=[1]),
    "an include without a name": with_members(include=[""]),
    "an include in an object without a name": with_members(include=[{"targets": ["one"]}]),
    "an include in an object with an empty name": with_members(include=[{"checklist": ""}]),
    "an include for no targets": with_members(include=[{"checklist": "mx", "targets": []}]),
    "an include for a target that is no list": with_members(
        include=[{"checklist": "mx", "targets": "one"}]),
    "an include with a bad tag": with_members(include=[{"checklist": "mx", "tags": ["a b"]}]),
    "an include with an unknown member": with_members(
        include=[{"checklist": "mx", "severity": "advisory"}]),
    "no overrides": with_overrides({}),
    "overrides that are a list": with_overrides([]),
    "an override that is a string": with_overrides({"tls.version": "1.3"}),
    "an override of nothing": with_overrides({"tls.version": {}}),
    "an override of what is not to be overridden": with_overrides({"tls.version": {"tags": ["a"]}}),
    "an override of an unknown parameter": with_overrides({"tls.version": {"minimun": "1.3"}}),
    "an override with an unknown choice": with_overrides({"tls.version": {"minimum": "1.4"}}),
    "an override with a string for a number": with_overrides({"certificate.expiry": {"days": "3"}}),
    "an override with an unknown severity": with_overrides({"tls.version": {"severity": "fatal"}}),
    "an override with half a waiver": with_overrides(
        {"tls.version": {"waive": {"reason": "r"}}}),
    "a name that is a number": with_members(name=1),
    "a name that is empty": with_members(name=""),
    "a name that is null": {**with_members(), "name": None},
    "a variable that is a number": with_members(variables={"a": 1}),
    "a variable with a bad name": with_members(variables={"1a": "b"}),
    "a variable that refers to another": with_members(variables={"a": "${b}"}),
    "a secret in the clear": with_members(secrets={"a": "b"}),
    "a secret from nowhere": with_members(secrets={"a": {}}),
    "a secret from two places": with_members(secrets={"a": {"env": "A", "file": "b"}}),
    "a secret with an unknown member": with_members(secrets={"a": {"env": "A", "value": "b"}}),
    "a secret with an empty origin": with_members(secrets={"password": {"env": ""}},
                                                  assertions=[LOGIN]),
    "a secret with a bad name": with_members(secrets={"a-b": {"env": "A"}}),
    "trust that is true": with_members(trust=True),
    "trust with an unknown member": with_members(trust={"system": False, "file": "a"}),
    "trust.system that is a string": with_members(trust={"system": "no"}),
    "limits with an unknown member": with_members(limits={"timeout": "1s"}),
    "a span without a unit": with_members(limits={"deadline": "10"}),
    "a span with a fraction": with_members(limits={"deadline": "1.5s"}),
    "a span that is a number": with_members(limits={"deadline": 10}),
    "no connections": with_members(limits={"connections": 0}),
    "too many connections": with_members(limits={"connections": 65}),
    "half a retry": with_members(limits={"retries": 0.5}),
    "too many retries": with_members(limits={"retries": 11}),
    "target defaults with a host": with_members(target_defaults={"host": "a.example"}),
    "target defaults with a bad port": with_members(target_defaults={"port": 0}),
    "a target without a host": with_members(targets=[{"name": "a"}]),
    "a target that is a string": with_members(targets=["a.example"]),
    "a target with an unknown member": with_target(prot=25),
    "a host that is empty": with_target(host=""),
    "a port that is a string": with_target(port="25"),
    "a port that is more than a reference": with_target(port="2${port:-5}"),
    "a port that is two references": with_target(port="${a:-2}${b:-5}"),
    "a number of days that is more than a reference": with_assertion("certificate.expiry",
                                                                     days="${d:-1}0"),
    "a fraction that is a string": with_assertion("certificate.expiry", fraction="0.5"),
    "retries that are a string": with_members(limits={"retries": "2"}),
    "port 0": with_target(port=0),
    "a port above all": with_target(port=65536),
    "a port with a fraction": with_target(port=25.5),
    "an unknown protocol": with_target(protocol="gopher"),
    "an unknown way to start TLS": with_target(tls="maybe"),
    "credentials for nobody in particular": with_target(send_credentials_untrusted="yes"),
    "an assertion that is a string": with_members(assertions=["tls.handshake"]),
    "an assertion without a name": with_members(assertions=[{"id": "a"}]),
    "an assertion with a number for a name": with_members(assertions=[HANDSHAKE, {"assert": 1}]),
    "an unknown assertion": with_assertion("tls.handshak"),
    "an unknown parameter": with_assertion(days=3),
    "a parameter of another assertion": with_assertion("session.ehlo", capabilities=["SIZE"]),
    "a missing parameter": with_assertion("tls.cipher"),
    "none of the parameters of which one is needed": with_assertion("auth.mechanisms"),
    "a number below its range": with_assertion("certificate.expiry", days=-1),
    "a number above its range": with_assertion("certificate.expiry", days=3651),
    "a number that is a string": with_assertion("certificate.expiry", days="21"),
    "a number that is null": with_assertion("certificate.expiry", days=None),
    "an unknown choice": with_assertion("tls.version", minimum="1.4"),
    "a choice that is a number": with_assertion("tls.version", minimum=1.2),
    "a list that is a string": with_assertion("ehlo.includes", capabilities="SIZE"),
    "an empty list": with_assertion("ehlo.includes", capabilities=[]),
    "a list with an empty item": with_assertion("ehlo.includes", capabilities=[""]),
    "a list with an item twice": with_assertion("ehlo.includes", capabilities=["SIZE", "SIZE"]),
    "a list of numbers": with_assertion("ehlo.includes", capabilities=[1]),
    "a list of too many": with_assertion("ehlo.includes",
                                         capabilities=[f"X{i}" for i in range(257)]),
    "an empty text": with_assertion("certificate.hostname", name=""),
    "an empty regular expression": with_assertion("connection.greeting", matches=""),
    "a password in the clear": with_members(assertions=[{**LOGIN, "password": "b"}]),
    "a password with a default": with_members(
        assertions=[{**LOGIN, "password": "${password:-b}"}]),
    "a password that is more than a reference": with_members(
        assertions=[{**LOGIN, "password": "${password}b"}]),
    "an empty id": with_assertion(id=""),
    "a title that is a number": with_assertion(title=1),
    "a tag with a blank": with_assertion(tags=["a b"]),
    "a tag twice": with_assertion(tags=["a", "a"]),
    "tags that are a string": with_assertion(tags="a"),
    "an empty list of tags": with_assertion(tags=[]),
    "an empty list of targets of an assertion": with_assertion(targets=[]),
    "an unknown severity": with_assertion(severity="fatal"),
    "a severity that is a reference": with_assertion(severity="${severity:-advisory}"),
    "a waiver without a reason": with_assertion(waive={"until": "2030-01-01"}),
    "a waiver without an end": with_assertion(waive={"reason": "r"}),
    "a waiver with a bad date": with_assertion(waive={"until": "soon", "reason": "r"}),
    "a waiver with an unknown member": with_assertion(
        waive={"until": "2030-01-01", "reason": "r", "by": "me"}),
}

TAKEN = {
    "the least": with_members(secrets=None),
    "comments everywhere": with_members(**{
        "$schema": "x", "$comment": "c", "description": "",
        "secrets": {"password": {"env": "A", "$comment": "c"}},
        "trust": {"system": False, "$comment": "c"}, "limits": {"$comment": "c"},
        "target_defaults": {"$comment": "c"},
        "targets": [{"host": "a.example", "$comment": "c"}],
        "assertions": [{**HANDSHAKE, "$comment": "c",
                        "waive": {"until": "2030-01-01", "reason": "r", "$comment": "c"}}]}),
    "limits at their ends": with_members(limits={
        "connect_timeout": "100ms", "reply_timeout": "10m", "deadline": "24h", "connections": 64,
        "retries": 0}),
    "a whole number with a fraction of nothing": with_target(port=25.0),
    "an address as a host": with_target(host="2001:db8::1"),
    "references in a target": with_members(
        variables={"a": "starttls", "p": "smtp", "h": "a.example"},
        targets=[{"name": "${h}", "host": "${h}", "tls": "${a}", "protocol": "${p}",
                  "address": "${h}", "server_name": "${h}", "ehlo_name": "${h}"}]),
    "a default in place of a choice": with_target(tls="${none:-implicit}"),
    "references in place of numbers": with_members(
        variables={"port": "2525", "days": "7", "fraction": "0.25", "retries": "2"},
        limits={"connections": "${connections:-8}", "retries": "${retries}"},
        target_defaults={"port": "${port}"},
        targets=[{"host": "a.example"}, {"host": "a.example", "port": "${other:-26}"}],
        assertions=[{"assert": "certificate.expiry", "days": "${days}",
                     "fraction": "${fraction}"}]),
    "references in an assertion": with_members(
        variables={"v": "1.3", "t": "one"},
        assertions=[{"assert": "tls.version", "minimum": "${v}", "id": "${v}", "title": "${v}",
                     "tags": ["a", "${t}"], "targets": ["${t}"],
                     "waive": {"until": "2030-01-01", "reason": "${v}"}}]),
    "references in a list": with_members(
        variables={"c": "SIZE"},
        assertions=[{"assert": "ehlo.includes", "capabilities": ["${c}", "PIPELINING"]}]),
    "a waiver to the second": with_assertion(
        waive={"until": "2030-01-01T12:00:00Z", "reason": "r"}),
    "a waiver to the fraction of a second somewhere": with_assertion(
        waive={"until": "2030-01-01T12:00:00.25-03:30", "reason": "r"}),
    "one of the parameters of which one is needed": with_assertion("auth.mechanisms",
                                                                   excludes=["NTLM"]),
    "a list as long as can be": with_assertion("ehlo.includes",
                                               capabilities=[f"X{i}" for i in range(256)]),
    "a login": with_members(assertions=[LOGIN]),
    "severity": with_assertion(severity="advisory"),
    "an include for some targets, with tags": with_members(
        variables={"t": "one"},
        include=[{"checklist": "policy/rfc8996", "targets": ["${t}"], "tags": ["policy"],
                  "$comment": "c"}, "policy/rfc9325"]),
    "overrides": with_overrides({
        "tls.version": {"minimum": "1.3", "title": "t", "severity": "required"},
        "mx.certificate.expiry": {"days": "${days:-3}", "$comment": "c",
                                  "waive": {"until": "2030-01-01", "reason": "r"}}}),
    "an included checklist": with_members(assertions=None, include=["mx"],
                                          targets=[{"host": "a.example", "port": 25}]),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_both_refuse(content, gate, validator):
    assert not validator.is_valid(content)
    outcome = gate.command("validate", gate.write(content), env=ENVIRONMENT)
    assert outcome.status == 2, outcome
    assert re.search(r"error: .*\n +--> .*test\.json:\d+:\d+\n", outcome.stderr), outcome


@pytest.mark.parametrize("content", TAKEN.values(), ids=TAKEN.keys())
def test_both_take(content, gate, validator):
    outcome = gate.command("validate", gate.write(content), env=ENVIRONMENT)
    assert outcome.status == 0, outcome
    validator.validate(content)


def test_the_schema_takes_every_shipped_checklist(validator):
    files = gate_module.shipped_checklists()
    assert len(files) >= 3
    for file in files:
        validator.validate(json.loads(file.read_text()))


def test_the_schema_of_the_program_is_the_one_in_the_tree(gate):
    outcome = gate.command("schema")
    assert outcome.status == 0
    assert outcome.stdout == (gate_module.ROOT / "schemas/checklist.schema.json").read_text()


def test_every_assertion_has_a_rule_that_closes_its_keys(gate, validator):
    rules = validator.schema["definitions"]["assertion"]["allOf"]
    names = validator.schema["definitions"]["assertion"]["properties"]["assert"]["enum"]
    assert [rule["if"]["properties"]["assert"]["const"] for rule in rules] == names
    assert all(rule["then"]["additionalProperties"] is False for rule in rules)
    listed = gate.command("list").stdout
    assert [name for name in names if name not in listed] == []
