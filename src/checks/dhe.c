/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The survey of DHE suites.
 */
#include "dhe.h"

#include "evidence/cause.h"
#include "wire/groups.h"
#include "wire/groups_primes.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

#define NOT_OF_INTEREST (SUITES_SHARED_SECRET | SUITE_ANONYMOUS)

struct survey_record
dhe_survey(void)
{
	const struct suite_query dhe = { .all = SUITE_DHE,
		.none = NOT_OF_INTEREST,
		.minimum = TLS_VERSION_SSL3,
		.maximum = TLS_VERSION_1_2 };
	struct survey_hello hello = { .offer = hello_offer_versions(
					      TLS_VERSION_1_0, TLS_VERSION_1_2) };
	struct survey_record survey = { .subject = SURVEY_SUITES };

	hello.offer.suites.count = 0;
	suites_select(&dhe, 0, &hello.offer.suites, TLS_CODES_MAX);
	hello.offer.groups.count = 0;
	survey.hellos[0] = hello;
	for (const struct name_code *row = group_names; row->name != NULL; row++)
		if (group_is_finite_field((uint16_t)row->code))
			tls_codes_add(&hello.offer.groups, (uint16_t)row->code);
	survey.hellos[1] = hello;
	return survey;
}

bool
has_dhe_prime(const struct server_hello *hello)
{
	const struct suite *suite = suite_by_id(hello->suite);

	return hello->bits != 0 && suite != NULL &&
	       (suite_classes(suite) & (SUITE_DHE | SUITE_ANONYMOUS)) == SUITE_DHE;
}

const char *
dhe_weakness(const struct server_hello *hello, long minimum)
{
	if ((long)hello->bits < minimum)
		return "DhTooSmall";
	return hello->prime != NULL && hello->bits <= SHARED_PRIME_BITS ? "DhPrimeShared" : NULL;
}

void
judge_weak_prime(const struct server_hello *hello, const char *type, struct finding *finding)
{
	const char *known = hello->prime != NULL ? hello->prime->name : NULL;

	finding_fail(finding, CAUSE_NONE, type, "the DHE prime of %s has %u bits%s%s",
		suite_shown(finding->arena, hello->suite), hello->bits,
		known != NULL ? " and is one that many servers share: " : "",
		known != NULL ? known : "");
}

bool
survey_lacks_prime(const struct survey_record *survey)
{
	for (size_t i = 0; i < survey->choice_count; i++)
		if (!has_dhe_prime(&survey->choices[i]))
			return true;
	return false;
}
