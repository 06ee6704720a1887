/* SPDX-License-Identifier: MIT */
/* llava_read: entries in any layout, those of a dataset of ours, and every refusal with its line. */
#include <config.h>

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/dataset/dataset_read.h"
#include "formats/dataset/llava_read.h"
#include "tests/dataset_fixture.h"
#include "tests/random_shapes.h"

static struct arena arena;

/* The whole of an entry but its image and conversations. */
#define TURNS(question, answer)                                                                    \
	"\"conversations\":[{\"from\":\"human\",\"value\":\"" question                             \
	"\"},{\"from\":\"gpt\",\"value\":\"" answer "\"}]"
#define ENTRY(id, image, question, answer)                                                         \
	"{\"id\":\"" id "\",\"image\":\"" image "\"," TURNS(question, answer) "}"

/* The file is called train.json and lies in fixture_out. */
static const char *put(const char *text, size_t len)
{
	const char *path = fixture_path(fixture_out, "train.json");
	struct err err = {0};

	assert_int_equal(fs_mkdirs(fixture_out, &err), 0);
	assert_int_equal(fs_write(path, text, len, &err), 0);
	return path;
}

static struct llava_reader *opened(const char *path, const char *folder)
{
	struct err err = {0};
	struct llava_reader *reader = llava_reader_open(path, folder, &err);

	if (!reader)
		fail_msg("%s", err.msg);
	return reader;
}

static struct llava_reader *opened_text(const char *text)
{
	return opened(put(text, strlen(text)), "pictures");
}

static struct llava_sample next(struct llava_reader *reader)
{
	struct llava_sample sample;
	struct err err = {0};
	int rc = llava_read(reader, &sample, &arena, &err);

	if (rc != 1)
		fail_msg("%d: %s", rc, err.msg);
	return sample;
}

static void assert_end(struct llava_reader *reader)
{
	struct llava_sample sample;
	struct err err = {0};

	if (llava_read(reader, &sample, &arena, &err) != 0)
		fail_msg("no end: %s", err.msg);
	llava_reader_free(reader);
}

static void assert_sample(const struct llava_sample *s, const char *id, const char *image,
			  const char *prompt, const char *program)
{
	assert_string_equal(s->id, id);
	assert_string_equal(s->image, image);
	assert_string_equal(s->prompt, prompt);
	assert_string_equal(s->program, program);
}

/* The text of the file must fail after `good` entries with "path" and `what`. */
static void assert_text_refused(const char *text, size_t len, int good, enum err_code code,
				const char *what)
{
	const char *path = put(text, len);
	struct err err = {0};
	struct llava_reader *reader = llava_reader_open(path, "p", &err);
	struct llava_sample sample;
	char msg[600];
	int rc = reader ? 1 : -1, n = 0;

	while (rc > 0 && (rc = llava_read(reader, &sample, &arena, &err)) > 0)
		n++;
	llava_reader_free(reader);
	snprintf(msg, sizeof(msg), "%s:%s", path, what);
	assert_int_equal(rc, -1);
	assert_string_equal(err.msg, msg);
	assert_int_equal(err.code, code);
	assert_int_equal(n, good);
}

#define REFUSED(text, good, what)                                                                  \
	assert_text_refused(text, sizeof(text) - 1, good, ERR_FORMAT, what)

/* --- what is read */

static void test_entries(void **state)
{
	struct llava_reader *reader = opened_text(
		"[" ENTRY("a", "x/1.png", "<image>\\nWhat is it?", "circle(x=1)") ",\n\n" ENTRY(
			"b", "2.png", "Draw it.\\n<image>", " line\\u0028)\\n") "]\n");
	struct llava_sample s = next(reader);

	(void)state;
	assert_sample(&s, "a", "pictures/x/1.png", "What is it?", "circle(x=1)");
	assert_int_equal(s.index, 0);
	assert_int_equal(s.line, 1);
	s = next(reader);
	assert_sample(&s, "b", "pictures/2.png", "Draw it.", " line()\n");
	assert_int_equal(s.index, 1);
	assert_int_equal(s.line, 3);
	assert_end(reader);
}

