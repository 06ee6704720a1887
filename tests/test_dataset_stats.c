/* SPDX-License-Identifier: MIT */
/*
 * sample_stats, dataset_stats: a dataset of seven samples whose figures are known, the same in every layout, with
 * and without pictures; what leaks; the card.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/dataset/dataset_stats.h"
#include "formats/encoding/tar.h"
#include "tests/dataset_fixture.h"

#define HEAD "\"unit\":\"mm\",\"sheet\":190,\"scale\":\"1:1\",\"arrangement\":"
#define SHAPES(arrangement, shape)                                                                 \
	"{\"family\":\"shapes\"," HEAD "\"" arrangement "\",\"shapes\":[" shape                    \
	"],\"dimensions\":[]}"
#define CIRCLE SHAPES("parallel", "{\"type\":\"circle\",\"x\":100,\"y\":50,\"r\":20}")
#define LINE SHAPES("chain", "{\"type\":\"line\",\"x\":1,\"y\":2,\"length\":30}")
#define PLATE                                                                                      \
	"{\"family\":\"plate\"," HEAD "\"running\",\"shapes\":[{\"type\":\"disc\",\"x\":0,"        \
	"\"y\":0,\"d\":80,\"thickness\":5}],\"dimensions\":[]}"
#define DISC "disc(x=0,y=0,d=80,thickness=5)"

#define DIMENSION(kind, value, number, more)                                                       \
	"{\"class\":\"dimension\",\"value\":\"" value "\",\"kind\":\"" kind                        \
	"\",\"number\":" number more ",\"polygon\":[]}"

enum { SAMPLES = 7, WIDE = 20, HIGH = 10 };

/* 1 has 0's picture; 4 has 0's program; 5 nearly 0's; 6 nearly 5's. */
static const struct {
	enum dataset_split split;
	const char *program, *scene, *items;
	int dark; /* of WIDE * HIGH pixels */
} samples[SAMPLES] = {
	{SPLIT_TRAIN, "circle(x=100,y=50,r=20)", CIRCLE,
	 DIMENSION("diameter", "40", "40", "") "," DIMENSION("position_x", "100,00", "100", ""),
	 20},
	{SPLIT_TRAIN, "circle(x=1,y=2,r=3); line(x=1,y=2,length=30)", LINE,
	 DIMENSION("radius", "R3", "3", ",\"status\":\"basic\""), 20},
	{SPLIT_TRAIN, DISC, PLATE,
	 DIMENSION("diameter", "80 H7", "80", ",\"tolerance\":{\"kind\":\"fit\",\"fit\":\"H7\"}"),
	 200},
	{SPLIT_TRAIN, DISC, PLATE, "{\"class\":\"text\",\"value\":\"80\"}", 0},
	{SPLIT_VAL, "circle(x=100,y=50,r=20)", CIRCLE, "", 5},
	{SPLIT_VAL, "circle(x=100.1,y=50,r=20)", CIRCLE, "", 6},
	{SPLIT_TEST, "circle(x=100.2,y=50,r=20)", CIRCLE, "", 7},
};

static void draw(int i, struct png_encoder *encoder, struct buf *png)
{
	struct image image = image_new(WIDE, HIGH, 1);

	memset(image.px, 128, WIDE * HIGH); /* just not dark */
	memset(image.px, 127, (size_t)samples[i].dark);
	image_encode_png(&image, encoder, png);
	image_free(&image);
}

static struct dataset_settings settings_of(const struct dataset_layout *layout)
{
	struct dataset_settings settings = fixture_settings();

	settings.layout = layout;
	settings.count = SAMPLES;
	settings.shard_size = 4;
	settings.test_fraction = 0.25;
	return settings;
}

/* The samples, in fixture_out; the last `less` are left out. */
static void make(const struct dataset_layout *layout)
{
	struct dataset_settings settings = settings_of(layout);
	struct png_encoder *encoder = png_encoder_new(1);
	struct dataset_lines lines = {0};
	struct err err = {0};
	struct dataset *ds;

	assert_int_equal(fs_remove_tree(fixture_out, &err), 0);
	ds = dataset_open(&settings, DATASET_NEW, &err);
	if (!ds)
		fail_msg("%s", err.msg);
	for (int i = 0; i < SAMPLES; i++) {
		struct buf png = {0}, line = {0};
		struct dataset_item item = {.index = (uint64_t)i,
					    .split = samples[i].split,
					    .prompt = "?",
					    .program = samples[i].program,
					    .scene = samples[i].scene,
					    .program_hash = 1};
		char id[32];

		snprintf(id, sizeof(id), "{\"id\":\"%08d\",\"items\":[", i);
		buf_str(&line, id);
		buf_str(&line, samples[i].items);
		buf_str(&line, "]}");
		draw(i, encoder, &png);
		item.annotations = line.data;
		item.picture = png.data;
		item.picture_bytes = png.len;
		if (dataset_put_picture(ds, &item, &err) < 0 ||
		    dataset_add(&lines, &settings, &item, &err) < 0)
			fail_msg("%s", err.msg);
		buf_free(&png);
		buf_free(&line);
	}
	if (dataset_append(ds, &lines, SAMPLES, &err) < 0 || dataset_close(ds, &err) < 0)
		fail_msg("%s", err.msg);
	dataset_lines_free(&lines);
	png_encoder_free(encoder);
}

