#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs programs of the language cadquery in the real CadQuery and measures what comes out.

    python3 -m venv /tmp/cqenv && /tmp/cqenv/bin/pip install cadquery
    /tmp/cqenv/bin/python bench/check_cadquery.py [--cadgen build/cadgen] [--samples 300]
        [--families shapes,plate,turned] [--random 300] [--parts 300]
        [--part-program build/part_program] [--seed 0] [--jobs N]

Three sources of programs: cadgen's own samples 0, 1, ... of each family; scenes of random shapes at
the bounds of what program(5) allows, which cadgen turns into programs (--scene); and random plates
and turned parts of tests/random_parts.c in both units (make check TESTS= builds part_program). Each
program is run as it stands. Then every object of `result` is compared with the geometry computed
here from the json program of the same sample, by formulas that share nothing with CadQuery or
cadgen: kind of object, validity, area (volume over thickness 1) or length, centroid or ends, and
bounding box; of a part that it is one valid solid, its volume and its centroid. Prints the largest
deviations; exit status 1 if one is over the tolerance.
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
OUTLINES, BODIES = {"profile", "disc"}, {"cylinder", "cone"}

# Open CASCADE itself takes points closer than 1e-7 for one; its doubles have 16 digits.
TOLERANCE_MM = 1e-6
RELATIVE = 1e-9
PART_RELATIVE = 1e-8  # of a part's volume, and of its diagonal


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


# --- exact volumes of parts, as pieces of (volume, centroid): what is taken away counts below 0


def polygon(points):
    """Signed area and centroid."""
    area = cx = cy = 0.0
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
        cross = (ax * by - ay * bx) / 2
        area += cross
        cx += cross * (ax + bx) / 3
        cy += cross * (ay + by) / 3
    return area, (cx / area, cy / area)


def corner(points, s):
    """What a fillet or chamfer takes from the outline, or adds to it in a notch."""
    i = points.index([s["x"], s["y"]])
    p, a, b = points[i], points[i - 1], points[(i + 1) % len(points)]
    unit = lambda q: [(q[k] - p[k]) / math.dist(p, q) for k in (0, 1)]
    u, v = unit(a), unit(b)
    # Between the edges on the inside: over a half turn in a notch, where the outline grows.
    inside = math.atan2(v[0] * u[1] - v[1] * u[0], v[0] * u[0] + v[1] * u[1]) % (2 * math.pi)
    sign = -1 if inside < math.pi else 1
    half = min(inside, 2 * math.pi - inside) / 2
    along = s["c"] if s["type"] == "chamfer" else s["r"] / math.tan(half)
    on_a, on_b = ([p[k] + along * w[k] for k in (0, 1)] for w in (u, v))
    area, centre = polygon([p, on_a, on_b])
    if s["type"] == "chamfer":
        yield sign * abs(area), centre
        return
    r, bisector = s["r"], unit([p[k] + u[k] + v[k] for k in (0, 1)])
    middle = [p[k] + r / math.sin(half) * bisector[k] for k in (0, 1)]
    kite, centre = polygon([p, on_a, middle, on_b])
    yield sign * abs(kite), centre
    angle = math.pi / 2 - half
    out = 2 * r * math.sin(angle) / (3 * angle)
    yield -sign * r * r * angle, [middle[k] - out * bisector[k] for k in (0, 1)]


def window(s):
    """Area and centroid of what a feature cuts through the plate."""
    kind = s["type"]
    if kind in ("rectangle", "rounded_rectangle", "slot"):
        area, _, place = exact(s)
        yield area, place
        return
    area, places = math.pi / 4 * s["d"] ** 2, [(s["x"], s["y"])]
    if kind == "hole_grid":
        places = [(s["x"] + i * s.get("dx", 0), s["y"] + k * s.get("dy", 0))
                  for i in range(s["columns"]) for k in range(s["rows"])]
    if kind == "hole_circle":
        angles = [math.radians(s["start"] + 360 * k / s["count"]) for k in range(s["count"])]
        places = [(s["x"] + s["pcd"] / 2 * math.cos(a), s["y"] + s["pcd"] / 2 * math.sin(a))
                  for a in angles]
    for place in places:
        yield area, place


def plate_pieces(shapes):
    outline = next(s for s in shapes if s["type"] in OUTLINES)
    t, through = outline["thickness"], []
    if outline["type"] == "disc":
        through.append((math.pi / 4 * outline["d"] ** 2, (outline["x"], outline["y"])))
    else:
        through.append(polygon(outline["points"]))
    for s in shapes:
        if s["type"] in ("fillet", "chamfer"):
            through += corner(outline["points"], s)
        elif s["type"] not in OUTLINES:
            through += ((-area, place) for area, place in window(s))
        if s["type"] == "counterbore":
            ring = math.pi / 4 * (s["cbore_d"] ** 2 - s["d"] ** 2)
            depth = s["cbore_depth"]
            yield -ring * depth, (s["x"], s["y"], t - depth / 2)
    for area, (x, y) in through:
        yield area * t, (x, y, t / 2)


