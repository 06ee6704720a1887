#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cadtok beside Hugging Face tokenizers: the same files, ids and offsets, and how fast.

	python3 -m venv /tmp/tokenv && /tmp/tokenv/bin/pip install tokenizers
	make -C build cadtok programs
	/tmp/tokenv/bin/python bench/tokenizer_peer.py [--mb 100] [--natural-mb 10] [--rounds 10] [FILE...]

Programs come from build/programs, other text from the files given, or else from whatever text this
machine has below /usr/share and /usr/lib/python3, in all languages there are, with strings of random
Unicode between. Compared are

* tokenizer.json after training, byte for byte, of several settings, among them special tokens that
  are what a merge makes as well;
* the ids and offsets of every line, under those files and under variants with the patterns of
  GPT-2, Llama 3 and Qwen 2, with ignore_merges, and with added tokens that take white space along.

Then training and encoding are timed, in turns, best and median. Exit status 3: something differs.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
import tokenizers  # noqa: E402
from tokenizers import AddedToken, Regex, Tokenizer  # noqa: E402
from tokenizers import decoders, models, pre_tokenizers, processors, trainers  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("CADGEN_BUILDDIR", ROOT / "build"))
CADTOK = BUILD / "cadtok"
BOARDS = "carcass shelves partition drawers door_left door_right plinth top_cover".split()
WORDS = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*"
         r"|\s*[\r\n]+|\s+(?!\S)|\s+")
differences = 0


def differ(what):
    global differences
    differences += 1
    print(f"DIFFERENT: {what}")


# --- text -----------------------------------------------------------------------------------------

def random_unicode(rng, n):
    """Strings that hold what patterns fall over: spaces of all kinds, marks, digits, quotes."""
    pools = ["abcXYZ", "  \t\u00a0\u3000\u2028\u200b", "\r\n", "0123٣५Ⅷ²¾", "'’`\"", "'s'T're'LL've'm'D",
             "ſßéñ", "йцукЖЁ", "中文字符かなカナ", "اردو", "हिन्दी", "e\u0301o\u0308", "🙂👩‍👩‍👧",
             "!?,.;:(){}[]<>=+-*/", "\x00\x01\x7f\x85\x1c\x1f"]
    out = []
    while len(out) < n:
        out.append("".join(rng.choice(rng.choice(pools)) for _ in range(rng.randrange(1, 40))))
    return out


def any_characters(rng, n):
    codes = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
    return ["".join(chr(rng.choice(codes)) for _ in range(20)) for _ in range(n)]


def text_files():
    for top in ("/usr/share/man", "/usr/share/doc", "/usr/share/perl", "/usr/lib/python3",
                "/usr/share/vim", "/usr/share/i18n"):
        yield from sorted(p for p in pathlib.Path(top).rglob("*") if p.is_file())


def read_text(path):
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        import gzip
        data = gzip.decompress(data)
    return data.decode("utf-8")


def natural_text(paths, limit, rng):
    """Equal shares of every folder's files, so that languages of man pages all come up."""
    paths = [p for p in paths if p.suffix not in (".png", ".pyc", ".so")]
    rng.shuffle(paths)
    parts, size = [], 0
    for path in paths:
        try:
            text = read_text(path)[:40000]
        except (UnicodeDecodeError, OSError, EOFError):
            continue
        parts.append(text)
        size += len(text.encode())
        if size > limit * 0.95:
            break
    noise = [s + "\n" for s in random_unicode(rng, 4000)] + [s + "\n" for s in
                                                            any_characters(rng, 4000)]
    return "".join(parts) + "\n" + "".join(noise)


# --- training -------------------------------------------------------------------------------------

def specials(extra):
    return ["<pad>", "<s>", "</s>", "<unk>", "<image>"] + [f"<model_{b}>" for b in BOARDS] + extra


def train_hf(path, out, size, least, digits, extra):
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = byte_level if digits == "joined" else pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), byte_level])
    t.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=size, min_frequency=least, show_progress=False,
                                  special_tokens=specials(extra),
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    start = time.perf_counter()
    t.train([str(path)], trainer)
    seconds = time.perf_counter() - start
    t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A $B",
                                                     special_tokens=[("<s>", 1)])
    t.save(str(out))
    return seconds


