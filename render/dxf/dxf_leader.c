/* SPDX-License-Identifier: MIT */
/*
 * LEADER: an arrowhead or a dot, a line, a shelf; and the MTEXT that belongs to it. The text hangs
 * on its side towards the tip, so that it stays clear of the shelf in any font.
 */
#include <config.h>

#include <math.h>

#include "render/dxf/dxf_private.h"

enum { MIDDLE_LEFT = 4, MIDDLE_RIGHT = 6 }; /* group 71 of MTEXT */

/* The ends of a piece of lettering at half its height. */
static void middle_ends(const struct text *text, struct vec *left, struct vec *right)
{
	struct vec c[4];

	text_corners(text, c);
	*left = vec_scale(vec_add(c[0], c[3]), 0.5);
	*right = vec_scale(vec_add(c[1], c[2]), 0.5);
}

static void put_mtext(struct dxf *dxf, const struct dxf_item *item, uint32_t leader)
{
	const struct dxf_parts *p = &item->parts;
	const struct text *first = p->texts.line ? p->texts.line : p->texts.upper;
	const struct text *last = p->texts.upper ? p->texts.upper : p->texts.line;
	struct vec middle = dxf_texts_middle(&p->texts), left, right, ignored, at;
	struct vec along = vec_polar(1, first->angle_rad), up = vec_perp(along);
	bool from_left = vec_dot(vec_sub(middle, p->leader[0]), along) > 0;

	middle_ends(first, &left, &ignored);
	middle_ends(last, &ignored, &right);
	at = from_left ? left : right;
	at = vec_add(at, vec_scale(up, vec_dot(vec_sub(middle, at), up)));
	dxf_entity_for(dxf, "MTEXT", DXF_MODEL_SPACE, layer_name(LAYER_DIMENSION), leader);
	dxf_string(dxf, 100, "AcDbMText");
	dxf_point(dxf, 10, dxf_model_point(dxf, at));
	dxf_real(dxf, 40, dxf_model_length(dxf, item->style->text_mm));
	dxf_real(dxf, 41, 0); /* one line however long */
	dxf_integer(dxf, 71, from_left ? MIDDLE_LEFT : MIDDLE_RIGHT);
	dxf_integer(dxf, 72, 1);
	dxf_mtext(dxf, 1, item);
	dxf_string(dxf, 7, DXF_STANDARD);
	dxf_point(dxf, 11, along);
}

/* Whether the leader goes along the line. */
static bool is_of_leader(const struct dxf_parts *p, const struct stroke *line)
{
	struct vec a = line->path.segs[0].a, b = line->path.segs[line->path.count - 1].b;

	for (int i = 0; i + 1 < p->leader_count; i++) {
		struct vec u = vec_sub(p->leader[i], a), v = vec_sub(p->leader[i + 1], b);
		struct vec s = vec_sub(p->leader[i], b), t = vec_sub(p->leader[i + 1], a);

		if (min2(vec_length(u) + vec_length(v), vec_length(s) + vec_length(t)) < 1e-6)
			return true;
	}
	return false;
}

/* What of the dimension is neither in the leader nor in its text: more leaders, a box. */
static void put_rest(struct dxf *dxf, const struct dxf_item *item)
{
	const struct drawing *d = dxf->drawing;

	for (int i = 0; i < d->stroke_count; i++) {
		const struct stroke *s = &d->strokes[i];

		if (s->dimension == item->dimension && s->path.count > 0 &&
		    !is_of_leader(&item->parts, s))
			dxf_stroke(dxf, s, DXF_MODEL_SPACE);
	}
	for (int i = 1; i < item->parts.arrow_count; i++)
		dxf_arrow(dxf, item->parts.arrows[i], DXF_MODEL_SPACE);
}

void dxf_leader(struct dxf *dxf, const struct dxf_item *item)
{
	const struct dxf_parts *p = &item->parts;
	const struct text *text = p->texts.line ? p->texts.line : p->texts.upper;
	uint32_t handle = dxf->next_handle;

	dxf_entity(dxf, "LEADER", DXF_MODEL_SPACE, layer_name(LAYER_DIMENSION));
	dxf_string(dxf, 100, "AcDbLeader");
	dxf_string(dxf, 3, DXF_STANDARD);
	dxf_integer(dxf, 71, 1); /* with an arrowhead */
	dxf_integer(dxf, 72, 0); /* of straight lines */
	dxf_integer(dxf, 73, 0); /* with a text */
	dxf_integer(dxf, 74, 0);
	dxf_integer(dxf, 75, 0); /* the shelf is one of its lines */
	dxf_real(dxf, 40, dxf_model_length(dxf, text->height_mm));
	dxf_real(dxf, 41, dxf_model_length(dxf, text->width_mm));
	dxf_integer(dxf, 76, p->leader_count);
	for (int i = 0; i < p->leader_count; i++)
		dxf_point(dxf, 10, dxf_model_point(dxf, p->leader[i]));
	dxf_handle_ref(dxf, 340, dxf->next_handle); /* the MTEXT */
	dxf_overrides(dxf, item);
	put_mtext(dxf, item, handle);
	put_rest(dxf, item);
}
