/* SPDX-License-Identifier: MIT */
/* progress: what is written to a terminal (a pseudo terminal on descriptor 2) and to a file. Time is
 * not waited for: the tests move the recorded start and last showing into the past. */
#include <config.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/progress.h"

static int saved_stderr = -1;
static int reader = -1; /* what was written to stderr comes out here */

static void lead_stderr_to(int fd)
{
	fflush(stderr);
	if (saved_stderr < 0)
		saved_stderr = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
}

static int open_terminal(unsigned short columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = columns};
	reader = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (reader < 0 || grantpt(reader) < 0 || unlockpt(reader) < 0)
		return -1;
	int fd = open(ptsname(reader), O_RDWR | O_NOCTTY);
	if (fd < 0 || ioctl(fd, TIOCSWINSZ, &size) < 0)
		return -1;
	lead_stderr_to(fd);
	return 0;
}

static void open_pipe(void)
{
	int ends[2];
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	reader = ends[0];
	lead_stderr_to(ends[1]);
}

static int restore_stderr(void **state)
{
	(void)state;
	if (saved_stderr >= 0)
		dup2(saved_stderr, STDERR_FILENO);
	if (reader >= 0)
		close(reader);
	reader = -1;
	return 0;
}

/* All that was written since the last call. */
static const char *written(void)
{
	static char text[4096];
	size_t len = 0;
	ssize_t got;
	while ((got = read(reader, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	text[len] = '\0';
	return text;
}

/* As if the last showing were long ago. */
static void update(struct progress *p, uint64_t done)
{
	p->shown_s -= 1000.0;
	progress_update(p, done);
}

static void need_terminal(unsigned short columns)
{
	if (open_terminal(columns) == 0)
		return;
	printf("# no pseudo terminal to be had\n");
	skip();
}

static void test_bar(void **state)
{
	(void)state;
	need_terminal(100);
	struct progress p;
	progress_start(&p, "drawings", 0, 200);
	assert_true(p.terminal);
	p.started_s -= 10.0;
	update(&p, 50);
	/* 50 in 10 s and a little: the rate shown is 5.0 or, on a slow machine, less */
	const char *text = written();
	assert_memory_equal(text,
			    "\rdrawings  [##########                              ]   25%  "
			    "50/200  ",
			    69);
	assert_non_null(strstr(text, "/s  0:"));
	assert_non_null(strstr(text, " left\033[K"));
	update(&p, 200);
	assert_non_null(strstr(written(), "[########################################]  100%  "
					  "200/200  "));
	progress_end(&p);
	assert_string_equal(written(), "\r\033[K");
}

static void test_rate_and_time_left(void **state)
{
	(void)state;
	need_terminal(100);
	struct progress p;
	progress_start(&p, "drawings", 100, 200); /* 100 were there before: not our speed */
	p.started_s -= 1e6;
	update(&p, 150);
	assert_non_null(strstr(written(), "75%  150/200  0.0/s  -:-- left"));
	progress_start(&p, "drawings", 0, UINT64_C(3000000000));
	p.started_s -= 1e6;
	update(&p, UINT64_C(2000000000)); /* 5e5 s left */
	assert_non_null(strstr(written(), "66%  2000000000/3000000000  2000/s  -:-- left"));
	progress_start(&p, "drawings", 0, 10000);
	p.started_s -= 1e5;
	update(&p, 9600);
	/* 400 * 1e5 / 9600 = 4166.7 s, and later no less */
	assert_non_null(strstr(written(), "/s  1:09:"));
	progress_start(&p, "drawings", 0, 10000);
	update(&p, 0);
	assert_non_null(strstr(written(), "  0%  0/10000  0.0/s  -:-- left"));
	progress_end(&p);
}

static void test_odd_totals(void **state)
{
	(void)state;
	need_terminal(100);
	struct progress p;
	progress_start(&p, "drawings", 0, 0);
	update(&p, 0);
	assert_non_null(strstr(written(), "100%  0/0  0.0/s  0:00 left"));
	progress_start(&p, "drawings", 0, 10);
	update(&p, 20);
	assert_non_null(strstr(written(), "100%  20/10  "));
	progress_start(&p, "drawings", 10, 20);
	update(&p, 5);
	assert_non_null(strstr(written(), "25%  5/20  0.0/s  -:-- left"));
	progress_end(&p);
}

/* A line that fills the terminal would wrap, and could not be rewritten. */
static void test_narrow_terminals(void **state)
{
	(void)state;
	for (unsigned short columns = 5; columns < 90; columns++) {
		need_terminal(columns);
		struct progress p;
		progress_start(&p, "drawings", 0, 1000);
		p.started_s -= 10.0;
		update(&p, 999);
		const char *text = written();
		assert_int_equal(text[0], '\r');
		assert_true(strcspn(text + 1, "\033") <= columns - 1u);
		if (columns >= 60)
			assert_non_null(strstr(text, "[##"));
		if (columns < 40)
			assert_null(strstr(text, "[#"));
		restore_stderr(NULL);
	}
}

static void test_terminal_of_unknown_width(void **state)
{
	(void)state;
	need_terminal(0);
	struct progress p;
	progress_start(&p, "drawings", 0, 1000);
	p.started_s -= 10.0;
	update(&p, 500);
	const char *text = written();
	assert_non_null(strstr(text, "[####"));
	assert_true(strcspn(text + 1, "\033") <= 79);
}

/* A run that is over at once shows nothing, and leaves nothing to be cleared. */
static void test_not_too_often(void **state)
{
	(void)state;
	need_terminal(80);
	struct progress p;
	progress_start(&p, "drawings", 0, 1000);
	p.shown_s += 1000.0; /* no matter how slow this machine is */
	for (int i = 0; i < 1000; i++)
		progress_update(&p, (uint64_t)i);
	progress_end(&p);
	assert_string_equal(written(), "");
}

static void test_lines_elsewhere(void **state)
{
	(void)state;
	open_pipe();
	struct progress p;
	progress_start(&p, "drawings", 0, 200);
	assert_false(p.terminal);
	p.started_s -= 10.0;
	p.shown_s += 1000.0;
	progress_update(&p, 10);
	assert_string_equal(written(), "");
	p.shown_s -= 1000.0;
	update(&p, 50);
	const char *text = written();
	assert_memory_equal(text, "drawings: 25%  50/200  ", 23);
	assert_non_null(strstr(text, " left\n"));
	assert_null(strchr(text, '\r'));
	assert_null(strchr(text, '\033'));
	progress_end(&p);
	assert_string_equal(written(), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_bar, restore_stderr),
		cmocka_unit_test_teardown(test_rate_and_time_left, restore_stderr),
		cmocka_unit_test_teardown(test_odd_totals, restore_stderr),
		cmocka_unit_test_teardown(test_narrow_terminals, restore_stderr),
		cmocka_unit_test_teardown(test_terminal_of_unknown_width, restore_stderr),
		cmocka_unit_test_teardown(test_not_too_often, restore_stderr),
		cmocka_unit_test_teardown(test_lines_elsewhere, restore_stderr),
	};
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
