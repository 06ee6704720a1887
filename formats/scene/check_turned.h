/* SPDX-License-Identifier: MIT */
/*
 * check_turned: what the files of check_turned (scene_check.h) hand to each other.
 */
#ifndef FORMATS_CHECK_TURNED_H
#define FORMATS_CHECK_TURNED_H

#include "formats/scene/scene_check.h"
#include "formats/scene/turned.h"

struct turned_check {
	const struct scene *scene;
	const struct shape *shapes;
	int *at; /* the shape to blame */
	struct err *err;
	struct turned part;
};

/* Where a shape that lies along the axis begins and ends. */
int64_t turned_start(const struct shape *shape);
int64_t turned_end(const struct shape *shape);

/* The cylinder that holds from..to, or NULL. */
const struct shape *turned_cylinder_round(const struct turned_check *check, int64_t from,
					  int64_t to);

/* The diameter that meets a step's end (0 left, 1 right) from its neighbour; 0 at a face. */
int64_t turned_neighbour_d(const struct turned_check *check, const struct shape *step, int side);

/* Whether local sections end on the part. */
int turned_check_breaks(const struct turned_check *check);

/* Keyways and threads, on sound steps. */
int turned_check_features(const struct turned_check *check);

/* Chamfers and fillets, on a part that is sound otherwise. */
int turned_check_corners(const struct turned_check *check);

#endif
