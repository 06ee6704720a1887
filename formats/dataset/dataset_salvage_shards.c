/* SPDX-License-Identifier: MIT */
/*
 * dataset_salvage_shards: a record stays until its sample's number comes; where one cannot be read, the rest of that
 * file is lost, and the next one of the block is gone on with.
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "formats/dataset/dataset_salvage_private.h"

#define GAP_MAX 16 /* shards of a block that are gone, one behind the other */

static bool shard_there(const struct dataset_salvage *s, enum dataset_split split, uint64_t block,
			uint64_t piece, char path[DATASET_PATH_BYTES])
{
	struct stat st;

	dataset_shard_path(s->folder, s->facts.layout, split, block, piece, 0, "", path);
	return stat(path, &st) == 0;
}

static void open_shard(struct dataset_salvage *s, enum dataset_split split)
{
	struct record_strand *r = &s->records[split];
	struct err err = {0};

	r->reader = dataset_shard_open(s->folder, s->facts.layout, split, r->block, r->piece,
				       r->path, &err);
	if (!r->reader)
		salvage_tell(s, "%s", err.msg);
	r->lost = r->told = !r->reader;
}

static void close_shard(struct dataset_salvage *s, struct record_strand *r)
{
	if (r->reader)
		s->facts.layout->shard_close(r->reader);
	r->reader = NULL;
}

/* Goes on to the next file of the block that is there, if one is; others may be gone. */
static void turn_shard(struct dataset_salvage *s, enum dataset_split split, bool told)
{
	struct record_strand *r = &s->records[split];
	char path[DATASET_PATH_BYTES];
	uint64_t gap = 1;

	close_shard(s, r);
	while (gap <= GAP_MAX && !shard_there(s, split, r->block, r->piece + gap, path))
		gap++;
	r->lost = gap > GAP_MAX;
	r->told = told;
	if (r->lost)
		return;
	for (uint64_t i = 1; i < gap; i++) {
		shard_there(s, split, r->block, r->piece + i, path);
		salvage_tell(s, "%s: is missing", path);
	}
	r->piece += gap;
	open_shard(s, split);
}

/* Reads the next record of the block into pending. */
static void read_record(struct dataset_salvage *s, enum dataset_split split)
{
	struct record_strand *r = &s->records[split];
	struct err err = {0};

	r->pending = (struct dataset_sample){0};
	arena_reset(&r->arena);
	while (!r->lost) {
		int rc = s->facts.layout->shard_next(r->reader, &r->pending, &r->arena, &err);

		if (rc > 0)
			return;
		r->pending = (struct dataset_sample){0};
		if (rc < 0)
			salvage_tell(s, "%s%s%s; the rest of it is lost",
				     strstr(err.msg, r->path) ? "" : r->path,
				     strstr(err.msg, r->path) ? "" : ": ", err.msg);
		turn_shard(s, split, rc < 0);
	}
}

static void copy_record(struct dataset_sample *to, const struct dataset_sample *from,
			struct arena *arena)
{
	char *picture = arena_alloc(arena, from->picture_bytes + 1, 1);

	memcpy(picture, from->picture, from->picture_bytes);
	to->picture = picture;
	to->picture_bytes = from->picture_bytes;
	to->prompt = arena_strndup(arena, from->prompt, strlen(from->prompt));
	to->program = arena_strndup(arena, from->program, strlen(from->program));
}

static void drop_pending(struct dataset_salvage *s, enum dataset_split split)
{
	struct record_strand *r = &s->records[split];

	salvage_tell(s, "%s: sample %s does not belong here", r->path, r->pending.id);
	read_record(s, split);
}

static uint64_t pending_index(const struct record_strand *r)
{
	return strtoull(r->pending.id, NULL, 10);
}

static void enter_block(struct dataset_salvage *s, enum dataset_split split, uint64_t block)
{
	struct record_strand *r = &s->records[split];

	if (r->path[0] && r->block == block)
		return;
	while (r->pending.id)
		drop_pending(s, split);
	close_shard(s, r);
	r->block = block;
	r->piece = 0;
	open_shard(s, split);
	read_record(s, split);
}

bool salvage_take_record(struct dataset_salvage *s, struct dataset_sample *sample,
			 struct arena *arena)
{
	uint64_t block = sample->index / s->facts.shard_size;
	struct record_strand *r = &s->records[sample->split];

	enter_block(s, sample->split, block);
	while (r->pending.id) {
		uint64_t id = pending_index(r);

		if (id > sample->index && id < s->facts.count)
			break;
		if (id == sample->index) {
			copy_record(sample, &r->pending, arena);
			read_record(s, sample->split);
			return true;
		}
		drop_pending(s, sample->split);
	}
	if (!r->lost || !r->told)
		salvage_tell(s, "%s: no sample %s", r->path, sample->id);
	r->told = true;
	return false;
}

void salvage_skip_record(struct dataset_salvage *s, uint64_t index)
{
	uint64_t block = index / s->facts.shard_size;
	char path[DATASET_PATH_BYTES];

	for (int i = 0; i < SPLIT_COUNT_; i++) {
		enum dataset_split split = (enum dataset_split)i;
		struct record_strand *r = &s->records[i];

		if (!shard_there(s, split, block, 0, path))
			continue;
		enter_block(s, split, block);
		if (r->pending.id && pending_index(r) == index)
			read_record(s, split);
	}
}

void salvage_end_records(struct dataset_salvage *s)
{
	for (int i = 0; i < SPLIT_COUNT_; i++)
		while (s->records[i].pending.id)
			drop_pending(s, (enum dataset_split)i);
}

void salvage_close_records(struct dataset_salvage *s)
{
	for (int i = 0; i < SPLIT_COUNT_; i++) {
		close_shard(s, &s->records[i]);
		arena_free(&s->records[i].arena);
	}
}
