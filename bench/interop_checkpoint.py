#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checkpoints between cadgen and transformers, both ways (PyPI: torch, transformers, pillow).

    CADGEN_BUILDDIR=build bench/interop_checkpoint.py [--seed N]

Ours, of random numbers, loads in LlavaForConditionalGeneration with no key missing or unexpected, the
same config and the same numbers; AutoProcessor counts as many image tokens as the model makes, pixels
are (px / 255 - 1) / 0.25, and the model runs on them. A model of a random LlavaConfig that
transformers saved is read here with the same numbers. Exit status 3 when something differs.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy
import torch
import transformers
from PIL import Image
from transformers import (AutoConfig, AutoProcessor, CLIPVisionConfig, LlamaConfig, LlavaConfig,
                          LlavaForConditionalGeneration)

SOURCE = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("CADGEN_BUILDDIR", SOURCE / "build"))
PROGRAM = BUILD / "checkpoint_program"
TOKENIZER = SOURCE / "samples" / "tokenizer" / "tokenizer.json"
VERSION = tuple(int(n) for n in transformers.__version__.split(".")[:2])
differences = 0


def check(what, right, detail=""):
    global differences
    if not right:
        differences += 1
    print(f"{'ok' if right else 'DIFFERS'}: {what}{'' if right else ' ' + str(detail)[:1500]}", flush=True)


def first_name(name):
    """A parameter's name, of whatever version, as llava-hf's first checkpoints have it."""
    name = name.removeprefix("model.")
    if name.startswith("lm_head."):
        return "language_model." + name
    if name.startswith("language_model.") and not name.startswith(("language_model.model.",
                                                                   "language_model.lm_head.")):
        return name.replace("language_model.", "language_model.model.", 1)
    if name.startswith("vision_tower.") and not name.startswith("vision_tower.vision_model."):
        return name.replace("vision_tower.", "vision_tower.vision_model.", 1)
    return name


def digests(model):
    found = {}
    for name, value in model.state_dict().items():
        name = first_name(name)
        if "post_layernorm" in name or "position_ids" in name or "inv_freq" in name:
            continue
        if name == "language_model.lm_head.weight" and tied(model.config):
            continue
        value = value.detach().to(torch.float64)
        if name.endswith("patch_embedding.weight"):
            value = value[:, 0] + value[:, 1] + value[:, 2]
        data = value.to(torch.float32).contiguous().numpy().astype("<f4")
        found[name] = (data.size, hashlib.sha256(data.tobytes()).hexdigest())
    return found


def tied(config):
    return config.text_config.tie_word_embeddings


def read_here(folder):
    out = subprocess.run([PROGRAM, "print", folder], capture_output=True, text=True)
    if out.returncode:
        return out.stderr.strip()
    rows = (line.split() for line in out.stdout.splitlines())
    return {name: (int(count), digest) for name, count, digest in rows}


def compare(what, ours, theirs):
    if isinstance(ours, str):
        check(what, False, ours)
        return
    unlike = sorted(name for name in ours.keys() | theirs.keys()
                    if ours.get(name) != theirs.get(name))
    check(f"{what}: {len(ours)} tensors, {sum(n for n, _ in ours.values())} numbers", not unlike,
          unlike)


# --- ours there -----------------------------------------------------------------------------------

def load(folder, **options):
    """With what transformers says about keys; dtype is torch_dtype in early versions."""
    options["torch_dtype" if VERSION < (4, 56) else "dtype"] = torch.float32
    return LlavaForConditionalGeneration.from_pretrained(folder, output_loading_info=True, **options)


def check_keys(what, info):
    for key in ("missing_keys", "unexpected_keys", "mismatched_keys", "error_msgs"):
        check(f"{what}: {key}", not info.get(key), info.get(key))


VISION_KEYS = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "image_size",
               "patch_size", "hidden_act", "layer_norm_eps")
TEXT_KEYS = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
             "num_key_value_heads", "hidden_act", "max_position_embeddings", "rms_norm_eps",
             "tie_word_embeddings", "pad_token_id", "bos_token_id", "eos_token_id")


def compare_config(what, raw, config):
    """config.json as cadgen writes it, and the config that transformers has."""
    for part, keys in (("vision_config", VISION_KEYS), ("text_config", TEXT_KEYS)):
        theirs = getattr(config, part)
        unlike = [(key, getattr(theirs, key), raw[part].get(key)) for key in keys
                  if getattr(theirs, key) != raw[part].get(key)]
        check(f"{what}: {part}", not unlike, unlike)
    text = config.text_config
    dim = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    rope = getattr(text, "rope_parameters", None) or {"rope_theta": getattr(text, "rope_theta", None)}
    check(f"{what}: head_dim, rope_theta", rope["rope_theta"] == raw["text_config"]["rope_theta"] and
          dim == raw["text_config"]["head_dim"], (rope, dim, raw))
    image = getattr(config, "image_token_index", None)
    image = image if image is not None else config.image_token_id
    check(f"{what}: others", image == raw["image_token_index"] and
          all(getattr(config, key) == raw[key] for key in (
              "vision_feature_layer", "projector_hidden_act", "vision_feature_select_strategy")), config)


