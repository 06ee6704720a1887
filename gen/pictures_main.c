/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/tree.h"
#include "formats/dataset/dataset_facts.h"
#include "formats/image/image.h"
#include "gen/pictures_main.h"

/* Length of the ending of a picture's name, or 0. */
static size_t ending_of(const char *name)
{
	static const char *const endings[] = {".png", ".jpg", ".jpeg"};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t n = strlen(endings[i]);

		if (len > n && name[len - n - 1] != '/' &&
		    strcasecmp(name + len - n, endings[i]) == 0)
			return n;
	}
	return 0;
}

static size_t stem_length(const char *name)
{
	return strlen(name) - ending_of(name);
}

static bool is_folder_wanted(const char *name)
{
	return ending_of(name) == 0;
}

static const char *in_arena(struct arena *arena, const struct buf *b)
{
	return arena_strndup(arena, b->data, b->len);
}

static struct picture *add_picture(struct pictures *p, const char *folder, const char *name)
{
	struct picture *picture = &p->items[p->count++];
	struct buf b = {0};

	*picture = (struct picture){.name = arena_strndup(&p->arena, name, strlen(name))};
	buf_str(&b, folder);
	buf_char(&b, '/');
	buf_str(&b, name);
	picture->path = in_arena(&p->arena, &b);
	buf_clear(&b);
	buf_bytes(&b, name, stem_length(name));
	buf_str(&b, ".png");
	picture->out = in_arena(&p->arena, &b);
	buf_free(&b);
	return picture;
}

/* A picture, or nothing. */
static void look_at(struct pictures *p, const char *folder, const struct tree_entry *entry)
{
	struct picture *picture = add_picture(p, folder, entry->path);
	bool called_so = ending_of(entry->path) > 0;
	struct err err;
	int kind;

	if (entry->kind == TREE_FAILED) {
		err_set(&err, ERR_IO, "%s", entry->why);
		picture_fail(picture, &err);
		return;
	}
	if (entry->kind == TREE_OTHER) {
		err_set(&err, ERR_FORMAT, "%s: not a file", picture->path);
		kind = -1;
	} else {
		kind = image_kind_of_file(picture->path, &err);
	}
	if (kind == IMAGE_UNKNOWN)
		err_set(&err, ERR_FORMAT, "%s: neither a PNG nor a JPEG file", picture->path);
	if (kind == IMAGE_PNG || kind == IMAGE_JPEG)
		return;
	if (called_so)
		picture_fail(picture, &err);
	else
		p->count--;
}

static int compare_outs(const void *a, const void *b)
{
	const struct picture *p = *(struct picture *const *)a, *q = *(struct picture *const *)b;
	int order = strcmp(p->out, q->out);

	return order ? order : strcmp(p->name, q->name);
}

static int compare_stems(const void *a, const void *b)
{
	const struct picture *p = *(struct picture *const *)a, *q = *(struct picture *const *)b;

	int order = strcmp(fs_base_name(p->out), fs_base_name(q->out));

	return order ? order : strcmp(p->name, q->name);
}

static struct picture **sorted(const struct pictures *p, int (*compare)(const void *, const void *))
{
	struct picture **all = mem_alloc(p->count, sizeof(struct picture *));

	for (size_t i = 0; i < p->count; i++)
		all[i] = &p->items[i];
	qsort(all, p->count, sizeof(struct picture *), compare);
	return all;
}

/* The first of those that become one file does. */
static void refuse_doubles(struct pictures *p)
{
	struct picture **all = sorted(p, compare_outs), *maker = NULL;
	struct err err;

	for (size_t i = 0; i < p->count; i++) {
		if (all[i]->why)
			continue;
		if (maker && strcmp(maker->out, all[i]->out) == 0) {
			err_set(&err, ERR_FORMAT, "%s: would become %s, as %s does", all[i]->path,
				all[i]->out, maker->path);
			picture_fail(all[i], &err);
		} else {
			maker = all[i];
		}
	}
	free(all);
}

int pictures_find(struct pictures *p, const char *folder, struct err *err)
{
	struct tree tree = {0};
	int rc = tree_read(&tree, folder, is_folder_wanted, err);

	p->items = mem_alloc(tree.count, sizeof(*p->items));
	for (size_t i = 0; i < tree.count && rc == 0; i++)
		look_at(p, folder, &tree.entries[i]);
	tree_free(&tree);
	if (rc < 0)
		return -1;
	if (p->count == 0)
		return err_set(err, ERR_FORMAT, "%s holds no PNG or JPEG picture", folder);
	refuse_doubles(p);
	p->by_stem = sorted(p, compare_stems);
	return 0;
}

void pictures_free(struct pictures *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->items[i].why);
	free(p->items);
	free(p->by_stem);
	arena_free(&p->arena);
	*p = (struct pictures){0};
}

void picture_fail(struct picture *picture, const struct err *err)
{
	size_t bytes = strlen(err->msg) + 1;

	if (picture->why)
		return;
	picture->why = mem_alloc(bytes, 1);
	memcpy(picture->why, err->msg, bytes);
}

uint64_t picture_index(const struct picture *picture)
{
	return dataset_hash(picture->name, strlen(picture->name));
}

/* Whether the file is called so, with its ending or without. */
static bool is_called(const char *file, const char *name)
{
	return strcmp(file, name) == 0 ||
	       (strlen(name) == stem_length(file) && memcmp(file, name, strlen(name)) == 0);
}

/* Index of the first in by_stem that does not stand before the file name `stem`.png. */
static size_t lower_bound(const struct pictures *p, const char *stem)
{
	size_t lo = 0, hi = p->count;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (strcmp(fs_base_name(p->by_stem[middle]->out), stem) < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

struct picture *pictures_by_name(const struct pictures *p, const char *name, int *several)
{
	const char *base = fs_base_name(name);
	struct picture *found = NULL;
	struct buf stem = {0};

	*several = 0;
	buf_bytes(&stem, base, stem_length(base));
	buf_str(&stem, ".png");
	for (size_t i = lower_bound(p, stem.data);
	     i < p->count && strcmp(fs_base_name(p->by_stem[i]->out), stem.data) == 0; i++) {
		if (is_called(p->by_stem[i]->name, name)) {
			found = p->by_stem[i];
			*several = 0;
			break;
		}
		if (base != name || !is_called(fs_base_name(p->by_stem[i]->name), name))
			continue;
		*several = found != NULL;
		found = found ? found : p->by_stem[i];
	}
	buf_free(&stem);
	return *several ? NULL : found;
}
