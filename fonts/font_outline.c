/* SPDX-License-Identifier: MIT */
/*
 * FreeType reads the file: it verifies it, hands its tables (unpacked, for WOFF) to HarfBuzz and
 * decodes outlines in font units, without hinting. HarfBuzz shapes with its own OpenType functions,
 * which, unlike FreeType's, may run on many threads over one font.
 *
 * An FT_Face serves one thread at a time, so every call on it holds `lock`. A glyph's outline is
 * decoded once, on first use, and published in its slot by a release store; from then on readers
 * need no lock. Outlines are never changed or freed before the font is.
 *
 * Nothing depends on the environment: HarfBuzz would guess the language from the locale, so it is
 * told there is none.
 *
 * Source: OpenType 1.9; FreeType 2 and HarfBuzz manuals.
 */
#include <config.h>

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H

#include <hb-ot.h>
#include <hb.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "fonts/font_outline.h"

/* The largest CJK collections are near 100 MB. */
#define MAX_FILE_BYTES ((size_t)256 << 20)

/* Hyphens drawn by hand may slant. */
#define WEIGHT_MIN 0.06
#define WEIGHT_MAX 0.16

#define DIGITS_ALIKE 0.08
#define DIGITS_MIN 0.75
#define DIGITS_MAX 1.25

enum step_kind { STEP_MOVE, STEP_LINE, STEP_CURVE, STEP_CLOSE };

struct step {
	enum step_kind kind;
	double x1, y1, x2, y2, x, y; /* font units */
};

/* What a glyph draws. */
struct trace {
	size_t count, room;
	struct step *steps;
};

struct font_outline {
	FT_Library library;
	struct buf file; /* borrowed by face */
	FT_Face face;
	pthread_mutex_t lock; /* over face */
	hb_font_t *shaper;
	hb_language_t language; /* none */
	size_t glyph_count;
	_Atomic(struct trace *) *traces; /* by glyph, NULL until first used */
	double cap_height;               /* font units */
	double weight;                   /* of its lines, over cap_height */
};

static void add_step(struct trace *trace, const struct step *step)
{
	if (trace->count == trace->room) {
		trace->room = trace->room ? 2 * trace->room : 32;
		trace->steps = mem_realloc(trace->steps, trace->room, sizeof(*trace->steps));
	}
	trace->steps[trace->count++] = *step;
}

static void end_contour(struct trace *trace)
{
	if (trace->count)
		add_step(trace, &(struct step){.kind = STEP_CLOSE});
}

static int trace_move(const FT_Vector *to, void *ctx)
{
	end_contour(ctx);
	add_step(ctx, &(struct step){.kind = STEP_MOVE, .x = (double)to->x, .y = (double)to->y});
	return 0;
}

static int trace_line(const FT_Vector *to, void *ctx)
{
	add_step(ctx, &(struct step){.kind = STEP_LINE, .x = (double)to->x, .y = (double)to->y});
	return 0;
}

/* The cubic with the same shape has its controls two thirds of the way to the conic's. */
static int trace_conic(const FT_Vector *control, const FT_Vector *to, void *ctx)
{
	struct trace *trace = ctx;
	const struct step *from = &trace->steps[trace->count - 1];
	double cx = (double)control->x;
	double cy = (double)control->y;
	struct step step = {.kind = STEP_CURVE, .x = (double)to->x, .y = (double)to->y};

	step.x1 = from->x + (cx - from->x) * 2 / 3;
	step.y1 = from->y + (cy - from->y) * 2 / 3;
	step.x2 = step.x + (cx - step.x) * 2 / 3;
	step.y2 = step.y + (cy - step.y) * 2 / 3;
	add_step(trace, &step);
	return 0;
}

static int trace_cubic(const FT_Vector *c1, const FT_Vector *c2, const FT_Vector *to, void *ctx)
{
	add_step(ctx, &(struct step){STEP_CURVE, (double)c1->x, (double)c1->y, (double)c2->x,
				     (double)c2->y, (double)to->x, (double)to->y});
	return 0;
}

/* Decodes a glyph; one that FreeType refuses draws nothing. Under lock. */
static struct trace *trace_glyph(FT_Face face, uint32_t glyph)
{
	static const FT_Outline_Funcs funcs = {
		.move_to = trace_move,
		.line_to = trace_line,
		.conic_to = trace_conic,
		.cubic_to = trace_cubic,
	};
	struct trace *trace = mem_alloc(1, sizeof(*trace));

	if (FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING) != 0 ||
	    face->glyph->format != FT_GLYPH_FORMAT_OUTLINE || face->glyph->outline.n_contours <= 0)
		return trace;
	if (FT_Outline_Decompose(&face->glyph->outline, &funcs, trace) != 0)
		trace->count = 0;
	end_contour(trace);
	return trace;
}

