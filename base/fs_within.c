/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"

/* The path without links, dots and doubled slashes, of what need not exist to its end. */
static int real_path(const char *path, struct buf *out, struct err *err)
{
	char *head = realpath(path, NULL), *slash;
	struct buf parent = {0};
	int rc;

	if (head) {
		buf_str(out, strcmp(head, "/") == 0 ? "" : head);
		free(head);
		return 0;
	}
	if (errno != ENOENT)
		return err_errno(err, "cannot find %s", path);
	buf_str(&parent, path);
	while (parent.len > 1 && parent.data[parent.len - 1] == '/')
		parent.data[--parent.len] = '\0';
	slash = strrchr(parent.data, '/');
	if (slash)
		*slash = '\0';
	rc = real_path(!slash ? "." : slash == parent.data ? "/" : parent.data, out, err);
	if (rc == 0) {
		buf_char(out, '/');
		buf_str(out, slash ? slash + 1 : parent.data);
	}
	buf_free(&parent);
	return rc;
}

/* Whether the folder is the other or in it. */
static bool is_inside(const struct buf *folder, const struct buf *other)
{
	return strncmp(folder->data, other->data, other->len) == 0 &&
	       (folder->data[other->len] == '/' || folder->data[other->len] == '\0');
}

int fs_is_within(const char *path, const char *folder, struct err *err)
{
	struct buf a = {0}, b = {0};
	int rc = real_path(path, &a, err);

	buf_str(&a, "");
	if (rc == 0)
		rc = real_path(folder, &b, err);
	buf_str(&b, "");
	if (rc == 0)
		rc = is_inside(&a, &b);
	buf_free(&a);
	buf_free(&b);
	return rc;
}

bool fs_is_same(const char *a, const char *b)
{
	struct stat s, t;

	return stat(a, &s) == 0 && stat(b, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}
