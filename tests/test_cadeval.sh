#!/bin/sh
# SPDX-License-Identifier: MIT
# cadeval from the shell: a dataset scored, pictures read, whatever the batch; and in one line what is wrong.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
cadtok=$CADGEN_BUILDDIR/cadtok
cadtrain=$CADGEN_BUILDDIR/cadtrain
cadeval=$CADGEN_BUILDDIR/cadeval
cd "$tmp" || exit 1

# refuse STATUS MESSAGE ARG...
refuse() {
	refuse_status=$1
	refuse_line="cadeval: $2"
	shift 2
	"$cadeval" "$@" >out 2>err </dev/null
	refuse_got=$?
	if [ "$refuse_got" = "$refuse_status" ] && [ "$(tail -n 1 err)" = "$refuse_line" ]; then
		pass "refused: $refuse_line"
	else
		fail "refused: $refuse_line" "status $refuse_got" "$(cat err)"
	fi
}

"$CADGEN" --count 24 --size 128 --val-fraction 0.3 --out drawings >/dev/null 2>&1
"$cadtok" train -q -o t.json drawings
"$cadtrain" --train drawings --tokenizer t.json --preset nano --side 128 --batch 4 --steps 24 --warmup 0.1 \
	--rate 0.003 --check-samples 1 --out run >/dev/null 2>&1

ok "a dataset" sh -c '"$1" --model run/last --data drawings --max-tokens 60 --out all --split all >table' - "$cadeval"
ok "has a line for every drawing" test "$(wc -l <all/predictions.jsonl)" = 24
ok "in order" sh -c 'sed "s/.*\"id\":\"\([0-9]*\).*/\1/" all/predictions.jsonl | sort -c'
ok "with its true program" test "$(grep -c '"truth":"' all/predictions.jsonl)" = 24
ok "a table" grep -Eq "^exact .* 24  predictions" table
ok "and figures" grep -q '"exact"' all/metrics.json
ok "and a report" grep -q 'id="cases"' all/report.html
ok "with the curves of a run" sh -c '"$1" --model run/last --data drawings --limit 2 --max-tokens 9 --curves run --out curves -q \
	>/dev/null && grep -q "<svg" curves/report.html' - "$cadeval"
"$cadeval" --model run/last --data drawings --max-tokens 60 --out one --split all --batch 1 --threads 1 -q >one.table
ok "which do not depend on batch and threads" cmp all/predictions.jsonl one/predictions.jsonl
ok "nor does the table" cmp table one.table
"$cadeval" --model run/last --data drawings --out val --max-tokens 60 -q >/dev/null
ok "validation samples alone" test "$(wc -l <val/predictions.jsonl)" = "$(grep -c '"id"' drawings/val.json)"
"$cadeval" --model run/last --data drawings --out two --split train --limit 2 --max-tokens 60 -q >/dev/null
ok "two" test "$(wc -l <two/predictions.jsonl)" = 2

"$cadeval" --model run/last --data drawings/val.json --out json --max-tokens 60 -q >/dev/null
ok "the same of a JSON file" sh -c 'for d in val json; do sed "s/.*\"program\":\(\"[^\"]*\"\).*/\1/" $d/predictions.jsonl >$d.said
	done; cmp val.said json.said'

picture=drawings/images/00/00000003.png
"$cadeval" --model run/last --image $picture --max-tokens 60 -q >said
ok "a picture" test -s said
"$cadeval" --model run/last --max-tokens 60 -q --image $picture drawings/images/00/00000004.png >two.said
ok "two pictures" sh -c '[ "$(wc -l <two.said)" = 2 ] && [ "$(head -n 1 two.said)" = "$(cat said)" ]'
"$cadeval" --model run/last --image $picture --max-tokens 60 --beam 3 --out beams -q
ok "beams" grep -q '"candidates":\[{"program":' beams/predictions.jsonl
# Few tokens are too few for a greedy model: what makes no part is what the same model's beams say first.
"$cadtrain" --train drawings --tokenizer t.json --preset nano --side 128 --batch 4 --steps 48 --warmup 0.1 \
	--rate 0.003 --check-samples 1 --out longer >/dev/null 2>&1
# said NAME OPTION...: NAME.said has "VALID PROGRAM" of each drawing.
said() {
	said_name=$1
	shift
	"$cadeval" --model longer/last --data drawings --split all --max-tokens 14 --out "$said_name" "$@" \
		>/dev/null 2>"$said_name.err"
	sed 's/.*"prompt":"[^"]*","program":"\([^"]*\)".*"valid":\([a-z]*\).*/\2 \1/' \
		"$said_name/predictions.jsonl" >"$said_name.said"
}
said once --again 1
said repeated --again 8
said of8 --beam 8 --again 1
wrong=$(grep -c ^false once.said)
ok "some make no part" test "$wrong" -gt 0
ok "these are said again" grep -q "^$wrong programs that made no part were said again with 8 beams$" repeated.err
ok "as beams say them, and others greedily" sh -c 'paste -d "\n" once.said of8.said |
	awk "NR % 2 { part = \$1 == \"true\"; if (part) print; next } !part" | cmp - repeated.said'
