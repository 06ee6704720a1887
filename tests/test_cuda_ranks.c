/* SPDX-License-Identifier: MIT */
/*
 * Ranks of ops_cuda over devices of the harness, each in a thread of its own: they find each other by the file
 * in their folder and by no other, all have the same sums, and what does not work is one line. Threads only
 * note what they see; assertions are made where they have ended.
 */
#include <config.h>

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/fs.h"
#include "tests/cuda_host.h"
#include "tests/random_shapes.h"
#include "trainer/ops/cuda.h"
#include "trainer/ops/cuda_times.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/ops/ops_memory.h"

#define RANKS 4
#define SUMS 3
#define NUMBERS_MAX 3000
#define ID_BYTES sizeof(struct cuda_ranks_id)

static const char *const variables[] = {"PMIX_NAMESPACE",
					"OMPI_MCA_ess_base_jobid",
					"OMPI_MCA_orte_precondition_transports",
					"PMI_JOBID",
					"SLURM_JOB_ID",
					"SLURM_STEP_ID",
					"SLURM_RESTART_COUNT"};

static struct rng rng;
static char folder[] = "/tmp/test_cuda_ranks.XXXXXX";

/* Every test starts in an empty folder, by no launcher. */
static int enter_folder(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
	strcpy(folder, "/tmp/test_cuda_ranks.XXXXXX");
	return !mkdtemp(folder) || chdir(folder) < 0;
}

static int leave_folder(void **state)
{
	struct err err = {0};

	(void)state;
	return chdir("/") < 0 || fs_remove_tree(folder, &err) < 0;
}

/* --- ranks in threads ----------------------------------------------------------------------- */

/* One rank: numbers[i][n[i]] go to the device and come back as sums. */
struct part {
	pthread_t thread;
	struct ops *ops;
	int rank, count;
	const size_t *n;
	float numbers[SUMS][NUMBERS_MAX];
	bool made;
	struct err err;
};

static void sum_all(struct part *p, struct ranks *ranks)
{
	for (int i = 0; i < SUMS; i++) {
		struct tensor t = tensor_alloc(p->ops, NUMBERS_MAX, DTYPE_F32);

		p->ops->upload(p->ops, t, p->numbers[i], p->n[i]);
		ranks->sum(ranks, t, p->n[i]);
		p->ops->download(p->ops, p->numbers[i], t, p->n[i]);
		tensor_release(p->ops, t);
	}
}

static void *run_part(void *arg)
{
	struct part *p = arg;
	struct ranks *ranks = ops_cuda_ranks(p->ops, p->rank, p->count, "run/here", 60, &p->err);

	if (!ranks)
		return NULL;
	p->made = ranks->rank == p->rank && ranks->count == p->count;
	sum_all(p, ranks);
	ranks->free(ranks);
	return NULL;
}

static struct part *new_parts(int count, const size_t n[SUMS])
{
	struct part *parts = calloc((size_t)count, sizeof(*parts));

	for (int rank = 0; rank < count; rank++) {
		struct part *p = &parts[rank];
		uint64_t seed = rng_u32(&rng);

		p->ops = ops_cuda_new_on(cuda_host_new(seed), DTYPE_BF16);
		p->rank = rank;
		p->count = count;
		p->n = n;
		for (int i = 0; i < SUMS; i++)
			for (size_t k = 0; k < n[i]; k++)
				p->numbers[i][k] = (float)rng_normal(&rng);
	}
	return parts;
}

static void run_parts(struct part *parts, int count)
{
	for (int i = 0; i < count; i++)
		assert_int_equal(pthread_create(&parts[i].thread, NULL, run_part, &parts[i]), 0);
	for (int i = 0; i < count; i++)
		assert_int_equal(pthread_join(parts[i].thread, NULL), 0);
}

static void free_parts(struct part *parts, int count)
{
	for (int i = 0; i < count; i++)
		parts[i].ops->free(parts[i].ops);
	free(parts);
}

static void draw_lengths(size_t n[SUMS])
{
	for (int i = 0; i < SUMS; i++)
		n[i] = rng_below(&rng, NUMBERS_MAX + 1);
}

