/* SPDX-License-Identifier: MIT */
/*
 * bpe_train and bpe_merge against bpe_ref, on random text: few letters in long repeats, broken UTF-8,
 * NULs, special tokens that are what a merge makes as well, ranks out of order; and what a line of
 * ten megabytes without a space becomes.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tests/random_shapes.h"
#include "tests/random_text.h"
#include "tokenizer/bpe_merge.h"
#include "tokenizer/bpe_ref.h"
#include "tokenizer/bpe_train.h"
#include "tokenizer/split.h"

#define ROUNDS 300
#define TEXT_MAX 400
#define WORDS_MAX (8 * TEXT_MAX)
#define MERGES_MAX 2000

static uint64_t seed;

static const enum split splits[] = {SPLIT_DIGITS, SPLIT_GPT2};

/* --- training ------------------------------------------------------------------------------- */

struct trial {
	char text[TEXT_MAX];
	size_t len;
	const char *special[4];
	struct bpe_settings settings;
	struct arena arena;
};

static void random_settings(struct trial *t, struct rng *rng)
{
	static const char *const names[] = {"<s>",   "ab", "aa", "aaaa",
					    "aaaaa", "x=", "a",  "\xe2\x82\xac"};
	uint32_t first = rng_below(rng, 8), count = rng_below(rng, 4);

	for (uint32_t i = 0; i < 4; i++)
		t->special[i] = i < count ? names[(first + i) % 8] : NULL;
	t->settings.special = t->special;
	t->settings.vocab_size = 260 + rng_below(rng, 400);
	t->settings.min_frequency = rng_below(rng, 4);
}

static struct vocab *train(const struct trial *t, int split_count)
{
	struct bpe_trainer *trainer = bpe_trainer_new(splits + 2 - split_count, split_count);
	struct err err = {0};
	struct vocab *vocab;

	bpe_trainer_add(trainer, t->text, t->len / 2);
	bpe_trainer_add(trainer, t->text + t->len / 2, t->len - t->len / 2);
	vocab = bpe_trainer_run(trainer, &t->settings, &err);
	if (!vocab)
		fail_msg("%s", err.msg);
	bpe_trainer_free(trainer);
	return vocab;
}

/* Special ones, then the byte alphabet by code points; ids of bytes. */
static void ref_start(struct ref_names *names, const struct trial *t, uint32_t byte_token[256],
		      struct arena *arena)
{
	names->room = 256 + 4 + MERGES_MAX;
	names->names = ARENA_NEW(arena, char *, names->room);
	for (int i = 0; i < 4 && t->special[i]; i++)
		names->names[names->count++] =
			arena_strndup(arena, t->special[i], strlen(t->special[i]));
	for (uint32_t code = 0; code < 0x200; code++) {
		int byte = byte_alphabet_byte(code);
		char name[3] = {(char)code};
		size_t i;

		if (byte < 0)
			continue;
		if (code >= 0x80) {
			name[0] = (char)(0xc0 | code >> 6);
			name[1] = (char)(0x80 | (code & 0x3f));
		}
		for (i = 0; i < names->count && strcmp(names->names[i], name) != 0; i++)
			;
		if (i == names->count)
			names->names[names->count++] = arena_strndup(arena, name, strlen(name));
		byte_token[byte] = (uint32_t)i;
	}
}

static void ref_add(struct ref_word *words, size_t *count, const char *piece, size_t len,
		    const uint32_t byte_token[256], struct arena *arena)
{
	uint32_t *ids = ARENA_NEW(arena, uint32_t, len);

	for (size_t i = 0; i < len; i++)
		ids[i] = byte_token[(uint8_t)piece[i]];
	for (size_t w = 0; w < *count; w++)
		if (words[w].count == len && memcmp(words[w].ids, ids, len * sizeof(*ids)) == 0) {
			words[w].occurrences++;
			return;
		}
	assert_true(*count < WORDS_MAX);
	words[(*count)++] = (struct ref_word){ids, len, 1};
}