"$CADGEN_BUILDDIR/cadconv" convert --format tfrecord-gz drawings packed 2>/dev/null
"$cadeval" --model run/last --data packed --out packed.val --max-tokens 60 -q >/dev/null
ok "the same of pictures in shards" sh -c 'sed "s/.*\"program\":\(\"[^\"]*\"\).*/\1/" packed.val/predictions.jsonl |
	cmp val.said -'
"$cadeval" --model run/last --data drawings --split all --max-tokens 60 --beam 3 --out beam.d -q >/dev/null
"$cadeval" --model run/last --data drawings --split all --max-tokens 60 --beam 3 --rerank --out rerank.d -q >/dev/null
ok "reranked beams have rank and misfit" sh -c '[ "$(grep -c "\"candidates\":\[{\"program\":.*\"rank\":1,\"misfit\":" \
	rerank.d/predictions.jsonl)" = 24 ]'
ok "and are the same beams" sh -c 'for d in beam rerank; do grep -o "{\"program\":\"[^\"]*\",\"score\":[^,}]*" $d.d/predictions.jsonl |
	sort >$d.beams; done; [ -s beam.beams ] && cmp beam.beams rerank.beams'
ok "which the report says" grep -q "3 beams, reranked" rerank.d/report.html
"$cadeval" --model run/last --data drawings --split all --max-tokens 60 --beam 3 --rerank --combine --out combine.d -q >/dev/null
ok "all of them are candidates beside what is combined" sh -c 'grep -o "{\"program\":\"[^\"]*\",\"score\":[0-9-][^,}]*" \
	combine.d/predictions.jsonl | sort >combine.beams; cmp beam.beams combine.beams'
ok "which the report says, too" grep -q "3 beams, reranked, combined" combine.d/report.html
"$cadeval" --model run/last --data drawings --split all --max-tokens 60 --beam 3 --rerank --batch 1 --threads 1 \
	--out rerank.one -q >/dev/null
ok "whatever the batch" cmp rerank.d/predictions.jsonl rerank.one/predictions.jsonl
for batch in 32 5; do
	"$cadeval" --model run/last --data drawings --split all --max-tokens 60 --looks 3 --batch $batch \
		--out looks.$batch -q >/dev/null
done
ok "several looks, whatever the batch" cmp looks.32/predictions.jsonl looks.5/predictions.jsonl
ok "which the report says" grep -q "greedily, 3 looks" looks.32/report.html
"$cadeval" --model run/last --data drawings --split all --max-tokens 60 --beam 3 --looks 2 --rerank --out looks.beam \
	-q >/dev/null
ok "looks at beams" grep -q "3 beams, 2 looks, reranked" looks.beam/report.html
ok "have those of all looks for candidates, each once" sh -c 'grep -o "\"candidates\":.*\"truth\"" \
	looks.beam/predictions.jsonl | awk "{ n = gsub(/.program.:/, \"\"); bad += n < 3 || n > 6; same += n == 3 }
	END { exit !(NR == 24 && !bad && same) }"'
"$cadeval" --model run/last --image $picture --max-tokens 60 --temperature 1 --seed 5 -q >drawn
"$cadeval" --model run/last --image $picture --max-tokens 60 --temperature 1 --seed 5 -q >again
ok "what is drawn is drawn again" cmp drawn again
"$CADGEN" --count 1 --size 300 --out large >/dev/null 2>&1
"$cadeval" --model run/last --image large/images/00/00000000.png --max-tokens 9 -q >/dev/null 2>err
ok "large pictures are told" grep -qx '1 pictures were larger than 128 px and made smaller' err

"$cadeval" --model run/last --data drawings --max-tokens 60 --draw svg,png,dxf --out drawn.d -q >/dev/null
ok "drawings" sh -c 'set -- drawn.d/drawings/*.svg; [ -s "$1" ] && [ -s "${1%svg}png" ] && [ -s "${1%svg}dxf" ]'

"$cadeval" --model run/last --data drawings --max-tokens 60 --min-exact 100 -q >/dev/null 2>err
ok "a verdict is status 3" test $? = 3

refuse 2 "--model is needed: a checkpoint's folder" --data drawings
refuse 2 "--data is needed, a dataset; or --image, a picture" --model run/last
refuse 2 "--data and --image exclude each other" --model run/last --data drawings --image x
refuse 2 "--beam and --temperature exclude each other" --model run/last --data drawings --beam 2 --temperature 1
refuse 2 "--rerank goes with --beam 2 or more" --model run/last --data drawings --rerank
refuse 2 "--combine goes with --rerank" --model run/last --data drawings --beam 2 --combine
refuse 2 "--draw: 'gif' is none of png, svg, pdf, dxf" --model run/last --image x --out y --draw svg,gif
refuse 2 "--limit goes with --data" --model run/last --image x --limit 3
refuse 1 "cannot open absent.png: No such file or directory" --model run/last --image absent.png -q
refuse 1 "t.json: neither a PNG nor a JPEG file" --model run/last --image t.json -q
refuse 1 "large has no samples in split val" --model run/last --data large
cp -r run/last bare
rm bare/tokenizer.json
refuse 1 "a checkpoint without its tokenizer: cannot open bare/tokenizer.json: No such file or directory" \
	--model bare --data drawings
tap_done
