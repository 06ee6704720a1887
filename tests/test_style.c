/* SPDX-License-Identifier: MIT */
/* style: the built-in style and its file, ranges, lists, faults, sampling, every file in
 * samples/styles, and every way to be refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <dirent.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/scene/style_mix.h"
#include "tests/random_shapes.h"

static uint64_t seed;

static bool same_range(const struct style_range *a, const struct style_range *b)
{
	return a->lo == b->lo && a->hi == b->hi;
}

static bool same_value(const struct style_value *a, const struct style_value *b)
{
	return same_range(&a->usual, &b->usual) && same_range(&a->fault, &b->fault) &&
	       a->share == b->share && a->each == b->each;
}

static void assert_sheets_equal(const struct style_sheet *a, const struct style_sheet *b)
{
#define V(name, value, lowest, highest, why_not, about) assert_true(same_value(&a->name, &b->name));
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about)                                                       \
	assert_int_equal(a->name.usual, b->name.usual);                                            \
	assert_int_equal(a->name.fault, b->name.fault);                                            \
	assert_int_equal(a->name.share, b->name.share);                                            \
	assert_int_equal(a->name.each, b->name.each);
	STYLE_CHOICES(C)
#undef C
	assert_string_equal(a->standard, b->standard);
	assert_string_equal(a->about, b->about);
}

/* How many words a choice has, and the number of the one wanted, or -1. */
static int count_words(const char *words)
{
	int n = 1;

	for (; *words; words++)
		n += *words == ' ';
	return n;
}

static int find_word(const char *words, const char *wanted)
{
	size_t len = strlen(wanted);

	for (int i = 0; words; i++) {
		if (strncmp(words, wanted, len) == 0 && (words[len] == ' ' || !words[len]))
			return i;
		words = strchr(words, ' ');
		words = words ? words + 1 : NULL;
	}
	return -1;
}

static void assert_reads(struct style_sheet *sheet, const char *text)
{
	struct err err = {0};

	if (style_parse(sheet, "s", text, strlen(text), &err) < 0)
		fail_msg("%s in %s", err.msg, text);
}

static void test_builtin_is_the_sample(void **state)
{
	struct style_sheet iso = style_iso(), read;
	struct buf written = {0}, file = {0};
	struct err err = {0};
	const char *path = source_file("samples/styles/iso-clean.json");

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

static void test_builtin_is_the_tables(void **state)
{
	struct style_sheet iso = style_iso();

	(void)state;
#define V(name, value, lowest, highest, why_not, about)                                            \
	assert_true(value >= lowest && value <= highest);                                          \
	assert_true(iso.name.usual.lo == value && iso.name.usual.hi == value);                     \
	assert_true(same_range(&iso.name.usual, &iso.name.fault) &&                                \
		    iso.name.share + iso.name.each == 0);
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about)                                                       \
	assert_in_range(count_words(words), 2, 32);                                                \
	assert_true(find_word(words, word) >= 0);                                                  \
	assert_int_equal(iso.name.usual, 1u << find_word(words, word));                            \
	assert_int_equal(iso.name.fault, iso.name.usual);                                          \
	assert_int_equal(iso.name.share + iso.name.each, 0);
	STYLE_CHOICES(C)
#undef C
	assert_string_equal(iso.standard, "iso");
}

/* The constant of every word, by what a file with that word alone is sampled to. */
static int sampled(const char *key, const char *word, size_t offset)
{
	struct rng rng = rng_seed(seed, 9);
	struct style_sheet sheet;
	struct style style;
	char text[100];

	snprintf(text, sizeof(text), "{\"%s\":\"%s\"}", key, word);
	assert_reads(&sheet, text);
	style = style_from_sheet(&sheet, &rng);
	return *(const int *)((const char *)&style + offset);
}

