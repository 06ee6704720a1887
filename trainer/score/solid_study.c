/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/score/solid_study.h"

#include <string.h>

#define SAME_WAY 0.999 /* cosine of what planes may be apart */
#define PLACED 0.05    /* overlap that is gained by alignment */

/* --- groups --------------------------------------------------------------------------------- */

static const char *features_group(int count)
{
	static const char *const groups[] = {"1", "2", "3", "4 to 6", "over 6"};

	return groups[count <= 3 ? (count > 0 ? count - 1 : 0) : count <= 6 ? 3 : 4];
}

static void count_curves(const struct deepcad_feature *feature, int counts[DEEPCAD_CURVE_COUNT_])
{
	for (int r = 0; r < feature->count; r++) {
		const struct deepcad_profile *profile = feature->regions[r].profile;

		for (int l = 0; l < profile->count; l++)
			for (int i = 0; i < profile->loops[l].count; i++)
				counts[profile->loops[l].curves[i].kind]++;
	}
}

static const char *kinds_group(const struct deepcad_model *model)
{
	bool has[DEEPCAD_FEATURE_COUNT_] = {false};

	for (int i = 0; i < model->feature_count; i++)
		has[model->features[i].kind] = true;
	if (!has[DEEPCAD_REVOLVE])
		return "extrudes";
	return has[DEEPCAD_EXTRUDE] ? "extrudes and revolves" : "revolves";
}

static const char *curves_group(const struct deepcad_model *model)
{
	int counts[DEEPCAD_CURVE_COUNT_] = {0};

	for (int i = 0; i < model->feature_count; i++)
		count_curves(&model->features[i], counts);
	if (counts[DEEPCAD_ARC])
		return counts[DEEPCAD_CIRCLE] ? "with arcs and circles" : "with arcs";
	return counts[DEEPCAD_CIRCLE] ? "with circles" : "lines alone";
}

void solid_study_keys(const struct deepcad_model *truth, struct score_key keys[SOLID_KEYS])
{
	keys[0] = (struct score_key){"features", features_group(truth->feature_count)};
	keys[1] = (struct score_key){"kind", kinds_group(truth)};
	keys[2] = (struct score_key){"curves", curves_group(truth)};
}

/* --- faults --------------------------------------------------------------------------------- */

static const struct {
	const char *key, *about;
} names[SOLID_FAULT_COUNT_] = {
#define F(id, key, about) {key, about},
	SOLID_FAULTS(F)
#undef F
};

const char *solid_fault_key(enum solid_fault fault)
{
	return names[fault].key;
}

const char *solid_fault_about(enum solid_fault fault)
{
	return names[fault].about;
}

static unsigned bit(enum solid_fault fault)
{
	return 1U << fault;
}

/* The first feature makes a body whatever it says; later new bodies are joined. */
static enum deepcad_operation operation_of(const struct deepcad_model *model, int feature)
{
	enum deepcad_operation operation = model->features[feature].operation;

	return feature == 0 || operation == DEEPCAD_NEW_BODY ? DEEPCAD_JOIN : operation;
}

static unsigned compare_features(const struct deepcad_model *truth,
				 const struct deepcad_model *said, int i)
{
	const struct deepcad_feature *a = &truth->features[i], *b = &said->features[i];
	int curves[2][DEEPCAD_CURVE_COUNT_] = {{0}};
	unsigned faults = 0;

	if (a->kind != b->kind)
		faults |= bit(SOLID_FAULT_KIND);
	if (operation_of(truth, i) != operation_of(said, i))
		faults |= bit(SOLID_FAULT_OPERATION);
	if (vec3_dot(a->regions[0].sketch->plane.z, b->regions[0].sketch->plane.z) < SAME_WAY)
		faults |= bit(SOLID_FAULT_PLANE);
	count_curves(a, curves[0]);
	count_curves(b, curves[1]);
	if (memcmp(curves[0], curves[1], sizeof(curves[0])) != 0)
		faults |= bit(SOLID_FAULT_CURVES);
	return faults;
}

/* 0: they differ in numbers at most. */
static unsigned compare_models(const struct deepcad_model *truth, const struct deepcad_model *said)
{
	unsigned faults = 0;

	if (said->feature_count < truth->feature_count)
		faults |= bit(SOLID_FAULT_FEWER);
	if (said->feature_count > truth->feature_count)
		faults |= bit(SOLID_FAULT_MORE);
	for (int i = 0; i < truth->feature_count && i < said->feature_count; i++)
		faults |= compare_features(truth, said, i);
	return faults;
}

unsigned solid_faults(const struct solid_score *score, const struct deepcad_model *truth,
		      const struct deepcad_model *said)
{
	unsigned faults;

	if (score->exact)
		return 0;
	faults = compare_models(truth, said);
	if (!faults)
		faults = bit(SOLID_FAULT_NUMBERS);
	if (score->is_measured && !score->valid)
		faults |= bit(SOLID_FAULT_UNBUILT);
	if (score->valid && score->iou_aligned > score->iou + PLACED)
		faults |= bit(SOLID_FAULT_PLACED);
	return faults;
}
