/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/report/report_private.h"

#include "trainer/score/confusions.h"

void report_errors_of(const struct report_case *c, bool has[ERROR_KINDS])
{
	struct metrics_errors e = {0};

	confusions_add(&e, c->truth, c->reading);
	for (int i = 0; i < ERROR_KINDS; i++)
		has[i] = false;
	has[ERROR_UNREAD] = !c->score->parsed;
	has[ERROR_IMPOSSIBLE] = c->score->parsed && !c->score->valid;
	has[ERROR_FATE + FATE_MOVED] = e.fates[FATE_MOVED] > 0;
	has[ERROR_FATE + FATE_MISREAD] = e.fates[FATE_MISREAD] > 0;
	has[ERROR_FATE + FATE_WRONG] = e.fates[FATE_WRONG] > 0;
	for (int p = 0; p < PARAM_COUNT_; p++)
		has[ERROR_MOVED + p] = e.moved[p] > 0;
	for (int k = 0; k < SHAPE_COUNT_; k++) {
		has[ERROR_MISSED + k] = c->score->kinds[k].missed > 0;
		has[ERROR_ADDED + k] = c->score->kinds[k].added > 0;
	}
	for (int i = 0; i < METRICS_CHARACTER_COUNT; i++)
		for (int k = 0; k < METRICS_CHARACTER_COUNT; k++)
			has[ERROR_DIGIT + i * METRICS_CHARACTER_COUNT + k] =
				i != k && e.characters[i][k] > 0;
}

static void put_two(struct buf *out, const char *first, const char *second)
{
	buf_str(out, first);
	buf_str(out, second);
}

static void put_character(struct buf *out, int c, bool is_key)
{
	if (c == METRICS_NO_CHARACTER)
		buf_str(out, is_key ? "none" : "nothing");
	else if (METRICS_CHARACTERS[c] == '.')
		buf_str(out, "point");
	else if (METRICS_CHARACTERS[c] == '-')
		buf_str(out, "minus");
	else
		buf_char(out, METRICS_CHARACTERS[c]);
}

void report_error_key(int error, struct buf *out)
{
	int digit = error - ERROR_DIGIT;

	if (error == ERROR_UNREAD) {
		buf_str(out, "unread");
	} else if (error == ERROR_IMPOSSIBLE) {
		buf_str(out, "impossible");
	} else if (error < ERROR_MOVED) {
		put_two(out, "number-", metrics_fate_name((enum metrics_fate)(error - ERROR_FATE)));
	} else if (error < ERROR_MISSED) {
		put_two(out, "moved-", param_name((enum param)(error - ERROR_MOVED)));
	} else if (error < ERROR_ADDED) {
		put_two(out, "missed-", shape_kind_name((enum shape_kind)(error - ERROR_MISSED)));
	} else if (error < ERROR_DIGIT) {
		put_two(out, "added-", shape_kind_name((enum shape_kind)(error - ERROR_ADDED)));
	} else if (error < ERROR_SOLID) {
		buf_str(out, "digit-");
		put_character(out, digit / METRICS_CHARACTER_COUNT, true);
		buf_char(out, '-');
		put_character(out, digit % METRICS_CHARACTER_COUNT, true);
	} else {
		buf_str(out, solid_fault_key((enum solid_fault)(error - ERROR_SOLID)));
	}
}

static void put_digit_name(struct buf *out, int truth, int said)
{
	if (truth == METRICS_NO_CHARACTER) {
		put_character(out, said, false);
		buf_str(out, " too many");
		return;
	}
	put_character(out, truth, false);
	if (said == METRICS_NO_CHARACTER) {
		buf_str(out, " left out");
	} else {
		buf_str(out, " read as ");
		put_character(out, said, false);
	}
}

void report_error_name(int error, struct buf *out)
{
	int digit = error - ERROR_DIGIT;

	if (error == ERROR_UNREAD) {
		buf_str(out, "not a program");
	} else if (error == ERROR_IMPOSSIBLE) {
		buf_str(out, "not a part");
	} else if (error < ERROR_MOVED) {
		put_two(out, "number ", metrics_fate_name((enum metrics_fate)(error - ERROR_FATE)));
	} else if (error < ERROR_MISSED) {
		put_two(out, param_name((enum param)(error - ERROR_MOVED)), " of another shape");
	} else if (error < ERROR_ADDED) {
		put_two(out, shape_kind_name((enum shape_kind)(error - ERROR_MISSED)), " missed");
	} else if (error < ERROR_DIGIT) {
		put_two(out, shape_kind_name((enum shape_kind)(error - ERROR_ADDED)), " added");
	} else if (error < ERROR_SOLID) {
		put_digit_name(out, digit / METRICS_CHARACTER_COUNT,
			       digit % METRICS_CHARACTER_COUNT);
	} else {
		buf_str(out, solid_fault_about((enum solid_fault)(error - ERROR_SOLID)));
	}
}
