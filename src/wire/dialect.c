/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The protocols, each a row.
 */
#include "wire/dialect.h"

#include "base/text.h"
#include "smtp.h"

const struct dialect dialects[] = {
	{
		.name = "smtp",
		.title = "SMTP",
		.features = DIALECT_STARTTLS | DIALECT_MAIL,
		.ports = { { 587, false }, { 25, false }, { 465, true } },
		.hello = "EHLO",
		.names_client = true,
		.starttls = "STARTTLS",
		.quit = "QUIT",
		.farewell = "221",
		.leaving = "421",
		.take_line = smtp_take_line,
		.capability = smtp_capability,
		.malformed_capability = smtp_malformed_capability,
	},
	/* RFC 2033: SMTP but for its hello, and for the replies to DATA. */
	{
		.name = "lmtp",
		.title = "LMTP",
		.features = DIALECT_STARTTLS | DIALECT_MAIL,
		.ports = { { 24, false } },
		.hello = "LHLO",
		.names_client = true,
		.starttls = "STARTTLS",
		.quit = "QUIT",
		.farewell = "221",
		.leaving = "421",
		.take_line = smtp_take_line,
		.capability = smtp_capability,
		.malformed_capability = smtp_malformed_capability,
	},
	{ .name = NULL },
};

const struct dialect *
dialect_find(const char *name)
{
	for (const struct dialect *row = dialects; row->name != NULL; row++)
		if (text_same(row->name, name))
			return row;
	return NULL;
}

const struct dialect *
dialect_of_port(unsigned port, bool *implicit_tls)
{
	for (const struct dialect *row = dialects; row->name != NULL; row++)
		for (const struct dialect_port *own = row->ports; own->number != 0; own++) {
			if (own->number != port)
				continue;
			*implicit_tls = own->implicit_tls;
			return row;
		}
	return NULL;
}

unsigned
dialect_port(const struct dialect *dialect, bool implicit_tls)
{
	const struct dialect_port *own = dialect->ports;

	while (own->number != 0 && own->implicit_tls != implicit_tls)
		own++;
	return own->number;
}
