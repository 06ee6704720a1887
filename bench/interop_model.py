#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The model beside transformers: logits, loss and all gradients of one batch, from one checkpoint.

	python3 -m venv /tmp/ckenv && /tmp/ckenv/bin/pip install torch transformers safetensors
	make -C build model_probe
	/tmp/ckenv/bin/python bench/interop_model.py

transformers makes a small LlavaForConditionalGeneration of random weights, of several shapes (grouped
heads, tied embeddings, an earlier vision layer, all vision tokens), and saves it; build/model_probe
reads the folder. Both go forward and back in f32, ours by ops_ref. Largest differences are printed, of
logits relative to the largest logit, of a parameter's gradient relative to its largest component, or
to a thousandth of the largest of all where that is more: biases of keys have a gradient of 0, rounded.
Exit status 3: more than 1e-4 anywhere.
"""

import os
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy
import safetensors.numpy
import torch
import transformers
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("CADGEN_BUILDDIR", ROOT / "build"))
SAMPLES, TEXT = 3, 12
LIMIT = 1e-4


def config(kv_heads=4, tied=False, layer=-1, select="default"):
    vision = CLIPVisionConfig(hidden_size=64, intermediate_size=128, num_hidden_layers=3,
                              num_attention_heads=2, image_size=32, patch_size=8,
                              projection_dim=64, hidden_act="quick_gelu")
    text = LlamaConfig(vocab_size=96, hidden_size=128, intermediate_size=160, num_hidden_layers=3,
                       num_attention_heads=4, num_key_value_heads=kv_heads, head_dim=32,
                       max_position_embeddings=128, rms_norm_eps=1e-5, tie_word_embeddings=tied,
                       pad_token_id=0, bos_token_id=1, eos_token_id=2)
    return LlavaConfig(vision_config=vision, text_config=text, image_token_index=4,
                       projector_hidden_act="quick_gelu", vision_feature_layer=layer,
                       vision_feature_select_strategy=select, tie_word_embeddings=tied,
                       pad_token_id=0, bos_token_id=1, eos_token_id=2,
                       image_seq_length=17 if select == "full" else 16)


def make_batch(c, rng):
    images = c.image_seq_length
    rows = images + TEXT
    ids = rng.integers(5, 96, (SAMPLES, rows))
    targets = numpy.full((SAMPLES, rows), -1)
    for s in range(SAMPLES):
        ids[s, 1 + s:1 + s + images] = 4
        first, past = 2 + s + images, rows - 1 - s
        targets[s, first:past] = ids[s, first + 1:past + 1]
    pixels = rng.integers(0, 256, (SAMPLES, 32, 32), dtype=numpy.uint8)
    return {"pixels": pixels, "ids": ids.astype(numpy.int32), "targets": targets.astype(numpy.int32)}


def randomise(model):
    """Larger than those to begin training with, biases and norms too, so that all counts."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.normal_(1.0 if "norm" in name and name.endswith("weight") else 0.0,
                      0.3 if p.dim() < 2 else 1.5 * p.shape[-1] ** -0.5)


def run_torch(model, batch):
    pixels = torch.tensor(batch["pixels"]).float()[:, None].expand(-1, 3, -1, -1) / 255
    out = model(input_ids=torch.tensor(batch["ids"]).long(), pixel_values=(pixels - 1) / 0.25)
    targets = torch.tensor(batch["targets"]).long()
    loss = torch.nn.functional.cross_entropy(out.logits.flatten(0, 1), targets.flatten(),
                                             ignore_index=-1)
    loss.backward()
    return out.logits[targets >= 0].detach().numpy(), float(loss.detach())


def grads_of(model):
    """By the first checkpoints' names, patches summed over what the three channels share."""
    grads = {}
    for name, p in model.named_parameters():
        if p.grad is None:
            continue
        g = p.grad.numpy()
        for new, old in (("model.language_model.", "language_model.model."), ("lm_head.", "language_model.lm_head."),
                         ("model.multi_modal_projector.", "multi_modal_projector."),
                         ("model.vision_tower.vision_model.", "vision_tower.vision_model."),
                         ("model.vision_tower.", "vision_tower.vision_model.")):
            if name.startswith(new):
                name = old + name[len(new):]
                break
        if name.endswith("patch_embedding.weight"):
            # A grey weight w stands for (w/4, w/2, w/4): its gradient is that of their sum by the chain rule.
            g = (g * numpy.array([0.25, 0.5, 0.25])[None, :, None, None]).sum(1)
        grads[name] = g.reshape(-1)
    return grads


def relative(ours, theirs, least=1e-12):
    scale = max(float(numpy.abs(theirs).max()), least)
    return float(numpy.abs(ours - theirs).max()) / scale


def compare(what, c, seed, folder):
    torch.manual_seed(seed)
    model = LlavaForConditionalGeneration(c).float().eval()
    randomise(model)
    with torch.no_grad():  # grey: all channels of a patch weight from one, as ours are exported
        for name, p in model.named_parameters():
            if name.endswith("patch_embedding.weight"):
                p.copy_(p[:, :1] * torch.tensor([0.25, 0.5, 0.25])[None, :, None, None])
    model.save_pretrained(folder / "model")
    batch = make_batch(c, numpy.random.default_rng(seed))
    safetensors.numpy.save_file(batch, folder / "batch.safetensors")
    subprocess.run([BUILD / "model_probe", folder / "model", folder / "batch.safetensors",
                    folder / "out.safetensors", "ref32"], check=True)
    ours = safetensors.numpy.load_file(folder / "out.safetensors")
    logits, loss = run_torch(model, batch)
    grads = grads_of(model)
    worst, where, most = 0.0, "none", max(float(numpy.abs(g).max()) for g in grads.values())
    for name, g in grads.items():
        if "post_layernorm" in name or (name not in ours and not numpy.abs(g).max()):
            continue
        d = relative(ours[name], g, most / 1000)
        if d > worst:
            worst, where = d, name
    left = [n for n in ours if n not in ("loss", "logits") and n not in grads and numpy.abs(ours[n]).max() > 0]
    d_logits, d_loss = relative(ours["logits"], logits), abs(float(ours["loss"][0]) - loss) / abs(loss)
    print(f"| {what} | {d_logits:.1e} | {d_loss:.1e} | {worst:.1e} ({where}) | {len(grads)} |")
    if left:
        print("gradients that transformers has not:", left)
    return max(d_logits, d_loss, worst) <= LIMIT and not left


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 30)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, seed {seed}\n")
    print("| model | logits | loss | gradient, the worst | tensors |\n|---|---|---|---|---|")
    good = True
    for what, c in (("as made here", config()), ("grouped heads", config(kv_heads=2)),
                    ("tied head", config(tied=True)), ("the layer before the last", config(layer=-2)),
                    ("all vision tokens", config(select="full"))):
        with tempfile.TemporaryDirectory() as name:
            good &= compare(what, c, seed, pathlib.Path(name))
    return 0 if good else 3


sys.exit(main())
