/* SPDX-License-Identifier: MIT */
/*
 * linear_dw, a product whose sum is over rows:
 *
 *	dw [n,k] += dy^T [n,m] (across) times x [m,k] (across)
 *
 * or the same turned, x^T dy, where packing left takes longer and x is narrower. Rows go by chunks of a
 * block of them for each thread. Every thread packs one of both factors, reading memory as it lies, and
 * adds dy's columns up meanwhile; then all share the tiles of the sums, which each of the blocks is
 * added to. How rows are cut into blocks changes no sum: tiles go through memory in f32 between two.
 */
#include <config.h>

#include <string.h>

#include "base/mem.h"
#include "trainer/cpu.h"

#define BLOCK 256 /* rows: a panel of right stays in the first cache */
#define PIECE 128 /* rows whose columns are added up for themselves */
#define STRIP 32  /* rows of dw that are a task */

struct sums_run {
	struct cpu *cpu;
	const struct product *p;
	struct factor left, right, dy; /* of k: all rows */
	size_t rows, cols;             /* of the sums; padded to whole tiles: */
	size_t padded_rows, padded_cols;
	size_t ld; /* of the sums: no power of two, else the cache holds but few lines of a tile */
	bool turned, bias;
	size_t all, block; /* rows: of the factors, of a block */
	size_t first;      /* the chunk's first row */
	size_t blocks;     /* in this chunk */
	uint32_t *packed_left, *packed_right;
	float *pieces; /* [blocks * pieces in a block][dy's columns] */
	float *sums;   /* [padded_rows][ld] */
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t tiles_of(size_t n, size_t tile)
{
	return (n + tile - 1) / tile;
}

/* --- packing -------------------------------------------------------------------------------- */

static size_t rows_of_block(const struct sums_run *run, size_t block)
{
	return least(run->block, run->all - run->first - block * run->block);
}

static size_t words_of_block(const struct sums_run *run, size_t block)
{
	return product_words(run->p, rows_of_block(run, block));
}

static uint32_t *left_of_block(const struct sums_run *run, size_t block)
{
	return run->packed_left + block * run->padded_rows * product_words(run->p, run->block);
}

static uint32_t *right_of_block(const struct sums_run *run, size_t block)
{
	return run->packed_right + block * run->padded_cols * product_words(run->p, run->block);
}

static struct factor part_of(struct factor f, size_t first, size_t n)
{
	f.k_first = first;
	f.k = n;
	return f;
}

static void pack_piece(const struct sums_run *run, size_t block, size_t from, size_t n)
{
	const struct product *p = run->p;
	size_t words = words_of_block(run, block), word = from / p->pair;
	size_t row = run->first + block * run->block + from;
	struct factor left = part_of(run->left, row, n), right = part_of(run->right, row, n);
	struct factor dy = part_of(run->dy, row, n);

	p->pack_left(left_of_block(run, block) + word * p->strip, words, &left, 0, run->rows);
	p->pack_right(right_of_block(run, block) + word * (p->cols / 2), words, &right, 0,
		      run->cols);
	if (run->bias) {
		size_t d = dy.from.numbers;
		float *sums = run->pieces + (block * run->block + from) / PIECE * d;

		memset(sums, 0, d * sizeof(*sums));
		run->cpu->kernels.column_sums(sums, &dy);
	}
}

static void pack_share(void *ctx, int worker, size_t first, size_t last)
{
	const struct sums_run *run = ctx;

	(void)worker;
	for (size_t block = first; block < last; block++) {
		size_t n = rows_of_block(run, block);

		for (size_t from = 0; from < n; from += PIECE)
			pack_piece(run, block, from, least(PIECE, n - from));
	}
}

/* --- multiplying ---------------------------------------------------------------------------- */

static void add_tile(const struct sums_run *run, size_t block, size_t row, size_t col)
{
	const struct product *p = run->p;
	size_t words = words_of_block(run, block);
	struct left left = product_left(p, left_of_block(run, block), words, row, 0);

	p->tile(run->sums + row * run->ld + col, run->ld, &left,
		right_of_block(run, block) + col * words, words, least(p->rows, run->rows - row),
		run->first || block);
}

/* Tasks are tiles, column by column: right stays near. */
static void add_share(void *ctx, int worker, size_t first, size_t last)
{
	const struct sums_run *run = ctx;
	size_t down = run->padded_rows / run->p->rows;

	(void)worker;
	for (size_t block = 0; block < run->blocks; block++)
		for (size_t i = first; i < last; i++)
			add_tile(run, block, i % down * run->p->rows, i / down * run->p->cols);
}

/* --- the chunks ----------------------------------------------------------------------------- */

/* One by one: how many there are in a chunk is nothing to db. */
static void add_pieces(const struct sums_run *run, float *db)
{
	size_t d = run->dy.from.numbers, n = least(run->blocks * run->block, run->all - run->first);

	for (size_t i = 0; i < tiles_of(n, PIECE); i++)
		run->cpu->kernels.add_sums(db, d, run->pieces + i * d, d, 1, d, false);
}

static void add_chunk(struct sums_run *run, float *db)
{
	size_t left = tiles_of(run->all - run->first, run->block);
	size_t tiles = run->padded_rows / run->p->rows * (run->padded_cols / run->p->cols);

	run->blocks = least(left, (size_t)team_threads(run->cpu->team));
	team_run(run->cpu->team, pack_share, run, run->blocks);
	if (run->bias)
		add_pieces(run, db);
	team_run(run->cpu->team, add_share, run, tiles);
}

/* A block's share of the rows for each thread, where they are few. */
static void find_rooms(struct sums_run *run)
{
	struct cpu *cpu = run->cpu;
	size_t threads = (size_t)team_threads(cpu->team), words;

	run->padded_rows = round_up(run->rows, run->p->rows);
	run->padded_cols = round_up(run->cols, run->p->cols);
	run->block = least(BLOCK, round_up(tiles_of(run->all, threads), PIECE));
	words = mem_mul(threads, product_words(run->p, run->block));
	run->packed_left = room_for(&cpu->left, mem_mul(run->padded_rows, words));
	run->packed_right = room_for(&cpu->right, mem_mul(run->padded_cols, words));
	run->ld = run->padded_cols + 16;
	run->sums = room_for(&cpu->sums, mem_mul(run->padded_rows, run->ld));
	if (run->bias)
		run->pieces =
			room_for(&cpu->pieces,
				 mem_mul(threads * (BLOCK / PIECE), run->dy.from.numbers) + 16);
}

struct finish_job {
	const struct sums_run *run;
	float *dw;
	size_t n, k;
};

/* Tasks are strips of dw. */
static void finish_share(void *ctx, int worker, size_t first, size_t last)
{
	const struct finish_job *job = ctx;
	const struct sums_run *run = job->run;

	(void)worker;
	for (size_t i = first * STRIP; i < last * STRIP && i < job->n; i += STRIP)
		run->cpu->kernels.add_sums(job->dw + i * job->k, job->k,
					   run->sums + (run->turned ? i : i * run->ld), run->ld,
					   least(STRIP, job->n - i), job->k, run->turned);
}

static void linear_dw(struct ops *ops, struct tensor dw, struct tensor db, struct tensor dy,
		      struct tensor x, size_t m, size_t n, size_t k)
{
	struct cpu *cpu = cpu_of(ops);
	struct factor of_dy = {{dy, n, m, n}, false, 0, m}, of_x = {{x, k, m, k}, false, 0, m};
	bool turned = cpu->product->left_turned && k < n;
	struct sums_run run = {.cpu = cpu,
			       .p = cpu->product,
			       .left = turned ? of_x : of_dy,
			       .right = turned ? of_dy : of_x,
			       .dy = of_dy,
			       .rows = turned ? k : n,
			       .cols = turned ? n : k,
			       .turned = turned,
			       .bias = db.at,
			       .all = m};
	struct finish_job job = {&run, dw.at, n, k};

	if (!m || !n)
		return;
	find_rooms(&run);
	for (; run.first < m; run.first += run.blocks * run.block)
		add_chunk(&run, db.at);
	team_run(cpu->team, finish_share, &job, tiles_of(n, STRIP));
}

void cpu_fill_sums(struct ops *ops)
{
	ops->linear_dw = linear_dw;
}
