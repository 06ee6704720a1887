/* SPDX-License-Identifier: MIT */
/*
 * DEFLATE (RFC 1951) with a match search made for line drawings.
 *
 * A general compressor spends its time on entering every byte of the white paper into its hash
 * table: libdeflate 1.14 needs 0.6 ms for a blank 512x512 page at any level. Here a position is
 * compared with two places only: the pixel to its left (runs) and the pixel above (upright lines,
 * blank rows, most of everything), in machine words and across rows at once. A hash table of the last
 * place with the same four bytes, for letters that come again, cost a third of the time and made files
 * 3 to 6 % larger, as its distances need more bits than they save. So did the pixels above to the left
 * and to the right, for slanted lines, by 1 or 2 %. Greedy, without look-ahead.
 *
 *	tokens: literal          0 .. 255
 *		match   1 << 31 | (length - 3) << 15 | (distance - 1)
 *
 * Tokens are gathered up to TOKENS_MAX, then written as one block with its own Huffman codes. Code
 * lengths come from the in-place method of Moffat and Katajainen 1995, "In-Place Calculation of
 * Minimum-Redundancy Codes", WADS '95; lengths over the limit are clamped and the Kraft sum is
 * repaired by lengthening the longest codes that can be, as small encoders do. Each code gets at
 * least two symbols, so all codes are complete, which every decoder takes.
 */
#include <config.h>

#include <endian.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "formats/encoding/deflate_lines.h"

enum {
	TOKENS_MAX = 32768,
	WINDOW = 32768,
	LENGTH_MAX = 258,
	/* Shorter matches rarely pay for their distance on antialiased lines: 3 gave 0.5 % more
	 * bytes than 6. */
	LENGTH_MIN = 6,
	LITLEN_SYMBOLS = 286,
	DISTANCE_SYMBOLS = 30,
	PRECODE_SYMBOLS = 19,
	END_OF_BLOCK = 256,
	CODE_BITS_MAX = 15,
	PRECODE_BITS_MAX = 7,
	LITERAL_BITS_MAX = 12, /* of blocks without matches: costs a fifth of a per cent */
	/* Three header bits, 14 of counts, 19 * 3, and at most 316 lengths of 7 + 7 bits. */
	BLOCK_HEADER_BYTES = 600,
};

#define MATCH ((uint32_t)1 << 31)

/* A Huffman code; bits are stored in the order they are written, first bit lowest. */
struct code {
	uint16_t bits[LITLEN_SYMBOLS];
	uint8_t lengths[LITLEN_SYMBOLS];
};

struct deflate_lines {
	uint32_t tokens[TOKENS_MAX];
	size_t token_count;
	uint32_t litlen_freq[LITLEN_SYMBOLS];
	uint32_t distance_freq[DISTANCE_SYMBOLS];
	struct code litlen, distance, precode;
	uint8_t *out;
	uint64_t held; /* bits not yet written, first bit lowest */
	unsigned held_bits;
};

struct match {
	size_t length, distance;
};

/* A symbol with extra bits behind it. */
struct symbol {
	unsigned symbol, extra_bits, extra;
};

struct deflate_lines *deflate_lines_new(void)
{
	return mem_alloc(1, sizeof(struct deflate_lines));
}

void deflate_lines_free(struct deflate_lines *d)
{
	free(d);
}

size_t deflate_lines_bound(size_t size)
{
	/* A literal takes at most 15 bits; a match 15 + 5 + 15 + 13 for at least six bytes. A
	 * block holds TOKENS_MAX tokens, hence at least as many bytes, except the last. 8 bytes
	 * for the last store of put_bits, which writes a whole word. */
	size_t blocks = size / TOKENS_MAX + 1;
	return mem_add(mem_mul(size, 2), mem_add(mem_mul(blocks, BLOCK_HEADER_BYTES), 16));
}

