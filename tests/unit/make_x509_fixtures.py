#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes x509_fixtures.inc: the certificates and OCSP responses that the unit tests judge.

Keys are thrown away, so another run gives other bytes. Needs python3-cryptography 38 or newer.
"""
import base64
import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID as AIA
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU
from cryptography.x509.oid import NameOID

FIXTURES = {}


def date(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d")


def name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
                      x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


class Holder:
    """A subject and its key, with the certificate made last."""

    def __init__(self, common_name, key=None):
        self.name = name(common_name)
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.cert = None


def usage(**given):
    bits = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
            "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{bit: given.get(bit, False) for bit in bits})


def hash_for(key, wanted):
    return None if isinstance(key, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)) else wanted


def issue(title, subject, issuer, extensions, start="2026-01-01", end="2027-01-01",
          digest=None, pss=False, serial=None):
    builder = (x509.CertificateBuilder().subject_name(subject.name).issuer_name(issuer.name)
               .public_key(subject.key.public_key())
               .serial_number(serial or 0x1000 + len(FIXTURES))
               .not_valid_before(date(start)).not_valid_after(date(end)))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    digest = hash_for(issuer.key, digest or hashes.SHA256())
    options = {}
    if pss:
        options["rsa_padding"] = padding.PSS(padding.MGF1(digest), digest.digest_size)
    subject.cert = builder.sign(issuer.key, digest, **options)
    FIXTURES[title] = subject.cert.public_bytes(serialization.Encoding.DER)
    return subject.cert


def key_ids(subject, issuer):
    return [(x509.SubjectKeyIdentifier.from_public_key(subject.key.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False)]


def issue_ca(title, subject, issuer, path_length=None, more=(), start="2020-01-01",
             end="2040-01-01", **options):
    extensions = [(x509.BasicConstraints(True, path_length), True),
                  (usage(key_cert_sign=True, crl_sign=True), True),
                  *key_ids(subject, issuer), *more]
    return issue(title, subject, issuer, extensions, start, end, **options)


def names(*dns):
    return x509.SubjectAlternativeName([x509.DNSName(one) for one in dns])


def issue_leaf(title, issuer, key=None, san=None, purposes=(EKU.SERVER_AUTH,), more=(),
               **options):
    subject = Holder("mail.example.test", key)
    extensions = [(x509.BasicConstraints(False, None), True),
                  (usage(digital_signature=True), True),
                  (x509.ExtendedKeyUsage(purposes), False),
                  (san or names("mail.example.test"), False),
                  *key_ids(subject, issuer), *more]
    issue(title, subject, issuer, extensions, **options)
    return subject


def issue_common():
    root, ica = Holder("Test Root"), Holder("Test CA 1")
    issue_ca("root", root, root)
    issue_ca("ica", ica, root)
    san = x509.SubjectAlternativeName([
        x509.DNSName("mail.example.test"), x509.DNSName("*.wild.example.test"),
        x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
        x509.IPAddress(ipaddress.ip_address("2001:db8::1"))])
    access = x509.AuthorityInformationAccess([
        x509.AccessDescription(AIA.OCSP, x509.UniformResourceIdentifier("http://ocsp.test/")),
        x509.AccessDescription(AIA.CA_ISSUERS,
                               x509.UniformResourceIdentifier("http://ca.test/ca1.der"))])
    leaf = issue_leaf("leaf", ica, san=san, more=[
        (access, False), (x509.TLSFeature([x509.TLSFeatureType.status_request]), False)])
    return root, ica, leaf


def issue_faulty(root, ica):
    issue_leaf("leaf-client", ica, purposes=(EKU.CLIENT_AUTH,))
    issue_leaf("leaf-any", ica, purposes=(EKU.ANY_EXTENDED_KEY_USAGE,))
    issue_leaf("leaf-old", ica, start="2024-01-01", end="2025-01-01")
    issue_leaf("leaf-old-client", ica, start="2024-01-01", end="2025-01-01",
               purposes=(EKU.CLIENT_AUTH,))
    issue_leaf("leaf-critical", ica, more=[
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)])
    issue_leaf("leaf-rsa1024", ica, key=rsa.generate_private_key(65537, 1024))
    issue_leaf("leaf-p192", ica, key=ec.generate_private_key(ec.SECP192R1()))
    issue_leaf("leaf-outside", ica, san=names("mail.other.test"))
    client = Holder("Client CA")
    issue_ca("ica-client", client, root, more=[(x509.ExtendedKeyUsage([EKU.CLIENT_AUTH]), False)])
    issue_leaf("leaf-of-client", client)
    server = Holder("Other Server")
    issue("nonca", server, root, [(x509.BasicConstraints(False, None), True)])
    issue_leaf("leaf-of-nonca", server)
    silent = Holder("Silent CA")
    issue("ica-no-sign", silent, root, [(x509.BasicConstraints(True, None), True),
                                        (usage(crl_sign=True), True)])
    issue_leaf("leaf-of-no-sign", silent)


def issue_limited(root):
    first, second, third = Holder("Limited CA"), Holder("Sub CA"), Holder("Limited CA")
    issue_ca("ica-length-0", first, root, 0)
    issue_ca("ica-sub", second, first)
    issue_leaf("leaf-of-sub", second)
    issue_ca("ica-self-issued", third, first)
    issue_leaf("leaf-of-self-issued", third)
    constrained, below = Holder("Constrained CA"), Holder("CA below")
    issue_ca("ica-constrained", constrained, root, more=[
        (x509.NameConstraints([x509.DNSName("example.test")], None), True)])
    issue_leaf("leaf-inside", constrained)
    issue_leaf("leaf-ample", constrained, san=names("mail.notexample.test"))
    issue_ca("ica-below", below, constrained)
    issue_leaf("leaf-below", below, san=names("mail.other.test"))
    strict = Holder("Policy CA")
    policy = x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier("1.2.3.5"), None)])
    issue_ca("ica-policy", strict, root,
             more=[(x509.PolicyConstraints(0, None), True), (policy, False)])
    issue_leaf("leaf-without-policy", strict)
    issue_leaf("leaf-with-policy", strict, more=[(policy, False)])


def issue_crossed(root, ica):
    old = Holder("Old Root")
    issue_ca("old-root", old, old, start="2000-01-01", end="2021-01-01")
    issue_ca("ica-cross", ica, old, start="2020-01-01", end="2021-01-01")
    issue_ca("root-cross", root, old, start="2020-01-01", end="2040-01-01")
    impostor, foreign = Holder("Test Root"), Holder("Foreign Root")
    issue_ca("impostor", impostor, impostor)
    issue_leaf("leaf-of-impostor", impostor)
    issue_ca("foreign", foreign, foreign)
    issue_leaf("leaf-of-foreign", foreign)
    first, second = Holder("Circle A"), Holder("Circle B")
    issue_ca("circle-a", first, second)
    issue_ca("circle-b", second, first)
    issue_leaf("leaf-of-circle", first)
    alone = Holder("mail.example.test")
    issue("self-signed", alone, alone, [(names("mail.example.test"), False)])


def with_sha1(cert, key):
    """The certificate signed again with SHA-1, which the library does not do itself: the names
    of the two algorithms differ in their last byte only."""
    sha256, sha1 = (bytes.fromhex("06092a864886f70d0101" + last) for last in ("0b", "05"))
    tbs = cert.tbs_certificate_bytes.replace(sha256, sha1)
    der = cert.public_bytes(serialization.Encoding.DER).replace(sha256, sha1)
    signature = key.sign(tbs, padding.PKCS1v15(), hashes.SHA1())
    return der[:-len(signature)] + signature


def issue_algorithms():
    weak = Holder("RSA Root", rsa.generate_private_key(65537, 2048))
    issue_ca("rsa-root", weak, weak)
    leaf = issue_leaf("leaf-of-rsa", weak)
    issue_leaf("leaf-of-rsa-512", weak, digest=hashes.SHA512())
    issue_leaf("leaf-of-pss", weak, pss=True)
    FIXTURES["leaf-sha1"] = with_sha1(leaf.cert, weak.key)
    for title, key, digest in [("p384", ec.generate_private_key(ec.SECP384R1()), hashes.SHA384()),
                               ("p521", ec.generate_private_key(ec.SECP521R1()), hashes.SHA512()),
                               ("ed25519", ed25519.Ed25519PrivateKey.generate(), None),
                               ("ed448", ed448.Ed448PrivateKey.generate(), None)]:
        root = Holder(f"{title} Root", key)
        issue_ca(f"{title}-root", root, root, digest=digest)
        issue_leaf(f"leaf-of-{title}", root, digest=digest)


def issue_deep(root):
    """deep-0 is issued by the root, each other one by the one before; and a leaf for two."""
    issuer = root
    for level in range(15):
        subject = Holder(f"Deep {level}")
        issue_ca(f"deep-{level}", subject, issuer)
        if level in (13, 14):
            issue_leaf(f"leaf-of-deep-{level}", subject)
        issuer = subject


def respond(title, leaf, issuer, signer, status=ocsp.OCSPCertStatus.GOOD, start="2026-05-30",
            end="2026-06-06", certs=None):
    revoked = status == ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        leaf.cert, issuer.cert, hashes.SHA1(), status, date(start), date(end) if end else None,
        date("2026-03-01") if revoked else None,
        x509.ReasonFlags.key_compromise if revoked else None)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.cert)
    if certs:
        builder = builder.certificates(certs)
    response = builder.sign(signer.key, hashes.SHA256())
    FIXTURES[title] = response.public_bytes(serialization.Encoding.DER)


def respond_all(root, ica, leaf):
    other, delegate, stranger = Holder("unused"), Holder("Responder"), Holder("Responder")
    other.cert = x509.load_der_x509_certificate(FIXTURES["leaf-client"])
    ica.cert = x509.load_der_x509_certificate(FIXTURES["ica"])
    root.cert = x509.load_der_x509_certificate(FIXTURES["root"])
    signing = [(x509.ExtendedKeyUsage([EKU.OCSP_SIGNING]), False)]
    issue("responder", delegate, ica, signing)
    issue("responder-of-root", stranger, root, signing)
    respond("ocsp-good", leaf, ica, ica)
    respond("ocsp-revoked", leaf, ica, ica, ocsp.OCSPCertStatus.REVOKED)
    respond("ocsp-unknown", leaf, ica, ica, ocsp.OCSPCertStatus.UNKNOWN)
    respond("ocsp-endless", leaf, ica, ica, end=None)
    respond("ocsp-of-another", other, ica, ica)
    respond("ocsp-delegated", leaf, ica, delegate, certs=[delegate.cert])
    respond("ocsp-by-stranger", leaf, ica, stranger, certs=[stranger.cert])
    respond("ocsp-by-leaf", leaf, ica, leaf, certs=[leaf.cert])
    FIXTURES["ocsp-try-later"] = bytes.fromhex("30030a0103")


def keep_key(title, key, form):
    """A private key in PEM, as bytes like the others; the tests' keys protect nothing."""
    FIXTURES[title] = key.private_bytes(serialization.Encoding.PEM, form,
                                        serialization.NoEncryption())


