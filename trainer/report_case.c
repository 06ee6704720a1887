/* SPDX-License-Identifier: MIT */
/* One case as the element that its page shows, sorts and filters: what the filters look at are
 * attributes, groups apart, which are read from the list that people see. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/html.h"
#include "trainer/confusions.h"
#include "trainer/printed_number.h"
#include "trainer/program_diff.h"
#include "trainer/report_private.h"

#define WRONG_NUMBERS_MAX 12

static void put_attribute(struct buf *out, const char *name, const char *value)
{
	buf_char(out, ' ');
	buf_str(out, name);
	buf_str(out, "=\"");
	html_string(out, value);
	buf_char(out, '"');
}

static const char *reading_of(const struct score *score)
{
	if (score->exact)
		return "exact";
	return score->valid ? "part" : score->parsed ? "program" : "unread";
}

void report_put_attributes(struct buf *out, const struct report_case *c,
			   const bool has[ERROR_KINDS])
{
	bool begun = false;

	put_attribute(out, "data-id", c->id);
	put_attribute(out, "data-family", family_name(c->family));
	put_attribute(out, "data-reading", reading_of(c->score));
	buf_str(out, " data-errors=\"");
	for (int i = 0; i < ERROR_KINDS; i++) {
		if (!has[i])
			continue;
		if (begun)
			buf_char(out, ' ');
		report_error_key(i, out);
		begun = true;
	}
	buf_char(out, '"');
}

/* Text of an element, cut where it is too long for a page. */
static void put_text(struct buf *out, const char *text, size_t len)
{
	size_t shown = len > PROGRAM_DIFF_TEXT_MAX ? PROGRAM_DIFF_TEXT_MAX : len;

	html_text(out, text, shown);
	if (shown < len) {
		buf_str(out, "<em class=\"cut\">and ");
		buf_uint(out, len - shown);
		buf_str(out, " more bytes</em>");
	}
}

static void put_header(struct buf *out, const struct report_case *c)
{
	static const char *const words[] = {"exact",   "exact",      "part",   "not exact",
					    "program", "not a part", "unread", "not a program"};
	const char *reading = reading_of(c->score);

	buf_str(out, "<header><h3>");
	html_string(out, c->id);
	buf_str(out, "</h3><span class=\"mark ");
	buf_str(out, reading);
	buf_str(out, "\">");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i += 2)
		if (strcmp(words[i], reading) == 0)
			buf_str(out, words[i + 1]);
	buf_str(out, "</span><span class=\"agreement\" title=\"Mean of right numbers, equal shapes "
		     "and overlap\">");
	report_put_fixed(out, 100 * report_agreement(c->score), 1);
	buf_str(out, " %</span></header>");
}

static void put_picture(struct buf *out, const struct report_case *c)
{
	if (!c->png)
		return;
	buf_str(out,
		"<figure><button type=\"button\" class=\"zoom\" aria-label=\"Enlarge the "
		"drawing\"><img decoding=\"async\" alt=\"Drawing\" src=\"data:image/png;base64,");
	html_base64(out, c->png, c->png_len);
	buf_str(out, "\"></button><figcaption>Drawing</figcaption></figure>");
}

/* Of a program whose shapes make a part; else NULL. */
static struct figure *figure_of(const struct program *program, enum family family,
				struct arena *arena)
{
	struct figure *figure = ARENA_NEW(arena, struct figure, 1);

	return figure_from_program(figure, program, family, arena, NULL) < 0 ? NULL : figure;
}

static void put_figures(struct buf *out, const struct report_case *c, struct arena *arena)
{
	bool is_cabinet = c->family == FAMILY_CABINET;
	struct figure *truth = NULL, *said = NULL;

	if (c->score->has_chamfer) /* the truth is a part */
		truth = figure_of(c->truth, c->family, arena);
	if (c->score->valid)
		said = figure_of(&c->reading->said, c->family, arena);
	if (!truth && !said)
		return;
	buf_str(out, "<figure><button type=\"button\" class=\"zoom\" aria-label=\"Enlarge the "
		     "overlay\">");
	report_put_overlay(out, truth, said, is_cabinet, arena);
	buf_str(out, "</button><figcaption>");
	if (!truth || !said)
		buf_str(out, said ? "The truth makes no part" : "The prediction makes no part");
	else
		buf_str(out, "<span class=\"key both\">both</span>"
			     "<span class=\"key truth\">true</span>"
			     "<span class=\"key said\">predicted</span>");
	buf_str(out, "</figcaption></figure>");
}

