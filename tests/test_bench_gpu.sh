#!/bin/sh
# SPDX-License-Identifier: MIT
# bench/gpu where there is no GPU, and with programs in the place of its own that compute on the processor: tables have a
# figure wherever there is one, and when its time is over, what there is.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
bench=$CADGEN_SRCDIR/bench/gpu
for program in train_bench decode_bench cadtrain; do
	[ -x "$CADGEN_BUILDDIR/$program" ] || skip_all "no $program"
done
command -v bash >/dev/null || skip_all "no bash"
cd "$tmp" || exit 1
mkdir build

# stand_in NAME: what standard input says.
stand_in() {
	{ echo '#!/bin/sh' && cat; } >"$1"
	chmod +x "$1"
}

stand_in build/train_bench <<END
exec "$CADGEN_BUILDDIR/train_bench" 1 nano 64 2 1
END
stand_in build/decode_bench <<END
exec "$CADGEN_BUILDDIR/decode_bench" 1 f32 nano 64 1 2
END
stand_in build/cadtrain <<END
while [ "\$1" != --out ]; do
	[ "\$1" != --tokenizer ] || tokenizer=\$2
	shift
done
exec "$CADGEN_BUILDDIR/cadtrain" --stream iso-clean --preset nano --side 128 --batch 2 --steps 2 --check-samples 1 \\
	--show-every 1 --preview 0 --threads 1 --tokenizer "\$tokenizer" --out "\$2"
END
stand_in build/gpu_probe <<'END'
echo "no such device"
exit 1
END
stand_in python <<'END'
case $* in
-c*) ;;
*--generate*) echo "generate, 256 at once: 0.5 drawings/s best, 0.4 median" ;;
*--parameters\ [1-9]*\ --gflop\ [0-9]*.[0-9]*) echo "median    90000.00 ms         1.0 samples/s      0.100 TFLOP/s" ;;
*) exit 1 ;;
esac
END
run() {
	CADGEN_BUILDDIR=$tmp/build PYTHON=$tmp/python bash "$bench" --log log --no-check "$@" >out 2>err
}

ok "without a GPU" run
ok "it says so, and is done" test "$(cat out)" = "SKIP no CUDA device: no such device"
printf '#!/bin/sh\necho "cuda bf16 stand-in"\n' >build/gpu_probe
ok "with one" run
ok "a row for each preset and size" sh -c '[ "$(grep -c -E "^(small|base|large) +(256|512) +[0-9]+ +[0-9.]+ +[0-9.]+ +\
[0-9]+ +[0-9.]+ +[0-9.]+% +[0-9.]+% +([0-9.]+|-)$" out)" = 6 ]'
ok "two beside torch" sh -c '[ "$(grep -c -E "^(small|base) +256 .* [0-9]+[.][0-9][0-9]$" out)" = 2 ]'
ok "two without graphs" sh -c '[ "$(grep -c -E "^(small|base) at 256 px without graphs: [0-9.]+ ms, [0-9.]+ of that with$" \
out)" = 2 ]'
ok "three sizes of decoding" sh -c '[ "$(grep -c -E "drawings at once: [0-9.]+ drawings/s$" out)" = 3 ]'
ok "beside generate" grep -q -E "ours to transformers' generate: [0-9.]+$" out
ok "the generator" grep -q -E "^base at 256 px from the generator: [0-9.]+ % busy, [0-9.]+ samples/s$" out
ok "no time" run --seconds 0
ok "leaves all out" sh -c '[ "$(grep -c "left out, 0 s are over$" out)" = 15 ]'
stand_in build/decode_bench <<'END'
echo "decode_bench: fell off the bus" >&2
exit 1
END
run --no-peer
ok "what fails says why" grep -q "^decode-32: decode_bench: fell off the bus$" out
ok "and has no figure" grep -q "^  32 drawings at once: - drawings/s$" out
tap_done