def make_keys():
    pkcs8 = serialization.PrivateFormat.PKCS8
    traditional = serialization.PrivateFormat.TraditionalOpenSSL
    root = Holder("Key Root")
    issue_ca("key-root", root, root)
    for title, key in [("rsa", rsa.generate_private_key(65537, 2048)),
                       ("p256", ec.generate_private_key(ec.SECP256R1())),
                       ("p384", ec.generate_private_key(ec.SECP384R1())),
                       ("p521", ec.generate_private_key(ec.SECP521R1())),
                       ("ed25519", ed25519.Ed25519PrivateKey.generate())]:
        issue_leaf(f"keyed-{title}", root, key=key)
        keep_key(f"key-{title}", key, pkcs8)
        if title != "ed25519":
            keep_key(f"key-{title}-old", key, traditional)
    FIXTURES["key-locked"] = key.private_bytes(
        serialization.Encoding.PEM, pkcs8, serialization.BestAvailableEncryption(b"secret"))


def issue_large():
    """A key of RSA that is longer than what wolfCrypt computes with, of a CA and of a leaf."""
    key = rsa.generate_private_key(65537, 8192)
    large, root = Holder("Large Root", key), Holder("Root of Large")
    issue_ca("large-root", large, large)
    issue_leaf("leaf-of-large", large)
    issue_ca("root-of-large", root, root)
    issue_leaf("leaf-large", root, key=key)


