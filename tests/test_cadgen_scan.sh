#!/bin/sh
# SPDX-License-Identifier: MIT
# Degraded pictures: every style of them makes datasets that verify proves, the same bytes with any number
# of threads; --require-legible; what verify finds in a dataset that was tampered with; bad styles.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
styles=$CADGEN_SRCDIR/samples/styles
seed=${CADGEN_TEST_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "# seed $seed"

draw() {
	"$CADGEN" --seed "$seed" --family mix "$@"
}

for name in blueprint cad_pdf fax office_scan old_copy pencil_sketch phone_photo school_notebook; do
	ok "$name: draws" draw --count 6 --size 400 --style "$styles/$name.json" --out "$name"
	ok "$name: verify proves it" "$CADGEN" verify "$name"
	ok "$name: numbers have a state" grep -q '"legibility":"\(clear\|degraded\|lost\)"' \
		"$name/annotations.jsonl"
done
ok "three threads" draw --count 6 --size 400 --style "$styles/phone_photo.json" --out again --jobs 3
ok "any number of threads: the same bytes" diff -r phone_photo again

# One sample by hand.
draw --index 3 --size 400 --style "$styles/phone_photo.json" --stop-after scan >scan.png
ok "--stop-after scan is the picture" "$CADGEN_BUILDDIR/png_equal" scan.png \
	phone_photo/images/00/00000003.png
draw --index 3 --size 400 --style "$styles/phone_photo.json" --stop-after image >image.png
draw --index 3 --size 400 --style "$styles/iso.json" --stop-after image >clean.png
draw --index 3 --size 400 --style "$styles/iso.json" --stop-after scan >same.png
ok "--stop-after image is clean" "$CADGEN_BUILDDIR/png_equal" image.png clean.png
ok "a style that degrades nothing scans the clean picture" cmp clean.png same.png
ok "the scan is another" sh -c '! cmp -s scan.png image.png'

# The same scenes, clean and degraded.
ok "draws clean" draw --count 6 --size 400 --style "$styles/iso.json" --out clean
ok "clean pictures have no states" sh -c '! grep -q -e legibility -e "\"scan\"" clean/annotations.jsonl'
ok "restyles" "$CADGEN" restyle clean --style "$styles/phone_photo.json" --out restyled
ok "what is restyled is proved" "$CADGEN" verify restyled
ok "to the pictures that would have been drawn" diff -r restyled/images phone_photo/images

# No number lost. The gentle style loses some at this size, now and then.
cat >rough.json <<'END'
{"degradation": {"toner_loss": {"loss": [0, 0.5], "patch_mm": 4},
	"low_dpi": {"share": 0.5, "scale": [0.3, 0.9]}}}
END
ok "draws roughly" draw --count 20 --size 400 --style rough.json --out rough
ok "some numbers are lost" grep -q '"legibility":"lost"' rough/annotations.jsonl
ok "draws what is legible" draw --count 20 --size 400 --style rough.json --require-legible --out legible
ok "none is lost" sh -c '! grep -q "\"legibility\":\"lost\"" legible/annotations.jsonl'
ok "later recipes were taken" grep -q '"scan":[1-9]' legible/annotations.jsonl
ok "verify takes them, too" "$CADGEN" verify legible
sed 's/^"max_overlap"/"require_legible":true,\n&/' rough/dataset_info.json >info
ok "a promise is planted" grep -q require_legible info
cp info rough/dataset_info.json
"$CADGEN" verify rough >out 2>err
ok "verify finds a promise that is not kept" test $? = 3
ok "and says so" grep -q 'legibility: [0-9]* of its numbers are lost' out
sed 's/"require_legible":true/"require_legible":1/' info >rough/dataset_info.json
refused "a promise that is none" 1 "dataset_info.json:[0-9]+: 'require_legible' must be true" \
	"$CADGEN" verify rough
echo '{"degradation": {"one_bit": {"level": 0.05}, "defocus": {"radius_px": 6}}}' >hopeless.json
refused "gives up on a hopeless style" 1 'sample 0: a number was lost in each of [0-9]+ scans' \
	draw --count 2 --size 200 --family shapes --style hopeless.json --require-legible --out none

# fails NAME PROOFS: verify of ./bad fails these and no others.
fails() {
	"$CADGEN" verify bad >out 2>err
	fails_status=$?
	awk '$NF == "%" && $2 != $3 { printf "%s ", $1 }' out >failed
	ok "$1: status 3" test $fails_status = 3
	ok "$1: $2" test "$(cat failed)" = "$2 "
	rm -rf bad
}
cp -r phone_photo bad
cp bad/images/00/00000001.png bad/images/00/00000000.png
fails "another's picture" picture
cp -r phone_photo bad
cp image.png bad/images/00/00000003.png
fails "the clean picture" picture
cp -r phone_photo bad
sed 's/"scan":0/"scan":1/' phone_photo/annotations.jsonl >bad/annotations.jsonl
fails "another recipe" "picture annotations"
cp -r phone_photo bad
sed -E '0,/"legibility":"(clear|degraded)"/s//"legibility":"lost"/' phone_photo/annotations.jsonl \
	>bad/annotations.jsonl
fails "another state" annotations
cp -r phone_photo bad
sed '2s/"polygon":\[\([0-9]*\)/"polygon":[1\1/' phone_photo/annotations.jsonl >bad/annotations.jsonl
fails "a moved polygon" annotations
cp -r phone_photo bad
cp clean/annotations.jsonl bad/annotations.jsonl
fails "clean annotations" annotations

# Bad styles.
printf '{\n"degradation": {\n"skew": {"angle_deg": [3, 1]}}}' >bad.json
refused "a range upside down" 1 "bad.json:3: 'degradation.skew.angle_deg' is upside down" \
	draw --style bad.json --stop-after scene
printf '{\n"degradation": {\n"rust": {}}}' >bad.json
refused "an unknown degradation" 1 "bad.json:3: unknown degradation 'rust'" \
	draw --style bad.json --stop-after scene
tap_done
