/* SPDX-License-Identifier: MIT */
/*
 * check_main: cadconv check: what of a finished dataset is broken.
 *
 *	return check_main(argc, argv);		(argv[0] is "check")
 */
#ifndef GEN_CHECK_MAIN_H
#define GEN_CHECK_MAIN_H

/* Returns the exit status: 0 all is sound, 1 it could not be checked, 2 usage, 3 something is broken. */
int check_main(int argc, char **argv);

#endif
