/* SPDX-License-Identifier: MIT */
/*
 * Each pair is scored in a worker process, which hands back the figures as they lie in memory: both are one
 * program. They are added up in the order of the truths, for the intervals' sake.
 */
#include <config.h>

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
#include "trainer/solid_score.h"
#include "trainer/solid_study.h"
#include "trainer/solid_summary.h"

/* Of solid_metrics_languages. */
static const enum cad_code languages[] = {CAD_CODE_sketch, CAD_CODE_deepcad};

struct run {
	const char *truth, *predictions, *out;
	const char *about, *curves; /* of the report */
	int language;
	int64_t jobs, memory_mb;
	double seconds;
	uint64_t seed;
	struct solid_pairs pairs;
	struct crew_job crew; /* workers and limits alone */
	struct progress progress;
	uint64_t done;
};

/* --- scoring ---------------------------------------------------------------------------------- */

/* What a worker finds out. */
struct found {
	struct solid_score score;
	unsigned faults;
};

static unsigned study(const struct run *run, const struct solid_pair *pair,
		      const struct solid_score *score, const struct deepcad_model *truth,
		      struct arena *arena)
{
	struct deepcad_model said;

	if (!pair->said)
		return 1U << SOLID_FAULT_SILENT;
	if (!score->parsed || solid_pairs_parse(&said, languages[run->language], "prediction",
						pair->said, arena, NULL) < 0)
		return 0;
	return solid_faults(score, truth, &said);
}

static int work(void *ctx, uint64_t index, struct buf *out, struct err *err)
{
	struct run *run = ctx;
	const struct solid_pair *pair = &run->pairs.all[index];
	struct solid_case c = {.language = languages[run->language]};
	struct arena arena = {0};
	struct deepcad_model model;
	struct solid_truth *truth;
	struct found found;
	struct err why = {0};

	memset(&found, 0, sizeof(found)); /* all of its bytes are sent */
	if (solid_pairs_parse(&model, languages[run->language], pair->id, pair->truth, &arena,
			      err) < 0) {
		arena_free(&arena);
		return err_context(err, "the truth");
	}
	truth = solid_truth_new(&model, NULL);
	c.truth = truth;
	c.text = pair->said ? pair->said : "";
	c.len = strlen(c.text);
	solid_score_from_text(&found.score, &c, &arena, &why);
	found.faults = study(run, pair, &found.score, &model, &arena);
	buf_bytes(out, &found, sizeof(found));
	buf_str(out, pair->said ? why.msg : "no prediction");
	solid_truth_free(truth);
	arena_free(&arena);
	return 0;
}

/* A prediction that is too much to be scored is not valid. */
static int done(void *ctx, uint64_t index, const struct err *failed, const char *bytes, size_t len,
		struct err *err)
{
	struct run *run = ctx;
	struct solid_pair *pair = &run->pairs.all[index];
	struct found found;

	if (failed && failed->code != ERR_LIMIT && failed->code != ERR_CRASHED)
		return err_set(err, failed->code, "%s", failed->msg);
	if (failed) {
		pair->score = (struct solid_score){.is_measured = true};
		pair->faults =
			1U << (failed->code == ERR_LIMIT ? SOLID_FAULT_SLOW : SOLID_FAULT_CRASHED);
		pair->why = solid_pairs_keep(&run->pairs, failed->msg);
	} else {
		memcpy(&found, bytes, sizeof(found));
		pair->score = found.score;
		pair->faults = found.faults;
		pair->why = len > sizeof(found)
				    ? arena_strndup(&run->pairs.arena, bytes + sizeof(found),
						    len - sizeof(found))
				    : NULL;
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
					.language = languages[run->language],
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

static int add_pair(const struct run *run, struct solid_pair *pair, struct solid_summary *summary,
		    struct err *err)
{
	struct deepcad_model truth;
	struct arena arena = {0};
	int rc = solid_pairs_parse(&truth, languages[run->language], pair->id, pair->truth, &arena,
				   err);

	if (rc == 0) {
		solid_study_keys(&truth, pair->keys);
		solid_summary_add(summary, &pair->score, pair->keys, SOLID_KEYS);
	}
	arena_free(&arena);
	return rc;
}

static int report(struct run *run, struct err *err)
{
	struct solid_summary *summary = solid_summary_new(run->seed);
	struct solid_metrics metrics;
	int rc = 0;

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
	return rc < 0 ? cli_status(&err) : 0;
}
