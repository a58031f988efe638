/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The certificates of an inspection: whether each chain holds and why not, and what stands in each
 * certificate.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "inspection_lines.h"

#define SECONDS_OF_DAY 86400

static void
add_yes_or_no(struct buf *out, const struct inspection_style *style, const char *label, bool holds,
	const char *otherwise)
{
	inspection_add_row(
		out, style, label, holds ? COLOUR_GOOD : COLOUR_BAD, holds ? "yes" : otherwise);
}

static void
add_trust(struct buf *out, const struct facts_chain *chain, const struct inspection_style *style)
{
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	buf_add_string(&text, "no");
	for (size_t i = 0; i < chain->problems.count; i++)
		buf_addf(&text, "%s%s", i == 0 ? ": " : "; ", chain->problems.items[i]);
	add_yes_or_no(out, style, "trusted", chain->trusted, text.data);
	buf_release(&text);
}

static void
add_name_match(struct buf *out, const struct facts *facts, const struct facts_chain *chain,
	const struct inspection_style *style)
{
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	buf_addf(&text, "no: the certificate does not name %s", facts->host);
	add_yes_or_no(out, style, "names host", chain->names_host, text.data);
	buf_release(&text);
}

/* "7 days left", "expired 3 days ago"; a day that has begun counts until it begins, and not once it
 * ends. */
static void
add_days(struct buf *text, const struct facts_certificate *certificate, int64_t now)
{
	int64_t left = certificate->not_after - now, until = certificate->not_before - now;
	int64_t days = until > 0  ? (until + SECONDS_OF_DAY - 1) / SECONDS_OF_DAY
		       : left < 0 ? -left / SECONDS_OF_DAY
				  : left / SECONDS_OF_DAY;

	buf_addf(text, "%s%" PRId64 " day%s%s",
		until > 0  ? "begins in "
		: left < 0 ? "expired "
			   : "",
		days, days == 1 ? "" : "s",
		until > 0  ? ""
		: left < 0 ? " ago"
			   : " left");
}

static void
add_validity(struct buf *out, const struct facts_certificate *certificate,
	const struct inspection_style *style)
{
	bool holds = certificate->not_before <= style->now && style->now <= certificate->not_after;
	char from[CLOCK_DATE_MAX], to[CLOCK_DATE_MAX];
	struct buf text;

	clock_format_date(from, certificate->not_before);
	clock_format_date(to, certificate->not_after);
	buf_init(&text, 200);
	buf_addf(&text, "%s to %s UTC, ", from, to);
	add_days(&text, certificate, style->now);
	inspection_add_row(out, style, "valid", holds ? COLOUR_PLAIN : COLOUR_BAD, text.data);
	buf_release(&text);
}

static void
add_names(struct buf *out, const struct facts_list *names, const struct inspection_style *style)
{
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	for (size_t i = 0; i < names->count; i++)
		buf_addf(&text, "%s%s", i == 0 ? "" : ", ", names->items[i]);
	if (text.len != 0)
		inspection_add_row(out, style, "names", COLOUR_PLAIN, text.data);
	buf_release(&text);
}

static void
add_certificate(struct buf *out, const struct facts_certificate *certificate,
	const struct inspection_style *style)
{
	inspection_add_row(out, style, "unreadable", COLOUR_BAD, certificate->problem);
	if (certificate->problem == NULL) {
		inspection_add_row(out, style, "subject", COLOUR_PLAIN, certificate->subject);
		add_names(out, &certificate->names, style);
		inspection_add_row(out, style, "issuer", COLOUR_PLAIN, certificate->issuer);
		inspection_add_row(out, style, "serial", COLOUR_PLAIN, certificate->serial);
		add_validity(out, certificate, style);
		inspection_add_row(out, style, "key", COLOUR_PLAIN, certificate->key);
		inspection_add_row(out, style, "signed with", COLOUR_PLAIN, certificate->signature);
		inspection_add_row(out, style, "SPKI pin", COLOUR_PLAIN, certificate->spki_sha256);
	}
	inspection_add_row(out, style, "SHA-256", COLOUR_PLAIN, certificate->sha256);
}

static void
add_chain(struct buf *out, const struct facts *facts, size_t index,
	const struct inspection_style *style)
{
	const struct facts_chain *chain = &facts->chains[index];

	inspection_add_heading(out, style,
		index == 0 ? "verification"
			   : "verification of another chain that the server showed");
	add_trust(out, chain, style);
	add_name_match(out, facts, chain, style);
	add_yes_or_no(out, style, "holds key", chain->proven,
		"not shown: the server signed nothing that proves it");
	for (size_t i = 0; i < chain->count; i++) {
		struct buf heading;

		buf_init(&heading, 100);
		buf_addf(&heading, "certificate %zu of %zu", i + 1, chain->count);
		inspection_add_heading(out, style, heading.data);
		add_certificate(out, &chain->certificates[i], style);
		buf_release(&heading);
	}
}

void
inspection_add_chains(
	struct buf *out, const struct facts *facts, const struct inspection_style *style)
{
	for (size_t i = 0; i < facts->chain_count; i++)
		add_chain(out, facts, i, style);
}
