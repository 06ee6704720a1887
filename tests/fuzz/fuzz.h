/* SPDX-License-Identifier: MIT */
/*
 * fuzz: the one function of every fuzz target.
 *
 * tests/fuzz/fuzz_X.c feeds parser X. Linked with clang's libFuzzer it is searched for crashes
 * (tests/fuzz/run.sh); linked with replay_main.c it runs the files of tests/fuzz/corpus/X in
 * `make check`. A target aborts when something accepted does not come back equal from its writer.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
