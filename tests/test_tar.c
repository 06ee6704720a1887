/* SPDX-License-Identifier: MIT */
/*
 * tar: random entries there and back; writers whose entries are mixed; the same bytes; what tar and
 * Python read; archives of theirs; cut and damaged ones; what is refused.
 */
#include <config.h>

#include <pthread.h>
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
#include "formats/encoding/tar.h"
#include "tests/random_shapes.h"

#define PYTHON "/usr/bin/python3"

enum { BLOCK_BYTES = 512, ENTRIES_MAX = 12 };

static char folder[256], path[300];

static void need_tar(void)
{
	if (!tar_available()) {
		print_message("# built without libarchive\n");
		skip();
	}
}

static void write_file(const void *data, size_t n)
{
	struct err err = {0};

	if (fs_write(path, data, n, &err) < 0)
		fail_msg("%s", err.msg);
}

static void run(const char *command)
{
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

static struct tar_writer *new_writer(void)
{
	struct err err = {0};
	struct tar_writer *writer = tar_writer_new(&err);

	if (!writer)
		fail_msg("%s", err.msg);
	return writer;
}

static void put(struct tar_writer *writer, const char *name, const void *data, size_t n,
		struct buf *out)
{
	struct err err = {0};

	if (tar_put(writer, name, data, n, out, &err) < 0)
		fail_msg("%s", err.msg);
}

struct entries {
	struct buf names[ENTRIES_MAX], data[ENTRIES_MAX];
	size_t ends[ENTRIES_MAX + 1]; /* of the first i in the archive */
	size_t count;
};

static struct entries random_entries(struct rng *rng)
{
	struct entries e = {.count = rng_below(rng, ENTRIES_MAX + 1)};

	for (size_t i = 0; i < e.count; i++) {
		size_t n = rng_below(rng, 1u << rng_below(rng, 12));

		for (uint32_t depth = rng_below(rng, 6); depth > 0; depth--)
			buf_str(&e.names[i], rng_below(rng, 2) ? "folder/" : "\xd0\xbf\xd0\xb0/");
		buf_uint(&e.names[i], i);
		buf_str(&e.names[i], ".png");
		buf_str(&e.data[i], "");
		for (size_t k = 0; k < n; k++)
			buf_char(&e.data[i], (char)rng_below(rng, 256));
	}
	return e;
}

static void free_entries(struct entries *e)
{
	for (size_t i = 0; i < e->count; i++) {
		buf_free(&e->names[i]);
		buf_free(&e->data[i]);
	}
}

/* Without its end. */
static void put_entries(struct tar_writer *writer, struct entries *e, struct buf *out)
{
	for (size_t i = 0; i < e->count; i++) {
		put(writer, e->names[i].data, e->data[i].data, e->data[i].len, out);
		e->ends[i + 1] = out->len;
	}
}

/* Reads path, whose entries are the first of e; 0 or -1. */
static int read_entries(const struct entries *e, size_t *count, struct err *err)
{
	struct tar_reader *reader = tar_open(path, err);
	struct tar_entry entry;
	int got = -1;

	*count = 0;
	while (reader && (got = tar_next(reader, &entry, err)) > 0) {
		assert_true(*count < e->count);
		assert_string_equal(entry.name, e->names[*count].data);
		assert_int_equal(entry.len, e->data[*count].len);
		assert_memory_equal(entry.data, e->data[*count].data, entry.len);
		assert_int_equal(entry.data[entry.len], 0);
		++*count;
	}
	if (got == 0)
		assert_int_equal(tar_next(reader, &entry, err), 0);
	tar_close(reader);
	return got;
}

/* Archives of our own, whose entries' bytes lie where their offsets say. */
static void assert_reads(const struct buf *archive, const struct entries *e)
{
	struct tar_reader *reader;
	struct tar_entry entry;
	struct err err = {0};
	size_t count;

	write_file(archive->data, archive->len);
	if (read_entries(e, &count, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(count, e->count);
	reader = tar_open(path, &err);
	while (tar_next(reader, &entry, &err) > 0)
		assert_memory_equal(archive->data + entry.offset, entry.data, entry.len);
	tar_close(reader);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void test_random_entries(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	need_tar();
	for (int round = 0; round < 100; round++) {
		struct tar_writer *writer = new_writer();
		struct entries e = random_entries(&rng);
		struct buf archive = {0};
		size_t n;

		put_entries(writer, &e, &archive);
		for (size_t i = 0; i <= e.count; i++)
			assert_int_equal(e.ends[i] % BLOCK_BYTES, 0);
		n = archive.len;
		tar_writer_free(writer);
		assert_int_equal(archive.len, n);
		tar_put_end(&archive);
		assert_int_equal(archive.len, n + 2 * (size_t)BLOCK_BYTES);
		assert_reads(&archive, &e);
		buf_free(&archive);
		free_entries(&e);
	}
}

/* Each entry by one of three writers, whose buffers then follow each other. */
static void test_several_writers(void **state)
{
	struct rng rng = rng_seed(test_seed(), 2);

	(void)state;
	need_tar();
	for (int round = 0; round < 30; round++) {
		struct tar_writer *writers[3] = {new_writer(), new_writer(), new_writer()}, *alone;
		struct entries e = random_entries(&rng);
		struct buf archive = {0}, whole = {0};

		for (size_t i = 0; i < e.count; i++) {
			struct buf one = {0};

			put(writers[rng_below(&rng, 3)], e.names[i].data, e.data[i].data,
			    e.data[i].len, &one);
			buf_bytes(&archive, one.data, one.len);
			buf_free(&one);
		}
		for (int i = 0; i < 3; i++)
			tar_writer_free(writers[i]);
		alone = new_writer();
		put_entries(alone, &e, &whole);
		tar_writer_free(alone);
		assert_int_equal(archive.len, whole.len);
		if (archive.len)
			assert_memory_equal(archive.data, whole.data, whole.len);
		tar_put_end(&archive);
		assert_reads(&archive, &e);
		buf_free(&archive);
		buf_free(&whole);
		free_entries(&e);
	}
}

struct task {
	struct entries *e;
	struct buf out;
};

static void *run_task(void *data)
{
	struct task *task = data;
	struct tar_writer *writer = tar_writer_new(NULL);

	for (int i = 0; i < 50; i++) {
		buf_clear(&task->out);
		for (size_t k = 0; k < task->e->count; k++)
			if (tar_put(writer, task->e->names[k].data, task->e->data[k].data,
				    task->e->data[k].len, &task->out, NULL) < 0)
				buf_char(&task->out, '!');
	}
	tar_writer_free(writer);
	return NULL;
}

/* Each thread with a writer: the same bytes. */
static void test_threads(void **state)
{
	enum { THREADS = 4 };
	struct rng rng = rng_seed(test_seed(), 6);
	struct entries e;
	struct task tasks[THREADS] = {0};
	pthread_t threads[THREADS];
	struct tar_writer *writer;
	struct buf alone = {0};

	(void)state;
	need_tar();
	e = random_entries(&rng);
	for (int i = 0; i < THREADS; i++) {
		tasks[i].e = &e;
		assert_int_equal(pthread_create(&threads[i], NULL, run_task, &tasks[i]), 0);
	}
	writer = new_writer();
	put_entries(writer, &e, &alone);
	tar_writer_free(writer);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(tasks[i].out.len, alone.len);
		if (alone.len)
			assert_memory_equal(tasks[i].out.data, alone.data, alone.len);
		buf_free(&tasks[i].out);
	}
	buf_free(&alone);
	free_entries(&e);
}

/* Every field of a header. */
static void test_bytes(void **state)
{
	static const char expected[BLOCK_BYTES] =
		"0007."
		"png\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0"
		"\0\0\0\0\0\0\0\0\0\0"
		"000644 \0"
		"000000 \0"
		"000000 \0"
		"00000000003 "
		"00000000000 "
		"007576\0 "
		"0";
	struct tar_writer *writer;
	struct buf out = {0};
	uint32_t sum = 0;
	char text[9];

	(void)state;
	need_tar();
	writer = new_writer();
	buf_str(&out, "before");
	put(writer, "0007.png", "abc", 3, &out);
	tar_writer_free(writer);
	assert_int_equal(out.len, 6 + 2 * BLOCK_BYTES);
	assert_memory_equal(out.data + 6, expected, 148);
	assert_int_equal(out.data[6 + 156], '0');
	for (int i = 0; i < BLOCK_BYTES; i++)
		sum += i >= 148 && i < 156 ? ' ' : (uint8_t)out.data[6 + i];
	snprintf(text, sizeof(text), "%06o", sum);
	assert_memory_equal(out.data + 6 + 148, text, 7);
	assert_memory_equal(out.data + 6 + 257, "ustar\00000\0", 9); /* and no user name */
	assert_memory_equal(out.data + 6 + 297, "\0", 1);            /* nor one of a group */
	assert_memory_equal(out.data + 6 + BLOCK_BYTES, "abc\0", 4);
	buf_free(&out);
}

static void test_long_names(void **state)
{
	struct tar_writer *writer;
	struct entries e = {.count = 1};
	struct buf out = {0}, name = {0};
	struct err err = {0};

	(void)state;
	need_tar();
	writer = new_writer();
	for (int i = 0; i < 15; i++)
		buf_str(&e.names[0], "123456789/");
	for (int i = 0; i < 100; i++)
		buf_char(&e.names[0], 'x');
	buf_str(&e.data[0], "data");
	put(writer, e.names[0].data, e.data[0].data, e.data[0].len, &out);
	buf_str(&name, e.names[0].data);
	buf_char(&name, 'x');
	assert_int_equal(tar_put(writer, name.data, "data", 4, &out, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, "cannot be put into a tar archive"));
	assert_int_equal(out.len, 2 * BLOCK_BYTES);
	assert_int_equal(tar_put(writer, "a", "", TAR_ENTRY_BYTES_MAX + 1, &out, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	/* It goes on. */
	buf_str(&e.names[1], "next");
	buf_str(&e.data[1], "");
	e.count = 2;
	put(writer, "next", "", 0, &out);
	tar_writer_free(writer);
	tar_put_end(&out);
	assert_reads(&out, &e);
	free_entries(&e);
	buf_free(&name);
	buf_free(&out);
}

/* --- others ----------------------------------------------------------------------------------- */

/* What tar and Python list and unpack of ours. */
static void test_ours_by_others(void **state)
{
	struct rng rng = rng_seed(test_seed(), 3);
	struct tar_writer *writer;
	struct entries e;
	struct buf archive = {0}, names = {0};
	char command[2000];

	(void)state;
	need_tar();
	e = random_entries(&rng);
	writer = new_writer();
	put_entries(writer, &e, &archive);
	tar_writer_free(writer);
	tar_put_end(&archive);
	for (size_t i = 0; i < e.count; i++) {
		buf_str(&names, e.names[i].data);
		buf_char(&names, '\n');
	}
	write_file(names.data ? names.data : "", names.len);
	snprintf(command, sizeof(command), "mv %s %s.names", path, path);
	run(command);
	write_file(archive.data, archive.len);
	snprintf(command, sizeof(command),
		 "tar --quoting-style=literal -t -f %s >%s.listed && cmp %s.names %s.listed", path,
		 path, path, path);
	run(command);
	snprintf(command, sizeof(command),
		 PYTHON " -c \"import tarfile; t = tarfile.open('%s', 'r:', encoding='utf-8')\n"
			"names = open('%s.names', encoding='utf-8').read().splitlines()\n"
			"assert t.getnames() == names\n"
			"for m in t: assert (m.mode, m.uid, m.gid, m.uname, m.gname, m.mtime) == "
			"(0o644, 0, 0, '', '', 0) and len(t.extractfile(m).read()) == m.size\"",
		 path, path);
	if (system(PYTHON " -c '' 2>/dev/null") == 0)
		run(command);
	else
		print_message("# no " PYTHON "\n");
	free_entries(&e);
	buf_free(&names);
	buf_free(&archive);
}

static struct entries two_entries(const char *long_name)
{
	struct entries e = {.count = 2};

	buf_str(&e.names[0], "d/a.txt");
	buf_str(&e.data[0], "hello");
	buf_str(&e.names[1], long_name);
	buf_str(&e.data[1], "");
	return e;
}

/* GNU and pax archives of tar, with folders, long names, and names that are not ASCII. */
static void test_theirs(void **state)
{
	static const char *const kinds[] = {"ustar", "gnu", "oldgnu", "pax", "v7"};
	struct entries e;
	char command[3000], name[300] = "d/\xd0\xb1", *end;

	(void)state;
	need_tar();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct err err = {0};
		size_t count;

		end = name + 4;
		memset(end, 'x', i == 1 || i == 3 ? 180 : 20);
		end[i == 1 || i == 3 ? 180 : 20] = '\0';
		e = two_entries(name);
		snprintf(command, sizeof(command),
			 "cd %s && rm -rf d && mkdir d && printf hello >d/a.txt && >%s && "
			 "tar -c --format=%s --no-recursion -f %s d d/a.txt %s",
			 folder, name, kinds[i], path, name);
		run(command);
		if (read_entries(&e, &count, &err) < 0)
			fail_msg("%s: %s", kinds[i], err.msg);
		assert_int_equal(count, 2);
		free_entries(&e);
	}
}

/* Links and holes would be missing: they are refused. */
static void test_other_kinds(void **state)
{
	static const struct {
		const char *command, *says;
	} cases[] = {
		{"ln -s b a && tar -cf x a && rm a", "'a' is neither a file nor a folder"},
		{"mkfifo a && tar -cf x a && rm a", "'a' is neither a file nor a folder"},
		{">a && ln a b && tar -cf x a b && rm a b", "'b' is neither a file nor a folder"},
		{"truncate -s 1M a && echo x >>a && tar -cSf x a && rm a", "'a' is a sparse file"},
		{"truncate -s 1M a && tar -cSf x --format=pax a && rm a", "'a' is a sparse file"},
		{"truncate -s 257M a && tar -c a 2>tar.log | head -c 2048 >x && rm a",
		 "'a' is over 256 MiB"},
		{"echo a >a && tar -czf x a && rm a", "broken tar archive"},
	};

	(void)state;
	need_tar();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct tar_reader *reader;
		struct tar_entry entry;
		struct err err = {0};
		char command[1000];
		int got = -1;

		snprintf(command, sizeof(command), "cd %s && %s && mv x %s", folder,
			 cases[i].command, path);
		run(command);
		reader = tar_open(path, &err);
		while (reader && (got = tar_next(reader, &entry, &err)) > 0)
			;
		tar_close(reader);
		assert_int_equal(got, -1);
		assert_int_equal(err.code, strstr(cases[i].says, "over") ? ERR_LIMIT : ERR_FORMAT);
		if (strncmp(err.msg, path, strlen(path)) != 0 || !strstr(err.msg, cases[i].says))
			fail_msg("%s: %s", cases[i].command, err.msg);
	}
}

/* --- cut and damaged -------------------------------------------------------------------------- */

static void assert_told(const struct err *err)
{
	assert_int_equal(err->code, ERR_FORMAT);
	if (strncmp(err->msg, path, strlen(path)) != 0 || !strstr(err->msg, ": byte ") ||
	    strchr(err->msg, '\n'))
		fail_msg("%s", err->msg);
}

static void put_whole(struct entries *e, struct rng *rng, struct buf *archive)
{
	struct tar_writer *writer = new_writer();

	*e = random_entries(rng);
	put_entries(writer, e, archive);
	tar_writer_free(writer);
	tar_put_end(archive);
}

/* Wherever it is cut it is refused, the whole entries before having been given; and where entries end
 * others may follow. */
static void test_cut(void **state)
{
	struct rng rng = rng_seed(test_seed(), 4);

	(void)state;
	need_tar();
	for (int round = 0; round < 8; round++) {
		struct buf archive = {0};
		struct entries e;
		struct err err;
		size_t count, cut = 0;

		put_whole(&e, &rng, &archive);
		while (cut < archive.len) {
			write_file(archive.data, cut);
			assert_int_equal(read_entries(&e, &count, &err), -1);
			assert_told(&err);
			cut += rng_below(&rng, 2) ? BLOCK_BYTES - cut % BLOCK_BYTES
						  : 1 + rng_below(&rng, 200);
		}
		archive.len = e.ends[e.count];
		tar_put_end(&archive);
		buf_char(&archive, '\0');
		assert_reads(&archive, &e);
		buf_char(&archive, 'x');
		write_file(archive.data, archive.len);
		assert_int_equal(read_entries(&e, &count, &err), -1);
		assert_told(&err);
		assert_non_null(strstr(err.msg, "more behind the end of the archive"));
		buf_free(&archive);
		free_entries(&e);
	}
}

static void test_damaged_headers(void **state)
{
	struct rng rng = rng_seed(test_seed(), 5);
	struct buf archive = {0};
	struct entries e;

	(void)state;
	need_tar();
	do {
		buf_clear(&archive);
		put_whole(&e, &rng, &archive);
	} while (e.count == 0 && (free_entries(&e), 1));
	for (size_t at = 0; at < BLOCK_BYTES; at++) {
		size_t entry = rng_below(&rng, (uint32_t)e.count), count;
		struct err err = {0};
		char *byte = archive.data + e.ends[entry] + at, kept = *byte;

		*byte ^= (char)(1 << rng_below(&rng, 8));
		write_file(archive.data, archive.len);
		*byte = kept;
		if (read_entries(&e, &count, &err) == 0) {
			/* The checksum alone: 0 may be a blank, and bytes be added with signs. */
			if (at < 148 || at >= 156)
				fail_msg("byte %zu of a header may be turned", at);
			continue;
		}
		assert_told(&err);
		assert_true(count <= entry);
	}
	buf_free(&archive);
	free_entries(&e);
}

static void test_files(void **state)
{
	struct tar_reader *reader;
	struct tar_entry entry;
	struct err err = {0};

	(void)state;
	need_tar();
	assert_null(tar_open("/nowhere/at/all", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, "/nowhere/at/all"));
	assert_null(tar_open(folder, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, "Is a directory"));
	write_file("", 0);
	reader = tar_open(path, &err);
	assert_true(!reader || tar_next(reader, &entry, &err) < 0);
	assert_told(&err);
	tar_close(reader);
	tar_close(NULL);
	tar_writer_free(NULL);
}

static void test_absent(void **state)
{
	struct buf out = {0};
	struct err err = {0};

	(void)state;
	if (tar_available()) {
		print_message("# built with libarchive\n");
		skip();
	}
	assert_null(tar_writer_new(&err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_non_null(strstr(err.msg, "built without libarchive"));
	assert_null(strchr(err.msg, '\n'));
	err = (struct err){0};
	assert_null(tar_open(path, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	tar_writer_free(NULL);
	tar_close(NULL);
	tar_put_end(&out);
	assert_int_equal(out.len, 2 * BLOCK_BYTES);
	buf_free(&out);
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/cadgen-tar.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/x.tar", folder);
	return 0;
}

static int teardown(void **state)
{
	struct err err;

	(void)state;
	return fs_remove_tree(folder, &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_entries),
		cmocka_unit_test(test_several_writers),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_ours_by_others),
		cmocka_unit_test(test_theirs),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_damaged_headers),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_absent),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
