/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weakness_hellos.h"

#include "gate/checklist.h"
#include "gate/names.h"
#include "gate/probe.h"
#include "gate/suites.h"
#include "gate/tls_names.h"

/* Compression methods (RFC 3749, RFC 3943), and none. */
#define COMPRESSION_DEFLATE 1
#define COMPRESSION_LZS 64
#define COMPRESSION_NONE 0

static struct hello_record
question(enum shared_hello which, const struct target *target)
{
	struct hello_record record = { .offer = { 0 } };

	switch (which) {
	case SHARED_CONTROL:
		record.offer = hello_offer_versions(TLS_VERSION_1_2, TLS_VERSION_1_3);
		break;
	case SHARED_ORDINARY:
		record.offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
		record.offer.compressions[0] = COMPRESSION_DEFLATE;
		record.offer.compressions[1] = COMPRESSION_LZS;
		record.offer.compressions[2] = COMPRESSION_NONE;
		record.offer.compression_count = 3;
		break;
	case SHARED_SSL3:
		record.offer = hello_offer_versions(TLS_VERSION_SSL3, TLS_VERSION_SSL3);
		return record;
	}
	record.offer.server_name = target->server_name;
	return record;
}

void
hellos_plan(struct plan *plan, enum shared_hello which)
{
	struct hello_record control = question(SHARED_CONTROL, plan->evidence->target);
	struct hello_record record = question(which, plan->evidence->target);

	plan_observation(plan, &hello_observer, &control);
	plan_observation(plan, &hello_observer, &record);
}

const struct observation *
hellos_seen(const struct evidence *evidence, enum shared_hello which)
{
	struct hello_record record = question(which, evidence->target);

	return evidence_observation(evidence, &hello_observer, &record);
}

static uint16_t
version_accepted(const struct observation *seen)
{
	const struct hello_record *record = seen != NULL ? seen->record : NULL;

	return record != NULL && seen->outcome == OUTCOME_DONE ? record->answer.version : 0;
}

uint16_t
hellos_newest_version(const struct evidence *evidence)
{
	uint16_t control = version_accepted(hellos_seen(evidence, SHARED_CONTROL));
	uint16_t ordinary = version_accepted(hellos_seen(evidence, SHARED_ORDINARY));

	return control > ordinary ? control : ordinary;
}

/* When the handshake of the session broke as well, that is where it is reported. */
static uint32_t
cause_of_silence(const struct evidence *evidence)
{
	return evidence->session.steps[STEP_HANDSHAKE].outcome == OUTCOME_DONE ? CAUSE_NONE
									       : CAUSE_HANDSHAKE;
}

bool
hellos_control(const struct evidence *evidence, const char *claim, struct finding *finding)
{
	const struct observation *control = hellos_seen(evidence, SHARED_CONTROL);

	if (hellos_newest_version(evidence) != 0)
		return true;
	finding_error(finding, cause_of_silence(evidence), "NoProof",
		"no proof %s: the control hello was not accepted either: %s", claim,
		control->text != NULL ? control->text : "not sent");
	return false;
}

void
hellos_no_proof(const struct evidence *evidence, const struct observation *seen, const char *claim,
	struct finding *finding)
{
	if (evidence->cut_short != NULL)
		finding_error(
			finding, CAUSE_NONE, "NotRun", "not decided: %s", evidence->cut_short);
	else
		finding_error(finding, CAUSE_NONE, "NoProof", "no proof %s: %s", claim,
			seen->text != NULL ? seen->text : "nothing was seen");
}

bool
hellos_prove(const struct evidence *evidence, const struct observation *seen, enum outcome wanted,
	const char *claim, struct finding *finding)
{
	if (seen->outcome == wanted)
		return wanted != OUTCOME_REFUSED || hellos_control(evidence, claim, finding);
	hellos_no_proof(evidence, seen, claim, finding);
	return false;
}

const struct flight_hello *
hellos_ordinary_answer(
	const struct evidence *evidence, const char *weakness, struct finding *finding)
{
	const struct observation *seen = hellos_seen(evidence, SHARED_ORDINARY);
	const struct hello_record *record = seen->record;

	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	if (seen->outcome == OUTCOME_DONE)
		return &record->answer;
	if (hellos_prove(evidence, seen, OUTCOME_REFUSED, "either way", finding))
		finding_pass(finding,
			"TLS 1.2 and everything older is refused, and TLS 1.3 has no %s", weakness);
	return NULL;
}

void
hellos_judge_compression(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct flight_hello *answer =
		hellos_ordinary_answer(evidence, "compression", finding);

	(void)assertion;
	finding_expected(finding, "no compression, although it is offered");
	if (answer == NULL)
		return;
	if (answer->compression == COMPRESSION_NONE)
		finding_pass(finding, "compression was offered and not taken");
	else
		finding_fail(finding, CAUSE_NONE, "CompressionEnabled",
			"the server takes up TLS compression (method %u)", answer->compression);
}

const char *
hellos_version_shown(struct arena *arena, uint16_t version)
{
	const char *name = name_of(tls_version_names, version);

	if (name == NULL)
		return arena_printf(arena, "version 0x%04x", version);
	return version > TLS_VERSION_SSL3 ? arena_printf(arena, "TLS %s", name) : "SSLv3";
}

const char *
hellos_suite_shown(struct arena *arena, uint16_t id)
{
	const struct suite *suite = suite_by_id(id);

	return suite != NULL ? suite->name : arena_printf(arena, "suite 0x%04x", id);
}
