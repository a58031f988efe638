/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Public keys in PEM texts; certificates are in trust_test.c.
 */
#include "x509_fixtures.h"

#include "x509/pem.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BEGIN "-----BEGIN PUBLIC KEY-----\n"
#define END "-----END PUBLIC KEY-----\n"

static const struct {
	const char *sentence, *text;
	const char *wants; /* the bytes; NULL: none */
	const char *error; /* NULL: none */
} texts[] = {
	{ "a key", BEGIN "aGVsbG8=\n" END, "hello", NULL },
	{ "text around it, and CRLF",
		"# mine\r\n-----BEGIN PUBLIC KEY-----\r\naGVs\r\nbG8=\r\n" END "x", "hello", NULL },
	{ "the first of two", BEGIN "aGVsbG8=\n" END BEGIN "eW91\n" END, "hello", NULL },
	{ "behind a certificate",
		"-----BEGIN CERTIFICATE-----\neW91\n-----END CERTIFICATE-----\n" BEGIN
		"aGVsbG8=\n" END,
		"hello", NULL },
	{ "no block", "hello\n", NULL, NULL },
	{ "nothing", "", NULL, NULL },
	{ "a private key is none", "-----BEGIN PRIVATE KEY-----\neW91\n-----END PRIVATE KEY-----\n",
		NULL, NULL },
	{ "one of another kind is none",
		"-----BEGIN RSA PUBLIC KEY-----\neW91\n-----END RSA PUBLIC KEY-----\n", NULL,
		NULL },
	{ "without its end", "\n" BEGIN "aGVsbG8=\n", NULL,
		"line 2: RFC 7468 section 2: public key without its end line" },
	{ "with the end of another", BEGIN "aGVsbG8=\n-----END CERTIFICATE-----\n", NULL,
		"without its end line" },
	{ "no base64", BEGIN "a?\n" END, NULL, "line 1: RFC 7468 section 3" },
};

static void
public_keys_are_read_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct span got = { NULL, 0 };
		struct error error = { .text = "" };
		struct arena arena;
		bool found;

		arena_init(&arena);
		found = pem_read_public_key(
			&got, texts[i].text, strlen(texts[i].text), &arena, &error);
		if (found != (texts[i].wants != NULL) ||
			(found && (got.len != strlen(texts[i].wants) ||
					  memcmp(got.data, texts[i].wants, got.len) != 0)))
			fail_msg("%s: %d, %zu bytes", texts[i].sentence, found, got.len);
		if ((texts[i].error == NULL) != (error.text[0] == '\0') ||
			(texts[i].error != NULL && strstr(error.text, texts[i].error) == NULL))
			fail_msg("%s: %s", texts[i].sentence, error.text);
		arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(public_keys_are_read_as_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
