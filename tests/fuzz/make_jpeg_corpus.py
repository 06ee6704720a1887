#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/fuzz/corpus/jpeg: small JPEG files of every kind, and broken ones.

    tests/fuzz/make_jpeg_corpus.py [FOLDER]

Needs python3-pil; the bytes of the pictures depend on the libjpeg behind it.
"""
import io
import os
import sys

from PIL import Image

SIDES = 19, 13  # no whole block in either direction


def picture(mode, sides=SIDES):
    image = Image.new("RGB", sides)
    for y in range(sides[1]):
        for x in range(sides[0]):
            image.putpixel((x, y), (x * 13 % 256, y * 19 % 256, (x + y) * 7 % 256))
    return image.convert(mode)


def jpeg(mode, sides=SIDES, **options):
    out = io.BytesIO()
    picture(mode, sides).save(out, "JPEG", quality=options.pop("quality", 80), **options)
    return out.getvalue()


def every_kind():
    for mode in ("L", "RGB", "CMYK"):
        name = {"L": "grey", "RGB": "colour", "CMYK": "cmyk"}[mode]
        yield f"{name}.jpg", jpeg(mode)
        yield f"{name}_progressive.jpg", jpeg(mode, progressive=True)
    yield "colour_444.jpg", jpeg("RGB", subsampling=0)
    yield "colour_422.jpg", jpeg("RGB", subsampling=1)
    yield "optimised.jpg", jpeg("RGB", optimize=True)
    yield "dots.jpg", jpeg("L", dpi=(300, 300), comment=b"a comment")
    yield "exif.jpg", jpeg("L", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0")


def frame(data):
    """Where the frame header begins: of a baseline or of a progressive file."""
    return max(data.find(b"\xff\xc0\0"), data.find(b"\xff\xc2\0"))


def with_byte(data, at, value):
    return data[:at] + bytes([value]) + data[at + 1 :]


def with_sides(data, width, height):
    at = frame(data) + 5
    return data[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + data[at + 4 :]


def bounds_and_broken():
    good = jpeg("RGB")
    scan = good.index(b"\xff\xda")
    yield "empty", b""
    yield "start_only.jpg", good[:2]
    yield "start_end.jpg", good[:2] + b"\xff\xd9"
    yield "truncated.jpg", good[: scan + 40]
    yield "no_end.jpg", good[:-2]
    yield "no_scan.jpg", good[:scan] + b"\xff\xd9"
    yield "no_tables.jpg", good[:2] + good[frame(good) :]
    yield "scan_damaged.jpg", with_byte(good, scan + 20, 0xFF)
    yield "twelve_bits.jpg", with_byte(good, frame(good) + 4, 12)
    yield "components_0.jpg", with_byte(good, frame(good) + 9, 0)
    yield "sampling_0.jpg", with_byte(good, frame(good) + 11, 0)
    yield "sampling_4x4.jpg", with_byte(good, frame(good) + 11, 0x44)
    yield "side_zero.jpg", with_sides(good, 0, 13)
    yield "side_256.jpg", jpeg("L", (256, 1))
    yield "side_257.jpg", jpeg("L", (257, 1))
    yield "side_huge.jpg", with_sides(good, 65500, 65500)
    yield "lossless.jpg", with_byte(good, frame(good) + 1, 0xC3)
    yield "arithmetic.jpg", with_byte(good, frame(good) + 1, 0xC9)
    yield "bytes_between.jpg", good[:scan] + b"some" + good[scan:]


def main():
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "jpeg")
    folder = sys.argv[1] if len(sys.argv) > 1 else default
    os.makedirs(folder, exist_ok=True)
    for make in (every_kind, bounds_and_broken):
        for name, data in make():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
