/* SPDX-License-Identifier: MIT */
/*
 * In the order of a drafter: frame, title block, revisions, marks of the frame, then what the block
 * leaves to be said (scale, unit), then notes where there is room for them. Each takes its box and
 * gives way to those before it.
 */
#include <config.h>

#include "base/buf.h"
#include "render/draft/draft_frame.h"
#include "render/draft/draft_title.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define NOTES_MAX 3
#define LINE_PITCH 1.8  /* of notes, in heights of their lettering */
#define TAIL 0.3        /* of lettering below its line, in heights */
#define FIELD_SHARE 0.6 /* of the field's width: no line is longer */
#define CORNER_MM 0.5

/* Lines of lettering that lie together. */
struct lines {
	const char *text[NOTES_MAX + 1];
	const char *field[NOTES_MAX + 1];
	int count;
	double height_mm;
};

#define ANY ~0u
#define HARDENED MATERIAL_STEEL
#define OF_TOLERANCES 0u /* not where the title block speaks of them */

/* What may be said of parts of some materials. */
struct note {
	const char *text;
	unsigned materials;
};

static const struct note notes[] = {
	{"BREAK SHARP EDGES", ANY},
	{"DEBURR ALL EDGES", ANY},
	{"REMOVE ALL BURRS AND SHARP EDGES", ANY},
	{"GENERAL TOLERANCES ISO 2768-mK", OF_TOLERANCES},
	{"DO NOT SCALE DRAWING", ANY},
	{"SURFACES FREE OF SCRATCHES", ANY},
	{"PARTS TO BE CLEAN AND FREE OF OIL", ANY},
	{"STRESS RELIEVE BEFORE MACHINING", MATERIAL_METALS},
	{"MARK PART NUMBER HERE", ANY},
	{"HARDENED AND TEMPERED", HARDENED},
	{"ALL SURFACES MACHINED", ANY},
};
static const struct note notes_small[] = {
	{"Break sharp edges", ANY},
	{"Tolerances ISO 2768-m", OF_TOLERANCES},
	{"Unspecified radii as model", ANY},
	{"Paint after assembly", MATERIAL_METALS},
	{"No burrs", ANY},
	{"General tolerances ISO 2768-mK", OF_TOLERANCES},
	{"Surface as delivered", ANY},
};
static const char *const notes_millimetre[] = {
	"ALL DIMENSIONS IN MILLIMETRES",
	"All dimensions in mm",
};
static const struct note notes_gost[] = {
	{"*Размеры для справок.", ANY},
	{"Неуказанные предельные отклонения H14, h14, ±IT14/2.", ANY},
	{"Острые кромки притупить.", ANY},
	{"Покрытие Хим.Окс.прм.", HARDENED},
	{"Маркировать обозначение на бирке.", ANY},
	{"Заусенцы удалить.", ANY},
	{"Допускается замена материала.", ANY},
	{"Термообработка: улучшение.", HARDENED},
	{"H14, h14, ±IT14/2.", ANY},
};

static double lines_width(const struct sheet_pen *pen, const struct lines *lines)
{
	double width = 0;

	for (int i = 0; i < lines->count; i++)
		width = max2(width, font_text_width(pen->font, lines->text[i], lines->height_mm));
	return width;
}

static double lines_height(const struct lines *lines)
{
	double h = lines->height_mm;

	return lines->count == 0 ? 0 : h * (1 + TAIL + LINE_PITCH * (lines->count - 1));
}

/* Writes the lines into their box, from its top, and takes it. */
static void write_lines(struct sheet_pen *pen, const struct lines *lines, const struct box *box)
{
	double y = box->y1 - lines->height_mm;

	for (int i = 0; i < lines->count; i++, y -= LINE_PITCH * lines->height_mm)
		sheet_text(pen, lines->text[i], lines->field[i], vec(box->x0, y), lines->height_mm,
			   0, LAYER_NOTE);
	sheet_take(pen, box);
}

static bool lies_free(const struct sheet_pen *pen, const struct box *box)
{
	const struct sheet_taken *taken = pen->taken;

	if (box->x0 < taken->field.x0 || box->y0 < taken->field.y0 || box->x1 > taken->field.x1 ||
	    box->y1 > taken->field.y1)
		return false;
	for (int i = 0; i < taken->count; i++)
		if (box_meets(box, &taken->boxes[i]))
			return false;
	return true;
}

/* "SCALE 1:2" */
static const char *scale_line(struct sheet_pen *pen)
{
	bool plain = rng_chance(pen->rng, 0.5);
	struct buf b = {0};
	const char *text;

	if (!plain)
		buf_str(&b, pen->russian ? "М" : "SCALE ");
	buf_str(&b, pen->scale);
	text = arena_strndup(pen->arena, b.data, b.len);
	buf_free(&b);
	return text;
}

static void add_line(struct lines *lines, const char *text, const char *field)
{
	lines->field[lines->count] = field;
	lines->text[lines->count++] = text;
}

/* Scale and unit in the lower left corner, above what already lies there. They are printed whatever
 * they meet: a drawing without its scale cannot be read. */
static void draw_remains(struct sheet_pen *pen)
{
	struct lines lines = {.height_mm = pen->style->text_mm};
	const struct sheet_taken *taken = pen->taken;
	const char *in_full = "DIMENSIONS IN INCHES";
	bool shortly = rng_chance(pen->rng, 0.5);
	double x = taken->field.x0 + CORNER_MM, y = taken->field.y0 + CORNER_MM;
	struct box box;

	shortly |= font_text_width(pen->font, in_full, lines.height_mm) >
		   FIELD_SHARE * (taken->field.x1 - taken->field.x0);
	if (!pen->unit_printed && pen->style->unit == STYLE_UNIT_INCH)
		add_line(&lines, shortly ? "INCH" : in_full, "unit");
	if (!pen->scale_printed)
		add_line(&lines, scale_line(pen), "scale");
	if (lines.count == 0)
		return;
	for (int i = -1; i < taken->count; i++) {
		if (i >= 0)
			y = taken->boxes[i].y1 + CORNER_MM;
		box = sheet_box(x, y, x + lines_width(pen, &lines), y + lines_height(&lines));
		if (lies_free(pen, &box))
			break;
	}
	write_lines(pen, &lines, &box);
	pen->unit_printed = pen->scale_printed = true;
}

