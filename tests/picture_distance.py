#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""picture_distance.py LIMIT A B: whether the difference of two pictures of one size is less than LIMIT
of the ink on A; prints the share. A picture that is a whole multiple is averaged down, a part of a
pixel that is rounded up at its lower or right edge cut off."""
import sys

from PIL import Image, ImageChops, ImageStat


def mean(image):
    return ImageStat.Stat(image).mean[0]


a, b = (Image.open(name).convert("L") for name in sys.argv[2:4])
if a.width != b.width and b.width % a.width == 0:
    b = b.reduce(b.width // a.width)
if 0 <= b.width - a.width <= 1 and 0 <= b.height - a.height <= 1:
    b = b.crop((0, 0, *a.size))
if a.size != b.size:
    sys.exit(f"{a.size} against {b.size}")
distance = mean(ImageChops.difference(a, b)) / (255 - mean(a))
print(f"{distance:.3f}")
sys.exit(0 if distance < float(sys.argv[1]) else 1)
