/* SPDX-License-Identifier: MIT */
/*
 * dataset_read: four files in step.
 *
 *	train.json   [            val.json  [            scenes.jsonl  annotations.jsonl
 *	             entry 0,               entry 2      scene 0       {"id":"00000000",...
 *	             entry 1,               ]            scene 1       {"id":"00000001",...
 *	             entry 3                             scene 2       ...
 *	             ]                                   scene 3
 *
 * Which of the two arrays holds a sample follows from seed and number (dataset_is_val), so an entry
 * that is missing, doubled or in the other file is found where it should be. A line of scenes.jsonl
 * bears no number: one that is missing shows at the end, or to those who compare scene and program.
 *
 * Memory: a line of each file. A line is bounded, though none that cadgen writes comes near.
 */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/dataset_private.h"
#include "formats/dataset_read.h"

#define LINE_BYTES_MAX ((size_t)16 << 20)
#define IMAGE_TOKEN "<image>\n"

/* A file read line by line. */
struct lines {
	FILE *file;
	char path[DATASET_PATH_BYTES];
	uint64_t line;
	struct buf text; /* the line, without its newline */
};

struct dataset_reader {
	char *folder;
	struct dataset_facts facts;
	struct dataset_settings split; /* what dataset_is_val wants */
	struct lines parts[DATASET_PART_COUNT];
	uint64_t entries[DATASET_PART_COUNT]; /* read so far, of train.json and val.json */
	uint64_t next;
	struct arena arena; /* strings of facts */
};

int dataset_place_error(const struct dataset_place *place, struct err *err)
{
	static const char nameless[] = ":1: ";
	size_t skipped = strlen(nameless);

	if (err && strncmp(err->msg, nameless, skipped) == 0)
		memmove(err->msg, err->msg + skipped, strlen(err->msg) - skipped + 1);
	return err_context(err, "%s:%" PRIu64, place->path, place->line);
}

/* --- opening ----------------------------------------------------------------------------------- */

static int open_lines(struct dataset_reader *r, struct err *err)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++) {
		struct lines *l = &r->parts[i];

		dataset_file_path(r->folder, dataset_part_name((enum dataset_part)i), "", l->path);
		l->file = fopen(l->path, "re");
		if (!l->file)
			return err_errno(err, "cannot open %s", l->path);
	}
	return 0;
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
	if (dataset_facts_read(&r->facts, path, &r->arena, err) < 0 || open_lines(r, err) < 0) {
		dataset_reader_free(r);
		return NULL;
	}
	r->split = (struct dataset_settings){.seed = r->facts.seed,
					     .val_fraction = r->facts.val_fraction};
	return r;
}

void dataset_reader_free(struct dataset_reader *r)
{
	if (!r)
		return;
	for (int i = 0; i < DATASET_PART_COUNT; i++) {
		if (r->parts[i].file)
			fclose(r->parts[i].file); /* only read */
		buf_free(&r->parts[i].text);
	}
	arena_free(&r->arena);
	free(r);
}

const struct dataset_facts *dataset_reader_facts(const struct dataset_reader *r)
{
	return &r->facts;
}

/* --- lines ------------------------------------------------------------------------------------- */

static struct dataset_place place_of(const struct lines *l)
{
	return (struct dataset_place){l->path, l->line};
}

__attribute__((format(printf, 3, 4))) static int line_error(const struct lines *l, struct err *err,
							    const char *fmt, ...)
{
	struct dataset_place place = place_of(l);
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	for (char *c = what; *c; c++) /* of a line that is quoted: a message is one line */
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = '?';
	err_set(err, ERR_FORMAT, "%s", what);
	return dataset_place_error(&place, err);
}

/* Reads a line into l->text. Returns 1, 0 at the end of the file, -1 on error. */
static int next_line(struct lines *l, struct err *err)
{
	int c;

	buf_clear(&l->text);
	l->line++;
	while ((c = getc_unlocked(l->file)) != EOF && c != '\n') {
		if (c == '\0')
			return line_error(l, err, "a byte of 0");
		if (l->text.len == LINE_BYTES_MAX)
			return line_error(l, err, "a line of more than %zu bytes", LINE_BYTES_MAX);
		buf_char(&l->text, (char)c);
	}
	if (ferror(l->file))
		return err_errno(err, "cannot read %s", l->path);
	if (c == '\n') {
		buf_str(&l->text, "");
		return 1;
	}
	return l->text.len ? line_error(l, err, "cut short: the last line has no end") : 0;
}

