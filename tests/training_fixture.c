/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "formats/model/vocab_files.h"
#include "tests/training_fixture.h"
#include "tokenizer/bpe_train.h"
#include "trainer/train/dataset_source.h"

#define VAL_FRACTION 0.2

static const enum split splits[] = {SPLIT_DIGITS, SPLIT_GPT2};
struct tokenizer *fixture_tokenizer;

struct model_config training_fixture_config(void)
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
		.text = {.vocab = (int)tokenizer_vocab(fixture_tokenizer)->token_count,
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

void training_fixture_dataset(void)
{
	struct dataset_settings settings = fixture_settings();

	settings.val_fraction = VAL_FRACTION;
	assert_made(&settings, DATASET_NEW, COUNT);
}

struct source *training_fixture_source(int workers)
{
	struct model_config config = training_fixture_config();
	struct err err = {0};
	struct dataset_files files = {.path = fixture_out};
	struct source *source =
		dataset_source_open(&files, fixture_tokenizer, &config, workers, &err);

	if (!source)
		fail_msg("%s", err.msg);
	return source;
}

struct ops *training_fixture_ops(void)
{
	struct ops *ops = ops_ref_new();

	ops->act = ops->acc = DTYPE_F32;
	return ops;
}

int training_fixture_setup(void **state)
{
	static const char text[] = "circle(x=1,y=2,r=3); rectangle(x=1,y=2,width=3,height=4)";
	const struct bpe_settings settings = {300, 1, vocab_roles, "<s>"};
	struct bpe_trainer *trainer = bpe_trainer_new(splits, 2);

	bpe_trainer_add(trainer, text, sizeof(text) - 1);
	fixture_tokenizer = tokenizer_new(bpe_trainer_run(trainer, &settings, NULL));
	bpe_trainer_free(trainer);
	return fixture_setup(state);
}

int training_fixture_teardown(void **state)
{
	tokenizer_free(fixture_tokenizer);
	return fixture_teardown(state);
}
