/* SPDX-License-Identifier: MIT */
/*
 * cadeval: reads drawings with a model, and says how well it does.
 *
 *	checkpoint -> decode_model; drawings -> decoder -> programs -> scores
 *
 * Programs come out of the decoder as they are done; they wait for their turn here, so that all that is
 * written is in the order of the drawings.
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "formats/model/checkpoint.h"
#include "trainer/decode/decode.h"
#include "trainer/decode/program_tokens.h"
#include "trainer/eval_case_main.h"
#include "trainer/eval_looks_main.h"
#include "trainer/eval_options_main.h"
#include "trainer/eval_score_main.h"
#include "trainer/eval_solids_main.h"
#include "trainer/ops/ops_device.h"
#include "trainer/rerank/rerank.h"
#include "trainer/score/figure.h"
#include "trainer/train/conversation.h"

#define STATUS_BELOW 3
#define RERANK_EACH 8 /* drawings of a thread that are ranked at a time, while none are said */

/* A model that says programs, in a way. */
struct speaker {
	struct decode_model *model;
	struct decoder *decoder;
};

/* A drawing on its way. What is said is in the case's arena. */
struct pending {
	struct eval_case *c;
	struct conversation conversation;
	struct eval_said
		looks[EVAL_LOOKS_MAX]; /* what is said of each look; count 0: nothing yet */
	bool is_done;
	struct eval_said said;
};

struct run {
	struct eval_options o;
	struct checkpoint checkpoint;
	struct model_config config;
	struct tokenizer *tokenizer;
	struct token_cache *cache;
	struct program_tokens *grammar;
	struct ops *ops;
	struct speaker first, again; /* again: made when it is needed */
	struct pending *asked_again; /* NULL: once is enough */
	uint64_t again_count;
	struct pending **said; /* said_room of them, that wait for all threads to rank them */
	int said_count, said_room;
	struct eval_cases *cases;
	struct eval_scores *scores;
	struct pending *pending; /* of each drawing */
	struct pending *asked;   /* the last one; NULL: none */
	int look;                /* of it, that comes next */
	uint64_t next;           /* whose turn it is */
	uint64_t shrunk;         /* pictures that were too large */
	struct progress progress;
};

/* --- drawings through the decoder ----------------------------------------------------------- */

static struct decode_request request_of(const struct pending *p)
{
	return (struct decode_request){.number = p->c->number,
				       .pixels = p->c->pixels,
				       .ids = p->conversation.ids,
				       .count = p->conversation.count};
}

/* The next drawing. */
static int take_case(struct run *run, struct err *err)
{
	struct conversation_text text = {0};
	struct eval_case *c;
	struct pending *p;
	int rc = eval_cases_next(run->cases, &c, err);

	if (rc <= 0)
		return rc;
	p = &run->pending[c->number];
	p->c = c;
	run->shrunk += c->shrunk;
	conversation_encode(&text, run->tokenizer, run->cache, c->prompt, NULL);
	rc = conversation_rows(&text, &run->config, err);
	if (rc >= 0)
		conversation_lay(&p->conversation, &text, &run->config);
	conversation_text_free(&text);
	if (rc < 0)
		return err_context(err, "%s", c->id);
	run->asked = p;
	run->look = 0;
	return 1;
}

static int ask(void *ctx, struct decode_request *request, struct err *err)
{
	struct run *run = ctx;
	struct eval_case *c;
	uint8_t *pixels;
	int rc = 1;

	if (!run->asked || run->look == run->o.looks)
		rc = take_case(run, err);
	if (rc <= 0)
		return rc;
	c = run->asked->c;
	*request = request_of(run->asked);
	request->number = c->number * (uint64_t)run->o.looks + (uint64_t)run->look;
	if (run->look > 0) {
		pixels = ARENA_NEW(&c->arena, uint8_t, c->side * c->side);
		eval_look(pixels, c->pixels, c->side, run->look);
		request->pixels = pixels;
	}
	run->look++;
	return 1;
}

static struct eval_answer answer_of(const struct decode_answer *a, int rank, struct arena *arena)
{
	return (struct eval_answer){.text = arena_strndup(arena, a->text, a->text_len),
				    .len = a->text_len,
				    .tokens = a->count,
				    .log_prob = a->log_prob,
				    .score = a->score,
				    .ended = a->ended,
				    .rank = rank,
				    .misfit = NAN};
}

static struct eval_said answers_of(const struct decode_result *result, struct arena *arena)
{
	struct eval_answer *answers = ARENA_NEW(arena, struct eval_answer, result->count);

