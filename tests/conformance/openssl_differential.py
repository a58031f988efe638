#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares our verdicts with those of `openssl verify -x509_strict`, case by case.

usage: openssl_differential.py PATH_CONFORMANCE [--update]

Every case on which the two differ must stand in openssl_differences.txt, as
    id  ours=accept|refuse  openssl=accept|refuse  why the one that refuses does
The status is 1 when a difference is new or gone, 77 when $CONFORMANCE_DIR has no data. With
--update, that file is written instead. Cases with CRLs are left out.
"""
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

FILES = ["limbo.json", "bettertls.json"]
HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "openssl_differences.txt")
OPENSSL = ["openssl", "verify", "-x509_strict", "-partial_chain", "-auth_level", "2",
           "-purpose", "sslserver", "-no-CAfile", "-no-CApath", "-no-CAstore"]
HEADER = """\
# Where our verdict and that of `openssl verify -x509_strict` (purpose sslserver, partial chains,
# authentication level 2) differ, on the cases without CRLs. Written by
# openssl_differential.py --update; the reason is that of the side that refuses.
"""


def our_verdicts(program):
    """Maps each id to (accepted, reason)."""
    command = [program, "-v", os.path.join(HERE, "deviations.txt")]
    run = subprocess.run(command, capture_output=True, text=True)
    verdicts = {}
    for line in run.stdout.splitlines():
        fields = line.split("\t")
        if len(fields) >= 3 and "::" in fields[0]:
            kinds = sorted({field.split(":")[0] for field in fields[3:]})
            verdicts[fields[0]] = (fields[2] == "SUCCESS", ", ".join(kinds))
    return verdicts


def name_options(test):
    name = test["expected_peer_name"]
    if name is None:
        return []
    return ["-verify_ip" if name["kind"] == "IP" else "-verify_hostname", name["value"]]


def openssl_verdict(test, folder):
    """(accepted, the first error)"""
    parts = {"leaf": [test["peer_certificate"]], "roots": test["trusted_certs"],
             "sent": test["untrusted_intermediates"]}
    for part, certs in parts.items():
        with open(os.path.join(folder, part), "w", encoding="ascii") as file:
            file.write("\n".join(certs))
    command = OPENSSL + ["-CAfile", os.path.join(folder, "roots")] + name_options(test)
    if parts["sent"]:
        command += ["-untrusted", os.path.join(folder, "sent")]
    if test["validation_time"]:
        date = datetime.datetime.fromisoformat(test["validation_time"])
        command += ["-attime", str(int(date.timestamp()))]
    run = subprocess.run(command + [os.path.join(folder, "leaf")], capture_output=True, text=True,
                         errors="replace")
    error = re.search(r"error (\d+ at \d+ depth lookup: .*)", run.stderr + run.stdout)
    return run.returncode == 0, error.group(1) if error else "cannot be loaded"


def word(accepted):
    return "accept" if accepted else "refuse"


def differences(cases, ours):
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for test in cases:
            if test["validation_kind"] != "SERVER" or test["crls"]:
                continue
            accepted, reason = ours[test["id"]]
            theirs, error = openssl_verdict(test, folder)
            if accepted != theirs:
                rows[test["id"]] = (f"ours={word(accepted)}  openssl={word(theirs)}  "
                                    f"{error if accepted else reason}")
    return rows


def read_table(path):
    rows = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                key, value = line.rstrip("\n").split("  ", 1)
                rows[key] = value
    return rows


def main():
    program = sys.argv[1]
    folder = os.environ.get("CONFORMANCE_DIR", "")
    paths = [os.path.join(folder, name) for name in FILES]
    if not all(os.path.exists(path) for path in paths):
        print("skipped: no limbo.json and bettertls.json in $CONFORMANCE_DIR")
        return 77
    cases = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            cases += json.load(file)["testcases"]
    found = differences(cases, our_verdicts(program))
    if "--update" in sys.argv:
        with open(TABLE, "w", encoding="utf-8") as file:
            file.write(HEADER + "".join(f"{key}  {found[key]}\n" for key in found))
        return 0
    listed = read_table(TABLE)
    for key in found:
        if listed.get(key) != found[key]:
            print(f"not listed so: {key}  {found[key]}")
    for key in listed:
        if key not in found:
            print(f"listed, but gone: {key}")
    print(f"{len(cases)} cases, {len(found)} differences from openssl")
    return 0 if listed == found else 1


if __name__ == "__main__":
    sys.exit(main())
