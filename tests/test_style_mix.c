/* SPDX-License-Identifier: MIT */
/* style_mix: files of one sheet and of several, names and paths in them, what is written, how sheets are
 * drawn, and every way to be refused. */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/scene/style_mix.h"
#include "gen/sample_main.h"
#include "tests/random_shapes.h"

static uint64_t seed;
static char folder[] = "/tmp/cadgen-style-mix.XXXXXX";
static struct arena arena;

static void put_file(const char *name, const char *text)
{
	struct err err = {0};
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (fs_write(path, text, strlen(text), &err) < 0)
		fail_msg("%s", err.msg);
}

static struct style_mix parse(const char *text)
{
	struct style_mix mix;
	struct err err = {0};

	if (style_mix_parse(&mix, "m.json", text, strlen(text), folder, &arena, &err) < 0)
		fail_msg("%s in %s", err.msg, text);
	return mix;
}

static char *written(const struct style_mix *mix)
{
	struct buf out = {0};
	char *text;

	style_mix_write(mix, &out);
	text = arena_strndup(&arena, out.data, out.len);
	buf_free(&out);
	return text;
}

static void test_one_sheet(void **state)
{
	const struct style_sheet iso = style_iso();
	struct style_mix of = style_mix_of(&iso, &arena), read = parse("{\"text_mm\": 5}");
	struct buf sheet = {0};

	(void)state;
	assert_int_equal(read.count, 1);
	assert_int_equal(read.parts[0].sheet.text_mm.usual.lo, 5000);
	assert_string_equal(read.standard, "iso");
	assert_string_equal(read.about, "");
	style_write(&iso, &sheet);
	assert_string_equal(written(&of), sheet.data);
	assert_string_equal(of.about, iso.about);
	buf_free(&sheet);
}

static void test_several_sheets(void **state)
{
	struct style_mix mix =
		parse("{\"about\": \"Two of them\", \"mix\": [\n"
		      "{\"share\": 0.5, \"style\": {\"standard\": \"a\", \"text_mm\": 5}},\n"
		      "{\"style\": {\"standard\": \"b\"}, \"share\": 0},\n"
		      "{\"share\": 1000, \"style\": {\"standard\": \"c\", \"unit\": \"inch\"}}]}");

	(void)state;
	assert_string_equal(mix.standard, "mix");
	assert_string_equal(mix.about, "Two of them");
	assert_int_equal(mix.count, 2);
	assert_int_equal(mix.parts[0].share, 500);
	assert_string_equal(mix.parts[0].sheet.standard, "a");
	assert_int_equal(mix.parts[0].sheet.text_mm.usual.lo, 5000);
	assert_int_equal(mix.parts[1].share, 1000000);
	assert_string_equal(mix.parts[1].sheet.standard, "c");
	assert_int_equal(style_sheet_unit(&mix.parts[0].sheet), STYLE_UNIT_MM);
	assert_int_equal(style_sheet_unit(&mix.parts[1].sheet), STYLE_UNIT_INCH);
}

/* That sheet, names and all, to the letter. */
static void test_a_mix_of_one(void **state)
{
	struct style_mix mix =
		parse("{\"standard\": \"other\", \"mix\": [{\"share\": 3, \"style\": "
		      "{\"standard\": \"a\", \"about\": \"A\"}}]}");
	struct style_mix alone = parse("{\"standard\": \"a\", \"about\": \"A\"}");

	(void)state;
	assert_string_equal(mix.standard, "a");
	assert_string_equal(mix.about, "A");
	assert_string_equal(written(&mix), written(&alone));
}

