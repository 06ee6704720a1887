#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Three views of STEP files by CadQuery's SVG exporter, beside cadconv on the same files.

    python3 -m venv /tmp/cqenv && /tmp/cqenv/bin/pip install cadquery
    build/cadconv export SRC steps --to step
    /tmp/cqenv/bin/python bench/views_peer.py [--cadconv build/cadconv] steps

Processor seconds per file, reading included: CadQuery (Open CASCADE's HLRBRep_Algo) to SVG in one process that
has it loaded already, hidden lines dashed; cadconv to PNG with its program and dataset, once for all files in
one worker and divided by how many they are.
"""
import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import cadquery as cq
from cadquery import exporters

VIEWS = [(0, -1, 0), (0, 0, 1), (1, 0, 0)]


def peer(path, folder):
    """Seconds that CadQuery takes."""
    start = time.process_time()
    shape = cq.importers.importStep(path)
    for i, way in enumerate(VIEWS):
        exporters.export(shape, os.path.join(folder, f"{i}.svg"),
                         opt={"projectionDir": way, "width": 512, "height": 512})
    return time.process_time() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cadconv", default="build/cadconv")
    parser.add_argument("folder")
    args = parser.parse_args()
    files = sorted(f for f in os.listdir(args.folder) if f.endswith(".step"))
    work = tempfile.mkdtemp()
    times = []
    for name in files:
        times.append(peer(os.path.join(args.folder, name), work))
        print(f"{name}: CadQuery {times[-1] * 1e3:.0f} ms", flush=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([args.cadconv, "step", args.folder, os.path.join(work, "out"), "--jobs", "1"],
                          stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / len(files)
    shutil.rmtree(work)
    times.sort()
    mean = sum(times) / len(times)
    print(f"CadQuery: mean {mean * 1e3:.0f} ms, median {times[len(times) // 2] * 1e3:.0f} ms, "
          f"worst {times[-1] * 1e3:.0f} ms a file; cadconv: mean {ours * 1e3:.0f} ms; "
          f"ratio {mean / ours:.1f}")
    sys.exit(done.returncode > 1)


main()
