/* SPDX-License-Identifier: MIT */
/*
 * The digest of a step is of a text: its kind, the program's version, and a line for each option in the
 * order of the alphabet, so that it does not matter how a recipe orders them, nor where the run lies. A
 * reference to a step stands there as that step's digest.
 */
#include <config.h>

#include "trainer/loop/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "formats/encoding/json.h"
#include "trainer/loop/loop_input.h"

/* Changes with what a digest is of. */
#define DIGEST_VERSION "cadloop 1\n"

static const char *const abouts[] = {
#define S(id, about) about,
	LOOP_STATES(S)
#undef S
};

const char *loop_state_about(enum loop_state state)
{
	return abouts[state];
}

const char *loop_path(const struct loop *loop, const char *name, const char *behind,
		      struct buf *path)
{
	buf_clear(path);
	buf_str(path, loop->run);
	buf_char(path, '/');
	buf_str(path, name);
	buf_str(path, behind);
	return path->data;
}

void loop_value_path(const struct loop *loop, const struct loop_recipe_value *value,
		     struct buf *out)
{
	if (!value->step) {
		buf_str(out, value->text);
		return;
	}
	buf_str(out, loop->run);
	buf_char(out, '/');
	buf_str(out, value->step->name);
	if (*value->part) {
		buf_char(out, '/');
		buf_str(out, value->part);
	}
}

/* --- programs and their options -------------------------------------------------------------- */

static bool is_among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static int refuse_option(const struct loop *loop, const struct loop_recipe_step *step,
			 const struct loop_recipe_option *option, const char *const *words,
			 struct err *err)
{
	const char *program = loop_recipe_kind_program(step->kind),
		   *verb = loop_recipe_kind_verb(step->kind);
	struct nearest near = nearest_to(option->key);

	for (; *words; words++)
		nearest_try(&near, *words);
	if (near.word)
		return loop_recipe_error(loop->recipe, option->line, err,
					 "%s%s%s has no option '%s'; did you mean '%s'?", program,
					 verb ? " " : "", verb ? verb : "", option->key, near.word);
	return loop_recipe_error(loop->recipe, option->line, err, "%s%s%s has no option '%s'",
				 program, verb ? " " : "", verb ? verb : "", option->key);
}

static int check_options(const struct loop *loop, const struct loop_step *step, struct err *err)
{
	const char *const *words = step->program->words;

	for (const struct loop_recipe_option *o = step->recipe->first; o; o = o->next) {
		const char *word = o->reference ? o->reference->option : o->key;

		if (word && !is_among(word, words))
			return refuse_option(loop, step->recipe, o, words, err);
	}
	return 0;
}

static int find_programs(struct loop *loop, struct arena *arena, struct err *err)
{
	for (int i = 0; i < loop->recipe->count; i++) {
		struct loop_step *step = &loop->steps[i];
		enum loop_recipe_kind kind = step->recipe->kind;
		struct loop_program *program = &loop->programs[kind];

		if (!loop_recipe_kind_program(kind))
			continue;
		if (!program->path &&
		    loop_program_find(program, loop_recipe_kind_program(kind),
				      loop_recipe_kind_verb(kind), &loop->places, arena, err) < 0)
			return -1;
		step->program = program;
		if (check_options(loop, step, err) < 0)
			return -1;
	}
	return 0;
}

/* --- digests --------------------------------------------------------------------------------- */

