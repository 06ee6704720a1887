/* SPDX-License-Identifier: MIT */
/*
 * decode: pictures to programs: the search for what a model says to each of a row of requests.
 *
 *	struct decode_options options = DECODE_OPTIONS;
 *	options.grammar = table;
 *	struct decode_limits limits = decode_limits_for(&config, &options);
 *	... a decode_model with these limits, loaded
 *	struct decoder *decoder = decoder_new(model, tokenizer, &options, &err);
 *	if (decoder_run(decoder, &(struct decode_io){ctx, next, done}, &err) < 0) ...
 *	decoder_free(decoder);
 *
 * Up to options.batch requests are under way at once; when one is done, the next takes its place. What
 * comes out for a request depends on it, the model and the options alone: not on others, nor on the
 * batch. With a grammar, a program is said, or the beginning of one where tokens run out: of each token
 * only those are looked at that go on with it. Some of what a grammar lets end is still impossible, as a triangle
 * that goes clockwise: a token that completes such a text is left out, unless there is no other, of all
 * beams.
 *
 * A picture's token is never said.
 *
 * Greedy: temperature 0, one beam. Sampling: temperature above 0; request i draws from the stream
 * (seed, i, "decode"). Beams: as transformers' generate with early_stopping off, without sampling. A
 * beam's sum of log probabilities goes on with the 2 N best of all continuations of its N beams: of the
 * first N, those that end are answers, with score sum / tokens^length_penalty; the first N others go
 * on. It ends when N answers are there and the best beam's score, were it to end now, is none of the N
 * best, or where tokens run out: then what is among the first N is taken as it is. Each step's log
 * probabilities are those of all tokens, with the penalty; the grammar takes away and shares nothing out.
 */
#ifndef TRAINER_DECODE_H
#define TRAINER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tokenizer/token_table.h"
#include "tokenizer/tokenizer.h"
#include "trainer/decode/decode_model.h"

#define DECODE_BEAMS_MAX 64

struct decode_options {
	int batch;   /* requests at once */
	int prompts; /* of them that go in together, at most */
	int gather;  /* so many wait for each other to go in together, while others are under way */
	int tokens;  /* of an answer at most, </s> among them */
	int beams;   /* 1: none */
	double length_penalty;     /* see above; above 0 long answers are preferred */
	double temperature;        /* 0: the likeliest token */
	int top_k;                 /* 0: any number */
	double top_p;              /* 1: all */
	double repetition_penalty; /* of tokens of the prompt and those said; 1: none */
	uint64_t seed;
	const struct token_table *grammar; /* of the tokenizer's vocabulary, or NULL */
	/* With a grammar: whether a text that it lets end is possible; NULL: each is. */
	bool (*possible)(void *ctx, const char *text, size_t len);
	void *possible_ctx;
};

#define DECODE_OPTIONS                                                                             \
	(struct decode_options)                                                                    \
	{                                                                                          \
		.batch = 32, .prompts = 8, .gather = 1, .tokens = 512, .beams = 1,                 \
		.length_penalty = 1, .top_p = 1, .repetition_penalty = 1                           \
	}

/* Sets batch, prompts and gather for ops: where few rows are no faster than many, requests go in by more. */
void decode_options_for(struct decode_options *options, const struct ops *ops, int batch);

struct decode_request {
	uint64_t number;       /* of the stream to draw from; comes back with the result */
	const uint8_t *pixels; /* [side, side], grey */
	const int32_t *ids;    /* as conversation_encode gives them without a program */
	size_t count;
};

struct decode_answer {
	const int32_t *ids; /* </s> is the last where it ended */
	size_t count;
	bool ended;              /* else tokens ran out */
	const double *log_probs; /* [count]: of each token, by the model alone */
	double log_prob;         /* their sum */
	double score;            /* what answers are sorted by */
	const char *text;        /* without special tokens; "" without a tokenizer */
	size_t text_len;         /* a NUL behind it does not count */
};

/* Until the call that gets it returns. */
struct decode_result {
	uint64_t number;
	const struct decode_answer *answers; /* the best first: one, or up to one for each beam */
	int count;
};

struct decode_io {
	void *ctx;
	/* Fills *request, whose memory is read before the call after this one; 1, or 0 when there are no
	 * more, or -1. It is not called again after 0. */
	int (*next)(void *ctx, struct decode_request *request, struct err *err);
	/* Gets each result as it is done, which is not the order of requests. 0, or -1 to stop. */
	int (*done)(void *ctx, const struct decode_result *result, struct err *err);
};

/* What a decode_model needs for these options: enough for prompts of up to 256 tokens beside the
 * picture's; where they are longer, fewer requests are under way at once. */
struct decode_limits decode_limits_for(const struct model_config *config,
				       const struct decode_options *options);

struct decoder;

/* Borrows all but the options. tokenizer may be NULL: then answers have no text, and every row of the
 * model's embeddings is a token. ERR_USAGE for options out of their bounds, and for beams with a
 * temperature; ERR_LIMIT where the model's limits are too low for them. NULL on failure. */
struct decoder *decoder_new(struct decode_model *model, const struct tokenizer *tokenizer,
			    const struct decode_options *options, struct err *err);
void decoder_free(struct decoder *decoder);

/* All requests; may be called again. -1 with what next or done says, ERR_LIMIT for a prompt that fills the
 * model's positions or where there is no memory for what options ask for, or ERR_DEVICE. */
int decoder_run(struct decoder *decoder, const struct decode_io *io, struct err *err);

#endif
