/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The attributes of SCRAM's messages: a letter, an equals sign and a value, with commas between them.
 */
#include "wire/scram.h"

#include <string.h>

#include "base/text.h"

/* What a message has left. */
struct rest {
	const char *text;
	size_t len;
};

static struct rest
rest_of(struct span message)
{
	return (struct rest){ (const char *)message.data, message.len };
}

/* Takes the attribute of that name off; false, and nothing is taken, when another comes next. */
static bool
take_attribute(struct rest *rest, char name, struct rest *value)
{
	const char *comma;

	if (rest->len < 2 || rest->text[0] != name || rest->text[1] != '=')
		return false;
	comma = memchr(rest->text, ',', rest->len);
	value->text = rest->text + 2;
	value->len = (comma != NULL ? (size_t)(comma - rest->text) : rest->len) - 2;
	rest->text += value->len + 2;
	rest->len -= value->len + 2;
	return true;
}

/* Whether another attribute follows; takes the comma between. */
static bool
goes_on(struct rest *rest)
{
	if (rest->len == 0)
		return false;
	rest->text++;
	rest->len--;
	return true;
}

struct span
scram_client_nonce(struct span message)
{
	struct rest rest = rest_of(message);

	for (size_t at = 0; at + 3 <= rest.len; at++)
		if (memcmp(rest.text + at, ",r=", 3) == 0)
			return (struct span){ message.data + at + 3, message.len - at - 3 };
	return (struct span){ message.data, 0 };
}

/* printable = %x21-2B / %x2D-7E (RFC 5802 section 7) */
static bool
is_printable(struct rest nonce)
{
	for (size_t i = 0; i < nonce.len; i++)
		if (nonce.text[i] < 0x21 || nonce.text[i] > 0x7e)
			return false;
	return true;
}

static bool
goes_beyond(struct rest nonce, struct span client)
{
	return nonce.len > client.len && memcmp(nonce.text, client.data, client.len) == 0;
}

static bool
is_salt(struct rest salt)
{
	struct buf bytes;
	bool good;

	buf_init(&bytes, SCRAM_MESSAGE_MAX);
	good = memchr(salt.text, ' ', salt.len) == NULL &&
	       text_add_unbase64(&bytes, salt.text, salt.len) && bytes.len != 0;
	buf_release(&bytes);
	return good;
}

/* posit-number = %x31-39 *DIGIT (RFC 5802 section 7); false: it is none. */
static bool
read_count(struct rest digits, uint32_t *count)
{
	*count = 0;
	if (digits.len == 0 || digits.text[0] == '0')
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.text[i] < '0' || digits.text[i] > '9')
			return false;
		*count = *count * 10 + (uint32_t)(digits.text[i] - '0');
		if (*count > SCRAM_ITERATIONS_MAX)
			*count = SCRAM_ITERATIONS_MAX + 1;
	}
	return true;
}

static enum scram_fault
judge_count(uint32_t count)
{
	if (count < SCRAM_ITERATIONS_MIN)
		return SCRAM_FEW_ITERATIONS;
	return count > SCRAM_ITERATIONS_MAX ? SCRAM_MANY_ITERATIONS : SCRAM_FINE;
}

enum scram_fault
scram_read_first(struct span message, struct span client_nonce, uint32_t *iterations)
{
	struct rest rest = rest_of(message), nonce, salt, count, error;

	*iterations = 0;
	if (message.len > SCRAM_MESSAGE_MAX)
		return SCRAM_LONG;
	if (take_attribute(&rest, 'e', &error))
		return SCRAM_ERROR;
	if (!take_attribute(&rest, 'r', &nonce) || !goes_on(&rest) || !is_printable(nonce))
		return SCRAM_MALFORMED;
	if (!goes_beyond(nonce, client_nonce))
		return SCRAM_FOREIGN_NONCE;
	if (!take_attribute(&rest, 's', &salt) || !goes_on(&rest) || !is_salt(salt) ||
		!take_attribute(&rest, 'i', &count) || !read_count(count, iterations))
		return SCRAM_MALFORMED;
	if (judge_count(*iterations) == SCRAM_FINE && rest.len != 0)
		return SCRAM_EXTENDED;
	return judge_count(*iterations);
}

enum scram_fault
scram_read_final(struct span message)
{
	struct rest rest = rest_of(message), value;

	if (message.len > SCRAM_MESSAGE_MAX)
		return SCRAM_LONG;
	if (take_attribute(&rest, 'e', &value))
		return SCRAM_ERROR;
	if (!take_attribute(&rest, 'v', &value) || value.len == 0)
		return SCRAM_MALFORMED;
	return rest.len != 0 ? SCRAM_EXTENDED : SCRAM_FINE;
}

/* server-error-value (RFC 5802 section 7). */
static const struct {
	const char *value;
	bool of_credentials;
} errors[] = {
	{ "invalid-proof", true },
	{ "unknown-user", true },
	{ "invalid-username-encoding", false },
	{ "invalid-encoding", false },
	{ "extensions-not-supported", false },
	{ "channel-bindings-dont-match", false },
	{ "server-does-support-channel-binding", false },
	{ "channel-binding-not-supported", false },
	{ "unsupported-channel-binding-type", false },
	{ "no-resources", false },
	{ "other-error", false },
};
#define ERROR_COUNT (sizeof(errors) / sizeof(errors[0]))

const char *
scram_error(struct span message)
{
	struct rest rest = rest_of(message), value;

	if (!take_attribute(&rest, 'e', &value))
		return NULL;
	for (size_t i = 0; i < ERROR_COUNT; i++)
		if (text_same_len(value.text, value.len, errors[i].value))
			return errors[i].value;
	return NULL;
}

bool
scram_error_is_of_credentials(const char *error)
{
	for (size_t i = 0; error != NULL && i < ERROR_COUNT; i++)
		if (text_same(error, errors[i].value))
			return errors[i].of_credentials;
	return false;
}
