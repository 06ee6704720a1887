#!/bin/sh
# SPDX-License-Identifier: MIT
# cadconv parts, dimensioned sheets, sections, curves beside pictures, STEP files and other exports, and scores of
# what a model might say of the sheets.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
. "$CADGEN_SRCDIR/tests/made_models.sh"
. "$CADGEN_SRCDIR/tests/cadconv_runs.sh"

grep -q 'define HAVE_OCCT 1' "$CADGEN_BUILDDIR/config.h" || skip_all "built without Open CASCADE"

# --- random parts, dimensioned sheets, STEP files -------------------------------------------------

parts() {
	"$CADCONV" parts --seed "$seed" --count 16 "$@"
}
# Now and then a part has no room for its dimensions: that is a line, and status 1.
parts parts --jobs 1 >out 2>err
ok "parts, but for those without room" test "$(wc -l <parts/failures.jsonl)" -le 2
ok "each of these is a line, and one for all" test "$(grep -c "^cadconv: " err)" = "$(awk 'END { print NR ? NR + 1 : 0 }' parts/failures.jsonl)"
parts parts3 --jobs 3 >/dev/null 2>&1
ok "the same bytes with one process and three" diff -r parts parts3
made=$(find parts/images -name '*.png' | wc -l)
ok "a picture of each" test "$made" -ge 14
ok "and a model" test "$(find parts/cad_json -name '*.json' | wc -l)" = "$made"
ok "and an entry with a program" test "$(entries parts/train.json parts/val.json |
	grep -c '"id":"000000[01][0-9]","image":"images/000000[01][0-9].png".*"gpt","value":"sketch_0 = Sketch(')" = "$made"
ok "sheets are 1024 pixels long" test -z "$(for png in parts/images/*.png; do size "$png"; done | grep -v '^1024 ')"

# --- curves and annotations -----------------------------------------------------------------------

made_again() {
	find "$1/$2" -name "*.$2" | sed -E 's,.*/(.*)\.[a-z]*$,\1,' | sort
}
ok "curves beside pictures" deepcad src curves --jobs 1 --train-size 5 --val-size 2 --also svg,dxf
(cd curves/images && ls | sed 's/\.png$//' | sort) >named
ok "an SVG of each" test "$(made_again curves svg)" = "$(cat named)"
ok "a DXF of each" test "$(made_again curves dxf)" = "$(cat named)"
ok "no PDF" test ! -e curves/pdf
ok "SVG it is" grep -q '<svg' "curves/svg/$(head -n 1 named).svg"
ok "and whole DXF" test "$(tail -n 1 "curves/dxf/$(head -n 1 named).dxf")" = EOF
ok "the card names them" grep -q '^| `dxf/` |' curves/README.md
ok "in the order given" deepcad src curves3 --jobs 3 --train-size 5 --val-size 2 --also dxf,svg
ok "they are the same" diff -r curves curves3
refused "resumed without them" 2 'also' deepcad src curves --resume --train-size 5 --val-size 2
ok "overwritten without them" deepcad src curves3 --overwrite --train-size 5 --val-size 2
ok "they are gone" test ! -e curves3/svg -a ! -e curves3/dxf
refused "curves of another kind" 2 "'eps' is none of svg, pdf, dxf" deepcad src x --also svg,eps
refused_program=cadgen
refused "coco has nothing of plain views" 1 'curves has no annotations' "$CADGEN_BUILDDIR/cadgen" coco curves
ok "sheets have" "$CADGEN_BUILDDIR/cadgen" coco parts --out coco.json
ok "a line each" test "$(wc -l <parts/annotations.jsonl)" = "$made"
ok "of the pictures' ids" test "$(sed -E 's/^\{"id":"([0-9]*)".*/\1/' parts/annotations.jsonl)" = \
	"$(cd parts/images && ls | sed 's/\.png$//')"
