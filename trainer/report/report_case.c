/* SPDX-License-Identifier: MIT */
/* A drawing: its overlay, and the numbers that are wrong. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "trainer/report/report_private.h"
#include "trainer/score/confusions.h"
#include "trainer/score/printed_number.h"

#define WRONG_NUMBERS_MAX 12

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
	report_open_overlay(out);
	report_put_overlay(out, truth, said, is_cabinet, arena);
	report_close_overlay(out, truth && said ? NULL
				  : said        ? "The truth makes no part"
						: "The prediction makes no part");
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

static void put_terms(struct buf *out, const struct report_case *c)
{
	const struct score *s = c->score;
	const struct score_key family = {"family", family_name(c->family)};

	buf_str(out, "<dl class=\"terms\">");
	report_put_share(out, "Numbers right", s->numbers[NUMBERS_ALL].right,
			 s->numbers[NUMBERS_ALL].all);
	report_put_share(out, "Shapes equal", s->shapes.equal, s->shapes.truths);
	if (s->parsed && s->shapes.missed > 0)
		report_put_share(out, "Missed", s->shapes.missed, s->shapes.truths);
	if (s->shapes.added > 0)
		report_put_share(out, "Added", s->shapes.added, s->shapes.said);
	if (s->has_boxes)
		report_put_share(out, "Boxes found", s->boxes_matched, s->shapes.truths);
	if (s->has_iou)
		report_put_real(out, "Overlap", 100 * s->iou, 1, " %");
	if (s->has_chamfer)
		report_put_real(out, "Distance", 100 * s->chamfer, 2, " %");
	if (isfinite(c->log_probability))
		report_put_real(out, "Log probability", c->log_probability, 2, "");
	buf_str(out, "</dl><dl class=\"groups\">");
	report_put_group(out, &family);
	for (int i = 0; i < c->group_count; i++)
		if (strcmp(c->groups[i].by, "family") != 0)
			report_put_group(out, &c->groups[i]);
	buf_str(out, "</dl>");
}

static void put_words(struct buf *out, const struct report_case *c, struct arena *arena)
{
	const struct report_words words = {c->prompt, c->said, c->said_len, c->candidates,
					   c->candidate_count};
	struct buf truth = {0};

	if (!c->score->valid && c->why)
		report_put_why(out, c->why);
	program_write(c->truth, c->language, &truth);
	report_put_diff(out, truth.data, truth.len, c->said, c->said_len, arena);
	buf_free(&truth);
	put_wrong_numbers(out, c, arena);
	put_terms(out, c);
	report_put_details(out, &words);
}

static struct report_label label_of(const struct report_case *c)
{
	struct report_label label = {.id = c->id,
				     .reading = "unread",
				     .mark = "not a program",
				     .agreement = report_agreement(c->score),
				     .agreement_about =
					     "Mean of right numbers, equal shapes and overlap"};

	if (c->score->exact) {
		label.reading = label.mark = "exact";
	} else if (c->score->valid) {
		label.reading = "part";
		label.mark = "not exact";
	} else if (c->score->parsed) {
		label.reading = "program";
		label.mark = "not a part";
	}
	return label;
}

void report_put_case(struct report_kept *kept, const struct report_case *c,
		     const bool has[ERROR_KINDS])
{
	struct report_label label = label_of(c);
	struct arena arena = {0};

	report_put_attributes(&kept->attributes, c->id, label.reading, has);
	report_put_header(&kept->header, &label);
	report_put_picture(&kept->views, c->png, c->png_len);
	put_figures(&kept->views, c, &arena);
	put_words(&kept->words, c, &arena);
	arena_free(&arena);
}
