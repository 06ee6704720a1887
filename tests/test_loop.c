/* SPDX-License-Identifier: MIT */
/*
 * loop: with small programs in place of the real ones, which note that they ran: what is run, skipped, done
 * anew and gone on with; what is refused; what a failure leaves.
 */
#include <config.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "trainer/loop/loop_child.h"
#include "trainer/loop/loop_report.h"
#include "trainer/loop/loop_run.h"

static char folder[] = "/tmp/cadgen-test-loop.XXXXXX";
static struct arena arena;

/* Each says "ran" with its name; what the file `fail` holds is its status. */
static const char program[] =
	"#!/bin/sh\n"
	"name=${0##*/} out=\n"
	"for a; do case $a in\n"
	"--version) echo \"$name $(cat version)\"; exit 0 ;;\n"
	"--help) for o in count seed style data train tokenizer init steps model out resume; do\n"
	"	echo \"      --$o=X  what it is\"; done; echo '  -r, --rate=X'; exit 0 ;;\n"
	"--out=*) out=${a#--out=} ;;\n"
	"--resume) echo 'goes on' >>ran ;;\n"
	"esac; done\n"
	"echo \"$name\" >>ran\n"
	"echo 'first line' >&2\n"
	"case $out in *.json) out=${out%/*} ;; esac\n"
	"echo state >\"$out/state.safetensors\"\n"
	"if [ $name = cadeval ]; then\n"
	"	echo '{\"all\":{\"drawings\":9,\"exact\":{\"value\":5,\"low\":1,\"high\":9,"
	"\"drawings\":9}}}' >\"$out/metrics.json\"; fi\n"
	"[ ! -e fail ] || { printf \"bar\\r$name: no luck\" >&2; exit \"$(cat fail)\"; }\n";

static const char recipe_text[] = "name: r\n"
				  "steps:\n"
				  "  - generate: {as: a, count: 5, seed: 1}\n"
				  "  - tokenizer: {as: t, data: [a, ./texts]}\n"
				  "  - train: {as: m, data: a, tokenizer: t, steps: 3}\n"
				  "  - evaluate: {as: e, model: m, data: a}\n"
				  "  - compare: {as: c, metrics: [e, e]}\n";

static void put(const char *path, const char *text)
{
	struct err err = {0};

	if (fs_write(path, text, strlen(text), &err) < 0)
		fail_msg("%s", err.msg);
}

/* What the programs have noted since the last call, in one line. */
static const char *ran(void)
{
	static struct buf text;
	struct err err;

	buf_clear(&text);
	if (fs_read("ran", 1 << 20, &text, &err) < 0)
		return "";
	unlink("ran");
	for (char *c = text.data; *c; c++)
		if (*c == '\n')
			*c = c[1] ? ' ' : '\0';
	return text.data;
}

static struct loop planned(const char *text, const char *run)
{
	struct loop loop = {.run = run, .places = {"bin", NULL}};
	struct loop_recipe *recipe = ARENA_NEW(&arena, struct loop_recipe, 1);
	struct err err = {0};

	put("r.yaml", text);
	if (loop_recipe_read(recipe, "r.yaml", NULL, 0, &arena, &err) < 0 ||
	    loop_plan(&loop, recipe, &arena, &err) < 0)
		fail_msg("%s", err.msg);
	return loop;
}

static int run_as(const char *text, const char *run, bool *verdict, struct err *err)
{
	struct loop loop = planned(text, run);
	const struct loop_run_settings settings = {.show = -1};

	*err = (struct err){0};
	return loop_run(&loop, &settings, verdict, err);
}

static void run(const char *text)
{
	struct err err;
	bool verdict;

	if (run_as(text, "r", &verdict, &err) < 0)
		fail_msg("%s", err.msg);
	assert_false(verdict);
}

/* The recipe with one word for another. */
static const char *changed(const char *from, const char *to)
{
	const char *at = strstr(recipe_text, from);
	struct buf text = {0};
	const char *copy;

	assert_non_null(at);
	buf_bytes(&text, recipe_text, (size_t)(at - recipe_text));
	buf_str(&text, to);
	buf_str(&text, at + strlen(from));
	copy = arena_strndup(&arena, text.data, text.len);
	buf_free(&text);
	return copy;
}

