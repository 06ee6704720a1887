/* SPDX-License-Identifier: MIT */
/* solid_summary: means and the median by hand, who counts for what, intervals, and the JSON of all that. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "formats/encoding/json.h"
#include "tests/random_shapes.h"
#include "trainer/score/bootstrap.h"
#include "trainer/score/solid_summary.h"

/* All there is of a valid solid. */
static struct solid_score made(double iou, double aligned, double chamfer)
{
	return (struct solid_score){.parsed = true,
				    .is_measured = true,
				    .valid = true,
				    .iou = iou,
				    .iou_aligned = aligned,
				    .chamfer = chamfer,
				    .match = {10, 5, 20, 15}};
}

static const struct solid_score invalid = {.is_measured = true, .match = {4, 0, 0, 0}};
static const struct solid_score unmeasured = {.parsed = true, .exact = true, .match = {6, 6, 8, 8}};
static const struct solid_score vectorless = {
	.parsed = true, .is_measured = true, .valid = true, .iou = 0.25, .chamfer = 0.003};

static struct solid_metrics metrics_of(const struct solid_score *scores, int count, uint64_t seed)
{
	struct solid_summary *s = solid_summary_new(seed);
	struct solid_metrics m;

	for (int i = 0; i < count; i++)
		solid_summary_add(s, &scores[i], NULL, 0);
	solid_summary_finish(s, &m);
	solid_summary_free(s);
	return m;
}

static void assert_value(const struct solid_metrics *m, enum solid_metrics_figure figure,
			 int64_t solids, double value)
{
	const struct metrics_value *v = &m->all.figures[figure];

	assert_int_equal(v->drawings, solids);
	if (!(fabs(v->value - value) < 1e-9))
		fail_msg("%s: %.12g is not %.12g", solid_metrics_figure_name(figure), v->value,
			 value);
	assert_true(v->low <= v->value && v->value <= v->high);
}

static void test_figures(void **state)
{
	const struct solid_score scores[] = {made(0.5, 0.7, 0.001), made(0.9, 1, 0.0002), invalid,
					     unmeasured, vectorless};
	struct solid_metrics m = metrics_of(scores, 5, 1);

	(void)state;
	assert_int_equal(m.all.count, 5);
	assert_int_equal(m.seed, 1);
	assert_int_equal(m.resamples, BOOTSTRAP_RESAMPLES);
	assert_value(&m, SOLID_METRICS_VALID, 4, 75);
	assert_value(&m, SOLID_METRICS_INVALID, 4, 25);
	assert_value(&m, SOLID_METRICS_EXACT, 5, 20);
	assert_value(&m, SOLID_METRICS_IOU, 4, 100 * (0.5 + 0.9 + 0 + 0.25) / 4);
	assert_value(&m, SOLID_METRICS_IOU_VALID, 3, 100 * (0.5 + 0.9 + 0.25) / 3);
	assert_value(&m, SOLID_METRICS_IOU_ALIGNED, 4, 100 * (0.7 + 1) / 4);
	assert_value(&m, SOLID_METRICS_IOU_ALIGNED_VALID, 3, 100 * (0.7 + 1) / 3);
	assert_value(&m, SOLID_METRICS_CHAMFER_MEAN, 3, (1 + 0.2 + 3) / 3);
	assert_value(&m, SOLID_METRICS_CHAMFER_MEDIAN, 3, 1);
	/* Of each solid its share, whatever its length. */
	assert_value(&m, SOLID_METRICS_COMMANDS, 4, 100 * (0.5 + 0.5 + 0 + 1) / 4);
	assert_value(&m, SOLID_METRICS_PARAMETERS, 3, 100 * (0.75 + 0.75 + 1) / 3);
	m = metrics_of(scores, 2, 1);
	assert_value(&m, SOLID_METRICS_CHAMFER_MEDIAN, 2, 0.6);
}

