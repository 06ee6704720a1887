/* SPDX-License-Identifier: MIT */
/*
 * The message tf.train.Example:
 *
 *	Example   1: Features
 *	Features  1: an entry for each feature        (a map: of one name's entries the last counts)
 *	entry     1: name, 2: Feature
 *	Feature   1: BytesList, 2: FloatList or 3: Int64List     (the last of another kind counts)
 *	lists     1: a value; whole numbers also as one field of all of them
 *
 * Sizes of inner messages are added up before they are written, so all goes into one buffer.
 */
#include <config.h>

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "formats/encoding/protobuf.h"
#include "formats/encoding/tfrecord.h"

enum {
	EXAMPLE_FEATURES = 1,
	FEATURES_ENTRY = 1,
	ENTRY_NAME = 1,
	ENTRY_FEATURE = 2,
	LIST_VALUE = 1,
};

enum kind { KIND_NONE = 0, KIND_BYTES = 1, KIND_FLOATS = 2, KIND_INTS = 3 };

/* --- writing ---------------------------------------------------------------------------------- */

/* All before the list's own bytes. */
static void begin_feature(struct buf *out, const char *name, enum kind kind, size_t list_bytes)
{
	size_t feature_bytes = protobuf_bytes_field_bytes(list_bytes);

	protobuf_put_key(out, FEATURES_ENTRY, PROTOBUF_BYTES);
	protobuf_put_varint(out, protobuf_bytes_field_bytes(strlen(name)) +
					 protobuf_bytes_field_bytes(feature_bytes));
	protobuf_put_string(out, ENTRY_NAME, name);
	protobuf_put_key(out, ENTRY_FEATURE, PROTOBUF_BYTES);
	protobuf_put_varint(out, feature_bytes);
	protobuf_put_key(out, kind, PROTOBUF_BYTES);
	protobuf_put_varint(out, list_bytes);
}

void tf_example_put_bytes(struct tf_example *example, const char *name, const void *data, size_t n)
{
	begin_feature(&example->features, name, KIND_BYTES, protobuf_bytes_field_bytes(n));
	protobuf_put_bytes(&example->features, LIST_VALUE, data, n);
}

void tf_example_put_int(struct tf_example *example, const char *name, int64_t v)
{
	size_t packed_bytes = protobuf_varint_bytes((uint64_t)v);

	begin_feature(&example->features, name, KIND_INTS,
		      protobuf_bytes_field_bytes(packed_bytes));
	protobuf_put_key(&example->features, LIST_VALUE, PROTOBUF_BYTES);
	protobuf_put_varint(&example->features, packed_bytes);
	protobuf_put_varint(&example->features, (uint64_t)v);
}

int tf_example_finish(struct tf_example *example, struct buf *out, struct err *err)
{
	size_t bytes = protobuf_bytes_field_bytes(example->features.len);
	struct buf message = {0};
	int rc = 0;

	if (bytes > TFRECORD_BYTES_MAX) {
		rc = err_set(err, ERR_LIMIT, "an example of %zu bytes, a record has at most %zu",
			     bytes, TFRECORD_BYTES_MAX);
	} else {
		protobuf_put_bytes(&message, EXAMPLE_FEATURES, example->features.data,
				   example->features.len);
		tfrecord_put(out, message.data, message.len);
		buf_free(&message);
	}
	buf_clear(&example->features);
	return rc;
}

