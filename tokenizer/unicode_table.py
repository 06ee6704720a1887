#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tokenizer/unicode_table.c: letters, numbers and white space of Unicode, two bits a code point.

	pip install unicodedata2==16.0.0	(in a virtual environment)
	tokenizer/unicode_table.py >tokenizer/unicode_table.c

Version 16.0 is that of Oniguruma 6.9.10, by which Hugging Face tokenizers 0.23 splits text. White
space is the property White_Space, which has not changed since 6.3.
"""

import unicodedata2

VERSION = "16.0.0"
OTHER, LETTER, NUMBER, SPACE = range(4)
SPACES = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
          0x202F, 0x205F, 0x3000}
PAGE = 256


def class_of(code):
    if code in SPACES:
        return SPACE
    return {"L": LETTER, "N": NUMBER}.get(unicodedata2.category(chr(code))[0], OTHER)


def pages():
    for first in range(0, 0x110000, PAGE):
        codes = [class_of(c) for c in range(first, first + PAGE)]
        yield bytes(sum(codes[4 * i + k] << 2 * k for k in range(4)) for i in range(PAGE // 4))


def rows(values, width):
    for i in range(0, len(values), width):
        print("\t" + " ".join(f"{v}," for v in values[i:i + width]))


def main():
    if unicodedata2.unidata_version != VERSION:
        raise SystemExit(f"Unicode {unicodedata2.unidata_version}, wanted {VERSION}")
    numbers, unique = [], {}
    for page in pages():
        numbers.append(unique.setdefault(page, len(unique)))
    print(f"""/* SPDX-License-Identifier: MIT */
/* Made by unicode_table.py from Unicode {VERSION}; see unicode_class.h. */
#include <config.h>

#include "tokenizer/unicode_class.h"

/* clang-format off */
const uint8_t unicode_page_of[0x110000 / UNICODE_PAGE] = {{""")
    rows(numbers, 32)
    print(f"}};\n\nconst uint8_t unicode_pages[][UNICODE_PAGE / 4] = {{")
    for page in unique:
        print("\t{")
        rows(list(page), 32)
        print("\t},")
    print("};")


main()
