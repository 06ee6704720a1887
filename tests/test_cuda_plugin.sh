#!/bin/sh
# SPDX-License-Identifier: MIT
# The plug-in as nvcc made it, on a GPU that is none (tests/fake_cuda.h): the programs train, decode and fail with it.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
refused_program=cadtrain
plugin=$CADGEN_BUILDDIR/fake-gpu/libcadgen-cuda.so
[ -e "$plugin" ] || skip_all "built without CUDA"
cd "$tmp" || exit 1

# Programs take the plug-in that lies beside them.
for file in "$plugin" "$CADGEN_BUILDDIR/cadtrain" "$CADGEN_BUILDDIR/cadeval" "$CADGEN_BUILDDIR/test_ops_gpu" \
	"$CADGEN_BUILDDIR/test_decode_gpu"; do
	cp "$file" . || exit 1
done
seed=${CADGEN_TEST_SEED:-$(date +%s)}
echo "# CADGEN_TEST_SEED=$seed"

ok "operations" env CADGEN_FAKE_GPU=seed=$((4 * seed)) ./test_ops_gpu
ok "operations of decoding" env CADGEN_FAKE_GPU=seed=$((4 * seed + 2)) ./test_decode_gpu
ok "drawings" "$CADGEN" --count 12 --size 128 --family shapes --seed 1 --out drawings

# train GPU RUN [OPTION...]: on the GPU so described, or none of it: on the processor.
train() {
	gpu=$1 run=$2
	shift 2
	device=cuda
	[ -n "$gpu" ] || device=cpu
	CADGEN_FAKE_GPU=$gpu ./cadtrain --train drawings --tokenizer "$CADGEN_SRCDIR/samples/tokenizer/tokenizer.json" \
		--preset nano --side 128 --batch 2 --steps 3 --show-every 1 --check-every 3 --check-samples 2 \
		--preview 0 --device $device --out "$run" "$@"
}

# losses RUN: a line for each step.
losses() {
	sed -n 's/.*"step":[0-9]*,"loss":\([0-9.e-]*\),.*/\1/p' "$1/metrics.jsonl"
}

# alike FILE FILE BOUND: as many numbers, which differ by less than that share of themselves.
alike() {
	paste "$1" "$2" | awk -v bound="$3" '
		NF == 2 { d = ($1 - $2) / $1; n++; if (d * d < bound * bound) good++ }
		END { exit !(n == NR && n > 2 && good == n) }'
}

# --- training

ok "the processor" train "" cpu
losses cpu >cpu.txt
for order in 0 1 2 3; do
	ok "the GPU, work in another order ($order)" train "seed=$((4 * seed + order))" "cuda$order"
	losses "cuda$order" >"cuda$order.txt"
done
ok "losses are those of the processor" alike cpu.txt cuda0.txt 0.003
for order in 1 2 3; do
	ok "the order of work does not matter ($order)" cmp cuda0.txt "cuda$order.txt"
done
ok "Muon, and recomputation" train "seed=$seed" muon --optimizer muon --recompute --average 0.9
ok "the processor" train "" muon-cpu --optimizer muon --recompute --average 0.9
losses muon >muon.txt
losses muon-cpu >muon-cpu.txt
ok "losses are those of the processor" alike muon-cpu.txt muon.txt 0.003

# --- several

if ! grep -q ncclAllReduce "$plugin"; then
	skip "two GPUs" "built without NCCL"
elif ! command -v mpirun >/dev/null; then
	skip "two GPUs" "no mpirun: apt-get install openmpi-bin"
elif ! OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun -n 1 true >mpirun.log 2>&1; then
	skip "two GPUs" "mpirun does not run here: $(grep . mpirun.log | tail -n 1)"