/* Nothing; and what no solid counts for. It may go on after it was finished. */
static void test_nothing(void **state)
{
	struct solid_summary *s = solid_summary_new(1);
	struct solid_metrics m;

	(void)state;
	solid_summary_finish(s, &m);
	for (int i = 0; i < SOLID_METRICS_FIGURE_COUNT_; i++)
		assert_int_equal(m.all.figures[i].drawings, 0);
	solid_summary_add(s, &unmeasured, NULL, 0);
	solid_summary_finish(s, &m);
	assert_value(&m, SOLID_METRICS_EXACT, 1, 100);
	assert_value(&m, SOLID_METRICS_COMMANDS, 1, 100);
	for (int i = SOLID_METRICS_IOU; i <= SOLID_METRICS_CHAMFER_MEDIAN; i++)
		assert_int_equal(m.all.figures[i].drawings, 0);
	assert_int_equal(m.all.figures[SOLID_METRICS_VALID].drawings, 0);
	solid_summary_add(s, &invalid, NULL, 0);
	solid_summary_finish(s, &m);
	assert_value(&m, SOLID_METRICS_INVALID, 1, 100);
	assert_value(&m, SOLID_METRICS_IOU, 1, 0);
	assert_int_equal(m.all.figures[SOLID_METRICS_CHAMFER_MEDIAN].drawings, 0);
	assert_int_equal(m.all.figures[SOLID_METRICS_PARAMETERS].drawings, 1);
	solid_summary_free(s);
	solid_summary_free(NULL);
}

/* --- intervals ------------------------------------------------------------------------------ */

enum { SOLIDS = 41 };

static void random_scores(struct rng *rng, struct solid_score scores[SOLIDS])
{
	for (int i = 0; i < SOLIDS; i++) {
		scores[i] = invalid;
		if (rng_chance(rng, 0.8)) {
			double iou = rng_unit(rng), chamfer = floor(20 * rng_unit(rng)) / 1000;

			scores[i] = made(iou, iou, chamfer);
		}
	}
}

static int compare(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

static double sorted_median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), compare);
	return 1000 * (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* By sorting each resample. */
static void check_median(const struct solid_score scores[SOLIDS], uint64_t seed)
{
	struct solid_metrics m = metrics_of(scores, SOLIDS, seed);
	const struct metrics_value *v = &m.all.figures[SOLID_METRICS_CHAMFER_MEDIAN];
	struct rng rng = rng_stream(seed, 0, "median", 0);
	double medians[BOOTSTRAP_RESAMPLES], drawn[SOLIDS];
	int n = 0;

	for (int i = 0; i < SOLIDS; i++)
		if (scores[i].valid)
			drawn[n++] = scores[i].chamfer;
	assert_value(&m, SOLID_METRICS_CHAMFER_MEDIAN, n, sorted_median(drawn, n));
	for (int r = 0; r < BOOTSTRAP_RESAMPLES; r++) {
		n = 0;
		for (int i = 0; i < SOLIDS; i++) {
			const struct solid_score *s = &scores[rng_below(&rng, SOLIDS)];

			if (s->valid)
				drawn[n++] = s->chamfer;
		}
		assert_true(n > 0);
		medians[r] = sorted_median(drawn, n);
	}
	qsort(medians, BOOTSTRAP_RESAMPLES, sizeof(*medians), compare);
	assert_true(fabs(v->low - medians[25]) < 1e-12);
	assert_true(fabs(v->high - medians[BOOTSTRAP_RESAMPLES - 26]) < 1e-12);
	assert_true(v->low < v->high);
}

static void test_median(void **state)
{
	uint64_t seed = test_seed();
	struct rng rng = rng_seed(seed, 1);
	struct solid_score scores[SOLIDS];

	(void)state;
	for (uint64_t i = 0; i < 5; i++) {
		random_scores(&rng, scores);
		check_median(scores, seed + i);
	}
}

static void test_same_seed(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);
	struct solid_score scores[SOLIDS];
	struct solid_metrics a, b, c;

	(void)state;
	random_scores(&rng, scores);
	a = metrics_of(scores, SOLIDS, 7);
	b = metrics_of(scores, SOLIDS, 7);
	c = metrics_of(scores, SOLIDS, 8);
	assert_memory_equal(a.all.figures, b.all.figures, sizeof(a.all.figures));
	assert_true(a.all.figures[SOLID_METRICS_IOU].value ==
		    c.all.figures[SOLID_METRICS_IOU].value);
	assert_true(a.all.figures[SOLID_METRICS_IOU].low != c.all.figures[SOLID_METRICS_IOU].low ||
		    a.all.figures[SOLID_METRICS_IOU].high != c.all.figures[SOLID_METRICS_IOU].high);
}

