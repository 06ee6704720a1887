/* SPDX-License-Identifier: MIT */
/*
 * A part that is turned about y has its circles in the front view, and keeps all views: two of them would be those of a
 * part about another axis in the other projection, or of that part the other way round. Of one about x the projections
 * have views from different ends: holes in them must look the same from both.
 */
#include <config.h>

#include "gen/scene/scene_views.h"

#define ALONG_X 0
#define ALONG_Y 1

static int index_of(const struct part *part, enum part_side side)
{
	for (int i = 0; i < part->view_count; i++)
		if (part->views[i].side == side)
			return i;
	return -1;
}

static void drop_view(struct part *part, int view)
{
	part->view_count--;
	for (int i = view; i < part->view_count; i++)
		part->views[i] = part->views[i + 1];
}

/* The first round along the axis that does not go about it; -1: there is none. */
static int first_off_axis(const struct part *part, int axis)
{
	for (int i = 0; i < part->round_count; i++)
		if (!part->rounds[i].pitch && !part_is_central(part, &part->rounds[i], axis))
			return i;
	return -1;
}

/* Whether all that is not turned is holes of one kind along the axis. */
static bool is_turned(const struct part *part, int axis)
{
	int hole = first_off_axis(part, axis);

	for (int i = 0; i < part->faces.face_count; i++) {
		const struct solid_face *f = &part->faces.faces[i];
		int round = part->round_of[i];

		if (f->surface == SOLID_PLANE && part_axis_of_plane(f) == axis)
			continue;
		if (round < 0)
			return false;
		if (part_is_central(part, &part->rounds[round], axis))
			continue;
		if (!part->rounds[round].hollow || !part_is_whole(&part->rounds[round]) ||
		    part->rounds[round].axis != axis || part_is_cone(&part->rounds[round]) ||
		    !part_is_alike(&part->rounds[round], &part->rounds[hole]))
			return false;
	}
	return true;
}

/* Whether each hole off the axis has another as far to the other side, in the view along x. */
static bool is_mirrored(const struct part *part)
{
	double middle = (part->lo.y + part->hi.y) / 2;

	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *r = &part->rounds[i];
		bool there = false;

		for (int k = 0; k < part->round_count; k++) {
			const struct part_round *other = &part->rounds[k];

			there |= part_is_alike(r, other) &&
				 part_is_same(r->base.y - middle, middle - other->base.y) &&
				 part_is_same(r->base.z, other->base.z);
		}
		if (!there && !part_is_central(part, r, ALONG_X))
			return false;
	}
	return true;
}

bool scene_drop_twin(struct part *part)
{
	int axis = part_turned_axis(part), front = index_of(part, PART_FRONT), twin = -1;

	if (axis < 0 || axis == ALONG_Y || front < 0 || !is_turned(part, axis) ||
	    (axis == ALONG_X && !is_mirrored(part)))
		return false;
	for (int i = 0; i < part->view_count; i++) {
		int across = part_axes(part->views[i].side).across;

		if (i != front && across >= 0 && across != axis)
			twin = i;
	}
	if (twin < 0 || part->views[twin].section)
		return false;
	drop_view(part, twin);
	return true;
}

bool scene_drop_end(struct scene *scene, struct part *part)
{
	int axis = part_turned_axis(part), end = -1;

	for (int i = 0; i < part->view_count && axis >= 0; i++)
		if (part_axes(part->views[i].side).across == axis)
			end = i;
	if (end < 0 || part->views[end].section || first_off_axis(part, axis) >= 0)
		return false;
	for (int i = 0; i < scene->dimension_count; i++)
		if (scene->dimensions[i].view == end)
			return false;
	for (int i = 0; i < scene->dimension_count; i++)
		scene->dimensions[i].view -= scene->dimensions[i].view > end;
	drop_view(part, end);
	return true;
}
