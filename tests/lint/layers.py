#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the sources to the layers of the architecture.

A room may include the headers of the rooms named for it, and a library only where its one user
is. A header belongs to the room that has a source file of its name, or to the one named below.
"""

import pathlib
import re
import sys

# Room: the rooms whose headers it may include (its own always).
MAY_USE = {
    "base": set(),
    "wire": {"base"},
    "x509": {"base", "wire"},
    "net": {"base", "wire", "gate.step"},
    "probe": {"base", "wire", "x509", "net", "gate.step", "gate.checklist"},
    "checks": {"base", "wire", "x509", "probe.evidence", "gate"},  # questions and records only
    "gate": {"base", "wire", "x509", "net", "probe", "checks", "report"},
    "report": {"base", "gate.problems", "gate.step", "gate.check"},
    "cli": {"base", "wire", "x509", "net", "probe", "checks", "gate", "report"},
}

# Headers without a source file of their name.
HOME = {
    "evidence": "probe.evidence", "conversation": "probe.evidence", "probe": "probe.evidence",
    "peer": "probe.evidence", "chain_probe": "probe.evidence",
    "survey": "probe.evidence", "ssl2_probe": "probe.evidence",
    "weaknesses": "probe.evidence",
    "session_probes": "probe.evidence", "starttls_probes": "probe.evidence",
    "approach": "probe.evidence",
    "step": "gate.step", "checklist": "gate.checklist", "problems": "gate.problems",
    "check": "gate.check", "path_rules": "x509", "hello_bytes": "wire", "options": "cli",
    "failure_types": "cli",
}

# What only these files may include, as patterns of includes and of paths.
ONLY_IN = [
    (r"<wolfssl/", r"src/net/(tls(_\w+)?|tls13_keys|protection)\.[ch]|src/x509/\w+\.c"),
    (r"<libxml/", r"src/report/\w+\.c"),
    (r"<cJSON|<cjson", r"src/gate/(json\.c|schema\w*\.[ch])|src/report/json\w*\.c"),
    (r"<(sys/socket|netdb|poll|netinet/\w+|arpa/inet)\.h>",
     r"src/net/\w+\.c|include/gate/resolver\.h|src/x509/(hostname|general_name)\.c|src/gate/(target_host|file_read)\.c"),
    (r"<pthread\.h>", r"src/wire/suites\.c|src/net/(resolver|tls|dial)\.c|src/gate/(collect\.c|turn\.[ch])"),
]

# Functions that have no place here, with what to use instead.
BANNED = {
    "strcpy": "buf_add_string", "strcat": "buf_add_string", "sprintf": "snprintf",
    "vsprintf": "vsnprintf", "gets": "buf", "strtok": "cursor", "atoi": "text_parse_number",
    "atol": "text_parse_number", "strncpy": "buf_add", "strncat": "buf_add", "scanf": "cursor",
    "sscanf": "cursor", "alloca": "arena", "setlocale": "nothing",
}


def homes():
    found = dict(HOME)
    for source in pathlib.Path("src").glob("*/*.c"):
        found.setdefault(source.stem, source.parent.name)
    return found


def allowed(room, home):
    permitted = MAY_USE[room] | {room}
    return home in permitted or home.split(".")[0] in permitted


def complaints_of(path, room, home_of):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+(["<].*[">])', line)
        if include:
            name = include.group(1)
            own = re.match(r'"gate/(\w+)\.h"', name)
            home = home_of.get(own.group(1)) if own else None
            if room and home and not allowed(room, home):
                yield f"{path}:{number}: {room} may not include {name}, which is of {home}"
            for pattern, files in ONLY_IN:
                if re.match(pattern, name) and not re.fullmatch(files, str(path)):
                    yield f"{path}:{number}: {name} has no place here"
        for name in re.findall(r"\b(\w+)\s*\(", line):
            if name in BANNED:
                yield f"{path}:{number}: {name}() is banned: use {BANNED[name]}"


def main():
    home_of = homes()
    found = []
    for path in sorted(pathlib.Path("src").glob("*/*.[ch]")):
        found += complaints_of(path, path.parent.name, home_of)
    for path in sorted(pathlib.Path("include/gate").glob("*.h")):
        room = home_of.get(path.stem, "").split(".")[0]
        found += complaints_of(path, room, home_of)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
