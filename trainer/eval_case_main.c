/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/eval_case_main.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/converted_entries.h"
#include "formats/dataset/converted_read.h"
#include "formats/dataset/dataset_read.h"
#include "formats/dataset/llava_read.h"
#include "formats/dataset/prompts.h"
#include "formats/image/image.h"
#include "gen/sample_main.h"
#include "trainer/train/picture.h"

struct eval_cases {
	const struct eval_options *options;
	int side;
	struct dataset_reader *reader;    /* of a folder, */
	struct llava_reader *entries;     /* of a JSON file, */
	struct converted_entries *solids; /* of a dataset of cadconv; all NULL: pictures */
	const struct dataset_facts *facts;
	struct sample_settings settings; /* by which samples were drawn */
	uint64_t next, count;
};

/* --- opening -------------------------------------------------------------------------------- */

/* Of each choice of --split. */
static const struct {
	const char *name;
	enum dataset_split split; /* SPLIT_COUNT_: all of them */
} choices[] = {
	[EVAL_val] = {"val", SPLIT_VAL},
	[EVAL_train] = {"train", SPLIT_TRAIN},
	[EVAL_test] = {"test", SPLIT_TEST},
	[EVAL_all] = {"all", SPLIT_COUNT_},
};

static uint64_t count_samples(const struct eval_options *o, const struct dataset_facts *f)
{
	enum dataset_split split = choices[o->split].split;
	uint64_t count = split == SPLIT_COUNT_ ? f->count : f->counts[split];

	return o->limit && (uint64_t)o->limit < count ? (uint64_t)o->limit : count;
}

static int open_dataset(struct eval_cases *cases, struct err *err)
{
	const struct eval_options *o = cases->options;

	cases->reader = dataset_reader_open(o->data, err);
	if (!cases->reader)
		return -1;
	cases->facts = dataset_reader_facts(cases->reader);
	cases->settings =
		(struct sample_settings){.seed = cases->facts->seed, .mix = &cases->facts->style};
	cases->count = count_samples(o, cases->facts);
	if (!cases->count)
		return err_set(err, ERR_FORMAT, "%s has no samples in split %s", o->data,
			       choices[o->split].name);
	return 0;
}

/* Goes through the file once, to count. */
static int open_file(struct eval_cases *cases, struct err *err)
{
	const struct eval_options *o = cases->options;
	struct arena arena = {0};
	struct llava_sample sample;
	int rc = 1;

	cases->entries = llava_reader_open(o->data, o->image_folder, err);
	while (cases->entries && (!o->limit || cases->count < (uint64_t)o->limit) &&
	       (rc = llava_read(cases->entries, &sample, &arena, err)) > 0) {
		cases->count++;
		arena_reset(&arena);
	}
	arena_free(&arena);
	llava_reader_free(cases->entries);
	cases->entries = NULL;
	if (rc < 0 || !cases->count)
		return rc < 0 || err->code ? -1
					   : err_set(err, ERR_FORMAT, "%s has no samples", o->data);
	cases->entries = llava_reader_open(o->data, o->image_folder, err);
	return cases->entries ? 0 : -1;
}

static bool is_of(const struct eval_cases *cases, enum dataset_split is)
{
	enum dataset_split split = choices[cases->options->split].split;

	return split == SPLIT_COUNT_ || is == split;
}

/* Goes through the dataset once, to count. */
static int open_solids(struct eval_cases *cases, struct err *err)
{
	const struct eval_options *o = cases->options;
	struct converted_entry entry;
	struct arena arena = {0};
	int rc = 1;

	cases->solids = converted_entries_open(o->data, err);
	while (cases->solids && (!o->limit || cases->count < (uint64_t)o->limit) &&
	       (rc = converted_entry(cases->solids, &entry, &arena, err)) > 0) {
		cases->count += is_of(cases, entry.split);
		arena_reset(&arena);
	}
	arena_free(&arena);
	converted_entries_close(cases->solids);
	cases->solids = NULL;
	if (rc < 0 || err->code)
		return -1;
	if (!cases->count)
		return err_set(err, ERR_FORMAT, "%s has no samples in split %s", o->data,
			       choices[o->split].name);
	cases->solids = converted_entries_open(o->data, err);
	return cases->solids ? 0 : -1;
}

