/* SPDX-License-Identifier: MIT */
/*
 * cadgen: verbs first; without one it generates.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "gen/augment_main.h"
#include "gen/coco_main.h"
#include "gen/generate_main.h"
#include "gen/stats_main.h"
#include "gen/styles_main.h"
#include "gen/verify_main.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
	const char *about;
} verbs[] = {
	{"verify", verify_main, "prove a dataset's labels against its pictures"},
	{"stats", stats_main, "tell what a dataset has, and what is in it twice"},
	{"restyle", restyle_main, "draw a dataset's scenes again in another style"},
	{"styles", styles_main, "list styles, print one, draw one scene in all of them"},
	{"coco", coco_main, "write a dataset's annotations as one COCO file"},
	{"augment", augment_main, "degrade pictures of any folder, annotations with them"},
};

#define VERB_COUNT (sizeof(verbs) / sizeof(*verbs))

static int refuse_verb(const char *name)
{
	fprintf(stderr, "cadgen: unknown verb '%s'; the verbs are", name);
	for (size_t i = 0; i < VERB_COUNT; i++)
		fprintf(stderr, "%s %s", i ? "," : "", verbs[i].name);
	fprintf(stderr, "; see cadgen --help\n");
	return 2;
}

/* What follows the options of generate_main in the help. */
static int print_verbs(void)
{
	printf("\nVerbs, each with a --help of its own (cadgen VERB --help):\n");
	for (size_t i = 0; i < VERB_COUNT; i++)
		printf("  %-10s %s\n", verbs[i].name, verbs[i].about);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "cadgen: cannot write to standard output\n");
	return 1;
}

static int is_help(const char *arg)
{
	return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

int main(int argc, char **argv)
{
	int status;

	if (argc > 1 && argv[1][0] != '-') {
		for (size_t i = 0; i < VERB_COUNT; i++)
			if (strcmp(argv[1], verbs[i].name) == 0)
				return verbs[i].run(argc - 1, argv + 1);
		return refuse_verb(argv[1]);
	}
	status = generate_main(argc, argv);
	if (status == 0 && argc > 1 && is_help(argv[1]))
		return print_verbs();
	return status;
}