	for (int i = 0; i < result->count; i++)
		answers[i] = answer_of(&result->answers[i], i + 1, arena);
	return (struct eval_said){answers, result->count};
}

static void keep_answers(struct pending *p, const struct eval_said *said, enum language language)
{
	struct arena scratch = {0};
	struct eval_answer *answers = ARENA_NEW(&p->c->arena, struct eval_answer, said->count);
	struct rerank_text *texts = ARENA_NEW(&scratch, struct rerank_text, said->count);
	int *order = ARENA_NEW(&scratch, int, said->count);

	for (int i = 0; i < said->count; i++)
		texts[i] = (struct rerank_text){said->answers[i].text, said->answers[i].len};
	rerank_parts_first(order, texts, said->count, language, &scratch);
	for (int i = 0; i < said->count; i++)
		answers[i] = said->answers[order[i]];
	p->said = (struct eval_said){answers, said->count};
	arena_free(&scratch);
}

/* False where not all looks are there yet. */
static bool pool_looks(struct pending *p, const struct run *run)
{
	struct eval_said said = p->looks[0];

	for (int i = 0; i < run->o.looks; i++)
		if (!p->looks[i].count)
			return false;
	if (run->o.looks > 1)
		said = eval_pool(p->looks, (int)run->o.looks, run->o.length_penalty, &p->c->arena);
	keep_answers(p, &said, eval_cases_language(run->cases));
	return true;
}

/* What no beam says has no probability, and no rank. */
static struct eval_answer combined_answer(const struct rerank_combined *combined,
					  struct arena *arena)
{
	return (struct eval_answer){
		.text = arena_strndup(arena, combined->text.at, combined->text.len),
		.len = combined->text.len,
		.log_prob = NAN,
		.score = NAN,
		.ended = true,
		.misfit = combined->misfit};
}

/* What explains the picture best comes first; the others stay as they are. */
static void rerank(struct pending *p, const struct eval_options *o, enum language language)
{
	const struct eval_answer *answers = p->said.answers;
	int count = p->said.count, best, n = 0;
	struct arena arena = {0};
	struct rerank_candidate *candidates = ARENA_NEW(&arena, struct rerank_candidate, count);
	struct eval_answer *ranked = ARENA_NEW(&p->c->arena, struct eval_answer, count + 1);
	struct rerank_combined combined = {.misfit = NAN};

	for (int i = 0; i < count; i++)
		candidates[i] = (struct rerank_candidate){.text = {answers[i].text, answers[i].len},
							  .log_prob = answers[i].log_prob};
	best = rerank_candidates(candidates, count, language, p->c->pixels, p->c->side,
				 o->combine ? &combined : NULL, &arena);
	if (combined.text.at)
		ranked[n++] = combined_answer(&combined, &p->c->arena);
	for (int i = -1; i < count; i++) {
		int from = i < 0 ? best : i;

		if (i == best)
			continue;
		ranked[n] = answers[from];
		ranked[n++].misfit = candidates[from].misfit;
	}
	p->said = (struct eval_said){ranked, n};
	arena_free(&arena);
}

static void drop_pending(struct pending *p)
{
	conversation_free(&p->conversation);
	eval_case_free(p->c);
	*p = (struct pending){0};
}

/* --- speakers ------------------------------------------------------------------------------- */

static bool is_possible(void *ctx, const char *text, size_t len)
{
	const struct run *run = ctx;
	struct arena arena = {0};
	struct program program;
	int rc = program_parse(&program, eval_cases_language(run->cases), "", text, len, &arena,
			       NULL);

	arena_free(&arena);
	return rc == 0;
}

static struct decode_options decode_options(struct run *run, int64_t batch, int64_t beams)
{
	const struct eval_options *o = &run->o;
	struct decode_options d = DECODE_OPTIONS;

	decode_options_for(&d, run->ops, (int)batch);
	d.tokens = (int)o->tokens;
	d.beams = (int)beams;
	d.length_penalty = o->length_penalty;
	d.temperature = o->temperature;
	d.top_k = (int)o->top_k;
	d.top_p = o->top_p;
	d.repetition_penalty = o->repetition_penalty;
	d.seed = o->seed;
	d.grammar = run->grammar ? run->grammar->table : NULL;
	d.possible = eval_cases_solids(run->cases) ? NULL : is_possible;
	d.possible_ctx = run;
	return d;
}

static int make_speaker(struct run *run, struct speaker *speaker, int64_t batch, int64_t beams,
			struct err *err)
{
	struct decode_options options = decode_options(run, batch, beams);
	struct decode_limits limits = decode_limits_for(&run->config, &options);
	int rc;

