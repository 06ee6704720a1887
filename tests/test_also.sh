#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen --also: which files there are, the same bytes whatever happens, --resume and --overwrite.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1

draw() {
	"$CADGEN" --seed 5 --size 256 --count 40 "$@"
}

# says TEXT COMMAND...: the command fails with status 2 and the text.
says() {
	says_text=$1
	shift
	"$@" >said 2>&1
	test $? = 2 && grep -qF -- "$says_text" said
}

ok "a run without" draw --out plain
ok "no folders without" test ! -e plain/svg -a ! -e plain/pdf -a ! -e plain/dxf
ok "a run with all" draw --out all --also dxf,svg,pdf --jobs 1
for kind in svg pdf dxf; do
	ok "40 $kind files" test "$(find all/$kind -name "000000[0-9][0-9].$kind" | wc -l)" = 40
	"$CADGEN" --seed 5 --size 256 --index 33 --stop-after $kind >one 2>&1
	ok "--stop-after $kind prints the same" cmp one all/$kind/00/00000033.$kind
done
ok "the pictures are those of a run without" diff -r plain/images all/images
ok "dataset_info.json lists them" grep -qF '"also":["svg","pdf","dxf"]' all/dataset_info.json
ok "so does the card" grep -qF 'cadgen --count 40 --seed 5 --size 256 --family shapes' all/README.md
ok "with the option" grep -qF -- '--also svg,pdf,dxf' all/README.md

# Cairo numbers its surfaces, and threads take turns.
ok "8 threads" draw --out threads --also svg,svg,pdf,dxf --jobs 8
ok "8 threads give the same bytes" diff -r all threads
ok "time zone and clock" env TZ=Asia/Tokyo SOURCE_DATE_EPOCH=1 \
	"$CADGEN" --seed 5 --size 256 --count 40 --out zone --also svg,pdf,dxf
ok "another time zone gives the same bytes" diff -r all zone
mkdir locales
if localedef -i de_DE -f UTF-8 "$tmp/locales/de_DE.UTF-8" >localedef.log 2>&1; then
	ok "a locale with a decimal comma" env LOCPATH="$tmp/locales" LC_ALL=de_DE.UTF-8 \
		"$CADGEN" --seed 5 --size 256 --count 40 --out locale --also svg,pdf,dxf
	ok "the locale gives the same bytes" diff -r all locale
else
	skip "a locale with a decimal comma" "localedef cannot make it: apt-get install locales"
fi

# Stopped on its way and resumed. A run that ends before the signal only makes the test weaker.
count=$(extent 3000 600)
"$CADGEN" --seed 6 --size 256 --count "$count" --out whole --also svg,dxf >/dev/null 2>&1
env --default-signal=INT "$CADGEN" --seed 6 --size 256 --count "$count" --out stopped --also svg,dxf \
	>/dev/null 2>&1 &
pid=$!
while [ ! -e stopped/dxf/00/00000100.dxf ] && kill -0 $pid 2>/dev/null; do
	sleep 0.01
done
kill -INT $pid 2>/dev/null
wait $pid
echo "# stopped at $(find stopped/dxf -name '*.dxf' | wc -l) of $count"
ok "resumed" "$CADGEN" --seed 6 --size 256 --count "$count" --out stopped --also svg,dxf --resume
ok "the resumed run gives the same bytes" diff -r whole stopped
ok "--resume without is refused" says 'begun with also ["svg","dxf"], now it is []' \
	"$CADGEN" --seed 6 --size 256 --count "$count" --out stopped --resume

echo mine >all/svg/00/notes.txt
echo mine >all/svg/00/00000001.png
ok "--overwrite" draw --out all --overwrite
ok "--overwrite removes the files" test ! -e all/pdf -a ! -e all/dxf
ok "--overwrite leaves what is not ours" test "$(find all/svg -type f | wc -l)" = 2

ok "unknown names" says "'png' is none of svg, pdf, dxf" draw --out x --also svg,png
ok "a comma too many" says "nothing behind the last comma" draw --out x --also svg,
ok "an empty name" says "'' is none of" draw --out x --also ,svg
ok "no folder was made" test ! -e x
tap_done
