/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "augment/paper_grid.h"

#define PROBE_PX 4.0

/* How much longer a length in the middle of the sheet has become, on the average of directions. */
static double scale_in_middle(const struct warp *w)
{
	struct vec p = vec(w->width / 2.0, w->height / 2.0), q = warp_point(w, p);
	struct vec a = vec_sub(warp_point(w, vec_add(p, vec(PROBE_PX, 0))), q);
	struct vec b = vec_sub(warp_point(w, vec_add(p, vec(0, PROBE_PX))), q);

	return sqrt(fabs(vec_cross(a, b))) / PROBE_PX;
}

static struct polyline sheet_polygon(const struct warp *w, struct arena *arena)
{
	struct polyline sheet = {ARENA_NEW(arena, struct vec, 4), 4, true};

	sheet.points[0] = vec(0, w->height);
	sheet.points[1] = vec(w->width, w->height);
	sheet.points[2] = vec(w->width, 0);
	sheet.points[3] = vec(0, 0);
	return sheet;
}

void paper_grid_annotate(struct annotations *a, const struct recipe *r, const struct warp *w,
			 double px_per_mm, struct arena *arena)
{
	const struct {
		enum degradation which;
		const char *name;
		double pitch_mm;
	} papers[] = {
		{DEGRADATION_squared_paper, "squared", RECIPE(r, squared_paper, pitch_mm)},
		{DEGRADATION_millimetre_paper, "millimetre", 1},
		{DEGRADATION_isometric_paper, "isometric", RECIPE(r, isometric_paper, pitch_mm)},
		{DEGRADATION_lined_paper, "lined", RECIPE(r, lined_paper, pitch_mm)},
	};

	for (size_t i = 0; i < sizeof(papers) / sizeof(*papers); i++) {
		struct annotation item = {.class_ = ANNOTATION_PAPER_GRID,
					  .polygon = sheet_polygon(w, arena),
					  .name = papers[i].name,
					  .shape = DRAWING_NOBODY,
					  .dimension = DRAWING_NOBODY,
					  .pitch_mm = papers[i].pitch_mm};

		if (!r->on[papers[i].which])
			continue;
		item.pitch_px = item.pitch_mm * px_per_mm * scale_in_middle(w);
		annotations_add(a, item, arena);
	}
}
