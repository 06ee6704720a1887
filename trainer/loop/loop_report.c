/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/loop/loop_report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "formats/metrics/metrics_read.h"
#include "trainer/score/comparison.h"

#define TABLE_BYTES_MAX (1u << 20)

/* What a line of the report shows, of what there is. */
static const char *const shown[] = {"valid",    "exact",      "f1", "numbers",
				    "commands", "parameters", "iou"};

static const struct loop_recipe_option *find_option(const struct loop_recipe_step *step,
						    const char *key)
{
	const struct loop_recipe_option *option = step->first;

	while (option && strcmp(option->key, key) != 0)
		option = option->next;
	return option;
}

/* --- compare --------------------------------------------------------------------------------- */

static uint32_t figures_of(const struct loop_recipe_step *step, const struct metrics_words *words)
{
	const struct loop_recipe_option *option = find_option(step, "figures");
	uint32_t figures = 0;

	if (!option)
		return COMPARISON_ALL;
	for (const struct loop_recipe_value *v = option->first; v; v = v->next)
		for (int i = 0; i < words->count; i++)
			if (strcmp(words->figures[i], v->text) == 0)
				figures |= 1u << i;
	return figures;
}

static int read_columns(const struct loop *loop, const struct loop_recipe_option *option,
			struct comparison *c, struct arena *arena, struct err *err)
{
	struct metrics_group *groups;
	const char **names;
	struct buf path = {0};
	int rc = 0, n = 0;

	for (const struct loop_recipe_value *v = option->first; v; v = v->next)
		n++;
	groups = ARENA_NEW(arena, struct metrics_group, n);
	names = ARENA_NEW(arena, const char *, n);
	c->names = names;
	c->groups = groups;
	for (const struct loop_recipe_value *v = option->first; v && rc == 0; v = v->next) {
		const struct metrics_words *words = NULL;

		buf_clear(&path);
		loop_value_path(loop, v, &path);
		names[c->count] = v->step ? v->step->name : v->text;
		rc = metrics_read_all(&groups[c->count], &words, path.data, err);
		if (rc == 0 && c->words && words != c->words)
			rc = err_set(err, ERR_FORMAT,
				     "%s has %s and %s has %s, which cannot be compared", names[0],
				     c->words->of, names[c->count], words->of);
		c->words = words;
		c->count++;
	}
	buf_free(&path);
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
	struct comparison c = {0};
	struct buf table = {0}, json = {0};
	struct arena arena = {0};
	int rc = read_columns(loop, option, &c, &arena, err);

	if (rc == 0) {
		c.figures = figures_of(step->recipe, c.words);
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

static void put_shown(struct buf *out, const struct metrics_group *all,
		      const struct metrics_words *words)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		for (int k = 0; k < words->count; k++) {
			const struct metrics_value *v = &all->figures[k];
			char text[64];

			if (strcmp(words->figures[k], shown[i]) != 0 || v->drawings == 0)
				continue;
			snprintf(text, sizeof(text), ", %s %.1f", shown[i], v->value);
			buf_str(out, text);
		}
}

static int report_figures(const struct loop_recipe_step *step, const char *path, struct buf *out,
			  struct err *err)
{
	const struct metrics_words *words;
	struct metrics_group all;

	if (metrics_read_all(&all, &words, path, err) < 0)
		return -1;
	buf_str(out, step->name);
	buf_str(out, ": ");
	buf_int(out, all.count);
	buf_char(out, ' ');
	buf_str(out, words->of);
	put_shown(out, &all, words);
	return 0;
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
