/* SPDX-License-Identifier: MIT */
/*
 * svg_stream: Cairo's SVG and PDF surfaces into memory.
 *
 *	size_t start = out->len;
 *	surface = cairo_svg_surface_create_for_stream(stream_to_buf, out, width, height);
 *	... draw, finish ...
 *	svg_cut_surface_id(out, start);
 */
#ifndef RENDER_SVG_STREAM_H
#define RENDER_SVG_STREAM_H

#include <cairo.h>
#include <stddef.h>

#include "base/buf.h"

/* A cairo_write_func_t; out is a struct buf. */
cairo_status_t stream_to_buf(void *out, const unsigned char *data, unsigned length);

/* Takes the surface's id, which counts the surfaces that the process has made, out of the SVG that
 * begins at `start`. */
void svg_cut_surface_id(struct buf *out, size_t start);

#endif
