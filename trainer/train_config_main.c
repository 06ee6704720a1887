/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train_config_main.h"

#include <string.h>

#include "base/nearest.h"
#include "formats/encoding/yaml.h"
#include "formats/model/model_config.h"

#define TRAINING "training"

/* A(name, key): other names of keys, of TinyLLaVA's and transformers' options that mean exactly the same. */
#define ALIASES(A)                                                                                 \
	A("base_model", "init")                                                                    \
	A("model_name_or_path", "init")                                                            \
	A("train_data", "train")                                                                   \
	A("data_path", "train")                                                                    \
	A("val_data", "val")                                                                       \
	A("output_dir", "out")                                                                     \
	A("num_epochs", "epochs")                                                                  \
	A("num_train_epochs", "epochs")                                                            \
	A("max_steps", "steps")                                                                    \
	A("per_device_batch_size", "batch")                                                        \
	A("per_device_train_batch_size", "batch")                                                  \
	A("gradient_accumulation_steps", "accumulate")                                             \
	A("learning_rate", "rate")                                                                 \
	A("lr_scheduler_type", "schedule")                                                         \
	A("warmup_ratio", "warmup")                                                                \
	A("weight_decay", "decay")                                                                 \
	A("max_grad_norm", "clip")                                                                 \
	A("label_smoothing_factor", "smoothing")                                                   \
	A("gradient_checkpointing", "recompute")                                                   \
	A("eval_steps", "check_every")                                                             \
	A("logging_steps", "show_every")

static const struct alias {
	const char *name, *key;
} aliases[] = {
#define A(name, key) {name, key},
	ALIASES(A)
#undef A
};

#define ALIAS_COUNT (sizeof(aliases) / sizeof(*aliases))

struct config {
	struct yaml_doc doc;
	struct cli_option table[TRAIN_OPTIONS_MAX];
	char keys[TRAIN_OPTIONS_MAX][TRAIN_KEY_BYTES];
	int lines[TRAIN_OPTIONS_MAX]; /* where each was given; 0: not yet */
};

/* The key that names option i; none for --config itself. */
static void fill_keys(struct config *c)
{
	for (int i = 0; c->table[i].name; i++)
		if (strcmp(c->table[i].name, "config") != 0)
			train_options_key(&c->table[i], c->keys[i]);
}

static bool is_among(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

/* The key that an alias stands for: a model to begin with is a checkpoint, or a preset by its name. */
static const char *key_of(const struct yaml_node *node)
{
	for (size_t i = 0; i < ALIAS_COUNT; i++) {
		if (strcmp(aliases[i].name, node->key) != 0)
			continue;
		if (strcmp(aliases[i].key, "init") == 0 && node->kind == YAML_SCALAR &&
		    is_among(node->text, model_preset_names))
			return "preset";
		return aliases[i].key;
	}
	return node->key;
}

/* The number of the option, or -1. */
static int find_key(const struct config *c, const char *key)
{
	for (int i = 0; c->table[i].name; i++)
		if (*key && strcmp(c->keys[i], key) == 0)
			return i;
	return -1;
}

static int refuse_key(const struct config *c, const struct yaml_node *node, struct err *err)
{
	struct nearest near = nearest_to(node->key);

	for (int i = 0; c->table[i].name; i++)
		nearest_try(&near, c->keys[i]);
	for (size_t i = 0; i < ALIAS_COUNT; i++)
		nearest_try(&near, aliases[i].name);
	if (strcmp(node->key, TRAINING) != 0) /* it stands at the top alone */
		nearest_try(&near, TRAINING);
	if (near.word)
		return yaml_error(&c->doc, node, err, "unknown key '%.60s'; did you mean '%s'?",
				  node->key, near.word);
	return yaml_error(&c->doc, node, err, "unknown key '%.60s'", node->key);
}

/* "true" or "false" for what YAML takes for it; NULL for anything else. */
static const char *truth(const struct yaml_node *node)
{
	static const char *const yes[] = {"true", "True", "TRUE", NULL};
	static const char *const no[] = {"false", "False", "FALSE", NULL};

	if (node->quoted)
		return NULL;
	return is_among(node->text, yes) ? yes[0] : is_among(node->text, no) ? no[0] : NULL;
}

/* Whether the value can be of the option's kind; whether a number is one is left to cli_set. */
static bool fits(const struct cli_option *option, const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR)
		return false;
	switch (option->kind) {
	case CLI_FLAG:
		return truth(node) != NULL;
	case CLI_STRING:
		return truth(node) == NULL;
	case CLI_CHOICE:
		return true;
	default:
		return !node->quoted;
	}
}

