/* SPDX-License-Identifier: MIT */
/*
 * The operations that are one loop over numbers, rows or samples: a job each, cut among the threads.
 */
#include <config.h>

#include <math.h>

#include "base/mem.h"
#include "trainer/ops/cpu.h"

#define COLUMNS 64 /* kernels_row.c's piece of embed_back */

/* --- elements ------------------------------------------------------------------------------- */

static void quick_gelu(struct ops *ops, struct tensor out, struct tensor x, size_t n)
{
	struct cpu *cpu = cpu_of(ops);
	struct element_job job = {.out = out, .x = x, .n = n};

	team_run(cpu->team, cpu->kernels.quick_gelu, &job, pieces_of(n));
}

static void quick_gelu_back(struct ops *ops, struct tensor dx, struct tensor dy, struct tensor x,
			    size_t n)
{
	struct cpu *cpu = cpu_of(ops);
	struct element_job job = {.out = dx, .dout = dy, .x = x, .n = n};

	team_run(cpu->team, cpu->kernels.quick_gelu_back, &job, pieces_of(n));
}

static void swiglu(struct ops *ops, struct tensor out, struct tensor gate_up, size_t m, size_t f)
{
	struct cpu *cpu = cpu_of(ops);
	struct element_job job = {.out = out, .x = gate_up, .f = f};

	team_run(cpu->team, cpu->kernels.swiglu, &job, m);
}

static void swiglu_back(struct ops *ops, struct tensor dgate_up, struct tensor dout,
			struct tensor gate_up, size_t m, size_t f)
{
	struct cpu *cpu = cpu_of(ops);
	struct element_job job = {.out = dgate_up, .dout = dout, .x = gate_up, .f = f};

	team_run(cpu->team, cpu->kernels.swiglu_back, &job, m);
}

static void convert(struct ops *ops, struct tensor out, struct tensor x, size_t n)
{
	struct cpu *cpu = cpu_of(ops);
	struct element_job job = {.out = out, .x = x, .n = n};

	team_run(cpu->team, cpu->kernels.convert, &job, pieces_of(n));
}

static void mix(struct ops *ops, struct tensor out, struct tensor x, size_t n, double keep,
		double share)
{
	struct cpu *cpu = cpu_of(ops);
	struct element_job job = {.out = out, .x = x, .n = n, .keep = keep, .share = share};

	team_run(cpu->team, cpu->kernels.mix, &job, pieces_of(n));
}

static void divide_by_root(struct ops *ops, struct tensor x, size_t n, struct tensor sum, int roots)
{
	mix(ops, x, x, n, inverse_root(tensor_get(sum, 0), roots), 0);
}

/* --- rows ----------------------------------------------------------------------------------- */

static void patches(struct ops *ops, struct tensor out, const uint8_t *pixels, int batch, int side,
		    int p, double mean, double std)
{
	struct cpu *cpu = cpu_of(ops);
	struct patch_job job = {.out = out,
				.pixels = pixels,
				.side = (size_t)side,
				.p = (size_t)p,
				.mean = mean,
				.std = std};

	team_run(cpu->team, cpu->kernels.patches, &job, (size_t)batch);
}

static void add_positions(struct ops *ops, struct tensor out, struct tensor x, struct tensor cls,
			  struct tensor pos, int batch, int n, size_t d)
{
	struct cpu *cpu = cpu_of(ops);
	struct row_job job = {.out = out, .x = x, .cls = cls, .pos = pos, .n = (size_t)n, .d = d};

	team_run(cpu->team, cpu->kernels.add_positions, &job, (size_t)batch * ((size_t)n + 1));
}

static void add_positions_back(struct ops *ops, struct tensor dx, struct tensor dcls,
			       struct tensor dpos, struct tensor dout, int batch, int n, size_t d)
{
	struct cpu *cpu = cpu_of(ops);
	struct row_job job = {.out = dout,
			      .x = dx,
			      .dcls = dcls,
			      .dpos = dpos,
			      .batch = (size_t)batch,
			      .n = (size_t)n,
			      .d = d};

	team_run(cpu->team, cpu->kernels.add_positions_back, &job, (size_t)n + 1);
}

static void scatter_rows(struct ops *ops, struct tensor out, struct tensor x, const int32_t *rows,
			 size_t m, size_t d)
{
	struct cpu *cpu = cpu_of(ops);
	struct row_job job = {.out = out, .x = x, .rows = rows, .d = d};

	team_run(cpu->team, cpu->kernels.scatter_rows, &job, m);
}

static void gather_rows(struct ops *ops, struct tensor out, struct tensor x, const int32_t *rows,
			size_t m, size_t d)
{
	struct cpu *cpu = cpu_of(ops);
	struct row_job job = {.out = out, .x = x, .rows = rows, .d = d};

	team_run(cpu->team, cpu->kernels.gather_rows, &job, m);
}

static void embed_back(struct ops *ops, struct tensor dtable, struct tensor dout,
		       const int32_t *firsts, const int32_t *uses, size_t rows, size_t d)
{
	struct cpu *cpu = cpu_of(ops);
	struct row_job job = {
		.out = dtable, .x = dout, .firsts = firsts, .rows = uses, .m = rows, .d = d};

	team_run(cpu->team, cpu->kernels.embed_back, &job, (d + COLUMNS - 1) / COLUMNS);
}

