/* SPDX-License-Identifier: MIT */
/*
 * dataset_salvage: the files of a dataset side by side, each at a line or record of its own.
 *
 * Lines that bear an id (checksums, entries, annotations) are found by it: a line before the wanted sample is
 * dropped, one behind it stays for later, and one whose id is higher than that of the line that follows it bears a
 * wrong one. Lines of scenes.jsonl bear none and are found by their hash among those of the next samples. In shards
 * a record stays likewise until its number comes; where one cannot be read, the rest of that file is lost.
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
#include "formats/dataset_private.h"
#include "formats/dataset_salvage.h"

#define PICTURE_BYTES_MAX ((size_t)256 << 20)
#define AHEAD 64 /* samples whose hashes are known */
#define QUOTED 60
#define GAP_MAX 16 /* shards of a block that are gone, one behind the other */
#define NO_ID UINT64_MAX

struct line {
	char *text; /* without its newline */
	size_t length, room;
	uint64_t number;
	bool there;
};

/* A file of lines: where it is, and the line behind. */
struct strand {
	FILE *file;
	char path[DATASET_PATH_BYTES];
	struct line now, next;
	uint64_t read;  /* lines so far */
	uint64_t taken; /* entries */
	bool ended, missed, array, opened, closed;
};

struct record_strand {
	struct dataset_shard_reader *reader;
	char path[DATASET_PATH_BYTES];
	uint64_t block, piece;
	bool lost;                     /* nothing more until the next block, */
	bool told;                     /* and it was said why */
	struct dataset_sample pending; /* of `arena`; id NULL: none */
	struct arena arena;
};

struct ahead {
	bool known;
	struct buf line;
	struct dataset_checksums sums;
};

struct dataset_salvage {
	char *folder;
	struct dataset_facts facts;
	struct dataset_settings settings; /* layout, picture and fractions alone */
	struct strand strands[DATASET_PART_COUNT];
	struct record_strand records[SPLIT_COUNT_];
	struct ahead ahead[AHEAD];
	uint64_t next, ahead_next, heard;
	struct buf text; /* scratch */
	dataset_hear *hear;
	void *ctx;
	struct arena arena; /* strings of facts */
};

/* --- what is wrong ---------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void tell(struct dataset_salvage *s, const char *fmt,
						       ...)
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

/* --- lines ------------------------------------------------------------------------------------ */

/* Reads on into a line. */
static void read_line(struct dataset_salvage *s, struct strand *l, struct line *line)
{
	ssize_t n;

	line->there = false;
	if (!l->file || l->ended)
		return;
	n = getline(&line->text, &line->room, l->file);
	if (n < 0) {
		if (ferror(l->file))
			tell(s, "%s: %s", l->path, strerror(errno));
		l->ended = true;
		return;
	}
	line->number = ++l->read;
	line->there = true;
	if (line->text[n - 1] == '\n')
		n--;
	else
		tell(s, "%s:%" PRIu64 ": cut short: the last line has no end", l->path, l->read);
	line->text[n] = '\0';
	line->length = (size_t)n;
}

static void drop_line(struct dataset_salvage *s, struct strand *l)
{
	struct line was = l->now;

	l->now = l->next;
	l->next = was;
	read_line(s, l, &l->next);
}

static void open_strand(struct dataset_salvage *s, enum dataset_part part)
{
	struct strand *l = &s->strands[part];
	char name[DATASET_NAME_BYTES];

	if (!dataset_has_part(&s->settings, part))
		return;
	l->array = dataset_part_is_array(s->facts.layout, part);
	dataset_part_name(s->facts.layout, part, name);
	dataset_file_path(s->folder, name, "", l->path);
	l->file = fopen(l->path, "re");
	if (!l->file)
		tell(s, "%s: %s", l->path, strerror(errno));
	read_line(s, l, &l->now);
	read_line(s, l, &l->next);
}

/* The number in "id":"00000042"; NO_ID where there is none below the count. */
static uint64_t id_of(const struct dataset_salvage *s, const struct line *line)
{
	static const char key[] = "\"id\":\"";
	const char *at = line->there ? strstr(line->text, key) : NULL;
	uint64_t id = NO_ID;
	char *end;

	if (!at)
		return NO_ID;
	at += strlen(key);
	if (strspn(at, "0123456789") >= 8)
		id = strtoull(at, &end, 10);
	return id != NO_ID && *end == '"' && id < s->facts.count ? id : NO_ID;
}

