/* SPDX-License-Identifier: MIT */
/*
 * callout_parse on up to three lines of text: the callout, the upper and the lower of its stack.
 * Whatever it accepts must be written in every dialect and read back as the same callout.
 */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/drawing/callout.h"

enum { DIALECTS = 2 * 2 * 2 * 4 * 5 };

static struct style dialect(int i)
{
	struct style style;

	memset(&style, 0, sizeof(style));
	style.unit = i % 2;
	style.decimal_mark = i / 2 % 2;
	style.leading_zero = i / 4 % 2;
	style.decimals = i / 8 % 4;
	style.times = i / 32;
	return style;
}

static void check_same(const struct callout *a, const struct callout *b)
{
	const struct tolerance *s = &a->tolerance, *t = &b->tolerance;

	if (a->kind != b->kind || a->count != b->count || a->value != b->value ||
	    a->pitch != b->pitch || a->wide != b->wide || a->deep != b->deep ||
	    a->status != b->status)
		abort();
	if (s->kind != t->kind || s->upper != t->upper || s->lower != t->lower ||
	    strcmp(s->fit, t->fit) != 0)
		abort();
}

static void check_round_trip(const struct callout *c)
{
	struct arena arena = {0};
	struct callout again;

	for (int i = 0; i < DIALECTS; i++) {
		struct style style = dialect(i);
		struct callout_text t;

		/* A pitch is no number of threads per inch. */
		if (c->kind == CALLOUT_THREAD && c->pitch > 9999 && style.unit == STYLE_UNIT_INCH)
			continue;
		t = callout_write(c, &style, &arena);
		if (callout_parse(&again, t.text, t.upper, t.lower) < 0)
			abort();
		check_same(c, &again);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* Ends the line at its line feed; what follows, or NULL. */
static char *cut_line(char *line)
{
	char *end = line ? strchr(line, '\n') : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	return end + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	char *upper, *lower;
	struct callout c;
	int paper, real;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	upper = cut_line(text);
	lower = cut_line(upper);
	cut_line(lower);
	if (callout_parse(&c, text, upper, lower) == 0)
		check_round_trip(&c);
	if (callout_parse_scale(text, &paper, &real) == 0 && (paper < 1 || real < 1))
		abort();
	free(text);
	return 0;
}
