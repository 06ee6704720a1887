/* SPDX-License-Identifier: MIT */
/*
 * repair_main: cadconv repair: makes again what of a finished dataset is broken.
 *
 *	return repair_main(argc, argv);		(argv[0] is "repair")
 */
#ifndef GEN_REPAIR_MAIN_H
#define GEN_REPAIR_MAIN_H

/* Returns the exit status: 0 the dataset is whole, 1 it could not be repaired, 2 usage, 130 stopped. */
int repair_main(int argc, char **argv);

#endif
