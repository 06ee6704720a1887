/* SPDX-License-Identifier: MIT */
/*
 * linear and its two ways back as products of packed factors.
 *
 *	linear     x [m,k]     (along)  times w [n,k]  (along)
 *	linear_dx  dy [m,n]    (along)  times w [n,k]  (across)
 *	linear_dw  dy^T [n,m]  (across) times x [m,k]  (across)
 *
 * For the first two, right (the weights) is packed by all threads; then each takes blocks of rows, packs
 * them where they stay in its cache, and runs all of right past them. The sum of linear_dw is over
 * all of m: that goes by chunks of CHUNK words, whose factors are packed by all, then multiplied and
 * added to dw tile by tile.
 *
 * Prepared weights are right, packed once. Where there are but a few rows of left, as when tokens are
 * decoded, these are packed once too, and the threads share the columns.
 */
#include <config.h>

#include "base/mem.h"
#include "trainer/cpu.h"

#define BLOCK_WORDS 65536 /* of left: 256 KiB, a part of the second cache */
#define CHUNK 512
#define FEW_ROWS 128 /* of left: no more than stay in the second cache, packed */

struct run {
	struct cpu *cpu;
	const struct product *p;
	struct factor left, right;
	struct tensor out;
	const float *bias;
	float *column_sums;
	bool add, plain;
	bool chunks; /* sums begin with what is in out: of linear_dw */
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

/* Whole tiles of f32 sums go where they belong; others by way of `room`, of a tile. What is added to
 * goes by way of it always: else a row's rounding would tell whether its tile is whole. */
static void multiply_tile(const struct run *run, float *room, struct left left, size_t row,
			  size_t col)
{
	const struct product *p = run->p;
	const uint32_t *right = run->right_panels + col * run->words;
	struct finish finish = {.out = run->out,
				.at = row * run->n + col,
				.ld = run->n,
				.c = room,
				.ldc = p->cols,
				.rows = least(p->rows, run->m - row),
				.cols = least(p->cols, run->n - col),
				.bias = run->bias ? run->bias + col : NULL,
				.add = run->add};

	if (run->out.type == DTYPE_F32 && !run->bias && (run->chunks || !run->add) &&
	    finish.rows == p->rows && finish.cols == p->cols) {
		p->tile((float *)run->out.at + finish.at, run->n, left, right, run->words, p->rows,
			run->add);
		return;
	}
	p->tile(room, p->cols, left, right, run->words, finish.rows, false);
	run->cpu->kernels.finish(&finish);
}

static void pack_panels(const struct run *run, size_t first, size_t last)
{
	size_t cols = run->p->cols;

	if (first < last)
		run->p->pack_right(run->packed_right + first * cols * run->words, &run->right,
				   first * cols, least(run->n, last * cols) - first * cols);
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

static void multiply_block(const struct run *run, uint32_t *packed, float *room, size_t row,
			   size_t rows, size_t first_col, size_t last_col)
{
	const struct product *p = run->p;
	bool plain = run->plain && rows % p->rows == 0;

	if (!plain)
		p->pack_left(packed, &run->left, row, rows);
	for (size_t col = first_col; col < last_col; col += p->cols)
		for (size_t i = 0; i < rows; i += p->rows)
			multiply_tile(run, room,
				      plain ? plain_rows(run, row + i)
					    : product_left(p, packed, run->words, i, 0),
				      row + i, col);
}

static void multiply_share(void *ctx, int worker, size_t first, size_t last)
{
	const struct run *run = ctx;
	const struct product *p = run->p;
	float *room = (float *)run->cpu->scratch[worker];
	uint32_t *packed = run->cpu->scratch[worker] + p->rows * p->cols;

	for (size_t i = first; i < last; i++) {
		size_t row = i / run->splits * run->block, part = i % run->splits;
		size_t panels = tiles(run->n, p->cols);
		size_t from = panels * part / run->splits * p->cols;
		size_t to = least(panels * (part + 1) / run->splits * p->cols, run->n);
		size_t rows = least(run->block, run->m - row);
		size_t whole = run->plain ? rows / p->rows * p->rows : rows;

		multiply_block(run, packed, room, row, whole, from, to);
		if (whole < rows)
			multiply_block(run, packed, room, row + whole, rows - whole, from, to);
	}
}

/* Blocks that fit the cache, some for each thread; by columns too where there are few rows. */
static size_t choose_blocks(struct run *run)
{
	size_t threads = (size_t)team_threads(run->cpu->team), rows = run->p->rows;
	size_t most = BLOCK_WORDS / (run->words + 1), share = run->m / (8 * threads), blocks;

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
	cpu_scratch(run->cpu, p->rows * p->cols + mem_mul(run->block, run->words));
	team_run(run->cpu->team, multiply_share, run, tasks);
}

static void linear(struct ops *ops, struct tensor out, struct tensor x, struct tensor w,
		   struct tensor bias, size_t m, size_t n, size_t k, bool add)
{
	struct cpu *cpu = cpu_of(ops);
	struct run run = {.cpu = cpu,
			  .p = cpu->product,
			  .left = {{x, k, m, k}, true, 0, k},
			  .right = {{w, k, n, k}, true, 0, k},
			  .out = out,
			  .bias = bias.at,
			  .add = add,
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
			  .add = add,
			  .m = m,
			  .n = k};

	multiply(&run);
}

/* --- sums over rows ------------------------------------------------------------------------- */

static void pack_strips(const struct run *run, size_t first, size_t last)
{
	size_t rows = run->p->rows;

	for (size_t i = first * rows; i < last * rows && i < run->m; i += rows) {
		size_t n = least(rows, run->m - i);

		run->p->pack_left(run->packed_left + i * run->words, &run->left, i, n);
		if (run->column_sums)
			run->cpu->kernels.column_sums(run->column_sums + i, &run->left, i, n);
	}
}

/* Tasks are strips of left, then panels of right. */
static void pack_share(void *ctx, int worker, size_t first, size_t last)
{
	const struct run *run = ctx;
	size_t down = tiles(run->m, run->p->rows);

	(void)worker;
	pack_strips(run, first, least(last, down));
	pack_panels(run, first > down ? first - down : 0, last > down ? last - down : 0);
}

/* Tasks are tiles, column by column: right stays near. */
static void add_share(void *ctx, int worker, size_t first, size_t last)
{
	const struct run *run = ctx;
	const struct product *p = run->p;
	size_t down = tiles(run->m, p->rows);

	for (size_t i = first; i < last; i++) {
		size_t row = i % down * p->rows, col = i / down * p->cols;

		multiply_tile(run, (float *)run->cpu->scratch[worker],
			      product_left(p, run->packed_left, run->words, row, 0), row, col);
	}
}

static void add_chunk(struct run *run, size_t first, size_t k)
{
	const struct product *p = run->p;
	size_t down = tiles(run->m, p->rows), panels;

	run->left.k_first = run->right.k_first = first;
	run->left.k = run->right.k = k;
	run->words = product_words(p, k);
	run->packed_left = room_for(&run->cpu->left, mem_mul(down * p->rows, run->words));
	panels = room_for_right(run);
	team_run(run->cpu->team, pack_share, run, down + panels);
	team_run(run->cpu->team, add_share, run, down * panels);
}

static void linear_dw(struct ops *ops, struct tensor dw, struct tensor db, struct tensor dy,
		      struct tensor x, size_t m, size_t n, size_t k)
{
	struct cpu *cpu = cpu_of(ops);
	const struct product *p = cpu->product;
	size_t chunk = CHUNK * p->pair;
	struct run run = {.cpu = cpu,
			  .p = p,
			  .left = {{dy, n, m, n}, false, 0, 0},
			  .right = {{x, k, m, k}, false, 0, 0},
			  .out = dw,
			  .column_sums = db.at,
			  .add = true,
			  .chunks = true,
			  .m = n,
			  .n = k};

	if (!n)
		return;
	cpu_scratch(cpu, p->rows * p->cols);
	for (size_t first = 0; first < m; first += chunk)
		add_chunk(&run, first, least(chunk, m - first));
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

	for (size_t panel = first; panel < last; panel++)
		for (size_t row = 0; row < run->m; row += p->rows)
			multiply_tile(run, (float *)run->cpu->scratch[worker],
				      product_left(p, run->packed_left, run->words, row, 0), row,
				      panel * p->cols);
}

static void multiply_few(struct run *run)
{
	const struct product *p = run->p;
	size_t strips = tiles(run->m, p->rows);

	run->words = product_words(p, run->left.k);
	run->packed_left = room_for(&run->cpu->left, mem_mul(strips * p->rows, run->words));
	cpu_scratch(run->cpu, p->rows * p->cols);
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
			  .add = add,
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
	ops->linear_dw = linear_dw;
}
