/* SPDX-License-Identifier: MIT */
/* Pictures and parameters in folders go by size and time of change: there may be a hundred thousand. */
#include <config.h>

#include "trainer/loop/loop_input.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/sha256.h"
#include "base/tree.h"

/* "SIZE sha256 HEX" or "SIZE changed SECONDS.NANOSECONDS" */
static int put_file(const char *path, const struct stat *st, bool by_bytes, struct buf *out,
		    struct err *err)
{
	char hex[SHA256_HEX_BYTES], text[80];
	struct buf bytes = {0};

	if (!by_bytes || st->st_size > (off_t)LOOP_INPUT_BYTES) {
		snprintf(text, sizeof(text), "%lld changed %lld.%09ld", (long long)st->st_size,
			 (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
		buf_str(out, text);
		return 0;
	}
	if (fs_read(path, LOOP_INPUT_BYTES, &bytes, err) < 0) {
		buf_free(&bytes);
		return -1;
	}
	sha256_hex(bytes.data, bytes.len, hex);
	snprintf(text, sizeof(text), "%zu sha256 ", bytes.len);
	buf_str(out, text);
	buf_str(out, hex);
	buf_free(&bytes);
	return 0;
}

static bool is_metadata(const char *path)
{
	static const char *const endings[] = {".json", ".jsonl", ".yaml", NULL};
	size_t len = strlen(path);

	for (int i = 0; endings[i]; i++) {
		size_t ending = strlen(endings[i]);

		if (len > ending && strcmp(path + len - ending, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool is_wanted(const char *name)
{
	(void)name;
	return true;
}

static int put_entry(const char *folder, const struct tree_entry *entry, struct buf *lines,
		     struct err *err)
{
	struct buf path = {0};
	struct stat st;
	int rc = 0;

	if (entry->kind == TREE_FAILED)
		return err_set(err, ERR_IO, "%s", entry->why);
	buf_str(&path, folder);
	buf_char(&path, '/');
	buf_str(&path, entry->path);
	buf_json_str(lines, entry->path);
	buf_char(lines, ' ');
	if (entry->kind == TREE_OTHER)
		buf_str(lines, "other");
	else if (stat(path.data, &st) < 0)
		rc = err_errno(err, "cannot look at %s", path.data);
	else
		rc = put_file(path.data, &st, is_metadata(entry->path), lines, err);
	buf_char(lines, '\n');
	buf_free(&path);
	return rc;
}

static int put_folder(const char *path, struct buf *out, struct err *err)
{
	char hex[SHA256_HEX_BYTES], text[48];
	struct tree tree = {0};
	struct buf lines = {0};
	int rc = tree_read(&tree, path, is_wanted, err);

	for (size_t i = 0; rc == 0 && i < tree.count; i++)
		rc = put_entry(path, &tree.entries[i], &lines, err);
	if (rc == 0) {
		sha256_hex(lines.len ? lines.data : "", lines.len, hex);
		snprintf(text, sizeof(text), "%zu files sha256 ", tree.count);
		buf_str(out, text);
		buf_str(out, hex);
	}
	buf_free(&lines);
	tree_free(&tree);
	return rc;
}

int loop_input_digest(const char *path, struct buf *out, struct err *err)
{
	struct stat st;
	int rc;

	if (stat(path, &st) < 0)
		return err_errno(err, "cannot look at %s", path);
	if (S_ISDIR(st.st_mode))
		rc = put_folder(path, out, err);
	else if (S_ISREG(st.st_mode))
		rc = put_file(path, &st, true, out, err);
	else
		rc = err_set(err, ERR_LIMIT, "%s is neither a file nor a folder", path);
	buf_char(out, '\n');
	return rc;
}
