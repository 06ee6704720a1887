/* SPDX-License-Identifier: MIT */
/* yaml: trees and their lines, every refusal, every bound; what is written comes back. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/encoding/yaml.h"
#include "tests/random_shapes.h"

static struct arena arena;

static int reset(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct yaml_doc parsed(const char *text, size_t len)
{
	struct yaml_doc doc;
	struct err err = {0};

	if (yaml_parse(&doc, "t", text, len, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return doc;
}

#define PARSED(text) parsed(text, sizeof(text) - 1)

static void assert_refused(const char *text, size_t len, enum err_code code, const char *msg)
{
	struct yaml_doc doc;
	struct err err = {0};

	assert_int_equal(yaml_parse(&doc, "t", text, len, &arena, &err), -1);
	assert_string_equal(err.msg, msg);
	assert_int_equal(err.code, code);
}

#define REFUSED(text, msg) assert_refused(text, sizeof(text) - 1, ERR_FORMAT, msg)

static void assert_scalar(const struct yaml_node *node, int line, const char *text, bool quoted)
{
	assert_non_null(node);
	assert_int_equal(node->kind, YAML_SCALAR);
	assert_string_equal(node->text, text);
	assert_int_equal(node->line, line);
	assert_int_equal(node->quoted, quoted);
	assert_null(node->first);
}

/* --- reading */

static void test_tree(void **state)
{
	struct yaml_doc doc = PARSED("# a recipe\n"
				     "base_model: ./checkpoint\n"
				     "training:\n"
				     "  num_epochs: 3   # three\n"
				     "  rates: [0.1, '2',\n"
				     "    {at: 5}]\n"
				     "steps:\n"
				     "- generate\n"
				     "- train: {seed: 7}\n"
				     "  out:\n"
				     "    far\n"
				     "last:\n");
	const struct yaml_node *training, *rates, *steps;

	(void)state;
	assert_string_equal(doc.name, "t");
	assert_int_equal(doc.root->kind, YAML_MAPPING);
	assert_int_equal(doc.root->count, 4);
	assert_null(doc.root->key);
	assert_scalar(yaml_member(doc.root, "base_model"), 2, "./checkpoint", false);
	assert_ptr_equal(doc.root->first, yaml_member(doc.root, "base_model"));
	training = yaml_member(doc.root, "training");
	assert_ptr_equal(doc.root->first->next, training);
	assert_int_equal(training->line, 3);
	assert_scalar(yaml_member(training, "num_epochs"), 4, "3", false);
	rates = yaml_member(training, "rates");
	assert_int_equal(rates->kind, YAML_SEQUENCE);
	assert_int_equal(rates->count, 3);
	assert_scalar(rates->first, 5, "0.1", false);
	assert_scalar(rates->first->next, 5, "2", true);
	assert_int_equal(rates->first->next->next->line, 6);
	assert_scalar(yaml_member(rates->first->next->next, "at"), 6, "5", false);
	assert_null(rates->first->next->next->next);
	steps = yaml_member(doc.root, "steps");
	assert_scalar(steps->first, 8, "generate", false);
	assert_scalar(yaml_member(yaml_member(steps->first->next, "train"), "seed"), 9, "7", false);
	assert_scalar(yaml_member(steps->first->next, "out"), 10, "far", false);
	assert_scalar(yaml_member(doc.root, "last"), 12, "", false);
	assert_null(yaml_member(doc.root, "absent"));
	assert_null(yaml_member(doc.root->first, "x"));
	assert_null(yaml_member(NULL, "x"));
}

static void test_scalars(void **state)
{
	struct yaml_doc doc =
		PARSED("a: 'it''s'\nb: \"\\u00e9\\t\\x41\"\nc: |\n  one\n  two\nd: >\n"
		       "  one\n  two\ne: two words\nf: http://x:1\n\"k\": v\n");

	(void)state;
	assert_scalar(yaml_member(doc.root, "a"), 1, "it's", true);
	assert_scalar(yaml_member(doc.root, "b"), 2, "\xc3\xa9\tA", true);
	assert_scalar(yaml_member(doc.root, "c"), 3, "one\ntwo\n", true);
	assert_scalar(yaml_member(doc.root, "d"), 6, "one two\n", true);
	assert_scalar(yaml_member(doc.root, "e"), 9, "two words", false);
	assert_scalar(yaml_member(doc.root, "f"), 10, "http://x:1", false);
	assert_scalar(yaml_member(doc.root, "k"), 11, "v", false);
	assert_scalar(PARSED("alone").root, 1, "alone", false);
	assert_scalar(PARSED("''").root, 1, "", true);
	assert_int_equal(PARSED("[]").root->count, 0);
	assert_int_equal(PARSED("{}").root->kind, YAML_MAPPING);
}