static int refuse_kind(const struct config *c, const struct cli_option *option,
		       const struct yaml_node *node, struct err *err)
{
	static const char *const kinds[] = {
		[CLI_FLAG] = "true or false",    [CLI_INT] = "a whole number",
		[CLI_UINT64] = "a whole number", [CLI_REAL] = "a number",
		[CLI_STRING] = "a text",         [CLI_CHOICE] = "a word",
	};

	return yaml_error(&c->doc, node, err, "'%s' must be %s%s", node->key, kinds[option->kind],
			  node->quoted ? ", without quotes" : "");
}

static int set_option(struct config *c, int i, const struct yaml_node *node, struct err *err)
{
	const struct cli_option *option = &c->table[i];
	const char *text = node->text;

	if (c->lines[i])
		return yaml_error(&c->doc, node, err,
				  "'%s' is --%s, which line %d has given already", node->key,
				  option->name, c->lines[i]);
	if (!fits(option, node))
		return refuse_kind(c, option, node, err);
	c->lines[i] = node->line;
	if (option->kind == CLI_FLAG)
		text = truth(node);
	if (cli_set(option, text, err) == 0)
		return 0;
	err->code = ERR_FORMAT;
	return err_context(err, "%s:%d: %s", c->doc.name, node->line, node->key);
}

static int set_all(struct config *c, const struct yaml_node *mapping, struct err *err)
{
	for (const struct yaml_node *node = mapping->first; node; node = node->next) {
		bool training = mapping == c->doc.root && strcmp(node->key, TRAINING) == 0;
		int i = find_key(c, key_of(node));

		if (!training && i < 0)
			return refuse_key(c, node, err);
		if (yaml_is_null(node))
			continue;
		if (training && node->kind != YAML_MAPPING)
			return yaml_error(&c->doc, node, err, "'" TRAINING "' must be a mapping");
		if ((training ? set_all(c, node, err) : set_option(c, i, node, err)) < 0)
			return -1;
	}
	return 0;
}

/* Of steps, epochs and minutes one is given, or none; the others are nothing then. */
static int check_length(const struct config *c, struct train_options *o, struct err *err)
{
	static const char *const keys[] = {"steps", "epochs", "minutes"};
	int lines[3], first = -1;

	for (int i = 0; i < 3; i++) {
		lines[i] = c->lines[find_key(c, keys[i])];
		if (lines[i] && (first < 0 || lines[i] < lines[first]))
			first = i;
	}
	for (int i = 0; i < 3; i++)
		if (lines[i] && i != first)
			return err_set(err, ERR_FORMAT,
				       "%s:%d: %s and %s exclude each other; line %d has given %s",
				       c->doc.name, lines[i], keys[i < first ? i : first],
				       keys[i < first ? first : i], lines[first], keys[first]);
	if (first < 0)
		return 0;
	o->steps = lines[0] ? o->steps : 0;
	o->epochs = lines[1] ? o->epochs : 0;
	o->minutes = lines[2] ? o->minutes : 0;
	return 0;
}

int train_config_read(struct train_options *o, const char *path, struct err *err)
{
	struct config c = {0};

	train_options_table(o, c.table);
	fill_keys(&c);
	if (yaml_read(&c.doc, path, &o->texts, err) < 0)
		return -1;
	if (c.doc.root->kind != YAML_MAPPING)
		return yaml_error(&c.doc, c.doc.root, err, "keys with values are needed");
	if (set_all(&c, c.doc.root, err) < 0)
		return -1;
	return check_length(&c, o, err);
}
