/* SPDX-License-Identifier: MIT */
/*
 * The scene is laid out once more, which gives the drawing that the picture was made from. Then
 *
 *	drawing -> program_from_drawing           = label                         (reader)
 *	label -> drawing_from_shapes -> image     = the drawing's outlines        (redraw)
 *	                                          lighter than or as the picture; where a
 *	                                          hand drew, near its ink
 *	drawing -> image_from_drawing (degraded)  = picture                       (picture)
 *	drawing                                   large and clear enough          (legibility, overlap)
 *	drawing -> annotations_from_drawing       = annotations, ink in each box  (annotations)
 *
 * A degraded picture is degraded again by the recipe that its annotations name, and so are they.
 *
 * Nothing is believed because it was written by the same program: the reader sees strokes and texts
 * alone, the label is drawn by itself, boxes are looked up in the picture.
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/drawing/annotations.h"
#include "formats/drawing/annotations_read.h"
#include "formats/image/image.h"
#include "formats/image/image_compare.h"
#include "gen/proof_main.h"
#include "gen/reader/program_from_drawing.h"
#include "gen/scan_main.h"
#include "render/draft/draft.h"
#include "render/draft/drawing_overlap.h"
#include "render/hand/traces.h"
#include "render/paint/raster.h"

/* Strokes thinner than a pixel leave grey; paper without ink is 255 throughout. The thinnest lettering's pen is a
 * 14th of its height (ISO 3098, type A), and half of that is the least that a row of pixels gets of a level stroke: of
 * digits of 7 px that leaves 191. */
#define INK_MAX 191
#define PEN_PART 14

/* How much of a text a message shows, and how much of it before the first difference. */
#define EXCERPT_BYTES 48
#define EXCERPT_BEFORE 16

#define MIDDLE_PX 1.5 /* width of middle lines: every one has pixels below 128 */

#define PICTURE_SIDE_MAX 20000

struct prover {
	const struct sample_settings *settings;
	const struct dataset_facts *facts;
	struct raster *raster[3]; /* outlines of the label and of the drawing; all of the drawing */
	struct scanner *scanner;
	struct arena arena;
	struct buf text, other;
};

/* A sample, loaded. */
struct evidence {
	const struct dataset_sample *from;
	struct program label;
	struct scene scene;
	struct text_annotation *texts;
	int text_count;
	int scan_attempt;     /* which recipe degraded the picture, or ANNOTATIONS_CLEAN */
	struct image picture; /* owned */
	struct sample sample; /* laid out again */
	struct image clean;   /* drawn again; the prover's */
	struct shown shown;   /* degraded again, in the arena; clean without degradation */
};

const char *proof_name(enum proof proof)
{
	static const char *const names[] = {
#define P(id, name, about) name,
		PROOFS(P)
#undef P
	};

	return names[proof];
}

struct prover *prover_new(const struct sample_settings *settings, const struct dataset_facts *facts,
			  struct err *err)
{
	struct prover *p = mem_alloc(1, sizeof(*p));

	p->settings = settings;
	p->facts = facts;
	p->scanner = scanner_new(settings, facts->size_px);
	for (int i = 0; i < 3; i++) {
		p->raster[i] = raster_new(facts->size_px, err);
		if (!p->raster[i]) {
			prover_free(p);
			return NULL;
		}
	}
	return p;
}

void prover_free(struct prover *p)
{
	if (!p)
		return;
	raster_free(p->raster[0]);
	raster_free(p->raster[1]);
	raster_free(p->raster[2]);
	scanner_free(p->scanner);
	arena_free(&p->arena);
	buf_free(&p->text);
	buf_free(&p->other);
	free(p);
}

/* Where in s an excerpt begins that shows the byte at `at`: not inside a character of UTF-8. */
static size_t excerpt_start(const char *s, size_t at)
{
	size_t start = at > EXCERPT_BEFORE ? at - EXCERPT_BEFORE : 0;

	while (start > 0 && ((unsigned char)s[start] & 0xc0) == 0x80)
		start--;
	return start;
}