/* Appends count bits, at most 48. */
static inline void put_bits(struct deflate_lines *d, uint64_t bits, unsigned count)
{
	uint64_t word;

	d->held |= bits << d->held_bits;
	d->held_bits += count;
	word = htole64(d->held);
	memcpy(d->out, &word, sizeof(word));
	d->out += d->held_bits / 8;
	d->held >>= d->held_bits & ~7u;
	d->held_bits &= 7;
}

static unsigned floor_log2(unsigned v)
{
	return 31 - (unsigned)__builtin_clz(v);
}

/* RFC 1951, 3.2.5; the tables there are these formulas. */
static inline struct symbol length_symbol(unsigned length)
{
	unsigned l = length - 3, log;

	if (l < 8)
		return (struct symbol){257 + l, 0, 0};
	if (length == LENGTH_MAX)
		return (struct symbol){285, 0, 0};
	log = floor_log2(l);
	return (struct symbol){257 + 4 * (log - 1) + (l >> (log - 2) & 3), log - 2,
			       l & ((1u << (log - 2)) - 1)};
}

static inline struct symbol distance_symbol(unsigned distance)
{
	unsigned d = distance - 1, log;

	if (d < 4)
		return (struct symbol){d, 0, 0};
	log = floor_log2(d);
	return (struct symbol){2 * log + (d >> (log - 1) & 1), log - 1,
			       d & ((1u << (log - 1)) - 1)};
}

/* Moffat and Katajainen: a[0..n) in rising order of frequency becomes the code lengths, falling.
 * n >= 2. Phase 1 makes parents, phase 2 depths of inner nodes, phase 3 depths of leaves. */
static void lengths_from_sorted(uint32_t *a, int n)
{
	int root = 0, leaf = 2, next, avail = 1, used = 0;
	uint32_t depth = 0;

	a[0] += a[1];
	for (next = 1; next < n - 1; next++) {
		uint32_t sum;
		if (leaf >= n || a[root] < a[leaf]) {
			sum = a[root];
			a[root++] = (uint32_t)next;
		} else {
			sum = a[leaf++];
		}
		if (leaf >= n || (root < next && a[root] < a[leaf])) {
			sum += a[root];
			a[root++] = (uint32_t)next;
		} else {
			sum += a[leaf++];
		}
		a[next] = sum;
	}
	a[n - 2] = 0;
	for (next = n - 3; next >= 0; next--)
		a[next] = a[a[next]] + 1;
	root = n - 2;
	next = n - 1;
	while (avail > 0) {
		while (root >= 0 && a[root] == depth) {
			used++;
			root--;
		}
		while (avail > used) {
			a[next--] = depth;
			avail--;
		}
		avail = 2 * used;
		depth++;
		used = 0;
	}
}

/* How many codes of each length there shall be, none over limit. */
static void limit_lengths(unsigned counts[CODE_BITS_MAX + 1], const uint32_t *lengths, int n,
			  unsigned limit)
{
	uint32_t kraft = 0; /* in units of 2^-limit */

	for (int i = 0; i < n; i++)
		counts[lengths[i] < limit ? lengths[i] : limit]++;
	for (unsigned l = 1; l <= limit; l++)
		kraft += counts[l] << (limit - l);
	/* Take a code of the limit away, put a shorter one and it a level deeper: one unit less. */
	for (; kraft > (uint32_t)1 << limit; kraft--) {
		unsigned l = limit - 1;
		while (counts[l] == 0)
			l--;
		counts[limit]--;
		counts[l]--;
		counts[l + 1] += 2;
	}
}

static uint16_t reversed(unsigned bits, unsigned count)
{
	unsigned r = 0;

	for (unsigned i = 0; i < count; i++)
		r |= (bits >> i & 1) << (count - 1 - i);
	return (uint16_t)r;
}

/* RFC 1951, 3.2.2: codes of one length count upwards in symbol order. */
static void assign_bits(struct code *code, const unsigned counts[CODE_BITS_MAX + 1], int symbols)
{
	unsigned next[CODE_BITS_MAX + 1] = {0};

	for (unsigned l = 1; l < CODE_BITS_MAX; l++)
		next[l + 1] = (next[l] + counts[l]) << 1;
	for (int s = 0; s < symbols; s++) {
		unsigned l = code->lengths[s];
		code->bits[s] = l ? reversed(next[l]++, l) : 0;
	}
}

