/* SPDX-License-Identifier: MIT */
/*
 *	program      -> shapes, lengths in every language, keys
 *	scene        -> family, unit, arrangement
 *	annotations  -> dimensions as they are drawn, digits, tolerances, what is still legible
 *	picture      -> ink, sides, key
 */
#include <config.h>

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "formats/dataset/dataset.h"
#include "formats/dataset/program_near.h"
#include "formats/dataset/sample_stats.h"
#include "formats/drawing/annotations_read.h"

#define PICTURE_SIDE_MAX 20000
#define DARK 128
#define SHARE_WHOLE 10000 /* hundredths of a per cent */

#define G(id, name, count) _Static_assert((count) <= STATS_MEMBERS_MAX, "members of " name);
STATS_GROUPS(G)
#undef G

const char *stats_group_name(enum stats_group group)
{
	static const char *const names[] = {
#define G(id, name, count) name,
		STATS_GROUPS(G)
#undef G
	};

	return names[group];
}

int stats_member_count(enum stats_group group)
{
	static const int counts[] = {
#define G(id, name, count) count,
		STATS_GROUPS(G)
#undef G
	};

	return counts[group];
}

const char *stats_member_name(enum stats_group group, int member)
{
	switch (group) {
	case STATS_FAMILY:
		return family_name((enum family)member);
	case STATS_UNIT:
		return unit_name((enum unit)member);
	case STATS_ARRANGEMENT:
		return arrangement_name((enum arrangement)member);
	case STATS_SHAPE:
		return shape_kind_name((enum shape_kind)member);
	case STATS_DIMENSION:
		return dim_kind_name((enum dim_kind)member);
	case STATS_STATUS:
		return callout_status_name((enum callout_status)member);
	case STATS_TOLERANCE:
		return tolerance_kind_name((enum tolerance_kind)member);
	case STATS_LEGIBILITY:
		return annotation_state_name((enum annotation_state)member);
	case STATS_COLOUR:
		return member ? "colour" : "grey";
	case STATS_GROUP_COUNT_:
		break;
	}
	assert(!"a group");
	return "";
}

/* --- program ---------------------------------------------------------------------------------- */

static void measure(struct sample_stats *stats, enum language language, const char *text,
		    size_t len, const struct stats_wants *wants)
{
	stats->values[SPREAD_CHARACTERS + (int)language] = (uint32_t)len;
	if (wants->count_tokens)
		stats->values[SPREAD_TOKENS + (int)language] =
			wants->count_tokens(wants->ctx, text, len);
}

/* Every language but its own; keys are of what calls says. */
static void measure_others(struct sample_stats *stats, const struct program *program,
			   enum language own, const struct stats_wants *wants)
{
	struct buf text = {0};

	for (int i = 0; i < LANGUAGE_COUNT_; i++) {
		enum language language = (enum language)i;

		if (!program_fits(program, language))
			continue;
		buf_clear(&text);
		program_write(program, language, &text);
		if (language == LANGUAGE_CALLS)
			stats->program_key = dataset_checksum(text.data, text.len);
		if (language != own)
			measure(stats, language, text.data, text.len, wants);
	}
	buf_free(&text);
}

static int read_program(struct sample_stats *stats, const struct dataset_sample *sample,
			enum language language, const struct stats_wants *wants,
			struct arena *arena, struct err *err)
{
	const char *text = sample->program;
	struct program program;

	if (program_parse(&program, language, "program", text, strlen(text), arena, err) < 0)
		return dataset_place_error(&sample->program_place, err);
	for (int i = 0; i < program.shape_count; i++)
		stats->counts[STATS_SHAPE][program.shapes[i].kind]++;
	stats->values[SPREAD_SHAPES] = (uint32_t)program.shape_count;
	measure(stats, language, text, strlen(text), wants);
	measure_others(stats, &program, language, wants);
	stats->near_key = program_near_key(&program, arena);
	return 0;
}

/* --- scene and annotations -------------------------------------------------------------------- */

static int read_scene(struct sample_stats *stats, const struct dataset_sample *sample,
		      struct arena *arena, struct err *err)
{
	const char *text = sample->scene;
	struct scene scene;

