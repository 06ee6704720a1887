#!/bin/sh
# SPDX-License-Identifier: MIT
# cadconv deepcad: the same bytes with any number of processes and after being killed; bad models cost a line
# each; sizes and splits are kept; pictures and entries are as dataset(5) says; folders are not written over.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
. "$CADGEN_SRCDIR/tests/made_models.sh"
. "$CADGEN_SRCDIR/tests/cadconv_runs.sh"

if ! grep -q 'define HAVE_OCCT 1' "$CADGEN_BUILDDIR/config.h"; then
	refused "without Open CASCADE it says what to install" 1 'apt-get install' deepcad src out
	tap_done
fi

# --- a whole dataset ------------------------------------------------------------------------------

deepcad src one --jobs 1 >out 2>err
ok "a dataset" test $? = 0
ok "says nothing" test ! -s out -a ! -s err
ok "with three processes" deepcad src three --jobs 3
ok "the same bytes with one process and three" diff -r one three
ok "a picture of each view" test "$(find one/images -name '*.png' | wc -l)" = 72
ok "a copy of each model" cmp src/b/00000007.json one/cad_json/00000007.json
ok "and of no other" test "$(find one/cad_json -type f | wc -l)" = 24
ok "nothing failed" test ! -s one/failures.jsonl
ok "no journal is left, no lock, no half a file" test "$(find one -name '.cad*' -o -name '*.tmp' | wc -l)" = 0
ok "other files" test "$(find one -maxdepth 1 -type f | wc -l)" = 8

entries one/train.json one/val.json | sed -E 's/^\{"id":"([^"]*)","image":"([^"]*)".*/\1 \2/' | sort >named
(cd one && find images -name '*.png' | sed -E 's,^images/(.*)\.png$,\1 &,' | sort) >drawn
ok "an entry for each picture, of its name" diff named drawn
ok "with a question and a program" test "$(entries one/train.json one/val.json |
	grep -c '"from":"human","value":"<image>\\n[A-Z].*"from":"gpt","value":"sketch_0 = Sketch(')" = 72
entries one/val.json | sed -E 's/^\{"id":"([0-9]*)_.*/\1/' | sort -u >val-models
sed -n '/"val"/,$p' one/train_val_split.json | grep -o '"[0-9]*"' | tr -d '"' >val-ids
ok "the split names the models to validate with" diff val-models val-ids
entries one/train.json | sed -E 's/^\{"id":"([0-9]*)_.*/\1/' | sort -u >train-models
ok "no model is in both" test -z "$(comm -12 train-models val-models)"
if command -v python3 >/dev/null; then
	for name in train.json val.json train_val_split.json dataset_info.json rendering_metadata.json \
		tinyllava_metadata.json; do
		ok "$name is JSON" python3 -c 'import json, sys; json.load(open(sys.argv[1]))' one/$name
	done
else
	skip "files are JSON" "no python3"
fi
ok "512 pixels by default" "$CADCONV" deepcad src large --views front --train-size 1 --val-size 0
ok "each way" test "$(size "$(find large -name '*.png')")" = "512 512"
ok "and the size that was asked for" test "$(size one/images/00000003_top.png)" = "128 128"

# --- killed and resumed ---------------------------------------------------------------------------

# Slow enough to be killed in the middle.
slow() {
	"$CADCONV" deepcad --seed "$seed" --style pencil_sketch --resolution 256 "$@"
}

kill_a_run() {
	rm -rf killed
	"$CADCONV" deepcad --seed "$seed" --style pencil_sketch --resolution 256 src killed --jobs 1 >out 2>err &
	pid=$!
	while [ "$(wc -l 2>/dev/null <killed/.cadconv-journal || echo 0)" -lt 3 ] && kill -0 $pid 2>/dev/null; do
		sleep 0.01
	done
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
}

