#!/bin/sh
# SPDX-License-Identifier: MIT
# Generated digits are told from each other as real ones are: a classifier that knows only them reads
# nine of ten digits that people wrote. The sheet of writers is drawn, and every lettering of ours.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
handwriting=$CADGEN_BUILDDIR/handwriting
sheet=$CADGEN_BUILDDIR/lettering_sheet
digits=${CADGEN_SHARED-$CADGEN_SRCDIR/../shared}/data/digits/real_digits.png

if [ -e "$digits" ]; then
	ok "nine of ten real digits are read" sh -c \
		"'$handwriting' --min 90 '$digits' >'$tmp/table'"
	sed 's/^/# /' "$tmp/table"
	"$handwriting" --samples 100 --min 90 "$digits" >/dev/null 2>&1
	ok "a hundred digits teach less: exit status 3" test $? = 3
else
	skip "real digits" "no $digits"
fi
"$handwriting" --min 90 "$tmp/none.png" >"$tmp/out" 2>"$tmp/err"
ok "no digits: exit status 1" test $? = 1
ok "the message names the file" grep -q 'none\.png' "$tmp/err"
"$handwriting" 2>/dev/null
ok "no argument: exit status 2" test $? = 2

ok "writers are drawn" "$sheet" "$tmp/writers.png"
ok "the picture is there" test -s "$tmp/writers.png"
"$handwriting" "$tmp/writers.png" >"$tmp/out" 2>"$tmp/err"
ok "a picture without digits is refused" grep -q 'writers\.png: not a grey sheet of digits' "$tmp/err"
"$sheet" --seed 1 "$tmp/others.png"
ok "other seeds, other writers" sh -c "! cmp -s '$tmp/writers.png' '$tmp/others.png'"
ok "strokes of ours are drawn" "$sheet" "$tmp/own.png" iso3098 iso3098_slanted gost_a gost_b plotter hand
"$sheet" "$tmp/x.png" nobody 2>"$tmp/err"
ok "an unknown lettering: exit status 2" test $? = 2
"$sheet" --folder "$tmp" "$tmp/x.png" breip 2>"$tmp/err"
ok "a missing font names its package" grep -q 'apt-get install fonts-breip' "$tmp/err"
tap_done
