/* SPDX-License-Identifier: MIT */
/* The two files of vectors, and what their rows may hold. */
#include <config.h>

#include "formats/cad/cad_vec.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include "formats/encoding/npy.h"

#define NUMBER_BYTES 8
#define WORD_BYTES_MAX 15

static const struct {
	const char *name;
	int lo, hi;
} columns[] = {
#define X(name, lo, hi) {#name, lo, hi},
	CAD_VEC_COLUMNS(X)
#undef X
};

static const struct {
	const char *name;
	int first, last; /* of the columns in use */
} commands[] = {
#define X(name, first, last) {#name, first, last},
	CAD_VEC_COMMANDS(X)
#undef X
};

/* --- writing -------------------------------------------------------------------------------- */

void cad_vec_write_text(const struct cad_vec *vec, struct buf *out)
{
	for (size_t i = 0; i < vec->count; i++)
		for (int c = 0; c < CAD_VEC_COLUMN_COUNT_; c++) {
			buf_int(out, vec->rows[i].at[c]);
			buf_char(out, c + 1 < CAD_VEC_COLUMN_COUNT_ ? ' ' : '\n');
		}
}

void cad_vec_write_npy(const struct cad_vec *vec, struct buf *out)
{
	char shape[64];

	snprintf(shape, sizeof(shape), "(%zu, %d)", vec->count, CAD_VEC_COLUMN_COUNT_);
	npy_put_header(out, "<i8", shape);
	for (size_t i = 0; i < vec->count; i++)
		for (int c = 0; c < CAD_VEC_COLUMN_COUNT_; c++)
			npy_put_number(out, (uint64_t)(int64_t)vec->rows[i].at[c], NUMBER_BYTES);
}

/* --- reading -------------------------------------------------------------------------------- */

struct reader {
	const char *name;
	struct cad_vec *vec;
	struct err *err;
};

static bool uses(int command, int column)
{
	if (command == CAD_VEC_COMMAND_CIRCLE && (column == CAD_VEC_SWEEP || column == CAD_VEC_CCW))
		return false;
	return column >= commands[command].first && column <= commands[command].last;
}

/* The row is complete: checks it. */
static int end_row(struct reader *r)
{
	size_t number = r->vec->count + 1;
	const int *at = r->vec->rows[r->vec->count].at;

	if (at[0] < columns[0].lo || at[0] > columns[0].hi)
		return err_set(r->err, ERR_FORMAT, "%s:%zu: %d is no command", r->name, number,
			       at[0]);
	for (int c = 1; c < CAD_VEC_COLUMN_COUNT_; c++) {
		bool in_use = uses(at[0], c);
		int lo = in_use ? columns[c].lo : -1, hi = in_use ? columns[c].hi : -1;

		if (at[c] < lo || at[c] > hi)
			return err_set(r->err, ERR_FORMAT,
				       "%s:%zu: %s of %s is %d; allowed %d to %d", r->name, number,
				       columns[c].name, commands[at[0]].name, at[c], lo, hi);
	}
	r->vec->count++;
	return 0;
}

static int too_many(const struct reader *r)
{
	return err_set(r->err, ERR_LIMIT, "%s: more than %d rows", r->name, CAD_VEC_FILE_ROWS_MAX);
}

/* The whole number up to the next blank or `end`; *p is moved there. */
static int read_word(const char **p, const char *end, int64_t *out)
{
	char word[WORD_BYTES_MAX + 1];
	size_t n = 0;

	while (*p + n < end && (*p)[n] != ' ' && (*p)[n] != '\t' && (*p)[n] != '\r')
		n++;
	if (n > WORD_BYTES_MAX)
		return -1;
	memcpy(word, *p, n);
	word[n] = '\0';
	*p += n;
	return strlen(word) == n ? num_int(word, INT32_MIN, INT32_MAX, out) : -1;
}

static int read_line(struct reader *r, const char *p, const char *end)
{
	struct cad_vec_row *row = &r->vec->rows[r->vec->count];
	int count = 0;

	for (;;) {
		int64_t v;

		while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
			p++;
		if (p == end)
			break;
		if (count == CAD_VEC_COLUMN_COUNT_ || read_word(&p, end, &v) < 0)
			return err_set(r->err, ERR_FORMAT, "%s:%zu: not %d whole numbers", r->name,
				       r->vec->count + 1, CAD_VEC_COLUMN_COUNT_);
		row->at[count++] = (int)v;
	}
	if (count < CAD_VEC_COLUMN_COUNT_)
		return err_set(r->err, ERR_FORMAT, "%s:%zu: not %d whole numbers", r->name,
			       r->vec->count + 1, CAD_VEC_COLUMN_COUNT_);
	return end_row(r);
}

