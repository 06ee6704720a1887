/* SPDX-License-Identifier: MIT */
/* callout: each dialect's lettering, reading it again without the style, and what is refused. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/rng.h"
#include "formats/drawing/callout.h"

static const struct style iso = {.leading_zero = STYLE_ZERO_YES};
static const struct style lower_x = {.times = STYLE_TIMES_X};
static const struct style asme = {.decimal_mark = STYLE_MARK_POINT, .times = STYLE_TIMES_CAPITAL};
static const struct style inch = {.unit = STYLE_UNIT_INCH,
				  .decimal_mark = STYLE_MARK_POINT,
				  .leading_zero = STYLE_ZERO_NO,
				  .times = STYLE_TIMES_CAPITAL};
static const struct style gost = {.times = STYLE_TIMES_OTV};
static const struct style jis = {.decimal_mark = STYLE_MARK_POINT, .times = STYLE_TIMES_DASH};
static const struct style places = {.decimal_mark = STYLE_MARK_POINT, .decimals = 2};

static void assert_same(const struct callout *got, const struct callout *expected,
			const struct callout_text *text)
{
	const struct tolerance *a = &got->tolerance, *b = &expected->tolerance;

	if (got->kind == expected->kind && got->count == expected->count &&
	    got->value == expected->value && got->pitch == expected->pitch &&
	    got->wide == expected->wide && got->deep == expected->deep &&
	    got->status == expected->status && a->kind == b->kind && a->upper == b->upper &&
	    a->lower == b->lower && strcmp(a->fit, b->fit) == 0)
		return;
	fail_msg("\"%s\" \"%s\" \"%s\" is not a %s of %lld, status %d, tolerance %d", text->text,
		 text->upper ? text->upper : "", text->lower ? text->lower : "",
		 callout_kind_name(expected->kind), (long long)expected->value, expected->status,
		 b->kind);
}

/* What of a callout its lettering says. */
static struct callout said(struct callout c)
{
	bool limits = c.tolerance.kind == TOLERANCE_LIMITS;
	bool fit = c.tolerance.kind == TOLERANCE_FIT;
	struct callout s = {.kind = c.kind, .value = c.value};

	if (c.count > 1 || c.kind == CALLOUT_SPACES)
		s.count = c.count;
	if (c.kind == CALLOUT_THREAD)
		s.pitch = c.pitch;
	if (c.kind == CALLOUT_COUNTERBORE) {
		s.wide = c.wide;
		s.deep = c.deep;
	}
	if (c.kind == CALLOUT_COUNTERSINK) {
		s.wide = c.wide;
		s.angle = c.angle;
	}
	if (c.status == CALLOUT_REFERENCE)
		s.status = CALLOUT_REFERENCE;
	if (c.status != CALLOUT_PLAIN || !callout_is_toleranced(c.kind) ||
	    c.tolerance.kind == TOLERANCE_NONE || (fit && c.kind == CALLOUT_ANGLE))
		return s;
	s.tolerance.kind = c.tolerance.kind;
	if (fit) {
		strcpy(s.tolerance.fit, c.tolerance.fit);
		return s;
	}
	s.tolerance.upper = c.tolerance.upper;
	s.tolerance.lower = c.tolerance.lower;
	if (limits)
		assert_int_equal(s.tolerance.lower, -s.tolerance.upper);
	return s;
}

static void assert_text(struct callout c, const struct style *style, const char *text,
			const char *upper, const char *lower)
{
	struct arena arena = {0};
	struct callout_text t = callout_write(&c, style, &arena);
	struct callout again, expected = said(c);

	assert_string_equal(t.text, text);
	assert_int_equal(!t.upper, !upper);
	assert_int_equal(!t.lower, !lower);
	if (upper && lower) {
		assert_string_equal(t.upper, upper);
		assert_string_equal(t.lower, lower);
	}
	if (callout_parse(&again, t.text, t.upper, t.lower) < 0)
		fail_msg("not read: \"%s\"", text);
	assert_same(&again, &expected, &t);
	arena_free(&arena);
}

static void assert_line(struct callout c, const struct style *style, const char *text)
{
	assert_text(c, style, text, NULL, NULL);
}

/* --- exact lettering --- */

