/* SPDX-License-Identifier: MIT */
/*
 * replay: runs each file of a corpus folder through a fuzz target and prints TAP.
 *
 *	fuzz_scene [FOLDER]
 *
 * Without FOLDER the program's name tells it: fuzz_scene takes tests/fuzz/corpus/scene below
 * $CADGEN_SRCDIR (or below "."). Files are taken in the order of their names.
 */
#include <config.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_BYTES_MAX (1u << 20)

static void default_folder(const char *program, struct buf *out)
{
	const char *srcdir = getenv("CADGEN_SRCDIR");
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;
	const char *underscore = strchr(name, '_');

	buf_str(out, srcdir ? srcdir : ".");
	buf_str(out, "/tests/fuzz/corpus/");
	buf_str(out, underscore ? underscore + 1 : name);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A heap copy of exactly the file's size, so that a sanitizer sees a read behind it. */
static int replay(const char *folder, const char *name, struct err *err)
{
	struct buf path = {0}, text = {0};
	uint8_t *exact;
	int rc;

	buf_str(&path, folder);
	buf_char(&path, '/');
	buf_str(&path, name);
	rc = fs_read(path.data, INPUT_BYTES_MAX, &text, err);
	if (rc == 0) {
		exact = malloc(text.len ? text.len : 1);
		if (!exact)
			abort();
		memcpy(exact, text.data, text.len);
		LLVMFuzzerTestOneInput(exact, text.len);
		free(exact);
	}
	buf_free(&text);
	buf_free(&path);
	return rc;
}

static int replay_all(const char *folder, struct dirent **entries, int n)
{
	struct err err;
	int failed = 0;

	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (replay(folder, name, &err) == 0) {
			printf("ok %d - %s\n", i + 1, name);
		} else {
			printf("not ok %d - %s\n# %s\n", i + 1, name, err.msg);
			failed++;
		}
		free(entries[i]);
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct buf folder = {0};
	struct dirent **entries;
	int n, failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1)
		buf_str(&folder, argv[1]);
	else
		default_folder(argv[0], &folder);
	n = scandir(folder.data, &entries, is_visible, alphasort);
	if (n <= 0) {
		printf("Bail out! no files in %s\n", folder.data);
		if (n == 0)
			free(entries);
		buf_free(&folder);
		return 1;
	}
	failed = replay_all(folder.data, entries, n);
	free(entries);
	buf_free(&folder);
	return failed > 0;
}
