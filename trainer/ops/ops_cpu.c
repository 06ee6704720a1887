/* SPDX-License-Identifier: MIT */
/*
 * Puts together a team of threads, the kernels of a set of vector instructions and a way to multiply.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "trainer/ops/cpu.h"
#include "trainer/ops/ops_cpu.h"
#include "trainer/ops/ops_memory.h"

#define CACHE_LINE 64

void *room_for(struct room *room, size_t words)
{
	size_t bytes = mem_mul(words, 4);

	if (room->at && words <= room->words)
		return room->at;
	free(room->at);
	bytes = bytes / CACHE_LINE * CACHE_LINE + CACHE_LINE;
	room->at = aligned_alloc(CACHE_LINE, bytes);
	if (!room->at)
		mem_exhausted(bytes);
	room->words = words;
	return room->at;
}

void cpu_scratch(struct cpu *cpu, size_t words)
{
	for (int i = 0; i < team_threads(cpu->team); i++)
		cpu->scratch[i] = room_for(&cpu->own[i], words);
}

static void cpu_free(struct ops *ops)
{
	struct cpu *cpu = cpu_of(ops);

	for (int i = 0; i < team_threads(cpu->team); i++)
		free(cpu->own[i].at);
	free(cpu->own);
	free(cpu->scratch);
	free(cpu->left.at);
	free(cpu->right.at);
	free(cpu->sums.at);
	free(cpu->angles.at);
	team_free(cpu->team);
	free(cpu);
}

static void choose_kernels(struct kernels *k, enum cpu_way way)
{
#ifdef KERNELS_X86
	if (way >= CPU_AVX512_BF16) {
		kernels_avx512_bf16(k);
		return;
	}
	if (way == CPU_AVX512) {
		kernels_avx512(k);
		return;
	}
	if (way == CPU_AVX2) {
		kernels_avx2(k);
		return;
	}
#endif
	(void)way;
	kernels_plain(k);
}

static const struct product *choose_product(const struct kernels *k, enum dtype act,
					    enum cpu_way way)
{
	if (act != DTYPE_BF16)
		return k->f32;
	return way == CPU_AMX ? k->amx : way == CPU_AVX512_BF16 ? k->dot : k->bf16;
}

static const char *way_name(enum cpu_way way)
{
	static const char *const names[] = {
#define X(name, text, about) text,
		CPU_WAYS(X)
#undef X
	};

	return names[way];
}

struct ops *ops_cpu_new_as(int threads, enum dtype act, enum cpu_way way, struct err *err)
{
	struct cpu *cpu;
	struct team *team;

	if (!cpu_way_works(way)) {
		err_set(err, ERR_UNSUPPORTED, "no %s on this processor", way_name(way));
		return NULL;
	}
	team = team_new(threads, err);
	if (!team)
		return NULL;
	cpu = mem_alloc(1, sizeof(*cpu));
	cpu->team = team;
	cpu->own = mem_alloc((size_t)threads, sizeof(*cpu->own));
	cpu->scratch = mem_alloc((size_t)threads, sizeof(*cpu->scratch));
	choose_kernels(&cpu->kernels, way);
	cpu->product = choose_product(&cpu->kernels, act, way);
	snprintf(cpu->name, sizeof(cpu->name), "cpu %s %s", cpu->product->name, cpu->kernels.name);
	cpu->ops = (struct ops){.name = cpu->name, .act = act, .acc = DTYPE_F32, .free = cpu_free};
	ops_fill_memory(&cpu->ops);
	cpu_fill_products(&cpu->ops);
	cpu_fill_sums(&cpu->ops);
	cpu_fill_attention(&cpu->ops);
	cpu_fill_norms(&cpu->ops);
	cpu_fill_rest(&cpu->ops);
	return &cpu->ops;
}

/* AMD multiplies pairs of bf16 at twice the rate of f32; Intel's processors without AMX, slower. */
static bool pairs_are_fast(void)
{
#ifdef KERNELS_X86
	return __builtin_cpu_is("amd") && cpu_way_works(CPU_AVX512_BF16);
#else
	return false;
#endif
}

struct ops *ops_cpu_new(int threads, struct err *err)
{
	enum cpu_way way = CPU_AVX512;

	if (cpu_way_works(CPU_AMX))
		return ops_cpu_new_as(threads, DTYPE_BF16, CPU_AMX, err);
	if (pairs_are_fast())
		return ops_cpu_new_as(threads, DTYPE_BF16, CPU_AVX512_BF16, err);
	while (!cpu_way_works(way))
		way--;
	return ops_cpu_new_as(threads, DTYPE_F32, way, err);
}
