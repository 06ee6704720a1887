/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/score/score_groups.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static char *copy_of(const char *name)
{
	size_t n = strlen(name) + 1;

	return memcpy(mem_alloc(n, 1), name, n);
}

static struct score_group *find_group(struct score_groups *s, const struct score_key *key)
{
	int by_order = s->by_count;
	struct score_group *g;

	for (int i = 0; i < s->count; i++) {
		if (strcmp(s->all[i].by, key->by) != 0)
			continue;
		if (strcmp(s->all[i].is, key->is) == 0)
			return &s->all[i];
		by_order = s->all[i].by_order;
	}
	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 16;
		s->all = mem_realloc(s->all, (size_t)s->room, sizeof(*s->all));
	}
	s->by_count += by_order == s->by_count;
	g = &s->all[s->count++];
	*g = (struct score_group){
		.by = copy_of(key->by), .is = copy_of(key->is), .by_order = by_order};
	return g;
}

void score_groups_add(struct score_groups *groups, const struct score_key *keys, int key_count,
		      uint32_t number)
{
	assert(key_count <= SCORE_KEYS_MAX);
	for (int i = 0; i < key_count; i++) {
		struct score_group *g = find_group(groups, &keys[i]);

		if (g->count == g->room) {
			g->room = g->room ? 2 * g->room : 16;
			g->cases = mem_realloc(g->cases, g->room, sizeof(*g->cases));
		}
		g->cases[g->count++] = number;
	}
}

static int compare_groups(const void *a, const void *b)
{
	const struct score_group *p = a, *q = b;

	if (p->by_order != q->by_order)
		return p->by_order < q->by_order ? -1 : 1;
	return strverscmp(p->is, q->is);
}

void score_groups_sort(struct score_groups *groups)
{
	if (groups->count > 0)
		qsort(groups->all, (size_t)groups->count, sizeof(*groups->all), compare_groups);
}

struct rng score_group_stream(const struct score_group *g, uint64_t seed, uint64_t n)
{
	struct rng by = rng_stream(seed, n, g->by, 0);
	uint64_t high = rng_u32(&by), low = rng_u32(&by);

	return rng_stream(high << 32 | low, 0, g->is, 0);
}

void score_groups_free(struct score_groups *groups)
{
	for (int i = 0; i < groups->count; i++) {
		free(groups->all[i].by);
		free(groups->all[i].is);
		free(groups->all[i].cases);
	}
	free(groups->all);
	*groups = (struct score_groups){0};
}
