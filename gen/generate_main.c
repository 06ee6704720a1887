/* SPDX-License-Identifier: MIT */
/*
 * The generating run: workers make samples in chunks, each into the lines of its slot and into the
 * picture files; the pool hands the slots to the dataset in order. Restyling is the same run with
 * scenes, prompts and programs from another dataset.
 *
 *	item_make -> dataset_put_picture
 *		  -> dataset_add -> dataset_append
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/dataset_facts.h"
#include "formats/dataset/dataset_feed.h"
#include "gen/also_main.h"
#include "gen/fill_main.h"
#include "gen/generate_main.h"
#include "gen/item_main.h"
#include "gen/lines_main.h"
#include "gen/options_main.h"
#include "gen/remake_main.h"
#include "gen/sample_main.h"
#include "gen/scan_main.h"
#include "gen/styles_folder_main.h"
#include "render/paint/raster.h"

#define PNG_LEVEL 1
#define FONT_BYTES_MAX (256u << 20)
#define SHEET_COLUMNS 4
#define SHEET_ROWS 4
#define SHEET_CELL_PX 512

/* What the options name, loaded. */
struct run {
	struct options o;
	struct arena arena;   /* of the mix */
	struct style_mix mix; /* of --style */
	struct sample_settings sample;
	struct item_settings item;
	struct numbers_source numbers; /* of --tokenizer */
	struct dataset_settings dataset_settings;
	struct font *font; /* of --font, owned; else NULL */
	struct typefaces *typefaces;
	struct prompts prompts; /* of --prompts */
	struct buf style_json, command, families;
	struct dataset_feed *feed; /* restyling; else NULL */
	struct item_maker **makers;
};

static int load_font(struct run *run, struct err *err)
{
	struct buf bytes = {0};

	run->dataset_settings.font = "";
	if (!run->o.font) {
		run->typefaces =
			typefaces_load(style_mix_lettering(&run->mix), TYPEFACE_FOLDER, err);
		run->sample.typefaces = run->typefaces;
		return run->typefaces ? 0 : -1;
	}
	if (fs_read(run->o.font, FONT_BYTES_MAX, &bytes, err) < 0)
		return -1;
	run->dataset_settings.font_hash = dataset_hash(bytes.data, bytes.len);
	buf_free(&bytes);
	run->font = font_load(run->o.font, err);
	if (!run->font)
		return -1;
	run->sample.font = run->font;
	run->dataset_settings.font = run->o.font;
	return 0;
}

static int load_prompts(struct run *run, struct err *err)
{
	if (run->o.prompts) {
		if (prompts_read(&run->prompts, run->o.prompts, err) < 0)
			return -1;
		run->sample.prompts = &run->prompts;
	}
	run->dataset_settings.prompts_hash = prompts_hash(run->sample.prompts, run->o.family);
	return 0;
}

static void command_word(struct buf *b, const char *option, const char *value)
{
	buf_str(b, " --");
	buf_str(b, option);
	buf_char(b, ' ');
	buf_str(b, value);
}

static void command_number(struct buf *b, const char *option, int64_t v)
{
	char number[32];

	snprintf(number, sizeof(number), "%" PRId64, v);
	command_word(b, option, number);
}

/* What is not as it is without these options. */
static void write_layout(const struct options *o, struct buf *b)
{
	struct options usual = options_default();

	if (o->format != usual.format)
		command_word(b, "format", dataset_layout_names[o->format]);
	if (o->picture != usual.picture)
		command_word(b, "image-format", dataset_picture_names[o->picture]);
	if (o->picture == PICTURE_JPEG)
		command_number(b, "jpeg-quality", o->jpeg_quality);
	if (!dataset_layouts[o->format]->streams[0])
		return;
	if (o->file_samples != usual.file_samples)
		command_number(b, "file-samples", o->file_samples);
	if (o->file_bytes != usual.file_bytes)
		command_number(b, "file-bytes", o->file_bytes);
}

static void write_files(const struct options *o, struct buf *b)
{
	write_layout(o, b);
	if (o->style)
		command_word(b, "style", fs_base_name(o->style));
	if (o->font)
		command_word(b, "font", fs_base_name(o->font));
	if (o->prompts)
		command_word(b, "prompts", fs_base_name(o->prompts));
	if (o->tokenizer)
		command_word(b, "tokenizer", fs_base_name(o->tokenizer));
}

