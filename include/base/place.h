/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * place: where something stands in a file.
 */
#ifndef GATE_BASE_PLACE_H
#define GATE_BASE_PLACE_H

struct place {
	const char *file; /* as shown; NULL: no file (the command line) */
	unsigned line;    /* from 1; 0: the file as a whole */
	unsigned column;  /* from 1, in code points */
	unsigned width;   /* how many code points the caret frame underlines, at least 1 */
};

#endif