/* --- loss and update ------------------------------------------------------------------------ */

static double sum_in_order(const double *sums, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += sums[i];
	return sum;
}

static void cross_entropy(struct ops *ops, struct tensor loss, struct tensor dlogits,
			  struct tensor logits, const int32_t *targets, size_t m, size_t v,
			  double smoothing, struct tensor scale)
{
	struct cpu *cpu = cpu_of(ops);
	struct loss_job job = {.dlogits = dlogits,
			       .logits = logits,
			       .targets = targets,
			       .losses = room_for(&cpu->sums, mem_mul(m, 2)),
			       .v = v,
			       .smoothing = smoothing,
			       .scale = tensor_is_none(scale) ? 0 : tensor_get(scale, 0)};

	team_run(cpu->team, cpu->kernels.cross_entropy, &job, m);
	if (!tensor_is_none(loss))
		*(double *)loss.at += sum_in_order(job.losses, m);
}

static void log_sum_exp(struct ops *ops, struct tensor out, struct tensor logits, size_t m,
			size_t v)
{
	struct cpu *cpu = cpu_of(ops);
	struct loss_job job = {.dlogits = out, .logits = logits, .v = v};

	team_run(cpu->team, cpu->kernels.log_sum_exp, &job, m);
}

struct greatest_job {
	int32_t *ids;
	struct tensor numbers, logits;
	const struct allowed_ids *allowed;
	size_t v, k;
};

/* Among those that are found, `n` of k: the last makes room, and what is less goes back by one. */
static size_t insert(const struct greatest_job *job, size_t row, size_t n, int32_t id, double v)
{
	int32_t *ids = job->ids + row * job->k;
	struct tensor numbers = tensor_from(job->numbers, row * job->k);
	size_t at = n < job->k ? n : job->k - 1;

	for (; at > 0 && tensor_get(numbers, at - 1) < v; at--) {
		ids[at] = ids[at - 1];
		tensor_set(numbers, at, tensor_get(numbers, at - 1));
	}
	ids[at] = id;
	tensor_set(numbers, at, v);
	return n < job->k ? n + 1 : n;
}

static void find_greatest(void *ctx, int worker, size_t first, size_t last)
{
	const struct greatest_job *job = ctx;
	size_t k = job->k;

	(void)worker;
	for (size_t i = first; i < last; i++) {
		size_t n = 0;

		for (size_t id = 0; id < job->allowed->count; id++) {
			double v = tensor_get(job->logits, i * job->v + id);

			if ((n < k || v > tensor_get(job->numbers, i * k + k - 1)) && !isnan(v) &&
			    is_allowed(job->allowed, i, id))
				n = insert(job, i, n, (int32_t)id, v);
		}
		for (; n < k; n++)
			job->ids[i * k + n] = -1;
	}
}

static void greatest(struct ops *ops, int32_t *ids, struct tensor numbers, struct tensor logits,
		     const struct allowed_ids *allowed, size_t m, size_t v, size_t k)
{
	struct greatest_job job = {ids, numbers, logits, allowed, v, k};

	if (k > 0)
		team_run(cpu_of(ops)->team, find_greatest, &job, m);
}

static void sum_squares(struct ops *ops, struct tensor sum, struct tensor x, size_t n)
{
	struct cpu *cpu = cpu_of(ops);
	struct squares_job job = {
		.x = x, .n = n, .sums = room_for(&cpu->sums, mem_mul(pieces_of(n), 2))};

	team_run(cpu->team, cpu->kernels.sum_squares, &job, pieces_of(n));
	tensor_set(sum, 0, sum_in_order(job.sums, pieces_of(n)));
}

static void adamw(struct ops *ops, struct tensor param, struct tensor m, struct tensor v,
		  struct tensor grad, struct tensor copy, size_t n, const struct adamw *how)
{
	struct cpu *cpu = cpu_of(ops);
	struct adamw_job job = {.param = param,
				.m = m,
				.v = v,
				.grad = grad,
				.copy = copy,
				.n = n,
				.m_scale = 1 / (1 - pow(how->beta1, (double)how->step)),
				.v_scale = 1 / (1 - pow(how->beta2, (double)how->step)),
				.how = how};

	team_run(cpu->team, cpu->kernels.adamw, &job, pieces_of(n));
}

void cpu_fill_rest(struct ops *ops)
{
	ops->quick_gelu = quick_gelu;
	ops->quick_gelu_back = quick_gelu_back;
	ops->swiglu = swiglu;
	ops->swiglu_back = swiglu_back;
	ops->convert = convert;
	ops->mix = mix;
	ops->divide_by_root = divide_by_root;
	ops->patches = patches;
	ops->add_positions = add_positions;
	ops->add_positions_back = add_positions_back;
	ops->scatter_rows = scatter_rows;
	ops->gather_rows = gather_rows;
	ops->embed = gather_rows;
	ops->embed_back = embed_back;
	ops->cross_entropy = cross_entropy;
	ops->log_sum_exp = log_sum_exp;
	ops->greatest = greatest;
	ops->sum_squares = sum_squares;
	ops->adamw = adamw;
}
