/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing but tables: the keys of each object, with type, default and what they are for.
 */
#include "checklist/schema_objects.h"

#include <stddef.h>

#define COMMENT                                                                               \
	{                                                                                     \
		"$comment", JSON_STRING, false, "A note for readers; it has no effect.", NULL \
	}

#define NOT_EMPTY "\"minLength\": 1"
#define NAME_PATTERN "\"pattern\": \"^[A-Za-z0-9][A-Za-z0-9._-]*$|\\\\$\\\\{\""
#define REFERENCE "{ \"pattern\": \"\\\\$\\\\{\" }"
#define KEYS_PATTERN "\"propertyNames\": { \"pattern\": \"^[A-Za-z_][A-Za-z0-9_]*$\" }"
#define LIST_LENGTH "\"minItems\": 1, \"maxItems\": 256, \"uniqueItems\": true"
#define DATE_PATTERN                                                                \
	"\"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}" \
	"([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$\""
#define SPAN_PATTERN "\"pattern\": \"^[0-9]+(ms|s|m|h)$\""

static const struct member checklist_members[] = {
	{ "$schema", JSON_STRING, false, "Where editors find the schema; it has no effect.", NULL },
	COMMENT,
	{ "name", JSON_STRING, false, "The name of the checklist in reports.", NOT_EMPTY },
	{ "description", JSON_STRING, false, "What the checklist is for; it has no effect.", NULL },
	{ "variables", JSON_OBJECT, false,
		"Values for ${name}; --var and STARTTLS_GATE_VAR_name come first.",
		KEYS_PATTERN
		", \"additionalProperties\": { \"type\": \"string\", \"not\": " REFERENCE " }" },
	{ "secrets", JSON_OBJECT, false, "Passwords, from the environment or from files.",
		KEYS_PATTERN ", \"additionalProperties\": { \"$ref\": \"#/definitions/secret\" }" },
	{ "trust", JSON_OBJECT, false, "Which certificate authorities are trusted.",
		"\"allOf\": [ { \"$ref\": \"#/definitions/trust\" } ]" },
	{ "limits", JSON_OBJECT, false, "Time limits and numbers of connections.",
		"\"allOf\": [ { \"$ref\": \"#/definitions/limits\" } ]" },
	{ "dns", JSON_OBJECT, false, "Whom to ask for MX, TLSA and other records.",
		"\"allOf\": [ { \"$ref\": \"#/definitions/dns\" } ]" },
	{ "target_defaults", JSON_OBJECT, false,
		"What targets have that do not say otherwise, those of --target too.",
		"\"allOf\": [ { \"$ref\": \"#/definitions/target_defaults\" } ]" },
	{ "targets", JSON_ARRAY, false, "The servers to check.",
		"\"minItems\": 1, \"items\": { \"$ref\": \"#/definitions/target\" }" },
	{ "targets_file", JSON_STRING, false,
		"A file of more servers to check, one HOST, HOST:PORT or [IPV6]:PORT a line, with "
		"\"target_defaults\"; what follows a '#' is a comment. A path from the directory of "
		"this file.",
		NOT_EMPTY },
	{ "include", JSON_ARRAY, false,
		"Checklists whose assertions come before those of this one: names of the program, or "
		"paths that start at the directory of this file; alone, or with the targets that "
		"they are for.",
		"\"minItems\": 1, \"items\": { \"anyOf\": [ { \"type\": \"string\", " NOT_EMPTY
		" }, { \"$ref\": \"#/definitions/include\" } ] }" },
	{ "overrides", JSON_OBJECT, false,
		"Changes of included assertions, by their ids: \"tls.version\", or where two "
		"checklists have it \"mx.tls.version\".",
		"\"minProperties\": 1, \"additionalProperties\": { \"$ref\": "
		"\"#/definitions/override\" }" },
	{ "assertions", JSON_ARRAY, false, "What must hold of the targets.",
		"\"minItems\": 1, \"items\": { \"$ref\": \"#/definitions/assertion\" }" },
	{ 0 },
};

