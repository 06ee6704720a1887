/* SPDX-License-Identifier: MIT */
/* From the tree of a YAML file to steps with options; loop_recipe_resolve.c goes on from there. */
#include <config.h>

#include "trainer/loop/loop_recipe.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/nearest.h"
#include "formats/encoding/yaml.h"

static const struct {
	const char *name, *program, *verb;
} kinds[] = {
#define K(id, name, program, verb, about) {name, program, verb},
	RECIPE_KINDS(K)
#undef K
};

static const struct loop_recipe_reference references[] = {
#define R(of, key, option, kinds, part, number) {RECIPE_##of, key, option, kinds, part, number},
	RECIPE_REFERENCES(R)
#undef R
};

#define REFERENCE_COUNT (sizeof(references) / sizeof(*references))

/* What the loop says to programs itself, what keeps them from their work, and what they write elsewhere. */
static const char *const reserved[] = {"out",           "resume",     "overwrite",
				       "contact-sheet", "stop-after", "plot",
				       "help",          "version",    NULL};

const char *loop_recipe_kind_name(enum loop_recipe_kind kind)
{
	return kinds[kind].name;
}

const char *loop_recipe_kind_program(enum loop_recipe_kind kind)
{
	return kinds[kind].program;
}

const char *loop_recipe_kind_verb(enum loop_recipe_kind kind)
{
	return kinds[kind].verb;
}

const struct loop_recipe_reference *loop_recipe_reference_at(size_t i)
{
	return i < REFERENCE_COUNT ? &references[i] : NULL;
}

int loop_recipe_error(const struct loop_recipe *recipe, int line, struct err *err, const char *fmt,
		      ...)
{
	char message[ERR_MSG_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	if (line == 0)
		return err_set(err, ERR_USAGE, "--set: %s", message);
	return err_set(err, ERR_FORMAT, "%s:%d: %s", recipe->file, line, message);
}

/* --- options --------------------------------------------------------------------------------- */

static const struct loop_recipe_reference *find_reference(enum loop_recipe_kind of, const char *key)
{
	for (size_t i = 0; i < REFERENCE_COUNT; i++) {
		const struct loop_recipe_reference *r = &references[i];

		if (r->of == of &&
		    (strcmp(r->key, key) == 0 || (r->option && strcmp(r->option, key) == 0)))
			return r;
	}
	return NULL;
}

/* A key as long options have it. */
static char *option_key(const char *key, struct arena *arena)
{
	char *copy = arena_strndup(arena, key, strlen(key));

	for (char *c = copy; *c; c++)
		if (*c == '_')
			*c = '-';
	return copy;
}

static bool is_option_name(const char *key)
{
	if (!islower((unsigned char)*key) || strlen(key) >= RECIPE_NAME_BYTES)
		return false;
	for (; *key; key++)
		if (!islower((unsigned char)*key) && !isdigit((unsigned char)*key) && *key != '-')
			return false;
	return true;
}

struct loop_recipe_option *loop_recipe_add_option(const struct loop_recipe *recipe,
						  struct loop_recipe_step *step, const char *key,
						  int line, struct arena *arena, struct err *err)
{
	struct loop_recipe_option *option = ARENA_NEW(arena, struct loop_recipe_option, 1), **end;

	option->key = option_key(key, arena);
	option->line = line;
	option->reference = find_reference(step->kind, option->key);
	if (option->reference)
		option->key = option->reference->key;
	for (int i = 0; reserved[i]; i++)
		if (strcmp(reserved[i], option->key) == 0) {
			loop_recipe_error(recipe, line, err, "'%s' is not for recipes", key);
			return NULL;
		}
	if (!is_option_name(option->key)) {
		loop_recipe_error(recipe, line, err, "'%.60s' is no name of an option", key);
		return NULL;
	}
	for (end = &step->first; *end; end = &(*end)->next)
		if (strcmp((*end)->key, option->key) == 0) {
			loop_recipe_error(recipe, line, err,
					  "'%s' is '%s', which line %d has given already", key,
					  option->key, (*end)->line);
			return NULL;
		}
	*end = option;
	return option;
}

void loop_recipe_add_value(struct loop_recipe_option *option, const char *text, struct arena *arena)
{
	struct loop_recipe_value *value = ARENA_NEW(arena, struct loop_recipe_value, 1), **end;

	value->text = arena_strndup(arena, text, strlen(text));
	for (end = &option->first; *end; end = &(*end)->next)
		;
	*end = value;
}

/* --- the tree -------------------------------------------------------------------------------- */

struct reader {
	struct loop_recipe *recipe;
	struct yaml_doc doc;
	struct arena *arena;
	struct err *err;
};

/* Control characters would break lines of logs and tables. */
static int check_line(struct reader *r, const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR)
		return yaml_error(&r->doc, node, r->err, "a value must be a text or a number");
	if (*node->text == '\0')
		return yaml_error(&r->doc, node, r->err, "a value is empty");
	for (const char *c = node->text; *c; c++)
		if ((unsigned char)*c < ' ')
			return yaml_error(&r->doc, node, r->err, "a value must be one line");
	return 0;
}

