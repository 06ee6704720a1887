/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/run_log_main.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "formats/metrics/event_file.h"
#include "formats/metrics/run_metrics.h"

/* Of the steps since the last line. */
struct sums {
	double loss, reading, flops, seconds, waited;
	int64_t steps, losses, tokens, samples; /* losses: steps that have one */
};

struct run_log {
	struct run_log_settings settings;
	FILE *metrics;
	struct event_file *events;
	struct sums sums;
};

static int open_metrics(struct run_log *log, struct err *err)
{
	bool append = log->settings.append;
	struct buf path = {0};
	int rc = 0;

	buf_str(&path, log->settings.folder);
	buf_str(&path, "/metrics.jsonl");
	if (append)
		rc = run_metrics_mend(path.data, err);
	if (rc == 0 && !(log->metrics = fopen(path.data, append ? "a" : "w")))
		rc = err_errno(err, "cannot open %s", path.data);
	buf_free(&path);
	return rc;
}

struct run_log *run_log_open(const struct run_log_settings *settings, struct err *err)
{
	struct run_log *log = mem_alloc(1, sizeof(*log));
	int64_t resumed_at = settings->append ? settings->done + 1 : -1;

	log->settings = *settings;
	if (open_metrics(log, err) == 0)
		log->events = event_file_open(settings->folder, resumed_at, err);
	if (log->events)
		return log;
	run_log_close(log);
	return NULL;
}

/* All lines and records are out already, and their errors told. */
void run_log_close(struct run_log *log)
{
	if (!log)
		return;
	if (log->metrics)
		fclose(log->metrics);
	event_file_close(log->events, NULL);
	free(log);
}

/* What a line has of one number, and what TensorBoard calls it. */
struct shown {
	const char *key, *tag;
	double value;
};

static void put_number(struct buf *line, const struct shown *shown)
{
	char text[40];

	snprintf(text, sizeof(text), "%.9g", shown->value);
	buf_char(line, ',');
	buf_json_str(line, shown->key);
	buf_char(line, ':');
	buf_str(line, isfinite(shown->value) ? text : "null");
}

static int put_line(struct run_log *log, const struct buf *line, struct err *err)
{
	if (fwrite(line->data, 1, line->len, log->metrics) == line->len &&
	    fflush(log->metrics) == 0)
		return 0;
	return err_errno(err, "cannot write %s/metrics.jsonl", log->settings.folder);
}

/* One line, and an event for each number. */
static int write_shown(struct run_log *log, int64_t step, const struct shown *shown, size_t count,
		       struct err *err)
{
	double now = event_file_time();
	struct buf line = {0};
	int rc;

	buf_str(&line, "{\"step\":");
	buf_int(&line, step);
	for (size_t i = 0; i < count; i++)
		put_number(&line, &shown[i]);
	buf_str(&line, "}\n");
	rc = put_line(log, &line, err);
	buf_free(&line);
	for (size_t i = 0; i < count && rc == 0; i++)
		if (!isnan(shown[i].value))
			rc = event_file_scalar(log->events, shown[i].tag, step, now, shown[i].value,
					       err);
	return rc;
}

static double mean_loss(const struct sums *s)
{
	return s->losses ? s->loss / (double)s->losses : NAN;
}

/* "  loss 0.1234", or nothing where there is none. */
static const char *shown_loss(char text[32], const char *name, double loss)
{
	snprintf(text, 32, "  %s %.4f", name, loss);
	return isnan(loss) ? "" : text;
}

/* NaN where the peak is not known. */
static double peak_share(const struct run_log *log)
{
	double peak = log->settings.peak;

	return peak > 0 ? log->sums.flops / log->sums.seconds / peak : NAN;
}

/* ", 21 % of peak", or nothing. */
static const char *shown_share(char text[32], double share)
{
	snprintf(text, 32, ", %.0f %% of peak", 100 * share);
	return isnan(share) ? "" : text;
}

static void print_step(const struct run_log *log, const struct training_report *r)
{
	const struct sums *s = &log->sums;
	double left = s->seconds / (double)s->steps * (double)(log->settings.steps - r->step);
	char loss[32], reading[32], share[32];

	fprintf(stderr,
		"step %" PRId64 "/%" PRId64 "%s%s  rate %.2e  |g| %.3f  %.1f samples/s  "
		"%.0f tokens/s  %.0f GFLOP/s%s  busy %.1f %%  %d:%02d left\n",
		r->step, log->settings.steps, shown_loss(loss, "loss", mean_loss(s)),
		shown_loss(reading, "reading", s->reading / (double)s->steps), r->rate, r->length,
		(double)s->samples / s->seconds, (double)s->tokens / s->seconds,
		s->flops / s->seconds / 1e9, shown_share(share, peak_share(log)),
		100 * (1 - s->waited / s->seconds), (int)left / 60, (int)left % 60);
}

static int write_step(struct run_log *log, const struct training_report *r, struct err *err)
{
	const struct sums *s = &log->sums;
	const struct shown shown[] = {
		{"loss", "loss/train", mean_loss(s)},
		{"reading", "loss/reading", s->reading / (double)s->steps},
		{"rate", "rate", r->rate},
		{"gradient", "gradient", r->length},
		{"samples_per_s", "speed/samples_per_s", (double)s->samples / s->seconds},
		{"gflops", "speed/gflops", s->flops / s->seconds / 1e9},
		{"peak_share", "speed/peak_share", peak_share(log)},
		{"busy", "speed/busy", 1 - s->waited / s->seconds},
	};

	return write_shown(log, r->step, shown, sizeof(shown) / sizeof(*shown), err);
}

int run_log_step(struct run_log *log, const struct training_report *report, double seconds,
		 struct err *err)
{
	struct sums *s = &log->sums;
	int rc;

	s->seconds += seconds;
	s->waited += report->waited;
	if (!isnan(report->loss)) {
		s->loss += report->loss;
		s->losses++;
	}
	s->reading += report->reading;
	s->flops += report->flops;
	s->tokens += report->targets;
	s->samples += report->samples;
	s->steps++;
	if (report->step % log->settings.show_every != 0 && report->step != log->settings.steps)
		return 0;
	print_step(log, report);
	rc = write_step(log, report, err);
	*s = (struct sums){0};
	return rc;
}

int run_log_check(struct run_log *log, int64_t step, const struct training_check *check,
		  struct err *err)
{
	const struct shown shown[] = {
		{"validation_loss", "loss/validation", check->loss},
		{"validation_tokens", "right/tokens", check->tokens},
		{"validation_exact", "right/programs", check->exact},
	};

	fprintf(stderr,
		"step %" PRId64 "  validation loss %.4f%s  tokens right %.2f %%  programs right "
		"%.2f %%\n",
		step, check->loss, check->best ? ", the least so far" : "", 100 * check->tokens,
		100 * check->exact);
	return write_shown(log, step, shown, sizeof(shown) / sizeof(*shown), err);
}

int run_log_preview(struct run_log *log, int64_t step, int n, const struct image *image,
		    const char *text, struct err *err)
{
	double now = event_file_time();
	char tag[32];

	snprintf(tag, sizeof(tag), "sample/%d", n);
	if (event_file_image(log->events, tag, step, now, image, err) < 0)
		return -1;
	return event_file_text(log->events, tag, step, now, text, err);
}
