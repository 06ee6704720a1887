/* SPDX-License-Identifier: MIT */
/*
 * linear and its way back to x as products of packed factors.
 *
 *	linear     x [m,k]   (along) times w [n,k] (along)
 *	linear_dx  dy [m,n]  (along) times w [n,k] (across)
 *
 * Right (the weights) is packed by all threads; then each takes blocks of rows, packs them where they stay
 * in its cache, and runs all of right past them.
 *
 * Prepared weights are right, packed once. Where there are but a few rows of left, as when tokens are
 * decoded, these are packed once too, and the threads share the columns.
 */
#include <config.h>

#include "base/mem.h"
#include "trainer/ops/cpu.h"

#define GROUP 16     /* tiles side by side whose sums are kept: a part of the second cache */
#define FEW_ROWS 128 /* of left: no more than stay in the second cache, packed */

struct run {
	struct cpu *cpu;
	const struct product *p;
	struct factor left, right;
	struct tensor out;
	const float *bias;
	struct tensor base; /* added to what goes into out; may be out */
	bool plain;
	size_t m, n, words;
	size_t block, splits; /* rows of a task; tasks that share them, by columns */
	uint32_t *packed_left, *packed_right;
	const uint32_t *right_panels; /* packed_right, or what has been prepared */
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t tiles(size_t n, size_t tile)
{
	return (n + tile - 1) / tile;
}

/* --- tiles ---------------------------------------------------------------------------------- */

/* One worker's: sums on their way to `out`. */
struct way {
	const struct run *run;
	float *room, *other; /* of a tile each */
	float *parts;        /* of GROUP tiles, where k goes by parts */
	struct finish left;  /* of what is not yet in out; no rows: nothing is */
};

static size_t way_words(const struct product *p)
{
	return (2 + GROUP) * p->rows * p->cols;
}

static struct way way_of(const struct run *run, int worker)
{
	float *room = (float *)run->cpu->scratch[worker];
	size_t tile = run->p->rows * run->p->cols;

	return (struct way){
		.run = run, .room = room, .other = room + tile, .parts = room + 2 * tile};
}

static void end_way(struct way *way)
{
	if (way->left.rows)
		way->run->cpu->kernels.finish(&way->left);
	way->left.rows = 0;
}

/* Finishes the tile before, and leaves this one, which has its sums, for later. */
static void leave_tile(struct way *way, const float *sums, size_t row, size_t col)
{
	const struct run *run = way->run;
	const struct product *p = run->p;

	end_way(way);
	way->left = (struct finish){.out = run->out,
				    .at = row * run->n + col,
				    .ld = run->n,
				    .c = sums,
				    .ldc = p->cols,
				    .rows = least(p->rows, run->m - row),
				    .cols = least(p->cols, run->n - col),
				    .bias = run->bias ? run->bias + col : NULL,
				    .base = run->base};
}

/* Whole tiles of f32 sums go where they belong; others by way of `room`, and from there when the next
 * tile is on its way, for the processor to do both at once. What is added to goes by way of it always:
 * else a row's rounding would tell whether its tile is whole. */
static void multiply_tile(struct way *way, const struct left *left, size_t row, size_t col)
{
	const struct run *run = way->run;
	const struct product *p = run->p;
	const uint32_t *right = run->right_panels + col * run->words;
	size_t panel = run->words * (p->cols / 2), rows = least(p->rows, run->m - row);
	float *room = way->room;

	if (run->out.type == DTYPE_F32 && !run->bias && tensor_is_none(run->base) &&
	    rows == p->rows && col + p->cols <= run->n) {
		p->tile((float *)run->out.at + row * run->n + col, run->n, left, right, panel,
			run->words, rows, false);
		return;
	}
	p->tile(room, p->cols, left, right, panel, run->words, rows, false);
	leave_tile(way, room, row, col);
	way->room = way->other;
	way->other = room;
}

static void pack_panels(const struct run *run, size_t first, size_t last)
{
	size_t cols = run->p->cols;

	if (first < last)
		run->p->pack_right(run->packed_right + first * cols * run->words, run->words,
				   &run->right, first * cols,
				   least(run->n, last * cols) - first * cols);
}

static void pack_right_share(void *ctx, int worker, size_t first, size_t last)
{
	(void)worker;
	pack_panels(ctx, first, last);
}

/* Returns how many panels there are. */
static size_t room_for_right(struct run *run)
{
	size_t panels = tiles(run->n, run->p->cols);

	run->packed_right = room_for(&run->cpu->right, mem_mul(panels * run->p->cols, run->words));
	run->right_panels = run->packed_right;
	return panels;
}

/* --- blocks of rows ------------------------------------------------------------------------- */

static struct left plain_rows(const struct run *run, size_t row)
{
	size_t bytes = run->left.from.stride * 2;

