/* SPDX-License-Identifier: MIT */
/*
 * verify_main: cadgen verify, which proves a dataset's labels against its pictures.
 */
#ifndef GEN_VERIFY_MAIN_H
#define GEN_VERIFY_MAIN_H

/* Parses the options (argv[0] is the verb), checks the dataset and returns the exit status: 0 when
 * all proofs hold, 3 when one fails, 1 and 2 as always. The table goes to stdout, messages to
 * stderr. */
int verify_main(int argc, char **argv);

#endif
