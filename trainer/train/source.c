/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/source.h"

#include <stdlib.h>

#include "base/mem.h"

struct joined {
	struct source base;
	struct source *parts[SOURCE_SPLITS];
};

static int read_part(struct source *source, int worker, enum source_split split, int64_t n,
		     struct conversation *conversation, uint8_t *pixels, int8_t *cells,
		     struct err *err)
{
	struct source *part = ((struct joined *)source)->parts[split];

	return part->read(part, worker, split, n, conversation, pixels, cells, err);
}

static void free_joined(struct source *source)
{
	struct joined *j = (struct joined *)source;

	for (int i = 0; i < SOURCE_SPLITS; i++)
		j->parts[i]->free(j->parts[i]);
	free(j);
}

struct source *source_join(struct source *train, struct source *val)
{
	struct joined *j = mem_alloc(1, sizeof(*j));

	j->parts[SOURCE_TRAIN] = train;
	j->parts[SOURCE_VAL] = val;
	j->base = (struct source){.workers = train->workers < val->workers ? train->workers
									   : val->workers,
				  .read = read_part,
				  .free = free_joined};
	for (int i = 0; i < SOURCE_SPLITS; i++)
		j->base.count[i] = j->parts[i]->count[i];
	if (train->rows && val->rows)
		j->base.rows = train->rows > val->rows ? train->rows : val->rows;
	return &j->base;
}
