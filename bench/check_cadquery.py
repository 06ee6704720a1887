#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs programs of the language cadquery in the real CadQuery and measures what comes out.

    python3 -m venv /tmp/cqenv && /tmp/cqenv/bin/pip install cadquery
    /tmp/cqenv/bin/python bench/check_cadquery.py [--cadgen build/cadgen] [--samples 300]
        [--random 300] [--seed 0] [--jobs N]

Two sources of programs: cadgen's own samples 0, 1, ..., and scenes of random shapes at the bounds
of what program(5) allows, which cadgen turns into programs (--scene). Each program is run as it
stands; then every object of `result` is compared with the geometry computed here from the json
program of the same sample, by formulas that share nothing with CadQuery or cadgen: kind of object,
validity, area (volume over thickness 1) or length, centroid or ends, and bounding box. Prints the
largest deviations; exit status 1 if one is over the tolerance.
"""
import argparse
import json
import math
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile

KINDS = [
    "rectangle", "rounded_rectangle", "circle", "ellipse", "arc", "line", "polyline", "polygon",
    "slot", "triangle",
]
OPEN = {"arc", "line", "polyline"}

# Open CASCADE itself takes points closer than 1e-7 for one; its doubles have 16 digits.
TOLERANCE_MM = 1e-6
RELATIVE = 1e-9


# --- exact geometry from the json program


def turned(shape, x, y):
    """The point (x, y) of a frame at the shape's x, y that its angle turns."""
    a = math.radians(shape.get("angle", 0))
    c, s = math.cos(a), math.sin(a)
    return shape["x"] + c * x - s * y, shape["y"] + s * x + c * y


def box(points, grow=0.0):
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs) - grow, min(ys) - grow, max(xs) + grow, max(ys) + grow


def mean(points):
    return (math.fsum(p[0] for p in points) / len(points),
            math.fsum(p[1] for p in points) / len(points))


def arc_points(s):
    """The ends of an arc, and where it is farthest along x or y."""
    start, sweep = s["start"], s["sweep"]
    angles = [start, start + sweep]
    inner = [90 * k for k in range(9) if start < 90 * k < start + sweep]
    on = [(s["x"] + s["r"] * math.cos(math.radians(a)), s["y"] + s["r"] * math.sin(math.radians(a)))
          for a in angles + inner]
    return on[:2], on


def exact(s):
    """size (area or length), box, and centroid or both ends."""
    kind = s["type"]
    w, h, r, length = s.get("width"), s.get("height"), s.get("r"), s.get("length")
    if kind == "rectangle":
        corners = [turned(s, *p) for p in [(0, 0), (w, 0), (w, h), (0, h)]]
        return w * h, box(corners), mean(corners)
    if kind == "rounded_rectangle":
        inner = [turned(s, *p) for p in [(r, r), (w - r, r), (w - r, h - r), (r, h - r)]]
        return w * h - (4 - math.pi) * r * r, box(inner, r), mean(inner)
    if kind == "circle":
        return math.pi * r * r, box([(s["x"], s["y"])], r), (s["x"], s["y"])
    if kind == "ellipse":
        a = math.radians(s.get("angle", 0))
        rx, ry = s["rx"], s["ry"]
        dx = math.hypot(rx * math.cos(a), ry * math.sin(a))
        dy = math.hypot(rx * math.sin(a), ry * math.cos(a))
        return (math.pi * rx * ry, (s["x"] - dx, s["y"] - dy, s["x"] + dx, s["y"] + dy),
                (s["x"], s["y"]))
    if kind == "arc":
        ends, on = arc_points(s)
        return r * math.radians(s["sweep"]), box(on), ends
    if kind == "line":
        ends = [turned(s, 0, 0), turned(s, length, 0)]
        return length, box(ends), ends
    if kind == "polyline":
        p = s["points"]
        return math.fsum(map(math.dist, p, p[1:])), box(p), [p[0], p[-1]]
    if kind == "polygon":
        n = s["sides"]
        corners = [turned(s, r * math.cos(2 * math.pi * k / n), r * math.sin(2 * math.pi * k / n))
                   for k in range(n)]
        return n / 2 * r * r * math.sin(2 * math.pi / n), box(corners), (s["x"], s["y"])
    if kind == "slot":
        ends = [turned(s, 0, 0), turned(s, length, 0)]
        return 2 * r * length + math.pi * r * r, box(ends, r), mean(ends)
    (ax, ay), (bx, by), (cx, cy) = s["points"]
    area = ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2
    return area, box(s["points"]), mean(s["points"])


