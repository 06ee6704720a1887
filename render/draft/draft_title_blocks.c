/* SPDX-License-Identifier: MIT */
/*
 * The tables. Rows are written from the top of a block to its bottom, as one reads them; a row of
 * signatures is name, signature, date, and the last two stay empty with the first.
 */
#include <config.h>

#include "render/draft/draft_title_blocks.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define TINY 0.01
#define STRIP_LEAST_MM 90.0

/* The value of a field under a caption; a caption of its own, centred or to the left; cells
 * of other kinds. */
#define V(x, y, w, h, field, mm, align, english, russian)                                          \
	{                                                                                          \
		x, y, w, h, CELL_VALUE, FIELD_##field, mm, align,                                  \
		{                                                                                  \
			english, russian                                                           \
		}                                                                                  \
	}
#define T(x, y, w, h, mm, english, russian)                                                        \
	{                                                                                          \
		x, y, w, h, CELL_TEXT, FIELD_CAPTION, mm, 'c',                                     \
		{                                                                                  \
			english, russian                                                           \
		}                                                                                  \
	}
#define L(x, y, w, h, mm, english, russian)                                                        \
	{                                                                                          \
		x, y, w, h, CELL_TEXT, FIELD_CAPTION, mm, 'l',                                     \
		{                                                                                  \
			english, russian                                                           \
		}                                                                                  \
	}
