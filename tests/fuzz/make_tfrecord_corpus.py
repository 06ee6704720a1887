#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/fuzz/corpus/tfrecord: small files, plain and gzip, and broken ones; examples alone.

    tests/fuzz/make_tfrecord_corpus.py [FOLDER]
"""
import gzip
import os
import struct
import sys


def masked(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def head(n):
    length = struct.pack("<Q", n)
    return length + masked(length)


def record(data):
    return head(len(data)) + data + masked(data)


def field(number, data):
    return bytes([number << 3 | 2, len(data)]) + data


def feature(name, kind, values):
    return field(1, field(1, name) + field(2, field(kind, values)))


IMAGE = feature(b"image", 1, field(1, b"\x89PNG"))
WIDTH = feature(b"width", 3, field(1, b"\x80\x05"))
EXAMPLE = field(1, IMAGE + WIDTH)


def every_kind():
    plain = record(EXAMPLE) + record(b"")
    yield "plain", plain
    yield "gzip", gzip.compress(plain, mtime=0)
    yield "gzip_members", gzip.compress(plain, mtime=0) + gzip.compress(record(EXAMPLE), mtime=0)
    yield "gzip_nothing", gzip.compress(b"", mtime=0)
    yield "pieces", bytes([len(EXAMPLE)]) + EXAMPLE + b"\0\3abc"
    yield "example", EXAMPLE
    yield "example_unpacked", field(1, feature(b"width", 3, b"\x08\x07"))
    yield "example_floats", field(1, feature(b"width", 2, b"\x0d\0\0\0\0"))
    yield "example_twice", EXAMPLE + EXAMPLE
    yield "example_two_values", field(1, feature(b"width", 3, field(1, b"\1\2")))
    yield "example_empty_entry", field(1, field(1, b""))
    yield "example_unknown", b"\x38\x05" + EXAMPLE + b"\x41" + bytes(8) + b"\x4d" + bytes(4)


def broken():
    plain = record(EXAMPLE)
    packed = gzip.compress(plain, mtime=0)
    yield "empty", b""
    yield "cut_head", plain[:7]
    yield "cut_data", plain[:-5]
    yield "length_checksum", b"\1" + plain[1:]
    yield "data_checksum", plain[:-1] + b"x"
    yield "long", head(64 << 20)
    yield "too_long", head((64 << 20) + 1)
    yield "longest", head(2**64 - 1)
    yield "gzip_cut", packed[:-3]
    yield "gzip_more", packed + b"x"
    yield "gzip_checksum", packed[:-8] + b"x" + packed[-7:]
    yield "example_cut", EXAMPLE[:-2]
    yield "example_group", b"\x0b\x0c"
    yield "example_number", b"\x08\x01"


def main():
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "tfrecord")
    folder = sys.argv[1] if len(sys.argv) > 1 else default
    os.makedirs(folder, exist_ok=True)
    for make in (every_kind, broken):
        for name, data in make():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
