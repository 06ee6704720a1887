/* SPDX-License-Identifier: MIT */
/* What cases of drawings and of solids have in common, as the elements that the page shows, sorts and
 * filters: what the filters look at are attributes, groups apart, which are read from the list that people
 * see. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "formats/encoding/html.h"
#include "trainer/report/report_private.h"
#include "trainer/score/program_diff.h"

#define DIFF_CONTEXT 2 /* equal lines shown beside another */
#define DIFF_FOLDED 4  /* at least: fewer take as much room as their count */

static void put_attribute(struct buf *out, const char *name, const char *value)
{
	buf_char(out, ' ');
	buf_str(out, name);
	buf_str(out, "=\"");
	html_string(out, value);
	buf_char(out, '"');
}

void report_put_attributes(struct buf *out, const char *id, const char *reading,
			   const bool has[ERROR_KINDS])
{
	bool begun = false;

	put_attribute(out, "data-id", id);
	put_attribute(out, "data-reading", reading);
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

void report_put_header(struct buf *out, const struct report_label *label)
{
	buf_str(out, "<header><h3>");
	html_string(out, label->id);
	buf_str(out, "</h3><span class=\"mark ");
	buf_str(out, label->reading);
	buf_str(out, "\">");
	buf_str(out, label->mark);
	buf_str(out, "</span><span class=\"agreement\" title=\"");
	buf_str(out, label->agreement_about);
	buf_str(out, "\">");
	report_put_fixed(out, 100 * label->agreement, 1);
	buf_str(out, " %</span></header>");
}

/* --- views ---------------------------------------------------------------------------------- */

void report_put_picture(struct buf *out, const void *png, size_t png_len)
{
	if (!png)
		return;
	buf_str(out,
		"<figure><button type=\"button\" class=\"zoom\" aria-label=\"Enlarge the "
		"drawing\"><img decoding=\"async\" alt=\"Drawing\" src=\"data:image/png;base64,");
	html_base64(out, png, png_len);
	buf_str(out, "\"></button><figcaption>Drawing</figcaption></figure>");
}

void report_open_overlay(struct buf *out)
{
	buf_str(out, "<figure><button type=\"button\" class=\"zoom\" aria-label=\"Enlarge the "
		     "overlay\">");
}

void report_close_overlay(struct buf *out, const char *caption)
{
	buf_str(out, "</button><figcaption>");
	if (caption)
		html_string(out, caption);
	else
		buf_str(out, "<span class=\"key both\">both</span>"
			     "<span class=\"key truth\">true</span>"
			     "<span class=\"key said\">predicted</span>");
	buf_str(out, "</figcaption></figure>");
}

/* --- words ---------------------------------------------------------------------------------- */

void report_put_why(struct buf *out, const char *why)
{
	buf_str(out, "<p class=\"why\">");
	html_string(out, why);
	buf_str(out, "</p>");
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

static void put_line(struct buf *out, const struct diff_line *line)
{
	static const char *const classes[] = {"same", "changed", "missed", "added"};

	buf_str(out, "<li class=\"");
	buf_str(out, classes[line->kind]);
	buf_str(out, "\">");
	for (int k = 0; k < line->count; k++)
		put_run(out, &line->runs[k]);
	buf_str(out, "</li>");
}

static int count_same(const struct program_diff *diff, int first)
{
	int n = first;

	while (n < diff->count && diff->lines[n].kind == DIFF_SAME)
		n++;
	return n - first;
}

static void put_folded(struct buf *out, const struct diff_line *lines, int count)
{
	buf_str(out, "<li class=\"same\"><details><summary>");
	buf_int(out, count);
	buf_str(out, " equal lines</summary><ol>");
	for (int i = 0; i < count; i++)
		put_line(out, &lines[i]);
	buf_str(out, "</ol></details></li>");
}

/* Of many equal lines those beside another are shown, where there is one. */
static void put_lines(struct buf *out, const struct program_diff *diff)
{
	bool differ = count_same(diff, 0) < diff->count;

	for (int i = 0; i < diff->count;) {
		int same = count_same(diff, i);
		int before = i > 0 ? DIFF_CONTEXT : 0;
		int after = i + same < diff->count ? DIFF_CONTEXT : 0;
		int folded = differ ? same - before - after : 0;

		if (folded < DIFF_FOLDED) {
			put_line(out, &diff->lines[i++]);
			continue;
		}
		for (int k = 0; k < before; k++)
			put_line(out, &diff->lines[i + k]);
		put_folded(out, &diff->lines[i + before], folded);
		for (int k = same - after; k < same; k++)
			put_line(out, &diff->lines[i + k]);
		i += same;
	}
}

void report_put_diff(struct buf *out, const char *truth, size_t all_truth, const char *said,
		     size_t all_said, struct arena *arena)
{
	size_t truth_len = all_truth < PROGRAM_DIFF_TEXT_MAX ? all_truth : PROGRAM_DIFF_TEXT_MAX;
	size_t said_len = all_said < PROGRAM_DIFF_TEXT_MAX ? all_said : PROGRAM_DIFF_TEXT_MAX;
	struct program_diff diff = program_diff_from_texts(truth, truth_len, said, said_len, arena);

	buf_str(out, "<ol class=\"diff\" aria-label=\"Both programs\">");
	put_lines(out, &diff);
	if (truth_len < all_truth || said_len < all_said)
		buf_str(out, "<li class=\"cut\">The rest is too long to be shown.</li>");
	buf_str(out, "</ol>");
}

void report_open_term(struct buf *out, const char *name)
{
	buf_str(out, "<div><dt>");
	html_string(out, name);
	buf_str(out, "</dt><dd>");
}

void report_put_share(struct buf *out, const char *name, int part, int whole)
{
	report_open_term(out, name);
	buf_int(out, part);
	buf_str(out, " of ");
	buf_int(out, whole);
	buf_str(out, "</dd></div>");
}

void report_put_real(struct buf *out, const char *name, double value, int decimals,
		     const char *unit)
{
	report_open_term(out, name);
	report_put_fixed(out, value, decimals);
	buf_str(out, unit);
	buf_str(out, "</dd></div>");
}

void report_put_group(struct buf *out, const struct score_key *group)
{
	report_open_term(out, group->by);
	html_string(out, group->is);
	buf_str(out, "</dd></div>");
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

static void put_pre(struct buf *out, const char *name, const char *text, size_t len)
{
	buf_str(out, "<h4>");
	html_string(out, name);
	buf_str(out, "</h4><pre>");
	put_text(out, text, len);
	buf_str(out, "</pre>");
}

static void put_candidates(struct buf *out, const struct report_words *words)
{
	if (words->candidate_count == 0)
		return;
	buf_str(out, "<h4>Candidates</h4><ol class=\"candidates\">");
	for (int i = 0; i < words->candidate_count; i++) {
		const struct report_candidate *candidate = &words->candidates[i];

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

void report_put_details(struct buf *out, const struct report_words *words)
{
	buf_str(out, "<details><summary>Prompt, prediction, candidates</summary>");
	if (words->prompt)
		put_pre(out, "Prompt", words->prompt, strlen(words->prompt));
	put_pre(out, "Prediction as it was said", words->said, words->said_len);
	put_candidates(out, words);
	buf_str(out, "</details>");
}
