/* SPDX-License-Identifier: MIT */
/*
 * tokenizer: text to tokens and back; added tokens, templates, spans, ignore_merges; decoding in one
 * go and token by token; one tokenizer for many threads.
 */
#include <config.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/random_shapes.h"
#include "tests/random_text.h"
#include "tokenizer/bpe_ref.h"
#include "tokenizer/bpe_train.h"
#include "tokenizer/split.h"
#include "tokenizer/tokenizer.h"

#define TEXT_MAX 600

static const enum split splits[] = {SPLIT_DIGITS, SPLIT_GPT2};
static const char *const specials[] = {"<pad>", "<s>", "</s>", "<image>", NULL};

static const char learned[] = "circle(x=30,y=5,r=5); circle(x=3,y=50,r=15); rectangle(x=1,y=2,"
			      "width=40,height=20)\nlow lower lowest slowly aaaa aaaaaaa  ab  ab\n";

static struct vocab *small_vocab(const char *text, size_t len)
{
	struct bpe_trainer *trainer = bpe_trainer_new(splits, 2);
	const struct bpe_settings settings = {400, 1, specials, "<s>"};
	struct vocab *vocab;

	bpe_trainer_add(trainer, text, len);
	vocab = bpe_trainer_run(trainer, &settings, NULL);
	bpe_trainer_free(trainer);
	assert_non_null(vocab);
	return vocab;
}

struct fixture {
	struct tokenizer *tokenizer;
	struct token_cache *cache;
	struct tokens tokens;
};

static void start(struct fixture *f, struct vocab *vocab)
{
	*f = (struct fixture){tokenizer_new(vocab), token_cache_new(), {.wants_spans = true}};
}

static void end(struct fixture *f)
{
	tokens_free(&f->tokens);
	token_cache_free(f->cache);
	tokenizer_free(f->tokenizer);
}

static void encode(struct fixture *f, const char *text, size_t len, int flags)
{
	tokens_clear(&f->tokens);
	tokens_from_text(f->tokenizer, f->cache, text, len, flags, &f->tokens);
}

/* The tokens as the file writes them, a blank between two. */
static void expect(struct fixture *f, const char *text, int flags, const char *expected)
{
	struct buf shown = {0};

	encode(f, text, strlen(text), flags);
	buf_str(&shown, "");
	for (size_t i = 0; i < f->tokens.count; i++) {
		buf_str(&shown, i ? " " : "");
		vocab_write_token(tokenizer_vocab(f->tokenizer), f->tokens.ids[i], &shown);
	}
	assert_string_equal(shown.data, expected);
	buf_free(&shown);
}

static void test_words(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, small_vocab(learned, strlen(learned)));
	expect(&f, "circle(x=30)", 0, "<s> circle ( x = 3 0 )");
	expect(&f, "circle(x=30)", TOKENS_BARE, "circle ( x = 3 0 )");
	expect(&f, "", 0, "<s>");
	expect(&f, "", TOKENS_BARE, "");
	expect(&f, "<s>low</s><image>", TOKENS_BARE, "<s> low </s> <image>");
	expect(&f, "<s>", TOKENS_BARE | TOKENS_PLAIN, "< s >");
	end(&f);
}

/* Every piece for itself, by the reference. */
static size_t ref_tokens(const struct vocab *vocab, const char *text, size_t len, uint32_t *ids)
{
	struct split_iter it = split_start(vocab->splits, vocab->split_count, text, len);
	const char *piece;
	size_t piece_len, n = 0;

	while (split_next(&it, &piece, &piece_len)) {
		for (size_t i = 0; i < piece_len; i++)
			ids[n + i] = vocab->byte_token[(uint8_t)piece[i]];
		n += bpe_ref_merge(vocab, ids + n, piece_len);
	}
	return n;
}

