/* SPDX-License-Identifier: MIT */
/*
 * A trie, entered where a byte begins some token. Added tokens begin with one and the same sign as a
 * rule ('<'), which memchr finds.
 */
#include <config.h>

#include "tokenizer/added_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tokenizer/unicode_class.h"

struct node {
	uint32_t child, sibling; /* 0: none */
	uint32_t added;          /* number + 1 of the token that ends here, or 0 */
	uint8_t byte;
};

struct added_match {
	const struct added_token *added;
	struct node *nodes; /* the first is the root */
	uint32_t count;
	uint32_t first[256]; /* the root's child of each byte, or 0 */
	int only;            /* the byte with which all begin, or -1 */
};

static uint32_t child_of(const struct added_match *m, uint32_t node, uint8_t byte)
{
	uint32_t child = m->nodes[node].child;

	while (child && m->nodes[child].byte != byte)
		child = m->nodes[child].sibling;
	return child;
}

static void add_token(struct added_match *m, const struct vocab_token *token, uint32_t number)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < token->len; i++) {
		uint8_t byte = (uint8_t)token->bytes[i];
		uint32_t child = child_of(m, at, byte);

		if (!child) {
			child = m->count++;
			m->nodes[child] =
				(struct node){.sibling = m->nodes[at].child, .byte = byte};
			m->nodes[at].child = child;
		}
		at = child;
	}
	m->nodes[at].added = number + 1;
}

static void find_first(struct added_match *m)
{
	uint32_t child = m->nodes[0].child;

	m->only = child && !m->nodes[child].sibling ? m->nodes[child].byte : -1;
	for (; child; child = m->nodes[child].sibling)
		m->first[m->nodes[child].byte] = child;
}

struct added_match *added_match_new(const struct vocab *vocab, bool normalized)
{
	struct added_match *m;
	size_t nodes = 1;

	for (uint32_t i = 0; i < vocab->added_count; i++)
		if (vocab->added[i].normalized == normalized)
			nodes = mem_add(nodes, vocab->tokens[vocab->added[i].id].len);
	if (nodes == 1)
		return NULL;
	m = mem_alloc(1, sizeof(*m));
	m->added = vocab->added;
	m->nodes = mem_alloc(nodes, sizeof(*m->nodes));
	m->count = 1;
	for (uint32_t i = 0; i < vocab->added_count; i++)
		if (vocab->added[i].normalized == normalized)
			add_token(m, &vocab->tokens[vocab->added[i].id], i);
	find_first(m);
	return m;
}

void added_match_free(struct added_match *match)
{
	if (!match)
		return;
	free(match->nodes);
	free(match);
}

/* The longest token at p; NULL if none begins there. */
static const struct added_token *longest_at(const struct added_match *m, const char *p,
					    const char *end, const char **behind)
{
	const struct added_token *found = NULL;
	uint32_t node = m->first[(uint8_t)*p];

	while (node) {
		p++;
		if (m->nodes[node].added) {
			found = &m->added[m->nodes[node].added - 1];
			*behind = p;
		}
		node = p < end ? child_of(m, node, (uint8_t)*p) : 0;
	}
	return found;
}

/* The next byte from p on that begins a token, or end. */
static const char *next_first(const struct added_match *m, const char *p, const char *end)
{
	const char *found;

	if (m->only >= 0) {
		found = memchr(p, m->only, (size_t)(end - p));
		return found ? found : end;
	}
	while (p < end && !m->first[(uint8_t)*p])
		p++;
	return p;
}

/* Where the white space before p begins, not before start. */
static const char *strip_left(const char *start, const char *p)
{
	while (p > start) {
		const char *q = p - 1;

		while (q > start && p - q < 4 && ((unsigned char)*q & 0xc0) == 0x80)
			q--;
		if (code_point_at(q, p).class != CLASS_SPACE || code_point_at(q, p).bytes != p - q)
			break;
		p = q;
	}
	return p;
}

static const char *strip_right(const char *p, const char *end)
{
	while (p < end && code_point_at(p, end).class == CLASS_SPACE)
		p += code_point_at(p, end).bytes;
	return p;
}

bool added_match_next(const struct added_match *match, const char *text, size_t at, size_t len,
		      struct added_found *found)
{
	const char *p = text + at, *end = text + len, *behind = p;
	const struct added_token *token = NULL;

	if (!match || at == len)
		return false;
	while (!token) {
		p = next_first(match, p, end);
		if (p == end)
			return false;
		token = longest_at(match, p, end, &behind);
		p += !token;
	}
	if (token->lstrip)
		p = strip_left(text + at, p);
	if (token->rstrip)
		behind = strip_right(behind, end);
	*found = (struct added_found){(size_t)(p - text), (size_t)(behind - text), token->id};
	return true;
}
