/* SPDX-License-Identifier: MIT */
/*
 * cuda_device: what ops_cuda works on: memory, kernels, matrix products. One is a GPU, in the plug-in
 * that trainer/ops/cuda/cuda_device.cu makes; the other is the harness of the tests (tests/cuda_host.h).
 *
 *	struct cuda_device *d = ...;
 *	void *at = d->alloc(d, bytes);
 *	d->upload(d, at, numbers, bytes);
 *	d->launch(d, CUDA_convert, &grid, &(struct cuda_flat){...});
 *	d->download(d, numbers, at, bytes);
 *	if (d->failure(d)) ...
 *
 * Calls do their work in the order of calls, and all but download and release may return before it is
 * done. After a failure, which any call may come upon, calls do nothing.
 */
#ifndef TRAINER_CUDA_DEVICE_H
#define TRAINER_CUDA_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "trainer/ops/cuda/cuda_kernels.h"

#define CUDA_SENT_MOST 4

struct cuda_grid {
	size_t blocks;
	int threads;   /* a power of two, 32..256 */
	size_t shared; /* bytes */
};

/* out[m,n] = a[m,k] b[k,n] + bias[n] + base[m,n]. a_turned: a lies as [k,m]; b_turned: b lies as [n,k].
 * m, n, k > 0. a and b have one type, F32 or BF16; out has it or is F32. bias, base: out's type, or none;
 * base may be out itself.
 * usual_m: unless 0, a row of out has the same bits for any m, and about so many should go fast. */
struct cuda_product {
	struct tensor out, a, b, bias, base;
	struct tensor
		sums; /* [m], F32 = the sums over k of a's numbers; or none. Only where can_sum says so */
	size_t m, n, k, usual_m;
	bool a_turned, b_turned;
};

struct cuda_graph; /* opaque */

/* What ranks join by: opaque. */
struct cuda_ranks_id {
	unsigned char bytes[128];
};

struct cuda_device {
	const char *name;
	size_t shared_most; /* bytes that a block may have */
	int multiprocessors;

	/* At a multiple of 256; NULL, and no failure, where there is not so much. */
	void *(*alloc)(struct cuda_device *d, size_t bytes);
	void (*release)(struct cuda_device *d, void *at); /* NULL is allowed */
	/* `from` may change once it returns. */
	void (*upload)(struct cuda_device *d, void *to, const void *from, size_t bytes);
	void (*download)(struct cuda_device *d, void *to, const void *from, size_t bytes);
	/* As upload, but that it is there from `arrive` on, and goes most of the way beside other work. At most
	 * CUDA_SENT_MOST things are on their way at once. */
	void (*send)(struct cuda_device *d, void *to, const void *from, size_t bytes);
	void (*arrive)(struct cuda_device *d);
	void (*clear)(struct cuda_device *d, void *at, size_t bytes);
	/* args is the structure that CUDA_KERNELS names. */
	void (*launch)(struct cuda_device *d, enum cuda_kernel kernel, const struct cuda_grid *grid,
		       const void *args);
	void (*multiply)(struct cuda_device *d, const struct cuda_product *p);
	/* Whether multiply gives the sums of this product, which has none, as it goes. NULL: never. */
	bool (*can_sum)(struct cuda_device *d, const struct cuda_product *p);

	/* Launches, products and clearing from begin_graph to end_graph are not done but become a graph, which
	 * `play` does, again and again; nothing else is asked for in between. end_graph: NULL where the device
	 * makes none of them. NULL, all four, where the device knows of no graphs. */
	void (*begin_graph)(struct cuda_device *d);
	struct cuda_graph *(*end_graph)(struct cuda_device *d);
	void (*play)(struct cuda_device *d, struct cuda_graph *graph);
	void (*release_graph)(struct cuda_device *d, struct cuda_graph *graph);

	/* What is asked for from begin to end may come again, and is best done as one (trainer/ops/cuda_graphs.h).
	 * NULL, both, where it is no matter. */
	void (*begin)(struct cuda_device *d);
	void (*end)(struct cuda_device *d);

	/* Seconds that what was asked for since the last call of this took on the device, which it waits
	 * for. 0 the first time. */
	double (*lap)(struct cuda_device *d);

	/* Sums over ranks, processes that have a device each. NULL, all three, where the device knows of no
	 * others. An id is made by one rank, for one joining, and brought to the others by the caller. False
	 * after a failure. */
	bool (*make_id)(struct cuda_device *d, struct cuda_ranks_id *id);
	/* Waits for all `count` ranks. Who joins again leaves those he had joined. */
	bool (*join)(struct cuda_device *d, const struct cuda_ranks_id *id, int rank, int count);
	/* numbers[n] become their sum over the ranks joined, the same bits in each. Every rank calls it, for
	 * as many. */
	void (*sum)(struct cuda_device *d, float *numbers, size_t n);

	/* What went wrong, a line; NULL where nothing did. Valid until d is freed. */
	const char *(*failure)(struct cuda_device *d);
	void (*free)(struct cuda_device *d);
};

/* FNV-1a by words, of bytes that are a multiple of 8. */
static inline uint64_t cuda_hash(const void *bytes, size_t n)
{
	uint64_t hash = 14695981039346656037u, word;

	for (size_t at = 0; at < n; at += sizeof(word)) {
		memcpy(&word, (const char *)bytes + at, sizeof(word));
		hash = (hash ^ word) * 1099511628211u;
		hash ^= hash >> 32;
	}
	return hash;
}

/* --- the plug-in */

#define CUDA_PLUGIN_VERSION 5
#define CUDA_MESSAGE_BYTES 400

/* What the plug-in has under the name cadgen_cuda_plugin. */
struct cuda_plugin {
	int version; /* of this header */
	/* A device for the thread that calls this; NULL with a line in message, where none can be used. */
	struct cuda_device *(*open)(char message[CUDA_MESSAGE_BYTES]);
};

#endif
