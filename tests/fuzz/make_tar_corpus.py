#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/fuzz/corpus/tar: small archives of every kind, and broken ones.

    tests/fuzz/make_tar_corpus.py [FOLDER]
"""
import io
import os
import sys
import tarfile

END = 1024  # two blocks of zeros; tarfile fills up to 10,240


def archive(kind, *entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as tar:
        for name, data, options in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in options.items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue().rstrip(b"\0")


def ended(data):
    return data + bytes(-len(data) % 512 + END)


FILES = ("0.png", b"picture", {}), ("d/0.txt", b"", {})
LONG = "long/" + 120 * "x"


def every_kind():
    yield "ustar.tar", ended(archive(tarfile.USTAR_FORMAT, *FILES))
    yield "gnu_long.tar", ended(archive(tarfile.GNU_FORMAT, (LONG, b"data", {})))
    yield "pax_long.tar", ended(archive(tarfile.PAX_FORMAT, (LONG + "\u0431", b"data", {})))
    yield "pax_size.tar", ended(
        archive(tarfile.PAX_FORMAT, ("a", b"data", {"pax_headers": {"size": "4", "mtime": "1.5"}}))
    )
    yield "folder.tar", ended(archive(tarfile.USTAR_FORMAT, ("d", b"", {"type": tarfile.DIRTYPE}), *FILES))
    yield "link.tar", ended(
        archive(tarfile.USTAR_FORMAT, ("a", b"", {"type": tarfile.SYMTYPE, "linkname": "b"}))
    )
    yield "sparse.tar", ended(
        archive(
            tarfile.PAX_FORMAT,
            ("a", b"1\n100\n4\n".ljust(512, b"\0") + b"data", {"pax_headers": {
                "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "200"}}),
        )
    )


def broken():
    good = ended(archive(tarfile.USTAR_FORMAT, *FILES))
    yield "empty", b""
    yield "end_only.tar", bytes(END)
    yield "no_end.tar", good[:-END]
    yield "one_block.tar", good[:-512]
    yield "cut_header.tar", good[:300]
    yield "cut_data.tar", good[:515]
    yield "more.tar", good + b"x"
    yield "checksum.tar", b"x" + good[1:]
    yield "huge.tar", good[:124] + b"77777777777 " + good[136:]
    yield "base256.tar", good[:124] + b"\xff" * 12 + good[136:]


def main():
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "tar")
    folder = sys.argv[1] if len(sys.argv) > 1 else default
    os.makedirs(folder, exist_ok=True)
    for make in (every_kind, broken):
        for name, data in make():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
