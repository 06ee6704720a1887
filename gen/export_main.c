/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/crew.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/pool.h"
#include "base/progress.h"
#include "formats/cad/cad_file.h"
#include "formats/dataset/dataset_converted.h"
#include "formats/dataset/model_list.h"
#include "formats/dataset/prompts.h"
#include "formats/solid/solid.h"
#include "gen/convert_model_main.h"
#include "gen/convert_stored_main.h"
#include "gen/export_main.h"

#define DEFLECTION 1e-3 /* of a mesh, of the solid's size */
#define MESH_ANGLE_RAD 0.3

/* T(id, name, ending) */
#define EXPORTS(T)                                                                                 \
	T(DEEPCAD, "deepcad", ".json")                                                             \
	T(CAD_VEC, "cad_vec", ".npy")                                                              \
	T(H5, "h5", ".h5")                                                                         \
	T(STEP, "step", ".step")                                                                   \
	T(STL, "stl", ".stl")                                                                      \
	T(SVG, "svg", ".svg")                                                                      \
	T(PDF, "pdf", ".pdf")                                                                      \
	T(DXF, "dxf", ".dxf")

enum export_to {
#define T(id, name, ending) EXPORT_##id,
	EXPORTS(T)
#undef T
};

static const char *const to_names[] = {
#define T(id, name, ending) name,
	EXPORTS(T)
#undef T
		NULL};
static const char *const endings[] = {
#define T(id, name, ending) ending,
	EXPORTS(T)
#undef T
};

/* Of a format that is curves of drawings, which; ALSO_COUNT_: it is one of models. */
static enum dataset_also also_of(int to)
{
	return to == EXPORT_SVG   ? ALSO_SVG
	       : to == EXPORT_PDF ? ALSO_PDF
	       : to == EXPORT_DXF ? ALSO_DXF
				  : ALSO_COUNT_;
}

struct run {
	const char *from, *out;
	int to; /* export_to */
	bool compat, silent;
	int64_t jobs, memory_mb;
	double seconds;
	struct model_list list;
	struct buf path;
	struct progress progress;
	uint64_t done, failed;

	/* Of curves, how the dataset's pictures were drawn. */
	struct arena arena; /* of the mix */
	struct convert_options drawn;
	struct style_mix mix;
	struct model_settings settings;
	struct model_maker *maker; /* in a worker: from its first model on */
};

/* --- in a worker ------------------------------------------------------------------------------ */

static int write_solid(const struct run *run, const struct deepcad_model *model, const char *path,
		       struct arena *arena, struct err *err)
{
	struct solid *solid = solid_from_deepcad(model, err);
	struct solid_measures m;
	struct solid_mesh mesh;
	struct buf stl = {0};
	struct vec3 size;
	int rc;

	if (!solid)
		return -1;
	if (run->to == EXPORT_STEP) {
		rc = solid_write_step(solid, path, err);
		solid_free(solid);
		return rc;
	}
	rc = solid_measure_roughly(solid, &m, err);
	if (rc == 0) {
		size = vec3_sum(1, m.hi, -1, m.lo);
		rc = solid_mesh(solid, DEFLECTION * sqrt(vec3_dot(size, size)), MESH_ANGLE_RAD,
				arena, &mesh, err);
	}
	if (rc == 0) {
		solid_mesh_stl(&mesh, &stl);
		rc = fs_write(path, stl.data, stl.len, err);
	}
	buf_free(&stl);
	solid_free(solid);
	return rc;
}

static int write_text(const struct run *run, const struct deepcad_model *model, const char *path,
		      struct arena *arena, struct err *err)
{
	struct cad_vec vec;
	struct buf out = {0};
	int rc = 0;

	if (run->to == EXPORT_DEEPCAD) {
		deepcad_write(model, &out);
	} else {
		rc = cad_vec_from_deepcad(&vec, model, run->compat, arena, err);
		if (rc == 0 && run->to == EXPORT_H5)
			return cad_vec_write_h5(&vec, path, err);
		if (rc == 0)
			cad_vec_write_npy(&vec, &out);
	}
	if (rc == 0)
		rc = fs_write(path, out.data, out.len, err);
	buf_free(&out);
	return rc;
}

static void put_path(const char *folder, const char *name, const char *ending, struct buf *path)
{
	buf_clear(path);
	buf_str(path, folder);
	buf_char(path, '/');
	buf_str(path, name);
	buf_str(path, ending);
}

/* What was drawn of the model, again: a file for each picture. */
static int write_curves(struct run *run, const struct model_file *file, const char *path,
			struct err *err)
{
	const struct made_model *made;
	struct buf to = {0};
	int rc = 0;

	if (!run->maker)
		run->maker = model_maker_new(&run->settings, err);
	if (!run->maker || model_maker_run(run->maker, file->id, path, &made, err) < 0)
		return -1;
	for (int i = 0; i < made->count && rc == 0; i++) {
		const struct buf *curves = &made->pictures[i].also[also_of(run->to)];

		put_path(run->out, file->id, made->pictures[i].suffix, &to);
		buf_str(&to, endings[run->to]);
		rc = fs_write(to.data, curves->data, curves->len, err);
	}
	buf_free(&to);
	return rc;
}

