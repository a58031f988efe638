/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fills a trust store from the system's file and from the files and directories that "trust" names.
 */
#include "trust_files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file_read.h"
#include "base/open_files.h"
#include "expand.h"
#include "members.h"
#include "source.h"
#include "x509/trust.h"

/* Largest file of authorities in bytes; that of a usual system has a quarter of a megabyte. */
#define CA_BYTES_MAX (8 * 1024 * 1024)

static const char no_certificate[] = "it holds no certificate in PEM form";

static const char system_file[] = "/etc/ssl/certs/ca-certificates.crt";

/* Adds the certificates of a PEM file, of which there must be one at least. */
static bool
add_file(struct trust_store *store, const char *path, struct error *error)
{
	size_t found = 0;
	struct buf text;

	buf_init(&text, CA_BYTES_MAX);
	if (file_read(&text, path, error) &&
		trust_store_add_pem(store, text.data, text.len, &found, error) && found == 0)
		error_set(error, "%s", no_certificate);
	buf_release(&text);
	return !error_is_set(error);
}

static bool
is_regular(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Each file of the directory that holds certificates in PEM form; other files, and those that
 * cannot be read, are none of it. There must be one certificate at least. */
static bool
add_directory(struct trust_store *store, const char *path, struct error *error)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	bool any = false;

	if (directory == NULL)
		return error_set(error, "%s", open_files_strerror(errno));
	while ((entry = readdir(directory)) != NULL) {
		struct error ignored = { 0 };
		char file[PATH_MAX];
		int len = snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);

		if (entry->d_name[0] != '.' && len > 0 && (size_t)len < sizeof(file) &&
			is_regular(file))
			any = add_file(store, file, &ignored) || any;
	}
	closedir(directory);
	return any || error_set(error, "no file in it holds a certificate in PEM form");
}

static void
add_given(struct loader *loader, const char *path, const struct place *place, const char *what,
	bool (*add)(struct trust_store *, const char *, struct error *))
{
	struct error error = { 0 };

	if (!add(loader->checklist->trust, path, &error))
		loader_complain(loader, place, NULL, NULL,
			"%s%s cannot serve as a %s of trusted authorities: %s",
			place == NULL ? "--ca-file: " : "", path, what, error.text);
}

/* What a member of "trust" names; nothing when it is not there. */
static void
add_member(struct loader *loader, const struct json *member, const char *what,
	bool (*add)(struct trust_store *, const char *, struct error *))
{
	const char *path = member != NULL ? expand(loader, member) : NULL;

	if (path != NULL)
		add_given(loader, source_path(loader, loader_main(loader), path), &member->place,
			what, add);
}

/* Adds the certificates of a PEM file that can be read, of which there must be one. */
static bool
add_bundle(struct trust_store *store, const char *path, struct error *error)
{
	struct buf text;
	bool any;

	buf_init(&text, CA_BYTES_MAX);
	any = file_read(&text, path, error) && trust_store_add_bundle(store, &text, error);
	buf_release(&text);
	return any || error_set(error, "%s", no_certificate);
}

/* SSL_CERT_FILE names the file where it is elsewhere, as it does for OpenSSL. */
static const char *
system_path(void)
{
	const char *given = getenv("SSL_CERT_FILE");

	return given != NULL && given[0] != '\0' ? given : system_file;
}

/* A certificate in the file that cannot be read is nobody's fault here, and trusts nobody. */
static void
add_system(struct loader *loader, const struct place *place)
{
	struct trust_store *store = loader->checklist->trust;
	bool has_others = trust_store_count(store) != 0;
	struct error error = { 0 };

	if (add_bundle(store, system_path(), &error) || (has_others && place == NULL) ||
		loader->overlay->authorities_optional)
		return;
	loader_complain(loader, place, NULL,
		"install ca-certificates, point SSL_CERT_FILE to the file, or set trust.system to "
		"false",
		"the authorities that this machine trusts cannot be read from %s: %s",
		system_path(), error.text);
}

struct trust_store *
trust_files_system(struct loader *loader)
{
	struct trust_store *store = trust_store_create();
	struct error error = { 0 };

	if (add_bundle(store, system_path(), &error))
		return store;
	trust_store_release(store);
	if (!loader->overlay->authorities_optional)
		loader_complain(loader, NULL, NULL,
			"install ca-certificates, or point SSL_CERT_FILE to the file",
			"the authorities that the public trusts, by which MTA-STS is judged, cannot be "
			"read from %s: %s",
			system_path(), error.text);
	return NULL;
}

void
trust_files_load(struct loader *loader)
{
	const struct json *trust = member_of_type(loader_main(loader)->root, "trust", JSON_OBJECT);
	const struct json *system = member_of_type(trust, "system", JSON_BOOLEAN);
	const struct json *ca_file = member_of_type(trust, "ca_file", JSON_STRING);
	const struct json *ca_path = member_of_type(trust, "ca_path", JSON_STRING);

	loader->checklist->trust = trust_store_create();
	if (trust != NULL)
		members_check(loader, trust, &trust_form, NULL);
	if (loader->overlay->ca_file != NULL)
		add_given(loader, loader->overlay->ca_file, NULL, "file", add_file);
	else
		add_member(loader, ca_file, "file", add_file);
	add_member(loader, ca_path, "directory", add_directory);
	if (system == NULL || system->boolean)
		add_system(loader, system == NULL ? NULL : &system->place);
}
