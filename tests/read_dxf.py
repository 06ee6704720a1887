#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""read_dxf.py SCENE DXF [SCENE DXF ...]: each DXF file as ezdxf reads it, against its scene.

Each SCENE is a file of scene(5), or FILE:N for line N (from 0) of a scenes.jsonl. Complaints go to
standard output, and the status is then 1.
"""
import json
import math
import re
import sys

import ezdxf
from ezdxf.render.dim_base import format_text

POSITIONS = ("position_x", "position_y")
SINGLE_HOLES = ("hole", "counterbore", "tapped_hole")
ORDINATE_OF_X = 64
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


def params_of(shape, dim):
    """The numbers that the dimension prints, as the scene has them; its own first."""
    named = {
        "counterbore": ("d", "cbore_d", "cbore_depth"),
        "thread": ("d", "pitch"),
        "spaces_x": ("dx",),
        "spaces_y": ("dy",),
    }
    return [shape.get(name, 0) for name in named.get(dim["kind"], (dim["param"],))]


def board_face(shape, param):
    """Of a part of a cabinet: a face of its box, or what BT, BP and N mean there."""
    low = {c: shape[c] - shape[size] / 2 for c, size in zip("xyz", "wdh")}
    high = {c: shape[c] + shape[size] / 2 for c, size in zip("xyz", "wdh")}
    kind, n, bt = shape["type"], shape.get("N", 1), shape.get("BT", 0)
    if kind == "drawers":
        gap, board = 0, shape["h"] / n
    else:
        gap, board = (shape["h"] - n * bt) / (n + 1), bt
    if param in "xyz":
        return low[param]
    if param in "wdh":
        return high["xyz"["wdh".index(param)]]
    if param == "BP":
        return high["y"] - shape["BP"]
    if param == "N":
        return high["z"] - board if kind == "drawers" else low["z"] + gap
    across = {
        "carcass": low["x"] + bt,
        "partition": high["x"],
        "drawers": low["y"] + bt,
        "top_cover": high["z"],
        "shelves": low["z"] + gap + board,
    }
    return across.get(kind, high["y"])


def coordinate(scene, feature, axis):
    """Along axis 0 or 1, of {"shape", "param", "point"}; the datum's is 0."""
    if feature is None:
        return 0
    shape, param = scene["shapes"][feature["shape"]], feature["param"]
    if scene["family"] == "cabinet":
        return board_face(shape, param)
    if param == "points":
        return shape["points"][feature["point"]][axis]
    at = shape.get("xy"[axis], 0) if "points" not in shape else min(shape["points"])[axis]
    if param in ("dx", "dy"):
        return at + shape[param] * (shape["columns" if param == "dx" else "rows"] - 1)
    return at + (0 if param in "xy" else shape[param])


def ends_of(scene, dim):
    """The two coordinates that a position is measured between."""
    axis = POSITIONS.index(dim["kind"])
    return sorted((coordinate(scene, dim.get("from"), axis), coordinate(scene, dim, axis)))


def value_of(scene, dim):
    """What is measured: of equal spaces the sum."""
    if dim["kind"] in POSITIONS:
        low, high = ends_of(scene, dim)
        return high - low
    shape = scene["shapes"][dim["shape"]]
    value = params_of(shape, dim)[0]
    if dim["param"] == "depth":  # what a keyway leaves of its shaft
        return scene["shapes"][dim["from"]["shape"]]["d"] - value
    if dim["kind"] in ("spaces_x", "spaces_y"):
        return value * (shape["columns" if dim["kind"] == "spaces_x" else "rows"] - 1)
    if "from" in dim:  # what a keyway leaves of a diameter
        return scene["shapes"][dim["from"]["shape"]][dim["from"]["param"]] - value
    if dim["kind"] == "arc_length":
        return shape["r"] * math.radians(shape["sweep"])
    twice = dim["kind"] == "diameter" and dim["param"] == "r" or dim["param"] in ("rx", "ry")
    return 2 * value if twice else value


def in_table(scene, index):
    """The dimensions that are the row of a single hole in a table; none where there is no row."""
    if scene["arrangement"] != "table" or scene["shapes"][index]["type"] not in SINGLE_HOLES:
        return []
    own = [d for d in scene["dimensions"] if d["shape"] == index]
    kinds = sorted(d["kind"] for d in own)
    return own if kinds[1:] == ["position_x", "position_y"] or kinds[:2] == list(POSITIONS) else []


