/* SPDX-License-Identifier: MIT */
/* vocab: every reason for which a tokenizer.json is refused, with its message and line. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/model/vocab.h"
#include "tests/vocab_parts.h"

#define NAME "v.json"

static struct vocab *parse(const struct vocab_parts *parts, struct err *err)
{
	struct buf text = {0};
	struct vocab *vocab;

	vocab_parts_write(parts, &text);
	vocab = vocab_parse(NAME, text.data, text.len, err);
	buf_free(&text);
	return vocab;
}

static void accept(const struct vocab_parts *parts)
{
	struct err err = {0};
	struct vocab *vocab = parse(parts, &err);

	if (!vocab)
		fail_msg("%s", err.msg);
	vocab_free(vocab);
}

static void refuse(const struct vocab_parts *parts, enum err_code code, const char *message)
{
	struct err err = {0};

	assert_null(parse(parts, &err));
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
	assert_null(parse(parts, NULL));
}

static void refuse_text(const char *text, enum err_code code, const char *message)
{
	struct err err = {0};

	assert_null(vocab_parse(NAME, text, strlen(text), &err));
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

#define WRONG(message, ...) refuse(&(struct vocab_parts){__VA_ARGS__}, ERR_FORMAT, message)
#define REFUSED(message, ...)                                                                      \
	refuse(&(struct vocab_parts){__VA_ARGS__}, ERR_UNSUPPORTED, message " is not supported")

static void test_no_json(void **state)
{
	static const char nul[] = "{\"model\":\n\0}";
	struct err err = {0};

	(void)state;
	refuse_text("", ERR_FORMAT, NAME ":1: a value is missing at the end");
	refuse_text("[]", ERR_FORMAT, NAME ":1: a tokenizer must be an object");
	refuse_text("\n\n\"x\"", ERR_FORMAT, NAME ":3: a tokenizer must be an object");
	refuse_text("{}", ERR_FORMAT, NAME ":1: a tokenizer needs an object 'model'");
	refuse_text("{\n\"model\":\n3}", ERR_FORMAT,
		    NAME ":3: a tokenizer needs an object 'model'");
	refuse_text("{\"model\":\n{}}", ERR_FORMAT, NAME ":2: the model needs an object 'vocab'");
	refuse_text("{\n\"a\": 1,\n\"a\": 1}", ERR_FORMAT, NAME ":3: key 'a' given twice");
	assert_null(vocab_parse(NAME, nul, sizeof(nul) - 1, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_int_equal(strncmp(err.msg, NAME ":2: ", strlen(NAME) + 4), 0);
	refuse_text("{\"model\": {\"vocab\":\n{\"\\u0000\": 0}}}", ERR_FORMAT,
		    NAME ":2: \\u0000 in a string");
}

static void test_deep_nesting(void **state)
{
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_str(&text, i % 10 ? "[" : "\n[");
	assert_null(vocab_parse(NAME, text.data, text.len, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, NAME ":8: nested deeper than 64");
	buf_free(&text);
}

static void test_model(void **state)
{
	(void)state;
	REFUSED(NAME ":7: model WordPiece", .type = "\"type\": \"WordPiece\",");
	REFUSED(NAME ":7: model Unigram", .type = "\"type\": \"Unigram\",");
	REFUSED(NAME ":7: the model's dropout", .type = "\"dropout\": 0.1,");
	REFUSED(NAME ":7: the model's continuing_subword_prefix",
		.type = "\"continuing_subword_prefix\": \"##\",");
	REFUSED(NAME ":7: the model's end_of_word_suffix",
		.type = "\"end_of_word_suffix\": \"</w>\",");
	REFUSED(NAME ":7: the model's byte_fallback", .type = "\"byte_fallback\": true,");
	WRONG(NAME ":7: 'ignore_merges' must be true or false", .type = "\"ignore_merges\": 1,");
	WRONG(NAME ":7: key 'x' given twice", .type = "\"x\": 1, \"x\": 2,");
	accept(&(struct vocab_parts){.type = "\"dropout\": 0, \"byte_fallback\": false,"});
}

#define IDS "an id must be a whole number from 0 on"

static void test_ids(void **state)
{
	(void)state;
	WRONG(NAME ":9: id 97 given twice", .tokens = ", \"ab\": 97");
	WRONG(NAME ":9: key 'ab' given twice", .tokens = ", \"ab\": 256, \"ab\": 257");
	WRONG(NAME ":8: no token has id 256, though ids go up to 257", .tokens = ", \"ab\": 257");
	WRONG(NAME ":9: " IDS, .tokens = ", \"ab\": -1");
	WRONG(NAME ":9: " IDS, .tokens = ", \"ab\": 256.5");
	WRONG(NAME ":9: " IDS, .tokens = ", \"ab\": 1e-300");
	WRONG(NAME ":9: " IDS, .tokens = ", \"ab\": \"256\"");
	WRONG(NAME ":9: " IDS, .tokens = ", \"ab\": null");
	WRONG(NAME ":9: " IDS, .tokens = ", \"ab\": [256]");
	refuse(&(struct vocab_parts){.tokens = ", \"ab\": 4000000"}, ERR_LIMIT,
	       NAME ":9: id 4000000; at most 4000000 tokens are read");
	refuse(&(struct vocab_parts){.tokens = ", \"ab\": 1e300"}, ERR_LIMIT,
	       NAME ":9: id 1e+300; at most 4000000 tokens are read");
	refuse(&(struct vocab_parts){.tokens = ", \"ab\": 18446744073709551616"}, ERR_LIMIT,
	       NAME ":9: id 1.84467440737096e+19; at most 4000000 tokens are read");
	WRONG(NAME ":8: no token has id 256, though ids go up to 3999999",
	      .tokens = ", \"ab\": 3999999");
	WRONG(NAME ":9: a token must not be empty", .tokens = ", \"\": 256");
}

static void test_bytes(void **state)
{
	(void)state;
	WRONG(NAME ":8: no token for byte 0x00: not a byte-level vocabulary",
	      .bytes = "\"a\": 0, \"b\": 1");
	WRONG(NAME ":8: no token for byte 0x00: not a byte-level vocabulary", .bytes = "",
	      .tokens = "");
	refuse_text("{\"model\": {\"vocab\":\n[]}}", ERR_FORMAT,
		    NAME ":2: the model needs an object 'vocab'");
	/* an added token is no token of the model */
	WRONG(NAME ":8: no token for byte 0x00: not a byte-level vocabulary",
	      .added = "[{\"id\": 2, \"content\": \"\\u0100\"}]", .bytes = "\"a\": 0, \"b\": 1");
}

