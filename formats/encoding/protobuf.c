/* SPDX-License-Identifier: MIT */
/* Readers look at a length before they go by it; nothing is copied. */
#include <config.h>

#include "formats/encoding/protobuf.h"

#include <string.h>

#define FIELD_MAX ((1u << 29) - 1)

/* --- writing ---------------------------------------------------------------------------------- */

void protobuf_put_fixed(struct buf *out, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(out, (char)(v >> 8 * i & 0xff));
}

void protobuf_put_varint(struct buf *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_char(out, (char)((v & 0x7f) | 0x80));
	buf_char(out, (char)v);
}

size_t protobuf_varint_bytes(uint64_t v)
{
	size_t n = 1;

	for (; v >= 0x80; v >>= 7)
		n++;
	return n;
}

void protobuf_put_key(struct buf *out, int field, enum protobuf_wire wire)
{
	protobuf_put_varint(out, (uint64_t)field << 3 | (uint64_t)wire);
}

void protobuf_put_number(struct buf *out, int field, int64_t v)
{
	protobuf_put_key(out, field, PROTOBUF_VARINT);
	protobuf_put_varint(out, (uint64_t)v);
}

void protobuf_put_double(struct buf *out, int field, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	protobuf_put_key(out, field, PROTOBUF_FIXED64);
	protobuf_put_fixed(out, bits, 8);
}

void protobuf_put_float(struct buf *out, int field, float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	protobuf_put_key(out, field, PROTOBUF_FIXED32);
	protobuf_put_fixed(out, bits, 4);
}

void protobuf_put_bytes(struct buf *out, int field, const void *data, size_t n)
{
	protobuf_put_key(out, field, PROTOBUF_BYTES);
	protobuf_put_varint(out, n);
	buf_bytes(out, data, n);
}

void protobuf_put_string(struct buf *out, int field, const char *s)
{
	protobuf_put_bytes(out, field, s, strlen(s));
}

size_t protobuf_bytes_field_bytes(size_t n)
{
	return 1 + protobuf_varint_bytes(n) + n;
}

/* --- reading ---------------------------------------------------------------------------------- */

static void skip(struct protobuf_span *span, size_t n)
{
	span->data += n;
	span->len -= n;
}

int protobuf_next_varint(struct protobuf_span *numbers, uint64_t *v, const char **why)
{
	*v = 0;
	if (numbers->len == 0)
		return 0;
	for (size_t i = 0; i < numbers->len; i++) {
		uint64_t byte = (uint8_t)numbers->data[i];

		if (i == 9 && byte > 1) {
			*why = "a number of more than 64 bits";
			return -1;
		}
		*v |= (byte & 0x7f) << 7 * i;
		if (byte < 0x80) {
			skip(numbers, i + 1);
			return 1;
		}
	}
	*why = "ends within a number";
	return -1;
}

static int take_fixed(struct protobuf_span *message, size_t bytes, uint64_t *v, const char **why)
{
	*v = 0;
	if (message->len < bytes) {
		*why = "ends within a number";
		return -1;
	}
	for (size_t i = 0; i < bytes; i++)
		*v |= (uint64_t)(uint8_t)message->data[i] << 8 * i;
	skip(message, bytes);
	return 0;
}

static int take_varint(struct protobuf_span *message, uint64_t *v, const char **why)
{
	int got = protobuf_next_varint(message, v, why);

	if (got == 0)
		*why = "ends within a field";
	return got > 0 ? 0 : -1;
}

static int take_bytes(struct protobuf_span *message, struct protobuf_span *bytes, const char **why)
{
	uint64_t n;

	if (take_varint(message, &n, why) < 0)
		return -1;
	if (n > message->len) {
		*why = "ends within a field";
		return -1;
	}
	*bytes = (struct protobuf_span){message->data, (size_t)n};
	skip(message, (size_t)n);
	return 0;
}

static int take_value(struct protobuf_span *message, struct protobuf_field *field, const char **why)
{
	switch (field->wire) {
	case PROTOBUF_VARINT:
		return take_varint(message, &field->value, why);
	case PROTOBUF_FIXED64:
		return take_fixed(message, 8, &field->value, why);
	case PROTOBUF_FIXED32:
		return take_fixed(message, 4, &field->value, why);
	case PROTOBUF_BYTES:
		return take_bytes(message, &field->bytes, why);
	}
	*why = "no field begins so";
	return -1;
}

int protobuf_next(struct protobuf_span *message, struct protobuf_field *field, const char **why)
{
	struct protobuf_span at = *message;
	uint64_t key;
	int got = protobuf_next_varint(&at, &key, why);

	*field = (struct protobuf_field){0};
	if (got <= 0)
		return got;
	if (key >> 3 == 0 || key >> 3 > FIELD_MAX) {
		*why = "no field begins so";
		return -1;
	}
	field->number = (uint32_t)(key >> 3);
	field->wire = (enum protobuf_wire)(key & 7);
	if (take_value(&at, field, why) < 0)
		return -1;
	*message = at;
	return 1;
}
