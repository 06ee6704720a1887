/* SPDX-License-Identifier: MIT */
/*
 * The table is built in the order of the forward pass, with a cursor for each of the two zones:
 * vectors count from 0 too, and are moved behind the matrices once these are known. What lies one
 * behind the other (q, k, v; gate and up) is added without aligning between.
 *
 * Names: every layout is brought to that of llava-hf's first checkpoints and looked up there.
 *
 *	given                                     sought
 *	[model.]lm_head.X                         language_model.lm_head.X
 *	[model.]language_model.[model.]X          language_model.model.X
 *	[model.]vision_tower.[vision_model.]X     vision_tower.vision_model.X
 *	[model.]multi_modal_projector.X           multi_modal_projector.X
 */
#include <config.h>

#include "formats/model/model_tensors.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define VISION "vision_tower.vision_model."
#define TEXT "language_model.model."
#define HEAD "language_model.lm_head.weight"
#define NAME_BYTES 128

struct build {
	struct model_tensors *tensors;
	size_t matrices, vectors; /* how far each zone is */
	const char *prefix;       /* of names, with the layer's number in it */
	int layer;
	enum model_part part;
};

const char *const model_part_names[] = {
#define X(name) #name,
	MODEL_PARTS(X)
#undef X
		NULL};

static size_t align(size_t n)
{
	return (n + MODEL_ALIGN - 1) / MODEL_ALIGN * MODEL_ALIGN;
}

static struct model_tensor *append(struct build *b, const char *name, int dims,
				   const uint64_t shape[4])
{
	struct model_tensors *tensors = b->tensors;
	struct model_tensor *t = &tensors->all[tensors->count++];
	size_t *zone = dims > 1 ? &b->matrices : &b->vectors;
	char whole[NAME_BYTES];
	int len;

	len = snprintf(whole, sizeof(whole), "%s", b->prefix);
	if (b->layer >= 0)
		len += snprintf(whole + len, sizeof(whole) - (size_t)len, "%d.", b->layer);
	len += snprintf(whole + len, sizeof(whole) - (size_t)len, "%s", name);
	assert(len < NAME_BYTES);
	*t = (struct model_tensor){.name = arena_strndup(&tensors->arena, whole, (size_t)len),
				   .dims = dims,
				   .offset = *zone,
				   .count = 1,
				   .is_matrix = dims > 1,
				   .is_patches = dims == 4,
				   .in_layer = b->layer >= 0,
				   .part = b->part};
	for (int i = 0; i < dims; i++) {
		t->shape[i] = shape[i];
		if (!(t->is_patches && i == 1))
			t->count = mem_mul(t->count, shape[i]);
	}
	*zone = mem_add(*zone, t->count);
	tensors->parameters += t->count;
	return t;
}

static void align_zones(struct build *b)
{
	b->matrices = align(b->matrices);
	b->vectors = align(b->vectors);
}

/* [n]; returns where it is in its zone. */
static size_t vector(struct build *b, const char *name, int n)
{
	align_zones(b);
	return append(b, name, 1, (uint64_t[4]){(uint64_t)n})->offset;
}

/* [rows, columns] */
static size_t matrix(struct build *b, const char *name, int rows, int columns)
{
	align_zones(b);
	return append(b, name, 2, (uint64_t[4]){(uint64_t)rows, (uint64_t)columns})->offset;
}

/* Without a gap behind what was added to that zone before. */
static void more_vector(struct build *b, const char *name, int n)
{
	append(b, name, 1, (uint64_t[4]){(uint64_t)n});
}

static void more_matrix(struct build *b, const char *name, int rows, int columns)
{
	append(b, name, 2, (uint64_t[4]){(uint64_t)rows, (uint64_t)columns});
}

/* --- the model */

static void add_vision_layer(struct build *b, const struct model_vision *v,
			     struct model_vision_layer *at)
{
	int d = v->width, f = v->mlp;

