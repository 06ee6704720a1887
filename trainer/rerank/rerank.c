/* SPDX-License-Identifier: MIT */
/*
 * Misfits are px * px along lines, and become probabilities by the picture's own noise: lines that are
 * b px off where they fit, and go astray together for the length of a part's edge L, make a
 * misfit of m as improbable as exp(-m / (b L)). To that comes what the model thinks of a candidate.
 *
 * The constants were found on drawings of free shapes and plates, clean, scanned and copied, with labels
 * against labels of which one digit was changed, and with sixteen beams of a small model (bench/README.md,
 * "Beams and the picture"). A smaller MARGIN or L lets holes move by a pixel or two on sheets that a scanner
 * stretched; larger ones keep beams that the picture refutes.
 */
#include <config.h>

#include "trainer/rerank/rerank.h"

#include <math.h>

#include "trainer/rerank/combine.h"
#include "trainer/rerank/placing.h"

#define EDGES 8          /* the side over this: L */
#define NOISE_LEAST 0.1  /* px: clean pictures are no better measured */
#define NOISE_MOST 0.25  /* px: near lines by chance, points are 0.4 off in the mean */
#define SHARE_LEAST 0.85 /* of the outline: but for a few hidden edges, what lies there is drawn */
#define MARGIN 3.0       /* by how much what is said must be more probable than what comes first */

void rerank_parts_first(int *order, const struct rerank_text *texts, int count,
			enum language language, struct arena *arena)
{
	bool *is_part = ARENA_NEW(arena, bool, count);
	struct scene scene;
	int n = 0;

	for (int i = 0; i < count; i++) {
		is_part[i] = count == 1 || scene_from_text(&scene, texts[i].at, texts[i].len,
							   language, arena, NULL) == 0;
		if (is_part[i])
			order[n++] = i;
	}
	for (int i = 0; i < count; i++)
		if (!is_part[i])
			order[n++] = i;
}

struct view {
	bool is_part;  /* that can be laid over the picture */
	bool is_other; /* a part of which nothing is known */
	struct program program;
	enum family family;
	struct figure figure;
	struct outline outline;
	struct placing placing;
	double misfit; /* px * px */
};

static void view_scene(struct view *v, const struct scene *scene, struct arena *arena)
{
	v->is_other = scene->family == FAMILY_TURNED || scene->family == FAMILY_CABINET;
	if (v->is_other)
		return;
	v->program = (struct program){scene->unit, scene->shape_count, scene->shapes};
	v->family = scene->family;
	v->figure = figure_from_scene(scene, arena);
	v->outline = outline_from_figure(&v->figure, scene->family == FAMILY_SHAPES, arena);
	v->is_part = true;
}

/* Each where it fits best, and where the one lies that explains most: what differs in one number has the
 * rest in common with it. */
static void place(struct view *views, int count, const struct ridges *ridges)
{
	struct placing common = {0};
	double most = -INFINITY;

	for (int i = 0; i < count; i++) {
		struct view *v = &views[i];
		struct placing p = {0};
		double w;

		v->misfit = INFINITY;
		if (v->is_part)
			p = placing_search(&v->outline, ridges);
		placing_improve(&v->outline, ridges, &p, &v->placing, &v->misfit);
		w = p.scale > 0 ? placing_worth(&v->outline, ridges, &p) : -INFINITY;
		if (w > most) {
			most = w;
			common = p;
		}
	}
	for (int i = 0; i < count; i++)
		if (views[i].is_part)
			placing_improve(&views[i].outline, ridges, &common, &views[i].placing,
					&views[i].misfit);
}

/* Whether the part lies there, and not by chance near some lines. */
static bool is_seen(const struct view *v, const struct ridges *ridges)
{
	return placing_share(&v->outline, ridges, &v->placing) >= SHARE_LEAST &&
	       placing_noise(&v->outline, ridges, &v->placing) <= NOISE_MOST;
}

