/* SPDX-License-Identifier: MIT */
/* Names and contents of all files in one text make a comparison of folders one of strings. */
#include <config.h>

#include "tests/dataset_fixture.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"

enum { CHUNK = 3 }; /* samples appended at once */

char fixture_folder[256];
char fixture_out[300];
char fixture_whole[300];

#define STYLE "{\n  \"standard\": \"iso\",\n  \"text_mm\": [2.5, 3.5]\n}\n"

static const struct dataset_layout *layout_used;

struct dataset_settings fixture_settings(void)
{
	return (struct dataset_settings){
		.path = fixture_out,
		.layout = layout_used,
		.shard_size = 7,
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

/* The picture of sample i: pixels that depend on it alone. */
static void draw(uint64_t i, struct png_encoder *encoder, struct buf *png)
{
	struct image image = image_new(SIDE_PX, SIDE_PX, 1);

	for (int k = 0; k < SIDE_PX * SIDE_PX; k++)
		image.px[k] = (uint8_t)(10 * i + (uint64_t)k);
	image_encode_png(&image, encoder, png);
	image_free(&image);
}

/* Adds sample i, and where a dataset is given writes its picture. */
static int add(struct dataset_lines *lines, const struct dataset *ds,
	       const struct dataset_settings *settings, uint64_t i, struct png_encoder *encoder,
	       struct err *err)
{
	char program[64], annotations[64], scene[64];
	struct dataset_item item = {.index = i, .program_hash = i};
	const uint32_t tokens[] = {(uint32_t)i, 7, (uint32_t)i * 1000};
	uint8_t square[SIDE_PX * SIDE_PX];
	struct buf png = {0};
	int rc;

	for (int k = 0; k < SIDE_PX * SIDE_PX; k++)
		square[k] = (uint8_t)(10 * i + (uint64_t)k);
	item.square = square;
	item.side_px = SIDE_PX;
	item.tokens = tokens;
	item.token_count = 1 + i % 3;
	draw(i, encoder, &png);
	snprintf(program, sizeof(program), "circle(x=%d,y=5,r=5); \"\\%d\"", (int)i, (int)i);
	snprintf(annotations, sizeof(annotations), "{\"id\":\"%08d\",\"items\":[]}", (int)i);
	snprintf(scene, sizeof(scene), "{\"family\":\"shapes\",\"n\":%d}", (int)i);
	item.split = dataset_split_of(settings, i);
	item.prompt = i % 2 ? "What is \"this\"?" : "Und \xc3\xb6?";
	item.program = program;
	item.annotations = annotations;
	item.scene = scene;
	item.picture = png.data;
	item.picture_bytes = png.len;
	rc = ds ? dataset_put_picture(ds, &item, err) : 0;
	if (rc == 0)
		rc = dataset_add(lines, settings, &item, err);
	lines->redrawn += i % 5 == 0;
	buf_free(&png);
	return rc;
}

void fixture_describe(struct dataset_lines *lines, const struct dataset_settings *settings,
		      uint64_t i)
{
	struct png_encoder *encoder = png_encoder_new(1);
	struct err err = {0};

	if (add(lines, NULL, settings, i, encoder, &err) < 0)
		fail_msg("%s", err.msg);
	png_encoder_free(encoder);
}

int fixture_grow(struct dataset *ds, const struct dataset_settings *settings, uint64_t end,
		 struct png_encoder *encoder, struct dataset_lines *lines, struct err *err)
{
	while (dataset_next(ds) < end) {
		uint64_t first = dataset_next(ds);
		uint64_t last = first + CHUNK < end ? first + CHUNK : end;
		dataset_lines_clear(lines);
		for (uint64_t i = first; i < last; i++)
			if (add(lines, ds, settings, i, encoder, err) < 0)
				return -1;
		if (dataset_append(ds, lines, last, err) < 0)
			return -1;
	}
	return 0;
}

int fixture_make(const struct dataset_settings *settings, enum dataset_mode mode, uint64_t end,
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
	end = end < dataset_end(ds) ? end : dataset_end(ds);
	rc = fixture_grow(ds, settings, end, encoder, &lines, err);
	if (dataset_close(ds, rc < 0 ? &second : err) < 0)
		rc = -1;
	dataset_lines_free(&lines);
	png_encoder_free(encoder);
	return rc;
}

void assert_made(const struct dataset_settings *settings, enum dataset_mode mode, uint64_t end)
{
	struct err err = {0};

	if (fixture_make(settings, mode, end, &err) < 0)
		fail_msg("%s", err.msg);
}

void assert_refused(const struct dataset_settings *settings, enum dataset_mode mode,
		    enum err_code code, const char *part)
{
	struct err err = {0};
	struct dataset *ds = dataset_open(settings, mode, &err);

	assert_null(ds);
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
}

const char *fixture_path(const char *dataset, const char *name)
{
	static char path[600];

	snprintf(path, sizeof(path), "%s/%s", dataset, name);
	return path;
}

bool fixture_has(const char *name)
{
	return access(fixture_path(fixture_out, name), F_OK) == 0;
}

void fixture_put(const char *name, const char *text)
{
	struct err err = {0};

	assert_int_equal(fs_write(fixture_path(fixture_out, name), text, strlen(text), &err), 0);
}

struct buf fixture_text(const char *dataset, const char *name)
{
	struct buf text = {0};
	struct err err = {0};

	if (fs_read(fixture_path(dataset, name), 1 << 20, &text, &err) < 0)
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

struct buf fixture_tree(const char *dataset)
{
	struct buf tree = {0};

	add_tree(dataset, strlen(dataset), &tree);
	return tree;
}

bool fixture_same_trees(const char *a, const char *b)
{
	struct buf ta = fixture_tree(a), tb = fixture_tree(b);
	bool same = ta.len == tb.len && memcmp(ta.data, tb.data, ta.len) == 0;

	buf_free(&ta);
	buf_free(&tb);
	return same;
}

void assert_whole(void)
{
	struct buf a, b;

	if (fixture_same_trees(fixture_out, fixture_whole))
		return;
	a = fixture_tree(fixture_out);
	b = fixture_tree(fixture_whole);
	fail_msg("differs from an undisturbed run:\n%.*s\n-- instead of --\n%.*s", (int)a.len,
		 a.data, (int)b.len, b.data);
}

void fixture_use(const struct dataset_layout *layout)
{
	struct dataset_settings settings;
	struct err err = {0};

	layout_used = layout;
	settings = fixture_settings();
	settings.path = fixture_whole;
	assert_int_equal(fs_remove_tree(fixture_whole, &err), 0);
	assert_made(&settings, DATASET_NEW, COUNT);
}

int fixture_clean(void **state)
{
	struct err err = {0};

	(void)state;
	disk_fault = DISK_GOOD;
	return fs_remove_tree(fixture_out, &err);
}

int fixture_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};

	(void)state;
	/* Thousands of small files: fourteen times as fast in memory. */
	if (!tmp)
		tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(fixture_folder, sizeof(fixture_folder), "%s/test_dataset.XXXXXX", tmp);
	if (!mkdtemp(fixture_folder))
		return -1;
	snprintf(fixture_out, sizeof(fixture_out), "%s/out", fixture_folder);
	snprintf(fixture_whole, sizeof(fixture_whole), "%s/whole", fixture_folder);
	settings.path = fixture_whole;
	return fixture_make(&settings, DATASET_NEW, COUNT, &err);
}

int fixture_teardown(void **state)
{
	struct err err = {0};

	(void)state;
	return fs_remove_tree(fixture_folder, &err);
}
