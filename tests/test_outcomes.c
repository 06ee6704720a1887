/* SPDX-License-Identifier: MIT */
/* outcomes: what is noted is read again; what was not committed is not there; a file that breaks off at any byte,
 * or goes on with rubbish, is cut behind its last whole line; full disks. */
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

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/outcomes.h"
#include "formats/encoding/json.h"
#include "tests/disk_faults.h"

#define FIRST "{\"settings\":{\"seed\":\"7\"}}"

static char folder[200], path[256];

static const struct outcome three[] = {
	{"00000007", true, "{\"id\":\"00000007_front\"},\n{\"id\":\"00000007_top\"}", 0},
	{"b \"c\" \\", false, "b.json:3: a \xe2\x8c\x80 is open\n\ttwice", 0},
	{"00000001", true, "", 0},
};

/* What is in a file. */
struct heard {
	int count;
	struct outcome list[8]; /* texts are owned */
	int refuse_at;          /* -1: never */
};

static char *copy_of(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(mem_alloc(n, 1), s, n);
}

static int hear(void *ctx, const struct outcome *outcome, struct err *err)
{
	struct heard *h = ctx;

	assert_true(h->count < 8);
	if (h->count == h->refuse_at)
		return err_set(err, ERR_LIMIT, "enough");
	h->list[h->count] = *outcome;
	h->list[h->count].id = copy_of(outcome->id);
	h->list[h->count++].text = copy_of(outcome->text);
	return 0;
}

static void forget(struct heard *h)
{
	for (int i = 0; i < h->count; i++) {
		free((void *)(uintptr_t)h->list[i].id);
		free((void *)(uintptr_t)h->list[i].text);
	}
	*h = (struct heard){.refuse_at = -1};
}

static struct outcomes *opened(struct heard *h)
{
	struct err err = {0};
	struct outcomes *o = outcomes_open(path, hear, h, &err);

	if (!o)
		fail_msg("%s", err.msg);
	return o;
}

static void begin(void)
{
	struct err err = {0};

	assert_int_equal(outcomes_begin(path, FIRST, &err), 0);
}

static void assert_same(const struct outcome *is, const struct outcome *should)
{
	assert_string_equal(is->id, should->id);
	assert_int_equal(is->ok, should->ok);
	assert_string_equal(is->text, should->text);
}

/* Three outcomes, committed; the file's bytes. */
static void write_three(struct buf *bytes)
{
	struct heard heard = {.refuse_at = -1};
	struct err err = {0};
	struct outcomes *o;

	begin();
	o = opened(&heard);
	assert_int_equal(heard.count, 0);
	for (int i = 0; i < 3; i++)
		outcomes_add(o, three[i].id, three[i].ok, three[i].text);
	assert_int_equal(outcomes_commit(o, &err), 0);
	outcomes_free(o);
	buf_clear(bytes);
	assert_int_equal(fs_read(path, 1 << 20, bytes, &err), 0);
}

static void test_read_again(void **state)
{
	struct heard heard = {.refuse_at = -1};
	struct buf bytes = {0}, line = {0};
	struct err err = {0};
	struct outcomes *o;

	(void)state;
	write_three(&bytes);
	o = opened(&heard);
	assert_int_equal(heard.count, 3);
	for (int i = 2; i >= 0; i--) {
		struct outcome outcome;
		struct json_doc doc;

		assert_same(&heard.list[i], &three[i]);
		assert_int_equal(outcomes_read(o, heard.list[i].place, &doc, &outcome, &err), 0);
		assert_same(&outcome, &three[i]);
		json_free(&doc);
	}
	outcomes_free(o);
	forget(&heard);
	assert_int_equal(outcomes_first_line(path, &line, &err), 1);
	assert_string_equal(line.data, FIRST);
	buf_free(&line);
	buf_free(&bytes);
}

static void test_places(void **state)
{
	struct heard heard = {.refuse_at = -1};
	struct buf text = {0};
	struct err err = {0};
	struct outcome outcome;
	struct json_doc doc;
	struct outcomes *o;
	uint64_t first, second;

	(void)state;
	for (int i = 0; i < 100000; i++) /* longer than what is read at once */
		buf_char(&text, (char)('a' + i % 26));
	begin();
	o = opened(&heard);
	first = outcomes_add(o, "long", true, text.data);
	assert_int_equal(outcomes_commit(o, &err), 0);
	second = outcomes_add(o, "short", true, "x");
	assert_int_equal(outcomes_commit(o, &err), 0);
	assert_int_equal(outcomes_read(o, second, &doc, &outcome, &err), 0);
	assert_string_equal(outcome.id, "short");
	json_free(&doc);
	assert_int_equal(outcomes_read(o, first, &doc, &outcome, &err), 0);
	assert_string_equal(outcome.text, text.data);
	json_free(&doc);
	outcomes_free(o);
	buf_free(&text);
}

static void test_not_committed(void **state)
{
	struct heard heard = {.refuse_at = -1};
	struct buf bytes = {0};
	struct outcomes *o;

	(void)state;
	write_three(&bytes);
	o = opened(&heard);
	forget(&heard);
	outcomes_add(o, "fourth", true, "never there");
	outcomes_free(o);
	outcomes_free(opened(&heard));
	assert_int_equal(heard.count, 3);
	forget(&heard);
	buf_free(&bytes);
}

