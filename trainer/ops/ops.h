/* SPDX-License-Identifier: MIT */
/*
 * ops: the one interface to arithmetic. ops_ref is the truth, in plain C; ops_cpu is fast; ops_cuda works
 * on a GPU.
 *
 *	struct ops *ops = ops_ref_new();
 *	struct tensor x = {ops->alloc(ops, 4 * count), DTYPE_F32};
 *	ops->upload(ops, x, numbers, count);
 *	ops->linear(ops, out, x, w, bias, base, m, n, k);
 *	ops->download(ops, numbers, out, count);
 *	ops->release(ops, x.at);
 *	ops->free(ops);
 *
 * Tensors are row-major. In comments: [m,n] is m rows of n numbers; weights of a linear layer are
 * [n,k], out by in, as PyTorch keeps them. "+=" adds to what is there, "=" overwrites. Outputs overlap
 * inputs only where it is said. Every size may be 0.
 *
 * Two types of numbers come from the model: `act`, what goes through matrix products (activations,
 * weights and their gradients' inputs), and `acc`, what is summed (the residual stream, statistics,
 * parameters, gradients of parameters). ops_ref takes any type anywhere; the others take act BF16 or F32
 * with acc F32, and what is marked acc below is F32 there.
 *
 * Tensors, prepared weights, pixels and lists of rows, ids and the like lie in memory of alloc, which for ops_ref
 * and ops_cpu is memory like any other. Calls may return before they are done: who measures waits by download.
 */
#ifndef TRAINER_OPS_H
#define TRAINER_OPS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "trainer/ops/tensor.h"

/* Heads of an attention: rows of qkv are [q: heads * size | k: kv_heads * size | v: kv_heads * size];
 * query head h goes with key head h / (heads / kv_heads). */
struct heads {
	int heads, kv_heads, size;
};

/* Which ids the rows of logits may go on with. */
struct allowed_ids {
	size_t count;         /* 0..count - 1, */
	int32_t never;        /* but for this one, or -1, */
	const uint64_t *sets; /* [any, words]: id i is in one by bit i % 64 of its word i / 64 */
	size_t words;
	const int32_t *of_rows; /* [m]: which set each row has; -1: any id. NULL: -1 for all */
};

/* Where the lists are the processor's: whether the row may go on with the id, which is below count. */
static inline bool is_allowed(const struct allowed_ids *a, size_t row, size_t id)
{
	int32_t set = a->of_rows ? a->of_rows[row] : -1;

	if ((int32_t)id == a->never)
		return false;
	return set < 0 || a->sets[(size_t)set * a->words + id / 64] >> id % 64 & 1;
}

/* What divide_by_root multiplies by. */
static inline double inverse_root(double sum, int roots)
{
	for (int i = 0; i < roots; i++)
		sum = sqrt(sum);
	return sum > 0 ? 1 / sum : 0;
}

struct adamw {
	double rate, beta1, beta2, eps;
	double decay; /* weight decay, times the rate */
	double scale; /* of the gradient: clipping */
	int64_t step; /* from 1 */
};

struct ops {
	const char *name;
	enum dtype act, acc; /* what the model should use with these */
	/* Numbers that differ from batch to batch had better be multiples of these, so that the same come again: of a
	 * sample's rows, and of a batch's rows that have targets. */
	int row_step, target_step;
	bool many_rows; /* whether it takes thousands of rows to be fast */

	/* --- memory */

