/* SPDX-License-Identifier: MIT */
/*
 * npy: numbers in NumPy's array format, version 1.0; those that are written are whole.
 *
 *	struct npy npy;
 *	if (npy_parse(&npy, "ids.npy", data, len, err) < 0) ...
 *	if (npy.width && npy_has_shape(&npy, "(3,)")) ... npy_number(&npy, 2)
 *
 *	npy_put_header(&out, "<i4", "(3,)");		(the numbers follow)
 *
 * The file:
 *
 *	8 bytes     \x93NUMPY, 1, 0
 *	2 bytes     n, little-endian
 *	n bytes     {'descr': '<i4', 'fortran_order': False, 'shape': (3,), }, spaces, a line feed
 *	the rest    the numbers
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
#ifndef FORMATS_NPY_H
#define FORMATS_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define NPY_HEADER_MAX 1024

struct npy {
	char header[NPY_HEADER_MAX];
	const char *numbers; /* in the data that was parsed */
	size_t bytes;        /* of them */
	int width;           /* bytes a number; 0: not whole numbers of 2, 4 or 8, little-endian */
	bool is_signed;
	int real_width; /* 4 or 8: bytes of a binary fraction, little-endian; 0: they are none */
};

/* ERR_FORMAT for what is no array of that version. data is borrowed. */
int npy_parse(struct npy *npy, const char *name, const char *data, size_t len, struct err *err);

/* Whether the array has that shape, written as Python writes a tuple; and its rows are in order. */
bool npy_has_shape(const struct npy *npy, const char *shape);

/* Number i of an array with a width; a negative one as it is in two's complement. */
uint64_t npy_number(const struct npy *npy, size_t i);

/* Number i of an array with a real_width; may be infinite or none. */
double npy_real(const struct npy *npy, size_t i);

/* Appends a header; all of it is a multiple of 64 bytes, if *out was empty. */
void npy_put_header(struct buf *out, const char *descr, const char *shape);

/* Appends a number of so many bytes. */
void npy_put_number(struct buf *out, uint64_t v, int width);

#endif
