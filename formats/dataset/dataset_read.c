/* SPDX-License-Identifier: MIT */
/*
 * dataset_read: files in step.
 *
 *	checksums.jsonl         train.json   [            val.json  [         scenes.jsonl  annotations.jsonl
 *	{"id":"00000000","spl...             entry 0,               entry 2   scene 0       {"id":"00000000",...
 *	{"id":"00000001","spl...             entry 1,               ]         scene 1       {"id":"00000001",...
 *	...                                  entry 3                          scene 2       ...
 *	                                     ]                                scene 3
 *
 * In which list, or in which shard, a sample is stands in its line of checksums.jsonl, so an entry that is
 * missing, doubled or in another file is found where it should be. A line of scenes.jsonl bears no number:
 * one that is missing shows at the end, or to those who compare scene and program.
 *
 * Memory: a line of each file, or a record. A line is bounded, though none that cadgen writes comes near.
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/dataset_private.h"
#include "formats/dataset/dataset_read.h"

/* The shard of a split that is being read. */
struct shard {
	struct dataset_shard_reader *reader; /* NULL: none yet */
	uint64_t block, piece;
	char path[DATASET_PATH_BYTES]; /* of its first stream */
};

struct dataset_reader {
	char *folder;
	struct dataset_facts facts;
	struct dataset_settings settings; /* layout and fractions alone */
	struct dataset_text parts[DATASET_PART_COUNT];
	struct shard shards[SPLIT_COUNT_];
	uint64_t entries[SPLIT_COUNT_]; /* read so far */
	uint64_t next;
	struct arena arena; /* strings of facts */
};

/* --- opening ----------------------------------------------------------------------------------- */

static int open_lines(struct dataset_reader *r, struct err *err)
{
	char name[DATASET_NAME_BYTES];

	for (int i = 0; i < DATASET_PART_COUNT; i++) {
		struct dataset_text *l = &r->parts[i];

		if (!dataset_has_part(&r->settings, (enum dataset_part)i))
			continue;
		dataset_part_name(r->facts.layout, (enum dataset_part)i, name);
		dataset_file_path(r->folder, name, "", l->path);
		if (dataset_text_open(l, err) < 0)
			return -1;
	}
	return 0;
}

static int open_all(struct dataset_reader *r, struct err *err)
{
	const struct dataset_facts *f = &r->facts;

	if (dataset_facts_read(&r->facts, r->folder, &r->arena, err) < 0)
		return -1;
	r->settings = (struct dataset_settings){.path = r->folder,
						.layout = f->layout,
						.shard_size = f->shard_size,
						.test_fraction = f->test_fraction};
	return open_lines(r, err);
}

struct dataset_reader *dataset_reader_open(const char *path, struct err *err)
{
	struct dataset_reader *r;

	if (*path == '\0' || strlen(path) > DATASET_FOLDER_BYTES_MAX) {
		err_set(err, ERR_USAGE, "the dataset's folder needs a name of 1 to %d bytes",
			DATASET_FOLDER_BYTES_MAX);
		return NULL;
	}
	r = mem_alloc(1, sizeof(*r));
	r->folder = arena_strndup(&r->arena, path, strlen(path));
	if (open_all(r, err) < 0) {
		dataset_reader_free(r);
		return NULL;
	}
	return r;
}

void dataset_reader_free(struct dataset_reader *r)
{
	if (!r)
		return;
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		dataset_text_close(&r->parts[i]);
	for (int i = 0; i < SPLIT_COUNT_; i++)
		if (r->shards[i].reader)
			r->facts.layout->shard_close(r->shards[i].reader);
	arena_free(&r->arena);
	free(r);
}

const struct dataset_facts *dataset_reader_facts(const struct dataset_reader *r)
{
	return &r->facts;
}

/* --- lines ------------------------------------------------------------------------------------- */

/* As dataset_text_next; the end of the file is an error. */
static int need_line(struct dataset_text *l, uint64_t done, uint64_t count, struct err *err)
{
	int rc = dataset_text_next(l, err);

	if (rc == 0)
		return dataset_text_error(l, err, "ends after %" PRIu64 " of %" PRIu64 " samples",
					  done, count);
	return rc < 0 ? -1 : 0;
}

