/* SPDX-License-Identifier: MIT */
/*
 * Invariant: once data is not NULL, len < cap and data[len] is NUL (buf_reserve's caller, who
 * writes there and moves len, puts the NUL back or adds something after). Capacity doubles.
 * Numbers are written from integers; buf_fixed takes the double apart and rounds its exact value.
 * buf_real has digits from printf, which rounds correctly, and takes nothing else of what that writes:
 * its decimal mark is the locale's.
 */
#include <config.h>

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"

#define FIRST_CAP 64
#define REAL_DIGITS_MAX 17   /* tell all doubles apart */
#define REAL_POINT_LOWEST -5 /* powers of ten that are written out */
#define REAL_POINT_HIGHEST 16

__extension__ typedef unsigned __int128 uint128;

char *buf_reserve(struct buf *b, size_t n)
{
	size_t need = mem_add(mem_add(b->len, n), 1);
	if (need > b->cap) {
		size_t cap = b->cap ? mem_mul(b->cap, 2) : FIRST_CAP;
		if (cap < need)
			cap = need;
		b->data = mem_realloc(b->data, cap, 1);
		b->cap = cap;
		b->data[b->len] = '\0';
	}
	return b->data + b->len;
}

void buf_bytes(struct buf *b, const void *data, size_t n)
{
	char *to = buf_reserve(b, n);
	if (n > 0)
		memcpy(to, data, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
	buf_bytes(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	buf_bytes(b, &c, 1);
}

static void put_uint(struct buf *b, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	buf_bytes(b, digits + at, sizeof(digits) - at);
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

static const uint32_t power_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

/* units / 10^decimals with a sign, trailing zeros dropped, never "-0". */
static void put_scaled(struct buf *b, int negative, uint64_t units, int decimals)
{
	uint64_t whole = units / power_of_ten[decimals];
	uint32_t rest = (uint32_t)(units % power_of_ten[decimals]);
	if (negative && units > 0)
		buf_char(b, '-');
	put_uint(b, whole);
	if (rest > 0)
		buf_char(b, '.');
	for (int place = decimals - 1; rest > 0; place--) {
		buf_char(b, (char)('0' + rest / power_of_ten[place]));
		rest %= power_of_ten[place];
	}
}

void buf_int(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_char(b, '-');
	put_uint(b, magnitude(v));
}

void buf_uint(struct buf *b, uint64_t v)
{
	put_uint(b, v);
}

void buf_milli(struct buf *b, int64_t v)
{
	put_scaled(b, v < 0, magnitude(v), 3);
}

void buf_fixed(struct buf *b, double v, int decimals)
{
	assert(v > -1e12 && v < 1e12);
	assert(decimals >= 0 && decimals <= 6);

	/* |v| = mantissa * 2^exponent (IEEE 754 binary64); the product has at most 73 bits. */
	uint64_t bits;
	memcpy(&bits, &v, sizeof(bits));
	int biased = (int)(bits >> 52 & 0x7ff);
	uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
	if (biased > 0)
		mantissa |= UINT64_C(1) << 52;
	int exponent = (biased > 0 ? biased : 1) - 1075;
	assert(exponent < 0); /* 2^53 > 1e12 */

	int shift = -exponent;
	uint128 product = (uint128)mantissa * power_of_ten[decimals];
	uint64_t units = 0;
	if (shift < 80)
		units = (uint64_t)((product + ((uint128)1 << (shift - 1))) >> shift);
	put_scaled(b, (int)(bits >> 63), units, decimals);
}

/* v in `count` digits of printf, which are d.ddd times ten to the *power. Whether they are v again to
 * strtod, which reads what printf writes in every locale. */
static bool real_digits(double v, int count, char digits[REAL_DIGITS_MAX + 1], int *power)
{
	char text[64];
	const char *c = text;
	int n = 0;

	snprintf(text, sizeof(text), "%.*e", count - 1, v);
	for (; *c != 'e'; c++)
		if (*c >= '0' && *c <= '9')
			digits[n++] = *c;
	digits[n] = '\0';
	*power = atoi(c + 1);
	return strtod(text, NULL) == v;
}

static void put_zeros(struct buf *b, int n)
{
	for (; n > 0; n--)
		buf_char(b, '0');
}

/* d.ddd times ten to the power, written out. */
static void put_plain(struct buf *b, const char *digits, int power)
{
	int n = (int)strlen(digits), whole = power + 1;

	if (whole <= 0) {
		buf_str(b, "0.");
		put_zeros(b, -whole);
		buf_str(b, digits);
	} else if (n <= whole) {
		buf_str(b, digits);
		put_zeros(b, whole - n);
	} else {
		buf_bytes(b, digits, (size_t)whole);
		buf_char(b, '.');
		buf_str(b, digits + whole);
	}
}

static void put_exponent(struct buf *b, const char *digits, int power)
{
	buf_char(b, digits[0]);
	if (digits[1]) {
		buf_char(b, '.');
		buf_str(b, digits + 1);
	}
	buf_str(b, power < 0 ? "e-" : "e+");
	if (abs(power) < 10)
		buf_char(b, '0');
	buf_int(b, abs(power));
}

void buf_real(struct buf *b, double v)
{
	char digits[REAL_DIGITS_MAX + 1];
	size_t start = b->len;

	assert(isfinite(v));
	for (int count = 1; count <= REAL_DIGITS_MAX; count++) {
		double again;
		int power;

		if (!real_digits(fabs(v), count, digits, &power))
			continue;
		if (b->data) {
			b->len = start;
			b->data[start] = '\0';
		}
		if (signbit(v))
			buf_char(b, '-');
		if (power >= REAL_POINT_LOWEST && power <= REAL_POINT_HIGHEST)
			put_plain(b, digits, power);
		else
			put_exponent(b, digits, power);
		if (num_real(b->data + start, v, v, &again) == 0)
			return;
	}
	assert(!"17 digits are not v");
}

static void put_escaped(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char plain[] = "\"\\\b\f\n\r\t";
	static const char letters[] = "\"\\bfnrt";
	const char *found = memchr(plain, c, sizeof(plain) - 1);
	buf_char(b, '\\');
	if (found) {
		buf_char(b, letters[found - plain]);
		return;
	}
	buf_str(b, "u00");
	buf_char(b, hex[c >> 4]);
	buf_char(b, hex[c & 15]);
}

/* The character at s, or what stands for a byte that is none; returns its length. */
static size_t put_character(struct buf *b, const char *s)
{
	uint32_t c;
	size_t n = utf8_char(s, strnlen(s, 4), &c);

	if (n == 0)
		buf_str(b, "\xef\xbf\xbd");
	else
		buf_bytes(b, s, n);
	return n ? n : 1;
}

void buf_json_str(struct buf *b, const char *s)
{
	buf_char(b, '"');
	while (*s) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x80) {
			s += put_character(b, s);
			continue;
		}
		if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
			put_escaped(b, c);
		else
			buf_char(b, *s);
		s++;
	}
	buf_char(b, '"');
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}
