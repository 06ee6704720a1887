/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/decode_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static int next(void *ctx, struct decode_request *out, struct err *err)
{
	struct desk *desk = ctx;
	const struct tiny_prompt *p = &desk->prompts[desk->asked];

	if (desk->asked == desk->fail_at)
		return err_set(err, ERR_IO, "no picture");
	if (desk->asked == desk->wanted)
		return 0;
	*out = (struct decode_request){(uint64_t)desk->asked++, p->pixels, p->ids,
				       (size_t)p->count};
	return 1;
}

static int done(void *ctx, const struct decode_result *result, struct err *err)
{
	struct desk *desk = ctx;
	struct outcome *o = &desk->outcomes[result->number];

	if ((int)result->number == desk->fail_done)
		return err_set(err, ERR_INTERRUPTED, "enough");
	o->times++;
	o->count = result->count;
	for (int i = 0; i < result->count; i++) {
		const struct decode_answer *a = &result->answers[i];
		struct answer *to = &o->answers[i];

		memcpy(to->ids, a->ids, a->count * sizeof(*to->ids));
		memcpy(to->log_probs, a->log_probs, a->count * sizeof(*to->log_probs));
		to->log_prob = a->log_prob;
		to->score = a->score;
		to->count = a->count;
		to->ended = a->ended;
		assert_true(a->text_len < sizeof(to->text) && !a->text[a->text_len]);
		memcpy(to->text, a->text, a->text_len + 1);
	}
	return 0;
}

struct desk *desk_new(struct rng *rng, const struct model_config *config, int wanted)
{
	struct desk *desk = mem_alloc(1, sizeof(*desk));

	desk->wanted = wanted;
	desk->fail_at = desk->fail_done = -1;
	for (int i = 0; i < REQUESTS; i++)
		desk->prompts[i] = tiny_prompt_new(rng, config, (int)rng_below(rng, 9));
	return desk;
}

void desk_free(struct desk *desk)
{
	for (int i = 0; i < REQUESTS; i++)
		tiny_prompt_free(&desk->prompts[i]);
	free(desk);
}

int desk_run(struct desk *desk, struct tiny_model *tiny, const struct tokenizer *tokenizer,
	     const struct decode_options *options, const struct decode_limits *limits,
	     struct err *err)
{
	struct decode_limits all = decode_limits_for(&tiny->config, options);
	struct decode_model *model = tiny_decode_model(tiny, limits ? limits : &all);
	size_t rows = decode_model_rows_left(model);
	struct decoder *decoder = decoder_new(model, tokenizer, options, err);
	int rc;

	assert_non_null(decoder);
	desk->asked = 0;
	memset(desk->outcomes, 0, sizeof(desk->outcomes));
	rc = decoder_run(decoder, &(struct decode_io){desk, next, done}, err);
	assert_int_equal(decode_model_rows_left(model), rows);
	decoder_free(decoder);
	decode_model_free(model);
	return rc;
}

void desk_run_all(struct desk *desk, struct tiny_model *tiny, const struct decode_options *options)
{
	struct err err = {0};

	if (desk_run(desk, tiny, NULL, options, NULL, &err) < 0)
		fail_msg("%s", err.msg);
	for (int i = 0; i < REQUESTS; i++)
		assert_int_equal(desk->outcomes[i].times, i < desk->wanted);
}

struct decode_options desk_options(int batch)
{
	struct decode_options options = DECODE_OPTIONS;

	options.batch = batch;
	options.tokens = TOKENS;
	options.seed = 5;
	return options;
}