/* As many tokens as semicolons. */
static uint32_t count_semicolons(void *ctx, const char *text, size_t len)
{
	uint32_t count = 0;

	(void)ctx;
	for (size_t i = 0; i < len; i++)
		count += text[i] == ';';
	return count;
}

/* Of fixture_out. */
static struct dataset_stats *count(const struct stats_wants *wants)
{
	struct err err = {0};
	struct dataset_reader *reader = dataset_reader_open(fixture_out, &err);
	struct dataset_stats *stats = dataset_stats_new();
	struct arena arena = {0};
	struct dataset_sample sample;
	struct sample_stats one;
	int rc;

	if (!reader)
		fail_msg("%s", err.msg);
	while ((rc = dataset_read(reader, &sample, &arena, &err)) > 0) {
		if (sample_stats_read(&one, &sample, LANGUAGE_CALLS, wants, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		dataset_stats_add(stats, &one);
	}
	if (rc < 0)
		fail_msg("%s", err.msg);
	dataset_stats_finish(stats);
	dataset_reader_free(reader);
	arena_free(&arena);
	return stats;
}

static void assert_counts(const struct dataset_stats *stats, enum stats_group group, int member,
			  int train, int val, int test)
{
	const int wanted[] = {train, val, test};

	for (int split = 0; split < SPLIT_COUNT_; split++)
		if (stats->counts[split][group][member] != (uint64_t)wanted[split])
			fail_msg("%s of %s: %d", stats_member_name(group, member),
				 dataset_split_names[split],
				 (int)stats->counts[split][group][member]);
	assert_int_equal(dataset_stats_count(stats, group, member), train + val + test);
}

static void check_groups(const struct dataset_stats *stats)
{
	assert_int_equal(stats->samples[SPLIT_TRAIN], 4);
	assert_int_equal(stats->samples[SPLIT_VAL], 2);
	assert_int_equal(stats->samples[SPLIT_TEST], 1);
	assert_counts(stats, STATS_FAMILY, FAMILY_SHAPES, 2, 2, 1);
	assert_counts(stats, STATS_FAMILY, FAMILY_PLATE, 2, 0, 0);
	assert_counts(stats, STATS_FAMILY, FAMILY_TURNED, 0, 0, 0);
	assert_counts(stats, STATS_UNIT, UNIT_MM, 4, 2, 1);
	assert_counts(stats, STATS_ARRANGEMENT, ARRANGE_PARALLEL, 1, 2, 1);
	assert_counts(stats, STATS_ARRANGEMENT, ARRANGE_CHAIN, 1, 0, 0);
	assert_counts(stats, STATS_ARRANGEMENT, ARRANGE_RUNNING, 2, 0, 0);
	assert_counts(stats, STATS_SHAPE, SHAPE_CIRCLE, 2, 2, 1);
	assert_counts(stats, STATS_SHAPE, SHAPE_LINE, 1, 0, 0);
	assert_counts(stats, STATS_SHAPE, SHAPE_DISC, 2, 0, 0);
	assert_counts(stats, STATS_DIMENSION, DIM_DIAMETER, 2, 0, 0);
	assert_counts(stats, STATS_DIMENSION, DIM_POSITION_X, 1, 0, 0);
	assert_counts(stats, STATS_DIMENSION, DIM_RADIUS, 1, 0, 0);
	assert_counts(stats, STATS_STATUS, CALLOUT_BASIC, 1, 0, 0);
	assert_counts(stats, STATS_STATUS, CALLOUT_PLAIN, 3, 0, 0);
	assert_counts(stats, STATS_TOLERANCE, TOLERANCE_FIT, 1, 0, 0);
	assert_counts(stats, STATS_TOLERANCE, TOLERANCE_NONE, 3, 0, 0);
}

static void assert_spread(const struct dataset_stats *stats, int spread, uint64_t n, uint64_t sum,
			  uint32_t least, uint32_t half, uint32_t most)
{
	struct spread s = dataset_stats_spread(stats, spread);

	if (s.count != n || s.sum != sum || s.least != least || spread_at(&s, 50) != half ||
	    s.most != most)
		fail_msg("spread %d: %d of %d, %u to %u, half %u", spread, (int)s.count, (int)s.sum,
			 s.least, s.most, spread_at(&s, 50));
	spread_free(&s);
}

static void check_spreads(const struct dataset_stats *stats)
{
	uint64_t characters = 0;

	for (int i = 0; i < SAMPLES; i++)
		characters += strlen(samples[i].program);
	assert_spread(stats, SPREAD_SHAPES, 7, 8, 1, 1, 2);
	assert_spread(stats, SPREAD_DIMENSIONS, 7, 4, 0, 0, 2);
	assert_spread(stats, SPREAD_DIGITS, 4, 2 + 5 + 1 + 2, 1, 2, 5);
	assert_spread(stats, SPREAD_CHARACTERS + LANGUAGE_CALLS, 7, characters,
		      (uint32_t)strlen("circle(x=100,y=50,r=20)"),
		      (uint32_t)strlen("circle(x=100.1,y=50,r=20)"),
		      (uint32_t)strlen(samples[1].program));
	assert_spread(stats, SPREAD_TOKENS + LANGUAGE_CALLS, 7, 1, 0, 0, 1);
	/* {"primitives":[{"type":"circle","x":100,"y":50,"r":20}]} */
	assert_int_equal(stats->spreads[SPLIT_VAL][SPREAD_CHARACTERS + LANGUAGE_JSON].least, 56);
}

static void check_ink(const struct dataset_stats *stats)
{
	assert_spread(stats, SPREAD_INK, 7, 1000 + 1000 + 10000 + 0 + 250 + 300 + 350, 0, 350,
		      10000);
	assert_spread(stats, SPREAD_WIDTH, 7, 7 * WIDE, WIDE, WIDE, WIDE);
	assert_spread(stats, SPREAD_HEIGHT, 7, 7 * HIGH, HIGH, HIGH, HIGH);
	assert_counts(stats, STATS_COLOUR, 0, 4, 2, 1);
}

static void check_twins(const struct dataset_stats *stats)
{
	const struct twins_found *found = stats->found;

	assert_int_equal(found[TWINS_PROGRAM].distinct, 5);
	assert_int_equal(found[TWINS_PROGRAM].within, 1);
	assert_int_equal(found[TWINS_PROGRAM].across, 1);
	assert_int_equal(found[TWINS_PROGRAM].pair[0].index, 0);
	assert_int_equal(found[TWINS_PROGRAM].pair[1].index, 4);
	assert_int_equal(found[TWINS_NEAR].distinct, 3);
	assert_int_equal(found[TWINS_NEAR].across, 3);
	assert_int_equal(stats->near_train.across, 3);
	assert_int_equal(found[TWINS_PICTURE].distinct, 6);
	assert_int_equal(found[TWINS_PICTURE].within, 1);
	assert_int_equal(found[TWINS_PICTURE].across, 0);
}

static const struct dataset_layout *next_layout(int *i)
{
	const struct dataset_layout *layout;

	while ((layout = dataset_layouts[(*i)++]))
		if (dataset_layout_reads(layout) &&
		    (strcmp(layout->name, "webdataset") != 0 || tar_available()))
			break;
	return layout;
}

static void test_every_layout(void **state)
{
	const struct stats_wants wants = {.pictures = true, .count_tokens = count_semicolons};
	struct buf first = {0};
	const struct dataset_layout *layout;
	int layouts = 0;

	(void)state;
	for (int i = 0; (layout = next_layout(&i)); layouts++) {
		struct dataset_stats *stats;
		struct buf text = {0};

		make(layout);
		stats = count(&wants);
		check_groups(stats);
		check_spreads(stats);
		check_ink(stats);
		check_twins(stats);
		dataset_stats_write_json(stats, &text);
		dataset_stats_write_table(stats, &text);
		if (layouts == 0)
			buf_str(&first, text.data);
		assert_string_equal(text.data, first.data);
		buf_free(&text);
		dataset_stats_free(stats);
	}
	assert_true(layouts >= 4);
	buf_free(&first);
}

/* Equal pictures are found by checksums.jsonl, the rest needs none. */
static void test_without_pictures(void **state)
{
	const struct stats_wants wants = {.count_tokens = count_semicolons};
	struct dataset_stats *stats;
	struct buf table = {0};
	struct err err = {0};

	(void)state;
	make(&dataset_tinyllava);
	assert_int_equal(fs_remove_tree(fixture_path(fixture_out, "images"), &err), 0);
	stats = count(&wants);
	check_groups(stats);
	check_spreads(stats);
	check_twins(stats);
	assert_spread(stats, SPREAD_INK, 0, 0, 0, 0, 0);
	dataset_stats_write_table(stats, &table);
	assert_null(strstr(table.data, "dark"));
	assert_null(strstr(table.data, "grey"));
	buf_free(&table);
	dataset_stats_free(stats);
}

static struct sample_stats sample_of(uint64_t index, enum dataset_split split, uint64_t program,
				     uint64_t near, uint64_t picture)
{
	struct sample_stats s = {.index = index,
				 .split = split,
				 .program_key = program,
				 .near_key = near,
				 .picture_key = picture};

	for (int i = 0; i < SPREAD_COUNT_; i++)
		s.values[i] = STATS_NO_VALUE;
	return s;
}

/* The message for two samples; "" where nothing leaks. */
static void assert_leak(struct sample_stats a, struct sample_stats b, const char *part)
{
	struct dataset_stats *stats = dataset_stats_new();
	struct err err = {0};
	int rc;

	dataset_stats_add(stats, &a);
	dataset_stats_add(stats, &b);
	dataset_stats_finish(stats);
	rc = dataset_stats_leak(stats, "drawings", &err);
	assert_int_equal(rc, *part ? -1 : 0);
	if (*part && (strncmp(err.msg, "drawings: ", 10) != 0 || !strstr(err.msg, part)))
		fail_msg("'%s' lacks '%s'", err.msg, part);
	dataset_stats_free(stats);
}

static void test_leaks(void **state)
{
	struct sample_stats train = sample_of(3, SPLIT_TRAIN, 1, 10, 100);
	struct sample_stats val = sample_of(4, SPLIT_VAL, 2, 20, 200);

	(void)state;
	assert_leak(train, val, "");
	assert_leak(train, sample_of(5, SPLIT_TRAIN, 1, 10, 100), "");
	assert_leak(train, sample_of(5, SPLIT_VAL, 1, 10, 200),
		    "1 programs and 0 pictures stand in an earlier part as well, and 1 programs in "
		    "train or nearly so, such as 00000003 (train) and 00000005 (val)");
	assert_leak(train, sample_of(5, SPLIT_TEST, 2, 20, 100), "0 programs and 1 pictures");
	assert_leak(train, sample_of(1, SPLIT_TEST, 2, 10, 200),
		    "00000003 (train) and 00000001 (test)");
	assert_leak(val, sample_of(5, SPLIT_TEST, 2, 20, 201),
		    "00000004 (val) and 00000005 (test)");
	/* Near each other in val and test: counted, not refused. */
	assert_leak(val, sample_of(5, SPLIT_TEST, 3, 20, 201), "");
}

static void assert_text(const char *name, const char *wanted)
{
	struct buf text = fixture_text(fixture_out, name);

	assert_string_equal(text.data, wanted);
	buf_free(&text);
}

static void test_card(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(fs_mkdirs(fixture_out, &err), 0);
	fixture_put("README.md", "# A\n\n## Samples\n\n## Files are\n\n## Files\n\nfiles\n");
	assert_int_equal(dataset_card_put_stats(fixture_out, "old\n", &err), 0);
	assert_int_equal(dataset_card_put_stats(fixture_out, "one\ntwo\n", &err), 0);
	assert_text(
		"README.md",
		"# A\n\n## Samples\n\n## Files are\n\n## Statistics\n\nAs `cadgen stats` counts "
		"them; cadgen(1) says what each line means.\n\n```\none\ntwo\n```\n\n## "
		"Files\n\nfiles\n");
	fixture_put("README.md", "# A\n\nFiles\n");
	assert_int_equal(dataset_card_put_stats(fixture_out, "one\n", &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "README.md has no section 'Files'"));
	assert_text("README.md", "# A\n\nFiles\n");
	assert_int_equal(fs_remove_tree(fixture_out, &err), 0);
	assert_int_equal(dataset_card_put_stats(fixture_out, "one\n", &err), -1);
	assert_int_equal(err.code, ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_every_layout, fixture_clean),
		cmocka_unit_test_teardown(test_without_pictures, fixture_clean),
		cmocka_unit_test(test_leaks),
		cmocka_unit_test_teardown(test_card, fixture_clean),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
