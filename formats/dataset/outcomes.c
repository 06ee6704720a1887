/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/outcomes.h"
#include "formats/encoding/json.h"

#define COMMIT_SHARE 0.05 /* of the time that syncing may take */
#define COMMIT_LEAST_S 0.2
#define COMMIT_MOST_S 10
#define READ_BYTES 4096

struct outcomes {
	struct buf path, added; /* added: since the last commit */
	int file;
	uint64_t committed; /* length of the file */
	double committed_s, cost_s;
	bool failed;
};

int outcomes_begin(const char *path, const char *first_line, struct err *err)
{
	struct buf line = {0};
	int rc;

	buf_str(&line, first_line);
	buf_char(&line, '\n');
	rc = fs_write_durable(path, line.data, line.len, err);
	buf_free(&line);
	return rc;
}

/* One line from a file, without its end. Returns false where there is no whole one. */
static bool next_line(FILE *file, char **line, size_t *room, size_t *len)
{
	ssize_t got = getline(line, room, file);

	if (got <= 0 || (*line)[got - 1] != '\n')
		return false;
	(*line)[got - 1] = '\0';
	*len = (size_t)got - 1;
	return true;
}

int outcomes_first_line(const char *path, struct buf *out, struct err *err)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0, len = 0;
	int rc = 1;

	if (!file && errno == ENOENT)
		return 0;
	if (!file)
		return err_errno(err, "cannot open %s", path);
	if (next_line(file, &line, &room, &len))
		buf_bytes(out, line, len);
	else if (ferror(file))
		rc = err_errno(err, "cannot read %s", path);
	else
		rc = err_set(err, ERR_FORMAT, "%s:1: not a whole line", path);
	free(line);
	fclose(file);
	return rc;
}

static int parse_outcome(struct json_doc *doc, const char *path, const char *line, size_t len,
			 struct outcome *out, struct err *err)
{
	const char *ok, *failed;

	if (json_parse(doc, path, line, len, err) < 0)
		return -1;
	out->id = cJSON_GetStringValue(json_member(doc->root, "id"));
	ok = cJSON_GetStringValue(json_member(doc->root, "ok"));
	failed = cJSON_GetStringValue(json_member(doc->root, "failed"));
	out->ok = ok != NULL;
	out->text = ok ? ok : failed;
	if (out->id && out->text)
		return 0;
	json_error(doc, NULL, err, "not an outcome");
	json_free(doc);
	return -1;
}

/* Returns the length of what is whole, or -1. */
static int64_t note_lines(FILE *file, const char *path, outcomes_note *note, void *ctx,
			  struct err *err)
{
	char *line = NULL;
	size_t room = 0, len;
	int64_t whole = 0;
	int rc = 0;

	if (next_line(file, &line, &room, &len))
		whole = (int64_t)len + 1;
	while (rc == 0 && next_line(file, &line, &room, &len)) {
		struct outcome outcome;
		struct json_doc doc;
		struct err torn;

		if (parse_outcome(&doc, path, line, len, &outcome, &torn) < 0)
			break;
		outcome.place = (uint64_t)whole;
		rc = note(ctx, &outcome, err);
		whole += (int64_t)len + 1;
		json_free(&doc);
	}
	if (rc == 0 && ferror(file))
		rc = err_errno(err, "cannot read %s", path);
	free(line);
	return rc < 0 ? -1 : whole;
}

static int read_and_cut(struct outcomes *o, outcomes_note *note, void *ctx, struct err *err)
{
	FILE *file = fopen(o->path.data, "re");
	int64_t whole;

	if (!file)
		return err_errno(err, "cannot open %s", o->path.data);
	whole = note_lines(file, o->path.data, note, ctx, err);
	fclose(file);
	if (whole < 0)
		return -1;
	if (ftruncate(o->file, whole) < 0)
		return err_errno(err, "cannot cut %s", o->path.data);
	o->committed = (uint64_t)whole;
	return 0;
}

struct outcomes *outcomes_open(const char *path, outcomes_note *note, void *ctx, struct err *err)
{
	struct outcomes *o = mem_alloc(1, sizeof(*o));

	buf_str(&o->path, path);
	o->committed_s = clock_seconds();
	o->file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (o->file < 0)
		err_errno(err, "cannot open %s", path);
	if (o->file < 0 || read_and_cut(o, note, ctx, err) < 0) {
		outcomes_free(o);
		return NULL;
	}
	return o;
}

void outcomes_free(struct outcomes *o)
{
	if (!o)
		return;
	if (o->file >= 0)
		close(o->file);
	buf_free(&o->path);
	buf_free(&o->added);
	free(o);
}

uint64_t outcomes_add(struct outcomes *o, const char *id, bool ok, const char *text)
{
	uint64_t place = o->committed + o->added.len;

	buf_str(&o->added, "{\"id\":");
	buf_json_str(&o->added, id);
	buf_str(&o->added, ok ? ",\"ok\":" : ",\"failed\":");
	buf_json_str(&o->added, text);
	buf_str(&o->added, "}\n");
	return place;
}

bool outcomes_is_due(const struct outcomes *o)
{
	double pause = o->cost_s / COMMIT_SHARE;

	pause = pause < COMMIT_LEAST_S ? COMMIT_LEAST_S : pause;
	pause = pause > COMMIT_MOST_S ? COMMIT_MOST_S : pause;
	return o->added.len > 0 && clock_seconds() - o->committed_s >= pause;
}

/* The lines behind what they speak of. */
static int sync_all(struct outcomes *o)
{
	if (syncfs(o->file) < 0 || lseek(o->file, (off_t)o->committed, SEEK_SET) < 0 ||
	    fs_write_fd(o->file, o->added.data, o->added.len) < 0)
		return -1;
	return fsync(o->file);
}

int outcomes_commit(struct outcomes *o, struct err *err)
{
	double began = clock_seconds();

	if (o->failed)
		return err_set(err, ERR_IO, "%s: writing failed before", o->path.data);
	if (o->added.len == 0)
		return 0;
	if (sync_all(o) < 0) {
		o->failed = true;
		return err_errno(err, "cannot write %s", o->path.data);
	}
	o->committed += o->added.len;
	buf_clear(&o->added);
	o->committed_s = clock_seconds();
	o->cost_s = o->committed_s - began;
	return 0;
}

int outcomes_read(const struct outcomes *o, uint64_t place, struct json_doc *line,
		  struct outcome *out, struct err *err)
{
	struct buf text = {0};
	const char *end = NULL;
	int rc;

	while (!end) {
		char *to = buf_reserve(&text, READ_BYTES);
		ssize_t got = pread(o->file, to, READ_BYTES, (off_t)(place + text.len));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		end = memchr(to, '\n', (size_t)got);
		text.len += (size_t)got;
		text.data[text.len] = '\0';
	}
	if (end)
		rc = parse_outcome(line, o->path.data, text.data, (size_t)(end - text.data), out,
				   err);
	else
		rc = err_set(err, ERR_FORMAT, "%s: a line that was there is gone", o->path.data);
	out->place = place;
	buf_free(&text);
	return rc;
}
