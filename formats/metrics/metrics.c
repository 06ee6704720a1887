/* SPDX-License-Identifier: MIT */
/* Figures have four decimals in JSON. What is not known is left out, and so is what is 0 in counts by
 * kind, by parameter and by character. */
#include <config.h>

#include "formats/metrics/metrics_private.h"

#include <stdbool.h>
#include <string.h>

#define DECIMALS 4

static const char *const figure_names[METRICS_FIGURE_COUNT_] = {
#define F(id, name, about) name,
	METRICS_FIGURES(F)
#undef F
};

const struct metrics_words metrics_of_drawings = {"drawings", figure_names, METRICS_FIGURE_COUNT_};

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

/* {"value", "low", "high", and how many count, under the key `of`}, in a line. */
static void put_value(struct buf *out, const struct metrics_value *v, const char *of)
{
	buf_str(out, "{\"value\": ");
	buf_fixed(out, v->value, DECIMALS);
	buf_str(out, ", \"low\": ");
	buf_fixed(out, v->low, DECIMALS);
	buf_str(out, ", \"high\": ");
	buf_fixed(out, v->high, DECIMALS);
	buf_str(out, ", ");
	buf_json_str(out, of);
	buf_str(out, ": ");
	buf_int(out, v->drawings);
	buf_char(out, '}');
}

void metrics_put_bootstrap(struct json_put *in, int resamples, uint64_t seed)
{
	struct json_put o = json_put_open(in, "bootstrap");

	json_put_count(&o, "resamples", resamples);
	json_put_key(&o, "seed");
	buf_uint(o.out, seed);
	json_put_close(&o);
}

void metrics_put_group(struct json_put *in, const char *key, const struct metrics_words *words,
		       const struct metrics_group *group)
{
	struct json_put o = json_put_open(in, key);

	json_put_count(&o, words->of, group->count);
	for (int i = 0; i < words->count; i++) {
		const struct metrics_value *v = &group->figures[i];

		if (v->drawings == 0)
			continue;
		json_put_key(&o, words->figures[i]);
		put_value(o.out, v, words->of);
	}
	json_put_close(&o);
}

void metrics_put_groups(struct json_put *in, const struct metrics_words *words,
			const struct metrics_group *groups, int count)
{
	struct json_put o = json_put_open(in, "groups");

	for (int i = 0; i < count;) {
		const char *by = groups[i].by;
		struct json_put of = json_put_open(&o, by);

		for (; i < count && strcmp(groups[i].by, by) == 0; i++)
			metrics_put_group(&of, groups[i].is, words, &groups[i]);
		json_put_close(&of);
	}
	json_put_close(&o);
}

static void put_kinds(struct json_put *in, const struct metrics *metrics)
{
	struct json_put o = json_put_open(in, "shapes");

	for (int k = 0; k < SHAPE_COUNT_; k++) {
		const struct metrics_kind *kind = &metrics->kinds[k];
		struct json_put of;

		if (kind->truths == 0 && kind->said == 0)
			continue;
		of = json_put_open(&o, shape_kind_name((enum shape_kind)k));
		json_put_count(&of, "true", kind->truths);
		json_put_count(&of, "predicted", kind->said);
		json_put_count(&of, "equal", kind->equal);
		json_put_count(&of, "near", kind->near);
		json_put_count(&of, "missed", kind->missed);
		json_put_count(&of, "added", kind->added);
		json_put_close(&of);
	}
	json_put_close(&o);
}

static void character_name(int c, char name[2])
{
	name[0] = c == METRICS_NO_CHARACTER ? '\0' : METRICS_CHARACTERS[c];
	name[1] = '\0';
}

static void put_characters(struct json_put *in, const struct metrics_errors *errors)
{
	struct json_put o = json_put_open(in, "characters");

	for (int i = 0; i < METRICS_CHARACTER_COUNT; i++) {
		struct json_put of;
		char name[2];

		character_name(i, name);
		of = json_put_open(&o, name);
		for (int k = 0; k < METRICS_CHARACTER_COUNT; k++) {
			if (errors->characters[i][k] == 0)
				continue;
			character_name(k, name);
			json_put_count(&of, name, errors->characters[i][k]);
		}
		json_put_close(&of);
	}
	json_put_close(&o);
}

static void put_errors(struct json_put *in, const struct metrics_errors *errors)
{
	struct json_put o = json_put_open(in, "errors"), of;

	json_put_count(&o, "read", errors->read);
	json_put_count(&o, "unread", errors->unread);
	of = json_put_open(&o, "numbers");
	for (int i = 0; i < FATE_COUNT_; i++)
		json_put_count(&of, fate_names[i], errors->fates[i]);
	json_put_close(&of);
	of = json_put_open(&o, "moved");
	for (int p = 0; p < PARAM_COUNT_; p++)
		if (errors->moved[p] > 0)
			json_put_count(&of, param_name((enum param)p), errors->moved[p]);
	json_put_close(&of);
	put_characters(&o, errors);
	json_put_close(&o);
}

void metrics_write(const struct metrics *metrics, struct buf *out)
{
	struct json_put o = json_put_begin(out);

	metrics_put_bootstrap(&o, metrics->resamples, metrics->seed);
	metrics_put_group(&o, "all", &metrics_of_drawings, &metrics->all);
	metrics_put_groups(&o, &metrics_of_drawings, metrics->groups, metrics->group_count);
	put_kinds(&o, metrics);
	put_errors(&o, &metrics->errors);
	json_put_end(&o);
}
