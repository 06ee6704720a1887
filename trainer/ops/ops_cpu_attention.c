/* SPDX-License-Identifier: MIT */
/*
 * Attention by heads and rope by rows; the angles of rope are kept from call to call.
 */
#include <config.h>

#include <math.h>

#include "base/mem.h"
#include "trainer/ops/cpu.h"

static bool nothing(struct heads h, int batch, int t)
{
	return h.heads < 1 || h.kv_heads < 1 || h.size < 1 || batch < 1 || t < 1;
}

static void attention(struct ops *ops, struct tensor out, struct tensor lse, struct tensor qkv,
		      struct heads h, int batch, int t, int first, bool causal)
{
	struct cpu *cpu = cpu_of(ops);
	struct attention_job job = {.product = cpu->product,
				    .out = out,
				    .lse = lse,
				    .qkv = qkv,
				    .h = h,
				    .t = (size_t)t,
				    .first = (size_t)first,
				    .causal = causal};

	if (nothing(h, batch, t))
		return;
	cpu_scratch(cpu, cpu->kernels.attention_words(&job));
	job.scratch = cpu->scratch;
	team_run(cpu->team, cpu->kernels.attention, &job, (size_t)batch * (size_t)h.heads);
}

static void attention_back(struct ops *ops, struct tensor dqkv, struct tensor dout,
			   struct tensor out, struct tensor lse, struct tensor qkv, struct heads h,
			   int batch, int t, int first, bool causal)
{
	struct cpu *cpu = cpu_of(ops);
	struct attention_job job = {.product = cpu->product,
				    .out = out,
				    .lse = lse,
				    .qkv = qkv,
				    .dout = dout,
				    .dqkv = dqkv,
				    .h = h,
				    .t = (size_t)t,
				    .first = (size_t)first,
				    .causal = causal};

	if (nothing(h, batch, t))
		return;
	cpu_scratch(cpu, cpu->kernels.attention_back_words(&job));
	job.scratch = cpu->scratch;
	team_run(cpu->team, cpu->kernels.attention_back, &job, (size_t)batch * (size_t)h.kv_heads);
}

/* [t, size]: cosines, then sines, of each position. */
static const float *angles_of(struct cpu *cpu, int size, size_t t, int first, double theta)
{
	size_t half = (size_t)size / 2;
	float *to;

	if (t <= cpu->angle_rows && size == cpu->angle_size && first == cpu->angle_first &&
	    theta == cpu->angle_theta)
		return cpu->angles.at;
	to = room_for(&cpu->angles, mem_mul(t, 2 * half));
	for (size_t row = 0; row < t; row++)
		for (size_t j = 0; j < half; j++) {
			double turn = pow(theta, -2.0 * (double)j / size);
			double angle = (double)(row + (size_t)first) * turn;

			to[2 * row * half + j] = (float)cos(angle);
			to[(2 * row + 1) * half + j] = (float)sin(angle);
		}
	cpu->angle_rows = t;
	cpu->angle_size = size;
	cpu->angle_first = first;
	cpu->angle_theta = theta;
	return to;
}

static void rope(struct ops *ops, struct tensor qkv, struct heads h, int batch, int t, int first,
		 double theta, int sense)
{
	struct cpu *cpu = cpu_of(ops);
	struct rope_job job = {.qkv = qkv, .h = h, .t = (size_t)t, .sense = sense};

	if (nothing(h, batch, t))
		return;
	job.angles = angles_of(cpu, h.size, (size_t)t, first, theta);
	team_run(cpu->team, cpu->kernels.rope, &job, (size_t)batch * (size_t)t);
}

/* --- decoding ------------------------------------------------------------------------------- */

static void rope_at(struct ops *ops, struct tensor qkv, struct heads h, const int32_t *positions,
		    size_t m, int end, double theta)
{
	struct cpu *cpu = cpu_of(ops);
	struct rope_job job = {.qkv = qkv, .h = h, .positions = positions, .sense = 1};

	job.angles = angles_of(cpu, h.size, (size_t)end, 0, theta);
	team_run(cpu->team, cpu->kernels.rope, &job, m);
}

static void keep_rows(struct ops *ops, struct tensor keys, struct tensor values, struct tensor qkv,
		      struct heads h, size_t room, const int32_t *rows, size_t m)
{
	struct cpu *cpu = cpu_of(ops);
	struct kept_job job = {.qkv = qkv,
			       .keys = keys,
			       .values = values,
			       .h = h,
			       .room = room,
			       .m = m,
			       .rows = rows};

	team_run(cpu->team, cpu->kernels.keep_rows, &job, m);
}

static void attend_kept(struct ops *ops, struct tensor out, struct tensor qkv, struct tensor keys,
			struct tensor values, struct heads h, size_t room, const int32_t *firsts,
			const int32_t *seen, size_t m)
{
	struct cpu *cpu = cpu_of(ops);
	struct kept_job job = {.out = out,
			       .qkv = qkv,
			       .keys = keys,
			       .values = values,
			       .h = h,
			       .room = room,
			       .m = m,
			       .firsts = firsts,
			       .seen = seen};

	cpu_scratch(cpu, cpu->kernels.attend_kept_words(&job));
	job.scratch = cpu->scratch;
	team_run(cpu->team, cpu->kernels.attend_kept, &job, m * (size_t)h.heads);
}

void cpu_fill_attention(struct ops *ops)
{
	ops->rope_at = rope_at;
	ops->keep_rows = keep_rows;
	ops->attend_kept = attend_kept;
	ops->rope = rope;
	ops->attention = attention;
	ops->attention_back = attention_back;
}