def drawn(scene):
    """The scene's dimensions outside tables, without positions that an earlier one states as well."""
    seen, out = set(), []
    for dim in scene["dimensions"]:
        if in_table(scene, dim["shape"]):
            continue
        if dim["kind"] in POSITIONS:
            item = (dim["kind"], dim.get("view", 0), *ends_of(scene, dim))
            if item in seen:
                continue
            seen.add(item)
        out.append(dim)
    return out


def kinds_of(dim, line):
    """Which kinds of the scene a DIMENSION may be, by its type and the sign before its number."""
    if dim.dimtype in (2, 5):
        return ("arc_length" if "\u2312" in line else "angular",)
    if dim.dimtype in (3, 4):
        return ("diameter",) if dim.dimtype == 3 else ("radius",)
    if dim.dimtype == 6:
        return ("position_x",) if dim.dxf.dimtype & ORDINATE_OF_X else ("position_y",)
    if "%%c" in line:
        return ("side_diameter", "diameter")
    if "R" in line:
        return ("radius",)
    turned = 45 if dim.dimtype == 1 else dim.dxf.angle % 180
    kinds = ("horizontal", "position_x", "spaces_x")
    if near(turned, 90):
        kinds = ("vertical", "position_y", "spaces_y")
    elif not near(turned, 0):
        kinds = ("aligned",)
    return kinds + ("chamfer", "thread", "thickness", "side_diameter")


def measured(dim):
    # ezdxf 0.18 projects aligned dimensions as if they were level.
    if dim.dimtype == 1:
        return (dim.dxf.defpoint3 - dim.dxf.defpoint2).magnitude
    if dim.dimtype == 6:
        from_origin = dim.get_measurement()
        return from_origin.x if dim.dxf.dimtype & ORDINATE_OF_X else from_origin.y
    return abs(dim.get_measurement())


def printed_by_cad(doc, dim):
    """What stands for <>: the style's, or what the dimension has of its own."""
    style, own = doc.dimstyles.get("Standard").dxf, dim.get_acad_dstyle(dim.get_dim_style())
    dimazin, dimadec, dimzin, dimdec, dimdsep = (
        own.get(name, style.get(name))
        for name in ("dimazin", "dimadec", "dimzin", "dimdec", "dimdsep")
    )
    mark = chr(dimdsep)
    if dim.dimtype in (2, 5):
        zeros = (4 if dimazin & 1 else 0) | (8 if dimazin & 2 else 0)
        return format_text(measured(dim), None, dimadec, zeros, mark) + "%%d"
    sign = {3: "%%c", 4: "R"}.get(dim.dimtype, "")
    # Halves are rounded up by CAD systems, to even by Python.
    value = math.copysign(abs(measured(dim)) + 1e-9, 1)
    return sign + format_text(value, None, dimdec, dimzin, mark)


def lines_of(mtext):
    """Line, upper and lower of an MTEXT with one stack behind its line; those that are there."""
    stacked = re.fullmatch(r"(.*?)(?:\{\\H[\d.]+x;)?\\S(.*)\^ (.*?);\}?", mtext)
    lines = list(stacked.groups()) if stacked else [mtext]
    return [re.sub(r"\\([\\{}])", r"\1", line) for line in lines if line]


