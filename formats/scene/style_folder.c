/* SPDX-License-Identifier: MIT */
/* A style's name is its file's without ".json". */
#include <config.h>

#include "formats/scene/style_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENDING ".json"

/* How long the name of a style file is without its ending; 0: it is none, or hidden. */
static size_t name_length(const char *file)
{
	size_t len = strlen(file), ending = strlen(ENDING);

	if (file[0] == '.' || len <= ending || strcmp(file + len - ending, ENDING) != 0)
		return 0;
	return len - ending;
}

bool style_is_name(const char *word)
{
	size_t len = strlen(word), ending = strlen(ENDING);

	return !strchr(word, '/') && (len < ending || strcmp(word + len - ending, ENDING) != 0);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those found by one walk, or only their number where names is NULL. A file that comes in between two
 * walks is left out. */
static int walk(DIR *dir, const char **names, int room, struct arena *arena)
{
	const struct dirent *entry;
	int n = 0;

	rewinddir(dir);
	while ((entry = readdir(dir)) && n < room) {
		size_t len = name_length(entry->d_name);

		if (!len)
			continue;
		if (names)
			names[n] = arena_strndup(arena, entry->d_name, len);
		n++;
	}
	return n;
}

int style_names(const char *const **names, const char *folder, struct arena *arena, struct err *err)
{
	DIR *dir = opendir(folder);
	const char **found;
	int n;

	if (!dir)
		return err_errno(err, "cannot open the folder of styles %s", folder);
	n = walk(dir, NULL, INT32_MAX, arena);
	found = ARENA_NEW(arena, const char *, n + 1);
	n = walk(dir, found, n, arena);
	closedir(dir);
	qsort(found, (size_t)n, sizeof(*found), compare_names);
	*names = found;
	return n;
}

/* "no style 'x'; there are a, b, c; for a file here write ./x" */
static int unknown_name(const char *name, const char *folder, struct err *err)
{
	struct arena arena = {0};
	const char *const *names;
	struct buf all = {0};
	int n = style_names(&names, folder, &arena, err);

	if (n >= 0) {
		for (int i = 0; i < n; i++) {
			buf_str(&all, i ? ", " : "");
			buf_str(&all, names[i]);
		}
		err_set(err, ERR_USAGE,
			"no style '%.40s'; there are %s; for a file here write ./%.40s", name,
			n ? all.data : "none", name);
	}
	buf_free(&all);
	arena_free(&arena);
	return -1;
}

int style_path(const char *word, const char *folder, char path[STYLE_PATH_BYTES], struct err *err)
{
	bool is_name = style_is_name(word);
	int n;

	if (is_name)
		n = snprintf(path, STYLE_PATH_BYTES, "%s/%s" ENDING, folder, word);
	else
		n = snprintf(path, STYLE_PATH_BYTES, "%s", word);
	if (n < 0 || n >= STYLE_PATH_BYTES)
		return err_set(err, ERR_LIMIT, "the style's path is of more than %d bytes",
			       STYLE_PATH_BYTES - 1);
	if (is_name && (*word == '.' || *word == '\0' || access(path, F_OK) != 0))
		return unknown_name(word, folder, err);
	return 0;
}
