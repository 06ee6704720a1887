/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/random_text.h"

#include <string.h>

static const char *const bits[] = {
	"a",
	"b",
	"ab",
	"aa",
	"aaa",
	" ",
	"  ",
	"\n",
	"\t",
	"0",
	"12",
	"x=",
	"(",
	"'s",
	"'ll",
	"\xc3\xa9",
	"\xd0\xb6",
	"\xe4\xb8\xad",
	"\xf0\x9f\x99\x82",
	"\xff",
	"\xe4\xb8",
	"\xc3",
	"\xe3\x80\x80",
	".",
};

#define BIT_COUNT (sizeof(bits) / sizeof(*bits))

size_t random_text(struct rng *rng, char *text, size_t most)
{
	size_t want = rng_below(rng, (uint32_t)most + 1), len = 0;
	uint32_t kinds = 1 + rng_below(rng, BIT_COUNT), first = rng_below(rng, BIT_COUNT);
	bool any = rng_chance(rng, 0.2);

	while (len < want) {
		const char *bit = bits[(first + rng_below(rng, kinds)) % BIT_COUNT];
		size_t n = strlen(bit);

		if (any || n > want - len) {
			text[len++] = (char)rng_below(rng, 256);
			continue;
		}
		memcpy(text + len, bit, n);
		len += n;
	}
	return len;
}