static int excerpt_bytes(const char *s)
{
	size_t n = strlen(s);

	if (n <= EXCERPT_BYTES)
		return (int)n;
	for (n = EXCERPT_BYTES; ((unsigned char)s[n] & 0xc0) == 0x80;)
		n--;
	return (int)n;
}

/* "WHAT says ...40..., the drawing ...45..." */
static int differs(const char *what, const char *is, const char *drawing, struct err *err)
{
	size_t at = 0, start;

	while (is[at] && is[at] == drawing[at])
		at++;
	start = excerpt_start(is, at);
	return err_set(err, ERR_FORMAT, "%s says %s%.*s, the drawing %s%.*s", what,
		       start ? "..." : "", excerpt_bytes(is + start), is + start,
		       start ? "..." : "", excerpt_bytes(drawing + start), drawing + start);
}

static int check_reader(struct prover *p, struct evidence *e, struct err *err)
{
	enum language language = p->facts->language;
	struct program read;

	if (program_from_drawing(&read, &e->sample.drawing, e->scene.family, &p->arena, err) < 0)
		return -1;
	if (program_equal(&read, &e->label))
		return 0;
	if (!program_fits(&read, language))
		language = LANGUAGE_CALLS;
	buf_clear(&p->text);
	buf_clear(&p->other);
	program_write(&e->label, language, &p->text);
	program_write(&read, language, &p->other);
	return differs("the label", p->text.data, p->other.data, err);
}

static struct drawing edges_of(const struct drawing *drawing, struct arena *arena)
{
	struct drawing copy = {.width_mm = drawing->width_mm,
			       .height_mm = drawing->height_mm,
			       .datum = drawing->datum,
			       .scale = drawing->scale};

	for (int i = 0; i < drawing->stroke_count; i++)
		if (layer_is_edge(drawing->strokes[i].layer))
			*drawing_add_stroke(&copy, arena) = drawing->strokes[i];
	return copy;
}

static const char *kind_of(const struct image *image)
{
	return image->channels == 1 ? "grey" : "RGB";
}

/* A picture of another size or kind cannot be compared. */
static int check_size(const struct evidence *e, const struct image *drawn, struct err *err)
{
	const struct image *is = &e->picture;

	if (is->width == drawn->width && is->height == drawn->height &&
	    is->channels == drawn->channels)
		return 0;
	return err_set(err, ERR_FORMAT, "the picture is %d x %d %s, not %d x %d %s", is->width,
		       is->height, kind_of(is), drawn->width, drawn->height, kind_of(drawn));
}

static int value_at(const struct image *image, int x, int y)
{
	return image->px[(size_t)y * image->stride + (size_t)x * (size_t)image->channels];
}

static bool is_degraded(const struct evidence *e)
{
	return e->shown.annotations.scan_attempt != ANNOTATIONS_CLEAN;
}

/* Strokes that are the same to the last bit make the same pixels; others are compared by theirs. */
static int compare_outlines(struct prover *p, const struct evidence *e, const struct drawing *again,
			    const struct image *image, struct err *err)
{
	struct drawing outlines = edges_of(&e->sample.drawing, &p->arena);
	struct image original;
	int x, y;

	if (drawing_strokes_equal(again, &outlines))
		return 0;
	original = image_from_drawing(p->raster[1], &outlines, e->sample.font);
	if (!image_find_difference(image, &original, &x, &y))
		return 0;
	return err_set(err, ERR_FORMAT,
		       "pixel (%d,%d) is %d in the label drawn again, %d in the outlines", x, y,
		       value_at(image, x, y), value_at(&original, x, y));
}

/* A hand draws a line near the place where it belongs: some of its ink is near all middle lines of the
 * label's edges. */