def train_cadtok(path, out, size, least, digits, extra):
    args = [CADTOK, "train", "-q", "-v", str(size), "-m", str(least), "-d", digits, "-o", out]
    if extra:
        args += ["-s", ",".join(extra)]
    start = time.perf_counter()
    subprocess.run(args + [path], check=True)
    return time.perf_counter() - start


def compare_training(name, path, folder, size, least, digits, extra=()):
    extra = list(extra)
    ours, theirs = folder / "ours" / f"{name}.json", folder / f"{name}.json"
    ours.parent.mkdir(exist_ok=True)
    b = train_hf(path, theirs, size, least, digits, extra)
    a = train_cadtok(path, ours, size, least, digits, extra)
    same = ours.read_bytes() == theirs.read_bytes()
    merges = len(json.loads(theirs.read_text())["model"]["merges"])
    print(f"{name}: {merges} merges, {'identical' if same else 'DIFFERENT'}, "
          f"cadtok {a:.2f} s, tokenizers {b:.2f} s, {b / a:.0f} times as long", flush=True)
    if not same:
        differ(f"tokenizer.json of {name}")
    return theirs


# --- encoding -------------------------------------------------------------------------------------

def byte_starts(text):
    starts, at = [], 0
    for ch in text:
        starts.append(at)
        at += len(ch.encode())
    return starts + [at]


def char_spans(text, spans):
    """Byte spans as characters: every character touched belongs to the token."""
    if text.isascii():
        return [tuple(s) for s in spans]
    starts = byte_starts(text)
    of_byte = {}
    for i in range(len(text)):
        for b in range(starts[i], starts[i + 1]):
            of_byte[b] = i
    return [(of_byte[a], of_byte[b - 1] + 1) if b > a else (0, 0) for a, b in spans]


def encode_cadtok(tokenizer, path):
    result = subprocess.run([CADTOK, "encode", "-t", tokenizer, "-f", "json", "--spans", "--lines",
                             path], check=True, capture_output=True)
    return map(json.loads, result.stdout.splitlines())


def compare_encoding(name, tokenizer, text, folder):
    """Lines end at \\n alone, here as there."""
    path = folder / "text"
    path.write_bytes(text.encode())
    t = Tokenizer.from_file(str(tokenizer))
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    count = tokens = 0
    for at in range(0, len(lines), 20000):
        part = lines[at:at + 20000]
        path.write_bytes("".join(line + "\n" for line in part).encode())
        for line, ours, theirs in zip(part, encode_cadtok(tokenizer, path),
                                      t.encode_batch(part), strict=True):
            count += 1
            tokens += len(theirs.ids)
            if ours["ids"] != theirs.ids:
                differ(f"ids of {line!r} under {name}: {ours['ids']} {theirs.ids}"[:2000])
                return
            if char_spans(line, ours.get("spans", [])) != theirs.offsets:
                differ(f"offsets of {line!r} under {name}: {ours['spans']} "
                       f"{theirs.offsets}"[:2000])
                return
    print(f"{name}: {len(text.encode()) / 1e6:.1f} MB, {count} lines, {tokens} tokens: "
          "ids and offsets identical", flush=True)


