/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of MTA-STS and TLSRPT: of records, of a fetch by the stage that it came to, and of policies.
 */
#include "made_answers.h"

#include "loaded_checklist.h"

#include "checklist/overlay.h"
#include "checks/ask.h"
#include "checks/causes.h"
#include "evidence/cause.h"
#include "evidence/finding.h"
#include "evidence/target.h"
#include "probe/dns_probe.h"
#include "probe/policy_probe.h"
#include "run/judge.h"

#define CUT_SHORT "the deadline of the run has passed"

/* What was seen; what is not given is in order. */
struct said {
	const char *texts;  /* of TXT records at either name, with "|" between them; "": none */
	int txt_state;      /* see IS() */
	bool unasked;       /* nothing was observed */
	int outcome, stage; /* see IS() */
	bool cut;
	const char *cut_short;
	const char *addresses;                   /* of the policy's host */
	int address_state;                       /* see IS() */
	bool untrusted, expired, limited, named; /* the certificate */
	enum http_state state;
	unsigned status;
	const char *type, *body, *mx;
	bool encoded, is_full, has_no_status;
};

struct row {
	const char *sentence, *assertion;
	struct said said;
	enum verdict verdict;
	const char *type;
	uint32_t causes;
	const char *says; /* the message */
	const char *fix;  /* what is in the advice; NULL: nothing certain */
};

#define RECORD(members) "{\"assert\":\"mta_sts.record\"" members "}"
#define REPORTS(members) "{\"assert\":\"tls_rpt.record\"" members "}"
#define POLICY(members) "{\"assert\":\"mta_sts.policy\"" members "}"
#define MODE(members) "{\"assert\":\"mta_sts.mode\"" members "}"
#define COVERS(members) "{\"assert\":\"mta_sts.covers_mx\"" members "}"
#define SAME(members) "{\"assert\":\"mta_sts.matches_file\",\"file\":\"mta-sts.txt\"" members "}"
#define STAGED ",\"address\":\"192.0.2.80\""
#define IS(value) ((int)(value) + 1)
#define ALL .status = 0
#define FAIL(type, causes) VERDICT_FAIL, type, causes
#define OPEN(type, causes) VERDICT_ERROR, type, causes
#define PASS VERDICT_PASS, NULL, CAUSE_NONE

#define GOOD "version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 604800\n"
#define TESTING "version: STSv1\nmode: testing\nmx: *.example.net\nmax_age: 86400\n"