	/* At a multiple of 64, holding anything; NULL where there is not so much, or the device has failed. */
	void *(*alloc)(struct ops *ops, size_t bytes);
	/* Who cannot do without what alloc had not: where it is the processor's memory the process ends as mem_alloc's
	 * does; else `check` says so from now on, and calls do nothing. */
	void (*lack)(struct ops *ops, size_t bytes);
	void (*release)(struct ops *ops, void *at); /* NULL is allowed */
	/* n numbers of the tensor's type, in and out. `from` may change once upload returns. */
	void (*upload)(struct ops *ops, struct tensor to, const void *from, size_t n);
	void (*download)(struct ops *ops, void *to, struct tensor from, size_t n);
	/* Likewise, of what is no tensor. */
	void (*upload_bytes)(struct ops *ops, void *to, const void *from, size_t bytes);
	void (*download_bytes)(struct ops *ops, void *to, const void *from, size_t bytes);
	/* As upload_bytes, but that it is there from `arrive` on, and goes most of the way beside other work, which
	 * may use `to`. NULL, both, where nothing is gained. */
	void (*send)(struct ops *ops, void *to, const void *from, size_t bytes);
	void (*arrive)(struct ops *ops);
	/* All bytes 0. */
	void (*clear)(struct ops *ops, struct tensor t, size_t n);
	/* 0, or -1 with ERR_DEVICE where the device failed at any time, or ERR_MEMORY where it had not enough: then
	 * nothing that was computed since means anything. */
	int (*check)(struct ops *ops, struct err *err);

	/* --- work that comes again */

	/* Calls from begin to end may be held back until end, and are done as one where the same calls, with the same
	 * sizes and places, come again. Other calls than those on memory, in between, do no harm. */
	void (*begin)(struct ops *ops);
	void (*end)(struct ops *ops);

	/* --- matrix products */

	/* out[m,n] = x[m,k] w[n,k]^T + bias[n] + base[m,n]. x, w: act; bias: acc or none; out: act or acc;
	 * base: of out's type, out itself or none. */
	void (*linear)(struct ops *ops, struct tensor out, struct tensor x, struct tensor w,
		       struct tensor bias, struct tensor base, size_t m, size_t n, size_t k);
	/* dx[m,k] = dy[m,n] w[n,k], or += where `add`. dy, w: act; dx: act or acc. */
	void (*linear_dx)(struct ops *ops, struct tensor dx, struct tensor dy, struct tensor w,
			  size_t m, size_t n, size_t k, bool add);
	/* dw[n,k] += dy[m,n]^T x[m,k]; db[n] += sum of dy's rows, unless none. dy, x: act; dw, db: acc. */
	void (*linear_dw)(struct ops *ops, struct tensor dw, struct tensor db, struct tensor dy,
			  struct tensor x, size_t m, size_t n, size_t k);

	/* --- attention */

	/* Turns pairs (j, j + size/2) of each query and key head of qkv[batch * t, ...] by the angle
	 * position * theta^(-2j/size), in place; position is the row within its sample plus `first`. Back
	 * by -1 for `sense`, else 1. qkv: act. */
	void (*rope)(struct ops *ops, struct tensor qkv, struct heads h, int batch, int t,
		     int first, double theta, int sense);
	/* out[batch * t, heads * size] = softmax(q k^T / sqrt(size)) v within each sample; causal: a row
	 * sees itself and those before. lse[batch, heads, t]: log of the sum of exp. Of each sample no
	 * rows of these are wanted before `first`: they may hold anything. qkv, out: act; lse: acc. */
	void (*attention)(struct ops *ops, struct tensor out, struct tensor lse, struct tensor qkv,
			  struct heads h, int batch, int t, int first, bool causal);
	/* dqkv = ..., of the same layout as qkv; out and lse as attention left them, and rows of dout are
	 * 0 before `first`. dout, out, qkv, dqkv: act; lse: acc. */
	void (*attention_back)(struct ops *ops, struct tensor dqkv, struct tensor dout,
			       struct tensor out, struct tensor lse, struct tensor qkv,
			       struct heads h, int batch, int t, int first, bool causal);

	/* --- decoding. Of these, and of all that goes forward, a row's numbers depend on that row alone:
	 * they are the same bits whatever other rows come along */

