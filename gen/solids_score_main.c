/* SPDX-License-Identifier: MIT */
/*
 * Each pair is scored in a worker process, which hands back the figures as they lie in memory: both are one
 * program. They are added up in the order of the truths, for the intervals' sake.
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/crew.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "formats/json.h"
#include "formats/solid.h"
#include "gen/solids_score_main.h"
#include "trainer/solid_score.h"
#include "trainer/solid_summary.h"

#define PREDICTIONS_BYTES_MAX ((size_t)1 << 30)
#define FENCE "```"

/* Of solid_metrics_languages. */
static const enum cad_code languages[] = {CAD_CODE_sketch, CAD_CODE_deepcad};

struct pair {
	const char *id;
	const char *truth, *said; /* said: NULL, there is no prediction */
	struct solid_score score;
	const char *why; /* what is not valid; or NULL */
};

struct run {
	const char *truth, *predictions, *out;
	int language;
	int64_t jobs, memory_mb;
	double seconds;
	uint64_t seed;
	struct arena arena;
	struct pair *pairs; /* by id */
	size_t count, room;
	struct progress progress;
	uint64_t done;
};

/* --- what is read ----------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->id, ((const struct pair *)b)->id);
}

static const char *keep(struct run *run, const char *text)
{
	return arena_strndup(&run->arena, text, strlen(text));
}

/* The answer of an entry of train.json or val.json. */
static const char *answer_of(const cJSON *entry)
{
	const cJSON *turn, *value = NULL;

	cJSON_ArrayForEach(turn, json_member(entry, "conversations"))
	{
		const cJSON *from = json_member(turn, "from");

		if (cJSON_IsString(from) && strcmp(from->valuestring, "gpt") == 0)
			value = json_member(turn, "value");
	}
	return cJSON_IsString(value) ? value->valuestring : NULL;
}

static void add_pair(struct run *run, const char *id, const char *truth)
{
	if (run->count == run->room) {
		run->room = run->room ? mem_mul(run->room, 2) : 256;
		run->pairs = mem_realloc(run->pairs, run->room, sizeof(*run->pairs));
	}
	run->pairs[run->count++] = (struct pair){.id = keep(run, id), .truth = keep(run, truth)};
}

/* Into the order of their ids, none of which is there twice. */
static int sort_pairs(struct run *run, const char *name, struct err *err)
{
	if (run->count == 0)
		return err_set(err, ERR_FORMAT, "%s: there are no entries", name);
	qsort(run->pairs, run->count, sizeof(*run->pairs), by_id);
	for (size_t i = 1; i < run->count; i++)
		if (by_id(&run->pairs[i - 1], &run->pairs[i]) == 0)
			return err_set(err, ERR_FORMAT, "%s: '%s' is there twice", name,
				       run->pairs[i].id);
	return 0;
}

static int take_truths(struct run *run, const struct json_doc *doc, struct err *err)
{
	const cJSON *entry;

	if (!cJSON_IsArray(doc->root))
		return json_error(doc, doc->root, err, "entries must be in an array");
	cJSON_ArrayForEach(entry, doc->root)
	{
		const cJSON *id = json_member(entry, "id");
		const char *answer = answer_of(entry);

		if (!cJSON_IsString(id) || !answer)
			return json_error(doc, entry, err, "an entry needs an id and an answer");
		add_pair(run, id->valuestring, answer);
	}
	return 0;
}

/* A dataset's entries to validate with, or a file of such. */
static int read_truths(struct run *run, struct err *err)
{
	struct buf path = {0};
	struct json_doc doc;
	int rc;

	buf_str(&path, run->truth);
	if (fs_is_folder(run->truth))
		buf_str(&path, "/val.json");
	rc = json_read(&doc, path.data, err);
	if (rc == 0) {
		rc = take_truths(run, &doc, err);
		json_free(&doc);
	}
	if (rc == 0)
		rc = sort_pairs(run, path.data, err);
	buf_free(&path);
	return rc;
}

/* Models like to answer in a fence: what is in the first one. */
static const char *without_fence(struct run *run, const char *text)
{
	const char *from = strstr(text, FENCE), *to;

	if (!from)
		return keep(run, text);
	from += strcspn(from, "\n");
	from += *from == '\n';
	to = strstr(from, FENCE);
	return arena_strndup(&run->arena, from, to ? (size_t)(to - from) : strlen(from));
}

static int take_prediction(struct run *run, const struct json_doc *doc, struct err *err)
{
	const cJSON *id = json_member(doc->root, "id"), *text = json_member(doc->root, "program");
	const cJSON *truth = json_member(doc->root, "truth");
	struct pair key, *pair;

	id = id ? id : json_member(doc->root, "question_id");
	text = text ? text : json_member(doc->root, "text");
	if (!cJSON_IsString(id) || !cJSON_IsString(text))
		return json_error(doc, doc->root, err,
				  "a prediction needs an id (or question_id) and a program (or "
				  "text), both strings");
	if (!run->truth) {
		if (!cJSON_IsString(truth))
			return json_error(doc, doc->root, err, "the prediction has no truth");
		add_pair(run, id->valuestring, truth->valuestring);
		run->pairs[run->count - 1].said = without_fence(run, text->valuestring);
		return 0;
	}
	key.id = id->valuestring;
	pair = bsearch(&key, run->pairs, run->count, sizeof(*run->pairs), by_id);
	if (!pair)
		return json_error(doc, id, err, "there is no truth for '%s'", id->valuestring);
	if (pair->said)
		return json_error(doc, id, err, "'%s' is there twice", id->valuestring);
	pair->said = without_fence(run, text->valuestring);
	return 0;
}

