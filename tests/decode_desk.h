/* SPDX-License-Identifier: MIT */
/*
 * decode_desk: requests for a decoder over a tiny model, and what comes back for each.
 *
 *	struct desk *desk = desk_new(&rng, &tiny.config, REQUESTS);
 *	struct decode_options options = desk_options(3);
 *	desk_run_all(desk, &tiny, &options);
 *	... desk->outcomes[i].answers[0]
 *	desk_free(desk);
 */
#ifndef TESTS_DECODE_DESK_H
#define TESTS_DECODE_DESK_H

#include "tests/tiny_models.h"
#include "trainer/decode/decode.h"

#define REQUESTS 15
#define TOKENS 12
#define ANSWERS 64

struct answer {
	int32_t ids[TINY_POSITIONS];
	double log_probs[TINY_POSITIONS], log_prob, score;
	size_t count;
	bool ended;
	char text[400];
};

struct outcome {
	struct answer answers[ANSWERS];
	int count, times;
};

/* Hands out prompts; counts and keeps what comes back. */
struct desk {
	struct tiny_prompt prompts[REQUESTS];
	struct outcome outcomes[REQUESTS];
	int wanted, asked;
	int fail_at, fail_done; /* a number of a request, or -1 */
};

/* Hands out `wanted` random prompts. */
struct desk *desk_new(struct rng *rng, const struct model_config *config, int wanted);
void desk_free(struct desk *desk);

/* Greedy, of TOKENS at most, so many at once. */
struct decode_options desk_options(int batch);

/* What decoder_run returns, within the limits, or those for the options. All rows of the model are free then. */
int desk_run(struct desk *desk, struct tiny_model *tiny, const struct tokenizer *tokenizer,
	     const struct decode_options *options, const struct decode_limits *limits,
	     struct err *err);

/* It does not fail, and each request comes back once. */
void desk_run_all(struct desk *desk, struct tiny_model *tiny, const struct decode_options *options);

#endif
