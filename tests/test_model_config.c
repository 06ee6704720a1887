/* SPDX-License-Identifier: MIT */
/*
 * model_config and model_tensors: presets and their parameters, config.json as several versions of
 * transformers write it, everything that is refused; where tensors lie and what files call them.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/model/model_config.h"
#include "formats/model/model_tensors.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct model_config preset(const char *name, int side)
{
	struct model_config config;
	struct err err = {0};

	if (model_config_preset(&config, name, side, 2048, &err) < 0)
		fail_msg("%s", err.msg);
	return config;
}

/* --- presets */

/* By hand, from the list of tensors: what model_parameters says in closed form. */
static uint64_t sum_of_shapes(const struct model_config *c)
{
	struct model_tensors *tensors = model_tensors_new(c);
	uint64_t sum = 0;

	for (int i = 0; i < tensors->count; i++) {
		const struct model_tensor *t = &tensors->all[i];
		uint64_t n = 1;

		for (int j = 0; j < t->dims; j++)
			n *= t->shape[j];
		sum += t->is_patches ? n / 3 : n;
	}
	assert_true(sum == tensors->parameters);
	model_tensors_free(tensors);
	return sum;
}

static void test_presets(void **state)
{
	static const struct {
		const char *name;
		uint64_t parameters[4]; /* with 2048 tokens, by side */
	} table[] = {
		{"nano", {2824416, 2832096, 2873056, 2930400}},
		{"small", {10855680, 10871040, 10952960, 11067648}},
		{"base", {53773824, 53804544, 53968384, 54197760}},
		{"large", {174685440, 174731520, 174977280, 175321344}},
	};
	static const int sides[] = {224, 256, 384, 512};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_string_equal(model_preset_names[i], table[i].name);
		for (size_t j = 0; j < COUNT(sides); j++) {
			struct model_config c = preset(table[i].name, sides[j]);

			if (model_parameters(&c) != table[i].parameters[j])
				fail_msg("%s %d: %llu", table[i].name, sides[j],
					 (unsigned long long)model_parameters(&c));
			assert_true(sum_of_shapes(&c) == table[i].parameters[j]);
			assert_int_equal(model_image_tokens(&c), (sides[j] / 16) * (sides[j] / 16));
			assert_int_equal(c.vision.width / c.vision.heads % 32, 0);
			assert_int_equal(c.text.head_dim % 32, 0);
		}
	}
	assert_null(model_preset_names[COUNT(table)]);
}

static void test_refuses_presets(void **state)
{
	struct model_config c;
	struct err err = {0};

	(void)state;
	assert_int_equal(model_config_preset(&c, "huge", 224, 2048, &err), -1);
	assert_string_equal(err.msg, "no preset 'huge'; there are nano, small, base, large");
	assert_int_equal(err.code, ERR_USAGE);
	assert_int_equal(model_config_preset(&c, "nano", 225, 2048, &err), -1);
	assert_string_equal(err.msg,
			    "vision_config: 'image_size' 225 is no multiple of 'patch_size' 16");
	assert_int_equal(model_config_preset(&c, "nano", 224, 4, &err), -1);
	assert_string_equal(err.msg, "'image_token_index' is 4 in a vocabulary of 4");
}

static void test_layers_used(void **state)
{
	struct model_config c = preset("small", 224);

	(void)state;
	assert_int_equal(model_vision_layers(&c), 6);
	c.feature_layer = -2;
	assert_int_equal(model_vision_layers(&c), 5);
	c.feature_layer = 3;
	assert_int_equal(model_vision_layers(&c), 3);
	c.select = MODEL_SELECT_full;
	assert_int_equal(model_image_tokens(&c), 197);
}

/* --- config.json */

static int parse(struct model_config *c, const char *text, struct err *err)
{
	return model_config_parse(c, "c", text, strlen(text), err);
}

static struct model_config accept(const char *text)
{
	struct model_config c;
	struct err err = {0};

	if (parse(&c, text, &err) < 0)
		fail_msg("%s", err.msg);
	return c;
}

static void assert_same(const struct model_config *a, const struct model_config *b)
{
	struct buf x = {0}, y = {0};

	model_config_write(a, "float32", &x);
	model_config_write(b, "float32", &y);
	assert_string_equal(x.data, y.data);
	assert_true(a->vision.eps == b->vision.eps && a->text.eps == b->text.eps &&
		    a->text.theta == b->text.theta);
	buf_free(&x);
	buf_free(&y);
}

