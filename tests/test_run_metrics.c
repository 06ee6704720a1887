/* SPDX-License-Identifier: MIT */
/* run_metrics: series by step, runs that are resumed, lines cut short, what is refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "formats/metrics/run_metrics.h"
#include "tests/random_shapes.h"

static char folder[64];

static int enter_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_run_metrics.XXXXXX");
	return !mkdtemp(folder) || chdir(folder) < 0;
}

static int leave_folder(void **state)
{
	struct err err = {0};

	(void)state;
	return chdir("/") < 0 || fs_remove_tree(folder, &err) < 0;
}

static struct run_metrics parse(const char *text)
{
	struct run_metrics metrics;
	struct err err = {0};

	if (run_metrics_parse(&metrics, "m", text, strlen(text), &err) < 0)
		fail_msg("%s", err.msg);
	return metrics;
}

/* The series as "step:value step:value". */
static void assert_series(const struct run_metrics *metrics, const char *name, const char *expected)
{
	const struct run_metric *metric = run_metrics_find(metrics, name);
	struct buf text = {0};
	char part[64];

	buf_str(&text, metric ? "" : "none");
	for (size_t i = 0; metric && i < metric->count; i++) {
		snprintf(part, sizeof(part), "%s%.0f:%g", i ? " " : "", metric->steps[i],
			 metric->values[i]);
		buf_str(&text, part);
	}
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static void test_series(void **state)
{
	struct run_metrics m =
		parse("{\"step\":10,\"loss\":3.5,\"rate\":1e-3}\n"
		      "{\"step\":10,\"validation_loss\":4}\n"
		      "{\"step\":20,\"loss\":null,\"rate\":2e-3,\"note\":\"x\",\"on\":true,"
		      "\"list\":[1]}\n"
		      "{\"step\":9007199254740992,\"loss\":-1,\"busy\":0.5}\n");

	(void)state;
	assert_int_equal(m.count, 4);
	assert_series(&m, "loss", "10:3.5 20:nan 9007199254740992:-1");
	assert_series(&m, "rate", "10:0.001 20:0.002");
	assert_series(&m, "validation_loss", "10:4");
	assert_series(&m, "busy", "9007199254740992:0.5");
	assert_series(&m, "note", "none");
	assert_series(&m, "step", "none");
	run_metrics_free(&m);
	m = parse("");
	assert_int_equal(m.count, 0);
	run_metrics_free(&m);
}

/* Died at 50, went on from 20; one of the series is not as far again. */
static void test_resumed(void **state)
{
	struct run_metrics m = parse("{\"step\":10,\"loss\":1}\n"
				     "{\"step\":20,\"loss\":2,\"other\":2}\n"
				     "{\"step\":30,\"loss\":3}\n"
				     "{\"step\":40,\"loss\":4,\"other\":4}\n"
				     "{\"step\":50,\"loss\":5}\n"
				     "{\"step\":30,\"loss\":33}\n"
				     "{\"step\":40,\"loss\":44}\n");

	(void)state;
	assert_series(&m, "loss", "10:1 20:2 30:33 40:44");
	assert_series(&m, "other", "20:2 40:4");
	run_metrics_free(&m);
	m = parse("{\"step\":10,\"loss\":1}\n{\"step\":10,\"loss\":2}\n");
	assert_series(&m, "loss", "10:2");
	run_metrics_free(&m);
}

static void test_cut_line(void **state)
{
	static const char text[] = "{\"step\":1,\"loss\":1}\n{\"step\":2,\"loss\":2}\n";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct run_metrics m;
		struct err err = {0};
		const struct run_metric *loss;
		size_t lines = (size_t)(len >= strlen(text) / 2) + (len >= strlen(text));

		assert_int_equal(run_metrics_parse(&m, "m", text, len, &err), 0);
		loss = run_metrics_find(&m, "loss");
		assert_int_equal(loss ? loss->count : 0, lines);
		run_metrics_free(&m);
	}
}