def decoded(text):
    """With the characters that a file of AutoCAD 2000 has as \\U+XXXX."""
    return re.sub(r"\\U\+([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), text)


def numbers_in(text):
    """Unsigned, with a point or a comma."""
    return [float(n.replace(",", ".")) for n in re.findall(r"\d*[.,]?\d+", text)]


def states(lines, value):
    """Whether the number is printed, or is the middle of two limits."""
    if any(near(n, value) for n in numbers_in(lines[0])):
        return True
    limits = [numbers_in(line) for line in lines[-2:]]
    return len(lines) > 1 and near((limits[0][0] + limits[1][0]) / 2, value)


def take(scene, left, kinds, value, line):
    """Takes the scene's dimension of one of the kinds and the value off the list; of several the one
    that is a reference where the line says so, and whose count it prints."""
    fits = [d for d in left if d["kind"] in kinds and near(value_of(scene, d), value)]
    fits.sort(key=lambda d: (d.get("reference", False) != is_reference(line),
                             d.get("count", 1) > 1 and not states([line], d["count"])))
    if not fits:
        return None
    left.remove(fits[0])
    return fits[0]


def is_reference(line):
    return line.startswith("(") or line.endswith(" REF")


def check_arc_length(name, scene, dim, degrees, line, left):
    """An arc's length is printed, rounded; its angle is measured."""
    number = re.search(r"\d*(?:[.,](\d+))?(?=\D*$)", line)
    half = 0.5 * 10 ** -len(number[1] or "")
    for stated in [d for d in left if d["kind"] == "arc_length"]:
        sweep = scene["shapes"][stated["shape"]]["sweep"]
        printed = float(number[0].replace(",", "."))
        if near(sweep, degrees) and abs(printed - value_of(scene, stated)) <= half + 1e-6:
            left.remove(stated)
            if stated.get("reference", False) != is_reference(line):
                complain(name, f"{dim}: {line} says of a reference what is not so")
            return
    complain(name, f"{dim}: the scene has no arc of {degrees} degrees and length {line}")


def as_shown(scene):
    """An interrupted view leaves a part out, but for 3 mm on the sheet, and a step may be off scale:
    dimensions measure less or more across them."""
    if "interrupted" in scene:
        start, end = scene["interrupted"]
        paper, real = map(int, scene["scale"].split(":"))
        paper *= 25.4 if scene["unit"] == "inch" else 1
        removed = end - start - math.ceil(3000 * real / paper - 1e-9) / 1000
    elif "off_scale" in scene:
        start, end, length = scene["off_scale"]
        removed = end - start - length
    else:
        return scene
    shown = json.loads(json.dumps(scene))
    for shape in shown["shapes"]:
        if shape["x"] >= end:
            shape["x"] -= removed
        elif shape["type"] == "cylinder" and shape["x"] + shape["length"] > start:
            shape["length"] -= removed
    return shown


def told_by(scene, shown, stated):
    """The number that is printed of a dimension of the shown scene."""
    return value_of(scene, scene["dimensions"][shown["dimensions"].index(stated)])


def check_dimension(name, doc, scene, dim, left, told):
    lines = [text.dxf.text for text in doc.blocks.get(dim.dxf.geometry).query("TEXT")]
    text = dim.dxf.get("text", "") or "<>"
    held, kinds = dim.dxf.actual_measurement, kinds_of(dim, decoded(lines[0]))
    if dim.dimtype in (2, 5):
        held = math.degrees(held)
    if not near(measured(dim), held):
        complain(name, f"{dim}: holds {held}, measures {measured(dim)}")
    if lines_of(text.replace("<>", printed_by_cad(doc, dim))) != lines:
        complain(name, f"{dim}: shows {lines}, states {text} of {printed_by_cad(doc, dim)}")
    if kinds == ("arc_length",):
        check_arc_length(name, scene, dim, held, decoded(lines[0]), left)
        return
    stated = take(scene, left, kinds, held, lines[0])
    if stated is None:
        complain(name, f"{dim}: the scene has no {kinds} of {held}")
        return
    number = told_by(told, scene, stated)
    if not states(lines, abs(number)):
        complain(name, f"{dim}: {lines} do not print {number}")
    if stated.get("count", 1) > 1 and not states(lines, stated["count"]):
        complain(name, f"{dim}: {lines} do not print the count {stated['count']}")
    if stated.get("reference", False) != is_reference(lines[0]):
        complain(name, f"{dim}: {lines} say of a reference what is not so")


def check_leader(name, doc, scene, leader, left):
    mtext = doc.entitydb.get(leader.dxf.annotation_handle)
    if mtext is None or mtext.dxftype() != "MTEXT":
        complain(name, f"{leader}: no MTEXT")
        return
    if mtext.get_reactors() != [leader.dxf.handle]:
        complain(name, f"{leader}: its MTEXT is told nothing")
    if len(leader.vertices) < 2:
        complain(name, f"{leader}: {len(leader.vertices)} points")
    text = decoded(mtext.text)
    lines = lines_of(text)
    for dim in left:
        if dim.get("reference"):  # never on a leader
            continue
        numbers = params_of(scene["shapes"][dim["shape"]], dim)
        numbers[0] = value_of(scene, dim)
        if dim["kind"] == "thread" and (scene["unit"] == "inch" or not numbers[1]):
            del numbers[1]  # threads to the inch; coarse: not printed
        printed = all(states(lines, n) for n in numbers)
        if printed and dim.get("reference", False) == is_reference(text):
            left.remove(dim)
            return
    complain(name, f"{leader}: the scene does not say {text!r}")


def check_dimensions(name, doc, told):
    scene = as_shown(told)
    left = drawn(scene)
    for dim in doc.modelspace().query("DIMENSION"):
        check_dimension(name, doc, scene, dim, left, told)
    for leader in doc.modelspace().query("LEADER"):
        check_leader(name, doc, scene, leader, left)
    for dim in left:
        if not dim.get("reference"):
            complain(name, f"nothing states {dim}")


def texts_of_layer(doc, layer):
    """(text, left, baseline, height) of the single lines in model space."""
    return [(re.sub(r"\\U\+([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), t.dxf.text),
             t.dxf.insert.x, t.dxf.insert.y, t.dxf.height)
            for t in doc.modelspace().query("TEXT") if t.dxf.layer == layer]


def check_table(name, doc, scene):
    """Each hole of the table has a row of four texts, and its name stands nearest to it."""
    holes = [(s, in_table(scene, i)) for i, s in enumerate(scene["shapes"])]
    holes = [(s, dims) for s, dims in holes if dims]
    texts = texts_of_layer(doc, "dimension")
    rows, marks = {}, []
    for text in texts:
        level = [t for t in texts if abs(t[2] - text[2]) < 1e-6]
        if holes and len(level) == 4:
            rows[text[2]] = [t[0] for t in sorted(level, key=lambda t: t[1])]
        else:
            marks.append(text)
    # Four names in line with each other are no row: each of them begins one.
    first = {row[0] for row in rows.values()}
    for height in [y for y, row in rows.items() if first.issuperset(row)]:
        marks += [t for t in texts if abs(t[2] - height) < 1e-6]
        del rows[height]
    for shape, dims in holes:
        sizes = next(params_of(shape, d) for d in dims if d["kind"] not in POSITIONS)
        fits = [row for row in rows.values()
                if states(row[1:2], shape["x"]) and states(row[2:3], shape["y"]) and
                states(row[3:4], sizes[0])]
        if len(fits) != 1:
            complain(name, f"{len(fits)} rows of a table for {shape}")
            continue
        mark = [m for m in marks if m[0] == fits[0][0]]
        if len(mark) != 1:
            complain(name, f"{len(mark)} holes are named {fits[0][0]}")
            continue
        wide = max(sizes[:2]) / 2 + 3 * mark[0][3]
        if math.dist((shape["x"], shape["y"]), mark[0][1:3]) > wide + 3 * mark[0][3]:
            complain(name, f"{fits[0][0]} stands far from {shape}")


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
    """Of free shapes, each of which is one entity."""
    entities = list(doc.modelspace().query('*[layer=="outline"]'))
    if len(entities) != len(scene["shapes"]):
        complain(name, f"{len(entities)} outlines for {len(scene['shapes'])} shapes")
        return
    for shape, entity in zip(scene["shapes"], entities):
        wrong = outline_differs(shape, entity)
        if wrong:
            complain(name, f"{shape} is drawn as {entity}: {wrong}")


def holes_of(shape):
    """Centres and radius of the holes that are seen as whole circles."""
    kind, x, y = shape["type"], shape.get("x", 0), shape.get("y", 0)
    if kind in ("hole", "counterbore", "tapped_hole", "disc"):
        return [(x, y)], shape["d"] / 2
    if kind == "hole_grid":
        steps = [(shape.get("dx", 0) * i, shape.get("dy", 0) * k)
                 for i in range(shape["columns"]) for k in range(shape["rows"])]
        return [(x + dx, y + dy) for dx, dy in steps], shape["d"] / 2
    if kind == "hole_circle":
        turns = [math.radians(shape.get("start", 0) + 360 * i / shape["count"])
                 for i in range(shape["count"])]
        r = shape["pcd"] / 2
        return [(x + r * math.cos(t), y + r * math.sin(t)) for t in turns], shape["d"] / 2
    return [], 0


def check_holes(name, doc, scene):
    """Of plates: model space is that of the label."""
    circles = [(e.dxf.center.x, e.dxf.center.y, e.dxf.radius)
               for e in doc.modelspace().query("CIRCLE")]
    for shape in scene["shapes"]:
        centres, radius = holes_of(shape)
        for x, y in centres:
            # A tapped hole shows its core and its thread.
            if not any(near(x, c[0]) and near(y, c[1]) and
                       (near(radius, c[2]) or shape["type"] == "tapped_hole") for c in circles):
                complain(name, f"no circle of {radius} at {x},{y}")


def check_sheet(name, doc, scene):
    inch = scene["unit"] == "inch"
    if doc.dxfversion != "AC1015" or doc.header["$INSUNITS"] != (1 if inch else 4):
        complain(name, f"{doc.dxfversion} in units {doc.header['$INSUNITS']}")
    if doc.header["$MEASUREMENT"] != (0 if inch else 1):
        complain(name, "neither metric nor imperial")
    paper, real = map(int, scene["scale"].split(":"))
    scale = (25.4 if inch else 1) * paper / real
    low, high = doc.header["$LIMMIN"], doc.header["$LIMMAX"]
    is_mm = [(high[i] - low[i]) * scale for i in (0, 1)]
    sheet = scene["sheet"] if isinstance(scene["sheet"], list) else [scene["sheet"]] * 2
    if not same_points([is_mm], [sheet]):
        complain(name, f"limits of {is_mm} mm on a sheet of {sheet}")
    for entity in doc.modelspace().query("LINE CIRCLE ARC"):
        ends = ([entity.dxf.start, entity.dxf.end] if entity.dxftype() == "LINE"
                else [entity.dxf.center])
        for x, y, _ in ends:
            if not (low[0] - 1e-6 <= x <= high[0] + 1e-6 and
                    low[1] - 1e-6 <= y <= high[1] + 1e-6):
                complain(name, f"{entity} lies off the sheet")


def check_style(name, doc):
    style = doc.dimstyles.get("Standard").dxf
    if chr(style.dimdsep) not in ",.":
        complain(name, f"the decimal mark is {style.dimdsep}")
    arrow = style.dimblk
    if arrow != doc.header["$DIMBLK"] or (arrow and arrow not in doc.blocks):
        complain(name, f"arrowheads are {arrow} and {doc.header['$DIMBLK']}")
    blocks = [block.name for block in doc.blocks if block.name.startswith("*D")]
    if sorted(blocks) != sorted(d.dxf.geometry for d in doc.modelspace().query("DIMENSION")):
        complain(name, "blocks and dimensions do not match")
    for entity in doc.modelspace().query("DIMENSION LEADER"):
        values = entity.get_acad_dstyle(entity.get_dim_style())
        block = values.get("dimldrblk" if entity.dxftype() == "LEADER" else "dimblk")
        if block and block not in doc.blocks and "_" + block not in doc.blocks:
            complain(name, f"{entity}: no block {block}")
    for entity in doc.modelspace().query('*[layer=="hatch"]'):
        if entity.dxftype() != "LINE":
            complain(name, f"{entity} among the hatching")


def check(spec, name):
    scene = read_scene(spec)
    doc = ezdxf.readfile(name)
    auditor = doc.audit()
    for entry in auditor.errors + auditor.fixes:
        complain(name, f"auditor: {entry.code} {entry.message}")
    check_sheet(name, doc, scene)
    check_style(name, doc)
    check_dimensions(name, doc, scene)
    if scene["family"] == "shapes":
        check_outlines(name, doc, scene)
    if scene["family"] == "plate":
        check_holes(name, doc, scene)
        check_table(name, doc, scene)


def main():
    arguments = sys.argv[1:]
    for spec, name in zip(arguments[::2], arguments[1::2]):
        check(spec, name)
    print(f"{len(arguments) // 2} files, {complaints} complaints")
    return 1 if complaints or len(arguments) < 2 else 0


sys.exit(main())
