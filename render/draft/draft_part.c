/* SPDX-License-Identifier: MIT */
/*
 * A part's traits are bits; each name says which it needs and which it excludes.
 */
#include <config.h>

#include <math.h>

#include "formats/scene/cabinet.h"
#include "formats/scene/plate.h"
#include "formats/scene/turned.h"
#include "formats/solid/part.h"
#include "formats/solid/volume.h"
#include "render/draft/draft_part.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))

#define PLATE (1u << FAMILY_PLATE)
#define TURNED (1u << FAMILY_TURNED)
#define CABINET (1u << FAMILY_CABINET)

#define LONG_RATIO 2.0
#define THICK_SHARE 0.14
#define THIN_MM 3.0
#define SLENDER_RATIO 1.3
#define FLAT_RATIO 0.7
#define MM3_PER_DM3 1e6

/* Of plates; LONG, THICK and THIN by the numbers above. */
#define TRAIT_DISC (1u << 0)
#define TRAIT_HOLES (1u << 1)
#define TRAIT_MANY (1u << 2) /* four or more of them */
#define TRAIT_SLOTS (1u << 3)
#define TRAIT_LONG (1u << 4)
#define TRAIT_THICK (1u << 5)
#define TRAIT_THIN (1u << 6)
#define TRAIT_SLOPED (1u << 7)
#define TRAIT_NOTCHES_1 (1u << 8) /* an L */
#define TRAIT_NOTCHES_2 (1u << 9) /* a U or a T */
#define TRAIT_CENTRAL (1u << 10)  /* a hole in a disc's middle */

/* Of turned parts; SLENDER and FLAT by their length over the greatest diameter. */
#define TRAIT_BORED (1u << 11) /* right through */
#define TRAIT_BLIND (1u << 12)
#define TRAIT_SLENDER (1u << 13)
#define TRAIT_FLAT (1u << 14)
#define TRAIT_STEPPED (1u << 15)
#define TRAIT_THREADED (1u << 16)
#define TRAIT_KEYED (1u << 17)

/* Of cabinets; TALL: twice as high as wide; LOW: less high than wide. */
#define TRAIT_DOORS (1u << 18)
#define TRAIT_DRAWERS (1u << 19)
#define TRAIT_SHELVES (1u << 20)
#define TRAIT_TALL (1u << 21)
#define TRAIT_LOW (1u << 22)

#define TRAIT_SOFT (1u << 23) /* no metal */

/* Of solids that are no plates: none of their sides is THICK_SHARE of the longest or less. */
#define TRAIT_SOLID (1u << 24)

