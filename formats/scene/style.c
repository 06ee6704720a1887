/* SPDX-License-Identifier: MIT */
/*
 * Styles: a table-driven reader, writer and sampler of STYLE_VALUES and STYLE_CHOICES.
 *
 * The X-macros make one member of struct style_sheet and of struct style per key; the tables here
 * hold each member's offsets, so that all three walk the keys in one order: values, then choices.
 *
 * A key's node becomes a struct variant first, its usual and its fault part, which are the same
 * node where no fault is stated. A sheet has one written form: a part with one value is written as
 * it is, a key as an object where it has a share or a fault of its own.
 */
#include <config.h>

#include "formats/scene/style.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "formats/encoding/json.h"

#define MILLI 1000
#define MM_PER_INCH 25.4
#define ABOUT_ISO "Plain ISO without a frame, strokes of ISO 3098; clean, built in"

static const struct value {
	const char *name;
	int64_t builtin, lo, hi; /* thousandths */
	const char *why_not;     /* may it have "each" */
	size_t in_sheet, in_style;
} values[] = {
#define V(name, value, lo, hi, why_not, about)                                                     \
	{#name,                                                                                    \
	 value,                                                                                    \
	 lo,                                                                                       \
	 hi,                                                                                       \
	 why_not,                                                                                  \
	 offsetof(struct style_sheet, name),                                                       \
	 offsetof(struct style, name)},
	STYLE_VALUES(V)
#undef V
};

static const struct choice {
	const char *name, *words, *builtin, *why_not;
	size_t in_sheet, in_style;
} choices[] = {
#define C(name, words, word, why_not, about)                                                       \
	{#name,                                                                                    \
	 words,                                                                                    \
	 word,                                                                                     \
	 why_not,                                                                                  \
	 offsetof(struct style_sheet, name),                                                       \
	 offsetof(struct style, name)},
	STYLE_CHOICES(C)
#undef C
};

#define VALUE_COUNT (sizeof(values) / sizeof(values[0]))
#define CHOICE_COUNT (sizeof(choices) / sizeof(choices[0]))

static_assert(TYPEFACE_COUNT_ < 32, "style_choice has a bit for each word");
static_assert(VALUE_COUNT + CHOICE_COUNT <= 64, "style.faults has a bit for each key");

static struct style_value *value_in(struct style_sheet *sheet, const struct value *value)
{
	return (struct style_value *)((char *)sheet + value->in_sheet);
}

static const struct style_value *value_of(const struct style_sheet *sheet,
					  const struct value *value)
{
	return (const struct style_value *)((const char *)sheet + value->in_sheet);
}

static struct style_choice *choice_in(struct style_sheet *sheet, const struct choice *choice)
{
	return (struct style_choice *)((char *)sheet + choice->in_sheet);
}

static const struct style_choice *choice_of(const struct style_sheet *sheet,
					    const struct choice *choice)
{
	return (const struct style_choice *)((const char *)sheet + choice->in_sheet);
}

/* The first of the words and its length; NULL where none are left. */
static const char *first_word(const char *words, size_t *len)
{
	words += strspn(words, " ");
	*len = strcspn(words, " ");
	return *len ? words : NULL;
}

/* Its number in the words, or -1. */
static int word_number(const char *words, const char *wanted)
{
	const char *word;
	size_t len;

	for (int i = 0; (word = first_word(words, &len)); i++) {
		if (strlen(wanted) == len && memcmp(word, wanted, len) == 0)
			return i;
		words = word + len;
	}
	return -1;
}

static uint32_t word_bit(const struct choice *choice, const char *wanted)
{
	int number = word_number(choice->words, wanted);

	return number < 0 ? 0 : UINT32_C(1) << number;
}

struct style_sheet style_iso(void)
{
	struct style_sheet sheet;

	memset(&sheet, 0, sizeof(sheet));
	for (size_t i = 0; i < VALUE_COUNT; i++) {
		struct style_range always = {values[i].builtin, values[i].builtin};

		*value_in(&sheet, &values[i]) = (struct style_value){always, always, 0, 0};
	}
	for (size_t i = 0; i < CHOICE_COUNT; i++) {
		uint32_t always = word_bit(&choices[i], choices[i].builtin);

		assert(always);
		*choice_in(&sheet, &choices[i]) = (struct style_choice){always, always, 0, 0};
	}
	strcpy(sheet.standard, "iso");
	strcpy(sheet.about, ABOUT_ISO);
	sheet.degradation = degradation_none();
	return sheet;
}

/* What a key holds usually, and with its shares. */
struct variant {
	const cJSON *usual, *fault;
	int64_t share, each;
};

