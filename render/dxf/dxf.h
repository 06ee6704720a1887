/* SPDX-License-Identifier: MIT */
/*
 * dxf_from_drawing: the drawing as a DXF file that a CAD system can measure and change.
 *
 *	struct buf dxf = {0};
 *	dxf_from_drawing(&drawing, &scene, &style, &dxf);
 *
 * ASCII DXF of AutoCAD 2000 (AC1015). Model space is in the unit of the drawing's numbers, with the
 * datum at its origin, so coordinates of the first view are the label's own numbers; the other views
 * lie round it as on the sheet. Heights and distances of lettering and arrows are the sheet's,
 * divided by its scale. The layers are the drawing's, its views are named views. Each dimension is a
 * DIMENSION with its measured value, and an anonymous block of the very lines, arrowheads and texts
 * that the picture shows; what stands on a leader is a LEADER with an MTEXT.
 */
#ifndef RENDER_DXF_H
#define RENDER_DXF_H

#include "base/buf.h"
#include "formats/drawing/drawing.h"
#include "formats/scene/scene.h"
#include "formats/scene/style.h"

/* Appends the file to out. The drawing is drawing_from_scene's of this scene and style, or has no dimensions; the
 * scene is then one of nothing but its unit. */
void dxf_from_drawing(const struct drawing *drawing, const struct scene *scene,
		      const struct style *style, struct buf *out);

#endif
