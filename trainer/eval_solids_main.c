/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/eval_solids_main.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "formats/encoding/json.h"
#include "formats/metrics/solid_metrics.h"
#include "trainer/loop/loop_child.h"
#include "trainer/loop/loop_program.h"

static bool is_scored(const char *language)
{
	for (int i = 0; solid_metrics_languages[i]; i++)
		if (strcmp(solid_metrics_languages[i], language) == 0)
			return true;
	return false;
}

int eval_solids_check(const struct eval_options *o, const char *language, struct err *err)
{
	if (o->rerank || o->draw || o->written >= 0)
		return err_set(err, ERR_USAGE, "%s are of solids, which have no %s", o->data,
			       o->rerank ? "--rerank"
			       : o->draw ? "--draw"
					 : "--as");
	if (!o->out && is_scored(language))
		return err_set(err, ERR_USAGE,
			       "%s are of solids: their programs are scored in the folder of --out",
			       o->data);
	return 0;
}

/* What the report calls the model. */
static void put_about(const struct eval_options *o, struct buf *about)
{
	char decoded[EVAL_DECODED_BYTES];

	buf_str(about, o->model);
	buf_str(about, ", decoded ");
	buf_str(about, eval_decoded(o, decoded));
	buf_str(about, o->free_text ? ", not held to a grammar" : "");
}

/* Without --curves the arguments end before it. */
static int run_cadconv(const struct eval_options *o, const char *language, struct arena *arena,
		       struct err *err)
{
	char folder[LOOP_FOLDER_BYTES], seed[24];
	struct loop_places places = {loop_own_folder(folder), getenv("PATH")};
	struct loop_program cadconv;
	struct buf path = {0}, about = {0};
	struct loop_child child = {.log = -1, .show = STDOUT_FILENO};
	int rc = loop_program_find(&cadconv, "cadconv", "score", &places, arena, err);

	if (rc < 0)
		return err_context(err, "solids are scored by cadconv");
	snprintf(seed, sizeof(seed), "%" PRIu64, o->seed);
	put_about(o, &about);
	eval_out_path(o, "predictions.jsonl", &path);
	child.argv = (char *[]){(char *)cadconv.path,
				"score",
				"--program",
				(char *)language,
				"--seed",
				seed,
				"--out",
				(char *)o->out,
				"--about",
				about.data,
				path.data,
				o->curves ? "--curves" : NULL,
				(char *)o->curves,
				NULL};
	fflush(stdout);
	rc = loop_child_run(&child, err);
	buf_free(&path);
	buf_free(&about);
	if (rc < 0)
		return -1;
	return child.status || child.signal
		       ? err_set(err, ERR_FORMAT, "cadconv score failed: %s", child.last)
		       : 0;
}

static int read_exact(const struct eval_options *o, double *exact, struct err *err)
{
	struct buf path = {0};
	struct json_doc doc;
	const cJSON *value;
	int rc;

	eval_out_path(o, "metrics.json", &path);
	rc = json_read(&doc, path.data, err);
	if (rc == 0) {
		value = json_member(json_member(json_member(doc.root, "solids"), "exact"), "value");
		if (cJSON_IsNumber(value))
			*exact = value->valuedouble;
		else
			rc = json_error(&doc, doc.root, err, "no share of exact programs");
		json_free(&doc);
	}
	buf_free(&path);
	return rc;
}

int eval_solids_score(const struct eval_options *o, const char *language, double *exact,
		      struct err *err)
{
	struct arena arena = {0};
	int rc;

	if (!is_scored(language)) {
		fprintf(stderr, "programs in %s are not scored: they cannot be read\n", language);
		return 0;
	}
	rc = run_cadconv(o, language, &arena, err);
	arena_free(&arena);
	return rc < 0 ? -1 : read_exact(o, exact, err);
}
