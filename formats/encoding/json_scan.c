/* SPDX-License-Identifier: MIT */
/*
 * A recursive descent over RFC 8259. cJSON 1.7.15 alone would take 01, 1. and -.5, cut numbers at
 * 63 characters, end strings at \u0000 and pass on broken UTF-8; all of that is refused here,
 * before cJSON sees the text.
 */
#include <config.h>

#include "formats/encoding/json_scan.h"

#include <stdbool.h>
#include <string.h>

#define NESTING_MAX 64
#define NUMBER_BYTES_MAX 63 /* cJSON copies a number into 64 bytes */

static int fail(struct json_scan *s, const char *why)
{
	s->why = why;
	return -1;
}

/* The byte here; -1 at the end. */
static int peek(const struct json_scan *s)
{
	return s->at < s->len ? (unsigned char)s->text[s->at] : -1;
}

void json_scan_space(struct json_scan *s)
{
	while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
		s->at++;
}

/* Four hexadecimal digits, or -1. */
static int scan_hex4(struct json_scan *s)
{
	int value = 0;

	for (int i = 0; i < 4; i++, s->at++) {
		int c = peek(s);

		if (c >= '0' && c <= '9')
			value = value * 16 + c - '0';
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			value = value * 16 + c - 'A' + 10;
		else
			return -1;
	}
	return value;
}

/* Behind the backslash and the u. */
static int scan_unicode_escape(struct json_scan *s)
{
	int code = scan_hex4(s);

	if (code < 0)
		return fail(s, "\\u needs four hexadecimal digits");
	if (code == 0)
		return fail(s, "\\u0000 in a string");
	if (code >= 0xdc00 && code <= 0xdfff)
		return fail(s, "second half of a surrogate pair without the first");
	if (code < 0xd800 || code > 0xdbff)
		return 0;
	if (peek(s) == '\\') {
		s->at++;
		if (peek(s) == 'u') {
			s->at++;
			code = scan_hex4(s);
			if (code >= 0xdc00 && code <= 0xdfff)
				return 0;
		}
	}
	return fail(s, "first half of a surrogate pair without the second");
}

static int scan_escape(struct json_scan *s)
{
	int c;

	s->at++;
	c = peek(s);
	if (c < 0 || !strchr("\"\\/bfnrtu", c) || c == '\0')
		return fail(s, "unknown escape in a string");
	s->at++;
	return c == 'u' ? scan_unicode_escape(s) : 0;
}

/* One character of two to four bytes; Unicode 15, table 3-7 (well-formed UTF-8). */
static int scan_utf8(struct json_scan *s)
{
	int c = peek(s), lo = 0x80, hi = 0xbf;
	int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;

	if (c < 0xc2 || c > 0xf4)
		return fail(s, "not UTF-8");
	if (c == 0xe0)
		lo = 0xa0;
	if (c == 0xed)
		hi = 0x9f;
	if (c == 0xf0)
		lo = 0x90;
	if (c == 0xf4)
		hi = 0x8f;
	for (s->at++; more > 0; more--, s->at++) {
		if (peek(s) < lo || peek(s) > hi)
			return fail(s, "not UTF-8");
		lo = 0x80;
		hi = 0xbf;
	}
	return 0;
}

static int scan_string(struct json_scan *s)
{
	for (s->at++; peek(s) != '"';) {
		int c = peek(s), rc = 0;

		if (c < 0)
			return fail(s, "string without end");
		if (c < 0x20)
			return fail(s, "control character in a string");
		if (c == '\\')
			rc = scan_escape(s);
		else if (c >= 0x80)
			rc = scan_utf8(s);
		else
			s->at++;
		if (rc < 0)
			return -1;
	}
	s->at++;
	return 0;
}

static size_t skip_digits(struct json_scan *s)
{
	size_t start = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at - start;
}

static int scan_number(struct json_scan *s)
{
	size_t start = s->at;
	bool zero;

	if (peek(s) == '-')
		s->at++;
	zero = peek(s) == '0';
	switch (skip_digits(s)) {
	case 0:
		return fail(s, "number without digits");
	case 1:
		break;
	default:
		if (zero)
			return fail(s, "number with a leading zero");
	}
	if (peek(s) == '.') {
		s->at++;
		if (skip_digits(s) == 0)
			return fail(s, "number without digits after its point");
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		if (skip_digits(s) == 0)
			return fail(s, "number without digits in its exponent");
	}
	if (s->at - start > NUMBER_BYTES_MAX)
		return fail(s, "number of more than 63 characters");
	return 0;
}

static int scan_word(struct json_scan *s, const char *word)
{
	size_t n = strlen(word);

	if (s->len - s->at < n || memcmp(s->text + s->at, word, n) != 0)
		return fail(s, "not a JSON value");
	s->at += n;
	return 0;
}

static int scan_key(struct json_scan *s)
{
	json_scan_space(s);
	if (peek(s) != '"')
		return fail(s, "expected a key in quotes");
	if (scan_string(s) < 0)
		return -1;
	json_scan_space(s);
	if (peek(s) != ':')
		return fail(s, "expected ':' after a key");
	s->at++;
	return 0;
}

/* An array, or with keys an object; s stands on the bracket. */
static int scan_members(struct json_scan *s, bool keys)
{
	int closing = keys ? '}' : ']';

	if (++s->depth > NESTING_MAX)
		return fail(s, "nested deeper than 64");
	s->at++;
	json_scan_space(s);
	if (peek(s) != closing) {
		for (;;) {
			if (keys && scan_key(s) < 0)
				return -1;
			if (json_scan_value(s) < 0)
				return -1;
			json_scan_space(s);
			if (peek(s) != ',')
				break;
			s->at++;
		}
		if (peek(s) != closing)
			return fail(s, keys ? "expected ',' or '}'" : "expected ',' or ']'");
	}
	s->at++;
	s->depth--;
	return 0;
}

int json_scan_value(struct json_scan *s)
{
	int c;

	json_scan_space(s);
	if (s->values++ == s->wanted)
		return -1;
	c = peek(s);
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(s);
	switch (c) {
	case -1:
		return fail(s, "a value is missing at the end");
	case '{':
		return scan_members(s, true);
	case '[':
		return scan_members(s, false);
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		return fail(s, "not a JSON value");
	}
}