/* Nothing is behind what is whole. */
static void assert_length(size_t length)
{
	struct buf bytes = {0};
	struct err err = {0};

	assert_int_equal(fs_read(path, 1 << 20, &bytes, &err), 0);
	assert_int_equal(bytes.len, length);
	buf_free(&bytes);
}

static size_t whole_length(const char *bytes, size_t len)
{
	while (len > 0 && bytes[len - 1] != '\n')
		len--;
	return len;
}

static int lines_of(const char *bytes, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n += bytes[i] == '\n';
	return n;
}

/* Whatever a dying process leaves of the third, or of all three. */
static void test_torn(void **state)
{
	struct heard heard = {.refuse_at = -1};
	struct buf bytes = {0};
	struct err err = {0};

	(void)state;
	write_three(&bytes);
	for (size_t len = sizeof(FIRST); len <= bytes.len; len++) {
		int whole = lines_of(bytes.data, len) - 1;
		struct outcomes *o;

		assert_int_equal(fs_write(path, bytes.data, len, &err), 0);
		o = opened(&heard);
		assert_int_equal(heard.count, whole);
		assert_length(whole_length(bytes.data, len));
		forget(&heard);
		outcomes_add(o, "next", false, "why");
		assert_int_equal(outcomes_commit(o, &err), 0);
		outcomes_free(o);
		outcomes_free(opened(&heard));
		assert_int_equal(heard.count, whole + 1);
		assert_string_equal(heard.list[whole].id, "next");
		forget(&heard);
	}
	buf_free(&bytes);
}

static void test_rubbish(void **state)
{
	static const char rubbish[][24] = {"\0\0\0\0\n", "{\"id\":7,\"ok\":\"\"}\n",
					   "{\"id\":\"x\"}\n", "[]\n", "{\"id\":\"x\",\"ok\"\n"};
	struct heard heard = {.refuse_at = -1};
	struct buf bytes = {0};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rubbish) / sizeof(*rubbish); i++) {
		size_t whole;

		write_three(&bytes);
		whole = bytes.len;
		buf_bytes(&bytes, rubbish[i], i == 0 ? 5 : strlen(rubbish[i]));
		buf_str(&bytes, "{\"id\":\"after\",\"ok\":\"\"}\n");
		assert_int_equal(fs_write(path, bytes.data, bytes.len, &err), 0);
		outcomes_free(opened(&heard));
		assert_int_equal(heard.count, 3);
		assert_length(whole);
		forget(&heard);
	}
	buf_free(&bytes);
}

static void test_first_line(void **state)
{
	struct buf line = {0};
	struct err err = {0};

	(void)state;
	unlink(path);
	assert_int_equal(outcomes_first_line(path, &line, &err), 0);
	assert_int_equal(fs_write(path, FIRST, strlen(FIRST), &err), 0);
	assert_int_equal(outcomes_first_line(path, &line, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_int_equal(fs_write(path, "", 0, &err), 0);
	assert_int_equal(outcomes_first_line(path, &line, &err), -1);
	buf_free(&line);
}

static void test_refused(void **state)
{
	struct heard heard = {.refuse_at = 1};
	struct buf bytes = {0};
	struct err err = {0};

	(void)state;
	write_three(&bytes);
	assert_null(outcomes_open(path, hear, &heard, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	forget(&heard);
	unlink(path);
	assert_null(outcomes_open(path, hear, &heard, &err));
	assert_int_equal(err.code, ERR_IO);
	buf_free(&bytes);
}

/* Nothing is taken for written after a failure, and what was before it is there. */
static void test_full_disk(void **state)
{
	struct heard heard = {.refuse_at = -1};
	struct buf bytes = {0};
	struct err err = {0};

	(void)state;
	for (long steps = 0;; steps++) {
		struct outcomes *o;
		int rc;

		write_three(&bytes);
		o = opened(&heard);
		forget(&heard);
		outcomes_add(o, "fourth", true, "text");
		disk_fault = DISK_FULL;
		disk_steps_left = steps;
		rc = outcomes_commit(o, &err);
		disk_fault = DISK_GOOD;
		if (rc == 0) {
			outcomes_free(o);
			assert_true(steps > 0);
			break;
		}
		assert_int_equal(err.code, ERR_IO);
		assert_int_equal(outcomes_commit(o, &err), -1);
		outcomes_free(o);
		outcomes_free(opened(&heard));
		assert_true(heard.count >= 3);
		forget(&heard);
	}
	buf_free(&bytes);
}

static void test_due(void **state)
{
	struct heard heard = {.refuse_at = -1};
	struct err err = {0};
	struct outcomes *o;

	(void)state;
	begin();
	o = opened(&heard);
	assert_false(outcomes_is_due(o)); /* nothing to commit, however long it is */
	outcomes_add(o, "x", true, "");
	assert_true(outcomes_is_due(o)); /* the clock runs four seconds a look */
	assert_int_equal(outcomes_commit(o, &err), 0);
	assert_false(outcomes_is_due(o));
	outcomes_free(o);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_again),    cmocka_unit_test(test_places),
		cmocka_unit_test(test_not_committed), cmocka_unit_test(test_torn),
		cmocka_unit_test(test_rubbish),       cmocka_unit_test(test_first_line),
		cmocka_unit_test(test_refused),       cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_due),
	};
	const char *tmp = getenv("TMPDIR");
	int failed;

	snprintf(folder, sizeof(folder), "%s/cadgen-outcomes.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return 99;
	snprintf(path, sizeof(path), "%s/journal", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fs_remove_tree(folder, NULL);
	return failed;
}
