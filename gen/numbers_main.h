/* SPDX-License-Identifier: MIT */
/*
 * numbers_main: what layouts of numbers take of a sample: its picture as a grey square, its program as tokens.
 *
 *	struct numbers_source source;
 *	if (numbers_open(&source, "tokenizer.json", 512, &err) < 0) ...
 *	struct numbers_maker *maker = numbers_maker_new(&source);	(one per thread)
 *	numbers_make(maker, &image, &item);		(item.program is there)
 *	numbers_maker_free(maker);
 *	numbers_close(&source);
 */
#ifndef GEN_NUMBERS_MAIN_H
#define GEN_NUMBERS_MAIN_H

#include <stdint.h>

#include "base/err.h"
#include "formats/dataset/dataset.h"
#include "formats/image/image.h"
#include "tokenizer/tokenizer.h"

/* Read-only while numbers are made. */
struct numbers_source {
	struct tokenizer *tokenizer; /* NULL: no layout of numbers */
	uint64_t hash;               /* of its file's bytes */
	int side_px;
};

/* Of a tokenizer.json of cadtok, or the folder that has it. */
int numbers_open(struct numbers_source *source, const char *tokenizer, int64_t side_px,
		 struct err *err);
void numbers_close(struct numbers_source *source);

/* ERR_USAGE where the layout needs a tokenizer and there is none, or the other way round. */
int numbers_check_layout(const struct dataset_layout *layout, const char *tokenizer,
			 struct err *err);

struct numbers_maker;

/* Borrows the source; NULL where that has no tokenizer. NULL may be freed. */
struct numbers_maker *numbers_maker_new(const struct numbers_source *source);
void numbers_maker_free(struct numbers_maker *maker);

/* Fills square and tokens, which are the maker's until the next call. The image is no larger than the square. A
 * maker of NULL does nothing. */
void numbers_make(struct numbers_maker *maker, const struct image *image,
		  struct dataset_item *item);

#endif
