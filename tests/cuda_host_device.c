/* SPDX-License-Identifier: MIT */
/*
 * The device: memory of the processor's, so that AddressSanitizer sees what goes over it; products as
 * plain loops, sums in float. Guarded, all memory is in one region that can be touched while the device
 * works and at no other time.
 *
 * Ranks are devices of several threads. The places they meet at are in one list of the process, each there while a
 * device that made its id or joined by it is.
 */
#include <config.h>

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tests/cuda_host.h"
#include "tests/meeting.h"

#define PAGE ((size_t)1 << 16) /* or a divisor of it */
#define ALIGN ((size_t)256)
#define REGION_BYTES ((size_t)1 << 30) /* of addresses: what is not touched is none */

/* Where ranks come together. */
struct place {
	struct cuda_ranks_id id;
	struct place *next;
	int devices; /* that know of it */
	int count;   /* of ranks; 0: none has joined yet */
	bool taken[MEETING_MOST];
	struct meeting *meeting; /* once there is one */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of all places */
static struct place *places;
static unsigned ids_made;

struct host {
	struct cuda_device device; /* first: the two are the same address */
	struct rng rng;
	int allocs_left;     /* -1: no end */
	const char *failure; /* NULL: none */
	char *region;        /* NULL: not guarded */
	size_t region_used;
	double lap; /* when it began; 0: none has */
	struct place *made, *joined;
	int rank; /* in the one it joined */
};

static struct host *host_of(struct cuda_device *d)
{
	return (struct host *)d;
}

/* --- memory --------------------------------------------------------------------------------- */

static void protect(struct cuda_device *d, int how)
{
	struct host *h = host_of(d);

	if (h->region && h->region_used && mprotect(h->region, h->region_used, how) != 0)
		abort();
}

static void begin(struct cuda_device *d)
{
	protect(d, PROT_READ | PROT_WRITE);
}

static void end(struct cuda_device *d)
{
	protect(d, PROT_NONE);
}

/* Memory of the region is never given back. */
static void *alloc_in_region(struct host *h, size_t bytes)
{
	size_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
	char *at = h->region + h->region_used;

	if (whole > REGION_BYTES - h->region_used)
		mem_exhausted(bytes);
	h->region_used += whole;
	begin(&h->device);
	memset(at, 0xff, bytes);
	end(&h->device);
	return at;
}

static void *host_alloc(struct cuda_device *d, size_t bytes)
{
	void *at;

	if (host_of(d)->allocs_left == 0)
		return NULL;
	if (host_of(d)->allocs_left > 0)
		host_of(d)->allocs_left--;
	if (host_of(d)->region)
		return alloc_in_region(host_of(d), bytes);
	if (posix_memalign(&at, ALIGN, bytes ? bytes : 1) != 0)
		mem_exhausted(bytes);
	memset(at, 0xff, bytes);
	return at;
}

static void host_release(struct cuda_device *d, void *at)
{
	if (!host_of(d)->region)
		free(at);
}

static void host_copy(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	if (!bytes || host_of(d)->failure)
		return;
	begin(d);
	memcpy(to, from, bytes);
	end(d);
}

static void host_clear(struct cuda_device *d, void *at, size_t bytes)
{
	if (!bytes || host_of(d)->failure)
		return;
	begin(d);
	memset(at, 0, bytes);
	end(d);
}

/* --- work ----------------------------------------------------------------------------------- */

static void host_launch(struct cuda_device *d, enum cuda_kernel kernel,
			const struct cuda_grid *grid, const void *args)
{
	assert(grid->shared <= d->shared_most);
	if (host_of(d)->failure)
		return;
	begin(d);
	cuda_host_run(cuda_host_bodies[kernel], grid, args, &host_of(d)->rng);
	end(d);
}

static void host_multiply(struct cuda_device *d, const struct cuda_product *p)
{
	assert(p->m && p->n && p->k && p->a.type == p->b.type);
	if (host_of(d)->failure)
		return;
	begin(d);
	for (size_t i = 0; i < p->m; i++)
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
			if (!tensor_is_none(p->base))
				tensor_set(p->out, at, (double)sum + tensor_get(p->base, at));
			else
				tensor_set(p->out, at, (double)sum);
		}
	end(d);
}

