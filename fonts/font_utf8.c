/* SPDX-License-Identifier: MIT */
/*
 * The lead byte gives the length and the least value that needs it; continuation bytes are checked
 * one by one, so that a sequence cut short by the NUL is never read past.
 *
 * Source: The Unicode Standard 15.0, section 3.9, table 3-7.
 */
#include <config.h>

#include "fonts/font_utf8.h"

#define REPLACEMENT 0xfffdu

uint32_t font_utf8_next(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	uint32_t c = *p++;
	uint32_t least = 0;
	int more = 0;

	*s += 1;
	if (c < 0x80)
		return c;
	if (c >= 0xc2 && c <= 0xdf) {
		c &= 0x1f;
		more = 1;
		least = 0x80;
	} else if ((c & 0xf0) == 0xe0) {
		c &= 0x0f;
		more = 2;
		least = 0x800;
	} else if (c >= 0xf0 && c <= 0xf4) {
		c &= 0x07;
		more = 3;
		least = 0x10000;
	} else {
		return REPLACEMENT;
	}
	for (int i = 0; i < more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return REPLACEMENT;
	*s += more;
	return c;
}
