/* SPDX-License-Identifier: MIT */
/*
 * cuda_loss: sums over rows of logits, a block for each; and sums of everything, in double.
 */
#ifndef TRAINER_CUDA_LOSS_H
#define TRAINER_CUDA_LOSS_H

#include "trainer/ops/cuda/cuda_kernels.h"
#include "trainer/ops/cuda/cuda_numbers.h"

/* Of some numbers: the greatest, and the sum of exp of each less that. Without numbers -inf and 0. */
struct cuda_log_sum {
	float most, sum;
};

CUDA_DEVICE struct cuda_log_sum cuda_log_sum_join(struct cuda_log_sum a, struct cuda_log_sum b)
{
	struct cuda_log_sum both;

	both.most = fmaxf(a.most, b.most);
	both.sum = 0;
	if (a.sum != 0)
		both.sum += a.sum * expf(a.most - both.most);
	if (b.sum != 0)
		both.sum += b.sum * expf(b.most - both.most);
	return both;
}

CUDA_DEVICE struct cuda_log_sum cuda_log_sum_add(struct cuda_log_sum a, const float *v, int count)
{
	struct cuda_log_sum b = {-INFINITY, 0};

	for (int i = 0; i < count; i++)
		b.most = fmaxf(b.most, v[i]);
	for (int i = 0; i < count; i++)
		b.sum += expf(v[i] - b.most);
	return cuda_log_sum_join(a, b);
}

/* Sums of the block, which every thread gets; shared: [warps, 3]. All calls of a kernel but the last have
 * a barrier behind them before the memory is used again. */
struct cuda_row_sums {
	struct cuda_log_sum log_sum;
	float total;
};

CUDA_DEVICE struct cuda_row_sums cuda_block_sums(struct cuda_row_sums s)
{
	float *shared = (float *)cuda_shared() + 3 * cuda_warp();
	int warps = cuda_threads() / CUDA_WARP;

	for (int mask = CUDA_WARP / 2; mask > 0; mask /= 2) {
		struct cuda_log_sum other;

		other.most = cuda_shuffle_xor(s.log_sum.most, mask);
		other.sum = cuda_shuffle_xor(s.log_sum.sum, mask);
		s.log_sum = cuda_log_sum_join(s.log_sum, other);
		s.total += cuda_shuffle_xor(s.total, mask);
	}
	if (cuda_lane() == 0) {
		shared[0] = s.log_sum.most;
		shared[1] = s.log_sum.sum;
		shared[2] = s.total;
	}
	cuda_barrier();
	shared = (float *)cuda_shared();
	for (int i = 0; i < warps; i++) {
		struct cuda_log_sum other;

		other.most = shared[3 * i];
		other.sum = shared[3 * i + 1];
		s.log_sum = i ? cuda_log_sum_join(s.log_sum, other) : other;
		s.total = i ? s.total + shared[3 * i + 2] : shared[2];
	}
	return s;
}

CUDA_DEVICE struct cuda_row_sums cuda_row_of_logits(const struct cuda_loss *a, size_t row)
{
	struct cuda_row_sums s = {{-INFINITY, 0}, 0};
	float v[CUDA_GROUP];

	for (size_t column = (size_t)cuda_thread() * CUDA_GROUP; column < a->width;
	     column += (size_t)cuda_threads() * CUDA_GROUP) {
		int count = a->width - column < CUDA_GROUP ? (int)(a->width - column) : CUDA_GROUP;

		cuda_load(v, a->logits, row * a->width + column, count, a->wide);
		s.log_sum = cuda_log_sum_add(s.log_sum, v, count);
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++)
			s.total += v[i];
	}
	return cuda_block_sums(s);
}

CUDA_DEVICE void log_sum_exp_thread(const struct cuda_loss *a)
{
	struct cuda_row_sums s = cuda_row_of_logits(a, cuda_block());

	if (cuda_thread() == 0)
		cuda_set(a->losses, cuda_block(), s.log_sum.most + logf(s.log_sum.sum));
}

CUDA_DEVICE void cuda_write_gradient(const struct cuda_loss *a, size_t row, float log_sum)
{
	int32_t target = a->targets[row];
	float v[CUDA_GROUP], all = a->smoothing / (float)a->width, scale = cuda_get(a->scale, 0);

	for (size_t column = (size_t)cuda_thread() * CUDA_GROUP; column < a->width;
	     column += (size_t)cuda_threads() * CUDA_GROUP) {
		int count = a->width - column < CUDA_GROUP ? (int)(a->width - column) : CUDA_GROUP;

		cuda_load(v, a->logits, row * a->width + column, count, a->wide);
		CUDA_UNROLL
		for (int i = 0; i < CUDA_GROUP; i++) {
			float wanted = all + ((int32_t)column + i == target ? 1 - a->smoothing : 0);

			v[i] = target < 0 ? 0 : (expf(v[i] - log_sum) - wanted) * scale;
		}
		cuda_store(a->dlogits, row * a->width + column, v, count, a->wide);
	}
}

