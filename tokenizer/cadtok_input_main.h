/* SPDX-License-Identifier: MIT */
/*
 * cadtok_input_main: texts for the verbs of cadtok.
 *
 *	static int use(void *ctx, const char *text, size_t len, struct err *err);
 *	if (input_lines("programs.txt", use, ctx, &err) < 0) ...
 */
#ifndef TOKENIZER_CADTOK_INPUT_MAIN_H
#define TOKENIZER_CADTOK_INPUT_MAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Takes one text, which is borrowed; -1 with err ends the reading. */
typedef int input_use(void *ctx, const char *text, size_t len, struct err *err);

/* The file's lines, each with its end, as Hugging Face's trainers read files. "-" is standard input.
 * Memory is that of the longest line. */
int input_lines(const char *path, input_use *use, void *ctx, struct err *err);

/* Each sample's prompt and program, of a finished dataset of cadgen or cadconv. */
int input_samples(const char *dataset, input_use *use, void *ctx, struct err *err);

/* A folder's samples or a file's lines. */
int input_texts(const char *path, input_use *use, void *ctx, struct err *err);

/* Appends a whole file, of up to 2^31 - 1 bytes; "-" is standard input. */
int input_whole(const char *path, struct buf *text, struct err *err);

#endif
