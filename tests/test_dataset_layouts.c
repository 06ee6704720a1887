/* SPDX-License-Identifier: MIT */
/*
 * dataset: every layout is written, read back, overwritten and resumed; and several processes make what one
 * makes. Faults are those of tests/disk_faults.h.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/dataset_read.h"
#include "formats/encoding/npy.h"
#include "formats/encoding/tar.h"
#include "tests/dataset_fixture.h"
#include "tests/extent.h"

enum { RANKS = 3 };

/* The layouts of this build, one after the other; NULL behind the last. */
static const struct dataset_layout *next_layout(int *i)
{
	const struct dataset_layout *layout;

	while ((layout = dataset_layouts[(*i)++]))
		if (strcmp(layout->name, "webdataset") != 0 || tar_available())
			break;
	if (layout)
		fixture_use(layout);
	return layout;
}

static void check_sample(const struct dataset_sample *sample, int i)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};
	struct image image;
	char text[64];

	snprintf(text, sizeof(text), "%08d", i);
	assert_string_equal(sample->id, text);
	assert_int_equal(sample->split, dataset_split_of(&settings, (uint64_t)i));
	assert_string_equal(sample->prompt, i % 2 ? "What is \"this\"?" : "Und \xc3\xb6?");
	snprintf(text, sizeof(text), "circle(x=%d,y=5,r=5); \"\\%d\"", i, i);
	assert_string_equal(sample->program, text);
	snprintf(text, sizeof(text), "{\"family\":\"shapes\",\"n\":%d}", i);
	assert_string_equal(sample->scene, text);
	if (dataset_sample_image(sample, 100, &image, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(image.width, SIDE_PX);
	for (int k = 0; k < SIDE_PX * SIDE_PX; k++)
		assert_int_equal(image.px[k], (uint8_t)(10 * i + k));
	image_free(&image);
}

static void read_back(const char *folder)
{
	struct err err = {0};
	struct dataset_reader *reader = dataset_reader_open(folder, &err);
	struct arena arena = {0};
	struct dataset_sample sample;
	int rc;

	if (!reader)
		fail_msg("%s", err.msg);
	for (int i = 0; i < COUNT; i++) {
		rc = dataset_read(reader, &sample, &arena, &err);
		if (rc != 1)
			fail_msg("%d: %s", i, err.msg);
		check_sample(&sample, i);
	}
	rc = dataset_read(reader, &sample, &arena, &err);
	if (rc != 0)
		fail_msg("%s", err.msg);
	dataset_reader_free(reader);
	arena_free(&arena);
}

static void refuse_to_read(const char *folder)
{
	struct err err = {0};

	assert_null(dataset_reader_open(folder, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "cannot be read back"));
}

/* The array of a shard, whose shape is that. */
static struct npy read_array(const char *name, const char *shape, struct buf *text)
{
	struct err err = {0};
	struct npy npy;

	*text = fixture_text(fixture_whole, name);
	if (npy_parse(&npy, name, text->data, text->len, &err) < 0)
		fail_msg("%s", err.msg);
	if (!npy_has_shape(&npy, shape))
		fail_msg("%s: %s", name, npy.header);
	return npy;
}

/* Samples 7 to 13 stand in block 1; those of the training part follow each other in its arrays. */
static void test_numbers(void **state)
{
	struct dataset_settings settings;
	struct buf texts[3];
	struct npy images, tokens, lengths;
	char shape[64];
	size_t samples = 0, count = 0, at = 0;

	(void)state;
	fixture_use(&dataset_npy);
	settings = fixture_settings();
	for (uint64_t i = 7; i < 14; i++)
		if (dataset_split_of(&settings, i) == SPLIT_TRAIN) {
			samples++;
			count += 1 + i % 3;
		}
	snprintf(shape, sizeof(shape), "(%zu, %d, %d)", samples, SIDE_PX, SIDE_PX);
	images = read_array("shards/train-000001.images.npy", shape, &texts[0]);
	snprintf(shape, sizeof(shape), "(%zu,)", count);
	tokens = read_array("shards/train-000001.tokens.npy", shape, &texts[1]);
	snprintf(shape, sizeof(shape), "(%zu,)", samples);
	lengths = read_array("shards/train-000001.lengths.npy", shape, &texts[2]);
	samples = 0;
	for (uint64_t i = 7; i < 14; i++) {
		const uint8_t *pixels =
			(const uint8_t *)images.numbers + samples * SIDE_PX * SIDE_PX;

		if (dataset_split_of(&settings, i) != SPLIT_TRAIN)
			continue;
		for (int k = 0; k < SIDE_PX * SIDE_PX; k++)
			assert_int_equal(pixels[k], (uint8_t)(10 * i + (uint64_t)k));
		assert_int_equal(npy_number(&lengths, samples++), 1 + i % 3);
		assert_int_equal(npy_number(&tokens, at), i);
		at += 1 + i % 3;
	}
	for (int i = 0; i < 3; i++)
		buf_free(&texts[i]);
}

static void test_read_back(void **state)
{
	const struct dataset_layout *layout;

	(void)state;
	for (int i = 0; (layout = next_layout(&i));) {
		printf("# %s\n", layout->name);
		if (dataset_layout_reads(layout))
			read_back(fixture_whole);
		else
			refuse_to_read(fixture_whole);
	}
}

static struct dataset_settings settings_with_test(void)
{
	struct dataset_settings settings = fixture_settings();

	settings.test_fraction = 0.3;
	return settings;
}

/* With a third split, and shards of some bytes alone. */
static void test_more_settings(void **state)
{
	const struct dataset_layout *layout;

	(void)state;
	for (int i = 0; (layout = next_layout(&i));) {
		struct dataset_settings settings = settings_with_test();
		struct err err = {0};
		struct dataset_reader *reader;
		struct dataset_sample sample;
		struct arena arena = {0};
		int tests = 0;

		settings.shard_bytes = 4000;
		assert_made(&settings, DATASET_NEW, COUNT);
		if (strcmp(layout->name, "webdataset") == 0)
			assert_true(fixture_has("shards/train-000000-1.tar"));
		if (!dataset_layout_reads(layout)) {
			fixture_clean(NULL);
			continue;
		}
		reader = dataset_reader_open(fixture_out, &err);
		assert_non_null(reader);
		while (dataset_read(reader, &sample, &arena, &err) > 0)
			tests += sample.split == SPLIT_TEST;
		if (err.code != ERR_NONE)
			fail_msg("%s: %s", layout->name, err.msg);
		assert_int_equal(tests, dataset_reader_facts(reader)->counts[SPLIT_TEST]);
		assert_in_range(tests, 1, COUNT / 2);
		dataset_reader_free(reader);
		arena_free(&arena);
		fixture_clean(NULL);
	}
}

/* Nothing of another layout stays. */
static void test_overwrite(void **state)
{
	const struct dataset_layout *layout, *before;

	(void)state;
	for (int i = 0; (layout = next_layout(&i));)
		for (int k = 0; (before = dataset_layouts[k]); k++) {
			struct dataset_settings settings = settings_with_test(),
						usual = fixture_settings();

			if (before->encoder_new && !tar_available())
				continue;
			settings.layout = before;
			settings.shard_size = 4;
			assert_made(&settings, DATASET_NEW, k % 2 ? 9 : COUNT);
			usual.layout = layout;
			assert_made(&usual, DATASET_OVERWRITE, COUNT);
			assert_whole();
			fixture_clean(NULL);
		}
}

static void test_resume(void **state)
{
	const struct dataset_layout *layout;

	(void)state;
	for (int i = 0; (layout = next_layout(&i));)
		for (uint64_t n = 0; n <= COUNT; n += (uint64_t)extent(1, 2)) {
			struct dataset_settings settings = fixture_settings();

			assert_made(&settings, DATASET_NEW, n);
			if (n < COUNT)
				assert_false(fixture_has("dataset_info.json"));
			assert_made(&settings, DATASET_RESUME, COUNT);
			assert_whole();
			fixture_clean(NULL);
		}
}

static void test_short_shard(void **state)
{
	struct dataset_settings settings;

	(void)state;
	fixture_use(&dataset_tfrecord);
	settings = fixture_settings();
	assert_made(&settings, DATASET_NEW, 10);
	fixture_put("shards/train-000001.tfrecord.part", "x");
	assert_refused(&settings, DATASET_RESUME, ERR_FORMAT, "000001.tfrecord.part: 1 bytes");
}

/* A shard that is cut, changed or missing is named. */
static void test_broken_shard(void **state)
{
	static const char name[] = "shards/train-000001.tfrecord";
	struct dataset_settings settings;
	struct arena arena = {0};

	(void)state;
	fixture_use(&dataset_tfrecord);
	settings = fixture_settings();
	for (int way = 0; way < 3; way++) {
		struct err err = {0};
		struct dataset_reader *reader;
		struct dataset_sample sample;
		struct buf text;
		int rc;

		assert_made(&settings, DATASET_NEW, COUNT);
		text = fixture_text(fixture_out, name);
		if (way == 0)
			text.len -= 3;
		if (way == 1)
			text.data[text.len / 2] ^= 1;
		unlink(fixture_path(fixture_out, name));
		if (way < 2)
			assert_int_equal(fs_write(fixture_path(fixture_out, name), text.data,
						  text.len, &err),
					 0);
		reader = dataset_reader_open(fixture_out, &err);
		assert_non_null(reader);
		while ((rc = dataset_read(reader, &sample, &arena, &err)) > 0)
			;
		assert_int_equal(rc, -1);
		assert_non_null(strstr(err.msg, name));
		dataset_reader_free(reader);
		buf_free(&text);
		fixture_clean(NULL);
	}
	arena_free(&arena);
}

/* --- several processes -------------------------------------------------------------------------- */

static struct dataset_settings settings_of_rank(int rank)
{
	struct dataset_settings settings = fixture_settings();

	settings.rank = rank;
	settings.ranks = RANKS;
	return settings;
}

/* Ranks in some order, each stopped once on its way and by the way refused to begin anew. */
static void test_ranks(void **state)
{
	static const int orders[][RANKS] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
	const struct dataset_layout *layout;

	(void)state;
	for (int i = 0; (layout = next_layout(&i));)
		for (int k = 0; k < 3; k++) {
			for (int n = 0; n < RANKS; n++) {
				struct dataset_settings settings = settings_of_rank(orders[k][n]);

				assert_made(&settings, DATASET_NEW,
					    (uint64_t)(7 * orders[k][n] + 3));
				assert_false(fixture_has("dataset_info.json"));
				assert_refused(&settings, DATASET_NEW, ERR_USAGE, "resume");
			}
			for (int n = 0; n < RANKS; n++) {
				struct dataset_settings settings = settings_of_rank(orders[k][n]);

				assert_made(&settings, DATASET_RESUME, COUNT);
			}
			assert_whole();
			fixture_clean(NULL);
		}
}

static void test_ranks_refused(void **state)
{
	struct dataset_settings settings, alone;
	struct dataset *ds;
	struct err err = {0};

	(void)state;
	fixture_use(NULL);
	settings = settings_of_rank(1);
	alone = fixture_settings();
	assert_refused(&settings, DATASET_OVERWRITE, ERR_USAGE, "overwrite");
	settings.rank = 3;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "no rank 3 of 3");
	settings.rank = 1;
	assert_made(&settings, DATASET_NEW, 9);
	assert_refused(&alone, DATASET_RESUME, ERR_USAGE, "begun by several processes");
	settings.ranks = 4;
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "begun by ranks 0001-of-0003, not by 4");
	settings.ranks = RANKS;
	settings.seed = 5;
	assert_refused(&settings, DATASET_RESUME, ERR_USAGE, "begun with seed");
	settings = settings_of_rank(1);
	ds = dataset_open(&settings, DATASET_RESUME, &err);
	assert_non_null(ds);
	assert_refused(&settings, DATASET_RESUME, ERR_USAGE, "being written by another");
	dataset_close(ds, &err);
	fixture_clean(NULL);
	assert_made(&alone, DATASET_NEW, 9);
	assert_refused(&settings, DATASET_RESUME, ERR_USAGE, "by one process alone");
	assert_refused(&settings, DATASET_NEW, ERR_USAGE, "is not empty");
	assert_made(&alone, DATASET_RESUME, COUNT);
	assert_made(&settings, DATASET_RESUME, COUNT); /* it is all there */
	assert_whole();
}

