/* SPDX-License-Identifier: MIT */
/*
 * cadconv convert: a new dataset is filled with samples as they stand, picture files byte for byte. Nothing is drawn; a picture is decoded only where it gets another format.
 *
 *	sample -> (image_decode -> image_encode) -> dataset_put_picture
 *						 -> dataset_add
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/pool.h"
#include "formats/dataset/dataset_feed.h"
#include "gen/fill_main.h"
#include "gen/numbers_main.h"
#include "gen/rewrite_main.h"
#include "trainer/train/picture.h"

#define PNG_LEVEL 1
#define ALSO_BYTES_MAX ((size_t)256 << 20)

struct options {
	const char *from, *to, *tokenizer;
	int format, picture; /* picture: of picture_names */
	int64_t jpeg_quality, file_samples, file_bytes, jobs;
	bool resume, overwrite;
};

/* Pictures as they are, then those of dataset_picture_names. */
static const char *const picture_names[] = {"same",
#define P(id, name, suffix, type) name,
					    DATASET_PICTURES(P)
#undef P
						    NULL};

struct worker {
	struct png_encoder *encoder;
	struct numbers_maker *numbers;
	struct buf picture, encoded, also;
};

struct run {
	struct options o;
	struct dataset_feed *feed;
	const struct dataset_facts *facts;
	struct dataset_settings settings;
	struct numbers_source numbers; /* of --tokenizer */
	struct buf style, command;
	struct worker *workers;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"format", 'f', "FORMAT", "how the new dataset lies in its folder (tinyllava)",
		 CLI_CHOICE, &o->format, 0, 0, dataset_layout_names},
		{"tokenizer", 0, "FILE", "tokenizer.json of cadtok, for --format npy (none)",
		 CLI_STRING, &o->tokenizer, 0, 0, NULL},
		{"image-format", 0, "FORMAT", "of its pictures (same)", CLI_CHOICE, &o->picture, 0,
		 0, picture_names},
		{"jpeg-quality", 0, "N", "of pictures that become JPEG, 1 to 100 (90)", CLI_INT,
		 &o->jpeg_quality, 1, 100, NULL},
		{"file-samples", 0, "N", "numbers whose samples share a shard (10000)", CLI_INT,
		 &o->file_samples, DATASET_SHARD_SIZE_MIN, 1e9, NULL},
		{"file-bytes", 0, "N", "largest shard; 0: no bound (0)", CLI_INT, &o->file_bytes, 0,
		 1e15, NULL},
		{"jobs", 'j', "N", "threads (one per processor)", CLI_INT, &o->jobs, 1, 1024, NULL},
		{"resume", 0, NULL, "go on where a run with these settings stopped", CLI_FLAG,
		 &o->resume, 0, 0, NULL},
		{"overwrite", 0, NULL, "remove the dataset that is in TO first", CLI_FLAG,
		 &o->overwrite, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadconv convert", "[OPTION]... FROM TO",
		"Writes a finished dataset of cadgen in another format.", table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first + 2 != argc)
		return err_set(err, ERR_USAGE,
			       "convert needs the folder of a dataset and one for the new one");
	if (o->resume && o->overwrite)
		return err_set(err, ERR_USAGE, "--resume and --overwrite exclude each other");
	if (numbers_check_layout(dataset_layouts[o->format], o->tokenizer, err) < 0)
		return -1;
	o->from = argv[first];
	o->to = argv[first + 1];
	return 0;
}

static void command_number(struct buf *b, const char *option, int64_t v)
{
	buf_str(b, option);
	buf_int(b, v);
}

/* The commands that make these bytes, one a line. */
static void write_command(struct run *run)
{
	const struct options *o = &run->o;
	const struct dataset_settings *s = &run->settings;
	struct buf *b = &run->command;

	buf_str(b, run->facts->command);
	buf_str(b, "\ncadconv convert --format ");
	buf_str(b, s->layout->name);
	if (o->picture) {
		buf_str(b, " --image-format ");
		buf_str(b, picture_names[o->picture]);
		if (s->picture == PICTURE_JPEG)
			command_number(b, " --jpeg-quality ", s->jpeg_quality);
	}
	if (s->layout->streams[0]) {
		command_number(b, " --file-samples ", o->file_samples);
		command_number(b, " --file-bytes ", o->file_bytes);
	}
	if (o->tokenizer) {
		buf_str(b, " --tokenizer ");
		buf_str(b, fs_base_name(o->tokenizer));
	}
	buf_char(b, ' ');
	buf_str(b, fs_base_name(o->from));
	buf_char(b, ' ');
	buf_str(b, fs_base_name(o->to));
	run->settings.command = b->data;
}

static int load(struct run *run, struct err *err)
{
	const struct options *o = &run->o;
	struct dataset_settings *s = &run->settings;

	if (fs_is_same(o->from, o->to))
		return err_set(err, ERR_USAGE, "%s is the dataset that is read", o->to);
	run->feed = dataset_feed_open(o->from, err);
	if (!run->feed)
		return -1;
	run->facts = dataset_feed_facts(run->feed);
	style_mix_write(&run->facts->style, &run->style);
	run->style.data[--run->style.len] = '\0'; /* its newline: it goes inside others */
	*s = dataset_settings_from_facts(run->facts, o->to, run->style.data);
	s->layout = dataset_layouts[o->format];
	s->shard_size = (uint64_t)o->file_samples;
	s->shard_bytes = (uint64_t)o->file_bytes;
	if (o->picture) {
		s->picture = (enum dataset_picture)(o->picture - 1);
		s->jpeg_quality = s->picture == PICTURE_JPEG ? (int)o->jpeg_quality : 0;
	}
	write_command(run);
	if (o->tokenizer && numbers_open(&run->numbers, o->tokenizer, s->size_px, err) < 0)
		return -1;
	s->tokenizer_hash = run->numbers.hash;
	return 0;
}

