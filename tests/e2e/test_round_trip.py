# SPDX-License-Identifier: GPL-3.0-or-later
"""A message through a real Postfix to a real Dovecot mailbox, and what may become of it on its way."""

import contextlib
import os
import re
import shutil

import pytest

import gate as gate_module
from checklists import checklist, target
from servers import dovecot, exim
from servers.next_hop import NextHop
from servers.packaged import free_ports, running
from servers.postfix import Postfix, is_available

BOX = "box@example.test"
FROM = "gate@example.test"
LOGIN = {"username": gate_module.USERNAME, "password": "${password}"}
LIMITS = {"reply_timeout": "9s", "deadline": "60s"}
POSTFIX = {"virtual_mailbox_domains": "example.test", "smtpd_tls_security_level": "encrypt",
           "smtpd_relay_restrictions": "permit_sasl_authenticated, reject_unauth_destination",
           "smtpd_tls_received_header": "yes", "minimal_backoff_time": "1s",
           "queue_run_delay": "1s"}


def mailbox(port, protocol="imap", **members):
    return {"protocol": protocol, "host": gate_module.HOST, "address": "127.0.0.1", "port": port,
            "tls": "implicit", "username": BOX, "password": "${password}", **members}


def trip(box, **members):
    return {"assert": "mail.round_trip", "from": FROM, "to": BOX, "mailbox": box, "within": "8s",
            **members}


@pytest.fixture
def judged(gate, certificates):
    def judge(port, row, protocol="smtp", tls="starttls"):
        return gate(checklist(target(port, protocol=protocol, tls=tls,
                                     ehlo_name="gate.example.test"), [row],
                              certificates.ca_file, LIMITS), timeout=70)
    return judge


def found(outcome):
    case = outcome.cases["mail.round_trip"]
    return case.verdict, case.type and case.type.removeprefix("starttls-gate.")


@pytest.fixture(scope="module")
def boxes(shared_directory, certificates):
    if not dovecot.has_mailboxes() or not is_available():
        pytest.skip("Postfix, or Dovecot with POP3 and LMTP, is not there, or this is not root")
    directory = shared_directory / "round-trip-boxes"
    with dovecot.mailboxes(directory, certificates.identities["good"], BOX,
                           gate_module.PASSWORD) as ports:
        maildir = directory / "mail" / BOX
        for path in (maildir, *(maildir / name for name in ("new", "cur", "tmp"))):
            path.mkdir()
            shutil.chown(path, "nobody", "nogroup")
        yield {**ports, "maildir": maildir}


@pytest.fixture(scope="module")
def hop(boxes):
    with NextHop(boxes["lmtp"]) as server:
        yield server


@pytest.fixture
def next_hop(hop):
    """The hop between Postfix and Dovecot, to be told what it does."""
    hop.reset()
    yield hop
    hop.reset()


@pytest.fixture(scope="module")
def system(boxes, hop, shared_directory, certificates):
    """Postfix in front of those mailboxes."""
    services = {"submission": {}, "implicit": {"smtpd_tls_wrappermode": "yes"},
                "untold": {"smtpd_tls_received_header": "no"}}
    settings = {**POSTFIX, "virtual_transport": f"lmtp:inet:127.0.0.1:{hop.port}"}
    with Postfix(shared_directory / "round-trip", certificates.identities["good"], services,
                 settings=settings, delivers=True) as server:
        yield server


def messages(boxes):
    """The files of the messages that are in the mailbox."""
    return [path for name in ("new", "cur") for path in (boxes["maildir"] / name).glob("*")]


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_postfix_and_dovecot(protocol, system, boxes, judged):
    row = trip(mailbox(boxes[protocol + "s"], protocol), tls_version=True, **LOGIN)
    outcome = judged(system.ports["submission"], row)
    assert found(outcome) == ("pass", None), outcome.text
    assert messages(boxes) == []
    assert gate_module.PASSWORD not in outcome.text


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_a_mailbox_with_starttls(protocol, system, boxes, judged):
    box = mailbox(boxes[protocol], protocol, tls="starttls", address=dovecot.ADDRESS)
    outcome = judged(system.ports["implicit"], trip(box), tls="implicit")
    assert found(outcome) == ("pass", None), outcome.text


