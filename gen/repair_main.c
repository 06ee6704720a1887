/* SPDX-License-Identifier: MIT */
/*
 * cadconv repair: the dataset is gone through twice. The first time tells which samples are broken, and which
 * blocks of shards have one of them. The second time writes a dataset into .cadgen-repair below it: of sound
 * samples their lines, and their records in those blocks; of broken ones all, drawn again. Then what differs takes
 * the place of what is there, file by file, by rename.
 *
 *	sound: the sample as it stands     -> dataset_add
 *	broken: item_make, hashes compared ->
 *	.cadgen-repair/train.json, images/00/00000042.png ... -> rename
 *
 * Nothing of the dataset is touched before the second pass is whole and on the medium, and a repair that is
 * stopped at any time is simply run again.
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "base/tree.h"
#include "formats/dataset/dataset_salvage.h"
#include "gen/fill_main.h"
#include "gen/item_main.h"
#include "gen/remake_main.h"
#include "gen/repair_main.h"

#define STAGING ".cadgen-repair"
#define COMPARED_BYTES ((size_t)64 << 10)

struct options {
	const char *dataset, *font, *prompts;
	int64_t jobs;
};

struct run {
	struct options o;
	struct dataset_feed *feed; /* of the second pass */
	const struct dataset_facts *facts;
	struct remake remake;
	struct item_settings item;
	struct dataset_settings settings; /* of the staging folder */
	struct buf style, staging;
	struct dataset *dataset; /* there */
	bool *block_broken;      /* something is wrong with its samples */
	uint64_t count, shard_size;
	uint64_t wrong, bad, mended; /* things, samples, files */
	struct item_maker **makers;
};

static int parse_options(struct options *o, int argc, char **argv, struct err *err)
{
	const struct cli_option table[] = {
		{"font", 0, "FILE", "the font that the dataset was made with", CLI_STRING, &o->font,
		 0, 0, NULL},
		{"prompts", 0, "FILE", "the prompts that it was made with", CLI_STRING, &o->prompts,
		 0, 0, NULL},
		{"jobs", 'j', "N", "threads (one per processor)", CLI_INT, &o->jobs, 1, 1024, NULL},
		{0},
	};
	const struct cli_program program = {
		"cadconv repair", "[OPTION]... DATASET",
		"Makes again what of a finished dataset of cadgen is broken, to the same bytes.",
		table};
	int first = cli_parse(&program, argc, argv, err);

	if (first < 0)
		return first;
	if (first + 1 != argc)
		return err_set(err, ERR_USAGE, "repair needs the folder of a dataset");
	o->dataset = argv[first];
	return 0;
}

/* --- first pass: what is broken --------------------------------------------------------------- */

static uint64_t block_of(const struct run *run, uint64_t index)
{
	return run->shard_size ? index / run->shard_size : 0;
}

static void look_at(struct run *run, struct dataset_salvage *salvage)
{
	uint64_t heard = 0, last = 0, count = dataset_salvage_facts(salvage)->count;
	struct dataset_sample sample;
	struct progress progress;
	struct arena arena = {0};

	progress_start(&progress, "samples looked at", 0, count);
	while (dataset_salvage_next(salvage, &sample, &arena)) {
		run->bad += sample.broken != 0;
		last = block_of(run, sample.index);
		run->block_broken[last] |= dataset_salvage_heard(salvage) > heard || sample.broken;
		heard = dataset_salvage_heard(salvage);
		progress_update(&progress, sample.index + 1);
		arena_reset(&arena);
	}
	dataset_salvage_end(salvage);
	progress_end(&progress);
	run->block_broken[last] |= dataset_salvage_heard(salvage) > heard;
	run->wrong = dataset_salvage_heard(salvage);
	arena_free(&arena);
}

static int look(struct run *run, struct err *err)
{
	struct dataset_salvage *salvage = dataset_salvage_open(run->o.dataset, NULL, NULL, err);

	if (!salvage)
		return -1;
	run->count = dataset_salvage_facts(salvage)->count;
	run->shard_size = dataset_salvage_facts(salvage)->shard_size;
	run->block_broken = mem_alloc(block_of(run, run->count) + 1, sizeof(*run->block_broken));
	look_at(run, salvage);
	dataset_salvage_free(salvage);
	return 0;
}

/* --- second pass: another dataset --------------------------------------------------------------- */

