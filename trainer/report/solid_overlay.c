/* SPDX-License-Identifier: MIT */
/*
 * All views of both solids are laid out on one sheet, so that what is the same lies on itself, and are
 * compared there piece by piece: each piece is short, so that of a line that is half right half is.
 *
 *	top    | corner, where it needs least room: here, beside all or below all
 *	-------+-------
 *	front  | right
 */
#include <config.h>

#include "trainer/report/solid_overlay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/solid/part.h"
#include "formats/solid/solid.h"
#include "trainer/report/report_private.h"

#define VIEWS 4
#define GAP 0.06       /* between views, of the sheet's longer side */
#define PIECES 100     /* of a line as long as the sheet */
#define FLATTENED 2e-4 /* of the sheet */
#define APART 4.0      /* larger than the truth by this: in a figure of its own */
#define RUN 16

enum { FRONT, TOP, RIGHT, CORNER };

static const enum part_side sides[VIEWS] = {PART_FRONT, PART_TOP, PART_RIGHT, PART_ISO};

struct look {
	struct solid_view views[VIEWS];
	struct box boxes[VIEWS];
};

/* Where the origin of each view is. */
struct layout {
	struct vec at[VIEWS];
	double side; /* the longer one */
};

/* --- views ---------------------------------------------------------------------------------- */

static bool is_drawn(const struct solid_curve *curve)
{
	return curve->edge != SOLID_SMOOTH;
}

static struct polyline flatten(const struct solid_curve *curve, double tolerance,
			       struct arena *arena)
{
	struct path path = {0};

	solid_curve_path(curve, tolerance, arena, &path);
	return polyline_from_path(&path, tolerance, arena);
}

static void stretch(struct box *box, struct vec p)
{
	box->x0 = min2(box->x0, p.x);
	box->y0 = min2(box->y0, p.y);
	box->x1 = max2(box->x1, p.x);
	box->y1 = max2(box->y1, p.y);
}

static struct box no_box(void)
{
	return (struct box){INFINITY, INFINITY, -INFINITY, -INFINITY};
}

static struct box join(struct box a, struct box b)
{
	stretch(&a, vec(b.x0, b.y0));
	stretch(&a, vec(b.x1, b.y1));
	return a;
}

static double width_of(struct box box)
{
	return box.x1 - box.x0;
}

static double height_of(struct box box)
{
	return box.y1 - box.y0;
}

/* side: of the solid. */
static struct box box_of(const struct solid_view *view, double side, struct arena *arena)
{
	struct box box = no_box();

	for (int i = 0; i < view->count; i++) {
		struct polyline line;

		if (!is_drawn(&view->curves[i]))
			continue;
		line = flatten(&view->curves[i], FLATTENED * side, arena);
		for (int k = 0; k < line.count; k++)
			stretch(&box, line.points[k]);
	}
	return box;
}

static int look_at(struct look *look, const struct deepcad_model *model, struct arena *arena,
		   struct err *err)
{
	struct solid *solid = solid_from_deepcad(model, err);
	struct solid_measures m;
	int rc = solid ? solid_measure_roughly(solid, &m, err) : -1;

	for (int i = 0; i < VIEWS && rc == 0; i++) {
		rc = solid_project(solid, part_look(sides[i]), part_up(sides[i]), arena,
				   &look->views[i], err);
		if (rc == 0)
			look->boxes[i] = box_of(
				&look->views[i],
				max2(m.hi.x - m.lo.x, max2(m.hi.y - m.lo.y, m.hi.z - m.lo.z)),
				arena);
	}
	solid_free(solid);
	return rc;
}

/* --- the sheet ------------------------------------------------------------------------------ */

/* So that the view's box begins there. */
static struct vec begin_at(struct box box, double x, double y)
{
	return vec(x - box.x0, y - box.y0);
}

/* Right beside the top view, beside all, or below all: wherever the sheet stays smallest. */
static void lay_corner(struct layout *l, struct box corner, struct vec size, struct vec cell,
		       double gap)
{
	double w = width_of(corner), h = height_of(corner);
	double in_cell = max2(size.x + max2(0, w - (size.x - cell.x)),
			      size.y + max2(0, h - (size.y - cell.y)));
	double beside = max2(size.x + gap + w, max2(size.y, h));
	double below = max2(max2(size.x, w), size.y + gap + h);

	if (in_cell <= beside && in_cell <= below)
		l->at[CORNER] = begin_at(corner, cell.x, cell.y);
	else if (beside <= below)
		l->at[CORNER] = begin_at(corner, size.x + gap, 0);
	else
		l->at[CORNER] = begin_at(corner, 0, -gap - h);
	l->side = min2(in_cell, min2(beside, below));
}

/* Views line up by the world's axes: columns of front and top share x, rows of front and right z. */
static struct layout lay_out(const struct box boxes[VIEWS])
{
	struct box front = boxes[FRONT], top = boxes[TOP], right = boxes[RIGHT];
	double x0 = min2(front.x0, top.x0), width = max2(front.x1, top.x1) - x0;
	double y0 = min2(front.y0, right.y0), height = max2(front.y1, right.y1) - y0;
	double gap = GAP * max2(width + width_of(right), height + height_of(top));
	struct vec cell = vec(width + gap, height + gap);
	struct layout l = {.at = {[FRONT] = vec(-x0, -y0),
				  [TOP] = vec(-x0, cell.y - top.y0),
				  [RIGHT] = vec(cell.x - right.x0, -y0)}};

