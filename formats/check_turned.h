/* SPDX-License-Identifier: MIT */
/*
 * check_turned: what the files of check_turned (scene_check.h) hand to each other.
 */
#ifndef FORMATS_CHECK_TURNED_H
#define FORMATS_CHECK_TURNED_H

#include "formats/scene_check.h"
#include "formats/turned.h"

struct turned_check {
	const struct scene *scene;
	const struct shape *shapes;
	int *at; /* the shape to blame */
	struct err *err;
	struct turned part;
};

/* Chamfers and fillets, on a part that is sound otherwise. */
int turned_check_corners(const struct turned_check *check);

#endif
