/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/solid/deepcad.h"

struct scaler {
	double scale;
	struct vec3 centre;
	const struct deepcad_model *from;
	struct deepcad_model *to;
	struct arena *arena;
};

static struct vec3 moved(const struct scaler *s, struct vec3 p)
{
	return vec3_sum(s->scale, p, -s->scale, s->centre);
}

static void scale_loop(const struct scaler *s, struct deepcad_loop *to,
		       const struct deepcad_loop *from)
{
	*to = *from;
	to->curves = ARENA_NEW(s->arena, struct deepcad_curve, from->count);
	to->area *= s->scale * s->scale;
	for (int i = 0; i < from->count; i++) {
		struct deepcad_curve *c = &to->curves[i];

		*c = from->curves[i];
		c->start = vec_scale(c->start, s->scale);
		c->end = vec_scale(c->end, s->scale);
		c->centre = vec_scale(c->centre, s->scale);
		c->radius *= s->scale;
	}
}

static void scale_sketch(const struct scaler *s, struct deepcad_sketch *to,
			 const struct deepcad_sketch *from)
{
	*to = *from;
	to->plane.origin = moved(s, from->plane.origin);
	to->profiles = ARENA_NEW(s->arena, struct deepcad_profile, from->count);
	for (int i = 0; i < from->count; i++) {
		struct deepcad_profile *p = &to->profiles[i];

		*p = from->profiles[i];
		p->loops = ARENA_NEW(s->arena, struct deepcad_loop, p->count);
		for (int k = 0; k < p->count; k++)
			scale_loop(s, &p->loops[k], &from->profiles[i].loops[k]);
	}
}

static void scale_feature(const struct scaler *s, struct deepcad_feature *to,
			  const struct deepcad_feature *from)
{
	*to = *from;
	to->regions = ARENA_NEW(s->arena, struct deepcad_region, from->count);
	for (int i = 0; i < from->count; i++) {
		const struct deepcad_sketch *sketch = from->regions[i].sketch;
		struct deepcad_sketch *of = &s->to->sketches[sketch - s->from->sketches];

		to->regions[i].sketch = of;
		to->regions[i].profile = &of->profiles[from->regions[i].profile - sketch->profiles];
	}
	to->axis.start = vec_scale(from->axis.start, s->scale);
	to->axis.end = vec_scale(from->axis.end, s->scale);
	if (from->kind == DEEPCAD_REVOLVE)
		return;
	to->one *= s->scale;
	to->two *= s->scale;
	to->offset *= s->scale;
}

void deepcad_scaled(struct deepcad_model *out, const struct deepcad_model *model, double scale,
		    struct vec3 centre, struct arena *arena)
{
	const struct scaler s = {scale, centre, model, out, arena};

	*out = *model;
	out->box_lo = moved(&s, model->box_lo);
	out->box_hi = moved(&s, model->box_hi);
	out->sketches = ARENA_NEW(arena, struct deepcad_sketch, model->sketch_count);
	out->features = ARENA_NEW(arena, struct deepcad_feature, model->feature_count);
	for (int i = 0; i < model->sketch_count; i++)
		scale_sketch(&s, &out->sketches[i], &model->sketches[i]);
	for (int i = 0; i < model->feature_count; i++)
		scale_feature(&s, &out->features[i], &model->features[i]);
}
