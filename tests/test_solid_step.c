/* SPDX-License-Identifier: MIT */
/* solid_write_step and solid_read_step: what goes out comes back; the same bytes; what is no STEP file. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/solid/solid.h"
#include "tests/deepcad_samples.h"
#include "tests/made_solids.h"

#define BYTES_MAX ((size_t)16 << 20)

static struct arena arena;
static char folder[] = "/tmp/test_solid_step.XXXXXX", path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/a.step", folder);
	return 0;
}

static int remove_folder(void **state)
{
	struct err err = {0};

	(void)state;
	return fs_remove_tree(folder, &err);
}

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void write_step(const struct solid *solid)
{
	struct err err = {0};

	if (solid_write_step(solid, path, &err) < 0)
		fail_msg("%s", err.msg);
}

static struct buf bytes_of(const char *name)
{
	struct buf bytes = {0};
	struct err err = {0};

	if (fs_read(name, BYTES_MAX, &bytes, &err) < 0)
		fail_msg("%s", err.msg);
	return bytes;
}

static void check_there_and_back(const struct solid *solid)
{
	struct solid_measures was = made_measures(solid), is;
	struct err err = {0};
	struct solid *read;
	struct buf first, second;

	write_step(solid);
	first = bytes_of(path);
	read = solid_read_step(path, &err);
	if (!read)
		fail_msg("%s", err.msg);
	is = made_measures(read);
	assert_share(is.volume, was.volume, 1e-9);
	assert_share(is.area, was.area, 1e-9);
	assert_vec3(is.lo, was.lo.x, was.lo.y, was.lo.z, 1e-9);
	assert_vec3(is.hi, was.hi.x, was.hi.y, was.hi.z, 1e-9);
	assert_int_equal(is.bodies, was.bodies);
	assert_int_equal(is.faces, was.faces);
	assert_int_equal(is.edges, was.edges);
	write_step(solid);
	second = bytes_of(path);
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);
	buf_free(&first);
	buf_free(&second);
	solid_free(read);
}

static struct solid *plate(void)
{
	const struct made_hole holes[] = {{{0.02, 0.02}, 0.005}, {{0.07, 0.03}, 0.01}};

	return made_plate(vec(0.1, 0.05), 0.008, holes, 2, &arena);
}

static void test_there_and_back(void **state)
{
	struct solid *solid, *far, *both;
	struct err err = {0};

	(void)state;
	need_solids();
	solid = plate();
	far = made_cylinder(&made_xy, 0.01, 1, 2, &arena);
	both = solid_join(solid, far, &err);
	assert_non_null(both);
	check_there_and_back(solid);
	check_there_and_back(both);
	solid_free(solid);
	solid_free(far);
	solid_free(both);
}

static void check_file(const char *path)
{
	struct deepcad_model model;
	struct err err = {0};
	struct solid *solid;

	assert_int_equal(deepcad_read(&model, path, &arena, &err), 0);
	solid = solid_from_deepcad(&model, &err);
	if (!solid)
		fail_msg("%s", err.msg);
	check_there_and_back(solid);
	solid_free(solid);
}

static void test_real_files(void **state)
{
	(void)state;
	need_solids();
	each_deepcad_file(".json", check_file);
}

/* Millimetres, no time and no name of the day. */
static void test_text(void **state)
{
	struct solid *solid;
	struct buf text;

	(void)state;
	need_solids();
	solid = made_box((struct vec3){0, 0, 0}, (struct vec3){0.123, 0.02, 0.03}, &arena);
	write_step(solid);
	text = bytes_of(path);
	assert_memory_equal(text.data, "ISO-10303-21;", 13);
	assert_non_null(strstr(text.data, "AUTOMOTIVE_DESIGN"));
	assert_non_null(strstr(text.data, ".MILLI.,.METRE."));
	assert_non_null(strstr(text.data, "'1970-01-01T00:00:00'"));
	assert_non_null(strstr(text.data, "PRODUCT('solid','solid'"));
	assert_non_null(strstr(text.data, "(123.,"));
	buf_free(&text);
	solid_free(solid);
}

/* Centimetres. */
static void test_other_units(void **state)
{
	static const char milli[] = "( LENGTH_UNIT() NAMED_UNIT(*) SI_UNIT(.MILLI.,.METRE.) )";
	static const char centi[] = "( LENGTH_UNIT() NAMED_UNIT(*) SI_UNIT(.CENTI.,.METRE.) )";
	struct solid *solid;
	struct err err = {0};
	struct buf text;
	char *at;

	(void)state;
	need_solids();
	solid = made_box((struct vec3){0, 0, 0}, (struct vec3){0.01, 0.02, 0.03}, &arena);
	write_step(solid);
	solid_free(solid);
	text = bytes_of(path);
	at = strstr(text.data, milli);
	assert_non_null(at);
	memcpy(at, centi, strlen(centi));
	assert_int_equal(fs_write(path, text.data, text.len, &err), 0);
	buf_free(&text);
	solid = solid_read_step(path, &err);
	assert_non_null(solid);
	assert_share(made_measures(solid).volume, 0.1 * 0.2 * 0.3, 1e-9);
	solid_free(solid);
}

/* --- what is refused ------------------------------------------------------------------------- */

static void refuse_file(const char *name, enum err_code code)
{
	struct err err = {0};

	assert_null(solid_read_step(name, &err));
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.msg, name));
	assert_null(strchr(err.msg, '\n'));
}

static void refuse(const char *data, size_t n)
{
	struct err err = {0};

	assert_int_equal(fs_write(path, data, n, &err), 0);
	refuse_file(path, ERR_FORMAT);
}

#define EMPTY                                                                                      \
	"ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','" \
	"');\n"                                                                                    \
	"FILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n"
#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0"

/* What is written to stdout and stderr meanwhile. */
static size_t said_by(void (*work)(void))
{
	int out = dup(1), error = dup(2);
	FILE *said = tmpfile();
	long n;

	assert_non_null(said);
	fflush(NULL);
	dup2(fileno(said), 1);
	dup2(fileno(said), 2);
	work();
	fflush(NULL);
	dup2(out, 1);
	dup2(error, 2);
	close(out);
	close(error);
	n = lseek(fileno(said), 0, SEEK_END);
	fclose(said);
	return (size_t)n;
}

static void refuse_all(void)
{
	refuse("", 0);
	refuse(EMPTY, sizeof(EMPTY) - 1);
	refuse(PNG, sizeof(PNG) - 1);
	refuse("{\"entities\": {}}\n", 17);
	refuse_file(folder, ERR_IO);
	refuse_file("/nonexistent.step", ERR_IO);
}

static void refuse_cut_off(void)
{
	struct solid *solid = plate();
	struct buf text;

	write_step(solid);
	solid_free(solid);
	text = bytes_of(path);
	for (size_t n = 1; n < text.len - 20; n += text.len / 23)
		refuse(text.data, n);
	buf_free(&text);
}

static void test_refused(void **state)
{
	(void)state;
	need_solids();
	assert_int_equal(said_by(refuse_all), 0);
	assert_int_equal(said_by(refuse_cut_off), 0);
}

static void test_disk_full(void **state)
{
	struct err err = {0};
	struct solid *solid;

	(void)state;
	need_solids();
	solid = plate();
	assert_int_equal(solid_write_step(solid, "/dev/full", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_int_equal(solid_write_step(solid, "/nonexistent/a.step", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	solid_free(solid);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_there_and_back), TEST(test_real_files), TEST(test_text),
		TEST(test_other_units),    TEST(test_refused),    TEST(test_disk_full),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
