/* SPDX-License-Identifier: MIT */
/*
 * linear_dw, a product whose sum is over rows:
 *
 *	dw [n,k] += dy^T [n,m] (across) times x [m,k] (across)
 *
 * or the same turned, x^T dy, where x is narrower: left is packed more often, and tiles in hardware want it
 * turned. What one core packs is far from another, so each task packs all it multiplies: a half of the rows
 * times a group of right's panels. It goes by blocks of rows: left whole, then some panels of right after
 * others, each of which is multiplied while it is near. There are two halves whatever the number of threads,
 * which must change no sum.
 */
#include <config.h>

#include <string.h>

#include "base/mem.h"
#include "trainer/ops/cpu.h"

#define HALVES 2
#define BLOCK 256 /* rows: a panel of right stays in the first cache */
#define PANELS 4  /* of right, packed at a time: lines of the cache side by side come together */
#define STRIP 32  /* rows of dw that are a task */
#define SQUARE 16 /* as many as the widest vectors have lanes */

struct sums_run {
	struct cpu *cpu;
	const struct product *p;
	struct factor left, right;       /* of k: all rows */
	size_t rows, cols;               /* of the sums; padded to whole tiles: */
	size_t padded_rows, padded_cols; /* rows of whole squares too, for add_sums */
	size_t ld; /* of the sums: no power of two, else the cache holds but few lines of a tile */
	bool turned;   /* dy is right */
	size_t groups; /* of panels */
	float *sums;   /* [HALVES][padded_rows][ld] */
	float *bias;   /* [HALVES][dy's columns and a vector]; NULL: not wanted */
	size_t bias_ld;
};

static size_t tiles_of(size_t n, size_t tile)
{
	return (n + tile - 1) / tile;
}

static struct factor part_of(struct factor f, size_t first, size_t n)
{
	f.k_first = first;
	f.k = n;
	return f;
}

/* --- a half of the rows, a group of panels ---------------------------------------------------- */

struct task {
	const struct sums_run *run;
	size_t half, group, col, last; /* columns of the group, if any */
	uint32_t *left, *right;        /* packed */
};

static float *sums_of(const struct task *t, size_t row, size_t col)
{
	return t->run->sums + (t->half * t->run->padded_rows + row) * t->run->ld + col;
}

static void add_columns(const struct task *t, const struct factor *dy, size_t col, size_t n)
{
	const struct sums_run *run = t->run;

	if (run->bias)
		run->cpu->kernels.column_sums(run->bias + t->half * run->bias_ld + col, dy, col, n);
}

/* Columns col..col+n-1, packed: a panel is near, left in the second cache. */
static void multiply_panels(const struct task *t, size_t words, size_t col, size_t n, bool add)
{
	const struct sums_run *run = t->run;
	const struct product *p = run->p;

	for (size_t j = 0; j < n; j += p->cols)
		for (size_t i = 0; i < run->rows; i += p->rows) {
			struct left left = product_left(p, t->left, words, i, 0);
			size_t there = run->rows - i < p->rows ? run->rows - i : p->rows;

			p->tile(sums_of(t, i, col + j), run->ld, &left, t->right + j * words,
				p->cols / 2 * words, words, there, add);
		}
}

static void multiply_block(const struct task *t, size_t row, size_t n, bool add)
{
	const struct sums_run *run = t->run;
	struct factor right = part_of(run->right, row, n);
	size_t words = product_words(run->p, n), panels = PANELS * run->p->cols;

	for (size_t col = t->col; col < t->last; col += panels) {
		size_t last = t->last < run->cols ? t->last : run->cols;
		size_t here = last - col < panels ? last - col : panels;

		run->p->pack_right(t->right, words, &right, col, here);
		if (run->turned)
			add_columns(t, &right, col, here);
		multiply_panels(t, words, col, here, add);
	}
}

