/* SPDX-License-Identifier: MIT */
/*
 * Puts together a device and the functions of ops.h over it; memory, and how kernels are launched.
 */
#include <config.h>

#include "trainer/ops/ops_cuda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/ops/cuda.h"

#define THREADS 256
#define WARPS 4 /* of a block that has a warp for each of its things */
#define WARP_THREADS 32
#define GROUP 8 /* numbers of a thread */
#define PARTIAL_THREADS 256
/* So that the same shapes come again, and their graphs, for some rows of nothing. */
#define ROW_STEP 16
#define TARGET_STEP 256

/* --- memory --------------------------------------------------------------------------------- */

static void *cuda_alloc(struct ops *ops, size_t bytes)
{
	struct cuda_device *d = cuda_of(ops)->device;

	return d->alloc(d, bytes ? bytes : 1);
}

static void cuda_lack(struct ops *ops, size_t bytes)
{
	cuda_of(ops)->lacking = bytes ? bytes : 1;
}

static void cuda_release(struct ops *ops, void *at)
{
	struct cuda_device *d = cuda_of(ops)->device;

	d->release(d, at);
}

static void cuda_upload(struct ops *ops, struct tensor to, const void *from, size_t n)
{
	struct cuda_device *d = cuda_of(ops)->device;

	if (to.at)
		d->upload(d, to.at, from, n * dtype_bytes(to.type));
}

static void cuda_upload_bytes(struct ops *ops, void *to, const void *from, size_t bytes)
{
	struct cuda_device *d = cuda_of(ops)->device;

	if (to)
		d->upload(d, to, from, bytes);
}

static void cuda_download(struct ops *ops, void *to, struct tensor from, size_t n)
{
	struct cuda_device *d = cuda_of(ops)->device;

	if (from.at)
		d->download(d, to, from.at, n * dtype_bytes(from.type));
}

static void cuda_send(struct ops *ops, void *to, const void *from, size_t bytes)
{
	struct cuda_device *d = cuda_of(ops)->device;

	if (to)
		d->send(d, to, from, bytes);
}

static void cuda_arrive(struct ops *ops)
{
	struct cuda_device *d = cuda_of(ops)->device;

	d->arrive(d);
}

static void cuda_download_bytes(struct ops *ops, void *to, const void *from, size_t bytes)
{
	struct cuda_device *d = cuda_of(ops)->device;

	if (from)
		d->download(d, to, from, bytes);
}

static void cuda_clear(struct ops *ops, struct tensor t, size_t n)
{
	struct cuda_device *d = cuda_of(ops)->device;

	if (t.at)
		d->clear(d, t.at, n * dtype_bytes(t.type));
}

static void cuda_begin(struct ops *ops)
{
	struct cuda_device *d = cuda_of(ops)->device;

	if (d->begin)
		d->begin(d);
}

static void cuda_end(struct ops *ops)
{
	struct cuda_device *d = cuda_of(ops)->device;

	if (d->end)
		d->end(d);
}

static int cuda_check(struct ops *ops, struct err *err)
{
	struct cuda *c = cuda_of(ops);
	const char *failure = c->device->failure(c->device);

	if (failure)
		return err_set(err, ERR_DEVICE, "%s", failure);
	if (c->lacking)
		return err_set(err, ERR_MEMORY, "%s: no memory for %zu MiB more", c->device->name,
			       (c->lacking >> 20) + 1);
	return 0;
}

void *cuda_room_for(struct cuda *c, struct cuda_room *room, size_t bytes)
{
	if (room->at && bytes <= room->bytes)
		return room->at;
	c->device->release(c->device, room->at);
	*room = (struct cuda_room){c->device->alloc(c->device, bytes ? bytes : 1), bytes};
	if (!room->at)
		cuda_lack(&c->ops, bytes);
	return room->at;
}

/* --- launching ------------------------------------------------------------------------------ */

void cuda_launch(struct cuda *c, enum cuda_kernel kernel, size_t blocks, int threads, size_t shared,
		 const void *args)
{
	struct cuda_grid grid = {blocks, threads, shared};

	if (blocks > 0 && !c->lacking)
		c->device->launch(c->device, kernel, &grid, args);
}

void cuda_launch_groups(struct cuda *c, enum cuda_kernel kernel, size_t rows, size_t width,
			const void *args)
{
	size_t groups = mem_mul(rows, (width + GROUP - 1) / GROUP);

	cuda_launch(c, kernel, (groups + THREADS - 1) / THREADS, THREADS, 0, args);
}

void cuda_launch_warps(struct cuda *c, enum cuda_kernel kernel, size_t count, size_t shared,
		       const void *args)
{
	size_t warps = shared * WARPS <= c->device->shared_most ? WARPS : 1;

	cuda_launch(c, kernel, (count + warps - 1) / warps, (int)warps * WARP_THREADS,
		    shared * warps, args);
}

void cuda_add_partials(struct cuda *c, struct tensor out, struct tensor partial, size_t rows,
		       size_t stride, size_t width)
{
	struct cuda_partials args = {
		.out = out,
		.partial = partial,
		.count = cuda_chunks(rows),
		.stride = stride,
		.width = width,
	};

	cuda_launch(c, CUDA_add_partials, (width + CUDA_PARTIAL_COLUMNS - 1) / CUDA_PARTIAL_COLUMNS,
		    PARTIAL_THREADS, PARTIAL_THREADS * sizeof(float), &args);
}

/* --- making one ----------------------------------------------------------------------------- */

static void cuda_free(struct ops *ops)
{
	struct cuda *c = cuda_of(ops);
	struct cuda_device *d = c->device;

	d->release(d, c->scratch.at);
	d->release(d, c->turns.at);
	d->free(d);
	free(c);
}

struct ops *ops_cuda_new_on(struct cuda_device *device, enum dtype act)
{
	struct cuda *c = mem_alloc(1, sizeof(*c));

	c->device = device;
	snprintf(c->name, sizeof(c->name), "cuda %s %s", act == DTYPE_BF16 ? "bf16" : "f32",
		 device->name);
	c->ops = (struct ops){.name = c->name,
			      .act = act,
			      .acc = DTYPE_F32,
			      .alloc = cuda_alloc,
			      .lack = cuda_lack,
			      .release = cuda_release,
			      .row_step = ROW_STEP,
			      .target_step = TARGET_STEP,
			      .many_rows = true,
			      .upload = cuda_upload,
			      .upload_bytes = cuda_upload_bytes,
			      .download_bytes = cuda_download_bytes,
			      .send = cuda_send,
			      .arrive = cuda_arrive,
			      .download = cuda_download,
			      .clear = cuda_clear,
			      .check = cuda_check,
			      .begin = cuda_begin,
			      .end = cuda_end,
			      .free = cuda_free};
	cuda_fill_products(&c->ops);
	cuda_fill_attention(&c->ops);
	cuda_fill_elements(&c->ops);
	cuda_fill_rows(&c->ops);
	return &c->ops;
}
