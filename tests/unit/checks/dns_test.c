/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of what the DNS says of mail servers and addresses.
 */
#include "made_answers.h"

#include "loaded_checklist.h"

#include "checklist/overlay.h"
#include "checks/ask.h"
#include "evidence/cause.h"
#include "evidence/finding.h"
#include "evidence/target.h"
#include "probe/dns_probe.h"
#include "run/judge.h"

#define CUT_SHORT "the deadline of the run has passed"

/* What was answered: MX records and the addresses of each host, or those of the one that the target names.
 * What is not given is in order. */
struct said {
	bool is_host;
	const char *mx, *a, *aaaa;
	int mx_state, a_state, aaaa_state, other; /* see IS(); `other` is of further names */
	bool no_name, unanchored;
	const char *alias; /* what the host stands for */
	const char *cut_short;
};

struct row {
	const char *sentence, *assertion;
	struct said said;
	enum verdict verdict;
	const char *type;
	uint32_t causes;
	const char *says;
};

#define MX(members) "{\"assert\":\"dns.mx\"" members "}"
#define ADDRESSES(members) "{\"assert\":\"dns.addresses\"" members "}"
#define SECURE(members) "{\"assert\":\"dns.secure\"" members "}"
#define HOST .is_host = true
#define ONE .is_host = false
#define IS(state) ((int)(state) + 1)
#define FAIL(type, causes) VERDICT_FAIL, type, causes
#define OPEN(type, causes) VERDICT_ERROR, type, causes
#define PASS VERDICT_PASS, NULL, CAUSE_NONE

