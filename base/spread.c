/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spread.h"

#define ROOM_MIN 64

/* Room for the value, doubled so that rising values do not copy each time. */
static void make_room(struct spread *s, uint32_t value)
{
	size_t room = s->room ? s->room : ROOM_MIN;

	while (room <= value)
		room *= 2;
	if (room == s->room)
		return;
	s->counts = mem_realloc(s->counts, room, sizeof(*s->counts));
	memset(s->counts + s->room, 0, (room - s->room) * sizeof(*s->counts));
	s->room = room;
}

void spread_add(struct spread *s, uint32_t value, uint64_t times)
{
	assert(value <= SPREAD_VALUE_MAX);
	if (times == 0)
		return;
	make_room(s, value);
	s->least = s->count == 0 || value < s->least ? value : s->least;
	s->most = s->count == 0 || value > s->most ? value : s->most;
	s->counts[value] += times;
	s->count += times;
	s->sum += times * value;
}

void spread_merge(struct spread *to, const struct spread *from)
{
	for (size_t value = 0; from->count && value <= from->most; value++)
		spread_add(to, (uint32_t)value, from->counts[value]);
}

uint32_t spread_at(const struct spread *s, int per_cent)
{
	uint64_t part = (uint64_t)per_cent, seen = 0;
	/* The rank that is wanted, rounded up, without s->count * part, which may not fit. */
	uint64_t rank = s->count / 100 * part + (s->count % 100 * part + 99) / 100;

	for (uint32_t value = 0; s->count && value < s->most; value++) {
		seen += s->counts[value];
		if (seen && seen >= rank)
			return value;
	}
	return s->count ? s->most : 0;
}

double spread_mean(const struct spread *s)
{
	return s->count ? (double)s->sum / (double)s->count : 0;
}

uint64_t spread_between(const struct spread *s, uint64_t from, uint64_t to)
{
	uint64_t sum = 0;

	for (uint64_t value = from; value < to && value < s->room; value++)
		sum += s->counts[value];
	return sum;
}

void spread_free(struct spread *s)
{
	free(s->counts);
	*s = (struct spread){0};
}
