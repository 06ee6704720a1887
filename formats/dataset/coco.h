/* SPDX-License-Identifier: MIT */
/*
 * coco: the annotations of a dataset in the format of COCO's object detection, one JSON file.
 *
 *	struct coco coco = {0};
 *	coco_write_head(&coco, &out);
 *	for each sample: if (coco_write_image(&coco, &sample, &out, &err) < 0) ...
 *	coco_write_middle(&coco, &out);
 *	for each again: if (coco_write_annotations(&coco, &sample, &out, &err) < 0) ...
 *	coco_write_tail(&coco, &out);
 *
 * What is in out may be written and cleared between any two calls: nothing here grows with the
 * dataset. Two passes, because the format wants all images together.
 *
 * Images have the numbers of their samples, annotations count from 1. A dimension's category is its
 * kind, with the supercategory "dimension"; all else is of its class. Each annotation has one
 * polygon; a line that encloses nothing becomes a strip of COCO_STRIP_PX. What the annotation says
 * beyond that (value, number, unit, ...) is in its "attributes".
 */
#ifndef FORMATS_COCO_H
#define FORMATS_COCO_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "formats/dataset/dataset_read.h"

#define COCO_STRIP_PX 2.0

/* Zeroed before use. */
struct coco {
	uint64_t images, annotations; /* written so far */
};

void coco_write_head(struct coco *coco, struct buf *out);
void coco_write_middle(struct coco *coco, struct buf *out);
void coco_write_tail(struct coco *coco, struct buf *out);

/* Append what the sample's line of annotations.jsonl says. -1 with ERR_FORMAT and file:line where it
 * is not what annotations_write writes: no size, items of unknown class or kind, polygons of too few
 * points or beyond 1e5 px, numbers beyond 1e9; out then holds nothing of use. */
int coco_write_image(struct coco *coco, const struct dataset_sample *sample, struct buf *out,
		     struct err *err);
int coco_write_annotations(struct coco *coco, const struct dataset_sample *sample, struct buf *out,
			   struct err *err);

#endif