	return (struct left){(const char *)run->left.from.t.at + row * bytes, bytes,
			     PRODUCT_WORDS * 4, run->p->strip * bytes};
}

/* A row of tiles, where k goes by parts: what there is of left and right for one of them stays in the first
 * cache. */
static void multiply_parts(struct way *way, const uint32_t *packed, bool plain, size_t row,
			   size_t i, size_t first_col, size_t last_col)
{
	const struct run *run = way->run;
	const struct product *p = run->p;
	size_t lanes = p->cols / 2;

	end_way(way); /* which is in the same memory */
	for (size_t w = 0; w < run->words; w += p->deep) {
		size_t words = least(p->deep, run->words - w);
		struct left left = product_left(p, packed, run->words, i, w);
		float *sums = way->parts;

		if (plain) {
			left = plain_rows(run, row + i);
			left.at = (const char *)left.at + w * 4;
		}
		for (size_t col = first_col; col < last_col; col += p->cols) {
			p->tile(sums, p->cols, &left,
				run->right_panels + col * run->words + w * lanes,
				run->words * lanes, words, least(p->rows, run->m - row - i), w > 0);
			if (w + words == run->words)
				leave_tile(way, sums, row + i, col);
			sums += p->rows * p->cols;
		}
	}
}

static void multiply_block(struct way *way, uint32_t *packed, size_t row, size_t rows,
			   size_t first_col, size_t last_col)
{
	const struct run *run = way->run;
	const struct product *p = run->p;
	bool plain = run->plain && rows % p->rows == 0;

	if (!plain)
		p->pack_left(packed, run->words, &run->left, row, rows);
	for (size_t i = 0; i < rows && run->words > p->deep; i += p->rows)
		for (size_t col = first_col; col < last_col; col += GROUP * p->cols)
			multiply_parts(way, packed, plain, row, i, col,
				       least(last_col, col + GROUP * p->cols));
	if (run->words > p->deep)
		return;
	for (size_t col = first_col; col < last_col; col += p->cols)
		for (size_t i = 0; i < rows; i += p->rows) {
			struct left left = plain ? plain_rows(run, row + i)
						 : product_left(p, packed, run->words, i, 0);

			multiply_tile(way, &left, row + i, col);
		}
}

static void multiply_share(void *ctx, int worker, size_t first, size_t last)
{
	const struct run *run = ctx;
	const struct product *p = run->p;
	struct way way = way_of(run, worker);
	uint32_t *packed = run->cpu->scratch[worker] + way_words(p);

	for (size_t i = first; i < last; i++) {
		size_t row = i / run->splits * run->block, part = i % run->splits;
		size_t panels = tiles(run->n, p->cols);
		size_t from = panels * part / run->splits * p->cols;
		size_t to = least(panels * (part + 1) / run->splits * p->cols, run->n);
		size_t rows = least(run->block, run->m - row);
		size_t whole = run->plain ? rows / p->rows * p->rows : rows;

		multiply_block(&way, packed, row, whole, from, to);
		if (whole < rows)
			multiply_block(&way, packed, row + whole, rows - whole, from, to);
	}
	end_way(&way);
}

/* Blocks that fit the cache, some for each thread; by columns too where there are few rows. */
static size_t choose_blocks(struct run *run)
{
	size_t threads = (size_t)team_threads(run->cpu->team), rows = run->p->rows;
	size_t most = run->p->block / (run->words + 1), share = run->m / (8 * threads), blocks;

	run->block = round_up(least(most, share) + 1, rows);
	blocks = tiles(run->m, run->block);
	run->splits = blocks >= 4 * threads ? 1 : tiles(4 * threads, blocks);
	run->splits = threads == 1 ? 1 : least(run->splits, tiles(run->n, run->p->cols));
	return blocks * run->splits;
}

static void multiply(struct run *run)
{
	const struct product *p = run->p;
	size_t tasks;

	if (!run->m || !run->n)
		return;
	run->words = product_words(p, run->left.k);
	run->plain = p->plain_left && run->left.along && run->left.k % 32 == 0;
	tasks = choose_blocks(run);
	if (!run->right_panels)
		team_run(run->cpu->team, pack_right_share, run, room_for_right(run));
	cpu_scratch(run->cpu, way_words(p) + mem_mul(run->block, run->words));
	team_run(run->cpu->team, multiply_share, run, tasks);
}

static void linear(struct ops *ops, struct tensor out, struct tensor x, struct tensor w,
		   struct tensor bias, struct tensor base, size_t m, size_t n, size_t k)
{
	struct cpu *cpu = cpu_of(ops);
	struct run run = {.cpu = cpu,
			  .p = cpu->product,
			  .left = {{x, k, m, k}, true, 0, k},
			  .right = {{w, k, n, k}, true, 0, k},
			  .out = out,
			  .bias = bias.at,
			  .base = base,
			  .m = m,
			  .n = n};