static void add_in_order(const struct part *parts, int count, float sums[SUMS][NUMBERS_MAX])
{
	memset(sums, 0, SUMS * sizeof(*sums));
	for (int rank = 0; rank < count; rank++)
		for (int i = 0; i < SUMS; i++)
			for (size_t k = 0; k < parts[rank].n[i]; k++)
				sums[i][k] += parts[rank].numbers[i][k];
}

static void assert_sums(struct part *parts, int count)
{
	static float wanted[SUMS][NUMBERS_MAX];

	add_in_order(parts, count, wanted);
	run_parts(parts, count);
	for (int rank = 0; rank < count; rank++) {
		assert_string_equal(parts[rank].err.msg, "");
		assert_true(parts[rank].made);
		for (int i = 0; i < SUMS; i++)
			assert_memory_equal(parts[rank].numbers[i], wanted[i],
					    parts[rank].n[i] * sizeof(float));
	}
}

/* --- files ---------------------------------------------------------------------------------- */

static void put_file(const char *path, const char *text, size_t bytes)
{
	char *data = calloc(1, bytes);
	struct err err = {0};

	assert_int_equal(fs_mkdirs("run/here", &err), 0);
	memcpy(data, text, strlen(text) < bytes ? strlen(text) : bytes);
	assert_int_equal(fs_write(path, data, bytes, &err), 0);
	free(data);
}

static void assert_no_files(void)
{
	struct err err = {0};

	assert_int_equal(fs_dir_in_use("run/here", &err), 0);
}

/* --- what works ----------------------------------------------------------------------------- */

static void test_sums(void **state)
{
	size_t n[SUMS];

	(void)state;
	for (int round = 0; round < 3; round++)
		for (int count = 1; count <= RANKS; count++) {
			struct part *parts;

			draw_lengths(n);
			parts = new_parts(count, n);
			assert_sums(parts, count);
			assert_no_files();
			free_parts(parts, count);
		}
}

/* The same devices once more: none takes the file of before. */
static void test_again(void **state)
{
	size_t n[SUMS];
	struct part *parts;

	(void)state;
	draw_lengths(n);
	parts = new_parts(RANKS, n);
	for (int i = 0; i < 10; i++)
		assert_sums(parts, RANKS);
	assert_no_files();
	free_parts(parts, RANKS);
}

/* Files of another start, and of this one's own name that rank 0 comes upon. */
static void test_stale(void **state)
{
	size_t n[SUMS];
	struct part *parts;

	(void)state;
	draw_lengths(n);
	setenv("PMIX_NAMESPACE", "new", 1);
	put_file("run/here/ranks-old.id", "meeting 1", ID_BYTES);
	put_file("run/here/ranks.id", "meeting 1", ID_BYTES);
	parts = new_parts(RANKS, n);
	assert_sums(parts, RANKS);
	assert_int_equal(access("run/here/ranks-old.id", F_OK), 0);
	assert_int_equal(access("run/here/ranks-new.id", F_OK), -1);
	unsetenv("PMIX_NAMESPACE");
	parts[0].count = 1; /* others might come before rank 0 */
	assert_sums(parts, 1);
	assert_int_equal(access("run/here/ranks.id", F_OK), -1);
	free_parts(parts, RANKS);
}

static void test_times(void **state)
{
	size_t n[SUMS] = {1, 2, 3};
	struct part *parts = new_parts(2, n);
	struct cuda_device *times = cuda_times_new(cuda_host_new(1));
	const struct cuda_time *t;
	bool found = false;

	(void)state;
	parts[1].ops->free(parts[1].ops);
	parts[1].ops = ops_cuda_new_on(times, DTYPE_BF16);
	assert_sums(parts, 2);
	for (int i = 0; (t = cuda_times_at(times, i)); i++)
		if (strcmp(t->name, "sums of ranks") == 0) {
			assert_int_equal(t->calls, SUMS + 1); /* and the one that counts */
			found = true;
		}
	assert_true(found);
	free_parts(parts, 2);
}

