/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "formats/solid_metrics.h"

#include "formats/metrics_private.h"

static const struct {
	const char *name;
	double scale;
} figures[SOLID_METRICS_FIGURE_COUNT_] = {
#define F(id, name, scale, about) {name, scale},
	SOLID_METRICS_FIGURES(F)
#undef F
};

const char *const solid_metrics_languages[] = {"sketch", "cadquery", "gencad",
					       "recode", "deepcad",  NULL};

const char *solid_metrics_figure_name(enum solid_metrics_figure figure)
{
	return figures[figure].name;
}

double solid_metrics_figure_scale(enum solid_metrics_figure figure)
{
	return figures[figure].scale;
}

void solid_metrics_write(const struct solid_metrics *metrics, struct buf *out)
{
	struct json_put o = json_put_begin(out), of;

	metrics_put_bootstrap(&o, metrics->resamples, metrics->seed);
	of = json_put_open(&o, "solids");
	json_put_count(&of, "solids", metrics->solids);
	for (int i = 0; i < SOLID_METRICS_FIGURE_COUNT_; i++) {
		if (metrics->figures[i].drawings == 0)
			continue;
		json_put_key(&of, figures[i].name);
		metrics_put_value(out, &metrics->figures[i], "solids");
	}
	json_put_close(&of);
	json_put_end(&o);
}
