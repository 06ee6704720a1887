/* SPDX-License-Identifier: MIT */
/*
 * Plain system calls, all errors looked at, short reads and writes and EINTR continued. A file
 * appears by rename(2) of PATH.tmp in the same folder, so readers see the old bytes or the new
 * ones. Trees are removed with openat/unlinkat below an open folder and O_NOFOLLOW, so a link that
 * appears meanwhile is not followed out of the tree.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

#define READ_BYTES ((size_t)64 << 10)

static int open_retry(const char *path, int flags)
{
	int fd;
	do
		fd = open(path, flags | O_CLOEXEC, 0666);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* On Linux the descriptor is gone even after EINTR; nothing was lost with it. */
static int close_checked(int fd)
{
	return close(fd) < 0 && errno != EINTR ? -1 : 0;
}

static int read_all(int fd, const char *path, size_t max_bytes, struct buf *b, struct err *err)
{
	size_t total = 0;
	for (;;) {
		/* One byte over the bound tells a file that is too long. */
		size_t want = max_bytes - total < READ_BYTES ? max_bytes - total + 1 : READ_BYTES;
		ssize_t got = read(fd, buf_reserve(b, want), want);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, "cannot read %s", path);
		if (got == 0)
			return 0;
		if ((size_t)got > max_bytes - total)
			return err_set(err, ERR_LIMIT, "%s: more than %zu bytes", path, max_bytes);
		total += (size_t)got;
		b->len += (size_t)got;
	}
}

int fs_read(const char *path, size_t max_bytes, struct buf *b, struct err *err)
{
	size_t before = b->len;
	int fd = open_retry(path, O_RDONLY);
	if (fd < 0)
		return err_errno(err, "cannot open %s", path);
	int rc = read_all(fd, path, max_bytes, b, err);
	close(fd); /* only read: nothing can be lost */
	if (rc < 0)
		b->len = before;
	*buf_reserve(b, 0) = '\0';
	return rc;
}

static int read_part(int fd, const char *path, uint64_t offset, size_t n, struct buf *b,
		     struct err *err)
{
	char *to = buf_reserve(b, n);
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, to + done, n - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, "cannot read %s", path);
		if (got == 0)
			return err_set(err, ERR_FORMAT, "%s ends before byte %ju", path,
				       (uintmax_t)(offset + n));
		done += (size_t)got;
	}
	b->len += n;
	return 0;
}

int fs_read_part(const char *path, uint64_t offset, size_t n, struct buf *b, struct err *err)
{
	int fd = open_retry(path, O_RDONLY), rc;

	if (fd < 0)
		return err_errno(err, "cannot open %s", path);
	rc = read_part(fd, path, offset, n, b, err);
	close(fd); /* only read: nothing can be lost */
	*buf_reserve(b, 0) = '\0';
	return rc;
}

