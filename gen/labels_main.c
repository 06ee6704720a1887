/* SPDX-License-Identifier: MIT */
/*
 * Lines are read twice, once to check them and to find their pictures and once to move them, so that
 * memory holds a chunk of them, whatever their count; a file of COCO is held whole.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/pool.h"
#include "formats/dataset/dataset_read.h"
#include "formats/drawing/annotations_move.h"
#include "gen/labels_main.h"

#define CHUNK 16
#define LINE_BYTES_MAX (64u << 20)

static char *copy_string(const char *s)
{
	size_t bytes = strlen(s) + 1;
	char *copy = mem_alloc(bytes, 1);

	memcpy(copy, s, bytes);
	return copy;
}

static void add_failure(struct labels *l, const struct err *err)
{
	l->failures = mem_realloc(l->failures, l->failure_count + 1, sizeof(*l->failures));
	l->failures[l->failure_count++] = copy_string(err->msg);
}

/* --- reading --- */

/* NULL and a failure at `where` if there is none. */
static struct picture *find_picture(struct labels *l, const struct pictures *pictures,
				    const char *where, const char *name)
{
	int several;
	struct picture *picture = pictures_by_name(pictures, name, &several);
	struct err err;

	if (!picture) {
		err_set(&err, ERR_FORMAT, "%s: there %s '%s'", where,
			several ? "are several pictures" : "is no picture", name);
		add_failure(l, &err);
	}
	return picture;
}

static void where_line(const struct labels *l, uint64_t number, struct buf *out)
{
	buf_clear(out);
	buf_str(out, l->path);
	buf_char(out, ':');
	buf_int(out, (int64_t)number);
}

/* The line is valid as a whole, and takes its picture. */
static int add_line(struct labels *l, const struct pictures *pictures,
		    const struct label_line *line, const char *text, struct arena *arena,
		    struct err *err)
{
	struct dataset_place place = {l->path, line->number};
	struct annotations_head head;
	struct buf where = {0};

	if (line->len > LINE_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "%s:%" PRIu64 ": more than %u bytes", l->path,
			       line->number, LINE_BYTES_MAX);
	if (annotations_read_head(&head, "", text, line->len, arena, err) < 0)
		return dataset_place_error(&place, err);
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		l->lines = mem_realloc(l->lines, l->room, sizeof(*l->lines));
	}
	l->lines[l->count] = *line;
	l->lines[l->count].width = head.width;
	l->lines[l->count].height = head.height;
	where_line(l, line->number, &where);
	l->lines[l->count].picture = find_picture(l, pictures, where.data, head.id);
	l->count++;
	buf_free(&where);
	return 0;
}

static int read_lines(struct labels *l, FILE *file, const struct pictures *pictures,
		      struct err *err)
{
	struct label_line line = {0};
	struct arena arena = {0};
	char *text = NULL;
	size_t room = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = getline(&text, &room, file)) > 0) {
		line.number++;
		line.len = (size_t)n - (text[n - 1] == '\n');
		rc = add_line(l, pictures, &line, text, &arena, err);
		line.offset += (uint64_t)n;
		arena_reset(&arena);
	}
	if (rc == 0 && ferror(file))
		rc = err_errno(err, "cannot read %s", l->path);
	arena_free(&arena);
	free(text);
	return rc;
}

static int open_lines(struct labels *l, const char *folder, const struct pictures *pictures,
		      struct err *err)
{
	struct buf path = {0};
	FILE *file;
	int rc;

	buf_str(&path, folder);
	buf_str(&path, "/" LABELS_LINES);
	file = fopen(path.data, "rbe");
	if (!file && errno == ENOENT) {
		buf_free(&path);
		return 0;
	}
	l->path = path.data;
	if (!file)
		return err_errno(err, "cannot open %s", l->path);
	l->fd = dup(fileno(file));
	rc = l->fd < 0 ? err_errno(err, "cannot open %s", l->path)
		       : read_lines(l, file, pictures, err);
	fclose(file); /* only read: nothing can be lost */
	return rc;
}

