/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dane.*: names and TLSA records in, findings out.
 */
#include "court_chains.h"
#include "tlsa_records.h"

#include "evidence/names.h"
#include "probe/tlsa_probe.h"

#define PUBLISHED "{\"assert\":\"dane.published\"}"
#define PUBLISHED_WITH(members) "{\"assert\":\"dane.published\"," members "}"
#define VALID "{\"assert\":\"dane.valid\",\"tlsa_port\":25}"
#define VALID_WITH(members) "{\"assert\":\"dane.valid\",\"tlsa_port\":25," members "}"
#define VALID_THERE "{\"assert\":\"dane.valid\"}"
#define COMPLETE "{\"assert\":\"dane.complete\",\"tlsa_port\":25}"
#define ROLLOVER(scheme) "{\"assert\":\"dane.rollover\",\"tlsa_port\":25,\"scheme\":\"" scheme "\"}"
#define COVERS "{\"assert\":\"dane.covers_file\",\"tlsa_port\":25,\"file\":\"ca.pem\"}"
#define COVERS_SINCE(date)                                                       \
	"{\"assert\":\"dane.covers_file\",\"tlsa_port\":25,\"file\":\"ca.pem\"," \
	"\"published_since\":\"" date "\"}"

#define HOST "mail.example.test"
#define RECORDS_MAX 6
#define NOT_SIGNED_HOST "the addresses of " HOST " are not signed"

/* The rdata of a record, as tlsa_records.h writes it, or "malformed". */
static struct span
rdata_of(struct arena *arena, const char *text)
{
	struct tlsa_record record;
	uint8_t *data;

	if (strcmp(text, "malformed") == 0)
		return (struct span){ arena_memdup(arena, "\3\1", 2), 2 };
	record = record_of(arena, text);
	data = arena_alloc(arena, 3 + record.data.len);
	data[0] = record.usage;
	data[1] = record.selector;
	data[2] = record.matching;
	memcpy(data + 3, record.data.data, record.data.len);
	return (struct span){ data, 3 + record.data.len };
}

static struct dns_answer
answered(enum dns_state state)
{
	return (struct dns_answer){ .state = state,
		.canonical = state > DNS_BOGUS ? HOST : NULL,
		.failure = state == DNS_FAILED ? DNS_SERVER_ERROR : DNS_NO_FAILURE,
		.reason = state > DNS_BOGUS ? NULL : "a reason",
		.ttl = 200,
		.published_ttl = 300 };
}

static struct tlsa_lookup *
lookup_of(struct court *court)
{
	return observed_by(court, &tlsa_observer)->record;
}

/* The host has an address, and signatures vouch for all there is. */
static void
know_names(struct court *court)
{
	static const char *addresses[] = { "192.0.2.1" };
	struct host_names *names = arena_alloc(&court->evidence.arena, sizeof(*names));

	*names = (struct host_names){ .host = HOST,
		.a = answered(DNS_SECURE),
		.aaaa = answered(DNS_DENIED),
		.addresses = addresses,
		.address_count = 1 };
	target_of(court)->names = names;
}

/* Records with commas between. */
static void
publish(struct court *court, const char *records)
{
	struct arena *arena = &court->evidence.arena;
	struct span *rdata = arena_array(arena, TLSA_RECORDS_MAX + 2, sizeof(*rdata));
	struct tlsa_lookup *lookup = lookup_of(court);
	char *rest = records[0] == '\0' ? NULL : arena_strdup(arena, records);

	lookup->base = HOST;
	lookup->name = arena_printf(arena, "_%u._tcp." HOST, lookup->port);
	lookup->answer = answered(DNS_SECURE);
	lookup->answer.records = rdata;
	while (rest != NULL) {
		char *record = rest;

		rest = strchr(rest, ',');
		if (rest != NULL)
			*rest++ = '\0';
		rdata[lookup->answer.count++] = rdata_of(arena, record);
	}
}

static struct host_names *
names_of_court(struct court *court)
{
	return (struct host_names *)court->evidence.target->names;
}

/* What is asked by the DNS alone is asked where names are known. */
static void
plan_again(struct court *court)
{
	plan_target(&court->loaded.checklist, &court->evidence);
	for (size_t i = 0; i < court->evidence.observation_count; i++)
		court->evidence.observations[i]->outcome = OUTCOME_DONE;
}

struct dane_row {
	const char *sentence;
	const char *assertion;
	const char *records;
	const char *chain;                    /* NULL: none was seen */
	void (*arrange)(struct court *court); /* NULL: nothing */
	enum verdict verdict;
	const char *type;
	uint32_t causes;
	const char *says;
	const char *fix; /* stands in it; NULL: not asked */
};

static void
open_row(struct court *court, const struct dane_row *row)
{
	open_at(court, row->assertion, OUTCOME_DONE);
	court->evidence.today = court->evidence.now = date_at("2026-06-01");
	know_names(court);
	plan_again(court);
	publish(court, row->records);
	if (row->chain != NULL)
		present(court, row->chain);
	if (row->arrange != NULL)
		row->arrange(court);
}

static void
expect_row(const struct dane_row *row)
{
	const struct finding_row finding = { .sentence = row->sentence,
		.verdict = row->verdict,
		.type = row->type,
		.causes = row->causes,
		.says = row->says };
	struct finding got;
	struct court court;

	open_row(&court, row);
	expect_finding(&court, &finding);
	judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
		&court.arena, &got);
	if (row->fix != NULL && (got.fix == NULL || strstr(got.fix, row->fix) == NULL))
		fail_msg("%s: the fix is %s", row->sentence, got.fix != NULL ? got.fix : "none");
	court_close(&court);
}

static void
expect_rows(const struct dane_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_row(&rows[i]);
}

static void
addresses_are(struct court *court, enum dns_state state)
{
	names_of_court(court)->a = answered(state);
	names_of_court(court)->aaaa = answered(state);
	*lookup_of(court) = (struct tlsa_lookup){ .port = lookup_of(court)->port };
}