static const char *numbered(struct sheet_pen *pen, int i, const char *text)
{
	struct buf b = {0};
	const char *line;

	buf_int(&b, i + 1);
	buf_str(&b, ". ");
	buf_str(&b, text);
	line = arena_strndup(pen->arena, b.data, b.len);
	buf_free(&b);
	return line;
}

/* What the notes of a drawing say, before it is known how many there is room for. */
struct said {
	const char *text[NOTES_MAX];
	int count;
	bool small, headed, with_numbers;
	double height_mm;
};

static bool is_said(const struct said *said, const char *text)
{
	for (int i = 0; i < said->count; i++)
		if (said->text[i] == text)
			return true;
	return false;
}

static bool may_be_said(const struct sheet_pen *pen, const struct note *note)
{
	const struct material *m = pen->facts->part.material;

	if (note->materials == OF_TOLERANCES)
		return !pen->tolerance_printed;
	return note->materials == ANY || !m || note->materials & m->kind;
}

static struct said pick_notes(struct sheet_pen *pen)
{
	struct said said = {.count = 0};
	int wanted = (int)rng_range(pen->rng, 1, NOTES_MAX);
	bool of_unit = rng_chance(pen->rng, 0.4);
	double ratio = (double)rng_range(pen->rng, 7, 10) / 10;
	const struct note *list = notes;
	uint32_t count = COUNT(notes);

	said.small = rng_chance(pen->rng, 0.4);
	said.headed = rng_chance(pen->rng, 0.4) && !pen->russian;
	said.with_numbers = rng_chance(pen->rng, 0.5);
	said.height_mm = max2(pen->style->text_mm * ratio, pen->floor_mm);
	if (pen->russian) {
		list = notes_gost;
		count = COUNT(notes_gost);
	} else if (said.small) {
		list = notes_small;
		count = COUNT(notes_small);
	}
	for (int i = 0; i < wanted; i++) {
		const struct note *note = &list[rng_below(pen->rng, count)];
		const char *text = note->text;

		if (i == 0 && of_unit && !pen->russian && !pen->unit_printed &&
		    pen->style->unit == STYLE_UNIT_MM)
			text = notes_millimetre[said.small];
		else if (!may_be_said(pen, note))
			continue;
		if (!is_said(&said, text))
			said.text[said.count++] = text;
	}
	return said;
}

/* The first n of them, numbered and headed only where there are two. */
static struct lines lines_from_notes(struct sheet_pen *pen, const struct said *said, int n)
{
	struct lines lines = {.height_mm = said->height_mm};

	if (n > 1 && said->headed)
		add_line(&lines, said->small ? "Notes:" : "NOTES:", NULL);
	for (int i = 0; i < n; i++)
		add_line(&lines,
			 n > 1 && said->with_numbers ? numbered(pen, i, said->text[i])
						     : said->text[i],
			 NULL);
	return lines;
}

/* Above the title block, left of it, or in a corner of the field; of these, the first free one from
 * a random one on. Notes that lie nowhere lose their last line. */
static void draw_notes(struct sheet_pen *pen, const struct box *title)
{
	struct said said = pick_notes(pen);
	const struct box *f = &pen->taken->field;
	const double gap = 4;
	int first = (int)rng_below(pen->rng, 3);

	for (int n = said.count; n > 0; n--) {
		struct lines lines = lines_from_notes(pen, &said, n);
		double w = lines_width(pen, &lines), h = lines_height(&lines);
		const struct vec corners[] = {
			{title->x0 + gap, title->y1 + gap},
			{min2(f->x1 - gap, title->x1) - w, title->y1 + gap},
			{title->x0 - w - gap, title->y0 + gap + 2},
			{f->x0 + gap, f->y1 - h - gap},
			{f->x1 - w - gap, f->y1 - h - gap},
			{f->x0 + gap, f->y0 + gap},
		};

		if (w > FIELD_SHARE * (f->x1 - f->x0))
			continue;
		for (int i = 0; i < COUNT(corners); i++) {
			struct vec at = corners[(first + i) % COUNT(corners)];
			struct box box = sheet_box(at.x, at.y, at.x + w, at.y + h);

			if (!lies_free(pen, &box))
				continue;
			write_lines(pen, &lines, &box);
			return;
		}
	}
}

void draft_sheet(struct drawing *drawing, const struct sheet_facts *facts,
		 const struct style *style, const struct font *font, struct rng *rng,
		 struct arena *arena, struct sheet_taken *taken)
{
	struct sheet_pen pen = sheet_pen_new(drawing, facts, style, font, rng, arena, taken);
	bool revised = rng_chance(rng, 0.2), noted;
	struct box title;

	*taken = (struct sheet_taken){.count = 0};
	draft_frame(&pen);
	title = sheet_box(pen.inside.x1, pen.inside.y0, pen.inside.x1, pen.inside.y0);
	if (draft_title(&pen, &title) && revised && style->title_block <= STYLE_TITLE_ASME)
		draft_title_revisions(&pen);
	draft_frame_marks(&pen);
	draw_remains(&pen);
	noted = rng_chance(rng, style->note_share);
	if (noted)
		draw_notes(&pen, &title);
}
