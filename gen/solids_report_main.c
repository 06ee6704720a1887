/* SPDX-License-Identifier: MIT */
/* All pairs are added, and then those that are kept are drawn, and their pictures read. */
#include <config.h>

#include "gen/solids_report_main.h"

#include <stdio.h>

#include "base/progress.h"
#include "formats/encoding/html.h"
#include "formats/image/image.h"
#include "trainer/plot_main.h"
#include "trainer/report/report.h"
#include "trainer/report/solid_overlay.h"
#include "trainer/train/picture.h"

#define PICTURE_PX 768
#define PNG_LEVEL 6

struct drawing {
	const struct solids_report *r;
	struct report *report;
	int64_t *cases;
	struct png_encoder *encoder;
	struct progress progress;
	uint64_t done;
};

static void add_case(struct report *report, const struct solid_pair *pair)
{
	report_add_solid(report, &(struct report_solid){.id = pair->id,
							.groups = pair->keys,
							.group_count = SOLID_KEYS,
							.prompt = pair->prompt,
							.truth = pair->truth,
							.said = pair->said,
							.score = &pair->score,
							.faults = pair->faults,
							.why = pair->why,
							.log_probability = pair->log_probability,
							.candidates = pair->candidates,
							.candidate_count = pair->candidate_count});
}

/* --- views ------------------------------------------------------------------------------------ */

static int work(void *ctx, uint64_t index, struct buf *out, struct err *err)
{
	const struct drawing *d = ctx;
	const struct solid_pair *pair = &d->r->pairs->all[d->cases[index]];
	struct cad_file truth, said;
	struct arena arena = {0};
	int rc = solid_pairs_truth(&truth, d->r->pairs, pair, d->r->language, &arena, err);
	bool is_solid = pair->score.valid && !pair->score.exact &&
			solid_pairs_said(&said, pair, d->r->language, &arena, NULL) == 0;

	if (rc == 0)
		rc = solid_overlay(&truth.model,
				   pair->score.exact ? &truth.model
				   : is_solid        ? &said.model
						     : NULL,
				   &arena, out, err);
	arena_free(&arena);
	return rc;
}

/* Grey and square, as models see it, and no larger than a page has use for. *png stays empty where there is no
 * picture that can be read. */
static void read_picture(const struct drawing *d, const char *path, struct buf *png)
{
	struct image image, shown;
	int side;

	if (!path || image_read(&image, path, PICTURE_SIDE_MAX, NULL) < 0)
		return;
	side = image.width > image.height ? image.width : image.height;
	side = side < PICTURE_PX ? side : PICTURE_PX;
	shown = image_new(side, side, 1);
	picture_fit(&image, side, shown.px);
	image_encode_png(&shown, d->encoder, png);
	image_free(&image);
	image_free(&shown);
}

static int done(void *ctx, uint64_t index, const struct err *failed, const char *bytes, size_t len,
		struct err *err)
{
	struct drawing *d = ctx;
	const struct solid_pair *pair = &d->r->pairs->all[d->cases[index]];
	struct report_views views = {.overlays = bytes, .overlays_len = len};
	struct buf png = {0}, why = {0};

	(void)err;
	if (failed) {
		buf_str(&why, "<p class=\"why\">Not drawn: ");
		html_string(&why, failed->msg);
		buf_str(&why, "</p>");
		views.overlays = why.data;
		views.overlays_len = why.len;
	}
	read_picture(d, pair->image, &png);
	views.png = png.data;
	views.png_len = png.len;
	report_illustrate(d->report, d->cases[index], &views);
	progress_update(&d->progress, ++d->done);
	buf_free(&png);
	buf_free(&why);
	return 0;
}

static int draw(const struct solids_report *r, struct report *report, struct err *err)
{
	struct arena arena = {0};
	struct drawing d = {.r = r, .report = report};
	struct crew_job job = r->crew;
	int rc;

	job.begin = 0;
	job.end = (uint64_t)report_kept_cases(report, &arena, &d.cases);
	job.ctx = &d;
	job.work = work;
	job.done = done;
	d.encoder = png_encoder_new(PNG_LEVEL);
	progress_start(&d.progress, "views", 0, job.end);
	rc = crew_run(&job, err);
	progress_end(&d.progress);
	png_encoder_free(d.encoder);
	arena_free(&arena);
	return rc;
}

/* --- the page --------------------------------------------------------------------------------- */

static int write_page(const struct solids_report *r, const struct report *report, const char *path,
		      struct err *err)
{
	struct report_fact facts[3];
	struct report_head head = {.title = "Evaluation", .facts = facts, .solids = r->metrics};
	struct buf curves = {0};
	int rc = r->curves ? plot_svg(r->curves, &curves, err) : 0;

	if (r->about)
		facts[head.fact_count++] = (struct report_fact){"model", r->about};
	facts[head.fact_count++] = (struct report_fact){"data", r->data};
	facts[head.fact_count++] = (struct report_fact){"language", cad_code_names[r->language]};
	head.curves = curves.data;
	head.curves_len = curves.len;
	if (rc == 0)
		rc = report_write(report, path, &head, err);
	buf_free(&curves);
	return rc;
}

int solids_report_write(const struct solids_report *r, const char *path, struct err *err)
{
	struct report *report = report_new(&(struct report_settings){.seed = r->seed,
								     .worst = REPORT_WORST,
								     .random = REPORT_RANDOM,
								     .examples = REPORT_EXAMPLES});
	int rc;

	for (size_t i = 0; i < r->pairs->count; i++)
		add_case(report, &r->pairs->all[i]);
	rc = draw(r, report, err);
	if (rc == 0)
		rc = write_page(r, report, path, err);
	if (rc == 0)
		fprintf(stderr, "the report is %s\n", path);
	report_free(report);
	return rc;
}
