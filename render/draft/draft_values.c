/* SPDX-License-Identifier: MIT */
/*
 * Tables of values, one set for each custom: what ISO drawings of European firms, ASME drawings,
 * GOST drawings and pupils write. A text too long for its cell gives way to another of its table.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "render/draft/draft_values.h"

#define KG_PER_POUND 0.45359237
#define LEAST_MASS 0.0005 /* would print as 0 */

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define LIST(list)                                                                                 \
	{                                                                                          \
		list, COUNT(list)                                                                  \
	}
#define NO_LIST                                                                                    \
	{                                                                                          \
		NULL, 0                                                                            \
	}

static const char *const people[] = {"J. Weber",     "A. Novak",   "M. Rossi",  "K. Lindqvist",
				     "P. Dubois",    "S. Kowalik", "T. Nguyen", "R. Miller",
				     "L. Garcia",    "H. Tanaka",  "E. Jansen", "D. Brown",
				     "C. Baumann",   "Fischer",    "Olsen",     "Petit",
				     "N. Papadakis", "B. Horvat",  "Weber",     "JW"};
static const char *const people_asme[] = {"R. MILLER", "J. SMITH",  "D. BROWN", "T. NGUYEN",
					  "L. GARCIA", "K. WALKER", "JDS",      "TK",
					  "MRB",       "A. CHEN",   "P. HALL",  "S.A.W."};
static const char *const people_gost[] = {"Иванов", "Петрова",   "Сидоров", "Кузнецов", "Смирнова",
					  "Попов",  "Волков",    "Лебедев", "Зайцева",  "Орлов",
					  "Белов",  "Тимофеева", "Ким",     "Дьяков",   "Жук"};
static const char *const pupils[] = {"Anna Berg", "Tom Hill", "Lea Wolf", "Ivan Petrov",
				     "Max Lang",  "Eva K.",   "J. Moore", "Nina Sato",
				     "Ben Adams", "M. Silva", "Paul",     "Mia R."};

static const char *const owners[] = {"TORVANE WORKS", "Osterlin GmbH", "BRISKEL TOOLING",
				     "Quenby & Harl", "VALTRIX AG",    "Nordhaver AS",
				     "TECH. COLLEGE", "MELIX",         "Sarn & Fils SA"};
static const char *const owners_asme[] = {"KESTWICK MACHINE CO.", "OAKENRIDGE TOOLING",
					  "VALTRIX INC.",         "BRISKEL TOOL & DIE",
					  "DELMONT PUMPS",        "TCC SHOP"};
static const char *const owners_gost[] = {
	"ООО \"Станкодар\"", "КБ \"Векторис\"", "МТК, гр. М-21", "ОКБ \"Зарянка\"",
	"НПО \"Металист\"",  "ПМК, гр. 204",    "Каф. ИГ",       "СПО-17"};

static const char *const documents[] = {"Part drawing",     "Detail drawing", "Component drawing",
					"Workshop drawing", "Sketch",         "Drawing"};
static const char *const statuses[] = {"Released", "For approval", "Draft", "In work",
				       "Preliminary"};
static const char *const departments[] = {"MD 3", "R&D", "TB-12", "Design", "K1"};
static const char *const references[] = {"M. Rossi", "A. Novak", "D. Brown", "E. Jansen"};
static const char *const languages[] = {"en", "de", "EN"};
static const char *const classes[] = {"8B", "10A", "9c", "T2", "MB 11"};
static const char *const classes_gost[] = {"8 Б", "10 А", "М-21", "9 В"};

static const char *const tolerances[] = {"ISO 2768-mK", "ISO 2768-m", "ISO 2768-fH", "ISO 2768-cL",
					 "DIN 2768 m"};