def replacing(old, new):
    def rewrite(message):
        assert re.search(old, message), message
        return re.sub(old, new, message, count=1)
    return rewrite


def appending(text):
    return lambda message: message + text


@pytest.mark.parametrize("rewrite, wanted", [
    (replacing(b"with ESMTPS", b"with ESMTP"), ("fail", "HopWithoutTls")),
    (replacing(rb"using TLSv1\.3", b"using TLSv1.2"), ("fail", "HopVersion")),
    (replacing(rb"(?m)^Received: from gate(.|\r\n\s)*\r\n", b""), ("fail", "HopMissing")),
    (replacing(b"(Received: from gate[^;]* id )[0-9A-Za-z]+", rb"\g<1>000000"), ("error", "HopUntold")),
    (replacing(b"Subject: ", b"Subject: [SPAM] "), ("fail", "HeaderChanged")),
    (replacing(b"(?m)^Message-ID: .*\r", b"Message-ID: <new@example.test>\r"),
     ("fail", "HeaderChanged")),
    (replacing(b"(?m)^From: .*\r", b"From: \"CEO\" <evil@example.org>\r"),
     ("fail", "HeaderChanged")),
    (replacing(b"(?m)^To: .*\r", b"To: <somebody@example.test>\r"), ("fail", "HeaderChanged")),
    (replacing(b"text/plain", b"text/html"), ("fail", "HeaderChanged")),
    (appending(b"-- \r\nThis mail was checked.\r\n"), ("fail", "BodyChanged")),
    (replacing(rb"\r\nFrom here", b"\r\n>From here"), ("fail", "BodyChanged")),
    (replacing(rb"\r\n\.\.\r\n", b"\r\n.\r\n"), ("fail", "BodyChanged")),
    (replacing(b"x{998}", b"x" * 499 + b"\r\n" + b"x" * 499), ("fail", "BodyChanged")),
    (replacing(b"Gr\xc3\xbc", b"Gr?"), ("fail", "BodyChanged")),
    (replacing(b"this   \r", b"this\r"), ("fail", "BlanksLost")),
    (replacing(b"Received: ", b"X-Added: yes\r\nReceived: "), ("pass", None)),
], ids=["no TLS", "other version", "no hop", "other id", "subject", "message id",
        "author", "recipient", "type", "footer", "From",
        "dots", "long line", "bytes", "blanks", "field added"])
def test_a_message_that_is_written_anew(rewrite, wanted, system, boxes, next_hop, judged):
    next_hop.rewrite = rewrite
    outcome = judged(system.ports["submission"], trip(mailbox(boxes["imaps"]), tls_version=True))
    assert found(outcome) == wanted, outcome.text
    assert messages(boxes) == []


def test_a_hop_of_seven_bits(system, boxes, next_hop, judged):
    """Postfix writes it as quoted-printable, which is no change."""
    next_hop.capabilities = []
    seen = []
    next_hop.rewrite = lambda message: seen.append(message) or message
    outcome = judged(system.ports["submission"], trip(mailbox(boxes["imaps"])))
    assert found(outcome) == ("pass", None), outcome.text
    assert b"quoted-printable" in seen[0], seen


def test_a_version_that_is_not_written(system, boxes, judged):
    box = mailbox(boxes["imaps"])
    outcome = judged(system.ports["untold"], trip(box, tls_version=True))
    assert found(outcome) == ("error", "VersionUntold"), outcome.text
    assert "smtpd_tls_received_header" in outcome.cases["mail.round_trip"].message


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_a_duplicate(protocol, system, boxes, next_hop, judged):
    next_hop.copies = 2
    outcome = judged(system.ports["submission"], trip(mailbox(boxes[protocol + "s"], protocol)))
    assert found(outcome) == ("fail", "MessageDuplicated"), outcome.text
    assert "arrived 2 times" in outcome.text and messages(boxes) == []