/* Takes a fixed line: "[" or "]". */
static int need_bracket(struct dataset_text *l, const char *bracket, struct err *err)
{
	int rc = dataset_text_next(l, err);

	if (rc < 0)
		return -1;
	if (rc == 0 || strcmp(l->text.data, bracket) != 0)
		return dataset_text_error(l, err, "'%s' expected, alone on its line", bracket);
	return 0;
}

static int need_end(struct dataset_text *l, uint64_t count, struct err *err)
{
	int rc = dataset_text_next(l, err);

	if (rc > 0)
		return dataset_text_error(l, err, "more lines than for %" PRIu64 " samples", count);
	return rc;
}

/* --- entries ----------------------------------------------------------------------------------- */

/* An entry stands on a line and, but for the last one, ends with a comma. */
static int take_comma(struct dataset_text *l, uint64_t done, uint64_t count, struct err *err)
{
	struct buf *text = &l->text;
	bool comma = text->len && text->data[text->len - 1] == ',';

	if (strcmp(text->data, "]") == 0)
		return dataset_text_error(l, err, "ends after %" PRIu64 " of %" PRIu64 " samples",
					  done, count);
	if (comma && done + 1 >= count)
		return dataset_text_error(
			l, err, "more entries than the %" PRIu64 " of " DATASET_INFO, count);
	if (!comma && done + 1 < count)
		return dataset_text_error(l, err, "no comma behind the entry");
	if (comma)
		text->data[--text->len] = '\0';
	return 0;
}

static int next_entry(struct dataset_reader *r, struct dataset_sample *sample, struct arena *arena,
		      struct err *err)
{
	uint64_t *done = &r->entries[sample->split], count = r->facts.counts[sample->split];
	struct dataset_text *l = &r->parts[sample->split];
	bool array = r->facts.layout->list_is_array;
	struct json_doc doc;
	int rc;

	if (array && *done == 0 && need_bracket(l, "[", err) < 0)
		return -1;
	if (need_line(l, *done, count, err) < 0 || (array && take_comma(l, *done, count, err) < 0))
		return -1;
	sample->program_place = dataset_text_place(l);
	rc = json_parse(&doc, "", l->text.data, l->text.len, err);
	if (rc == 0) {
		rc = r->facts.layout->read_entry(&doc, sample, arena, err);
		json_free(&doc);
	}
	if (rc < 0)
		return dataset_place_error(&sample->program_place, err);
	++*done;
	return 0;
}

/* --- shards ------------------------------------------------------------------------------------ */

struct dataset_shard_reader *dataset_shard_open(const char *folder,
						const struct dataset_layout *layout,
						enum dataset_split split, uint64_t block,
						uint64_t piece, char path[DATASET_PATH_BYTES],
						struct err *err)
{
	char others[DATASET_STREAMS_MAX][DATASET_PATH_BYTES];
	char *paths[DATASET_STREAMS_MAX];

	for (int i = 0; i < DATASET_STREAMS_MAX; i++) {
		paths[i] = i ? others[i] : path;
		if (layout->streams[i])
			dataset_shard_path(folder, layout, split, block, piece, i, "", paths[i]);
	}
	return layout->shard_open(paths, err);
}

/* Goes to the shard of the sample, in a block or behind one that is full. */
static int turn_shard(struct dataset_reader *r, enum dataset_split split, uint64_t block,
		      uint64_t piece, struct err *err)
{
	struct shard *shard = &r->shards[split];

	if (shard->reader)
		r->facts.layout->shard_close(shard->reader);
	*shard = (struct shard){.block = block, .piece = piece};
	shard->reader = dataset_shard_open(r->folder, r->facts.layout, split, block, piece,
					   shard->path, err);
	return shard->reader ? 0 : -1;
}

