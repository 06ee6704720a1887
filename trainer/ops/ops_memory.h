/* SPDX-License-Identifier: MIT */
/*
 * ops_memory: memory of ops: that of those who work in the processor's own, and what all callers of
 * ops.h's section on memory share.
 *
 *	ops_fill_memory(ops);
 *	struct tensor t = tensor_alloc(ops, n, DTYPE_F32);	zeros
 *	tensor_upload_floats(ops, t, numbers, n);
 *	tensor_download_floats(ops, numbers, t, n);
 *	tensor_release(ops, t);
 *	int32_t *rows = list_upload(ops, numbers, n);
 *	ops->release(ops, rows);
 */
#ifndef TRAINER_OPS_MEMORY_H
#define TRAINER_OPS_MEMORY_H

#include "trainer/ops/ops.h"

/* Sets the functions of that section: alloc is the processor's memory, in large pages where it is much. */
void ops_fill_memory(struct ops *ops);

/* n zeros; none where there is not so much, which ops lacks from then on. */
struct tensor tensor_alloc(struct ops *ops, size_t n, enum dtype type);
void tensor_release(struct ops *ops, struct tensor t);

/* Numbers of the tensor's type from floats, and back. */
void tensor_upload_floats(struct ops *ops, struct tensor t, const float *from, size_t n);
void tensor_download_floats(struct ops *ops, float *to, struct tensor t, size_t n);

/* One number of the tensor's type. */
void tensor_upload_number(struct ops *ops, struct tensor t, double number);

/* The sum of squares; sum[1], F64, is room for it. Waits for it. */
double tensor_squares(struct ops *ops, struct tensor sum, struct tensor x, size_t n);

/* A copy in memory of ops, to be released. NULL where there is not so much, as above. */
int32_t *list_upload(struct ops *ops, const int32_t *from, size_t n);

/* Why alloc gave none of so many bytes: the device's failure, or that there are not so many, with what to do about it
 * (printf). Returns -1. */
int memory_lacks(struct ops *ops, size_t bytes, struct err *err, const char *advice, ...)
	__attribute__((format(printf, 4, 5)));

/* firsts[rows + 1] and uses[m], as embed_back takes them, of ids[m], which are below `rows`; negative ones are no
 * uses. All in memory of the processor's. */
void uses_list(int32_t *firsts, int32_t *uses, const int32_t *ids, size_t m, size_t rows);

#endif
