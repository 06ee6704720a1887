/* SPDX-License-Identifier: MIT */
/* scene_part: the dimensions of a solid tell it completely, and nothing twice; draft_solid draws them
 * where they measure what they say. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fonts/font.h"
#include "formats/cad/cad_code.h"
#include "formats/drawing/dimension.h"
#include "formats/solid/part_label.h"
#include "gen/part/part_from_seed.h"
#include "gen/scene/scene_part.h"
#include "render/draft/draft.h"
#include "tests/deepcad_samples.h"
#include "tests/extent.h"
#include "tests/made_solids.h"
#include "tests/random_shapes.h"

#define SEEDS 12
#define PARTS extent(100, 40)
#define SAME_MM 0.006
#define COORDINATES 200

static struct arena arena;
static struct part part;
static struct scene scene;
static char whose[32]; /* for messages */

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static const enum part_side third[] = {PART_FRONT, PART_TOP, PART_RIGHT};
static const enum part_side first[] = {PART_FRONT, PART_TOP, PART_LEFT};

static int read_part(const struct deepcad_model *model, bool first_angle, struct err *err)
{
	struct solid *solid = solid_from_deepcad(model, err);
	int rc;

	if (!solid)
		return -1;
	rc = part_from_solid(&part, solid, first_angle ? first : third, 3, &arena, err);
	solid_free(solid);
	return rc;
}

static const struct scene_params params = {.size_px = 1600,
					   .digit_um = 3500,
					   .text_um = 3500,
					   .arrow_um = 3000,
					   .offset_um = 10000,
					   .spacing_um = 8000};

/* The part of a text, with the dimensions that a seed gives it; fails where there are none. */
static void dimension_sketch(const char *text, uint64_t seed)
{
	struct rng rng = rng_stream(seed, 0, "scene", 0);
	struct deepcad_model model;
	struct err err = {0};

	if (cad_code_parse(&model, "text", text, strlen(text), &arena, &err) < 0 ||
	    read_part(&model, seed % 2, &err) < 0 ||
	    scene_part(&scene, &part, &params, &rng, &arena, &err) < 0)
		fail_msg("%s", err.msg);
}

/* Places along an axis, joined where one tells the other. */
struct told {
	double at[COORDINATES];
	int root[COORDINATES];
	int count;
};

static int told_at(struct told *t, double mm)
{
	for (int i = 0; i < t->count; i++)
		if (fabs(t->at[i] - mm) < SAME_MM)
			return i;
	assert_true(t->count < COORDINATES);
	t->at[t->count] = mm;
	t->root[t->count] = t->count;
	return t->count++;
}

static int root_of(const struct told *t, int i)
{
	while (t->root[i] != i)
		i = t->root[i];
	return i;
}

/* False: one told the other before. */
static bool join(struct told *t, int a, int b)
{
	a = root_of(t, a);
	b = root_of(t, b);
	t->root[a] = b;
	return a != b;
}

static bool lies_along(struct vec3 v, int axis)
{
	return fabs(fabs(vec3_at(v, axis)) - 1) < 1e-9;
}

/* The round that a plane goes on in as the side of a slot does, by its face; -1: none. */
static int slot_of(int plane)
{
	for (int i = 0; i < part.faces.joint_count; i++) {
		int a = part.faces.joints[i].a, b = part.faces.joints[i].b;
		int other = a == plane ? b : a;

		if ((a == plane || b == plane) &&
		    part.faces.faces[other].surface == SOLID_CYLINDER &&
		    part.faces.faces[other].turn > 3.14)
			return other;
	}
	return -1;
}

/* Whether a plane lies there that is no side of a slot: one may be in line with it, and is told by itself. */
static bool is_shared(int axis, double mm)
{
	for (int i = 0; i < part.faces.face_count; i++) {
		const struct solid_face *f = &part.faces.faces[i];

		if (f->surface == SOLID_PLANE && lies_along(f->normal, axis) &&
		    fabs(vec3_at(f->point, axis) - mm) < SAME_MM && slot_of(i) < 0)
			return true;
	}
	return false;
}

