/* SPDX-License-Identifier: MIT */
/*
 * safetensors: named tensors in one file, as Hugging Face's models have them.
 *
 *	struct safetensors *file = safetensors_open("model.safetensors", &err);
 *	const struct safetensor *t = safetensors_find(file, "lm_head.weight");
 *	if (safetensors_floats(file, t, 0, t->count, out, &err) < 0) ...
 *	safetensors_close(file);
 *
 *	struct safetensors_writer *writer = safetensors_writer_new();
 *	safetensors_declare(writer, "lm_head.weight", SAFETENSORS_BF16, 2, shape);
 *	if (safetensors_start(writer, path, &err) < 0 ||
 *	    safetensors_add_floats(writer, floats, count, &err) < 0) ...
 *	if (safetensors_finish(writer, &err) < 0) ...		(or safetensors_drop)
 *
 * The file:
 *
 *	8 bytes     n, little-endian
 *	n bytes     {"NAME":{"dtype":"BF16","shape":[2048,256],"data_offsets":[0,1048576]},...,
 *	            "__metadata__":{"format":"pt"}}, spaces up to a multiple of 8
 *	the rest    the numbers, little-endian and row-major; data_offsets count from its beginning
 *
 * Source: https://github.com/huggingface/safetensors, README.md, "Format".
 */
#ifndef FORMATS_SAFETENSORS_H
#define FORMATS_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define SAFETENSORS_HEADER_MAX ((uint64_t)64 << 20)
#define SAFETENSORS_DIMS_MAX 8
#define SAFETENSORS_NAME_MAX 512

/* X(name in the file, bytes) */
#define SAFETENSORS_DTYPES(X)                                                                      \
	X(F64, 8)                                                                                  \
	X(F32, 4)                                                                                  \
	X(F16, 2)                                                                                  \
	X(BF16, 2)                                                                                 \
	X(I64, 8)                                                                                  \
	X(U64, 8)                                                                                  \
	X(I32, 4)                                                                                  \
	X(U32, 4)                                                                                  \
	X(I16, 2)                                                                                  \
	X(U16, 2)                                                                                  \
	X(I8, 1)                                                                                   \
	X(U8, 1)                                                                                   \
	X(BOOL, 1)

enum safetensors_dtype {
#define X(name, bytes) SAFETENSORS_##name,
	SAFETENSORS_DTYPES(X)
#undef X
		SAFETENSORS_OTHER, /* only its bytes are known */
};

/* Names and sizes, in that order. */
extern const struct safetensors_type {
	const char *name;
	unsigned bytes;
} safetensors_types[SAFETENSORS_OTHER];

struct safetensor {
	const char *name;
	const char *dtype_name; /* as the file has it */
	enum safetensors_dtype dtype;
	int dims;
	uint64_t shape[SAFETENSORS_DIMS_MAX];
	uint64_t count; /* the product of shape; 1 for a scalar */
	const void *data;
	uint64_t bytes; /* of data, which is aligned to nothing */
};

struct safetensors;

/* Maps the file and checks all of it but the numbers: NULL with ERR_FORMAT for a header that is longer
 * than the file, is not strict JSON, names a tensor twice, whose offsets leave the data, leave holes
 * in it, overlap, or do not agree with type and shape; ERR_LIMIT for a header over
 * SAFETENSORS_HEADER_MAX, names and shapes over the bounds above; ERR_IO. Messages count columns from
 * the header's beginning. A file that is cut while it is mapped ends the process (SIGBUS). */
struct safetensors *safetensors_open(const char *path, struct err *err);
void safetensors_close(struct safetensors *file);

/* In the order of the header; valid until safetensors_close, as all that hangs on them. */
size_t safetensors_count(const struct safetensors *file);
const struct safetensor *safetensors_at(const struct safetensors *file, size_t i);
/* NULL if there is none. */
const struct safetensor *safetensors_find(const struct safetensors *file, const char *name);
/* A value of __metadata__, or NULL. */
const char *safetensors_metadata(const struct safetensors *file, const char *key);

/* out[0..n) = the tensor's numbers from `first` on. ERR_UNSUPPORTED unless it is of F64, F32, F16 or
 * BF16. */
int safetensors_floats(const struct safetensors *file, const struct safetensor *t, uint64_t first,
		       size_t n, float *out, struct err *err);

/* --- writing: declare all, start, add all in that order, finish */

struct safetensors_writer;
struct safetensors_writer *safetensors_writer_new(void);

/* name is copied; each but once. dtype is not OTHER; dims 0..SAFETENSORS_DIMS_MAX. */
void safetensors_declare(struct safetensors_writer *writer, const char *name,
			 enum safetensors_dtype dtype, int dims, const uint64_t *shape);

/* Writes the header into what appears at path when it is finished. After a failure here or in adding
 * only dropping is left. */
int safetensors_start(struct safetensors_writer *writer, const char *path, struct err *err);

/* The next bytes of data, in pieces of any size. */
int safetensors_add(struct safetensors_writer *writer, const void *data, size_t n, struct err *err);

/* The next numbers of a tensor of F32 or BF16 (to nearest, ties to even), up to its end at most. */
int safetensors_add_floats(struct safetensors_writer *writer, const float *numbers, size_t n,
			   struct err *err);

/* All that was declared has been added. Synced and renamed into place; frees, also on failure. */
int safetensors_finish(struct safetensors_writer *writer, struct err *err);

/* NULL may be dropped. */
void safetensors_drop(struct safetensors_writer *writer);

#endif
