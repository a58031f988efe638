/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Causes: which one a broken step is, when two conversations share one, who owns it, and how the
 * owner is asked. What there is to advise is for causes_hints_test.c.
 */
#include "court_session.h"

#include "checks/causes.h"
#include "court_servers.h"

/* Observes over connections of its own. */
#define OBSERVING ASSERT("starttls.no_injection")

static const struct cause_row *
row_of(uint32_t cause)
{
	for (size_t i = 0; i < cause_row_count; i++)
		if (cause_rows[i].cause == cause)
			return &cause_rows[i];
	fail_msg("cause %x has no row", (unsigned)cause);
	return NULL;
}

static const struct {
	const char *sentence;
	const char *ehlo;
	enum step step;
	uint32_t want;
} causes_of_steps[] = {
	{ "a connect is its own cause", "", STEP_CONNECT, CAUSE_CONNECT },
	{ "so is a greeting", "", STEP_GREETING, CAUSE_GREETING },
	{ "so is EHLO, whatever it offers", "250 mail\r\n", STEP_EHLO, CAUSE_EHLO },
	{ "so is STARTTLS that is offered", "250-mail\r\n250 STARTTLS\r\n", STEP_STARTTLS,
		CAUSE_STARTTLS },
	{ "STARTTLS that is offered is, beside a line that cannot be read",
		"250-mail\r\n250-STARTTLS\r\n250 SI\tZE\r\n", STEP_STARTTLS, CAUSE_STARTTLS },
	{ "STARTTLS that is not offered is another", "250-mail\r\n250 SIZE\r\n", STEP_STARTTLS,
		CAUSE_NO_STARTTLS },
	{ "without capabilities it is not offered", "250 mail\r\n", STEP_STARTTLS,
		CAUSE_NO_STARTTLS },
	{ "a line that cannot be read may offer it", "250-mail\r\n250 START\tTLS\r\n",
		STEP_STARTTLS, CAUSE_EHLO },
	{ "a handshake is its own cause, whatever is offered", "250 mail\r\n", STEP_HANDSHAKE,
		CAUSE_HANDSHAKE },
	{ "so is EHLO inside TLS", "250 mail\r\n", STEP_SESSION_EHLO, CAUSE_SESSION_EHLO },
	{ "so is a login", "250 mail\r\n", STEP_AUTH, CAUSE_AUTH },
};

static void
a_step_is_a_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(causes_of_steps); i++) {
		struct conversation conversation;
		uint32_t got;

		conversation_init(&conversation, &dialects[0]);
		answer(&conversation.ehlo, causes_of_steps[i].ehlo);
		got = cause_of_step(&conversation, causes_of_steps[i].step);
		if (got != causes_of_steps[i].want)
			fail_msg("%s: got %x, want %x", causes_of_steps[i].sentence, (unsigned)got,
				(unsigned)causes_of_steps[i].want);
		conversation_release(&conversation);
	}
}

static const struct {
	const char *sentence;
	struct session_said said; /* by the session */
	struct {
		enum step step;
		enum outcome outcome;
	} other; /* where the other one ended */
	enum step last;
	uint32_t want;
} shared[] = {
	{ "who broke at the same step shares its cause",
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
		{ STEP_HANDSHAKE, OUTCOME_BROKEN }, STEP_HANDSHAKE, CAUSE_HANDSHAKE },
	{ "a refusal and a close at one step are one cause",
		{ ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "554") },
		{ STEP_GREETING, OUTCOME_BROKEN }, STEP_HANDSHAKE, CAUSE_GREETING },
	{ "a hello of our own stands for the handshake",
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
		{ STEP_HANDSHAKE, OUTCOME_NOT_REACHED }, STEP_HANDSHAKE, CAUSE_HANDSHAKE },
	{ "STARTTLS that is not offered is shared as such",
		{ .ehlo = "250 mail\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "not offered") },
		{ STEP_STARTTLS, OUTCOME_REFUSED }, STEP_HANDSHAKE, CAUSE_NO_STARTTLS },
	{ "with implicit TLS the handshake comes first",
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED),
			.implicit_tls = true },
		{ STEP_HANDSHAKE, OUTCOME_BROKEN }, STEP_HANDSHAKE, CAUSE_HANDSHAKE },
	{ "who was not connected shares a connect that broke",
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) },
		{ STEP_CONNECT, OUTCOME_NOT_REACHED }, STEP_HANDSHAKE, CAUSE_CONNECT },
	{ "what broke for the other alone is no cause", { 0 }, { STEP_GREETING, OUTCOME_BROKEN },
		STEP_HANDSHAKE, CAUSE_NONE },
	{ "what broke for the session alone is none",
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
		{ STEP_SESSION_EHLO, OUTCOME_BROKEN }, STEP_HANDSHAKE, CAUSE_NONE },
	{ "an earlier step of the other is none",
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
		{ STEP_GREETING, OUTCOME_BROKEN }, STEP_HANDSHAKE, CAUSE_NONE },
	{ "a later step of the other is none",
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
		{ STEP_HANDSHAKE, OUTCOME_BROKEN }, STEP_HANDSHAKE, CAUSE_NONE },
	{ "a step behind the last one is none",
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
		{ STEP_SESSION_EHLO, OUTCOME_BROKEN }, STEP_HANDSHAKE, CAUSE_NONE },
	{ "the last one is one", { ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
		{ STEP_EHLO, OUTCOME_BROKEN }, STEP_EHLO, CAUSE_EHLO },
	{ "a step that the session was not to take is none",
		{ ENDS(STEP_HANDSHAKE, OUTCOME_NOT_REACHED, STREAM_OK, "") },
		{ STEP_HANDSHAKE, OUTCOME_BROKEN }, STEP_HANDSHAKE, CAUSE_NONE },
	{ "a step that the other was not to take is none",
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
		{ STEP_STARTTLS, OUTCOME_NOT_REACHED }, STEP_HANDSHAKE, CAUSE_NONE },
};

