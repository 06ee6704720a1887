/* SPDX-License-Identifier: MIT */
/*
 * Earley's algorithm over the grammar's symbols (Earley 1970, "An Efficient Context-Free Parsing
 * Algorithm", CACM 13(2)), with the nullable rules skipped on prediction as Aycock and Horspool
 * 2002, "Practical Earley Parsing", do.
 *
 * A grammar is one array of symbols. An alternative of a rule is a run of symbols in it that ends
 * with an END, which names the rule; so an item is the index of the symbol behind its dot, and the
 * text position where it began. Groups and repeated symbols become rules of their own, repetition
 * left-recursive, which costs Earley nothing: S* is R ::= | R S.
 */
#include <config.h>

#include "tests/gbnf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"

enum symbol_kind { SYMBOL_BYTE, SYMBOL_RULE, SYMBOL_END };

struct symbol {
	enum symbol_kind kind;
	int rule;        /* RULE: which; END: whose alternative ends here */
	uint32_t set[8]; /* BYTE: bit b set, byte b fits */
	int next;        /* END: index of the rule's next alternative, or -1 */
};

struct rule {
	char *name; /* NULL for groups and repetitions */
	int first;  /* index of the first alternative, or -1 */
	int line;   /* where it was first named */
	bool nullable, reached;
};

struct gbnf {
	struct symbol *symbols;
	struct rule *rules;
	int symbol_count, rule_count;
};

/* A sequence of symbols while it is read. */
struct sequence {
	struct symbol *symbols;
	int count;
};

struct reader {
	struct gbnf *g;
	const char *name, *begin, *at;
	struct err *err;
};

static int error_at(const struct reader *r, const char *what)
{
	int line = 1;

	for (const char *p = r->begin; p < r->at; p++)
		line += *p == '\n';
	return err_set(r->err, ERR_FORMAT, "%s:%d: %s", r->name, line, what);
}

static void add_symbol(struct sequence *s, struct symbol symbol)
{
	s->symbols = mem_realloc(s->symbols, (size_t)s->count + 1, sizeof(symbol));
	s->symbols[s->count++] = symbol;
}

static void add_rule_symbol(struct sequence *s, int rule)
{
	add_symbol(s, (struct symbol){.kind = SYMBOL_RULE, .rule = rule});
}

static int new_rule(struct reader *r, const char *name, size_t len)
{
	struct gbnf *g = r->g;
	struct rule rule = {.first = -1, .line = 1};

	for (const char *p = r->begin; p < r->at; p++)
		rule.line += *p == '\n';
	if (name) {
		rule.name = mem_alloc(len + 1, 1);
		memcpy(rule.name, name, len);
	}
	g->rules = mem_realloc(g->rules, (size_t)g->rule_count + 1, sizeof(rule));
	g->rules[g->rule_count] = rule;
	return g->rule_count++;
}

static int find_rule(struct reader *r, const char *name, size_t len)
{
	for (int i = 0; i < r->g->rule_count; i++) {
		const char *known = r->g->rules[i].name;

		if (known && strlen(known) == len && memcmp(known, name, len) == 0)
			return i;
	}
	return new_rule(r, name, len);
}

/* Adds the sequence as one more alternative of the rule and empties it. */
static void add_alternative(struct gbnf *g, int rule, struct sequence *s)
{
	int first = g->symbol_count;

	add_symbol(s,
		   (struct symbol){.kind = SYMBOL_END, .rule = rule, .next = g->rules[rule].first});
	g->symbols = mem_realloc(g->symbols, (size_t)(first + s->count), sizeof(struct symbol));
	memcpy(g->symbols + first, s->symbols, (size_t)s->count * sizeof(struct symbol));
	g->symbol_count += s->count;
	g->rules[rule].first = first;
	free(s->symbols);
	*s = (struct sequence){0};
}

static void skip_space(struct reader *r, bool lines)
{
	for (;;) {
		if (*r->at == ' ' || *r->at == '\t' || (lines && *r->at == '\n'))
			r->at++;
		else if (*r->at == '#')
			r->at += strcspn(r->at, "\n");
		else
			return;
	}
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-';
}

static size_t name_length(const char *s)
{
	size_t n = 0;

	while (is_name(s[n]))
		n++;
	return n;
}

