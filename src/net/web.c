/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the list of hosts that need no proxy, as curl and others do.
 */
#include "net/web.h"

#include <string.h>

#include "base/text.h"

static bool
is_meant(const char *item, size_t len, const char *host)
{
	size_t host_len = strlen(host);

	if (len == 1 && item[0] == '*')
		return true;
	if (len != 0 && item[0] == '.') {
		item++;
		len--;
	}
	if (len == 0 || len > host_len)
		return false;
	return text_same_len(item, len, host + host_len - len) &&
	       (len == host_len || host[host_len - len - 1] == '.');
}

bool
no_proxy_lists(const char *list, const char *host)
{
	while (*list != '\0') {
		size_t len = strcspn(list, ", ");

		if (is_meant(list, len, host))
			return true;
		list += len;
		list += strspn(list, ", ");
	}
	return false;
}
