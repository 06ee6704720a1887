/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/eval_score_main.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "trainer/eval_solids_main.h"
#include "trainer/plot_main.h"
#include "trainer/redraw_main.h"
#include "trainer/report/report.h"
#include "trainer/score/confusions.h"

#define DRAWING_PX 512
#define PNG_LEVEL 6

struct eval_scores {
	const struct eval_options *options;
	const struct tokenizer *tokenizer;
	enum language language;
	bool labelled;
	const char *solids; /* language of those, or NULL */
	struct token_cache *cache;
	struct score_summary *summary;
	struct metrics_errors errors;
	struct report *report; /* of labelled drawings with --out; else NULL */
	struct png_encoder *encoder;
	struct buf png;
	FILE *lines;               /* predictions.jsonl, or NULL */
	struct redrawer *redrawer; /* of --draw, or NULL */
	struct tokens truth, said;
	struct buf text, line;
};

static int open_lines(struct eval_scores *s, struct err *err)
{
	struct buf path = {0};
	int rc = fs_mkdirs(s->options->out, err);

	eval_out_path(s->options, "predictions.jsonl", &path);
	if (rc == 0) {
		s->lines = fopen(path.data, "we");
		if (!s->lines)
			rc = err_errno(err, "cannot open %s", path.data);
	}
	buf_free(&path);
	return rc;
}

static int open_drawings(struct eval_scores *s, struct err *err)
{
	struct buf path = {0};
	int rc;

	eval_out_path(s->options, "drawings", &path);
	rc = fs_mkdirs(path.data, err);
	buf_free(&path);
	if (rc < 0)
		return -1;
	s->redrawer = redrawer_new(DRAWING_PX, err);
	return s->redrawer ? 0 : -1;
}

struct eval_scores *eval_scores_open(const struct eval_options *options,
				     const struct tokenizer *tokenizer, enum language language,
				     bool labelled, const char *solids, struct err *err)
{
	struct eval_scores *s = mem_alloc(1, sizeof(*s));

	s->options = options;
	s->tokenizer = tokenizer;
	s->language = language;
	s->labelled = labelled;
	s->solids = solids;
	s->cache = token_cache_new();
	s->summary = score_summary_new(options->seed);
	if (options->out && labelled && !solids) {
		s->report = report_new(&(struct report_settings){.seed = options->seed,
								 .worst = REPORT_WORST,
								 .random = REPORT_RANDOM,
								 .examples = REPORT_EXAMPLES});
		s->encoder = png_encoder_new(PNG_LEVEL);
	}
	if ((!options->out || open_lines(s, err) == 0) &&
	    (!options->draw || open_drawings(s, err) == 0))
		return s;
	eval_scores_close(s);
	return NULL;
}

void eval_scores_close(struct eval_scores *scores)
{
	if (!scores)
		return;
	if (scores->lines)
		fclose(scores->lines);
	redrawer_free(scores->redrawer);
	report_free(scores->report);
	if (scores->encoder)
		png_encoder_free(scores->encoder);
	buf_free(&scores->png);
	token_cache_free(scores->cache);
	score_summary_free(scores->summary);
	tokens_free(&scores->truth);
	tokens_free(&scores->said);
	buf_free(&scores->text);
	buf_free(&scores->line);
	free(scores);
}

/* --- lines ---------------------------------------------------------------------------------- */

static void put_key(struct buf *line, const char *key)
{
	buf_str(line, ",\"");
	buf_str(line, key);
	buf_str(line, "\":");
}

static void put_text(struct buf *line, const char *key, const char *text)
{
	put_key(line, key);
	buf_json_str(line, text);
}

static void put_number(struct buf *line, const char *key, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.6g", v);
	put_key(line, key);
	buf_str(line, isfinite(v) ? text : "null");
}

static void put_truth(struct buf *line, const char *key, bool v)
{
	put_key(line, key);
	buf_str(line, v ? "true" : "false");
}

/* The text in the language of --as; as it is where it is no program, or does not fit that. */
static const char *written(struct eval_scores *s, const char *text, size_t len, struct arena *arena)
{
	struct program program;

	if (s->options->written < 0 ||
	    program_parse(&program, s->language, "", text, len, arena, NULL) < 0 ||
	    !program_fits(&program, (enum language)s->options->written))
		return text;
	buf_clear(&s->text);
	program_write(&program, (enum language)s->options->written, &s->text);
	return s->text.data;
}

/* The place in the beam. */
static void put_rank(struct buf *line, const struct eval_answer *answer)
{
	put_number(line, "log_probability", answer->log_prob);
	put_number(line, "rank", answer->rank ? answer->rank : NAN);
	put_number(line, "misfit", answer->misfit);
}