# On a busy machine the run may end before the signal comes.
ok "undisturbed" slow src undisturbed
for try in 1 2 3 4 5 6 7 8 9; do
	kill_a_run
	[ -e killed/.cadconv-journal ] && [ "$(find killed -name '*.png' | wc -l)" -lt 72 ] && break
done
echo "# killed at try $try, $(wc -l <killed/.cadconv-journal) lines"
ok "killed: nothing that a reader takes for a dataset" test ! -e killed/dataset_info.json -a ! -e killed/train.json
ok "and not all pictures" test "$(find killed -name '*.png' | wc -l)" -lt 72
refused "it is not taken for new" 2 'killed is not empty' slow src killed
refused "nor resumed in another size" 2 'killed was begun with size_px 256, now it is 128' \
	slow src killed --resume --resolution 128
refused "nor with other views" 2 'killed was begun with views' slow src killed --resume --views top
plates other 3
refused "nor from other models" 2 'killed was begun with source_count 24' slow other killed --resume
cp -r killed torn
cp -r killed blocked
for file in src/?/*.json; do
	blocking=blocked/images/$(basename "$file" .json)_top.png
	[ -e "$blocking" ] || break
done
mkdir "$blocking"
refused "a picture that cannot be written ends the run" 1 "cannot write $blocking" slow src blocked --resume
rmdir "$blocking"
ok "which goes on" slow src blocked --resume
printf '{"id":"00000001","ok":"half' >>torn/.cadconv-journal
ok "resumed" slow src killed --resume --jobs 2
ok "the same bytes as undisturbed" diff -r undisturbed killed
ok "so does the one that was blocked" diff -r undisturbed blocked
ok "resumed behind half a line" slow src torn --resume
ok "the same bytes" diff -r undisturbed torn
ls -i killed/images/*.png >inodes
ok "resumed when all is there" slow src killed --resume
ls -i killed/images/*.png >inodes2
ok "makes nothing again" diff inodes inodes2
refused "a finished dataset is not taken for new" 2 'killed is not empty' deepcad src killed
ok "--overwrite" deepcad other killed --overwrite
ok "a dataset of the others" deepcad other others
ok "leaves nothing of the one before" diff -r others killed
echo mine >killed/images/notes.txt
ok "--overwrite again" deepcad other killed --overwrite
ok "leaves a file of somebody else" test "$(cat killed/images/notes.txt)" = mine
mkdir mine
echo mine >mine/train.json
refused "--overwrite of what is not cadconv's" 2 'mine is in use, and not by a dataset of cadconv' \
	deepcad src mine --overwrite
ok "which stays" test "$(cat mine/train.json)" = mine
deepcad src held >out 2>err &
pid=$!
while [ ! -e held/.cadconv-journal ] && kill -0 $pid 2>/dev/null; do
	sleep 0.01
done
deepcad src held --resume >out2 2>err2
status=$?
wait $pid
ok "of two on one folder the second is refused, or comes too late" sh -c "test $status = 0 ||
	grep -q 'held is being written by another cadgen' err2"
ok "and the first is whole" diff -r one held
"$CADCONV" deepcad --seed "$seed" --style pencil_sketch --resolution 256 src stopped --jobs 1 >out 2>err &
pid=$!
while [ "$(wc -l 2>/dev/null <stopped/.cadconv-journal || echo 0)" -lt 2 ] && kill -0 $pid 2>/dev/null; do
	sleep 0.01
done
kill -TERM $pid 2>/dev/null
wait $pid
ok "stopped by a signal, or done" sh -c "test -e stopped/dataset_info.json ||
	grep -q '^cadconv: stopped after [0-9]* models; the same command with --resume goes on' err"
ok "resumed after that" slow src stopped --resume
ok "the same bytes again" diff -r undisturbed stopped

# --- bad models -----------------------------------------------------------------------------------

mkdir bad
square='0 0 1 0 1 1 0 1'
# shellcheck disable=SC2086
{
	model "$(loop $square)" 0.5 >bad/good.json
	head -c 400 bad/good.json >bad/truncated.json
	: >bad/empty.json
	truncate -s 200M bad/enormous.json
	head -c 200000 /dev/zero | tr '\0' '[' >bad/deep.json
	echo '{"entities":[],"sequence":{}}' >bad/typed.json
	echo '[1,2,3]' >bad/array.json
	model "$(loop $square)" NaN >bad/nan.json
	model "$(loop 0 0 1e300 0 1 1 0 1)" 0.5 >bad/huge.json
	model "{\"profile_curves\":[$(line 0 0 1 0),$(line 1 0 1 1),$(line 1 1 0 1)]}" 0.5 >bad/open.json
	model "$(loop 0 0 2 2 2 0 0 1)" 0.5 >bad/crossing.json
	model "$(loop $square)" 0.0 >bad/flat.json
	model "$(loop $square)" 0.5 | sed 's/"sketch":"S"/"sketch":"T"/' >bad/missing.json
	ln -s nowhere bad/dangling.json
	mkfifo bad/waiting.json
	printf 'not a model' >bad/notes.txt
}
deepcad bad bad-out --jobs 1 --seconds 2 >out 2>err
ok "a folder with bad models: status 1" test $? = 1
ok "the good one is made" test -s bad-out/images/good_front.png -a -s bad-out/cad_json/good.json
ok "and nothing of the others" test "$(find bad-out/images bad-out/cad_json -type f | wc -l)" = 4
# said NAME PATTERN: one line of bad/NAME.json that matches.
said() {
	ok "$1: one line" test "$(grep -c "^cadconv: bad/$1\.json[:]" err)" = 1
	ok "$1: says $2" grep -q -E "^cadconv: bad/$1\.json:.*$2" err
	ok "$1: in failures.jsonl" grep -q -E "^\{\"id\":\"$1\",\"file\":\"$1\.json\",\"reason\":\"$1\.json:.*$2" \
		bad-out/failures.jsonl
}
said truncated "expected ','"
said empty 'a value is missing'
said enormous 'more than [0-9]+ bytes'
said deep 'nested deeper'
said typed "'entities' must be an object"
said array 'must be an object'
said nan 'not a JSON value'
said huge "'x' is 1e.300; allowed"
said open 'an open loop'
said crossing 'cross'
said flat 'no length'
said missing "no entity 'T'"
said dangling 'No such file'
said waiting 'took more than 2 s'
ok "a summary" test "$(tail -n 1 err)" = \
	"cadconv: 15 models, 14 failed: see bad-out/failures.jsonl"
ok "and no other line" test "$(wc -l <err)" = 15
deepcad bad bad-out --resume >out 2>err
ok "resumed when all is there: still status 1" test $? = 1
ok "and the summary" test "$(cat err)" = "cadconv: 15 models, 14 failed: see bad-out/failures.jsonl"
rm bad/waiting.json
deepcad bad bad-one --jobs 1 >out 2>err
deepcad bad bad-three --jobs 3 >out 2>err
ok "the same bytes with any number of processes" diff -r bad-one bad-three
deepcad src late --seconds 0.001 >out 2>err
ok "models over the time limit: status 1" test $? = 1
ok "each is a failure" test "$(grep -c '"reason":"[ab]/[0-9]*.json: took more than 0.001 s"' late/failures.jsonl)" -ge 1
ok "and the dataset is whole" test -s late/dataset_info.json

# --- which models ---------------------------------------------------------------------------------

ids() {
	entries "$1" | sed -E 's/^\{"id":"([^"_]*)[_"].*/\1/' | sort -u
}
ok "sizes" deepcad src sized --train-size 12 --val-size 5
ok "as many to train with" test "$(ids sized/train.json | wc -l)" = 12
ok "as many to validate with" test "$(ids sized/val.json | wc -l)" = 5
ok "none in both" test -z "$(ids sized/train.json >t && ids sized/val.json | comm -12 t -)"
ok "no more pictures" test "$(find sized/images -name '*.png' | wc -l)" = 51
ok "more of them" deepcad src more --train-size 14 --val-size 6 --jobs 3
ok "begin with those" test -z "$(ids more/train.json >t && ids sized/train.json | comm -13 t -)"
deepcad src short --train-size 21 --val-size 5 >out 2>err
ok "more than there are: status 1" test $? = 1
ok "says how many there are" test "$(cat err)" = \
	"cadconv: 24 models, 0 failed; 19 of 21 to train with; 5 of 5 to validate with; there are no more"
