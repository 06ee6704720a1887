#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What train_bench and decode_bench measure, in PyTorch: transformers' LLaVA of a preset's sizes.

	python3 bench/gpu_peer.py [--preset base] [--side 256] [--batch 128] [--steps 10] [--parameters N]
	                          [--generate N] [--device cuda] [--gflop F]

Whole training steps under torch.compile and bfloat16 autocast, parameters in f32, torch's fused AdamW,
clipped, the same rows, targets and noise in memory; milliseconds, best and median, and, of --gflop a
sample as train_bench counts them, TFLOP/s. With --generate, generate() on so many pictures at once, in
bfloat16, 100 tokens each. A model of another count than --parameters ends it with status 3.
"""

import argparse
import pathlib
import re
import statistics
import sys
import time

import torch
import transformers
from transformers import (CLIPVisionConfig, GenerationConfig, LlamaConfig, LlavaConfig,
                          LlavaForConditionalGeneration)

VOCAB, PROMPT, ANSWER, TOKENS, IMAGE = 2048, 20, 60, 100, 4
ROOT = pathlib.Path(__file__).resolve().parent.parent


def read_presets():
    """Width, layers, heads, MLP of each half."""
    text = (ROOT / "formats/model/model_config.h").read_text()
    table = text[text.index("#define MODEL_PRESETS(X)"):].split("\n\n")[0]
    return {name: tuple(map(int, numbers.split(",")))
            for name, numbers in re.findall(r"X\((\w+), ([\d, ]+)\)", table)}


PRESETS = read_presets()


def make_model(o):
    vw, vl, vh, vm, tw, tl, th, tm = PRESETS[o.preset]
    vision = CLIPVisionConfig(hidden_size=vw, intermediate_size=vm, num_hidden_layers=vl,
                              num_attention_heads=vh, image_size=o.side, patch_size=16, num_channels=1,
                              projection_dim=vw, hidden_act="quick_gelu")
    text = LlamaConfig(vocab_size=VOCAB, hidden_size=tw, intermediate_size=tm, num_hidden_layers=tl,
                       num_attention_heads=th, num_key_value_heads=th, head_dim=tw // th,
                       max_position_embeddings=4096, rms_norm_eps=1e-5, tie_word_embeddings=False,
                       pad_token_id=0, bos_token_id=1, eos_token_id=2)
    config = LlavaConfig(vision_config=vision, text_config=text, image_token_index=IMAGE,
                         projector_hidden_act="quick_gelu", vision_feature_layer=-1,
                         vision_feature_select_strategy="default", tie_word_embeddings=False,
                         pad_token_id=0, bos_token_id=1, eos_token_id=2,
                         image_seq_length=(o.side // 16) ** 2)
    model = LlavaForConditionalGeneration(config).to(o.device)
    # The norm behind the last layer is not on the way to the features: train_bench has none.
    unread = sum(p.numel() for name, p in model.named_parameters() if "post_layernorm" in name)
    return model, sum(p.numel() for p in model.parameters()) - unread


def prompts(o, n):
    images = (o.side // 16) ** 2
    ids = torch.randint(5, 1005, (n, 1 + images + PROMPT))
    ids[:, 0] = 1
    ids[:, 1:1 + images] = IMAGE
    return ids


def wait(o):
    if o.device == "cuda":
        torch.cuda.synchronize()


def train(o, model):
    ids = torch.cat([prompts(o, o.batch), torch.randint(5, 1005, (o.batch, ANSWER))], 1).to(o.device)
    labels = torch.cat([torch.full_like(ids, -100)[:, :-ANSWER], ids[:, -ANSWER:]], 1)
    pixels = torch.rand(o.batch, 1, o.side, o.side, device=o.device)
    mask = torch.ones_like(ids)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1,
                                  fused=True)
    model.train()
    compiled = torch.compile(model)
    took = []
    for _ in range(o.steps + 4):
        wait(o)
        start = time.perf_counter()
        with torch.autocast(o.device, torch.bfloat16):
            loss = compiled(input_ids=ids, attention_mask=mask, labels=labels, pixel_values=pixels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        wait(o)
        took.append(time.perf_counter() - start)
    return took[4:]


def generate(o, model):
    model = model.to(torch.bfloat16).eval()
    how = GenerationConfig(max_new_tokens=TOKENS, min_new_tokens=TOKENS, do_sample=False, use_cache=True,
                           bos_token_id=1, eos_token_id=2, pad_token_id=0, suppress_tokens=[IMAGE])
    ids = prompts(o, o.generate).to(o.device)
    pixels = torch.rand(o.generate, 1, o.side, o.side, device=o.device, dtype=torch.bfloat16)
    took = []
    for _ in range(4):
        wait(o)
        start = time.perf_counter()
        with torch.inference_mode():
            out = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels,
                                 generation_config=how)
        wait(o)
        took.append(time.perf_counter() - start)
        assert out.shape[1] == ids.shape[1] + TOKENS
    return took[1:]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--preset", default="base", choices=PRESETS)
    p.add_argument("--side", type=int, default=256)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--steps", type=int, default=10, help="0: none")
    p.add_argument("--parameters", type=int)
    p.add_argument("--generate", type=int, default=0)
    p.add_argument("--device", default="cuda")
    p.add_argument("--gflop", type=float, default=0, help="of a sample")
    o = p.parse_args()
    torch.manual_seed(1)
    torch.set_float32_matmul_precision("high")
    model, count = make_model(o)
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, {count} parameters")
    if o.parameters and count != o.parameters:
        print(f"train_bench's model has {o.parameters}", file=sys.stderr)
        sys.exit(3)
    if o.steps:
        took = train(o, model)
        for name, s in ("best", min(took)), ("median", statistics.median(took)):
            print(f"{name:8} {1e3 * s:9.2f} ms {o.batch / s:11.1f} samples/s "
                  f"{o.gflop * o.batch / s / 1e3:10.3f} TFLOP/s")
    if o.generate:
        took = generate(o, model)
        print(f"generate, {o.generate} at once: {o.generate / min(took):.1f} drawings/s best, "
              f"{o.generate / statistics.median(took):.1f} median")


if __name__ == "__main__":
    main()