static void put_candidates(struct eval_scores *s, const struct eval_said *said, struct arena *arena)
{
	struct buf *line = &s->line;

	put_key(line, "candidates");
	for (int i = 0; i < said->count; i++) {
		buf_str(line, i ? ",{\"program\":" : "[{\"program\":");
		buf_json_str(line, written(s, said->answers[i].text, said->answers[i].len, arena));
		put_number(line, "score", said->answers[i].score);
		if (s->options->rerank)
			put_rank(line, &said->answers[i]);
		buf_char(line, '}');
	}
	buf_char(line, ']');
}

static void put_said(struct eval_scores *s, const struct eval_case *c, const struct eval_said *said,
		     struct arena *arena)
{
	const struct eval_answer *best = &said->answers[0];
	struct buf *line = &s->line;

	buf_str(line, "{\"id\":");
	buf_json_str(line, c->id);
	put_text(line, "image", c->image);
	put_text(line, "prompt", c->prompt);
	put_text(line, "program", written(s, best->text, best->len, arena));
	put_number(line, "log_probability", best->log_prob);
	put_truth(line, "ended", best->ended);
	if (said->count > 1)
		put_candidates(s, said, arena);
}

static void put_score(struct buf *line, const struct eval_case *c, const struct score *score,
		      const struct err *why)
{
	put_text(line, "truth", c->truth);
	put_truth(line, "valid", score->valid);
	put_truth(line, "exact", score->exact);
	put_number(line, "shapes", score->shapes.truths);
	put_number(line, "shapes_right", score->shapes.equal);
	put_number(line, "numbers", score->numbers[NUMBERS_ALL].all);
	put_number(line, "numbers_right", score->numbers[NUMBERS_ALL].right);
	if (score->has_iou)
		put_number(line, "iou", score->iou);
	if (score->has_chamfer)
		put_number(line, "chamfer", score->chamfer);
	if (!score->valid)
		put_text(line, "why", why->msg);
}

static int end_line(struct eval_scores *s, struct err *err)
{
	buf_str(&s->line, "}\n");
	if (fwrite(s->line.data, 1, s->line.len, s->lines) == s->line.len)
		return 0;
	return err_errno(err, "cannot write %s/predictions.jsonl", s->options->out);
}

/* --- drawings ------------------------------------------------------------------------------- */

/* DIR/drawings/ID.svg; of pictures the file's name without its folder. */
static int draw_format(struct eval_scores *s, const struct eval_case *c, enum redraw_format format,
		       struct err *err)
{
	struct buf path = {0}, file = {0};
	int rc = redrawn_file(s->redrawer, format, &file, err);

	eval_out_path(s->options, "drawings/", &path);
	buf_str(&path, fs_base_name(c->id));
	buf_char(&path, '.');
	buf_str(&path, redraw_format_names[format]);
	if (rc == 0)
		rc = fs_write(path.data, file.data, file.len, err);
	buf_free(&path);
	buf_free(&file);
	return rc;
}

/* What is no part has no drawing. */
static int draw(struct eval_scores *s, const struct eval_case *c, const struct eval_answer *best,
		struct arena *arena, struct err *err)
{
	struct program program;

	if (program_parse(&program, s->language, "", best->text, best->len, arena, NULL) < 0 ||
	    redraw_program(s->redrawer, &program, NULL) < 0)
		return 0;
	for (int i = 0; i < REDRAW_COUNT_; i++)
		if (s->options->formats >> i & 1 &&
		    draw_format(s, c, (enum redraw_format)i, err) < 0)
			return -1;
	return 0;
}

/* --- scores --------------------------------------------------------------------------------- */

static void encode(struct eval_scores *s, const char *text, size_t len, struct tokens *tokens)
{
	tokens_clear(tokens);
	tokens_from_text(s->tokenizer, s->cache, text, len, TOKENS_BARE | TOKENS_PLAIN, tokens);
}

/* With the picture as the model saw it. */
static void report_case(struct eval_scores *s, const struct eval_case *c,
			const struct eval_said *said, const struct score *score,
			const struct score_reading *reading, struct arena *arena,
			const struct err *why)
{
	struct report_candidate *candidates =
		ARENA_NEW(arena, struct report_candidate, said->count);
	struct image picture = {.width = c->side,
				.height = c->side,
				.channels = 1,
				.stride = (size_t)c->side,
				.px = c->pixels};

	for (int i = 0; i < said->count; i++)
		candidates[i] = (struct report_candidate){
			said->answers[i].text, said->answers[i].len, said->answers[i].log_prob};
	buf_clear(&s->png);
	image_encode_png(&picture, s->encoder, &s->png);
	report_add(s->report,
		   &(struct report_case){.id = c->id,
					 .family = c->family,
					 .groups = c->keys,
					 .group_count = c->key_count,
					 .png = s->png.data,
					 .png_len = s->png.len,
					 .prompt = c->prompt,
					 .language = s->language,
					 .truth = &c->program,
					 .scene = c->has_scene ? &c->scene : NULL,
					 .said = said->answers[0].text,
					 .said_len = said->answers[0].len,
					 .score = score,
					 .reading = reading,
					 .why = score->valid ? NULL : why->msg,
					 .log_probability = said->answers[0].log_prob,
					 .candidates = candidates,
					 .candidate_count = said->count > 1 ? said->count : 0});
}

