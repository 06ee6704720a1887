/* SPDX-License-Identifier: MIT */
/*
 * convert_plan_main: which models come next, to train or to validate with.
 *
 *	struct convert_plan plan;
 *	convert_plan_new(&plan, &options, &list);
 *	while ((batch = convert_plan_next(&plan)).count > 0)
 *		... plan.models[batch.items[i]]: is_done and ok from now on
 *	convert_plan_free(&plan);
 *
 * The models stand in an order of (seed, id) alone. Those to validate with are taken from its beginning, those
 * to train with from its end, until there are as many as are wanted that did not fail; so which they are does
 * not hang on the number of processes, and more of one kind leave the other kind alone, as long as there are
 * enough. Without a size for validation its share of the order is for it. With a split from elsewhere each
 * kind has models of its own.
 */
#ifndef GEN_CONVERT_PLAN_MAIN_H
#define GEN_CONVERT_PLAN_MAIN_H

#include <stddef.h>

#include "formats/dataset/dataset_converted.h"
#include "gen/convert_options_main.h"

struct convert_plan {
	struct converted_model *models; /* as in the list, by id */
	size_t count;
	size_t *order; /* of models */
	bool split;    /* the list has parts */
	const struct model_list *list;

	struct part_plan {
		size_t *items, count; /* models that may be taken, in this order */
		size_t taken;         /* of them */
		size_t wanted;        /* SIZE_MAX: all */
	} parts[2];                   /* by enum model_part */
	size_t *batch;
};

/* Models to be made, by their place in `models`. */
struct convert_batch {
	const size_t *items;
	size_t count;
};

/* The list is borrowed. */
void convert_plan_new(struct convert_plan *plan, const struct convert_options *o,
		      const struct model_list *list, bool split);
void convert_plan_free(struct convert_plan *plan);

/* Those of the next round that are not done, valid until the next call: all before must be. None: the plan is
 * carried out. */
struct convert_batch convert_plan_next(struct convert_plan *plan);

/* How many there will be if none fails; how many are fewer than were wanted, at the end. */
size_t convert_plan_total(const struct convert_plan *plan);
size_t convert_plan_missing(const struct convert_plan *plan);

#endif
