/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is a length, that many bytes of subtrees, and one name. What a list permits, the
 * same list excludes: a name can be doubtful on both sides, but never be fine on both.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "x509/constraints.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum constraints_outcome
check(struct span permitted, struct span excluded, struct span names)
{
	struct cert ca = { .name_constraints = { .present = true } };
	struct cert cert = { .names = names };
	size_t comparisons = 1000;
	enum constraints_outcome outcome;
	struct buf fact;

	ca.permitted = permitted;
	ca.excluded = excluded;
	buf_init(&fact, 1000);
	outcome = constraints_check(&ca, &cert, &comparisons, &fact);
	if ((outcome == CONSTRAINTS_VIOLATED) != (fact.len != 0))
		abort();
	buf_release(&fact);
	return outcome;
}

/* Whether a base of this form is among them; without one, nothing is constrained. */
static bool
has_form(struct span list, enum general_name_kind kind)
{
	static const uint8_t tags[] = { 0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88 };
	struct cursor cursor = cursor_over(list);

	while (cursor.left != 0) {
		struct cursor subtree;

		cursor_u8(&cursor);
		if (cursor.left == 0 || *cursor.next >= 0x80)
			return false; /* long lengths are not followed here */
		subtree = cursor_over(cursor_vector8(&cursor));
		if (subtree.left != 0 && *subtree.next == tags[kind])
			return true;
	}
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor input = cursor_over((struct span){ data, size });
	struct span list = cursor_vector8(&input), none = { NULL, 0 };
	struct span names = { input.next, input.left };
	struct cursor cursor = cursor_over(names);
	struct general_name name = general_name_read(&cursor);

	if (input.broken || !cursor_at_end(&cursor) || !constraints_are_well_formed(list))
		return 0;
	if (has_form(list, name.kind) && check(list, none, names) == CONSTRAINTS_MET &&
		check(none, list, names) != CONSTRAINTS_VIOLATED)
		abort();
	return 0;
}