static int open_coco(struct labels *l, const char *path, const struct pictures *pictures,
		     struct err *err)
{
	size_t count;

	l->coco_path = path;
	l->coco = coco_file_read(path, err);
	if (!l->coco)
		return -1;
	count = coco_file_count(l->coco);
	l->coco_pictures = mem_alloc(count, sizeof(struct picture *));
	for (size_t i = 0; i < count; i++)
		l->coco_pictures[i] =
			find_picture(l, pictures, path, coco_file_image(l->coco, i).file_name);
	return 0;
}

int labels_read(struct labels *l, const char *folder, const char *coco,
		const struct pictures *pictures, struct err *err)
{
	l->fd = -1;
	if (open_lines(l, folder, pictures, err) < 0)
		return -1;
	return coco ? open_coco(l, coco, pictures, err) : 0;
}

void labels_free(struct labels *l)
{
	if (l->path && l->fd >= 0)
		close(l->fd);
	free(l->path);
	free(l->lines);
	coco_file_free(l->coco);
	free(l->coco_pictures);
	for (size_t i = 0; i < l->failure_count; i++)
		free(l->failures[i]);
	free(l->failures);
	*l = (struct labels){0};
}

/* --- moving --- */

struct job {
	struct labels *labels;
	const struct mover *mover;
	struct arena *arenas; /* of each worker */
	struct buf *lines;    /* of each slot */
	struct fs_file *file; /* of annotations.jsonl */
};

static struct polyline move_by_warp(const void *warp, const struct polyline *line,
				    struct arena *arena)
{
	const struct warp *w = warp;

	return w->moves ? warp_polyline(w, line, arena) : *line;
}

/* Whether there will be a line or an image of it. */
static bool is_made(const struct picture *picture)
{
	return picture && !picture->why && picture->width > 0;
}

/* Appends the line's bytes. */
static int read_line(const struct labels *l, const struct label_line *line, struct buf *out,
		     struct err *err)
{
	size_t got = 0;

	while (got < line->len) {
		ssize_t n = pread(l->fd, buf_reserve(out, line->len - got), line->len - got,
				  (off_t)(line->offset + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "cannot read %s", l->path);
		if (n == 0)
			return err_set(err, ERR_IO, "%s:%" PRIu64 ": changed while it was read",
				       l->path, line->number);
		out->len += (size_t)n;
		got += (size_t)n;
	}
	return 0;
}

static int move_line(const struct job *job, const struct label_line *line, struct arena *arena,
		     struct buf *out, struct err *err)
{
	struct dataset_place place = {job->labels->path, line->number};
	struct warp warp = job->mover->warp(job->mover->ctx, line->picture, arena);
	struct point_map map = {&warp, move_by_warp, warp.turns % 2};
	struct buf text = {0};
	int rc = read_line(job->labels, line, &text, err);

	if (rc == 0 && annotations_move("", text.data, text.len, &map, arena, out, err) < 0)
		rc = dataset_place_error(&place, err);
	buf_free(&text);
	buf_char(out, '\n');
	return rc;
}

static int work_lines(void *ctx, int worker, int slot, uint64_t first, uint64_t last,
		      struct err *err)
{
	const struct job *job = ctx;

	buf_clear(&job->lines[slot]);
	for (uint64_t i = first; i < last; i++) {
		const struct label_line *line = &job->labels->lines[i];

		arena_reset(&job->arenas[worker]);
		if (is_made(line->picture) &&
		    move_line(job, line, &job->arenas[worker], &job->lines[slot], err) < 0)
			return -1;
	}
	return 0;
}

static int commit_lines(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err)
{
	const struct job *job = ctx;
	const struct buf *lines = &job->lines[slot];

	(void)first;
	(void)last;
	return fs_file_add(job->file, lines->len ? lines->data : "", lines->len, err);
}

static int work_coco(void *ctx, int worker, int slot, uint64_t first, uint64_t last,
		     struct err *err)
{
	const struct job *job = ctx;
	const struct labels *l = job->labels;

