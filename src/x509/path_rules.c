/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of rules, for which role each is, its clause, the predicate that breaks it and what to
 * say.
 */
#include "path_rules.h"

#include "base/clock.h"
#include "der.h"
#include "dn.h"

#define RSA_BITS_MIN 2048
#define SERIAL_MAX 20
#define FACT_MAX 256

/* No rule forbids it; only we cannot verify with it. */
static bool
is_beyond_limits(const struct public_key *key)
{
	return key->kind == KEY_RSA && key->bits > signature_rsa_bits_max();
}

bool
path_key_is_accepted(const struct public_key *key)
{
	switch (key->kind) {
	case KEY_RSA:
		return key->bits >= RSA_BITS_MIN && !is_beyond_limits(key);
	case KEY_P256:
	case KEY_P384:
	case KEY_P521:
	case KEY_ED25519:
	case KEY_ED448:
		return true;
	case KEY_UNKNOWN:
	case KEY_RSA_PSS:
	case KEY_EC_OTHER:
	case KEY_EC_EXPLICIT:
	case KEY_DSA:
	case KEY_MALFORMED:
		return false;
	}
	return false;
}

/* Each predicate says whether a certificate breaks the rule of that name. */

static bool
is_malformed(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->malformed != NULL;
}

static bool
has_two_algorithms(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->algorithms_differ;
}

static bool
is_old_version(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->version != 3;
}

static bool
has_unknown_critical(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->unknown_critical.len != 0;
}

/* Both ends belong to the validity. */
static bool
is_expired(const struct cert *cert, int64_t at)
{
	return at > cert->not_after;
}

static bool
is_not_yet_valid(const struct cert *cert, int64_t at)
{
	return at < cert->not_before;
}

static bool
has_explicit_curve(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->key.kind == KEY_EC_EXPLICIT;
}

static bool
has_weak_key(const struct cert *cert, int64_t at)
{
	return !path_key_is_accepted(&cert->key) && !is_beyond_limits(&cert->key) &&
	       !has_explicit_curve(cert, at);
}

static bool
has_unusable_key(const struct cert *cert, int64_t at)
{
	(void)at;
	return is_beyond_limits(&cert->key);
}

static bool
has_weak_signature(const struct cert *cert, int64_t at)
{
	(void)at;
	return !signature_algorithm_is_accepted(&cert->algorithm);
}

static bool
has_no_ca_flag(const struct cert *cert, int64_t at)
{
	(void)at;
	return !cert->basic_constraints.present;
}

static bool
is_no_ca(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->basic_constraints.present && !cert->is_ca;
}

static bool
has_loose_ca_flag(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->is_ca && !cert->basic_constraints.critical;
}

static bool
may_not_sign(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->key_usage.present && (cert->usages & KEY_USAGE_KEY_CERT_SIGN) == 0;
}

static bool
signs_without_ca(const struct cert *cert, int64_t at)
{
	(void)at;
	return (cert->usages & KEY_USAGE_KEY_CERT_SIGN) != 0 && !cert->is_ca;
}

static bool
is_not_for_servers(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->extended_key_usage.present && (cert->purposes & PURPOSE_SERVER_AUTH) == 0;
}

/* The RFC leaves EKU in a CA open; every client takes it to limit what the CA may issue. */
static bool
is_ca_for_others(const struct cert *cert, int64_t at)
{
	return is_not_for_servers(cert, at) && (cert->purposes & PURPOSE_ANY) == 0;
}

static bool
constrains_without_ca(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->name_constraints.present && !cert->is_ca;
}

static bool
has_no_positive_serial(const struct cert *cert, int64_t at)
{
	(void)at;
	return (cert->serial.data[0] & 0x80) != 0 ||
	       (cert->serial.len == 1 && cert->serial.data[0] == 0);
}

static bool
has_long_serial(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->serial.len > SERIAL_MAX;
}

static bool
has_empty_issuer(const struct cert *cert, int64_t at)
{
	(void)at;
	return dn_is_empty(cert->issuer);
}

