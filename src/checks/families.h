/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * families: the tables of all assertions, one in each file beside this one.
 */
#ifndef GATE_CHECKS_FAMILIES_H
#define GATE_CHECKS_FAMILIES_H

#include "checks/check.h"

extern const struct check_family dns_family;
extern const struct check_family dns_reverse_family;
extern const struct check_family dns_records_family;
extern const struct check_family caa_family;
extern const struct check_family mta_sts_record_family;
extern const struct check_family mta_sts_policy_family;
extern const struct check_family tls_rpt_family;
extern const struct check_family connection_family;
extern const struct check_family ehlo_family;
extern const struct check_family starttls_family;
extern const struct check_family starttls_plaintext_family;
extern const struct check_family tls_family;
extern const struct check_family tls_versions_family;
extern const struct check_family tls_ciphers_family;
extern const struct check_family tls_order_family;
extern const struct check_family tls_groups_family;
extern const struct check_family tls_signatures_family;
extern const struct check_family tls_clients_family;
extern const struct check_family tls_feature_family;
extern const struct check_family tls_session_family;
extern const struct check_family vulnerability_hello_family;
extern const struct check_family vulnerability_probe_family;
extern const struct check_family certificate_family;
extern const struct check_family certificate_dates_family;
extern const struct check_family certificate_key_family;
extern const struct check_family certificate_chain_family;
extern const struct check_family certificate_names_family;
extern const struct check_family certificate_identity_family;
extern const struct check_family certificate_status_family;
extern const struct check_family dane_family;
extern const struct check_family dane_chains_family;
extern const struct check_family mta_sts_certificate_family;
extern const struct check_family session_family;
extern const struct check_family session_dialogue_family;
extern const struct check_family auth_family;
extern const struct check_family mail_family;
extern const struct check_family round_trip_family;
extern const struct check_family auth_login_family;
extern const struct check_family nodes_family;

#endif
