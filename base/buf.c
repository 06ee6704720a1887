/* SPDX-License-Identifier: MIT */
/*
 * Invariant: once data is not NULL, len < cap and data[len] is NUL (buf_reserve's caller, who
 * writes there and moves len, puts the NUL back or adds something after). Capacity doubles.
 * Numbers are written from integers; buf_fixed takes the double apart and rounds its exact value.
 */
#include <config.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define FIRST_CAP 64

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

void buf_json_str(struct buf *b, const char *s)
{
	buf_char(b, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
			put_escaped(b, c);
		else
			buf_char(b, *s);
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
