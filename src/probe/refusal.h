/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * refusal: when a server has refused a question. A fatal alert that says so is a refusal. A close
 * or reset instead of an answer, or internal_error, says nothing by itself, since there are many
 * reasons for it: it is a refusal when it came three times, and a control hello was accepted between each
 * two and after the last. All else is no answer. Every observer that takes a refusal for proof has
 * it decided here.
 */
#ifndef GATE_PROBE_REFUSAL_H
#define GATE_PROBE_REFUSAL_H

#include "evidence/evidence.h"

struct hello_offer;

/* How one try to put a question ended. */
enum try_end {
	TRY_ANSWERED,  /* with anything but a refusal */
	TRY_REFUSED,   /* by an alert or reply that says so */
	TRY_HUNG_UP,   /* closed, reset or given up instead of an answer */
	TRY_NO_ANSWER, /* all else: time ran out, damaged, it never came to the question */
};

/* How an alert ends a try. `misread`: what was asked is not what the peer could have read, so that
 * it says so is a refusal. */
enum try_end try_end_of_alert(uint8_t description, bool misread);

/* How the stream ended for who waited since then: an end that comes long behind what was said is
 * that of the server's patience, and its silence is STREAM_TIMEOUT. */
enum stream_status refusal_end(enum stream_status status, int64_t since_ms);

/* How the end of the stream ends a try that got no answer. */
enum try_end try_end_of_stream(enum stream_status status);

/* Puts the question once, over a connection of its own, and leaves the observation concluded with
 * what happened. `question` is the observer's own. */
typedef enum try_end refusal_try(
	struct observation *observation, const struct endpoint *endpoint, void *question);

/* Puts the question, as often as it takes to decide. OUTCOME_DONE: the last try was answered.
 * OUTCOME_REFUSED and OUTCOME_BROKEN are also the outcome of the observation then. */
enum outcome refusal_decide(struct observation *observation, const struct endpoint *endpoint,
	refusal_try *ask, void *question);

/* As refusal_decide, with a control hello of one's own: what differs between the two is what closes
 * are about. */
enum outcome refusal_decide_against(struct observation *observation,
	const struct endpoint *endpoint, const struct hello_offer *control, refusal_try *ask,
	void *question);

#endif
