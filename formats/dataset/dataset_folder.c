/* SPDX-License-Identifier: MIT */
/*
 * dataset_folder: names of files, the lock, and taking an old dataset out of its folder.
 *
 * The lock is flock(2) on OUT/.cadgen-lock, which the kernel gives up when its holder dies however
 * it dies. The file is removed while it is locked; who opened it before and gets the lock after
 * that holds the lock of a file that is gone, so a lock only counts if the name still leads to it.
 *
 * Removal goes by name: files of the table in dataset_remove, pictures and the files beside
 * them called by digits. A file
 * of somebody else stays, and with it the folder round it. Links are not followed.
 */
#include <config.h>

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_read.h"

const char *dataset_part_name(const struct dataset_layout *layout, enum dataset_part part,
			      char buffer[DATASET_NAME_BYTES])
{
	static const char *const names[] = {[DATASET_ANNOTATIONS] = "annotations.jsonl",
					    [DATASET_SCENES] = "scenes.jsonl",
					    [DATASET_CHECKSUMS] = "checksums.jsonl"};

	if (part > DATASET_TEST)
		snprintf(buffer, DATASET_NAME_BYTES, "%s", names[part]);
	else if (layout->list)
		snprintf(buffer, DATASET_NAME_BYTES, "%s%s", layout->splits[part], layout->list);
	else
		return NULL;
	return buffer;
}

bool dataset_part_is_array(const struct dataset_layout *layout, enum dataset_part part)
{
	return part <= DATASET_TEST && layout->list_is_array;
}

bool dataset_has_part(const struct dataset_settings *settings, enum dataset_part part)
{
	if (part > DATASET_TEST)
		return true;
	if (part == DATASET_TEST && settings->test_fraction == 0)
		return false;
	return dataset_layout_of(settings)->list != NULL;
}

static const char *const also_names[] = {
#define A(id, name, about) name,
	DATASET_ALSO(A)
#undef A
};

const char *dataset_also_name(enum dataset_also also)
{
	return also_names[also];
}

void dataset_also_write(unsigned also, struct buf *out)
{
	const char *comma = "";

	buf_char(out, '[');
	for (int i = 0; i < ALSO_COUNT_; i++)
		if (also >> i & 1) {
			buf_str(out, comma);
			buf_json_str(out, also_names[i]);
			comma = ",";
		}
	buf_char(out, ']');
}

__attribute__((format(printf, 2, 3))) static const char *print_path(char *buffer, const char *fmt,
								    ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buffer, DATASET_PATH_BYTES, fmt, ap);
	va_end(ap);
	assert(n > 0 && n < DATASET_PATH_BYTES);
	(void)n;
	return buffer;
}

const char *dataset_file_path(const char *folder, const char *name, const char *suffix,
			      char buffer[DATASET_PATH_BYTES])
{
	return print_path(buffer, "%s/%s%s", folder, name, suffix);
}

static const char *numbered_path(const char *folder, const char *name, const char *suffix,
				 uint64_t index, char *buffer)
{
	return print_path(buffer, "%s/%s/%02" PRIu64 "/%08" PRIu64 ".%s", folder, name,
			  index / DATASET_PICTURES_PER_FOLDER, index, suffix);
}

static const char *numbered_folder(const char *folder, const char *name, uint64_t index,
				   char *buffer)
{
	return print_path(buffer, "%s/%s/%02" PRIu64, folder, name,
			  index / DATASET_PICTURES_PER_FOLDER);
}

static const char *pictures_of(const struct dataset_layout *layout, enum dataset_split split)
{
	assert(layout->pictures != PICTURES_INSIDE);
	return layout->pictures == PICTURES_TOGETHER ? "images" : layout->splits[split];
}

const char *dataset_picture_path(const char *folder, const struct dataset_layout *layout,
				 enum dataset_picture format, enum dataset_split split,
				 uint64_t index, char buffer[DATASET_PATH_BYTES])
{
	return numbered_path(folder, pictures_of(layout, split), dataset_picture_suffix(format),
			     index, buffer);
}

const char *dataset_picture_folder(const char *folder, const struct dataset_layout *layout,
				   enum dataset_split split, uint64_t index,
				   char buffer[DATASET_PATH_BYTES])
{
	return numbered_folder(folder, pictures_of(layout, split), index, buffer);
}

const char *dataset_also_file(const char *folder, enum dataset_also also, uint64_t index,
			      char buffer[DATASET_PATH_BYTES])
{
	return numbered_path(folder, also_names[also], also_names[also], index, buffer);
}

const char *dataset_also_folder(const char *folder, enum dataset_also also, uint64_t index,
				char buffer[DATASET_PATH_BYTES])
{
	return numbered_folder(folder, also_names[also], index, buffer);
}

