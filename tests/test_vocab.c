/* SPDX-License-Identifier: MIT */
/* vocab: tokenizer.json read, files of known models among them; written and read again. */
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
#include "formats/model/vocab.h"
#include "tests/random_shapes.h"
#include "tests/random_text.h"
#include "tests/vocab_parts.h"
#include "tokenizer/bpe_train.h"
#include "tokenizer/tokenizer.h"

static struct vocab *accept(const struct vocab_parts *parts)
{
	struct buf text = {0};
	struct err err = {0};
	struct vocab *vocab;

	vocab_parts_write(parts, &text);
	vocab = vocab_parse("v.json", text.data, text.len, &err);
	if (!vocab)
		fail_msg("%s", err.msg);
	buf_free(&text);
	return vocab;
}

#define ACCEPT(...) accept(&(struct vocab_parts){__VA_ARGS__})

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

/* An added token is its content even where the model's key is the same characters for other bytes, if
 * no merge makes it. */
static void test_added_of_other_bytes(void **state)
{
	struct vocab *vocab = ACCEPT(.added = "[{\"id\": 256, \"content\": \"<\\u00e9>\"}]",
				     .tokens = ", \"<\\u00e9>\": 256");

	(void)state;
	assert_token(vocab, 256, "<\xc3\xa9>");
	check_round_trip(vocab);
	vocab_free(vocab);
}

/* --- files ---------------------------------------------------------------------------------- */

static char path[300];

static void test_files(void **state)
{
	struct buf text = {0}, message = {0};
	struct err err = {0};
	struct vocab *vocab;

	(void)state;
	vocab_parts_write(&(struct vocab_parts){0}, &text);
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
		cmocka_unit_test(test_plain_file),
		cmocka_unit_test(test_gpt2_file),
		cmocka_unit_test(test_llama3_file),
		cmocka_unit_test(test_splits),
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_added_flags),
		cmocka_unit_test(test_verbatim_keys),
		cmocka_unit_test(test_alphabet),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_round_trip_of_read),
		cmocka_unit_test(test_added_of_other_bytes),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_large_file),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
