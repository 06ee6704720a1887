/* SPDX-License-Identifier: MIT */
/*
 * The device: memory of the processor's, so that AddressSanitizer sees what goes over it; products as
 * plain loops, sums in float.
 */
#include <config.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/cuda_host.h"

#define ALIGN ((size_t)256)

struct host {
	struct cuda_device device; /* first: the two are the same address */
	struct rng rng;
	int allocs_left;     /* -1: no end */
	const char *failure; /* NULL: none */
};

static struct host *host_of(struct cuda_device *d)
{
	return (struct host *)d;
}

static void *host_alloc(struct cuda_device *d, size_t bytes)
{
	void *at;

	if (host_of(d)->allocs_left == 0)
		return NULL;
	if (host_of(d)->allocs_left > 0)
		host_of(d)->allocs_left--;
	if (posix_memalign(&at, ALIGN, bytes ? bytes : 1) != 0)
		mem_exhausted(bytes);
	memset(at, 0xff, bytes);
	return at;
}

static void host_release(struct cuda_device *d, void *at)
{
	(void)d;
	free(at);
}

static void host_copy(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	if (bytes && !host_of(d)->failure)
		memcpy(to, from, bytes);
}

static void host_clear(struct cuda_device *d, void *at, size_t bytes)
{
	if (bytes && !host_of(d)->failure)
		memset(at, 0, bytes);
}

static void host_launch(struct cuda_device *d, enum cuda_kernel kernel,
			const struct cuda_grid *grid, const void *args)
{
	if (!host_of(d)->failure)
		cuda_host_run(cuda_host_bodies[kernel], grid, args, &host_of(d)->rng);
}

static void host_multiply(struct cuda_device *d, const struct cuda_product *p)
{
	assert(p->m && p->n && p->k && p->a.type == p->b.type);
	for (size_t i = 0; i < p->m && !host_of(d)->failure; i++)
		for (size_t j = 0; j < p->n; j++) {
			size_t at = i * p->n + j;
			float sum = 0;

			for (size_t l = 0; l < p->k; l++)
				sum += (float)tensor_get(p->a, p->a_turned ? l * p->m + i
									   : i * p->k + l) *
				       (float)tensor_get(p->b,
							 p->b_turned ? j * p->k + l : l * p->n + j);
			if (!tensor_is_none(p->bias))
				sum += (float)tensor_get(p->bias, j);
			tensor_set(p->out, at, (double)sum + (p->add ? tensor_get(p->out, at) : 0));
		}
}

static const char *host_failure(struct cuda_device *d)
{
	return host_of(d)->failure;
}

static void host_free(struct cuda_device *d)
{
	free(d);
}

struct cuda_device *cuda_host_new(uint64_t seed)
{
	struct host *h = mem_alloc(1, sizeof(*h));

	h->device = (struct cuda_device){.name = "host",
					 .shared_most = (size_t)96 << 10,
					 .multiprocessors = 2,
					 .alloc = host_alloc,
					 .release = host_release,
					 .upload = host_copy,
					 .download = host_copy,
					 .clear = host_clear,
					 .launch = host_launch,
					 .multiply = host_multiply,
					 .failure = host_failure,
					 .free = host_free};
	h->rng = rng_stream(seed, 0, "cuda_host", 0);
	h->allocs_left = -1;
	return &h->device;
}

void cuda_host_lack(struct cuda_device *device, int allocs)
{
	host_of(device)->allocs_left = allocs;
}

void cuda_host_fail(struct cuda_device *device, const char *failure)
{
	host_of(device)->failure = failure;
}
