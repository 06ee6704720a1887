#!/bin/sh
# SPDX-License-Identifier: MIT
# cadconv deepcad and export of DeepCAD's vectors: mixed with JSON, of every form, bad ones a line each.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
. "$CADGEN_SRCDIR/tests/made_models.sh"
CADCONV=${CADCONV:-$CADGEN_BUILDDIR/cadconv}
[ -x "$CADCONV" ] || skip_all "no $CADCONV"
grep -q 'define HAVE_OCCT 1' "$CADGEN_BUILDDIR/config.h" || skip_all "built without Open CASCADE"
has_h5=$(grep -c 'define HAVE_HDF5 1' "$CADGEN_BUILDDIR/config.h")
refused_program=cadconv
cd "$tmp" || exit 1

# draw SRC OUT OPTION...
draw() {
	"$CADCONV" deepcad --seed 1 --resolution 128 --views front "$@"
}

# --- forms ----------------------------------------------------------------------------------------

plates src 6
ok "vectors of plates" "$CADCONV" export src npy --to cad_vec
ok "are drawn" draw npy drawn --jobs 1
ok "nothing failed" test ! -s drawn/failures.jsonl
ok "a picture of each" test "$(find drawn/images -name '*.png' | wc -l)" = 6
ok "and a model as JSON" test "$(find drawn/cad_json -name '*.json' | wc -l)" = 6
ok "with three processes" draw npy drawn3 --jobs 3
ok "the same bytes" diff -r drawn drawn3
ok "the card says what its numbers are" grep -q '^6 models of the source .* quantised to 256 levels' drawn/README.md
ok "and how many" grep -q '^"vectors":6,' drawn/dataset_info.json
ok "JSON" draw src plain
ok "is no vector" sh -c "! grep -q 'vectors' plain/README.md plain/dataset_info.json"
ok "the models as vectors again" "$CADCONV" export drawn again --to cad_vec
# near A B: the same numbers of all vectors, but for a step here and there.
near() {
	for file in "$1"/*.npy; do
		od -An -v -j128 -w8 -td8 "$file" >left
		od -An -v -j128 -w8 -td8 "$2/${file##*/}" >right
		paste left right | awk '{ d = $1 - $2 } d * d > 1 { exit 1 } END { if (NR < 50) exit 1 }' || return 1
	done
}
ok "are the same but for a step" near npy again
ok "as STEP files" "$CADCONV" export npy steps
ok "each one" test "$(find steps -name '0*.step' | wc -l)" = 6

# Rows as text: those of the first three.
mkdir -p mixed/a
for i in 1 2 3; do
	od -An -v -j128 -w136 -td8 npy/0000000$i.npy >mixed/a/0000000$i.vec.txt
done
cp src/?/00000004.json src/?/00000003.json mixed
cp npy/00000005.npy mixed/a
ok "text, arrays and JSON in one folder" draw mixed mixed-out
ok "each model once" test "$(find mixed-out/images -name '*.png' | wc -l)" = 5
ok "text is the array" cmp mixed-out/cad_json/00000001.json drawn/cad_json/00000001.json
ok "pictures too" cmp mixed-out/images/00000001_front.png drawn/images/00000001_front.png
ok "of two forms JSON is taken" cmp mixed-out/cad_json/00000003.json src/?/00000003.json
ok "three are vectors" grep -q '^"vectors":3,' mixed-out/dataset_info.json
echo '{"train":["a/00000001"],"validation":["00000004","00000005"]}' >split.json
ok "a split by ids" draw mixed split --source-split split.json
ok "to train with" test "$(grep -c '"id":"00000001_front"' split/train.json)" = 1
ok "to validate with" test "$(grep -c '"id":"0000000[45]_front"' split/val.json)" = 2
mkdir twice twice/b
cp npy/00000001.npy twice
cp npy/00000001.npy twice/b
refused "two of one form" 1 'twice/00000001\.npy and twice/b/00000001\.npy are both called 00000001' draw twice x

# --- HDF5 -----------------------------------------------------------------------------------------

