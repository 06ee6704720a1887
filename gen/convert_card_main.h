/* SPDX-License-Identifier: MIT */
/*
 * convert_card_main: what a converted dataset says of how it was made, as text.
 *
 *	convert_card_new(&card, &model_settings, &list);
 *	out = converted_open(&card.settings, ...);
 *	convert_card_free(&card);
 */
#ifndef GEN_CONVERT_CARD_MAIN_H
#define GEN_CONVERT_CARD_MAIN_H

#include "formats/dataset/dataset_converted.h"
#include "gen/convert_model_main.h"

struct convert_card {
	struct converted_settings settings; /* points into the others */
	struct buf json, rendering, command, style;
	uint64_t vectors; /* models of the list that are such */
};

void convert_card_new(struct convert_card *card, const struct model_settings *settings,
		      const struct model_list *list);
void convert_card_free(struct convert_card *card);

/* Appends one line: how many models there are, failed and are missing; nothing where none did and is. */
void convert_summary(const struct convert_options *o, const struct converted_counts *counts,
		     struct buf *out);

#endif