static void test_constants_are_the_words(void **state)
{
	(void)state;
#define IS(key, word, constant)                                                                    \
	assert_int_equal(sampled(#key, word, offsetof(struct style, key)), STYLE_##constant)
	IS(unit, "mm", UNIT_MM);
	IS(unit, "inch", UNIT_INCH);
	IS(dimension_line, "continuous", LINE_CONTINUOUS);
	IS(dimension_line, "dashed", LINE_DASHED);
	IS(centre_lines, "yes", CENTRE_YES);
	IS(centre_lines, "no", CENTRE_NO);
	IS(decimal_mark, ",", MARK_COMMA);
	IS(decimal_mark, ".", MARK_POINT);
	IS(leading_zero, "yes", ZERO_YES);
	IS(leading_zero, "no", ZERO_NO);
	IS(times, "\u00d7", TIMES_SIGN);
	IS(times, "x", TIMES_X);
	IS(times, "X", TIMES_CAPITAL);
	IS(times, "-", TIMES_DASH);
	IS(times, "otv", TIMES_OTV);
	IS(layout, "oriented", LAYOUT_ORIENTED);
	IS(layout, "referenced", LAYOUT_REFERENCED);
	IS(layout, "inline", LAYOUT_INLINE);
	IS(layout, "broken", LAYOUT_BROKEN);
	IS(arrow, "filled", ARROW_FILLED);
	IS(arrow, "open", ARROW_OPEN);
	IS(arrow, "blank", ARROW_BLANK);
	IS(arrow, "tick", ARROW_TICK);
	IS(arrow, "dot", ARROW_DOT);
	IS(shelf, "under", SHELF_UNDER);
	IS(shelf, "middle", SHELF_MIDDLE);
	IS(tolerance, "symmetric", TOLERANCE_SYMMETRIC);
	IS(tolerance, "deviations", TOLERANCE_DEVIATIONS);
	IS(tolerance, "limits", TOLERANCE_LIMITS);
	IS(tolerance, "fit", TOLERANCE_FIT);
	IS(projection, "first", PROJECTION_FIRST);
	IS(projection, "third", PROJECTION_THIRD);
	IS(frame, "none", FRAME_NONE);
	IS(frame, "plain", FRAME_PLAIN);
	IS(frame, "iso", FRAME_ISO);
	IS(frame, "asme", FRAME_ASME);
	IS(frame, "gost", FRAME_GOST);
	IS(frame, "school", FRAME_SCHOOL);
	IS(title_block, "none", TITLE_NONE);
	IS(title_block, "iso", TITLE_ISO);
	IS(title_block, "asme", TITLE_ASME);
	IS(title_block, "gost", TITLE_GOST);
	IS(title_block, "school", TITLE_SCHOOL);
	assert_int_equal(sampled("lettering", "iso3098", offsetof(struct style, lettering)),
			 TYPEFACE_iso3098);
	assert_int_equal(sampled("lettering", "hand", offsetof(struct style, lettering)),
			 TYPEFACE_hand);
	assert_int_equal(sampled("lettering", "junkyard", offsetof(struct style, lettering)),
			 TYPEFACE_junkyard);
#undef IS
	/* `decimals` is its own number of places. */
	assert_int_equal(sampled("decimals", "shortest", offsetof(struct style, decimals)), 0);
	assert_int_equal(sampled("decimals", "3", offsetof(struct style, decimals)), 3);
}

static void test_keys_left_out_stay_iso(void **state)
{
	struct style_sheet sheet, expected = style_iso();

	(void)state;
	assert_reads(&sheet, "{\"text_mm\":5,\"thick_mm\":[0.5,0.7],\"decimal_mark\":\".\"}");
	expected.text_mm.usual = expected.text_mm.fault = (struct style_range){5000, 5000};
	expected.thick_mm.usual = expected.thick_mm.fault = (struct style_range){500, 700};
	expected.decimal_mark.usual = expected.decimal_mark.fault = 1 << STYLE_MARK_POINT;
	expected.about[0] = '\0'; /* which tells of the built-in style */
	assert_sheets_equal(&sheet, &expected);
	assert_reads(&sheet, "{}");
	expected = style_iso();
	expected.about[0] = '\0';
	assert_sheets_equal(&sheet, &expected);
}

/* All that a key may hold. */
static void test_what_a_key_may_hold(void **state)
{
	struct style_sheet sheet;

	(void)state;
	assert_reads(&sheet, "{\"standard\":\"Works_2-b\",\"unit\":\"inch\",\"arrow\":[\"dot\"],"
			     "\"times\":[\"otv\",\"\u00d7\"],"
			     "\"text_mm\":{\"usual\":3.5,\"fault\":[2.5,5],\"share\":0.05,"
			     "\"each\":0.02},"
			     "\"frame\":{\"share\":1,\"fault\":[\"none\",\"iso\"],"
			     "\"usual\":\"gost\"}}");
	assert_string_equal(sheet.standard, "Works_2-b");
	assert_int_equal(sheet.unit.usual, 1 << STYLE_UNIT_INCH);
	assert_int_equal(sheet.arrow.usual, 1 << STYLE_ARROW_DOT);
	assert_int_equal(sheet.arrow.fault, 1 << STYLE_ARROW_DOT);
	assert_int_equal(sheet.times.usual, 1 << STYLE_TIMES_SIGN | 1 << STYLE_TIMES_OTV);
	assert_true(sheet.text_mm.usual.lo == 3500 && sheet.text_mm.usual.hi == 3500);
	assert_true(sheet.text_mm.fault.lo == 2500 && sheet.text_mm.fault.hi == 5000);
	assert_int_equal(sheet.text_mm.share, 50);
	assert_int_equal(sheet.text_mm.each, 20);
	assert_int_equal(sheet.frame.each, 0);
	assert_int_equal(sheet.frame.usual, 1 << STYLE_FRAME_GOST);
	assert_int_equal(sheet.frame.fault, 1 << STYLE_FRAME_NONE | 1 << STYLE_FRAME_ISO);
	assert_int_equal(sheet.frame.share, 1000);
}

static void assert_written(const char *read, const char *line)
{
	struct style_sheet sheet;
	struct buf out = {0};

	assert_reads(&sheet, read);
	style_write(&sheet, &out);
	if (!strstr(out.data, line))
		fail_msg("no '%s' in %s", line, out.data);
	buf_free(&out);
}

/* One written form: a list of one is a word, the words of a list are in the table's order, and an
 * object is written where it says more than its usual part. */
static void test_written_form(void **state)
{
	(void)state;
	assert_written("{\"arrow\":[\"open\"]}", "\n  \"arrow\": \"open\",\n");
	assert_written("{\"arrow\":[\"open\",\"filled\"]}",
		       "\n  \"arrow\": [\"filled\", \"open\"],\n");
	assert_written("{\"text_mm\":[5,5]}", "\n  \"text_mm\": 5,\n");
	assert_written("{\"text_mm\":[2.5,5]}", "\n  \"text_mm\": [2.5, 5],\n");
	assert_written("{\"text_mm\":{\"usual\":5,\"fault\":[3,4],\"share\":0}}",
		       "\n  \"text_mm\": {\"usual\": 5, \"fault\": [3, 4], \"share\": 0},\n");
	assert_written("{\"text_mm\":{\"usual\":5,\"fault\":5,\"share\":0.1}}",
		       "\n  \"text_mm\": {\"usual\": 5, \"fault\": 5, \"share\": 0.1},\n");
	assert_written("{\"text_mm\":{\"usual\":5,\"fault\":5,\"share\":0}}",
		       "\n  \"text_mm\": 5,\n");
	assert_written("{\"decimal_mark\":{\"usual\":\",\",\"fault\":\".\",\"share\":0.05}}",
		       "\n  \"decimal_mark\": {\"usual\": \",\", \"fault\": \".\", "
		       "\"share\": 0.05},\n");
	assert_written("{\"shelf\":{\"each\":0.5,\"usual\":\"under\",\"fault\":\"under\","
		       "\"share\":0}}",
		       "\n  \"shelf\": {\"usual\": \"under\", \"fault\": \"under\", "
		       "\"share\": 0, \"each\": 0.5},\n");
	assert_written("{\"text_mm\":{\"usual\":3,\"fault\":4,\"share\":0.1,\"each\":0}}",
		       "\n  \"text_mm\": {\"usual\": 3, \"fault\": 4, \"share\": 0.1},\n");
	assert_written("{\"times\":[\"otv\",\"\u00d7\"]}",
		       "\n  \"times\": [\"\u00d7\", \"otv\"],\n");
}

static struct style_range random_range(struct rng *rng, int64_t lo, int64_t hi)
{
	int64_t a = rng_range(rng, lo, hi), b = rng_range(rng, lo, hi);

	if (rng_chance(rng, 0.3))
		b = a;
	return a < b ? (struct style_range){a, b} : (struct style_range){b, a};
}

static int64_t random_share(struct rng *rng)
{
	uint32_t kind = rng_below(rng, 4);

	return kind == 0 ? 0 : kind == 1 ? 1000 : rng_range(rng, 1, 999);
}

static struct style_value random_value(struct rng *rng, int64_t lo, int64_t hi, const char *why_not)
{
	struct style_value value;

	value.usual = random_range(rng, lo, hi);
	value.fault = rng_chance(rng, 0.5) ? value.usual : random_range(rng, lo, hi);
	value.share = random_share(rng);
	value.each = why_not[0] ? 0 : random_share(rng);
	return value;
}

static struct style_choice random_choice(struct rng *rng, int count, const char *why_not)
{
	uint32_t most = (UINT32_C(1) << count) - 1;
	struct style_choice choice;

	choice.usual = 1 + rng_below(rng, most);
	choice.fault = rng_chance(rng, 0.5) ? choice.usual : 1 + rng_below(rng, most);
	choice.share = random_share(rng);
	choice.each = why_not[0] ? 0 : random_share(rng);
	return choice;
}

static struct style_sheet random_sheet(struct rng *rng)
{
	struct style_sheet sheet = style_iso();

#define V(name, value, lo, hi, why_not, about) sheet.name = random_value(rng, lo, hi, why_not);
	STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about)                                                       \
	sheet.name = random_choice(rng, count_words(words), why_not);
	STYLE_CHOICES(C)
#undef C
	sheet.unit.usual = sheet.unit.fault = rng_chance(rng, 0.5) ? 2 : 1;
	sheet.unit.share = 0;
	if (rng_chance(rng, 0.5))
		sheet.about[0] = '\0';
	return sheet;
}

/* What is written is read as the same sheet, and so is written again to the letter. */
static void test_round_trip(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct buf out = {0}, again = {0};
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct style_sheet sheet = random_sheet(&rng), read;

		buf_clear(&out);
		buf_clear(&again);
		style_write(&sheet, &out);
		if (style_parse(&read, "random", out.data, out.len, &err) < 0)
			fail_msg("%s in %s", err.msg, out.data);
		assert_sheets_equal(&read, &sheet);
		style_write(&read, &again);
		assert_string_equal(again.data, out.data);
	}
	buf_free(&out);
	buf_free(&again);
}

