#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen restyle: the same scenes, prompts and programs in another style, proved like any dataset; the
# same bytes with any number of threads and after being killed.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
seed=${CADGEN_TEST_SEED:-$(date +%s)}
echo "# seed $seed"
styles=$CADGEN_SRCDIR/samples/styles

ok "a dataset" "$CADGEN" --seed "$seed" --count 60 --size 1024 --family mix --program python \
	--out plain --val-fraction 0.3
(cd plain && find . -type f -exec cksum {} + | sort) >before
for style in iso gost jis school; do
	ok "$style" "$CADGEN" restyle plain --style "$styles/$style.json" --out "$style"
	for file in scenes.jsonl train.json val.json train_val_split.json; do
		ok "$style: the same $file" cmp "plain/$file" "$style/$file"
	done
	ok "$style: other annotations" sh -c "! cmp -s plain/annotations.jsonl $style/annotations.jsonl"
	ok "$style: another picture" sh -c \
		"! cmp -s plain/images/00/00000000.png $style/images/00/00000000.png"
	ok "$style: proved" "$CADGEN" verify "$style"
done
ok "restyled again into the first style" "$CADGEN" restyle gost --out back
ok "gives the first pictures" diff -r plain/images back/images
(cd plain && find . -type f -exec cksum {} + | sort) >after
ok "the first dataset did not change" diff before after
ok "what is written says where it is from" grep -q '^cadgen restyle plain ' gost/README.md

# Sample 107 leaves a scan's lettering no room to shrink: rows come nearer alone.
ok "small sheets" "$CADGEN" --seed 1000003 --count 108 --size 256 --out small
ok "as scans" "$CADGEN" restyle small --style "$styles/office_scan.json" --out scans

ok "one thread" "$CADGEN" restyle plain --style "$styles/gost.json" --out one --jobs 1
ok "gives the same bytes" diff -r gost one
"$CADGEN" restyle plain --style "$styles/gost.json" --out killed --jobs 2 >/dev/null 2>&1 &
victim=$!
while [ "$(find killed/images -type f 2>/dev/null | wc -l)" -lt 20 ] && kill -0 $victim 2>/dev/null; do
	sleep 0.01
done
kill -9 $victim 2>/dev/null
wait $victim 2>/dev/null
ok "killed and resumed" "$CADGEN" restyle plain --style "$styles/gost.json" --out killed --resume
ok "gives the same bytes, too" diff -r gost killed
ok "another size, and curves beside the pictures" "$CADGEN" restyle plain --size 1400 --also svg \
	--out large
ok "of each" test "$(find large/svg -type f | wc -l)" = 60

refused "no dataset" 2 'needs the folder of a dataset' "$CADGEN" restyle
refused "two datasets" 2 "unexpected argument 'b'" "$CADGEN" restyle a b
refused "an option of generating" 2 "unknown option '--count'" "$CADGEN" restyle plain --count 3
refused "--out is the dataset" 2 'plain/? is the dataset that is read' \
	"$CADGEN" restyle plain --out ./plain/ --overwrite
ok "which is still there" "$CADGEN" verify plain --limit 2
refused "no such dataset" 1 'nowhere' "$CADGEN" restyle nowhere --out x
refused "an unfinished one" 1 'unfinished|holds no dataset' "$CADGEN" restyle large/svg --out x
refused "a style in inches" 1 'the scene is in mm, the style.s unit is inch' \
	"$CADGEN" restyle plain --style "$styles/asme-inch.json" --out x
refused "pictures too small for the sheets" 1 'sheet is too large for digits of 7 px' \
	"$CADGEN" restyle plain --size 200 --out y
refused "a style that is none" 1 'absent\.json' "$CADGEN" restyle plain --style absent.json --out z
tap_done