/* px * px by which the picture makes one of two candidates e times as probable. */
static double noise_of(const struct view *v, const struct ridges *ridges)
{
	double off = placing_noise(&v->outline, ridges, &v->placing);

	return (double)ridges->side / EDGES * min2(NOISE_MOST, max2(NOISE_LEAST, off));
}

static int choose(const struct view *views, const struct rerank_candidate *candidates, int count,
		  double noise)
{
	double first = candidates[0].log_prob - views[0].misfit / noise;
	double most = first + MARGIN;
	int best = 0;

	for (int i = 1; i < count; i++) {
		double w = candidates[i].log_prob - views[i].misfit / noise;

		if (w > most) {
			most = w;
			best = i;
		}
	}
	return best;
}

/* What candidates compare by. */
static double misfit_per_px(const struct view *v, const struct ridges *ridges)
{
	return isfinite(v->misfit) && ridges->count ? v->misfit / ridges->count : NAN;
}

static struct rerank_text text_of(const struct program *program, enum language language,
				  struct arena *arena)
{
	struct buf text = {0};
	struct rerank_text copy;

	program_write(program, language, &text);
	copy = (struct rerank_text){arena_strndup(arena, text.data, text.len), text.len};
	buf_free(&text);
	return copy;
}

static void combine(struct rerank_combined *out, const struct view *views,
		    const struct rerank_candidate *candidates, int count, int best, bool seen,
		    const struct ridges *ridges, enum language language, struct arena *arena)
{
	struct program *programs = ARENA_NEW(arena, struct program, count);
	double *log_probs = ARENA_NEW(arena, double, count);
	double *misfits = ARENA_NEW(arena, double, count);
	struct placing *placings = ARENA_NEW(arena, struct placing, count);
	struct combine given = {.ridges = ridges,
				.noise = noise_of(&views[best], ridges),
				.family = views[best].family,
				.programs = programs,
				.log_probs = log_probs,
				.misfits = misfits,
				.placings = placings,
				.count = count,
				.first = best,
				.is_seen = seen};
	struct view view = {.misfit = INFINITY};
	struct placing placing;
	struct scene combined;

	for (int i = 0; i < count; i++) {
		programs[i] = views[i].program;
		log_probs[i] = candidates[i].log_prob;
		misfits[i] = views[i].misfit;
		placings[i] = views[i].placing;
	}
	if (!combine_programs(&given, &combined, &placing, arena))
		return;
	view_scene(&view, &combined, arena);
	placing_improve(&view.outline, ridges, &placing, &view.placing, &view.misfit);
	if (isfinite(view.misfit) && is_seen(&view, ridges))
		*out = (struct rerank_combined){text_of(&view.program, language, arena),
						misfit_per_px(&view, ridges)};
}

int rerank_candidates(struct rerank_candidate *candidates, int count, enum language language,
		      const uint8_t *pixels, int side, struct rerank_combined *combined,
		      struct arena *arena)
{
	struct view *views = ARENA_NEW(arena, struct view, count);
	struct ridges ridges = ridges_from_picture(pixels, side, arena);
	struct scene scene;
	int best = 0;
	bool seen;

	if (combined)
		*combined = (struct rerank_combined){.misfit = NAN};
	for (int i = 0; i < count; i++)
		if (scene_from_text(&scene, candidates[i].text.at, candidates[i].text.len, language,
				    arena, NULL) == 0)
			view_scene(&views[i], &scene, arena);
	place(views, count, &ridges);
	for (int i = 0; i < count; i++) {
		candidates[i].misfit = misfit_per_px(&views[i], &ridges);
		if (views[i].misfit < views[best].misfit)
			best = i;
	}
	if (views[0].is_other || !views[0].is_part)
		return 0;
	seen = isfinite(views[best].misfit) && is_seen(&views[best], &ridges);
	if (seen)
		best = choose(views, candidates, count, noise_of(&views[best], &ridges));
	if (combined)
		combine(combined, views, candidates, count, best, seen, &ridges, language, arena);
	return seen ? best : 0;
}
