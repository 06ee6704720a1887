/* SPDX-License-Identifier: MIT */
/*
 * byte_map: byte strings numbered from 0 in the order in which they came.
 *
 *	struct byte_map map = {0};
 *	uint32_t n = byte_map_add(&map, "width", 5);		(the same number for the same bytes)
 *	if (byte_map_find(&map, "height", 6) == BYTE_MAP_NONE) ...
 *	byte_map_free(&map);
 *
 * A zeroed struct is an empty map. The map keeps copies of the strings; they may hold any bytes.
 */
#ifndef BASE_BYTE_MAP_H
#define BASE_BYTE_MAP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BYTE_MAP_NONE UINT32_MAX

struct byte_map {
	char *bytes; /* all strings, one behind the other */
	size_t bytes_used, bytes_room;
	size_t *starts;   /* of string i in bytes; [count] is bytes_used */
	uint32_t *slots;  /* number + 1, or 0: open addressing, slot_count a power of two */
	uint32_t *hashes; /* of each string */
	uint32_t count, room, slot_count;
};

/* The number of the string, which is added unless it is there. At most 2^31 - 1 strings; more end in
 * mem_exhausted. */
uint32_t byte_map_add(struct byte_map *map, const void *data, size_t len);

/* The number of the string, or BYTE_MAP_NONE. */
uint32_t byte_map_find(const struct byte_map *map, const void *data, size_t len);

/* String i, valid until the next byte_map_add, not NUL-terminated. */
static inline const char *byte_map_at(const struct byte_map *map, uint32_t i, size_t *len)
{
	*len = map->starts[i + 1] - map->starts[i];
	return map->bytes + map->starts[i];
}

/* Gives up all but the places of the strings (count and starts): what comes after needs no bytes and
 * finds nothing. Only byte_map_free may follow. */
void byte_map_drop_strings(struct byte_map *map);

void byte_map_free(struct byte_map *map);

/* 64 mixed bits of len bytes; the same on every machine of one byte order. */
static inline uint64_t byte_hash(const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t h = 0x9e3779b97f4a7c15u ^ len, v;

	for (; len > 8; p += 8, len -= 8) {
		memcpy(&v, p, 8);
		h = (h ^ v) * 0xbf58476d1ce4e5b9u;
		h ^= h >> 29;
	}
	v = 0;
	memcpy(&v, p, len);
	h = (h ^ v) * 0xbf58476d1ce4e5b9u;
	h ^= h >> 32;
	h *= 0x94d049bb133111ebu;
	return h ^ h >> 29;
}

#endif
