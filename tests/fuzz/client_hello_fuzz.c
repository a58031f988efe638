/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any offer that can be written is one record that reads as such; an SSL 2.0 answer is read inside
 * of its bytes.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/client_hello.h"
#include "wire/flight_record.h"
#include "wire/ssl2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_ssl2(struct span bytes)
{
	struct ssl2_answer answer = ssl2_read(bytes);
	uint32_t sum = 0;

	for (size_t i = 0; i < answer.certificate.len; i++)
		sum += answer.certificate.data[i];
	for (size_t i = 0; i < answer.ciphers.len; i++)
		sum += answer.ciphers.data[i];
	if (answer.state != SSL2_HELLO && sum != 0)
		abort();
}

static void
take_codes(struct cursor *cursor, struct tls_codes *codes)
{
	for (size_t count = cursor_u8(cursor); count > 0; count--)
		tls_codes_add(codes, cursor_u16(cursor));
}

static struct hello_offer
take_offer(struct cursor *cursor, char *name)
{
	struct hello_offer offer = { .record_version = TLS_VERSION_1_0 };
	size_t name_len = cursor_u16(cursor) % 300;

	memset(name, 'a', name_len);
	name[name_len] = '\0';
	offer.legacy_version = cursor_u16(cursor);
	offer.flags = cursor_u16(cursor);
	offer.server_name = (offer.flags & 0x8000) != 0 ? name : NULL;
	offer.session_id_len = cursor_u8(cursor) % (HELLO_SESSION_ID_MAX + 1);
	offer.compression_count = cursor_u8(cursor) % (HELLO_COMPRESSIONS_MAX + 1);
	take_codes(cursor, &offer.suites);
	take_codes(cursor, &offer.versions);
	take_codes(cursor, &offer.groups);
	take_codes(cursor, &offer.signatures);
	take_codes(cursor, &offer.order);
	offer.cookie = cursor_vector8(cursor);
	return offer;
}

static void
check_record(const struct buf *bytes)
{
	struct cursor cursor =
		cursor_over((struct span){ (const uint8_t *)bytes->data, bytes->len });
	struct flight_record record;

	if (flight_record_take(&cursor, &record) != FLIGHT_RECORD_TAKEN || cursor.left != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t random[HELLO_RANDOM_LEN];
	struct cursor cursor = cursor_over((struct span){ data, size });
	struct hello_offer offer;
	char name[300];
	struct buf out;

	read_ssl2((struct span){ data, size });
	offer = take_offer(&cursor, name);
	buf_init(&out, HELLO_LEN_MAX);
	if (hello_write(&offer, random, &out)) {
		check_record(&out);
		if (!hello_offer_equal(&offer, &offer))
			abort();
	} else if (out.len != 0) {
		abort();
	}
	buf_release(&out);
	return 0;
}
