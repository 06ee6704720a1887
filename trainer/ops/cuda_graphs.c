/* SPDX-License-Identifier: MIT */
/*
 * Work is a row of commands, each a header and what it is called with, byte by byte. Bytes that belong to no member
 * of a structure are made 0 where the compiler can do so; where it cannot, equal works may look different, and are
 * then not played.
 */
#include <config.h>

#include "trainer/ops/cuda_graphs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ALIGN ((size_t)16) /* of a command and what it is called with */

#if CUDA_GRAPHS_SURE
#define CLEAR_PADDING(at) __builtin_clear_padding(at)
#else
#define CLEAR_PADDING(at) ((void)(at))
#endif

enum { COMMAND_PRODUCT = CUDA_KERNEL_COUNT, COMMAND_CLEAR };

struct command {
	size_t what;  /* a kernel, or one of the above */
	size_t bytes; /* of all of it, a multiple of ALIGN */
	size_t blocks, threads, shared;
	size_t unused; /* so that arguments lie at a multiple of ALIGN */
};

struct clearing {
	void *at;
	size_t bytes;
};

/* Bytes of commands. */
struct work {
	char *at;
	size_t used, room;
};

/* That has been asked for. */
struct known {
	uint64_t hash;
	struct work work;
	struct cuda_graph *graph; /* NULL: it came once */
	uint64_t asked;           /* when last */
};

struct graphs {
	struct cuda_device device; /* first: the two are the same address */
	struct cuda_device *inner;
	struct work held;
	bool holding;
	bool refused; /* by inner, to make a graph */
	struct known known[CUDA_GRAPHS_KEPT];
	int known_count;
	uint64_t asked, played;
};

static struct graphs *graphs_of(struct cuda_device *d)
{
	return (struct graphs *)d;
}

/* --- work ----------------------------------------------------------------------------------- */

/* Zeros for a command and so many bytes of arguments, behind what is there. */
static struct command *add_command(struct work *w, size_t what, size_t bytes)
{
	size_t all = (sizeof(struct command) + bytes + ALIGN - 1) / ALIGN * ALIGN;
	struct command *c;

	if (w->used + all > w->room) {
		w->room = 2 * (w->used + all);
		w->at = mem_realloc(w->at, w->room, 1);
	}
	c = (struct command *)(void *)(w->at + w->used);
	memset(c, 0, all);
	c->what = what;
	c->bytes = all;
	w->used += all;
	return c;
}

static void *arguments_of(struct command *c)
{
	return c + 1;
}

static void clear_padding(enum cuda_kernel kernel, void *args)
{
	switch (kernel) {
#define X(name, arguments)                                                                         \
	case CUDA_##name:                                                                          \
		CLEAR_PADDING((struct arguments *)args);                                           \
		break;
		CUDA_KERNELS(X)
#undef X
	case CUDA_KERNEL_COUNT:
		break;
	}
}

static void do_command(struct cuda_device *d, struct command *c)
{
	struct cuda_grid grid = {c->blocks, (int)c->threads, c->shared};
	const struct clearing *clearing;

	switch (c->what) {
	case COMMAND_PRODUCT:
		d->multiply(d, arguments_of(c));
		break;
	case COMMAND_CLEAR:
		clearing = arguments_of(c);
		d->clear(d, clearing->at, clearing->bytes);
		break;
	default:
		d->launch(d, (enum cuda_kernel)c->what, &grid, arguments_of(c));
	}
}

static void do_work(struct cuda_device *d, const struct work *w)
{
	for (size_t at = 0; at < w->used;) {
		struct command *c = (struct command *)(void *)(w->at + at);

		do_command(d, c);
		at += c->bytes;
	}
}

/* --- what is known -------------------------------------------------------------------------- */

static void forget(struct graphs *g, struct known *k)
{
	if (k->graph)
		g->inner->release_graph(g->inner, k->graph);
	free(k->work.at);
	*k = (struct known){0};
}

/* NULL where it is new. */
static struct known *find(struct graphs *g, uint64_t hash)
{
	for (int i = 0; i < g->known_count; i++) {
		struct known *k = &g->known[i];

		if (k->hash == hash && k->work.used == g->held.used &&
		    memcmp(k->work.at, g->held.at, g->held.used) == 0)
			return k;
	}
	return NULL;
}

static struct known *place_for_new(struct graphs *g)
{
	struct known *oldest = &g->known[0];

	if (g->known_count < CUDA_GRAPHS_KEPT)
		return &g->known[g->known_count++];
	for (int i = 1; i < g->known_count; i++)
		if (g->known[i].asked < oldest->asked)
			oldest = &g->known[i];
	forget(g, oldest);
	return oldest;
}

static struct known *remember(struct graphs *g, uint64_t hash)
{
	struct known *k = place_for_new(g);

	k->hash = hash;
	k->work = (struct work){mem_alloc(g->held.used, 1), g->held.used, g->held.used};
	memcpy(k->work.at, g->held.at, g->held.used);
	return k;
}

static void make_graph(struct graphs *g, struct known *k)
{
	g->inner->begin_graph(g->inner);
	do_work(g->inner, &k->work);
	k->graph = g->inner->end_graph(g->inner);
	g->refused = !k->graph;
}

static void do_held(struct graphs *g)
{
	uint64_t hash = cuda_hash(g->held.at, g->held.used);
	struct known *k = find(g, hash);

	if (k && !k->graph && !g->refused)
		make_graph(g, k);
	if (!k)
		k = remember(g, hash);
	k->asked = ++g->asked;
	if (k->graph) {
		g->inner->play(g->inner, k->graph);
		g->played++;
	} else {
		do_work(g->inner, &g->held);
	}
}

