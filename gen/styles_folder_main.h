/* SPDX-License-Identifier: MIT */
/*
 * styles_folder_main: where this cadgen's styles lie, and reading one.
 *
 *	if (styles_load(&mix, "office_scan", &arena, &err) < 0) ...
 *	(of share/cadgen/styles/office_scan.json, once installed)
 */
#ifndef GEN_STYLES_FOLDER_MAIN_H
#define GEN_STYLES_FOLDER_MAIN_H

#include "base/arena.h"
#include "base/err.h"
#include "formats/scene/style_mix.h"

/* $CADGEN_STYLES where it is set and not empty; samples/styles of the source for a program that lies
 * where it was built; else where make install puts them. */
const char *styles_folder(void);

/* Reads the style of a name or a path, as style_path says. The mix lives in the arena. */
int styles_load(struct style_mix *mix, const char *word, struct arena *arena, struct err *err);

#endif
