/* SPDX-License-Identifier: MIT */
/*
 * Each pair is scored in a worker process, which hands back the figures as they lie in memory: both are one
 * program. They are added up in the order of the truths, for the intervals' sake.
 */
#include <config.h>

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/crew.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/pool.h"
#include "base/progress.h"
#include "formats/cad_file.h"
#include "formats/solid.h"
#include "gen/score_pairs_main.h"
#include "gen/solids_score_main.h"
#include "trainer/solid_score.h"
#include "trainer/solid_summary.h"

/* What the first byte says of what a worker hands back. */
enum { SCORED = 's', NO_TRUTH = 't' };

/* Of solid_metrics_languages. */
static const enum cad_code languages[] = {CAD_CODE_sketch, CAD_CODE_cadquery, CAD_CODE_gencad,
					  CAD_CODE_recode, CAD_CODE_deepcad};

struct run {
	const char *truth, *predictions, *out;
	int language;
	int64_t jobs, memory_mb;
	double seconds;
	uint64_t seed;
	bool compat;
	struct score_pairs pairs;
	struct progress progress;
	uint64_t done, left_out;
};

/* --- scoring ---------------------------------------------------------------------------------- */

/* What becomes of a pair in a worker. */
struct scoring {
	struct run *run;
	const struct score_pair *pair;
	struct cad_file truth, said;
	struct arena arena;
	struct solid_score score;
	struct err why; /* the prediction is not valid */
};

static int read_truth(struct scoring *s, struct err *err)
{
	const struct score_source *truth = &s->pair->truth;
	enum cad_code language = languages[s->run->language];

	if (truth->path)
		return cad_file_read(&s->truth, truth->path, truth->names, &s->arena, err);
	s->truth.vec = (struct cad_vec){0};
	return cad_code_parse_as(&s->truth.model, language, s->pair->id, truth->text,
				 strlen(truth->text), &s->arena, err);
}

/* text: NULL where nothing is said. */
static void score_text(struct scoring *s, const struct solid_truth *truth, const char *text)
{
	const struct solid_case c = {.truth = truth,
				     .language = languages[s->run->language],
				     .text = text,
				     .len = text ? strlen(text) : 0};

	solid_score_from_text(&s->score, &c, &s->arena, text ? &s->why : NULL);
}

/* What a file said, if it was a model. */
static void score_model(struct scoring *s, const struct solid_truth *truth, bool is_model)
{
	if (is_model)
		solid_score_from_model(&s->score, truth, &s->said.model, &s->arena, &s->why);
	else
		score_text(s, truth, NULL);
}

/* The vector of the truth, where it is none itself; it has none: no rows. */
static void make_true_vec(struct scoring *s)
{
	if (s->truth.vec.count == 0 && cad_vec_from_deepcad(&s->truth.vec, &s->truth.model,
							    s->run->compat, &s->arena, NULL) < 0)
		s->truth.vec = (struct cad_vec){0};
}

/* A vector means something in its own frame alone, and its accuracies are of the rows that were said. */
static void score_vec(struct scoring *s, bool is_model)
{
	struct deepcad_model framed = s->truth.model;
	struct solid_truth *truth;

	if (s->truth.vec.count == 0)
		deepcad_in_cad_vec(&framed, &s->truth.model, s->run->compat, &s->arena, NULL);
	truth = solid_truth_new(&framed, NULL);
	score_model(s, truth, is_model);
	make_true_vec(s);
	s->score.match = vec_match_rows(&s->truth.vec, &s->said.vec);
	solid_truth_free(truth);
}

static void score_pair(struct scoring *s)
{
	const struct score_source *said = &s->pair->said;
	struct solid_truth *truth;
	bool is_model = false;

	if (said->path)
		is_model =
			cad_file_read(&s->said, said->path, said->names, &s->arena, &s->why) == 0;
	if (said->path && cad_file_form(said->path) != CAD_FILE_JSON) {
		score_vec(s, is_model);
		return;
	}
	truth = solid_truth_new(&s->truth.model, NULL);
	if (said->path)
		score_model(s, truth, is_model);
	else
		score_text(s, truth, said->text);
	solid_truth_free(truth);
}

