# SPDX-License-Identifier: MIT
"""wrong_solids.py DATASET OUT: predictions for what a dataset of cadconv validates with, in sketch: some right,
some wrong in one way or another, one in twelve left out."""
import json
import re
import sys


def scaled(text, factor):
    """Every length of it, times that."""
    return re.sub(r"(?<![\w.])\d+(\.\d+)?(?!\d*\()", lambda m: "%g" % (float(m[0]) * factor)
                  if float(m[0]) > 1 else m[0], text)


def said_of(text, how):
    lines = text.rstrip("\n").split("\n")
    made = [i for i, line in enumerate(lines) if line.startswith(("Extrude", "Revolve"))]
    if how == 1:  # cut off
        return text[:len(text) * 2 // 3]
    if how == 2:
        return "I cannot see <b>the</b> drawing."
    if how == 3:  # as deep again
        return re.sub(r"distance=(\d+)", lambda m: "distance=%d" % (2 * int(m[1])), text, count=1)
    if how == 4 and len(made) > 1:  # without the last
        return "\n".join(lines[:made[-2] + 1]) + "\n"
    if how == 5:
        return text.replace('"cut"', '"join"')
    if how == 6:
        return re.sub(r"radius=(\d+)", lambda m: "radius=%g" % (0.7 * int(m[1])), text, count=1)
    if how == 7:  # one more
        return text + ("more = Sketch()\nmore.add_circle(center=(5,5), radius=3)\n"
                       'Extrude(more, distance=30, operation="join")\n')
    if how == 8:
        return scaled(text, 10)
    if how == 9:  # nothing is left
        return text + ("all = Sketch(origin=(0,0,-9000))\nall.add_circle(center=(0,0), radius=9000)\n"
                       'Extrude(all, distance=18000, operation="cut")\n')
    return text


def main():
    dataset, out = sys.argv[1:]
    with open(dataset + "/val.json", encoding="utf-8") as file:
        entries = json.load(file)
    with open(out, "w", encoding="utf-8") as file:
        for i, entry in enumerate(entries):
            said = said_of(entry["conversations"][1]["value"], i % 12)
            if i % 12 == 11:
                continue
            file.write(json.dumps({
                "id": entry["id"], "program": said, "log_probability": -0.02 * len(said),
                "candidates": [{"program": said, "score": -0.5}, {"program": "none", "score": -9}],
            }) + "\n")


main()
