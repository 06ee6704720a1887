/* SPDX-License-Identifier: MIT */
/*
 * Sums of NCCL over processes of one machine, by memory that they share, in the order of ranks. A sum is work of a
 * stream as any other: it is done when its turn comes, and waits for all ranks then. Nobody waits for who leaves.
 */
#include <config.h>

#include "tests/fake_cuda.h"

#include <assert.h>
#include <fcntl.h>
#include <nccl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#define RANKS_MOST 4
#define NUMBERS 65536 /* at once */
#define POLL_NS 20000

/* Zeros to begin with. */
struct room {
	atomic_ullong arrivals;
	float numbers[RANKS_MOST][NUMBERS];
};

struct ncclComm {
	struct room *room;
	int rank, count;
};

static ncclResult_t call(const char *function)
{
	return fake_call(function) == cudaSuccess ? ncclSuccess : ncclUnhandledCudaError;
}

const char *ncclGetErrorString(ncclResult_t result)
{
	return result == ncclSuccess              ? "no error"
	       : result == ncclUnhandledCudaError ? "unhandled cuda error"
						  : "invalid argument";
}

ncclResult_t ncclGetUniqueId(ncclUniqueId *id)
{
	static int made;

	memset(id, 0, sizeof(*id));
	snprintf(id->internal, sizeof(id->internal), "/cadgen-fake-%ld-%d", (long)getpid(), ++made);
	return call(__func__);
}

/* Until all are here. */
static void wait_for_all(struct ncclComm *c)
{
	unsigned long long count = (unsigned long long)c->count;
	unsigned long long mine = atomic_fetch_add(&c->room->arrivals, 1);
	unsigned long long all = (mine / count + 1) * count;
	struct timespec pause = {0, POLL_NS};

	while (atomic_load(&c->room->arrivals) < all)
		nanosleep(&pause, NULL);
}

static struct room *enter(const char *name)
{
	int fd = shm_open(name, O_RDWR | O_CREAT, 0600);
	struct room *room = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(*room)) == 0)
		room = mmap(NULL, sizeof(*room), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	return room == MAP_FAILED ? NULL : room;
}

ncclResult_t ncclCommInitRank(ncclComm_t *made, int count, ncclUniqueId id, int rank)
{
	ncclResult_t result = call(__func__);
	struct ncclComm *c;

	*made = NULL;
	if (result != ncclSuccess)
		return result;
	if (rank < 0 || rank >= count || count > RANKS_MOST)
		return ncclInvalidArgument;
	c = mem_alloc(1, sizeof(*c));
	c->room = enter(id.internal);
	c->rank = rank;
	c->count = count;
	assert(c->room);
	wait_for_all(c);
	if (rank == 0)
		shm_unlink(id.internal);
	*made = c;
	return ncclSuccess;
}

static void leave(struct ncclComm *c)
{
	munmap(c->room, sizeof(*c->room));
	free(c);
}

ncclResult_t ncclCommDestroy(ncclComm_t c)
{
	fake_finish();
	leave(c);
	return call(__func__);
}

ncclResult_t ncclCommAbort(ncclComm_t c)
{
	leave(c);
	return call(__func__);
}

struct sum {
	struct ncclComm *of;
	float *numbers;
	size_t n;
};

static void sum_some(struct ncclComm *c, float *numbers, size_t n)
{
	memcpy(c->room->numbers[c->rank], numbers, n * sizeof(*numbers));
	wait_for_all(c);
	for (size_t i = 0; i < n; i++) {
		numbers[i] = 0;
		for (int r = 0; r < c->count; r++)
			numbers[i] += c->room->numbers[r][i];
	}
	wait_for_all(c);
}

static void run_sum(const void *arguments)
{
	const struct sum *s = arguments;

	for (size_t at = 0; at < s->n; at += NUMBERS)
		sum_some(s->of, s->numbers + at, s->n - at < NUMBERS ? s->n - at : NUMBERS);
}

ncclResult_t ncclAllReduce(const void *from, void *to, size_t n, ncclDataType_t type,
			   ncclRedOp_t operation, ncclComm_t c, cudaStream_t stream)
{
	ncclResult_t result = call(__func__);
	struct sum s = {c, to, n};

	if (result != ncclSuccess)
		return result;
	if (from != to || type != ncclFloat32 || operation != ncclSum ||
	    !fake_is_reserved(to, n * sizeof(float)))
		return ncclInvalidArgument;
	return fake_enqueue(stream, run_sum, &s, sizeof(s)) == cudaSuccess ? ncclSuccess
									   : ncclUnhandledCudaError;
}
