/* SPDX-License-Identifier: MIT */
/*
 * dataset: layout, modes, settings, lock, and above all that no crash and no full disk changes a
 * byte of the result.
 *
 * The system calls that write are defined here and take the place of libc's for the whole program
 * (the archives' calls go through them too). Each counts down; when the count is used up it either
 * ends the process, half of the bytes written, or fails with ENOSPC from then on. Tests go through
 * every such moment of a run, one after the other, so they need no luck and no clock: the clock is
 * here as well and runs fast enough for several commits in a small dataset. Nothing is synced
 * really; what syncs are for, power cuts, no test can see.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/dataset.h"
#include "formats/image.h"
#include "formats/json.h"

enum { COUNT = 22, CHUNK = 3, CRASHED = 77, SKIPPED = 78, SIDE_PX = 6 };

static enum { RUN, CRASH, FAIL } fault;
static long steps_left; /* until it happens */
static long steps_done;
static long syncs;

/* True when this call is to fail. Half of the n bytes of a write are written before a crash. */
static bool step(int fd, const void *data, size_t n)
{
	steps_done++;
	if (fault == RUN || steps_left-- > 0)
		return false;
	if (fault == CRASH) {
		if (n)
			(void)!syscall(SYS_write, fd, data, n / 2);
		_exit(CRASHED);
	}
	errno = ENOSPC;
	return true;
}

ssize_t write(int fd, const void *data, size_t n)
{
	if (fd > STDERR_FILENO && step(fd, data, n))
		return -1;
	return syscall(SYS_write, fd, data, n);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
	if (step(fd, NULL, 0))
		return -1;
	return syscall(SYS_pwrite64, fd, data, n > 7 ? n / 2 + 1 : n, at); /* short writes too */
}

int fsync(int fd)
{
	syncs++;
	return step(fd, NULL, 0) ? -1 : 0;
}

int syncfs(int fd)
{
	return step(fd, NULL, 0) ? -1 : 0;
}

