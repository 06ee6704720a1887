/* SPDX-License-Identifier: MIT */
/*
 * augment_out_main: the folder that cadgen augment writes, and who may write it.
 *
 *	int lock = augment_out_open("out", "scans", settings, AUGMENT_RESUME, &err);
 *	if (lock < 0) ...
 *	close(lock);
 *
 * OUT/augment_info.json holds the settings that decide the bytes of the pictures. It appears before
 * any picture, so that a folder with it is known to be ours.
 */
#ifndef GEN_AUGMENT_OUT_MAIN_H
#define GEN_AUGMENT_OUT_MAIN_H

#include "base/err.h"

#define AUGMENT_INFO "augment_info.json"

enum augment_mode { AUGMENT_NEW, AUGMENT_RESUME, AUGMENT_OVERWRITE };

/* Makes or takes the folder. A folder that holds anything is refused when new, and, unless it is
 * cadgen augment's, in the other modes; to resume, its settings must be those. OVERWRITE removes all
 * that is in it. `from`, which is read, may not lie in it, nor it in `from`. Returns a descriptor that
 * keeps other processes away until it is closed; -1 on failure, ERR_USAGE for all of these. */
int augment_out_open(const char *out, const char *from, const char *settings,
		     enum augment_mode mode, struct err *err);

#endif
