/* SPDX-License-Identifier: MIT */
/*
 * A step is made in NAME.part. Once it is complete its stamp goes there too, the artefact that was there
 * before becomes NAME.old, and NAME.part becomes NAME. A stop between two of these leaves a state that the
 * next run takes for what it is: LOOP_COMPLETE until the last of them.
 *
 * The lock is on log.txt, and children inherit it: a program that outlives its loop keeps others out.
 */
#include <config.h>

#include "trainer/loop/loop_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/pool.h"
#include "formats/encoding/yaml.h"
#include "trainer/loop/loop_child.h"
#include "trainer/loop/loop_report.h"

#define VERDICT 3

struct runner {
	struct loop *loop;
	const struct loop_run_settings *settings;
	bool *verdict;
	int log; /* RUN/log.txt */
	struct err *err;
};

/* --- what is said ---------------------------------------------------------------------------- */

/* "NAME: text" on the screen, with the time in the log. */
static int say(struct runner *r, const char *name, const char *text)
{
	struct buf line = {0};
	time_t now = time(NULL);
	struct tm utc;
	char stamp[32];
	int rc = 0;

	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ ", gmtime_r(&now, &utc));
	buf_str(&line, stamp);
	buf_str(&line, name);
	buf_str(&line, ": ");
	buf_str(&line, text);
	buf_char(&line, '\n');
	if (fs_write_fd(r->log, line.data, line.len) < 0)
		rc = err_errno(r->err, "cannot write %s/log.txt", r->loop->run);
	if (r->settings->show >= 0)
		fs_write_fd(r->settings->show, line.data + strlen(stamp), line.len - strlen(stamp));
	buf_free(&line);
	return rc;
}

static int say_done(struct runner *r, const char *name, double seconds)
{
	char text[64];

	snprintf(text, sizeof(text), "done in %.1f s", seconds);
	return say(r, name, text);
}

/* --- the folder ------------------------------------------------------------------------------ */

static int write_file(struct runner *r, const char *name, const struct buf *text)
{
	struct buf path = {0};
	int rc = fs_write_durable(loop_path(r->loop, name, "", &path), text->data, text->len,
				  r->err);

	buf_free(&path);
	return rc;
}

/* The file as it is; where settings were laid over it, as they make it. */
static int write_recipe(struct runner *r)
{
	const struct loop_recipe *recipe = r->loop->recipe;
	struct buf text = {0};
	int rc = 0;

	if (recipe->settings)
		loop_recipe_write(recipe, &text);
	else
		rc = fs_read(recipe->file, YAML_BYTES_MAX, &text, r->err);
	if (rc == 0)
		rc = write_file(r, "recipe.yaml", &text);
	buf_free(&text);
	return rc;
}

static int write_versions(struct runner *r)
{
	struct utsname machine;
	struct buf text = {0};
	int rc;

	buf_str(&text, "cadloop " PACKAGE_VERSION "\n");
	for (int i = 0; i < RECIPE_KIND_COUNT_; i++) {
		const struct loop_program *program = &r->loop->programs[i];

		if (!program->path)
			continue;
		buf_str(&text, loop_recipe_kind_name((enum loop_recipe_kind)i));
		buf_str(&text, ": ");
		buf_str(&text, program->version);
		buf_str(&text, ", ");
		buf_str(&text, program->path);
		buf_char(&text, '\n');
	}
	if (uname(&machine) == 0) {
		buf_str(&text, machine.sysname);
		buf_char(&text, ' ');
		buf_str(&text, machine.release);
		buf_char(&text, ' ');
		buf_str(&text, machine.machine);
		buf_str(&text, ", processors: ");
		buf_int(&text, pool_processors());
		buf_char(&text, '\n');
	}
	rc = write_file(r, "versions.txt", &text);
	buf_free(&text);
	return rc;
}

