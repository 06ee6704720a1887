/* SPDX-License-Identifier: MIT */
/*
 * model_config_private: the whole numbers of config.json, for reading and for checking them.
 *
 * X(member, key, largest, what transformers takes where the key is absent); 0: it follows from others.
 */
#ifndef FORMATS_MODEL_CONFIG_PRIVATE_H
#define FORMATS_MODEL_CONFIG_PRIVATE_H

#include "formats/model/model_config.h"
#include "formats/model/vocab.h"

/* CLIPVisionConfig */
#define MODEL_VISION_SIZES(X)                                                                      \
	X(side, "image_size", 16384, 224)                                                          \
	X(patch, "patch_size", 1024, 32)                                                           \
	X(width, "hidden_size", 65536, 768)                                                        \
	X(layers, "num_hidden_layers", 1024, 12)                                                   \
	X(heads, "num_attention_heads", 1024, 12)                                                  \
	X(mlp, "intermediate_size", 1 << 20, 3072)

/* LlamaConfig */
#define MODEL_TEXT_SIZES(X)                                                                        \
	X(vocab, "vocab_size", VOCAB_TOKENS_MAX, 32000)                                            \
	X(width, "hidden_size", 65536, 4096)                                                       \
	X(layers, "num_hidden_layers", 1024, 32)                                                   \
	X(heads, "num_attention_heads", 1024, 32)                                                  \
	X(kv_heads, "num_key_value_heads", 1024, 0)                                                \
	X(head_dim, "head_dim", 1024, 0)                                                           \
	X(mlp, "intermediate_size", 1 << 20, 11008)                                                \
	X(positions, "max_position_embeddings", 1 << 24, 2048)

#define MODEL_EPS_MIN 1e-30
#define MODEL_EPS_MAX 1.0
#define MODEL_THETA_MIN 1.0
#define MODEL_THETA_MAX 1e12
#define MODEL_PARAMETERS_MAX ((uint64_t)1 << 40)

/* NULL-terminated. */
extern const char *const model_activation_names[];
extern const char *const model_select_names[];

#endif