/* Names are the folder's; paths begin at the mix's own folder. */
static void test_names_and_paths(void **state)
{
	struct style_mix mix;
	struct err err = {0};
	char path[200], text[700];

	(void)state;
	put_file("works.json", "{\"standard\": \"by_name\"}");
	put_file("sub/works.json", "{\"standard\": \"by_path\"}");
	put_file("sub/plain", "{\"standard\": \"no_ending\"}");
	snprintf(text, sizeof(text),
		 "{\"mix\": [{\"share\": 1, \"style\": \"works\"},"
		 "{\"share\": 1, \"style\": \"works.json\"},"
		 "{\"share\": 1, \"style\": \"./plain\"},"
		 "{\"share\": 1, \"style\": \"../works.json\"},"
		 "{\"share\": 1, \"style\": \"%s/works.json\"}]}",
		 folder);
	put_file("sub/m.json", text);
	snprintf(path, sizeof(path), "%s/sub/m.json", folder);
	if (style_mix_read(&mix, path, folder, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(mix.count, 5);
	assert_string_equal(mix.parts[0].sheet.standard, "by_name");
	assert_string_equal(mix.parts[1].sheet.standard, "by_path");
	assert_string_equal(mix.parts[2].sheet.standard, "no_ending");
	assert_string_equal(mix.parts[3].sheet.standard, "by_name");
	assert_string_equal(mix.parts[4].sheet.standard, "by_name");
}

static struct style_mix random_mix(struct rng *rng)
{
	int count = (int)rng_range(rng, 2, 9);
	struct style_part *parts = ARENA_NEW(&arena, struct style_part, count);
	struct style_mix mix = {.standard = "mix", .count = count, .parts = parts};

	if (rng_chance(rng, 0.5))
		strcpy(mix.about, "\u2300 \"quoted\" \\ and more");
	for (int i = 0; i < count; i++) {
		struct style_sheet *sheet = &parts[i].sheet;

		parts[i].share = rng_range(rng, 1, rng_chance(rng, 0.5) ? 9 : 1000000);
		*sheet = style_iso();
		snprintf(sheet->standard, sizeof(sheet->standard), "s%d", i);
		sheet->text_mm.usual.lo = rng_range(rng, 1800, 3500);
		sheet->unit.usual = sheet->unit.fault = 1u << rng_below(rng, 2);
		sheet->degradation.share[DEGRADATION_skew] = rng_range(rng, 0, 1000);
	}
	return mix;
}

static void test_round_trip(void **state)
{
	struct rng rng = rng_seed(seed, 1);

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct style_mix mix = random_mix(&rng), read;
		const char *text = written(&mix);

		read = parse(text);
		assert_int_equal(read.count, mix.count);
		for (int k = 0; k < mix.count; k++)
			assert_int_equal(read.parts[k].share, mix.parts[k].share);
		assert_string_equal(written(&read), text);
		arena_reset(&arena);
	}
}

/* Names are not looked up where there is no folder, as in a dataset. */
static void test_without_a_folder(void **state)
{
	static const char text[] = "{\"mix\": [\n{\"share\": 1, \"style\": \"works\"}]}";
	struct style_mix mix;
	struct err err = {0};

	(void)state;
	assert_int_equal(style_mix_parse(&mix, "d.json", text, strlen(text), NULL, &arena, &err),
			 -1);
	assert_string_equal(err.msg,
			    "d.json:2: 'style' is 'works'; here it must be a sheet, written out");
}

/* How often each part comes, within seven standard deviations: a sound draw is outside with a chance
 * under 3e-12. */
static void check_counts(const struct style_mix *mix, const int *counts, int draws, int unit)
{
	double all = 0;

	for (int i = 0; i < mix->count; i++)
		if (unit < 0 || style_sheet_unit(&mix->parts[i].sheet) == unit)
			all += (double)mix->parts[i].share;
	for (int i = 0; i < mix->count; i++) {
		bool among = unit < 0 || style_sheet_unit(&mix->parts[i].sheet) == unit;
		double p = among ? (double)mix->parts[i].share / all : 0, mean = draws * p;

		if (fabs(counts[i] - mean) > 7 * sqrt(mean * (1 - p)) + 1)
			fail_msg("part %d: %d of %d, not about %.0f", i, counts[i], draws, mean);
		if (!among)
			assert_int_equal(counts[i], 0);
	}
}

static int part_of(const struct style_mix *mix, const struct style_sheet *sheet)
{
	for (int i = 0; i < mix->count; i++)
		if (&mix->parts[i].sheet == sheet)
			return i;
	fail_msg("a sheet that is none of the mix");
	return -1;
}

static struct style_mix mix_for_draws(void)
{
	return parse("{\"mix\": ["
		     "{\"share\": 1, \"style\": {}},"
		     "{\"share\": 2.5, \"style\": {\"unit\": \"inch\"}},"
		     "{\"share\": 0, \"style\": {}},"
		     "{\"share\": 4, \"style\": {\"text_mm\": 5}},"
		     "{\"share\": 0.5, \"style\": {\"unit\": \"inch\", \"text_mm\": 3}}]}");
}

static void test_shares(void **state)
{
	enum { DRAWS = 20000 };
	struct style_mix mix = mix_for_draws();
	struct rng rng = rng_seed(seed, 2);
	int any[4] = {0}, inch[4] = {0};

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		any[part_of(&mix, style_sheet_from_mix(&mix, &rng))]++;
		inch[part_of(&mix, style_sheet_of_unit(&mix, STYLE_UNIT_INCH, &rng))]++;
	}
	check_counts(&mix, any, DRAWS, -1);
	check_counts(&mix, inch, DRAWS, STYLE_UNIT_INCH);
}

