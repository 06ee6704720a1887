/* SPDX-License-Identifier: MIT */
/*
 * Presets, bounds and counts. The bounds of single sizes are such that every product below fits 64
 * bits, so the count of parameters is exact before it is compared with its own bound.
 */
#include <config.h>

#include "formats/model/model_config.h"

#include <string.h>

#include "formats/encoding/json.h"
#include "formats/model/model_config_private.h"

#define PATCH_PX 16
#define POSITIONS 2048

const char *const model_preset_names[] = {
#define X(name, ...) #name,
	MODEL_PRESETS(X)
#undef X
		NULL};

const char *const model_activation_names[] = {
#define X(name) #name,
	MODEL_ACTIVATIONS(X)
#undef X
		NULL};

const char *const model_select_names[] = {
#define X(name) #name,
	MODEL_SELECTS(X)
#undef X
		NULL};

static const struct preset {
	int vision_width, vision_layers, vision_heads, vision_mlp;
	int text_width, text_layers, text_heads, text_mlp;
} presets[] = {
#define X(name, ...) {__VA_ARGS__},
	MODEL_PRESETS(X)
#undef X
};

static struct model_config config_from_preset(const struct preset *p, int side, int vocab)
{
	return (struct model_config){
		.vision = {.side = side,
			   .patch = PATCH_PX,
			   .width = p->vision_width,
			   .layers = p->vision_layers,
			   .heads = p->vision_heads,
			   .mlp = p->vision_mlp,
			   .eps = 1e-5,
			   .mean = MODEL_PIXEL_MEAN,
			   .std = MODEL_PIXEL_STD,
			   .act = MODEL_ACTIVATION_quick_gelu},
		.projector_act = MODEL_ACTIVATION_quick_gelu,
		.text = {.vocab = vocab,
			 .width = p->text_width,
			 .layers = p->text_layers,
			 .heads = p->text_heads,
			 .kv_heads = p->text_heads,
			 .head_dim = p->text_width / p->text_heads,
			 .mlp = p->text_mlp,
			 .eps = 1e-5,
			 .theta = 10000,
			 .positions = POSITIONS},
		.pad = 0,
		.bos = 1,
		.eos = 2,
		.image = 4,
		.feature_layer = -1,
		.select = MODEL_SELECT_default,
	};
}

static int unknown_preset(const char *name, struct err *err)
{
	struct buf known = {0};

	for (int i = 0; model_preset_names[i]; i++) {
		buf_str(&known, i ? ", " : "");
		buf_str(&known, model_preset_names[i]);
	}
	err_set(err, ERR_USAGE, "no preset '%s'; there are %s", name, known.data);
	buf_free(&known);
	return -1;
}

int model_config_preset(struct model_config *config, const char *name, int side, int vocab,
			struct err *err)
{
	for (int i = 0; model_preset_names[i]; i++)
		if (strcmp(model_preset_names[i], name) == 0) {
			*config = config_from_preset(&presets[i], side, vocab);
			return model_config_check(config, err);
		}
	return unknown_preset(name, err);
}

/* --- counts */

static uint64_t patches(const struct model_config *config)
{
	uint64_t n = (uint64_t)(config->vision.side / config->vision.patch);

	return n * n;
}

int model_image_tokens(const struct model_config *config)
{
	return (int)patches(config) + (config->select == MODEL_SELECT_full);
}

int model_vision_layers(const struct model_config *config)
{
	int k = config->feature_layer;

	return k < 0 ? config->vision.layers + 1 + k : k;
}

uint64_t model_parameters(const struct model_config *config)
{
	const struct model_vision *v = &config->vision;
	const struct model_text *t = &config->text;
	uint64_t dv = (uint64_t)v->width, fv = (uint64_t)v->mlp, p = (uint64_t)v->patch;
	uint64_t d = (uint64_t)t->width, f = (uint64_t)t->mlp;
	uint64_t q = (uint64_t)t->heads * (uint64_t)t->head_dim;
	uint64_t k = (uint64_t)t->kv_heads * (uint64_t)t->head_dim;
	uint64_t n;

	n = dv * (1 + p * p + patches(config) + 1 + 2);
	n += (uint64_t)v->layers * (4 * dv * (dv + 1) + 2 * dv * fv + fv + dv + 4 * dv);
	n += d * (dv + 1) + d * (d + 1);
	n += (uint64_t)t->vocab * d * (t->tied ? 1 : 2);
	n += (uint64_t)t->layers * (2 * d * q + 2 * d * k + 3 * d * f + 2 * d);
	return n + d;
}

/* --- bounds */