/* The sampler again, slowly: a fault is drawn for where usual and fault differ and the share leaves
 * both open, then a value where there are several. */
static bool reference_fault(bool same, int64_t share, struct rng *rng)
{
	if (same || share == 0)
		return false;
	if (share == 1000)
		return true;
	return rng_below(rng, 1000) < (uint32_t)share;
}

static double reference_value(const struct style_value *value, struct rng *rng)
{
	bool same = same_range(&value->usual, &value->fault);
	struct style_range range =
		reference_fault(same, value->share, rng) ? value->fault : value->usual;

	if (range.lo == range.hi)
		return (double)range.lo / 1000.0;
	return (double)rng_range(rng, range.lo, range.hi) / 1000.0;
}

static int reference_word(const struct style_choice *choice, struct rng *rng)
{
	bool same = choice->usual == choice->fault;
	uint32_t words = reference_fault(same, choice->share, rng) ? choice->fault : choice->usual;
	int listed[32], count = 0;

	for (int word = 0; word < 32; word++)
		if (words & UINT32_C(1) << word)
			listed[count++] = word;
	return listed[count == 1 ? 0 : rng_below(rng, (uint32_t)count)];
}

static void test_sampling(void **state)
{
	struct rng rng = rng_seed(seed, 2), draws;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct style_sheet sheet = random_sheet(&rng);
		struct style style;

		draws = rng;
		style = style_from_sheet(&sheet, &rng);
#define V(name, value, lowest, highest, why_not, about)                                            \
	assert_true(style.name == reference_value(&sheet.name, &draws));
		STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about)                                                       \
	assert_int_equal(style.name, reference_word(&sheet.name, &draws));
		STYLE_CHOICES(C)