/* The node is "share" or "each". */
static int read_share(int64_t *share, const char *name, const struct json_doc *doc,
		      const cJSON *node, struct err *err)
{
	struct buf label = {0};
	int rc;

	buf_str(&label, name);
	buf_char(&label, '.');
	buf_str(&label, node->string);
	rc = json_milli(doc, node, label.data, 0, MILLI, share, err);
	buf_free(&label);
	return rc;
}

static int read_each(int64_t *each, const char *name, const char *why_not,
		     const struct json_doc *doc, const cJSON *node, struct err *err)
{
	if (!node)
		return 0;
	if (why_not[0])
		return json_error(doc, node, err, "'%s' may not have 'each': %s", name, why_not);
	return read_share(each, name, doc, node, err);
}

/* Any node: an object is taken apart, all else is both parts, and checked by who reads them. `why_not`
 * is the table's column. */
static int read_variant(struct variant *variant, const char *name, const char *why_not,
			const struct json_doc *doc, const cJSON *node, struct err *err)
{
	const cJSON *share = NULL, *each = NULL;

	*variant = (struct variant){node, node, 0, 0};
	if (!cJSON_IsObject(node))
		return 0;
	*variant = (struct variant){0};
	for (const cJSON *part = node->child; part; part = part->next) {
		if (strcmp(part->string, "usual") == 0)
			variant->usual = part;
		else if (strcmp(part->string, "fault") == 0)
			variant->fault = part;
		else if (strcmp(part->string, "share") == 0)
			share = part;
		else if (strcmp(part->string, "each") == 0)
			each = part;
		else
			return json_error(doc, part, err,
					  "'%s' has '%.40s'; allowed usual, fault, share, each",
					  name, part->string);
	}
	if (!variant->usual || !variant->fault || !share)
		return json_error(doc, node, err, "'%s' lacks '%s'; needed usual, fault, share",
				  name,
				  !variant->usual   ? "usual"
				  : !variant->fault ? "fault"
						    : "share");
	if (read_each(&variant->each, name, why_not, doc, each, err) < 0)
		return -1;
	return read_share(&variant->share, name, doc, share, err);
}

/* A number, or [lowest, highest]. */
static int read_range(struct style_range *range, const struct value *value,
		      const struct json_doc *doc, const cJSON *node, struct err *err)
{
	const cJSON *lo = node, *hi = node;

	if (cJSON_IsArray(node)) {
		lo = node->child;
		hi = cJSON_GetArraySize(node) == 2 ? lo->next : NULL;
	}
	if (!cJSON_IsNumber(lo) || !cJSON_IsNumber(hi))
		return json_error(doc, node, err,
				  "'%s' must be a number, [lowest, highest], or "
				  "{\"usual\", \"fault\", \"share\"} of these; "
				  "allowed %.15g to %.15g",
				  value->name, (double)value->lo / MILLI,
				  (double)value->hi / MILLI);
	if (json_milli(doc, lo, value->name, value->lo, value->hi, &range->lo, err) < 0 ||
	    json_milli(doc, hi, value->name, value->lo, value->hi, &range->hi, err) < 0)
		return -1;
	if (range->lo > range->hi)
		return json_error(
			doc, node, err, "'%s' is upside down: lowest is %.15g, highest %.15g",
			value->name, (double)range->lo / MILLI, (double)range->hi / MILLI);
	return 0;
}

static int read_value(struct style_value *out, const struct value *value,
		      const struct json_doc *doc, const cJSON *node, struct err *err)
{
	struct variant v;

	if (read_variant(&v, value->name, value->why_not, doc, node, err) < 0 ||
	    read_range(&out->usual, value, doc, v.usual, err) < 0 ||
	    read_range(&out->fault, value, doc, v.fault, err) < 0)
		return -1;
	out->share = v.share;
	out->each = v.each;
	return 0;
}

/* "'arrow' WHAT; allowed filled, open": signs stand in quotes, or the comma would not be seen. */
static int choice_error(const struct choice *choice, const struct json_doc *doc, const cJSON *node,
			struct err *err, const char *what)
{
	struct buf allowed = {0};
	const char *words = choice->words, *word;
	size_t len;
	int rc;

	while ((word = first_word(words, &len))) {
		const char *quote = len == 1 && strchr(",.-", *word) ? "'" : "";

		buf_str(&allowed, words == choice->words ? "" : ", ");
		buf_str(&allowed, quote);
		buf_bytes(&allowed, word, len);
		buf_str(&allowed, quote);
		words = word + len;
	}
	rc = json_error(doc, node, err, "'%s' %s; allowed %s", choice->name, what, allowed.data);
	buf_free(&allowed);
	return rc;
}

