#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen verify: fresh datasets pass; each fault planted in one is found, with the documented exit
# status (3 a proof failed, 1 a broken file, 2 usage).
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
count=25
seed=${CADGEN_TEST_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "# seed $seed"

proofs='reader redraw picture legibility overlap annotations'

draw() {
	"$CADGEN" --size 256 --seed "$seed" --count $count "$@"
}

# verified NAME COMMAND...: status 0, and the table says that all samples passed each proof.
verified() {
	verified_name=$1 verified_count=$2
	shift 2
	"$@" >out 2>err </dev/null
	verified_status=$?
	for proof in $proofs; do
		echo "$proof $verified_count $verified_count 100.00 %"
	done >wanted
	if [ $verified_status = 0 ] && [ ! -s err ] &&
		sed 1d out | tr -s ' ' | diff - wanted >differ; then
		pass "$verified_name"
	else
		fail "$verified_name" "status $verified_status" "$(cat out err)"
	fi
}

# fails NAME PATTERN PROOF...: the dataset in ./bad ends in a verdict; the table has less than 100 %
# for exactly these proofs, and a line matches the extended regular expression.
fails() {
	fails_name=$1 fails_pattern=$2
	shift 2
	"$CADGEN" verify bad >out 2>err </dev/null
	fails_status=$?
	for proof; do
		echo "$proof"
	done >wanted
	awk '$NF == "%" && $2 != $3 { print $1 }' out >failed
	if [ $fails_status != 3 ]; then
		fail "$fails_name" "status $fails_status instead of 3" "$(cat out err)"
	elif ! diff failed wanted >differ; then
		fail "$fails_name" "failing proofs:" "$(cat differ out)"
	elif ! grep -q -E -e "$fails_pattern" out; then
		fail "$fails_name" "does not match $fails_pattern:" "$(cat out)"
	else
		pass "$fails_name"
	fi
}

fresh() {
	rm -rf bad
	cp -r good bad
}

# --- what passes ---------------------------------------------------------------------------------

languages=$("$CADGEN" --help | tr -s '\n ' ' ' |
	sed -n 's/.*--program=[^;]*; one of \([a-z, ]*[a-z]\) --.*/\1/p' | tr -d ,)
ok "--help lists languages" test -n "$languages"
for language in $languages; do
	rm -rf good
	ok "a dataset in $language" draw --out good --program "$language"
	verified "$language verifies" $count "$CADGEN" verify good
done
rm -rf good
ok "a dataset" draw --out good --val-fraction 0.3
verified "--jobs 1" $count "$CADGEN" verify good --jobs 1
verified "--jobs 7" $count "$CADGEN" verify -j 7 good
verified "--limit 9" 9 "$CADGEN" verify --limit 9 good
verified "--limit beyond the end" $count "$CADGEN" verify --limit 1000 good
(cd good && find . -type f -exec cksum {} + | sort) >before
verified "from another folder" $count sh -c "cd / && \"$CADGEN\" verify \"$tmp/good/\""
(cd good && find . -type f -exec cksum {} + | sort) >after
ok "nothing in the dataset changed" diff before after
printf '{"text_mm": [3.5, 5], "thin_mm": [0.2, 0.3], "decimal_mark": "."}\n' >style.json
ok "a dataset in another style" draw --out styled --style style.json
verified "its style is drawn from" $count "$CADGEN" verify styled
# Sheets of any sides, families mixed, inches.
for style in iso asme-inch; do
	rm -rf mixed
	ok "a mix of families: $style" "$CADGEN" --size 1024 --seed "$seed" --count $count --out mixed \
		--family mix --style "$CADGEN_SRCDIR/samples/styles/$style.json"
	verified "it verifies: $style" $count "$CADGEN" verify mixed
done
for all in 0 1; do
	ok "--val-fraction $all" draw --out one --val-fraction $all --overwrite
	verified "--val-fraction $all verifies" $count "$CADGEN" verify one
done

# --- proofs that fail ----------------------------------------------------------------------------

# The first position in train.json, which any number can be without making the shape impossible.
fresh
sed -i -E '0,/[a-z_]+\(x=[0-9]/s/([a-z_]+\(x=)([0-9])/\11\2/' bad/train.json
ok "a number changed in train.json" sh -c '! cmp -s good/train.json bad/train.json'
fails "is found by reader and redraw" '^[0-9]{8}: reader: the label says .*; also redraw$' reader redraw

# A digit of one coordinate of the scene: another drawing than the label's and the picture's.
fresh
sed -i -E '3s/"sheet":([0-9.]+)/"sheet":1\1/' bad/scenes.jsonl
ok "a digit changed in scenes.jsonl" sh -c '! cmp -s good/scenes.jsonl bad/scenes.jsonl'
"$CADGEN" verify bad >out 2>err
status=$?
ok "is found" test $status = 3 -o $status = 1
ok "in its sample or line" grep -q -E '00000002: |scenes.jsonl:3: ' out err

fresh
mv bad/images/00/00000003.png kept.png
mv bad/images/00/00000004.png bad/images/00/00000003.png
mv kept.png bad/images/00/00000004.png
fails "two pictures swapped" '^00000003: redraw: pixel .*; also picture' redraw picture annotations
ok "both are named" grep -q '^00000004: ' out

# Whitens the column in the middle of the ink, or where it is given.
cat >whiten.py <<'PY'
import sys
import zlib
name, = sys.argv[1:]
data = open(name, 'rb').read()
at, chunks = 8, []
while at < len(data):
    n = int.from_bytes(data[at:at + 4], 'big')
    chunks.append((data[at + 4:at + 8], data[at + 8:at + 8 + n]))
    at += 12 + n
head = dict(chunks)[b'IHDR']
width, height = int.from_bytes(head[:4], 'big'), int.from_bytes(head[4:8], 'big')
assert head[8:] == bytes([8, 0, 0, 0, 0]), head
raw = zlib.decompress(b''.join(body for kind, body in chunks if kind == b'IDAT'))
rows, above = [], bytes(width)
for y in range(height):
    kind, row = raw[y * (width + 1)], bytearray(raw[y * (width + 1) + 1:(y + 1) * (width + 1)])
    for x in range(width):
        a, b, c = x and row[x - 1], above[x], x and above[x - 1]
        p = a + b - c
        paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        row[x] = row[x] + (0, a, b, (a + b) // 2, paeth)[kind] & 255
    rows.append(row)
    above = bytes(row)
ink = [sum(255 - row[x] for row in rows) for x in range(width)]
column = ink.index(max(ink))
for row in rows:
    row[column] = 255
body = zlib.compress(b''.join(b'\0' + row for row in rows))
with open(name, 'wb') as f:
    f.write(data[:8])
    for kind, body in ((b'IHDR', head), (b'IDAT', body), (b'IEND', b'')):
        f.write(len(body).to_bytes(4, 'big') + kind + body +
                zlib.crc32(kind + body).to_bytes(4, 'big'))
PY
fresh
if command -v python3 >/dev/null; then
	ok "a column of pixels whitened" python3 whiten.py bad/images/00/00000007.png
	"$CADGEN" verify bad >out 2>err
	ok "is found" test $? = 3
	ok "in the picture" grep -q -E '^00000007: (redraw: pixel|picture: pixel)' out
else
	skip "a column of pixels whitened" "no python3 to write the PNG with"
fi

fresh
sed -i -E '6s/("class":"text","value":")[^"]*/\1x77/' bad/annotations.jsonl
fails "a wrong annotation value" "^00000005: annotations: text [0-9]+ is 'x77', the drawing says" annotations
fresh
sed -i -E '6s/("class":"text",[^[]*\[[^[]*\],"polygon":\[)[0-9.]+/\10/' bad/annotations.jsonl
fails "a wrong annotation box" '^00000005: annotations: ' annotations
fresh
sed -i -E '6s/("class":"arrow","shape":)[0-9]+/\163/' bad/annotations.jsonl
fails "a wrong annotation owner" '^00000005: annotations: the line says .*63.*, the drawing' annotations
fresh
sed -i -E 's/("class":"text","value":")[^"]*/\1x77/' bad/annotations.jsonl
fails "wrong values everywhere" '^5 more$' annotations
"$CADGEN" verify bad --show 3 >out
ok "--show 3" test "$(grep -c '^000000' out)" = 3
ok "the rest is counted" grep -q "^$((count - 3)) more\$" out
"$CADGEN" verify bad --show 0 >out
ok "--show 0" test "$(grep -c '^000000' out)" = 0
"$CADGEN" verify bad --jobs 1 >out1
"$CADGEN" verify bad --jobs 5 >out5
ok "any number of threads prints the same" diff out1 out5
fresh
rm bad/images/00/00000020.png
verified "--limit keeps to the sound ones" 20 "$CADGEN" verify --limit 20 bad

# --- broken files --------------------------------------------------------------------------------

fresh
rm bad/images/00/00000009.png
refused "a missing picture" 1 '00000009\.png.*No such file' "$CADGEN" verify bad
refused "a missing picture, one thread" 1 '00000009\.png.*No such file' "$CADGEN" verify bad -j 1
fresh
dd if=good/images/00/00000009.png of=bad/images/00/00000009.png bs=700 count=1 2>/dev/null
refused "a picture cut short" 1 '00000009\.png' "$CADGEN" verify bad
fresh
sed -i 8d bad/annotations.jsonl
refused "a line cut from annotations.jsonl" 1 'annotations\.jsonl:8: .*00000008' "$CADGEN" verify bad
fresh
sed -i '$d' bad/annotations.jsonl
refused "the last line cut" 1 "annotations\.jsonl:$count: ends after $((count - 1)) of $count" \
	"$CADGEN" verify bad
fresh
sed -i '4s/"items"/"item"/' bad/annotations.jsonl
refused "annotations without items" 1 "annotations\.jsonl:4: 'items'" "$CADGEN" verify bad
fresh
tail -n 1 good/scenes.jsonl >>bad/scenes.jsonl
refused "a scene too many" 1 "scenes\.jsonl:$((count + 1)): more lines" "$CADGEN" verify bad
fresh
sed -i '3s/"shapes":/"shades":/' bad/scenes.jsonl
refused "a scene that cannot be parsed" 1 'scenes\.jsonl:3: ' "$CADGEN" verify bad
fresh
sed -i '2s/"gpt","value":"/&!/' bad/train.json
refused "a label that cannot be parsed" 1 'train\.json:2: program:1' "$CADGEN" verify bad
fresh
sed -i '2s/<image>/<picture>/' bad/train.json
refused "a prompt without <image>" 1 'train\.json:2: .*<image>' "$CADGEN" verify bad
fresh
sed -i 3d bad/train.json
refused "an entry cut from train.json" 1 'train\.json:3: ' "$CADGEN" verify bad
fresh
rm bad/val.json
refused "no val.json" 1 'val\.json.*No such file' "$CADGEN" verify bad
fresh
rm bad/dataset_info.json
refused "no dataset_info.json" 1 'bad holds no dataset' "$CADGEN" verify bad
fresh
sed -i 's/"size_px":256/"size_px":257/' bad/dataset_info.json
refused "settings that contradict each other" 1 'rendering_metadata\.json:[0-9]+: ' \
	"$CADGEN" verify bad

# --- no dataset ----------------------------------------------------------------------------------

printf 'a file\n' >file
refused "a file" 1 'file is no folder' "$CADGEN" verify file
refused "no such folder" 1 'nowhere.*No such file' "$CADGEN" verify nowhere
mkdir empty
refused "an empty folder" 1 'empty holds no dataset' "$CADGEN" verify empty
env --default-signal=INT "$CADGEN" --size 128 --count 100000 --out begun >out 2>err &
pid=$!
while [ ! -e begun/images/00/00000040.png ] && kill -0 $pid 2>/dev/null; do
	sleep 0.01
done
kill -INT $pid
wait $pid
refused "an unfinished dataset" 1 'begun is an unfinished dataset of [0-9]+' "$CADGEN" verify begun

# --- the smallest digits -------------------------------------------------------------------------

# Deviations of 2.5197 mm, which were taken for 2.520 once, are 7 px high on a sheet that they allow. Heights are
# printed to 0.1 micrometres.
"$CADGEN" --family plate --style mix --size 500 --seed 77 --stop-after drawing --index 1324 | tr '{' '\n' >drawing
ok "digits of 2.5197 mm have a sheet on which they are 7 px high" awk -F'"height":' '
	/"width":.*"datum":/ { split($0, side, /[:,]/); sheet = side[2] > side[4] ? side[2] : side[4] }
	/"text":.*"layer":"dimension"/ { split($2, height, ","); least = !n++ || height[1] < least ? height[1] : least }
	END { exit !(n > 5 && sheet >= 50 && least * 500 / sheet > 7 - 3e-4) }' drawing

# --- usage ---------------------------------------------------------------------------------------

ok "verify --help" "$CADGEN" verify --help
refused "no folder" 2 'folder' "$CADGEN" verify
refused "two folders" 2 "unexpected argument 'b'" "$CADGEN" verify a b
refused "an unknown option" 2 "unknown option '--resume'" "$CADGEN" verify good --resume
refused "--limit 0" 2 '--limit' "$CADGEN" verify good --limit 0
refused "an unknown verb lists the verbs" 2 "unknown verb 'verity'; the verbs are verify" \
	"$CADGEN" verity good
refused "a font for a dataset without one" 2 '--font' "$CADGEN" verify good --font file
if [ -w /dev/full ]; then
	"$CADGEN" verify good >/dev/full 2>err
	ok "a full device" test $? = 1
	ok "is told" grep -q '^cadgen: .*No space left' err
else
	skip "a full device" "this system has none"
fi

font=$(find /usr/share/fonts -name '*.ttf' 2>/dev/null | sort | head -n 1)
if [ -n "$font" ] && draw --out lettered --font "$font" >/dev/null 2>&1; then
	verified "a dataset with a font" $count "$CADGEN" verify lettered --font "$font"
	refused "without its font" 2 '--font' "$CADGEN" verify lettered
	refused "with another" 2 'bytes differ' "$CADGEN" verify lettered --font file
else
	skip "a dataset with a font" "no usable *.ttf below /usr/share/fonts"
fi
tap_done
