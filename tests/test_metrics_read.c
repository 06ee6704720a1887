/* SPDX-License-Identifier: MIT */
/* metrics_read: what was written comes back; every refusal. */
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

#include "base/rng.h"
#include "formats/metrics/metrics_read.h"
#include "tests/random_shapes.h"

static struct arena arena;

static double random_percent(struct rng *rng)
{
	return (double)rng_range(rng, 0, 1000000) / 10000;
}

static void fill_group(struct metrics_group *group, struct rng *rng)
{
	group->count = rng_range(rng, 0, 1000000);
	for (int i = 0; i < METRICS_FIGURE_COUNT_; i++) {
		struct metrics_value *v = &group->figures[i];

		v->drawings = rng_range(rng, 0, 1000);
		v->value = random_percent(rng);
		v->low = random_percent(rng);
		v->high = random_percent(rng);
	}
}

static void fill_counts(int64_t *counts, size_t n, struct rng *rng)
{
	for (size_t i = 0; i < n; i++)
		counts[i] = rng_range(rng, 0, 3) == 0 ? rng_range(rng, 1, 1000000000) : 0;
}

static void fill(struct metrics *m, struct metrics_group *groups, struct rng *rng)
{
	static const char *const names[][2] = {
		{"family", "plate"}, {"family", "a \"name\"\t"}, {"стандарт", ""}};

	*m = (struct metrics){
		.seed = 1ull << 53, .resamples = 1000, .group_count = 3, .groups = groups};
	fill_group(&m->all, rng);
	for (int i = 0; i < 3; i++) {
		groups[i] = (struct metrics_group){.by = names[i][0], .is = names[i][1]};
		fill_group(&groups[i], rng);
	}
	for (int k = 0; k < SHAPE_COUNT_; k++)
		if (rng_range(rng, 0, 1) == 0)
			m->kinds[k] = (struct metrics_kind){k + 1, k, 3, 4, 5, 6};
	m->errors.read = rng_range(rng, 0, 1000);
	m->errors.unread = rng_range(rng, 0, 1000);
	fill_counts(m->errors.fates, FATE_COUNT_, rng);
	fill_counts(m->errors.moved, PARAM_COUNT_, rng);
	for (int i = 0; i < METRICS_CHARACTER_COUNT; i++)
		fill_counts(m->errors.characters[i], METRICS_CHARACTER_COUNT, rng);
}

