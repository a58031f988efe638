/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server takes, by strength. That is said of the thing, not of the server: whether it may stay is
 * for checklists and policies to say.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "inspection_lines.h"
#include "wire/suites.h"

/* In the order in which they are shown. */
enum strength {
	STRENGTH_QUANTUM, /* holds against a quantum computer too */
	STRENGTH_STRONG,
	STRENGTH_WEAK,
	STRENGTH_BROKEN,
};
#define STRENGTH_COUNT (STRENGTH_BROKEN + 1)

static const struct {
	const char *label;
	enum inspection_colour colour;
} strengths[STRENGTH_COUNT] = {
	[STRENGTH_QUANTUM] = { "hybrid", COLOUR_GOOD },
	[STRENGTH_STRONG] = { "strong", COLOUR_GOOD },
	[STRENGTH_WEAK] = { "weak", COLOUR_PLAIN },
	[STRENGTH_BROKEN] = { "broken", COLOUR_BAD },
};

/* RFC 8996; RFC 7568 and RFC 6176. */
static enum strength
strength_of_version(const char *name)
{
	if (strcmp(name, "1.2") == 0 || strcmp(name, "1.3") == 0)
		return STRENGTH_STRONG;
	return name[0] == '1' ? STRENGTH_WEAK : STRENGTH_BROKEN;
}

/* RFC 9325 section 4. */
static enum strength
strength_of_suite(const char *name)
{
	const uint32_t broken = SUITE_NULL | SUITE_ANONYMOUS | SUITE_EXPORT | SUITE_DES |
				SUITE_RC2 | SUITE_RC4 | SUITE_MD5 | SUITE_64_BIT_BLOCK;
	const struct suite *suite = suite_by_name(name);
	uint32_t classes = suite != NULL ? suite_classes(suite) : SUITE_NULL;

	if ((classes & broken) != 0)
		return STRENGTH_BROKEN;
	return (classes & (SUITE_NO_FORWARD_SECRECY | SUITE_NOT_AEAD)) != 0 ? STRENGTH_WEAK
									    : STRENGTH_STRONG;
}

/* The size of the field that a name ends with, halved, is what a curve is worth; a prime of DHE is worth
 * 112 bits from 2048 on (NIST SP 800-57 part 1, table 2). Below that nothing is strong. */
static enum strength
strength_of_group(const char *name)
{
	const char *digits = strpbrk(name, "0123456789");
	unsigned long bits = digits != NULL ? strtoul(digits, NULL, 10) : 0;

	if (strstr(name, "MLKEM") != NULL)
		return STRENGTH_QUANTUM;
	if (text_starts_with(name, "ffdhe") || text_starts_with(name, "x"))
		return STRENGTH_STRONG;
	return bits >= 224 ? STRENGTH_STRONG : STRENGTH_WEAK;
}

/* RFC 9155. */
static enum strength
strength_of_scheme(const char *name)
{
	if (strstr(name, "md5") != NULL)
		return STRENGTH_BROKEN;
	if (strstr(name, "sha1") != NULL || strstr(name, "sha224") != NULL ||
		text_starts_with(name, "dsa"))
		return STRENGTH_WEAK;
	return STRENGTH_STRONG;
}

static void
add_version_name(struct buf *text, const char *name)
{
	if (name[0] == '1')
		buf_addf(text, "TLS %s", name);
	else
		buf_addf(text, "SSLv%s", name + strlen("ssl"));
}

/* One thing on a line, or of versions, which are few, all on one. */
static void
add_choice(struct buf *out, const struct facts_choice *choice, enum strength strength,
	const struct inspection_style *style)
{
	struct buf text;

	buf_init(&text, SIZE_MAX / 4);
	if (choice->version == NULL)
		add_version_name(&text, choice->name);
	else
		buf_addf(&text, "%s (%s%s)", choice->name, choice->version[0] == '1' ? "TLS " : "",
			choice->version);
	inspection_add_row(
		out, style, strengths[strength].label, strengths[strength].colour, text.data);
	buf_release(&text);
}

/* Of versions all are named, of other things there are too many. */
static void
add_refused(struct buf *out, const struct facts_choices *choices, bool named,
	const struct inspection_style *style)
{
	struct buf text;

	if (choices->refused_count == 0)
		return;
	buf_init(&text, SIZE_MAX / 4);
	for (size_t i = 0; named && i < choices->refused_count; i++) {
		buf_add_string(&text, i == 0 ? "" : ", ");
		add_version_name(&text, choices->refused[i].name);
	}
	if (!named)
		buf_addf(&text, "%zu others", choices->refused_count);
	inspection_add_row(out, style, "refused", COLOUR_PLAIN, text.data);
	buf_release(&text);
}

static void
add_choices(struct buf *out, const struct facts_choices *choices,
	enum strength (*strength_of)(const char *name), const struct inspection_style *style)
{
	for (unsigned strength = 0; strength < STRENGTH_COUNT; strength++)
		for (size_t i = 0; i < choices->accepted_count; i++)
			if (strength_of(choices->accepted[i].name) == (enum strength)strength)
				add_choice(
					out, &choices->accepted[i], (enum strength)strength, style);
	add_refused(out, choices, strength_of == strength_of_version, style);
}

void
inspection_add_posture(
	struct buf *out, const struct facts *facts, const struct inspection_style *style)
{
	const struct {
		const char *heading;
		const struct facts_choices *choices;
		enum strength (*strength_of)(const char *name);
	} parts[] = {
		{ "versions", &facts->versions, strength_of_version },
		{ "suites", &facts->suites, strength_of_suite },
		{ "groups", &facts->groups, strength_of_group },
		{ "signatures", &facts->schemes, strength_of_scheme },
	};

	/* Where nothing was asked for, nothing was refused. */
	if (facts->versions.refused_count == 0)
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		inspection_add_heading(out, style, parts[i].heading);
		add_choices(out, parts[i].choices, parts[i].strength_of, style);
	}
}