static void test_writes(void **state)
{
	static const char expected[] = "{\n"
				       "  \"architectures\": [\"LlavaForConditionalGeneration\"],\n"
				       "  \"model_type\": \"llava\",\n"
				       "  \"dtype\": \"bfloat16\",\n"
				       "  \"torch_dtype\": \"bfloat16\",\n"
				       "  \"image_token_index\": 4,\n"
				       "  \"projector_hidden_act\": \"quick_gelu\",\n"
				       "  \"multimodal_projector_bias\": true,\n"
				       "  \"vision_feature_layer\": -1,\n"
				       "  \"vision_feature_select_strategy\": \"default\",\n"
				       "  \"image_seq_length\": 576,\n"
				       "  \"tie_word_embeddings\": false,\n"
				       "  \"pad_token_id\": 0,\n"
				       "  \"bos_token_id\": 1,\n"
				       "  \"eos_token_id\": 2,\n"
				       "  \"vision_config\": {\n"
				       "    \"model_type\": \"clip_vision_model\",\n"
				       "    \"architectures\": [\"CLIPVisionModel\"],\n"
				       "    \"hidden_size\": 256,\n"
				       "    \"intermediate_size\": 1024,\n"
				       "    \"num_hidden_layers\": 6,\n"
				       "    \"num_attention_heads\": 4,\n"
				       "    \"num_channels\": 3,\n"
				       "    \"image_size\": 384,\n"
				       "    \"patch_size\": 16,\n"
				       "    \"hidden_act\": \"quick_gelu\",\n"
				       "    \"layer_norm_eps\": 1e-05,\n"
				       "    \"attention_dropout\": 0.0,\n"
				       "    \"projection_dim\": 256\n"
				       "  },\n"
				       "  \"text_config\": {\n"
				       "    \"model_type\": \"llama\",\n"
				       "    \"architectures\": [\"LlamaForCausalLM\"],\n"
				       "    \"vocab_size\": 2048,\n"
				       "    \"hidden_size\": 256,\n"
				       "    \"intermediate_size\": 704,\n"
				       "    \"num_hidden_layers\": 6,\n"
				       "    \"num_attention_heads\": 4,\n"
				       "    \"num_key_value_heads\": 4,\n"
				       "    \"head_dim\": 64,\n"
				       "    \"hidden_act\": \"silu\",\n"
				       "    \"max_position_embeddings\": 2048,\n"
				       "    \"rms_norm_eps\": 1e-05,\n"
				       "    \"rope_theta\": 10000.0,\n"
				       "    \"attention_bias\": false,\n"
				       "    \"mlp_bias\": false,\n"
				       "    \"tie_word_embeddings\": false,\n"
				       "    \"pad_token_id\": 0,\n"
				       "    \"bos_token_id\": 1,\n"
				       "    \"eos_token_id\": 2\n"
				       "  }\n"
				       "}\n";
	struct model_config c = preset("small", 384), back;
	struct buf out = {0};

	(void)state;
	model_config_write(&c, "bfloat16", &out);
	assert_string_equal(out.data, expected);
	back = accept(out.data);
	assert_same(&c, &back);
	buf_free(&out);
}

static void test_writes_odd_numbers(void **state)
{
	struct model_config c = preset("small", 384), back;
	struct buf out = {0};

	(void)state;
	c.vision.eps = 1.0 / 3;
	c.text.eps = 1e-12;
	c.text.theta = 1234567.89;
	c.text.tied = true;
	c.text.kv_heads = 2;
	c.text.head_dim = 48;
	c.pad = -1;
	c.select = MODEL_SELECT_full;
	c.feature_layer = -7;
	model_config_write(&c, "float32", &out);
	assert_null(strstr(out.data, "pad_token_id"));
	assert_non_null(strstr(out.data, "\"image_seq_length\": 577"));
	back = accept(out.data);
	assert_same(&c, &back);
	buf_free(&out);
}

