/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/metrics/solid_metrics.h"

#include "formats/metrics/metrics_private.h"

_Static_assert((int)SOLID_METRICS_FIGURE_COUNT_ <= (int)METRICS_FIGURE_COUNT_,
	       "a group has room for them");

static const char *const names[SOLID_METRICS_FIGURE_COUNT_] = {
#define F(id, name, scale, about) name,
	SOLID_METRICS_FIGURES(F)
#undef F
};

const struct metrics_words metrics_of_solids = {"solids", names, SOLID_METRICS_FIGURE_COUNT_};

static const double scales[SOLID_METRICS_FIGURE_COUNT_] = {
#define F(id, name, scale, about) scale,
	SOLID_METRICS_FIGURES(F)
#undef F
};

const char *const solid_metrics_languages[] = {"sketch",   "cadquery", "gencad", "recode",
					       "text2cad", "deepcad",  NULL};

const char *solid_metrics_figure_name(enum solid_metrics_figure figure)
{
	return names[figure];
}

double solid_metrics_figure_scale(enum solid_metrics_figure figure)
{
	return scales[figure];
}

void solid_metrics_write(const struct solid_metrics *metrics, struct buf *out)
{
	struct json_put o = json_put_begin(out);

	metrics_put_bootstrap(&o, metrics->resamples, metrics->seed);
	metrics_put_group(&o, "solids", &metrics_of_solids, &metrics->all);
	metrics_put_groups(&o, &metrics_of_solids, metrics->groups, metrics->group_count);
	json_put_end(&o);
}