static void test_numbers(void **state)
{
	static const struct {
		int64_t value;
		const char *iso, *inch, *places;
	} cases[] = {
		{0, "0", "0", "0.00"},           {500, "0,5", ".5", "0.50"},
		{312, "0,312", ".312", "0.312"}, {25000, "25", "25", "25.00"},
		{-500, "-0,5", "-.5", "-0.50"},  {-12050, "-12,05", "-12.05", "-12.05"},
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		callout_number(cases[i].value, &iso, &b);
		assert_string_equal(b.data, cases[i].iso);
		buf_clear(&b);
		callout_number(cases[i].value, &inch, &b);
		assert_string_equal(b.data, cases[i].inch);
		buf_clear(&b);
		callout_number(cases[i].value, &places, &b);
		assert_string_equal(b.data, cases[i].places);
		buf_clear(&b);
	}
	buf_free(&b);
}

static void test_signs(void **state)
{
	(void)state;
	assert_line((struct callout){.value = 40000}, &iso, "40");
	assert_line((struct callout){.value = -500}, &iso, "-0,5");
	assert_line((struct callout){CALLOUT_RADIUS, .value = 5000}, &iso, "R5");
	assert_line((struct callout){CALLOUT_DIAMETER, .value = 8000}, &iso, "⌀8");
	assert_line((struct callout){CALLOUT_SQUARE, .value = 20000}, &iso, "□20");
	assert_line((struct callout){CALLOUT_ANGLE, .value = 45000}, &iso, "45°");
	assert_line((struct callout){CALLOUT_ANGLE, .value = 22500}, &places, "22.5°");
	assert_line((struct callout){CALLOUT_ARC_LENGTH, .value = 30000}, &iso, "⌒30");
	assert_line((struct callout){CALLOUT_THICKNESS, .value = 5000}, &iso, "t5");
	assert_line((struct callout){CALLOUT_THICKNESS, .value = 5000}, &asme, "5 THK");
	assert_line((struct callout){CALLOUT_THICKNESS, .value = 5000}, &gost, "s5");
	assert_line((struct callout){.value = 25000}, &places, "25.00");
}

static void test_counts(void **state)
{
	struct callout hole = {CALLOUT_DIAMETER, .count = 4, .value = 8000};
	struct callout round = {CALLOUT_RADIUS, .count = 4, .value = 5000};

	(void)state;
	assert_line(hole, &iso, "4×⌀8");
	assert_line(hole, &lower_x, "4x ⌀8");
	assert_line(hole, &asme, "4X ⌀8");
	assert_line(hole, &jis, "4-⌀8");
	assert_line(hole, &gost, "4 отв. ⌀8");
	assert_line(round, &gost, "4×R5");
	assert_line((struct callout){.count = 4, .value = 25000}, &jis, "4-25");
	hole.value = 312;
	assert_line(hole, &inch, "4X ⌀.312");
	hole.count = 1;
	assert_line(hole, &iso, "⌀0,312");
	/* What would be a chamfer has a blank. */
	assert_line((struct callout){CALLOUT_ANGLE, .count = 2, .value = 45000}, &iso, "2× 45°");
	assert_line((struct callout){CALLOUT_ANGLE, .count = 6, .value = 60000}, &iso, "6×60°");
}

static void test_statuses(void **state)
{
	struct callout c = {.value = 25000, .status = CALLOUT_REFERENCE};

	(void)state;
	assert_line(c, &iso, "(25)");
	c.count = 4;
	assert_line(c, &iso, "(4×25)");
	c.tolerance = (struct tolerance){TOLERANCE_SYMMETRIC, 100, -100, ""};
	assert_line(c, &iso, "(4×25)");
	c.status = CALLOUT_BASIC;
	assert_line(c, &iso, "4×25");
	assert_line((struct callout){CALLOUT_SPACES, .count = 5, .value = 20000,
				     .status = CALLOUT_REFERENCE},
		    &iso, "(5×20 (=100))");
}

