#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How much of our lettering a text recogniser that we did not write can read.

	bench/read_texts.py [--count N] [--seed SEED] [--size PX] [--font FILE] [--family LIST]
			    [--style FILE]

Draws N pictures with cadgen ($CADGEN or build/cadgen), cuts every text out by its annotation,
turned level, and gives it to Tesseract (Debian's tesseract-ocr) line by line with the alphabet of
dimensions. Prints the share of texts whose number comes back, and the misreadings. The signs are
not counted: no stock model of Tesseract knows a diameter or is sure of a degree sign. Needs
tesseract-ocr, python3-pil.
"""
import argparse
import collections
import json
import math
import os
import re
import subprocess
import sys
import tempfile

from PIL import Image, ImageFilter

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MARGIN = 0.12  # of the letters' height, round a cut-out: the dimension line is farther off
LETTER_PX = 31  # cut-outs are enlarged to this height, which Tesseract reads best
WHITE_PX = 5  # round an enlarged cut-out: with 20 it takes a leading point for dirt
BLUR_PX = 0.7
BOLDER = 0.65  # how much of a pixel on both sides of a stroke


def cut_out(picture: Image.Image, polygon: list, bolder: float = BOLDER) -> Image.Image:
	"""The text inside four corners (from its baseline's start), upright, with a white rim."""
	corners = list(zip(polygon[0::2], polygon[1::2]))
	(x0, y0), (x1, y1), _, (x3, y3) = corners
	width, height = math.hypot(x1 - x0, y1 - y0), math.hypot(x3 - x0, y3 - y0)
	u = ((x1 - x0) / width, (y1 - y0) / width)
	v = ((x3 - x0) / height, (y3 - y0) / height)
	rim, k = MARGIN * height, height / LETTER_PX
	top = (x3 - rim * u[0] + rim * v[0], y3 - rim * u[1] + rim * v[1])
	size = (round((width + 2 * rim) / k), round((height + 2 * rim) / k))
	matrix = (k * u[0], -k * v[0], top[0], k * u[1], -k * v[1], top[1])
	cut = picture.transform(size, Image.AFFINE, matrix, Image.BICUBIC, fillcolor=255)
	framed = Image.new("L", (size[0] + 2 * WHITE_PX, size[1] + 2 * WHITE_PX), 255)
	framed.paste(cut, (WHITE_PX, WHITE_PX))
	# Strokes of a tenth of the height are thinner than what it was trained on.
	bold = Image.blend(framed, framed.filter(ImageFilter.MinFilter(3)), bolder)
	return bold.filter(ImageFilter.GaussianBlur(BLUR_PX))


def recognise(files: list, folder: str) -> list:
	"""Tesseract's line for each file; it takes a list and parts its answers by form feeds."""
	names = os.path.join(folder, "list.txt")
	with open(names, "w") as f:
		f.write("\n".join(files) + "\n")
	command = ["tesseract", names, "-", "--psm", "7", "-c",
		   "tessedit_char_whitelist=0123456789,.:R°±()=xXMHt"]
	out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
	return [line.strip() for line in out.split("\f")]


def same(value: str, read: str) -> bool:
	"""Digits one by one and decimal marks where they are; of a sign nothing or any one character."""
	pattern = "".join(re.escape(c) if c.isdigit() else "[,.]" if c in ",." else ".?"
			  for c in value if c != " ")
	return re.fullmatch(pattern, read.replace(" ", "")) is not None


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	parser.add_argument("--count", type=int, default=100)
	parser.add_argument("--seed", type=int, default=0)
	parser.add_argument("--size", type=int, default=1024)
	parser.add_argument("--font")
	parser.add_argument("--family", default="shapes")
	parser.add_argument("--style")
	o = parser.parse_args()
	cadgen = os.environ.get("CADGEN", os.path.join(ROOT, "build", "cadgen"))
	with tempfile.TemporaryDirectory() as folder:
		data = os.path.join(folder, "data")
		command = [cadgen, "--count", str(o.count), "--seed", str(o.seed), "--size", str(o.size),
			   "--out", data, "--family", o.family]
		command += (["--font", o.font] if o.font else []) + (["--style", o.style] if o.style else [])
		subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
		values, files = [], []
		for line in open(os.path.join(data, "annotations.jsonl"), encoding="utf-8"):
			sample = json.loads(line)
			name = f"images/{int(sample['id']) // 10000:02d}/{sample['id']}.png"
			picture = Image.open(os.path.join(data, name))
			for item in sample["items"]:
				if item["class"] != "text" or "dimension" not in item:
					continue
				if not re.search(r"[0-9]", item["value"]):
					continue
				files.append(os.path.join(folder, f"{len(files)}.png"))
				values.append(item["value"])
				cut_out(picture, item["polygon"]).save(files[-1])
		read = recognise(files, folder)
	wrong = collections.Counter((v, r) for v, r in zip(values, read) if not same(v, r))
	right = len(values) - sum(wrong.values())
	print(f"{right} of {len(values)} numbers read: {100 * right / len(values):.2f} %")
	for (value, got), times in wrong.most_common(15):
		print(f"  {times} x '{value}' read as '{got}'")


if __name__ == "__main__":
	sys.exit(main())