#undef C
		assert_int_equal(rng_u32(&rng), rng_u32(&draws));
		assert_string_equal(style.standard, "iso");
	}
}

/* Faults come as often as they should, and the words of a list are all as likely. */
static void test_shares(void **state)
{
	enum { DRAWS = 20000 };
	struct rng rng = rng_seed(seed, 4);
	struct style_sheet sheet;
	int faults = 0, points = 0, arrows[5] = {0};

	(void)state;
	assert_reads(&sheet, "{\"text_mm\":{\"usual\":[3,4],\"fault\":7,\"share\":0.1},"
			     "\"decimal_mark\":{\"usual\":\",\",\"fault\":\".\",\"share\":0.05},"
			     "\"arrow\":[\"filled\",\"open\",\"dot\"]}");
	for (int i = 0; i < DRAWS; i++) {
		struct style style = style_from_sheet(&sheet, &rng);

		faults += style.text_mm == 7;
		points += style_decimal_mark(&style) == '.';
		arrows[style.arrow]++;
	}
	/* Six standard deviations. */
	assert_in_range(faults, DRAWS / 10 - 255, DRAWS / 10 + 255);
	assert_in_range(points, DRAWS / 20 - 185, DRAWS / 20 + 185);
	assert_int_equal(arrows[STYLE_ARROW_BLANK] + arrows[STYLE_ARROW_TICK], 0);
	assert_in_range(arrows[STYLE_ARROW_FILLED], DRAWS / 3 - 400, DRAWS / 3 + 400);
	assert_in_range(arrows[STYLE_ARROW_OPEN], DRAWS / 3 - 400, DRAWS / 3 + 400);
	assert_in_range(arrows[STYLE_ARROW_DOT], DRAWS / 3 - 400, DRAWS / 3 + 400);
}