static void test_features(void **state)
{
	struct callout chamfer = {CALLOUT_CHAMFER, .value = 2000};
	struct callout thread = {CALLOUT_THREAD, .value = 8000, .pitch = 1250};
	struct callout bore = {CALLOUT_COUNTERBORE, .value = 9000, .wide = 15000, .deep = 8000};
	struct callout sink = {CALLOUT_COUNTERSINK, .value = 4500, .wide = 9000, .angle = 90000,
			       .count = 2};
	struct callout spaces = {CALLOUT_SPACES, .count = 5, .value = 20000};

	(void)state;
	assert_line(chamfer, &iso, "2×45°");
	assert_line(chamfer, &lower_x, "2x45°");
	assert_line(chamfer, &asme, "2 X 45°");
	assert_line(chamfer, &gost, "2×45°");
	assert_line(chamfer, &jis, "C2");
	chamfer.count = 4;
	assert_line(chamfer, &iso, "4×2×45°");
	assert_line(chamfer, &asme, "4X 2 X 45°");
	assert_line(chamfer, &jis, "4-C2");
	assert_line(thread, &iso, "M8×1,25");
	assert_line(thread, &asme, "M8 X 1.25");
	assert_line(thread, &places, "M8×1.25");
	thread.pitch = 0;
	assert_line(thread, &iso, "M8");
	thread.count = 2;
	assert_line(thread, &gost, "2 отв. M8");
	thread = (struct callout){CALLOUT_THREAD, .value = 250, .pitch = 20};
	assert_line(thread, &inch, ".25-20 UNC");
	assert_line(bore, &iso, "⌀9 ⌴⌀15 ↧8");
	bore.count = 4;
	assert_line(bore, &asme, "4X ⌀9 ⌴⌀15 ↧8");
	assert_line(sink, &iso, "2×⌀4,5 ⌵⌀9×90°");
	assert_line(sink, &asme, "2X ⌀4.5 ⌵⌀9 X 90°");
	assert_line(sink, &gost, "2 отв. ⌀4,5 ⌵⌀9×90°");
	assert_line(sink, &jis, "2-⌀4.5 ⌵⌀9×90°");
	sink.angle = 118500;
	assert_line(sink, &lower_x, "2x ⌀4,5 ⌵⌀9x118,5°");
	assert_line(spaces, &iso, "5×20 (=100)");
	assert_line(spaces, &asme, "5X 20 (=100)");
	assert_line(spaces, &gost, "5×20 (=100)");
}

/* 2-8 UNC is one thread, so two of 8 inches have a sign between them. */
static void test_dash_before_inch_thread(void **state)
{
	struct style style = inch;

	(void)state;
	style.times = STYLE_TIMES_DASH;
	assert_line((struct callout){CALLOUT_THREAD, .count = 2, .value = 8000}, &style, "2×8 UNC");
	assert_line((struct callout){CALLOUT_THREAD, .value = 2000, .pitch = 8}, &style, "2-8 UNC");
}

static struct callout toleranced(enum callout_kind kind, int64_t value, enum tolerance_kind how,
				 int64_t upper, int64_t lower)
{
	struct callout c = {kind, .value = value};

	c.tolerance = (struct tolerance){how, upper, lower, ""};
	return c;
}

static void test_tolerances(void **state)
{
	struct callout c = toleranced(CALLOUT_LINEAR, 25000, TOLERANCE_SYMMETRIC, 100, -100);

	(void)state;
	assert_line(c, &iso, "25±0,1");
	assert_line(c, &places, "25.00±0.10");
	assert_line(c, &inch, "25.0±.1");
	c.kind = CALLOUT_THICKNESS;
	assert_line(c, &asme, "25±0.1 THK");
	c = toleranced(CALLOUT_ANGLE, 45000, TOLERANCE_SYMMETRIC, 500, -500);
	assert_line(c, &iso, "45°±0,5°");
	assert_line(c, &inch, "45°±.5°");
	c.tolerance.kind = TOLERANCE_FIT;
	strcpy(c.tolerance.fit, "H7");
	assert_line(c, &iso, "45°");
	c.kind = CALLOUT_DIAMETER;
	c.value = 25000;
	assert_line(c, &iso, "⌀25 H7");
	c.kind = CALLOUT_LINEAR;
	strcpy(c.tolerance.fit, "H7/g6");
	assert_line(c, &iso, "25 H7/g6");
	strcpy(c.tolerance.fit, "X7/x6");
	assert_line(c, &iso, "25 X7/x6");
}

