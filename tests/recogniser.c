/* SPDX-License-Identifier: MIT */
/*
 * Earley's algorithm over the grammar's symbols (Earley 1970, "An Efficient Context-Free Parsing
 * Algorithm", CACM 13(2)), with the nullable rules skipped on prediction as Aycock and Horspool
 * 2002, "Practical Earley Parsing", do.
 *
 * The grammar's tree is laid out as one array of symbols. An alternative of a rule is a run of symbols
 * in it that ends with an END, which names the rule; so an item is the index of the symbol behind its
 * dot, and the text position where it began. Choices and repetitions become rules of their own,
 * repetition left-recursive, which costs Earley nothing: S* is R ::= | R S.
 */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/recogniser.h"

enum symbol_kind { SYMBOL_BYTE, SYMBOL_RULE, SYMBOL_END };

struct symbol {
	enum symbol_kind kind;
	int rule;            /* RULE: which; END: whose alternative ends here */
	const uint32_t *set; /* BYTE: the grammar's */
	int next;            /* END: index of the rule's next alternative, or -1 */
};

struct rule {
	int first; /* index of the first alternative, or -1 */
	bool nullable;
};

/* The rules begin with those of the grammar. */
struct recogniser {
	struct symbol *symbols;
	struct rule *rules;
	int symbol_count, rule_count, start;
};

/* A sequence of symbols while it grows. */
struct sequence {
	struct symbol *symbols;
	int count;
};

static void add_symbol(struct sequence *s, struct symbol symbol)
{
	s->symbols = mem_realloc(s->symbols, (size_t)s->count + 1, sizeof(symbol));
	s->symbols[s->count++] = symbol;
}

static void add_rule_symbol(struct sequence *s, int rule)
{
	add_symbol(s, (struct symbol){.kind = SYMBOL_RULE, .rule = rule});
}

static int new_rule(struct recogniser *r)
{
	r->rules = mem_realloc(r->rules, (size_t)r->rule_count + 1, sizeof(*r->rules));
	r->rules[r->rule_count] = (struct rule){.first = -1};
	return r->rule_count++;
}

/* Adds the sequence as one more alternative of the rule and empties it. */
static void add_alternative(struct recogniser *r, int rule, struct sequence *s)
{
	int first = r->symbol_count;

	add_symbol(s,
		   (struct symbol){.kind = SYMBOL_END, .rule = rule, .next = r->rules[rule].first});
	r->symbols = mem_realloc(r->symbols, (size_t)(first + s->count), sizeof(struct symbol));
	memcpy(r->symbols + first, s->symbols, (size_t)s->count * sizeof(struct symbol));
	r->symbol_count += s->count;
	r->rules[rule].first = first;
	free(s->symbols);
	*s = (struct sequence){0};
}

static void add_node(struct recogniser *r, const struct gbnf_node *node, struct sequence *s);

static int rule_of_choice(struct recogniser *r, const struct gbnf_node *choice)
{
	int rule = new_rule(r);

	for (const struct gbnf_node *child = choice->child; child; child = child->next) {
		struct sequence one = {0};

		add_node(r, child, &one);
		add_alternative(r, rule, &one);
	}
	return rule;
}

static int rule_of_repetition(struct recogniser *r, const struct gbnf_node *node)
{
	int rule = new_rule(r);
	struct sequence once = {0}, more = {0};

	if (node->kind == GBNF_PLUS)
		add_node(r, node->child, &once);
	add_alternative(r, rule, &once);
	if (node->kind != GBNF_OPTION)
		add_rule_symbol(&more, rule);
	add_node(r, node->child, &more);
	add_alternative(r, rule, &more);
	return rule;
}

static void add_node(struct recogniser *r, const struct gbnf_node *node, struct sequence *s)
{
	switch (node->kind) {
	case GBNF_BYTE:
		add_symbol(s, (struct symbol){.kind = SYMBOL_BYTE, .set = node->set});
		break;
	case GBNF_RULE:
		add_rule_symbol(s, node->rule);
		break;
	case GBNF_SEQUENCE:
		for (const struct gbnf_node *child = node->child; child; child = child->next)
			add_node(r, child, s);
		break;
	case GBNF_CHOICE:
		add_rule_symbol(s, rule_of_choice(r, node));
		break;
	case GBNF_OPTION:
	case GBNF_STAR:
	case GBNF_PLUS:
		add_rule_symbol(s, rule_of_repetition(r, node));
		break;
	}
}

/* The alternative after the one that begins at symbol i, or -1. */
static int next_alternative(const struct recogniser *r, int i)
{
	while (r->symbols[i].kind != SYMBOL_END)
		i++;
	return r->symbols[i].next;
}

