/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/solid_metrics.h"

#include <string.h>

#include "formats/metrics_private.h"

static const struct {
	const char *name;
	double scale;
} figures[SOLID_METRICS_FIGURE_COUNT_] = {
#define F(id, name, scale, about) {name, scale},
	SOLID_METRICS_FIGURES(F)
#undef F
};

const char *const solid_metrics_languages[] = {"sketch", "deepcad", NULL};

const char *solid_metrics_figure_name(enum solid_metrics_figure figure)
{
	return figures[figure].name;
}

double solid_metrics_figure_scale(enum solid_metrics_figure figure)
{
	return figures[figure].scale;
}

static void put_group(struct json_put *in, const char *key, const struct solid_metrics_group *group)
{
	struct json_put o = json_put_open(in, key);

	json_put_count(&o, "solids", group->solids);
	for (int i = 0; i < SOLID_METRICS_FIGURE_COUNT_; i++) {
		if (group->figures[i].drawings == 0)
			continue;
		json_put_key(&o, figures[i].name);
		metrics_put_value(o.out, &group->figures[i], "solids");
	}
	json_put_close(&o);
}

static void put_groups(struct json_put *in, const struct solid_metrics *metrics)
{
	struct json_put o = json_put_open(in, "groups");

	for (int i = 0; i < metrics->group_count;) {
		const char *by = metrics->groups[i].by;
		struct json_put of = json_put_open(&o, by);

		for (; i < metrics->group_count && strcmp(metrics->groups[i].by, by) == 0; i++)
			put_group(&of, metrics->groups[i].is, &metrics->groups[i]);
		json_put_close(&of);
	}
	json_put_close(&o);
}

void solid_metrics_write(const struct solid_metrics *metrics, struct buf *out)
{
	struct json_put o = json_put_begin(out);

	metrics_put_bootstrap(&o, metrics->resamples, metrics->seed);
	put_group(&o, "solids", &metrics->all);
	put_groups(&o, metrics);
	json_put_end(&o);
}
