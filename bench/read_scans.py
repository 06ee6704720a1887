#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whether "clear", "degraded" and "lost" mean what they say to a text recogniser that we did not write.

	bench/read_scans.py [--count N] [--seed SEED] [--size PX] [--family LIST] [STYLE.json]...

Without styles it takes samples/styles/iso.json under each of sixteen degradations far beyond the built-in
ranges, by which the limits of augment/legibility.c were set. Draws N pictures in each style with cadgen ($CADGEN or build/cadgen), once as the style has it and once
without its "degradation", both lettered in ISO 3098 strokes, and gives the numbers of both to
Tesseract as read_texts.py does, cut out by the annotations' polygons, stretched to full contrast, once
made bolder and once not: either may be read. For each style and state it prints how many
numbers have the state, and how many of those that Tesseract reads on the clean picture it reads on the
degraded one. Needs tesseract-ocr, python3-pil.
"""
import argparse
import json
import math
import os
import re
import subprocess
import sys
import tempfile

from PIL import Image, ImageFilter, ImageOps

import read_texts

ROUND_PX = 4  # round a number's box, to tell its ground
NOISE_PX = 0.45  # of blur, against single pixels
HARSH = {
	"defocus": {"defocus": {"radius_px": [0.5, 3.5]}},
	"motion": {"motion_blur": {"length_px": [1, 9]}},
	"low dpi": {"low_dpi": {"scale": [0.25, 0.8]}},
	"toner": {"toner_loss": {"loss": [0.05, 0.5]}},
	"copies": {"photocopy": {"generations": [1, 4], "alpha0": [0.1, 0.8], "beta0": [0.05, 0.5]}},
	"one bit": {"defocus": {"radius_px": [0.4, 2]}, "one_bit": {"level": [0.45, 0.95]}},
	"noise": {"sensor_noise": {"levels": [5, 60]}},
	"jpeg": {"jpeg": {"quality": [5, 30]}},
	"bleed": {"ink_bleed": {"sigma_mm": [0.1, 0.5]}},
	"thin": {"thin_print": {"sigma_mm": [0.05, 0.4], "threshold": [0.5, 0.8]}},
	"glare": {"glare": {"count": 4, "peak": [0.5, 2], "radius": [0.2, 0.5]}, "jpeg": {}},
	"marks": {"redlines": {"count": 15}, "stamp": {}, "dust": {"per_dm2": [100, 400]}},
	"halftone": {"halftone": {"strength": [0.3, 1]}},
	"pencil": {"pencil_grain": {"cover": [0.3, 0.7], "depth": [1, 3]}},
	"creases": {"folds": {"across": 4, "down": 3, "ink_loss": 1}, "wrinkles": {"shade": [0.1, 0.4]}},
	"speckle": {"speckle": {"per_mille": [1, 20], "size_px": [1, 2.5]},
		    "broken_lines": {"per_dm2": [50, 200]}},
}
STATES = ("clear", "degraded", "lost")


def turn_at(points: list, i: int) -> float:
	(x0, y0), (x1, y1), (x2, y2) = points[i - 1], points[i], points[(i + 1) % len(points)]
	return math.sin(abs(math.atan2(y2 - y1, x2 - x1) - math.atan2(y1 - y0, x1 - x0)) / 2)


def four_corners(polygon: list) -> list:
	"""Of a box whose sides were bent: its first point and where it turns most."""
	points = list(zip(polygon[0::2], polygon[1::2]))
	most = sorted(range(1, len(points)), key=lambda i: turn_at(points, i), reverse=True)[:3]
	return [v for i in sorted([0] + most) for v in points[i]]


def cut_out(picture: Image.Image, polygon: list) -> list:
	"""Black on white, whatever it was, bolder and as it is."""
	corners = four_corners(polygon)
	xs, ys = corners[0::2], corners[1::2]
	box = (int(min(xs)) - ROUND_PX, int(min(ys)) - ROUND_PX,
	       int(max(xs)) + ROUND_PX, int(max(ys)) + ROUND_PX)
	cut = picture.crop(box)
	levels = sorted(cut.getdata())
	dark, middle, light = (levels[int(q * (len(levels) - 1))] for q in (0.03, 0.5, 0.97))
	if middle - dark < light - middle:
		cut, dark, middle = ImageOps.invert(cut), 255 - light, 255 - middle
	scale = 255 / max(middle - dark, 1)
	cut = cut.filter(ImageFilter.GaussianBlur(NOISE_PX))
	cut = cut.point(lambda v: max(0, min(255, round((v - dark) * scale))))
	return [read_texts.cut_out(cut, [v - box[i % 2] for i, v in enumerate(corners)], bolder)
		for bolder in (read_texts.BOLDER, 0)]


def draw(o: argparse.Namespace, style: str, folder: str) -> None:
	cadgen = os.environ.get("CADGEN", os.path.join(read_texts.ROOT, "build", "cadgen"))
	subprocess.run([cadgen, "--count", str(o.count), "--seed", str(o.seed), "--size", str(o.size),
			"--family", o.family, "--style", style, "--out", folder],
		       check=True, stderr=subprocess.DEVNULL)


def numbers_of(folder: str) -> list:
	"""(value, state, cut-outs) of every number of a dimension, in the order of the annotations."""
	found = []
	for line in open(os.path.join(folder, "annotations.jsonl"), encoding="utf-8"):
		sample = json.loads(line)
		name = f"images/{int(sample['id']) // 10000:02d}/{sample['id']}.png"
		picture = Image.open(os.path.join(folder, name)).convert("L")
		for item in sample["items"]:
			if (item["class"] == "text" and "dimension" in item
			    and re.search(r"[0-9]", item["value"])):
				found.append((item["value"], item.get("legibility"),
					      cut_out(picture, item["polygon"])))
	return found


def read_all(numbers: list) -> list:
	"""Whether each is read."""
	with tempfile.TemporaryDirectory() as folder:
		cuts = [cut for _, _, both in numbers for cut in both]
		files = [os.path.join(folder, f"{i}.png") for i in range(len(cuts))]
		for file, cut in zip(files, cuts):
			cut.save(file)
		read = read_texts.recognise(files, folder)
	return [any(read_texts.same(value, got) for got in read[2 * i:2 * i + 2])
		for i, (value, _, _) in enumerate(numbers)]


def styles_of(files: list) -> dict:
	"""Name and keys of each style."""
	if files:
		return {os.path.splitext(os.path.basename(f))[0]: json.load(open(f, encoding="utf-8"))
			for f in files}
	iso = json.load(open(os.path.join(read_texts.ROOT, "samples", "styles", "iso.json"),
			     encoding="utf-8"))
	return {name: dict(iso, degradation=keys) for name, keys in HARSH.items()}


def measure(o: argparse.Namespace, style: dict) -> list:
	"""(state, read on the clean picture, read on the degraded one) of every number."""
	with tempfile.TemporaryDirectory() as folder:
		keys = dict(style, lettering="iso3098")
		both = []
		for sheet in ({k: v for k, v in keys.items() if k != "degradation"}, keys):
			name = os.path.join(folder, f"{len(both)}.json")
			json.dump(sheet, open(name, "w", encoding="utf-8"))
			draw(o, name, name + ".data")
			both.append(numbers_of(name + ".data"))
	assert [n[0] for n in both[0]] == [n[0] for n in both[1]]
	return list(zip((n[1] for n in both[1]), read_all(both[0]), read_all(both[1])))


def percent(part: int, whole: int) -> str:
	return f"{100 * part / whole:.1f}" if whole else ""


def print_style(name: str, rows: list) -> None:
	cells = [name, str(len(rows)), percent(sum(r[1] for r in rows), len(rows))]
	for state in STATES:
		known = [r for r in rows if r[0] == state and r[1]]
		cells += [percent(sum(r[0] == state for r in rows), len(rows)),
			  percent(sum(r[2] for r in known), len(known))]
	print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	parser.add_argument("--count", type=int, default=40)
	parser.add_argument("--seed", type=int, default=0)
	parser.add_argument("--size", type=int, default=1024)
	parser.add_argument("--family", default="mix")
	parser.add_argument("styles", nargs="*", metavar="STYLE.json")
	o = parser.parse_args()
	print("| style | numbers | read clean | clear | read | degraded | read | lost | read |")
	print("|---|---|---|---|---|---|---|---|---|")
	rows = []
	for name, style in styles_of(o.styles).items():
		rows.append(measure(o, style))
		print_style(name, rows[-1])
	print_style("all", sum(rows, []))


if __name__ == "__main__":
	sys.exit(main())
