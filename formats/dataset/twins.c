/* SPDX-License-Identifier: MIT */
/*
 * Sorted by key, then by split, then by number, equal samples are neighbours:
 *
 *	key 7	train 12, train 90, val 40		within 1, across 1
 *	key 8	train 3					distinct
 */
#include <config.h>

#include <stdlib.h>

#include "base/mem.h"
#include "formats/dataset/twins.h"

#define ROOM_MIN 256
#define SPLIT_SHIFT 62
#define INDEX_MASK (((uint64_t)1 << SPLIT_SHIFT) - 1)

struct twin {
	uint64_t key;
	uint64_t place; /* split << 62 | index */
};

void twins_add(struct twins *twins, uint64_t key, uint64_t index, enum dataset_split split)
{
	if (twins->count == twins->room) {
		twins->room = twins->room ? 2 * twins->room : ROOM_MIN;
		twins->items = mem_realloc(twins->items, twins->room, sizeof(*twins->items));
	}
	twins->items[twins->count++] =
		(struct twin){key, (uint64_t)split << SPLIT_SHIFT | (index & INDEX_MASK)};
}

static int compare(const void *a, const void *b)
{
	const struct twin *p = a, *q = b;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return p->place < q->place ? -1 : p->place > q->place;
}

static struct twin_place place_of(const struct twin *twin)
{
	return (struct twin_place){twin->place & INDEX_MASK,
				   (enum dataset_split)(twin->place >> SPLIT_SHIFT)};
}

/* items[0..n) have one key. */
static void count_group(struct twins_found *found, const struct twin *items, size_t n,
			bool from_train)
{
	struct twin_place first = place_of(&items[0]);

	found->distinct++;
	for (size_t i = 1; i < n; i++) {
		struct twin_place place = place_of(&items[i]);

		found->within += place.split == place_of(&items[i - 1]).split;
		if (place.split == first.split || (from_train && first.split != SPLIT_TRAIN))
			continue;
		if (found->across == 0 || place.index < found->pair[1].index) {
			found->pair[0] = first;
			found->pair[1] = place;
		}
		found->across++;
	}
}

struct twins_found twins_find(struct twins *twins, bool from_train)
{
	struct twins_found found = {0};
	size_t end;

	if (twins->count)
		qsort(twins->items, twins->count, sizeof(*twins->items), compare);
	for (size_t i = 0; i < twins->count; i = end) {
		for (end = i + 1;
		     end < twins->count && twins->items[end].key == twins->items[i].key; end++)
			;
		count_group(&found, twins->items + i, end - i, from_train);
	}
	return found;
}

void twins_free(struct twins *twins)
{
	free(twins->items);
	*twins = (struct twins){0};
}