static void check_spans(const struct fixture *f, const char *text, size_t len)
{
	const struct vocab *vocab = tokenizer_vocab(f->tokenizer);
	size_t at = 0;

	for (size_t i = 0; i < f->tokens.count; i++) {
		const struct vocab_token *token = &vocab->tokens[f->tokens.ids[i]];
		const struct token_span *span = &f->tokens.spans[i];

		assert_int_equal(span->start, at);
		assert_int_equal(span->end - span->start, token->len);
		assert_memory_equal(text + at, token->bytes, token->len);
		at = span->end;
	}
	assert_int_equal(at, len);
}

/* Through the cache again and again, small and full. */
static void test_random_text(void **state)
{
	uint64_t seed = test_seed();
	char text[TEXT_MAX];
	uint32_t expected[TEXT_MAX];

	(void)state;
	for (uint64_t round = 0; round < 30; round++) {
		struct rng rng = rng_stream(seed, round, "text", 0);
		size_t len = random_text(&rng, text, TEXT_MAX);
		struct fixture f;

		start(&f, small_vocab(text, len));
		for (int i = 0; i < 20; i++) {
			size_t n;

			len = random_text(&rng, text, TEXT_MAX);
			n = ref_tokens(tokenizer_vocab(f.tokenizer), text, len, expected);
			encode(&f, text, len, TOKENS_BARE | TOKENS_PLAIN);
			assert_int_equal(f.tokens.count, n);
			assert_memory_equal(f.tokens.ids, expected, n * sizeof(*expected));
			check_spans(&f, text, len);
		}
		end(&f);
	}
}

static void add_token(struct vocab *vocab, const char *content, struct added_token flags)
{
	uint32_t id = vocab->token_count;
	struct vocab_token *tokens = ARENA_NEW(&vocab->arena, struct vocab_token, id + 1);
	struct added_token *added =
		ARENA_NEW(&vocab->arena, struct added_token, vocab->added_count + 1);

	memcpy(tokens, vocab->tokens, id * sizeof(*tokens));
	memcpy(added, vocab->added, vocab->added_count * sizeof(*added));
	tokens[id] = (struct vocab_token){arena_strndup(&vocab->arena, content, strlen(content)),
					  (uint32_t)strlen(content), true};
	flags.id = id;
	added[vocab->added_count++] = flags;
	vocab->tokens = tokens;
	vocab->added = added;
	vocab->token_count++;
}

static void test_added_tokens(void **state)
{
	struct vocab *vocab = small_vocab(learned, strlen(learned));
	struct fixture f;

	(void)state;
	add_token(vocab, "lo", (struct added_token){.normalized = true});
	add_token(vocab, "lower", (struct added_token){.normalized = true});
	add_token(vocab, "we", (struct added_token){.normalized = false});
	add_token(vocab, "<L>", (struct added_token){.special = true, .lstrip = true});
	add_token(vocab, "<R>", (struct added_token){.special = true, .rstrip = true});
	start(&f, vocab);
	/* the longest; but what is not normalized is found first */
	expect(&f, "lo lower", TOKENS_BARE, "lo \xc4\xa0 lo we r");
	expect(&f, "lo  <L>", TOKENS_BARE, "lo <L>");
	assert_int_equal(f.tokens.spans[1].start, 2);
	assert_int_equal(f.tokens.spans[1].end, 7);
	expect(&f, "<R>\xe3\x80\x80\t <L>x", TOKENS_BARE, "<R> <L> x");
	assert_int_equal(f.tokens.spans[0].end, 8);
	assert_int_equal(f.tokens.spans[1].start, 8);
	expect(&f, "<R> <R", TOKENS_BARE, "<R> < R");
	end(&f);
}

static void test_template(void **state)
{
	struct vocab *vocab = small_vocab(learned, strlen(learned));
	struct fixture f;

	(void)state;
	vocab->after = ARENA_NEW(&vocab->arena, uint32_t, 1);
	vocab->after[vocab->after_count++] = 2;
	start(&f, vocab);
	expect(&f, "low", 0, "<s> low </s>");
	assert_int_equal(f.tokens.spans[0].start, 0);
	assert_int_equal(f.tokens.spans[0].end, 0);
	end(&f);
}

