/* SPDX-License-Identifier: MIT */
/* Tables of figures and groups, of whatever cases. Counts of errors are buttons that show the cases with
 * them. */
#include <config.h>

#include <assert.h>
#include <string.h>

#include "formats/encoding/html.h"
#include "trainer/report/report_private.h"

#define TOP_MAX 8

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

/* `text` is markup. */
static void put_button(struct buf *out, int error, const char *text)
{
	buf_str(out, "<button type=\"button\" class=\"pick\" data-error=\"");
	report_error_key(error, out);
	buf_str(out, "\" title=\"Show cases: ");
	report_error_name(error, out);
	buf_str(out, "\">");
	buf_str(out, text);
	buf_str(out, "</button>");
}

void report_put_count_button(struct buf *out, int error, int64_t count)
{
	struct buf text = {0};

	buf_int(&text, count);
	if (count > 0)
		put_button(out, error, text.data);
	else
		buf_str(out, "<span class=\"zero\">0</span>");
	buf_free(&text);
}

static void put_interval(struct buf *out, const struct metrics_value *v, int decimals)
{
	report_put_fixed(out, v->low, decimals);
	buf_str(out, "\xe2\x80\x93");
	report_put_fixed(out, v->high, decimals);
}

/* Of what is no share there is none. */
static void put_bar(struct buf *out, const struct report_figure *figure,
		    const struct metrics_value *v)
{
	if (!figure->is_share)
		return;
	buf_str(out, "<span class=\"bar\" style=\"--value:");
	report_put_fixed(out, v->value, 2);
	buf_str(out, ";--low:");
	report_put_fixed(out, v->low, 2);
	buf_str(out, ";--high:");
	report_put_fixed(out, v->high, 2);
	buf_str(out, "\"></span>");
}

void report_put_headline(struct buf *out, const struct report_figures *figures,
			 const struct metrics_value *values)
{
	buf_str(out, "<dl class=\"headline\">");
	for (int i = 0; i < figures->top_count; i++) {
		const struct report_figure *figure = &figures->all[figures->top[i]];
		const struct metrics_value *v = &values[figures->top[i]];

		if (v->drawings == 0)
			continue;
		buf_str(out, "<div><dt>");
		buf_str(out, figures->top_names[i]);
		buf_str(out, "</dt><dd><strong>");
		report_put_fixed(out, v->value, figure->decimals);
		buf_str(out, figure->is_share ? "<small> %</small></strong>"
					      : "<small> \xc3\x97 10<sup>\xe2\x88\x92"
						"3</sup></small></strong>");
		put_bar(out, figure, v);
		buf_str(out, "<span class=\"interval\">");
		put_interval(out, v, figure->decimals);
		buf_str(out, "</span></dd></div>");
	}
	buf_str(out, "</dl>");
}

void report_put_columns(struct buf *out, const char *const *columns, int count)
{
	buf_str(out, "<thead><tr>");
	for (int i = 0; i < count; i++) {
		buf_str(out, i == 0 ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
		buf_str(out, columns[i]);
		buf_str(out, "</th>");
	}
	buf_str(out, "</tr></thead><tbody>");
}

void report_put_figures(struct buf *out, const struct report_figures *figures,
			const struct metrics_value *values)
{
	const char *const columns[] = {"Figure", "Value", "95 % interval", "", figures->cases};

	buf_str(out, "<table class=\"figures\">");
	report_put_columns(out, columns, 5);
	for (int i = 0; i < figures->count; i++) {
		const struct report_figure *figure = &figures->all[i];
		const struct metrics_value *v = &values[i];

		if (v->drawings == 0)
			continue;
		buf_str(out, "<tr><th scope=\"row\"><code>");
		buf_str(out, figure->name);
		buf_str(out, "</code> <span>");
		buf_str(out, figure->about);
		buf_str(out, "</span></th><td class=\"n\"><strong>");
		report_put_fixed(out, v->value, figure->decimals);
		buf_str(out, "</strong></td><td class=\"n\">");
		put_interval(out, v, figure->decimals);
		buf_str(out, "</td><td class=\"n\">");
		put_bar(out, figure, v);
		buf_str(out, "</td><td class=\"n\">");
		buf_int(out, v->drawings);
		buf_str(out, "</td></tr>");
	}
	buf_str(out, "</tbody></table>");
}

static void put_group(struct buf *out, const struct report_figures *figures,
		      const struct metrics_group *group)
{
	buf_str(out, "<tr><th scope=\"row\"><button type=\"button\" class=\"pick\" data-by=\"");
	html_string(out, group->by);
	buf_str(out, "\" data-is=\"");
	html_string(out, group->is);
	buf_str(out, "\">");
	html_string(out, group->is);
	buf_str(out, "</button></th><td class=\"n\">");
	buf_int(out, group->count);
	buf_str(out, "</td>");
	for (int i = 0; i < figures->top_count; i++) {
		const struct metrics_value *v = &group->figures[figures->top[i]];
		int decimals = figures->all[figures->top[i]].decimals;

		buf_str(out, "<td class=\"n\">");
		if (v->drawings > 0) {
			report_put_fixed(out, v->value, decimals);
			buf_str(out, "<small>");
			put_interval(out, v, decimals);
			buf_str(out, "</small>");
		}
		buf_str(out, "</td>");
	}
	buf_str(out, "</tr>");
}

void report_put_groups(struct buf *out, const struct report_figures *figures,
		       const struct metrics_group *groups, int count)
{
	const char *columns[2 + TOP_MAX] = {"", figures->cases};

	assert(figures->top_count <= TOP_MAX);
	for (int i = 0; i < figures->top_count; i++)
		columns[2 + i] = figures->top_names[i];
	for (int i = 0; i < count;) {
		const char *by = groups[i].by;

		buf_str(out, "<table class=\"by\"><caption>By ");
		html_string(out, by);
		buf_str(out, "</caption>");
		report_put_columns(out, columns, 2 + figures->top_count);
		for (; i < count && strcmp(groups[i].by, by) == 0; i++)
			put_group(out, figures, &groups[i]);
		buf_str(out, "</tbody></table>");
	}
}