static int next_record(struct dataset_reader *r, struct dataset_sample *sample, struct arena *arena,
		       struct err *err)
{
	uint64_t block = sample->index / r->facts.shard_size;
	struct shard *shard = &r->shards[sample->split];
	const char *id = sample->id;
	int rc;

	if ((!shard->reader || shard->block != block) &&
	    turn_shard(r, sample->split, block, 0, err) < 0)
		return -1;
	rc = r->facts.layout->shard_next(shard->reader, sample, arena, err);
	if (rc == 0) {
		if (turn_shard(r, sample->split, block, shard->piece + 1, err) < 0)
			return err_context(err, "no sample %s in the shards before", id);
		rc = r->facts.layout->shard_next(shard->reader, sample, arena, err);
	}
	if (rc < 0)
		return -1;
	if (rc == 0 || strcmp(sample->id, id) != 0)
		return err_set(err, ERR_FORMAT, "%s: sample %s is not where it belongs",
			       shard->path, id);
	sample->image = arena_strndup(arena, shard->path, strlen(shard->path));
	sample->program_place = (struct dataset_place){shard->path, 0};
	r->entries[sample->split]++;
	return 0;
}

/* --- all --------------------------------------------------------------------------------------- */

/* Reads the sample's line of checksums.jsonl, which says where the rest of it is. */
static int next_checksums(struct dataset_reader *r, struct dataset_sample *sample, struct err *err)
{
	struct dataset_text *l = &r->parts[DATASET_CHECKSUMS];
	struct dataset_checksums sums;

	if (need_line(l, r->next, r->facts.count, err) < 0)
		return -1;
	if (dataset_checksums_parse(&sums, l->text.data) < 0)
		return dataset_text_error(l, err, "no checksums of a sample: %.40s", l->text.data);
	if (strcmp(sums.id, sample->id) != 0)
		return dataset_text_error(l, err, "sample %s where %s belongs", sums.id,
					  sample->id);
	if (!dataset_has_part(&r->settings, (enum dataset_part)sums.split) && r->facts.layout->list)
		return dataset_text_error(l, err, "a sample of a split that the dataset has not");
	sample->split = sums.split;
	sample->program_hash = sums.program;
	sample->picture_hash = sums.picture;
	return 0;
}

/* Writers put the id first, so the line need not be parsed to know whose it is. */
static int check_annotations_id(const struct dataset_text *l, const char *id, struct err *err)
{
	char start[DATASET_ID_BYTES + 16];
	int n = snprintf(start, sizeof(start), "{\"id\":\"%s\"", id);

	if (strncmp(l->text.data, start, (size_t)n) != 0)
		return dataset_text_error(l, err, "begins with %.30s where %s belongs",
					  l->text.data, start);
	return 0;
}

static int next_lines(struct dataset_reader *r, struct dataset_sample *sample, struct arena *arena,
		      struct err *err)
{
	struct dataset_text *scenes = &r->parts[DATASET_SCENES];
	struct dataset_text *annotations = &r->parts[DATASET_ANNOTATIONS];

	if (need_line(annotations, r->next, r->facts.count, err) < 0 ||
	    check_annotations_id(annotations, sample->id, err) < 0 ||
	    need_line(scenes, r->next, r->facts.count, err) < 0)
		return -1;
	sample->annotations_place = dataset_text_place(annotations);
	sample->scene_place = dataset_text_place(scenes);
	sample->annotations = arena_strndup(arena, annotations->text.data, annotations->text.len);
	sample->scene = arena_strndup(arena, scenes->text.data, scenes->text.len);
	return 0;
}

static int check_list_end(struct dataset_reader *r, enum dataset_split split, struct err *err)
{
	struct dataset_text *l = &r->parts[split];

	if (!l->file)
		return 0;
	if (r->facts.layout->list_is_array &&
	    need_bracket(l, r->entries[split] ? "]" : "[]", err) < 0)
		return -1;
	return need_end(l, r->facts.counts[split], err);
}

