/* SPDX-License-Identifier: MIT */
/*
 * Overlaps are exact, by Open CASCADE's booleans, where those do not go wrong. Predictions are often almost
 * the truth, and that is where they do: of DeepCAD's models against themselves with some sketches moved by
 * 1e-8 to 1e-1 of the size, one in eight came out wrong, most as 0, and none of them said so. So each is
 * held against a count by lines. The predicted solid is brought to the true one's box and not both to
 * a third, which would be one more copy and nothing else.
 */
#include <config.h>

#include "trainer/score/solid_score.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "formats/cad/cad_vec.h"
#include "formats/solid/solid.h"
#include "trainer/score/mesh_overlap.h"
#include "trainer/score/point_tree.h"
#include "trainer/score/solid_same.h"

#define DEFLECTION 1e-3 /* of the longest side */
#define MESH_ANGLE_RAD 0.5
#define SAME_BOX 1e-9    /* of the longest side */
#define OVER 1e-6        /* a share that volumes may be off */
#define COUNT_SLACK 2e-3 /* that counts of almost the same solids are off */
#define TOUCH 1e-6       /* of the longest side: faces that may be one */

/* Streams of the generator. */
#define TRUE_POINTS "solid score: truth"
#define SAID_POINTS "solid score: prediction"

/* A solid and what it is measured by. */
struct body {
	struct solid *solid; /* NULL: none; owned */
	struct solid_measures measures;
	struct vec3 centre; /* of the box */
	double side;        /* the longest */
	struct solid_mesh mesh;
	struct vec3 *points;
	struct point_tree tree;
};

struct overlap {
	double iou;
	bool exact;
};

struct solid_truth {
	struct arena arena;
	struct deepcad_model told;
	struct deepcad_bounds box; /* that vectors are scaled by */
	struct cad_vec vec;        /* no rows: none */
	struct body body;
	double own_chamfer; /* to itself, by other points */
};

/* --- bodies --------------------------------------------------------------------------------- */

static double longest_side(struct vec3 lo, struct vec3 hi)
{
	return max2(hi.x - lo.x, max2(hi.y - lo.y, hi.z - lo.z));
}

static int make_mesh(struct body *body, struct arena *arena, struct err *why)
{
	if (solid_mesh(body->solid, DEFLECTION * body->side, MESH_ANGLE_RAD, arena, &body->mesh,
		       why) < 0)
		return -1;
	if (body->mesh.triangle_count == 0)
		return err_set(why, ERR_FORMAT, "the solid has no surface");
	return 0;
}

static void put_points(struct body *body, const char *stream, struct arena *arena)
{
	struct rng rng = rng_stream(0, 0, stream, 0);

	body->points = ARENA_NEW(arena, struct vec3, SOLID_SCORE_POINTS);
	solid_mesh_points(&body->mesh, SOLID_SCORE_POINTS, &rng, body->points);
	body->tree = point_tree_from_points(body->points, SOLID_SCORE_POINTS, arena);
}

static int measure(struct body *body, struct err *why)
{
	struct solid_measures *m = &body->measures;

	if (solid_measure(body->solid, m, why) < 0)
		return -1;
	body->centre = vec3_sum(0.5, m->lo, 0.5, m->hi);
	body->side = longest_side(m->lo, m->hi);
	if (!(m->volume > 0 && body->side > 0))
		return err_set(why, ERR_FORMAT, "the solid encloses nothing");
	return 0;
}

static bool make_body(struct body *body, const struct deepcad_model *model, const char *stream,
		      struct arena *arena, struct err *why)
{
	*body = (struct body){.solid = solid_from_deepcad(model, why)};
	if (!body->solid || measure(body, why) < 0 || make_mesh(body, arena, why) < 0) {
		solid_free(body->solid);
		body->solid = NULL;
		return false;
	}
	put_points(body, stream, arena);
	return true;
}

static double mean_square(const struct body *from, const struct body *to)
{
	double sum = 0;

	for (int i = 0; i < SOLID_SCORE_POINTS; i++)
		sum += point_tree_nearest(&to->tree, from->points[i]);
	return sum / SOLID_SCORE_POINTS;
}

static double chamfer(const struct body *truth, const struct body *said)
{
	double both = mean_square(truth, said) + mean_square(said, truth);

	return both / 2 / (truth->side * truth->side);
}

/* --- the truth ------------------------------------------------------------------------------ */

/* The model as `sketch` says it, in the box of the truth. */
static void make_vec(struct cad_vec *vec, const struct deepcad_model *told,
		     const struct deepcad_bounds *box, struct arena *arena)
{
	struct deepcad_model boxed = *told;

	boxed.has_box = true;
	boxed.box_lo = box->lo;
	boxed.box_hi = box->hi;
	if (cad_vec_from_deepcad(vec, &boxed, true, arena, NULL) < 0)
		*vec = (struct cad_vec){0};
}

struct solid_truth *solid_truth_new(const struct deepcad_model *model, struct err *why)
{
	struct solid_truth *t = mem_alloc(1, sizeof(*t));