static int compare_keys(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The code for the frequencies, each below 2^23; unused symbols are put in until there are two. */
static void code_from_freq(struct code *code, const uint32_t *freq, int symbols, unsigned limit)
{
	uint32_t keys[LITLEN_SYMBOLS], lengths[LITLEN_SYMBOLS];
	unsigned counts[CODE_BITS_MAX + 1] = {0};
	int n = 0, at = 0;

	for (int s = 0; s < symbols; s++)
		if (freq[s])
			keys[n++] = freq[s] << 9 | (uint32_t)s;
	for (int s = 0; n < 2; s++)
		if (!freq[s])
			keys[n++] = 1 << 9 | (uint32_t)s;
	qsort(keys, (size_t)n, sizeof(*keys), compare_keys);
	for (int i = 0; i < n; i++)
		lengths[i] = keys[i] >> 9;
	lengths_from_sorted(lengths, n);
	limit_lengths(counts, lengths, n, limit);
	memset(code->lengths, 0, sizeof(code->lengths));
	/* The rarest symbols get the longest codes. */
	for (unsigned l = limit; l > 0; l--)
		for (unsigned k = 0; k < counts[l]; k++)
			code->lengths[keys[at++] & 511] = (uint8_t)l;
	assign_bits(code, counts, symbols);
}

/* Run-length form of the code lengths, RFC 1951, 3.2.7. Returns how many items. */
static int pack_lengths(const uint8_t *lengths, int n, struct symbol *items)
{
	int count = 0;

	for (int i = 0, run; i < n; i += run) {
		int most = lengths[i] ? 7 : 138;
		for (run = 1; i + run < n && run < most && lengths[i + run] == lengths[i];)
			run++;
		if (lengths[i] == 0 && run >= 11)
			items[count++] = (struct symbol){18, 7, (unsigned)run - 11};
		else if (lengths[i] == 0 && run >= 3)
			items[count++] = (struct symbol){17, 3, (unsigned)run - 3};
		else
			items[count++] = (struct symbol){lengths[i], 0, 0};
		if (lengths[i] != 0 && run >= 4)
			items[count++] = (struct symbol){16, 2, (unsigned)run - 4};
		else if (lengths[i] != 0 || run < 3)
			run = 1;
	}
	return count;
}

static void put_header(struct deflate_lines *d, bool last)
{
	static const uint8_t order[PRECODE_SYMBOLS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
						       11, 4,  12, 3, 13, 2, 14, 1, 15};
	uint8_t lengths[LITLEN_SYMBOLS + DISTANCE_SYMBOLS];
	struct symbol items[LITLEN_SYMBOLS + DISTANCE_SYMBOLS];
	uint32_t freq[PRECODE_SYMBOLS] = {0};
	unsigned litlens = LITLEN_SYMBOLS, distances = DISTANCE_SYMBOLS, order_count = 19;
	int count;

	while (d->litlen.lengths[litlens - 1] == 0)
		litlens--;
	while (distances > 1 && d->distance.lengths[distances - 1] == 0)
		distances--;
	memcpy(lengths, d->litlen.lengths, litlens);
	memcpy(lengths + litlens, d->distance.lengths, distances);
	count = pack_lengths(lengths, (int)(litlens + distances), items);
	for (int i = 0; i < count; i++)
		freq[items[i].symbol]++;
	code_from_freq(&d->precode, freq, PRECODE_SYMBOLS, PRECODE_BITS_MAX);
	while (order_count > 4 && d->precode.lengths[order[order_count - 1]] == 0)
		order_count--;

	put_bits(d, (last ? 1 : 0) | 2 << 1, 3);
	put_bits(d, (litlens - 257) | (distances - 1) << 5 | (order_count - 4) << 10, 14);
	for (unsigned i = 0; i < order_count; i++)
		put_bits(d, d->precode.lengths[order[i]], 3);
	for (int i = 0; i < count; i++) {
		unsigned l = d->precode.lengths[items[i].symbol];
		put_bits(d, d->precode.bits[items[i].symbol] | items[i].extra << l,
			 l + items[i].extra_bits);
	}
}

static inline void put_match(struct deflate_lines *d, uint32_t token)
{
	struct symbol length = length_symbol((token >> 15 & 255) + 3);
	struct symbol distance = distance_symbol((token & 32767) + 1);
	unsigned at = d->litlen.lengths[length.symbol];
	uint64_t bits = d->litlen.bits[length.symbol];

	bits |= (uint64_t)length.extra << at;
	at += length.extra_bits;
	bits |= (uint64_t)d->distance.bits[distance.symbol] << at;
	at += d->distance.lengths[distance.symbol];
	bits |= (uint64_t)distance.extra << at;
	put_bits(d, bits, at + distance.extra_bits);
}

/* Writes the gathered tokens as one block and forgets them. */
static void put_block(struct deflate_lines *d, bool last)
{
	d->litlen_freq[END_OF_BLOCK]++;
	code_from_freq(&d->litlen, d->litlen_freq, LITLEN_SYMBOLS, CODE_BITS_MAX);
	code_from_freq(&d->distance, d->distance_freq, DISTANCE_SYMBOLS, CODE_BITS_MAX);
	put_header(d, last);
	for (size_t i = 0; i < d->token_count; i++) {
		uint32_t token = d->tokens[i];
		if (token & MATCH)
			put_match(d, token);
		else
			put_bits(d, d->litlen.bits[token], d->litlen.lengths[token]);
	}
	put_bits(d, d->litlen.bits[END_OF_BLOCK], d->litlen.lengths[END_OF_BLOCK]);
	d->token_count = 0;
	memset(d->litlen_freq, 0, sizeof(d->litlen_freq));
	memset(d->distance_freq, 0, sizeof(d->distance_freq));
}

static inline void add_token(struct deflate_lines *d, uint32_t token)
{
	if (d->token_count == TOKENS_MAX)
		put_block(d, false);
	d->tokens[d->token_count++] = token;
}

static inline void add_literal(struct deflate_lines *d, uint8_t byte)
{
	add_token(d, byte);
	d->litlen_freq[byte]++;
}

static inline void add_match(struct deflate_lines *d, size_t length, size_t distance)
{
	add_token(d, MATCH | (uint32_t)(length - 3) << 15 | (uint32_t)(distance - 1));
	d->litlen_freq[length_symbol((unsigned)length).symbol]++;
	d->distance_freq[distance_symbol((unsigned)distance).symbol]++;
}

/* A match of any length, cut to DEFLATE's; no piece may be shorter than three. */
static void add_long_match(struct deflate_lines *d, struct match m)
{
	while (m.length > LENGTH_MAX) {
		size_t piece = m.length - LENGTH_MAX < 3 ? LENGTH_MAX - 3 : LENGTH_MAX;
		add_match(d, piece, m.distance);
		m.length -= piece;
	}
	add_match(d, m.length, m.distance);
}

/* How many of a[0..most) equal b[0..most). */
static inline size_t equal_bytes(const uint8_t *a, const uint8_t *b, size_t most)
{
	size_t n = 0;

	for (; n + 8 <= most; n += 8) {
		uint64_t x, y;
		memcpy(&x, a + n, sizeof(x));
		memcpy(&y, b + n, sizeof(y));
		if (x != y)
			return n + (size_t)__builtin_ctzll(le64toh(x ^ y)) / 8;
	}
	while (n < most && a[n] == b[n])
		n++;
	return n;
}

static inline void try_distance(struct match *best, const uint8_t *data, size_t at, size_t size,
				size_t distance)
{
	size_t length, end = at + best->length;

	/* Nothing is longer than the best if its next byte is another. */
	if (distance > at || distance > WINDOW || end == size || data[end] != data[end - distance])
		return;
	length = equal_bytes(data + at, data + at - distance, size - at);
	if (length > best->length)
		*best = (struct match){length, distance};
}

size_t deflate_lines_run(struct deflate_lines *d, const uint8_t *data, size_t from, size_t size,
			 size_t pixel_bytes, size_t row_bytes, bool last, uint8_t *out)
{
	size_t at = from;

	d->out = out;
	while (at < size) {
		struct match best = {0, 0};
		/* The run first: among equals it wins, and its distance has no extra bits. */
		try_distance(&best, data, at, size, pixel_bytes);
		try_distance(&best, data, at, size, row_bytes);
		if (best.length < LENGTH_MIN) {
			add_literal(d, data[at++]);
			continue;
		}
		add_long_match(d, best);
		at += best.length;
	}
	if (last) {
		put_block(d, true);
		put_bits(d, 0, (8 - d->held_bits) & 7);
	}
	return (size_t)(d->out - out);
}

/* Four codes of at most LITERAL_BITS_MAX and what is held fit into a word. */
static void put_literals(struct deflate_lines *d, const uint8_t *data, size_t n)
{
	uint32_t codes[END_OF_BLOCK]; /* bits << 8 | length */
	uint64_t held = d->held, word;
	unsigned count = d->held_bits;
	uint8_t *out = d->out;
	size_t i = 0;

	for (int k = 0; k < END_OF_BLOCK; k++)
		codes[k] = (uint32_t)d->litlen.bits[k] << 8 | d->litlen.lengths[k];
	for (; i + 4 <= n; i += 4) {
		for (size_t k = i; k < i + 4; k++) {
			uint32_t code = codes[data[k]];

			held |= (uint64_t)(code >> 8) << count;
			count += code & 255;
		}
		word = htole64(held);
		memcpy(out, &word, sizeof(word));
		out += count / 8;
		held >>= count & ~7u;
		count &= 7;
	}
	d->held = held;
	d->held_bits = count;
	d->out = out;
	for (; i < n; i++)
		put_bits(d, d->litlen.bits[data[i]], d->litlen.lengths[data[i]]);
}

/* Four counters of each byte in turn: noise has few values, and one counter would wait for itself. */
static void count_literals(struct deflate_lines *d, const uint8_t *data, size_t n)
{
	uint32_t counts[4][END_OF_BLOCK] = {{0}};
	size_t i = 0;

	for (; i + 4 <= n; i += 4) {
		counts[0][data[i]]++;
		counts[1][data[i + 1]]++;
		counts[2][data[i + 2]]++;
		counts[3][data[i + 3]]++;
	}
	for (; i < n; i++)
		counts[0][data[i]]++;
	for (i = 0; i < END_OF_BLOCK; i++)
		d->litlen_freq[i] += counts[0][i] + counts[1][i] + counts[2][i] + counts[3][i];
}

size_t deflate_literals_run(struct deflate_lines *d, const uint8_t *data, size_t size, bool last,
			    uint8_t *out)
{
	d->out = out;
	for (size_t at = 0, n; at < size; at += n) {
		n = size - at < DEFLATE_LITERALS ? size - at : DEFLATE_LITERALS;
		count_literals(d, data + at, n);
		d->litlen_freq[END_OF_BLOCK]++;
		code_from_freq(&d->litlen, d->litlen_freq, LITLEN_SYMBOLS, LITERAL_BITS_MAX);
		code_from_freq(&d->distance, d->distance_freq, DISTANCE_SYMBOLS, CODE_BITS_MAX);
		put_header(d, last && at + n == size);
		put_literals(d, data + at, n);
		put_bits(d, d->litlen.bits[END_OF_BLOCK], d->litlen.lengths[END_OF_BLOCK]);
		memset(d->litlen_freq, 0, sizeof(d->litlen_freq));
	}
	if (last)
		put_bits(d, 0, (8 - d->held_bits) & 7);
	return (size_t)(d->out - out);
}
