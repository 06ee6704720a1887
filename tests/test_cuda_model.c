/* SPDX-License-Identifier: MIT */
/*
 * Training and decoding over ops_cuda, by the harness: whole steps against ops_ref, and that nothing but
 * ops touches what lies in the device's memory: it is guarded here. CADGEN_TEST_SEED repeats a run.
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

#include "base/mem.h"
#include "tests/cuda_host.h"
#include "tests/random_shapes.h"
#include "tests/tiny_models.h"
#include "tests/training_fixture.h"
#include "trainer/ops/cuda_graphs.h"
#include "trainer/ops/ops_cuda.h"
#include "trainer/train/training.h"

#define STEPS 3
#define VOCAB 23
#define ROUNDS 4

static uint64_t seed;

/* --- training ------------------------------------------------------------------------------- */

struct run {
	struct model_config config;
	struct source *source;
	struct ops *ops;
	struct training *training;
};

static struct training_settings run_settings(bool all)
{
	struct training_settings s = {.samples = 3,
				      .accumulate = 2,
				      .seed = seed,
				      .average = all ? 0.9 : 0,
				      .lora_rank = all ? 2 : 0,
				      .lora_alpha = 4,
				      .recompute = all,
				      .smoothing = 0.1,
				      .check_samples = COUNT,
				      .feed_threads = 1,
				      .optimizer = optimizer_defaults(STEPS)};

	s.optimizer.rate = 1e-2;
	return s;
}

/* As ops_cuda_new makes them. */
static struct ops *graphs_on(struct cuda_device *device, enum dtype act)
{
	return ops_cuda_new_on(cuda_graphs_new(device), act);
}

/* Takes ops. */
static void open_run(struct run *r, const struct training_settings *s, struct ops *ops)
{
	struct err err = {0};

	r->config = training_fixture_config();
	r->source = training_fixture_source(training_workers(s->feed_threads));
	r->ops = ops;
	r->training = training_new(s, &r->config, NULL, r->source, ops, &err);
	if (!r->training)
		fail_msg("%s", err.msg);
}

static void close_run(struct run *r)
{
	training_free(r->training);
	r->source->free(r->source);
	r->ops->free(r->ops);
}

static double run_step(struct run *r)
{
	struct training_report report = {0};
	struct err err = {0};

	if (training_step(r->training, &report, &err) < 0)
		fail_msg("%s", err.msg);
	return report.loss;
}

static double run_check(struct run *r)
{
	struct training_check check;
	struct err err = {0};

	if (training_check(r->training, &check, &err) < 0)
		fail_msg("%s", err.msg);
	return check.loss;
}

/* Losses of ops_ref in single precision and of ops_cuda agree to `bound` of themselves. */
static void check_steps(const struct training_settings *s, enum dtype act, double bound)
{
	struct run want, got;

	open_run(&want, s, training_fixture_ops());
	open_run(&got, s, graphs_on(cuda_host_new_guarded(seed), act));
	for (int i = 0; i < STEPS; i++) {
		double a = run_step(&want), b = run_step(&got);

		if (!(fabs(a - b) <= bound * a))
			fail_msg("step %d of %s: %.9g, not %.9g", i + 1, got.ops->name, b, a);
	}
	assert_true(fabs(run_check(&want) - run_check(&got)) <= bound * run_check(&want));
	close_run(&want);
	close_run(&got);
}

static void test_steps(void **state)
{
	(void)state;
	training_fixture_dataset();
	for (int all = 0; all < 2; all++) {
		struct training_settings s = run_settings(all);

		check_steps(&s, DTYPE_F32, 1e-4);
		check_steps(&s, DTYPE_BF16, 1e-2);
	}
}