static const struct row rows[] = {
	{ "a record", RECORD(""), { ALL }, PASS, "id 2026", NULL },
	{ "a record that nobody signed counts", RECORD(""), { .txt_state = IS(DNS_INSECURE) }, PASS,
		"id 2026", NULL },
	{ "no record", RECORD(""), { .texts = "" }, FAIL("NoRecord", CAUSE_STS_RECORD),
		"there is no TXT record at _mta-sts.example.org",
		"\n_mta-sts.example.org. TXT \"v=STSv1; id=20260101000000\"" },
	{ "records of others", RECORD(""), { .texts = "v=spf1 -all|x" },
		FAIL("NoRecord", CAUSE_STS_RECORD), "of the 2 TXT records", NULL },
	{ "two records", RECORD(""), { .texts = "v=STSv1; id=1|v=STSv1; id=2" },
		FAIL("SeveralRecords", CAUSE_STS_RECORD), "more than one", NULL },
	{ "blanks that the sentence does not have", RECORD(""), { .texts = "v=STSv1 ; id=1" },
		FAIL("BlankBeforeSemicolon", CAUSE_STS_RECORD), "is dropped", NULL },
	{ "a word alone", RECORD(""), { .texts = "v=STSv1; id" },
		FAIL("BadField", CAUSE_STS_RECORD), "\"id\"", NULL },
	{ "no fields", RECORD(""), { .texts = "v=STSv1;" }, FAIL("FieldMissing", CAUSE_STS_RECORD),
		"has no \"id\"", NULL },
	{ "no id", RECORD(""), { .texts = "v=STSv1; a=b" }, FAIL("FieldMissing", CAUSE_STS_RECORD),
		"has no \"id\"", NULL },
	{ "an id with a dash", RECORD(""), { .texts = "v=STSv1; id=a-b" },
		FAIL("BadValue", CAUSE_STS_RECORD), "\"a-b\"", NULL },
	{ "bogus records", RECORD(""), { .txt_state = IS(DNS_BOGUS) },
		FAIL("Bogus", CAUSE_STS_RECORD), "_mta-sts.example.org are bogus", NULL },
	{ "records that did not come", RECORD(""), { .txt_state = IS(DNS_FAILED) },
		OPEN("LookUpFailed", CAUSE_STS_RECORD), "not known", NULL },
	{ "records that the deadline came before", RECORD(""),
		{ .txt_state = IS(DNS_FAILED), .cut_short = CUT_SHORT },
		OPEN("NotRun", CAUSE_CUT_SHORT), CUT_SHORT, NULL },
	{ "records that nobody asked for", RECORD(""), { .unasked = true },
		OPEN("LookUpFailed", CAUSE_STS_RECORD), "not asked", NULL },
	{ "the id that is wanted", RECORD(",\"record_id\":\"2026\""), { ALL }, PASS, "id 2026",
		NULL },
	{ "another id is a matter of its own", RECORD(",\"record_id\":\"202\""), { ALL },
		FAIL("OtherId", CAUSE_NONE), "is 2026, not 202",
		"\n_mta-sts.example.org. TXT \"v=STSv1; id=202\"" },

	{ "a place for reports", REPORTS(""), { .texts = "v=TLSRPTv1; rua=mailto:a@b.example" },
		PASS, "mailto:a@b.example", NULL },
	{ "no place for reports is nobody else's cause", REPORTS(""), { .texts = "" },
		FAIL("NoRecord", CAUSE_NONE), "_smtp._tls.example.org",
		"\n_smtp._tls.example.org. TXT \"v=TLSRPTv1; "
		"rua=mailto:tls-reports@example.org\"" },
	{ "a place that is no URI", REPORTS(""), { .texts = "v=TLSRPTv1; rua=a@b.example" },
		FAIL("BadValue", CAUSE_NONE), "percent-encoded", NULL },
	{ "a place that nobody can send to", REPORTS(""), { .texts = "v=TLSRPTv1; rua=tel:1" },
		FAIL("NoReportAddress", CAUSE_NONE), "mailto: or https:", NULL },
	{ "one of two places is not there", REPORTS(",\"rua\":[\"mailto:a@b\",\"mailto:c@d\"]"),
		{ .texts = "v=TLSRPTv1; rua=mailto:a@b" }, FAIL("OtherReportAddress", CAUSE_NONE),
		"mailto:c@d", "rua=mailto:a@b,mailto:c@d\"" },
	{ "both places are there", REPORTS(",\"rua\":[\"mailto:a@b\",\"mailto:c@d\"]"),
		{ .texts = "v=TLSRPTv1; rua=mailto:c@d,mailto:a@b" }, PASS, "mailto:c@d", NULL },

	{ "a policy", POLICY(""), { ALL }, PASS, "enforce for 604800 s: mx.example.org", NULL },
	{ "a policy needs no record to be one", POLICY(""), { .texts = "" }, PASS, "enforce",
		NULL },
	{ "a policy that nobody asked for", POLICY(""), { .unasked = true },
		OPEN("NoAnswer", CAUSE_STS_POLICY), "not asked for", NULL },
	{ "a fetch that was not made", POLICY(""), { .outcome = IS(OUTCOME_NOT_REACHED) },
		OPEN("NoAnswer", CAUSE_STS_POLICY), "what happened", NULL },
	{ "a fetch that the deadline came before", POLICY(""),
		{ .outcome = IS(OUTCOME_NOT_REACHED), .cut_short = CUT_SHORT },
		OPEN("NotRun", CAUSE_CUT_SHORT), CUT_SHORT, NULL },
	{ "a host without an address", POLICY(""),
		{ .stage = IS(POLICY_AT_NAMES), .addresses = "" },
		FAIL("NoPolicyHost", CAUSE_STS_POLICY), "neither A nor AAAA",
		"mta-sts.example.org" },
	{ "a host whose addresses are bogus", POLICY(""),
		{ .stage = IS(POLICY_AT_NAMES), .address_state = IS(DNS_BOGUS) },
		FAIL("Bogus", CAUSE_STS_POLICY), "mta-sts.example.org are bogus", NULL },
	{ "a host whose addresses are not known", POLICY(""),
		{ .stage = IS(POLICY_AT_NAMES),
			.address_state = IS(DNS_FAILED),
			.outcome = IS(OUTCOME_BROKEN) },
		OPEN("LookUpFailed", CAUSE_STS_POLICY), "not known", NULL },
	{ "a host that refuses", POLICY(""),
		{ .stage = IS(POLICY_AT_CONNECT), .outcome = IS(OUTCOME_REFUSED) },
		FAIL("PolicyHostRefuses", CAUSE_STS_POLICY), "what happened", NULL },
	{ "a host that does not answer", POLICY(""),
		{ .stage = IS(POLICY_AT_CONNECT), .outcome = IS(OUTCOME_BROKEN), .cut = true },
		OPEN("NoAnswer", CAUSE_STS_POLICY), "what happened", "https_proxy" },
	{ "a host that the deadline came before", POLICY(""),
		{ .stage = IS(POLICY_AT_CONNECT),
			.outcome = IS(OUTCOME_BROKEN),
			.cut = true,
			.cut_short = CUT_SHORT },
		OPEN("NotRun", CAUSE_CUT_SHORT), CUT_SHORT, NULL },
	{ "a host that hung up while there was time", POLICY(""),
		{ .stage = IS(POLICY_AT_HANDSHAKE),
			.outcome = IS(OUTCOME_BROKEN),
			.cut_short = CUT_SHORT },
		OPEN("NoAnswer", CAUSE_STS_POLICY), "what happened", NULL },
	{ "a host without TLS", POLICY(""),
		{ .stage = IS(POLICY_AT_HANDSHAKE), .outcome = IS(OUTCOME_REFUSED) },
		FAIL("NoHttps", CAUSE_STS_POLICY), "what happened", NULL },
	{ "a certificate that nobody vouches for", POLICY(""),
		{ .stage = IS(POLICY_AT_CERTIFICATE), .untrusted = true, .named = true },
		FAIL("PolicyHostUntrusted", CAUSE_STS_POLICY), "authorities that the public trusts",
		"mta-sts.example.org among its names" },
	{ "a certificate that the checklist does not trust", POLICY(STAGED),
		{ .stage = IS(POLICY_AT_CERTIFICATE), .untrusted = true, .named = true },
		FAIL("PolicyHostUntrusted", CAUSE_STS_POLICY), "is not trusted: ", NULL },
	{ "a certificate that has expired", POLICY(""),
		{ .stage = IS(POLICY_AT_CERTIFICATE), .expired = true, .named = true },
		FAIL("PolicyHostExpired", CAUSE_STS_POLICY), "out of its dates", NULL },
	{ "a certificate that has expired and that nobody vouches for", POLICY(""),
		{ .stage = IS(POLICY_AT_CERTIFICATE), .expired = true, .untrusted = true },
		FAIL("PolicyHostUntrusted", CAUSE_STS_POLICY), "a problem; a problem", NULL },
	{ "a certificate of another name", POLICY(""), { .stage = IS(POLICY_AT_CERTIFICATE) },
		FAIL("PolicyHostMismatch", CAUSE_STS_POLICY), "does not name mta-sts.example.org",
		NULL },
	{ "a certificate that cannot be computed with", POLICY(""),
		{ .stage = IS(POLICY_AT_CERTIFICATE), .limited = true, .named = true },
		OPEN("NotJudged", CAUSE_STS_POLICY), "could not be judged", NULL },
	{ "one that cannot be computed with, of another name", POLICY(""),
		{ .stage = IS(POLICY_AT_CERTIFICATE), .limited = true },
		FAIL("PolicyHostMismatch", CAUSE_STS_POLICY), "does not name", NULL },
	{ "something else than HTTP", POLICY(""), { .state = HTTP_MALFORMED, .status = 200 },
		FAIL("BadResponse", CAUSE_STS_POLICY), "HTTP/1.1", NULL },
	{ "a redirect", POLICY(""), { .status = 302 }, FAIL("Redirect", CAUSE_STS_POLICY),
		"\"https://elsewhere\" (status 302)",
		"mode: testing\nmx: mx.example.org\nmax_age" },
	{ "a redirect that is cut off is one", POLICY(""),
		{ .status = 308, .state = HTTP_TRUNCATED }, FAIL("Redirect", CAUSE_STS_POLICY),
		"308", NULL },
	{ "another status", POLICY(""), { .status = 404 },
		FAIL("PolicyNotServed", CAUSE_STS_POLICY), "404", NULL },
	{ "a good status that is not 200", POLICY(""), { .status = 206 },
		FAIL("PolicyNotServed", CAUSE_STS_POLICY), "206", NULL },
	{ "too long", POLICY(""), { .state = HTTP_LONG, .is_full = true },
		FAIL("PolicyTooLong", CAUSE_STS_POLICY), "64 KiB", NULL },
	{ "too long around the policy", POLICY(""), { .state = HTTP_LONG },
		OPEN("NotJudged", CAUSE_STS_POLICY), "than is read here", NULL },
	{ "cut off before the status", POLICY(""),
		{ .state = HTTP_TRUNCATED, .has_no_status = true },
		FAIL("PolicyTruncated", CAUSE_STS_POLICY), "before its status", NULL },
	{ "cut off", POLICY(""), { .state = HTTP_TRUNCATED },
		FAIL("PolicyTruncated", CAUSE_STS_POLICY), "before it is whole", NULL },
	{ "compressed", POLICY(""), { .encoded = true }, FAIL("PolicyEncoded", CAUSE_STS_POLICY),
		"compresses", NULL },
	{ "a page", POLICY(""), { .type = "text/html" }, FAIL("WrongType", CAUSE_STS_POLICY),
		"\"text/html\"", NULL },
	{ "nothing", POLICY(""), { .body = "" }, FAIL("PolicyEmpty", CAUSE_STS_POLICY), "empty",
		NULL },
	{ "a line that is none", POLICY(""), { .body = "version: STSv1\nmode\n" },
		FAIL("PolicyMalformed", CAUSE_STS_POLICY), "line 2, \"mode\"", "version: STSv1" },
	{ "a key that is nearly one", POLICY(""), { .body = "Version: STSv1\n" },
		FAIL("PolicyMisspelt", CAUSE_STS_POLICY), "\"Version: STSv1\"", NULL },
	{ "a line that is not there", POLICY(""), { .body = "version: STSv1\nmode: none\n" },
		FAIL("PolicyIncomplete", CAUSE_STS_POLICY), "it has no max_age", NULL },

	{ "a policy in force", MODE(""), { ALL }, PASS, "mode enforce, max_age 604800", NULL },
	{ "a policy on trial", MODE(""), { .body = TESTING }, FAIL("OtherMode", CAUSE_NONE),
		"is testing, not enforce", "mode: enforce\nmx: mx.example.org\nmax_age: 86400" },
	{ "a policy on trial, as wanted", MODE(",\"mode\":\"testing\""), { .body = TESTING }, PASS,
		"testing", NULL },
	{ "a policy in force, to be on trial", MODE(",\"mode\":\"testing\""), { ALL },
		FAIL("OtherMode", CAUSE_NONE), "is enforce, not testing", NULL },
	{ "a policy that is taken back, as wanted", MODE(",\"mode\":\"none\""),
		{ .body = "version: STSv1\nmode: none\nmax_age: 0\n" }, PASS, "none", NULL },
	{ "long enough", MODE(",\"max_age_minimum\":604800"), { ALL }, PASS, "604800", NULL },
	{ "not long enough", MODE(",\"max_age_minimum\":604801"), { ALL },
		FAIL("ShortMaxAge", CAUSE_NONE), "604800 seconds, less than 604801",
		"max_age: 604801" },
	{ "without a record no policy is in force", MODE(""), { .texts = "" },
		FAIL("NoRecord", CAUSE_STS_RECORD), "_mta-sts", NULL },
	{ "a record that is not known leaves it open", MODE(""), { .txt_state = IS(DNS_FAILED) },
		OPEN("LookUpFailed", CAUSE_STS_RECORD), "not known", NULL },
	{ "what is not deployed needs no record", MODE(STAGED), { .texts = "" }, PASS, "enforce",
		NULL },
	{ "another port is no other policy", MODE(",\"port\":8443"), { .texts = "" },
		FAIL("NoRecord", CAUSE_STS_RECORD), "_mta-sts", NULL },
	{ "no policy has no mode", MODE(""), { .status = 404 },
		FAIL("PolicyNotServed", CAUSE_STS_POLICY), "404", NULL },

	{ "a server that is covered", COVERS(""), { ALL }, PASS, "all 1 mail servers are covered",
		NULL },
	{ "one of two is not", COVERS(""), { .mx = "10 mx.example.org,20 b.example.org" },
		FAIL("MxNotCovered", CAUSE_NONE),
		"covers b.example.org: senders hand no mail over there",
		"mx: mx.example.org\nmx: b.example.org\nmax_age: 604800" },
	{ "a pattern", COVERS(""), { .mx = "10 a.example.net", .body = TESTING }, PASS, "covered",
		NULL },
	{ "a pattern stands for one label", COVERS(""),
		{ .mx = "10 a.b.example.net,20 example.net", .body = TESTING },
		FAIL("MxNotCovered", CAUSE_NONE), "covers a.b.example.net, example.net", NULL },
	{ "the domain itself is not its servers", COVERS(""),
		{ .body = "version: STSv1\nmode: enforce\nmx: example.org\nmax_age: 1\n" },
		FAIL("MxNotCovered", CAUSE_NONE), "covers mx.example.org", NULL },
	{ "the domain itself, without an MX record", COVERS(""),
		{ .mx = "",
			.body = "version: STSv1\nmode: enforce\nmx: example.org\nmax_age: 1\n" },
		PASS, "covered", NULL },
	{ "the domain itself is not covered", COVERS(""), { .mx = "" },
		FAIL("MxNotCovered", CAUSE_NONE), "covers example.org", NULL },
	{ "an address is covered by nothing", COVERS(""),
		{ .mx = "10 mx.example.org,20 192.0.2.1" }, FAIL("MxNotCovered", CAUSE_NONE),
		"192.0.2.1", NULL },
	{ "no server beside one is left out", COVERS(""), { .mx = "0 .,10 mx.example.org" }, PASS,
		"covered", NULL },
	{ "no server at all", COVERS(""), { .mx = "0 ." }, OPEN("NoServer", CAUSE_MX),
		"no mail server", NULL },
	{ "a record that says nothing of servers", COVERS(""), { .mx = "10 mx.example.org,x" },
		FAIL("MxNotCovered", CAUSE_NONE), "an MX record without a host", NULL },
	{ "without a record no policy covers", COVERS(""), { .texts = "" },
		FAIL("NoRecord", CAUSE_STS_RECORD), "_mta-sts", NULL },
	{ "no policy covers nothing", COVERS(""), { .body = "" },
		FAIL("PolicyEmpty", CAUSE_STS_POLICY), "empty", NULL },

	{ "the file", SAME(""), { ALL }, PASS, "mta-sts.txt is what is served", NULL },
	{ "the file needs no record", SAME(""), { .texts = "" }, PASS, "is what is served", NULL },
	{ "the file with other ends of its lines", SAME(""),
		{ .body = "version: STSv1\r\nmode: enforce\r\nmx: mx.example.org\r\nmax_age: 604800" },
		PASS, "is what is served", NULL },
	{ "another policy", SAME(""), { .body = TESTING }, FAIL("OtherPolicy", CAUSE_NONE),
		"line 2 differs", NULL },
	{ "a line more", SAME(""), { .body = GOOD "x: y\n" }, FAIL("OtherPolicy", CAUSE_NONE),
		"line 5 differs", NULL },
	{ "the file, and its id", SAME(",\"record_id\":\"2026\""), { ALL }, PASS,
		"is what is served", NULL },
	{ "the file, and an older id", SAME(",\"record_id\":\"2027\""), { ALL },
		FAIL("OtherId", CAUSE_NONE), "is 2026, not 2027",
		"\n_mta-sts.example.org. TXT \"v=STSv1; id=2027\"" },
	{ "the file, and an id that begins alike", SAME(",\"record_id\":\"20260\""), { ALL },
		FAIL("OtherId", CAUSE_NONE), "is 2026, not 20260", NULL },
	{ "the file, and no record", SAME(",\"record_id\":\"2026\""), { .texts = "" },
		FAIL("NoRecord", CAUSE_STS_RECORD), "_mta-sts", NULL },
	{ "no policy is no file", SAME(""), { .status = 500 },
		FAIL("PolicyNotServed", CAUSE_STS_POLICY), "500", NULL },
};

