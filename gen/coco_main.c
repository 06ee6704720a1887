/* SPDX-License-Identifier: MIT */
/*
 * cadgen coco: the dataset is read twice, once for the images and once for the annotations, since the
 * format keeps them in two arrays; so memory holds a sample and a piece of the file, whatever the
 * count. The file appears by rename when both arrays are in it.
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cli.h"
#include "base/fs.h"
#include "base/progress.h"
#include "formats/dataset/coco.h"
#include "formats/dataset/converted_read.h"
#include "gen/coco_main.h"

#define PIECE_BYTES ((size_t)256 << 10)

struct options {
	const char *out, *dataset;
};

struct run {
	struct options o;
	struct coco coco;
	struct buf text;
	struct fs_file *file;
	struct arena arena; /* of a sample */
	struct progress progress;
	uint64_t done;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"out", 'o', "FILE", "the file to write (DATASET/" DATASET_COCO ")", CLI_STRING,
		 &o->out, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {"cadgen coco", "[OPTION]... DATASET",
					    "Writes the annotations of a finished dataset as one "
					    "file in the format of COCO's object detection.",
					    table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first == argc)
		return err_set(err, ERR_USAGE, "coco needs the folder of a dataset");
	if (first + 1 < argc)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first + 1]);
	o->dataset = argv[first];
	return 0;
}

static int put_piece(struct run *run, size_t least, struct err *err)
{
	if (run->text.len < least)
		return 0;
	if (fs_file_add(run->file, run->text.data, run->text.len, err) < 0)
		return -1;
	buf_clear(&run->text);
	return 0;
}

typedef int write_sample(struct coco *coco, const struct dataset_sample *sample, struct buf *out,
			 struct err *err);

/* A dataset of cadgen, or one of cadconv. */
struct source {
	struct dataset_reader *generated;
	struct converted_reader *converted;
};

static int source_open(struct source *source, const char *folder, struct err *err)
{
	int rc = converted_is_in(folder, err);

	*source = (struct source){NULL, NULL};
	if (rc > 0)
		source->converted = converted_reader_open(folder, err);
	else if (rc == 0)
		source->generated = dataset_reader_open(folder, err);
	return source->converted || source->generated ? 0 : -1;
}

static void source_close(struct source *source)
{
	dataset_reader_free(source->generated);
	converted_reader_free(source->converted);
}

static uint64_t source_count(const struct source *source)
{
	return source->converted ? converted_reader_count(source->converted)
				 : dataset_reader_facts(source->generated)->count;
}

static int source_read(struct source *source, struct dataset_sample *sample, struct arena *arena,
		       struct err *err)
{
	return source->converted ? converted_read(source->converted, sample, arena, err)
				 : dataset_read(source->generated, sample, arena, err);
}

/* All samples once through. */
static int write_samples(struct run *run, struct source *source, write_sample *write,
			 struct err *err)
{
	struct dataset_sample sample;
	int rc;

	while ((rc = source_read(source, &sample, &run->arena, err)) > 0) {
		if (write(&run->coco, &sample, &run->text, err) < 0 ||
		    put_piece(run, PIECE_BYTES, err) < 0)
			return -1;
		arena_reset(&run->arena);
		progress_update(&run->progress, ++run->done);
	}
	return rc;
}

static int pass(struct run *run, write_sample *write, struct err *err)
{
	struct source source;
	int rc;

	if (source_open(&source, run->o.dataset, err) < 0)
		return -1;
	if (run->done == 0)
		progress_start(&run->progress, "samples, read twice", 0, 2 * source_count(&source));
	rc = write_samples(run, &source, write, err);
	source_close(&source);
	return rc;
}

static int write_all(struct run *run, struct err *err)
{
	coco_write_head(&run->coco, &run->text);
	if (pass(run, coco_write_image, err) < 0)
		return -1;
	coco_write_middle(&run->coco, &run->text);
	if (pass(run, coco_write_annotations, err) < 0)
		return -1;
	coco_write_tail(&run->coco, &run->text);
	return put_piece(run, 0, err);
}

/* A folder that holds no dataset gets no file. */
static int check_dataset(const char *dataset, struct err *err)
{
	struct source source;

	if (source_open(&source, dataset, err) < 0)
		return -1;
	source_close(&source);
	return 0;
}

static int write_file(struct run *run, const char *path, struct err *err)
{
	int rc;

	run->file = fs_file_new(path, err);
	if (!run->file)
		return -1;
	rc = write_all(run, err);
	progress_end(&run->progress);
	if (rc == 0)
		return fs_file_finish(run->file, err);
	fs_file_drop(run->file);
	return -1;
}

int coco_main(int argc, char **argv)
{
	struct run run = {.done = 0};
	struct buf path = {0};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = check_dataset(run.o.dataset, &err);
	if (rc == 0) {
		buf_str(&path, run.o.out ? run.o.out : run.o.dataset);
		if (!run.o.out)
			buf_str(&path, "/" DATASET_COCO);
		rc = write_file(&run, path.data, &err);
	}
	buf_free(&path);
	buf_free(&run.text);
	arena_free(&run.arena);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadgen: %s\n", err.msg);
	return cli_status(&err);
}
