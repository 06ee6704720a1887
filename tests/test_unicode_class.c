/* SPDX-License-Identifier: MIT */
/* unicode_class: the table by its counts and by hand; decoding against an encoder and all it makes. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/random_shapes.h"
#include "tokenizer/unicode_class.h"

#define CODES 0x110000u

static void test_counts(void **state)
{
	long counts[4] = {0};

	(void)state;
	for (uint32_t code = 0; code < CODES; code++)
		counts[unicode_class(code)]++;
	assert_int_equal(counts[CLASS_LETTER], 141028);
	assert_int_equal(counts[CLASS_NUMBER], 1911);
	assert_int_equal(counts[CLASS_SPACE], 25);
}

static void test_white_space(void **state)
{
	static const uint32_t spaces[] = {
		0x09,   0x0a,   0x0b,   0x0c,   0x0d,   0x20,   0x85,   0xa0,   0x1680,
		0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
		0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++)
		assert_int_equal(unicode_class(spaces[i]), CLASS_SPACE);
}

static void test_spot_values(void **state)
{
	static const struct {
		uint32_t code;
		enum char_class class;
	} spots[] = {
		{0x00, CLASS_OTHER},     {0x08, CLASS_OTHER},     {0x1c, CLASS_OTHER},
		{0x27, CLASS_OTHER},     {'/', CLASS_OTHER},      {'0', CLASS_NUMBER},
		{'9', CLASS_NUMBER},     {':', CLASS_OTHER},      {'@', CLASS_OTHER},
		{'A', CLASS_LETTER},     {'Z', CLASS_LETTER},     {'[', CLASS_OTHER},
		{'_', CLASS_OTHER},      {'a', CLASS_LETTER},     {'z', CLASS_LETTER},
		{'{', CLASS_OTHER},      {0x7f, CLASS_OTHER},     {0xaa, CLASS_LETTER},
		{0xb2, CLASS_NUMBER},    {0xb5, CLASS_LETTER},    {0xbc, CLASS_NUMBER},
		{0xd7, CLASS_OTHER},     {0xdf, CLASS_LETTER},    {0x17f, CLASS_LETTER},
		{0x2b0, CLASS_LETTER},   {0x301, CLASS_OTHER},    {0x345, CLASS_OTHER},
		{0x416, CLASS_LETTER},   {0x660, CLASS_NUMBER},   {0x180e, CLASS_OTHER},
		{0x1c89, CLASS_LETTER},  {0x200b, CLASS_OTHER},   {0x200d, CLASS_OTHER},
		{0x2160, CLASS_NUMBER},  {0x2460, CLASS_NUMBER},  {0x20ac, CLASS_OTHER},
		{0x24b6, CLASS_OTHER},   {0x3007, CLASS_NUMBER},  {0x3021, CLASS_NUMBER},
		{0x3042, CLASS_LETTER},  {0x4e00, CLASS_LETTER},  {0x9fff, CLASS_LETTER},
		{0xac00, CLASS_LETTER},  {0xd7a3, CLASS_LETTER},  {0xd800, CLASS_OTHER},
		{0xe000, CLASS_OTHER},   {0xfeff, CLASS_OTHER},   {0xff11, CLASS_NUMBER},
		{0xff21, CLASS_LETTER},  {0xffff, CLASS_OTHER},   {0x10330, CLASS_LETTER},
		{0x10d4a, CLASS_LETTER}, {0x1d7ce, CLASS_NUMBER}, {0x1f600, CLASS_OTHER},
		{0x20000, CLASS_LETTER}, {0x2a6df, CLASS_LETTER}, {0x2a6e0, CLASS_OTHER},
		{0xe0100, CLASS_OTHER},  {0x10ffff, CLASS_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(spots) / sizeof(*spots); i++)
		if (unicode_class(spots[i].code) != spots[i].class)
			fail_msg("U+%04X is of class %d", (unsigned int)spots[i].code,
				 (int)unicode_class(spots[i].code));
}

/* --- decoding ------------------------------------------------------------------------------- */

/* What begins a character: one bit for each string of one, two and three bytes, the first byte
 * highest. */
struct prefixes {
	uint8_t one[256 / 8], two[(1 << 16) / 8], three[(1 << 24) / 8];
};

static struct prefixes *prefixes;

static int encode(uint32_t code, unsigned char out[4])
{
	static const unsigned char first[5] = {0, 0, 0xc0, 0xe0, 0xf0};
	int n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (int i = n; i-- > 1; code >>= 6)
		out[i] = (unsigned char)(0x80 | (code & 0x3f));
	out[0] = (unsigned char)(first[n] | code);
	return n;
}

static bool is_surrogate(uint32_t code)
{
	return code >= 0xd800 && code < 0xe000;
}

static void set_bit(uint8_t *bits, size_t i)
{
	bits[i / 8] |= (uint8_t)(1 << i % 8);
}

