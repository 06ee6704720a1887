#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes random models with revolves, as deepcad(5) has them, for check_cad_code.py.

    bench/make_revolves.py FOLDER [COUNT [SEED]]

Each is a polygon beside a line of its sketch, now and then with a side on it, turned by all kinds of extents
on a random plane, and half of them have a second one cut out of it, smaller and turned further.
"""
import json
import math
import pathlib
import random
import sys


def point(x, y, z=0.0):
    return {"x": x, "y": y, "z": z}


def plane(rng):
    """Along the axes, or askew; right-handed."""
    if rng.random() < 0.6:
        axis, sign = rng.randrange(3), rng.choice((-1.0, 1.0))
        z = [0.0, 0.0, 0.0]
        z[axis] = sign
        x = [0.0, 0.0, 0.0]
        x[(axis + 1) % 3] = 1.0
    else:
        theta, phi = rng.uniform(0.1, 3), rng.uniform(-3, 3)
        z = [math.sin(theta) * math.cos(phi), math.sin(theta) * math.sin(phi), math.cos(theta)]
        x = [-math.sin(phi), math.cos(phi), 0.0]
    y = [z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0]]
    origin = [round(rng.uniform(-0.1, 0.1), 6) for _ in range(3)]
    return {"origin": point(*origin), "x_axis": point(*x), "y_axis": point(*y), "z_axis": point(*z)}


def polygon(rng, size, touches):
    """Corners along the axis and away from it, counter-clockwise."""
    base = 0.0 if touches else rng.uniform(0.2, 1) * size
    count = rng.randint(2, 5)
    along = sorted(rng.uniform(0, size) for _ in range(count))
    top = [(a, base + rng.uniform(0.2, 1) * size) for a in along]
    return [(0.0, base), (size, base)] + [(a, h) for a, h in reversed(top)]


def profile(corners, start, way):
    aside = (-way[1], way[0])
    ends = [[round(start[i] + a * way[i] + h * aside[i], 8) for i in range(2)] for a, h in corners]
    curves = [{"type": "Line3D", "start_point": point(*a), "end_point": point(*b)}
              for a, b in zip(ends, ends[1:] + ends[:1])]
    return {"loops": [{"is_outer": True, "profile_curves": curves}], "properties": {}}


def extent(rng, most):
    kind = rng.choice(("OneSide", "Symmetric", "TwoSides"))
    one, two = rng.uniform(0.2, most), 0.0
    if rng.random() < 0.35:
        kind, one = "OneSide", 2 * math.pi
    elif kind == "OneSide" and rng.random() < 0.4:
        one = -one
    elif kind == "TwoSides":
        two = rng.uniform(0.1, most)
    return {"extent_type": kind + "FeatureExtentType",
            "extent_one": {"type": "AngleExtentDefinition", "angle": {"value": one}},
            "extent_two": {"type": "AngleExtentDefinition", "angle": {"value": two}}}


def model(rng):
    size = 10 ** rng.uniform(-2, -0.5)
    angle = rng.choice((0, math.pi / 2, math.pi, rng.uniform(-3, 3)))
    way = (round(math.cos(angle), 15), round(math.sin(angle), 15))
    start = [round(rng.uniform(-size, size), 8) for _ in range(2)]
    transform = plane(rng)
    axis = {"type": "Line3D", "start_point": point(*start),
            "end_point": point(*(s + size * w for s, w in zip(start, way)))}
    corners = polygon(rng, size, rng.random() < 0.3)
    parts = [("NewBody", corners, extent(rng, 3))]
    if rng.random() < 0.5:
        low = corners[0][1] + 0.05 * size
        tool = [(0.3 * size, low), (0.6 * size, low), (0.45 * size, low + 0.1 * size)]
        parts.append(("Cut", tool, {
            "extent_type": "OneSideFeatureExtentType",
            "extent_one": {"type": "FullSweepExtentDefinition"}}))
    entities, sequence = {}, []
    for i, (operation, shape, turn) in enumerate(parts):
        entities[f"S{i}"] = {"type": "Sketch", "name": "", "transform": transform,
                             "profiles": {"P": profile(shape, start, way)}}
        entities[f"R{i}"] = {"type": "RevolveFeature", "name": "", "axis": axis,
                             "operation": operation + "FeatureOperation",
                             "profiles": [{"sketch": f"S{i}", "profile": "P"}], **turn}
        sequence += [{"type": "Sketch", "entity": f"S{i}"},
                     {"type": "RevolveFeature", "entity": f"R{i}"}]
    return {"entities": entities, "properties": {}, "sequence": sequence}


def main():
    folder = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        (folder / f"{i:04}.json").write_text(json.dumps(model(rng)) + "\n")


main()