static void test_null(void **state)
{
	const struct yaml_node *node =
		PARSED("[~, null, Null, NULL, '', 'null', nul, [], '~']").root->first;

	(void)state;
	for (int i = 0; node; node = node->next, i++)
		assert_int_equal(yaml_is_null(node), i < 4);
	assert_true(yaml_is_null(PARSED("a:\n").root->first));
}

static void test_around_the_document(void **state)
{
	(void)state;
	assert_scalar(yaml_member(PARSED("\xef\xbb\xbf"
					 "a: b\n")
					  .root,
				  "a"),
		      1, "b", false);
	assert_scalar(yaml_member(PARSED("a: b\r\nc: d\r\n").root, "c"), 2, "d", false);
	assert_scalar(yaml_member(PARSED("%YAML 1.1\n---\na: b\n...\n# end\n").root, "a"), 3, "b",
		      false);
	assert_scalar(yaml_member(PARSED("a: b").root, "a"), 1, "b", false);
}

static void test_file(void **state)
{
	char path[] = "/tmp/test_yaml.XXXXXX", msg[100];
	struct yaml_doc doc;
	struct err err = {0};
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(fs_write(path, "a: b\n", 5, &err), 0);
	assert_int_equal(yaml_read(&doc, path, &arena, &err), 0);
	assert_string_equal(doc.name, path);
	assert_scalar(yaml_member(doc.root, "a"), 1, "b", false);
	assert_int_equal(fs_write(path, "", 0, &err), 0);
	assert_int_equal(yaml_read(&doc, path, &arena, &err), -1);
	snprintf(msg, sizeof(msg), "%s:1: there is nothing in it", path);
	assert_string_equal(err.msg, msg);
	unlink(path);
	assert_int_equal(yaml_read(&doc, path, &arena, &err), -1);
	assert_int_equal(err.code, ERR_IO);
}

static void test_error(void **state)
{
	struct yaml_doc doc = PARSED("a: 1\nb:\n  - 2\n");
	struct err err = {0};

	(void)state;
	assert_int_equal(yaml_error(&doc, doc.root->first->next->first, &err, "'%s'\n", "x\x7f"),
			 -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "t:3: 'x?'?");
}

/* --- refusals */

static void test_empty(void **state)
{
	(void)state;
	REFUSED("", "t:1: there is nothing in it");
	REFUSED("# nothing\n\n", "t:1: there is nothing in it");
	REFUSED("---\n", "t:1: there is nothing in it");
	REFUSED("---\n...\n", "t:1: there is nothing in it");
	REFUSED("\xef\xbb\xbf", "t:1: there is nothing in it");
	REFUSED("~", "t:1: there is nothing in it");
}

static void test_documents(void **state)
{
	(void)state;
	REFUSED("a: b\n---\nc: d\n", "t:2: a second document");
	REFUSED("a: b\n...\n---\n", "t:3: a second document");
	REFUSED("---\n---\na: b", "t:2: a second document");
}

static void test_extras(void **state)
{
	(void)state;
	REFUSED("a: &x 1\n", "t:1: an anchor (&x); none are taken");
	REFUSED("a: &x [1]\n", "t:1: an anchor (&x); none are taken");
	REFUSED("a:\n  &x {b: c}\n", "t:2: an anchor (&x); none are taken");
	REFUSED("\n&x a: 1\n", "t:2: an anchor (&x); none are taken");
	REFUSED("a: *x\n", "t:1: an alias (*x); none are taken");
	REFUSED("*x : 1\n", "t:1: an alias (*x); none are taken");
	REFUSED("*x", "t:1: an alias (*x); none are taken");
	REFUSED("a: !!str 1\n", "t:1: a tag (tag:yaml.org,2002:str); none are taken");
	REFUSED("a: ! 1\n", "t:1: a tag (!); none are taken");
	REFUSED("a: !python/object:os.system [1]\n",
		"t:1: a tag (!python/object:os.system); none are taken");
	REFUSED("!!map {a: b}\n", "t:1: a tag (tag:yaml.org,2002:map); none are taken");
	REFUSED("!!str a: 1\n", "t:1: a tag (tag:yaml.org,2002:str); none are taken");
	REFUSED("a:\n  <<: {b: c}\n", "t:2: a merge key (<<); none are taken");
	assert_scalar(yaml_member(PARSED("'<<': 1").root, "<<"), 1, "1", false);
}