static size_t ref_words(struct ref_word *words, struct trial *t, int split_count,
			const uint32_t byte_token[256])
{
	size_t half[3] = {0, t->len / 2, t->len}, count = 0;

	for (int part = 0; part < 2; part++) {
		struct split_iter it =
			split_start(splits + 2 - split_count, split_count, t->text + half[part],
				    half[part + 1] - half[part]);
		const char *piece;
		size_t len;

		while (split_next(&it, &piece, &len))
			ref_add(words, &count, piece, len, byte_token, &t->arena);
	}
	return count;
}

/* Of a pair that is in twice the last one holds. */
static size_t last_merges(struct vocab_merge *merges, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		bool again = false;

		for (size_t k = i + 1; k < count; k++)
			again |= merges[k].left == merges[i].left &&
				 merges[k].right == merges[i].right;
		if (!again)
			merges[kept++] = merges[i];
	}
	return kept;
}

static void compare_vocab(const struct vocab *vocab, const struct ref_names *names,
			  const struct vocab_merge *merges, size_t count)
{
	struct buf name = {0};

	assert_int_equal(vocab->token_count, names->count);
	for (uint32_t id = 0; id < vocab->token_count; id++) {
		buf_clear(&name);
		vocab_write_token(vocab, id, &name);
		assert_string_equal(name.data, names->names[id]);
	}
	buf_free(&name);
	assert_int_equal(vocab->merge_count, count);
	for (size_t i = 0; i < count; i++)
		assert_memory_equal(&vocab->merges[i], &merges[i], sizeof(*merges));
}

/* Returns how many merges were superseded. */
static size_t check_training(struct trial *t, int split_count)
{
	static struct ref_word words[WORDS_MAX];
	static struct vocab_merge merges[MERGES_MAX];
	struct ref_names names = {0};
	uint32_t byte_token[256];
	size_t word_count, count, kept;
	struct vocab *vocab = train(t, split_count);

	ref_start(&names, t, byte_token, &t->arena);
	word_count = ref_words(words, t, split_count, byte_token);
	count = bpe_ref_train(words, word_count, &names, t->settings.vocab_size,
			      (int64_t)t->settings.min_frequency, merges, MERGES_MAX, &t->arena);
	kept = last_merges(merges, count);
	compare_vocab(vocab, &names, merges, kept);
	assert_memory_equal(vocab->byte_token, byte_token, sizeof(byte_token));
	vocab_free(vocab);
	return count - kept;
}

static void test_training(void **state)
{
	struct trial *t = mem_alloc(1, sizeof(*t));
	size_t superseded = 0, merged_to_special = 0;

	(void)state;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		struct rng rng = rng_stream(seed, i, "training", 0);

		random_settings(t, &rng);
		t->len = random_text(&rng, t->text, TEXT_MAX);
		superseded += check_training(t, 1 + rng_chance(&rng, 0.5));
		merged_to_special += t->special[0] && t->len > 100;
		arena_reset(&t->arena);
	}
	print_message("# %zu merges done twice\n", superseded);
	assert_true(merged_to_special > 0);
	arena_free(&t->arena);
	free(t);
}

/* A merged string that is a special token already takes its id; nothing is added for it. */
static void test_merge_into_special(void **state)
{
	struct trial *t = mem_alloc(1, sizeof(*t));
	struct vocab *vocab;

	(void)state;
	t->special[0] = "ab";
	t->settings = (struct bpe_settings){300, 1, t->special, NULL};
	strcpy(t->text, "abc abc");
	t->len = strlen(t->text);
	vocab = train(t, 1);
	assert_int_equal(vocab->merges[0].result, 0);
	assert_int_equal(vocab->merges[0].left, vocab->byte_token['a']);
	assert_int_equal(vocab->merges[1].left, 0);
	assert_int_equal(vocab->merges[1].right, vocab->byte_token['c']);
	assert_int_equal(vocab->token_count, 257 + vocab->merge_count - 1);
	vocab_free(vocab);
	free(t);
}