/* Who lacks memory is found by check, and sums nothing. */
static void test_lacking(void **state)
{
	struct ops *ops = ops_cuda_new_on(cuda_host_new(1), DTYPE_F32);
	struct err err = {0};
	struct ranks *ranks = ops_cuda_ranks(ops, 0, 1, ".", 60, &err);
	struct tensor t = tensor_alloc(ops, 4, DTYPE_F32);

	(void)state;
	assert_non_null(ranks);
	ranks->sum(ranks, t, 4);
	assert_int_equal(ops->check(ops, &err), 0);
	cuda_host_lack(cuda_of(ops)->device, 0);
	assert_null(cuda_scratch(cuda_of(ops), 4096));
	ranks->sum(ranks, (struct tensor){NULL, DTYPE_F32}, 4); /* would end by SIGSEGV */
	assert_int_equal(ops->check(ops, &err), -1);
	ranks->free(ranks);
	tensor_release(ops, t);
	ops->free(ops);
}

/* --- what does not -------------------------------------------------------------------------- */

/* What rank `rank` of 2 says, who waits for no time. */
static void assert_refused(struct cuda_device *device, int rank, const char *where,
			   enum err_code code, const char *line)
{
	struct ops *ops = ops_cuda_new_on(device, DTYPE_F32);
	struct err err = {0};

	assert_null(ops_cuda_ranks(ops, rank, 2, where, 0, &err));
	assert_string_equal(err.msg, line);
	assert_int_equal(err.code, code);
	ops->free(ops);
}

static struct cuda_device *device_without_nccl(void)
{
	struct cuda_device *device = cuda_host_new(1);

	device->make_id = NULL;
	device->join = NULL;
	device->sum = NULL;
	return device;
}

static void test_no_nccl(void **state)
{
	static const char line[] =
		"this cadgen was built without NCCL, by which several GPUs train: "
		"configure --with-nccl makes it";

	(void)state;
	for (int rank = 0; rank < 2; rank++) {
		assert_refused(device_without_nccl(), rank, "run", ERR_UNSUPPORTED, line);
		assert_refused(cuda_times_new(device_without_nccl()), rank, "run", ERR_UNSUPPORTED,
			       line);
	}
	assert_int_equal(access("run", F_OK), -1);
}

