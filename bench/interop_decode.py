#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Decoding beside transformers' generate: the same checkpoint, pictures and prompts, in f32.

	python3 -m venv /tmp/ckenv && /tmp/ckenv/bin/pip install torch transformers safetensors
	make -C build decode_probe
	/tmp/ckenv/bin/python bench/interop_decode.py [--model FOLDER] [--pictures 200] [--seed N]

Without --model, a model of the small preset's sizes with random weights, larger than those to begin
training with, so that what is said depends on the picture. Pictures are white with black strokes at
random, prompts of different lengths. The ids must be the same, greedy of all pictures, with 4 beams of
19 in 20 (exit status 3): there log probabilities are added in float32, here in double, and where two
beams say the same in another order the last bit decides which goes on. Where greedy ids differ,
transformers does the picture again in f64, and whose ids it gives is printed, and the gap between the
two best logits at the first difference. Then the time of each, greedy, at the batch in which each is
fastest of those tried, and of one picture alone; ours in bf16 as well, which is what it does by itself on
processors that are faster in it. transformers does not begin a request before the whole batch is done;
there all prompts have one length, and all answers are of --tokens tokens, or what the model ends them at.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import numpy
import safetensors.numpy
import torch
import transformers
from transformers import (CLIPVisionConfig, GenerationConfig, LlamaConfig, LlavaConfig,
                          LlavaForConditionalGeneration)

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("CADGEN_BUILDDIR", ROOT / "build"))
THREADS = 2


