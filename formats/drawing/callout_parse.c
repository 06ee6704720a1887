/* SPDX-License-Identifier: MIT */
/*
 * Reading callouts: a recursive-descent reader over a bounded copy of the text.
 *
 * A text is first read as sizes alone and only then as a count with sizes behind it, so that
 * "2×45°" is a chamfer, ".25-20 UNC" a thread and "5×20 (=100)" a chain. Every take_...() skips
 * blanks, moves *p behind what it took and leaves *p alone when it took nothing.
 *
 * The dialects contradict each other in these places, and the blanks decide:
 *
 *	2×45°  2 X 45°		a chamfer;	2X 45°	two angles (ASME: the X of a count is joined)
 *	25 X7			a fit;		25X 7  25 X 7  25X7	a count
 */
#include <config.h>

#include "formats/drawing/callout.h"

#include <string.h>

#include "base/num.h"

#define TEXT_BYTES 128                    /* longer ones are no callouts */
#define NUMBER_END INT64_C(1000000000000) /* a million metres, in thousandths */
#define COUNT_DIGITS 4
#define SCALE_MAX 1000000

#define DEGREE "\u00b0"
#define DIAMETER "\u2300"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_mark(char c)
{
	return c == ',' || c == '.';
}

static const char *behind_blanks(const char *p)
{
	for (;;) {
		if (*p == ' ' || *p == '\t')
			p++;
		else if (strncmp(p, "\u00a0", 2) == 0)
			p += 2;
		else
			return p;
	}
}

static bool take(const char **p, const char *word)
{
	const char *at = behind_blanks(*p);
	size_t n = strlen(word);

	if (strncmp(at, word, n) != 0)
		return false;
	*p = at + n;
	return true;
}

static bool take_minus(const char **p)
{
	return take(p, "-") || take(p, "\u2212");
}

/* × and the letters that stand for it, Latin and Cyrillic */
static bool take_times(const char **p)
{
	return take(p, "\u00d7") || take(p, "x") || take(p, "X") || take(p, "\u0445") ||
	       take(p, "\u0425");
}

static bool take_diameter(const char **p)
{
	return take(p, DIAMETER) || take(p, "\u00d8") || take(p, "\u00f8");
}

/* 12 0,5 .5 1.250; not 05, not 5. */
static bool take_number(const char **p, int64_t *out)
{
	const char *at = behind_blanks(*p), *end;
	char copy[32];
	size_t n = 0;

	if (at[0] == '0' && is_digit(at[1]))
		return false;
	if (is_mark(at[0]) && is_digit(at[1]))
		copy[n++] = '0';
	else if (!is_digit(at[0]))
		return false;
	while (is_digit(*at) || (is_mark(at[0]) && is_digit(at[1]))) {
		if (n == sizeof(copy) || (is_mark(*at) && memchr(copy, '.', n)))
			return false;
		copy[n++] = is_mark(*at) ? '.' : *at;
		at++;
	}
	if (num_milli(copy, n, out, &end) < 0 || end != copy + n || *out >= NUMBER_END)
		return false;
	*p = at;
	return true;
}

static bool take_signed(const char **p, int64_t *out)
{
	const char *at = *p;
	bool negative = take_minus(&at);

	if (!take_number(&at, out))
		return false;
	if (negative)
		*out = -*out;
	*p = at;
	return true;
}

/* 1..9999 */
static bool take_count(const char **p, int64_t *out)
{
	const char *at = behind_blanks(*p);
	int64_t v = 0;

	if (*at == '0' || !is_digit(*at))
		return false;
	for (int n = 0; is_digit(*at); n++, at++) {
		if (n == COUNT_DIGITS)
			return false;
		v = v * 10 + (*at - '0');
	}
	*out = v;
	*p = at;
	return true;
}

static bool is_end(const char *p)
{
	return *behind_blanks(p) == '\0';
}

/* --- tolerances --- */

