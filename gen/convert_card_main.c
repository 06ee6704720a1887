/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "formats/cad/cad_file.h"
#include "formats/dataset/dataset_facts.h"
#include "gen/also_main.h"
#include "gen/convert_card_main.h"
#include "gen/part_sheet_main.h"

/* --- members of objects ----------------------------------------------------------------------- */

static void put_key(struct buf *out, const char *key)
{
	buf_str(out, out->data[out->len - 1] == '{' ? "\n\"" : ",\n\"");
	buf_str(out, key);
	buf_str(out, "\":");
}

static void put_word(struct buf *out, const char *key, const char *value)
{
	put_key(out, key);
	buf_json_str(out, value);
}

static void put_real(struct buf *out, const char *key, double value)
{
	put_key(out, key);
	buf_real(out, value);
}

static void put_text(struct buf *out, const char *key, const char *value)
{
	put_key(out, key);
	buf_str(out, value);
}

static void put_hash(struct buf *out, const char *key, uint64_t hash)
{
	char text[24];

	snprintf(text, sizeof(text), "%016" PRIx64, hash);
	put_word(out, key, text);
}

/* A size, or "all". */
static void put_size(struct buf *out, const char *key, int64_t size)
{
	if (size == CONVERT_ALL) {
		put_word(out, key, "all");
		return;
	}
	put_key(out, key);
	buf_int(out, size);
}

static void put_views(struct buf *out, const struct convert_options *o)
{
	put_key(out, "views");
	for (int i = 0; i < o->view_count; i++) {
		buf_char(out, i ? ',' : '[');
		buf_json_str(out, convert_view_names[o->views[i]]);
	}
	buf_char(out, ']');
}

/* What settings and rendering have in common. */
static void put_pictures(struct buf *out, const struct convert_options *o, const char *style)
{
	put_word(out, "layout", convert_layout_names[o->layout]);
	if (o->layout != CONVERT_DIMENSIONED) { /* whose views are as the style draws them */
		put_views(out, o);
		put_word(out, "projection", convert_projection_names[o->projection]);
		put_text(out, "hidden", o->no_hidden ? "false" : "true");
	} else {
		put_word(out, "section", convert_section_names[o->section]);
	}
	put_text(out, "style", style);
	buf_str(out, "\n}");
}

/* --- the card --------------------------------------------------------------------------------- */

static uint64_t hash_of_prompts(const struct prompts *prompts)
{
	struct buf all = {0};
	uint64_t hash;

	for (int i = 0; i < prompts->count; i++) {
		buf_str(&all, prompts->text[i]);
		buf_char(&all, '\n');
	}
	hash = dataset_hash(all.data, all.len);
	buf_free(&all);
	return hash;
}

/* Of the parts that a split from elsewhere gives the models. */
static uint64_t hash_of_parts(const struct model_list *list)
{
	struct buf all = {0};
	uint64_t hash;

	for (size_t i = 0; i < list->count; i++)
		buf_char(&all, (char)('0' + list->models[i].part));
	hash = dataset_hash(all.data, all.len);
	buf_free(&all);
	return hash;
}

/* Extrudes alone are not said: datasets from before there was a choice have no word for it. */
static const char *sweeps_of(const struct convert_options *o)
{
	if (o->source != CONVERT_PARTS || !(o->sweeps >> DEEPCAD_REVOLVE & 1))
		return NULL;
	return o->sweeps >> DEEPCAD_EXTRUDE & 1 ? "extrude,revolve" : "revolve";
}

static void write_settings(struct convert_card *card, const struct model_settings *s,
			   const struct model_list *list)
{
	const struct convert_options *o = s->options;
	struct buf *out = &card->json;
	char seed[24];

	snprintf(seed, sizeof(seed), "%" PRIu64, o->seed);
	buf_char(out, '{');
	put_word(out, "version", PACKAGE_VERSION);
	put_word(out, "verb", convert_source_names[o->source]);
	put_real(out, "source_count", (double)list->count);
	put_hash(out, "source_hash", model_list_hash(list));
	if (card->vectors)
		put_real(out, "vectors", (double)card->vectors);
	put_hash(out, "split_hash", o->source_split ? hash_of_parts(list) : 0);
	put_size(out, "train_size", o->train_size);
	put_size(out, "val_size", o->val_size);
	put_real(out, "val_fraction", o->val_fraction);
	put_word(out, "seed", seed);
	put_word(out, "language", convert_language_names[o->language]);
	put_real(out, "grid", o->grid);
	if (o->source == CONVERT_PARTS)
		put_real(out, "operations", (double)o->operations);
	if (sweeps_of(o))
		put_word(out, "sweeps", sweeps_of(o));
	put_hash(out, "prompts_hash", hash_of_prompts(s->prompts));
	put_real(out, "size_px", (double)o->size_px);
	put_key(out, "also");
	dataset_also_write(o->also, out);
	put_pictures(out, o, card->style.data);
}

static void write_rendering(struct convert_card *card, const struct convert_options *o)
{
	buf_char(&card->rendering, '{');
	put_real(&card->rendering, "size", (double)o->size_px);
	put_word(&card->rendering, "format", "png");
	put_pictures(&card->rendering, o, card->style.data);
}

