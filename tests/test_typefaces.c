/* SPDX-License-Identifier: MIT */
/*
 * typeface, typefaces: the catalogue's rows, what is loaded, what a missing or another file says. The
 * fonts of packages that are installed are looked at as well: all that drawings print has ink.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/fs.h"
#include "fonts/font_utf8.h"
#include "fonts/typefaces.h"
#include "tests/font_recorder.h"

static uint32_t bit(int word)
{
	return UINT32_C(1) << word;
}

/* Names are words of style files; what is not ours has all four facts. */
static void test_rows(void **state)
{
	(void)state;
	for (int i = 0; i < TYPEFACE_COUNT_; i++) {
		const struct typeface *f = typeface_at(i);

		assert_true(*f->name && strspn(f->name, "abcdefghijklmnopqrstuvwxyz_0123456789") ==
						strlen(f->name));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(typeface_at(k)->name, f->name);
		if (!*f->package) {
			assert_true(i == TYPEFACE_hand || font_drawn(f->name));
			continue;
		}
		assert_int_equal(strncmp(f->package, "fonts-", 6), 0);
		assert_int_equal(strspn(f->sha256, "0123456789abcdef"), 64);
		assert_int_equal(strlen(f->sha256), 64);
		assert_true(*f->file && *f->file != '/' && *f->licence);
	}
}

static void test_own(void **state)
{
	struct err err = {0};
	struct typefaces *faces =
		typefaces_load(bit(TYPEFACE_iso3098) | bit(TYPEFACE_gost_a) | bit(TYPEFACE_hand),
			       "/nowhere", &err);
	struct arena arena = {0};
	struct rng rng = fresh_rng();
	const struct font *hand;

	(void)state;
	if (!faces)
		fail_msg("%s", err.msg);
	assert_ptr_equal(typefaces_font(faces, TYPEFACE_iso3098, &rng, &arena), font_builtin());
	assert_ptr_equal(typefaces_font(faces, TYPEFACE_gost_a, &rng, &arena),
			 font_drawn("gost_a"));
	hand = typefaces_font(faces, TYPEFACE_hand, &rng, &arena);
	assert_true(font_is_by_hand(hand));
	assert_ptr_not_equal(hand, typefaces_font(faces, TYPEFACE_hand, &rng, &arena));
	typefaces_free(faces);
	typefaces_free(NULL);
	arena_free(&arena);
}

static void test_missing(void **state)
{
	struct err err = {0};

	(void)state;
	assert_null(typefaces_load(bit(TYPEFACE_hand) | bit(TYPEFACE_breip), "/nowhere", &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_string_equal(err.msg, "the lettering 'breip' is not installed: "
				     "apt-get install fonts-breip");
}

static void test_another_file(void **state)
{
	char folder[] = "/tmp/cadgen-typefaces.XXXXXX", path[128];
	struct err err = {0};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/truetype", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/truetype/breip", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/%s", folder, typeface_at(TYPEFACE_breip)->file);
	assert_int_equal(fs_write_unguarded(path, "no font", 7, &err), 0);
	assert_null(typefaces_load(bit(TYPEFACE_breip), folder, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_int_equal(strncmp(err.msg, path, strlen(path)), 0);
	assert_non_null(strstr(err.msg, "is another version of 'breip' than the catalogue's"));
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/truetype/breip", folder);
	assert_int_equal(rmdir(path), 0);
	snprintf(path, sizeof(path), "%s/truetype", folder);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* All that a drawing prints has ink, digits are about as high as they should be. */
static void check_face(const struct font *font, const char *name)
{
	const char *signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ⌀R°±×□↧⌴⌵⌒+-,.()=ЁЭёэ";

	while (*signs) {
		char text[4];
		struct bounds b;
		uint32_t c = font_utf8_next(&signs);

		put_utf8(text, c);
		b = ink_of(font, text, 10);
		if (!(b.right > b.left && b.top > b.bottom))
			fail_msg("%s: no ink for '%s'", name, text);
		if (c >= '1' && c <= '9' && (b.top - b.bottom < 7 || b.top - b.bottom > 13))
			fail_msg("%s: '%s' is %g high", name, text, b.top - b.bottom);
	}
	assert_true(font_stroke_width(font, 10) >= 0.6 && font_stroke_width(font, 10) <= 1.6);
}

static void test_installed(void **state)
{
	struct arena arena = {0};
	struct rng rng = fresh_rng();
	int found = 0;

	(void)state;
	for (int i = 0; i < TYPEFACE_COUNT_; i++) {
		const struct typeface *face = typeface_at(i);
		struct err err = {0};
		struct typefaces *faces;

		if (!*face->package)
			continue;
		faces = typefaces_load(bit(i), TYPEFACE_FOLDER, &err);
		if (!faces)
			continue;
		check_face(typefaces_font(faces, i, &rng, &arena), face->name);
		typefaces_free(faces);
		found++;
	}
	arena_free(&arena);
	print_message("# %d fonts of packages are installed\n", found);
	if (found == 0)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),      cmocka_unit_test(test_own),
		cmocka_unit_test(test_missing),   cmocka_unit_test(test_another_file),
		cmocka_unit_test(test_installed),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