static void test_ignore_merges(void **state)
{
	struct vocab *vocab = small_vocab(learned, strlen(learned));
	struct fixture f;

	(void)state;
	vocab->merge_count = 1; /* tokens that merges no longer reach */
	vocab->ignore_merges = true;
	start(&f, vocab);
	expect(&f, "circle", TOKENS_BARE, "circle");
	expect(&f, "circles", TOKENS_BARE,
	       vocab->merges[0].result == vocab_find(vocab, "ci") ? "ci r c l e s"
								  : "c i r c l e s");
	end(&f);
}

/* Longer than the cache's keys, and more tokens than it holds. */
static void test_long_pieces(void **state)
{
	struct fixture f;
	char text[200];

	(void)state;
	start(&f, small_vocab(learned, strlen(learned)));
	for (size_t len = 1; len < sizeof(text); len++) {
		uint32_t expected[sizeof(text)];
		size_t n;

		memset(text, 'q', sizeof(text));
		memcpy(text, "lowestslowestlowerqqlowest", len < 26 ? len : 26);
		n = ref_tokens(tokenizer_vocab(f.tokenizer), text, len, expected);
		for (int again = 0; again < 2; again++) {
			encode(&f, text, len, TOKENS_BARE);
			assert_int_equal(f.tokens.count, n);
			assert_memory_equal(f.tokens.ids, expected, n * sizeof(*expected));
		}
	}
	end(&f);
}

/* --- decoding ------------------------------------------------------------------------------- */

static void stream_all(const struct fixture *f, int flags, struct buf *text)
{
	struct text_stream stream = {.flags = flags};

	for (size_t i = 0; i < f->tokens.count; i++) {
		assert_int_equal(
			text_stream_add(&stream, f->tokenizer, f->tokens.ids[i], text, NULL), 0);
		assert_true(stream.held_count <= 3);
	}
	text_stream_end(&stream, text);
	assert_int_equal(stream.held_count, 0);
}

static void assert_same_text(const struct buf *a, const char *b, size_t len)
{
	assert_int_equal(a->len, len);
	if (len)
		assert_memory_equal(a->data, b, len);
}

static void test_round_trip(void **state)
{
	uint64_t seed = test_seed();
	struct fixture f;
	char text[TEXT_MAX];

	(void)state;
	start(&f, small_vocab(learned, strlen(learned)));
	for (uint64_t round = 0; round < 300; round++) {
		struct rng rng = rng_stream(seed, round, "trip", 0);
		size_t len = random_text(&rng, text, TEXT_MAX);
		struct buf whole = {0}, piecewise = {0}, lossy = {0}, lossy_piecewise = {0};

		encode(&f, text, len, TOKENS_BARE | TOKENS_PLAIN);
		assert_int_equal(text_from_tokens(f.tokenizer, f.tokens.ids, f.tokens.count, 0,
						  &whole, NULL),
				 0);
		assert_same_text(&whole, text, len);
		stream_all(&f, 0, &piecewise);
		assert_same_text(&piecewise, text, len);
		assert_int_equal(text_from_tokens(f.tokenizer, f.tokens.ids, f.tokens.count,
						  TEXT_LOSSY, &lossy, NULL),
				 0);
		stream_all(&f, TEXT_LOSSY, &lossy_piecewise);
		assert_same_text(&lossy_piecewise, lossy.data ? lossy.data : "", lossy.len);
		buf_free(&whole);
		buf_free(&piecewise);
		buf_free(&lossy);
		buf_free(&lossy_piecewise);
	}
	end(&f);
}

#define FFFD "\xef\xbf\xbd"

