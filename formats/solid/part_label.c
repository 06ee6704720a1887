/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "base/mem.h"
#include "formats/solid/part_label.h"

#define NUMBERS 6

enum kind { PLANE, SLANT, HOLE, BOSS, ROUND, HOLLOW, CONE, HOLLOW_CONE, TIP };

static const char *const kind_names[] = {"plane",  "slant", "hole",        "boss", "round",
					 "hollow", "cone",  "hollow_cone", "tip"};

struct feature_line {
	int kind, axis;
	bool whole;          /* diameters, not radii */
	int64_t at[NUMBERS]; /* thousandths; those that the kind has */
};

struct features {
	const struct part *part;
	struct err *err;
	struct feature_line *lines;
	int count;
};

static int64_t place(const struct features *f, struct vec3 p, int axis)
{
	return part_rounded(vec3_at(p, axis) - vec3_at(f->part->lo, axis));
}

static int add(struct features *f, const struct feature_line *line)
{
	if (f->count == PART_LABEL_LINES_MAX)
		return err_set(f->err, ERR_LIMIT, "more than %d features", PART_LABEL_LINES_MAX);
	f->lines[f->count++] = *line;
	return 0;
}

static int add_plane(struct features *f, const struct solid_face *face)
{
	int axis = part_axis_of_plane(face), u, v;
	struct feature_line line = {.kind = PLANE, .axis = axis};
	struct vec3 ends[2];

	if (axis >= 0) {
		line.at[0] = place(f, face->point, axis);
		if (line.at[0] == 0 || line.at[0] == place(f, f->part->hi, axis))
			return 0;
		return add(f, &line);
	}
	axis = part_axis_of_slant(face, ends);
	if (axis < 0)
		return err_set(f->err, ERR_UNSUPPORTED, "a plane lies across all axes");
	u = (axis + 1) % 3 < (axis + 2) % 3 ? (axis + 1) % 3 : (axis + 2) % 3;
	v = 3 - axis - u;
	line = (struct feature_line){.kind = SLANT, .axis = axis};
	for (int i = 0; i < 2; i++) {
		line.at[2 * i] = place(f, ends[i], u);
		line.at[2 * i + 1] = place(f, ends[i], v);
	}
	if (line.at[0] > line.at[2] || (line.at[0] == line.at[2] && line.at[1] > line.at[3]))
		for (int i = 0; i < 2; i++) {
			int64_t first = line.at[i];

			line.at[i] = line.at[i + 2];
			line.at[i + 2] = first;
		}
	return add(f, &line);
}

static enum kind kind_of(const struct part_round *round)
{
	bool whole = part_is_whole(round);

	if (part_is_cone(round))
		return round->hollow ? HOLLOW_CONE : CONE;
	return round->hollow ? (whole ? HOLE : HOLLOW) : (whole ? BOSS : ROUND);
}

static int add_round(struct features *f, int index)
{
	const struct part_round *round = &f->part->rounds[index];
	int sides = part_is_whole(round) ? 2 : 1, at = 0;
	struct feature_line line = {
		.kind = kind_of(round), .axis = round->axis, .whole = sides == 2};
	struct part_cone cone;

	if (round->axis < 0)
		return err_set(f->err, ERR_UNSUPPORTED, "the axis of a round face is askew");
	for (int i = 0; i < 3; i++)
		if (i != round->axis)
			line.at[at++] = place(f, round->base, i);
	line.at[at++] = part_rounded(sides * round->radius);
	if (part_is_cone(round))
		line.at[at++] = part_rounded(sides * round->end_radius);
	line.at[at] = place(f, round->base, round->axis);
	line.at[at + 1] = part_rounded(vec3_at(round->base, round->axis) + round->length -
				       vec3_at(f->part->lo, round->axis));
	cone = part_cone(f->part, index);
	if (!cone.tip)
		return add(f, &line);
	line.kind = TIP;
	line.at[2] = part_rounded(2 * cone.r[cone.wide]);
	line.at[3] = part_rounded(cone.z[cone.wide] - vec3_at(f->part->lo, round->axis));
	line.at[4] = cone.wide ? -1000 : 1000;
	line.at[5] = 0;
	return add(f, &line);
}