/* A conversation that ended at that step. */
static void
end_other(struct conversation *other, bool implicit_tls, enum step step, enum outcome outcome)
{
	size_t count;
	const enum step *steps = conversation_steps(dialects, implicit_tls, &count);

	conversation_init(other, &dialects[0]);
	for (size_t i = 0; i < count && steps[i] != step; i++)
		other->steps[steps[i]].outcome = OUTCOME_DONE;
	other->steps[step].outcome = outcome;
}

static void
a_cause_is_shared_at_the_same_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(shared); i++) {
		struct conversation other;
		struct court court;
		uint32_t got;

		open_at(&court, OBSERVING, OUTCOME_DONE);
		hold_session(&court, &shared[i].said);
		end_other(&other, shared[i].said.implicit_tls, shared[i].other.step,
			shared[i].other.outcome);
		got = cause_shared(&court.evidence, &other, shared[i].last);
		if (got != shared[i].want)
			fail_msg("%s: got %x, want %x", shared[i].sentence, (unsigned)got,
				(unsigned)shared[i].want);
		conversation_release(&other);
		court_close(&court);
	}
}

#define WRONG \
	ASSERT_WITH("auth.rejects_wrong_password", "\"mechanism\":\"LOGIN\",\"username\":\"gate\"")

static const struct {
	const char *sentence;
	const char *assertions;
	const char *includes; /* with commas; "": the parameter is not given */
} prepared[] = {
	{ "nobody who logs in wants nothing", OBSERVING, "" },
	{ "a login wants its mechanism", LOGIN, "PLAIN" },
	{ "so does the other", LOGIN_BY_LOGIN, "LOGIN" },
	{ "a wrong password wants one too", WRONG, "LOGIN" },
	{ "two logins want both, in one order", LOGIN_BY_LOGIN "," LOGIN, "PLAIN,LOGIN" },
	{ "one mechanism is wanted once", WRONG "," LOGIN_BY_LOGIN, "LOGIN" },
};

static void
the_owner_is_asked_for_what_logins_want(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(prepared); i++) {
		const struct argument *includes;
		struct arguments arguments;
		struct court court;
		struct buf got;

		buf_init(&got, 100);
		open_at(&court, prepared[i].assertions, OUTCOME_DONE);
		arguments = cause_arguments(row_of(CAUSE_AUTH), &court.evidence, &court.arena);
		includes = argument_of(&arguments, "includes");
		for (size_t j = 0; j < includes->count; j++)
			buf_addf(&got, "%s%s", j == 0 ? "" : ",", includes->items[j]);
		if (strcmp(got.data, prepared[i].includes) != 0 ||
			includes->given != (prepared[i].includes[0] != '\0'))
			fail_msg("%s: got \"%s\"", prepared[i].sentence, got.data);
		buf_release(&got);
		court_close(&court);
	}
}

/* The owner of each step, asked as nobody asked it, meets the cause in a step that is not done. */
static void
an_owner_meets_its_cause(void **state)
{
	static const enum outcome outcomes[] = { OUTCOME_REFUSED, OUTCOME_BROKEN };

	(void)state;
	for (size_t i = 0; i < COUNT(outcomes) * STEP_AUTH; i++) {
		enum step step = (enum step)(i / COUNT(outcomes));
		const struct session_said said = { ENDS(
			step, outcomes[i % COUNT(outcomes)], STREAM_CLOSED, "what happened") };
		struct arguments arguments;
		struct finding finding;
		struct court court;

		open_at(&court, OBSERVING, OUTCOME_DONE);
		hold_session(&court, &said);
		arguments = cause_arguments(row_of(1u << step), &court.evidence, &court.arena);
		judge_arguments(&court.evidence, &arguments, &court.arena, &finding);
		if (finding.causes != 1u << step)
			fail_msg("%s: %s: got causes %x", step_name(step, dialects),
				arguments.check->name, (unsigned)finding.causes);
		court_close(&court);
	}
}

