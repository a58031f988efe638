# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that no server has yet: judged from a file, at a date, without a connection."""

import datetime
import re
import subprocess

import pytest

import gate as gate_module
from checklists import checklist
from servers.certificates import Authority

HOST = gate_module.HOST
ASSERTIONS = [{"assert": f"certificate.{noun}"} for noun in (
    "trusted", "hostname", "expiry", "not_before", "chain", "key", "signature", "usage",
    "matches_key")]


class Bundle:
    def __init__(self, directory):
        self.root = Authority(directory / "root", "Bundle root")
        self.issuer = Authority(directory / "issuer", "Bundle intermediate", self.root)
        self.good = self.issuer.issue("good", [HOST])
        self.other = self.issuer.issue("other", ["other.example.test"], (-20, -1))
        self.leaf_only = self.issuer.issue("leaf-only", [HOST], send_intermediates=False)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return Bundle(tmp_path_factory.mktemp("bundle") / "authorities")


@pytest.fixture
def judged(gate, bundle):
    def judge(identity, assertions=ASSERTIONS, key=None, **members):
        target = {"name": "release", "host": HOST, "certificate_file": str(identity.chain),
                  "private_key_file": str(key or identity.key), **members}
        return gate(checklist([target], assertions, bundle.root.certificate))
    return judge


def in_days(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days)).date()


def test_a_good_bundle_passes_without_a_connection(judged, bundle):
    outcome = judged(bundle.good)
    assert outcome.status == 0, outcome
    assert outcome.having("pass") == [row["assert"] for row in ASSERTIONS]
    assert re.search(rb'connections" value="0"', outcome.report), outcome


@pytest.mark.parametrize("days, failing", [
    (0, []), (70, []), (80, ["certificate.expiry"]),
    (100, ["certificate.expiry"]), (-10, ["certificate.expiry"])])
def test_the_date_decides(days, failing, judged, bundle):
    """The leaf is valid from two days ago for ninety days; expiry wants fourteen more."""
    outcome = judged(bundle.good, at=str(in_days(days)))
    assert outcome.having("fail", "error") == failing, outcome


@pytest.mark.parametrize("days, says", [
    (100, "the certificate will have expired by"), (80, "the certificate expires (9|10) days after"),
    (-10, "the certificate is valid only from")])
def test_a_day_to_come_or_gone_is_told_as_such(days, says, judged, bundle):
    outcome = judged(bundle.good, at=str(in_days(days)))
    assert re.match(says, outcome.cases["certificate.expiry"].message), outcome


def test_what_has_expired_has_expired_on_any_day(judged, bundle):
    outcome = judged(bundle.other, at=str(in_days(100)))
    assert "the certificate has expired at" in outcome.cases["certificate.expiry"].message


def test_a_certificate_of_the_future_fails_by_expiry_alone(judged, bundle):
    outcome = judged(bundle.good, [{"assert": "certificate.expiry", "days": 1}],
                     at=str(in_days(-10)))
    assert outcome.cases["certificate.expiry"].type == "starttls-gate.CertificateNotYetValid"
    assert "clock" in outcome.cases["certificate.expiry"].body
    assert outcome.status == 1


def test_the_date_may_be_exact_to_the_second(judged, bundle):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=90, hours=-1)
    row = {"assert": "certificate.trusted"}
    assert judged(bundle.good, [row], at=moment.strftime("%Y-%m-%dT%H:%M:%SZ")).status == 0
    moment += datetime.timedelta(hours=2)
    assert judged(bundle.good, [row], at=moment.strftime("%Y-%m-%dT%H:%M:%SZ")).status == 1


@pytest.mark.parametrize("hours", [-12, -3, 0, 5.5, 14])
def test_the_date_may_be_local_to_any_place(hours, judged, bundle):
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    end = datetime.datetime.now(zone) + datetime.timedelta(days=90)
    row = {"assert": "certificate.trusted"}
    for late, status in (-1, 0), (1, 1):
        moment = end + datetime.timedelta(hours=late)
        assert judged(bundle.good, [row], at=moment.isoformat()).status == status, moment


def test_a_bad_bundle_fails_each_for_itself(judged, bundle):
    outcome = judged(bundle.other, key=bundle.good.key)
    assert outcome.status == 1, outcome
    assert outcome.having("fail") == ["certificate.hostname", "certificate.expiry",
                                      "certificate.matches_key"], outcome


def test_a_bundle_without_its_intermediate_fails(judged, bundle):
    outcome = judged(bundle.leaf_only)
    assert outcome.having("fail") == ["certificate.trusted"], outcome
    assert "CN=Bundle intermediate" in outcome.cases["certificate.trusted"].message
    outcome = judged(bundle.leaf_only, [{"assert": "certificate.chain"}])
    assert outcome.having("fail") == ["certificate.chain"], outcome


NO_PEM = "-----BEGIN CERTIFICATE-----\nM?A=\n-----END CERTIFICATE-----\n"
NO_DER = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("store, status", [
    ("{root}", 0), ("{other}{root}", 0), (NO_DER + "{root}", 0), ("{other}" + NO_DER + "{root}", 0),
    ("{root}" + NO_PEM + "{other}", 0), ("{other}" + NO_PEM + "{root}", 1), ("{other}", 1),
    (NO_PEM + "{root}", 2), (NO_DER, 2), ("", 2)])
