/* SPDX-License-Identifier: MIT */
/* run_metrics_parse: whatever it accepts has rising steps, and without its cut last line is the same; what it
 * refuses leaves a proper error and nothing to free. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/metrics/run_metrics.h"

static void check_series(const struct run_metrics *metrics)
{
	for (size_t i = 0; i < metrics->count; i++) {
		const struct run_metric *m = &metrics->series[i];

		if (m->count == 0 || run_metrics_find(metrics, m->name) != m)
			abort();
		for (size_t k = 1; k < m->count; k++)
			if (m->steps[k] <= m->steps[k - 1])
				abort();
	}
}

static void check_equal(const struct run_metrics *a, const struct run_metrics *b)
{
	if (a->count != b->count)
		abort();
	for (size_t i = 0; i < a->count; i++) {
		const struct run_metric *x = &a->series[i], *y = &b->series[i];

		if (strcmp(x->name, y->name) != 0 || x->count != y->count ||
		    memcmp(x->steps, y->steps, x->count * sizeof(*x->steps)) != 0 ||
		    memcmp(x->values, y->values, x->count * sizeof(*x->values)) != 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct run_metrics metrics, again;
	struct err err = {0};
	size_t whole = size;

	if (run_metrics_parse(&metrics, "fuzz", text, size, &err) < 0) {
		if (metrics.count || metrics.series || strncmp(err.msg, "fuzz:", 5) != 0)
			abort();
		return 0;
	}
	while (whole > 0 && text[whole - 1] != '\n')
		whole--;
	if (run_metrics_parse(&again, "fuzz", text, whole, &err) < 0)
		abort();
	check_series(&metrics);
	check_equal(&metrics, &again);
	run_metrics_free(&metrics);
	run_metrics_free(&again);
	return 0;
}