/* Absent keys are those of CLIPVisionConfig and LlamaConfig. */
static void test_defaults(void **state)
{
	struct model_config c =
		accept("{\"model_type\":\"llava\",\"projector_hidden_act\":\"quick_gelu\","
		       "\"image_token_index\":31999,\"vision_config\":{},\"text_config\":{}}");

	(void)state;
	assert_true(c.vision.side == 224 && c.vision.patch == 32 && c.vision.width == 768);
	assert_true(c.vision.layers == 12 && c.vision.heads == 12 && c.vision.mlp == 3072);
	assert_true(c.vision.eps == 1e-5 && c.vision.act == MODEL_ACTIVATION_quick_gelu);
	assert_true(c.text.vocab == 32000 && c.text.width == 4096 && c.text.layers == 32);
	assert_true(c.text.heads == 32 && c.text.kv_heads == 32 && c.text.head_dim == 128);
	assert_true(c.text.mlp == 11008 && c.text.eps == 1e-6 && c.text.theta == 10000);
	assert_true(c.text.positions == 2048 && !c.text.tied);
	assert_true(c.pad == -1 && c.bos == 1 && c.eos == 2 && c.image == 31999);
	assert_true(c.feature_layer == -2 && c.select == MODEL_SELECT_default);
}

/* A small config with more members at the top, in the tower, in the text. */
static const char *config_with(const char *top, const char *vision, const char *text)
{
	static char out[2048];

	snprintf(out, sizeof(out),
		 "{\"model_type\":\"llava\",\"projector_hidden_act\":\"quick_gelu\"%s,\n"
		 "\"vision_config\":{\"hidden_size\":64,\"num_attention_heads\":2%s},\n"
		 "\"text_config\":{\"vocab_size\":100,\"hidden_size\":64,"
		 "\"num_attention_heads\":4%s}}",
		 top, vision, text);
	return out;
}

#define IMAGE ",\"image_token_index\":4"

static void test_spellings(void **state)
{
	struct model_config c;

	(void)state;
	c = accept(config_with(",\"image_token_id\":7", "", ""));
	assert_int_equal(c.image, 7);
	c = accept(config_with(",\"image_token_id\":7,\"image_token_index\":7", "", ""));
	assert_int_equal(c.image, 7);
	c = accept(config_with(IMAGE, "",
			       ",\"rope_parameters\":{\"rope_type\":\"default\","
			       "\"rope_theta\":500000.0}"));
	assert_true(c.text.theta == 500000);
	c = accept(config_with(IMAGE, "", ",\"rope_theta\":20000,\"rope_scaling\":null"));
	assert_true(c.text.theta == 20000);
	c = accept(config_with(IMAGE, "",
			       ",\"rope_theta\":20000,\"rope_scaling\":{\"type\":\"default\"},"
			       "\"rope_parameters\":{\"rope_theta\":20000.0}"));
	assert_true(c.text.theta == 20000);
	c = accept(config_with(IMAGE, "",
			       ",\"num_key_value_heads\":null,\"head_dim\":null,"
			       "\"layer_types\":[\"full_attention\"],\"sliding_window\":null,"
			       "\"use_sliding_window\":false"));
	assert_true(c.text.kv_heads == 4 && c.text.head_dim == 16);
	c = accept(config_with(IMAGE, "",
			       ",\"pad_token_id\":9,\"bos_token_id\":8,\"eos_token_id\":7"));
	assert_true(c.pad == 9 && c.bos == 8 && c.eos == 7);
	c = accept(config_with(IMAGE ",\"pad_token_id\":3,\"eos_token_id\":null", "",
			       ",\"pad_token_id\":9,\"eos_token_id\":7"));
	assert_true(c.pad == 3 && c.bos == 1 && c.eos == 7);
	c = accept(config_with(IMAGE ",\"tie_word_embeddings\":true", "", ""));
	assert_true(c.text.tied);
	c = accept(config_with(IMAGE ",\"tie_word_embeddings\":false", "",
			       ",\"tie_word_embeddings\":true"));
	assert_true(c.text.tied);
}