static void assert_no_merges(void)
{
	struct buf text = {0};

	vocab_parts_write(&(struct vocab_parts){0}, &text);
	memcpy(strstr(text.data, "\"merges\""), "\"MERGES\"", 8);
	refuse_text(text.data, ERR_FORMAT, NAME ":7: the model needs an array 'merges'");
	buf_free(&text);
}

static void test_merges(void **state)
{
	static const char shape[] =
		NAME ":10: a merge must be \"left right\" or [\"left\", \"right\"]";

	(void)state;
	WRONG(NAME ":10: merge of 'xy', which is no token", .merges = "[[\"xy\", \"a\"]]");
	WRONG(NAME ":10: merge of 'xy', which is no token", .merges = "[\"a xy\"]");
	WRONG(NAME ":10: merge of '', which is no token", .merges = "[\" a\"]");
	WRONG(NAME ":10: merge of '', which is no token", .merges = "[[\"a\", \"\"]]");
	WRONG(NAME ":10: merge into 'ab', which is no token", .merges = "[\"a b\"]");
	WRONG(NAME ":12: merge into 'ba', which is no token", .tokens = ", \"ab\": 256",
	      .merges = "[\n[\"a\", \"b\"],\n[\"b\", \"a\"]]");
	/* added tokens come behind the merges */
	WRONG(NAME ":10: merge of '<s>', which is no token",
	      .added = "[{\"id\": 256, \"content\": \"<s>\"}]", .merges = "[[\"<s>\", \"a\"]]");
	WRONG(NAME ":10: merge into 'ab', which is no token",
	      .added = "[{\"id\": 256, \"content\": \"ab\"}]", .merges = "[[\"a\", \"b\"]]");
	WRONG(shape, .merges = "[\"ab\"]");
	WRONG(shape, .merges = "[\"a b c\"]");
	WRONG(shape, .merges = "[[\"a\"]]");
	WRONG(shape, .merges = "[[]]");
	WRONG(shape, .merges = "[[\"a\", \"b\", \"c\"]]");
	WRONG(shape, .merges = "[[\"a\", 1]]");
	WRONG(shape, .merges = "[{\"a\": \"a\", \"b\": \"b\"}]");
	WRONG(shape, .merges = "[7]");
	WRONG(NAME ":10: the model needs an array 'merges'", .merges = "{}");
	WRONG(NAME ":10: the model needs an array 'merges'", .merges = "\"a b\"");
	assert_no_merges();
}

