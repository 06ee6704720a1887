/* SPDX-License-Identifier: MIT */
/*
 * Worker processes make models, write their pictures and copies, and hand back their entries, which this
 * process notes. What a worker hands back begins with what it is: entries, or that a file could not be
 * written, which ends the run where a model's own failure does not.
 */
#include <config.h>

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/crew.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/progress.h"
#include "formats/cad/cad_file.h"
#include "formats/solid/solid.h"
#include "gen/convert_card_main.h"
#include "gen/convert_main.h"
#include "gen/convert_model_main.h"
#include "gen/convert_plan_main.h"
#include "gen/styles_folder_main.h"

enum { MADE = 'm', NOT_WRITTEN = 'w' };

struct run {
	struct convert_options o;
	struct arena arena; /* of the mix */
	struct style_mix mix;
	struct prompts prompts; /* of --prompts */
	struct model_settings model;
	struct convert_card card;
	struct model_list list;
	struct convert_plan plan;
	struct convert_batch batch;
	struct converted *out;
	struct model_maker *maker; /* in a worker: from its first model on */
	struct buf path;
	struct progress progress;
	uint64_t done;
	const volatile sig_atomic_t *stop;
};

/* --- in a worker ------------------------------------------------------------------------------ */

/* What libraries say there is no line of ours. */
static void silence(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, STDERR_FILENO);
		close(null);
	}
}

/* OUT/FOLDER/ID SUFFIX.ENDING */
static const char *put_path(struct run *run, const char *folder, const char *id, const char *suffix,
			    const char *ending)
{
	converted_path(run->out, folder, id, suffix, &run->path);
	buf_char(&run->path, '.');
	buf_str(&run->path, ending);
	return run->path.data;
}

static int write_picture(struct run *run, const char *id, const struct made_picture *p,
			 struct err *err)
{
	const char *path = put_path(run, CONVERTED_PICTURES, id, p->suffix, "png");

	if (fs_write_unguarded(path, p->png.data, p->png.len, err) < 0)
		return -1;
	for (int i = 0; i < ALSO_COUNT_; i++) {
		const char *name = dataset_also_name((enum dataset_also)i);

		if (p->also[i].len == 0)
			continue;
		path = put_path(run, name, id, p->suffix, name);
		if (fs_write_unguarded(path, p->also[i].data, p->also[i].len, err) < 0)
			return -1;
	}
	return 0;
}

static int write_files(struct run *run, const struct converted_model *model,
		       const struct made_model *made, struct err *err)
{
	const char *path = put_path(run, CONVERTED_MODELS, model->id, "", "json");

	if (made->json.len > 0 &&
	    fs_write_unguarded(path, made->json.data, made->json.len, err) < 0)
		return -1;
	for (int i = 0; i < made->count; i++)
		if (write_picture(run, model->id, &made->pictures[i], err) < 0)
			return -1;
	return 0;
}

static int work(void *ctx, uint64_t index, struct buf *out, struct err *err)
{
	struct run *run = ctx;
	const struct converted_model *model = &run->plan.models[run->batch.items[index]];
	const struct made_model *made;

	if (!run->maker) {
		silence();
		converted_leave_lock(run->out);
		run->maker = model_maker_new(&run->model, err);
	}
	buf_clear(&run->path);
	buf_str(&run->path, run->o.from);
	buf_char(&run->path, '/');
	buf_str(&run->path, model->file);
	if (!run->maker || model_maker_run(run->maker, model->id, run->path.data, &made, err) < 0)
		return -1;
	if (write_files(run, model, made, err) < 0) {
		buf_char(out, NOT_WRITTEN);
		buf_str(out, err->msg);
		return 0;
	}
	buf_char(out, MADE);
	buf_bytes(out, made->text.data, made->text.len);
	return 0;
}

/* --- noting ----------------------------------------------------------------------------------- */

/* What a worker that died left of a model. */
static void remove_rest(struct run *run, const struct converted_model *model)
{
	unlink(put_path(run, CONVERTED_MODELS, model->id, "", "json"));
	for (int i = 0; i < model_picture_count(&run->o); i++) {
		const char *suffix = model_picture_suffix(&run->o, i);

		unlink(put_path(run, CONVERTED_PICTURES, model->id, suffix, "png"));
		for (int k = 0; k < ALSO_COUNT_; k++) {
			const char *name = dataset_also_name((enum dataset_also)k);

			if (run->o.also >> k & 1)
				unlink(put_path(run, name, model->id, suffix, name));
		}
	}
}