int ftruncate(int fd, off_t size)
{
	return step(fd, NULL, 0) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int rename(const char *from, const char *to)
{
	return step(-1, NULL, 0) ? -1
				 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int mkdir(const char *path, mode_t mode)
{
	return step(-1, NULL, 0) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int unlink(const char *path)
{
	/* Even on a full disk files can be removed; only a crash stops here. */
	if (fault == CRASH)
		step(-1, NULL, 0);
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags)
{
	if (fault == CRASH)
		step(-1, NULL, 0);
	return (int)syscall(SYS_unlinkat, folder, path, flags);
}

/* Four seconds a look. */
int clock_gettime(clockid_t clock, struct timespec *t)
{
	static time_t now;

	if (clock != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, t);
	*t = (struct timespec){.tv_sec = now += 4};
	return 0;
}

static char folder[256]; /* of all tests */
static char out[300];    /* the dataset, gone before each test */
static char whole[300];  /* one made without disturbance */

#define STYLE "{\n  \"standard\": \"iso\",\n  \"text_mm\": [2.5, 3.5]\n}\n"

static struct dataset_settings base_settings(void)
{
	return (struct dataset_settings){
		.path = out,
		.count = COUNT,
		.seed = UINT64_C(18446744073709551615),
		.size_px = SIDE_PX,
		.val_fraction = 0.25,
		.max_overlap = 0.2,
		.family = "shapes",
		.language = "calls",
		.style = STYLE,
		.font = "/somewhere/on/this/machine/Font.ttf",
		.font_hash = UINT64_C(0xfedcba9876543210),
		.prompts_hash = 7,
		.command = "cadgen --count 22 --seed 18446744073709551615 `x` OUT",
		.version = "1.2.3",
	};
}

/* What sample i would look like: pixels, program and lines that depend on i alone. */
static int draw(const struct dataset *ds, uint64_t i, struct png_encoder *encoder, struct err *err)
{
	struct image image = image_new(SIDE_PX, SIDE_PX, 1);
	char path[DATASET_PATH_BYTES];
	int rc;

	for (int k = 0; k < SIDE_PX * SIDE_PX; k++)
		image.px[k] = (uint8_t)(10 * i + (uint64_t)k);
	rc = image_write_png(&image, dataset_image_path(ds, i, path), encoder, err);
	image_free(&image);
	return rc;
}

static void describe(struct dataset_lines *lines, const struct dataset_settings *settings,
		     uint64_t i)
{
	char program[64], annotations[64], scene[64];

	snprintf(program, sizeof(program), "circle(x=%d,y=5,r=5); \"\\%d\"", (int)i, (int)i);
	snprintf(annotations, sizeof(annotations), "{\"id\":\"%08d\",\"items\":[]}", (int)i);
	snprintf(scene, sizeof(scene), "{\"family\":\"shapes\",\"n\":%d}", (int)i);
	dataset_add(lines, settings, i, i % 2 ? "What is \"this\"?" : "Und \xc3\xb6?", program,
		    annotations, scene);
	lines->redrawn += i % 5 == 0;
}

static int grow(struct dataset *ds, const struct dataset_settings *settings, uint64_t end,
		struct png_encoder *encoder, struct dataset_lines *lines, struct err *err)
{
	while (dataset_next(ds) < end) {
		uint64_t first = dataset_next(ds);
		uint64_t last = first + CHUNK < end ? first + CHUNK : end;
		dataset_lines_clear(lines);
		for (uint64_t i = first; i < last; i++) {
			if (draw(ds, i, encoder, err) < 0)
				return -1;
			describe(lines, settings, i);
		}
		if (dataset_append(ds, lines, last, err) < 0)
			return -1;
	}
	return 0;
}

/* Opens, makes samples up to `end` and closes. Returns -1 with the first error. */
static int make(const struct dataset_settings *settings, enum dataset_mode mode, uint64_t end,
		struct err *err)
{
	struct dataset *ds = dataset_open(settings, mode, err);
	struct png_encoder *encoder;
	struct dataset_lines lines = {0};
	struct err second = {0};
	int rc;

	if (!ds)
		return -1;
	encoder = png_encoder_new(1);
	rc = grow(ds, settings, end, encoder, &lines, err);
	if (dataset_close(ds, rc < 0 ? &second : err) < 0)
		rc = -1;
	dataset_lines_free(&lines);
	png_encoder_free(encoder);
	return rc;
}

static void assert_made(const struct dataset_settings *settings, enum dataset_mode mode,
			uint64_t end)
{
	struct err err = {0};

	if (make(settings, mode, end, &err) < 0)
		fail_msg("%s", err.msg);
}

static void assert_refused(const struct dataset_settings *settings, enum dataset_mode mode,
			   enum err_code code, const char *part)
{
	struct err err = {0};
	struct dataset *ds = dataset_open(settings, mode, &err);

	assert_null(ds);
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
}

static const char *in(const char *dataset, const char *name)
{
	static char path[600];

	snprintf(path, sizeof(path), "%s/%s", dataset, name);
	return path;
}

static bool there(const char *name)
{
	return access(in(out, name), F_OK) == 0;
}

static void put(const char *name, const char *text)
{
	struct err err = {0};

	assert_int_equal(fs_write(in(out, name), text, strlen(text), &err), 0);
}

/* The text of a file of a dataset, to be freed. */
static struct buf text_of(const char *dataset, const char *name)
{
	struct buf text = {0};
	struct err err = {0};

	if (fs_read(in(dataset, name), 1 << 20, &text, &err) < 0)
		fail_msg("%s", err.msg);
	return text;
}

/* Appends names and contents of all files below a folder, sorted. */
static void add_tree(const char *path, size_t skip, struct buf *tree)
{
	struct dirent **entries;
	struct err err = {0};
	int n = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char below[1200];
		struct stat st;
		const char *name = entries[i]->d_name;
		/* A crash may leave its lock file; what else it leaves is a difference. */
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    strcmp(name, ".cadgen-lock") != 0) {
			snprintf(below, sizeof(below), "%s/%s", path, name);
			buf_str(tree, "\n== ");
			buf_str(tree, below + skip);
			buf_char(tree, '\n');
			assert_int_equal(lstat(below, &st), 0);
			if (S_ISDIR(st.st_mode))
				add_tree(below, skip, tree);
			else
				assert_int_equal(fs_read(below, 1 << 20, tree, &err), 0);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static struct buf tree_of(const char *dataset)
{
	struct buf tree = {0};

	add_tree(dataset, strlen(dataset), &tree);
	return tree;
}

static bool same_trees(const char *a, const char *b)
{
	struct buf ta = tree_of(a), tb = tree_of(b);
	bool same = ta.len == tb.len && memcmp(ta.data, tb.data, ta.len) == 0;

	buf_free(&ta);
	buf_free(&tb);
	return same;
}

static void assert_whole(void)
{
	struct buf a, b;

	if (same_trees(out, whole))
		return;
	a = tree_of(out);
	b = tree_of(whole);
	fail_msg("differs from an undisturbed run:\n%.*s\n-- instead of --\n%.*s", (int)a.len,
		 a.data, (int)b.len, b.data);
}

static int clean(void **state)
{
	struct err err = {0};

	(void)state;
	fault = RUN;
	return fs_remove_tree(out, &err);
}

/* Layout */

static cJSON *json_of(const char *name)
{
	struct buf text = text_of(out, name);
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
	assert_true(access(in(out, expected), R_OK) == 0);
	assert_int_equal(cJSON_GetArraySize(turns), 2);
	assert_string_equal(text_at(cJSON_GetArrayItem(turns, 0), "from"), "human");
	assert_string_equal(text_at(cJSON_GetArrayItem(turns, 0), "value"),
			    i % 2 ? "<image>\nWhat is \"this\"?" : "<image>\nUnd \xc3\xb6?");
	assert_string_equal(text_at(cJSON_GetArrayItem(turns, 1), "from"), "gpt");
	snprintf(expected, sizeof(expected), "circle(x=%d,y=5,r=5); \"\\%d\"", i, i);
	assert_string_equal(text_at(cJSON_GetArrayItem(turns, 1), "value"), expected);
}

/* Each sample once, in order, in the array that dataset_is_val says and in the split. */
static void check_array(const char *name, const char *key, int val, int *count)
{
	struct dataset_settings settings = base_settings();
	cJSON *array = json_of(name), *split = json_of("train_val_split.json");
	const cJSON *ids = get(split, key);

	*count = 0;
	for (int i = 0; i < COUNT; i++) {
		if (dataset_is_val(&settings, (uint64_t)i) != val)
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
	struct buf text = text_of(out, name);
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
	struct dataset_settings settings = base_settings();
	int train, val;
	cJSON *info;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	check_array("train.json", "train", 0, &train);
	check_array("val.json", "val", 1, &val);
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
	assert_false(there(".cadgen-journal"));
	assert_false(there(".cadgen-lock"));
	assert_false(there("train.json.part"));
}

/* Every file that dataset_info.json lists is there, and nothing else is. */
static void test_file_list(void **state)
{
	struct dataset_settings settings = base_settings();
	cJSON *info;
	const cJSON *file;
	struct dirent **entries;
	int n;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	info = json_of("dataset_info.json");
	for (file = get(info, "files")->child; file; file = file->next)
		assert_true(there(text_at(file, "name")));
	n = scandir(out, &entries, NULL, alphasort);
	assert_int_equal(n - 2, cJSON_GetArraySize(get(info, "files")));
	while (n > 0)
		free(entries[--n]);
	free(entries);
	cJSON_Delete(info);
}

static void test_metadata(void **state)
{
	struct dataset_settings settings = base_settings();
	cJSON *json;
	struct buf card;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	json = json_of("rendering_metadata.json");
	assert_int_equal(get(json, "width")->valueint, SIDE_PX);
	assert_string_equal(text_at(get(json, "style"), "standard"), "iso");
	assert_string_equal(text_at(get(json, "font"), "name"), "Font.ttf");
	assert_string_equal(text_at(get(json, "font"), "hash"), "fedcba9876543210");
	cJSON_Delete(json);
	json = json_of("tinyllava_metadata.json");
	assert_string_equal(text_at(json, "image_token"), "<image>");
	assert_string_equal(text_at(get(json, "data_path"), "train"), "train.json");
	cJSON_Delete(json);
	card = text_of(out, "README.md");
	assert_non_null(strstr(card.data, settings.command));
	assert_non_null(strstr(card.data, "| all | 22 |"));
	buf_free(&card);
}

/* Neither the folder's name nor the font's folder is in any file. */
static void test_no_machine_paths(void **state)
{
	struct dataset_settings settings = base_settings();
	struct buf tree;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	tree = tree_of(out);
	assert_null(memmem(tree.data, tree.len, folder, strlen(folder)));
	assert_null(memmem(tree.data, tree.len, "/somewhere", 10));
	buf_free(&tree);
}

static void test_empty_arrays(void **state)
{
	struct dataset_settings settings = base_settings();
	struct buf text;

	(void)state;
	settings.val_fraction = 0;
	assert_made(&settings, DATASET_NEW, COUNT);
	text = text_of(out, "val.json");
	assert_string_equal(text.data, "[]\n");
	buf_free(&text);
	clean(NULL);
	settings.val_fraction = 1;
	assert_made(&settings, DATASET_NEW, COUNT);
	text = text_of(out, "train.json");
	assert_string_equal(text.data, "[]\n");
	buf_free(&text);
	clean(NULL);
	settings.count = 0;
	assert_made(&settings, DATASET_NEW, 0);
	text = text_of(out, "train_val_split.json");
	assert_string_equal(text.data, "{\"train\":[],\n\"val\":[]}\n");
	buf_free(&text);
	assert_made(&settings, DATASET_RESUME, 0);
}

static void test_image_path(void **state)
{
	struct dataset_settings settings = base_settings();
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
		assert_string_equal(dataset_image_path(ds, cases[i].index, path),
				    in(out, cases[i].path));
	assert_int_equal(dataset_close(ds, &err), 0);
}

static void test_folders_are_made(void **state)
{
	struct dataset_settings settings = base_settings();
	struct err err = {0};
	struct dataset *ds;

	(void)state;
	settings.count = 30001;
	ds = dataset_open(&settings, DATASET_NEW, &err);
	assert_non_null(ds);
	assert_true(there("images/00") && there("images/03"));
	assert_false(there("images/04"));
	assert_int_equal(dataset_close(ds, &err), 0);
}

static void test_split(void **state)
{
	struct dataset_settings settings = base_settings(), larger = settings;
	int val = 0;

	(void)state;
	larger.count = 1000000;
	for (uint64_t i = 0; i < 100000; i++) {
		int is = dataset_is_val(&settings, i);
		assert_int_equal(is, dataset_is_val(&larger, i));
		val += is;
	}
	assert_in_range(val, 24000, 26000);
	settings.val_fraction = 0;
	larger.val_fraction = 1;
	for (uint64_t i = 0; i < 1000; i++) {
		assert_int_equal(dataset_is_val(&settings, i), 0);
		assert_int_equal(dataset_is_val(&larger, i), 1);
	}
}

/* Modes */

static void test_new_wants_an_empty_folder(void **state)
{
	struct dataset_settings settings = base_settings();

	(void)state;
	assert_int_equal(mkdir(out, 0777), 0);
	assert_made(&settings, DATASET_NEW, 4);
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "is not empty");
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "is not empty");
	assert_whole();
}

/* A lock file and a half-written journal are what a process killed at once leaves. */
static void test_new_after_early_death(void **state)
{
	struct dataset_settings settings = base_settings();

	(void)state;
	assert_int_equal(mkdir(out, 0777), 0);
	put(".cadgen-lock", "");
	put(".cadgen-journal.tmp", "{\"for");
	assert_made(&settings, DATASET_NEW, COUNT);
	assert_whole();
}

static void test_foreign_folders(void **state)
{
	struct dataset_settings settings = base_settings();

	(void)state;
	assert_int_equal(mkdir(out, 0777), 0);
	put("notes.txt", "mine");
	for (int mode = DATASET_NEW; mode <= DATASET_RESUME; mode++)
		assert_refused(&settings, (enum dataset_mode)mode, ERR_USAGE,
			       mode == DATASET_NEW ? "is not empty" : "not by a dataset of cadgen");
	assert_false(there(".cadgen-lock"));
	put("dataset_info.json", "{\"config_name\":\"default\",\"features\":{}}");
	assert_refused(&settings, DATASET_OVERWRITE, ERR_USAGE, "not by a dataset of cadgen");
	put("dataset_info.json", "{\"generator\":\"somebody\"}");
	assert_refused(&settings, DATASET_RESUME, ERR_USAGE, "not by a dataset of cadgen");
	put("dataset_info.json", "{\"gen");
	assert_refused(&settings, DATASET_OVERWRITE, ERR_FORMAT, "dataset_info.json:1");
	assert_true(there("notes.txt") && there("dataset_info.json"));
	assert_false(there(".cadgen-lock"));
}

static void test_not_a_folder(void **state)
{
	struct dataset_settings settings = base_settings();
	char path[400];
	struct err err = {0};

	(void)state;
	assert_int_equal(fs_write(out, "x", 1, &err), 0);
	assert_refused(&settings, DATASET_NEW, ERR_IO, out);
	snprintf(path, sizeof(path), "%s/below", out);
	settings.path = path;
	assert_refused(&settings, DATASET_RESUME, ERR_IO, out);
	unlink(out);
}

static void test_bad_settings(void **state)
{
	struct dataset_settings settings = base_settings();
	char *path = malloc(5001);

	(void)state;
	settings.val_fraction = 1.5;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "fraction");
	settings.val_fraction = -0.1;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "fraction");
	settings = base_settings();
	settings.max_overlap = 2;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "overlap");
	settings = base_settings();
	settings.style = "{\"a\":}";
	assert_refused(&settings, DATASET_NEW, ERR_FORMAT, "style:1");
	settings = base_settings();
	settings.count = UINT64_MAX;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "more than");
	settings = base_settings();
	settings.path = "";
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "no name");
	memset(path, 'x', 5000);
	path[5000] = '\0';
	settings.path = path;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "folder name");
	free(path);
	assert_false(there("."));
}

