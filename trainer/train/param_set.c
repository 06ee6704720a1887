/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/param_set.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "trainer/ops/ops_memory.h"

static bool is_of(const struct model_tensor *t, unsigned parts)
{
	return parts >> t->part & 1;
}

/* What multiplies pixels of patches is one, too. */
static bool is_inner(const struct model_tensor *t)
{
	return t->is_matrix && (t->in_layer || t->is_patches || t->part == MODEL_PART_projector);
}

/* Of matrices or of vectors: tensors in order, those of a part that follow each other in one range with the
 * gaps between them, which are 0 and stay so. */
static void add_zone(struct param_set *set, const struct model_tensors *layout, bool matrices,
		     unsigned parts, bool by_matrix)
{
	struct param_range *range = NULL;
	enum model_part part = MODEL_PART_vision;

	for (int i = 0; i < layout->count; i++) {
		const struct model_tensor *t = &layout->all[i];

		if (t->is_matrix != matrices)
			continue;
		if (t->part != part)
			range = NULL;
		part = t->part;
		if (!is_of(t, parts)) {
			range = NULL;
			continue;
		}
		if (by_matrix && is_inner(t)) {
			set->ranges[set->range_count++] =
				(struct param_range){.offset = t->offset,
						     .count = t->count,
						     .decays = true,
						     .rate = 1,
						     .rows = (size_t)t->shape[0],
						     .cols = t->count / (size_t)t->shape[0]};
			range = NULL;
			continue;
		}
		if (!range) {
			range = &set->ranges[set->range_count++];
			*range = (struct param_range){
				.offset = t->offset, .decays = matrices, .rate = 1};
		}
		range->count = t->offset + t->count - range->offset;
	}
}

struct param_set param_set_of_model(struct model *model, unsigned parts, bool by_matrix)
{
	const struct model_tensors *layout = model_layout(model);
	struct param_set set = {.params = model_params(model),
				.grads = model_grads(model),
				.copy = model_params_copy(model),
				.numbers = layout->numbers};

	set.ranges = mem_alloc((size_t)layout->count, sizeof(*set.ranges));
	add_zone(&set, layout, true, parts, by_matrix);
	add_zone(&set, layout, false, parts, by_matrix);
	return set;
}

void param_set_free(struct param_set *set)
{
	free(set->ranges);
	*set = (struct param_set){0};
}

size_t param_count(const struct model_tensors *layout, unsigned parts)
{
	size_t count = 0;

	for (int i = 0; i < layout->count; i++)
		count += is_of(&layout->all[i], parts) ? layout->all[i].count : 0;
	return count;
}

const char *param_set_blame(struct model *model, struct ops *ops)
{
	const struct model_tensors *layout = model_layout(model);
	struct tensor sum = tensor_alloc(ops, 1, DTYPE_F64);
	const char *name = NULL;

	for (int i = 0; i < layout->count && !name; i++) {
		const struct model_tensor *t = &layout->all[i];
		struct tensor grad = tensor_from(model_grads(model), t->offset);

		if (!isfinite(tensor_squares(ops, sum, grad, t->count)))
			name = t->name;
	}
	tensor_release(ops, sum);
	return name;
}
