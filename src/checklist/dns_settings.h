/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_settings: whom a checklist asks for names, and whose signatures it goes by: "dns".
 */
#ifndef GATE_CHECKLIST_DNS_SETTINGS_H
#define GATE_CHECKLIST_DNS_SETTINGS_H

#include "loader.h"

/* Fills in the settings of the checklist. Nothing is asked or loaded for it. */
void dns_settings_load(struct loader *loader);

#endif
