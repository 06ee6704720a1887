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

static int check_apart(const char *out, const char *from, struct err *err)
{
	int inside = fs_is_within(out, from, err);

	if (inside == 0) {
		inside = fs_is_within(from, out, err);
		if (inside > 0)
			return err_set(err, ERR_USAGE, "--out: %s lies in %s", from, out);
	}
	if (inside > 0)
		return err_set(err, ERR_USAGE, "--out: %s is %s or lies in it", out, from);
	return inside;
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
