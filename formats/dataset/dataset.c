/* SPDX-License-Identifier: MIT */
/*
 * dataset: opening, appending, committing, closing.
 *
 * What is committed is what the journal says, and the journal may only speak of what is on the
 * medium. So a commit goes in this order:
 *
 *	1. pictures of all samples before `next` exist, and the files that go beside them (the
 *	   caller's part: written before dataset_append, in any order, by any thread, none of them
 *	   synced)
 *	2. fsync of the part files and of the shards that grow, which also reports their write errors
 *	3. syncfs of the file systems that hold images/, svg/ and so on: contents and names of all pictures. One call
 *	   for thousands of fsyncs; this is why commits are seconds apart, not per append
 *	4. the new journal: written beside the old one, fsync, rename, fsync of the folder
 *
 * After a power cut the journal is the old one or the new one, and all it names is there. After a
 * kill, where only what was never written is lost, the same holds. Part files only grow behind the
 * journal's lengths, so opening cuts them back and goes on; pictures behind it are drawn again over
 * what is there, whole or not; shards likewise (dataset_shards.c).
 *
 * A journal comes first in a new folder and goes last from a finished one, so at every moment the
 * folder is empty, or begun (journal), or finished (dataset_info.json). Overwriting writes the new
 * journal, state "removing", before it removes the first file.
 *
 * Memory: the part files' descriptors and lengths, whatever the count.
 */
#include <config.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/dataset_private.h"

/* Between commits: what a crash costs at most, against what a sync costs. */
#define COMMIT_EVERY_S 10

/* Sample numbers and file lengths stay exact as JSON numbers far beyond this. */
#define COUNT_MAX UINT64_C(1000000000000)

struct dataset {
	struct dataset_settings settings;
	struct dataset_position position;
	char folder[DATASET_PATH_BYTES]; /* of journal, lock and part files */
	uint64_t end;
	int lock;
	int synced[ALSO_COUNT_ + SPLIT_COUNT_]; /* folders for syncfs; -1: none */
	struct dataset_parts parts;             /* open while GROWING */
	struct dataset_shards shards;
	uint64_t committed; /* next of the journal on the medium */
	time_t committed_s;
	bool failed; /* an append or a commit failed: nothing more is taken */
	bool frozen; /* a sync failed, so the journal must stay as it is */
};

static time_t now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

const struct dataset_layout *dataset_layout_of(const struct dataset_settings *settings)
{
	return settings->layout ? settings->layout : &dataset_tinyllava;
}

static bool is_fraction(double x)
{
	return x >= 0 && x <= 1;
}

static int check_settings(const struct dataset_settings *settings, struct err *err)
{
	struct json_doc style;

	if (*settings->path == '\0')
		return err_set(err, ERR_USAGE, "the dataset's folder has no name");
	if (strlen(settings->path) > DATASET_FOLDER_BYTES_MAX)
		return err_set(err, ERR_USAGE, "folder name of more than %d bytes",
			       DATASET_FOLDER_BYTES_MAX);
	if (!is_fraction(settings->val_fraction) || !is_fraction(settings->test_fraction) ||
	    !is_fraction(settings->val_fraction + settings->test_fraction))
		return err_set(err, ERR_USAGE,
			       "validation or test fraction, or their sum, outside 0..1");
	if (!is_fraction(settings->max_overlap))
		return err_set(err, ERR_USAGE, "largest overlap outside 0..1");
	if (settings->count > COUNT_MAX)
		return err_set(err, ERR_USAGE, "more than %" PRIu64 " samples", COUNT_MAX);
	if (settings->ranks < 0 || settings->ranks > DATASET_RANKS_MAX || settings->rank < 0 ||
	    (settings->rank > 0 && settings->rank >= settings->ranks))
		return err_set(err, ERR_USAGE, "no rank %d of %d", settings->rank, settings->ranks);
	/* It is copied into JSON files as it stands. */
	if (json_parse(&style, "style", settings->style, strlen(settings->style), err) < 0)
		return -1;
	json_free(&style);
	return 0;
}

/* Finds out how far the dataset is that is in the folder: *position, REMOVING where one has to be removed
 * first, GROWING for a new one. */
static int look_alone(const struct dataset_settings *settings, enum dataset_mode mode,
		      struct dataset_position *position, struct err *err)
{
	int used = dataset_in_use(settings->path, err), found;