/* Numbers and truths that stand where none is given stand there for the owner as well. */
static void
expect_fallbacks(const struct cause_row *row)
{
	struct arguments arguments;
	struct court court;

	open_at(&court, OBSERVING, OUTCOME_DONE);
	arguments = cause_arguments(row, &court.evidence, &court.arena);
	for (const struct param *param = arguments.check->params; param->name != NULL; param++) {
		const struct argument *argument = argument_of(&arguments, param->name);

		if (argument->given != (param->fallback != NULL))
			fail_msg("%s: %s is %sgiven", arguments.check->name, param->name,
				argument->given ? "" : "not ");
		if (param->type == PARAM_NUMBER && argument->given &&
			argument->number != strtol(param->fallback, NULL, 10))
			fail_msg("%s: %s is %ld", arguments.check->name, param->name,
				argument->number);
	}
	court_close(&court);
}

static void
an_owner_has_its_fallbacks(void **state)
{
	(void)state;
	for (size_t i = 0; i < cause_row_count; i++)
		if (cause_rows[i].owners[0] != NULL)
			expect_fallbacks(&cause_rows[i]);
}

static void
a_cause_has_one_row_and_its_owners_are_there(void **state)
{
	uint32_t seen = CAUSE_NONE;

	(void)state;
	for (size_t i = 0; i < cause_row_count; i++) {
		const struct cause_row *row = &cause_rows[i];

		if ((seen & row->cause) != 0 || (row->cause & (row->cause - 1)) != 0)
			fail_msg("cause %x is not one bit of its own", (unsigned)row->cause);
		if (row->owners[0] == NULL && (row->why == NULL || row->fix == NULL))
			fail_msg("cause %x has neither owner nor advice", (unsigned)row->cause);
		seen |= row->cause;
		for (size_t j = 0; row->owners[j] != NULL; j++) {
			const struct check *check = check_find(row->owners[j]);

			if (check == NULL || !cause_belongs_to(row, check) ||
				cause_is_owned(row->cause, check) != (j == 0))
				fail_msg("cause %x: not a row: %s", (unsigned)row->cause,
					row->owners[j]);
		}
	}
	assert_int_equal(seen, (CAUSE_TLSA_MATCH << 1) - 1 - (1 << STEP_COUNT));
}

static const struct {
	const char *sentence;
	uint32_t cause;
	const char *check;
	bool is_owned, belongs;
} owners[] = {
	{ "a missing offer is about the offer", CAUSE_NO_STARTTLS, "starttls.advertised", true,
		true },
	{ "a missing offer is not about the reply", CAUSE_NO_STARTTLS, "starttls.accepted", false,
		false },
	{ "a refused STARTTLS is about the reply", CAUSE_STARTTLS, "starttls.accepted", true,
		true },
	{ "a refused STARTTLS is not about the offer", CAUSE_STARTTLS, "starttls.advertised", false,
		false },
	{ "an untrusted path is about trust", CAUSE_PATH, "certificate.trusted", true, true },
	{ "an untrusted path is about the chain as well", CAUSE_PATH, "certificate.chain", false,
		true },
	{ "a leaf of the future is about its first day as well", CAUSE_LEAF_DATES,
		"certificate.not_before", false, true },
	{ "dates are not about trust", CAUSE_LEAF_DATES, "certificate.trusted", false, false },
	{ "EHLO inside TLS is not the one before", CAUSE_SESSION_EHLO, "ehlo.accepted", false,
		false },
	{ "what was cut short is about nothing", CAUSE_CUT_SHORT, "session.ehlo", false, false },
};

static void
a_cause_belongs_to_who_is_about_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(owners); i++) {
		const struct check *check = check_find(owners[i].check);

		if (cause_is_owned(owners[i].cause, check) != owners[i].is_owned ||
			cause_belongs_to(row_of(owners[i].cause), check) != owners[i].belongs)
			fail_msg("%s", owners[i].sentence);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_is_a_cause),
		cmocka_unit_test(a_cause_is_shared_at_the_same_step),
		cmocka_unit_test(the_owner_is_asked_for_what_logins_want),
		cmocka_unit_test(an_owner_meets_its_cause),
		cmocka_unit_test(an_owner_has_its_fallbacks),
		cmocka_unit_test(a_cause_has_one_row_and_its_owners_are_there),
		cmocka_unit_test(a_cause_belongs_to_who_is_about_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