/* The brackets of an array, alone on their lines. */
static bool is_bracket(struct strand *l)
{
	const char *text = l->now.text;

	if (!l->array || l->now.length > 2)
		return false;
	l->opened |= text[0] == '[' && l->now.number == 1;
	l->closed |= text[l->now.length - (l->now.length > 0)] == ']' && !l->next.there;
	return strcmp(text, "[") == 0 || strcmp(text, "]") == 0 || strcmp(text, "[]") == 0;
}

/* Goes to the sample's line: whether there is one. */
static bool find_line(struct dataset_salvage *s, struct strand *l, uint64_t index)
{
	while (l->now.there) {
		uint64_t id, after;

		if (is_bracket(l)) {
			drop_line(s, l);
			continue;
		}
		id = id_of(s, &l->now);
		after = id_of(s, &l->next);
		if (id == index)
			return true;
		if (id == NO_ID)
			tell(s, "%s:%" PRIu64 ": no line of a sample: %.*s", l->path, l->now.number,
			     QUOTED, l->now.text);
		else if (id < index || (after != NO_ID && after < id))
			tell(s, "%s:%" PRIu64 ": sample %08" PRIu64 " does not belong here",
			     l->path, l->now.number, id);
		else
			return false;
		drop_line(s, l);
	}
	return false;
}

/* Once for all that a file lacks at its end. */
static void miss(struct dataset_salvage *s, struct strand *l, const char *id)
{
	if (l->now.there)
		tell(s, "%s: no line of sample %s", l->path, id);
	else if (l->file && !l->missed)
		tell(s, "%s: ends before sample %s", l->path, id);
	l->missed |= !l->now.there;
}

/* --- checksums -------------------------------------------------------------------------------- */

static struct ahead *ahead_of(struct dataset_salvage *s, uint64_t index)
{
	return &s->ahead[index % AHEAD];
}

