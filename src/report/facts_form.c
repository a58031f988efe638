/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One table for each object, member by member as json_facts.c writes them.
 */
#include "facts_form.h"

#include "report/target_facts.h"

/* Of a certificate that cannot be read, little is there. */
static const struct form_member certificate_members[] = {
	FORM_ROW(struct facts_certificate, "problem", FORM_TEXT, problem),
	FORM_ROW(struct facts_certificate, "sha256", FORM_TEXT, sha256),
	FORM_ROW_MAY(struct facts_certificate, "subject", FORM_TEXT, subject),
	FORM_ROW_MAY(struct facts_certificate, "issuer", FORM_TEXT, issuer),
	FORM_ROW_MAY(struct facts_certificate, "serial", FORM_TEXT, serial),
	FORM_ROW_LIST(struct facts_certificate, "names", names, true),
	FORM_ROW_MAY(struct facts_certificate, "not_before", FORM_DATE, not_before),
	FORM_ROW_MAY(struct facts_certificate, "not_after", FORM_DATE, not_after),
	FORM_ROW_MAY(struct facts_certificate, "key", FORM_TEXT, key),
	FORM_ROW_MAY(struct facts_certificate, "signature", FORM_TEXT, signature),
	FORM_ROW_MAY(struct facts_certificate, "spki_sha256", FORM_TEXT, spki_sha256),
	FORM_ROW(struct facts_certificate, "pem", FORM_TEXT, pem),
	{ 0 },
};
static const struct form certificate_form = { "a certificate", sizeof(struct facts_certificate),
	certificate_members, NULL };

static const struct form_member chain_members[] = {
	FORM_ROW(struct facts_chain, "proven", FORM_BOOLEAN, proven),
	FORM_ROW(struct facts_chain, "trusted", FORM_BOOLEAN, trusted),
	FORM_ROW(struct facts_chain, "names_host", FORM_BOOLEAN, names_host),
	FORM_ROW_LIST(struct facts_chain, "problems", problems, false),
	FORM_ROW_OBJECTS(
		struct facts_chain, "certificates", certificates, count, certificate_form, false),
	{ 0 },
};
static const struct form chain_form = { "a chain", sizeof(struct facts_chain), chain_members,
	NULL };

static const struct form_member choice_members[] = {
	FORM_ROW(struct facts_choice, "name", FORM_TEXT, name),
	FORM_ROW(struct facts_choice, "version", FORM_TEXT, version),
	{ 0 },
};
static const struct form choice_form = { "a choice", sizeof(struct facts_choice), choice_members,
	NULL };

static const struct form_member choices_members[] = {
	FORM_ROW_OBJECTS(
		struct facts_choices, "accepted", accepted, accepted_count, choice_form, false),
	FORM_ROW_TEXTS(struct facts_choices, "refused", refused, refused_count,
		sizeof(struct facts_choice), false),
	{ 0 },
};
static const struct form choices_form = { "what was accepted and refused",
	sizeof(struct facts_choices), choices_members, NULL };

/* Versions are accepted as such, all else in a version. */
static const struct form_member versions_members[] = {
	FORM_ROW_TEXTS(struct facts_choices, "accepted", accepted, accepted_count,
		sizeof(struct facts_choice), false),
	FORM_ROW_TEXTS(struct facts_choices, "refused", refused, refused_count,
		sizeof(struct facts_choice), false),
	{ 0 },
};
static const struct form versions_form = { "\"versions\"", sizeof(struct facts_choices),
	versions_members, NULL };

static const struct form_member step_members[] = {
	FORM_ROW(struct facts_step, "name", FORM_TEXT, name),
	FORM_ROW(struct facts_step, "outcome", FORM_TEXT, outcome),
	FORM_ROW(struct facts_step, "text", FORM_TEXT, text),
	FORM_ROW(struct facts_step, "ms", FORM_MS, ms),
	{ 0 },
};
static const struct form step_form = { "a step", sizeof(struct facts_step), step_members, NULL };

static const struct form_member connection_members[] = {
	FORM_ROW(struct facts_connection, "what", FORM_TEXT, what),
	FORM_ROW(struct facts_connection, "ms", FORM_MS, ms),
	{ 0 },
};
static const struct form connection_form = { "a connection", sizeof(struct facts_connection),
	connection_members, NULL };

