#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The share of dark pixels on the A4 and ANSI A sheets of a dataset, in per cent: lowest, median, highest tenth.

	bench/ink_share.py DATASET N

Looks at the first N pictures whose sheet is one of these; A4 has 150 dots per inch at 1754 px, ANSI A
at 1650. Needs python3-pil.
"""
import json
import os
import sys

from PIL import Image

DARK = 128
SHEETS = ([210, 297], [215.9, 279.4])


def share(path: str) -> float:
	"""Per cent of the pixels below DARK."""
	counts = Image.open(path).convert("L").histogram()
	return 100 * sum(counts[:DARK]) / sum(counts)


def main() -> int:
	folder, most = sys.argv[1], int(sys.argv[2])
	shares = []
	with open(os.path.join(folder, "scenes.jsonl")) as scenes, \
		open(os.path.join(folder, "annotations.jsonl")) as annotations:
		for scene, annotation in zip(scenes, annotations):
			sheet, name = json.loads(scene), json.loads(annotation)["id"]
			sheet = sheet.get("scene", sheet)["sheet"]
			if not isinstance(sheet, list) or sorted(sheet) not in SHEETS or len(shares) == most:
				continue
			shares.append(share(os.path.join(folder, "images", f"{int(name) // 10000:02d}", name + ".png")))
	if not shares:
		print("-")
		return 0
	shares.sort()
	n = len(shares)
	print(f"{shares[n // 10]:.1f}/{shares[n // 2]:.1f}/{shares[-n // 10]:.1f}")
	return 0


sys.exit(main())
