/* SPDX-License-Identifier: MIT */
/*
 * Reads the language `sketch` (formats/cad/cad_code_sketch.c). A sketch is done when something else begins:
 * its curves are cut into loops where they come back to where they began.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "formats/cad/cad_code_private.h"
#include "formats/program/program_reader.h"
#include "formats/solid/deepcad_private.h"

#define MM 1000.0
#define DEGREE (M_PI / 180)
#define FRAME_SLACK 1e-6
#define NUMBER_BYTES 64
#define STEPS_MAX 10000 /* sketches and features: each name is looked for among all before it */

enum value { VALUE_REAL, VALUE_POINT, VALUE_TRIPLE, VALUE_FLAG, VALUE_OPERATION };

struct argument {
	const char *name;
	enum value value;
	void *to; /* double, struct vec, struct vec3, bool, enum deepcad_operation */
	bool needed, given;
};

struct parser {
	struct reader r;
	struct deepcad_model *model;
	struct arena *arena;
	struct deepcad_curve *curves; /* of the sketch that is being read */
	int curve_count;
	bool is_open;          /* there is one */
	const char *sketch_at; /* its place in the text */
};

/* --- values --------------------------------------------------------------------------------- */

int code_read_real(struct reader *r, double *out)
{
	const char *begin;
	char text[NUMBER_BYTES];
	size_t len;

	reader_skip_space(r);
	begin = r->at;
	while (r->at < r->end && *r->at && strchr("+-.0123456789eE", *r->at))
		r->at++;
	len = (size_t)(r->at - begin);
	if (len == 0)
		return reader_expected(r, "a number");
	if (len >= sizeof(text))
		return reader_error(r, begin, "a number of more than %d characters",
				    NUMBER_BYTES - 1);
	memcpy(text, begin, len);
	text[len] = '\0';
	if (num_real(text, -DEEPCAD_LENGTH_MAX, DEEPCAD_LENGTH_MAX, out) < 0)
		return reader_error(r, begin, "'%s' is no number from %g to %g", text,
				    -DEEPCAD_LENGTH_MAX, DEEPCAD_LENGTH_MAX);
	return 0;
}

static int read_reals(struct reader *r, double *out, int count)
{
	if (reader_expect(r, '(') < 0)
		return -1;
	for (int i = 0; i < count; i++)
		if ((i > 0 && reader_expect(r, ',') < 0) || code_read_real(r, &out[i]) < 0)
			return -1;
	return reader_expect(r, ')');
}

static int read_flag(struct reader *r, bool *out)
{
	const char *word, *at = r->at;
	size_t len;

	if (reader_word(r, "True or False", &word, &len) < 0)
		return -1;
	*out = word_is(word, len, "True");
	if (*out || word_is(word, len, "False"))
		return 0;
	return reader_error(r, at, "True or False is needed here");
}

static int read_operation(struct reader *r, enum deepcad_operation *out)
{
	static const char *const names[] = {"new", "join", "cut", "intersect"};
	const char *word;
	size_t len;

	if (reader_expect(r, '"') < 0 || reader_word(r, "an operation", &word, &len) < 0)
		return -1;
	for (int i = 0; i < DEEPCAD_OPERATION_COUNT_; i++)
		if (word_is(word, len, names[i])) {
			*out = (enum deepcad_operation)i;
			return reader_expect(r, '"');
		}
	return reader_error(r, word, "'%.*s' is none of new, join, cut, intersect", (int)len, word);
}

static int read_value(struct reader *r, const struct argument *a)
{
	double v[3];

	switch (a->value) {
	case VALUE_REAL:
		return code_read_real(r, a->to);
	case VALUE_POINT:
		if (read_reals(r, v, 2) < 0)
			return -1;
		*(struct vec *)a->to = vec(v[0], v[1]);
		return 0;
	case VALUE_TRIPLE:
		if (read_reals(r, v, 3) < 0)
			return -1;
		*(struct vec3 *)a->to = (struct vec3){v[0], v[1], v[2]};
		return 0;
	case VALUE_FLAG:
		return read_flag(r, a->to);
	case VALUE_OPERATION:
		return read_operation(r, a->to);
	}
	return -1;
}

