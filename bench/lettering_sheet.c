/* SPDX-License-Identifier: MIT */
/*
 * Lettering to look at: one PNG, a row for each of twenty writers, who all write the same ten
 * dimensions; or, where letterings are named, their alphabets.
 *
 *	build/lettering_sheet [--seed S] [--folder DIR] FILE.png [WORD...]
 *
 * WORDs are those of the style key `lettering`; --folder is where the packages' fonts lie.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cli.h"
#include "fonts/typefaces.h"
#include "formats/drawing/drawing.h"
#include "formats/image/image.h"
#include "formats/scene/typeface.h"
#include "render/paint/lettering.h"
#include "render/paint/raster.h"

#define WRITERS 20
#define TEXT_MM 3.5
#define ROW_MM 9.0
#define SHEET_MM 235.0
#define SHEET_PX 1880

static const char *const dimensions[] = {"120", "45,5",    "⌀38",    "R12,5",      "4×⌀6,7",
					 "60°", "M8×1,25", "25±0,1", "⌀9 ⌴⌀15 ↧8", "(73)"};
static const char *const alphabet[] = {
	"0123456789 ⌀ ° ± × □ ⌒ ↧ ⌴ ⌵ M8×1,25 R2.5 (25) +0,2 -0,1 45°30′ H7/g6 Ⓜ ∥ ⊥ ⌖ 100 %",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz & ; : ! ?",
	"АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдеёжзийклмнопрстуфхцчшщъыьэюя"};

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

struct options {
	uint64_t seed;
	const char *folder, *out;
	char **words;
	int count;
};

/* Writes lines into a picture of their own, which is copied into the sheet's rows. */
struct sheet {
	struct image image;
	struct raster *raster;
	struct arena arena;
	int row;
};

static void add_row(struct sheet *s, const struct font *font, const char *const *texts, int count)
{
	struct drawing d = {.width_mm = SHEET_MM, .height_mm = ROW_MM};
	int rows = (int)(ROW_MM * SHEET_PX / SHEET_MM);
	double x = 3;
	struct image row;

	for (int i = 0; i < count; i++) {
		struct text *text = drawing_add_text(&d, &s->arena);

		*text = (struct text){.utf8 = texts[i],
				      .at = vec(x, 2.5),
				      .height_mm = TEXT_MM,
				      .width_mm = font_text_width(font, texts[i], TEXT_MM)};
		x += text->width_mm + 5;
	}
	row = image_from_drawing(s->raster, &d, font);
	for (int y = 0; y < rows && y < row.height; y++)
		memcpy(s->image.px + (size_t)(s->row * rows + y) * s->image.stride,
		       row.px + (size_t)y * row.stride, (size_t)row.width);
	s->row++;
}

static int find_word(const char *word, struct err *err)
{
	for (int i = 0; i < TYPEFACE_COUNT_; i++)
		if (strcmp(typeface_at(i)->name, word) == 0)
			return i;
	return err_set(err, ERR_USAGE, "no lettering '%s'", word);
}

static int add_words(struct sheet *s, const struct options *o, struct err *err)
{
	for (int i = 0; i < o->count; i++) {
		struct rng rng = rng_stream(o->seed, (uint64_t)i, "writer", 0);
		int word = find_word(o->words[i], err);
		struct typefaces *faces;
		const struct font *font;

		if (word < 0)
			return -1;
		faces = typefaces_load(UINT32_C(1) << word, o->folder, err);
		if (!faces)
			return -1;
		font = typefaces_font(faces, word, &rng, &s->arena);
		for (int k = 0; k < COUNT(alphabet); k++)
			add_row(s, font, alphabet + k, 1);
		typefaces_free(faces);
	}
	return 0;
}

static int draw(const struct options *o, struct err *err)
{
	int lines = o->count ? o->count * COUNT(alphabet) : WRITERS, rc = 0;
	struct sheet s = {.raster = raster_new(SHEET_PX, err)};
	struct png_encoder *encoder;

	if (!s.raster)
		return -1;
	s.image = image_new(SHEET_PX, lines * (int)(ROW_MM * SHEET_PX / SHEET_MM), 1);
	if (o->count)
		rc = add_words(&s, o, err);
	for (int i = 0; i < WRITERS && !o->count; i++) {
		struct rng rng = rng_stream(o->seed, (uint64_t)i, "writer", 0);

		add_row(&s, font_by_hand(&rng, &s.arena), dimensions, COUNT(dimensions));
	}
	encoder = png_encoder_new(6);
	if (rc == 0)
		rc = image_write_png(&s.image, o->out, encoder, err);
	png_encoder_free(encoder);
	image_free(&s.image);
	raster_free(s.raster);
	arena_free(&s.arena);
	return rc;
}

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"seed", 0, "S", "of the writers (0)", CLI_UINT64, &o->seed, 0, 0, NULL},
		{"folder", 0, "DIR", "of fonts (" TYPEFACE_FOLDER ")", CLI_STRING, &o->folder, 0, 0,
		 NULL},
		{0},
	};
	const struct cli_program program = {"lettering_sheet", "[OPTION]... FILE.png [WORD]...",
					    "Draws writers, or the letterings named.", table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first == argc)
		return err_set(err, ERR_USAGE, "needs the name of the PNG to write");
	o->out = argv[first];
	o->words = argv + first + 1;
	o->count = argc - first - 1;
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = {.folder = TYPEFACE_FOLDER};
	struct err err = {0};
	int rc = parse_options(&o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = draw(&o, &err);
	if (rc == 0)
		return 0;
	fprintf(stderr, "lettering_sheet: %s\n", err.msg);
	return cli_status(&err);
}
