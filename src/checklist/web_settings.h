/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * web_settings: what assertions about the web go by, read from this machine when there are any.
 */
#ifndef GATE_CHECKLIST_WEB_SETTINGS_H
#define GATE_CHECKLIST_WEB_SETTINGS_H

#include "loader.h"

/* Call it when the assertions are known. */
void web_settings_load(struct loader *loader);

#endif
