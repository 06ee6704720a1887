/* SPDX-License-Identifier: MIT */
/*
 * draft_tables: tables that stand where a finished drawing has room for them, and say nothing of the
 * label: that of general tolerances.
 */
#ifndef RENDER_DRAFT_TABLES_H
#define RENDER_DRAFT_TABLES_H

#include "render/draft/draft_place.h"
#include "render/draft/draft_sheet.h"

/* Draws the table of ISO 2768-1 in millimetres, where the dice of style->table_share say so, the title
 * block is after ISO and a corner of the field is free. Its class is the one that the drawing names, or
 * any. All on LAYER_FRAME, its texts of the fields "tolerance" and "caption". */
void draft_tables(struct drafter *d, const struct sheet_facts *facts, struct sheet_taken *taken);

#endif
