#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Draws drawings with pycairo, one grey 512x512 PNG file each by Pillow, and prints how fast.

    draw_pycairo.py DRAWINGS FOLDER [COUNT]

DRAWINGS has one drawing a line, as `cadgen --stop-after drawing` prints it; after the last one the
first is drawn again until COUNT pictures lie in FOLDER (default: each drawing once). Reading the
drawings is not part of the time.

One surface serves all pictures. It holds coverage in 8 bits and is inverted at the end, which beats
drawing RGB. Strokes of one width and line type are stroked at once, and all arrowheads filled at
once.
"""
import json
import math
import os
import sys
import time
from pathlib import Path

import cairo
from PIL import Image, ImageChops

SIZE_PX = 512
DIGIT_HEIGHT = 0.729  # of DejaVu Sans, in em
# ISO 128-2 lines 04.1, 02.1 and 05.1, in line widths, as cadgen draws them.
LINE_TYPES = {
    "continuous": (),
    "chain": (12, 3, 0.5, 3),
    "dashed": (12, 3),
    "phantom": (12, 3, 0.5, 3, 0.5, 3),
}


class Drafter:
    def __init__(self) -> None:
        self.surface = cairo.ImageSurface(cairo.FORMAT_A8, SIZE_PX, SIZE_PX)
        self.context = cairo.Context(self.surface)
        self.context.select_font_face("DejaVu Sans")
        options = cairo.FontOptions()
        options.set_antialias(cairo.ANTIALIAS_GRAY)
        options.set_hint_style(cairo.HINT_STYLE_NONE)
        options.set_hint_metrics(cairo.HINT_METRICS_OFF)
        self.context.set_font_options(options)
        self.px_per_mm = 1.0
        self.height_mm = 0.0

    def px(self, point: list) -> tuple[float, float]:
        return point[0] * self.px_per_mm, (self.height_mm - point[1]) * self.px_per_mm

    def add_arc(self, seg: list) -> None:
        """Angles run the other way round: y points down in pixels."""
        ctx, k = self.context, self.px_per_mm
        rx, ry = seg[3] * k, seg[4] * k
        rotation, start, sweep = (-math.radians(angle) for angle in seg[5:8])
        x, y = self.px(seg[1:3])
        if rx == ry:
            arc = ctx.arc if sweep > 0 else ctx.arc_negative
            arc(x, y, rx, rotation + start, rotation + start + sweep)
            return
        ctx.save()
        ctx.translate(x, y)
        ctx.rotate(rotation)
        ctx.scale(rx, ry)
        arc = ctx.arc if sweep > 0 else ctx.arc_negative
        arc(0, 0, 1, start, start + sweep)
        ctx.restore()

    def add_stroke(self, stroke: dict) -> None:
        ctx = self.context
        ctx.new_sub_path()
        for i, seg in enumerate(stroke["segs"]):
            if seg[0] == "arc":
                self.add_arc(seg)
                continue
            if i == 0:
                ctx.move_to(*self.px(seg[1:3]))
            ctx.line_to(*self.px(seg[3:5]))
        if stroke["closed"]:
            ctx.close_path()

    def draw_strokes(self, strokes: list) -> None:
        groups: dict[tuple[float, str], list] = {}
        for stroke in strokes:
            groups.setdefault((stroke["width"], stroke["line"]), []).append(stroke)
        for (width, line), members in groups.items():
            width_px = width * self.px_per_mm
            for stroke in members:
                self.add_stroke(stroke)
            self.context.set_line_width(width_px)
            self.context.set_dash([width_px * dash for dash in LINE_TYPES[line]])
            self.context.stroke()

    def draw_arrows(self, arrows: list) -> None:
        for arrow in arrows:
            self.context.move_to(*self.px(arrow["tip"]))
            self.context.line_to(*self.px(arrow["left"]))
            self.context.line_to(*self.px(arrow["right"]))
            self.context.close_path()
        self.context.fill()

    def draw_texts(self, texts: list) -> None:
        ctx = self.context
        for text in texts:
            ctx.set_font_size(text["height"] * self.px_per_mm / DIGIT_HEIGHT)
            ctx.save()
            ctx.translate(*self.px(text["at"]))
            if text["angle"]:
                ctx.rotate(-math.radians(text["angle"]))
            ctx.move_to(0, 0)
            ctx.show_text(text["text"])
            ctx.restore()
            ctx.new_path()  # show_text leaves a current point

    def draw(self, drawing: dict, path: str) -> None:
        ctx = self.context
        self.px_per_mm = SIZE_PX / drawing["width"]
        self.height_mm = drawing["height"]
        ctx.set_operator(cairo.OPERATOR_CLEAR)
        ctx.paint()
        ctx.set_operator(cairo.OPERATOR_OVER)
        self.draw_strokes(drawing["strokes"])
        self.draw_arrows(drawing["arrows"])
        self.draw_texts(drawing["texts"])
        self.surface.flush()
        coverage = Image.frombuffer("L", (SIZE_PX, SIZE_PX), self.surface.get_data(), "raw", "L",
                                    self.surface.get_stride(), 1)
        ImageChops.invert(coverage).save(path, compress_level=1)


def main() -> None:
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: draw_pycairo.py DRAWINGS FOLDER [COUNT]")
    folder = Path(sys.argv[2])
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