/* A file that is no model is left out; a program that is none is of another language than was said. */
static int work(void *ctx, uint64_t index, struct buf *out, struct err *err)
{
	struct scoring s = {.run = ctx};
	struct err why = {0};

	s.pair = &s.run->pairs.all[index];
	if (read_truth(&s, &why) < 0) {
		arena_free(&s.arena);
		if (!s.pair->truth.path)
			return err_set(err, why.code, "the truth: %s", why.msg);
		buf_char(out, NO_TRUTH);
		buf_str(out, why.msg);
		return 0;
	}
	score_pair(&s);
	buf_char(out, SCORED);
	buf_bytes(out, &s.score, sizeof(s.score));
	buf_str(out, s.pair->said.text || s.pair->said.path ? s.why.msg : "no prediction");
	arena_free(&s.arena);
	return 0;
}

/* The line that says why is printed when all are done: the bar is on standard error. */
static void note_pair(struct run *run, struct score_pair *pair, const char *bytes, size_t len)
{
	if (bytes[0] == NO_TRUTH) {
		pair->is_left_out = true;
		pair->why = score_pairs_keep(&run->pairs, bytes + 1, len - 1);
		run->left_out++;
		return;
	}
	bytes++;
	len--;
	memcpy(&pair->score, bytes, sizeof(pair->score));
	if (len > sizeof(pair->score))
		pair->why = score_pairs_keep(&run->pairs, bytes + sizeof(pair->score),
					     len - sizeof(pair->score));
}

/* A prediction that is too much to be scored is not valid. */
static int done(void *ctx, uint64_t index, const struct err *failed, const char *bytes, size_t len,
		struct err *err)
{
	struct run *run = ctx;
	struct score_pair *pair = &run->pairs.all[index];

	if (failed && failed->code != ERR_LIMIT && failed->code != ERR_CRASHED)
		return err_set(err, failed->code, "%s", failed->msg);
	if (failed) {
		pair->score = (struct solid_score){.is_measured = true};
		pair->why = score_pairs_keep(&run->pairs, failed->msg, strlen(failed->msg));
	} else {
		note_pair(run, pair, bytes, len);
	}
	progress_update(&run->progress, ++run->done);
	return 0;
}

static int score_all(struct run *run, struct err *err)
{
	const struct crew_job job = {.end = run->pairs.count,
				     .workers = (int)run->jobs,
				     .seconds = run->seconds,
				     .bytes = (size_t)run->memory_mb << 20,
				     .ctx = run,
				     .work = work,
				     .done = done,
				     .stop = interrupt_catch()};
	int rc;

	progress_start(&run->progress, "solids", 0, run->pairs.count);
	rc = crew_run(&job, err);
	progress_end(&run->progress);
	return rc;
}

/* --- what is written -------------------------------------------------------------------------- */

static void put_bool(struct buf *out, const char *key, bool value)
{
	buf_str(out, ",\"");
	buf_str(out, key);
	buf_str(out, value ? "\":true" : "\":false");
}

static void put_real(struct buf *out, const char *key, double value)
{
	buf_str(out, ",\"");
	buf_str(out, key);
	buf_str(out, "\":");
	buf_real(out, value);
}

static void put_pair(const struct score_pair *pair, struct buf *out)
{
	const struct solid_score *s = &pair->score;

	buf_str(out, "{\"id\":");
	buf_json_str(out, pair->id);
	put_bool(out, "parsed", s->parsed);
	put_bool(out, "exact", s->exact);
	if (s->is_measured) {
		put_bool(out, "valid", s->valid);
		put_real(out, "iou", s->iou);
		put_real(out, "iou_aligned", s->iou_aligned);
	}
	if (s->is_measured && s->valid)
		put_real(out, "chamfer", s->chamfer);
	if (s->match.commands) {
		put_real(out, "commands", s->match.commands);
		put_real(out, "commands_right", s->match.commands_right);
		put_real(out, "parameters", s->match.parameters);
		put_real(out, "parameters_right", s->match.parameters_right);
	}
	if (!s->valid && pair->why && *pair->why) {
		buf_str(out, ",\"why\":");
		buf_json_str(out, pair->why);
	}
	buf_str(out, "}\n");
}

static int write_file(const struct run *run, const char *name, const struct buf *text,
		      struct err *err)
{
	struct buf path = {0};
	int rc;

	buf_str(&path, run->out);
	buf_char(&path, '/');
	buf_str(&path, name);
	rc = fs_write(path.data, text->data, text->len, err);
	buf_free(&path);
	return rc;
}