static void test_added(void **state)
{
	(void)state;
	WRONG(NAME ":2: 'added_tokens' must be an array", .added = "{}");
	WRONG(NAME ":2: 'added_tokens' must be an array", .added = "1");
	WRONG(NAME ":2: an added token must be an object", .added = "[1]");
	WRONG(NAME ":2: an added token needs an 'id'", .added = "[{\"content\": \"x\"}]");
	WRONG(NAME ":2: " IDS, .added = "[{\"content\": \"x\", \"id\": -1}]");
	WRONG(NAME ":2: " IDS, .added = "[{\"content\": \"x\", \"id\": \"1\"}]");
	refuse(&(struct vocab_parts){.added = "[{\"content\": \"x\", \"id\": 5e9}]"}, ERR_LIMIT,
	       NAME ":2: id 5000000000; at most 4000000 tokens are read");
	WRONG(NAME ":2: an added token needs a 'content'", .added = "[{\"id\": 256}]");
	WRONG(NAME ":2: an added token needs a 'content'",
	      .added = "[{\"id\": 256, \"content\": \"\"}]");
	WRONG(NAME ":2: an added token needs a 'content'",
	      .added = "[{\"id\": 256, \"content\": 1}]");
	WRONG(NAME ":2: 'special' must be true or false",
	      .added = "[{\"id\": 256, \"content\": \"x\", \"special\": 1}]");
	WRONG(NAME ":2: 'lstrip' must be true or false",
	      .added = "[{\"id\": 256, \"content\": \"x\", \"lstrip\": null}]");
	WRONG(NAME ":2: 'rstrip' must be true or false",
	      .added = "[{\"id\": 256, \"content\": \"x\", \"rstrip\": \"\"}]");
	WRONG(NAME ":2: 'normalized' must be true or false",
	      .added = "[{\"id\": 256, \"content\": \"x\", \"normalized\": 0}]");
	WRONG(NAME ":2: 'single_word' must be true or false",
	      .added = "[{\"id\": 256, \"content\": \"x\", \"single_word\": 0}]");
	REFUSED(NAME ":2: an added token with single_word",
		.added = "[{\"id\": 256, \"content\": \"xy\", \"single_word\": true}]");
	WRONG(NAME ":2: id 97 given twice", .added = "[{\"id\": 97, \"content\": \"<s>\"}]");
	WRONG(NAME ":3: id 256 given twice", .added = "[{\"id\": 256, \"content\": \"<s>\"},\n"
						      "{\"id\": 256, \"content\": \"</s>\"}]");
	WRONG(NAME ":2: added token 'a' has id 256, and 97",
	      .added = "[{\"id\": 256, \"content\": \"a\"}]");
	WRONG(NAME ":3: added token '<s>' has id 257, and 256",
	      .added = "[{\"id\": 256, \"content\": \"<s>\"},\n"
		       "{\"id\": 257, \"content\": \"<s>\"}]");
	WRONG(NAME ":8: no token has id 256, though ids go up to 257",
	      .added = "[{\"id\": 257, \"content\": \"<s>\"}]");
}

