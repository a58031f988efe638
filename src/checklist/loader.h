/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * loader: what the parts of checklist_load share: the checklist in the making, the files it comes
 * from, and how problems are reported. A part that meets a problem reports it and goes on as if
 * the thing were absent, so that all problems of a file are seen at once.
 */
#ifndef GATE_CHECKLIST_LOADER_H
#define GATE_CHECKLIST_LOADER_H

#include "checklist/checklist.h"
#include "checklist/json.h"
#include "checklist/overlay.h"

struct source;

/* An entry of "include". */
struct inclusion {
	const struct json *entry; /* a string, or an object of the form include_form */
	struct source *included;
};

/* Of which targets the assertions of a checklist are made, beside what they say themselves, and
 * which tags they get; see scope.h. */
struct scope {
	bool all_targets;
	const char **targets; /* unless all are */
	size_t target_count;
	const char **tags;
	size_t tag_count;
};

/* A checklist file, or a checklist that came with the program. */
struct source {
	const char *file;      /* as shown in messages */
	const char *identity;  /* the same for the same file, however it is spelled */
	const char *directory; /* relative paths start here; NULL when it came with the program */
	const char *stem;
	const char *text;
	size_t len;
	const struct json *root; /* NULL: it is no JSON object, and that was reported */
	const struct source *includer;
	const struct source *older; /* the one opened before this one */

	struct inclusion *inclusions;
	size_t inclusion_count;
	struct scope scope;

	bool is_pipe; /* and no file that somebody could open again */
	/* Where reports say that its assertions are. Of a checklist of the program that is the entry
	 * of the user's file that includes it, and no file when there is none. */
	const char *reported_file;
	struct place entry; /* of a checklist of the program */
};

struct unique_name;

/* A secret that a file declares. */
struct declaration {
	const char *name;
	const struct json *json;
	const struct source *source;
	const char *value; /* NULL: not read, or unreadable */
	bool tried;
};

struct loader {
	struct checklist *checklist;
	struct arena *arena; /* of the checklist */
	const struct overlay *overlay;
	struct problems *problems;

	/* In the order in which their assertions count: what is included comes before what includes
	 * it, so the file that was asked for is the last. */
	struct source **sources;
	size_t source_count;
	const struct source *newest; /* of all that were opened */
	bool is_incomplete;          /* what an entry of "include" names could not be loaded */

	struct override *overrides; /* see overrides.h */
	size_t override_count;

	struct declaration *declarations;
	size_t declaration_count;

	const struct proxy *proxy; /* of --proxy; NULL: none */

	/* The last that was read, and what it was read for. */
	const struct tls_identity *identity;
	const struct json *identity_members[2];

	/* The names of the targets in the file, sorted, whatever --target says. */
	struct unique_name *target_names;
	size_t target_name_count;
	bool has_no_targets;         /* and need not */
	const char *target_replaced; /* "--target HOST", which is none of them; NULL: none */

	/* Where passwords stand: lines that no frame may show. */
	struct place *hidden_lines;
	size_t hidden_line_count;

	/* Set while something is read that will not be used: a reference that leads nowhere is no
	 * problem then. */
	bool lenient;
};

/* Reports a problem. label and note may be NULL; place may be NULL (the command line). */
void loader_complain(struct loader *loader, const struct place *place, const char *label,
	const char *note, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The secret of that name; NULL when none is declared. */
struct declaration *loader_declaration(const struct loader *loader, const char *name);

/* The file that was asked for. */
const struct source *loader_main(const struct loader *loader);

/* The checklist that a place is in; that which was asked for when it is in none. */
const struct source *loader_source(const struct loader *loader, const char *file);

/* A list of names in the making, for messages: all of them, and the one that a word looks like. */
struct names_offered {
	const char *word;
	const char *nearest; /* NULL: none is similar */
	size_t distance;
	struct buf list;
};
void names_offered_init(struct names_offered *offered, const char *word);
void names_offered_add(struct names_offered *offered, const char *name);

/* "introduction: a, b, c" in the arena; NULL when there are no names. */
const char *names_offered_note(
	const struct names_offered *offered, struct arena *arena, const char *introduction);

/* Reports that the word is none of the names, and which one was meant when one is similar. Releases
 * the list. */
void names_offered_complain(struct loader *loader, struct names_offered *offered,
	const struct place *place, const char *note, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void names_offered_release(struct names_offered *offered);

#endif
