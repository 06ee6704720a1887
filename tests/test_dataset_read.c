/* SPDX-License-Identifier: MIT */
/*
 * dataset_read: what dataset_append wrote comes back in order; whatever is wrong with the files is
 * told with file:line.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/dataset/dataset_read.h"
#include "tests/dataset_fixture.h"

static struct arena arena;

static struct dataset_reader *open_out(void)
{
	struct err err = {0};
	struct dataset_reader *reader = dataset_reader_open(fixture_out, &err);

	if (!reader)
		fail_msg("%s", err.msg);
	return reader;
}

static void assert_open_fails(enum err_code code, const char *part)
{
	struct err err = {0};

	assert_null(dataset_reader_open(fixture_out, &err));
	if (err.code != code || !strstr(err.msg, part))
		fail_msg("code %d, '%s' lacks '%s'", (int)err.code, err.msg, part);
}

/* Reading to the end must fail with ERR_FORMAT and the part of a message, after `good` samples. */
static void assert_read_fails(int good, const char *part)
{
	struct dataset_reader *reader = open_out();
	struct dataset_sample sample;
	struct err err = {0};
	int rc, n = 0;

	while ((rc = dataset_read(reader, &sample, &arena, &err)) > 0)
		n++;
	dataset_reader_free(reader);
	arena_reset(&arena);
	if (rc == 0)
		fail_msg("not found: '%s'", part);
	assert_int_equal(err.code, ERR_FORMAT);
	if (!strstr(err.msg, part) || n != good)
		fail_msg("after %d samples '%s' lacks '%s'", n, err.msg, part);
}

static void make(void)
{
	struct dataset_settings settings = fixture_settings();

	fixture_clean(NULL);
	assert_made(&settings, DATASET_NEW, COUNT);
}

/* Replaces the first `from` of a file. */
static void forge(const char *name, const char *from, const char *to)
{
	struct buf text = fixture_text(fixture_out, name), forged = {0};
	char *at = strstr(text.data, from);

	if (!at)
		fail_msg("%s lacks '%s'", name, from);
	buf_bytes(&forged, text.data, (size_t)(at - text.data));
	buf_str(&forged, to);
	buf_str(&forged, at + strlen(from));
	fixture_put(name, forged.data);
	buf_free(&text);
	buf_free(&forged);
}

/* Cuts a file after its first n lines, less `off` bytes. */
static void cut(const char *name, int n, size_t off)
{
	struct buf text = fixture_text(fixture_out, name);
	char *at = text.data;

	for (int i = 0; i < n; i++)
		at = strchr(at, '\n') + 1;
	at[-(ptrdiff_t)off] = '\0';
	fixture_put(name, text.data);
	buf_free(&text);
}

static void check_sample(const struct dataset_sample *sample, int i)
{
	struct dataset_settings settings = fixture_settings();
	char text[64], image[400];

	assert_int_equal(sample->index, i);
	snprintf(text, sizeof(text), "%08d", i);
	assert_string_equal(sample->id, text);
	snprintf(image, sizeof(image), "%s/images/00/%08d.png", fixture_out, i);
	assert_string_equal(sample->image, image);
	assert_int_equal(access(sample->image, R_OK), 0);
	assert_string_equal(sample->prompt, i % 2 ? "What is \"this\"?" : "Und \xc3\xb6?");
	snprintf(text, sizeof(text), "circle(x=%d,y=5,r=5); \"\\%d\"", i, i);
	assert_string_equal(sample->program, text);
	snprintf(text, sizeof(text), "{\"family\":\"shapes\",\"n\":%d}", i);
	assert_string_equal(sample->scene, text);
	snprintf(text, sizeof(text), "{\"id\":\"%08d\",\"items\":[]}", i);
	assert_string_equal(sample->annotations, text);
	assert_int_equal(sample->scene_place.line, i + 1);
	assert_int_equal(sample->annotations_place.line, i + 1);
	assert_int_equal(sample->split, dataset_split_of(&settings, (uint64_t)i));
	assert_int_equal(sample->program_hash, i);
	assert_non_null(strstr(sample->program_place.path,
			       sample->split == SPLIT_VAL ? "/val.json" : "/train.json"));
}

static void read_all(int count)
{
	struct dataset_reader *reader = open_out();
	struct dataset_sample sample;
	struct err err = {0};

	for (int i = 0; i < count; i++) {
		if (dataset_read(reader, &sample, &arena, &err) != 1)
			fail_msg("%s", err.msg);
		check_sample(&sample, i);
	}
	if (dataset_read(reader, &sample, &arena, &err) != 0)
		fail_msg("%s", err.msg);
	dataset_reader_free(reader);
	arena_reset(&arena);
}

static void test_samples_in_order(void **state)
{
	(void)state;
	make();
	read_all(COUNT);
}