def small_model(side, vocab):
    vision = CLIPVisionConfig(hidden_size=256, intermediate_size=1024, num_hidden_layers=6,
                              num_attention_heads=4, image_size=side, patch_size=16,
                              projection_dim=256, hidden_act="quick_gelu")
    text = LlamaConfig(vocab_size=vocab, hidden_size=256, intermediate_size=704, num_hidden_layers=6,
                       num_attention_heads=4, num_key_value_heads=4, head_dim=64,
                       max_position_embeddings=2048, rms_norm_eps=1e-5, tie_word_embeddings=False,
                       pad_token_id=0, bos_token_id=1, eos_token_id=2)
    config = LlavaConfig(vision_config=vision, text_config=text, image_token_index=4,
                         projector_hidden_act="quick_gelu", vision_feature_layer=-1,
                         vision_feature_select_strategy="default", tie_word_embeddings=False,
                         pad_token_id=0, bos_token_id=1, eos_token_id=2,
                         image_seq_length=(side // 16) ** 2)
    model = LlavaForConditionalGeneration(config).float().eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() > 1:
                p.normal_(0.0, 1.2 * p.shape[-1] ** -0.5)
            if name.endswith("patch_embedding.weight"):
                p.normal_(0.0, 0.05)
                p.copy_(p[:, :1] * torch.tensor([0.25, 0.5, 0.25])[None, :, None, None])
    return model


def draw(rng, n, side):
    pixels = numpy.full((n, side, side), 255, numpy.uint8)
    for picture in pixels:
        for _ in range(rng.integers(5, 30)):
            x, y, w, h = rng.integers(0, side, 4)
            if rng.random() < 0.5:
                picture[y, x:x + w] = 0
            else:
                picture[y:y + h, x] = 0
    return pixels


def make_prompts(rng, n, config, lengths):
    images = config.image_seq_length
    longest = 1 + images + max(lengths)
    ids = numpy.full((n, longest), -1, numpy.int32)
    for row in ids:
        count = 1 + images + int(rng.choice(lengths))
        row[0] = config.bos_token_id or 1
        row[1:1 + images] = config.image_token_index
        row[1 + images:count] = rng.integers(5, config.text_config.vocab_size, count - 1 - images)
    return ids


def ours(folder, model, requests, tokens, batch, beams, act="f32"):
    safetensors.numpy.save_file(requests, folder / "requests.safetensors")
    subprocess.run([BUILD / "decode_probe", model, folder / "requests.safetensors",
                    folder / "out.safetensors", str(tokens), str(batch), str(beams), act,
                    str(THREADS)], check=True)
    return safetensors.numpy.load_file(folder / "out.safetensors")


def theirs(model, requests, tokens, batch, beams):
    """ids as ours; seconds. Prompts of one length go together."""
    config = model.config
    how = GenerationConfig(max_new_tokens=tokens, do_sample=False, num_beams=beams, use_cache=True,
                           length_penalty=1.0, early_stopping=False, bos_token_id=1, eos_token_id=2,
                           pad_token_id=0, suppress_tokens=[config.image_token_index])
    ids, lengths = requests["ids"], (requests["ids"] >= 0).sum(1)
    said = numpy.full((len(ids), tokens), -1, numpy.int32)
    start = time.monotonic()
    for length in sorted(set(lengths)):
        which = numpy.flatnonzero(lengths == length)
        for part in (which[i:i + batch] for i in range(0, len(which), batch)):
            pixels = torch.tensor(requests["pixels"][part]).to(model.dtype)[:, None].expand(-1, 3, -1, -1)
            prompt = torch.tensor(ids[part, :length]).long()
            with torch.inference_mode():
                out = model.generate(input_ids=prompt, pixel_values=(pixels / 255 - 1) / 0.25,
                                     attention_mask=torch.ones_like(prompt), generation_config=how)
            for row, answer in zip(part, out[:, length:].numpy()):
                ends = numpy.flatnonzero(answer == 2)
                answer = answer[:ends[0] + 1] if len(ends) else answer
                said[row, :len(answer)] = answer
    return said, time.monotonic() - start


def gap(model, requests, row, said, at):
    """Between the two best logits behind the first `at` tokens of an answer."""
    ids = requests["ids"][row]
    prompt = numpy.concatenate([ids[ids >= 0], said[row, :at]])[None]
    pixels = torch.tensor(requests["pixels"][row:row + 1]).float()[:, None].expand(-1, 3, -1, -1)
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor(prompt).long(),
                       pixel_values=(pixels / 255 - 1) / 0.25).logits[0, -1]
    logits[model.config.image_token_index] = -torch.inf
    best = logits.topk(2).values
    return float(best[0] - best[1])


def compare(what, model, requests, a, b, beams):
    same = (a == b).all(1)
    print(f"| {what} | {same.sum()} of {len(same)} | {len(set(map(bytes, a)))} |", flush=True)
    for row in numpy.flatnonzero(~same)[:5] if beams == 1 else []:
        at = int(numpy.flatnonzero(a[row] != b[row])[0])
        one = {k: v[row:row + 1] for k, v in requests.items()}
        exact = theirs(model.double(), one, a.shape[1], 1, 1)[0][0]
        model.float()
        whose = "ours" if (exact == a[row]).all() else "theirs" if (exact == b[row]).all() else "neither"
        print(f"picture {row} differs from token {at} on, by a gap of "
              f"{gap(model, requests, row, a, at):.2e}; in f64 transformers says {whose}", flush=True)
    return same.all() if beams == 1 else same.sum() >= 0.95 * len(same)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", type=pathlib.Path)
    args.add_argument("--pictures", type=int, default=200)
    args.add_argument("--tokens", type=int, default=100)
    args.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    args.add_argument("--timing", type=int, default=32, help="pictures to take the time with; 0: none")
    args = args.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(THREADS)
    rng = numpy.random.default_rng(args.seed)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, seed {args.seed}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if args.model:
            model = LlavaForConditionalGeneration.from_pretrained(args.model, dtype=torch.float32).eval()
        else:
            model = small_model(256, 1024)
            model.save_pretrained(folder / "model")
        where, side = args.model or folder / "model", model.config.vision_config.image_size
        requests = {"pixels": draw(rng, args.pictures, side),
                    "ids": make_prompts(rng, args.pictures, model.config, [8, 13, 20])}
        print("| what | the same ids | different answers |\n|---|---|---|")
        good = True
        for what, beams in (("greedy", 1), ("4 beams", 4)):
            a = ours(folder, where, requests, args.tokens, 32, beams)["ids"]
            good &= compare(what, model, requests, a, theirs(model, requests, args.tokens, 32, beams)[0],
                            beams)
        if args.timing:
            some = {"pixels": draw(rng, args.timing, side),
                    "ids": make_prompts(rng, args.timing, model.config, [20])}
            one = {k: v[:1] for k, v in some.items()}
            print("\n| seconds | transformers f32 | ours f32 | ratio | ours bf16 | ratio |\n|---|---|---|---|---|---|")
            for what, of, batches in ((f"{args.timing} pictures", some, (8, 32)), ("one alone", one, (1,))):
                other = min(theirs(model, of, args.tokens, b, 1)[1] for b in batches for _ in range(2))
                mine = [min(float(ours(folder, where, of, args.tokens, b, 1, act)["seconds"][0])
                            for b in batches for _ in range(3)) for act in ("f32", "bf16")]
                print(f"| {what} | {other:.3f} | {mine[0]:.3f} | {other / mine[0]:.1f} | {mine[1]:.3f} | "
                      f"{other / mine[1]:.1f} |", flush=True)
    return 0 if good else 3


sys.exit(main())