	multiply(&run);
}

static void linear_dx(struct ops *ops, struct tensor dx, struct tensor dy, struct tensor w,
		      size_t m, size_t n, size_t k, bool add)
{
	struct cpu *cpu = cpu_of(ops);
	struct run run = {.cpu = cpu,
			  .p = cpu->product,
			  .left = {{dy, n, m, n}, true, 0, n},
			  .right = {{w, k, n, k}, false, 0, n},
			  .out = dx,
			  .base = add ? dx : (struct tensor){0},
			  .m = m,
			  .n = k};

	multiply(&run);
}

/* --- prepared weights ----------------------------------------------------------------------- */

static size_t prepared_bytes(struct ops *ops, size_t n, size_t k)
{
	const struct product *p = cpu_of(ops)->product;

	return mem_mul(tiles(n, p->cols) * p->cols, product_words(p, k)) * 4;
}

static void prepare(struct ops *ops, void *to, struct tensor w, size_t n, size_t k)
{
	struct cpu *cpu = cpu_of(ops);
	struct tensor copy = {NULL, ops->act};
	struct run run = {.cpu = cpu,
			  .p = cpu->product,
			  .n = n,
			  .words = product_words(cpu->product, k),
			  .packed_right = to};

	if (w.type != ops->act) {
		copy.at = room_for(&cpu->left, mem_mul(n, k));
		ops->convert(ops, copy, w, n * k);
		w = copy;
	}
	run.right = (struct factor){{w, k, n, k}, true, 0, k};
	team_run(cpu->team, pack_right_share, &run, tiles(n, cpu->product->cols));
}

static void pack_strips(const struct run *run, size_t first, size_t last)
{
	size_t rows = run->p->rows;

	for (size_t i = first * rows; i < last * rows && i < run->m; i += rows)
		run->p->pack_left(run->packed_left + i * run->words, run->words, &run->left, i,
				  least(rows, run->m - i));
}

static void pack_left_share(void *ctx, int worker, size_t first, size_t last)
{
	(void)worker;
	pack_strips(ctx, first, last);
}

/* Tasks are panels of right; past each go all rows. */
static void multiply_panels(void *ctx, int worker, size_t first, size_t last)
{
	const struct run *run = ctx;
	const struct product *p = run->p;
	struct way way = way_of(run, worker);

	for (size_t panel = first; panel < last; panel++)
		for (size_t row = 0; row < run->m; row += p->rows) {
			struct left left = product_left(p, run->packed_left, run->words, row, 0);

			multiply_tile(&way, &left, row, panel * p->cols);
		}
	end_way(&way);
}

static void multiply_few(struct run *run)
{
	const struct product *p = run->p;
	size_t strips = tiles(run->m, p->rows);

	run->words = product_words(p, run->left.k);
	run->packed_left = room_for(&run->cpu->left, mem_mul(strips * p->rows, run->words));
	cpu_scratch(run->cpu, way_words(p));
	team_run(run->cpu->team, pack_left_share, run, strips);
	team_run(run->cpu->team, multiply_panels, run, tiles(run->n, p->cols));
}

static void linear_prepared(struct ops *ops, struct tensor out, struct tensor x, const void *w,
			    struct tensor bias, size_t m, size_t n, size_t k, bool add)
{
	struct cpu *cpu = cpu_of(ops);
	struct run run = {.cpu = cpu,
			  .p = cpu->product,
			  .left = {{x, k, m, k}, true, 0, k},
			  .out = out,
			  .bias = bias.at,
			  .base = add ? out : (struct tensor){0},
			  .m = m,
			  .n = n,
			  .right_panels = w};

	if (m <= FEW_ROWS)
		multiply_few(&run);
	else
		multiply(&run);
}

void cpu_fill_products(struct ops *ops)
{
	ops->prepared_bytes = prepared_bytes;
	ops->prepare = prepare;
	ops->linear_prepared = linear_prepared;
	ops->linear = linear;
	ops->linear_dx = linear_dx;
}