static const char *
text_of(const char *text, const char *usual)
{
	return text != NULL ? text : usual;
}

static struct span
made_text(struct arena *arena, const char *text, size_t len)
{
	uint8_t *rdata = arena_alloc(arena, len + 1);

	rdata[0] = (uint8_t)len;
	memcpy(rdata + 1, text, len);
	return (struct span){ rdata, len + 1 };
}

static struct dns_answer
made_texts(struct arena *arena, const struct said *said, const char *name)
{
	enum dns_state state =
		said->txt_state == 0 ? DNS_SECURE : (enum dns_state)(said->txt_state - 1);
	struct dns_answer answer = made_answer(arena, state, name, "");
	const char *text = text_of(said->texts, "v=STSv1; id=2026");
	struct span *made = NULL;

	if (state <= DNS_BOGUS || text[0] == '\0')
		return answer;
	answer.state = state;
	for (size_t len; *text != '\0'; text += len + (text[len] == '|')) {
		len = strcspn(text, "|");
		*ARENA_ADD(arena, made, answer.count) = made_text(arena, text, len);
	}
	answer.records = made;
	return answer;
}

static struct peer
made_peer(struct arena *arena, const struct said *said)
{
	struct path_problem *problems = NULL;
	struct peer peer = { .judged = true, .names_host = said->named };

	if (said->expired)
		*ARENA_ADD(arena, problems, peer.path.problem_count) =
			(struct path_problem){ .kind = PATH_LEAF_EXPIRED, .text = "a problem" };
	if (said->untrusted)
		*ARENA_ADD(arena, problems, peer.path.problem_count) =
			(struct path_problem){ .kind = PATH_ISSUER_MISSING, .text = "a problem" };
	if (said->limited)
		*ARENA_ADD(arena, problems, peer.path.problem_count) =
			(struct path_problem){ .kind = PATH_LIMIT, .text = "a problem" };
	peer.path.problems = problems;
	peer.path.trusted = peer.path.problem_count == 0;
	return peer;
}