static void test_resume_begins_and_goes_on(void **state)
{
	struct dataset_settings settings = base_settings();
	struct err err = {0};

	(void)state;
	for (uint64_t end = 0; end < COUNT; end += 5) {
		struct dataset *ds;
		assert_made(&settings, DATASET_RESUME, end);
		assert_false(there("dataset_info.json"));
		assert_false(there(".cadgen-lock"));
		ds = dataset_open(&settings, DATASET_RESUME, &err);
		assert_non_null(ds);
		assert_int_equal(dataset_next(ds), end);
		assert_int_equal(dataset_close(ds, &err), 0);
	}
	settings.command = "another one"; /* not compared, and not what the card says: see below */
	assert_made(&settings, DATASET_RESUME, 20);
	settings = base_settings();
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

static void test_resume_finished(void **state)
{
	struct dataset_settings settings = base_settings();
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
		struct dataset_settings before = base_settings();
		assert_made(&before, DATASET_NEW, finished ? COUNT : 7);
		assert_refused(settings, DATASET_RESUME, ERR_USAGE, message);
		assert_false(there(".cadgen-lock"));
		assert_made(&before, DATASET_RESUME, COUNT);
		assert_whole();
		clean(NULL);
	}
}

static void test_resume_with_other_settings(void **state)
{
	struct dataset_settings s;

	(void)state;
#define DIFFERENT(change, message)                                                                 \
	s = base_settings();                                                                       \
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
	struct dataset_settings settings = base_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, 7);
	settings.font = "elsewhere/Font.ttf";
	settings.style = "{\"text_mm\":[2.50,3.5],\"standard\":\"iso\"}";
	settings.command = "x";
	assert_made(&settings, DATASET_RESUME, 14);
	settings = base_settings();
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

