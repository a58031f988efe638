/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * param_lines: parameters that are lines to be sent, and what is expected of the answer.
 */
#ifndef GATE_CHECKLIST_PARAM_LINES_H
#define GATE_CHECKLIST_PARAM_LINES_H

#include "loader.h"

/* Read a value of PARAM_LINE and PARAM_EXPECT; what is wrong with it is reported. */
void param_line_load(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument);
void param_expect_load(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument);

#endif
