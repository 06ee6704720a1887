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
 *	2. fsync of the four part files, which also reports their write errors
 *	3. syncfs of the file systems that hold images/, svg/ and so on: contents and names of all pictures. One call
 *	   for thousands of fsyncs; this is why commits are seconds apart, not per append
 *	4. the new journal: written beside the old one, fsync, rename, fsync of the folder
 *
 * After a power cut the journal is the old one or the new one, and all it names is there. After a
 * kill, where only what was never written is lost, the same holds. Part files only grow behind the
 * journal's lengths, so opening cuts them back and goes on; pictures behind it are drawn again over
 * what is there, whole or not. All writes are at known offsets: a failed append is cut off again,
 * and the state before it can still be committed.
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
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "formats/dataset_private.h"

/* Between commits: what a crash costs at most, against what a sync costs. */
#define COMMIT_EVERY_S 10

/* Sample numbers and file lengths stay exact as JSON numbers far beyond this. */
#define COUNT_MAX UINT64_C(1000000000000)

#define MILLION 1000000

struct dataset {
	struct dataset_settings settings;
	struct dataset_position position;
	int lock;
	int images;                    /* the folder, for syncfs */
	int also[ALSO_COUNT_];         /* those beside it; -1 unless wanted */
	int parts[DATASET_PART_COUNT]; /* -1 unless GROWING */
	uint64_t committed;            /* next of the journal on the medium */
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

static uint32_t val_millionths(const struct dataset_settings *settings)
{
	return (uint32_t)lround(settings->val_fraction * MILLION);
}

int dataset_is_val(const struct dataset_settings *settings, uint64_t index)
{
	struct rng rng = rng_stream(settings->seed, index, "split", 0);

	return rng_below(&rng, MILLION) < val_millionths(settings);
}

static void add_entry(struct buf *out, uint64_t index, const char *prompt, const char *program)
{
	char id[DATASET_ID_BYTES], path[DATASET_PATH_BYTES];

	/* Every entry begins with a comma; append_part drops the first one of the file. */
	buf_str(out, ",\n");
	dataset_put_entry(out, dataset_id(index, id),
			  dataset_picture_path(".", index, path) + strlen("./"), prompt, program);
}

static void add_line(struct buf *out, const char *line)
{
	assert(!strchr(line, '\n'));
	buf_str(out, line);
	buf_char(out, '\n');
}

void dataset_add(struct dataset_lines *lines, const struct dataset_settings *settings,
		 uint64_t index, const char *prompt, const char *program, const char *annotations,
		 const char *scene)
{
	if (dataset_is_val(settings, index)) {
		add_entry(&lines->val, index, prompt, program);
		lines->val_count++;
	} else {
		add_entry(&lines->train, index, prompt, program);
		lines->train_count++;
	}
	add_line(&lines->annotations, annotations);
	add_line(&lines->scenes, scene);
}

void dataset_lines_clear(struct dataset_lines *lines)
{
	buf_clear(&lines->train);
	buf_clear(&lines->val);
	buf_clear(&lines->annotations);
	buf_clear(&lines->scenes);
	lines->train_count = lines->val_count = lines->redrawn = 0;
}

void dataset_lines_free(struct dataset_lines *lines)
{
	buf_free(&lines->train);
	buf_free(&lines->val);
	buf_free(&lines->annotations);
	buf_free(&lines->scenes);
	*lines = (struct dataset_lines){0};
}

static int check_settings(const struct dataset_settings *settings, struct err *err)
{
	struct json_doc style;

	if (*settings->path == '\0')
		return err_set(err, ERR_USAGE, "the dataset's folder has no name");
	if (strlen(settings->path) > DATASET_FOLDER_BYTES_MAX)
		return err_set(err, ERR_USAGE, "folder name of more than %d bytes",
			       DATASET_FOLDER_BYTES_MAX);
	if (!(settings->val_fraction >= 0 && settings->val_fraction <= 1))
		return err_set(err, ERR_USAGE, "validation fraction outside 0..1");
	if (!(settings->max_overlap >= 0 && settings->max_overlap <= 1))
		return err_set(err, ERR_USAGE, "largest overlap outside 0..1");
	if (settings->count > COUNT_MAX)
		return err_set(err, ERR_USAGE, "more than %" PRIu64 " samples", COUNT_MAX);
	/* It is copied into JSON files as it stands. */
	if (json_parse(&style, "style", settings->style, strlen(settings->style), err) < 0)
		return -1;
	json_free(&style);
	return 0;
}

/* Finds out how far the folder's dataset is: *position, REMOVING with next 0 where one has to be
 * removed first, GROWING with next 0 for a new one. */
static int look(const struct dataset_settings *settings, enum dataset_mode mode,
		struct dataset_position *position, struct err *err)
{
	int used = dataset_in_use(settings->path, err), found;

