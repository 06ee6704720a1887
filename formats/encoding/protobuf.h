/* SPDX-License-Identifier: MIT */
/*
 * protobuf: fields of protocol buffers, written and taken apart.
 *
 *	protobuf_put_number(&message, 1, 640);
 *	protobuf_put_bytes(&message, 2, png.data, png.len);
 *
 *	struct protobuf_span rest = {data, len};
 *	struct protobuf_field f;
 *	while ((got = protobuf_next(&rest, &f, &why)) > 0) ...
 *
 * A message is a row of fields, each a key (its number and how it is written) and a value; a message
 * within a message is a field of bytes.
 *
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
#ifndef FORMATS_PROTOBUF_H
#define FORMATS_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum protobuf_wire {
	PROTOBUF_VARINT = 0,
	PROTOBUF_FIXED64 = 1,
	PROTOBUF_BYTES = 2,
	PROTOBUF_FIXED32 = 5
};

/* --- writing ---------------------------------------------------------------------------------- */

/* The lowest `bytes` bytes of v, the lowest first. */
void protobuf_put_fixed(struct buf *out, uint64_t v, int bytes);

/* Seven bits a byte, the lowest first; the eighth says that more follow. */
void protobuf_put_varint(struct buf *out, uint64_t v);

/* How many bytes protobuf_put_varint writes, 1 to 10. */
size_t protobuf_varint_bytes(uint64_t v);

/* The key of a field, whose value follows. Fields count from 1. */
void protobuf_put_key(struct buf *out, int field, enum protobuf_wire wire);

/* Whole fields: int32, int64, bool and enum; double; float; string, bytes and messages. */
void protobuf_put_number(struct buf *out, int field, int64_t v);
void protobuf_put_double(struct buf *out, int field, double v);
void protobuf_put_float(struct buf *out, int field, float v);
void protobuf_put_bytes(struct buf *out, int field, const void *data, size_t n);
void protobuf_put_string(struct buf *out, int field, const char *s);

/* How many bytes such a field of n bytes has, its number being below 16. */
size_t protobuf_bytes_field_bytes(size_t n);

/* --- reading ---------------------------------------------------------------------------------- */

struct protobuf_span {
	const char *data;
	size_t len;
};

struct protobuf_field {
	uint32_t number;
	enum protobuf_wire wire;
	uint64_t value;             /* of all but PROTOBUF_BYTES */
	struct protobuf_span bytes; /* of PROTOBUF_BYTES, in the message */
};

/* Takes the next field off the front of a message: 1, or 0 at its end. -1 for what is no field, with
 * what is wrong in *why, the message then beginning where it is wrong. Groups are no fields. */
int protobuf_next(struct protobuf_span *message, struct protobuf_field *field, const char **why);

/* The same for a bare number, of which packed lists are rows. */
int protobuf_next_varint(struct protobuf_span *numbers, uint64_t *v, const char **why);

#endif
