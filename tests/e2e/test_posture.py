# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server would negotiate: each assertion where it holds and where it does not."""

import pathlib
import ssl

import pytest

from checklists import checklist, target

V = ssl.TLSVersion
DH_PARAMETERS = pathlib.Path(__file__).parents[1] / "servers" / "dh"
WEAK = ["null", "anonymous", "export", "des", "3des", "rc4", "md5"]


def row(name, /, **parameters):
    return {"assert": name, **parameters}


def context(certificates, ciphers="ALL:COMPLEMENTOFALL:@SECLEVEL=0", minimum=V.TLSv1,
            maximum=V.TLSv1_3, curve=None, server_order=False, dh=None, identity="good"):
    """A TLS context of OpenSSL in an odd configuration."""
    made = certificates.context(identity)
    made.set_ciphers(ciphers)
    made.minimum_version, made.maximum_version = minimum, maximum
    made.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    if server_order:
        made.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    if curve:
        made.set_ecdh_curve(curve)
    if dh:
        made.load_dh_params(DH_PARAMETERS / f"{dh}.pem")
    return made


MODERN = "ECDHE+AESGCM:ECDHE+CHACHA20"

# Server configurations by name.
SERVERS = {
    "modern": dict(ciphers=MODERN, minimum=V.TLSv1_2),
    "old": dict(),
    "tls-1.0": dict(maximum=V.TLSv1, ciphers="ALL:@SECLEVEL=0"),
    "tls-1.2": dict(ciphers=MODERN, minimum=V.TLSv1_2, maximum=V.TLSv1_2),
    "tls-1.3": dict(minimum=V.TLSv1_3),
    "null": dict(ciphers="NULL:ECDHE+AESGCM:@SECLEVEL=0", maximum=V.TLSv1_2),
    "anonymous": dict(ciphers="aNULL:ECDHE+AESGCM:@SECLEVEL=0", maximum=V.TLSv1_2),
    "static-rsa": dict(ciphers="AES256-GCM-SHA384:@SECLEVEL=0", maximum=V.TLSv1_2,
                       identity="rsa"),
    "no-forward-secrecy": dict(ciphers="AES256-GCM-SHA384:ECDHE+AESGCM", maximum=V.TLSv1_2,
                               identity="rsa"),
    "p-384": dict(ciphers=MODERN, minimum=V.TLSv1_2, curve="secp384r1", identity="rsa"),
    "p-384-tls-1.2": dict(ciphers=MODERN, maximum=V.TLSv1_2, curve="secp384r1", identity="rsa"),
    "p-384-ecdsa": dict(ciphers=MODERN, maximum=V.TLSv1_2, curve="secp384r1"),
    "server-order": dict(minimum=V.TLSv1_2, server_order=True),
    "server-order-tls-1.3": dict(minimum=V.TLSv1_3, server_order=True),
    "one-suite": dict(ciphers="ECDHE-ECDSA-AES128-GCM-SHA256", maximum=V.TLSv1_2),
    "dhe-1024": dict(ciphers="DHE:@SECLEVEL=0", maximum=V.TLSv1_2, dh=1024, identity="rsa"),
    "dhe-1024-own": dict(ciphers="DHE:@SECLEVEL=0", maximum=V.TLSv1_2, dh="1024-own",
                         identity="rsa"),
    "dhe-2048": dict(ciphers="DHE:@SECLEVEL=0", maximum=V.TLSv1_2, dh=2048, identity="rsa"),
    "sha-1": dict(ciphers=MODERN + ":@SECLEVEL=0", identity="rsa"),
    "modern-rsa": dict(ciphers=MODERN, minimum=V.TLSv1_2, identity="rsa"),
}

# OpenSSL has a hybrid group among its own from 3.5 on.
HYBRIDS, NO_HYBRIDS = ((["modern"], []) if ssl.OPENSSL_VERSION_INFO >= (3, 5)
                       else ([], ["modern"]))

