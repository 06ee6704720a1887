/* SPDX-License-Identifier: MIT */
/* dataset: layout, settings, split, new folders, overwriting, lock. */
#include <config.h>

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/dataset/dataset.h"
#include "formats/encoding/json.h"
#include "tests/dataset_fixture.h"

/* Layout */

static cJSON *json_of(const char *name)
{
	struct buf text = fixture_text(fixture_out, name);
	struct json_doc doc;
	struct err err = {0};
	cJSON *root;

	if (json_parse(&doc, name, text.data, text.len, &err) < 0)
		fail_msg("%s", err.msg);
	root = doc.root;
	doc.root = NULL;
	json_free(&doc);
	buf_free(&text);
	return root;
}

static const cJSON *get(const cJSON *object, const char *key)
{
	const cJSON *node = cJSON_GetObjectItemCaseSensitive(object, key);

	assert_non_null(node);
	return node;
}

static const char *text_at(const cJSON *object, const char *key)
{
	assert_true(cJSON_IsString(get(object, key)));
	return get(object, key)->valuestring;
}

static void check_entry(const cJSON *entry, int i)
{
	const cJSON *turns = get(entry, "conversations");
	char expected[64];

	snprintf(expected, sizeof(expected), "%08d", i);
	assert_string_equal(text_at(entry, "id"), expected);
	snprintf(expected, sizeof(expected), "images/00/%08d.png", i);
	assert_string_equal(text_at(entry, "image"), expected);
	assert_true(access(fixture_path(fixture_out, expected), R_OK) == 0);
	assert_int_equal(cJSON_GetArraySize(turns), 2);
	assert_string_equal(text_at(cJSON_GetArrayItem(turns, 0), "from"), "human");
	assert_string_equal(text_at(cJSON_GetArrayItem(turns, 0), "value"),
			    i % 2 ? "<image>\nWhat is \"this\"?" : "<image>\nUnd \xc3\xb6?");
	assert_string_equal(text_at(cJSON_GetArrayItem(turns, 1), "from"), "gpt");
	snprintf(expected, sizeof(expected), "circle(x=%d,y=5,r=5); \"\\%d\"", i, i);
	assert_string_equal(text_at(cJSON_GetArrayItem(turns, 1), "value"), expected);
}

/* Each sample once, in order, in the array that dataset_split_of says and in the split. */
static void check_array(const char *name, const char *key, enum dataset_split part, int *count)
{
	struct dataset_settings settings = fixture_settings();
	cJSON *array = json_of(name), *split = json_of("train_val_split.json");
	const cJSON *ids = get(split, key);

	*count = 0;
	for (int i = 0; i < COUNT; i++) {
		if (dataset_split_of(&settings, (uint64_t)i) != part)
			continue;
		check_entry(cJSON_GetArrayItem(array, *count), i);
		assert_string_equal(cJSON_GetArrayItem(ids, *count)->valuestring,
				    text_at(cJSON_GetArrayItem(array, *count), "id"));
		++*count;
	}
	assert_int_equal(cJSON_GetArraySize(array), *count);
	assert_int_equal(cJSON_GetArraySize(ids), *count);
	cJSON_Delete(array);
	cJSON_Delete(split);
}

static void check_lines(const char *name, const char *fmt)
{
	struct buf text = fixture_text(fixture_out, name);
	const char *at = text.data;
	char line[64];

	for (int i = 0; i < COUNT; i++) {
		snprintf(line, sizeof(line), fmt, i);
		assert_memory_equal(at, line, strlen(line));
		at += strlen(line);
	}
	assert_ptr_equal(at, text.data + text.len);
	buf_free(&text);
}

static void test_layout(void **state)
{
	struct dataset_settings settings = fixture_settings();
	int train, val;
	cJSON *info;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	check_array("train.json", "train", SPLIT_TRAIN, &train);
	check_array("val.json", "val", SPLIT_VAL, &val);
	assert_true(train > 0 && val > 0);
	check_lines("annotations.jsonl", "{\"id\":\"%08d\",\"items\":[]}\n");
	check_lines("scenes.jsonl", "{\"family\":\"shapes\",\"n\":%d}\n");
	info = json_of("dataset_info.json");
	assert_string_equal(text_at(info, "format"), "tinyllava");
	assert_string_equal(text_at(info, "version"), "1.2.3");
	assert_int_equal(get(get(info, "counts"), "total")->valueint, COUNT);
	assert_int_equal(get(get(info, "counts"), "train")->valueint, train);
	assert_int_equal(get(get(info, "counts"), "val")->valueint, val);
	assert_int_equal(get(get(info, "counts"), "redrawn")->valueint, 5);
	assert_string_equal(text_at(get(info, "settings"), "seed"), "18446744073709551615");
	assert_string_equal(text_at(get(info, "settings"), "font"), "Font.ttf");
	cJSON_Delete(info);
	assert_false(fixture_has(".cadgen-journal"));
	assert_false(fixture_has(".cadgen-lock"));
	assert_false(fixture_has("train.json.part"));
}

