/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.ciphers and tls.forward_secrecy: which suites the server takes when nothing else is
 * offered.
 */
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "objections.h"
#include "suite_set.h"

/* Parts of the questions: suites that are not wanted, those that are by their own names, and each
 * class of which one is. */
enum { PART_UNWANTED, PART_WANTED, PART_CLASS };

static const char *
object_to_combination(const struct arguments *arguments)
{
	if (item_in_both(arguments, "accepts", "refuses") != NULL)
		return "a suite or class cannot be both accepted and refused";
	return NULL;
}

static struct suite_set
unwanted_suites(const struct arguments *arguments)
{
	const struct argument *refuses = argument_of(arguments, "refuses");
	const struct argument *only = argument_of(arguments, "only");
	struct suite_set set = { { false } };

	for (size_t i = 0; i < refuses->count; i++)
		suite_set_add(&set, refuses->items[i]);
	if (only->given)
		suite_set_add_others(&set, only);
	return set;
}

/* The suites that are wanted by their own names; of a class one is enough. */
static struct suite_set
wanted_suites(const struct argument *accepts)
{
	struct suite_set set = { { false } };

	for (size_t i = 0; i < accepts->count; i++)
		if (suite_by_name(accepts->items[i]) != NULL)
			suite_set_add(&set, accepts->items[i]);
	return set;
}

static struct suite_set
class_suites(const char *name)
{
	struct suite_set set = { { false } };

	suite_set_add(&set, name);
	return set;
}

static void
ask_ciphers(const struct arguments *arguments, struct questions *questions)
{
	const struct argument *accepts = argument_of(arguments, "accepts");
	struct suite_set unwanted = unwanted_suites(arguments);
	struct suite_set wanted = wanted_suites(accepts);

	ask_suites(questions, PART_UNWANTED, &unwanted, (struct suite_surveys){ .older = true });
	ask_suites(questions, PART_WANTED, &wanted, (struct suite_surveys){ .older = false });
	for (unsigned i = 0; i < accepts->count; i++) {
		struct suite_set class = class_suites(accepts->items[i]);

		if (suite_by_name(accepts->items[i]) == NULL)
			ask_suites(questions, PART_CLASS + i, &class,
				(struct suite_surveys){ .most = 1 });
	}
}

/* Whether all surveys of that part came to their end. */
static bool
is_decided(const struct arguments *arguments, const struct evidence *evidence, unsigned part,
	const char *undecided, struct finding *finding)
{
	const struct observation *made;
	size_t at = 0;

	while ((made = evidence_next_answer(evidence, arguments, part, &at)) != NULL)
		if (made->outcome != OUTCOME_DONE && made->outcome != OUTCOME_REFUSED)
			return judge_answered(evidence, made, undecided, finding);
	return true;
}

static bool
was_accepted(const struct evidence *evidence, const char *name, struct arena *arena)
{
	const struct suite *suite = suite_by_name(name);
	struct suite_set class = class_suites(name);

	if (suite != NULL)
		return suite_was_chosen(evidence, suite);
	return suites_accepted(evidence, &class, arena).count != 0;
}

/* A wanted suite is missed only when its survey came to its end. */
static bool
judge_accepts(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *accepts = argument_of(arguments, "accepts");
	const char *missed = NULL;

	for (unsigned i = 0; i < accepts->count; i++) {
		const char *name = accepts->items[i];
		unsigned part = suite_by_name(name) != NULL ? PART_WANTED : PART_CLASS + i;

		if (was_accepted(evidence, name, finding->arena))
			continue;
		if (!is_decided(arguments, evidence, part,
			    arena_printf(finding->arena, "whether %s is accepted", name), finding))
			return false;
		missed = list_with(finding->arena, missed, name);
	}
	if (missed != NULL && judge_control(evidence, finding))
		finding_fail(finding, CAUSE_NONE, "CipherRefused", "the server does not accept %s",
			missed);
	return missed == NULL;
}

/* One acceptance is proof enough of a failure, whatever else happened. */
static bool
judge_unwanted(const struct arguments *arguments, const struct evidence *evidence,
	const struct suite_set *unwanted, struct finding *finding)
{
	struct suites_accepted accepted = suites_accepted(evidence, unwanted, finding->arena);

	if (accepted.count != 0) {
		finding_fail(finding, CAUSE_NONE, "CipherAccepted", "the server accepts %s",
			accepted.few);
		finding_observed(finding, "%s", accepted.names);
		finding->shown_by = accepted.trace;
		return false;
	}
	return is_decided(arguments, evidence, PART_UNWANTED,
		       "whether the unwanted suites are refused", finding) &&
	       judge_control(evidence, finding);
}