def check_template(what, processor, text):
    template = processor.apply_chat_template(
        [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Draw."}]}],
        add_generation_prompt=True)
    check(f"{what}: chat template", template == text, repr(template))


def check_processor(what, folder, model, raw):
    side = raw["vision_config"]["image_size"]
    tokens = raw["image_seq_length"]
    processor = AutoProcessor.from_pretrained(folder)
    px = numpy.random.default_rng(1).integers(0, 256, (side, side), dtype=numpy.uint8)
    image = Image.fromarray(px).convert("RGB")
    text = "<s><image>\nDraw.\n"
    batch = processor(images=image, text=text, return_tensors="pt")
    ids = batch["input_ids"][0]
    n = int((ids == raw["image_token_index"]).sum())
    check(f"{what}: {n} image tokens", n == tokens, f"model makes {tokens}")
    want = (px.astype(numpy.float64) / 255 - 1) / 0.25
    got = batch["pixel_values"][0].double().numpy()
    off = float(numpy.abs(got - want).max())
    check(f"{what}: pixels within {off:.1e}", got.shape == (3, side, side) and off < 1e-6)
    if not getattr(processor, "chat_template", None):
        print(f"SKIP: {what}: chat template; this version reads no chat_template.jinja")
    else:
        check_template(what, processor, text)
    with torch.no_grad():
        logits = model(**batch).logits
        made = model.generate(**batch, max_new_tokens=3)
    check(f"{what}: runs, logits {list(logits.shape)}", bool(torch.isfinite(logits).all()))
    check(f"{what}: generates", len(ids) < made.shape[1] <= len(ids) + 3, made.shape)


def ours_there(folder, preset, side, dtype, seed):
    what = f"ours, {preset} {side} {dtype}"
    subprocess.run([PROGRAM, "make", folder, TOKENIZER, preset, str(side), dtype, str(seed)], check=True)
    model, info = load(folder)
    check_keys(what, info)
    compare(what, read_here(folder), digests(model))
    raw = json.loads((folder / "config.json").read_text())
    compare_config(what, raw, AutoConfig.from_pretrained(folder))
    if VERSION >= (4, 45):
        check_processor(what, folder, model, raw)
    else:
        print(f"SKIP: {what}: processor; its tokenizers know no merges written as pairs")
    return model


# --- theirs here ----------------------------------------------------------------------------------

def random_config(rng):
    """Small sizes; now and then what a default is, so that keys are left out."""
    heads = rng.choice([2, 4])
    kv = rng.choice([heads, heads // 2])
    width = heads * rng.choice([16, 24])
    patch = rng.choice([8, 16, 32])
    vision = CLIPVisionConfig(hidden_size=heads * 16, intermediate_size=rng.choice([48, 96]),
                              num_hidden_layers=rng.choice([1, 2, 12]), num_attention_heads=heads,
                              image_size=patch * rng.choice([2, 3, 7]), patch_size=patch,
                              layer_norm_eps=rng.choice([1e-5, 1e-6]), projection_dim=rng.choice([32, 512]))
    options = {}
    if rng.random() < 0.5:
        theta = rng.choice([10000.0, 500000.0])
        if VERSION >= (5, 0):
            options["rope_parameters"] = {"rope_type": "default", "rope_theta": theta}
        else:
            options["rope_theta"] = theta
    if rng.random() < 0.5 and VERSION >= (4, 46):
        options["head_dim"] = 32
    text = LlamaConfig(vocab_size=rng.choice([64, 100]), hidden_size=width, intermediate_size=56,
                       num_hidden_layers=rng.choice([1, 2]), num_attention_heads=heads,
                       num_key_value_heads=kv, max_position_embeddings=rng.choice([512, 2048]),
                       rms_norm_eps=rng.choice([1e-6, 1e-5]), pad_token_id=0, bos_token_id=1,
                       eos_token_id=2, tie_word_embeddings=rng.random() < 0.3, **options)
    name = "image_token_index" if VERSION < (4, 47) else rng.choice(["image_token_index", "image_token_id"])
    more = {name: 4}
    return LlavaConfig(vision_config=vision, text_config=text, projector_hidden_act="quick_gelu",
                       vision_feature_layer=rng.choice([-1, -2]), tie_word_embeddings=text.tie_word_embeddings,
                       vision_feature_select_strategy=rng.choice(["default", "full"]), **more)


def theirs_here(folder, rng, dtype):
    config = random_config(rng)
    torch.manual_seed(rng.randrange(1 << 30))
    model = LlavaForConditionalGeneration(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_()
    model.to(dtype).save_pretrained(folder)
    text = config.text_config
    what = (f"theirs, {dtype}, tied {text.tie_word_embeddings}, "
            f"heads {text.num_attention_heads}/{text.num_key_value_heads}")
    compare(what, read_here(folder), digests(model))
    out = subprocess.run([PROGRAM, "config", folder], capture_output=True, text=True)
    check(f"{what}: config.json", out.returncode == 0, out.stderr)
    if out.returncode == 0:
        compare_config(what, json.loads(out.stdout), config)


def saved_again(folder, model):
    """Ours, loaded and saved by transformers: read with the same numbers."""
    model.save_pretrained(folder)
    compare("ours, saved there", read_here(folder), digests(model))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.randrange(1 << 30)
    rng = random.Random(seed)
    torch.set_num_threads(1)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, seed {seed}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model = ours_there(folder / "bf16", "nano", 224, "BF16", seed)
        ours_there(folder / "f32", "nano", 384, "F32", seed)
        saved_again(folder / "again", model)
        for i in range(args.rounds):
            theirs_here(folder / f"theirs{i}", rng, rng.choice([torch.float32, torch.bfloat16, torch.float16]))
    print(f"{differences} differences")
    return 3 if differences else 0


sys.exit(main())
