/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dane_view: what judges of DANE look at: the TLSA records that senders go by, and what becomes of them for
 * a chain.
 */
#ifndef GATE_CHECKS_DANE_VIEW_H
#define GATE_CHECKS_DANE_VIEW_H

#include "checks/ask.h"
#include "evidence/evidence.h"
#include "evidence/finding.h"
#include "probe/tlsa_probe.h"
#include "x509/tlsa.h"

/* The parameter of all rows, "tlsa_port". */
#define TLSA_PORT_PARAM                                                                       \
	{                                                                                     \
		.name = "tlsa_port", .type = PARAM_NUMBER, .minimum = 1, .maximum = 65535,    \
		.help = "The port in the name of the TLSA records, if it is not that of the " \
			"target: 25 for a server that is going to take mail there.",          \
		.example = "25",                                                              \
	}

/* Asks for the TLSA records of the port that the arguments give, or of the target's. */
void ask_tlsa(const struct arguments *arguments, struct questions *questions);

struct dane_view {
	const struct tlsa_lookup *lookup;
	const struct tlsa_record *records; /* in the arena of the finding, as is all else */
	size_t count;
	size_t malformed; /* records beside them that are none: senders leave them out */
	size_t usable; /* distinct ones that senders take into account; 0: of mail servers none are */
};

/* Whether senders find records that they go by. False with the finding written, mostly for CAUSE_TLSA,
 * where they do not or it is not known. */
bool view_tlsa(struct dane_view *view, const struct arguments *arguments,
	const struct evidence *evidence, struct finding *finding);

/* Whether what does not match may match all the same: the records have usages 0 or 1, which count where no
 * mail is handed over between servers (RFC 7671 section 5.3), and which are not judged here. */
bool has_pkix_usage(const struct dane_view *view);

/* Holds the records against a chain, or a key where `chain_count` is 0. */
struct tlsa_verdict view_verdict(const struct dane_view *view, const struct evidence *evidence,
	const struct tlsa_query *shown, struct arena *arena);

/* "3 1 1 8cb0fc6c...": a long one is cut. */
const char *record_shown(struct arena *arena, const struct tlsa_record *record);

/* All of them, with "; " between; `verdict` tells what became of each, NULL: nothing is said of it. */
const char *records_shown(
	struct arena *arena, const struct dane_view *view, const struct tlsa_verdict *verdict);

/* "_25._tcp.mail.example.org. IN TLSA 3 1 1 8cb0fc6c...": the line to publish for a leaf; NULL when that
 * cannot be read. */
const char *line_to_publish(struct arena *arena, const struct dane_view *view, struct span leaf);

/* The same for all certificates that the server showed, with "; " between; NULL: none. */
const char *lines_to_publish(
	struct arena *arena, const struct dane_view *view, const struct evidence *evidence);

#endif