static const struct part_word {
	const char *names[2]; /* English, Russian */
	unsigned families, needs, bars;
} words[] = {
	{{"PLATE", "Пластина"}, PLATE, 0, TRAIT_DISC | TRAIT_SOLID},
	{{"BRACKET", "Кронштейн"}, PLATE, TRAIT_HOLES, TRAIT_DISC},
	{{"COVER", "Крышка"}, PLATE, TRAIT_MANY, 0},
	{{"BASE PLATE", "Плита опорная"}, PLATE, TRAIT_MANY, TRAIT_DISC | TRAIT_THIN},
	{{"MOUNTING PLATE", "Плита монтажная"}, PLATE, TRAIT_MANY, TRAIT_DISC},
	{{"SUPPORT", "Опора"}, PLATE, TRAIT_HOLES, TRAIT_DISC | TRAIT_THIN},
	{{"CLAMP", "Прижим"}, PLATE, TRAIT_SLOTS, TRAIT_DISC | TRAIT_THIN},
	{{"SPACER", "Проставка"}, PLATE, TRAIT_HOLES, TRAIT_NOTCHES_1 | TRAIT_NOTCHES_2},
	{{"GASKET", "Прокладка"}, PLATE, TRAIT_HOLES | TRAIT_THIN | TRAIT_SOFT, 0},
	{{"GUIDE RAIL", "Направляющая"},
	 PLATE,
	 TRAIT_LONG | TRAIT_HOLES,
	 TRAIT_DISC | TRAIT_THIN | TRAIT_NOTCHES_1 | TRAIT_NOTCHES_2},
	{{"LINK", "Тяга"}, PLATE, TRAIT_LONG | TRAIT_HOLES, TRAIT_DISC | TRAIT_NOTCHES_2},
	{{"LEVER", "Рычаг"}, PLATE, TRAIT_LONG | TRAIT_HOLES, TRAIT_DISC},
	{{"STRAP", "Планка"},
	 PLATE,
	 TRAIT_LONG,
	 TRAIT_DISC | TRAIT_NOTCHES_1 | TRAIT_NOTCHES_2 | TRAIT_THICK},
	{{"FORK", "Вилка"}, PLATE, TRAIT_NOTCHES_2, TRAIT_DISC | TRAIT_SLOPED},
	{{"ANGLE", "Уголок"}, PLATE, TRAIT_NOTCHES_1, TRAIT_DISC | TRAIT_SLOPED},
	{{"WEDGE", "Клин"},
	 PLATE,
	 TRAIT_SLOPED | TRAIT_THICK,
	 TRAIT_DISC | TRAIT_NOTCHES_1 | TRAIT_NOTCHES_2},
	{{"BLOCK", "Колодка"}, PLATE, TRAIT_THICK, TRAIT_DISC},
	{{"STOP", "Упор"}, PLATE, TRAIT_THICK, TRAIT_DISC | TRAIT_MANY},
	{{"DRILL JIG", "Кондуктор"}, PLATE, TRAIT_MANY, TRAIT_SOFT | TRAIT_THIN},
	{{"GUSSET", "Косынка"}, PLATE, TRAIT_SLOPED, TRAIT_DISC | TRAIT_SOFT | TRAIT_SLOTS},
	{{"HOUSING", "Корпус"}, PLATE, TRAIT_SOLID | TRAIT_HOLES, 0},
	{{"BEARING BLOCK", "Корпус подшипника"}, PLATE, TRAIT_SOLID | TRAIT_HOLES, TRAIT_SOFT},
	{{"MOUNT", "Стойка"}, PLATE, TRAIT_SOLID, 0},
	{{"CARRIER", "Каретка"}, PLATE, TRAIT_SOLID, 0},
	{{"HOLDER", "Держатель"}, PLATE, TRAIT_SOLID, 0},
	{{"BODY", "Корпус"}, PLATE, TRAIT_SOLID, 0},
	{{"FLANGE", "Фланец"}, PLATE, TRAIT_DISC | TRAIT_MANY, 0},
	{{"DISC", "Диск"}, PLATE, TRAIT_DISC, 0},
	{{"WASHER", "Шайба"}, PLATE, TRAIT_DISC | TRAIT_CENTRAL, TRAIT_MANY},

	{{"SHAFT", "Вал"}, TURNED, TRAIT_SLENDER | TRAIT_STEPPED, TRAIT_BORED},
	{{"DRIVE SHAFT", "Вал приводной"}, TURNED, TRAIT_SLENDER | TRAIT_KEYED, TRAIT_BORED},
	{{"SPINDLE", "Шпиндель"}, TURNED, TRAIT_SLENDER | TRAIT_STEPPED | TRAIT_BLIND, 0},
	{{"AXLE", "Ось"}, TURNED, TRAIT_SLENDER, TRAIT_BORED | TRAIT_BLIND | TRAIT_KEYED},
	{{"PIN", "Палец"},
	 TURNED,
	 TRAIT_SLENDER,
	 TRAIT_BORED | TRAIT_BLIND | TRAIT_KEYED | TRAIT_THREADED},
	{{"STUD", "Шпилька"},
	 TURNED,
	 TRAIT_SLENDER | TRAIT_THREADED,
	 TRAIT_BORED | TRAIT_BLIND | TRAIT_KEYED},
	{{"STUB SHAFT", "Цапфа"}, TURNED, TRAIT_STEPPED, TRAIT_BORED | TRAIT_BLIND | TRAIT_FLAT},
	{{"PLUG", "Пробка"}, TURNED, 0, TRAIT_BORED | TRAIT_SLENDER | TRAIT_KEYED},
	{{"BUSHING", "Втулка"}, TURNED, TRAIT_BORED, TRAIT_FLAT | TRAIT_THREADED},
	{{"SLEEVE", "Гильза"}, TURNED, TRAIT_BORED | TRAIT_SLENDER, 0},
	{{"SPACER", "Втулка распорная"}, TURNED, TRAIT_BORED, TRAIT_STEPPED | TRAIT_THREADED},
	{{"RING", "Кольцо"}, TURNED, TRAIT_BORED | TRAIT_FLAT, TRAIT_STEPPED | TRAIT_THREADED},
	{{"FLANGE", "Фланец"}, TURNED, TRAIT_BORED | TRAIT_FLAT | TRAIT_STEPPED, 0},
	{{"HUB", "Ступица"}, TURNED, TRAIT_BORED | TRAIT_STEPPED, TRAIT_SLENDER},
	{{"ADAPTER", "Переходник"}, TURNED, TRAIT_BORED | TRAIT_STEPPED, 0},
	{{"NIPPLE", "Штуцер"}, TURNED, TRAIT_BORED | TRAIT_THREADED, TRAIT_FLAT},
	{{"END CAP", "Заглушка"}, TURNED, TRAIT_BLIND, TRAIT_SLENDER | TRAIT_KEYED},
	{{"BEARING CAP", "Крышка подшипника"},
	 TURNED,
	 TRAIT_BLIND | TRAIT_STEPPED,
	 TRAIT_SLENDER | TRAIT_KEYED | TRAIT_THREADED},
	{{"CUP", "Стакан"}, TURNED, TRAIT_BLIND, TRAIT_SLENDER | TRAIT_KEYED},
	{{"HOLDER", "Держатель"}, TURNED, TRAIT_BLIND, 0},

	{{"CABINET", "Шкаф"}, CABINET, TRAIT_DOORS, 0},
	{{"WARDROBE", "Шкаф платяной"}, CABINET, TRAIT_DOORS | TRAIT_TALL, 0},
	{{"SIDEBOARD", "Тумба"}, CABINET, TRAIT_LOW, 0},
	{{"BOOKCASE", "Стеллаж"}, CABINET, TRAIT_SHELVES, TRAIT_DOORS | TRAIT_DRAWERS},
	{{"SHELF UNIT", "Полка"}, CABINET, 0, TRAIT_DOORS | TRAIT_DRAWERS},
	{{"BASE UNIT", "Стол"}, CABINET, TRAIT_LOW, 0},
	{{"TALL UNIT", "Пенал"}, CABINET, TRAIT_TALL, 0},
	{{"DRESSER", "Комод"}, CABINET, TRAIT_DRAWERS, TRAIT_TALL | TRAIT_DOORS},
};