static int by_numbers(const void *a, const void *b)
{
	const struct feature_line *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind - y->kind;
	if (x->axis != y->axis)
		return x->axis - y->axis;
	for (int i = 0; i < NUMBERS; i++)
		if (x->at[i] != y->at[i])
			return x->at[i] < y->at[i] ? -1 : 1;
	return 0;
}

static void put(struct buf *out, const char *key, int digit, int64_t thousandths)
{
	buf_str(out, key);
	if (digit >= 0)
		buf_int(out, digit);
	buf_char(out, '=');
	buf_milli(out, thousandths);
}

static const char *const axes[] = {"x", "y", "z"};

/* Behind the middle: sizes, and from where to where. */
static void put_sizes(struct buf *out, const struct feature_line *line)
{
	bool cone = line->kind == CONE || line->kind == HOLLOW_CONE;
	const char *own = axes[line->axis];
	int at = 2;

	for (int end = 0; end < (cone ? 2 : 1); end++)
		put(out, line->whole ? ", d" : ", r", cone ? end : -1, line->at[at++]);
	for (int end = 0; end < (line->kind == TIP ? 1 : 2); end++) {
		buf_str(out, ", ");
		put(out, own, line->kind == TIP ? -1 : end, line->at[at++]);
	}
	if (line->kind == TIP)
		put(out, ", way", -1, line->at[at]);
}

static void put_line(struct buf *out, const struct feature_line *line)
{
	const char *own = axes[line->axis];
	int at = 0;

	buf_str(out, kind_names[line->kind]);
	buf_str(out, "(");
	if (line->kind == PLANE) {
		put(out, own, -1, line->at[0]);
		buf_str(out, ")\n");
		return;
	}
	buf_str(out, "axis=\"");
	buf_str(out, own);
	buf_str(out, "\"");
	for (int end = 0; end < (line->kind == SLANT ? 2 : 1); end++)
		for (int i = 0; i < 3; i++) {
			if (i == line->axis)
				continue;
			buf_str(out, ", ");
			put(out, axes[i], line->kind == SLANT ? end : -1, line->at[at++]);
		}
	if (line->kind != SLANT)
		put_sizes(out, line);
	buf_str(out, ")\n");
}

static void put_size(const struct features *f, struct buf *out)
{
	buf_str(out, "size(");
	put(out, "x", -1, place(f, f->part->hi, 0));
	put(out, ", y", -1, place(f, f->part->hi, 1));
	put(out, ", z", -1, place(f, f->part->hi, 2));
	buf_str(out, ")\n");
}

static int find(struct features *f)
{
	const struct solid_faces *faces = &f->part->faces;

	for (int i = 0; i < faces->face_count; i++) {
		if (faces->faces[i].surface == SOLID_OTHER)
			return err_set(f->err, ERR_UNSUPPORTED,
				       "a face is no plane, cylinder or cone");
		if (faces->faces[i].surface == SOLID_PLANE && add_plane(f, &faces->faces[i]) < 0)
			return -1;
	}
	for (int i = 0; i < f->part->round_count; i++)
		if (!f->part->rounds[i].pitch && add_round(f, i) < 0)
			return -1;
	return 0;
}

int part_label_write(const struct part *part, struct buf *out, struct err *err)
{
	struct features f = {.part = part, .err = err};
	int rc;

	f.lines = mem_alloc(PART_LABEL_LINES_MAX, sizeof(*f.lines));
	rc = find(&f);
	if (rc == 0) {
		qsort(f.lines, (size_t)f.count, sizeof(*f.lines), by_numbers);
		put_size(&f, out);
		for (int i = 0; i < f.count; i++)
			if (i == 0 || by_numbers(&f.lines[i - 1], &f.lines[i]) != 0)
				put_line(out, &f.lines[i]);
	}
	free(f.lines);
	return rc;
}
