/* SPDX-License-Identifier: MIT */
/*
 * callout: the lettering of one dimension or leader: what it says, how each standard writes it, and
 * how it is read again.
 *
 *	struct callout c = {.kind = CALLOUT_DIAMETER, .count = 4, .value = 8000};
 *	struct callout_text t = callout_write(&c, &style, &arena);	("4×⌀8", "4X ⌀.312", "4 отв. ⌀8")
 *	if (callout_parse(&c, t.text, t.upper, t.lower) < 0) ...	(without the style)
 *
 * Lengths are thousandths of the drawing's unit, angles thousandths of a degree. Sources: ISO 129-1,
 * ISO 286 (fits), ISO 6410 (threads), ASME Y14.5 (decimals, X, .5), GOST 2.307 (отв.), JIS B 0001.
 */
#ifndef FORMATS_CALLOUT_H
#define FORMATS_CALLOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "formats/scene/style.h"

/* K(id, name, what is printed under ISO) */
#define CALLOUT_KINDS(K)                                                                           \
	K(LINEAR, "linear", "40")                                                                  \
	K(RADIUS, "radius", "R5")                                                                  \
	K(DIAMETER, "diameter", "\u23008")                                                         \
	K(SQUARE, "square", "\u25a120")                                                            \
	K(ANGLE, "angle", "45\u00b0")                                                              \
	K(ARC_LENGTH, "arc_length", "\u231230")                                                    \
	K(CHAMFER, "chamfer", "2\u00d745\u00b0; JIS C2: where `times` is a dash")                  \
	K(THREAD, "thread", "M8\u00d71,25, M8 where pitch is 0; inch .25-20 UNC")                  \
	K(COUNTERBORE, "counterbore", "\u23009 \u2334\u230015 \u21a78")                            \
	K(THICKNESS, "thickness", "t5; ASME 5 THK; GOST s5")                                       \
	K(SPACES, "spaces", "5\u00d720 (=100): equal pitches of one chain")                        \
	K(COUNTERSINK, "countersink", "\u23009 \u2335\u230015\u00d790\u00b0")

enum callout_kind {
#define K(id, name, about) CALLOUT_##id,
	CALLOUT_KINDS(K)
#undef K
		CALLOUT_COUNT_
};

/* REFERENCE: (25). BASIC: 25 in a box, which the drafter draws. Neither prints a tolerance. */
enum callout_status { CALLOUT_PLAIN, CALLOUT_REFERENCE, CALLOUT_BASIC, CALLOUT_STATUS_COUNT_ };

enum tolerance_kind {
	TOLERANCE_NONE,
	TOLERANCE_SYMMETRIC,  /* 25±0,1 */
	TOLERANCE_DEVIATIONS, /* 25 with +0,2 over -0,1 */
	TOLERANCE_LIMITS,     /* 25,1 over 24,9: the value is the middle */
	TOLERANCE_FIT,        /* 25 H7; 25 H7/g6; ignored for ANGLE */
	TOLERANCE_COUNT_
};

#define CALLOUT_FIT_BYTES 8

struct tolerance {
	enum tolerance_kind kind;
	/* Deviations, signed, upper >= lower; SYMMETRIC and LIMITS: lower = -upper. FIT ignores
	 * them, and the others ignore fit. */
	int64_t upper, lower;
	char fit[CALLOUT_FIT_BYTES]; /* "H7", "H7/g6": letters and grades of ISO 286-1 */
};

/* What a kind's line below does not name, it ignores. Values are not negative but for LINEAR, whose
 * value may be a coordinate. */
struct callout {
	enum callout_kind kind;
	int count;     /* "4×" before the rest; 0 or 1: not printed. SPACES: how many, 1 too */
	int64_t value; /* COUNTERBORE, COUNTERSINK: the hole. THREAD: nominal diameter. SPACES: one */
	int64_t pitch; /* THREAD: 0 is coarse, not printed; in inches threads per inch, plain */
	int64_t wide, deep; /* COUNTERBORE; COUNTERSINK: wide */
	int64_t angle;      /* COUNTERSINK */
	enum callout_status status;
	struct tolerance tolerance; /* where callout_is_toleranced */
};

/* One line of lettering, and a stack of two smaller ones behind it (NULL: none), all in the arena.
 * text is "" for the limits of a plain length; of other limits it is what goes before the number:
 * "⌀", "4×R" (of ASME's thickness what goes behind it: "THK"). */
struct callout_text {
	const char *text, *upper, *lower;
};

struct callout_text callout_write(const struct callout *callout, const struct style *style,
				  struct arena *arena);

/* Reads lettering of any style: comma or point, with or without leading zero, blanks or none. Which
 * of two conventions it is never matters for the value. status is CALLOUT_REFERENCE where it says so
 * ("(25)", "25 REF"); a box is not lettering, so BASIC is never found. What is not said is 0, and so
 * is a count of one. upper and lower: both or neither (NULL).
 *
 * Returns 0; -1 and *callout as it was for what is no callout (a note, a scale), limits whose
 * middle is no whole thousandth, numbers of 1e9 or more, counts and threads per inch over 9999, and
 * spaces whose sum is wrong. */
int callout_parse(struct callout *callout, const char *text, const char *upper, const char *lower);

/* Whether callouts of this kind may bear a tolerance: all but CHAMFER, THREAD, COUNTERBORE,
 * COUNTERSINK, SPACES. */
bool callout_is_toleranced(enum callout_kind kind);

/* A number alone as the style writes it: 0,5 .5 0.50; at most three decimals. */
void callout_number(int64_t thousandths, const struct style *style, struct buf *out);

/* "1:2", "SCALE 1:2", "M1:2": 0 and the scale, paper to real; one of fractions in the smallest whole
 * numbers (1:2,5 is 2 to 5). -1 where the text is none, or one of its numbers over a million. */
int callout_parse_scale(const char *text, int *paper, int *real);

const char *callout_kind_name(enum callout_kind kind);

/* "plain", "reference", "basic"; "none", "symmetric", "deviations", "limits", "fit". */
const char *callout_status_name(enum callout_status status);
const char *tolerance_kind_name(enum tolerance_kind kind);

#endif