/* Every file that dataset_info.json lists is there, and nothing else is. */
static void test_file_list(void **state)
{
	struct dataset_settings settings = fixture_settings();
	cJSON *info;
	const cJSON *file;
	struct dirent **entries;
	int n;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	info = json_of("dataset_info.json");
	for (file = get(info, "files")->child; file; file = file->next)
		assert_true(fixture_has(text_at(file, "name")));
	n = scandir(fixture_out, &entries, NULL, alphasort);
	assert_int_equal(n - 2, cJSON_GetArraySize(get(info, "files")));
	while (n > 0)
		free(entries[--n]);
	free(entries);
	cJSON_Delete(info);
}

static void test_metadata(void **state)
{
	struct dataset_settings settings = fixture_settings();
	cJSON *json;
	struct buf card;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	json = json_of("rendering_metadata.json");
	assert_int_equal(get(json, "size")->valueint, SIDE_PX);
	assert_string_equal(text_at(get(json, "style"), "standard"), "iso");
	assert_string_equal(text_at(get(json, "font"), "name"), "Font.ttf");
	assert_string_equal(text_at(get(json, "font"), "hash"), "fedcba9876543210");
	cJSON_Delete(json);
	json = json_of("tinyllava_metadata.json");
	assert_string_equal(text_at(json, "image_token"), "<image>");
	assert_string_equal(text_at(get(json, "data_path"), "train"), "train.json");
	cJSON_Delete(json);
	card = fixture_text(fixture_out, "README.md");
	assert_non_null(strstr(card.data, settings.command));
	assert_non_null(strstr(card.data, "| all | 22 |"));
	buf_free(&card);
}

/* Neither the folder's name nor the font's folder is in any file. */
static void test_no_machine_paths(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct buf tree;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	tree = fixture_tree(fixture_out);
	assert_null(memmem(tree.data, tree.len, fixture_folder, strlen(fixture_folder)));
	assert_null(memmem(tree.data, tree.len, "/somewhere", 10));
	buf_free(&tree);
}

static void test_empty_arrays(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct buf text;

	(void)state;
	settings.val_fraction = 0;
	assert_made(&settings, DATASET_NEW, COUNT);
	text = fixture_text(fixture_out, "val.json");
	assert_string_equal(text.data, "[]\n");
	buf_free(&text);
	fixture_clean(NULL);
	settings.val_fraction = 1;
	assert_made(&settings, DATASET_NEW, COUNT);
	text = fixture_text(fixture_out, "train.json");
	assert_string_equal(text.data, "[]\n");
	buf_free(&text);
	fixture_clean(NULL);
	settings.count = 0;
	assert_made(&settings, DATASET_NEW, 0);
	text = fixture_text(fixture_out, "train_val_split.json");
	assert_string_equal(text.data, "{\"train\":[],\n\"val\":[]}\n");
	buf_free(&text);
	assert_made(&settings, DATASET_RESUME, 0);
}

static void test_image_path(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};
	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);
	static const struct {
		uint64_t index;
		const char *path;
	} cases[] = {
		{0, "images/00/00000000.png"},        {9999, "images/00/00009999.png"},
		{10000, "images/01/00010000.png"},    {999999, "images/99/00999999.png"},
		{1000000, "images/100/01000000.png"}, {123456789, "images/12345/123456789.png"},
	};
	char path[DATASET_PATH_BYTES];

	(void)state;
	assert_non_null(ds);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(dataset_image_path(ds, SPLIT_VAL, cases[i].index, path),
				    fixture_path(fixture_out, cases[i].path));
	assert_int_equal(dataset_close(ds, &err), 0);
}