static struct argument *find_argument(struct argument *all, int count, const char *word, size_t len)
{
	for (int i = 0; i < count; i++)
		if (word_is(word, len, all[i].name))
			return &all[i];
	return NULL;
}

/* name=value, ... and the ')' behind them, in any order. */
static int read_arguments(struct reader *r, struct argument *all, int count)
{
	const char *begin = r->at;

	for (bool first = true; !reader_accept(r, ')'); first = false) {
		struct argument *a;
		const char *word;
		size_t len;

		if (!first && reader_expect(r, ',') < 0)
			return -1;
		if (reader_word(r, "an argument", &word, &len) < 0)
			return -1;
		a = find_argument(all, count, word, len);
		if (!a)
			return reader_error(r, word, "'%.*s' is no argument here", (int)len, word);
		if (a->given)
			return reader_error(r, word, "'%s' is there twice", a->name);
		if (reader_expect(r, '=') < 0 || read_value(r, a) < 0)
			return -1;
		a->given = true;
	}
	for (int i = 0; i < count; i++)
		if (all[i].needed && !all[i].given)
			return reader_error(r, begin, "'%s' is missing", all[i].name);
	return 0;
}

/* --- curves --------------------------------------------------------------------------------- */

static int read_line(struct parser *p, struct deepcad_curve *c)
{
	struct argument all[] = {{"start", VALUE_POINT, &c->start, true, false},
				 {"end", VALUE_POINT, &c->end, true, false}};

	c->kind = DEEPCAD_LINE;
	return read_arguments(&p->r, all, 2);
}

static int read_arc(struct parser *p, struct deepcad_curve *c, const char *at)
{
	struct vec middle;
	struct argument all[] = {{"start", VALUE_POINT, &c->start, true, false},
				 {"mid", VALUE_POINT, &middle, true, false},
				 {"end", VALUE_POINT, &c->end, true, false}};

	if (read_arguments(&p->r, all, 3) < 0)
		return -1;
	return deepcad_curve_arc(c, middle) == 0
		       ? 0
		       : reader_error(&p->r, at, "an arc whose three points lie in one line");
}

static int read_circle(struct parser *p, struct deepcad_curve *c, const char *at)
{
	struct argument all[] = {{"center", VALUE_POINT, &c->centre, true, false},
				 {"radius", VALUE_REAL, &c->radius, true, false}};

	if (read_arguments(&p->r, all, 2) < 0)
		return -1;
	if (c->radius <= 0)
		return reader_error(&p->r, at, "a radius of %g", c->radius);
	c->kind = DEEPCAD_CIRCLE;
	c->sweep = 2 * M_PI;
	c->start = c->end = vec(c->centre.x - c->radius, c->centre.y);
	return 0;
}

static void to_metres(struct deepcad_curve *c)
{
	c->start = vec_scale(c->start, 1 / MM);
	c->end = vec_scale(c->end, 1 / MM);
	c->centre = vec_scale(c->centre, 1 / MM);
	c->radius /= MM;
}

/* add_line, add_arc or add_circle: the name is read. */
static int read_curve(struct parser *p, const char *at)
{
	struct deepcad_curve *c = &p->curves[p->curve_count];
	const char *word;
	size_t len;
	int rc;

	if (p->curve_count >= DEEPCAD_CURVES_MAX)
		return reader_error(&p->r, at, "more than %d curves", DEEPCAD_CURVES_MAX);
	if (reader_word(&p->r, "a curve", &word, &len) < 0 || reader_expect(&p->r, '(') < 0)
		return -1;
	*c = (struct deepcad_curve){.normal = p->model->sketches[p->model->sketch_count].plane.z};
	if (word_is(word, len, "add_line"))
		rc = read_line(p, c);
	else if (word_is(word, len, "add_arc"))
		rc = read_arc(p, c, at);
	else if (word_is(word, len, "add_circle"))
		rc = read_circle(p, c, at);
	else
		return reader_error(&p->r, word, "'%.*s' is none of add_line, add_arc, add_circle",
				    (int)len, word);
	if (rc < 0)
		return -1;
	to_metres(c);
	if (c->kind != DEEPCAD_CIRCLE && deepcad_distance(c->start, c->end) <= DEEPCAD_LENGTH_MIN)
		return reader_error(&p->r, at, "a curve of no length");
	p->curve_count++;
	return 0;
}