static int read_text(struct reader *r, const char *data, size_t len)
{
	for (size_t at = 0; at < len;) {
		const char *end = memchr(data + at, '\n', len - at);

		end = end ? end : data + len;
		if (r->vec->count == CAD_VEC_FILE_ROWS_MAX)
			return too_many(r);
		if (read_line(r, data + at, end) < 0)
			return -1;
		at = (size_t)(end - data) + 1;
	}
	return 0;
}

static int read_rows(struct reader *r, const double *numbers, size_t rows)
{
	if (rows > CAD_VEC_FILE_ROWS_MAX)
		return too_many(r);
	for (size_t i = 0; i < rows; i++) {
		for (size_t c = 0; c < CAD_VEC_COLUMN_COUNT_; c++) {
			double v = numbers[i * CAD_VEC_COLUMN_COUNT_ + c];

			if (!(v >= INT32_MIN && v <= INT32_MAX) || v != floor(v))
				return err_set(r->err, ERR_FORMAT,
					       "%s:%zu: %.17g is nothing a row can have", r->name,
					       i + 1, v);
			r->vec->rows[i].at[c] = (int)v;
		}
		if (end_row(r) < 0)
			return -1;
	}
	return 0;
}

static double number_of(const struct npy *npy, size_t i)
{
	if (npy->real_width)
		return npy_real(npy, i);
	return npy->is_signed ? (double)(int64_t)npy_number(npy, i) : (double)npy_number(npy, i);
}

static int read_npy(struct reader *r, const char *data, size_t len)
{
	struct npy npy;
	char shape[64];
	size_t row_bytes, rows;
	double *numbers;
	int rc;

	if (npy_parse(&npy, r->name, data, len, r->err) < 0)
		return -1;
	if (!npy.width && !npy.real_width)
		return err_set(r->err, ERR_UNSUPPORTED,
			       "%s: a NumPy array of other numbers than whole ones of 2, 4 or 8 "
			       "bytes and binary fractions of 4 or 8",
			       r->name);
	row_bytes = (size_t)(npy.width + npy.real_width) * CAD_VEC_COLUMN_COUNT_;
	rows = npy.bytes / row_bytes;
	if (rows > CAD_VEC_FILE_ROWS_MAX)
		return too_many(r);
	snprintf(shape, sizeof(shape), "(%zu, %d)", rows, CAD_VEC_COLUMN_COUNT_);
	if (!npy_has_shape(&npy, shape) || rows * row_bytes != npy.bytes)
		return err_set(r->err, ERR_FORMAT, "%s: no NumPy array of %zu rows of %d numbers",
			       r->name, rows, CAD_VEC_COLUMN_COUNT_);
	numbers = mem_alloc(rows * CAD_VEC_COLUMN_COUNT_, sizeof(*numbers));
	for (size_t i = 0; i < rows * CAD_VEC_COLUMN_COUNT_; i++)
		numbers[i] = number_of(&npy, i);
	rc = read_rows(r, numbers, rows);
	free(numbers);
	return rc;
}

static void begin(struct cad_vec *vec, struct arena *arena)
{
	*vec = (struct cad_vec){
		.rows = ARENA_NEW(arena, struct cad_vec_row, CAD_VEC_FILE_ROWS_MAX),
	};
}

int cad_vec_parse(struct cad_vec *vec, const char *name, const char *data, size_t len,
		  struct arena *arena, struct err *err)
{
	struct reader r = {name, vec, err};

	begin(vec, arena);
	if (len > CAD_VEC_FILE_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "%s: more than %zu bytes", name,
			       CAD_VEC_FILE_BYTES_MAX);
	if ((len && *data == '\x93' ? read_npy(&r, data, len) : read_text(&r, data, len)) < 0)
		return -1;
	arena_trim(arena, vec->rows, vec->count, sizeof(*vec->rows));
	return 0;
}

int cad_vec_from_reals(struct cad_vec *vec, const char *name, const double *numbers, size_t rows,
		       struct arena *arena, struct err *err)
{
	struct reader r = {name, vec, err};

	begin(vec, arena);
	if (read_rows(&r, numbers, rows) < 0)
		return -1;
	arena_trim(arena, vec->rows, vec->count, sizeof(*vec->rows));
	return 0;
}

int cad_vec_read(struct cad_vec *vec, const char *path, struct arena *arena, struct err *err)
{
	struct buf data = {0};
	int rc;

	*vec = (struct cad_vec){0};
	rc = fs_read(path, CAD_VEC_FILE_BYTES_MAX, &data, err);
	if (rc == 0)
		rc = cad_vec_parse(vec, path, data.data, data.len, arena, err);
	buf_free(&data);
	return rc;
}