/* As next_line; the end of the file is an error. */
static int need_line(struct lines *l, uint64_t done, uint64_t count, struct err *err)
{
	int rc = next_line(l, err);

	if (rc == 0)
		return line_error(l, err, "ends after %" PRIu64 " of %" PRIu64 " samples", done,
				  count);
	return rc < 0 ? -1 : 0;
}

/* Takes a fixed line: "[" or "]". */
static int need_bracket(struct lines *l, const char *bracket, struct err *err)
{
	int rc = next_line(l, err);

	if (rc < 0)
		return -1;
	if (rc == 0 || strcmp(l->text.data, bracket) != 0)
		return line_error(l, err, "'%s' expected, alone on its line", bracket);
	return 0;
}

static int need_end(struct lines *l, uint64_t count, struct err *err)
{
	int rc = next_line(l, err);

	if (rc > 0)
		return line_error(l, err, "more lines than for %" PRIu64 " samples", count);
	return rc;
}

/* --- entries ----------------------------------------------------------------------------------- */

static const char *need_string(const struct json_doc *doc, const cJSON *object, const char *key,
			       struct err *err)
{
	const cJSON *node = json_member(object, key);

	if (cJSON_IsString(node))
		return node->valuestring;
	json_error(doc, node ? node : object, err, "'%s' must be a string", key);
	return NULL;
}

/* The id and the image must be those of the sample. */
static int check_name(const struct json_doc *doc, const char *key, const char *wanted,
		      struct err *err)
{
	const char *is = need_string(doc, doc->root, key, err);

	if (!is)
		return -1;
	if (strcmp(is, wanted) != 0)
		return json_error(doc, json_member(doc->root, key), err,
				  "'%s' is '%.60s' where '%s' belongs", key, is, wanted);
	return 0;
}

/* The value of conversation k, which must be from `from`. */
static const char *conversation(const struct json_doc *doc, int k, const char *from,
				struct err *err)
{
	const cJSON *all = json_member(doc->root, "conversations");
	const cJSON *one = cJSON_IsArray(all) ? cJSON_GetArrayItem(all, k) : NULL;
	const char *is;

	if (!cJSON_IsObject(one) || cJSON_GetArraySize(all) != 2) {
		json_error(doc, all, err, "'conversations' must be an array of two objects");
		return NULL;
	}
	is = need_string(doc, one, "from", err);
	if (!is)
		return NULL;
	if (strcmp(is, from) != 0) {
		json_error(doc, one, err, "conversation %d is from '%.20s', not '%s'", k, is, from);
		return NULL;
	}
	return need_string(doc, one, "value", err);
}

static int read_entry(const struct json_doc *doc, struct dataset_sample *sample,
		      struct arena *arena, struct err *err)
{
	char image[DATASET_PATH_BYTES];
	const char *prompt, *program;

	dataset_picture_path(".", sample->index, image);
	if (check_name(doc, "id", sample->id, err) < 0 ||
	    check_name(doc, "image", image + strlen("./"), err) < 0)
		return -1;
	prompt = conversation(doc, 0, "human", err);
	program = prompt ? conversation(doc, 1, "gpt", err) : NULL;
	if (!program)
		return -1;
	if (strncmp(prompt, IMAGE_TOKEN, strlen(IMAGE_TOKEN)) != 0)
		return json_error(doc, NULL, err,
				  "a prompt that does not begin with <image> and a newline");
	prompt += strlen(IMAGE_TOKEN);
	sample->prompt = arena_strndup(arena, prompt, strlen(prompt));
	sample->program = arena_strndup(arena, program, strlen(program));
	return 0;
}

/* An entry stands on a line and, but for the last one, ends with a comma. */
static int take_comma(struct lines *l, uint64_t done, uint64_t count, struct err *err)
{
	struct buf *text = &l->text;
	bool comma = text->len && text->data[text->len - 1] == ',';

	if (strcmp(text->data, "]") == 0)
		return line_error(l, err, "ends after %" PRIu64 " of %" PRIu64 " samples", done,
				  count);
	if (comma && done + 1 >= count)
		return line_error(l, err, "more entries than the %" PRIu64 " of " DATASET_INFO,
				  count);
	if (!comma && done + 1 < count)
		return line_error(l, err, "no comma behind the entry");
	if (comma)
		text->data[--text->len] = '\0';
	return 0;
}