/* --- ranks ---------------------------------------------------------------------------------- */

/* Under the lock: the place of the id, or NULL. */
static struct place *place_of(const struct cuda_ranks_id *id)
{
	struct place *p = places;

	while (p && memcmp(&p->id, id, sizeof(*id)) != 0)
		p = p->next;
	return p;
}

/* NULL is allowed. */
static void leave_place(struct place *p)
{
	struct place **at = &places;

	if (!p)
		return;
	pthread_mutex_lock(&lock);
	if (--p->devices == 0) {
		while (*at != p)
			at = &(*at)->next;
		*at = p->next;
		meeting_free(p->meeting);
		free(p);
	}
	pthread_mutex_unlock(&lock);
}

static bool host_make_id(struct cuda_device *d, struct cuda_ranks_id *id)
{
	struct host *h = host_of(d);
	struct place *p;

	if (h->failure)
		return false;
	leave_place(h->made);
	p = mem_alloc(1, sizeof(*p));
	pthread_mutex_lock(&lock);
	snprintf((char *)p->id.bytes, sizeof(p->id.bytes), "meeting %u", ++ids_made);
	p->devices = 1;
	p->next = places;
	places = p;
	pthread_mutex_unlock(&lock);
	h->made = p;
	*id = p->id;
	return true;
}

/* The place of the id, with this rank's part of it taken; or NULL. */
static struct place *take_place(const struct cuda_ranks_id *id, int rank, int count)
{
	struct place *p;

	pthread_mutex_lock(&lock);
	p = place_of(id);
	if (p && (p->taken[rank] || (p->count && p->count != count)))
		p = NULL;
	if (p) {
		p->taken[rank] = true;
		p->count = count;
		p->devices++;
		p->meeting = p->meeting ? p->meeting : meeting_new(count);
	}
	pthread_mutex_unlock(&lock);
	return p;
}

static bool host_join(struct cuda_device *d, const struct cuda_ranks_id *id, int rank, int count)
{
	struct host *h = host_of(d);

	assert(rank >= 0 && rank < count && count <= MEETING_MOST);
	if (h->failure)
		return false;
	leave_place(h->joined);
	h->joined = take_place(id, rank, count);
	if (!h->joined) {
		h->failure = "host: joining the ranks: no place by that id";
		return false;
	}
	h->rank = rank;
	meeting_wait(h->joined->meeting);
	return true;
}

static void host_sum(struct cuda_device *d, float *numbers, size_t n)
{
	struct host *h = host_of(d);

	if (h->failure)
		return;
	assert(h->joined);
	begin(d);
	meeting_sum(h->joined->meeting, h->rank, numbers, n);
	end(d);
}

/* --- the device ----------------------------------------------------------------------------- */

static double host_lap(struct cuda_device *d)
{
	struct host *h = host_of(d);
	double began = h->lap;

	h->lap = clock_seconds();
	return began > 0 ? h->lap - began : 0;
}

static const char *host_failure(struct cuda_device *d)
{
	return host_of(d)->failure;
}

static void host_free(struct cuda_device *d)
{
	leave_place(host_of(d)->made);
	leave_place(host_of(d)->joined);
	if (host_of(d)->region)
		munmap(host_of(d)->region, REGION_BYTES);
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
					 .lap = host_lap,
					 .make_id = host_make_id,
					 .join = host_join,
					 .sum = host_sum,
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

struct cuda_device *cuda_host_new_guarded(uint64_t seed)
{
	struct cuda_device *d = cuda_host_new(seed);
	void *region = mmap(NULL, REGION_BYTES, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (region == MAP_FAILED)
		mem_exhausted(REGION_BYTES);
	host_of(d)->region = region;
	return d;
}
