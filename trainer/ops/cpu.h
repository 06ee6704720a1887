/* SPDX-License-Identifier: MIT */
/*
 * cpu: what the ops_cpu_*.c files share.
 *
 *	struct cpu *cpu = cpu_of(ops);
 *	uint32_t *packed = room_for(&cpu->right, words);
 *	team_run(cpu->team, cpu->kernels.add, &job, pieces);
 */
#ifndef TRAINER_CPU_H
#define TRAINER_CPU_H

#include "trainer/ops/kernels.h"
#include "trainer/ops/ops.h"
#include "trainer/ops/team.h"

/* Memory that grows to the largest need and stays. */
struct room {
	void *at;
	size_t words;
};

struct cpu {
	struct ops ops; /* first: the two are the same address */
	char name[48];
	struct team *team;
	struct kernels kernels;
	const struct product *product;
	struct room left, right, sums;
	struct room *own;   /* of each worker */
	uint32_t **scratch; /* own[i].at */
	struct room angles; /* rope's: [angle_rows, angle_size] for first position and theta */
	size_t angle_rows;
	int angle_first, angle_size;
	double angle_theta;
};

static inline struct cpu *cpu_of(struct ops *ops)
{
	return (struct cpu *)ops;
}

/* At least so many words of 32 bits, on a cache line; what was there may be lost. */
void *room_for(struct room *room, size_t words);

/* room_for each worker; fills cpu->scratch. */
void cpu_scratch(struct cpu *cpu, size_t words);

static inline size_t pieces_of(size_t n)
{
	return (n + KERNELS_PIECE - 1) / KERNELS_PIECE;
}

/* Set the functions of the file's part. */
void cpu_fill_products(struct ops *ops);
void cpu_fill_sums(struct ops *ops);
void cpu_fill_attention(struct ops *ops);
void cpu_fill_norms(struct ops *ops);
void cpu_fill_rest(struct ops *ops);

#endif
