#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# embed.sh DIRECTORY: writes C that defines shipped_checklists (checklist/shipped.h) from the
# checklists in the directory, each under its path without ".json". What is in clients/ is none.
set -eu

cd "$1"
names=$(find . -name '*.json' ! -path './clients/*' | sed 's,^\./,,; s,\.json$,,' | LC_ALL=C sort)

printf '#include "checklist/shipped.h"\n\n#include <stddef.h>\n'
number=0
for name in $names; do
	printf '\n/* %s.json */\nstatic const unsigned char text_%d[] = {\n' "$name" "$number"
	od -An -v -tu1 "$name.json" | sed 's/  *\([0-9][0-9]*\)/\1,/g'
	printf '0 };\n'
	number=$((number + 1))
done
printf '\nconst struct shipped_checklist shipped_checklists[] = {\n'
number=0
for name in $names; do
	printf '\t{ "%s", (const char *)text_%d, sizeof(text_%d) - 1 },\n' "$name" "$number" "$number"
	number=$((number + 1))
done
printf '\t{ NULL, NULL, 0 },\n};\n'
