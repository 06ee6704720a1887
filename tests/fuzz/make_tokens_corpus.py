#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what is no text of tests/fuzz/corpus/ids and tests/fuzz/corpus/tokens.

    tests/fuzz/make_tokens_corpus.py [FOLDER]

ids: NumPy arrays, one of each kind of number, and broken ones. tokens: vocabularies by pairs, as
fuzz_tokens.c reads them.
"""
import os
import struct
import sys


def npy(kind, shape, data, version=1):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H", len(header)) + header + data


ARRAYS = {
    "npy_empty": npy("<i4", "(0,)", b""),
    "npy_u2": npy("<u2", "(3,)", struct.pack("<3H", 1, 2, 65535)),
    "npy_i2": npy("<i2", "(2,)", struct.pack("<2h", 1, 32767)),
    "npy_i2_negative": npy("<i2", "(2,)", struct.pack("<2h", 1, -1)),
    "npy_u4": npy("<u4", "(2,)", struct.pack("<2I", 1, 2**32 - 2)),
    "npy_i4": npy("<i4", "(2,)", struct.pack("<2i", 17, 2**31 - 1)),
    "npy_i4_negative": npy("<i4", "(2,)", struct.pack("<2i", 17, -2)),
    "npy_u8": npy("<u8", "(2,)", struct.pack("<2Q", 17, 2**32 - 2)),
    "npy_u8_large": npy("<u8", "(2,)", struct.pack("<2Q", 17, 2**32)),
    "npy_f4": npy("<f4", "(1,)", struct.pack("<f", 1)),
    "npy_two_dimensions": npy("<i4", "(1, 2)", struct.pack("<2i", 1, 2)),
    "npy_cut": npy("<i4", "(2,)", struct.pack("<2i", 1, 2))[:-1],
    "npy_cut_header": npy("<i4", "(2,)", b"")[:40],
    "npy_version_2": npy("<i4", "(0,)", b"", 2),
}

NEWEST = 255  # the token made last
GPT2, LLAMA3, DIGITS_GPT2, NO_SPLIT = 1, 2, 6, 0
PLAIN, BACKWARD, IGNORE_MERGES, SPECIAL = 0, 2, 4, 8


def number(token):
    """Bytes are numbered in an order of their own."""
    return token if isinstance(token, int) else ord(token) ^ 0x55


def tokens(splits, kind, pairs, text):
    merges = bytes(number(token) for pair in pairs for token in pair)
    return bytes([splits, kind, len(pairs)]) + merges + text


VOCABULARIES = {
    "runs": tokens(NO_SPLIT, PLAIN, [("a", "a"), (NEWEST, NEWEST), (NEWEST, "b")],
                   b"aaaaaaaaaaab aaab aab aaaa " * 4),
    "backward": tokens(GPT2, BACKWARD, [("a", "b"), (NEWEST, "c"), ("b", "c"), ("a", NEWEST)],
                       b"abcabcab abc bc ab cab"),
    "ignore_merges": tokens(LLAMA3, IGNORE_MERGES, [("a", "b"), (NEWEST, "c")],
                            b"abc ab'S abcd <s> 123456"),
    "twice": tokens(NO_SPLIT, PLAIN, [("a", "b"), (NEWEST, "a"), ("a", "b"), ("b", "a")],
                    b"ababababab"),
    "special": tokens(DIGITS_GPT2, SPECIAL, [("<", "s"), (NEWEST, ">")],
                      b"a <s>b<s> <s> 12 345"),
    "bytes": tokens(NO_SPLIT, PLAIN, [("\xe4", "\xb8"), (NEWEST, "\xad")],
                    b"\xe4\xb8\xad\xe4\xb8 \xff\xf0\x9f\x98\x80\xc3"),
}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "corpus")
    for target, files in (("ids", ARRAYS), ("tokens", VOCABULARIES)):
        for name, data in files.items():
            with open(os.path.join(folder, target, name), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