static const struct trace *find_trace(struct font_outline *o, uint32_t glyph)
{
	static const struct trace empty;

	if (glyph >= o->glyph_count)
		return &empty;
	struct trace *trace = atomic_load_explicit(&o->traces[glyph], memory_order_acquire);
	if (trace)
		return trace;
	pthread_mutex_lock(&o->lock);
	trace = atomic_load_explicit(&o->traces[glyph], memory_order_relaxed);
	if (!trace) {
		trace = trace_glyph(o->face, glyph);
		atomic_store_explicit(&o->traces[glyph], trace, memory_order_release);
	}
	pthread_mutex_unlock(&o->lock);
	return trace;
}

/* HarfBuzz asks for a table: a copy of it, or NULL where the font has none. */
static hb_blob_t *copy_table(hb_face_t *face, hb_tag_t tag, void *ctx)
{
	struct font_outline *o = ctx;
	FT_ULong size = 0;
	char *bytes = NULL;

	(void)face;
	pthread_mutex_lock(&o->lock);
	if (FT_Load_Sfnt_Table(o->face, tag, 0, NULL, &size) == 0 && size <= MAX_FILE_BYTES) {
		bytes = mem_alloc(size, 1);
		if (FT_Load_Sfnt_Table(o->face, tag, 0, (FT_Byte *)bytes, &size) != 0) {
			free(bytes);
			bytes = NULL;
		}
	}
	pthread_mutex_unlock(&o->lock);
	if (!bytes)
		return NULL;
	return hb_blob_create(bytes, (unsigned)size, HB_MEMORY_MODE_WRITABLE, bytes, free);
}

static void make_shaper(struct font_outline *o)
{
	hb_face_t *face = hb_face_create_for_tables(copy_table, o, NULL);

	o->shaper = hb_font_create(face);
	hb_face_destroy(face);
	/* HarfBuzz has empty objects in place of those it found no memory for. */
	if (o->shaper == hb_font_get_empty())
		mem_exhausted(sizeof(void *));
	hb_ot_font_set_funcs(o->shaper);
	hb_font_make_immutable(o->shaper);
	o->language = hb_language_from_string("und", -1);
}

static int open_face(struct font_outline *o, const char *path, struct err *err)
{
	if (fs_read(path, MAX_FILE_BYTES, &o->file, err) < 0)
		return -1;
	if (FT_Init_FreeType(&o->library) != 0)
		return err_set(err, ERR_UNSUPPORTED, "FreeType does not start");
	FT_Error e = FT_New_Memory_Face(o->library, (const FT_Byte *)o->file.data,
					(FT_Long)o->file.len, 0, &o->face);
	if (e != 0)
		return err_set(err, ERR_FORMAT, "%s: not a font (FreeType error 0x%02x)", path,
			       (unsigned)e);
	if (!FT_IS_SCALABLE(o->face))
		return err_set(err, ERR_FORMAT, "%s: a bitmap font has no outlines to draw", path);
	if (!FT_IS_SFNT(o->face) || o->face->num_glyphs <= 0)
		return err_set(err, ERR_FORMAT, "%s: not a TrueType or OpenType font", path);
	o->glyph_count = (size_t)o->face->num_glyphs;
	o->traces = mem_alloc(o->glyph_count, sizeof(*o->traces));
	return 0;
}

/* Height of the ink of a character's control points, or 0. For H and 0 of any real font these are
 * the extremes of the outline itself. */
static double ink_height(struct font_outline *o, uint32_t codepoint)
{
	hb_codepoint_t glyph = 0;

	if (!hb_font_get_nominal_glyph(o->shaper, codepoint, &glyph))
		return 0;
	const struct trace *trace = find_trace(o, glyph);
	double lo = 0;
	double hi = 0;
	for (size_t i = 0; i < trace->count; i++) {
		const struct step *step = &trace->steps[i];
		if (step->kind == STEP_CLOSE)
			continue;
		lo = i == 0 || step->y < lo ? step->y : lo;
		hi = i == 0 || step->y > hi ? step->y : hi;
	}
	return hi - lo;
}

/* How high digits are over capitals, where they differ much: texts are as high as their digits. A font
 * with tiny ones is not enlarged beyond what its capitals bear. */
