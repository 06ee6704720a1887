/* SPDX-License-Identifier: MIT */
/*
 * The page, piece by piece into its file. Its style and program are report.css and report.js, which the
 * makefile turns into tables of lines. A policy in its head forbids it to load anything, and to run any
 * program but this one, of which it holds the hash (W3C, Content Security Policy Level 3).
 */
#include <config.h>

#include <string.h>

#include "base/fs.h"
#include "base/sha256.h"
#include "formats/encoding/html.h"
#include "trainer/report/report_private.h"

static const char *const style_lines[] = {
#include "trainer/report/report_css.inc"
	NULL};

static const char *const program_lines[] = {
#include "trainer/report/report_js.inc"
	NULL};

static void put_lines(struct buf *out, const char *const *lines)
{
	for (; *lines; lines++)
		buf_str(out, *lines);
}

static int hex_digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* As a policy names it: 'sha256-...'. */
static void put_hash(struct buf *out, const struct buf *program)
{
	char hex[SHA256_HEX_BYTES];
	unsigned char bytes[SHA256_HEX_BYTES / 2];

	sha256_hex(program->data, program->len, hex);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	buf_str(out, "'sha256-");
	html_base64(out, bytes, sizeof(bytes));
	buf_char(out, '\'');
}

static void put_document_head(struct buf *out, const char *title, const struct buf *program)
{
	buf_str(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		     "img-src data:; style-src 'unsafe-inline'; script-src ");
	put_hash(out, program);
	buf_str(out,
		"\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	html_string(out, title);
	buf_str(out, "</title>\n<style>\n");
	put_lines(out, style_lines);
	buf_str(out, "</style>\n</head>\n<body>\n");
}

static const struct report_figures *figures_of(const struct report_head *head)
{
	return head->solids ? &report_solid_figures : &report_drawing_figures;
}

static const struct metrics_group *all_of(const struct report_head *head)
{
	return head->solids ? &head->solids->all : &head->metrics->all;
}

static void put_facts(struct buf *out, const struct report_head *head)
{
	buf_str(out, "<header class=\"page\"><h1>");
	html_string(out, head->title);
	buf_str(out, "</h1><dl class=\"facts\">");
	for (int i = 0; i < head->fact_count; i++) {
		buf_str(out, "<div><dt>");
		html_string(out, head->facts[i].name);
		buf_str(out, "</dt><dd>");
		html_string(out, head->facts[i].value);
		buf_str(out, "</dd></div>");
	}
	buf_str(out, head->solids ? "<div><dt>solids</dt><dd>" : "<div><dt>drawings</dt><dd>");
	buf_int(out, all_of(head)->count);
	buf_str(out, "</dd></div></dl>\n");
	report_put_headline(out, figures_of(head), all_of(head)->figures);
	buf_str(out, "</header>\n");
}

static void open_section(struct buf *out, const char *id, const char *title)
{
	buf_str(out, "<section id=\"");
	buf_str(out, id);
	buf_str(out, "\" aria-labelledby=\"");
	buf_str(out, id);
	buf_str(out, "-title\"><h2 id=\"");
	buf_str(out, id);
	buf_str(out, "-title\">");
	buf_str(out, title);
	buf_str(out, "</h2>");
}

static void put_curves(struct buf *out, const struct report_head *head)
{
	if (!head->curves)
		return;
	open_section(out, "curves", "Curves");
	buf_str(out, "<img class=\"curves\" alt=\"Curves\" src=\"data:image/svg+xml;base64,");
	html_base64(out, head->curves, head->curves_len);
	buf_str(out, "\"></section>\n");
}

static int count_groups(const struct report_head *head)
{
	return head->solids ? head->solids->group_count : head->metrics->group_count;
}

static void put_groups(struct buf *out, const struct report_head *head)
{
	int count = count_groups(head);

	if (count == 0)
		return;
	open_section(out, "groups", "Groups");
	report_put_groups(out, figures_of(head),
			  head->solids ? head->solids->groups : head->metrics->groups, count);
	buf_str(out, "</section>\n");
}

static void put_errors(struct buf *out, const struct metrics *m)
{
	open_section(out, "shapes", "Shapes");
	report_put_kinds(out, m);
	buf_str(out, "</section>\n");
	open_section(out, "numbers", "Numbers");
	buf_str(out, "<div class=\"beside\"><div>");
	report_put_numbers(out, m);
	buf_str(out, "</div><div>");
	report_put_digits(out, m);
	buf_str(out, "</div></div></section>\n");
}

static void put_nav(struct buf *out, const struct report_head *head)
{
	buf_str(out, "<nav aria-label=\"Sections\"><a href=\"#figures\">Figures</a> ");
	if (count_groups(head) > 0)
		buf_str(out, "<a href=\"#groups\">Groups</a> ");
	buf_str(out, head->solids ? "<a href=\"#faults\">Faults</a> "
				  : "<a href=\"#shapes\">Shapes</a> "
				    "<a href=\"#numbers\">Numbers</a> ");
	if (head->curves)
		buf_str(out, "<a href=\"#curves\">Curves</a> ");
	buf_str(out, "<a href=\"#cases\">Cases</a></nav>\n");
}

static void put_sections(struct buf *out, const struct report *report,
			 const struct report_head *head)
{
	put_nav(out, head);
	buf_str(out, "<main>\n");
	open_section(out, "figures", "Figures");
	report_put_figures(out, figures_of(head), all_of(head)->figures);
	buf_str(out, "</section>\n");
	put_groups(out, head);
	if (head->solids) {
		open_section(out, "faults", "Faults");
		report_put_faults(out, report);
		buf_str(out, "</section>\n");
	} else {
		put_errors(out, head->metrics);
	}
	put_curves(out, head);
}

/* The kinds of errors that there are, and how many drawings have them. */
static void put_error_options(struct buf *out, const struct report *report)
{
	for (int i = 0; i < ERROR_KINDS; i++) {
		const struct report_set *set = &report->errors[i];

		if (set->seen == 0)
			continue;
		buf_str(out, "<option value=\"");
		report_error_key(i, out);
		buf_str(out, "\">");
		report_error_name(i, out);
		buf_str(out, " (");
		buf_int(out, set->seen);
		buf_str(out, ")</option>");
	}
}

static void put_filters(struct buf *out, const struct report *report)
{
	open_section(out, "cases", "Cases");
	buf_str(out,
		"<form id=\"filters\" role=\"search\" aria-label=\"Filters\">"
		"<label>Search <input type=\"search\" name=\"text\" placeholder=\"id or program\" "
		"autocomplete=\"off\"></label>"
		"<label>Error <select name=\"error\"><option value=\"\">any or none</option>");
	put_error_options(out, report);
	buf_str(out,
		"</select></label><label>Reading <select name=\"reading\">"
		"<option value=\"\">any</option><option value=\"exact\">exact</option>"
		"<option value=\"not-exact\">not exact</option><option value=\"valid\">valid"
		"</option><option value=\"not-valid\">not valid</option></select></label>"
		"<span id=\"more-filters\"></span>"
		"<label>Chosen <select name=\"set\"><option value=\"\">all</option>"
		"<option value=\"worst\">the worst</option><option value=\"random\">at random"
		"</option></select></label>"
		"<label>Order <select name=\"order\"><option value=\"worst\">worst first</option>"
		"<option value=\"best\">best first</option><option value=\"random\">random</option>"
		"<option value=\"id\">id</option></select></label>"
		"<button type=\"reset\">Clear</button></form>"
		"<div class=\"status\"><p class=\"keys\"><kbd>/</kbd> search <kbd>j</kbd> "
		"<kbd>k</kbd> next and previous case <kbd>Enter</kbd> enlarge <kbd>Esc</kbd> "
		"clear</p><output id=\"shown\" aria-live=\"polite\"></output></div>\n"
		"<div id=\"list\">\n");
}

/* Marks whose they are. */
static void mark(const struct report *report, struct report_kept **list, int count)
{
	for (int i = 0; i < count; i++)
		list[i]->is_worst = list[i]->is_random = false;
	for (int i = 0; i < report->worst.count; i++)
		report->worst.all[i]->is_worst = true;
	for (int i = 0; i < report->random.count; i++)
		report->random.all[i]->is_random = true;
}

static void put_case(struct buf *out, const struct report_kept *kept)
{
	buf_str(out, "<article class=\"case\" tabindex=\"-1\" data-agreement=\"");
	report_put_fixed(out, kept->agreement, 6);
	buf_str(out, "\" data-shuffle=\"");
	buf_uint(out, kept->shuffle >> 16);
	buf_str(out, "\" data-sets=\"");
	buf_str(out, kept->is_worst ? "worst " : "");
	buf_str(out, kept->is_random ? "random" : "");
	buf_char(out, '"');
	buf_bytes(out, kept->attributes.data, kept->attributes.len);
	buf_char(out, '>');
	buf_bytes(out, kept->header.data, kept->header.len);
	buf_str(out, "<div class=\"views\">");
	buf_bytes(out, kept->views.data, kept->views.len);
	buf_str(out, "</div><div class=\"words\">");
	buf_bytes(out, kept->words.data, kept->words.len);
	buf_str(out, "</div></article>\n");
}

static int put_cases(struct fs_file *file, const struct report *report, struct buf *out,
		     struct err *err)
{
	struct arena arena = {0};
	struct report_kept **list;
	int count = report_list_kept(report, &arena, &list), rc = 0;

	mark(report, list, count);
	for (int i = 0; i < count && rc == 0; i++) {
		put_case(out, list[i]);
		rc = fs_file_add(file, out->data, out->len, err);
		buf_clear(out);
	}
	arena_free(&arena);
	return rc;
}

static int put_page(struct fs_file *file, const struct report *report,
		    const struct report_head *head, struct buf *out, struct err *err)
{
	struct buf program = {0};

	put_lines(&program, program_lines);
	put_document_head(out, head->title, &program);
	put_facts(out, head);
	put_sections(out, report, head);
	put_filters(out, report);
	if (put_cases(file, report, out, err) < 0) {
		buf_free(&program);
		return -1;
	}
	buf_str(out, "</div></section>\n</main>\n<dialog id=\"large\" aria-label=\"Enlarged\">"
		     "</dialog>\n<script>");
	buf_bytes(out, program.data, program.len);
	buf_str(out, "</script>\n</body>\n</html>\n");
	buf_free(&program);
	return fs_file_add(file, out->data, out->len, err);
}

int report_write(const struct report *report, const char *path, const struct report_head *head,
		 struct err *err)
{
	struct fs_file *file = fs_file_new(path, err);
	struct buf out = {0};
	int rc;

	if (!file)
		return -1;
	rc = put_page(file, report, head, &out, err);
	buf_free(&out);
	if (rc < 0) {
		fs_file_drop(file);
		return -1;
	}
	return fs_file_finish(file, err);
}
