/* SPDX-License-Identifier: MIT */
/*
 * generate_main: what cadgen does without a verb, and its verb restyle.
 */
#ifndef GEN_GENERATE_MAIN_H
#define GEN_GENERATE_MAIN_H

/* Parses the options, makes the dataset (or prints one noun of one sample) and returns the exit
 * status; messages go to stderr. */
int generate_main(int argc, char **argv);

/* cadgen restyle: the same for the scenes of another dataset; argv[0] is the verb. */
int restyle_main(int argc, char **argv);

#endif
