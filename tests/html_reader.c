/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/html_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

/* Elements that are open, and programs so far. */
struct reader {
	const char *at;
	int depth;
	char open[32][16];
	int scripts;
};

static size_t name_length(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
}

static bool is_known(const char *names, const char *name, size_t len)
{
	char word[32];

	if (len == 0 || len > 29)
		return false;
	snprintf(word, sizeof(word), " %.*s ", (int)len, name);
	return strstr(names, word) != NULL;
}

static void read_attributes(struct reader *r)
{
	static const char names[] =
		" alt aria-label aria-labelledby aria-live autocomplete charset class colspan "
		"content "
		"d data-agreement data-by data-error data-errors data-id data-is "
		"data-reading data-sets data-shuffle decoding href http-equiv id lang name "
		"placeholder "
		"role scope src style tabindex title type value viewBox ";

	for (;;) {
		size_t len;

		r->at += strspn(r->at, " \n");
		len = name_length(r->at);
		if (len == 0)
			return;
		if (!is_known(names, r->at, len))
			fail_msg("an attribute: %.60s", r->at);
		r->at += len;
		if (strncmp(r->at, "=\"", 2) != 0)
			fail_msg("an attribute without a value: %.60s", r->at);
		r->at += 2 + strcspn(r->at + 2, "\"<");
		if (*r->at++ != '"')
			fail_msg("a value with markup: %.60s", r->at - 1);
	}
}

static void close_element(struct reader *r)
{
	size_t len = name_length(r->at);

	if (r->depth == 0 || strlen(r->open[r->depth - 1]) != len ||
	    strncmp(r->open[r->depth - 1], r->at, len) != 0 || r->at[len] != '>')
		fail_msg("closed while '%s' is open: %.60s",
			 r->depth ? r->open[r->depth - 1] : "nothing", r->at);
	r->depth--;
	r->at += len + 1;
}

static void open_element(struct reader *r)
{
	static const char names[] =
		" a article body button caption code dd del details dialog div dl dt em figcaption "
		"figure form h1 h2 h3 h4 head header html img input ins kbd label li main meta nav "
		"ol "
		"option output p path pre script section select small span strong style summary "
		"sup "
		"svg "
		"table tbody td th thead title tr var ";
	size_t len = name_length(r->at);
	const char *name = r->at;
	char end[24];

	if (!is_known(names, name, len) || r->depth == 32)
		fail_msg("an element: %.60s", name);
	r->at += len;
	read_attributes(r);
	if (r->at[0] == '/' && r->at[1] == '>')
		r->at += 2;
	else if (*r->at++ != '>')
		fail_msg("an element without an end: %.60s", name);
	else if (!is_known(" img input meta ", name, len))
		snprintf(r->open[r->depth++], sizeof(r->open[0]), "%.*s", (int)len, name);
	if (!is_known(" script style ", name, len))
		return;
	r->scripts += *name == 's' && name[1] == 'c';
	snprintf(end, sizeof(end), "</%.*s", (int)len, name);
	r->at = strstr(r->at, end);
	assert_non_null(r->at);
}

void assert_html_sound(const struct buf *page, int scripts)
{
	static const char doctype[] = "<!DOCTYPE html>";
	struct reader r = {.at = page->data + strlen(doctype)};

	assert_int_equal(strlen(page->data), page->len); /* no NUL */
	assert_true(utf8_is_valid(page->data));
	assert_int_equal(strncmp(page->data, doctype, strlen(doctype)), 0);
	while ((r.at = strchr(r.at, '<')) != NULL) {
		r.at++;
		if (*r.at != '/') {
			open_element(&r);
		} else {
			r.at++;
			close_element(&r);
		}
		if (r.depth == 0)
			break;
	}
	assert_int_equal(r.depth, 0);
	assert_string_equal(r.at, "\n");
	assert_int_equal(r.scripts, scripts);
}