static void score_case(struct eval_scores *s, const struct eval_case *c,
		       const struct eval_said *said, struct score *score, struct arena *arena,
		       struct err *why)
{
	const struct eval_answer *best = &said->answers[0];
	struct score_case sc = {.family = c->family,
				.truth = &c->program,
				.scene = c->has_scene ? &c->scene : NULL,
				.language = s->language,
				.text = best->text,
				.len = best->len};
	struct score_reading reading;

	encode(s, c->truth, strlen(c->truth), &s->truth);
	encode(s, best->text, best->len, &s->said);
	sc.true_ids = s->truth.ids;
	sc.true_id_count = s->truth.count;
	sc.said_ids = s->said.ids;
	sc.said_id_count = s->said.count;
	score_from_programs(score, &sc, &reading, arena, why);
	score_summary_add(s->summary, score, c->keys, c->key_count);
	confusions_add(&s->errors, &c->program, &reading);
	if (s->report)
		report_case(s, c, said, score, &reading, arena, why);
}

int eval_scores_add(struct eval_scores *s, const struct eval_case *c, const struct eval_said *said,
		    struct err *err)
{
	struct arena arena = {0};
	struct score score;
	struct err why = {0};
	int rc = 0;

	buf_clear(&s->line);
	put_said(s, c, said, &arena);
	if (s->solids) {
		put_text(&s->line, "truth", c->truth);
	} else if (s->labelled) {
		score_case(s, c, said, &score, &arena, &why);
		put_score(&s->line, c, &score, &why);
	}
	if (s->lines)
		rc = end_line(s, err);
	else if (!s->labelled)
		puts(written(s, said->answers[0].text, said->answers[0].len, &arena));
	if (rc == 0 && s->redrawer)
		rc = draw(s, c, &said->answers[0], &arena, err);
	arena_free(&arena);
	return rc;
}

static int close_lines(struct eval_scores *s, struct err *err)
{
	FILE *lines = s->lines;

	s->lines = NULL;
	if (lines && fclose(lines) != 0)
		return err_errno(err, "cannot write %s/predictions.jsonl", s->options->out);
	return 0;
}

static int write_metrics(struct eval_scores *s, const struct metrics *metrics, struct err *err)
{
	struct buf text = {0}, path = {0};
	int rc;

	metrics_write(metrics, &text);
	eval_out_path(s->options, "metrics.json", &path);
	rc = fs_write(path.data, text.data, text.len, err);
	buf_free(&text);
	buf_free(&path);
	return rc;
}

static int write_report(struct eval_scores *s, const struct metrics *metrics, struct err *err)
{
	const struct eval_options *o = s->options;
	char decoded[EVAL_DECODED_BYTES];
	struct report_fact facts[] = {
		{"model", o->model},
		{"drawings", o->data},
		{"language", language_names[s->language]},
		{"decoded", eval_decoded(o, decoded)},
		{"held to the grammar", o->free_text ? "no" : "yes"},
	};
	struct report_head head = {.title = "Evaluation",
				   .facts = facts,
				   .fact_count = sizeof(facts) / sizeof(*facts),
				   .metrics = metrics};
	struct buf curves = {0}, path = {0};
	int rc = 0;

	if (o->curves)
		rc = plot_svg(o->curves, &curves, err);
	head.curves = curves.data;
	head.curves_len = curves.len;
	eval_out_path(o, "report.html", &path);
	if (rc == 0)
		rc = report_write(s->report, path.data, &head, err);
	if (rc == 0)
		fprintf(stderr, "the report is %s\n", path.data);
	buf_free(&curves);
	buf_free(&path);
	return rc;
}

int eval_scores_finish(struct eval_scores *s, double *exact, struct err *err)
{
	struct metrics metrics;
	struct buf text = {0};
	int rc = close_lines(s, err);

	if (rc < 0 || !s->labelled)
		return rc;
	if (s->solids)
		return eval_solids_score(s->options, s->solids, exact, err);
	score_summary_finish(s->summary, &metrics);
	metrics.errors = s->errors;
	*exact = metrics.all.figures[METRICS_EXACT].value;
	metrics_print(&metrics, &text);
	fputs(text.data, stdout);
	buf_free(&text);
	if (s->options->out)
		rc = write_metrics(s, &metrics, err);
	if (rc == 0 && s->report)
		rc = write_report(s, &metrics, err);
	return rc;
}
