/* SPDX-License-Identifier: MIT */
/*
 * stream: a sample depends on its number alone, not on the thread or on what came before; one that cannot
 * be laid out has a substitute; practice has the same program and more lettering.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "gen/stream_main.h"
#include "tests/random_shapes.h"

/* Of this seed in this style at this size there is no room for this one. */
#define CROWDED_SEED 1
#define CROWDED_PX 224
#define CROWDED UINT64_C(1099511629466)
#define SUBSTITUTE (CROWDED + (UINT64_C(1) << 48))

static struct stream *open_stream(const char *style, int64_t px, uint64_t seed)
{
	struct stream_settings settings = {.family[FAMILY_SHAPES] = 1,
					   .language = LANGUAGE_CALLS,
					   .size_px = px,
					   .seed = seed};
	struct err err = {0};
	struct stream *stream;

	settings.style = source_file(style);
	stream = stream_new(&settings, 2, &err);
	if (!stream)
		fail_msg("%s", err.msg);
	return stream;
}

/* What is borrowed from a thread, kept. */
struct kept {
	char *program;
	uint8_t *px;
	size_t bytes;
	int texts;
};

static struct kept read_kept(struct stream *stream, int thread, uint64_t index, bool practice)
{
	struct stream_sample sample;
	struct kept kept = {0};
	struct err err = {0};

	if (stream_read(stream, thread, index, practice, &sample, &err) < 0)
		fail_msg("%s", err.msg);
	kept.program = mem_alloc(strlen(sample.program) + 1, 1);
	memcpy(kept.program, sample.program, strlen(sample.program) + 1);
	kept.bytes = sample.image.stride * (size_t)sample.image.height;
	kept.px = mem_alloc(kept.bytes, 1);
	memcpy(kept.px, sample.image.px, kept.bytes);
	for (int i = 0; i < sample.annotations->count; i++)
		kept.texts += sample.annotations->items[i].class_ == ANNOTATION_TEXT;
	assert_int_equal(sample.annotations->scene->family, FAMILY_SHAPES);
	return kept;
}

static void free_kept(struct kept *kept)
{
	free(kept->program);
	free(kept->px);
}

static bool equal_pictures(const struct kept *a, const struct kept *b)
{
	return a->bytes == b->bytes && memcmp(a->px, b->px, a->bytes) == 0;
}

static void assert_same(struct kept a, struct kept b)
{
	assert_string_equal(a.program, b.program);
	assert_true(equal_pictures(&a, &b));
	free_kept(&a);
	free_kept(&b);
}

static void test_number_alone(void **state)
{
	struct stream *stream = open_stream("samples/styles/clean_and_scan.json", 256, test_seed());

	(void)state;
	for (uint64_t i = 0; i < 10; i++) {
		struct kept first = read_kept(stream, 0, i, i % 2);

		assert_same(read_kept(stream, 1, 9 - i, i % 2), read_kept(stream, 0, 9 - i, i % 2));
		assert_same(first, read_kept(stream, 1, i, i % 2));
	}
	stream_free(stream);
}

static void test_substitute(void **state)
{
	struct stream *stream =
		open_stream("samples/styles/clean_and_scan.json", CROWDED_PX, CROWDED_SEED);

	(void)state;
	assert_same(read_kept(stream, 0, CROWDED, false), read_kept(stream, 0, SUBSTITUTE, false));
	stream_free(stream);
}

static void test_practice(void **state)
{
	struct stream *stream = open_stream("samples/styles/iso-clean.json", 256, test_seed());
	int plain = 0, practice = 0;

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		struct kept a = read_kept(stream, 0, i, false), b = read_kept(stream, 0, i, true);

		assert_string_equal(a.program, b.program);
		assert_false(equal_pictures(&a, &b));
		plain += a.texts;
		practice += b.texts;
		free_kept(&a);
		free_kept(&b);
	}
	assert_true(practice > 4 * plain);
	stream_free(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number_alone),
		cmocka_unit_test(test_substitute),
		cmocka_unit_test(test_practice),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
