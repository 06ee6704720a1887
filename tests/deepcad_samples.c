/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/deepcad_samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>

#include <cmocka.h>

struct deepcad_model deepcad_sample(const char *text, struct arena *arena)
{
	struct deepcad_model model;
	struct err err = {0};

	if (deepcad_parse(&model, "m", text, strlen(text), arena, &err) < 0)
		fail_msg("%s", err.msg);
	return model;
}

static bool ends_with(const char *name, const char *ending)
{
	size_t len = strlen(name), tail = strlen(ending);

	return len > tail && strcmp(name + len - tail, ending) == 0;
}

void each_deepcad_file(const char *ending, void (*check)(const char *path))
{
	const char *shared = getenv("CADGEN_SHARED");
	struct dirent **entries;
	char folder[2048], path[4096];
	int count, checked = 0;

	snprintf(folder, sizeof(folder), "%s/data/deepcad", shared ? shared : "../shared");
	count = scandir(folder, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (ends_with(entries[i]->d_name, ending)) {
			snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
			check(path);
			checked++;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	if (checked == 0) {
		print_message("# no files *%s in %s\n", ending, folder);
		skip();
	}
}
