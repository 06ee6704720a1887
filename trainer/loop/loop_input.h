/* SPDX-License-Identifier: MIT */
/*
 * loop_input: what files and folders of others are known by, so that a step is done again when they
 * change.
 *
 *	if (loop_input_digest("scans", &text, &err) < 0) ...
 */
#ifndef TRAINER_LOOP_INPUT_H
#define TRAINER_LOOP_INPUT_H

#include "base/buf.h"
#include "base/err.h"

/* Files of up to this size are known by their bytes. */
#define LOOP_INPUT_BYTES ((size_t)64 << 20)

/* Appends one line that says what is at the path: a file's size and SHA-256, or, over LOOP_INPUT_BYTES,
 * its time of change instead; of a folder the SHA-256 of such lines of all files in it, where only those
 * that end in .json, .jsonl or .yaml are known by their bytes. ERR_IO: what cannot be read; ERR_LIMIT:
 * neither file nor folder. */
int loop_input_digest(const char *path, struct buf *out, struct err *err);

#endif
