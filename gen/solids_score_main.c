/* SPDX-License-Identifier: MIT */
/*
 * Each pair is scored in a worker process, which hands back the figures as they lie in memory: both are one
 * program. They are added up in the order of the truths, for the intervals' sake.
 */
#include <config.h>

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cli.h"
#include "base/crew.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/pool.h"
#include "base/progress.h"
#include "gen/solids_pairs_main.h"
#include "gen/solids_report_main.h"
#include "gen/solids_score_main.h"
#include "trainer/score/solid_score.h"
#include "trainer/score/solid_study.h"
#include "trainer/score/solid_summary.h"

/* What the first byte says of what a worker hands back. */
enum { SCORED = 's', NO_TRUTH = 't' };

struct run {
	const char *truth, *predictions, *out;
	const char *about, *curves; /* of the report */
	int language;               /* in solid_metrics_languages */
	enum cad_code code;
	int64_t jobs, memory_mb;
	double seconds;
	uint64_t seed;
	struct solid_pairs pairs;
	struct crew_job crew; /* workers and limits alone */
	struct progress progress;
	uint64_t done, left_out;
};

/* --- scoring ---------------------------------------------------------------------------------- */

/* What a worker finds out. */
struct found {
	struct solid_score score;
	unsigned faults;
};

/* A pair in a worker. */
struct scoring {
	struct run *run;
	const struct solid_pair *pair;
	struct cad_file truth, said;
	bool is_model; /* said is one */
	struct arena arena;
	struct found found;
	struct err why; /* the prediction is not valid */
};

static unsigned study(const struct scoring *s)
{
	if (!solid_pairs_is_said(s->pair))
		return 1U << SOLID_FAULT_SILENT;
	return s->is_model ? solid_faults(&s->found.score, &s->truth.model, &s->said.model) : 0;
}

/* The accuracies of a vector are those of its rows as they are. */
static void score_pair(struct scoring *s)
{
	struct solid_truth *truth = solid_truth_new(&s->truth.model, NULL);
	const struct solid_case silent = {.truth = truth, .language = s->run->code};

	s->is_model = solid_pairs_is_said(s->pair) &&
		      solid_pairs_said(&s->said, s->pair, s->run->code, &s->arena, &s->why) == 0;
	if (s->is_model)
		solid_score_from_model(&s->found.score, truth, &s->said.model, &s->arena, &s->why);
	else
		solid_score_from_text(&s->found.score, &silent, &s->arena, NULL);
	if (solid_pairs_is_vector(s->pair))
		s->found.score.match = vec_match_rows(&s->truth.vec, &s->said.vec);
	s->found.faults = study(s);
	solid_truth_free(truth);
}

/* A file that is no model is left out; a program that is none is of another language than was said. */
static int work(void *ctx, uint64_t index, struct buf *out, struct err *err)
{
	struct scoring s;
	struct err why = {0};

	memset(&s, 0, sizeof(s)); /* all bytes of what is found are sent */
	s.run = ctx;
	s.pair = &s.run->pairs.all[index];
	if (solid_pairs_truth(&s.truth, &s.run->pairs, s.pair, s.run->code, &s.arena, &why) < 0) {
		arena_free(&s.arena);
		if (!s.pair->truth_file.path)
			return err_set(err, why.code, "the truth: %s", why.msg);
		buf_char(out, NO_TRUTH);
		buf_str(out, why.msg);
		return 0;
	}
	score_pair(&s);
	buf_char(out, SCORED);
	buf_bytes(out, &s.found, sizeof(s.found));
	buf_str(out, solid_pairs_is_said(s.pair) ? s.why.msg : "no prediction");
	arena_free(&s.arena);
	return 0;
}

static void note_pair(struct run *run, struct solid_pair *pair, const char *bytes, size_t len)
{
	struct found found;

	if (bytes[0] == NO_TRUTH) {
		pair->is_left_out = true;
		pair->why = arena_strndup(&run->pairs.arena, bytes + 1, len - 1);
		run->left_out++;
		return;
	}
	bytes++;
	len--;
	memcpy(&found, bytes, sizeof(found));
	pair->score = found.score;
	pair->faults = found.faults;
	if (len > sizeof(found))
		pair->why = arena_strndup(&run->pairs.arena, bytes + sizeof(found),
					  len - sizeof(found));
}

/* A prediction that is too much to be scored is not valid. */
static int done(void *ctx, uint64_t index, const struct err *failed, const char *bytes, size_t len,
		struct err *err)
{
	struct run *run = ctx;
	struct solid_pair *pair = &run->pairs.all[index];

	if (failed && failed->code != ERR_LIMIT && failed->code != ERR_CRASHED)
		return err_set(err, failed->code, "%s", failed->msg);
	if (failed) {
		pair->score = (struct solid_score){.is_measured = true};
		pair->faults =
			1U << (failed->code == ERR_LIMIT ? SOLID_FAULT_SLOW : SOLID_FAULT_CRASHED);
		pair->why = solid_pairs_keep(&run->pairs, failed->msg);
	} else {
		note_pair(run, pair, bytes, len);
	}
	progress_update(&run->progress, ++run->done);
	return 0;
}