/* Lines and pictures behind the journal are cut and drawn again. */
static void test_resume_cuts_part_files(void **state)
{
	static const char *const names[] = {"train.json.part", "val.json.part",
					    "annotations.jsonl.part", "scenes.jsonl.part"};
	struct dataset_settings settings = base_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, 9);
	for (int i = 0; i < 4; i++) {
		struct buf text = text_of(out, names[i]);
		buf_str(&text, ",\n{\"id\":\"000");
		put(names[i], text.data);
		buf_free(&text);
	}
	put("images/00/00000012.png", "half a picture");
	put("images/00/00000013.png.tmp", "half a picture");
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

static void test_resume_short_part(void **state)
{
	struct dataset_settings settings = base_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, 9);
	put("scenes.jsonl.part", "{}\n");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "scenes.jsonl.part: 3 bytes");
	unlink(in(out, "scenes.jsonl.part"));
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "scenes.jsonl.part: 0 bytes");
}

static void replace(const char *name, const char *from, const char *to)
{
	struct buf text = text_of(out, name), changed = {0};
	char *at = strstr(text.data, from);

	assert_non_null(at);
	buf_bytes(&changed, text.data, (size_t)(at - text.data));
	buf_str(&changed, to);
	buf_str(&changed, at + strlen(from));
	put(name, changed.data);
	buf_free(&text);
	buf_free(&changed);
}

