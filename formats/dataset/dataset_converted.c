/* SPDX-License-Identifier: MIT */
/*
 * A folder is empty, or has a journal, or is finished: dataset_info.json is there. A journal whose first line
 * says "removing" stands for an earlier dataset that is being taken away. Both files hold the settings.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/dataset_converted_private.h"

#define COUNT_MAX 9007199254740992.0
#define ID_ROOM 300 /* of a path below OUT: an id, its folder and its suffixes */

static const char *journal_path(const struct converted *c, char path[DATASET_PATH_BYTES])
{
	return dataset_file_path(c->settings.path, CONVERTED_JOURNAL, "", path);
}

void converted_path(const struct converted *c, const char *folder, const char *id,
		    const char *suffix, struct buf *out)
{
	buf_clear(out);
	buf_str(out, c->settings.path);
	buf_char(out, '/');
	buf_str(out, folder);
	buf_char(out, '/');
	buf_str(out, id);
	buf_str(out, suffix);
}

/* --- the journal's first line ---------------------------------------------------------------- */

static int write_journal(const struct converted *c, const char *state, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct buf line = {0};
	int rc;

	buf_str(&line, "{\"format\":\"cadconv-journal\",\"layout\":1,\"state\":\"");
	buf_str(&line, state);
	buf_str(&line, "\",\"settings\":");
	buf_str(&line, c->settings.json);
	buf_char(&line, '}');
	for (size_t i = 0; i < line.len; i++) /* the style has some, between its keys */
		line.data[i] = line.data[i] == '\n' ? ' ' : line.data[i];
	rc = outcomes_begin(journal_path(c, path), line.data, err);
	buf_free(&line);
	return rc;
}

static bool says(const cJSON *root, const char *key, const char *value)
{
	const char *s = cJSON_GetStringValue(json_member(root, key));

	return s && strcmp(s, value) == 0;
}

enum found { NOTHING, REMOVING, GROWING, FINISHED };

static int check_stored(const struct converted *c, const struct json_doc *doc, struct err *err)
{
	const cJSON *stored = json_member(doc->root, "settings");

	if (!cJSON_IsObject(stored))
		return json_error(doc, stored, err, "'settings' must be an object");
	return dataset_json_compare(c->settings.path, c->settings.json, stored, err);
}

/* Sets *found where there is a journal; compares the settings unless they do not matter. */
static int look_at_journal(const struct converted *c, bool compare, enum found *found,
			   struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct buf line = {0};
	struct json_doc doc;
	int rc = outcomes_first_line(journal_path(c, path), &line, err);

	if (rc > 0)
		rc = json_parse(&doc, path, line.data, line.len, err) < 0 ? -1 : 1;
	buf_free(&line);
	if (rc <= 0)
		return rc;
	*found = says(doc.root, "state", "removing") ? REMOVING : GROWING;
	rc = says(doc.root, "format", "cadconv-journal")
		     ? 0
		     : json_error(&doc, NULL, err, "not a journal of cadconv");
	if (rc == 0 && compare)
		rc = check_stored(c, &doc, err);
	json_free(&doc);
	return rc;
}

/* --- dataset_info.json ------------------------------------------------------------------------ */

static int read_counts(struct converted *c, const struct json_doc *doc, struct err *err)
{
	const cJSON *counts = json_member(doc->root, "counts");
	const char *const keys[] = {"train", "val", "failed", "missing"};
	uint64_t *const to[] = {&c->counts.train, &c->counts.val, &c->counts.failed,
				&c->counts.missing};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		double count;

		if (json_whole(doc, counts, keys[i], 0, COUNT_MAX, &count, err) < 0)
			return -1;
		*to[i] = (uint64_t)count;
	}
	return 0;
}