	/* Weights w[n,k] as linear_prepared reads them: how many bytes that takes, at a multiple of 64, and
	 * how they get there. w: any type. */
	size_t (*prepared_bytes)(struct ops *ops, size_t n, size_t k);
	void (*prepare)(struct ops *ops, void *to, struct tensor w, size_t n, size_t k);
	/* As linear, of prepared weights; += where `add`. */
	void (*linear_prepared)(struct ops *ops, struct tensor out, struct tensor x, const void *w,
				struct tensor bias, size_t m, size_t n, size_t k, bool add);
	/* As rope by 1, of m rows, each at its own of the positions 0..end - 1. */
	void (*rope_at)(struct ops *ops, struct tensor qkv, struct heads h,
			const int32_t *positions, size_t m, int end, double theta);
	/* keys[kv_heads, room, size] and values likewise: their row rows[i] = the key and the value of qkv's
	 * row i, for i < m, but for negative rows[i]. All act. */
	void (*keep_rows)(struct ops *ops, struct tensor keys, struct tensor values,
			  struct tensor qkv, struct heads h, size_t room, const int32_t *rows,
			  size_t m);
	/* out[m, heads * size]: the attention of each query of qkv[m, ...] to the kept rows
	 * seen[firsts[i]..firsts[i + 1]), one at least, in this order. out, qkv: act. */
	void (*attend_kept)(struct ops *ops, struct tensor out, struct tensor qkv,
			    struct tensor keys, struct tensor values, struct heads h, size_t room,
			    const int32_t *firsts, const int32_t *seen, size_t m);
	/* out[m] = log of the sum of exp of each row of logits[m,v]. logits: act or acc; out: acc. */
	void (*log_sum_exp)(struct ops *ops, struct tensor out, struct tensor logits, size_t m,
			    size_t v);

	/* ids[m,k]: of each row of logits[m,v] the ids whose logits are the greatest, these first and among equal
	 * ones the lower first, of those that are allowed; numbers[m,k]: their logits. Where fewer than k are, or
	 * are no NaNs, ids are -1, and numbers anything. logits: act or acc; numbers: acc. */
	void (*greatest)(struct ops *ops, int32_t *ids, struct tensor numbers, struct tensor logits,
			 const struct allowed_ids *allowed, size_t m, size_t v, size_t k);

	/* --- norms. x, dx: acc; out, dy, copy: act; w, b, dw, db, stats: acc */

	/* out[m,d] = (x - mean) / sqrt(var + eps) * w + b; stats[m,2] = mean, 1 / sqrt(var + eps). */
	void (*layernorm)(struct ops *ops, struct tensor out, struct tensor stats, struct tensor x,
			  struct tensor w, struct tensor b, size_t m, size_t d, double eps);
	/* dx[m,d] +=, dw[d] +=, db[d] +=; copy[m,d] = dx as act, unless none; it may be dy. */
	void (*layernorm_back)(struct ops *ops, struct tensor dx, struct tensor copy,
			       struct tensor dw, struct tensor db, struct tensor dy,
			       struct tensor x, struct tensor w, struct tensor stats, size_t m,
			       size_t d);
	/* out[m,d] = x / sqrt(mean of x^2 + eps) * w; stats[m] = 1 / sqrt(...). */
	void (*rmsnorm)(struct ops *ops, struct tensor out, struct tensor stats, struct tensor x,
			struct tensor w, size_t m, size_t d, double eps);
	void (*rmsnorm_back)(struct ops *ops, struct tensor dx, struct tensor copy,
			     struct tensor dw, struct tensor dy, struct tensor x, struct tensor w,
			     struct tensor stats, size_t m, size_t d);

	/* --- activations, all act */

	/* out[n] = x sigmoid(1.702 x); back: dx = dy * derivative at x; dx may be dy. */
	void (*quick_gelu)(struct ops *ops, struct tensor out, struct tensor x, size_t n);
	void (*quick_gelu_back)(struct ops *ops, struct tensor dx, struct tensor dy,
				struct tensor x, size_t n);
	/* gate_up[m, 2f] = [gate | up]; out[m,f] = gate sigmoid(gate) up. */
	void (*swiglu)(struct ops *ops, struct tensor out, struct tensor gate_up, size_t m,
		       size_t f);
	void (*swiglu_back)(struct ops *ops, struct tensor dgate_up, struct tensor dout,
			    struct tensor gate_up, size_t m, size_t f);

	/* --- rows */

