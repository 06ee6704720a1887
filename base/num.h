/* SPDX-License-Identifier: MIT */
/*
 * num: numbers out of text, whatever the locale.
 *
 *	const char *end;
 *	int64_t um;
 *	if (num_milli(s, strlen(s), &um, &end) < 0) ...	("12.5" -> 12500)
 *
 * Decimal point only; no white space, no leading '+', no hexadecimal.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stddef.h>
#include <stdint.h>

/* Reads the longest prefix of s[0..n) of the form -?D+(.D+)? as thousandths, exactly. *end is set
 * behind it. Returns 0, or -1 where there is no number, it needs more than three decimals (trailing
 * zeros do not count), or it is 1e12 or more. */
int num_milli(const char *s, size_t n, int64_t *out, const char **end);

/* The whole string s as an integer within lo..hi. Returns 0; -1 not an integer; -2 out of range
 * (also when it does not fit 64 bits). */
int num_int(const char *s, int64_t lo, int64_t hi, int64_t *out);

/* The whole string s as an unsigned 64-bit integer. Returns 0, -1 or -2 as num_int. */
int num_uint64(const char *s, uint64_t *out);

/* The whole string s as a decimal -?D+(.D+)?([eE][+-]?D+)? within lo..hi. Returns 0, -1 or -2 as
 * num_int. The result is within 1 ulp of the nearest double. */
int num_real(const char *s, double lo, double hi, double *out);

#endif