static void look_ahead(struct dataset_salvage *s)
{
	struct strand *l = &s->strands[DATASET_CHECKSUMS];

	while (s->ahead_next < s->facts.count && s->ahead_next < s->next + AHEAD) {
		struct ahead *a = ahead_of(s, s->ahead_next);
		char id[DATASET_ID_BYTES];

		dataset_id(s->ahead_next, id);
		a->known = false;
		if (find_line(s, l, s->ahead_next)) {
			a->known = dataset_checksums_parse(&a->sums, l->now.text) == 0;
			buf_clear(&a->line);
			buf_bytes(&a->line, l->now.text, l->now.length);
			if (!a->known)
				tell(s, "%s:%" PRIu64 ": no checksums of a sample: %.*s", l->path,
				     l->now.number, QUOTED, l->now.text);
			drop_line(s, l);
		} else {
			miss(s, l, id);
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

	if (!find_line(s, l, sample->index)) {
		miss(s, l, sample->id);
		return NULL;
	}
	if (a->known && dataset_checksum(l->now.text, l->now.length) != a->sums.annotations)
		tell(s, "%s:%" PRIu64 ": not as checksums.jsonl has sample %s", l->path,
		     l->now.number, sample->id);
	else
		found = copy_line(&l->now, arena);
	drop_line(s, l);
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
		tell(s, "%s:%" PRIu64 ": a line of no sample", l->path, l->now.number);
		drop_line(s, l);
	}
	if (!l->now.there) {
		miss(s, l, sample->id);
		return NULL;
	}
	hash = hash_of(&l->now);
	if (a->known ? hash == a->sums.scene : !is_of_later(s, hash)) {
		found = copy_line(&l->now, arena);
	} else if (is_of_later(s, hash)) {
		tell(s, "%s: no line of sample %s", l->path, sample->id);
		return NULL;
	} else {
		tell(s, "%s:%" PRIu64 ": not as checksums.jsonl has sample %s", l->path,
		     l->now.number, sample->id);
	}
	drop_line(s, l);
	return found;
}

/* Whether the entry's prompt and program are those of the hash. */
static bool is_label(struct dataset_salvage *s, const struct dataset_sample *sample,
		     const struct ahead *a)
{
	buf_clear(&s->text);
	buf_str(&s->text, sample->prompt);
	buf_char(&s->text, '\n');
	buf_str(&s->text, sample->program);
	return dataset_checksum(s->text.data, s->text.len) == a->sums.label;
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
	if (!wrong && (!is_label(s, sample, a) || !is_as_written(s, sample, l->now.text)))
		wrong = "not as checksums.jsonl has it";
	if (wrong)
		tell(s, "%s:%" PRIu64 ": sample %s: %s", l->path, l->now.number, sample->id, wrong);
	return !wrong;
}

static bool take_entry(struct dataset_salvage *s, struct dataset_sample *sample,
		       const struct ahead *a, struct arena *arena)
{
	struct strand *l = &s->strands[sample->split];
	bool comma, last = l->taken + 1 == s->facts.counts[sample->split], sound;

	if (!find_line(s, l, sample->index)) {
		miss(s, l, sample->id);
		l->taken++;
		return false;
	}
	comma = l->now.length && l->now.text[l->now.length - 1] == ',';
	if (l->array && comma == last)
		tell(s, "%s:%" PRIu64 ": %s behind the entry", l->path, l->now.number,
		     last ? "a comma" : "no comma");
	if (l->array && comma)
		l->now.text[--l->now.length] = '\0';
	sound = read_entry(s, l, sample, a, arena);
	drop_line(s, l);
	l->taken++;
	return sound;
}

/* --- shards ----------------------------------------------------------------------------------- */

static bool shard_there(const struct dataset_salvage *s, enum dataset_split split, uint64_t block,
			uint64_t piece, char path[DATASET_PATH_BYTES])
{
	struct stat st;

	dataset_shard_path(s->folder, s->facts.layout, split, block, piece, 0, "", path);
	return stat(path, &st) == 0;
}

static void open_shard(struct dataset_salvage *s, enum dataset_split split)
{
	const struct dataset_layout *layout = s->facts.layout;
	struct record_strand *r = &s->records[split];
	char others[DATASET_STREAMS_MAX][DATASET_PATH_BYTES];
	char *paths[DATASET_STREAMS_MAX];
	struct err err = {0};

	for (int i = 0; i < DATASET_STREAMS_MAX; i++) {
		paths[i] = i ? others[i] : r->path;
		if (layout->streams[i])
			dataset_shard_path(s->folder, layout, split, r->block, r->piece, i, "",
					   paths[i]);
	}
	r->reader = layout->shard_open(paths, &err);
	if (!r->reader)
		tell(s, "%s", err.msg);
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
		tell(s, "%s: is missing", path);
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
			tell(s, "%s%s%s; the rest of it is lost",
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

static void enter_block(struct dataset_salvage *s, enum dataset_split split, uint64_t block)
{
	struct record_strand *r = &s->records[split];

	if (r->path[0] && r->block == block)
		return;
	while (r->pending.id) {
		tell(s, "%s: sample %s does not belong here", r->path, r->pending.id);
		read_record(s, split);
	}
	close_shard(s, r);
	r->block = block;
	r->piece = 0;
	open_shard(s, split);
	read_record(s, split);
}

/* Takes prompt, program and picture; what is there to be checked: false where nothing is. */
static bool take_record(struct dataset_salvage *s, struct dataset_sample *sample,
			struct arena *arena)
{
	uint64_t block = sample->index / s->facts.shard_size;
	struct record_strand *r = &s->records[sample->split];

	enter_block(s, sample->split, block);
	while (r->pending.id) {
		uint64_t id = strtoull(r->pending.id, NULL, 10);

		if (id > sample->index && id < s->facts.count)
			break;
		if (id == sample->index) {
			copy_record(sample, &r->pending, arena);
			read_record(s, sample->split);
			return true;
		}
		tell(s, "%s: sample %s does not belong here", r->path, r->pending.id);
		read_record(s, sample->split);
	}
	if (!r->lost || !r->told)
		tell(s, "%s: no sample %s", r->path, sample->id);
	r->told = true;
	return false;
}

/* --- pictures --------------------------------------------------------------------------------- */

static void name_picture(struct dataset_salvage *s, struct dataset_sample *sample,
			 struct arena *arena)
{
	char image[DATASET_PATH_BYTES];

	if (s->facts.layout->pictures == PICTURES_INSIDE)
		return;
	dataset_picture_path(s->folder, s->facts.layout, s->facts.picture, sample->split,
			     sample->index, image);
	sample->image = arena_strndup(arena, image, strlen(image));
	sample->image_name = sample->image + strlen(s->folder) + 1;
}

static bool read_picture(struct dataset_salvage *s, struct dataset_sample *sample,
			 struct arena *arena)
{
	struct buf bytes = {0};
	struct err err = {0};
	char *picture;

	if (fs_read(sample->image, PICTURE_BYTES_MAX, &bytes, &err) < 0) {
		tell(s, "%s", err.msg);
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
		tell(s, "%s: the picture of sample %s is not as checksums.jsonl has it",
		     s->records[sample->split].path, sample->id);
	else
		tell(s, "%s: not as checksums.jsonl has it", sample->image);
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
		tell(s, "%s: is missing or empty", path);
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
	name_picture(s, sample, arena);
	if (s->facts.layout->list) {
		sound = take_entry(s, sample, a, arena);
	} else {
		sound = take_record(s, sample, arena);
		if (!sound)
			return DAMAGE(ENTRY) | DAMAGE(PICTURE);
		sound = is_label(s, sample, a);
		if (!sound)
			tell(s, "%s: the label of sample %s is not as checksums.jsonl has it",
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
	uint64_t block = s->facts.shard_size ? index / s->facts.shard_size : 0;
	char path[DATASET_PATH_BYTES];

	for (int i = 0; i < SPLIT_COUNT_; i++) {
		enum dataset_split split = (enum dataset_split)i;
		struct record_strand *r = &s->records[i];

		if (s->facts.layout->list && find_line(s, &s->strands[i], index))
			drop_line(s, &s->strands[i]);
		if (!s->facts.layout->streams[0] || !shard_there(s, split, block, 0, path))
			continue;
		enter_block(s, split, block);
		if (r->pending.id && strtoull(r->pending.id, NULL, 10) == index)
			read_record(s, split);
	}
}

bool dataset_salvage_next(struct dataset_salvage *s, struct dataset_sample *sample,
			  unsigned *broken, struct arena *arena)
{
	const struct ahead *a;
	char id[DATASET_ID_BYTES];

	*broken = 0;
	if (s->next == s->facts.count)
		return false;
	look_ahead(s);
	a = ahead_of(s, s->next);
	dataset_id(s->next, id);
	*sample = (struct dataset_sample){.index = s->next,
					  .id = arena_strndup(arena, id, strlen(id))};
	if (a->known)
		*broken |= take_label(s, sample, a, arena);
	else
		skip_label(s, s->next);
	sample->annotations = take_annotations(s, sample, a, arena);
	sample->scene = take_scene(s, sample, a, arena);
	if (!sample->annotations)
		*broken |= DAMAGE(ANNOTATIONS);
	if (!sample->scene)
		*broken |= DAMAGE(SCENE);
	if (!has_also(s, sample))
		*broken |= DAMAGE(ALSO);
	if (!a->known)
		*broken = (1u << DAMAGE_COUNT_) - 1;
	s->next++;
	return true;
}

/* --- the end ---------------------------------------------------------------------------------- */

static void check_strand_end(struct dataset_salvage *s, struct strand *l)
{
	if (!l->file)
		return;
	while (l->now.there) {
		if (!is_bracket(l))
			tell(s, "%s:%" PRIu64 ": a line behind the last sample's", l->path,
			     l->now.number);
		drop_line(s, l);
	}
	if (l->array && !l->opened)
		tell(s, "%s: does not begin with [", l->path);
	if (l->array && !l->closed)
		tell(s, "%s: does not end with ]", l->path);
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
		tell(s, "%s", err.msg);
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
		tell(s, "%s: other splits than checksums.jsonl has", path);
	json_free(&doc);
}

static void check_card(struct dataset_salvage *s)
{
	char path[DATASET_PATH_BYTES];
	struct buf is = {0};
	struct err err = {0};
	struct stat st;

	if (dataset_facts_check(&s->facts, s->folder, &err) < 0)
		tell(s, "%s", err.msg);
	if (stat(dataset_file_path(s->folder, "README.md", "", path), &st) < 0)
		tell(s, "%s: %s", path, strerror(errno));
	if (s->facts.layout != &dataset_tinyllava)
		return;
	dataset_file_path(s->folder, "tinyllava_metadata.json", "", path);
	buf_clear(&s->text);
	dataset_put_tinyllava(&s->text);
	if (fs_read(path, 1 << 20, &is, &err) < 0)
		tell(s, "%s", err.msg);
	else if (is.len != s->text.len || memcmp(is.data, s->text.data, is.len) != 0)
		tell(s, "%s: not as cadgen writes it", path);
	buf_free(&is);
}

static void check_records_end(struct dataset_salvage *s, enum dataset_split split)
{
	struct record_strand *r = &s->records[split];

	while (r->pending.id) {
		tell(s, "%s: sample %s does not belong here", r->path, r->pending.id);
		read_record(s, split);
	}
}

void dataset_salvage_end(struct dataset_salvage *s)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		check_strand_end(s, &s->strands[i]);
	for (int i = 0; i < SPLIT_COUNT_; i++)
		check_records_end(s, (enum dataset_split)i);
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
		open_strand(s, (enum dataset_part)i);
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
	for (int i = 0; i < SPLIT_COUNT_; i++) {
		close_shard(s, &s->records[i]);
		arena_free(&s->records[i].arena);
	}
	for (int i = 0; i < AHEAD; i++)
		buf_free(&s->ahead[i].line);
	buf_free(&s->text);
	arena_free(&s->arena);
	free(s);
}

const struct dataset_facts *dataset_salvage_facts(const struct dataset_salvage *s)
{
	return &s->facts;
}