	if (!run->checkpoint.tensors && checkpoint_read(&run->checkpoint, run->o.model, err) < 0)
		return -1;
	speaker->model = decode_model_new(&run->config, run->ops, &limits, err);
	if (!speaker->model)
		return -1;
	rc = decode_model_load_numbers(speaker->model, run->checkpoint.numbers, err);
	checkpoint_free(&run->checkpoint);
	run->checkpoint = (struct checkpoint){0};
	if (rc < 0)
		return -1;
	speaker->decoder = decoder_new(speaker->model, run->tokenizer, &options, err);
	return speaker->decoder ? 0 : -1;
}

static void free_speaker(struct speaker *speaker)
{
	decoder_free(speaker->decoder);
	decode_model_free(speaker->model);
}

/* --- once more ------------------------------------------------------------------------------ */

/* Decoding looks at shapes one by one, and may see too late that nothing possible is left. */
static bool is_for_again(const struct run *run, const struct pending *p)
{
	const struct eval_answer *said = &p->said.answers[0];
	struct arena arena = {0};
	struct scene scene;
	bool is_part;

	if (run->o.again <= run->o.beams || run->o.temperature > 0 || !run->grammar ||
	    eval_cases_solids(run->cases))
		return false;
	is_part = scene_from_text(&scene, said->text, said->len, eval_cases_language(run->cases),
				  &arena, NULL) == 0;
	arena_free(&arena);
	return !is_part;
}

static int ask_again(void *ctx, struct decode_request *request, struct err *err)
{
	struct run *run = ctx;

	(void)err;
	if (!run->asked_again)
		return 0;
	*request = request_of(run->asked_again);
	run->asked_again = NULL;
	return 1;
}

/* Of beams the first is a part, if any is. */
static int done_again(void *ctx, const struct decode_result *result, struct err *err)
{
	struct run *run = ctx;
	struct pending *p = &run->pending[result->number];
	struct eval_said said = answers_of(result, &p->c->arena);

	(void)err;
	keep_answers(p, &said, eval_cases_language(run->cases));
	return 0;
}

static int say_again(struct run *run, struct pending *p, struct err *err)
{
	const struct decode_io io = {run, ask_again, done_again};

	if (!run->again.decoder && make_speaker(run, &run->again, 1, run->o.again, err) < 0)
		return -1;
	run->asked_again = p;
	if (decoder_run(run->again.decoder, &io, err) < 0)
		return -1;
	p->said.count = 1;
	run->again_count++;
	return 0;
}

/* --- in their order ------------------------------------------------------------------------ */

static int rerank_said(void *ctx, int worker, int slot, uint64_t first, uint64_t last,
		       struct err *err)
{
	struct run *run = ctx;

	(void)worker;
	(void)slot;
	(void)err;
	for (uint64_t i = first; i < last; i++)
		rerank(run->said[i], &run->o, eval_cases_language(run->cases));
	return 0;
}

/* Ranks what was said meanwhile, all of it at a time, and scores those whose turn it is. */
static int settle(struct run *run, struct err *err)
{
	const struct pool_job job = {.end = (uint64_t)run->said_count,
				     .chunk = 1,
				     .jobs = (int)run->o.threads,
				     .ctx = run,
				     .work = rerank_said};
	uint64_t count = eval_cases_count(run->cases);

	if (run->o.rerank && pool_run(&job, err) < 0)
		return -1;
	for (int i = 0; i < run->said_count; i++)
		run->said[i]->is_done = true;
	run->said_count = 0;
	for (; run->next < count && run->pending[run->next].is_done; run->next++) {
		struct pending *p = &run->pending[run->next];

		if (eval_scores_add(run->scores, p->c, &p->said, err) < 0)
			return -1;
		drop_pending(p);
	}
	if (!run->o.quiet)
		progress_update(&run->progress, run->next);
	return 0;
}

static int done(void *ctx, const struct decode_result *result, struct err *err)
{
	struct run *run = ctx;
	uint64_t looks = (uint64_t)run->o.looks;
	struct pending *p = &run->pending[result->number / looks];

	p->looks[result->number % looks] = answers_of(result, &p->c->arena);
	if (!pool_looks(p, run))
		return 0;
	if (is_for_again(run, p) && say_again(run, p, err) < 0)
		return -1;
	run->said[run->said_count++] = p;
	return run->said_count == run->said_room ? settle(run, err) : 0;
}

/* --- what is needed for it ------------------------------------------------------------------ */