/* Where none of them fits. */
static const char *const plain_words[FAMILY_COUNT_][2] = {
	[FAMILY_PLATE] = {"PLATE", "Пластина"},
	[FAMILY_TURNED] = {"TURNED PART", "Деталь"},
	[FAMILY_CABINET] = {"STORAGE UNIT", "Секция"},
};

static double unit_of(int64_t thousandths)
{
	return (double)thousandths / 1000;
}

/* Corners of the outline that point inwards, and whether an edge is neither level nor upright. */
static unsigned traits_of_profile(const struct shape *s)
{
	unsigned traits = 0;
	int notches = 0;

	for (int i = 0; i < s->point_count; i++) {
		const struct point *p = &s->points[i], *q = &s->points[(i + 1) % s->point_count];
		const struct point *r = &s->points[(i + 2) % s->point_count];
		struct vec a = {unit_of(q->x - p->x), unit_of(q->y - p->y)};
		struct vec b = {unit_of(r->x - q->x), unit_of(r->y - q->y)};

		if (a.x != 0 && a.y != 0)
			traits |= TRAIT_SLOPED;
		notches += vec_cross(a, b) < 0;
	}
	return traits | (notches == 1 ? TRAIT_NOTCHES_1 : notches > 1 ? TRAIT_NOTCHES_2 : 0);
}