	if (used <= 0)
		return used;
	if (mode == DATASET_NEW)
		return err_set(err, ERR_USAGE,
			       "%s is not empty: resume, overwrite or choose another folder",
			       settings->path);
	found = dataset_position_read(settings->path, mode == DATASET_RESUME ? settings : NULL,
				      position, err);
	if (found < 0)
		return -1;
	if (found == 0 && dataset_has(settings->path, DATASET_RANKS, "", err) > 0)
		return err_set(
			err, ERR_USAGE,
			"%s was begun by several processes: go on as they were, or remove it",
			settings->path);
	if (found == 0)
		return err_set(err, ERR_USAGE, "%s is in use, and not by a dataset of cadgen",
			       settings->path);
	if (mode == DATASET_OVERWRITE)
		*position = (struct dataset_position){.state = DATASET_REMOVING};
	return 0;
}

static int look(const struct dataset_settings *settings, enum dataset_mode mode,
		struct dataset_position *position, struct err *err)
{
	uint64_t begin, end;
	int rc;

	dataset_rank_range(settings, &begin, &end);
	*position =
		(struct dataset_position){.state = DATASET_GROWING, .begin = begin, .next = begin};
	rc = settings->ranks > 1 ? dataset_ranks_look(settings, mode, position, err)
				 : look_alone(settings, mode, position, err);
	return rc < 0 ? -1 : 0;
}

/* Looks, locks and looks again: a folder that would be refused gets no lock file, unless one is
 * there, whose holder is the better message. */
static int enter(struct dataset *ds, enum dataset_mode mode, struct err *err)
{
	int locked = dataset_has(ds->folder, DATASET_LOCK, "", err);

	if (locked < 0 || (locked == 0 && look(&ds->settings, mode, &ds->position, err) < 0))
		return -1;
	/* A rank that is done has its folder no more, or nothing to do there. */
	if (locked == 0 && ds->settings.ranks > 1 && ds->position.state >= DATASET_CLOSING)
		return 0;
	if (fs_mkdirs(ds->folder, err) < 0)
		return -1;
	ds->lock = dataset_lock(ds->folder, err);
	if (ds->lock < 0)
		return -1;
	return look(&ds->settings, mode, &ds->position, err);
}

static bool wants(const struct dataset *ds, int also)
{
	return ds->settings.also >> also & 1;
}

/* Folders for all pictures still to come, and for what goes beside them. */
static int make_block(const struct dataset *ds, uint64_t i, struct err *err)
{
	const struct dataset_layout *layout = dataset_layout_of(&ds->settings);
	char path[DATASET_PATH_BYTES];

	for (int k = 0; k < SPLIT_COUNT_ && layout->pictures != PICTURES_INSIDE; k++) {
		if (!dataset_has_part(&ds->settings, (enum dataset_part)k))
			continue;
		dataset_picture_folder(ds->settings.path, layout, (enum dataset_split)k, i, path);
		if (fs_mkdirs(path, err) < 0)
			return -1;
	}
	for (int k = 0; k < ALSO_COUNT_; k++) {
		dataset_also_folder(ds->settings.path, (enum dataset_also)k, i, path);
		if (wants(ds, k) && fs_mkdirs(path, err) < 0)
			return -1;
	}
	return 0;
}

static int make_folders(const struct dataset *ds, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	uint64_t i = ds->position.next;

	if (dataset_layout_of(&ds->settings)->pictures == PICTURES_TOGETHER &&
	    fs_mkdirs(dataset_file_path(ds->settings.path, "images", "", path), err) < 0)
		return -1;
	for (i -= i % DATASET_PICTURES_PER_FOLDER; i < ds->end; i += DATASET_PICTURES_PER_FOLDER)
		if (make_block(ds, i, err) < 0)
			return -1;
	return 0;
}

/* Takes the old dataset away, if there is one, and leaves a journal of an empty new one. */
static int begin_anew(struct dataset *ds, struct err *err)
{
	bool removing = ds->position.state == DATASET_REMOVING;

	if (removing && (dataset_journal_write(ds->folder, &ds->settings, &ds->position, err) < 0 ||
			 dataset_remove(ds->settings.path, err) < 0))
		return -1;
	ds->position.state = DATASET_GROWING;
	return dataset_journal_write(ds->folder, &ds->settings, &ds->position, err);
}