static void test_one_possible_value_draws_nothing(void **state)
{
	struct style_sheet sheet = style_iso();
	struct rng rng = rng_seed(seed, 3), before = rng;
	struct style style = style_from_sheet(&sheet, &rng);

	(void)state;
	assert_true(rng.state == before.state && rng.inc == before.inc);
	assert_true(style.text_mm == 3.5 && style.thick_mm == 0.5 && style.extension_gap_mm == 0);
	assert_int_equal(style_decimal_mark(&style), ',');
	assert_true(style_unit_mm(&style) == 1);
	assert_reads(&sheet, "{\"text_mm\":{\"usual\":5,\"fault\":5,\"share\":0.5},"
			     "\"thin_mm\":{\"usual\":0.2,\"fault\":0.3,\"share\":1},"
			     "\"spacing_mm\":{\"usual\":7,\"fault\":[5,6],\"share\":0},"
			     "\"frame\":{\"usual\":\"iso\",\"fault\":\"none\",\"share\":1},"
			     "\"unit\":\"inch\",\"decimal_mark\":[\".\"]}");
	style = style_from_sheet(&sheet, &rng);
	assert_true(rng.state == before.state);
	assert_true(style.text_mm == 5 && style.thin_mm == 0.3 && style.spacing_mm == 7);
	assert_int_equal(style.frame, STYLE_FRAME_NONE);
	assert_true(style_unit_mm(&style) == 25.4);
	assert_int_equal(style_decimal_mark(&style), '.');
}

static bool value_allows(const struct style_value *value, double v)
{
	const struct style_range *fault = &value->fault, *usual = &value->usual;
	double milli = v * 1000;

	return (milli >= (double)usual->lo - 0.01 && milli <= (double)usual->hi + 0.01) ||
	       (value->share && milli >= (double)fault->lo - 0.01 &&
		milli <= (double)fault->hi + 0.01);
}

static bool choice_allows(const struct style_choice *choice, int word)
{
	uint32_t words = choice->usual | (choice->share ? choice->fault : 0);

	return word >= 0 && (words >> word & 1);
}

