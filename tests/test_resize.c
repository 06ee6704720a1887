/* SPDX-License-Identifier: MIT */
/*
 * checkpoint_resize: the same size is the same model; a grid grows on all sides and shrinks again; all
 * else is as it was.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/model_fixture.h"
#include "tests/random_shapes.h"
#include "trainer/train/positions.h"
#include "trainer/train/resize.h"

static struct checkpoint make(const struct model_config *config, uint64_t seed)
{
	struct checkpoint c = {.config = *config, .tensors = model_tensors_new(config)};
	struct rng rng = rng_seed(seed, 1);

	c.numbers = mem_alloc(c.tensors->numbers, sizeof(*c.numbers));
	for (int i = 0; i < c.tensors->count; i++)
		for (size_t k = 0; k < c.tensors->all[i].count; k++)
			c.numbers[c.tensors->all[i].offset + k] = (float)rng_unit(&rng);
	return c;
}

static void test_same(void **state)
{
	struct model_config config = model_fixture_config();
	uint64_t seed = test_seed();
	struct checkpoint a = make(&config, seed), b = make(&config, seed);

	(void)state;
	assert_int_equal(checkpoint_resize(&b, config.vision.side, NULL), 0);
	assert_int_equal(a.tensors->numbers, b.tensors->numbers);
	for (size_t i = 0; i < a.tensors->numbers; i++)
		assert_true(a.numbers[i] == b.numbers[i]);
	checkpoint_free(&a);
	checkpoint_free(&b);
}

/* The old grid is in the middle of the new one; beyond, what is not of sines and cosines is that of the
 * nearest edge. Smaller again, it is what it was. */
static void test_grows(void **state)
{
	struct model_config config = model_fixture_config();
	uint64_t seed = test_seed();
	struct checkpoint a, b;
	size_t width = (size_t)config.vision.width, at;
	const int before = 6, now = 12, shift = 3;

	(void)state;
	config.vision.side = before * config.vision.patch;
	config.text.positions = 400;
	a = make(&config, seed);
	b = make(&config, seed);
	at = a.tensors->position_w;
	assert_int_equal(checkpoint_resize(&b, now * config.vision.patch, NULL), 0);
	assert_int_equal(b.config.vision.side, now * config.vision.patch);
	for (int cell = 0; cell < now * now; cell++) {
		int y = cell / now - shift, x = cell % now - shift;
		int ny = y < 0 ? 0 : y < before ? y : before - 1;
		int nx = x < 0 ? 0 : x < before ? x : before - 1;

		for (size_t i = 0; i < width; i++) {
			double got = (double)b.numbers[b.tensors->position_w +
						       (size_t)(1 + cell) * width + i];
			double old =
				(double)a.numbers[at + (size_t)(1 + ny * before + nx) * width + i];

			assert_true(fabs(got - position_at(x, y, i, width) - old +
					 position_at(nx, ny, i, width)) < 1e-6);
			if (x == nx && y == ny)
				assert_true(fabs(got - old) < 1e-6);
		}
	}
	/* the class, and tensors before and behind */
	assert_memory_equal(a.numbers + a.tensors->position_w, b.numbers + b.tensors->position_w,
			    width * sizeof(float));
	for (int i = 0; i < a.tensors->count; i++) {
		const struct model_tensor *s = &a.tensors->all[i], *t = &b.tensors->all[i];

		assert_string_equal(s->name, t->name);
		if (s->count == t->count)
			assert_memory_equal(a.numbers + s->offset, b.numbers + t->offset,
					    s->count * sizeof(float));
	}
	assert_int_equal(checkpoint_resize(&b, before * config.vision.patch, NULL), 0);
	for (size_t i = 0; i < a.tensors->numbers; i++)
		assert_true(fabs((double)a.numbers[i] - (double)b.numbers[i]) < 1e-6);
	checkpoint_free(&a);
	checkpoint_free(&b);
}

static void test_refused(void **state)
{
	struct model_config config = model_fixture_config();
	struct checkpoint c = make(&config, 1);
	struct err err = {0};

	(void)state;
	assert_int_equal(checkpoint_resize(&c, config.vision.patch + 1, &err), -1);
	assert_true(strlen(err.msg) > 0);
	assert_int_equal(c.config.vision.side, config.vision.side);
	checkpoint_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_refused),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
