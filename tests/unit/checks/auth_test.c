/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of logging in: what is offered, and what became of the attempts.
 */
#include "court_session.h"
#include "reply_codes.h"

#define MECHANISMS(members) ASSERT_WITH("auth.mechanisms", members)
#define INCLUDES(list) MECHANISMS("\"includes\":[" list "]")
#define EXCLUDES(list) MECHANISMS("\"excludes\":[" list "]")
#define NOT_BEFORE_TLS ASSERT("auth.not_before_tls")
#define LOGIN ASSERT_WITH("auth.login", "\"username\":\"gate\",\"password\":\"${password}\"")
#define LOGIN_BY_LOGIN                                                               \
	ASSERT_WITH("auth.login",                                                    \
		"\"id\":\"by-login\",\"mechanism\":\"LOGIN\",\"username\":\"gate\"," \
		"\"password\":\"${password}\"")
#define LOGIN_OF_ANOTHER                                                       \
	ASSERT_WITH("auth.login", "\"id\":\"another\",\"username\":\"guest\"," \
				  "\"password\":\"${password}\"")
#define BOUND(more)                                                                           \
	ASSERT_WITH("auth.login", "\"mechanism\":\"SCRAM-SHA-1-PLUS\",\"username\":\"gate\"," \
				  "\"password\":\"${password}\"")                             \
	more
#define WRONG ASSERT_WITH("auth.rejects_wrong_password", "\"username\":\"gate\"")

#define OFFERS(lines)                                             \
	{                                                         \
		.session_ehlo = "250-mail.example.test\r\n" lines \
	}

