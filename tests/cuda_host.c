/* SPDX-License-Identifier: MIT */
/*
 * Fibres: each thread of a block has a stack of its own and is left and entered by _setjmp and _longjmp,
 * which take a hundredth of the time of swapcontext, as they leave signals alone. A thread that waits says
 * for what; it is ready again when all the others of its warp, or of the block, wait for the same.
 *
 * A block's warps go side by side, each as far as its next exchange, or one behind the other, each as far as
 * the next barrier: what is missing between a warp that is ahead and one that is behind shows in the latter.
 *
 * What lanes give to each other goes through slots of their warp, of which there are two sets in turn: who
 * is a step ahead does not overwrite what others have yet to read.
 */
#include <config.h>

#undef _FORTIFY_SOURCE /* its longjmp refuses to go to another stack */

#include <assert.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "base/mem.h"
#include "base/sanitized.h"
#include "tests/cuda_host.h"
#include "trainer/ops/cuda/cuda_thread.h"

#ifdef SANITIZED
#include <sanitizer/common_interface_defs.h>
#endif

/* AddressSanitizer cleans the whole stack before each _longjmp and each call that does not return, ten times
 * the work of a test; the compiler's own pair, where it has one, goes past that. */
#if defined(SANITIZED) && (defined(__x86_64__) || !defined(__clang__))
#define UNCLEANED __attribute__((no_sanitize("address")))
typedef void *place[5];
#define here(at) __builtin_setjmp(at)
UNCLEANED __attribute__((noinline, noreturn)) static void go(place at)
{
	__builtin_longjmp(at, 1);
}
#else
#define UNCLEANED
typedef jmp_buf place;
#define here(at) _setjmp(at)
#define go(at) _longjmp(at, 1)
#endif

#define STACK_BYTES ((size_t)1 << 18)

enum waiting { READY, AT_WARP, AT_BLOCK, DONE };

struct fibre {
	place at;
	char *stack;
	size_t bytes;
	void *fake; /* AddressSanitizer's */
	enum waiting waiting;
	int turn; /* which set of slots is next */
};

/* What a lane gives. */
struct slot {
	float number;
	uint16_t row[8];
	uint32_t a[4], b[2];
};

struct cuda_host_place cuda_host_place;

static struct fibre fibres[CUDA_THREADS_MAX], home;
static struct slot slots[CUDA_THREADS_MAX / CUDA_WARP][2][CUDA_WARP];
static cuda_host_body *current_body;
static const void *current_args;

/* --- fibres --------------------------------------------------------------------------------- */

static void arrive(struct fibre *at)
{
#ifdef SANITIZED
	const void *bottom;
	size_t bytes;

	__sanitizer_finish_switch_fiber(at->fake, &bottom, &bytes);
	if (!home.stack) { /* the first to arrive comes from there */
		home.stack = (char *)(uintptr_t)bottom;
		home.bytes = bytes;
	}
#else
	(void)at;
#endif
}

static void leave(struct fibre *from, const struct fibre *to)
{
#ifdef SANITIZED
	__sanitizer_start_switch_fiber(&from->fake, to->stack, to->bytes);
#else
	(void)from;
	(void)to;
#endif
}

UNCLEANED static void change(struct fibre *from, struct fibre *to)
{
	leave(from, to);
	if (!here(from->at))
		go(to->at);
	arrive(from);
}

static struct fibre *self(void)
{
	return &fibres[cuda_host_place.thread];
}

static void fibre_main(void)
{
	arrive(self());
	for (;;) {
		current_body(current_args);
		self()->waiting = DONE;
		change(self(), &home);
	}
}

/* Its first entry, by the way that can. */
static void start(struct fibre *f)
{
	ucontext_t context;

	f->stack = mem_alloc(STACK_BYTES, 1);
	f->bytes = STACK_BYTES;
	getcontext(&context);
	context.uc_stack.ss_sp = f->stack;
	context.uc_stack.ss_size = f->bytes;
	context.uc_link = NULL;
	makecontext(&context, fibre_main, 0);
	leave(&home, f);
	if (!here(home.at))
		setcontext(&context);
	arrive(&home);
}

static void enter(int thread)
{
	struct fibre *f = &fibres[thread];

	cuda_host_place.thread = thread;
	if (f->stack)
		change(&home, f);
	else
		start(f);
}

static void wait_for(enum waiting what)
{
	struct fibre *f = self();

	f->waiting = what;
	change(f, &home);
}

/* --- blocks --------------------------------------------------------------------------------- */

static void refuse(const char *what)
{
	fprintf(stderr, "cuda_host: %s\n", what);
	abort();
}

/* Threads [first, end) go on where all of them wait for `what`; of a block those that are done do not
 * count. Returns whether any did. */
static bool release(int first, int end, enum waiting what)
{
	int waiting = 0, done = 0;

	for (int i = first; i < end; i++) {
		waiting += fibres[i].waiting == what;
		done += fibres[i].waiting == DONE;
	}
	if (!waiting || waiting + done < end - first)
		return false;
	if (what == AT_WARP && done)
		refuse("some lanes of a warp wait for others that are done");
	for (int i = first; i < end; i++)
		if (fibres[i].waiting == what)
			fibres[i].waiting = READY;
	return true;
}

static bool release_some(int threads)
{
	bool any = false;

	for (int i = 0; i < threads; i += CUDA_WARP)
		any = release(i, i + CUDA_WARP, AT_WARP) || any;
	return any || release(0, threads, AT_BLOCK);
}