static void put_run(struct buf *out, const struct diff_run *run)
{
	static const char *const tags[] = {NULL, "del", "ins"};
	const char *tag = tags[run->kind];

	if (tag) {
		buf_char(out, '<');
		buf_str(out, tag);
		buf_char(out, '>');
	}
	html_text(out, run->text, run->len);
	if (tag) {
		buf_str(out, "</");
		buf_str(out, tag);
		buf_char(out, '>');
	}
}

static void put_diff(struct buf *out, const struct report_case *c, struct arena *arena)
{
	static const char *const classes[] = {"same", "changed", "missed", "added"};
	size_t said_len = c->said_len, truth_len;
	struct program_diff diff;
	struct buf truth = {0};

	program_write(c->truth, c->language, &truth);
	truth_len = truth.len < PROGRAM_DIFF_TEXT_MAX ? truth.len : PROGRAM_DIFF_TEXT_MAX;
	said_len = said_len < PROGRAM_DIFF_TEXT_MAX ? said_len : PROGRAM_DIFF_TEXT_MAX;
	diff = program_diff_from_texts(truth.data, truth_len, c->said, said_len, arena);
	buf_str(out, "<ol class=\"diff\" aria-label=\"Both programs\">");
	for (int i = 0; i < diff.count; i++) {
		buf_str(out, "<li class=\"");
		buf_str(out, classes[diff.lines[i].kind]);
		buf_str(out, "\">");
		for (int k = 0; k < diff.lines[i].count; k++)
			put_run(out, &diff.lines[i].runs[k]);
		buf_str(out, "</li>");
	}
	if (truth_len < truth.len || said_len < c->said_len)
		buf_str(out, "<li class=\"cut\">The rest is too long to be shown.</li>");
	buf_str(out, "</ol>");
	buf_free(&truth);
}

/* "hole 2": the second one of the program, where there are several. */
static void put_shape(struct buf *out, const struct program *program, int shape)
{
	int before = 0, all = 0;

	for (int i = 0; i < program->shape_count; i++) {
		all += program->shapes[i].kind == program->shapes[shape].kind;
		before += i <= shape && program->shapes[i].kind == program->shapes[shape].kind;
	}
	buf_str(out, shape_kind_name(program->shapes[shape].kind));
	if (all > 1) {
		buf_char(out, ' ');
		buf_int(out, before);
	}
}

static void put_value(struct buf *out, const struct label_number *number, int64_t value)
{
	if (label_number_kind(number) == KIND_COUNT)
		buf_int(out, value);
	else
		buf_milli(out, value);
}

static void put_parameter(struct buf *out, const struct label_number *number)
{
	if (number->param != PARAM_POINTS) {
		buf_str(out, param_name(number->param));
		return;
	}
	buf_str(out, number->is_y ? "y of point " : "x of point ");
	buf_int(out, number->point + 1);
}

static void put_wrong_number(struct buf *out, const struct report_case *c,
			     const struct confusion *wrong, const struct printed_numbers *printed)
{
	buf_str(out, "<tr><th scope=\"row\">");
	put_shape(out, c->truth, wrong->shape);
	buf_str(out, " <var>");
	put_parameter(out, &wrong->number);
	buf_str(out, "</var></th><td class=\"n truth\">");
	put_value(out, &wrong->number, wrong->number.value);
	buf_str(out, "</td><td class=\"n said\">");
	if (wrong->is_said)
		put_value(out, &wrong->number, wrong->said);
	else
		buf_str(out, "nothing");
	buf_str(out, "</td><td>");
	if (wrong->fate == FATE_MOVED) {
		buf_str(out, "said of ");
		put_shape(out, &c->reading->said, wrong->moved_to);
	} else {
		buf_str(out, metrics_fate_name(wrong->fate));
	}
	if (printed)
		buf_str(out, printed_has(printed, &wrong->number) ? ", printed" : ", derived");
	buf_str(out, "</td></tr>");
}

/* Of shapes with a partner; the others are lines of the diff. */
static void put_wrong_numbers(struct buf *out, const struct report_case *c, struct arena *arena)
{
	struct printed_numbers printed = {0};
	struct confusion *list;
	int n, wrong = 0;

	if (!c->score->parsed || c->score->exact)
		return;
	if (c->scene)
		printed = printed_from_scene(c->scene, arena);
	n = confusions_list(c->truth, c->reading, &list, arena);
	for (int i = 0; i < n; i++) {
		if (list[i].fate == FATE_RIGHT || list[i].fate == FATE_MISSED)
			continue;
		if (wrong == 0)
			buf_str(out,
				"<table class=\"wrong\"><caption>Wrong numbers</caption><thead>"
				"<tr><th scope=\"col\">Of</th><th scope=\"col\" class=\"n\">"
				"True</th><th scope=\"col\" class=\"n\">Predicted</th>"
				"<th scope=\"col\">How</th></tr></thead><tbody>");
		if (wrong++ < WRONG_NUMBERS_MAX)
			put_wrong_number(out, c, &list[i], c->scene ? &printed : NULL);
	}
	if (wrong > WRONG_NUMBERS_MAX) {
		buf_str(out, "<tr><td colspan=\"4\">and ");
		buf_int(out, wrong - WRONG_NUMBERS_MAX);
		buf_str(out, " more</td></tr>");
	}
	if (wrong > 0)
		buf_str(out, "</tbody></table>");
}

