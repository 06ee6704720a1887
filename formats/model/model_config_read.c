/* SPDX-License-Identifier: MIT */
/*
 * config.json in two steps: keys that would change the arithmetic are compared with the one value that
 * is supported, sizes are read; then model_config_check has its say. Keys that are not named here
 * change nothing, or only training: dropout, initializers, what generation likes.
 *
 * Source of the defaults: configuration_llava.py, configuration_clip.py and configuration_llama.py of
 * transformers. Versions differ in spelling: image_token_id is image_token_index, rope_parameters holds
 * rope_theta and what rope_scaling was; the ids of <pad>, <s> and </s> are at the top, in text_config,
 * or both.
 */
#include <config.h>

#include "formats/model/model_config.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "formats/encoding/json.h"
#include "formats/model/model_config_private.h"

/* The key's value, or NULL where it is absent or null. */
static const cJSON *given(const cJSON *object, const char *key)
{
	const cJSON *node = json_member(object, key);

	return cJSON_IsNull(node) ? NULL : node;
}

/* --- what must be as it is here */

/* The place of the key's text in the names; `otherwise` is the text of an absent key. */
static int read_word(const struct json_doc *doc, const cJSON *object, const char *key,
		     const char *otherwise, const char *const *names, struct err *err)
{
	const cJSON *node = given(object, key);
	const char *text = node ? cJSON_GetStringValue(node) : otherwise;
	struct buf known = {0};

	if (!text)
		return json_error(doc, node, err, "'%s' must be a string", key);
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	for (int i = 0; names[i]; i++) {
		buf_str(&known, i ? ", " : "");
		buf_str(&known, names[i]);
	}
	json_unsupported(doc, node ? node : object, err, "'%s' is '%.40s'%s; supported: %s", key,
			 text, node ? "" : " where it is absent", known.data);
	buf_free(&known);
	return -1;
}

/* The key is that text, also where it is absent. */
static int demand_word(const struct json_doc *doc, const cJSON *object, const char *key,
		       const char *wanted, struct err *err)
{
	const char *const names[] = {wanted, NULL};

	return read_word(doc, object, key, wanted, names, err);
}

static int demand_bool(const struct json_doc *doc, const cJSON *object, const char *key,
		       bool wanted, struct err *err)
{
	const cJSON *node = given(object, key);

	if (node && !cJSON_IsBool(node))
		return json_error(doc, node, err, "'%s' must be true or false", key);
	if (node && cJSON_IsTrue(node) != wanted)
		return json_unsupported(doc, node, err, "'%s' is %s; supported: %s", key,
					wanted ? "false" : "true", wanted ? "true" : "false");
	return 0;
}

static int demand_absent(const struct json_doc *doc, const cJSON *object, const char *key,
			 struct err *err)
{
	const cJSON *node = given(object, key);

	return node ? json_unsupported(doc, node, err, "'%s' is not supported", key) : 0;
}

static int demand_number(const struct json_doc *doc, const cJSON *object, const char *key,
			 double wanted, struct err *err)
{
	const cJSON *node = given(object, key);

	if (node && !cJSON_IsNumber(node))
		return json_error(doc, node, err, "'%s' must be a number", key);
	if (node && node->valuedouble != wanted)
		return json_unsupported(doc, node, err, "'%s' is %g; supported: %g", key,
					node->valuedouble, wanted);
	return 0;
}

/* --- numbers */

/* A size or an id; absent or null is `otherwise`. Its bounds are looked at later. */
static int read_int(const struct json_doc *doc, const cJSON *object, const char *key, int otherwise,
		    int *out, struct err *err)
{
	double v = otherwise;

	if (given(object, key) && json_whole(doc, object, key, INT_MIN, INT_MAX, &v, err) < 0)
		return -1;
	*out = (int)v;
	return 0;
}

static int read_real(const struct json_doc *doc, const cJSON *object, const char *key,
		     double otherwise, double *out, struct err *err)
{
	const cJSON *node = given(object, key);

	if (node && !cJSON_IsNumber(node))
		return json_error(doc, node, err, "'%s' must be a number", key);
	*out = node ? node->valuedouble : otherwise;
	return 0;
}

/* --- rotary positions */