/* The line of checksums that was added last must be the one that is known. */
static bool is_as_known(const struct dataset_sample *sample, const struct buf *lines, size_t before)
{
	size_t n = sample->checksums ? strlen(sample->checksums) : 0;

	return !sample->checksums || (lines->len - before == n + 1 &&
				      memcmp(lines->data + before, sample->checksums, n) == 0);
}

static int make_again(struct run *run, const struct dataset *dataset, struct item_maker *maker,
		      const struct dataset_sample *sample, struct dataset_item *item,
		      struct err *err)
{
	struct item_scene scene = {sample->scene, {run->o.dataset, 0}};

	if (run->remake.from_scenes && !sample->scene)
		return err_set(err, ERR_FORMAT,
			       "the scene of sample %s is lost, and the dataset it comes from has "
			       "it; nothing was changed",
			       sample->id);
	if (item_make(maker, sample->index, run->remake.from_scenes ? &scene : NULL, item, err) < 0)
		return -1;
	item->split = dataset_split_of(&run->settings, item->program_hash);
	if (sample->broken & DAMAGE(PICTURE) && dataset_put_picture(dataset, item, err) < 0)
		return -1;
	if (sample->broken & DAMAGE(ALSO))
		return item_write_also(maker, dataset, run->facts->also, err);
	return 0;
}

static int take_sample(void *ctx, const struct dataset *dataset, int worker, uint64_t index,
		       const struct dataset_sample *sample, struct dataset_lines *lines,
		       struct err *err)
{
	struct run *run = ctx;
	struct dataset_item item = {.index = index,
				    .split = sample->split,
				    .prompt = sample->prompt,
				    .program = sample->program,
				    .annotations = sample->annotations,
				    .scene = sample->scene,
				    .program_hash = sample->program_hash,
				    .picture = sample->picture,
				    .picture_bytes = sample->picture_bytes,
				    .picture_format = run->facts->picture};
	size_t before = lines->parts[DATASET_CHECKSUMS].len;

	if (sample->broken && make_again(run, dataset, run->makers[worker], sample, &item, err) < 0)
		return -1;
	item.kept = !run->block_broken[block_of(run, index)];
	if (index == 0)
		lines->redrawn = run->facts->redrawn;
	if (dataset_add(lines, &run->settings, &item, err) < 0)
		return -1;
	if (is_as_known(sample, &lines->parts[DATASET_CHECKSUMS], before))
		return 0;
	return err_set(err, ERR_FORMAT,
		       "sample %s is not drawn as it was (by cadgen %s, this is %s); nothing was "
		       "changed",
		       sample->id, run->facts->version, PACKAGE_VERSION);
}

static int load(struct run *run, struct err *err)
{
	const struct dataset_facts *f;

	run->feed = dataset_feed_open_damaged(run->o.dataset, err);
	if (!run->feed)
		return -1;
	f = run->facts = dataset_feed_facts(run->feed);
	if (remake_load(&run->remake, f, run->o.dataset, run->o.font, run->o.prompts, err) < 0)
		return -1;
	run->item = (struct item_settings){.sample = &run->remake.sample,
					   .size_px = f->size_px,
					   .language = f->language,
					   .picture = f->picture,
					   .jpeg_quality = f->jpeg_quality};
	style_mix_write(&f->style, &run->style);
	run->style.data[--run->style.len] = '\0';
	run->settings = dataset_settings_from_facts(f, run->staging.data, run->style.data);
	return 0;
}

static int stage(struct run *run, struct err *err)
{
	struct fill fill = {.settings = &run->settings,
			    .mode = DATASET_OVERWRITE,
			    .jobs = run->o.jobs,
			    .what = "samples",
			    .ctx = run,
			    .take = take_sample};
	int rc = 0;

	if (load(run, err) < 0)
		return -1;
	fill.feed = run->feed;
	run->makers = mem_alloc((size_t)run->o.jobs, sizeof(struct item_maker *));
	for (int64_t i = 0; i < run->o.jobs && rc == 0; i++) {
		run->makers[i] = item_maker_new(&run->item, err);
		rc = run->makers[i] ? 0 : -1;
	}
	if (rc == 0)
		rc = fill_dataset(&fill, err);
	for (int64_t i = 0; i < run->o.jobs; i++)
		item_maker_free(run->makers[i]);
	free(run->makers);
	if (rc < 0) {
		if (err->code != ERR_USAGE) /* of another process that is at it */
			fs_remove_tree(run->staging.data, NULL);
		if (err->code == ERR_INTERRUPTED)
			err_set(err, ERR_INTERRUPTED, "stopped; nothing was changed");
	}
	return rc;
}