static void test_folders_are_made(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};
	struct dataset *ds;

	(void)state;
	settings.count = 30001;
	ds = dataset_open(&settings, DATASET_NEW, &err);
	assert_non_null(ds);
	assert_true(fixture_has("images/00") && fixture_has("images/03"));
	assert_false(fixture_has("images/04"));
	assert_int_equal(dataset_close(ds, &err), 0);
}

static void test_split(void **state)
{
	struct dataset_settings settings = fixture_settings(), larger = settings, other = settings;
	int counts[SPLIT_COUNT_] = {0}, same = 0;

	(void)state;
	settings.test_fraction = larger.test_fraction = other.test_fraction = 0.1;
	larger.count = 1000000;
	other.seed = 3;
	for (uint64_t i = 0; i < 100000; i++) {
		enum dataset_split is = dataset_split_of(&settings, i);
		assert_int_equal(is, dataset_split_of(&larger, i));
		same += is == dataset_split_of(&other, i);
		counts[is]++;
	}
	assert_in_range(counts[SPLIT_VAL], 24000, 26000);
	assert_in_range(counts[SPLIT_TEST], 9500, 10500);
	assert_in_range(same, 47000, 51000); /* .65^2 + .25^2 + .1^2 */
	settings.val_fraction = settings.test_fraction = 0;
	larger.val_fraction = 1;
	larger.test_fraction = 0;
	for (uint64_t i = 0; i < 1000; i++) {
		assert_int_equal(dataset_split_of(&settings, i), SPLIT_TRAIN);
		assert_int_equal(dataset_split_of(&larger, i), SPLIT_VAL);
	}
}

/* Modes */

static void test_new_wants_an_empty_folder(void **state)
{
	struct dataset_settings settings = fixture_settings();

	(void)state;
	assert_int_equal(mkdir(fixture_out, 0777), 0);
	assert_made(&settings, DATASET_NEW, 4);
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "is not empty");
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "is not empty");
	assert_whole();
}

/* A lock file and a half-written journal are what a process killed at once leaves. */
static void test_new_after_early_death(void **state)
{
	struct dataset_settings settings = fixture_settings();

	(void)state;
	assert_int_equal(mkdir(fixture_out, 0777), 0);
	fixture_put(".cadgen-lock", "");
	fixture_put(".cadgen-journal.tmp", "{\"for");
	assert_made(&settings, DATASET_NEW, COUNT);
	assert_whole();
}

static void test_foreign_folders(void **state)
{
	struct dataset_settings settings = fixture_settings();

	(void)state;
	assert_int_equal(mkdir(fixture_out, 0777), 0);
	fixture_put("notes.txt", "mine");
	for (int mode = DATASET_NEW; mode <= DATASET_RESUME; mode++)
		assert_refused(&settings, (enum dataset_mode)mode, ERR_USAGE,
			       mode == DATASET_NEW ? "is not empty" : "not by a dataset of cadgen");
	assert_false(fixture_has(".cadgen-lock"));
	fixture_put("dataset_info.json", "{\"config_name\":\"default\",\"features\":{}}");
	assert_refused(&settings, DATASET_OVERWRITE, ERR_USAGE, "not by a dataset of cadgen");
	fixture_put("dataset_info.json", "{\"generator\":\"somebody\"}");
	assert_refused(&settings, DATASET_RESUME, ERR_USAGE, "not by a dataset of cadgen");
	fixture_put("dataset_info.json", "{\"gen");
	assert_refused(&settings, DATASET_OVERWRITE, ERR_FORMAT, "dataset_info.json:1");
	assert_true(fixture_has("notes.txt") && fixture_has("dataset_info.json"));
	assert_false(fixture_has(".cadgen-lock"));
}

static void test_not_a_folder(void **state)
{
	struct dataset_settings settings = fixture_settings();
	char path[400];
	struct err err = {0};

	(void)state;
	assert_int_equal(fs_write(fixture_out, "x", 1, &err), 0);
	assert_refused(&settings, DATASET_NEW, ERR_IO, fixture_out);
	snprintf(path, sizeof(path), "%s/below", fixture_out);
	settings.path = path;
	assert_refused(&settings, DATASET_RESUME, ERR_IO, fixture_out);
	unlink(fixture_out);
}

