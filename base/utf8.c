/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "base/utf8.h"

size_t utf8_char(const char *s, size_t n, uint32_t *c)
{
	static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)s[0];
	size_t len;

	if (first < 0x80)
		len = 1;
	else if (first >= 0xc2 && first < 0xe0)
		len = 2;
	else if (first >= 0xe0 && first < 0xf0)
		len = 3;
	else if (first >= 0xf0 && first < 0xf5)
		len = 4;
	else
		return 0;
	if (len > n)
		return 0;
	*c = len == 1 ? first : first & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if (*c < lowest[len] || (*c >= 0xd800 && *c < 0xe000) || *c > 0x10ffff)
		return 0;
	return len;
}

bool utf8_is_valid(const char *s)
{
	size_t len = strlen(s);
	uint32_t c;

	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_char(s + i, len - i, &c);
		if (n == 0)
			return false;
	}
	return true;
}