/* --- what differs takes the place of what is there --------------------------------------------- */

/* Whether both files can be read and hold the same. */
static bool is_same_file(const char *a, const char *b)
{
	FILE *f = fopen(a, "re"), *g = fopen(b, "re");
	char *x = mem_alloc(2, COMPARED_BYTES), *y = x + COMPARED_BYTES;
	bool same = f && g;
	size_t n = 1, m;

	while (same && n > 0) {
		n = fread(x, 1, COMPARED_BYTES, f);
		m = fread(y, 1, COMPARED_BYTES, g);
		same = n == m && memcmp(x, y, n) == 0 && !ferror(f) && !ferror(g);
	}
	if (f)
		fclose(f);
	if (g)
		fclose(g);
	free(x);
	return same;
}

static int sync_path(const char *path)
{
	FILE *f = fopen(path, "re");
	int rc = f ? fsync(fileno(f)) : -1;

	if (f)
		fclose(f);
	return rc;
}

static int move_file(struct run *run, const char *name, struct err *err)
{
	struct buf from = {0}, to = {0};
	struct stat st;
	char *slash;
	int rc = 0;

	buf_str(&from, run->staging.data);
	buf_char(&from, '/');
	buf_str(&from, name);
	buf_str(&to, run->o.dataset);
	buf_char(&to, '/');
	buf_str(&to, name);
	/* The card may have been written on: any will do. */
	if (is_same_file(from.data, to.data) ||
	    (strcmp(name, "README.md") == 0 && stat(to.data, &st) == 0 && st.st_size > 0))
		goto end;
	slash = strrchr(to.data, '/');
	*slash = '\0';
	rc = fs_mkdirs(to.data, err);
	*slash = '/';
	if (rc == 0 && (sync_path(from.data) < 0 || rename(from.data, to.data) < 0))
		rc = err_errno(err, "cannot rename %s", from.data);
	*slash = '\0';
	if (rc == 0 && sync_path(to.data) < 0)
		rc = err_errno(err, "cannot sync %s", to.data);
	if (rc == 0)
		printf("mended %s\n", name);
	run->mended += rc == 0;
end:
	buf_free(&from);
	buf_free(&to);
	return rc;
}

static bool all_folders(const char *name)
{
	(void)name;
	return true;
}

static int move_all(struct run *run, struct err *err)
{
	struct tree tree = {0};
	int rc = tree_read(&tree, run->staging.data, all_folders, err);

	for (size_t i = 0; i < tree.count && rc == 0; i++)
		if (tree.entries[i].kind == TREE_FILE && tree.entries[i].path[0] != '.')
			rc = move_file(run, tree.entries[i].path, err);
	tree_free(&tree);
	return rc;
}

/* Where nothing is wrong there may yet be the staging folder of a run that was killed when all was mended. */
static int mend(struct run *run, struct err *err)
{
	buf_str(&run->staging, run->o.dataset);
	buf_str(&run->staging, "/" STAGING);
	if (run->wrong > 0 && (stage(run, err) < 0 || move_all(run, err) < 0))
		return -1;
	return fs_remove_tree(run->staging.data, err);
}

static int repair(struct run *run, struct err *err)
{
	if (look(run, err) < 0 || mend(run, err) < 0)
		return -1;
	printf("%" PRIu64 " of %" PRIu64 " samples were broken, %" PRIu64 " files mended\n",
	       run->bad, run->count, run->mended);
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_errno(err, "cannot write standard output");
	return 0;
}

int repair_main(int argc, char **argv)
{
	struct run run = {.o = {.jobs = pool_processors()}};
	struct err err = {0};
	int rc = parse_options(&run.o, argc, argv, &err);

	if (rc == CLI_DONE)
		return 0;
	if (rc == 0)
		rc = repair(&run, &err);
	dataset_feed_free(run.feed);
	remake_free(&run.remake);
	buf_free(&run.style);
	buf_free(&run.staging);
	free(run.block_broken);
	if (rc == 0)
		return 0;
	fprintf(stderr, "cadconv: %s\n", err.msg);
	return cli_status(&err);
}