static bool is_central(const struct shape *disc, const struct shape *hole)
{
	return hole->kind == SHAPE_HOLE && disc->value[PARAM_X] == hole->value[PARAM_X] &&
	       disc->value[PARAM_Y] == hole->value[PARAM_Y];
}

static unsigned traits_of_plate(const struct scene *scene)
{
	const struct shape *body = &scene->shapes[plate_body(scene)];
	struct plate_box box = plate_box(scene);
	double w = unit_of(box.x1 - box.x0), h = unit_of(box.y1 - box.y0);
	double t = unit_of(body->value[PARAM_THICKNESS]);
	unsigned traits = body->kind == SHAPE_DISC ? TRAIT_DISC : traits_of_profile(body);
	int holes = 0;

	for (int i = 0; i < scene->shape_count; i++) {
		const struct shape *s = &scene->shapes[i];

		holes += plate_hole_count(s);
		if (s->kind == SHAPE_SLOT)
			traits |= TRAIT_SLOTS;
		if (body->kind == SHAPE_DISC && is_central(body, s))
			traits |= TRAIT_CENTRAL;
	}
	if (max2(w, h) > LONG_RATIO * min2(w, h))
		traits |= TRAIT_LONG;
	if (t > THICK_SHARE * min2(w, h))
		traits |= TRAIT_THICK;
	if (t * unit_mm(scene->unit) <= THIN_MM)
		traits |= TRAIT_THIN;
	return traits | (holes > 0 ? TRAIT_HOLES : 0) | (holes > 3 ? TRAIT_MANY : 0);
}

static unsigned traits_of_turned(const struct scene *scene)
{
	struct turned part;
	bool left, right;
	double d, length;
	unsigned traits = 0;
	int steps = 0;

	turned_from_scene(&part, scene);
	d = unit_of(turned_widest(&part));
	length = unit_of(part.length);
	left = turned_mouth(&part, 0) > 0;
	right = turned_mouth(&part, 1) > 0;
	for (int i = 0; i < scene->shape_count; i++) {
		enum shape_kind kind = scene->shapes[i].kind;

		steps += kind == SHAPE_CYLINDER || kind == SHAPE_CONE;
		traits |= kind == SHAPE_THREAD ? TRAIT_THREADED : 0;
		traits |= kind == SHAPE_KEYWAY ? TRAIT_KEYED : 0;
	}
	if (left && right)
		traits |= TRAIT_BORED;
	else if (left || right)
		traits |= TRAIT_BLIND;
	traits |= length > SLENDER_RATIO * d ? TRAIT_SLENDER : 0;
	traits |= length <= FLAT_RATIO * d ? TRAIT_FLAT : 0;
	return traits | (steps > 1 ? TRAIT_STEPPED : 0);
}

static unsigned traits_of_cabinet(const struct scene *scene)
{
	struct cabinet c = cabinet_from_shapes(scene->shapes, scene->shape_count);
	const int64_t *v = scene->shapes[c.carcass].value;
	unsigned traits = 0;

	for (int i = 0; i < scene->shape_count; i++) {
		enum shape_kind kind = scene->shapes[i].kind;

		traits |= kind == SHAPE_DOOR_LEFT || kind == SHAPE_DOOR_RIGHT ? TRAIT_DOORS : 0;
		traits |= kind == SHAPE_DRAWERS ? TRAIT_DRAWERS : 0;
		traits |= kind == SHAPE_SHELVES ? TRAIT_SHELVES : 0;
	}
	traits |= v[PARAM_H] > 2 * v[PARAM_W] ? TRAIT_TALL : 0;
	return traits | (v[PARAM_H] < v[PARAM_W] ? TRAIT_LOW : 0);
}

static unsigned traits_of_bores(const struct part *part, int axis)
{
	double lo = vec3_at(part->lo, axis), hi = vec3_at(part->hi, axis), length = 0;
	bool opens = false;

	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *r = &part->rounds[i];
		double at = vec3_at(r->base, axis);

		if (!r->hollow || !part_is_central(part, r, axis))
			continue;
		opens |= part_is_same(at, lo) || part_is_same(at + r->length, hi);
		length += r->length;
	}
	if (length > hi - lo - PART_SAME_MM)
		return TRAIT_BORED;
	return opens ? TRAIT_BLIND : 0;
}