static int unknown_word(const struct choice *choice, const struct json_doc *doc, const cJSON *node,
			struct err *err)
{
	struct buf what = {0};
	int rc;

	buf_str(&what, "is '");
	buf_bytes(&what, node->valuestring, strnlen(node->valuestring, 40));
	buf_char(&what, '\'');
	rc = choice_error(choice, doc, node, err, what.data);
	buf_free(&what);
	return rc;
}

/* Adds one word. */
static int read_word(uint32_t *words, const struct choice *choice, const struct json_doc *doc,
		     const cJSON *node, struct err *err)
{
	uint32_t bit;

	if (!cJSON_IsString(node))
		return choice_error(choice, doc, node, err,
				    "must be a word, a list of words, or "
				    "{\"usual\", \"fault\", \"share\"} of these");
	bit = word_bit(choice, node->valuestring);
	if (!bit)
		return unknown_word(choice, doc, node, err);
	if (*words & bit)
		return json_error(doc, node, err, "'%s' lists '%s' twice", choice->name,
				  node->valuestring);
	*words |= bit;
	return 0;
}

/* A word, or a list of some. */
static int read_words(uint32_t *words, const struct choice *choice, const struct json_doc *doc,
		      const cJSON *node, struct err *err)
{
	*words = 0;
	if (!cJSON_IsArray(node))
		return read_word(words, choice, doc, node, err);
	for (const cJSON *word = node->child; word; word = word->next)
		if (read_word(words, choice, doc, word, err) < 0)
			return -1;
	return *words ? 0 : choice_error(choice, doc, node, err, "is an empty list");
}

static int read_choice(struct style_choice *out, const struct choice *choice,
		       const struct json_doc *doc, const cJSON *node, struct err *err)
{
	bool is_unit = choice->in_sheet == offsetof(struct style_sheet, unit);
	struct variant v;

	if (is_unit && !cJSON_IsString(node))
		return choice_error(choice, doc, node, err, "must be one word: labels are in it");
	if (read_variant(&v, choice->name, choice->why_not, doc, node, err) < 0 ||
	    read_words(&out->usual, choice, doc, v.usual, err) < 0 ||
	    read_words(&out->fault, choice, doc, v.fault, err) < 0)
		return -1;
	out->share = v.share;
	out->each = v.each;
	return 0;
}

int style_parse_standard(char standard[STYLE_STANDARD_BYTES], const struct json_doc *doc,
			 const cJSON *node, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_";
	const char *name = cJSON_IsString(node) ? node->valuestring : "";
	size_t len = strlen(name);

	if (len == 0 || len >= STYLE_STANDARD_BYTES || strspn(name, letters) != len)
		return json_error(doc, node, err,
				  "'standard' must be 1 to %d letters, digits, '-' and '_'",
				  STYLE_STANDARD_BYTES - 1);
	memcpy(standard, name, len + 1);
	return 0;
}

int style_parse_about(char about[STYLE_ABOUT_BYTES], const struct json_doc *doc, const cJSON *node,
		      struct err *err)
{
	const char *text = cJSON_IsString(node) ? node->valuestring : "";
	size_t len = strlen(text);
	bool plain = true;

	for (size_t i = 0; i < len; i++)
		plain &= (unsigned char)text[i] >= ' ' && text[i] != '\x7f';
	if (len == 0 || len >= STYLE_ABOUT_BYTES || !plain)
		return json_error(doc, node, err,
				  "'about' must be a sentence of 1 to %d bytes on one line",
				  STYLE_ABOUT_BYTES - 1);
	memcpy(about, text, len + 1);
	return 0;
}

static int read_key(struct style_sheet *sheet, const struct json_doc *doc, const cJSON *node,
		    struct err *err)
{
	if (strcmp(node->string, "standard") == 0)
		return style_parse_standard(sheet->standard, doc, node, err);
	if (strcmp(node->string, "about") == 0)
		return style_parse_about(sheet->about, doc, node, err);
	if (strcmp(node->string, "degradation") == 0)
		return degradation_parse(&sheet->degradation, doc, node, err);
	for (size_t i = 0; i < VALUE_COUNT; i++)
		if (strcmp(node->string, values[i].name) == 0)
			return read_value(value_in(sheet, &values[i]), &values[i], doc, node, err);
	for (size_t i = 0; i < CHOICE_COUNT; i++)
		if (strcmp(node->string, choices[i].name) == 0)
			return read_choice(choice_in(sheet, &choices[i]), &choices[i], doc, node,
					   err);
	return json_error(doc, node, err, "unknown key '%.40s'; style(5) lists them", node->string);
}

