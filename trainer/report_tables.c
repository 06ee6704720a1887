/* SPDX-License-Identifier: MIT */
/* The tables of a report: figures, groups, kinds of shapes, what became of numbers, confused digits.
 * Counts of errors are buttons that show the cases with them. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/html.h"
#include "trainer/report_private.h"

#define CHAMFER_DECIMALS 2

/* On top of the page, and the columns of groups. */
static const enum metrics_figure headline[] = {
	METRICS_EXACT,   METRICS_VALID, METRICS_NUMBERS,
	METRICS_NEAR_F1, METRICS_IOU,   METRICS_CHAMFER,
};
static const char *const headline_names[] = {
	"Exact", "Valid", "Numbers", "Shapes within 1 %", "Overlap", "Distance",
};
#define HEADLINES (int)(sizeof(headline) / sizeof(*headline))

void report_put_fixed(struct buf *out, double v, int decimals)
{
	size_t from = out->len;
	const char *point;
	int have;

	buf_fixed(out, v, decimals);
	point = memchr(out->data + from, '.', out->len - from);
	have = point ? (int)(out->data + out->len - point - 1) : 0;
	if (!point && decimals > 0)
		buf_char(out, '.');
	for (; have < decimals; have++)
		buf_char(out, '0');
}

void report_put_button(struct buf *out, int error, const char *text)
{
	buf_str(out, "<button type=\"button\" class=\"pick\" data-error=\"");
	report_error_key(error, out);
	buf_str(out, "\" title=\"Show cases: ");
	report_error_name(error, out);
	buf_str(out, "\">");
	buf_str(out, text);
	buf_str(out, "</button>");
}

static void put_count_button(struct buf *out, int error, int64_t count)
{
	struct buf text = {0};

	buf_int(&text, count);
	if (count > 0)
		report_put_button(out, error, text.data);
	else
		buf_str(out, "<span class=\"zero\">0</span>");
	buf_free(&text);
}

static int decimals_of(enum metrics_figure figure)
{
	return figure == METRICS_CHAMFER ? CHAMFER_DECIMALS : 1;
}

static void put_interval(struct buf *out, const struct metrics_value *v, int decimals)
{
	report_put_fixed(out, v->low, decimals);
	buf_str(out, "\xe2\x80\x93");
	report_put_fixed(out, v->high, decimals);
}

static void put_bar(struct buf *out, const struct metrics_value *v)
{
	buf_str(out, "<span class=\"bar\" style=\"--value:");
	report_put_fixed(out, v->value, 2);
	buf_str(out, ";--low:");
	report_put_fixed(out, v->low, 2);
	buf_str(out, ";--high:");
	report_put_fixed(out, v->high, 2);
	buf_str(out, "\"></span>");
}

void report_put_headline(struct buf *out, const struct metrics *metrics)
{
	buf_str(out, "<dl class=\"headline\">");
	for (int i = 0; i < HEADLINES; i++) {
		const struct metrics_value *v = &metrics->all.figures[headline[i]];

		if (v->drawings == 0)
			continue;
		buf_str(out, "<div><dt>");
		buf_str(out, headline_names[i]);
		buf_str(out, "</dt><dd><strong>");
		report_put_fixed(out, v->value, decimals_of(headline[i]));
		buf_str(out, "<small> %</small></strong>");
		put_bar(out, v);
		buf_str(out, "<span class=\"interval\">");
		put_interval(out, v, decimals_of(headline[i]));
		buf_str(out, "</span></dd></div>");
	}
	buf_str(out, "</dl>");
}

static const char *figure_about(enum metrics_figure figure)
{
	static const char *const about[] = {
#define F(id, name, about) about,
		METRICS_FIGURES(F)
#undef F
	};

	return about[figure];
}

