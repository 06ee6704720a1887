/* SPDX-License-Identifier: MIT */
/*
 * Integers saturate while they are read, so any number of digits is safe. num_real keeps the first
 * 19 significant digits as an integer and scales it by powers of ten: exactly, in one rounding,
 * where integer and power are doubles (Clinger 1990, "How to Read Floating Point Numbers
 * Accurately", the fast path); else in 64-bit extended arithmetic made of integers, the same on
 * every machine. There up to ten roundings of 2^-64 each and the dropped digits (10^-18) add up to
 * less than 0.02 ulp before the final rounding to 53 bits.
 */
#include <config.h>

#include <stdbool.h>
#include <string.h>

#include "base/num.h"

#define MILLI_LIMIT UINT64_C(1000000000000000) /* 1e12 in thousandths */

__extension__ typedef unsigned __int128 uint128;

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Appends a digit to *v, or sets *v to UINT64_MAX and *over where it does not fit. */
static void add_digit(uint64_t *v, char c, bool *over)
{
	uint64_t digit = (uint64_t)(c - '0');
	if (*over || *v > (UINT64_MAX - digit) / 10) {
		*over = true;
		*v = UINT64_MAX;
		return;
	}
	*v = *v * 10 + digit;
}

int num_milli(const char *s, size_t n, int64_t *out, const char **end)
{
	size_t i = 0;
	bool negative = n > 0 && s[0] == '-';
	if (negative)
		i++;
	if (i == n || !is_digit(s[i]))
		return -1;

	uint64_t milli = 0;
	bool over = false;
	for (; i < n && is_digit(s[i]); i++)
		add_digit(&milli, s[i], &over);

	int places = 0;
	if (n - i >= 2 && s[i] == '.' && is_digit(s[i + 1])) {
		for (i++; i < n && is_digit(s[i]); i++) {
			if (places < 3) {
				add_digit(&milli, s[i], &over);
				places++;
			} else if (s[i] != '0') {
				return -1;
			}
		}
	}
	for (; places < 3; places++)
		add_digit(&milli, '0', &over);
	if (milli >= MILLI_LIMIT)
		return -1;
	*out = negative ? -(int64_t)milli : (int64_t)milli;
	*end = s + i;
	return 0;
}

/* Reads -?D+ to the end of s; false if s is not of that form. */
static bool scan_integer(const char *s, bool *negative, uint64_t *v, bool *over)
{
	*negative = *s == '-';
	*v = 0;
	*over = false;
	if (*negative)
		s++;
	if (!is_digit(*s))
		return false;
	for (; is_digit(*s); s++)
		add_digit(v, *s, over);
	return *s == '\0';
}

int num_int(const char *s, int64_t lo, int64_t hi, int64_t *out)
{
	bool negative, over;
	uint64_t v;
	if (!scan_integer(s, &negative, &v, &over))
		return -1;
	if (over || v > (uint64_t)INT64_MAX + negative)
		return -2;
	int64_t value = (int64_t)v;
	if (negative)
		value = v > INT64_MAX ? INT64_MIN : -value;
	if (value < lo || value > hi)
		return -2;
	*out = value;
	return 0;
}

int num_uint64(const char *s, uint64_t *out)
{
	bool negative, over;
	uint64_t v;
	if (!scan_integer(s, &negative, &v, &over))
		return -1;
	if (over || (negative && v > 0))
		return -2;
	*out = v;
	return 0;
}

/* digits * 10^exp10 */
struct decimal {
	bool negative;
	uint64_t digits; /* at most 19 significant ones */
	int64_t exp10;
};

#define MOST_DIGITS UINT64_C(1000000000000000000) /* a 20th digit may not fit */
#define EXP10_BOUND INT64_C(1000000000000000) /* beyond any string's length: no overflow below */

static const char *scan_exponent(const char *s, int64_t *exp10)
{
	bool negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if (!is_digit(*s))
		return NULL;
	int64_t v = 0;
	for (; is_digit(*s); s++) {
		if (v < EXP10_BOUND)
			v = v * 10 + (*s - '0');
	}
	*exp10 += negative ? -v : v;
	return s;
}

/* Reads the digits at s; those of a fraction lower the exponent. NULL if there are none. */
static const char *scan_digits(const char *s, bool fraction, struct decimal *d)
{
	if (!is_digit(*s))
		return NULL;
	for (; is_digit(*s); s++) {
		bool kept = d->digits < MOST_DIGITS;
		if (kept)
			d->digits = d->digits * 10 + (uint64_t)(*s - '0');
		d->exp10 += (kept ? 0 : 1) - (fraction ? 1 : 0);
	}
	return s;
}

/* Reads s to its end; false if it is not -?D+(.D+)?([eE][+-]?D+)?. */
static bool scan_decimal(const char *s, struct decimal *d)
{
	*d = (struct decimal){.negative = *s == '-'};
	if (d->negative)
		s++;
	s = scan_digits(s, false, d);
	if (s && *s == '.')
		s = scan_digits(s + 1, true, d);
	if (s && (*s == 'e' || *s == 'E'))
		s = scan_exponent(s + 1, &d->exp10);
	return s && *s == '\0';
}

