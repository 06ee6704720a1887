/* SPDX-License-Identifier: MIT */
/* Three bytes are four characters of six bits; behind what ends within three, '=' stands for each
 * byte that lacks, and bits that belong to none are zero. */
#include <config.h>

#include "formats/encoding/base64.h"

#include <stdint.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* n of 1 to 3 bytes; absent ones count as zero. */
static void put_group(char to[4], const uint8_t *bytes, size_t n)
{
	uint32_t bits = (uint32_t)bytes[0] << 16;

	if (n > 1)
		bits |= (uint32_t)bytes[1] << 8;
	if (n > 2)
		bits |= bytes[2];
	for (size_t i = 0; i < 4; i++)
		to[i] = i <= n ? letters[bits >> (18 - 6 * i) & 63] : '=';
}

void base64_put(struct buf *out, const void *data, size_t n)
{
	const uint8_t *bytes = data;
	size_t len = n / 3 * 4 + (n % 3 ? 4 : 0);
	char *to = buf_reserve(out, len);

	for (size_t i = 0; i < n; i += 3, to += 4)
		put_group(to, bytes + i, n - i < 3 ? n - i : 3);
	out->len += len;
	out->data[out->len] = '\0';
}

/* 0 to 63, or -1. */
static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* How many characters of the last four are no padding. */
static size_t letters_of_last(const char *group)
{
	return group[3] != '=' ? 4 : group[2] != '=' ? 3 : 2;
}

/* The bytes of `count` characters of four, 2 to 4; or -1 with *wrong, the first that may not be there. */
static int take_group(const char *group, size_t count, uint8_t bytes[3], size_t *wrong)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < count; i++) {
		int v = value_of(group[i]);

		*wrong = i;
		if (v < 0)
			return -1;
		bits |= (uint32_t)v << (18 - 6 * i);
	}
	for (int i = 0; i < 3; i++)
		bytes[i] = (uint8_t)(bits >> (16 - 8 * i));
	return count < 4 && bytes[count - 1] ? -1 : 0;
}

int base64_parse(struct buf *out, const char *text, size_t n, struct err *err)
{
	size_t start = out->len;

	if (n % 4)
		return err_set(err, ERR_FORMAT,
			       "base64 of %zu characters, which is no multiple of 4", n);
	buf_reserve(out, n / 4 * 3);
	for (size_t i = 0; i < n; i += 4) {
		size_t count = i + 4 == n ? letters_of_last(text + i) : 4, wrong;
		uint8_t bytes[3];

		if (take_group(text + i, count, bytes, &wrong) < 0) {
			out->len = start;
			out->data[start] = '\0';
			return err_set(err, ERR_FORMAT, "character %zu is not base64's",
				       i + wrong + 1);
		}
		buf_bytes(out, bytes, count - 1);
	}
	return 0;
}
