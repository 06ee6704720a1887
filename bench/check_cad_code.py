#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs programs of solids in the real CadQuery and compares what comes out.

    python3 -m venv /tmp/cqenv && /tmp/cqenv/bin/pip install cadquery
    make -C build cad_codes
    /tmp/cqenv/bin/python bench/check_cad_code.py [--codes build/cad_codes] FILE.json...

Of each DeepCAD file the dialects cadquery and gencad must make valid solids of the volume and in the box of
the solid that cadgen makes of it, once scaled to metres, within 1e-6. Points are rounded
to 1e-8 m in the files, and Open CASCADE takes for one what is within 1e-7 of its unit: at GenCAD's size
a model may be 2e-5 off. Of recode, whose numbers are whole, the share of the others' volume is printed.
Exit status 1 where something is off.
"""
import argparse
import json
import subprocess
import sys

import cadquery as cq

RELATIVE = {"cadquery": 1e-6, "gencad": 2e-5}


def run(text):
    """The solid that a program makes."""
    space = {}
    exec(compile(text, "program", "exec"), space)
    for name in ("result", "solid", "r"):
        if isinstance(space.get(name), cq.Workplane):
            return space[name]
    raise ValueError("no result")


def shape_of(work):
    """All that is on the stack, as one shape."""
    shapes = work.vals()
    return shapes[0] if len(shapes) == 1 else cq.Compound.makeCompound(shapes)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--codes", default="build/cad_codes")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    lines = subprocess.run([args.codes, "0", *args.files], stdout=subprocess.PIPE, text=True,
                           check=False).stdout
    bad = 0
    worst = {}
    for line in lines.splitlines():
        model = json.loads(line)
        name = model["file"].rsplit("/", 1)[-1]
        lo, hi = model["lo"], model["hi"]
        farthest = max(max(-a, b) for a, b in zip(lo, hi))
        longest = max(b - a for a, b in zip(lo, hi))
        scales = {"cadquery": 1e3, "gencad": 0.75 / farthest, "recode": 200 / longest}
        volumes, notes = {}, []
        for code, scale in scales.items():
            text = model["codes"][code]
            if isinstance(text, dict):
                notes.append(f"{code}: {text['error']}")
                continue
            try:
                shape = shape_of(run(text))
            except Exception as error:  # whatever CadQuery or the program raises
                notes.append(f"{code}: {type(error).__name__}: {error}")
                bad += code != "recode"
                continue
            volumes[code] = shape.Volume() / scale**3
            if code == "recode":
                continue
            if not shape.isValid():
                notes.append(f"{code}: not valid")
                bad += 1
            if "error" in model["solid"]:
                notes.append(f"ours: {model['solid']['error']}")
                bad += 1
                continue
            ours = model["solid"]
            b = shape.BoundingBox()
            sides = [(b.xmin, b.xmax), (b.ymin, b.ymax), (b.zmin, b.zmax)]
            off = {"box": max(max(abs(s[0] / scale - l), abs(s[1] / scale - h))
                              for s, l, h in zip(sides, ours["lo"], ours["hi"])) / longest,
                   "volume": abs(volumes[code] / ours["volume"] - 1)}
            for what, value in off.items():
                worst[f"{code} {what}"] = max(worst.get(f"{code} {what}", 0), value)
                if value > RELATIVE[code]:
                    notes.append(f"{code}: {what} off by {value:.2g}")
                    bad += 1
        ratio = (f"{volumes['recode'] / volumes['cadquery']:.4f}"
                 if "recode" in volumes and "cadquery" in volumes else "-")
        print(f"{name}: volume {volumes.get('cadquery', float('nan')):.9g} m3, "
              f"recode over that {ratio}" + "".join("; " + n for n in notes))
    deviations = ", ".join(f"{what} {off:.2g}" for what, off in worst.items())
    print(f"largest deviations: {deviations}; {bad} bad")
    sys.exit(1 if bad else 0)


main()
