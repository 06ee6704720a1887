/* SPDX-License-Identifier: MIT */
/* Which family, and what their scenes share: sheets, scales, lists. */
#include <config.h>

#include <assert.h>
#include <stdlib.h>

#include "gen/scene/scene_families.h"

/* Title blocks: large, small, a strip; mm. */
#define BLOCK_WIDE_MM 180.0
#define BLOCK_SHARE 0.34
#define SMALL_WIDE_MM 100.0
#define SMALL_HIGH_MM 30.0
#define SMALL_SHARE 0.35
#define STRIP_WIDE_MM 90.0
#define STRIP_HIGH_MM 12.0
#define STRIP_SHARE 0.25
#define TITLE_CLEAR_MM 4.0
#define FRAME_HIGH_MM 20.0 /* margins above and below a frame */
#define FRAME_CLEAR_MM 4.0 /* of frame_um, inside the frame */
#define FRAMELESS_MM 20.0  /* margins left and right of a block without a frame */

int64_t scene_longest_um(const struct scene_params *params)
{
	int64_t mm = params->size_px * params->digit_um / SCENE_DIGIT_PX / 1000;

	return (mm > 420 ? 420 : mm < 50 ? 50 : mm) * 1000;
}

int64_t scene_square_um(const struct scene_params *params)
{
	int64_t longest = scene_longest_um(params);
	int64_t mm = longest / 1000 * 20 / 21 / 5 * 5; /* digits a little over the least */

	return (mm > 210 ? 210 : mm < 50 ? 50 : mm) * 1000;
}

void scene_pick_sheet(struct scene *scene, const struct scene_params *params, struct rng *rng)
{
	/* None is longer than the one before. */
	static const int64_t sheets_mm[][2] = {{420, 297}, {297, 210}, {210, 210},
					       {210, 148}, {180, 180}, {150, 150},
					       {148, 105}, {120, 120}, {105, 105}};
	static const int64_t ansi_a[2] = {279400, 215900};
	int64_t longest = scene_longest_um(params), width = longest, height = longest;
	int count = (int)(sizeof(sheets_mm) / sizeof(*sheets_mm)), first = 0;
	bool upright = rng_chance(rng, 0.3);
	int smaller = (int)rng_below(rng, 3);

	while (first < count && sheets_mm[first][0] * 1000 > longest)
		first++;
	if (first < count) {
		int i = first + smaller < count ? first + smaller : count - 1;

		width = sheets_mm[i][0] * 1000;
		height = sheets_mm[i][1] * 1000;
	}
	if (scene->unit == UNIT_INCH && ansi_a[0] <= longest && smaller < 2) {
		width = ansi_a[0];
		height = ansi_a[1];
	}
	scene->sheet_um[0] = upright ? height : width;
	scene->sheet_um[1] = upright ? width : height;
}

/* As the drafter chooses blocks: three sizes, each wanted with so much of the frame's height. */
double scene_title_mm(const struct scene *scene, const struct scene_params *params)
{
	double border = max2((double)params->frame_um / 1000 - FRAME_CLEAR_MM, FRAMELESS_MM);
	double wide = (double)scene->sheet_um[0] / 1000 - border;
	double high = (double)scene->sheet_um[1] / 1000 - FRAME_HIGH_MM;
	double block = (double)params->title_um / 1000;

	if (block == 0)
		return 0;
	if (wide >= BLOCK_WIDE_MM && high * BLOCK_SHARE >= block)
		return block + TITLE_CLEAR_MM;
	if (wide >= SMALL_WIDE_MM && high * SMALL_SHARE >= SMALL_HIGH_MM)
		return min2(block, SMALL_HIGH_MM) + TITLE_CLEAR_MM;
	if (wide >= STRIP_WIDE_MM && high * STRIP_SHARE >= STRIP_HIGH_MM)
		return STRIP_HIGH_MM + TITLE_CLEAR_MM;
	return 0;
}

void scene_pick_scale(struct scene *scene, int64_t width, int64_t height, double free_width,
		      double free_height)
{
	static const int scales[][2] = {{10, 1}, {5, 1},  {2, 1},  {1, 1},  {1, 2},
					{1, 5},  {1, 10}, {1, 20}, {1, 50}, {1, 100}};
	const size_t last = sizeof(scales) / sizeof(*scales) - 1;

	for (size_t i = 0; i <= last; i++) {
		double mm;

		scene->scale_paper = scales[i][0];
		scene->scale_real = scales[i][1];
		mm = scene_paper_per_unit(scene) / 1000;
		if ((double)width * mm <= free_width && (double)height * mm <= free_height)
			return;
	}
}

struct dimension *scene_add_dimension(struct scene *scene, enum dim_kind kind, int shape,
				      enum param param)
{
	struct dimension *dim;

	assert(scene->dimension_count < SCENE_DIMENSIONS_MAX);
	dim = &scene->dimensions[scene->dimension_count++];
	*dim = (struct dimension){
		.kind = kind, .shape = shape, .param = param, .from = {.shape = SCENE_DATUM}};
	return dim;
}

static int compare_shapes(const void *a, const void *b)
{
	return shape_compare(a, b);
}

void scene_sort_shapes(struct scene *scene)
{
	qsort(scene->shapes, (size_t)scene->shape_count, sizeof(*scene->shapes), compare_shapes);
}

static enum family pick_family(const struct scene_params *params, struct rng *rng)
{
	double total = 0, at;
	int only = -1, count = 0, family;

	for (int i = 0; i < FAMILY_COUNT_; i++) {
		total += params->weight[i];
		if (params->weight[i] > 0) {
			only = i;
			count++;
		}
	}
	assert(count > 0);
	if (count == 1)
		return (enum family)only;
	at = total * rng_unit(rng);
	for (family = 0; family < FAMILY_COUNT_ - 1 && at >= params->weight[family]; family++)
		at -= params->weight[family];
	return (enum family)(params->weight[family] > 0 ? family : only);
}

void scene_from_seed(struct scene *scene, const struct scene_params *params, struct rng *rng,
		     struct arena *arena)
{
	switch (pick_family(params, rng)) {
	case FAMILY_PLATE:
		scene_plate(scene, params, rng, arena);
		return;
	case FAMILY_TURNED:
		scene_turned(scene, params, rng, arena);
		return;
	case FAMILY_CABINET:
		scene_cabinet(scene, params, rng, arena);
		return;
	case FAMILY_SHAPES:
	case FAMILY_COUNT_:
		break;
	}
	scene_shapes(scene, params, rng, arena);
}