/* The command line that makes these bytes, without what does not decide them. */
static void write_command(struct run *run)
{
	const struct options *o = &run->o;
	struct buf *b = &run->command;
	char number[32];

	if (o->dataset) {
		buf_str(b, "cadgen restyle ");
		buf_str(b, fs_base_name(o->dataset));
		command_number(b, "size", o->size_px);
		if (o->require_legible)
			buf_str(b, " --require-legible");
		also_write_option(o->also, b);
		write_files(o, b);
		return;
	}
	buf_str(b, "cadgen");
	command_number(b, "count", o->count);
	snprintf(number, sizeof(number), "%" PRIu64, o->seed);
	command_word(b, "seed", number);
	command_number(b, "size", o->size_px);
	command_word(b, "family", run->families.data);
	command_word(b, "program", language_names[o->language]);
	buf_str(b, " --max-overlap ");
	buf_fixed(b, o->max_overlap, 6);
	buf_str(b, " --val-fraction ");
	buf_fixed(b, o->val_fraction, 6);
	if (o->test_fraction > 0) {
		buf_str(b, " --test-fraction ");
		buf_fixed(b, o->test_fraction, 6);
	}
	if (o->require_legible)
		buf_str(b, " --require-legible");
	also_write_option(o->also, b);
	write_files(o, b);
}

static int load_style(struct run *run, struct err *err)
{
	struct style_sheet iso = style_iso();

	run->sample.mix = &run->mix;
	if (run->o.style) {
		if (styles_load(&run->mix, run->o.style, &run->arena, err) < 0)
			return -1;
	} else {
		run->mix = style_mix_of(&iso, &run->arena);
	}
	style_mix_write(&run->mix, &run->style_json);
	run->style_json.data[--run->style_json.len] = '\0'; /* its newline: it goes inside others */
	return 0;
}

static int run_load(struct run *run, struct err *err)
{
	const struct options *o = &run->o;
	struct dataset_settings *s = &run->dataset_settings;

	run->sample.seed = o->seed;
	run->sample.scene =
		(struct scene_params){.size_px = o->size_px, .max_overlap = o->max_overlap};
	memcpy(run->sample.scene.weight, o->family, sizeof(o->family));
	if (run->families.len == 0)
		families_write(o->family, &run->families);
	run->sample.require_legible = o->require_legible;
	if (o->tokenizer && numbers_open(&run->numbers, o->tokenizer, o->size_px, err) < 0)
		return -1;
	if (load_style(run, err) < 0 || load_font(run, err) < 0 || load_prompts(run, err) < 0)
		return -1;
	write_command(run);
	run->item = (struct item_settings){.sample = &run->sample,
					   .size_px = o->size_px,
					   .language = (enum language)o->language,
					   .picture = (enum dataset_picture)o->picture,
					   .jpeg_quality = (int)o->jpeg_quality,
					   .numbers = &run->numbers};
	s->tokenizer_hash = run->numbers.hash;
	s->path = o->out;
	s->count = (uint64_t)o->count;
	s->seed = o->seed;
	s->size_px = o->size_px;
	s->rank = o->rank;
	s->ranks = o->ranks;
	s->layout = dataset_layouts[o->format];
	s->picture = (enum dataset_picture)o->picture;
	s->jpeg_quality = (int)o->jpeg_quality;
	s->shard_size = (uint64_t)o->file_samples;
	s->shard_bytes = (uint64_t)o->file_bytes;
	s->val_fraction = o->val_fraction;
	s->test_fraction = o->test_fraction;
	s->max_overlap = o->max_overlap;
	s->require_legible = o->require_legible;
	s->family = run->families.data;
	s->language = language_names[o->language];
	s->also = o->also;
	s->style = run->style_json.data;
	s->command = run->command.data;
	s->version = PACKAGE_VERSION;
	return 0;
}

/* All that a restyled dataset has in common with the one it comes from. */
static int load_source(struct run *run, struct err *err)
{
	const struct dataset_facts *f;

	if (fs_is_same(run->o.dataset, run->o.out))
		return err_set(err, ERR_USAGE, "--out: %s is the dataset that is read", run->o.out);
	run->feed = dataset_feed_open(run->o.dataset, err);
	if (!run->feed)
		return -1;
	f = dataset_feed_facts(run->feed);
	run->o.count = (int64_t)f->count;
	run->o.seed = f->seed;
	run->o.size_px = run->o.size_px ? run->o.size_px : f->size_px;
	run->o.val_fraction = f->val_fraction;
	run->o.test_fraction = f->test_fraction;
	run->o.max_overlap = f->max_overlap;
	run->o.language = f->language;
	buf_str(&run->families, f->family);
	if (run_load(run, err) < 0)
		return -1;
	run->sample.legible_px = run->o.size_px;
	run->dataset_settings.prompts_hash = f->prompts_hash;
	return 0;
}