else
	export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
	cat >ranks.sh <<-END
		CADGEN_FAKE_GPU=seed=$seed,devices=2 exec ./cadtrain --train drawings \
			--tokenizer "$CADGEN_SRCDIR/samples/tokenizer/tokenizer.json" --preset nano --side 128 \
			--batch 1 --steps 3 --show-every 1 --check-every 3 --check-samples 2 --preview 0 \
			--device cuda --out ranks
	END
	ok "two GPUs" mpirun --oversubscribe -n 2 sh ranks.sh
	losses ranks >ranks.txt
	ok "losses are those of one" alike cuda0.txt ranks.txt 0.003
fi

# --- decoding

# read_by DEVICE FOLDER [OPTION...]
read_by() {
	device=$1 folder=$2
	shift 2
	CADGEN_FAKE_GPU=seed=$seed ./cadeval --model cuda0/last --data drawings --limit 2 --quiet --device "$device" \
		--f32 --out "$folder" "$@" && cp "$folder/predictions.jsonl" "$folder.jsonl"
}

ok "drawings are read on the processor" read_by cpu read-cpu
ok "and on the GPU" read_by cuda read-cuda
ok "as the same" cmp read-cpu.jsonl read-cuda.jsonl
ok "by beams on the processor" read_by cpu beams-cpu --beam 3
ok "and on the GPU" read_by cuda beams-cuda --beam 3
ok "as the same" cmp beams-cpu.jsonl beams-cuda.jsonl

# --- no GPU, another, or one that fails

refused "no driver" 1 'no CUDA driver on this machine' train driver=0 refused
refused "an old driver" 1 'the CUDA driver is one for CUDA 9.1; this was built for' train driver=9010 refused
refused "no device" 1 'no CUDA device: ' train devices=0 refused
refused "an old GPU" 1 'compute capability 7.5; 8.0 is the least' train capability=75 refused
refused "one that it was not built for" 1 'not built for compute capability 13.0; configure --with-cuda-arch=130' \
	train capability=130 refused
refused "one without memory" 1 'reserving memory: out of memory' train mib=8 refused

# fails CALL: whatever was under way, the last line says what and why, and it is the only one that does.
fails() {
	rm -rf failed
	train "seed=$seed,fail=$1" failed --batch 1 --steps 3 --check-every 1 --check-samples 1 \
		>failed.log 2>&1
	[ $? = 1 ] && tail -n 1 failed.log | grep -q '^cadtrain: .*: .*fail' &&
		[ "$(grep -c '^cad' failed.log)" = 1 ]
}

for call in cudaSetDevice:1 cudaStreamCreateWithFlags:2 cublasLtCreate:1 cudaFuncSetAttribute:5 cudaMalloc:2 \
	cudaMalloc:5 cudaFree:2 cudaMemsetAsync:1 cudaMemcpyAsync:1 cudaMemcpyAsync:9 cudaStreamSynchronize:1 \
	cudaStreamWaitEvent:1 cudaLaunchKernel:1 cudaLaunchKernel:300 cublasLtMatmulAlgoGetHeuristic:1 \
	cublasLtMatmul:1 cublasLtMatmul:100 cudaStreamBeginCapture:1 cudaGraphInstantiateWithFlags:1 \
	cudaGraphLaunch:1; do
	ok "failing $call" fails $call
done

# --- too little memory

# advises MIB ADVICE OPTION...: the last line says what would do.
advises() {
	gpu=seed=$seed,mib=$1 advice=$2
	shift 2
	train "$gpu" small "$@" >small.log 2>&1
	[ $? = 1 ] && tail -n 1 small.log | grep -q "^cadtrain: .*no memory for .* MiB.*: $advice\$" || {
		cat small.log
		return 1
	}
}

ok "a batch too large" advises 86 '--batch 2 fits, and --batch 4 with --recompute' --batch 8
ok "as told" train "seed=$seed,mib=86" told --batch 2
ok "as told, with recomputation" train "seed=$seed,mib=86" told --batch 4 --recompute
ok "a model too large" advises 50 \
	'not one sample at once fits, not even with --recompute; a smaller --preset or --side does'
tap_done