static bool
has_empty_subject(const struct cert *cert, int64_t at)
{
	(void)at;
	return dn_is_empty(cert->subject);
}

static bool
has_loose_names(const struct cert *cert, int64_t at)
{
	return has_empty_subject(cert, at) && !cert->subject_alt_name.critical;
}

static bool
has_loose_policy(const struct cert *cert, int64_t at)
{
	(void)at;
	return cert->policy_constraints.present && !cert->policy_constraints.critical;
}

/* Facts that are not the same for every certificate. */

static void
tell_malformed(struct buf *fact, const struct cert *cert, int64_t at)
{
	(void)at;
	buf_add_string(fact, cert->malformed);
}

static void
tell_version(struct buf *fact, const struct cert *cert, int64_t at)
{
	(void)at;
	buf_addf(fact, "version %d, not 3", cert->version);
}

static void
tell_unknown_critical(struct buf *fact, const struct cert *cert, int64_t at)
{
	(void)at;
	buf_add_string(fact, "critical extension that is not known, or may not be critical: ");
	der_add_oid(fact, cert->unknown_critical);
}

static void
tell_end(struct buf *fact, const struct cert *cert, int64_t at)
{
	char end[CLOCK_DATE_MAX], now[CLOCK_DATE_MAX];

	clock_format_date(end, cert->not_after);
	clock_format_date(now, at);
	buf_addf(fact, "expired: valid until %sZ, judged at %sZ", end, now);
}

static void
tell_start(struct buf *fact, const struct cert *cert, int64_t at)
{
	char start[CLOCK_DATE_MAX], now[CLOCK_DATE_MAX];

	clock_format_date(start, cert->not_before);
	clock_format_date(now, at);
	buf_addf(fact, "not yet valid: valid from %sZ, judged at %sZ", start, now);
}

static void
tell_key(struct buf *fact, const struct cert *cert, int64_t at)
{
	(void)at;
	buf_add_string(fact, public_key_name(cert->key.kind));
	if (cert->key.kind == KEY_RSA)
		buf_addf(fact, " key of %u bits (accepted: %d or more)", cert->key.bits,
			RSA_BITS_MIN);
	else
		buf_add_string(fact, " is not accepted");
}

static void
tell_limit(struct buf *fact, const struct cert *cert, int64_t at)
{
	(void)at;
	buf_addf(fact,
		"RSA key of %u bits: this build verifies signatures of up to %u bits, so those made "
		"with it are not known to be good or bad",
		cert->key.bits, signature_rsa_bits_max());
}

static void
tell_algorithm(struct buf *fact, const struct cert *cert, int64_t at)
{
	(void)at;
	buf_add_string(fact, "signature algorithm ");
	if (cert->algorithm.name != NULL)
		buf_add_string(fact, cert->algorithm.name);
	else
		der_add_oid(fact, cert->algorithm.oid);
	buf_add_string(fact, " is not accepted");
}

#define LEAVES (ROLE_LEAF | ROLE_TRUSTED_LEAF)
#define EVERYONE (LEAVES | ROLE_INTERMEDIATE | ROLE_ANCHOR)
#define ISSUERS (ROLE_INTERMEDIATE | ROLE_ANCHOR)
#define SENT (ROLE_LEAF | ROLE_INTERMEDIATE)

