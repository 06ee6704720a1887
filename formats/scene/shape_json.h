/* SPDX-License-Identifier: MIT */
/*
 * shape_json: a shape as a JSON object, for scenes and json programs alike.
 *
 *	shape_write_json(&shape, &buf);		({"type":"circle","x":30,"y":5,"r":5})
 *	if (shape_from_json(&shape, &doc, node, &err) < 0) ...
 *
 * Points are written [[0,0],[10,0],[0,10]]; numbers in mm, degrees or plain counts.
 */
#ifndef FORMATS_SHAPE_JSON_H
#define FORMATS_SHAPE_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "formats/encoding/json.h"
#include "formats/scene/shape.h"

/* Appends the object in label order without white space; an optional parameter of 0 is left out. */
void shape_write_json(const struct shape *shape, struct buf *out);

/* A value in its written form: counts plain, all others as thousandths. */
void shape_write_value(enum param param, int64_t value, struct buf *out);

/* Reads the object, keys in any order, and checks that the shape can exist. Anything but "type" and
 * the kind's parameters, a missing parameter, a wrong value: ERR_FORMAT at the node's place. */
int shape_from_json(struct shape *shape, const struct json_doc *doc, const cJSON *node,
		    struct err *err);

#endif
