/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The proxy of a target, out of its URL; the password of a login is the reference to a secret.
 */
#include "target_proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/core_dump.h"
#include "base/error.h"
#include "expand.h"
#include "net/proxy.h"
#include "reference.h"
#include "secret_values.h"
#include "target_host.h"
#include "targets.h"

#define SCHEME_END "://"
#define FORM                                                                                           \
	"a proxy is socks5://HOST:PORT, socks5h://HOST:PORT (it looks names up) or http://HOST:PORT, " \
	"with USER:${SECRET}@ before the host if it wants a login"

/* A URL while it is read. */
struct url {
	const char *variable;    /* of the environment; NULL: of none */
	const struct json *json; /* its place */
	const char *text;        /* without its password, expanded */
	bool has_password;       /* there is the reference to one */
	const char *password;    /* NULL: or it was not read */
};

static const char *
name_of(const struct url *url)
{
	if (url->variable != NULL)
		return url->variable;
	return url->json->place.file == NULL ? "--proxy" : "\"proxy\"";
}

static const char *
authority_of(const char *url)
{
	const char *end = strstr(url, SCHEME_END);

	return end == NULL ? url : end + strlen(SCHEME_END);
}

const char *
target_proxy_clear_login(struct arena *arena, const char *url)
{
	const char *clear = authority_of(url), *at = strrchr(clear, '@');
	const char *colon = at == NULL ? NULL : memchr(clear, ':', (size_t)(at - clear));
	const char *text;

	if (at == NULL || at == clear)
		return NULL;
	clear = colon == NULL ? clear : colon + 1;
	text = arena_memdup(arena, clear, (size_t)(at - clear));
	return reference_sole(arena, text) == NULL ? text : NULL;
}

/* Takes ":${name}" out from before the '@'. False, with a problem, when it is no secret. */
static bool
take_password(struct loader *loader, struct url *url)
{
	const char *raw = url->json->string, *at = strrchr(raw, '@'), *colon = at;
	const char *name;

	url->text = raw;
	while (colon != NULL && *colon != ':')
		colon = colon == raw ? NULL : colon - 1;
	if (colon == NULL)
		return true;
	name = reference_sole(
		loader->arena, arena_memdup(loader->arena, colon + 1, (size_t)(at - colon - 1)));
	if (name == NULL)
		return true;
	url->has_password = true;
	url->text = arena_printf(loader->arena, "%.*s%s", (int)(colon - raw), raw, at);
	return secret_refer(loader, &url->json->place, name, &url->password);
}

static bool
complain_of_form(struct loader *loader, const struct url *url, const char *what)
{
	loader_complain(loader, &url->json->place, NULL,
		url->variable == NULL ? FORM : "such as http://proxy.example.com:3128", "%s: %s",
		name_of(url), what);
	return false;
}

static bool
load_protocol(struct loader *loader, const struct url *url, struct proxy *proxy)
{
	size_t len = (size_t)(authority_of(url->text) - url->text);

	for (size_t i = 0; proxy_protocol_names[i] != NULL; i++)
		if (len == strlen(proxy_protocol_names[i]) + strlen(SCHEME_END) &&
			strncmp(url->text, proxy_protocol_names[i], len - strlen(SCHEME_END)) ==
				0) {
			proxy->protocol = (enum proxy_protocol)i;
			return true;
		}
	return complain_of_form(loader, url, "there is no such protocol of a proxy");
}

/* A server may echo what logging in sends: to HTTP, user and password are one text. */
static void
hide_credentials(struct loader *loader, const struct proxy *proxy)
{
	if (proxy->password != NULL && !loader->overlay->secrets_optional)
		secrets_add(&loader->checklist->secrets, loader->arena, "proxy",
			arena_printf(loader->arena, "%s:%s", proxy->username, proxy->password));
}

static bool
complain_of_login(struct loader *loader, const struct url *url, bool has_colon)
{
	const char *clear = target_proxy_clear_login(loader->arena, url->text);

	if (clear != NULL)
		secrets_add(&loader->checklist->secrets, loader->arena, "proxy", clear);
	if (!has_colon)
		return complain_of_form(loader, url, "a login has a user and a password");
	loader_complain(loader, &url->json->place, NULL,
		"declare \"secrets\": { \"name\": { \"env\": \"NAME\" } } and write \"${name}\"",
		"%s: its password must be the reference to a secret: it cannot stand there",
		name_of(url));
	return false;
}