/* true and false are flags, given or not; lists are several values. */
static int read_option(struct reader *r, struct loop_recipe_step *step,
		       const struct yaml_node *node)
{
	bool plain = node->kind == YAML_SCALAR && !node->quoted;
	struct loop_recipe_option *option;

	if (yaml_is_null(node) || (plain && strcmp(node->text, "false") == 0))
		return 0;
	option = loop_recipe_add_option(r->recipe, step, node->key, node->line, r->arena, r->err);
	if (!option)
		return -1;
	option->flag = plain && strcmp(node->text, "true") == 0;
	if (option->flag)
		return 0;
	if (node->kind != YAML_SEQUENCE) {
		if (check_line(r, node) < 0)
			return -1;
		loop_recipe_add_value(option, node->text, r->arena);
		return 0;
	}
	if (!node->first)
		return yaml_error(&r->doc, node, r->err, "'%.60s' is an empty list", node->key);
	for (const struct yaml_node *item = node->first; item; item = item->next) {
		if (check_line(r, item) < 0)
			return -1;
		loop_recipe_add_value(option, item->text, r->arena);
	}
	return 0;
}

static int read_name(struct reader *r, const struct yaml_node *node, const char **name)
{
	const char *c = node->kind == YAML_SCALAR ? node->text : "";

	while (isalnum((unsigned char)*c) || *c == '-' || *c == '_')
		c++;
	if (node->kind != YAML_SCALAR || *c || c == node->text || *node->text == '-' ||
	    c - node->text >= RECIPE_NAME_BYTES)
		return yaml_error(
			&r->doc, node, r->err,
			"a name must have 1 to %d letters, digits, '_' and '-', and begin "
			"with no '-'",
			RECIPE_NAME_BYTES - 1);
	*name = node->text;
	return 0;
}

static int read_kind(struct reader *r, const struct yaml_node *node, enum loop_recipe_kind *kind)
{
	struct nearest near = nearest_to(node->key);
	struct buf all = {0};

	for (int i = 0; i < RECIPE_KIND_COUNT_; i++) {
		if (strcmp(node->key, kinds[i].name) == 0) {
			*kind = (enum loop_recipe_kind)i;
			buf_free(&all);
			return 0;
		}
		nearest_try(&near, kinds[i].name);
		buf_str(&all, i ? ", " : "");
		buf_str(&all, kinds[i].name);
	}
	if (near.word)
		yaml_error(&r->doc, node, r->err, "unknown step '%.60s'; did you mean '%s'?",
			   node->key, near.word);
	else
		yaml_error(&r->doc, node, r->err, "unknown step '%.60s'; there are %s", node->key,
			   all.data);
	buf_free(&all);
	return -1;
}

static int check_name_is_new(struct reader *r, const struct loop_recipe_step *step)
{
	for (const struct loop_recipe_step *other = r->recipe->steps; other < step; other++)
		if (strcmp(other->name, step->name) == 0)
			return loop_recipe_error(
				r->recipe, step->line, r->err,
				"a second step called '%s', as that of line %d; 'as' "
				"gives it another name",
				step->name, other->line);
	return 0;
}