/* What a radius tells: the sides of a slot lie that far from its middle. */
static void join_rounds(struct told *t, int axis)
{
	for (int i = 0; i < part.faces.face_count; i++) {
		const struct solid_face *plane = &part.faces.faces[i];
		int slot = slot_of(i);

		if (plane->surface == SOLID_PLANE && slot >= 0 && lies_along(plane->normal, axis) &&
		    !is_shared(axis, vec3_at(plane->point, axis)))
			join(t, told_at(t, vec3_at(plane->point, axis)),
			     told_at(t, vec3_at(part.faces.faces[slot].point, axis)));
	}
}

/* All planes across the axis, and middles of holes, follow from the dimensions; each dimension says
 * something that those before it have not said. */
static void assert_told(int axis)
{
	struct told t = {.count = 0};
	int root = -1;

	join_rounds(&t, axis);
	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];
		struct part_axes axes = part_axes(part.views[dim->view].side);
		bool level = dim->kind == DIM_POSITION_X;
		double way = level ? axes.u_way : axes.v_way;

		if ((!level && dim->kind != DIM_POSITION_Y) || (level ? axes.u : axes.v) != axis)
			continue;
		assert_true(dimension_value(&scene, dim) > 0);
		if (!join(&t, told_at(&t, way * (double)dim->at[0] / 1000),
			  told_at(&t, way * (double)dim->at[1] / 1000)))
			fail_msg("%salong %c %g to %g is told twice", whose, 'x' + axis,
				 (double)dim->at[0] / 1000, (double)dim->at[1] / 1000);
	}
	for (int i = 0; i < part.faces.face_count; i++) {
		const struct solid_face *f = &part.faces.faces[i];
		bool hole = f->surface == SOLID_CYLINDER && !lies_along(f->normal, axis) &&
			    f->turn > 6 && part.rounds[part.round_of[i]].on < 0;
		int at;

		if (!hole && (f->surface != SOLID_PLANE || !lies_along(f->normal, axis)))
			continue;
		at = root_of(&t, told_at(&t, vec3_at(f->point, axis)));
		if (root >= 0 && at != root)
			fail_msg("%salong %c %g is not told", whose, 'x' + axis,
				 vec3_at(f->point, axis));
		root = at;
	}
}

/* Each cylinder has its diameter or radius, or another of its kind has it for all of them; across a view from the side
 * are diameters of what goes round outside. */
static void assert_rounds_told(void)
{
	for (int r = 0; r < part.round_count; r++) {
		const struct part_round *round = &part.rounds[r];
		int told = 0;

		for (int i = 0; i < scene.dimension_count; i++) {
			const struct dimension *dim = &scene.dimensions[i];
			bool beside = dim->kind == DIM_SIDE_DIAMETER;
			int64_t whole = dim->kind == DIM_RADIUS ? 1 : 2;

			if ((dim->kind != DIM_DIAMETER && dim->kind != DIM_RADIUS && !beside) ||
			    !part_is_alike(&part.rounds[dim->round], round))
				continue;
			told++;
			assert_int_equal(whole == 2, part_is_whole(round));
			assert_int_equal(dimension_value(&scene, dim),
					 10 * llround(100 * (double)whole * round->radius));
			assert_int_equal(part_axes(part.views[dim->view].side).across ==
						 round->axis,
					 !beside);
			assert_false(beside && round->hollow);
		}
		assert_int_equal(told, 1);
	}
}

/* Of a counterbore hole and bore lie about one middle. */
static bool is_about_another(int round)
{
	const struct part_round *own = &part.rounds[round];

	for (int i = 0; i < round; i++) {
		const struct part_round *other = &part.rounds[i];
		struct vec3 off = vec3_sum(1, other->base, -1, own->base);
		double along = vec3_at(off, own->axis);

		if (other->on == own->on && other->axis == own->axis &&
		    vec3_dot(off, off) - along * along < SAME_MM * SAME_MM)
			return true;
	}
	return false;
}

/* Holes of a pitch circle are alike, lie on it, equally far apart, and one is level with its middle or over it;
 * that is the middle of another round. */
