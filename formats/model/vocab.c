/* SPDX-License-Identifier: MIT */
/*
 * The byte alphabet (GPT-2's bytes_to_unicode): printable Latin-1 stands for itself, the rest follows
 * from U+0100 on in the order of its bytes.
 */
#include <config.h>

#include "formats/model/vocab.h"

#include <stdlib.h>
#include <string.h>

#define FAR_FIRST 0x100
#define FAR_COUNT 68

static bool is_near(uint32_t code)
{
	return (code >= 33 && code <= 126) || (code >= 161 && code <= 172) ||
	       (code >= 174 && code <= 255);
}

uint32_t byte_alphabet_code(uint8_t byte)
{
	uint32_t far = FAR_FIRST;

	if (is_near(byte))
		return byte;
	for (uint32_t b = 0; b < byte; b++)
		far += !is_near(b);
	return far;
}

/* The alphabet ends below U+0800. */
size_t byte_alphabet_key(uint8_t byte, char key[3])
{
	uint32_t code = byte_alphabet_code(byte);
	size_t n = 0;

	if (code >= 0x80)
		key[n++] = (char)(0xc0 | code >> 6);
	key[n++] = (char)(code < 0x80 ? code : 0x80 | (code & 0x3f));
	key[n] = '\0';
	return n;
}

int byte_alphabet_byte(uint32_t code)
{
	if (is_near(code))
		return (int)code;
	if (code < FAR_FIRST || code >= FAR_FIRST + FAR_COUNT)
		return -1;
	for (int b = 0; b < 256; b++)
		if (!is_near((uint32_t)b) && code-- == FAR_FIRST)
			return b;
	return -1;
}

static uint32_t utf8_next(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	int more = s[0] < 0x80 ? 0 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	uint32_t code = more ? s[0] & (0x3fu >> more) : s[0];

	for (int i = 1; i <= more; i++)
		code = code << 6 | (s[i] & 0x3f);
	*p += more + 1;
	return code;
}

struct vocab_token vocab_token_from_key(const char *key, struct arena *arena)
{
	size_t len = strlen(key), n = 0;
	char *bytes = arena_strndup(arena, key, len);

	for (const char *p = key; *p;) {
		int byte = byte_alphabet_byte(utf8_next(&p));

		if (byte < 0) {
			memcpy(bytes, key, len);
			return (struct vocab_token){bytes, (uint32_t)len, true};
		}
		bytes[n++] = (char)byte;
	}
	bytes[n] = '\0';
	return (struct vocab_token){bytes, (uint32_t)n, false};
}

void vocab_free(struct vocab *vocab)
{
	if (!vocab)
		return;
	arena_free(&vocab->arena);
	free(vocab);
}

uint32_t vocab_find(const struct vocab *vocab, const char *bytes)
{
	size_t len = strlen(bytes);

	for (uint32_t id = 0; id < vocab->token_count; id++)
		if (vocab->tokens[id].len == len &&
		    memcmp(vocab->tokens[id].bytes, bytes, len) == 0)
			return id;
	return VOCAB_NONE;
}
