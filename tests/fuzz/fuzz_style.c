/* SPDX-License-Identifier: MIT */
/* style_mix_parse; whatever it accepts must be written and read back as the same sheets, and sampled
 * within the tables. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "formats/scene/style_mix.h"

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
	if (strcmp(a->standard, b->standard) != 0 || strcmp(a->about, b->about) != 0)
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

static void check_round_trip(const struct style_mix *mix, struct arena *arena)
{
	struct buf out = {0};
	struct style_mix again;
	struct err err;

	style_mix_write(mix, &out);
	if (style_mix_parse(&again, "written", out.data, out.len, NULL, arena, &err) < 0)
		abort();
	if (again.count != mix->count || strcmp(again.standard, mix->standard) != 0 ||
	    strcmp(again.about, mix->about) != 0)
		abort();
	for (int i = 0; i < mix->count; i++) {
		if (again.parts[i].share != mix->parts[i].share && mix->count > 1)
			abort();
		check_same(&mix->parts[i].sheet, &again.parts[i].sheet);
	}
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct style_mix mix;
	struct err err;

	if (style_mix_parse(&mix, "fuzz", (const char *)data, size, NULL, &arena, &err) == 0) {
		check_round_trip(&mix, &arena);
		for (int i = 0; i < mix.count; i++)
			check_sample(&mix.parts[i].sheet);
	}
	arena_free(&arena);
	return 0;
}