static void command_word(struct buf *out, const char *option, const char *value)
{
	buf_str(out, " --");
	buf_str(out, option);
	buf_char(out, ' ');
	buf_str(out, value);
}

static void command_real(struct buf *out, const char *option, double value)
{
	buf_str(out, " --");
	buf_str(out, option);
	buf_char(out, ' ');
	buf_real(out, value);
}

static void command_files(struct buf *out, const struct convert_options *o)
{
	if (o->style)
		command_word(out, "style", fs_base_name(o->style));
	if (o->prompts)
		command_word(out, "prompts", fs_base_name(o->prompts));
	if (o->source_split)
		command_word(out, "source-split", fs_base_name(o->source_split));
}

/* What makes these bytes, without what does not decide them. */
static void write_command(struct convert_card *card, const struct convert_options *o)
{
	struct buf *out = &card->command;
	bool dimensioned = o->layout == CONVERT_DIMENSIONED;
	const char *comma = " --views ";
	char seed[24];

	buf_str(out, "cadconv ");
	buf_str(out, convert_source_names[o->source]);
	buf_str(out, o->source == CONVERT_PARTS ? " OUT" : " SRC OUT");
	if (o->source == CONVERT_PARTS) {
		command_real(out, "count", (double)o->count);
		command_real(out, "operations", (double)o->operations);
		if (sweeps_of(o))
			command_word(out, "sweeps", sweeps_of(o));
	}
	if (o->train_size != CONVERT_ALL)
		command_real(out, "train-size", (double)o->train_size);
	if (o->val_size != CONVERT_ALL)
		command_real(out, "val-size", (double)o->val_size);
	else
		command_real(out, "val-fraction", o->val_fraction);
	for (int i = 0; i < o->view_count && !dimensioned; i++, comma = ",") {
		buf_str(out, comma);
		buf_str(out, convert_view_names[o->views[i]]);
	}
	command_word(out, "layout", convert_layout_names[o->layout]);
	if (o->layout == CONVERT_SHEET)
		command_word(out, "projection", convert_projection_names[o->projection]);
	buf_str(out, o->no_hidden && !dimensioned ? " --no-hidden" : "");
	if (dimensioned && o->section != PART_SHEET_NONE)
		command_word(out, "section", convert_section_names[o->section]);
	command_real(out, "resolution", (double)o->size_px);
	command_word(out, "program", convert_language_names[o->language]);
	command_real(out, "grid", o->grid);
	snprintf(seed, sizeof(seed), "%" PRIu64, o->seed);
	command_word(out, "seed", seed);
	also_write_option(o->also, out);
	command_files(out, o);
}

void convert_card_new(struct convert_card *card, const struct model_settings *settings,
		      const struct model_list *list)
{
	const struct convert_options *o = settings->options;

	*card = (struct convert_card){.vectors = cad_file_vectors(list)};
	style_mix_write(settings->mix, &card->style);
	card->style.data[--card->style.len] = '\0'; /* its newline: it goes inside others */
	write_settings(card, settings, list);
	write_rendering(card, o);
	write_command(card, o);
	card->settings =
		(struct converted_settings){.path = o->out,
					    .verb = convert_source_names[o->source],
					    .json = card->json.data,
					    .rendering = card->rendering.data,
					    .language = convert_language_names[o->language],
					    .command = card->command.data,
					    .pictures = model_picture_count(o),
					    .also = o->also,
					    .annotated = model_is_annotated(o),
					    .vectors = card->vectors};
}

void convert_card_free(struct convert_card *card)
{
	buf_free(&card->json);
	buf_free(&card->rendering);
	buf_free(&card->command);
	buf_free(&card->style);
}

/* --- the summary ------------------------------------------------------------------------------ */

/* 1,234,567 */
static void put_count(struct buf *out, uint64_t count)
{
	char digits[24];
	size_t len;

	snprintf(digits, sizeof(digits), "%" PRIu64, count);
	len = strlen(digits);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_char(out, ',');
		buf_char(out, digits[i]);
	}
}

static void put_part(struct buf *out, uint64_t count, int64_t wanted, const char *what)
{
	if (wanted == CONVERT_ALL)
		return;
	buf_str(out, "; ");
	put_count(out, count);
	buf_str(out, " of ");
	put_count(out, (uint64_t)wanted);
	buf_str(out, what);
}

void convert_summary(const struct convert_options *o, const struct converted_counts *counts,
		     struct buf *out)
{
	if (counts->failed == 0 && counts->missing == 0)
		return;
	put_count(out, counts->train + counts->val + counts->failed);
	buf_str(out, " models, ");
	put_count(out, counts->failed);
	buf_str(out, " failed");
	if (counts->failed) {
		buf_str(out, ": see ");
		buf_str(out, o->out);
		buf_str(out, "/failures.jsonl");
	}
	if (counts->missing == 0)
		return;
	put_part(out, counts->train, o->train_size, " to train with");
	put_part(out, counts->val, o->val_size, " to validate with");
	buf_str(out, "; there are no more");
}
