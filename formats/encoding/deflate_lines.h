/* SPDX-License-Identifier: MIT */
/*
 * deflate_lines: a DEFLATE compressor for the pictures cadgen draws: thin dark lines on white.
 *
 *	struct deflate_lines *d = deflate_lines_new();
 *	size_t n = deflate_lines_run(d, rows, 0, size, 1, row_bytes, true, out);
 *	...						(raw DEFLATE, RFC 1951)
 *	deflate_lines_free(d);
 *
 * Any bytes compress correctly; only those of line drawings compress well. The output depends on
 * the input alone, not on processor, library version or what was compressed before.
 */
#ifndef FORMATS_DEFLATE_LINES_H
#define FORMATS_DEFLATE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One per thread, about 200 kB; never NULL. */
struct deflate_lines *deflate_lines_new(void);
void deflate_lines_free(struct deflate_lines *d);

/* Most bytes deflate_lines_run can write for size bytes of input. */
size_t deflate_lines_bound(size_t size);

/* Compresses data[from..size), rows of row_bytes with pixel_bytes a pixel; what was compressed just before
 * it is data[0..from), best a row of it or nothing. The data may come in pieces, the next one's output
 * right behind what the last one returned; the last is told. out has room for deflate_lines_bound of all
 * of them. Returns how many bytes were written. */
size_t deflate_lines_run(struct deflate_lines *d, const uint8_t *data, size_t from, size_t size,
			 size_t pixel_bytes, size_t row_bytes, bool last, uint8_t *out);

/* Bytes of a block of deflate_literals_run. */
#define DEFLATE_LITERALS ((size_t)1 << 17)

/* The same without looking for anything that comes again: fast, and as good for noise. All pieces but
 * the last are of at least a quarter of a block, or what they write may be more than
 * deflate_lines_bound of all of them. size > 0. */
size_t deflate_literals_run(struct deflate_lines *d, const uint8_t *data, size_t size, bool last,
			    uint8_t *out);

#endif
