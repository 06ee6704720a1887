#!/bin/sh
# SPDX-License-Identifier: MIT
# cadtrain from the shell: a run and what it leaves, resumed to the same bytes, from a checkpoint, stopped, by a file;
# and in one line what is wrong.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
cadtok=$CADGEN_BUILDDIR/cadtok
cadtrain=$CADGEN_BUILDDIR/cadtrain
cd "$tmp" || exit 1

# refuse STATUS MESSAGE ARG...
refuse() {
	refuse_status=$1
	refuse_line="cadtrain: $2"
	shift 2
	"$cadtrain" "$@" >out 2>err </dev/null
	refuse_got=$?
	if [ "$refuse_got" = "$refuse_status" ] && [ "$(tail -n 1 err)" = "$refuse_line" ]; then
		pass "refused: $refuse_line"
	else
		fail "refused: $refuse_line" "status $refuse_got" "$(cat err)"
	fi
}

"$CADGEN" --count 24 --size 128 --val-fraction 0.25 --out drawings >/dev/null 2>&1
"$cadtok" train -q -o t.json drawings
settings="--train drawings --tokenizer t.json --preset nano --side 128 --batch 2 --steps 4 --check-every 2
	--show-every 1 --check-samples 2 --threads 2"
# shellcheck disable=SC2086
ok "a run" "$cadtrain" $settings --out run
for file in last/config.json last/model.safetensors last/tokenizer.json last/preprocessor_config.json \
	best/model.safetensors state.safetensors metrics.jsonl; do
	ok "$file is there" test -s "run/$file"
done
ok "metrics have every step" test "$(grep -c '"loss"' run/metrics.jsonl)" = 4
ok "and validations" test "$(grep -c '"validation_loss"' run/metrics.jsonl)" = 2
set -- run/events.out.tfevents.*
ok "and are there for TensorBoard" test $# = 1 -a -s "$1"
# shellcheck disable=SC2016
ok "with all tags" env LC_ALL=C sh -c 'for tag in loss/train loss/validation rate gradient \
	speed/samples_per_s speed/gflops; do grep -q -a -F "$tag" "$1" || exit 1; done' sh "$1"
# shellcheck disable=SC2086
ok "the same again" "$cadtrain" $settings --out again
ok "is the same, bit for bit" cmp run/state.safetensors again/state.safetensors

# In any format: the same samples, and so the same run.
for format in llava-jsonl hf-imagefolder webdataset tfrecord; do
	if [ $format = webdataset ] && ! grep -q 'define HAVE_LIBARCHIVE 1' "$CADGEN_BUILDDIR/config.h"; then
		skip $format "built without libarchive"
		continue
	fi
	"$CADGEN_BUILDDIR/cadconv" convert --format $format drawings $format.d 2>/dev/null
	# shellcheck disable=SC2086
	"$cadtrain" $settings --train $format.d --out $format.run >/dev/null 2>&1
	ok "from $format" cmp run/state.safetensors $format.run/state.safetensors
done
"$CADGEN_BUILDDIR/cadconv" convert --format tfrecord-gz drawings gz.d 2>/dev/null
# shellcheck disable=SC2086
refuse 1 "gz.d is compressed, and pictures are read in any order; cadconv convert --format tfrecord unpacks it" \
	$settings --train gz.d --out gz
shard=tfrecord.d/shards/train-000000.tfrecord
printf X | dd of=$shard bs=1 seek=600 conv=notrunc 2>/dev/null
# shellcheck disable=SC2086
"$cadtrain" $settings --train tfrecord.d --out cut >/dev/null 2>err
ok "a damaged shard" grep -q "^cadtrain: $shard: byte 0: the record that begins here is damaged" err

# With a GPU it trains there; without one that is said in a line, and nothing else happens.
# shellcheck disable=SC2086
if "$cadtrain" $settings --device cuda --out gpu 2>err; then
	ok "on a GPU" test -s gpu/state.safetensors
else
	ok "without a GPU that is all it says" test "$(wc -l <err)" = 1 -a ! -e gpu
	ok "and says why" grep -q -E '^cadtrain: .*(CUDA|capability)' err
fi

# Stopped by a signal after its first line, then resumed.
: >err
# shellcheck disable=SC2086
"$cadtrain" $settings --out stopped 2>>err &
pid=$!
while [ -z "$(grep '^step 1/' err)" ] && kill -0 $pid 2>/dev/null; do :; done
kill -INT $pid
wait $pid
status=$?
ok "an interrupt ends with status 1, or came too late" test $status = 1 -o "$(grep -c '^step 4/' err)" = 1
printf '{"step":4,"lo' >>stopped/metrics.jsonl
# shellcheck disable=SC2086
ok "and the run goes on" "$cadtrain" $settings --out stopped --resume
ok "to the same state" cmp run/state.safetensors stopped/state.safetensors
ok "with whole lines in its metrics" test "$(grep -c '^{.*}$' stopped/metrics.jsonl)" = \
	"$(grep -c '' stopped/metrics.jsonl)"