void tf_example_free(struct tf_example *example)
{
	buf_free(&example->features);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct search {
	const struct tfrecord *record;
	const char *name;
	size_t name_bytes;
	bool found;
	struct protobuf_span feature; /* once found */
	struct err *err;
};

/* What a feature's lists add up to. */
struct list {
	enum kind kind;
	size_t count;
	struct protobuf_span bytes; /* the last value */
	uint64_t number;
};

static int wrong(const struct search *s, const char *at, const char *why)
{
	return err_set(s->err, ERR_FORMAT, "%s: byte %" PRIu64 ": no tf.train.Example: %s",
		       s->record->name, s->record->offset + (uint64_t)(at - s->record->data), why);
}

/* The next field with the number; others are passed over. 1, 0, or -1. */
static int next_of(const struct search *s, struct protobuf_span *message, uint32_t number,
		   struct protobuf_field *field)
{
	const char *why;
	int got;

	while ((got = protobuf_next(message, field, &why)) > 0)
		if (field->number == number)
			return 1;
	return got < 0 ? wrong(s, message->data, why) : 0;
}

/* The same of a field that is a message or bytes. */
static int next_bytes_of(const struct search *s, struct protobuf_span *message, uint32_t number,
			 struct protobuf_span *bytes)
{
	struct protobuf_field field;
	const char *start = message->data;
	int got = next_of(s, message, number, &field);

	if (got > 0 && field.wire != PROTOBUF_BYTES)
		return wrong(s, start, "a number where a message is to be");
	*bytes = field.bytes;
	return got;
}

/* An entry, which may have name and feature in any order. */
static int search_entry(struct search *s, struct protobuf_span entry)
{
	struct protobuf_span rest = entry, name = {entry.data, 0}, feature = name, found;
	int got;

	while ((got = next_bytes_of(s, &rest, ENTRY_NAME, &found)) > 0)
		name = found;
	if (got < 0)
		return -1;
	if (name.len != s->name_bytes || memcmp(name.data, s->name, name.len) != 0)
		return 0;
	for (rest = entry; (got = next_bytes_of(s, &rest, ENTRY_FEATURE, &found)) > 0;)
		feature = found;
	s->found = true;
	s->feature = feature;
	return got;
}

static int search_features(struct search *s, struct protobuf_span features)
{
	struct protobuf_span entry;
	int got;

	while ((got = next_bytes_of(s, &features, FEATURES_ENTRY, &entry)) > 0)
		if (search_entry(s, entry) < 0)
			return -1;
	return got;
}

static int search_example(struct search *s)
{
	struct protobuf_span rest = {s->record->data, s->record->len}, features;
	int got;

	while ((got = next_bytes_of(s, &rest, EXAMPLE_FEATURES, &features)) > 0)
		if (search_features(s, features) < 0)
			return -1;
	return got;
}

static int read_bytes(const struct search *s, struct protobuf_span values, struct list *list)
{
	struct protobuf_span bytes;
	int got;

	while ((got = next_bytes_of(s, &values, LIST_VALUE, &bytes)) > 0) {
		list->bytes = bytes;
		list->count++;
	}
	return got;
}

static int read_packed(const struct search *s, struct protobuf_span numbers, struct list *list)
{
	const char *why;
	uint64_t v;
	int got;

	while ((got = protobuf_next_varint(&numbers, &v, &why)) > 0) {
		list->number = v;
		list->count++;
	}
	return got < 0 ? wrong(s, numbers.data, why) : 0;
}

static int read_ints(const struct search *s, struct protobuf_span values, struct list *list)
{
	struct protobuf_field field;
	int got;

	while ((got = next_of(s, &values, LIST_VALUE, &field)) > 0) {
		if (field.wire == PROTOBUF_BYTES) {
			if (read_packed(s, field.bytes, list) < 0)
				return -1;
		} else if (field.wire == PROTOBUF_VARINT) {
			list->number = field.value;
			list->count++;
		} else {
			return wrong(s, values.data, "a list of other numbers than whole ones");
		}
	}
	return got;
}

static int read_list(const struct search *s, enum kind kind, struct protobuf_span values,
		     struct list *list)
{
	if (kind != list->kind)
		*list = (struct list){.kind = kind};
	return kind == KIND_BYTES  ? read_bytes(s, values, list)
	       : kind == KIND_INTS ? read_ints(s, values, list)
				   : 0;
}

static int read_feature(const struct search *s, struct list *list)
{
	struct protobuf_span rest = s->feature;
	struct protobuf_field field;
	const char *why;
	int got;

	while ((got = protobuf_next(&rest, &field, &why)) > 0) {
		if (field.number < KIND_BYTES || field.number > KIND_INTS)
			continue;
		if (field.wire != PROTOBUF_BYTES)
			return wrong(s, s->feature.data, "a number where a list is to be");
		if (read_list(s, (enum kind)field.number, field.bytes, list) < 0)
			return -1;
	}
	return got < 0 ? wrong(s, rest.data, why) : 0;
}

static int find(const struct tfrecord *record, const char *feature, enum kind kind,
		struct list *list, struct err *err)
{
	struct search s = {record, feature, strlen(feature), .err = err};
	uint64_t at;

	*list = (struct list){0};
	if (search_example(&s) < 0)
		return -1;
	if (!s.found)
		return 0;
	if (read_feature(&s, list) < 0)
		return -1;
	at = record->offset + (uint64_t)(s.feature.data - record->data);
	if (list->kind != kind)
		return err_set(err, ERR_FORMAT,
			       "%s: byte %" PRIu64 ": feature '%s' is no list of %s", record->name,
			       at, feature, kind == KIND_BYTES ? "bytes" : "whole numbers");
	if (list->count != 1)
		return err_set(err, ERR_FORMAT,
			       "%s: byte %" PRIu64 ": feature '%s' has %zu values, not one",
			       record->name, at, feature, list->count);
	return 1;
}

int tf_example_find_bytes(const struct tfrecord *record, const char *feature, const char **data,
			  size_t *n, struct err *err)
{
	struct list list;
	int got = find(record, feature, KIND_BYTES, &list, err);

	if (got > 0) {
		*data = list.bytes.data;
		*n = list.bytes.len;
	}
	return got;
}

int tf_example_find_int(const struct tfrecord *record, const char *feature, int64_t *v,
			struct err *err)
{
	struct list list;
	int got = find(record, feature, KIND_INTS, &list, err);

	if (got > 0)
		*v = (int64_t)list.number;
	return got;
}