/* Two ranks that go on and end at the same time. */
static void test_ranks_at_once(void **state)
{
	(void)state;
	fixture_use(NULL);
	for (int round = 0; round < 8; round++) {
		pid_t children[RANKS];

		for (int i = 0; i < RANKS; i++) {
			children[i] = fork();
			if (children[i] == 0) {
				struct dataset_settings settings = settings_of_rank(i);
				struct err err = {0};

				_exit(fixture_make(&settings, DATASET_NEW, COUNT, &err) < 0);
			}
		}
		for (int i = 0; i < RANKS; i++) {
			int status;

			assert_int_equal(waitpid(children[i], &status, 0), children[i]);
			assert_int_equal(status, 0);
		}
		assert_whole();
		fixture_clean(NULL);
	}
}

/* --- faults -------------------------------------------------------------------------------------- */

/* Returns the exit status of a child in which a fault comes after `steps`: 0 done, 1 an error of the disk,
 * DISK_CRASHED. */
static int make_with_fault(const struct dataset_settings *settings, enum dataset_mode mode,
			   enum disk_fault kind, long steps)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct err err = {0};

		disk_fault = kind;
		disk_steps_left = steps;
		if (fixture_make(settings, mode, settings->count, &err) == 0)
			_exit(0);
		if (err.code != ERR_IO || !strstr(err.msg, "No space left")) {
			fprintf(stderr, "# %s\n", err.msg);
			_exit(3);
		}
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void each_moment(enum disk_fault kind, int expected)
{
	struct dataset_settings settings = fixture_settings();
	struct err err = {0};
	long moments = 0;
	int rc;

	settings.shard_bytes = 700;
	assert_made(&settings, DATASET_NEW, COUNT);
	assert_int_equal(fs_remove_tree(fixture_whole, &err), 0);
	assert_int_equal(rename(fixture_out, fixture_whole), 0);
	for (;; moments++) {
		rc = make_with_fault(&settings, DATASET_NEW, kind, moments);
		if (rc == 0)
			break;
		assert_int_equal(rc, expected);
		rc = make_with_fault(&settings, DATASET_RESUME, kind, 3 * (moments % 50));
		assert_true(rc == 0 || rc == expected);
		assert_made(&settings, DATASET_RESUME, COUNT);
		assert_whole();
		fixture_clean(NULL);
	}
	printf("# %ld moments\n", moments);
	assert_true(moments > 150);
}

