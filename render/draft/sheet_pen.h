/* SPDX-License-Identifier: MIT */
/*
 * sheet_pen: the hand that draws frames and title blocks; what draft_sheet's files share.
 *
 *	struct sheet_pen pen = sheet_pen_new(&drawing, &facts, &style, font, &rng, &arena, &taken);
 *	sheet_line(&pen, 0, 0, 180, 0, pen.thick_mm);
 *	sheet_letter(&pen, &cell, 'c', "C45", "material", 3.5);
 *
 * Private to the sheet. Lettering is never lower than floor_mm: what does not fit so is left out.
 */
#ifndef RENDER_SHEET_PEN_H
#define RENDER_SHEET_PEN_H

#include "render/draft/draft_sheet.h"

struct sheet_pen {
	struct drawing *drawing;
	const struct sheet_facts *facts;
	const struct style *style;
	const struct font *font;
	struct rng *rng;
	struct arena *arena;
	struct sheet_taken *taken;
	struct box inside; /* the frame; where there is none, where a title block may lie */
	bool framed;       /* there is a frame along `inside` */
	double floor_mm;   /* lowest lettering */
	double caption_mm; /* of captions in title blocks; 0: they would be too low */
	double thick_mm, thin_mm;
	bool russian;         /* texts and customs of GOST */
	const char *scale;    /* "1:2" */
	const char *number;   /* of the drawing; NULL: its field is empty */
	const char *revision; /* of the drawing; NULL: none */
	bool scale_printed, unit_printed, tolerance_printed;
};

struct sheet_pen sheet_pen_new(struct drawing *drawing, const struct sheet_facts *facts,
			       const struct style *style, const struct font *font, struct rng *rng,
			       struct arena *arena, struct sheet_taken *taken);

struct box sheet_box(double x0, double y0, double x1, double y1);
struct box box_grown(const struct box *box, double margin);
bool box_meets(const struct box *a, const struct box *b);

void sheet_line(struct sheet_pen *pen, double x0, double y0, double x1, double y1, double width_mm);
void sheet_rectangle(struct sheet_pen *pen, const struct box *box, double width_mm);

/* Appends to taken what lies of the box, 2 mm wider, in the field. */
void sheet_take(struct sheet_pen *pen, const struct box *box);

/* The height, up to mm, in which the text fits into width x height with air all round and room for
 * tails; 0: not even in floor_mm. */
double sheet_fit(const struct sheet_pen *pen, const char *utf8, double width, double height,
		 double mm);

/* Writes the text into the cell, as high as sheet_fit says: 'l'eft, 'c'entred or 'r'ight. Returns
 * whether it fits. */
bool sheet_letter(struct sheet_pen *pen, const struct box *cell, char align, const char *utf8,
		  const char *field, double mm);

/* The same, turned by 90 degrees and centred, to be read from the right. */
bool sheet_letter_upright(struct sheet_pen *pen, const struct box *cell, const char *utf8,
			  const char *field, double mm);

/* The same, upside down and centred. */
bool sheet_letter_turned(struct sheet_pen *pen, const struct box *cell, const char *utf8,
			 const char *field, double mm);

/* Lettering as it is given, its baseline beginning at `at`. */
void sheet_text(struct sheet_pen *pen, const char *utf8, const char *field, struct vec at,
		double height_mm, double angle_rad, enum layer layer);

#endif