static int look_at_info(struct converted *c, bool compare, enum found *found, struct err *err)
{
	char path[DATASET_PATH_BYTES];
	struct json_doc doc;
	int rc = dataset_has(c->settings.path, DATASET_INFO, "", err);

	if (rc <= 0)
		return rc;
	if (json_read(&doc, dataset_file_path(c->settings.path, DATASET_INFO, "", path), err) < 0)
		return -1;
	rc = 0;
	if (says(doc.root, "generator", "cadconv")) {
		*found = FINISHED;
		if (compare && (check_stored(c, &doc, err) < 0 || read_counts(c, &doc, err) < 0))
			rc = -1;
	}
	json_free(&doc);
	return rc;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int look(struct converted *c, enum dataset_mode mode, enum found *found, struct err *err)
{
	const char *folder = c->settings.path;
	int used = dataset_in_use(folder, err);

	*found = NOTHING;
	if (used <= 0)
		return used;
	if (mode == DATASET_NEW)
		return err_set(err, ERR_USAGE,
			       "%s is not empty: resume, overwrite or choose another folder",
			       folder);
	if (look_at_journal(c, mode == DATASET_RESUME, found, err) < 0)
		return -1;
	if (*found == NOTHING && look_at_info(c, mode == DATASET_RESUME, found, err) < 0)
		return -1;
	if (*found == NOTHING)
		return err_set(err, ERR_USAGE, "%s is in use, and not by a dataset of cadconv",
			       folder);
	if (mode == DATASET_OVERWRITE)
		*found = REMOVING;
	return 0;
}

/* As dataset_open: looks, locks and looks again. */
static int enter(struct converted *c, enum dataset_mode mode, enum found *found, struct err *err)
{
	const char *folder = c->settings.path;
	int locked;

	if (fs_mkdirs(folder, err) < 0)
		return -1;
	locked = dataset_has(folder, DATASET_LOCK, "", err);
	if (locked < 0 || (locked == 0 && look(c, mode, found, err) < 0))
		return -1;
	c->lock = dataset_lock(folder, err);
	if (c->lock < 0)
		return -1;
	return look(c, mode, found, err);
}

static bool ends_in(const char *name, const char *ending)
{
	size_t len = strlen(name), n = strlen(ending);

	return len > n && strcmp(name + len - n, ending) == 0;
}

/* Removes the files of that ending, once through; returns how many, or -1 with errno set. */
static int remove_once(DIR *dir, const char *ending)
{
	struct dirent *entry;
	int count = 0;

	rewinddir(dir);
	while ((entry = readdir(dir))) {
		if (!ends_in(entry->d_name, ending))
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0) < 0)
			return -1;
		count = 1;
	}
	return count;
}

/* The files of that ending; and the folder, unless it holds others. POSIX leaves open what readdir finds while
 * files are removed: goes round until it finds none. */
static int remove_files(const struct converted *c, const char *name, const char *ending,
			struct err *err)
{
	char path[DATASET_PATH_BYTES];
	DIR *dir = opendir(dataset_file_path(c->settings.path, name, "", path));
	int rc;

	if (!dir)
		return errno == ENOENT ? 0 : err_errno(err, "cannot open folder %s", path);
	do
		rc = remove_once(dir, ending);
	while (rc > 0);
	if (rc < 0)
		err_errno(err, "cannot remove the files in %s", path);
	closedir(dir);
	if (rc == 0 && rmdir(path) < 0 && errno != ENOTEMPTY && errno != EEXIST)
		rc = err_errno(err, "cannot remove %s", path);
	return rc;
}