static int check_ends(struct dataset_reader *r, struct err *err)
{
	for (int i = 0; i < SPLIT_COUNT_; i++)
		if (check_list_end(r, (enum dataset_split)i, err) < 0)
			return -1;
	for (int i = DATASET_ANNOTATIONS; i < DATASET_PART_COUNT; i++)
		if (need_end(&r->parts[i], r->facts.count, err) < 0)
			return -1;
	return 0;
}

void dataset_name_picture(const char *folder, const struct dataset_facts *facts,
			  struct dataset_sample *sample, struct arena *arena)
{
	char image[DATASET_PATH_BYTES];

	if (facts->layout->pictures == PICTURES_INSIDE) {
		snprintf(image, sizeof(image), "%s.%s", sample->id,
			 dataset_picture_suffix(facts->picture));
		sample->image_name = arena_strndup(arena, image, strlen(image));
		return;
	}
	dataset_picture_path(folder, facts->layout, facts->picture, sample->split, sample->index,
			     image);
	sample->image = arena_strndup(arena, image, strlen(image));
	sample->image_name = sample->image + strlen(folder) + 1;
}

int dataset_read(struct dataset_reader *r, struct dataset_sample *sample, struct arena *arena,
		 struct err *err)
{
	char id[DATASET_ID_BYTES];
	int rc;

	if (r->next == r->facts.count)
		return check_ends(r, err);
	dataset_id(r->next, id);
	*sample = (struct dataset_sample){.index = r->next,
					  .id = arena_strndup(arena, id, strlen(id))};
	if (next_checksums(r, sample, err) < 0)
		return -1;
	dataset_name_picture(r->folder, &r->facts, sample, arena);
	rc = r->facts.layout->list ? next_entry(r, sample, arena, err)
				   : next_record(r, sample, arena, err);
	if (rc < 0 || next_lines(r, sample, arena, err) < 0)
		return -1;
	r->next++;
	return 1;
}

#define PICTURE_BYTES_MAX ((size_t)256 << 20)

int dataset_sample_picture(const struct dataset_sample *sample, struct buf *out, struct err *err)
{
	if (!sample->picture)
		return fs_read(sample->image, PICTURE_BYTES_MAX, out, err);
	buf_bytes(out, sample->picture, sample->picture_bytes);
	return 0;
}

int dataset_sample_image(const struct dataset_sample *sample, int max_side, struct image *image,
			 struct err *err)
{
	struct err inner = {0};

	if (!sample->picture)
		return image_read(image, sample->image, max_side, err);
	if (image_decode(image, sample->image_name, sample->picture, sample->picture_bytes,
			 max_side, &inner) == 0)
		return 0;
	return err_set(err, inner.code, "%s: %s", sample->image, inner.msg);
}

struct dataset_picture_place dataset_sample_place(const struct dataset_sample *sample)
{
	return (struct dataset_picture_place){.path = sample->image,
					      .offset = sample->picture_offset,
					      .bytes = sample->picture ? sample->picture_bytes : 0,
					      .hash = sample->picture_hash};
}

static int part_image(const struct dataset_picture_place *place, const struct buf *bytes,
		      int max_side, struct image *image, struct err *err)
{
	char name[DATASET_PATH_BYTES];

	snprintf(name, sizeof(name), "%s: byte %" PRIu64, place->path, place->offset);
	if (dataset_checksum(bytes->data, bytes->len) != place->hash)
		return err_set(err, ERR_FORMAT, "%s: not the picture that was there", name);
	return image_decode(image, name, bytes->data, bytes->len, max_side, err);
}

int dataset_place_image(const struct dataset_picture_place *place, int max_side,
			struct image *image, struct err *err)
{
	struct buf bytes = {0};
	int rc;

	if (!place->bytes)
		return image_read(image, place->path, max_side, err);
	if (place->offset == DATASET_PACKED)
		return err_set(err, ERR_UNSUPPORTED,
			       "%s is compressed: its pictures can only be read in order",
			       place->path);
	rc = fs_read_part(place->path, place->offset, place->bytes, &bytes, err);
	if (rc == 0)
		rc = part_image(place, &bytes, max_side, image, err);
	buf_free(&bytes);
	return rc;
}