static void test_stacks(void **state)
{
	enum tolerance_kind two = TOLERANCE_DEVIATIONS, limits = TOLERANCE_LIMITS;
	struct callout c = toleranced(CALLOUT_LINEAR, 25000, two, 200, -100);

	(void)state;
	assert_text(c, &iso, "25", "+0,2", "-0,1");
	c.tolerance.lower = -150;
	assert_text(c, &iso, "25", "+0,20", "-0,15");
	c.tolerance.lower = 0;
	assert_text(c, &iso, "25", "+0,2", "0");
	c = toleranced(CALLOUT_LINEAR, 500, two, 5, 0);
	assert_text(c, &inch, ".500", "+.005", "-.000");
	c = toleranced(CALLOUT_LINEAR, 500, two, 0, -5);
	assert_text(c, &inch, ".500", "+.000", "-.005");
	c = toleranced(CALLOUT_ANGLE, 30000, two, 500, 0);
	assert_text(c, &iso, "30°", "+0,5°", "0°");
	c = toleranced(CALLOUT_LINEAR, 25000, limits, 100, -100);
	assert_text(c, &iso, "", "25,1", "24,9");
	c = toleranced(CALLOUT_DIAMETER, 25250, limits, 250, -250);
	assert_text(c, &asme, "⌀", "25.5", "25.0");
	c.count = 4;
	assert_text(c, &asme, "4X ⌀", "25.5", "25.0");
	assert_text(c, &gost, "4 отв. ⌀", "25,5", "25,0");
	c.kind = CALLOUT_LINEAR;
	assert_text(c, &asme, "4X", "25.5", "25.0");
	c = toleranced(CALLOUT_THICKNESS, 5000, limits, 100, -100);
	assert_text(c, &asme, "THK", "5.1", "4.9");
	c = toleranced(CALLOUT_ANGLE, 45000, limits, 500, -500);
	assert_text(c, &places, "", "45.5°", "44.5°");
}

/* --- every kind, status and tolerance in every dialect --- */

static int64_t random_length(struct rng *rng)
{
	static const int64_t rounding[] = {1, 10, 100, 500, 1000, 5000};
	int64_t unit = rounding[rng_below(rng, 6)];

	return rng_range(rng, 1, 2000000 / unit) * unit;
}

static struct tolerance random_tolerance(struct rng *rng, enum tolerance_kind kind, int64_t value)
{
	static const char *const fits[] = {"H7",  "g6",    "H7/g6",   "JS7/js6", "x7",
					   "X10", "M6/h5", "H11/c11", "t5",      "ZA01"};
	struct tolerance t = {.kind = kind};
	int64_t a = rng_range(rng, -2000, 2000), b = rng_range(rng, -2000, 2000);

	strcpy(t.fit, fits[rng_below(rng, 10)]);
	t.upper = a > b ? a : b;
	t.lower = a > b ? b : a;
	if (rng_chance(rng, 0.3))
		*(rng_chance(rng, 0.5) ? &t.upper : &t.lower) = 0;
	if (t.upper < t.lower)
		t.upper = t.lower;
	if (kind == TOLERANCE_SYMMETRIC || kind == TOLERANCE_LIMITS) {
		t.upper = value < 2000 ? rng_range(rng, 0, value) : rng_range(rng, 0, 2000);
		t.lower = -t.upper;
	}
	return t;
}

static struct callout random_callout(struct rng *rng, enum callout_kind kind,
				     enum callout_status status, enum tolerance_kind tolerance)
{
	struct callout c = {.kind = kind, .status = status};

	c.count = (int)(rng_chance(rng, 0.5) ? rng_range(rng, 2, 60) : rng_range(rng, 0, 1));
	if (kind == CALLOUT_SPACES && c.count == 0)
		c.count = 1;
	c.value = random_length(rng);
	if (kind == CALLOUT_ANGLE)
		c.value = rng_chance(rng, 0.3) ? 45000 : c.value % 360000;
	c.pitch = rng_chance(rng, 0.3) ? 0 : rng_range(rng, 1, 9999);
	c.wide = random_length(rng);
	c.deep = random_length(rng);
	c.angle = rng_range(rng, 1, 179999);
	c.tolerance = random_tolerance(rng, tolerance, c.value);
	if (kind == CALLOUT_LINEAR && rng_chance(rng, 0.2))
		c.value = -c.value;
	return c;
}

static void check_round_trip(const struct callout *c, const struct style *style,
			     struct arena *arena)
{
	struct callout_text t = callout_write(c, style, arena);
	struct callout again, expected = said(*c);

	if (callout_parse(&again, t.text, t.upper, t.lower) < 0)
		fail_msg("not read: \"%s\" \"%s\" \"%s\"", t.text, t.upper ? t.upper : "",
			 t.lower ? t.lower : "");
	assert_same(&again, &expected, &t);
	arena_reset(arena);
}

enum { STYLES = 2 * 2 * 2 * 4 * 5, FACES = CALLOUT_COUNT_ * 3 * 5 };

static struct style style_of_index(int i)
{
	struct style style = {0};

	style.unit = i % 2;
	style.decimal_mark = i / 2 % 2;
	style.leading_zero = i / 4 % 2;
	style.decimals = i / 8 % 4;
	style.times = i / 32 % 5;
	return style;
}

