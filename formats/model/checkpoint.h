/* SPDX-License-Identifier: MIT */
/*
 * checkpoint: a folder with a model, as transformers reads it.
 *
 *	struct checkpoint c = {.config = config, .tensors = tensors, .numbers = numbers};
 *	if (checkpoint_write(&c, "model", SAFETENSORS_BF16, vocab, NULL, &err) < 0) ...
 *
 *	struct checkpoint c;
 *	if (checkpoint_read(&c, "model", &err) < 0) ...
 *	checkpoint_free(&c);
 *
 *	config.json               model_config
 *	generation_config.json    greedy
 *	preprocessor_config.json  pictures of side x side, (px / 255 - mean) / std
 *	processor_config.json     how many image tokens
 *	tokenizer.json, tokenizer_config.json, special_tokens_map.json, chat_template.jinja
 *	model.safetensors         BF16 or F32, with the names of llava-hf's first checkpoints
 */
#ifndef FORMATS_CHECKPOINT_H
#define FORMATS_CHECKPOINT_H

#include "base/err.h"
#include "formats/model/model_tensors.h"
#include "formats/model/safetensors.h"
#include "formats/model/vocab.h"

struct checkpoint {
	struct model_config config;
	struct model_tensors *tensors;
	float *numbers; /* tensors->numbers of them */
};

/* Writes the folder: into FOLDER.tmp, which is synced and takes the folder's place at once, so that
 * readers find the old checkpoint, or none, or the new one. A folder that holds anything but a
 * checkpoint's files is left alone (ERR_USAGE). dtype is BF16 or F32. The tokenizer's files are
 * written from vocab, or, where that is NULL, copied from the folder `tokenizer`; with neither there
 * are none. ERR_FORMAT for a vocabulary that does not go with the config and for numbers that are not
 * finite in that type; ERR_IO. */
int checkpoint_write(const struct checkpoint *c, const char *folder, enum safetensors_dtype dtype,
		     const struct vocab *vocab, const char *tokenizer, struct err *err);

/* Reads config.json and model.safetensors of the folder, which checkpoint_write or transformers wrote.
 * Gaps in `numbers` are 0. ERR_FORMAT for tensors that are missing, unknown, there twice, of another
 * shape, or not finite, with their name; ERR_UNSUPPORTED for weights in several files and pictures
 * whose channels have means or deviations of their own; else as model_config_read and safetensors_open. On failure
 * there is nothing to free. */
int checkpoint_read(struct checkpoint *c, const char *folder, struct err *err);

/* Frees what checkpoint_read made. */
void checkpoint_free(struct checkpoint *c);

#endif
