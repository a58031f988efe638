# SPDX-License-Identifier: GPL-3.0-or-later
"""Throw-away certificates, made with the openssl command.

An `Authority` keeps its key and its certificate in a directory of its own and issues leaves and
further authorities. Validity is given in days relative to now, so that "expired" and "not yet
valid" stay true whenever the tests run.
"""

import base64
import datetime
import pathlib
import subprocess

AUTHORITY_DAYS = (-30, 3650)
LEAF_DAYS = (-2, 90)

CONFIG = """\
[ca]
default_ca = here
[here]
database = {directory}/index.txt
new_certs_dir = {directory}
rand_serial = yes
default_md = sha256
unique_subject = no
policy = anything
x509_extensions = leaf
[anything]
commonName = supplied
[req]
distinguished_name = nothing
prompt = no
[nothing]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
{usage}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
{names}
{extensions}
"""
EC_KEY = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
RSA_KEY = ("rsa:2048",)


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def _moment(days):
    """The UTC time `days` from now, as `openssl ca` takes it."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return moment.strftime("%Y%m%d%H%M%SZ")


class Identity:
    """A private key and the chain that goes with it, as PEM files.

    `chain` holds the leaf first and then the intermediates, never the root.
    """

    def __init__(self, key, chain):
        self.key = pathlib.Path(key)
        self.chain = pathlib.Path(chain)


class Authority:
    """Issues certificates; self-signed unless `issuer` is another authority."""

    def __init__(self, directory, common_name, issuer=None, days=AUTHORITY_DAYS, **signing):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True)
        (self.directory / "index.txt").touch()
        self.key = self.directory / "ca.key"
        self.certificate = self.directory / "ca.pem"
        self.issuer = issuer
        self._write_config()
        (issuer or self)._sign(self.directory / "ca", common_name, days, "authority",
                               self_signed=issuer is None, **signing)

    def _write_config(self, names=(), usage="serverAuth", extensions=""):
        alternatives = ",".join(name if ":" in name else f"DNS:{name}" for name in names)
        text = CONFIG.format(directory=self.directory, extensions=extensions,
                             usage=f"extendedKeyUsage = {usage}" if usage else "",
                             names=f"subjectAltName = {alternatives}" if names else "")
        (self.directory / "openssl.cnf").write_text(text)

    def _sign(self, stem, common_name, days, extensions, self_signed=False, key_type=EC_KEY,
              digest="sha256"):
        """Makes `stem`.key and `stem`.pem; `days` is (from, until) relative to now."""
        key, request, certificate = (pathlib.Path(f"{stem}.{end}") for end in ("key", "csr", "pem"))
        config = self.directory / "openssl.cnf"
        _openssl("req", "-new", "-newkey", *key_type, "-nodes", "-config", config, "-keyout",
                 key, "-out", request, "-subj", f"/CN={common_name}")
        signer = ["-selfsign", "-keyfile", key] if self_signed else [
            "-cert", self.certificate, "-keyfile", self.key]
        _openssl("ca", "-batch", "-notext", "-config", config, *signer, "-in", request,
                 "-out", certificate, "-startdate", _moment(days[0]), "-enddate", _moment(days[1]),
                 "-extensions", extensions, "-md", digest)
        return key, certificate

    def _chain_below_root(self):
        """This authority and those above it, without the root."""
        if self.issuer is None:
            return ""
        return self.certificate.read_text() + self.issuer._chain_below_root()

    def issue(self, stem, names, days=LEAF_DAYS, usage="serverAuth", self_signed=False,
              send_intermediates=True, extensions="", **signing):
        """A leaf for the names `names`, in this authority's directory.

        A name is a DNS name unless it says otherwise ("IP:192.0.2.1"); `extensions` are more lines
        of openssl's configuration; `signing` is key_type or digest.
        """
        self._write_config(names, usage, extensions)
        key, certificate = self._sign(self.directory / stem, names[0].split(":")[-1], days, "leaf",
                                      self_signed, **signing)
        if send_intermediates and not self_signed:
            with certificate.open("a") as chain:
                chain.write(self._chain_below_root())
        return Identity(key, certificate)


# Of the INTEGERs of an RSAPrivateKey, the secret ones that a signature is made with (RFC 8017
# appendix A.1.2): d, d mod (p-1), d mod (q-1).
RSA_SECRETS = (3, 6, 7)
EC_SECRET_START = b"\x02\x01\x01\x04"  # version 1, then the OCTET STRING (RFC 5915 section 3)


def _integers(sequence):
    """(start, end) of each INTEGER in a SEQUENCE with a length of two bytes."""
    at, found = 4, []
    while at < len(sequence):
        size, at = sequence[at + 1], at + 2
        if size & 0x80:
            width = size & 0x7f
            size, at = int.from_bytes(sequence[at:at + width], "big"), at + width
        found.append((at, at + size))
        at += size
    return found


def other_key(key, path):
    """A key file that claims the public key of `key` but signs with another: a server loads it
    along with the certificate, and cannot prove that it holds the key."""
    first = subprocess.run(["openssl", "pkey", "-in", key, "-traditional", "-outform", "DER"],
                           check=True, capture_output=True).stdout
    secret = bytearray(first)
    start = first.find(EC_SECRET_START, 0, 8)
    if start >= 0:
        kind = "EC"
        secret[start + 4 + 20] ^= 1
    else:
        kind = "RSA"
        for number in RSA_SECRETS:
            secret[_integers(first)[number][1] - 1] ^= 2
    text = base64.encodebytes(bytes(secret)).decode()
    path.write_text(f"-----BEGIN {kind} PRIVATE KEY-----\n{text}-----END {kind} PRIVATE KEY-----\n")
    return path