/* After a power cut nothing of the old dataset may come back among the new one. */
static int sync_folder(const struct converted *c, struct err *err)
{
	int fd = open(c->settings.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 || syncfs(fd) < 0 ? err_errno(err, "cannot sync %s", c->settings.path) : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

/* Those of all kinds: the old dataset may have had others. */
static int remove_also(const struct converted *c, struct err *err)
{
	char ending[16];

	for (int i = 0; i < ALSO_COUNT_; i++) {
		const char *name = dataset_also_name((enum dataset_also)i);

		snprintf(ending, sizeof(ending), ".%s", name);
		if (remove_files(c, name, ending, err) < 0)
			return -1;
	}
	return 0;
}

static int remove_old(const struct converted *c, struct err *err)
{
	/* What says that it is whole goes first. */
	static const char *const names[] = {DATASET_INFO, CONVERTED_ANNOTATIONS,
#define F(name, about) name,
					    CONVERTED_FILES(F)
#undef F
	};
	char path[DATASET_PATH_BYTES];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		for (int tmp = 0; tmp < 2; tmp++) {
			dataset_file_path(c->settings.path, names[i], tmp ? ".tmp" : "", path);
			if (!strchr(names[i], '/') && unlink(path) < 0 && errno != ENOENT)
				return err_errno(err, "cannot remove %s", path);
		}
	if (remove_files(c, CONVERTED_PICTURES, ".png", err) < 0 ||
	    remove_files(c, CONVERTED_MODELS, ".json", err) < 0 || remove_also(c, err) < 0)
		return -1;
	return sync_folder(c, err);
}

static int make_folders(const struct converted *c, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	if (fs_mkdirs(dataset_file_path(c->settings.path, CONVERTED_PICTURES, "", path), err) < 0)
		return -1;
	for (int i = 0; i < ALSO_COUNT_; i++) {
		const char *name = dataset_also_name((enum dataset_also)i);

		if ((c->settings.also >> i & 1) &&
		    fs_mkdirs(dataset_file_path(c->settings.path, name, "", path), err) < 0)
			return -1;
	}
	return fs_mkdirs(dataset_file_path(c->settings.path, CONVERTED_MODELS, "", path), err);
}

static int prepare(struct converted *c, enum found found, outcomes_note *note, void *ctx,
		   struct err *err)
{
	char path[DATASET_PATH_BYTES];

	c->finished = found == FINISHED;
	if (c->finished)
		return 0;
	if (found == REMOVING && (write_journal(c, "removing", err) < 0 || remove_old(c, err) < 0))
		return -1;
	if (found != GROWING && write_journal(c, "growing", err) < 0)
		return -1;
	if (make_folders(c, err) < 0)
		return -1;
	c->outcomes = outcomes_open(journal_path(c, path), note, ctx, err);
	return c->outcomes ? 0 : -1;
}

static void release(struct converted *c)
{
	outcomes_free(c->outcomes);
	if (c->lock >= 0)
		dataset_unlock(c->settings.path, c->lock);
	free(c);
}

struct converted *converted_open(const struct converted_settings *settings, enum dataset_mode mode,
				 outcomes_note *note, void *ctx, struct err *err)
{
	enum found found = NOTHING;
	struct converted *c;

	if (*settings->path == '\0' || strlen(settings->path) > DATASET_PATH_BYTES - ID_ROOM) {
		err_set(err, ERR_USAGE, "the dataset's folder has a name of 1 to %d bytes",
			DATASET_PATH_BYTES - ID_ROOM);
		return NULL;
	}
	c = mem_alloc(1, sizeof(*c));
	c->settings = *settings;
	c->lock = -1;
	if (enter(c, mode, &found, err) == 0 && prepare(c, found, note, ctx, err) == 0)
		return c;
	release(c);
	return NULL;
}

bool converted_is_finished(const struct converted *c, struct converted_counts *counts)
{
	*counts = c->counts;
	return c->finished;
}

void converted_leave_lock(struct converted *c)
{
	close(c->lock);
	c->lock = -1;
}

/* --- growing ---------------------------------------------------------------------------------- */

int converted_add(struct converted *c, const char *id, bool ok, const char *text, uint64_t *place,
		  struct err *err)
{
	*place = outcomes_add(c->outcomes, id, ok, text);
	return outcomes_is_due(c->outcomes) ? outcomes_commit(c->outcomes, err) : 0;
}

void converted_put_entry(struct buf *out, const char *id, const char *image, const char *prompt,
			 const char *program)
{
	dataset_put_entry(out, id, image, prompt, program);
}

static void count_models(struct converted_counts *counts, const struct converted_model *models,
			 size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!models[i].is_done)
			continue;
		counts->failed += !models[i].ok;
		counts->train += models[i].ok && models[i].part == MODEL_TRAIN;
		counts->val += models[i].ok && models[i].part == MODEL_VAL;
	}
}

int converted_finish(struct converted *c, const struct converted_model *models, size_t count,
		     uint64_t missing, struct converted_counts *counts, struct err *err)
{
	char path[DATASET_PATH_BYTES];

	c->counts = (struct converted_counts){.missing = missing};
	count_models(&c->counts, models, count);
	*counts = c->counts;
	if (outcomes_commit(c->outcomes, err) < 0 || converted_write_all(c, models, count, err) < 0)
		return -1;
	if (unlink(journal_path(c, path)) < 0)
		return err_errno(err, "cannot remove %s", path);
	c->finished = true;
	return 0;
}

int converted_close(struct converted *c, struct err *err)
{
	int rc = c->outcomes ? outcomes_commit(c->outcomes, err) : 0;

	release(c);
	return rc;
}

int converted_failures(const struct converted *c, const struct converted_model *models,
		       size_t count, converted_failure *hear, void *ctx, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct outcome outcome;
		struct json_doc line;

		if (!models[i].is_done || models[i].ok)
			continue;
		if (outcomes_read(c->outcomes, models[i].place, &line, &outcome, err) < 0)
			return -1;
		hear(ctx, outcome.text);
		json_free(&line);
	}
	return 0;
}
