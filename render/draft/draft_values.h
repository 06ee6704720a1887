/* SPDX-License-Identifier: MIT */
/*
 * draft_values: what people write into the fields of a title block.
 *
 *	struct value value = value_new(&pen, FIELD_MATERIAL, &calendar);
 *	for (int i = 0; i < value.count; i++)
 *		puts(value_text(&value, i));	(from the one wished for to the last resort)
 *
 * Private to the sheet. Names, firms and numbers are invented.
 */
#ifndef RENDER_DRAFT_VALUES_H
#define RENDER_DRAFT_VALUES_H

#include "render/draft/sheet_pen.h"

/* F(name, printed as text.field, percent of title blocks that fill it in) */
#define TITLE_FIELDS(F)                                                                            \
	F(CAPTION, "caption", 100)                                                                 \
	F(TITLE, "title", 95)                                                                      \
	F(DOCUMENT_TYPE, "document_type", 60)                                                      \
	F(OWNER, "owner", 80)                                                                      \
	F(DEPARTMENT, "department", 30)                                                            \
	F(REFERENCE, "technical_reference", 30)                                                    \
	F(STATUS, "status", 40)                                                                    \
	F(LANGUAGE, "language", 50)                                                                \
	F(DRAWN_BY, "drawn_by", 85)                                                                \
	F(CHECKED_BY, "checked_by", 50)                                                            \
	F(APPROVED_BY, "approved_by", 40)                                                          \
	F(SIGNED_BY, "signed_by", 15) /* technologist, standards, quality, ... */                  \
	F(SIGNATURE, "signature", 45)                                                              \
	F(DATE, "date", 85)                                                                        \
	F(NUMBER, "number", 85)                                                                    \
	F(SHEET, "sheet", 80)                                                                      \
	F(SHEETS, "sheets", 80)                                                                    \
	F(SIZE, "size", 80)                                                                        \
	F(REVISION, "revision", 50)                                                                \
	F(REMARK, "remark", 85) /* what a revision changed */                                      \
	F(SCALE, "scale", 100)                                                                     \
	F(UNIT, "unit", 100)                                                                       \
	F(MATERIAL, "material", 75)                                                                \
	F(MASS, "mass", 40)                                                                        \
	F(TOLERANCE, "tolerance", 75)                                                              \
	F(SURFACE, "surface", 60)                                                                  \
	F(FINISH, "finish", 30)                                                                    \
	F(LETTER, "letter", 50) /* stage of design, GOST 2.103 */                                  \
	F(CLASS, "class", 80)

enum title_field {
#define F(id, name, share) FIELD_##id,
	TITLE_FIELDS(F)
#undef F
		FIELD_COUNT_
};

const char *title_field_name(enum title_field field);

/* The days on which one drawing was drawn, checked and approved: each date asked for is that of
 * the last one or a few days later. */
struct calendar {
	int year, month, day;
	int form; /* of the date, by custom */
};

struct calendar calendar_new(struct sheet_pen *pen);
void calendar_pass(struct calendar *calendar, struct rng *rng);

#define VALUE_OWN 3

struct value {
	const char *own[VALUE_OWN]; /* made for this drawing, or ... */
	const char *const *list;    /* ... one of these, from `first` on */
	int count, first;
};

/* The texts for a field, none where it stays empty by chance or has nothing to say. The scale and
 * the unit always have some. Title, material, mass and finish are those of the part. Always draws as often from the pen's rng, whatever the font. */
struct value value_new(struct sheet_pen *pen, enum title_field field,
		       const struct calendar *calendar);
const char *value_text(const struct value *value, int i);

/* A drawing number as the title block's standard writes it, or NULL: none. */
const char *value_number(struct sheet_pen *pen);

/* "B", or NULL: none. */
const char *value_revision(struct sheet_pen *pen);

#endif