# --- what CadQuery built


def measure(shape, built):
    """Deviations of the built object as (what, deviation, allowed)."""
    size, (x0, y0, x1, y1), place = exact(shape)
    reach = max(abs(v) for v in (x0, y0, x1, y1))
    allowed = TOLERANCE_MM + RELATIVE * reach
    b = built.BoundingBox()
    thick = 0 if shape["type"] in OPEN else 1
    yield "box", max(abs(b.xmin - x0), abs(b.ymin - y0), abs(b.xmax - x1), abs(b.ymax - y1),
                     abs(b.zmin), abs(b.zmax - thick)), allowed
    if shape["type"] in OPEN:
        yield "length", abs(built.Length() - size), allowed
        ends = [(v.x, v.y) for v in (built.startPoint(), built.endPoint())]
        yield "ends", max(math.dist(a, e) for a, e in zip(ends, place)), allowed
        return
    around = 2 * (x1 - x0 + y1 - y0)
    yield "area", abs(built.Volume() - size), allowed * (1 + around)
    # The centroid of a sliver is a quotient of small numbers.
    if size > 1e-3 * around:
        c = built.Center()
        yield "centroid", math.dist((c.x, c.y), place), allowed * 10


def check(text, label, worst):
    """Problems of one program; `worst` gathers deviations as shares of what is allowed."""
    space = {}
    try:
        exec(compile(text, "program", "exec"), space)  # our own program: that is the point
    except Exception as error:  # whatever CadQuery and Open CASCADE raise
        return [f"does not run: {error!r}"]
    built, shapes = space["result"].vals(), label["primitives"]
    if len(built) != len(shapes):
        return [f"{len(built)} objects for {len(shapes)} shapes"]
    problems = []
    for shape, one in zip(shapes, built):
        if one.ShapeType() == "Compound" and len(one.Solids()) == 1:
            one = one.Solids()[0]
        want = "Wire" if shape["type"] == "polyline" else \
            "Edge" if shape["type"] in OPEN else "Solid"
        if one.ShapeType() != want:
            problems.append(f"{shape}: {one.ShapeType()}, not {want}")
            continue
        if not one.isValid():
            problems.append(f"{shape}: not valid")
        for what, deviation, allowed in measure(shape, one):
            key = f"{shape['type']} {what}"
            if not deviation / allowed <= worst.get(key, (-1, 0))[0]:
                worst[key] = deviation / allowed, deviation
            if not deviation <= allowed:
                problems.append(f"{shape}: {what} is off by {deviation:g}")
    return problems


# --- programs


class Refused(Exception):
    """What cadgen says of a scene that cannot exist or be drawn."""


def cadgen(options, args):
    done = subprocess.run([options.cadgen, "--stop-after", "program", *args],
                          capture_output=True, text=True)
    if done.returncode:
        raise Refused(done.stderr.strip())
    return done.stdout


def both(options, args):
    return (cadgen(options, ["--program", "cadquery", *args]),
            json.loads(cadgen(options, ["--program", "json", *args])))


def random_number(rng, lo, hi):
    """Thousandths within lo..hi: coarse or fine, small or large, sometimes a bound."""
    if rng.random() < 0.04:
        return rng.choice([lo, hi])
    step = 10 ** rng.randrange(5)
    top = min(hi, 200 * step) if rng.random() < 0.5 else hi
    value = rng.randint(-top if lo < 0 else 0, top) // step * step
    return min(max(value, lo), hi)


