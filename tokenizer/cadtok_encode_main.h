/* SPDX-License-Identifier: MIT */
/*
 * cadtok_encode_main: text to ids.
 *
 *	return cadtok_encode_main(argc, argv);	(argv[0] is "encode")
 */
#ifndef TOKENIZER_CADTOK_ENCODE_MAIN_H
#define TOKENIZER_CADTOK_ENCODE_MAIN_H

/* Returns the exit status: 0 done, 1 failed, 2 usage. */
int cadtok_encode_main(int argc, char **argv);

#endif
