/* SPDX-License-Identifier: MIT */
/*
 * dataset_lines: what samples add to a dataset, put together by workers so that appending is writing alone.
 *
 * checksums.jsonl has a line for each sample, the same in every layout: a hash of its picture's file, of its
 * prompt and program, of its lines of annotations and scenes, and of the label in whatever language. It tells
 * what is broken, and which samples are alike.
 */
#include <config.h>

#include <assert.h>
#include <endian.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "formats/dataset/dataset_private.h"

#define MILLION 1000000
#define ROOM_MIN 16

static uint32_t millionths(double fraction)
{
	return (uint32_t)lround(fraction * MILLION);
}

enum dataset_split dataset_split_of(const struct dataset_settings *settings, uint64_t program_hash)
{
	struct rng rng = rng_stream(settings->seed, program_hash, "split", 0);
	uint32_t at = rng_below(&rng, MILLION), val = millionths(settings->val_fraction);

	if (at < val)
		return SPLIT_VAL;
	return at < val + millionths(settings->test_fraction) ? SPLIT_TEST : SPLIT_TRAIN;
}

/* n: 8 at most. */
static inline uint64_t word_of(const unsigned char *bytes, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, bytes, n);
	return le64toh(word);
}

/* Eight bytes at a time, the last ones filled up with zeros; the length makes those differ. */
uint64_t dataset_checksum(const void *data, size_t n)
{
	const unsigned char *bytes = data;
	uint64_t h = n;
	size_t at = 0;

	for (; n - at >= 8; at += 8)
		h = rng_mix64(h ^ word_of(bytes + at, 8));
	return at < n ? rng_mix64(h ^ word_of(bytes + at, n - at)) : h;
}

uint64_t dataset_label_checksum(const char *prompt, const char *program)
{
	struct buf text = {0};
	uint64_t h;

	buf_str(&text, prompt);
	buf_char(&text, '\n');
	buf_str(&text, program);
	h = dataset_checksum(text.data, text.len);
	buf_free(&text);
	return h;
}

static void put_hash(struct buf *out, const char *key, uint64_t hash)
{
	char text[64];

	snprintf(text, sizeof(text), ",\"%s\":\"%016" PRIx64 "\"", key, hash);
	buf_str(out, text);
}

void dataset_put_checksums(struct buf *out, const struct dataset_item *item)
{
	buf_str(out, "{\"id\":");
	buf_json_str(out, item->id);
	buf_str(out, ",\"split\":");
	buf_json_str(out, dataset_split_names[item->split]);
	put_hash(out, "program", item->program_hash);
	put_hash(out, "label", dataset_label_checksum(item->prompt, item->program));
	put_hash(out, "picture", dataset_checksum(item->picture, item->picture_bytes));
	put_hash(out, "annotations",
		 dataset_checksum(item->annotations, strlen(item->annotations)));
	put_hash(out, "scene", dataset_checksum(item->scene, strlen(item->scene)));
	buf_str(out, "}\n");
}

/* The text behind `key` of a line, to be followed by n characters and a quote; NULL: it is not there. */
static const char *value_of(const char *line, const char *key, size_t n)
{
	char quoted[32];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\":\"", key);
	at = strstr(line, quoted);
	if (!at)
		return NULL;
	at += strlen(quoted);
	return strcspn(at, "\"\n") >= n ? at : NULL;
}

static int parse_hash(const char *line, const char *key, uint64_t *out)
{
	const char *at = value_of(line, key, 16);

	if (!at || strspn(at, "0123456789abcdef") != 16 || at[16] != '"')
		return -1;
	*out = strtoull(at, NULL, 16);
	return 0;
}

static int parse_split(const char *line, enum dataset_split *out)
{
	const char *at = value_of(line, "split", 1);

	for (int i = 0; at && i < SPLIT_COUNT_; i++) {
		size_t length = strlen(dataset_split_names[i]);

		if (strncmp(at, dataset_split_names[i], length) == 0 && at[length] == '"') {
			*out = (enum dataset_split)i;
			return 0;
		}
	}
	return -1;
}

