/* SPDX-License-Identifier: MIT */
/* report: which cases are kept, that random ones are drawn fairly and again the same, and that the page is
 * sound HTML whatever the strings of its cases hold. */
#include <config.h>

#include <math.h>
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
#include "tests/html_reader.h"
#include "tests/random_parts.h"
#include "tests/random_shapes.h"
#include "tests/wrong_programs.h"
#include "trainer/report/report_private.h"

#define HOSTILE                                                                                    \
	"</script><script>alert(1)</script><!-- \" onload='alert(2)' \xff\xe2\x80\xae <b>&lt;"

static uint64_t seed;
static struct arena arena;
static char folder[] = "/tmp/cadgen-report.XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	struct err err;

	(void)state;
	arena_free(&arena);
	return fs_remove_tree(folder, &err);
}

/* A case that lives in the arena. */
static struct report_case random_case(struct rng *rng, const char *text)
{
	struct program *truth = ARENA_NEW(&arena, struct program, 1);
	struct report_case c = {
		.id = text, .truth = truth, .prompt = text, .png = "PNG", .png_len = 3};
	struct score *score = ARENA_NEW(&arena, struct score, 1);
	struct score_reading *reading = ARENA_NEW(&arena, struct score_reading, 1);
	struct score_case s = {.truth = truth};
	struct err why = {0};
	struct buf said = {0};
	enum wrong wrong;

	c.family = s.family = (enum family)rng_below(rng, FAMILY_COUNT_);
	truth->shapes = ARENA_NEW(&arena, struct shape, PART_SHAPES_MAX);
	truth->shape_count = random_part(rng, c.family, UNIT_MM, truth->shapes);
	wrong = random_wrong(rng);
	wrong_program(rng, truth, LANGUAGE_CALLS, wrong, &said, &arena);
	s.text = c.said = arena_strndup(&arena, said.data, said.len);
	s.len = c.said_len = said.len;
	buf_free(&said);
	score_from_programs(score, &s, reading, &arena, &why);
	c.score = score;
	c.reading = reading;
	c.why = arena_strndup(&arena, why.msg, strlen(why.msg));
	c.log_probability = rng_chance(rng, 0.5) ? -1.5 : NAN;
	return c;
}

static void add_cases(struct report *report, struct rng *rng, int count)
{
	for (int i = 0; i < count; i++) {
		struct report_case c = random_case(rng, "a case");

		report_add(report, &c);
		arena_reset(&arena);
	}
}

static bool keeps(const struct report_set *set, int64_t index)
{
	for (int i = 0; i < set->count; i++)
		if (set->all[i]->index == index)
			return true;
	return false;
}

/* One line, said as it is. */
static struct report_case short_case(void)
{
	static struct shape line = {.kind = SHAPE_LINE,
				    .value = {[PARAM_X] = 1000, [PARAM_LENGTH] = 5000}};
	static struct program truth = {.shape_count = 1, .shapes = &line};
	static const char said[] = "line(x=1,y=0,length=5)";
	static struct score_reading reading;
	static struct score score;
	struct score_case c = {.truth = &truth, .text = said, .len = sizeof(said) - 1};

	score_from_programs(&score, &c, &reading, &arena, NULL);
	assert_true(score.exact);
	return (struct report_case){.id = "line",
				    .truth = &truth,
				    .said = c.text,
				    .said_len = c.len,
				    .score = &score,
				    .reading = &reading,
				    .log_probability = NAN};
}

/* Each of 40 cases is among the ten as often as the others: 100 times of 400, give or take five
 * standard deviations of 8.7, which a sound reservoir misses once in some 40,000 tests. */
static void test_fair(void **state)
{
	struct report_case c = short_case();
	int kept[40] = {0};

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct report_settings settings = {.seed = seed + (uint64_t)round, .random = 10};
		struct report *report = report_new(&settings);

		for (int i = 0; i < 40; i++)
			report_add(report, &c);
		assert_int_equal(report->random.count, 10);
		for (int i = 0; i < 40; i++)
			kept[i] += keeps(&report->random, i);
		report_free(report);
	}
	for (int i = 0; i < 40; i++)
		if (abs(kept[i] - 100) > 43)
			fail_msg("case %d was kept %d times of 400", i, kept[i]);
	arena_reset(&arena);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void test_worst(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct report *report = report_new(&(struct report_settings){.worst = 12});
	double all[200];

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct report_case c = random_case(&rng, "a case");

		all[i] = report_agreement(c.score);
		assert_true(all[i] >= 0 && all[i] <= 1);
		assert_true(!c.score->exact || all[i] == 1);
		report_add(report, &c);
		arena_reset(&arena);
	}
	qsort(all, 200, sizeof(*all), compare_doubles);
	assert_int_equal(report->worst.count, 12);
	for (int i = 0; i < 12; i++)
		assert_true(report->worst.all[i]->agreement == all[i]);
	report_free(report);
}

