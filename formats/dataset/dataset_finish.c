/* SPDX-License-Identifier: MIT */
/*
 * dataset_finish: from part files to the names that readers look for.
 *
 *	journal says "closing"                             (dataset.c, before this is called)
 *	train.json.part     cut to the journal's length, end of array added, fsync, rename
 *	val.json.part … checksums.jsonl.part               likewise
 *	train_val_split.json, metadata, README.md          written whole, fsync, rename
 *	dataset_info.json                                  last: its presence marks the whole
 *	.cadgen-journal                                    removed
 *
 * Every step leads to the same state whether it is done for the first time or again: a part file
 * that is still there is cut and ended anew; one that is gone has been renamed. So after a crash or
 * a full disk the whole sequence simply runs again. rename(2) follows fsync(2) of the same file, so
 * no final name ever leads to bytes that are not on the medium; the folder is synced before
 * dataset_info.json appears, and again after the journal is gone (fs_write_durable syncs it too).
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "formats/dataset/dataset_private.h"

#define SPLIT_BUFFER_BYTES ((size_t)64 << 10)

/* Syncs and closes; closes in any case. */
static int sync_and_close(int fd)
{
	int rc = fsync(fd), number = errno;

	if (close(fd) < 0 && rc == 0)
		return -1;
	errno = number;
	return rc;
}

static int sync_folder(const char *folder, struct err *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || sync_and_close(fd) < 0)
		return err_errno(err, "cannot sync folder %s", folder);
	return 0;
}

/* What closes the array that an append began with "[". */
static const char *array_end(const struct dataset_layout *layout, enum dataset_part part,
			     uint64_t bytes)
{
	if (!dataset_part_is_array(layout, part))
		return "";
	return bytes ? "\n]\n" : "[]\n";
}

static int end_part(int fd, const char *path, uint64_t bytes, const char *end, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot look at %s", path);
	if ((uint64_t)st.st_size < bytes)
		return err_set(err, ERR_FORMAT, "%s: %jd bytes, the journal says %" PRIu64, path,
			       (intmax_t)st.st_size, bytes);
	if (ftruncate(fd, (off_t)bytes) < 0 || lseek(fd, (off_t)bytes, SEEK_SET) < 0 ||
	    fs_write_fd(fd, end, strlen(end)) < 0)
		return err_errno(err, "cannot write %s", path);
	return 0;
}

/* 1 if the part file is to be finished, 0 if it has been; -1 on error, also when both are gone. */
static int is_pending(const char *folder, const char *name, struct err *err)
{
	int pending = dataset_has(folder, name, ".part", err), done;

	if (pending != 0)
		return pending;
	done = dataset_has(folder, name, "", err);
	if (done == 0)
		return err_set(err, ERR_FORMAT, "%s/%s.part is missing", folder, name);
	return done < 0 ? -1 : 0;
}

static int finish_part(const struct dataset_settings *settings, enum dataset_part part,
		       uint64_t bytes, struct err *err)
{
	const struct dataset_layout *layout = dataset_layout_of(settings);
	char from[DATASET_PATH_BYTES], to[DATASET_PATH_BYTES], name[DATASET_NAME_BYTES];
	int fd, pending;

	dataset_part_name(layout, part, name);
	pending = is_pending(settings->path, name, err);
	if (pending <= 0)
		return pending;
	dataset_file_path(settings->path, name, ".part", from);
	dataset_file_path(settings->path, name, "", to);
	fd = open(from, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return err_errno(err, "cannot open %s", from);
	if (end_part(fd, from, bytes, array_end(layout, part, bytes), err) < 0) {
		close(fd);
		return -1;
	}
	if (sync_and_close(fd) < 0)
		return err_errno(err, "cannot write %s", from);
	if (rename(from, to) < 0)
		return err_errno(err, "cannot rename %s", from);
	return 0;
}

/* Writes `"key":[ids of one split]`, as checksums.jsonl has them. */
static int put_ids(struct fs_file *file, FILE *checksums, enum dataset_split split, struct err *err)
{
	const char *comma = "\n\"";
	struct buf out = {0};
	char *line = NULL;
	size_t room = 0;
	int rc = 0;

	rewind(checksums);
	buf_json_str(&out, dataset_split_names[split]);
	buf_str(&out, ":[");
	while (rc == 0 && getline(&line, &room, checksums) > 0) {
		struct dataset_checksums sums;

		if (dataset_checksums_parse(&sums, line) < 0 || sums.split != split)
			continue;
		buf_str(&out, comma);
		buf_str(&out, sums.id);
		buf_char(&out, '"');
		comma = ",\n\"";
		if (out.len >= SPLIT_BUFFER_BYTES) {
			rc = fs_file_add(file, out.data, out.len, err);
			buf_clear(&out);
		}
	}
	buf_char(&out, ']');
	if (rc == 0 && ferror(checksums))
		rc = err_errno(err, "cannot read checksums.jsonl");
	if (rc == 0)
		rc = fs_file_add(file, out.data, out.len, err);
	free(line);
	buf_free(&out);
	return rc;
}

static int put_split(const struct dataset_settings *settings, struct fs_file *file, FILE *checksums,
		     struct err *err)
{
	static const char *const before[] = {"{", ",\n", ",\n"};

	for (int i = 0; i < SPLIT_COUNT_; i++) {
		if (i == SPLIT_TEST && settings->test_fraction == 0)
			continue;
		if (fs_file_add(file, before[i], strlen(before[i]), err) < 0 ||
		    put_ids(file, checksums, (enum dataset_split)i, err) < 0)
			return -1;
	}
	return fs_file_add(file, "}\n", 2, err);
}

static int write_split(const struct dataset_settings *settings, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct fs_file *file;
	FILE *checksums =
		fopen(dataset_file_path(settings->path, "checksums.jsonl", "", path), "re");

	if (!checksums)
		return err_errno(err, "cannot open %s", path);
	file = fs_file_new(dataset_file_path(settings->path, DATASET_SPLIT, "", path), err);
	if (!file || put_split(settings, file, checksums, err) < 0) {
		fs_file_drop(file);
		fclose(checksums);
		return -1;
	}
	fclose(checksums);
	return fs_file_finish(file, err);
}

static int remove_journal(const char *folder, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	/* Left by a process killed while it wrote its journal. */
	unlink(dataset_file_path(folder, DATASET_JOURNAL, ".tmp", path));
	if (unlink(dataset_file_path(folder, DATASET_JOURNAL, "", path)) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove %s", path);
	return sync_folder(folder, err);
}

int dataset_finish(const struct dataset_settings *settings, const struct dataset_position *position,
		   struct err *err)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (dataset_has_part(settings, (enum dataset_part)i) &&
		    finish_part(settings, (enum dataset_part)i, position->bytes[i], err) < 0)
			return -1;
	if (write_split(settings, err) < 0 || dataset_write_card(settings, position, err) < 0 ||
	    sync_folder(settings->path, err) < 0 || dataset_write_info(settings, position, err) < 0)
		return -1;
	return remove_journal(settings->path, err);
}