static void test_bad_settings(void **state)
{
	struct dataset_settings settings = fixture_settings();
	char *path = malloc(5001);

	(void)state;
	settings.val_fraction = 1.5;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "fraction");
	settings.val_fraction = -0.1;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "fraction");
	settings = fixture_settings();
	settings.max_overlap = 2;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "overlap");
	settings = fixture_settings();
	settings.style = "{\"a\":}";
	assert_refused(&settings, DATASET_NEW, ERR_FORMAT, "style:1");
	settings = fixture_settings();
	settings.count = UINT64_MAX;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "more than");
	settings = fixture_settings();
	settings.path = "";
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "no name");
	memset(path, 'x', 5000);
	path[5000] = '\0';
	settings.path = path;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "folder name");
	free(path);
	assert_false(fixture_has("."));
}

static void test_overwrite(void **state)
{
	struct dataset_settings settings = fixture_settings(), larger = settings;

	(void)state;
	larger.count = 40;
	larger.seed = 1;
	assert_made(&settings, DATASET_OVERWRITE, COUNT); /* absent: begins anew */
	assert_whole();
	assert_made(&settings, DATASET_OVERWRITE, COUNT); /* finished */
	assert_whole();
	assert_made(&larger, DATASET_OVERWRITE, 40);
	assert_made(&settings, DATASET_OVERWRITE, COUNT); /* finished, other settings */
	assert_whole();
	assert_made(&larger, DATASET_OVERWRITE, 31);
	assert_made(&settings, DATASET_OVERWRITE, COUNT); /* unfinished */
	assert_whole();
}

static void test_overwrite_leaves_other_files(void **state)
{
	static const char *const mine[] = {"notes.txt", "images/mine.png", "images/00/mine.png",
					   "images/00/1.png", "images/x/00000000.png"};
	struct dataset_settings settings = fixture_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	assert_int_equal(mkdir(fixture_path(fixture_out, "images/x"), 0777), 0);
	for (size_t i = 0; i < sizeof(mine) / sizeof(*mine); i++)
		fixture_put(mine[i], "mine");
	settings.count = 1;
	assert_made(&settings, DATASET_OVERWRITE, 1);
	assert_false(fixture_has("images/00/00000001.png"));
	for (size_t i = 0; i < sizeof(mine) / sizeof(*mine); i++) {
		struct buf text = fixture_text(fixture_out, mine[i]);
		assert_string_equal(text.data, "mine");
		buf_free(&text);
		unlink(fixture_path(fixture_out, mine[i]));
	}
	rmdir(fixture_path(fixture_out, "images/x"));
	settings = fixture_settings();
	assert_made(&settings, DATASET_OVERWRITE, COUNT);
	assert_whole();
}

/* A link is not followed to somebody's pictures. */
static void test_overwrite_linked_images(void **state)
{
	struct dataset_settings settings = fixture_settings();
	char elsewhere[400];
	struct err err = {0};

	(void)state;
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", fixture_folder);
	assert_made(&settings, DATASET_NEW, 5);
	assert_int_equal(rename(fixture_path(fixture_out, "images"), elsewhere), 0);
	assert_int_equal(symlink(elsewhere, fixture_path(fixture_out, "images")), 0);
	assert_refused(&settings, DATASET_OVERWRITE, ERR_IO, "/images");
	assert_true(access(fixture_path(elsewhere, "00/00000004.png"), F_OK) == 0);
	assert_int_equal(fs_remove_tree(elsewhere, &err), 0);
}

static void test_lock(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};
	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);

	(void)state;
	assert_non_null(ds);
	for (int mode = DATASET_NEW; mode <= DATASET_RESUME; mode++)
		assert_refused(&settings, (enum dataset_mode)mode, ERR_USAGE,
			       "is being written by another cadgen");
	assert_true(fixture_has(".cadgen-lock"));
	assert_int_equal(dataset_close(ds, &err), 0);
	assert_false(fixture_has(".cadgen-lock"));
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

#define TEST(name) cmocka_unit_test_teardown(name, fixture_clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_layout),
		TEST(test_file_list),
		TEST(test_metadata),
		TEST(test_no_machine_paths),
		TEST(test_empty_arrays),
		TEST(test_image_path),
		TEST(test_folders_are_made),
		TEST(test_split),
		TEST(test_new_wants_an_empty_folder),
		TEST(test_new_after_early_death),
		TEST(test_foreign_folders),
		TEST(test_not_a_folder),
		TEST(test_bad_settings),
		TEST(test_overwrite),
		TEST(test_overwrite_leaves_other_files),
		TEST(test_overwrite_linked_images),
		TEST(test_lock),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
