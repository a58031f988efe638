/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ready-made offers: for a range of versions, the control, and the suites that follow in the next
 * hello.
 */
#include <pthread.h>

#include "wire/client_hello.h"
#include "wire/groups.h"
#include "wire/suites.h"

/* Suites that need a secret or an account which a mail server and a stranger do not share. */
#define SUITES_SELDOM                                                                        \
	(SUITES_SHARED_SECRET | SUITE_STATIC_DH | SUITE_ARIA | SUITE_CAMELLIA | SUITE_SEED | \
		SUITE_GOST | SUITE_CCM_8)
#define SUITES_BROKEN (SUITE_NULL | SUITE_ANONYMOUS | SUITE_EXPORT)

/* Best first; what is seldom comes last, so that only it is cut off at the 128th suite. SSL 3.0
 * to TLS 1.1 have fewer than 128 without a shared secret, so there nothing is. */
static const struct suite_query preferences[] = {
	{ .all = SUITE_AEAD | SUITE_TLS13, .none = SUITE_GOST },
	{ .all = SUITE_AEAD | SUITE_ECDHE, .none = SUITES_SELDOM | SUITES_BROKEN },
	{ .all = SUITE_AEAD, .none = SUITES_SELDOM | SUITES_BROKEN | SUITE_NO_FORWARD_SECRECY },
	{ .none = SUITES_SELDOM | SUITES_BROKEN | SUITE_NO_FORWARD_SECRECY },
	{ .none = SUITES_SELDOM | SUITES_BROKEN },
	{ .none = SUITES_SELDOM },
	{ .none = SUITES_SHARED_SECRET | SUITE_STATIC_DH | SUITE_ARIA },
	{ .none = SUITES_SHARED_SECRET },
};

static void
add_suites(struct tls_codes *suites, uint16_t minimum, uint16_t maximum, size_t most)
{
	for (size_t i = 0; i < sizeof(preferences) / sizeof(preferences[0]); i++) {
		struct suite_query query = preferences[i];

		query.minimum = minimum;
		query.maximum = maximum;
		suites_select(&query, 0, suites, most);
	}
}

/* What is in common use (RFC 8446 section 9.1 and their kin) comes first: some servers read no more
 * than the beginning of the list. The table ascends from MD5 to the newest, so its end is best. */
static void
add_signatures(struct tls_codes *signatures)
{
	static const uint16_t common[] = { 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603,
		0x0806, 0x0601, 0x0807, 0x0808 };
	size_t count = 0;

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		tls_codes_add(signatures, common[i]);
	while (tls_signature_names[count].name != NULL)
		count++;
	while (count-- > 0)
		if (!tls_codes_has(signatures, (uint16_t)tls_signature_names[count].code))
			tls_codes_add(signatures, (uint16_t)tls_signature_names[count].code);
}

static void
add_versions(struct tls_codes *versions, uint16_t minimum, uint16_t maximum)
{
	for (uint16_t version = maximum; version >= minimum; version--)
		tls_codes_add(versions, version);
}

static struct hello_offer
make_offer(uint16_t minimum, uint16_t maximum)
{
	struct hello_offer offer = { .record_version = TLS_VERSION_1_0, .legacy_version = maximum };

	if (maximum == TLS_VERSION_SSL3) {
		offer.record_version = TLS_VERSION_SSL3;
		offer.flags = HELLO_RENEGOTIATION_SIGNAL;
		add_suites(&offer.suites, minimum, maximum, TLS_CODES_MAX - 1);
		return offer;
	}
	offer.flags =
		HELLO_RENEGOTIATION_INFO | HELLO_EXTENDED_MASTER_SECRET | HELLO_ENCRYPT_THEN_MAC;
	add_suites(&offer.suites, minimum, maximum, TLS_CODES_MAX);
	group_add_all(&offer.groups, minimum, maximum);
	if (maximum >= TLS_VERSION_1_2)
		add_signatures(&offer.signatures);
	if (maximum >= TLS_VERSION_1_3) {
		offer.legacy_version = TLS_VERSION_1_2;
		add_versions(&offer.versions, minimum, maximum);
	}
	return offer;
}

#define VERSIONS (TLS_VERSION_1_3 - TLS_VERSION_SSL3 + 1)

/* A run wants the same few for each target, and a selection of suites looks at all rows. */
static pthread_mutex_t made_lock = PTHREAD_MUTEX_INITIALIZER; /* of what follows */
static struct hello_offer made[VERSIONS][VERSIONS];
static bool is_made[VERSIONS][VERSIONS];

struct hello_offer
hello_offer_versions(uint16_t minimum, uint16_t maximum)
{
	size_t from = (size_t)minimum - TLS_VERSION_SSL3, to = (size_t)maximum - TLS_VERSION_SSL3;
	struct hello_offer offer;

	if (from >= VERSIONS || to >= VERSIONS)
		return make_offer(minimum, maximum);
	pthread_mutex_lock(&made_lock);
	if (!is_made[from][to])
		made[from][to] = make_offer(minimum, maximum);
	is_made[from][to] = true;
	offer = made[from][to];
	pthread_mutex_unlock(&made_lock);
	return offer;
}

struct hello_offer
hello_offer_control(void)
{
	return hello_offer_versions(TLS_VERSION_1_2, TLS_VERSION_1_3);
}

bool
hello_next_suites(
	struct hello_offer *offer, uint16_t minimum, uint16_t maximum, struct suites_asked *asked)
{
	const struct suite_query query = {
		.none = SUITES_SHARED_SECRET, .minimum = minimum, .maximum = maximum
	};

	offer->suites.count = 0;
	for (size_t i = 0; i < suites_count; i++) {
		if (asked->rows[i] || !suite_matches(&suites_table[i], &query))
			continue;
		/* Room for the signals that stand among the suites. */
		if (offer->suites.count == TLS_CODES_MAX - 2)
			break;
		tls_codes_add(&offer->suites, suites_table[i].id);
		asked->rows[i] = true;
	}
	return offer->suites.count != 0;
}
