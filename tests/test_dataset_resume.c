/* SPDX-License-Identifier: MIT */
/* dataset: what is resumed, what is refused, and that the result is the same to the byte. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats/dataset/dataset.h"
#include "tests/dataset_fixture.h"

static void test_resume_begins_and_goes_on(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};

	(void)state;
	for (uint64_t end = 0; end < COUNT; end += 5) {
		struct dataset *ds;
		assert_made(&settings, DATASET_RESUME, end);
		assert_false(fixture_has("dataset_info.json"));
		assert_false(fixture_has(".cadgen-lock"));
		ds = dataset_open(&settings, DATASET_RESUME, &err);
		assert_non_null(ds);
		assert_int_equal(dataset_next(ds), end);
		assert_int_equal(dataset_close(ds, &err), 0);
	}
	settings.command = "another one"; /* not compared, and not what the card says: see below */
	assert_made(&settings, DATASET_RESUME, 20);
	settings = fixture_settings();
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

static void test_resume_finished(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};
	struct dataset *ds;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	ds = dataset_open(&settings, DATASET_RESUME, &err);
	assert_non_null(ds);
	assert_int_equal(dataset_next(ds), COUNT);
	assert_int_equal(dataset_close(ds, &err), 0);
	assert_whole();
}

static void check_difference(const struct dataset_settings *settings, const char *message)
{
	for (int finished = 0; finished < 2; finished++) {
		struct dataset_settings before = fixture_settings();
		assert_made(&before, DATASET_NEW, finished ? COUNT : 7);
		assert_refused(settings, DATASET_RESUME, ERR_USAGE, message);
		assert_false(fixture_has(".cadgen-lock"));
		assert_made(&before, DATASET_RESUME, COUNT);
		assert_whole();
		fixture_clean(NULL);
	}
}

static void test_resume_with_other_settings(void **state)
{
	struct dataset_settings s;

	(void)state;
#define DIFFERENT(change, message)                                                                 \
	s = fixture_settings();                                                                    \
	s.change;                                                                                  \
	check_difference(&s, message)
	DIFFERENT(count = 23, "begun with count 22, now it is 23");
	DIFFERENT(seed = UINT64_MAX - 1,
		  "begun with seed 18446744073709551615, now it is 18446744073709551614");
	DIFFERENT(size_px = 512, "begun with size_px 6, now it is 512");
	DIFFERENT(val_fraction = 0.250001, "begun with val_fraction 0.25, now it is 0.250001");
	DIFFERENT(max_overlap = 0.3, "begun with max_overlap 0.2, now it is 0.3");
	DIFFERENT(family = "plate", "begun with family shapes, now it is plate");
	DIFFERENT(language = "json", "begun with language calls, now it is json");
	DIFFERENT(style = "{\"standard\":\"iso\",\"text_mm\":[2.5,4]}",
		  "begun with style.text_mm [2.5,3.5], now it is [2.5,4]");
	DIFFERENT(style = "{\"standard\":\"iso\"}",
		  "begun with style.text_mm [2.5,3.5], now it is nothing");
	DIFFERENT(style = "{\"standard\":\"iso\",\"text_mm\":[2.5,3.5],\"x\":1}",
		  "begun with style.x nothing, now it is 1");
	DIFFERENT(font = "", "begun with font Font.ttf, now it is built-in");
	DIFFERENT(font_hash = 1, "begun with font_hash fedcba9876543210, now it is "
				 "0000000000000001");
	DIFFERENT(prompts_hash = 8, "begun with prompts_hash 0000000000000007, now it is "
				    "0000000000000008");
	DIFFERENT(version = "1.2.4", "begun with version 1.2.3, now it is 1.2.4");
#undef DIFFERENT
}

/* The same font elsewhere, the style with other white space, another command: no difference. */
static void test_resume_with_equal_settings(void **state)
{
	struct dataset_settings settings = fixture_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, 7);
	settings.font = "elsewhere/Font.ttf";
	settings.style = "{\"text_mm\":[2.50,3.5],\"standard\":\"iso\"}";
	settings.command = "x";
	assert_made(&settings, DATASET_RESUME, 14);
	settings = fixture_settings();
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