/* m * 2^e with the top bit of m set */
struct extended {
	uint64_t m;
	int e;
};

static struct extended extended_mul(struct extended a, struct extended b)
{
	uint128 product = (uint128)a.m * b.m;
	struct extended r = {0, a.e + b.e + 64};
	if (!(product >> 127)) {
		product <<= 1;
		r.e--;
	}
	r.m = (uint64_t)(product >> 64);
	if ((uint64_t)product >> 63 && ++r.m == 0) {
		r.m = UINT64_C(1) << 63;
		r.e++;
	}
	return r;
}

/* digits * 10^exp10 for digits > 0 and |exp10| < 512 */
static struct extended extended_from_decimal(uint64_t digits, int exp10)
{
	/* [0][i] = 10^2^i and [1][i] = 10^-2^i, rounded to nearest */
	static const struct extended powers[2][9] = {
		{
			{UINT64_C(0xa000000000000000), -60}, /* 1e1 */
			{UINT64_C(0xc800000000000000), -57}, /* 1e2 */
			{UINT64_C(0x9c40000000000000), -50}, /* 1e4 */
			{UINT64_C(0xbebc200000000000), -37}, /* 1e8 */
			{UINT64_C(0x8e1bc9bf04000000), -10}, /* 1e16 */
			{UINT64_C(0x9dc5ada82b70b59e), 43},  /* 1e32 */
			{UINT64_C(0xc2781f49ffcfa6d5), 149}, /* 1e64 */
			{UINT64_C(0x93ba47c980e98ce0), 362}, /* 1e128 */
			{UINT64_C(0xaa7eebfb9df9de8e), 787}, /* 1e256 */
		},
		{
			{UINT64_C(0xcccccccccccccccd), -67},  /* 1e-1 */
			{UINT64_C(0xa3d70a3d70a3d70a), -70},  /* 1e-2 */
			{UINT64_C(0xd1b71758e219652c), -77},  /* 1e-4 */
			{UINT64_C(0xabcc77118461cefd), -90},  /* 1e-8 */
			{UINT64_C(0xe69594bec44de15b), -117}, /* 1e-16 */
			{UINT64_C(0xcfb11ead453994ba), -170}, /* 1e-32 */
			{UINT64_C(0xa87fea27a539e9a5), -276}, /* 1e-64 */
			{UINT64_C(0xddd0467c64bce4a1), -489}, /* 1e-128 */
			{UINT64_C(0xc0314325637a193a), -914}, /* 1e-256 */
		},
	};
	struct extended r = {digits, 0};
	while (!(r.m >> 63)) {
		r.m <<= 1;
		r.e--;
	}
	int left = exp10 < 0 ? -exp10 : exp10;
	for (int i = 0; left > 0; i++, left >>= 1) {
		if (left & 1)
			r = extended_mul(r, powers[exp10 < 0][i]);
	}
	return r;
}

/* The nearest double, ties to even; false where it is too large for one. */
static bool double_from_extended(struct extended x, double *out)
{
	int top = x.e + 63; /* exponent of the top bit */
	int drop = 11;
	if (top < -1022)
		drop += -1022 - top; /* subnormal: fewer bits */
	if (top > 1023)
		return false;
	uint64_t bits = 0;
	if (drop <= 64) {
		uint64_t half = UINT64_C(1) << (drop - 1);
		uint64_t rest = x.m & (half | (half - 1));
		bits = (uint64_t)((uint128)x.m >> drop);
		if (rest > half || (rest == half && (bits & 1)))
			bits++;
	}
	if (top >= -1022)
		bits += (uint64_t)(top + 1022) << 52; /* bits holds the leading one: adds 1 */
	if (bits >> 52 == 0x7ff)
		return false;
	memcpy(out, &bits, sizeof(bits));
	return true;
}

/* |d|; false where it is too large for a double. */
static bool double_from_decimal(const struct decimal *d, double *out)
{
	static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
				       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
				       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	*out = 0.0;
	if (d->digits == 0 || d->exp10 < -345) /* below 1e19 * 1e-345: rounds to 0 */
		return true;
	if (d->exp10 > 308)
		return false;
	if (d->digits <= UINT64_C(1) << 53 && d->exp10 >= -22 && d->exp10 <= 22) {
		double v = (double)d->digits;
		*out = d->exp10 < 0 ? v / exact[-d->exp10] : v * exact[d->exp10];
		return true;
	}
	return double_from_extended(extended_from_decimal(d->digits, (int)d->exp10), out);
}

int num_real(const char *s, double lo, double hi, double *out)
{
	struct decimal d;
	double v;
	if (!scan_decimal(s, &d))
		return -1;
	if (!double_from_decimal(&d, &v))
		return -2;
	if (d.negative)
		v = -v;
	if (!(v >= lo && v <= hi))
		return -2;
	*out = v;
	return 0;
}