static void test_waiting(void **state)
{
	struct ops *ops = ops_cuda_new_on(cuda_host_new(1), DTYPE_F32);
	double began = clock_seconds();
	struct err err = {0};

	(void)state;
	assert_null(ops_cuda_ranks(ops, 1, 2, "nowhere", 0.2, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg,
			    "nowhere/ranks.id did not come within 0.2 s: rank 0 was to write it");
	assert_true(clock_seconds() - began >= 0.2);
	assert_int_equal(access("nowhere", F_OK), -1);
	ops->free(ops);
}

/* Sets NAME=VALUE of the list, says where a rank waits for its file, and takes them back. */
static void assert_tag(const char *const settings[], const char *tag)
{
	char line[200], name[64];

	for (int i = 0; settings[i]; i++) {
		const char *equals = strchr(settings[i], '=');

		snprintf(name, sizeof(name), "%.*s", (int)(equals - settings[i]), settings[i]);
		setenv(name, equals + 1, 1);
	}
	snprintf(line, sizeof(line), "./ranks%s.id did not come within 0 s: rank 0 was to write it",
		 tag);
	assert_refused(cuda_host_new(1), 1, ".", ERR_IO, line);
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
}

#define TAG(tag, ...) assert_tag((const char *const[]){__VA_ARGS__, NULL}, tag)

static void test_tags(void **state)
{
	(void)state;
	TAG("-12", "PMIX_NAMESPACE=12");
	TAG("-12-5f-7e", "PMIX_NAMESPACE=12", "OMPI_MCA_orte_precondition_transports=5f-7e");
	TAG("-prterun-a_b_c.d-9_1", "PMIX_NAMESPACE=prterun-a/b_c.d-9@1", "PMI_JOBID=1");
	TAG("-13-5f", "OMPI_MCA_ess_base_jobid=13", "OMPI_MCA_orte_precondition_transports=5f",
	    "SLURM_STEP_ID=0", "SLURM_JOB_ID=7");
	TAG("-14.0", "PMI_JOBID=14.0", "SLURM_STEP_ID=0", "SLURM_JOB_ID=7");
	TAG("-0-7", "SLURM_STEP_ID=0", "SLURM_JOB_ID=7");
	TAG("-0-7-2", "SLURM_STEP_ID=0", "SLURM_JOB_ID=7", "SLURM_RESTART_COUNT=2");
	TAG("", "PMIX_NAMESPACE=", "SLURM_JOB_ID=7"); /* a batch script has no step */
	TAG("-_.._.._", "PMI_JOBID=/../..\n");
}

static void test_damaged(void **state)
{
	(void)state;
	put_file("run/here/ranks.id", "meeting", ID_BYTES - 1);
	assert_refused(cuda_host_new(1), 1, "run/here", ERR_FORMAT,
		       "run/here/ranks.id: not an id of ranks");
	put_file("run/here/ranks.id", "nobody's", ID_BYTES);
	assert_refused(cuda_host_new(1), 1, "run/here", ERR_DEVICE,
		       "host: joining the ranks: no place by that id");
}

static void test_in_the_way(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(fs_write("file", "", 0, &err), 0);
	for (int rank = 0; rank < 2; rank++) {
		struct ops *ops = ops_cuda_new_on(cuda_host_new(1), DTYPE_F32);

		assert_null(ops_cuda_ranks(ops, rank, 2, "file", 0, &err));
		assert_int_equal(err.code, ERR_IO);
		assert_non_null(strstr(err.msg, "file"));
		assert_non_null(strstr(err.msg, strerror(ENOTDIR)));
		ops->free(ops);
	}
	assert_int_equal(fs_mkdirs("folder/ranks.id", &err), 0);
	for (int rank = 0; rank < 2; rank++)
		assert_refused(cuda_host_new(1), rank, "folder", ERR_IO,
			       rank == 0 ? "cannot remove folder/ranks.id: Is a directory"
					 : "cannot read folder/ranks.id: Is a directory");
}

static bool join_nobody(struct cuda_device *d, const struct cuda_ranks_id *id, int rank, int count)
{
	(void)id;
	(void)rank;
	(void)count;
	cuda_host_fail(d, "host: nobody is there");
	return false;
}

/* A device that fails, before and while the others are waited for: no file stays. */
static void test_failures(void **state)
{
	struct cuda_device *device = cuda_host_new(1);

	(void)state;
	cuda_host_fail(device, "host: fell off the bus");
	assert_refused(device, 0, "run/here", ERR_DEVICE, "host: fell off the bus");
	assert_no_files();
	device = cuda_host_new(1);
	device->join = join_nobody;
	assert_refused(device, 0, "run/here", ERR_DEVICE, "host: nobody is there");
	assert_no_files();
}

/* Numbers that were not summed: the one that counts the ranks stays 1. */
static void sum_nothing(struct cuda_device *d, float *numbers, size_t n)
{
	(void)d;
	(void)numbers;
	(void)n;
}

static bool join_alone(struct cuda_device *d, const struct cuda_ranks_id *id, int rank, int count)
{
	(void)d;
	(void)id;
	(void)rank;
	return count > 0;
}

static void test_wrong_sums(void **state)
{
	struct cuda_device *device = cuda_host_new(1);

	(void)state;
	device->join = join_alone;
	device->sum = sum_nothing;
	assert_refused(device, 0, ".", ERR_DEVICE, "host: 2 ranks joined, and their ones make 1");
	device = cuda_host_new(1);
	device->join = join_alone;
	cuda_host_lack(device, 0);
	assert_refused(device, 0, ".", ERR_MEMORY, "host: no memory for 1 MiB more");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sums),       TEST(test_again),    TEST(test_stale),
		TEST(test_times),      TEST(test_lacking),  TEST(test_no_nccl),
		TEST(test_waiting),    TEST(test_tags),     TEST(test_damaged),
		TEST(test_in_the_way), TEST(test_failures), TEST(test_wrong_sums),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	rng = rng_stream(test_seed(), 0, "cuda_ranks", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