	(void)slot;
	(void)err;
	for (uint64_t i = first; i < last; i++) {
		const struct picture *picture = l->coco_pictures[i];
		struct arena *arena = &job->arenas[worker];
		struct point_map map = {NULL, move_by_warp, false};
		struct warp warp;

		arena_reset(arena);
		if (!is_made(picture)) {
			coco_file_drop(l->coco, i);
			continue;
		}
		warp = job->mover->warp(job->mover->ctx, picture, arena);
		map.ctx = &warp;
		map.aside = warp.turns % 2;
		coco_file_move(l->coco, i, picture->out, &map, arena);
	}
	return 0;
}

/* Runs the pool with arenas and buffers of its size. */
static int run_job(struct job *job, struct pool_job *pool, struct err *err)
{
	int slots = pool_slots(pool), rc;

	pool->ctx = job;
	job->arenas = mem_alloc((size_t)pool->jobs, sizeof(*job->arenas));
	job->lines = mem_alloc((size_t)slots, sizeof(*job->lines));
	rc = pool_run(pool, err);
	for (int i = 0; i < pool->jobs; i++)
		arena_free(&job->arenas[i]);
	for (int i = 0; i < slots; i++)
		buf_free(&job->lines[i]);
	free(job->arenas);
	free(job->lines);
	return rc;
}

static int write_lines(struct job *job, const char *path, struct pool_job pool, struct err *err)
{
	job->file = fs_file_new(path, err);
	if (!job->file)
		return -1;
	pool.end = job->labels->count;
	pool.work = work_lines;
	pool.commit = commit_lines;
	if (run_job(job, &pool, err) == 0)
		return fs_file_finish(job->file, err);
	fs_file_drop(job->file);
	return -1;
}

static int write_coco(struct job *job, const char *path, struct pool_job pool, struct err *err)
{
	struct buf text = {0};
	int rc;

	pool.end = coco_file_count(job->labels->coco);
	pool.work = work_coco;
	pool.commit = NULL;
	rc = run_job(job, &pool, err);
	if (rc == 0) {
		coco_file_write(job->labels->coco, &text);
		rc = fs_write_durable(path, text.data, text.len, err);
	}
	buf_free(&text);
	return rc;
}

/* NULL and a failure where what was annotated was a picture of other sides. */
static struct picture *same_sides(struct labels *l, struct picture *picture, const char *where,
				  int width, int height)
{
	struct err err;

	if (!is_made(picture) || (picture->width == width && picture->height == height))
		return picture;
	err_set(&err, ERR_FORMAT, "%s: says %d x %d pixels, but %s has %d x %d", where, width,
		height, picture->path, picture->width, picture->height);
	add_failure(l, &err);
	return NULL;
}

static void check_sides(struct labels *l)
{
	struct buf where = {0};

	for (size_t i = 0; i < l->count; i++) {
		struct label_line *line = &l->lines[i];

		where_line(l, line->number, &where);
		line->picture = same_sides(l, line->picture, where.data, line->width, line->height);
	}
	buf_free(&where);
	for (size_t i = 0; l->coco && i < coco_file_count(l->coco); i++) {
		struct coco_image image = coco_file_image(l->coco, i);

		l->coco_pictures[i] =
			same_sides(l, l->coco_pictures[i], l->coco_path, image.width, image.height);
	}
}

int labels_write(struct labels *l, const char *out, const struct mover *mover, int jobs,
		 const volatile sig_atomic_t *stop, struct err *err)
{
	struct pool_job pool = {.chunk = CHUNK, .jobs = jobs, .stop = stop};
	struct job job = {.labels = l, .mover = mover};
	struct buf path = {0};
	int rc = 0;

	check_sides(l);
	buf_str(&path, out);
	buf_str(&path, "/" LABELS_LINES);
	if (l->path)
		rc = write_lines(&job, path.data, pool, err);
	buf_clear(&path);
	buf_str(&path, out);
	buf_str(&path, "/" LABELS_COCO);
	if (rc == 0 && l->coco)
		rc = write_coco(&job, path.data, pool, err);
	buf_free(&path);
	return rc;
}