static void test_shards_crash_at_each_moment(void **state)
{
	(void)state;
	fixture_use(&dataset_tfrecord);
	each_moment(DISK_CRASH, DISK_CRASHED);
}

static void test_shards_full_disk_at_each_moment(void **state)
{
	(void)state;
	fixture_use(&dataset_tfrecord);
	each_moment(DISK_FULL, 1);
}

/* The last rank dies while it joins, and once more; any of them goes on. */
static void test_joining_at_each_moment(void **state)
{
	struct dataset_settings settings[RANKS];
	struct err err = {0};
	long moments = 0;
	int rc;

	(void)state;
	fixture_use(NULL);
	for (int i = 0; i < RANKS; i++)
		settings[i] = settings_of_rank(i);
	for (;; moments++) {
		assert_int_equal(fs_remove_tree(fixture_out, &err), 0);
		assert_made(&settings[0], DATASET_NEW, COUNT);
		assert_made(&settings[1], DATASET_NEW, COUNT);
		rc = make_with_fault(&settings[2], DATASET_NEW, DISK_CRASH, moments);
		if (rc == 0)
			break;
		assert_int_equal(rc, DISK_CRASHED);
		rc = make_with_fault(&settings[2], DATASET_RESUME, DISK_CRASH, 2 * (moments % 30));
		assert_true(rc == 0 || rc == DISK_CRASHED);
		assert_made(&settings[2], DATASET_RESUME, COUNT);
		assert_made(&settings[moments % 2], DATASET_RESUME, COUNT);
		assert_whole();
	}
	assert_whole();
	printf("# %ld moments\n", moments);
	assert_true(moments > 100);
}

#define TEST(name) cmocka_unit_test_teardown(name, fixture_clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read_back),
		TEST(test_numbers),
		TEST(test_more_settings),
		TEST(test_overwrite),
		TEST(test_resume),
		TEST(test_short_shard),
		TEST(test_broken_shard),
		TEST(test_ranks),
		TEST(test_ranks_refused),
		TEST(test_ranks_at_once),
		TEST(test_shards_crash_at_each_moment),
		TEST(test_shards_full_disk_at_each_moment),
		TEST(test_joining_at_each_moment),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