static void run_free(struct run *run)
{
	dataset_feed_free(run->feed);
	font_free(run->font);
	typefaces_free(run->typefaces);
	numbers_close(&run->numbers);
	prompts_free(&run->prompts);
	buf_free(&run->style_json);
	buf_free(&run->command);
	buf_free(&run->families);
	arena_free(&run->arena);
}

/* The sample in another style: its scene is drawn, the rest is copied as it stands, its split with the program. */
static int make_again(struct item_maker *maker, const struct dataset_sample *from,
		      struct dataset_item *item, struct err *err)
{
	struct item_scene scene = {from->scene, from->scene_place};

	if (item_make(maker, from->index, &scene, item, err) < 0)
		return -1;
	item->program = from->program;
	item->prompt = from->prompt;
	item->program_hash = from->program_hash;
	item->split = from->split;
	return 0;
}

static int make_new(const struct run *run, struct item_maker *maker, uint64_t index,
		    struct dataset_item *item, struct err *err)
{
	if (item_make(maker, index, NULL, item, err) < 0)
		return -1;
	item->split = dataset_split_of(&run->dataset_settings, item->program_hash);
	return 0;
}

/* from: NULL for a new one. */
static int take_sample(void *ctx, const struct dataset *dataset, int worker, uint64_t index,
		       const struct dataset_sample *from, struct dataset_lines *lines,
		       struct err *err)
{
	struct run *run = ctx;
	struct item_maker *maker = run->makers[worker];
	struct dataset_item item;

	if (from ? make_again(maker, from, &item, err) < 0
		 : make_new(run, maker, index, &item, err) < 0)
		return -1;
	lines->redrawn += item_sample(maker)->scene.attempt;
	if (dataset_put_picture(dataset, &item, err) < 0 ||
	    item_write_also(maker, dataset, run->o.also, err) < 0)
		return -1;
	return dataset_add(lines, &run->dataset_settings, &item, err);
}

static int write_sheet(const struct run *run, struct err *err)
{
	int64_t cell = run->o.size_px < SHEET_CELL_PX ? run->o.size_px : SHEET_CELL_PX;

	return dataset_contact_sheet(run->o.out, run->o.contact_sheet, SHEET_COLUMNS, SHEET_ROWS,
				     (int)cell, err);
}

static int make_dataset(struct run *run, struct err *err)
{
	const struct options *o = &run->o;
	const struct fill fill = {.settings = &run->dataset_settings,
				  .mode = o->resume      ? DATASET_RESUME
					  : o->overwrite ? DATASET_OVERWRITE
							 : DATASET_NEW,
				  .feed = run->feed,
				  .jobs = o->jobs,
				  .what = "drawings",
				  .ctx = run,
				  .take = take_sample};
	int rc = 0;

	run->makers = mem_alloc((size_t)o->jobs, sizeof(struct item_maker *));
	for (int64_t i = 0; i < o->jobs && rc == 0; i++) {
		run->makers[i] = item_maker_new(&run->item, err);
		rc = run->makers[i] ? 0 : -1;
	}
	if (rc == 0)
		rc = fill_dataset(&fill, err);
	for (int64_t i = 0; i < o->jobs; i++)
		item_maker_free(run->makers[i]);
	free(run->makers);
	if (rc > 0)
		fprintf(stderr,
			"cadgen: part %d of %d is done; the last one to be so finishes %s\n",
			o->rank, o->ranks, o->out);
	if (rc == 0 && o->contact_sheet)
		rc = write_sheet(run, err);
	return rc < 0 ? -1 : 0;
}

static int read_scene(struct scene *scene, const char *path, struct arena *arena, struct err *err)
{
	struct buf text = {0};
	int rc = fs_read(path, 1 << 20, &text, err);

	if (rc == 0)
		rc = scene_parse(scene, path, text.data ? text.data : "", text.len, arena, err);
	buf_free(&text);
	return rc;
}