static void check_samples(const struct style_sheet *sheet, const char *path)
{
	struct rng rng = rng_seed(seed, 5);

	for (int i = 0; i < 1000; i++) {
		struct style style = style_from_sheet(sheet, &rng);

#define V(name, value, lowest, highest, why_not, about)                                            \
	if (!value_allows(&sheet->name, style.name) || style.name * 1000 < lowest - 0.01 ||        \
	    style.name * 1000 > highest + 0.01)                                                    \
		fail_msg("%s: %s is %g", path, #name, style.name);
		STYLE_VALUES(V)
#undef V
#define C(name, words, word, why_not, about)                                                       \
	if (!choice_allows(&sheet->name, style.name) || style.name >= count_words(words))          \
		fail_msg("%s: %s is word %d", path, #name, style.name);
		STYLE_CHOICES(C)
#undef C
	}
}

static void check_written_form(const struct style_sheet *sheet, const char *path)
{
	struct buf written = {0}, file = {0};
	struct err err = {0};

	if (fs_read(path, 1 << 20, &file, &err) < 0)
		fail_msg("%s", err.msg);
	style_write(sheet, &written);
	assert_string_equal(file.data, written.data);
	buf_free(&file);
	buf_free(&written);
}

/* A sheet has outlines usually thicker than other lines, is in the written form, and is sampled
 * within what it says and the tables allow. */
static void check_sample_sheet(const struct style_sheet *sheet, const char *path)
{
	if (sheet->thin_mm.usual.hi >= sheet->thick_mm.usual.lo)
		fail_msg("%s: lines are as thick as outlines", path);
	check_written_form(sheet, path);
	check_samples(sheet, path);
}

/* Every file in samples/styles is read, names itself (but for the clean one), says what it is within
 * the 80 columns of a list, and is a sheet in order or a mix; the one called so is of all but the clean
 * one. */
static void test_every_sample_file(void **state)
{
	const char *folder = source_file("samples/styles");
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int sheets = 0, mixed = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);
		struct arena arena = {0};
		struct style_mix mix;
		struct err err = {0};
		char path[4096];

		if (len < 5 || strcmp(entry->d_name + len - 5, ".json") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (style_mix_read(&mix, path, folder, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		if (strcmp(entry->d_name, "iso-clean.json") != 0)
			assert_true(strncmp(mix.standard, entry->d_name, len - 5) == 0 &&
				    !mix.standard[len - 5]);
		assert_in_range(strlen(mix.about), 20, 63);
		if (mix.count == 1) {
			check_sample_sheet(&mix.parts[0].sheet, path);
			sheets++;
		} else if (strcmp(entry->d_name, "mix.json") == 0) {
			mixed = mix.count;
		}
		arena_free(&arena);
	}
	closedir(dir);
	assert_true(sheets > 1);
	assert_int_equal(mixed, sheets - 1);
}

static void refuse(const char *text, const char *message)
{
	struct style_sheet sheet;
	struct err err = {0};

	assert_int_equal(style_parse(&sheet, "s.json", text, strlen(text), &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ERR_FORMAT);
}

static void test_wrong_values(void **state)
{
	static const char shape[] = "s.json:1: 'text_mm' must be a number, [lowest, highest], or "
				    "{\"usual\", \"fault\", \"share\"} of these; allowed 1.8 to 20";

	(void)state;
	refuse("{\n\n\"text_mm\": 99}", "s.json:3: 'text_mm' is 99; allowed 1.8 to 20");
	refuse("{\"text_mm\": [3.5,\n1]}", "s.json:2: 'text_mm' is 1; allowed 1.8 to 20");
	refuse("{\"text_mm\": [5, 3.5]}",
	       "s.json:1: 'text_mm' is upside down: lowest is 5, highest 3.5");
	refuse("{\"text_mm\": 3.1415}", "s.json:1: 'text_mm' is 3.1415; at most three decimals");
	refuse("{\"tolerance_share\": 1.5}", "s.json:1: 'tolerance_share' is 1.5; allowed 0 to 1");
	refuse("{\"text_mm\": []}", shape);
	refuse("{\"text_mm\": [5]}", shape);
	refuse("{\"text_mm\": [2,3,4]}", shape);
	refuse("{\"text_mm\": \"5\"}", shape);
	refuse("{\"text_mm\": null}", shape);
	refuse("{\"text_mm\": [2,null]}", shape);
	refuse("{\"text_mm\": [[2,3],4]}", shape);
}

static void test_wrong_words(void **state)
{
	static const char shape[] =
		"s.json:1: 'arrow' must be a word, a list of words, or "
		"{\"usual\", \"fault\", \"share\"} of these; allowed filled, open, blank, tick, "
		"dot";

	(void)state;
	refuse("{\n\n\"arrow\": \"fat\"}",
	       "s.json:3: 'arrow' is 'fat'; allowed filled, open, blank, tick, dot");
	refuse("{\"arrow\": [\"open\",\n\"\"]}",
	       "s.json:2: 'arrow' is ''; allowed filled, open, blank, tick, dot");
	refuse("{\"arrow\": \"filled open\"}",
	       "s.json:1: 'arrow' is 'filled open'; allowed filled, open, blank, tick, dot");
	refuse("{\"arrow\": []}",
	       "s.json:1: 'arrow' is an empty list; allowed filled, open, blank, tick, dot");
	refuse("{\"arrow\": [\"open\", \"dot\", \"open\"]}",
	       "s.json:1: 'arrow' lists 'open' twice");
	refuse("{\"arrow\": 1}", shape);
	refuse("{\"arrow\": [1]}", shape);
	refuse("{\"arrow\": [[\"open\"]]}", shape);
	refuse("{\"decimal_mark\": \";\"}", "s.json:1: 'decimal_mark' is ';'; allowed ',', '.'");
	refuse("{\"times\": \"*\"}", "s.json:1: 'times' is '*'; allowed \u00d7, x, X, '-', otv");
	refuse("{\"decimals\": 2}",
	       "s.json:1: 'decimals' must be a word, a list of words, or "
	       "{\"usual\", \"fault\", \"share\"} of these; allowed shortest, 1, 2, 3");
	refuse("{\"leading_zero\": true}",
	       "s.json:1: 'leading_zero' must be a word, a list of words, or "
	       "{\"usual\", \"fault\", \"share\"} of these; allowed yes, no");
	refuse("{\"title_block\": \"0123456789012345678901234567890123456789tail\"}",
	       "s.json:1: 'title_block' is '0123456789012345678901234567890123456789'; "
	       "allowed none, iso, asme, gost, school");
}

static void test_wrong_faults(void **state)
{
	(void)state;
	refuse("{\"text_mm\": {\"usual\":3,\"fault\":4,\n\"share\":2}}",
	       "s.json:2: 'text_mm.share' is 2; allowed 0 to 1");
	refuse("{\"text_mm\": {\"usual\":3,\"fault\":4,\"share\":-0.1}}",
	       "s.json:1: 'text_mm.share' is -0.1; allowed 0 to 1");
	refuse("{\"text_mm\": {\"usual\":3,\"fault\":4,\"share\":[0,1]}}",
	       "s.json:1: 'text_mm.share' must be a number");
	refuse("{\"text_mm\": {}}",
	       "s.json:1: 'text_mm' lacks 'usual'; needed usual, fault, share");
	refuse("{\"text_mm\": {\"usual\":3,\"share\":0.5}}",
	       "s.json:1: 'text_mm' lacks 'fault'; needed usual, fault, share");
	refuse("{\"arrow\": {\"usual\":\"open\",\"fault\":\"dot\"}}",
	       "s.json:1: 'arrow' lacks 'share'; needed usual, fault, share");
	refuse("{\"arrow\": {\"usual\":\"open\",\n\"odd\":\"dot\",\"share\":0.1}}",
	       "s.json:2: 'arrow' has 'odd'; allowed usual, fault, share, each");
	refuse("{\"text_mm\": {\"usual\":3,\"fault\":99,\"share\":0.1}}",
	       "s.json:1: 'text_mm' is 99; allowed 1.8 to 20");
	refuse("{\"text_mm\": {\"usual\":{\"usual\":3,\"fault\":4,\"share\":0.1},\"fault\":4,"
	       "\"share\":0.1}}",
	       "s.json:1: 'text_mm' must be a number, [lowest, highest], or "
	       "{\"usual\", \"fault\", \"share\"} of these; allowed 1.8 to 20");
	refuse("{\"frame\": {\"usual\":\"iso\",\"fault\":\"din\",\"share\":0.1}}",
	       "s.json:1: 'frame' is 'din'; allowed none, plain, iso, asme, gost, school");
}

static void test_unit_is_one_word(void **state)
{
	static const char message[] =
		"s.json:1: 'unit' must be one word: labels are in it; allowed mm, inch";

	(void)state;
	refuse("{\"unit\": [\"mm\",\"inch\"]}", message);
	refuse("{\"unit\": [\"mm\"]}", message);
	refuse("{\"unit\": {\"usual\":\"mm\",\"fault\":\"inch\",\"share\":0.1}}", message);
	refuse("{\"unit\": 25.4}", message);
	refuse("{\"unit\": \"cm\"}", "s.json:1: 'unit' is 'cm'; allowed mm, inch");
}

static void test_wrong_standards(void **state)
{
	static const char message[] =
		"s.json:1: 'standard' must be 1 to 31 letters, digits, '-' and '_'";
	struct style_sheet sheet;

	(void)state;
	refuse("{\"standard\": 1}", message);
	refuse("{\"standard\": \"\"}", message);
	refuse("{\"standard\": \"a b\"}", message);
	refuse("{\"standard\": \"\u00e9\"}", message);
	refuse("{\"standard\": \"01234567890123456789012345678901\"}", message);
	assert_reads(&sheet, "{\"standard\": \"0123456789012345678901234567890\"}");
	assert_string_equal(sheet.standard, "0123456789012345678901234567890");
}

static void test_about(void **state)
{
	static const char message[] =
		"s.json:1: 'about' must be a sentence of 1 to 159 bytes on one line";
	struct style_sheet sheet;
	char text[200];

	(void)state;
	refuse("{\"about\": 1}", message);
	refuse("{\"about\": \"\"}", message);
	refuse("{\"about\": \"two\\nlines\"}", message);
	refuse("{\"about\": \"\\u007f\"}", message);
	snprintf(text, sizeof(text), "{\"about\": \"%0160d\"}", 0);
	refuse(text, message);
	snprintf(text, sizeof(text), "{\"about\": \"%0159d\"}", 0);
	assert_reads(&sheet, text);
	assert_int_equal(strlen(sheet.about), 159);
	assert_written("{\"about\": \"\u2300 and \\\"more\\\"\", \"standard\": \"a\"}",
		       "{\n  \"standard\": \"a\",\n  \"about\": \"\u2300 and \\\"more\\\"\",\n");
}

static void test_other_errors(void **state)
{
	struct style_sheet sheet;
	struct err err = {0};

	(void)state;
	refuse("{\n\"text\": 3.5}", "s.json:2: unknown key 'text'; style(5) lists them");
	refuse("\n7", "s.json:2: a style must be an object");
	refuse("[]", "s.json:1: a style must be an object");
	refuse("{\"text_mm\": 5,\n\"text_mm\": 5}", "s.json:2: key 'text_mm' given twice");
	refuse("{", "s.json:1: expected a key in quotes");
	assert_int_equal(style_read(&sheet, "/nonexistent/style.json", &err), -1);
	assert_int_equal(err.code, ERR_IO);
}

/* Words that can come: not the fault of a share of 0, nor the usual one of a share of 1. */
static void test_words(void **state)
{
	const struct style_choice plain = {.usual = 5, .fault = 5};
	const struct style_choice never = {.usual = 1, .fault = 2};
	const struct style_choice always = {.usual = 1, .fault = 2, .share = 1000};
	const struct style_choice some = {.usual = 1, .fault = 6, .share = 1};
	const struct style_choice each = {.usual = 1, .fault = 6, .each = 1};

	(void)state;
	assert_int_equal(style_words(&plain), 5);
	assert_int_equal(style_words(&never), 1);
	assert_int_equal(style_words(&always), 2);
	assert_int_equal(style_words(&some), 7);
	assert_int_equal(style_words(&each), 7);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_about),
		cmocka_unit_test(test_builtin_is_the_sample),
		cmocka_unit_test(test_builtin_is_the_tables),
		cmocka_unit_test(test_constants_are_the_words),
		cmocka_unit_test(test_keys_left_out_stay_iso),
		cmocka_unit_test(test_what_a_key_may_hold),
		cmocka_unit_test(test_written_form),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_sampling),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_one_possible_value_draws_nothing),
		cmocka_unit_test(test_every_sample_file),
		cmocka_unit_test(test_wrong_values),
		cmocka_unit_test(test_wrong_words),
		cmocka_unit_test(test_wrong_faults),
		cmocka_unit_test(test_unit_is_one_word),
		cmocka_unit_test(test_wrong_standards),
		cmocka_unit_test(test_other_errors),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