/* Each on some materials only. */
static const struct {
	const char *text;
	unsigned materials;
} finishes[] = {
	{"ANODIZED", MATERIAL_ALUMINIUM},
	{"HARD ANODIZED", MATERIAL_ALUMINIUM},
	{"ZINC PLATED", MATERIAL_STEEL},
	{"BLACK OXIDE", MATERIAL_STEEL},
	{"PAINT", MATERIAL_STEEL | MATERIAL_IRON},
	{"POWDER COAT", MATERIAL_STEEL | MATERIAL_ALUMINIUM},
	{"PASSIVATED", MATERIAL_STAINLESS},
	{"NICKEL PLATED", MATERIAL_STEEL | MATERIAL_COPPER},
	{"AS MACHINED", ~MATERIAL_WOOD},
	{"NONE", ~0u},
	{"CLEAR LACQUER", MATERIAL_WOOD},
	{"OILED", MATERIAL_WOOD},
};
static const char *const surfaces[] = {"3,2", "6,3", "1,6", "12,5"};
static const char *const surfaces_point[] = {"3.2", "6.3", "1.6", "12.5"};
static const char *const revisions[] = {"A", "B", "C", "0", "1", "D", "01", "-"};
static const char *const remarks[] = {"RELEASED FOR PRODUCTION", "HOLE PATTERN CHANGED",
				      "MATERIAL CHANGED",        "FIRST ISSUE",
				      "INITIAL RELEASE",         "RADIUS ADDED"};
static const char *const letters[] = {"У", "О", "И", "А"};

static const char *const sheets[] = {"1/1", "1 of 1", "1"};
static const char *const sheets_asme[] = {"SHEET 1 OF 1", "1 OF 1"};
static const char *const one[] = {"1"};
static const char *const inches[] = {"DIMENSIONS ARE IN INCHES", "DIMENSIONS IN INCHES", "INCHES",
				     "INCH"};
static const char *const millimetres[] = {"DIMENSIONS ARE IN MILLIMETERS",
					  "DIMENSIONS IN MILLIMETERS", "MILLIMETERS", "MM"};

struct list {
	const char *const *texts;
	int count;
};

/* By custom; no texts: the field stays empty. */
static const struct list lists[FIELD_COUNT_][4] = {
	[FIELD_DOCUMENT_TYPE] = {LIST(documents), LIST(documents), NO_LIST, LIST(documents)},
	[FIELD_OWNER] = {LIST(owners), LIST(owners_asme), LIST(owners_gost), LIST(owners)},
	[FIELD_DEPARTMENT] = {LIST(departments), LIST(departments), NO_LIST, NO_LIST},
	[FIELD_REFERENCE] = {LIST(references), LIST(references), NO_LIST, NO_LIST},
	[FIELD_STATUS] = {LIST(statuses), LIST(statuses), NO_LIST, NO_LIST},
	[FIELD_LANGUAGE] = {LIST(languages), LIST(languages), NO_LIST, NO_LIST},
	[FIELD_DRAWN_BY] = {LIST(people), LIST(people_asme), LIST(people_gost), LIST(pupils)},
	[FIELD_CHECKED_BY] = {LIST(people), LIST(people_asme), LIST(people_gost), LIST(people)},
	[FIELD_APPROVED_BY] = {LIST(people), LIST(people_asme), LIST(people_gost), LIST(people)},
	[FIELD_SIGNED_BY] = {LIST(people), LIST(people_asme), LIST(people_gost), LIST(people)},
	[FIELD_SHEET] = {LIST(sheets), LIST(sheets_asme), NO_LIST, LIST(sheets)},
	[FIELD_SHEETS] = {LIST(one), LIST(one), LIST(one), LIST(one)},
	[FIELD_REMARK] = {LIST(remarks), LIST(remarks), NO_LIST, NO_LIST},
	[FIELD_TOLERANCE] = {LIST(tolerances), LIST(tolerances), NO_LIST, LIST(tolerances)},
	[FIELD_LETTER] = {NO_LIST, NO_LIST, LIST(letters), NO_LIST},
	[FIELD_CLASS] = {LIST(classes), LIST(classes), LIST(classes_gost), LIST(classes)},
};

const char *title_field_name(enum title_field field)
{
	static const char *const names[] = {
#define F(id, name, share) name,
		TITLE_FIELDS(F)
#undef F
	};

	return names[field];
}

static int field_share(enum title_field field)
{
	static const int shares[] = {
#define F(id, name, share) share,
		TITLE_FIELDS(F)
#undef F
	};

	return shares[field];
}