/* An anchor's signature and serial number do not matter: it is trusted for being in the store. */
static const struct rule {
	enum path_problem_kind kind;
	unsigned roles;
	const char *clause;
	bool (*is_broken)(const struct cert *cert, int64_t at);
	const char *fact;
	void (*tell)(struct buf *fact, const struct cert *cert, int64_t at); /* without a fact */
} rules[] = {
	{ PATH_MALFORMED, EVERYONE, "4.2", is_malformed, NULL, tell_malformed },
	{ PATH_MALFORMED, EVERYONE, "4.1.1.2", has_two_algorithms,
		"signatureAlgorithm is not the algorithm named in the signed part", NULL },
	{ PATH_VERSION, EVERYONE, "4.1.2.1", is_old_version, NULL, tell_version },
	{ PATH_UNKNOWN_CRITICAL, EVERYONE, "4.2", has_unknown_critical, NULL,
		tell_unknown_critical },
	{ PATH_LEAF_EXPIRED, LEAVES, "4.1.2.5", is_expired, NULL, tell_end },
	{ PATH_LEAF_NOT_YET_VALID, LEAVES, "4.1.2.5", is_not_yet_valid, NULL, tell_start },
	{ PATH_CA_EXPIRED, ISSUERS, "4.1.2.5", is_expired, NULL, tell_end },
	{ PATH_CA_NOT_YET_VALID, ISSUERS, "4.1.2.5", is_not_yet_valid, NULL, tell_start },
	{ PATH_EXPLICIT_CURVE, EVERYONE, "4.1.2.7", has_explicit_curve,
		"EC key with its curve written out instead of named", NULL },
	{ PATH_WEAK_KEY, EVERYONE, "4.1.2.7", has_weak_key, NULL, tell_key },
	{ PATH_LIMIT, ISSUERS, NULL, has_unusable_key, NULL, tell_limit },
	{ PATH_WEAK_SIGNATURE, SENT, "4.1.1.2", has_weak_signature, NULL, tell_algorithm },
	{ PATH_NOT_A_CA, ISSUERS, "4.2.1.9", has_no_ca_flag,
		"it issued a certificate but is no CA: no basicConstraints", NULL },
	{ PATH_NOT_A_CA, ISSUERS, "4.2.1.9", is_no_ca,
		"it issued a certificate but is no CA: basicConstraints say so", NULL },
	{ PATH_PROFILE, ROLE_INTERMEDIATE, "4.2.1.9", has_loose_ca_flag,
		"basicConstraints of a CA are not critical", NULL },
	{ PATH_KEY_USAGE, ISSUERS, "4.2.1.3", may_not_sign, "keyUsage without keyCertSign", NULL },
	{ PATH_KEY_USAGE, LEAVES, "4.2.1.3", signs_without_ca,
		"keyUsage with keyCertSign, but it is no CA", NULL },
	{ PATH_EXTENDED_KEY_USAGE, LEAVES, "4.2.1.12", is_not_for_servers,
		"extKeyUsage without serverAuth", NULL },
	{ PATH_EXTENDED_KEY_USAGE, ISSUERS, "4.2.1.12", is_ca_for_others,
		"extKeyUsage of a CA without serverAuth or anyExtendedKeyUsage", NULL },
	{ PATH_NAME_CONSTRAINTS, LEAVES, "4.2.1.10", constrains_without_ca,
		"nameConstraints in a certificate that is no CA", NULL },
	{ PATH_PROFILE, SENT, "4.1.2.2", has_no_positive_serial,
		"serial number that is not positive", NULL },
	{ PATH_PROFILE, SENT, "4.1.2.2", has_long_serial, "serial number of more than 20 bytes",
		NULL },
	{ PATH_PROFILE, EVERYONE, "4.1.2.4", has_empty_issuer, "empty issuer", NULL },
	{ PATH_PROFILE, ISSUERS, "4.1.2.6", has_empty_subject, "empty subject of a CA", NULL },
	{ PATH_PROFILE, LEAVES, "4.2.1.6", has_loose_names,
		"empty subject, and no critical subjectAltName", NULL },
	{ PATH_PROFILE, ISSUERS, "4.2.1.11", has_loose_policy, "policyConstraints are not critical",
		NULL },
};

static void
add_broken(struct path_findings *findings, const struct rule *rule, const struct path_place *place,
	int64_t at)
{
	struct buf fact;

	buf_init(&fact, FACT_MAX);
	if (rule->fact != NULL)
		buf_add_string(&fact, rule->fact);
	else
		rule->tell(&fact, place->cert, at);
	findings_add(findings, rule->kind, place, rule->clause, "%s", fact.data);
	buf_release(&fact);
}

void
path_check_place(const struct path_place *place, int64_t at, struct path_findings *findings)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if ((rules[i].roles & place->role) != 0 && rules[i].is_broken(place->cert, at))
			add_broken(findings, &rules[i], place, at);
}