/* The model's key "\u0120" is a blank, that "\u0120a" a blank and a letter: an added token is its
 * content, which would be other bytes. */
static void test_added_of_other_bytes(void **state)
{
	(void)state;
	REFUSED(NAME ":2: an added token that is other bytes in the model: \xc4\xa0",
		.added = "[{\"id\": 32, \"content\": \"\\u0120\"}]");
	REFUSED(NAME ":2: an added token that is other bytes in the model: \xc4\xa0"
		     "a",
		.added = "[{\"id\": 256, \"content\": \"\\u0120a\"}]",
		.tokens = ", \"\\u0120a\": 256", .merges = "[\"\\u0120 a\"]");
}

static void test_pre_tokenizer(void **state)
{
	(void)state;
	REFUSED(NAME ":4: no pre-tokenizer: not byte-level; that", .splits = "null");
	REFUSED(NAME ":4: pre-tokenizer Whitespace", .splits = "{\"type\": \"Whitespace\"}");
	REFUSED(NAME ":4: pre-tokenizer Metaspace",
		.splits = SEQUENCE("{\"type\": \"Metaspace\"}, " BYTE_LEVEL));
	REFUSED(NAME ":4: pre-tokenizer Sequence", .splits = SEQUENCE(SEQUENCE(BYTE_LEVEL)));
	REFUSED(NAME ":4: ByteLevel with add_prefix_space",
		.splits = "{\"type\": \"ByteLevel\", \"add_prefix_space\": true}");
	REFUSED(NAME ":4: ByteLevel with add_prefix_space", .splits = "{\"type\": \"ByteLevel\"}");
	REFUSED(NAME ":4: a pre-tokenizer without ByteLevel as its last", .splits = DIGITS);
	REFUSED(NAME ":4: a pre-tokenizer without ByteLevel as its last", .splits = SEQUENCE(""));
	REFUSED(NAME ":4: a pre-tokenizer without ByteLevel as its last",
		.splits = SEQUENCE(DIGITS ", " DIGITS));
	REFUSED(NAME ":4: a pre-tokenizer behind ByteLevel",
		.splits = SEQUENCE(BYTE_LEVEL ", " DIGITS));
	REFUSED(NAME ":4: a pre-tokenizer behind ByteLevel",
		.splits = SEQUENCE(BYTE_LEVEL ", " DIGITS ", " LEVEL_ALONE));
	REFUSED(NAME ":4: so long a sequence of pre-tokenizers",
		.splits = SEQUENCE(DIGITS ", " DIGITS ", " DIGITS ", " DIGITS ", " BYTE_LEVEL));
	REFUSED(NAME ":4: the pattern \\d+ *", .splits = SEQUENCE(SPLIT_BY("\\\\d+ *")));
	REFUSED(NAME ":4: Split other than Isolated",
		.splits = "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"" GPT2_PATTERN
			  "\"}, \"behavior\": \"Removed\", \"invert\": false}");
	REFUSED(NAME ":4: Split other than Isolated",
		.splits = "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"" GPT2_PATTERN
			  "\"}, \"behavior\": \"Isolated\", \"invert\": true}");
	WRONG(NAME ":4: a Sequence needs an array 'pretokenizers'",
	      .splits = "{\"type\": \"Sequence\"}");
	WRONG(NAME ":4: a Sequence needs an array 'pretokenizers'",
	      .splits = "{\"type\": \"Sequence\", \"pretokenizers\": {}}");
	WRONG(NAME ":4: 'use_regex' must be true or false",
	      .splits = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": 1}");
	WRONG(NAME ":4: 'add_prefix_space' must be true or false",
	      .splits = "{\"type\": \"ByteLevel\", \"add_prefix_space\": 0}");
	WRONG(NAME ":4: 'individual_digits' must be true or false",
	      .splits = "{\"type\": \"Digits\", \"individual_digits\": 1}");
	WRONG(NAME ":4: 'invert' must be true or false",
	      .splits = "{\"type\": \"Split\", \"invert\": 1}");
}