	/* Patches of grey pictures: out[batch * (side/p)^2, p * p] = (pixel / 255 - mean) / std, patches row
	 * by row, pixels[batch, side, side] bytes, at a multiple of 64. out: act. */
	void (*patches)(struct ops *ops, struct tensor out, const uint8_t *pixels, int batch,
			int side, int p, double mean, double std);
	/* out[batch, 1 + n, d]: row 0 is cls[d] + pos[0], row 1 + i is x[batch, n, d] row i + pos[1 + i];
	 * out, cls, pos: acc; x: act or acc. */
	void (*add_positions)(struct ops *ops, struct tensor out, struct tensor x,
			      struct tensor cls, struct tensor pos, int batch, int n, size_t d);
	/* dx[batch, n, d] = rows of dout but the first; dcls +=, dpos +=. dout, dcls, dpos: acc; dx: act. */
	void (*add_positions_back)(struct ops *ops, struct tensor dx, struct tensor dcls,
				   struct tensor dpos, struct tensor dout, int batch, int n,
				   size_t d);
	/* out[rows[i]] = x[i], i < m, rows of d numbers, of any types; those whose rows[i] is negative are left.
	 * Others are distinct. */
	void (*scatter_rows)(struct ops *ops, struct tensor out, struct tensor x,
			     const int32_t *rows, size_t m, size_t d);
	/* out[i] = x[rows[i]], likewise. */
	void (*gather_rows)(struct ops *ops, struct tensor out, struct tensor x,
			    const int32_t *rows, size_t m, size_t d);
	/* The same of a table: acc of act or acc. */
	void (*embed)(struct ops *ops, struct tensor out, struct tensor table, const int32_t *ids,
		      size_t m, size_t d);
	/* dtable[i] += dout[uses[k]], firsts[i] <= k < firsts[i + 1], in this order, i < rows; all acc. uses_list
	 * (trainer/ops/ops_memory.h) makes both of ids. */
	void (*embed_back)(struct ops *ops, struct tensor dtable, struct tensor dout,
			   const int32_t *firsts, const int32_t *uses, size_t rows, size_t d);

	/* --- loss and update */

	/* loss[1] += the sum over rows of -log softmax(logits[m,v])[target], with label smoothing s:
	 * (1 - s) at the target and s / v everywhere. dlogits[m,v] = its gradient times scale[1]; it may be
	 * logits. Rows with a negative target have no loss, and a gradient of 0. Either of loss and dlogits
	 * may be none, and scale, too, where dlogits is. loss: F64; logits: act or acc; dlogits: act; scale: acc. */
	void (*cross_entropy)(struct ops *ops, struct tensor loss, struct tensor dlogits,
			      struct tensor logits, const int32_t *targets, size_t m, size_t v,
			      double smoothing, struct tensor scale);
	/* sum[1] = the sum of squares, added in double; sum: F64. */
	void (*sum_squares)(struct ops *ops, struct tensor sum, struct tensor x, size_t n);
	/* param = param - rate (mhat / (sqrt(vhat) + eps) + decay param), m and v updated with
	 * scale * grad, the hats divided by 1 - beta^step (Loshchilov and Hutter 2019); copy[n] = param as
	 * act, unless none. param, m, v, grad: acc. */
	void (*adamw)(struct ops *ops, struct tensor param, struct tensor m, struct tensor v,
		      struct tensor grad, struct tensor copy, size_t n, const struct adamw *how);
	/* out[n] = x[n], as another type. */
	void (*convert)(struct ops *ops, struct tensor out, struct tensor x, size_t n);
	/* out[n] = keep out[n] + share x[n], any types; x may be out. */
	void (*mix)(struct ops *ops, struct tensor out, struct tensor x, size_t n, double keep,
		    double share);
	/* x[n] /= the square root of the square root ..., `roots` of them, of sum[1]; all 0 where that is 0. x: any
	 * type; sum: F64. */
	void (*divide_by_root)(struct ops *ops, struct tensor x, size_t n, struct tensor sum,
			       int roots);

	void (*free)(struct ops *ops);
};

/* Plain loops, sums in double; for any types, F64 to begin with. */
struct ops *ops_ref_new(void);

#endif
