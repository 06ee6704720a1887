/* SPDX-License-Identifier: MIT */
/* A base or a turned body, and then features while there are operations left and one finds room. */
#include <config.h>

#include "gen/part/part_maker.h"

#define X(name, text) text,
const char *const part_base_names[PART_BASE_COUNT_ + 1] = {PART_BASES(X) NULL};
const char *const part_feature_names[PART_FEATURE_COUNT_ + 1] = {PART_FEATURES(X) NULL};
const char *const part_turned_names[PART_TURNED_COUNT_ + 1] = {PART_TURNED(X) NULL};
#undef X

/* Of a hundred, for 1, 2, ... operations. */
static const uint32_t shares[PART_OPERATIONS_MAX] = {6, 18, 24, 23, 17, 12};

static int throw_operations(struct rng *rng, int most)
{
	uint32_t at = rng_below(rng, 100);
	int n = 0;

	while (at >= shares[n])
		at -= shares[n++];
	return n + 1 < most ? n + 1 : most;
}

static double metres(int64_t um)
{
	return um == 0 ? 0 : (double)um / 1e6;
}

static struct vec3 corner(const int64_t at[PART_AXES])
{
	return (struct vec3){metres(at[0]), metres(at[1]), metres(at[2])};
}

/* Nothing is drawn where there is no choice. */
static bool throw_turned(struct rng *rng, double share)
{
	return share >= 1 || (share > 0 && rng_chance(rng, share));
}

int part_from_seed(struct deepcad_model *model, const struct part_params *params, uint64_t seed,
		   uint64_t index, uint32_t attempt, struct arena *arena, struct err *err)
{
	struct rng rng = rng_stream(seed, index, "part", attempt);
	int most = params->operations_max;
	struct part_maker *m = ARENA_NEW(arena, struct part_maker, 1);
	bool turned;

	if (most < 1 || most > PART_OPERATIONS_MAX)
		return err_set(err, ERR_LIMIT, "parts of %d operations; allowed 1 to %d", most,
			       PART_OPERATIONS_MAX);
	turned = throw_turned(&rng, params->turned);
	m->rng = &rng;
	m->arena = arena;
	m->model = model;
	m->left = throw_operations(&rng, most);
	*model = (struct deepcad_model){
		.sketches = ARENA_NEW(arena, struct deepcad_sketch, m->left),
		.features = ARENA_NEW(arena, struct deepcad_feature, m->left),
		.steps = ARENA_NEW(arena, struct deepcad_step, 2 * m->left),
		.has_box = true,
	};
	if (turned)
		part_make_turned(m);
	else
		part_make_base(m);
	while (m->left > 0 && (turned ? part_make_turned_feature : part_make_feature)(m))
		;
	model->box_lo = corner(m->box.lo);
	model->box_hi = corner(m->box.hi);
	return 0;
}
