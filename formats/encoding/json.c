/* SPDX-License-Identifier: MIT */
/*
 * JSON in two passes: the strict scanner of json_scan.c, then cJSON for the tree.
 *
 * The scanner accepts exactly RFC 8259, knows where an error is without cJSON's global error
 * pointer, which threads would share, and counts the values in document order. The tree keeps that
 * order, so the n-th node of the tree is the n-th value of the text: that is how json_error finds
 * its line.
 *
 * Nesting is bounded, so recursion over text and tree is too. Duplicate keys are looked for in the
 * tree, by sorting the keys of large objects.
 */
#include <config.h>

#include "formats/encoding/json.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "formats/encoding/json_scan.h"

#define FILE_BYTES_MAX (64u << 20)

static size_t mark_bytes(const struct buf *text)
{
	return text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static struct json_scan scan_start(const struct json_doc *doc, size_t wanted)
{
	return (struct json_scan){
		.text = doc->text.data,
		.len = doc->text.len,
		.at = mark_bytes(&doc->text),
		.wanted = wanted,
	};
}

/* Fills err with the place of text[at] and what is wrong there. Control characters, which decoded
 * strings bring along, become '?': a message is one line. */
static int error_at(const struct json_doc *doc, size_t at, enum err_code code, struct err *err,
		    const char *fmt, va_list ap)
{
	char what[320];
	size_t column = 1;
	long line = doc->lines_before + 1;

	for (size_t i = 0; i < at; i++) {
		column++;
		if (doc->text.data[i] == '\n') {
			line++;
			column = 1;
		}
	}
	vsnprintf(what, sizeof(what), fmt, ap);
	for (char *c = what; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = '?';
	if (doc->columns)
		return err_set(err, code, "%s:%ld:%zu: %s", doc->name, line, column, what);
	return err_set(err, code, "%s:%ld: %s", doc->name, line, what);
}

static int syntax_error(const struct json_doc *doc, size_t at, enum err_code code, struct err *err,
			const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static int syntax_error(const struct json_doc *doc, size_t at, enum err_code code, struct err *err,
			const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_at(doc, at, code, err, fmt, ap);
	va_end(ap);
	return -1;
}

/* Adds to *count the nodes before `wanted` in document order; false if it is not in this tree. */
static bool count_before(const cJSON *node, const cJSON *wanted, size_t *count)
{
	const cJSON *child;

	if (node == wanted)
		return true;
	++*count;
	for (child = node->child; child; child = child->next)
		if (count_before(child, wanted, count))
			return true;
	return false;
}

static size_t node_offset(const struct json_doc *doc, const cJSON *node)
{
	size_t count = 0;
	struct json_scan s;
	bool found = count_before(doc->root, node ? node : doc->root, &count);

	assert(found);
	(void)found;
	s = scan_start(doc, count);
	json_scan_value(&s);
	return s.at;
}

int json_error(const struct json_doc *doc, const cJSON *node, struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_at(doc, node_offset(doc, node), ERR_FORMAT, err, fmt, ap);
	va_end(ap);
	return -1;
}

int json_limit(const struct json_doc *doc, const cJSON *node, struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_at(doc, node_offset(doc, node), ERR_LIMIT, err, fmt, ap);
	va_end(ap);
	return -1;
}

int json_unsupported(const struct json_doc *doc, const cJSON *node, struct err *err,
		     const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_at(doc, node_offset(doc, node), ERR_UNSUPPORTED, err, fmt, ap);
	va_end(ap);
	return -1;
}

static int compare_keys(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

/* The second of two members with the same key, or NULL; few members, no memory needed. */
static const cJSON *doubled_key_small(const cJSON *object)
{
	for (const cJSON *a = object->child; a; a = a->next)
		for (const cJSON *b = object->child; b != a; b = b->next)
			if (strcmp(a->string, b->string) == 0)
				return a;
	return NULL;
}

static const cJSON *doubled_key(const cJSON *object)
{
	int n = cJSON_GetArraySize(object), i = 0;
	const cJSON **members, *child, *found = NULL;

	if (n <= 16)
		return doubled_key_small(object);
	members = mem_alloc((size_t)n, sizeof(cJSON *));
	for (child = object->child; child; child = child->next)
		members[i++] = child;
	qsort(members, (size_t)n, sizeof(cJSON *), compare_keys);
	for (i = 1; i < n && !found; i++)
		if (strcmp(members[i - 1]->string, members[i]->string) == 0)
			found = members[i];
	free(members);
	return found;
}

static int check_keys(const struct json_doc *doc, const cJSON *node, struct err *err)
{
	const cJSON *child, *doubled;

	if (cJSON_IsObject(node)) {
		doubled = doubled_key(node);
		if (doubled)
			return json_error(doc, doubled, err, "key '%.40s' given twice",
					  doubled->string);
	}
	for (child = node->child; child; child = child->next)
		if (child->child && check_keys(doc, child, err) < 0)
			return -1;
	return 0;
}

static int scan_document(const struct json_doc *doc, struct err *err)
{
	struct json_scan s = scan_start(doc, SIZE_MAX);

	if (json_scan_value(&s) < 0)
		return syntax_error(doc, s.at, ERR_FORMAT, err, "%s", s.why);
	json_scan_space(&s);
	if (s.at < s.len)
		return syntax_error(doc, s.at, ERR_FORMAT, err, "more text behind the JSON value");
	return 0;
}

/* doc holds the text; on failure everything is freed. */
static int parse_text(struct json_doc *doc, struct err *err)
{
	size_t mark = mark_bytes(&doc->text);
	const char *text, *end = NULL;

	buf_str(&doc->text, ""); /* an empty text becomes "", not NULL */
	text = doc->text.data + mark;
	if (scan_document(doc, err) < 0) {
		json_free(doc);
		return -1;
	}
	doc->root = cJSON_ParseWithLengthOpts(text, doc->text.len - mark, &end, false);
	if (!doc->root) {
		/* What the scanner lets through cJSON reads, unless memory runs out. */
		syntax_error(doc, end ? (size_t)(end - doc->text.data) : 0, ERR_LIMIT, err,
			     "no memory for the JSON tree");
		json_free(doc);
		return -1;
	}
	if (check_keys(doc, doc->root, err) < 0) {
		json_free(doc);
		return -1;
	}
	return 0;
}

int json_parse(struct json_doc *doc, const char *name, const char *text, size_t len,
	       struct err *err)
{
	*doc = (struct json_doc){.name = name};
	buf_bytes(&doc->text, text, len);
	return parse_text(doc, err);
}

int json_parse_columns(struct json_doc *doc, const char *name, const char *text, size_t len,
		       struct err *err)
{
	*doc = (struct json_doc){.name = name, .columns = true};
	buf_bytes(&doc->text, text, len);
	return parse_text(doc, err);
}

int json_parse_line(struct json_doc *doc, const char *name, long line, const char *text, size_t len,
		    struct err *err)
{
	*doc = (struct json_doc){.name = name, .lines_before = line - 1};
	buf_bytes(&doc->text, text, len);
	return parse_text(doc, err);
}

int json_read(struct json_doc *doc, const char *path, struct err *err)
{
	*doc = (struct json_doc){.name = path};
	if (fs_read(path, FILE_BYTES_MAX, &doc->text, err) < 0) {
		json_free(doc);
		return -1;
	}
	return parse_text(doc, err);
}

void json_free(struct json_doc *doc)
{
	cJSON_Delete(doc->root);
	buf_free(&doc->text);
	doc->root = NULL;
}

int json_milli(const struct json_doc *doc, const cJSON *node, const char *label, int64_t lo,
	       int64_t hi, int64_t *out, struct err *err)
{
	double v, low = (double)lo / 1000.0, high = (double)hi / 1000.0;

	if (!cJSON_IsNumber(node))
		return json_error(doc, node, err, "'%s' must be a number", label);
	v = node->valuedouble;
	if (!(v >= low && v <= high))
		return json_error(doc, node, err, "'%s' is %.15g; allowed %.15g to %.15g", label, v,
				  low, high);
	/* Text and quotient both round correctly, so v is the double of a number with three
	 * decimals exactly when it is the quotient. */
	*out = llround(v * 1000.0);
	if ((double)*out / 1000.0 != v)
		return json_error(doc, node, err, "'%s' is %.15g; at most three decimals", label,
				  v);
	return 0;
}

int json_whole(const struct json_doc *doc, const cJSON *object, const char *key, double lo,
	       double hi, double *out, struct err *err)
{
	const cJSON *node = json_member(object, key);

	if (!cJSON_IsNumber(node) || !(node->valuedouble >= lo && node->valuedouble <= hi) ||
	    node->valuedouble != floor(node->valuedouble))
		return json_error(doc, node ? node : object, err,
				  "'%s' must be a whole number, %.0f to %.0f", key, lo, hi);
	*out = node->valuedouble;
	return 0;
}
