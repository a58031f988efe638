/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assertions.h"
#include "gate/text.h"

static bool
has_tag(const struct assertion *assertion, const char *tag)
{
	for (size_t i = 0; i < assertion->tag_count; i++)
		if (strcmp(assertion->tags[i], tag) == 0)
			return true;
	return false;
}

/* One of the tags asked for, if any is, and none of those ruled out ("!tag"). */
static bool
tags_match(const struct overlay *overlay, const struct assertion *assertion)
{
	bool asked = false, found = false;

	for (size_t i = 0; i < overlay->tag_count; i++) {
		const char *tag = overlay->tags[i];

		if (tag[0] == '!') {
			if (has_tag(assertion, tag + 1))
				return false;
		} else {
			asked = true;
			found = found || has_tag(assertion, tag);
		}
	}
	return !asked || found;
}

static bool
only_matches(const struct overlay *overlay, const struct assertion *assertion)
{
	for (size_t i = 0; i < overlay->only_count; i++)
		if (text_glob(overlay->only[i], assertion->id) ||
			text_glob(overlay->only[i], assertion->check->name))
			return true;
	return overlay->only_count == 0;
}

bool
assertion_is_selected(const struct overlay *overlay, const struct assertion *assertion)
{
	return tags_match(overlay, assertion) && only_matches(overlay, assertion);
}