static void test_layout(void **state)
{
	struct llava_reader *reader = opened_text(
		"\xef\xbb\xbf \n[\n  {\n    \"width\": [1, {\"a\": null}],\n    \"conversations\": "
		"[\n"
		"      {\"value\": \"see <image> and\\nsay\", \"from\": \"human\", \"weight\": "
		"1},\n"
		"      {\"value\": \"p\", \"from\": \"gpt\"}\n    ],\n    \"image\": \"1.png\"\n  "
		"}\n,\r\n"
		"\t{\"id\": 12, \"image\": \"a..b/...png\"," TURNS(
			"<image>q", "r") "}\n,{\"id\":null,"
					 "\"image\":\"./3\"," TURNS("<image>\\n q \\t", "r") "}]");
	struct llava_sample s = next(reader);

	(void)state;
	assert_sample(&s, "0", "pictures/1.png", "see  and\nsay", "p");
	assert_int_equal(s.line, 3);
	s = next(reader);
	assert_sample(&s, "12", "pictures/a..b/...png", "q", "r");
	assert_int_equal(s.line, 12);
	s = next(reader);
	assert_sample(&s, "2", "pictures/./3", "q", "r");
	assert_int_equal(s.line, 13);
	assert_end(reader);
}

static void test_none(void **state)
{
	(void)state;
	assert_end(opened_text("[]"));
	assert_end(opened_text(" [ \n ] \n"));
}

static void assert_folder(const char *path, const char *folder, const char *image)
{
	struct llava_reader *reader = opened(path, folder);
	struct llava_sample s = next(reader);

	assert_string_equal(s.image, image);
	assert_end(reader);
}

static void test_folder(void **state)
{
	const char text[] = "[" ENTRY("a", "i.png", "<image>q", "r") "]";
	const char *path = put(text, sizeof(text) - 1);
	char image[400], here[PATH_MAX];

	(void)state;
	assert_folder(path, "a/b", "a/b/i.png");
	assert_folder(path, "a/b/", "a/b/i.png");
	assert_folder(path, "/", "/i.png");
	snprintf(image, sizeof(image), "%s/i.png", fixture_out);
	assert_folder(path, NULL, image);
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(fixture_out), 0);
	assert_folder("train.json", NULL, "./i.png");
	assert_int_equal(chdir(here), 0);
}

/* What dataset_append writes reads alike here and through dataset_read. */
static void test_own_dataset(void **state)
{
	struct dataset_settings settings = fixture_settings();
	struct llava_reader *train, *val;
	struct dataset_reader *reader;
	struct dataset_sample wanted;
	struct err err = {0};
	int n = 0, of_val = 0;

	(void)state;
	assert_made(&settings, DATASET_NEW, COUNT);
	reader = dataset_reader_open(fixture_out, &err);
	assert_non_null(reader);
	train = opened(fixture_path(fixture_out, "train.json"), NULL);
	val = opened(fixture_path(fixture_out, "val.json"), fixture_out);
	while (dataset_read(reader, &wanted, &arena, &err) > 0) {
		bool is_val = strcmp(fs_base_name(wanted.program_place.path), "val.json") == 0;
		struct llava_sample s = next(is_val ? val : train);

		assert_sample(&s, wanted.id, wanted.image, wanted.prompt, wanted.program);
		assert_int_equal(s.line, wanted.program_place.line);
		n++;
		of_val += is_val;
	}
	assert_int_equal(n, COUNT);
	assert_true(of_val > 0 && of_val < COUNT);
	assert_end(train);
	assert_end(val);
	dataset_reader_free(reader);
}

static void put_space(struct rng *rng, struct buf *b, long *line)
{
	for (uint32_t n = rng_below(rng, 3); n > 0; n--) {
		char c = " \t\r\n"[rng_below(rng, 4)];

		buf_char(b, c);
		*line += c == '\n';
	}
}

/* The pieces in order, with white space between; returns the line of the first. */
static long put_pieces(struct rng *rng, struct buf *b, long *line, const char *const *pieces)
{
	long first;

	put_space(rng, b, line);
	first = *line;
	for (; *pieces; pieces++) {
		buf_str(b, *pieces);
		put_space(rng, b, line);
	}
	return first;
}

static void test_random_layout(void **state)
{
	static const char *const entry[] = {"{", "\"image\"",
					    ":", "\"i.png\"",
					    ",", "\"conversations\"",
					    ":", "[",
					    "{", "\"from\"",
					    ":", "\"human\"",
					    ",", "\"value\"",
					    ":", "\"<image>q\"",
					    "}", ",",
					    "{", "\"value\"",
					    ":", "\"]}\\\"\"",
					    ",", "\"from\"",
					    ":", "\"gpt\"",
					    "}", "]",
					    "}", NULL};
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 200; i++) {
		int count = (int)rng_below(&rng, 5);
		struct llava_reader *reader;
		struct buf text = {0};
		long lines[5], line = 1;

		put_pieces(&rng, &text, &line, (const char *const[]){"[", NULL});
		for (int k = 0; k < count; k++) {
			if (k > 0)
				buf_char(&text, ',');
			lines[k] = put_pieces(&rng, &text, &line, entry);
		}
		buf_str(&text, "]");
		put_space(&rng, &text, &line);
		reader = opened_text(text.data);
		for (int k = 0; k < count; k++) {
			struct llava_sample s = next(reader);

			assert_string_equal(s.program, "]}\"");
			assert_int_equal(s.line, lines[k]);
			assert_int_equal(s.index, k);
		}
		assert_end(reader);
		buf_free(&text);
	}
}

