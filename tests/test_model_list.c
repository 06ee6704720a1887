/* SPDX-License-Identifier: MIT */
/* model_list: which files are models, what they are called, what a split says of them. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/dataset/model_list.h"

static const char *const json[] = {".json", NULL};

static char folder[200];

static const char *in_folder(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text)
{
	struct err err = {0};
	char parent[512];

	snprintf(parent, sizeof(parent), "%s", in_folder(name));
	*strrchr(parent, '/') = '\0';
	assert_int_equal(fs_mkdirs(parent, &err), 0);
	assert_int_equal(fs_write(in_folder(name), text, strlen(text), &err), 0);
}

static int empty(void **state)
{
	struct err err = {0};

	(void)state;
	return fs_remove_tree(folder, &err) < 0 || fs_mkdirs(folder, &err) < 0 ? -1 : 0;
}

static void read_list(struct model_list *list)
{
	struct err err = {0};

	*list = (struct model_list){0};
	if (model_list_read(list, folder, json, false, &err) < 0)
		fail_msg("%s", err.msg);
}

static void assert_refused(enum err_code code, const char *part)
{
	struct model_list list = {0};
	struct err err = {0};

	assert_int_equal(model_list_read(&list, folder, json, false, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
	model_list_free(&list);
}

static void test_files(void **state)
{
	struct model_list list;
	uint64_t hash;

	(void)state;
	put("0001/00000012.json", "");
	put("0000/deep/00000007.json", "");
	put("00000009.json", "");
	put("0000/notes.txt", "");
	put("0000/.json", "");
	put("x.json/y.json", "");
	read_list(&list);
	assert_int_equal(list.count, 4);
	assert_string_equal(list.models[0].id, "00000007");
	assert_string_equal(list.models[0].file, "0000/deep/00000007.json");
	assert_string_equal(list.models[1].id, "00000009");
	assert_string_equal(list.models[2].id, "00000012");
	assert_string_equal(list.models[3].id, "y");
	assert_ptr_equal(model_list_find(&list, "00000009"), &list.models[1]);
	assert_null(model_list_find(&list, "00000008"));
	hash = model_list_hash(&list);
	model_list_free(&list);
	put("z.json", "");
	read_list(&list);
	assert_true(model_list_hash(&list) != hash);
	model_list_free(&list);
}

static void test_refused(void **state)
{
	char name[MODEL_ID_BYTES_MAX + 16];

	(void)state;
	assert_refused(ERR_FORMAT, "holds no file that ends in .json");
	put("a/7.json", "");
	put("b/7.json", "");
	assert_refused(ERR_FORMAT, "are both called 7");
	empty(NULL);
	put("a\tb.json", "");
	assert_refused(ERR_FORMAT, "a control character in its name");
	empty(NULL);
	put("a\xff.json", "");
	assert_refused(ERR_FORMAT, "not UTF-8 in its name");
	empty(NULL);
	memset(name, 'n', sizeof(name));
	strcpy(name + MODEL_ID_BYTES_MAX + 1, ".json");
	put(name, "");
	assert_refused(ERR_FORMAT, "a name of more than");
	fs_remove_tree(folder, NULL);
	assert_refused(ERR_IO, folder);
}

static void assert_split(struct model_list *list, const char *text, const char *parts)
{
	struct err err = {0};

	put("split", text);
	if (model_list_split(list, in_folder("split"), &err) < 0)
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < list->count; i++)
		assert_int_equal("tvn"[list->models[i].part], parts[i]);
}

static void assert_bad_split(struct model_list *list, const char *text, const char *part)
{
	struct err err = {0};

	put("split", text);
	assert_int_equal(model_list_split(list, in_folder("split"), &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
}

static void test_splits(void **state)
{
	struct model_list list;

	(void)state;
	for (int i = 1; i <= 4; i++) {
		char name[32];

		snprintf(name, sizeof(name), "0000/0000000%d.json", i);
		put(name, "");
	}
	read_list(&list);
	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(list.models[i].part, MODEL_TRAIN);
	assert_split(
		&list,
		"{\"train\":[\"0000/00000002\",\"0009/00000001\"],\"validation\":[\"00000004\"],"
		"\"test\":[\"00000003\",\"00000001\"]}",
		"ttnv");
	assert_split(&list, "{\"train\":[],\"val\":[\"00000001\",\"00000001\",\"none\"]}", "vnnn");
	assert_bad_split(&list, "{\"train\":[]}", ":1: 'validation' is missing");
	assert_bad_split(&list, "{\"val\":[]}", ":1: 'train' is missing");
	assert_bad_split(&list, "{\"train\":[],\n\"val\":{}}", ":2: 'val' must be an array");
	assert_bad_split(&list, "{\"train\":[7],\"val\":[]}", "'train' must be an array of names");
	assert_bad_split(&list, "{\"train\":[\"00000001\"],\n\"val\":[\"00000001\"]}",
			 ":2: '00000001' is to train and to validate with");
	assert_bad_split(&list, "", ":1:");
	model_list_free(&list);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_files, empty),
		cmocka_unit_test_setup(test_refused, empty),
		cmocka_unit_test_setup(test_splits, empty),
	};
	const char *tmp = getenv("TMPDIR");
	int failed;

	snprintf(folder, sizeof(folder), "%s/cadgen-models.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fs_remove_tree(folder, NULL);
	return failed;
}