const char *dataset_id(uint64_t index, char buffer[DATASET_ID_BYTES])
{
	snprintf(buffer, DATASET_ID_BYTES, "%08" PRIu64, index);
	return buffer;
}

static int lock_file(int fd, bool wait)
{
	int rc;

	do
		rc = flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
	while (rc < 0 && errno == EINTR);
	return rc;
}

static bool is_same_file(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && lstat(path, &b) == 0 && a.st_ino == b.st_ino &&
	       a.st_dev == b.st_dev;
}

static int take_lock(const char *folder, bool wait, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	dataset_file_path(folder, DATASET_LOCK, "", path);
	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd < 0 && errno == EINTR)
			continue;
		if (fd < 0)
			return err_errno(err, "cannot open %s", path);
		if (lock_file(fd, wait) < 0) {
			if (errno == EWOULDBLOCK)
				err_set(err, ERR_USAGE, "%s is being written by another cadgen",
					folder);
			else
				err_errno(err, "cannot lock %s", path);
			close(fd);
			return -1;
		}
		if (is_same_file(fd, path))
			return fd;
		close(fd);
	}
}

int dataset_lock(const char *folder, struct err *err)
{
	return take_lock(folder, false, err);
}

int dataset_lock_wait(const char *folder, struct err *err)
{
	return take_lock(folder, true, err);
}

void dataset_unlock(const char *folder, int lock)
{
	char path[DATASET_PATH_BYTES];

	unlink(dataset_file_path(folder, DATASET_LOCK, "", path));
	close(lock);
}

int dataset_has(const char *folder, const char *name, const char *suffix, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct stat st;

	if (lstat(dataset_file_path(folder, name, suffix, path), &st) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	return err_errno(err, "cannot look at %s", path);
}

/* The next entry but "." and ".."; NULL at the end, or on error with errno not 0. */
static const char *next_name(DIR *dir)
{
	struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(dir);
	} while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
	return entry ? entry->d_name : NULL;
}

int dataset_in_use(const char *folder, struct err *err)
{
	DIR *dir = opendir(folder);
	const char *name;
	int number;

	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return err_errno(err, "cannot open folder %s", folder);
	do
		name = next_name(dir);
	while (name &&
	       (strcmp(name, DATASET_LOCK) == 0 || strcmp(name, DATASET_JOURNAL ".tmp") == 0 ||
		strcmp(name, CONVERTED_JOURNAL ".tmp") == 0));
	number = errno;
	closedir(dir);
	if (name)
		return 1;
	errno = number;
	return number ? err_errno(err, "cannot read folder %s", folder) : 0;
}

static bool is_number(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	return digits > 0 && s[digits] == '\0';
}

/* 00000042.png, or what is left of writing one. */
static bool is_numbered(const char *name, const char *suffix)
{
	size_t digits = strspn(name, "0123456789"), length = strlen(suffix);

	if (digits < 8 || name[digits] != '.' || strncmp(name + digits + 1, suffix, length) != 0)
		return false;
	name += digits + 1 + length;
	return *name == '\0' || strcmp(name, ".tmp") == 0;
}

static DIR *open_folder(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

/* Removes the folder unless something is left in it. Returns 1 if it did, 0 if not; -1 with errno
 * set. */
static int remove_if_empty(int parent, const char *name)
{
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0)
		return 1;
	return errno == ENOTEMPTY || errno == EEXIST || errno == ENOENT ? 0 : -1;
}

/* Removes `name` in the folder if it is a number with the suffix; 1, or 0 if it is not. */
static int remove_numbered(int folder, const char *name, const char *suffix)
{
	if (!is_numbered(name, suffix))
		return 0;
	return unlinkat(folder, name, 0) < 0 ? -1 : 1;
}

/* Removes an entry of a folder, if it is of the kind: 1, 0, or -1 with errno set. */
typedef int remove_entry(int folder, const char *name, const char *suffix);

/* Calls remove for each entry, once through. Returns how many it removed, or -1 with errno set. */
static int remove_once(DIR *dir, remove_entry *remove, const char *suffix)
{
	const char *name;
	int count = 0, rc;

	rewinddir(dir);
	while ((name = next_name(dir))) {
		rc = remove(dirfd(dir), name, suffix);
		if (rc < 0)
			return -1;
		count |= rc;
	}
	return errno ? -1 : count;
}

/* POSIX leaves open which entries readdir finds while others are removed: goes round until none
 * was. Closes dir. */
static int remove_all(DIR *dir, remove_entry *remove, const char *suffix)
{
	int rc, number;

	do
		rc = remove_once(dir, remove, suffix);
	while (rc > 0);
	number = errno;
	closedir(dir);
	errno = number;
	return rc;
}

