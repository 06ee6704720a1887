/* SPDX-License-Identifier: MIT */
/*
 * dataset_ranks: several processes that make one dataset.
 *
 *	OUT/images/ ...				pictures, by all ranks
 *	OUT/.cadgen-ranks/0003-of-0008/		train.json.part ... of rank 3, its journal and its lock
 *
 * A rank makes a range of the numbers, as a process alone makes all of them, and stops where its journal says
 * "closing". It then takes the lock of OUT, for which it waits, and looks whether all are that far. The last one
 * finds that they are: it joins the part files in OUT, writes the journal of a dataset that is closing there, takes
 * away .cadgen-ranks, and finishes as a process alone does. Each rank says that it is done before it asks for
 * the lock, so whoever is last sees all the others. What crashes while it joins does so again from the ranks'
 * files, or, once OUT has its journal, only finishes; any rank will do.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "formats/dataset/dataset_private.h"

#define PIECE_BYTES (1 << 16)

static const char *folder_of_rank(const struct dataset_settings *settings, int rank,
				  char buffer[DATASET_PATH_BYTES])
{
	char name[64];

	snprintf(name, sizeof(name), DATASET_RANKS "/%04d-of-%04d", rank, settings->ranks);
	return dataset_file_path(settings->path, name, "", buffer);
}

const char *dataset_rank_folder(const struct dataset_settings *settings,
				char buffer[DATASET_PATH_BYTES])
{
	if (settings->ranks > 1)
		return folder_of_rank(settings, settings->rank, buffer);
	snprintf(buffer, DATASET_PATH_BYTES, "%s", settings->path);
	return buffer;
}

/* Blocks of shards stay whole; else ranks differ by one sample at most. */
void dataset_rank_range(const struct dataset_settings *settings, uint64_t *begin, uint64_t *end)
{
	uint64_t size = settings->shard_size ? settings->shard_size : DATASET_SHARD_SIZE;
	uint64_t unit = dataset_layout_of(settings)->streams[0] ? size : 1;
	uint64_t blocks = settings->count / unit + (settings->count % unit > 0);
	uint64_t ranks = settings->ranks > 1 ? (uint64_t)settings->ranks : 1;
	uint64_t rank = settings->ranks > 1 ? (uint64_t)settings->rank : 0;

	*begin = blocks * rank / ranks * unit;
	*end = blocks * (rank + 1) / ranks * unit;
	*begin = *begin < settings->count ? *begin : settings->count;
	*end = *end < settings->count ? *end : settings->count;
}

/* Every folder in .cadgen-ranks is of as many ranks. */
static int check_others(const struct dataset_settings *settings, struct err *err)
{
	char path[DATASET_PATH_BYTES], suffix[32];
	DIR *dir = opendir(dataset_file_path(settings->path, DATASET_RANKS, "", path));
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return errno == ENOENT ? 0 : err_errno(err, "cannot open folder %s", path);
	snprintf(suffix, sizeof(suffix), "-of-%04d", settings->ranks);
	while (rc == 0 && (entry = readdir(dir))) {
		const char *at = strchr(entry->d_name, '-');

		if (*entry->d_name != '.' && (!at || strcmp(at, suffix) != 0))
			rc = err_set(err, ERR_USAGE, "%s was begun by ranks %.40s, not by %d",
				     settings->path, entry->d_name, settings->ranks);
	}
	closedir(dir);
	return rc;
}

/* What is in OUT itself: 1 with *position where that is a dataset that is whole. */
static int look_outside(const struct dataset_settings *settings, enum dataset_mode mode,
			struct dataset_position *position, struct err *err)
{
	struct dataset_position whole = {0};
	int found;

	if (mode == DATASET_OVERWRITE)
		return err_set(err, ERR_USAGE,
			       "several processes cannot overwrite a dataset: "
			       "remove it first");
	found = dataset_position_read(settings->path, mode == DATASET_RESUME ? settings : NULL,
				      &whole, err);
	if (found < 0)
		return -1;
	if (found == 0) {
		/* In this order: another rank may begin meanwhile, and makes that folder first. */
		int used = dataset_in_use(settings->path, err);
		int ranks = used > 0 ? dataset_has(settings->path, DATASET_RANKS, "", err) : 0;

		if (ranks != 0)
			return ranks < 0 ? -1 : 0;
		if (used > 0)
			return err_set(err, ERR_USAGE,
				       mode == DATASET_NEW ? "%s is not empty: resume, or choose "
							     "another folder"
							   : "%s is in use, and not by a dataset "
							     "of cadgen",
				       settings->path);
		return used;
	}
	if (mode == DATASET_NEW)
		return err_set(err, ERR_USAGE, "%s is not empty: resume, or choose another folder",
			       settings->path);
	if (whole.state < DATASET_CLOSING)
		return err_set(err, ERR_USAGE, "%s was begun by one process alone", settings->path);
	*position = whole;
	return 1;
}

int dataset_ranks_look(const struct dataset_settings *settings, enum dataset_mode mode,
		       struct dataset_position *position, struct err *err)
{
	char folder[DATASET_PATH_BYTES];
	int used, whole = look_outside(settings, mode, position, err), found;

	if (whole != 0)
		return whole;
	if (check_others(settings, err) < 0)
		return -1;
	used = dataset_in_use(dataset_rank_folder(settings, folder), err);
	if (used <= 0)
		return used;
	if (mode == DATASET_NEW)
		return err_set(err, ERR_USAGE, "rank %d of %d of %s has begun: resume",
			       settings->rank, settings->ranks, settings->path);
	found = dataset_position_read(folder, settings, position, err);
	if (found == 0)
		return err_set(err, ERR_USAGE, "%s is in use, and not by a dataset of cadgen",
			       folder);
	return found < 0 ? -1 : 0;
}