/* A byte of a literal or class, escaped or not; -1 with err. */
static int read_byte(struct reader *r)
{
	static const char letters[] = "nrt\"\\[]", bytes[] = "\n\r\t\"\\[]";
	const char *found;

	if (*r->at == '\0' || *r->at == '\n')
		return error_at(r, "literal or class without end");
	if (*r->at != '\\')
		return (unsigned char)*r->at++;
	found = r->at[1] ? strchr(letters, r->at[1]) : NULL;
	if (!found)
		return error_at(r, "unknown escape");
	r->at += 2;
	return (unsigned char)bytes[found - letters];
}

static int read_literal(struct reader *r, struct sequence *s)
{
	for (r->at++; *r->at != '"';) {
		struct symbol symbol = {.kind = SYMBOL_BYTE};
		int byte = read_byte(r);

		if (byte < 0)
			return -1;
		symbol.set[byte / 32] |= UINT32_C(1) << byte % 32;
		add_symbol(s, symbol);
	}
	r->at++;
	return 0;
}

static int read_class(struct reader *r, struct sequence *s)
{
	struct symbol symbol = {.kind = SYMBOL_BYTE};
	bool negated = r->at[1] == '^';

	for (r->at += 1 + negated; *r->at != ']';) {
		int lo = read_byte(r), hi = lo;

		if (lo >= 0 && r->at[0] == '-' && r->at[1] != ']') {
			r->at++;
			hi = read_byte(r);
		}
		if (lo < 0 || hi < 0)
			return -1;
		if (lo > hi)
			return error_at(r, "class upside down");
		for (int byte = lo; byte <= hi; byte++)
			symbol.set[byte / 32] |= UINT32_C(1) << byte % 32;
	}
	r->at++;
	for (int i = 0; negated && i < 8; i++)
		symbol.set[i] = ~symbol.set[i];
	add_symbol(s, symbol);
	return 0;
}

static int read_alternatives(struct reader *r, int rule, bool nested);

static int read_group(struct reader *r, struct sequence *s)
{
	int rule = new_rule(r, NULL, 0);

	r->at++;
	skip_space(r, true);
	if (read_alternatives(r, rule, true) < 0)
		return -1;
	if (*r->at != ')')
		return error_at(r, "expected ')'");
	r->at++;
	add_rule_symbol(s, rule);
	return 0;
}

/* Puts a rule in the place of the symbols from `start`, which stand before ?, * or +. */
static void repeat(struct reader *r, struct sequence *s, int start, char op)
{
	int rule = new_rule(r, NULL, 0);
	struct sequence once = {0}, more = {0};

	if (op != '?')
		add_rule_symbol(&more, rule);
	for (int i = start; i < s->count; i++) {
		add_symbol(&more, s->symbols[i]);
		if (op == '+')
			add_symbol(&once, s->symbols[i]);
	}
	add_alternative(r->g, rule, &once);
	add_alternative(r->g, rule, &more);
	s->count = start;
	add_rule_symbol(s, rule);
}

/* One symbol with its operators; 0, or 1 where none begins, or -1. */
static int read_symbol(struct reader *r, struct sequence *s, bool nested)
{
	int start = s->count, rc = 0;
	size_t len = name_length(r->at);

	if (*r->at == '"') {
		rc = read_literal(r, s);
	} else if (*r->at == '[') {
		rc = read_class(r, s);
	} else if (*r->at == '(') {
		rc = read_group(r, s);
	} else if (len > 0) {
		add_rule_symbol(s, find_rule(r, r->at, len));
		r->at += len;
	} else {
		return 1;
	}
	if (rc < 0)
		return -1;
	skip_space(r, nested);
	while (*r->at == '?' || *r->at == '*' || *r->at == '+') {
		repeat(r, s, start, *r->at++);
		skip_space(r, nested);
	}
	return 0;
}

static int read_alternatives(struct reader *r, int rule, bool nested)
{
	for (;;) {
		struct sequence s = {0};
		int rc;

		do
			rc = read_symbol(r, &s, nested);
		while (rc == 0);
		if (rc < 0) {
			free(s.symbols);
			return -1;
		}
		add_alternative(r->g, rule, &s);
		if (*r->at != '|')
			return 0;
		r->at++;
		skip_space(r, true);
	}
}