static void test_all_in_one_file(void **state)
{
	struct dataset_settings settings = fixture_settings();

	(void)state;
	for (int val = 0; val < 2; val++) {
		settings.val_fraction = val;
		assert_made(&settings, DATASET_OVERWRITE, COUNT);
		struct dataset_reader *reader = open_out();
		struct dataset_sample sample;
		struct err err = {0};
		int n = 0;

		while (dataset_read(reader, &sample, &arena, &err) > 0)
			n++;
		if (n != COUNT || err.code != ERR_NONE)
			fail_msg("%d: %s", n, err.msg);
		dataset_reader_free(reader);
	}
}

static void test_facts(void **state)
{
	struct dataset_reader *reader;
	const struct dataset_facts *f;

	(void)state;
	make();
	reader = open_out();
	f = dataset_reader_facts(reader);
	assert_int_equal(f->count, COUNT);
	assert_int_equal(f->counts[SPLIT_TRAIN] + f->counts[SPLIT_VAL], COUNT);
	assert_int_equal(f->counts[SPLIT_TEST], 0);
	assert_true(f->seed == UINT64_C(18446744073709551615));
	assert_int_equal(f->size_px, SIDE_PX);
	assert_true(f->val_fraction == 0.25);
	assert_int_equal(f->language, LANGUAGE_CALLS);
	assert_int_equal(f->style.count, 1);
	assert_int_equal(f->style.parts[0].sheet.text_mm.usual.lo, 2500);
	assert_int_equal(f->style.parts[0].sheet.text_mm.usual.hi, 3500);
	assert_string_equal(f->font, "Font.ttf");
	assert_true(f->font_hash == UINT64_C(0xfedcba9876543210));
	assert_string_equal(f->version, "1.2.3");
	dataset_reader_free(reader);
}

static void test_no_dataset(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};

	(void)state;
	assert_open_fails(ERR_IO, "No such file");
	assert_int_equal(fs_mkdirs(fixture_out, &err), 0);
	assert_open_fails(ERR_FORMAT, "holds no dataset of cadgen");
	fixture_put("dataset_info.json", "{\"generator\":\"another\"}");
	assert_open_fails(ERR_FORMAT, "holds no dataset of cadgen");
	fixture_clean(NULL);
	assert_made(&settings, DATASET_NEW, 9);
	assert_open_fails(ERR_FORMAT, "unfinished dataset of 9 samples");
	fixture_clean(NULL);
	assert_int_equal(fs_write(fixture_out, "x", 1, &err), 0);
	assert_open_fails(ERR_FORMAT, "is no folder");
	assert_int_equal(unlink(fixture_out), 0);
	assert_null(dataset_reader_open("", &err));
	assert_int_equal(err.code, ERR_USAGE);
}

static void test_missing_files(void **state)
{
	static const char *const names[] = {"train.json", "val.json", "scenes.jsonl",
					    "annotations.jsonl", "rendering_metadata.json"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		make();
		assert_int_equal(unlink(fixture_path(fixture_out, names[i])), 0);
		assert_open_fails(ERR_IO, names[i]);
	}
}