static void open_term(struct buf *out, const char *name)
{
	buf_str(out, "<div><dt>");
	html_string(out, name);
	buf_str(out, "</dt><dd>");
}

static void put_share(struct buf *out, const char *name, int part, int whole)
{
	open_term(out, name);
	buf_int(out, part);
	buf_str(out, " of ");
	buf_int(out, whole);
	buf_str(out, "</dd></div>");
}

static void put_real(struct buf *out, const char *name, double value, int decimals,
		     const char *unit)
{
	open_term(out, name);
	report_put_fixed(out, value, decimals);
	buf_str(out, unit);
	buf_str(out, "</dd></div>");
}

static void put_terms(struct buf *out, const struct report_case *c)
{
	const struct score *s = c->score;

	buf_str(out, "<dl class=\"terms\">");
	put_share(out, "Numbers right", s->numbers[NUMBERS_ALL].right, s->numbers[NUMBERS_ALL].all);
	put_share(out, "Shapes equal", s->shapes.equal, s->shapes.truths);
	if (s->parsed && s->shapes.missed > 0)
		put_share(out, "Missed", s->shapes.missed, s->shapes.truths);
	if (s->shapes.added > 0)
		put_share(out, "Added", s->shapes.added, s->shapes.said);
	if (s->has_boxes)
		put_share(out, "Boxes found", s->boxes_matched, s->shapes.truths);
	if (s->has_iou)
		put_real(out, "Overlap", 100 * s->iou, 1, " %");
	if (s->has_chamfer)
		put_real(out, "Distance", 100 * s->chamfer, 2, " %");
	if (isfinite(c->log_probability))
		put_real(out, "Log probability", c->log_probability, 2, "");
	buf_str(out, "</dl><dl class=\"groups\">");
	for (int i = 0; i < c->group_count; i++) {
		if (strcmp(c->groups[i].by, "family") == 0)
			continue;
		open_term(out, c->groups[i].by);
		html_string(out, c->groups[i].is);
		buf_str(out, "</dd></div>");
	}
	open_term(out, "family");
	buf_str(out, family_name(c->family));
	buf_str(out, "</dd></div></dl>");
}

static void put_pre(struct buf *out, const char *name, const char *text, size_t len)
{
	buf_str(out, "<h4>");
	html_string(out, name);
	buf_str(out, "</h4><pre>");
	put_text(out, text, len);
	buf_str(out, "</pre>");
}

static void put_candidates(struct buf *out, const struct report_case *c)
{
	if (c->candidate_count == 0)
		return;
	buf_str(out, "<h4>Candidates</h4><ol class=\"candidates\">");
	for (int i = 0; i < c->candidate_count; i++) {
		const struct report_candidate *candidate = &c->candidates[i];

		buf_str(out, "<li>");
		if (isfinite(candidate->log_probability)) {
			buf_str(out, "<span class=\"n\">");
			report_put_fixed(out, candidate->log_probability, 2);
			buf_str(out, "</span>");
		}
		buf_str(out, "<pre>");
		put_text(out, candidate->text, candidate->len);
		buf_str(out, "</pre></li>");
	}
	buf_str(out, "</ol>");
}

static void put_details(struct buf *out, const struct report_case *c)
{
	buf_str(out, "<details><summary>Prompt, prediction, candidates</summary>");
	if (c->prompt)
		put_pre(out, "Prompt", c->prompt, strlen(c->prompt));
	put_pre(out, "Prediction as it was said", c->said, c->said_len);
	put_candidates(out, c);
	buf_str(out, "</details>");
}

void report_put_case(struct buf *out, const struct report_case *c, struct arena *arena)
{
	put_header(out, c);
	buf_str(out, "<div class=\"views\">");
	put_picture(out, c);
	put_figures(out, c, arena);
	buf_str(out, "</div><div class=\"words\">");
	if (!c->score->valid && c->why) {
		buf_str(out, "<p class=\"why\">");
		html_string(out, c->why);
		buf_str(out, "</p>");
	}
	put_diff(out, c, arena);
	put_wrong_numbers(out, c, arena);
	put_terms(out, c);
	put_details(out, c);
	buf_str(out, "</div>");
}
