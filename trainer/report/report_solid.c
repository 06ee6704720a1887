/* SPDX-License-Identifier: MIT */
/* Solids: their figures, what is wrong with them, and one as a case. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/encoding/html.h"
#include "trainer/report/report_private.h"

/* --- figures -------------------------------------------------------------------------------- */

static const struct report_figure solid_figures[] = {
#define F(id, name, scale, about) {name, about, (scale) == 100 ? 1 : 3, (scale) == 100},
	SOLID_METRICS_FIGURES(F)
#undef F
};

static const int solid_top[] = {
	SOLID_METRICS_EXACT,          SOLID_METRICS_VALID,    SOLID_METRICS_IOU,
	SOLID_METRICS_CHAMFER_MEDIAN, SOLID_METRICS_COMMANDS, SOLID_METRICS_PARAMETERS,
};
static const char *const solid_top_names[] = {
	"Exact", "Valid", "Overlap", "Distance (median)", "Commands", "Parameters",
};

const struct report_figures report_solid_figures = {
	solid_figures,
	SOLID_METRICS_FIGURE_COUNT_,
	solid_top,
	solid_top_names,
	sizeof(solid_top) / sizeof(*solid_top),
	"Solids",
};

double report_solid_agreement(const struct solid_score *s)
{
	const struct vec_match *m = &s->match;
	double sum = 0;
	int count = 0;

	if (s->exact)
		return 1;
	if (s->is_measured) {
		sum += s->iou;
		count++;
	}
	if (m->commands > 0) {
		sum += (double)m->commands_right / m->commands;
		sum += m->parameters > 0 ? (double)m->parameters_right / m->parameters : 0;
		count += 2;
	}
	return count > 0 ? sum / count : 0;
}

/* --- what is wrong -------------------------------------------------------------------------- */

static bool has_fault(const struct report_solid *c, enum solid_fault fault)
{
	return c->faults >> fault & 1;
}

/* Of which it is not known whether it is a program. */
static bool is_lost(const struct report_solid *c)
{
	return has_fault(c, SOLID_FAULT_SLOW) || has_fault(c, SOLID_FAULT_CRASHED);
}

void report_solid_errors(const struct report_solid *c, bool has[ERROR_KINDS])
{
	memset(has, 0, ERROR_KINDS * sizeof(*has));
	has[ERROR_UNREAD] = !c->score->parsed && !is_lost(c) && !has_fault(c, SOLID_FAULT_SILENT);
	for (int i = 0; i < SOLID_FAULT_COUNT_; i++)
		has[ERROR_SOLID + i] = has_fault(c, (enum solid_fault)i);
}

static void put_fault(struct buf *out, const struct report *report, int error)
{
	int64_t count = report->errors[error].seen;

	buf_str(out, "<tr><th scope=\"row\">");
	report_error_name(error, out);
	buf_str(out, "</th><td class=\"n\">");
	report_put_count_button(out, error, count);
	buf_str(out, "</td><td class=\"n\">");
	report_put_fixed(out, report->cases > 0 ? 100.0 * (double)count / (double)report->cases : 0,
			 1);
	buf_str(out, " %</td></tr>");
}

static void put_fault_table(struct buf *out, const struct report *report, const char *caption,
			    int first, int last)
{
	static const char *const columns[] = {"", "Solids", "Share"};

	buf_str(out, "<div><table class=\"faults\"><caption>");
	buf_str(out, caption);
	buf_str(out, "</caption>");
	report_put_columns(out, columns, 3);
	if (first == ERROR_SOLID)
		put_fault(out, report, ERROR_UNREAD);
	for (int i = first; i <= last; i++)
		put_fault(out, report, i);
	buf_str(out, "</tbody></table></div>");
}

void report_put_faults(struct buf *out, const struct report *report)
{
	buf_str(out, "<div class=\"beside\">");
	put_fault_table(out, report, "No solid", ERROR_SOLID, ERROR_SOLID + SOLID_FAULT_UNBUILT);
	put_fault_table(out, report, "Programs that say something else",
			ERROR_SOLID + SOLID_FAULT_UNBUILT + 1, ERROR_KINDS - 1);
	buf_str(out, "</div>");
}

/* --- a case --------------------------------------------------------------------------------- */

static struct report_label label_of(const struct report_solid *c)
{
	struct report_label label = {.id = c->id,
				     .reading = "unread",
				     .mark = "not a program",
				     .agreement = report_solid_agreement(c->score),
				     .agreement_about = "Mean of overlap, right commands and right "
							"parameters"};

	if (c->score->exact) {
		label.reading = label.mark = "exact";
	} else if (c->score->valid) {
		label.reading = "part";
		label.mark = "not exact";
	} else if (c->score->parsed || is_lost(c)) {
		label.reading = "program";
		label.mark = has_fault(c, SOLID_FAULT_SLOW)      ? "too slow"
			     : has_fault(c, SOLID_FAULT_CRASHED) ? "crashed"
			     : c->score->is_measured             ? "not a solid"
								 : "not measured";
	} else if (has_fault(c, SOLID_FAULT_SILENT)) {
		label.mark = "no prediction";
	}
	return label;
}

static void put_terms(struct buf *out, const struct report_solid *c)
{
	const struct solid_score *s = c->score;

	buf_str(out, "<dl class=\"terms\">");
	if (s->is_measured) {
		report_put_real(out, "Overlap", 100 * s->iou, 1, " %");
		report_put_real(out, "Overlap aligned", 100 * s->iou_aligned, 1, " %");
	}
	if (s->is_measured && s->valid)
		report_put_real(out, "Distance", 1000 * s->chamfer, 3,
				" \xc3\x97 10<sup>\xe2\x88\x92"
				"3</sup>");
	if (s->match.commands > 0)
		report_put_share(out, "Commands right", s->match.commands_right, s->match.commands);
	if (s->match.parameters > 0)
		report_put_share(out, "Parameters right", s->match.parameters_right,
				 s->match.parameters);
	if (isfinite(c->log_probability))
		report_put_real(out, "Log probability", c->log_probability, 2, "");
	buf_str(out, "</dl><dl class=\"groups\">");
	for (int i = 0; i < c->group_count; i++)
		report_put_group(out, &c->groups[i]);
	buf_str(out, "</dl>");
}

/* By name, on one line; those that say that it is no solid are in the header. */
static void put_faults(struct buf *out, const struct report_solid *c)
{
	bool begun = false;

	for (int i = SOLID_FAULT_UNBUILT + 1; i < SOLID_FAULT_COUNT_; i++) {
		if (!has_fault(c, (enum solid_fault)i))
			continue;
		buf_str(out, begun ? ", " : "<p class=\"faults\">");
		report_error_name(ERROR_SOLID + i, out);
		begun = true;
	}
	if (begun)
		buf_str(out, "</p>");
}

void report_put_solid(struct report_kept *kept, const struct report_solid *c,
		      const bool has[ERROR_KINDS])
{
	const char *said = c->said ? c->said : "";
	const struct report_words words = {c->prompt, said, strlen(said), c->candidates,
					   c->candidate_count};
	struct report_label label = label_of(c);
	struct buf *out = &kept->words;
	struct arena arena = {0};

	report_put_attributes(&kept->attributes, c->id, label.reading, has);
	report_put_header(&kept->header, &label);
	if (!c->score->valid && c->why && *c->why)
		report_put_why(out, c->why);
	put_faults(out, c);
	report_put_diff(out, c->truth, strlen(c->truth), said, strlen(said), &arena);
	put_terms(out, c);
	report_put_details(out, &words);
	arena_free(&arena);
}