static void test_lossy(void **state)
{
	/* what Python's bytes.decode(errors="replace") gives */
	static const char *const cases[][2] = {
		{"a\xff"
		 "b",
		 "a" FFFD "b"},
		{"\xe4\xb8", FFFD},
		{"\xe4\xb8z", FFFD "z"},
		{"\xe4\xb8\xe4\xb8\xad", FFFD "\xe4\xb8\xad"},
		{"\xf0\x9f\x99", FFFD},
		{"\xc3\xc3\xa9", FFFD "\xc3\xa9"},
		{"\xed\xa0\x80", FFFD FFFD FFFD},
		{"\xc0\x80", FFFD FFFD},
		{"\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD},
		{"\x80", FFFD},
	};
	struct fixture f;

	(void)state;
	start(&f, small_vocab(learned, strlen(learned)));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf text = {0};

		encode(&f, cases[i][0], strlen(cases[i][0]), TOKENS_BARE);
		assert_int_equal(text_from_tokens(f.tokenizer, f.tokens.ids, f.tokens.count,
						  TEXT_LOSSY, &text, NULL),
				 0);
		assert_string_equal(text.data, cases[i][1]);
		buf_free(&text);
	}
	end(&f);
}

/* A character comes out with the token that ends it, not before. */
static void test_stream_holds_back(void **state)
{
	struct text_stream stream = {0};
	struct buf text = {0};
	struct fixture f;

	(void)state;
	start(&f, small_vocab(learned, strlen(learned)));
	encode(&f, "\xf0\x9f\x99\x82", 4, TOKENS_BARE);
	assert_int_equal(f.tokens.count, 4);
	for (int i = 0; i < 4; i++) {
		text_stream_add(&stream, f.tokenizer, f.tokens.ids[i], &text, NULL);
		assert_int_equal(text.len, i < 3 ? 0 : 4);
	}
	buf_free(&text);
	end(&f);
}

static void test_special_tokens(void **state)
{
	const uint32_t ids[] = {1, 3, 2}, beyond[] = {1, 400};
	struct text_stream stream = {0};
	struct buf text = {0};
	struct err err = {0};
	struct fixture f;

	(void)state;
	start(&f, small_vocab(learned, strlen(learned)));
	assert_int_equal(text_from_tokens(f.tokenizer, ids, 3, 0, &text, &err), 0);
	assert_string_equal(text.data, "<s><image></s>");
	assert_int_equal(text_from_tokens(f.tokenizer, ids, 3, TEXT_WITHOUT_SPECIAL, &text, &err),
			 0);
	assert_string_equal(text.data, "<s><image></s>");
	assert_int_equal(text_from_tokens(f.tokenizer, beyond, 2, 0, &text, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "no token has id 400; the vocabulary has "));
	assert_string_equal(text.data, "<s><image></s>");
	assert_int_equal(text_stream_add(&stream, f.tokenizer, UINT32_MAX, &text, &err), -1);
	assert_non_null(strstr(err.msg, "no token has id 4294967295"));
	buf_free(&text);
	end(&f);
}

/* --- threads -------------------------------------------------------------------------------- */

struct worker {
	pthread_t thread;
	const struct tokenizer *tokenizer;
	uint64_t seed;
	uint64_t hash;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct token_cache *cache = token_cache_new();
	struct tokens tokens = {0};
	char text[TEXT_MAX];

	for (uint64_t i = 0; i < 300; i++) {
		struct rng rng = rng_stream(w->seed, i, "thread", 0);
		size_t len = random_text(&rng, text, TEXT_MAX);

		tokens_clear(&tokens);
		tokens_from_text(w->tokenizer, cache, text, len, 0, &tokens);
		for (size_t k = 0; k < tokens.count; k++)
			w->hash = rng_mix64(w->hash ^ tokens.ids[k]);
	}
	tokens_free(&tokens);
	token_cache_free(cache);
	return NULL;
}

static void test_threads(void **state)
{
	uint64_t seed = test_seed();
	struct worker workers[4];
	struct fixture f;

	(void)state;
	start(&f, small_vocab(learned, strlen(learned)));
	for (int i = 0; i < 4; i++) {
		workers[i] = (struct worker){.tokenizer = f.tokenizer, .seed = seed};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(workers[i].thread, NULL);
	for (int i = 1; i < 4; i++)
		assert_true(workers[i].hash == workers[0].hash);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_random_text),
		cmocka_unit_test(test_added_tokens),
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_ignore_merges),
		cmocka_unit_test(test_long_pieces),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_stream_holds_back),
		cmocka_unit_test(test_special_tokens),
		cmocka_unit_test(test_threads),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
