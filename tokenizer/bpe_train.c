/* SPDX-License-Identifier: MIT */
/*
 * Words are rows of ids in one array and shrink in place. A pair's count is that of all its
 * occurrences, weighted by the counts of their words. The queue holds claims: a pair, the count it
 * had, and the words where it was found. The claim with the largest count is taken, of equal ones
 * that with the smaller ids; if the count has changed meanwhile it goes back with the new one.
 *
 * A merge looks at the claim's words alone. What it makes new is claimed once it is through, one
 * claim for each new pair. The merged pair's own count is left as it is, and a merged string that is
 * a token already keeps that token's id: both as in Hugging Face's trainer, whose merges these are
 * to be.
 *
 * Tokens are compared by their names, in the byte alphabet, because special ones are among them.
 */
#include <config.h>

#include "tokenizer/bpe_train.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_map.h"
#include "base/mem.h"
#include "tokenizer/claims.h"
#include "tokenizer/pair_map.h"
#include "tokenizer/unicode_class.h"
#include "tokenizer/word_count.h"

struct bpe_trainer {
	const enum split *splits;
	int split_count;
	struct word_count words;
};

struct run {
	struct word_count *words;
	uint32_t *symbols; /* of word i from words->map.starts[i] on */
	uint32_t *lengths; /* of each word, in symbols */
	uint32_t word_count;
	struct pair_map pairs;
	int64_t *counts; /* of each pair */
	uint32_t pairs_room;
	struct claims claims;
	struct byte_map names; /* of token i */
	struct vocab_merge *merges;
	uint32_t merge_count, merge_room;
};

struct bpe_trainer *bpe_trainer_new(const enum split *splits, int split_count)
{
	struct bpe_trainer *trainer = mem_alloc(1, sizeof(*trainer));

	trainer->splits = splits;
	trainer->split_count = split_count;
	return trainer;
}

void bpe_trainer_free(struct bpe_trainer *trainer)
{
	if (!trainer)
		return;
	word_count_free(&trainer->words);
	free(trainer);
}

void bpe_trainer_add(struct bpe_trainer *trainer, const char *text, size_t len)
{
	word_count_text(&trainer->words, trainer->splits, trainer->split_count, text, len);
}

struct bpe_counts bpe_trainer_counts(const struct bpe_trainer *trainer)
{
	const struct word_count *words = &trainer->words;

	return (struct bpe_counts){words->bytes, words->pieces, words->map.count,
				   words->map.bytes_used};
}

static uint32_t number_pair(struct run *run, uint32_t left, uint32_t right)
{
	uint32_t number = pair_map_add(&run->pairs, pair_key(left, right));

	if (number >= run->pairs_room) {
		uint32_t room = number + number / 2 + 1024;

		run->counts = mem_realloc(run->counts, room, sizeof(*run->counts));
		memset(run->counts + run->pairs_room, 0,
		       (room - run->pairs_room) * sizeof(*run->counts));
		run->pairs_room = room;
	}
	return number;
}

static void make_symbols(struct run *run, const uint32_t byte_token[256])
{
	const struct byte_map *map = &run->words->map;

	run->word_count = map->count;
	run->symbols = mem_alloc(map->bytes_used, sizeof(*run->symbols));
	run->lengths = mem_alloc(map->count, sizeof(*run->lengths));
	for (size_t i = 0; i < map->bytes_used; i++)
		run->symbols[i] = byte_token[(uint8_t)map->bytes[i]];
	for (uint32_t i = 0; i < map->count; i++)
		run->lengths[i] = (uint32_t)(map->starts[i + 1] - map->starts[i]);
}

/* Counts one occurrence of the pair in the word, or takes one away. */
static uint32_t count_pair(struct run *run, uint32_t left, uint32_t right, uint32_t word, int sign)
{
	uint32_t pair = number_pair(run, left, right);

	run->counts[pair] += sign * (int64_t)run->words->counts[word];
	return pair;
}

static void claim_pair(struct run *run, uint32_t left, uint32_t right, uint32_t word)
{
	uint32_t pair = count_pair(run, left, right, word, 1);

	claims_note(&run->claims, pair, left, right, word);
}

static void count_pairs(struct run *run)
{
	for (uint32_t word = 0; word < run->word_count; word++) {
		const uint32_t *s = run->symbols + run->words->map.starts[word];

		for (uint32_t i = 1; i < run->lengths[word]; i++)
			claim_pair(run, s[i - 1], s[i], word);
	}
	claims_enter(&run->claims, run->counts);
}

