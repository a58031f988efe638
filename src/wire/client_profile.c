/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hello of a client, from its profile.
 */
#include "wire/client_profile.h"

#include <string.h>

#include "wire/key_shares.h"

const struct client_profile *
client_profile_find(const char *name)
{
	for (const struct client_profile *row = client_profiles; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

static void
add_shares(struct hello_offer *offer, const struct tls_codes *groups)
{
	for (size_t i = 0; i < groups->count && offer->share_count < HELLO_SHARES_MAX; i++)
		if (key_share_of(groups->codes[i], &offer->shares[offer->share_count]))
			offer->share_count++;
}

struct hello_offer
client_profile_offer(const struct client_profile *profile)
{
	struct hello_offer offer = { .record_version = TLS_VERSION_1_0,
		.legacy_version = profile->maximum,
		.suites = profile->suites,
		.groups = profile->groups,
		.signatures = profile->signatures,
		.chain_signatures = profile->chain_signatures.count != 0 ? profile->chain_signatures
									 : profile->signatures,
		.order = profile->extensions };

	if (profile->maximum < TLS_VERSION_1_0)
		offer.record_version = profile->maximum;
	if (profile->maximum < TLS_VERSION_1_3)
		return offer;
	offer.legacy_version = TLS_VERSION_1_2;
	for (uint16_t version = profile->maximum; version >= profile->minimum; version--)
		tls_codes_add(&offer.versions, version);
	add_shares(&offer, &profile->key_shares);
	return offer;
}
