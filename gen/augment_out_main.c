/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "gen/augment_out_main.h"

#define INFO_BYTES_MAX (1u << 20)

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

static int check_apart(const char *out, const char *from, struct err *err)
{
	struct buf a = {0}, b = {0};
	int rc = real_path(out, &a, err);

	buf_str(&a, "");
	if (rc == 0)
		rc = real_path(from, &b, err);
	buf_str(&b, "");
	if (rc == 0 && is_inside(&a, &b))
		rc = err_set(err, ERR_USAGE, "--out: %s is %s or lies in it", out, from);
	else if (rc == 0 && is_inside(&b, &a))
		rc = err_set(err, ERR_USAGE, "--out: %s lies in %s", from, out);
	buf_free(&a);
	buf_free(&b);
	return rc;
}

/* A descriptor of the settings' file, locked; -1 with ERR_NONE where there is none. */
static int open_info(const char *out, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*err = (struct err){0};
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? -1
							   : err_errno(err, "cannot open %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (errno == EWOULDBLOCK)
		err_set(err, ERR_USAGE, "%s is being written by another cadgen", out);
	else
		err_errno(err, "cannot lock %s", path);
	close(fd);
	return -1;
}

static int compare_info(const char *out, const char *path, const char *settings, struct err *err)
{
	struct buf text = {0};
	int rc = fs_read(path, INFO_BYTES_MAX, &text, err);

	if (rc == 0 && strcmp(text.data, settings) != 0)
		rc = err_set(err, ERR_USAGE,
			     "--resume: %s was begun with another --seed, --dpi, --style or "
			     "version; " AUGMENT_INFO " in it says which",
			     out);
	buf_free(&text);
	return rc;
}

static int new_folder(const char *out, const char *path, const char *settings, struct err *err)
{
	int in_use = fs_dir_in_use(out, err);

	if (in_use < 0)
		return -1;
	if (in_use)
		return err_set(err, ERR_USAGE,
			       "%s is not empty; --resume goes on with pictures of cadgen augment, "
			       "--overwrite removes them",
			       out);
	if (fs_mkdirs(out, err) < 0 || fs_write_durable(path, settings, strlen(settings), err) < 0)
		return -1;
	return open_info(out, path, err);
}

/* The folder has a file of settings, which is locked. */
static int take_folder(const char *out, const char *path, const char *settings,
		       enum augment_mode mode, struct err *err)
{
	if (mode == AUGMENT_RESUME)
		return compare_info(out, path, settings, err);
	if (mode == AUGMENT_OVERWRITE)
		return fs_remove_tree(out, err);
	return err_set(err, ERR_USAGE,
		       "%s holds pictures of cadgen augment; --resume goes on, --overwrite removes "
		       "them",
		       out);
}

static int open_folder(const char *out, const char *path, const char *settings,
		       enum augment_mode mode, struct err *err)
{
	int fd = open_info(out, path, err);

	if (fd < 0 && err->code != ERR_NONE)
		return -1;
	if (fd < 0)
		return new_folder(out, path, settings, err);
	if (take_folder(out, path, settings, mode, err) < 0) {
		close(fd);
		return -1;
	}
	if (mode == AUGMENT_RESUME)
		return fd;
	close(fd);
	return new_folder(out, path, settings, err);
}

int augment_out_open(const char *out, const char *from, const char *settings,
		     enum augment_mode mode, struct err *err)
{
	struct buf path = {0};
	int fd;

	if (check_apart(out, from, err) < 0)
		return -1;
	buf_str(&path, out);
	buf_str(&path, "/" AUGMENT_INFO);
	fd = open_folder(out, path.data, settings, mode, err);
	buf_free(&path);
	return fd;
}
