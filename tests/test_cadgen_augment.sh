#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen augment: the same bytes with any number of threads, after being killed, and in any company;
# every kind of picture is read as others read it; what cannot be read costs itself alone; annotations
# are where their marks went; folders are not written over.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
styles=$CADGEN_SRCDIR/samples/styles
seed=${CADGEN_TEST_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "# seed $seed"

# augment DIR OUT OPTION...: as a phone would take them.
augment() {
	augment_dir=$1 augment_out=$2
	shift 2
	"$CADGEN" augment --style "$styles/phone_photo.json" --seed "$seed" --dpi 80 \
		--out "$augment_out" "$augment_dir" "$@"
}

# colour_type FILE: 0 grey, 2 RGB, as the PNG header has it.
colour_type() {
	od -An -j25 -N1 -tu1 "$1" | tr -d ' '
}

# --- a dataset, its annotations with it -----------------------------------------------------------

ok "a dataset" "$CADGEN" --seed "$seed" --count 24 --size 400 --family mix --out clean
ok "its annotations for detectors" "$CADGEN" coco clean
(cd clean && find . -type f -exec cksum {} + | sort) >before
augment clean one --jobs 1 --coco clean/annotations_coco.json >out 2>err
ok "augment" test $? = 0
ok "says nothing" test ! -s out -a ! -s err
ok "with two threads" augment clean two --jobs 2 --coco clean/annotations_coco.json
ok "the same bytes with one thread and two" diff -r one two
(cd clean && find . -type f -exec cksum {} + | sort) >after
ok "nothing in the dataset changed" diff before after
(cd clean && find images -name '*.png' | sort) >wanted
(cd one && find . -name '*.png' | sed 's,^\./,,' | sort) >made
ok "a picture for each" diff wanted made
ok "and it is another" sh -c '! cmp -s clean/images/00/00000003.png one/images/00/00000003.png'
ok "a line for each" test "$(wc -l <one/annotations.jsonl)" = 24
ok "no other files" test "$(find one -type f | wc -l)" = 27
mkdir -p alone/images/00
cp clean/images/00/00000007.png alone/images/00
ok "one picture alone" augment alone alone-out
ok "is the same as in company" cmp alone-out/images/00/00000007.png one/images/00/00000007.png
ok "and has no annotations" test ! -e alone-out/annotations.jsonl
echo '{"degradation":{"elastic":{"share":1}}}' >elastic.json
for dpi in 80 160; do
	"$CADGEN" augment --style elastic.json --dpi $dpi --out dpi$dpi alone
done
ok "another scale is another picture" sh -c '! cmp -s dpi80/images/00/00000007.png \
	dpi160/images/00/00000007.png'
ok "another seed" "$CADGEN" augment --style "$styles/phone_photo.json" --seed "${seed}1" --dpi 80 \
	--out seed alone
ok "is another picture" sh -c '! cmp -s alone-out/images/00/00000007.png seed/images/00/00000007.png'

# --- killed and resumed ---------------------------------------------------------------------------

# Kills a run when it has made some of its pictures, in `killed`.
kill_a_run() {
	rm -rf killed
	"$CADGEN" augment --style "$styles/phone_photo.json" --seed "$seed" --dpi 80 --jobs 1 \
		--out killed --coco clean/annotations_coco.json clean >out 2>err &
	pid=$!
	while [ "$(find killed -name '*.png' 2>/dev/null | wc -l)" -lt 4 ] && kill -0 $pid 2>/dev/null; do
		sleep 0.01
	done
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
}

# On a busy machine the run may end before the signal comes.
for try in 1 2 3 4 5 6 7 8 9; do
	kill_a_run
	[ "$(find killed -name '*.png' | wc -l)" = 24 ] || break
done
echo "# killed at try $try"
ok "killed: no annotations yet" test ! -e killed/annotations.jsonl
ok "and not all pictures" test "$(find killed -name '*.png' | wc -l)" -lt 24
refused "it is not taken for new" 2 'killed holds pictures of cadgen augment; --resume' \
	augment clean killed
refused "nor resumed with another seed" 2 'another --seed' "$CADGEN" augment --resume --dpi 80 \
	--style "$styles/phone_photo.json" --seed "${seed}1" --out killed clean
first=$(find killed -name '*.png' | sort | head -n 1)
ls -i "$first" >inode
ok "resumed" augment clean killed --resume --coco clean/annotations_coco.json
ok "the same bytes as undisturbed" diff -r one killed
ls -i "$first" >inode2
ok "what was there is not made again" diff inode inode2
ok "resumed when all is there" augment clean killed --resume --coco clean/annotations_coco.json
ok "nothing changes" diff -r one killed
ok "--overwrite" augment alone killed --overwrite
ok "leaves nothing of the other" diff -r alone-out killed

# --- colours --------------------------------------------------------------------------------------

echo '{"degradation":{"jpeg":{"share":1},"skew":{"share":1}}}' >grey.json
echo '{"degradation":{"colour_cast":{"share":1}}}' >colour.json
"$CADGEN" augment --style grey.json --out grey alone
ok "grey stays grey" test "$(colour_type grey/images/00/00000007.png)" = 0
"$CADGEN" augment --style colour.json --out colour alone
ok "unless the style is coloured" test "$(colour_type colour/images/00/00000007.png)" = 2
"$CADGEN" augment --style grey.json --out grey2 colour
ok "RGB stays RGB" test "$(colour_type grey2/images/00/00000007.png)" = 2

# --- interlaced and not ---------------------------------------------------------------------------

corpus=$CADGEN_SRCDIR/tests/fuzz/corpus/png
echo '{"degradation":{"inversion":{"share":1}}}' >invert.json
for kind in grey_1 grey_2 grey_4 grey_8 grey_16 rgb_8 rgb_16 palette_4 palette_8 grey_alpha_16 rgba_8; do
	rm -rf plain inter plain-out inter-out
	mkdir plain inter
	cp "$corpus/$kind.png" plain/x.png
	cp "$corpus/${kind}_adam7.png" inter/x.png
	"$CADGEN" augment --style invert.json --out plain-out plain
	"$CADGEN" augment --style invert.json --out inter-out inter
	ok "$kind, interlaced" cmp plain-out/x.png inter-out/x.png
done

# --- annotations that do not fit ------------------------------------------------------------------

mkdir -p odd/a odd/b
cp clean/images/00/00000001.png odd/a/x.png
cp clean/images/00/00000002.png odd/b/x.png
cp clean/images/00/00000003.png odd/y.png
size=$(sed -n -E '4s/.*("width":[0-9]+,"height":[0-9]+).*/\1/p' clean/annotations.jsonl)
cat >odd/annotations.jsonl <<LINES
{"id":"y",$size,"items":[{"polygon":[1,2,3,4,5,9]}]}
{"id":"x",$size,"items":[]}
{"id":"nowhere",$size,"items":[]}
{"id":"a/x","width":7,"height":9,"items":[]}
LINES
augment odd odd-out >out 2>err
ok "annotations that do not fit: status 1" test $? = 1
sed -E 's/ has [0-9]+ x [0-9]+$/ has W x H/' err >said
cat >wanted <<'SAID'
cadgen: odd/annotations.jsonl:2: there are several pictures 'x'
cadgen: odd/annotations.jsonl:3: there is no picture 'nowhere'
cadgen: odd/annotations.jsonl:4: says 7 x 9 pixels, but odd/a/x.png has W x H
SAID
ok "each is said" diff wanted said
ok "what fits is written" grep -q '^{"id":"y","width":.*"items":\[{"polygon":\[.*\]}\]}$' \
	odd-out/annotations.jsonl
ok "and nothing else" test "$(wc -l <odd-out/annotations.jsonl)" = 1
echo '{"id":"y","items":[]}' >>odd/annotations.jsonl
refused "a broken line ends it" 1 "odd/annotations\.jsonl:5: 'width'" augment odd odd-new
ok "before anything is made" test ! -e odd-new
echo '{"images":[],' >broken.json
refused "so does a broken file of COCO" 1 'broken\.json:[0-9]+:[0-9]+: ' \
	augment alone odd-new --coco broken.json
refused "and one that is not there" 1 'absent\.json.*No such file' \
	augment alone odd-new --coco absent.json

# --- folders and usage ----------------------------------------------------------------------------

ok "--help" "$CADGEN" augment --help
refused "no folder" 2 'needs a folder' "$CADGEN" augment --style "$styles/fax.json"
refused "two folders" 2 "unexpected argument 'b'" "$CADGEN" augment a b --style "$styles/fax.json"
refused "no style" 2 'needs --style' "$CADGEN" augment alone
refused "a style that does nothing" 2 'iso\.json has no degradation' \
	"$CADGEN" augment alone --style "$styles/iso.json"
refused "--resume with --overwrite" 2 'exclude each other' augment alone x --resume --overwrite
refused "--dpi 10" 2 '--dpi' augment alone x --dpi 10
refused "an unknown option" 2 "unknown option '--size'" augment alone x --size 3
refused "no such folder" 1 'nowhere.*No such file' augment nowhere x
refused "a file for a folder" 1 'Not a directory' augment before x
mkdir empty
refused "no pictures" 1 'empty holds no PNG or JPEG picture' augment empty x
ok "none of them made a folder" test ! -e x
refused "--out is the folder" 2 '--out: ./alone is alone or lies in it' augment alone ./alone
refused "--out lies in it" 2 '--out: alone/new/x is alone or' augment alone alone/new/x
ln -s alone link
refused "also through a link" 2 'link/x is alone or' augment alone link/x
refused "it lies in --out" 2 '--out: one/images lies in one' augment one/images one --overwrite
mkdir theirs
cp before theirs/notes
for mode in --resume --overwrite ''; do
	# shellcheck disable=SC2086
	refused "somebody's folder: $mode" 2 'theirs is not empty' augment alone theirs $mode
done
ok "is as it was" diff before theirs/notes
cp before file
refused "a file for --out" 1 'file.*Not a directory' augment alone file

# --- by Debian's Python ---------------------------------------------------------------------------

python=/usr/bin/python3 # Debian's, which has Debian's modules
helper=$CADGEN_SRCDIR/tests/augment_pictures.py
if ! "$python" -c 'import PIL' 2>/dev/null; then
	skip "kinds of pictures, bad files, marks" "no python3-pil: apt-get install python3-pil"
	tap_done
fi
ok "pictures of every kind" "$python" "$helper" kinds kinds
has_jpeg=yes
"$CADGEN" augment --style invert.json --out jpeg-out kinds/jpeg 2>err ||
	! grep -q 'built without libjpeg' err || has_jpeg=no
for folder in kinds/*-wanted; do
	kind=${folder%-wanted}
	kind=${kind#kinds/}
	case $kind in
	jpeg*)
		if [ $has_jpeg = no ]; then
			skip "$kind is read as Pillow reads it" "built without libjpeg"
			continue
		fi
		;;
	esac
	"$CADGEN" augment --style invert.json --out "kind-$kind" "kinds/$kind"
	"$CADGEN" augment --style invert.json --out "want-$kind" "$folder"
	ok "$kind is read as Pillow reads it" cmp "kind-$kind/x.png" "want-$kind/x.png"
done

ok "bad files" "$python" "$helper" bad bad
if [ $has_jpeg = yes ]; then
	augment bad bad-out >out 2>err
	ok "bad files: status 1" test $? = 1
	cat >wanted <<'SAID'
cadgen: bad/broken.jpeg: broken JPEG: 
cadgen: bad/corrupt.png: broken PNG: 
cadgen: bad/cut.jpg.jpg: broken JPEG: Premature end of JPEG file
cadgen: bad/cut.png: PNG ends too early
cadgen: bad/empty.png: neither a PNG nor a JPEG file
cadgen: bad/folder.png: not a file
cadgen: bad/huge.png: 20000 x 20000 pixels, at most 8192 x 8192 are read
cadgen: bad/line?break.png: neither a PNG nor a JPEG file
cadgen: bad/long.jpg: 9000 x 8 pixels, at most 8192 x 8192 are read
cadgen: bad/same.png: would become same.png, as bad/same.jpg does
cadgen: bad/sub/text.JPG: neither a PNG nor a JPEG file
SAID
	sed -E 's/(: broken [A-Z]+: )[^P].*/\1/' err >said
	ok "each is said in one line" diff wanted said
	(cd bad-out && find . -type f | sort) >made
	printf './%s\n' augment_info.json good.png same.png sub/called-nothing.png sub/good2.png |
		diff - made >differ
	ok "all others are made" test ! -s differ
	sed 's/^/# /' differ
else
	augment bad bad-out >out 2>err
	ok "without libjpeg: status 1" test $? = 1
	ok "and a line" grep -q '^cadgen: bad/sub/good2.jpg: .*built without libjpeg$' err
	ok "PNG files are made" test -e bad-out/good.png -a -e bad-out/sub/called-nothing.png
fi
cp bad/good.png unreadable.png
mkdir closed
mv unreadable.png closed
cp bad/good.png closed/open.png
chmod 0 closed/unreadable.png
if [ -r closed/unreadable.png ]; then
	skip "an unreadable file" "root reads everything"
else
	refused "an unreadable file" 1 'closed/unreadable\.png: Permission denied' \
		augment closed closed-out
	ok "the other is made" test -e closed-out/open.png
fi

cat >moving.json <<'STYLE'
{"degradation":{"skew":{"share":1,"angle_deg":[-6,6]},"stretch":{"share":1},"elastic":{"share":1},
"perspective":{"share":1},"curl":{"share":1},"lens":{"share":1},"wobble":{"share":1},
"sensor_noise":{"share":0.5},"jpeg":{"share":0.5}}}
STYLE
ok "marked pictures" "$python" "$helper" marks marks "$seed"
ok "are moved" "$CADGEN" augment --style moving.json --seed "$seed" --dpi 60 --out moved marks \
	--coco marks/boxes.json
"$python" "$helper" found marks moved >distances 2>&1
ok "marks are within 1 px of their annotations" test $? = 0
sed 's/^/# /' distances

# Lines by hand, pictures on their sides: what was drawn and the sides of the picture go along.
echo '{"lines":"freehand","wobble_mm":0.4,"pen":"ink"}' >byhand.json
echo '{"degradation":{"quarter_turn":{"turns":[1,3]},"skew":{"angle_deg":[1,2]}}}' >turning.json
ok "drawings by hand" "$CADGEN" --count 6 --family mix --size 700 --seed "$seed" --style byhand.json \
	--out byhand
ok "have ink under their lines" "$python" "$helper" drawn byhand
ok "are turned" "$CADGEN" augment --style turning.json --seed "$seed" --out turned byhand
ok "and still have" "$python" "$helper" drawn turned
tap_done