/* Opens the folder OUT/NAME for syncfs. */
static int open_folder(const struct dataset *ds, const char *name, int *fd, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	dataset_file_path(ds->settings.path, name, "", path);
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0 && errno == ENOENT)
		return 0; /* no sample's: nothing to sync */
	return *fd < 0 ? err_errno(err, "cannot open folder %s", path) : 0;
}

static int open_folders(struct dataset *ds, struct err *err)
{
	const struct dataset_layout *layout = dataset_layout_of(&ds->settings);
	int *fd = ds->synced;

	for (int i = 0; i < ALSO_COUNT_; i++, fd++)
		if (wants(ds, i) &&
		    open_folder(ds, dataset_also_name((enum dataset_also)i), fd, err) < 0)
			return -1;
	if (layout->pictures == PICTURES_TOGETHER)
		return open_folder(ds, "images", fd, err);
	for (int i = 0; i < SPLIT_COUNT_ && layout->pictures == PICTURES_BY_SPLIT; i++, fd++)
		if (open_folder(ds, layout->splits[i], fd, err) < 0)
			return -1;
	return 0;
}

static int prepare(struct dataset *ds, struct err *err)
{
	if (ds->position.state >= DATASET_CLOSING)
		return 0;
	if (ds->position.next == ds->position.begin && begin_anew(ds, err) < 0)
		return -1;
	if (make_folders(ds, err) < 0 || open_folders(ds, err) < 0 ||
	    dataset_parts_open(&ds->parts, &ds->position, err) < 0 ||
	    dataset_shards_open(&ds->shards, &ds->position, err) < 0)
		return -1;
	ds->committed = ds->position.next;
	ds->committed_s = now_s();
	return 0;
}

/* All were synced, or are given up: close(2) has nothing to report. */
static void close_files(struct dataset *ds)
{
	dataset_parts_close(&ds->parts);
	dataset_shards_close(&ds->shards);
	for (size_t i = 0; i < sizeof(ds->synced) / sizeof(*ds->synced); i++) {
		if (ds->synced[i] >= 0)
			close(ds->synced[i]);
		ds->synced[i] = -1;
	}
}

static void release(struct dataset *ds)
{
	close_files(ds);
	if (ds->lock >= 0)
		dataset_unlock(ds->folder, ds->lock);
	if (ds->lock >= 0 && ds->settings.ranks > 1)
		dataset_ranks_tidy(&ds->settings);
	free(ds);
}

static void set_up(struct dataset *ds, const struct dataset_settings *settings)
{
	uint64_t begin;

	ds->settings = *settings;
	if (ds->settings.shard_size == 0)
		ds->settings.shard_size = DATASET_SHARD_SIZE;
	dataset_rank_folder(&ds->settings, ds->folder);
	dataset_rank_range(&ds->settings, &begin, &ds->end);
	ds->parts.settings = ds->shards.settings = &ds->settings;
	memcpy(ds->parts.folder, ds->folder, sizeof(ds->folder));
	ds->lock = -1;
	memset(ds->synced, -1, sizeof(ds->synced));
	memset(ds->parts.fds, -1, sizeof(ds->parts.fds));
	memset(ds->shards.fds, -1, sizeof(ds->shards.fds));
}

struct dataset *dataset_open(const struct dataset_settings *settings, enum dataset_mode mode,
			     struct err *err)
{
	struct dataset *ds;

	if (check_settings(settings, err) < 0)
		return NULL;
	ds = mem_alloc(1, sizeof(*ds));
	set_up(ds, settings);
	if (enter(ds, mode, err) < 0 || prepare(ds, err) < 0) {
		release(ds);
		return NULL;
	}
	return ds;
}

uint64_t dataset_next(const struct dataset *ds)
{
	return ds->position.state >= DATASET_CLOSING ? ds->end : ds->position.next;
}

uint64_t dataset_end(const struct dataset *ds)
{
	return ds->end;
}

const char *dataset_image_path(const struct dataset *ds, enum dataset_split split, uint64_t index,
			       char buffer[DATASET_PATH_BYTES])
{
	const struct dataset_layout *layout = dataset_layout_of(&ds->settings);

	if (layout->pictures == PICTURES_INSIDE)
		return strcpy(buffer, "");
	return dataset_picture_path(ds->settings.path, layout, ds->settings.picture, split, index,
				    buffer);
}

const char *dataset_also_path(const struct dataset *ds, enum dataset_also also, uint64_t index,
			      char buffer[DATASET_PATH_BYTES])
{
	return dataset_also_file(ds->settings.path, also, index, buffer);
}