/* "0000/00000007.json: what", whether the message names the file already, by its whole path, or not. */
static void put_reason(const struct run *run, const struct converted_model *model,
		       const struct err *failed, struct buf *out)
{
	const char *what = failed->msg, *at = strstr(what, model->file);
	size_t file = strlen(model->file), from = strlen(run->o.from) + 1;
	struct buf text = {0};

	if (at && (size_t)(at - what) >= from && at[-1] == '/' &&
	    strncmp(at - from, run->o.from, from - 1) == 0) {
		buf_bytes(&text, what, (size_t)(at - what) - from);
		what = at;
	}
	buf_str(&text, what);
	if (strncmp(text.data, model->file, file) != 0 || text.data[file] != ':') {
		buf_str(out, model->file);
		buf_str(out, ": ");
	}
	buf_str(out, text.data);
	buf_free(&text);
	if (failed->code != ERR_CRASHED)
		return;
	buf_str(out, "; it had ");
	buf_int(out, run->o.memory_mb);
	buf_str(out, " MB");
}

static int done(void *ctx, uint64_t index, const struct err *failed, const char *bytes, size_t len,
		struct err *err)
{
	struct run *run = ctx;
	struct converted_model *model = &run->plan.models[run->batch.items[index]];
	struct buf text = {0};
	int rc;

	if (!failed && bytes[0] == NOT_WRITTEN)
		return err_set(err, ERR_IO, "%.*s", (int)len - 1, bytes + 1);
	if (failed) {
		remove_rest(run, model);
		put_reason(run, model, failed, &text);
	} else {
		buf_bytes(&text, bytes + 1, len - 1);
	}
	model->is_done = true;
	model->ok = !failed;
	rc = converted_add(run->out, model->id, model->ok, text.data, &model->place, err);
	buf_free(&text);
	progress_update(&run->progress, ++run->done);
	return rc;
}

/* Of an earlier run. */
static int note(void *ctx, const struct outcome *outcome, struct err *err)
{
	struct run *run = ctx;
	const struct model_file *file = model_list_find(&run->list, outcome->id);
	struct converted_model *model;

	(void)err;
	if (!file)
		return 0;
	model = &run->plan.models[file - run->list.models];
	run->done += !model->is_done;
	model->is_done = true;
	model->ok = outcome->ok;
	model->place = outcome->place;
	return 0;
}

/* --- the run ---------------------------------------------------------------------------------- */

static int make_batch(struct run *run, struct err *err)
{
	const struct crew_job job = {.end = run->batch.count,
				     .workers = (int)(run->batch.count < (size_t)run->o.jobs
							      ? run->batch.count
							      : (size_t)run->o.jobs),
				     .seconds = run->o.seconds,
				     .bytes = (size_t)run->o.memory_mb << 20,
				     .ctx = run,
				     .work = work,
				     .done = done,
				     .stop = run->stop};

	return crew_run(&job, err);
}

static int make_all(struct run *run, struct err *err)
{
	int rc = 0;

	progress_start(&run->progress, "models", run->done, convert_plan_total(&run->plan));
	while (rc == 0 && (run->batch = convert_plan_next(&run->plan)).count > 0)
		rc = make_batch(run, err);
	progress_end(&run->progress);
	return rc;
}

/* One line, whatever a file's name holds. */
static void print_line(const char *before, const char *text)
{
	fputs("cadconv: ", stderr);
	fputs(before, stderr);
	for (; *text; text++)
		putc(iscntrl((unsigned char)*text) ? '?' : *text, stderr);
	putc('\n', stderr);
}

static void hear_failure(void *ctx, const char *why)
{
	struct run *run = ctx;

	buf_clear(&run->path);
	buf_str(&run->path, run->o.from);
	buf_char(&run->path, '/');
	print_line(run->path.data, why);
}

static void print_summary(struct run *run, const struct converted_counts *counts)
{
	struct buf line = {0};

	convert_summary(&run->o, counts, &line);
	if (line.len)
		print_line("", line.data);
	buf_free(&line);
}

static int finish(struct run *run, struct converted_counts *counts, struct err *err)
{
	if (converted_is_finished(run->out, counts))
		return 0;
	if (make_all(run, err) < 0)
		return -1;
	if (converted_finish(run->out, run->plan.models, run->plan.count,
			     convert_plan_missing(&run->plan), counts, err) < 0)
		return -1;
	return converted_failures(run->out, run->plan.models, run->plan.count, hear_failure, run,
				  err);
}

