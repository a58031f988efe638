/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * groups: the groups of the (EC)DHE key exchange (IANA "TLS Supported Groups").
 */
#ifndef GATE_WIRE_GROUPS_H
#define GATE_WIRE_GROUPS_H

#include "base/names.h"
#include "wire/tls_names.h"

enum group {
	GROUP_SECP256R1 = 23,
	GROUP_SECP384R1 = 24,
	GROUP_SECP521R1 = 25,
	GROUP_X25519 = 29,
	GROUP_X448 = 30,
	GROUP_FFDHE2048 = 256,
	GROUP_MLKEM512 = 512,
	GROUP_SECP256R1_MLKEM768 = 4587,
	GROUP_X25519_MLKEM768 = 4588,
	GROUP_SECP384R1_MLKEM1024 = 4589,
};

/* "x25519", "secp256r1", "ffdhe2048", "X25519MLKEM768" and the like, IANA's spelling. */
extern const struct name_code group_names[];

/* A group by IANA's name or by the one that OpenSSL and NIST use ("P-256", "prime256v1"),
 * without regard to case; false when no group has it. */
bool group_by_name(const char *name, uint16_t *group);

/* Whether the group is one of RFC 7919, for DHE. */
bool group_is_finite_field(uint16_t group);

/* Adds all groups of the registry that the versions from minimum to maximum (enum tls_version)
 * can use, the usual ones first. ML-KEM needs TLS 1.3; TLS 1.3 left out the curves that RFC 8446
 * section 4.2.7 calls obsolete. */
void group_add_all(struct tls_codes *groups, uint16_t minimum, uint16_t maximum);

#endif