/* --- the device ----------------------------------------------------------------------------- */

static void graphs_begin(struct cuda_device *d)
{
	struct graphs *g = graphs_of(d);

	assert(!g->holding);
	g->holding = true;
	g->held.used = 0;
}

static void graphs_end(struct cuda_device *d)
{
	struct graphs *g = graphs_of(d);

	if (g->holding && g->held.used)
		do_held(g);
	g->holding = false;
}

/* The other one, with nothing held back. */
static struct cuda_device *inner_of(struct cuda_device *d)
{
	struct graphs *g = graphs_of(d);

	if (g->holding)
		do_work(g->inner, &g->held);
	g->holding = false;
	return g->inner;
}

static void graphs_launch(struct cuda_device *d, enum cuda_kernel kernel,
			  const struct cuda_grid *grid, const void *args)
{
	struct graphs *g = graphs_of(d);
	struct command *c;

	if (!g->holding) {
		g->inner->launch(g->inner, kernel, grid, args);
		return;
	}
	c = add_command(&g->held, kernel, cuda_argument_bytes(kernel));
	c->blocks = grid->blocks;
	c->threads = (size_t)grid->threads;
	c->shared = grid->shared;
	memcpy(arguments_of(c), args, cuda_argument_bytes(kernel));
	clear_padding(kernel, arguments_of(c));
}

static void graphs_multiply(struct cuda_device *d, const struct cuda_product *p)
{
	struct graphs *g = graphs_of(d);
	struct cuda_product *product;

	if (!g->holding) {
		g->inner->multiply(g->inner, p);
		return;
	}
	product = arguments_of(add_command(&g->held, COMMAND_PRODUCT, sizeof(*p)));
	memcpy(product, p, sizeof(*p));
	CLEAR_PADDING(product);
}

static bool graphs_can_sum(struct cuda_device *d, const struct cuda_product *p)
{
	struct cuda_device *inner = graphs_of(d)->inner;

	return inner->can_sum(inner, p);
}

static void graphs_clear(struct cuda_device *d, void *at, size_t bytes)
{
	struct graphs *g = graphs_of(d);
	struct clearing clearing = {at, bytes};

	if (g->holding)
		memcpy(arguments_of(add_command(&g->held, COMMAND_CLEAR, sizeof(clearing))),
		       &clearing, sizeof(clearing));
	else
		g->inner->clear(g->inner, at, bytes);
}

static void *graphs_alloc(struct cuda_device *d, size_t bytes)
{
	struct cuda_device *inner = inner_of(d);

	return inner->alloc(inner, bytes);
}

static void graphs_release(struct cuda_device *d, void *at)
{
	struct cuda_device *inner = inner_of(d);

	inner->release(inner, at);
}

static void graphs_upload(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	struct cuda_device *inner = inner_of(d);

	inner->upload(inner, to, from, bytes);
}

static void graphs_download(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	struct cuda_device *inner = inner_of(d);

	inner->download(inner, to, from, bytes);
}

static void graphs_send(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	struct cuda_device *inner = inner_of(d);

	inner->send(inner, to, from, bytes);
}

static void graphs_arrive(struct cuda_device *d)
{
	struct cuda_device *inner = inner_of(d);

	inner->arrive(inner);
}

static double graphs_lap(struct cuda_device *d)
{
	struct cuda_device *inner = inner_of(d);

	return inner->lap(inner);
}

static bool graphs_make_id(struct cuda_device *d, struct cuda_ranks_id *id)
{
	struct cuda_device *inner = inner_of(d);

	return inner->make_id(inner, id);
}

static bool graphs_join(struct cuda_device *d, const struct cuda_ranks_id *id, int rank, int count)
{
	struct cuda_device *inner = inner_of(d);

	return inner->join(inner, id, rank, count);
}

static void graphs_sum(struct cuda_device *d, float *numbers, size_t n)
{
	struct cuda_device *inner = inner_of(d);

	inner->sum(inner, numbers, n);
}

static const char *graphs_failure(struct cuda_device *d)
{
	struct cuda_device *inner = inner_of(d);

	return inner->failure(inner);
}

static void graphs_free(struct cuda_device *d)
{
	struct graphs *g = graphs_of(d);
	struct cuda_device *inner = inner_of(d);

	for (int i = 0; i < g->known_count; i++)
		forget(g, &g->known[i]);
	free(g->held.at);
	inner->free(inner);
	free(g);
}

struct cuda_device *cuda_graphs_new(struct cuda_device *device)
{
	struct graphs *g;

	if (!device->begin_graph)
		return device;
	g = mem_alloc(1, sizeof(*g));
	g->inner = device;
	g->device = (struct cuda_device){.name = device->name,
					 .shared_most = device->shared_most,
					 .multiprocessors = device->multiprocessors,
					 .alloc = graphs_alloc,
					 .release = graphs_release,
					 .upload = graphs_upload,
					 .download = graphs_download,
					 .send = graphs_send,
					 .arrive = graphs_arrive,
					 .clear = graphs_clear,
					 .launch = graphs_launch,
					 .multiply = graphs_multiply,
					 .can_sum = device->can_sum ? graphs_can_sum : NULL,
					 .begin = graphs_begin,
					 .end = graphs_end,
					 .lap = graphs_lap,
					 .make_id = device->make_id ? graphs_make_id : NULL,
					 .join = device->join ? graphs_join : NULL,
					 .sum = device->sum ? graphs_sum : NULL,
					 .failure = graphs_failure,
					 .free = graphs_free};
	return &g->device;
}

uint64_t cuda_graphs_played(const struct cuda_device *graphs)
{
	return ((const struct graphs *)graphs)->played;
}
