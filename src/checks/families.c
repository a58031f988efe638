/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The list of families; a row by its name, its place among all rows, and a parameter of it.
 */
#include "families.h"

#include <string.h>

const struct check_family *const check_families[] = {
	&dns_family,
	&dns_reverse_family,
	&dns_records_family,
	&caa_family,
	&mta_sts_record_family,
	&mta_sts_policy_family,
	&tls_rpt_family,
	&connection_family,
	&ehlo_family,
	&starttls_family,
	&starttls_plaintext_family,
	&tls_family,
	&tls_versions_family,
	&tls_ciphers_family,
	&tls_order_family,
	&tls_groups_family,
	&tls_signatures_family,
	&tls_clients_family,
	&tls_feature_family,
	&tls_session_family,
	&vulnerability_hello_family,
	&vulnerability_probe_family,
	&certificate_family,
	&certificate_dates_family,
	&certificate_chain_family,
	&certificate_key_family,
	&certificate_names_family,
	&certificate_identity_family,
	&certificate_status_family,
	&dane_family,
	&dane_chains_family,
	&mta_sts_certificate_family,
	&session_family,
	&session_dialogue_family,
	&auth_family,
	&auth_login_family,
	&mail_family,
	&round_trip_family,
	&nodes_family,
};
const size_t check_family_count = sizeof(check_families) / sizeof(check_families[0]);

const struct check *
check_find(const char *name)
{
	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			if (strcmp(check_families[i]->checks[j].name, name) == 0)
				return &check_families[i]->checks[j];
	return NULL;
}

size_t
check_position(const struct check *check)
{
	size_t before = 0;

	for (size_t i = 0; i < check_family_count; i++) {
		const struct check_family *family = check_families[i];

		if (check >= family->checks && check < family->checks + family->count)
			return before + (size_t)(check - family->checks);
		before += family->count;
	}
	return before;
}

const struct param *
check_param(const struct check *check, const char *name)
{
	for (const struct param *param = check->params; param->name != NULL; param++)
		if (strcmp(param->name, name) == 0)
			return param;
	return NULL;
}
