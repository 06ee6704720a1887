/* SPDX-License-Identifier: MIT */
/*
 * Depth first, one open folder a level; paths are collected as the system gives them and sorted at
 * the end. A chain of the folders above tells a link that leads back.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/tree.h"

#define DEPTH_MAX 100

struct level {
	const struct level *above;
	dev_t dev;
	ino_t ino;
	int depth;
};

struct walk {
	struct tree *tree;
	tree_wanted *wanted;
	struct buf path; /* of the entry, the folder's own path before it */
	size_t skip;     /* bytes of that */
};

static void add_entry(struct walk *w, enum tree_kind kind, const char *why)
{
	struct tree *t = w->tree;
	const char *path = w->path.data + w->skip;

	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->entries = mem_realloc(t->entries, t->room, sizeof(*t->entries));
	}
	t->entries[t->count++] = (struct tree_entry){
		.path = arena_strndup(&t->arena, path, strlen(path)),
		.kind = kind,
		.why = why ? arena_strndup(&t->arena, why, strlen(why)) : NULL,
	};
}

static void add_failure(struct walk *w, const char *what)
{
	struct err err;

	err_errno(&err, "cannot %s %s", what, w->path.data);
	add_entry(w, TREE_FAILED, err.msg);
}

static bool is_above(const struct level *level, const struct stat *st)
{
	for (; level; level = level->above)
		if (level->dev == st->st_dev && level->ino == st->st_ino)
			return true;
	return false;
}

static int read_folder(struct walk *w, const struct level *above, const struct stat *st);

static void enter_folder(struct walk *w, const char *name, const struct level *above,
			 const struct stat *st)
{
	if (is_above(above, st))
		return;
	if (!w->wanted(name)) {
		add_entry(w, TREE_OTHER, NULL);
		return;
	}
	errno = ELOOP; /* what a system says of too deep a path */
	if (above->depth == DEPTH_MAX || read_folder(w, above, st) < 0)
		add_failure(w, "read folder");
}

static void look_at(struct walk *w, const char *name, const struct level *level)
{
	struct stat st;

	if (stat(w->path.data, &st) < 0)
		add_failure(w, "look at");
	else if (S_ISDIR(st.st_mode))
		enter_folder(w, name, level, &st);
	else
		add_entry(w, S_ISREG(st.st_mode) ? TREE_FILE : TREE_OTHER, NULL);
}

/* -1 with errno where the folder cannot be read to its end. */
static int read_folder(struct walk *w, const struct level *above, const struct stat *st)
{
	struct level level = {above, st->st_dev, st->st_ino, above ? above->depth + 1 : 0};
	DIR *dir = opendir(w->path.data);
	size_t len = w->path.len;
	struct dirent *entry;
	int number;

	if (!dir)
		return -1;
	while (errno = 0, (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		buf_char(&w->path, '/');
		buf_str(&w->path, entry->d_name);
		look_at(w, entry->d_name, &level);
		w->path.len = len;
		w->path.data[len] = '\0';
	}
	number = errno;
	closedir(dir);
	errno = number;
	return number ? -1 : 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(((const struct tree_entry *)a)->path, ((const struct tree_entry *)b)->path);
}

int tree_read(struct tree *tree, const char *folder, tree_wanted *wanted, struct err *err)
{
	struct walk w = {.tree = tree, .wanted = wanted};
	struct stat st;
	int rc;

	buf_str(&w.path, folder);
	while (w.path.len > 1 && w.path.data[w.path.len - 1] == '/')
		w.path.data[--w.path.len] = '\0';
	w.skip = w.path.len + 1;
	rc = stat(folder, &st);
	if (rc == 0)
		rc = read_folder(&w, NULL, &st);
	if (rc < 0)
		err_errno(err, "cannot read folder %s", folder);
	buf_free(&w.path);
	if (tree->count > 1)
		qsort(tree->entries, tree->count, sizeof(*tree->entries), compare_paths);
	return rc;
}

void tree_free(struct tree *tree)
{
	free(tree->entries);
	arena_free(&tree->arena);
	*tree = (struct tree){0};
}
