/* SPDX-License-Identifier: MIT */
/*
 * Rounds: free jobs take requests; those whose rows are sure to be free go into the model, oldest first;
 * then all live sequences go a step. A job that is done hands over its result and is free for the next
 * round.
 */
#include <config.h>

#include "trainer/decode/decode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/decode/decode_job.h"

#define PROMPT_TOKENS 256 /* of a prompt's text, by decode_limits_for */
#define PROMPTS_MANY 32   /* at once, where 8 would not be faster */

struct decoder {
	struct decode_options options;
	struct decode_model *model;
	const struct tokenizer *tokenizer;
	struct job *jobs; /* [options.batch] */
	struct candidate *list;
	size_t rows_promised; /* to live jobs */
	uint64_t arrivals;
	bool no_more; /* requests */

	struct decode_prompt *prompts; /* [limits.prompts] */
	struct job **entering;         /* [limits.prompts] */
	uint8_t *pixels;               /* [limits.prompts, side, side] */
	int *slots;                    /* [batch * beams] */
	int32_t *ids;                  /* [batch * beams] */
	struct decode_answer *answers; /* [beams] */
	struct buf *texts;             /* [beams] */
	struct buf text;               /* for jobs */
};

/* --- options -------------------------------------------------------------------------------- */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

struct decode_limits decode_limits_for(const struct model_config *config,
				       const struct decode_options *options)
{
	size_t batch = (size_t)options->batch, beams = (size_t)options->beams;
	size_t positions = (size_t)config->text.positions;
	size_t prompt = least(positions, (size_t)model_image_tokens(config) + PROMPT_TOKENS);
	size_t said = mem_mul(beams, least(positions, (size_t)options->tokens));
	size_t rows = mem_mul(batch, mem_add(prompt, said)), one = mem_add(positions, said);

	return (struct decode_limits){.sequences = options->batch * options->beams,
				      .prompts = (int)least(batch, (size_t)options->prompts),
				      .rows = rows > one ? rows : one};
}

void decode_options_for(struct decode_options *options, const struct ops *ops, int batch)
{
	options->batch = batch;
	if (!ops->many_rows)
		return;
	options->prompts = PROMPTS_MANY;
	options->gather = batch / 8 > 1 ? batch / 8 : 1;
}

static int check_options(const struct decode_options *o, struct err *err)
{
	if (o->batch < 1 || o->tokens < 1)
		return err_set(err, ERR_USAGE,
			       "%d drawings at once, %d tokens: both must be 1 or more", o->batch,
			       o->tokens);
	if (o->prompts < 1 || o->gather < 1 || o->gather > o->batch)
		return err_set(
			err, ERR_USAGE,
			"%d go in together, %d wait for each other: both must be 1 or more, and "
			"no more than %d at once wait",
			o->prompts, o->gather, o->batch);
	if (o->beams < 1 || o->beams > DECODE_BEAMS_MAX)
		return err_set(err, ERR_USAGE, "%d beams: there can be 1 to %d", o->beams,
			       DECODE_BEAMS_MAX);
	if (!isfinite(o->length_penalty))
		return err_set(err, ERR_USAGE, "the length penalty is no number");
	if (!(o->temperature >= 0) || !isfinite(o->temperature))
		return err_set(err, ERR_USAGE, "temperature %g: it must be 0 or more",
			       o->temperature);
	if (o->temperature > 0 && o->beams > 1)
		return err_set(err, ERR_USAGE, "%d beams and temperature %g: beams are not drawn",
			       o->beams, o->temperature);
	if (o->top_k < 0)
		return err_set(err, ERR_USAGE, "top-k %d: it must be 0 or more", o->top_k);
	if (!(o->top_p > 0 && o->top_p <= 1))
		return err_set(err, ERR_USAGE, "top-p %g: it must be above 0 and up to 1",
			       o->top_p);
	if (!(o->repetition_penalty > 0) || !isfinite(o->repetition_penalty))
		return err_set(err, ERR_USAGE, "repetition penalty %g: it must be above 0",
			       o->repetition_penalty);
	return 0;
}

static int check_limits(const struct decode_model *model, const struct decode_options *o,
			struct err *err)
{
	const struct decode_limits *limits = decode_model_limits(model);

	if (limits->sequences / o->beams < o->batch)
		return err_set(
			err, ERR_LIMIT,
			"%d drawings of %d beams at once; the model has room for %d sequences",
			o->batch, o->beams, limits->sequences);
	return 0;
}

/* --- making --------------------------------------------------------------------------------- */

