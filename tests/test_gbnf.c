/* SPDX-License-Identifier: MIT */
/*
 * gbnf: trees of small grammars, every refusal, every bound; and the tests' recogniser, which all that
 * is made of grammars is compared with, on texts whose answer is plain.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "formats/encoding/gbnf.h"
#include "tests/random_shapes.h"
#include "tests/recogniser.h"

static struct gbnf *parse(const char *rules)
{
	struct err err = {0};
	struct gbnf *g = gbnf_parse("small", rules, strlen(rules), &err);

	if (!g)
		fail_msg("%s", err.msg);
	return g;
}

static bool matches(const char *rules, const char *text)
{
	struct gbnf *g = parse(rules);
	struct recogniser *r = recogniser_new(g, "root");
	bool accepted = recogniser_accepts(r, text, strlen(text));

	recogniser_free(r);
	gbnf_free(g);
	return accepted;
}

static void test_recogniser(void **state)
{
	static const char sums[] = "root ::= sum\nsum ::= sum \"+\" one | one # left-recursive\n"
				   "one ::= [0-9]+ | \"(\" sum \")\"\n";
	static const char empty[] = "root ::= a a? (a | b)* \"\"\na ::= \"x\"*\nb ::= \"y\" | \"\"";
	static const char chars[] = "root ::= [^a-c\\]] [-x] \"\\\"\\\\\" |\n [\\n]";

	(void)state;
	assert_true(matches(sums, "1+22+(3+4)"));
	assert_false(matches(sums, "1+"));
	assert_false(matches(sums, "(1"));
	assert_false(matches(sums, ""));
	assert_true(matches(empty, ""));
	assert_true(matches(empty, "xxyxy"));
	assert_false(matches(empty, "xz"));
	assert_true(matches(chars, "d-\"\\"));
	assert_true(matches(chars, "\n"));
	assert_false(matches("root ::= [^a-c\\]] [-x]", "]x"));
	assert_false(matches("root ::= [^a-c\\]] [-x]", "bx"));
	assert_true(matches("root ::= (\"a\" |\n\"b\"\n)+ \"c\"?", "abbac"));
	assert_false(matches("root ::= \"ab\"+", "aab"));
	assert_true(matches("root ::= \"ab\"+", "abab"));
	assert_true(matches("root ::= \"\xc3\xa9\"+", "\xc3\xa9\xc3\xa9"));
	assert_true(matches("root ::= [^a]", "\xc3"));
	assert_false(matches("root ::= []", ""));
}

static void test_recogniser_starts_anywhere(void **state)
{
	struct gbnf *g = parse("root ::= a\na ::= \"x\" b\nb ::= \"y\"");
	struct recogniser *r = recogniser_new(g, "b");

	(void)state;
	assert_true(recogniser_accepts(r, "y", 1));
	assert_false(recogniser_accepts(r, "xy", 2));
	recogniser_free(r);
	assert_null(recogniser_new(g, "c"));
	gbnf_free(g);
}

/* Bytes and rules as they are, empty sequences as "", children in parentheses behind their kind. */
static void print_node(const struct gbnf *g, const struct gbnf_node *node, struct buf *out)
{
	static const char marks[] = {[GBNF_SEQUENCE] = ',',
				     [GBNF_CHOICE] = '|',
				     [GBNF_OPTION] = '?',
				     [GBNF_STAR] = '*',
				     [GBNF_PLUS] = '+'};

	if (node->kind == GBNF_RULE) {
		buf_str(out, g->rules[node->rule].name);
		return;
	}
	if (node->kind == GBNF_BYTE) {
		for (int byte = 0; byte < 256; byte++)
			if (gbnf_set_has(node->set, byte))
				buf_char(out, (char)byte);
		return;
	}
	buf_char(out, marks[node->kind]);
	buf_char(out, '(');
	for (const struct gbnf_node *child = node->child; child; child = child->next) {
		print_node(g, child, out);
		if (child->next)
			buf_char(out, ' ');
	}
	buf_char(out, ')');
}

static void check_tree(const char *body, const char *expected)
{
	struct buf rules = {0}, out = {0};
	struct gbnf *g;

	buf_str(&rules, "root ::= ");
	buf_str(&rules, body);
	buf_str(&rules, "\nrule ::= \"r\" | rule root");
	g = parse(rules.data);
	print_node(g, g->rules[0].body, &out);
	assert_string_equal(out.data, expected);
	gbnf_free(g);
	buf_free(&rules);
	buf_free(&out);
}

static void test_tree(void **state)
{
	(void)state;
	check_tree("rule", "rule");
	check_tree("((rule))", "rule");
	check_tree("rule \"\"", ",(rule ,())");
	check_tree("rule \"ab\"", ",(rule ,(a b))");
	check_tree("rule [a-c] \"b\"?", ",(rule abc ?(b))");
	check_tree("rule | | \"a\" \"b\"", "|(rule ,() ,(a b))");
	check_tree("(rule | \"a\")* \"bc\"+", ",(*(|(rule a)) +(,(b c)))");
	check_tree("rule??", "?(rule)");
	check_tree("rule++", "+(rule)");
	check_tree("(rule?)+", "*(rule)");
	check_tree("rule+?", "*(rule)");
	check_tree("rule*?+", "*(rule)");
}

