/* SPDX-License-Identifier: MIT */
/*
 * Intervals that do not overlap say more than is needed for a difference: those of figures on the same
 * drawings overlap more often than the difference is 0. What is bold is meant to be beyond doubt.
 */
#include <config.h>

#include "trainer/score/comparison.h"

#include <stdbool.h>
#include <stdio.h>

#define DECIMALS 4

static bool is_shown(const struct comparison *c, int figure)
{
	if (!(c->figures >> figure & 1))
		return false;
	for (int i = 0; i < c->count; i++)
		if (c->groups[i].figures[figure].drawings > 0)
			return true;
	return false;
}

static bool is_apart(const struct metrics_value *a, const struct metrics_value *b)
{
	return a->high < b->low || b->high < a->low;
}

/* --- Markdown ------------------------------------------------------------------------------- */

/* A bar would end the cell. */
static void put_cell(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			buf_char(out, '\\');
		buf_char(out, *text);
	}
	buf_str(out, " | ");
}

static void put_head(struct buf *out, const struct comparison *c)
{
	buf_str(out, "| figure | ");
	for (int i = 0; i < c->count; i++) {
		put_cell(out, c->names[i]);
		if (i > 0)
			put_cell(out, "gain");
	}
	out->len--; /* the last blank */
	buf_str(out, "\n|---|");
	for (int i = 0; i < c->count; i++)
		buf_str(out, i > 0 ? "---:|---:|" : "---:|");
	buf_char(out, '\n');
}

static void put_counts(struct buf *out, const struct comparison *c)
{
	buf_str(out, "| ");
	put_cell(out, c->words->of);
	for (int i = 0; i < c->count; i++) {
		buf_int(out, c->groups[i].count);
		buf_str(out, i > 0 ? " | | " : " | ");
	}
	out->len--;
	buf_char(out, '\n');
}

static void put_gain(struct buf *out, const struct metrics_value *from,
		     const struct metrics_value *to)
{
	char text[48];

	if (from->drawings == 0 || to->drawings == 0) {
		buf_str(out, "- | ");
		return;
	}
	snprintf(text, sizeof(text), is_apart(from, to) ? "**%+.2f**" : "%+.2f",
		 to->value - from->value);
	put_cell(out, text);
}

static void put_line(struct buf *out, const struct comparison *c, int figure)
{
	const struct metrics_value *first = &c->groups[0].figures[figure];
	char text[64];

	buf_str(out, "| ");
	put_cell(out, c->words->figures[figure]);
	for (int i = 0; i < c->count; i++) {
		const struct metrics_value *v = &c->groups[i].figures[figure];

		snprintf(text, sizeof(text), "%.2f (%.2f to %.2f)", v->value, v->low, v->high);
		put_cell(out, v->drawings ? text : "-");
		if (i > 0)
			put_gain(out, first, v);
	}
	out->len--;
	buf_char(out, '\n');
}

void comparison_print(const struct comparison *c, struct buf *out)
{
	put_head(out, c);
	put_counts(out, c);
	for (int i = 0; i < c->words->count; i++)
		if (is_shown(c, i))
			put_line(out, c, i);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void put_real(struct buf *out, const char *key, double v)
{
	buf_str(out, key);
	buf_fixed(out, v, DECIMALS);
}

/* first: NULL in the first column. */
static void put_value(struct buf *out, const struct metrics_value *v,
		      const struct metrics_value *first, const char *of)
{
	if (v->drawings == 0) {
		buf_str(out, "null");
		return;
	}
	put_real(out, "{\"value\": ", v->value);
	put_real(out, ", \"low\": ", v->low);
	put_real(out, ", \"high\": ", v->high);
	buf_str(out, ", ");
	buf_json_str(out, of);
	buf_str(out, ": ");
	buf_int(out, v->drawings);
	if (first && first->drawings > 0) {
		put_real(out, ", \"gain\": ", v->value - first->value);
		buf_str(out, ", \"apart\": ");
		buf_str(out, is_apart(first, v) ? "true" : "false");
	}
	buf_char(out, '}');
}

static void put_figure(struct buf *out, const struct comparison *c, int figure)
{
	const struct metrics_value *first = &c->groups[0].figures[figure];

	buf_str(out, "\t\t");
	buf_json_str(out, c->words->figures[figure]);
	buf_str(out, ": [");
	for (int i = 0; i < c->count; i++) {
		buf_str(out, i > 0 ? ",\n\t\t\t" : "\n\t\t\t");
		put_value(out, &c->groups[i].figures[figure], i > 0 ? first : NULL, c->words->of);
	}
	buf_str(out, "\n\t\t]");
}

void comparison_write(const struct comparison *c, struct buf *out)
{
	const char *before = "\n";

	buf_str(out, "{\n\t\"columns\": [");
	for (int i = 0; i < c->count; i++) {
		buf_str(out, i > 0 ? ", " : "");
		buf_json_str(out, c->names[i]);
	}
	buf_str(out, "],\n\t");
	buf_json_str(out, c->words->of);
	buf_str(out, ": [");
	for (int i = 0; i < c->count; i++) {
		buf_str(out, i > 0 ? ", " : "");
		buf_int(out, c->groups[i].count);
	}
	buf_str(out, "],\n\t\"figures\": {");
	for (int i = 0; i < c->words->count; i++) {
		if (!is_shown(c, i))
			continue;
		buf_str(out, before);
		before = ",\n";
		put_figure(out, c, i);
	}
	buf_str(out, "\n\t}\n}\n");
}
