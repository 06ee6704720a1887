/* SPDX-License-Identifier: MIT */
/*
 * conversation, feed, optimizer and training, on a dataset of 22 pictures of 6 x 6 pixels and a tiny
 * model in ops_ref.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "formats/vocab_files.h"
#include "tests/dataset_fixture.h"
#include "tokenizer/bpe_train.h"
#include "trainer/conversation.h"
#include "trainer/training.h"

#define SIDE 8
#define IMAGES 4 /* tokens of a picture */
#define VAL_FRACTION 0.2

static const enum split splits[] = {SPLIT_DIGITS, SPLIT_GPT2};
static struct tokenizer *tokenizer;

static struct model_config tiny(void)
{
	return (struct model_config){
		.vision = {.side = SIDE,
			   .patch = 4,
			   .width = 8,
			   .layers = 1,
			   .heads = 2,
			   .mlp = 8,
			   .eps = 1e-5,
			   .mean = 1,
			   .std = 0.25},
		.text = {.vocab = (int)tokenizer_vocab(tokenizer)->token_count,
			 .width = 16,
			 .layers = 1,
			 .heads = 2,
			 .kv_heads = 2,
			 .head_dim = 8,
			 .mlp = 16,
			 .eps = 1e-5,
			 .theta = 10000,
			 .positions = 400},
		.pad = 0,
		.bos = 1,
		.eos = 2,
		.image = 4,
		.feature_layer = -1,
		.select = MODEL_SELECT_default,
	};
}

static void make_dataset(void)
{
	struct dataset_settings settings = fixture_settings();

	settings.val_fraction = VAL_FRACTION;
	assert_made(&settings, DATASET_NEW, COUNT);
}

static int setup(void **state)
{
	static const char text[] = "circle(x=1,y=2,r=3); rectangle(x=1,y=2,width=3,height=4)";
	const struct bpe_settings settings = {300, 1, vocab_roles, "<s>"};
	struct bpe_trainer *trainer = bpe_trainer_new(splits, 2);

	bpe_trainer_add(trainer, text, sizeof(text) - 1);
	tokenizer = tokenizer_new(bpe_trainer_run(trainer, &settings, NULL));
	bpe_trainer_free(trainer);
	return fixture_setup(state);
}

static int teardown(void **state)
{
	tokenizer_free(tokenizer);
	return fixture_teardown(state);
}

/* --- conversations -------------------------------------------------------------------------- */

static void test_conversation(void **state)
{
	struct model_config config = tiny();
	struct token_cache *cache = token_cache_new();
	struct conversation c = {0};
	struct buf text = {0};
	size_t start;

	(void)state;
	conversation_encode(&c, tokenizer, cache, &config, "Say <image>.", "circle(x=1)");
	assert_int_equal(text_from_tokens(tokenizer, (uint32_t *)c.ids, c.count, 0, &text, NULL),
			 0);
	/* what the prompt says of <image> is text */
	assert_string_equal(text.data, "<s><image><image><image><image>\nSay <image>.\n"
				       "circle(x=1)</s>");
	for (int i = 1; i <= IMAGES; i++)
		assert_int_equal(c.ids[i], config.image);
	for (size_t i = 0; i < c.count; i++) {
		bool says = i + 1 >= c.answer && i + 1 < c.count;

		assert_int_equal(c.targets[i], says ? c.ids[i + 1] : -1);
	}
	assert_int_equal(c.ids[c.count - 1], config.eos);
	start = c.answer;
	conversation_encode(&c, tokenizer, cache, &config, "Say <image>.", NULL);
	assert_int_equal(c.count, start);
	buf_free(&text);
	conversation_free(&c);
	token_cache_free(cache);
}

/* --- batches -------------------------------------------------------------------------------- */

static struct feed *open_feed(enum feed_split split, uint64_t seed)
{
	struct model_config config = tiny();
	struct err err = {0};
	struct feed *feed = feed_open(fixture_out, split, tokenizer, &config, seed, &err);

	if (!feed)
		fail_msg("%s", err.msg);
	return feed;
}

/* Of a batch's sample: enough to tell samples apart. */
static uint64_t hash_sample(const struct batch *b, int sample)
{
	uint64_t h = 1;

	for (int i = 0; i < SIDE * SIDE; i++)
		h = rng_mix64(h ^ b->pixels[sample * SIDE * SIDE + i]);
	for (int i = 0; i < b->rows && b->ids[sample * b->rows + i] != 2; i++)
		h = rng_mix64(h ^ (uint64_t)b->ids[sample * b->rows + i]);
	return h;
}