static void test_nothing_to_draw(void **state)
{
	struct style_mix one = parse("{}"),
			 two = parse("{\"mix\": [{\"share\": 1, \"style\": {}}, "
				     "{\"share\": 1, \"style\": {\"unit\": \"inch\"}}]}");
	struct rng rng = rng_seed(seed, 3), before = rng;

	(void)state;
	assert_ptr_equal(style_sheet_from_mix(&one, &rng), &one.parts[0].sheet);
	assert_null(style_sheet_of_unit(&one, STYLE_UNIT_INCH, &rng));
	assert_ptr_equal(style_sheet_of_unit(&two, STYLE_UNIT_INCH, &rng), &two.parts[1].sheet);
	assert_true(rng.state == before.state && rng.inc == before.inc);
}

/* A sample's sheet is of its index alone; a scene of the sheet's unit gets the same sheet, one of the
 * other unit one of that unit, as often as the shares say. */
static void test_sheets_of_samples(void **state)
{
	enum { SAMPLES = 8000 };
	struct style_mix mix = mix_for_draws();
	struct sample_settings settings = {.seed = seed, .mix = &mix};
	int any[4] = {0}, mm[4] = {0};

	(void)state;
	for (uint64_t i = 0; i < SAMPLES; i++) {
		const struct style_sheet *sheet = sample_sheet(&settings, i);
		bool inch = style_sheet_unit(sheet) == STYLE_UNIT_INCH;
		enum unit own = inch ? UNIT_INCH : UNIT_MM;

		assert_ptr_equal(sheet, sample_sheet(&settings, i));
		assert_ptr_equal(sheet, sample_sheet_of_unit(&settings, i, own));
		any[part_of(&mix, sheet)]++;
		mm[part_of(&mix, sample_sheet_of_unit(&settings, i, UNIT_MM))]++;
	}
	check_counts(&mix, any, SAMPLES, -1);
	check_counts(&mix, mm, SAMPLES, STYLE_UNIT_MM);
}

static void test_lettering(void **state)
{
	struct style_mix mix = parse(
		"{\"mix\": [{\"share\": 1, \"style\": {\"lettering\": [\"hand\", \"plotter\"]}},"
		"{\"share\": 1, \"style\": {\"lettering\": {\"usual\": \"gost_a\", \"fault\": "
		"\"gost_b\", \"share\": 0.1}}},"
		"{\"share\": 0, \"style\": {\"lettering\": \"junkyard\"}}]}");

	(void)state;
	assert_int_equal(style_mix_lettering(&mix), 1u << TYPEFACE_hand | 1u << TYPEFACE_plotter |
							    1u << TYPEFACE_gost_a |
							    1u << TYPEFACE_gost_b);
}

static void refuse_as(enum err_code code, const char *text, const char *message)
{
	struct style_mix mix;
	struct err err = {0};

	assert_int_equal(style_mix_parse(&mix, "m.json", text, strlen(text), folder, &arena, &err),
			 -1);
	assert_int_equal(err.code, code);
	if (strncmp(err.msg, message, strlen(message)) != 0)
		fail_msg("'%s' is not '%s'", err.msg, message);
}

static void refuse(const char *text, const char *message)
{
	refuse_as(ERR_FORMAT, text, message);
}

static void test_wrong_lists(void **state)
{
	static const char list[] =
		"m.json:1: 'mix' must be a list of 1 to 256 {\"share\", \"style\"}";
	struct buf many = {0};

	(void)state;
	refuse("{\"mix\": []}", list);
	refuse("{\"mix\": {}}", list);
	refuse("{\"mix\": null}", list);
	refuse("{\"mix\": [\n1]}", "m.json:2: 'mix' must be a list of {\"share\", \"style\"}");
	refuse("{\"mix\": [[1]]}", "m.json:1: 'mix' must be a list of {\"share\", \"style\"}");
	refuse("{\"mix\": [{\"share\": 1}]}", "m.json:1: 'mix' lacks 'style'; needed share, style");
	refuse("{\"mix\": [{\"style\": {}}]}",
	       "m.json:1: 'mix' lacks 'share'; needed share, style");
	refuse("{\"mix\": [{\"share\": 1, \"style\": {},\n\"weight\": 2}]}",
	       "m.json:2: 'mix' has 'weight'; allowed share, style");
	refuse("{\"mix\": [{\"share\": 1, \"style\": {}}],\n\"text_mm\": 3}",
	       "m.json:2: 'text_mm' beside 'mix'; allowed standard, about");
	for (int i = 0; i <= STYLE_MIX_MAX; i++)
		buf_str(&many,
			i ? ",{\"share\":1,\"style\":{}}" : "{\"mix\":[{\"share\":1,\"style\":{}}");
	buf_str(&many, "]}");
	refuse_as(ERR_LIMIT, many.data, "m.json:1: 'mix' has 257 styles; at most 256");
	buf_free(&many);
}

