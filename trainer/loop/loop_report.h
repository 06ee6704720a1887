/* SPDX-License-Identifier: MIT */
/*
 * loop_report: what evaluations of a loop say: side by side in a table, and all of it at the end.
 */
#ifndef TRAINER_LOOP_REPORT_H
#define TRAINER_LOOP_REPORT_H

#include "trainer/loop/loop.h"

/* The artefact of a step of the kind compare, into RUN/NAME.part: table.md and table.json. */
int loop_compare(const struct loop *loop, const struct loop_step *step, struct err *err);

/* Appends a line for each evaluation that is up to date, and every table, in Markdown. */
int loop_report(const struct loop *loop, struct buf *out, struct err *err);

#endif
