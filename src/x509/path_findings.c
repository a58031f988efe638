/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes findings as "place: RFC clause: fact", with names and hints by kind, and weighs paths by
 * them.
 */
#include <stdarg.h>
#include <stddef.h>

#include "base/names.h"
#include "path_rules.h"

static const struct name_code kind_names[] = {
	{ "Malformed", PATH_MALFORMED },
	{ "Version", PATH_VERSION },
	{ "UnknownCritical", PATH_UNKNOWN_CRITICAL },
	{ "LeafExpired", PATH_LEAF_EXPIRED },
	{ "LeafNotYetValid", PATH_LEAF_NOT_YET_VALID },
	{ "CaExpired", PATH_CA_EXPIRED },
	{ "CaNotYetValid", PATH_CA_NOT_YET_VALID },
	{ "WeakKey", PATH_WEAK_KEY },
	{ "ExplicitCurve", PATH_EXPLICIT_CURVE },
	{ "WeakSignature", PATH_WEAK_SIGNATURE },
	{ "BadSignature", PATH_BAD_SIGNATURE },
	{ "IssuerMissing", PATH_ISSUER_MISSING },
	{ "SelfSignedLeaf", PATH_SELF_SIGNED_LEAF },
	{ "UntrustedRoot", PATH_UNTRUSTED_ROOT },
	{ "NotACa", PATH_NOT_A_CA },
	{ "PathLength", PATH_LENGTH },
	{ "KeyUsage", PATH_KEY_USAGE },
	{ "ExtendedKeyUsage", PATH_EXTENDED_KEY_USAGE },
	{ "NameConstraints", PATH_NAME_CONSTRAINTS },
	{ "Policy", PATH_POLICY },
	{ "Profile", PATH_PROFILE },
	{ "Budget", PATH_BUDGET },
	{ "BeyondLimits", PATH_LIMIT },
	{ NULL, 0 },
};

/* What to do about it, where the kind alone tells. */
static const struct name_code hints[] = {
	{ "renew the certificate, and let the server load it", PATH_LEAF_EXPIRED },
	{ "wait until then, or look at the clocks", PATH_LEAF_NOT_YET_VALID },
	{ "let the server send the CA's current certificate, and drop the old one",
		PATH_CA_EXPIRED },
	{ "have the certificate issued for a key of RSA with 2048 bits or more, P-256, P-384, "
	  "P-521, Ed25519 or Ed448",
		PATH_WEAK_KEY },
	{ "have the certificate issued for a key that names its curve", PATH_EXPLICIT_CURVE },
	{ "have the certificate issued again, with SHA-256 or better", PATH_WEAK_SIGNATURE },
	{ "have the certificate issued again, for TLS servers (extKeyUsage serverAuth)",
		PATH_EXTENDED_KEY_USAGE },
	{ "have the certificate issued by a CA that may certify these names",
		PATH_NAME_CONSTRAINTS },
	{ "have the chain judged by a build whose wolfSSL computes with longer keys, or have the "
	  "certificate issued by an authority whose key is shorter",
		PATH_LIMIT },
	{ NULL, 0 },
};

const char *
path_problem_name(enum path_problem_kind kind)
{
	return name_of(kind_names, (int)kind);
}

/* A path with a broken end explains less than one with a fault on the way to an anchor; a
 * signature that does not fit explains least, since names alone led there. */
static unsigned
weight_of(enum path_problem_kind kind)
{
	if (kind == PATH_BAD_SIGNATURE)
		return 12;
	if (kind == PATH_ISSUER_MISSING || kind == PATH_UNTRUSTED_ROOT ||
		kind == PATH_SELF_SIGNED_LEAF || kind == PATH_BUDGET)
		return 8;
	return 2;
}

static const char *
where(struct arena *arena, const struct path_place *place)
{
	const char *name =
		place->cert == NULL ? "unreadable" : cert_name_text(arena, place->cert->subject);

	switch (place->role) {
	case ROLE_LEAF:
	case ROLE_TRUSTED_LEAF:
		return arena_printf(arena, "leaf (%s)", name);
	case ROLE_INTERMEDIATE:
		return arena_printf(arena, "intermediate %d (%s)", place->position, name);
	case ROLE_ANCHOR:
		break;
	}
	return arena_printf(arena, "trust anchor (%s)", name);
}

void
findings_add(struct path_findings *findings, enum path_problem_kind kind,
	const struct path_place *place, const char *clause, const char *format, ...)
{
	struct arena *arena = findings->arena;
	va_list args;
	char *fact;

	findings->weight += weight_of(kind);
	if (arena == NULL) {
		findings->count++;
		return;
	}
	va_start(args, format);
	fact = arena_vprintf(arena, format, args);
	va_end(args);
	*ARENA_ADD(arena, findings->problems, findings->count) = (struct path_problem){
		.kind = kind,
		.position = place->position,
		.text = clause == NULL ? arena_printf(arena, "%s: %s", where(arena, place), fact)
				       : arena_printf(arena, "%s: RFC 5280 section %s: %s",
						 where(arena, place), clause, fact),
		.hint = name_of(hints, (int)kind),
	};
}

void
findings_hint(struct path_findings *findings, const char *format, ...)
{
	va_list args;

	if (findings->arena == NULL || findings->count == 0)
		return;
	va_start(args, format);
	findings->problems[findings->count - 1].hint = arena_vprintf(findings->arena, format, args);
	va_end(args);
}