static int read_tokenizer(struct run *run, struct err *err)
{
	struct buf path = {0};

	buf_str(&path, run->o.model);
	buf_str(&path, "/tokenizer.json");
	run->tokenizer = tokenizer_read(path.data, err);
	buf_free(&path);
	if (!run->tokenizer)
		return err_context(err, "a checkpoint without its tokenizer");
	run->cache = token_cache_new();
	return conversation_check(run->tokenizer, &run->config, err);
}

static struct program_tokens *make_grammar(const struct run *run, bool of_solids, struct err *err)
{
	const struct vocab *vocab = tokenizer_vocab(run->tokenizer);
	uint32_t end = (uint32_t)run->config.eos;

	return of_solids ? program_tokens_of_solids(vocab, end, err)
			 : program_tokens_new(vocab, eval_cases_language(run->cases), end, err);
}

static int start(struct run *run, struct err *err)
{
	const struct eval_options *o = &run->o;
	const char *solids;
	enum language language;

	if (checkpoint_read(&run->checkpoint, o->model, err) < 0)
		return -1;
	run->config = run->checkpoint.config;
	if (read_tokenizer(run, err) < 0)
		return -1;
	run->cases = eval_cases_open(o, run->config.vision.side, err);
	if (!run->cases)
		return -1;
	solids = eval_cases_solids(run->cases);
	if (solids && eval_solids_check(o, solids, err) < 0)
		return -1;
	language = eval_cases_language(run->cases);
	if (!o->free_text && (!solids || strcmp(solids, "sketch") == 0)) {
		run->grammar = make_grammar(run, solids != NULL, err);
		if (!run->grammar)
			return -1;
	}
	run->ops = ops_on_device((enum ops_device)o->device, (int)o->threads, o->f32, err);
	if (!run->ops || make_speaker(run, &run->first, o->batch, o->beams, err) < 0)
		return -1;
	run->scores = eval_scores_open(o, run->tokenizer, language, o->data != NULL, solids, err);
	if (!run->scores)
		return -1;
	run->pending = mem_alloc((size_t)eval_cases_count(run->cases), sizeof(*run->pending));
	run->said_room = o->rerank ? RERANK_EACH * (int)o->threads : 1;
	run->said = mem_alloc((size_t)run->said_room, sizeof(struct pending *));
	return 0;
}

/* --- the program ---------------------------------------------------------------------------- */

static int decode(struct run *run, struct err *err)
{
	const struct decode_io io = {run, ask, done};
	int rc;

	if (!run->o.quiet)
		progress_start(&run->progress, "drawings", 0, eval_cases_count(run->cases));
	rc = decoder_run(run->first.decoder, &io, err);
	if (rc == 0)
		rc = settle(run, err);
	if (!run->o.quiet)
		progress_end(&run->progress);
	if (rc == 0 && run->again_count && !run->o.quiet)
		fprintf(stderr, "%llu programs that made no part were said again with %d beams\n",
			(unsigned long long)run->again_count, (int)run->o.again);
	if (rc == 0 && run->shrunk)
		fprintf(stderr, "%llu pictures were larger than %d px and made smaller\n",
			(unsigned long long)run->shrunk, run->config.vision.side);
	return rc;
}

/* Returns the exit status. */
static int evaluate(struct run *run, struct err *err)
{
	double exact = 100;

	if (start(run, err) < 0 || decode(run, err) < 0 ||
	    eval_scores_finish(run->scores, &exact, err) < 0)
		return -1;
	if (exact >= run->o.min_exact)
		return 0;
	fprintf(stderr, "cadeval: %.2f %% are exactly right; %.9g wanted\n", exact,
		run->o.min_exact);
	return STATUS_BELOW;
}

static void end(struct run *run)
{
	uint64_t count = run->pending ? eval_cases_count(run->cases) : 0;

	for (uint64_t i = run->next; i < count; i++)
		if (run->pending[i].c)
			drop_pending(&run->pending[i]);
	free(run->pending);
	free(run->said);
	eval_scores_close(run->scores);
	eval_cases_close(run->cases);
	free_speaker(&run->again);
	free_speaker(&run->first);
	if (run->ops)
		run->ops->free(run->ops);
	program_tokens_free(run->grammar);
	token_cache_free(run->cache);
	tokenizer_free(run->tokenizer);
	if (run->checkpoint.tensors)
		checkpoint_free(&run->checkpoint);
}

int main(int argc, char **argv)
{
	struct run run = {.o = eval_options_default()};
	struct err err = {0};
	int rc = eval_options_parse(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = evaluate(&run, &err);
	end(&run);
	if (rc >= 0)
		return rc;
	fprintf(stderr, "cadeval: %s\n", err.msg);
	return cli_status(&err);
}
