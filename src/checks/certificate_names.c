/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.san: the names in the leaf against those that a checklist wants or allows.
 */
#include <string.h>

#include "base/text.h"
#include "certificate_view.h"
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"
#include "objections.h"
#include "x509/hostname.h"

/* Longest text of one subjectAltName that is compared. */
#define NAME_TEXT_MAX 1024

/* "DNS:mail.example.com": the form in which certificates show the item. */
static bool
san_is(const struct general_name *name, const char *item)
{
	bool is_host = name->kind == GENERAL_NAME_DNS || name->kind == GENERAL_NAME_IP;
	const char *text, *colon;
	struct buf shown;
	bool same;

	buf_init(&shown, NAME_TEXT_MAX);
	general_name_add_text(&shown, name);
	text = shown.data;
	colon = strchr(text, ':');
	same = text_same(text, item) || (is_host && colon != NULL && text_same(colon + 1, item));
	buf_release(&shown);
	return same;
}

/* Whether the certificate is one for the name; a wildcard stands for itself only. */
static bool
names_item(const struct cert *cert, const char *item)
{
	char normal[HOSTNAME_MAX];
	struct error ignored = { .text = "" };

	if (hostname_normalise(item, normal, &ignored) && hostname_matches(normal, cert))
		return true;
	for (struct cursor names = cert_names(cert); names.left != 0;) {
		struct general_name name = general_name_read(&names);

		if (!names.broken && san_is(&name, item))
			return true;
	}
	return false;
}

/* The items that the certificate does not name, with commas; NULL: none. */
static const char *
items_missing(struct arena *arena, const struct argument *includes, const struct cert *cert)
{
	const char *list = NULL;

	for (size_t i = 0; i < includes->count; i++)
		if (!names_item(cert, includes->items[i]))
			list = list == NULL
				       ? includes->items[i]
				       : arena_printf(arena, "%s, %s", list, includes->items[i]);
	return list;
}

static bool
is_among(const struct argument *only, const struct general_name *name)
{
	for (size_t i = 0; i < only->count; i++)
		if (san_is(name, only->items[i]))
			return true;
	return false;
}

/* The names beyond those allowed, with commas; NULL: none. */
static const char *
names_beyond(struct arena *arena, const struct argument *only, const struct cert *cert)
{
	struct cursor names = cert_names(cert);
	const char *list = NULL;
	struct buf shown;

	buf_init(&shown, NAME_TEXT_MAX);
	while (names.left != 0) {
		struct general_name name = general_name_read(&names);

		if (!names.broken && is_among(only, &name))
			continue;
		if (shown.len != 0)
			buf_add_string(&shown, ", ");
		if (names.broken)
			buf_add_string(&shown, "one that cannot be read");
		else
			general_name_add_text(&shown, &name);
	}
	if (shown.len != 0)
		list = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return list;
}

static void
observe_names(struct finding *finding, const struct cert *cert)
{
	struct buf names;

	buf_init(&names, 1000);
	cert_add_names(&names, cert);
	finding_observed(finding, "%s", names.data);
	buf_release(&names);
}

static void
judge_san(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const struct argument *includes = argument_of(arguments, "includes");
	const struct argument *only = argument_of(arguments, "only");
	const char *missing, *beyond;
	struct cert leaf;

	(void)evidence;
	if (!view_leaf(peer, finding, &leaf))
		return;
	missing = items_missing(finding->arena, includes, &leaf);
	beyond = only->given ? names_beyond(finding->arena, only, &leaf) : NULL;
	if (leaf.malformed != NULL)
		finding_fail(finding, CAUSE_PATH, "Malformed", "the names cannot be relied on: %s",
			leaf.malformed);
	else if (missing != NULL)
		finding_fail(finding, CAUSE_NONE, "NameMissing", "the certificate does not name %s",
			missing);
	else if (beyond != NULL)
		finding_fail(finding, CAUSE_NONE, "NameUnwanted", "the certificate also names %s",
			beyond);
	else
		finding_pass(finding, "the names are as they should be");
	observe_names(finding, &leaf);
}

static const struct check checks[] = {
	{
		.name = "certificate.san",
		.summary = "the certificate has the names it should have, and no others",
		.why = "Each name that is missing is a name under which clients cannot reach the "
		       "server; each name too many is one that can be impersonated with its key.",
		.fix = "Have the certificate issued again with exactly these names in its "
		       "subjectAltName (an ACME client: the list of domains of this certificate).",
		.source = "RFC 5280 section 4.2.1.6",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.needs_a_param = true,
		.judge_peer = judge_san,
		.params = {
			{
				.name = "includes",
				.type = PARAM_LIST,
				.objection = object_to_san,
				.help = "Host names and IP addresses that the certificate must be good for; a "
					"wildcard must stand there as it is.",
				.example = "[\"mail.example.com\", \"mx.example.com\"]",
			},
			{
				.name = "only",
				.type = PARAM_LIST,
				.objection = object_to_san,
				.help = "All that the certificate may name, spelt as it stands there.",
				.example = "[\"mail.example.com\", \"*.example.com\"]",
			},
		},
	},
};

const struct check_family certificate_names_family = {
	.name = "certificate",
	.summary = "whom the certificate names",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
