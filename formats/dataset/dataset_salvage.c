/* SPDX-License-Identifier: MIT */
/*
 * dataset_salvage: the files of a dataset side by side.
 *
 * Lines of scenes.jsonl bear no id and are found by their hash among those of the next samples; other lines and
 * records are found by their id.
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/dataset/dataset_salvage_private.h"

#define PICTURE_BYTES_MAX ((size_t)256 << 20)

/* --- what is wrong ---------------------------------------------------------------------------- */

void salvage_tell(struct dataset_salvage *s, const char *fmt, ...)
{
	char line[DATASET_PATH_BYTES + ERR_MSG_BYTES];
	va_list ap;

	s->heard++;
	if (!s->hear)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = '?';
	s->hear(s->ctx, line);
}

uint64_t dataset_salvage_heard(const struct dataset_salvage *s)
{
	return s->heard;
}

/* --- checksums -------------------------------------------------------------------------------- */

static struct ahead *ahead_of(struct dataset_salvage *s, uint64_t index)
{
	return &s->ahead[index % SALVAGE_AHEAD];
}

static void look_ahead(struct dataset_salvage *s)
{
	struct strand *l = &s->strands[DATASET_CHECKSUMS];

	while (s->ahead_next < s->facts.count && s->ahead_next < s->next + SALVAGE_AHEAD) {
		struct ahead *a = ahead_of(s, s->ahead_next);
		char id[DATASET_ID_BYTES];

		dataset_id(s->ahead_next, id);
		a->known = false;
		if (salvage_find_line(s, l, s->ahead_next)) {
			a->known = dataset_checksums_parse(&a->sums, l->now.text) == 0;
			buf_clear(&a->line);
			buf_bytes(&a->line, l->now.text, l->now.length);
			if (!a->known)
				salvage_tell(s, "%s:%" PRIu64 ": no checksums of a sample: %.*s",
					     l->path, l->now.number, SALVAGE_QUOTED, l->now.text);
			salvage_drop_line(s, l);
		} else {
			salvage_miss_line(s, l, id);
		}
		s->ahead_next++;
	}
}

/* --- parts of a sample ------------------------------------------------------------------------ */

static const char *copy_line(const struct line *line, struct arena *arena)
{
	return arena_strndup(arena, line->text, line->length);
}

/* NULL where it is not as its hash says. */
static const char *take_annotations(struct dataset_salvage *s, const struct dataset_sample *sample,
				    const struct ahead *a, struct arena *arena)
{
	struct strand *l = &s->strands[DATASET_ANNOTATIONS];
	const char *found = NULL;

	if (!salvage_find_line(s, l, sample->index)) {
		salvage_miss_line(s, l, sample->id);
		return NULL;
	}
	if (a->known && dataset_checksum(l->now.text, l->now.length) != a->sums.annotations)
		salvage_tell(s, "%s:%" PRIu64 ": not as checksums.jsonl has sample %s", l->path,
			     l->now.number, sample->id);
	else
		found = copy_line(&l->now, arena);
	salvage_drop_line(s, l);
	return found;
}

/* Whether the line is of one of the samples that follow. */
static bool is_of_later(struct dataset_salvage *s, uint64_t hash)
{
	for (uint64_t i = s->next + 1; i < s->ahead_next; i++)
		if (ahead_of(s, i)->known && ahead_of(s, i)->sums.scene == hash)
			return true;
	return false;
}

static uint64_t hash_of(const struct line *line)
{
	return dataset_checksum(line->text, line->length);
}

static const char *take_scene(struct dataset_salvage *s, const struct dataset_sample *sample,
			      const struct ahead *a, struct arena *arena)
{
	struct strand *l = &s->strands[DATASET_SCENES];
	const char *found = NULL;
	uint64_t hash;

	if (a->known && l->now.there && l->next.there && hash_of(&l->now) != a->sums.scene &&
	    hash_of(&l->next) == a->sums.scene) {
		salvage_tell(s, "%s:%" PRIu64 ": a line of no sample", l->path, l->now.number);
		salvage_drop_line(s, l);
	}
	if (!l->now.there) {
		salvage_miss_line(s, l, sample->id);
		return NULL;
	}
	hash = hash_of(&l->now);
	if (a->known ? hash == a->sums.scene : !is_of_later(s, hash)) {
		found = copy_line(&l->now, arena);
	} else if (is_of_later(s, hash)) {
		salvage_tell(s, "%s: no line of sample %s", l->path, sample->id);
		return NULL;
	} else {
		salvage_tell(s, "%s:%" PRIu64 ": not as checksums.jsonl has sample %s", l->path,
			     l->now.number, sample->id);
	}
	salvage_drop_line(s, l);
	return found;
}