/* --- groups ---------------------------------------------------------------------------------- */

/* A group has the figures that its solids have alone, those of no group but all. */
static void test_groups(void **state)
{
	const struct solid_score scores[] = {made(0.5, 0.7, 1e-4), made(0.9, 0.9, 3e-4),
					     made(0.1, 0.3, 8e-4), invalid};
	static const struct score_key two = {"features", "2"}, ten = {"features", "10"};
	const struct score_key *keys[] = {&ten, &two, &two, &ten};
	struct solid_summary *s = solid_summary_new(3);
	struct solid_metrics alone, m;

	(void)state;
	for (int i = 0; i < 4; i++)
		solid_summary_add(s, &scores[i], keys[i], 1);
	solid_summary_finish(s, &m);
	assert_int_equal(m.all.count, 4);
	assert_int_equal(m.group_count, 2);
	assert_string_equal(m.groups[0].by, "features");
	assert_string_equal(m.groups[0].is, "2"); /* by value */
	assert_string_equal(m.groups[1].is, "10");
	assert_int_equal(m.groups[0].count, 2);
	alone = metrics_of(scores + 1, 2, 3);
	for (int i = 0; i < SOLID_METRICS_FIGURE_COUNT_; i++) {
		assert_true(m.groups[0].figures[i].value == alone.all.figures[i].value);
		assert_int_equal(m.groups[0].figures[i].drawings, alone.all.figures[i].drawings);
	}
	assert_true(fabs(m.groups[1].figures[SOLID_METRICS_CHAMFER_MEDIAN].value - 0.1) < 1e-12);
	assert_true(m.groups[1].figures[SOLID_METRICS_VALID].value == 50);
	for (int i = 0; i < 2; i++) {
		const struct metrics_value *v = &m.groups[i].figures[SOLID_METRICS_CHAMFER_MEDIAN];

		assert_true(v->low <= v->value && v->value <= v->high);
	}
	solid_summary_free(s);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void test_json(void **state)
{
	const struct solid_score scores[] = {made(0.5, 0.7, 0.0001234567), invalid};
	struct solid_metrics m = metrics_of(scores, 2, UINT64_MAX);
	struct buf text = {0};
	struct json_doc doc;
	struct err err = {0};
	const cJSON *solids, *mean;
	struct metrics_group group = {.by = "features", .is = "1", .count = 1};

	(void)state;
	m.all.figures[SOLID_METRICS_PARAMETERS].drawings = 0;
	m.groups = &group;
	m.group_count = 1;
	solid_metrics_write(&m, &text);
	assert_true(text.len > 0 && text.data[text.len - 1] == '\n');
	assert_non_null(strstr(text.data, "\"seed\": 18446744073709551615\n"));
	if (json_parse(&doc, "metrics.json", text.data, text.len, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(json_member(json_member(doc.root, "bootstrap"), "resamples")->valueint,
			 1000);
	solids = json_member(doc.root, "solids");
	assert_int_equal(json_member(solids, "solids")->valueint, 2);
	assert_int_equal(cJSON_GetArraySize(solids), SOLID_METRICS_FIGURE_COUNT_);
	assert_null(json_member(solids, "parameters"));
	assert_true(json_member(json_member(solids, "iou"), "value")->valuedouble == 25);
	mean = json_member(solids, "chamfer_mean");
	assert_true(fabs(json_member(mean, "value")->valuedouble - 0.1235) < 1e-9);
	assert_int_equal(json_member(mean, "solids")->valueint, 1);
	assert_true(cJSON_HasObjectItem(mean, "low") && cJSON_HasObjectItem(mean, "high"));
	solids = json_member(json_member(json_member(doc.root, "groups"), "features"), "1");
	assert_int_equal(json_member(solids, "solids")->valueint, 1);
	assert_int_equal(cJSON_GetArraySize(solids), 1);
	json_free(&doc);
	buf_free(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figures), cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_median),  cmocka_unit_test(test_same_seed),
		cmocka_unit_test(test_groups),  cmocka_unit_test(test_json),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