static void test_wrong_shares(void **state)
{
	(void)state;
	refuse("{\"mix\": [{\n\"share\": -1, \"style\": {}}]}",
	       "m.json:2: 'mix.share' is -1; allowed 0 to 1000");
	refuse("{\"mix\": [{\"share\": 1001, \"style\": {}}]}",
	       "m.json:1: 'mix.share' is 1001; allowed 0 to 1000");
	refuse("{\"mix\": [{\"share\": 0.0001, \"style\": {}}]}",
	       "m.json:1: 'mix.share' is 0.0001; at most three decimals");
	refuse("{\"mix\": [{\"share\": \"1\", \"style\": {}}]}",
	       "m.json:1: 'mix.share' must be a number");
	refuse("{\n\"mix\": [{\"share\": 0, \"style\": {}}, {\"share\": 0, \"style\": {}}]}",
	       "m.json:2: all shares of 'mix' are 0; one at least must be over 0, up to 1000");
}

static void test_wrong_styles(void **state)
{
	char message[300];

	(void)state;
	put_file("works.json", "{}");
	put_file("wrong.json", "{\n\"text_mm\": 99}");
	put_file("nested.json", "{\"standard\": \"mix\",\n\n\"mix\": []}");
	refuse("{\"mix\": [{\"share\": 1, \"style\": 3}]}",
	       "m.json:1: 'style' must be a name, a path or a sheet");
	refuse("{\"mix\": [{\"share\": 1,\n\"style\": {\"mix\": []}}]}",
	       "m.json:2: 'mix' in a style of a mix; allowed are sheets alone");
	refuse("{\"mix\": [{\"share\": 1, \"style\": {\"text_mm\":\n\n99}}]}",
	       "m.json:3: 'text_mm' is 99; allowed 1.8 to 20");
	refuse("{\"mix\": [{\"share\": 0, \"style\": {\"text\": 3}}]}",
	       "m.json:1: unknown key 'text'; style(5) lists them");
	refuse("{\"mix\": [{\"share\": 1,\n\"style\": \"absent\"}]}",
	       "m.json:2: no style 'absent'; there are nested, works, wrong;");
	snprintf(message, sizeof(message),
		 "m.json:2: %s/nested.json:3: 'mix' in a style of a mix; allowed are sheets alone",
		 folder);
	refuse("{\"mix\": [{\"share\": 1,\n\"style\": \"nested\"}]}", message);
	snprintf(message, sizeof(message),
		 "m.json:1: %s/wrong.json:2: 'text_mm' is 99; allowed 1.8 to 20", folder);
	refuse("{\"mix\": [{\"share\": 1, \"style\": \"wrong\"}]}", message);
	refuse("{\"mix\": [{\"share\": 1, \"style\": \"/nonexistent/a.json\"}]}",
	       "m.json:1: cannot open /nonexistent/a.json");
	refuse("[]", "m.json:1: a style must be an object");
	refuse("{\"mix\": [{\"share\": 1, \"style\": {}}], \"about\": 1}",
	       "m.json:1: 'about' must be a sentence of 1 to 159 bytes on one line");
}

static int make_folder(void **state)
{
	struct err err = {0};
	char path[200];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/sub", folder);
	return fs_mkdirs(path, &err);
}

static int remove_folder(void **state)
{
	struct err err = {0};

	(void)state;
	arena_free(&arena);
	return fs_remove_tree(folder, &err);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_sheet),
		cmocka_unit_test(test_several_sheets),
		cmocka_unit_test(test_a_mix_of_one),
		cmocka_unit_test(test_names_and_paths),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_without_a_folder),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_nothing_to_draw),
		cmocka_unit_test(test_sheets_of_samples),
		cmocka_unit_test(test_lettering),
		cmocka_unit_test(test_wrong_lists),
		cmocka_unit_test(test_wrong_shares),
		cmocka_unit_test(test_wrong_styles),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
