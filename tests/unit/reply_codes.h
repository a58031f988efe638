/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reply_codes: what replies of SMTP are to a client, for records made by hand.
 */
#ifndef GATE_TESTS_REPLY_CODES_H
#define GATE_TESTS_REPLY_CODES_H

#include "wire/reply.h"

#define STATUS_OF(code)                               \
	((code) / 100 == 2          ? REPLY_POSITIVE  \
		: (code) / 100 == 3 ? REPLY_CONTINUE  \
		: (code) / 100 == 4 ? REPLY_TRANSIENT \
		: (code) / 100 == 5 ? REPLY_NEGATIVE  \
				    : REPLY_NO_STATUS)

#define MEANING_OF(code)                                                 \
	((code) == 220                           ? REPLY_READY           \
		: (code) == 235                  ? REPLY_AUTHENTICATED   \
		: (code) == 250                  ? REPLY_OKAY            \
		: (code) == 251                  ? REPLY_FORWARDS        \
		: (code) == 334                  ? REPLY_CHALLENGE       \
		: (code) == 421                  ? REPLY_LEAVING         \
		: (code) == 503                  ? REPLY_BAD_SEQUENCE    \
		: (code) == 530 || (code) == 538 ? REPLY_UNPROTECTED     \
		: (code) == 535                  ? REPLY_BAD_CREDENTIALS \
		: (code) == 452 || (code) == 552 ? REPLY_FULL            \
		: (code) == 550 || (code) == 554 ? REPLY_DENIED          \
						 : REPLY_NO_MEANING)

/* Members of a struct reply. */
#define SAID(number)                                                                         \
	{                                                                                    \
		.status = STATUS_OF(number), .meaning = MEANING_OF(number), .code = (number) \
	}

#endif
