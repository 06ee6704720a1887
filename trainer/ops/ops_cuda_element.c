/* SPDX-License-Identifier: MIT */
/*
 * What takes numbers one by one; norms; loss and update.
 */
#include <config.h>

#include <math.h>

#include "base/mem.h"
#include "trainer/ops/cuda.h"

#define ROW_THREADS 256 /* of a block that has a row of logits, or a sum */
#define ROW_WARPS (ROW_THREADS / 32)

/* --- elements ------------------------------------------------------------------------------- */

static void run_flat(struct ops *ops, enum cuda_kernel kernel, struct cuda_flat args)
{
	args.wide = cuda_is_wide(args.out, 8) && cuda_is_wide(args.x, 8) && cuda_is_wide(args.y, 8);
	cuda_launch_groups(cuda_of(ops), kernel, 1, args.n, &args);
}

static void convert(struct ops *ops, struct tensor out, struct tensor x, size_t n)
{
	run_flat(ops, CUDA_convert, (struct cuda_flat){.out = out, .x = x, .n = n});
}

static void mix(struct ops *ops, struct tensor out, struct tensor x, size_t n, double keep,
		double share)
{
	run_flat(ops, CUDA_mix,
		 (struct cuda_flat){
			 .out = out, .x = x, .n = n, .keep = (float)keep, .share = (float)share});
}

static void divide_by_root(struct ops *ops, struct tensor x, size_t n, struct tensor sum, int roots)
{
	struct cuda_root args = {
		.x = x, .sum = sum.at, .n = n, .roots = roots, .wide = cuda_is_wide(x, 8)};

	cuda_launch_groups(cuda_of(ops), CUDA_divide_by_root, 1, n, &args);
}

static void quick_gelu(struct ops *ops, struct tensor out, struct tensor x, size_t n)
{
	run_flat(ops, CUDA_quick_gelu, (struct cuda_flat){.out = out, .x = x, .n = n});
}

static void quick_gelu_back(struct ops *ops, struct tensor dx, struct tensor dy, struct tensor x,
			    size_t n)
{
	run_flat(ops, CUDA_quick_gelu_back, (struct cuda_flat){.out = dx, .x = x, .y = dy, .n = n});
}

static void run_gated(struct ops *ops, enum cuda_kernel kernel, struct cuda_gated args)
{
	args.wide = cuda_is_wide(args.out, args.width) && cuda_is_wide(args.gate_up, args.width) &&
		    cuda_is_wide(args.dout, args.width);
	cuda_launch_groups(cuda_of(ops), kernel, args.rows, args.width, &args);
}

static void swiglu(struct ops *ops, struct tensor out, struct tensor gate_up, size_t m, size_t f)
{
	run_gated(ops, CUDA_swiglu,
		  (struct cuda_gated){.out = out, .gate_up = gate_up, .rows = m, .width = f});
}

static void swiglu_back(struct ops *ops, struct tensor dgate_up, struct tensor dout,
			struct tensor gate_up, size_t m, size_t f)
{
	run_gated(
		ops, CUDA_swiglu_back,
		(struct cuda_gated){
			.out = dgate_up, .gate_up = gate_up, .dout = dout, .rows = m, .width = f});
}

/* --- norms ---------------------------------------------------------------------------------- */

static void run_norm(struct ops *ops, struct cuda_norm args)
{
	args.wide = cuda_is_wide(args.out, args.d) && cuda_is_wide(args.x, args.d) &&
		    cuda_is_wide(args.w, args.d) && cuda_is_wide(args.b, args.d);
	cuda_launch_warps(cuda_of(ops), CUDA_norm, args.rows, 0, &args);
}

static void layernorm(struct ops *ops, struct tensor out, struct tensor stats, struct tensor x,
		      struct tensor w, struct tensor b, size_t m, size_t d, double eps)
{
	run_norm(ops, (struct cuda_norm){.out = out,
					 .stats = stats,
					 .x = x,
					 .w = w,
					 .b = b,
					 .rows = m,
					 .d = d,
					 .eps = (float)eps,
					 .layer = true});
}

