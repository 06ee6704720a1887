/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/fit_main.h"

#include <stdio.h>
#include <string.h>

/* The first of samples, its half and so on, down to `least`, that fits; 0: none; -1: something else is wrong. */
static int first_that_fits(const struct fit *fit, int samples, int least, bool recompute)
{
	int fits = 0;

	for (; samples >= least && samples > 0; samples /= 2) {
		fits = fit->fits(fit->ctx, samples, recompute);
		if (fits != 0)
			break;
	}
	return fits > 0 ? samples : fits;
}

void fit_advise(const struct fit *fit, struct err *err)
{
	size_t used = strlen(err->msg), room = sizeof(err->msg) - used;
	char *end = err->msg + used;
	int plain = first_that_fits(fit, fit->samples / 2, 1, fit->recompute);
	int again = plain < 0 || fit->recompute
			    ? 0
			    : first_that_fits(fit, fit->samples, plain + 1, true);

	if (plain < 0 || again < 0)
		return;
	if (plain > 0 && again > 0)
		snprintf(end, room, ": --batch %d fits, and --batch %d with --recompute", plain,
			 again);
	else if (plain > 0)
		snprintf(end, room, ": --batch %d fits", plain);
	else if (again > 0)
		snprintf(end, room, ": --batch %d fits with --recompute", again);
	else
		snprintf(end, room,
			 ": not one sample at once fits%s; a smaller --preset or --side does",
			 fit->recompute ? "" : ", not even with --recompute");
}