/* Whether the line is written as cadgen writes the sample. */
static bool is_as_written(struct dataset_salvage *s, const struct dataset_sample *sample,
			  const char *line)
{
	struct dataset_item item = {.index = sample->index,
				    .id = sample->id,
				    .split = sample->split,
				    .prompt = sample->prompt,
				    .program = sample->program};

	buf_clear(&s->text);
	s->facts.layout->put_entry(&s->text, &item, sample->image_name);
	return strcmp(s->text.data, line) == 0;
}

/* Reads prompt and program; false where they are not as their hash says. */
static bool read_entry(struct dataset_salvage *s, struct strand *l, struct dataset_sample *sample,
		       const struct ahead *a, struct arena *arena)
{
	const char *wrong = NULL;
	struct err err = {0};
	struct json_doc doc;

	if (json_parse(&doc, l->path, l->now.text, l->now.length, &err) < 0) {
		wrong = err.msg;
	} else {
		if (s->facts.layout->read_entry(&doc, sample, arena, &err) < 0)
			wrong = err.msg;
		json_free(&doc);
	}
	if (!wrong && (dataset_label_checksum(sample->prompt, sample->program) != a->sums.label ||
		       !is_as_written(s, sample, l->now.text)))
		wrong = "not as checksums.jsonl has it";
	if (wrong)
		salvage_tell(s, "%s:%" PRIu64 ": sample %s: %s", l->path, l->now.number, sample->id,
			     wrong);
	return !wrong;
}

static bool take_entry(struct dataset_salvage *s, struct dataset_sample *sample,
		       const struct ahead *a, struct arena *arena)
{
	struct strand *l = &s->strands[sample->split];
	bool comma, last = l->taken + 1 == s->facts.counts[sample->split], sound;

	if (!salvage_find_line(s, l, sample->index)) {
		salvage_miss_line(s, l, sample->id);
		l->taken++;
		return false;
	}
	comma = l->now.length && l->now.text[l->now.length - 1] == ',';
	if (l->array && comma == last)
		salvage_tell(s, "%s:%" PRIu64 ": %s behind the entry", l->path, l->now.number,
			     last ? "a comma" : "no comma");
	if (l->array && comma)
		l->now.text[--l->now.length] = '\0';
	sound = read_entry(s, l, sample, a, arena);
	salvage_drop_line(s, l);
	l->taken++;
	return sound;
}

/* --- pictures --------------------------------------------------------------------------------- */

static bool read_picture(struct dataset_salvage *s, struct dataset_sample *sample,
			 struct arena *arena)
{
	struct buf bytes = {0};
	struct err err = {0};
	char *picture;

	if (fs_read(sample->image, PICTURE_BYTES_MAX, &bytes, &err) < 0) {
		salvage_tell(s, "%s", err.msg);
		buf_free(&bytes);
		return false;
	}
	picture = arena_alloc(arena, bytes.len + 1, 1);
	memcpy(picture, bytes.data ? bytes.data : "", bytes.len);
	sample->picture = picture;
	sample->picture_bytes = bytes.len;
	buf_free(&bytes);
	return true;
}

/* Also of records, whose picture is there. */
static bool take_picture(struct dataset_salvage *s, struct dataset_sample *sample,
			 const struct ahead *a, struct arena *arena)
{
	bool inside = s->facts.layout->pictures == PICTURES_INSIDE;

	if (!inside && !read_picture(s, sample, arena))
		return false;
	if (dataset_checksum(sample->picture, sample->picture_bytes) == a->sums.picture)
		return true;
	if (inside)
		salvage_tell(s, "%s: the picture of sample %s is not as checksums.jsonl has it",
			     s->records[sample->split].path, sample->id);
	else
		salvage_tell(s, "%s: not as checksums.jsonl has it", sample->image);
	sample->picture = NULL;
	sample->picture_bytes = 0;
	return false;
}