static void test_unsupported(void **state)
{
	static const struct {
		const char *top, *vision, *text, *message;
	} bad[] = {
		{IMAGE ",\"quantization_config\":{}", "", "",
		 "c:1: 'quantization_config' is not supported"},
		{IMAGE ",\"compression_config\":{}", "", "",
		 "c:1: 'compression_config' is not supported"},
		{IMAGE ",\"multimodal_projector_bias\":false", "", "",
		 "c:1: 'multimodal_projector_bias' is false; supported: true"},
		{IMAGE ",\"vision_feature_layer\":[-2,-1]", "", "",
		 "c:1: 'vision_feature_layer' is a list; supported: one layer"},
		{IMAGE ",\"vision_feature_select_strategy\":\"cls\"", "", "",
		 "c:1: 'vision_feature_select_strategy' is 'cls'; supported: default, full"},
		{IMAGE ",\"eos_token_id\":[2,3]", "", "",
		 "c:1: 'eos_token_id' is a list; supported: one id"},
		{IMAGE, ",\"model_type\":\"siglip_vision_model\"", "",
		 "c:2: 'model_type' is 'siglip_vision_model'; supported: clip_vision_model"},
		{IMAGE, ",\"hidden_act\":\"gelu\"", "",
		 "c:2: 'hidden_act' is 'gelu'; supported: quick_gelu"},
		{IMAGE, ",\"num_channels\":1", "", "c:2: 'num_channels' is 1; supported: 3"},
		{IMAGE, ",\"quantization_config\":{}", "",
		 "c:2: 'quantization_config' is not supported"},
		{IMAGE, "", ",\"model_type\":\"mistral\"",
		 "c:3: 'model_type' is 'mistral'; supported: llama"},
		{IMAGE, "", ",\"hidden_act\":\"gelu\"",
		 "c:3: 'hidden_act' is 'gelu'; supported: silu"},
		{IMAGE, "", ",\"attention_bias\":true",
		 "c:3: 'attention_bias' is true; supported: false"},
		{IMAGE, "", ",\"mlp_bias\":true", "c:3: 'mlp_bias' is true; supported: false"},
		{IMAGE, "", ",\"sliding_window\":4096", "c:3: 'sliding_window' is not supported"},
		{IMAGE, "", ",\"use_sliding_window\":true",
		 "c:3: 'use_sliding_window' is true; supported: false"},
		{IMAGE, "", ",\"layer_types\":[\"full_attention\",\"sliding_attention\"]",
		 "c:3: 'layer_types' must hold 'full_attention' only"},
		{IMAGE, "", ",\"partial_rotary_factor\":0.5",
		 "c:3: 'partial_rotary_factor' is 0.5; supported: 1"},
		{IMAGE, "", ",\"quantization_config\":{}",
		 "c:3: 'quantization_config' is not supported"},
		{IMAGE, "", ",\"rope_scaling\":{\"type\":\"linear\",\"factor\":2}",
		 "c:3: 'type' is 'linear'; supported: default"},
		{IMAGE, "", ",\"rope_scaling\":{\"factor\":2}",
		 "c:3: 'factor' in 'rope_scaling' is not supported"},
		{IMAGE, "", ",\"rope_parameters\":{\"rope_type\":\"llama3\"}",
		 "c:3: 'rope_type' is 'llama3'; supported: default"},
		{IMAGE, "", ",\"rope_parameters\":{\"partial_rotary_factor\":0.25}",
		 "c:3: 'partial_rotary_factor' is 0.25; supported: 1"},
	};
	struct model_config c;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(
			parse(&c, config_with(bad[i].top, bad[i].vision, bad[i].text), &err), -1);
		assert_string_equal(err.msg, bad[i].message);
		assert_int_equal(err.code, ERR_UNSUPPORTED);
	}
	assert_int_equal(parse(&c, "{\"model_type\":\"llava_next\"}", &err), -1);
	assert_string_equal(err.msg, "c:1: 'model_type' is 'llava_next'; supported: llava");
	assert_int_equal(parse(&c, "{\"model_type\":\"llava\"}", &err), -1);
	assert_string_equal(err.msg, "c:1: 'projector_hidden_act' is 'gelu' where it is absent; "
				     "supported: quick_gelu");
	assert_int_equal(err.code, ERR_UNSUPPORTED);
}

