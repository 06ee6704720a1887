#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the whole files of tests/fuzz/corpus/safetensors; its headers alone are text.

    tests/fuzz/make_safetensors_corpus.py tests/fuzz/corpus/safetensors
"""
import pathlib
import struct
import sys

folder = pathlib.Path(sys.argv[1])
header = b'{"n":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]}} '
(folder / "whole").write_bytes(struct.pack("<Q", len(header)) + header + bytes.fromhex("803f00c0"))
(folder / "long_header").write_bytes(struct.pack("<Q", 0xFFFFFFFF) + b"{}")