static void make_jobs(struct decoder *d)
{
	size_t width = (size_t)decode_model_config(d->model)->text.vocab, vocab = width;

	if (d->tokenizer)
		vocab = least(width, tokenizer_vocab(d->tokenizer)->token_count);
	d->list = mem_alloc(width, sizeof(*d->list));
	d->jobs = mem_alloc((size_t)d->options.batch, sizeof(*d->jobs));
	for (int i = 0; i < d->options.batch; i++) {
		d->jobs[i] = (struct job){.options = &d->options,
					  .model = d->model,
					  .width = width,
					  .vocab = vocab,
					  .list = d->list,
					  .tokenizer = d->tokenizer,
					  .text = &d->text,
					  .first_slot = i * d->options.beams};
		job_make_room(&d->jobs[i]);
	}
}

struct decoder *decoder_new(struct decode_model *model, const struct tokenizer *tokenizer,
			    const struct decode_options *options, struct err *err)
{
	size_t side = (size_t)decode_model_config(model)->vision.side;
	size_t prompts = (size_t)decode_model_limits(model)->prompts, beams, sequences;
	struct decoder *d;

	if (check_options(options, err) < 0 || check_limits(model, options, err) < 0)
		return NULL;
	beams = (size_t)options->beams;
	sequences = (size_t)options->batch * beams;
	d = mem_alloc(1, sizeof(*d));
	d->options = *options;
	d->model = model;
	d->tokenizer = tokenizer;
	make_jobs(d);
	d->prompts = mem_alloc(prompts, sizeof(*d->prompts));
	d->entering = mem_alloc(prompts, sizeof(struct job *));
	d->pixels = mem_alloc(prompts, side * side);
	d->slots = mem_alloc(sequences, sizeof(*d->slots));
	d->ids = mem_alloc(sequences, sizeof(*d->ids));
	d->answers = mem_alloc(beams, sizeof(*d->answers));
	d->texts = mem_alloc(beams, sizeof(*d->texts));
	return d;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	for (int i = 0; i < decoder->options.batch; i++)
		job_release(&decoder->jobs[i]);
	for (int i = 0; i < decoder->options.beams; i++)
		buf_free(&decoder->texts[i]);
	free(decoder->jobs);
	free(decoder->list);
	free(decoder->prompts);
	free(decoder->entering);
	free(decoder->pixels);
	free(decoder->slots);
	free(decoder->ids);
	free(decoder->answers);
	free(decoder->texts);
	buf_free(&decoder->text);
	free(decoder);
}

/* --- results -------------------------------------------------------------------------------- */

static int make_answer(struct decoder *d, const struct said *said, int i, struct err *err)
{
	struct decode_answer *a = &d->answers[i];
	struct buf *text = &d->texts[i];

	*a = (struct decode_answer){.ids = said->ids,
				    .count = said->count,
				    .ended = said->ended,
				    .log_probs = said->log_probs,
				    .score = said->score};
	for (size_t k = 0; k < said->count; k++)
		a->log_prob += said->log_probs[k];
	buf_clear(text);
	buf_str(text, "");
	if (d->tokenizer && text_from_tokens(d->tokenizer, (const uint32_t *)said->ids, said->count,
					     TEXT_WITHOUT_SPECIAL, text, err) < 0)
		return -1;
	a->text = text->data;
	a->text_len = text->len;
	return 0;
}

static int hand_over(struct decoder *d, struct job *job, const struct decode_io *io,
		     struct err *err)
{
	struct decode_result result = {job->number, d->answers, job->done_count};

	job->state = JOB_FREE;
	d->rows_promised -= job->rows;
	for (int i = 0; i < job->done_count; i++)
		if (make_answer(d, &job->done[i], i, err) < 0)
			return -1;
	return io->done(io->ctx, &result, err);
}

/* --- rounds --------------------------------------------------------------------------------- */

static int take_request(struct decoder *d, struct job *job, const struct decode_io *io,
			struct err *err)
{
	size_t positions = (size_t)decode_model_config(d->model)->text.positions;
	struct decode_request request;
	int rc = io->next(io->ctx, &request, err);

	if (rc <= 0) {
		d->no_more = true;
		return rc;
	}
	if (request.count >= positions)
		return err_set(err, ERR_LIMIT,
			       "drawing %llu: a prompt of %zu tokens; the model has %zu positions",
			       (unsigned long long)request.number, request.count, positions);
	job_start(job, &request);
	if (job->rows > decode_model_limits(d->model)->rows)
		return err_set(err, ERR_LIMIT,
			       "drawing %llu: up to %zu tokens to keep; the model has room for %zu",
			       (unsigned long long)request.number, job->rows,
			       decode_model_limits(d->model)->rows);
	job->arrival = d->arrivals++;
	return 0;
}

static int take_requests(struct decoder *d, const struct decode_io *io, struct err *err)
{
	for (int i = 0; i < d->options.batch && !d->no_more; i++)
		if (d->jobs[i].state == JOB_FREE && take_request(d, &d->jobs[i], io, err) < 0)
			return -1;
	return 0;
}

