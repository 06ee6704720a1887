/* SPDX-License-Identifier: MIT */
/* Which rules a family has; they are next door, in check_<family>.c. */
#include <config.h>

#include "formats/scene/scene.h"
#include "formats/scene/scene_check.h"

static int check_kinds(const struct scene *scene, int *shape, struct err *err)
{
	for (int i = 0; i < scene->shape_count; i++) {
		enum shape_kind kind = scene->shapes[i].kind;

		*shape = i;
		if (!shape_is_of_family(kind, scene->family))
			return err_set(err, ERR_FORMAT, "shape %d: %s is no shape of family %s", i,
				       shape_kind_name(kind), family_name(scene->family));
	}
	return 0;
}

int scene_check(const struct scene *scene, int *shape, struct err *err)
{
	*shape = 0;
	if (check_kinds(scene, shape, err) < 0)
		return -1;
	switch (scene->family) {
	case FAMILY_PLATE:
		return check_plate(scene, shape, err);
	case FAMILY_TURNED:
		return check_turned(scene, shape, err);
	case FAMILY_CABINET:
		return check_cabinet(scene, shape, err);
	case FAMILY_SHAPES:
	case FAMILY_COUNT_:
		break;
	}
	return 0;
}
