/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * proxy_answer: what a proxy says to one question.
 */
#ifndef GATE_WIRE_PROXY_ANSWER_H
#define GATE_WIRE_PROXY_ANSWER_H

#include <stddef.h>

enum proxy_answer_state {
	PROXY_ANSWER_MORE,      /* the bytes are the beginning of an answer */
	PROXY_ANSWER_WHOLE,     /* they are an answer; what follows is not looked at */
	PROXY_ANSWER_MALFORMED, /* no answer begins like this, or it has become too long */
};

struct proxy_answer {
	enum proxy_answer_state state;
	/* PROXY_ANSWER_MORE: no answer ends before so many more bytes. Whoever reads no more than
	 * that takes nothing away from what comes behind the answer. */
	size_t need;
	unsigned code; /* PROXY_ANSWER_WHOLE: what the protocol answers with */
};

#endif