static int open_log(struct runner *r)
{
	struct buf path = {0};
	int rc = 0;

	r->log =
		open(loop_path(r->loop, "log", ".txt", &path), O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (r->log < 0)
		rc = err_errno(r->err, "cannot open %s", path.data);
	else if (flock(r->log, LOCK_EX | LOCK_NB) < 0)
		rc = errno == EWOULDBLOCK
			     ? err_set(r->err, ERR_IO, "another cadloop is at work in %s",
				       r->loop->run)
			     : err_errno(r->err, "cannot lock %s", path.data);
	buf_free(&path);
	return rc;
}

/* --- a step ---------------------------------------------------------------------------------- */

static int write_stamp(struct runner *r, const struct loop_step *step, const char *behind)
{
	struct buf path = {0}, text = {0};
	int rc;

	loop_write_stamp(step, &text);
	rc = fs_write_durable(loop_path(r->loop, step->recipe->name, behind, &path), text.data,
			      text.len, r->err);
	buf_free(&path);
	buf_free(&text);
	return rc;
}

static int remove_tree(struct runner *r, const struct loop_step *step, const char *behind)
{
	struct buf path = {0};
	int rc = fs_remove_tree(loop_path(r->loop, step->recipe->name, behind, &path), r->err);

	buf_free(&path);
	return rc;
}

/* maybe: there may be nothing to move. */
static int move(struct runner *r, const struct loop_step *step, const char *from, const char *to,
		bool maybe)
{
	struct buf a = {0}, b = {0};
	int rc = 0;

	loop_path(r->loop, step->recipe->name, from, &a);
	loop_path(r->loop, step->recipe->name, to, &b);
	if (rename(a.data, b.data) < 0 && !(maybe && errno == ENOENT))
		rc = err_errno(r->err, "cannot rename %s to %s", a.data, b.data);
	buf_free(&a);
	buf_free(&b);
	return rc;
}

/* From complete to in its place. */
static int settle(struct runner *r, struct loop_step *step)
{
	struct buf begun = {0};

	if (remove_tree(r, step, ".old") < 0 || move(r, step, "", ".old", true) < 0 ||
	    move(r, step, ".part", "", false) < 0)
		return -1;
	step->state = LOOP_READY;
	unlink(loop_path(r->loop, step->recipe->name, ".begun", &begun));
	buf_free(&begun);
	return remove_tree(r, step, ".old");
}

static int begin(struct runner *r, const struct loop_step *step)
{
	struct buf path = {0};
	int rc = 0;

	if (step->state != LOOP_BEGUN)
		rc = remove_tree(r, step, ".part");
	if (rc == 0)
		rc = write_stamp(r, step, ".begun");
	if (rc == 0)
		rc = fs_mkdirs(loop_path(r->loop, step->recipe->name, ".part", &path), r->err);
	buf_free(&path);
	return rc;
}

static int interrupted(struct runner *r, const char *name)
{
	return err_set(r->err, ERR_INTERRUPTED, "stopped at step '%s'; the same command goes on",
		       name);
}

static int failed(struct runner *r, const struct loop_step *step, const struct loop_child *child)
{
	const char *program = loop_recipe_kind_program(step->recipe->kind);
	char end[64];

	*r->verdict = child->status == VERDICT;
	if (child->signal)
		snprintf(end, sizeof(end), "%s was ended by signal %d", program, child->signal);
	else
		snprintf(end, sizeof(end), "%s ended with status %d", program, child->status);
	return err_set(r->err, ERR_FORMAT, "%s:%d: step '%s': %s%s%s", r->loop->recipe->file,
		       step->recipe->line, step->recipe->name, end, *child->last ? ": " : "",
		       child->last);
}

static int open_step_log(struct runner *r, const struct loop_step *step, int *log)
{
	int how = step->state == LOOP_BEGUN ? O_APPEND : O_TRUNC;
	struct buf path = {0};

	*log = open(loop_path(r->loop, step->recipe->name, ".log", &path),
		    O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
	if (*log < 0)
		err_errno(r->err, "cannot open %s", path.data);
	buf_free(&path);
	return *log < 0 ? -1 : 0;
}

static int run_program(struct runner *r, const struct loop_step *step)
{
	struct loop_child child = {
		.argv = step->argv, .show = r->settings->show, .stop = r->settings->stop};
	struct buf command = {0};
	int rc;

	loop_write_command(step->argv, &command);
	rc = say(r, step->recipe->name, command.data);
	buf_free(&command);
	if (rc < 0 || open_step_log(r, step, &child.log) < 0)
		return -1;
	rc = loop_child_run(&child, r->err);
	close(child.log);
	if (rc < 0 || (child.status == 0 && child.signal == 0))
		return rc;
	return child.interrupted ? interrupted(r, step->recipe->name) : failed(r, step, &child);
}

static int run_step(struct runner *r, struct loop_step *step)
{
	double start = clock_seconds();
	int rc;

	if (begin(r, step) < 0)
		return -1;
	rc = step->program ? run_program(r, step) : loop_compare(r->loop, step, r->err);
	if (rc < 0 || write_stamp(r, step, ".part/stamp.json") < 0 || settle(r, step) < 0)
		return -1;
	return say_done(r, step->recipe->name, clock_seconds() - start);
}

static int go(struct runner *r, struct loop_step *step)
{
	if (r->settings->stop && *r->settings->stop)
		return interrupted(r, step->recipe->name);
	if (step->state == LOOP_BEGUN || step->state == LOOP_MISSING)
		return run_step(r, step);
	if ((step->state == LOOP_READY ? remove_tree(r, step, ".old") : settle(r, step)) < 0)
		return -1;
	return say(r, step->recipe->name, loop_state_about(step->state));
}

static int run_all(struct runner *r)
{
	if (write_recipe(r) < 0 || write_versions(r) < 0)
		return -1;
	for (int i = 0; i < r->loop->recipe->count; i++) {
		struct loop_step *step = &r->loop->steps[i];

		if (go(r, step) < 0)
			return -1;
		if (step->recipe == r->settings->last)
			break;
	}
	return 0;
}

int loop_run(struct loop *loop, const struct loop_run_settings *settings, bool *verdict,
	     struct err *err)
{
	struct runner r = {
		.loop = loop, .settings = settings, .verdict = verdict, .log = -1, .err = err};
	int rc = -1;

	*verdict = false;
	if (fs_mkdirs(loop->run, err) == 0 && open_log(&r) == 0)
		rc = run_all(&r);
	if (r.log >= 0)
		close(r.log);
	return rc;
}