static int score_all(struct run *run, struct err *err)
{
	struct crew_job job = run->crew;
	int rc;

	job.end = run->pairs.count;
	job.ctx = run;
	job.work = work;
	job.done = done;
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

static void put_faults(struct buf *out, unsigned faults)
{
	bool begun = false;

	if (!faults)
		return;
	buf_str(out, ",\"faults\":[");
	for (int i = 0; i < SOLID_FAULT_COUNT_; i++) {
		if (!(faults >> i & 1))
			continue;
		if (begun)
			buf_char(out, ',');
		buf_json_str(out, solid_fault_key((enum solid_fault)i));
		begun = true;
	}
	buf_char(out, ']');
}

static void put_pair(const struct solid_pair *pair, struct buf *out)
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
	put_faults(out, pair->faults);
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
		const struct metrics_value *v = &metrics->all.figures[i];

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

static int write_report(const struct run *run, const struct solid_metrics *metrics, struct err *err)
{
	const struct solids_report r = {.pairs = &run->pairs,
					.metrics = metrics,
					.language = run->code,
					.seed = run->seed,
					.data = run->truth ? run->truth : run->predictions,
					.about = run->about,
					.curves = run->curves,
					.crew = run->crew};
	struct buf path = {0};
	int rc;

	if (!run->out)
		return 0;
	buf_str(&path, run->out);
	buf_str(&path, "/report.html");
	rc = solids_report_write(&r, path.data, err);
	buf_free(&path);
	return rc;
}

static int add_pair(struct run *run, struct solid_pair *pair, struct solid_summary *summary,
		    struct err *err)
{
	struct cad_file truth;
	struct arena arena = {0};
	int rc = solid_pairs_truth(&truth, &run->pairs, pair, run->code, &arena, err);

	if (rc == 0) {
		solid_study_keys(&truth.model, pair->keys);
		solid_summary_add(summary, &pair->score, pair->keys, SOLID_KEYS);
	}
	if (run->out)
		solid_pairs_tell(&run->pairs, pair);
	arena_free(&arena);
	return rc;
}

/* Drops truths that are none, a line for each. */
static void leave_out(struct run *run)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->pairs.count; i++) {
		if (!run->pairs.all[i].is_left_out) {
			run->pairs.all[kept++] = run->pairs.all[i];
			continue;
		}
		fputs("cadconv: no truth: ", stderr);
		for (const char *c = run->pairs.all[i].why; *c; c++)
			putc(iscntrl((unsigned char)*c) ? '?' : *c, stderr);
		putc('\n', stderr);
	}
	run->pairs.count = kept;
}

static int report(struct run *run, struct err *err)
{
	struct solid_summary *summary = solid_summary_new(run->seed);
	struct solid_metrics metrics;
	int rc = 0;

	leave_out(run);
	for (size_t i = 0; i < run->pairs.count && rc == 0; i++)
		rc = add_pair(run, &run->pairs.all[i], summary, err);
	solid_summary_finish(summary, &metrics);
	if (rc == 0)
		rc = write_files(run, &metrics, err);
	if (rc == 0)
		rc = print_table(&metrics, err);
	if (rc == 0)
		rc = write_report(run, &metrics, err);
	solid_summary_free(summary);
	return rc;
}

/* --- the command line ------------------------------------------------------------------------- */

static int parse(struct run *run, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"program", 0, "LANGUAGE", "language of both (sketch)", CLI_CHOICE, &run->language,
		 0, 0, solid_metrics_languages},
		{"deepcad-compat", 0, NULL,
		 "bring true models to the frame of predicted vectors as DeepCAD's encoder does",
		 CLI_FLAG, &run->pairs.is_compat, 0, 0, NULL},
		{"out", 'o', "DIR", "folder for metrics.json, scores.jsonl, report.html (none)",
		 CLI_STRING, &run->out, 0, 0, NULL},
		{"about", 0, "TEXT", "what the report calls the model (nothing)", CLI_STRING,
		 &run->about, 0, 0, NULL},
		{"curves", 0, "RUN", "put the curves of this run of cadtrain into the report",
		 CLI_STRING, &run->curves, 0, 0, NULL},
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
		"Scores predicted programs of solids against those of a dataset.", table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	while (strcmp(cad_code_names[run->code], solid_metrics_languages[run->language]) != 0)
		run->code++;
	if (argc - first < 1 || argc - first > 2)
		return err_set(err, ERR_USAGE,
			       "score needs a dataset or its val.json, and predictions; or "
			       "predictions with the truth in them");
	run->truth = argc - first == 2 ? argv[first] : NULL;
	run->predictions = argv[argc - 1];
	if (!run->out && (run->about || run->curves))
		return err_set(err, ERR_USAGE, "--%s goes with --out",
			       run->about ? "about" : "curves");
	run->crew = (struct crew_job){.workers = (int)run->jobs,
				      .seconds = run->seconds,
				      .bytes = (size_t)run->memory_mb << 20,
				      .stop = interrupt_catch()};
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
		rc = run.truth ? solid_pairs_read_truths(&run.pairs, run.truth, &err) : 0;
	if (rc == 0)
		rc = solid_pairs_read(&run.pairs, run.predictions, &err);
	if (rc == 0)
		rc = score_all(&run, &err);
	if (rc == 0)
		rc = report(&run, &err);
	if (rc < 0)
		fprintf(stderr, "cadconv: %s\n", err.msg);
	solid_pairs_free(&run.pairs);
	return rc < 0 ? cli_status(&err) : run.left_out > 0;
}