/* --- sketches ------------------------------------------------------------------------------- */

/* How many curves from `first` on are a loop: up to the first that comes back. */
static int loop_length(const struct parser *p, int first)
{
	const struct deepcad_curve *c = &p->curves[first];
	struct vec start = c->start;
	double size = 0;
	int count = 1;

	if (c->kind == DEEPCAD_CIRCLE)
		return 1;
	for (; first + count <= p->curve_count; count++) {
		struct vec end = c[count - 1].end;

		size = max2(size, deepcad_distance(end, start));
		if (count > 1 && deepcad_distance(end, start) <= deepcad_tolerance(size))
			return count;
	}
	return p->curve_count - first;
}

static int make_profile(struct parser *p, struct deepcad_profile *profile)
{
	struct deepcad_fault fault;
	int open;

	profile->loops = ARENA_NEW(p->arena, struct deepcad_loop, p->curve_count);
	for (int at = 0; at < p->curve_count;) {
		struct deepcad_loop *loop = &profile->loops[profile->count++];
		size_t n = (size_t)loop_length(p, at);

		loop->curves = ARENA_NEW(p->arena, struct deepcad_curve, n);
		memcpy(loop->curves, &p->curves[at], n * sizeof(*loop->curves));
		loop->count = (int)n;
		at += (int)n;
		if (deepcad_loop_close(loop, &open) < 0)
			return reader_error(
				&p->r, p->sketch_at, "an open loop: no curve goes on from (%g,%g)",
				loop->curves[open].end.x * MM, loop->curves[open].end.y * MM);
	}
	deepcad_profile_settle(profile);
	if (deepcad_profile_fault(profile, p->arena, &fault))
		return reader_error(&p->r, p->sketch_at, "a sketch with %s", fault.why);
	return 0;
}

static void add_step(struct deepcad_model *m, bool is_feature, int index)
{
	m->steps[m->step_count++] = (struct deepcad_step){is_feature, index};
}

static int finish_sketch(struct parser *p)
{
	struct deepcad_sketch *s = &p->model->sketches[p->model->sketch_count];

	if (!p->is_open)
		return 0;
	p->is_open = false;
	if (p->curve_count > 0) {
		s->profiles = ARENA_NEW(p->arena, struct deepcad_profile, 1);
		s->count = 1;
		s->profiles[0].id = "P";
		if (make_profile(p, &s->profiles[0]) < 0)
			return -1;
	}
	add_step(p->model, false, p->model->sketch_count++);
	return 0;
}

static int make_plane(struct parser *p, struct deepcad_plane *plane, const char *at)
{
	double x = sqrt(vec3_dot(plane->x, plane->x)), z = sqrt(vec3_dot(plane->z, plane->z));

	if (fabs(x - 1) > FRAME_SLACK || fabs(z - 1) > FRAME_SLACK ||
	    fabs(vec3_dot(plane->x, plane->z)) > FRAME_SLACK)
		return reader_error(&p->r, at,
				    "x_axis and normal must be unit vectors at a right angle");
	plane->y = vec3_cross(plane->z, plane->x);
	plane->origin = vec3_sum(1 / MM, plane->origin, 0, plane->origin);
	return 0;
}

static const struct deepcad_sketch *find_sketch(const struct parser *p, const char *word,
						size_t len)
{
	for (int i = 0; i < p->model->sketch_count; i++)
		if (word_is(word, len, p->model->sketches[i].id))
			return &p->model->sketches[i];
	return NULL;
}

/* An error too. */
static bool is_full(struct parser *p, const char *at)
{
	if (p->model->step_count < STEPS_MAX)
		return false;
	reader_error(&p->r, at, "more than %d sketches and features", STEPS_MAX);
	return true;
}

