/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What --tag, --only and --skip leave of the assertions.
 */
#include <string.h>

#include "assertions.h"
#include "base/text.h"
#include "checklist/overlay.h"

static bool
has_tag(const struct assertion *assertion, const char *tag)
{
	for (size_t i = 0; i < assertion->tag_count; i++)
		if (strcmp(assertion->tags[i], tag) == 0)
			return true;
	return false;
}

static void
note_used(bool *used, size_t index)
{
	if (used != NULL)
		used[index] = true;
}

/* One of the tags asked for, if any is, and none of those ruled out ("!tag"). */
static bool
tags_match(const struct overlay *overlay, const struct assertion *assertion)
{
	bool asked = false, found = false, ruled_out = false;

	for (size_t i = 0; i < overlay->tag_count; i++) {
		bool without = overlay->tags[i][0] == '!';
		bool has = has_tag(assertion, overlay->tags[i] + without);

		if (has)
			note_used(overlay->tags_used, i);
		ruled_out = ruled_out || (without && has);
		asked = asked || !without;
		found = found || (!without && has);
	}
	return !ruled_out && (!asked || found);
}

/* Whether id or name match one of the globs. All are tried, so that each one that matches is
 * noted. */
static bool
matches_any(const char *const *globs, size_t count, bool *used, const struct assertion *assertion)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (!text_glob(globs[i], assertion->id) &&
			!text_glob(globs[i], assertion->arguments.check->name))
			continue;
		note_used(used, i);
		any = true;
	}
	return any;
}

bool
assertion_is_selected(const struct overlay *overlay, const struct assertion *assertion)
{
	bool tagged = tags_match(overlay, assertion);
	bool named = matches_any(overlay->only, overlay->only_count, overlay->only_used, assertion);
	bool skipped =
		matches_any(overlay->skip, overlay->skip_count, overlay->skip_used, assertion);

	return tagged && (named || overlay->only_count == 0) && !skipped;
}
