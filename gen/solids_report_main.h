/* SPDX-License-Identifier: MIT */
/*
 * solids_report_main: the page of HTML about predicted solids.
 *
 *	struct solids_report r = {.pairs = &pairs, .language = CAD_CODE_sketch, .crew = crew, ...};
 *	if (solids_report_write(&r, "said/report.html", &err) < 0) ...
 */
#ifndef GEN_SOLIDS_REPORT_MAIN_H
#define GEN_SOLIDS_REPORT_MAIN_H

#include "base/crew.h"
#include "formats/cad/cad_code.h"
#include "formats/metrics/solid_metrics.h"
#include "gen/solids_pairs_main.h"

struct solids_report {
	const struct solid_pairs *pairs; /* scored */
	const struct solid_metrics *metrics;
	enum cad_code language;
	uint64_t seed;
	const char *data, *about; /* what was predicted; by what, or NULL */
	const char *curves;       /* a run of cadtrain, or NULL */
	struct crew_job crew;     /* its workers and limits, in which solids are drawn */
};

/* Views of the cases that are shown are drawn in worker processes; what cannot be drawn is shown without. What
 * plot_svg and report_write report, and ERR_INTERRUPTED. */
int solids_report_write(const struct solids_report *r, const char *path, struct err *err);

#endif
