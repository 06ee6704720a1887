/* SPDX-License-Identifier: MIT */
/*
 * The device: memory of the processor's, so that AddressSanitizer sees what goes over it; products as
 * plain loops, sums in float. Guarded, all memory is in one region that can be touched while the device
 * works and at no other time.
 *
 * Ranks are devices of several threads. Their meetings are in one list of the process, each there while a
 * device that made its id or joined by it is.
 */
#include <config.h>

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/mem.h"
#include "tests/cuda_host.h"

#define PAGE ((size_t)1 << 16) /* or a divisor of it */
#define ALIGN ((size_t)256)
#define REGION_BYTES ((size_t)1 << 30) /* of addresses: what is not touched is none */
#define RANKS_MAX 16

/* Where ranks come together. */
struct meeting {
	struct cuda_ranks_id id;
	struct meeting *next;
	int devices;                     /* that know of it */
	int count;                       /* of ranks; 0: none has joined yet */
	const float *numbers[RANKS_MAX]; /* of each rank, at a sum */
	bool taken[RANKS_MAX];
	int arrived;
	unsigned turn; /* how often all have arrived */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of all meetings */
static pthread_cond_t all_arrived = PTHREAD_COND_INITIALIZER;
static struct meeting *meetings;
static unsigned ids_made;

struct host {
	struct cuda_device device; /* first: the two are the same address */
	struct rng rng;
	int allocs_left;     /* -1: no end */
	const char *failure; /* NULL: none */
	char *region;        /* NULL: not guarded */
	size_t region_used;
	double lap; /* when it began; 0: none has */
	struct meeting *made, *joined;
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

/* Under the lock: the meeting of the id, or NULL. */
static struct meeting *meeting_of(const struct cuda_ranks_id *id)
{
	struct meeting *m = meetings;

	while (m && memcmp(&m->id, id, sizeof(*id)) != 0)
		m = m->next;
	return m;
}

/* Waits until all ranks have come here. */
static void meeting_wait(struct meeting *m)
{
	unsigned turn;

	pthread_mutex_lock(&lock);
	turn = m->turn;
	if (++m->arrived == m->count) {
		m->arrived = 0;
		m->turn++;
		pthread_cond_broadcast(&all_arrived);
	}
	while (m->turn == turn)
		pthread_cond_wait(&all_arrived, &lock);
	pthread_mutex_unlock(&lock);
}

/* NULL is allowed. */
static void meeting_leave(struct meeting *m)
{
	struct meeting **at = &meetings;

	if (!m)
		return;
	pthread_mutex_lock(&lock);
	if (--m->devices == 0) {
		while (*at != m)
			at = &(*at)->next;
		*at = m->next;
		free(m);
	}
	pthread_mutex_unlock(&lock);
}

static bool host_make_id(struct cuda_device *d, struct cuda_ranks_id *id)
{
	struct host *h = host_of(d);
	struct meeting *m;

	if (h->failure)
		return false;
	meeting_leave(h->made);
	m = mem_alloc(1, sizeof(*m));
	pthread_mutex_lock(&lock);
	snprintf((char *)m->id.bytes, sizeof(m->id.bytes), "meeting %u", ++ids_made);
	m->devices = 1;
	m->next = meetings;
	meetings = m;
	pthread_mutex_unlock(&lock);
	h->made = m;
	*id = m->id;
	return true;
}

/* The meeting with this rank's place in it taken, or NULL. */
static struct meeting *take_place(const struct cuda_ranks_id *id, int rank, int count)
{
	struct meeting *m;

	pthread_mutex_lock(&lock);
	m = meeting_of(id);
	if (m && (m->taken[rank] || (m->count && m->count != count)))
		m = NULL;
	if (m) {
		m->taken[rank] = true;
		m->count = count;
		m->devices++;
	}
	pthread_mutex_unlock(&lock);
	return m;
}

static bool host_join(struct cuda_device *d, const struct cuda_ranks_id *id, int rank, int count)
{
	struct host *h = host_of(d);

	assert(rank >= 0 && rank < count && count <= RANKS_MAX);
	if (h->failure)
		return false;
	meeting_leave(h->joined);
	h->joined = take_place(id, rank, count);
	if (!h->joined) {
		h->failure = "host: joining the ranks: no place by that id";
		return false;
	}
	h->rank = rank;
	meeting_wait(h->joined);
	return true;
}

/* None writes before all have read. */
static void host_sum(struct cuda_device *d, float *numbers, size_t n)
{
	struct host *h = host_of(d);
	struct meeting *m = h->joined;
	float *sums;

	if (h->failure)
		return;
	assert(m);
	sums = mem_alloc(n, sizeof(*sums));
	begin(d);
	m->numbers[h->rank] = numbers;
	meeting_wait(m);
	for (int rank = 0; rank < m->count; rank++)
		for (size_t i = 0; i < n; i++)
			sums[i] += m->numbers[rank][i];
	meeting_wait(m);
	memcpy(numbers, sums, n * sizeof(*sums));
	end(d);
	free(sums);
}

/* --- the device ----------------------------------------------------------------------------- */

static double host_lap(struct cuda_device *d)
{
	struct host *h = host_of(d);
	double began = h->lap;
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	h->lap = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
	return began > 0 ? h->lap - began : 0;
}

static const char *host_failure(struct cuda_device *d)
{
	return host_of(d)->failure;
}

static void host_free(struct cuda_device *d)
{
	meeting_leave(host_of(d)->made);
	meeting_leave(host_of(d)->joined);
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