/* Files beside the picture have no checksum: they are there, and not empty. */
static bool has_also(struct dataset_salvage *s, const struct dataset_sample *sample)
{
	char path[DATASET_PATH_BYTES];
	bool sound = true;
	struct stat st;

	for (int i = 0; i < ALSO_COUNT_; i++) {
		if (!(s->facts.also >> i & 1))
			continue;
		dataset_also_file(s->folder, (enum dataset_also)i, sample->index, path);
		if (stat(path, &st) == 0 && st.st_size > 0)
			continue;
		salvage_tell(s, "%s: is missing or empty", path);
		sound = false;
	}
	return sound;
}

/* --- samples ---------------------------------------------------------------------------------- */

static unsigned take_label(struct dataset_salvage *s, struct dataset_sample *sample,
			   const struct ahead *a, struct arena *arena)
{
	unsigned broken = 0;
	bool sound;

	sample->split = a->sums.split;
	sample->program_hash = a->sums.program;
	sample->checksums = arena_strndup(arena, a->line.data, a->line.len);
	dataset_name_picture(s->folder, &s->facts, sample, arena);
	if (s->facts.layout->list) {
		sound = take_entry(s, sample, a, arena);
	} else {
		sound = salvage_take_record(s, sample, arena);
		if (!sound)
			return DAMAGE(ENTRY) | DAMAGE(PICTURE);
		sound = dataset_label_checksum(sample->prompt, sample->program) == a->sums.label;
		if (!sound)
			salvage_tell(s,
				     "%s: the label of sample %s is not as checksums.jsonl has it",
				     s->records[sample->split].path, sample->id);
	}
	if (!sound) {
		sample->prompt = sample->program = NULL;
		broken |= DAMAGE(ENTRY);
	}
	if (!take_picture(s, sample, a, arena))
		broken |= DAMAGE(PICTURE);
	return broken;
}

/* Passes over what there is of a sample of which nothing is known. */
static void skip_label(struct dataset_salvage *s, uint64_t index)
{
	for (int i = 0; i < SPLIT_COUNT_ && s->facts.layout->list; i++)
		if (salvage_find_line(s, &s->strands[i], index))
			salvage_drop_line(s, &s->strands[i]);
	if (!s->facts.layout->list)
		salvage_skip_record(s, index);
}

bool dataset_salvage_next(struct dataset_salvage *s, struct dataset_sample *sample,
			  struct arena *arena)
{
	const struct ahead *a;
	char id[DATASET_ID_BYTES];

	if (s->next == s->facts.count)
		return false;
	look_ahead(s);
	a = ahead_of(s, s->next);
	dataset_id(s->next, id);
	*sample = (struct dataset_sample){.index = s->next,
					  .id = arena_strndup(arena, id, strlen(id))};
	if (a->known)
		sample->broken |= take_label(s, sample, a, arena);
	else
		skip_label(s, s->next);
	sample->annotations = take_annotations(s, sample, a, arena);
	sample->scene = take_scene(s, sample, a, arena);
	if (!sample->annotations)
		sample->broken |= DAMAGE(ANNOTATIONS);
	if (!sample->scene)
		sample->broken |= DAMAGE(SCENE);
	if (!has_also(s, sample))
		sample->broken |= DAMAGE(ALSO);
	if (!a->known)
		sample->broken = DAMAGE_ALL;
	s->next++;
	return true;
}

/* --- the end ---------------------------------------------------------------------------------- */

static void check_strand_end(struct dataset_salvage *s, struct strand *l)
{
	if (!l->file)
		return;
	while (l->now.there) {
		if (!salvage_is_bracket(l))
			salvage_tell(s, "%s:%" PRIu64 ": a line behind the last sample's", l->path,
				     l->now.number);
		salvage_drop_line(s, l);
	}
	if (l->array && !l->opened)
		salvage_tell(s, "%s: does not begin with [", l->path);
	if (l->array && !l->closed)
		salvage_tell(s, "%s: does not end with ]", l->path);
}

