/* SPDX-License-Identifier: MIT */
/* solid_score: DeepCAD's own files against themselves, as they are and moved by little. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <math.h>

#include <cmocka.h>

#include "tests/deepcad_samples.h"
#include "tests/made_solids.h"
#include "trainer/score/solid_score.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void check_text(const struct solid_truth *truth, const struct deepcad_model *model,
		       enum cad_code language)
{
	struct buf text = {0};
	struct solid_case c = {truth, language, NULL, 0};
	struct solid_score s;
	struct err err = {0};

	if (cad_code_write(model, language, 0, &text, &err) < 0)
		fail_msg("%s", err.msg);
	c.text = text.data;
	c.len = text.len;
	solid_score_from_text(&s, &c, &arena, &err);
	assert_true(s.parsed && s.exact);
	assert_int_equal(s.match.commands_right, s.match.commands);
	assert_int_equal(s.match.parameters_right, s.match.parameters);
	assert_int_equal(s.is_measured, solid_available());
	assert_int_equal(s.valid, s.is_measured);
	assert_true(s.iou == s.is_measured && s.iou_aligned == s.is_measured);
	buf_free(&text);
}

/* What a surface has to itself when points are drawn twice. */
static void check_distance(const struct deepcad_model *model, double chamfer)
{
	struct err err = {0};
	struct solid *solid = solid_from_deepcad(model, &err);
	struct solid_measures m;
	double side;

	if (!solid)
		fail_msg("%s", err.msg);
	m = made_measures(solid);
	solid_free(solid);
	side = max2(m.hi.x - m.lo.x, max2(m.hi.y - m.lo.y, m.hi.z - m.lo.z));
	assert_share(chamfer, m.area / (M_PI * SOLID_SCORE_POINTS * side * side), 0.2);
}

/* A copy with every sketch moved by so much along each axis. */
static struct deepcad_model moved(const struct deepcad_model *model, double by)
{
	struct deepcad_model copy = *model;

	copy.sketches = ARENA_NEW(&arena, struct deepcad_sketch, model->sketch_count);
	copy.features = ARENA_NEW(&arena, struct deepcad_feature, model->feature_count);
	for (int i = 0; i < model->sketch_count; i++) {
		struct vec3 *o = &copy.sketches[i].plane.origin;

		copy.sketches[i] = model->sketches[i];
		*o = (struct vec3){o->x + by, o->y + by, o->z + by};
	}
	for (int i = 0; i < model->feature_count; i++) {
		struct deepcad_feature *e = &copy.features[i];

		*e = model->features[i];
		e->regions = ARENA_NEW(&arena, struct deepcad_region, e->count);
		for (int k = 0; k < e->count; k++) {
			const struct deepcad_region *r = &model->features[i].regions[k];

			e->regions[k] = *r;
			e->regions[k].sketch = copy.sketches + (r->sketch - model->sketches);
		}
	}
	return copy;
}

static int counted; /* solids of which one overlap is no boolean's */

/* So near that booleans go wrong over it. */
static void check_moved(const struct solid_truth *truth, const struct deepcad_model *model)
{
	static const double steps[] = {3e-9, 2e-8, 1e-7};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct deepcad_model said = moved(model, steps[i]);
		struct solid_score s;
		struct err err = {0};

		solid_score_from_model(&s, truth, &said, &arena, &err);
		assert_true(s.valid && !s.exact);
		assert_true(s.iou > 1 - 1e-3 - s.counted * 0.02);
		assert_true(s.iou_aligned > 1 - 1e-3 - s.counted * 0.02);
		counted += s.counted;
		check_distance(model, s.chamfer);
	}
}

static void check_file(const char *path)
{
	struct deepcad_model model;
	struct solid_truth *truth;
	struct err err = {0};

	if (deepcad_read(&model, path, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	truth = solid_truth_new(&model, &err);
	check_text(truth, &model, CAD_CODE_deepcad);
	check_text(truth, &model, CAD_CODE_sketch);
	if (solid_available())
		check_moved(truth, &model);
	solid_truth_free(truth);
	arena_reset(&arena);
}

static void test_real_files(void **state)
{
	(void)state;
	each_deepcad_file(".json", check_file);
	print_message("# counted: %d\n", counted);
	assert_in_range(counted, 0, 2); /* 5 where a slack is not tried */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_real_files, forget),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