static int check_rope_object(const struct json_doc *doc, const cJSON *rope, const char *key,
			     struct err *err)
{
	if (!cJSON_IsObject(rope))
		return json_error(doc, rope, err, "'%s' must be an object", key);
	if (demand_word(doc, rope, "rope_type", "default", err) < 0 ||
	    demand_word(doc, rope, "type", "default", err) < 0 ||
	    demand_number(doc, rope, "partial_rotary_factor", 1, err) < 0)
		return -1;
	for (const cJSON *node = rope->child; node; node = node->next)
		if (strcmp(node->string, "rope_type") != 0 && strcmp(node->string, "type") != 0 &&
		    strcmp(node->string, "partial_rotary_factor") != 0 &&
		    strcmp(node->string, "rope_theta") != 0 && !cJSON_IsNull(node))
			return json_unsupported(doc, node, err, "'%.40s' in '%s' is not supported",
						node->string, key);
	return 0;
}

static int read_rope(const struct json_doc *doc, const cJSON *text, double *theta, struct err *err)
{
	const cJSON *parameters = given(text, "rope_parameters");
	const cJSON *scaling = given(text, "rope_scaling");
	double outer;

	if (parameters && check_rope_object(doc, parameters, "rope_parameters", err) < 0)
		return -1;
	if (scaling && check_rope_object(doc, scaling, "rope_scaling", err) < 0)
		return -1;
	if (read_real(doc, text, "rope_theta", 10000, &outer, err) < 0 ||
	    read_real(doc, parameters, "rope_theta", outer, theta, err) < 0)
		return -1;
	if (given(text, "rope_theta") && *theta != outer)
		return json_error(doc, parameters, err, "'rope_theta' is %g here and %g outside",
				  *theta, outer);
	return 0;
}

/* --- the parts */

static int read_vision(const struct json_doc *doc, struct model_vision *v, struct err *err)
{
	const cJSON *object = json_member(doc->root, "vision_config");
	int act;

	if (!cJSON_IsObject(object))
		return json_error(doc, object, err, "'vision_config' must be an object");
	if (demand_word(doc, object, "model_type", "clip_vision_model", err) < 0 ||
	    demand_number(doc, object, "num_channels", 3, err) < 0 ||
	    demand_absent(doc, object, "quantization_config", err) < 0)
		return -1;
	act = read_word(doc, object, "hidden_act", "quick_gelu", model_activation_names, err);
	v->mean = MODEL_PIXEL_MEAN;
	v->std = MODEL_PIXEL_STD;
	if (act < 0 || read_real(doc, object, "layer_norm_eps", 1e-5, &v->eps, err) < 0)
		return -1;
	v->act = (enum model_activation)act;
#define X(member, key, max, otherwise)                                                             \
	if (read_int(doc, object, key, otherwise, &v->member, err) < 0)                            \
		return -1;
	MODEL_VISION_SIZES(X)
#undef X
	return 0;
}

static int check_layer_types(const struct json_doc *doc, const cJSON *text, struct err *err)
{
	const cJSON *types = given(text, "layer_types");

	for (const cJSON *type = types ? types->child : NULL; type; type = type->next)
		if (!cJSON_IsString(type) || strcmp(type->valuestring, "full_attention") != 0)
			return json_unsupported(doc, type, err,
						"'layer_types' must hold 'full_attention' only");
	return 0;
}

static int check_text(const struct json_doc *doc, const cJSON *text, struct err *err)
{
	if (demand_word(doc, text, "model_type", "llama", err) < 0 ||
	    demand_word(doc, text, "hidden_act", "silu", err) < 0 ||
	    demand_bool(doc, text, "attention_bias", false, err) < 0 ||
	    demand_bool(doc, text, "mlp_bias", false, err) < 0 ||
	    demand_bool(doc, text, "use_sliding_window", false, err) < 0 ||
	    demand_absent(doc, text, "sliding_window", err) < 0 ||
	    demand_number(doc, text, "partial_rotary_factor", 1, err) < 0 ||
	    demand_absent(doc, text, "quantization_config", err) < 0)
		return -1;
	return check_layer_types(doc, text, err);
}

static int read_tied(const struct json_doc *doc, const cJSON *object, bool *tied, struct err *err)
{
	const cJSON *node = given(object, "tie_word_embeddings");

	if (node && !cJSON_IsBool(node))
		return json_error(doc, node, err, "'tie_word_embeddings' must be true or false");
	*tied = *tied || cJSON_IsTrue(node);
	return 0;
}