/* The bytes of the picture's file in the new dataset's format, into w->encoded. */
static int encode_again(const struct run *run, struct worker *w,
			const struct dataset_sample *sample, struct err *err)
{
	struct image image;
	int rc = 0;

	if (dataset_sample_image(sample, (int)run->settings.size_px, &image, err) < 0)
		return -1;
	buf_clear(&w->encoded);
	if (run->settings.picture == PICTURE_JPEG)
		rc = image_encode_jpeg(&image, run->settings.jpeg_quality, &w->encoded, err);
	else
		image_encode_png(&image, w->encoder, &w->encoded);
	image_free(&image);
	return rc;
}

/* The picture's bytes, as they are or as they become. */
static int take_picture(const struct run *run, struct worker *w,
			const struct dataset_sample *sample, struct dataset_item *item,
			struct err *err)
{
	bool same = run->o.picture == 0 || (run->settings.picture == run->facts->picture &&
					    run->settings.picture == PICTURE_PNG);
	const struct buf *from = same ? &w->picture : &w->encoded;

	buf_clear(&w->picture);
	if (same ? dataset_sample_picture(sample, &w->picture, err) < 0
		 : encode_again(run, w, sample, err) < 0)
		return err_context(err, "sample %s", sample->id);
	item->picture = from->data;
	item->picture_bytes = from->len;
	item->picture_format = run->settings.picture;
	return 0;
}

static int copy_also(const struct run *run, struct worker *w, const struct dataset *dataset,
		     uint64_t index, struct err *err)
{
	char from[DATASET_PATH_BYTES], to[DATASET_PATH_BYTES];

	for (int i = 0; i < ALSO_COUNT_; i++) {
		enum dataset_also also = (enum dataset_also)i;

		if (!(run->settings.also >> i & 1))
			continue;
		dataset_also_file(run->o.from, also, index, from);
		dataset_also_path(dataset, also, index, to);
		buf_clear(&w->also);
		if (fs_read(from, ALSO_BYTES_MAX, &w->also, err) < 0 ||
		    fs_write_unguarded(to, w->also.data, w->also.len, err) < 0)
			return -1;
	}
	return 0;
}

static int take_numbers(struct worker *w, const struct dataset_sample *sample,
			struct dataset_item *item, struct err *err)
{
	struct image image;

	if (dataset_sample_image(sample, PICTURE_SIDE_MAX, &image, err) < 0)
		return -1;
	numbers_make(w->numbers, &image, item);
	image_free(&image);
	return 0;
}

static int take_sample(void *ctx, const struct dataset *dataset, int worker, uint64_t index,
		       const struct dataset_sample *sample, struct dataset_lines *lines,
		       struct err *err)
{
	struct run *run = ctx;
	struct worker *w = &run->workers[worker];
	struct dataset_item item = {.index = index,
				    .split = sample->split,
				    .prompt = sample->prompt,
				    .program = sample->program,
				    .annotations = sample->annotations,
				    .scene = sample->scene,
				    .program_hash = sample->program_hash};

	if (take_picture(run, w, sample, &item, err) < 0 ||
	    dataset_put_picture(dataset, &item, err) < 0 ||
	    copy_also(run, w, dataset, index, err) < 0)
		return -1;
	if (w->numbers && take_numbers(w, sample, &item, err) < 0)
		return -1;
	if (index == 0)
		lines->redrawn = run->facts->redrawn;
	return dataset_add(lines, &run->settings, &item, err);
}

static int convert(struct run *run, struct err *err)
{
	const struct options *o = &run->o;
	const struct fill fill = {.settings = &run->settings,
				  .mode = o->resume      ? DATASET_RESUME
					  : o->overwrite ? DATASET_OVERWRITE
							 : DATASET_NEW,
				  .feed = run->feed,
				  .jobs = o->jobs,
				  .what = "samples",
				  .ctx = run,
				  .take = take_sample};
	int rc;

	run->workers = mem_alloc((size_t)o->jobs, sizeof(*run->workers));
	for (int64_t i = 0; i < o->jobs; i++) {
		run->workers[i].encoder = png_encoder_new(PNG_LEVEL);
		run->workers[i].numbers = numbers_maker_new(&run->numbers);
	}
	rc = fill_dataset(&fill, err);
	for (int64_t i = 0; i < o->jobs; i++) {
		struct worker *w = &run->workers[i];

		png_encoder_free(w->encoder);
		numbers_maker_free(w->numbers);
		buf_free(&w->picture);
		buf_free(&w->encoded);
		buf_free(&w->also);
	}
	free(run->workers);
	return rc;
}

int rewrite_main(int argc, char **argv)
{
	struct run run = {.o = {.jpeg_quality = 90,
				.file_samples = DATASET_SHARD_SIZE,
				.jobs = pool_processors()}};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = load(&run, &err);
	if (rc == 0)
		rc = convert(&run, &err);
	dataset_feed_free(run.feed);
	numbers_close(&run.numbers);
	buf_free(&run.style);
	buf_free(&run.command);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadconv: %s\n", err.msg);
	return cli_status(&err);
}