static int check_size(const char *part, const char *key, int value, int max, struct err *err)
{
	if (value >= 1 && value <= max)
		return 0;
	return err_set(err, value < 1 ? ERR_FORMAT : ERR_LIMIT, "%s: '%s' is %d; allowed 1 to %d",
		       part, key, value, max);
}

static int check_real(const char *key, double value, double lo, double hi, struct err *err)
{
	if (value >= lo && value <= hi)
		return 0;
	return err_set(err, ERR_FORMAT, "'%s' is %g; allowed %g to %g", key, value, lo, hi);
}

static int check_sizes(const struct model_config *config, struct err *err)
{
#define X(member, key, max, otherwise)                                                             \
	if (check_size("vision_config", key, config->vision.member, max, err) < 0)                 \
		return -1;
	MODEL_VISION_SIZES(X)
#undef X
#define X(member, key, max, otherwise)                                                             \
	if (check_size("text_config", key, config->text.member, max, err) < 0)                     \
		return -1;
	MODEL_TEXT_SIZES(X)
#undef X
	if (check_real("layer_norm_eps", config->vision.eps, MODEL_EPS_MIN, MODEL_EPS_MAX, err) < 0)
		return -1;
	if (check_real("rms_norm_eps", config->text.eps, MODEL_EPS_MIN, MODEL_EPS_MAX, err) < 0)
		return -1;
	return check_real("rope_theta", config->text.theta, MODEL_THETA_MIN, MODEL_THETA_MAX, err);
}

static int check_divisions(const struct model_config *config, struct err *err)
{
	const struct model_vision *v = &config->vision;
	const struct model_text *t = &config->text;

	if (v->side % v->patch != 0)
		return err_set(err, ERR_FORMAT,
			       "vision_config: 'image_size' %d is no multiple of 'patch_size' %d",
			       v->side, v->patch);
	if (v->width % v->heads != 0)
		return err_set(err, ERR_FORMAT,
			       "vision_config: %d heads do not divide 'hidden_size' %d", v->heads,
			       v->width);
	if (t->width % t->heads != 0)
		return err_set(err, ERR_FORMAT,
			       "text_config: %d heads do not divide 'hidden_size' %d", t->heads,
			       t->width);
	if (t->heads % t->kv_heads != 0)
		return err_set(err, ERR_FORMAT,
			       "text_config: %d key-value heads do not divide %d heads",
			       t->kv_heads, t->heads);
	if (t->head_dim % 2 != 0)
		return err_set(err, ERR_FORMAT, "text_config: 'head_dim' %d is odd", t->head_dim);
	return 0;
}

static int check_ids(const struct model_config *config, struct err *err)
{
	const struct {
		const char *key;
		int id, min;
	} ids[] = {{"pad_token_id", config->pad, -1},
		   {"bos_token_id", config->bos, 0},
		   {"eos_token_id", config->eos, 0},
		   {"image_token_index", config->image, 0}};

	for (int i = 0; i < 4; i++) {
		if (ids[i].id < ids[i].min || ids[i].id >= config->text.vocab)
			return err_set(err, ERR_FORMAT, "'%s' is %d in a vocabulary of %d",
				       ids[i].key, ids[i].id, config->text.vocab);
		if (i < 3 && ids[i].id == config->image)
			return err_set(err, ERR_FORMAT, "'image_token_index' and '%s' are both %d",
				       ids[i].key, config->image);
	}
	return 0;
}

int model_config_check(const struct model_config *config, struct err *err)
{
	int layers = config->vision.layers;

	if (check_sizes(config, err) < 0 || check_divisions(config, err) < 0 ||
	    check_ids(config, err) < 0)
		return -1;
	if (config->feature_layer < -layers - 1 || config->feature_layer > layers)
		return err_set(err, ERR_FORMAT, "'vision_feature_layer' is %d of %d layers",
			       config->feature_layer, layers);
	if (model_image_tokens(config) >= config->text.positions)
		return err_set(
			err, ERR_FORMAT,
			"a picture's %d tokens leave no room in 'max_position_embeddings' %d",
			model_image_tokens(config), config->text.positions);
	if (model_parameters(config) >= MODEL_PARAMETERS_MAX)
		return err_set(err, ERR_LIMIT, "%.0f parameters; allowed are fewer than 2^40",
			       (double)model_parameters(config));
	return 0;
}

/* --- writing */

static void put_key(struct buf *out, const char *key)
{
	buf_char(out, '"');
	buf_str(out, key);
	buf_str(out, "\": ");
}

static void put_int(struct buf *out, const char *indent, const char *key, int64_t value)
{
	buf_str(out, indent);
	put_key(out, key);
	buf_int(out, value);
	buf_str(out, ",\n");
}

