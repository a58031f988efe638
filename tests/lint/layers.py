#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the sources to the layers of the architecture.

A file includes only headers of its own room and of rooms below it, by their rooms. What stands in
src/<room>/ is the room's own; what others may use is in include/<room>/. Libraries belong to rooms.
Each file says at its head, behind the licence, in a sentence what it is.
"""

import pathlib
import re
import sys

# From the lowest to the highest.
ROOMS = ["base", "wire", "x509", "net", "evidence", "probe", "checks", "checklist", "report", "run",
         "cli"]

# Patterns of system headers, and the rooms that may include them.
LIBRARIES = {
    r"wolfssl/": {"x509", "net"},
    r"libxml/": {"report"},
    r"gsasl\.h": {"probe"},
    r"unbound\.h": {"net"},
    r"(cjson/)?cJSON": {"checklist", "report"},
    r"(sys/socket|netdb|netinet/\w+)\.h": {"net"},
    r"poll\.h": {"base", "net"},
    r"pthread\.h": {"wire", "x509", "net", "run"},
}

# Functions that have no place here, with what to use instead.
BANNED = {
    "strcpy": "buf_add_string", "strcat": "buf_add_string", "sprintf": "snprintf",
    "vsprintf": "vsnprintf", "gets": "buf", "strtok": "cursor", "atoi": "text_parse_number",
    "atol": "text_parse_number", "strncpy": "buf_add", "strncat": "buf_add", "scanf": "cursor",
    "sscanf": "cursor", "alloca": "arena", "setlocale": "nothing",
}


def wrong_with_own(room, name):
    """What is wrong with including the project's header; None when nothing is."""
    home, slash, _ = name.partition("/")
    if not slash:
        return None if pathlib.Path("src", room, name).is_file() else "there is no such header here"
    if home not in ROOMS:
        return "there is no such room"
    if ROOMS.index(home) > ROOMS.index(room):
        return f"{home} is above {room}"
    if not pathlib.Path("include", name).is_file():
        return f"it is not one that {home} shares"
    return None


def wrong_with_library(room, name):
    for pattern, rooms in LIBRARIES.items():
        if re.match(pattern, name) and room not in rooms:
            return f"it has no place in {room}"
    return None


def has_head(text):
    lines = text.splitlines()
    return (len(lines) > 3 and lines[0].startswith("/* SPDX-") and lines[1] == " *" and
            "." in text.partition(" *\n")[2].partition("*/")[0])


def complaints_of(path, room):
    if not has_head(path.read_text()):
        yield f"{path}:1: the head does not say what the file is"
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if include:
            kind, name = include.groups()
            wrong = (wrong_with_own if kind == '"' else wrong_with_library)(room, name)
            if wrong:
                yield f"{path}:{number}: {name}: {wrong}"
        for name in re.findall(r"\b(\w+)\s*\(", line):
            if name in BANNED:
                yield f"{path}:{number}: {name}() is banned: use {BANNED[name]}"


def main():
    found = []
    for path in sorted([*pathlib.Path("src").glob("*/*.[ch]"),
                        *pathlib.Path("include").glob("*/*.h")]):
        found += complaints_of(path, path.parent.name)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
