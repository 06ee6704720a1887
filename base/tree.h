/* SPDX-License-Identifier: MIT */
/*
 * tree: all files below a folder, in the order of their paths.
 *
 *	struct tree tree = {0};
 *	if (tree_read(&tree, "scans", is_folder_wanted, err) < 0) ...
 *	for (size_t i = 0; i < tree.count; i++)
 *		... tree.entries[i].path			("1997/a.png")
 *	tree_free(&tree);
 */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum tree_kind {
	TREE_FILE,
	TREE_OTHER,  /* a folder that was not wanted, a device, a pipe, a socket */
	TREE_FAILED, /* what cannot be looked at, or a folder that cannot be read: `why` says */
};

struct tree_entry {
	const char *path; /* from the folder on, in the tree's arena */
	enum tree_kind kind;
	const char *why; /* TREE_FAILED: a whole message; else NULL */
};

/* Zeroed before use. */
struct tree {
	struct tree_entry *entries;
	size_t count, room;
	struct arena arena;
};

/* Whether the folder of that name is to be gone into. */
typedef bool tree_wanted(const char *name);

/* Reads the tree, its entries sorted by the bytes of their paths; hidden files are files. Links are
 * followed, but for a folder that is among those it lies in. Failures below the folder are entries;
 * -1 only where the folder itself cannot be read. */
int tree_read(struct tree *tree, const char *folder, tree_wanted *wanted, struct err *err);
void tree_free(struct tree *tree);

#endif
