#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Draws drawings with matplotlib (Agg), one grey 512x512 PNG file each, and prints how fast.

    draw_matplotlib.py DRAWINGS FOLDER [COUNT]

DRAWINGS has one drawing a line, as `cadgen --stop-after drawing` prints it; after the last one the
first is drawn again until COUNT pictures lie in FOLDER (default: each drawing once). Reading the
drawings is not part of the time.

One figure serves all pictures. Strokes of one width and line type are one PathCollection and all
arrowheads one PolyCollection, which is several times as fast as an artist for each line. Ink is
black, so the red channel is the grey picture.
"""
import json
import math
import os
import sys
import time
from pathlib import Path as FilePath

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from PIL import Image

SIZE_PX = 512
DPI = 72  # one point is one pixel
DIGIT_HEIGHT = 0.729  # of DejaVu Sans, in em
# ISO 128-2 lines 04.1, 02.1 and 05.1, in line widths, as cadgen draws them.
LINE_TYPES = {
    "continuous": "solid",
    "chain": (0, (12, 3, 0.5, 3)),
    "dashed": (0, (12, 3)),
    "phantom": (0, (12, 3, 0.5, 3, 0.5, 3)),
}


def arc_points(seg: list) -> tuple[np.ndarray, np.ndarray]:
    """Points and codes of an arc as cubic curves, from its beginning to its end."""
    cx, cy, rx, ry, rotation, start, sweep = seg[1:]
    unit = Path.arc(min(start, start + sweep), max(start, start + sweep))
    points = unit.vertices if sweep > 0 else unit.vertices[::-1]
    c, s = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
    turn = np.array([[c, s], [-s, c]])
    return (points * (rx, ry)) @ turn + (cx, cy), unit.codes


def path_from_stroke(stroke: dict) -> Path:
    points, codes = [], []
    for seg in stroke["segs"]:
        if seg[0] == "line":
            seg_points = np.array([seg[1:3], seg[3:5]])
            seg_codes = np.array([Path.MOVETO, Path.LINETO])
        else:
            seg_points, seg_codes = arc_points(seg)
        skip = 1 if points else 0  # each segment begins where the last one ended
        points.append(seg_points[skip:])
        codes.append(seg_codes[skip:])
    if stroke["closed"]:
        points.append(points[0][:1])
        codes.append([Path.CLOSEPOLY])
    return Path(np.concatenate(points), np.concatenate(codes))


class Drafter:
    def __init__(self) -> None:
        inches = SIZE_PX / DPI
        self.figure = Figure(figsize=(inches, inches), dpi=DPI, facecolor="white")
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.fonts: dict[float, FontProperties] = {}

    def font(self, height_px: float) -> FontProperties:
        if height_px not in self.fonts:
            size = height_px / DIGIT_HEIGHT
            self.fonts[height_px] = FontProperties(family="DejaVu Sans", size=size)
        return self.fonts[height_px]

    def add_strokes(self, drawing: dict, px_per_mm: float) -> list:
        groups: dict[tuple[float, str], list[Path]] = {}
        for stroke in drawing["strokes"]:
            key = (stroke["width"], stroke["line"])
            groups.setdefault(key, []).append(path_from_stroke(stroke))
        return [
            self.axes.add_collection(
                PathCollection(paths, linewidths=width * px_per_mm, linestyles=LINE_TYPES[line],
                               facecolors="none", edgecolors="black", capstyle="butt",
                               joinstyle="miter"),
                autolim=False)
            for (width, line), paths in groups.items()
        ]

    def add_arrows(self, drawing: dict) -> list:
        heads = [(a["tip"], a["left"], a["right"]) for a in drawing["arrows"]]
        collection = PolyCollection(heads, facecolors="black", linewidths=0)
        return [self.axes.add_collection(collection, autolim=False)]

    def add_texts(self, drawing: dict, px_per_mm: float) -> list:
        return [
            self.axes.text(t["at"][0], t["at"][1], t["text"], rotation=t["angle"],
                           rotation_mode="anchor", ha="left", va="baseline",
                           fontproperties=self.font(t["height"] * px_per_mm))
            for t in drawing["texts"]
        ]

    def draw(self, drawing: dict, path: str) -> None:
        px_per_mm = SIZE_PX / drawing["width"]
        self.axes.set_xlim(0, drawing["width"])
        self.axes.set_ylim(0, drawing["height"])
        artists = self.add_strokes(drawing, px_per_mm)
        artists += self.add_arrows(drawing)
        artists += self.add_texts(drawing, px_per_mm)
        self.canvas.draw()
        red = np.asarray(self.canvas.buffer_rgba())[:, :, 0]
        Image.fromarray(red).save(path, compress_level=1)
        for artist in artists:
            artist.remove()


def main() -> None:
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: draw_matplotlib.py DRAWINGS FOLDER [COUNT]")
    folder = FilePath(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with open(sys.argv[1], encoding="utf-8") as file:
        drawings = [json.loads(line) for line in file]
    count = int(sys.argv[3]) if len(sys.argv) == 4 else len(drawings)
    drafter = Drafter()
    drafter.draw(drawings[0], str(folder / "00000000.png"))  # finds and reads the font
    begin, used = time.perf_counter(), os.times()
    for i in range(count):
        drafter.draw(drawings[i % len(drawings)], str(folder / f"{i:08}.png"))
    wall, now = time.perf_counter() - begin, os.times()
    print(f"images={count} wall_s={wall:.4f} user_s={now.user - used.user:.2f}",
          f"system_s={now.system - used.system:.2f} images_per_s={count / wall:.2f}")


main()
