/* SPDX-License-Identifier: MIT */
/*
 * buf: a growing byte buffer, with the number and JSON writers that every text format shares.
 *
 *	struct buf b = {0};
 *	buf_str(&b, "{\"x\":");
 *	buf_milli(&b, 12500);		(12.5)
 *	buf_char(&b, '}');
 *	buf_free(&b);
 *
 * A zeroed struct is an empty buffer. Nothing here looks at the locale.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data; /* NUL-terminated once anything was added; NULL before */
	size_t len;
	size_t cap;
};

void buf_bytes(struct buf *b, const void *data, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);

/* Decimal integer. */
void buf_int(struct buf *b, int64_t v);
void buf_uint(struct buf *b, uint64_t v);

/* A finite v in the fewest digits that are v again, to num_real and to whoever rounds correctly:
 * 0.0001, 150, 1.5e-07, 1e+30. Also a JSON number. */
void buf_real(struct buf *b, double v);

/* v / 1000 in its shortest exact decimal form: 12500 -> 12.5, 12000 -> 12, -5 -> -0.005. */
void buf_milli(struct buf *b, int64_t v);

/* The exact value of v rounded to `decimals` (0..6) places, halves away from zero, trailing zeros
 * dropped, never "-0"; v must be finite and below 1e12. */
void buf_fixed(struct buf *b, double v, int decimals);

/* s as a JSON string with quotes; control characters escaped, UTF-8 passed through, a byte that is none of it as
 * U+FFFD. */
void buf_json_str(struct buf *b, const char *s);

/* Empties the buffer and keeps its memory. */
void buf_clear(struct buf *b);

/* Room for n more bytes after len (not counted in len); returns where they start. Who writes there
 * adds to len and puts the NUL back at data[len]: there is room for it. */
char *buf_reserve(struct buf *b, size_t n);

void buf_free(struct buf *b);

#endif
