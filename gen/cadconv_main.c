/* SPDX-License-Identifier: MIT */
/* cadconv: verbs. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "gen/check_main.h"
#include "gen/convert_main.h"
#include "gen/export_main.h"
#include "gen/repair_main.h"
#include "gen/rewrite_main.h"
#include "gen/solids_score_main.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
	const char *about;
} verbs[] = {
	{"deepcad", deepcad_main, "draw a folder of DeepCAD models"},
	{"step", step_main, "draw a folder of STEP files"},
	{"parts", parts_main, "draw random machined parts"},
	{"score", score_main, "score predicted solids against true ones"},
	{"export", export_main,
	 "write models as STEP, STL, cad_vec or DeepCAD's JSON, or drawings as curves"},
	{"convert", rewrite_main, "write a dataset of drawings in another format"},
	{"check", check_main, "tell what of a dataset of drawings is broken"},
	{"repair", repair_main, "make again what of a dataset of drawings is broken"},
};

#define VERB_COUNT (sizeof(verbs) / sizeof(*verbs))

static int print_help(void)
{
	printf("Usage: cadconv VERB [OPTION]... OPERAND...\n"
	       "Turns CAD models into datasets of drawings with their programs, and datasets of "
	       "drawings\n"
	       "into other formats.\n"
	       "\nVerbs, each with a --help of its own (cadconv VERB --help):\n");
	for (size_t i = 0; i < VERB_COUNT; i++)
		printf("  %-10s %s\n", verbs[i].name, verbs[i].about);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "cadconv: cannot write to standard output\n");
	return 1;
}

static int is_one_of(const char *arg, const char *a, const char *b)
{
	return strcmp(arg, a) == 0 || strcmp(arg, b) == 0;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "cadconv: no verb given; see cadconv --help\n");
		return 2;
	}
	if (is_one_of(argv[1], "--help", "-h"))
		return print_help();
	if (is_one_of(argv[1], "--version", "-V")) {
		printf("cadconv %s\n", PACKAGE_VERSION);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	fprintf(stderr, "cadconv: unknown verb '%s'; see cadconv --help\n", argv[1]);
	return 2;
}