# The assertion, the servers where it passes and those where it fails.
CASES = [
    (row("tls.versions", accepts=["1.2", "1.3"], refuses=["ssl2", "ssl3", "1.0", "1.1"]),
     ["modern"], ["old", "tls-1.0", "tls-1.3"]),
    (row("tls.versions", refuses=["1.0", "1.1", "ssl3"]), ["modern", "tls-1.3"], ["old"]),
    (row("tls.versions", accepts=["1.0", "1.1"]), ["old"], ["modern", "tls-1.0"]),
    (row("tls.versions", refuses=["1.3"]), ["tls-1.2"], ["modern", "tls-1.3"]),
    (row("tls.versions", accepts=["1.0"], refuses=["1.1", "1.2", "1.3"]), ["tls-1.0"], ["old"]),
    (row("tls.ciphers", refuses=WEAK), ["modern", "tls-1.2", "tls-1.3", "no-forward-secrecy"],
     ["null", "anonymous"]),
    (row("tls.ciphers", refuses=["cbc", "sha1"]), ["modern"], ["old"]),
    (row("tls.ciphers", refuses=["static-rsa"]), ["modern", "tls-1.3"],
     ["static-rsa", "no-forward-secrecy"]),
    (row("tls.ciphers", refuses=["TLS_AES_128_GCM_SHA256"]), ["tls-1.2"], ["modern"]),
    (row("tls.ciphers", accepts=["TLS_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"]),
     ["modern"], ["tls-1.2", "tls-1.3", "static-rsa"]),
    (row("tls.ciphers", accepts=["aead", "ecdhe"]), ["modern", "tls-1.2"], ["static-rsa"]),
    (row("tls.ciphers", only=["ecdhe", "tls13"]), ["modern", "tls-1.3"],
     ["static-rsa", "no-forward-secrecy"]),
    (row("tls.ciphers", only=["aead"], accepts=["tls13"]), ["modern"], ["old", "tls-1.2"]),
    (row("tls.forward_secrecy"), ["modern", "tls-1.2", "tls-1.3"],
     ["static-rsa", "no-forward-secrecy"]),
    (row("tls.groups", includes=["x25519", "secp256r1"]), ["modern", "tls-1.3"], ["p-384"]),
    (row("tls.groups", includes=["P-384"]), ["p-384", "p-384-tls-1.2", "modern"], []),
    (row("tls.groups", includes=["X25519MLKEM768"]), HYBRIDS, [*NO_HYBRIDS, "tls-1.2"]),
    (row("tls.groups", excludes=["secp384r1", "sect163r2"]), ["static-rsa"],
     ["p-384", "p-384-tls-1.2", "p-384-ecdsa", "modern"]),
    (row("tls.groups", excludes=["x25519", "secp521r1"]), ["p-384", "p-384-tls-1.2"],
     ["modern", "tls-1.2"]),
    (row("tls.groups", only=["secp384r1"]), ["p-384", "p-384-tls-1.2"], ["modern", "tls-1.3"]),
    (row("tls.cipher_order", chosen_by="server"),
     ["server-order", "server-order-tls-1.3", "one-suite"], ["modern", "tls-1.3", "tls-1.2"]),
    (row("tls.cipher_order", chosen_by="client"), ["modern", "tls-1.3", "one-suite"],
     ["server-order", "server-order-tls-1.3"]),
    (row("tls.dh_size"), ["modern", "dhe-2048", "tls-1.3"], ["dhe-1024"]),
    (row("tls.dh_size", minimum=512), ["dhe-2048", "dhe-1024-own"], ["dhe-1024"]),
    (row("tls.dh_size", minimum=3072), [], ["dhe-2048"]),
    (row("tls.signature_algorithms", excludes=["rsa_md5", "rsa_pkcs1_sha1", "ecdsa_sha1"]),
     ["modern", "modern-rsa", "tls-1.3"], ["sha-1"]),
    (row("tls.signature_algorithms", excludes=["rsa_pss_rsae_sha256"]), ["modern"],
     ["modern-rsa"]),
    (row("tls.signature_algorithms", includes=["ecdsa_secp256r1_sha256"]),
     ["modern", "tls-1.3"], ["modern-rsa"]),
    (row("tls.signature_algorithms", includes=["rsa_pss_rsae_sha512", "rsa_pkcs1_sha256"]),
     ["modern-rsa"], ["modern"]),
]


