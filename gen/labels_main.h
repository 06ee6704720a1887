/* SPDX-License-Identifier: MIT */
/*
 * labels_main: the annotations of a folder of pictures, moved as the pictures were.
 *
 *	struct labels labels = {0};
 *	if (labels_read(&labels, "scans", "boxes.json", &pictures, &err) < 0) ...
 *	... the pictures are made ...
 *	if (labels_write(&labels, "out", &mover, jobs, &stop, &err) < 0) ...
 *	labels_free(&labels);
 */
#ifndef GEN_LABELS_MAIN_H
#define GEN_LABELS_MAIN_H

#include <signal.h>

#include "augment/warp.h"
#include "base/err.h"
#include "formats/dataset/coco_move.h"
#include "gen/pictures_main.h"

#define LABELS_LINES "annotations.jsonl"
#define LABELS_COCO "annotations.json"

struct label_line {
	uint64_t offset, number;
	size_t len;
	int width, height;       /* px, as the line says */
	struct picture *picture; /* NULL: the line is left out */
};

struct labels {
	char *path; /* of annotations.jsonl; NULL: there is none */
	int fd;
	struct label_line *lines;
	size_t count, room;
	const char *coco_path;  /* borrowed */
	struct coco_file *coco; /* NULL: none */
	struct picture **coco_pictures;
	char **failures; /* whole messages: of what there is no picture */
	size_t failure_count;
};

/* How a picture was moved. */
struct mover {
	const void *ctx;
	struct warp (*warp)(const void *ctx, const struct picture *picture, struct arena *arena);
};

/* Zeroed before use. Reads annotations.jsonl in the folder, where it is, and the file of COCO, where
 * one is given (coco not NULL), to their ends, so that what is broken is said before pictures are made:
 * ERR_FORMAT with file:line. Lines and images without a picture become failures. */
int labels_read(struct labels *labels, const char *folder, const char *coco,
		const struct pictures *pictures, struct err *err);
void labels_free(struct labels *labels);

/* Writes OUT/annotations.jsonl and OUT/annotations.json, each where there is something to move, with the
 * lines and images of pictures that were made, whose sides are known. A picture whose sides are not
 * those of its line is a failure. */
int labels_write(struct labels *labels, const char *out, const struct mover *mover, int jobs,
		 const volatile sig_atomic_t *stop, struct err *err);

#endif