static int read_rule(struct reader *r)
{
	size_t len = name_length(r->at);
	int rule;

	if (len == 0)
		return error_at(r, "expected a rule");
	rule = find_rule(r, r->at, len);
	if (r->g->rules[rule].first >= 0)
		return error_at(r, "rule defined twice");
	r->at += len;
	skip_space(r, false);
	if (strncmp(r->at, "::=", 3) != 0)
		return error_at(r, "expected ::=");
	r->at += 3;
	skip_space(r, true);
	if (read_alternatives(r, rule, false) < 0)
		return -1;
	if (*r->at != '\n' && *r->at != '\0')
		return error_at(r, "expected the end of the line");
	return 0;
}

/* The alternative after the one that begins at symbol i, or -1. */
static int next_alternative(const struct gbnf *g, int i)
{
	while (g->symbols[i].kind != SYMBOL_END)
		i++;
	return g->symbols[i].next;
}

/* Marks what root reaches. */
static void reach(struct gbnf *g, int rule)
{
	if (g->rules[rule].reached)
		return;
	g->rules[rule].reached = true;
	for (int i = g->rules[rule].first; i >= 0; i = next_alternative(g, i))
		for (int j = i; g->symbols[j].kind != SYMBOL_END; j++)
			if (g->symbols[j].kind == SYMBOL_RULE)
				reach(g, g->symbols[j].rule);
}

static bool alternative_nullable(const struct gbnf *g, int i)
{
	for (; g->symbols[i].kind != SYMBOL_END; i++)
		if (g->symbols[i].kind == SYMBOL_BYTE || !g->rules[g->symbols[i].rule].nullable)
			return false;
	return true;
}

static void find_nullable(struct gbnf *g)
{
	bool changed;

	do {
		changed = false;
		for (int rule = 0; rule < g->rule_count; rule++) {
			bool nullable = false;

			for (int i = g->rules[rule].first; i >= 0; i = next_alternative(g, i))
				nullable |= alternative_nullable(g, i);
			changed |= nullable != g->rules[rule].nullable;
			g->rules[rule].nullable = nullable;
		}
	} while (changed);
}

static int check_rules(struct reader *r)
{
	struct gbnf *g = r->g;

	for (int i = 0; i < g->rule_count; i++)
		if (g->rules[i].first < 0)
			return err_set(r->err, ERR_FORMAT, "%s:%d: no rule %s", r->name,
				       g->rules[i].line, g->rules[i].name);
	if (g->rule_count == 0 || !g->rules[0].name || strcmp(g->rules[0].name, "root") != 0)
		return err_set(r->err, ERR_FORMAT, "%s: the first rule must be root", r->name);
	reach(g, 0);
	for (int i = 0; i < g->rule_count; i++)
		if (!g->rules[i].reached)
			return err_set(r->err, ERR_FORMAT, "%s:%d: root does not reach %s", r->name,
				       g->rules[i].line, g->rules[i].name);
	find_nullable(g);
	return 0;
}

static int read_grammar(struct reader *r)
{
	skip_space(r, true);
	while (*r->at) {
		if (read_rule(r) < 0)
			return -1;
		skip_space(r, true);
	}
	return check_rules(r);
}

struct gbnf *gbnf_parse(const char *name, const char *text, struct err *err)
{
	struct gbnf *g = mem_alloc(1, sizeof(*g));
	struct reader r = {g, name, text, text, err};

	if (read_grammar(&r) == 0)
		return g;
	gbnf_free(g);
	return NULL;
}

struct gbnf *gbnf_read(const char *path, struct err *err)
{
	struct buf text = {0};
	struct gbnf *g = NULL;

	if (fs_read(path, 1 << 20, &text, err) == 0)
		g = gbnf_parse(path, text.data, err);
	buf_free(&text);
	return g;
}

void gbnf_free(struct gbnf *g)
{
	if (!g)
		return;
	for (int i = 0; i < g->rule_count; i++)
		free(g->rules[i].name);
	free(g->rules);
	free(g->symbols);
	free(g);
}

struct item {
	int dot;    /* index of the symbol behind the dot */
	int origin; /* text position of the alternative's begin */
};

/* The items of all positions, one set after the other. */
struct chart {
	struct item *items;
	size_t count, room;
	size_t *set;      /* set[p]: index of position p's first item */
	uint32_t *seen;   /* hash table of the current set: item index + 1, or 0 */
	size_t seen_room; /* power of two */
};

static size_t hash(struct item item)
{
	return (size_t)item.dot * 0x9e3779b97f4a7c15u ^ (size_t)item.origin * 0xc2b2ae3d27d4eb4fu;
}

