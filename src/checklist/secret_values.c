/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Declarations are checked when checklists are loaded; the environment or file is read when a value
 * is asked for.
 */
#include "secret_values.h"

#include <stdlib.h>
#include <string.h>

#include "base/core_dump.h"
#include "base/file_read.h"
#include "expand.h"
#include "members.h"
#include "reference.h"
#include "source.h"

#define SECRET_BYTES_MAX 4096

static void
check_origin(struct loader *loader, const struct json *secret)
{
	const struct json *env = json_member(secret, "env");
	const struct json *file = json_member(secret, "file");
	const struct json *origin = env != NULL ? env : file;

	if (origin != NULL && origin->type == JSON_STRING && origin->string[0] == '\0')
		loader_complain(loader, &origin->place, NULL, NULL, "\"%s\" is empty", origin->key);
	if ((env == NULL) == (file == NULL))
		loader_complain(loader, &secret->place, NULL, NULL,
			"a secret needs either \"env\" or \"file\"");
}

static void
complain_of_clear_value(struct loader *loader, const struct json *secret)
{
	loader_complain(loader, &secret->place, NULL,
		"write { \"env\": \"NAME\" } or { \"file\": \"PATH\" }",
		"a secret cannot stand in the checklist itself");
}

static void
declare(struct loader *loader, const struct source *source, const struct json *secret)
{
	struct declaration *declaration;

	if (!is_reference_name(secret->key, strlen(secret->key)))
		loader_complain(loader, &secret->key_place, NULL, NULL,
			"the name of a secret has letters, digits and '_', and no digit in front");
	if (secret->type == JSON_STRING)
		complain_of_clear_value(loader, secret);
	else if (members_check(loader, secret, &secret_form, NULL))
		check_origin(loader, secret);
	if (loader_declaration(loader, secret->key) != NULL)
		return;
	if (variable_value(loader, secret->key) != NULL)
		loader_complain(loader, &secret->key_place, NULL,
			"a secret comes from its \"env\" or \"file\" alone, never from --var",
			"\"%s\" is both a secret and a variable", secret->key);
	declaration = ARENA_ADD(loader->arena, loader->declarations, loader->declaration_count);
	*declaration =
		(struct declaration){ .name = secret->key, .json = secret, .source = source };
}

void
secret_values_declare(struct loader *loader)
{
	for (size_t i = loader->source_count; i > 0; i--) {
		const struct source *source = loader->sources[i - 1];
		const struct json *secrets = member_of_type(source->root, "secrets", JSON_OBJECT);

		for (const struct json *one = secrets == NULL ? NULL : secrets->child; one != NULL;
			one = one->next)
			declare(loader, source, one);
	}
}

static const char *
read_from_environment(struct loader *loader, const char *name, const struct json *env)
{
	const char *value = getenv(env->string);

	if (value != NULL && value[0] != '\0')
		return arena_strdup(loader->arena, value);
	if (loader->overlay->secrets_optional)
		return NULL;
	loader_complain(loader, &env->place, NULL, NULL,
		"the secret \"%s\" is not there: the environment variable %s is %s", name,
		env->string, value == NULL ? "not set" : "empty");
	return NULL;
}

static void
drop_newline(struct buf *text)
{
	if (text->len > 0 && text->data[text->len - 1] == '\n')
		text->data[--text->len] = '\0';
	if (text->len > 0 && text->data[text->len - 1] == '\r')
		text->data[--text->len] = '\0';
}

static const char *
read_from_file(
	struct loader *loader, const struct declaration *declaration, const struct json *file)
{
	const char *path = source_path(loader, declaration->source, file->string);
	struct error error = { 0 };
	const char *value = NULL;
	struct buf text;

	buf_init(&text, SECRET_BYTES_MAX);
	if (file_read(&text, path, &error)) {
		drop_newline(&text);
		if (text.len == 0)
			error_set(&error, "it is empty");
		else if (memchr(text.data, '\0', text.len) != NULL)
			error_set(&error, "it holds a NUL");
		else
			value = arena_strdup(loader->arena, text.data);
	}
	if (value == NULL && !loader->overlay->secrets_optional)
		loader_complain(loader, &file->place, NULL, NULL,
			"the secret \"%s\" cannot be read from %s: %s", declaration->name, path,
			error.text);
	buf_wipe(&text);
	return value;
}

static void
read_value(struct loader *loader, struct declaration *declaration)
{
	const struct json *env = member_of_type(declaration->json, "env", JSON_STRING);
	const struct json *file = member_of_type(declaration->json, "file", JSON_STRING);

	declaration->tried = true;
	core_dump_forbid();
	if (env != NULL)
		declaration->value = read_from_environment(loader, declaration->name, env);
	else if (file != NULL)
		declaration->value = read_from_file(loader, declaration, file);
	if (declaration->value != NULL)
		secrets_add(&loader->checklist->secrets, loader->arena, declaration->name,
			declaration->value);
	else if (loader->overlay->secrets_optional)
		declaration->value = arena_printf(loader->arena, "${%s}", declaration->name);
}

/* The value, which no output will show from now on. NULL when it cannot be read, which was reported,
 * or when the loader is lenient. Where secrets are optional, its reference stands for one that is
 * not there. */
static const char *
secret_value(struct loader *loader, const char *name)
{
	struct declaration *declaration = loader_declaration(loader, name);

	if (declaration == NULL || loader->lenient)
		return NULL;
	if (!declaration->tried)
		read_value(loader, declaration);
	return declaration->value;
}

bool
secret_refer(struct loader *loader, const struct place *place, const char *name, const char **value)
{
	struct names_offered offered;

	*value = NULL;
	if (loader_declaration(loader, name) != NULL) {
		*value = secret_value(loader, name);
		return true;
	}
	names_offered_init(&offered, name);
	for (size_t i = 0; i < loader->declaration_count; i++)
		names_offered_add(&offered, loader->declarations[i].name);
	names_offered_complain(loader, &offered, place,
		names_offered_note(&offered, loader->arena, "secrets"),
		variable_value(loader, name) == NULL
			? "no secret \"%s\" is declared in \"secrets\""
			: "\"%s\" is a variable; this must be an entry of \"secrets\"",
		name);
	return false;
}