static void test_round_trip(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	struct metrics_group groups[3];
	struct metrics m, read;
	struct buf text = {0}, again = {0};
	struct err err = {0};

	(void)state;
	for (int n = 0; n < 200; n++) {
		buf_clear(&text);
		buf_clear(&again);
		fill(&m, groups, &rng);
		metrics_write(&m, &text);
		if (metrics_parse(&read, "m.json", text.data, text.len, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		metrics_write(&read, &again);
		assert_string_equal(text.data, again.data);
		assert_true(read.seed == m.seed);
		assert_memory_equal(&read.errors, &m.errors, sizeof(m.errors));
		assert_memory_equal(&read.kinds, &m.kinds, sizeof(m.kinds));
		assert_int_equal(read.group_count, 3);
		assert_string_equal(read.groups[1].by, "family");
		assert_string_equal(read.groups[1].is, "a \"name\"\t");
		arena_reset(&arena);
	}
	buf_free(&text);
	buf_free(&again);
}

static void test_least(void **state)
{
	const char *text = "{\"all\": {\"exact\": {\"value\": 1.5, \"low\": 1, \"high\": 2, "
			   "\"drawings\": 7}, \"later\": 1}, \"later\": []}";
	struct metrics m;
	struct err err = {0};

	(void)state;
	assert_int_equal(metrics_parse(&m, "m.json", text, strlen(text), &arena, &err), 0);
	assert_true(m.all.figures[METRICS_EXACT].value == 1.5);
	assert_true(m.all.figures[METRICS_EXACT].drawings == 7);
	assert_true(m.all.figures[METRICS_VALID].drawings == 0);
	assert_int_equal(m.group_count, 0);
}

static void refuse_as(enum err_code code, const char *text, const char *message)
{
	struct metrics m;
	struct err err = {0};

	assert_int_equal(metrics_parse(&m, "m.json", text, strlen(text), &arena, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

static void refuse(const char *text, const char *message)
{
	refuse_as(ERR_FORMAT, text, message);
}

static void test_refused(void **state)
{
	(void)state;
	refuse("[]", "m.json:1: no metrics: 'all' is missing");
	refuse("{\"all\":\n3}", "m.json:2: a group must be an object");
	refuse("{\"all\": {\"drawings\": -1}}",
	       "m.json:1: 'drawings' must be a whole number, 0 to 9007199254740992");
	refuse("{\"all\": {\"exact\": 5}}", "m.json:1: 'exact' must be an object");
	refuse("{\"all\": {\"exact\": {\"value\": 100.1, \"low\": 0, \"high\": 0}}}",
	       "m.json:1: 'value' must be a number, 0 to 100");
	refuse("{\"all\": {\"exact\": {\"value\": 1, \"high\": 0}}}",
	       "m.json:1: 'low' must be a number, 0 to 100");
	refuse("{\"all\": {}, \"groups\": {\n\"family\": 1}}",
	       "m.json:2: 'family' must be an object");
	refuse("{\"all\": {}, \"groups\": {\"family\": {\"x\": 1}}}",
	       "m.json:1: a group must be an object");
	refuse("{\"all\": {}, \"shapes\": {\"gear\": {}}}", "m.json:1: 'gear' is no kind of shape");
	refuse("{\"all\": {}, \"shapes\": {\"hole\": 1}}", "m.json:1: 'hole' must be an object");
	refuse("{\"all\": {}, \"errors\": {\"moved\": {\"z9\": 1}}}",
	       "m.json:1: 'z9' is no parameter");
	refuse("{\"all\": {}, \"errors\": {\"characters\": {\"12\": {}}}}",
	       "m.json:1: '12' is no character");
	refuse("{\"all\": {}, \"errors\": {\"characters\": {\"1\": {\"x\": 1}}}}",
	       "m.json:1: 'x' is no character");
	refuse("{\"all\": {}, \"errors\": {\"characters\": {\"1\": 1}}}",
	       "m.json:1: a character's must be an object");
	refuse("{\"all\": {}, \"bootstrap\": {\"seed\": \"1\"}}",
	       "m.json:1: 'seed' must be a number from 0 on");
	refuse("{\"all\": {}, \"bootstrap\": {\"resamples\": 3000000000}}",
	       "m.json:1: 'resamples' is over 2147483647");
}

static void test_many_groups(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_str(&text, "{\"all\": {}, \"groups\": {\"by\": {\"0\": {}");
	for (int i = 1; i <= METRICS_GROUPS_MAX; i++) {
		buf_str(&text, ", \"");
		buf_int(&text, i);
		buf_str(&text, "\": {}");
	}
	buf_str(&text, "}}}");
	refuse_as(ERR_LIMIT, text.data, "m.json:1: more than 4096 groups");
	buf_free(&text);
}

static void test_files(void **state)
{
	struct metrics m;
	struct err err = {0};

	(void)state;
	assert_int_equal(metrics_read(&m, "absent/metrics.json", &arena, &err), -1);
	assert_string_equal(err.msg, "cannot open absent/metrics.json: No such file or directory");
}

static int free_all(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* --- of either kind ----------------------------------------------------------------------------- */

/* What metrics_read_all says of a file with the text; its name is left out of *err. */
static int read_all(struct metrics_group *all, const struct metrics_words **words, const char *text,
		    struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char path[4096];
	int fd, rc;

	snprintf(path, sizeof(path), "%s/cadgen-test-XXXXXX", tmp ? tmp : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	*err = (struct err){0};
	rc = metrics_read_all(all, words, path, err);
	unlink(path);
	if (rc < 0)
		memmove(err->msg, err->msg + strlen(path), strlen(err->msg + strlen(path)) + 1);
	return rc;
}

static void test_either(void **state)
{
	const struct metrics_words *words;
	struct metrics_group all;
	struct err err;

	(void)state;
	assert_int_equal(
		read_all(&all, &words,
			 "{\"all\": {\"drawings\": 9, \"f1\": {\"value\": 1.5, \"low\": 1, "
			 "\"high\": 2, \"drawings\": 7}}}",
			 &err),
		0);
	assert_ptr_equal(words, &metrics_of_drawings);
	assert_int_equal(all.count, 9);
	assert_int_equal(all.figures[METRICS_F1].drawings, 7);
	assert_int_equal(read_all(&all, &words,
				  "{\"solids\": {\"solids\": 8, \"chamfer_mean\": {\"value\": 250, "
				  "\"low\": 1, \"high\": 2e9, \"solids\": 6}, \"later\": 3}}",
				  &err),
			 0);
	assert_ptr_equal(words, &metrics_of_solids);
	assert_int_equal(all.count, 8);
	assert_int_equal(all.figures[SOLID_METRICS_CHAMFER_MEAN].drawings, 6);
	assert_true(all.figures[SOLID_METRICS_CHAMFER_MEAN].value == 250);
	assert_true(all.figures[SOLID_METRICS_CHAMFER_MEAN].high == 2e9);
	assert_int_equal(all.figures[SOLID_METRICS_IOU].drawings, 0);
}

static void test_neither(void **state)
{
	const struct {
		const char *text, *message;
	} wrong[] = {
		{"{}", ":1: no metrics: 'all' is missing, and 'solids'"},
		{"{\"solids\": 3}", ":1: a group must be an object"},
		{"{\"solids\": {\"iou\": {\"value\": -1, \"low\": 0, \"high\": 0}}}",
		 ":1: 'value' must be a number, from 0 on"},
		{"{\"solids\": {\"iou\": {\"value\": 1, \"low\": 1e999, \"high\": 0}}}",
		 ":1: 'low' must be a number, from 0 on"},
		{"{\"all\": {\"f1\": {\"value\": 101, \"low\": 0, \"high\": 0}}}",
		 ":1: 'value' must be a number, 0 to 100"},
	};
	const struct metrics_words *words;
	struct metrics_group all;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(read_all(&all, &words, wrong[i].text, &err), -1);
		assert_string_equal(err.msg, wrong[i].message);
		assert_int_equal(err.code, ERR_FORMAT);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_least),
		cmocka_unit_test(test_refused),    cmocka_unit_test(test_either),
		cmocka_unit_test(test_neither),    cmocka_unit_test(test_many_groups),
		cmocka_unit_test(test_files),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, free_all);
}