if [ "$has_h5" = 1 ]; then
	ok "as HDF5" "$CADCONV" export src h5 --to h5
	mv h5/00000002.h5 h5/00000002_vec.h5
	ok "is drawn" draw h5 h5-out
	ok "the same models" diff -r h5-out/cad_json drawn/cad_json
	ok "the same pictures" diff -r h5-out/images drawn/images
	ok "as vectors" "$CADCONV" export h5 h5-again --to cad_vec
	ok "the same but for a step" near npy h5-again
else
	mkdir h5
	echo x >h5/1.h5
	cp npy/00000001.npy h5
	refused "without libhdf5 it says what to install" 1 'h5: 1 files of HDF5: built without libhdf5' draw h5 x
	refused "of export too" 1 'libhdf5-dev' "$CADCONV" export h5 x
fi

# --- scores ---------------------------------------------------------------------------------------

# figure NAME: its value in the table.
figure() {
	awk -v name="$1" '$1 == name { print $2, $5 }' table
}
score() {
	"$CADCONV" score --jobs 2 "$@" >table 2>err
}
ok "vectors against themselves" score npy npy --out scores
ok "say the same" test "$(figure exact)" = "100.000 6"
ok "overlap" test "$(figure iou)" = "100.000 6"
ok "are right in all commands" test "$(figure commands)" = "100.000 6"
ok "a line each" test "$(wc -l <scores/scores.jsonl)" = 6
ok "against the models that they round" score src npy
ok "are no more the same" test "$(figure exact)" = "0.000 6"
ok "lie where these lie" test "$(figure iou | cut -d. -f1)" -ge 90
ok "have right commands" test "$(figure commands)" = "100.000 6"
ok "and parameters" test "$(figure parameters)" = "100.000 6"
mkdir turned
cp npy/00000001.npy turned/00000002.npy
cp npy/00000002.npy turned/00000001.npy
cp npy/0000000[34].npy turned
od -An -v -j128 -w136 -td8 npy/00000005.npy | sed '/^ *5/d' >turned/00000005.vec.txt
ok "two taken for each other, one that is none, and none of one" score npy turned --out turned-scores
ok "two are right" test "$(figure exact)" = "33.333 6"
ok "four make a solid" test "$(figure valid)" = "66.667 6"
ok "the others say why" test "$(grep -c '"why":".*loops without EXT\|"why":"no prediction"' turned-scores/scores.jsonl)" = 2
ok "rows are compared all the same" grep -q '"id":"00000005".*"valid":false.*"commands":[0-9]*,"commands_right":[1-9]' turned-scores/scores.jsonl
mkdir truths
cp src/?/*.json truths
echo '{' >truths/00000003.json
score truths npy --out left-out
ok "a truth that is none: status 1" test $? = 1
ok "one line" test "$(cat err)" = "cadconv: no truth: truths/00000003.json:1: expected a string behind '{'" -o \
	"$(grep -c '^cadconv: no truth: truths/00000003.json:' err)" = 1
ok "the others are scored" test "$(figure commands)" = "100.000 5"
printf '{"id":"00000001","program":""}\n' >said.jsonl
ok "programs against a folder of models" score src said.jsonl
ok "none is right" test "$(figure valid)" = "0.000 6"
refused "a prediction of nothing" 1 "npy/00000006\.npy: there is no truth for '00000006'" "$CADCONV" score mixed npy
refused "arrays have no truth beside them" 1 'only files of HDF5' "$CADCONV" score npy
if [ "$has_h5" = 1 ]; then
	mkdir results
	for i in 1 2 3 4; do
		"$CADGEN_BUILDDIR/h5_predicted" results/0000000${i}_vec.h5 npy/0000000$i.npy npy/0000000$i.npy
	done
	"$CADGEN_BUILDDIR/h5_predicted" results/00000005_vec.h5 npy/00000006.npy npy/00000005.npy
	ok "predictions with their truths" score results --out results-scores
	ok "four of five" test "$(figure exact)" = "80.000 5"
	ok "against other truths" score npy results
	ok "the same, and one is missing" test "$(figure exact)" = "66.667 6"
	rm -rf turned/00000006.npy
	ok "as truths" score results turned
	ok "two are right again" test "$(figure exact)" = "40.000 5"
	"$CADGEN_BUILDDIR/h5_predicted" results/00000007_vec.h5 npy/00000006.npy
	score results
	ok "one without: status 1" test $? = 1
	ok "and a line" grep -q "^cadconv: no truth: results/00000007_vec.h5: no dataset 'gt_vec' in it" err
	ok "are drawn" draw results results-out
	ok "as they were predicted" cmp results-out/images/00000005_front.png drawn/images/00000006_front.png
fi

# --- bad files ------------------------------------------------------------------------------------

mkdir bad
cp mixed/a/00000001.vec.txt bad/good.vec.txt
head -c 300 npy/00000001.npy >bad/cut.npy
printf 'nothing' >bad/text.npy
sed 's/^ *4/ 9/' bad/good.vec.txt >bad/command.vec.txt
sed 's/-1$//' bad/good.vec.txt >bad/short.vec.txt
sed 's/-1$/nan/' bad/good.vec.txt >bad/nan.vec.txt
sed '2d;3d;4d' bad/good.vec.txt >bad/open.vec.txt
sed '/^ *5/d' bad/good.vec.txt >bad/noend.vec.txt
: >bad/empty.vec.txt
sed 's/<i8/<f8/' npy/00000001.npy >bad/real.npy
lines=9
if [ "$has_h5" = 1 ]; then
	head -c 900 h5/00000001.h5 >bad/cut5.h5
	printf 'nothing' >bad/text5_vec.h5
	lines=11
fi
draw bad bad-out --jobs 1 >out 2>err
ok "a folder with bad vectors: status 1" test $? = 1
ok "the good one is made" test -s bad-out/images/good_front.png -a -s bad-out/cad_json/good.json
ok "and nothing of the others" test "$(find bad-out/images bad-out/cad_json -type f | wc -l)" = 2
ok "a line each, and one for all" test "$(wc -l <err)" = $((lines + 1))
# said FILE PATTERN: one line of bad/FILE that matches.
said() {
	ok "$1: one line that says $2" test "$(grep -c -E "^cadconv: bad/$1:.*$2" err)" = 1
	ok "$1: in failures.jsonl" grep -q -E "\"file\":\"$1\",\"reason\":\"$1:.*$2" bad-out/failures.jsonl
}
said cut.npy 'no NumPy array of [0-9]+ rows'
said text.npy '1: not 17 whole numbers'
said command.vec.txt '1: 9 is no command'
said short.vec.txt '1: not 17 whole numbers'
said nan.vec.txt '1: not 17 whole numbers'
said open.vec.txt ' row [0-9]+: '
said noend.vec.txt 'row [0-9]+: loops without EXT behind them'
said empty.vec.txt '.'
said real.npy '1: [0-9.e-]+ is nothing a row can have'
if [ "$has_h5" = 1 ]; then
	said cut5.h5 'no HDF5 file'
	said text5_vec.h5 'no HDF5 file'
fi

# --- DeepCAD's own --------------------------------------------------------------------------------

models=${CADGEN_SHARED-$CADGEN_SRCDIR/../shared}/data/deepcad
if ls "$models"/*.vec.txt >/dev/null 2>&1; then
	mkdir own
	cp "$models"/*.vec.txt own
	ok "DeepCAD's own vectors" draw own own-out
	ok "none fails" test ! -s own-out/failures.jsonl
	ok "JSON and vectors" draw "$models" own-json
	"$CADCONV" export "$models" compat --to cad_vec --deepcad-compat >/dev/null 2>&1
	for file in compat/*.npy; do
		mkdir -p boxed
		cp "$models/$(basename "$file" .npy).json" boxed
	done
	ok "vectors of DeepCAD's encoder" score boxed compat --deepcad-compat
	ok "lie where its files do in its frame" test "$(figure iou | cut -d. -f1)" -ge 85
	ok "and are right" test "$(figure parameters)" = "100.000 $(ls boxed | wc -l)"
	ok "in the other frame" score boxed compat
	ok "they do not" test "$(figure iou | cut -d. -f1)" -lt 70
	ok "where its JSON lies beside them that is taken" sh -c "! grep -q vectors own-json/dataset_info.json"
else
	skip "DeepCAD's own vectors" "no $models"
fi
tap_done