	at->norm1_w = vector(b, "layer_norm1.weight", d);
	at->norm1_b = vector(b, "layer_norm1.bias", d);
	at->qkv_w = matrix(b, "self_attn.q_proj.weight", d, d);
	at->qkv_b = vector(b, "self_attn.q_proj.bias", d);
	more_matrix(b, "self_attn.k_proj.weight", d, d);
	more_vector(b, "self_attn.k_proj.bias", d);
	more_matrix(b, "self_attn.v_proj.weight", d, d);
	more_vector(b, "self_attn.v_proj.bias", d);
	at->out_w = matrix(b, "self_attn.out_proj.weight", d, d);
	at->out_b = vector(b, "self_attn.out_proj.bias", d);
	at->norm2_w = vector(b, "layer_norm2.weight", d);
	at->norm2_b = vector(b, "layer_norm2.bias", d);
	at->fc1_w = matrix(b, "mlp.fc1.weight", f, d);
	at->fc1_b = vector(b, "mlp.fc1.bias", f);
	at->fc2_w = matrix(b, "mlp.fc2.weight", d, f);
	at->fc2_b = vector(b, "mlp.fc2.bias", d);
}

static void add_vision(struct build *b, const struct model_vision *v)
{
	struct model_tensors *tensors = b->tensors;
	uint64_t p = (uint64_t)v->patch;
	int d = v->width, n = v->side / v->patch;

	b->part = MODEL_PART_vision;
	b->prefix = VISION;
	tensors->class_w = vector(b, "embeddings.class_embedding", d);
	align_zones(b);
	tensors->patch_w = append(b, "embeddings.patch_embedding.weight", 4,
				  (uint64_t[4]){(uint64_t)d, 3, p, p})
				   ->offset;
	tensors->position_w = matrix(b, "embeddings.position_embedding.weight", n * n + 1, d);
	tensors->pre_norm_w = vector(b, "pre_layrnorm.weight", d);
	tensors->pre_norm_b = vector(b, "pre_layrnorm.bias", d);
	b->prefix = VISION "encoder.layers.";
	for (b->layer = 0; b->layer < v->layers; b->layer++)
		add_vision_layer(b, v, &tensors->vision[b->layer]);
	b->layer = -1;
}

static void add_projector(struct build *b, int from, int to)
{
	struct model_tensors *tensors = b->tensors;

	b->part = MODEL_PART_projector;
	b->prefix = "multi_modal_projector.";
	tensors->linear1_w = matrix(b, "linear_1.weight", to, from);
	tensors->linear1_b = vector(b, "linear_1.bias", to);
	tensors->linear2_w = matrix(b, "linear_2.weight", to, to);
	tensors->linear2_b = vector(b, "linear_2.bias", to);
}

static void add_text_layer(struct build *b, const struct model_text *t, struct model_text_layer *at)
{
	int d = t->width, q = t->heads * t->head_dim, kv = t->kv_heads * t->head_dim;

	at->norm1_w = vector(b, "input_layernorm.weight", d);
	at->qkv_w = matrix(b, "self_attn.q_proj.weight", q, d);
	more_matrix(b, "self_attn.k_proj.weight", kv, d);
	more_matrix(b, "self_attn.v_proj.weight", kv, d);
	at->out_w = matrix(b, "self_attn.o_proj.weight", d, q);
	at->norm2_w = vector(b, "post_attention_layernorm.weight", d);
	at->gate_up_w = matrix(b, "mlp.gate_proj.weight", t->mlp, d);
	more_matrix(b, "mlp.up_proj.weight", t->mlp, d);
	at->down_w = matrix(b, "mlp.down_proj.weight", d, t->mlp);
}

static void add_text(struct build *b, const struct model_text *t)
{
	struct model_tensors *tensors = b->tensors;

	b->part = MODEL_PART_text;
	b->prefix = TEXT;
	tensors->embed_w = matrix(b, "embed_tokens.weight", t->vocab, t->width);
	b->prefix = TEXT "layers.";
	for (b->layer = 0; b->layer < t->layers; b->layer++)
		add_text_layer(b, t, &tensors->text[b->layer]);
	b->layer = -1;
	b->prefix = TEXT;
	tensors->norm_w = vector(b, "norm.weight", t->width);
	b->prefix = "";
	tensors->head_w = t->tied ? tensors->embed_w : matrix(b, HEAD, t->vocab, t->width);
}

