#!/bin/sh
# SPDX-License-Identifier: MIT
# Parts from cadconv through the bundled trainer: vocabulary, model, programs, scores of their solids.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
cadconv=$CADGEN_BUILDDIR/cadconv
cadtok=$CADGEN_BUILDDIR/cadtok
cadtrain=$CADGEN_BUILDDIR/cadtrain
cadeval=$CADGEN_BUILDDIR/cadeval
if ! grep -q 'define HAVE_OCCT 1' "$CADGEN_BUILDDIR/config.h"; then
	skip "parts through the trainer" "built without Open CASCADE"
	tap_done
	exit 0
fi
cd "$tmp" || exit 1

# refuse STATUS LINE COMMAND...
refuse() {
	refuse_status=$1
	refuse_line=$2
	shift 2
	"$@" >out 2>err </dev/null
	refuse_got=$?
	if [ "$refuse_got" = "$refuse_status" ] && [ "$(tail -n 1 err)" = "$refuse_line" ]; then
		pass "refused: $refuse_line"
	else
		fail "refused: $refuse_line" "status $refuse_got" "$(cat err)"
	fi
}

"$cadconv" parts --count 12 --operations 1 --layout separate --views front,top --resolution 128 --val-fraction 0.4 \
	parts 2>/dev/null
ok "a vocabulary" "$cadtok" train -q -o t.json parts
ok "a model" sh -c '"$@" >/dev/null 2>&1' - "$cadtrain" --train parts --tokenizer t.json --preset nano --side 128 \
	--batch 2 --steps 2 --check-every 2 --out run
ok "learns from train.json and is checked with val.json" grep -q '"validation_loss"' run/metrics.jsonl
ok "scores" sh -c '"$@" --model run/last --data parts --max-tokens 40 --out scored >table 2>/dev/null' - "$cadeval"
pictures=$(grep -c '"image"' parts/val.json)
ok "of all that is for validation" test "$pictures" -gt 0 -a "$(wc -l <scored/predictions.jsonl)" = "$pictures"
ok "a line for each" test "$(wc -l <scored/scores.jsonl)" = "$pictures"
ok "in a table" grep -Eq "^chamfer_mean " table
ok "and in metrics.json" grep -q '"iou_aligned"' scored/metrics.json
"$cadeval" --model run/last --data parts --split train --limit 1 --max-tokens 9 --out one >/dev/null 2>&1
ok "one to train with" test "$(wc -l <one/predictions.jsonl)" = 1

# What says the truth is right.
sed 's/^{"id":\("[^"]*"\).*"truth":\(".*"\)}$/{"id":\1,"truth":\2,"program":\2}/' scored/predictions.jsonl >right.jsonl
ok "truths are scored" sh -c '"$1" score --out right right.jsonl >table 2>/dev/null' - "$cadconv"
ok "and right" grep -Eq "^exact +100.000" table
ok "and overlap" grep -Eq "^iou +100.000" table
sed 's/,"truth":.*}$/}/' scored/predictions.jsonl >none.jsonl
ok "no truth is said" sh -c '! "$1" score none.jsonl 2>err && grep -q "^cadconv: none.jsonl:1: the prediction has no truth" err' \
	- "$cadconv"
cat right.jsonl right.jsonl >twice.jsonl
ok "one twice, too" sh -c '! "$1" score twice.jsonl 2>err && grep -q "^cadconv: twice.jsonl: .* is there twice" err' - "$cadconv"

refuse 2 "cadeval: parts are of solids: their programs are scored in the folder of --out" \
	"$cadeval" --model run/last --data parts -q
refuse 2 "cadeval: parts are of solids, which have no --rerank" \
	"$cadeval" --model run/last --data parts --beam 2 --rerank --out no -q
refuse 1 "cadeval: parts has no samples in split test" \
	"$cadeval" --model run/last --data parts --split test --out no -q

# What cadconv cannot read is decoded alone.
"$cadconv" parts --count 6 --operations 1 --layout separate --views front --resolution 128 --val-fraction 0.5 \
	--program openecad script 2>/dev/null
ok "a language that is not scored" sh -c '"$1" --model run/last --data script --max-tokens 9 --out said -q 2>err &&
	grep -q "^programs in openecad are not scored" err && test -s said/predictions.jsonl' - "$cadeval"
tap_done