def test_the_store_of_the_system_is_believed_as_far_as_it_can_be_read(
        store, status, gate, bundle, tmp_path):
    path = tmp_path / "store.pem"
    path.write_text(store.format(root=bundle.root.certificate.read_text(),
                                 other=bundle.leaf_only.chain.read_text() * 200))
    made = checklist([{"name": "release", "host": HOST,
                       "certificate_file": str(bundle.good.chain)}],
                     [{"assert": "certificate.trusted"}], bundle.root.certificate)
    made["trust"] = {"system": True}
    outcome = gate(made, env={"SSL_CERT_FILE": str(path)})
    assert outcome.status == status, outcome


def test_the_store_of_the_system_may_hold_nothing_new(gate, bundle):
    made = checklist([{"name": "release", "host": HOST,
                       "certificate_file": str(bundle.good.chain)}],
                     [{"assert": "certificate.trusted"}], bundle.root.certificate)
    made["trust"]["system"] = True
    outcome = gate(made, env={"SSL_CERT_FILE": str(bundle.root.certificate)})
    assert outcome.status == 0, outcome


def test_the_key_is_never_shown(judged, bundle):
    for key in bundle.good.key, bundle.other.key:
        secret = "".join(key.read_text().splitlines()[1:-1])
        outcome = judged(bundle.good, key=key)
        shown = outcome.stdout + outcome.stderr + outcome.report.decode()
        for start in range(0, len(secret) - 16, 16):
            assert secret[start:start + 16] not in shown


BAD = [
    ({"certificate_file": "nowhere.pem"}, "nowhere.pem cannot be read"),
    ({"certificate_file": "empty.pem"}, "it holds no certificate in PEM form"),
    ({"certificate_file": ""}, "is empty"),
    ({"certificate_file": "torn.pem"}, "RFC 7468"),
    ({"private_key_file": "nowhere.pem"}, "cannot serve as a private key"),
    ({"private_key_file": "locked.pem"}, "cannot serve as a private key"),
    ({"private_key_file": "empty.pem"}, "cannot serve as a private key"),
    ({"at": "2026-02-30"}, "must be a date that exists"),
    ({"at": "soon"}, "must be a date that exists"),
    ({"at": "2026-01-01T00:00:00+24:00"}, "must be a date that exists"),
    ({"at": "2026-01-01T00:00:00"}, "must be a date that exists"),
    ({"port": 25}, '"port" has no effect beside "certificate_file"'),
    ({"address": "127.0.0.1"}, '"address" has no effect beside "certificate_file"'),
]


@pytest.mark.parametrize("members, complaint", BAD, ids=[str(row[0]) for row in BAD])
def test_a_target_that_makes_no_sense_is_a_problem(members, complaint, gate, judged, bundle):
    (gate.directory / "empty.pem").write_text("nothing\n")
    subprocess.run(["openssl", "pkcs8", "-topk8", "-in", bundle.good.key, "-passout", "pass:x",
                    "-out", gate.directory / "locked.pem"], check=True)
    (gate.directory / "torn.pem").write_text("-----BEGIN CERTIFICATE-----\nMIIB\n")
    outcome = judged(bundle.good, **members)
    assert outcome.status == 2, outcome
    assert complaint in outcome.stderr


def test_only_what_certificates_show_can_be_asserted_of_a_file(judged, bundle):
    for name in "tls.handshake", "session.ehlo", "connection.established", "starttls.advertised":
        outcome = judged(bundle.good, [{"assert": name}])
        assert outcome.status == 2, outcome
        assert f"{name} cannot be asserted of target \"release\", which is a file" in outcome.stderr


@pytest.mark.parametrize("key", ["at", "private_key_file"])
def test_a_server_has_no_use_for(key, gate, bundle):
    target = {"name": "server", "host": HOST, "port": 25, key: "2026-01-01"}
    outcome = gate(checklist([target], [{"assert": "certificate.trusted"}],
                             bundle.root.certificate))
    assert outcome.status == 2, outcome
    assert f'"{key}" has no effect without "certificate_file"' in outcome.stderr


def test_the_key_of_a_server_is_not_known(gate, bundle):
    target = {"name": "server", "host": HOST, "port": 25}
    outcome = gate(checklist([target], [{"assert": "certificate.matches_key"}],
                             bundle.root.certificate))
    assert outcome.status == 2, outcome
    assert 'has no "private_key_file"' in outcome.stderr


def test_a_file_and_a_server_go_in_one_checklist(gate, scripted, bundle, certificates):
    """What is not picked with --target is not even read."""
    release = {"name": "release", "host": HOST, "certificate_file": str(bundle.good.chain)}
    server = scripted()
    live = {"name": "live", "host": HOST, "address": "127.0.0.1", "port": server.port}
    document = checklist([release, live], [
        {"assert": "certificate.hostname"},
        {"assert": "tls.handshake", "targets": ["live"]}], certificates.ca_file)
    outcome = gate(document)
    assert outcome.status == 0, outcome
    assert list(outcome.suites["release"]) == ["certificate.hostname"]
    bundle_away = {**release, "certificate_file": "nowhere.pem"}
    outcome = gate({**document, "targets": [bundle_away, live]}, "--target", "live")
    assert outcome.status == 0, outcome


def test_the_plan_of_a_file_has_no_connection(gate, bundle):
    release = {"name": "release", "host": HOST, "certificate_file": str(bundle.good.chain)}
    path = gate.write(checklist([release], [{"assert": "certificate.chain"}],
                                bundle.root.certificate))
    outcome = gate.command("list", path)
    assert "connections: 0" in outcome.stdout, outcome
    assert str(bundle.good.chain) in outcome.stdout
