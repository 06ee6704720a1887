/* SPDX-License-Identifier: MIT */
/*
 * vocab_files: a vocabulary with the files that transformers wants beside it.
 *
 *	if (vocab_files_write(vocab, "model/tokenizer.json", &err) < 0) ...
 *
 * tokenizer_config.json and special_tokens_map.json name the tokens with a role, chat_template.jinja
 * is how a conversation becomes one text: "<s><image>\nprompt\nprogram</s>". Behind a line end the
 * program's tokens are those it has alone, which a grammar can be held to.
 */
#ifndef FORMATS_VOCAB_FILES_H
#define FORMATS_VOCAB_FILES_H

#include "formats/model/vocab.h"

enum vocab_role {
	VOCAB_ROLE_PAD,
	VOCAB_ROLE_BOS,
	VOCAB_ROLE_EOS,
	VOCAB_ROLE_UNK,
	VOCAB_ROLE_IMAGE,
	VOCAB_ROLE_COUNT_
};

/* <pad> <s> </s> <unk> <image>: the first ids of a vocabulary made here; NULL-terminated. */
extern const char *const vocab_roles[VOCAB_ROLE_COUNT_ + 1];

/* Writes path and the three others into the same folder, each by rename. The vocabulary's first
 * special tokens are vocab_roles. */
int vocab_files_write(const struct vocab *vocab, const char *path, struct err *err);

#endif