#define PROXY_PATTERN "\"pattern\": \"^(socks5|socks5h|http)://[^@]+:[0-9]+$\""
#define PROXY_HELP                                                                             \
	"The proxy to connect through: socks5://host:port, socks5h://host:port (it looks the " \
	"name up) or http://host:port; where it wants a login, with user:${secret}@ before the host."

#define TARGET_SETTINGS                                                                                                                                                                                                                                                     \
	{ "protocol", JSON_STRING, false,                                                                                                                                                                                                                                   \
		"What the server speaks. Follows the port unless given, and is smtp where the port "                                                                                                                                                                        \
		"says nothing.",                                                                                                                                                                                                                                            \
		"\"anyOf\": [ { \"enum\": [] }, " REFERENCE " ]" },                                                                                                                                                                                                         \
		{ "tls", JSON_STRING, false,                                                                                                                                                                                                                                \
			"How TLS starts: by STARTTLS, or with the first byte. Follows the port unless given.",                                                                                                                                                              \
			"\"anyOf\": [ { \"enum\": [\"starttls\", \"implicit\"] }, " REFERENCE                                                                                                                                                                               \
			" ]" },                                                                                                                                                                                                                                             \
		{ "port", JSON_NUMBER, false,                                                                                                                                                                                                                               \
			"The port; unless given that of the protocol, such as 587 of smtp and 993 of imap.",                                                                                                                                                                \
			"\"minimum\": 1, \"maximum\": 65535" },                                                                                                                                                                                                             \
		{ "address", JSON_STRING, false,                                                                                                                                                                                                                            \
			"Where to connect, an IP address or a name, if not where `host` leads.",                                                                                                                                                                            \
			NOT_EMPTY },                                                                                                                                                                                                                                        \
		{ "proxy", JSON_STRING, false, PROXY_HELP,                                                                                                                                                                                                                  \
			"\"anyOf\": [ { " PROXY_PATTERN " }, " REFERENCE " ]" },                                                                                                                                                                                            \
		{ "addresses", JSON_STRING, false,                                                                                                                                                                                                                          \
			"Which addresses of a host are checked: `first`, the one that takes a connection (unless given), or `all`, each by itself.",                                                                                                                        \
			"\"anyOf\": [ { \"enum\": [\"first\", \"all\"] }, " REFERENCE " ]" },                                                                                                                                                                               \
		{ "ipv6", JSON_STRING, false,                                                                                                                                                                                                                               \
			"Where all addresses are checked, what becomes of those of IPv6: `required` (unless given): they are checked like others; `if_routed`: they are skipped, and the report says so, where this machine has no route to them; `off`: they always are.", \
			"\"anyOf\": [ { \"enum\": [\"required\", \"if_routed\", \"off\"] }, " REFERENCE                                                                                                                                                                     \
			" ]" },                                                                                                                                                                                                                                             \
		{ "server_name", JSON_STRING, false,                                                                                                                                                                                                                        \
			"The name sent to the server as SNI, if not `host`.", NOT_EMPTY },                                                                                                                                                                                  \
		{ "ehlo_name", JSON_STRING, false,                                                                                                                                                                                                                          \
			"The name sent with EHLO and LHLO; the name of this machine unless given.",                                                                                                                                                                         \
			NOT_EMPTY },                                                                                                                                                                                                                                        \
		{ "client_certificate", JSON_STRING, false,                                                                                                                                                                                                                 \
			"A PEM file with the certificate that is shown to a server that asks for one, and "                                                                                                                                                                 \
			"its intermediates. A path from the directory of this file.",                                                                                                                                                                                       \
			NOT_EMPTY },                                                                                                                                                                                                                                        \
		{ "client_key", JSON_STRING, false,                                                                                                                                                                                                                         \
			"A PEM file with its private key, without a password.", NOT_EMPTY },                                                                                                                                                                                \
		{ "send_credentials_untrusted", JSON_BOOLEAN, false,                                                                                                                                                                                                        \
			"Log in even where the certificate is not trusted: for test servers only.",                                                                                                                                                                         \
			NULL },                                                                                                                                                                                                                                             \
		COMMENT