/* Told from whole numbers by a point or an exponent: transformers 5 checks types. */
static void put_real(struct buf *out, const char *indent, const char *key, double value)
{
	cJSON *node = cJSON_CreateNumber(value);
	char text[64];

	buf_str(out, indent);
	put_key(out, key);
	if (node && cJSON_PrintPreallocated(node, text, sizeof(text), false)) {
		buf_str(out, text);
		if (!strpbrk(text, ".e"))
			buf_str(out, ".0");
	}
	cJSON_Delete(node);
	buf_str(out, ",\n");
}

static void put_str(struct buf *out, const char *indent, const char *key, const char *value)
{
	buf_str(out, indent);
	put_key(out, key);
	buf_json_str(out, value);
	buf_str(out, ",\n");
}

static void put_raw(struct buf *out, const char *indent, const char *key, const char *json)
{
	buf_str(out, indent);
	put_key(out, key);
	buf_str(out, json);
	buf_str(out, ",\n");
}

/* The comma behind the last member goes. */
static void end_object(struct buf *out, const char *end)
{
	out->len -= 2;
	buf_str(out, end);
}

static void put_ids(struct buf *out, const char *indent, const struct model_config *config)
{
	if (config->pad >= 0)
		put_int(out, indent, "pad_token_id", config->pad);
	put_int(out, indent, "bos_token_id", config->bos);
	put_int(out, indent, "eos_token_id", config->eos);
}

static void put_vision(struct buf *out, const struct model_vision *v)
{
	static const char indent[] = "    ";

	buf_str(out, "  \"vision_config\": {\n");
	put_str(out, indent, "model_type", "clip_vision_model");
	put_raw(out, indent, "architectures", "[\"CLIPVisionModel\"]");
	put_int(out, indent, "hidden_size", v->width);
	put_int(out, indent, "intermediate_size", v->mlp);
	put_int(out, indent, "num_hidden_layers", v->layers);
	put_int(out, indent, "num_attention_heads", v->heads);
	put_int(out, indent, "num_channels", 3);
	put_int(out, indent, "image_size", v->side);
	put_int(out, indent, "patch_size", v->patch);
	put_str(out, indent, "hidden_act", model_activation_names[v->act]);
	put_real(out, indent, "layer_norm_eps", v->eps);
	put_real(out, indent, "attention_dropout", 0);
	put_int(out, indent, "projection_dim", v->width);
	end_object(out, "\n  },\n");
}

static void put_text(struct buf *out, const struct model_config *config)
{
	static const char indent[] = "    ";
	const struct model_text *t = &config->text;

	buf_str(out, "  \"text_config\": {\n");
	put_str(out, indent, "model_type", "llama");
	put_raw(out, indent, "architectures", "[\"LlamaForCausalLM\"]");
	put_int(out, indent, "vocab_size", t->vocab);
	put_int(out, indent, "hidden_size", t->width);
	put_int(out, indent, "intermediate_size", t->mlp);
	put_int(out, indent, "num_hidden_layers", t->layers);
	put_int(out, indent, "num_attention_heads", t->heads);
	put_int(out, indent, "num_key_value_heads", t->kv_heads);
	put_int(out, indent, "head_dim", t->head_dim);
	put_str(out, indent, "hidden_act", "silu");
	put_int(out, indent, "max_position_embeddings", t->positions);
	put_real(out, indent, "rms_norm_eps", t->eps);
	put_real(out, indent, "rope_theta", t->theta);
	put_raw(out, indent, "attention_bias", "false");
	put_raw(out, indent, "mlp_bias", "false");
	put_raw(out, indent, "tie_word_embeddings", t->tied ? "true" : "false");
	put_ids(out, indent, config);
	end_object(out, "\n  },\n");
}

void model_config_write(const struct model_config *config, const char *dtype, struct buf *out)
{
	static const char indent[] = "  ";

	buf_str(out, "{\n");
	put_raw(out, indent, "architectures", "[\"LlavaForConditionalGeneration\"]");
	put_str(out, indent, "model_type", "llava");
	put_str(out, indent, "dtype", dtype);
	put_str(out, indent, "torch_dtype", dtype);
	put_int(out, indent, "image_token_index", config->image);
	put_str(out, indent, "projector_hidden_act", model_activation_names[config->projector_act]);
	put_raw(out, indent, "multimodal_projector_bias", "true");
	put_int(out, indent, "vision_feature_layer", config->feature_layer);
	put_str(out, indent, "vision_feature_select_strategy", model_select_names[config->select]);
	put_int(out, indent, "image_seq_length", model_image_tokens(config));
	put_raw(out, indent, "tie_word_embeddings", config->text.tied ? "true" : "false");
	put_ids(out, indent, config);
	put_vision(out, &config->vision);
	put_text(out, config);
	end_object(out, "\n}\n");
}
