/* SPDX-License-Identifier: MIT */
/*
 * style_folder: style files by name, in the folder where those that come with cadgen lie.
 *
 *	char path[STYLE_PATH_BYTES];
 *	if (style_path("office_scan", "/usr/share/cadgen/styles", path, &err) < 0) ...
 *	(path is "/usr/share/cadgen/styles/office_scan.json")
 *
 * A word without '/' that does not end in ".json" is a name and is never looked for in the current
 * folder; any other is a path: "./office_scan", "office_scan.json", "styles/mine".
 */
#ifndef FORMATS_STYLE_FOLDER_H
#define FORMATS_STYLE_FOLDER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define STYLE_PATH_BYTES 4096

/* Whether the word is a name. */
bool style_is_name(const char *word);

/* The file of that word: a path as it is, a name's in the folder. A name that is not there is
 * ERR_USAGE with all that are; a folder that cannot be read ERR_IO; a path of more than
 * STYLE_PATH_BYTES - 1 bytes ERR_LIMIT. */
int style_path(const char *word, const char *folder, char path[STYLE_PATH_BYTES], struct err *err);

/* The names in the folder, in the order of their bytes, in the arena: as many as are returned. -1 with
 * ERR_IO where the folder cannot be read. */
int style_names(const char *const **names, const char *folder, struct arena *arena,
		struct err *err);

#endif