static struct job *oldest_waiting(struct decoder *d)
{
	struct job *oldest = NULL;

	for (int i = 0; i < d->options.batch; i++) {
		struct job *job = &d->jobs[i];

		if (job->state == JOB_WAITING && (!oldest || job->arrival < oldest->arrival))
			oldest = job;
	}
	return oldest;
}

/* Whether those that wait do so for more of them. */
static bool is_gathering(const struct decoder *d)
{
	int waiting = 0, live = 0;

	for (int i = 0; i < d->options.batch; i++) {
		waiting += d->jobs[i].state == JOB_WAITING;
		live += d->jobs[i].state == JOB_LIVE;
	}
	return live && !d->no_more && waiting < d->options.gather;
}

/* Returns how many go in. */
static int choose_entering(struct decoder *d)
{
	size_t side = (size_t)decode_model_config(d->model)->vision.side;
	const struct decode_limits *limits = decode_model_limits(d->model);
	struct job *job;
	int count = 0;

	while (count < limits->prompts && (job = oldest_waiting(d)) &&
	       job->rows <= limits->rows - d->rows_promised) {
		memcpy(d->pixels + (size_t)count * side * side, job->pixels, side * side);
		d->prompts[count] = (struct decode_prompt){job->first_slot, job->prompt,
							   (int)job->prompt_count};
		job_restrict(job, &job->live[0]);
		d->entering[count++] = job;
		d->rows_promised += job->rows;
		job->state = JOB_LIVE;
	}
	return count;
}

static int enter(struct decoder *d, const struct decode_io *io, struct err *err)
{
	int count;

	while (!is_gathering(d) && (count = choose_entering(d)) > 0) {
		decode_model_prompt(d->model, d->prompts, d->pixels, count);
		if (decode_model_check(d->model, err) < 0)
			return -1;
		for (int i = 0; i < count; i++)
			if (job_advance(d->entering[i], (size_t)i) &&
			    hand_over(d, d->entering[i], io, err) < 0)
				return -1;
	}
	return 0;
}

/* Returns how many sequences went, or -1. */
static int step(struct decoder *d, const struct decode_io *io, struct err *err)
{
	int count = 0;
	size_t row = 0;

	for (int i = 0; i < d->options.batch; i++)
		for (int k = 0; k < d->jobs[i].live_count && d->jobs[i].state == JOB_LIVE; k++) {
			const struct said *said = &d->jobs[i].live[k];

			job_restrict(&d->jobs[i], said);
			d->slots[count] = said->slot;
			d->ids[count++] = said->ids[said->count - 1];
		}
	if (count)
		decode_model_step(d->model, d->slots, d->ids, count);
	if (decode_model_check(d->model, err) < 0)
		return -1;
	for (int i = 0; i < d->options.batch; i++) {
		struct job *job = &d->jobs[i];
		size_t rows = (size_t)job->live_count;

		if (job->state != JOB_LIVE)
			continue;
		if (job_advance(job, row) && hand_over(d, job, io, err) < 0)
			return -1;
		row += rows;
	}
	return count;
}

static int run_rounds(struct decoder *d, const struct decode_io *io, struct err *err)
{
	int count;

	do {
		if (take_requests(d, io, err) < 0 || enter(d, io, err) < 0)
			return -1;
		count = step(d, io, err);
	} while (count > 0 || (count == 0 && (!d->no_more || oldest_waiting(d))));
	return count;
}

#define CHOSEN 4 /* greedily: more than the likeliest, as some complete what is impossible */

/* The model finds the likeliest tokens itself where nothing else than logits and the grammar decides. */
static int choose_tokens(struct decoder *d, struct err *err)
{
	const struct decode_options *o = &d->options;
	bool plain = o->temperature == 0 && o->repetition_penalty == 1;
	size_t tokens = d->jobs[0].vocab, wanted = o->beams > 1 ? 2 * (size_t)o->beams : CHOSEN;
	struct decode_choice choice = {.count = plain ? (int)least(wanted, tokens) : 0,
				       .tokens = (int)tokens,
				       .never = decode_model_config(d->model)->image};

	if (o->grammar) {
		choice.sets = token_table_all_sets(o->grammar);
		choice.set_words = token_table_words(o->grammar);
		choice.set_count = token_table_sets(o->grammar);
	}
	return decode_model_choose(d->model, &choice, err);
}

int decoder_run(struct decoder *decoder, const struct decode_io *io, struct err *err)
{
	struct decoder *d = decoder;
	int rc;

	d->no_more = false;
	if (choose_tokens(d, err) < 0)
		return -1;
	rc = run_rounds(d, io, err);
	for (int i = 0; i < d->options.batch; i++) {
		job_stop(&d->jobs[i]);
		d->jobs[i].state = JOB_FREE;
	}
	d->rows_promised = 0;
	return rc;
}