def keyway_piece(s, d):
    """A slot seen from above, cut into a cylinder down to a level floor: over its width, the length
    times the height of the cylinder over the floor. Simpson's rule."""
    r, w, n = d / 2, s["width"], 2000
    volume = moment = 0.0
    for i in range(n + 1):
        turn = math.pi * (i / n - 0.5)
        y = w / 2 * math.sin(turn)
        top, floor = math.sqrt(r * r - y * y), r - s["depth"]
        weight = (1 if i in (0, n) else 4 if i % 2 else 2) * w / 2 * math.cos(turn)
        weight *= s["length"] - w + w * math.cos(turn)
        volume += weight * max(0, top - floor)
        moment += weight * max(0, top * top - floor * floor) / 2
    volume, moment = (v * math.pi / n / 3 for v in (volume, moment))
    return -volume, (s["x"] + s["length"] / 2, 0, moment / volume)


def same(a, b):
    """Equal lengths, of which one may be a sum."""
    return abs(a - b) < 1e-6


def ends_at(shapes, x):
    """(bodies and bores that begin or end at x, diameter there, 1 or -1: where they go from there)"""
    for s in shapes:
        if s["type"] in BODIES | {"bore"} and same(s["x"], x):
            yield s, s["d"], 1
        if s["type"] in BODIES | {"bore"} and same(s["x"] + s["length"], x):
            yield s, s.get("d2", s["d"]), -1


# u v over the unit square less the quarter disc about (1, 1)
SPANDREL_PRODUCT = 1 / 4 - (math.pi / 4 - 2 / 3 + 1 / 8)


def ring(s, shapes):
    """A chamfer or fillet at the corner x, y of a turned part: what it takes, or adds in a notch. Its
    section is a triangle or a spandrel: by area, centroid off the corner, and product moment."""
    x, y = s["x"], s["y"]
    near = list(ends_at(shapes, x))
    owner, _, into = next(end for end in near if same(end[1], 2 * y))
    in_notch = owner["type"] in BODIES and any(
        end[0]["type"] in BODIES and end[1] > 2 * y + 1e-6 for end in near)
    if s["type"] == "chamfer":
        area, off, product = s["c"] ** 2 / 2, s["c"] / 3, s["c"] ** 4 / 24
    else:
        area, product = s["r"] ** 2 * (1 - math.pi / 4), s["r"] ** 4 * SPANDREL_PRODUCT
        off = s["r"] ** 3 * (5 / 6 - math.pi / 4) / area
    # It lies towards the axis at outer corners of a body only.
    if owner["type"] in BODIES and not in_notch:
        y = -y
    moment = abs(y + off) * area
    along = abs(y * off * area + product) / moment
    return (1 if in_notch else -1) * 2 * math.pi * moment, (x + into * along, 0, 0)


def turned_pieces(shapes):
    for s in shapes:
        kind, x, length = s["type"], s["x"], s.get("length")
        if kind in ("cylinder", "bore"):
            sign = 1 if kind == "cylinder" else -1
            yield sign * math.pi / 4 * s["d"] ** 2 * length, (x + length / 2, 0, 0)
        elif kind == "cone":
            a, b = s["d"] / 2, s["d2"] / 2
            squares = a * a + a * b + b * b
            yield (math.pi * length / 3 * squares,
                   (x + length / 4 * (a * a + 2 * a * b + 3 * b * b) / squares, 0, 0))
        elif kind in ("groove", "keyway"):
            end = x + (s["width"] if kind == "groove" else length)
            d = next(b["d"] for b in shapes if b["type"] == "cylinder" and b["x"] < x + 1e-6 and
                     end < b["x"] + b["length"] + 1e-6)
            yield keyway_piece(s, d) if kind == "keyway" else (
                -math.pi / 4 * (d * d - s["d"] ** 2) * s["width"], (x + s["width"] / 2, 0, 0))
        elif kind != "thread":
            yield ring(s, shapes)


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


def properties(built):
    """Volume and centroid to 1e-10 of them; Volume() is content with 1e-6 where keyways are."""
    found = GProp_GProps()
    BRepGProp.VolumeProperties_s(built.wrapped, found, 1e-10)
    c = found.CentreOfMass()
    return found.Mass(), (c.X(), c.Y(), c.Z())


