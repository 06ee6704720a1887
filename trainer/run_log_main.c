/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/run_log_main.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

/* Of the steps since the last line. */
struct sums {
	double loss, flops, seconds, waited;
	int64_t steps, tokens, samples;
};

struct run_log {
	struct run_log_settings settings;
	FILE *metrics;
	struct sums sums;
};

struct run_log *run_log_open(const struct run_log_settings *settings, struct err *err)
{
	struct run_log *log = mem_alloc(1, sizeof(*log));
	struct buf path = {0};

	log->settings = *settings;
	buf_str(&path, settings->folder);
	buf_str(&path, "/metrics.jsonl");
	log->metrics = fopen(path.data, settings->append ? "a" : "w");
	if (!log->metrics) {
		err_errno(err, "cannot open %s", path.data);
		free(log);
		log = NULL;
	}
	buf_free(&path);
	return log;
}

void run_log_close(struct run_log *log)
{
	if (!log)
		return;
	fclose(log->metrics);
	free(log);
}

static void put_number(struct buf *line, const char *key, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.9g", v);
	buf_str(line, key);
	buf_str(line, isfinite(v) ? text : "null");
}

static int put_line(struct run_log *log, const struct buf *line, struct err *err)
{
	if (fwrite(line->data, 1, line->len, log->metrics) == line->len &&
	    fflush(log->metrics) == 0)
		return 0;
	return err_errno(err, "cannot write %s/metrics.jsonl", log->settings.folder);
}

static void print_step(const struct run_log *log, const struct training_report *r)
{
	const struct sums *s = &log->sums;
	double left = s->seconds / (double)s->steps * (double)(log->settings.steps - r->step);

	fprintf(stderr,
		"step %" PRId64 "/%" PRId64 "  loss %.4f  rate %.2e  |g| %.3f  %.1f samples/s  "
		"%.0f tokens/s  %.0f GFLOP/s, %.0f %% of peak  busy %.1f %%  %d:%02d left\n",
		r->step, log->settings.steps, s->loss / (double)s->steps, r->rate, r->length,
		(double)s->samples / s->seconds, (double)s->tokens / s->seconds,
		s->flops / s->seconds / 1e9, 100 * s->flops / s->seconds / log->settings.peak,
		100 * (1 - s->waited / s->seconds), (int)left / 60, (int)left % 60);
}

static int write_step(struct run_log *log, const struct training_report *r, struct err *err)
{
	const struct sums *s = &log->sums;
	struct buf line = {0};
	int rc;

	buf_str(&line, "{\"step\":");
	buf_int(&line, r->step);
	put_number(&line, ",\"loss\":", s->loss / (double)s->steps);
	put_number(&line, ",\"rate\":", r->rate);
	put_number(&line, ",\"gradient\":", r->length);
	put_number(&line, ",\"samples_per_s\":", (double)s->samples / s->seconds);
	put_number(&line, ",\"gflops\":", s->flops / s->seconds / 1e9);
	put_number(&line, ",\"peak_share\":", s->flops / s->seconds / log->settings.peak);
	put_number(&line, ",\"busy\":", 1 - s->waited / s->seconds);
	buf_str(&line, "}\n");
	rc = put_line(log, &line, err);
	buf_free(&line);
	return rc;
}

int run_log_step(struct run_log *log, const struct training_report *report, double seconds,
		 struct err *err)
{
	struct sums *s = &log->sums;
	int rc;

	s->seconds += seconds;
	s->waited += report->waited;
	s->loss += report->loss;
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
	struct buf line = {0};
	int rc;

	fprintf(stderr,
		"step %" PRId64 "  validation loss %.4f%s  tokens right %.2f %%  programs right "
		"%.2f %%\n",
		step, check->loss, check->best ? ", the least so far" : "", 100 * check->tokens,
		100 * check->exact);
	buf_str(&line, "{\"step\":");
	buf_int(&line, step);
	put_number(&line, ",\"validation_loss\":", check->loss);
	put_number(&line, ",\"validation_tokens\":", check->tokens);
	put_number(&line, ",\"validation_exact\":", check->exact);
	buf_str(&line, "}\n");
	rc = put_line(log, &line, err);
	buf_free(&line);
	return rc;
}