static int work(void *ctx, uint64_t index, struct buf *out, struct err *err)
{
	struct run *run = ctx;
	const struct model_file *file = &run->list.models[index];
	struct arena arena = {0};
	struct cad_file read;
	struct buf path = {0};
	int rc;

	(void)out;
	put_path(run->from, file->file, "", &path);
	if (also_of(run->to) != ALSO_COUNT_) {
		rc = write_curves(run, file, path.data, err);
		buf_free(&path);
		return rc;
	}
	rc = cad_file_read(&read, path.data, cad_vec_h5_said, &arena, err);
	put_path(run->out, file->id, endings[run->to], &path);
	if (rc == 0 && (run->to == EXPORT_STEP || run->to == EXPORT_STL))
		rc = write_solid(run, &read.model, path.data, &arena, err);
	else if (rc == 0)
		rc = write_text(run, &read.model, path.data, &arena, err);
	buf_free(&path);
	arena_free(&arena);
	return rc;
}

/* --- the run ---------------------------------------------------------------------------------- */

static void print_failure(const char *file, const char *why)
{
	fprintf(stderr, "cadconv: %s%s", strstr(why, file) ? "" : file,
		strstr(why, file) ? "" : ": ");
	for (; *why; why++)
		putc(iscntrl((unsigned char)*why) ? '?' : *why, stderr);
	putc('\n', stderr);
}

static int done(void *ctx, uint64_t index, const struct err *failed, const char *bytes, size_t len,
		struct err *err)
{
	struct run *run = ctx;

	(void)bytes, (void)len, (void)err;
	if (failed) {
		print_failure(run->list.models[index].file, failed->msg);
		run->failed++;
	}
	progress_update(&run->progress, ++run->done);
	return 0;
}

static int export_all(struct run *run, struct err *err)
{
	const struct crew_job job = {.end = run->list.count,
				     .workers = (int)run->jobs,
				     .seconds = run->seconds,
				     .bytes = (size_t)run->memory_mb << 20,
				     .ctx = run,
				     .work = work,
				     .done = done,
				     .stop = interrupt_catch()};
	int rc;

	progress_start(&run->progress, "models", 0, job.end);
	rc = crew_run(&job, err);
	progress_end(&run->progress);
	return rc;
}

static int parse(struct run *run, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"to", 0, "FORMAT", "what is written (step)", CLI_CHOICE, &run->to, 0, 0, to_names},
		{"deepcad-compat", 0, NULL,
		 "cad_vec as DeepCAD's own encoder makes it, with its defects", CLI_FLAG,
		 &run->compat, 0, 0, NULL},
		{"jobs", 'j', "N", "processes (one per processor)", CLI_INT, &run->jobs, 1, 1024,
		 NULL},
		{"seconds", 0, "S", "time that a model may take (20)", CLI_REAL, &run->seconds,
		 0.001, 86400, NULL},
		{"memory-mb", 0, "MB", "memory that a process may take (2048)", CLI_INT,
		 &run->memory_mb, 256, 1048576, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadconv export", "[OPTION]... SRC OUT",
		"Writes the models of a dataset of cadconv, or of a folder of DeepCAD files, in\n"
		"another format; or a dataset's drawings as svg, pdf or dxf.",
		table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first + 2 != argc)
		return err_set(err, ERR_USAGE,
			       "export needs a folder of models and one for the files");
	run->from = argv[first];
	run->out = argv[first + 1];
	if (run->compat && run->to != EXPORT_CAD_VEC && run->to != EXPORT_H5)
		return err_set(err, ERR_USAGE, "--deepcad-compat is for --to cad_vec and h5");
	return 0;
}

static int load_drawn(struct run *run, struct err *err)
{
	if (convert_options_stored(&run->drawn, &run->mix, run->from, &run->arena, err) < 0)
		return -1;
	run->drawn.also = 1u << also_of(run->to);
	run->settings = (struct model_settings){&run->drawn, &run->mix, prompts_solid()};
	return 0;
}

/* Of a dataset, its models. */
static int load(struct run *run, struct err *err)
{
	if (run->to >= EXPORT_STEP && !solid_available())
		return err_set(err, ERR_UNSUPPORTED,
			       "--to %s needs Open CASCADE: apt-get install g++ "
			       "libocct-modeling-algorithms-dev libocct-data-exchange-dev, "
			       "configure and build again",
			       to_names[run->to]);
	if (run->to == EXPORT_H5 && !cad_vec_h5_available())
		return cad_vec_write_h5(NULL, "", err);
	if (also_of(run->to) != ALSO_COUNT_ && load_drawn(run, err) < 0)
		return -1;
	put_path(run->from, CONVERTED_MODELS, "", &run->path);
	if (fs_is_folder(run->path.data))
		run->from = run->path.data;
	if (cad_file_list(&run->list, run->from, err) < 0)
		return -1;
	return fs_mkdirs(run->out, err);
}

int export_main(int argc, char **argv)
{
	struct run run = {
		.to = EXPORT_STEP, .jobs = pool_processors(), .seconds = 20, .memory_mb = 2048};
	struct err err = {0};
	int rc = parse(&run, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = load(&run, &err);
	if (rc == 0)
		rc = export_all(&run, &err);
	if (rc < 0)
		fprintf(stderr, "cadconv: %s\n", err.msg);
	else if (run.failed)
		fprintf(stderr, "cadconv: %llu of %llu models failed\n",
			(unsigned long long)run.failed, (unsigned long long)run.done);
	model_list_free(&run.list);
	buf_free(&run.path);
	arena_free(&run.arena);
	return rc < 0 ? cli_status(&err) : run.failed > 0;
}