#define K(x, y, w, h, kind)                                                                        \
	{                                                                                          \
		x, y, w, h, CELL_##kind, FIELD_CAPTION, 2.5, 'c',                                  \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

static const struct title_cell iso_cells[] = {
	V(0, 36, 44, 9, TOLERANCE, 3.5, 'l', "General tolerances", 0),
	V(44, 36, 56, 9, MATERIAL, 3.5, 'l', "Material", 0),
	V(100, 36, 30, 9, SURFACE, 3.5, 'l', "Surface", 0),
	V(130, 36, 24, 9, SCALE, 3.5, 'c', "Scale", 0),
	K(154, 36, 26, 9, PROJECTION),
	V(0, 27, 28, 9, DEPARTMENT, 3.0, 'l', "Dept.", 0),
	V(28, 27, 44, 9, REFERENCE, 3.0, 'l', "Technical reference", 0),
	V(72, 27, 50, 9, DRAWN_BY, 3.5, 'l', "Created by", 0),
	V(122, 27, 58, 9, APPROVED_BY, 3.5, 'l', "Approved by", 0),
	V(0, 0, 72, 27, OWNER, 5.0, 'c', "Legal owner", 0),
	V(72, 18, 63, 9, DOCUMENT_TYPE, 3.0, 'l', "Document type", 0),
	V(135, 18, 45, 9, STATUS, 3.0, 'l', "Document status", 0),
	V(72, 0, 63, 18, TITLE, 5.0, 'l', "Title", 0),
	V(135, 9, 45, 9, NUMBER, 3.5, 'l', "Drawing number", 0),
	V(135, 0, 9, 9, REVISION, 3.5, 'c', "Rev.", 0),
	V(144, 0, 25, 9, DATE, 3.0, 'l', "Date of issue", 0),
	V(169, 0, 11, 9, SHEET, 3.0, 'c', "Sheet", 0),
};

static const struct title_cell iso_table_cells[] = {
	{0, 38, 52, 14, CELL_LIMITS, FIELD_UNIT, 2.0, 'l', {0}},
	V(52, 38, 40, 14, FINISH, 3.0, 'c', "FINISH:", 0),
	T(92, 38, 32, 14, 2.0, "DEBURR AND\nBREAK SHARP\nEDGES", 0),
	T(124, 38, 32, 14, 2.0, "DO NOT SCALE\nDRAWING", 0),
	V(156, 38, 24, 14, REVISION, 5.0, 'c', "REVISION", 0),
	K(0, 32, 15, 6, EMPTY),
	T(15, 32, 24, 6, 2.0, "NAME", 0),
	T(39, 32, 18, 6, 2.0, "SIGNATURE", 0),
	T(57, 32, 17, 6, 2.0, "DATE", 0),
	T(0, 26, 15, 6, 2.0, "DRAWN", 0),
	V(15, 26, 24, 6, DRAWN_BY, 2.5, 'l', 0, 0),
	K(39, 26, 18, 6, SIGNATURE),
	V(57, 26, 17, 6, DATE, 2.5, 'c', 0, 0),
	T(0, 20, 15, 6, 2.0, "CHK'D", 0),
	V(15, 20, 24, 6, CHECKED_BY, 2.5, 'l', 0, 0),
	K(39, 20, 18, 6, SIGNATURE),
	V(57, 20, 17, 6, DATE, 2.5, 'c', 0, 0),
	T(0, 14, 15, 6, 2.0, "APPV'D", 0),
	V(15, 14, 24, 6, APPROVED_BY, 2.5, 'l', 0, 0),
	K(39, 14, 18, 6, SIGNATURE),
	V(57, 14, 17, 6, DATE, 2.5, 'c', 0, 0),
	T(0, 8, 15, 6, 2.0, "MFG", 0),
	V(15, 8, 24, 6, SIGNED_BY, 2.5, 'l', 0, 0),
	K(39, 8, 18, 6, SIGNATURE),
	V(57, 8, 17, 6, DATE, 2.5, 'c', 0, 0),
	V(0, 0, 45, 8, TOLERANCE, 2.5, 'l', 0, 0),
	K(45, 0, 29, 8, PROJECTION),
	V(74, 24, 106, 14, TITLE, 7.0, 'c', "TITLE:", 0),
	V(74, 10, 46, 14, MATERIAL, 3.5, 'l', "MATERIAL:", 0),
	V(120, 10, 46, 14, NUMBER, 5.0, 'c', "DWG NO.", 0),
	V(166, 10, 14, 14, SIZE, 5.0, 'c', 0, 0),
	V(74, 0, 34, 10, MASS, 3.0, 'l', "WEIGHT:", 0),
	V(108, 0, 38, 10, SCALE, 3.5, 'c', "SCALE:", 0),
	V(146, 0, 34, 10, SHEET, 3.0, 'c', "SHEET", 0),
};

static const struct title_cell iso_small_cells[] = {
	V(0, 21, 34, 9, DRAWN_BY, 3.0, 'l', "Created by", 0),
	V(34, 21, 34, 9, APPROVED_BY, 3.0, 'l', "Approved by", 0),
	V(68, 21, 32, 9, DATE, 3.0, 'l', "Date", 0),
	V(0, 9, 36, 12, OWNER, 3.5, 'c', 0, 0),
	V(36, 9, 64, 12, TITLE, 5.0, 'l', "Title", 0),
	V(0, 0, 26, 9, MATERIAL, 3.0, 'l', "Material", 0),
	V(26, 0, 17, 9, SCALE, 3.5, 'c', "Scale", 0),
	K(43, 0, 17, 9, PROJECTION),
	V(60, 0, 28, 9, NUMBER, 3.0, 'l', "Number", 0),
	V(88, 0, 12, 9, SHEET, 3.0, 'c', "Sheet", 0),
};

static const struct title_cell asme_cells[] = {
	{0, 16, 54, 34, CELL_LIMITS, FIELD_UNIT, 2.2, 'l', {0}},
	V(0, 8, 54, 8, MATERIAL, 3.0, 'l', "MATERIAL", 0),
	V(0, 0, 54, 8, FINISH, 3.0, 'l', "FINISH", 0),
	K(54, 44, 17, 6, EMPTY),
	T(71, 44, 22, 6, 2.0, "NAME", 0),
	T(93, 44, 17, 6, 2.0, "DATE", 0),
	T(54, 38, 17, 6, 2.0, "DRAWN", 0),
	V(71, 38, 22, 6, DRAWN_BY, 2.5, 'l', 0, 0),
	V(93, 38, 17, 6, DATE, 2.5, 'c', 0, 0),
	T(54, 32, 17, 6, 2.0, "CHK'D", 0),
	V(71, 32, 22, 6, CHECKED_BY, 2.5, 'l', 0, 0),
	V(93, 32, 17, 6, DATE, 2.5, 'c', 0, 0),
	T(54, 26, 17, 6, 2.0, "ENG APPR.", 0),
	V(71, 26, 22, 6, APPROVED_BY, 2.5, 'l', 0, 0),
	V(93, 26, 17, 6, DATE, 2.5, 'c', 0, 0),
	T(54, 20, 17, 6, 2.0, "MFG APPR.", 0),
	V(71, 20, 22, 6, SIGNED_BY, 2.5, 'l', 0, 0),
	V(93, 20, 17, 6, DATE, 2.5, 'c', 0, 0),
	T(54, 14, 17, 6, 2.0, "Q.A.", 0),
	V(71, 14, 22, 6, SIGNED_BY, 2.5, 'l', 0, 0),
	V(93, 14, 17, 6, DATE, 2.5, 'c', 0, 0),
	T(54, 0, 28, 14, 2.0, "DO NOT SCALE\nDRAWING", 0),
	K(82, 0, 28, 14, PROJECTION),
	V(110, 38, 65, 12, OWNER, 4.0, 'c', 0, 0),
	V(110, 22, 65, 16, TITLE, 6.0, 'c', "TITLE:", 0),
	V(110, 8, 12, 14, SIZE, 5.0, 'c', "SIZE", 0),
	V(122, 8, 40, 14, NUMBER, 5.0, 'c', "DWG. NO.", 0),
	V(162, 8, 13, 14, REVISION, 5.0, 'c', "REV", 0),
	V(110, 0, 30, 8, SCALE, 3.0, 'l', "SCALE:", 0),
	V(140, 0, 35, 8, SHEET, 3.0, 'c', 0, 0),
};

static const struct title_cell asme_small_cells[] = {
	V(0, 20, 40, 10, OWNER, 3.0, 'c', 0, 0),
	V(40, 20, 60, 10, TITLE, 4.0, 'l', "TITLE:", 0),
	V(0, 10, 24, 10, DRAWN_BY, 3.0, 'l', "DRAWN", 0),
	V(24, 10, 20, 10, DATE, 2.5, 'l', "DATE", 0),
	V(44, 10, 10, 10, SIZE, 3.5, 'c', "SIZE", 0),
	V(54, 10, 35, 10, NUMBER, 3.5, 'l', "DWG. NO.", 0),
	V(89, 10, 11, 10, REVISION, 3.5, 'c', "REV", 0),
	V(0, 0, 34, 10, UNIT, 2.5, 'c', 0, 0),
	V(34, 0, 19, 10, SCALE, 3.0, 'c', "SCALE:", 0),
	K(53, 0, 20, 10, PROJECTION),
	V(73, 0, 27, 10, SHEET, 2.5, 'c', 0, 0),
};

/* GOST 2.104, form 1. */
static const struct title_cell gost_cells[] = {
	T(0, 30, 7, 5, 2.5, 0, "Изм."),
	T(7, 30, 10, 5, 2.5, 0, "Лист"),
	T(17, 30, 23, 5, 2.5, 0, "№ докум."),
	T(40, 30, 15, 5, 2.5, 0, "Подп."),
	T(55, 30, 10, 5, 2.5, 0, "Дата"),
	L(0, 25, 17, 5, 2.5, 0, "Разраб."),
	V(17, 25, 23, 5, DRAWN_BY, 2.5, 'l', 0, 0),
	K(40, 25, 15, 5, SIGNATURE),
	V(55, 25, 10, 5, DATE, 2.5, 'c', 0, 0),
	L(0, 20, 17, 5, 2.5, 0, "Пров."),
	V(17, 20, 23, 5, CHECKED_BY, 2.5, 'l', 0, 0),
	K(40, 20, 15, 5, SIGNATURE),
	V(55, 20, 10, 5, DATE, 2.5, 'c', 0, 0),
	L(0, 15, 17, 5, 2.5, 0, "Т.контр."),
	V(17, 15, 23, 5, SIGNED_BY, 2.5, 'l', 0, 0),
	K(40, 15, 15, 5, SIGNATURE),
	V(55, 15, 10, 5, DATE, 2.5, 'c', 0, 0),
	L(0, 5, 17, 5, 2.5, 0, "Н.контр."),
	V(17, 5, 23, 5, SIGNED_BY, 2.5, 'l', 0, 0),
	K(40, 5, 15, 5, SIGNATURE),
	V(55, 5, 10, 5, DATE, 2.5, 'c', 0, 0),
	L(0, 0, 17, 5, 2.5, 0, "Утв."),
	V(17, 0, 23, 5, APPROVED_BY, 2.5, 'l', 0, 0),
	K(40, 0, 15, 5, SIGNATURE),
	V(55, 0, 10, 5, DATE, 2.5, 'c', 0, 0),
	V(65, 40, 120, 15, NUMBER, 7.0, 'c', 0, 0),
	V(65, 15, 70, 25, TITLE, 7.0, 'c', 0, 0),
	V(65, 0, 70, 15, MATERIAL, 5.0, 'c', 0, 0),
	T(135, 35, 15, 5, 2.5, 0, "Лит."),
	T(150, 35, 17, 5, 2.5, 0, "Масса"),
	T(167, 35, 18, 5, 2.5, 0, "Масштаб"),
	V(135, 20, 5, 15, LETTER, 2.8, 'c', 0, 0),
	V(150, 20, 17, 15, MASS, 3.5, 'c', 0, 0),
	V(167, 20, 18, 15, SCALE, 5.0, 'c', 0, 0),
	V(135, 15, 20, 5, SHEET, 2.5, 'l', 0, "Лист"),
	V(155, 15, 30, 5, SHEETS, 2.5, 'l', 0, "Листов"),
	V(135, 0, 50, 15, OWNER, 5.0, 'c', 0, 0),
};

static const struct title_rule gost_rules[] = {
	{7, 30, 7, 55, true},      {17, 0, 17, 55, true},    {40, 0, 40, 55, true},
	{55, 0, 55, 55, true},     {65, 0, 65, 55, true},    {0, 5, 65, 5, false},
	{0, 10, 65, 10, false},    {0, 15, 65, 15, false},   {0, 20, 65, 20, false},
	{0, 25, 65, 25, false},    {0, 30, 65, 30, true},    {0, 35, 65, 35, true},
	{0, 40, 65, 40, false},    {0, 45, 65, 45, false},   {0, 50, 65, 50, false},
	{65, 40, 185, 40, true},   {65, 15, 185, 15, true},  {135, 0, 135, 40, true},
	{135, 35, 185, 35, true},  {135, 20, 185, 20, true}, {150, 20, 150, 40, true},
	{167, 20, 167, 40, true},  {155, 15, 155, 20, true}, {140, 20, 140, 35, false},
	{145, 20, 145, 35, false},
};

/* The block of school books, narrowed. */
static const struct title_cell gost_small_cells[] = {
	L(0, 15, 19, 7, 2.5, 0, "Чертил"),           V(19, 15, 26, 7, DRAWN_BY, 3.0, 'l', 0, 0),
	V(45, 15, 17, 7, DATE, 2.5, 'c', 0, 0),      L(0, 8, 19, 7, 2.5, 0, "Проверил"),
	V(19, 8, 26, 7, CHECKED_BY, 3.0, 'l', 0, 0), V(45, 8, 17, 7, DATE, 2.5, 'c', 0, 0),
	V(0, 0, 62, 8, OWNER, 3.5, 'c', 0, 0),       V(62, 8, 58, 14, TITLE, 5.0, 'c', 0, 0),
	V(62, 0, 28, 8, MATERIAL, 3.0, 'c', 0, 0),   V(90, 0, 14, 8, SCALE, 3.5, 'c', 0, 0),
	V(104, 0, 16, 8, SHEETS, 3.0, 'c', 0, 0),
};

static const struct title_cell strip_cells[] = {
	V(0, 0, 24, 12, DRAWN_BY, 3.5, 'l', "Name", "Чертил"),
	V(24, 0, 12, 12, CLASS, 3.5, 'l', "Class", "Класс"),
	V(36, 0, 17, 12, DATE, 3.5, 'l', "Date", "Дата"),
	V(53, 0, 32, 12, TITLE, 5.0, 'l', "Title", "Деталь"),
	V(85, 0, 15, 12, SCALE, 3.5, 'l', "Scale", "Масштаб"),
};

static const struct title_cell strip_two_rows_cells[] = {
	V(0, 8, 44, 8, TITLE, 4.0, 'l', "Title:", "Деталь:"),
	V(44, 8, 33, 8, MATERIAL, 3.0, 'l', "Material:", "Материал:"),
	V(77, 8, 23, 8, SCALE, 3.5, 'l', "Scale:", "Масштаб:"),
	V(0, 0, 44, 8, DRAWN_BY, 3.5, 'l', "Name:", "Чертил:"),
	V(44, 0, 23, 8, CLASS, 3.0, 'l', "Class:", "Класс:"),
	V(67, 0, 33, 8, DATE, 3.0, 'l', "Date:", "Дата:"),
};

static const struct title_cell revision_cells[] = {
	T(0, 6, 12, 6, 2.0, "REV.", 0),           T(12, 6, 52, 6, 2.0, "DESCRIPTION", 0),
	T(64, 6, 20, 6, 2.0, "DATE", 0),          T(84, 6, 22, 6, 2.0, "APPROVED", 0),
	V(0, 0, 12, 6, REVISION, 2.5, 'c', 0, 0), V(12, 0, 52, 6, REMARK, 2.5, 'l', 0, 0),
	V(64, 0, 20, 6, DATE, 2.5, 'c', 0, 0),    V(84, 0, 22, 6, APPROVED_BY, 2.5, 'l', 0, 0),
};

#define CELLS(list) list, COUNT(list), NULL, 0

static const struct title_block iso = {180, 45, false, CELLS(iso_cells)};
static const struct title_block iso_table = {180, 52, false, CELLS(iso_table_cells)};
static const struct title_block iso_small = {100, 30, false, CELLS(iso_small_cells)};
static const struct title_block asme = {175, 50, false, CELLS(asme_cells)};
static const struct title_block asme_small = {100, 30, false, CELLS(asme_small_cells)};
static const struct title_block gost = {
	185, 55, false, gost_cells, COUNT(gost_cells), gost_rules, COUNT(gost_rules)};
static const struct title_block gost_small = {120, 22, false, CELLS(gost_small_cells)};
static const struct title_block strip = {100, 12, true, CELLS(strip_cells)};
static const struct title_block strip_two_rows = {100, 16, true, CELLS(strip_two_rows_cells)};
const struct title_block title_block_revisions = {106, 12, false, CELLS(revision_cells)};

/* In each row from the block asked for to the smallest; the columns are variants. */
static const struct title_block *const blocks[][3][2] = {
	[STYLE_TITLE_ISO] = {{&iso, &iso_table}, {&iso_small, &iso_small}, {&strip, &strip}},
	[STYLE_TITLE_ASME] = {{&asme, &asme}, {&asme_small, &asme_small}, {&strip, &strip}},
	[STYLE_TITLE_GOST] = {{&gost, &gost}, {&gost_small, &gost_small}, {&strip, &strip}},
	[STYLE_TITLE_SCHOOL] = {{&strip, &strip_two_rows}, {&strip, &strip}, {&strip, &strip}},
};

/* A block is no higher than this part of the frame: the views need the rest. */
static const double highest_share[] = {0.34, 0.35, 0.25};

const struct title_block *title_block_for(int kind, unsigned variant, int smaller, double width_mm,
					  double height_mm)
{
	const struct title_block *last = NULL;

	if (kind == STYLE_TITLE_NONE)
		return NULL;
	for (int size = 0; size < 3; size++) {
		const struct title_block *block = blocks[kind][size][variant % 2];
		double least = block->elastic ? STRIP_LEAST_MM : block->w;

		if (block == last || least > width_mm + TINY ||
		    block->h > height_mm * highest_share[size])
			continue;
		last = block;
		if (smaller-- == 0)
			return block;
	}
	return NULL;
}
