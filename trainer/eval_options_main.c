/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/eval_options_main.h"

#include <stdio.h>
#include <string.h>

#include "base/cli.h"
#include "base/pool.h"
#include "formats/program/program.h"
#include "trainer/decode/decode.h"
#include "trainer/ops/ops_device.h"
#include "trainer/redraw_main.h"

static const char *const split_names[] = {
#define X(name) #name,
	EVAL_SPLITS(X)
#undef X
		NULL};

struct eval_options eval_options_default(void)
{
	return (struct eval_options){.said = -1,
				     .written = -1,
				     .batch = 32,
				     .beams = 1,
				     .looks = 1,
				     .again = 16,
				     .tokens = 512,
				     .length_penalty = 1,
				     .top_p = 1,
				     .repetition_penalty = 1,
				     .threads = pool_processors()};
}

static int parse_formats(const char *list, unsigned *formats, struct err *err)
{
	for (;;) {
		size_t length = strcspn(list, ",");
		int i = 0;

		while (redraw_format_names[i] &&
		       (strncmp(redraw_format_names[i], list, length) != 0 ||
			redraw_format_names[i][length] != '\0'))
			i++;
		if (!redraw_format_names[i])
			return err_set(err, ERR_USAGE,
				       "--draw: '%.*s' is none of png, svg, pdf, dxf", (int)length,
				       list);
		*formats |= 1u << i;
		list += length;
		if (*list++ == '\0')
			return 0;
	}
}

static int check_options(struct eval_options *o, struct err *err)
{
	if (!o->model)
		return err_set(err, ERR_USAGE, "--model is needed: a checkpoint's folder");
	if (!o->data == !o->image)
		return err_set(err, ERR_USAGE,
			       o->data ? "--data and --image exclude each other"
				       : "--data is needed, a dataset; or --image, a picture");
	if (o->draw && !o->out)
		return err_set(err, ERR_USAGE, "--draw goes with --out");
	if (o->draw && parse_formats(o->draw, &o->formats, err) < 0)
		return -1;
	if (o->rerank && o->beams < 2)
		return err_set(err, ERR_USAGE, "--rerank goes with --beam 2 or more");
	if (o->combine && !o->rerank)
		return err_set(err, ERR_USAGE, "--combine goes with --rerank");
	if (o->beams > 1 && o->temperature > 0)
		return err_set(err, ERR_USAGE, "--beam and --temperature exclude each other");
	if (o->image && (o->limit || o->min_exact > 0))
		return err_set(err, ERR_USAGE, "--%s goes with --data",
			       o->limit ? "limit" : "min-exact");
	return 0;
}