/* Lines and pictures behind the journal are cut and drawn again. */
static void test_resume_cuts_part_files(void **state)
{
	static const char *const names[] = {"train.json.part", "val.json.part",
					    "annotations.jsonl.part", "scenes.jsonl.part",
					    "checksums.jsonl.part"};
	struct dataset_settings settings = fixture_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, 9);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct buf text = fixture_text(fixture_out, names[i]);
		buf_str(&text, ",\n{\"id\":\"000");
		fixture_put(names[i], text.data);
		buf_free(&text);
	}
	fixture_put("images/00/00000012.png", "half a picture");
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

static void test_resume_short_part(void **state)
{
	struct dataset_settings settings = fixture_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, 9);
	fixture_put("scenes.jsonl.part", "{}\n");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "scenes.jsonl.part: 3 bytes");
	unlink(fixture_path(fixture_out, "scenes.jsonl.part"));
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "scenes.jsonl.part: 0 bytes");
}

static void replace(const char *name, const char *from, const char *to)
{
	struct buf text = fixture_text(fixture_out, name), changed = {0};
	char *at = strstr(text.data, from);

	assert_non_null(at);
	buf_bytes(&changed, text.data, (size_t)(at - text.data));
	buf_str(&changed, to);
	buf_str(&changed, at + strlen(from));
	fixture_put(name, changed.data);
	buf_free(&text);
	buf_free(&changed);
}

static void test_resume_broken_journal(void **state)
{
	static const struct {
		const char *from, *to, *message;
	} cases[] = {
		{"cadgen-journal", "something", "not a journal"},
		{"\"layout\":2", "\"layout\":3", "journal layout 3"},
		{"\"format\":\"tinyllava\"", "\"format\":\"floppy\"", "'format'"},
		{"\"begin\":0", "\"begin\":20", "do not add up"},
		{"growing", "finished", "unknown 'state'"},
		{"growing", "closing", "9 samples of 22"},
		{"\"next\":9", "\"next\":10", "do not add up"},
		{"\"next\":9", "\"next\":-9", "'next' must be a count"},
		{"\"next\":9", "\"next\":9.5", "'next' must be a count"},
		{"\"next\":9", "\"next\":1e300", "'next' must be a count"},
		{"\"val\":", "\"var\":", "'val' must be a count"},
		{"\"counts\"", "\"accounts\"", "'counts' must be an object"},
		{"\"bytes\"", "\"lengths\"", "'bytes' must be an object"},
		{"\"train.json\"", "\"rain.json\"", "'train.json' must be a count"},
		{"\"settings\"", "\"sittings\"", "'format'"},
		{"{", "", ".cadgen-journal:1"},
	};
	struct dataset_settings settings = fixture_settings();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_made(&settings, DATASET_NEW, 9);
		replace(".cadgen-journal", cases[i].from, cases[i].to);
		assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, cases[i].message);
		assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, ".cadgen-journal:");
		fixture_clean(NULL);
	}
}

static void test_resume_broken_info(void **state)
{
	struct dataset_settings settings = fixture_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	replace("dataset_info.json", "\"total\":22", "\"total\":21");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "21 samples of 22");
	replace("dataset_info.json", "\"total\"", "\"sum\"");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "'total' must be a count");
	replace("dataset_info.json", "\"counts\"", "\"count\"");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "'counts' is missing");
}

#define TEST(name) cmocka_unit_test_teardown(name, fixture_clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_resume_begins_and_goes_on),  TEST(test_resume_finished),
		TEST(test_resume_with_other_settings), TEST(test_resume_with_equal_settings),
		TEST(test_resume_cuts_part_files),     TEST(test_resume_short_part),
		TEST(test_resume_broken_journal),      TEST(test_resume_broken_info),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