static void assert_on_circle(const struct part_round *circle)
{
	double angles[COORDINATES];
	int u = (circle->axis + 1) % 3, v = (circle->axis + 2) % 3, count = 0;
	bool square = false, marked = false;

	for (int r = 0; r < part.round_count; r++) {
		const struct part_round *round = &part.rounds[r];
		double x = vec3_at(round->base, u) - vec3_at(circle->base, u);
		double y = vec3_at(round->base, v) - vec3_at(circle->base, v);

		marked |= round->axis == circle->axis && !round->pitch && round->turn > 6 &&
			  hypot(x, y) < SAME_MM;
		if (round->on < 0 || &part.rounds[round->on] != circle)
			continue;
		if (is_about_another(r))
			continue;
		assert_true(fabs(hypot(x, y) - circle->radius) < 2 * SAME_MM);
		square |= fabs(x) < SAME_MM || fabs(y) < SAME_MM;
		angles[count++] = atan2(y, x);
	}
	assert_true(count >= 3 && square && marked);
	for (int i = 1; i < count; i++) {
		double share = remainder((angles[i] - angles[0]) * count, 2 * M_PI);

		assert_true(fabs(share) * circle->radius < 0.1 * count);
		for (int k = 0; k < i; k++)
			assert_true(fabs(remainder(angles[i] - angles[k], 2 * M_PI)) > 1.0 / count);
	}
}

static void assert_all_told(void)
{
	for (int r = 0; r < part.round_count; r++)
		if (part.rounds[r].pitch)
			assert_on_circle(&part.rounds[r]);

	for (int axis = 0; axis < 3; axis++)
		assert_told(axis);
	assert_rounds_told();
}

/* An angle bracket: holes in both legs, one leg with round corners, a rib. */
static const char bracket[] =
	"sketch_0 = Sketch()\n"
	"sketch_0.add_line(start=(0,0), end=(60,0))\n"
	"sketch_0.add_line(start=(60,0), end=(60,40))\n"
	"sketch_0.add_line(start=(60,40), end=(0,40))\n"
	"sketch_0.add_line(start=(0,40), end=(0,0))\n"
	"sketch_0.add_circle(center=(15,12), radius=4)\n"
	"sketch_0.add_circle(center=(45,12), radius=4)\n"
	"Extrude(sketch_0, distance=8)\n"
	"sketch_1 = Sketch(origin=(0,40,8), x_axis=(1,0,0), normal=(0,-1,0))\n"
	"sketch_1.add_line(start=(0,0), end=(60,0))\n"
	"sketch_1.add_line(start=(60,0), end=(60,30))\n"
	"sketch_1.add_arc(start=(60,30), mid=(57.0710678118655,37.0710678118655), end=(50,40))\n"
	"sketch_1.add_line(start=(50,40), end=(10,40))\n"
	"sketch_1.add_arc(start=(10,40), mid=(2.9289321881345,37.0710678118655), end=(0,30))\n"
	"sketch_1.add_line(start=(0,30), end=(0,0))\n"
	"sketch_1.add_circle(center=(30,24), radius=9)\n"
	"Extrude(sketch_1, distance=8, operation=\"join\")\n"
	"sketch_2 = Sketch(origin=(26,0,0), x_axis=(0,1,0), normal=(1,0,0))\n"
	"sketch_2.add_line(start=(18,8), end=(32,8))\n"
	"sketch_2.add_line(start=(32,8), end=(32,20))\n"
	"sketch_2.add_line(start=(32,20), end=(18,8))\n"
	"Extrude(sketch_2, distance=6, operation=\"join\")\n";

/* A flange: round all over, a boss with a bore, four holes, a slot. */
static const char flange[] = "sketch_0 = Sketch()\n"
			     "sketch_0.add_circle(center=(0,0), radius=50)\n"
			     "sketch_0.add_circle(center=(35,0), radius=4.5)\n"
			     "sketch_0.add_circle(center=(0,35), radius=4.5)\n"
			     "sketch_0.add_circle(center=(-35,0), radius=4.5)\n"
			     "sketch_0.add_circle(center=(0,-35), radius=4.5)\n"
			     "Extrude(sketch_0, distance=12)\n"
			     "sketch_1 = Sketch(origin=(0,0,12), x_axis=(1,0,0), normal=(0,0,1))\n"
			     "sketch_1.add_circle(center=(0,0), radius=22)\n"
			     "Extrude(sketch_1, distance=25, operation=\"join\")\n"
			     "sketch_2 = Sketch()\n"
			     "sketch_2.add_circle(center=(0,0), radius=12.5)\n"
			     "Extrude(sketch_2, distance=37, operation=\"cut\")\n"
			     "sketch_3 = Sketch()\n"
			     "sketch_3.add_line(start=(20,22), end=(30,22))\n"
			     "sketch_3.add_arc(start=(30,22), mid=(33,25), end=(30,28))\n"
			     "sketch_3.add_line(start=(30,28), end=(20,28))\n"
			     "sketch_3.add_arc(start=(20,28), mid=(17,25), end=(20,22))\n"
			     "Extrude(sketch_3, distance=12, operation=\"cut\")\n";

