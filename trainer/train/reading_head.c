/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/reading_head.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "trainer/ops/ops_memory.h"
#include "trainer/train/reading.h"

#define QUESTIONS READING_QUESTION_COUNT_
#define DEVIATION 0.02
#define NUMBER_WEIGHT 3 /* a drawing has few beside its cells */

/* A matrix [rows * classes, width] and its biases, in the set. */
struct question {
	size_t classes, out; /* of one answer, of all of a patch */
	size_t w, b;
};

struct reading_head {
	struct model *model;
	struct ops *ops;
	size_t width;       /* of the vision tower */
	int patches, first; /* of a picture, and which of its features is the first one */
	struct param_set set;
	struct param_range ranges[2]; /* weights, biases */
	struct question questions[QUESTIONS];
	size_t most; /* classes */

	/* Of a batch; they grow with it. */
	struct tensor logits, dfeatures; /* [features, out], [features, width]: act */
	struct tensor picked;            /* [cells, classes], act */
	int32_t *cells;  /* [2 * cells_room]: of those that say something which, then what */
	int32_t *listed; /* the same in memory of ops */
	size_t features_room, cells_room;

	struct tensor losses; /* [QUESTIONS], F64 */
	struct tensor scales; /* [QUESTIONS], acc */
};

static struct tensor weights(const struct reading_head *h)
{
	return tensor_is_none(h->set.copy) ? h->set.params : h->set.copy;
}

static void place(struct reading_head *h)
{
	size_t at = 0;

	for (int i = 0; i < QUESTIONS; i++) {
		struct question *q = &h->questions[i];

		q->classes = (size_t)reading_questions[i].classes;
		q->out = (size_t)reading_questions[i].rows * q->classes;
		q->w = at;
		at += q->out * h->width;
		h->most = q->classes > h->most ? q->classes : h->most;
	}
	h->ranges[0] = (struct param_range){.count = at, .decays = true, .rate = 1};
	for (int i = 0; i < QUESTIONS; i++) {
		h->questions[i].b = at;
		at += h->questions[i].out;
	}
	h->ranges[1] = (struct param_range){
		.offset = h->ranges[0].count, .count = at - h->ranges[0].count, .rate = 1};
	h->set.numbers = at;
	h->set.ranges = h->ranges;
	h->set.range_count = 2;
}

static void fill(struct reading_head *h, uint64_t seed)
{
	struct rng rng = rng_stream(seed, 0, "reading", 0);
	size_t n = h->ranges[0].count;
	struct tensor drawn = {mem_alloc(n, dtype_bytes(h->ops->acc)), h->ops->acc};

	for (size_t i = 0; i < n; i++)
		tensor_set(drawn, i, DEVIATION * rng_normal(&rng));
	h->ops->upload(h->ops, h->set.params, drawn.at, n);
	free(drawn.at);
	reading_head_params_changed(h);
}

struct reading_head *reading_head_new(struct model *model, struct ops *ops, uint64_t seed)
{
	const struct model_config *config = model_config_of(model);
	int across = config->vision.side / config->vision.patch;
	struct reading_head *h = mem_alloc(1, sizeof(*h));

	h->model = model;
	h->ops = ops;
	h->width = (size_t)config->vision.width;
	h->patches = across * across;
	h->first = model_image_tokens(config) - h->patches;
	place(h);
	h->set.params = tensor_alloc(ops, h->set.numbers, ops->acc);
	h->set.grads = tensor_alloc(ops, h->set.numbers, ops->acc);
	if (ops->act != ops->acc)
		h->set.copy = tensor_alloc(ops, h->set.numbers, ops->act);
	h->losses = tensor_alloc(ops, QUESTIONS, DTYPE_F64);
	h->scales = tensor_alloc(ops, QUESTIONS, ops->acc);
	fill(h, seed);
	return h;
}

void reading_head_free(struct reading_head *head)
{
	if (!head)
		return;
	tensor_release(head->ops, head->set.params);
	tensor_release(head->ops, head->set.grads);
	tensor_release(head->ops, head->set.copy);
	tensor_release(head->ops, head->logits);
	tensor_release(head->ops, head->dfeatures);
	tensor_release(head->ops, head->picked);
	tensor_release(head->ops, head->losses);
	tensor_release(head->ops, head->scales);
	free(head->cells);
	head->ops->release(head->ops, head->listed);
	free(head);
}

const struct param_set *reading_head_params(const struct reading_head *head)
{
	return &head->set;
}

void reading_head_params_changed(struct reading_head *head)
{
	if (!tensor_is_none(head->set.copy))
		head->ops->convert(head->ops, head->set.copy, head->set.params, head->set.numbers);
}

void reading_head_clear_grads(struct reading_head *head)
{
	head->ops->clear(head->ops, head->set.grads, head->set.numbers);
}

