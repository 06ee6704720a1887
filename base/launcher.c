/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "base/launcher.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

int launcher_parse(struct launched *out, const char *text, int most, struct err *err)
{
	char number[16];
	const char *slash = strchr(text, '/');
	int64_t rank, count;

	if (slash && slash - text < (ptrdiff_t)sizeof(number)) {
		memcpy(number, text, (size_t)(slash - text));
		number[slash - text] = '\0';
		if (num_int(number, 0, most, &rank) == 0 &&
		    num_int(slash + 1, 1, most, &count) == 0 && rank < count) {
			*out = (struct launched){(int)rank, (int)count};
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "'%s' is not I/N with I from 0 to N - 1, N up to %d", text,
		       most);
}

/* Slurm sets its numbers in batch scripts too, where there is but one process; a step has a number there alone. */
int launcher_place(struct launched *out, int most, struct err *err)
{
	static const struct {
		const char *rank, *count, *wanted;
	} launchers[] = {
		{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_SIZE"},
		{"PMI_RANK", "PMI_SIZE", "PMI_SIZE"},
		{"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_STEP_ID"},
	};

	for (size_t i = 0; i < sizeof(launchers) / sizeof(*launchers); i++) {
		const char *rank = getenv(launchers[i].rank), *count = getenv(launchers[i].count);
		char both[64];

		if (!rank || !count || !getenv(launchers[i].wanted))
			continue;
		snprintf(both, sizeof(both), "%.20s/%.20s", rank, count);
		if (launcher_parse(out, both, most, err) < 0)
			return err_context(err, "%s and %s", launchers[i].rank, launchers[i].count);
		return 0;
	}
	*out = (struct launched){0, 1};
	return 0;
}
