/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Until it is run, the domain is the host of such a target.
 */
#include "target_names.h"

#include "members.h"
#include "target_host.h"
#include "target_settings.h"

static const char mx_key[] = "mx";
static const char host_key[] = "host";

/* False for an address, which is no domain. */
static bool
take_domain(
	struct loader *loader, const struct place *place, const char *domain, struct target *target)
{
	if (host_is_address(domain)) {
		loader_complain(loader, place, NULL, NULL,
			"\"%s\": %s is an address, and no domain", mx_key, domain);
		return false;
	}
	target->domain = domain;
	target->host = domain;
	return true;
}

bool
target_domain_load(struct loader *loader, const struct json *json, struct target *target)
{
	const struct json *mx = json_member(json, mx_key);
	const struct json *host = json_member(json, host_key);
	const struct json *file = json_member(json, "certificate_file");
	const char *domain;

	if (mx == NULL && host != NULL)
		return true;
	if (mx == NULL) {
		loader_complain(loader, &json->place, NULL,
			"a target names a \"host\", or with \"mx\" the domain whose mail servers "
			"are meant",
			"a target needs \"%s\"", host_key);
		return false;
	}
	if (host != NULL || file != NULL) {
		const struct json *other = host != NULL ? host : file;

		loader_complain(loader, &other->key_place, NULL,
			"the mail servers of the domain are the hosts",
			"\"%s\" has no effect beside \"%s\"", other->key, mx_key);
		return false;
	}
	domain = target_host(loader, json, mx_key);
	return domain != NULL && take_domain(loader, &mx->place, domain, target);
}

bool
target_domain_take(struct loader *loader, const char *word, struct target *target)
{
	struct error error = { 0 };
	const char *domain = host_normalise(loader->arena, word, &error);

	if (domain == NULL)
		loader_complain(loader, NULL, NULL, NULL, "--mx %s: %s", word, error.text);
	return domain != NULL && take_domain(loader, NULL, domain, target);
}

void
target_names_check(struct loader *loader, const struct json *json, const struct target *target)
{
	const struct place *place = json != NULL ? &json->place : NULL;

	if (target->all_addresses && target->address != NULL)
		loader_complain(loader, place, NULL, "leave one of them out",
			"\"addresses\": \"all\" and \"address\" contradict each other");
	if (!target->all_addresses && json != NULL && json_member(json, "ipv6") != NULL)
		loader_complain(loader, &json_member(json, "ipv6")->key_place, NULL,
			"it is about which of all addresses are checked",
			"\"ipv6\" has no effect without \"addresses\": \"all\"");
	if (target->all_addresses && target->host != NULL && host_is_address(target->host))
		loader_complain(loader, place, NULL, "leave \"addresses\" out",
			"%s is one address: it leads to no others", target->host);
}