/* Steps whose batches have the same shapes are played, and give the same bits as without graphs. */
static void test_graphs(void **state)
{
	struct training_settings s = run_settings(false);
	struct cuda_device *graphs = cuda_graphs_new(cuda_host_new_guarded(seed));
	struct run with, without;

	(void)state;
	training_fixture_dataset();
	open_run(&with, &s, ops_cuda_new_on(graphs, DTYPE_BF16));
	open_run(&without, &s, ops_cuda_new_on(cuda_host_new_guarded(seed), DTYPE_BF16));
	for (int i = 0; i < 2 * STEPS; i++) {
		double a = run_step(&with), b = run_step(&without);

		assert_memory_equal(&a, &b, sizeof(a));
	}
	print_message("# %d graphs were played\n", (int)cuda_graphs_played(graphs));
	assert_true(!CUDA_GRAPHS_SURE || cuda_graphs_played(graphs) > 0);
	close_run(&with);
	close_run(&without);
}

static double forward(struct model *model, const struct batch *b)
{
	model_forward(model, b, 0);
	return model_loss(model);
}

/* A batch that is sent ahead is what it was then, whatever goes forward in between, and is so once. */
static void test_sent(void **state)
{
	struct model_config config;
	struct source *source;
	struct feed *feed;
	struct feed_settings settings = {
		.split = SOURCE_TRAIN, .samples = 3, .shuffled = true, .threads = 1};
	struct ops *ops = graphs_on(cuda_host_new_guarded(seed), DTYPE_BF16);
	struct feed_batch a = {0}, b = {0};
	struct model *model;
	double loss_a, loss_b, other;
	struct err err = {0};

	(void)state;
	training_fixture_dataset();
	config = training_fixture_config();
	source = training_fixture_source(1);
	feed = feed_new(source, &settings, &config, &err);
	assert_non_null(feed);
	feed_seek(feed, 0);
	assert_int_equal(feed_next(feed, &a, &err), 0);
	assert_int_equal(feed_next(feed, &b, &err), 0);
	model = model_new(&config, ops, &(struct model_limits){3, source->rows, false}, &err);
	assert_non_null(model);
	model_init(model, seed);
	loss_a = forward(model, &a.batch);
	loss_b = forward(model, &b.batch);
	model_send(model, &b.batch);
	memset(b.pixels, 77, 3 * (size_t)(config.vision.side * config.vision.side));
	assert_true(forward(model, &a.batch) == loss_a);
	assert_true(forward(model, &a.batch) == loss_a);
	assert_true(forward(model, &b.batch) == loss_b);
	other = forward(model, &b.batch);
	assert_true(other != loss_b);
	model_send(model, &a.batch);
	model_send(model, &b.batch); /* one is on its way */
	memset(a.pixels, 77, 3 * (size_t)(config.vision.side * config.vision.side));
	assert_true(forward(model, &b.batch) == other);
	assert_true(forward(model, &a.batch) == loss_a);
	model_free(model);
	feed_batch_free(&a);
	feed_batch_free(&b);
	feed_free(feed);
	source->free(source);
	ops->free(ops);
}

/* Saved and read again it goes on with the same bits; the checkpoint is that of the parameters. */
static void test_files(void **state)
{
	struct training_settings s = run_settings(true);
	char path[400], folder[400];
	struct checkpoint checkpoint;
	struct err err = {0};
	struct run whole, part;

	(void)state;
	snprintf(path, sizeof(path), "%s/state.safetensors", fixture_folder);
	snprintf(folder, sizeof(folder), "%s/checkpoint", fixture_folder);
	training_fixture_dataset();
	open_run(&whole, &s, graphs_on(cuda_host_new_guarded(1), DTYPE_BF16));
	open_run(&part, &s, graphs_on(cuda_host_new_guarded(2), DTYPE_BF16));
	run_step(&whole);
	if (training_save(whole.training, path, &err) < 0 ||
	    training_resume(part.training, path, &err) < 0)
		fail_msg("%s", err.msg);
	assert_true(run_step(&whole) == run_step(&part));
	assert_true(run_check(&whole) == run_check(&part));
	if (training_export(part.training, folder, SAFETENSORS_F32,
			    tokenizer_vocab(fixture_tokenizer), &err) < 0 ||
	    checkpoint_read(&checkpoint, folder, &err) < 0)
		fail_msg("%s", err.msg);
	close_run(&part);
	part.source = training_fixture_source(training_workers(s.feed_threads));
	part.ops = graphs_on(cuda_host_new_guarded(3), DTYPE_BF16);
	part.training = training_new(&s, &part.config, &checkpoint, part.source, part.ops, &err);
	assert_non_null(part.training);
	assert_true(fabs(run_check(&part) - run_check(&whole)) < 1e-6);
	checkpoint_free(&checkpoint);
	close_run(&part);
	close_run(&whole);
}

