/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/ops/ops_memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"

#define ALIGN ((size_t)64)
#define LARGE_PAGE ((size_t)1 << 21)
#define PIECE 4096 /* numbers at once */

/* --- the processor's ------------------------------------------------------------------------ */

/* Much that is read at a time is more than the caches hold: in large pages a step of decoding takes a
 * tenth less time, or more. */
static void *cpu_alloc(struct ops *ops, size_t bytes)
{
	size_t align = bytes < LARGE_PAGE ? ALIGN : LARGE_PAGE;
	void *memory;

	(void)ops;
	if (bytes > SIZE_MAX - align)
		return NULL;
	bytes = bytes ? (bytes + align - 1) / align * align : align;
	memory = aligned_alloc(align, bytes);
#ifdef MADV_HUGEPAGE
	if (memory && align == LARGE_PAGE)
		madvise(memory, bytes, MADV_HUGEPAGE); /* a wish: no matter if it fails */
#endif
	return memory;
}

static void cpu_release(struct ops *ops, void *at)
{
	(void)ops;
	free(at);
}

static void cpu_upload(struct ops *ops, struct tensor to, const void *from, size_t n)
{
	(void)ops;
	if (n)
		memcpy(to.at, from, n * dtype_bytes(to.type));
}

static void cpu_copy_bytes(struct ops *ops, void *to, const void *from, size_t bytes)
{
	(void)ops;
	if (bytes)
		memcpy(to, from, bytes);
}

static void cpu_download(struct ops *ops, void *to, struct tensor from, size_t n)
{
	(void)ops;
	if (n)
		memcpy(to, from.at, n * dtype_bytes(from.type));
}

static void cpu_clear(struct ops *ops, struct tensor t, size_t n)
{
	(void)ops;
	if (n)
		memset(t.at, 0, n * dtype_bytes(t.type));
}

static int cpu_check(struct ops *ops, struct err *err)
{
	(void)ops;
	(void)err;
	return 0;
}

static void cpu_lack(struct ops *ops, size_t bytes)
{
	(void)ops;
	mem_exhausted(bytes);
}

static void cpu_nothing(struct ops *ops)
{
	(void)ops;
}

void ops_fill_memory(struct ops *ops)
{
	ops->begin = ops->end = cpu_nothing;
	ops->row_step = ops->target_step = 1;
	ops->alloc = cpu_alloc;
	ops->lack = cpu_lack;
	ops->release = cpu_release;
	ops->upload = cpu_upload;
	ops->download = cpu_download;
	ops->upload_bytes = ops->download_bytes = cpu_copy_bytes;
	ops->clear = cpu_clear;
	ops->check = cpu_check;
}

/* --- of all --------------------------------------------------------------------------------- */

struct tensor tensor_alloc(struct ops *ops, size_t n, enum dtype type)
{
	size_t bytes = mem_mul(n, dtype_bytes(type));
	struct tensor t = {ops->alloc(ops, bytes), type};

	if (tensor_is_none(t))
		ops->lack(ops, bytes);
	ops->clear(ops, t, n);
	return t;
}

void tensor_release(struct ops *ops, struct tensor t)
{
	ops->release(ops, t.at);
}

void tensor_upload_floats(struct ops *ops, struct tensor t, const float *from, size_t n)
{
	double piece[PIECE]; /* as large as any type */
	struct tensor numbers = {piece, t.type};

	for (size_t at = 0; at < n; at += PIECE) {
		size_t count = n - at < PIECE ? n - at : PIECE;

		for (size_t i = 0; i < count; i++)
			tensor_set(numbers, i, (double)from[at + i]);
		ops->upload(ops, tensor_from(t, at), piece, count);
	}
}

void tensor_download_floats(struct ops *ops, float *to, struct tensor t, size_t n)
{
	double piece[PIECE];
	struct tensor numbers = {piece, t.type};

	for (size_t at = 0; at < n; at += PIECE) {
		size_t count = n - at < PIECE ? n - at : PIECE;

		ops->download(ops, piece, tensor_from(t, at), count);
		for (size_t i = 0; i < count; i++)
			to[at + i] = (float)tensor_get(numbers, i);
	}
}

void tensor_upload_number(struct ops *ops, struct tensor t, double number)
{
	double room; /* as large as any type */

	tensor_set((struct tensor){&room, t.type}, 0, number);
	ops->upload(ops, t, &room, 1);
}

double tensor_squares(struct ops *ops, struct tensor sum, struct tensor x, size_t n)
{
	double squares = 0;

	ops->sum_squares(ops, sum, x, n);
	ops->download(ops, &squares, sum, 1);
	return squares;
}

int memory_lacks(struct ops *ops, size_t bytes, struct err *err, const char *advice, ...)
{
	char text[ERR_MSG_BYTES / 2];
	va_list ap;

	if (ops->check(ops, err) < 0)
		return -1;
	va_start(ap, advice);
	vsnprintf(text, sizeof(text), advice, ap);
	va_end(ap);
	return err_set(err, ERR_MEMORY, "no memory for %zu MiB%s", (bytes >> 20) + 1, text);
}

/* --- lists ---------------------------------------------------------------------------------- */

int32_t *list_upload(struct ops *ops, const int32_t *from, size_t n)
{
	size_t bytes = mem_mul(n, sizeof(*from));
	int32_t *list = ops->alloc(ops, bytes);

	if (!list)
		ops->lack(ops, bytes);
	ops->upload_bytes(ops, list, from, bytes);
	return list;
}

/* firsts[i + 1] is where the next use of i goes, until it is where those of i + 1 begin. */
void uses_list(int32_t *firsts, int32_t *uses, const int32_t *ids, size_t m, size_t rows)
{
	int32_t sum = 0, count;

	memset(firsts, 0, (rows + 1) * sizeof(*firsts));
	for (size_t i = 0; i < m; i++)
		if (ids[i] >= 0)
			firsts[ids[i] + 1]++;
	for (size_t i = 1; i <= rows; i++) {
		count = firsts[i];
		firsts[i] = sum;
		sum += count;
	}
	for (size_t i = 0; i < m; i++)
		if (ids[i] >= 0)
			uses[firsts[ids[i] + 1]++] = (int32_t)i;
}