int eval_options_parse(struct eval_options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"model", 'm', "CHECKPOINT", "the model's folder", CLI_STRING, &o->model, 0, 0,
		 NULL},
		{"data", 'd', "DATASET", "read its drawings, and score what is said", CLI_STRING,
		 &o->data, 0, 0, NULL},
		{"image-folder", 0, "DIR", "where pictures of a JSON file lie (beside it)",
		 CLI_STRING, &o->image_folder, 0, 0, NULL},
		{"split", 0, "SPLIT", "which of its drawings (val)", CLI_CHOICE, &o->split, 0, 0,
		 split_names},
		{"limit", 'n', "N", "drawings at most; 0 for all (0)", CLI_INT, &o->limit, 0, 1e9,
		 NULL},
		{"image", 'i', "FILE", "read this picture, and those that follow", CLI_STRING,
		 &o->image, 0, 0, NULL},
		{"prompt", 0, "TEXT", "what is asked of pictures (a prompt of cadgen's)",
		 CLI_STRING, &o->prompt, 0, 0, NULL},
		{"out", 'o', "DIR", "write predictions.jsonl, metrics.json, report.html",
		 CLI_STRING, &o->out, 0, 0, NULL},
		{"program", 0, "LANGUAGE", "that the model says (the dataset's; calls)", CLI_CHOICE,
		 &o->said, 0, 0, language_names},
		{"as", 0, "LANGUAGE", "to write programs in (as they are said)", CLI_CHOICE,
		 &o->written, 0, 0, language_names},
		{"draw", 0, "FORMATS", "also as drawings, DIR/drawings/: png, svg, pdf, dxf",
		 CLI_STRING, &o->draw, 0, 0, NULL},
		{"max-tokens", 0, "N", "of a program (512)", CLI_INT, &o->tokens, 1, 1e6, NULL},
		{"batch", 'b', "N", "drawings at once (32)", CLI_INT, &o->batch, 1, 65536, NULL},
		{"beam", 0, "N", "beams; 1 for greedy decoding (1)", CLI_INT, &o->beams, 1,
		 DECODE_BEAMS_MAX, NULL},
		{"looks", 0, "N", "look at the picture so often, each time moved a bit (1)",
		 CLI_INT, &o->looks, 1, EVAL_LOOKS_MAX, NULL},
		{"again", 0, "N", "beams for what, said by fewer, makes no part; 1: leave it (16)",
		 CLI_INT, &o->again, 1, DECODE_BEAMS_MAX, NULL},
		{"rerank", 0, NULL, "of beams take what the picture shows best", CLI_FLAG,
		 &o->rerank, 0, 0, NULL},
		{"combine", 0, NULL, "and of their numbers and shapes, put together", CLI_FLAG,
		 &o->combine, 0, 0, NULL},
		{"length-penalty", 0, "X", "of beams: above 0 long programs are preferred (1)",
		 CLI_REAL, &o->length_penalty, -10, 10, NULL},
		{"temperature", 0, "T", "draw tokens; 0 takes the likeliest (0)", CLI_REAL,
		 &o->temperature, 0, 100, NULL},
		{"top-k", 0, "N", "draw from the N likeliest; 0 for all (0)", CLI_INT, &o->top_k, 0,
		 1e9, NULL},
		{"top-p", 0, "P", "draw from the likeliest that make up P (1)", CLI_REAL, &o->top_p,
		 1e-9, 1, NULL},
		{"repetition-penalty", 0, "X", "of tokens that were said (1)", CLI_REAL,
		 &o->repetition_penalty, 0.01, 100, NULL},
		{"seed", 's', "SEED", "of what is drawn, and of intervals (0)", CLI_UINT64,
		 &o->seed, 0, 0, NULL},
		{"no-grammar", 0, NULL, "let it say what is no program", CLI_FLAG, &o->free_text, 0,
		 0, NULL},
		{"curves", 0, "RUN", "put the curves of this run of cadtrain into the report",
		 CLI_STRING, &o->curves, 0, 0, NULL},
		{"min-exact", 0, "P", "status 3 where fewer per cent are exactly right", CLI_REAL,
		 &o->min_exact, 0, 100, NULL},
		{"device", 0, "NAME", "what computes: cpu, cuda, or auto, cuda if it can (auto)",
		 CLI_CHOICE, &o->device, 0, 0, ops_device_names},
		{"threads", 'j', "N", "threads (one per processor)", CLI_INT, &o->threads, 1, 1024,
		 NULL},
		{"f32", 0, NULL, "compute in F32", CLI_FLAG, &o->f32, 0, 0, NULL},
		{"quiet", 'q', NULL, "no progress", CLI_FLAG, &o->quiet, 0, 0, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadeval", "--model CHECKPOINT {--data DATASET | --image FILE...} [OPTION]...",
		"Reads drawings with a model, and says how well it does.", table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first < argc && !o->image)
		return err_set(err, ERR_USAGE, "unexpected argument '%s'", argv[first]);
	o->images = (const char *const *)argv + first;
	o->image_count = argc - first;
	return check_options(o, err);
}

void eval_out_path(const struct eval_options *o, const char *name, struct buf *path)
{
	buf_clear(path);
	buf_str(path, o->out);
	buf_char(path, '/');
	buf_str(path, name);
}

const char *eval_decoded(const struct eval_options *o, char text[EVAL_DECODED_BYTES])
{
	const char *how = o->combine ? ", reranked, combined" : o->rerank ? ", reranked" : "";
	char looks[16] = "";

	if (o->looks > 1)
		snprintf(looks, sizeof(looks), ", %d looks", (int)o->looks);
	if (o->beams > 1)
		snprintf(text, EVAL_DECODED_BYTES, "%d beams%s%s", (int)o->beams, looks, how);
	else
		snprintf(text, EVAL_DECODED_BYTES, "%s%s",
			 o->temperature > 0 ? "drawn" : "greedily", looks);
	return text;
}