static void
fill_fetch(struct observation *observation, struct arena *arena, const struct said *said)
{
	struct policy_fetch *fetch = observation->record;
	const char *body = text_of(said->body, GOOD);

	observation->outcome =
		said->outcome == 0 ? OUTCOME_DONE : (enum outcome)(said->outcome - 1);
	observation->text = "what happened";
	fetch->stage = said->stage == 0 ? POLICY_AT_RESPONSE : (enum policy_stage)(said->stage - 1);
	fetch->cut = said->cut;
	fetch->names = made_names(arena, fetch->host, text_of(said->addresses, "192.0.2.80"), "");
	if (said->address_state != 0)
		fetch->names.a = made_answer(
			arena, (enum dns_state)(said->address_state - 1), fetch->host, "");
	fetch->peer = made_peer(arena, said);
	fetch->state = said->state == HTTP_READING ? HTTP_WHOLE : said->state;
	fetch->status = said->status == 0 && !said->has_no_status ? 200 : said->status;
	fetch->type = text_of(said->type, "text/plain");
	fetch->is_text = strcmp(fetch->type, "text/plain") == 0;
	fetch->location = "https://elsewhere";
	fetch->encoded = said->encoded;
	fetch->body = (struct span){ (const uint8_t *)body, strlen(body) };
	fetch->long_body = said->is_full;
}

