/* SPDX-License-Identifier: MIT */
/*
 * A chart for each number that some run has; with one run, numbers of one kind share theirs.
 */
#include <config.h>

#include "trainer/plot_main.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "formats/image/image.h"
#include "formats/metrics/run_metrics.h"
#include "render/chart/chart.h"

#define WIDTH_PX 1600
#define SVG_WIDTH_PX 1200
#define COLUMNS 2
#define PNG_LEVEL 6

/* The line of a noisy number is smoothed over this part of its values, so that long runs look like short
 * ones. */
#define SMOOTH_PART 200.0

static const struct plotted {
	const char *key;
	const char *title;
	const char *together, *name; /* titles of the chart and the line where several share one */
	enum chart_scale scale;
	bool from_zero, noisy;
	bool joins; /* the chart before it, where there is but one run */
} all_plotted[] = {
	{"loss", "Loss in training", "Loss", "training", CHART_AUTO, false, true, false},
	{"validation_loss", "Loss in validation", NULL, "validation", CHART_AUTO, false, false,
	 true},
	{"validation_tokens", "Share of tokens right in validation", "Share right in validation",
	 "tokens", CHART_LINEAR, true, false, false},
	{"validation_exact", "Share of programs right in validation", NULL, "programs",
	 CHART_LINEAR, true, false, true},
	{"reading", "Loss in reading", NULL, NULL, CHART_AUTO, false, true, false},
	{"rate", "Learning rate", NULL, NULL, CHART_LINEAR, true, false, false},
	{"gradient", "Length of the gradient", NULL, NULL, CHART_AUTO, true, true, false},
	{"samples_per_s", "Samples per second", NULL, NULL, CHART_LINEAR, true, true, false},
	{"gflops", "GFLOP per second", NULL, NULL, CHART_LINEAR, true, true, false},
	{"peak_share", "Share of the peak", NULL, NULL, CHART_LINEAR, true, true, false},
	{"busy", "Share of the time busy", NULL, NULL, CHART_LINEAR, true, true, false},
};

#define PLOTTED_COUNT (sizeof(all_plotted) / sizeof(*all_plotted))

struct job {
	int count; /* of runs */
	char *folders[PLOT_RUNS_MAX];
	const char *names[PLOT_RUNS_MAX];
	struct run_metrics runs[PLOT_RUNS_MAX];
	struct chart charts[PLOTTED_COUNT];
	int chart_count;
	struct arena arena;
};

/* --- runs ------------------------------------------------------------------------------------- */

/* Without slashes at its end. */
static char *copy_folder(struct arena *arena, const char *folder)
{
	size_t len = strlen(folder);

	while (len > 1 && folder[len - 1] == '/')
		len--;
	return arena_strndup(arena, folder, len);
}

/* The folder's name, or all of its path where another run has the same. */
static const char *name_of(const struct job *job, int run)
{
	const char *name = fs_base_name(job->folders[run]);

	for (int i = 0; i < job->count; i++)
		if (i != run && strcmp(fs_base_name(job->folders[i]), name) == 0)
			return job->folders[run];
	return name;
}

static int read_runs(struct job *job, struct err *err)
{
	struct buf path = {0};
	int rc = 0;

	for (int i = 0; i < job->count && rc == 0; i++) {
		buf_clear(&path);
		buf_str(&path, job->folders[i]);
		buf_str(&path, "/metrics.jsonl");
		rc = run_metrics_read(&job->runs[i], path.data, err);
		job->names[i] = name_of(job, i);
	}
	buf_free(&path);
	return rc;
}

/* --- charts ----------------------------------------------------------------------------------- */

/* A run without that number has no line and no name, but its colour. */
static struct chart_series series_of(const struct job *job, const struct plotted *p, int run)
{
	const struct run_metric *metric = run_metrics_find(&job->runs[run], p->key);
	double n = metric ? (double)metric->count : 0;