	*position = (struct dataset_position){.state = DATASET_GROWING};
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
	if (found == 0)
		return err_set(err, ERR_USAGE, "%s is in use, and not by a dataset of cadgen",
			       settings->path);
	if (mode == DATASET_OVERWRITE)
		*position = (struct dataset_position){.state = DATASET_REMOVING};
	return 0;
}

/* Looks, locks and looks again: a folder that would be refused gets no lock file, unless one is
 * there, whose holder is the better message. */
static int enter(struct dataset *ds, enum dataset_mode mode, struct err *err)
{
	const char *folder = ds->settings.path;
	int locked;

	if (fs_mkdirs(folder, err) < 0)
		return -1;
	locked = dataset_has(folder, DATASET_LOCK, "", err);
	if (locked < 0 || (locked == 0 && look(&ds->settings, mode, &ds->position, err) < 0))
		return -1;
	ds->lock = dataset_lock(folder, err);
	if (ds->lock < 0)
		return -1;
	return look(&ds->settings, mode, &ds->position, err);
}

static int part_error(const struct dataset *ds, int part, const char *what, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	dataset_file_path(ds->settings.path, dataset_part_name((enum dataset_part)part), ".part",
			  path);
	return err_errno(err, "cannot %s %s", what, path);
}

/* Opens one part file and cuts it back to the journal. */
static int open_part(struct dataset *ds, int part, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	uint64_t bytes = ds->position.bytes[part];
	struct stat st;
	int fd;

	dataset_file_path(ds->settings.path, dataset_part_name((enum dataset_part)part), ".part",
			  path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return part_error(ds, part, "open", err);
	ds->parts[part] = fd;
	if (fstat(fd, &st) < 0)
		return part_error(ds, part, "look at", err);
	if ((uint64_t)st.st_size < bytes)
		return err_set(err, ERR_FORMAT, "%s: %jd bytes, the journal says %" PRIu64, path,
			       (intmax_t)st.st_size, bytes);
	if ((uint64_t)st.st_size > bytes && ftruncate(fd, (off_t)bytes) < 0)
		return part_error(ds, part, "cut", err);
	return 0;
}

static bool wants(const struct dataset *ds, int also)
{
	return ds->settings.also >> also & 1;
}

/* Folders for all pictures still to come, and for what goes beside them. */
static int make_folders(const struct dataset *ds, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	uint64_t i = ds->position.next;

	if (fs_mkdirs(dataset_file_path(ds->settings.path, "images", "", path), err) < 0)
		return -1;
	for (i -= i % DATASET_PICTURES_PER_FOLDER; i < ds->settings.count;
	     i += DATASET_PICTURES_PER_FOLDER) {
		dataset_picture_folder(ds->settings.path, i, path);
		if (fs_mkdirs(path, err) < 0)
			return -1;
		for (int k = 0; k < ALSO_COUNT_; k++) {
			dataset_also_folder(ds->settings.path, (enum dataset_also)k, i, path);
			if (wants(ds, k) && fs_mkdirs(path, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* Takes the old dataset away, if there is one, and leaves a journal of an empty new one. */
static int begin_anew(struct dataset *ds, struct err *err)
{
	bool removing = ds->position.state == DATASET_REMOVING;

	if (removing && (dataset_journal_write(&ds->settings, &ds->position, err) < 0 ||
			 dataset_remove(ds->settings.path, err) < 0))
		return -1;
	ds->position = (struct dataset_position){.state = DATASET_GROWING};
	return dataset_journal_write(&ds->settings, &ds->position, err);
}

/* Opens the folder OUT/NAME for syncfs. */
static int open_folder(const struct dataset *ds, const char *name, int *fd, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	dataset_file_path(ds->settings.path, name, "", path);
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *fd < 0 ? err_errno(err, "cannot open folder %s", path) : 0;
}

static int open_folders(struct dataset *ds, struct err *err)
{
	if (open_folder(ds, "images", &ds->images, err) < 0)
		return -1;
	for (int i = 0; i < ALSO_COUNT_; i++)
		if (wants(ds, i) &&
		    open_folder(ds, dataset_also_name((enum dataset_also)i), &ds->also[i], err) < 0)
			return -1;
	return 0;
}

static int prepare(struct dataset *ds, struct err *err)
{
	if (ds->position.state == DATASET_CLOSING || ds->position.state == DATASET_FINISHED)
		return 0;
	if (ds->position.next == 0 && begin_anew(ds, err) < 0)
		return -1;
	if (make_folders(ds, err) < 0)
		return -1;
	if (open_folders(ds, err) < 0)
		return -1;
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (open_part(ds, i, err) < 0)
			return -1;
	ds->committed = ds->position.next;
	ds->committed_s = now_s();
	return 0;
}

/* All were synced, or are given up: close(2) has nothing to report. */
static void close_files(struct dataset *ds)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++) {
		if (ds->parts[i] >= 0)
			close(ds->parts[i]);
		ds->parts[i] = -1;
	}
	if (ds->images >= 0)
		close(ds->images);
	ds->images = -1;
	for (int i = 0; i < ALSO_COUNT_; i++) {
		if (ds->also[i] >= 0)
			close(ds->also[i]);
		ds->also[i] = -1;
	}
}

static void release(struct dataset *ds)
{
	close_files(ds);
	if (ds->lock >= 0)
		dataset_unlock(ds->settings.path, ds->lock);
	free(ds);
}

struct dataset *dataset_open(const struct dataset_settings *settings, enum dataset_mode mode,
			     struct err *err)
{
	struct dataset *ds;

	if (check_settings(settings, err) < 0)
		return NULL;
	ds = mem_alloc(1, sizeof(*ds));
	ds->settings = *settings;
	ds->lock = ds->images = -1;
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		ds->parts[i] = -1;
	for (int i = 0; i < ALSO_COUNT_; i++)
		ds->also[i] = -1;
	if (enter(ds, mode, err) < 0 || prepare(ds, err) < 0) {
		release(ds);
		return NULL;
	}
	return ds;
}

uint64_t dataset_next(const struct dataset *ds)
{
	return ds->position.next;
}

const char *dataset_image_path(const struct dataset *ds, uint64_t index,
			       char buffer[DATASET_PATH_BYTES])
{
	return dataset_picture_path(ds->settings.path, index, buffer);
}

const char *dataset_also_path(const struct dataset *ds, enum dataset_also also, uint64_t index,
			      char buffer[DATASET_PATH_BYTES])
{
	return dataset_also_file(ds->settings.path, also, index, buffer);
}

/* Everything before the journal; see the top of the file. */
static int sync_all(struct dataset *ds, struct err *err)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (fsync(ds->parts[i]) < 0)
			return part_error(ds, i, "write", err);
	if (syncfs(ds->images) < 0)
		return err_errno(err, "cannot write %s/images", ds->settings.path);
	for (int i = 0; i < ALSO_COUNT_; i++)
		if (wants(ds, i) && syncfs(ds->also[i]) < 0)
			return err_errno(err, "cannot write %s/%s", ds->settings.path,
					 dataset_also_name((enum dataset_also)i));
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
	if (dataset_journal_write(&ds->settings, &position, err) < 0) {
		ds->failed = true;
		return -1;
	}
	ds->position.state = state;
	ds->committed = position.next;
	ds->committed_s = now_s();
	return 0;
}

static int write_at(int fd, const char *data, size_t n, uint64_t offset)
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

static int append_part(struct dataset *ds, enum dataset_part part, const struct buf *lines,
		       uint64_t *end, struct err *err)
{
	uint64_t at = ds->position.bytes[part];
	bool opens = dataset_part_is_array(part) && at == 0;
	int fd = ds->parts[part];

	*end = at + lines->len;
	if (lines->len == 0)
		return 0;
	/* "[" takes the place of the first entry's comma. */
	if ((opens && write_at(fd, "[", 1, 0) < 0) ||
	    write_at(fd, lines->data + opens, lines->len - opens, at + opens) < 0)
		return part_error(ds, (int)part, "write", err);
	return 0;
}

/* Cuts what a failed append has left, so that the state before it can be committed. */
static void take_back(struct dataset *ds)
{
	ds->failed = true;
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (ftruncate(ds->parts[i], (off_t)ds->position.bytes[i]) < 0)
			ds->frozen = true;
}

int dataset_append(struct dataset *ds, const struct dataset_lines *lines, uint64_t next,
		   struct err *err)
{
	const struct buf *const bufs[] = {&lines->train, &lines->val, &lines->annotations,
					  &lines->scenes};
	struct dataset_position *p = &ds->position;
	uint64_t bytes[DATASET_PART_COUNT];

	if (ds->failed)
		return err_set(err, ERR_IO, "%s: writing failed before", ds->settings.path);
	assert(p->state == DATASET_GROWING);
	assert(next >= p->next && next <= ds->settings.count);
	assert(lines->train_count + lines->val_count == next - p->next);
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		if (append_part(ds, (enum dataset_part)i, bufs[i], &bytes[i], err) < 0) {
			take_back(ds);
			return -1;
		}
	memcpy(p->bytes, bytes, sizeof(bytes));
	p->next = next;
	p->train_count += lines->train_count;
	p->val_count += lines->val_count;
	p->redrawn += lines->redrawn;
	if (now_s() - ds->committed_s >= COMMIT_EVERY_S)
		return commit(ds, DATASET_GROWING, err);
	return 0;
}

/* What the dataset's state asks for at its end. */
static int finish(struct dataset *ds, struct err *err)
{
	bool whole = !ds->failed && ds->position.next == ds->settings.count;

	if (ds->position.state == DATASET_GROWING && whole && commit(ds, DATASET_CLOSING, err) < 0)
		return -1;
	if (ds->position.state == DATASET_GROWING && !ds->frozen &&
	    ds->position.next != ds->committed)
		return commit(ds, DATASET_GROWING, err);
	close_files(ds);
	if (ds->position.state == DATASET_CLOSING)
		return dataset_finish(&ds->settings, &ds->position, err);
	return 0;
}

int dataset_close(struct dataset *ds, struct err *err)
{
	int rc = finish(ds, err);

	release(ds);
	return rc;
}
