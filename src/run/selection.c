/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hashes of targets and of assertions; what has no order is added up.
 */
#include "run/selection.h"

#include <string.h>

#include "base/hash.h"
#include "net/proxy.h"

static uint64_t
hash_words(const char *const *words, size_t count)
{
	uint64_t sum = count;

	for (size_t i = 0; i < count; i++)
		sum += hash_spread(hash_text(HASH_START, words[i]));
	return sum;
}

/* A file of certificates by what is in it. */
static uint64_t
hash_file(uint64_t hash, const struct target *target)
{
	for (size_t i = 0; i < target->chain_count; i++)
		hash = hash_bytes(hash, target->chain[i].data, target->chain[i].len);
	hash = hash_number(hash, target->has_key);
	hash = hash_number(hash, target->key_matches);
	return hash_number(hash, target->has_date ? (uint64_t)target->date : 0);
}

static uint64_t
hash_target(const struct target *target)
{
	uint64_t hash = hash_text(HASH_START, target->name);

	hash = hash_text(hash, target->host);
	hash = hash_text(hash, target->domain);
	hash = hash_text(hash, target->address);
	hash = hash_text(hash, target->server_name);
	hash = hash_text(hash, target->proxy == NULL ? NULL : target->proxy->dialler.through);
	hash = hash_text(hash, target->dialect->name);
	hash = hash_number(hash, target->port);
	hash = hash_number(hash, target->implicit_tls);
	hash = hash_number(hash, target->send_credentials_untrusted);
	hash = hash_number(hash, target->all_addresses);
	hash = hash_number(hash, target->ipv6);
	return hash_spread(target->certificate_file == NULL ? hash : hash_file(hash, target));
}

static uint64_t hash_argument(
	uint64_t hash, const struct param *param, const struct argument *argument);

/* One object after the other. */
static uint64_t
hash_objects(uint64_t hash, const struct param *param, const struct argument *argument)
{
	const struct argument *value = argument->members;

	for (size_t i = 0; i < argument->count; i++)
		for (const struct param *member = param->members; member->name != NULL; member++)
			hash = hash_argument(hash, member, value++);
	return hash;
}

static uint64_t
hash_argument(uint64_t hash, const struct param *param, const struct argument *argument)
{
	uint64_t fraction;

	memcpy(&fraction, &argument->fraction, sizeof(fraction));
	hash = hash_number(hash, argument->given);
	hash = hash_number(hash, (uint64_t)argument->number);
	hash = hash_number(hash, fraction);
	hash = hash_number(hash, argument->truth);
	if (param->members != NULL && argument->members != NULL)
		return hash_objects(hash, param, argument);
	if (param->type == PARAM_FILE)
		hash = hash_bytes(hash, argument->bytes.data, argument->bytes.len);
	else if (param->type == PARAM_LINE)
		hash = hash_text(hash, argument->shown);
	else if (param->type != PARAM_SECRET)
		hash = hash_text(hash, argument->text);
	return hash_number(hash, hash_words(argument->items, argument->count));
}

static uint64_t
hash_assertion(const struct assertion *assertion)
{
	const struct check *check = assertion->arguments.check;
	uint64_t hash = hash_text(HASH_START, assertion->id);

	hash = hash_text(hash, check->name);
	hash = hash_text(hash, assertion->title);
	hash = hash_text(hash, assertion->waive_until);
	hash = hash_text(hash, assertion->waive_reason);
	hash = hash_number(hash, assertion->advisory);
	hash = hash_number(hash, hash_words(assertion->tags, assertion->tag_count));
	hash = hash_number(hash, hash_words(assertion->targets, assertion->target_count));
	for (size_t i = 0; check->params[i].name != NULL; i++)
		hash = hash_argument(hash, &check->params[i], &assertion->arguments.values[i]);
	return hash_spread(hash);
}

static uint64_t
hash_checklist(const struct checklist *checklist)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < checklist->assertion_count; i++)
		sum += hash_assertion(&checklist->assertions[i]);
	return hash_number(hash_text(HASH_START, checklist->stem), sum);
}

uint64_t
selection_of(const struct run_target *targets, size_t count)
{
	const struct checklist *last = NULL;
	uint64_t hash = 0, sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (targets[i].checklist != last)
			hash = hash_checklist(targets[i].checklist);
		last = targets[i].checklist;
		sum += hash_spread(hash_number(hash, hash_target(targets[i].target)));
	}
	return sum;
}
