#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every dataset format of cadgen in the library that it is for: the same samples in each.

	python3 -m venv /tmp/venv-formats
	/tmp/venv-formats/bin/pip install webdataset tensorflow-cpu tfrecord datasets pillow pycocotools tokenizers
	/tmp/venv-formats/bin/python bench/interop_formats.py [--count 300] [--seed N]

Makes one dataset of a seed in each format, of all families in a mix of styles (grey and coloured pictures),
with pictures in PNG and in JPEG, and shards small enough that many go on in a second file. What json and Pillow
read in the format tinyllava is the truth: all others must give the same ids, questions, programs, splits and
pixels. The libraries decode the pictures themselves where they can; where they do not, Pillow does. Of npy, which
has numbers alone, numpy maps the arrays and tokenizers makes programs of ids; pixels are those of Pillow's grey. COCO files
go through pycocotools: the same images and polygons as annotations.jsonl, and a mask from each polygon.

Each library runs in a process of its own: two of them claim the same names for their messages. A row for each
reader; the exit status is 1 when any of them differs or failed, or is not installed.
"""

import argparse
import collections
import contextlib
import hashlib
import importlib.metadata
import json
import multiprocessing
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CADGEN = pathlib.Path(os.environ.get("CADGEN", ROOT / "build" / "cadgen"))
TOKENIZER = ROOT / "samples" / "tokenizer" / "tokenizer.json"
SPLITS = ("train", "val", "test")

Sample = collections.namedtuple("Sample", "split prompt program shape pixels")


def sample(split, prompt, program, rgb):
    """rgb: height x width x 3, as numpy has it."""
    return Sample(split, prompt, program, rgb.shape, hashlib.sha256(rgb.tobytes()).hexdigest())


def rgb_of(picture):
    """Of a Pillow picture, a file or bytes of one."""
    import io

    import numpy
    from PIL import Image
    if isinstance(picture, bytes):
        picture = io.BytesIO(picture)
    if not isinstance(picture, Image.Image):
        picture = Image.open(picture)
    return numpy.asarray(picture.convert("RGB"))


def from_conversations(split, entry, rgb):
    human, gpt = entry["conversations"]
    assert (human["from"], gpt["from"]) == ("human", "gpt")
    token, prompt = human["value"].split("\n", 1)
    assert token == "<image>"
    return entry["id"], sample(split, prompt, gpt["value"], rgb)


def read_tinyllava(folder):
    for split in SPLITS:
        for entry in json.loads((folder / f"{split}.json").read_text()):
            yield from_conversations(split, entry, rgb_of(folder / entry["image"]))


def read_llava_jsonl(folder):
    for split in SPLITS:
        for line in (folder / f"{split}.jsonl").read_text().splitlines():
            entry = json.loads(line)
            yield from_conversations(split, entry, rgb_of(folder / entry["image"]))


def read_imagefolder(folder):
    import datasets
    datasets.disable_progress_bars()
    names = {"train": "train", "validation": "val", "test": "test"}
    with tempfile.TemporaryDirectory() as cache:
        loaded = datasets.load_dataset("imagefolder", data_dir=str(folder), cache_dir=cache)
        for name, rows in loaded.items():
            for row in rows:
                yield row["id"], sample(names[name], row["prompt"], row["program"], rgb_of(row["image"]))


def shards(folder, split):
    return [str(path) for path in sorted((folder / "shards").glob(f"{split}-*"))]


def read_webdataset(folder):
    import webdataset
    for split in SPLITS:
        urls = shards(folder, split)
        for row in webdataset.WebDataset(urls, shardshuffle=False).decode("pil"):
            name, made = from_conversations(split, row["json"], rgb_of(row.get("png") or row["jpg"]))
            assert name == row["__key__"] and made.program == row["txt"]
            yield name, made


def read_tensorflow(folder):
    import tensorflow
    # With the arithmetic of libjpeg's own programs, not the fastest one.
    decode = {b"png": lambda b: tensorflow.io.decode_png(b, channels=3),
              b"jpeg": lambda b: tensorflow.io.decode_jpeg(b, channels=3, dct_method="INTEGER_ACCURATE",
                                                           fancy_upscaling=True)}
    words = tensorflow.io.FixedLenFeature([], tensorflow.string)
    features = dict.fromkeys(("id", "image/encoded", "image/format", "program", "prompt"), words)
    for split in SPLITS:
        names = shards(folder, split)
        packed = "GZIP" if names and names[0].endswith(".gz") else None
        for record in tensorflow.data.TFRecordDataset(names, compression_type=packed):
            row = {k: v.numpy() for k, v in tensorflow.io.parse_single_example(record, features).items()}
            yield row["id"].decode(), sample(split, row["prompt"].decode(), row["program"].decode(),
                                             decode[row["image/format"]](row["image/encoded"]).numpy())


def read_tfrecord(folder):
    import tfrecord
    kinds = dict.fromkeys(("id", "image/encoded", "program", "prompt"), "byte")
    for split in SPLITS:
        for name in shards(folder, split):
            packed = "gzip" if name.endswith(".gz") else None
            for row in tfrecord.tfrecord_loader(name, None, kinds, compression_type=packed):
                row = {k: bytes(v) for k, v in row.items()}
                yield row["id"].decode(), sample(split, row["prompt"].decode(), row["program"].decode(),
                                                 rgb_of(row["image/encoded"]))


# Format, what reads it, the packages whose versions are told.
READERS = [
    ("tinyllava", read_tinyllava, ("pillow",)),
    ("llava-jsonl", read_llava_jsonl, ("pillow",)),
    ("hf-imagefolder", read_imagefolder, ("datasets", "pillow")),
    ("webdataset", read_webdataset, ("webdataset", "pillow")),
    ("tfrecord", read_tensorflow, ("tensorflow",)),
    ("tfrecord", read_tfrecord, ("tfrecord", "pillow")),
    ("tfrecord-gz", read_tensorflow, ("tensorflow",)),
    ("tfrecord-gz", read_tfrecord, ("tfrecord", "pillow")),
]


def read_all(read, folder):
    """The samples by id; a line instead where there are none."""
    samples = {}
    try:
        for name, made in read(folder):
            if name in samples:
                return f"{name} comes twice"
            samples[name] = made
    except ImportError as e:
        return f"not installed: {e.name}"
    except Exception as e:  # whatever a library says
        return f"{type(e).__name__}: {e}".splitlines()[0][:120]
    return samples


def has_area(polygon):
    points = list(zip(polygon[::2], polygon[1::2]))
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1]))) > 1e-6


def check_coco(folder):
    """A line where something differs, else how many images and annotations there are."""
    try:
        from pycocotools.coco import COCO
    except ImportError as e:
        return f"not installed: {e.name}"
    with contextlib.redirect_stdout(None):
        coco = COCO(folder / "annotations_coco.json")
    drawn = [json.loads(line) for line in (folder / "annotations.jsonl").open()]
    if [int(d["id"]) for d in drawn] != sorted(coco.getImgIds()):
        return "other images than annotations.jsonl"
    count = 0
    for d in drawn:
        image = coco.loadImgs(int(d["id"]))[0]
        rows = coco.loadAnns(coco.getAnnIds(imgIds=[int(d["id"])]))
        count += len(rows)
        if (image["width"], image["height"]) != (d["width"], d["height"]):
            return f"{d['id']} has another size"
        # What has no area is widened to a strip.
        closed = [i["polygon"] for i in d["items"] if not i.get("open") and has_area(i["polygon"])]
        polygons = [row["segmentation"][0] for row in rows]
        if len(rows) != len(d["items"]) or any(p not in polygons for p in closed):
            return f"{d['id']} has other polygons"
        if any(coco.annToMask(row).shape != (d["height"], d["width"]) for row in rows):
            return f"{d['id']} has masks of another size"
    return {"images": len(drawn), "annotations": count}


def by_shard(path):
    block, more = re.match(r"\w+-(\d+)(?:-(\d+))?\.", path.name).groups()
    return int(block), int(more or 0)


def read_npy(folder):
    """id and split, grey pixels and program of each sample; the ids are those of the split file."""
    import numpy
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    ids = json.loads((folder / "train_val_split.json").read_text())
    for split in SPLITS:
        names = iter(ids.get(split, []))
        for path in sorted((folder / "shards").glob(f"{split}-*.lengths.npy"), key=by_shard):
            stem = str(path).removesuffix("lengths.npy")
            images, tokens = (numpy.load(f"{stem}{part}.npy", mmap_mode="r") for part in ("images", "tokens"))
            lengths = numpy.load(path)
            ends = numpy.cumsum(lengths)
            assert (images.dtype, tokens.dtype, lengths.dtype) == (numpy.uint8, numpy.int32, numpy.int32)
            assert len(images) == len(lengths) and ends[-1] == len(tokens)
            for image, end, length in zip(images, ends, lengths):
                yield next(names), split, image, tokenizer.decode(tokens[end - length:end],
                                                                  skip_special_tokens=False)
        assert next(names, None) is None, "ids without a row"


def check_npy(folder, beside):
    """A line where something differs from the format tinyllava, else how many samples there are."""
    try:
        import numpy
        from PIL import Image
        count = 0
        entries = {e["id"]: (split, e) for split in SPLITS
                   for e in json.loads((beside / f"{split}.json").read_text())}
        for name, split, image, program in read_npy(folder):
            its_split, entry = entries.pop(name)
            if (split, program) != (its_split, entry["conversations"][1]["value"]):
                return f"split or program of {name}"
            picture = Image.open(beside / entry["image"])
            square = Image.new("L", image.shape[::-1], 255)
            square.paste(picture.convert("L"), [(b - a) // 2 for a, b in zip(picture.size, square.size)])
            off = numpy.abs(numpy.asarray(square, numpy.int16) - image).max()
            if off > (0 if picture.mode == "L" else 1):  # colours made grey may be rounded otherwise
                return f"pixels of {name} by {off}"
            count += 1
        return {"samples": count} if not entries else f"{len(entries)} samples are missing"
    except ImportError as e:
        return f"not installed: {e.name}"


def apart(function, *args):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, args)


def version(package):
    for name in (package, f"{package}-cpu"):
        try:
            return f"{package} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            pass
    return f"no {package}"


def difference(truth, other):
    """The first thing that differs, or None."""
    if sorted(truth) != sorted(other):
        return f"{len(set(truth) ^ set(other))} ids are in one alone"
    for name in sorted(truth):
        for field, a, b in zip(Sample._fields, truth[name], other[name]):
            if a != b:
                return f"{field} of {name}"
    return None


def splits_agree(files, samples):
    told = json.loads(files["train_val_split.json"])
    return all(told.get(split, []) == sorted(n for n, s in samples.items() if s.split == split)
               for split in SPLITS)


def make(folder, format_, args, picture, *options):
    subprocess.run([CADGEN, "--count", str(args.count), "--seed", str(args.seed), "--size", "256",
                    "--family", "mix", "--style", ROOT / "samples" / "styles" / "mix.json",
                    "--test-fraction", "0.1", "--file-samples", "100", "--file-bytes", "1000000",
                    "--format", format_, "--image-format", picture, "--out", folder,
                    *options],
                   check=True, stderr=subprocess.DEVNULL)


def compare(root, args, picture):
    """Prints the rows of one kind of pictures. True where all is the same."""
    truth, lists, good = None, None, True
    for format_, read, packages in READERS:
        folder = root / picture / format_
        if not folder.exists():
            make(folder, format_, args, picture)
        got = apart(read_all, read, folder)
        if isinstance(got, str):
            verdict = got
        else:
            truth = truth or got
            verdict = difference(truth, got) or "the same"
        files = {name: (folder / name).read_bytes() for name in
                 ("train_val_split.json", "annotations.jsonl", "scenes.jsonl", "checksums.jsonl")}
        lists = lists or files
        if verdict == "the same" and (files != lists or not splits_agree(files, got)):
            verdict = "other lists"
        good &= verdict == "the same"
        print(f"| {format_} | {', '.join(map(version, packages))} | {picture} | "
              f"{0 if isinstance(got, str) else len(got)} | {verdict} |", flush=True)
    return good


def compare_npy(root, args):
    folder = root / "png" / "npy"
    make(folder, "npy", args, "png", "--tokenizer", TOKENIZER)
    got = apart(check_npy, folder, root / "png" / "tinyllava")
    print(f"| npy | {version('numpy')}, {version('tokenizers')} | png | "
          f"{0 if isinstance(got, str) else got['samples']} | {got if isinstance(got, str) else 'the same'} |",
          flush=True)
    return not isinstance(got, str)


def compare_coco(root):
    folder = root / "png" / "tinyllava"
    subprocess.run([CADGEN, "coco", folder], check=True)
    got = apart(check_coco, folder)
    verdict = got if isinstance(got, str) else f"the same {got['annotations']} annotations"
    print(f"| cadgen coco | {version('pycocotools')} | png | "
          f"{0 if isinstance(got, str) else got['images']} | {verdict} |")
    return not isinstance(got, str)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    args = parser.parse_args()
    said = subprocess.run([CADGEN, "--help"], check=True, capture_output=True, text=True).stdout
    said = re.search(r"--format=.*?one\s+of\s+(.*?)\s+--", said, re.S)[1]
    formats = re.split(r",\s*", said)
    print(f"seed {args.seed}, {args.count} samples\n")
    print("| format | read by | pictures | samples | beside tinyllava |\n|---|---|---|---|---|")
    good = True
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for picture in ("png", "jpeg"):
            good &= compare(root, args, picture)
        if "npy" in formats:
            good &= compare_npy(root, args)
        good &= compare_coco(root)
    for format_ in set(formats) - {r[0] for r in READERS} - {"npy"}:
        print(f"| {format_} | | | | nothing here reads it |")
        good = False
    return 0 if good else 1


if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    sys.exit(main())
