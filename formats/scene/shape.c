/* SPDX-License-Identifier: MIT */
/*
 * Tables, validity and order of the primitives.
 *
 * Everything by name comes from the two X-macros of shape.h; the lists of parameters, written there
 * as strings, are turned into arrays and bit masks once (pthread_once). Validity is decided in
 * integers: coordinates reach 1e7 um, so differences stay below 2^25 and the sum of two products of
 * them below 2^51, far from the end of int64_t. Whether two pieces of a polyline meet is the
 * orientation test of O'Rourke 1998, "Computational Geometry in C", section 1.5.
 */
#include <config.h>

#include "formats/scene/shape.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[SHAPE_COUNT_] = {
#define S(id, name, families, params, about) name,
	SHAPE_KINDS(S)
#undef S
};

static const char *const kind_param_text[SHAPE_COUNT_] = {
#define S(id, name, families, params, about) params,
	SHAPE_KINDS(S)
#undef S
};

static const char *const kind_families[SHAPE_COUNT_] = {
#define S(id, name, families, params, about) families,
	SHAPE_KINDS(S)
#undef S
};

static const char *const families[FAMILY_COUNT_] = {
#define F(id, name) name,
	SHAPE_FAMILIES(F)
#undef F
};

static const struct {
	const char *name;
	enum param_kind kind;
	int64_t lo, hi;
} param_table[PARAM_COUNT_] = {
#define P(id, name, kind, lo, hi) {name, KIND_##kind, lo, hi},
	SHAPE_PARAMS(P)
#undef P
};

static struct {
	int count;
	uint64_t mask; /* bit p: the kind has parameter p */
	enum param list[PARAM_COUNT_];
} kind_params[SHAPE_COUNT_];

static pthread_once_t kind_params_once = PTHREAD_ONCE_INIT;

static_assert(PARAM_COUNT_ <= 64, "masks of parameters are 64 bits");

static void read_kind_params(int kind)
{
	const char *s = kind_param_text[kind];

	while (*s) {
		size_t n = strcspn(s, " ");
		enum param param = PARAM_COUNT_;
		int found = param_from_name(s, n, &param);

		assert(found == 0);
		(void)found;
		kind_params[kind].list[kind_params[kind].count++] = param;
		kind_params[kind].mask |= UINT64_C(1) << param;
		s += n + (s[n] == ' ');
	}
}

static void read_all_kind_params(void)
{
	for (int kind = 0; kind < SHAPE_COUNT_; kind++)
		read_kind_params(kind);
}

static bool name_is(const char *name, const char *s, size_t len)
{
	return strlen(name) == len && memcmp(name, s, len) == 0;
}

const char *const unit_names[UNIT_COUNT_ + 1] = {"mm", "inch", NULL};

const char *unit_name(enum unit unit)
{
	return unit_names[unit];
}

int unit_from_name(const char *name, size_t len, enum unit *unit)
{
	for (int u = 0; u < UNIT_COUNT_; u++) {
		if (name_is(unit_names[u], name, len)) {
			*unit = (enum unit)u;
			return 0;
		}
	}
	return -1;
}

double unit_mm(enum unit unit)
{
	return unit == UNIT_INCH ? 25.4 : 1;
}

const char *shape_kind_name(enum shape_kind kind)
{
	return kind_names[kind];
}

int shape_kind_from_name(const char *name, size_t len, enum shape_kind *kind)
{
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		if (name_is(kind_names[k], name, len)) {
			*kind = (enum shape_kind)k;
			return 0;
		}
	}
	return -1;
}

const char *param_name(enum param param)
{
	return param_table[param].name;
}

int param_from_name(const char *name, size_t len, enum param *param)
{
	for (int p = 0; p < PARAM_COUNT_; p++) {
		if (name_is(param_table[p].name, name, len)) {
			*param = (enum param)p;
			return 0;
		}
	}
	return -1;
}

enum param_kind param_kind(enum param param)
{
	return param_table[param].kind;
}

void param_bounds(enum param param, int64_t *lo, int64_t *hi)
{
	*lo = param_table[param].lo;
	*hi = param_table[param].hi;
}