/* A value that may be a file or a folder, and is one. */
static bool is_input(const char *text)
{
	struct stat st;

	return strpbrk(text, "./") && stat(text, &st) == 0 &&
	       (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

/* Steps before this one have their digests. */
static int put_value(const struct loop *loop, const struct loop_recipe_option *option,
		     const struct loop_recipe_value *value, struct buf *line, struct err *err)
{
	struct err inside = {0};

	if (value->step) {
		buf_str(line, loop->steps[value->step - loop->recipe->steps].digest);
		buf_char(line, '/');
		buf_str(line, value->part);
		return 0;
	}
	buf_str(line, value->text);
	if (!option->reference && !is_input(value->text))
		return 0;
	buf_char(line, ' ');
	if (loop_input_digest(value->text, line, &inside) == 0)
		return 0;
	loop_recipe_error(loop->recipe, option->line, err, "%s", inside.msg);
	if (err)
		err->code = inside.code;
	return -1;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(((const struct buf *)a)->data, ((const struct buf *)b)->data);
}

static int put_option(const struct loop *loop, const struct loop_recipe_option *option,
		      struct buf *line, struct err *err)
{
	buf_str(line, option->key);
	for (const struct loop_recipe_value *v = option->first; v; v = v->next) {
		buf_char(line, ' ');
		if (put_value(loop, option, v, line, err) < 0)
			return -1;
	}
	buf_char(line, '\n');
	return 0;
}

static int put_options(const struct loop *loop, const struct loop_recipe_step *step,
		       struct buf *text, struct err *err)
{
	size_t count = 0, n = 0;
	struct buf *lines;
	int rc = 0;

	for (const struct loop_recipe_option *o = step->first; o; o = o->next)
		count++;
	lines = mem_alloc(count + 1, sizeof(*lines));
	for (const struct loop_recipe_option *o = step->first; o && rc == 0; o = o->next)
		rc = put_option(loop, o, &lines[n++], err);
	if (rc == 0)
		qsort(lines, n, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < n; i++) {
		if (rc == 0)
			buf_str(text, lines[i].data);
		buf_free(&lines[i]);
	}
	free(lines);
	return rc;
}

static int digest_step(struct loop *loop, struct loop_step *step, struct err *err)
{
	struct buf text = {0};
	int rc;

	buf_str(&text, DIGEST_VERSION);
	buf_str(&text, loop_recipe_kind_name(step->recipe->kind));
	buf_char(&text, '\n');
	buf_str(&text, step->program ? step->program->version : PACKAGE_VERSION);
	buf_char(&text, '\n');
	rc = put_options(loop, step->recipe, &text, err);
	if (rc == 0)
		sha256_hex(text.data, text.len, step->digest);
	buf_free(&text);
	return rc;
}

/* --- what is there --------------------------------------------------------------------------- */

/* Whether the file is a stamp with that digest; what cannot be read is none. */
static bool has_digest(const char *path, const char *digest)
{
	struct json_doc doc;
	struct err err;
	bool same;

	if (json_read(&doc, path, &err) < 0)
		return false;
	same = cJSON_IsString(json_member(doc.root, "digest")) &&
	       strcmp(json_member(doc.root, "digest")->valuestring, digest) == 0;
	json_free(&doc);
	return same;
}

/* What a program goes on from, as a file of its artefact; NULL: it does not. */
static const char *resumes_from(enum loop_recipe_kind kind)
{
	switch (kind) {
	case RECIPE_GENERATE:
	case RECIPE_RESTYLE:
	case RECIPE_PARTS:
		return ".part/.";
	case RECIPE_TRAIN:
		return ".part/state.safetensors";
	default:
		return NULL;
	}
}

static enum loop_state state_of(const struct loop *loop, const struct loop_step *step)
{
	const char *name = step->recipe->name, *from = resumes_from(step->recipe->kind);
	enum loop_state state = LOOP_MISSING;
	struct buf path = {0};
	struct stat st;

	if (has_digest(loop_path(loop, name, "/stamp.json", &path), step->digest))
		state = LOOP_READY;
	else if (has_digest(loop_path(loop, name, ".part/stamp.json", &path), step->digest))
		state = LOOP_COMPLETE;
	else if (from && has_digest(loop_path(loop, name, ".begun", &path), step->digest) &&
		 stat(loop_path(loop, name, from, &path), &st) == 0)
		state = LOOP_BEGUN;
	buf_free(&path);
	return state;
}

static void put_text(struct buf *out, const char *key, const char *text)
{
	buf_str(out, key);
	buf_json_str(out, text);
}

void loop_write_stamp(const struct loop_step *step, struct buf *out)
{
	put_text(out, "{\n\t\"step\": ", step->recipe->name);
	put_text(out, ",\n\t\"kind\": ", loop_recipe_kind_name(step->recipe->kind));
	put_text(out, ",\n\t\"digest\": ", step->digest);
	put_text(out, ",\n\t\"version\": ",
		 step->program ? step->program->version : "cadloop " PACKAGE_VERSION);
	buf_str(out, ",\n\t\"command\": [");
	for (int i = 0; step->argv && step->argv[i]; i++)
		put_text(out, i ? ", " : "", step->argv[i]);
	buf_str(out, "]\n}\n");
}

int loop_plan(struct loop *loop, const struct loop_recipe *recipe, struct arena *arena,
	      struct err *err)
{
	loop->recipe = recipe;
	loop->programs = ARENA_NEW(arena, struct loop_program, RECIPE_KIND_COUNT_);
	loop->steps = ARENA_NEW(arena, struct loop_step, recipe->count);
	for (int i = 0; i < recipe->count; i++)
		loop->steps[i].recipe = &recipe->steps[i];
	if (find_programs(loop, arena, err) < 0)
		return -1;
	for (int i = 0; i < recipe->count; i++) {
		if (digest_step(loop, &loop->steps[i], err) < 0)
			return -1;
		loop->steps[i].state = state_of(loop, &loop->steps[i]);
		loop_command(loop, &loop->steps[i], arena);
	}
	return 0;
}