static void test_keys(void **state)
{
	(void)state;
	REFUSED("a: 1\nb: 2\na: 3\n", "t:3: key 'a' given twice");
	REFUSED("a: {b: 1, \"b\": 2}\n", "t:1: key 'b' given twice");
	REFUSED("? [a]\n: 1\n", "t:1: a key that is no text");
	REFUSED("\n? {a: b}\n: 1\n", "t:2: a key that is no text");
	assert_int_equal(PARSED("a: {a: {a: 1}}\nb: {a: 1}\n").root->count, 2);
}

static void test_bytes(void **state)
{
	(void)state;
	REFUSED("a: \xff\n", "t:1: not UTF-8");
	REFUSED("a: 1\n# \xc3\n", "t:2: not UTF-8");
	REFUSED("\xff\xfe"
		"a\0:\0 \0b\0",
		"t:1: not UTF-8");
	REFUSED("a: b\nc: \0\n", "t:2: U+0000, which is no text");
	REFUSED("a: \x1b[0m\n", "t:1: U+001B, which is no text");
	REFUSED("a: b\xc2\x85", "t:1: U+0085, which is no text");
	REFUSED("a: \"\\0\"\n", "t:1: U+0000 in a text");
	REFUSED("\"\\0\": a\n", "t:1: U+0000 in a text");
	REFUSED("a: b\nc: \xef\xbf\xbf\n", "t:2: U+FFFF, which is no text");
}

static void test_syntax(void **state)
{
	(void)state;
	REFUSED("a: b: c\n", "t:1: not YAML: mapping values are not allowed in this context");
	REFUSED("a: 1\n b: 2\n", "t:2: not YAML: mapping values are not allowed in this context");
	REFUSED("a: [1, 2\nb: 3\n", "t:2: not YAML: did not find expected ',' or ']'");
	REFUSED("a: 'open\n", "t:2: not YAML: found unexpected end of stream");
	REFUSED("a:\n\t- b\n", "t:2: not YAML: found character that cannot start any token");
	REFUSED("a: 1\nb\n", "t:3: not YAML: could not find expected ':'");
	REFUSED("%YAML 2.0\n---\na: b\n", "t:1: not YAML: found incompatible YAML document");
}

/* --- bounds */

static void put_nested(struct buf *text, int depth)
{
	buf_clear(text);
	for (int i = 0; i < depth; i++)
		buf_char(text, '[');
	for (int i = 0; i < depth; i++)
		buf_char(text, ']');
}

static void test_depth(void **state)
{
	struct buf text = {0};

	(void)state;
	put_nested(&text, YAML_DEPTH_MAX);
	parsed(text.data, text.len);
	put_nested(&text, YAML_DEPTH_MAX + 1);
	assert_refused(text.data, text.len, ERR_LIMIT, "t:1: nested deeper than 32");
	put_nested(&text, YAML_BYTES_MAX / 2);
	assert_refused(text.data, text.len, ERR_LIMIT, "t:1: nested deeper than 32");
	buf_free(&text);
}

static void test_count(void **state)
{
	struct buf text = {0};

	(void)state;
	for (int i = 1; i < YAML_NODES_MAX; i++)
		buf_str(&text, "- a\n");
	assert_int_equal(parsed(text.data, text.len).root->count, YAML_NODES_MAX - 1);
	buf_str(&text, "- a\n");
	assert_refused(text.data, text.len, ERR_LIMIT, "t:65536: more than 65536 values");
	buf_free(&text);
}

static void test_size(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_str(&text, "a: ");
	while (text.len < YAML_BYTES_MAX)
		buf_char(&text, 'x');
	assert_int_equal(strlen(parsed(text.data, text.len).root->first->text), YAML_BYTES_MAX - 3);
	buf_char(&text, 'x');
	assert_refused(text.data, text.len, ERR_LIMIT, "t: more than 1048576 bytes");
	buf_free(&text);
}

/* --- writing */

static const char *written(const char *text)
{
	static struct buf b;

	buf_clear(&b);
	yaml_write_text(&b, text);
	return arena_strndup(&arena, b.data, b.len);
}

