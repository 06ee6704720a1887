/* SPDX-License-Identifier: MIT */
/*
 * The harness itself: what threads do together gives what CUDA's documents say, an order of threads that
 * matters is found, and a barrier that some do not come to ends the process.
 */
#include <config.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/cuda_host.h"
#include "tests/random_shapes.h"
#include "trainer/ops/cuda/cuda_thread.h"
#include "trainer/ops/cuda_times.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/ops/ops_memory.h"

#define SIDE 16

static struct rng rng;

static void run(cuda_host_body *body, size_t blocks, int threads, size_t shared, void *args)
{
	cuda_host_run(body, &(struct cuda_grid){blocks, threads, shared}, args, &rng);
}

/* --- where a thread is ---------------------------------------------------------------------- */

static void count_thread(const void *args)
{
	int *const *counts = args;

	(*counts)[cuda_index()]++;
}

static void test_blocks(void **state)
{
	int counts[5 * 64] = {0}, *at = counts;

	(void)state;
	run(count_thread, 5, 64, 0, &at);
	for (size_t i = 0; i < 5 * 64; i++)
		assert_int_equal(counts[i], 1);
}

/* --- barriers ------------------------------------------------------------------------------- */

/* Each gives its number to the next; without the barrier only some have theirs in time. */
static void pass_on(int *out, bool waits)
{
	int *given = cuda_shared(), i = cuda_thread();

	given[i] = i;
	if (waits)
		cuda_barrier();
	out[i] = given[(i + 1) % cuda_threads()];
}

static void waiting_thread(const void *args)
{
	pass_on(*(int *const *)args, true);
}

static void hasty_thread(const void *args)
{
	pass_on(*(int *const *)args, false);
}

static bool is_passed_on(cuda_host_body *body)
{
	int out[256] = {0}, *at = out;

	run(body, 1, 256, 256 * sizeof(int), &at);
	for (int i = 0; i < 256; i++)
		if (out[i] != (i + 1) % 256)
			return false;
	return true;
}

static void test_barriers(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_true(is_passed_on(waiting_thread));
		assert_false(is_passed_on(hasty_thread));
	}
}

static void half_thread(const void *args)
{
	(void)args;
	if (cuda_warp() == 0)
		cuda_barrier();
	else
		cuda_warp_sum(1);
	if (cuda_warp() == 0)
		cuda_warp_sum(1);
	if (cuda_lane() > 0)
		cuda_warp_barrier();
}