ok "an image each" test "$(grep -c '"file_name":"images/[0-9]*\.png","width":1024' coco.json)" = "$made"
ok "with their dimensions" test "$(grep -c '"attributes":{"value":"[^"]*","number":[0-9.]*,"unit":"mm"' coco.json)" -ge "$made"
cp -r parts lacking
sed -i '$d' lacking/annotations.jsonl
refused "a line is missing" 1 "lacking/annotations\.jsonl:$made: fewer lines than for $made pictures" \
	"$CADGEN_BUILDDIR/cadgen" coco lacking
echo '{"id":3}' >>lacking/annotations.jsonl
refused "a line is none" 1 "lacking/annotations\.jsonl:$made: 'id' must be a string" \
	"$CADGEN_BUILDDIR/cadgen" coco lacking
refused_program=cadconv
ok "no file is left of it" test ! -e lacking/annotations_coco.json

ok "drawings of a dataset as DXF" "$CADCONV" export curves curves-again --to dxf --jobs 2
ok "those that were written beside its pictures" diff -r curves/dxf curves-again
"$CADCONV" parts --seed "$seed" --count 3 --section full --also svg sheeted >/dev/null 2>&1
ok "of dimensioned sheets as SVG" "$CADCONV" export sheeted sheeted-svg --to svg --jobs 2
ok "the same" diff -r sheeted/svg sheeted-svg
refused "drawings of a mere folder" 1 'src holds no finished dataset of cadconv' "$CADCONV" export src x --to dxf
sed 's/"layout":"separate"/"layout":"round"/' curves/dataset_info.json >t && cp -r curves lacking-layout && cp t lacking-layout/dataset_info.json
refused "of settings that are none" 1 "lacking-layout/dataset_info\.json:[0-9]+: 'layout' is unknown" \
	"$CADCONV" export lacking-layout x --to svg

# --- sections -------------------------------------------------------------------------------------

sections() {
	grep -c '"class":"view_title","value":"A-A"' "$1/annotations.jsonl"
}
parts cut --section full --jobs 1 >/dev/null 2>&1
parts cut3 --section full --jobs 3 >/dev/null 2>&1
ok "sections" test "$(sections cut)" -ge 3
ok "the same bytes with one process and three" diff -r cut cut3
ok "have two ends of their planes each" test "$(grep -o '"class":"section_mark"' cut/annotations.jsonl | wc -l)" = \
	$(($(sections cut) * 2))
entries parts/train.json parts/val.json | sed 's/,$//' >told
entries cut/train.json cut/val.json | sed 's/,$//' >told-again
ok "programs stay" test -z "$(awk -F'"' 'NR == FNR { told[$4] = $0; next }
	told[$4] != $0' told told-again)"
ok "and no part is lost" cmp parts/failures.jsonl cut/failures.jsonl
parts some --section auto >/dev/null 2>&1
ok "no more where chance says" test "$(sections some)" -le "$(sections cut)"
ok "a section beside plain views" deepcad src sawn --views section,top --also dxf --train-size 5 --val-size 0
ok "is a picture of its own" test "$(find sawn/images -name '*_section.png' | wc -l) $(find sawn/images -name '*.png' | wc -l)" = "5 10"
ok "said in the card" grep -q '^"views":\["section","top"\]' sawn/rendering_metadata.json
ok "and on a sheet" deepcad src sawn-sheet --views front,section,iso --layout sheet --also svg --train-size 5 --val-size 0 --jobs 1
ok "drawn again" "$CADCONV" export sawn-sheet sawn-svg --to svg --jobs 2
ok "the same" diff -r sawn-sheet/svg sawn-svg
some=$(basename "$(find sawn/dxf -name '*_section.dxf' | sort | head -n 1)")
ok "hatched" test "$(grep -c '^hatch' "sawn/dxf/$some")" -gt 5
ok "unlike the top" test "$(grep -c '^hatch' "sawn/dxf/${some%_section.dxf}_top.dxf")" -le 1
refused "sections of plain views" 2 '--section is for --layout dimensioned' deepcad src x --section full

# A plate 21 mm long, its hole 10 mm from two sides: told from the corner wherever the model has it.
ok "dimensioned sheets of models" deepcad src sheets --layout dimensioned --train-size 24 --val-size 0 --resolution 400
ok "a plate's label is what its sheet tells" test "$(entries sheets/train.json |
	grep '"id":"00000001"' | sed 's/.*"from":"gpt","value":"//')" = \
	'sketch_0 = Sketch()\nsketch_0.add_line(start=(0,0), end=(21,0))\nsketch_0.add_line(start=(21,0), end=(21,20))\nsketch_0.add_line(start=(21,20), end=(0,20))\nsketch_0.add_line(start=(0,20), end=(0,0))\nsketch_0.add_circle(center=(10,10), radius=4)\nExtrude(sketch_0, distance=5)\n"}]},'
