/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/loop_report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "formats/json.h"
#include "formats/metrics_read.h"
#include "formats/solid_metrics.h"
#include "trainer/comparison.h"

#define TABLE_BYTES_MAX (1u << 20)

/* What a line of the report shows. */
static const enum metrics_figure shown[] = {METRICS_VALID, METRICS_EXACT, METRICS_F1,
					    METRICS_NUMBERS, METRICS_IOU};
static const enum solid_metrics_figure shown_of_solids[] = {
	SOLID_METRICS_VALID, SOLID_METRICS_EXACT, SOLID_METRICS_COMMANDS, SOLID_METRICS_PARAMETERS,
	SOLID_METRICS_IOU};

static const struct loop_recipe_option *find_option(const struct loop_recipe_step *step,
						    const char *key)
{
	const struct loop_recipe_option *option = step->first;

	while (option && strcmp(option->key, key) != 0)
		option = option->next;
	return option;
}

/* --- compare --------------------------------------------------------------------------------- */

static uint32_t figures_of(const struct loop_recipe_step *step)
{
	const struct loop_recipe_option *option = find_option(step, "figures");
	uint32_t figures = 0;

	if (!option)
		return COMPARISON_ALL;
	for (const struct loop_recipe_value *v = option->first; v; v = v->next)
		for (int i = 0; i < METRICS_FIGURE_COUNT_; i++)
			if (strcmp(metrics_figure_name((enum metrics_figure)i), v->text) == 0)
				figures |= 1u << i;
	return figures;
}

static int read_columns(const struct loop *loop, const struct loop_recipe_option *option,
			struct comparison *c, struct arena *arena, struct err *err)
{
	struct metrics *metrics;
	const char **names;
	struct buf path = {0};
	int rc = 0, n = 0;

	for (const struct loop_recipe_value *v = option->first; v; v = v->next)
		n++;
	metrics = ARENA_NEW(arena, struct metrics, n);
	names = ARENA_NEW(arena, const char *, n);
	for (const struct loop_recipe_value *v = option->first; v && rc == 0; v = v->next) {
		buf_clear(&path);
		loop_value_path(loop, v, &path);
		names[c->count] = v->step ? v->step->name : v->text;
		rc = metrics_read(&metrics[c->count++], path.data, arena, err);
	}
	buf_free(&path);
	c->names = names;
	c->metrics = metrics;
	return rc;
}

static int write_part(const struct loop *loop, const struct loop_step *step, const char *file,
		      const struct buf *text, struct err *err)
{
	struct buf path = {0};
	int rc = fs_write(loop_path(loop, step->recipe->name, file, &path), text->data, text->len,
			  err);

	buf_free(&path);
	return rc;
}

int loop_compare(const struct loop *loop, const struct loop_step *step, struct err *err)
{
	const struct loop_recipe_option *option = find_option(step->recipe, "metrics");
	struct comparison c = {.figures = figures_of(step->recipe)};
	struct buf table = {0}, json = {0};
	struct arena arena = {0};
	int rc = read_columns(loop, option, &c, &arena, err);

	if (rc == 0) {
		comparison_print(&c, &table);
		comparison_write(&c, &json);
		rc = write_part(loop, step, ".part/table.md", &table, err);
	}
	if (rc == 0)
		rc = write_part(loop, step, ".part/table.json", &json, err);
	buf_free(&table);
	buf_free(&json);
	arena_free(&arena);
	return rc;
}

/* --- report ---------------------------------------------------------------------------------- */

static void put_figure(struct buf *out, const char *name, double value)
{
	char text[64];

	snprintf(text, sizeof(text), ", %s %.1f", name, value);
	buf_str(out, text);
}

static void put_count(struct buf *out, const struct loop_recipe_step *step, double count,
		      const char *of)
{
	char text[64];

	buf_str(out, step->name);
	snprintf(text, sizeof(text), ": %.0f %s", count, of);
	buf_str(out, text);
}

static void put_drawings(struct buf *out, const struct loop_recipe_step *step,
			 const struct metrics *metrics)
{
	put_count(out, step, (double)metrics->all.count, "drawings");
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		const struct metrics_value *v = &metrics->all.figures[shown[i]];

		if (v->drawings > 0)
			put_figure(out, metrics_figure_name(shown[i]), v->value);
	}
}

/* Figures that are no numbers are passed over as those that are not there. */
static void put_solids(struct buf *out, const struct loop_recipe_step *step, const cJSON *solids)
{
	const cJSON *count = json_member(solids, "solids");

	put_count(out, step, cJSON_IsNumber(count) ? count->valuedouble : 0, "solids");
	for (size_t i = 0; i < sizeof(shown_of_solids) / sizeof(*shown_of_solids); i++) {
		const char *name = solid_metrics_figure_name(shown_of_solids[i]);
		const cJSON *value = json_member(json_member(solids, name), "value");

		if (cJSON_IsNumber(value))
			put_figure(out, name, value->valuedouble);
	}
}

static int report_figures(const struct loop_recipe_step *step, const char *path, struct buf *out,
			  struct err *err)
{
	struct arena arena = {0};
	struct metrics metrics;
	struct json_doc doc;
	const cJSON *solids;
	int rc = json_read(&doc, path, err);

	if (rc < 0)
		return -1;
	solids = json_member(doc.root, "solids");
	if (cJSON_IsObject(solids)) {
		put_solids(out, step, solids);
	} else {
		rc = metrics_read(&metrics, path, &arena, err);
		if (rc == 0)
			put_drawings(out, step, &metrics);
	}
	json_free(&doc);
	arena_free(&arena);
	return rc;
}

static int report_evaluation(const struct loop *loop, const struct loop_recipe_step *step,
			     struct buf *out, struct err *err)
{
	struct buf path = {0};
	int rc =
		report_figures(step, loop_path(loop, step->name, "/metrics.json", &path), out, err);

	if (rc == 0) {
		buf_str(out, "; ");
		if (access(loop_path(loop, step->name, "/report.html", &path), F_OK) < 0)
			loop_path(loop, step->name, "/metrics.json", &path);
		buf_str(out, path.data);
		buf_char(out, '\n');
	}
	buf_free(&path);
	return rc;
}

static int report_table(const struct loop *loop, const struct loop_recipe_step *step,
			struct buf *out, struct err *err)
{
	struct buf path = {0};
	int rc;

	buf_str(out, out->len ? "\n" : "");
	rc = fs_read(loop_path(loop, step->name, "/table.md", &path), TABLE_BYTES_MAX, out, err);
	buf_free(&path);
	return rc;
}

int loop_report(const struct loop *loop, struct buf *out, struct err *err)
{
	for (int i = 0; i < loop->recipe->count; i++) {
		const struct loop_step *step = &loop->steps[i];
		int rc = 0;

		if (step->state != LOOP_READY)
			continue;
		if (step->recipe->kind == RECIPE_EVALUATE)
			rc = report_evaluation(loop, step->recipe, out, err);
		if (step->recipe->kind == RECIPE_COMPARE)
			rc = report_table(loop, step->recipe, out, err);
		if (rc < 0)
			return -1;
	}
	return 0;
}
