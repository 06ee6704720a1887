/* SPDX-License-Identifier: MIT */
/*
 * decode_job: one request under way: what has been said so far, and which token comes next.
 *
 *	job_start(job, &request, options, model);
 *	... its prompt goes into slot job->live[0].slot
 *	while (!job_advance(job, logits' row of its first live sequence))
 *		... a step of all job->live[i]
 *	... job->done[i], the best first
 */
#ifndef TRAINER_DECODE_JOB_H
#define TRAINER_DECODE_JOB_H

#include "base/buf.h"
#include "base/rng.h"
#include "trainer/decode/candidates.h"
#include "trainer/decode/decode.h"

/* A sequence of tokens. */
struct said {
	int slot; /* of the model, while it goes on */
	int32_t *ids;
	double *log_probs; /* by the model alone */
	size_t count;
	bool ended;
	double total; /* what the search adds up */
	double score;
	int state;      /* of the grammar */
	uint64_t *seen; /* tokens of prompt and answer, for the penalty */
};

/* A way to go on with live[from]. */
struct going_on {
	int from;
	double total;
	int32_t token;
};

enum job_state { JOB_FREE, JOB_WAITING, JOB_LIVE };

struct job {
	enum job_state state;
	uint64_t number, arrival;
	struct rng rng;
	uint8_t *pixels;
	int32_t *prompt; /* [positions] */
	size_t prompt_count;
	size_t tokens; /* of an answer at most */
	size_t rows;   /* that it may keep */

	const struct decode_options *options;
	struct decode_model *model;
	size_t width, vocab;               /* of logits; those that are tokens */
	struct candidate *list;            /* [vocab], shared by all jobs */
	const struct tokenizer *tokenizer; /* or NULL */
	struct buf *text;                  /* shared by all jobs */

	struct said *live, *next, *done; /* [beams] each; next: room for those that go on */
	int live_count, done_count;
	struct going_on *ways; /* [2 beams * beams] */
	int first_slot;        /* of its `beams` slots */
};

/* Room for a job; first_slot, list, model, options, width and vocab are there. */
void job_make_room(struct job *job);
void job_release(struct job *job);

/* Copies the request, whose prompt is within the model's positions; JOB_WAITING. */
void job_start(struct job *job, const struct decode_request *request);

/* Every live sequence gets a token, by logits' row `row` and those behind it. True when the job is done:
 * then none is live, and no slot is in use. */
bool job_advance(struct job *job, size_t row);

/* Gives up: no sequence is live. */
void job_stop(struct job *job);

/* The same for beams, called by job_advance. */
bool job_advance_beams(struct job *job, size_t row);

/* What the two share: candidates of a live sequence, scores being logits less `less`; how many. Those that the model
 * has chosen, where it has; or all. */
size_t job_candidates(struct job *job, const struct said *said, size_t row, double less);
size_t job_all_candidates(struct job *job, const struct said *said, size_t row, double less);

/* Has the model look for the likeliest of what the sequence may go on with. */
void job_restrict(struct job *job, const struct said *said);

/* Whether the token completes what is not possible. said has room for it. */
bool job_refuses(struct job *job, struct said *said, int32_t token);

/* Adds a token, with what the model alone thinks of it. */
void job_say(struct job *job, struct said *said, int32_t token, size_t row);

/* Adds a copy to the answers, the best of which stay. */
void job_add_answer(struct job *job, const struct said *said);

/* to's own memory gets what from's holds. */
void job_copy_said(const struct job *job, struct said *to, const struct said *from);

#endif