int shape_params(enum shape_kind kind, enum param out[PARAM_COUNT_])
{
	pthread_once(&kind_params_once, read_all_kind_params);
	memcpy(out, kind_params[kind].list, sizeof(kind_params[kind].list));
	return kind_params[kind].count;
}

static uint64_t kind_mask(enum shape_kind kind)
{
	pthread_once(&kind_params_once, read_all_kind_params);
	return kind_params[kind].mask;
}

bool shape_has_param(enum shape_kind kind, enum param param)
{
	return kind_mask(kind) >> param & 1;
}

bool shape_is_of_family(enum shape_kind kind, enum family family)
{
	const char *s = kind_families[kind];

	while (*s) {
		size_t n = strcspn(s, " ");

		if (name_is(families[family], s, n))
			return true;
		s += n + (s[n] == ' ');
	}
	return false;
}

bool param_is_optional(enum param param)
{
	return param == PARAM_ANGLE || param == PARAM_PITCH || param == PARAM_DX ||
	       param == PARAM_DY;
}

bool shape_lacks_param(enum shape_kind kind, uint64_t given, enum param *missing)
{
	enum param params[PARAM_COUNT_];
	int n = shape_params(kind, params);

	for (int i = 0; i < n; i++) {
		if (!(given >> params[i] & 1) && !param_is_optional(params[i])) {
			*missing = params[i];
			return true;
		}
	}
	return false;
}

/* A stored value as the unit that labels print: %.10g writes every value in bounds exactly. */
static double printed(enum param_kind kind, int64_t v)
{
	return kind == KIND_COUNT ? (double)v : (double)v / 1000.0;
}

static int check_range(const struct shape *shape, const char *label, enum param_kind kind,
		       int64_t v, int64_t lo, int64_t hi, struct err *err)
{
	if (v >= lo && v <= hi)
		return 0;
	return err_set(err, ERR_FORMAT, "%s: %s is %.10g; allowed %.10g to %.10g",
		       kind_names[shape->kind], label, printed(kind, v), printed(kind, lo),
		       printed(kind, hi));
}

static int check_value(const struct shape *shape, enum param param, struct err *err)
{
	char label[32] = "'";
	int64_t lo, hi;

	strcat(strcat(label, param_name(param)), "'");
	param_bounds(param, &lo, &hi);
	return check_range(shape, label, param_kind(param), shape->value[param], lo, hi, err);
}