static void test_resume_broken_journal(void **state)
{
	static const struct {
		const char *from, *to, *message;
	} cases[] = {
		{"cadgen-journal", "something", "not a journal"},
		{"\"layout\":1", "\"layout\":2", "journal layout 2"},
		{"growing", "finished", "unknown 'state'"},
		{"growing", "closing", "9 samples of 22"},
		{"\"next\":9", "\"next\":10", "do not add up"},
		{"\"next\":9", "\"next\":-9", "'next' must be a count"},
		{"\"next\":9", "\"next\":9.5", "'next' must be a count"},
		{"\"next\":9", "\"next\":1e300", "'next' must be a count"},
		{"\"val_count\"", "\"var_count\"", "'val_count' must be a count"},
		{"\"bytes\"", "\"lengths\"", "'train.json' must be a count"},
		{"\"settings\"", "\"sittings\"", "'settings' must be an object"},
		{"{", "", ".cadgen-journal:1"},
	};
	struct dataset_settings settings = base_settings();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_made(&settings, DATASET_NEW, 9);
		replace(".cadgen-journal", cases[i].from, cases[i].to);
		assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, cases[i].message);
		assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, ".cadgen-journal:");
		clean(NULL);
	}
}

static void test_resume_broken_info(void **state)
{
	struct dataset_settings settings = base_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	replace("dataset_info.json", "\"total\":22", "\"total\":21");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "21 samples of 22");
	replace("dataset_info.json", "\"total\"", "\"sum\"");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "'total' must be a count");
	replace("dataset_info.json", "\"counts\"", "\"count\"");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "'counts' is missing");
}

static void test_overwrite(void **state)
{
	struct dataset_settings settings = base_settings(), larger = settings;

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
	struct dataset_settings settings = base_settings();

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	assert_int_equal(mkdir(in(out, "images/x"), 0777), 0);
	for (size_t i = 0; i < sizeof(mine) / sizeof(*mine); i++)
		put(mine[i], "mine");
	settings.count = 1;
	assert_made(&settings, DATASET_OVERWRITE, 1);
	assert_false(there("images/00/00000001.png"));
	for (size_t i = 0; i < sizeof(mine) / sizeof(*mine); i++) {
		struct buf text = text_of(out, mine[i]);
		assert_string_equal(text.data, "mine");
		buf_free(&text);
		unlink(in(out, mine[i]));
	}
	rmdir(in(out, "images/x"));
	settings = base_settings();
	assert_made(&settings, DATASET_OVERWRITE, COUNT);
	assert_whole();
}

/* A link is not followed to somebody's pictures. */
static void test_overwrite_linked_images(void **state)
{
	struct dataset_settings settings = base_settings();
	char elsewhere[400];
	struct err err = {0};

	(void)state;
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", folder);
	assert_made(&settings, DATASET_NEW, 5);
	assert_int_equal(rename(in(out, "images"), elsewhere), 0);
	assert_int_equal(symlink(elsewhere, in(out, "images")), 0);
	assert_refused(&settings, DATASET_OVERWRITE, ERR_IO, "/images");
	assert_true(access(in(elsewhere, "00/00000004.png"), F_OK) == 0);
	assert_int_equal(fs_remove_tree(elsewhere, &err), 0);
}

static void test_lock(void **state)
{
	struct dataset_settings settings = base_settings();
	struct err err = {0};
	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);

	(void)state;
	assert_non_null(ds);
	for (int mode = DATASET_NEW; mode <= DATASET_RESUME; mode++)
		assert_refused(&settings, (enum dataset_mode)mode, ERR_USAGE,
			       "is being written by another cadgen");
	assert_true(there(".cadgen-lock"));
	assert_int_equal(dataset_close(ds, &err), 0);
	assert_false(there(".cadgen-lock"));
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