/* A sample's answers to a question. */
static const int8_t *answers(const struct reading_head *h, const struct batch *b, int sample,
			     int question)
{
	return b->cells + (size_t)sample * reading_answers(QUESTIONS, h->patches) +
	       reading_answers(question, h->patches);
}

static int rows_of(const struct reading_head *h, int question)
{
	return h->patches * reading_questions[question].rows;
}

static int64_t count_answers(const struct reading_head *h, const struct batch *b, int question)
{
	int64_t count = 0;

	for (int sample = 0; sample < b->samples; sample++) {
		const int8_t *said = answers(h, b, sample, question);

		for (int i = 0; i < rows_of(h, question); i++)
			count += said[i] >= 0;
	}
	return count;
}

int64_t reading_head_count(const struct reading_head *head, const struct batch *batch)
{
	return count_answers(head, batch, READING_CHARACTER);
}

/* What was there is lost. */
static struct tensor more(struct reading_head *h, struct tensor t, size_t n)
{
	tensor_release(h->ops, t);
	return tensor_alloc(h->ops, n, h->ops->act);
}

static void make_room(struct reading_head *h, size_t features, size_t cells)
{
	if (features > h->features_room) {
		h->logits = more(h, h->logits, features * READING_ROWS * h->most);
		h->dfeatures = more(h, h->dfeatures, features * h->width);
		h->features_room = features;
	}
	if (cells > h->cells_room) {
		h->picked = more(h, h->picked, cells * h->most);
		h->cells = mem_realloc(h->cells, mem_mul(2, cells), sizeof(*h->cells));
		h->ops->release(h->ops, h->listed);
		h->listed = list_upload(h->ops, h->cells, 2 * cells);
		h->cells_room = cells;
	}
}

/* Cells that are answered, as rows of logits, and behind these what they say. */
static void pick(struct reading_head *h, const struct batch *b, int question, size_t cells)
{
	int features = h->first + h->patches;
	size_t n = 0;

	for (int sample = 0; sample < b->samples; sample++) {
		const int8_t *said = answers(h, b, sample, question);
		int row = (sample * features + h->first) * reading_questions[question].rows;

		for (int i = 0; i < rows_of(h, question); i++)
			if (said[i] >= 0) {
				h->cells[n] = row + i;
				h->cells[cells + n++] = said[i];
			}
	}
	h->ops->upload_bytes(h->ops, h->listed, h->cells, 2 * cells * sizeof(*h->cells));
}

/* One question: adds to the features' gradient, but for the first, which begins it. */
static void ask(struct reading_head *h, const struct batch *b, int question)
{
	const struct question *q = &h->questions[question];
	struct ops *ops = h->ops;
	struct tensor features = model_features(h->model);
	struct tensor w = tensor_from(weights(h), q->w);
	size_t n = (size_t)b->samples * (size_t)(h->first + h->patches), d = h->width;
	size_t cells = (size_t)count_answers(h, b, question);

	make_room(h, n, cells);
	pick(h, b, question, cells);
	ops->linear(ops, h->logits, features, w, tensor_from(h->set.params, q->b),
		    (struct tensor){0}, n, q->out, d);
	ops->gather_rows(ops, h->picked, h->logits, h->listed, cells, q->classes);
	ops->cross_entropy(ops, tensor_from(h->losses, (size_t)question), h->picked, h->picked,
			   h->listed + cells, cells, q->classes, 0,
			   tensor_from(h->scales, (size_t)question));
	ops->clear(ops, h->logits, n * q->out);
	ops->scatter_rows(ops, h->logits, h->picked, h->listed, cells, q->classes);
	ops->linear_dw(ops, tensor_from(h->set.grads, q->w), tensor_from(h->set.grads, q->b),
		       h->logits, features, n, q->out, d);
	ops->linear_dx(ops, h->dfeatures, h->logits, w, n, q->out, d, question > 0);
}

static double weight_of(int question)
{
	return reading_questions[question].rows == 1 ? NUMBER_WEIGHT : 1;
}

double reading_head_run(struct reading_head *head, const struct batch *batch, double scale)
{
	double losses[QUESTIONS], loss = 0;

	for (int i = 0; i < QUESTIONS; i++)
		tensor_upload_number(head->ops, tensor_from(head->scales, (size_t)i),
				     weight_of(i) * scale);
	head->ops->clear(head->ops, head->losses, QUESTIONS);
	for (int i = 0; i < QUESTIONS; i++)
		ask(head, batch, i);
	model_push_features(head->model, head->dfeatures);
	head->ops->download(head->ops, losses, head->losses, QUESTIONS);
	for (int i = 0; i < QUESTIONS; i++)
		loss += weight_of(i) * losses[i];
	return loss;
}