/* NAME = Sketch(...): up to '=' it is read. */
static int read_sketch(struct parser *p, const char *word, size_t len)
{
	struct deepcad_sketch *s = &p->model->sketches[p->model->sketch_count];
	struct deepcad_plane *plane = &s->plane;
	struct argument all[] = {{"origin", VALUE_TRIPLE, &plane->origin, false, false},
				 {"x_axis", VALUE_TRIPLE, &plane->x, false, false},
				 {"normal", VALUE_TRIPLE, &plane->z, false, false}};

	if (is_full(p, word))
		return -1;
	if (find_sketch(p, word, len))
		return reader_error(&p->r, word, "a second sketch '%.*s'", (int)len, word);
	*s = (struct deepcad_sketch){.id = arena_strndup(p->arena, word, len), .name = ""};
	plane->x.x = plane->z.z = 1;
	if (reader_tokens(&p->r, "Sketch(") < 0 || read_arguments(&p->r, all, 3) < 0 ||
	    make_plane(p, plane, word) < 0)
		return -1;
	p->curve_count = 0;
	p->is_open = true;
	p->sketch_at = word;
	return 0;
}

/* NAME.add_...: up to '.' it is read. */
static int read_method(struct parser *p, const char *word, size_t len)
{
	if (p->is_open && word_is(word, len, p->model->sketches[p->model->sketch_count].id))
		return read_curve(p, word);
	return reader_error(&p->r, word, "'%.*s' is not the sketch that was begun last", (int)len,
			    word);
}

/* --- features ------------------------------------------------------------------------------- */

static int read_region(struct parser *p, struct deepcad_feature *e)
{
	const struct deepcad_sketch *s;
	const char *word;
	size_t len;

	if (reader_word(&p->r, "a sketch", &word, &len) < 0)
		return -1;
	s = find_sketch(p, word, len);
	if (!s)
		return reader_error(&p->r, word, "no sketch '%.*s'", (int)len, word);
	if (s->count == 0)
		return reader_error(&p->r, word, "a sketch without curves");
	e->regions[e->count++] = (struct deepcad_region){s, &s->profiles[0]};
	return 0;
}

static int read_regions(struct parser *p, struct deepcad_feature *e)
{
	bool several = reader_accept(&p->r, '[');
	int most = several ? p->model->sketch_count : 1;

	e->regions = ARENA_NEW(p->arena, struct deepcad_region, most + 1);
	do {
		if (e->count > most)
			return reader_expected(&p->r, "]");
		if (read_region(p, e) < 0)
			return -1;
	} while (several && reader_accept(&p->r, ','));
	return several ? reader_expect(&p->r, ']') : 0;
}

static int set_extent(struct parser *p, struct deepcad_feature *e, bool symmetric, bool two_sides,
		      const char *at)
{
	if (symmetric && two_sides)
		return reader_error(&p->r, at, "symmetric and against exclude each other");
	e->extent = symmetric   ? DEEPCAD_SYMMETRIC
		    : two_sides ? DEEPCAD_TWO_SIDES
				: DEEPCAD_ONE_SIDE;
	return 0;
}

/* Lengths and angles of extrudes, as they are written, become those of the model. */
static int set_heights(struct parser *p, struct deepcad_feature *e, const char *at)
{
	double lo, hi;

	e->one /= MM;
	e->two /= MM;
	e->taper_one *= DEGREE;
	e->taper_two *= DEGREE;
	deepcad_heights(e, &lo, &hi);
	if (hi - lo <= DEEPCAD_LENGTH_MIN)
		return reader_error(&p->r, at, "an extrude of no length");
	return 0;
}

/* Extrude(...): the name is read, and the sketches. */
static int read_extrude(struct parser *p, struct deepcad_feature *e, const char *at)
{
	bool symmetric = false;
	struct argument all[] = {{"distance", VALUE_REAL, &e->one, true, false},
				 {"against", VALUE_REAL, &e->two, false, false},
				 {"symmetric", VALUE_FLAG, &symmetric, false, false},
				 {"taper", VALUE_REAL, &e->taper_one, false, false},
				 {"taper_against", VALUE_REAL, &e->taper_two, false, false},
				 {"operation", VALUE_OPERATION, &e->operation, false, false}};

	if (read_arguments(&p->r, all, 6) < 0 || set_extent(p, e, symmetric, all[1].given, at) < 0)
		return -1;
	return set_heights(p, e, at);
}