static bool all_done(int threads)
{
	for (int i = 0; i < threads; i++)
		if (fibres[i].waiting != DONE)
			return false;
	return true;
}

/* Those threads [first, first + count) that are ready, in any order: an odd step goes through a power of two
 * of them. Returns whether there were any. */
static bool run_ready(int first, int count, struct rng *rng)
{
	uint32_t from = rng_below(rng, (uint32_t)count),
		 step = 2 * rng_below(rng, (uint32_t)count) + 1;
	bool any = false;

	for (uint32_t i = 0; i < (uint32_t)count; i++) {
		int thread = first + (int)((from + i * step) % (uint32_t)count);

		if (fibres[thread].waiting != READY)
			continue;
		enter(thread);
		any = true;
	}
	return any;
}

/* Each warp as far as it gets without the others, from a random one on. */
static void run_warps(int threads, struct rng *rng)
{
	int first = (int)rng_below(rng, (uint32_t)threads) / CUDA_WARP * CUDA_WARP;

	for (int i = 0; i < threads; i += CUDA_WARP) {
		int warp = (first + i) % threads;

		while (run_ready(warp, CUDA_WARP, rng))
			release(warp, warp + CUDA_WARP, AT_WARP);
	}
}

/* All warps side by side, or one behind the other. */
static void run_block(int threads, struct rng *rng)
{
	bool apart = rng_chance(rng, 0.5);

	for (int i = 0; i < threads; i++)
		fibres[i].waiting = READY;
	do {
		if (apart)
			run_warps(threads, rng);
		else
			run_ready(0, threads, rng);
	} while (release_some(threads));
	if (!all_done(threads))
		refuse("a barrier that not all threads come to");
}

void cuda_host_run(cuda_host_body *body, const struct cuda_grid *grid, const void *args,
		   struct rng *rng)
{
	int threads = grid->threads;

	assert(threads >= CUDA_WARP && threads <= CUDA_THREADS_MAX && !(threads & (threads - 1)));
	current_body = body;
	current_args = args;
	cuda_host_place = (struct cuda_host_place){.threads = threads, .blocks = grid->blocks};
	for (size_t block = 0; block < grid->blocks; block++) {
		cuda_host_place.block = block;
		cuda_host_place.shared = mem_alloc(grid->shared, 1);
		memset(cuda_host_place.shared, 0xff, grid->shared);
		run_block(threads, rng);
		free(cuda_host_place.shared);
	}
}

/* --- what threads do together --------------------------------------------------------------- */

void cuda_host_barrier(void)
{
	wait_for(AT_BLOCK);
}

void cuda_host_warp_barrier(void)
{
	wait_for(AT_WARP);
}

/* The set of slots that the lane gives into now; cuda_host_warp_barrier lies between that and reading. */
static struct slot *next_slots(void)
{
	struct fibre *f = self();
	struct slot *set = slots[cuda_host_place.thread / CUDA_WARP][f->turn];

	f->turn = !f->turn;
	return set;
}

static int lane_of(void)
{
	return cuda_host_place.thread % CUDA_WARP;
}

float cuda_host_shuffle(float v, int lane)
{
	struct slot *set = next_slots();

	set[lane_of()].number = v;
	cuda_host_warp_barrier();
	return set[lane].number;
}

void cuda_host_matrix_load(uint32_t r[4], const uint16_t *row, bool turned)
{
	struct slot *set = next_slots();
	int i = lane_of() % 4 * 2, g = lane_of() / 4;

	if ((uintptr_t)row % 16)
		refuse("a row of a matrix at no multiple of 16 bytes");
	memcpy(set[lane_of()].row, row, sizeof(set->row));
	cuda_host_warp_barrier();
	for (int k = 0; k < 4; k++) {
		const struct slot *matrix = set + 8 * k;
		uint16_t low = turned ? matrix[i].row[g] : matrix[g].row[i];
		uint16_t high = turned ? matrix[i + 1].row[g] : matrix[g].row[i + 1];

		r[k] = (uint32_t)high << 16 | low;
	}
}

static float half_of(uint32_t pair, int which)
{
	return bf16_to_float((uint16_t)(which ? pair >> 16 : pair & 0xffff));
}

/* Number (row, k) of the left factor, and (k, column) of the right one, from the lanes that have them. */
static float left_number(const struct slot *set, int row, int k)
{
	const struct slot *s = &set[row % 8 * 4 + k % 8 / 2];

	return half_of(s->a[row / 8 + k / 8 * 2], k % 2);
}

static float right_number(const struct slot *set, int k, int column)
{
	return half_of(set[column * 4 + k % 8 / 2].b[k / 8], k % 2);
}

void cuda_host_matrix_multiply(float c[4], const uint32_t a[4], uint32_t b0, uint32_t b1)
{
	struct slot *set = next_slots(), *own = &set[lane_of()];

	memcpy(own->a, a, sizeof(own->a));
	own->b[0] = b0;
	own->b[1] = b1;
	cuda_host_warp_barrier();
	for (int i = 0; i < 4; i++) {
		int row = lane_of() / 4 + i / 2 * 8, column = lane_of() % 4 * 2 + i % 2;

		for (int k = 0; k < 16; k++)
			c[i] += left_number(set, row, k) * right_number(set, k, column);
	}
}