static void test_wrong_types(void **state)
{
	static const struct {
		const char *top, *vision, *text, *message;
	} bad[] = {
		{",\"image_token_index\":\"4\"", "", "",
		 "c:1: 'image_token_index' must be a whole number, -2147483648 to 2147483647"},
		{IMAGE ",\"image_token_id\":5", "", "",
		 "c:1: 'image_token_id' is 5, 'image_token_index' 4"},
		{IMAGE ",\"multimodal_projector_bias\":1", "", "",
		 "c:1: 'multimodal_projector_bias' must be true or false"},
		{IMAGE ",\"tie_word_embeddings\":1", "", "",
		 "c:1: 'tie_word_embeddings' must be true or false"},
		{IMAGE, "", ",\"tie_word_embeddings\":\"no\"",
		 "c:3: 'tie_word_embeddings' must be true or false"},
		{IMAGE, ",\"hidden_act\":3", "", "c:2: 'hidden_act' must be a string"},
		{IMAGE, ",\"layer_norm_eps\":\"1e-5\"", "",
		 "c:2: 'layer_norm_eps' must be a number"},
		{IMAGE, ",\"num_channels\":\"3\"", "", "c:2: 'num_channels' must be a number"},
		{IMAGE, ",\"patch_size\":1.5", "",
		 "c:2: 'patch_size' must be a whole number, -2147483648 to 2147483647"},
		{IMAGE, ",\"patch_size\":1e10", "",
		 "c:2: 'patch_size' must be a whole number, -2147483648 to 2147483647"},
		{IMAGE, "", ",\"rope_scaling\":2", "c:3: 'rope_scaling' must be an object"},
		{IMAGE, "", ",\"rope_parameters\":[]", "c:3: 'rope_parameters' must be an object"},
		{IMAGE, "", ",\"rope_theta\":5,\"rope_parameters\":{\"rope_theta\":6}",
		 "c:3: 'rope_theta' is 6 here and 5 outside"},
	};
	struct model_config c;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(
			parse(&c, config_with(bad[i].top, bad[i].vision, bad[i].text), &err), -1);
		assert_string_equal(err.msg, bad[i].message);
		assert_int_equal(err.code, ERR_FORMAT);
	}
	assert_int_equal(parse(&c, "[]", &err), -1);
	assert_string_equal(err.msg, "c:1: must be an object");
	assert_int_equal(parse(&c, "{", &err), -1);
	assert_string_equal(err.msg, "c:1: expected a key in quotes");
	assert_int_equal(parse(&c,
			       "{\"model_type\":\"llava\",\"projector_hidden_act\":\"quick_gelu\"}",
			       &err),
			 -1);
	assert_string_equal(err.msg, "c:1: 'vision_config' must be an object");
	assert_int_equal(parse(&c,
			       "{\"model_type\":\"llava\",\"projector_hidden_act\":\"quick_gelu\","
			       "\"vision_config\":{}}",
			       &err),
			 -1);
	assert_string_equal(err.msg, "c:1: 'text_config' must be an object");
	assert_int_equal(model_config_read(&c, "/nowhere/config.json", &err), -1);
	assert_string_equal(err.msg, "cannot open /nowhere/config.json: No such file or directory");
	assert_int_equal(err.code, ERR_IO);
}

