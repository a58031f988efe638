/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clear_secrets: passwords that stand in a checklist, where only references to them may stand.
 * That is reported elsewhere; here they are kept out of what is reported.
 */
#ifndef GATE_CHECKLIST_PLAINTEXT_SECRETS_H
#define GATE_CHECKLIST_PLAINTEXT_SECRETS_H

#include "loader.h"

/* Finds them in all files, before anything is reported about their contents: from then on they are
 * secrets of the checklist, and no frame may show their lines. */
void clear_secrets_find(struct loader *loader);

/* Takes every secret out of the problems: texts have it replaced, and a frame that would show one,
 * or a part of one, is left out. */
void problems_hide_secrets(struct loader *loader);

#endif