static void test_write_text(void **state)
{
	static const char *const plain[] = {
		"a",       "./checkpoint",  "../x/y", "/abs/p-1.json", "cadtrain-out",
		"nothing", "run_2/last.v1", "truer",  "inf",           "e5"};
	static const char *const quoted[] = {
		"",     "y",   "No", "ON",   "true", "False", "null", "~",    "Null",  ".inf",
		".nan", "1",   "-1", "0x1f", "1e3",  ".5",    "+1",   "1_0",  "12:30", "2001-01-01",
		"...",  "---", "-",  "- a",  "a b",  "a:",    "a: b", "a #b", " a",    "a ",
		"=",    "<<",  "*a", "&a",   "!a",   "@a",    "`a",   "[a]",  "{a}",   "'a'",
		"%a",   "|",   ">",  "?",    "..",   ".",     "..a",  ".../", "a,b",   "\xc3\xa9"};

	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		assert_string_equal(written(plain[i]), plain[i]);
	for (size_t i = 0; i < sizeof(quoted) / sizeof(*quoted); i++) {
		char expected[20];

		snprintf(expected, sizeof(expected), "\"%s\"", quoted[i]);
		assert_string_equal(written(quoted[i]), expected);
	}
	assert_string_equal(written("a\"b\\c"), "\"a\\\"b\\\\c\"");
	assert_string_equal(written("\n\t\r\x01\x7f"), "\"\\n\\t\\x0D\\x01\\x7F\"");
	assert_string_equal(written("\xc2\x85\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf\xef\xbf\xbf"),
			    "\"\\x85\\u2028\\u2029\\uFEFF\\uFFFF\"");
}

/* A valid text of `most` characters at most: mostly those that mean something to YAML. */
static void put_random_text(struct rng *rng, struct buf *b, uint32_t most)
{
	static const char *const pieces[] = {" ",
					     ":",
					     "#",
					     "-",
					     "?",
					     ",",
					     "[",
					     "]",
					     "{",
					     "}",
					     "&",
					     "*",
					     "!",
					     "|",
					     ">",
					     "'",
					     "\"",
					     "%",
					     "@",
					     "`",
					     "~",
					     "\n",
					     "\t",
					     "\r",
					     "\\",
					     ".",
					     "/",
					     "a",
					     "Z",
					     "0",
					     "9",
					     "null",
					     "true",
					     "\x01",
					     "\x7f",
					     "\xc2\x80",
					     "\xc2\x85",
					     "\xc2\xa0",
					     "\xc3\xa9",
					     "\xe2\x80\xa8",
					     "\xef\xbb\xbf",
					     "\xef\xbf\xbe",
					     "\xef\xbf\xbd",
					     "\xee\x80\x80",
					     "\xf0\x9f\x93\x90",
					     "\xf4\x8f\xbf\xbf"};

	buf_clear(b);
	buf_str(b, "");
	for (uint32_t n = rng_below(rng, most + 1); n > 0; n--)
		buf_str(b, pieces[rng_below(rng, sizeof(pieces) / sizeof(*pieces))]);
}

static void test_written_comes_back(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	struct buf text = {0}, line = {0};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		const struct yaml_node *node;

		put_random_text(&rng, &text, 12);
		buf_clear(&line);
		buf_str(&line, "key: ");
		yaml_write_text(&line, text.data);
		assert_null(strchr(line.data, '\n'));
		buf_char(&line, '\n');
		node = yaml_member(parsed(line.data, line.len).root, "key");
		assert_string_equal(node->text, text.data);
		assert_int_equal(node->quoted, line.data[5] == '"');
		assert_false(yaml_is_null(node));
		arena_reset(&arena);
	}
	buf_free(&text);
	buf_free(&line);
}

static const char *real_text(double v)
{
	struct buf b = {0};
	const char *text;

	yaml_write_real(&b, v);
	text = arena_strndup(&arena, b.data, b.len);
	buf_free(&b);
	return text;
}

static void test_write_real(void **state)
{
	(void)state;
	assert_string_equal(real_text(1), "1.0");
	assert_string_equal(real_text(0), "0.0");
	assert_string_equal(real_text(0.0001), "0.0001");
	assert_string_equal(real_text(-2.5), "-2.5");
	assert_string_equal(real_text(1e-7), "1.0e-07");
	assert_string_equal(real_text(1.5e-7), "1.5e-07");
	assert_string_equal(real_text(1e300), "1.0e+300");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_tree, reset),
		cmocka_unit_test_teardown(test_scalars, reset),
		cmocka_unit_test_teardown(test_null, reset),
		cmocka_unit_test_teardown(test_around_the_document, reset),
		cmocka_unit_test_teardown(test_file, reset),
		cmocka_unit_test_teardown(test_error, reset),
		cmocka_unit_test_teardown(test_empty, reset),
		cmocka_unit_test_teardown(test_documents, reset),
		cmocka_unit_test_teardown(test_extras, reset),
		cmocka_unit_test_teardown(test_keys, reset),
		cmocka_unit_test_teardown(test_bytes, reset),
		cmocka_unit_test_teardown(test_syntax, reset),
		cmocka_unit_test_teardown(test_depth, reset),
		cmocka_unit_test_teardown(test_count, reset),
		cmocka_unit_test_teardown(test_size, reset),
		cmocka_unit_test_teardown(test_write_text, reset),
		cmocka_unit_test_teardown(test_written_comes_back, reset),
		cmocka_unit_test_teardown(test_write_real, reset),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