ok "and writes them" test "$(ids short/train.json | wc -l)" = 19
mkdir mixed
for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
	cp src/?/000000$i.json mixed
	echo '{' >mixed/bad$i.json
done
deepcad mixed mixed-one --train-size 8 --val-size 4 --jobs 1 >out 2>err
deepcad mixed mixed-three --train-size 8 --val-size 4 --jobs 3 >out 2>err
ok "failures are made up for" test "$(ids mixed-one/train.json | wc -l) $(ids mixed-one/val.json | wc -l)" = "8 4"
ok "with the same models for any number of processes" diff -r mixed-one mixed-three
cat >split.json <<'SPLIT'
{"train":["a/00000002","00000003","0000/00000004","00000099"],"validation":["0001/00000005","00000006"],
"test":["00000001"]}
SPLIT
ok "a split from elsewhere" deepcad src split --source-split split.json
ok "to train with" test "$(ids split/train.json | tr '\n' ' ')" = "00000002 00000003 00000004 "
ok "to validate with" test "$(ids split/val.json | tr '\n' ' ')" = "00000005 00000006 "
ok "one of them each" deepcad src split1 --source-split split.json --train-size 1 --val-size 1
ok "is one of them" test "$(ids split1/train.json | grep -c -x -e 00000002 -e 00000003 -e 00000004)" = 1
ok "the split of a dataset" deepcad src again --source-split split/train_val_split.json
ok "gives the same again" cmp split/train.json again/train.json
echo '{"train":["00000001"],"val":["00000001"]}' >both.json
refused "a model in both" 1 "both\.json:1: '00000001' is to train and to validate with" \
	deepcad src x --source-split both.json
