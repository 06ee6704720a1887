/* SPDX-License-Identifier: MIT */
/*
 * The file is mapped; its header goes through the strict JSON of json.h into a table. Invariants
 * after safetensors_open: every tensor's bytes lie within the data, no two share one, no byte of the
 * data belongs to none, and bytes == count * size of the type wherever that size is known. So nothing
 * that is read later is looked at again.
 *
 * Numbers of the header are JSON's, doubles here: whole ones are exact up to 2^53, more is refused.
 */
#include <config.h>

#include "formats/model/safetensors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "formats/encoding/json.h"

#define LENGTH_BYTES 8
#define WHOLE_MAX 9007199254740992.0 /* 2^53 */

struct metadata {
	const char *key, *value;
};

struct safetensors {
	const char *path;
	const uint8_t *map;
	uint64_t map_bytes;
	uint64_t data_at, data_bytes;
	struct safetensor *all;
	struct safetensor **by_name; /* sorted */
	size_t count;
	struct metadata *metadata;
	size_t metadata_count;
	struct arena arena; /* owns the tables and their texts */
};

const struct safetensors_type safetensors_types[SAFETENSORS_OTHER] = {
#define X(name, bytes) {#name, bytes},
	SAFETENSORS_DTYPES(X)
#undef X
};

static enum safetensors_dtype find_dtype(const char *name)
{
	for (int i = 0; i < SAFETENSORS_OTHER; i++)
		if (strcmp(safetensors_types[i].name, name) == 0)
			return (enum safetensors_dtype)i;
	return SAFETENSORS_OTHER;
}

/* --- the header */

/* A whole number of at most 2^53; false if it is none. */
static bool whole(const cJSON *node, uint64_t *out)
{
	if (!cJSON_IsNumber(node) || !(node->valuedouble >= 0 && node->valuedouble <= WHOLE_MAX))
		return false;
	*out = (uint64_t)node->valuedouble;
	return (double)*out == node->valuedouble;
}

static int read_shape(const struct json_doc *doc, const cJSON *entry, struct safetensor *t,
		      struct err *err)
{
	const cJSON *shape = json_member(entry, "shape");

	if (!cJSON_IsArray(shape))
		return json_error(doc, shape ? shape : entry, err, "'%s': 'shape' must be a list",
				  t->name);
	if (cJSON_GetArraySize(shape) > SAFETENSORS_DIMS_MAX)
		return json_limit(doc, shape, err, "'%s': more than %d dimensions", t->name,
				  SAFETENSORS_DIMS_MAX);
	t->count = 1;
	for (const cJSON *dim = shape->child; dim; dim = dim->next) {
		uint64_t n;

		if (!whole(dim, &n))
			return json_error(doc, dim, err,
					  "'%s': 'shape' must hold whole numbers below 2^53",
					  t->name);
		t->shape[t->dims++] = n;
		if (__builtin_mul_overflow(t->count, n, &t->count))
			return json_error(doc, shape, err, "'%s': 'shape' overflows", t->name);
	}
	return 0;
}

/* The two offsets; fills data and bytes. */
static int read_offsets(const struct safetensors *file, const struct json_doc *doc,
			const cJSON *entry, struct safetensor *t, struct err *err)
{
	const cJSON *offsets = json_member(entry, "data_offsets");
	uint64_t begin, end, bytes;

	if (!cJSON_IsArray(offsets) || cJSON_GetArraySize(offsets) != 2 ||
	    !whole(offsets->child, &begin) || !whole(offsets->child->next, &end))
		return json_error(doc, offsets ? offsets : entry, err,
				  "'%s': 'data_offsets' must be two whole numbers", t->name);
	if (begin > end || end > file->data_bytes)
		return json_error(doc, offsets, err,
				  "'%s': offsets %.0f to %.0f in data of %.0f bytes", t->name,
				  (double)begin, (double)end, (double)file->data_bytes);
	t->bytes = end - begin;
	t->data = file->map + file->data_at + begin;
	if (t->dtype == SAFETENSORS_OTHER)
		return 0;
	if (__builtin_mul_overflow(t->count, safetensors_types[t->dtype].bytes, &bytes))
		return json_error(doc, entry, err, "'%s': 'shape' overflows", t->name);
	if (bytes != t->bytes)
		return json_error(doc, entry, err, "'%s': %.0f bytes, its shape takes %.0f",
				  t->name, (double)t->bytes, (double)bytes);
	return 0;
}

static int check_entry_keys(const struct json_doc *doc, const cJSON *entry, const char *name,
			    struct err *err)
{
	for (const cJSON *node = entry->child; node; node = node->next)
		if (strcmp(node->string, "dtype") != 0 && strcmp(node->string, "shape") != 0 &&
		    strcmp(node->string, "data_offsets") != 0)
			return json_error(doc, node, err, "'%s': unknown key '%.40s'", name,
					  node->string);
	return 0;
}

