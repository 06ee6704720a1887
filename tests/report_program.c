/* SPDX-License-Identifier: MIT */
/*
 * report_program FILE COUNT SEED: the report of a model that does not exist, on COUNT drawings of all
 * families with predictions of wrong_programs.h, for what opens such pages (test_report_page.sh).
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "formats/image/image.h"
#include "gen/sample_main.h"
#include "render/chart/chart.h"
#include "render/paint/raster.h"
#include "tests/wrong_programs.h"
#include "trainer/report/report.h"
#include "trainer/score/confusions.h"

#define SIDE 512
#define CURVE 60

struct maker {
	struct sample_settings settings;
	struct raster *raster;
	struct png_encoder *encoder;
	struct arena arena, scratch;
	struct rng rng;
	struct buf png, said;
	struct report *report;
	struct score_summary *summary;
	struct metrics_errors errors;
};

static void add_case(struct maker *m, const struct sample *sample)
{
	static const char *const heights[] = {"7 to 8 px", "8 to 11 px", "over 11 px"};
	struct score_key groups[] = {{"family", family_name(sample->scene.family)},
				     {"unit", unit_name(sample->scene.unit)},
				     {"digit height", heights[rng_below(&m->rng, 3)]}};
	enum wrong wrong = random_wrong(&m->rng);
	struct score_case c = {
		.family = sample->scene.family, .truth = &sample->program, .scene = &sample->scene};
	struct report_candidate others[2];
	struct score_reading reading;
	struct score score;
	struct err why = {0};
	char id[24];

	buf_clear(&m->said);
	wrong_program(&m->rng, &sample->program, LANGUAGE_CALLS, wrong, &m->said, &m->scratch);
	c.text = m->said.data;
	c.len = m->said.len;
	score_from_programs(&score, &c, &reading, &m->scratch, &why);
	snprintf(id, sizeof(id), "%08llu", (unsigned long long)sample->index);
	others[0] = (struct report_candidate){c.text, c.len, -0.02 * (double)c.len};
	others[1] = (struct report_candidate){"hole(x=1,y=2,d=3)", 17, NAN};
	report_add(m->report, &(struct report_case){.id = id,
						    .family = c.family,
						    .groups = groups,
						    .group_count = 3,
						    .png = m->png.data,
						    .png_len = m->png.len,
						    .prompt = sample->prompt,
						    .truth = c.truth,
						    .scene = c.scene,
						    .said = c.text,
						    .said_len = c.len,
						    .score = &score,
						    .reading = &reading,
						    .why = why.msg,
						    .log_probability = -0.02 * (double)c.len,
						    .candidates = others,
						    .candidate_count = 2});
	score_summary_add(m->summary, &score, groups, 3);
	confusions_add(&m->errors, c.truth, &reading);
	arena_reset(&m->scratch);
}

static int add_cases(struct maker *m, int64_t count, struct err *err)
{
	for (int64_t i = 0; i < count; i++) {
		struct sample sample;
		struct image image;

		if (sample_from_index(&sample, &m->settings, (uint64_t)i, &m->arena, err) < 0)
			return -1;
		image = image_from_drawing(m->raster, &sample.drawing, sample.font);
		buf_clear(&m->png);
		image_encode_png(&image, m->encoder, &m->png);
		add_case(m, &sample);
	}
	return 0;
}

static int draw_curves(struct buf *svg, struct err *err)
{
	double x[CURVE], y[CURVE];
	struct chart_series loss = {.name = "training", .x = x, .y = y, .count = CURVE};
	struct chart chart = {.title = "Loss",
			      .x_label = "step",
			      .y_scale = CHART_AUTO,
			      .series = &loss,
			      .series_count = 1};
	struct chart_page page = {.charts = &chart, .count = 1, .columns = 1, .width_px = 720};

	for (int i = 0; i < CURVE; i++) {
		x[i] = i * 100;
		y[i] = 3 * exp(-i / 12.0) + 0.05;
	}
	return svg_from_charts(&page, svg, err);
}

static int write_report(struct maker *m, const char *path, struct err *err)
{
	static const struct report_fact facts[] = {
		{"model", "none: predictions made wrong on purpose"},
		{"data", "drawings of four families, 512 px"},
		{"decoding", "greedy, grammar on"}};
	struct metrics metrics;
	struct buf svg = {0};
	struct report_head head = {.title = "Reading drawings <none>",
				   .facts = facts,
				   .fact_count = 3,
				   .metrics = &metrics};
	int rc = draw_curves(&svg, err);

	score_summary_finish(m->summary, &metrics);
	metrics.errors = m->errors;
	head.curves = svg.data;
	head.curves_len = svg.len;
	if (rc == 0)
		rc = report_write(m->report, path, &head, err);
	buf_free(&svg);
	return rc;
}

static void maker_free(struct maker *m)
{
	report_free(m->report);
	score_summary_free(m->summary);
	raster_free(m->raster);
	png_encoder_free(m->encoder);
	arena_free(&m->arena);
	arena_free(&m->scratch);
	buf_free(&m->png);
	buf_free(&m->said);
}

int main(int argc, char **argv)
{
	struct report_settings keep = {.worst = 40, .random = 40, .examples = 2};
	struct maker m = {.settings = {.style = style_iso(), .font = font_builtin()}};
	struct err err = {0};
	int64_t count;
	int rc;

	if (argc != 4 || num_int(argv[2], 1, 1000000, &count) < 0 ||
	    num_uint64(argv[3], &m.settings.seed) < 0) {
		fprintf(stderr, "usage: report_program FILE COUNT SEED\n");
		return 2;
	}
	m.settings.scene = (struct scene_params){.size_px = SIDE, .max_overlap = 0.2};
	for (int i = 0; i < FAMILY_COUNT_; i++)
		m.settings.scene.weight[i] = 1;
	keep.seed = m.settings.seed;
	m.rng = rng_seed(m.settings.seed, 1);
	m.raster = raster_new(SIDE, &err);
	m.encoder = png_encoder_new(1);
	m.report = report_new(&keep);
	m.summary = score_summary_new(m.settings.seed);
	rc = m.raster ? add_cases(&m, count, &err) : -1;
	if (rc == 0)
		rc = write_report(&m, argv[1], &err);
	maker_free(&m);
	if (rc < 0)
		fprintf(stderr, "report_program: %s\n", err.msg);
	return rc < 0;
}
