#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the NumPy files of tests/fuzz/corpus/cad_vec from part.txt beside them."""

import os
import struct

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "cad_vec")


def npy(rows, kind, letter):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': (%d, 17), }" % (kind, len(rows))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    numbers = [n for row in rows for n in row]
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("ascii")
            + struct.pack("<%d%s" % (len(numbers), letter), *numbers))


def write(name, data):
    with open(os.path.join(FOLDER, name), "wb") as f:
        f.write(data)


with open(os.path.join(FOLDER, "part.txt"), encoding="ascii") as f:
    rows = [[int(word) for word in line.split()] for line in f]
write("part.npy", npy(rows, "<i8", "q"))
write("cut.npy", npy(rows, "<i8", "q")[:-9])
write("short.npy", npy(rows, "<i2", "h"))
write("real.npy", npy(rows, "<f4", "f"))
write("odd.npy", npy([[n + 0.5 for n in rows[0]], [float("nan")] * 17], "<f8", "d"))
write("endless.npy", npy(rows[:-1], "<f8", "d"))
