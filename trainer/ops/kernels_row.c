/* SPDX-License-Identifier: MIT */
/*
 * Rows that are moved, looked up and added to. What several rows add to belongs to one thread, which
 * adds them in order.
 */
#include <config.h>

#include "trainer/ops/kernels_inside.h"
#include "trainer/ops/vec.h"

#define COLUMNS 64 /* of a piece of embed_back */

static void copy_row(struct tensor to, size_t at, struct tensor from, size_t row, size_t d)
{
	for (size_t j = 0; j < d; j += LANES)
		vf_put_part(to, at * d + j, vf_get_part(from, row * d + j, d - j), d - j);
}

static void scatter_rows(void *ctx, int worker, size_t first, size_t last)
{
	const struct row_job *job = ctx;

	(void)worker;
	for (size_t i = first; i < last; i++)
		if (job->rows[i] >= 0)
			copy_row(job->out, (size_t)job->rows[i], job->x, i, job->d);
}

static void gather_rows(void *ctx, int worker, size_t first, size_t last)
{
	const struct row_job *job = ctx;

	(void)worker;
	for (size_t i = first; i < last; i++)
		if (job->rows[i] >= 0)
			copy_row(job->out, i, job->x, (size_t)job->rows[i], job->d);
}

/* Numbers [first, end) of row `to` += those of row `from`. */
static void add_part(const struct row_job *job, size_t to, size_t from, size_t first, size_t end)
{
	to *= job->d;
	from *= job->d;
	for (size_t j = first; j < end; j += LANES)
		vf_put_part(job->out, to + j,
			    vf_get_part(job->out, to + j, end - j) +
				    vf_get_part(job->x, from + j, end - j),
			    end - j);
}

static void embed_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct row_job *job = ctx;
	size_t end = last * COLUMNS < job->d ? last * COLUMNS : job->d;

	(void)worker;
	for (size_t i = 0; i < job->m; i++)
		for (int32_t k = job->firsts[i]; k < job->firsts[i + 1]; k++)
			add_part(job, i, (size_t)job->rows[k], first * COLUMNS, end);
}

/* --- pictures ------------------------------------------------------------------------------- */

static void patches(void *ctx, int worker, size_t first, size_t last)
{
	const struct patch_job *job = ctx;
	size_t side = job->side, p = job->p, across = side / p;
	float table[256];

	(void)worker;
	for (int i = 0; i < 256; i++)
		table[i] = (float)((i / 255.0 - job->mean) / job->std);
	for (size_t i = first * across * across; i < last * across * across; i++) {
		size_t sample = i / (across * across), patch = i % (across * across);
		size_t corner = (sample * side + patch / across * p) * side + patch % across * p;

		for (size_t j = 0; j < p * p; j++) {
			float v = table[job->pixels[corner + j / p * side + j % p]];
			size_t at = i * p * p + j;

			if (job->out.type == DTYPE_F32)
				((float *)job->out.at)[at] = v;
			else
				((uint16_t *)job->out.at)[at] = bf16_from_float(v);
		}
	}
}

static void add_positions(void *ctx, int worker, size_t first, size_t last)
{
	const struct row_job *job = ctx;
	size_t rows = job->n + 1, d = job->d;

	(void)worker;
	for (size_t i = first; i < last; i++) {
		size_t row = i % rows, sample = i / rows;
		struct tensor from =
			row ? tensor_from(job->x, (sample * job->n + row - 1) * d) : job->cls;

		for (size_t j = 0; j < d; j += LANES)
			vf_put_part(job->out, i * d + j,
				    vf_get_part(from, j, d - j) +
					    vf_get_part(job->pos, row * d + j, d - j),
				    d - j);
	}
}

static void add_positions_back(void *ctx, int worker, size_t first, size_t last)
{
	const struct row_job *job = ctx;
	size_t rows = job->n + 1, d = job->d;

	(void)worker;
	for (size_t i = first * job->batch; i < last * job->batch; i++) {
		size_t row = i / job->batch, sample = i % job->batch;

		for (size_t j = 0; j < d; j += LANES) {
			vf g = vf_get_part(job->out, (sample * rows + row) * d + j, d - j);
			struct tensor pos = tensor_from(job->dpos, row * d + j);
			struct tensor cls = tensor_from(job->dcls, j);

			vf_put_part(pos, 0, vf_get_part(pos, 0, d - j) + g, d - j);
			if (row)
				vf_put_part(job->x, (sample * job->n + row - 1) * d + j, g, d - j);
			else
				vf_put_part(cls, 0, vf_get_part(cls, 0, d - j) + g, d - j);
		}
	}
}

void KERNELS(fill_rows)(struct kernels *k)
{
	k->scatter_rows = scatter_rows;
	k->gather_rows = gather_rows;
	k->embed_back = embed_back;
	k->patches = patches;
	k->add_positions = add_positions;
	k->add_positions_back = add_positions_back;
}