static int read_text(const struct json_doc *doc, const cJSON *object, struct model_text *t,
		     struct err *err)
{
	if (!cJSON_IsObject(object))
		return json_error(doc, object, err, "'text_config' must be an object");
	if (check_text(doc, object, err) < 0)
		return -1;
#define X(member, key, max, otherwise)                                                             \
	if (read_int(doc, object, key, otherwise, &t->member, err) < 0)                            \
		return -1;
	MODEL_TEXT_SIZES(X)
#undef X
	if (!given(object, "num_key_value_heads"))
		t->kv_heads = t->heads;
	if (!given(object, "head_dim"))
		t->head_dim = t->heads > 0 ? t->width / t->heads : 0;
	if (read_real(doc, object, "rms_norm_eps", 1e-6, &t->eps, err) < 0 ||
	    read_tied(doc, doc->root, &t->tied, err) < 0 ||
	    read_tied(doc, object, &t->tied, err) < 0)
		return -1;
	return read_rope(doc, object, &t->theta, err);
}

static int read_id(const struct json_doc *doc, const cJSON *text, const char *key, int otherwise,
		   int *out, struct err *err)
{
	const cJSON *object = given(doc->root, key) ? doc->root : text;

	if (cJSON_IsArray(json_member(object, key)))
		return json_unsupported(doc, json_member(object, key), err,
					"'%s' is a list; supported: one id", key);
	return read_int(doc, object, key, otherwise, out, err);
}

static int read_image_id(const struct json_doc *doc, int *out, struct err *err)
{
	const cJSON *id = given(doc->root, "image_token_id");
	const cJSON *place = given(doc->root, "image_token_index");
	int other;

	if (read_int(doc, doc->root, "image_token_index", 32000, out, err) < 0 ||
	    read_int(doc, doc->root, "image_token_id", *out, &other, err) < 0)
		return -1;
	if (id && place && other != *out)
		return json_error(doc, id, err, "'image_token_id' is %d, 'image_token_index' %d",
				  other, *out);
	*out = other;
	return 0;
}

static int read_features(const struct json_doc *doc, struct model_config *config, struct err *err)
{
	const cJSON *layer = json_member(doc->root, "vision_feature_layer");
	int act, select;

	if (cJSON_IsArray(layer))
		return json_unsupported(doc, layer, err,
					"'vision_feature_layer' is a list; supported: one layer");
	if (read_int(doc, doc->root, "vision_feature_layer", -2, &config->feature_layer, err) < 0)
		return -1;
	select = read_word(doc, doc->root, "vision_feature_select_strategy", "default",
			   model_select_names, err);
	if (select < 0)
		return -1;
	act = read_word(doc, doc->root, "projector_hidden_act", "gelu", model_activation_names,
			err);
	if (act < 0)
		return -1;
	config->select = (enum model_select)select;
	config->projector_act = (enum model_activation)act;
	return demand_bool(doc, doc->root, "multimodal_projector_bias", true, err);
}

static int read_config(const struct json_doc *doc, struct model_config *config, struct err *err)
{
	static const char *const types[] = {"llava", NULL};
	const cJSON *text = json_member(doc->root, "text_config");

	if (!cJSON_IsObject(doc->root))
		return json_error(doc, NULL, err, "must be an object");
	if (read_word(doc, doc->root, "model_type", "", types, err) < 0 ||
	    demand_absent(doc, doc->root, "quantization_config", err) < 0 ||
	    demand_absent(doc, doc->root, "compression_config", err) < 0)
		return -1;
	if (read_features(doc, config, err) < 0 || read_vision(doc, &config->vision, err) < 0 ||
	    read_text(doc, text, &config->text, err) < 0)
		return -1;
	if (read_id(doc, text, "pad_token_id", -1, &config->pad, err) < 0 ||
	    read_id(doc, text, "bos_token_id", 1, &config->bos, err) < 0 ||
	    read_id(doc, text, "eos_token_id", 2, &config->eos, err) < 0 ||
	    read_image_id(doc, &config->image, err) < 0)
		return -1;
	if (model_config_check(config, err) < 0)
		return err_context(err, "%s", doc->name);
	return 0;
}

static int read_and_free(struct model_config *config, struct json_doc *doc, struct err *err)
{
	int rc;

	*config = (struct model_config){0};
	rc = read_config(doc, config, err);
	json_free(doc);
	return rc;
}

int model_config_parse(struct model_config *config, const char *name, const char *text, size_t len,
		       struct err *err)
{
	struct json_doc doc;

	if (json_parse(&doc, name, text, len, err) < 0)
		return -1;
	return read_and_free(config, &doc, err);
}

int model_config_read(struct model_config *config, const char *path, struct err *err)
{
	struct json_doc doc;

	if (json_read(&doc, path, err) < 0)
		return -1;
	return read_and_free(config, &doc, err);
}