static void refuse_settings(const struct bpe_settings *settings, const char *message)
{
	struct bpe_trainer *trainer = bpe_trainer_new(splits, 2);
	struct err err = {0};

	assert_null(bpe_trainer_run(trainer, settings, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, message);
	bpe_trainer_free(trainer);
}

static void test_settings(void **state)
{
	const char *const none[] = {NULL}, *const two[] = {"<s>", "<s>", NULL};
	const char *const empty[] = {"", NULL}, *const broken[] = {"\xc3", NULL};
	const char *const accent[] = {"\xc3\xa9", NULL};
	const char *const one[] = {"<s>", NULL};

	(void)state;
	refuse_settings(&(struct bpe_settings){256, 0, one, NULL},
			"a vocabulary of 256 tokens has no room for 1 special ones and 256 bytes");
	refuse_settings(&(struct bpe_settings){300, 0, two, NULL},
			"special token '<s>' given twice");
	refuse_settings(&(struct bpe_settings){300, 0, empty, NULL},
			"a special token must not be empty");
	refuse_settings(&(struct bpe_settings){300, 0, broken, NULL},
			"a special token must be UTF-8");
	refuse_settings(&(struct bpe_settings){300, 0, accent, NULL},
			"special token '\xc3\xa9' would stand for other bytes; write it in ASCII");
	refuse_settings(&(struct bpe_settings){300, 0, none, "<s>"},
			"'<s>' is not among the special tokens");
}

static void test_empty_text(void **state)
{
	struct trial *t = mem_alloc(1, sizeof(*t));
	struct vocab *vocab;

	(void)state;
	t->special[0] = "<s>";
	t->settings = (struct bpe_settings){2048, 0, t->special, "<s>"};
	vocab = train(t, 2);
	assert_int_equal(vocab->token_count, 257);
	assert_int_equal(vocab->merge_count, 0);
	assert_int_equal(vocab->before_count, 1);
	assert_int_equal(vocab->before[0], 0);
	vocab_free(vocab);
	free(t);
}

/* --- merging -------------------------------------------------------------------------------- */

static void bytes_to_ids(const struct vocab *vocab, const char *text, size_t n, uint32_t *ids)
{
	for (size_t i = 0; i < n; i++)
		ids[i] = vocab->byte_token[(uint8_t)text[i]];
}

static void check_way(const struct vocab *vocab, const struct merge_table *table,
		      struct merge_scratch *scratch, const struct trial *t, size_t n,
		      enum merge_way way)
{
	uint32_t ids[TEXT_MAX], expected[TEXT_MAX];
	size_t count, expected_count;

	bytes_to_ids(vocab, t->text, n, ids);
	memcpy(expected, ids, sizeof(ids));
	count = bpe_merge_by(table, scratch, ids, n, way);
	expected_count = bpe_ref_merge(vocab, expected, n);
	assert_int_equal(count, expected_count);
	assert_memory_equal(ids, expected, count * sizeof(*ids));
}

static void shuffle_merges(struct vocab *vocab, struct rng *rng)
{
	for (uint32_t i = vocab->merge_count; i > 1; i--) {
		uint32_t k = rng_below(rng, i);
		struct vocab_merge m = vocab->merges[k];

		vocab->merges[k] = vocab->merges[i - 1];
		vocab->merges[i - 1] = m;
	}
}

static void check_merging(struct trial *t, struct rng *rng, size_t ways[2])
{
	struct vocab *vocab = train(t, 0);
	struct merge_scratch scratch = {0};
	struct merge_table *table;

	if (rng_chance(rng, 0.3))
		shuffle_merges(vocab, rng);
	table = merge_table_new(vocab);
	ways[merge_table_is_ordered(table)]++;
	for (int i = 0; i < 5; i++) {
		size_t few = rng_below(rng, MERGE_ROWS_MAX + 1);

		t->len = random_text(rng, t->text, TEXT_MAX);
		check_way(vocab, table, &scratch, t, t->len < few ? t->len : few, MERGE_BY_ROWS);
		check_way(vocab, table, &scratch, t, t->len, MERGE_BY_HEAP);
		if (merge_table_is_ordered(table))
			check_way(vocab, table, &scratch, t, t->len, MERGE_BY_LISTS);
	}
	merge_table_free(table);
	merge_scratch_free(&scratch);
	vocab_free(vocab);
}

static void test_merging(void **state)
{
	struct trial *t = mem_alloc(1, sizeof(*t));
	size_t ways[2] = {0};

	(void)state;
	for (uint64_t i = 0; i < ROUNDS / 3; i++) {
		struct rng rng = rng_stream(seed, i, "merging", 0);

		random_settings(t, &rng);
		t->special[0] = NULL;
		t->settings.min_frequency = 0;
		t->len = random_text(&rng, t->text, TEXT_MAX);
		check_merging(t, &rng, ways);
		arena_reset(&t->arena);
	}
	assert_true(ways[0] > 0 && ways[1] > 0);
	arena_free(&t->arena);
	free(t);
}

/* Of a pair with two ranks the last holds. */
static void test_doubled_merge(void **state)
{
	struct trial *t = mem_alloc(1, sizeof(*t));
	struct merge_scratch scratch = {0};
	struct merge_table *table;
	struct vocab *vocab;

	(void)state;
	t->settings = (struct bpe_settings){258, 1, t->special, NULL};
	strcpy(t->text, "ab ab ab bc bc");
	t->len = strlen(t->text);
	vocab = train(t, 1);
	assert_int_equal(vocab->merge_count, 2);
	vocab->merges = memcpy(ARENA_NEW(&vocab->arena, struct vocab_merge, 3), vocab->merges,
			       2 * sizeof(*vocab->merges));
	vocab->merges[2] = vocab->merges[0];
	vocab->merge_count = 3;
	table = merge_table_new(vocab);
	strcpy(t->text, "abc");
	for (int way = MERGE_BY_ROWS; way <= MERGE_BY_LISTS; way++)
		check_way(vocab, table, &scratch, t, 3, (enum merge_way)way);
	merge_table_free(table);
	merge_scratch_free(&scratch);
	vocab_free(vocab);
	free(t);
}

/* --- a long line ---------------------------------------------------------------------------- */

#define LONG_BYTES 10000000

static char *long_line(void)
{
	static const char *const syllables[] = {"kon", "stan", "ti", "no", "pel", "aaaa"};
	struct rng rng = rng_seed(seed, 3);
	char *line = mem_alloc(LONG_BYTES, 1);

	for (size_t at = 0; at < LONG_BYTES;) {
		const char *s = syllables[rng_below(&rng, 6)];

		for (; *s && at < LONG_BYTES; s++)
			line[at++] = *s;
	}
	return line;
}

static void test_long_line(void **state)
{
	char *line = long_line();
	struct bpe_trainer *trainer = bpe_trainer_new(splits, 2);
	const char *const none[] = {NULL};
	const struct bpe_settings settings = {300, 2, none, NULL};
	struct vocab *vocab;
	struct merge_table *table;
	struct merge_scratch scratch = {0};
	uint32_t *by_lists = mem_alloc(LONG_BYTES, sizeof(uint32_t));
	uint32_t *by_heap = mem_alloc(LONG_BYTES, sizeof(uint32_t));
	size_t n;

	(void)state;
	bpe_trainer_add(trainer, line, LONG_BYTES);
	assert_int_equal(bpe_trainer_counts(trainer).distinct, 1);
	vocab = bpe_trainer_run(trainer, &settings, NULL);
	assert_int_equal(vocab->token_count, 300);
	table = merge_table_new(vocab);
	bytes_to_ids(vocab, line, LONG_BYTES, by_lists);
	bytes_to_ids(vocab, line, LONG_BYTES, by_heap);
	n = bpe_merge(table, &scratch, by_lists, LONG_BYTES);
	assert_true(n < LONG_BYTES / 4);
	assert_int_equal(bpe_merge_by(table, &scratch, by_heap, LONG_BYTES, MERGE_BY_HEAP), n);
	assert_memory_equal(by_lists, by_heap, n * sizeof(*by_lists));
	merge_scratch_free(&scratch);
	merge_table_free(table);
	vocab_free(vocab);
	bpe_trainer_free(trainer);
	free(by_lists);
	free(by_heap);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_training),  cmocka_unit_test(test_merge_into_special),
		cmocka_unit_test(test_settings),  cmocka_unit_test(test_empty_text),
		cmocka_unit_test(test_merging),   cmocka_unit_test(test_doubled_merge),
		cmocka_unit_test(test_long_line),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
