#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""read_dxf.py SCENE DXF [SCENE DXF ...]: each DXF file as ezdxf reads it, against its scene.

Each SCENE is a file of scene(5), or FILE:N for line N (from 0) of a scenes.jsonl. Complaints go to
standard output, and the status is then 1.
"""
import json
import math
import sys

import ezdxf

POSITIONS = ("position_x", "position_y")
complaints = 0


def complain(name, what):
    global complaints
    complaints += 1
    print(f"{name}: {what}")


def near(a, b):
    return abs(a - b) < 1e-6


def read_scene(spec):
    name, _, line = spec.rpartition(":")
    if not line.isdigit():
        with open(spec, encoding="utf-8") as file:
            return json.load(file)
    with open(name, encoding="utf-8") as file:
        return json.loads(file.read().split("\n")[int(line)])


def value_of(scene, dim):
    shape = scene["shapes"][dim["shape"]]
    if dim["param"] == "points":
        return shape["points"][dim["point"]][POSITIONS.index(dim["kind"])]
    value = shape.get(dim["param"], 0)
    return 2 * value if dim["kind"] == "diameter" or dim["param"] in ("rx", "ry") else value


def stated(scene):
    """(kind, value) of every dimension, positions that several shapes share once."""
    seen, out = set(), []
    for dim in scene["dimensions"]:
        item = (dim["kind"], value_of(scene, dim))
        if dim["kind"] in POSITIONS and item in seen:
            continue
        seen.add(item)
        out.append(item)
    return sorted(out)


def kind_of(dim):
    """Which kinds of the scene a DIMENSION may be; of what its text says."""
    kinds = {1: ("aligned",), 2: ("angular",), 3: ("diameter",), 4: ("radius",), 5: ("angular",)}
    upright = near(dim.dxf.angle, 90)
    linear = ("vertical", "position_y") if upright else ("horizontal", "position_x")
    return kinds.get(dim.dimtype, linear)


def measured(dim):
    # ezdxf 0.18 projects aligned dimensions as if they were level.
    if dim.dimtype == 1:
        return (dim.dxf.defpoint3 - dim.dxf.defpoint2).magnitude
    return dim.get_measurement()


def printed(doc, dim):
    texts = doc.blocks.get(dim.dxf.geometry).query("TEXT")
    if len(texts) != 1:
        return None
    text = texts[0].dxf.text
    sign = {"%%c": "diameter", "R": "radius"}
    for mark, kind in sign.items():
        if text.startswith(mark):
            return kind, float(text[len(mark) :].replace(",", "."))
    if text.endswith("%%d"):
        return "angular", float(text[:-3].replace(",", "."))
    return "", float(text.replace(",", "."))


def check_dimensions(name, doc, scene):
    left = stated(scene)
    dims = doc.modelspace().query("DIMENSION")
    if len(dims) != len(left):
        complain(name, f"{len(dims)} dimensions for {len(left)} of the scene")
    for dim in dims:
        kinds, shown = kind_of(dim), printed(doc, dim)
        if shown is None:
            complain(name, f"{dim}: not one text")
            continue
        sign, number = shown
        held = dim.dxf.actual_measurement
        held = math.degrees(held) if kinds == ("angular",) else held
        if not near(measured(dim), number) or not near(held, number):
            complain(name, f"{dim}: prints {number}, holds {held}, measures {measured(dim)}")
        if sign and sign not in kinds:
            complain(name, f"{dim}: {kinds} prints as {sign}")
        if dim.dxf.get("text", ""):
            complain(name, f"{dim}: states its text")
        match = [item for item in left if item[0] in kinds and near(item[1], number)]
        if match:
            left.remove(match[0])
        else:
            complain(name, f"{dim}: the scene has no {kinds} of {number}")


def corners(shape):
    """Points in the order of the outline, for the shapes that are polygons."""
    if "points" in shape:
        return shape["points"]
    turn = math.radians(shape.get("angle", 0))
    if shape["type"] == "polygon":
        step = 2 * math.pi / shape["sides"]
        return [
            (
                shape["x"] + shape["r"] * math.cos(turn + k * step),
                shape["y"] + shape["r"] * math.sin(turn + k * step),
            )
            for k in range(shape["sides"])
        ]
    if shape["type"] != "rectangle":
        return None
    w, h = shape["width"], shape["height"]
    return [
        (
            shape["x"] + x * math.cos(turn) - y * math.sin(turn),
            shape["y"] + x * math.sin(turn) + y * math.cos(turn),
        )
        for x, y in ((0, 0), (w, 0), (w, h), (0, h))
    ]


def same_points(a, b):
    return len(a) == len(b) and all(
        near(p[0], q[0]) and near(p[1], q[1]) for p, q in zip(a, b)
    )


def outline_differs(shape, entity):
    """What is wrong with the entity of the shape, or None."""
    kind, dxf = shape["type"], entity.dxf
    types = {"circle": "CIRCLE", "ellipse": "ELLIPSE", "arc": "ARC", "line": "LINE"}
    if entity.dxftype() != types.get(kind, "LWPOLYLINE"):
        return entity.dxftype()
    if kind in ("circle", "ellipse", "arc"):
        if not same_points([dxf.center], [(shape["x"], shape["y"])]):
            return f"centre {dxf.center}"
    if kind in ("circle", "arc") and not near(dxf.radius, shape["r"]):
        return f"radius {dxf.radius}"
    if kind == "arc":
        ends = shape.get("start", 0), shape.get("start", 0) + shape["sweep"]
        if not near(dxf.start_angle % 360, ends[0] % 360) or not near(
            dxf.end_angle % 360, ends[1] % 360
        ):
            return f"from {dxf.start_angle} to {dxf.end_angle}"
    if kind == "ellipse":
        half = dxf.major_axis.magnitude, dxf.major_axis.magnitude * dxf.ratio
        if not same_points([half], [(max(shape["rx"], shape["ry"]), min(shape["rx"], shape["ry"]))]):
            return f"half axes {half}"
        turn = shape.get("angle", 0) + (90 if shape["ry"] > shape["rx"] else 0)
        if not near((dxf.major_axis.angle_deg - turn + 1) % 180, 1) and half[0] != half[1]:
            return f"turned by {dxf.major_axis.angle_deg}"
    if kind == "line":
        turn = math.radians(shape.get("angle", 0))
        end = (
            shape["x"] + shape["length"] * math.cos(turn),
            shape["y"] + shape["length"] * math.sin(turn),
        )
        if not same_points([dxf.start, dxf.end], [(shape["x"], shape["y"]), end]):
            return f"from {dxf.start} to {dxf.end}"
    if corners(shape):
        points = entity.get_points("xy")
        if not same_points(points, corners(shape)) or entity.closed != (kind != "polyline"):
            return f"points {points}"
    if kind in ("slot", "rounded_rectangle"):
        bulges = [b for (b,) in entity.get_points("b") if b]
        bulge = 1 if kind == "slot" else math.tan(math.pi / 8)
        if len(bulges) != (2 if kind == "slot" else 4) or not all(near(b, bulge) for b in bulges):
            return f"bulges {bulges}"
    return None


def check_outlines(name, doc, scene):
    entities = list(doc.modelspace().query('*[layer=="outline"]'))
    if len(entities) != len(scene["shapes"]):
        complain(name, f"{len(entities)} outlines for {len(scene['shapes'])} shapes")
        return
    for shape, entity in zip(scene["shapes"], entities):
        wrong = outline_differs(shape, entity)
        if wrong:
            complain(name, f"{shape} is drawn as {entity}: {wrong}")


def check(spec, name):
    scene = read_scene(spec)
    doc = ezdxf.readfile(name)
    auditor = doc.audit()
    for entry in auditor.errors + auditor.fixes:
        complain(name, f"auditor: {entry.code} {entry.message}")
    if doc.dxfversion != "AC1015" or doc.header["$INSUNITS"] != 4:
        complain(name, f"{doc.dxfversion} in units {doc.header['$INSUNITS']}")
    if doc.dimstyles.get("Standard").dxf.dimdsep != ord(","):
        complain(name, "the decimal mark is no comma")
    arrow = doc.dimstyles.get("Standard").dxf.dimblk
    if arrow != doc.header["$DIMBLK"] or (arrow and arrow not in doc.blocks):
        complain(name, f"arrowheads are {arrow} and {doc.header['$DIMBLK']}")
    blocks = [block.name for block in doc.blocks if block.name.startswith("*D")]
    if sorted(blocks) != sorted(d.dxf.geometry for d in doc.modelspace().query("DIMENSION")):
        complain(name, "blocks and dimensions do not match")
    check_dimensions(name, doc, scene)
    check_outlines(name, doc, scene)


def main():
    arguments = sys.argv[1:]
    for spec, name in zip(arguments[::2], arguments[1::2]):
        check(spec, name)
    print(f"{len(arguments) // 2} files, {complaints} complaints")
    return 1 if complaints or len(arguments) < 2 else 0


sys.exit(main())