static void
addresses_are_bogus(struct court *court)
{
	addresses_are(court, DNS_BOGUS);
}

static void
addresses_failed(struct court *court)
{
	addresses_are(court, DNS_FAILED);
}

static void
one_family_failed(struct court *court)
{
	names_of_court(court)->aaaa = answered(DNS_FAILED);
}

static void
host_is_not_signed(struct court *court)
{
	addresses_are(court, DNS_INSECURE);
}

static void
one_family_is_not_signed(struct court *court)
{
	addresses_are(court, DNS_INSECURE);
	names_of_court(court)->a = answered(DNS_SECURE);
}

static void
alias_is(struct court *court, enum dns_state state)
{
	host_is_not_signed(court);
	names_of_court(court)->a.canonical = "host.unsigned.test";
	names_of_court(court)->aaaa.canonical = "host.unsigned.test";
	lookup_of(court)->alias = answered(state);
}

static void
alias_is_not_signed(struct court *court)
{
	alias_is(court, DNS_INSECURE);
}

static void
alias_is_bogus(struct court *court)
{
	alias_is(court, DNS_BOGUS);
}

static void
alias_failed(struct court *court)
{
	alias_is(court, DNS_FAILED);
}

/* A signed alias into an unsigned zone: the host's own TLSA records count. */
static void
alias_is_signed(struct court *court)
{
	struct tlsa_lookup lookup = *lookup_of(court);

	alias_is(court, DNS_SECURE);
	lookup.alias = answered(DNS_SECURE);
	*lookup_of(court) = lookup;
}

static void
host_has_no_address(struct court *court)
{
	names_of_court(court)->a = answered(DNS_DENIED);
	names_of_court(court)->a.no_name = true;
	names_of_court(court)->address_count = 0;
}

static void
host_is_somewhere_else(struct court *court)
{
	host_has_no_address(court);
	target_of(court)->address = "127.0.0.1";
}

static struct mx_names mx;

static void
mx_is(struct court *court, enum dns_state state)
{
	mx = (struct mx_names){ .domain = "example.test", .answer = answered(state) };
	target_of(court)->mx = &mx;
}

static void
mx_is_not_signed(struct court *court)
{
	mx_is(court, DNS_INSECURE);
}

static void
mx_is_signed(struct court *court)
{
	mx_is(court, DNS_SECURE);
}

static void
names_were_not_asked_for(struct court *court)
{
	target_of(court)->names = NULL;
}

static void
tlsa_is(struct court *court, enum dns_state state)
{
	lookup_of(court)->answer = answered(state);
}

static void
there_is_none(struct court *court)
{
	tlsa_is(court, DNS_DENIED);
}

static void
there_is_no_name(struct court *court)
{
	tlsa_is(court, DNS_DENIED);
	lookup_of(court)->answer.no_name = true;
}

static void
tlsa_is_bogus(struct court *court)
{
	tlsa_is(court, DNS_BOGUS);
}

static void
tlsa_failed(struct court *court)
{
	tlsa_is(court, DNS_FAILED);
}

static void
resolver_strips(struct court *court)
{
	tlsa_is(court, DNS_FAILED);
	lookup_of(court)->answer.failure = DNS_STRIPPED;
}

static void
tlsa_is_not_signed(struct court *court)
{
	lookup_of(court)->answer.state = DNS_INSECURE;
}

static void
nothing_is_signed_there(struct court *court)
{
	tlsa_is(court, DNS_INSECURE);
}

static void
was_not_looked_up(struct court *court)
{
	*lookup_of(court) = (struct tlsa_lookup){ .port = lookup_of(court)->port };
	observed_by(court, &tlsa_observer)->outcome = OUTCOME_NOT_REACHED;
}

static void
was_cut_short(struct court *court)
{
	was_not_looked_up(court);
	court->evidence.cut_short = "the deadline of the run has passed";
}

static void
has_one_too_many(struct court *court)
{
	struct tlsa_lookup *lookup = lookup_of(court);
	struct span *rdata = (struct span *)lookup->answer.records;

	for (size_t i = 1; i <= TLSA_RECORDS_MAX; i++)
		rdata[i] = rdata_of(&court->evidence.arena, "3 1 1 leaf-old");
	lookup->answer.count = TLSA_RECORDS_MAX + 1;
}

static void
has_as_many_as_are_judged(struct court *court)
{
	has_one_too_many(court);
	lookup_of(court)->answer.count--;
}

static void
has_a_long_ttl(struct court *court)
{
	lookup_of(court)->answer.published_ttl = 3601;
}

static void
has_no_ttl(struct court *court)
{
	lookup_of(court)->answer.published_ttl = 0;
}

static void
has_a_ttl_of_0(struct court *court)
{
	has_no_ttl(court);
	lookup_of(court)->answer.ttl = 0;
}