static bool alternative_nullable(const struct recogniser *r, int i)
{
	for (; r->symbols[i].kind != SYMBOL_END; i++)
		if (r->symbols[i].kind == SYMBOL_BYTE || !r->rules[r->symbols[i].rule].nullable)
			return false;
	return true;
}

static void find_nullable(struct recogniser *r)
{
	bool changed;

	do {
		changed = false;
		for (int rule = 0; rule < r->rule_count; rule++) {
			bool nullable = false;

			for (int i = r->rules[rule].first; i >= 0; i = next_alternative(r, i))
				nullable |= alternative_nullable(r, i);
			changed |= nullable != r->rules[rule].nullable;
			r->rules[rule].nullable = nullable;
		}
	} while (changed);
}

struct recogniser *recogniser_new(const struct gbnf *g, const char *rule)
{
	int start = gbnf_find_rule(g, rule);
	struct recogniser *r;

	if (start < 0)
		return NULL;
	r = mem_alloc(1, sizeof(*r));
	r->start = start;
	for (int i = 0; i < g->rule_count; i++)
		new_rule(r);
	for (int i = 0; i < g->rule_count; i++) {
		struct sequence body = {0};

		add_node(r, g->rules[i].body, &body);
		add_alternative(r, i, &body);
	}
	find_nullable(r);
	return r;
}

void recogniser_free(struct recogniser *r)
{
	if (!r)
		return;
	free(r->rules);
	free(r->symbols);
	free(r);
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

static void predict(const struct recogniser *r, struct chart *c, struct item item, int at)
{
	int rule = r->symbols[item.dot].rule;
	size_t first = c->set[at];

	for (int i = r->rules[rule].first; i >= 0; i = next_alternative(r, i))
		add_item(c, first, i, at);
	if (r->rules[rule].nullable)
		add_item(c, first, item.dot + 1, item.origin);
}

static void complete(const struct recogniser *r, struct chart *c, struct item item, int at)
{
	int rule = r->symbols[item.dot].rule;
	size_t end = item.origin == at ? c->count : c->set[item.origin + 1];

	for (size_t i = c->set[item.origin]; i < end; i++) {
		struct item waiting = c->items[i];

		if (r->symbols[waiting.dot].kind == SYMBOL_RULE &&
		    r->symbols[waiting.dot].rule == rule)
			add_item(c, c->set[at], waiting.dot + 1, waiting.origin);
	}
}

/* Brings the last set, that of position `at`, to its full size. */
static void close_set(const struct recogniser *r, struct chart *c, int at)
{
	for (size_t i = c->set[at]; i < c->count; i++) {
		struct item item = c->items[i];

		if (r->symbols[item.dot].kind == SYMBOL_RULE)
			predict(r, c, item, at);
		else if (r->symbols[item.dot].kind == SYMBOL_END)
			complete(r, c, item, at);
	}
}

/* Begins the set behind the byte with the items that it lets pass; false if there are none. */
static bool scan(const struct recogniser *r, struct chart *c, int at, unsigned char byte)
{
	size_t end = c->count;

	c->set[at + 1] = end;
	rehash(c, end, c->seen_room);
	for (size_t i = c->set[at]; i < end; i++) {
		struct item item = c->items[i];
		const struct symbol *s = &r->symbols[item.dot];

		if (s->kind == SYMBOL_BYTE && gbnf_set_has(s->set, byte))
			add_item(c, end, item.dot + 1, item.origin);
	}
	return c->count > end;
}

static bool start_is_complete(const struct recogniser *r, const struct chart *c, int at)
{
	for (size_t i = c->set[at]; i < c->count; i++) {
		const struct symbol *s = &r->symbols[c->items[i].dot];

		if (s->kind == SYMBOL_END && s->rule == r->start && c->items[i].origin == 0)
			return true;
	}
	return false;
}

bool recogniser_accepts(const struct recogniser *r, const char *text, size_t len)
{
	struct chart c = {0};
	bool alive = true;
	int at = 0;

	c.set = mem_alloc(len + 1, sizeof(*c.set));
	rehash(&c, 0, 256);
	for (int i = r->rules[r->start].first; i >= 0; i = next_alternative(r, i))
		add_item(&c, 0, i, 0);
	close_set(r, &c, 0);
	while (alive && (size_t)at < len) {
		alive = scan(r, &c, at, (unsigned char)text[at]);
		at++;
		close_set(r, &c, at);
	}
	alive = alive && start_is_complete(r, &c, at);
	free(c.items);
	free(c.set);
	free(c.seen);
	return alive;
}
