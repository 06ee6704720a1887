/* SPDX-License-Identifier: MIT */
/* mem: sizes are checked, and exhaustion ends a child process with its one message. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

/* Volatile: compilers warn about such sizes where they see them. */
static volatile size_t huge = SIZE_MAX / 4;

/* A sanitizer's allocator ends the process itself unless told to return NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void mul_too_large(void)
{
	mem_mul(huge, 5);
}

static void add_too_large(void)
{
	mem_add(huge * 4, 4);
}

static void alloc_product_too_large(void)
{
	mem_alloc(huge, 8);
}

static void alloc_too_large(void)
{
	mem_alloc(huge, 1);
}

static void realloc_product_too_large(void)
{
	free(mem_realloc(NULL, huge, 8));
}

static void realloc_too_large(void)
{
	free(mem_realloc(NULL, huge, 1));
}

/* Runs f in a child, which must end with status 1, having said what[] on stderr. */
static void assert_exhausts(void (*f)(void), const char *what)
{
	int ends[2];
	char said[256];
	size_t len = 0;
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		f();
		_exit(0);
	}
	close(ends[1]);
	ssize_t got;
	while (len < sizeof(said) - 1 &&
	       (got = read(ends[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)got;
	said[len] = '\0';
	close(ends[0]);

	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	/* at the end: sanitizers warn of the failed allocation before */
	assert_true(len >= strlen(what));
	assert_string_equal(said + len - strlen(what), what);
}

static void test_products_and_sums(void **state)
{
	(void)state;
	assert_int_equal(mem_mul(6, 7), 42);
	assert_int_equal(mem_mul(SIZE_MAX, 0), 0);
	assert_int_equal(mem_mul(0, SIZE_MAX), 0);
	assert_int_equal(mem_mul(SIZE_MAX, 1), SIZE_MAX);
	assert_int_equal(mem_mul(SIZE_MAX / 2, 2), SIZE_MAX - 1);
	assert_int_equal(mem_add(SIZE_MAX - 3, 3), SIZE_MAX);
	assert_int_equal(mem_add(1, 2), 3);
}

static void test_alloc_is_zeroed(void **state)
{
	(void)state;
	unsigned char *p = mem_alloc(1000, 7);
	for (size_t i = 0; i < 7000; i++)
		assert_int_equal(p[i], 0);
	free(p);
}

static void test_nothing_is_one_byte(void **state)
{
	(void)state;
	char *p = mem_alloc(0, 8);
	assert_non_null(p);
	*p = 1;
	p = mem_realloc(p, 0, 8);
	assert_non_null(p);
	assert_int_equal(*p, 1);
	free(p);
}

static void test_realloc_keeps_contents(void **state)
{
	(void)state;
	int *p = mem_realloc(NULL, 3, sizeof(*p));
	for (int i = 0; i < 3; i++)
		p[i] = i + 10;
	p = mem_realloc(p, 100000, sizeof(*p));
	for (int i = 0; i < 3; i++)
		assert_int_equal(p[i], i + 10);
	free(p);
}

static void test_exhaustion(void **state)
{
	(void)state;
	char over[128], bytes[128];
	snprintf(over, sizeof(over), "cadgen: out of memory: more than %zu bytes asked for\n",
		 SIZE_MAX);
	snprintf(bytes, sizeof(bytes), "cadgen: out of memory: %zu bytes asked for\n",
		 (size_t)huge);
	assert_exhausts(mul_too_large, over);
	assert_exhausts(add_too_large, over);
	assert_exhausts(alloc_product_too_large, over);
	assert_exhausts(realloc_product_too_large, over);
	assert_exhausts(alloc_too_large, bytes);
	assert_exhausts(realloc_too_large, bytes);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_products_and_sums),
		cmocka_unit_test(test_alloc_is_zeroed),
		cmocka_unit_test(test_nothing_is_one_byte),
		cmocka_unit_test(test_realloc_keeps_contents),
		cmocka_unit_test(test_exhaustion),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