/* Twice the signed area of abc: > 0 where abc turns left. */
static int64_t turn(struct point a, struct point b, struct point c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* c lies on the line through a and b: whether it lies between them. */
static bool between(struct point a, struct point b, struct point c)
{
	if (a.x != b.x)
		return (a.x <= c.x && c.x <= b.x) || (b.x <= c.x && c.x <= a.x);
	return (a.y <= c.y && c.y <= b.y) || (b.y <= c.y && c.y <= a.y);
}

static int sign(int64_t v)
{
	return (v > 0) - (v < 0);
}

/* Whether the closed pieces ab and cd share a point; touching counts. */
static bool pieces_meet(struct point a, struct point b, struct point c, struct point d)
{
	int abc = sign(turn(a, b, c)), abd = sign(turn(a, b, d));
	int cda = sign(turn(c, d, a)), cdb = sign(turn(c, d, b));

	if (abc * abd < 0 && cda * cdb < 0)
		return true;
	return (abc == 0 && between(a, b, c)) || (abd == 0 && between(a, b, d)) ||
	       (cda == 0 && between(c, d, a)) || (cdb == 0 && between(c, d, b));
}

static int check_point_values(const struct shape *shape, struct err *err)
{
	int64_t lo, hi;

	param_bounds(PARAM_POINTS, &lo, &hi);
	for (int i = 0; i < shape->point_count; i++) {
		char label[32];

		snprintf(label, sizeof(label), "x of 'points[%d]'", i);
		if (check_range(shape, label, KIND_COORD, shape->points[i].x, lo, hi, err) < 0)
			return -1;
		label[0] = 'y';
		if (check_range(shape, label, KIND_COORD, shape->points[i].y, lo, hi, err) < 0)
			return -1;
	}
	return 0;
}

static int check_distinct(const struct shape *shape, struct err *err)
{
	const struct point *p = shape->points;

	for (int i = 0; i < shape->point_count; i++)
		for (int j = 0; j < i; j++)
			if (p[i].x == p[j].x && p[i].y == p[j].y)
				return err_set(err, ERR_FORMAT,
					       "%s: 'points[%d]' and 'points[%d]' are the same",
					       kind_names[shape->kind], j, i);
	return 0;
}

static int check_triangle(const struct shape *shape, struct err *err)
{
	const struct point *p = shape->points;

	if (turn(p[0], p[1], p[2]) > 0)
		return 0;
	return err_set(err, ERR_FORMAT,
		       "triangle: 'points' must go counter-clockwise and not lie in one line");
}

static int check_polyline(const struct shape *shape, struct err *err)
{
	const struct point *p = shape->points;
	int pieces = shape->point_count - 1;

	for (int i = 1; i < pieces; i++)
		if (turn(p[i - 1], p[i], p[i + 1]) == 0)
			return err_set(err, ERR_FORMAT,
				       "polyline: the pieces at 'points[%d]' lie in one line", i);
	for (int i = 2; i < pieces; i++)
		for (int j = 0; j < i - 1; j++)
			if (pieces_meet(p[i], p[i + 1], p[j], p[j + 1]))
				return err_set(err, ERR_FORMAT,
					       "polyline: the pieces after 'points[%d]' and "
					       "'points[%d]' meet; it must not cross itself",
					       j, i);
	return 0;
}

/* Twice the signed area. */
static int64_t area(const struct shape *shape)
{
	const struct point *p = shape->points;
	int64_t sum = 0;

	for (int i = 1; i + 1 < shape->point_count; i++)
		sum += turn(p[0], p[i], p[i + 1]);
	return sum;
}

static int check_profile(const struct shape *shape, struct err *err)
{
	const struct point *p = shape->points;
	int n = shape->point_count;

	for (int i = 0; i < n; i++)
		if (turn(p[(i + n - 1) % n], p[i], p[(i + 1) % n]) == 0)
			return err_set(err, ERR_FORMAT,
				       "profile: the edges at 'points[%d]' lie in one line", i);
	for (int i = 2; i < n; i++)
		for (int j = 0; j < i - 1; j++)
			if (!(j == 0 && i == n - 1) &&
			    pieces_meet(p[i], p[(i + 1) % n], p[j], p[j + 1]))
				return err_set(err, ERR_FORMAT,
					       "profile: the edges after 'points[%d]' and "
					       "'points[%d]' meet; it must not cross itself",
					       j, i);
	if (area(shape) < 0)
		return err_set(err, ERR_FORMAT, "profile: 'points' must go counter-clockwise");
	return 0;
}

static int check_points(const struct shape *shape, struct err *err)
{
	bool triangle = shape->kind == SHAPE_TRIANGLE, polyline = shape->kind == SHAPE_POLYLINE;
	int count = shape->point_count;
	int most = polyline ? POLYLINE_POINTS_MAX : SHAPE_POINTS_MAX;

	if (triangle && count != 3)
		return err_set(err, ERR_FORMAT, "triangle: 'points' has %d points; allowed 3",
			       count);
	if (count < 3 || count > most)
		return err_set(err, ERR_FORMAT, "%s: 'points' has %d points; allowed 3 to %d",
			       kind_names[shape->kind], count, most);
	if (check_point_values(shape, err) < 0 || check_distinct(shape, err) < 0)
		return -1;
	if (triangle)
		return check_triangle(shape, err);
	return polyline ? check_polyline(shape, err) : check_profile(shape, err);
}

static int check_corner_radius(const struct shape *shape, struct err *err)
{
	int64_t width = shape->value[PARAM_WIDTH], height = shape->value[PARAM_HEIGHT];
	int64_t shorter = width < height ? width : height;

	if (2 * shape->value[PARAM_R] <= shorter)
		return 0;
	return err_set(err, ERR_FORMAT,
		       "%s: 'r' is %.10g; allowed 0.001 to %.10g, half the shorter side",
		       kind_names[shape->kind], printed(KIND_LENGTH, shape->value[PARAM_R]),
		       (double)shorter / 2000.0);
}

static int check_wider(const struct shape *shape, enum param wide, enum param narrow,
		       struct err *err)
{
	if (shape->value[wide] > shape->value[narrow])
		return 0;
	return err_set(err, ERR_FORMAT, "%s: '%s' is %.10g; allowed more than '%s', %.10g",
		       kind_names[shape->kind], param_name(wide),
		       printed(KIND_LENGTH, shape->value[wide]), param_name(narrow),
		       printed(KIND_LENGTH, shape->value[narrow]));
}

/* Neighbours lie apart along the sides that have several holes; a single row or column has no
 * distance. */
static int check_pitch(const struct shape *shape, enum param count, enum param pitch,
		       struct err *err)
{
	int64_t n = shape->value[count], v = shape->value[pitch];

	if (n == 1 ? v == 0 : v > shape->value[PARAM_D])
		return 0;
	return err_set(err, ERR_FORMAT, "%s: '%s' is %.10g with '%s' %d; allowed %s",
		       kind_names[shape->kind], param_name(pitch), printed(KIND_LENGTH, v),
		       param_name(count), (int)n, n == 1 ? "0" : "more than 'd'");
}

static int check_grid(const struct shape *shape, struct err *err)
{
	if (shape->value[PARAM_COLUMNS] * shape->value[PARAM_ROWS] < 2)
		return err_set(err, ERR_FORMAT, "hole_grid: one hole; allowed 2 or more");
	if (check_pitch(shape, PARAM_COLUMNS, PARAM_DX, err) < 0)
		return -1;
	return check_pitch(shape, PARAM_ROWS, PARAM_DY, err);
}

static int check_hole_circle(const struct shape *shape, struct err *err)
{
	int64_t count = shape->value[PARAM_COUNT], start = shape->value[PARAM_START];

	if (start * count >= 360000)
		return err_set(err, ERR_FORMAT,
			       "hole_circle: 'start' is %.10g; allowed 0 to below 360/count, %.10g",
			       printed(KIND_ANGLE, start), 360.0 / (double)count);
	return check_wider(shape, PARAM_PCD, PARAM_D, err);
}

int shape_check(const struct shape *shape, struct err *err)
{
	assert((unsigned)shape->kind < SHAPE_COUNT_);
	for (int p = 0; p < PARAM_COUNT_; p++) {
		if (p == PARAM_POINTS || !shape_has_param(shape->kind, (enum param)p))
			assert(shape->value[p] == 0);
		else if (check_value(shape, (enum param)p, err) < 0)
			return -1;
	}
	if (shape_has_param(shape->kind, PARAM_POINTS))
		return check_points(shape, err);
	assert(shape->point_count == 0);
	switch (shape->kind) {
	case SHAPE_ROUNDED_RECTANGLE:
		return check_corner_radius(shape, err);
	case SHAPE_COUNTERBORE:
		return check_wider(shape, PARAM_CBORE_D, PARAM_D, err);
	case SHAPE_HOLE_GRID:
		return check_grid(shape, err);
	case SHAPE_HOLE_CIRCLE:
		return check_hole_circle(shape, err);
	case SHAPE_KEYWAY:
		return check_wider(shape, PARAM_LENGTH, PARAM_WIDTH, err);
	default:
		return 0;
	}
}

struct point shape_anchor(const struct shape *shape)
{
	if (shape_has_param(shape->kind, PARAM_POINTS))
		return shape->points[0];
	return (struct point){shape->value[PARAM_X], shape->value[PARAM_Y]};
}

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_points(struct point a, struct point b)
{
	int c = compare(a.x, b.x);

	return c ? c : compare(a.y, b.y);
}

int shape_compare(const struct shape *a, const struct shape *b)
{
	int c = compare_points(shape_anchor(a), shape_anchor(b));

	if (c)
		return c;
	if (a->kind != b->kind)
		return compare(a->kind, b->kind);
	for (int p = 0; p < PARAM_COUNT_; p++) {
		c = compare(a->value[p], b->value[p]);
		if (c)
			return c;
	}
	if (a->point_count != b->point_count)
		return compare(a->point_count, b->point_count);
	for (int i = 0; i < a->point_count; i++) {
		c = compare_points(a->points[i], b->points[i]);
		if (c)
			return c;
	}
	return 0;
}