echo '{"train":["00000001"]}' >half.json
refused "a split without validation" 1 "half\.json:1: 'validation' is missing" \
	deepcad src x --source-split half.json
cp src/a/00000002.json src/b/00000002.json
refused "two models of one name" 1 'src/a/00000002\.json and src/b/00000002\.json are both called 00000002' \
	deepcad src x
rm src/b/00000002.json

# --- pictures, styles, programs -------------------------------------------------------------------

ok "a sheet" deepcad src sheet --layout sheet --views front,top,right,iso
ok "is one picture for each model" test "$(find sheet/images -name '*.png' | wc -l)" = 24
ok "of its name" test -s sheet/images/00000011.png
ok "and one entry" test "$(entries sheet/train.json sheet/val.json | grep -c '^{"id":"[0-9]*","image":"images/[0-9]*.png"')" = 24
ok "in first angle" deepcad src first --layout sheet --projection first --train-size 1 --val-size 0
third=$(basename first/images/*.png)
ok "it is another" sh -c "! cmp -s first/images/$third sheet/images/$third"
ok "without hidden lines" deepcad src visible --no-hidden
ok "the front is another" sh -c '! cmp -s visible/images/00000011_front.png one/images/00000011_front.png'
ok "the top is the same" cmp visible/images/00000011_top.png one/images/00000011_top.png
ok "a style" deepcad src styled --style pencil_sketch --train-size 4 --val-size 0 --jobs 1
ok "again" deepcad src styled3 --style pencil_sketch --train-size 4 --val-size 0 --jobs 3
ok "the same bytes" diff -r styled styled3
some=$(basename "$(find styled/images -name "*_front.png" | sort | head -n 1)")
ok "and other pictures" sh -c "! cmp -s styled/images/$some one/images/$some"
ok "another seed" "$CADCONV" deepcad --seed "${seed}1" --resolution 128 src seeded --style pencil_sketch
ok "draws it otherwise" sh -c "! cmp -s styled/images/$some seeded/images/$some"
for code in sketch cadquery gencad recode openecad text2cad deepcad; do
	ok "--program $code" deepcad src "code-$code" --program $code --views front --train-size 2 --val-size 0
done
mkdir text2cad
entries code-text2cad/train.json | sed -E 's/.*"gpt","value":"(.*)"\}\]\},?$/\1/; s/\\n$//; s/\\"/"/g' | head -n 1 >text2cad/plate.json
ok "Text2CAD's are models again" "$CADCONV" export text2cad text2cad-steps
ok "each one" test -s text2cad-steps/plate.step
ok "programs are of the language" grep -q 'result = ' code-cadquery/train.json
ok "a grid" deepcad src grid --grid 10 --views front
ok "rounds programs" grep -q 'distance=10)' grid/train.json
printf 'What is it?\n' >prompts.txt
ok "prompts" deepcad src prompted --prompts prompts.txt --views front
ok "are the file's" test "$(entries prompted/train.json prompted/val.json |
	grep -c '"value":"<image>\\nWhat is it?"')" = 24

# --- usage ----------------------------------------------------------------------------------------

refused "no verb" 2 'no verb' "$CADCONV"
refused "another verb" 2 "unknown verb 'svg'" "$CADCONV" svg
refused "no folders" 2 'needs a folder' deepcad
refused "one folder" 2 'needs a folder' deepcad src
refused "three folders" 2 "unexpected argument 'y'" deepcad src x y
refused "a view that is none" 2 "'behind' is none of front" deepcad src x --views front,behind
refused "a view twice" 2 'front is there twice' deepcad src x --views front,front
refused "no view" 2 "'' is none of front" deepcad src x --views ''
refused "too small" 2 '--resolution: 63 is out of range' "$CADCONV" deepcad src x --resolution 63
refused "--resume and --overwrite" 2 'exclude each other' deepcad src x --resume --overwrite
refused "no such style" 2 'nosuch' deepcad src x --style nosuch
refused "no such folder" 1 'nowhere' deepcad nowhere x
mkdir nothing
refused "a folder without models" 1 'nothing holds no file that ends in \.json' deepcad nothing x
refused "into the folder that is read" 2 'src/x is src or lies in it' deepcad src src/x
refused "into the one above" 2 'src lies in \.' deepcad src .
refused "parts need a folder" 2 'needs a folder' "$CADCONV" parts
refused "parts have no source" 2 'unexpected' "$CADCONV" parts a b
refused "parts of too many operations" 2 '1\.\.6' "$CADCONV" parts a --operations 7
refused "--deepcad-compat of what is no vector" 2 'cad_vec' "$CADCONV" export src x --deepcad-compat
ok "nothing was written" test ! -e x
ok "--help" "$CADCONV" --help
ok "--version" "$CADCONV" --version

# --- full disks -----------------------------------------------------------------------------------

if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=300k none small 2>/dev/null; then
	deepcad src small/out >out 2>err
	status=$?
	ok "a full disk ends the run" test $status = 1
	ok "with one line" test "$(wc -l <err)" = 1
	ok "and nothing looks whole" test ! -e small/out/dataset_info.json
	umount small
else
	skip "a full disk ends the run" "mounting needs root"
fi

# --- DeepCAD's own --------------------------------------------------------------------------------

models=${CADGEN_SHARED-$CADGEN_SRCDIR/../shared}/data/deepcad
if ls "$models"/*.json >/dev/null 2>&1; then
	ok "DeepCAD's own files" deepcad "$models" real --jobs 1
	ok "none fails" test ! -s real/failures.jsonl
	ok "again, with three processes" deepcad "$models" real3 --jobs 3
	ok "the same bytes" diff -r real real3
else
	skip "DeepCAD's own files" "no $models"
fi
tap_done
