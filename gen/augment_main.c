/* SPDX-License-Identifier: MIT */
/*
 * cadgen augment: workers read, degrade and write pictures; then the annotations go through the same
 * maps, which follow from recipe and size alone, so that a resumed run has them of pictures that were
 * there as well.
 *
 *	image_read -> scan_from_image -> image_encode_png -> OUT/name.png, by rename
 *	line of annotations.jsonl, image of COCO -> warp_polyline -> OUT/annotations.jsonl, .json
 *
 * What cannot be read costs that picture alone, and is told at the end; what cannot be written ends
 * the run.
 */
#include <config.h>

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "augment/scan.h"
#include "base/cli.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "formats/image/image.h"
#include "formats/scene/style_mix.h"
#include "gen/augment_main.h"
#include "gen/augment_out_main.h"
#include "gen/labels_main.h"
#include "gen/pictures_main.h"
#include "gen/styles_folder_main.h"

#define SIDE_MAX 8192
#define PNG_LEVEL 1
#define MM_PER_INCH 25.4

struct options {
	const char *from, *out, *style, *coco;
	uint64_t seed;
	int64_t jobs, dpi;
	bool resume, overwrite;
};

struct worker {
	struct arena arena;
	struct canvas *canvas; /* of the largest picture yet; NULL before the first */
	struct png_encoder *encoder;
	struct buf png, path;
};

struct run {
	struct options o;
	struct arena arena; /* of the mix */
	struct style_mix mix;
	struct pictures pictures;
	struct labels labels;
	struct worker *workers;
	struct progress progress;
	const volatile sig_atomic_t *stop;
	bool begun; /* pictures were made, or tried */
};

/* --- options --- */

static int check_options(struct options *o, int first, int argc, char **argv, struct err *err)
{
	if (first == argc)
		return err_set(err, ERR_USAGE, "augment needs a folder of pictures");
	if (first + 1 < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first + 1]);
	if (!o->style)
		return err_set(err, ERR_USAGE, "augment needs --style, which says what happens");
	if (o->resume && o->overwrite)
		return err_set(err, ERR_USAGE, "--resume and --overwrite exclude each other");
	o->from = argv[first];
	return 0;
}

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"style", 0, "STYLE",
		 "name or file of a style whose \"degradation\" happens to them", CLI_STRING,
		 &o->style, 0, 0, NULL},
		{"out", 'o', "OUT", "folder to write (cadgen-augmented)", CLI_STRING, &o->out, 0, 0,
		 NULL},
		{"coco", 0, "FILE", "annotations of the pictures in COCO's format, to go with them",
		 CLI_STRING, &o->coco, 0, 0, NULL},
		{"dpi", 0, "N", "scale of the pictures, pixels to an inch of paper (150)", CLI_INT,
		 &o->dpi, 20, 2400, NULL},
		{"seed", 's', "SEED", "same seed, same pictures (0)", CLI_UINT64, &o->seed, 0, 0,
		 NULL},
		{"jobs", 'j', "N", "threads (one per processor)", CLI_INT, &o->jobs, 1, 1024, NULL},
		{"resume", 0, NULL, "go on where a run with these settings stopped", CLI_FLAG,
		 &o->resume, 0, 0, NULL},
		{"overwrite", 0, NULL, "remove what is in the folder of an earlier run first",
		 CLI_FLAG, &o->overwrite, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadgen augment", "--style=STYLE [OPTION]... DIR",
		"Degrades the PNG and JPEG pictures of a folder as scans, copies and photographs "
		"are, and moves their annotations with them.",
		table};
	int first;

	*o = (struct options){.out = "cadgen-augmented", .jobs = pool_processors(), .dpi = 150};
	first = cli_parse(&program, argc, argv, err);
	return first < 0 ? first : check_options(o, first, argc, argv, err);
}

static bool mix_degrades(const struct style_mix *mix)
{
	for (int i = 0; i < mix->count; i++)
		if (degradation_any(&mix->parts[i].sheet.degradation))
			return true;
	return false;
}

static int read_style(struct run *run, struct err *err)
{
	if (styles_load(&run->mix, run->o.style, &run->arena, err) < 0)
		return -1;
	if (!mix_degrades(&run->mix))
		return err_set(err, ERR_USAGE,
			       "--style: %s has no degradation: nothing would happen",
			       run->o.style);
	return 0;
}

