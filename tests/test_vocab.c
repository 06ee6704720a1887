/* SPDX-License-Identifier: MIT */
/*
 * vocab: tokenizer.json written and read again, files of known models, and every reason for which
 * one is refused.
 */
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
#include "formats/vocab.h"
#include "tests/random_shapes.h"
#include "tests/random_text.h"
#include "tokenizer/bpe_train.h"
#include "tokenizer/tokenizer.h"

#define NAME "v.json"

/* --- files of one part a line --------------------------------------------------------------- */

/* The values of a file's keys, as JSON; NULL leaves out what may be left out, and takes that of a
 * good file for the rest. */
struct parts {
	const char *added;     /* line 2 */
	const char *stages;    /* line 3: normalizer and the like, each with a comma behind */
	const char *splits;    /* line 4 */
	const char *processor; /* line 5 */
	const char *decoder;   /* line 6 */
	const char *type;      /* line 7: the model's keys but those below, each with a comma */
	const char *bytes;     /* line 8: of the vocabulary */
	const char *tokens;    /* line 9: likewise, each with a comma before */
	const char *merges;    /* line 10 */
};

#define BYTE_LEVEL "{\"type\": \"ByteLevel\", \"add_prefix_space\": false}"

static void put_key(uint32_t code, struct buf *out)
{
	char key[3] = {(char)code};

	if (code >= 0x80) {
		key[0] = (char)(0xc0 | code >> 6);
		key[1] = (char)(0x80 | (code & 0x3f));
	}
	buf_json_str(out, key);
}

/* A byte's id is the byte. */
static void put_bytes(struct buf *out)
{
	for (int b = 0; b < 256; b++) {
		buf_str(out, b ? ", " : "");
		put_key(byte_alphabet_code((uint8_t)b), out);
		buf_str(out, ": ");
		buf_int(out, b);
	}
}

static void put_part(const char *before, const char *value, const char *otherwise,
		     const char *after, struct buf *out)
{
	buf_str(out, before);
	buf_str(out, value ? value : otherwise);
	buf_str(out, after);
}

static void put_file(const struct parts *p, struct buf *out)
{
	struct buf bytes = {0};

	put_bytes(&bytes);
	put_part("{\n\"added_tokens\": ", p->added, "[]", ",\n", out);
	put_part("", p->stages, "\"normalizer\": null,", "\n", out);
	put_part("\"pre_tokenizer\": ", p->splits, BYTE_LEVEL, ",\n", out);
	put_part("\"post_processor\": ", p->processor, "null", ",\n", out);
	put_part("\"decoder\": ", p->decoder, "{\"type\": \"ByteLevel\"}", ",\n", out);
	put_part("\"model\": {", p->type, "\"type\": \"BPE\",", "\n", out);
	put_part("\"vocab\": {", p->bytes, bytes.data, "\n", out);
	put_part("", p->tokens, "", "},\n", out);
	put_part("\"merges\": ", p->merges, "[]", "}\n}\n", out);
	buf_free(&bytes);
}

static struct vocab *read_parts(const struct parts *parts, struct err *err)
{
	struct buf text = {0};
	struct vocab *vocab;

	put_file(parts, &text);
	vocab = vocab_parse(NAME, text.data, text.len, err);
	buf_free(&text);
	return vocab;
}

static struct vocab *accept(const struct parts *parts)
{
	struct err err = {0};
	struct vocab *vocab = read_parts(parts, &err);

	if (!vocab)
		fail_msg("%s", err.msg);
	return vocab;
}

static void refuse(const struct parts *parts, enum err_code code, const char *message)
{
	struct err err = {0};

	assert_null(read_parts(parts, &err));
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
	assert_null(read_parts(parts, NULL));
}