static void
judge_ciphers(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	bool refusing =
		argument_of(arguments, "refuses")->given || argument_of(arguments, "only")->given;
	struct suite_set unwanted = unwanted_suites(arguments);

	if ((!refusing || judge_unwanted(arguments, evidence, &unwanted, finding)) &&
		judge_accepts(arguments, evidence, finding))
		finding_pass(finding, "%s%s%s", refusing ? "the unwanted suites are refused" : "",
			refusing && argument_of(arguments, "accepts")->given ? ", " : "",
			argument_of(arguments, "accepts")->given ? "the wanted ones are accepted"
								 : "");
}

static void
ask_forward_secrecy(const struct arguments *arguments, struct questions *questions)
{
	struct suite_set set = class_suites("no-forward-secrecy");

	(void)arguments;
	ask_suites(questions, PART_UNWANTED, &set, (struct suite_surveys){ .older = true });
}

static void
judge_forward_secrecy(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	struct suite_set set = class_suites("no-forward-secrecy");
	const struct flight_hello *control;
	const struct suite *suite;

	if (!judge_unwanted(arguments, evidence, &set, finding) ||
		!judge_accepted_hello(evidence, evidence_control(evidence),
			"whether a suite with forward secrecy is accepted", finding))
		return;
	control = control_answer(evidence);
	suite = suite_by_id(control->suite);
	if (suite == NULL)
		finding_error(finding, CAUSE_NONE, "NoProof",
			"no suite with forward secrecy was seen: the server chose %s",
			suite_shown(finding->arena, control->suite));
	else if ((suite_classes(suite) & SUITE_NO_FORWARD_SECRECY) != 0)
		finding_fail(
			finding, CAUSE_NONE, "CipherAccepted", "the server chose %s", suite->name);
	else
		finding_pass(finding, "%s is accepted, suites without forward secrecy are refused",
			suite->name);
}

static const struct check checks[] = {
	{
		.name = "tls.ciphers",
		.summary = "the server accepts and refuses the listed cipher suites",
		.why = "A weak suite that is still accepted is what an attacker drives two peers to; "
		       "a good one that is missing leaves clients with less, or with plaintext.",
		.fix = "Set the list of suites (Postfix: smtpd_tls_mandatory_ciphers, "
		       "smtpd_tls_ciphers, smtpd_tls_exclude_ciphers, tls_high_cipherlist; Dovecot: "
		       "ssl_cipher_list; Exim: tls_require_ciphers; nginx: ssl_ciphers). Suites "
		       "with SHA-1 or CBC go when only ECDHE with AES-GCM and ChaCha20 stays.",
		.source = "RFC 9325 section 4.1, RFC 7465, RFC 9155",
		.step = STEP_CONNECT,
		.needs_a_param = true,
		.objection = object_to_combination,
		.needs_control = true,
		.ask = ask_ciphers,
		.judge = judge_ciphers,
		.params = {
			{
				.name = "refuses",
				.type = PARAM_LIST,
				.objection = object_to_suite_or_class,
				.help = "Suites (IANA's names or OpenSSL's) and classes of suites that must "
					"be refused in every version. Classes: null, anonymous, export, des, "
					"3des, rc2, idea, rc4, md5, sha1, sha2, cbc, ccm-8, aead, not-aead, "
					"static-rsa, static-dh, no-forward-secrecy, dhe, ecdhe, ecdsa, dss, "
					"64-bit-block, camellia, aria, seed, gost, tls13; they leave out what "
					"needs a secret shared with the server, which is of the classes psk, "
					"srp and kerberos.",
				.example = "[\"null\", \"anonymous\", \"export\", \"rc4\", \"3des\"]",
			},
			{
				.name = "accepts",
				.type = PARAM_LIST,
				.objection = object_to_suite_or_class,
				.help = "Suites that must be accepted, and classes of which at least one "
					"suite must be accepted.",
				.example = "[\"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\", \"tls13\"]",
			},
			{
				.name = "only",
				.type = PARAM_LIST,
				.objection = object_to_suite_or_class,
				.help = "Every suite that is accepted must be one of these, or of one of "
					"these classes.",
				.example = "[\"TLS_AES_128_GCM_SHA256\", \"TLS_AES_256_GCM_SHA384\"]",
			},
		},
	},
	{
		.name = "tls.forward_secrecy",
		.summary = "every cipher suite that the server accepts has forward secrecy",
		.why = "Without it, recorded mail can be read by whoever gets the server's key later; a "
		       "server that accepts such suites is also open to attacks on RSA padding.",
		.fix = "Leave out the suites with static RSA and static Diffie-Hellman (OpenSSL: add "
		       "!kRSA:!kDH:!kECDH to the list of suites; Postfix: "
		       "smtpd_tls_exclude_ciphers = kRSA, kDH, kECDH; GnuTLS: -RSA).",
		.source = "RFC 9325 sections 4.1 and 7.3",
		.step = STEP_CONNECT,
		.needs_control = true,
		.ask = ask_forward_secrecy,
		.judge = judge_forward_secrecy,
	},
};

const struct check_family tls_ciphers_family = {
	.name = "tls",
	.summary = "what the server would negotiate: cipher suites",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
