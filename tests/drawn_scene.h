/* SPDX-License-Identifier: MIT */
/*
 * drawn_scene: a scene written by hand, drawn, and read again after somebody changed the drawing.
 *
 *	struct sample s = drawn_scene(json, NULL, 0, &arena);
 *	drawn_text(&s.drawing, "20", 0)->utf8 = "25";
 *	assert_misread(&s, "contradicts the drawing", &arena);
 */
#ifndef TESTS_DRAWN_SCENE_H
#define TESTS_DRAWN_SCENE_H

#include "gen/sample_main.h"

/* Fails the test where the scene cannot be parsed or drawn. style: a file in samples/styles, NULL: the
 * built-in one. */
struct sample drawn_scene(const char *json, const char *style, uint64_t index, struct arena *arena);

/* Whether there is no room for it. */
bool scene_has_no_room(const char *json, const char *style, struct arena *arena);

/* The nth (from 0) of the texts that read so, NULL: there are not so many. */
struct text *drawn_text(struct drawing *drawing, const char *utf8, int nth);

void remove_text(struct drawing *drawing, const struct text *text);

/* The reader finds the sample's own label. */
void assert_label_read(const struct sample *sample, struct arena *arena);

/* The reader refuses the drawing with a message that has `why` in it. */
void assert_misread(const struct sample *sample, const char *why, struct arena *arena);

#endif
