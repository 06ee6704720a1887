/* SPDX-License-Identifier: MIT */
/*
 * A text stands as it is where it begins like a word or a path (letter, "/", "./", "../"), has nothing
 * but letters, digits and "_./-", and is no word that YAML 1.1 or 1.2 takes for a truth value or for
 * nothing. Numbers, dates and times begin otherwise, so they need not be told apart.
 *
 * Sources: YAML 1.2.2, 5.1 (printable characters), 5.7 (escapes), 10.2 (core schema); the types bool, null,
 * float, int and timestamp of YAML 1.1 (yaml.org/type). PyYAML takes a number for real only when it has a
 * point and, where it has an exponent, the exponent has a sign.
 */
#include <config.h>

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "formats/encoding/yaml.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_reserved(const char *text)
{
	static const char *const words[] = {"y",  "yes", "n",    "no",    "true",
					    "on", "off", "null", "false", NULL};

	for (int i = 0; words[i]; i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

static bool is_plain(const char *text)
{
	const char *c = text;

	while (*c == '.')
		c++;
	if (c - text > 2 || (c > text && *c != '/'))
		return false;
	if (*c != '/' && !is_letter(*c))
		return false;
	for (; *c; c++)
		if (!is_letter(*c) && !(*c >= '0' && *c <= '9') && !strchr("_./-", *c))
			return false;
	return !is_reserved(text);
}

/* Not in "c-printable", line ends, or what some reader passes over. */
static bool is_escaped(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
	       c == 0xfffe || c == 0xffff;
}

static void put_escaped(struct buf *b, uint32_t c)
{
	char text[8];

	if (c == '\n')
		buf_str(b, "\\n");
	else if (c == '\t')
		buf_str(b, "\\t");
	else {
		snprintf(text, sizeof(text), c < 0x100 ? "\\x%02X" : "\\u%04X", (unsigned)c);
		buf_str(b, text);
	}
}

void yaml_write_text(struct buf *b, const char *text)
{
	size_t len = strlen(text);

	if (is_plain(text)) {
		buf_str(b, text);
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c = 0;

		n = utf8_char(text + i, len - i, &c);
		assert(n > 0);
		if (is_escaped(c)) {
			put_escaped(b, c);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_char(b, '\\');
		buf_bytes(b, text + i, n);
	}
	buf_char(b, '"');
}

void yaml_write_real(struct buf *b, double v)
{
	struct buf digits = {0};
	size_t mantissa;

	buf_real(&digits, v);
	mantissa = strcspn(digits.data, "e");
	buf_bytes(b, digits.data, mantissa);
	if (!memchr(digits.data, '.', mantissa))
		buf_str(b, ".0");
	buf_str(b, digits.data + mantissa);
	buf_free(&digits);
}
