/* SPDX-License-Identifier: MIT */
/*
 * Stroking a letter of nine pixels costs Cairo some fifty thousand instructions, adding a mask of
 * it a hundredth of that. Level and upright letters of the stroke font are therefore drawn once for
 * each of 4 x 4 positions between the pixels and kept; an eighth of a pixel is the largest error of
 * position. The mask depends on its key alone, so pictures do not depend on what was drawn before.
	if (font_is_by_hand(l->font)) {
		write_by_hand(l, text, which);
		return;
	}
	if ((!level && !upright) || text->height_mm * l->px_per_mm > MASK_LETTER_PX ||
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "render/ink.h"
#include "render/lettering.h"
#include "render/text_pen.h"

#define PHASES 4
#define MASK_LETTER_PX 48.0 /* larger letters are not kept */
#define MASKS 16384         /* slots of the table, a power of two */

/* Without padding: compared as bytes. */
struct key {
	double height_mm, px_per_mm;
	uint32_t codepoint;
	uint8_t upright; /* turned by 90 degrees */
	uint8_t phase_x, phase_y;
	uint8_t used;
};

static_assert(sizeof(struct key) == 2 * sizeof(double) + 8, "no padding");

/* Coverage of one letter; its pixel (0, 0) lies at (left, top) from the letter's origin. */
struct mask {
	struct key key;
	int width, height, left, top;
	uint8_t *px; /* owned */
};

struct lettering {
	cairo_surface_t *surface;
	cairo_t *cr;
	const struct font *font;
	double px_per_mm, sheet_mm;
	struct mask masks[MASKS];
	struct text_pen pending; /* what is in cr's path and not drawn yet */
	struct ink ink;
};

struct lettering *lettering_new(void)
{
	return mem_alloc(1, sizeof(struct lettering));
}

static void forget_masks(struct lettering *l)
{
	for (int i = 0; i < MASKS; i++)
		free(l->masks[i].px);
	memset(l->masks, 0, sizeof(l->masks));
}

void lettering_free(struct lettering *l)
{
	if (!l)
		return;
	forget_masks(l);
	ink_free(&l->ink);
	free(l);
}

static bool has_ink(const uint8_t *px, int step, int count)
{
	for (int i = 0; i < count; i++)
		if (px[i * step])
			return true;
	return false;
}

/* Keeps of a drawn letter what has ink: its cell is some three times as large. The mask stands for
 * the whole cell before. */
static void keep_ink(struct mask *mask, const uint8_t *px, int stride)
{
	int x0 = 0, y0 = 0, x1 = mask->width, y1 = mask->height;

	while (y0 < y1 && !has_ink(px + y0 * stride, 1, x1))
		y0++;
	while (y1 > y0 && !has_ink(px + (y1 - 1) * stride, 1, x1))
		y1--;
	while (x0 < x1 && !has_ink(px + y0 * stride + x0, stride, y1 - y0))
		x0++;
	while (x1 > x0 && !has_ink(px + y0 * stride + x1 - 1, stride, y1 - y0))
		x1--;
	mask->left += x0;
	mask->top += y0;
	mask->width = x1 - x0;
	mask->height = y1 - y0;
	mask->px = mem_alloc(mem_mul((size_t)mask->width, (size_t)mask->height), 1);
	for (int y = 0; y < mask->height; y++)
		memcpy(mask->px + y * mask->width, px + (y0 + y) * stride + x0,
		       (size_t)mask->width);
}

/* Draws one letter into a cell that is wide enough for ink from 0.4 h before and below its origin to
 * 0.4 h beyond its advance and 1.4 h above. */
