/* SPDX-License-Identifier: MIT */
/*
 * cadtok_decode_main: ids to text.
 *
 *	return cadtok_decode_main(argc, argv);	(argv[0] is "decode")
 */
#ifndef TOKENIZER_CADTOK_DECODE_MAIN_H
#define TOKENIZER_CADTOK_DECODE_MAIN_H

/* Returns the exit status: 0 done, 1 failed, 2 usage. */
int cadtok_decode_main(int argc, char **argv);

#endif