/* Bytes of a tolerance class at p, "H7" or "js6": ISO 286-1's letters and grades. 0: none. */
static size_t class_bytes(const char *p)
{
	static const char *const pairs[] = {"CD", "EF", "FG", "JS", "ZA", "ZB", "ZC",
					    "cd", "ef", "fg", "js", "za", "zb", "zc"};
	const char *single = "ABCDEFGHJKMNPRSTUVXYZabcdefghjkmnprstuvxyz";
	size_t n = 0;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]) && n == 0; i++)
		if (strncmp(p, pairs[i], 2) == 0)
			n = 2;
	if (n == 0 && *p && strchr(single, *p))
		n = 1;
	if (n == 0 || !is_digit(p[n]))
		return 0;
	if (!is_digit(p[n + 1]))
		return n + 1;
	if (is_digit(p[n + 2]))
		return 0;
	bool known = (p[n] == '0' && p[n + 1] == '1') || (p[n] == '1' && p[n + 1] <= '8');
	return known ? n + 2 : 0;
}

/* " H7" " H7/g6" "H7"; x and X only behind a blank, else they count */
static bool take_fit(const char **p, struct tolerance *t)
{
	const char *at = behind_blanks(*p);
	size_t n = class_bytes(at);

	if (n == 0 || ((*at == 'x' || *at == 'X') && at == *p))
		return false;
	if (at[n] == '/') {
		size_t shaft = class_bytes(at + n + 1);

		if (shaft == 0)
			return false;
		n += 1 + shaft;
	}
	if (n >= sizeof(t->fit))
		return false;
	memcpy(t->fit, at, n);
	t->fit[n] = '\0';
	t->kind = TOLERANCE_FIT;
	*p = at + n;
	return true;
}

/* What of a tolerance follows its number on the line; may be nothing. */
static bool take_tolerance(const char **p, struct callout *c)
{
	struct tolerance *t = &c->tolerance;
	bool angle = c->kind == CALLOUT_ANGLE;

	if (take(p, "\u00b1")) {
		if (!take_number(p, &t->upper) || (angle && !take(p, DEGREE)))
			return false;
		t->kind = TOLERANCE_SYMMETRIC;
		t->lower = -t->upper;
		return true;
	}
	if (!angle)
		take_fit(p, t);
	return true;
}

/* +0,2 -0,1 0 -.000; only a zero may lack its sign */
static bool read_deviation(const char *p, bool angle, int64_t *out)
{
	bool plus = take(&p, "+");
	bool minus = !plus && take_minus(&p);

	if (!take_number(&p, out) || (angle && !take(&p, DEGREE)) || !is_end(p))
		return false;
	if (minus)
		*out = -*out;
	return plus || minus || *out == 0;
}

static bool read_deviations(struct callout *c, const char *upper, const char *lower)
{
	struct tolerance *t = &c->tolerance;
	bool angle = c->kind == CALLOUT_ANGLE;

	if (!callout_is_toleranced(c->kind) || t->kind != TOLERANCE_NONE)
		return false;
	if (!read_deviation(upper, angle, &t->upper) || !read_deviation(lower, angle, &t->lower))
		return false;
	t->kind = TOLERANCE_DEVIATIONS;
	return t->upper >= t->lower;
}

static bool read_limit(const char *p, int64_t *out, bool *angle)
{
	if (!take_signed(&p, out))
		return false;
	*angle = take(&p, DEGREE);
	return is_end(p);
}

/* --- sizes --- */

/* The sign before a number; also that of a thickness. */
static enum callout_kind take_sign(const char **p)
{
	if (take(p, "R"))
		return CALLOUT_RADIUS;
	if (take_diameter(p))
		return CALLOUT_DIAMETER;
	if (take(p, "\u25a1"))
		return CALLOUT_SQUARE;
	if (take(p, "\u2312"))
		return CALLOUT_ARC_LENGTH;
	if (take(p, "t") || take(p, "s"))
		return CALLOUT_THICKNESS;
	return CALLOUT_LINEAR;
}