/* --- refusals */

static void test_no_array(void **state)
{
	(void)state;
	REFUSED("", 0, "1: an array of entries must begin here");
	REFUSED("\n{}\n", 0, "2: an array of entries must begin here");
	REFUSED("\xef\xbb\xbf", 0, "1: an array of entries must begin here");
	REFUSED("[", 0, "1: entry 1: expected ',' or ']' before it");
	REFUSED("[]\n\n{}", 0, "3: more text behind the array");
	REFUSED("[" ENTRY("a", "b", "<image>c", "d") "\n]]", 1, "2: more text behind the array");
}

static void test_syntax(void **state)
{
	(void)state;
	REFUSED("[" ENTRY("a", "b", "<image>c", "d") "\n{}]", 1,
		"2: entry 2: expected ',' or ']' before it");
	REFUSED("[" ENTRY("a", "b", "<image>c", "d") ",\n]", 1, "2: entry 2: not a JSON value");
	REFUSED("[" ENTRY("a", "b", "<image>c", "d") ",", 1,
		"1: entry 2: a value is missing at the end");
	REFUSED("[" ENTRY("a", "b", "<image>c", "d"), 1,
		"1: entry 2: expected ',' or ']' before it");
	REFUSED("[{\n\"id\": 01}]", 0, "2: entry 1: number with a leading zero");
	REFUSED("[{\n\n\"id\": \"\xff\"}]", 0, "3: entry 1: not UTF-8");
	REFUSED("[{\"id\":\"a\",\n\"id\":\"a\"}]", 0, "2: key 'id' given twice");
	REFUSED("[{\"id\":\"a\0\"}]", 0, "1: entry 1: control character in a string");
}

static void test_parts(void **state)
{
	(void)state;
	REFUSED("[3]", 0, "1: entry 1: it is no object");
	REFUSED("[\n{\"id\":{}}]", 0, "2: entry 1: 'id' must be a string or a whole number");
	REFUSED("[{\"id\":1.5}]", 0, "1: entry 1: 'id' must be a string or a whole number");
	REFUSED("[{\"id\":\"a\",\n" TURNS("q", "r") "}]", 0, "1: entry 1 ('a'): it has no 'image'");
	REFUSED("[{\"image\":null}]", 0, "1: entry 1: it has no 'image'");
	REFUSED("[{\"id\":\"a\",\n\"image\":[\"b\"]}]", 0,
		"2: entry 1 ('a'): 'image' must be a string");
	REFUSED("[{\"image\":\"\"}]", 0, "1: entry 1: 'image' must have 1 to 4096 bytes");
	REFUSED("[{\"image\":\"b\"}]", 0, "1: entry 1: 'conversations' must be an array");
	REFUSED("[{\"image\":\"b\",\n\"conversations\":{}}]", 0,
		"2: entry 1: 'conversations' must be an array");
}

static void test_images(void **state)
{
	static const char *const outside[] = {"/etc/x", "..",      "../x",  "a/../x",
					      "a/..",   "a//../x", "./../x"};
	char text[300], what[200];

	(void)state;
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		snprintf(text, sizeof(text),
			 "[{\"id\":\"a\",\"image\":\"%s\"," TURNS("<image>q", "r") "}]",
			 outside[i]);
		snprintf(what, sizeof(what),
			 "1: entry 1 ('a'): 'image' is '%s', outside the image folder", outside[i]);
		assert_text_refused(text, strlen(text), 0, ERR_FORMAT, what);
	}
}