static int read_entry(struct safetensors *file, const struct json_doc *doc, const cJSON *entry,
		      struct err *err)
{
	struct safetensor *t = &file->all[file->count];
	size_t len = strlen(entry->string);
	const cJSON *dtype;

	if (len > SAFETENSORS_NAME_MAX)
		return json_limit(doc, entry, err, "'%.40s...': a name of %zu bytes", entry->string,
				  len);
	t->name = arena_strndup(&file->arena, entry->string, len);
	if (!cJSON_IsObject(entry))
		return json_error(doc, entry, err, "'%s' must be an object", t->name);
	if (check_entry_keys(doc, entry, t->name, err) < 0)
		return -1;
	dtype = json_member(entry, "dtype");
	if (!cJSON_IsString(dtype))
		return json_error(doc, dtype ? dtype : entry, err, "'%s': 'dtype' must be a string",
				  t->name);
	t->dtype_name = arena_strndup(&file->arena, dtype->valuestring, strlen(dtype->valuestring));
	t->dtype = find_dtype(t->dtype_name);
	if (read_shape(doc, entry, t, err) < 0 || read_offsets(file, doc, entry, t, err) < 0)
		return -1;
	file->count++;
	return 0;
}

static int read_metadata(struct safetensors *file, const struct json_doc *doc, const cJSON *node,
			 struct err *err)
{
	if (!cJSON_IsObject(node))
		return json_error(doc, node, err, "'__metadata__' must be an object");
	file->metadata = ARENA_NEW(&file->arena, struct metadata, cJSON_GetArraySize(node));
	for (const cJSON *m = node->child; m; m = m->next) {
		if (!cJSON_IsString(m))
			return json_error(doc, m, err, "'__metadata__' must hold strings");
		file->metadata[file->metadata_count++] = (struct metadata){
			arena_strndup(&file->arena, m->string, strlen(m->string)),
			arena_strndup(&file->arena, m->valuestring, strlen(m->valuestring))};
	}
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	const struct safetensor *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* Empty ones between two others come first, whatever the order of the header. */
static int compare_places(const void *a, const void *b)
{
	const struct safetensor *const *x = a, *const *y = b;
	const uint8_t *s = (*x)->data, *t = (*y)->data;

	if (s != t)
		return s < t ? -1 : 1;
	return ((*x)->bytes > (*y)->bytes) - ((*x)->bytes < (*y)->bytes);
}

/* Sorted by place, one begins where the one before ends. by_name serves as the list. */
static int check_places(const struct safetensors *file, struct err *err)
{
	const uint8_t *at = file->map + file->data_at, *end = at + file->data_bytes;
	const struct safetensor *before = NULL;

	qsort(file->by_name, file->count, sizeof(*file->by_name), compare_places);
	for (size_t i = 0; i < file->count; i++) {
		const struct safetensor *t = file->by_name[i];

		if (before && (const uint8_t *)t->data < at)
			return err_set(err, ERR_FORMAT, "%s: '%s' and '%s' overlap", file->path,
				       before->name, t->name);
		if ((const uint8_t *)t->data > at)
			return err_set(err, ERR_FORMAT,
				       "%s: %td bytes before '%s' belong to no tensor", file->path,
				       (const uint8_t *)t->data - at, t->name);
		at += t->bytes;
		before = t;
	}
	if (at != end)
		return err_set(err, ERR_FORMAT, "%s: %td bytes at the end belong to no tensor",
			       file->path, end - at);
	return 0;
}

static int read_table(struct safetensors *file, const struct json_doc *doc, struct err *err)
{
	size_t entries;

	if (!cJSON_IsObject(doc->root))
		return json_error(doc, NULL, err, "the header must be an object");
	entries = (size_t)cJSON_GetArraySize(doc->root);
	file->all = ARENA_NEW(&file->arena, struct safetensor, entries);
	file->by_name = ARENA_NEW(&file->arena, struct safetensor *, entries);
	for (const cJSON *entry = doc->root->child; entry; entry = entry->next)
		if ((strcmp(entry->string, "__metadata__") == 0
			     ? read_metadata(file, doc, entry, err)
			     : read_entry(file, doc, entry, err)) < 0)
			return -1;
	for (size_t i = 0; i < file->count; i++)
		file->by_name[i] = &file->all[i];
	if (check_places(file, err) < 0)
		return -1;
	qsort(file->by_name, file->count, sizeof(*file->by_name), compare_names);
	return 0;
}

static int read_header(struct safetensors *file, struct err *err)
{
	struct json_doc doc;
	uint64_t len = 0;
	int rc;

	if (file->map_bytes < LENGTH_BYTES)
		return err_set(err, ERR_FORMAT, "%s: no header in %.0f bytes", file->path,
			       (double)file->map_bytes);
	for (int i = LENGTH_BYTES - 1; i >= 0; i--)
		len = len << 8 | file->map[i];
	if (len > file->map_bytes - LENGTH_BYTES)
		return err_set(err, ERR_FORMAT, "%s: a header of %.0f bytes in a file of %.0f",
			       file->path, (double)len, (double)file->map_bytes);
	if (len > SAFETENSORS_HEADER_MAX)
		return err_set(err, ERR_LIMIT, "%s: a header of %.0f bytes; at most %.0f",
			       file->path, (double)len, (double)SAFETENSORS_HEADER_MAX);
	if (len == 0 || file->map[LENGTH_BYTES] != '{')
		return err_set(err, ERR_FORMAT, "%s: the header must begin with {", file->path);
	file->data_at = LENGTH_BYTES + len;
	file->data_bytes = file->map_bytes - file->data_at;
	if (json_parse_columns(&doc, file->path, (const char *)file->map + LENGTH_BYTES, len, err) <
	    0)
		return -1;
	rc = read_table(file, &doc, err);
	json_free(&doc);
	return rc;
}

/* --- the file */

static int map_file(struct safetensors *file, int fd, struct err *err)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot read %s", file->path);
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : ESPIPE;
		return err_errno(err, "cannot read %s", file->path);
	}
	if (st.st_size == 0)
		return 0;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return err_errno(err, "cannot read %s", file->path);
	file->map = map;
	file->map_bytes = (uint64_t)st.st_size;
	return 0;
}