/* The picture as PNG, clean or as it is shown. */
static int encode_image(const struct run *run, const struct sample *sample, struct buf *out,
			struct err *err)
{
	struct raster *raster = raster_new((int)run->o.size_px, err);
	struct scanner *scanner = scanner_new(&run->sample, run->o.size_px);
	struct png_encoder *encoder = png_encoder_new(PNG_LEVEL);
	struct arena arena = {0};
	struct shown shown;
	int rc = raster ? 0 : -1;

	if (rc == 0)
		shown.image = image_from_drawing(raster, &sample->drawing, sample->font);
	if (rc == 0 && run->o.stage == STAGE_SCAN) {
		struct image clean = shown.image;

		rc = scanner_run(scanner, sample, &clean, &shown, &arena, err);
	}
	if (rc == 0)
		image_encode_png(&shown.image, encoder, out);
	arena_free(&arena);
	png_encoder_free(encoder);
	scanner_free(scanner);
	raster_free(raster);
	return rc;
}

static int encode_stage(const struct run *run, const struct sample *sample, struct buf *out,
			struct err *err)
{
	switch ((enum stage)run->o.stage) {
	case STAGE_SCENE:
		scene_write(&sample->scene, out);
		break;
	case STAGE_PROGRAM:
		if (!program_fits(&sample->program, (enum language)run->o.language))
			return err_set(
				err, ERR_UNSUPPORTED, "the language %s has no words for family %s",
				language_names[run->o.language], family_name(sample->scene.family));
		program_write(&sample->program, (enum language)run->o.language, out);
		break;
	case STAGE_DRAWING:
		drawing_write(&sample->drawing, out);
		break;
	case STAGE_IMAGE:
	case STAGE_SCAN:
		return encode_image(run, sample, out, err);
	case STAGE_SVG:
		return item_also(sample, ALSO_SVG, out, err);
	case STAGE_PDF:
		return item_also(sample, ALSO_PDF, out, err);
	case STAGE_DXF:
		return item_also(sample, ALSO_DXF, out, err);
	case STAGE_ALL:
		break;
	}
	buf_char(out, '\n');
	return 0;
}

static int write_stdout(const struct buf *b, struct err *err)
{
	if (fwrite(b->data, 1, b->len, stdout) != b->len || fflush(stdout) != 0)
		return err_errno(err, "cannot write standard output");
	return 0;
}

static int print_stage(struct run *run, struct err *err)
{
	struct arena arena = {0}, scene_arena = {0};
	struct sample sample;
	struct scene scene;
	struct buf b = {0};
	uint64_t index = (uint64_t)run->o.index;
	bool picture = run->o.stage == STAGE_IMAGE || run->o.stage == STAGE_SCAN;
	int rc;

	if ((picture || run->o.stage == STAGE_PDF) && isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE,
			       "standard output is a terminal: send the %s to a file",
			       picture ? "PNG" : "PDF");
	if (run->o.scene) {
		rc = read_scene(&scene, run->o.scene, &scene_arena, err);
		if (rc == 0)
			rc = sample_from_scene(&sample, &run->sample, &scene, index, &arena, err);
		if (rc < 0 && err->code == ERR_LIMIT)
			err_context(err, "%s", run->o.scene);
	} else {
		rc = sample_from_index(&sample, &run->sample, index, &arena, err);
	}
	if (rc == 0)
		rc = encode_stage(run, &sample, &b, err);
	if (rc == 0)
		rc = write_stdout(&b, err);
	buf_free(&b);
	arena_free(&arena);
	arena_free(&scene_arena);
	return rc;
}

/* Frees the run; returns the exit status. */
static int end_run(struct run *run, int rc, const struct err *err)
{
	run_free(run);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadgen: %s\n", err->msg);
	return cli_status(err);
}

int generate_main(int argc, char **argv)
{
	struct run run = {.o = options_default()};
	struct err err = {0};
	int rc = options_parse(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = run_load(&run, &err);
	if (rc == 0)
		rc = run.o.stage != STAGE_ALL ? print_stage(&run, &err)
		     : strcmp(run.o.out, "-") == 0
			     ? lines_print(&run.item, &run.dataset_settings, run.o.jobs, &err)
			     : make_dataset(&run, &err);
	return end_run(&run, rc, &err);
}

int restyle_main(int argc, char **argv)
{
	struct run run = {.o = options_default()};
	struct err err = {0};
	int rc = options_parse_restyle(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = load_source(&run, &err);
	if (rc == 0)
		rc = make_dataset(&run, &err);
	return end_run(&run, rc, &err);
}
