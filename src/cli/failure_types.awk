# SPDX-License-Identifier: GPL-3.0-or-later
#
# awk -f failure_types.awk SOURCE...: writes C that defines failure_types (cli/failure_types.h): which
# types an assertion can fail with. The judges name them as they write their findings, so they are
# taken from there: a judge has the types that stand in it, and those of every function and table
# that it mentions. Sources are read as `make format` leaves them: what is defined begins in the first
# column. Types that are nobody's own have no assertion.

# The definition that a mention in a file means: one of the file itself, else one of any file.
function meant(file, name)
{
	if ((file ":" name) in defined)
		return file ":" name
	return name in global ? global[name] : ""
}

# Adds a definition, and all that it mentions, to those seen.
function follow(node, names, count, i, next_node)
{
	if (node == "" || (node in seen))
		return
	seen[node] = 1
	count = split(mentions[node], names, " ")
	for (i = 1; i <= count; i++) {
		next_node = meant(file_of[node], names[i])
		if (next_node != "")
			follow(next_node)
	}
}

function begin_definition(name)
{
	current = FILENAME ":" name
	defined[current] = 1
	file_of[current] = FILENAME
	if (!is_static)
		global[name] = current
}

# Words and type names of a line; what is in a comment or a longer text is none.
function take_line(line, word)
{
	while (match(line, /"([^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*/)) {
		word = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (word ~ /^"([A-Z][a-z0-9]+)+"$/)
			types[current] = types[current] " " substr(word, 2, length(word) - 2)
		else if (word !~ /^"/)
			mentions[current] = mentions[current] " " word
	}
}

/^static|^(bool|void|const|struct|int|long|size_t|uint)/ { is_static = /^static/ }

# A function: its name begins a line. A table: its name stands before " = {".
/^[a-z_][A-Za-z0-9_]*\(/ { begin_definition(substr($0, 1, index($0, "(") - 1)) }
/^[a-z].* = \{$/ {
	name = $0
	sub(/(\[[A-Z_0-9a-z]*\])* = \{$/, "", name)
	sub(/^.*[ *]/, "", name)
	begin_definition(name)
}

/^(\/\*| \*)/ { next }

current != "" {
	if ($1 == ".name" && match($0, /"[a-z_]+\.[a-z0-9_]+"/)) {
		row = substr($0, RSTART + 1, RLENGTH - 2)
	} else if ($1 ~ /^\.judge(_peer)?$/ && row != "") {
		judge = $3
		sub(/,$/, "", judge)
		rows[++row_count] = row
		judge_of[row] = judge
		row_file[row] = FILENAME
		row = ""
	} else if ($1 !~ /^\./) {
		take_line($0)
	}
}

/^}/ { current = "" }

# Adds a row in its place.
function insert(row, i)
{
	for (i = ++written_count; i > 1 && written[i - 1] > row; i--)
		written[i] = written[i - 1]
	written[i] = row
}

function take_types(assertion, node, names, count, i, row)
{
	count = split(types[node], names, " ")
	for (i = 1; i <= count; i++) {
		row = "{ \"" names[i] "\", \"" assertion "\" }"
		if (!(row in is_written))
			insert(row)
		is_written[row] = 1
	}
}

END {
	for (i = 1; i <= row_count; i++) {
		split("", seen)
		follow(meant(row_file[rows[i]], judge_of[rows[i]]))
		for (node in seen) {
			take_types(rows[i], node)
			is_a_judges[node] = 1
		}
	}
	# What weighs findings gives types to any of them.
	for (node in types)
		if (!(node in is_a_judges) && file_of[node] ~ /gate\//)
			take_types("", node)
	print "#include \"cli/failure_types.h\"\n\n#include <stddef.h>\n"
	print "const struct failure_type failure_types[] = {"
	for (i = 1; i <= written_count; i++)
		print "\t" written[i] ","
	print "\t{ NULL, NULL },\n};"
}
