/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/wrong_programs.h"

#include <string.h>

#define FAR 4000000

enum wrong random_wrong(struct rng *rng)
{
	static const enum wrong often[] = {WRONG_DIGIT,  WRONG_DIGIT, WRONG_DIGIT, WRONG_DIGIT,
					   WRONG_MISSED, WRONG_ADDED, WRONG_PLACE, WRONG_PLACE,
					   WRONG_FAR,    WRONG_CUT,   WRONG_BYTES};
	bool is_right = rng_chance(rng, 0.5);
	uint32_t which = rng_below(rng, sizeof(often) / sizeof(*often));

	return is_right ? WRONG_NOTHING : often[which];
}

static char similar(char digit)
{
	static const char pairs[] = "0817263549";
	const char *at = strchr(pairs, digit);

	return pairs[(at - pairs) ^ 1];
}

/* Of the digits behind `=`, `,` and other digits every eighth or so, at least one where there is one. */
static void misread(struct rng *rng, char *text, size_t len)
{
	char *last = NULL;

	for (size_t i = 1; i < len; i++) {
		bool in_number = strchr("=,(-.0123456789", text[i - 1]) != NULL;

		if (text[i] < '0' || text[i] > '9' || !in_number)
			continue;
		if (text[i] != '0')
			last = &text[i];
		if (text[i] != '0' && rng_chance(rng, 0.08))
			text[i] = similar(text[i]);
	}
	if (last)
		*last = similar(*last);
}

static void exchange(struct rng *rng, struct program *p)
{
	int first = (int)rng_below(rng, (uint32_t)p->shape_count);
	enum param params[PARAM_COUNT_];
	int n = shape_params(p->shapes[first].kind, params);
	enum param param = params[rng_below(rng, (uint32_t)n)];

	for (int i = 0; i < p->shape_count; i++) {
		struct shape *a = &p->shapes[first], *b = &p->shapes[i];

		if (i != first && a->kind == b->kind && a->value[param] != b->value[param]) {
			int64_t value = a->value[param];

			a->value[param] = b->value[param];
			b->value[param] = value;
			return;
		}
	}
}

static struct program changed(struct rng *rng, const struct program *truth, enum wrong wrong,
			      struct arena *arena)
{
	struct program p = *truth;
	int n = truth->shape_count, at = (int)rng_below(rng, (uint32_t)n);

	p.shapes = ARENA_NEW(arena, struct shape, n + 1);
	memcpy(p.shapes, truth->shapes, (size_t)n * sizeof(*p.shapes));
	if (wrong == WRONG_MISSED && n > 1) {
		p.shape_count--;
		memmove(&p.shapes[at], &p.shapes[at + 1], (size_t)(n - 1 - at) * sizeof(*p.shapes));
	} else if (wrong == WRONG_ADDED) {
		p.shapes[p.shape_count++] = p.shapes[n - 1];
		p.shapes[n].value[PARAM_X] += shape_has_param(p.shapes[n].kind, PARAM_X) ? 7000 : 0;
	} else if (wrong == WRONG_PLACE) {
		exchange(rng, &p);
	} else if (wrong == WRONG_FAR && shape_has_param(p.shapes[n - 1].kind, PARAM_X)) {
		p.shapes[n - 1].value[PARAM_X] = FAR;
	}
	return p;
}

void wrong_program(struct rng *rng, const struct program *truth, enum language language,
		   enum wrong wrong, struct buf *out, struct arena *arena)
{
	static const char bytes[] =
		"hole(x=1\0</script><script>alert(1)</script>\xff\xfe"
		"<img src=x onerror=alert(2)> \xe2\x80\xae\" onclick='alert(3)' &lt;";
	struct program p = changed(rng, truth, wrong, arena);
	size_t from = out->len;

	program_write(&p, language, out);
	if (wrong == WRONG_DIGIT)
		misread(rng, out->data + from, out->len - from);
	if (wrong == WRONG_CUT)
		out->data[out->len = from + (out->len - from) * 2 / 3] = '\0';
	if (wrong == WRONG_BYTES)
		buf_bytes(out, bytes, sizeof(bytes) - 1);
}