static const char *take_text(struct sheet_pen *pen, struct buf *b)
{
	const char *text = arena_strndup(pen->arena, b->data, b->len);

	buf_free(b);
	return text;
}

static void add_padded(struct buf *b, int v)
{
	if (v < 10)
		buf_char(b, '0');
	buf_int(b, v);
}

struct calendar calendar_new(struct sheet_pen *pen)
{
	struct calendar calendar;

	calendar.year = (int)rng_range(pen->rng, 1998, 2025);
	calendar.month = (int)rng_range(pen->rng, 1, 12);
	calendar.day = (int)rng_range(pen->rng, 1, 18);
	calendar.form = (int)rng_below(pen->rng, 2);
	return calendar;
}

void calendar_pass(struct calendar *calendar, struct rng *rng)
{
	int64_t days = rng_range(rng, 0, 3);

	calendar->day = (int)(calendar->day + days > 28 ? 28 : calendar->day + days);
}

enum date_form { DATE_ISO, DATE_DOTTED, DATE_DOTTED_SHORT, DATE_DAY, DATE_US, DATE_US_SHORT };

static const char *date_text(struct sheet_pen *pen, const struct calendar *calendar,
			     enum date_form form)
{
	struct buf b = {0};

	switch (form) {
	case DATE_ISO:
		buf_int(&b, calendar->year);
		buf_char(&b, '-');
		add_padded(&b, calendar->month);
		buf_char(&b, '-');
		add_padded(&b, calendar->day);
		break;
	case DATE_DOTTED:
	case DATE_DOTTED_SHORT:
	case DATE_DAY:
		add_padded(&b, calendar->day);
		buf_char(&b, '.');
		add_padded(&b, calendar->month);
		if (form == DATE_DAY)
			break;
		buf_char(&b, '.');
		if (form == DATE_DOTTED)
			buf_int(&b, calendar->year);
		else
			add_padded(&b, calendar->year % 100);
		break;
	case DATE_US:
		add_padded(&b, calendar->month);
		buf_char(&b, '/');
		add_padded(&b, calendar->day);
		buf_char(&b, '/');
		buf_int(&b, calendar->year);
		break;
	case DATE_US_SHORT:
		buf_int(&b, calendar->month);
		buf_char(&b, '/');
		buf_int(&b, calendar->day);
		buf_char(&b, '/');
		add_padded(&b, calendar->year % 100);
		break;
	}
	return take_text(pen, &b);
}

static void set_date(struct sheet_pen *pen, struct value *value, const struct calendar *calendar)
{
	static const enum date_form forms[][2][VALUE_OWN] = {
		[CUSTOM_ISO] = {{DATE_ISO, DATE_DOTTED_SHORT, DATE_DAY},
				{DATE_DOTTED, DATE_DOTTED_SHORT, DATE_DAY}},
		[CUSTOM_ASME] = {{DATE_US, DATE_US_SHORT, DATE_US_SHORT},
				 {DATE_US_SHORT, DATE_US_SHORT, DATE_US_SHORT}},
		[CUSTOM_GOST] = {{DATE_DOTTED_SHORT, DATE_DAY, DATE_DAY},
				 {DATE_DOTTED, DATE_DOTTED_SHORT, DATE_DAY}},
		[CUSTOM_SCHOOL] = {{DATE_DOTTED, DATE_DOTTED_SHORT, DATE_DAY},
				   {DATE_ISO, DATE_DOTTED_SHORT, DATE_DAY}},
	};
	const enum date_form *form = forms[sheet_custom(pen->style)][calendar->form];

	value->count = VALUE_OWN;
	for (int i = 0; i < VALUE_OWN; i++)
		value->own[i] = date_text(pen, calendar, form[i]);
}

/* '#' a digit, '@' a Latin letter, '%' a Cyrillic one (two bytes), all else as it is. */
static const char *text_from_pattern(struct sheet_pen *pen, const char *pattern)
{
	static const char *const cyrillic[] = {"А", "Б", "В", "Г", "Д", "И", "К",
					       "М", "П", "Р", "С", "Т", "Ш"};
	struct buf b = {0};

	for (; *pattern; pattern++) {
		if (*pattern == '#')
			buf_char(&b, "0123456789"[rng_below(pen->rng, 10)]);
		else if (*pattern == '@')
			buf_char(&b, "ABCDEFGHKLMNPRSTVWX"[rng_below(pen->rng, 19)]);
		else if (*pattern == '%')
			buf_str(&b, cyrillic[rng_below(pen->rng, COUNT(cyrillic))]);
		else
			buf_char(&b, *pattern);
	}
	return take_text(pen, &b);
}

