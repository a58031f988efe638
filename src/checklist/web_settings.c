/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Without an assertion that needs it nothing is read: neither the system's authorities a second time nor
 * the environment.
 */
#include "web_settings.h"

#include <stdlib.h>

#include "target_proxy.h"
#include "trust_files.h"

static bool
is_wanted(const struct checklist *checklist)
{
	for (size_t i = 0; i < checklist->assertion_count; i++)
		if (checklist->assertions[i].arguments.check->needs_public_roots)
			return true;
	return false;
}

/* The variable that says something of the two; *name is which. In lower case it comes first, as with
 * curl. */
static const char *
variable(const char *lower, const char *upper, const char **name)
{
	const char *value = getenv(lower);

	*name = lower;
	if (value == NULL || value[0] == '\0') {
		value = getenv(upper);
		*name = upper;
	}
	return value == NULL || value[0] == '\0' ? NULL : value;
}

void
web_settings_load(struct loader *loader)
{
	struct web *web = &loader->checklist->web;
	const char *name, *value;

	if (!is_wanted(loader->checklist))
		return;
	web->public_roots = trust_files_system(loader);
	value = variable("https_proxy", "HTTPS_PROXY", &name);
	if (value != NULL)
		web->proxy = target_proxy_of_environment(loader, name, value);
	value = variable("no_proxy", "NO_PROXY", &name);
	if (value != NULL)
		web->no_proxy = arena_strdup(loader->arena, value);
}
