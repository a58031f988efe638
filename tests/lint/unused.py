#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Complains of functions that the program does not need to see, or does not need at all.

A function that is not static must be used by another source of src/: what tests alone use is not the
program's, and what its own source alone uses is static. (A static one that nobody uses is the
compiler's to find.) Definitions are told by the format: the name begins the line below its type.
"""

import pathlib
import re
import sys

BLIND = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
DEFINITION = re.compile(r"^([^\s#/}].*)\n(\w+)\(", re.MULTILINE)
# A member of that name is no use of the function.
NAME = re.compile(r"(?<![\w.])(?<!->)[A-Za-z_]\w*")


def main():
    texts = {path: BLIND.sub(lambda found: "\n" * found[0].count("\n"), path.read_text())
             for path in sorted(pathlib.Path("src").glob("*/*.c"))}
    names = {path: set(NAME.findall(text)) for path, text in texts.items()}
    found = []
    for path, text in texts.items():
        for definition in DEFINITION.finditer(text):
            types, name = definition.groups()
            if types.startswith("static") or name == "main":
                continue
            if not any(name in used for other, used in names.items() if other != path):
                line = text.count("\n", 0, definition.start(2)) + 1
                found.append(f"{path}:{line}: {name}: no other source uses it")
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