/* --- failures ------------------------------------------------------------------------------- */

static void test_no_memory(void **state)
{
	struct training_settings s = run_settings(false);
	struct cuda_device *device = cuda_host_new_guarded(seed);
	struct ops *ops = graphs_on(device, DTYPE_BF16);
	struct model_config config;
	struct source *source;
	struct err err = {0};

	(void)state;
	training_fixture_dataset();
	config = training_fixture_config();
	source = training_fixture_source(training_workers(s.feed_threads));
	for (int allocs = 0; allocs < 2; allocs++) { /* parameters, batch */
		cuda_host_lack(device, allocs);
		assert_null(training_new(&s, &config, NULL, source, ops, &err));
		assert_int_equal(err.code, ERR_MEMORY);
	}
	source->free(source);
	ops->free(ops);
}

/* Of a step that the device failed in nothing counts. */
static void test_lost_device(void **state)
{
	struct training_settings s = run_settings(false);
	struct cuda_device *device = cuda_host_new_guarded(seed);
	struct training_report report;
	struct training_check check;
	struct err err = {0};
	char path[400];
	struct run r;

	(void)state;
	snprintf(path, sizeof(path), "%s/lost.safetensors", fixture_folder);
	training_fixture_dataset();
	open_run(&r, &s, graphs_on(device, DTYPE_BF16));
	run_step(&r);
	cuda_host_fail(device, "host: fell off the bus");
	assert_int_equal(training_step(r.training, &report, &err), -1);
	assert_int_equal(err.code, ERR_DEVICE);
	assert_string_equal(err.msg, "host: fell off the bus");
	assert_int_equal(training_steps_done(r.training), 1);
	assert_int_equal(training_check(r.training, &check, &err), -1);
	assert_int_equal(training_save(r.training, path, &err), -1);
	assert_int_equal(err.code, ERR_DEVICE);
	close_run(&r);
}

/* --- decoding ------------------------------------------------------------------------------- */

/* A checkpoint's numbers of a tiny model, which get them, too: rounded to BF16, as products of ops_cuda round
 * biases. */
static float *round_numbers(struct tiny_model *tiny)
{
	size_t n = model_layout(tiny->model)->numbers;
	float *numbers = mem_alloc(n, sizeof(*numbers));

	for (size_t i = 0; i < n; i++) {
		float v = (float)tensor_get(model_params(tiny->model), i);

		numbers[i] = bf16_to_float(bf16_from_float(v));
		tensor_set(model_params(tiny->model), i, (double)numbers[i]);
	}
	return numbers;
}

/* To `bound` of the greatest. */
static void check_logits(struct decode_model *want, struct decode_model *got, double bound)
{
	double most = 1;

	for (size_t i = 0; i < VOCAB; i++)
		most = fmax(most, fabs(tensor_get(decode_model_logits(want), i)));
	for (size_t i = 0; i < VOCAB; i++) {
		double a = tensor_get(decode_model_logits(want), i);
		double b = tensor_get(decode_model_logits(got), i);

		if (!(fabs(a - b) <= bound * most))
			fail_msg("logit %zu: %g, not %g +- %g", i, b, a, bound * most);
	}
}