/* Vectors behind the matrices: `by` further. */
static void move_vectors(struct model_tensors *tensors, const struct model_config *config,
			 size_t by)
{
	for (int i = 0; i < tensors->count; i++)
		if (!tensors->all[i].is_matrix)
			tensors->all[i].offset += by;
	tensors->class_w += by;
	tensors->pre_norm_w += by;
	tensors->pre_norm_b += by;
	for (int i = 0; i < config->vision.layers; i++) {
		struct model_vision_layer *at = &tensors->vision[i];
		size_t *const vectors[] = {&at->norm1_w, &at->norm1_b, &at->qkv_b, &at->out_b,
					   &at->norm2_w, &at->norm2_b, &at->fc1_b, &at->fc2_b};

		for (size_t j = 0; j < sizeof(vectors) / sizeof(*vectors); j++)
			*vectors[j] += by;
	}
	tensors->linear1_b += by;
	tensors->linear2_b += by;
	for (int i = 0; i < config->text.layers; i++) {
		tensors->text[i].norm1_w += by;
		tensors->text[i].norm2_w += by;
	}
	tensors->norm_w += by;
}

/* --- names */

static int compare_names(const void *a, const void *b)
{
	const struct model_tensor *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void sort_names(struct model_tensors *tensors)
{
	size_t n = (size_t)tensors->count;

	tensors->by_name = ARENA_NEW(&tensors->arena, const struct model_tensor *, n);
	for (size_t i = 0; i < n; i++)
		tensors->by_name[i] = &tensors->all[i];
	qsort(tensors->by_name, n, sizeof(*tensors->by_name), compare_names);
}

struct model_tensors *model_tensors_new(const struct model_config *config)
{
	struct model_tensors *tensors = mem_alloc(1, sizeof(*tensors));
	struct build b = {.tensors = tensors, .layer = -1};
	int vision = config->vision.layers, text = config->text.layers;
	int max = 16 * vision + 9 * text + 12;

	tensors->all = ARENA_NEW(&tensors->arena, struct model_tensor, max);
	tensors->vision = ARENA_NEW(&tensors->arena, struct model_vision_layer, vision);
	tensors->text = ARENA_NEW(&tensors->arena, struct model_text_layer, text);
	add_vision(&b, &config->vision);
	add_projector(&b, config->vision.width, config->text.width);
	add_text(&b, &config->text);
	assert(tensors->count <= max);
	tensors->matrices = align(b.matrices);
	tensors->numbers = mem_add(tensors->matrices, align(b.vectors));
	move_vectors(tensors, config, tensors->matrices);
	sort_names(tensors);
	return tensors;
}

void model_tensors_free(struct model_tensors *tensors)
{
	if (!tensors)
		return;
	arena_free(&tensors->arena);
	free(tensors);
}

/* What follows the prefix in s, or NULL. */
static const char *behind(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

static const char *skip(const char *s, const char *prefix)
{
	const char *rest = behind(s, prefix);

	return rest ? rest : s;
}

/* The name in the first layout; false if it is longer than any there. */
static bool to_first_layout(const char *name, char out[NAME_BYTES])
{
	const char *rest, *s = skip(name, "model.");
	int len;

	if ((rest = behind(s, "language_model.")) && !behind(rest, "lm_head."))
		len = snprintf(out, NAME_BYTES, TEXT "%s", skip(rest, "model."));
	else if ((rest = behind(s, "vision_tower.")))
		len = snprintf(out, NAME_BYTES, VISION "%s", skip(rest, "vision_model."));
	else if (behind(s, "lm_head."))
		len = snprintf(out, NAME_BYTES, "language_model.%s", s);
	else
		len = snprintf(out, NAME_BYTES, "%s", s);
	return len < NAME_BYTES;
}

/* Buffers of early versions, and the norm whose output LLaVA does not use. */
static bool is_dead(const char *name)
{
	const char *end = strrchr(name, '.');

	if (strcmp(name, MODEL_DEAD_WEIGHT) == 0 || strcmp(name, MODEL_DEAD_BIAS) == 0 ||
	    strcmp(name, VISION "embeddings.position_ids") == 0)
		return true;
	return behind(name, TEXT) && end && strcmp(end, ".inv_freq") == 0;
}

int model_tensors_find(const struct model_tensors *tensors, const char *name)
{
	char wanted[NAME_BYTES];
	const struct model_tensor sought = {.name = wanted}, *key = &sought;
	const struct model_tensor **found;

	if (!to_first_layout(name, wanted))
		return MODEL_TENSOR_UNKNOWN;
	found = bsearch(&key, tensors->by_name, (size_t)tensors->count, sizeof(*tensors->by_name),
			compare_names);
	if (found)
		return (int)(*found - tensors->all);
	if (is_dead(wanted))
		return MODEL_TENSOR_DEAD;
	if (strcmp(wanted, HEAD) == 0)
		return MODEL_TENSOR_TIED;
	return MODEL_TENSOR_UNKNOWN;
}
