/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "render/draft_family.h"

static int place(struct drafter *d, const struct sheet_taken *taken)
{
	(void)d;
	(void)taken;
	return -1;
}

static void draw(struct drafter *d)
{
	(void)d;
}

static void mark(struct drafter *d)
{
	(void)d;
}

static void measure(struct drafter *d, int dimension, struct measure *m)
{
	(void)d;
	(void)dimension;
	m->kind = MEASURE_NOTHING;
}

const struct draft_family draft_plate = {place, draw, mark, measure, NULL, NULL};