	t->told = solid_same_told(model, &t->arena);
	t->box = deepcad_bounds(model);
	if (model->has_box)
		t->box = (struct deepcad_bounds){true, model->box_lo, model->box_hi};
	make_vec(&t->vec, &t->told, &t->box, &t->arena);
	if (make_body(&t->body, model, TRUE_POINTS, &t->arena, why)) {
		struct body again = t->body;

		put_points(&again, SAID_POINTS, &t->arena);
		t->own_chamfer = chamfer(&t->body, &again);
	}
	return t;
}

void solid_truth_free(struct solid_truth *t)
{
	if (!t)
		return;
	solid_free(t->body.solid);
	arena_free(&t->arena);
	free(t);
}

/* --- figures -------------------------------------------------------------------------------- */

/* Lines count what the solids do not share well where that is little, for they err alike in both. */
static bool is_likely(double iou, double counted)
{
	double slack = COUNT_SLACK + MESH_OVERLAP_SLACK * 2 * min2(counted, 1 - counted);

	return iou >= -OVER && iou <= 1 + OVER && fabs(iou - counted) <= slack;
}

/* A boolean, where it is near what lines count; else one that lets touch what is close, which may well be
 * right where the first was not; else that count. */
static void overlap(struct overlap *o, const struct body *truth, const struct solid *said,
		    const struct solid_mesh *mesh)
{
	double counted = mesh_overlap(&truth->mesh, mesh);

	for (int i = 0; i < 2; i++) {
		double slack = i * TOUCH * truth->side, iou;

		if (solid_overlap_near(truth->solid, said, slack, &iou, NULL) == 0 &&
		    is_likely(iou, counted)) {
			*o = (struct overlap){max2(0, min2(1, iou)), true};
			return;
		}
	}
	*o = (struct overlap){counted, false};
}

static bool has_box_of(const struct body *said, const struct body *truth)
{
	struct vec3 d = vec3_sum(1, said->centre, -1, truth->centre);
	double off = max2(fabs(d.x), max2(fabs(d.y), fabs(d.z)));

	return max2(off, fabs(said->side - truth->side)) <= SAME_BOX * truth->side;
}

static void overlap_aligned(struct overlap *o, const struct body *truth, const struct body *said,
			    struct arena *arena)
{
	double scale = truth->side / said->side;
	struct solid_mesh mesh = said->mesh;
	struct solid *aligned = solid_scaled(said->solid, scale, said->centre, truth->centre, NULL);

	mesh.vertices = ARENA_NEW(arena, struct vec3, mesh.vertex_count);
	for (int i = 0; i < mesh.vertex_count; i++) {
		struct vec3 p = vec3_sum(1, said->mesh.vertices[i], -1, said->centre);

		mesh.vertices[i] = vec3_sum(scale, p, 1, truth->centre);
	}
	if (aligned)
		overlap(o, truth, aligned, &mesh);
	else
		*o = (struct overlap){mesh_overlap(&truth->mesh, &mesh), false};
	solid_free(aligned);
}

static void compare_bodies(struct solid_score *score, const struct body *truth,
			   const struct body *said, struct arena *arena)
{
	struct overlap as_is, aligned;

	overlap(&as_is, truth, said->solid, &said->mesh);
	if (has_box_of(said, truth))
		aligned = as_is;
	else
		overlap_aligned(&aligned, truth, said, arena);
	score->iou = as_is.iou;
	score->iou_aligned = aligned.iou;
	score->counted = !as_is.exact || !aligned.exact;
	score->chamfer = chamfer(truth, said);
}

static void compare_models(struct solid_score *score, const struct solid_truth *truth,
			   const struct deepcad_model *said, struct arena *arena)
{
	struct deepcad_model told = solid_same_told(said, arena);
	struct cad_vec vec;

	score->exact = solid_same_models(&truth->told, &told);
	make_vec(&vec, &told, &truth->box, arena);
	if (truth->vec.count > 0)
		score->match = vec_match_rows(&truth->vec, &vec);
}

/* What says the same is the same. It is not built again: nothing but noise could come of it. */
static void set_exact(struct solid_score *score, const struct solid_truth *truth)
{
	score->valid = true;
	score->iou = score->iou_aligned = 1;
	score->chamfer = truth->own_chamfer;
}

/* Nothing is said. */
static void begin(struct solid_score *score, const struct solid_truth *truth)
{
	const struct cad_vec none = {0};

	*score = (struct solid_score){.is_measured = truth->body.solid != NULL};
	score->match = vec_match_rows(&truth->vec, &none);
}

void solid_score_from_model(struct solid_score *score, const struct solid_truth *truth,
			    const struct deepcad_model *said, struct arena *arena, struct err *why)
{
	struct body body;

	begin(score, truth);
	score->parsed = true;
	compare_models(score, truth, said, arena);
	if (!score->is_measured)
		return;
	if (score->exact) {
		set_exact(score, truth);
		return;
	}
	score->valid = make_body(&body, said, SAID_POINTS, arena, why);
	if (score->valid)
		compare_bodies(score, &truth->body, &body, arena);
	solid_free(body.solid);
}

void solid_score_from_text(struct solid_score *score, const struct solid_case *c,
			   struct arena *arena, struct err *why)
{
	struct deepcad_model said;
	int rc;

	assert(cad_code_is_read(c->language));
	rc = cad_code_parse_as(&said, c->language, "prediction", c->text, c->len, arena, why);
	if (rc < 0)
		begin(score, c->truth);
	else
		solid_score_from_model(score, c->truth, &said, arena, why);
}