def random_shape(rng):
    """In thousandths; it may be one that cannot exist."""
    kind = rng.choice(KINDS)
    coord = lambda: random_number(rng, -10**7, 10**7)
    long = lambda: random_number(rng, 1, 10**7)
    angle = lambda: random_number(rng, 0, 359999)
    if kind == "triangle" or kind == "polyline":
        n = 3 if kind == "triangle" else rng.randint(3, 8)
        return {"type": kind, "points": [[coord(), coord()] for _ in range(n)]}
    s = {"type": kind, "x": coord(), "y": coord()}
    if "rectangle" in kind:
        s |= {"width": long(), "height": long()}
    if kind == "ellipse":
        s |= {"rx": long(), "ry": long()}
    if kind in ("line", "slot"):
        s["length"] = long()
    if kind in ("circle", "arc", "polygon", "slot"):
        s["r"] = long()
    if kind == "rounded_rectangle":
        most = min(s["width"], s["height"]) // 2
        s["r"] = rng.choice([most, most - 1, random_number(rng, 1, 10**7) % (most + 1)])
    if kind == "arc":
        s |= {"start": angle(), "sweep": max(1, angle())}
    if kind == "polygon":
        s["sides"] = 1000 * rng.randint(3, 12)
    if kind in ("rectangle", "rounded_rectangle", "ellipse", "line", "polygon", "slot"):
        s["angle"] = rng.choice([0, angle()])
    return s


def plain(v):
    """Thousandths as cadgen and Python read them."""
    if isinstance(v, list):
        return [plain(x) for x in v]
    return v if isinstance(v, str) else v // 1000 if v % 1000 == 0 else v / 1000


def random_programs(options, rng):
    """Programs of one shape; what cadgen refuses (a clockwise triangle) is drawn anew."""
    for attempt in range(1000):
        shape = {k: plain(v) for k, v in random_shape(rng).items()}
        scene = {"family": "shapes", "unit": "mm", "sheet": 2000, "scale": "1:1000",
                 "arrangement": "parallel", "shapes": [shape], "dimensions": []}
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(scene, file)
            file.flush()
            try:
                return both(options, ["--scene", file.name])
            except Refused as error:
                last = error
    raise last


def job(work):
    options, is_random, index = work
    name = f"random {index}" if is_random else f"sample {index}"
    if is_random:
        text, label = random_programs(options, random.Random(f"{options.seed} {index}"))
    else:
        text, label = both(options, ["--seed", str(options.seed), "--index", str(index)])
    worst = {}
    problems = [f"{name}: {p}" for p in check(text, label, worst)]
    return [s["type"] for s in label["primitives"]], problems, worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cadgen", default="build/cadgen")
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--random", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    work = [(options, False, i) for i in range(options.samples)]
    work += [(options, True, i) for i in range(options.random)]
    counts, worst, failed = dict.fromkeys(KINDS, 0), {}, 0
    with multiprocessing.Pool(options.jobs) as pool:
        for kinds, problems, deviations in pool.imap(job, work, 8):
            for kind in kinds:
                counts[kind] += 1
            for key, value in deviations.items():
                worst[key] = max(worst.get(key, value), value)
            for problem in problems:
                failed += 1
                print(problem)
    for key, (share, deviation) in sorted(worst.items()):
        print(f"{key:28} off by at most {deviation:.1e} ({share:.1g} of what is allowed)")
    print(f"{len(work)} programs: " + ", ".join(f"{n} {k}" for k, n in counts.items()))
    print(f"{failed} problems")
    return 1 if failed else 0


if __name__ == "__main__":
    import cadquery  # noqa: F401  (before the work is shared out, so that it is loaded once)

    sys.exit(main())
