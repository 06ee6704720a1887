/* SPDX-License-Identifier: MIT */
/*
 * param_set: what an optimizer trains: numbers, their gradients, and how ranges of them are treated.
 *
 *	struct param_set set = param_set_of_model(model, 1u << MODEL_PART_projector, false);
 *	param_set_free(&set);
 */
#ifndef TRAINER_PARAM_SET_H
#define TRAINER_PARAM_SET_H

#include "trainer/train/model.h"

struct param_range {
	size_t offset, count;
	bool decays; /* matrices do, vectors (biases, norms, the class token) do not */
	double rate; /* times the optimizer's */
	size_t rows,
		cols; /* where it is one matrix of a layer, the projector or the patches; else 0 */
};

struct param_set {
	struct tensor params, grads, copy; /* [numbers]; copy: as for ops->adamw */
	size_t numbers;
	struct param_range *ranges; /* ascending; what lies in none is left alone */
	int range_count;
};

/* The parameters of a model that are of those parts, as few ranges of one part as there can be; where
 * `by_matrix`, each matrix of a layer, of the projector or of patches is one. Borrows the model. */
struct param_set param_set_of_model(struct model *model, unsigned parts, bool by_matrix);
void param_set_free(struct param_set *set);

/* How many of a model's numbers its parameters of those parts are. */
size_t param_count(const struct model_tensors *layout, unsigned parts);

/* Of the tensors of a model the first whose gradient is not finite; NULL where all are. */
const char *param_set_blame(struct model *model, struct ops *ops);

#endif