static int make_dataset(struct run *run, struct converted_counts *counts, struct err *err)
{
	enum dataset_mode mode = run->o.resume      ? DATASET_RESUME
				 : run->o.overwrite ? DATASET_OVERWRITE
						    : DATASET_NEW;
	struct err close_err = {0};
	int rc;

	run->stop = interrupt_catch();
	run->out = converted_open(&run->card.settings, mode, note, run, err);
	if (!run->out)
		return -1;
	rc = finish(run, counts, err);
	if (converted_close(run->out, &close_err) < 0 && rc == 0) {
		*err = close_err;
		rc = -1;
	}
	if (rc < 0 && err->code == ERR_INTERRUPTED)
		err_set(err, ERR_INTERRUPTED,
			"stopped after %" PRIu64 " models; the same command with --resume goes on",
			run->done);
	return rc;
}

/* --- what the options name -------------------------------------------------------------------- */

static int check_folders(const struct run *run, struct err *err)
{
	int inside = fs_is_within(run->o.out, run->o.from, err);

	if (inside > 0)
		return err_set(err, ERR_USAGE, "%s is %s or lies in it", run->o.out, run->o.from);
	if (inside == 0)
		inside = fs_is_within(run->o.from, run->o.out, err);
	return inside > 0 ? err_set(err, ERR_USAGE, "%s lies in %s", run->o.from, run->o.out)
			  : inside;
}

static int load_style(struct run *run, struct err *err)
{
	struct style_sheet iso = style_iso();

	if (run->o.style)
		return styles_load(&run->mix, run->o.style, &run->arena, err);
	run->mix = style_mix_of(&iso, &run->arena);
	return 0;
}

static int list_models(struct run *run, struct err *err)
{
	static const char *const step[] = {".step", ".stp", NULL};

	if (run->o.source == CONVERT_PARTS) {
		model_list_number(&run->list, (uint64_t)run->o.count);
		return 0;
	}
	if (run->o.source == CONVERT_STEP)
		return model_list_read(&run->list, run->o.from, step, false, err);
	return cad_file_list(&run->list, run->o.from, err);
}

static int load(struct run *run, struct err *err)
{
	const struct convert_options *o = &run->o;

	if (!solid_available())
		return err_set(err, ERR_UNSUPPORTED,
			       "%s needs Open CASCADE: apt-get install g++ "
			       "libocct-modeling-algorithms-dev libocct-data-exchange-dev, "
			       "configure and build again",
			       convert_source_names[o->source]);
	if (load_style(run, err) < 0 ||
	    (o->prompts && prompts_read(&run->prompts, o->prompts, err) < 0) ||
	    (o->source != CONVERT_PARTS && check_folders(run, err) < 0) ||
	    list_models(run, err) < 0 ||
	    (o->source_split && model_list_split(&run->list, o->source_split, err) < 0))
		return -1;
	run->model =
		(struct model_settings){.options = o,
					.mix = &run->mix,
					.prompts = o->prompts ? &run->prompts : prompts_solid()};
	convert_plan_new(&run->plan, o, &run->list, o->source_split != NULL);
	convert_card_new(&run->card, &run->model, &run->list);
	return 0;
}

static void run_free(struct run *run)
{
	convert_card_free(&run->card);
	convert_plan_free(&run->plan);
	model_list_free(&run->list);
	prompts_free(&run->prompts);
	arena_free(&run->arena);
	buf_free(&run->path);
}

static int convert(enum convert_source source, int argc, char **argv)
{
	struct run run = {.done = 0};
	struct converted_counts counts = {0};
	struct err err = {0};
	int rc = convert_options_parse(&run.o, source, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = load(&run, &err);
	if (rc == 0)
		rc = make_dataset(&run, &counts, &err);
	if (rc == 0)
		print_summary(&run, &counts);
	else
		print_line("", err.msg);
	run_free(&run);
	if (rc < 0)
		return cli_status(&err);
	return counts.failed > 0 || counts.missing > 0;
}

int deepcad_main(int argc, char **argv)
{
	return convert(CONVERT_DEEPCAD, argc, argv);
}

int step_main(int argc, char **argv)
{
	return convert(CONVERT_STEP, argc, argv);
}

int parts_main(int argc, char **argv)
{
	return convert(CONVERT_PARTS, argc, argv);
}
