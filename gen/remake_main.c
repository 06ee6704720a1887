/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "gen/options_main.h"
#include "gen/remake_main.h"

#define FONT_BYTES_MAX (256u << 20)
#define PROMPT_SEPARATOR '\n'

static void add_prompts(const struct prompts *prompts, struct buf *all)
{
	for (int i = 0; i < prompts->count; i++) {
		buf_str(all, prompts->text[i]);
		buf_char(all, PROMPT_SEPARATOR);
	}
}

uint64_t prompts_hash(const struct prompts *prompts, const double family[FAMILY_COUNT_])
{
	struct buf all = {0};
	uint64_t hash;

	if (prompts)
		add_prompts(prompts, &all);
	for (int i = 0; i < FAMILY_COUNT_ && !prompts; i++)
		if (family[i] > 0)
			add_prompts(prompts_builtin((enum family)i), &all);
	hash = dataset_hash(all.data, all.len);
	buf_free(&all);
	return hash;
}

int remake_load_font(struct remake *r, const struct dataset_facts *facts, const char *dataset,
		     const char *font, struct err *err)
{
	struct buf bytes = {0};
	uint64_t hash;

	if (facts->font_hash == 0) {
		if (font)
			return err_set(err, ERR_USAGE,
				       "%s is lettered as its style says: no --font", dataset);
		r->typefaces =
			typefaces_load(style_mix_lettering(&facts->style), TYPEFACE_FOLDER, err);
		r->sample.typefaces = r->typefaces;
		return r->typefaces ? 0 : -1;
	}
	if (!font)
		return err_set(err, ERR_USAGE, "%s is lettered with %s: give it with --font",
			       dataset, facts->font);
	if (fs_read(font, FONT_BYTES_MAX, &bytes, err) < 0)
		return -1;
	hash = dataset_hash(bytes.data, bytes.len);
	buf_free(&bytes);
	if (hash != facts->font_hash)
		return err_set(err, ERR_USAGE, "%s is not the %s of %s: its bytes differ", font,
			       facts->font, dataset);
	r->font = font_load(font, err);
	r->sample.font = r->font;
	return r->font ? 0 : -1;
}

static int load_prompts(struct remake *r, const struct dataset_facts *facts, const char *dataset,
			const char *prompts, struct err *err)
{
	if (prompts) {
		if (prompts_read(&r->prompts, prompts, err) < 0)
			return -1;
		r->sample.prompts = &r->prompts;
	}
	if (prompts_hash(r->sample.prompts, r->sample.scene.weight) == facts->prompts_hash)
		return 0;
	if (prompts)
		return err_set(err, ERR_USAGE, "%s: %s has other prompts", prompts, dataset);
	return err_set(err, ERR_USAGE, "%s has prompts of its own: give them with --prompts",
		       dataset);
}

/* Restyled: scenes from elsewhere, which are drawn so that their digits can be read. */
static bool is_restyled(const struct dataset_facts *facts)
{
	static const char restyle[] = "cadgen restyle ";

	return strncmp(facts->command, restyle, strlen(restyle)) == 0;
}

int remake_load(struct remake *r, const struct dataset_facts *facts, const char *dataset,
		const char *font, const char *prompts, struct err *err)
{
	struct sample_settings *s = &r->sample;

	s->seed = facts->seed;
	s->mix = &facts->style;
	s->scene =
		(struct scene_params){.size_px = facts->size_px, .max_overlap = facts->max_overlap};
	s->require_legible = facts->require_legible;
	if (is_restyled(facts)) {
		r->from_scenes = true;
		s->legible_px = facts->size_px;
	}
	if (families_parse(facts->family, s->scene.weight, err) < 0 ||
	    load_prompts(r, facts, dataset, prompts, err) < 0)
		return -1;
	return remake_load_font(r, facts, dataset, font, err);
}

void remake_free(struct remake *r)
{
	font_free(r->font);
	typefaces_free(r->typefaces);
	prompts_free(&r->prompts);
}
