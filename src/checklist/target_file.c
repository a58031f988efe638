/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads certificates and key of a target that is a file; the key is compared at once and forgotten.
 */
#include "target_file.h"

#include <string.h>

#include "base/clock.h"
#include "base/core_dump.h"
#include "base/file_read.h"
#include "expand.h"
#include "input_file.h"
#include "members.h"
#include "source.h"
#include "x509/cert.h"
#include "x509/pem.h"
#include "x509/private_key.h"

static const char chain_key[] = "certificate_file";
static const char private_key[] = "private_key_file";
static const char date_key[] = "at";

bool
target_is_file(const struct json *json)
{
	return json_member(json, chain_key) != NULL;
}

void
target_file_forbid(struct loader *loader, const struct json *json)
{
	const char *const keys[] = { private_key, date_key };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct json *member = json_member(json, keys[i]);

		if (member != NULL)
			loader_complain(loader, &member->key_place, NULL, NULL,
				"\"%s\" has no effect without \"%s\"", keys[i], chain_key);
	}
}

/* What says how to reach a server. */
static void
forbid_endpoint(struct loader *loader, const struct json *json)
{
	for (const struct member *row = target_defaults_form.members; row->key != NULL; row++) {
		const struct json *member = json_member(json, row->key);

		if (member != NULL && row->key[0] != '$')
			loader_complain(loader, &member->key_place, NULL,
				"the certificates are read from the file, no server is asked",
				"\"%s\" has no effect beside \"%s\"", row->key, chain_key);
	}
}

/* The path of a file, expanded; NULL, with a problem unless there is none. */
static const char *
path_of(struct loader *loader, const struct json *member)
{
	const char *path = member == NULL ? NULL : expand(loader, member);

	if (path != NULL && path[0] == '\0') {
		loader_complain(loader, &member->place, NULL, NULL, "\"%s\" is empty", member->key);
		return NULL;
	}
	return path;
}

static void
load_chain(struct loader *loader, const struct json *member, struct target *target)
{
	struct error error = { 0 };
	struct pem_certs certs;
	struct span text;

	if (!input_file_load(loader, member, target->certificate_file, &text))
		return;
	if (pem_read_certs(&certs, (const char *)text.data, text.len, loader->arena, &error) &&
		certs.count == 0)
		error_set(&error, "it holds no certificate in PEM form");
	if (error_is_set(&error))
		loader_complain(loader, &member->place, NULL, NULL, "%s: %s",
			target->certificate_file, error.text);
	target->chain = certs.der;
	target->chain_count = certs.count;
}

/* The key is looked at here and not kept. */
static void
compare_key(
	const struct buf *text, struct loader *loader, struct target *target, struct error *error)
{
	struct error ignored = { 0 };
	struct cert leaf;

	target->has_key = true;
	if (target->chain_count != 0 &&
		cert_parse(&leaf, target->chain[0], loader->arena, &ignored))
		target->key_matches = private_key_compare(text->data, text->len, &leaf.key,
					      error) == PRIVATE_KEY_MATCHES;
}

static void
load_key(struct loader *loader, const struct json *json, struct target *target)
{
	const struct json *member = member_of_type(json, private_key, JSON_STRING);
	const char *path = path_of(loader, member);
	struct error error = { 0 };
	struct buf text;

	if (path == NULL || loader->lenient)
		return;
	core_dump_forbid();
	buf_init(&text, PRIVATE_KEY_MAX);
	if (file_read(&text, source_path(loader, loader_main(loader), path), &error))
		compare_key(&text, loader, target, &error);
	buf_wipe(&text);
	buf_release(&text);
	if (error_is_set(&error))
		loader_complain(loader, &member->place, NULL, NULL,
			"%s cannot serve as a private key: %s", path, error.text);
}

static void
load_date(struct loader *loader, const struct json *json, struct target *target)
{
	const struct json *member = member_of_type(json, date_key, JSON_STRING);
	const char *text = member == NULL ? NULL : expand(loader, member);

	if (text == NULL)
		return;
	target->has_date = clock_parse_date(text, &target->date);
	if (!target->has_date)
		loader_complain(loader, &member->place, NULL,
			"a date alone stands for its first second in UTC",
			"\"at\" must be a date that exists, as YYYY-MM-DD, or with the time and "
			"its offset, as YYYY-MM-DDTHH:MM:SSZ or ...+02:00 (RFC 3339)");
}

void
target_file_load(struct loader *loader, const struct json *json, struct target *target)
{
	const struct json *member = member_of_type(json, chain_key, JSON_STRING);

	forbid_endpoint(loader, json);
	target->certificate_file = path_of(loader, member);
	if (target->certificate_file != NULL && !loader->lenient)
		load_chain(loader, member, target);
	load_key(loader, json, target);
	load_date(loader, json, target);
	if (target->name == NULL)
		target->name = target->certificate_file;
}