set -- stopped/events.out.tfevents.*
ok "and a further file for TensorBoard" test $# = 2

# plots RUN...: draws run/curves.png and says so, in one line.
plots() {
	rm -f run/curves.png
	ok "curves of $*" "$cadtrain" --plot "$@"
	"$cadtrain" --plot "$@" >out 2>err
	ok "are told in one line" test "$(cat out err)" = "the curves are in run/curves.png"
	ok "and are a picture" env LC_ALL=C grep -q -a '^.PNG' run/curves.png
}
plots run
cp run/curves.png one.png
plots run/ stopped
ok "several runs are another picture" sh -c '! cmp -s one.png run/curves.png'
mkdir young
: >young/metrics.jsonl

ok "from a checkpoint" "$cadtrain" --train drawings --init run/last --batch 2 --steps 1 --out further

# The same run out of a file, over which the command line goes.
cat >run.yaml <<EOF
train: drawings
tokenizer: t.json
preset: nano
side: 128
threads: 2
out: elsewhere
training:
  per_device_batch_size: 2
  max_steps: 9
  eval_steps: 2
  logging_steps: 1
  check_samples: 2
EOF
ok "a run by its configuration" "$cadtrain" --steps 4 --config run.yaml --out configured
ok "is the same, bit for bit" cmp run/state.safetensors configured/state.safetensors
printf 'train: drawings\ntraining:\n  lerning_rate: 0.1\n' >wrong.yaml
refuse 1 "wrong.yaml:3: unknown key 'lerning_rate'; did you mean 'learning_rate'?" --config wrong.yaml
printf 'train: drawings\nbatch: 0\n' >wrong.yaml
refuse 1 "wrong.yaml:2: batch: 0 is out of range 1..65536" --config wrong.yaml

# The file that users of TinyLLaVA have, as it stands; and what a run writes of its own configuration.
"$CADGEN" --count 10 --size 128 --val-fraction 0.3 --out data >/dev/null 2>&1
cat >tiny.yaml <<'END'
base_model: ./checkpoint
train_data: ./data/train.json
val_data: ./data/val.json
image_folder: ./data
training:
  num_epochs: 3
  per_device_batch_size: 2
  learning_rate: 0.0001
END
cp -r run/last checkpoint
ok "a run by TinyLLaVA's names" "$cadtrain" --config tiny.yaml --out tiny
samples=$(grep -c '"id"' data/train.json)
ok "takes so many epochs" grep -q "\"step\":$(((3 * samples + 1) / 2))," tiny/metrics.jsonl
ok "its configuration is there" grep -qx 'epochs: 3.0' tiny/config.yaml
ok "and makes the same run" "$cadtrain" --config tiny/config.yaml --out tiny2
ok "bit for bit" cmp tiny/state.safetensors tiny2/state.safetensors

refuse 1 "cannot open absent.yaml: No such file or directory" --config absent.yaml
refuse 2 "--steps and --epochs exclude each other" --train drawings --tokenizer t.json --steps 1 --epochs 1

# How many steps minutes are depends on the machine; what they make then does not.
ok "a run of minutes" sh -c '"$1" --train drawings --tokenizer t.json --preset nano --side 128 --batch 2 \
	--minutes 0.02 --check-samples 2 --threads 2 --out timed 2>err' - "$cadtrain"
timed=$(sed -n 's/^\([0-9]*\) steps in 0\.02 minutes, at [0-9.e-]* s$/\1/p' err)
ok "has steps, and says how many" test "${timed:-0}" -gt 0
ok "which its configuration has" grep -qx "steps: $timed" timed/config.yaml
ok "and not the minutes" sh -c '! grep -q ^minutes timed/config.yaml'
ok "the same by its configuration" "$cadtrain" --config timed/config.yaml --out timed2
ok "bit for bit" cmp timed/state.safetensors timed2/state.safetensors
ok "gone on with, it has its steps already" sh -c '"$1" --config timed/config.yaml --minutes 9 --resume 2>err &&
	! grep -q " steps in " err' - "$cadtrain"
ok "and no more" cmp timed/state.safetensors timed2/state.safetensors
refuse 2 "--steps and --minutes exclude each other" --train drawings --tokenizer t.json --steps 1 --minutes 1
refuse 1 "cannot open absent/config.yaml: No such file or directory" --train drawings --tokenizer t.json \
	--preset nano --minutes 1 --resume --out absent

loss_of() { sed -n "s/^{\"step\":$2,\"loss\":\([^,]*\),.*/\1/p" "$1/metrics.jsonl"; }

# From the generator, with as many threads as there are: nothing depends on them.
stream="--stream iso-clean --tokenizer t.json --preset nano --side 192 --batch 3 --steps 3 --show-every 1
	--check-samples 2 --threads 2"
