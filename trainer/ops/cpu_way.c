/* SPDX-License-Identifier: MIT */
/*
 * What this processor can. Some hypervisors hide the tiles' part of CPUID (leaf 1DH) from processors
 * that have them, and some clouds show AMX that is not to be had, so a child process multiplies two
 * tiles; SIGILL there is a no. Linux wants to be asked for the tiles' state first, once a process.
 */
#include <config.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trainer/ops/ops_cpu.h"

#ifdef KERNELS_X86
#include <immintrin.h>

#define ASK_PERMISSION 0x1023 /* ARCH_REQ_XCOMP_PERM, Documentation/arch/x86/xstate.rst */
#define TILE_DATA 18

#ifdef KERNELS_TILES_EMULATED
static bool amx_works(void)
{
	return true;
}
#else
__attribute__((target("amx-tile,amx-bf16"))) static bool tiles_multiply(void)
{
	struct {
		unsigned char palette, start_row, reserved[14];
		unsigned short row_bytes[16];
		unsigned char rows[16];
	} layout = {.palette = 1, .row_bytes = {64, 64, 64}, .rows = {16, 16, 16}};
	unsigned short ones[512];
	float sums[256];

	for (int i = 0; i < 512; i++)
		ones[i] = 0x3f80;
	/* gcc's intrinsics do not say what memory they read. */
	__asm__ volatile("" : : "r"(&layout), "r"(ones) : "memory");
	_tile_loadconfig(&layout);
	_tile_zero(0);
	_tile_loadd(1, ones, 64);
	_tile_loadd(2, ones, 64);
	_tile_dpbf16ps(0, 1, 2);
	_tile_stored(0, sums, 64);
	_tile_release();
	__asm__ volatile("" : : "r"(sums) : "memory");
	for (int i = 0; i < 256; i++)
		if (sums[i] != 32)
			return false;
	return true;
}

static void try_tiles(void)
{
	struct rlimit no_core = {0, 0};

	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGILL, SIG_DFL);
	_exit(tiles_multiply() ? 0 : 1);
}

static bool amx_works(void)
{
	int status;
	pid_t child, ended;

	if (syscall(SYS_arch_prctl, ASK_PERMISSION, TILE_DATA) != 0)
		return false;
	child = fork();
	if (child == 0)
		try_tiles();
	if (child < 0)
		return false;
	while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		;
	if (ended != child)
		return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
#endif

static bool works[CPU_WAY_COUNT];

static void find_out(void)
{
	__builtin_cpu_init();
	works[CPU_PLAIN] = true;
	works[CPU_AVX2] = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
	works[CPU_AVX512] = works[CPU_AVX2] && __builtin_cpu_supports("avx512f") &&
			    __builtin_cpu_supports("avx512bw") &&
			    __builtin_cpu_supports("avx512dq") &&
			    __builtin_cpu_supports("avx512vl");
	works[CPU_AVX512_BF16] = works[CPU_AVX512] && __builtin_cpu_supports("avx512bf16");
	works[CPU_AMX] = works[CPU_AVX512_BF16] && amx_works();
}

bool cpu_way_works(enum cpu_way way)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_out);
	return works[way];
}
#else
bool cpu_way_works(enum cpu_way way)
{
	return way == CPU_PLAIN;
}
#endif
