/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Untagged lines of IMAP, literals included, and what they tell of a mailbox.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/imap_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look(const struct reply *reply)
{
	struct imap_fetched fetched;
	size_t at = 0, line = 0;
	uint32_t number;

	if (imap_code_number(reply, "UIDNEXT", &number) && number == 0)
		abort();
	while (imap_next_fetched(reply, &at, &fetched))
		if (fetched.body.data == NULL && fetched.body.len != 0)
			abort();
	at = 0;
	while (imap_next_found(reply, &line, &at, &number))
		if (number == 0)
			abort();
	imap_listed(reply, "\\Junk");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct reply reply;

	arena_init(&arena);
	reply_init(&reply, dialect_find("imap"), &arena);
	reply_allow(&reply, 1000, 1 << 18);
	memcpy(reply.tag, "g1", 3);
	reply_feed(&reply, (const char *)data, size);
	look(&reply);
	reply_release(&reply);
	arena_release(&arena);
	return 0;
}
