/* SPDX-License-Identifier: MIT */
/* report of solids: which errors a case has, which cases are drawn, and that the page is sound HTML whatever its
 * strings hold. */
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
#include "tests/random_shapes.h"
#include "trainer/report/report_private.h"
#include "trainer/score/solid_summary.h"

#define HOSTILE                                                                                    \
	"</script><script>alert(1)</script><!-- \" onload='alert(2)' \xff\xe2\x80\xae <b>&lt;"

static uint64_t seed;
static struct arena arena;
static char folder[] = "/tmp/cadgen-report-solid.XXXXXX";

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

/* Of any kind; the score is in the arena. */
static struct report_solid random_case(struct rng *rng, const char *text)
{
	struct solid_score *s = ARENA_NEW(&arena, struct solid_score, 1);
	struct report_solid c = {.id = text,
				 .prompt = text,
				 .truth = text,
				 .said = rng_chance(rng, 0.9) ? text : NULL,
				 .score = s,
				 .why = text,
				 .log_probability = rng_chance(rng, 0.5) ? -1.5 : NAN};

	s->is_measured = rng_chance(rng, 0.9);
	s->parsed = c.said && rng_chance(rng, 0.8);
	s->valid = s->is_measured && s->parsed && rng_chance(rng, 0.8);
	s->iou = s->valid ? rng_unit(rng) : 0;
	s->match = (struct vec_match){10, (int)rng_below(rng, 11), 20, (int)rng_below(rng, 21)};
	if (!c.said)
		c.faults = 1U << SOLID_FAULT_SILENT;
	else if (!s->parsed)
		c.faults = rng_chance(rng, 0.5) ? 1U << SOLID_FAULT_SLOW : 0;
	else
		c.faults = rng_u32(rng) & ((1U << SOLID_FAULT_COUNT_) - 1) &
			   ~((1U << SOLID_FAULT_UNBUILT) - 1);
	return c;
}

static void test_agreement(void **state)
{
	struct solid_score s = {.is_measured = true, .iou = 0.3, .match = {10, 5, 20, 14}};
	struct solid_score none = {0}, exact = {.exact = true};

	(void)state;
	assert_true(fabs(report_solid_agreement(&s) - (0.3 + 0.5 + 0.7) / 3) < 1e-12);
	s.is_measured = false;
	assert_true(fabs(report_solid_agreement(&s) - (0.5 + 0.7) / 2) < 1e-12);
	s.match = (struct vec_match){10, 0, 0, 0};
	assert_true(report_solid_agreement(&s) == 0);
	assert_true(report_solid_agreement(&none) == 0);
	assert_true(report_solid_agreement(&exact) == 1);
}

static void assert_error(const struct report_solid *c, int error)
{
	bool has[ERROR_KINDS];

	report_solid_errors(c, has);
	for (int i = 0; i < ERROR_KINDS; i++)
		assert_int_equal(has[i], i == error);
}

/* Why there is no solid has one name. */
static void test_errors(void **state)
{
	struct solid_score score = {0};
	struct report_solid c = {.id = "a", .truth = "t", .said = "s", .score = &score};

	(void)state;
	assert_error(&c, ERROR_UNREAD);
	c.faults = 1U << SOLID_FAULT_SLOW;
	assert_error(&c, ERROR_SOLID + SOLID_FAULT_SLOW);
	c.faults = 1U << SOLID_FAULT_CRASHED;
	assert_error(&c, ERROR_SOLID + SOLID_FAULT_CRASHED);
	c.faults = 1U << SOLID_FAULT_SILENT;
	assert_error(&c, ERROR_SOLID + SOLID_FAULT_SILENT);
	score.parsed = true;
	c.faults = 1U << SOLID_FAULT_UNBUILT;
	assert_error(&c, ERROR_SOLID + SOLID_FAULT_UNBUILT);
	c.faults = 0;
	assert_error(&c, -1);
}

static struct buf write_page(const struct report *report, const struct report_head *head)
{
	struct buf page = {0}, path = {0};
	struct err err = {0};

	buf_str(&path, folder);
	buf_str(&path, "/report.html");
	if (report_write(report, path.data, head, &err) < 0 ||
	    fs_read(path.data, 1 << 28, &page, &err) < 0)
		fail_msg("%s", err.msg);
	buf_free(&path);
	return page;
}

