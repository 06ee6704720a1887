/* SPDX-License-Identifier: MIT */
/* Tables of drawings: kinds of shapes, what became of numbers, confused digits. */
#include <config.h>

#include <math.h>

#include "trainer/report/report_private.h"

static const struct report_figure drawing_figures[] = {
#define F(id, name, about) {name, about, METRICS_##id == METRICS_CHAMFER ? 2 : 1, true},
	METRICS_FIGURES(F)
#undef F
};

static const int drawing_top[] = {
	METRICS_EXACT,   METRICS_VALID, METRICS_NUMBERS,
	METRICS_NEAR_F1, METRICS_IOU,   METRICS_CHAMFER,
};
static const char *const drawing_top_names[] = {
	"Exact", "Valid", "Numbers", "Shapes within 1 %", "Overlap", "Distance",
};

const struct report_figures report_drawing_figures = {
	drawing_figures,
	METRICS_FIGURE_COUNT_,
	drawing_top,
	drawing_top_names,
	sizeof(drawing_top) / sizeof(*drawing_top),
	"Drawings",
};

static void put_cell(struct buf *out, int64_t count)
{
	buf_str(out, count > 0 ? "<td class=\"n\">" : "<td class=\"n zero\">");
	buf_int(out, count);
	buf_str(out, "</td>");
}

void report_put_kinds(struct buf *out, const struct metrics *metrics)
{
	static const char *const columns[] = {"Shape", "True",   "Predicted", "Equal",
					      "Near",  "Missed", "Added"};

	buf_str(out, "<table class=\"kinds\">");
	report_put_columns(out, columns, 7);
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		const struct metrics_kind *kind = &metrics->kinds[k];

		if (kind->truths == 0 && kind->said == 0)
			continue;
		buf_str(out, "<tr><th scope=\"row\">");
		buf_str(out, shape_kind_name((enum shape_kind)k));
		buf_str(out, "</th>");
		put_cell(out, kind->truths);
		put_cell(out, kind->said);
		put_cell(out, kind->equal);
		put_cell(out, kind->near);
		buf_str(out, "<td class=\"n\">");
		report_put_count_button(out, ERROR_MISSED + k, kind->missed);
		buf_str(out, "</td><td class=\"n\">");
		report_put_count_button(out, ERROR_ADDED + k, kind->added);
		buf_str(out, "</td></tr>");
	}
	buf_str(out, "</tbody></table>");
}

static const char *fate_about(int fate)
{
	static const char *const about[] = {
#define F(id, name, about) about,
		METRICS_FATES(F)
#undef F
	};

	return about[fate];
}

static void put_fate(struct buf *out, const struct metrics_errors *e, int fate, int64_t all)
{
	bool can_pick = fate == FATE_MOVED || fate == FATE_MISREAD || fate == FATE_WRONG;

	buf_str(out, "<tr><th scope=\"row\"><code>");
	buf_str(out, metrics_fate_name((enum metrics_fate)fate));
	buf_str(out, "</code> <span>");
	buf_str(out, fate_about(fate));
	buf_str(out, "</span></th><td class=\"n\">");
	if (can_pick)
		report_put_count_button(out, ERROR_FATE + fate, e->fates[fate]);
	else
		buf_int(out, e->fates[fate]);
	buf_str(out, "</td><td class=\"n\">");
	report_put_fixed(out, all > 0 ? 100.0 * (double)e->fates[fate] / (double)all : 0, 1);
	buf_str(out, " %</td></tr>");
}