/* p: only a sign; upper, lower: the limits */
static bool read_limits(struct callout *c, const char *p, const char *upper, const char *lower)
{
	int64_t high, low;
	bool high_angle, low_angle;

	c->kind = take(&p, "THK") ? CALLOUT_THICKNESS : take_sign(&p);
	if (!is_end(p) || !read_limit(upper, &high, &high_angle) ||
	    !read_limit(lower, &low, &low_angle))
		return false;
	if (high_angle != low_angle || high < low || (high - low) % 2 != 0)
		return false;
	if (high_angle && c->kind != CALLOUT_LINEAR)
		return false;
	if (high_angle)
		c->kind = CALLOUT_ANGLE;
	if (low < 0 && c->kind != CALLOUT_LINEAR)
		return false;
	c->value = low + (high - low) / 2;
	c->tolerance.kind = TOLERANCE_LIMITS;
	c->tolerance.upper = (high - low) / 2;
	c->tolerance.lower = -c->tolerance.upper;
	return true;
}

/* Behind "M": 8 8×1,25 */
static bool take_thread(const char **p, struct callout *c)
{
	c->kind = CALLOUT_THREAD;
	if (!take_number(p, &c->value))
		return false;
	return !take_times(p) || (take_number(p, &c->pitch) && c->pitch > 0);
}

/* Behind "⌀9 ⌴": ⌀15 ↧8 */
static bool take_counterbore(const char **p, struct callout *c)
{
	c->kind = CALLOUT_COUNTERBORE;
	return take_diameter(p) && take_number(p, &c->wide) && take(p, "\u21a7") &&
	       take_number(p, &c->deep);
}

/* Behind "⌀9 ⌵": ⌀15×90° */
static bool take_countersink(const char **p, struct callout *c)
{
	c->kind = CALLOUT_COUNTERSINK;
	return take_diameter(p) && take_number(p, &c->wide) && take_times(p) &&
	       take_number(p, &c->angle) && take(p, DEGREE);
}

/* Behind ".25": -20 UNC */
static bool take_inch_thread(const char **p, struct callout *c)
{
	const char *at = *p;
	int64_t per_inch = 0;

	if (take_minus(&at) && !take_count(&at, &per_inch))
		return false;
	if (!take(&at, "UNC"))
		return false;
	c->kind = CALLOUT_THREAD;
	c->pitch = per_inch;
	*p = at;
	return true;
}

/* Behind "2": ×45° */
static bool take_chamfer(const char **p, struct callout *c)
{
	const char *at = *p;
	bool blank_before = behind_blanks(at) != at;
	int64_t angle;

	if (!take_times(&at))
		return false;
	if (behind_blanks(at) != at && !blank_before)
		return false;
	if (!take_number(&at, &angle) || angle != 45000 || !take(&at, DEGREE))
		return false;
	c->kind = CALLOUT_CHAMFER;
	*p = at;
	return true;
}

/* 5×20 (=100), whose product must be right */
static bool take_spaces(const char **p, struct callout *c)
{
	const char *at = *p;
	int64_t count, pitch, total;

	if (!take_count(&at, &count) || !(take_times(&at) || take_minus(&at)))
		return false;
	if (!take_number(&at, &pitch) || !take(&at, "(") || !take(&at, "="))
		return false;
	if (!take_number(&at, &total) || !take(&at, ")") || total != count * pitch)
		return false;
	c->kind = CALLOUT_SPACES;
	c->count = (int)count;
	c->value = pitch;
	*p = at;
	return true;
}

/* What begins with a number. */
static bool take_unsigned(const char **p, struct callout *c)
{
	if (take_spaces(p, c))
		return true;
	if (!take_signed(p, &c->value))
		return false;
	if (c->value >= 0 && (take_inch_thread(p, c) || take_chamfer(p, c)))
		return true;
	if (c->value >= 0 && take(p, DEGREE))
		c->kind = CALLOUT_ANGLE;
	if (!take_tolerance(p, c))
		return false;
	if (c->kind == CALLOUT_LINEAR && c->value >= 0 && take(p, "THK"))
		c->kind = CALLOUT_THICKNESS;
	return true;
}