static void test_round_trip(void **state)
{
	uint64_t seed = (uint64_t)time(NULL);
	struct rng rng = rng_stream(seed, 0, "callout", 0);
	struct arena arena = {0};

	(void)state;
	print_message("# seed %llu\n", (unsigned long long)seed);
	for (int i = 0; i < STYLES * FACES; i++) { /* 26,400 */
		struct style style = style_of_index(i % STYLES);
		int face = i / STYLES;
		enum callout_kind kind = (enum callout_kind)(face % CALLOUT_COUNT_);
		enum callout_status status = (enum callout_status)(face / CALLOUT_COUNT_ % 3);
		enum tolerance_kind how = (enum tolerance_kind)(face / CALLOUT_COUNT_ / 3);
		struct callout c = random_callout(&rng, kind, status, how);

		check_round_trip(&c, &style, &arena);
	}
	arena_free(&arena);
}

/* --- reading what is not written here --- */

static void assert_read(const char *text, struct callout expected)
{
	struct callout got;
	struct callout_text t = {.text = text};

	if (callout_parse(&got, text, NULL, NULL) < 0)
		fail_msg("not read: \"%s\"", text);
	assert_same(&got, &expected, &t);
}

static void test_other_spellings(void **state)
{
	struct callout hole = {CALLOUT_DIAMETER, .count = 4, .value = 8000};
	struct callout reference = {.value = 25000, .status = CALLOUT_REFERENCE};
	struct callout fit = {.value = 25000, .tolerance = {.kind = TOLERANCE_FIT, .fit = "X7"}};
	struct callout chamfer = {CALLOUT_CHAMFER, .value = 2000};

	(void)state;
	assert_read(" 4 × ⌀ 8 ", hole);
	assert_read("4x⌀8", hole);
	assert_read("4х⌀8", hole); /* Cyrillic */
	assert_read("4Х ⌀8", hole);
	assert_read("4X\u00a0Ø8,000", hole);
	assert_read("4отв.⌀8", hole);
	assert_read("4 отв ⌀8.0", hole);
	assert_read("1×⌀8", (struct callout){CALLOUT_DIAMETER, .value = 8000});
	assert_read("\u22120,5", (struct callout){.value = -500});
	assert_read(",5", (struct callout){.value = 500});
	assert_read("25 REF", reference);
	assert_read("(25 )", reference);
	reference.count = 4;
	assert_read("4X (25)", reference);
	assert_read("4X 25 REF", reference);
	assert_read("25 X7", fit);
	assert_read("25X7", (struct callout){.count = 25, .value = 7000});
	assert_read("25 X 7", (struct callout){.count = 25, .value = 7000});
	strcpy(fit.tolerance.fit, "H7");
	assert_read("25H7", fit);
	assert_read("2X45°", chamfer);
	assert_read("2 × 45°", chamfer);
	assert_read("2X 45°", (struct callout){CALLOUT_ANGLE, .count = 2, .value = 45000});
	assert_read("5-20 (=100)", (struct callout){CALLOUT_SPACES, .count = 5, .value = 20000});
	assert_read("t 5", (struct callout){CALLOUT_THICKNESS, .value = 5000});
	assert_read("25 t5", (struct callout){.value = 25000,
					      .tolerance = {.kind = TOLERANCE_FIT, .fit = "t5"}});
	assert_read("9999×999999999,999", (struct callout){.count = 9999, .value = 999999999999});
}

static void test_read_stacks(void **state)
{
	struct callout c;

	(void)state;
	assert_int_equal(callout_parse(&c, "25", "+.1", "\u22120.20"), 0);
	assert_int_equal(c.tolerance.kind, TOLERANCE_DEVIATIONS);
	assert_int_equal(c.tolerance.upper, 100);
	assert_int_equal(c.tolerance.lower, -200);
	assert_int_equal(callout_parse(&c, "", "-1", "-3"), 0);
	assert_int_equal(c.value, -2000);
	assert_int_equal(c.tolerance.upper, 1000);
}

static void assert_refused(const char *text, const char *upper, const char *lower)
{
	struct callout c = {.kind = CALLOUT_RADIUS, .value = 7};

	if (callout_parse(&c, text, upper, lower) != -1)
		fail_msg("read: \"%s\" \"%s\" \"%s\" as %s %lld", text, upper ? upper : "",
			 lower ? lower : "", callout_kind_name(c.kind), (long long)c.value);
	assert_int_equal(c.kind, CALLOUT_RADIUS);
	assert_int_equal(c.value, 7);
}

