#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How often the title block that a style asks for gives way, because nothing else would fit.

	bench/title_blocks.py [--count N] [--seed SEED] [--size PX] [--family LIST] [--style FILE]

Draws N sheets with cadgen ($CADGEN or build/cadgen) in the style, of whose title blocks "none" is
struck out, and counts the sheets on which none is printed: small ones where no block of the
standard fits, and all others.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ALONE = {"zone", "number", "scale", "unit"}  # fields that stand outside a title block, too


def without_none(choice):
	"""A style's choice that is never "none"."""
	if isinstance(choice, dict):
		usual = without_none(choice["usual"])
		return usual if usual else without_none(choice["fault"])
	words = choice if isinstance(choice, list) else [choice]
	return [w for w in words if w != "none"]


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	parser.add_argument("--count", type=int, default=300)
	parser.add_argument("--seed", type=int, default=0)
	parser.add_argument("--size", type=int, default=1024)
	parser.add_argument("--family", default="turned")
	parser.add_argument("--style", default=os.path.join(ROOT, "samples/styles/iso.json"))
	o = parser.parse_args()
	cadgen = os.environ.get("CADGEN", os.path.join(ROOT, "build", "cadgen"))
	with open(o.style, encoding="utf-8") as f:
		style = json.load(f)
	words = without_none(style.get("title_block", "none"))
	style["title_block"] = words if len(words) > 1 else words[0] if words else "iso"
	with tempfile.TemporaryDirectory() as folder:
		asked, data = os.path.join(folder, "style.json"), os.path.join(folder, "data")
		with open(asked, "w", encoding="utf-8") as f:
			json.dump(style, f)
		subprocess.run([cadgen, "--count", str(o.count), "--seed", str(o.seed), "--size", str(o.size),
				"--out", data, "--family", o.family, "--style", asked],
			       check=True, stderr=subprocess.DEVNULL)
		without = 0
		for line in open(os.path.join(data, "annotations.jsonl"), encoding="utf-8"):
			fields = {item["field"] for item in json.loads(line)["items"] if "field" in item}
			without += not fields - ALONE - {"caption"}
	print(f"{without} of {o.count} sheets without their title block: {100 * without / o.count:.1f} %")


if __name__ == "__main__":
	sys.exit(main())