static const struct member target_members[] = {
	{ "name", JSON_STRING, false, "The name of the target in reports; host:port unless given.",
		NOT_EMPTY },
	{ "host", JSON_STRING, false, "The host name that the certificate must carry.", NOT_EMPTY },
	{ "mx", JSON_STRING, false,
		"In place of `host`: a domain, all of whose mail servers are checked, those of its MX "
		"records, each by itself.",
		NOT_EMPTY },
	{ "certificate_file", JSON_STRING, false,
		"A PEM file with the certificate and its intermediates: judged instead of a server's, "
		"before one has them. A path from the directory of this file.",
		NOT_EMPTY },
	{ "private_key_file", JSON_STRING, false,
		"A PEM file with the private key that goes with `certificate_file`, without a "
		"password.",
		NOT_EMPTY },
	{ "at", JSON_STRING, false,
		"The date at which `certificate_file` is judged, such as the day of the release: "
		"YYYY-MM-DD (UTC), or with the time and its offset (RFC 3339); now unless given.",
		"\"anyOf\": [ { " DATE_PATTERN " }, " REFERENCE " ]" },
	TARGET_SETTINGS,
	{ 0 },
};

static const struct member target_defaults_members[] = {
	TARGET_SETTINGS,
	{ 0 },
};

static const struct member trust_members[] = {
	{ "system", JSON_BOOLEAN, false,
		"Whether the authorities that this machine trusts are trusted; true unless given.",
		NULL },
	{ "ca_file", JSON_STRING, false,
		"A PEM file of further trusted authorities; a path from the directory of this file.",
		NOT_EMPTY },
	{ "ca_path", JSON_STRING, false,
		"A directory: the certificates of every PEM file in it are trusted too.",
		NOT_EMPTY },
	COMMENT,
	{ 0 },
};

static const struct member limits_members[] = {
	{ "connect_timeout", JSON_STRING, false,
		"For looking a name up, and for connecting, each; 10s unless given.",
		SPAN_PATTERN },
	{ "reply_timeout", JSON_STRING, false,
		"For one whole reply, or the TLS handshake; 30s unless given.", SPAN_PATTERN },
	{ "deadline", JSON_STRING, false, "For the whole run; 2m unless given.", SPAN_PATTERN },
	{ "connections", JSON_NUMBER, false,
		"How many connections to one server are open at a time; unless given 4, and up to 16 to "
		"one that serves them well.",
		"\"minimum\": 1, \"maximum\": 64" },
	{ "pace", JSON_STRING, false,
		"The least time between the starts of two connections to one address; 0ms unless "
		"given.",
		SPAN_PATTERN },
	{ "retries", JSON_NUMBER, false,
		"How often an observation that could not be made is tried again; 0 unless given.",
		"\"minimum\": 0, \"maximum\": 10" },
	COMMENT,
	{ 0 },
};

static const struct member dns_members[] = {
	{ "resolver", JSON_STRING, false,
		"The addresses of resolvers, with commas between them, each alone or with its port as "
		"192.0.2.53@5353; or `recursive`, to ask name servers from the root on. Those of "
		"/etc/resolv.conf unless given. Signatures are verified here, so it need not, but "
		"it must pass them on.",
		NOT_EMPTY },
	{ "trust_anchor", JSON_STRING, false,
		"A file with the DS or DNSKEY records to start from, as a zone file has them; those of "
		"the root unless given. A path from the directory of this file.",
		NOT_EMPTY },
	{ "timeout", JSON_STRING, false, "For an answer; 10s unless given.", SPAN_PATTERN },
	COMMENT,
	{ 0 },
};

static const struct member secret_members[] = {
	{ "env", JSON_STRING, false, "The environment variable that holds it.", NOT_EMPTY },
	{ "file", JSON_STRING, false,
		"The file that holds it, without the newline at its end; a path from the directory "
		"of this file.",
		NOT_EMPTY },
	COMMENT,
	{ 0 },
};