static void multiply_half(const struct task *t)
{
	const struct sums_run *run = t->run;
	size_t m = run->left.k, middle = round_up(tiles_of(m, HALVES), 2 * PRODUCT_WORDS);
	size_t first = t->half * middle, last = t->half + 1 < HALVES && middle < m ? middle : m;

	for (size_t row = first; row < last; row += BLOCK) {
		size_t n = last - row < BLOCK ? last - row : BLOCK;
		struct factor left = part_of(run->left, row, n);

		run->p->pack_left(t->left, product_words(run->p, n), &left, 0, run->rows);
		if (!run->turned && t->group == 0)
			add_columns(t, &left, 0, run->rows);
		multiply_block(t, row, n, row > first);
	}
}

static void multiply_share(void *ctx, int worker, size_t first, size_t last)
{
	const struct sums_run *run = ctx;
	size_t panels = run->padded_cols / run->p->cols;

	for (size_t i = first; i < last; i++) {
		size_t group = i % run->groups;
		struct task t = {.run = run,
				 .half = i / run->groups,
				 .group = group,
				 .col = panels * group / run->groups * run->p->cols,
				 .last = panels * (group + 1) / run->groups * run->p->cols,
				 .right = run->cpu->scratch[worker]};

		t.left = t.right + PANELS * run->p->cols * product_words(run->p, BLOCK);
		multiply_half(&t);
	}
}

/* --- both halves ---------------------------------------------------------------------------- */

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
	for (size_t half = 0; half < HALVES; half++)
		for (size_t i = first * STRIP; i < last * STRIP && i < job->n; i += STRIP)
			run->cpu->kernels.add_sums(job->dw + i * job->k, job->k,
						   run->sums + half * run->padded_rows * run->ld +
							   (run->turned ? i : i * run->ld),
						   run->ld, job->n - i < STRIP ? job->n - i : STRIP,
						   job->k, run->turned);
}

/* A half may have no rows. */
static void find_rooms(struct sums_run *run, bool bias, size_t n)
{
	struct cpu *cpu = run->cpu;
	size_t threads = (size_t)team_threads(cpu->team);

	run->padded_rows = round_up(round_up(run->rows, run->p->rows), SQUARE);
	run->padded_cols = round_up(run->cols, run->p->cols);
	run->groups = tiles_of(threads, HALVES);
	run->ld = run->padded_cols + 16;
	run->bias_ld = n + 16;
	run->sums = room_for(&cpu->sums, mem_mul(HALVES * run->padded_rows, run->ld));
	cpu_scratch(cpu, mem_mul(run->padded_rows + PANELS * run->p->cols,
				 product_words(run->p, BLOCK)));
	if (bias)
		run->bias = room_for(&cpu->left, HALVES * run->bias_ld);
	if (bias)
		memset(run->bias, 0, HALVES * run->bias_ld * sizeof(*run->bias));
	if (run->left.k <= 2 * PRODUCT_WORDS)
		memset(run->sums + run->padded_rows * run->ld, 0,
		       run->padded_rows * run->ld * sizeof(*run->sums));
}

static void linear_dw(struct ops *ops, struct tensor dw, struct tensor db, struct tensor dy,
		      struct tensor x, size_t m, size_t n, size_t k)
{
	struct cpu *cpu = cpu_of(ops);
	struct factor of_dy = {{dy, n, m, n}, false, 0, m}, of_x = {{x, k, m, k}, false, 0, m};
	bool turned = k < n;
	struct sums_run run = {.cpu = cpu,
			       .p = cpu->product,
			       .left = turned ? of_x : of_dy,
			       .right = turned ? of_dy : of_x,
			       .rows = turned ? k : n,
			       .cols = turned ? n : k,
			       .turned = turned};
	struct finish_job job = {&run, dw.at, n, k};

	if (!m || !n)
		return;
	find_rooms(&run, db.at, n);
	team_run(cpu->team, multiply_share, &run, HALVES * run.groups);
	team_run(cpu->team, finish_share, &job, tiles_of(n, STRIP));
	for (size_t half = 0; half < HALVES && db.at; half++)
		cpu->kernels.add_sums(db.at, n, run.bias + half * run.bias_ld, n, 1, n, false);
}

void cpu_fill_sums(struct ops *ops)
{
	ops->linear_dw = linear_dw;
}
