#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/fuzz/corpus/png: small PNG files of every kind, and broken ones.

    tests/fuzz/make_png_corpus.py [FOLDER]

Every colour type and bit depth with and without interlace, every row filter, transparency,
ancillary chunks; then bounds and one file for each way of being broken. Pixels are a fixed pattern
in stored DEFLATE blocks; only idat_bytewise.png depends on zlib's choices.
"""
import os
import struct
import sys
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
DEPTHS = {
    GREY: (1, 2, 4, 8, 16),
    RGB: (8, 16),
    PALETTE: (1, 2, 4, 8),
    GREY_ALPHA: (8, 16),
    RGBA: (8, 16),
}
NAMES = {GREY: "grey", RGB: "rgb", PALETTE: "palette", GREY_ALPHA: "grey_alpha", RGBA: "rgba"}
# Adam7: first column and row of each pass, and their steps (PNG, third edition, clause 8.2).
PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
SIDES = 6, 5  # all seven passes have pixels, and five rows take five filters


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


END = chunk(b"IEND")


def ihdr(width, height, depth, colour, interlace=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def stored(data):
    """A zlib stream of one stored block."""
    size = struct.pack("<HH", len(data), len(data) ^ 0xFFFF)
    return b"\x78\x01\x01" + size + data + struct.pack(">I", zlib.adler32(data))


def sample(x, y, channel, depth):
    return (x * 7 + y * 13 + channel * 29) * 0x0101 % (1 << depth)


def row_of(columns, y, depth, channels, filter_type):
    values = (sample(x, y, c, depth) for x in columns for c in range(channels))
    bits = "".join(format(value, f"0{depth}b") for value in values)
    bits += "0" * (-len(bits) % 8)
    return bytes([filter_type]) + int(bits, 2).to_bytes(len(bits) // 8, "big")


def pixels(depth, colour, interlace=0, filters=False, sides=SIDES):
    width, height = sides
    rows = []
    for x0, y0, dx, dy in PASSES if interlace else ((0, 0, 1, 1),):
        for y in range(y0, height, dy):
            columns = range(x0, width, dx)
            if columns:
                rows.append(row_of(columns, y, depth, CHANNELS[colour], y % 5 if filters else 0))
    return b"".join(rows)


def palette(entries):
    return chunk(b"PLTE", bytes(v for i in range(entries) for v in (i, 255 - i, i * 3 % 256)))


def png(depth, colour, interlace=0, before=b"", data=None, after=b""):
    if data is None:
        data = pixels(depth, colour, interlace)
    if colour == PALETTE:
        before = palette(1 << depth) + before
    head = SIGNATURE + ihdr(*SIDES, depth, colour, interlace) + before
    return head + chunk(b"IDAT", stored(data)) + after + END


def every_kind():
    for colour, depths in DEPTHS.items():
        for depth in depths:
            for interlace in (0, 1):
                name = f"{NAMES[colour]}_{depth}{'_adam7' if interlace else ''}.png"
                yield name, png(depth, colour, interlace)


def others():
    yield "filters.png", png(8, RGB, data=pixels(8, RGB, filters=True))
    yield "filters_16.png", png(16, RGBA, data=pixels(16, RGBA, filters=True))
    yield "filters_adam7.png", png(2, GREY, 1, data=pixels(2, GREY, 1, filters=True))
    yield "trns_grey.png", png(4, GREY, before=chunk(b"tRNS", b"\0\7"))
    yield "trns_rgb.png", png(8, RGB, before=chunk(b"tRNS", b"\0\0\0\x1d\0\x3a"))
    yield "trns_palette.png", png(2, PALETTE, before=chunk(b"tRNS", b"\0\x80\xff"))
    stream = zlib.compress(pixels(8, GREY), 9)
    idats = b"".join(chunk(b"IDAT", stream[i : i + 1]) for i in range(len(stream)))
    yield "idat_bytewise.png", SIGNATURE + ihdr(*SIDES, 8, GREY) + idats + END
    ancillary = (
        chunk(b"gAMA", struct.pack(">I", 45455))
        + chunk(b"sBIT", b"\5\6\5")
        + chunk(b"bKGD", b"\0\1\0\2\0\3")
        + chunk(b"pHYs", struct.pack(">IIB", 11811, 11811, 1))
        + chunk(b"tIME", struct.pack(">HBBBBB", 2000, 1, 1, 0, 0, 0))
        + chunk(b"tEXt", b"Title\0drawing")
        + chunk(b"zTXt", b"Comment\0\0" + stored(b"words"))
        + chunk(b"iTXt", b"Author\0\0\0en\0\0name")
        + chunk(b"prIv", b"anything")
    )
    yield "ancillary.png", png(8, RGB, before=ancillary, after=chunk(b"tEXt", b"Last\0words"))


def bounds_and_broken():
    good = png(8, GREY)
    idat = good.index(b"IDAT")
    flat = chunk(b"IDAT", stored(bytes(1000))) + END
    rows = pixels(8, GREY)
    indices = chunk(b"IDAT", stored(pixels(8, PALETTE))) + END
    yield "empty", b""
    yield "signature_only.png", SIGNATURE
    yield "bad_crc.png", good[: idat + 6] + b"\xff" + good[idat + 7 :]
    yield "truncated.png", good[: idat + 20]
    yield "no_idat.png", SIGNATURE + ihdr(*SIDES, 8, GREY) + END
    yield "no_iend.png", good[: -len(END)]
    yield "no_palette.png", SIGNATURE + ihdr(*SIDES, 8, PALETTE) + indices
    yield "palette_short.png", SIGNATURE + ihdr(*SIDES, 8, PALETTE) + palette(2) + indices
    yield "rows_missing.png", png(8, GREY, data=rows[:-8])
    yield "rows_too_many.png", png(8, GREY, data=rows + bytes(8))
    yield "filter_unknown.png", png(8, GREY, data=b"\5" + rows[1:])
    yield "depth_unknown.png", SIGNATURE + ihdr(*SIDES, 3, GREY) + flat
    yield "side_zero.png", SIGNATURE + ihdr(0, 1, 8, GREY) + flat
    row = chunk(b"IDAT", stored(bytes(257))) + END
    yield "side_256.png", SIGNATURE + ihdr(256, 1, 8, GREY) + row
    yield "side_257.png", SIGNATURE + ihdr(257, 1, 8, GREY) + flat
    yield "side_huge.png", SIGNATURE + ihdr(0x7FFFFFFF, 0x7FFFFFFF, 16, RGBA) + flat
    yield "chunk_length_huge.png", SIGNATURE + b"\xff" * 4 + good[len(SIGNATURE) + 4 :]
    text = b"\x6d\0\0\0" + chunk(b"zTXt", b"a\0\0")[4:]
    yield "text_length_huge.png", png(8, GREY, before=text)
    yield "critical_chunk_unknown.png", png(8, GREY, before=chunk(b"PRIV", b"?"))


def main():
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "png")
    folder = sys.argv[1] if len(sys.argv) > 1 else default
    os.makedirs(folder, exist_ok=True)
    for make in (every_kind, others, bounds_and_broken):
        for name, data in make():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