static unsigned traits_of_turned_solid(const struct part *part, int axis)
{
	double length = vec3_at(part->hi, axis) - vec3_at(part->lo, axis);
	double d = vec3_at(part->hi, (axis + 1) % 3) - vec3_at(part->lo, (axis + 1) % 3);
	unsigned traits = traits_of_bores(part, axis);

	for (int i = 0; i < part->round_count; i++) {
		const struct part_round *r = &part->rounds[i];

		if (part_is_outside(r) && part_is_central(part, r, axis) && !part_is_cone(r) &&
		    !part_is_same(2 * r->radius, d))
			traits |= TRAIT_STEPPED;
	}
	traits |= length > SLENDER_RATIO * d ? TRAIT_SLENDER : 0;
	return traits | (length <= FLAT_RATIO * d ? TRAIT_FLAT : 0);
}

static unsigned traits_of_solid(const struct part *part)
{
	struct vec3 size = vec3_sum(1, part->hi, -1, part->lo);
	double longest = fmax(size.x, fmax(size.y, size.z));
	double shortest = fmin(size.x, fmin(size.y, size.z));
	unsigned traits = 0;
	int holes = 0;

	for (int i = 0; i < part->round_count; i++)
		holes += part->rounds[i].hollow && part_is_whole(&part->rounds[i]);
	traits |= holes > 0 ? TRAIT_HOLES : 0;
	traits |= holes >= 4 ? TRAIT_MANY : 0;
	traits |= shortest <= THIN_MM ? TRAIT_THIN : 0;
	return traits | (shortest > THICK_SHARE * longest ? TRAIT_SOLID | TRAIT_THICK : 0);
}

/* Solids are called as plates are, but those of a lathe. */
static unsigned traits_of_part(const struct part *part, enum family *family)
{
	int axis = part_turned_axis(part);

	*family = axis < 0 ? FAMILY_PLATE : FAMILY_TURNED;
	return axis < 0 ? traits_of_solid(part) : traits_of_turned_solid(part, axis);
}

static unsigned traits_of(const struct scene *scene, enum family *family)
{
	*family = scene->family;
	if (scene->part)
		return traits_of_part(scene->part, family);
	switch (scene->family) {
	case FAMILY_PLATE:
		return traits_of_plate(scene);
	case FAMILY_TURNED:
		return traits_of_turned(scene);
	case FAMILY_CABINET:
		return traits_of_cabinet(scene);
	case FAMILY_SHAPES:
	case FAMILY_COUNT_:
		break;
	}
	return 0;
}

struct part_facts part_from_scene(const struct scene *scene, enum custom custom, struct rng *rng,
				  struct arena *arena)
{
	enum family family;
	unsigned traits = traits_of(scene, &family);
	struct part_facts part = {
		.family = family, .traits = traits, .material = material_pick(family, custom, rng)};

	if (!part.material)
		return part;
	if (!(part.material->kind & MATERIAL_METALS))
		part.traits |= TRAIT_SOFT;
	part.mass_kg = scene_volume(scene, arena) * pow(unit_mm(scene->unit), 3) *
		       part.material->density / MM3_PER_DM3;
	return part;
}

static bool fits(const struct part_word *word, const struct part_facts *part)
{
	if (part->family == FAMILY_SHAPES)
		return true;
	return word->families & 1u << part->family && (part->traits & word->needs) == word->needs &&
	       !(part->traits & word->bars);
}

const char *part_name(const struct part_facts *part, bool russian, struct rng *rng)
{
	uint32_t dice = rng_below(rng, UINT32_MAX);
	int count = 0, wanted;

	for (int i = 0; i < COUNT(words); i++)
		count += fits(&words[i], part);
	wanted = count > 0 ? (int)(dice % (uint32_t)count) : -1;
	for (int i = 0; i < COUNT(words); i++)
		if (fits(&words[i], part) && wanted-- == 0)
			return words[i].names[russian];
	return plain_words[part->family][russian];
}