static int write_files(const struct run *run, const struct solid_metrics *metrics, struct err *err)
{
	struct buf text = {0};
	int rc;

	if (!run->out)
		return 0;
	rc = fs_mkdirs(run->out, err);
	for (size_t i = 0; i < run->pairs.count; i++)
		if (!run->pairs.all[i].is_left_out)
			put_pair(&run->pairs.all[i], &text);
	if (rc == 0)
		rc = write_file(run, "scores.jsonl", &text, err);
	buf_clear(&text);
	solid_metrics_write(metrics, &text);
	if (rc == 0)
		rc = write_file(run, "metrics.json", &text, err);
	buf_free(&text);
	return rc;
}

static int print_table(const struct solid_metrics *metrics, struct err *err)
{
	printf("%-18s %9s %9s %9s %8s\n", "figure", "value", "from", "to", "solids");
	for (int i = 0; i < SOLID_METRICS_FIGURE_COUNT_; i++) {
		const struct metrics_value *v = &metrics->figures[i];

		if (v->drawings == 0)
			printf("%-18s %9s %9s %9s %8d\n",
			       solid_metrics_figure_name((enum solid_metrics_figure)i), "-", "-",
			       "-", 0);
		else
			printf("%-18s %9.3f %9.3f %9.3f %8" PRId64 "\n",
			       solid_metrics_figure_name((enum solid_metrics_figure)i), v->value,
			       v->low, v->high, v->drawings);
	}
	return fflush(stdout) == 0 ? 0 : err_errno(err, "cannot write standard output");
}

/* A line for each truth that is none. */
static void print_left_out(const struct run *run)
{
	for (size_t i = 0; i < run->pairs.count; i++) {
		if (!run->pairs.all[i].is_left_out)
			continue;
		fputs("cadconv: no truth: ", stderr);
		for (const char *c = run->pairs.all[i].why; *c; c++)
			putc(iscntrl((unsigned char)*c) ? '?' : *c, stderr);
		putc('\n', stderr);
	}
}

static int report(const struct run *run, struct err *err)
{
	struct solid_summary *summary = solid_summary_new(run->seed);
	struct solid_metrics metrics;
	int rc;

	for (size_t i = 0; i < run->pairs.count; i++)
		if (!run->pairs.all[i].is_left_out)
			solid_summary_add(summary, &run->pairs.all[i].score);
	solid_summary_finish(summary, &metrics);
	solid_summary_free(summary);
	print_left_out(run);
	rc = write_files(run, &metrics, err);
	return rc < 0 ? -1 : print_table(&metrics, err);
}

/* --- the command line ------------------------------------------------------------------------- */

static int parse(struct run *run, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"program", 0, "LANGUAGE", "language of both (sketch)", CLI_CHOICE, &run->language,
		 0, 0, solid_metrics_languages},
		{"deepcad-compat", 0, NULL,
		 "bring true models to the frame of predicted vectors as DeepCAD's encoder does",
		 CLI_FLAG, &run->compat, 0, 0, NULL},
		{"out", 'o', "DIR", "folder for metrics.json and scores.jsonl (none)", CLI_STRING,
		 &run->out, 0, 0, NULL},
		{"seed", 's', "SEED", "of the intervals' resamples (0)", CLI_UINT64, &run->seed, 0,
		 0, NULL},
		{"jobs", 'j', "N", "processes (one per processor)", CLI_INT, &run->jobs, 1, 1024,
		 NULL},
		{"seconds", 0, "S", "time that a solid may take (60)", CLI_REAL, &run->seconds,
		 0.001, 86400, NULL},
		{"memory-mb", 0, "MB", "memory that a process may take (2048)", CLI_INT,
		 &run->memory_mb, 256, 1048576, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadconv score", "[OPTION]... [TRUTH] PREDICTIONS",
		"Scores predicted solids, programs or files, against those of a dataset or "
		"folder.",
		table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (argc - first < 1 || argc - first > 2)
		return err_set(err, ERR_USAGE,
			       "score needs a dataset, its val.json or a folder of models, and "
			       "predictions; or "
			       "predictions with the truth in them");
	run->truth = argc - first == 2 ? argv[first] : NULL;
	run->predictions = argv[argc - 1];
	return 0;
}

int score_main(int argc, char **argv)
{
	struct run run = {.jobs = pool_processors(), .seconds = 60, .memory_mb = 2048};
	struct err err = {0};
	int rc = parse(&run, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = score_pairs_read(&run.pairs, run.truth, run.predictions, &err);
	if (rc == 0)
		rc = score_all(&run, &err);
	if (rc == 0)
		rc = report(&run, &err);
	if (rc < 0)
		fprintf(stderr, "cadconv: %s\n", err.msg);
	score_pairs_free(&run.pairs);
	return rc < 0 ? cli_status(&err) : run.left_out > 0;
}
