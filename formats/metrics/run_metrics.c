/* SPDX-License-Identifier: MIT */
/* Every series has its own steps: a run does not write all of its numbers at each. */
#include <config.h>

#include "formats/metrics/run_metrics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "formats/encoding/json.h"

#define STEP_MAX 9007199254740992.0 /* 2^53 */

static struct run_metric *find(const struct run_metrics *metrics, const char *name)
{
	for (size_t i = 0; i < metrics->count; i++)
		if (strcmp(metrics->series[i].name, name) == 0)
			return &metrics->series[i];
	return NULL;
}

const struct run_metric *run_metrics_find(const struct run_metrics *metrics, const char *name)
{
	return find(metrics, name);
}

static struct run_metric *add_series(struct run_metrics *metrics, const char *name)
{
	size_t bytes = strlen(name) + 1;
	struct run_metric *metric;

	if (metrics->count == metrics->room) {
		metrics->room = metrics->room ? mem_mul(metrics->room, 2) : 16;
		metrics->series =
			mem_realloc(metrics->series, metrics->room, sizeof(*metrics->series));
	}
	metric = &metrics->series[metrics->count++];
	*metric = (struct run_metric){.name = mem_alloc(bytes, 1)};
	memcpy(metric->name, name, bytes);
	return metric;
}

static void add_value(struct run_metric *metric, double step, double value)
{
	while (metric->count && metric->steps[metric->count - 1] >= step)
		metric->count--;
	if (metric->count == metric->room) {
		metric->room = metric->room ? mem_mul(metric->room, 2) : 64;
		metric->steps = mem_realloc(metric->steps, metric->room, sizeof(*metric->steps));
		metric->values = mem_realloc(metric->values, metric->room, sizeof(*metric->values));
	}
	metric->steps[metric->count] = step;
	metric->values[metric->count++] = value;
}

static int add_object(struct run_metrics *metrics, const struct json_doc *doc, struct err *err)
{
	double step;

	if (!cJSON_IsObject(doc->root))
		return json_error(doc, NULL, err, "no object");
	if (json_whole(doc, doc->root, "step", 0, STEP_MAX, &step, err) < 0)
		return -1;
	for (const cJSON *node = doc->root->child; node; node = node->next) {
		struct run_metric *metric;

		if ((!cJSON_IsNumber(node) && !cJSON_IsNull(node)) ||
		    strcmp(node->string, "step") == 0)
			continue;
		metric = find(metrics, node->string);
		if (!metric && metrics->count == RUN_METRICS_SERIES_MAX)
			return json_limit(doc, node, err, "more than %d names of numbers",
					  RUN_METRICS_SERIES_MAX);
		if (!metric)
			metric = add_series(metrics, node->string);
		add_value(metric, step, cJSON_IsNumber(node) ? node->valuedouble : NAN);
	}
	return 0;
}

int run_metrics_parse(struct run_metrics *metrics, const char *name, const char *text, size_t len,
		      struct err *err)
{
	const char *at = text, *stop = text + len, *end;
	struct json_doc doc;

	*metrics = (struct run_metrics){0};
	for (long line = 1; at < stop && (end = memchr(at, '\n', (size_t)(stop - at))); line++) {
		int rc = json_parse_line(&doc, name, line, at, (size_t)(end - at), err);

		if (rc == 0) {
			rc = add_object(metrics, &doc, err);
			json_free(&doc);
		}
		if (rc < 0) {
			run_metrics_free(metrics);
			return -1;
		}
		at = end + 1;
	}
	return 0;
}

int run_metrics_read(struct run_metrics *metrics, const char *path, struct err *err)
{
	struct buf text = {0};
	int rc = fs_read(path, RUN_METRICS_BYTES_MAX, &text, err);

	*metrics = (struct run_metrics){0};
	if (rc == 0)
		rc = run_metrics_parse(metrics, path, text.data, text.len, err);
	buf_free(&text);
	return rc;
}

void run_metrics_free(struct run_metrics *metrics)
{
	for (size_t i = 0; i < metrics->count; i++) {
		free(metrics->series[i].name);
		free(metrics->series[i].steps);
		free(metrics->series[i].values);
	}
	free(metrics->series);
	*metrics = (struct run_metrics){0};
}

int run_metrics_mend(const char *path, struct err *err)
{
	struct buf text = {0};
	struct stat st;
	size_t keep;
	int rc = 0;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : err_errno(err, "cannot look at %s", path);
	if (!S_ISREG(st.st_mode))
		return 0;
	if (fs_read(path, RUN_METRICS_BYTES_MAX, &text, err) < 0)
		return -1;
	for (keep = text.len; keep > 0 && text.data[keep - 1] != '\n'; keep--)
		;
	if (keep < text.len && truncate(path, (off_t)keep) < 0)
		rc = err_errno(err, "cannot cut the last line off %s", path);
	buf_free(&text);
	return rc;
}
