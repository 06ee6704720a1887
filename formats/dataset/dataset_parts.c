/* SPDX-License-Identifier: MIT */
/*
 * dataset_parts: files that grow by appending, NAME.part, each known to be whole up to a length.
 *
 * All writes are at known offsets, so a failed append is cut off again, and the state before it can still be
 * committed.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "formats/dataset/dataset_private.h"

static const char *part_path(const struct dataset_parts *parts, int part,
			     char path[DATASET_PATH_BYTES])
{
	char name[DATASET_NAME_BYTES];

	dataset_part_name(dataset_layout_of(parts->settings), (enum dataset_part)part, name);
	return dataset_file_path(parts->folder, name, ".part", path);
}

static int part_error(const struct dataset_parts *parts, int part, const char *what,
		      struct err *err)
{
	char path[DATASET_PATH_BYTES];

	return err_errno(err, "cannot %s %s", what, part_path(parts, part, path));
}

/* train/metadata.jsonl wants its folder, in that of a rank too. */
static int make_folder(const struct dataset_parts *parts, int part, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	char *slash;

	part_path(parts, part, path);
	slash = strrchr(path, '/');
	*slash = '\0';
	return fs_mkdirs(path, err);
}

static int open_part(struct dataset_parts *parts, int part, uint64_t bytes, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct stat st;
	int fd;

	if (make_folder(parts, part, err) < 0)
		return -1;
	fd = open(part_path(parts, part, path), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return part_error(parts, part, "open", err);
	parts->fds[part] = fd;
	if (fstat(fd, &st) < 0)
		return part_error(parts, part, "look at", err);
	if ((uint64_t)st.st_size < bytes)
		return err_set(err, ERR_FORMAT, "%s: %jd bytes, the journal says %" PRIu64, path,
			       (intmax_t)st.st_size, bytes);
	if ((uint64_t)st.st_size > bytes && ftruncate(fd, (off_t)bytes) < 0)
		return part_error(parts, part, "cut", err);
	return 0;
}

int dataset_parts_open(struct dataset_parts *parts, const struct dataset_position *position,
		       struct err *err)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (dataset_has_part(parts->settings, (enum dataset_part)i) &&
		    open_part(parts, i, position->bytes[i], err) < 0)
			return -1;
	return 0;
}

int dataset_write_at(int fd, const char *data, size_t n, uint64_t offset)
{
	while (n > 0) {
		ssize_t put = pwrite(fd, data, n, (off_t)offset);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		data += put;
		n -= (size_t)put;
		offset += (uint64_t)put;
	}
	return 0;
}

bool dataset_part_opens(const struct dataset_settings *settings, enum dataset_part part,
			uint64_t bytes)
{
	return dataset_part_is_array(dataset_layout_of(settings), part) && bytes == 0 &&
	       settings->ranks <= 1;
}

static int append_part(struct dataset_parts *parts, int part, const struct buf *lines, uint64_t at,
		       struct err *err)
{
	bool opens = dataset_part_opens(parts->settings, (enum dataset_part)part, at);
	int fd = parts->fds[part];

	if (lines->len == 0)
		return 0;
	/* "[" takes the place of the first entry's comma. */
	if ((opens && dataset_write_at(fd, "[", 1, 0) < 0) ||
	    dataset_write_at(fd, lines->data + opens, lines->len - opens, at + opens) < 0)
		return part_error(parts, part, "write", err);
	return 0;
}

int dataset_parts_append(struct dataset_parts *parts, struct dataset_position *position,
			 const struct dataset_lines *lines, struct err *err)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (parts->fds[i] >= 0 &&
		    append_part(parts, i, &lines->parts[i], position->bytes[i], err) < 0)
			return -1;
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (parts->fds[i] >= 0)
			position->bytes[i] += lines->parts[i].len;
	return 0;
}

int dataset_parts_sync(struct dataset_parts *parts, struct err *err)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (parts->fds[i] >= 0 && fsync(parts->fds[i]) < 0)
			return part_error(parts, i, "write", err);
	return 0;
}

int dataset_parts_cut(struct dataset_parts *parts, const struct dataset_position *position)
{
	int rc = 0;

	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (parts->fds[i] >= 0 && ftruncate(parts->fds[i], (off_t)position->bytes[i]) < 0)
			rc = -1;
	return rc;
}

void dataset_parts_close(struct dataset_parts *parts)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++) {
		if (parts->fds[i] >= 0)
			close(parts->fds[i]);
		parts->fds[i] = -1;
	}
}