static int compare_traces(struct prover *p, const struct evidence *e, const struct drawing *again,
			  const struct image *picture, struct err *err)
{
	double px_per_mm = picture->width / again->width_mm;
	double reach_mm = traces_reach_mm(&e->sample.style);
	struct drawing middles = drawing_of_middles(again, MIDDLE_PX / px_per_mm, &p->arena);
	struct image label = image_from_drawing(p->raster[0], &middles, e->sample.font);
	int x, y;

	if (!image_find_far(picture, &label, (int)ceil(reach_mm * px_per_mm) + 1, &x, &y))
		return 0;
	return err_set(err, ERR_FORMAT,
		       "an edge of the label passes pixel (%d,%d), the picture has no ink within "
		       "%.1f mm",
		       x, y, reach_mm);
}

static int check_redraw(struct prover *p, struct evidence *e, struct err *err)
{
	struct scene scene = e->scene;
	/* A degraded picture has ink where it fell; the drawing it comes from is proved. */
	const struct image *picture = is_degraded(e) ? &e->clean : &e->picture;
	struct drawing again;
	struct image image;
	int x, y;

	scene.shapes = e->label.shapes;
	scene.shape_count = e->label.shape_count;
	scene.dimension_count = 0;
	drawing_of_edges(&again, &scene, &e->sample.drawing, &e->sample.style, &p->arena);
	image = image_from_drawing(p->raster[0], &again, e->sample.font);
	if (compare_outlines(p, e, &again, &image, err) < 0 ||
	    (!is_degraded(e) && check_size(e, &image, err) < 0))
		return -1;
	if (e->sample.drawing.trace_count)
		return compare_traces(p, e, &again, picture, err);
	if (image_find_lighter(picture, &image, &x, &y))
		return err_set(err, ERR_FORMAT,
			       "pixel (%d,%d) is %d in the picture, %d in the label drawn again", x,
			       y, value_at(picture, x, y), value_at(&image, x, y));
	return 0;
}

static int check_picture(struct prover *p, struct evidence *e, struct err *err)
{
	const struct image *image = &e->shown.image;
	int x, y;

	(void)p;
	if (check_size(e, image, err) < 0)
		return -1;
	if (image_find_difference(&e->picture, image, &x, &y))
		return err_set(err, ERR_FORMAT,
			       "pixel (%d,%d) is %d in the picture, %d in the drawing%s", x, y,
			       value_at(&e->picture, x, y), value_at(image, x, y),
			       is_degraded(e) ? ", degraded again" : "");
	return 0;
}

static double height_px(const struct prover *p, const struct drawing *d, const struct text *t)
{
	return t->height_mm * (double)p->facts->size_px / max2(d->width_mm, d->height_mm);
}

static int check_legibility(struct prover *p, struct evidence *e, struct err *err)
{
	const struct drawing *d = &e->sample.drawing;

	for (int i = 0; i < d->text_count; i++) {
		double px = height_px(p, d, &d->texts[i]);

		if (d->texts[i].layer == LAYER_DIMENSION && px < SCENE_DIGIT_PX)
			return err_set(err, ERR_FORMAT, "the text '%s' is %.2f px high",
				       d->texts[i].utf8, px);
	}
	if (p->facts->require_legible && e->shown.lost > 0)
		return err_set(err, ERR_FORMAT, "%d of its numbers are lost", e->shown.lost);
	return 0;
}

static int check_overlap(struct prover *p, struct evidence *e, struct err *err)
{
	return drawing_check_overlap(&e->sample.drawing, &p->arena, err);
}

/* How light the darkest pixel of a text may be. */
static int ink_max(const struct prover *p, const struct drawing *d, const struct text *t)
{
	double px = height_px(p, d, t), grey = 255 * (1 - px / (2 * PEN_PART));

	return grey > INK_MAX ? (int)grey : INK_MAX;
}

