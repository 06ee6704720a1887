/* SPDX-License-Identifier: MIT */
/* Figures have four decimals in JSON. What is not known is left out, and so is what is 0 in counts by
 * kind, by parameter and by character. */
#include <config.h>

#include "formats/metrics.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DECIMALS 4

static const char *const figure_names[METRICS_FIGURE_COUNT_] = {
#define F(id, name, about) name,
	METRICS_FIGURES(F)
#undef F
};

static const char *const fate_names[FATE_COUNT_] = {
#define F(id, name, about) name,
	METRICS_FATES(F)
#undef F
};

const char *metrics_figure_name(enum metrics_figure figure)
{
	return figure_names[figure];
}

const char *metrics_fate_name(enum metrics_fate fate)
{
	return fate_names[fate];
}

/* An object that is being written: where a comma is due. */
struct object {
	struct buf *out;
	int depth;
	bool begun;
};

static void put_key(struct object *o, const char *key)
{
	buf_str(o->out, o->begun ? ",\n" : "\n");
	for (int i = 0; i <= o->depth; i++)
		buf_char(o->out, '\t');
	buf_json_str(o->out, key);
	buf_str(o->out, ": ");
	o->begun = true;
}

static struct object open_object(struct object *in, const char *key)
{
	put_key(in, key);
	buf_char(in->out, '{');
	return (struct object){.out = in->out, .depth = in->depth + 1};
}

static void close_object(struct object *o)
{
	if (o->begun) {
		buf_char(o->out, '\n');
		for (int i = 0; i < o->depth; i++)
			buf_char(o->out, '\t');
	}
	buf_char(o->out, '}');
}

static void put_count(struct object *o, const char *key, int64_t count)
{
	put_key(o, key);
	buf_int(o->out, count);
}

static void put_group(struct object *in, const char *key, const struct metrics_group *group)
{
	struct object o = open_object(in, key);

	put_count(&o, "drawings", group->drawings);
	for (int i = 0; i < METRICS_FIGURE_COUNT_; i++) {
		const struct metrics_value *v = &group->figures[i];

		if (v->drawings == 0)
			continue;
		put_key(&o, figure_names[i]);
		buf_str(o.out, "{\"value\": ");
		buf_fixed(o.out, v->value, DECIMALS);
		buf_str(o.out, ", \"low\": ");
		buf_fixed(o.out, v->low, DECIMALS);
		buf_str(o.out, ", \"high\": ");
		buf_fixed(o.out, v->high, DECIMALS);
		buf_str(o.out, ", \"drawings\": ");
		buf_int(o.out, v->drawings);
		buf_char(o.out, '}');
	}
	close_object(&o);
}

static void put_groups(struct object *in, const struct metrics *metrics)
{
	struct object o = open_object(in, "groups");

	for (int i = 0; i < metrics->group_count;) {
		const char *by = metrics->groups[i].by;
		struct object of = open_object(&o, by);

		for (; i < metrics->group_count && strcmp(metrics->groups[i].by, by) == 0; i++)
			put_group(&of, metrics->groups[i].is, &metrics->groups[i]);
		close_object(&of);
	}
	close_object(&o);
}

static void put_kinds(struct object *in, const struct metrics *metrics)
{
	struct object o = open_object(in, "shapes");

	for (int k = 0; k < SHAPE_COUNT_; k++) {
		const struct metrics_kind *kind = &metrics->kinds[k];
		struct object of;

		if (kind->truths == 0 && kind->said == 0)
			continue;
		of = open_object(&o, shape_kind_name((enum shape_kind)k));
		put_count(&of, "true", kind->truths);
		put_count(&of, "predicted", kind->said);
		put_count(&of, "equal", kind->equal);
		put_count(&of, "near", kind->near);
		put_count(&of, "missed", kind->missed);
		put_count(&of, "added", kind->added);
		close_object(&of);
	}
	close_object(&o);
}

static void character_name(int c, char name[2])
{
	name[0] = c == METRICS_NO_CHARACTER ? '\0' : METRICS_CHARACTERS[c];
	name[1] = '\0';
}

static void put_characters(struct object *in, const struct metrics_errors *errors)
{
	struct object o = open_object(in, "characters");

	for (int i = 0; i < METRICS_CHARACTER_COUNT; i++) {
		struct object of;
		char name[2];

		character_name(i, name);
		of = open_object(&o, name);
		for (int k = 0; k < METRICS_CHARACTER_COUNT; k++) {
			if (errors->characters[i][k] == 0)
				continue;
			character_name(k, name);
			put_count(&of, name, errors->characters[i][k]);
		}
		close_object(&of);
	}
	close_object(&o);
}

static void put_errors(struct object *in, const struct metrics_errors *errors)
{
	struct object o = open_object(in, "errors"), of;

	put_count(&o, "read", errors->read);
	put_count(&o, "unread", errors->unread);
	of = open_object(&o, "numbers");
	for (int i = 0; i < FATE_COUNT_; i++)
		put_count(&of, fate_names[i], errors->fates[i]);
	close_object(&of);
	of = open_object(&o, "moved");
	for (int p = 0; p < PARAM_COUNT_; p++)
		if (errors->moved[p] > 0)
			put_count(&of, param_name((enum param)p), errors->moved[p]);
	close_object(&of);
	put_characters(&o, errors);
	close_object(&o);
}

void metrics_write(const struct metrics *metrics, struct buf *out)
{
	struct object o = {.out = out}, of;
	char seed[24];

	buf_char(out, '{');
	of = open_object(&o, "bootstrap");
	put_count(&of, "resamples", metrics->resamples);
	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)metrics->seed);
	put_key(&of, "seed");
	buf_str(out, seed);
	close_object(&of);
	put_group(&o, "all", &metrics->all);
	put_groups(&o, metrics);
	put_kinds(&o, metrics);
	put_errors(&o, &metrics->errors);
	close_object(&o);
	buf_char(out, '\n');
}