/* Merges left to right within the word; what stands before a hit is merged already, what stands
 * behind is not. */
static void merge_in_word(struct run *run, uint32_t word, const struct vocab_merge *m)
{
	uint32_t *s = run->symbols + run->words->map.starts[word];
	uint32_t n = run->lengths[word], out = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (s[i] != m->left || i + 1 == n || s[i + 1] != m->right) {
			s[out++] = s[i];
			continue;
		}
		if (out > 0) {
			count_pair(run, s[out - 1], m->left, word, -1);
			claim_pair(run, s[out - 1], m->result, word);
		}
		i++;
		s[out++] = m->result;
		if (i + 1 < n) {
			count_pair(run, m->right, s[i + 1], word, -1);
			claim_pair(run, m->result, s[i + 1], word);
		}
	}
	run->lengths[word] = out;
}

static uint32_t name_merged(struct run *run, uint32_t left, uint32_t right, struct buf *name)
{
	size_t len;
	const char *part = byte_map_at(&run->names, left, &len);

	buf_clear(name);
	buf_bytes(name, part, len);
	part = byte_map_at(&run->names, right, &len);
	buf_bytes(name, part, len);
	return byte_map_add(&run->names, name->data, name->len);
}

static void record_merge(struct run *run, const struct vocab_merge *merge)
{
	if (run->merge_count == run->merge_room) {
		run->merge_room += run->merge_room / 2 + 1024;
		run->merges = mem_realloc(run->merges, run->merge_room, sizeof(*run->merges));
	}
	run->merges[run->merge_count++] = *merge;
}

static void merge_all(struct run *run, const struct bpe_settings *settings)
{
	struct buf name = {0};
	struct claim claim;

	while (run->names.count < settings->vocab_size && claims_take(&run->claims, &claim)) {
		struct vocab_merge merge = {claim.left, claim.right, 0};

		if (claim.count != run->counts[claim.pair]) {
			claim.count = run->counts[claim.pair];
			claims_put(&run->claims, &claim);
			continue;
		}
		if (claim.count < 1 || (uint64_t)claim.count < settings->min_frequency) {
			claim_free(&claim);
			break;
		}
		merge.result = name_merged(run, claim.left, claim.right, &name);
		record_merge(run, &merge);
		for (uint32_t i = 0; i < claim.word_count; i++)
			merge_in_word(run, claim.words[i], &merge);
		claim_free(&claim);
		claims_enter(&run->claims, run->counts);
	}
	buf_free(&name);
}

/* A name of characters of the byte alphabet that are not ASCII is a name of other bytes too. */
static bool is_ambiguous(const char *name)
{
	struct arena arena = {0};
	struct vocab_token token = vocab_token_from_key(name, &arena);
	bool ambiguous = strcmp(token.bytes, name) != 0;

	arena_free(&arena);
	return ambiguous;
}

static int check_special(const char *name, struct err *err)
{
	const char *const whole = name, *end = name + strlen(name);

	if (!*name)
		return err_set(err, ERR_USAGE, "a special token must not be empty");
	for (int bytes; name < end; name += bytes) {
		bytes = utf8_extent(name, end);
		if (bytes <= 0)
			return err_set(err, ERR_USAGE, "a special token must be UTF-8");
	}
	if (is_ambiguous(whole))
		return err_set(err, ERR_USAGE,
			       "special token '%s' would stand for other bytes; write it in ASCII",
			       whole);
	return 0;
}

static int add_special(struct run *run, const struct bpe_settings *settings, struct err *err)
{
	for (const char *const *s = settings->special; *s; s++) {
		uint32_t count = run->names.count;

		if (check_special(*s, err) < 0)
			return -1;
		if (byte_map_add(&run->names, *s, strlen(*s)) != count)
			return err_set(err, ERR_USAGE, "special token '%s' given twice", *s);
	}
	return 0;
}

/* In order of code points, not of bytes. */
static void add_alphabet(struct run *run, uint32_t byte_token[256])
{
	for (uint32_t code = 0; code < 0x200; code++) {
		int byte = byte_alphabet_byte(code);
		char name[3];

		if (byte >= 0)
			byte_token[byte] = byte_map_add(&run->names, name,
							byte_alphabet_key((uint8_t)byte, name));
	}
}

