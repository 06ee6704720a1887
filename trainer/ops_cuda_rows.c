/* SPDX-License-Identifier: MIT */
/*
 * What brings rows from one place to another.
 */
#include <config.h>

#include <stdlib.h>

#include "base/mem.h"
#include "trainer/cuda.h"

/* --- pictures ------------------------------------------------------------------------------- */

static void patches(struct ops *ops, struct tensor out, const uint8_t *pixels, int batch, int side,
		    int p, double mean, double std)
{
	struct cuda *c = cuda_of(ops);
	size_t across = (size_t)(side / p), width = (size_t)p * (size_t)p;
	size_t bytes = mem_mul((size_t)batch, (size_t)side * (size_t)side);
	uint8_t *copy = cuda_scratch(c, bytes);
	struct cuda_patches args = {
		.out = out,
		.pixels = copy,
		.rows = (size_t)batch * across * across,
		.side = side,
		.p = p,
		.mean = (float)mean,
		.std = (float)std,
		.wide = cuda_is_wide(out, width),
	};

	if (copy)
		c->device->upload(c->device, copy, pixels, bytes);
	cuda_launch_groups(c, CUDA_patches, args.rows, width, &args);
}

static bool positions_are_wide(const struct cuda_positions *a)
{
	return cuda_is_wide(a->joined, a->d) && cuda_is_wide(a->x, a->d) &&
	       cuda_is_wide(a->cls, a->d) && cuda_is_wide(a->pos, a->d);
}

static void add_positions(struct ops *ops, struct tensor out, struct tensor x, struct tensor cls,
			  struct tensor pos, int batch, int n, size_t d)
{
	struct cuda_positions args = {
		.joined = out, .x = x, .cls = cls, .pos = pos, .batch = batch, .n = n, .d = d};

	args.wide = positions_are_wide(&args);
	cuda_launch_groups(cuda_of(ops), CUDA_add_positions, (size_t)batch * ((size_t)n + 1), d,
			   &args);
}

static void add_positions_back(struct ops *ops, struct tensor dx, struct tensor dcls,
			       struct tensor dpos, struct tensor dout, int batch, int n, size_t d)
{
	struct cuda_positions args = {
		.joined = dout, .x = dx, .cls = dcls, .pos = dpos, .batch = batch, .n = n, .d = d};

	args.wide = positions_are_wide(&args);
	cuda_launch_groups(cuda_of(ops), CUDA_add_positions_back, (size_t)n + 1, d, &args);
}

/* --- rows ----------------------------------------------------------------------------------- */

static void move_rows(struct ops *ops, struct tensor out, struct tensor x, const int32_t *rows,
		      size_t m, size_t d, bool scatter)
{
	struct cuda *c = cuda_of(ops);
	struct cuda_move args = {
		.out = out,
		.x = x,
		.rows = cuda_indices(c, CUDA_LIST_rows, rows, m),
		.m = m,
		.d = d,
		.scatter = scatter,
		.wide = cuda_is_wide(out, d) && cuda_is_wide(x, d),
	};

	cuda_launch_groups(c, CUDA_move_rows, m, d, &args);
}

static void scatter_rows(struct ops *ops, struct tensor out, struct tensor x, const int32_t *rows,
			 size_t m, size_t d)
{
	move_rows(ops, out, x, rows, m, d, true);
}

static void gather_rows(struct ops *ops, struct tensor out, struct tensor x, const int32_t *rows,
			size_t m, size_t d)
{
	move_rows(ops, out, x, rows, m, d, false);
}

static void embed(struct ops *ops, struct tensor out, struct tensor table, const int32_t *ids,
		  size_t m, size_t d)
{
	move_rows(ops, out, table, ids, m, d, false);
}

/* --- embeddings, back ----------------------------------------------------------------------- */

/* A row that is added to row `id` of the table. */
struct use {
	int32_t id, row;
};

static int compare_uses(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	return x->id != y->id ? (x->id > y->id) - (x->id < y->id)
			      : (x->row > y->row) - (x->row < y->row);
}

/* Sorted by id, and among equals as they come; returns how many there are. */
static size_t sort_uses(struct use *uses, const int32_t *ids, size_t m)
{
	size_t n = 0;

	for (size_t i = 0; i < m; i++)
		if (ids[i] >= 0)
			uses[n++] = (struct use){ids[i], (int32_t)i};
	qsort(uses, n, sizeof(*uses), compare_uses);
	return n;
}

/* lists: [n] ids that differ, [n + 1] where the rows of each begin, [n] rows; returns how many ids. */
static size_t list_uses(int32_t *lists, const struct use *uses, size_t n)
{
	int32_t *ids = lists, *firsts = lists + n, *rows = firsts + n + 1;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (i == 0 || uses[i].id != uses[i - 1].id) {
			ids[count] = uses[i].id;
			firsts[count++] = (int32_t)i;
		}
		rows[i] = uses[i].row;
	}
	firsts[count] = (int32_t)n;
	return count;
}

static void embed_back(struct ops *ops, struct tensor dtable, struct tensor dout,
		       const int32_t *ids, size_t m, size_t d)
{
	struct cuda *c = cuda_of(ops);
	struct use *uses = mem_alloc(m, sizeof(*uses));
	size_t n = sort_uses(uses, ids, m);
	int32_t *lists = mem_alloc(mem_add(mem_mul(3, n), 1), sizeof(*lists));
	struct cuda_embed_back args = {
		.dtable = dtable,
		.dout = dout,
		.count = list_uses(lists, uses, n),
		.d = d,
		.wide = cuda_is_wide(dtable, d) && cuda_is_wide(dout, d),
	};

	args.ids = cuda_indices(c, CUDA_LIST_ids, lists, 3 * n + 1);
	if (args.ids) {
		args.firsts = args.ids + n;
		args.order = args.firsts + n + 1;
	}
	cuda_launch_groups(c, CUDA_embed_back, args.count, d, &args);
	free(uses);
	free(lists);
}

void cuda_fill_rows(struct ops *ops)
{
	ops->patches = patches;
	ops->add_positions = add_positions;
	ops->add_positions_back = add_positions_back;
	ops->scatter_rows = scatter_rows;
	ops->gather_rows = gather_rows;
	ops->embed = embed;
	ops->embed_back = embed_back;
}