static int open_data(struct eval_cases *cases, struct err *err)
{
	int rc;

	if (!fs_is_folder(cases->options->data))
		return open_file(cases, err);
	rc = converted_is_in(cases->options->data, err);
	if (rc < 0)
		return -1;
	return rc ? open_solids(cases, err) : open_dataset(cases, err);
}

struct eval_cases *eval_cases_open(const struct eval_options *options, int side, struct err *err)
{
	struct eval_cases *cases = mem_alloc(1, sizeof(*cases));

	cases->options = options;
	cases->side = side;
	cases->count = options->image ? 1 + (uint64_t)options->image_count : 0;
	if (options->image || open_data(cases, err) == 0)
		return cases;
	eval_cases_close(cases);
	return NULL;
}

void eval_cases_close(struct eval_cases *cases)
{
	if (!cases)
		return;
	dataset_reader_free(cases->reader);
	llava_reader_free(cases->entries);
	converted_entries_close(cases->solids);
	free(cases);
}

uint64_t eval_cases_count(const struct eval_cases *cases)
{
	return cases->count;
}

const char *eval_cases_solids(const struct eval_cases *cases)
{
	return cases->solids ? converted_entries_language(cases->solids) : NULL;
}

enum language eval_cases_language(const struct eval_cases *cases)
{
	if (cases->options->said >= 0)
		return (enum language)cases->options->said;
	return cases->facts ? cases->facts->language : LANGUAGE_CALLS;
}

/* --- groups --------------------------------------------------------------------------------- */

static void add_key(struct eval_case *c, const char *by, const char *is)
{
	c->keys[c->key_count++] = (struct score_key){by, is};
}

static const char *shapes_group(int count)
{
	static const char *const groups[] = {"1", "2", "3", "4 to 6", "7 to 12", "over 12"};

	return groups[count <= 3 ? count - 1 : count <= 6 ? 3 : count <= 12 ? 4 : 5];
}

static const char *digits_group(double px)
{
	static const char *const groups[] = {"under 7 px", "7 to 8 px", "8 to 10 px", "10 to 14 px",
					     "14 px and more"};

	return groups[px < 7 ? 0 : px < 8 ? 1 : px < 10 ? 2 : px < 14 ? 3 : 4];
}

/* The style is that of the first try, which of redrawn scenes may be another. */
static void add_groups(const struct eval_cases *cases, struct eval_case *c, uint64_t index)
{
	const struct style_sheet *sheet =
		sample_sheet_of_unit(&cases->settings, index, c->scene.unit);
	struct style style;
	int64_t longest = c->scene.sheet_um[0] > c->scene.sheet_um[1] ? c->scene.sheet_um[0]
								      : c->scene.sheet_um[1];

	add_key(c, "family", family_name(c->scene.family));
	if (sheet) {
		style = sample_style(&cases->settings, sheet, index, 0);
		add_key(c, "style", sheet->standard);
		add_key(c, "degradation", degradation_any(&sheet->degradation) ? "yes" : "none");
		add_key(c, "digit height",
			digits_group(style_lowest_digits_mm(&style) * 1000 * cases->facts->size_px /
				     (double)longest));
	}
	add_key(c, "shapes", shapes_group(c->scene.shape_count));
}

/* --- cases ---------------------------------------------------------------------------------- */

static int read_pixels(struct eval_cases *cases, struct eval_case *c,
		       const struct dataset_sample *picture, struct err *err)
{
	size_t side = (size_t)cases->side;
	struct image image;

	if (dataset_sample_image(picture, PICTURE_SIDE_MAX, &image, err) < 0)
		return -1;
	c->pixels = ARENA_NEW(&c->arena, uint8_t, side * side);
	c->width = image.width;
	c->height = image.height;
	c->shrunk = picture_fit(&image, cases->side, c->pixels);
	image_free(&image);
	return 0;
}

static const char *path_in_shard(const struct dataset_sample *s, struct arena *arena)
{
	size_t room = strlen(s->image) + strlen(s->image_name) + 2;
	char *path = arena_alloc(arena, room, 1);

	snprintf(path, room, "%s/%s", s->image, s->image_name);
	return path;
}