static void refuse_text(const char *text, enum err_code code, const char *message)
{
	struct err err = {0};

	assert_null(vocab_parse(NAME, text, strlen(text), &err));
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

#define ACCEPT(...) accept(&(struct parts){__VA_ARGS__})
#define WRONG(message, ...) refuse(&(struct parts){__VA_ARGS__}, ERR_FORMAT, message)
#define REFUSED(message, ...)                                                                      \
	refuse(&(struct parts){__VA_ARGS__}, ERR_UNSUPPORTED, message " is not supported")

/* --- what is read --------------------------------------------------------------------------- */

static void assert_token(const struct vocab *vocab, uint32_t id, const char *bytes)
{
	assert_int_equal(vocab->tokens[id].len, strlen(bytes));
	assert_string_equal(vocab->tokens[id].bytes, bytes);
}

static void test_plain_file(void **state)
{
	struct vocab *vocab = ACCEPT(.tokens = ", \"ab\": 256, \"\\u0120ab\": 257",
				     .merges = "[[\"a\", \"b\"], [\"\\u0120\", \"ab\"]]");

	(void)state;
	assert_int_equal(vocab->token_count, 258);
	assert_int_equal(vocab->model_count, 258);
	for (int b = 0; b < 256; b++) {
		assert_int_equal(vocab->byte_token[b], b);
		assert_int_equal(vocab->tokens[b].len, 1);
		assert_int_equal((uint8_t)vocab->tokens[b].bytes[0], b);
	}
	assert_token(vocab, 256, "ab");
	assert_token(vocab, 257, " ab");
	assert_int_equal(vocab->merge_count, 2);
	assert_int_equal(vocab->merges[1].left, ' ');
	assert_int_equal(vocab->merges[1].right, 256);
	assert_int_equal(vocab->merges[1].result, 257);
	assert_int_equal(vocab->split_count, 1);
	assert_int_equal(vocab->splits[0], SPLIT_GPT2);
	assert_false(vocab->ignore_merges);
	assert_int_equal(vocab->before_count, 0);
	assert_int_equal(vocab->after_count, 0);
	assert_int_equal(vocab->added_count, 0);
	assert_int_equal(vocab_find(vocab, " ab"), 257);
	assert_int_equal(vocab_find(vocab, "ba"), VOCAB_NONE);
	vocab_free(vocab);
	vocab_free(NULL);
}

/* As GPT-2's file has it: no type, merges as text, options that say nothing. */
static void test_gpt2_file(void **state)
{
	struct vocab *vocab =
		ACCEPT(.added = "[{\"id\": 257, \"special\": true, \"content\": \"<|endoftext|>\","
				" \"single_word\": false, \"lstrip\": false, \"rstrip\": false,"
				" \"normalized\": true}]",
		       .stages = "\"truncation\": null, \"padding\": null, \"normalizer\": null,",
		       .splits = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false,"
				 " \"trim_offsets\": true}",
		       .processor = "{\"type\": \"ByteLevel\", \"add_prefix_space\": true,"
				    " \"trim_offsets\": false}",
		       .decoder = "{\"type\": \"ByteLevel\", \"add_prefix_space\": true}",
		       .type = "\"dropout\": null, \"unk_token\": null, "
			       "\"continuing_subword_prefix\":"
			       " \"\", \"end_of_word_suffix\": \"\", \"fuse_unk\": false,",
		       .tokens = ", \"\\u0120t\": 256, \"<|endoftext|>\": 257",
		       .merges = "[\"\\u0120 t\"]");

	(void)state;
	assert_int_equal(vocab->model_count, 258);
	assert_token(vocab, 257, "<|endoftext|>");
	assert_int_equal(vocab->merges[0].left, ' ');
	assert_int_equal(vocab->merges[0].right, 't');
	assert_int_equal(vocab->merges[0].result, 256);
	assert_int_equal(vocab->added_count, 1);
	assert_int_equal(vocab->added[0].id, 257);
	assert_true(vocab->added[0].special);
	assert_true(vocab->added[0].normalized);
	assert_int_equal(vocab->before_count, 0);
	vocab_free(vocab);
}

#define LLAMA3_PATTERN                                                                             \
	"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}|"      \
	" ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"
#define QWEN2_PATTERN                                                                              \
	"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}|"           \
	" ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"
#define GPT2_PATTERN                                                                               \
	"'s|'t|'re|'ve|'m|'ll|'d| ?\\\\p{L}+| ?\\\\p{N}+| ?[^\\\\s\\\\p{L}\\\\p{N}]+|"             \
	"\\\\s+(?!\\\\S)|\\\\s+"
#define SPLIT_BY(pattern)                                                                          \
	"{\"type\": \"Split\", \"pattern\": {\"Regex\": \"" pattern "\"},"                         \
	" \"behavior\": \"Isolated\", \"invert\": false}"
#define LEVEL_ALONE                                                                                \
	"{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true,"           \
	" \"use_regex\": false}"
#define SEQUENCE(list) "{\"type\": \"Sequence\", \"pretokenizers\": [" list "]}"

static void test_llama3_file(void **state)
{
	struct vocab *vocab =
		ACCEPT(.added =
			       "[{\"id\": 257, \"content\": \"<|begin_of_text|>\", \"special\": "
			       "true,"
			       " \"single_word\": false, \"lstrip\": false, \"rstrip\": false,"
			       " \"normalized\": false}, {\"id\": 258, \"content\": \"<|eot_id|>\","
			       " \"special\": true}]",
		       .splits = SEQUENCE(SPLIT_BY(LLAMA3_PATTERN) ", " LEVEL_ALONE),
		       .processor =
			       "{\"type\": \"Sequence\", \"processors\": [{\"type\": "
			       "\"ByteLevel\"},"
			       " {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\":"
			       " {\"id\": \"<|begin_of_text|>\", \"type_id\": 0}}, {\"Sequence\":"
			       " {\"id\": \"A\", \"type_id\": 0}}], \"pair\": [], "
			       "\"special_tokens\":"
			       " {\"<|begin_of_text|>\": {\"id\": \"<|begin_of_text|>\", \"ids\": "
			       "[257],"
			       " \"tokens\": [\"<|begin_of_text|>\"]}}}]}",
		       .type = "\"type\": \"BPE\", \"byte_fallback\": false, \"ignore_merges\": "
			       "true,",
		       .tokens = ", \"ab\": 256", .merges = "[\"a b\"]");

	(void)state;
	assert_true(vocab->ignore_merges);
	assert_int_equal(vocab->model_count, 257);
	assert_int_equal(vocab->token_count, 259);
	assert_int_equal(vocab->split_count, 1);
	assert_int_equal(vocab->splits[0], SPLIT_LLAMA3);
	assert_int_equal(vocab->before_count, 1);
	assert_int_equal(vocab->before[0], 257);
	assert_int_equal(vocab->after_count, 0);
	assert_false(vocab->added[1].normalized); /* as special ones are unless they say */
	vocab_free(vocab);
}

static void assert_splits(const char *splits, int count, const enum split *expected)
{
	struct vocab *vocab = ACCEPT(.splits = splits);

	assert_int_equal(vocab->split_count, count);
	for (int i = 0; i < count; i++)
		assert_int_equal(vocab->splits[i], expected[i]);
	vocab_free(vocab);
}

#define DIGITS "{\"type\": \"Digits\", \"individual_digits\": true}"
#define DIGIT_RUNS "{\"type\": \"Digits\", \"individual_digits\": false}"

static void test_splits(void **state)
{
	const enum split four[] = {SPLIT_DIGIT_RUNS, SPLIT_DIGITS, SPLIT_DIGITS, SPLIT_GPT2};

	(void)state;
	assert_splits(LEVEL_ALONE, 0, NULL);
	assert_splits(SEQUENCE(LEVEL_ALONE), 0, NULL);
	assert_splits(SEQUENCE(DIGITS ", " BYTE_LEVEL), 2,
		      (enum split[]){SPLIT_DIGITS, SPLIT_GPT2});
	assert_splits(SEQUENCE("{\"type\": \"Digits\"}, " LEVEL_ALONE), 1,
		      (enum split[]){SPLIT_DIGIT_RUNS});
	assert_splits(SEQUENCE(SPLIT_BY(QWEN2_PATTERN) ", " LEVEL_ALONE), 1,
		      (enum split[]){SPLIT_QWEN2});
	assert_splits(SEQUENCE(SPLIT_BY(GPT2_PATTERN) ", " LEVEL_ALONE), 1,
		      (enum split[]){SPLIT_GPT2});
	assert_splits(SEQUENCE(DIGIT_RUNS ", " DIGITS ", " DIGITS ", " BYTE_LEVEL), 4, four);
}

#define AROUND(single)                                                                             \
	"{\"type\": \"TemplateProcessing\", \"single\": " single ", \"special_tokens\": {"         \
	"\"<s>\": {\"ids\": [256]}, \"</s>\": {\"ids\": [257]}, \"two\": {\"ids\": [256, 257]},"   \
	" \"far\": {\"ids\": [9999]}, \"half\": {\"ids\": [0.5]}}}"
#define BOTH "[{\"id\": 256, \"content\": \"<s>\"}, {\"id\": 257, \"content\": \"</s>\"}]"
#define TEXT "{\"Sequence\": {\"id\": \"A\"}}"
#define SPECIAL(name) "{\"SpecialToken\": {\"id\": \"" name "\"}}"

static void test_template(void **state)
{
	struct vocab *vocab =
		ACCEPT(.added = BOTH, .processor = AROUND("[" SPECIAL("<s>") ", " TEXT ", " SPECIAL(
					      "</s>") ", " SPECIAL("</s>") "]"));

	(void)state;
	assert_int_equal(vocab->before_count, 1);
	assert_int_equal(vocab->before[0], 256);
	assert_int_equal(vocab->after_count, 2);
	assert_int_equal(vocab->after[0], 257);
	assert_int_equal(vocab->after[1], 257);
	vocab_free(vocab);
	vocab = ACCEPT(.processor = AROUND("[" TEXT "]"));
	assert_int_equal(vocab->before_count, 0);
	assert_int_equal(vocab->after_count, 0);
	vocab_free(vocab);
}

static void test_added_flags(void **state)
{
	struct vocab *vocab =
		ACCEPT(.added = "[{\"id\": 256, \"content\": \"plain\"}, {\"id\": 257, \"content\":"
				" \"<m>\", \"special\": true, \"lstrip\": true, \"rstrip\": true,"
				" \"normalized\": true}, {\"id\": 97, \"content\": \"a\"},"
				" {\"id\": 258, \"content\": \"\\ud83d\\udd27 \\u0120\"}]");

	(void)state;
	assert_int_equal(vocab->added_count, 4);
	assert_int_equal(vocab->model_count, 256);
	assert_false(vocab->added[0].special || vocab->added[0].lstrip || vocab->added[0].rstrip);
	assert_true(vocab->added[0].normalized);
	assert_true(vocab->added[1].special && vocab->added[1].lstrip && vocab->added[1].rstrip &&
		    vocab->added[1].normalized);
	assert_int_equal(vocab->added[2].id, 'a');
	assert_int_equal(vocab->byte_token['a'], 'a');
	assert_token(vocab, 258, "\xf0\x9f\x94\xa7 \xc4\xa0");
	vocab_free(vocab);
}

/* What leaves the alphabet stands for itself, and merges do not make it. */
static void test_verbatim_keys(void **state)
{
	struct vocab *vocab =
		ACCEPT(.type = "\"ignore_merges\": true,",
		       .tokens = ", \"\\u4e2d\": 258, \"a b\": 257, \"\\u00e4\\u00b8\\u0143\": 256,"
				 " \"b\\u0120a\": 259, \"b a\": 260");
	struct tokenizer *tokenizer = tokenizer_new(vocab);
	struct token_cache *cache = token_cache_new();
	struct tokens tokens = {0};
	struct buf shown = {0};

	(void)state;
	assert_token(vocab, 256, "\xe4\xb8\xad");
	assert_token(vocab, 257, "a b");
	assert_token(vocab, 258, "\xe4\xb8\xad");
	assert_true(vocab->tokens[258].is_verbatim && vocab->tokens[257].is_verbatim);
	assert_false(vocab->tokens[256].is_verbatim || vocab->tokens['a'].is_verbatim);
	tokens_from_text(tokenizer, cache, "\xe4\xb8\xad", 3, 0, &tokens);
	assert_int_equal(tokens.count, 1);
	assert_int_equal(tokens.ids[0], 256);
	vocab_write_token(vocab, 258, &shown);
	vocab_write_token(vocab, 257, &shown);
	vocab_write_token(vocab, 256, &shown);
	vocab_write_token(vocab, 259, &shown);
	assert_string_equal(shown.data, "\xe4\xb8\xad"
					"a b"
					"\xc3\xa4\xc2\xb8\xc5\x83"
					"b\xc4\xa0"
					"a");
	buf_free(&shown);
	tokens_free(&tokens);
	token_cache_free(cache);
	tokenizer_free(tokenizer);
}

static void test_alphabet(void **state)
{
	bool seen[0x200] = {false};
	uint32_t far = 0x100;

	(void)state;
	for (int b = 0; b < 256; b++) {
		uint32_t code = byte_alphabet_code((uint8_t)b);
		bool near = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;

		assert_int_equal(code, near ? (uint32_t)b : far++);
		assert_int_equal(byte_alphabet_byte(code), b);
		seen[code] = true;
	}
	for (uint32_t code = 0; code < 0x200; code++)
		if (!seen[code])
			assert_int_equal(byte_alphabet_byte(code), -1);
	assert_int_equal(byte_alphabet_byte(UINT32_MAX), -1);
	assert_int_equal(byte_alphabet_byte(0x4e2d), -1);
}

/* --- written and read again ----------------------------------------------------------------- */

static void assert_same(const struct vocab *a, const struct vocab *b)
{
	assert_int_equal(a->token_count, b->token_count);
	assert_int_equal(a->model_count, b->model_count);
	assert_int_equal(a->merge_count, b->merge_count);
	assert_int_equal(a->added_count, b->added_count);
	assert_int_equal(a->split_count, b->split_count);
	assert_int_equal(a->before_count, b->before_count);
	assert_int_equal(a->after_count, b->after_count);
	assert_int_equal(a->ignore_merges, b->ignore_merges);
	assert_memory_equal(a->byte_token, b->byte_token, sizeof(a->byte_token));
	for (uint32_t id = 0; id < a->token_count; id++) {
		assert_int_equal(a->tokens[id].len, b->tokens[id].len);
		assert_memory_equal(a->tokens[id].bytes, b->tokens[id].bytes, a->tokens[id].len);
		assert_int_equal(a->tokens[id].bytes[a->tokens[id].len], 0);
		assert_int_equal(b->tokens[id].bytes[b->tokens[id].len], 0);
	}
	for (uint32_t i = 0; i < a->merge_count; i++) {
		assert_int_equal(a->merges[i].left, b->merges[i].left);
		assert_int_equal(a->merges[i].right, b->merges[i].right);
		assert_int_equal(a->merges[i].result, b->merges[i].result);
	}
	for (uint32_t i = 0; i < a->added_count; i++) {
		assert_int_equal(a->added[i].id, b->added[i].id);
		assert_int_equal(a->added[i].special, b->added[i].special);
		assert_int_equal(a->added[i].lstrip, b->added[i].lstrip);
		assert_int_equal(a->added[i].rstrip, b->added[i].rstrip);
		assert_int_equal(a->added[i].normalized, b->added[i].normalized);
	}
	for (int i = 0; i < a->split_count; i++)
		assert_int_equal(a->splits[i], b->splits[i]);
	for (int i = 0; i < a->before_count; i++)
		assert_int_equal(a->before[i], b->before[i]);
	for (int i = 0; i < a->after_count; i++)
		assert_int_equal(a->after[i], b->after[i]);
}

/* And written once more it is the same bytes. */
static void check_round_trip(const struct vocab *vocab)
{
	struct buf once = {0}, twice = {0};
	struct err err = {0};
	struct vocab *again;

	vocab_write(vocab, &once);
	again = vocab_parse("written", once.data, once.len, &err);
	if (!again)
		fail_msg("%s", err.msg);
	assert_same(vocab, again);
	vocab_write(again, &twice);
	assert_string_equal(once.data, twice.data);
	vocab_free(again);
	buf_free(&once);
	buf_free(&twice);
}

static const enum split trained_splits[] = {SPLIT_DIGITS, SPLIT_GPT2};

static struct vocab *trained(struct rng *rng, const struct bpe_settings *settings, bool by_digits)
{
	const enum split *splits = trained_splits + !by_digits;
	struct bpe_trainer *trainer = bpe_trainer_new(splits, by_digits ? 2 : 1);
	struct vocab *vocab;
	char text[400];

	for (int i = 0; i < 20; i++)
		bpe_trainer_add(trainer, text, random_text(rng, text, sizeof(text)));
	vocab = bpe_trainer_run(trainer, settings, NULL);
	bpe_trainer_free(trainer);
	assert_non_null(vocab);
	return vocab;
}

static void test_round_trip(void **state)
{
	static const char *const special[] = {"<pad>",       "<s>",          "</s>",
					      "a\"\\\n\x7f", "\xe2\x82\xac", NULL};
	struct rng rng = rng_seed(test_seed(), 1);

	(void)state;
	for (int i = 0; i < 50; i++) {
		struct bpe_settings settings = {261 + rng_below(&rng, 300), 0, special, NULL};
		struct vocab *vocab;

		settings.before = rng_chance(&rng, 0.5) ? "<s>" : NULL;
		vocab = trained(&rng, &settings, rng_chance(&rng, 0.5));
		vocab->ignore_merges = rng_chance(&rng, 0.5);
		check_round_trip(vocab);
		vocab_free(vocab);
	}
}

/* Of files from elsewhere: a token that comes twice in the template is named once. */
static void test_round_trip_of_read(void **state)
{
	struct vocab *vocab =
		ACCEPT(.added = "[{\"id\": 256, \"content\": \"<s>\", \"special\": true, "
				"\"lstrip\": true},"
				" {\"id\": 258, \"content\": \"</s>\", \"rstrip\": true}]",
		       .processor =
			       AROUND("[" SPECIAL("<s>") ", " SPECIAL("<s>") ", " TEXT ", " SPECIAL(
				       "<s>") ", " SPECIAL("</s>") ", " SPECIAL("</s>") "]"),
		       .tokens = ", \"\\u4e2d \": 257", .splits = SEQUENCE(DIGITS ", " BYTE_LEVEL));

	(void)state;
	assert_int_equal(vocab->before_count, 2);
	assert_int_equal(vocab->after_count, 3);
	check_round_trip(vocab);
	vocab_free(vocab);
}

/* --- what is refused ------------------------------------------------------------------------ */

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
	vocab_free(ACCEPT(.type = "\"dropout\": 0, \"byte_fallback\": false,"));
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
	refuse(&(struct parts){.tokens = ", \"ab\": 4000000"}, ERR_LIMIT,
	       NAME ":9: id 4000000; at most 4000000 tokens are read");
	refuse(&(struct parts){.tokens = ", \"ab\": 1e300"}, ERR_LIMIT,
	       NAME ":9: id 1e+300; at most 4000000 tokens are read");
	refuse(&(struct parts){.tokens = ", \"ab\": 18446744073709551616"}, ERR_LIMIT,
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

	put_file(&(struct parts){0}, &text);
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
	refuse(&(struct parts){.added = "[{\"content\": \"x\", \"id\": 5e9}]"}, ERR_LIMIT,
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
	struct vocab *vocab;

	(void)state;
	REFUSED(NAME ":2: an added token that is other bytes in the model: \xc4\xa0",
		.added = "[{\"id\": 32, \"content\": \"\\u0120\"}]");
	REFUSED(NAME ":2: an added token that is other bytes in the model: \xc4\xa0"
		     "a",
		.added = "[{\"id\": 256, \"content\": \"\\u0120a\"}]",
		.tokens = ", \"\\u0120a\": 256", .merges = "[\"\\u0120 a\"]");
	/* no merge makes it */
	vocab = ACCEPT(.added = "[{\"id\": 256, \"content\": \"<\\u00e9>\"}]",
		       .tokens = ", \"<\\u00e9>\": 256");
	assert_token(vocab, 256, "<\xc3\xa9>");
	check_round_trip(vocab);
	vocab_free(vocab);
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

/* --- files ---------------------------------------------------------------------------------- */

static char path[300];

static void test_files(void **state)
{
	struct buf text = {0}, message = {0};
	struct err err = {0};
	struct vocab *vocab;

	(void)state;
	put_file(&(struct parts){0}, &text);
	assert_int_equal(fs_write(path, text.data, text.len, &err), 0);
	vocab = vocab_read(path, &err);
	assert_non_null(vocab);
	assert_int_equal(vocab->token_count, 256);
	vocab_free(vocab);
	assert_int_equal(fs_write(path, text.data, text.len / 2, &err), 0);
	assert_null(vocab_read(path, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	buf_str(&message, path);
	buf_str(&message, ":8: ");
	assert_int_equal(strncmp(err.msg, message.data, message.len), 0);
	unlink(path);
	assert_null(vocab_read(path, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, path));
	buf_free(&message);
	buf_free(&text);
}

static void test_large_file(void **state)
{
	char message[400];
	struct err err = {0};

	(void)state;
	assert_int_equal(fs_write(path, "{", 1, &err), 0);
	assert_int_equal(truncate(path, (64l << 20) + 1), 0);
	assert_null(vocab_read(path, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	snprintf(message, sizeof(message), "%s: more than 67108864 bytes", path);
	assert_string_equal(err.msg, message);
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/test_vocab.XXXXXX", tmp ? tmp : "/tmp");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_file),    cmocka_unit_test(test_gpt2_file),
		cmocka_unit_test(test_llama3_file),   cmocka_unit_test(test_splits),
		cmocka_unit_test(test_template),      cmocka_unit_test(test_added_flags),
		cmocka_unit_test(test_verbatim_keys), cmocka_unit_test(test_alphabet),
		cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_round_trip_of_read),
		cmocka_unit_test(test_no_json),       cmocka_unit_test(test_deep_nesting),
		cmocka_unit_test(test_model),         cmocka_unit_test(test_ids),
		cmocka_unit_test(test_bytes),         cmocka_unit_test(test_merges),
		cmocka_unit_test(test_added),         cmocka_unit_test(test_added_of_other_bytes),
		cmocka_unit_test(test_pre_tokenizer), cmocka_unit_test(test_long_pattern),
		cmocka_unit_test(test_processor),     cmocka_unit_test(test_stages),
		cmocka_unit_test(test_files),         cmocka_unit_test(test_large_file),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
