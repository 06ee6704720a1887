/* SPDX-License-Identifier: MIT */
/*
 * vocab_parts: tokenizer.json of a few given values, one of its parts a line.
 *
 *	struct buf text = {0};
 *	vocab_parts_write(&(struct vocab_parts){.decoder = "null"}, &text);
 *
 * The rest is that of a good file, whose tokens are the 256 bytes.
 */
#ifndef TESTS_VOCAB_PARTS_H
#define TESTS_VOCAB_PARTS_H

#include "base/buf.h"

/* The values of a file's keys, as JSON; NULL leaves out what may be left out, and takes that of a
 * good file for the rest. */
struct vocab_parts {
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

void vocab_parts_write(const struct vocab_parts *p, struct buf *out);

/* The keys of all bytes with their ids; a byte's id is the byte. */
void vocab_bytes_write(struct buf *out);

/* --- values --------------------------------------------------------------------------------- */

#define BYTE_LEVEL "{\"type\": \"ByteLevel\", \"add_prefix_space\": false}"
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
#define DIGITS "{\"type\": \"Digits\", \"individual_digits\": true}"
#define DIGIT_RUNS "{\"type\": \"Digits\", \"individual_digits\": false}"

/* A template with tokens of the names <s>, </s>, two, far and half; BOTH adds the first two. */
#define AROUND(single)                                                                             \
	"{\"type\": \"TemplateProcessing\", \"single\": " single ", \"special_tokens\": {"         \
	"\"<s>\": {\"ids\": [256]}, \"</s>\": {\"ids\": [257]}, \"two\": {\"ids\": [256, 257]},"   \
	" \"far\": {\"ids\": [9999]}, \"half\": {\"ids\": [0.5]}}}"
#define BOTH "[{\"id\": 256, \"content\": \"<s>\"}, {\"id\": 257, \"content\": \"</s>\"}]"
#define TEXT "{\"Sequence\": {\"id\": \"A\"}}"
#define SPECIAL(name) "{\"SpecialToken\": {\"id\": \"" name "\"}}"

#endif