/* What is asked for them is answered as the row says. */
static void
fill(struct evidence *evidence, struct arena *arena, const struct said *said)
{
	if (said->unasked)
		evidence->observation_count = 0;
	for (size_t i = 0; i < evidence->observation_count; i++) {
		struct observation *observation = evidence->observations[i];
		struct dns_lookup *lookup = observation->record;

		if (observation->observer == &policy_observer)
			fill_fetch(observation, arena, said);
		else
			lookup->answer = made_texts(arena, said, lookup->name);
	}
}

static void
load_assertion(struct loaded *loaded, const char *sentence, const char *assertion)
{
	static char text[2000];

	setenv("SSL_CERT_FILE", "dir/ca.pem", 1);
	snprintf(text, sizeof(text),
		"{\"trust\":{\"system\":false},\"targets\":[{\"mx\":\"example.org\"}],"
		"\"assertions\":[%s]}",
		assertion);
	memory_files_clear();
	memory_file_add(MAIN_FILE, text);
	memory_file_add("dir/ca.pem", AUTHORITY);
	memory_file_add("dir/mta-sts.txt", GOOD);
	load(loaded, NULL);
	expect_problems(loaded, sentence, "");
}

static void
expect_finding(const struct row *row, const struct finding *got)
{
	if (got->verdict != row->verdict || got->causes != row->causes ||
		(got->type == NULL) != (row->type == NULL) ||
		(row->type != NULL && strcmp(got->type, row->type) != 0) ||
		strstr(got->message, row->says) == NULL)
		fail_msg("%s: got %s, %s, causes %x: %s", row->sentence, verdict_name(got->verdict),
			got->type != NULL ? got->type : "-", (unsigned)got->causes, got->message);
	if (row->fix != NULL && (got->fix == NULL || strstr(got->fix, row->fix) == NULL))
		fail_msg("%s: got the advice %s", row->sentence, got->fix);
}

