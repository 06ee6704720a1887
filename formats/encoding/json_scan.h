/* SPDX-License-Identifier: MIT */
/*
 * json_scan: a strict walk over JSON text that counts values and stops where it must; for json.c.
 *
 *	struct json_scan s = {.text = text, .len = len, .wanted = SIZE_MAX};
 *	if (json_scan_value(&s) < 0)
 *		printf("at byte %zu: %s\n", s.at, s.why);
 */
#ifndef FORMATS_JSON_SCAN_H
#define FORMATS_JSON_SCAN_H

#include <stddef.h>

struct json_scan {
	const char *text;
	size_t len, at;
	int depth;
	size_t values;   /* seen so far */
	size_t wanted;   /* stop before this value, counted from 0 in document order */
	const char *why; /* NULL, or what is wrong at `at` */
};

/* Walks over one value and the white space before it. Returns 0 with `at` behind it; -1 with `why`
 * set and `at` where the text is wrong; or -1 without `why` and `at` on the wanted value. */
int json_scan_value(struct json_scan *s);

/* Walks over white space. */
void json_scan_space(struct json_scan *s);

#endif
