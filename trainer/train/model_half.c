/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/model_half.h"

#include "base/mem.h"

struct half half_of_vision(const struct model_config *config)
{
	const struct model_vision *v = &config->vision;

	return (struct half){.layers = model_vision_layers(config),
			     .width = (size_t)v->width,
			     .mlp = (size_t)v->mlp,
			     .heads = {v->heads, v->heads, v->width / v->heads},
			     .row = 3 * (size_t)v->width,
			     .inner = (size_t)v->width};
}

struct half half_of_text(const struct model_config *config)
{
	const struct model_text *t = &config->text;

	return (struct half){.layers = t->layers,
			     .width = (size_t)t->width,
			     .mlp = (size_t)t->mlp,
			     .heads = {t->heads, t->kv_heads, t->head_dim},
			     .row = (size_t)(t->heads + 2 * t->kv_heads) * (size_t)t->head_dim,
			     .inner = (size_t)t->heads * (size_t)t->head_dim};
}

void list_features(int32_t *rows, int samples, int patches, int image_tokens)
{
	int first = 1 + patches - image_tokens; /* 0 where the class is a feature */

	for (int i = 0; i < samples * image_tokens; i++)
		rows[i] = i / image_tokens * (1 + patches) + i % image_tokens + first;
}

void *plan_place(struct plan *plan, size_t n, size_t size)
{
	size_t at = plan->used;

	plan->used =
		mem_add(at, mem_add(mem_mul(n, size), PLAN_ALIGN - 1)) / PLAN_ALIGN * PLAN_ALIGN;
	return plan->memory ? plan->memory + at : NULL;
}

struct tensor plan_tensor(struct plan *plan, size_t n, enum dtype type)
{
	return (struct tensor){plan_place(plan, n, dtype_bytes(type)), type};
}