static bool take_sizes(const char **p, struct callout *c)
{
	if (take(p, "M"))
		return take_thread(p, c);
	if (take(p, "C")) {
		c->kind = CALLOUT_CHAMFER;
		return take_number(p, &c->value);
	}
	c->kind = take_sign(p);
	if (c->kind == CALLOUT_LINEAR)
		return take_unsigned(p, c);
	if (!take_number(p, &c->value))
		return false;
	if (c->kind == CALLOUT_DIAMETER && take(p, "\u2334"))
		return take_counterbore(p, c);
	if (c->kind == CALLOUT_DIAMETER && take(p, "\u2335"))
		return take_countersink(p, c);
	return take_tolerance(p, c);
}

/* --- the whole --- */

/* Cuts (...) or ... REF off the text and says so in the status. */
static char *cut_reference(char *text, struct callout *c)
{
	char *begin = text + (behind_blanks(text) - text);
	size_t n = strlen(begin);

	while (n && (begin[n - 1] == ' ' || begin[n - 1] == '\t'))
		n--;
	if (n > 4 && strncmp(begin + n - 4, " REF", 4) == 0)
		n -= 4;
	else if (n > 2 && begin[0] == '(' && begin[n - 1] == ')')
		begin++, n -= 2;
	else
		return begin;
	begin[n] = '\0';
	c->status = CALLOUT_REFERENCE;
	return begin;
}

/* Sizes and stack up to the end of text. */
static bool read_sizes(struct callout *c, const char *text, const char *upper, const char *lower)
{
	struct callout limits = *c;

	if (upper && read_limits(&limits, text, upper, lower)) {
		*c = limits;
		return true;
	}
	if (!take_sizes(&text, c) || !is_end(text))
		return false;
	return !upper || read_deviations(c, upper, lower);
}

/* 4× 4x 4X 4- 4 отв. */
static bool take_counting(const char **p, struct callout *c)
{
	int64_t count;

	if (!take_count(p, &count))
		return false;
	if (take(p, "\u043e\u0442\u0432"))
		take(p, ".");
	else if (!take_times(p) && !take_minus(p))
		return false;
	c->count = count > 1 ? (int)count : 0;
	return true;
}

static bool read_counted(struct callout *c, char *text, const char *upper, const char *lower)
{
	const char *p = text;

	if (!take_counting(&p, c))
		return false;
	text += p - text;
	if (c->status == CALLOUT_PLAIN)
		text = cut_reference(text, c);
	return read_sizes(c, text, upper, lower) && c->kind != CALLOUT_SPACES;
}

int callout_parse(struct callout *callout, const char *text, const char *upper, const char *lower)
{
	struct callout head = {0};
	char copy[TEXT_BYTES];
	size_t n = strnlen(text, sizeof(copy));

	if (n == sizeof(copy) || !upper != !lower)
		return -1;
	memcpy(copy, text, n + 1);
	char *inner = cut_reference(copy, &head);
	struct callout c = head;
	if (!read_sizes(&c, inner, upper, lower)) {
		c = head;
		if (!read_counted(&c, inner, upper, lower))
			return -1;
	}
	if (c.status == CALLOUT_REFERENCE && c.tolerance.kind != TOLERANCE_NONE)
		return -1;
	*callout = c;
	return 0;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

int callout_parse_scale(const char *text, int *paper, int *real)
{
	int64_t a, b, divisor;

	if (!take(&text, "SCALE") && !take(&text, "M"))
		take(&text, "\u041c");
	if (!take_number(&text, &a) || !take(&text, ":") || !take_number(&text, &b) ||
	    !is_end(text))
		return -1;
	if (a == 0 || b == 0 || a > SCALE_MAX * 1000 || b > SCALE_MAX * 1000)
		return -1;
	divisor = a % 1000 == 0 && b % 1000 == 0 ? 1000 : common_divisor(a, b);
	if (a / divisor > SCALE_MAX || b / divisor > SCALE_MAX)
		return -1;
	*paper = (int)(a / divisor);
	*real = (int)(b / divisor);
	return 0;
}
