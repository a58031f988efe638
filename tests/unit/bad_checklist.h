/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bad_checklist: checklists with something wrong in one part; all else is fine.
 */
#ifndef GATE_TESTS_BAD_CHECKLIST_H
#define GATE_TESTS_BAD_CHECKLIST_H

#include "loaded_checklist.h"

/* What the text of a case is: the whole file, members on line 3 of it, targets on line 3, or
 * assertions on line 4. */
enum bad_part { WHOLE, MEMBER, TARGET, ASSERTION };

struct bad_checklist {
	const char *name;
	enum bad_part part;
	const char *text;
	const char *want; /* as add_problems writes them */
};

static inline void
bad_checklist_load(struct loaded *loaded, enum bad_part part, const char *text)
{
	static const char *const around[][2] = {
		[WHOLE] = { "", "" },
		[MEMBER] = { "{\"trust\": {\"system\": false},\n"
			     "\"targets\": [{\"host\": \"a.example\"}],\n",
			"\n\"assertions\": [{\"assert\": \"tls.handshake\"}]}\n" },
		[TARGET] = { "{\"trust\": {\"system\": false},\n\"targets\": [\n",
			"\n], \"assertions\": [{\"assert\": \"starttls.advertised\"}]}\n" },
		[ASSERTION] = { "{\"trust\": {\"system\": false}, \"variables\": {\"host\": \"a.example\"},\n"
				"\"secrets\": {\"password\": {\"env\": \"GATE_TEST_PASSWORD\"}}, "
				"\"targets\": [{\"host\": \"${host}\", \"name\": \"staging\"}],\n"
				"\"assertions\": [\n",
			"\n]}\n" },
	};
	struct buf whole;

	setenv("GATE_TEST_PASSWORD", "correct horse", 1);
	buf_init(&whole, 100000);
	buf_addf(&whole, "%s%s%s", around[part][0], text, around[part][1]);
	load_text(loaded, whole.data, NULL);
	buf_release(&whole);
	memory_files_clear();
}

#endif