static void test_bounds(void **state)
{
	static const struct {
		const char *top, *vision, *text;
		enum err_code code;
		const char *message;
	} bad[] = {
		{IMAGE, ",\"image_size\":0", "", ERR_FORMAT,
		 "c: vision_config: 'image_size' is 0; allowed 1 to 16384"},
		{IMAGE, ",\"image_size\":32768", "", ERR_LIMIT,
		 "c: vision_config: 'image_size' is 32768; allowed 1 to 16384"},
		{IMAGE, ",\"patch_size\":-1", "", ERR_FORMAT,
		 "c: vision_config: 'patch_size' is -1; allowed 1 to 1024"},
		{IMAGE, ",\"num_hidden_layers\":0", "", ERR_FORMAT,
		 "c: vision_config: 'num_hidden_layers' is 0; allowed 1 to 1024"},
		{IMAGE, ",\"intermediate_size\":0", "", ERR_FORMAT,
		 "c: vision_config: 'intermediate_size' is 0; allowed 1 to 1048576"},
		{IMAGE, "", ",\"num_key_value_heads\":0", ERR_FORMAT,
		 "c: text_config: 'num_key_value_heads' is 0; allowed 1 to 1024"},
		{IMAGE, "", ",\"head_dim\":2048", ERR_LIMIT,
		 "c: text_config: 'head_dim' is 2048; allowed 1 to 1024"},
		{IMAGE, "", ",\"max_position_embeddings\":0", ERR_FORMAT,
		 "c: text_config: 'max_position_embeddings' is 0; allowed 1 to 16777216"},
		{IMAGE, ",\"layer_norm_eps\":0", "", ERR_FORMAT,
		 "c: 'layer_norm_eps' is 0; allowed 1e-30 to 1"},
		{IMAGE, "", ",\"rms_norm_eps\":2", ERR_FORMAT,
		 "c: 'rms_norm_eps' is 2; allowed 1e-30 to 1"},
		{IMAGE, "", ",\"rope_theta\":0.5", ERR_FORMAT,
		 "c: 'rope_theta' is 0.5; allowed 1 to 1e+12"},
		{IMAGE, ",\"image_size\":225", "", ERR_FORMAT,
		 "c: vision_config: 'image_size' 225 is no multiple of 'patch_size' 32"},
		{IMAGE, ",\"intermediate_size\":1,\"image_size\":32,\"patch_size\":64", "",
		 ERR_FORMAT, "c: vision_config: 'image_size' 32 is no multiple of 'patch_size' 64"},
		{IMAGE, "", ",\"num_key_value_heads\":3", ERR_FORMAT,
		 "c: text_config: 3 key-value heads do not divide 4 heads"},
		{IMAGE, "", ",\"head_dim\":15", ERR_FORMAT, "c: text_config: 'head_dim' 15 is odd"},
		{",\"image_token_index\":100", "", "", ERR_FORMAT,
		 "c: 'image_token_index' is 100 in a vocabulary of 100"},
		{"", "", "", ERR_FORMAT, "c: 'image_token_index' is 32000 in a vocabulary of 100"},
		{IMAGE ",\"pad_token_id\":-2", "", "", ERR_FORMAT,
		 "c: 'pad_token_id' is -2 in a vocabulary of 100"},
		{IMAGE ",\"bos_token_id\":-1", "", "", ERR_FORMAT,
		 "c: 'bos_token_id' is -1 in a vocabulary of 100"},
		{IMAGE ",\"eos_token_id\":4", "", "", ERR_FORMAT,
		 "c: 'image_token_index' and 'eos_token_id' are both 4"},
		{IMAGE ",\"vision_feature_layer\":-14", "", "", ERR_FORMAT,
		 "c: 'vision_feature_layer' is -14 of 12 layers"},
		{IMAGE ",\"vision_feature_layer\":13", "", "", ERR_FORMAT,
		 "c: 'vision_feature_layer' is 13 of 12 layers"},
		{IMAGE, "", ",\"max_position_embeddings\":49", ERR_FORMAT,
		 "c: a picture's 49 tokens leave no room in 'max_position_embeddings' 49"},
		{IMAGE, "",
		 ",\"intermediate_size\":1048576,\"num_hidden_layers\":1024,"
		 "\"head_dim\":1024,\"num_key_value_heads\":4",
		 ERR_NONE, NULL},
	};
	struct model_config c;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		int rc = parse(&c, config_with(bad[i].top, bad[i].vision, bad[i].text), &err);

		assert_int_equal(rc, bad[i].message ? -1 : 0);
		if (!bad[i].message)
			continue;
		assert_string_equal(err.msg, bad[i].message);
		assert_int_equal(err.code, bad[i].code);
	}
}

static void test_total_bound(void **state)
{
	struct model_config c = preset("large", 512);
	struct err err = {0};

	(void)state;
	c.text.width = 65536;
	c.text.heads = 1;
	c.text.kv_heads = 1;
	c.text.mlp = 1 << 20;
	c.text.layers = 1024;
	assert_int_equal(model_config_check(&c, &err), -1);
	assert_string_equal(err.msg, "211128246591488 parameters; allowed are fewer than 2^40");
	assert_int_equal(err.code, ERR_LIMIT);
	c = preset("large", 512);
	c.vision.heads = 5;
	assert_int_equal(model_config_check(&c, &err), -1);
	assert_string_equal(err.msg, "vision_config: 5 heads do not divide 'hidden_size' 768");
	c = preset("large", 512);
	c.text.heads = 5;
	assert_int_equal(model_config_check(&c, &err), -1);
	assert_string_equal(err.msg, "text_config: 5 heads do not divide 'hidden_size' 768");
}

/* --- tensors */

static const struct model_tensor *find(const struct model_tensors *tensors, const char *name)
{
	int i = model_tensors_find(tensors, name);

	if (i < 0)
		fail_msg("no %s", name);
	return &tensors->all[i];
}

