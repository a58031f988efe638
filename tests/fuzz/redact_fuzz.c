/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is a secret, a NUL, and a text. Nothing of the secret is left in what is shown of the
 * text.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/secrets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What stands in for a secret is none of the text, and may with its neighbours make up the secret again:
 * "[", where that is the secret's end. */
static bool
is_shown(struct arena *arena, const char *shown, const char *secret)
{
	static const char replacement[] = "[secret]";
	const char *next;

	for (; (next = strstr(shown, replacement)) != NULL; shown = next + strlen(replacement))
		if (strstr(arena_memdup(arena, shown, (size_t)(next - shown)), secret) != NULL)
			return true;
	return strstr(shown, secret) != NULL;
}

static void
show(struct arena *arena, const char *secret, const char *text)
{
	struct secrets secrets = { 0 }, pieces = { 0 };
	const char *shown;

	secrets_add(&secrets, arena, "name", secret);
	secrets_add_plain(&secrets, arena, "gate", secret);
	shown = secrets_redact(&secrets, arena, text);
	if (is_shown(arena, shown, secret))
		abort();
	if (secrets_redact_cut(&secrets, arena, NULL) != NULL)
		abort();
	secrets_redact_cut(&secrets, arena, text);
	secrets_add_pieces(&pieces, arena, &secrets, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size == 0 ? NULL : memchr(data, '\0', size);
	struct arena arena;

	if (nul == NULL || nul == data)
		return 0;
	arena_init(&arena);
	show(&arena, (const char *)data,
		arena_memdup(&arena, nul + 1, size - (size_t)(nul + 1 - data)));
	arena_release(&arena);
	return 0;
}
