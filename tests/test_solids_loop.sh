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
ok "scores" sh -c '"$@" --model run/last --data parts --max-tokens 40 --curves run --out scored >table 2>/dev/null' - "$cadeval"
pictures=$(grep -c '"image"' parts/val.json)
ok "of all that is for validation" test "$pictures" -gt 0 -a "$(wc -l <scored/predictions.jsonl)" = "$pictures"
ok "a line for each" test "$(wc -l <scored/scores.jsonl)" = "$pictures"
ok "in a table" grep -Eq "^chamfer_mean " table
ok "and in metrics.json" grep -q '"iou_aligned"' scored/metrics.json
# count WHAT FILE
count() {
	grep -o -- "$1" "$2" | wc -l
}

ok "and a page" test "$(count '<article' scored/report.html)" = "$pictures"
ok "with their questions" test "$(count '<h4>Prompt<' scored/report.html)" = "$pictures"
ok "with their pictures" test "$(count '<figcaption>Drawing' scored/report.html)" = "$pictures"
ok "and the true solids" test "$(count '<svg' scored/report.html)" = "$pictures"
ok "the run's curves" grep -q '<img class="curves"' scored/report.html
ok "and what made them" grep -q '<dd>run/last, decoded greedily</dd>' scored/report.html
ok "in groups, too" grep -q '"features": {' scored/metrics.json
"$cadeval" --model run/last --data parts --split train --limit 1 --max-tokens 9 --out one >/dev/null 2>&1
ok "one to train with" test "$(wc -l <one/predictions.jsonl)" = 1

# What says the truth is right.
sed 's/^{"id":\("[^"]*"\).*"truth":\(".*"\)}$/{"id":\1,"truth":\2,"program":\2}/' scored/predictions.jsonl >right.jsonl
ok "truths are scored" sh -c '"$1" score --out right right.jsonl >table 2>/dev/null' - "$cadconv"
ok "and right" grep -Eq "^exact +100.000" table
ok "and overlap" grep -Eq "^iou +100.000" table
ok "and as one on the page" grep -q '<path class="truth" d="M0 0"/><path class="said" d="M0 0"/>' right/report.html
ok "exact all of them" test "$(count 'data-reading="exact"' right/report.html)" = "$pictures"

# What is wrong has a name: the first says nothing, the second something else, the others what is right.
sed -e '1d' -e '2s/"program":".*"}/"program":"a part <b>"}/' right.jsonl >wrong.jsonl
ok "predictions for a dataset" sh -c '"$1" score --about mine --out wrong parts wrong.jsonl >/dev/null 2>&1' - "$cadconv"
ok "one is none" test "$(count 'data-errors="silent"' wrong/report.html)" = 1
ok "one is no program" test "$(count 'data-errors="unread"' wrong/report.html)" = 1
ok "and says why" grep -q '<p class="why">prediction:1:' wrong/report.html
ok "the others are exact" test "$(count 'data-reading="exact"' wrong/report.html)" = $((pictures - 2))
ok "markup is text" sh -c 'grep -q "a part &lt;b&gt;" wrong/report.html && ! grep -q "a part <b>" wrong/report.html'
ok "all have their pictures" test "$(count '<figcaption>Drawing' wrong/report.html)" = "$pictures"
# Hundreds of cuts take longer than a thousandth of a second, whatever the machine.
awk 'BEGIN {
	box = "a = Sketch()\\na.add_circle(center=(0,0), radius=900)\\nExtrude(a, distance=9)\\n"
	for (i = 0; i < 300; i++)
		cuts = cuts "c" i " = Sketch()\\nc" i ".add_circle(center=(" i * 2 ",0), radius=3)\\n" \
			"Extrude(c" i ", distance=9, operation=\\\"cut\\\")\\n"
	printf "{\"id\":\"slow\",\"truth\":\"%s\",\"program\":\"%s%s\"}\n", box, box, cuts
}' >slow.jsonl
ok "what takes too long" sh -c '"$1" score --seconds 0.001 --out slow slow.jsonl >/dev/null 2>&1' - "$cadconv"
ok "has that name" grep -q 'data-reading="program" data-errors="slow"' slow/report.html
ok "and its reason" grep -q '<p class="why">.*took' slow/report.html
ok "--about without a page" sh -c '! "$1" score --about x right.jsonl 2>err && grep -q "^cadconv: --about goes with --out" err' \
	- "$cadconv"
ok "no such run" sh -c '! "$1" score --curves none --out no right.jsonl >/dev/null 2>err &&
	tail -n 1 err | grep -q "^cadconv: .*none" && test -s no/metrics.json && test ! -e no/report.html' - "$cadconv"
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

# All of it by a recipe.
cat >recipe.yaml <<'EOF'
name: loop
steps:
  - parts: {count: 8, operations: 1, layout: separate, views: front, resolution: 64, val_fraction: 0.5}
  - tokenizer: {data: parts}
  - train: {data: parts, tokenizer: tokenizer, preset: nano, side: 64, batch: 1, steps: 1}
  - evaluate: {model: train, data: parts, max_tokens: 9, limit: 2, curves: train}
  - evaluate: {as: one, model: train, data: parts, max_tokens: 9, limit: 1}
  - compare: {as: table, metrics: [evaluate, one], figures: [valid, chamfer_median]}
EOF
ok "a recipe of solids" sh -c '"$1" recipe.yaml >out 2>&1' - "$CADGEN_BUILDDIR/cadloop"
ok "tells how well it does" grep -Eq '^evaluate: 2 solids, valid .*; loop/evaluate/report.html$' out
ok "a table, too" grep -qx '| solids | 2 | 1 | |' loop/table/table.md
ok "of what was asked for and is known" test "$(grep -c '^| [a-z_]* |' loop/table/table.md)" = "$(grep -Ec '^. (figure|solids|valid|chamfer_median) ' loop/table/table.md)"
ok "on a page" test "$(count '<article' loop/evaluate/report.html)" = 2
rm -r loop/parts/images
ok "and what is missing is made again" sh -c 'rm loop/parts/stamp.json && "$1" recipe.yaml >out 2>&1 &&
	test -d loop/parts/images' - "$CADGEN_BUILDDIR/cadloop"

echo '{"all":{"drawings":3}}' >drawings.json
cat >mixed.yaml <<'EOF'
name: mixed
steps:
  - compare: {metrics: [loop/one/metrics.json, drawings.json]}
EOF
refuse 1 "cadloop: loop/one/metrics.json has solids and drawings.json has drawings, which cannot be compared" \
	"$CADGEN_BUILDDIR/cadloop" mixed.yaml

# What cadconv cannot read is decoded alone.
"$cadconv" parts --count 6 --operations 1 --layout separate --views front --resolution 128 --val-fraction 0.5 \
	--program openecad script 2>/dev/null
ok "a language that is not scored" sh -c '"$1" --model run/last --data script --max-tokens 9 --out said -q 2>err &&
	grep -q "^programs in openecad are not scored" err && test -s said/predictions.jsonl' - "$cadeval"
tap_done
