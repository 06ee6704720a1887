/* SPDX-License-Identifier: MIT */
/*
 * Styles: a table-driven reader and writer of STYLE_VALUES.
 *
 * The X-macro makes one member of struct style_sheet per value; the table here holds each member's
 * offset, so that reader, writer and sampler walk it in one order.
 */
#include <config.h>

#include "formats/style.h"

#include <stddef.h>
#include <string.h>

#include "formats/json.h"

static const struct value {
	const char *name;
	int64_t builtin, lo, hi; /* thousandths */
	size_t in_sheet, in_style;
} values[] = {
#define V(name, value, lo, hi, about)                                                              \
	{#name, value, lo, hi, offsetof(struct style_sheet, name), offsetof(struct style, name)},
	STYLE_VALUES(V)
#undef V
};

#define VALUE_COUNT (sizeof(values) / sizeof(values[0]))

/* The standards that the drafter knows. */
static const char *const standards[] = {"iso"};

static struct style_range *range_of(struct style_sheet *sheet, const struct value *value)
{
	return (struct style_range *)((char *)sheet + value->in_sheet);
}

static const struct style_range *const_range_of(const struct style_sheet *sheet,
						const struct value *value)
{
	return (const struct style_range *)((const char *)sheet + value->in_sheet);
}

struct style_sheet style_iso(void)
{
	struct style_sheet sheet;

	memset(&sheet, 0, sizeof(sheet));
	for (size_t i = 0; i < VALUE_COUNT; i++)
		*range_of(&sheet, &values[i]) =
			(struct style_range){values[i].builtin, values[i].builtin};
	strcpy(sheet.standard, "iso");
	sheet.decimal_mark = ',';
	return sheet;
}

static int read_standard(struct style_sheet *sheet, const struct json_doc *doc, const cJSON *node,
			 struct err *err)
{
	if (!cJSON_IsString(node))
		return json_error(doc, node, err, "'standard' must be a string");
	for (size_t i = 0; i < sizeof(standards) / sizeof(standards[0]); i++) {
		if (strcmp(node->valuestring, standards[i]) == 0) {
			strcpy(sheet->standard, standards[i]);
			return 0;
		}
	}
	return json_error(doc, node, err, "'standard' is '%.40s'; allowed iso", node->valuestring);
}

static int read_decimal_mark(struct style_sheet *sheet, const struct json_doc *doc,
			     const cJSON *node, struct err *err)
{
	const char *s = cJSON_IsString(node) ? node->valuestring : "";

	if (strcmp(s, ",") != 0 && strcmp(s, ".") != 0)
		return json_error(doc, node, err, "'decimal_mark' must be \",\" or \".\"");
	sheet->decimal_mark = s[0];
	return 0;
}

/* A number, or [lowest, highest]. */
static int read_range(struct style_range *range, const struct value *value,
		      const struct json_doc *doc, const cJSON *node, struct err *err)
{
	const cJSON *lo = node, *hi = node;

	if (cJSON_IsArray(node)) {
		if (cJSON_GetArraySize(node) != 2)
			return json_error(doc, node, err,
					  "'%s' must be a number or [lowest, highest]",
					  value->name);
		lo = node->child;
		hi = lo->next;
	}
	if (json_milli(doc, lo, value->name, value->lo, value->hi, &range->lo, err) < 0 ||
	    json_milli(doc, hi, value->name, value->lo, value->hi, &range->hi, err) < 0)
		return -1;
	if (range->lo > range->hi)
		return json_error(
			doc, node, err, "'%s' is upside down: lowest is %.10g, highest %.10g",
			value->name, (double)range->lo / 1000.0, (double)range->hi / 1000.0);
	return 0;
}

static int read_key(struct style_sheet *sheet, const struct json_doc *doc, const cJSON *node,
		    struct err *err)
{
	if (strcmp(node->string, "standard") == 0)
		return read_standard(sheet, doc, node, err);
	if (strcmp(node->string, "decimal_mark") == 0)
		return read_decimal_mark(sheet, doc, node, err);
	for (size_t i = 0; i < VALUE_COUNT; i++)
		if (strcmp(node->string, values[i].name) == 0)
			return read_range(range_of(sheet, &values[i]), &values[i], doc, node, err);
	return json_error(doc, node, err, "unknown key '%.40s'", node->string);
}

/* Takes over doc. */
static int read_sheet(struct style_sheet *sheet, struct json_doc *doc, struct err *err)
{
	const cJSON *node;
	int rc = 0;

	*sheet = style_iso();
	if (!cJSON_IsObject(doc->root))
		rc = json_error(doc, NULL, err, "a style must be an object");
	for (node = doc->root->child; node && rc == 0; node = node->next)
		rc = read_key(sheet, doc, node, err);
	json_free(doc);
	return rc;
}

int style_read(struct style_sheet *sheet, const char *path, struct err *err)
{
	struct json_doc doc;

	if (json_read(&doc, path, err) < 0)
		return -1;
	return read_sheet(sheet, &doc, err);
}

int style_parse(struct style_sheet *sheet, const char *name, const char *text, size_t len,
		struct err *err)
{
	struct json_doc doc;

	if (json_parse(&doc, name, text, len, err) < 0)
		return -1;
	return read_sheet(sheet, &doc, err);
}

static void write_range(const struct style_range *range, struct buf *out)
{
	if (range->lo == range->hi) {
		buf_milli(out, range->lo);
		return;
	}
	buf_char(out, '[');
	buf_milli(out, range->lo);
	buf_str(out, ", ");
	buf_milli(out, range->hi);
	buf_char(out, ']');
}

void style_write(const struct style_sheet *sheet, struct buf *out)
{
	const char mark[2] = {sheet->decimal_mark, '\0'};

	buf_str(out, "{\n  \"standard\": ");
	buf_json_str(out, sheet->standard);
	buf_str(out, ",\n  \"decimal_mark\": ");
	buf_json_str(out, mark);
	for (size_t i = 0; i < VALUE_COUNT; i++) {
		buf_str(out, ",\n  \"");
		buf_str(out, values[i].name);
		buf_str(out, "\": ");
		write_range(const_range_of(sheet, &values[i]), out);
	}
	buf_str(out, "\n}\n");
}

struct style style_from_sheet(const struct style_sheet *sheet, struct rng *rng)
{
	struct style style;

	memset(&style, 0, sizeof(style));
	for (size_t i = 0; i < VALUE_COUNT; i++) {
		const struct style_range *range = const_range_of(sheet, &values[i]);
		int64_t v = range->lo;

		if (range->lo < range->hi)
			v = rng_range(rng, range->lo, range->hi);
		*(double *)((char *)&style + values[i].in_style) = (double)v / 1000.0;
	}
	memcpy(style.standard, sheet->standard, sizeof(style.standard));
	style.decimal_mark = sheet->decimal_mark;
	return style;
}