static void test_agreement(void **state)
{
	struct score s = {.parsed = true,
			  .shapes = {.truths = 3, .said = 1, .equal = 1},
			  .numbers = {{10, 6, 7}},
			  .has_iou = true,
			  .has_chamfer = true,
			  .iou = 0.1,
			  .chamfer = 0.4};
	struct score none = {0};

	(void)state;
	assert_true(fabs(report_agreement(&s) - (0.6 + 0.5 + 0.1) / 3) < 1e-12);
	s.has_iou = false;
	assert_true(fabs(report_agreement(&s) - (0.6 + 0.5 + 0.6) / 3) < 1e-12);
	assert_true(report_agreement(&none) == 0);
}

/* Examples have the error that they are for, and there are as many as may be. */
static void test_examples(void **state)
{
	struct rng rng = rng_seed(seed, 3);
	struct report *report = report_new(&(struct report_settings){.examples = 2});
	int64_t seen[ERROR_KINDS] = {0};
	int kinds = 0;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct report_case c = random_case(&rng, "a case");
		bool has[ERROR_KINDS];

		report_errors_of(&c, has);
		for (int k = 0; k < ERROR_KINDS; k++)
			seen[k] += has[k];
		assert_true(!c.score->exact || memchr(has, true, sizeof(has)) == NULL);
		assert_int_equal(has[ERROR_UNREAD], !c.score->parsed);
		report_add(report, &c);
		arena_reset(&arena);
	}
	for (int k = 0; k < ERROR_KINDS; k++) {
		const struct report_set *set = &report->errors[k];
		struct buf key = {0};

		assert_int_equal(set->seen, seen[k]);
		assert_int_equal(set->count, seen[k] < 2 ? seen[k] : 2);
		report_error_key(k, &key);
		for (int i = 0; i < set->count; i++)
			assert_non_null(strstr(set->all[i]->attributes.data, key.data));
		buf_free(&key);
		kinds += seen[k] > 0;
	}
	assert_true(kinds > 20);
	report_free(report);
}

/* No two kinds share a key or a name, and keys are one word. */
static void test_names(void **state)
{
	struct buf keys[ERROR_KINDS] = {{0}}, names[ERROR_KINDS] = {{0}};

	(void)state;
	for (int i = 0; i < ERROR_KINDS; i++) {
		report_error_key(i, &keys[i]);
		report_error_name(i, &names[i]);
		assert_null(strpbrk(keys[i].data, " \"<>&"));
		assert_null(strpbrk(names[i].data, "\"<>&"));
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(keys[i].data, keys[k].data);
			assert_string_not_equal(names[i].data, names[k].data);
		}
	}
	for (int i = 0; i < ERROR_KINDS; i++) {
		buf_free(&keys[i]);
		buf_free(&names[i]);
	}
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static struct buf write_page(const struct report *report, const struct report_head *head)
{
	struct buf page = {0};
	struct err err = {0};

	if (report_write(report, path_of("report.html"), head, &err) < 0 ||
	    fs_read(path_of("report.html"), 1 << 28, &page, &err) < 0)
		fail_msg("%s", err.msg);
	return page;
}

static struct report_head plain_head(const struct metrics *metrics)
{
	return (struct report_head){.title = "t", .metrics = metrics};
}