static int compare_hashes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The samples of an epoch, batch by batch. */
static void read_epoch(struct feed *feed, int64_t first, int samples, uint64_t *hashes)
{
	struct feed_batch batch = {0};
	struct err err = {0};
	int count = (int)feed_count(feed);

	for (int i = 0; i < count; i += samples) {
		int n = count - i < samples ? count - i : samples;

		if (feed_part(feed, first + i, n, &batch, &err) < 0)
			fail_msg("%s", err.msg);
		for (int k = 0; k < n; k++)
			hashes[i + k] = hash_sample(&batch.batch, k);
	}
	feed_batch_free(&batch);
}

static void test_epochs(void **state)
{
	struct feed *feed, *same, *other;
	uint64_t a[COUNT], b[COUNT], c[COUNT], d[COUNT];
	size_t count;

	(void)state;
	make_dataset();
	feed = open_feed(FEED_TRAIN, 1);
	same = open_feed(FEED_TRAIN, 1);
	other = open_feed(FEED_TRAIN, 2);
	count = feed_count(feed);
	assert_true(count > COUNT / 2 && count < COUNT);
	read_epoch(feed, 0, 4, a);
	read_epoch(feed, (int64_t)count, 5, b);
	read_epoch(same, 0, 7, c);
	read_epoch(other, 0, 4, d);
	assert_memory_equal(a, c, count * sizeof(*a));
	assert_memory_not_equal(a, b, count * sizeof(*a));
	assert_memory_not_equal(a, d, count * sizeof(*a));
	qsort(a, count, sizeof(*a), compare_hashes);
	qsort(b, count, sizeof(*b), compare_hashes);
	qsort(d, count, sizeof(*d), compare_hashes);
	assert_memory_equal(a, b, count * sizeof(*a));
	assert_memory_equal(a, d, count * sizeof(*a));
	for (size_t i = 1; i < count; i++)
		assert_true(a[i] != a[i - 1]);
	feed_close(feed);
	feed_close(same);
	feed_close(other);
}

static void test_splits(void **state)
{
	struct feed *train, *val;
	uint64_t a[COUNT], b[COUNT];

	(void)state;
	make_dataset();
	train = open_feed(FEED_TRAIN, 1);
	val = open_feed(FEED_VAL, 1);
	assert_int_equal(feed_count(train) + feed_count(val), COUNT);
	read_epoch(train, 0, 1, a);
	read_epoch(val, 0, 1, b);
	for (size_t i = 0; i < feed_count(train); i++)
		for (size_t k = 0; k < feed_count(val); k++)
			assert_true(a[i] != b[k]);
	feed_close(train);
	feed_close(val);
}

/* A picture of 6 x 6 stands in the middle of 8 x 8. */
static void test_pictures(void **state)
{
	struct feed *feed;
	struct feed_batch batch = {0};

	(void)state;
	make_dataset();
	feed = open_feed(FEED_TRAIN, 1);
	assert_int_equal(feed_batch(feed, 0, 3, &batch, NULL), 0);
	for (int i = 0; i < 3 * SIDE * SIDE; i++) {
		int x = i % SIDE, y = i / SIDE % SIDE;

		if (x < 1 || y < 1 || x > SIDE_PX || y > SIDE_PX)
			assert_int_equal(batch.batch.pixels[i], 255);
	}
	feed_batch_free(&batch);
	feed_close(feed);
}

static void refuse_feed(const struct model_config *config, enum err_code code, const char *part)
{
	struct err err = {0};

	assert_null(feed_open(fixture_out, FEED_TRAIN, tokenizer, config, 1, &err));
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
}

static void test_refused_datasets(void **state)
{
	struct model_config config = tiny();
	struct feed_batch batch = {0};
	struct err err = {0};
	struct feed *feed;

	(void)state;
	make_dataset();
	config.text.positions = 12;
	refuse_feed(&config, ERR_LIMIT, "picture and prompt included; the model has 12 positions");
	config = tiny();
	config.vision.side = 4;
	feed = feed_open(fixture_out, FEED_TRAIN, tokenizer, &config, 1, &err);
	assert_int_equal(feed_batch(feed, 0, 1, &batch, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, "is 6 x 6 pixels; the model takes 4 x 4"));
	feed_batch_free(&batch);
	feed_close(feed);
}

