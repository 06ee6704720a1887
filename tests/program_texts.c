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
