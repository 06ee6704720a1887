/* SPDX-License-Identifier: MIT */
/*
 * cadtok_inspect_main: shows a vocabulary, or a text with its tokens marked.
 *
 *	return cadtok_inspect_main(argc, argv);	(argv[0] is "inspect")
 */
#ifndef TOKENIZER_CADTOK_INSPECT_MAIN_H
#define TOKENIZER_CADTOK_INSPECT_MAIN_H

/* Returns the exit status: 0 done, 1 failed, 2 usage. */
int cadtok_inspect_main(int argc, char **argv);

#endif
