#!/bin/sh
# SPDX-License-Identifier: MIT
# A nano model learns 64 drawings by heart, down to a loss below 0.01. It takes a minute, so ./check
# asks for it in one of its builds (CADGEN_LONG); of one thread, as two that wait for each other beside other tests
# take twice as long.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -n "${CADGEN_LONG-}" ] || skip_all "a long one: CADGEN_LONG=1 runs it"
cd "$tmp" || exit 1

ok "64 drawings" "$CADGEN" --count 64 --size 128 --family shapes --val-fraction 0 --out drawings
ok "a vocabulary" "$CADGEN_BUILDDIR/cadtok" train --quiet --out tokenizer.json drawings
ok "training" "$CADGEN_BUILDDIR/cadtrain" --train drawings --tokenizer tokenizer.json --preset nano \
	--side 128 --batch 16 --steps 120 --rate 0.003 --optimizer muon --warmup 0.05 --decay 0 --threads 1 \
	--out run
loss=$(sed -n 's/.*"step":120,"loss":\([0-9.e-]*\),.*/\1/p' run/metrics.jsonl)
ok "the loss of the last steps, ${loss:-none}, is below 0.01" test "$(awk "BEGIN { print $loss < 0.01 }")" = 1
tap_done