/* All that decides the bytes of a picture but the picture. */
static void write_settings(const struct run *run, struct buf *out)
{
	char seed[32];

	snprintf(seed, sizeof(seed), "%" PRIu64, run->o.seed);
	buf_str(out, "{\"generator\":\"cadgen augment\",\"version\":\"" PACKAGE_VERSION "\",");
	buf_str(out, "\"seed\":\"");
	buf_str(out, seed);
	buf_str(out, "\",\"dpi\":");
	buf_int(out, run->o.dpi);
	buf_str(out, ",\"style\":");
	style_mix_write(&run->mix, out);
	out->data[--out->len] = '\0'; /* its newline */
	buf_str(out, "}\n");
}

/* --- a picture --- */

static double px_per_mm(const struct run *run)
{
	return (double)run->o.dpi / MM_PER_INCH;
}

static struct recipe recipe_for(const struct run *run, const struct picture *picture)
{
	uint64_t index = picture_index(picture);
	struct rng rng = rng_stream(run->o.seed, index, "mix", 0);
	const struct style_sheet *sheet = style_sheet_from_mix(&run->mix, &rng);

	return recipe_from_sheet(&sheet->degradation, run->o.seed, index, 0);
}

/* A canvas that holds the picture, larger than the last rather than smaller. */
static struct canvas *canvas_for(struct worker *w, const struct image *image)
{
	struct canvas *old = w->canvas;
	int width = image->width, height = image->height;

	if (old && width <= old->width_room && height <= old->height_room)
		return old;
	if (old && width < old->width_room)
		width = old->width_room;
	if (old && height < old->height_room)
		height = old->height_room;
	canvas_free(old);
	w->canvas = canvas_new(width, height);
	return w->canvas;
}

static void degrade(const struct run *run, struct worker *w, const struct picture *picture,
		    const struct image *clean)
{
	struct recipe recipe = recipe_for(run, picture);
	struct scan scan;

	arena_reset(&w->arena);
	buf_clear(&w->png);
	scan_from_image(&scan, canvas_for(w, clean), clean, NULL, &recipe, px_per_mm(run),
			&w->arena);
	image_encode_png(&scan.image, w->encoder, &w->png);
}

static int write_picture(const struct worker *w, struct err *err)
{
	char *slash = strrchr(w->path.data, '/');
	int rc;

	*slash = '\0';
	rc = fs_mkdirs(w->path.data, err);
	*slash = '/';
	return rc < 0 ? -1 : fs_write(w->path.data, w->png.data, w->png.len, err);
}

/* Where everything on it goes. */
static struct warp warp_for(const struct run *run, const struct picture *picture,
			    struct arena *arena)
{
	struct recipe recipe = recipe_for(run, picture);

	return warp_from_recipe(&recipe, picture->width, picture->height, px_per_mm(run), arena);
}

/* Whether an earlier run made it; then notes the sides that it had before. */
static bool is_there(const struct run *run, struct worker *w, struct picture *picture)
{
	struct stat st;
	struct err err;
	int width, height;
	bool aside;

	if (lstat(w->path.data, &st) < 0 || !S_ISREG(st.st_mode) ||
	    image_png_sides(w->path.data, &width, &height, &err) < 0)
		return false;
	arena_reset(&w->arena);
	picture->width = picture->height = 1;
	aside = warp_for(run, picture, &w->arena).turns % 2;
	picture->width = aside ? height : width;
	picture->height = aside ? width : height;
	return true;
}

static int make_picture(const struct run *run, struct worker *w, struct picture *picture,
			struct err *err)
{
	struct image clean;
	struct err why;

	if (picture->why)
		return 0;
	buf_clear(&w->path);
	buf_str(&w->path, run->o.out);
	buf_char(&w->path, '/');
	buf_str(&w->path, picture->out);
	if (run->o.resume && is_there(run, w, picture))
		return 0;
	if (image_read(&clean, picture->path, SIDE_MAX, &why) < 0) {
		picture_fail(picture, &why);
		return 0;
	}
	picture->width = clean.width;
	picture->height = clean.height;
	degrade(run, w, picture, &clean);
	image_free(&clean);
	return write_picture(w, err);
}

