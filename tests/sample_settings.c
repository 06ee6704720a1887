/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/random_shapes.h"
#include "tests/sample_settings.h"

struct sample_settings test_sample_settings(uint64_t seed, enum family family, const char *style,
					    int64_t size_px)
{
	struct sample_settings s = {.seed = seed, .style = style_iso(), .font = font_builtin()};
	char name[128];
	struct err err = {0};

	if (style) {
		snprintf(name, sizeof(name), "samples/styles/%s.json", style);
		if (style_read(&s.style, source_file(name), &err) < 0)
			fail_msg("%s", err.msg);
	}
	s.scene = (struct scene_params){.size_px = size_px, .max_overlap = 0.2};
	s.scene.weight[family] = 1;
	return s;
}

int test_count_redrawn(const struct sample_settings *settings, int count)
{
	struct arena arena = {0};
	struct sample sample;
	struct err err = {0};
	int redrawn = 0;

	for (int i = 0; i < count; i++) {
		if (sample_from_index(&sample, settings, (uint64_t)i, &arena, &err) < 0)
			fail_msg("%s", err.msg);
		redrawn += sample.scene.attempt > 0;
	}
	arena_free(&arena);
	return redrawn;
}
