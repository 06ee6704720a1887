/* SPDX-License-Identifier: MIT */
/*
 * solids_score_main: predicted solids against true ones.
 *
 *	return score_main(argc, argv);		(argv[0] is "score")
 */
#ifndef GEN_SOLIDS_SCORE_MAIN_H
#define GEN_SOLIDS_SCORE_MAIN_H

/* Returns the exit status: 0 scored, 1 failed, 2 usage. */
int score_main(int argc, char **argv);

#endif
