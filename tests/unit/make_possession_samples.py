#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes possession_samples.h: what a server with a P-256 key signs in its first flight.

The key is thrown away, so another run gives other bytes. Needs python3-cryptography 38 or newer.
"""
import datetime
import pathlib
import textwrap

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CLIENT_RANDOM, SERVER_RANDOM = bytes(range(32)), bytes(range(32, 64))
# A named curve, X25519, and a point.
PARAMETERS = b"\3\0\x1d\x20" + bytes(range(64, 96))
TRANSCRIPT_HASH = bytes(range(96, 128))
ECDSA_SHA256 = b"\4\3"


def vector(width, data):
    return len(data).to_bytes(width, "big") + data


def message(kind, body):
    return bytes([kind]) + vector(3, body)


def certificate(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.test")])
    return (x509.CertificateBuilder().subject_name(name).issuer_name(name)
            .public_key(key.public_key()).serial_number(1)
            .not_valid_before(datetime.datetime(2026, 1, 1))
            .not_valid_after(datetime.datetime(2027, 1, 1))
            .sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))


def main():
    key = ec.generate_private_key(ec.SECP256R1())
    der = certificate(key)

    def signed(content):
        return ECDSA_SHA256 + vector(2, key.sign(content, ec.ECDSA(hashes.SHA256())))

    samples = {
        "LEAF": der,
        # RFC 5246 section 7.4.3.
        "FLIGHT_TLS12": message(2, b"\3\3" + SERVER_RANDOM + b"\0\xc0\x2b\0")
        + message(11, vector(3, vector(3, der)))
        + message(12, PARAMETERS + signed(CLIENT_RANDOM + SERVER_RANDOM + PARAMETERS))
        + message(14, b""),
        # RFC 8446 section 4.4.3.
        "VERIFY_TLS13": message(15, signed(
            b" " * 64 + b"TLS 1.3, server CertificateVerify" + b"\0" + TRANSCRIPT_HASH)),
    }
    text = "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"
    for name, data in samples.items():
        lines = textwrap.wrap(data.hex(), 80)
        text += f"\n#define {name}" + "".join(f' \\\n\t"{line}"' for line in lines) + "\n"
    pathlib.Path(__file__).with_name("possession_samples.h").write_text(text)


if __name__ == "__main__":
    main()
