/* SPDX-License-Identifier: MIT */
/*
 * Sums over ranks by NCCL, on the device's own stream, so that they come in the order of calls. NCCL adds
 * each number in one place and sends it from there, or adds in one order everywhere: all ranks have the same
 * bits. Built where configure found NCCL.
 */
#include "trainer/ops/cuda/gpu.cuh"

#include <nccl.h>
#include <string.h>

static_assert(sizeof(struct cuda_ranks_id) == sizeof(ncclUniqueId), "an id is NCCL's");

static bool ranks_failed(struct gpu *g, ncclResult_t result, const char *doing)
{
	if (result != ncclSuccess)
		gpu_note_failure(g, doing, ncclGetErrorString(result));
	return g->failure[0];
}

static bool gpu_make_id(struct cuda_device *d, struct cuda_ranks_id *id)
{
	struct gpu *g = gpu_of(d);
	ncclUniqueId made;

	if (g->failure[0] || ranks_failed(g, ncclGetUniqueId(&made), "making an id for ranks"))
		return false;
	memcpy(id, &made, sizeof(*id));
	return true;
}

/* After a failure others may never come to where this rank is: it does not wait for them. */
void gpu_ranks_close(struct gpu *g)
{
	if (g->joined && g->failure[0])
		ncclCommAbort(g->joined);
	else if (g->joined)
		ranks_failed(g, ncclCommDestroy(g->joined), "leaving the ranks");
	g->joined = NULL;
}

static bool gpu_join(struct cuda_device *d, const struct cuda_ranks_id *id, int rank, int count)
{
	struct gpu *g = gpu_of(d);
	ncclUniqueId unique;

	gpu_ranks_close(g);
	if (g->failure[0])
		return false;
	memcpy(&unique, id, sizeof(unique));
	return !ranks_failed(g, ncclCommInitRank(&g->joined, count, unique, rank),
			     "joining the ranks");
}

static void gpu_sum(struct cuda_device *d, float *numbers, size_t n)
{
	struct gpu *g = gpu_of(d);

	if (n > 0 && !g->failure[0])
		ranks_failed(g,
			     ncclAllReduce(numbers, numbers, n, ncclFloat32, ncclSum, g->joined,
					   g->stream),
			     "summing over ranks");
}

void gpu_ranks_open(struct gpu *g)
{
	g->device.make_id = gpu_make_id;
	g->device.join = gpu_join;
	g->device.sum = gpu_sum;
}