/* Of a pair that was merged twice the last rank holds. */
static void give_merges(const struct run *run, struct vocab *vocab)
{
	struct pair_map seen = {0};
	uint32_t kept = run->merge_count;

	vocab->merges = ARENA_NEW(&vocab->arena, struct vocab_merge, run->merge_count + 1);
	for (uint32_t i = run->merge_count; i-- > 0;) {
		uint32_t count = seen.count;

		pair_map_add(&seen, pair_key(run->merges[i].left, run->merges[i].right));
		if (seen.count > count)
			vocab->merges[--kept] = run->merges[i];
	}
	vocab->merges += kept;
	vocab->merge_count = run->merge_count - kept;
	pair_map_free(&seen);
}

static void give_tokens(const struct run *run, uint32_t special_count, struct vocab *vocab)
{
	vocab->token_count = vocab->model_count = run->names.count;
	vocab->tokens = ARENA_NEW(&vocab->arena, struct vocab_token, vocab->token_count);
	vocab->added = ARENA_NEW(&vocab->arena, struct added_token, special_count + 1);
	vocab->added_count = special_count;
	for (uint32_t id = 0; id < vocab->token_count; id++) {
		size_t len;
		const char *name = byte_map_at(&run->names, id, &len);
		const char *key = arena_strndup(&vocab->arena, name, len);

		if (id < special_count) {
			vocab->tokens[id] =
				(struct vocab_token){.bytes = key, .len = (uint32_t)len};
			vocab->added[id] = (struct added_token){.id = id, .special = true};
		} else {
			vocab->tokens[id] = vocab_token_from_key(key, &vocab->arena);
		}
	}
}

static struct vocab *vocab_from_run(const struct run *run, const struct bpe_trainer *trainer,
				    const uint32_t byte_token[256], uint32_t special_count,
				    const char *before)
{
	struct vocab *vocab = mem_alloc(1, sizeof(*vocab));

	give_tokens(run, special_count, vocab);
	give_merges(run, vocab);
	memcpy(vocab->byte_token, byte_token, sizeof(vocab->byte_token));
	vocab->split_count = trainer->split_count;
	memcpy(vocab->splits, trainer->splits,
	       (size_t)trainer->split_count * sizeof(*trainer->splits));
	vocab->before = ARENA_NEW(&vocab->arena, uint32_t, 1);
	if (before)
		vocab->before[vocab->before_count++] =
			byte_map_find(&run->names, before, strlen(before));
	return vocab;
}

static void run_free(struct run *run)
{
	free(run->symbols);
	free(run->lengths);
	pair_map_free(&run->pairs);
	free(run->counts);
	claims_free(&run->claims);
	byte_map_free(&run->names);
	free(run->merges);
}

static bool is_special(const struct bpe_settings *settings, const char *name)
{
	for (const char *const *s = settings->special; *s; s++)
		if (strcmp(*s, name) == 0)
			return true;
	return false;
}

/* The tokens that are there before any merge; returns how many are special. */
static int start_names(struct run *run, const struct bpe_settings *settings,
		       uint32_t byte_token[256], struct err *err)
{
	uint32_t special_count;

	if (settings->before && !is_special(settings, settings->before))
		return err_set(err, ERR_USAGE, "'%s' is not among the special tokens",
			       settings->before);
	if (add_special(run, settings, err) < 0)
		return -1;
	special_count = run->names.count;
	add_alphabet(run, byte_token);
	if (run->names.count > settings->vocab_size)
		return err_set(err, ERR_USAGE,
			       "a vocabulary of %u tokens has no room for %u special ones and "
			       "256 bytes",
			       settings->vocab_size, special_count);
	return (int)special_count;
}

struct vocab *bpe_trainer_run(struct bpe_trainer *trainer, const struct bpe_settings *settings,
			      struct err *err)
{
	struct run run = {.words = &trainer->words};
	uint32_t byte_token[256];
	struct vocab *vocab = NULL;
	int special_count = start_names(&run, settings, byte_token, err);

	if (special_count >= 0) {
		make_symbols(&run, byte_token);
		byte_map_drop_strings(&trainer->words.map);
		count_pairs(&run);
		merge_all(&run, settings);
		vocab = vocab_from_run(&run, trainer, byte_token, (uint32_t)special_count,
				       settings->before);
	}
	run_free(&run);
	return vocab;
}
