/* SPDX-License-Identifier: MIT */
/*
 * Four tables: figures of all drawings, the most telling ones of each group, shapes by kind, errors.
 * A column is as many characters wide as it is in every line; names are cut to fit, never numbers.
 */
#include <config.h>

#include "formats/metrics/metrics.h"

#include <stdio.h>
#include <string.h>

#define NAME_WIDTH 24
#define CONFUSED_MOST 10

/* What a line of groups shows. */
static const struct {
	enum metrics_figure figure;
	const char *title;
} columns[] = {
	{METRICS_VALID, "valid"},     {METRICS_EXACT, "exact"}, {METRICS_F1, "f1"},
	{METRICS_NUMBERS, "numbers"}, {METRICS_IOU, "iou"},     {METRICS_CHAMFER, "chamfer"},
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))

static const char *const abouts[METRICS_FIGURE_COUNT_] = {
#define F(id, name, about) about,
	METRICS_FIGURES(F)
#undef F
};

static const char *const fate_abouts[FATE_COUNT_] = {
#define F(id, name, about) about,
	METRICS_FATES(F)
#undef F
};

/* The name and blanks up to `width` characters, cut there. Bytes 10xxxxxx go on with a character. */
static void put_name(struct buf *out, const char *name, int width)
{
	int used = 0;

	for (; *name; name++) {
		used += ((unsigned char)*name & 0xc0) != 0x80;
		if (used > width)
			break;
		buf_char(out, (unsigned char)*name < ' ' ? '?' : *name);
	}
	for (; used < width; used++)
		buf_char(out, ' ');
}

static void put_all(struct buf *out, const struct metrics_group *all)
{
	char line[128];

	snprintf(line, sizeof(line), "%-16s %7s %17s %9s\n", "", "percent", "95 % interval",
		 "drawings");
	buf_str(out, line);
	for (int i = 0; i < METRICS_FIGURE_COUNT_; i++) {
		const struct metrics_value *v = &all->figures[i];

		if (v->drawings == 0)
			continue;
		snprintf(line, sizeof(line), "%-16s %7.2f  %6.2f to %6.2f %9lld",
			 metrics_figure_name((enum metrics_figure)i), v->value, v->low, v->high,
			 (long long)v->drawings);
		buf_str(out, line);
		buf_str(out, "  ");
		buf_str(out, abouts[i]);
		buf_char(out, '\n');
	}
}

static void put_group(struct buf *out, const struct metrics_group *group)
{
	char cell[32];

	buf_str(out, "  ");
	put_name(out, group->is, NAME_WIDTH - 2);
	snprintf(cell, sizeof(cell), " %8lld", (long long)group->count);
	buf_str(out, cell);
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct metrics_value *v = &group->figures[columns[i].figure];

		if (v->drawings == 0)
			snprintf(cell, sizeof(cell), " %10s", "-");
		else
			snprintf(cell, sizeof(cell), " %5.1f\u00b1%-4.1f", v->value,
				 (v->high - v->low) / 2);
		buf_str(out, cell);
	}
	buf_char(out, '\n');
}

static void put_groups(struct buf *out, const struct metrics *metrics)
{
	const char *by = "";
	char cell[32];

	if (metrics->group_count == 0)
		return;
	buf_char(out, '\n');
	put_name(out, "", NAME_WIDTH);
	buf_str(out, " drawings");
	for (size_t i = 0; i < COLUMNS; i++) {
		snprintf(cell, sizeof(cell), " %10s", columns[i].title);
		buf_str(out, cell);
	}
	buf_char(out, '\n');
	for (int i = 0; i < metrics->group_count; i++) {
		const struct metrics_group *group = &metrics->groups[i];

		if (i == 0 || strcmp(group->by, by) != 0) {
			put_name(out, group->by, NAME_WIDTH);
			buf_char(out, '\n');
		}
		by = group->by;
		put_group(out, group);
	}
}

/* "-" where nothing is there to be a share of. */
static void put_share(struct buf *out, int64_t part, int64_t of)
{
	char cell[32];

	if (of == 0)
		snprintf(cell, sizeof(cell), " %9s", "-");
	else
		snprintf(cell, sizeof(cell), " %9.2f", 100.0 * (double)part / (double)of);
	buf_str(out, cell);
}

