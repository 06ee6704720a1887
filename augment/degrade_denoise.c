/* SPDX-License-Identifier: MIT */
/*
 * Noise reduction: what cameras do to their own noise. Each pixel goes towards the median of the nine round
 * it, the farther the nearer it is to it: grain and faint lines are smeared, dark lines stay.
 */
#include <config.h>

#include <string.h>

#include "augment/degrade.h"
#include "base/fast.h"

#define KEEP_FROM 0.25f /* off the median by so much: left alone */

#define SORT(a, b)                                                                                 \
	do {                                                                                       \
		float low = (a) < (b) ? (a) : (b);                                                 \
		(b) = (b) < (a) ? (a) : (b);                                                       \
		(a) = low;                                                                         \
	} while (0)

/* The median of the nine round p. Smith, Implementing median filters in XC4000E FPGAs, 1996: nineteen
 * exchanges; single variables, so that a loop over them becomes vectors. */
FAST_INLINE float median_of_nine(const float *p, int stride)
{
	float a = p[-stride - 1], b = p[-stride], c = p[-stride + 1], d = p[-1], e = p[0], f = p[1],
	      g = p[stride - 1], h = p[stride], i = p[stride + 1];

	SORT(b, c);
	SORT(e, f);
	SORT(h, i);
	SORT(a, b);
	SORT(d, e);
	SORT(g, h);
	SORT(b, c);
	SORT(e, f);
	SORT(h, i);
	SORT(a, d);
	SORT(f, i);
	SORT(e, h);
	SORT(d, g);
	SORT(b, e);
	SORT(c, f);
	SORT(e, h);
	SORT(e, c);
	SORT(g, e);
	SORT(e, c);
	return e;
}

static FAST void denoise_row(float *restrict to, const float *restrict from, int stride, int n,
			     float strength)
{
	for (int x = 0; x < n; x++) {
		float d = median_of_nine(from + x, stride) - from[x], far = d < 0 ? -d : d;

		to[x] = from[x] + d * strength * clamp01(1 - far * (1 / KEEP_FROM));
	}
}

/* In place: a row is put back when the one below it, which still needs it, is done. */
static void denoise_plane(const struct canvas *c, int channel, float strength)
{
	size_t bytes = (size_t)c->width * sizeof(float);

	canvas_extend(c, c->plane[channel]);
	for (int y = 0; y <= c->height; y++) {
		float *above = c->scratch + (ptrdiff_t)((y + 1) % 2) * c->stride;

		if (y < c->height)
			denoise_row(c->scratch + (ptrdiff_t)(y % 2) * c->stride,
				    canvas_row(c, channel, y), c->stride, c->width, strength);
		if (y > 0)
			memcpy(canvas_row(c, channel, y - 1), above, bytes);
	}
}

void degrade_noise_reduction(struct canvas *c, const struct recipe *r)
{
	for (int k = 0; k < c->channels; k++)
		denoise_plane(c, k, (float)RECIPE(r, noise_reduction, strength));
}
