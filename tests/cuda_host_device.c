/* SPDX-License-Identifier: MIT */
/*
 * The device: memory of the processor's, so that AddressSanitizer sees what goes over it; products as
 * plain loops, sums in float. Guarded, all memory is in one region that can be touched while the device
 * works and at no other time.
 *
 * A graph is a list of what was asked for while it was made, with copies of the arguments.
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

/* Of a graph: a launch, with its arguments behind it, a product or clearing. */
struct step {
	struct step *next;
	enum { STEP_LAUNCH, STEP_MULTIPLY, STEP_CLEAR } what;
	enum cuda_kernel kernel;
	struct cuda_grid grid;
	struct cuda_product product;
	void *at;
	size_t bytes;
	_Alignas(16) char args[];
};

/* On its way. */
struct parcel {
	struct parcel *next;
	void *to;
	size_t bytes;
	char content[];
};

struct cuda_graph {
	struct step *first, **last;
};

struct host {
	struct cuda_device device; /* first: the two are the same address */
	struct cuda_graph *making; /* NULL: none */
	bool makes_none;
	struct parcel *sent; /* those that have not arrived, in any order */
	int sent_count;
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

	assert(!host_of(d)->making);
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
	assert(!host_of(d)->making);
	if (!host_of(d)->region)
		free(at);
}

/* Room in the graph that is being made; what is there is to be filled in. */
static struct step *add_step(struct host *h, size_t bytes)
{
	struct step *s = mem_alloc(1, sizeof(*s) + bytes);

	s->bytes = bytes;
	*h->making->last = s;
	h->making->last = &s->next;
	return s;
}

static void host_copy(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	assert(!host_of(d)->making);
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
	if (host_of(d)->making) {
		struct step *s = add_step(host_of(d), 0);

		s->what = STEP_CLEAR;
		s->at = at;
		s->bytes = bytes;
		return;
	}
	begin(d);
	memset(at, 0, bytes);
	end(d);
}

/* What is sent comes as late as it may: when it is waited for. */
static void host_send(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	struct host *h = host_of(d);
	struct parcel *p = mem_alloc(1, sizeof(*p) + bytes);

	assert(!h->making && h->sent_count < CUDA_SENT_MOST);
	h->sent_count++;
	p->to = to;
	p->bytes = bytes;
	memcpy(p->content, from, bytes);
	p->next = h->sent;
	h->sent = p;
}

static void host_arrive(struct cuda_device *d)
{
	struct host *h = host_of(d);
	struct parcel *next;

	assert(!h->making);
	for (struct parcel *p = h->sent; p; p = next) {
		host_copy(d, p->to, p->content, p->bytes);
		next = p->next;
		free(p);
	}
	h->sent = NULL;
	h->sent_count = 0;
}

/* --- work ----------------------------------------------------------------------------------- */

static void add_launch(struct host *h, enum cuda_kernel kernel, const struct cuda_grid *grid,
		       const void *args)
{
	struct step *s = add_step(h, cuda_argument_bytes(kernel));

	s->what = STEP_LAUNCH;
	s->kernel = kernel;
	s->grid = *grid;
	memcpy(s->args, args, s->bytes);
}

static void host_launch(struct cuda_device *d, enum cuda_kernel kernel,
			const struct cuda_grid *grid, const void *args)
{
	assert(grid->shared <= d->shared_most);
	if (host_of(d)->failure)
		return;
	if (host_of(d)->making) {
		add_launch(host_of(d), kernel, grid, args);
		return;
	}
	begin(d);
	cuda_host_run(cuda_host_bodies[kernel], grid, args, &host_of(d)->rng);
	end(d);
}

static void sum_over_k(const struct cuda_product *p)
{
	assert(p->m % 2 == 0 && p->sums.type == DTYPE_F32);
	for (size_t i = 0; i < p->m; i++) {
		float sum = 0;

		for (size_t l = 0; l < p->k; l++)
			sum += (float)tensor_get(p->a, p->a_turned ? l * p->m + i : i * p->k + l);
		tensor_set(p->sums, i, (double)sum);
	}
}

static void host_multiply(struct cuda_device *d, const struct cuda_product *p)
{
	assert(p->m && p->n && p->k && p->a.type == p->b.type);
	if (host_of(d)->failure)
		return;
	if (host_of(d)->making) {
		struct step *s = add_step(host_of(d), 0);

		s->what = STEP_MULTIPLY;
		s->product = *p;
		return;
	}
	begin(d);
	if (!tensor_is_none(p->sums))
		sum_over_k(p);
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

/* Of products with an even number of rows, so that both ways are gone. */
static bool host_can_sum(struct cuda_device *d, const struct cuda_product *p)
{
	(void)d;
	assert(tensor_is_none(p->sums));
	return p->m % 2 == 0;
}

/* --- graphs --------------------------------------------------------------------------------- */

static void host_begin_graph(struct cuda_device *d)
{
	struct host *h = host_of(d);

	assert(!h->making);
	h->making = mem_alloc(1, sizeof(*h->making));
	h->making->last = &h->making->first;
}

static void host_release_graph(struct cuda_device *d, struct cuda_graph *graph)
{
	(void)d;
	for (struct step *s = graph->first, *next; s; s = next) {
		next = s->next;
		free(s);
	}
	free(graph);
}

static struct cuda_graph *host_end_graph(struct cuda_device *d)
{
	struct host *h = host_of(d);
	struct cuda_graph *made = h->making;

	h->making = NULL;
	if (!h->makes_none && !h->failure)
		return made;
	host_release_graph(d, made);
	return NULL;
}

static void host_play(struct cuda_device *d, struct cuda_graph *graph)
{
	for (const struct step *s = graph->first; s; s = s->next)
		switch (s->what) {
		case STEP_LAUNCH:
			host_launch(d, s->kernel, &s->grid, s->args);
			break;
		case STEP_MULTIPLY:
			host_multiply(d, &s->product);
			break;
		case STEP_CLEAR:
			host_clear(d, s->at, s->bytes);
		}
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
	host_of(d)->failure = "gone";
	host_arrive(d);
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
					 .send = host_send,
					 .arrive = host_arrive,
					 .clear = host_clear,
					 .launch = host_launch,
					 .multiply = host_multiply,
					 .can_sum = host_can_sum,
					 .begin_graph = host_begin_graph,
					 .end_graph = host_end_graph,
					 .play = host_play,
					 .release_graph = host_release_graph,
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

void cuda_host_make_no_graphs(struct cuda_device *device)
{
	host_of(device)->makes_none = true;
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
