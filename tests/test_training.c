/* SPDX-License-Identifier: MIT */
/*
 * optimizer and training, on the tiny model and dataset of training_fixture.
 */
#include <config.h>

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/meeting.h"
#include "tests/training_fixture.h"
#include "trainer/train/reading.h"
#include "trainer/train/training.h"

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

static void test_optimizer_step(void **state)
{
	struct model_config config = training_fixture_config();
	struct ops *ops = training_fixture_ops();
	struct model *model = model_new(&config, ops, &(struct model_limits){1, 8, false}, NULL);
	struct optimizer_settings s = optimizer_defaults(10);
	struct param_set set = param_set_of_model(model, (1u << MODEL_PART_COUNT_) - 1, false);
	struct optimizer *o;
	struct optimizer_report report;
	const struct model_tensors *at = model_layout(model);
	struct err err = {0};
	size_t bias = at->vision[0].fc1_b, matrix = at->vision[0].fc1_w;

	(void)state;
	s.warmup = 0;
	s.clip = 5;
	/* a range for each part's matrices, and for its vectors */
	assert_int_equal(set.range_count, 2 * MODEL_PART_COUNT_);
	assert_int_equal(set.ranges[0].offset, 0);
	assert_int_equal(set.ranges[MODEL_PART_COUNT_].offset, at->matrices);
	o = optimizer_new(&set, 1, ops, &s);
	tensor_set(model_params(model), bias, 1);
	tensor_set(model_params(model), matrix, 1);
	tensor_set(model_params(model), at->embed_w, 1);
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
	/* nor does a part without any gradient, which had none in the step */
	assert_true(tensor_get(model_params(model), at->embed_w) == 1);
	/* clipped to half */
	assert_true(fabs(tensor_get(optimizer_first(o), bias + 1) - 0.1 * 4) < 1e-6);

	tensor_set(model_grads(model), matrix + 2, NAN);
	assert_int_equal(optimizer_step(o, 2, &report, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "step 2: the gradient is not finite");
	assert_string_equal(param_set_blame(model, ops), "vision_tower.vision_model.encoder."
							 "layers.0.mlp.fc1.weight");
	optimizer_free(o);
	param_set_free(&set);
	model_free(model);
	ops->free(ops);
}

/* Muon takes the matrices of layers, projector and patches, one by one, and AdamW what is left, in all of
 * which no number is missed or changed twice. */
static void test_muon_ranges(void **state)
{
	struct model_config config = training_fixture_config();
	struct ops *ops = training_fixture_ops();
	struct model *model = model_new(&config, ops, &(struct model_limits){1, 8, false}, NULL);
	struct param_set set = param_set_of_model(model, (1u << MODEL_PART_COUNT_) - 1, true);
	const struct model_tensors *at = model_layout(model);
	struct optimizer_settings s = optimizer_defaults(10);
	struct optimizer_report report;
	struct optimizer *o;
	size_t end = 0, inner = 0;

	(void)state;
	for (int i = 0; i < set.range_count; i++) {
		const struct param_range *r = &set.ranges[i];

		assert_true(r->offset >= end);
		end = r->offset + r->count;
		assert_true(r->rows * r->cols == (r->rows ? r->count : 0));
		inner += r->rows ? 1 : 0;
	}
	for (int i = 0; i < at->count; i++) {
		const struct model_tensor *t = &at->all[i];
		int within = 0;

		if (t->is_matrix &&
		    (t->in_layer || t->is_patches || t->part == MODEL_PART_projector))
			inner--;
		for (int k = 0; k < set.range_count; k++)
			within +=
				t->offset >= set.ranges[k].offset &&
				t->offset + t->count <= set.ranges[k].offset + set.ranges[k].count;
		assert_int_equal(within, 1);
	}
	assert_int_equal(inner, 0);

	/* a gradient of one number: both go the rate's way against it, Muon 0.2 sqrt(rows) as far */
	s.kind = OPTIMIZER_muon;
	s.warmup = 0;
	s.decay = 0;
	o = optimizer_new(&set, 1, ops, &s);
	tensor_set(model_grads(model), at->vision[0].fc1_w + 1, -0.5);
	tensor_set(model_grads(model), at->embed_w + 1, -0.5);
	assert_int_equal(optimizer_step(o, 1, &report, NULL), 0);
	assert_true(fabs(tensor_get(model_params(model), at->embed_w + 1) - report.rate) < 1e-8);
	assert_true(fabs(tensor_get(model_params(model), at->vision[0].fc1_w + 1) /
				 (report.rate * 0.2 * sqrt(config.vision.mlp)) -
			 1) < 0.28);
	optimizer_free(o);
	param_set_free(&set);
	model_free(model);
	ops->free(ops);
}

/* --- runs ----------------------------------------------------------------------------------- */

/* A training with what it stands on. */
struct run {
	struct training_settings settings;
	struct model_config config;
	struct source *source;
	struct ops *ops;
	struct training *training;
};

static struct training_settings run_settings(int64_t steps)
{
	struct training_settings s = {.samples = 3,
				      .accumulate = 2,
				      .seed = 7,
				      .lora_alpha = 4,
				      .check_samples = COUNT,
				      .feed_threads = 2,
				      .optimizer = optimizer_defaults(steps)};

	s.optimizer.rate = 1e-2;
	return s;
}

/* The fixture's, which also says something of what stands in each patch. */
struct told {
	struct source base; /* first: the two are the same address */
	struct source *inner;
};

static int read_told(struct source *source, int worker, enum source_split split, int64_t n,
		     struct conversation *conversation, uint8_t *pixels, int8_t *cells,
		     struct err *err)
{
	struct source *inner = ((struct told *)source)->inner;
	size_t count = reading_answers(READING_QUESTION_COUNT_, IMAGES);

	for (size_t i = 0; cells && i < count; i++)
		cells[i] = (int8_t)((int64_t)i * (n + 3) % 4 - 1); /* -1: nothing */
	return inner->read(inner, worker, split, n, conversation, pixels, NULL, err);
}

static void free_told(struct source *source)
{
	struct source *inner = ((struct told *)source)->inner;

	inner->free(inner);
	free(source);
}

static struct source *told_source(struct source *inner)
{
	struct told *t = calloc(1, sizeof(*t));

	t->base = *inner;
	t->base.read = read_told;
	t->base.free = free_told;
	t->inner = inner;
	return &t->base;
}

static void open_run(struct run *r, const struct training_settings *settings)
{
	struct err err = {0};

	r->settings = *settings;
	r->config = training_fixture_config();
	r->source = training_fixture_source(training_workers(settings->feed_threads));
	if (settings->reading > 0)
		r->source = told_source(r->source);
	r->ops = training_fixture_ops();
	r->training = training_new(settings, &r->config, NULL, r->source, r->ops, &err);
	if (!r->training)
		fail_msg("%s", err.msg);
}

static void close_run(struct run *r)
{
	training_free(r->training);
	r->source->free(r->source);
	r->ops->free(r->ops);
}

static double run_steps(struct run *r, int count)
{
	struct training_report report = {0};
	struct err err = {0};

	for (int i = 0; i < count; i++)
		if (training_step(r->training, &report, &err) < 0)
			fail_msg("%s", err.msg);
	return report.loss;
}

static struct training_check check(struct run *r)
{
	struct training_check check;
	struct err err = {0};

	if (training_check(r->training, &check, &err) < 0)
		fail_msg("%s", err.msg);
	return check;
}

static float param(struct run *r, size_t at)
{
	return (float)tensor_get(model_params(training_model(r->training)), at);
}

static size_t numbers_of(struct run *r)
{
	return model_layout(training_model(r->training))->numbers;
}

static bool same_params(struct run *a, struct run *b)
{
	return memcmp(model_params(training_model(a->training)).at,
		      model_params(training_model(b->training)).at,
		      numbers_of(a) * sizeof(float)) == 0;
}

static void test_learns(void **state)
{
	struct training_settings s = run_settings(12);
	struct training_check before, after;
	struct run r;

	(void)state;
	training_fixture_dataset();
	open_run(&r, &s);
	before = check(&r);
	assert_true(fabs(before.loss - log(tokenizer_vocab(fixture_tokenizer)->token_count)) < 0.1);
	assert_true(before.best && before.since_best == 0);
	run_steps(&r, 12);
	after = check(&r);
	assert_true(after.loss < before.loss - 1);
	assert_true(after.tokens > before.tokens && after.tokens < 1);
	assert_true(after.best && after.since_best == 0);
	after = check(&r);
	assert_true(!after.best && after.since_best == 1);
	close_run(&r);
}

/* Resumed, every loss to come is the same to the last bit, and so are the parameters, the average and
 * the best check, with and without adapters. */
static void check_resumes(const struct training_settings *s)
{
	struct run whole, part;
	struct training_check a, b;
	char path[400];
	struct err err = {0};
	double loss;

	snprintf(path, sizeof(path), "%s/state.safetensors", fixture_folder);
	open_run(&whole, s);
	open_run(&part, s);
	run_steps(&part, 2);
	check(&part);
	if (training_save(part.training, path, &err) < 0)
		fail_msg("%s", err.msg);
	close_run(&part);
	open_run(&part, s);
	if (training_resume(part.training, path, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(training_steps_done(part.training), 2);
	run_steps(&whole, 2);
	check(&whole);
	loss = run_steps(&whole, 4);
	assert_true(run_steps(&part, 4) == loss);
	assert_true(same_params(&whole, &part));
	a = check(&whole);
	b = check(&part);
	assert_true(a.loss == b.loss && a.best == b.best && a.since_best == b.since_best);
	close_run(&whole);
	close_run(&part);
}

static void test_resumes(void **state)
{
	struct training_settings s = run_settings(6);

	(void)state;
	training_fixture_dataset();
	check_resumes(&s);
	s.optimizer.kind = OPTIMIZER_muon;
	check_resumes(&s);
	s.average = 0.9;
	s.lora_rank = 2;
	check_resumes(&s);
}

/* Two batches a step are one of twice the size. */
static void test_accumulates(void **state)
{
	struct training_settings s = run_settings(4);
	struct run two, one;
	double a, b;

	(void)state;
	training_fixture_dataset();
	open_run(&two, &s);
	s.samples = 6;
	s.accumulate = 1;
	open_run(&one, &s);
	a = run_steps(&two, 2);
	b = run_steps(&one, 2);
	assert_true(fabs(a - b) < 1e-4 * a);
	close_run(&two);
	close_run(&one);
}

/* --- ranks ---------------------------------------------------------------------------------- */

#define RANKS_MOST 3

struct member {
	struct ranks ranks; /* first: the two are the same address */
	struct meeting *meeting;
};

static void member_sum(struct ranks *ranks, struct tensor numbers, size_t n)
{
	assert_true(numbers.type == DTYPE_F32);
	meeting_sum(((struct member *)ranks)->meeting, ranks->rank, numbers.at, n);
}

/* One rank's training, and how it goes. */
struct part {
	struct training_settings settings;
	struct member member;
	struct run run;
	int steps;
	double loss;
	pthread_t thread;
};

static void *train_part(void *arg)
{
	struct part *p = arg;

	p->loss = run_steps(&p->run, p->steps);
	return NULL;
}

static void open_parts(struct part *parts, int count, struct meeting *m,
		       const struct training_settings *s)
{
	for (int i = 0; i < count; i++) {
		parts[i].settings = *s;
		parts[i].member = (struct member){{i, count, member_sum, NULL}, m};
		parts[i].settings.ranks = &parts[i].member.ranks;
		open_run(&parts[i].run, &parts[i].settings);
	}
}

static void train_parts(struct part *parts, int count, int steps)
{
	for (int i = 0; i < count; i++) {
		parts[i].steps = steps;
		if (pthread_create(&parts[i].thread, NULL, train_part, &parts[i]) != 0)
			fail_msg("no thread");
	}
	for (int i = 0; i < count; i++)
		pthread_join(parts[i].thread, NULL);
}

/* Some ranks do what one does that accumulates all their batches, and come to the same parameters. */
static void check_ranks(const struct training_settings *s, int count)
{
	struct meeting *m = meeting_new(count);
	struct training_settings alone = *s;
	struct part parts[RANKS_MOST];
	struct run one;
	double loss, most = 0;

	alone.accumulate *= count;
	open_run(&one, &alone);
	loss = run_steps(&one, 3);
	open_parts(parts, count, m, s);
	train_parts(parts, count, 3);
	for (size_t i = 0; i < numbers_of(&one); i++)
		most = fmax(most, fabs((double)param(&one, i) - (double)param(&parts[0].run, i)));
	assert_true(most < 1e-4);
	for (int i = 0; i < count; i++) {
		assert_true(fabs(parts[i].loss - loss) < 1e-4 * loss &&
			    parts[i].loss == parts[0].loss);
		assert_true(same_params(&parts[i].run, &parts[0].run));
		assert_int_equal(training_steps_done(parts[i].run.training), 3);
	}
	/* one of them asks all to stop */
	training_ask_to_stop(parts[count - 1].run.training);
	train_parts(parts, count, 1);
	for (int i = 0; i < count; i++) {
		assert_int_equal(training_steps_done(parts[i].run.training), 3);
		close_run(&parts[i].run);
	}
	close_run(&one);
	meeting_free(m);
}

static void test_ranks(void **state)
{
	struct training_settings s = run_settings(4);

	(void)state;
	training_fixture_dataset();
	check_ranks(&s, 2);
	s.accumulate = 1;
	check_ranks(&s, 3);
	s.reading = 0.5;
	check_ranks(&s, 2);
	s.lora_rank = 2;
	s.reading = 0;
	check_ranks(&s, 2);
}

/* Frozen parts stay as they were; all others move. With adapters vectors, embeddings and the head stay
 * as well, and the matrices of layers and the projector move. */
static void check_frozen(unsigned frozen, int rank)
{
	struct training_settings s = run_settings(4);
	struct run r;
	const struct model_tensors *at;
	float *before;
	size_t trained = 0;

	s.frozen = frozen;
	s.lora_rank = rank;
	open_run(&r, &s);
	at = model_layout(training_model(r.training));
	before = malloc(at->numbers * sizeof(*before));
	for (size_t i = 0; i < at->numbers; i++)
		before[i] = param(&r, i);
	run_steps(&r, 4);
	for (int i = 0; i < at->count; i++) {
		const struct model_tensor *t = &at->all[i];
		bool moves = !(frozen >> t->part & 1), moved = false;

		if (rank && t->part != MODEL_PART_projector)
			moves = moves && t->is_matrix && t->in_layer;
		for (size_t k = t->offset; k < t->offset + t->count; k++)
			moved = moved || param(&r, k) != before[k];
		if (moved != moves)
			fail_msg("frozen %u, rank %d: %s", frozen, rank, t->name);
		trained += moves ? t->count : 0;
	}
	if (!rank)
		assert_true(training_trained(r.training) >= trained);
	else
		assert_true(training_trained(r.training) > 0);
	free(before);
	close_run(&r);
}

static void test_frozen(void **state)
{
	(void)state;
	training_fixture_dataset();
	for (unsigned frozen = 0; frozen < 7; frozen++) {
		check_frozen(frozen, 0);
		check_frozen(frozen, 2);
	}
}

/* What is checked and exported is the average, which lies between where training began and is. */
static void test_average(void **state)
{
	struct training_settings s = run_settings(4);
	struct run plain, averaged;
	struct checkpoint c;
	char folder[400];
	struct err err = {0};
	size_t between = 0, n;
	float *first;

	(void)state;
	training_fixture_dataset();
	open_run(&plain, &s);
	s.average = 0.5;
	open_run(&averaged, &s);
	n = numbers_of(&plain);
	first = malloc(n * sizeof(*first));
	for (size_t i = 0; i < n; i++)
		first[i] = param(&plain, i);
	run_steps(&plain, 1);
	run_steps(&averaged, 1);
	assert_true(check(&plain).loss != check(&averaged).loss);
	assert_true(same_params(&plain, &averaged));
	snprintf(folder, sizeof(folder), "%s/averaged", fixture_folder);
	if (training_export(averaged.training, folder, SAFETENSORS_F32,
			    tokenizer_vocab(fixture_tokenizer), &err) < 0 ||
	    checkpoint_read(&c, folder, &err) < 0)
		fail_msg("%s", err.msg);
	/* behind one step the decay is 2 / 11 */
	for (size_t i = 0; i < n; i++) {
		double wanted = first[i] + 9.0 / 11 * ((double)param(&plain, i) - first[i]);

		assert_true(fabs(c.numbers[i] - wanted) <= 1e-6 * (1 + fabs(wanted)));
		between += c.numbers[i] != first[i] && c.numbers[i] != param(&plain, i);
	}
	assert_true(between > 100);
	checkpoint_free(&c);
	free(first);
	close_run(&plain);
	close_run(&averaged);
}

/* What is exported is read again, but for bf16's rounding. */
static void test_exports(void **state)
{
	struct training_settings s = run_settings(4);
	struct run r;
	struct checkpoint c;
	char folder[400];
	struct err err = {0};

	(void)state;
	training_fixture_dataset();
	open_run(&r, &s);
	run_steps(&r, 1);
	snprintf(folder, sizeof(folder), "%s/exported", fixture_folder);
	if (training_export(r.training, folder, SAFETENSORS_BF16,
			    tokenizer_vocab(fixture_tokenizer), &err) < 0 ||
	    checkpoint_read(&c, folder, &err) < 0)
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < c.tensors->numbers; i++)
		assert_true(c.numbers[i] == bf16_to_float(bf16_from_float(param(&r, i))));
	checkpoint_free(&c);
	close_run(&r);
}

/* --- what is refused ------------------------------------------------------------------------ */

static void refuse_state(const struct training_settings *settings, const char *path,
			 const char *part)
{
	struct err err = {0};
	struct run r;

	open_run(&r, settings);
	assert_int_equal(training_resume(r.training, path, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
	assert_int_equal(training_steps_done(r.training), 0);
	close_run(&r);
}

static void test_refused_states(void **state)
{
	struct training_settings s = run_settings(4);
	struct err err = {0};
	char path[400];
	struct run r;

	(void)state;
	training_fixture_dataset();
	snprintf(path, sizeof(path), "%s/other.safetensors", fixture_folder);
	open_run(&r, &s);
	run_steps(&r, 1);
	assert_int_equal(training_save(r.training, path, &err), 0);
	training_free(r.training);
	r.config.text.mlp = 24;
	r.training = training_new(&s, &r.config, NULL, r.source, r.ops, &err);
	assert_int_equal(training_resume(r.training, path, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "other.safetensors is the state of another model"));
	close_run(&r);
	s.average = 0.9;
	refuse_state(&s, path, "other.safetensors is the state of a run with other settings");
	open_run(&r, &s);
	assert_int_equal(training_save(r.training, path, &err), 0);
	close_run(&r);
	s.average = 0;
	s.lora_rank = 2;
	refuse_state(&s, path, "is the state of");
}

static void refuse_run(const struct training_settings *settings, const char *message)
{
	struct model_config config = training_fixture_config();
	struct source *source = training_fixture_source(training_workers(settings->feed_threads));
	struct ops *ops = training_fixture_ops();
	struct err err = {0};

	assert_null(training_new(settings, &config, NULL, source, ops, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, message);
	source->free(source);
	ops->free(ops);
}

static void test_refused_settings(void **state)
{
	struct training_settings s = run_settings(4);

	(void)state;
	training_fixture_dataset();
	s.frozen = 7;
	refuse_run(&s, "all parts of the model are frozen");
	s.frozen = 1;
	s.lora_rank = 17;
	refuse_run(&s, "rank 17: language_model.model.layers.0.self_attn.q_proj.weight has 16 rows "
		       "and 16 columns");
}

/* A gradient that is not finite is told with its step and tensor, and nothing moves. */
static void test_not_finite(void **state)
{
	struct training_settings s = run_settings(4);
	struct training_report report;
	struct err err = {0};
	size_t at;
	struct run r;

	(void)state;
	training_fixture_dataset();
	open_run(&r, &s);
	run_steps(&r, 1);
	at = model_layout(training_model(r.training))->norm_w;
	tensor_set(model_params(training_model(r.training)), at, INFINITY);
	assert_int_equal(training_step(r.training, &report, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "step 2: the loss is not finite");
	assert_int_equal(training_steps_done(r.training), 1);
	close_run(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_optimizer_step),
		cmocka_unit_test(test_muon_ranges),
		cmocka_unit_test_teardown(test_learns, fixture_clean),
		cmocka_unit_test_teardown(test_resumes, fixture_clean),
		cmocka_unit_test_teardown(test_accumulates, fixture_clean),
		cmocka_unit_test_teardown(test_ranks, fixture_clean),
		cmocka_unit_test_teardown(test_frozen, fixture_clean),
		cmocka_unit_test_teardown(test_average, fixture_clean),
		cmocka_unit_test_teardown(test_exports, fixture_clean),
		cmocka_unit_test_teardown(test_refused_states, fixture_clean),
		cmocka_unit_test_teardown(test_refused_settings, fixture_clean),
		cmocka_unit_test_teardown(test_not_finite, fixture_clean),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, training_fixture_setup, training_fixture_teardown);
}
