#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whole training steps beside PyTorch and llm.c, in turns, on this machine.

	python3 -m venv /tmp/ckenv && /tmp/ckenv/bin/pip install torch transformers safetensors pillow
	git clone https://github.com/karpathy/llm.c /tmp/llmc && make -C /tmp/llmc train_gpt2
	/tmp/ckenv/bin/python bench/train_peer.py --llmc /tmp/llmc

cadtrain trains a preset on drawings that it reads from disk; transformers trains the checkpoint that it
wrote, of the same rows, with torch's AdamW and clipping, in f32 and under bfloat16 autocast, its
pictures in memory. llm.c trains a GPT-2 of 6 layers of 384 (12 million parameters, vocabulary 4096), in
batches of 4 x 64 tokens as it is written. Rates are of model operations: matrix products and attention,
forward and twice that back, a causal one counted half. Best and median of all steps but each round's
first; ratios are of medians.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import struct
import subprocess
import tempfile
import time

import numpy
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("CADGEN_BUILDDIR", ROOT / "build"))


def run(*command, **more):
    return subprocess.run([str(c) for c in command], check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more).stdout


def make_data(folder, o):
    run(BUILD / "cadgen", "--count", 4 * o.batch, "--size", o.side, "--val-fraction", 0, "--seed", 5,
        "--out", folder / "drawings")
    run(BUILD / "cadtok", "train", "-q", "-o", folder / "t.json", folder / "drawings")


def run_cadtrain(folder, o):
    run(BUILD / "cadtrain", "--train", folder / "drawings", "--tokenizer", folder / "t.json",
        "--preset", o.preset, "--side", o.side, "--batch", o.batch, "--steps", o.steps + 1,
        "--show-every", 1, "--check-samples", 1, "--threads", o.threads, "--out", folder / "run")
    lines = [json.loads(line) for line in open(folder / "run/metrics.jsonl")]
    lines = [line for line in lines if "gflops" in line][1:]
    seconds = [o.batch / line["samples_per_s"] for line in lines]
    return seconds, statistics.mean(line["gflops"] * s for line, s in zip(lines, seconds))


def make_batch(folder, o):
    """Rows as the chat template lays them; pictures are of noise, which costs the same."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder / "run/last")
    images = (o.side // 16) ** 2
    rows = []
    for entry in json.load(open(folder / "drawings/train.json"))[:o.batch]:
        prompt, program = (turn["value"] for turn in entry["conversations"])
        said = tokenizer.encode(prompt.replace("<image>", "") + "\n", add_special_tokens=False)
        answer = tokenizer.encode(program, add_special_tokens=False) + [2]
        rows.append(([1] + [4] * images + said, answer))
    longest = max(len(a) + len(b) for a, b in rows)
    ids = numpy.full((o.batch, longest), 2)
    labels = numpy.full((o.batch, longest), -100)
    for i, (said, answer) in enumerate(rows):
        ids[i, :len(said) + len(answer)] = said + answer
        labels[i, len(said):len(said) + len(answer)] = answer
    return torch.tensor(ids), torch.tensor(labels), torch.rand(o.batch, 3, o.side, o.side)


class Torch:
    def __init__(self, folder, o, bf16):
        self.model = transformers.LlavaForConditionalGeneration.from_pretrained(
            folder / "run/last", dtype=torch.float32)
        self.model.train()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-4, betas=(0.9, 0.95),
                                           weight_decay=0.1, fused=True)
        self.batch = make_batch(folder, o)
        self.bf16 = bf16

    def step(self):
        ids, labels, pixels = self.batch
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            loss = self.model(input_ids=ids, labels=labels, pixel_values=pixels).loss
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return time.perf_counter() - start

    def run(self, o):
        return [self.step() for _ in range(o.steps + 1)][1:]


LAYERS, WIDTH, VOCAB, POSITIONS, BATCH, TOKENS = 6, 384, 4096, 1024, 4, 64


def llmc_files(folder):
    c, n = WIDTH, LAYERS
    sizes = [VOCAB * c, POSITIONS * c, n * c, n * c, n * 3 * c * c, n * 3 * c, n * c * c, n * c,
             n * c, n * c, n * 4 * c * c, n * 4 * c, n * 4 * c * c, n * c, c, c]
    header = [20240326, 3, POSITIONS, VOCAB, n, 6, c, VOCAB] + [0] * 248
    rng = numpy.random.default_rng(1)
    with open(folder / "gpt2_124M.bin", "wb") as f:
        f.write(struct.pack("<256i", *header))
        f.write((0.02 * rng.standard_normal(sum(sizes))).astype("<f4").tobytes())
    data = folder / "dev/data/tinyshakespeare"
    data.mkdir(parents=True)
    for name in ("train", "val"):
        tokens = rng.integers(0, VOCAB, 40000).astype("<u2")
        with open(data / f"tiny_shakespeare_{name}.bin", "wb") as f:
            f.write(struct.pack("<256i", *([20240520, 1, len(tokens)] + [0] * 253)))
            f.write(tokens.tobytes())


def llmc_gflop():
    tokens = BATCH * TOKENS
    matrices = LAYERS * 12 * WIDTH * WIDTH + VOCAB * WIDTH
    return 3 * tokens * (2 * matrices + LAYERS * 2 * TOKENS * WIDTH) / 1e9


def run_llmc(program, folder, o):
    text = run(program, cwd=folder, env=dict(os.environ, OMP_NUM_THREADS=str(o.threads)))
    return [float(ms) / 1e3 for ms in re.findall(r"took ([0-9.]+) ms", text)][1:]


def tell(name, seconds, gflop, base):
    best, median = min(seconds), statistics.median(seconds)
    rate = gflop / median
    print(f"| {name} | {gflop / best:.0f} | {rate:.0f} | {1000 * median:.0f} | "
          f"{base / rate:.2f} |")
    return rate


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--preset", default="small")
    p.add_argument("--side", type=int, default=256)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--steps", type=int, default=3, help="of a round, beside its first")
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--llmc", type=pathlib.Path)
    o = p.parse_args()
    torch.set_num_threads(o.threads)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_data(folder, o)
        times = {"cadtrain": []}
        peers = {}
        if o.llmc:
            llmc_files(folder)
        for _ in range(o.rounds):
            seconds, gflop = run_cadtrain(folder, o)
            times["cadtrain"] += seconds
            if not peers:
                peers = {"torch f32": Torch(folder, o, False), "torch bf16": Torch(folder, o, True)}
            for peer, torch_run in peers.items():
                times.setdefault(peer, []).extend(torch_run.run(o))
            if o.llmc:
                times.setdefault("llm.c", []).extend(run_llmc(o.llmc / "train_gpt2", folder, o))
    print(f"{o.preset}, {o.side} px, batches of {o.batch}, {gflop / o.batch:.1f} GFLOP a sample, "
          f"{o.threads} threads; torch {torch.__version__}, transformers "
          f"{transformers.__version__}\n")
    print("| trainer | best GFLOP/s | median | median ms | cadtrain is faster by |\n|---|---|---|---|---|")
    base = gflop / statistics.median(times["cadtrain"])
    for name, seconds in times.items():
        tell(name, seconds, llmc_gflop() if name == "llm.c" else gflop, base)


if __name__ == "__main__":
    main()