def test_a_slow_queue(system, boxes, next_hop, judged):
    next_hop.delay = 3.2
    outcome = judged(system.ports["submission"], trip(mailbox(boxes["imaps"]), within="3s"))
    assert found(outcome) == ("fail", "MessageLate"), outcome.text
    assert messages(boxes) == []


def test_a_lost_message(system, boxes, next_hop, judged):
    next_hop.copies = 0
    outcome = judged(system.ports["submission"], trip(mailbox(boxes["imaps"]), within="2s"))
    assert found(outcome) == ("fail", "MessageLost"), outcome.text
    assert re.search("the message [0-9a-f]{32} was taken", outcome.text)


def test_other_messages_stay(system, boxes, judged):
    others = [boxes["maildir"] / "new" / name for name in ("1.one.x", "2.two.x")]
    for path in others:
        path.write_text("Subject: keep\r\nX-Starttls-Gate-Token: " + "0" * 32 + "\r\n\r\nx\r\n")
        os.chmod(path, 0o666)
    try:
        for protocol in ("imap", "pop3"):
            row = trip(mailbox(boxes[protocol + "s"], protocol))
            outcome = judged(system.ports["submission"], row)
            assert found(outcome) == ("pass", None), outcome.text
        assert len(messages(boxes)) == 2
    finally:
        for path in messages(boxes):
            path.unlink()


@pytest.mark.parametrize("members, type_, says", [
    ({"password": "${other}"}, "MailboxUnreadable", "AUTHENTICATIONFAILED"),
    ({"host": "other.example.test"}, "CredentialsWithheld", "not trusted for other.example.test"),
    ({"port": 1}, "MailboxUnreadable", "refused"),
    ({"protocol": "pop3"}, "MailboxUnreadable", "not POP3"),
], ids=["password", "certificate", "port", "protocol"])
def test_without_the_mailbox_nothing_is_sent(members, type_, says, system, boxes, gate,
                                             certificates, postfix_log):
    before = postfix_log()
    row = trip({**mailbox(boxes["imaps"]), **members}, **LOGIN)
    outcome = gate(checklist(
        target(system.ports["submission"]), [row], certificates.ca_file, LIMITS,
        secrets={"password": {"env": "SMTP_PASSWORD"}, "other": {"env": "OTHER"}}),
        env={"OTHER": "another one"})
    assert found(outcome) == ("error", type_), outcome.text
    assert says in outcome.cases["mail.round_trip"].message
    assert postfix_log() == before


@pytest.fixture
def postfix_log(system):
    """How many messages Postfix has begun to take."""
    return lambda: system.logs().count("message-id=<")


def test_lmtp(boxes, judged):
    outcome = judged(boxes["lmtp"], trip(mailbox(boxes["imaps"])), protocol="lmtp")
    assert found(outcome) == ("pass", None), outcome.text


QUOTA = """\
mail_plugins = quota
plugin {
  quota = maildir:User
  quota_rule = *:storage=1K
}
"""


def test_a_full_mailbox(shared_directory, certificates, judged):
    if not dovecot.has_mailboxes():
        pytest.skip("Dovecot with LMTP is not there, or this is not root")
    with dovecot.mailboxes(shared_directory / "round-trip-full", certificates.identities["good"], BOX,
                           gate_module.PASSWORD, options=QUOTA) as ports:
        outcome = judged(ports["lmtp"], trip(mailbox(ports["imaps"])), protocol="lmtp")
    assert found(outcome) == ("fail", "MailboxFull"), outcome.text


@contextlib.contextmanager
def postgrey(directory, seconds):
    """The port of one that keeps clients waiting so long."""
    port, = free_ports(1)
    directory.mkdir()
    command = ["postgrey", f"--inet=127.0.0.1:{port}", f"--delay={seconds}",
               f"--dbdir={directory}", "--user=root", "--group=root"]
    with running(command, directory, [port]):
        yield port


