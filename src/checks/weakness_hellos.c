/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ordinary hello and its answer.
 */
#include "weakness_hellos.h"

#include "checks/arguments.h"
#include "evidence/cause.h"
#include "wire/tls_names.h"

/* Compression methods (RFC 3749, RFC 3943), and none. */
#define COMPRESSION_DEFLATE 1
#define COMPRESSION_LZS 64
#define COMPRESSION_NONE 0

static struct hello_offer
ordinary_offer(void)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);

	offer.compressions[0] = COMPRESSION_DEFLATE;
	offer.compressions[1] = COMPRESSION_LZS;
	offer.compressions[2] = COMPRESSION_NONE;
	offer.compression_count = 3;
	return offer;
}

void
ordinary_plan(struct plan *plan)
{
	plan_control(plan);
	plan_hello(plan, ordinary_offer(), true);
}

const struct observation *
ordinary_seen(const struct evidence *evidence)
{
	return find_hello(evidence, ordinary_offer(), true);
}

const struct flight_hello *
ordinary_answer(const struct evidence *evidence, const char *weakness, struct finding *finding)
{
	const struct observation *seen = ordinary_seen(evidence);
	const struct hello_record *record = seen->record;

	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	if (seen->outcome == OUTCOME_DONE) {
		finding->shown_by = observation_trace(seen);
		return &record->answer;
	}
	if (judge_refused(evidence, seen,
		    arena_printf(finding->arena, "whether there is %s", weakness), finding) &&
		!judge_contradiction(evidence, hello_is_before_tls13, finding))
		finding_pass(finding,
			"TLS 1.2 and everything older is refused, and TLS 1.3 has no %s", weakness);
	return NULL;
}

void
judge_compression(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct flight_hello *answer;
	struct seen_hello seen;
	size_t at = 0;

	(void)arguments;
	finding_expected(finding, "no compression, although it is offered");
	while (next_hello(evidence, &at, &seen)) {
		if (seen.hello->compression == COMPRESSION_NONE)
			continue;
		finding_fail(finding, CAUSE_NONE, "CompressionEnabled",
			"the server takes up TLS compression (method %u)", seen.hello->compression);
		finding->shown_by = seen.trace;
		return;
	}
	answer = ordinary_answer(evidence, "compression", finding);
	if (answer != NULL)
		finding_pass(finding, "compression was offered and not taken");
}