/* --- the optimizer -------------------------------------------------------------------------- */

static void test_rates(void **state)
{
	struct optimizer_settings s = optimizer_defaults(1000);

	(void)state;
	assert_int_equal(s.warmup, 20);
	for (int64_t step = 1; step < 1100; step++) {
		double now = optimizer_rate(&s, step), next = optimizer_rate(&s, step + 1);

		assert_true(now > 0 && now <= s.rate);
		assert_true(step < s.warmup ? next > now : next <= now);
	}
	assert_true(fabs(optimizer_rate(&s, 20) - 1e-3) < 1e-12);
	assert_true(fabs(optimizer_rate(&s, 510) - 0.55e-3) < 1e-9);
	assert_true(fabs(optimizer_rate(&s, 1000) - 1e-4) < 1e-12);
	s.shape = RATE_stable;
	assert_true(fabs(optimizer_rate(&s, 500) - 1e-3) < 1e-12);
	assert_true(fabs(optimizer_rate(&s, 755) - 0.55e-3) < 1e-9);
}

static struct ops *ref32(void)
{
	struct ops *ops = ops_ref_new();

	ops->act = ops->acc = DTYPE_F32;
	return ops;
}

static void test_optimizer_step(void **state)
{
	struct model_config config = tiny();
	struct ops *ops = ref32();
	struct model *model = model_new(&config, ops, &(struct model_limits){1, 8, false}, NULL);
	struct optimizer_settings s = optimizer_defaults(10);
	struct optimizer *o;
	struct optimizer_report report;
	const struct model_tensors *at = model_layout(model);
	struct err err = {0};
	size_t bias = at->vision[0].fc1_b, matrix = at->vision[0].fc1_w;

	(void)state;
	s.warmup = 0;
	s.clip = 5;
	o = optimizer_new(model, ops, &s);
	tensor_set(model_params(model), bias, 1);
	tensor_set(model_params(model), matrix, 1);
	tensor_set(model_grads(model), bias + 1, 8);
	tensor_set(model_grads(model), matrix + 1, -6);
	assert_int_equal(optimizer_step(o, 1, &report, &err), 0);
	assert_true(fabs(report.length - 10) < 1e-6);
	/* vectors do not decay, matrices do; a first step goes the rate's way against the gradient */
	assert_true(tensor_get(model_params(model), bias) == 1);
	assert_true(fabs(tensor_get(model_params(model), matrix) - (1 - report.rate * s.decay)) <
		    1e-7);
	assert_true(fabs(tensor_get(model_params(model), bias + 1) + report.rate) < 1e-8);
	assert_true(fabs(tensor_get(model_params(model), matrix + 1) - report.rate) < 1e-8);
	/* clipped to half */
	assert_true(fabs(tensor_get(optimizer_first(o), bias + 1) - 0.1 * 4) < 1e-6);

	tensor_set(model_grads(model), matrix + 2, NAN);
	assert_int_equal(optimizer_step(o, 2, &report, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "step 2: the gradient of vision_tower.vision_model.encoder."
				     "layers.0.mlp.fc1.weight is not finite");
	optimizer_free(o);
	model_free(model);
	ops->free(ops);
}

/* --- runs ----------------------------------------------------------------------------------- */

static struct training_settings run_settings(int64_t steps)
{
	struct training_settings s = {.dataset = fixture_out,
				      .samples = 3,
				      .accumulate = 2,
				      .seed = 7,
				      .optimizer = optimizer_defaults(steps)};

	s.optimizer.rate = 1e-2;
	return s;
}

static struct training *new_run(struct ops *ops, int64_t steps)
{
	struct training_settings s = run_settings(steps);
	struct model_config config = tiny();
	struct err err = {0};
	struct training *t = training_new(&s, &config, NULL, tokenizer, ops, &err);

	if (!t)
		fail_msg("%s", err.msg);
	return t;
}

static double run_steps(struct training *t, int count)
{
	struct training_report report = {0};
	struct err err = {0};

	for (int i = 0; i < count; i++)
		if (training_step(t, &report, &err) < 0)
			fail_msg("%s", err.msg);
	return report.loss;
}

static void test_learns(void **state)
{
	struct ops *ops = ref32();
	struct training *t;
	double before, after;

	(void)state;
	make_dataset();
	t = new_run(ops, 12);
	assert_int_equal(training_evaluate(t, 0, &before, NULL), 0);
	assert_true(fabs(before - log(tokenizer_vocab(tokenizer)->token_count)) < 0.1);
	run_steps(t, 12);
	assert_int_equal(training_evaluate(t, 0, &after, NULL), 0);
	assert_true(after < before - 1);
	training_free(t);
	ops->free(ops);
}

/* Resumed, every loss to come is the same to the last bit, and so are the parameters. */
static void test_resumes(void **state)
{
	struct ops *ops = ref32();
	struct training *whole, *part;
	char path[400];
	struct err err = {0};
	double loss;
	size_t n;

	(void)state;
	make_dataset();
	snprintf(path, sizeof(path), "%s/state.safetensors", fixture_folder);
	whole = new_run(ops, 6);
	part = new_run(ops, 6);
	run_steps(part, 2);
	assert_int_equal(training_save(part, path, &err), 0);
	training_free(part);
	part = new_run(ops, 6);
	assert_int_equal(training_resume(part, path, &err), 0);
	assert_int_equal(training_steps_done(part), 2);
	loss = run_steps(whole, 6);
	assert_true(run_steps(part, 4) == loss);
	n = model_layout(training_model(whole))->numbers;
	assert_memory_equal(model_params(training_model(whole)).at,
			    model_params(training_model(part)).at, n * sizeof(float));
	training_free(whole);
	training_free(part);
	ops->free(ops);
}

/* Two batches a step are one of twice the size. */
static void test_accumulates(void **state)
{
	struct ops *ops = ref32();
	struct training_settings s = run_settings(4);
	struct model_config config = tiny();
	struct training *two, *one;
	double a, b;

	(void)state;
	make_dataset();
	two = new_run(ops, 4);
	s.samples = 6;
	s.accumulate = 1;
	one = training_new(&s, &config, NULL, tokenizer, ops, NULL);
	a = run_steps(two, 2);
	b = run_steps(one, 2);
	assert_true(fabs(a - b) < 1e-4 * a);
	training_free(two);
	training_free(one);
	ops->free(ops);
}

/* What is exported is read again, but for bf16's rounding. */
static void test_exports(void **state)
{
	struct ops *ops = ref32();
	struct training *t;
	struct checkpoint c;
	char folder[400];
	struct err err = {0};

	(void)state;
	make_dataset();
	t = new_run(ops, 4);
	run_steps(t, 1);
	snprintf(folder, sizeof(folder), "%s/exported", fixture_folder);
	if (training_export(t, folder, tokenizer_vocab(tokenizer), &err) < 0 ||
	    checkpoint_read(&c, folder, &err) < 0)
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < c.tensors->numbers; i++)
		assert_true(c.numbers[i] == bf16_to_float(bf16_from_float((float)tensor_get(
						    model_params(training_model(t)), i))));
	checkpoint_free(&c);
	training_free(t);
	ops->free(ops);
}

