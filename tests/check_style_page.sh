#!/bin/sh
# SPDX-License-Identifier: MIT
# style(5) has the tables of style.h: every key with its range or words and what is built in, in the
# same order; its example is a style; the built-in style as a file has the same keys.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
page=$CADGEN_SRCDIR/formats/style.5
styles=$CADGEN_SRCDIR/samples/styles

"$CADGEN_BUILDDIR/style_table" >"$tmp/table"
ok "style.h has keys" test -s "$tmp/table"
sed -n -E 's/^\.It Ic ([a-z_]+) No ([^ ]+) to ([^ ]+) , built in ([^ ]+( \(each\))?)$/\1 \2 \3 \4/p
	s/^(\.It Ic [a-z_]+ Cm .*) No \(each\)$/\1 (each)/
	s/^\.It Ic ([a-z_]+) Cm (.*)$/\1 \2/p' "$page" |
	sed 's/\\&//g; s/\\(mu/×/; s/\\-/-/' >"$tmp/page"
ok "style(5) lists the keys of style.h with their ranges and words" diff "$tmp/table" "$tmp/page"
ok "style(5) has no other keys" test "$(grep -c '^\.It Ic' "$page")" = "$(wc -l <"$tmp/page")"

# Degradations, two lines a row: the second is what it means, as a sentence there.
"$CADGEN_BUILDDIR/style_table" degradations >"$tmp/table-degradations"
sed -n -E '/^\.It (Sy|Va)/ {
	s/^\.It (Sy|Va) ([a-z0-9_.]+) No (.*)$/\2 \3/
	s/\\-/-/g
	p
	n
	s/^(.)(.*)\.$/\l\1\2/p
}' "$page" >"$tmp/page-degradations"
ok "degradation.h has rows" test -s "$tmp/table-degradations"
ok "style(5) lists the degradations of degradation.h with their ranges" \
	diff "$tmp/table-degradations" "$tmp/page-degradations"

{
	printf 'standard\nabout\n'
	cut -d ' ' -f 1 "$tmp/table"
} >"$tmp/keys"
printf 'standard\nabout\nmix\n' >"$tmp/mix-keys"
for file in "$styles"/*.json; do
	sed -n -E 's/^  "([a-z_]+)":.*/\1/p' "$file" | grep -v '^degradation$' >"$tmp/file-keys"
	if grep -q '^  "mix": \[' "$file"; then
		ok "${file##*/} is a mix" diff "$tmp/mix-keys" "$tmp/file-keys"
	else
		ok "${file##*/} has every key" diff "$tmp/keys" "$tmp/file-keys"
	fi
	ok "style(5) names ${file##*/}" grep -q "[/ ]${file##*/}" "$page"
done

# The mix is one of installed styles, so that it needs nothing beside it.
sed -n '/^\.Ss Mixes/,/^\.Ss Errors/p' "$page" |
	awk '/^\.Ed/ { exit } lit { print } /^\.Bd/ { lit = 1 }' >"$tmp/mix.json"
awk '/^\.Sh EXAMPLES/ { on = 1 } on && /^\.Ed/ { exit } on && lit { print } /^\.Bd/ { lit = on }' \
	"$page" >"$tmp/example.json"
for example in mix example; do
	ok "style(5) has an example: $example" test -s "$tmp/$example.json"
	ok "it is a style" sh -c \
		"\"\$CADGEN\" --style '$tmp/$example.json' --stop-after drawing >'$tmp/drawing'"
done
tap_done
