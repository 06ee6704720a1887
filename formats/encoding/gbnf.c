/* SPDX-License-Identifier: MIT */
/*
 * gbnf: a recursive descent over the text, one character ahead.
 *
 * The tree is kept flat where that changes nothing: a sequence or choice of one is its child, and an
 * operator on an operator one of both (?? is ?, ?* is *). So its depth is bounded by that of the
 * parentheses, and those who walk it may recurse.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "formats/encoding/gbnf.h"

struct reader {
	struct gbnf *g;
	const char *at; /* ends with a NUL */
	int line, depth;
	struct err *err;
};

static int error_at(const struct reader *r, const char *what)
{
	return err_set(r->err, ERR_FORMAT, "%s:%d: %s", r->g->name, r->line, what);
}

static struct gbnf_node *new_node(struct reader *r, enum gbnf_kind kind)
{
	struct gbnf_node *node = ARENA_NEW(&r->g->arena, struct gbnf_node, 1);

	node->kind = kind;
	return node;
}

/* The rule of that name, which may be new; -1 with err. */
static int name_rule(struct reader *r, const char *name, size_t len)
{
	struct gbnf *g = r->g;
	struct gbnf_rule *rule;

	for (int i = 0; i < g->rule_count; i++)
		if (strncmp(g->rules[i].name, name, len) == 0 && g->rules[i].name[len] == '\0')
			return i;
	if (g->rule_count == GBNF_RULES_MAX)
		return err_set(r->err, ERR_LIMIT, "%s:%d: more than %d rules", g->name, r->line,
			       GBNF_RULES_MAX);
	g->rules = mem_realloc(g->rules, (size_t)g->rule_count + 1, sizeof(*g->rules));
	rule = &g->rules[g->rule_count];
	*rule = (struct gbnf_rule){arena_strndup(&g->arena, name, len), NULL, r->line};
	return g->rule_count++;
}