/* Removes the files of images/NN and, if nothing else is in it, the folder. */
static int remove_numbered_folder(int images, const char *name, const char *suffix)
{
	DIR *dir;

	if (!is_number(name))
		return 0;
	dir = open_folder(images, name);
	if (!dir || remove_all(dir, remove_numbered, suffix) < 0)
		return -1;
	return remove_if_empty(images, name);
}

static int remove_files(const char *folder, const char *below, const char *suffix, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	DIR *images = open_folder(AT_FDCWD, dataset_file_path(folder, below, "", path));

	if (!images && errno == ENOENT)
		return 0;
	if (!images)
		return err_errno(err, "cannot open folder %s", path);
	if (remove_all(images, remove_numbered_folder, suffix) < 0)
		return err_errno(err, "cannot remove the files in %s", path);
	if (remove_if_empty(AT_FDCWD, path) < 0)
		return err_errno(err, "cannot remove %s", path);
	return 0;
}

/* After a power cut no picture of the old dataset may come back among the new ones. */
static int sync_file_system(const char *folder, struct err *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 || syncfs(fd) < 0 ? err_errno(err, "cannot sync %s", folder) : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

static int remove_file(const char *folder, const char *name, struct err *err)
{
	static const char *const suffixes[] = {"", ".part", ".tmp"};
	char path[DATASET_PATH_BYTES];

	for (size_t k = 0; k < sizeof(suffixes) / sizeof(*suffixes); k++) {
		dataset_file_path(folder, name, suffixes[k], path);
		if (unlink(path) < 0 && errno != ENOENT && errno != ENOTDIR)
			return err_errno(err, "cannot remove %s", path);
	}
	return 0;
}

/* Lists of all layouts, and their pictures. */
static int remove_lists(const char *folder, const struct dataset_layout *layout, struct err *err)
{
	char name[DATASET_NAME_BYTES];

	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (dataset_part_name(layout, (enum dataset_part)i, name) &&
		    remove_file(folder, name, err) < 0)
			return -1;
	for (int i = 0; i < PICTURE_COUNT_; i++)
		for (int k = 0; k < SPLIT_COUNT_ && layout->pictures != PICTURES_INSIDE; k++)
			if (remove_files(folder, pictures_of(layout, (enum dataset_split)k),
					 dataset_picture_suffix((enum dataset_picture)i), err) < 0)
				return -1;
	return 0;
}

/* train-000004-1.tar, or what is left of writing one. */
static bool is_shard(const char *name, const struct dataset_layout *layout)
{
	for (int i = 0; i < SPLIT_COUNT_; i++) {
		size_t length = strlen(layout->splits[i]);
		const char *at = name + length;

		if (strncmp(name, layout->splits[i], length) != 0 || *at != '-')
			continue;
		at += strspn(at, "-0123456789");
		for (int k = 0; k < DATASET_STREAMS_MAX && layout->streams[k]; k++) {
			length = strlen(layout->streams[k]);
			if (strncmp(at, layout->streams[k], length) == 0 &&
			    (at[length] == '\0' || strcmp(at + length, ".part") == 0))
				return true;
		}
	}
	return false;
}

static int remove_shard(int folder, const char *name, const char *suffix)
{
	(void)suffix;
	for (int i = 0; dataset_layouts[i]; i++)
		if (is_shard(name, dataset_layouts[i]))
			return unlinkat(folder, name, 0) < 0 ? -1 : 1;
	return 0;
}

static int remove_shards(const char *folder, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	DIR *dir = open_folder(AT_FDCWD, dataset_file_path(folder, DATASET_SHARDS, "", path));

	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return err_errno(err, "cannot open folder %s", path);
	if (remove_all(dir, remove_shard, NULL) < 0)
		return err_errno(err, "cannot remove the files in %s", path);
	if (remove_if_empty(AT_FDCWD, path) < 0)
		return err_errno(err, "cannot remove %s", path);
	return 0;
}

int dataset_remove(const char *folder, struct err *err)
{
	/* dataset_info.json first: what is being taken apart must not look whole. */
	static const char *const names[] = {
		DATASET_INFO, DATASET_SPLIT, "rendering_metadata.json", "tinyllava_metadata.json",
		"README.md",  DATASET_COCO /* of cadgen coco */};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (remove_file(folder, names[i], err) < 0)
			return -1;
	for (int i = 0; dataset_layouts[i]; i++)
		if (remove_lists(folder, dataset_layouts[i], err) < 0)
			return -1;
	if (remove_shards(folder, err) < 0)
		return -1;
	for (int i = 0; i < ALSO_COUNT_; i++)
		if (remove_files(folder, also_names[i], also_names[i], err) < 0)
			return -1;
	return sync_file_system(folder, err);
}