static void make_mask(const struct lettering *l, struct mask *mask, const char *letter,
		      double advance_mm, double height_mm)
{
	double h = height_mm * l->px_per_mm, along = advance_mm * l->px_per_mm + 0.4 * h;
	double left = mask->key.upright ? -1.4 * h : -0.4 * h;
	double right = mask->key.upright ? 0.4 * h : along;
	double top = mask->key.upright ? -along : -1.4 * h, bottom = 0.4 * h;
	struct text_pen pen = {.k = l->px_per_mm, .c = !mask->key.upright, .s = mask->key.upright};
	cairo_surface_t *surface;

	mask->left = (int)floor(left);
	mask->top = (int)floor(top);
	mask->width = (int)ceil(right) - mask->left + 1;
	mask->height = (int)ceil(bottom) - mask->top + 1;
	surface = cairo_image_surface_create(CAIRO_FORMAT_A8, mask->width, mask->height);
	pen.cr = cairo_create(surface);
	pen.x = -mask->left + (double)mask->key.phase_x / PHASES;
	pen.y = -mask->top + (double)mask->key.phase_y / PHASES;
	text_pen_write(&pen, l->font, letter, height_mm, 0);
	text_pen_lift(&pen);
	cairo_surface_flush(surface);
	keep_ink(mask, cairo_image_surface_get_data(surface),
		 cairo_format_stride_for_width(CAIRO_FORMAT_A8, mask->width));
	cairo_destroy(pen.cr);
	cairo_surface_destroy(surface);
}

static uint64_t bits_of(double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits;
}

static size_t slot_of(const struct key *key)
{
	uint64_t letter = (uint64_t)key->codepoint << 5 | (uint64_t)key->upright << 4 |
			  (uint64_t)key->phase_x << 2 | key->phase_y;
	uint64_t hash = bits_of(key->height_mm) * 0x9e3779b97f4a7c15;

	hash = (hash ^ hash >> 32 ^ bits_of(key->px_per_mm)) * 0x9e3779b97f4a7c15;
	hash = (hash ^ hash >> 32 ^ letter) * 0x9e3779b97f4a7c15;
	return hash >> 32 & (MASKS - 1);
}

static struct mask *find_mask(struct lettering *l, const struct key *key, const char *letter,
			      double advance_mm)
{
	struct mask *mask = &l->masks[slot_of(key)];

	if (memcmp(&mask->key, key, sizeof(*key)) != 0) {
		free(mask->px);
		mask->key = *key;
		make_mask(l, mask, letter, advance_mm, key->height_mm);
	}
	return mask;
}

/* Lays the mask over the surface, clipped: two inks of coverage a and b leave paper (1-a)(1-b). */
static void add_mask(cairo_surface_t *surface, const struct mask *mask, int x, int y)
{
	int stride = cairo_image_surface_get_stride(surface);
	int columns = cairo_image_surface_get_width(surface);
	int rows = cairo_image_surface_get_height(surface);
	unsigned char *px = cairo_image_surface_get_data(surface);
	int from_x = x + mask->left < 0 ? -(x + mask->left) : 0;
	int from_y = y + mask->top < 0 ? -(y + mask->top) : 0;

	for (int j = from_y; j < mask->height && y + mask->top + j < rows; j++) {
		unsigned char *row = px + (ptrdiff_t)(y + mask->top + j) * stride + x + mask->left;
		const uint8_t *ink = mask->px + j * mask->width;

		for (int i = from_x; i < mask->width && x + mask->left + i < columns; i++)
			row[i] = (unsigned char)(ink[i] + row[i] - (ink[i] * row[i] + 127) / 255);
	}
}

/* Splits a place into whole pixels and the nearest of PHASES positions between them. */
static int split_phase(double v, uint8_t *phase)
{
	int quarters = (int)floor(v * PHASES + 0.5);
	int whole = quarters >= 0 ? quarters / PHASES : -((-quarters + PHASES - 1) / PHASES);

	*phase = (uint8_t)(quarters - whole * PHASES);
	return whole;
}

static void draw_masks(struct lettering *l, const struct text *text, bool upright)
{
	double x = text->at.x * l->px_per_mm, y = (l->sheet_mm - text->at.y) * l->px_per_mm;
	const char *at = text->utf8;

	while (*at) {
		const char *next = at;
		struct key key = {.height_mm = text->height_mm,
				  .px_per_mm = l->px_per_mm,
				  .upright = upright,
				  .used = 1};
		double advance = font_next_letter(l->font, &next, text->height_mm, &key.codepoint);
		int px = split_phase(x, &key.phase_x), py = split_phase(y, &key.phase_y);
		char letter[8] = {0};

		memcpy(letter, at, (size_t)(next - at));
		add_mask(l->surface, find_mask(l, &key, letter, advance), px, py);
		x += upright ? 0 : advance * l->px_per_mm;
		y -= upright ? advance * l->px_per_mm : 0;
		at = next;
	}
}