int dataset_put_picture(const struct dataset *ds, const struct dataset_item *item, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	if (*dataset_image_path(ds, item->split, item->index, path) == '\0')
		return 0;
	return fs_write_unguarded(path, item->picture, item->picture_bytes, err);
}

/* Everything before the journal; see the top of the file. */
static int sync_all(struct dataset *ds, struct err *err)
{
	if (dataset_parts_sync(&ds->parts, err) < 0 || dataset_shards_sync(&ds->shards, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(ds->synced) / sizeof(*ds->synced); i++)
		if (ds->synced[i] >= 0 && syncfs(ds->synced[i]) < 0)
			return err_errno(err, "cannot write the pictures of %s", ds->settings.path);
	return 0;
}

static int commit(struct dataset *ds, enum dataset_state state, struct err *err)
{
	struct dataset_position position = ds->position;

	position.state = state;
	if (sync_all(ds, err) < 0) {
		/* The kernel reports a lost write once; the next fsync would succeed. */
		ds->failed = ds->frozen = true;
		return -1;
	}
	if (dataset_journal_write(ds->folder, &ds->settings, &position, err) < 0) {
		ds->failed = true;
		return -1;
	}
	ds->position.state = state;
	ds->committed = position.next;
	ds->committed_s = now_s();
	return 0;
}

/* Goes back to the state before a failed append, which may still be committed. */
static void take_back(struct dataset *ds, const struct dataset_position *before)
{
	ds->position = *before;
	ds->failed = true;
	if (dataset_parts_cut(&ds->parts, before) < 0)
		ds->frozen = true;
}

int dataset_append(struct dataset *ds, const struct dataset_lines *lines, uint64_t next,
		   struct err *err)
{
	struct dataset_position *p = &ds->position, before = *p;
	uint64_t samples = 0;

	if (ds->failed)
		return err_set(err, ERR_IO, "%s: writing failed before", ds->settings.path);
	for (int i = 0; i < SPLIT_COUNT_; i++)
		samples += lines->counts[i];
	assert(p->state == DATASET_GROWING);
	assert(next >= p->next && next <= ds->end);
	assert(samples == next - p->next);
	if (dataset_parts_append(&ds->parts, p, lines, err) < 0 ||
	    dataset_shards_append(&ds->shards, p, lines, err) < 0) {
		take_back(ds, &before);
		return -1;
	}
	p->next = next;
	for (int i = 0; i < SPLIT_COUNT_; i++)
		p->counts[i] += lines->counts[i];
	p->redrawn += lines->redrawn;
	if (now_s() - ds->committed_s >= COMMIT_EVERY_S)
		return commit(ds, DATASET_GROWING, err);
	return 0;
}

/* All samples are there: what grows in one piece is ended, and the journal says so. Once it does another rank may join
 * all and take this one's folder away, which must not be before that is synced. */
static int commit_whole(struct dataset *ds, struct err *err)
{
	struct dataset_position before = ds->position;
	int lock, rc;

	if (dataset_shards_end(&ds->shards, &ds->position, err) < 0) {
		take_back(ds, &before);
		return -1;
	}
	if (ds->settings.ranks <= 1)
		return commit(ds, DATASET_CLOSING, err);
	lock = dataset_lock_wait(ds->settings.path, err);
	if (lock < 0)
		return -1;
	rc = commit(ds, DATASET_CLOSING, err);
	dataset_unlock(ds->settings.path, lock);
	return rc;
}

/* What the dataset's state asks for at its end. */
static int finish(struct dataset *ds, struct err *err)
{
	bool whole = !ds->failed && ds->position.next == ds->end;

	if (ds->position.state == DATASET_GROWING && whole && commit_whole(ds, err) < 0)
		return -1;
	if (ds->position.state == DATASET_GROWING && !ds->frozen &&
	    ds->position.next != ds->committed)
		return commit(ds, DATASET_GROWING, err);
	close_files(ds);
	if (ds->position.state == DATASET_CLOSING && ds->settings.ranks <= 1)
		return dataset_finish(&ds->settings, &ds->position, err);
	return 0;
}

int dataset_close(struct dataset *ds, struct err *err)
{
	struct dataset_settings settings = ds->settings;
	int rc = finish(ds, err);
	bool joins = rc == 0 && settings.ranks > 1 && ds->position.state >= DATASET_CLOSING;

	release(ds);
	return joins ? dataset_ranks_join(&settings, err) : rc;
}