static int read_truth(const struct eval_cases *cases, struct eval_case *c,
		      const struct dataset_sample *s, struct err *err)
{
	if (scene_parse(&c->scene, "", s->scene, strlen(s->scene), &c->arena, err) < 0)
		return dataset_place_error(&s->scene_place, err);
	if (program_parse(&c->program, cases->facts->language, "", s->program, strlen(s->program),
			  &c->arena, err) < 0)
		return dataset_place_error(&s->program_place, err);
	c->has_scene = true;
	c->family = c->scene.family;
	c->truth = s->program;
	c->id = s->id;
	c->image = s->image;
	if (s->picture)
		c->image = path_in_shard(s, &c->arena);
	c->prompt = s->prompt;
	add_groups(cases, c, s->index);
	return 0;
}

static int next_sample(struct eval_cases *cases, struct eval_case *c, struct dataset_sample *s,
		       struct err *err)
{
	int rc;

	do {
		arena_reset(&c->arena);
		rc = dataset_read(cases->reader, s, &c->arena, err);
	} while (rc > 0 && !is_of(cases, s->split));
	if (rc == 0)
		return err_set(err, ERR_FORMAT, "%s ends before its time", cases->options->data);
	return rc < 0 ? -1 : read_truth(cases, c, s, err);
}

static int next_entry(struct eval_cases *cases, struct eval_case *c, struct err *err)
{
	struct llava_sample s;
	int rc = llava_read(cases->entries, &s, &c->arena, err);

	if (rc <= 0)
		return rc < 0 ? -1
			      : err_set(err, ERR_FORMAT, "%s ends before its time",
					cases->options->data);
	if (program_parse(&c->program, eval_cases_language(cases), "program", s.program,
			  strlen(s.program), &c->arena, err) < 0)
		return err_context(err, "%s:%ld: entry %s", cases->options->data, s.line, s.id);
	c->family = program_family(&c->program);
	if (c->family == FAMILY_COUNT_) /* of several: as free shapes, which they make none of */
		c->family = FAMILY_SHAPES;
	c->truth = s.program;
	c->id = s.id;
	c->image = s.image;
	c->prompt = s.prompt;
	add_key(c, "family", family_name(c->family));
	add_key(c, "shapes", shapes_group(c->program.shape_count));
	return 0;
}

/* What its program makes is cadconv's to know. */
static int next_solid(struct eval_cases *cases, struct eval_case *c, struct err *err)
{
	struct converted_entry entry;
	int rc;

	do {
		arena_reset(&c->arena);
		rc = converted_entry(cases->solids, &entry, &c->arena, err);
	} while (rc > 0 && !is_of(cases, entry.split));
	if (rc <= 0)
		return rc < 0 ? -1
			      : err_set(err, ERR_FORMAT, "%s ends before its time",
					cases->options->data);
	c->truth = entry.sample.program;
	c->id = entry.sample.id;
	c->image = entry.sample.image;
	c->prompt = entry.sample.prompt;
	return 0;
}

static void next_picture(struct eval_cases *cases, struct eval_case *c)
{
	const struct eval_options *o = cases->options;

	c->image = c->id = cases->next ? o->images[cases->next - 1] : o->image;
	c->prompt = o->prompt ? o->prompt : prompts_builtin(FAMILY_SHAPES)->text[0];
}

int eval_cases_next(struct eval_cases *cases, struct eval_case **out, struct err *err)
{
	struct dataset_sample sample;
	struct eval_case *c;
	int rc = 0;

	if (cases->next == cases->count)
		return 0;
	c = mem_alloc(1, sizeof(*c));
	c->number = cases->next;
	c->side = cases->side;
	if (cases->reader)
		rc = next_sample(cases, c, &sample, err);
	else if (cases->entries)
		rc = next_entry(cases, c, err);
	else if (cases->solids)
		rc = next_solid(cases, c, err);
	else
		next_picture(cases, c);
	if (!cases->reader)
		sample = (struct dataset_sample){.image = c->image};
	if (rc == 0)
		rc = read_pixels(cases, c, &sample, err);
	if (rc < 0) {
		eval_case_free(c);
		return -1;
	}
	cases->next++;
	*out = c;
	return 1;
}

void eval_case_free(struct eval_case *c)
{
	if (!c)
		return;
	arena_free(&c->arena);
	free(c);
}
