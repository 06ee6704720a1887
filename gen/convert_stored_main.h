/* SPDX-License-Identifier: MIT */
/*
 * convert_stored_main: how the pictures of a finished dataset of cadconv were drawn, from its settings.
 *
 *	struct convert_options o;
 *	struct style_mix mix;
 *	if (convert_options_stored(&o, &mix, "views", &arena, &err) < 0) ...
 */
#ifndef GEN_CONVERT_STORED_MAIN_H
#define GEN_CONVERT_STORED_MAIN_H

#include "base/arena.h"
#include "base/err.h"
#include "formats/scene/style_mix.h"
#include "gen/convert_options_main.h"

/* Sets all that decides what a drawing looks like, and CONVERT_DEEPCAD as the source, since the models are files
 * there; nothing else. The mix is in the arena. ERR_FORMAT where the folder holds no finished dataset of cadconv, and
 * with file:line for settings that are none. */
int convert_options_stored(struct convert_options *o, struct style_mix *mix, const char *folder,
			   struct arena *arena, struct err *err);

#endif
