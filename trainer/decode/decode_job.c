/* SPDX-License-Identifier: MIT */
/*
 * The tokens of one request. Only the state of its own sequences and its own random stream go into a
 * choice, so that it does not matter what else is under way.
 */
#include <config.h>

#include "trainer/decode/decode_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t set_words(const struct job *job)
{
	return (job->width + 63) / 64;
}

/* --- memory --------------------------------------------------------------------------------- */

static struct said *said_new(const struct job *job, int count)
{
	struct said *all = mem_alloc((size_t)count, sizeof(*all));

	for (int i = 0; i < count; i++) {
		all[i].ids = mem_alloc((size_t)job->options->tokens, sizeof(*all[i].ids));
		all[i].log_probs =
			mem_alloc((size_t)job->options->tokens, sizeof(*all[i].log_probs));
		all[i].seen = mem_alloc(set_words(job), sizeof(*all[i].seen));
	}
	return all;
}

static void said_free(struct said *all, int count)
{
	for (int i = 0; i < count && all; i++) {
		free(all[i].ids);
		free(all[i].log_probs);
		free(all[i].seen);
	}
	free(all);
}

void job_make_room(struct job *job)
{
	const struct model_config *config = decode_model_config(job->model);
	size_t beams = (size_t)job->options->beams, side = (size_t)config->vision.side;

	job->pixels = mem_alloc(side * side, 1);
	job->prompt = mem_alloc((size_t)config->text.positions, sizeof(*job->prompt));
	job->live = said_new(job, job->options->beams);
	job->next = said_new(job, job->options->beams);
	job->done = said_new(job, job->options->beams);
	job->ways = mem_alloc(2 * beams * beams, sizeof(*job->ways));
}

void job_release(struct job *job)
{
	free(job->pixels);
	free(job->prompt);
	said_free(job->live, job->options->beams);
	said_free(job->next, job->options->beams);
	said_free(job->done, job->options->beams);
	free(job->ways);
}

void job_copy_said(const struct job *job, struct said *to, const struct said *from)
{
	struct said own = *to;

	*to = *from;
	to->ids = own.ids;
	to->log_probs = own.log_probs;
	to->seen = own.seen;
	memcpy(to->ids, from->ids, from->count * sizeof(*to->ids));
	memcpy(to->log_probs, from->log_probs, from->count * sizeof(*to->log_probs));
	memcpy(to->seen, from->seen, set_words(job) * sizeof(*to->seen));
}

/* --- start and end -------------------------------------------------------------------------- */

static void see_token(struct said *said, int32_t token)
{
	said->seen[token / 64] |= (uint64_t)1 << token % 64;
}

void job_start(struct job *job, const struct decode_request *request)
{
	const struct model_config *config = decode_model_config(job->model);
	size_t side = (size_t)config->vision.side, left;
	struct said *first = &job->live[0];

	job->state = JOB_WAITING;
	job->number = request->number;
	job->rng = rng_stream(job->options->seed, request->number, "decode", 0);
	memcpy(job->pixels, request->pixels, side * side);
	memcpy(job->prompt, request->ids, request->count * sizeof(*job->prompt));
	job->prompt_count = request->count;
	left = (size_t)config->text.positions - request->count;
	job->tokens = (size_t)job->options->tokens < left ? (size_t)job->options->tokens : left;
	job->rows = job->prompt_count + (size_t)job->options->beams * job->tokens;
	job->live_count = 1;
	job->done_count = 0;
	*first = (struct said){.slot = job->first_slot,
			       .ids = first->ids,
			       .log_probs = first->log_probs,
			       .seen = first->seen};
	memset(first->seen, 0, set_words(job) * sizeof(*first->seen));
	for (size_t i = 0; i < job->prompt_count; i++)
		see_token(first, job->prompt[i]);
}

void job_stop(struct job *job)
{
	for (int i = 0; i < job->live_count && job->state == JOB_LIVE; i++)
		decode_model_drop(job->model, job->live[i].slot);
	job->live_count = 0;
}

/* --- tokens --------------------------------------------------------------------------------- */

size_t job_all_candidates(struct job *job, const struct said *said, size_t row, double less)
{
	const struct token_table *grammar = job->options->grammar;
	struct candidate_bounds bounds = {
		.allowed = grammar ? token_table_allowed(grammar, said->state) : NULL,
		.seen = said->seen,
		.penalty = job->options->repetition_penalty,
		.never = decode_model_config(job->model)->image,
		.less = less};

	return candidates_from_logits(job->list, decode_model_logits(job->model), row, job->width,
				      job->vocab, &bounds);
}

