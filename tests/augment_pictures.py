#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pictures for test_cadgen_augment.sh, and a look at what became of them. Needs python3-pil.

    augment_pictures.py kinds FOLDER        FOLDER/KIND/x.png or x.jpg, and what a reader should
                                            see of it in FOLDER/KIND-wanted
    augment_pictures.py bad FOLDER          files that cannot be read, and two that can
    augment_pictures.py marks FOLDER SEED   pictures with marks, their annotations in both formats
    augment_pictures.py found FOLDER OUT    how far marks in OUT are from their moved annotations
    augment_pictures.py drawn FOLDER        whether what a hand drew in a dataset has ink under it, and
                                            sides are those of the annotations
"""
import io
import json
import os
import random
import sys

from PIL import Image, ImageDraw

MARK_PX = 3  # radius
REACH_PX = 9
APART_PX = 48


def drawing(sides=(210, 150)):
    """RGB, with blends, so that no kind keeps it by chance."""
    image = Image.new("RGB", sides, "white")
    draw = ImageDraw.Draw(image)
    for i in range(9):
        draw.line((5, 8 + 16 * i, sides[0] - 9, 14 + 15 * i), fill=(28 * i, 90, 255 - 28 * i), width=1 + i % 4)
        draw.ellipse((20 * i, 60, 20 * i + 30, 95), fill=(255 - 20 * i, 20 * i, 120))
    return image


def on_white(image):
    """RGBA or LA without its alpha, by integers."""
    bands = image.split()
    alpha = bands[-1]
    laid = []
    for band in bands[:-1]:
        pairs = zip(band.getdata(), alpha.getdata())
        new = Image.new("L", image.size)
        new.putdata([(p * a + 255 * (255 - a) + 127) // 255 for p, a in pairs])
        laid.append(new)
    return laid[0] if len(laid) == 1 else Image.merge("RGB", laid)


def from_inks(image):
    data = [
        tuple(((255 - ink) * (255 - k) + 127) // 255 for ink in (c, m, y))
        for c, m, y, k in image.getdata()
    ]
    new = Image.new("RGB", image.size)
    new.putdata(data)
    return new


def with_alpha(image):
    ramp = Image.new("L", image.size)
    ramp.putdata([(x * 3 + y) % 256 for y in range(image.height) for x in range(image.width)])
    image.putalpha(ramp)
    return image


def deep():
    """16 bits a sample that are whole steps of 8."""
    image = Image.new("I;16", (60, 40))
    for y in range(40):
        for x in range(60):
            image.putpixel((x, y), 257 * ((x * 4 + y) % 256))
    return image, image.point(lambda v: v / 257 + 0.5).convert("L")


def put(folder, kind, name, data, wanted):
    """The file, and as a plain PNG under the same name what a reader should see of it."""
    for suffix in ("", "-wanted"):
        os.makedirs(os.path.join(folder, kind + suffix))
    with open(os.path.join(folder, kind, name), "wb") as file:
        file.write(data)
    wanted.save(os.path.join(folder, kind + "-wanted", name), "PNG")


def encode(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def make_kinds(folder):
    base = drawing()
    for kind, image in (
        ("rgb", base),
        ("grey", base.convert("L")),
        ("bit", base.convert("1")),
        ("palette", base.convert("P")),
    ):
        grey = kind in ("grey", "bit")
        put(folder, kind, "x.png", encode(image, format="PNG"), image.convert("L" if grey else "RGB"))
    for kind, bits in (("palette4", 4), ("palette2", 2)):
        image = base.quantize(1 << bits)
        put(folder, kind, "x.png", encode(image, format="PNG", bits=bits), image.convert("RGB"))
    for kind, mode in (("rgba", "RGB"), ("greyalpha", "L")):
        image = with_alpha(base.convert(mode))
        put(folder, kind, "x.png", encode(image, format="PNG"), on_white(image))
    image, wanted = deep()
    put(folder, "deep", "x.png", encode(image, format="PNG"), wanted)
    for kind, mode, options in (
        ("jpeg", "RGB", {}),
        ("jpeg-progressive", "RGB", {"progressive": True}),
        ("jpeg-grey", "L", {}),
        ("jpeg-grey-progressive", "L", {"progressive": True}),
        ("jpeg-cmyk", "CMYK", {"quality": 95}),
    ):
        data = encode(base.convert(mode), format="JPEG", **options)
        read = Image.open(io.BytesIO(data))
        put(folder, kind, "x.jpg", data, from_inks(read) if mode == "CMYK" else read)


def make_bad(folder):
    os.makedirs(os.path.join(folder, "sub"))
    base = drawing()
    png, jpeg = encode(base, format="PNG"), encode(base, format="JPEG")
    files = {
        "good.png": png,
        "sub/good2.jpg": jpeg,
        "sub/called-nothing": png,
        "cut.png": png[: len(png) * 2 // 3],
        "cut.jpg.jpg": jpeg[: len(jpeg) * 2 // 3],
        "corrupt.png": png[:200] + bytes(100) + png[300:],
        "broken.jpeg": jpeg[:900] + b"\xff\xd9" + jpeg[902:],
        "empty.png": b"",
        "sub/text.JPG": b"no picture\n",
        "readme.txt": b"no picture\n",
        "same.png": png,
        "same.jpg": jpeg,
        "huge.png": encode(Image.new("1", (20000, 20000)), format="PNG"),
        "long.jpg": encode(Image.new("L", (9000, 8)), format="JPEG"),
        "line\nbreak.png": b"",
    }
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    os.makedirs(os.path.join(folder, "folder.png"))
    with open(os.path.join(folder, "folder.png", "inside.png"), "wb") as file:
        file.write(png)


def octagon(x, y, r):
    points = ((r, 0.5), (0.5, r), (-0.5, r), (-r, 0.5), (-r, -0.5), (-0.5, -r), (0.5, -r), (r, -0.5))
    return [v for dx, dy in points for v in (x + dx, y + dy)]


def mark_picture(rng, sides):
    """Dots by four times as many pixels; their places."""
    image = Image.new("L", (4 * sides[0], 4 * sides[1]), 255)
    draw = ImageDraw.Draw(image)
    marks = []
    for y in range(30, sides[1] - 30, APART_PX):
        for x in range(30, sides[0] - 30, APART_PX):
            p = x + rng.randrange(16) / 4, y + rng.randrange(16) / 4
            # Pillow's discs reach half a pixel beyond their box to the right and below.
            draw.ellipse([4 * (v + r) - (r > 0) for r in (-MARK_PX, MARK_PX) for v in p], fill=0)
            marks.append(p)
    return image.resize(sides, Image.BOX), marks


def make_marks(folder, seed):
    rng = random.Random(seed)
    lines, coco = [], {"images": [], "annotations": [], "categories": [{"id": 1, "name": "mark"}]}
    os.makedirs(os.path.join(folder, "deep", "er"))
    for i in range(8):
        sides = rng.randrange(200, 700), rng.randrange(200, 700)
        name = ("deep/er/" if i % 2 else "") + "m%d" % i
        image, marks = mark_picture(rng, sides)
        if i % 3:
            image = image.convert("RGB")
        image.save(os.path.join(folder, name + ".png"))
        items = [{"class": "mark", "n": n, "polygon": octagon(*p, 4)} for n, p in enumerate(marks)]
        lines.append({"id": os.path.basename(name), "width": sides[0], "height": sides[1], "items": items, "by": "hand"})
        coco["images"].append({"id": 10 - i, "file_name": name + ".png", "width": sides[0], "height": sides[1]})
        for x, y in marks:
            a = {"id": len(coco["annotations"]), "image_id": 10 - i, "category_id": 1, "note": "kept"}
            a["bbox"] = [x - 4, y - 4, 8, 8]
            if len(coco["annotations"]) % 2:
                a["segmentation"] = [octagon(x, y, 4)]
            coco["annotations"].append(a)
    with open(os.path.join(folder, "annotations.jsonl"), "w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")
    with open(os.path.join(folder, "boxes.json"), "w", encoding="utf-8") as file:
        json.dump(coco, file)


def centre(polygon):
    xs, ys = polygon[::2], polygon[1::2]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def find_mark(image, p):
    """Where the darkness about p has its middle; None too near to the edge."""
    px, py = int(p[0]), int(p[1])
    if not (REACH_PX + 2 < px < image.width - REACH_PX - 2 and REACH_PX + 2 < py < image.height - REACH_PX - 2):
        return None
    window = [
        (x + 0.5, y + 0.5, image.getpixel((x, y)))
        for y in range(py - REACH_PX, py + REACH_PX + 1)
        for x in range(px - REACH_PX, px + REACH_PX + 1)
    ]
    ground = sorted(v for _, _, v in window)[len(window) // 2]
    dark = [(x, y, max(0, ground - v - 12)) for x, y, v in window]
    total = sum(d for _, _, d in dark)
    assert total > 500, "no mark near %r" % (p,)
    return sum(x * d for x, _, d in dark) / total, sum(y * d for _, y, d in dark) / total


class Distances:
    def __init__(self):
        self.count, self.worst, self.moved = 0, 0, 0

    def add(self, image, p, before):
        found = find_mark(image, p)
        if not found:
            return
        self.count += 1
        self.worst = max(self.worst, abs(complex(p[0] - found[0], p[1] - found[1])))
        self.moved = max(self.moved, abs(complex(p[0] - before[0], p[1] - before[1])))

    def check(self, what):
        print("%s: %d marks, moved up to %.1f px, off at most %.2f px" % (what, self.count, self.moved, self.worst))
        assert self.count > 100 and self.moved > 5 and self.worst < 1


def read_lines(folder):
    with open(os.path.join(folder, "annotations.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def look_for_marks(folder, out):
    before, after = read_lines(folder), read_lines(out)
    distances = Distances()
    assert len(before) == len(after)
    for a, b in zip(before, after):
        name = ("" if os.path.exists(os.path.join(out, b["id"] + ".png")) else "deep/er/") + b["id"]
        image = Image.open(os.path.join(out, name + ".png")).convert("L")
        assert list(a) == list(b) and {**a, "items": 0} == {**b, "items": 0}
        assert image.size == (b["width"], b["height"])
        for p, q in zip(a["items"], b["items"]):
            assert {**p, "polygon": 0} == {**q, "polygon": 0}
            distances.add(image, centre(q["polygon"]), centre(p["polygon"]))
    distances.check("annotations.jsonl")
    look_for_boxes(folder, out)


def look_for_boxes(folder, out):
    with open(os.path.join(folder, "boxes.json"), encoding="utf-8") as file:
        before = json.load(file)
    with open(os.path.join(out, "annotations.json"), encoding="utf-8") as file:
        after = json.load(file)
    assert before["images"] == after["images"] and before["categories"] == after["categories"]
    images = {i["id"]: Image.open(os.path.join(out, i["file_name"])).convert("L") for i in after["images"]}
    distances = Distances()
    assert len(before["annotations"]) == len(after["annotations"])
    for a, b in zip(before["annotations"], after["annotations"]):
        x, y, w, h = b["bbox"]
        box = [x, y, x + w, y + h]
        assert (a["id"], a["note"], "segmentation" in a) == (b["id"], b["note"], "segmentation" in b)
        if "segmentation" in b:
            (polygon,) = b["segmentation"]
            wanted = [f(polygon[i::2]) for f in (min, max) for i in (0, 1)]
            assert all(abs(p - q) < 0.011 for p, q in zip(box, wanted)), b
        assert 0 < b["area"] <= w * h * 1.01
        distances.add(images[b["image_id"]], centre(box), centre([a["bbox"][0] + 4, a["bbox"][1] + 4]))
    distances.check("COCO")


def has_ink(image, x, y):
    """Within a pixel of the place, where it is on the picture; lines thinner than that leave grey on
    paper that is white throughout."""
    near = [(int(x) + i, int(y) + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    inside = [p for p in near if 0 <= p[0] < image.width and 0 <= p[1] < image.height]
    return not inside or min(image.getpixel(p) for p in inside) < 245


def look_under_lines(folder):
    points = missed = 0
    for line in read_lines(folder):
        image = Image.open(f"{folder}/images/00/{line['id']}.png").convert("L")
        if image.size != (line["width"], line["height"]):
            sys.exit(f"{line['id']}: {image.size}, not {line['width']} x {line['height']}")
        for drawn in (d for item in line["items"] for d in item.get("drawn", [])):
            for x, y in zip(drawn[::2], drawn[1::2]):
                points += 1
                missed += not has_ink(image, x, y)
    print(f"{points} places, {missed} without ink")
    sys.exit(points == 0 or missed > 0)


def main():
    what, folder = sys.argv[1:3]
    if what == "kinds":
        make_kinds(folder)
    elif what == "bad":
        make_bad(folder)
    elif what == "marks":
        make_marks(folder, int(sys.argv[3]))
    elif what == "drawn":
        look_under_lines(folder)
    else:
        look_for_marks(folder, sys.argv[3])


if __name__ == "__main__":
    main()