static const struct row rows[] = {
	{ "a server is one", MX(""), { ONE }, PASS, "mx.example.org" },
	{ "the domain itself is one", MX(""), { .mx = "", .a = "192.0.2.1", .aaaa = "" }, PASS,
		"the domain itself" },
	{ "what nobody signed may be believed", MX(""), { ONE, .mx_state = IS(DNS_INSECURE) }, PASS,
		"mx.example.org" },
	{ "a domain that is not there", MX(""), { .mx = "", .a = "", .aaaa = "", .no_name = true },
		FAIL("NoDomain", CAUSE_MX), "does not exist" },
	{ "a domain without any address", MX(""), { .mx = "", .a = "", .aaaa = "" },
		FAIL("NoMx", CAUSE_MX), "neither an MX record nor an address" },
	{ "a domain whose own address is not known", MX(""),
		{ .mx = "", .a = "", .aaaa = "", .a_state = IS(DNS_FAILED) },
		OPEN("LookUpFailed", CAUSE_ADDRESSES),
		"the addresses of example.org are not known" },
	{ "no mail is taken", MX(""), { ONE, .mx = "0 ." }, FAIL("NullMx", CAUSE_MX),
		"takes no mail" },
	{ "no mail is taken, and yet some is", MX(""), { ONE, .mx = "0 .,10 mx.example.org" },
		FAIL("NullMxBesideOthers", CAUSE_MX), "has other MX records" },
	{ "an address leads to nobody", MX(""), { ONE, .mx = "10 192.0.2.1" },
		FAIL("MxIsAddress", CAUSE_MX), "192.0.2.1" },
	{ "an address beside a host is a fault of its own", MX(""),
		{ ONE, .mx = "10 192.0.2.1,20 mx.example.org" }, FAIL("MxIsAddress", CAUSE_MX),
		"192.0.2.1" },
	{ "what is no host name", MX(""), { ONE, .mx = "10 a(b.example" },
		FAIL("MxMalformed", CAUSE_MX), "no host name" },
	{ "an alias", MX(""), { ONE, .alias = "other.example.org" }, FAIL("MxIsAlias", CAUSE_NONE),
		"which stands for other.example.org" },
	{ "a domain that is an alias has no such record", MX(""),
		{ .mx = "", .a = "192.0.2.1", .aaaa = "", .alias = "other.example.org" }, PASS,
		"the domain itself" },
	{ "a host without an address", MX(""), { ONE, .a = "" },
		FAIL("MxWithoutAddress", CAUSE_NONE), "which has no address" },
	{ "a host with IPv6 alone", MX(""), { ONE, .a = "", .aaaa = "2001:db8::1" }, PASS,
		"mx.example.org" },
	{ "a host whose addresses are bogus", MX(""), { ONE, .a_state = IS(DNS_BOGUS) },
		FAIL("Bogus", CAUSE_ADDRESSES), "the addresses of mx.example.org are bogus" },
	{ "bogus records", MX(""), { ONE, .mx_state = IS(DNS_BOGUS) }, FAIL("Bogus", CAUSE_MX),
		"the MX records of example.org are bogus: signature expired" },
	{ "records that did not come", MX(""), { ONE, .mx_state = IS(DNS_FAILED) },
		OPEN("LookUpFailed", CAUSE_MX), "not known: the resolver is silent" },
	{ "records that the deadline came before", MX(""),
		{ ONE, .mx_state = IS(DNS_FAILED), .cut_short = CUT_SHORT },
		OPEN("NotRun", CAUSE_CUT_SHORT), "not decided: " CUT_SHORT },
	{ "bogus is bogus whatever else was cut short", MX(""),
		{ ONE, .mx_state = IS(DNS_BOGUS), .cut_short = CUT_SHORT }, FAIL("Bogus", CAUSE_MX),
		"bogus" },
	{ "too many", MX(""),
		{ ONE, .mx = "1 a.b,1 b.b,1 c.b,1 d.b,1 e.b,1 f.b,1 g.b,1 h.b,1 i.b,1 j.b,1 k.b,1 l.b,1 "
			     "m.b,1 n.b,1 o.b,1 p.b,1 q.b" },
		OPEN("TooMany", CAUSE_MX), "17 mail servers" },
	{ "those that are wanted", MX(",\"hosts\":[\"B.example\",\"a.example\"]"),
		{ ONE, .mx = "10 a.example,20 b.example" }, PASS, "a.example, b.example" },
	{ "one more than is wanted", MX(",\"hosts\":[\"a.example\"]"),
		{ ONE, .mx = "10 a.example,20 b.example" }, FAIL("OtherMx", CAUSE_NONE),
		"are others" },
	{ "one less than is wanted", MX(",\"hosts\":[\"a.example\",\"b.example\"]"),
		{ ONE, .mx = "10 a.example" }, FAIL("OtherMx", CAUSE_NONE), "are others" },
	{ "another than is wanted", MX(",\"hosts\":[\"a.exampl\"]"), { ONE, .mx = "10 a.example" },
		FAIL("OtherMx", CAUSE_NONE), "are others" },
	{ "as many as are wanted", MX(",\"minimum\":2"), { ONE, .mx = "10 a.example,20 b.example" },
		PASS, "a.example" },
	{ "fewer than are wanted", MX(",\"minimum\":2"), { ONE }, FAIL("TooFewMx", CAUSE_NONE),
		"mail servers: 1, fewer than 2" },
	{ "none, as is wanted", MX(",\"null\":true"), { ONE, .mx = "0 ." }, PASS, "takes no mail" },
	{ "none is wanted, and there is one", MX(",\"null\":true"), { ONE },
		FAIL("NoNullMx", CAUSE_NONE), "mx.example.org" },
	{ "none is wanted, and it is not alone", MX(",\"null\":true"),
		{ ONE, .mx = "0 .,10 a.example" }, FAIL("NoNullMx", CAUSE_NONE), "a.example" },
	{ "none is wanted, and the record is another", MX(",\"null\":true"), { .mx = "10 ." },
		FAIL("NoNullMx", CAUSE_NONE), "10 ." },
	{ "none is wanted of a domain that is not there", MX(",\"null\":true"),
		{ .mx = "", .no_name = true }, FAIL("NoDomain", CAUSE_MX), "does not exist" },
	{ "this machine is nobody's mail server", MX(""), { .mx = "10 localhost,20 a.example" },
		FAIL("MxIsLocal", CAUSE_MX), "whoever asks" },
	{ "nor is a name below it", MX(""), { .mx = "10 mx.localhost" },
		FAIL("MxIsLocal", CAUSE_MX), "mx.localhost" },
	{ "a name that ends like it is one", MX(""), { .mx = "10 mx.notlocalhost" }, PASS,
		"mx.notlocalhost" },
	{ "an address of IPv6 leads to nobody", MX(""), { .mx = "10 ::1" },
		FAIL("MxIsAddress", CAUSE_MX), "::1" },
	{ "all that is wrong is said", MX(""),
		{ .mx = "10 192.0.2.1,20 a(b.example,30 mx.example.org", .alias = "b.example.org" },
		FAIL("MxIsAddress", CAUSE_MX),
		"192.0.2.1, which is no host name; an MX record leads to no host name: \"a\\(b.example\"; an MX record leads to an "
		"alias" },
	{ "what is wrong is said where something is not known", MX(""),
		{ .mx = "10 192.0.2.1,30 mx.example.org", .a_state = IS(DNS_FAILED) },
		FAIL("MxIsAddress", CAUSE_MX), "192.0.2.1" },
	{ "none is wanted, and nothing says so", MX(",\"null\":true"), { ONE, .mx = "" },
		FAIL("NoNullMx", CAUSE_NONE), "does not say" },

	{ "addresses", ADDRESSES(""), { HOST }, PASS, "192.0.2.1, 2001:db8::1" },
	{ "no address", ADDRESSES(""), { HOST, .a = "", .aaaa = "" },
		FAIL("NoAddress", CAUSE_ADDRESSES), "mail.example.org has no address" },
	{ "no such name", ADDRESSES(""), { HOST, .a = "", .aaaa = "", .no_name = true },
		FAIL("NoAddress", CAUSE_ADDRESSES), "does not exist" },
	{ "an address that no host has", ADDRESSES(""), { HOST, .a = "0.0.0.0" },
		FAIL("AddressUnusable", CAUSE_NONE), "0.0.0.0" },
	{ "a multicast address", ADDRESSES(""), { HOST, .a = "192.0.2.1,224.0.0.1" },
		FAIL("AddressUnusable", CAUSE_NONE), "224.0.0.1" },
	{ "the broadcast address", ADDRESSES(""), { HOST, .a = "255.255.255.255" },
		FAIL("AddressUnusable", CAUSE_NONE), "255.255.255.255" },
	{ "no address of IPv6", ADDRESSES(""), { HOST, .aaaa = "::" },
		FAIL("AddressUnusable", CAUSE_NONE), "::" },
	{ "IPv4 in the form of IPv6", ADDRESSES(",\"families\":[\"ipv6\"]"),
		{ HOST, .aaaa = "::ffff:192.0.2.1" }, FAIL("AddressUnusable", CAUSE_NONE),
		"::ffff:" },
	{ "the loopback address is one", ADDRESSES(""), { HOST, .a = "127.0.0.1", .aaaa = "::1" },
		PASS, "127.0.0.1" },
	{ "a record without an address", ADDRESSES(""), { HOST, .aaaa = "192.0.2.1" },
		FAIL("AddressMalformed", CAUSE_ADDRESSES), "holds no address" },
	{ "one address that is there twice is one", ADDRESSES(""),
		{ HOST, .a = "192.0.2.1,192.0.2.1", .aaaa = "" }, PASS,
		"mail.example.org: 192.0.2.1" },
	{ "one family that is not known", ADDRESSES(""), { HOST, .aaaa_state = IS(DNS_FAILED) },
		OPEN("LookUpFailed", CAUSE_ADDRESSES), "the AAAA records of mail.example.org" },
	{ "one family that is bogus", ADDRESSES(""), { HOST, .a_state = IS(DNS_BOGUS) },
		FAIL("Bogus", CAUSE_ADDRESSES), "the A records of mail.example.org are bogus" },
	{ "too many addresses", ADDRESSES(""),
		{ HOST, .a = "192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4,192.0.2.5,192.0.2.6,192.0.2.7,"
			     "192.0.2.8,192.0.2.9,192.0.2.10,192.0.2.11,192.0.2.12,192.0.2.13,"
			     "192.0.2.14,192.0.2.15,192.0.2.16" },
		OPEN("TooMany", CAUSE_ADDRESSES), "17 addresses" },
	{ "both families", ADDRESSES(",\"families\":[\"ipv4\",\"ipv6\"]"), { HOST }, PASS,
		"192.0.2.1" },
	{ "one family is lacking", ADDRESSES(",\"families\":[\"ipv4\",\"ipv6\"]"),
		{ HOST, .aaaa = "" }, FAIL("NoAddress", CAUSE_NONE), "no IPv6 address" },
	{ "the other family is lacking", ADDRESSES(",\"families\":[\"ipv4\"]"), { HOST, .a = "" },
		FAIL("NoAddress", CAUSE_NONE), "no IPv4 address" },
	{ "public addresses", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "8.8.8.8", .aaaa = "2001:4860::1" }, PASS, "8.8.8.8" },
	{ "an address of a documentation", ADDRESSES(",\"public\":true"), { HOST, .aaaa = "" },
		FAIL("AddressNotPublic", CAUSE_NONE), "192.0.2.1" },
	{ "the second one is private", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "8.8.8.8,10.0.0.1", .aaaa = "" }, FAIL("AddressNotPublic", CAUSE_NONE),
		"10.0.0.1" },
	{ "the one of IPv6 is private", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "8.8.8.8", .aaaa = "fd00::1" }, FAIL("AddressNotPublic", CAUSE_NONE),
		"fd00::1" },
	{ "all private ones are said", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "10.0.0.1,10.0.0.2", .aaaa = "fd00::1" },
		FAIL("AddressNotPublic", CAUSE_NONE), "10.0.0.1; 10.0.0.2; fd00::1" },
	{ "6to4 is not everybody's", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "8.8.8.8", .aaaa = "2002:a00:1::1" },
		FAIL("AddressNotPublic", CAUSE_NONE), "2002:a00:1::1" },
	{ "what nobody was given is not everybody's", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "8.8.8.8", .aaaa = "4000::1" }, FAIL("AddressNotPublic", CAUSE_NONE),
		"4000::1" },
	{ "Teredo is not everybody's", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "8.8.8.8", .aaaa = "2001::1" }, FAIL("AddressNotPublic", CAUSE_NONE),
		"2001::1" },
	{ "the last of a private range", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "172.31.255.255", .aaaa = "" }, FAIL("AddressNotPublic", CAUSE_NONE),
		"172.31.255.255" },
	{ "the first behind it", ADDRESSES(",\"public\":true"),
		{ HOST, .a = "172.32.0.0", .aaaa = "" }, PASS, "172.32.0.0" },

	{ "all is signed", SECURE(""), { ONE }, PASS, "secure answers: 3 of 3" },
	{ "MX is not", SECURE(""), { ONE, .mx_state = IS(DNS_INSECURE) },
		FAIL("NotSigned", CAUSE_NONE), "the MX records of example.org" },
	{ "an address is not", SECURE(""), { ONE, .aaaa_state = IS(DNS_INSECURE) },
		FAIL("NotSigned", CAUSE_NONE), "the AAAA records of mx.example.org" },
	{ "an address is bogus", SECURE(""), { ONE, .a_state = IS(DNS_BOGUS) },
		FAIL("Bogus", CAUSE_ADDRESSES), "the A records of mx.example.org are bogus" },
	{ "an address is not known", SECURE(""), { ONE, .a_state = IS(DNS_FAILED) },
		OPEN("LookUpFailed", CAUSE_ADDRESSES), "not known" },
	{ "MX is bogus", SECURE(""), { ONE, .mx_state = IS(DNS_BOGUS) }, FAIL("Bogus", CAUSE_MX),
		"bogus" },
	{ "a domain that is not there is not vouched for", SECURE(""),
		{ .mx = "", .no_name = true }, OPEN("NoServer", CAUSE_MX), "does not exist" },
	{ "no mail is taken, and that is signed", SECURE(""), { .mx = "0 ." }, PASS,
		"secure answers: 1 of 1" },
	{ "a server without an address is not vouched for", SECURE(""), { .a = "" },
		OPEN("NoServer", CAUSE_ADDRESSES), "has no address" },
	{ "no anchor is above it", SECURE(""), { .mx_state = IS(DNS_INSECURE), .unanchored = true },
		OPEN("NoTrustAnchor", CAUSE_NONE), "the MX records of example.org" },
	{ "a host is signed", SECURE(""), { HOST }, PASS, "secure answers: 2 of 2" },
	{ "a host is not", SECURE(""), { HOST, .a_state = IS(DNS_INSECURE) },
		FAIL("NotSigned", CAUSE_NONE), "the A records of mail.example.org" },
	{ "a further name is signed", SECURE(",\"names\":[\"a.example\"]"),
		{ ONE, .other = IS(DNS_SECURE) }, PASS, "secure answers: 4 of 4" },
	{ "that it is not there is signed", SECURE(",\"names\":[\"a.example\"]"),
		{ ONE, .other = IS(DNS_DENIED) }, PASS, "secure answers: 4 of 4" },
	{ "a further name is not", SECURE(",\"names\":[\"a.example\"]"),
		{ ONE, .other = IS(DNS_INSECURE) }, FAIL("NotSigned", CAUSE_NONE),
		"the A records of a.example" },
	{ "a further name is bogus", SECURE(",\"names\":[\"a.example\"]"),
		{ ONE, .other = IS(DNS_BOGUS) }, FAIL("Bogus", CAUSE_NONE), "a.example" },
	{ "a further name is not known", SECURE(",\"names\":[\"a.example\"]"),
		{ ONE, .other = IS(DNS_FAILED) }, OPEN("LookUpFailed", CAUSE_NONE), "a.example" },
};