int fs_write_fd(int fd, const void *data, size_t n)
{
	const char *at = data;
	while (n > 0) {
		ssize_t put = write(fd, at, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		at += put;
		n -= (size_t)put;
	}
	return 0;
}

/* EINVAL: a pipe, or a file system that syncs no folders. */
static int sync_checked(int fd)
{
	return fsync(fd) < 0 && errno != EINVAL ? -1 : 0;
}

/* Opens, writes and closes target; -1 with errno set. */
static int write_file(const char *target, const void *data, size_t n)
{
	int fd = open_retry(target, O_WRONLY | O_CREAT | O_TRUNC);
	if (fd < 0)
		return -1;
	if (fs_write_fd(fd, data, n) < 0) {
		int number = errno;
		close(fd);
		errno = number;
		return -1;
	}
	return close_checked(fd);
}

static int sync_folder_of(const char *path)
{
	struct buf folder = {0};
	const char *slash = strrchr(path, '/');
	if (!slash)
		buf_str(&folder, ".");
	else
		buf_bytes(&folder, path, slash == path ? 1 : (size_t)(slash - path));
	int fd = open_retry(folder.data, O_RDONLY | O_DIRECTORY);
	buf_free(&folder);
	if (fd < 0)
		return -1;
	int rc = sync_checked(fd);
	int number = errno;
	close(fd);
	errno = number;
	return rc;
}

/* Writing to /dev/null or a pipe must not put a file in its place. */
static bool written_in_place(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

struct fs_file {
	struct buf path, tmp; /* tmp: what is written; the path itself where in place */
	int fd;               /* -1: closed */
	bool in_place, durable;
};

/* Frees; where it holds something that has not appeared, that is removed. */
static void end_file(struct fs_file *file, bool appeared)
{
	if (file->fd >= 0)
		close(file->fd);
	if (!appeared && !file->in_place)
		unlink(file->tmp.data);
	buf_free(&file->path);
	buf_free(&file->tmp);
	free(file);
}

/* Tells and frees. */
static int file_error(struct fs_file *file, struct err *err)
{
	err_errno(err, "cannot write %s", file->path.data);
	end_file(file, false);
	return -1;
}

static struct fs_file *new_file(const char *path, bool durable, struct err *err)
{
	struct fs_file *file = mem_alloc(1, sizeof(*file));

	file->durable = durable;
	file->in_place = written_in_place(path);
	buf_str(&file->path, path);
	buf_str(&file->tmp, path);
	if (!file->in_place)
		buf_str(&file->tmp, ".tmp");
	file->fd = open_retry(file->tmp.data, O_WRONLY | O_CREAT | O_TRUNC);
	if (file->fd < 0) {
		file_error(file, err);
		return NULL;
	}
	return file;
}

struct fs_file *fs_file_new(const char *path, struct err *err)
{
	return new_file(path, true, err);
}

int fs_file_add(struct fs_file *file, const void *data, size_t n, struct err *err)
{
	if (fs_write_fd(file->fd, data, n) < 0)
		return err_errno(err, "cannot write %s", file->path.data);
	return 0;
}

int fs_file_finish(struct fs_file *file, struct err *err)
{
	int fd = file->fd;

	if (file->durable && sync_checked(fd) < 0)
		return file_error(file, err);
	file->fd = -1;
	if (close_checked(fd) < 0 ||
	    (!file->in_place && rename(file->tmp.data, file->path.data) < 0))
		return file_error(file, err);
	if (file->durable && !file->in_place && sync_folder_of(file->path.data) < 0) {
		err_errno(err, "cannot write %s", file->path.data);
		end_file(file, true);
		return -1;
	}
	end_file(file, true);
	return 0;
}

void fs_file_drop(struct fs_file *file)
{
	if (file)
		end_file(file, false);
}

static int write_any(const char *path, const void *data, size_t n, bool durable, struct err *err)
{
	struct fs_file *file = new_file(path, durable, err);

	if (!file)
		return -1;
	if (fs_file_add(file, data, n, err) == 0)
		return fs_file_finish(file, err);
	fs_file_drop(file);
	return -1;
}

int fs_write(const char *path, const void *data, size_t n, struct err *err)
{
	return write_any(path, data, n, false, err);
}

int fs_write_durable(const char *path, const void *data, size_t n, struct err *err)
{
	return write_any(path, data, n, true, err);
}

int fs_write_unguarded(const char *path, const void *data, size_t n, struct err *err)
{
	if (write_file(path, data, n) == 0)
		return 0;
	err_errno(err, "cannot write %s", path);
	if (!written_in_place(path))
		unlink(path);
	return -1;
}

static int make_folder(const char *path, struct err *err)
{
	struct stat st;
	if (mkdir(path, 0777) == 0)
		return 0;
	int number = errno;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return 0;
		number = ENOTDIR;
	}
	errno = number;
	return err_errno(err, "cannot make folder %s", path);
}

const char *fs_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int fs_mkdirs(const char *path, struct err *err)
{
	struct buf part = {0};
	int rc = 0;
	buf_str(&part, path);
	for (char *p = part.data; rc == 0 && *p; p++) {
		if (*p != '/' || p == part.data || p[-1] == '/')
			continue;
		*p = '\0';
		rc = make_folder(part.data, err);
		*p = '/';
	}
	if (rc == 0)
		rc = make_folder(path, err);
	buf_free(&part);
	return rc;
}

/* The next entry but "." and ".."; NULL at the end, or on error with errno not 0. */
static struct dirent *next_entry(DIR *dir)
{
	struct dirent *entry;
	do {
		errno = 0;
		entry = readdir(dir);
	} while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
	return entry;
}

int fs_dir_in_use(const char *path, struct err *err)
{
	DIR *dir = opendir(path);
	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return err_errno(err, "cannot open folder %s", path);
	struct dirent *entry = next_entry(dir);
	int number = errno;
	closedir(dir);
	if (entry)
		return 1;
	errno = number;
	if (number != 0)
		return err_errno(err, "cannot read folder %s", path);
	return 0;
}

static int remove_entry(int parent, const char *name, struct buf *path, struct err *err);

/* Removes the entries of dir once through; returns how many there were. path names dir. */
static int remove_entries(DIR *dir, struct buf *path, struct err *err)
{
	int count = 0;
	size_t len = path->len;
	struct dirent *entry;
	while ((entry = next_entry(dir))) {
		buf_char(path, '/');
		buf_str(path, entry->d_name);
		if (remove_entry(dirfd(dir), entry->d_name, path, err) < 0)
			return -1;
		path->len = len;
		path->data[len] = '\0';
		count = 1;
	}
	if (errno != 0)
		return err_errno(err, "cannot read folder %s", path->data);
	return count;
}

static int remove_folder(int parent, const char *name, struct buf *path, struct err *err)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		err_errno(err, "cannot open folder %s", path->data);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	/* Some file systems skip entries while others are removed: go on until none is left. */
	int count;
	while ((count = remove_entries(dir, path, err)) > 0)
		rewinddir(dir);
	closedir(dir);
	if (count < 0)
		return -1;
	if (unlinkat(parent, name, AT_REMOVEDIR) < 0)
		return err_errno(err, "cannot remove %s", path->data);
	return 0;
}

/* Removes name in the open folder parent; path is its whole name, for messages. What somebody else has
 * removed meanwhile is gone. */
static int remove_entry(int parent, const char *name, struct buf *path, struct err *err)
{
	struct stat st;
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_errno(err, "cannot remove %s", path->data);
	if (S_ISDIR(st.st_mode))
		return remove_folder(parent, name, path, err);
	if (unlinkat(parent, name, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove %s", path->data);
	return 0;
}

static int remove_tree(struct buf *path, struct err *err)
{
	struct stat st;
	if (lstat(path->data, &st) < 0)
		return errno == ENOENT ? 0 : err_errno(err, "cannot remove %s", path->data);
	if (!S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode)) {
		errno = ENOTDIR;
		return err_errno(err, "cannot remove %s", path->data);
	}
	struct buf name = {0};
	buf_bytes(&name, path->data, path->len);
	int rc = remove_entry(AT_FDCWD, name.data, path, err);
	buf_free(&name);
	return rc;
}

int fs_remove_tree(const char *path, struct err *err)
{
	/* "link/" would name the folder behind the link. */
	size_t len = strlen(path);
	while (len > 1 && path[len - 1] == '/')
		len--;
	struct buf whole = {0};
	buf_bytes(&whole, path, len);
	int rc = remove_tree(&whole, err);
	buf_free(&whole);
	return rc;
}

bool fs_is_folder(const char *path)
{
	struct stat s;

	return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}
