/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server made of logins before TLS.
 */
#include "plaintext_logins.h"

/* The answer to AUTH with one of the mechanisms that the server takes up; NULL: it takes none. */
const struct answer *
auth_taken(const struct required_record *record)
{
	for (size_t i = 0; i < record->auth_count; i++) {
		const struct answer *answer = &record->auth[i].answer;
		bool is_barred = i + record->barred_count >= record->auth_count;

		/* Who knows that the password is wrong has taken it. */
		if (answer->meaning == REPLY_CHALLENGE || answer->reply == REPLY_POSITIVE ||
			(is_barred && answer->meaning == REPLY_BAD_CREDENTIALS))
			return answer;
	}
	return NULL;
}

/* The first answer to AUTH that is no permanent refusal; NULL: all are. */
const struct answer *
auth_open(const struct required_record *record)
{
	for (size_t i = 0; i < record->auth_count; i++)
		if (record->auth[i].answer.reply != REPLY_NEGATIVE)
			return &record->auth[i].answer;
	return NULL;
}
