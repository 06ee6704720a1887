/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <math.h>

#include "formats/solid/solid_curves.h"

static struct vec bezier_point(const struct vec *p, double t)
{
	double s = 1 - t, w[4] = {s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t};
	struct vec sum = vec(0, 0);

	for (int i = 0; i < 4; i++)
		sum = vec_add(sum, vec_scale(p[i], w[i]));
	return sum;
}

struct vec solid_curve_point(const struct solid_curve *curve, double t)
{
	int spans = (curve->pole_count - 1) / 3, i;

	if (!curve->poles)
		return seg_point(&curve->seg, t);
	i = (int)min2(floor(t * spans), spans - 1);
	return bezier_point(curve->poles + 3 * i, t * spans - i);
}

/* Chords enough for the second differences of the poles: Wang 1984; Farin 2002, section 5.5. */
static int chords_of(const struct vec *p, double tolerance)
{
	struct vec a = vec_add(vec_sub(p[0], vec_scale(p[1], 2)), p[2]);
	struct vec b = vec_add(vec_sub(p[1], vec_scale(p[2], 2)), p[3]);
	double bend = 6 * max2(vec_length(a), vec_length(b));

	return (int)max2(1, min2(1000, ceil(sqrt(bend / (8 * tolerance)))));
}

void solid_curve_path(const struct solid_curve *curve, double tolerance, struct arena *arena,
		      struct path *path)
{
	if (!curve->poles) {
		path_add_seg(path, arena, &curve->seg);
		return;
	}
	for (int i = 0; i + 3 < curve->pole_count; i += 3) {
		const struct vec *p = curve->poles + i;
		int chords = chords_of(p, tolerance);

		for (int k = 0; k < chords; k++)
			path_add_line(path, arena, bezier_point(p, (double)k / chords),
				      bezier_point(p, (double)(k + 1) / chords));
	}
}
