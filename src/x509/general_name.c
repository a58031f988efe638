/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tells the forms by their tags, from a table that also says how each is shown.
 */
#include "x509/general_name.h"

#include <arpa/inet.h>
#include <stdint.h>

#include "base/text.h"
#include "der.h"
#include "dn.h"

/* How each form is tagged, and how it is shown. */
static const struct form {
	unsigned tag;
	enum general_name_kind kind;
	bool is_text;
	const char *label;
} forms[] = {
	{ DER_CONTEXT_CONSTRUCTED + 0, GENERAL_NAME_OTHER, false, "otherName" },
	{ DER_CONTEXT + 1, GENERAL_NAME_EMAIL, true, "email" },
	{ DER_CONTEXT + 2, GENERAL_NAME_DNS, true, "DNS" },
	{ DER_CONTEXT_CONSTRUCTED + 3, GENERAL_NAME_X400, false, "x400Address" },
	{ DER_CONTEXT_CONSTRUCTED + 4, GENERAL_NAME_DIRECTORY, false, "DirName" },
	{ DER_CONTEXT_CONSTRUCTED + 5, GENERAL_NAME_EDI, false, "ediPartyName" },
	{ DER_CONTEXT + 6, GENERAL_NAME_URI, true, "URI" },
	{ DER_CONTEXT + 7, GENERAL_NAME_IP, false, "IP" },
	{ DER_CONTEXT + 8, GENERAL_NAME_ID, false, "registeredID" },
};

static const struct form *
form_of(unsigned tag)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].tag == tag)
			return &forms[i];
	return NULL;
}

static bool
is_ascii(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] >= 0x80)
			return false;
	return true;
}

struct general_name
general_name_read(struct cursor *cursor)
{
	struct der_item item = der_next(cursor);
	const struct form *form = form_of(item.tag);
	struct general_name name = { .value = item.content };

	if (cursor->broken || form == NULL || (form->is_text && !is_ascii(item.content)) ||
		(form->kind == GENERAL_NAME_DIRECTORY && !dn_is_well_formed(item.content))) {
		cursor->broken = true;
		cursor->left = 0;
		return (struct general_name){ 0 };
	}
	name.kind = form->kind;
	return name;
}

static void
add_address(struct buf *out, struct span address)
{
	char text[INET6_ADDRSTRLEN];

	if (address.len != 4 && address.len != 16) {
		buf_addf(out, "(%zu bytes)", address.len);
		return;
	}
	inet_ntop(address.len == 4 ? AF_INET : AF_INET6, address.data, text, sizeof(text));
	buf_add_string(out, text);
}

void
general_name_add_text(struct buf *out, const struct general_name *name)
{
	const struct form *form = &forms[name->kind];

	buf_addf(out, "%s:", form->label);
	if (form->is_text)
		text_add_printable(out, name->value.data, name->value.len);
	else if (name->kind == GENERAL_NAME_IP)
		add_address(out, name->value);
	else if (name->kind == GENERAL_NAME_DIRECTORY)
		dn_add_text(out, name->value);
	else if (name->kind == GENERAL_NAME_ID)
		der_add_oid(out, name->value);
	else
		buf_addf(out, "(%zu bytes)", name->value.len);
}