	lay_corner(&l, boxes[CORNER], vec(cell.x + width_of(right), cell.y + height_of(top)), cell,
		   gap);
	return l;
}

static void add_edge(struct figure *f, struct vec a, struct vec b, struct arena *arena)
{
	if (f->edge_count == f->edge_room) {
		int room = f->edge_room ? 2 * f->edge_room : 256;
		struct figure_edge *edges = ARENA_NEW(arena, struct figure_edge, room);

		if (f->edge_count > 0)
			memcpy(edges, f->edges, (size_t)f->edge_count * sizeof(*edges));
		f->edges = edges;
		f->edge_room = room;
	}
	f->edges[f->edge_count++] = (struct figure_edge){{a.x, a.y, 0}, {b.x, b.y, 0}};
}

static void add_line(struct figure *f, const struct polyline *line, struct vec at, double piece,
		     struct arena *arena)
{
	for (int i = 0; i + !line->closed < line->count; i++) {
		struct vec a = vec_add(line->points[i], at);
		struct vec b = vec_add(line->points[(i + 1) % line->count], at);
		int n = (int)ceil(vec_length(vec_sub(b, a)) / piece);

		for (int k = 0; k < n; k++)
			add_edge(f, vec_add(a, vec_scale(vec_sub(b, a), (double)k / n)),
				 vec_add(a, vec_scale(vec_sub(b, a), (double)(k + 1) / n)), arena);
	}
}

static struct figure_box box_of_edges(const struct figure *f, int first, int count)
{
	struct box box = no_box();

	for (int i = first; i < first + count; i++) {
		stretch(&box, vec(f->edges[i].a[0], f->edges[i].a[1]));
		stretch(&box, vec(f->edges[i].b[0], f->edges[i].b[1]));
	}
	return (struct figure_box){{box.x0, box.y0, 0}, {box.x1, box.y1, 0}};
}

static void finish(struct figure *f, struct arena *arena)
{
	f->runs = ARENA_NEW(arena, struct figure_run, f->edge_count / RUN + 1);
	for (int i = 0; i < f->edge_count; i += RUN) {
		int n = f->edge_count - i < RUN ? f->edge_count - i : RUN;

		f->runs[f->run_count++] = (struct figure_run){i, n, box_of_edges(f, i, n)};
	}
	f->box = box_of_edges(f, 0, f->edge_count);
}

static struct report_sheet sheet_of(const struct look *look, const struct layout *l,
				    struct arena *arena)
{
	struct report_sheet sheet = {0};

	for (int v = 0; v < VIEWS; v++)
		for (int i = 0; i < look->views[v].count; i++) {
			const struct solid_curve *curve = &look->views[v].curves[i];
			struct polyline line;

			if (!is_drawn(curve))
				continue;
			line = flatten(curve, FLATTENED * l->side, arena);
			add_line(curve->visible ? &sheet.visible : &sheet.hidden, &line, l->at[v],
				 l->side / PIECES, arena);
		}
	finish(&sheet.visible, arena);
	finish(&sheet.hidden, arena);
	return sheet;
}

/* --- figures -------------------------------------------------------------------------------- */

static void put_alone(struct buf *out, const struct look *look, bool is_truth, const char *caption,
		      struct arena *arena)
{
	struct layout l = lay_out(look->boxes);
	struct report_sheet sheet = sheet_of(look, &l, arena);

	report_open_overlay(out);
	report_put_sheets(out, is_truth ? &sheet : NULL, is_truth ? NULL : &sheet, arena);
	report_close_overlay(out, caption);
}

static void put_both(struct buf *out, const struct look *truth, const struct look *said,
		     struct arena *arena)
{
	struct box boxes[VIEWS];
	struct report_sheet sheets[2];
	struct layout l;
	double alone;
	char caption[96];

	for (int i = 0; i < VIEWS; i++)
		boxes[i] = join(truth->boxes[i], said->boxes[i]);
	l = lay_out(boxes);
	alone = lay_out(truth->boxes).side;
	if (l.side > APART * alone) {
		put_alone(out, truth, true, "True", arena);
		snprintf(caption, sizeof(caption),
			 "Predicted, drawn to %.2g of the true one's scale",
			 alone / lay_out(said->boxes).side);
		put_alone(out, said, false, caption, arena);
		return;
	}
	sheets[0] = sheet_of(truth, &l, arena);
	sheets[1] = sheet_of(said, &l, arena);
	report_open_overlay(out);
	report_put_sheets(out, &sheets[0], &sheets[1], arena);
	report_close_overlay(out, NULL);
}

int solid_overlay(const struct deepcad_model *truth, const struct deepcad_model *said,
		  struct arena *arena, struct buf *out, struct err *err)
{
	struct look a, b;

	if (look_at(&a, truth, arena, err) < 0)
		return -1;
	if (said == truth)
		put_both(out, &a, &a, arena);
	else if (said && look_at(&b, said, arena, NULL) == 0)
		put_both(out, &a, &b, arena);
	else
		put_alone(out, &a, true, "True; the prediction makes no solid", arena);
	return 0;
}
