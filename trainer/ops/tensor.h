/* SPDX-License-Identifier: MIT */
/*
 * tensor: numbers of one type in a row; shapes stand in the comments of who uses them.
 *
 *	struct tensor x = {memory, DTYPE_F32};
 *	tensor_set(x, 3, 0.5);
 *	struct tensor row = tensor_from(x, 7 * width);
 *
 * Memory belongs to others. A tensor without memory is "none". tensor_get and tensor_set are for memory of
 * the processor's: of ops_ref and ops_cpu, and of the caller's own (trainer/ops/ops.h).
 */
#ifndef TRAINER_TENSOR_H
#define TRAINER_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum dtype {
	DTYPE_F64,
	DTYPE_F32,
	DTYPE_BF16, /* the upper half of an f32 */
};

struct tensor {
	void *at;
	enum dtype type;
};

static inline size_t dtype_bytes(enum dtype type)
{
	return type == DTYPE_F64 ? 8 : type == DTYPE_F32 ? 4 : 2;
}

static inline float bf16_to_float(uint16_t b)
{
	uint32_t bits = (uint32_t)b << 16;
	float f;

	memcpy(&f, &bits, 4);
	return f;
}

/* To nearest, ties to even; NaN stays one. */
static inline uint16_t bf16_from_float(float f)
{
	uint32_t bits;

	memcpy(&bits, &f, 4);
	if ((bits & 0x7fffffff) > 0x7f800000)
		return (uint16_t)(bits >> 16 | 0x40);
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline double tensor_get(struct tensor t, size_t i)
{
	switch (t.type) {
	case DTYPE_F64:
		return ((const double *)t.at)[i];
	case DTYPE_F32:
		return (double)((const float *)t.at)[i];
	case DTYPE_BF16:
		break;
	}
	return (double)bf16_to_float(((const uint16_t *)t.at)[i]);
}

static inline void tensor_set(struct tensor t, size_t i, double v)
{
	switch (t.type) {
	case DTYPE_F64:
		((double *)t.at)[i] = v;
		return;
	case DTYPE_F32:
		((float *)t.at)[i] = (float)v;
		return;
	case DTYPE_BF16:
		((uint16_t *)t.at)[i] = bf16_from_float((float)v);
	}
}

/* The tensor from its i-th number on. */
static inline struct tensor tensor_from(struct tensor t, size_t i)
{
	return (struct tensor){t.at ? (char *)t.at + i * dtype_bytes(t.type) : NULL, t.type};
}

/* The same numbers, which are known to be of this type: where it is a constant, nobody looks. */
static inline struct tensor tensor_as(struct tensor t, enum dtype type)
{
	return (struct tensor){t.at, type};
}

static inline bool tensor_is_none(struct tensor t)
{
	return !t.at;
}

#endif
