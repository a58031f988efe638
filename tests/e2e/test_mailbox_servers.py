# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers as packaged that are none of SMTP: Dovecot over all that it speaks, Cyrus, Courier,
vsftpd and ProFTPD."""

import pytest

import gate as gate_module
from checklists import checklist, target
from gate import ROOT
from servers import courier, cyrus, dovecot, ftp

LIMITS = {"connect_timeout": "5s", "reply_timeout": "10s", "deadline": "25s"}


def row(name, /, **parameters):
    return {"assert": name, **parameters}


BOTH = [
    row("connection.established"), row("connection.greeting"), row("connection.line_endings"),
    row("tls.handshake"), row("tls.version", minimum="1.2"), row("certificate.expiry", days=7),
    row("certificate.trusted"), row("certificate.hostname"), row("session.ehlo"),
    row("vulnerability.heartbleed"), row("vulnerability.ccs_injection"),
    row("tls.secure_renegotiation"),
]
STARTTLS = [
    row("ehlo.accepted"), row("starttls.advertised"), row("starttls.accepted"),
    row("starttls.clean_reply"), row("starttls.no_injection"), row("starttls.not_reoffered"),
]
REQUIRED = [row("starttls.required"), row("auth.not_before_tls")]
LOGIN = [
    row("auth.mechanisms", includes=["PLAIN", "LOGIN"], excludes=["CRAM-MD5"]),
    row("auth.login", username=gate_module.USERNAME, password="${password}"),
    row("auth.login", id="by-login", mechanism="LOGIN", username=gate_module.USERNAME,
        password="${password}"),
    row("auth.rejects_wrong_password", username=gate_module.USERNAME),
]

# Listener -> protocol, how TLS begins, what is asserted.
LISTENERS = {
    "imap": ("imap", "starttls", BOTH + STARTTLS + REQUIRED + LOGIN),
    "imaps": ("imap", "implicit", BOTH + LOGIN),
    "pop3": ("pop3", "starttls", BOTH + STARTTLS + REQUIRED + LOGIN),
    "pop3s": ("pop3", "implicit", BOTH + LOGIN),
    "sieve": ("sieve", "starttls", BOTH + STARTTLS + REQUIRED + LOGIN),
    "lmtp": ("lmtp", "starttls", BOTH + STARTTLS + [row("starttls.forgets_state")]),
}


@pytest.fixture(scope="module")
def mailboxes(shared_directory, certificates):
    if not dovecot.has_mailboxes():
        pytest.skip("Dovecot with POP3, ManageSieve and LMTP is not there, or this is not root")
    with dovecot.mailboxes(shared_directory / "mailboxes", certificates.identities["good"],
                           gate_module.USERNAME, gate_module.PASSWORD) as ports:
        yield ports


@pytest.fixture
def judged(gate, certificates):
    def judge(port, protocol, tls, rows, password=gate_module.PASSWORD, address=dovecot.ADDRESS):
        return gate(checklist(target(port, protocol=protocol, tls=tls, address=address), rows,
                              certificates.ca_file, LIMITS), env={"SMTP_PASSWORD": password})
    return judge


@pytest.mark.parametrize("listener", LISTENERS)
def test_dovecot(listener, mailboxes, judged):
    protocol, tls, rows = LISTENERS[listener]
    outcome = judged(mailboxes[listener], protocol, tls, rows)
    assert outcome.status == 0, outcome.text
    assert not outcome.having("fail", "error", "skipped"), outcome.text


@pytest.mark.parametrize("listener", [name for name, row in LISTENERS.items() if LOGIN[0] in row[2]])
def test_dovecot_with_a_wrong_password(listener, mailboxes, judged):
    protocol, tls, _ = LISTENERS[listener]
    outcome = judged(mailboxes[listener], protocol, tls, LOGIN, "another one")
    assert outcome.having("fail") == ["auth.login", "by-login"], outcome.text
    assert not outcome.having("error", "skipped"), outcome.text


SHIPPED = {"imap": "imap", "imaps": "imaps", "pop3": "pop3", "pop3s": "pop3s", "lmtp": "lmtp",
           "managesieve": "sieve"}


def run_shipped(gate, certificates, name, port, password=gate_module.PASSWORD):
    account = [] if name == "lmtp" else ["--var", f"username={gate_module.USERNAME}"]
    return gate(name, "--target", f"{gate_module.HOST}:{port}", "--address", dovecot.ADDRESS,
                "--ca-file", certificates.ca_file, *account, env={"MAIL_PASSWORD": password})


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_checklist(name, mailboxes, gate, certificates):
    outcome = run_shipped(gate, certificates, name, mailboxes[SHIPPED[name]])
    assert outcome.status == 0, outcome.text
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


@pytest.mark.parametrize("name, port", [("imap", "pop3"), ("pop3", "imap"), ("managesieve", "imap"),
                                        ("imaps", "pop3s"), ("pop3s", "imaps")])
def test_the_port_of_another_protocol(name, port, mailboxes, gate, certificates):
    outcome = run_shipped(gate, certificates, name, mailboxes[port])
    assert outcome.having("error") == ["connection.greeting"], outcome.text
    assert "This port greets in" in outcome.cases["connection.greeting"].body, outcome.text
    assert not outcome.having("fail"), outcome.text


@pytest.fixture(scope="module")
def cyrus_ports(shared_directory, certificates):
    root = cyrus.root_of(ROOT / "build" / "cyrus")
    if root is None:
        pytest.skip("Cyrus cannot be had, or this is not root")
    with cyrus.cyrus(root, shared_directory / "cyrus", certificates.identities["good"],
                     gate_module.USERNAME, gate_module.PASSWORD) as ports:
        yield ports


@pytest.mark.xdist_group("cyrus")
@pytest.mark.parametrize("listener", cyrus.LISTENERS)
def test_cyrus(listener, cyrus_ports, judged):
    protocol, tls, rows = LISTENERS[listener]
    outcome = judged(cyrus_ports[listener], protocol, tls, rows, address="127.0.0.1")
    # It takes APOP before TLS, and its greeting offers it.
    apop = listener == "pop3"
    assert outcome.having("fail") == ["auth.not_before_tls"] * apop, outcome.text
    assert outcome.having("skipped") == ["starttls.required"] * apop, outcome.text
    assert not outcome.having("error"), outcome.text


@pytest.fixture(scope="module")
def courier_ports(shared_directory, certificates):
    root = courier.root_of(ROOT / "build" / "courier")
    if root is None:
        pytest.skip("Courier cannot be had, or this is not root")
    with courier.courier(root, shared_directory / "courier", certificates.identities["good"],
                         gate_module.USERNAME, gate_module.PASSWORD) as ports:
        yield ports


# Its POP3 keeps what comes behind STLS (CVE-2021-38084), and lists USER though it takes none.
COURIER_FAILS = {"pop3": ["starttls.no_injection", "auth.not_before_tls"]}


def has_login(row):
    return row.get("id") == "by-login" or "LOGIN" in row.get("includes", [])


@pytest.mark.xdist_group("courier")
@pytest.mark.parametrize("listener", courier.LISTENERS)
def test_courier(listener, courier_ports, judged):
    protocol, tls, rows = LISTENERS[listener]
    if protocol == "imap":  # which has PLAIN alone
        rows = [row for row in rows if not has_login(row)]
    outcome = judged(courier_ports[listener], protocol, tls, rows, address="127.0.0.1")
    assert outcome.having("fail") == COURIER_FAILS.get(listener, []), outcome.text
    assert not outcome.having("error", "skipped"), outcome.text


@pytest.fixture(scope="module", params=["vsftpd", "vsftpd-implicit", "proftpd"])
def ftp_server(request, shared_directory, certificates):
    """Name and port."""
    directory, identity = shared_directory / request.param, certificates.identities["rsa"]
    if request.param == "proftpd":
        root = ftp.proftpd_root(ROOT / "build" / "proftpd")
        if root is None:
            pytest.skip("ProFTPD cannot be had, or this is not root")
        context = ftp.proftpd(root, directory, identity)
    elif ftp.has_vsftpd():
        context = ftp.vsftpd(directory, identity, request.param != "vsftpd")
    else:
        pytest.skip("vsftpd is not there, or this is not root")
    with context as port:
        yield request.param, port


FTP = BOTH + [row for row in STARTTLS if row["assert"] != "starttls.not_reoffered"]


def test_ftp(ftp_server, judged):
    name, port = ftp_server
    if name == "vsftpd-implicit":
        outcome = judged(port, "ftp", "implicit", BOTH, address="127.0.0.1")
    else:
        outcome = judged(port, "ftp", "starttls", [*FTP, *REQUIRED],
                         address="127.0.0.1")
    assert outcome.status == 0, outcome.text
    assert not outcome.having("fail", "error", "skipped"), outcome.text