@pytest.mark.parametrize("delay, within, wanted", [
    (2, "20s", ("pass", None)),
    (300, "3s", ("error", "Greylisted")),
], ids=["in time", "too long"])
def test_greylisting(delay, within, wanted, system, boxes, shared_directory, certificates, judged,
                     tmp_path_factory):
    if shutil.which("postgrey") is None:
        pytest.skip("postgrey is not there")
    name = tmp_path_factory.mktemp("postgrey").name
    settings = {**POSTFIX, "virtual_transport": f"lmtp:inet:127.0.0.1:{boxes['lmtp']}"}
    with postgrey(shared_directory / name, delay) as port:
        settings["smtpd_recipient_restrictions"] = f"check_policy_service inet:127.0.0.1:{port}"
        with Postfix(shared_directory / f"{name}-postfix", certificates.identities["good"],
                     {"mx": {}}, settings=settings, delivers=True) as server:
            outcome = judged(server.ports["mx"], trip(mailbox(boxes["imaps"]), within=within))
    assert found(outcome) == wanted, outcome.text
    if wanted[0] == "error":
        assert "greylisted, or put off for another reason, since the first of" in outcome.text


VARIABLES = {"username": gate_module.USERNAME, "from": FROM, "to": BOX,
             "mailbox_host": gate_module.HOST, "mailbox_username": BOX}


def test_the_shipped_checklist(system, boxes, gate, certificates):
    box = {**mailbox(boxes["imaps"]), "password": "${mailbox_password}"}
    page = {"name": "mine", "trust": {"system": False, "ca_file": str(certificates.ca_file)},
            "limits": LIMITS, "variables": VARIABLES,
            "targets": [target(system.ports["submission"])], "include": ["staging-round-trip"],
            "overrides": {"mail.round_trip": {"mailbox": box}}}
    outcome = gate(page, env={"MAILBOX_PASSWORD": gate_module.PASSWORD})
    assert outcome.status == 0, outcome.text
    assert "mail.round_trip" in outcome.having("pass")
    validated = gate.command("validate", "staging-round-trip", "--target", "mail.example.com",
                             *(word for name, value in VARIABLES.items()
                               for word in ("--var", f"{name}={value}")))
    assert validated.status == 0, validated.text


def test_two_at_a_time(system, boxes, gate, certificates):
    """Each sends a message of its own, and deletes that one alone."""
    rows = [{**trip(mailbox(boxes[protocol + "s"], protocol)), "id": f"{protocol}-{number}"}
            for protocol in ("imap", "pop3") for number in range(2)]
    outcome = gate(checklist(target(system.ports["submission"]), rows, certificates.ca_file, LIMITS))
    assert len(outcome.having("pass")) == 4, outcome.text
    assert messages(boxes) == []


EXIM = """\
deliver_drop_privilege
begin routers
boxes:
  driver = manualroute
  domains = example.test
  route_list = * 127.0.0.1
  self = send
  transport = lmtp
begin transports
lmtp:
  driver = smtp
  protocol = lmtp
  allow_localhost
  port = {port}
  hosts_avoid_tls = *
"""


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_exim(protocol, boxes, shared_directory, certificates, judged, tmp_path_factory):
    root = exim.unpacked(gate_module.ROOT / "build" / "exim")
    if root is None:
        pytest.skip("Exim cannot be had")
    directory = shared_directory / tmp_path_factory.mktemp("round-trip-exim").name
    with exim.exim(root, directory, certificates.identities["good"], "NORMAL",
                   EXIM.format(port=boxes["lmtp"]), recipients="accept") as port:
        row = trip(mailbox(boxes[protocol + "s"], protocol), tls_version=True)
        outcome = judged(port, row)
    log = directory / "spool" / "mainlog"
    assert found(outcome) == ("pass", None), outcome.text + (log.read_text() if log.exists() else "")