static int next_entry(struct dataset_reader *r, struct dataset_sample *sample, struct arena *arena,
		      struct err *err)
{
	bool val = dataset_is_val(&r->split, sample->index);
	enum dataset_part part = val ? DATASET_VAL : DATASET_TRAIN;
	uint64_t count = val ? r->facts.val_count : r->facts.train_count;
	struct lines *l = &r->parts[part];
	struct json_doc doc;
	int rc;

	if (r->entries[part] == 0 && need_bracket(l, "[", err) < 0)
		return -1;
	if (need_line(l, r->entries[part], count, err) < 0 ||
	    take_comma(l, r->entries[part], count, err) < 0)
		return -1;
	sample->program_place = place_of(l);
	rc = json_parse(&doc, "", l->text.data, l->text.len, err);
	if (rc == 0) {
		rc = read_entry(&doc, sample, arena, err);
		json_free(&doc);
	}
	if (rc < 0)
		return dataset_place_error(&sample->program_place, err);
	r->entries[part]++;
	return 0;
}

/* Writers put the id first, so the line need not be parsed to know whose it is. */
static int check_annotations_id(const struct lines *l, const char *id, struct err *err)
{
	char start[DATASET_ID_BYTES + 16];
	int n = snprintf(start, sizeof(start), "{\"id\":\"%s\"", id);

	if (strncmp(l->text.data, start, (size_t)n) != 0)
		return line_error(l, err, "begins with %.30s where %s belongs", l->text.data,
				  start);
	return 0;
}

static int next_lines(struct dataset_reader *r, struct dataset_sample *sample, struct arena *arena,
		      struct err *err)
{
	struct lines *scenes = &r->parts[DATASET_SCENES];
	struct lines *annotations = &r->parts[DATASET_ANNOTATIONS];

	if (need_line(annotations, r->next, r->facts.count, err) < 0 ||
	    check_annotations_id(annotations, sample->id, err) < 0 ||
	    need_line(scenes, r->next, r->facts.count, err) < 0)
		return -1;
	sample->annotations_place = place_of(annotations);
	sample->scene_place = place_of(scenes);
	sample->annotations = arena_strndup(arena, annotations->text.data, annotations->text.len);
	sample->scene = arena_strndup(arena, scenes->text.data, scenes->text.len);
	return 0;
}

static int check_array_end(struct dataset_reader *r, enum dataset_part part, uint64_t count,
			   struct err *err)
{
	struct lines *l = &r->parts[part];

	if (need_bracket(l, r->entries[part] ? "]" : "[]", err) < 0)
		return -1;
	return need_end(l, count, err);
}

static int check_ends(struct dataset_reader *r, struct err *err)
{
	const struct dataset_facts *f = &r->facts;

	if (check_array_end(r, DATASET_TRAIN, f->train_count, err) < 0 ||
	    check_array_end(r, DATASET_VAL, f->val_count, err) < 0 ||
	    need_end(&r->parts[DATASET_SCENES], f->count, err) < 0)
		return -1;
	return need_end(&r->parts[DATASET_ANNOTATIONS], f->count, err);
}

int dataset_read(struct dataset_reader *r, struct dataset_sample *sample, struct arena *arena,
		 struct err *err)
{
	char id[DATASET_ID_BYTES], image[DATASET_PATH_BYTES];
	const char *path;

	if (r->next == r->facts.count)
		return check_ends(r, err);
	dataset_id(r->next, id);
	dataset_picture_path(r->folder, r->next, image);
	path = arena_strndup(arena, image, strlen(image));
	*sample = (struct dataset_sample){
		.index = r->next,
		.id = arena_strndup(arena, id, strlen(id)),
		.image = path,
		.image_name = path + strlen(r->folder) + 1,
	};
	if (next_entry(r, sample, arena, err) < 0 || next_lines(r, sample, arena, err) < 0)
		return -1;
	r->next++;
	return 1;
}