/* Zones, alignment, and nothing in two places. */
static void check_layout(const struct model_config *c)
{
	struct model_tensors *tensors = model_tensors_new(c);
	char *used = calloc(tensors->numbers, 1);
	size_t sum = 0;

	assert_non_null(used);
	for (int i = 0; i < tensors->count; i++) {
		const struct model_tensor *t = &tensors->all[i];

		assert_true(t->offset + t->count <= tensors->numbers);
		assert_true(t->is_matrix ? t->offset + t->count <= tensors->matrices
					 : t->offset >= tensors->matrices);
		assert_int_equal(t->is_matrix, t->dims > 1);
		for (size_t j = 0; j < t->count; j++)
			assert_int_equal(used[t->offset + j]++, 0);
		sum += t->count;
		assert_int_equal(model_tensors_find(tensors, t->name), i);
	}
	assert_int_equal(sum, tensors->parameters);
	assert_int_equal(tensors->matrices % MODEL_ALIGN, 0);
	assert_int_equal(tensors->numbers % MODEL_ALIGN, 0);
	free(used);
	model_tensors_free(tensors);
}

static void test_layout(void **state)
{
	struct model_config c = preset("nano", 224);

	(void)state;
	check_layout(&c);
	c.vision.width = 12; /* nothing is a multiple of anything */
	c.vision.heads = 3;
	c.vision.mlp = 7;
	c.text.width = 10;
	c.text.heads = 2;
	c.text.kv_heads = 1;
	c.text.head_dim = 6;
	c.text.mlp = 9;
	c.text.vocab = 11;
	check_layout(&c);
	c.text.tied = true;
	check_layout(&c);
}

static void test_offsets(void **state)
{
	struct model_config c = preset("small", 384);
	struct model_tensors *tensors;
	const struct model_vision_layer *v;
	const struct model_text_layer *t;
	size_t d = 256;

	(void)state;
	c.text.kv_heads = 2;
	tensors = model_tensors_new(&c);
	v = &tensors->vision[5];
	t = &tensors->text[3];
#define AT(where, name) assert_int_equal(where, find(tensors, name)->offset)
#define V "vision_tower.vision_model."
#define L V "encoder.layers.5."
	AT(tensors->class_w, V "embeddings.class_embedding");
	AT(tensors->patch_w, V "embeddings.patch_embedding.weight");
	AT(tensors->position_w, V "embeddings.position_embedding.weight");
	AT(tensors->pre_norm_w, V "pre_layrnorm.weight");
	AT(tensors->pre_norm_b, V "pre_layrnorm.bias");
	AT(v->norm1_w, L "layer_norm1.weight");
	AT(v->norm1_b, L "layer_norm1.bias");
	AT(v->qkv_w, L "self_attn.q_proj.weight");
	AT(v->qkv_w + d * d, L "self_attn.k_proj.weight");
	AT(v->qkv_w + 2 * d * d, L "self_attn.v_proj.weight");
	AT(v->qkv_b, L "self_attn.q_proj.bias");
	AT(v->qkv_b + d, L "self_attn.k_proj.bias");
	AT(v->qkv_b + 2 * d, L "self_attn.v_proj.bias");
	AT(v->out_w, L "self_attn.out_proj.weight");
	AT(v->out_b, L "self_attn.out_proj.bias");
	AT(v->norm2_w, L "layer_norm2.weight");
	AT(v->norm2_b, L "layer_norm2.bias");
	AT(v->fc1_w, L "mlp.fc1.weight");
	AT(v->fc1_b, L "mlp.fc1.bias");
	AT(v->fc2_w, L "mlp.fc2.weight");
	AT(v->fc2_b, L "mlp.fc2.bias");
#undef L
#define L "language_model.model.layers.3."
	AT(tensors->linear1_w, "multi_modal_projector.linear_1.weight");
	AT(tensors->linear1_b, "multi_modal_projector.linear_1.bias");
	AT(tensors->linear2_w, "multi_modal_projector.linear_2.weight");
	AT(tensors->linear2_b, "multi_modal_projector.linear_2.bias");
	AT(tensors->embed_w, "language_model.model.embed_tokens.weight");
	AT(t->norm1_w, L "input_layernorm.weight");
	AT(t->qkv_w, L "self_attn.q_proj.weight");
	AT(t->qkv_w + d * d, L "self_attn.k_proj.weight");
	AT(t->qkv_w + d * d + d * d / 2, L "self_attn.v_proj.weight");
	AT(t->out_w, L "self_attn.o_proj.weight");
	AT(t->norm2_w, L "post_attention_layernorm.weight");
	AT(t->gate_up_w, L "mlp.gate_proj.weight");
	AT(t->gate_up_w + 704 * d, L "mlp.up_proj.weight");
	AT(t->down_w, L "mlp.down_proj.weight");
	AT(tensors->norm_w, "language_model.model.norm.weight");
	AT(tensors->head_w, "language_model.lm_head.weight");
#undef L
#undef V
#undef AT
	model_tensors_free(tensors);
	model_tensors_free(NULL);
}