/* train_val_split.json has the ids of each split, in order. */
static void check_split(struct dataset_salvage *s)
{
	struct strand *l = &s->strands[DATASET_CHECKSUMS];
	const cJSON *ids[SPLIT_COUNT_] = {NULL};
	char path[DATASET_PATH_BYTES];
	struct dataset_checksums sums;
	struct err err = {0};
	struct json_doc doc;
	bool same = true;

	dataset_file_path(s->folder, DATASET_SPLIT, "", path);
	if (json_read(&doc, path, &err) < 0) {
		salvage_tell(s, "%s", err.msg);
		return;
	}
	for (int i = 0; i < SPLIT_COUNT_; i++) {
		const cJSON *list = json_member(doc.root, dataset_split_names[i]);

		ids[i] = cJSON_IsArray(list) ? list->child : NULL;
	}
	if (l->file)
		rewind(l->file);
	while (l->file && same && getline(&l->now.text, &l->now.room, l->file) > 0) {
		if (dataset_checksums_parse(&sums, l->now.text) < 0)
			continue;
		same = cJSON_IsString(ids[sums.split]) &&
		       strcmp(ids[sums.split]->valuestring, sums.id) == 0;
		if (same)
			ids[sums.split] = ids[sums.split]->next;
	}
	for (int i = 0; i < SPLIT_COUNT_; i++)
		same &= !ids[i];
	if (!same)
		salvage_tell(s, "%s: other splits than checksums.jsonl has", path);
	json_free(&doc);
}

static void check_card(struct dataset_salvage *s)
{
	char path[DATASET_PATH_BYTES];
	struct buf is = {0};
	struct err err = {0};
	struct stat st;

	if (dataset_facts_check(&s->facts, s->folder, &err) < 0)
		salvage_tell(s, "%s", err.msg);
	if (stat(dataset_file_path(s->folder, "README.md", "", path), &st) < 0)
		salvage_tell(s, "%s: %s", path, strerror(errno));
	if (s->facts.layout != &dataset_tinyllava)
		return;
	dataset_file_path(s->folder, "tinyllava_metadata.json", "", path);
	buf_clear(&s->text);
	dataset_put_tinyllava(&s->text);
	if (fs_read(path, 1 << 20, &is, &err) < 0)
		salvage_tell(s, "%s", err.msg);
	else if (is.len != s->text.len || memcmp(is.data, s->text.data, is.len) != 0)
		salvage_tell(s, "%s: not as cadgen writes it", path);
	buf_free(&is);
}

void dataset_salvage_end(struct dataset_salvage *s)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		check_strand_end(s, &s->strands[i]);
	salvage_end_records(s);
	check_split(s);
	check_card(s);
}

/* --- opening ---------------------------------------------------------------------------------- */

struct dataset_salvage *dataset_salvage_open(const char *path, dataset_hear *hear, void *ctx,
					     struct err *err)
{
	struct dataset_salvage *s;

	if (*path == '\0' || strlen(path) > DATASET_FOLDER_BYTES_MAX) {
		err_set(err, ERR_USAGE, "the dataset's folder needs a name of 1 to %d bytes",
			DATASET_FOLDER_BYTES_MAX);
		return NULL;
	}
	s = mem_alloc(1, sizeof(*s));
	s->hear = hear;
	s->ctx = ctx;
	s->folder = arena_strndup(&s->arena, path, strlen(path));
	if (dataset_facts_read_info(&s->facts, s->folder, &s->arena, err) < 0) {
		dataset_salvage_free(s);
		return NULL;
	}
	s->settings = (struct dataset_settings){.path = s->folder,
						.layout = s->facts.layout,
						.picture = s->facts.picture,
						.shard_size = s->facts.shard_size,
						.test_fraction = s->facts.test_fraction};
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		salvage_open_strand(s, (enum dataset_part)i);
	return s;
}

void dataset_salvage_free(struct dataset_salvage *s)
{
	if (!s)
		return;
	for (int i = 0; i < DATASET_PART_COUNT; i++) {
		if (s->strands[i].file)
			fclose(s->strands[i].file); /* only read */
		free(s->strands[i].now.text);
		free(s->strands[i].next.text);
	}
	salvage_close_records(s);
	for (int i = 0; i < SALVAGE_AHEAD; i++)
		buf_free(&s->ahead[i].line);
	buf_free(&s->text);
	arena_free(&s->arena);
	free(s);
}

const struct dataset_facts *dataset_salvage_facts(const struct dataset_salvage *s)
{
	return &s->facts;
}
