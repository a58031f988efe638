/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * facts_form: what json_facts() writes, as a form to read it by into a struct facts.
 */
#ifndef GATE_REPORT_FACTS_FORM_H
#define GATE_REPORT_FACTS_FORM_H

#include "json_form.h"

extern const struct form facts_form;

#endif
