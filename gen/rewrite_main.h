/* SPDX-License-Identifier: MIT */
/*
 * rewrite_main: cadconv convert: a finished dataset in another format, with the same samples.
 *
 *	return rewrite_main(argc, argv);		(argv[0] is "convert")
 */
#ifndef GEN_REWRITE_MAIN_H
#define GEN_REWRITE_MAIN_H

#include "formats/dataset.h"
#include "formats/dataset_facts.h"

/* Returns the exit status: 0 whole, 1 failed, 2 usage, 130 stopped. */
int rewrite_main(int argc, char **argv);

/* The settings of a dataset that says this of itself, to be made at `path` with the style `style_json`, as
 * style_mix_write gives it; both are borrowed, and so are the facts' strings. */
struct dataset_settings settings_from_facts(const struct dataset_facts *facts, const char *path,
					    const char *style_json);

#endif