static void rmsnorm(struct ops *ops, struct tensor out, struct tensor stats, struct tensor x,
		    struct tensor w, size_t m, size_t d, double eps)
{
	run_norm(ops, (struct cuda_norm){.out = out,
					 .stats = stats,
					 .x = x,
					 .w = w,
					 .rows = m,
					 .d = d,
					 .eps = (float)eps});
}

/* Rows of these widths go through once. */
#define ROW_WIDTH ((size_t)256)
#define ROW_WIDTH_MOST (4 * ROW_WIDTH)

static const enum cuda_kernel row_kernels[] = {
	CUDA_norm_rows_256,
	CUDA_norm_rows_512,
	CUDA_norm_rows_768,
	CUDA_norm_rows_1024,
};

/* db: none for rmsnorm. */
static void norm_back(struct ops *ops, struct tensor dx, struct tensor copy, struct tensor dw,
		      struct tensor db, struct tensor dy, struct tensor x, struct tensor w,
		      struct tensor stats, size_t m, size_t d)
{
	struct cuda *c = cuda_of(ops);
	bool layer = !tensor_is_none(db);
	size_t each = layer ? 2 * d : d, partials = mem_mul(cuda_chunks(m), each);
	struct cuda_norm_back args = {.dx = dx,
				      .copy = copy,
				      .dy = dy,
				      .x = x,
				      .w = w,
				      .stats = stats,
				      .rows = m,
				      .d = d,
				      .layer = layer};

	if (m == 0 || d == 0)
		return;
	/* the sums of rows lie behind the partial sums, which are a multiple of 16 bytes where d is
	 * one of 8 */
	args.partial = (struct tensor){
		cuda_scratch(c, mem_mul(mem_add(partials, 2 * m), sizeof(float))), DTYPE_F32};
	args.sums = tensor_from(args.partial, partials);
	args.wide = cuda_is_wide(dx, d) && cuda_is_wide(copy, d) && cuda_is_wide(dy, d) &&
		    cuda_is_wide(x, d) && cuda_is_wide(w, d);
	if (args.wide && d % ROW_WIDTH == 0 && d <= ROW_WIDTH_MOST) {
		cuda_launch_warps(c, row_kernels[d / ROW_WIDTH - 1], cuda_chunks(m), 0, &args);
	} else {
		cuda_launch_warps(c, CUDA_norm_sums, m, 0, &args);
		cuda_launch_groups(c, CUDA_norm_back, cuda_chunks(m), d, &args);
	}
	cuda_add_partials(c, dw, args.partial, m, each, d);
	if (layer)
		cuda_add_partials(c, db, tensor_from(args.partial, d), m, each, d);
}

static void rmsnorm_back(struct ops *ops, struct tensor dx, struct tensor copy, struct tensor dw,
			 struct tensor dy, struct tensor x, struct tensor w, struct tensor stats,
			 size_t m, size_t d)
{
	norm_back(ops, dx, copy, dw, (struct tensor){0}, dy, x, w, stats, m, d);
}

/* --- loss ----------------------------------------------------------------------------------- */

static void run_logits(struct cuda *c, enum cuda_kernel kernel, struct cuda_loss args)
{
	args.wide = cuda_is_wide(args.logits, args.width) && cuda_is_wide(args.dlogits, args.width);
	cuda_launch(c, kernel, args.rows, ROW_THREADS, ROW_WARPS * 3 * sizeof(float), &args);
}

static void log_sum_exp(struct ops *ops, struct tensor out, struct tensor logits, size_t m,
			size_t v)
{
	run_logits(cuda_of(ops), CUDA_log_sum_exp,
		   (struct cuda_loss){.logits = logits, .losses = out, .rows = m, .width = v});
}

static void greatest(struct ops *ops, int32_t *ids, struct tensor numbers, struct tensor logits,
		     const struct allowed_ids *allowed, size_t m, size_t v, size_t k)
{
	struct cuda_greatest args = {.ids = ids,
				     .numbers = numbers,
				     .logits = logits,
				     .allowed = *allowed,
				     .width = v,
				     .k = k};

	cuda_launch(cuda_of(ops), CUDA_greatest, m, ROW_THREADS, ROW_WARPS * 4 * sizeof(uint32_t),
		    &args);
}