/* Two of the only row's are those of its logits. */
static void check_likeliest(struct decode_model *model)
{
	struct decode_likeliest likeliest = decode_model_likeliest(model, 0);
	struct tensor logits = decode_model_logits(model);
	double first = tensor_get(logits, (size_t)likeliest.tokens[0]);
	double second = tensor_get(logits, (size_t)likeliest.tokens[1]);

	assert_int_equal(decode_model_chosen(model), 2);
	assert_true(first >= second && likeliest.tokens[0] != likeliest.tokens[1]);
	for (int32_t i = 0; i < VOCAB; i++)
		assert_true(i == likeliest.tokens[0] || tensor_get(logits, (size_t)i) <= second);
}

/* ops_ref that rounds to the same types: what differs is the order of sums and, in BF16, what attention
 * rounds within. */
static struct ops *rounding_ref(enum dtype act)
{
	struct ops *ops = ops_ref_new();

	ops->act = act;
	ops->acc = DTYPE_F32;
	return ops;
}

/* A prompt and some steps. */
static void check_decoding(struct rng *rng, enum dtype act, double bound)
{
	const struct decode_limits limits = {2, 1, 2 * TINY_POSITIONS};
	struct ops *ref = rounding_ref(act);
	struct cuda_device *host = cuda_host_new_guarded(seed), *device = cuda_graphs_new(host);
	struct ops *ops = ops_cuda_new_on(device, act);
	struct tiny_model tiny = tiny_model_new(rng, ref, VOCAB);
	struct tiny_prompt prompt = tiny_prompt_new(rng, &tiny.config, 5);
	float *numbers = round_numbers(&tiny);
	struct decode_model *want = tiny_decode_model(&tiny, &limits), *got;
	struct decode_prompt asked = {0, prompt.ids, prompt.count};
	const struct decode_choice choice = {2, VOCAB, -1, NULL, 0, 0};
	struct err err = {0};

	got = decode_model_new(&tiny.config, ops, &limits, &err);
	assert_non_null(got);
	assert_int_equal(decode_model_choose(got, &choice, &err), 0);
	assert_int_equal(decode_model_load_numbers(got, numbers, &err), 0);
	decode_model_prompt(want, &asked, prompt.pixels, 1);
	decode_model_prompt(got, &asked, prompt.pixels, 1);
	check_logits(want, got, bound);
	for (int i = 0; i < STEPS; i++) {
		int slot = 0;
		int32_t id = (int32_t)rng_range(rng, 5, VOCAB - 1);

		decode_model_step(want, &slot, &id, 1);
		decode_model_step(got, &slot, &id, 1);
		check_logits(want, got, bound);
		check_likeliest(got);
	}
	assert_int_equal(decode_model_check(got, &err), 0);
	if (CUDA_GRAPHS_SURE)
		assert_int_equal(cuda_graphs_played(device), STEPS - 1);
	cuda_host_lack(host, 0);
	assert_int_equal(decode_model_choose(got, &choice, &err), -1);
	assert_int_equal(err.code, ERR_MEMORY);
	decode_model_free(want);
	decode_model_free(got);
	tiny_prompt_free(&prompt);
	tiny_model_free(&tiny);
	free(numbers);
	ref->free(ref);
	ops->free(ops);
}

static void test_decoding(void **state)
{
	struct rng rng = rng_stream(seed, 0, "cuda_model", 0);

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		check_decoding(&rng, DTYPE_F32, 1e-4);
		check_decoding(&rng, DTYPE_BF16, 0.1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_steps, fixture_clean),
		cmocka_unit_test_teardown(test_graphs, fixture_clean),
		cmocka_unit_test_teardown(test_sent, fixture_clean),
		cmocka_unit_test_teardown(test_files, fixture_clean),
		cmocka_unit_test_teardown(test_no_memory, fixture_clean),
		cmocka_unit_test_teardown(test_lost_device, fixture_clean),
		cmocka_unit_test(test_decoding),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = test_seed();
	return cmocka_run_group_tests(tests, training_fixture_setup, training_fixture_teardown);
}
