/* SPDX-License-Identifier: MIT */
/*
 * model_config: the sizes of a model, and config.json, where transformers keeps them.
 *
 *	struct model_config config;
 *	if (model_config_preset(&config, "small", 384, vocab->token_count, &err) < 0) ...
 *	if (model_config_read(&config, "model/config.json", &err) < 0) ...
 *	model_config_write(&config, "bfloat16", &buf);
 *
 * A model is LLaVA's: CLIP's vision tower, a projector of two layers, Llama. Read is what
 * transformers 4.36 to 5.x write, absent keys having the defaults of LlavaConfig, CLIPVisionConfig and
 * LlamaConfig; what would change the arithmetic to something else is ERR_UNSUPPORTED with its name.
 */
#ifndef FORMATS_MODEL_CONFIG_H
#define FORMATS_MODEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* X(name in the file) */
#define MODEL_ACTIVATIONS(X) X(quick_gelu) /* x sigmoid(1.702 x) */
#define MODEL_SELECTS(X)                                                                           \
	X(default) /* all vision tokens but the first, the class */                                \
	X(full)

enum model_activation {
#define X(name) MODEL_ACTIVATION_##name,
	MODEL_ACTIVATIONS(X)
#undef X
};

enum model_select {
#define X(name) MODEL_SELECT_##name,
	MODEL_SELECTS(X)
#undef X
};

/* X(name; vision: width, layers, heads, mlp; text: width, layers, heads, mlp) */
#define MODEL_PRESETS(X)                                                                           \
	X(nano, 128, 4, 4, 512, 160, 4, 5, 448)                                                    \
	X(small, 256, 6, 4, 1024, 256, 6, 4, 704)                                                  \
	X(base, 512, 8, 8, 2048, 512, 8, 8, 1408)                                                  \
	X(large, 768, 12, 12, 3072, 768, 12, 12, 2048)

/* White paper is 0, and ink -4: a sheet that is nearly all white would otherwise drown what differs
 * from picture to picture, and small models learn to read the text alone. */
#define MODEL_PIXEL_MEAN 1.0
#define MODEL_PIXEL_STD 0.25

struct model_vision {
	int side, patch; /* px; side is a multiple of patch */
	int width, layers, heads, mlp;
	double eps;       /* of layer norms */
	double mean, std; /* a pixel of 0..255 is read as (pixel / 255 - mean) / std */
	enum model_activation act;
};

struct model_text {
	int vocab; /* rows of the embeddings */
	int width, layers, heads, kv_heads, head_dim, mlp;
	double eps;   /* of RMS norms */
	double theta; /* of rotary positions */
	int positions;
	bool tied; /* the head is the embeddings */
};

struct model_config {
	struct model_vision vision;
	enum model_activation projector_act;
	struct model_text text;
	int pad, bos, eos, image; /* token ids; pad -1: none */
	/* Which hidden state of the tower the projector takes: 0 is what goes into the first layer, i what
	 * comes out of the i-th; -1 is the last, -2 the one before. */
	int feature_layer;
	enum model_select select;
};

/* The names of presets, NULL-terminated. */
extern const char *const model_preset_names[];

/* Fills *config: patch 16, ids 0 1 2 4, 2048 positions, the last layer, "default". ERR_USAGE for an
 * unknown name; otherwise as model_config_check. */
int model_config_preset(struct model_config *config, const char *name, int side, int vocab,
			struct err *err);

/* Sizes are at least 1 and within bounds, heads divide widths, head_dim is even, ids are below vocab
 * and <image> is none of the others, the feature layer exists, image tokens leave room for text, and
 * there are fewer than 2^40 parameters. ERR_FORMAT with the key, or ERR_LIMIT. */
int model_config_check(const struct model_config *config, struct err *err);

/* Reads and checks config.json. What pixels are read as does not stand there: it is that of presets
 * until preprocessor_config.json says otherwise. */
int model_config_read(struct model_config *config, const char *path, struct err *err);

/* The same from text; name stands for the path in messages. */
int model_config_parse(struct model_config *config, const char *name, const char *text, size_t len,
		       struct err *err);

/* Appends config.json for weights of that type ("bfloat16", "float32"). */
void model_config_write(const struct model_config *config, const char *dtype, struct buf *out);

/* Tokens that stand for one picture: (side / patch)^2, and one more with "full". */
int model_image_tokens(const struct model_config *config);

/* Layers of the vision tower that feature_layer needs: 0..vision.layers. */
int model_vision_layers(const struct model_config *config);

/* Parameters as model_tensors counts them: patches of one channel, nothing that is dead. */
uint64_t model_parameters(const struct model_config *config);

#endif
