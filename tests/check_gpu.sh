#!/bin/sh
# SPDX-License-Identifier: MIT
# make check-gpu: ops_cuda on a GPU against ops_ref, and 200 steps of training against the same on the CPU;
# then the tests again under compute-sanitizer, where that is installed.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
bin=$CADGEN_BUILDDIR
device=$("$bin/gpu_probe") || skip_all "no CUDA device: $device"
echo "# $device"
cd "$tmp" || exit 1

ok "operations" "$bin/test_ops_gpu"
ok "operations of decoding" "$bin/test_decode_gpu"

# train DEVICE RUN: 200 steps; RUN/losses.txt has the loss of each.
train() {
	"$bin/cadtrain" --train drawings --tokenizer "$CADGEN_SRCDIR/samples/tokenizer/tokenizer.json" \
		--preset nano --side 128 --batch 16 --steps 200 --show-every 1 --check-every 200 \
		--preview 0 --device "$1" --out "$2" &&
		sed -n 's/.*"step":[0-9]*,"loss":\([0-9.e-]*\),.*/\1/p' "$2/metrics.jsonl" \
			>"$2/losses.txt"
}

# means RUN: of each 20 steps, a line for each.
means() {
	awk '{ sum += $1 } NR % 20 == 0 { print sum / 20; sum = 0 }' "$1/losses.txt"
}

ok "400 drawings" "$CADGEN" --count 400 --size 128 --family shapes --out drawings
ok "200 steps on the CPU" train cpu cpu
ok "200 steps on the GPU" train cuda cuda
means cpu >cpu.txt
means cuda >cuda.txt
paste cpu.txt cuda.txt | sed 's/^/# loss of 20 steps, CPU and GPU: /'
# Roundings differ, so runs part; means of 20 steps stay together.
ok "losses agree within 3 per cent" sh -c 'paste cpu.txt cuda.txt | awk "
	{ n++; d = (\$1 - \$2) / \$1; if (d * d > 0.03 * 0.03) bad++ }
	END { exit !(n == 10 && !bad) }"'

ok "the same again" train cuda again
ok "has the same bits" cmp cuda/losses.txt again/losses.txt

ok "drawings are read" "$bin/cadeval" --model cuda/last --data drawings --limit 8 --quiet --device cuda \
	--out evaluated

for tool in memcheck racecheck; do
	if command -v compute-sanitizer >/dev/null; then
		ok "compute-sanitizer $tool" compute-sanitizer --tool "$tool" --error-exitcode 9 \
			"$bin/test_decode_gpu"
	else
		skip "compute-sanitizer $tool" "it is not installed"
	fi
done
if command -v compute-sanitizer >/dev/null; then # with graphs, and what is sent ahead
	ok "compute-sanitizer memcheck, of steps" compute-sanitizer --tool memcheck --error-exitcode 9 \
		"$bin/cadtrain" --train drawings --tokenizer "$CADGEN_SRCDIR/samples/tokenizer/tokenizer.json" \
		--preset nano --side 128 --batch 16 --steps 6 --preview 0 --device cuda --out checked
fi
tap_done