static bool has_bit(const uint8_t *bits, size_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

static size_t number_of(const unsigned char *p, int n)
{
	size_t number = 0;

	for (int i = 0; i < n; i++)
		number = number << 8 | p[i];
	return number;
}

static int setup(void **state)
{
	(void)state;
	prefixes = mem_alloc(1, sizeof(*prefixes));
	for (uint32_t code = 0x80; code < CODES; code++) {
		unsigned char p[4];
		int n = is_surrogate(code) ? 0 : encode(code, p);

		if (n > 1)
			set_bit(prefixes->one, p[0]);
		if (n > 2)
			set_bit(prefixes->two, number_of(p, 2));
		if (n > 3)
			set_bit(prefixes->three, number_of(p, 3));
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(prefixes);
	return 0;
}

/* The code whose encoding p[0..n) is, by its bits and back; UINT32_MAX. */
static uint32_t naive_code(const unsigned char *p, int n)
{
	static const unsigned char bits[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = p[0] & bits[n];
	unsigned char again[4];

	for (int i = 1; i < n; i++)
		code = code << 6 | (p[i] & 0x3f);
	if (code >= CODES || is_surrogate(code))
		return UINT32_MAX;
	return encode(code, again) == n && memcmp(p, again, (size_t)n) == 0 ? code : UINT32_MAX;
}

static int naive_extent(const unsigned char *p, int len)
{
	for (int n = 1; n <= 4 && n <= len; n++)
		if (naive_code(p, n) != UINT32_MAX)
			return n;
	if (len >= 3 && has_bit(prefixes->three, number_of(p, 3)))
		return -3;
	if (len >= 2 && has_bit(prefixes->two, number_of(p, 2)))
		return -2;
	return has_bit(prefixes->one, p[0]) ? -1 : 0;
}

static void check(const unsigned char *p, int len)
{
	const char *text = (const char *)p;
	int extent = naive_extent(p, len);
	struct code_point c = code_point_at(text, text + len), d;

	if (utf8_extent(text, text + len) != extent)
		fail_msg("%02x %02x %02x %02x of %d: extent %d, not %d", p[0], p[1], p[2], p[3],
			 len, utf8_extent(text, text + len), extent);
	d = code_point_decode(text, text + len);
	if (c.code != d.code || c.bytes != d.bytes || c.class != d.class ||
	    c.bytes != (extent > 0 ? extent : 1) ||
	    c.code != (extent > 0 ? naive_code(p, extent) : UINT32_MAX) ||
	    c.class != (extent > 0 ? unicode_class(c.code) : CLASS_OTHER))
		fail_msg("%02x %02x %02x %02x of %d: code %x of %d bytes, class %d", p[0], p[1],
			 p[2], p[3], len, (unsigned int)c.code, c.bytes, (int)c.class);
}

static void test_all_codes(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < CODES; code++) {
		unsigned char p[5] = {0};
		int n = encode(code, p);
		struct code_point c = code_point_at((char *)p, (char *)p + 5);

		assert_int_equal(c.code, is_surrogate(code) ? UINT32_MAX : code);
		assert_int_equal(c.bytes, is_surrogate(code) ? 1 : n);
	}
}

static void test_short_texts(void **state)
{
	unsigned char p[4] = {0};

	(void)state;
	for (uint32_t i = 0; i < 1u << 16; i++) {
		p[0] = (unsigned char)(i >> 8);
		p[1] = (unsigned char)i;
		check(p, 1);
		check(p, 2);
	}
}

static void test_three_bytes(void **state)
{
	unsigned char p[4] = {0};

	(void)state;
	for (uint32_t i = 0x80u << 16; i < 1u << 24; i++) {
		p[0] = (unsigned char)(i >> 16);
		p[1] = (unsigned char)(i >> 8);
		p[2] = (unsigned char)i;
		check(p, 3);
	}
}

/* First bytes of all kinds, then continuations more often than not. */
static void test_random_bytes(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		unsigned char p[8];
		int len;

		for (int k = 0; k < 8; k++) {
			p[k] = (unsigned char)rng_u32(&rng);
			if (k && rng_chance(&rng, 0.6))
				p[k] = (unsigned char)(0x80 | (p[k] & 0x3f));
		}
		if (rng_chance(&rng, 0.5))
			p[0] |= 0xe0;
		len = 1 + (int)rng_below(&rng, 8);
		check(p, len);
	}
}

static void test_extent_by_hand(void **state)
{
	static const struct {
		const char *text;
		int extent;
	} cases[] = {
		{"a", 1},
		{"\xc3\xa4", 2},
		{"\xe2\x82\xac", 3},
		{"\xf0\x9f\x93\x90", 4},
		{"\x80", 0},
		{"\xbf\x80", 0},
		{"\xc0\x80", 0},
		{"\xc1\xbf", 0},
		{"\xf5\x80\x80\x80", 0},
		{"\xff", 0},
		{"\xc3", -1},
		{"\xc3(", -1},
		{"\xe2\x82", -2},
		{"\xe2\x82(", -2},
		{"\xe0\x80\x80", -1},
		{"\xed\xa0\x80", -1},
		{"\xf0\x80\x80\x80", -1},
		{"\xf4\x90\x80\x80", -1},
		{"\xf0\x9f\x93", -3},
		{"\xf0\x9f\x93(", -3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(utf8_extent(cases[i].text, cases[i].text + strlen(cases[i].text)),
				 cases[i].extent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),       cmocka_unit_test(test_white_space),
		cmocka_unit_test(test_spot_values),  cmocka_unit_test(test_all_codes),
		cmocka_unit_test(test_short_texts),  cmocka_unit_test(test_three_bytes),
		cmocka_unit_test(test_random_bytes), cmocka_unit_test(test_extent_by_hand),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
