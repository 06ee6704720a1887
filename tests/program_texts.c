/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "tests/program_texts.h"

void program_mutate(struct rng *rng, struct buf *text)
{
	static const char alphabet[] = "0123456789.,-()[]{}=:;\" abcdefghijklmnopqrstuvwxyz_e+"
				       "\n*/CRELPST";
	size_t at = rng_below(rng, (uint32_t)text->len);
	char c = alphabet[rng_below(rng, sizeof(alphabet) - 1)];
	struct buf out = {0};

	buf_bytes(&out, text->data, at);
	switch (rng_below(rng, 4)) {
	case 0:
		buf_char(&out, c);
		break;
	case 1:
		break;
	case 2:
		buf_char(&out, text->data[at]);
		buf_char(&out, c);
		break;
	default:
		buf_char(&out, text->data[at]);
		buf_char(&out, text->data[at]);
		break;
	}
	buf_str(&out, text->data + at + 1);
	buf_clear(text);
	buf_bytes(text, out.data, out.len);
	buf_free(&out);
}

bool program_is_beyond_grammar(const char *message)
{
	return strstr(message, "has two values") || strstr(message, "assigned twice") ||
	       strstr(message, "half the shorter side") || strstr(message, "are the same") ||
	       strstr(message, "counter-clockwise") || strstr(message, "in one line") ||
	       strstr(message, "must not cross itself") || strstr(message, "allowed more than") ||
	       strstr(message, "below 360/count") || strstr(message, "its cylinder has diameter") ||
	       strstr(message, "no cylinder before it") || strstr(message, "expected model_");
}

/* The text without the numbers of python's variables, which the parser takes in any order. */
static void drop_counters(const char *text, struct buf *out)
{
	for (const char *p = text; *p; p++) {
		buf_char(out, *p);
		if (*p == '_')
			p += strspn(p + 1, "0123456789");
	}
}

bool program_is_same(const char *a, const char *b, enum language language)
{
	struct buf bare_a = {0}, bare_b = {0};
	bool same = strcmp(a, b) == 0;

	if (!same && language == LANGUAGE_PYTHON) {
		drop_counters(a, &bare_a);
		drop_counters(b, &bare_b);
		same = strcmp(bare_a.data, bare_b.data) == 0;
		buf_free(&bare_a);
		buf_free(&bare_b);
	}
	return same;
}