void report_put_numbers(struct buf *out, const struct metrics *metrics)
{
	static const char *const fates[] = {"Number", "Count", "Share"};
	static const char *const moved[] = {"Parameter", "Said of another shape"};
	const struct metrics_errors *e = &metrics->errors;
	int64_t all = 0;

	for (int i = 0; i < FATE_COUNT_; i++)
		all += e->fates[i];
	buf_str(out, "<table class=\"fates\"><caption>What became of true numbers</caption>");
	report_put_columns(out, fates, 3);
	for (int i = 0; i < FATE_COUNT_; i++)
		put_fate(out, e, i, all);
	buf_str(out, "</tbody></table>");
	if (e->fates[FATE_MOVED] == 0)
		return;
	buf_str(out, "<table class=\"moved\"><caption>Bound to the wrong shape</caption>");
	report_put_columns(out, moved, 2);
	for (int p = 0; p < PARAM_COUNT_; p++) {
		if (e->moved[p] == 0)
			continue;
		buf_str(out, "<tr><th scope=\"row\"><code>");
		buf_str(out, param_name((enum param)p));
		buf_str(out, "</code></th><td class=\"n\">");
		report_put_count_button(out, ERROR_MOVED + p, e->moved[p]);
		buf_str(out, "</td></tr>");
	}
	buf_str(out, "</tbody></table>");
}

/* The share of a character's readings that were this other one. */
static double confusion_share(const struct metrics_errors *e, int truth, int said)
{
	int64_t all = 0;

	for (int k = 0; k < METRICS_CHARACTER_COUNT; k++)
		all += e->characters[truth][k];
	return all > 0 ? (double)e->characters[truth][said] / (double)all : 0;
}

static double largest_share(const struct metrics_errors *e)
{
	double largest = 0;

	/* Of what is too many all are confused. */
	for (int i = 0; i < METRICS_NO_CHARACTER; i++)
		for (int k = 0; k < METRICS_CHARACTER_COUNT; k++)
			if (i != k && confusion_share(e, i, k) > largest)
				largest = confusion_share(e, i, k);
	return largest;
}

static void put_character(struct buf *out, int c)
{
	if (c == METRICS_NO_CHARACTER)
		buf_str(out, "\xe2\x88\x85");
	else if (METRICS_CHARACTERS[c] == '-')
		buf_str(out, "\xe2\x88\x92");
	else
		buf_char(out, METRICS_CHARACTERS[c]);
}

/* Room for four characters. */
static void put_short(struct buf *out, int64_t count)
{
	const char *unit = "";

	for (; count >= 10000; count /= 1000)
		unit = *unit == '\0' ? "k" : *unit == 'k' ? "M" : "G";
	buf_int(out, count);
	buf_str(out, unit);
}

static void put_digit(struct buf *out, const struct metrics_errors *e, int i, int k, double largest)
{
	int64_t count = e->characters[i][k];
	double share = i == METRICS_NO_CHARACTER ? 0 : confusion_share(e, i, k);

	if (i == k || count == 0) {
		buf_str(out, i == k ? "<td class=\"n right\">" : "<td class=\"n zero\">");
		if (count > 0)
			put_short(out, count);
		buf_str(out, "</td>");
		return;
	}
	buf_str(out, "<td class=\"n\" style=\"--heat:");
	report_put_fixed(out, largest > 0 ? sqrt(share / largest) : 0, 3);
	buf_str(out, "\">");
	report_put_count_button(out, ERROR_DIGIT + i * METRICS_CHARACTER_COUNT + k, count);
	buf_str(out, "</td>");
}

void report_put_digits(struct buf *out, const struct metrics *metrics)
{
	const struct metrics_errors *e = &metrics->errors;
	double largest = largest_share(e);

	buf_str(out, "<table class=\"digits\"><caption>Rows: the character in the true number. "
		     "Columns: what was read. \xe2\x88\x85 is none.</caption><thead><tr><td></td>");
	for (int k = 0; k < METRICS_CHARACTER_COUNT; k++) {
		buf_str(out, "<th scope=\"col\">");
		put_character(out, k);
		buf_str(out, "</th>");
	}
	buf_str(out, "</tr></thead><tbody>");
	for (int i = 0; i < METRICS_CHARACTER_COUNT; i++) {
		buf_str(out, "<tr><th scope=\"row\">");
		put_character(out, i);
		buf_str(out, "</th>");
		for (int k = 0; k < METRICS_CHARACTER_COUNT; k++)
			put_digit(out, e, i, k, largest);
		buf_str(out, "</tr>");
	}
	buf_str(out, "</tbody></table>");
}