static void test_missing(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		run(half_thread, 1, 64, 0, NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* --- warps ---------------------------------------------------------------------------------- */

static void shuffle_thread(const void *args)
{
	float *out = *(float *const *)args;
	float own = (float)(cuda_thread() * cuda_thread());

	out[4 * cuda_thread()] = cuda_shuffle_xor(own, 5);
	out[4 * cuda_thread() + 1] = cuda_shuffle_down(own, 3);
	out[4 * cuda_thread() + 2] = cuda_warp_sum((float)cuda_thread());
	out[4 * cuda_thread() + 3] = cuda_warp_max(own);
}

static void test_shuffles(void **state)
{
	float out[4 * 64], *at = out;

	(void)state;
	run(shuffle_thread, 1, 64, 0, &at);
	for (int i = 0; i < 64; i++) {
		int down = i % 32 + 3 < 32 ? i + 3 : i, last = i / 32 * 32 + 31;

		assert_true(out[4 * i] == (float)((i ^ 5) * (i ^ 5)));
		assert_true(out[4 * i + 1] == (float)(down * down));
		assert_true(out[4 * i + 2] == (float)(i < 32 ? 496 : 1520));
		assert_true(out[4 * i + 3] == (float)(last * last));
	}
}

/* --- matrices ------------------------------------------------------------------------------- */

/* Of small whole numbers, so that every sum is exact. */
struct product {
	uint16_t a[SIDE][SIDE], b[SIDE][SIDE]; /* b[k][column] */
	uint16_t b_turned[SIDE][SIDE];         /* [column][k] */
	float by_plain[SIDE][SIDE], by_turned[SIDE][SIDE];
};

/* c[16,16] where the lanes have it: rows g, g + 8, columns i, i + 1 of each half. */
static void put_product(float out[SIDE][SIDE], float c[2][4])
{
	int g = cuda_lane() / 4, i = cuda_lane() % 4 * 2;

	for (int half = 0; half < 2; half++)
		for (int k = 0; k < 4; k++)
			out[g + k / 2 * 8][8 * half + i + k % 2] = c[half][k];
}

static void multiply(float out[SIDE][SIDE], const uint32_t left[4], const uint32_t right[4])
{
	float c[2][4] = {{0}};

	cuda_matrix_multiply(c[0], left, right[0], right[1]);
	cuda_matrix_multiply(c[1], left, right[2], right[3]);
	put_product(out, c);
}

static void product_thread(const void *args)
{
	struct product *p = *(struct product *const *)args;
	uint16_t(*tile)[SIDE] = cuda_shared();
	int lane = cuda_lane(), row = lane % 16, column = lane / 16 * 8;
	uint32_t left[4], right[4];

	for (int i = lane; i < SIDE * SIDE; i += CUDA_WARP) {
		tile[i / SIDE][i % SIDE] = p->a[i / SIDE][i % SIDE];
		tile[SIDE + i / SIDE][i % SIDE] = p->b[i / SIDE][i % SIDE];
		tile[2 * SIDE + i / SIDE][i % SIDE] = p->b_turned[i / SIDE][i % SIDE];
	}
	cuda_warp_barrier();
	cuda_matrix_load(left, &tile[row][column]);
	cuda_matrix_load_turned(right, &tile[SIDE + row][column]);
	multiply(p->by_turned, left, right);
	cuda_matrix_load(right, &tile[2 * SIDE + lane / 16 * 8 + lane % 8][lane / 8 % 2 * 8]);
	multiply(p->by_plain, left, right);
}

static void fill_product(struct product *p, int a[SIDE][SIDE], int b[SIDE][SIDE])
{
	for (int i = 0; i < SIDE; i++)
		for (int j = 0; j < SIDE; j++) {
			a[i][j] = (int)rng_range(&rng, -9, 9);
			b[i][j] = (int)rng_range(&rng, -9, 9);
			p->a[i][j] = bf16_from_float((float)a[i][j]);
			p->b[i][j] = p->b_turned[j][i] = bf16_from_float((float)b[i][j]);
		}
}

static void test_matrices(void **state)
{
	struct product p = {0}, *at = &p;
	int a[SIDE][SIDE], b[SIDE][SIDE];

	(void)state;
	fill_product(&p, a, b);
	run(product_thread, 1, 32, 3 * SIDE * SIDE * sizeof(uint16_t), &at);
	for (int i = 0; i < SIDE; i++)
		for (int j = 0; j < SIDE; j++) {
			int sum = 0;

			for (int k = 0; k < SIDE; k++)
				sum += a[i][k] * b[k][j];
			assert_true(p.by_turned[i][j] == (float)sum);
			assert_true(p.by_plain[i][j] == (float)sum);
		}
}

/* --- a device that takes the time ----------------------------------------------------------- */

static const struct cuda_time *time_of(struct cuda_device *times, const char *name)
{
	const struct cuda_time *t;

	for (int i = 0; (t = cuda_times_at(times, i)); i++)
		if (strcmp(t->name, name) == 0)
			return t;
	fail_msg("no time of %s", name);
	return NULL;
}

/* The gelu of x w^T, both all 1. */
static void multiply_and_soften(struct ops *ops, float *out, size_t m, size_t n, size_t k)
{
	struct tensor x = tensor_alloc(ops, m * k, DTYPE_F32);
	struct tensor w = tensor_alloc(ops, n * k, DTYPE_F32);
	struct tensor y = tensor_alloc(ops, m * n, DTYPE_F32);
	struct tensor z = tensor_alloc(ops, m * n, DTYPE_F32), none = {0};
	float *ones = calloc((m + n) * k, sizeof(*ones));

	for (size_t i = 0; i < (m + n) * k; i++)
		ones[i] = 1;
	ops->upload(ops, w, ones, n * k);
	ops->upload(ops, x, ones, m * k);
	ops->linear(ops, y, x, w, none, none, m, n, k);
	ops->quick_gelu(ops, z, y, m * n);
	ops->download(ops, out, z, m * n);
	free(ones);
	tensor_release(ops, x);
	tensor_release(ops, w);
	tensor_release(ops, y);
	tensor_release(ops, z);
}

static void test_times(void **state)
{
	struct cuda_device *times = cuda_times_new(cuda_host_new(1));
	struct ops *plain = ops_cuda_new_on(cuda_host_new(1), DTYPE_F32);
	struct ops *ops = ops_cuda_new_on(times, DTYPE_F32);
	float out[2][6 * 5];
	const struct cuda_time *t;
	double before = INFINITY;

	(void)state;
	multiply_and_soften(plain, out[0], 6, 5, 7);
	multiply_and_soften(ops, out[1], 6, 5, 7);
	assert_memory_equal(out[0], out[1], sizeof(out[0]));
	cuda_times_clear(times);
	assert_null(cuda_times_at(times, 0));
	for (int i = 0; i < 3; i++)
		multiply_and_soften(ops, out[1], 6, 5, 7);
	assert_int_equal(time_of(times, "products")->calls, 3);
	assert_true(time_of(times, "products")->flops == 3.0 * 2 * 6 * 5 * 7);
	assert_int_equal(time_of(times, "quick_gelu")->calls, 3);
	assert_int_equal(time_of(times, "copies")->calls, 9);
	assert_int_equal(time_of(times, "clearing")->calls, 12);
	for (int i = 0; (t = cuda_times_at(times, i)); i++) {
		assert_true(t->seconds >= 0 && t->seconds <= before);
		before = t->seconds;
	}
	ops->free(ops);
	plain->free(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),   cmocka_unit_test(test_barriers),
		cmocka_unit_test(test_missing),  cmocka_unit_test(test_shuffles),
		cmocka_unit_test(test_matrices), cmocka_unit_test(test_times),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "cuda_host", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