static void refuse(const char *text, const char *message)
{
	struct run_metrics m;
	struct err err = {0};

	assert_int_equal(run_metrics_parse(&m, "m", text, strlen(text), &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, message);
	assert_int_equal(m.count, 0);
	assert_null(m.series);
}

static void test_refused(void **state)
{
	(void)state;
	refuse("{\"step\":1,\"loss\":1}\n{\"step\":2,\"lo\n{\"step\":3}\n",
	       "m:2: string without end");
	refuse("{\"step\":1,\"loss\":1}\n\n", "m:2: a value is missing at the end");
	refuse("[1]\n", "m:1: no object");
	refuse("{\"loss\":1}\n", "m:1: 'step' must be a whole number, 0 to 9007199254740992");
	refuse("{\"step\":1.5,\"loss\":1}\n",
	       "m:1: 'step' must be a whole number, 0 to 9007199254740992");
	refuse("{\"step\":-1,\"loss\":1}\n",
	       "m:1: 'step' must be a whole number, 0 to 9007199254740992");
	refuse("{\"step\":1,\"loss\":1,\"loss\":2}\n", "m:1: key 'loss' given twice");
}

static void test_too_many_series(void **state)
{
	struct buf text = {0};
	struct run_metrics m;
	struct err err = {0};

	(void)state;
	for (int i = 0; i <= RUN_METRICS_SERIES_MAX; i++) {
		buf_str(&text, "{\"step\":1,\"s");
		buf_int(&text, i);
		buf_str(&text, "\":1}\n");
		if (i == RUN_METRICS_SERIES_MAX - 1) {
			m = parse(text.data);
			assert_int_equal(m.count, RUN_METRICS_SERIES_MAX);
			run_metrics_free(&m);
		}
	}
	assert_int_equal(run_metrics_parse(&m, "m", text.data, text.len, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "m:1025: more than 1024 names of numbers");
	buf_free(&text);
}

/* Beside a naive list that keeps all values and looks for the last one above every step. */
static void test_random_restarts(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	int steps[200], count = 200;
	struct buf text = {0}, expected = {0};
	struct run_metrics m;

	(void)state;
	for (int i = 0, step = 0; i < count; i++) {
		step = rng_below(&rng, 10) ? step + 1 : (int)rng_below(&rng, (uint32_t)step + 1);
		steps[i] = step;
		buf_str(&text, "{\"step\":");
		buf_int(&text, step);
		buf_str(&text, ",\"n\":");
		buf_int(&text, i);
		buf_str(&text, "}\n");
	}
	for (int i = 0; i < count; i++) {
		int least = steps[i] + 1;

		for (int k = i + 1; k < count; k++)
			least = steps[k] < least ? steps[k] : least;
		if (least <= steps[i])
			continue;
		buf_str(&expected, expected.len ? " " : "");
		buf_int(&expected, steps[i]);
		buf_char(&expected, ':');
		buf_int(&expected, i);
	}
	m = parse(text.data);
	assert_series(&m, "n", expected.data);
	run_metrics_free(&m);
	buf_free(&text);
	buf_free(&expected);
}

static void assert_file(const char *expected)
{
	struct buf text = {0};
	struct err err = {0};

	assert_int_equal(fs_read("m.jsonl", 1 << 20, &text, &err), 0);
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static void test_mend(void **state)
{
	static const char whole[] = "{\"step\":1,\"loss\":1}\n",
			  cut[] = "{\"step\":1,\"loss\":1}\n{\"st";
	struct run_metrics m;
	struct err err = {0};

	(void)state;
	assert_int_equal(run_metrics_mend("m.jsonl", &err), 0);
	assert_int_equal(access("m.jsonl", F_OK), -1);
	assert_int_equal(fs_write("m.jsonl", cut, strlen(cut), &err), 0);
	assert_int_equal(run_metrics_read(&m, "m.jsonl", &err), 0);
	assert_series(&m, "loss", "1:1");
	run_metrics_free(&m);
	assert_int_equal(run_metrics_mend("m.jsonl", &err), 0);
	assert_file(whole);
	assert_int_equal(run_metrics_mend("m.jsonl", &err), 0);
	assert_file(whole);
	assert_int_equal(fs_write("m.jsonl", "{", 1, &err), 0);
	assert_int_equal(run_metrics_mend("m.jsonl", &err), 0);
	assert_file("");
	assert_int_equal(run_metrics_mend("m.jsonl/x", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_int_equal(run_metrics_mend("/dev/null", &err), 0);
}

static void test_absent(void **state)
{
	struct run_metrics m;
	struct err err = {0};

	(void)state;
	assert_int_equal(run_metrics_read(&m, "absent", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "cannot open absent: No such file or directory");
	assert_int_equal(m.count, 0);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
	const struct CMUnitTest tests[] = {
		T(test_series),          T(test_resumed),         T(test_cut_line), T(test_refused),
		T(test_too_many_series), T(test_random_restarts), T(test_mend),     T(test_absent),
	};
#undef T

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
