/* SPDX-License-Identifier: MIT */
/*
 * program_reader: the tokens that the languages of programs share, and their errors' places.
 *
 *	struct reader r = reader_begin("label", text, len, &err);
 *	if (reader_tokens(&r, "sketch = Sketch()") < 0) ...	("label:1:8: expected '=', not '-'")
 *	if (reader_value(&r, &shape, PARAM_R) < 0) ...
 *
 * A token is a word (letters, digits, underscores), a number or one other byte. Blanks, tabs and
 * line ends may stand between any two. Only the parsers of formats/program_*.c use this. Functions
 * that return int return 0, or -1 with the error filled (ERR_FORMAT unless said otherwise).
 */
#ifndef FORMATS_PROGRAM_READER_H
#define FORMATS_PROGRAM_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "formats/program/program.h"
#include "formats/scene/shape.h"

struct reader {
	const char *name;             /* of the text, for messages; borrowed */
	const char *begin, *at, *end; /* the text, borrowed; at: what is not read yet */
	const char *failed;           /* the place of the last error */
	struct err *err;              /* may be NULL */
};

/* text may be NULL where len is 0. */
struct reader reader_begin(const char *name, const char *text, size_t len, struct err *err);

/* "name:line:column: ..." for `where` in the text; both count from 1, columns in bytes. */
int reader_error(struct reader *r, const char *where, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* "expected <what>, not <what stands there>" */
int reader_expected(struct reader *r, const char *what);

void reader_skip_space(struct reader *r);
bool reader_at_end(struct reader *r); /* behind white space */

/* Whether the next token is c; next_is stays before it, accept goes behind. */
bool reader_next_is(struct reader *r, char c);
bool reader_accept(struct reader *r, char c);
int reader_expect(struct reader *r, char c);

/* The word that starts here, of any length; what names it in the message. */
int reader_word(struct reader *r, const char *what, const char **word, size_t *len);

/* Whether a word is this name. */
bool word_is(const char *word, size_t len, const char *name);

/* The length of the token that text[0..len) begins with, blanks before it not allowed. */
size_t token_length(const char *text, size_t len);

/* Passes over these tokens, written with blanks between them where two words meet. */
int reader_tokens(struct reader *r, const char *tokens);

int reader_number(struct reader *r, int64_t *milli);
int reader_point(struct reader *r, struct point *point); /* (x,y) */

/* The parameter's value into the shape: a number, or a list of points. Bounds are shape_check's. */
int reader_value(struct reader *r, struct shape *shape, enum param param);

/* Into the unit: its name. */
int reader_unit(struct reader *r, enum unit *unit);

/* Into the unit, where the text goes on with a line unit = "inch"; else the unit is mm. */
int reader_unit_line(struct reader *r, enum unit *unit);

/* Whether the next token is this word; stays before it. */
bool reader_next_is_word(struct reader *r, const char *word);

/* After a statement of a language with lines: a line end, ';' or the end of the text. */
int reader_line_end(struct reader *r);

/* Makes the program empty, in mm, with room for all shapes that the text can hold; one '(' at least
 * stands in each. */
void reader_make_room(const struct reader *r, struct program *program, struct arena *arena);

/* The next shape, zeroed; NULL with ERR_LIMIT when the program is full. */
struct shape *reader_add_shape(struct reader *r, struct program *program);

#endif
