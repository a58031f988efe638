# SPDX-License-Identifier: GPL-3.0-or-later
#
# awk -f client_profiles.awk FILE...: writes C that defines client_profiles and client_names
# (wire/client_profile.h) from files of one JSON object each. Anything in them that is not known, or
# does not fit the rest, ends it with a complaint and status 1.

BEGIN {
	split("name kind date source versions suites extensions", required, " ")
	split("name kind date source notes", names, " ")
	for (i in names)
		type[names[i]] = "text"
	split("suites groups key_shares signatures chain_signatures extensions", names, " ")
	for (i in names)
		type[names[i]] = "codes"
	split("minimum_dh_bits maximum_dh_bits minimum_rsa_bits", names, " ")
	for (i in names)
		type[names[i]] = "number"
	type["versions"] = "versions"
	kind["mua"] = "CLIENT_PERSON"
	kind["mta"] = "CLIENT_RELAY"
	kind["library"] = "CLIENT_LIBRARY"
	version["ssl3"] = "TLS_VERSION_SSL3"
	version["1.0"] = "TLS_VERSION_1_0"
	version["1.1"] = "TLS_VERSION_1_1"
	version["1.2"] = "TLS_VERSION_1_2"
	version["1.3"] = "TLS_VERSION_1_3"
	number_of_versions = split("ssl3 1.0 1.1 1.2 1.3", version_order, " ")
}

function complain(what)
{
	print file ": " what > "/dev/stderr"
	failed = 1
	exit 1
}

function token()
{
	sub(/^[ \t\n]+/, "", text)
	if (!match(text, /^"[^"\\\n]*"/) && !match(text, /^[0-9]+/) && !match(text, /^[][{},:]/))
		complain("no JSON of a client at: " substr(text, 1, 30))
	taken = substr(text, 1, RLENGTH)
	text = substr(text, RLENGTH + 1)
	return taken
}

function expect(want)
{
	if (token() != want)
		complain("'" taken "' where '" want "' should be")
}

function string()
{
	if (token() !~ /^"./)
		complain("'" taken "' where a string should be")
	return substr(taken, 2, length(taken) - 2)
}

# The strings of an array in items[1] and so on; returns how many.
function array(items, count)
{
	expect("[")
	do
		items[++count] = string()
	while (token() == ",")
	if (taken != "]")
		complain("'" taken "' in an array")
	if (count > 128)
		complain("an array of more than 128 items")
	return count
}

# "{ { 0xc02f, 0x009c }, 2 }"; lists[member] has them with blanks around.
function codes(member, items, count, i, out)
{
	count = array(items)
	lists[member] = " "
	for (i = 1; i <= count; i++) {
		if (items[i] !~ /^[0-9a-f][0-9a-f][0-9a-f][0-9a-f]$/)
			complain("\"" items[i] "\" in " member " is not four digits of hex")
		if (index(lists[member], " " items[i] " "))
			complain("\"" items[i] "\" stands twice in " member)
		lists[member] = lists[member] items[i] " "
		out = out "0x" items[i] ", "
	}
	return "{ { " out "}, " count " }"
}

function place_of(name, i)
{
	for (i = 1; i <= number_of_versions; i++)
		if (version_order[i] == name)
			return i
	complain("there is no version \"" name "\"")
}

function versions(items)
{
	if (array(items) != 2 || place_of(items[1]) > place_of(items[2]))
		complain("\"versions\" are not the oldest and the newest")
	newest = items[2]
	return version[items[1]] ", .maximum = " version[items[2]]
}

function value(member)
{
	if (type[member] == "codes")
		return codes(member)
	if (type[member] == "versions")
		return versions()
	if (type[member] == "text")
		return "\"" string() "\""
	if (token() !~ /^[1-9][0-9]*$/)
		complain("'" taken "' is no number of bits")
	return taken
}

function has(list, code)
{
	return index(lists[list], " " code " ") != 0
}

# An extension goes with what it says.
function check_together(member, code)
{
	if ((member in seen) != has("extensions", code))
		complain("\"" member "\" and extension " code " go together")
}

function check(shares, count, i)
{
	for (i in required)
		if (!(required[i] in seen))
			complain("there is no \"" required[i] "\"")
	if (!(seen["kind"] in kind))
		complain("there is no kind \"" seen["kind"] "\"")
	if (seen["date"] !~ /^20[0-9][0-9](-[01][0-9](-[0-3][0-9])?)?$/)
		complain("\"" seen["date"] "\" is no date")
	if (seen["name"] in taken_names)
		complain("another client has the name \"" seen["name"] "\"")
	taken_names[seen["name"]] = file
	check_together("groups", "000a")
	check_together("signatures", "000d")
	check_together("key_shares", "0033")
	if ((newest == "1.3") != has("extensions", "002b") || (newest == "1.3") != has("extensions", "0033"))
		complain("TLS 1.3 goes with the extensions 002b and 0033")
	if (("chain_signatures" in seen) && !has("extensions", "0032"))
		complain("\"chain_signatures\" need the extension 0032")
	count = split(lists["key_shares"], shares, " ")
	for (i = 1; i <= count; i++)
		if (!has("groups", shares[i]))
			complain("a share of the group " shares[i] ", which is not offered")
	if (count > 3)
		complain("more than 3 key shares")
}

function field(member, content)
{
	if (member == "versions")
		return ".minimum = " content
	if (member == "kind")
		return ".kind = " kind[seen["kind"]]
	return "." member " = " content
}

function profile(member, content, out)
{
	split("", seen)
	split("", lists)
	expect("{")
	do {
		member = string()
		if (!(member in type))
			complain("there is no member \"" member "\"")
		if (member in seen)
			complain("\"" member "\" stands twice")
		expect(":")
		content = value(member)
		seen[member] = content
		gsub(/"/, "", seen[member])
		out = out "\t\t" (member == "kind" && !(seen["kind"] in kind) ? "" : field(member, content)) ",\n"
	} while (token() == ",")
	if (taken != "}" || text !~ /^[ \t\n]*$/)
		complain("more than one object")
	check()
	rows = rows "\t{\n" out "\t},\n"
	all_names = all_names "\t\"" seen["name"] "\",\n"
}

FNR == 1 && NR != 1 { profile() }
FNR == 1 { text = ""; file = FILENAME }
{ text = text $0 "\n" }

END {
	if (failed)
		exit 1
	profile()
	print "#include \"wire/client_profile.h\"\n"
	print "const struct client_profile client_profiles[] = {\n" rows "\t{ .name = NULL },\n};\n"
	print "const char *const client_names[] = {\n" all_names "\tNULL,\n};"
}
