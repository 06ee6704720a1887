/* SPDX-License-Identifier: MIT */
/*
 * Writing callouts: count, sign, number, tolerance, in that order, each in the style's words.
 *
 * Invariant: callout_parse reads what is written here without the style. Where two conventions
 * would print the same, one of them gives way: a count of angles of 45° has a blank that a chamfer
 * lacks (2× 45° and 2×45°), and a count of inch threads is never followed by a dash (2-8 UNC is
 * one thread).
 */
#include <config.h>

#include "formats/drawing/callout.h"

#include <string.h>

#include "base/buf.h"

#define TIMES "\u00d7"
#define DIAMETER "\u2300"
#define DEGREE "\u00b0"

const char *callout_kind_name(enum callout_kind kind)
{
	static const char *const names[] = {
#define K(id, name, about) name,
		CALLOUT_KINDS(K)
#undef K
	};

	return names[kind];
}

const char *callout_status_name(enum callout_status status)
{
	static const char *const names[] = {"plain", "reference", "basic"};

	return names[status];
}

const char *tolerance_kind_name(enum tolerance_kind kind)
{
	static const char *const names[] = {"none", "symmetric", "deviations", "limits", "fit"};

	return names[kind];
}

/* Decimals that v, in thousandths, needs. */
static int places_of(int64_t v)
{
	return v % 1000 == 0 ? 0 : v % 100 == 0 ? 1 : v % 10 == 0 ? 2 : 3;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* The number with `places` decimals, or more where it needs them. */
static void write_number(int64_t v, int places, const struct style *style, struct buf *out)
{
	uint64_t size = v < 0 ? -(uint64_t)v : (uint64_t)v;
	unsigned fraction = (unsigned)(size % 1000);

	places = larger(places, places_of(v));
	if (v < 0)
		buf_char(out, '-');
	if (size >= 1000 || places == 0 || style->leading_zero == STYLE_ZERO_YES)
		buf_int(out, (int64_t)(size / 1000));
	if (places == 0)
		return;
	buf_char(out, style_decimal_mark(style));
	for (unsigned unit = 100; places > 0; places--, unit /= 10)
		buf_char(out, (char)('0' + fraction / unit % 10));
}

void callout_number(int64_t thousandths, const struct style *style, struct buf *out)
{
	write_number(thousandths, style->decimals, style, out);
}

/* --- tolerances --- */

bool callout_is_toleranced(enum callout_kind kind)
{
	return kind != CALLOUT_CHAMFER && kind != CALLOUT_THREAD && kind != CALLOUT_COUNTERBORE &&
	       kind != CALLOUT_COUNTERSINK && kind != CALLOUT_SPACES;
}

/* The tolerance that is printed: TOLERANCE_NONE where the callout's is ignored. */
static enum tolerance_kind tolerance_of(const struct callout *c)
{
	bool angle = c->kind == CALLOUT_ANGLE;

	if (c->status != CALLOUT_PLAIN || !callout_is_toleranced(c->kind))
		return TOLERANCE_NONE;
	if (c->tolerance.kind == TOLERANCE_FIT && (angle || !c->tolerance.fit[0]))
		return TOLERANCE_NONE;
	return c->tolerance.kind;
}

struct places {
	int nominal, tolerance;
};

/* Both deviations, or both limits, have equal decimals; in inches the nominal value shares them
 * (ASME Y14.5: .500 ±.005). */
static struct places places_for(const struct callout *c, const struct style *style)
{
	const struct tolerance *t = &c->tolerance;
	enum tolerance_kind kind = tolerance_of(c);
	int64_t base = kind == TOLERANCE_LIMITS ? c->value : 0;
	int least = c->kind == CALLOUT_ANGLE ? 0 : style->decimals;
	struct places p = {least, least};

	if (kind == TOLERANCE_NONE || kind == TOLERANCE_FIT)
		return p;
	p.tolerance = larger(p.tolerance, places_of(base + t->upper));
	p.tolerance = larger(p.tolerance, places_of(base + t->lower));
	if (style->unit == STYLE_UNIT_INCH && c->kind != CALLOUT_ANGLE) {
		p.tolerance = larger(p.tolerance, places_of(c->value));
		p.nominal = p.tolerance;
	}
	return p;
}

static void write_degree(const struct callout *c, struct buf *out)
{
	if (c->kind == CALLOUT_ANGLE)
		buf_str(out, DEGREE);
}

/* sign: of a deviation of zero in inches */
static void write_deviation(const struct callout *c, int64_t v, char sign, int places,
			    const struct style *style, struct buf *out)
{
	if (v == 0 && (style->unit == STYLE_UNIT_MM || c->kind == CALLOUT_ANGLE)) {
		buf_char(out, '0');
	} else {
		if (v > 0 || (v == 0 && sign == '+'))
			buf_char(out, '+');
		else if (v == 0)
			buf_char(out, '-');
		write_number(v, places, style, out);
	}
	write_degree(c, out);
}

/* The smaller lines behind the text; none where the tolerance has none. */
static void write_stack(const struct callout *c, const struct style *style, struct buf *upper,
			struct buf *lower)
{
	const struct tolerance *t = &c->tolerance;
	enum tolerance_kind kind = tolerance_of(c);
	int places = places_for(c, style).tolerance;

	if (kind == TOLERANCE_DEVIATIONS) {
		write_deviation(c, t->upper, '+', places, style, upper);
		write_deviation(c, t->lower, '-', places, style, lower);
	} else if (kind == TOLERANCE_LIMITS) {
		write_number(c->value + t->upper, places, style, upper);
		write_degree(c, upper);
		write_number(c->value + t->lower, places, style, lower);
		write_degree(c, lower);
	}
}

/* --- the line itself --- */

/* × x X, without what separates them; a dash or отв. has no place within a size. */
static const char *times_sign(const struct style *style)
{
	if (style->times == STYLE_TIMES_X)
		return "x";
	return style->times == STYLE_TIMES_CAPITAL ? "X" : TIMES;
}

static bool is_hole(enum callout_kind kind)
{
	return kind == CALLOUT_DIAMETER || kind == CALLOUT_THREAD || kind == CALLOUT_COUNTERBORE ||
	       kind == CALLOUT_COUNTERSINK;
}

/* "4×" "4x " "4X " "4-" "4 отв. " */
static void write_count(const struct callout *c, const struct style *style, struct buf *out)
{
	bool inch_thread = c->kind == CALLOUT_THREAD && style->unit == STYLE_UNIT_INCH;
	bool like_chamfer = c->kind == CALLOUT_ANGLE && c->value == 45000;

	if (c->kind == CALLOUT_SPACES || c->count < 2)
		return;
	buf_int(out, c->count);
	if (style->times == STYLE_TIMES_OTV && is_hole(c->kind)) {
		buf_str(out, " \u043e\u0442\u0432. ");
	} else if (style->times == STYLE_TIMES_DASH && !inch_thread) {
		buf_char(out, '-');
	} else {
		const char *times = times_sign(style);

		buf_str(out, times);
		if (strcmp(times, TIMES) != 0 || like_chamfer)
			buf_char(out, ' ');
	}
}

static const char *sign_of(const struct callout *c, const struct style *style)
{
	switch (c->kind) {
	case CALLOUT_RADIUS:
		return "R";
	case CALLOUT_DIAMETER:
		return DIAMETER;
	case CALLOUT_SQUARE:
		return "\u25a1";
	case CALLOUT_ARC_LENGTH:
		return "\u2312";
	case CALLOUT_THICKNESS:
		if (style->times == STYLE_TIMES_CAPITAL)
			return "";
		return style->times == STYLE_TIMES_OTV ? "s" : "t";
	default:
		return "";
	}
}

/* Sign, number and what of the tolerance is on the line; for limits the sign alone. */
static void write_size(const struct callout *c, const struct style *style, struct buf *out)
{
	enum tolerance_kind tolerance = tolerance_of(c);
	struct places places = places_for(c, style);
	bool behind = c->kind == CALLOUT_THICKNESS && style->times == STYLE_TIMES_CAPITAL;

	buf_str(out, sign_of(c, style));
	if (tolerance != TOLERANCE_LIMITS) {
		write_number(c->value, places.nominal, style, out);
		write_degree(c, out);
	}
	if (tolerance == TOLERANCE_SYMMETRIC) {
		buf_str(out, "\u00b1");
		write_number(c->tolerance.upper, places.tolerance, style, out);
		write_degree(c, out);
	} else if (tolerance == TOLERANCE_FIT) {
		buf_char(out, ' ');
		buf_str(out, c->tolerance.fit);
	}
	if (behind)
		buf_str(out, tolerance == TOLERANCE_LIMITS ? "THK" : " THK");
}

static void write_chamfer(const struct callout *c, const struct style *style, struct buf *out)
{
	if (style->times == STYLE_TIMES_DASH) {
		buf_char(out, 'C');
		callout_number(c->value, style, out);
		return;
	}
	callout_number(c->value, style, out);
	buf_str(out, style->times == STYLE_TIMES_CAPITAL ? " X " : times_sign(style));
	buf_str(out, "45" DEGREE);
}

/* A designation, not a measurement: M8 is never M8.00. Sizes in inches are. */
static void write_thread(const struct callout *c, const struct style *style, struct buf *out)
{
	if (style->unit == STYLE_UNIT_INCH) {
		callout_number(c->value, style, out);
		if (c->pitch) {
			buf_char(out, '-');
			buf_int(out, c->pitch);
		}
		buf_str(out, " UNC");
		return;
	}
	buf_char(out, 'M');
	write_number(c->value, 0, style, out);
	if (!c->pitch)
		return;
	buf_str(out, style->times == STYLE_TIMES_CAPITAL ? " X " : times_sign(style));
	write_number(c->pitch, 0, style, out);
}

static void write_counterbore(const struct callout *c, const struct style *style, struct buf *out)
{
	buf_str(out, DIAMETER);
	callout_number(c->value, style, out);
	buf_str(out, " \u2334" DIAMETER);
	callout_number(c->wide, style, out);
	buf_str(out, " \u21a7");
	callout_number(c->deep, style, out);
}

static void write_countersink(const struct callout *c, const struct style *style, struct buf *out)
{
	buf_str(out, DIAMETER);
	callout_number(c->value, style, out);
	buf_str(out, " \u2335" DIAMETER);
	callout_number(c->wide, style, out);
	buf_str(out, style->times == STYLE_TIMES_CAPITAL ? " X " : times_sign(style));
	write_number(c->angle, 0, style, out);
	buf_str(out, DEGREE);
}

static void write_spaces(const struct callout *c, const struct style *style, struct buf *out)
{
	const char *times = times_sign(style);

	buf_int(out, c->count);
	buf_str(out, times);
	if (strcmp(times, TIMES) != 0)
		buf_char(out, ' ');
	callout_number(c->value, style, out);
	buf_str(out, " (=");
	callout_number(c->count * c->value, style, out);
	buf_char(out, ')');
}

static void write_line(const struct callout *c, const struct style *style, struct buf *out)
{
	if (c->status == CALLOUT_REFERENCE)
		buf_char(out, '(');
	write_count(c, style, out);
	switch (c->kind) {
	case CALLOUT_CHAMFER:
		write_chamfer(c, style, out);
		break;
	case CALLOUT_THREAD:
		write_thread(c, style, out);
		break;
	case CALLOUT_COUNTERBORE:
		write_counterbore(c, style, out);
		break;
	case CALLOUT_COUNTERSINK:
		write_countersink(c, style, out);
		break;
	case CALLOUT_SPACES:
		write_spaces(c, style, out);
		break;
	default:
		write_size(c, style, out);
	}
	if (c->status == CALLOUT_REFERENCE)
		buf_char(out, ')');
	while (out->len && out->data[out->len - 1] == ' ') /* "4X " before limits */
		out->len--;
}

static const char *in_arena(struct buf *b, struct arena *arena)
{
	const char *s = arena_strndup(arena, b->data ? b->data : "", b->len);

	buf_free(b);
	return s;
}

struct callout_text callout_write(const struct callout *callout, const struct style *style,
				  struct arena *arena)
{
	struct buf text = {0}, upper = {0}, lower = {0};
	struct callout_text t = {0};

	write_line(callout, style, &text);
	write_stack(callout, style, &upper, &lower);
	t.text = in_arena(&text, arena);
	if (upper.len) {
		t.upper = in_arena(&upper, arena);
		t.lower = in_arena(&lower, arena);
	}
	return t;
}
