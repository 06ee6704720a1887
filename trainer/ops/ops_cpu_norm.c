/* SPDX-License-Identifier: MIT */
/*
 * layernorm and rmsnorm. On the way back, each chunk of rows has sums of its own for dw and db, and
 * they are added up in the order of rows: the same for any number of threads.
 */
#include <config.h>

#include "base/mem.h"
#include "trainer/ops/cpu.h"

#define CHUNKS 64
#define CHUNK_LEAST 16

static void layernorm(struct ops *ops, struct tensor out, struct tensor stats, struct tensor x,
		      struct tensor w, struct tensor b, size_t m, size_t d, double eps)
{
	struct cpu *cpu = cpu_of(ops);
	struct norm_job job = {
		.out = out, .stats = stats, .x = x, .w = w, .b = b, .d = d, .eps = eps};

	team_run(cpu->team, cpu->kernels.layernorm, &job, m);
}

static void rmsnorm(struct ops *ops, struct tensor out, struct tensor stats, struct tensor x,
		    struct tensor w, size_t m, size_t d, double eps)
{
	struct cpu *cpu = cpu_of(ops);
	struct norm_job job = {.out = out, .stats = stats, .x = x, .w = w, .d = d, .eps = eps};

	team_run(cpu->team, cpu->kernels.rmsnorm, &job, m);
}

static void add_sums(float *to, const float *sums, size_t chunks, size_t d)
{
	for (size_t chunk = 0; chunk < chunks; chunk++)
		for (size_t j = 0; j < d; j++)
			to[j] += sums[2 * chunk * d + j];
}

/* db: none for rmsnorm. */
static void norm_back(struct cpu *cpu, struct norm_job *job, team_work *work, struct tensor dw,
		      struct tensor db)
{
	size_t chunks;

	job->chunk = (job->m + CHUNKS - 1) / CHUNKS;
	job->chunk = job->chunk < CHUNK_LEAST ? CHUNK_LEAST : job->chunk;
	chunks = (job->m + job->chunk - 1) / job->chunk;
	job->sums = room_for(&cpu->sums, mem_mul(chunks, 2 * job->d));
	team_run(cpu->team, work, job, chunks);
	add_sums(dw.at, job->sums, chunks, job->d);
	if (!tensor_is_none(db))
		add_sums(db.at, job->sums + job->d, chunks, job->d);
}

static void layernorm_back(struct ops *ops, struct tensor dx, struct tensor copy, struct tensor dw,
			   struct tensor db, struct tensor dy, struct tensor x, struct tensor w,
			   struct tensor stats, size_t m, size_t d)
{
	struct cpu *cpu = cpu_of(ops);
	struct norm_job job = {
		.dx = dx, .copy = copy, .dy = dy, .x = x, .w = w, .stats = stats, .m = m, .d = d};

	norm_back(cpu, &job, cpu->kernels.layernorm_back, dw, db);
}

static void rmsnorm_back(struct ops *ops, struct tensor dx, struct tensor copy, struct tensor dw,
			 struct tensor dy, struct tensor x, struct tensor w, struct tensor stats,
			 size_t m, size_t d)
{
	struct cpu *cpu = cpu_of(ops);
	struct norm_job job = {
		.dx = dx, .copy = copy, .dy = dy, .x = x, .w = w, .stats = stats, .m = m, .d = d};

	norm_back(cpu, &job, cpu->kernels.rmsnorm_back, dw, (struct tensor){0});
}

void cpu_fill_norms(struct ops *ops)
{
	ops->layernorm = layernorm;
	ops->layernorm_back = layernorm_back;
	ops->rmsnorm = rmsnorm;
	ops->rmsnorm_back = rmsnorm_back;
}