static int count_of(const char *text, const char *part)
{
	int count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

/* Cases are asked for in the order in which they came, and each shows what it was given. */
static void test_views(void **state)
{
	struct rng rng = rng_seed(seed, 1);
	struct report *report = report_new(&(struct report_settings){seed, 10, 10, 1});
	static struct solid_metrics metrics;
	struct report_head head = {.title = "t", .solids = &metrics};
	struct buf page;
	int64_t *kept;
	int count;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct report_solid c = random_case(&rng, "a case");

		report_add_solid(report, &c);
	}
	count = report_kept_cases(report, &arena, &kept);
	assert_in_range(count, 10, 20 + SOLID_FAULT_COUNT_ + 1);
	for (int i = 0; i < count; i++) {
		struct report_views views = {.png = "PNG", .png_len = 3};
		char text[32];

		assert_in_range(kept[i], i > 0 ? kept[i - 1] + 1 : 0, 299);
		views.overlays_len =
			(size_t)snprintf(text, sizeof(text), "<p>view %d</p>", (int)kept[i]);
		views.overlays = text;
		report_illustrate(report, kept[i], &views);
		report_illustrate(report, kept[i], &views); /* instead of it */
	}
	report_illustrate(report, 300, &(struct report_views){.overlays = "none", 4});
	page = write_page(report, &head);
	assert_html_sound(&page, 1);
	assert_int_equal(count_of(page.data, "<article"), count);
	assert_int_equal(count_of(page.data, "<p>view "), count);
	assert_int_equal(count_of(page.data, "data:image/png;base64,UE5H\""), count);
	buf_free(&page);
	report_free(report);
	arena_reset(&arena);
}

static void test_hostile_strings(void **state)
{
	struct rng rng = rng_seed(seed, 2);
	struct report *report = report_new(&(struct report_settings){seed, 30, 30, 1});
	struct solid_summary *summary = solid_summary_new(1);
	struct score_key key = {HOSTILE, HOSTILE};
	struct report_candidate candidate = {"\0" HOSTILE, sizeof(HOSTILE), NAN};
	struct report_fact fact = {HOSTILE, HOSTILE};
	struct solid_metrics metrics;
	struct report_head head = {.title = HOSTILE,
				   .facts = &fact,
				   .fact_count = 1,
				   .solids = &metrics,
				   .curves = HOSTILE,
				   .curves_len = sizeof(HOSTILE)};
	struct buf page;

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct report_solid c = random_case(&rng, HOSTILE);

		c.groups = &key;
		c.group_count = 1;
		c.candidates = &candidate;
		c.candidate_count = 1;
		report_add_solid(report, &c);
		solid_summary_add(summary, c.score, &key, 1);
	}
	solid_summary_finish(summary, &metrics);
	page = write_page(report, &head);
	assert_html_sound(&page, 1);
	assert_null(strstr(page.data, "<script>alert"));
	assert_non_null(strstr(page.data, "&lt;script&gt;alert(1)"));
	assert_non_null(strstr(page.data, "\\xff"));
	assert_non_null(strstr(page.data, "\\u{202e}"));
	assert_non_null(strstr(page.data, "\\u{0}"));
	buf_free(&page);
	solid_summary_free(summary);
	report_free(report);
	arena_reset(&arena);
}

/* Of 20 lines the one with another number; in the arena. */
static const char *lines(int changed)
{
	struct buf text = {0};
	const char *kept;

	for (int i = 0; i < 20; i++) {
		buf_str(&text, "s.add_circle(center=(");
		buf_int(&text, i);
		buf_str(&text, i == changed ? ",1), radius=7)\n" : ",1), radius=5)\n");
	}
	kept = arena_strndup(&arena, text.data, text.len);
	buf_free(&text);
	return kept;
}

static struct buf page_of(const char *truth, const char *said)
{
	struct report *report = report_new(&(struct report_settings){seed, 1, 0, 0});
	static struct solid_metrics metrics;
	struct report_head head = {.title = "t", .solids = &metrics};
	struct solid_score score = {.parsed = true};
	struct report_solid c = {
		.id = "a", .truth = truth, .said = said, .score = &score, .log_probability = NAN};
	struct buf page;

	report_add_solid(report, &c);
	page = write_page(report, &head);
	assert_html_sound(&page, 1);
	report_free(report);
	return page;
}

/* Two equal lines on each side of the other one are shown, unless that leaves few to fold. */
static void test_folded(void **state)
{
	struct buf page = page_of(lines(-1), lines(9));

	(void)state;
	assert_int_equal(count_of(page.data, " equal lines</summary>"), 2);
	assert_non_null(strstr(page.data, "<summary>7 equal lines</summary>"));
	assert_non_null(strstr(page.data, "<summary>8 equal lines</summary>"));
	assert_int_equal(count_of(page.data, "<li class=\"changed\">"), 1);
	assert_int_equal(count_of(page.data, "<li class=\"same\">s.add"), 19);
	buf_free(&page);
	page = page_of(lines(-1), lines(5));
	assert_int_equal(count_of(page.data, " equal lines</summary>"), 1);
	buf_free(&page);
	page = page_of(lines(-1), lines(-1));
	assert_null(strstr(page.data, " equal lines</summary>"));
	assert_int_equal(count_of(page.data, "<li class=\"same\">s.add"), 20);
	buf_free(&page);
	arena_reset(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_views),     cmocka_unit_test(test_hostile_strings),
		cmocka_unit_test(test_folded),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	seed = test_seed();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