static const struct session_row mechanisms[] = {
	{ PASSES("what is wanted is offered", INCLUDES("\"PLAIN\""), "AUTH PLAIN LOGIN"), { 0 } },
	{ PASSES("case does not matter", INCLUDES("\"Plain\",\"login\""), "AUTH PLAIN LOGIN"),
		{ 0 } },
	{ PASSES("an equals sign is as good as a blank", INCLUDES("\"PLAIN\",\"LOGIN\""),
		  "AUTH=PLAIN LOGIN"),
		OFFERS("250 AUTH=PLAIN LOGIN\r\n") },
	{ PASSES("a second line of AUTH adds to the first", INCLUDES("\"PLAIN\",\"LOGIN\""),
		  "AUTH PLAIN"),
		OFFERS("250-AUTH PLAIN\r\n250 AUTH=LOGIN\r\n") },
	{ PASSES("what is unwanted is not offered", EXCLUDES("\"NTLM\""), "AUTH PLAIN LOGIN"),
		{ 0 } },
	{ PASSES("nothing is unwanted where no login is offered", EXCLUDES("\"NTLM\""),
		  "AUTH is not offered"),
		OFFERS("250 SIZE\r\n") },
	{ PASSES("both can hold", MECHANISMS("\"includes\":[\"LOGIN\"],\"excludes\":[\"NTLM\"]"),
		  "AUTH PLAIN LOGIN"),
		{ 0 } },
	{ PASSES("what is offered before TLS alone is not unwanted", EXCLUDES("\"NTLM\""),
		  "AUTH PLAIN LOGIN"),
		{ .ehlo = "250-mail\r\n250-STARTTLS\r\n250 AUTH NTLM\r\n" } },
	{ FAILS("without AUTH all is missing", INCLUDES("\"PLAIN\",\"LOGIN\""), "MechanismMissing",
		  CAUSE_AUTH, "AUTH is not offered: missing PLAIN, LOGIN"),
		OFFERS("250 SIZE\r\n") },
	{ FAILS("what is missing is named", INCLUDES("\"PLAIN\",\"CRAM-MD5\""), "MechanismMissing",
		  CAUSE_AUTH, "AUTH PLAIN LOGIN: missing CRAM-MD5"),
		{ 0 } },
	{ FAILS("a longer name is another mechanism", INCLUDES("\"PLAIN\""), "MechanismMissing",
		  CAUSE_AUTH, "missing PLAIN"),
		OFFERS("250 AUTH PLAINER\r\n") },
	{ FAILS("a mechanism of another keyword is none", INCLUDES("\"PLAIN\""), "MechanismMissing",
		  CAUSE_AUTH, "missing PLAIN"),
		OFFERS("250-AUTH LOGIN\r\n250 XAUTH PLAIN\r\n") },
	{ FAILS("what is offered before TLS alone is missing", INCLUDES("\"PLAIN\""),
		  "MechanismMissing", CAUSE_AUTH, "AUTH is not offered: missing PLAIN"),
		{ .ehlo = "250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
			.session_ehlo = "250 mail\r\n" } },
	{ FAILS("what is unwanted is named", EXCLUDES("\"NTLM\",\"LOGIN\",\"PLAIN\""),
		  "MechanismOffered", CAUSE_NONE, "offered: LOGIN, PLAIN"),
		{ 0 } },
	{ FAILS("what is missing comes before what is unwanted",
		  MECHANISMS("\"includes\":[\"GSSAPI\"],\"excludes\":[\"PLAIN\"]"),
		  "MechanismMissing", CAUSE_AUTH, "missing GSSAPI"),
		{ 0 } },
	{ FAILS("what is unwanted is offered, beside a line that cannot be read",
		  EXCLUDES("\"LOGIN\""), "MechanismOffered", CAUSE_NONE, "offered: LOGIN"),
		OFFERS("250-AUTH LOGIN\r\n250 SI\tZE\r\n") },
	{ FAILS("what may stand in a line that cannot be read is not missing",
		  MECHANISMS("\"includes\":[\"PLAIN\"],\"excludes\":[\"LOGIN\"]"),
		  "MechanismOffered", CAUSE_NONE, "offered: LOGIN"),
		OFFERS("250-AUTH LOGIN\r\n250 AUTH\tPLAIN\r\n") },
	{ IS_OPEN("what is missing may be what cannot be read", INCLUDES("\"PLAIN\""), "Malformed",
		  CAUSE_SESSION_EHLO, "what is offered is not known"),
		OFFERS("250 AUTH\tPLAIN\r\n") },
	{ IS_OPEN("what is unwanted may be what cannot be read", EXCLUDES("\"PLAIN\""), "Malformed",
		  CAUSE_SESSION_EHLO, "what is offered is not known"),
		OFFERS("250 AUTH\tPLAIN\r\n") },
	{ IS_OPEN("without EHLO inside TLS it is open", INCLUDES("\"PLAIN\""), "NoAnswer",
		  CAUSE_SESSION_EHLO, "EHLO inside TLS: 503"),
		{ .session_ehlo = "503 again\r\n",
			ENDS(STEP_SESSION_EHLO, OUTCOME_REFUSED, STREAM_OK, "503") } },
	{ IS_OPEN("without TLS nothing is known to be unwanted", EXCLUDES("\"PLAIN\""), "NoAnswer",
		  CAUSE_HANDSHAKE, "the TLS handshake: " CLOSED),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ PASSES("what is wanted before TLS is offered there",
		  MECHANISMS("\"before_tls\":true,\"includes\":[\"NTLM\"]"), "AUTH NTLM"),
		{ .ehlo = "250-mail\r\n250-STARTTLS\r\n250 AUTH NTLM\r\n" } },
	{ PASSES("what is unwanted before TLS may be offered inside",
		  MECHANISMS("\"before_tls\":true,\"excludes\":[\"PLAIN\"]"),
		  "AUTH is not offered"),
		{ 0 } },
	{ FAILS("what is unwanted before TLS is offered there",
		  MECHANISMS("\"before_tls\":true,\"excludes\":[\"NTLM\"]"), "MechanismOffered",
		  CAUSE_NONE, "offered: NTLM"),
		{ .ehlo = "250-mail\r\n250-STARTTLS\r\n250 AUTH NTLM\r\n" } },
	{ FAILS("what is missing before TLS stops nobody",
		  MECHANISMS("\"before_tls\":true,\"includes\":[\"PLAIN\"]"), "MechanismMissing",
		  CAUSE_NONE, "AUTH is not offered: missing PLAIN"),
		{ 0 } },
	{ IS_OPEN("before TLS a line that can be read two ways may offer it",
		  MECHANISMS("\"before_tls\":true,\"excludes\":[\"PLAIN\"]"), "Malformed",
		  CAUSE_EHLO, "what is offered is not known"),
		{ .ehlo = "250-mail\r\n250-STARTTLS\r\n250 AUTH\tPLAIN\r\n" } },
	{ IS_OPEN("what is cut short is not decided", INCLUDES("\"PLAIN\""), "NotRun",
		  CAUSE_CUT_SHORT, DEADLINE),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
};

static const struct session_row before_tls[] = {
	{ PASSES("AUTH inside TLS alone passes", NOT_BEFORE_TLS, "no login is offered before TLS"),
		{ 0 } },
	{ PASSES("a handshake that breaks does not matter", NOT_BEFORE_TLS, "no login is offered"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ PASSES("a longer keyword is another one", NOT_BEFORE_TLS, "no login is offered"),
		{ .ehlo = "250-mail\r\n250-STARTTLS\r\n250 AUTHINFO\r\n" } },
	{ FAILS("AUTH before TLS fails", NOT_BEFORE_TLS, "AuthBeforeTls", CAUSE_LOGIN_OFFERED,
		  "a login is offered before TLS"),
		{ .ehlo = "250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n" } },
	{ FAILS("AUTH without a mechanism fails", NOT_BEFORE_TLS, "AuthBeforeTls",
		  CAUSE_LOGIN_OFFERED, "a login is offered before TLS"),
		{ .ehlo = "250-mail\r\n250 AUTH\r\n" } },
	{ FAILS("AUTH with an equals sign fails", NOT_BEFORE_TLS, "AuthBeforeTls",
		  CAUSE_LOGIN_OFFERED, "a login is offered before TLS"),
		{ .ehlo = "250-mail\r\n250 AUTH=LOGIN\r\n" } },
	{ FAILS("AUTH is offered, beside a line that cannot be read", NOT_BEFORE_TLS,
		  "AuthBeforeTls", CAUSE_LOGIN_OFFERED, "a login is offered before TLS"),
		{ .ehlo = "250-mail\r\n250-AUTH PLAIN\r\n250 SI\tZE\r\n" } },
	{ IS_OPEN("a line that can be read two ways may offer it", NOT_BEFORE_TLS, "Malformed",
		  CAUSE_EHLO, "what is offered is not known"),
		{ .ehlo = "250-mail\r\n250-STARTTLS\r\n250 AUTH\tPLAIN\r\n" } },
	{ IS_OPEN("without EHLO it is open", NOT_BEFORE_TLS, "NoAnswer", CAUSE_EHLO, "EHLO: 550"),
		{ .ehlo = "550 no\r\n", ENDS(STEP_EHLO, OUTCOME_REFUSED, STREAM_OK, "550") } },
	{ IS_OPEN("what is cut short is not decided", NOT_BEFORE_TLS, "NotRun", CAUSE_CUT_SHORT,
		  DEADLINE),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
};

/* What became of the attempt of a row's assertion. */
struct tried {
	bool not_made; /* in no conversation */
	bool not_offered, not_presented, withheld;
	enum outcome outcome;
	int code;
	const char *text;
	enum auth_flaw flaw;
	const char *flaw_text;
};

#define FOUND(what, words, number, all)                                                    \
	{                                                                                  \
		.outcome = OUTCOME_DONE, .code = number, .text = all, .flaw = AUTH_##what, \
		.flaw_text = words                                                         \
	}
#define ANSWERED(number, all)                                        \
	{                                                            \
		.outcome = OUTCOME_DONE, .code = number, .text = all \
	}

struct auth_row {
	struct session_row row;
	struct tried tried; /* by each asker */
};

static void
try_all(struct evidence *evidence, const struct tried *tried)
{
	for (size_t i = 0; i < evidence->attempt_count; i++) {
		struct auth_attempt *attempt = &evidence->attempts[i];

		attempt->conversation = tried->not_made ? NULL : &evidence->session;
		attempt->offered = !tried->not_offered;
		attempt->presented = !tried->not_presented;
		attempt->withheld = tried->withheld;
		attempt->outcome = tried->outcome;
		attempt->reply = STATUS_OF(tried->code);
		attempt->meaning = MEANING_OF(tried->code);
		attempt->text = tried->text;
		attempt->flaw = tried->flaw;
		attempt->flaw_text = tried->flaw_text;
	}
}

/* Of that assertion where the row has none. */
static void
expect_auth_findings(const struct auth_row *rows, size_t count, const char *assertion)
{
	for (size_t i = 0; i < count; i++) {
		const struct finding_row *finding = &rows[i].row.finding;
		struct court court;

		open_at(&court, finding->assertion != NULL ? finding->assertion : assertion,
			finding->outcome);
		hold_session(&court, &rows[i].row.said);
		try_all(&court.evidence, &rows[i].tried);
		if (finding->arrange != NULL)
			finding->arrange(&court);
		expect_finding(&court, finding);
		court_close(&court);
	}
}

/* A mechanism that is missing is what stopped a login only where it is the login's. */
static const struct auth_row missing_of_attempts[] = {
	{ { FAILS("what is missing stopped the one who wanted it", INCLUDES("\"PLAIN\"") "," LOGIN,
		    "MechanismMissing", CAUSE_AUTH, "missing PLAIN"),
		  OFFERS("250 AUTH CRAM-MD5\r\n") },
		{ .not_offered = true } },
	{ { FAILS("what is missing stopped all who wanted to log in",
		    INCLUDES("\"plain\",\"LOGIN\"") "," LOGIN "," LOGIN_BY_LOGIN,
		    "MechanismMissing", CAUSE_AUTH, "missing plain, LOGIN"),
		  OFFERS("250 AUTH CRAM-MD5\r\n") },
		{ .not_offered = true } },
	{ { FAILS("what is missing did not stop one who wanted another",
		    INCLUDES("\"GSSAPI\"") "," LOGIN, "MechanismMissing", CAUSE_NONE,
		    "missing GSSAPI"),
		  OFFERS("250 AUTH CRAM-MD5\r\n") },
		{ .not_offered = true } },
	{ { FAILS("what is missing did not stop the second of two",
		    INCLUDES("\"PLAIN\"") "," LOGIN "," LOGIN_BY_LOGIN, "MechanismMissing",
		    CAUSE_NONE, "missing PLAIN"),
		  OFFERS("250 AUTH CRAM-MD5\r\n") },
		{ .not_offered = true } },
	{ { FAILS("without AUTH nobody can log in, whatever was wanted",
		    INCLUDES("\"GSSAPI\"") "," LOGIN, "MechanismMissing", CAUSE_AUTH,
		    "AUTH is not offered: missing GSSAPI"),
		  OFFERS("250 SIZE\r\n") },
		{ .not_offered = true } },
	{ { FAILS("who was offered what they wanted was not stopped",
		    INCLUDES("\"GSSAPI\"") "," LOGIN, "MechanismMissing", CAUSE_AUTH,
		    "missing GSSAPI"),
		  OFFERS("250 AUTH PLAIN\r\n") },
		ANSWERED(235, "235") },
	{ { FAILS("who did not come to it was not stopped by it", INCLUDES("\"GSSAPI\"") "," LOGIN,
		    "MechanismMissing", CAUSE_AUTH, "missing GSSAPI"),
		  OFFERS("250 AUTH PLAIN\r\n") },
		{ .not_made = true, .not_offered = true } },
};

static void
names_another_host(struct court *court)
{
	court->evidence.session.peer = (struct peer){ .judged = true, .path = { .trusted = true } };
}

static void
has_expired_without_a_name(struct court *court)
{
	static const struct path_problem expired = { .kind = PATH_LEAF_EXPIRED,
		.text = "leaf: expired" };

	court->evidence.session.peer = (struct peer){ .judged = true,
		.path = { .problems = &expired, .problem_count = 1 } };
}

static void
has_no_issuer(struct court *court)
{
	static const struct path_problem missing = { .kind = PATH_ISSUER_MISSING,
		.text = "leaf: no issuer" };

	court->evidence.session.peer = (struct peer){ .judged = true,
		.names_host = true,
		.path = { .problems = &missing, .problem_count = 1 } };
}

/* Another conversation than the session, in which EHLO was answered otherwise. */
static void
met_another_node(struct court *court)
{
	struct evidence *evidence = &court->evidence;
	struct conversation *other = arena_alloc(&evidence->arena, sizeof(*other));

	*ARENA_ADD(&evidence->arena, evidence->logins, evidence->login_count) = other;
	conversation_init(other, &dialects[0]);
	answer(&other->session_ehlo, "250-other\r\n250 AUTH\tPLAIN\r\n");
	evidence->attempts[0].conversation = other;
}

static void
gets_in_by_the_second(struct court *court)
{
	court->evidence.attempts[1].meaning = REPLY_AUTHENTICATED;
}

#define WITHHELD(sentence, arrange, causes, says)                                \
	{                                                                        \
		{                                                                \
			{ sentence, LOGIN, OUTCOME_DONE, arrange, VERDICT_ERROR, \
				"CredentialsWithheld", causes, says },           \
			{ 0 },                                                   \
		},                                                               \
		{                                                                \
			.withheld = true                                         \
		}                                                                \
	}

/* What leaves both kinds of attempts open, or fails them before they begin. */
static const struct auth_row attempts[] = {
	{ { FAILS("a mechanism that is not offered fails", NULL, "MechanismMissing", CAUSE_AUTH,
		    "AUTH PLAIN is not offered inside TLS"),
		  OFFERS("250 AUTH LOGIN\r\n") },
		{ .not_offered = true } },
	{ { IS_OPEN("a line that can be read two ways may offer it", NULL, "Malformed",
		    CAUSE_SESSION_EHLO, "what is offered is not known"),
		  OFFERS("250 AUTH\tPLAIN\r\n") },
		{ .not_offered = true } },
	{ { { "the line can be another node's", NULL, OUTCOME_DONE, met_another_node, VERDICT_ERROR,
		    "Malformed", CAUSE_SESSION_EHLO, "what is offered is not known" },
		  { 0 } },
		{ .not_offered = true } },
	{ { IS_OPEN("an attempt that got no answer is open", NULL, "NoAnswer", CAUSE_NONE,
		    "AUTH PLAIN: " CLOSED),
		  { 0 } },
		{ .outcome = OUTCOME_BROKEN, .text = CLOSED } },
	{ { IS_OPEN("replies out of step are none", NULL, "NoAnswer", CAUSE_NONE,
		    "AUTH PLAIN: the server's replies do not keep step"),
		  { 0 } },
		{ .outcome = OUTCOME_BROKEN,
			.code = 235,
			.text = "the server's replies do not keep step" } },
	{ { IS_OPEN("535 out of step is none", NULL, "NoAnswer", CAUSE_NONE, "keep step"), { 0 } },
		{ .outcome = OUTCOME_BROKEN,
			.code = 535,
			.text = "the server's replies do not keep step" } },
	{ { IS_OPEN("an attempt that was cut short is not decided", NULL, "NotRun", CAUSE_CUT_SHORT,
		    "not decided: " DEADLINE),
		  { .step = STEP_AUTH, .cut_short = DEADLINE } },
		{ .outcome = OUTCOME_BROKEN, .text = SILENT } },
	{ { IS_OPEN("an attempt that nobody came to is open", NULL, "NotRun", CAUSE_NONE,
		    "the server took no further connection"),
		  { 0 } },
		{ .not_made = true } },
	{ { IS_OPEN("an attempt that the deadline left out is not decided", NULL, "NotRun",
		    CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		  { .step = STEP_AUTH, .cut_short = DEADLINE } },
		{ .not_made = true } },
	{ { IS_OPEN("without EHLO inside TLS it is open", NULL, "NoAnswer", CAUSE_SESSION_EHLO,
		    "EHLO inside TLS: " CLOSED),
		  { ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
		{ .not_made = true } },
	{ { IS_OPEN("without TLS it is open", NULL, "NoAnswer", CAUSE_HANDSHAKE,
		    "the TLS handshake: alert"),
		  { ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert") } },
		{ .not_made = true } },
	{ { IS_OPEN("without a greeting it is open", NULL, "NoAnswer", CAUSE_GREETING,
		    "the greeting: " SILENT),
		  { ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
		{ .not_made = true } },
};

static const struct auth_row logins[] = {
	{ { PASSES("235 is a login", LOGIN, "gate logged in with PLAIN"), { 0 } },
		ANSWERED(235, "235 2.7.0") },
	{ { PASSES("the mechanism is the one that was asked for", LOGIN_BY_LOGIN,
		    "gate logged in with LOGIN"),
		  { 0 } },
		ANSWERED(235, "235") },
	{ { PASSES("a login stands though the run was cut short behind it", LOGIN, "logged in"),
		  { .step = STEP_AUTH, .cut_short = DEADLINE } },
		ANSWERED(235, "235") },
	{ { FAILS("535 refuses the login", LOGIN, "LoginRefused", CAUSE_NONE,
		    "refused the login of gate: \"535 5.7.8\""),
		  { 0 } },
		ANSWERED(535, "535 5.7.8") },
	{ { FAILS("any permanent answer refuses the login", LOGIN, "LoginRefused", CAUSE_NONE,
		    "\"500\""),
		  { 0 } },
		ANSWERED(500, "500") },
	{ { FAILS("a refusal before the password is one", LOGIN_BY_LOGIN, "LoginRefused",
		    CAUSE_NONE, "\"599\""),
		  { 0 } },
		{ .not_presented = true, .outcome = OUTCOME_DONE, .code = 599, .text = "599" } },
	{ { IS_OPEN("454 decides nothing", LOGIN, "LoginUndecided", CAUSE_NONE,
		    "did not decide: \"454\""),
		  { 0 } },
		ANSWERED(454, "454") },
	{ { IS_OPEN("the last temporary code decides nothing", LOGIN, "LoginUndecided", CAUSE_NONE,
		    "\"499\""),
		  { 0 } },
		ANSWERED(499, "499") },
	{ { IS_OPEN("a further challenge decides nothing", LOGIN, "LoginUndecided", CAUSE_NONE,
		    "\"334\""),
		  { 0 } },
		ANSWERED(334, "334") },
	{ { IS_OPEN("another good code is no login", LOGIN, "LoginUndecided", CAUSE_NONE,
		    "\"250\""),
		  { 0 } },
		ANSWERED(250, "250") },
	{ { FAILS("a yes without the server's signature is none", LOGIN, "ServerUnproven",
		    CAUSE_NONE, "did not show that it knows the password: no v="),
		  { 0 } },
		FOUND(UNPROVEN, "no v=", 235, "235") },
	{ { FAILS("nor is one with a false signature", LOGIN, "ServerUnproven", CAUSE_NONE,
		    "false"),
		  { 0 } },
		FOUND(FALSE_PROOF, "false", 235, "235") },
	{ { FAILS("nor one behind a foreign nonce", LOGIN, "ServerUnproven", CAUSE_NONE, "nonce"),
		  { 0 } },
		FOUND(FOREIGN_NONCE, "nonce", 501, "501") },
	{ { FAILS("few iterations fail whatever comes behind", LOGIN, "FewIterations", CAUSE_NONE,
		    "few"),
		  { 0 } },
		FOUND(FEW_ITERATIONS, "few", 235, "235") },
	{ { FAILS("so does what is not the mechanism's", LOGIN, "MechanismBroken", CAUSE_NONE,
		    "PLAIN: odd"),
		  { 0 } },
		FOUND(MALFORMED, "odd", 501, "501") },
	{ { FAILS("a reason within the mechanism is a refusal", LOGIN, "LoginRefused", CAUSE_NONE,
		    "refused the login of gate: \"e=x\""),
		  { 0 } },
		FOUND(DECLINED, "e=x", 235, "235") },
	{ { IS_OPEN("unless it is for now", LOGIN, "LoginUndecided", CAUSE_NONE,
		    "did not decide: \"e=x\""),
		  { 0 } },
		FOUND(DECLINED, "e=x", 454, "454") },
	{ { FAILS("a flaw stands though nothing came behind it", LOGIN, "FewIterations", CAUSE_NONE,
		    "few"),
		  { 0 } },
		{ .outcome = OUTCOME_BROKEN,
			.text = SILENT,
			.flaw = AUTH_FEW_ITERATIONS,
			.flaw_text = "few" } },
	{ { IS_OPEN("a limit of ours is open, whatever comes behind", LOGIN, "LoginUndecided",
		    CAUSE_NONE, "PLAIN: too many"),
		  { 0 } },
		FOUND(UNDECIDED, "too many", 235, "235") },
	{ { IS_OPEN("a no to a bound login may be one to the binding", BOUND(""), "LoginUndecided",
		    CAUSE_NONE, "knows another channel binding"),
		  { 0 } },
		ANSWERED(535, "535") },
	{ { IS_OPEN("a refused login beside it tells nothing", BOUND("," LOGIN_BY_LOGIN),
		    "LoginUndecided", CAUSE_NONE, "knows another channel binding"),
		  { 0 } },
		ANSWERED(535, "535") },
	{ { { "a login beside it that gets in does", BOUND("," LOGIN_BY_LOGIN), OUTCOME_DONE,
		    gets_in_by_the_second, VERDICT_FAIL, "LoginRefused", CAUSE_NONE, "\"535\"" },
		  { 0 } },
		ANSWERED(535, "535") },
	{ { { "but not one of another account", BOUND("," LOGIN_OF_ANOTHER), OUTCOME_DONE,
		    gets_in_by_the_second, VERDICT_ERROR, "LoginUndecided", CAUSE_NONE, "\"535\"" },
		  { 0 } },
		ANSWERED(535, "535") },
	{ { PASSES("a bound login passes", BOUND(""), "logged in with SCRAM-SHA-1-PLUS"), { 0 } },
		ANSWERED(235, "235") },
	WITHHELD("what is withheld from another host leaves it open", names_another_host,
		CAUSE_HOSTNAME, "was not sent: the certificate does not name mail.example.test"),
	WITHHELD("all that the certificate lacks stands in its way", has_expired_without_a_name,
		CAUSE_LEAF_DATES | CAUSE_HOSTNAME,
		"was not sent: the certificate is not trusted: leaf: expired"),
	WITHHELD("a path that is missing stands in its way", has_no_issuer, CAUSE_PATH,
		"was not sent: the certificate is not trusted: leaf: no issuer"),
	WITHHELD("what is not judged is not trusted", NULL, CAUSE_PATH,
		"was not sent: the certificate could not be judged"),
};

static const struct auth_row wrong_passwords[] = {
	{ { PASSES("535 says that the password is wrong", WRONG, "535 5.7.8"), { 0 } },
		ANSWERED(535, "535 5.7.8") },
	{ { FAILS("235 lets anybody in", WRONG, "WrongPasswordAccepted", CAUSE_NONE,
		    "let gate in with a made-up password"),
		  { 0 } },
		ANSWERED(235, "235") },
	{ { FAILS("235 does so before it was told a password", WRONG, "WrongPasswordAccepted",
		    CAUSE_NONE, "let gate in"),
		  { 0 } },
		{ .not_presented = true, .outcome = OUTCOME_DONE, .code = 235, .text = "235" } },
	{ { IS_OPEN("535 before it was told a password says nothing of it", WRONG, "LoginUndecided",
		    CAUSE_NONE, "before it was told a password: \"535\""),
		  { 0 } },
		{ .not_presented = true, .outcome = OUTCOME_DONE, .code = 535, .text = "535" } },
	{ { FAILS("a yes that is not proven lets anybody in", WRONG, "WrongPasswordAccepted",
		    CAUSE_NONE, "let gate in"),
		  { 0 } },
		FOUND(UNPROVEN, "no v=", 235, "235") },
	{ { PASSES("a reason within the mechanism does not matter to 535", WRONG, "535"), { 0 } },
		FOUND(DECLINED, "e=x", 535, "535") },
	{ { IS_OPEN("nor does it stand for 535", WRONG, "LoginUndecided", CAUSE_NONE, "\"501\""),
		  { 0 } },
		FOUND(DECLINED, "e=x", 501, "501") },
	{ { IS_OPEN("an exchange with a flaw did not come to its end", WRONG, "LoginUndecided",
		    CAUSE_NONE, "did not come to its end: few"),
		  { 0 } },
		FOUND(FEW_ITERATIONS, "few", 535, "535") },
	{ { IS_OPEN("534 may stop the right password too", WRONG, "LoginUndecided", CAUSE_NONE,
		    "does not say that the password is wrong: \"534\""),
		  { 0 } },
		ANSWERED(534, "534") },
	{ { IS_OPEN("550 may stop the right password too", WRONG, "LoginUndecided", CAUSE_NONE,
		    "\"550\""),
		  { 0 } },
		ANSWERED(550, "550") },
	{ { IS_OPEN("454 decides nothing", WRONG, "LoginUndecided", CAUSE_NONE, "\"454\""), { 0 } },
		ANSWERED(454, "454") },
	{ { IS_OPEN("a further challenge decides nothing", WRONG, "LoginUndecided", CAUSE_NONE,
		    "\"334\""),
		  { 0 } },
		ANSWERED(334, "334") },
	{ { IS_OPEN("another good code is no login", WRONG, "LoginUndecided", CAUSE_NONE,
		    "\"250\""),
		  { 0 } },
		ANSWERED(250, "250") },
};

static void
mechanisms_are_those_offered_inside_tls(void **state)
{
	(void)state;
	expect_session_findings(mechanisms, COUNT(mechanisms));
}

static void
a_missing_mechanism_is_the_cause_of_who_wanted_it(void **state)
{
	(void)state;
	expect_auth_findings(missing_of_attempts, COUNT(missing_of_attempts), NULL);
}

static void
auth_is_not_offered_before_tls(void **state)
{
	(void)state;
	expect_session_findings(before_tls, COUNT(before_tls));
}

static void
a_login_is_decided_by_235_and_5yz(void **state)
{
	(void)state;
	expect_auth_findings(logins, COUNT(logins), NULL);
	expect_auth_findings(attempts, COUNT(attempts), LOGIN);
}

static void
a_wrong_password_is_refused_by_535(void **state)
{
	(void)state;
	expect_auth_findings(wrong_passwords, COUNT(wrong_passwords), NULL);
	expect_auth_findings(attempts, COUNT(attempts), WRONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mechanisms_are_those_offered_inside_tls),
		cmocka_unit_test(a_missing_mechanism_is_the_cause_of_who_wanted_it),
		cmocka_unit_test(auth_is_not_offered_before_tls),
		cmocka_unit_test(a_login_is_decided_by_235_and_5yz),
		cmocka_unit_test(a_wrong_password_is_refused_by_535),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
