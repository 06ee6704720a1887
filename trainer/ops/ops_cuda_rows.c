/* SPDX-License-Identifier: MIT */
/*
 * What brings rows from one place to another.
 */
#include <config.h>

#include "trainer/ops/cuda.h"

/* --- pictures ------------------------------------------------------------------------------- */

static void patches(struct ops *ops, struct tensor out, const uint8_t *pixels, int batch, int side,
		    int p, double mean, double std)
{
	size_t across = (size_t)(side / p), width = (size_t)p * (size_t)p;
	struct cuda_patches args = {
		.out = out,
		.pixels = pixels,
		.rows = (size_t)batch * across * across,
		.side = side,
		.p = p,
		.mean = (float)mean,
		.std = (float)std,
		.wide = cuda_is_wide(out, width),
	};

	cuda_launch_groups(cuda_of(ops), CUDA_patches, args.rows, width, &args);
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
	struct cuda_move args = {
		.out = out,
		.x = x,
		.rows = rows,
		.m = m,
		.d = d,
		.scatter = scatter,
		.wide = cuda_is_wide(out, d) && cuda_is_wide(x, d),
	};

	cuda_launch_groups(cuda_of(ops), CUDA_move_rows, m, d, &args);
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

static void embed_back(struct ops *ops, struct tensor dtable, struct tensor dout,
		       const int32_t *firsts, const int32_t *uses, size_t rows, size_t d)
{
	struct cuda_embed_back args = {
		.dtable = dtable,
		.dout = dout,
		.firsts = firsts,
		.uses = uses,
		.rows = rows,
		.d = d,
		.wide = cuda_is_wide(dtable, d) && cuda_is_wide(dout, d),
	};

	cuda_launch_groups(cuda_of(ops), CUDA_embed_back, rows, d, &args);
}

void cuda_fill_rows(struct ops *ops)
{
	ops->patches = patches;
	ops->add_positions = add_positions;
	ops->add_positions_back = add_positions_back;
	ops->scatter_rows = scatter_rows;
	ops->gather_rows = gather_rows;
	ops->embed = gather_rows;
	ops->embed_back = embed_back;
}
