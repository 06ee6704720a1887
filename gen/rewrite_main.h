/* SPDX-License-Identifier: MIT */
/*
 * rewrite_main: cadconv convert: a finished dataset in another format, with the same samples.
 *
 *	return rewrite_main(argc, argv);		(argv[0] is "convert")
 */
#ifndef GEN_REWRITE_MAIN_H
#define GEN_REWRITE_MAIN_H

/* Returns the exit status: 0 whole, 1 failed, 2 usage, 130 stopped. */
int rewrite_main(int argc, char **argv);

#endif
