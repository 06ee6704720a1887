/* SPDX-License-Identifier: MIT */
/*
 * Degradations of a style file: reader and writer of the table, and nothing that knows a single one.
 *
 * The table is two lists here, entries and parameters, each in its order; a parameter knows its entry.
 */
#include <config.h>

#include <string.h>

#include "formats/encoding/json.h"
#include "formats/scene/degradation.h"

#define MILLI 1000

static const char *const names[] = {
#define E(name, phase, kind, legibility, source, about) #name,
#define P(entry, name, lo, hi, least, most, about)
	DEGRADATIONS(E, P)
#undef E
#undef P
};

static const struct param {
	enum degradation entry;
	const char *name;
	int64_t lo, hi, least, most; /* thousandths */
} params[] = {
#define E(name, phase, kind, legibility, source, about)
#define P(entry, name, lo, hi, least, most, about)                                                 \
	{DEGRADATION_##entry, #name, lo, hi, least, most},
	DEGRADATIONS(E, P)
#undef E
#undef P
};

const char *degradation_name(enum degradation which)
{
	return names[which];
}

enum degradation degradation_of_param(enum degradation_param param)
{
	return params[param].entry;
}

struct degradation_sheet degradation_none(void)
{
	struct degradation_sheet sheet;

	memset(&sheet, 0, sizeof(sheet));
	for (int i = 0; i < DEGRADATION_PARAM_COUNT_; i++)
		sheet.range[i] = (struct degradation_range){params[i].lo, params[i].hi};
	return sheet;
}

bool degradation_any(const struct degradation_sheet *sheet)
{
	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		if (sheet->share[i] > 0)
			return true;
	return false;
}

static void put_label(struct buf *out, enum degradation which, const char *part)
{
	buf_str(out, "degradation.");
	buf_str(out, names[which]);
	buf_char(out, '.');
	buf_str(out, part);
}

/* A number, or [lowest, highest]; label names it. */
static int read_range(struct degradation_range *range, const struct param *p, const char *label,
		      const struct json_doc *doc, const cJSON *node, struct err *err)
{
	const cJSON *lo = node, *hi = node;

	if (cJSON_IsArray(node)) {
		lo = node->child;
		hi = cJSON_GetArraySize(node) == 2 ? lo->next : NULL;
	}
	if (!cJSON_IsNumber(lo) || !cJSON_IsNumber(hi))
		return json_error(doc, node, err,
				  "'%s' must be a number or [lowest, highest]; "
				  "allowed %.15g to %.15g",
				  label, (double)p->least / MILLI, (double)p->most / MILLI);
	if (json_milli(doc, lo, label, p->least, p->most, &range->lo, err) < 0 ||
	    json_milli(doc, hi, label, p->least, p->most, &range->hi, err) < 0)
		return -1;
	if (range->lo > range->hi)
		return json_error(doc, node, err,
				  "'%s' is upside down: lowest is %.15g, highest %.15g", label,
				  (double)range->lo / MILLI, (double)range->hi / MILLI);
	return 0;
}

static int unknown_part(enum degradation which, const struct json_doc *doc, const cJSON *node,
			struct err *err)
{
	struct buf allowed = {0};
	int rc;

	buf_str(&allowed, "share");
	for (int i = 0; i < DEGRADATION_PARAM_COUNT_; i++)
		if (params[i].entry == which) {
			buf_str(&allowed, ", ");
			buf_str(&allowed, params[i].name);
		}
	rc = json_error(doc, node, err, "'degradation.%s' has '%.40s'; allowed %s", names[which],
			node->string, allowed.data);
	buf_free(&allowed);
	return rc;
}

static int read_part(struct degradation_sheet *sheet, enum degradation which,
		     const struct json_doc *doc, const cJSON *node, struct err *err)
{
	struct buf label = {0};
	int rc = 1;

	put_label(&label, which, node->string);
	if (strcmp(node->string, "share") == 0)
		rc = json_milli(doc, node, label.data, 0, MILLI, &sheet->share[which], err);
	for (int i = 0; i < DEGRADATION_PARAM_COUNT_ && rc == 1; i++)
		if (params[i].entry == which && strcmp(params[i].name, node->string) == 0)
			rc = read_range(&sheet->range[i], &params[i], label.data, doc, node, err);
	buf_free(&label);
	return rc == 1 ? unknown_part(which, doc, node, err) : rc;
}

static int read_entry(struct degradation_sheet *sheet, const struct json_doc *doc,
		      const cJSON *node, struct err *err)
{
	int which = 0;

	while (which < DEGRADATION_COUNT_ && strcmp(names[which], node->string) != 0)
		which++;
	if (which == DEGRADATION_COUNT_)
		return json_error(doc, node, err,
				  "unknown degradation '%.40s'; style(5) lists them", node->string);
	if (!cJSON_IsObject(node))
		return json_error(doc, node, err,
				  "'degradation.%s' must be an object of share and parameters",
				  names[which]);
	sheet->share[which] = MILLI;
	for (const cJSON *part = node->child; part; part = part->next)
		if (read_part(sheet, (enum degradation)which, doc, part, err) < 0)
			return -1;
	return 0;
}

int degradation_parse(struct degradation_sheet *sheet, const struct json_doc *doc,
		      const struct cJSON *node, struct err *err)
{
	*sheet = degradation_none();
	if (!cJSON_IsObject(node))
		return json_error(doc, node, err,
				  "'degradation' must be an object of degradations");
	for (const cJSON *entry = node->child; entry; entry = entry->next)
		if (read_entry(sheet, doc, entry, err) < 0)
			return -1;
	return 0;
}

static void write_param(const struct param *p, const struct degradation_range *range,
			struct buf *out)
{
	buf_str(out, ", \"");
	buf_str(out, p->name);
	buf_str(out, range->lo < range->hi ? "\": [" : "\": ");
	buf_milli(out, range->lo);
	if (range->lo == range->hi)
		return;
	buf_str(out, ", ");
	buf_milli(out, range->hi);
	buf_char(out, ']');
}

void degradation_write(const struct degradation_sheet *sheet, struct buf *out)
{
	const char *before = "{\n    \"";

	for (int i = 0; i < DEGRADATION_COUNT_; i++) {
		if (sheet->share[i] == 0)
			continue;
		buf_str(out, before);
		buf_str(out, names[i]);
		buf_str(out, "\": {\"share\": ");
		buf_milli(out, sheet->share[i]);
		for (int k = 0; k < DEGRADATION_PARAM_COUNT_; k++)
			if (params[k].entry == (enum degradation)i)
				write_param(&params[k], &sheet->range[k], out);
		buf_char(out, '}');
		before = ",\n    \"";
	}
	buf_str(out, before[0] == '{' ? "{}" : "\n  }");
}