static int read_predictions(struct run *run, struct err *err)
{
	struct buf bytes = {0};
	int rc = fs_read(run->predictions, PREDICTIONS_BYTES_MAX, &bytes, err);
	long line = 1;

	for (size_t at = 0; rc == 0 && at < bytes.len; line++) {
		const char *start = bytes.data + at, *end = memchr(start, '\n', bytes.len - at);
		size_t len = end ? (size_t)(end - start) : bytes.len - at;
		struct json_doc doc;

		at += len + 1;
		if (len == strspn(start, " \t\r") || len == 0)
			continue;
		rc = json_parse_line(&doc, run->predictions, line, start, len, err);
		if (rc == 0) {
			rc = take_prediction(run, &doc, err);
			json_free(&doc);
		}
	}
	buf_free(&bytes);
	return rc == 0 && !run->truth ? sort_pairs(run, run->predictions, err) : rc;
}

/* --- scoring ---------------------------------------------------------------------------------- */

static int parse_truth(const struct run *run, const struct pair *pair, struct deepcad_model *model,
		       struct arena *arena, struct err *err)
{
	if (languages[run->language] == CAD_CODE_sketch)
		return cad_code_parse(model, pair->id, pair->truth, strlen(pair->truth), arena,
				      err);
	return deepcad_parse(model, pair->id, pair->truth, strlen(pair->truth), arena, err);
}

static int work(void *ctx, uint64_t index, struct buf *out, struct err *err)
{
	struct run *run = ctx;
	const struct pair *pair = &run->pairs[index];
	struct solid_case c = {.language = languages[run->language]};
	struct arena arena = {0};
	struct deepcad_model model;
	struct solid_truth *truth;
	struct solid_score score;
	struct err why = {0};

	if (parse_truth(run, pair, &model, &arena, err) < 0) {
		arena_free(&arena);
		return err_context(err, "the truth");
	}
	truth = solid_truth_new(&model, NULL);
	c.truth = truth;
	c.text = pair->said ? pair->said : "";
	c.len = strlen(c.text);
	solid_score_from_text(&score, &c, &arena, &why);
	buf_bytes(out, &score, sizeof(score));
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
	struct pair *pair = &run->pairs[index];

	if (failed && failed->code != ERR_LIMIT && failed->code != ERR_CRASHED)
		return err_set(err, failed->code, "%s", failed->msg);
	if (failed) {
		pair->score = (struct solid_score){.is_measured = true};
		pair->why = keep(run, failed->msg);
	} else {
		memcpy(&pair->score, bytes, sizeof(pair->score));
		pair->why = len > sizeof(pair->score)
				    ? arena_strndup(&run->arena, bytes + sizeof(pair->score),
						    len - sizeof(pair->score))
				    : NULL;
	}
	progress_update(&run->progress, ++run->done);
	return 0;
}

static int score_all(struct run *run, struct err *err)
{
	const struct crew_job job = {.end = run->count,
				     .workers = (int)run->jobs,
				     .seconds = run->seconds,
				     .bytes = (size_t)run->memory_mb << 20,
				     .ctx = run,
				     .work = work,
				     .done = done,
				     .stop = interrupt_catch()};
	int rc;

	progress_start(&run->progress, "solids", 0, run->count);
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

static void put_pair(const struct pair *pair, struct buf *out)
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
	for (size_t i = 0; i < run->count; i++)
		put_pair(&run->pairs[i], &text);
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

static int report(const struct run *run, struct err *err)
{
	struct solid_summary *summary = solid_summary_new(run->seed);
	struct solid_metrics metrics;
	int rc;

	for (size_t i = 0; i < run->count; i++)
		solid_summary_add(summary, &run->pairs[i].score);
	solid_summary_finish(summary, &metrics);
	solid_summary_free(summary);
	rc = write_files(run, &metrics, err);
	return rc < 0 ? -1 : print_table(&metrics, err);
}

/* --- the command line ------------------------------------------------------------------------- */

static int parse(struct run *run, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"program", 0, "LANGUAGE", "language of both (sketch)", CLI_CHOICE, &run->language,
		 0, 0, solid_metrics_languages},
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
		rc = run.truth ? read_truths(&run, &err) : 0;
	if (rc == 0)
		rc = read_predictions(&run, &err);
	if (rc == 0)
		rc = score_all(&run, &err);
	if (rc == 0)
		rc = report(&run, &err);
	if (rc < 0)
		fprintf(stderr, "cadconv: %s\n", err.msg);
	free(run.pairs);
	arena_free(&run.arena);
	return rc < 0 ? cli_status(&err) : 0;
}