static void test_turns(void **state)
{
	(void)state;
	REFUSED("[" ENTRY("a", "b", "<image>c",
			  "d") ",\n{\"id\":\"e\",\"image\":\"f\",\n\"conversations\":["
			       "{\"from\":\"human\",\"value\":\"<image>q\"},{\"from\":\"gpt\","
			       "\"value\":\"r\"},"
			       "{\"from\":\"human\",\"value\":\"q\"},{\"from\":\"gpt\",\"value\":"
			       "\"r\"}]}]",
		1, "3: entry 2 ('e'): 4 turns; one question and its answer are taken");
	REFUSED("[{\"image\":\"b\",\"conversations\":[]}]", 0,
		"1: entry 1: 0 turns; one question and its answer are taken");
	REFUSED("[{\"image\":\"b\",\"conversations\":[1,2]}]", 0,
		"1: entry 1: turn 1 must be from 'human'");
	REFUSED("[{\"image\":\"b\",\"conversations\":[{\"from\":\"human\",\"value\":\"<image>q\"},"
		"\n"
		"{\"from\":\"assistant\",\"value\":\"r\"}]}]",
		0, "2: entry 1: turn 2 must be from 'gpt'");
	REFUSED("[{\"image\":\"b\",\"conversations\":[{\"from\":\"human\",\n\"value\":3},{}]}]", 0,
		"2: entry 1: 'value' of turn 1 must be a string");
	REFUSED("[{\"image\":\"b\",\"conversations\":[{\"from\":\"human\"},{}]}]", 0,
		"1: entry 1: 'value' of turn 1 must be a string");
	REFUSED("[" ENTRY("a", "b", "c", "d") "]", 0, "1: entry 1 ('a'): no <image> in turn 1");
	REFUSED("[" ENTRY("a", "b", "<image>c<image>", "d") "]", 0,
		"1: entry 1 ('a'): more than one <image> in turn 1");
	REFUSED("[" ENTRY("a", "b", "<ima<image>ge>", "d") "]", 0,
		"1: entry 1 ('a'): more than one <image> in turn 1");
	REFUSED("[" ENTRY("a", "b", "<image>c", "d<image>") "]", 0,
		"1: entry 1 ('a'): <image> in turn 2");
	REFUSED("[" ENTRY("a", "b", " <image>\\n", "d") "]", 0,
		"1: entry 1 ('a'): turn 1 asks nothing");
	REFUSED("[" ENTRY("a", "b", "<image>c", " \\n") "]", 0,
		"1: entry 1 ('a'): turn 2 says nothing");
	REFUSED("[" ENTRY("a\\n", "b", "", "d") "]", 0, "1: entry 1 ('a?'): turn 1 says nothing");
}

static void put_long_entry(struct buf *text, size_t bytes)
{
	static const char begin[] =
		"{\"image\":\"i\",\"conversations\":[{\"from\":\"human\",\"value\":"
		"\"<image>q\"},{\"from\":\"gpt\",\"value\":\"";
	static const char end[] = "\"}]}";
	size_t most;

	buf_clear(text);
	buf_str(text, "[\n");
	buf_str(text, begin);
	most = bytes - (sizeof(begin) - 1) - (sizeof(end) - 1);
	for (size_t i = 0; i < most; i++)
		buf_char(text, 'x');
	buf_str(text, end);
	buf_str(text, "]");
}

static void test_long_entry(void **state)
{
	struct llava_reader *reader;
	struct buf text = {0};

	(void)state;
	put_long_entry(&text, 1 << 20);
	reader = opened_text(text.data);
	next(reader);
	assert_end(reader);
	for (size_t more = 1; more < 12; more++) {
		put_long_entry(&text, (1 << 20) + more);
		assert_text_refused(text.data, text.len, 0, ERR_LIMIT,
				    "2: entry 1: more than 1048576 bytes");
	}
	buf_free(&text);
}

static void test_files(void **state)
{
	struct err err = {0};

	(void)state;
	assert_null(llava_reader_open("/absent/train.json", NULL, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "cannot open /absent/train.json: No such file or directory");
	assert_null(llava_reader_open("/", NULL, &err));
	assert_string_equal(err.msg, "cannot read /: Is a directory");
	assert_null(llava_reader_open("/dev/null", NULL, &err));
	assert_string_equal(err.msg, "cannot read /dev/null: Illegal seek");
	llava_reader_free(NULL);
}

static int clean(void **state)
{
	arena_free(&arena);
	return fixture_clean(state);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_entries, clean),
		cmocka_unit_test_teardown(test_layout, clean),
		cmocka_unit_test_teardown(test_none, clean),
		cmocka_unit_test_teardown(test_folder, clean),
		cmocka_unit_test_teardown(test_own_dataset, clean),
		cmocka_unit_test_teardown(test_random_layout, clean),
		cmocka_unit_test_teardown(test_no_array, clean),
		cmocka_unit_test_teardown(test_syntax, clean),
		cmocka_unit_test_teardown(test_parts, clean),
		cmocka_unit_test_teardown(test_images, clean),
		cmocka_unit_test_teardown(test_turns, clean),
		cmocka_unit_test_teardown(test_long_entry, clean),
		cmocka_unit_test_teardown(test_files, clean),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