def variants(base, folder):
    """The vocabulary of base under other splits and with other added tokens."""
    for name, split in (("gpt2", None), ("llama3", WORDS % r"\p{N}{1,3}"), ("qwen2", WORDS % r"\p{N}")):
        t = Tokenizer.from_file(str(base))
        t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False) if not split else \
            pre_tokenizers.Sequence([
                pre_tokenizers.Split(Regex(split), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        t.post_processor = processors.ByteLevel(trim_offsets=False)
        t.add_tokens([AddedToken("circle", normalized=True), AddedToken("cir", normalized=False),
                      AddedToken("the", lstrip=True, normalized=False),
                      AddedToken("<x>", rstrip=True, special=True)])
        path = folder / f"{name}.json"
        t.save(str(path))
        yield name, path
        data = json.loads(path.read_text())
        data["model"]["ignore_merges"] = True
        data["model"]["merges"] = data["model"]["merges"][::2]
        keep = {a + b for a, b in data["model"]["merges"]}
        data["model"]["merges"] = [m for m in data["model"]["merges"]
                                   if all(len(p) == 1 or p in keep for p in m)]
        path = folder / f"{name}_ignore.json"
        path.write_text(json.dumps(data))
        yield name + " ignore_merges", path


# --- speed ----------------------------------------------------------------------------------------

def report(what, ours, theirs, size):
    def rates(times):
        return f"{size / min(times):.1f} | {size / statistics.median(times):.1f}"
    print(f"| {what} | {rates(ours)} | {rates(theirs)} | {min(theirs) / min(ours):.0f} | "
          f"{statistics.median(theirs) / statistics.median(ours):.0f} |", flush=True)


def bench_encoding(what, tokenizer, path, rounds, folder):
    """cadtok times itself over texts in memory, as here; the peer gets a piece, for it is slow."""
    lines = path.read_bytes().decode().split("\n")
    lines = [line + "\n" for line in lines[:40000]]
    piece = folder / "piece"
    piece.write_text("".join(lines), encoding="utf-8", newline="\n")
    size = piece.stat().st_size / 1e6
    t = Tokenizer.from_file(str(tokenizer))
    ours, batch = [], []
    for _ in range(rounds):
        out = subprocess.run([CADTOK, "bench", "-t", tokenizer, "-r", "1", piece], check=True,
                             capture_output=True, text=True).stdout
        ours.append(size / float(out.split("encode")[1].split()[0]))
        start = time.perf_counter()
        t.encode_batch(lines, add_special_tokens=False)
        batch.append(time.perf_counter() - start)
    report(what, ours, batch, size)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mb", type=float, default=100)
    parser.add_argument("--natural-mb", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.randrange(1 << 30)
    rng = random.Random(seed)
    print(f"tokenizers {tokenizers.__version__}, seed {seed}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        programs, natural = folder / "programs.txt", folder / "natural.txt"
        with open(programs, "wb") as out:
            subprocess.run([BUILD / "programs", str(int(args.mb * 1e6)), str(seed)], stdout=out,
                           check=True)
        text = natural_text(args.files or list(text_files()), args.natural_mb * 1e6, rng)
        natural.write_text(text, encoding="utf-8", newline="\n")
        print(f"programs {programs.stat().st_size} bytes, other text {natural.stat().st_size}")
        base = compare_training("programs", programs, folder, 2048, 2, "single")
        joined = compare_training("programs_joined", programs, folder, 2048, 2, "joined")
        other = compare_training("other", natural, folder, 30000, 0, "joined")
        compare_training("other_single", natural, folder, 8000, 3, "single")
        compare_training("taken_names", natural, folder, 5000, 2, "joined",
                         ["th", "the", "ing", "a", "<x>", "==", "aa", "aaaa"])
        if args.mb:
            compare_encoding("programs", base, programs.read_text(encoding="utf-8"), folder)
            compare_encoding("programs_joined", joined,
                             programs.read_text(encoding="utf-8")[:10_000_000], folder)
        compare_encoding("programs' vocabulary, other text", base, text, folder)
        compare_encoding("other", other, text, folder)
        for kind, path in variants(other, folder):
            compare_encoding(kind, path, text, folder)
        print("\n| | cadtok best MB/s | median | tokenizers best MB/s | median | ratio of bests | "
              "of medians |\n|---|---|---|---|---|---|---|")
        bench_encoding("encoding programs", base, programs, args.rounds, folder)
        bench_encoding("encoding programs, digits joined", joined, programs, args.rounds, folder)
        bench_encoding("encoding other text", other, natural, args.rounds, folder)
        ours, theirs = [], []
        for _ in range(min(args.rounds, 3)):
            ours.append(train_cadtok(programs, folder / "ours" / "t.json", 2048, 2, "single", []))
            theirs.append(train_hf(programs, folder / "t.json", 2048, 2, "single", []))
        report("training on programs", ours, theirs, programs.stat().st_size / 1e6)
    print(f"{differences} differences")
    return 3 if differences else 0


sys.exit(main())