static void test_refused_lines(void **state)
{
	static const char *const lines[] = {
		"",
		" ",
		"Ra 3,2",
		"A-A",
		"C-C",
		"1:2",
		"M1:2",
		"SCALE 1:2",
		"UNLESS OTHERWISE SPECIFIED",
		"2026-10-20",
		"05",
		"05×8",
		"0×8",
		"R",
		"⌀",
		"R-5",
		"R5x",
		"25 mm",
		"25,",
		"1,2,3",
		"1.000.5",
		"0,1234",
		"1000000000",
		"99999999999999999999999999999999999999999999",
		"10000×8",
		"99999999999999999999×8",
		"4×",
		"×8",
		"4×4×8",
		"-R5",
		"-45°",
		"2×30°×",
		"M",
		"M8×0",
		"M8-6H",
		".25-0 UNC",
		".25-20",
		".25-20.5 UNC",
		"⌀9 ⌴15 ↧8",
		"⌀9 ⌴⌀15",
		"5×20 (=99)",
		"4×5×20 (=100)",
		"1×5×20 (=100)",
		"(25",
		"25)",
		"()",
		"((25))",
		"(25) REF",
		"(25±0,1)",
		"25 H7 REF",
		"25REF",
		"25±",
		"25±-0,1",
		"45°±0,5",
		"45° H7",
		"25 H",
		"25 H19",
		"25 H7/",
		"25 I7",
		"25 Js7",
		"25 ZA11/za10",
		"25 H7 g6",
		"SR5",
		"25*",
		"\xff",
	};
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_refused(lines[i], NULL, NULL);
	for (size_t n = 126; n + 3 < sizeof(text); n++) { /* too long, whatever they say */
		memset(text, ' ', n);
		strcpy(text + n, "25");
		assert_refused(text, NULL, NULL);
	}
}

static void test_refused_stacks(void **state)
{
	(void)state;
	assert_refused("25", "+0,1", NULL);
	assert_refused("25", NULL, "-0,1");
	assert_refused("25", "0,1", "-0,1");  /* no sign */
	assert_refused("25", "-0,1", "+0,1"); /* upside down */
	assert_refused("25", "+0,1°", "-0,1°");
	assert_refused("45°", "+0,1", "-0,1");
	assert_refused("25±0,1", "+0,1", "-0,1");
	assert_refused("25 H7", "+0,1", "-0,1");
	assert_refused("(25)", "+0,1", "-0,1");
	assert_refused("M8", "+0,1", "-0,1");
	assert_refused("2×45°", "+0,1", "-0,1");
	assert_refused("25", "+0,1x", "-0,1");
	assert_refused("", "", "");
	assert_refused("", "24,9", "25,1");
	assert_refused("", "25,001", "25"); /* no whole middle */
	assert_refused("", "45,5°", "44,5");
	assert_refused("⌀", "45,5°", "44,5°");
	assert_refused("⌀", "1", "-1");
	assert_refused("()", "25,1", "24,9");
	assert_refused("A", "25,1", "24,9");
}

static void assert_scale(const char *text, int paper, int real)
{
	int p = 0, r = 0;

	assert_int_equal(callout_parse_scale(text, &p, &r), 0);
	assert_int_equal(p, paper);
	assert_int_equal(r, real);
}

static void test_scales(void **state)
{
	static const char *const none[] = {"",     "1",       "1:",    ":2",         "1:2:3",
					   "0:1",  "1:0",     "SCALE", "M8",         "1/2",
					   "1:-2", "A (1:2)", "1:2 x", "1:10000000", "1:1,2345"};
	int p = 7, r = 7;

	(void)state;
	assert_scale("1:2", 1, 2);
	assert_scale(" 10 : 1 ", 10, 1);
	assert_scale("SCALE 1:2", 1, 2);
	assert_scale("M1:2", 1, 2);
	assert_scale("М1:2", 1, 2); /* Cyrillic */
	assert_scale("1:2,5", 2, 5);
	assert_scale("2.5:1", 5, 2);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(callout_parse_scale(none[i], &p, &r), -1);
	assert_int_equal(p, 7);
	assert_int_equal(r, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_dash_before_inch_thread),
		cmocka_unit_test(test_tolerances),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_other_spellings),
		cmocka_unit_test(test_read_stacks),
		cmocka_unit_test(test_refused_lines),
		cmocka_unit_test(test_refused_stacks),
		cmocka_unit_test(test_scales),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("callout", tests, NULL, NULL);
}