#define TITLE(otherwise)                                                              \
	{                                                                             \
		"title", JSON_STRING, false, "A line for people" otherwise, NOT_EMPTY \
	}
#define TAGS(help)                                                                            \
	{                                                                                     \
		"tags", JSON_ARRAY, false, help,                                              \
			LIST_LENGTH ", \"items\": { \"type\": \"string\", " NAME_PATTERN " }" \
	}
#define TARGETS(help)                                                                      \
	{                                                                                  \
		"targets", JSON_ARRAY, false, help,                                        \
			LIST_LENGTH ", \"items\": { \"type\": \"string\", " NOT_EMPTY " }" \
	}
#define SEVERITY(otherwise)                                                                               \
	{                                                                                                 \
		"severity", JSON_STRING, false,                                                           \
			"Whether it stops a release (required) or is only reported (advisory)" otherwise, \
			"\"enum\": [\"required\", \"advisory\"]"                                          \
	}
#define WAIVE                                                                  \
	{                                                                      \
		"waive", JSON_OBJECT, false, "Lets it fail until a date.",     \
			"\"allOf\": [ { \"$ref\": \"#/definitions/waive\" } ]" \
	}

static const struct member assertion_members[] = {
	{ "assert", JSON_STRING, true,
		"The name of the assertion; \"starttls-gate list\" shows them all.", NULL },
	{ "id", JSON_STRING, false,
		"Its name in reports, unique in the checklist; the assertion's name unless given.",
		NOT_EMPTY },
	TITLE("; the assertion's summary unless given."),
	TAGS("Words to select it by with --tag."),
	TARGETS("The names of the targets it is made of; all unless given."),
	SEVERITY("; required unless given."),
	WAIVE,
	COMMENT,
	{ 0 },
};

static const struct member include_members[] = {
	{ "checklist", JSON_STRING, true,
		"The checklist: a name of the program, or a path that starts at the directory of "
		"this file.",
		NOT_EMPTY },
	TARGETS("The names of the targets that its assertions are limited to; not at all unless given."),
	TAGS("Words that each of its assertions gets, to select it by with --tag."),
	COMMENT,
	{ 0 },
};

/* Beside these it has the parameters of the assertion. */
static const struct member override_members[] = {
	TITLE("."),
	SEVERITY("."),
	WAIVE,
	COMMENT,
	{ 0 },
};

static const struct member waive_members[] = {
	{ "until", JSON_STRING, true, "The last day (YYYY-MM-DD, UTC) on which it may fail.",
		DATE_PATTERN },
	{ "reason", JSON_STRING, true, "Why it may fail, for those who read the report.",
		NOT_EMPTY },
	COMMENT,
	{ 0 },
};

const struct schema_object checklist_form = { "a checklist", "checklist", checklist_members };
const struct schema_object target_form = { "a target", "target", target_members };
const struct schema_object target_defaults_form = { "\"target_defaults\"", "target_defaults",
	target_defaults_members };
const struct schema_object trust_form = { "\"trust\"", "trust", trust_members };
const struct schema_object limits_form = { "\"limits\"", "limits", limits_members };
const struct schema_object dns_form = { "\"dns\"", "dns", dns_members };
const struct schema_object secret_form = { "a secret", "secret", secret_members };
const struct schema_object assertion_form = { "an assertion", "assertion", assertion_members };
const struct schema_object waive_form = { "\"waive\"", "waive", waive_members };
const struct schema_object include_form = { "an entry of \"include\"", "include", include_members };
const struct schema_object override_form = { "an override", "override", override_members };

const struct schema_object *const schema_objects[] = {
	&checklist_form,
	&target_form,
	&target_defaults_form,
	&trust_form,
	&limits_form,
	&dns_form,
	&secret_form,
	&assertion_form,
	&waive_form,
	&include_form,
	&override_form,
	NULL,
};