static const struct dane_row published[] = {
	{ "a record", PUBLISHED, "3 1 1 leaf", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"_587._tcp." HOST ": 1 usable record", NULL },
	{ "two", PUBLISHED, "3 1 1 leaf,2 0 1 ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"2 usable records", NULL },
	{ "one twice", PUBLISHED, "3 1 1 leaf,3 1 1 leaf", NULL, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "1 usable record", NULL },
	{ "of another port", PUBLISHED_WITH("\"tlsa_port\":25"), "3 1 1 leaf", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "_25._tcp." HOST, NULL },
	{ "one that is used beside a malformed one", PUBLISHED, "malformed,3 1 1 leaf", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "1 usable record", NULL },
	{ "a malformed one alone", PUBLISHED, "malformed", NULL, NULL, VERDICT_FAIL,
		"NothingUsable", CAUSE_TLSA, "no record that senders can use", NULL },
	{ "short digests alone", PUBLISHED, "3 1 1 leaf short,3 1 2 leaf short", NULL, NULL,
		VERDICT_FAIL, "NothingUsable", CAUSE_TLSA, "", NULL },
	{ "usage 1 alone at port 25", PUBLISHED_WITH("\"tlsa_port\":25"), "1 1 1 leaf", NULL, NULL,
		VERDICT_FAIL, "NothingUsable", CAUSE_TLSA, "", NULL },
	{ "usage 1 alone at another port", PUBLISHED, "1 1 1 leaf", NULL, NULL, VERDICT_ERROR,
		"PkixUsage", CAUSE_TLSA, "are not judged", NULL },
	{ "a usage that nobody knows", PUBLISHED, "4 1 1 leaf", NULL, NULL, VERDICT_FAIL,
		"NothingUsable", CAUSE_TLSA, "", NULL },
	{ "as many as are judged", PUBLISHED, "3 1 1 leaf", NULL, has_as_many_as_are_judged,
		VERDICT_PASS, NULL, CAUSE_NONE, "2 usable", NULL },
	{ "one more", PUBLISHED, "3 1 1 leaf", NULL, has_one_too_many, VERDICT_ERROR, "TooMany",
		CAUSE_TLSA, "has 33 records: no more than 32", NULL },
	{ "the line for what was seen", PUBLISHED, "malformed", "leaf ica", NULL, VERDICT_FAIL,
		"NothingUsable", CAUSE_TLSA, "",
		"publish: _587._tcp." HOST ". IN TLSA 3 1 1 c033" },

	{ "none", PUBLISHED, "", NULL, there_is_none, VERDICT_FAIL, "NoTlsa", CAUSE_TLSA,
		"_587._tcp." HOST " has no TLSA record", NULL },
	{ "no name", PUBLISHED, "", "leaf ica", there_is_no_name, VERDICT_FAIL, "NoTlsa",
		CAUSE_TLSA, "_587._tcp." HOST " does not exist",
		"_587._tcp." HOST ". IN TLSA 3 1 1 c033" },
	{ "bogus records", PUBLISHED, "", NULL, tlsa_is_bogus, VERDICT_FAIL, "Bogus", CAUSE_TLSA,
		"the TLSA records of _587._tcp." HOST " are bogus: a reason", NULL },
	{ "a look-up that failed where others did not", PUBLISHED, "", NULL, tlsa_failed,
		VERDICT_ERROR, "LookUpFailed", CAUSE_TLSA, "are not known: a reason",
		"Ask all name servers of the zone for type TLSA" },
	{ "a resolver without DNSSEC", PUBLISHED, "", NULL, resolver_strips, VERDICT_ERROR,
		"ResolverStripsDnssec", CAUSE_TLSA, "", "resolver" },
	{ "records that are not signed", PUBLISHED, "3 1 1 leaf", NULL, tlsa_is_not_signed,
		VERDICT_FAIL, "TlsaNotSigned", CAUSE_TLSA, "has TLSA records, and is not signed",
		NULL },
	{ "no records, and no signature", PUBLISHED, "", NULL, nothing_is_signed_there,
		VERDICT_FAIL, "TlsaNotSigned", CAUSE_TLSA, "has no TLSA record, and is not signed",
		NULL },
	{ "nobody looked", PUBLISHED, "", NULL, was_not_looked_up, VERDICT_ERROR, "NotRun",
		CAUSE_TLSA, "were not asked for", NULL },
	{ "the run ended", PUBLISHED, "", NULL, was_cut_short, VERDICT_ERROR, "NotRun",
		CAUSE_CUT_SHORT, "the deadline of the run has passed", NULL },

	{ "addresses that are not signed", PUBLISHED, "3 1 1 leaf", NULL, host_is_not_signed,
		VERDICT_FAIL, "HostNotSigned", CAUSE_TLSA, NOT_SIGNED_HOST, NULL },
	{ "addresses of which one family is not signed", PUBLISHED, "3 1 1 leaf", NULL,
		one_family_is_not_signed, VERDICT_FAIL, "HostNotSigned", CAUSE_TLSA,
		NOT_SIGNED_HOST, NULL },
	{ "an alias that is not signed", PUBLISHED, "3 1 1 leaf", NULL, alias_is_not_signed,
		VERDICT_FAIL, "HostNotSigned", CAUSE_TLSA, NOT_SIGNED_HOST, NULL },
	{ "an alias that is bogus", PUBLISHED, "3 1 1 leaf", NULL, alias_is_bogus, VERDICT_FAIL,
		"Bogus", CAUSE_TLSA, "the CNAME records of " HOST " are bogus", NULL },
	{ "an alias that is not known", PUBLISHED, "3 1 1 leaf", NULL, alias_failed, VERDICT_ERROR,
		"LookUpFailed", CAUSE_TLSA, "the CNAME records of " HOST " are not known", NULL },
	{ "an alias that is signed, into a zone that is not", PUBLISHED, "3 1 1 leaf", NULL,
		alias_is_signed, VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "addresses that are bogus", PUBLISHED, "", NULL, addresses_are_bogus, VERDICT_FAIL,
		"Bogus", CAUSE_ADDRESSES, "the addresses of " HOST " are bogus", NULL },
	{ "addresses that are not known", PUBLISHED, "", NULL, addresses_failed, VERDICT_ERROR,
		"LookUpFailed", CAUSE_ADDRESSES, "the addresses of " HOST " are not known", NULL },
	{ "of one family", PUBLISHED, "3 1 1 leaf", NULL, one_family_failed, VERDICT_ERROR,
		"LookUpFailed", CAUSE_ADDRESSES, "", NULL },
	{ "no address", PUBLISHED, "", NULL, host_has_no_address, VERDICT_FAIL, "NoAddress",
		CAUSE_ADDRESSES, HOST " does not exist", NULL },
	{ "no address, but one of the target's", PUBLISHED, "3 1 1 leaf", NULL,
		host_is_somewhere_else, VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "MX records that are not signed", PUBLISHED, "3 1 1 leaf", NULL, mx_is_not_signed,
		VERDICT_FAIL, "MxNotSigned", CAUSE_TLSA,
		"the MX records of example.test are not signed", NULL },
	{ "MX records that are", PUBLISHED, "3 1 1 leaf", NULL, mx_is_signed, VERDICT_PASS, NULL,
		CAUSE_NONE, "", NULL },

	{ "the usage that is wanted", PUBLISHED_WITH("\"usages\":[\"dane-ee\"]"),
		"3 1 1 leaf,2 0 1 ica", NULL, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "another one", PUBLISHED_WITH("\"usages\":[\"dane-ta\"]"), "3 1 1 leaf", NULL, NULL,
		VERDICT_FAIL, "UsageMissing", CAUSE_NONE, "no record of usage dane-ta", NULL },
	{ "one of two", PUBLISHED_WITH("\"usages\":[\"dane-ta\",\"dane-ee\"]"), "2 0 1 ica", NULL,
		NULL, VERDICT_FAIL, "UsageMissing", CAUSE_NONE, "no record of usage dane-ee",
		NULL },
	{ "one that cannot be used", PUBLISHED_WITH("\"usages\":[\"dane-ta\"]"),
		"3 1 1 leaf,2 1 1 ica short", NULL, NULL, VERDICT_FAIL, "UsageMissing", CAUSE_NONE,
		"", NULL },
	{ "a TTL that is short", PUBLISHED_WITH("\"ttl_maximum\":300"), "3 1 1 leaf", NULL, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "a TTL that is a second too long", PUBLISHED_WITH("\"ttl_maximum\":3600"), "3 1 1 leaf",
		NULL, has_a_long_ttl, VERDICT_FAIL, "TtlTooLong", CAUSE_NONE,
		"is 3601 seconds, more than 3600", NULL },
	{ "a TTL of 0", PUBLISHED_WITH("\"ttl_maximum\":0"), "3 1 1 leaf", NULL, has_a_ttl_of_0,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "a TTL that nobody knows", PUBLISHED_WITH("\"ttl_maximum\":3600"), "3 1 1 leaf", NULL,
		has_no_ttl, VERDICT_ERROR, "TtlUnknown", CAUSE_NONE, "", NULL },
};

static void
records_are_published_or_not(void **state)
{
	(void)state;
	expect_rows(published, COUNT(published));
}

static void
shows_rsa_elsewhere(struct court *court)
{
	present_elsewhere(court, "keyed-rsa key-root");
}

static void
shows_nothing_else_for_sure(struct court *court)
{
	court_know_certificates(court, OUTCOME_BROKEN);
}

static void
asks_for_another_name(struct court *court)
{
	target_of(court)->server_name = "other.example.test";
}

static void
asks_for_no_name(struct court *court)
{
	target_of(court)->server_name = NULL;
}

static void
asks_in_capitals(struct court *court)
{
	target_of(court)->server_name = "Mail.Example.TEST";
}

static void
base_is_elsewhere(struct court *court)
{
	lookup_of(court)->base = "real.example.test";
}

static void
is_of_the_domain(struct court *court)
{
	mx = (struct mx_names){ .domain = HOST, .answer = answered(DNS_SECURE) };
	target_of(court)->mx = &mx;
	lookup_of(court)->base = "mx.other.test";
	target_of(court)->server_name = "mx.other.test";
	names_of_court(court)->host = "mx.other.test";
}

static void
is_of_nobody(struct court *court)
{
	is_of_the_domain(court);
	target_of(court)->mx = NULL;
}

static void
handshake_broke_after_the_chain(struct court *court)
{
	court->evidence.session.peer.proven = false;
	end_at(court, STEP_HANDSHAKE, OUTCOME_BROKEN, "the server closed the connection");
}

static void
chain_is_broken_and_not_seen(struct court *court)
{
	end_at(court, STEP_HANDSHAKE, OUTCOME_BROKEN, "the server closed the connection");
}

static void
nobody_answers(struct court *court)
{
	end_at(court, STEP_CONNECT, OUTCOME_BROKEN, "connection refused");
}

static const struct dane_row valid[] = {
	{ "3 1 1", VALID, "3 1 1 leaf", "leaf ica", NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"matched by 3 1 1 c0337903", NULL },
	{ "usage 3 asks for no trust", VALID, "3 1 1 leaf", "leaf ica", is_not_trusted,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "nor for dates", VALID, "3 1 1 leaf-old", "leaf-old ica", NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "", NULL },
	{ "nor for names", VALID, "3 1 1 leaf-outside", "leaf-outside ica", NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "", NULL },
	{ "2 1 1", VALID, "2 1 1 ica", "leaf ica", NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"matched by 2 1 1", NULL },
	{ "2 0 1 of a root that is sent", VALID, "2 0 1 root", "leaf ica root", NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "", NULL },
	{ "2 0 1 of one that is not", VALID, "2 0 1 root", "leaf ica", NULL, VERDICT_FAIL,
		"TlsaMismatch", CAUSE_TLSA_MATCH, "no record names it",
		"the issuer has to be sent too" },
	{ "usage 2 asks for a name", VALID, "2 1 1 ica", "leaf-outside ica", NULL, VERDICT_FAIL,
		"TlsaNameMismatch", CAUSE_TLSA_MATCH, "names neither the host nor", NULL },
	{ "that of the domain will do", VALID, "2 1 1 ica", "leaf ica", is_of_the_domain,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "where there is a domain", VALID, "2 1 1 ica", "leaf ica", is_of_nobody, VERDICT_FAIL,
		"TlsaNameMismatch", CAUSE_TLSA_MATCH, "", NULL },
	{ "usage 2 asks for dates", VALID, "2 1 1 ica", "leaf-old ica", NULL, VERDICT_FAIL,
		"TlsaPathInvalid", CAUSE_TLSA_MATCH, "the path to it has faults: ", NULL },
	{ "the leaf is no issuer", VALID, "2 1 1 leaf", "leaf ica", NULL, VERDICT_FAIL,
		"TlsaIsNoIssuer", CAUSE_TLSA_MATCH, "", "Publish it under usage 3" },
	{ "the nearest miss is told", VALID, "2 1 1 leaf,3 1 1 leaf-old,2 1 1 ica", "leaf-old ica",
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "of several the nearest", VALID, "2 0 1 leaf-outside,2 1 1 ica,3 1 1 leaf",
		"leaf-outside ica", NULL, VERDICT_FAIL, "TlsaNameMismatch", CAUSE_TLSA_MATCH, "",
		NULL },
	{ "another key", VALID, "3 1 1 leaf-old", "leaf ica", NULL, VERDICT_FAIL, "TlsaMismatch",
		CAUSE_TLSA_MATCH, "", "publish: _25._tcp." HOST ". IN TLSA 3 1 1 c0337903" },
	{ "3 1 2 is wrong", VALID, "3 1 1 leaf,3 1 2 leaf other", "leaf ica", NULL, VERDICT_FAIL,
		"TlsaMismatch", CAUSE_TLSA_MATCH, "", NULL },
	{ "3 1 2 is short", VALID, "3 1 1 leaf,3 1 2 leaf short", "leaf ica", NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "", NULL },
	{ "usage 1 at port 25", VALID, "1 1 1 leaf", "leaf ica", NULL, VERDICT_FAIL,
		"NothingUsable", CAUSE_TLSA, "", NULL },
	{ "usage 1 beside a wrong one at port 25", VALID, "1 1 1 leaf,3 1 1 leaf-old", "leaf ica",
		NULL, VERDICT_FAIL, "TlsaMismatch", CAUSE_TLSA_MATCH, "", NULL },
	{ "at another port", VALID_THERE, "1 1 1 leaf,3 1 1 leaf-old", "leaf ica", NULL,
		VERDICT_ERROR, "PkixUsage", CAUSE_TLSA_MATCH, "usages 0 and 1", NULL },
	{ "beside a right one at another port", VALID_THERE, "1 1 1 leaf-old,3 1 1 leaf",
		"leaf ica", NULL, VERDICT_PASS, NULL, CAUSE_NONE, "matched by 3 1 1", NULL },
	{ "more records than are judged", VALID, "3 1 1 leaf", "leaf ica", has_one_too_many,
		VERDICT_ERROR, "TooMany", CAUSE_TLSA, "", NULL },
	{ "no records", VALID, "", "leaf ica", there_is_none, VERDICT_FAIL, "NoTlsa", CAUSE_TLSA,
		"", NULL },
	{ "bogus records", VALID, "", "leaf ica", tlsa_is_bogus, VERDICT_FAIL, "Bogus", CAUSE_TLSA,
		"", NULL },
	{ "records that are not known", VALID, "", "leaf ica", tlsa_failed, VERDICT_ERROR,
		"LookUpFailed", CAUSE_TLSA, "", NULL },
	{ "MX records that are not signed", VALID, "3 1 1 leaf", "leaf ica", mx_is_not_signed,
		VERDICT_FAIL, "MxNotSigned", CAUSE_TLSA, "", NULL },
	{ "names that nobody asked for", VALID, "3 1 1 leaf", "leaf ica", names_were_not_asked_for,
		VERDICT_ERROR, "NotAsked", CAUSE_ADDRESSES, "", NULL },
	{ "what cannot be read", VALID, "3 1 1 leaf", UNREADABLE, NULL, VERDICT_FAIL, "Malformed",
		CAUSE_PATH, "", NULL },

	{ "another server name", VALID, "3 1 1 leaf", "leaf ica", asks_for_another_name,
		VERDICT_ERROR, "OtherServerName", CAUSE_NONE,
		"as that of other.example.test, and senders ask for " HOST, "\"server_name\"" },
	{ "another server name and another key", VALID, "3 1 1 leaf-old", "leaf ica",
		asks_for_another_name, VERDICT_ERROR, "OtherServerName", CAUSE_NONE, "", NULL },
	{ "no server name", VALID, "3 1 1 leaf", "leaf ica", asks_for_no_name, VERDICT_ERROR,
		"OtherServerName", CAUSE_NONE, "without a name", NULL },
	{ "capitals are the same name", VALID, "3 1 1 leaf", "leaf ica", asks_in_capitals,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "the end of an alias", VALID, "3 1 1 leaf", "leaf ica", base_is_elsewhere, VERDICT_ERROR,
		"OtherServerName", CAUSE_NONE, "senders ask for real.example.test", NULL },

	{ "another certificate without a record", VALID, "3 1 1 leaf", "leaf ica",
		shows_rsa_elsewhere, VERDICT_FAIL, "TlsaMismatch", CAUSE_TLSA_MATCH,
		"(RSA certificate", "; _25._tcp." HOST ". IN TLSA 3 1 1 " },
	{ "one with a record", VALID, "3 1 1 leaf,3 1 1 keyed-rsa", "leaf ica", shows_rsa_elsewhere,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "it is not known whether there is another", VALID, "3 1 1 leaf", "leaf ica",
		shows_nothing_else_for_sure, VERDICT_ERROR, "NoProof", CAUSE_OTHER_CERTIFICATE, "",
		NULL },
	{ "both kinds of keys", VALID_WITH("\"key_types\":[\"rsa\",\"ecdsa\"]"),
		"3 1 1 leaf,3 1 1 keyed-rsa", "leaf ica", shows_rsa_elsewhere, VERDICT_PASS, NULL,
		CAUSE_NONE, "", NULL },
	{ "one of two kinds", VALID_WITH("\"key_types\":[\"rsa\",\"ecdsa\"]"), "3 1 1 leaf",
		"leaf ica", NULL, VERDICT_FAIL, "KeyTypeMissing", CAUSE_NONE,
		"no certificate with a key for rsa", NULL },
	{ "the other of two kinds", VALID_WITH("\"key_types\":[\"rsa\",\"ecdsa\"]"),
		"3 1 1 keyed-rsa", "keyed-rsa key-root", NULL, VERDICT_FAIL, "KeyTypeMissing",
		CAUSE_NONE, "no certificate with a key for ecdsa", NULL },
	{ "a kind that is not known to be missing", VALID_WITH("\"key_types\":[\"rsa\"]"),
		"3 1 1 leaf", "leaf ica", shows_nothing_else_for_sure, VERDICT_ERROR, "NoProof",
		CAUSE_OTHER_CERTIFICATE, "", NULL },

	{ "nothing proves that it holds the key", VALID, "3 1 1 leaf", "leaf ica",
		handshake_broke_after_the_chain, VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE, "",
		NULL },
	{ "another key needs no proof", VALID, "3 1 1 leaf-old", "leaf ica",
		handshake_broke_after_the_chain, VERDICT_FAIL, "TlsaMismatch", CAUSE_TLSA_MATCH, "",
		NULL },
	{ "no chain was seen", VALID, "3 1 1 leaf", NULL, chain_is_broken_and_not_seen,
		VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "", NULL },
	{ "no connection", VALID, "3 1 1 leaf", NULL, nobody_answers, VERDICT_ERROR, "NoAnswer",
		CAUSE_CONNECT, "", NULL },
	{ "no STARTTLS", VALID, "3 1 1 leaf", NULL, offers_no_starttls, VERDICT_ERROR, "NoAnswer",
		CAUSE_NO_STARTTLS, "", NULL },
};

static void
certificates_are_named_by_records_or_not(void **state)
{
	(void)state;
	expect_rows(valid, COUNT(valid));
}

static const struct dane_row complete[] = {
	{ "one record", COMPLETE, "3 1 1 leaf", "leaf ica", NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"", NULL },
	{ "both usages", COMPLETE, "3 1 1 leaf,2 1 1 ica", "leaf ica", NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "", NULL },
	{ "the next key beside this one", COMPLETE, "3 1 1 leaf,3 1 1 leaf-old", "leaf ica", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "an old certificate beside the key", COMPLETE, "3 1 1 leaf,3 0 1 leaf-old", "leaf ica",
		NULL, VERDICT_FAIL, "GroupWithoutMatch", CAUSE_NONE,
		"usage 3 and selector 0 matches now", NULL },
	{ "an old issuer beside the key", COMPLETE, "3 1 1 leaf,2 0 1 foreign", "leaf ica", NULL,
		VERDICT_FAIL, "GroupWithoutMatch", CAUSE_NONE, "usage 2 and selector 0", NULL },
	{ "two digests", COMPLETE, "3 1 1 leaf,3 1 2 leaf", "leaf ica", NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "", NULL },
	{ "the weaker digest of another key", COMPLETE, "3 1 1 leaf-old,3 1 2 leaf", "leaf ica",
		NULL, VERDICT_FAIL, "TypeWithoutMatch", CAUSE_NONE, "matching type 1", NULL },
	{ "two keys, of which one has one digest alone", COMPLETE,
		"3 1 1 leaf,3 1 2 leaf,3 1 2 leaf-old", "leaf ica", NULL, VERDICT_FAIL,
		"UnevenDigests", CAUSE_NONE, "matching type 1", NULL },
	{ "two certificates", COMPLETE, "3 1 1 leaf,3 1 1 keyed-rsa", "leaf ica",
		shows_rsa_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "two certificates, of which an issuer is there for one", COMPLETE,
		"3 1 1 leaf,3 1 1 keyed-rsa,2 1 1 ica", "leaf ica", shows_rsa_elsewhere,
		VERDICT_FAIL, "GroupWithoutMatch", CAUSE_NONE, "(RSA certificate", NULL },
	{ "no match at all", COMPLETE, "3 1 1 leaf-old", "leaf ica", NULL, VERDICT_FAIL,
		"TlsaMismatch", CAUSE_TLSA_MATCH, "", NULL },
	{ "usage 1 at another port", "{\"assert\":\"dane.complete\"}", "3 1 1 leaf,1 1 1 leaf",
		"leaf ica", NULL, VERDICT_ERROR, "PkixUsage", CAUSE_NONE, "", NULL },
	{ "usage 1 at port 25", COMPLETE, "3 1 1 leaf,1 1 1 leaf", "leaf ica", NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "", NULL },
	{ "no records", COMPLETE, "", "leaf ica", there_is_none, VERDICT_FAIL, "NoTlsa", CAUSE_TLSA,
		"", NULL },
	{ "no proof", COMPLETE, "3 1 1 leaf", "leaf ica", handshake_broke_after_the_chain,
		VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE, "", NULL },
	{ "another server name", COMPLETE, "3 1 1 leaf", "leaf ica", asks_for_another_name,
		VERDICT_ERROR, "OtherServerName", CAUSE_NONE, "", NULL },
};

static void
records_are_complete_or_not(void **state)
{
	(void)state;
	expect_rows(complete, COUNT(complete));
}

static const struct dane_row rollover[] = {
	{ "the next key", ROLLOVER("next"), "3 1 1 leaf,3 1 1 leaf-old", "leaf ica", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "what comes next", NULL },
	{ "the next key is no issuer", ROLLOVER("issuer"), "3 1 1 leaf,3 1 1 leaf-old", "leaf ica",
		NULL, VERDICT_FAIL, "NoRollover", CAUSE_NONE, "", NULL },
	{ "the issuer", ROLLOVER("issuer"), "3 1 1 leaf,2 1 1 ica", "leaf ica", NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "usages 3 and 2", NULL },
	{ "the issuer is no next key", ROLLOVER("next"), "3 1 1 leaf,2 1 1 ica", "leaf ica", NULL,
		VERDICT_FAIL, "NoRollover", CAUSE_NONE, "", NULL },
	{ "any: the next key", ROLLOVER("any"), "3 1 1 leaf,3 1 1 leaf-old", "leaf ica", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "any: the issuer", ROLLOVER("any"), "3 1 1 leaf,2 1 1 ica", "leaf ica", NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "one record", ROLLOVER("any"), "3 1 1 leaf", "leaf ica", NULL, VERDICT_FAIL, "NoRollover",
		CAUSE_NONE, "", NULL },
	{ "one record twice", ROLLOVER("any"), "3 1 1 leaf,3 1 1 leaf", "leaf ica", NULL,
		VERDICT_FAIL, "NoRollover", CAUSE_NONE, "", NULL },
	{ "a second one that cannot be used", ROLLOVER("any"), "3 1 1 leaf,3 1 1 leaf-old short",
		"leaf ica", NULL, VERDICT_FAIL, "NoRollover", CAUSE_NONE, "", NULL },
	{ "the key of the other certificate is not the next", ROLLOVER("any"),
		"3 1 1 leaf,3 1 1 keyed-rsa", "leaf ica", shows_rsa_elsewhere, VERDICT_FAIL,
		"NoRollover", CAUSE_NONE, "", NULL },
	{ "the next beside two", ROLLOVER("next"), "3 1 1 leaf,3 1 1 keyed-rsa,3 1 1 leaf-old",
		"leaf ica", shows_rsa_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "no match", ROLLOVER("any"), "3 1 1 leaf-old,3 1 1 leaf-outside", "leaf ica", NULL,
		VERDICT_FAIL, "TlsaMismatch", CAUSE_TLSA_MATCH, "", NULL },
	{ "it is not known whether there is another certificate", ROLLOVER("next"),
		"3 1 1 leaf,3 1 1 leaf-old", "leaf ica", shows_nothing_else_for_sure, VERDICT_ERROR,
		"NoProof", CAUSE_OTHER_CERTIFICATE, "", NULL },
	{ "no records", ROLLOVER("any"), "", "leaf ica", there_is_no_name, VERDICT_FAIL, "NoTlsa",
		CAUSE_TLSA, "", NULL },
};

static void
keys_can_be_rolled_over_or_not(void **state)
{
	(void)state;
	expect_rows(rollover, COUNT(rollover));
}

/* The file holds that text, and what a function adds to it. */
static void
hold(struct court *court, const char *const *fixtures, bool is_key)
{
	struct argument *file = &court->loaded.checklist.assertions[0].arguments.values[0];
	const char *label = is_key ? "PUBLIC KEY" : "CERTIFICATE";
	struct arena *arena = &court->evidence.arena;
	struct buf pem;

	buf_init(&pem, 20000);
	for (; *fixtures != NULL; fixtures++) {
		struct span der = selected(arena, *fixtures, is_key ? TLSA_SPKI : TLSA_CERT);

		buf_addf(&pem, "-----BEGIN %s-----\n", label);
		text_add_base64(&pem, der.data, der.len);
		buf_addf(&pem, "\n-----END %s-----\n", label);
	}
	file->bytes = (struct span){ arena_memdup(arena, pem.data, pem.len), pem.len };
	buf_release(&pem);
}

static void
file_is_the_chain(struct court *court)
{
	hold(court, (const char *const[]){ "leaf", "ica", NULL }, false);
}

static void
file_is_the_leaf(struct court *court)
{
	hold(court, (const char *const[]){ "leaf", NULL }, false);
}

static void
file_is_the_key(struct court *court)
{
	hold(court, (const char *const[]){ "leaf", NULL }, true);
}

static void
file_is_expired(struct court *court)
{
	hold(court, (const char *const[]){ "leaf-old", "ica", NULL }, false);
}

static void
file_waits_for_a_long_ttl(struct court *court)
{
	file_is_the_chain(court);
	has_a_long_ttl(court);
}

static void
file_waits_for_nobody_knows_how_long(struct court *court)
{
	file_is_the_chain(court);
	has_no_ttl(court);
}

static void
file_and_no_records(struct court *court)
{
	file_is_the_chain(court);
	there_is_none(court);
}

static void
file_and_no_connection(struct court *court)
{
	file_is_the_chain(court);
	nobody_answers(court);
}

/* The run is on 2026-06-01; the TTL is 300 unless it is told. */
static const struct dane_row files[] = {
	{ "its key is published", COVERS, "3 1 1 leaf", NULL, file_is_the_chain, VERDICT_PASS, NULL,
		CAUSE_NONE, "a record of _25._tcp." HOST " matches ca.pem", NULL },
	{ "beside the old one", COVERS, "3 1 1 leaf-old,3 1 1 leaf", NULL, file_is_the_chain,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "the server need not be there", COVERS, "3 1 1 leaf", NULL, file_and_no_connection,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "its issuer is published", COVERS, "2 1 1 ica", NULL, file_is_the_chain, VERDICT_PASS,
		NULL, CAUSE_NONE, "", NULL },
	{ "an issuer that is not in the file", COVERS, "2 1 1 ica", NULL, file_is_the_leaf,
		VERDICT_FAIL, "NotCovered", CAUSE_NONE, "no record of _25._tcp." HOST, NULL },
	{ "another key", COVERS, "3 1 1 leaf-old", NULL, file_is_the_chain, VERDICT_FAIL,
		"NotCovered", CAUSE_NONE, "no record",
		"_25._tcp." HOST ". IN TLSA 3 1 1 c0337903" },
	{ "a digest that a stronger one puts aside", COVERS, "3 1 1 leaf,3 1 2 leaf-old", NULL,
		file_is_the_chain, VERDICT_FAIL, "NotCovered", CAUSE_NONE, "", NULL },
	{ "usage 3 asks for no dates", COVERS, "3 1 1 leaf-old", NULL, file_is_expired,
		VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "usage 2 does", COVERS, "2 1 1 ica", NULL, file_is_expired, VERDICT_FAIL, "NotCovered",
		CAUSE_NONE, "", NULL },
	{ "a key that is published", COVERS, "3 1 1 leaf", NULL, file_is_the_key, VERDICT_PASS,
		NULL, CAUSE_NONE, "", NULL },
	{ "a key that is not", COVERS, "3 1 1 leaf-old", NULL, file_is_the_key, VERDICT_FAIL,
		"NotCovered", CAUSE_NONE, "", NULL },
	{ "a key, where certificates are named", COVERS, "3 0 1 leaf", NULL, file_is_the_key,
		VERDICT_ERROR, "Undecided", CAUSE_NONE, "give the certificate", NULL },
	{ "usage 1 at port 25", COVERS, "1 1 1 leaf,3 1 1 leaf-old", NULL, file_is_the_chain,
		VERDICT_FAIL, "NotCovered", CAUSE_NONE, "", NULL },
	{ "no records", COVERS, "", NULL, file_and_no_records, VERDICT_FAIL, "NoTlsa", CAUSE_TLSA,
		"", NULL },
	{ "published two TTLs ago", COVERS_SINCE("2026-05-31T23:50:00Z"), "3 1 1 leaf", NULL,
		file_is_the_chain, VERDICT_PASS, NULL, CAUSE_NONE, "", NULL },
	{ "a second less", COVERS_SINCE("2026-05-31T23:50:01Z"), "3 1 1 leaf", NULL,
		file_is_the_chain, VERDICT_FAIL, "TooEarly", CAUSE_NONE,
		"until 2026-06-01T00:00:01 UTC", "Wait until then" },
	{ "published in the future", COVERS_SINCE("2027-01-01"), "3 1 1 leaf", NULL,
		file_is_the_chain, VERDICT_FAIL, "TooEarly", CAUSE_NONE, "", NULL },
	{ "a longer TTL", COVERS_SINCE("2026-05-31T23:50:00Z"), "3 1 1 leaf", NULL,
		file_waits_for_a_long_ttl, VERDICT_FAIL, "TooEarly", CAUSE_NONE, "3601 seconds",
		NULL },
	{ "a TTL that nobody knows", COVERS_SINCE("2026-05-31"), "3 1 1 leaf", NULL,
		file_waits_for_nobody_knows_how_long, VERDICT_ERROR, "TtlUnknown", CAUSE_NONE, "",
		NULL },
	{ "what does not match is not too early", COVERS_SINCE("2027-01-01"), "3 1 1 leaf-old",
		NULL, file_is_the_chain, VERDICT_FAIL, "NotCovered", CAUSE_NONE, "", NULL },
};

static void
files_are_covered_or_not(void **state)
{
	(void)state;
	expect_rows(files, COUNT(files));
}

/* What was asked for first is not there; of the target's port all is well. */
static void
another_port_has_records(struct court *court)
{
	struct tlsa_lookup *first = lookup_of(court);
	struct tlsa_lookup *other = nth_observed_by(court, &tlsa_observer, 1)->record;
	unsigned port = other->port;

	publish(court, "3 1 1 leaf");
	*other = *first;
	other->port = port;
	there_is_none(court);
}

/* The other way round. */
static void
the_port_has_none(struct court *court)
{
	publish(court, "3 1 1 leaf");
	*(struct tlsa_lookup *)nth_observed_by(court, &tlsa_observer, 1)->record =
		(struct tlsa_lookup){ .port = 587,
			.base = HOST,
			.name = "_587._tcp." HOST,
			.answer = answered(DNS_DENIED) };
}

/* Those who meet the cause are skipped for its owner, which is there even if nobody asked for it, and asks
 * about the port that they asked about. */
static const struct {
	const char *sentence, *assertions, *records;
	const char *cases;
	void (*arrange)(struct court *court);
} owned[] = {
	{ "no records", VALID, "", "dane.published:fail dane.valid:skipped", there_is_none },
	{ "no match", VALID "," COMPLETE "," ROLLOVER("any"), "3 1 1 leaf-old",
		"dane.valid:fail dane.complete:skipped dane.rollover:skipped", NULL },
	{ "no match, and nobody asked for the owner", COMPLETE, "3 1 1 leaf-old",
		"dane.valid:fail dane.complete:skipped", NULL },
	{ "another port has records", VALID "," PUBLISHED, "",
		"dane.valid:fail dane.published:pass", another_port_has_records },
	{ "the port has none, and another has",
		VALID ",{\"id\":\"there\",\"assert\":\"dane.valid\"}", "",
		"dane.valid:pass dane.published:fail there:skipped", the_port_has_none },
	{ "a look-up that failed", VALID "," COMPLETE, "",
		"dane.published:error dane.valid:skipped dane.complete:skipped", tlsa_failed },
	{ "no addresses", VALID, "", "dns.addresses:fail dane.valid:skipped", addresses_are_bogus },
};

static void
one_cause_is_told_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(owned); i++) {
		const struct dane_row row = { .assertion = owned[i].assertions,
			.records = owned[i].records,
			.chain = "leaf ica",
			.arrange = owned[i].arrange };
		struct court court;

		open_row(&court, &row);
		court_judge(&court);
		expect_cases(&court, owned[i].sentence, owned[i].cases);
		court_close(&court);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_published_or_not),
		cmocka_unit_test(certificates_are_named_by_records_or_not),
		cmocka_unit_test(records_are_complete_or_not),
		cmocka_unit_test(keys_can_be_rolled_over_or_not),
		cmocka_unit_test(files_are_covered_or_not),
		cmocka_unit_test(one_cause_is_told_once),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