static int read_step(struct reader *r, const struct yaml_node *node)
{
	struct loop_recipe_step *step = &r->recipe->steps[r->recipe->count];
	const struct yaml_node *inside = node->first;

	if (node->kind != YAML_MAPPING || node->count != 1)
		return yaml_error(&r->doc, node, r->err,
				  "a step must be a mapping of one key, the kind of step");
	step->line = inside->line;
	if (read_kind(r, inside, &step->kind) < 0)
		return -1;
	step->name = kinds[step->kind].name;
	if (inside->kind != YAML_MAPPING && !yaml_is_null(inside))
		return yaml_error(&r->doc, inside, r->err, "'%s' must be a mapping of options",
				  inside->key);
	for (const struct yaml_node *n = inside->first; n; n = n->next) {
		bool as = strcmp(n->key, "as") == 0;

		if ((as ? read_name(r, n, &step->name) : read_option(r, step, n)) < 0)
			return -1;
	}
	if (check_name_is_new(r, step) < 0)
		return -1;
	r->recipe->count++;
	return 0;
}

static int read_steps(struct reader *r, const struct yaml_node *node)
{
	if (node->kind != YAML_SEQUENCE || !node->first)
		return yaml_error(&r->doc, node, r->err, "'steps' must be a list of steps");
	if (node->count > RECIPE_STEPS_MAX)
		return yaml_error(&r->doc, node, r->err, "%zu steps; at most %d", node->count,
				  RECIPE_STEPS_MAX);
	r->recipe->steps = ARENA_NEW(r->arena, struct loop_recipe_step, node->count);
	for (const struct yaml_node *n = node->first; n; n = n->next)
		if (read_step(r, n) < 0)
			return -1;
	return 0;
}

static int refuse_key(struct reader *r, const struct yaml_node *node)
{
	struct nearest near = nearest_to(node->key);

	nearest_try(&near, "name");
	nearest_try(&near, "about");
	nearest_try(&near, "steps");
	if (near.word)
		return yaml_error(&r->doc, node, r->err, "unknown key '%.60s'; did you mean '%s'?",
				  node->key, near.word);
	return yaml_error(&r->doc, node, r->err,
			  "unknown key '%.60s'; there are name, about, steps", node->key);
}

static int read_about(struct reader *r, const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR)
		return yaml_error(&r->doc, node, r->err, "'about' must be a text");
	r->recipe->about = node->text;
	return 0;
}

static int read_root(struct reader *r)
{
	const struct yaml_node *root = r->doc.root;

	if (root->kind != YAML_MAPPING)
		return yaml_error(&r->doc, root, r->err, "a recipe must be a mapping");
	for (const struct yaml_node *n = root->first; n; n = n->next) {
		int rc;

		if (strcmp(n->key, "name") == 0)
			rc = read_name(r, n, &r->recipe->name);
		else if (strcmp(n->key, "about") == 0)
			rc = read_about(r, n);
		else if (strcmp(n->key, "steps") == 0)
			rc = read_steps(r, n);
		else
			rc = refuse_key(r, n);
		if (rc < 0)
			return -1;
	}
	if (!r->recipe->name)
		return yaml_error(&r->doc, root, r->err, "'name' is missing");
	if (!r->recipe->steps)
		return yaml_error(&r->doc, root, r->err, "'steps' is missing");
	return 0;
}

int loop_recipe_parse(struct loop_recipe *recipe, const char *file, const char *text, size_t len,
		      const char *const *settings, int count, struct arena *arena, struct err *err)
{
	struct reader r = {.recipe = recipe, .arena = arena, .err = err};

	*recipe = (struct loop_recipe){.file = file, .about = "", .settings = count};
	if (yaml_parse(&r.doc, file, text, len, arena, err) < 0 || read_root(&r) < 0)
		return -1;
	for (int i = 0; i < count; i++)
		if (loop_recipe_set(recipe, settings[i], arena, err) < 0)
			return -1;
	return loop_recipe_resolve(recipe, err);
}

int loop_recipe_read(struct loop_recipe *recipe, const char *file, const char *const *settings,
		     int count, struct arena *arena, struct err *err)
{
	struct buf text = {0};
	int rc = fs_read(file, YAML_BYTES_MAX, &text, err);

	if (rc == 0)
		rc = loop_recipe_parse(recipe, file, text.data, text.len, settings, count, arena,
				       err);
	buf_free(&text);
	return rc;
}