static const struct form_member lookup_members[] = {
	FORM_ROW(struct facts_lookup, "name", FORM_TEXT, name),
	FORM_ROW(struct facts_lookup, "type", FORM_TEXT, type),
	FORM_ROW(struct facts_lookup, "state", FORM_TEXT, state),
	FORM_ROW(struct facts_lookup, "reason", FORM_TEXT, reason),
	FORM_ROW(struct facts_lookup, "alias_of", FORM_TEXT, alias_of),
	FORM_ROW_LIST(struct facts_lookup, "records", records, false),
	FORM_ROW(struct facts_lookup, "ttl", FORM_SIZE, ttl),
	{ 0 },
};
static const struct form lookup_form = { "a look-up", sizeof(struct facts_lookup), lookup_members,
	NULL };

/* Parts of the facts that are objects of their own in JSON alone. */
static const struct form_member capabilities_members[] = {
	FORM_ROW_LIST(struct facts, "before_tls", capabilities, false),
	FORM_ROW_LIST(struct facts, "inside_tls", capabilities_inside, false),
	{ 0 },
};
static const struct form capabilities_form = { "\"capabilities\"", sizeof(struct facts),
	capabilities_members, NULL };

static const struct form_member mechanisms_members[] = {
	FORM_ROW_LIST(struct facts, "before_tls", mechanisms, false),
	FORM_ROW_LIST(struct facts, "inside_tls", mechanisms_inside, false),
	{ 0 },
};
static const struct form mechanisms_form = { "\"mechanisms\"", sizeof(struct facts),
	mechanisms_members, NULL };

static const struct form_member session_members[] = {
	FORM_ROW(struct facts, "version", FORM_TEXT, version),
	FORM_ROW(struct facts, "suite", FORM_TEXT, suite),
	FORM_ROW(struct facts, "group", FORM_TEXT, group),
	FORM_ROW(struct facts, "signature", FORM_TEXT, signature),
	FORM_ROW(struct facts, "alpn", FORM_TEXT, alpn),
	{ 0 },
};
static const struct form session_form = { "\"session\"", sizeof(struct facts), session_members,
	NULL };

/* Of a target that is a file, host and chains alone are there. */
static const struct form_member facts_members[] = {
	FORM_ROW(struct facts, "host", FORM_TEXT, host),
	FORM_ROW_MAY(struct facts, "protocol", FORM_NAME, protocol),
	FORM_ROW_MAY(struct facts, "tls", FORM_TLS, implicit_tls),
	FORM_ROW_MAY(struct facts, "port", FORM_UNSIGNED, port),
	FORM_ROW_MAY(struct facts, "address", FORM_TEXT, address),
	FORM_ROW_MAY(struct facts, "addresses", FORM_SIZE, addresses),
	FORM_ROW_MAY(struct facts, "greeting", FORM_TEXT, greeting),
	{ .key = "capabilities", .kind = FORM_PART, .form = &capabilities_form, .optional = true },
	{ .key = "mechanisms", .kind = FORM_PART, .form = &mechanisms_form, .optional = true },
	{ .key = "session", .kind = FORM_PART, .form = &session_form, .optional = true },
	FORM_ROW_PART(struct facts, "versions", versions, versions_form),
	FORM_ROW_PART(struct facts, "suites", suites, choices_form),
	FORM_ROW_PART(struct facts, "groups", groups, choices_form),
	FORM_ROW_PART(struct facts, "schemes", schemes, choices_form),
	FORM_ROW_OBJECTS(struct facts, "steps", steps, step_count, step_form, true),
	FORM_ROW_OBJECTS(
		struct facts, "connections", connections, connection_count, connection_form, true),
	FORM_ROW_OBJECTS(struct facts, "lookups", lookups, lookup_count, lookup_form, true),
	FORM_ROW_OBJECTS(struct facts, "chains", chains, chain_count, chain_form, false),
	{ 0 },
};
const struct form facts_form = { "\"facts\"", sizeof(struct facts), facts_members, NULL };