/* The slot of the item in the hash table, free or holding the same item. */
static uint32_t *slot_of(const struct chart *c, struct item item)
{
	size_t i = hash(item) >> 20;

	for (;; i++) {
		uint32_t *slot = &c->seen[i & (c->seen_room - 1)];

		if (*slot == 0)
			return slot;
		if (c->items[*slot - 1].dot == item.dot &&
		    c->items[*slot - 1].origin == item.origin)
			return slot;
	}
}

/* Makes the hash table empty for a new set, or twice as large with the items from `first` in it. */
static void rehash(struct chart *c, size_t first, size_t room)
{
	if (room != c->seen_room)
		c->seen = mem_realloc(c->seen, room, sizeof(*c->seen));
	c->seen_room = room;
	memset(c->seen, 0, room * sizeof(*c->seen));
	for (size_t i = first; i < c->count; i++)
		*slot_of(c, c->items[i]) = (uint32_t)(i + 1);
}

static void add_item(struct chart *c, size_t first, int dot, int origin)
{
	struct item item = {dot, origin};
	uint32_t *slot = slot_of(c, item);

	if (*slot)
		return;
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 1024;
		c->items = mem_realloc(c->items, c->room, sizeof(item));
	}
	c->items[c->count++] = item;
	*slot = (uint32_t)c->count;
	if (2 * (c->count - first) > c->seen_room)
		rehash(c, first, 2 * c->seen_room);
}

static void predict(const struct gbnf *g, struct chart *c, struct item item, int at)
{
	int rule = g->symbols[item.dot].rule;
	size_t first = c->set[at];

	for (int i = g->rules[rule].first; i >= 0; i = next_alternative(g, i))
		add_item(c, first, i, at);
	if (g->rules[rule].nullable)
		add_item(c, first, item.dot + 1, item.origin);
}

static void complete(const struct gbnf *g, struct chart *c, struct item item, int at)
{
	int rule = g->symbols[item.dot].rule;
	size_t end = item.origin == at ? c->count : c->set[item.origin + 1];

	for (size_t i = c->set[item.origin]; i < end; i++) {
		struct item waiting = c->items[i];

		if (g->symbols[waiting.dot].kind == SYMBOL_RULE &&
		    g->symbols[waiting.dot].rule == rule)
			add_item(c, c->set[at], waiting.dot + 1, waiting.origin);
	}
}

/* Brings the last set, that of position `at`, to its full size. */
static void close_set(const struct gbnf *g, struct chart *c, int at)
{
	for (size_t i = c->set[at]; i < c->count; i++) {
		struct item item = c->items[i];

		if (g->symbols[item.dot].kind == SYMBOL_RULE)
			predict(g, c, item, at);
		else if (g->symbols[item.dot].kind == SYMBOL_END)
			complete(g, c, item, at);
	}
}

/* Begins the set behind the byte with the items that it lets pass; false if there are none. */
static bool scan(const struct gbnf *g, struct chart *c, int at, unsigned char byte)
{
	size_t end = c->count;

	c->set[at + 1] = end;
	rehash(c, end, c->seen_room);
	for (size_t i = c->set[at]; i < end; i++) {
		struct item item = c->items[i];
		const struct symbol *s = &g->symbols[item.dot];

		if (s->kind == SYMBOL_BYTE && s->set[byte / 32] >> byte % 32 & 1)
			add_item(c, end, item.dot + 1, item.origin);
	}
	return c->count > end;
}

static bool root_is_complete(const struct gbnf *g, const struct chart *c, int at)
{
	for (size_t i = c->set[at]; i < c->count; i++) {
		const struct symbol *s = &g->symbols[c->items[i].dot];

		if (s->kind == SYMBOL_END && s->rule == 0 && c->items[i].origin == 0)
			return true;
	}
	return false;
}

bool gbnf_accepts(const struct gbnf *g, const char *text, size_t len)
{
	struct chart c = {0};
	bool alive = true;
	int at = 0;

	c.set = mem_alloc(len + 1, sizeof(*c.set));
	rehash(&c, 0, 256);
	for (int i = g->rules[0].first; i >= 0; i = next_alternative(g, i))
		add_item(&c, 0, i, 0);
	close_set(g, &c, 0);
	while (alive && (size_t)at < len) {
		alive = scan(g, &c, at, (unsigned char)text[at]);
		at++;
		close_set(g, &c, at);
	}
	alive = alive && root_is_complete(g, &c, at);
	free(c.items);
	free(c.set);
	free(c.seen);
	return alive;
}