static void test_rules(void **state)
{
	struct gbnf *g = parse("# a remark\nroot ::= b | a\n\na ::= \"x\"\nb ::=\n \"y\"");

	(void)state;
	assert_int_equal(g->rule_count, 3);
	assert_string_equal(g->name, "small");
	assert_int_equal(gbnf_find_rule(g, "root"), 0);
	assert_int_equal(gbnf_find_rule(g, "b"), 1);
	assert_int_equal(gbnf_find_rule(g, "a"), 2);
	assert_int_equal(gbnf_find_rule(g, "c"), -1);
	assert_int_equal(g->rules[2].line, 2);
	gbnf_free(g);
}

static void refuse_bytes(const char *rules, size_t len, enum err_code code, const char *message)
{
	struct err err = {0};

	assert_null(gbnf_parse("g", rules, len, &err));
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

static void refuse_grammar(const char *rules, const char *message)
{
	refuse_bytes(rules, strlen(rules), ERR_FORMAT, message);
}

static void test_reads_strictly(void **state)
{
	static const char range[] = "root ::= [a-\xc3\xa9]";

	(void)state;
	refuse_grammar("root ::= \"a\"\n\"b\"", "g:2: expected a rule");
	refuse_grammar("root ::= a\n", "g:1: no rule a");
	refuse_grammar("root ::= \"a\"\n\nb ::= \"b\"", "g:3: root does not reach b");
	refuse_grammar("root ::= \"a\"\nroot ::= \"b\"", "g:2: rule defined twice");
	refuse_grammar("root = \"a\"", "g:1: expected ::=");
	refuse_grammar("root ::= \"a", "g:1: literal or class without end");
	refuse_grammar("root ::= [a-", "g:1: literal or class without end");
	refuse_grammar("root ::= \"\\x\"", "g:1: unknown escape");
	refuse_grammar("root ::= (\"a\"\n\n", "g:3: expected ')'");
	refuse_grammar("root ::= \"a\" }", "g:1: expected the end of the line");
	refuse_grammar("root ::= ?", "g:1: expected the end of the line");
	refuse_grammar("root ::= [z-a]", "g:1: class upside down");
	refuse_grammar("a ::= root\nroot ::= a", "g: the first rule must be root");
	refuse_grammar("", "g: the first rule must be root");
	refuse_bytes("root ::= \"\0\"", 12, ERR_FORMAT, "g: a NUL byte");
	refuse_bytes(range, sizeof(range) - 1, ERR_UNSUPPORTED,
		     "g:1: character beyond ASCII in a class");
}

/* root ::= (((...""...))) with `depth` parentheses. */
static void nest(struct buf *out, int depth)
{
	buf_clear(out);
	buf_str(out, "root ::= ");
	for (int i = 0; i < depth; i++)
		buf_char(out, '(');
	buf_str(out, "\"\"");
	for (int i = 0; i < depth; i++)
		buf_char(out, ')');
}

/* root ::= r1 r2 ..., `count` rules with root. */
static void many_rules(struct buf *out, int count)
{
	buf_clear(out);
	buf_str(out, "root ::=");
	for (int i = 1; i < count; i++) {
		buf_str(out, " r");
		buf_int(out, i);
	}
	for (int i = 1; i < count; i++) {
		buf_str(out, "\nr");
		buf_int(out, i);
		buf_str(out, " ::= \"\"");
	}
}

static void test_bounds(void **state)
{
	struct buf text = {0};

	(void)state;
	nest(&text, GBNF_DEPTH_MAX);
	gbnf_free(parse(text.data));
	nest(&text, GBNF_DEPTH_MAX + 1);
	refuse_bytes(text.data, text.len, ERR_LIMIT, "g:1: parentheses deeper than 64");
	many_rules(&text, GBNF_RULES_MAX);
	gbnf_free(parse(text.data));
	many_rules(&text, GBNF_RULES_MAX + 1);
	refuse_bytes(text.data, text.len, ERR_LIMIT, "g:1: more than 1024 rules");
	buf_clear(&text);
	buf_str(&text, "root ::= \"\" #");
	while (text.len < GBNF_TEXT_BYTES_MAX)
		buf_char(&text, ' ');
	gbnf_free(parse(text.data));
	buf_char(&text, ' ');
	refuse_bytes(text.data, text.len, ERR_LIMIT, "g: more than 262144 bytes");
	buf_free(&text);
}

static void test_files(void **state)
{
	struct err err = {0};
	struct gbnf *g = gbnf_read(source_file("formats/program/program.gbnf"), &err);

	(void)state;
	if (!g)
		fail_msg("%s", err.msg);
	assert_true(gbnf_find_rule(g, "calls") > 0);
	gbnf_free(g);
	assert_null(gbnf_read("/nowhere/program.gbnf", &err));
	assert_int_equal(err.code, ERR_IO);
	gbnf_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recogniser),
		cmocka_unit_test(test_recogniser_starts_anywhere),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_reads_strictly),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_files),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