ok "features of it" deepcad src measured --program features --views front
ok "say the same" test "$(entries measured/train.json measured/val.json | grep '"id":"00000001_front"' |
	sed -E 's/.*"gpt","value":"([^"]*("[^"]*)*)"\}\]\},?$/\1/')" = \
	'size(x=21, y=20, z=5)\nhole(axis=\"z\", x=10, y=10, d=8, z0=0, z1=5)\n'

ok "STEP files of the plates" "$CADCONV" export src steps
ok "of each one" test "$(find steps -name '*.step' | wc -l)" = 24
ok "read again" "$CADCONV" step steps stepped --seed "$seed" --layout dimensioned --resolution 400 --train-size 24 --val-size 0
entries sheets/train.json | sed 's/.*"from":"gpt"//; s/},$/}/' >told
entries stepped/train.json | sed 's/.*"from":"gpt"//; s/},$/}/' >told-again
ok "they tell the same" diff told told-again
ok "vectors of the plates" "$CADCONV" export src vectors --to cad_vec
if grep -q 'define HAVE_HDF5 1' "$CADGEN_BUILDDIR/config.h"; then
	ok "the same as HDF5" "$CADCONV" export src h5 --to h5
	ok "each one" test "$(find h5 -name '*.h5' | wc -l)" = 24
else
	refused "without libhdf5 it says what to install" 1 'libhdf5-dev' "$CADCONV" export src h5 --to h5
fi
ok "meshes of a dataset's models" "$CADCONV" export parts meshes --to stl
ok "of each one" test "$(find meshes -name '*.stl' | wc -l)" = "$made"
ok "the models of a dataset as they are" "$CADCONV" export parts models --to deepcad
ok "byte for byte" diff -r parts/cad_json models
echo 'ISO-10303-21;' >steps/broken.step
"$CADCONV" export steps x >out 2>err
ok "no models to export" test $? = 1
ok "one line says so" test "$(wc -l <err)" = 1
"$CADCONV" step steps stepped2 >out 2>err
ok "a STEP file that is none" test $? = 1
ok "costs a line, and one for all" test "$(wc -l <err)" = 2
ok "the others are there" test "$(find stepped2/images -name '*.png' | wc -l)" = 72
# --- scores -----------------------------------------------------------------------------------------

# Of the 24 plates one is not told, one is no program, one has twice the thickness, one stands in a fence.
entries sheets/train.json | sed -E 's/.*"id":"([^"]*)".*"gpt","value":("[^"]*").*/\1 \2/' >said
ok "programs without quotes in them" test "$(wc -l <said)" = 24
awk '{ id = $1; sub(/^[^ ]* /, ""); text = $0 }
	id == "00000001" { next }
	id == "00000002" { text = "\"nothing\"" }
	id == "00000003" { sub(/distance=5/, "distance=10", text) }
	id == "00000004" { text = "\"```python\\n" substr(text, 2, length(text) - 2) "```\"" }
	{ printf "{\"id\":\"%s\",\"program\":%s}\n", id, text }' said >predictions
"$CADCONV" score sheets/train.json predictions --out scores --jobs 2 >table 2>err
ok "scores" test $? = 0
# figure NAME: its value in the table.
figure() {
	awk -v name="$1" '$1 == name { print $2, $5 }' table
}
ok "22 of 24 make a solid" test "$(figure valid)" = "91.667 24"
ok "21 say the same" test "$(figure exact)" = "87.500 24"
ok "they overlap by 21 and a half of 24" test "$(figure iou)" = "89.583 24"
ok "and of 22" test "$(figure iou_valid)" = "97.727 22"
ok "each has its figures" test "$(grep -c '"exact":true.*"iou":1,' scores/scores.jsonl)" = 21
ok "and the others their reasons" test "$(grep -c '"why":"no prediction"\|"why":"prediction:1' scores/scores.jsonl)" = 2
cp table table2
ok "the same with one process" "$CADCONV" score sheets/train.json predictions --out scores1 --jobs 1
ok "to the byte" diff -r scores scores1
printf '{"id":"x","program":""}\n' >stranger
refused "a prediction of nothing" 1 'no truth' "$CADCONV" score sheets/train.json stranger
printf '{"id":"00000001"}\n' >empty
refused "a prediction without a program" 1 'empty:1' "$CADCONV" score sheets/train.json empty
refused "no predictions" 1 'absent' "$CADCONV" score sheets/train.json absent
tap_done