/* Holes about the middles of rounded corners, and a step in line with two of them: the corners' radius
 * tells neither. */
static const char cover[] =
	"sketch_0 = Sketch()\n"
	"sketch_0.add_line(start=(15,0), end=(115,0))\n"
	"sketch_0.add_arc(start=(115,0), mid=(125.606601717798,4.39339828220179), end=(130,15))\n"
	"sketch_0.add_line(start=(130,15), end=(130,55))\n"
	"sketch_0.add_arc(start=(130,55), mid=(125.606601717798,65.6066017177982), end=(115,70))\n"
	"sketch_0.add_line(start=(115,70), end=(15,70))\n"
	"sketch_0.add_arc(start=(15,70), mid=(4.39339828220179,65.6066017177982), end=(0,55))\n"
	"sketch_0.add_line(start=(0,55), end=(0,15))\n"
	"sketch_0.add_arc(start=(0,15), mid=(4.39339828220179,4.39339828220179), end=(15,0))\n"
	"sketch_0.add_circle(center=(15,15), radius=5)\n"
	"sketch_0.add_circle(center=(115,15), radius=5)\n"
	"sketch_0.add_circle(center=(15,55), radius=5)\n"
	"sketch_0.add_circle(center=(115,55), radius=5)\n"
	"Extrude(sketch_0, distance=25)\n"
	"sketch_1 = Sketch(origin=(0,0,25))\n"
	"sketch_1.add_line(start=(40,20), end=(90,20))\n"
	"sketch_1.add_line(start=(90,20), end=(90,55))\n"
	"sketch_1.add_line(start=(90,55), end=(40,55))\n"
	"sketch_1.add_line(start=(40,55), end=(40,20))\n"
	"Extrude(sketch_1, distance=10, operation=\"join\")\n";

static void test_corners(void **state)
{
	int linear = 0;

	(void)state;
	need_solids();
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		dimension_sketch(cover, seed);
		assert_all_told();
	}
	for (int i = 0; i < scene.dimension_count; i++)
		linear += scene.dimensions[i].kind == DIM_POSITION_X ||
			  scene.dimensions[i].kind == DIM_POSITION_Y;
	/* x: 130, two holes, the step's two sides; y: 70, two holes, of which one is in line with a side of
	 * the step, and the other side; z: both heights. */
	assert_int_equal(linear, 5 + 4 + 2);
	assert_int_equal(scene.dimension_count, linear + 2);
}

static void test_bracket(void **state)
{
	int linear = 0, diameters = 0, radii = 0;

	(void)state;
	need_solids();
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		dimension_sketch(bracket, seed);
		assert_all_told();
	}
	for (int i = 0; i < scene.dimension_count; i++) {
		diameters += scene.dimensions[i].kind == DIM_DIAMETER;
		radii += scene.dimensions[i].kind == DIM_RADIUS;
	}
	linear = scene.dimension_count - diameters - radii;
	assert_int_equal(diameters, 2);
	assert_int_equal(radii, 1);
	/* x: 60, two holes, the bore, the rib's two sides; y: 40, the hole, the leg, the rib's end; z: 48, 8,
	 * the bore, the rib's end. */
	assert_int_equal(linear, 6 + 4 + 4);
}

static void test_flange(void **state)
{
	(void)state;
	need_solids();
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		dimension_sketch(flange, seed);
		assert_all_told();
	}
}

/* Holes of one pattern are counted together, and only those. */
static void test_counts(void **state)
{
	int four = 0, ends = 0, pitch = 0;

	(void)state;
	need_solids();
	dimension_sketch(flange, 0);
	for (int i = 0; i < scene.dimension_count; i++) {
		const struct dimension *dim = &scene.dimensions[i];

		if (dim->kind == DIM_DIAMETER && dimension_value(&scene, dim) == 9000) {
			assert_int_equal(dim->count, 4);
			four++;
		}
		if (dim->kind == DIM_DIAMETER && part.rounds[dim->round].pitch) {
			assert_int_equal(dim->count, 1);
			assert_int_equal(dimension_value(&scene, dim), 70000);
			pitch++;
		}
		if (dim->kind == DIM_RADIUS) {
			assert_int_equal(dim->count, 2);
			assert_int_equal(dimension_value(&scene, dim), 3000);
			ends++;
		}
	}
	assert_int_equal(four, 1);
	assert_int_equal(ends, 1);
	assert_int_equal(pitch, 1);
}

