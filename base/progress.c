/* SPDX-License-Identifier: MIT */
/*
 * One line of text made from counts and the monotonic clock. On a terminal it is rewritten in
 * place and kept one column short of the terminal's width, since a line that wraps cannot be
 * rewritten; the bar takes what the text leaves. The first one comes a tenth of a second after the
 * start (ten elsewhere): a run that is over at once shows nothing.
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/progress.h"

#define TERMINAL_INTERVAL_S 0.1
#define LINE_INTERVAL_S 10.0
#define LINE_BYTES 256
#define WIDEST_BAR 40
#define NARROWEST_BAR 5
#define LONGEST_LEFT_S 360000.0 /* over 100 hours nobody waits for seconds */

static int terminal_columns(void)
{
	struct winsize size;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

static int percent(const struct progress *p, uint64_t done)
{
	if (done >= p->total)
		return 100;
	return (int)((double)done / (double)p->total * 100.0);
}

static double rate_per_s(const struct progress *p, uint64_t done, double now)
{
	double elapsed = now - p->started_s;
	if (elapsed <= 0.0 || done <= p->first)
		return 0.0;
	return (double)(done - p->first) / elapsed;
}

/* "1:02:03 left", "2:03 left", or what can be said instead. */
static void format_left(char *dst, size_t room, const struct progress *p, uint64_t done,
			double rate)
{
	double left_s = 0.0;
	if (done < p->total)
		left_s = rate > 0.0 ? (double)(p->total - done) / rate : LONGEST_LEFT_S;
	if (left_s >= LONGEST_LEFT_S) {
		snprintf(dst, room, "-:-- left");
		return;
	}
	int s = (int)(left_s + 0.5);
	if (s >= 3600)
		snprintf(dst, room, "%d:%02d:%02d left", s / 3600, s / 60 % 60, s % 60);
	else
		snprintf(dst, room, "%d:%02d left", s / 60, s % 60);
}

static void format_text(char *dst, size_t room, const struct progress *p, uint64_t done, double now)
{
	char left[32];
	double rate = rate_per_s(p, done, now);
	format_left(left, sizeof(left), p, done, rate);
	snprintf(dst, room, "%3d%%  %" PRIu64 "/%" PRIu64 "  %.*f/s  %s", percent(p, done), done,
		 p->total, rate < 10.0 ? 1 : 0, rate, left);
}

/* "[####    ]  "; nothing where it would be too narrow. */
static void format_bar(char *dst, int columns, int full_percent)
{
	int inside = columns - 4;
	*dst = '\0';
	if (inside < NARROWEST_BAR)
		return;
	if (inside > WIDEST_BAR)
		inside = WIDEST_BAR;
	int full = inside * full_percent / 100;
	*dst++ = '[';
	memset(dst, '#', (size_t)full);
	memset(dst + full, ' ', (size_t)(inside - full));
	memcpy(dst + inside, "]  ", 4);
}

static void show_bar(const struct progress *p, uint64_t done, double now)
{
	char text[LINE_BYTES], bar[WIDEST_BAR + 8], line[2 * LINE_BYTES];
	int columns = terminal_columns() - 1;
	format_text(text, sizeof(text), p, done, now);
	int used = (int)(strlen(p->what) + 2 + strlen(text));
	format_bar(bar, columns - used, percent(p, done));
	snprintf(line, sizeof(line), "%s  %s%s", p->what, bar, text);
	fprintf(stderr, "\r%.*s\033[K", columns, line);
}

static void show_line(const struct progress *p, uint64_t done, double now)
{
	char text[LINE_BYTES];
	format_text(text, sizeof(text), p, done, now);
	fprintf(stderr, "%s: %s\n", p->what, text + strspn(text, " "));
}

void progress_start(struct progress *p, const char *what, uint64_t first, uint64_t total)
{
	*p = (struct progress){.what = what, .first = first, .total = total};
	p->started_s = clock_seconds();
	p->shown_s = p->started_s;
	p->terminal = isatty(STDERR_FILENO);
}

void progress_update(struct progress *p, uint64_t done)
{
	double now = clock_seconds();
	if (now - p->shown_s < (p->terminal ? TERMINAL_INTERVAL_S : LINE_INTERVAL_S))
		return;
	p->shown_s = now;
	if (p->terminal)
		show_bar(p, done, now);
	else
		show_line(p, done, now);
	p->shown = true;
}

void progress_end(struct progress *p)
{
	if (p->terminal && p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
