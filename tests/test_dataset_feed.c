/* SPDX-License-Identifier: MIT */
/*
 * dataset_feed: every worker of a pool gets the samples of its chunk, in whatever order they come;
 * a broken line ends the run with its own message.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "formats/dataset/dataset_feed.h"
#include "tests/dataset_fixture.h"

#define CHUNK 3
#define JOBS 5
#define SLOTS_MAX 64

struct reading {
	struct dataset_feed *feed;
	struct arena arenas[SLOTS_MAX];
	struct dataset_sample samples[SLOTS_MAX][CHUNK];
	uint64_t next; /* sample to be committed */
};

static int work(void *ctx, int worker, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct reading *r = ctx;

	(void)worker;
	arena_reset(&r->arenas[slot]);
	return dataset_feed_read(r->feed, r->samples[slot], first, last, &r->arenas[slot], err);
}

static int commit(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct reading *r = ctx;
	char id[32];

	(void)err;
	for (uint64_t i = first; i < last; i++) {
		assert_int_equal(i, r->next++);
		assert_int_equal(r->samples[slot][i - first].index, i);
		snprintf(id, sizeof(id), "%08d", (int)i);
		assert_string_equal(r->samples[slot][i - first].id, id);
	}
	return 0;
}

/* Reads fixture_out from `begin` on; returns what pool_run does. */
static int read_all(struct reading *r, uint64_t begin, struct err *err)
{
	struct pool_job job = {.begin = begin,
			       .end = COUNT,
			       .chunk = CHUNK,
			       .jobs = JOBS,
			       .ctx = r,
			       .work = work,
			       .commit = commit};
	int rc;

	*r = (struct reading){.next = begin};
	assert_true(pool_slots(&job) <= SLOTS_MAX);
	r->feed = dataset_feed_open(fixture_out, err);
	if (!r->feed)
		fail_msg("%s", err->msg);
	rc = dataset_feed_skip(r->feed, begin, err);
	if (rc == 0)
		rc = pool_run(&job, err);
	return rc;
}

static void end(struct reading *r)
{
	dataset_feed_free(r->feed);
	for (int i = 0; i < SLOTS_MAX; i++)
		arena_free(&r->arenas[i]);
}

static void make(void)
{
	struct dataset_settings settings = fixture_settings();

	fixture_clean(NULL);
	assert_made(&settings, DATASET_NEW, COUNT);
}

static void test_every_chunk_gets_its_samples(void **state)
{
	static struct reading r;
	struct err err = {0};

	(void)state;
	make();
	for (uint64_t begin = 0; begin <= COUNT; begin++) {
		if (read_all(&r, begin, &err) < 0)
			fail_msg("%s", err.msg);
		assert_int_equal(r.next, COUNT);
		assert_int_equal(dataset_feed_check_end(r.feed, &err), 0);
		end(&r);
	}
}

static void test_facts(void **state)
{
	struct dataset_settings settings = fixture_settings();
	const struct dataset_facts *facts;
	struct dataset_feed *feed;
	struct err err = {0};

	(void)state;
	make();
	feed = dataset_feed_open(fixture_out, &err);
	assert_non_null(feed);
	facts = dataset_feed_facts(feed);
	assert_int_equal(facts->count, COUNT);
	assert_string_equal(facts->family, settings.family);
	assert_true(facts->prompts_hash == settings.prompts_hash);
	assert_true(facts->max_overlap == settings.max_overlap);
	dataset_feed_free(feed);
	dataset_feed_free(NULL);
}

static void test_no_dataset(void **state)
{
	struct err err = {0};

	(void)state;
	fixture_clean(NULL);
	assert_null(dataset_feed_open(fixture_out, &err));
	assert_non_null(strstr(err.msg, fixture_out));
}

/* The message is that of the chunk with the broken line, not of those behind it. */
static void test_a_broken_line_ends_the_run(void **state)
{
	static struct reading r;
	struct err err = {0};
	struct buf text;
	char *line;

	(void)state;
	make();
	text = fixture_text(fixture_out, "scenes.jsonl");
	line = text.data;
	for (int i = 0; i < 10; i++)
		line = strchr(line, '\n') + 1;
	*strchr(line, '\n') = ' '; /* two lines become one: the last is missing */
	fixture_put("scenes.jsonl", text.data);
	buf_free(&text);
	assert_int_equal(read_all(&r, 0, &err), -1);
	if (!strstr(err.msg, "scenes.jsonl:"))
		fail_msg("%s", err.msg);
	assert_true(r.next % CHUNK == 0 && r.next < COUNT);
	end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_every_chunk_gets_its_samples, fixture_clean),
		cmocka_unit_test_teardown(test_facts, fixture_clean),
		cmocka_unit_test_teardown(test_no_dataset, fixture_clean),
		cmocka_unit_test_teardown(test_a_broken_line_ends_the_run, fixture_clean),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