static enum dns_state
state_of(int given)
{
	return given == 0 ? DNS_SECURE : (enum dns_state)(given - 1);
}

static const char *
text_of(const char *given, const char *otherwise)
{
	return given != NULL ? given : otherwise;
}

static struct host_names
hear_host(struct arena *arena, const char *host, const struct said *said)
{
	const char *end = text_of(said->alias, host);
	struct host_names names = { .host = host,
		.a = made_answer(
			arena, state_of(said->a_state), end, text_of(said->a, "192.0.2.1")),
		.aaaa = made_answer(arena, state_of(said->aaaa_state), end,
			text_of(said->aaaa, said->is_host ? "2001:db8::1" : "")) };

	names.a.no_name = said->no_name;
	host_names_read(&names, arena);
	return names;
}

static struct mx_names
hear_domain(struct arena *arena, const struct said *said)
{
	struct mx_names mx = { .domain = "example.org",
		.answer = made_answer(arena, state_of(said->mx_state), "example.org",
			text_of(said->mx, "10 mx.example.org")) };

	mx.answer.no_name = said->no_name;
	mx.answer.unanchored = said->unanchored;
	mx_names_read(&mx, arena);
	for (size_t i = 0; i < mx.host_count; i++)
		mx.hosts[i].names = hear_host(arena, mx.hosts[i].names.host, said);
	return mx;
}

