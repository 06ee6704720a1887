/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/ops/cuda_times.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	TIME_PRODUCTS = CUDA_KERNEL_COUNT,
	TIME_COPIES,
	TIME_CLEARING,
	TIME_SUMS,
	TIME_COUNT,
};

static const char *const names[TIME_COUNT] = {
#define X(name, arguments) #name,
	CUDA_KERNELS(X)
#undef X
		[TIME_PRODUCTS] = "products",
	[TIME_COPIES] = "copies",
	[TIME_CLEARING] = "clearing",
	[TIME_SUMS] = "sums of ranks",
};

struct times {
	struct cuda_device device; /* first: the two are the same address */
	struct cuda_device *inner;
	struct cuda_time times[TIME_COUNT], sorted[TIME_COUNT];
	int called; /* of sorted */
};

static struct times *times_of(struct cuda_device *d)
{
	return (struct times *)d;
}

/* What comes now is timed. */
static struct times *begin(struct cuda_device *d)
{
	struct times *t = times_of(d);

	t->inner->lap(t->inner);
	return t;
}

static void add(struct times *t, int what, double flops)
{
	t->times[what].calls++;
	t->times[what].seconds += t->inner->lap(t->inner);
	t->times[what].flops += flops;
}

/* --- the device ----------------------------------------------------------------------------- */

static void *times_alloc(struct cuda_device *d, size_t bytes)
{
	return times_of(d)->inner->alloc(times_of(d)->inner, bytes);
}

static void times_release(struct cuda_device *d, void *at)
{
	times_of(d)->inner->release(times_of(d)->inner, at);
}

static void times_upload(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	struct times *t = begin(d);

	t->inner->upload(t->inner, to, from, bytes);
	add(t, TIME_COPIES, 0);
}

static void times_download(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	struct times *t = begin(d);

	t->inner->download(t->inner, to, from, bytes);
	add(t, TIME_COPIES, 0);
}

static void times_send(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	times_upload(d, to, from, bytes);
}

/* What is sent is waited for. */
static void times_arrive(struct cuda_device *d)
{
	(void)d;
}

static void times_clear(struct cuda_device *d, void *at, size_t bytes)
{
	struct times *t = begin(d);

	t->inner->clear(t->inner, at, bytes);
	add(t, TIME_CLEARING, 0);
}

static void times_launch(struct cuda_device *d, enum cuda_kernel kernel,
			 const struct cuda_grid *grid, const void *args)
{
	struct times *t = begin(d);

	t->inner->launch(t->inner, kernel, grid, args);
	add(t, (int)kernel, 0);
}

static void times_multiply(struct cuda_device *d, const struct cuda_product *p)
{
	struct times *t = begin(d);

	t->inner->multiply(t->inner, p);
	add(t, TIME_PRODUCTS, 2 * (double)p->m * (double)p->n * (double)p->k);
}

static bool times_can_sum(struct cuda_device *d, const struct cuda_product *p)
{
	return times_of(d)->inner->can_sum(times_of(d)->inner, p);
}

static bool times_make_id(struct cuda_device *d, struct cuda_ranks_id *id)
{
	return times_of(d)->inner->make_id(times_of(d)->inner, id);
}

static bool times_join(struct cuda_device *d, const struct cuda_ranks_id *id, int rank, int count)
{
	return times_of(d)->inner->join(times_of(d)->inner, id, rank, count);
}

static void times_sum(struct cuda_device *d, float *numbers, size_t n)
{
	struct times *t = begin(d);

	t->inner->sum(t->inner, numbers, n);
	add(t, TIME_SUMS, 0);
}

static double times_lap(struct cuda_device *d)
{
	return times_of(d)->inner->lap(times_of(d)->inner);
}

static const char *times_failure(struct cuda_device *d)
{
	return times_of(d)->inner->failure(times_of(d)->inner);
}

static void times_free(struct cuda_device *d)
{
	times_of(d)->inner->free(times_of(d)->inner);
	free(d);
}

struct cuda_device *cuda_times_new(struct cuda_device *device)
{
	struct times *t = mem_alloc(1, sizeof(*t));

	t->inner = device;
	t->device = (struct cuda_device){.name = device->name,
					 .shared_most = device->shared_most,
					 .multiprocessors = device->multiprocessors,
					 .alloc = times_alloc,
					 .release = times_release,
					 .upload = times_upload,
					 .download = times_download,
					 .send = times_send,
					 .arrive = times_arrive,
					 .clear = times_clear,
					 .launch = times_launch,
					 .multiply = times_multiply,
					 .can_sum = device->can_sum ? times_can_sum : NULL,
					 .lap = times_lap,
					 .make_id = device->make_id ? times_make_id : NULL,
					 .join = device->join ? times_join : NULL,
					 .sum = device->sum ? times_sum : NULL,
					 .failure = times_failure,
					 .free = times_free};
	cuda_times_clear(&t->device);
	return &t->device;
}

/* --- what was measured ---------------------------------------------------------------------- */

void cuda_times_clear(struct cuda_device *times)
{
	struct times *t = times_of(times);

	for (int i = 0; i < TIME_COUNT; i++)
		t->times[i] = (struct cuda_time){.name = names[i]};
}

static int compare(const void *a, const void *b)
{
	const struct cuda_time *x = a, *y = b;

	return (x->seconds < y->seconds) - (x->seconds > y->seconds);
}

static void sort(struct times *t)
{
	t->called = 0;
	for (int i = 0; i < TIME_COUNT; i++)
		if (t->times[i].calls)
			t->sorted[t->called++] = t->times[i];
	qsort(t->sorted, (size_t)t->called, sizeof(*t->sorted), compare);
}

const struct cuda_time *cuda_times_at(struct cuda_device *times, int i)
{
	struct times *t = times_of(times);

	sort(t);
	return i < t->called ? &t->sorted[i] : NULL;
}

void cuda_times_print(struct cuda_device *times, FILE *out)
{
	const struct cuda_time *t;
	double all = 0;

	for (int i = 0; (t = cuda_times_at(times, i)); i++)
		all += t->seconds;
	fprintf(out, "%-24s %7s %10s %8s\n", "kernel", "share", "ms", "calls");
	for (int i = 0; (t = cuda_times_at(times, i)); i++) {
		fprintf(out, "%-24s %6.1f%% %10.3f %8llu", t->name,
			all > 0 ? 100 * t->seconds / all : 0, 1e3 * t->seconds,
			(unsigned long long)t->calls);
		if (t->flops > 0 && t->seconds > 0)
			fprintf(out, "  %.1f TFLOP/s", t->flops / t->seconds / 1e12);
		fprintf(out, "\n");
	}
}
