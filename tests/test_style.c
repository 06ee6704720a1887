/* SPDX-License-Identifier: MIT */
/* style: the built-in style and its file, ranges, sampling, and every way to be refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/style.h"
#include "tests/random_shapes.h"

static uint64_t seed;

static void assert_sheets_equal(const struct style_sheet *a, const struct style_sheet *b)
{
#define V(name, value, lowest, highest, about)                                                     \
	assert_true(a->name.lo == b->name.lo && a->name.hi == b->name.hi);
	STYLE_VALUES(V)
#undef V
	assert_string_equal(a->standard, b->standard);
	assert_int_equal(a->decimal_mark, b->decimal_mark);
}

static void test_builtin_is_the_sample(void **state)
{
	struct style_sheet iso = style_iso(), read;
	struct buf written = {0}, file = {0};
	struct err err = {0};
	const char *path = source_file("samples/styles/iso.json");

	(void)state;
	style_write(&iso, &written);
	if (fs_read(path, 1 << 20, &file, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(file.data, written.data);
	assert_int_equal(style_read(&read, path, &err), 0);
	assert_sheets_equal(&read, &iso);
	buf_free(&written);
	buf_free(&file);
}

static void test_keys_left_out_stay_iso(void **state)
{
	static const char text[] = "{\"text_mm\":5,\"thick_mm\":[0.5,0.7],\"decimal_mark\":\".\"}";
	struct style_sheet sheet, expected = style_iso();
	struct err err = {0};

	(void)state;
	expected.text_mm = (struct style_range){5000, 5000};
	expected.thick_mm = (struct style_range){500, 700};
	expected.decimal_mark = '.';
	assert_int_equal(style_parse(&sheet, "s", text, strlen(text), &err), 0);
	assert_sheets_equal(&sheet, &expected);
	assert_int_equal(style_parse(&sheet, "s", "{}", 2, &err), 0);
	expected = style_iso();
	assert_sheets_equal(&sheet, &expected);
}

static struct style_range random_range(struct rng *rng, int64_t lo, int64_t hi)
{
	int64_t a = rng_range(rng, lo, hi), b = rng_range(rng, lo, hi);

	if (rng_chance(rng, 0.3))
		b = a;
	return a < b ? (struct style_range){a, b} : (struct style_range){b, a};
}

static struct style_sheet random_sheet(struct rng *rng)
{
	struct style_sheet sheet = style_iso();

#define V(name, value, lo, hi, about) sheet.name = random_range(rng, lo, hi);
	STYLE_VALUES(V)
#undef V
	sheet.decimal_mark = rng_chance(rng, 0.5) ? ',' : '.';
	return sheet;
}

static void test_round_trip(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct style_sheet sheet = random_sheet(&rng), again;

		buf_clear(&out);
		style_write(&sheet, &out);
		if (style_parse(&again, "random", out.data, out.len, &err) < 0)
			fail_msg("%s in %s", err.msg, out.data);
		assert_sheets_equal(&again, &sheet);
	}
	buf_free(&out);
}

/* Values in table order, one draw for a range that has more than one value. */
static void test_sampling(void **state)
{
	struct rng rng = rng_seed(seed, 2), draws;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct style_sheet sheet = random_sheet(&rng);
		struct style style;

		draws = rng;
		style = style_from_sheet(&sheet, &rng);
#define V(name, value, lowest, highest, about)                                                     \
	if (sheet.name.lo == sheet.name.hi)                                                        \
		assert_true(style.name == (double)sheet.name.lo / 1000.0);                         \
	else                                                                                       \
		assert_true(style.name ==                                                          \
			    (double)rng_range(&draws, sheet.name.lo, sheet.name.hi) / 1000.0);
		STYLE_VALUES(V)
#undef V
		assert_int_equal(rng_u32(&rng), rng_u32(&draws));
		assert_string_equal(style.standard, "iso");
		assert_int_equal(style.decimal_mark, sheet.decimal_mark);
	}
}

static void test_iso_draws_nothing(void **state)
{
	struct style_sheet iso = style_iso();
	struct rng rng = rng_seed(seed, 3), before = rng;
	struct style style = style_from_sheet(&iso, &rng);

	(void)state;
	assert_true(rng.state == before.state && rng.inc == before.inc);
	assert_true(style.text_mm == 3.5 && style.thick_mm == 0.5 && style.extension_gap_mm == 0);
	assert_int_equal(style.decimal_mark, ',');
}

static void refuse(const char *text, const char *message)
{
	struct style_sheet sheet;
	struct err err = {0};

	assert_int_equal(style_parse(&sheet, "s.json", text, strlen(text), &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
}

static void test_errors(void **state)
{
	struct style_sheet sheet;
	struct err err = {0};

	(void)state;
	refuse("{\n\n\"text_mm\": 99}", "s.json:3: 'text_mm' is 99; allowed 1.8 to 20");
	refuse("{\"text_mm\": [3.5,\n1]}", "s.json:2: 'text_mm' is 1; allowed 1.8 to 20");
	refuse("{\"text_mm\": [5, 3.5]}",
	       "s.json:1: 'text_mm' is upside down: lowest is 5, highest 3.5");
	refuse("{\"text_mm\": [5]}", "s.json:1: 'text_mm' must be a number or [lowest, highest]");
	refuse("{\"text_mm\": [2,3,4]}",
	       "s.json:1: 'text_mm' must be a number or [lowest, highest]");
	refuse("{\"text_mm\": \"5\"}", "s.json:1: 'text_mm' must be a number");
	refuse("{\"text_mm\": [2,null]}", "s.json:1: 'text_mm' must be a number");
	refuse("{\"text_mm\": 3.1415}", "s.json:1: 'text_mm' is 3.1415; at most three decimals");
	refuse("{\n\"text\": 3.5}", "s.json:2: unknown key 'text'");
	refuse("{\"standard\": \"gost\"}", "s.json:1: 'standard' is 'gost'; allowed iso");
	refuse("{\"standard\": 1}", "s.json:1: 'standard' must be a string");
	refuse("{\"decimal_mark\": \";\"}", "s.json:1: 'decimal_mark' must be \",\" or \".\"");
	refuse("{\"decimal_mark\": 0}", "s.json:1: 'decimal_mark' must be \",\" or \".\"");
	refuse("\n7", "s.json:2: a style must be an object");
	refuse("{\"text_mm\": 5,\n\"text_mm\": 5}", "s.json:2: key 'text_mm' given twice");
	refuse("{", "s.json:1: expected a key in quotes");
	assert_int_equal(style_read(&sheet, "/nonexistent/style.json", &err), -1);
	assert_int_equal(err.code, ERR_IO);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin_is_the_sample),
		cmocka_unit_test(test_keys_left_out_stay_iso),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_sampling),
		cmocka_unit_test(test_iso_draws_nothing),
		cmocka_unit_test(test_errors),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