/* A pattern is cut where it is told. */
static void test_long_pattern(void **state)
{
	(void)state;
	REFUSED(NAME ":4: the pattern 012345678901234567890123456789012345678901234567890123456789",
		.splits = SPLIT_BY("0123456789012345678901234567890123456789"
				   "0123456789012345678901234567890123456789"));
}

static void test_processor(void **state)
{
	(void)state;
	REFUSED(NAME ":5: post-processor BertProcessing",
		.processor = "{\"type\": \"BertProcessing\"}");
	REFUSED(NAME ":5: post-processor TemplateProcessing",
		.processor = "{\"type\": \"Sequence\", \"processors\": [" AROUND(
			"[" TEXT "]") ", " AROUND("[" TEXT "]") "]}");
	REFUSED(NAME ":5: a template of this kind", .processor = AROUND("[" TEXT ", " TEXT "]"));
	REFUSED(NAME ":5: a template of this kind", .added = BOTH,
		.processor = AROUND("[" SPECIAL("two") ", " TEXT "]"));
	REFUSED(NAME ":5: a template of this kind",
		.processor = AROUND("[" SPECIAL("absent") ", " TEXT "]"));
	WRONG(NAME ":5: no token has id 9999",
	      .processor = AROUND("[" TEXT ", " SPECIAL("far") "]"));
	WRONG(NAME ":5: " IDS, .processor = AROUND("[" TEXT ", " SPECIAL("half") "]"));
	WRONG(NAME ":5: a template without its text", .processor = AROUND("[]"));
	WRONG(NAME ":5: a template without its text", .added = BOTH,
	      .processor = AROUND("[" SPECIAL("<s>") "]"));
	WRONG(NAME ":5: a TemplateProcessing needs an array 'single'",
	      .processor = "{\"type\": \"TemplateProcessing\"}");
	WRONG(NAME ":5: a TemplateProcessing needs an array 'single'", .processor = AROUND("{}"));
	WRONG(NAME ":5: a Sequence needs an array 'processors'",
	      .processor = "{\"type\": \"Sequence\"}");
}

static void test_stages(void **state)
{
	(void)state;
	REFUSED(NAME ":3: normalizer NFC", .stages = "\"normalizer\": {\"type\": \"NFC\"},");
	REFUSED(NAME ":3: truncation", .stages = "\"truncation\": {\"max_length\": 512},");
	REFUSED(NAME ":3: padding", .stages = "\"padding\": {\"strategy\": \"BatchLongest\"},");
	REFUSED(NAME ":6: a decoder other than ByteLevel", .decoder = "null");
	REFUSED(NAME ":6: a decoder other than ByteLevel", .decoder = "{\"type\": \"WordPiece\"}");
	REFUSED(NAME ":6: a decoder other than ByteLevel", .decoder = "\"ByteLevel\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_json),       cmocka_unit_test(test_deep_nesting),
		cmocka_unit_test(test_model),         cmocka_unit_test(test_ids),
		cmocka_unit_test(test_bytes),         cmocka_unit_test(test_merges),
		cmocka_unit_test(test_added),         cmocka_unit_test(test_added_of_other_bytes),
		cmocka_unit_test(test_pre_tokenizer), cmocka_unit_test(test_long_pattern),
		cmocka_unit_test(test_processor),     cmocka_unit_test(test_stages),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