static void put_head(struct buf *out, const char *const *columns, int count)
{
	buf_str(out, "<thead><tr>");
	for (int i = 0; i < count; i++) {
		buf_str(out, i == 0 ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
		buf_str(out, columns[i]);
		buf_str(out, "</th>");
	}
	buf_str(out, "</tr></thead><tbody>");
}

void report_put_figures(struct buf *out, const struct metrics *metrics)
{
	static const char *const columns[] = {"Figure", "Value", "95 % interval", "", "Drawings"};

	buf_str(out, "<table class=\"figures\">");
	put_head(out, columns, 5);
	for (int i = 0; i < METRICS_FIGURE_COUNT_; i++) {
		const struct metrics_value *v = &metrics->all.figures[i];
		int decimals = decimals_of((enum metrics_figure)i);

		if (v->drawings == 0)
			continue;
		buf_str(out, "<tr><th scope=\"row\"><code>");
		buf_str(out, metrics_figure_name((enum metrics_figure)i));
		buf_str(out, "</code> <span>");
		buf_str(out, figure_about((enum metrics_figure)i));
		buf_str(out, "</span></th><td class=\"n\"><strong>");
		report_put_fixed(out, v->value, decimals);
		buf_str(out, "</strong></td><td class=\"n\">");
		put_interval(out, v, decimals);
		buf_str(out, "</td><td class=\"n\">");
		put_bar(out, v);
		buf_str(out, "</td><td class=\"n\">");
		buf_int(out, v->drawings);
		buf_str(out, "</td></tr>");
	}
	buf_str(out, "</tbody></table>");
}

static void put_group(struct buf *out, const struct metrics_group *group)
{
	buf_str(out, "<tr><th scope=\"row\"><button type=\"button\" class=\"pick\" data-by=\"");
	html_string(out, group->by);
	buf_str(out, "\" data-is=\"");
	html_string(out, group->is);
	buf_str(out, "\">");
	html_string(out, group->is);
	buf_str(out, "</button></th><td class=\"n\">");
	buf_int(out, group->drawings);
	buf_str(out, "</td>");
	for (int i = 0; i < HEADLINES; i++) {
		const struct metrics_value *v = &group->figures[headline[i]];

		buf_str(out, "<td class=\"n\">");
		if (v->drawings > 0) {
			report_put_fixed(out, v->value, decimals_of(headline[i]));
			buf_str(out, "<small>");
			put_interval(out, v, decimals_of(headline[i]));
			buf_str(out, "</small>");
		}
		buf_str(out, "</td>");
	}
	buf_str(out, "</tr>");
}

void report_put_groups(struct buf *out, const struct metrics *metrics)
{
	const char *columns[2 + sizeof(headline) / sizeof(*headline)] = {"", "Drawings"};

	memcpy(columns + 2, headline_names, sizeof(headline_names));
	for (int i = 0; i < metrics->group_count;) {
		const char *by = metrics->groups[i].by;

		buf_str(out, "<table class=\"by\"><caption>By ");
		html_string(out, by);
		buf_str(out, "</caption>");
		put_head(out, columns, 2 + HEADLINES);
		for (; i < metrics->group_count && strcmp(metrics->groups[i].by, by) == 0; i++)
			put_group(out, &metrics->groups[i]);
		buf_str(out, "</tbody></table>");
	}
}

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
	put_head(out, columns, 7);
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
		put_count_button(out, ERROR_MISSED + k, kind->missed);
		buf_str(out, "</td><td class=\"n\">");
		put_count_button(out, ERROR_ADDED + k, kind->added);
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
		put_count_button(out, ERROR_FATE + fate, e->fates[fate]);
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
	put_head(out, fates, 3);
	for (int i = 0; i < FATE_COUNT_; i++)
		put_fate(out, e, i, all);
	buf_str(out, "</tbody></table>");
	if (e->fates[FATE_MOVED] == 0)
		return;
	buf_str(out, "<table class=\"moved\"><caption>Bound to the wrong shape</caption>");
	put_head(out, moved, 2);
	for (int p = 0; p < PARAM_COUNT_; p++) {
		if (e->moved[p] == 0)
			continue;
		buf_str(out, "<tr><th scope=\"row\"><code>");
		buf_str(out, param_name((enum param)p));
		buf_str(out, "</code></th><td class=\"n\">");
		put_count_button(out, ERROR_MOVED + p, e->moved[p]);
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
	put_count_button(out, ERROR_DIGIT + i * METRICS_CHARACTER_COUNT + k, count);
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