const char *value_number(struct sheet_pen *pen)
{
	static const char *const latin[] = {"####-###", "@@-####",  "#####",     "P-###-##",
					    "@##.###",  "1##-####", "DWG-#####", "@#-###-##"};
	static const char *const russian[] = {"%%%%.######.0##", "КП.0#.##.00.0##", "ИГ.0#.1#",
					      "%%.##.##.0#", "%%%%.7#####.0##"};
	bool filled = rng_chance(pen->rng, field_share(FIELD_NUMBER) / 100.0);
	uint32_t latin_pick = rng_below(pen->rng, COUNT(latin));
	uint32_t russian_pick = rng_below(pen->rng, COUNT(russian));
	const char *text =
		text_from_pattern(pen, pen->russian ? russian[russian_pick] : latin[latin_pick]);

	return filled ? text : NULL;
}

const char *value_revision(struct sheet_pen *pen)
{
	bool filled = rng_chance(pen->rng, field_share(FIELD_REVISION) / 100.0);
	uint32_t pick = rng_below(pen->rng, COUNT(revisions));

	return filled ? revisions[pick] : NULL;
}

/* "End cap" for "END CAP" */
static const char *lowered(struct sheet_pen *pen, const char *capitals)
{
	char *text = arena_strndup(pen->arena, capitals, strlen(capitals));

	for (char *c = text; *c; c++)
		if (c > text && *c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return text;
}

static void set_title(struct sheet_pen *pen, struct value *value)
{
	bool capitals = rng_chance(pen->rng, 0.6);
	const char *name = part_name(&pen->facts->part, pen->russian, pen->rng);

	value->count = 1;
	value->own[0] = name;
	if (!pen->russian && !capitals && sheet_custom(pen->style) != CUSTOM_ASME)
		value->own[0] = lowered(pen, name);
}

static void set_material(const struct sheet_pen *pen, struct value *value)
{
	const struct material *m = pen->facts->part.material;

	for (int i = 0; m && i < MATERIAL_NAMES; i++)
		if (m->names[sheet_custom(pen->style)][i])
			value->own[value->count++] = m->names[sheet_custom(pen->style)][i];
}

static void set_finish(struct sheet_pen *pen, struct value *value)
{
	const struct material *m = pen->facts->part.material;
	uint32_t first = rng_below(pen->rng, COUNT(finishes));

	for (int i = 0; i < COUNT(finishes); i++) {
		int k = (int)(first + (uint32_t)i) % COUNT(finishes);

		if (value->count < VALUE_OWN && (!m || finishes[k].materials & m->kind))
			value->own[value->count++] = finishes[k].text;
	}
}

/* Three figures, no more than three places. */
static void add_mass(const struct sheet_pen *pen, struct buf *b, double mass)
{
	int places = mass >= 100 ? 0 : mass >= 10 ? 1 : mass >= 1 ? 2 : 3;
	double scale = places == 0 ? 1 : places == 1 ? 10 : places == 2 ? 100 : 1000;
	int64_t milli = (int64_t)floor(mass * scale + 0.5) * (int64_t)(1000 / scale);
	struct buf number = {0};

	buf_milli(&number, milli);
	for (size_t i = 0; i < number.len; i++)
		buf_char(b,
			 number.data[i] == '.' ? style_decimal_mark(pen->style) : number.data[i]);
	buf_free(&number);
}

/* "0,42 kg" and "0,42", of small parts in grams; pounds with inches. In Russia always kilograms, which
 * go without saying. */
static void set_mass(struct sheet_pen *pen, struct value *value)
{
	bool pounds = pen->style->unit == STYLE_UNIT_INCH;
	double kg = pen->facts->part.mass_kg, mass = pounds ? kg / KG_PER_POUND : kg;
	bool grams = !pounds && !pen->russian && kg < 0.1;
	struct buf b = {0};

	if (mass < LEAST_MASS)
		return;
	for (int unit = 1; unit >= 0; unit--) {
		add_mass(pen, &b, grams ? 1000 * mass : mass);
		if (unit || grams)
			buf_str(&b, pounds ? " LB" : grams ? " g" : " kg");
		if (!unit || !pen->russian)
			value->own[value->count++] = take_text(pen, &b);
		else
			buf_clear(&b);
	}
}

/* Of boards nobody asks. */
static void set_surface(struct sheet_pen *pen, struct value *value)
{
	const struct material *m = pen->facts->part.material;
	const char *const *list = style_decimal_mark(pen->style) == ',' ? surfaces : surfaces_point;
	struct buf b = {0};

	buf_str(&b, "Ra ");
	buf_str(&b, list[rng_below(pen->rng, COUNT(surfaces))]);
	value->own[0] = take_text(pen, &b);
	value->count = !m || m->kind != MATERIAL_WOOD;
}

/* By its sides, within a millimetre; NULL: no name. */
static const char *size_name(const struct drawing *d)
{
	static const struct {
		double a, b;
		const char *name;
	} sizes[] = {{148, 210, "A5"}, {210, 297, "A4"},    {297, 420, "A3"},
		     {420, 594, "A2"}, {215.9, 279.4, "A"}, {279.4, 431.8, "B"}};
	double a = min2(d->width_mm, d->height_mm), b = max2(d->width_mm, d->height_mm);

	for (int i = 0; i < COUNT(sizes); i++)
		if (fabs(a - sizes[i].a) <= 1 && fabs(b - sizes[i].b) <= 1)
			return sizes[i].name;
	return NULL;
}

static void set_size(const struct sheet_pen *pen, struct value *value)
{
	value->own[0] = size_name(pen->drawing);
	value->count = value->own[0] != NULL;
}

static void set_list(struct value *value, const char *const *list, int count)
{
	value->list = list;
	value->count = count;
}

/* What is made for this drawing; false: the field has a table. */
static bool set_made(struct sheet_pen *pen, struct value *value, enum title_field field,
		     const struct calendar *calendar)
{
	switch (field) {
	case FIELD_TITLE:
		set_title(pen, value);
		return true;
	case FIELD_DATE:
		set_date(pen, value, calendar);
		return true;
	case FIELD_NUMBER:
		value->own[0] = pen->number;
		value->count = pen->number != NULL;
		return true;
	case FIELD_REVISION:
		value->own[0] = pen->revision;
		value->count = pen->revision != NULL;
		return true;
	case FIELD_SCALE:
		value->own[0] = pen->scale;
		value->count = 1;
		return true;
	case FIELD_UNIT:
		if (pen->style->unit == STYLE_UNIT_INCH)
			set_list(value, inches, COUNT(inches));
		else
			set_list(value, millimetres, COUNT(millimetres));
		return true;
	case FIELD_MATERIAL:
		set_material(pen, value);
		return true;
	case FIELD_FINISH:
		set_finish(pen, value);
		return true;
	case FIELD_MASS:
		set_mass(pen, value);
		return true;
	case FIELD_SURFACE:
		set_surface(pen, value);
		return true;
	case FIELD_SIZE:
		set_size(pen, value);
		return true;
	default:
		return false;
	}
}

/* Whether there are a number and a revision was decided before. */
struct value value_new(struct sheet_pen *pen, enum title_field field,
		       const struct calendar *calendar)
{
	const struct list *list = &lists[field][sheet_custom(pen->style)];
	struct value value = {.count = 0};
	bool decided = field == FIELD_NUMBER || field == FIELD_REVISION;
	double share = decided ? 1 : field_share(field) / 100.0;
	bool filled = rng_chance(pen->rng, share);

	if (!set_made(pen, &value, field, calendar) && list->count > 0) {
		set_list(&value, list->texts, list->count);
		value.first = (int)rng_below(pen->rng, (uint32_t)list->count);
	}
	if (!filled)
		value.count = 0;
	return value;
}

const char *value_text(const struct value *value, int i)
{
	return value->list ? value->list[(value->first + i) % value->count] : value->own[i];
}