/* Only the journal's moves sync, not every append or picture. */
static void test_syncs_are_few(void **state)
{
	struct dataset_settings settings = base_settings();
	struct png_encoder *encoder = png_encoder_new(1);
	struct dataset_lines lines = {0};
	struct err err = {0};
	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);
	long before = syncs;

	(void)state;
	assert_non_null(ds);
	assert_int_equal(grow(ds, &settings, 6, encoder, &lines, &err), 0); /* 8 s on our clock */
	assert_int_equal(syncs, before);
	assert_int_equal(grow(ds, &settings, 9, encoder, &lines, &err), 0); /* 12 s: a commit */
	assert_int_equal(syncs, before + 6); /* four parts, journal, folder */
	assert_int_equal(dataset_close(ds, &err), 0);
	dataset_lines_free(&lines);
	png_encoder_free(encoder);
}

/* Crashes and full disks */

/* Runs make in a child with a fault after `steps`. Returns its exit status: 0 done, 1 an error
 * (checked to be an ERR_IO that names the folder), 2 ERR_USAGE, CRASHED. */
static int make_with_fault(const struct dataset_settings *settings, enum dataset_mode mode,
			   int kind, long steps)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct err err = {0};
		int rc;
		fault = kind;
		steps_left = steps;
		rc = make(settings, mode, settings->count, &err);
		if (rc == 0)
			_exit(0);
		if (err.code == ERR_USAGE)
			_exit(2);
		if (err.code != ERR_IO || !strstr(err.msg, out) ||
		    !strstr(err.msg, "No space left")) {
			fprintf(stderr, "# %s\n", err.msg);
			_exit(3);
		}
		_exit(1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A dataset that looks whole must be whole, whatever has happened. */
static void check_honest(void)
{
	if (there("dataset_info.json") && !there(".cadgen-journal"))
		assert_whole();
}

/* Goes on after a fault, disturbed once more, and then to the end. */
static void go_on(const struct dataset_settings *settings, int kind, long steps)
{
	int rc = make_with_fault(settings, DATASET_RESUME, kind, steps);

	assert_true(rc == 0 || rc == 1 || rc == CRASHED);
	check_honest();
	assert_made(settings, DATASET_RESUME, settings->count);
	assert_whole();
}

static void each_moment(int kind, int expected)
{
	struct dataset_settings settings = base_settings();
	long moments = 0;
	int rc;

	for (;; moments++) {
		rc = make_with_fault(&settings, DATASET_NEW, kind, moments);
		if (rc == 0)
			break;
		assert_int_equal(rc, expected);
		check_honest();
		go_on(&settings, kind, 3 * (moments % 50));
		clean(NULL);
	}
	assert_whole();
	printf("# %ld moments\n", moments);
	assert_true(moments > 150);
}

static void test_crash_at_each_moment(void **state)
{
	(void)state;
	each_moment(CRASH, CRASHED);
}

static void test_full_disk_at_each_moment(void **state)
{
	(void)state;
	each_moment(FAIL, 1);
}

/* A crash while an earlier dataset is overwritten leaves the old one, or the new one begun. */
static void test_crash_at_each_moment_of_overwriting(void **state)
{
	struct dataset_settings settings = base_settings(), before = settings;
	long moments = 0;
	int rc, resumed;

	(void)state;
	before.count = 30;
	before.seed = 3;
	for (;; moments++) {
		assert_made(&before, DATASET_NEW, 30);
		rc = make_with_fault(&settings, DATASET_OVERWRITE, CRASH, moments);
		if (rc == 0)
			break;
		assert_int_equal(rc, CRASHED);
		resumed = make_with_fault(&settings, DATASET_RESUME, RUN, 0);
		if (resumed == 2) /* the old one is still there, and whole */
			assert_true(there("dataset_info.json") && there("images/00/00000029.png"));
		else
			assert_int_equal(resumed, 0);
		assert_made(&settings, resumed ? DATASET_OVERWRITE : DATASET_RESUME, COUNT);
		assert_whole();
		clean(NULL);
	}
	assert_whole();
	printf("# %ld moments\n", moments);
}

/* After a failed append nothing more is taken, and what was there before is kept. */
static void test_append_after_failure(void **state)
{
	struct dataset_settings settings = base_settings();
	struct dataset_lines lines = {0};
	struct err err = {0};
	struct dataset *ds = dataset_open(&settings, DATASET_NEW, &err);

	(void)state;
	assert_non_null(ds);
	for (uint64_t i = 0; i < 5; i++)
		describe(&lines, &settings, i);
	assert_int_equal(dataset_append(ds, &lines, 5, &err), 0);
	dataset_lines_clear(&lines);
	describe(&lines, &settings, 5);
	fault = FAIL;
	steps_left = 1;
	assert_int_equal(dataset_append(ds, &lines, 6, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, ".part: No space left"));
	fault = RUN;
	assert_int_equal(dataset_append(ds, &lines, 6, &err), -1);
	assert_non_null(strstr(err.msg, "failed before"));
	assert_int_equal(dataset_close(ds, &err), 0);
	dataset_lines_free(&lines);
	ds = dataset_open(&settings, DATASET_RESUME, &err);
	assert_non_null(ds);
	assert_true(dataset_next(ds) <= 5);
	assert_int_equal(dataset_close(ds, &err), 0);
	assert_made(&settings, DATASET_RESUME, COUNT);
}

/* The kernel's own refusal: files of at most 1,500 bytes. */
static void test_file_size_limit(void **state)
{
	struct dataset_settings settings = base_settings();
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		struct rlimit limit = {1500, 1500};
		struct err err = {0};
		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
			_exit(SKIPPED);
		if (make(&settings, DATASET_NEW, COUNT, &err) == 0)
			_exit(4);
		_exit(err.code == ERR_IO && strstr(err.msg, out) &&
				      strstr(err.msg, "File too large")
			      ? 0
			      : 5);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIPPED)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_false(there("dataset_info.json"));
	assert_made(&settings, DATASET_RESUME, COUNT);
	assert_whole();
}