size_t job_candidates(struct job *job, const struct said *said, size_t row, double less)
{
	size_t count = (size_t)decode_model_chosen(job->model), n = 0;
	struct decode_likeliest likeliest;

	if (!count)
		return job_all_candidates(job, said, row, less);
	likeliest = decode_model_likeliest(job->model, row);
	for (; n < count && likeliest.tokens[n] >= 0; n++)
		job->list[n] = (struct candidate){tensor_get(likeliest.logits, n) - less,
						  likeliest.tokens[n]};
	return n;
}

void job_restrict(struct job *job, const struct said *said)
{
	const struct token_table *grammar = job->options->grammar;

	if (grammar && decode_model_chosen(job->model))
		decode_model_restrict(job->model, said->slot,
				      token_table_set_of(grammar, said->state));
}

/* Of a token that was chosen, or any other. */
static double logit_of(struct job *job, size_t row, int32_t token)
{
	struct decode_likeliest likeliest = decode_model_likeliest(job->model, row);

	for (int i = 0; i < decode_model_chosen(job->model); i++)
		if (likeliest.tokens[i] == token)
			return tensor_get(likeliest.logits, (size_t)i);
	return tensor_get(decode_model_logits(job->model), row * job->width + (size_t)token);
}

bool job_refuses(struct job *job, struct said *said, int32_t token)
{
	const struct decode_options *o = job->options;
	int eos = decode_model_config(job->model)->eos, state;

	if (!o->possible || !o->grammar || !job->tokenizer || token == eos)
		return false;
	state = token_table_next(o->grammar, said->state, token);
	if (!token_is_in(token_table_allowed(o->grammar, state), eos))
		return false;
	said->ids[said->count] = token;
	buf_clear(job->text);
	return text_from_tokens(job->tokenizer, (const uint32_t *)said->ids, said->count + 1,
				TEXT_WITHOUT_SPECIAL, job->text, NULL) == 0 &&
	       !o->possible(o->possible_ctx, job->text->data, job->text->len);
}

void job_say(struct job *job, struct said *said, int32_t token, size_t row)
{
	said->log_probs[said->count] =
		logit_of(job, row, token) - tensor_get(decode_model_log_sums(job->model), row);
	said->ids[said->count++] = token;
	said->ended = token == decode_model_config(job->model)->eos;
	see_token(said, token);
	if (job->options->grammar && !said->ended)
		said->state = token_table_next(job->options->grammar, said->state, token);
}

void job_add_answer(struct job *job, const struct said *said)
{
	double score = said->total / pow((double)said->count, job->options->length_penalty);
	int at = job->done_count;
	struct said room;

	if (at == job->options->beams && job->done[at - 1].score >= score)
		return;
	if (at < job->options->beams)
		job->done_count++;
	else
		at--;
	job_copy_said(job, &job->done[at], said);
	job->done[at].score = score;
	for (; at > 0 && job->done[at - 1].score < score; at--) {
		room = job->done[at];
		job->done[at] = job->done[at - 1];
		job->done[at - 1] = room;
	}
}

static const struct candidate *pick(struct job *job, size_t n)
{
	if (job->options->temperature > 0)
		return candidates_draw(job->list, n, rng_unit(&job->rng));
	return candidates_best(job->list, n);
}

/* The first that is picked and not refused; -1 where all are. *first: the first that is picked. */
static int32_t choose_among(struct job *job, struct said *said, size_t n, int32_t *first)
{
	const struct decode_options *o = job->options;
	const struct candidate *picked;
	int32_t token;

	if (o->temperature > 0)
		n = candidates_soften(job->list, n, o->temperature, (size_t)o->top_k, o->top_p);
	for (; n; job->list[picked - job->list] = job->list[--n]) {
		picked = pick(job, n);
		token = picked->token;
		if (!job_refuses(job, said, token))
			return token;
		*first = *first < 0 ? token : *first;
	}
	return -1;
}

/* The first that is picked, where all are refused. */
static int32_t choose(struct job *job, struct said *said, size_t row)
{
	size_t n = job_candidates(job, said, row, 0);
	int32_t first = -1, token = choose_among(job, said, n, &first);

	if (token < 0 && decode_model_chosen(job->model)) /* there are others */
		token = choose_among(job, said, job_all_candidates(job, said, row, 0), &first);
	return token < 0 ? first : token;
}

bool job_advance(struct job *job, size_t row)
{
	struct said *said = &job->live[0];

	if (job->options->beams > 1)
		return job_advance_beams(job, row);
	job_say(job, said, choose(job, said, row), row);
	said->total += said->log_probs[said->count - 1];
	if (!said->ended && said->count < job->tokens)
		return false;
	job_add_answer(job, said);
	job_stop(job);
	return true;
}