def round_holes(shapes):
    """(x, y, radius) of what opens in the top of a plate."""
    for s in shapes:
        if s["type"] in ("hole", "counterbore", "tapped_hole", "hole_grid", "hole_circle"):
            for _, (x, y) in window(s):
                yield x, y, s.get("cbore_d", s["d"]) / 2


def misplaced_holes(built, shapes):
    top = built.BoundingBox().zmax
    rims = [(e.arcCenter(), e.radius()) for e in built.Edges() if e.geomType() == "CIRCLE"]
    rims = [(c.x, c.y, r) for c, r in rims if abs(c.z - top) < TOLERANCE_MM]
    for hole in round_holes(shapes):
        if min((math.dist(hole, rim) for rim in rims), default=1) > TOLERANCE_MM:
            yield f"no hole at {hole}"


def check_part(result, shapes, worst):
    """Problems of a plate or a turned part."""
    if len(result.vals()) != 1 or len(result.solids().vals()) != 1:
        return [f"{len(result.vals())} objects, {len(result.solids().vals())} solids"]
    built, family = result.solids().val(), "turned"
    if any(s["type"] in OUTLINES for s in shapes):
        family = "plate"
    pieces = list(plate_pieces(shapes) if family == "plate" else turned_pieces(shapes))
    volume = math.fsum(v for v, _ in pieces)
    place = [math.fsum(v * p[k] for v, p in pieces) / volume for k in range(3)]
    size, centre = properties(built)
    b = built.BoundingBox()
    found = [("volume", abs(size - volume), PART_RELATIVE * volume),
             ("centroid", math.dist(centre, place), PART_RELATIVE * b.DiagonalLength)]
    problems = [] if built.isValid() else ["not valid"]
    problems += misplaced_holes(built, shapes)
    for what, deviation, allowed in found:
        keep(worst, f"{family} {what}", deviation, allowed)
        if not deviation <= allowed:
            problems.append(f"{what} is off by {deviation:g} of {size:g}")
    return problems


def keep(worst, key, deviation, allowed):
    if not deviation / allowed <= worst.get(key, (-1, 0))[0]:
        worst[key] = deviation / allowed, deviation


def check(text, label, worst):
    """Problems of one program; `worst` gathers deviations as shares of what is allowed."""
    space = {}
    try:
        exec(compile(text, "program", "exec"), space)  # our own program: that is the point
    except Exception as error:  # whatever CadQuery and Open CASCADE raise
        return [f"does not run: {error!r}"]
    built, shapes = space["result"].vals(), label["primitives"]
    if any(s["type"] in OUTLINES | BODIES for s in shapes):
        return check_part(space["result"], shapes, worst)
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
            keep(worst, f"{shape['type']} {what}", deviation, allowed)
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


def part_programs(options, family, index):
    """A random part, every third one in inches."""
    args = [options.part_program, family, "inch" if index % 3 == 2 else "mm",
            str(options.seed * 1000000 + index)]
    return [subprocess.run([*args, language], capture_output=True, text=True, check=True).stdout
            for language in ("cadquery", "json")]


def job(work):
    options, source, family, index = work
    name = f"{source} {family} {index}"
    if source == "random":
        text, label = random_programs(options, random.Random(f"{options.seed} {index}"))
    elif source == "part":
        text, label = part_programs(options, family, index)
        label = json.loads(label)
    else:
        text, label = both(options, ["--seed", str(options.seed), "--index", str(index),
                                     "--family", family])
    worst = {}
    problems = [f"{name}: {p}" for p in check(text, label, worst)]
    return [s["type"] for s in label["primitives"]], problems, worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cadgen", default="build/cadgen")
    parser.add_argument("--families", default="shapes,plate,turned", help="of the samples")
    parser.add_argument("--samples", type=int, default=300, help="of each family")
    parser.add_argument("--random", type=int, default=300)
    parser.add_argument("--part-program", default="build/part_program")
    parser.add_argument("--parts", type=int, default=300, help="plates, and turned parts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    work = [(options, "sample", family, i) for family in options.families.split(",")
            for i in range(options.samples)]
    work += [(options, "random", "shapes", i) for i in range(options.random)]
    work += [(options, "part", family, i) for family in ("plate", "turned")
             for i in range(options.parts)]
    counts, worst, failed = {}, {}, 0
    with multiprocessing.Pool(options.jobs) as pool:
        for kinds, problems, deviations in pool.imap(job, work, 8):
            for kind in kinds:
                counts[kind] = counts.get(kind, 0) + 1
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
    # Before the work is shared out, so that it is loaded once.
    import cadquery  # noqa: F401
    from OCP.BRepGProp import BRepGProp
    from OCP.GProp import GProp_GProps

    sys.exit(main())
