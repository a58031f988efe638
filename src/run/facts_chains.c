/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The certificates among the facts: one chain for each that the target showed.
 */
#include "base/text.h"
#include "facts.h"
#include "x509/cert.h"
#include "x509/pem.h"

/* A certificate of PEM_CERT_MAX bytes in base64, with its lines. */
#define PEM_TEXT_MAX ((size_t)2 * PEM_CERT_MAX)

static const char *
encoded(const struct cleaner *cleaner, struct span bytes,
	void (*add)(struct buf *out, const void *bytes, size_t len))
{
	struct buf text;
	const char *copy;

	buf_init(&text, 2 * PEM_CERT_MAX);
	add(&text, bytes.data, bytes.len);
	copy = arena_strdup(cleaner->arena, text.data);
	buf_release(&text);
	return copy;
}

static const char *
pem_of(const struct cleaner *cleaner, struct span der)
{
	struct buf text;
	const char *copy;

	buf_init(&text, PEM_TEXT_MAX);
	pem_add_cert(&text, der);
	copy = cleaner_transcript(cleaner, text.data, text.dropped);
	buf_release(&text);
	return copy;
}

static void
add_names(struct facts_list *list, const struct cert *cert, const struct cleaner *cleaner)
{
	struct cursor names = cert_names(cert);

	while (names.left != 0) {
		struct general_name name = general_name_read(&names);
		struct buf text;

		if (names.broken)
			return;
		buf_init(&text, 4096);
		general_name_add_text(&text, &name);
		facts_list_add(list, cleaner, text.data);
		buf_release(&text);
	}
}

static struct facts_certificate
certificate_of(struct span der, const struct cleaner *cleaner)
{
	struct facts_certificate facts = { .pem = pem_of(cleaner, der) };
	struct error error = { .text = "" };
	uint8_t digest[SHA256_LEN];
	struct cert cert;

	sha256(digest, der);
	facts.sha256 = encoded(cleaner, (struct span){ digest, sizeof(digest) }, text_add_hex);
	if (!cert_parse(&cert, der, cleaner->scratch, &error)) {
		facts.problem = arena_strdup(cleaner->arena, error.text);
		return facts;
	}
	facts.subject = cleaner_text(cleaner, cert_name_text(cleaner->scratch, cert.subject));
	facts.issuer = cleaner_text(cleaner, cert_name_text(cleaner->scratch, cert.issuer));
	facts.serial = encoded(cleaner, cert.serial, text_add_hex);
	add_names(&facts.names, &cert, cleaner);
	facts.not_before = cert.not_before;
	facts.not_after = cert.not_after;
	facts.key = public_key_text(&cert.key, cleaner->arena);
	facts.signature = cert.algorithm.name;
	cert_spki_sha256(digest, &cert);
	facts.spki_sha256 =
		encoded(cleaner, (struct span){ digest, sizeof(digest) }, text_add_base64);
	return facts;
}

static void
add_chain(struct facts *facts, const struct peer *peer, const struct cleaner *cleaner)
{
	struct facts_chain *chain = ARENA_ADD(cleaner->arena, facts->chains, facts->chain_count);

	*chain = (struct facts_chain){ .proven = peer->proven,
		.trusted = peer->judged && peer->path.trusted,
		.names_host = peer->judged && peer->names_host };
	for (size_t i = 0; peer->judged && i < peer->path.problem_count; i++)
		facts_list_add(&chain->problems, cleaner, peer->path.problems[i].text);
	for (size_t i = 0; i < peer->chain_count; i++)
		*ARENA_ADD(cleaner->arena, chain->certificates, chain->count) =
			certificate_of(peer->chain[i], cleaner);
}

void
facts_add_chains(
	struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner)
{
	size_t count;
	const struct peer **peers = evidence_peers(evidence, cleaner->scratch, &count);

	for (size_t i = 0; i < count; i++)
		add_chain(facts, peers[i], cleaner);
}
