/* SPDX-License-Identifier: MIT */
/* html_reader: whether a page is sound HTML, for tests of what writes some. */
#ifndef TESTS_HTML_READER_H
#define TESTS_HTML_READER_H

#include "base/buf.h"

/* Fails the test unless the page is UTF-8 without NULs, every element is closed in its order, elements and
 * attributes are those that a report has, values stand in quotes without markup, and there are just so
 * many programs. */
void assert_html_sound(const struct buf *page, int scripts);

#endif