/* The same of Revolve(...). */
static int read_revolve(struct parser *p, struct deepcad_feature *e, const char *at)
{
	bool symmetric = false;
	struct vec origin = {0, 0}, axis;
	struct argument all[] = {{"axis", VALUE_POINT, &axis, true, false},
				 {"against", VALUE_REAL, &e->two, false, false},
				 {"origin", VALUE_POINT, &origin, false, false},
				 {"angle", VALUE_REAL, &e->one, false, false},
				 {"symmetric", VALUE_FLAG, &symmetric, false, false},
				 {"operation", VALUE_OPERATION, &e->operation, false, false}};
	const char *fault;

	if (read_arguments(&p->r, all, 6) < 0 || set_extent(p, e, symmetric, all[1].given, at) < 0)
		return -1;
	if (!all[3].given && (symmetric || all[1].given))
		return reader_error(&p->r, at, "'angle' is missing");
	e->one = all[3].given ? e->one * DEGREE : 2 * M_PI;
	e->two *= DEGREE;
	e->axis.start = vec_scale(origin, 1 / MM);
	e->axis.end = vec_scale(vec_add(origin, axis), 1 / MM);
	fault = deepcad_revolve_fault(e);
	return fault ? reader_error(&p->r, at, "%s", fault) : 0;
}

/* Extrude(...) or Revolve(...): the name is read. */
static int read_feature(struct parser *p, const char *at, enum deepcad_feature_kind kind)
{
	struct deepcad_model *m = p->model;
	struct deepcad_feature *e = &m->features[m->feature_count];
	struct buf id = {0};

	buf_str(&id, kind == DEEPCAD_REVOLVE ? "R" : "E");
	buf_int(&id, m->feature_count);
	*e = (struct deepcad_feature){
		.kind = kind, .id = arena_strndup(p->arena, id.data, id.len), .name = ""};
	buf_free(&id);
	if (is_full(p, at) || reader_expect(&p->r, '(') < 0 || read_regions(p, e) < 0 ||
	    reader_expect(&p->r, ',') < 0 ||
	    (kind == DEEPCAD_REVOLVE ? read_revolve : read_extrude)(p, e, at) < 0)
		return -1;
	add_step(m, true, m->feature_count++);
	return 0;
}

/* --- programs ------------------------------------------------------------------------------- */

static int read_statement(struct parser *p)
{
	const char *word;
	size_t len;
	int rc;

	if (reader_word(&p->r, "a statement", &word, &len) < 0)
		return -1;
	if (reader_accept(&p->r, '.'))
		rc = read_method(p, word, len);
	else if (finish_sketch(p) < 0)
		rc = -1;
	else if (word_is(word, len, "Extrude"))
		rc = read_feature(p, word, DEEPCAD_EXTRUDE);
	else if (word_is(word, len, "Revolve"))
		rc = read_feature(p, word, DEEPCAD_REVOLVE);
	else if (reader_expect(&p->r, '=') < 0)
		rc = -1;
	else
		rc = read_sketch(p, word, len);
	return rc < 0 ? -1 : reader_line_end(&p->r);
}

/* As many sketches and features as there can be: each has a '('. */
static void make_room(struct parser *p)
{
	size_t most = 1;

	for (const char *c = p->r.begin; c < p->r.end && most <= STEPS_MAX; c++)
		most += *c == '(';
	p->model->sketches = ARENA_NEW(p->arena, struct deepcad_sketch, most);
	p->model->features = ARENA_NEW(p->arena, struct deepcad_feature, most);
	p->model->steps = ARENA_NEW(p->arena, struct deepcad_step, most);
}

int cad_code_parse(struct deepcad_model *model, const char *name, const char *text, size_t len,
		   struct arena *arena, struct err *err)
{
	struct parser p = {reader_begin(name, text, len, err), model, arena, NULL, 0, false, NULL};
	int rc = 0;

	if (len > DEEPCAD_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "%s: more than %zu bytes", name, DEEPCAD_BYTES_MAX);
	*model = (struct deepcad_model){0};
	make_room(&p);
	p.curves = mem_alloc(DEEPCAD_CURVES_MAX, sizeof(*p.curves));
	while (rc == 0 && !reader_at_end(&p.r))
		rc = read_statement(&p);
	if (rc == 0)
		rc = finish_sketch(&p);
	free(p.curves);
	if (rc == 0 && model->feature_count == 0)
		rc = reader_error(&p.r, p.r.end, "a solid without an extrude or a revolve");
	return rc;
}