static void
judge_row(const struct row *row)
{
	struct target target = { .name = "t", .host = "mail.example.org", .dialect = dialects };
	struct evidence evidence;
	struct host_names names;
	struct loaded loaded;
	struct finding got;
	struct arena arena;
	struct mx_names mx;
	char text[2000];

	arena_init(&arena);
	snprintf(text, sizeof(text), "{\"targets\":[{%s}],\"assertions\":[%s]}",
		row->said.is_host ? "\"host\":\"mail.example.org\"" : "\"mx\":\"example.org\"",
		row->assertion);
	load_text(&loaded, text, &(struct overlay){ .authorities_optional = true });
	expect_problems(&loaded, row->sentence, "");
	names = hear_host(&arena, target.host, &row->said);
	target.names = row->said.is_host ? &names : NULL;
	if (!row->said.is_host) {
		mx = hear_domain(&arena, &row->said);
		target.mx = &mx;
		target.domain = mx.domain;
		target.part = TARGET_LEAD;
	}
	evidence_init(&evidence, &target, 0);
	evidence.cut_short = row->said.cut_short;
	ask_all(&evidence, &loaded.checklist.assertions[0].arguments);
	for (size_t i = 0; i < evidence.observation_count; i++) {
		struct dns_lookup *lookup = evidence.observations[i]->record;

		lookup->answer =
			made_answer(&arena, state_of(row->said.other), lookup->name, "192.0.2.1");
	}
	judge_arguments(&evidence, &loaded.checklist.assertions[0].arguments, &arena, &got);
	if (got.verdict != row->verdict || got.causes != row->causes ||
		(got.type == NULL) != (row->type == NULL) ||
		(row->type != NULL && strcmp(got.type, row->type) != 0) ||
		strstr(got.message, row->says) == NULL)
		fail_msg("%s: got %s, %s, causes %x: %s", row->sentence, verdict_name(got.verdict),
			got.type != NULL ? got.type : "-", (unsigned)got.causes, got.message);
	evidence_release(&evidence);
	loaded_release(&loaded);
	arena_release(&arena);
}

static void
answers_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		judge_row(&rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