static void skip_space(struct reader *r, bool lines)
{
	for (;;) {
		if (*r->at == ' ' || *r->at == '\t') {
			r->at++;
		} else if (lines && *r->at == '\n') {
			r->at++;
			r->line++;
		} else if (*r->at == '#') {
			r->at += strcspn(r->at, "\n");
		} else {
			return;
		}
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

/* The node itself, or the one child of a sequence or choice. */
static struct gbnf_node *unwrapped(struct gbnf_node *node)
{
	return node->child && !node->child->next ? node->child : node;
}

static void put_byte(struct gbnf_node *node, int byte)
{
	node->set[byte / 32] |= UINT32_C(1) << byte % 32;
}

static struct gbnf_node *read_literal(struct reader *r)
{
	struct gbnf_node *literal = new_node(r, GBNF_SEQUENCE), **end = &literal->child;

	for (r->at++; *r->at != '"'; end = &(*end)->next) {
		int byte = read_byte(r);

		if (byte < 0)
			return NULL;
		*end = new_node(r, GBNF_BYTE);
		put_byte(*end, byte);
	}
	r->at++;
	return unwrapped(literal);
}

/* A character of a class or the range that it begins. */
static int read_range(struct reader *r, struct gbnf_node *class)
{
	int lo = read_byte(r), hi = lo;

	if (lo >= 0 && r->at[0] == '-' && r->at[1] != ']') {
		r->at++;
		hi = read_byte(r);
	}
	if (lo < 0 || hi < 0)
		return -1;
	if (lo > 127 || hi > 127)
		return err_set(r->err, ERR_UNSUPPORTED, "%s:%d: character beyond ASCII in a class",
			       r->g->name, r->line);
	if (lo > hi)
		return error_at(r, "class upside down");
	for (int byte = lo; byte <= hi; byte++)
		put_byte(class, byte);
	return 0;
}

static struct gbnf_node *read_class(struct reader *r)
{
	struct gbnf_node *class = new_node(r, GBNF_BYTE);
	bool negated = r->at[1] == '^';

	for (r->at += 1 + negated; *r->at != ']';)
		if (read_range(r, class) < 0)
			return NULL;
	r->at++;
	for (int i = 0; negated && i < 8; i++)
		class->set[i] = ~class->set[i];
	return class;
}

static struct gbnf_node *read_choice(struct reader *r, bool nested);

static struct gbnf_node *read_group(struct reader *r)
{
	struct gbnf_node *group;

	if (r->depth == GBNF_DEPTH_MAX) {
		err_set(r->err, ERR_LIMIT, "%s:%d: parentheses deeper than %d", r->g->name, r->line,
			GBNF_DEPTH_MAX);
		return NULL;
	}
	r->depth++;
	r->at++;
	skip_space(r, true);
	group = read_choice(r, true);
	if (!group)
		return NULL;
	if (*r->at != ')') {
		error_at(r, "expected ')'");
		return NULL;
	}
	r->at++;
	r->depth--;
	return group;
}

static struct gbnf_node *read_name(struct reader *r)
{
	size_t len = name_length(r->at);
	struct gbnf_node *node = new_node(r, GBNF_RULE);

	node->rule = name_rule(r, r->at, len);
	r->at += len;
	return node->rule < 0 ? NULL : node;
}

/* A literal, class, group or name, whichever begins here; NULL with err. */
static struct gbnf_node *read_operand(struct reader *r)
{
	switch (*r->at) {
	case '"':
		return read_literal(r);
	case '[':
		return read_class(r);
	case '(':
		return read_group(r);
	default:
		return read_name(r);
	}
}

static bool begins_operand(char c)
{
	return c == '"' || c == '[' || c == '(' || is_name(c);
}

static struct gbnf_node *repeated(struct reader *r, struct gbnf_node *node, char op)
{
	enum gbnf_kind kind = op == '?' ? GBNF_OPTION : op == '*' ? GBNF_STAR : GBNF_PLUS;
	struct gbnf_node *outer;

	if (node->kind >= GBNF_OPTION) {
		node->kind = node->kind == kind ? kind : GBNF_STAR;
		return node;
	}
	outer = new_node(r, kind);
	outer->child = node;
	return outer;
}

/* An operand with its operators; NULL with err. */
static struct gbnf_node *read_item(struct reader *r, bool nested)
{
	struct gbnf_node *node = read_operand(r);

	if (!node)
		return NULL;
	skip_space(r, nested);
	while (*r->at == '?' || *r->at == '*' || *r->at == '+') {
		node = repeated(r, node, *r->at++);
		skip_space(r, nested);
	}
	return node;
}

static struct gbnf_node *read_sequence(struct reader *r, bool nested)
{
	struct gbnf_node *sequence = new_node(r, GBNF_SEQUENCE), **end = &sequence->child;

	for (; begins_operand(*r->at); end = &(*end)->next) {
		*end = read_item(r, nested);
		if (!*end)
			return NULL;
	}
	return unwrapped(sequence);
}

static struct gbnf_node *read_choice(struct reader *r, bool nested)
{
	struct gbnf_node *choice = new_node(r, GBNF_CHOICE), **end = &choice->child;

	for (;; end = &(*end)->next) {
		*end = read_sequence(r, nested);
		if (!*end)
			return NULL;
		if (*r->at != '|')
			return unwrapped(choice);
		r->at++;
		skip_space(r, true);
	}
}

static int read_rule(struct reader *r)
{
	size_t len = name_length(r->at);
	struct gbnf_node *body;
	int rule;

	if (len == 0)
		return error_at(r, "expected a rule");
	rule = name_rule(r, r->at, len);
	if (rule < 0)
		return -1;
	if (r->g->rules[rule].body)
		return error_at(r, "rule defined twice");
	r->at += len;
	skip_space(r, false);
	if (strncmp(r->at, "::=", 3) != 0)
		return error_at(r, "expected ::=");
	r->at += 3;
	skip_space(r, true);
	body = read_choice(r, false);
	if (!body)
		return -1;
	/* The list of rules may have moved. */
	r->g->rules[rule].body = body;
	if (*r->at != '\n' && *r->at != '\0')
		return error_at(r, "expected the end of the line");
	return 0;
}

/* Rules that root reaches, and those whose bodies are still to be looked at. */
struct reach {
	bool reached[GBNF_RULES_MAX];
	int waiting[GBNF_RULES_MAX];
	int count;
};

static void reach_rule(struct reach *reach, int rule)
{
	if (reach->reached[rule])
		return;
	reach->reached[rule] = true;
	reach->waiting[reach->count++] = rule;
}

static void reach_node(struct reach *reach, const struct gbnf_node *node)
{
	if (node->kind == GBNF_RULE)
		reach_rule(reach, node->rule);
	for (const struct gbnf_node *child = node->child; child; child = child->next)
		reach_node(reach, child);
}

static int refuse_rule(const struct reader *r, const char *what, const struct gbnf_rule *rule)
{
	return err_set(r->err, ERR_FORMAT, "%s:%d: %s %s", r->g->name, rule->line, what,
		       rule->name);
}

static int check_rules(struct reader *r)
{
	struct gbnf *g = r->g;
	struct reach reach = {0};

	for (int i = 0; i < g->rule_count; i++)
		if (!g->rules[i].body)
			return refuse_rule(r, "no rule", &g->rules[i]);
	if (g->rule_count == 0 || strcmp(g->rules[0].name, "root") != 0)
		return err_set(r->err, ERR_FORMAT, "%s: the first rule must be root", g->name);
	reach_rule(&reach, 0);
	while (reach.count > 0)
		reach_node(&reach, g->rules[reach.waiting[--reach.count]].body);
	for (int i = 0; i < g->rule_count; i++)
		if (!reach.reached[i])
			return refuse_rule(r, "root does not reach", &g->rules[i]);
	return 0;
}

static int read_grammar(struct reader *r, size_t len)
{
	if (len > GBNF_TEXT_BYTES_MAX)
		return err_set(r->err, ERR_LIMIT, "%s: more than %d bytes", r->g->name,
			       GBNF_TEXT_BYTES_MAX);
	if (strlen(r->at) < len)
		return err_set(r->err, ERR_FORMAT, "%s: a NUL byte", r->g->name);
	skip_space(r, true);
	while (*r->at) {
		if (read_rule(r) < 0)
			return -1;
		skip_space(r, true);
	}
	return check_rules(r);
}

struct gbnf *gbnf_parse(const char *name, const char *text, size_t len, struct err *err)
{
	struct gbnf *g = mem_alloc(1, sizeof(*g));
	struct reader r = {.g = g, .line = 1, .err = err};

	g->name = arena_strndup(&g->arena, name, strlen(name));
	r.at = arena_strndup(&g->arena, text, len);
	if (read_grammar(&r, len) == 0)
		return g;
	gbnf_free(g);
	return NULL;
}

struct gbnf *gbnf_read(const char *path, struct err *err)
{
	struct buf text = {0};
	struct gbnf *g = NULL;

	if (fs_read(path, GBNF_TEXT_BYTES_MAX, &text, err) == 0)
		g = gbnf_parse(path, text.data, text.len, err);
	buf_free(&text);
	return g;
}

void gbnf_free(struct gbnf *g)
{
	if (!g)
		return;
	free(g->rules);
	arena_free(&g->arena);
	free(g);
}

int gbnf_find_rule(const struct gbnf *g, const char *name)
{
	for (int i = 0; i < g->rule_count; i++)
		if (strcmp(g->rules[i].name, name) == 0)
			return i;
	return -1;
}
