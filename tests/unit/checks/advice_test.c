/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Advice speaks of the servers of the protocol that is spoken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checks/advice.h"

/* Servers that do not speak the protocol. */
static const struct {
	const char *protocol;
	const char *strangers[6];
} others[] = {
	{ "lmtp", { "Postfix", "Exim", "nginx", "vsftpd" } },
	{ "imap", { "Postfix", "Exim", "nginx", "vsftpd", "EHLO" } },
	{ "pop3", { "Postfix", "Exim", "nginx", "vsftpd", "EHLO" } },
	{ "sieve", { "Postfix", "Exim", "nginx", "vsftpd", "EHLO" } },
	{ "ftp", { "Postfix", "Exim", "nginx", "Dovecot", "EHLO" } },
	{ "tls", { "Postfix", "Exim", "vsftpd", "Dovecot", "EHLO" } },
};

/* Whether the row can be asserted of that protocol, over STARTTLS or not. */
static bool
is_of(const struct check *check, const struct dialect *dialect)
{
	return (check->needs & ~dialect->features) == 0;
}

/* What early data and stapling take is a proxy, whatever is behind it. */
static bool
is_excepted(const struct check *check)
{
	return strcmp(check->name, "tls.early_data_disabled") == 0 ||
	       strcmp(check->name, "tls.secure_renegotiation") == 0 ||
	       strcmp(check->name, "certificate.stapling") == 0 ||
	       strcmp(check->name, "auth.rejects_wrong_password") == 0;
}

static void
expect_own_servers(const struct check *check, size_t protocol, struct arena *arena)
{
	const struct dialect *dialect = dialect_find(others[protocol].protocol);
	const char *fix = advice_fix(check, dialect, arena);

	if (!is_of(check, dialect) || is_excepted(check))
		return;
	for (size_t i = 0; others[protocol].strangers[i] != NULL; i++)
		if (strstr(fix, others[protocol].strangers[i]) != NULL)
			fail_msg("%s of %s speaks of %s: %s", check->name, dialect->name,
				others[protocol].strangers[i], fix);
}

static void
advice_is_about_the_servers_of_the_protocol(void **state)
{
	(void)state;
	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
				struct arena arena;

				arena_init(&arena);
				expect_own_servers(&check_families[i]->checks[j], k, &arena);
				arena_release(&arena);
			}
}

static void
a_setting_that_is_not_known_leaves_no_brackets(void **state)
{
	static const struct {
		const char *check, *protocol, *fix;
	} fixes[] = {
		{ "tls.compression_disabled", "imap",
			"Switch compression off (Dovecot: ssl_options = no_compression; Cyrus: "
			"tls_compression: 0), or update the TLS library: OpenSSL builds without it "
			"since 2016." },
		{ "tls.compression_disabled", "ftp",
			"Switch compression off, or update the TLS library: OpenSSL builds without it "
			"since 2016." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fixes) / sizeof(fixes[0]); i++) {
		struct arena arena;

		arena_init(&arena);
		assert_string_equal(advice_fix(check_find(fixes[i].check),
					    dialect_find(fixes[i].protocol), &arena),
			fixes[i].fix);
		arena_release(&arena);
	}
}

static void
smtp_has_the_advice_of_the_row(void **state)
{
	const struct check *check = check_find("tls.version");

	(void)state;
	assert_ptr_equal(advice_fix(check, dialect_find("smtp"), NULL), check->fix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advice_is_about_the_servers_of_the_protocol),
		cmocka_unit_test(a_setting_that_is_not_known_leaves_no_brackets),
		cmocka_unit_test(smtp_has_the_advice_of_the_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
