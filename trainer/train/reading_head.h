/* SPDX-License-Identifier: MIT */
/*
 * reading_head: a matrix behind the vision tower that says which characters and numbers stand in each patch. It
 * is trained along with the model, so that the tower sees digits long before answers tell it to, and is
 * thrown away with the run: no checkpoint has it.
 *
 *	struct reading_head *head = reading_head_new(model, ops, seed);
 *	model_forward(model, &batch, 0);
 *	double loss = reading_head_run(head, &batch, weight / cells);
 *	model_backward(model, &batch, scale);
 *	... the optimizer, on reading_head_params(head)
 *	reading_head_free(head);
 */
#ifndef TRAINER_READING_HEAD_H
#define TRAINER_READING_HEAD_H

#include "trainer/train/param_set.h"

struct reading_head;

/* Borrows model and ops. */
struct reading_head *reading_head_new(struct model *model, struct ops *ops, uint64_t seed);

/* NULL is allowed. */
void reading_head_free(struct reading_head *head);

/* Weights and biases; valid until reading_head_free. */
const struct param_set *reading_head_params(const struct reading_head *head);

/* Who writes to them calls this: the copy that products read follows. */
void reading_head_params_changed(struct reading_head *head);

void reading_head_clear_grads(struct reading_head *head);

/* How many of a batch's cells say something. */
int64_t reading_head_count(const struct reading_head *head, const struct batch *batch);

/* Between model_forward and model_backward: returns the sum over all answers of -log of their probability, those
 * about numbers three times over; adds scale times its gradient to the head's and to that which
 * model_backward will give to the vision tower. */
double reading_head_run(struct reading_head *head, const struct batch *batch, double scale);

#endif