int style_parse_node(struct style_sheet *sheet, const struct json_doc *doc, const cJSON *node,
		     struct err *err)
{
	*sheet = style_iso();
	sheet->about[0] = '\0'; /* what is told of the built-in style may be wrong of this one */
	if (!cJSON_IsObject(node))
		return json_error(doc, node, err, "a style must be an object");
	for (const cJSON *key = node->child; key; key = key->next)
		if (read_key(sheet, doc, key, err) < 0)
			return -1;
	return 0;
}

/* Takes over doc. */
static int read_sheet(struct style_sheet *sheet, struct json_doc *doc, struct err *err)
{
	int rc = style_parse_node(sheet, doc, doc->root, err);

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

static bool same_range(const struct style_range *a, const struct style_range *b)
{
	return a->lo == b->lo && a->hi == b->hi;
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

static void write_words(const char *words, uint32_t chosen, struct buf *out)
{
	bool list = (chosen & (chosen - 1)) != 0;
	const char *word, *between = "";
	size_t len;

	assert(chosen);
	buf_str(out, list ? "[" : "");
	for (; (word = first_word(words, &len)); chosen >>= 1) {
		if (chosen & 1) {
			buf_str(out, between);
			buf_char(out, '"');
			buf_bytes(out, word, len);
			buf_char(out, '"');
			between = ", ";
		}
		words = word + len;
	}
	buf_str(out, list ? "]" : "");
}

static void write_shares(int64_t share, int64_t each, struct buf *out)
{
	buf_str(out, ", \"share\": ");
	buf_milli(out, share);
	if (each > 0) {
		buf_str(out, ", \"each\": ");
		buf_milli(out, each);
	}
	buf_char(out, '}');
}

static void write_value(const struct style_value *value, struct buf *out)
{
	if (value->share == 0 && value->each == 0 && same_range(&value->usual, &value->fault)) {
		write_range(&value->usual, out);
		return;
	}
	buf_str(out, "{\"usual\": ");
	write_range(&value->usual, out);
	buf_str(out, ", \"fault\": ");
	write_range(&value->fault, out);
	write_shares(value->share, value->each, out);
}

static void write_choice(const char *words, const struct style_choice *choice, struct buf *out)
{
	if (choice->share == 0 && choice->each == 0 && choice->usual == choice->fault) {
		write_words(words, choice->usual, out);
		return;
	}
	buf_str(out, "{\"usual\": ");
	write_words(words, choice->usual, out);
	buf_str(out, ", \"fault\": ");
	write_words(words, choice->fault, out);
	write_shares(choice->share, choice->each, out);
}

static void write_name(const char *name, struct buf *out)
{
	buf_str(out, ",\n  \"");
	buf_str(out, name);
	buf_str(out, "\": ");
}

void style_write_names(const char *standard, const char *about, struct buf *out)
{
	buf_str(out, "{\n  \"standard\": ");
	buf_json_str(out, standard);
	if (*about) {
		write_name("about", out);
		buf_json_str(out, about);
	}
}

void style_write(const struct style_sheet *sheet, struct buf *out)
{
	style_write_names(sheet->standard, sheet->about, out);
	for (size_t i = 0; i < VALUE_COUNT; i++) {
		write_name(values[i].name, out);
		write_value(value_of(sheet, &values[i]), out);
	}
	for (size_t i = 0; i < CHOICE_COUNT; i++) {
		write_name(choices[i].name, out);
		write_choice(choices[i].words, choice_of(sheet, &choices[i]), out);
	}
	if (degradation_any(&sheet->degradation)) {
		write_name("degradation", out);
		degradation_write(&sheet->degradation, out);
	}
	buf_str(out, "\n}\n");
}

/* Draws only where both may come. */
static bool draw_fault(int64_t share, struct rng *rng)
{
	if (share == 0 || share == MILLI)
		return share != 0;
	return rng_below(rng, MILLI) < (uint32_t)share;
}

static double draw_value(const struct style_range *range, struct rng *rng)
{
	int64_t v = range->lo;

	if (range->lo < range->hi)
		v = rng_range(rng, range->lo, range->hi);
	return (double)v / MILLI;
}

static int draw_word(uint32_t words, struct rng *rng)
{
	uint32_t count = 0, skip = 0;
	int word = 0;

	assert(words);
	for (uint32_t left = words; left; left &= left - 1)
		count++;
	if (count > 1)
		skip = rng_below(rng, count);
	while (skip--)
		words &= words - 1;
	while (!(words >> word & 1))
		word++;
	return word;
}

static void set_value(struct style *style, size_t i, const struct style_range *range,
		      struct rng *rng)
{
	*(double *)((char *)style + values[i].in_style) = draw_value(range, rng);
}

static void set_word(struct style *style, size_t i, uint32_t words, struct rng *rng)
{
	*(int *)((char *)style + choices[i].in_style) = draw_word(words, rng);
}

uint32_t style_words(const struct style_choice *choice)
{
	uint32_t words = 0;

	if (choice->share < MILLI)
		words |= choice->usual;
	if (choice->share > 0 || choice->each > 0)
		words |= choice->fault;
	return words;
}

struct style style_from_sheet(const struct style_sheet *sheet, struct rng *rng)
{
	struct style style;

	memset(&style, 0, sizeof(style));
	for (size_t i = 0; i < VALUE_COUNT; i++) {
		const struct style_value *v = value_of(sheet, &values[i]);
		bool fault = !same_range(&v->usual, &v->fault) && draw_fault(v->share, rng);

		set_value(&style, i, fault ? &v->fault : &v->usual, rng);
		style.faults |= (uint64_t)fault << i;
	}
	for (size_t i = 0; i < CHOICE_COUNT; i++) {
		const struct style_choice *c = choice_of(sheet, &choices[i]);
		bool fault = c->usual != c->fault && draw_fault(c->share, rng);

		set_word(&style, i, fault ? c->fault : c->usual, rng);
		style.faults |= (uint64_t)fault << (VALUE_COUNT + i);
	}
	memcpy(style.standard, sheet->standard, sizeof(style.standard));
	return style;
}

/* Makes lettering no lower than that: scenes are made for the drawing's lowest digits. */
static void keep_legible(struct style *single, double lowest_mm)
{
	double ratio;

	if (single->text_mm < lowest_mm)
		single->text_mm = lowest_mm;
	if (style_lowest_digits_mm(single) >= lowest_mm)
		return;
	ratio = lowest_mm / single->text_mm;
	while (ratio * single->text_mm < lowest_mm) /* not by a bit */
		ratio = nextafter(ratio, 1);
	single->deviation_ratio = ratio;
	single->limits_ratio = ratio;
}

/* Makes one dimension's style of the drawing's; whether any key breaks its rule there. */
static bool draw_exception(struct style *style, const struct style_sheet *sheet, struct rng *rng)
{
	uint64_t faults = style->faults;

	for (size_t i = 0; i < VALUE_COUNT; i++) {
		const struct style_value *v = value_of(sheet, &values[i]);

		if (faults >> i & 1 || !draw_fault(v->each, rng))
			continue;
		set_value(style, i, &v->fault, rng);
		style->faults |= UINT64_C(1) << i;
	}
	for (size_t i = 0; i < CHOICE_COUNT; i++) {
		const struct style_choice *c = choice_of(sheet, &choices[i]);

		if (faults >> (VALUE_COUNT + i) & 1 || !draw_fault(c->each, rng))
			continue;
		set_word(style, i, c->fault, rng);
		style->faults |= UINT64_C(1) << (VALUE_COUNT + i);
	}
	return style->faults != faults;
}

void style_add_exceptions(struct style *style, const struct style_sheet *sheet, int n,
			  struct rng *rng, struct arena *arena)
{
	const struct style **exceptions = NULL;
	double lowest_mm = style_lowest_digits_mm(style);

	style->exceptions = NULL;
	for (int i = 0; i < n; i++) {
		struct style single = *style, *kept;

		if (!draw_exception(&single, sheet, rng))
			continue;
		keep_legible(&single, lowest_mm);
		if (!exceptions)
			exceptions = ARENA_NEW(arena, const struct style *, n);
		kept = ARENA_NEW(arena, struct style, 1);
		*kept = single;
		exceptions[i] = kept;
	}
	style->exceptions = exceptions;
}

const struct style *style_of_dimension(const struct style *style, int i)
{
	return style->exceptions && style->exceptions[i] ? style->exceptions[i] : style;
}

char style_decimal_mark(const struct style *style)
{
	return style->decimal_mark == STYLE_MARK_COMMA ? ',' : '.';
}

double style_unit_mm(const struct style *style)
{
	return style->unit == STYLE_UNIT_INCH ? MM_PER_INCH : 1;
}

double style_lowest_digits_mm(const struct style *style)
{
	double ratio = 1;

	if (style->tolerance_share > 0 && style->tolerance == STYLE_TOLERANCE_DEVIATIONS)
		ratio = style->deviation_ratio;
	if (style->tolerance_share > 0 && style->tolerance == STYLE_TOLERANCE_LIMITS)
		ratio = style->limits_ratio;
	return style->text_mm * ratio;
}
