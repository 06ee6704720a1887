/* SPDX-License-Identifier: MIT */
/*
 * coco_move: a file of COCO's object detection whose pictures were moved.
 *
 *	struct coco_file *file = coco_file_read("boxes.json", &err);
 *	for (size_t i = 0; i < coco_file_count(file); i++) {
 *		struct coco_image image = coco_file_image(file, i);
 *		... find the picture image.file_name, of image.width by image.height
 *		coco_file_move(file, i, "1997/a.png", &map, &arena);	(or coco_file_drop)
 *	}
 *	coco_file_write(file, &out);
 *	coco_file_free(file);
 *
 * Of an annotation the polygons of "segmentation" go through the map, "bbox" becomes the box round
 * them and "area" what they enclose; without polygons the four sides of "bbox" do, and "area" grows
 * as theirs does. Of "keypoints" those that are visible or hidden move. Everything else is kept.
 */
#ifndef FORMATS_COCO_MOVE_H
#define FORMATS_COCO_MOVE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "formats/drawing/points_json.h"

struct coco_file;

struct coco_image {
	const char *file_name; /* as the file has it */
	int width, height;     /* px */
};

/* Reads and checks the whole file, at most 512 MiB. ERR_FORMAT with path:line:column: no arrays
 * "images" and "annotations", images without whole "id", "file_name", "width" and "height", two of
 * one id, annotations of an image that is not there, a segmentation that is no array of polygons
 * (run-length masks are not read), other coordinates over 1e6 px, a number over 2^53. NULL on
 * failure. */
struct coco_file *coco_file_read(const char *path, struct err *err);
void coco_file_free(struct coco_file *file);

size_t coco_file_count(const struct coco_file *file);
struct coco_image coco_file_image(const struct coco_file *file, size_t i);

/* Once for each image; different images may be moved by several threads at a time. */
void coco_file_move(struct coco_file *file, size_t i, const char *file_name,
		    const struct point_map *map, struct arena *arena);

/* The image is not written, nor are its annotations. */
void coco_file_drop(struct coco_file *file, size_t i);

/* Appends the file, with a newline; nothing else can be done with it then. */
void coco_file_write(struct coco_file *file, struct buf *out);

#endif
