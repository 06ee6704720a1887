/* SPDX-License-Identifier: MIT */
/* The header is Python's text of a dict, and NumPy writes it in one way alone: it is searched for the
 * words. */
#include <config.h>

#include "formats/encoding/npy.h"

#include <stdio.h>
#include <string.h>

#define ALIGN 64
#define START 10

static uint64_t number_at(const char *p, int width)
{
	uint64_t v = 0;

	for (int i = width; i-- > 0;)
		v = v << 8 | (uint8_t)p[i];
	return v;
}

static void set_kind(struct npy *npy)
{
	static const struct {
		const char *descr;
		int width;
		bool is_signed;
	} kinds[] = {
		{"'<u2'", 2, false}, {"'<i2'", 2, true},  {"'<u4'", 4, false},
		{"'<i4'", 4, true},  {"'<u8'", 8, false}, {"'<i8'", 8, true},
	};

	npy->width = 0;
	npy->real_width = strstr(npy->header, "'<f4'") ? 4 : strstr(npy->header, "'<f8'") ? 8 : 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strstr(npy->header, kinds[i].descr)) {
			npy->width = kinds[i].width;
			npy->is_signed = kinds[i].is_signed;
		}
}

int npy_parse(struct npy *npy, const char *name, const char *data, size_t len, struct err *err)
{
	size_t n;

	if (len < START || memcmp(data, "\x93NUMPY\x01\0", 8) != 0)
		return err_set(err, ERR_FORMAT, "%s: no NumPy array of version 1.0", name);
	n = (size_t)number_at(data + 8, 2);
	if (n >= NPY_HEADER_MAX || n > len - START)
		return err_set(err, ERR_FORMAT, "%s: a NumPy header of %zu bytes", name, n);
	memcpy(npy->header, data + START, n);
	npy->header[n] = '\0';
	npy->numbers = data + START + n;
	npy->bytes = len - START - n;
	set_kind(npy);
	return 0;
}

bool npy_has_shape(const struct npy *npy, const char *shape)
{
	char text[80];

	snprintf(text, sizeof(text), "'fortran_order': False, 'shape': %s", shape);
	return strstr(npy->header, text) != NULL;
}

uint64_t npy_number(const struct npy *npy, size_t i)
{
	uint64_t v = number_at(npy->numbers + i * (size_t)npy->width, npy->width);
	int unused = 64 - 8 * npy->width;

	if (npy->is_signed && unused && v >> (63 - unused))
		v |= ~UINT64_C(0) << (64 - unused);
	return v;
}

double npy_real(const struct npy *npy, size_t i)
{
	uint64_t bits = number_at(npy->numbers + i * (size_t)npy->real_width, npy->real_width);
	uint32_t half = (uint32_t)bits;
	float single;
	double real;

	memcpy(&single, &half, sizeof(single));
	memcpy(&real, &bits, sizeof(real));
	return npy->real_width == 4 ? (double)single : real;
}

void npy_put_header(struct buf *out, const char *descr, const char *shape)
{
	size_t start = out->len, header;

	buf_bytes(out, "\x93NUMPY\x01\0\0\0", START);
	buf_str(out, "{'descr': '");
	buf_str(out, descr);
	buf_str(out, "', 'fortran_order': False, 'shape': ");
	buf_str(out, shape);
	buf_str(out, ", }");
	while ((out->len - start + 1) % ALIGN)
		buf_char(out, ' ');
	buf_char(out, '\n');
	header = out->len - start - START;
	out->data[start + 8] = (char)header;
	out->data[start + 9] = (char)(header >> 8);
}

void npy_put_number(struct buf *out, uint64_t v, int width)
{
	char bytes[8];

	for (int i = 0; i < width; i++)
		bytes[i] = (char)(v >> (8 * i));
	buf_bytes(out, bytes, (size_t)width);
}