static void test_shapes(void **state)
{
	struct model_config c = preset("small", 384);
	struct model_tensors *tensors = model_tensors_new(&c);
	const struct model_tensor *t;

	(void)state;
	t = find(tensors, "vision_tower.vision_model.embeddings.patch_embedding.weight");
	assert_true(t->is_patches && t->is_matrix && t->dims == 4 && t->count == 256 * 256);
	assert_true(t->shape[0] == 256 && t->shape[1] == 3 && t->shape[2] == 16);
	t = find(tensors, "vision_tower.vision_model.embeddings.position_embedding.weight");
	assert_true(t->dims == 2 && t->shape[0] == 577 && t->shape[1] == 256);
	t = find(tensors, "language_model.model.layers.0.mlp.down_proj.weight");
	assert_true(t->shape[0] == 256 && t->shape[1] == 704 && t->is_matrix);
	t = find(tensors, "language_model.model.norm.weight");
	assert_true(t->dims == 1 && t->shape[0] == 256 && !t->is_matrix);
	model_tensors_free(tensors);
}

/* Every tensor under every layout. */
static void test_layouts_of_names(void **state)
{
	struct model_config c = preset("nano", 224);
	struct model_tensors *tensors = model_tensors_new(&c);

	(void)state;
	for (int i = 0; i < tensors->count; i++) {
		const char *name = tensors->all[i].name;
		char later[200], latest[200];

		if (strncmp(name, "language_model.lm_head.", 23) == 0)
			snprintf(later, sizeof(later), "%s", name + 15);
		else if (strncmp(name, "language_model.model.", 21) == 0)
			snprintf(later, sizeof(later), "model.language_model.%s", name + 21);
		else
			snprintf(later, sizeof(later), "model.%s", name);
		assert_int_equal(model_tensors_find(tensors, later), i);
		snprintf(latest, sizeof(latest), "%s", later);
		if (strncmp(later, "model.vision_tower.", 19) == 0)
			snprintf(latest, sizeof(latest), "model.vision_tower.%s", name + 26);
		assert_int_equal(model_tensors_find(tensors, latest), i);
	}
	model_tensors_free(tensors);
}

static void test_other_names(void **state)
{
	static const char *const dead[] = {
		MODEL_DEAD_WEIGHT,
		MODEL_DEAD_BIAS,
		"model.vision_tower.post_layernorm.bias",
		"model.vision_tower.vision_model.post_layernorm.weight",
		"vision_tower.vision_model.embeddings.position_ids",
		"model.vision_tower.embeddings.position_ids",
		"language_model.model.layers.3.self_attn.rotary_emb.inv_freq",
		"model.language_model.rotary_emb.inv_freq",
	};
	static const char *const unknown[] = {
		"",
		"model.",
		"language_model.model.layers.4.mlp.up_proj.weight",
		"language_model.model.layers.0.self_attn.q_proj.bias",
		"vision_tower.vision_model.embeddings.patch_embedding.bias",
		"vision_tower.vision_model.head.probe",
		"image_newline",
	};
	struct model_config c = preset("nano", 224);
	struct model_tensors *tensors = model_tensors_new(&c);
	char text[400];

	(void)state;
	for (size_t i = 0; i < COUNT(dead); i++)
		assert_int_equal(model_tensors_find(tensors, dead[i]), MODEL_TENSOR_DEAD);
	for (size_t i = 0; i < COUNT(unknown); i++)
		assert_int_equal(model_tensors_find(tensors, unknown[i]), MODEL_TENSOR_UNKNOWN);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(model_tensors_find(tensors, text), MODEL_TENSOR_UNKNOWN);
	model_tensors_free(tensors);
	c.text.tied = true;
	tensors = model_tensors_new(&c);
	assert_int_equal(model_tensors_find(tensors, "lm_head.weight"), MODEL_TENSOR_TIED);
	assert_int_equal(tensors->head_w, tensors->embed_w);
	model_tensors_free(tensors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presets),
		cmocka_unit_test(test_refuses_presets),
		cmocka_unit_test(test_layers_used),
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_writes_odd_numbers),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_unsupported),
		cmocka_unit_test(test_wrong_types),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_total_bound),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_layouts_of_names),
		cmocka_unit_test(test_other_names),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