/* dlogits may be logits: the target's is read before the block's barrier, and written behind it. */
CUDA_DEVICE void cross_entropy_thread(const struct cuda_loss *a)
{
	size_t row = cuda_block();
	bool counts = a->targets[row] >= 0;
	float target = cuda_get(a->logits, row * a->width + (counts ? (size_t)a->targets[row] : 0));
	struct cuda_row_sums s = cuda_row_of_logits(a, row);
	float log_sum = s.log_sum.most + logf(s.log_sum.sum);

	if (a->dlogits.at)
		cuda_write_gradient(a, row, log_sum);
	if (cuda_thread() == 0)
		cuda_set(a->losses, row,
			 counts ? (1 - a->smoothing) * (log_sum - target) +
					  a->smoothing * (log_sum - s.total / (float)a->width)
				: 0);
}

/* --- the greatest of a row */

/* A logit and its id; -1: none. */
struct cuda_found {
	float v;
	int32_t id;
};

/* Whether a comes before b in the order of ops->greatest; NaNs come nowhere. */
CUDA_DEVICE bool cuda_is_before(struct cuda_found a, struct cuda_found b)
{
	if (a.id < 0 || b.id < 0)
		return a.id >= 0;
	return a.v > b.v || (a.v == b.v && a.id < b.id);
}

/* Of all threads' the first, which every thread gets. shared: [warps, 2] floats of bits. Every other call has
 * other memory: so a barrier lies between what is read here and what is written there again. */
CUDA_DEVICE struct cuda_found cuda_block_first(struct cuda_found found, uint32_t *shared)
{
	int warps = cuda_threads() / CUDA_WARP;

	for (int mask = CUDA_WARP / 2; mask > 0; mask /= 2) {
		struct cuda_found other;

		other.v = cuda_shuffle_xor(found.v, mask);
		other.id =
			(int32_t)cuda_bits(cuda_shuffle_xor(cuda_float((uint32_t)found.id), mask));
		if (cuda_is_before(other, found))
			found = other;
	}
	if (cuda_lane() == 0) {
		shared[2 * cuda_warp()] = cuda_bits(found.v);
		shared[2 * cuda_warp() + 1] = (uint32_t)found.id;
	}
	cuda_barrier();
	for (int i = 0; i < warps; i++) {
		struct cuda_found other;

		other.v = cuda_float(shared[2 * i]);
		other.id = (int32_t)shared[2 * i + 1];
		if (cuda_is_before(other, found))
			found = other;
	}
	return found;
}

CUDA_DEVICE bool cuda_is_allowed(const struct allowed_ids *a, int32_t set, int32_t id)
{
	if (id == a->never)
		return false;
	return set < 0 || (a->sets[(size_t)set * a->words + (size_t)id / 64] >> id % 64 & 1);
}

/* One behind the other, each the first of those that come behind the one before. */
CUDA_DEVICE void greatest_thread(const struct cuda_greatest *a)
{
	uint32_t *shared = (uint32_t *)cuda_shared();
	size_t row = cuda_block(), room = 2 * (size_t)(cuda_threads() / CUDA_WARP);
	int32_t set = a->allowed.of_rows ? a->allowed.of_rows[row] : -1;
	struct cuda_found last = {0, -1};

	for (size_t i = 0; i < a->k; i++) {
		struct cuda_found found = {0, -1};

		for (int32_t id = cuda_thread(); id < (int32_t)a->allowed.count;
		     id += cuda_threads()) {
			struct cuda_found at;

			at.v = cuda_get(a->logits, row * a->width + (size_t)id);
			at.id = id;
			if (at.v == at.v && (i == 0 || cuda_is_before(last, at)) &&
			    cuda_is_before(at, found) && cuda_is_allowed(&a->allowed, set, id))
				found = at;
		}
		if (i == 0 || last.id >= 0)
			last = cuda_block_first(found, shared + i % 2 * room);
		if (cuda_thread() == 0) {
			a->ids[row * a->k + i] = last.id;
			cuda_set(a->numbers, row * a->k + i, last.v);
		}
	}
}

/* --- sums of everything */

/* Adds the threads' sums by halves. */
CUDA_DEVICE void cuda_block_sum(double *out, double sum)
{
	double *shared = (double *)cuda_shared();

	shared[cuda_thread()] = sum;
	for (int half = cuda_threads() / 2; half > 0; half /= 2) {
		cuda_barrier();
		if (cuda_thread() < half)
			shared[cuda_thread()] += shared[cuda_thread() + half];
	}
	if (cuda_thread() == 0)
		*out = shared[0];
}

CUDA_DEVICE void sum_squares_thread(const struct cuda_sum *a)
{
	size_t groups = (a->n + CUDA_GROUP - 1) / CUDA_GROUP;
	double sum = 0;
	float v[CUDA_GROUP];

	for (size_t i = cuda_index(); i < groups; i += cuda_blocks() * (size_t)cuda_threads()) {
		struct cuda_group g = cuda_group_at(i, 1, a->n);

		cuda_load(v, a->x, g.column, g.count, a->wide);
		CUDA_UNROLL
		for (int k = 0; k < CUDA_GROUP; k++)
			sum += (double)v[k] * (double)v[k];
	}
	cuda_block_sum(&a->out[cuda_block()], sum);
}

/* Of doubles or floats. */
CUDA_DEVICE void sum_all_thread(const struct cuda_sum *a)
{
	double sum = 0;

	for (size_t i = (size_t)cuda_thread(); i < a->n; i += (size_t)cuda_threads())
		sum += a->x.type == DTYPE_F64 ? ((const double *)a->x.at)[i]
					      : (double)cuda_get(a->x, i);
	if (a->add && cuda_thread() == 0)
		sum += *a->out;
	cuda_block_sum(a->out, sum);
}

#endif