static bool
load_login(struct loader *loader, const struct url *url, struct proxy *proxy)
{
	const char *user = authority_of(url->text), *at = strrchr(user, '@');
	bool has_colon;

	if (at == NULL)
		return true;
	has_colon = memchr(user, ':', (size_t)(at - user)) != NULL;
	if (has_colon || at == user || !url->has_password)
		return complain_of_login(loader, url, has_colon);
	proxy->username = arena_memdup(loader->arena, user, (size_t)(at - user));
	proxy->password = url->password;
	hide_credentials(loader, proxy);
	return true;
}

static bool
load_host(struct loader *loader, const struct url *url, struct proxy *proxy)
{
	const char *authority = authority_of(url->text), *at = strrchr(authority, '@');
	struct error error = { .text = "" };
	const char *host;

	if (!target_parse_endpoint(
		    loader->arena, at == NULL ? authority : at + 1, &host, &proxy->port, &error))
		return complain_of_form(loader, url, error.text);
	if (proxy->port == 0)
		return complain_of_form(loader, url, "its port is missing");
	proxy->host = host_normalise(loader->arena, host, &error);
	return proxy->host != NULL || complain_of_form(loader, url, error.text);
}

static const char *
through(struct arena *arena, const struct proxy *proxy)
{
	bool is_literal = strchr(proxy->host, ':') != NULL;

	return arena_printf(arena, "%s" SCHEME_END "%s%s%s:%u",
		proxy_protocol_names[proxy->protocol], is_literal ? "[" : "", proxy->host,
		is_literal ? "]" : "", proxy->port);
}

/* Without the scheme that need not be there, and the slash that may. */
static const char *
whole_url(struct arena *arena, const char *value)
{
	size_t len = strlen(value);

	return arena_printf(arena, "%s%.*s", strstr(value, SCHEME_END) == NULL ? "http://" : "",
		(int)(len - (value[len - 1] == '/')), value);
}

/* What of a login stands for itself, and what is percent-encoded (RFC 3986 section 2.1). */
static const char *
decoded(struct arena *arena, const char *text, size_t len)
{
	char *out = arena_alloc(arena, len + 1);
	size_t out_len = 0;

	for (size_t i = 0; i < len; i++) {
		char digits[3] = "";
		char *end = digits;
		long byte = 0;

		if (text[i] == '%' && i + 2 < len) {
			memcpy(digits, text + i + 1, 2);
			byte = strtol(digits, &end, 16);
		}
		i += end == digits + 2 && byte > 0 ? 2 : 0;
		out[out_len++] = end == digits + 2 && byte > 0 ? (char)byte : text[i];
	}
	out[out_len] = '\0';
	return out;
}

/* The password is a secret as any other. */
static void
take_open_login(struct loader *loader, const char *url, struct proxy *proxy)
{
	const char *user = authority_of(url), *at = strrchr(user, '@');
	const char *colon = at == NULL ? NULL : memchr(user, ':', (size_t)(at - user));

	if (at == NULL)
		return;
	proxy->username =
		decoded(loader->arena, user, (size_t)((colon != NULL ? colon : at) - user));
	proxy->password =
		colon == NULL ? "" : decoded(loader->arena, colon + 1, (size_t)(at - colon - 1));
	if (proxy->password[0] == '\0')
		return;
	core_dump_forbid();
	secrets_add(&loader->checklist->secrets, loader->arena, "https_proxy", proxy->password);
	hide_credentials(loader, proxy);
}

const struct proxy *
target_proxy_of_environment(struct loader *loader, const char *name, const char *value)
{
	static const struct json nowhere;
	struct proxy *proxy = arena_alloc(loader->arena, sizeof(*proxy));
	struct url url = {
		.variable = name, .json = &nowhere, .text = whole_url(loader->arena, value)
	};

	*proxy = (struct proxy){ .way = &socket_dialler };
	take_open_login(loader, url.text, proxy);
	if (!load_protocol(loader, &url, proxy) || !load_host(loader, &url, proxy))
		return NULL;
	proxy->dialler =
		(struct dialler){ .through = through(loader->arena, proxy), .dial = proxy_dial };
	return proxy;
}

const struct proxy *
target_proxy_load(struct loader *loader, const struct json *json)
{
	struct proxy *proxy = arena_alloc(loader->arena, sizeof(*proxy));
	struct url url = { .json = json };
	struct json open = *json;

	*proxy = (struct proxy){ .way = &socket_dialler };
	if (!take_password(loader, &url))
		return NULL;
	open.string = url.text;
	url.text = expand(loader, &open);
	if (url.text == NULL || !load_login(loader, &url, proxy) ||
		!load_protocol(loader, &url, proxy) || !load_host(loader, &url, proxy))
		return NULL;
	proxy->dialler =
		(struct dialler){ .through = through(loader->arena, proxy), .dial = proxy_dial };
	return proxy;
}
