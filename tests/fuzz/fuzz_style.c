/* SPDX-License-Identifier: MIT */
/* style_parse; whatever it accepts must be written and read back as the same sheet, and sampled
 * within the tables. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "formats/style.h"

static bool same_value(const struct style_value *a, const struct style_value *b)
{
	return a->usual.lo == b->usual.lo && a->usual.hi == b->usual.hi &&
	       a->fault.lo == b->fault.lo && a->fault.hi == b->fault.hi && a->share == b->share &&
	       a->each == b->each;
}

static bool same_choice(const struct style_choice *a, const struct style_choice *b)
{
	return a->usual == b->usual && a->fault == b->fault && a->share == b->share &&
	       a->each == b->each;
}

/* What never happens is not written. */
static void check_same_degradation(const struct degradation_sheet *a,
				   const struct degradation_sheet *b)
{
	if (memcmp(a->share, b->share, sizeof(a->share)) != 0)
		abort();
	for (int i = 0; i < DEGRADATION_PARAM_COUNT_; i++)
		if (a->share[degradation_of_param((enum degradation_param)i)] > 0 &&
		    (a->range[i].lo != b->range[i].lo || a->range[i].hi != b->range[i].hi))
			abort();
}

static void check_same(const struct style_sheet *a, const struct style_sheet *b)
{
#define V(name, value, lo, hi, why_not, about)                                                     \
	if (!same_value(&a->name, &b->name))                                                       \
		abort();
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about)                                                       \
	if (!same_choice(&a->name, &b->name))                                                      \
		abort();
	STYLE_CHOICES(C)
#undef C
	if (strcmp(a->standard, b->standard) != 0)
		abort();
	check_same_degradation(&a->degradation, &b->degradation);
}

static int count_words(const char *words)
{
	int n = 1;

	for (; *words; words++)
		n += *words == ' ';
	return n;
}

static void check_style(const struct style *style)
{
#define V(name, value, lo, hi, why_not, about)                                                     \
	if (!(style->name * 1000 > lo - 0.01 && style->name * 1000 < hi + 0.01))                   \
		abort();
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about)                                                       \
	if (style->name < 0 || style->name >= count_words(words))                                  \
		abort();
	STYLE_CHOICES(C)
#undef C
}

/* A drawing's style, and that of one of its dimensions. */
static void check_sample(const struct style_sheet *sheet)
{
	struct rng rng = rng_seed(1, 1);
	struct style style = style_from_sheet(sheet, &rng);
	struct arena arena = {0};

	style_add_exceptions(&style, sheet, 1, &rng, &arena);
	check_style(&style);
	check_style(style_of_dimension(&style, 0));
	arena_free(&arena);
}

static void check_round_trip(const struct style_sheet *sheet)
{
	struct buf out = {0};
	struct style_sheet again;
	struct err err;

	style_write(sheet, &out);
	if (style_parse(&again, "written", out.data, out.len, &err) < 0)
		abort();
	check_same(sheet, &again);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct style_sheet sheet;
	struct err err;

	if (style_parse(&sheet, "fuzz", (const char *)data, size, &err) == 0) {
		check_round_trip(&sheet);
		check_sample(&sheet);
	}
	return 0;
}