def _cases():
    for assertion, *servers in CASES:
        shown = ",".join(f"{k}={v}" for k, v in assertion.items() if k != "assert")
        for verdict, names in zip(("pass", "fail"), servers):
            for name in names:
                yield pytest.param(assertion, name, verdict,
                                   id=f"{assertion['assert']}-{shown}-{name}")


@pytest.mark.parametrize("assertion, server, verdict", _cases())
def test_assertion(assertion, server, verdict, gate, scripted, certificates):
    running = scripted(context=context(certificates, **SERVERS[server]))
    outcome = gate(checklist(running.port, [assertion], certificates.ca_file))
    assert outcome.verdicts == {assertion["assert"]: verdict}, outcome
    assert outcome.status == (0 if verdict == "pass" else 1)


@pytest.mark.parametrize("server, verdict", [("modern", "pass"), ("old", "fail")])
def test_it_works_where_tls_is_implicit(server, verdict, gate, scripted, certificates):
    running = scripted(context=context(certificates, **SERVERS[server]), implicit=True)
    assertions = [row("tls.versions", accepts=["1.2"], refuses=["1.0", "1.1"]),
                  row("tls.ciphers", only=["aead"])]
    outcome = gate(checklist(target(running.port, tls="implicit"), assertions,
                             certificates.ca_file))
    assert set(outcome.verdicts.values()) == {verdict}, outcome


# What cannot be asserted, and a word of the complaint.
WRONG = [
    (row("tls.versions"), "without a parameter"),
    (row("tls.versions", refuses=["1.4"]), "1.4"),
    (row("tls.versions", refuses=["1.0"], accepts=["1.0"]), "both"),
    (row("tls.ciphers", refuses=["rc5"]), "rc5"),
    (row("tls.ciphers", refuses=["rc4"], accepts=["rc4"]), "both"),
    (row("tls.groups", includes=["x25520"]), "x25520"),
    (row("tls.groups", includes=["x25519"], excludes=["x25519"]), "both"),
    (row("tls.signature_algorithms", excludes=["rsa_md6"]), "rsa_md6"),
    (row("tls.dh_size", minimum=100), "512"),
    (row("tls.cipher_order"), "chosen_by"),
    (row("tls.cipher_order", chosen_by="sever"), "server"),
]


@pytest.mark.parametrize("assertion, word", WRONG, ids=[f"{each['assert']}-{word}"
                                                        for each, word in WRONG])
def test_what_makes_no_sense_is_told_before_anything_runs(assertion, word, gate, certificates):
    outcome = gate(checklist(25, [assertion], certificates.ca_file))
    assert outcome.status == 2, outcome
    assert word in outcome.stderr, outcome


@pytest.mark.parametrize("command", ["list", "run"])
def test_the_plan_counts_the_connections(command, gate, certificates):
    assertions = [row("tls.versions", refuses=["1.0", "1.1"]), row("tls.version"),
                  row("tls.ciphers", refuses=WEAK)]
    path = gate.write(checklist(25, assertions, certificates.ca_file))
    outcome = gate.command(command, path, *(["--dry-run"] if command == "run" else []))
    # The session, the control, SSLv3, what is older (which tls.version shares), and the suites.
    assert "connections: 7," in outcome.stdout, outcome
    assert "3 x a hello with a class" in outcome.stdout, outcome
