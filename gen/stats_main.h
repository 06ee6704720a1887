/* SPDX-License-Identifier: MIT */
/*
 * stats_main: cadgen stats, which tells what a dataset has.
 */
#ifndef GEN_STATS_MAIN_H
#define GEN_STATS_MAIN_H

/* Parses the options (argv[0] is the verb), counts the dataset and returns the exit status: 3 when samples of
 * two splits are alike, 0, 1 and 2 as always. The table goes to stdout, messages to stderr. */
int stats_main(int argc, char **argv);

#endif
