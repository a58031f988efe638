/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compares the names below a CA with its subtrees, by a function for each form of name.
 */
#include "constraints.h"

#include <string.h>

#include "der.h"
#include "dn.h"
#include "wire/dns_name.h"

/* GeneralSubtree: the base alone; minimum (0, the default) and maximum may not be written. */
static struct general_name
next_base(struct cursor *subtrees)
{
	struct cursor fields = der_enter(subtrees, DER_SEQUENCE);
	struct general_name base = general_name_read(&fields);

	der_leave(subtrees, &fields);
	return base;
}

/* Address and mask, ones before zeros. */
static bool
is_address_range(struct span range)
{
	bool zeros = false;

	if (range.len != 8 && range.len != 32)
		return false;
	for (size_t i = range.len / 2; i < range.len; i++) {
		for (unsigned bit = 0x80; bit != 0; bit >>= 1) {
			if ((range.data[i] & bit) == 0)
				zeros = true;
			else if (zeros)
				return false;
		}
	}
	return true;
}

static bool
is_base(const struct general_name *base)
{
	if (base->kind == GENERAL_NAME_DNS)
		return base->value.len == 0 || dns_name_is_plain(base->value);
	return base->kind != GENERAL_NAME_IP || is_address_range(base->value);
}

bool
constraints_are_well_formed(struct span subtrees)
{
	struct cursor cursor = cursor_over(subtrees);
	struct general_name base;

	do
		base = next_base(&cursor);
	while (!cursor.broken && is_base(&base) && cursor.left != 0);
	return cursor_at_end(&cursor) && is_base(&base);
}

static struct span
without_wildcard(struct span name)
{
	if (name.len > 2 && memcmp(name.data, "*.", 2) == 0)
		return (struct span){ name.data + 2, name.len - 2 };
	return name;
}

/* What a wildcard stands for lies below its remainder, so all of it is below a base that the
 * remainder is below; some of it can be below a base that lies below the remainder. Names that
 * are no host names could be read as anything: never permitted, always excluded. */
static bool
dns_meets(struct span name, struct span base, bool excluding)
{
	struct span plain = without_wildcard(name);

	if (!dns_name_is_plain(plain))
		return excluding;
	if (dns_name_is_within(plain, base))
		return true;
	return excluding && plain.len != name.len && dns_name_is_within(base, plain);
}

static bool
address_meets(struct span address, struct span range)
{
	if (range.len != 2 * address.len)
		return false;
	for (size_t i = 0; i < address.len; i++)
		if (((address.data[i] ^ range.data[i]) & range.data[address.len + i]) != 0)
			return false;
	return true;
}

struct mailbox {
	struct span local;
	struct span host;
	bool has_local;
};

/* Splits at the last '@'. */
static struct mailbox
mailbox_of(struct span address)
{
	for (size_t i = address.len; i > 0; i--)
		if (address.data[i - 1] == '@')
			return (struct mailbox){
				.local = { address.data, i - 1 },
				.host = { address.data + i, address.len - i },
				.has_local = true,
			};
	return (struct mailbox){ .host = address };
}

/* "user@host" is one mailbox, "host" all mailboxes there, ".domain" those of all hosts below.
 * The local part is compared as it is, the host without regard to case. */
static bool
email_meets(struct span address, struct span range, bool excluding)
{
	struct mailbox mailbox = mailbox_of(address), base = mailbox_of(range);

	if (!mailbox.has_local)
		return excluding;
	if (base.has_local)
		return span_equal(mailbox.local, base.local) &&
		       dns_name_equal(mailbox.host, base.host);
	if (base.host.len != 0 && base.host.data[0] == '.') {
		struct span domain = { base.host.data + 1, base.host.len - 1 };

		return dns_name_is_within(mailbox.host, domain) &&
		       !dns_name_equal(mailbox.host, domain);
	}
	return dns_name_equal(mailbox.host, base.host);
}

/* Both are of the same form. For the forms we cannot compare, the worse is assumed. */
static bool
name_meets(const struct general_name *name, struct span base, bool excluding)
{
	switch (name->kind) {
	case GENERAL_NAME_DNS:
		return dns_meets(name->value, base, excluding);
	case GENERAL_NAME_IP:
		return address_meets(name->value, base);
	case GENERAL_NAME_DIRECTORY:
		return dn_is_within(name->value, base);
	case GENERAL_NAME_EMAIL:
		return email_meets(name->value, base, excluding);
	case GENERAL_NAME_OTHER:
	case GENERAL_NAME_X400:
	case GENERAL_NAME_EDI:
	case GENERAL_NAME_URI:
	case GENERAL_NAME_ID:
		break;
	}
	return excluding;
}

enum list_outcome { NONE_OF_THIS_FORM, NONE_MET, ONE_MET, OUT_OF_COMPARISONS };

static enum list_outcome
compare_list(const struct general_name *name, struct span list, bool excluding, size_t *comparisons)
{
	struct cursor subtrees = cursor_over(list);
	enum list_outcome outcome = NONE_OF_THIS_FORM;

	while (subtrees.left != 0) {
		struct general_name base = next_base(&subtrees);

		if (*comparisons == 0)
			return OUT_OF_COMPARISONS;
		(*comparisons)--;
		if (base.kind != name->kind)
			continue;
		if (name_meets(name, base.value, excluding))
			return ONE_MET;
		outcome = NONE_MET;
	}
	return outcome;
}

static enum constraints_outcome
check_name(const struct cert *ca, const struct general_name *name, size_t *comparisons,
	struct buf *fact)
{
	enum list_outcome excluded = compare_list(name, ca->excluded, true, comparisons);
	enum list_outcome permitted = compare_list(name, ca->permitted, false, comparisons);

	if (excluded == ONE_MET || permitted == NONE_MET) {
		general_name_add_text(fact, name);
		buf_add_string(fact, excluded == ONE_MET ? " is excluded" : " is not permitted");
		return CONSTRAINTS_VIOLATED;
	}
	if (excluded == OUT_OF_COMPARISONS || permitted == OUT_OF_COMPARISONS)
		return CONSTRAINTS_TOO_MANY;
	return CONSTRAINTS_MET;
}

/* Old certificates carry e-mail addresses in the subject: these are constrained like the others,
 * whether or not the subjectAltName has any. */
static enum constraints_outcome
check_subject(const struct cert *ca, const struct cert *cert, size_t *comparisons, struct buf *fact)
{
	struct general_name name = { GENERAL_NAME_DIRECTORY, cert->subject };
	enum constraints_outcome outcome = CONSTRAINTS_MET;
	struct dn_walk walk = dn_walk_over(cert->subject);

	if (!dn_is_empty(cert->subject))
		outcome = check_name(ca, &name, comparisons, fact);
	name.kind = GENERAL_NAME_EMAIL;
	while (outcome == CONSTRAINTS_MET && dn_next_email(&walk, &name.value))
		outcome = check_name(ca, &name, comparisons, fact);
	return outcome;
}

enum constraints_outcome
constraints_check(
	const struct cert *ca, const struct cert *cert, size_t *comparisons, struct buf *fact)
{
	struct cursor names = cert_names(cert);
	enum constraints_outcome outcome;

	if (!ca->name_constraints.present)
		return CONSTRAINTS_MET;
	outcome = check_subject(ca, cert, comparisons, fact);
	while (outcome == CONSTRAINTS_MET && names.left != 0) {
		struct general_name name = general_name_read(&names);

		outcome = check_name(ca, &name, comparisons, fact);
	}
	return outcome;
}