/* A pen for lettering by hand. */
struct hand {
	struct ink *ink;
	double x, y, c, s, k; /* origin of the text in pixels, its direction, pixels per mm */
	struct ink_point last, next; /* where the ink ends, and where it is to go on to */
	bool pending;                /* next is not drawn yet */
	double width, darkness;
};

/* Shorter ways wait for what comes behind them: they could not be seen and would take as long. */
#define PIECE_PX 0.6

static void hand_begin(void *ctx, bool filled)
{
	(void)ctx;
	(void)filled;
}

static void hand_nib(void *ctx, double width_mm, double darkness)
{
	struct hand *hand = ctx;

	hand->width = width_mm * hand->k;
	hand->darkness = darkness;
}

static struct ink_point hand_point(const struct hand *hand, double x, double y)
{
	return (struct ink_point){hand->x + hand->k * (hand->c * x - hand->s * y),
				  hand->y - hand->k * (hand->s * x + hand->c * y), hand->width,
				  hand->darkness};
}

static void hand_flush(struct hand *hand)
{
	if (hand->pending)
		ink_stroke(hand->ink, &hand->last, &hand->next);
	hand->last = hand->next;
	hand->pending = false;
}

static void hand_move(void *ctx, double x, double y)
{
	struct hand *hand = ctx;

	hand_flush(hand);
	hand->last = hand->next = hand_point(hand, x, y);
}

static void hand_line(void *ctx, double x, double y)
{
	struct hand *hand = ctx;

	hand->next = hand_point(hand, x, y);
	hand->pending = true;
	if (hypot(hand->next.x - hand->last.x, hand->next.y - hand->last.y) >= PIECE_PX)
		hand_flush(hand);
}

/* Ink reaches less than the text's height beyond its box on every side. */
static void write_by_hand(struct lettering *l, const struct text *text, uint32_t which)
{
	struct hand hand = {.ink = &l->ink,
			    .x = text->at.x * l->px_per_mm,
			    .y = (l->sheet_mm - text->at.y) * l->px_per_mm,
			    .c = cos(text->angle_rad),
			    .s = sin(text->angle_rad),
			    .k = l->px_per_mm};
	struct font_sink sink = {&hand, hand_begin, hand_move, hand_line, NULL, NULL, hand_nib};
	double margin = text->height_mm * l->px_per_mm;
	struct vec corners[4];
	struct box box;

	text_corners(text, corners);
	box = box_of_points(corners, 4);
	ink_begin(&l->ink, l->surface, box.x0 * l->px_per_mm - margin,
		  (l->sheet_mm - box.y1) * l->px_per_mm - margin, box.x1 * l->px_per_mm + margin,
		  (l->sheet_mm - box.y0) * l->px_per_mm + margin);
	font_draw_text(l->font, text->utf8, text->height_mm, which, &sink);
	hand_flush(&hand);
	ink_end(&l->ink);
}

void lettering_begin(struct lettering *l, cairo_surface_t *surface, cairo_t *cr,
		     const struct font *font, double px_per_mm, double height_mm)
{
	if (font != l->font)
		forget_masks(l);
	l->surface = surface;
	l->cr = cr;
	l->font = font;
	l->px_per_mm = px_per_mm;
	l->sheet_mm = height_mm;
	l->pending = (struct text_pen){.cr = cr};
	cairo_surface_flush(surface);
}

void lettering_draw(struct lettering *l, const struct text *text, uint32_t which)
{
	const double tiny = 1e-9;
	bool level = fabs(text->angle_rad) < tiny;
	bool upright = fabs(text->angle_rad - M_PI / 2) < tiny;

	if (font_is_by_hand(l->font)) {
		write_by_hand(l, text, which);
		return;
	}
	if ((!level && !upright) || text->height_mm * l->px_per_mm > MASK_LETTER_PX ||
	    font_pen_width(l->font, text->height_mm) == 0) {
		text_pen_draw(&l->pending, l->font, text, which, l->px_per_mm, l->sheet_mm);
		return;
	}
	draw_masks(l, text, upright);
}

void lettering_end(struct lettering *l)
{
	cairo_surface_mark_dirty(l->surface);
	text_pen_lift(&l->pending);
	cairo_surface_flush(l->surface);
}
