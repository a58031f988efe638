/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the certificate and the key of the gate itself, once for all targets that have them of the same
 * defaults. The key is shown nowhere.
 */
#include "target_identity.h"

#include "base/core_dump.h"
#include "base/file_read.h"
#include "checklist/overlay.h"
#include "expand.h"
#include "input_file.h"
#include "net/tls_handshake.h"
#include "source.h"
#include "x509/cert.h"
#include "x509/pem.h"
#include "x509/private_key.h"

/* The path of a file, expanded; NULL, with a problem, when it is empty. */
static const char *
path_of(struct loader *loader, const struct json *member)
{
	const char *path = expand(loader, member);

	if (path != NULL && path[0] == '\0') {
		loader_complain(loader, &member->place, NULL, NULL, "\"%s\" is empty", member->key);
		return NULL;
	}
	return path;
}

/* The certificates, and the first of them parsed. */
static bool
load_chain(struct loader *loader, const struct json *member, struct tls_identity *identity,
	struct cert *leaf)
{
	const char *path = path_of(loader, member);
	struct error error = { 0 };
	struct pem_certs certs;

	if (path == NULL || !input_file_load(loader, member, path, &identity->chain))
		return false;
	if (pem_read_certs(&certs, (const char *)identity->chain.data, identity->chain.len,
		    loader->arena, &error)) {
		if (certs.count == 0)
			error_set(&error, "it holds no certificate in PEM form");
		else
			cert_parse(leaf, certs.der[0], loader->arena, &error);
	}
	if (error_is_set(&error))
		loader_complain(loader, &member->place, NULL, NULL,
			"%s cannot serve as a client certificate: %s", path, error.text);
	return !error_is_set(&error);
}

static void
compare(const struct tls_identity *identity, const struct cert *leaf, struct error *error)
{
	if (private_key_compare((const char *)identity->key.data, identity->key.len, &leaf->key,
		    error) == PRIVATE_KEY_DIFFERS)
		error_set(error, "it does not belong to the certificate");
}

static bool
load_key(struct loader *loader, const struct json *member, struct tls_identity *identity,
	const struct cert *leaf)
{
	const char *path = path_of(loader, member);
	const struct source *source = loader_source(loader, member->place.file);
	struct error error = { 0 };
	struct buf text;
	bool found;

	if (path == NULL)
		return false;
	core_dump_forbid();
	buf_init(&text, PRIVATE_KEY_MAX);
	found = file_read(&text, source_path(loader, source, path), &error);
	if (found) {
		identity->key.data = arena_memdup(loader->arena, text.data, text.len);
		identity->key.len = text.len;
		compare(identity, leaf, &error);
	}
	buf_wipe(&text);
	if (error_is_set(&error) && (found || !loader->overlay->secrets_optional))
		loader_complain(loader, &member->place, NULL, NULL,
			"%s cannot serve as the key of the client certificate: %s", path,
			error.text);
	return !error_is_set(&error) || loader->overlay->secrets_optional;
}

static const struct tls_identity *
load(struct loader *loader, const struct json *certificate, const struct json *key)
{
	struct tls_identity *identity = arena_alloc(loader->arena, sizeof(*identity));
	struct cert leaf;

	return load_chain(loader, certificate, identity, &leaf) &&
			       load_key(loader, key, identity, &leaf)
		       ? identity
		       : NULL;
}

const struct tls_identity *
target_identity_load(struct loader *loader, const struct json *certificate, const struct json *key)
{
	const struct json *alone = certificate != NULL ? certificate : key;

	if (alone == NULL || loader->lenient)
		return NULL;
	if (certificate == NULL || key == NULL) {
		loader_complain(loader, &alone->key_place, NULL, NULL,
			"\"client_certificate\" and \"client_key\" go together");
		return NULL;
	}
	if (loader->identity_members[0] != certificate || loader->identity_members[1] != key) {
		loader->identity_members[0] = certificate;
		loader->identity_members[1] = key;
		loader->identity = load(loader, certificate, key);
	}
	return loader->identity;
}