void dataset_ranks_tidy(const struct dataset_settings *settings)
{
	char path[DATASET_PATH_BYTES];

	/* Each fails where something is left in it. */
	if (rmdir(dataset_rank_folder(settings, path)) == 0)
		rmdir(dataset_file_path(settings->path, DATASET_RANKS, "", path));
}

/* --- joining ----------------------------------------------------------------------------------- */

/* Adds what a rank has to the sums. Returns 1, 0 where it is not done. */
static int add_rank(const struct dataset_settings *settings, int rank,
		    struct dataset_position *sums, struct err *err)
{
	struct dataset_settings its = *settings;
	struct dataset_position p = {0};
	char folder[DATASET_PATH_BYTES];
	int found;

	its.rank = rank;
	found = dataset_position_read(folder_of_rank(settings, rank, folder), &its, &p, err);
	if (found <= 0)
		return found;
	if (p.state != DATASET_CLOSING)
		return 0;
	sums->next = p.next;
	sums->redrawn += p.redrawn;
	for (int i = 0; i < SPLIT_COUNT_; i++)
		sums->counts[i] += p.counts[i];
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		sums->bytes[i] += p.bytes[i];
	return 1;
}

static int copy_bytes(FILE *from, const char *path, uint64_t bytes, bool opens,
		      struct fs_file *file, struct err *err)
{
	char piece[PIECE_BYTES];

	while (bytes > 0) {
		size_t n = bytes < PIECE_BYTES ? (size_t)bytes : PIECE_BYTES;

		if (fread(piece, 1, n, from) != n)
			return ferror(from) ? err_errno(err, "cannot read %s", path)
					    : err_set(err, ERR_FORMAT,
						      "%s is shorter than its journal says", path);
		if (opens)
			piece[0] = '[';
		opens = false;
		if (fs_file_add(file, piece, n, err) < 0)
			return -1;
		bytes -= n;
	}
	return 0;
}

/* Appends a rank's part; *opens until there is an entry. */
static int join_rank(const struct dataset_settings *settings, int rank, enum dataset_part part,
		     bool *opens, struct fs_file *file, struct err *err)
{
	struct dataset_position p = {0};
	struct dataset_settings its = *settings;
	char folder[DATASET_PATH_BYTES], path[DATASET_PATH_BYTES], name[DATASET_NAME_BYTES];
	FILE *from;
	int rc;

	its.rank = rank;
	if (dataset_position_read(folder_of_rank(settings, rank, folder), &its, &p, err) < 0)
		return -1;
	if (p.bytes[part] == 0)
		return 0;
	dataset_part_name(dataset_layout_of(settings), part, name);
	from = fopen(dataset_file_path(folder, name, ".part", path), "re");
	if (!from)
		return err_errno(err, "cannot open %s", path);
	rc = copy_bytes(from, path, p.bytes[part], *opens, file, err);
	*opens = false;
	fclose(from); /* only read */
	return rc;
}

static int join_part(const struct dataset_settings *settings, enum dataset_part part,
		     struct err *err)
{
	bool opens = dataset_part_is_array(dataset_layout_of(settings), part);
	char path[DATASET_PATH_BYTES], name[DATASET_NAME_BYTES];
	struct fs_file *file;
	int rc = 0;

	dataset_part_name(dataset_layout_of(settings), part, name);
	file = fs_file_new(dataset_file_path(settings->path, name, ".part", path), err);
	if (!file)
		return -1;
	for (int i = 0; i < settings->ranks && rc == 0; i++)
		rc = join_rank(settings, i, part, &opens, file, err);
	if (rc == 0)
		return fs_file_finish(file, err);
	fs_file_drop(file);
	return -1;
}

static int join_all(const struct dataset_settings *settings, const struct dataset_position *sums,
		    struct err *err)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (dataset_has_part(settings, (enum dataset_part)i) &&
		    join_part(settings, (enum dataset_part)i, err) < 0)
			return -1;
	return dataset_journal_write(settings->path, settings, sums, err);
}

/* What the ranks had is in OUT, on the medium. */
static int finish_joined(const struct dataset_settings *settings,
			 const struct dataset_position *position, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	if (fs_remove_tree(dataset_file_path(settings->path, DATASET_RANKS, "", path), err) < 0)
		return -1;
	return position->state == DATASET_FINISHED ? 0 : dataset_finish(settings, position, err);
}

static int join_locked(const struct dataset_settings *settings, struct err *err)
{
	struct dataset_position position = {0};
	int found = dataset_position_read(settings->path, settings, &position, err);

	if (found < 0)
		return -1;
	if (found > 0)
		return finish_joined(settings, &position, err);
	position = (struct dataset_position){.state = DATASET_CLOSING};
	for (int i = 0; i < settings->ranks; i++) {
		found = add_rank(settings, i, &position, err);
		if (found <= 0)
			return found < 0 ? -1 : 1;
	}
	if (join_all(settings, &position, err) < 0)
		return -1;
	return finish_joined(settings, &position, err);
}

int dataset_ranks_join(const struct dataset_settings *settings, struct err *err)
{
	int lock = dataset_lock_wait(settings->path, err), rc;

	if (lock < 0)
		return -1;
	rc = join_locked(settings, err);
	dataset_unlock(settings->path, lock);
	return rc;
}
