/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts on their way from the evidence into a report.
 */
#include "facts_text.h"

#include <string.h>

#include "report/shown.h"

/* Longest text but for transcripts, in bytes: of lists that a server makes as long as it likes.
 * Writers for people cut far shorter. */
#define TEXT_MAX ((size_t)64 * 1024)

/* A line of a reply is quoted without the others: a secret over several lines shows in the
 * transcripts alone. */
void
cleaner_init(struct cleaner *cleaner, const struct secrets *secrets,
	const struct evidence *evidence, struct arena *arena, struct arena *scratch)
{
	*cleaner = (struct cleaner){ .secrets = secrets, .arena = arena, .scratch = scratch };
	secrets_add_pieces(&cleaner->pieces, scratch, secrets, evidence->session.transcript.data);
	for (size_t i = 0; i < evidence->login_count; i++)
		secrets_add_pieces(
			&cleaner->pieces, scratch, secrets, evidence->logins[i]->transcript.data);
	for (size_t i = 0; i < evidence->observation_count; i++)
		for (size_t j = 0; j < evidence->observations[i]->trace_count; j++)
			secrets_add_pieces(&cleaner->pieces, scratch, secrets,
				evidence->observations[i]->traces[j].transcript);
}

/* What probes handed on may have been cut at its end. */
static const char *
redacted(const struct cleaner *cleaner, const char *text)
{
	text = secrets_redact_cut(cleaner->secrets, cleaner->scratch, text);
	return secrets_redact(&cleaner->pieces, cleaner->scratch, text);
}

/* A carriage return in the middle of a line is odd, and every format shows it as JSON must. */
static void
add_with_returns(struct buf *out, const char *text)
{
	for (size_t plain; *text != '\0'; text += plain) {
		plain = strcspn(text, "\r");
		buf_add(out, text, plain);
		if (text[plain] == '\r') {
			buf_add_string(out, "\\r");
			plain++;
		}
	}
}

const char *
cleaner_text(const struct cleaner *cleaner, const char *text)
{
	const char *whole = redacted(cleaner, text), *copy;
	struct buf cut;

	if (whole == NULL)
		return NULL;
	buf_init(&cut, SIZE_MAX / 4);
	add_with_returns(&cut, whole);
	shown_cut(&cut, TEXT_MAX, ' ');
	copy = arena_strdup(cleaner->arena, cut.data);
	buf_release(&cut);
	return copy;
}

const char *
cleaner_transcript(const struct cleaner *cleaner, const char *transcript, size_t dropped)
{
	const char *text;
	struct buf out;

	if (transcript == NULL || transcript[0] == '\0')
		return NULL;
	buf_init(&out, SIZE_MAX / 4);
	buf_add_string(&out, transcript);
	if (dropped != 0)
		buf_addf(&out, "\n... [%zu bytes omitted]", dropped);
	text = arena_strdup(cleaner->arena, redacted(cleaner, out.data));
	buf_release(&out);
	return text;
}
