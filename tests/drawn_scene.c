/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/drawn_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gen/reader/program_from_drawing.h"
#include "tests/sample_settings.h"

#define SIZE_PX 1024

static int draw(struct sample *sample, const char *json, const char *style, uint64_t index,
		struct arena *arena, struct err *err)
{
	struct sample_settings settings = test_sample_settings(1, FAMILY_PLATE, style, SIZE_PX);
	struct scene scene;

	if (scene_parse(&scene, "scene", json, strlen(json), arena, err) < 0)
		fail_msg("%s", err->msg);
	return sample_from_scene(sample, &settings, &scene, index, arena, err);
}

struct sample drawn_scene(const char *json, const char *style, uint64_t index, struct arena *arena)
{
	struct sample sample;
	struct err err = {0};

	if (draw(&sample, json, style, index, arena, &err) < 0)
		fail_msg("%s", err.msg);
	return sample;
}

bool scene_has_no_room(const char *json, const char *style, struct arena *arena)
{
	struct sample sample;
	struct err err = {0};

	return draw(&sample, json, style, 0, arena, &err) < 0 && err.code == ERR_LIMIT;
}

struct text *drawn_text(struct drawing *drawing, const char *utf8, int nth)
{
	for (int i = 0; i < drawing->text_count; i++)
		if (strcmp(drawing->texts[i].utf8, utf8) == 0 && nth-- == 0)
			return &drawing->texts[i];
	return NULL;
}

void remove_text(struct drawing *drawing, const struct text *text)
{
	drawing->texts[text - drawing->texts] = drawing->texts[drawing->text_count - 1];
	drawing->text_count--;
}

void assert_label_read(const struct sample *sample, struct arena *arena)
{
	struct program program;
	struct err err = {0};

	if (program_from_drawing(&program, &sample->drawing, sample->scene.family, arena, &err) < 0)
		fail_msg("%s", err.msg);
	assert_true(program_equal(&program, &sample->program));
}

void assert_misread(const struct sample *sample, const char *why, struct arena *arena)
{
	struct program program;
	struct err err = {0};

	if (program_from_drawing(&program, &sample->drawing, sample->scene.family, arena, &err) ==
	    0)
		fail_msg("read without: %s", why);
	if (!strstr(err.msg, why))
		fail_msg("'%s' has no '%s' in it", err.msg, why);
}