int dataset_checksums_parse(struct dataset_checksums *sums, const char *line)
{
	const char *id = value_of(line, "id", 1);
	size_t digits = id ? strspn(id, "0123456789") : 0;

	if (digits == 0 || digits >= DATASET_ID_BYTES || id[digits] != '"')
		return -1;
	memcpy(sums->id, id, digits);
	sums->id[digits] = '\0';
	if (parse_split(line, &sums->split) < 0 ||
	    parse_hash(line, "program", &sums->program) < 0 ||
	    parse_hash(line, "label", &sums->label) < 0 ||
	    parse_hash(line, "picture", &sums->picture) < 0 ||
	    parse_hash(line, "annotations", &sums->annotations) < 0 ||
	    parse_hash(line, "scene", &sums->scene) < 0)
		return -1;
	return 0;
}

static void add_entry(struct buf *out, const struct dataset_settings *settings,
		      const struct dataset_layout *layout, const struct dataset_item *item)
{
	char path[DATASET_PATH_BYTES];

	dataset_picture_path(".", layout, settings->picture, item->split, item->index, path);
	/* Every entry of an array begins with a comma; appending drops the first one of the file. */
	if (layout->list_is_array)
		buf_str(out, ",\n");
	layout->put_entry(out, item, path + strlen("./"));
	if (!layout->list_is_array)
		buf_char(out, '\n');
}

static void add_line(struct buf *out, const char *line)
{
	assert(!strchr(line, '\n'));
	buf_str(out, line);
	buf_char(out, '\n');
}

static void add_record(struct dataset_lines *lines, const struct dataset_record *record)
{
	if (lines->record_count == lines->record_room) {
		lines->record_room = lines->record_room ? 2 * lines->record_room : ROOM_MIN;
		lines->records =
			mem_realloc(lines->records, lines->record_room, sizeof(*lines->records));
	}
	lines->records[lines->record_count++] = *record;
}

static int add_shard(struct dataset_lines *lines, const struct dataset_layout *layout,
		     const struct dataset_item *item, struct err *err)
{
	struct dataset_record record = {.index = item->index, .split = item->split};
	size_t before[DATASET_STREAMS_MAX];

	if (layout->encoder_new && lines->layout != layout) {
		lines->encoder = layout->encoder_new(err);
		if (!lines->encoder)
			return -1;
	}
	lines->layout = layout;
	for (int i = 0; i < DATASET_STREAMS_MAX; i++)
		before[i] = lines->streams[i].len;
	if (layout->encode(lines->encoder, item, lines->streams, err) < 0)
		return -1;
	for (int i = 0; i < DATASET_STREAMS_MAX; i++)
		record.bytes[i] = lines->streams[i].len - before[i];
	add_record(lines, &record);
	return 0;
}

int dataset_add(struct dataset_lines *lines, const struct dataset_settings *settings,
		const struct dataset_item *given, struct err *err)
{
	const struct dataset_layout *layout = dataset_layout_of(settings);
	struct dataset_item item = *given;
	char id[DATASET_ID_BYTES];

	item.id = dataset_id(item.index, id);
	if (layout->list)
		add_entry(&lines->parts[item.split], settings, layout, &item);
	if (layout->streams[0] && !item.kept && add_shard(lines, layout, &item, err) < 0)
		return -1;
	add_line(&lines->parts[DATASET_ANNOTATIONS], item.annotations);
	add_line(&lines->parts[DATASET_SCENES], item.scene);
	dataset_put_checksums(&lines->parts[DATASET_CHECKSUMS], &item);
	lines->counts[item.split]++;
	return 0;
}

void dataset_lines_clear(struct dataset_lines *lines)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		buf_clear(&lines->parts[i]);
	for (int i = 0; i < DATASET_STREAMS_MAX; i++)
		buf_clear(&lines->streams[i]);
	memset(lines->counts, 0, sizeof(lines->counts));
	lines->record_count = 0;
	lines->redrawn = 0;
}

void dataset_lines_free(struct dataset_lines *lines)
{
	for (int i = 0; i < DATASET_PART_COUNT; i++)
		buf_free(&lines->parts[i]);
	for (int i = 0; i < DATASET_STREAMS_MAX; i++)
		buf_free(&lines->streams[i]);
	if (lines->layout && lines->layout->encoder_free)
		lines->layout->encoder_free(lines->encoder);
	free(lines->records);
	*lines = (struct dataset_lines){0};
}