/* --- all pictures --- */

static int work(void *ctx, int worker, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;

	(void)slot;
	for (uint64_t i = first; i < last; i++)
		if (make_picture(run, &run->workers[worker], &run->pictures.items[i], err) < 0)
			return -1;
	return 0;
}

static int commit(void *ctx, int slot, uint64_t first, uint64_t last, struct err *err)
{
	struct run *run = ctx;

	(void)slot;
	(void)first;
	(void)err;
	progress_update(&run->progress, last);
	return 0;
}

static void worker_free(struct worker *w)
{
	arena_free(&w->arena);
	canvas_free(w->canvas);
	png_encoder_free(w->encoder);
	buf_free(&w->png);
	buf_free(&w->path);
}

static int make_pictures(struct run *run, struct err *err)
{
	struct pool_job job = {.end = run->pictures.count,
			       .chunk = 1, /* they may differ much */
			       .jobs = (int)run->o.jobs,
			       .ctx = run,
			       .work = work,
			       .commit = commit,
			       .stop = run->stop};
	int rc;

	run->workers = mem_alloc((size_t)job.jobs, sizeof(*run->workers));
	for (int i = 0; i < job.jobs; i++)
		run->workers[i].encoder = png_encoder_new(PNG_LEVEL);
	progress_start(&run->progress, "pictures", 0, job.end);
	rc = pool_run(&job, err);
	progress_end(&run->progress);
	for (int i = 0; i < job.jobs; i++)
		worker_free(&run->workers[i]);
	free(run->workers);
	return rc;
}

/* --- annotations --- */

static struct warp warp_of(const void *ctx, const struct picture *picture, struct arena *arena)
{
	return warp_for(ctx, picture, arena);
}

/* --- the run --- */

static int make_all(struct run *run, struct err *err)
{
	struct mover mover = {run, warp_of};
	int rc = make_pictures(run, err);

	if (rc == 0)
		rc = labels_write(&run->labels, run->o.out, &mover, (int)run->o.jobs, run->stop,
				  err);
	if (rc < 0 && err->code == ERR_INTERRUPTED)
		err_set(err, ERR_INTERRUPTED,
			"stopped; the same command with --resume goes on with what is not there");
	return rc;
}

static int augment(struct run *run, struct err *err)
{
	enum augment_mode mode = run->o.resume      ? AUGMENT_RESUME
				 : run->o.overwrite ? AUGMENT_OVERWRITE
						    : AUGMENT_NEW;
	struct buf settings = {0};
	int lock = -1, rc;

	if (read_style(run, err) < 0 || pictures_find(&run->pictures, run->o.from, err) < 0 ||
	    labels_read(&run->labels, run->o.from, run->o.coco, &run->pictures, err) < 0)
		return -1;
	write_settings(run, &settings);
	run->stop = interrupt_catch();
	lock = augment_out_open(run->o.out, run->o.from, settings.data, mode, err);
	buf_free(&settings);
	if (lock < 0)
		return -1;
	run->begun = true;
	rc = make_all(run, err);
	close(lock);
	return rc;
}

/* One line, whatever a file's name holds. */
static void print_failure(const char *message)
{
	fputs("cadgen: ", stderr);
	for (const char *at = message; *at; at++)
		putc(iscntrl((unsigned char)*at) ? '?' : *at, stderr);
	putc('\n', stderr);
}

/* Returns how many there are. */
static size_t print_failures(const struct run *run)
{
	size_t count = run->labels.failure_count;

	for (size_t i = 0; i < run->pictures.count; i++)
		if (run->pictures.items[i].why) {
			print_failure(run->pictures.items[i].why);
			count++;
		}
	for (size_t i = 0; i < run->labels.failure_count; i++)
		print_failure(run->labels.failures[i]);
	return count;
}

int augment_main(int argc, char **argv)
{
	struct run run = {.o = {.from = NULL}};
	struct err err = {0};
	size_t failures = 0;
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0) {
		rc = augment(&run, &err);
		failures = run.begun ? print_failures(&run) : 0;
	}
	labels_free(&run.labels);
	pictures_free(&run.pictures);
	arena_free(&run.arena);
	if (rc == 0)
		return failures > 0;
	print_failure(err.msg);
	return cli_status(&err);
}
