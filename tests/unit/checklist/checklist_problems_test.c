/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bad_checklist.h"

/* What is wrong, and what is said of it. */
static const struct bad_checklist bad_checklists[] = {
	{ "an unknown key that looks like another", MEMBER, "\"asertions\": [],",
		"3:1 unknown key \"asertions\" in a checklist\n" },
	{ "an unknown key that looks like none", MEMBER, "\"zebra\": 1,",
		"3:1 unknown key \"zebra\" in a checklist\n" },
	{ "nothing to assert", WHOLE,
		"{\"targets\": [{\"host\": \"a.example\"}], \"trust\": {\"system\": false}}",
		"1:1 the checklist asserts nothing\n" },
	{ "an empty list of assertions", WHOLE,
		"{\"targets\": [{\"host\": \"a.example\"}],\n"
		" \"trust\": {\"system\": false}, \"assertions\": []}",
		"2:44 \"assertions\" is empty: leave it out, or fill it\n" },
	{ "no targets", WHOLE,
		"{\"trust\": {\"system\": false}, \"assertions\": [{\"assert\": "
		"\"tls.handshake\"}]}",
		"1:1 the checklist has no targets: say which server to check with "
		"--target HOST[:PORT]\n" },
	{ "an array in place of the checklist", WHOLE, "[]",
		"1:1 a checklist must be an object, not an array\n" },
	{ "a number in place of the checklist", WHOLE, " 1",
		"1:2 a checklist must be an object, not a number\n" },
	{ "nothing", WHOLE, "", "1:1 the end of the file where a value should be\n" },
	{ "a key that is there twice", WHOLE,
		"{\"name\": \"a\",\n"
		" \"name\": \"b\"}",
		"2:2 the key \"name\" is here for the second time\n" },
	{ "a trailing comma", WHOLE,
		"{\"name\": \"a\",\n"
		"}",
		"1:13 a comma after the last item of an object\n" },
	{ "an empty name", MEMBER, "\"name\": \"\",", "3:9 \"name\" is empty\n" },
	{ "a name that is no string", MEMBER, "\"name\": 1,",
		"3:9 \"name\" must be a string, not a number\n" },
	{ "a name that is null", MEMBER, "\"name\": null,",
		"3:9 \"name\" must be a string, not null\n" },
	{ "an assertion that is a string", ASSERTION, "\"tls.handshake\"",
		"4:1 an assertion must be an object, not a string\n" },
	{ "an assertion without a name", ASSERTION, "{\"id\": \"x\"}",
		"4:1 an assertion needs \"assert\"\n" },
	{ "an assertion whose name is a number", ASSERTION, "{\"assert\": 1}",
		"4:12 \"assert\" must be a string, not a number\n" },
	{ "an assertion whose name is a number beside a good one", ASSERTION,
		"{\"assert\": \"tls.handshake\"}, {\"assert\": 1}",
		"4:41 \"assert\" must be a string, not a number\n" },
	{ "an unknown assertion", ASSERTION, "{\"assert\": \"tls.handshak\"}",
		"4:12 unknown assertion \"tls.handshak\"\n" },
	{ "an unknown assertion and an unknown key", ASSERTION,
		"{\"assert\": \"tls.handshak\", \"days\": 3}",
		"4:12 unknown assertion \"tls.handshak\"\n" },
	{ "a misspelt \"assert\"", ASSERTION, "{\"asert\": \"tls.handshake\"}",
		"4:2 unknown key \"asert\" in an assertion\n" },
	{ "a parameter of another assertion", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"days\": 3}",
		"4:29 unknown key \"days\" in an assertion of tls.handshake\n" },
	{ "a parameter that is required", ASSERTION, "{\"assert\": \"tls.cipher\"}",
		"4:1 tls.cipher needs \"allowed\"\n" },
	{ "none of the parameters of which one is required", ASSERTION,
		"{\"assert\": \"auth.mechanisms\"}",
		"4:1 auth.mechanisms asserts nothing without a parameter\n" },
	{ "a number that is a string", ASSERTION,
		"{\"assert\": \"certificate.expiry\", \"days\": \"3\"}",
		"4:42 \"days\" must be a number, not a string\n" },
	{ "a number that is a secret", ASSERTION,
		"{\"assert\": \"certificate.expiry\", \"days\": \"${password}\"}",
		"4:42 the secret \"password\" cannot be used here\n" },
	{ "a fraction that is a reference to one above the whole", ASSERTION,
		"{\"assert\": \"certificate.expiry\", \"fraction\": \"${f:-1.5}\"}",
		"4:46 \"fraction\" must be above 0, and 1 at most\n" },
	{ "a number below its range", ASSERTION,
		"{\"assert\": \"certificate.expiry\", \"days\": -1}",
		"4:42 \"days\" must be a whole number from 0 to 3650\n" },
	{ "a number above its range", ASSERTION,
		"{\"assert\": \"certificate.expiry\",\n"
		" \"days\": 3651}",
		"5:10 \"days\" must be a whole number from 0 to 3650\n" },
	{ "a number with a fraction", ASSERTION,
		"{\"assert\": \"certificate.expiry\", \"days\": 1.5}",
		"4:42 \"days\" must be a whole number from 0 to 3650\n" },
	{ "a number beyond all ranges", ASSERTION,
		"{\"assert\": \"certificate.expiry\", \"days\": 1e300}",
		"4:42 \"days\" must be a whole number from 0 to 3650\n" },
	{ "a choice that does not exist", ASSERTION,
		"{\"assert\": \"tls.version\", \"minimum\": \"1.4\"}",
		"4:38 \"minimum\" cannot be \"1.4\"\n" },
	{ "a choice that is a number", ASSERTION, "{\"assert\": \"tls.version\", \"minimum\": 1.2}",
		"4:38 \"minimum\" must be a string, not a number\n" },
	{ "bounds that no version is within", ASSERTION,
		"{\"assert\": \"tls.version\", \"minimum\": \"1.3\", \"maximum\": \"1.2\"}",
		"4:1 tls.version: the maximum is below the minimum (which is 1.2 where "
		"none is given)\n" },
	{ "an upper bound below the lower one by default", ASSERTION,
		"{\"assert\": \"tls.version\", \"maximum\": \"1.1\"}",
		"4:1 tls.version: the maximum is below the minimum (which is 1.2 where "
		"none is given)\n" },
	{ "a list that is a string", ASSERTION,
		"{\"assert\": \"ehlo.includes\", \"capabilities\": \"SIZE\"}",
		"4:45 \"capabilities\" must be an array of strings, not a string\n" },
	{ "a list without items", ASSERTION,
		"{\"assert\": \"ehlo.includes\", \"capabilities\": []}",
		"4:45 \"capabilities\" is empty: it would have no effect\n" },
	{ "an item that is a number", ASSERTION,
		"{\"assert\": \"ehlo.includes\", \"capabilities\": [\"SIZE\", 1]}",
		"4:54 an item of this list must be a string, not a number\n" },
	{ "an item that is empty", ASSERTION,
		"{\"assert\": \"ehlo.includes\", \"capabilities\": [\"\"]}",
		"4:46 \"\": an item of a list cannot be empty\n" },
	{ "an item that is there twice", ASSERTION,
		"{\"assert\": \"ehlo.includes\", \"capabilities\": [\"SIZE\", \"size\"]}",
		"4:54 \"size\" is in this list already\n" },
	{ "an item that is no capability", ASSERTION,
		"{\"assert\": \"ehlo.includes\", \"capabilities\": [\"SIZE 10\"]}",
		"4:46 \"SIZE 10\": a capability is one keyword (such as SIZE, AUTH or "
		"AUTH=PLAIN), without what follows it\n" },
	{ "a mechanism that is none", ASSERTION,
		"{\"assert\": \"auth.mechanisms\", \"includes\": [\"CRAM MD5\"]}",
		"4:44 \"CRAM MD5\": a SASL mechanism has at most 20 letters, digits, '-' "
		"and '_'\n" },
	{ "a mechanism both included and excluded", ASSERTION,
		"{\"assert\": \"auth.mechanisms\", \"includes\": [\"PLAIN\"], \"excludes\": "
		"[\"plain\"]}",
		"4:1 auth.mechanisms: a mechanism is both included and excluded\n" },
	{ "a cipher suite that does not exist", ASSERTION,
		"{\"assert\": \"tls.cipher\", \"allowed\": [\"TLS_AES_512\"]}",
		"4:38 \"TLS_AES_512\": there is no cipher suite of this name (IANA's, "
		"such as TLS_AES_256_GCM_SHA384, or OpenSSL's)\n" },
	{ "a host name that is none", ASSERTION,
		"{\"assert\": \"certificate.hostname\", \"name\": \"a b\"}",
		"4:44 \"a b\": this is neither a host name nor an IP address\n" },
	{ "a text that is empty", ASSERTION,
		"{\"assert\": \"certificate.hostname\", \"name\": \"\"}",
		"4:44 \"name\" is empty\n" },
	{ "a regular expression that is none", ASSERTION,
		"{\"assert\": \"connection.greeting\", \"matches\": \"(a\"}",
		"4:46 this is not a regular expression: Unmatched ( or \\\\(\n" },
	{ "a password in the clear", ASSERTION,
		"{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": \"hunter2\"}",
		"4:55 \"password\" must be the reference to a secret: it cannot stand in "
		"the checklist\n" },
	{ "a password that is a number", ASSERTION,
		"{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": 1}",
		"4:55 \"password\" must be the reference to a secret, not a number\n" },
	{ "a password from a secret that is not declared", ASSERTION,
		"{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": "
		"\"${pasword}\"}",
		"4:55 no secret \"pasword\" is declared in \"secrets\"\n" },
	{ "a password from a variable", ASSERTION,
		"{\"assert\": \"auth.login\", \"username\": \"u\", \"password\": \"${host}\"}",
		"4:55 \"host\" is a variable; this must be an entry of \"secrets\"\n" },
	{ "a secret outside of its place", ASSERTION,
		"{\"assert\": \"auth.login\", \"username\": \"${password}\", \"password\": "
		"\"${password}\"}",
		"4:38 the secret \"password\" cannot be used here\n" },
	{ "an empty id", ASSERTION, "{\"assert\": \"tls.handshake\", \"id\": \"\"}",
		"4:35 \"id\" is empty\n" },
	{ "an id with a control character", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"id\": \"a\\u0007\"}",
		"4:35 \"id\" holds a control character\n" },
	{ "an id of another type", ASSERTION, "{\"assert\": \"tls.handshake\", \"id\": 1}",
		"4:35 \"id\" must be a string, not a number\n" },
	{ "two assertions with one name", ASSERTION,
		"{\"assert\": \"tls.handshake\"},\n"
		"{\"assert\": \"tls.handshake\"}",
		"5:12 the id \"tls.handshake\" is taken already\n" },
	{ "two assertions with one id", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"id\": \"x\"}, {\"assert\": \"session.ehlo\", "
		"\"id\": \"x\"}",
		"4:74 the id \"x\" is taken already\n" },
	{ "an id that is the name of another", ASSERTION,
		"{\"assert\": \"tls.handshake\"}, {\"assert\": \"session.ehlo\", \"id\": "
		"\"tls.handshake\"}",
		"4:63 the id \"tls.handshake\" is taken already\n" },
	{ "a tag that is none", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"tags\": [\"a b\", \"-x\", \"ok\"]}",
		"4:38 \"a b\": a tag has letters, digits, '.', '_' and '-', and begins "
		"with a letter or digit\n"
		"4:45 \"-x\": a tag has letters, digits, '.', '_' and '-', and begins "
		"with a letter or digit\n" },
	{ "a list of tags without any", ASSERTION, "{\"assert\": \"tls.handshake\", \"tags\": []}",
		"4:37 \"tags\" is empty: it would have no effect\n" },
	{ "a tag that is there twice", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"tags\": [\"a\", \"a\"]}",
		"4:43 \"a\" is in this list already\n" },
	{ "a target that does not exist", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"targets\": [\"stagin\"]}",
		"4:41 no target has the name \"stagin\"\n" },
	{ "a severity that does not exist", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"severity\": \"advisry\"}",
		"4:41 \"severity\" cannot be \"advisry\"\n" },
	{ "a waiver without a reason", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"waive\": {\"until\": \"2026-12-01\"}}",
		"4:38 \"waive\" needs \"reason\"\n" },
	{ "a waiver without a date", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"waive\": {\"reason\": \"r\"}}",
		"4:38 \"waive\" needs \"until\"\n" },
	{ "a waiver until a day that does not exist", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"waive\": {\"until\": \"2026-02-30\", "
		"\"reason\": \"r\"}}",
		"4:48 \"until\" must be a date that exists, as YYYY-MM-DD\n" },
	{ "a waiver that is a date", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"waive\": \"2026-12-01\"}",
		"4:38 \"waive\" must be an object, not a string\n" },
	{ "an undefined variable", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"title\": \"${hst}\"}",
		"4:38 the variable \"hst\" is not defined\n" },
	{ "a reference without an end", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"title\": \"${host\"}",
		"4:38 \"${\" without a \"}\"\n" },
	{ "a reference to what is no name", ASSERTION,
		"{\"assert\": \"tls.handshake\", \"title\": \"${a-b} ${}\"}",
		"4:38 \"${a-b}\" is no reference to a variable\n"
		"4:38 \"${}\" is no reference to a variable\n" },
	{ "several problems of one assertion", ASSERTION,
		"{\"assert\": \"tls.version\", \"minimum\": \"1.4\", \"maximum\": 3,\n"
		" \"zebra\": 1}",
		"4:38 \"minimum\" cannot be \"1.4\"\n"
		"4:56 \"maximum\" must be a string, not a number\n"
		"5:2 unknown key \"zebra\" in an assertion of tls.version\n" },
	{ "a target that is a string", TARGET, "\"a.example\"",
		"3:1 a target must be an object, not a string\n" },
	{ "a target without a host", TARGET, "{\"name\": \"a\"}", "3:1 a target needs \"host\"\n" },
	{ "a target with an unknown key", TARGET, "{\"host\": \"a.example\", \"prot\": 25}",
		"3:23 unknown key \"prot\" in a target\n" },
	{ "a host that is none", TARGET, "{\"host\": \"a..example\"}",
		"3:10 \"host\": RFC 1123 section 2.1: neither an address nor a host name "
		"of letters, digits and hyphens\n" },
	{ "a host that is empty", TARGET, "{\"host\": \"\"}", "3:10 \"host\" is empty\n" },
	{ "a host that is a number", TARGET, "{\"host\": 1}",
		"3:10 \"host\" must be a string, not a number\n" },
	{ "port 0", TARGET, "{\"host\": \"a.example\", \"port\": 0}",
		"3:31 \"port\" must be a whole number from 1 to 65535\n" },
	{ "a protocol that there is not", TARGET,
		"{\"host\": \"a.example\", \"protocol\": \"lmpt\"}",
		"3:35 \"protocol\" cannot be \"lmpt\"\n" },
	{ "a protocol without a port for implicit TLS", TARGET,
		"{\"host\": \"a.example\", \"protocol\": \"lmtp\", \"tls\": \"implicit\"}",
		"3:1 lmtp has no port of its own for implicit TLS\n"
		"4:19 starttls.advertised cannot be asserted of target \"a.example:0\", where TLS "
		"starts with the first byte\n" },
	{ "a port above all", TARGET, "{\"host\": \"a.example\", \"port\": 65536}",
		"3:31 \"port\" must be a whole number from 1 to 65535\n" },
	{ "a port that is a string", TARGET, "{\"host\": \"a.example\", \"port\": \"25\"}",
		"3:31 \"port\" must be a number, not a string\n" },
	{ "a port that is a reference to nothing", TARGET,
		"{\"host\": \"a.example\", \"port\": \"${port}\"}",
		"3:31 the variable \"port\" is not defined\n" },
	{ "a port that is a reference to a word", TARGET,
		"{\"host\": \"a.example\", \"port\": \"${port:-smtp}\"}",
		"3:31 \"port\" must be a number, and ${port:-smtp} is \"smtp\"\n" },
	{ "a port that is a reference to no decimal number", TARGET,
		"{\"host\": \"a.example\", \"port\": \"${port:-0x19}\"}",
		"3:31 \"port\" must be a number, and ${port:-0x19} is \"0x19\"\n" },
	{ "a port that is a reference to two numbers", TARGET,
		"{\"host\": \"a.example\", \"port\": \"${port:-25 26}\"}",
		"3:31 \"port\" must be a number, and ${port:-25 26} is \"25 26\"\n" },
	{ "a port that is a reference to a number above all", TARGET,
		"{\"host\": \"a.example\", \"port\": \"${port:-65536}\"}",
		"3:31 \"port\" must be a whole number from 1 to 65535\n" },
	{ "a port that is more than a reference", TARGET,
		"{\"host\": \"a.example\", \"port\": \"2${port:-5}\"}",
		"3:31 \"port\" must be a number, not a string\n" },
	{ "a port with a fraction", TARGET, "{\"host\": \"a.example\", \"port\": 25.5}",
		"3:31 \"port\" must be a whole number from 1 to 65535\n" },
	{ "a protocol that is not spoken", TARGET,
		"{\"host\": \"a.example\", \"protocol\": \"smpt\"}",
		"3:35 \"protocol\" cannot be \"smpt\"\n" },
	{ "a way to start TLS that does not exist", TARGET,
		"{\"host\": \"a.example\", \"tls\": \"start-tls\"}",
		"3:30 \"tls\" cannot be \"start-tls\"\n" },
	{ "an address that is none", TARGET, "{\"host\": \"a.example\", \"address\": \"a b\"}",
		"3:34 \"address\": RFC 1123 section 2.1: neither an address nor a host "
		"name of letters, digits and hyphens\n" },
	{ "a name for SNI that is none", TARGET,
		"{\"host\": \"a.example\", \"server_name\": \"*\"}",
		"3:38 \"server_name\": RFC 1123 section 2.1: neither an address nor a "
		"host name of letters, digits and hyphens\n" },
	{ "two targets with one name", TARGET,
		"{\"host\": \"a.example\", \"name\": \"x\"}, {\"host\": \"b.example\", \"name\": "
		"\"x\"}",
		"3:37 the target name \"x\" is taken already\n" },
	{ "two targets at one host and port", TARGET,
		"{\"host\": \"a.example\"}, {\"host\": \"A.example\", \"port\": 587}",
		"3:24 the target name \"a.example:587\" is taken already\n" },
	{ "STARTTLS asserted of a target without it", TARGET,
		"{\"host\": \"a.example\", \"port\": 465}",
		"4:19 starttls.advertised cannot be asserted of target "
		"\"a.example:465\", where TLS starts with the first byte\n" },
	{ "an empty list of targets", WHOLE,
		"{\"trust\": {\"system\": false}, \"targets\": [], \"assertions\": [{\"assert\": "
		"\"tls.handshake\"}]}",
		"1:41 \"targets\" is empty: leave it out, or fill it\n" },
	{ "a target in an object", WHOLE,
		"{\"trust\": {\"system\": false}, \"targets\": {\"host\": \"a\"}, \"assertions\": "
		"[{\"assert\": \"tls.handshake\"}]}",
		"1:41 \"targets\" must be an array, not an object\n" },
	{ "a variable that is a number", MEMBER, "\"variables\": {\"port\": 25},",
		"3:23 the value of a variable must be a string, not a number\n" },
	{ "a variable that refers to another", MEMBER, "\"variables\": {\"port\": \"${host}\"},",
		"3:23 the value of a variable cannot refer to others\n" },
	{ "a variable whose name is none", MEMBER, "\"variables\": {\"a-b\": \"c\"},",
		"3:15 the name of a variable has letters, digits and '_', and no digit "
		"in front\n" },
	{ "a secret in the clear", MEMBER, "\"secrets\": {\"other\": \"hunter2\"},",
		"3:22 a secret cannot stand in the checklist itself\n" },
	{ "a secret from nowhere", MEMBER, "\"secrets\": {\"other\": {}},",
		"3:22 a secret needs either \"env\" or \"file\"\n" },
	{ "a secret from a variable without a name", MEMBER,
		"\"secrets\": {\"other\": {\"env\": \"\"}},", "3:30 \"env\" is empty\n" },
	{ "a secret from a file without a name", MEMBER,
		"\"secrets\": {\"other\": {\"file\": \"\"}},", "3:31 \"file\" is empty\n" },
	{ "a secret from two places", MEMBER,
		"\"secrets\": {\"other\": {\"env\": \"A\", \"file\": \"b\"}},",
		"3:22 a secret needs either \"env\" or \"file\"\n" },
	{ "a secret with an unknown origin", MEMBER,
		"\"secrets\": {\"other\": {\"value\": \"hunter2\"}},",
		"3:22 a secret needs either \"env\" or \"file\"\n"
		"3:23 unknown key \"value\" in a secret\n" },
	{ "a secret that is a variable too", MEMBER,
		"\"secrets\": {\"a\": {\"env\": \"A\"}}, \"variables\": {\"a\": \"b\"},",
		"3:13 \"a\" is both a secret and a variable\n" },
	{ "a limit that is a number", MEMBER, "\"limits\": {\"reply_timeout\": 10},",
		"3:29 \"reply_timeout\" must be a string, not a number\n" },
	{ "a limit without a unit", MEMBER, "\"limits\": {\"reply_timeout\": \"10\"},",
		"3:29 \"reply_timeout\" must be a span from 100ms to 10m\n" },
	{ "limits out of their ranges", MEMBER,
		"\"limits\": {\"connect_timeout\": \"11m\",\n"
		" \"deadline\": \"0s\",\n"
		" \"connections\": 0,\n"
		" \"retries\": 11},",
		"3:31 \"connect_timeout\" must be a span from 100ms to 10m\n"
		"4:14 \"deadline\" must be a span from 1s to 24h\n"
		"5:17 \"connections\" must be a whole number from 1 to 64\n"
		"6:13 \"retries\" must be a whole number from 0 to 10\n" },
	{ "an unknown limit", MEMBER, "\"limits\": {\"timeout\": \"1s\"},",
		"3:12 unknown key \"timeout\" in \"limits\"\n" },
	{ "a list of limits", MEMBER, "\"limits\": [],",
		"3:11 \"limits\" must be an object, not an array\n" },
	{ "a file of authorities that is not there", WHOLE,
		"{\"trust\": {\"system\": false, \"ca_file\": \"none.pem\"},\n"
		" \"targets\": [{\"host\": \"a.example\"}],\n"
		" \"assertions\": [{\"assert\": \"tls.handshake\"}]}",
		"1:40 dir/none.pem cannot serve as a file of trusted authorities: No "
		"such file or directory\n" },
	{ "no authorities of the system", WHOLE,
		"{\"targets\": [{\"host\": \"a.example\"}],\n"
		" \"assertions\": [{\"assert\": \"tls.handshake\"}]}",
		"the authorities that this machine trusts cannot be read from "
		"/etc/ssl/certs/ca-certificates.crt: No such file or directory\n" },
	{ "an unknown key of trust", WHOLE,
		"{\"trust\": {\"system\": false, \"ca\": \"x\"},\n"
		" \"targets\": [{\"host\": \"a.example\"}],\n"
		" \"assertions\": [{\"assert\": \"tls.handshake\"}]}",
		"1:29 unknown key \"ca\" in \"trust\"\n" },
	{ "an unknown checklist is included", MEMBER, "\"include\": [\"submision\"],",
		"3:13 no checklist \"submision\" came with the program\n" },
	{ "a file that is not there is included", MEMBER, "\"include\": [\"./none.json\"],",
		"3:13 cannot read the checklist dir/./none.json: No such file or directory\n" },
	{ "what is included is no string", MEMBER, "\"include\": [1, \"\"],",
		"3:13 what is included must be the name of a checklist or a path\n"
		"3:16 what is included must be the name of a checklist or a path\n" },
	{ "a checklist that includes itself", MEMBER, "\"include\": [\"test.json\"],",
		"3:13 dir/test.json includes itself by this\n" },
	{ "nothing is included", MEMBER, "\"include\": [],",
		"3:12 \"include\" is empty: leave it out, or fill it\n" },
	{ "a target that nothing is asserted of", WHOLE,
		"{\"trust\": {\"system\": false}, \"targets\": [\n"
		"{\"name\": \"a\", \"host\": \"a.example\"},\n"
		" {\"name\": \"b\", \"host\": \"b.example\"}],\n"
		"\"assertions\": [{\"assert\": \"tls.handshake\", \"targets\": [\"a\"]}]}",
		"3:2 no assertion applies to the target \"b\"\n" },
	{ "target defaults with a host", MEMBER, "\"target_defaults\": {\"host\": \"a.example\"},",
		"3:21 unknown key \"host\" in \"target_defaults\"\n" },
	{ "target defaults with a port out of range", MEMBER,
		"\"target_defaults\": {\"port\": 70000},",
		"3:29 \"port\" must be a whole number from 1 to 65535\n" },
};

static void
test_every_problem_is_told_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_checklists) / sizeof(bad_checklists[0]); i++) {
		const struct bad_checklist *bad = &bad_checklists[i];
		struct loaded loaded;

		bad_checklist_load(&loaded, bad->part, bad->text);
		expect_problems(&loaded, bad->name, bad->want);
		loaded_release(&loaded);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_problem_is_told_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
