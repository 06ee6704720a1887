/* SPDX-License-Identifier: MIT */
/*
 * convert_main: models into a dataset: those of a folder, or random parts.
 *
 *	return deepcad_main(argc, argv);	(argv[0] is "deepcad")
 */
#ifndef GEN_CONVERT_MAIN_H
#define GEN_CONVERT_MAIN_H

/* Returns the exit status: 0 all made, 1 failed, or some models did, 2 usage. */
int deepcad_main(int argc, char **argv);
int step_main(int argc, char **argv);
int parts_main(int argc, char **argv);

#endif
