/* SPDX-License-Identifier: MIT */
/*
 * cadtok_bench_main: measures encoding, decoding and counting.
 *
 *	return cadtok_bench_main(argc, argv);	(argv[0] is "bench")
 */
#ifndef TOKENIZER_CADTOK_BENCH_MAIN_H
#define TOKENIZER_CADTOK_BENCH_MAIN_H

/* Returns the exit status: 0 done, 1 failed, 2 usage. */
int cadtok_bench_main(int argc, char **argv);

#endif