/* What is told, as text, from the lower end of the box wherever that is. */
static void test_features(void **state)
{
	static const char want[] = "size(x=60, y=40, z=48)\n"
				   "plane(x=26)\n"
				   "plane(x=32)\n"
				   "plane(y=32)\n"
				   "plane(z=8)\n"
				   "slant(axis=\"x\", y0=18, z0=8, y1=32, z1=20)\n"
				   "hole(axis=\"y\", x=30, z=32, d=18, y0=32, y1=40)\n"
				   "hole(axis=\"z\", x=15, y=12, d=8, z0=0, z1=8)\n"
				   "hole(axis=\"z\", x=45, y=12, d=8, z0=0, z1=8)\n"
				   "round(axis=\"y\", x=10, z=38, r=10, y0=32, y1=40)\n"
				   "round(axis=\"y\", x=50, z=38, r=10, y0=32, y1=40)\n";
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	need_solids();
	dimension_sketch(bracket, 0);
	if (part_label_write(&part, &text, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(text.data, want);
	buf_clear(&text);
	dimension_sketch(flange, 1);
	if (part_label_write(&part, &text, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(text.data, "size(x=100, y=100, z=37)\n"
				       "plane(y=72)\n"
				       "plane(y=78)\n"
				       "plane(z=12)\n"
				       "hole(axis=\"z\", x=15, y=50, d=9, z0=0, z1=12)\n"
				       "hole(axis=\"z\", x=50, y=15, d=9, z0=0, z1=12)\n"
				       "hole(axis=\"z\", x=50, y=50, d=25, z0=0, z1=37)\n"
				       "hole(axis=\"z\", x=50, y=85, d=9, z0=0, z1=12)\n"
				       "hole(axis=\"z\", x=85, y=50, d=9, z0=0, z1=12)\n"
				       "boss(axis=\"z\", x=50, y=50, d=44, z0=12, z1=37)\n"
				       "boss(axis=\"z\", x=50, y=50, d=100, z0=0, z1=12)\n"
				       "hollow(axis=\"z\", x=70, y=75, r=3, z0=0, z1=12)\n"
				       "hollow(axis=\"z\", x=80, y=75, r=3, z0=0, z1=12)\n");
	buf_free(&text);
}

static void draw(struct drawing *drawing, const struct style *style, uint64_t seed)
{
	struct rng rng = rng_stream(seed, 0, "draft", 0);
	int rc = -1;

	for (int i = 0; i <= SCENE_PART_SHEETS && rc < 0; i++) {
		if (i > 0)
			scene_part_sheet(&scene, &params, i);
		rc = drawing_from_scene(drawing, &scene, style, font_builtin(), &rng, &arena);
	}
	if (rc < 0)
		fail_msg("no layout");
}

/* The tips of a dimension's two arrows are as far apart as it says. */
static void assert_measures(const struct drawing *drawing, int dimension)
{
	const struct dimension *dim = &scene.dimensions[dimension];
	struct vec tips[2];
	int count = 0;

	for (int i = 0; i < drawing->arrow_count; i++)
		if (drawing->arrows[i].dimension == dimension && count++ < 2)
			tips[count - 1] = drawing->arrows[i].tip;
	if (dim->kind == DIM_POSITION_X || dim->kind == DIM_POSITION_Y) {
		assert_int_equal(count, 2);
		assert_true(fabs(vec_length(vec_sub(tips[0], tips[1])) -
				 (double)dimension_value(&scene, dim) / 1000 * drawing->scale) <
			    SAME_MM * drawing->scale);
	} else {
		assert_true(count == 1 || count == 2);
	}
}

static void test_drawn(void **state)
{
	static const char *const texts[] = {bracket, flange};
	struct style_sheet sheet = style_iso();

	(void)state;
	need_solids();
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct rng rng = rng_stream(seed, 0, "style", 0);
		struct style style = style_from_sheet(&sheet, &rng);
		struct drawing drawing;

		style.projection = seed % 2 ? STYLE_PROJECTION_FIRST : STYLE_PROJECTION_THIRD;
		dimension_sketch(texts[seed / 2 % 2], seed);
		draw(&drawing, &style, seed);
		assert_int_equal(drawing.view_count, 3);
		/* The top view lies over the front view in third angle, under it in first; the view from
		 * the side stands beside it. */
		assert_true(drawing.views[0].origin.x == drawing.views[1].origin.x);
		assert_true(drawing.views[0].origin.y == drawing.views[2].origin.y);
		assert_true((drawing.views[1].box.y0 > drawing.views[0].box.y1) == !(seed % 2));
		assert_true(drawing.views[2].box.x0 > drawing.views[0].box.x1);
		for (int i = 0; i < scene.dimension_count; i++) {
			int texts_of = 0;

			for (int k = 0; k < drawing.text_count; k++)
				texts_of += drawing.texts[k].dimension == i;
			assert_true(texts_of >= 1);
			assert_measures(&drawing, i);
		}
	}
}

/* Of a plate with holes, circles are circles where they are seen, and lines from the side. */
static void test_arcs_stay(void **state)
{
	struct style_sheet sheet = style_iso();
	struct rng rng = rng_stream(0, 0, "style", 0);
	struct style style = style_from_sheet(&sheet, &rng);
	int arcs[3] = {0}, others = 0;
	struct drawing drawing;

	(void)state;
	need_solids();
	style.projection = STYLE_PROJECTION_THIRD;
	dimension_sketch(flange, 0);
	draw(&drawing, &style, 0);
	for (int i = 0; i < drawing.stroke_count; i++) {
		const struct stroke *s = &drawing.strokes[i];

		if (s->layer != LAYER_OUTLINE && s->layer != LAYER_HIDDEN)
			continue;
		others += s->path.count != 1;
		for (int v = 0; v < 3; v++) {
			const struct box *b = &drawing.views[v].box;
			struct vec a = s->path.segs[0].a;

			arcs[v] += s->path.segs[0].kind == SEG_ARC && a.x > b->x0 - 0.01 &&
				   a.x < b->x1 + 0.01 && a.y > b->y0 - 0.01 && a.y < b->y1 + 0.01;
		}
	}
	assert_int_equal(others, 0);
	assert_int_equal(arcs[0], 0);
	assert_int_equal(arcs[1], 1 + 4 + 2 + 2);
	assert_int_equal(arcs[2], 0);
}

#define SHAFT                                                                                      \
	"s = Sketch()\n"                                                                           \
	"s.add_line(start=(0,4), end=(0,10))\n"                                                    \
	"s.add_line(start=(0,10), end=(30,10))\n"                                                  \
	"s.add_line(start=(30,10), end=(30,15))\n"                                                 \
	"s.add_line(start=(30,15), end=(70,15))\n"                                                 \
	"s.add_line(start=(70,15), end=(70,4))\n"                                                  \
	"s.add_line(start=(70,4), end=(0,4))\n"                                                    \
	"Revolve(s, axis=(1,0))\n"
#define SQUARE_HEAD                                                                                \
	"t = Sketch(origin=(70,0,0), x_axis=(0,1,0), normal=(1,0,0))\n"                            \
	"t.add_line(start=(-20,-20), end=(20,-20))\n"                                              \
	"t.add_line(start=(20,-20), end=(20,20))\n"                                                \
	"t.add_line(start=(20,20), end=(-20,20))\n"                                                \
	"t.add_line(start=(-20,20), end=(-20,-20))\n"                                              \
	"Extrude(t, distance=8, operation=\"join\")\n"

/* Steps of a shaft have their diameters where its outline is seen from the side, its bore where it is a circle; with a
 * square head it is no shaft. */
static void test_steps(void **state)
{
	(void)state;
	need_solids();
	for (uint64_t k = 0; k < 2; k++) {
		int kinds[DIM_COUNT_] = {0};

		dimension_sketch(k ? SHAFT SQUARE_HEAD : SHAFT, k);
		for (int i = 0; i < scene.dimension_count; i++) {
			const struct dimension *dim = &scene.dimensions[i];

			kinds[dim->kind]++;
			if (dim->kind == DIM_SIDE_DIAMETER)
				assert_int_equal(dim->at[1] - dim->at[0],
						 dimension_value(&scene, dim));
		}
		assert_int_equal(kinds[DIM_SIDE_DIAMETER], k ? 0 : 2);
		assert_int_equal(kinds[DIM_DIAMETER], k ? 3 : 1);
	}
}

/* Random parts are told completely, nothing twice, in either projection. */
static void test_random_parts(void **state)
{
	static const struct part_params most = {.operations_max = PART_OPERATIONS_MAX};
	uint64_t seed = test_seed();

	(void)state;
	need_solids();
	for (uint64_t i = 0; i < (uint64_t)PARTS; i++) {
		struct rng rng = rng_stream(seed, i, "scene", 0);
		struct deepcad_model model;
		struct err err = {0};

		arena_reset(&arena);
		assert_int_equal(part_from_seed(&model, &most, seed, i, 0, &arena, &err), 0);
		if (read_part(&model, i % 2, &err) < 0 ||
		    scene_part(&scene, &part, &params, &rng, &arena, &err) < 0)
			fail_msg("part %d: %s", (int)i, err.msg);
		snprintf(whose, sizeof(whose), "part %d: ", (int)i);
		assert_all_told();
	}
}

static void refuse(const char *text, const char *why)
{
	struct rng rng = rng_stream(0, 0, "scene", 0);
	struct deepcad_model model;
	struct err err = {0};

	assert_int_equal(cad_code_parse(&model, "text", text, strlen(text), &arena, &err), 0);
	assert_int_equal(read_part(&model, false, &err), 0);
	assert_int_equal(scene_part(&scene, &part, &params, &rng, &arena, &err), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_string_equal(err.msg, why);
}

static void test_refused(void **state)
{
	(void)state;
	need_solids();
	refuse("sketch_0 = Sketch(origin=(0,0,0), x_axis=(0.6,0.8,0), normal=(0,0,1))\n"
	       "sketch_0.add_line(start=(0,0), end=(10,0))\n"
	       "sketch_0.add_line(start=(10,0), end=(0,10))\n"
	       "sketch_0.add_line(start=(0,10), end=(0,0))\n"
	       "Extrude(sketch_0, distance=5)\n"
	       "sketch_1 = Sketch(origin=(0,0,2), x_axis=(0,0,1), normal=(0.6,0.8,0))\n"
	       "sketch_1.add_circle(center=(0,0), radius=1)\n"
	       "Extrude(sketch_1, distance=20, operation=\"join\")\n",
	       "the axis of a round face is askew");
	refuse("sketch_0 = Sketch(origin=(0,0,0), x_axis=(0.8,-0.6,0), normal=(0.48,0.64,0.6))\n"
	       "sketch_0.add_line(start=(0,0), end=(10,0))\n"
	       "sketch_0.add_line(start=(10,0), end=(0,10))\n"
	       "sketch_0.add_line(start=(0,10), end=(0,0))\n"
	       "Extrude(sketch_0, distance=5)\n",
	       "a plane lies across all axes");
}

static void check_file(const char *path)
{
	struct rng rng = rng_stream(1, 0, path, 0);
	struct deepcad_model model;
	struct err err = {0};

	if (deepcad_read(&model, path, &arena, &err) < 0 || read_part(&model, false, &err) < 0 ||
	    scene_part(&scene, &part, &params, &rng, &arena, &err) < 0)
		fail_msg("%s: %s", path, err.msg);
	assert_rounds_told();
}

static void test_real_files(void **state)
{
	(void)state;
	need_solids();
	each_deepcad_file(".json", check_file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_bracket, forget),
		cmocka_unit_test_teardown(test_corners, forget),
		cmocka_unit_test_teardown(test_flange, forget),
		cmocka_unit_test_teardown(test_counts, forget),
		cmocka_unit_test_teardown(test_features, forget),
		cmocka_unit_test_teardown(test_drawn, forget),
		cmocka_unit_test_teardown(test_arcs_stay, forget),
		cmocka_unit_test_teardown(test_steps, forget),
		cmocka_unit_test_teardown(test_random_parts, forget),
		cmocka_unit_test_teardown(test_refused, forget),
		cmocka_unit_test_teardown(test_real_files, forget),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
