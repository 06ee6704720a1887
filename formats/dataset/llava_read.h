/* SPDX-License-Identifier: MIT */
/*
 * llava_read: pictures with a prompt and a program each, out of a JSON file of LLaVA's layout.
 *
 *	struct llava_reader *reader = llava_reader_open("data/train.json", "data", &err);
 *	while ((rc = llava_read(reader, &sample, &arena, &err)) > 0)
 *		... sample.image, sample.prompt, sample.program
 *	llava_reader_free(reader);
 *
 * The file is one array, laid out in any way, of
 *
 *	{"id": "1", "image": "a/b.png", "conversations": [
 *		{"from": "human", "value": "<image>\n..."}, {"from": "gpt", "value": "..."}]}
 *
 * Other keys are passed over. What dataset(5) calls train.json is such a file.
 */
#ifndef FORMATS_LLAVA_READ_H
#define FORMATS_LLAVA_READ_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct llava_sample {
	size_t index;       /* from 0 */
	long line;          /* where its entry begins */
	const char *id;     /* its number from 0 where the file gives none */
	const char *image;  /* path of the picture: below the folder */
	const char *prompt; /* without <image>, and without white space at its ends */
	const char *program;
};

struct llava_reader;

/* Maps the file; image_folder NULL is the one that the file lies in. ERR_FORMAT with path:line where no
 * array begins; NULL on failure. Both strings are copied. */
struct llava_reader *llava_reader_open(const char *path, const char *image_folder, struct err *err);
void llava_reader_free(struct llava_reader *reader);

/* Reads the next entry; its strings live in the arena. Returns 1; 0 behind the last, when nothing but white
 * space follows the array. ERR_FORMAT with path:line and the entry: JSON that is none, no picture or one
 * outside its folder, other than one question with one <image> and one answer, empty texts. ERR_LIMIT for an
 * entry of more than 1 MiB. After that nothing can be read. */
int llava_read(struct llava_reader *reader, struct llava_sample *sample, struct arena *arena,
	       struct err *err);

#endif