	if (n == 0)
		return (struct chart_series){0};
	return (struct chart_series){.name = job->count > 1 ? job->names[run] : p->name,
				     .x = metric->steps,
				     .y = metric->values,
				     .count = metric->count,
				     .smoothing = p->noisy ? fmax(0, 1 - SMOOTH_PART / n) : 0};
}

/* Of the numbers first..end of all_plotted, if there are any. */
static void add_chart(struct job *job, size_t first, size_t end)
{
	struct chart_series *series =
		ARENA_NEW(&job->arena, struct chart_series, (end - first) * (size_t)job->count);
	const struct plotted *p = &all_plotted[first];
	size_t values = 0;
	int count = 0;

	for (size_t i = first; i < end; i++)
		for (int run = 0; run < job->count; run++) {
			series[count] = series_of(job, &all_plotted[i], run);
			values += series[count++].count;
		}
	if (values == 0)
		return;
	job->charts[job->chart_count++] =
		(struct chart){.title = end > first + 1 ? p->together : p->title,
			       .x_label = "step",
			       .y_scale = p->scale,
			       .x_from_zero = true,
			       .y_from_zero = p->from_zero,
			       .series = series,
			       .series_count = count};
}

static int make_charts(struct job *job, struct err *err)
{
	for (size_t first = 0, end; first < PLOTTED_COUNT; first = end) {
		end = first + 1;
		while (job->count == 1 && end < PLOTTED_COUNT && all_plotted[end].joins)
			end++;
		add_chart(job, first, end);
	}
	if (job->chart_count == 0)
		return err_set(err, ERR_FORMAT, "%s/metrics.jsonl: nothing to draw yet",
			       job->folders[0]);
	return 0;
}

static struct chart_page page_of(const struct job *job, int width_px)
{
	return (struct chart_page){.title = job->count == 1 ? job->names[0] : NULL,
				   .charts = job->charts,
				   .count = job->chart_count,
				   .columns = job->chart_count < COLUMNS ? 1 : COLUMNS,
				   .width_px = width_px};
}

static int write_page(const struct job *job, struct err *err)
{
	struct chart_page page = page_of(job, WIDTH_PX);
	struct png_encoder *encoder;
	struct buf path = {0};
	struct image image;
	int rc;

	if (image_from_charts(&page, &image, err) < 0)
		return -1;
	buf_str(&path, job->folders[0]);
	buf_str(&path, "/curves.png");
	encoder = png_encoder_new(PNG_LEVEL);
	rc = image_write_png(&image, path.data, encoder, err);
	if (rc == 0)
		fprintf(stderr, "the curves are in %s\n", path.data);
	png_encoder_free(encoder);
	image_free(&image);
	buf_free(&path);
	return rc;
}

static int open_job(struct job *job, const char *const *folders, struct err *err)
{
	for (int i = 0; i < job->count; i++)
		job->folders[i] = copy_folder(&job->arena, folders[i]);
	return read_runs(job, err) < 0 ? -1 : make_charts(job, err);
}

static void close_job(struct job *job)
{
	for (int i = 0; i < job->count; i++)
		run_metrics_free(&job->runs[i]);
	arena_free(&job->arena);
}

int plot_runs(const char *const *folders, int count, struct err *err)
{
	struct job job = {.count = count};
	int rc;

	if (count < 1 || count > PLOT_RUNS_MAX)
		return err_set(err, ERR_USAGE, "--plot: %d runs; 1 to %d folders are drawn", count,
			       PLOT_RUNS_MAX);
	rc = open_job(&job, folders, err);
	if (rc == 0)
		rc = write_page(&job, err);
	close_job(&job);
	return rc;
}

int plot_svg(const char *folder, struct buf *out, struct err *err)
{
	struct job job = {.count = 1};
	struct chart_page page;
	int rc = open_job(&job, &folder, err);

	if (rc == 0) {
		page = page_of(&job, SVG_WIDTH_PX);
		rc = svg_from_charts(&page, out, err);
	}
	close_job(&job);
	return rc;
}