static void put_kinds(struct buf *out, const struct metrics *metrics)
{
	char line[128];

	snprintf(line, sizeof(line), "\n%-18s %9s %9s %9s %9s %9s %9s %9s %9s\n", "", "true",
		 "predicted", "missed", "added", "precision", "recall", "f1", "near_f1");
	buf_str(out, line);
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		const struct metrics_kind *kind = &metrics->kinds[k];

		if (kind->truths == 0 && kind->said == 0)
			continue;
		snprintf(line, sizeof(line), "%-18s %9lld %9lld %9lld %9lld",
			 shape_kind_name((enum shape_kind)k), (long long)kind->truths,
			 (long long)kind->said, (long long)kind->missed, (long long)kind->added);
		buf_str(out, line);
		put_share(out, kind->equal, kind->said);
		put_share(out, kind->equal, kind->truths);
		put_share(out, 2 * kind->equal, kind->truths + kind->said);
		put_share(out, 2 * kind->near, kind->truths + kind->said);
		buf_char(out, '\n');
	}
}

static void put_character(struct buf *out, int c)
{
	if (c == METRICS_NO_CHARACTER) {
		buf_str(out, "nothing");
		return;
	}
	buf_char(out, '\'');
	buf_char(out, METRICS_CHARACTERS[c]);
	buf_char(out, '\'');
}

/* The most frequent confusion that comes behind `count` of pair `at`: less frequent, or as frequent
 * and later in the table. Returns its place, -1 where there is none. */
static int next_confused(const struct metrics_errors *errors, int64_t count, int at)
{
	const int n = METRICS_CHARACTER_COUNT;
	int64_t most = 0;
	int found = -1;

	for (int i = 0; i < n * n; i++) {
		int64_t times = errors->characters[i / n][i % n];

		if (i / n == i % n || times > count || (times == count && i <= at))
			continue;
		if (times > most) {
			most = times;
			found = i;
		}
	}
	return found;
}

static void put_confused(struct buf *out, const struct metrics_errors *errors)
{
	const int n = METRICS_CHARACTER_COUNT;
	int at = next_confused(errors, INT64_MAX, -1);
	char cell[32];

	if (at < 0)
		return;
	buf_str(out, "\nread as something else, the most frequent\n");
	for (int shown = 0; shown < CONFUSED_MOST && at >= 0; shown++) {
		int64_t times = errors->characters[at / n][at % n];

		buf_str(out, "  ");
		put_character(out, at / n);
		buf_str(out, " as ");
		put_character(out, at % n);
		snprintf(cell, sizeof(cell), " %lld\n", (long long)times);
		buf_str(out, cell);
		at = next_confused(errors, times, at);
	}
}

static void put_errors(struct buf *out, const struct metrics_errors *errors)
{
	char line[128];
	int64_t all = 0;

	for (int i = 0; i < FATE_COUNT_; i++)
		all += errors->fates[i];
	if (all == 0)
		return;
	snprintf(line, sizeof(line), "\n%-18s %9s %9s\n", "true numbers", "count", "percent");
	buf_str(out, line);
	for (int i = 0; i < FATE_COUNT_; i++) {
		snprintf(line, sizeof(line), "%-18s %9lld", metrics_fate_name((enum metrics_fate)i),
			 (long long)errors->fates[i]);
		buf_str(out, line);
		put_share(out, errors->fates[i], all);
		buf_str(out, "  ");
		buf_str(out, fate_abouts[i]);
		buf_char(out, '\n');
	}
	for (int p = 0; p < PARAM_COUNT_; p++) {
		if (errors->moved[p] == 0)
			continue;
		snprintf(line, sizeof(line), "  moved %-10s %9lld\n", param_name((enum param)p),
			 (long long)errors->moved[p]);
		buf_str(out, line);
	}
	put_confused(out, errors);
}

void metrics_print(const struct metrics *metrics, struct buf *out)
{
	put_all(out, &metrics->all);
	put_groups(out, metrics);
	put_kinds(out, metrics);
	put_errors(out, &metrics->errors);
}