# shellcheck disable=SC2086
{
	ok "a stream" "$cadtrain" $stream --out stream --average 0.99
	ok "the same from three threads" "$cadtrain" $stream --out stream3 --average 0.99 --feed-threads 3
	ok "reading along" "$cadtrain" $stream --out reading --reading 0.5
	ok "after reading first" "$cadtrain" $stream --out first --reading 0.5 --reading-first 0.67
	ok "the same from three threads" "$cadtrain" $stream --out first3 --reading 0.5 \
		--reading-first 0.67 --feed-threads 3
	ok "minutes of reading first" sh -c '"$@" 2>err' - "$cadtrain" --stream iso-clean --tokenizer t.json \
		--preset nano --side 192 --batch 3 --minutes 0.02 --check-samples 2 --out minutes --reading 0.5 \
		--reading-first 0.5
}
ok "both kinds of steps are tried" grep -q 's, [0-9.e-]* s for those that only read$' err
ok "is the same, bit for bit" cmp stream/state.safetensors stream3/state.safetensors
ok "the first step's loss is the same" test "$(loss_of stream 1)" = "$(loss_of reading 1)"
ok "and then it is another" test "$(loss_of stream 2)" != "$(loss_of reading 2)"
ok "reading has a loss" grep -q '"reading":[0-9]' reading/metrics.jsonl
ok "others have none" grep -q '"reading":null' stream/metrics.jsonl
ok "programs have none at first" grep -q '"step":2,"loss":null,"reading":[0-9]' first/metrics.jsonl
ok "reading first is the same, bit for bit" cmp first/state.safetensors first3/state.safetensors
ok "it is validated too" grep -q '"validation_exact"' stream/metrics.jsonl
ok "other families in other words" "$cadtrain" --stream iso-clean --family plate --program python \
	--tokenizer t.json --preset nano --batch 1 --steps 1 --check-samples 1 --out plates

ok "a checkpoint goes on with larger pictures" "$cadtrain" --stream iso-clean --init run/last --side 192 --batch 2 \
	--steps 1 --check-samples 1 --out larger
ok "of that size" grep -q '"image_size": *192' larger/last/config.json
ok "adapters" "$cadtrain" --train drawings --init run/last --batch 2 --steps 2 --out adapted --lora-rank 4 \
	--freeze vision --f32
ok "patience comes to an end" sh -c '"$1" --train drawings --init run/last --batch 2 --steps 99 --rate 1 \
	--warmup 0 --check-every 1 --check-samples 2 --patience 1 --freeze vision,projector --out worse 2>&1 |
	grep -q "^no better validation in 1 of them: stopped$"' - "$cadtrain"

OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2
export OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE
refuse 2 "2 processes train together on a GPU each: --device cuda" --train drawings --tokenizer t.json --steps 1
refuse 2 "--minutes: of several processes each would count steps of its own" --train drawings --tokenizer t.json \
	--minutes 1 --device cuda
OMPI_COMM_WORLD_SIZE=1
refuse 2 "OMPI_COMM_WORLD_RANK and OMPI_COMM_WORLD_SIZE: '1/1' is not I/N with I from 0 to N - 1, N up to 1024" \
	--train drawings --tokenizer t.json --steps 1
unset OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE
refuse 2 "--plot: 0 runs; 1 to 16 folders are drawn" --plot
refuse 1 "cannot open absent/metrics.jsonl: No such file or directory" --plot run absent
refuse 1 "young/metrics.jsonl: nothing to draw yet" --plot young
echo '{"loss":1}' >young/metrics.jsonl
refuse 1 "young/metrics.jsonl:1: 'step' must be a whole number, 0 to 9007199254740992" --plot young
refuse 2 "--train is needed, the dataset; or --stream, a style"
refuse 2 "--train and --stream exclude each other" --train drawings --stream iso
refuse 2 "--freeze: 'tower' is none of vision, projector, text" --train drawings --freeze vision,tower
refuse 2 "all parts of the model are frozen" --train drawings --init run/last --freeze vision,text,projector
refuse 2 "--program sketch has no words for --family cabinet; calls, json and python have" --stream iso \
	--family cabinet --program sketch
refuse 1 "run/state.safetensors is the state of a run with other settings" --train drawings --init run/last \
	--batch 2 --out run --resume --average 0.9
refuse 2 "--tokenizer is needed, or a checkpoint by --init that has one" --train drawings
refuse 1 "cannot open absent.json: No such file or directory" --train drawings --tokenizer absent.json
refuse 2 "--batch: 0 is out of range 1..65536" --train drawings --tokenizer t.json -b 0
"$cadtrain" --train drawings --tokenizer t.json --preset nano --side 64 --steps 1 2>err
ok "pictures that are too large are refused" grep -q \
	'^cadtrain: drawings/images/.*png is 128 x 128 pixels; the model takes 64 x 64$' err
refuse 1 "cannot open absent/state.safetensors: No such file or directory" --train drawings \
	--tokenizer t.json --preset nano --side 128 --batch 2 --out absent --resume
tap_done