/* In a mount namespace of its own: fills a file system of 64 kB, then gives it room and goes on. */
static int on_tiny_disk(const struct dataset_settings *settings)
{
	struct err err = {0};

	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tiny", out, "tmpfs", 0, "size=64k") < 0)
		return SKIPPED;
	if (make(settings, DATASET_NEW, settings->count, &err) == 0)
		return 4;
	if (err.code != ERR_IO || !strstr(err.msg, out) || !strstr(err.msg, "No space left"))
		return 5;
	if (there("dataset_info.json"))
		return 6;
	if (mount("tiny", out, "tmpfs", MS_REMOUNT, "size=8m") < 0)
		return 7;
	if (make(settings, DATASET_RESUME, settings->count, &err) < 0)
		return 8;
	return same_trees(out, whole) ? 0 : 9;
}

static void test_full_tmpfs(void **state)
{
	struct dataset_settings settings = base_settings();
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(mkdir(out, 0777), 0);
	child = fork();
	if (child == 0)
		_exit(on_tiny_disk(&settings));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIPPED) {
		printf("# no tmpfs can be mounted here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Contact sheet */

/* Sample i has its pixel (0, 0) of value 10 i, as large as it is drawn: no shrinking. */
static void check_sheet(int columns, int rows, int expected_rows, const int *samples, int n)
{
	enum { STEP = SIDE_PX + 1 };
	struct image sheet;
	struct err err = {0};
	char png[400];

	snprintf(png, sizeof(png), "%s/sheet.png", folder);
	if (dataset_contact_sheet(out, png, columns, rows, SIDE_PX, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(image_read_png(&sheet, png, 1000, &err), 0);
	assert_int_equal(sheet.width, columns * STEP + 1);
	assert_int_equal(sheet.height, expected_rows * STEP + 1);
	assert_int_equal(sheet.channels, 1);
	for (int cell = 0; cell < columns * expected_rows; cell++) {
		const uint8_t *at = sheet.px + (size_t)(cell / columns * STEP) * sheet.stride +
				    cell % columns * STEP;
		assert_int_equal(at[0], 192);
		for (int k = 0; k < SIDE_PX * SIDE_PX; k++)
			assert_int_equal(at[(size_t)(1 + k / SIDE_PX) * sheet.stride +
					    (size_t)(1 + k % SIDE_PX)],
					 cell < n ? (10 * samples[cell] + k) % 256 : 255);
	}
	image_free(&sheet);
}

static void test_sheet(void **state)
{
	struct dataset_settings settings = base_settings();
	const int first_four[] = {0, 1, 2, 3}, six[] = {0, 3, 7, 11, 14, 18}, one[] = {0};

	(void)state;
	assert_made(&settings, DATASET_NEW, 4);
	check_sheet(3, 5, 2, first_four, 4); /* fewer samples than cells: two rows */
	assert_made(&settings, DATASET_RESUME, COUNT);
	check_sheet(3, 2, 2, six, 6);
	check_sheet(1, 1, 1, one, 1);
}

static void write_picture(const char *name, int width, int height, int channels, int value)
{
	struct png_encoder *encoder = png_encoder_new(1);
	struct image image = image_new(width, height, channels);
	struct err err = {0};

	memset(image.px, value, image.stride * (size_t)height);
	assert_int_equal(image_write_png(&image, in(out, name), encoder, &err), 0);
	image_free(&image);
	png_encoder_free(encoder);
}

/* Shrunk to the longer side, in the middle; RGB next to grey takes the first picture's kind. */
static void test_sheet_of_other_sizes(void **state)
{
	struct dataset_settings settings = base_settings();
	struct image sheet;
	struct err err = {0};
	char png[400];

	(void)state;
	settings.count = 2;
	assert_made(&settings, DATASET_NEW, 2);
	write_picture("images/00/00000000.png", 80, 40, 3, 40);
	write_picture("images/00/00000001.png", 1, 3, 1, 99);
	snprintf(png, sizeof(png), "%s/sheet.png", folder);
	assert_int_equal(dataset_contact_sheet(out, png, 2, 1, 10, &err), 0);
	assert_int_equal(image_read_png(&sheet, png, 1000, &err), 0);
	assert_int_equal(sheet.channels, 3);
	assert_int_equal(sheet.width, 23);
	assert_int_equal(sheet.height, 12);
#define AT(x, y) sheet.px[(size_t)(y)*sheet.stride + 3 * (x) + 1]
	assert_int_equal(AT(1, 2), 255);
	assert_int_equal(AT(1, 3), 40);
	assert_int_equal(AT(10, 7), 40);
	assert_int_equal(AT(10, 8), 255);
	assert_int_equal(AT(11, 5), 192);
	assert_int_equal(AT(16, 4), 99);
	assert_int_equal(AT(16, 6), 99);
	assert_int_equal(AT(16, 7), 255);
	assert_int_equal(AT(17, 5), 255);
#undef AT
	image_free(&sheet);
	write_picture("images/00/00000000.png", 1, 1, 1, 40);
	write_picture("images/00/00000001.png", 5000, 1, 3, 200);
	assert_int_equal(dataset_contact_sheet(out, png, 2, 1, 10, &err), 0);
	assert_int_equal(image_read_png(&sheet, png, 1000, &err), 0);
	assert_int_equal(sheet.channels, 1);
	assert_int_equal(sheet.px[5 * sheet.stride + 12], 200);
	image_free(&sheet);
}

static void assert_no_sheet(int columns, int rows, int cell_px, enum err_code code,
			    const char *part)
{
	struct err err = {0};
	char png[400];

	snprintf(png, sizeof(png), "%s/no_sheet.png", folder);
	assert_int_equal(dataset_contact_sheet(out, png, columns, rows, cell_px, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
	assert_true(access(png, F_OK) < 0);
}

static void test_sheet_errors(void **state)
{
	struct dataset_settings settings = base_settings();
	struct err err = {0};

	(void)state;
	assert_no_sheet(2, 2, 8, ERR_USAGE, "holds no dataset of cadgen");
	assert_made(&settings, DATASET_NEW, 0);
	assert_no_sheet(2, 2, 8, ERR_USAGE, "holds no pictures yet");
	assert_made(&settings, DATASET_RESUME, 9);
	assert_no_sheet(0, 2, 8, ERR_USAGE, "contact sheet");
	assert_no_sheet(2, 0, 8, ERR_USAGE, "contact sheet");
	assert_no_sheet(2, 2, 0, ERR_USAGE, "contact sheet");
	assert_no_sheet(2000000000, 2, 2, ERR_USAGE, "at most");
	assert_no_sheet(2, 200, 100, ERR_USAGE, "at most");
	assert_int_equal(dataset_contact_sheet(out, in(folder, "missing/x.png"), 2, 2, 8, &err),
			 -1);
	assert_int_equal(err.code, ERR_IO);
	unlink(in(out, "images/00/00000004.png"));
	assert_no_sheet(2, 1, 8, ERR_IO, "00000004.png");
	put("images/00/00000004.png", "x");
	assert_no_sheet(2, 1, 8, ERR_FORMAT, "00000004.png");
	put(".cadgen-journal", "{}");
	assert_no_sheet(2, 1, 8, ERR_FORMAT, "not a journal");
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct dataset_settings settings = base_settings();
	struct err err = {0};

	(void)state;
	/* Thousands of small files: fourteen times as fast in memory. */
	if (!tmp)
		tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(folder, sizeof(folder), "%s/test_dataset.XXXXXX", tmp);
	if (!mkdtemp(folder))
		return -1;
	snprintf(out, sizeof(out), "%s/out", folder);
	snprintf(whole, sizeof(whole), "%s/whole", folder);
	settings.path = whole;
	return make(&settings, DATASET_NEW, COUNT, &err);
}

static int teardown(void **state)
{
	struct err err = {0};

	(void)state;
	return fs_remove_tree(folder, &err);
}

#define TEST(name) cmocka_unit_test_teardown(name, clean)

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
		TEST(test_resume_begins_and_goes_on),
		TEST(test_resume_finished),
		TEST(test_resume_with_other_settings),
		TEST(test_resume_with_equal_settings),
		TEST(test_resume_cuts_part_files),
		TEST(test_resume_short_part),
		TEST(test_resume_broken_journal),
		TEST(test_resume_broken_info),
		TEST(test_overwrite),
		TEST(test_overwrite_leaves_other_files),
		TEST(test_overwrite_linked_images),
		TEST(test_lock),
		TEST(test_syncs_are_few),
		TEST(test_crash_at_each_moment),
		TEST(test_full_disk_at_each_moment),
		TEST(test_crash_at_each_moment_of_overwriting),
		TEST(test_append_after_failure),
		TEST(test_file_size_limit),
		TEST(test_full_tmpfs),
		TEST(test_sheet),
		TEST(test_sheet_of_other_sizes),
		TEST(test_sheet_errors),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
