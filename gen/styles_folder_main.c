/* SPDX-License-Identifier: MIT */
/*
 * The makefile gives STYLES_INSTALLED, STYLES_SOURCE and BUILD_FOLDER. A program in its build folder is
 * known by the folder itself, not by its spelling, which links may change.
 */
#include <config.h>

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "formats/scene/style_folder.h"
#include "gen/styles_folder_main.h"

static bool is_in_build_folder(void)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (n < 0)
		return false;
	program[n] = '\0';
	slash = strrchr(program, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return fs_is_same(program, BUILD_FOLDER);
}

const char *styles_folder(void)
{
	const char *given = getenv("CADGEN_STYLES");

	if (given && *given)
		return given;
	return is_in_build_folder() ? STYLES_SOURCE : STYLES_INSTALLED;
}

int styles_load(struct style_mix *mix, const char *word, struct arena *arena, struct err *err)
{
	const char *folder = styles_folder();
	char path[STYLE_PATH_BYTES];

	if (style_path(word, folder, path, err) < 0)
		return -1;
	return style_mix_read(mix, path, folder, arena, err);
}