/* A cause that somebody met is met by its owner too, whom nobody asked. */
static void
expect_owner(const struct row *row, const struct evidence *evidence, struct arena *arena)
{
	for (size_t i = 0; i < cause_row_count; i++) {
		struct arguments arguments;
		struct finding finding;

		if ((row->causes & cause_rows[i].cause) == 0 || cause_rows[i].owners[0] == NULL)
			continue;
		arguments = cause_arguments(&cause_rows[i], evidence, arena);
		judge_arguments(evidence, &arguments, arena, &finding);
		if ((finding.causes & cause_rows[i].cause) == 0)
			fail_msg("%s: %s does not meet the cause: %s", row->sentence,
				cause_rows[i].owners[0], finding.message);
	}
}

static void
judge_row(const struct row *row)
{
	struct target target = {
		.name = "t", .domain = "example.org", .dialect = dialects, .part = TARGET_LEAD
	};
	struct evidence evidence;
	struct loaded loaded;
	struct finding got;
	struct arena arena;
	struct mx_names mx;

	arena_init(&arena);
	load_assertion(&loaded, row->sentence, row->assertion);
	mx = made_mx(&arena, target.domain, text_of(row->said.mx, "10 mx.example.org"));
	target.mx = &mx;
	evidence_init(&evidence, &target, 0);
	evidence.cut_short = row->said.cut_short;
	ask_all(&evidence, &loaded.checklist.assertions[0].arguments);
	fill(&evidence, &arena, &row->said);
	judge_arguments(&evidence, &loaded.checklist.assertions[0].arguments, &arena, &got);
	expect_finding(row, &got);
	expect_owner(row, &evidence, &arena);
	evidence_release(&evidence);
	loaded_release(&loaded);
	arena_release(&arena);
}

static void
what_was_seen_is_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		judge_row(&rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_seen_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