static void test_commands(void **state)
{
	struct loop loop = planned(recipe_text, "r");
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(loop.steps[i].state, LOOP_MISSING);
		loop_write_command(loop.steps[i].argv, &text);
		buf_char(&text, '\n');
	}
	assert_string_equal(text.data,
			    "bin/cadgen --count=5 --seed=1 --out=r/a.part\n"
			    "bin/cadtok train --out=r/t.part/tokenizer.json -- r/a ./texts\n"
			    "bin/cadtrain --train=r/a --tokenizer=r/t/tokenizer.json --steps=3 "
			    "--out=r/m.part\n"
			    "bin/cadeval --model=r/m/last --data=r/a --out=r/e.part\n");
	assert_null(loop.steps[4].argv);
	assert_string_equal(loop.programs[RECIPE_TRAIN].version, "cadtrain 1");
	buf_free(&text);
}

/* Of solids: a folder for an operand, and figures of their own. */
static void test_solids(void **state)
{
	struct loop loop = planned("name: r\nsteps:\n  - parts: {as: p, count: 5}\n"
				   "  - tokenizer: {as: t, data: p}\n"
				   "  - train: {as: m, data: p, tokenizer: t}\n"
				   "  - evaluate: {as: e, model: m, data: p}\n",
				   "r");
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	loop_write_command(loop.steps[0].argv, &text);
	assert_string_equal(text.data, "bin/cadconv parts --count=5 -- r/p.part");
	loop.steps[0].state = LOOP_BEGUN;
	loop_command(&loop, &loop.steps[0], &arena);
	buf_clear(&text);
	loop_write_command(loop.steps[0].argv, &text);
	assert_string_equal(text.data, "bin/cadconv parts --count=5 --resume -- r/p.part");
	loop.steps[3].state = LOOP_READY;
	if (fs_mkdirs("r/e", &err) < 0)
		fail_msg("%s", err.msg);
	put("r/e/metrics.json",
	    "{\"solids\":{\"solids\":7,\"exact\":{\"value\":12.54,\"low\":0,\"high\":30,"
	    "\"solids\":7},\"iou\":{\"value\":60,\"low\":50,\"high\":70,\"solids\":6}}}");
	buf_clear(&text);
	if (loop_report(&loop, &text, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(text.data, "e: 7 solids, exact 12.5, iou 60.0; r/e/metrics.json\n");
	put("r/e/metrics.json", "{\"solids\":{\"solids\":7,\"iou\":{\"value\":\"?\"}}}");
	assert_int_equal(loop_report(&loop, &text, &err), -1);
	assert_string_equal(err.msg, "r/e/metrics.json:1: 'value' must be a number, from 0 on");
	if (fs_remove_tree("r", &err) < 0)
		fail_msg("%s", err.msg);
	buf_free(&text);
}

static void test_quoting(void **state)
{
	char *argv[] = {"a b", "it's", "", "x=1", NULL};
	struct buf text = {0};

	(void)state;
	loop_write_command(argv, &text);
	assert_string_equal(text.data, "'a b' 'it'\\''s' '' x=1");
	buf_free(&text);
}

static void test_run_and_skip(void **state)
{
	struct buf out = {0}, text = {0};
	struct err err = {0};
	struct loop loop;

	(void)state;
	run(recipe_text);
	assert_string_equal(ran(), "cadgen cadtok cadtrain cadeval");
	run(recipe_text);
	assert_string_equal(ran(), "");
	loop = planned(recipe_text, "r");
	for (int i = 0; i < 5; i++)
		assert_int_equal(loop.steps[i].state, LOOP_READY);
	assert_int_equal(loop_report(&loop, &out, &err), 0);
	assert_string_equal(out.data, "e: 9 drawings, exact 5.0; r/e/metrics.json\n\n"
				      "| figure | e | e | gain |\n|---|---:|---:|---:|\n"
				      "| drawings | 9 | 9 | |\n"
				      "| exact | 5.00 (1.00 to 9.00) | 5.00 (1.00 to 9.00) | "
				      "+0.00 |\n");
	assert_int_equal(fs_read("r/recipe.yaml", 1 << 20, &text, &err), 0);
	assert_string_equal(text.data, recipe_text);
	buf_clear(&text);
	assert_int_equal(fs_read("r/m.log", 1 << 20, &text, &err), 0);
	assert_string_equal(text.data, "first line\n");
	assert_int_equal(access("r/versions.txt", F_OK), 0);
	assert_int_equal(access("r/log.txt", F_OK), 0);
	buf_free(&out);
	buf_free(&text);
}

/* A change does anew what depends on it, and nothing else. */
static void test_changes(void **state)
{
	(void)state;
	run(recipe_text);
	ran();
	run(changed("steps: 3", "steps: 4"));
	assert_string_equal(ran(), "cadtrain cadeval");
	run(changed("steps: 3", "steps: 4"));
	assert_string_equal(ran(), "");
	run(changed("count: 5, seed: 1", "seed: 1, count: 5"));
	assert_string_equal(ran(), "cadtrain cadeval");
	run(changed("count: 5", "count: 6"));
	assert_string_equal(ran(), "cadgen cadtok cadtrain cadeval");
	run(changed("metrics: [e, e]", "metrics: [e]"));
	assert_string_equal(ran(), "cadgen cadtok cadtrain cadeval");
	run(changed("metrics: [e, e]", "metrics: [e]"));
	assert_string_equal(ran(), "");
}

static void test_inputs(void **state)
{
	(void)state;
	run(recipe_text);
	ran();
	put("texts", "another text");
	run(recipe_text);
	assert_string_equal(ran(), "cadtok cadtrain cadeval");
	put("version", "2");
	run(recipe_text);
	assert_string_equal(ran(), "cadgen cadtok cadtrain cadeval");
}

/* A file that an option names; one that is not there is a word. */
static void test_named_files(void **state)
{
	const char *text = changed("count: 5", "style: ./style.json");

	(void)state;
	run(text);
	run(text);
	assert_string_equal(ran(), "cadgen cadtok cadtrain cadeval");
	put("style.json", "{}");
	run(text);
	assert_string_equal(ran(), "cadgen cadtok cadtrain cadeval");
	run(text);
	assert_string_equal(ran(), "");
}

/* A folder is known by its files; pictures by their size. */
static void test_folders(void **state)
{
	const char *text = changed("data: [a, ./texts]", "data: ./dir");

	(void)state;
	assert_int_equal(mkdir("dir", 0777), 0);
	put("dir/train.json", "[]");
	put("dir/1.png", "one");
	run(text);
	ran();
	put("dir/train.json", "[ ]");
	run(text);
	assert_string_equal(ran(), "cadtok cadtrain cadeval");
	put("dir/2.png", "two");
	run(text);
	assert_string_equal(ran(), "cadtok cadtrain cadeval");
	put("dir/2.png", "three");
	run(text);
	assert_string_equal(ran(), "cadtok cadtrain cadeval");
	run(text);
	assert_string_equal(ran(), "");
}

static void test_moved_run(void **state)
{
	struct err err;
	bool verdict;

	(void)state;
	run(recipe_text);
	ran();
	assert_int_equal(rename("r", "elsewhere"), 0);
	assert_int_equal(run_as(recipe_text, "elsewhere", &verdict, &err), 0);
	assert_string_equal(ran(), "");
}

static void test_failure(void **state)
{
	struct err err;
	bool verdict;

	(void)state;
	run(recipe_text);
	ran();
	put("fail", "1");
	assert_int_equal(run_as(changed("count: 5", "count: 6"), "r", &verdict, &err), -1);
	assert_string_equal(err.msg, "r.yaml:3: step 'a': cadgen ended with status 1: "
				     "cadgen: no luck");
	assert_false(verdict);
	/* What was there before is still there, and up to date for the recipe that was. */
	assert_int_equal(access("r/a/stamp.json", F_OK), 0);
	ran();
	unlink("fail");
	run(recipe_text);
	assert_string_equal(ran(), "");
	run(changed("count: 5", "count: 6"));
	assert_int_equal(access("r/a.part", F_OK), -1);
	assert_int_equal(access("r/a.begun", F_OK), -1);
	assert_int_equal(access("r/a.old", F_OK), -1);
}

static void test_verdict(void **state)
{
	struct err err;
	bool verdict;

	(void)state;
	run(recipe_text);
	put("fail", "3");
	assert_int_equal(run_as(changed("model: m", "model: m/best"), "r", &verdict, &err), -1);
	assert_true(verdict);
	assert_string_equal(err.msg, "r.yaml:6: step 'e': cadeval ended with status 3: "
				     "cadeval: no luck");
}

/* What was begun with the same options goes on where the program can; else it is done anew. */
static void test_goes_on(void **state)
{
	struct err err;
	bool verdict;

	(void)state;
	put("fail", "1");
	assert_int_equal(run_as(recipe_text, "r", &verdict, &err), -1);
	unlink("fail");
	ran();
	run(changed("seed: 1", "seed: 2"));
	assert_string_equal(ran(), "cadgen cadtok cadtrain cadeval");
	put("fail", "1");
	assert_int_equal(run_as(changed("steps: 3", "steps: 5"), "other", &verdict, &err), -1);
	assert_int_equal(run_as(changed("steps: 3", "steps: 5"), "other", &verdict, &err), -1);
	unlink("fail");
	assert_string_equal(ran(), "cadgen goes on cadgen");
	assert_int_equal(run_as(changed("steps: 3", "steps: 5"), "other", &verdict, &err), 0);
	assert_string_equal(ran(), "goes on cadgen cadtok cadtrain cadeval");
}

/* What is begun waits while another recipe, all of which is there, runs. */
static void test_begun_waits(void **state)
{
	struct err err;
	bool verdict;

	(void)state;
	run(recipe_text);
	put("fail", "1");
	assert_int_equal(run_as(changed("steps: 3", "steps: 5"), "r", &verdict, &err), -1);
	unlink("fail");
	run(recipe_text);
	ran();
	run(changed("steps: 3", "steps: 5"));
	assert_string_equal(ran(), "goes on cadtrain cadeval");
}

/* Training that was killed before it saved anything begins anew. */
static void test_nothing_saved(void **state)
{
	struct loop loop;

	(void)state;
	run(recipe_text);
	assert_int_equal(rename("r/m", "r/m.part"), 0);
	assert_int_equal(rename("r/m.part/stamp.json", "r/m.begun"), 0);
	loop = planned(recipe_text, "r");
	assert_int_equal(loop.steps[2].state, LOOP_BEGUN);
	assert_int_equal(unlink("r/m.part/state.safetensors"), 0);
	loop = planned(recipe_text, "r");
	assert_int_equal(loop.steps[2].state, LOOP_MISSING);
}

/* Killed when the artefact was complete, and the old one may have been moved away. */
static void test_complete(void **state)
{
	struct loop loop;

	(void)state;
	run(recipe_text);
	ran();
	assert_int_equal(rename("r/m", "r/m.part"), 0);
	assert_int_equal(mkdir("r/m.old", 0777), 0);
	loop = planned(recipe_text, "r");
	assert_int_equal(loop.steps[2].state, LOOP_COMPLETE);
	run(recipe_text);
	assert_string_equal(ran(), "");
	assert_int_equal(access("r/m/stamp.json", F_OK), 0);
	assert_int_equal(access("r/m.old", F_OK), -1);
	put("r/m/stamp.json", "{broken");
	loop = planned(recipe_text, "r");
	assert_int_equal(loop.steps[2].state, LOOP_MISSING);
}

static void test_interrupted(void **state)
{
	struct loop loop = planned(recipe_text, "r");
	volatile sig_atomic_t stop = 1;
	const struct loop_run_settings settings = {.show = -1, .stop = &stop};
	struct err err = {0};
	bool verdict;

	(void)state;
	assert_int_equal(loop_run(&loop, &settings, &verdict, &err), -1);
	assert_int_equal(err.code, ERR_INTERRUPTED);
	assert_string_equal(err.msg, "stopped at step 'a'; the same command goes on");
	assert_string_equal(ran(), "");
}

static void test_last(void **state)
{
	struct loop loop = planned(recipe_text, "r");
	const struct loop_run_settings settings = {.show = -1, .last = loop.steps[1].recipe};
	struct err err = {0};
	bool verdict;

	(void)state;
	assert_int_equal(loop_run(&loop, &settings, &verdict, &err), 0);
	assert_string_equal(ran(), "cadgen cadtok");
}

static void test_lock(void **state)
{
	struct err err;
	bool verdict;
	int fd;

	(void)state;
	run(recipe_text);
	fd = open("r/log.txt", O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(run_as(recipe_text, "r", &verdict, &err), -1);
	assert_string_equal(err.msg, "another cadloop is at work in r");
	close(fd);
}

static void refuse_plan(const char *text, const char *message)
{
	struct loop loop = {.run = "r", .places = {"bin", NULL}};
	struct loop_recipe recipe;
	struct err err = {0};

	put("r.yaml", text);
	assert_int_equal(loop_recipe_read(&recipe, "r.yaml", NULL, 0, &arena, &err), 0);
	assert_int_equal(loop_plan(&loop, &recipe, &arena, &err), -1);
	assert_string_equal(err.msg, message);
}

static void test_refused(void **state)
{
	(void)state;
	refuse_plan(changed("count: 5", "cuont: 5"),
		    "r.yaml:3: cadgen has no option 'cuont'; did you mean 'count'?");
	refuse_plan(changed("{as: t,", "{as: t, vocabulary: 7,"),
		    "r.yaml:4: cadtok train has no option 'vocabulary'");
	refuse_plan(changed("./texts", "./absent"),
		    "r.yaml:4: cannot look at ./absent: No such file or directory");
	refuse_plan(changed("./texts", "/dev/null"),
		    "r.yaml:4: /dev/null is neither a file nor a folder");
	unlink("bin/cadeval");
	refuse_plan(recipe_text, "no program cadeval, neither in bin nor in PATH");
	put("bin/cadeval", "#!/bin/sh\nexit 4\n");
	chmod("bin/cadeval", 0755);
	refuse_plan(recipe_text, "--version: bin/cadeval ended with status 4");
	assert_int_equal(access("r", F_OK), -1);
}

static void test_search(void **state)
{
	struct loop_program found;
	struct err err = {0};

	(void)state;
	assert_int_equal(loop_program_find(&found, "cadgen", NULL,
					   &(struct loop_places){"absent", "/absent:bin"}, &arena,
					   &err),
			 0);
	assert_string_equal(found.path, "bin/cadgen");
	assert_string_equal(found.words[0], "count");
	assert_string_equal(found.words[11], "rate");
	assert_null(found.words[12]);
}

static void test_child(void **state)
{
	char *argv[] = {"/bin/sh", "-c", "echo out; printf '10%%\\r20%%\\r\\033[K' >&2; kill -9 $$",
			NULL};
	struct loop_child child = {
		.argv = argv, .log = open("log", O_RDWR | O_CREAT, 0666), .show = -1};
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(loop_child_run(&child, &err), 0);
	assert_int_equal(child.signal, 9);
	assert_string_equal(child.last, "out");
	close(child.log);
	assert_int_equal(fs_read("log", 1 << 20, &text, &err), 0);
	assert_string_equal(text.data, "out\n");
	argv[0] = "/absent";
	assert_int_equal(loop_child_run(&child, &err), -1);
	assert_string_equal(err.msg, "cannot run /absent: No such file or directory");
	argv[0] = "/bin/sh";
	child.log = open("/dev/full", O_WRONLY);
	assert_int_equal(loop_child_run(&child, &err), -1);
	assert_string_equal(err.msg, "cannot write the log of /bin/sh: No space left on device");
	close(child.log);
	buf_free(&text);
}

static int set_up(void **state)
{
	static const char *const names[] = {"bin/cadconv", "bin/cadgen", "bin/cadtok",
					    "bin/cadtrain", "bin/cadeval"};
	struct err err;

	(void)state;
	strcpy(strrchr(folder, '.'), ".XXXXXX");
	if (!mkdtemp(folder) || chdir(folder) < 0 || mkdir("bin", 0777) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (fs_write(names[i], program, strlen(program), &err) < 0)
			return -1;
		chmod(names[i], 0755);
	}
	put("version", "1");
	put("texts", "a text");
	return 0;
}

static int tear_down(void **state)
{
	struct err err;

	(void)state;
	arena_free(&arena);
	return chdir("/") < 0 ? -1 : fs_remove_tree(folder, &err);
}

#define LOOP_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		LOOP_TEST(test_commands),    LOOP_TEST(test_solids),
		LOOP_TEST(test_quoting),     LOOP_TEST(test_run_and_skip),
		LOOP_TEST(test_changes),     LOOP_TEST(test_inputs),
		LOOP_TEST(test_named_files), LOOP_TEST(test_folders),
		LOOP_TEST(test_moved_run),   LOOP_TEST(test_failure),
		LOOP_TEST(test_verdict),     LOOP_TEST(test_goes_on),
		LOOP_TEST(test_begun_waits), LOOP_TEST(test_nothing_saved),
		LOOP_TEST(test_complete),    LOOP_TEST(test_interrupted),
		LOOP_TEST(test_last),        LOOP_TEST(test_lock),
		LOOP_TEST(test_refused),     LOOP_TEST(test_search),
		LOOP_TEST(test_child),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
