/* SPDX-License-Identifier: MIT */
/*
 * augment_main: pictures of any folder, degraded as a style says.
 *
 *	return augment_main(argc, argv);	(argv[0] is "augment")
 */
#ifndef GEN_AUGMENT_MAIN_H
#define GEN_AUGMENT_MAIN_H

/* Returns the exit status: 0 all made, 1 failed, or some pictures did, 2 usage. */
int augment_main(int argc, char **argv);

#endif
