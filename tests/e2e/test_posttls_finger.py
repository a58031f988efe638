# SPDX-License-Identifier: GPL-3.0-or-later
"""DANE as Postfix's own client sees it, which asks the system's resolver at port 53 and goes by its AD bit."""

import os
import shutil
import subprocess

import pytest
from checklists import SHORT_LIMITS
from servers import forwarder, knot
from servers.certificates import Authority
from servers.forwarder import Forwarder
from servers.postfix import Postfix, is_available
from test_dane_agreement import record

RESOLVER = "127.0.0.77"
OTHER = "ab" * 32

# Host: its records, and whether a sender knows the server by them. "leaf", "issuer": what a record is of.
HOSTS = {
    "right": (["3 1 1 leaf"], True), "whole": (["3 0 0 leaf"], True), "long": (["3 1 2 leaf"], True),
    "issuer": (["2 1 1 issuer"], True), "two": (["3 1 1 issuer", "3 1 1 leaf"], True),
    "other": ([f"3 1 1 {OTHER}"], False), "leaf-as-issuer": (["2 1 1 leaf"], False),
    "old": (["3 1 1 issuer"], False), "stronger": (["3 1 1 leaf", f"3 1 2 {OTHER * 2}"], False),
    "unusable-stronger": (["3 1 1 leaf", f"3 1 2 {OTHER}"], True),
    "nothing": ([], False),
}


def validated(query, ask_server):
    """The truth, as of a resolver that has validated it."""
    for seconds, packet in forwarder.truth(query, ask_server):
        yield seconds, packet[:3] + bytes([packet[3] | 0x20]) + packet[4:]


@pytest.fixture(scope="module", name="lab")
def fixture_lab(shared_directory, tmp_path_factory):
    if os.geteuid() != 0 or not is_available() or shutil.which("posttls-finger") is None:
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    directory = shared_directory / f"finger-{os.getpid()}"
    root = Authority(directory / "root", "Root of the finger")
    issuer = Authority(directory / "issuer", "Issuer of the finger", root)
    identity = issuer.issue("finger", ["*.example.test"])
    files = {"leaf": identity.chain, "issuer": issuer.certificate}
    with Postfix(directory / "postfix", identity, {"mx": {}}) as server:
        port = server.ports["mx"]
        lines = []
        for host, (records, _) in HOSTS.items():
            lines.append(f"{host} A 127.0.0.1")
            for text in records:
                usage, selector, matching, what = text.split()
                made = text if what not in files else record(
                    int(usage), int(selector), int(matching), files[what])
                lines.append(f"_{port}._tcp.{host} TLSA {made}")
        zones = {"example.test": ("\n".join(lines) + "\n", True)}
        with knot.knot(tmp_path_factory.mktemp("knot") / "server", zones) as zone:
            server.zone, server.ca_file = zone, root.certificate
            yield server


@pytest.fixture(scope="module", name="finger")
def fixture_finger(lab, tmp_path_factory):
    """finger(host): what it says, in a mount namespace with a resolv.conf of its own."""
    try:
        resolver = Forwarder(lab.zone.port, validated, validated, address=(RESOLVER, 53))
    except OSError as error:
        pytest.skip(f"port 53 of {RESOLVER} cannot be had: {error}")
    conf = tmp_path_factory.mktemp("finger") / "resolv.conf"
    conf.write_text(f"nameserver {RESOLVER}\noptions trust-ad\n")

    def finger(host):
        command = ["posttls-finger", "-c", "-l", "dane", "-L", "summary",
                   f"[{host}.example.test]:{lab.ports['mx']}"]
        script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        done = subprocess.run(["unshare", "-m", "sh", "-c", script, conf, *command], timeout=60,
                              capture_output=True, text=True, check=False,
                              env={**os.environ, "MAIL_CONFIG": str(lab.directory / "etc")})
        if "mount:" in done.stderr or "unshare" in done.stderr:
            pytest.skip(f"no mounts here: {done.stderr}")
        return done.stdout + done.stderr

    resolver.start()
    yield finger
    resolver.stop()


@pytest.mark.xdist_group("port-53")
@pytest.mark.parametrize("host", HOSTS)
def test_postfix_knows_the_same_servers(host, finger, lab, gate):
    said = finger(host)
    outcome = gate({
        "trust": {"system": False, "ca_file": str(lab.ca_file)}, "limits": SHORT_LIMITS,
        "dns": {"resolver": lab.zone.resolver, "trust_anchor": str(lab.zone.anchor)},
        "targets": [{"host": f"{host}.example.test", "port": lab.ports["mx"], "protocol": "smtp",
                     "tls": "starttls"}],
        "assertions": [{"assert": "dane.published"}, {"assert": "dane.valid"}]})
    _, known = HOSTS[host]
    assert ("Verified TLS connection established" in said) == known, said
    assert (outcome.status == 0) == known, outcome.text
