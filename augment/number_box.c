/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "augment/number_box.h"

#define DIGITS_MAX 7
#define DIAMETER "\u2300"

const char *number_digits(const char *value)
{
	if (strncmp(value, DIAMETER, strlen(DIAMETER)) == 0)
		return value + strlen(DIAMETER);
	return value[0] == 'R' ? value + 1 : value;
}

/* Digits with at most one mark among them. */
static bool is_plain(const char *digits)
{
	size_t whole = strspn(digits, "0123456789");
	size_t rest = digits[whole] ? strspn(digits + whole + 1, "0123456789") : 0;

	if (whole == 0 || strlen(digits) > DIGITS_MAX)
		return false;
	if (!digits[whole])
		return true;
	return strchr(".,", digits[whole]) && rest > 0 && !digits[whole + 1 + rest];
}

bool number_box_of(const struct annotation *item, struct number_box *box)
{
	const struct vec *p = item->polygon.points;
	struct vec along, up;

	if (item->class_ != ANNOTATION_TEXT || item->dimension == DRAWING_NOBODY ||
	    item->polygon.count != 4 || !is_plain(number_digits(item->value)))
		return false;
	along = vec_sub(p[1], p[0]);
	up = vec_sub(p[3], p[0]);
	*box = (struct number_box){p[0], vec_unit(along), vec_unit(up), vec_length(along),
				   vec_length(up)};
	return box->width > 1 && box->height > 1;
}

int number_list(const struct annotations *a, int **out, struct arena *arena)
{
	struct number_box box;
	int n = 0;

	*out = ARENA_NEW(arena, int, a->count);
	for (int i = 0; i < a->count; i++)
		if (number_box_of(&a->items[i], &box))
			(*out)[n++] = i;
	return n;
}

struct vec number_box_point(const struct number_box *b, double x, double y)
{
	return vec_add(b->origin, vec_add(vec_scale(b->along, x), vec_scale(b->up, y)));
}

void number_box_corners(const struct number_box *b, struct box reach, struct vec corners[4])
{
	corners[0] = number_box_point(b, reach.x0, reach.y0);
	corners[1] = number_box_point(b, reach.x1, reach.y0);
	corners[2] = number_box_point(b, reach.x1, reach.y1);
	corners[3] = number_box_point(b, reach.x0, reach.y1);
}