static void test_forged_settings(void **state)
{
	static const struct {
		const char *name, *from, *to, *part;
	} forgeries[] = {
		{"dataset_info.json", "\"settings\":{", "\"settings\":[{", "dataset_info.json:"},
		{"dataset_info.json", "\"settings\":{", "\"sets\":{", "'settings'"},
		{"dataset_info.json", "\"language\":\"calls\"", "\"language\":\"basic\"",
		 "unknown language 'basic'"},
		{"dataset_info.json", "\"seed\":\"1", "\"seed\":\"-1", "'seed'"},
		{"dataset_info.json", "\"seed\":\"1", "\"need\":\"1", "'seed'"},
		{"dataset_info.json", "fedcba98", "fedcba9x", "'font_hash'"},
		{"dataset_info.json", "\"size_px\":6", "\"size_px\":0", "'size_px'"},
		{"dataset_info.json", "\"size_px\":6", "\"size_px\":1e9", "'size_px'"},
		{"dataset_info.json", "\"size_px\":6", "\"size_px\":7", "rendering_metadata.json:"},
		{"dataset_info.json", "\"val_fraction\":0.25", "\"val_fraction\":2",
		 "'val_fraction'"},
		{"dataset_info.json", "\"count\":22", "\"count\":21", "settings of 21"},
		{"dataset_info.json", "\"total\":22", "\"total\":23", "counts of 23"},
		{"dataset_info.json", "\"text_mm\"", "\"text_cm\"", "unknown key 'text_cm'"},
		{"dataset_info.json", "\"font\":\"Font", "\"font\":\"Fond", "another font"},
		{"rendering_metadata.json", "\"size\":6", "\"size\":7", "7 pixels"},
		{"rendering_metadata.json", "\"size\"", "\"width\"", "'size'"},
		{"rendering_metadata.json", "2.5", "2.4", "another style"},
		{"rendering_metadata.json", "{", "", "rendering_metadata.json:"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(*forgeries); i++) {
		make();
		forge(forgeries[i].name, forgeries[i].from, forgeries[i].to);
		assert_open_fails(ERR_FORMAT, forgeries[i].part);
	}
}

/* Lines that are cut, gone, doubled or too many. With this seed sample 0 is in val.json. */
static void test_wrong_counts(void **state)
{
	(void)state;
	make();
	cut("scenes.jsonl", 5, 0);
	assert_read_fails(5, "scenes.jsonl:6: ends after 5 of 22 samples");
	make();
	cut("annotations.jsonl", 5, 1);
	assert_read_fails(4, "annotations.jsonl:5: cut short");
	make();
	cut("val.json", 1, 0);
	assert_read_fails(0, "val.json:2: ends after 0 of");
	make();
	forge("annotations.jsonl", "{\"id\":\"00000003\",\"items\":[]}\n", "");
	assert_read_fails(3, "annotations.jsonl:4: begins with {\"id\":\"00000004\"");
	make();
	forge("scenes.jsonl", "{", "\n{");
	assert_read_fails(COUNT, "scenes.jsonl:23: more lines than for 22 samples");
	make();
	forge("val.json", "]\n", "]\n]\n");
	assert_read_fails(COUNT, "val.json:");
	make();
	forge("train.json", "\n]\n", "\n");
	assert_read_fails(COUNT, "']' expected");
	make();
	forge("train.json", "\n]\n", ",\n{}\n]\n");
	assert_read_fails(COUNT - 2, "more entries than"); /* 21 is in val.json */
	make();
	forge("val.json", "[\n", "");
	assert_read_fails(0, "val.json:1: '[' expected");
	make();
	fixture_put("val.json", "[]\n");
	assert_read_fails(0, "val.json:1: '[' expected");
}

static void test_forged_entries(void **state)
{
	static const struct {
		const char *from, *to, *part;
	} forgeries[] = {
		{"{\"id\":\"00000000\"", "{\"id\":\"00000001\"",
		 "'00000001' where '00000000' belongs"},
		{"{\"id\":\"00000000\"", "{\"id\":0", "'id' must be a string"},
		{"00000000.png", "00000001.png", "where 'images/00/00000000.png' belongs"},
		{"<image>\\n", "", "does not begin with <image>"},
		{"<image>\\n", "<image>", "does not begin with <image>"},
		{"\"human\"", "\"robot\"", "from 'robot', not 'human'"},
		{"\"gpt\"", "\"human\"", "from 'human', not 'gpt'"},
		{"\"conversations\":[", "\"conversation\":[", "'conversations'"},
		{"\"conversations\":[", "\"conversations\":[{},", "'conversations'"},
		{"\"value\":", "\"values\":", "'value' must be a string"},
		{"{\"id\":\"00000000\"", "{\"id\"", "val.json:2: "},
		{"}]},\n", "}]}\n", "no comma"},
		{"{\"id\":\"00000000\"",
		 "{\"id\":\"0000\x01"
		 "000\"",
		 "val.json:2: "},
		{"},\n{\"id\"", "},{\"id\"", "val.json:2: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(*forgeries); i++) {
		make();
		forge("val.json", forgeries[i].from, forgeries[i].to);
		assert_read_fails(0, forgeries[i].part);
	}
}

static void test_wild_bytes(void **state)
{
	static const char zero[] = "{\"id\"\0:";
	char *wide = calloc(1, (17 << 20) + 1);
	struct err err = {0};

	(void)state;
	make();
	assert_int_equal(
		fs_write(fixture_path(fixture_out, "scenes.jsonl"), zero, sizeof(zero), &err), 0);
	assert_read_fails(0, "scenes.jsonl:1: a byte of 0");
	assert_non_null(wide);
	memset(wide, '{', 17 << 20);
	fixture_put("scenes.jsonl", wide);
	assert_read_fails(0, "scenes.jsonl:1: a line of more than 16777216 bytes");
	free(wide);
}

static void test_place_error(void **state)
{
	struct dataset_place place = {"a/train.json", 12};
	struct err err = {0};

	(void)state;
	err_set(&err, ERR_FORMAT, ":1: 'r' is missing");
	assert_int_equal(dataset_place_error(&place, &err), -1);
	assert_string_equal(err.msg, "a/train.json:12: 'r' is missing");
	err_set(&err, ERR_LIMIT, "program:1:7: no such shape");
	dataset_place_error(&place, &err);
	assert_string_equal(err.msg, "a/train.json:12: program:1:7: no such shape");
	assert_int_equal(err.code, ERR_LIMIT);
}

static int teardown(void **state)
{
	arena_free(&arena);
	return fixture_teardown(state);
}

#define TEST(name) cmocka_unit_test_teardown(name, fixture_clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_samples_in_order), TEST(test_all_in_one_file), TEST(test_facts),
		TEST(test_no_dataset),       TEST(test_missing_files),   TEST(test_forged_settings),
		TEST(test_wrong_counts),     TEST(test_forged_entries),  TEST(test_wild_bytes),
		TEST(test_place_error),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