static int count_of(const char *text, const char *part)
{
	int count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

static void test_same_again(void **state)
{
	static const struct report_settings settings = {7, 5, 5, 1};
	static struct metrics metrics;
	struct report_head head = plain_head(&metrics);
	struct buf pages[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct rng rng = rng_seed(seed, 4);
		struct report *report = report_new(&settings);

		add_cases(report, &rng, 60);
		pages[i] = write_page(report, &head);
		if (i == 1) { /* written again, nothing has changed */
			struct buf again = write_page(report, &head);

			assert_string_equal(again.data, pages[1].data);
			buf_free(&again);
		}
		report_free(report);
	}
	assert_string_equal(pages[0].data, pages[1].data);
	assert_string_equal(pages[0].data, pages[2].data);
	for (int i = 0; i < 3; i++)
		buf_free(&pages[i]);
}

static void test_sound(void **state)
{
	struct rng rng = rng_seed(seed, 5);
	struct report *report = report_new(&(struct report_settings){seed, 20, 20, 2});
	static struct metrics metrics;
	struct report_head head = plain_head(&metrics);
	struct buf page;

	(void)state;
	page = write_page(report, &head); /* without cases */
	assert_html_sound(&page, 1);
	assert_int_equal(count_of(page.data, "<article"), 0);
	buf_free(&page);
	add_cases(report, &rng, 200);
	page = write_page(report, &head);
	assert_html_sound(&page, 1);
	assert_true(count_of(page.data, "<article") >= 20);
	assert_true(count_of(page.data, "<article") <= 40 + 2 * ERROR_KINDS);
	assert_int_equal(count_of(page.data, "data:image/png;base64,UE5H\""),
			 count_of(page.data, "<article"));
	buf_free(&page);
	report_free(report);
}

/* Every string is markup, bytes that are no text, or both. */
static void test_hostile_strings(void **state)
{
	struct rng rng = rng_seed(seed, 6);
	struct report *report = report_new(&(struct report_settings){seed, 30, 30, 1});
	struct score_key key = {HOSTILE, HOSTILE};
	struct report_candidate candidate = {"\0" HOSTILE, sizeof(HOSTILE), NAN};
	struct report_fact fact = {HOSTILE, HOSTILE};
	struct score_summary *summary = score_summary_new(1);
	struct metrics metrics;
	struct report_head head = {.title = HOSTILE,
				   .facts = &fact,
				   .fact_count = 1,
				   .metrics = &metrics,
				   .curves = HOSTILE,
				   .curves_len = sizeof(HOSTILE)};
	struct buf page;

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct report_case c = random_case(&rng, HOSTILE);

		c.groups = &key;
		c.group_count = 1;
		c.candidates = &candidate;
		c.candidate_count = 1;
		c.why = HOSTILE;
		report_add(report, &c);
		score_summary_add(summary, c.score, &key, 1);
		arena_reset(&arena);
	}
	score_summary_finish(summary, &metrics);
	page = write_page(report, &head);
	assert_html_sound(&page, 1);
	assert_null(strstr(page.data, "<script>alert"));
	assert_non_null(strstr(page.data, "&lt;script&gt;alert(1)"));
	assert_non_null(strstr(page.data, "\\xff"));
	assert_non_null(strstr(page.data, "\\u{202e}"));
	assert_non_null(strstr(page.data, "\\u{0}"));
	buf_free(&page);
	score_summary_free(summary);
	report_free(report);
}

/* A model that never stops. */
static void test_long_prediction(void **state)
{
	static char text[3 << 20];
	struct rng rng = rng_seed(seed, 7);
	struct report *report = report_new(&(struct report_settings){.worst = 1});
	static struct metrics metrics;
	struct report_head head = plain_head(&metrics);
	struct report_case c = random_case(&rng, "long");
	struct score_case s = {
		.family = c.family, .truth = c.truth, .text = text, .len = sizeof(text)};
	struct score_reading reading;
	struct score score;
	struct buf page;

	(void)state;
	memset(text, '7', sizeof(text));
	score_from_programs(&score, &s, &reading, &arena, NULL);
	c.said = text;
	c.said_len = sizeof(text);
	c.score = &score;
	c.reading = &reading;
	c.why = NULL;
	report_add(report, &c);
	page = write_page(report, &head);
	assert_html_sound(&page, 1);
	assert_true(page.len < 300000);
	assert_non_null(strstr(page.data, "and 3129344 more bytes"));
	buf_free(&page);
	report_free(report);
	arena_reset(&arena);
}

static void test_no_folder(void **state)
{
	struct report *report = report_new(&(struct report_settings){.worst = 1});
	static struct metrics metrics;
	struct report_head head = plain_head(&metrics);
	struct err err = {0};

	(void)state;
	assert_int_equal(report_write(report, path_of("none/report.html"), &head, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, "none/report.html"));
	report_free(report);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fair),
		cmocka_unit_test(test_worst),
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_same_again),
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_hostile_strings),
		cmocka_unit_test(test_long_prediction),
		cmocka_unit_test(test_no_folder),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
