/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The order of the assertions decides nothing.
 */
#include "court_servers.h"
#include "draw.h"

/* Everything that the order may not change. */
static void
add_verdict(struct buf *out, const struct report_case *one)
{
	const char *const texts[] = { one->type, one->message, one->expected, one->observed,
		one->why, one->fix };

	buf_addf(out, "%s:%s", one->id, verdict_name(one->verdict));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_addf(out, "|%s", texts[i] != NULL ? texts[i] : "-");
	buf_add_char(out, '\n');
}

static int
compare_ids(const void *a, const void *b)
{
	const struct report_case *one = a, *other = b;

	return strcmp(one->id, other->id);
}

static void
add_verdicts(struct buf *out, struct report_suite *suite)
{
	qsort(suite->cases, suite->case_count, sizeof(*suite->cases), compare_ids);
	for (size_t i = 0; i < suite->case_count; i++)
		add_verdict(out, &suite->cases[i]);
}

static const char *const pool[] = { "connection.established", "connection.greeting",
	"ehlo.accepted", "starttls.advertised", "starttls.accepted", "starttls.clean_reply",
	"tls.handshake", "certificate.trusted", "certificate.hostname", "certificate.expiry",
	"certificate.not_before", "certificate.chain", "certificate.key", "certificate.signature",
	"session.ehlo", "starttls.not_reoffered", "auth.not_before_tls" };
#define POOL_SIZE (sizeof(pool) / sizeof(pool[0]))

static server_fn *const servers[] = { refuses_the_connection, has_no_name, is_silent, turns_away,
	refuses_ehlo, offers_no_starttls, refuses_starttls, refuses_the_handshake,
	breaks_the_handshake, is_cut_short, is_good, has_an_expired_leaf, is_untrusted,
	has_another_name, has_everything_wrong };
#define SERVER_COUNT (sizeof(servers) / sizeof(servers[0]))

/* Some assertions, of any severity; their order is left to be shuffled. */
static size_t
draw_assertions(char rows[][200], size_t most)
{
	size_t count = 1 + draw(6);

	for (size_t i = 0; i < count && i < most; i++) {
		unsigned weight = draw(6);

		snprintf(rows[i], 200, "{\"id\":\"%c\",\"assert\":\"%s\"%s}",
			(int)('a' + draw(3) + 3 * i), pool[draw(POOL_SIZE)],
			weight == 0   ? ",\"severity\":\"advisory\""
			: weight == 1 ? ",\"waive\":{\"until\":\"2027-01-01\",\"reason\":\"r\"}"
			: weight == 2 ? ",\"waive\":{\"until\":\"2026-01-01\",\"reason\":\"r\"}"
				      : "");
	}
	if (draw(2) == 0 && count < most)
		snprintf(rows[count++], 200, "%s", LOGIN);
	if (draw(3) == 0 && count < most)
		snprintf(rows[count++], 200, "%s", LOGIN_BY_LOGIN);
	return count;
}

static void
shuffle(char rows[][200], size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = draw((unsigned)i);
		char row[200];

		memcpy(row, rows[i - 1], sizeof(row));
		memcpy(rows[i - 1], rows[j], sizeof(row));
		memcpy(rows[j], row, sizeof(row));
	}
}

/* No cause may vanish: what counts and does not hold leaves something red. */
static void
expect_red_where_something_counts(const struct court *court, const char *assertions)
{
	struct report_counts counts = suite_counts(&court->suite);
	const struct checklist *checklist = &court->loaded.checklist;

	for (size_t i = 0; i < checklist->assertion_count; i++) {
		const struct assertion *assertion = &checklist->assertions[i];
		struct finding finding;

		judge_arguments(&court->evidence, &assertion->arguments,
			(struct arena *)(uintptr_t)&court->arena, &finding);
		if (finding.verdict != VERDICT_PASS && !assertion->advisory && !assertion->waived &&
			counts.by_verdict[VERDICT_FAIL] + counts.by_verdict[VERDICT_ERROR] == 0)
			fail_msg("%s does not hold, and nothing is red: %s", assertion->id,
				assertions);
	}
}

static void
judge_into(struct buf *out, server_fn *server, char rows[][200], size_t count)
{
	struct court court;
	struct buf assertions;

	buf_init(&assertions, 8000);
	for (size_t i = 0; i < count; i++)
		buf_addf(&assertions, "%s%s", i == 0 ? "" : ",", rows[i]);
	court_open(&court, assertions.data, date_at(DAY_IN_2026));
	server(&court);
	court_judge(&court);
	expect_red_where_something_counts(&court, assertions.data);
	add_verdicts(out, &court.suite);
	court_close(&court);
	buf_release(&assertions);
}

static void
order_decides_nothing(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 600; i++) {
		server_fn *server = servers[i % SERVER_COUNT];
		char rows[10][200];
		size_t count = draw_assertions(rows, 10);
		struct buf first, other;

		buf_init(&first, 200000);
		buf_init(&other, 200000);
		judge_into(&first, server, rows, count);
		for (unsigned j = 0; j < 4; j++) {
			shuffle(rows, count);
			buf_reset(&other);
			judge_into(&other, server, rows, count);
			if (strcmp(first.data, other.data) != 0)
				fail_msg("server %u: one order:\n%s\nanother:\n%s",
					i % (unsigned)SERVER_COUNT, first.data, other.data);
		}
		buf_release(&first);
		buf_release(&other);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_decides_nothing),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
