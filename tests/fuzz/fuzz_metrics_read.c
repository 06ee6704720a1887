/* SPDX-License-Identifier: MIT */
/* metrics_parse; what it accepts and metrics_write writes must be read back as the same. What it refuses
 * must leave a proper error. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/metrics/metrics_read.h"

static void check_round_trip(const struct metrics *metrics, struct arena *arena)
{
	struct buf text = {0}, again = {0};
	struct metrics read;
	struct err err = {0};

	metrics_write(metrics, &text);
	if (metrics_parse(&read, "again", text.data, text.len, arena, &err) < 0)
		abort();
	metrics_write(&read, &again);
	if (strcmp(text.data, again.data) != 0)
		abort();
	buf_free(&text);
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct metrics metrics;
	struct err err = {0};

	if (metrics_parse(&metrics, "fuzz", (const char *)data, size, &arena, &err) == 0)
		check_round_trip(&metrics, &arena);
	else if ((err.code != ERR_FORMAT && err.code != ERR_LIMIT) ||
		 strncmp(err.msg, "fuzz:", 5) != 0 || strchr(err.msg, '\n'))
		abort();
	arena_free(&arena);
	return 0;
}