/* Of n numbers, doubles or floats. All lie on the device. */
static void sum_all(struct cuda *c, double *out, struct tensor x, size_t n, bool add)
{
	struct cuda_sum args = {.out = out, .x = x, .n = n, .add = add};

	cuda_launch(c, CUDA_sum_all, 1, ROW_THREADS, ROW_THREADS * sizeof(double), &args);
}

static void cross_entropy(struct ops *ops, struct tensor loss, struct tensor dlogits,
			  struct tensor logits, const int32_t *targets, size_t m, size_t v,
			  double smoothing, struct tensor scale)
{
	struct cuda *c = cuda_of(ops);
	struct cuda_loss args = {
		.dlogits = dlogits,
		.logits = logits,
		.losses = {cuda_scratch(c, mem_mul(m, sizeof(float))), DTYPE_F32},
		.scale = scale,
		.targets = targets,
		.rows = m,
		.width = v,
		.smoothing = (float)smoothing,
	};

	run_logits(c, CUDA_cross_entropy, args);
	if (m > 0 && !tensor_is_none(loss))
		sum_all(c, loss.at, args.losses, m, true);
}

/* --- update --------------------------------------------------------------------------------- */

#define SUM_BLOCKS_EACH 4 /* blocks of a multiprocessor that add squares */

static void sum_squares(struct ops *ops, struct tensor sum, struct tensor x, size_t n)
{
	struct cuda *c = cuda_of(ops);
	size_t blocks = (n + 8 * ROW_THREADS - 1) / (8 * ROW_THREADS);
	size_t most = (size_t)c->device->multiprocessors * SUM_BLOCKS_EACH;
	struct cuda_sum args = {.x = x, .n = n, .wide = cuda_is_wide(x, 8)};

	blocks = blocks < most ? blocks : most;
	args.out = cuda_scratch(c, blocks * sizeof(double));
	cuda_launch(c, CUDA_sum_squares, blocks, ROW_THREADS, ROW_THREADS * sizeof(double), &args);
	sum_all(c, sum.at, (struct tensor){args.out, DTYPE_F64}, blocks, false);
}

static void adamw(struct ops *ops, struct tensor param, struct tensor m, struct tensor v,
		  struct tensor grad, struct tensor copy, size_t n, const struct adamw *how)
{
	struct cuda_adamw args = {
		.param = param,
		.m = m,
		.v = v,
		.grad = grad,
		.copy = copy,
		.n = n,
		.rate = (float)how->rate,
		.beta1 = (float)how->beta1,
		.beta2 = (float)how->beta2,
		.rest1 = (float)(1 - how->beta1),
		.rest2 = (float)(1 - how->beta2),
		.m_scale = (float)(1 / (1 - pow(how->beta1, (double)how->step))),
		.v_scale = (float)(1 / (1 - pow(how->beta2, (double)how->step))),
		.eps = (float)how->eps,
		.decay = (float)how->decay,
		.scale = (float)how->scale,
		.wide = cuda_is_wide(param, 8) && cuda_is_wide(m, 8) && cuda_is_wide(v, 8) &&
			cuda_is_wide(grad, 8) && cuda_is_wide(copy, 8),
	};

	cuda_launch_groups(cuda_of(ops), CUDA_adamw, 1, n, &args);
}

void cuda_fill_elements(struct ops *ops)
{
	ops->convert = convert;
	ops->mix = mix;
	ops->divide_by_root = divide_by_root;
	ops->quick_gelu = quick_gelu;
	ops->quick_gelu_back = quick_gelu_back;
	ops->swiglu = swiglu;
	ops->swiglu_back = swiglu_back;
	ops->layernorm = layernorm;
	ops->layernorm_back = norm_back;
	ops->rmsnorm = rmsnorm;
	ops->rmsnorm_back = rmsnorm_back;
	ops->log_sum_exp = log_sum_exp;
	ops->greatest = greatest;
	ops->cross_entropy = cross_entropy;
	ops->sum_squares = sum_squares;
	ops->adamw = adamw;
}
