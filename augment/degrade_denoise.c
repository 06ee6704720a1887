/* SPDX-License-Identifier: MIT */
/*
 * Noise reduction: what cameras do to their own noise. Each pixel goes towards the median of the nine round
 * it, the farther the nearer it is to it: grain and faint lines are smeared, dark lines stay.
 */
#include <config.h>

#include <string.h>

#include "augment/degrade.h"
#include "augment/fast.h"

#define KEEP_FROM 0.25f /* off the median by so much: left alone */

FAST_INLINE void sort_two(float *a, float *b)
{
	float low = *a < *b ? *a : *b;

	*b = *a < *b ? *b : *a;
	*a = low;
}

/* Smith, Implementing median filters in XC4000E FPGAs, 1996: nineteen exchanges. */
FAST_INLINE float median_of_nine(float v[9])
{
	static const unsigned char pairs[19][2] = {
		{1, 2}, {4, 5}, {7, 8}, {0, 1}, {3, 4}, {6, 7}, {1, 2}, {4, 5}, {7, 8}, {0, 3},
		{5, 8}, {4, 7}, {3, 6}, {1, 4}, {2, 5}, {4, 7}, {4, 2}, {6, 4}, {4, 2}};

	for (int i = 0; i < 19; i++)
		sort_two(&v[pairs[i][0]], &v[pairs[i][1]]);
	return v[4];
}

static FAST void denoise_row(float *to, const float *from, int stride, int n, float strength)
{
	for (int x = 0; x < n; x++) {
		const float *p = from + x;
		float v[9] = {p[-stride - 1], p[-stride],    p[-stride + 1], p[-1],        p[0],
			      p[1],           p[stride - 1], p[stride],      p[stride + 1]};
		float d = median_of_nine(v) - p[0], far = d < 0 ? -d : d;

		to[x] = p[0] + d * strength * clamp01(1 - far * (1 / KEEP_FROM));
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