/* The boxes and values against drawing and picture, one by one. */
static int check_text_annotations(const struct prover *p, const struct evidence *e, struct err *err)
{
	const struct drawing *d = &e->sample.drawing;

	if (e->text_count != d->text_count)
		return err_set(err, ERR_FORMAT, "%d texts, the drawing has %d", e->text_count,
			       d->text_count);
	for (int i = 0; i < e->text_count; i++) {
		const struct text_annotation *t = &e->texts[i];

		if (strcmp(t->value, d->texts[i].utf8) != 0)
			return err_set(err, ERR_FORMAT, "text %d is '%.40s', the drawing says '%s'",
				       i, t->value, d->texts[i].utf8);
		if (!is_degraded(e) && e->picture.channels == 1 &&
		    image_darkest_within(&e->picture, t->corners, t->count) >
			    ink_max(p, d, &d->texts[i]))
			return err_set(err, ERR_FORMAT, "no ink in the box of the text '%s'",
				       t->value);
	}
	return 0;
}

static int check_annotations(struct prover *p, struct evidence *e, struct err *err)
{
	if (check_text_annotations(p, e, err) < 0)
		return -1;
	buf_clear(&p->text);
	annotations_write(&e->shown.annotations, e->from->id, &p->text);
	if (strcmp(e->from->annotations, p->text.data) != 0)
		return differs("the line", e->from->annotations, p->text.data, err);
	return 0;
}

static int parse_label(struct prover *p, struct evidence *e, struct err *err)
{
	const char *text = e->from->program;

	if (program_parse(&e->label, p->facts->language, "program", text, strlen(text), &p->arena,
			  err) < 0)
		return dataset_place_error(&e->from->program_place, err);
	return 0;
}

static int parse_scene(struct prover *p, struct evidence *e, struct err *err)
{
	const char *text = e->from->scene;

	if (scene_parse(&e->scene, "", text, strlen(text), &p->arena, err) < 0)
		return dataset_place_error(&e->from->scene_place, err);
	return 0;
}

static int parse_annotations(struct prover *p, struct evidence *e, struct err *err)
{
	const char *text = e->from->annotations;

	e->text_count = annotations_read_texts(&e->texts, &e->scan_attempt, "", text, strlen(text),
					       &p->arena, err);
	if (e->text_count < 0)
		return dataset_place_error(&e->from->annotations_place, err);
	return 0;
}

static void note(struct verdict *v, enum proof proof, int rc)
{
	v->checked[proof] = true;
	v->failed[proof] = rc < 0;
}

static void check_all(struct prover *p, struct evidence *e, struct verdict *v)
{
	static int (*const checks[])(struct prover *, struct evidence *, struct err *) = {
		[PROOF_READER] = check_reader,   [PROOF_REDRAW] = check_redraw,
		[PROOF_PICTURE] = check_picture, [PROOF_LEGIBILITY] = check_legibility,
		[PROOF_OVERLAP] = check_overlap, [PROOF_ANNOTATIONS] = check_annotations,
	};

	if (sample_from_scene(&e->sample, p->settings, &e->scene, e->from->index, &p->arena,
			      &v->why[PROOF_READER]) < 0) {
		note(v, PROOF_READER, -1);
		return;
	}
	e->clean = image_from_drawing(p->raster[2], &e->sample.drawing, e->sample.font);
	scanner_run_attempt(p->scanner, &e->sample, &e->clean,
			    e->scan_attempt < 0 ? 0 : e->scan_attempt, &e->shown, &p->arena);
	for (int i = 0; i < PROOF_COUNT_; i++)
		note(v, (enum proof)i, checks[i](p, e, &v->why[i]));
}

int prover_check(struct prover *p, const struct dataset_sample *sample, struct verdict *verdict,
		 struct err *err)
{
	struct evidence e = {.from = sample};

	arena_reset(&p->arena);
	*verdict = (struct verdict){0};
	if (parse_label(p, &e, err) < 0 || parse_scene(p, &e, err) < 0 ||
	    parse_annotations(p, &e, err) < 0 ||
	    dataset_sample_image(sample, PICTURE_SIDE_MAX, &e.picture, err) < 0)
		return -1;
	check_all(p, &e, verdict);
	image_free(&e.picture);
	return 0;
}
