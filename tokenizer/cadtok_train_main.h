/* SPDX-License-Identifier: MIT */
/*
 * cadtok_train_main: fits a vocabulary to programs and writes it.
 *
 *	return cadtok_train_main(argc, argv);	(argv[0] is "train")
 */
#ifndef TOKENIZER_CADTOK_TRAIN_MAIN_H
#define TOKENIZER_CADTOK_TRAIN_MAIN_H

/* Returns the exit status: 0 done, 1 failed, 2 usage. */
int cadtok_train_main(int argc, char **argv);

#endif