struct safetensors *safetensors_open(const char *path, struct err *err)
{
	struct safetensors *file;
	int fd, rc;

	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	while (fd < 0 && errno == EINTR);
	if (fd < 0) {
		err_errno(err, "cannot open %s", path);
		return NULL;
	}
	file = mem_alloc(1, sizeof(*file));
	file->path = arena_strndup(&file->arena, path, strlen(path));
	rc = map_file(file, fd, err);
	close(fd); /* only read: nothing can be lost */
	if (rc == 0 && read_header(file, err) == 0)
		return file;
	safetensors_close(file);
	return NULL;
}

void safetensors_close(struct safetensors *file)
{
	if (!file)
		return;
	if (file->map)
		munmap((void *)(uintptr_t)file->map, file->map_bytes);
	arena_free(&file->arena);
	free(file);
}

size_t safetensors_count(const struct safetensors *file)
{
	return file->count;
}

const struct safetensor *safetensors_at(const struct safetensors *file, size_t i)
{
	return &file->all[i];
}

const struct safetensor *safetensors_find(const struct safetensors *file, const char *name)
{
	const struct safetensor wanted = {.name = name}, *key = &wanted;
	struct safetensor **found = file->count == 0
					    ? NULL
					    : bsearch(&key, file->by_name, file->count,
						      sizeof(*file->by_name), compare_names);

	return found ? *found : NULL;
}

const char *safetensors_metadata(const struct safetensors *file, const char *key)
{
	for (size_t i = 0; i < file->metadata_count; i++)
		if (strcmp(file->metadata[i].key, key) == 0)
			return file->metadata[i].value;
	return NULL;
}

/* --- numbers */

static uint64_t load(const uint8_t *at, unsigned bytes)
{
	uint64_t bits = 0;

	for (unsigned i = bytes; i-- > 0;)
		bits = bits << 8 | at[i];
	return bits;
}

static float float_from_bits(uint32_t bits)
{
	float f;

	memcpy(&f, &bits, sizeof(f));
	return f;
}

/* IEEE 754 binary16, exact in a float. */
static float float_from_f16(uint32_t h)
{
	uint32_t sign = (h & 0x8000) << 16, exponent = h >> 10 & 31, fraction = h & 1023;

	if (exponent == 31)
		return float_from_bits(sign | 0x7f800000 | fraction << 13);
	if (exponent == 0) {
		float f = (float)fraction * 0x1p-24f;

		return sign ? -f : f;
	}
	return float_from_bits(sign | (exponent + 112) << 23 | fraction << 13);
}

int safetensors_floats(const struct safetensors *file, const struct safetensor *t, uint64_t first,
		       size_t n, float *out, struct err *err)
{
	const uint8_t *at = t->data;

	switch (t->dtype) {
	case SAFETENSORS_F64:
		for (size_t i = 0; i < n; i++) {
			uint64_t bits = load(at + (first + i) * 8, 8);
			double d;

			memcpy(&d, &bits, sizeof(d));
			out[i] = (float)d;
		}
		return 0;
	case SAFETENSORS_F32:
		for (size_t i = 0; i < n; i++)
			out[i] = float_from_bits((uint32_t)load(at + (first + i) * 4, 4));
		return 0;
	case SAFETENSORS_F16:
		for (size_t i = 0; i < n; i++)
			out[i] = float_from_f16((uint32_t)load(at + (first + i) * 2, 2));
		return 0;
	case SAFETENSORS_BF16:
		for (size_t i = 0; i < n; i++)
			out[i] = float_from_bits((uint32_t)load(at + (first + i) * 2, 2) << 16);
		return 0;
	default:
		return err_set(err, ERR_UNSUPPORTED,
			       "%s: '%s' is of type %.40s; read are F64, F32, F16 and BF16",
			       file->path, t->name, t->dtype_name);
	}
}