static void test_refused_runs(void **state)
{
	struct ops *ops = ref32();
	struct training_settings s = run_settings(4);
	struct model_config config = tiny();
	struct training *t;
	struct err err = {0};
	char path[400];

	(void)state;
	make_dataset();
	t = new_run(ops, 4);
	snprintf(path, sizeof(path), "%s/other.safetensors", fixture_folder);
	assert_int_equal(training_save(t, path, &err), 0);
	training_free(t);
	config.text.mlp = 24;
	t = training_new(&s, &config, NULL, tokenizer, ops, &err);
	assert_int_equal(training_resume(t, path, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "other.safetensors is the state of another model"));
	training_free(t);
	config = tiny();
	config.text.vocab = 100;
	assert_null(training_new(&s, &config, NULL, tokenizer, ops, &err));
	assert_non_null(strstr(err.msg, ", the model 100"));
	ops->free(ops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conversation),
		cmocka_unit_test_teardown(test_epochs, fixture_clean),
		cmocka_unit_test_teardown(test_splits, fixture_clean),
		cmocka_unit_test_teardown(test_pictures, fixture_clean),
		cmocka_unit_test_teardown(test_refused_datasets, fixture_clean),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_optimizer_step),
		cmocka_unit_test_teardown(test_learns, fixture_clean),
		cmocka_unit_test_teardown(test_resumes, fixture_clean),
		cmocka_unit_test_teardown(test_accumulates, fixture_clean),
		cmocka_unit_test_teardown(test_exports, fixture_clean),
		cmocka_unit_test_teardown(test_refused_runs, fixture_clean),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, setup, teardown);
}