static double digit_share(struct font_outline *o)
{
	double sum = 0, share;

	for (uint32_t c = '0'; c <= '9'; c++) {
		double height = ink_height(o, c);

		if (height <= 0)
			return 1;
		sum += height;
	}
	share = sum / 10 / o->cap_height;
	if (share > 1 - DIGITS_ALIKE && share < 1 + DIGITS_ALIKE)
		return 1;
	return share < DIGITS_MIN ? DIGITS_MIN : share > DIGITS_MAX ? DIGITS_MAX : share;
}

static int measure(struct font_outline *o, const char *path, struct err *err)
{
	o->cap_height = ink_height(o, 'H');
	if (o->cap_height <= 0)
		o->cap_height = ink_height(o, '0');
	if (o->cap_height <= 0)
		return err_set(err, ERR_FORMAT, "%s: not a Latin font: 'H' and '0' have no ink",
			       path);
	o->cap_height *= digit_share(o);
	o->weight = ink_height(o, '-') / o->cap_height;
	o->weight = o->weight < WEIGHT_MIN ? WEIGHT_MIN : o->weight;
	o->weight = o->weight > WEIGHT_MAX ? WEIGHT_MAX : o->weight;
	return 0;
}

double font_outline_weight(const struct font_outline *o)
{
	return o->weight;
}

struct font_outline *font_outline_load(const char *path, struct err *err)
{
	struct font_outline *o = mem_alloc(1, sizeof(*o));
	int rc = pthread_mutex_init(&o->lock, NULL);

	assert(rc == 0);
	(void)rc;
	if (open_face(o, path, err) < 0)
		goto fail;
	make_shaper(o);
	if (measure(o, path, err) < 0)
		goto fail;
	return o;
fail:
	font_outline_free(o);
	return NULL;
}

void font_outline_free(struct font_outline *o)
{
	if (!o)
		return;
	hb_font_destroy(o->shaper);
	for (size_t i = 0; i < o->glyph_count; i++) {
		struct trace *trace = atomic_load(&o->traces[i]);
		if (trace)
			free(trace->steps);
		free(trace);
	}
	free(o->traces);
	FT_Done_Face(o->face);
	FT_Done_FreeType(o->library);
	buf_free(&o->file);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f;
}

bool font_outline_has(struct font_outline *o, uint32_t codepoint)
{
	hb_codepoint_t glyph = 0;

	if (!hb_font_get_nominal_glyph(o->shaper, codepoint, &glyph) || glyph == 0)
		return false;
	return is_space(codepoint) || find_trace(o, glyph)->count > 0;
}

/* Sends a glyph's contours, its origin at (x, y) font units, k mm each, from x_mm on. */
static void send_trace(const struct trace *trace, double x, double y, double k, double x_mm,
		       const struct font_sink *sink)
{
	for (size_t i = 0; i < trace->count; i++) {
		const struct step *s = &trace->steps[i];
		double to_x = x_mm + (x + s->x) * k;
		double to_y = (y + s->y) * k;
		switch (s->kind) {
		case STEP_MOVE:
			sink->move(sink->ctx, to_x, to_y);
			break;
		case STEP_LINE:
			sink->line(sink->ctx, to_x, to_y);
			break;
		case STEP_CURVE:
			sink->curve(sink->ctx, x_mm + (x + s->x1) * k, (y + s->y1) * k,
				    x_mm + (x + s->x2) * k, (y + s->y2) * k, to_x, to_y);
			break;
		case STEP_CLOSE:
			sink->close(sink->ctx);
			break;
		}
	}
}

double font_outline_draw(struct font_outline *o, const char *utf8, size_t len, double height_mm,
			 double x_mm, const struct font_sink *sink)
{
	double k = height_mm / o->cap_height;
	double x = 0; /* font units */
	unsigned count = 0;
	hb_buffer_t *buffer = hb_buffer_create();

	hb_buffer_add_utf8(buffer, utf8, (int)len, 0, (int)len);
	hb_buffer_set_language(buffer, o->language);
	hb_buffer_guess_segment_properties(buffer);
	hb_shape(o->shaper, buffer, NULL, 0);
	/* HarfBuzz marks a buffer it could not grow instead of saying so. */
	if (!hb_buffer_allocation_successful(buffer))
		mem_exhausted(len * sizeof(hb_glyph_info_t));
	const hb_glyph_info_t *info = hb_buffer_get_glyph_infos(buffer, &count);
	const hb_glyph_position_t *pos = hb_buffer_get_glyph_positions(buffer, &count);
	if (sink)
		sink->begin(sink->ctx, true);
	for (unsigned i = 0; i < count; i++) {
		if (sink)
			send_trace(find_trace(o, info[i].codepoint), x + pos[i].x_offset,
				   pos[i].y_offset, k, x_mm, sink);
		x += pos[i].x_advance;
	}
	hb_buffer_destroy(buffer);
	return x * k;
}