	if (scene_parse(&scene, "", text, strlen(text), arena, err) < 0)
		return dataset_place_error(&sample->scene_place, err);
	stats->counts[STATS_FAMILY][scene.family]++;
	stats->counts[STATS_UNIT][scene.unit]++;
	stats->counts[STATS_ARRANGEMENT][scene.arrangement]++;
	return 0;
}

static int read_annotations(struct sample_stats *stats, const struct dataset_sample *sample,
			    struct arena *arena, struct err *err)
{
	const char *text = sample->annotations;
	struct dimension_annotation *all;
	int count = annotations_read_dimensions(&all, "", text, strlen(text), arena, err);

	if (count < 0)
		return dataset_place_error(&sample->annotations_place, err);
	for (int i = 0; i < count; i++) {
		int digits = dimension_annotation_digits(&all[i]);

		stats->counts[STATS_DIMENSION][all[i].kind]++;
		stats->counts[STATS_STATUS][all[i].status]++;
		stats->counts[STATS_TOLERANCE][all[i].tolerance]++;
		stats->digits[digits < STATS_DIGITS_MAX ? digits : STATS_DIGITS_MAX]++;
	}
	stats->values[SPREAD_DIMENSIONS] = (uint32_t)count;
	annotations_count_states(text, strlen(text), stats->counts[STATS_LEGIBILITY]);
	return 0;
}

/* --- picture ---------------------------------------------------------------------------------- */

static bool is_dark(const uint8_t *px, int channels)
{
	if (channels == 1)
		return *px < DARK;
	return 299 * px[0] + 587 * px[1] + 114 * px[2] < 1000 * DARK; /* ITU-R BT.601 */
}

/* Hundredths of a per cent, rounded. */
static uint32_t dark_share(const struct image *image)
{
	uint64_t dark = 0, all = (uint64_t)image->width * (uint64_t)image->height;

	for (int y = 0; y < image->height; y++) {
		const uint8_t *row = image->px + (size_t)y * image->stride;

		for (int x = 0; x < image->width; x++)
			dark += is_dark(row + x * image->channels, image->channels);
	}
	return (uint32_t)((dark * SHARE_WHOLE + all / 2) / all);
}

static int read_pixels(struct sample_stats *stats, const struct dataset_sample *sample,
		       const struct buf *file, struct err *err)
{
	struct image image;
	struct err inner = {0};

	if (image_decode(&image, sample->image_name, file->data, file->len, PICTURE_SIDE_MAX,
			 &inner) < 0)
		return err_set(err, inner.code, "%s: %s", sample->image, inner.msg);
	stats->values[SPREAD_INK] = dark_share(&image);
	stats->values[SPREAD_WIDTH] = (uint32_t)image.width;
	stats->values[SPREAD_HEIGHT] = (uint32_t)image.height;
	stats->counts[STATS_COLOUR][image.channels != 1]++;
	image_free(&image);
	return 0;
}

static int read_picture(struct sample_stats *stats, const struct dataset_sample *sample,
			struct err *err)
{
	struct buf file = {0};
	int rc = dataset_sample_picture(sample, &file, err);

	if (rc == 0) {
		stats->picture_key = dataset_checksum(file.data, file.len);
		rc = read_pixels(stats, sample, &file, err);
	}
	buf_free(&file);
	return rc;
}

int sample_stats_read(struct sample_stats *stats, const struct dataset_sample *sample,
		      enum language language, const struct stats_wants *wants, struct arena *arena,
		      struct err *err)
{
	memset(stats, 0, sizeof(*stats));
	stats->index = sample->index;
	stats->split = sample->split;
	stats->picture_key = sample->picture_hash;
	for (int i = 0; i < SPREAD_COUNT_; i++)
		stats->values[i] = STATS_NO_VALUE;
	if (read_program(stats, sample, language, wants, arena, err) < 0 ||
	    read_scene(stats, sample, arena, err) < 0 ||
	    read_annotations(stats, sample, arena, err) < 0)
		return -1;
	return wants->pictures ? read_picture(stats, sample, err) : 0;
}