def timestamps(*logs):
    """The extension with a SignedCertificateTimestampList: an id of one byte and a date each."""
    scts = [b"\0" + log * 32 + int((date(day) - date("1970-01-01")).total_seconds() * 1000)
            .to_bytes(8, "big") + bytes.fromhex("0000 0403 0004 01020304") for log, day in logs]
    body = b"".join(len(sct).to_bytes(2, "big") + sct for sct in scts)
    body = len(body).to_bytes(2, "big") + body
    octets = bytes([0x04, len(body)]) + body  # at most 127
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), octets)


def issue_public():
    """As public authorities issue them: with timestamps, for servers and clients."""
    root = Holder("Public Root")
    issue_ca("public-root", root, root)
    issue_leaf("leaf-logged", root, more=[
        (timestamps((b"\xaa", "2026-01-01"), (b"\xbb", "2026-02-01")), False)])
    issue_leaf("leaf-both", root, purposes=(EKU.SERVER_AUTH, EKU.CLIENT_AUTH))


def write(path):
    with open(path, "w", encoding="ascii") as file:
        file.write("/* Written by make_x509_fixtures.py; base64 of DER. */\n")
        for title, der in FIXTURES.items():
            file.write(f'{{ "{title}",\n')
            text = base64.b64encode(der).decode()
            for start in range(0, len(text), 76):
                file.write(f'\t"{text[start:start + 76]}"\n')
            file.write("},\n")


def main():
    root, ica, leaf = issue_common()
    issue_faulty(root, ica)
    issue_limited(root)
    issue_algorithms()
    issue_deep(root)
    leaf_cert = leaf.cert
    issue_crossed(root, ica)
    leaf.cert = leaf_cert
    respond_all(root, ica, leaf)
    make_keys()
    issue_large()
    issue_public()
    write(os.path.join(os.path.dirname(os.path.abspath(__file__)), "x509_fixtures.inc"))


if __name__ == "__main__":
    main()
