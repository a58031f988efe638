# SPDX-License-Identifier: GPL-3.0-or-later
"""Checklists for the tests, built from as little as a test wants to say."""

import gate

SHORT_LIMITS = {"connect_timeout": "2s", "reply_timeout": "2s", "deadline": "10s", "retries": 0}

# In the order of the dialogue, so that one cause is carried by the first that meets it.
SUBMISSION = [
    {"assert": "connection.established"},
    {"assert": "connection.greeting"},
    {"assert": "ehlo.accepted"},
    {"assert": "starttls.advertised"},
    {"assert": "auth.not_before_tls"},
    {"assert": "starttls.accepted"},
    {"assert": "starttls.clean_reply"},
    {"assert": "tls.handshake"},
    {"assert": "tls.version", "minimum": "1.2"},
    {"assert": "certificate.expiry", "days": 21},
    {"assert": "certificate.trusted"},
    {"assert": "certificate.hostname"},
    {"assert": "session.ehlo"},
    {"assert": "starttls.not_reoffered"},
    {"assert": "auth.mechanisms", "includes": ["PLAIN"]},
    {"assert": "auth.login", "mechanism": "PLAIN", "username": gate.USERNAME,
     "password": "${password}"},
]

# Without the extra connections of tls.version: for servers whose fault is elsewhere.
DIALOGUE = [row for row in SUBMISSION if row["assert"] != "tls.version"]

IMPLICIT = [row for row in SUBMISSION
            if row["assert"].split(".")[0] not in ("ehlo", "starttls")
            and row["assert"] != "auth.not_before_tls"]


def target(port, **members):
    return {"name": "target", "protocol": "smtp", "tls": "starttls", "host": gate.HOST,
            "address": "127.0.0.1", "port": port, **members}


def checklist(targets, assertions, ca_file, limits=None, **members):
    """A checklist for one port, one target or several targets."""
    if isinstance(targets, int):
        targets = target(targets)
    return {
        "name": "test",
        "secrets": {"password": {"env": "SMTP_PASSWORD"}},
        "trust": {"system": False, "ca_file": str(ca_file)},
        "limits": {**SHORT_LIMITS, **(limits or {})},
        "targets": targets if isinstance(targets, list) else [targets],
        "assertions": assertions,
        **members,
    }
