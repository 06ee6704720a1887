#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen --help and cadgen(1) name the same options, defaults and verbs; the page's EXAMPLES run as
# they stand; program(5) and scene(5) have the tables of shape.h.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
page=$CADGEN_SRCDIR/gen/cadgen.1

# check_options VERB: the help of cadgen, or of its verb, against its part of the page: what stands
# before the first subsection, or in the one called "cadgen VERB".
check_options() {
	options_name="cadgen${1:+ $1}"
	if [ -z "$1" ]; then
		"$CADGEN" --help >"$tmp/help" 2>/dev/null
		awk '/^\.Ss / || /^\.Sh FILES/ { exit } { print }' "$page" >"$tmp/page"
	else
		"$CADGEN" "$1" --help >"$tmp/help" 2>/dev/null
		awk -v ss=".Ss cadgen $1" '/^\.S[sh] / { on = $0 == ss } on' "$page" >"$tmp/page"
	fi

	# One line per option, its wrapped help joined: "-n, --count=N how many ... (default 1000)".
	awk '/^$/ { if (line) print line; line = "" }
		/^ +(-[a-zA-Z], )?--/ { if (line) print line; line = $0; next }
		line { line = line $0 }
		END { print line }' "$tmp/help" | tr -s ' ' | sed 's/^ //' >"$tmp/help-lines"
	# One line per option of the page: its .It line and the text up to the next.
	awk '/^\.It Fl / { if (line) print line; line = $0; next }
		/^\.El/ { if (line) print line; line = "" }
		line { line = line " " $0 }' "$tmp/page" | tr -s ' ' >"$tmp/page-lines"

	sed -n -E 's/^(-[a-zA-Z], )?(--[a-z-]+).*/\1\2/p' "$tmp/help-lines" |
		sort >"$tmp/help-options"
	sed -n -E 's/^\.It Fl ([a-zA-Z]) , Fl Fl ([a-z-]+).*/-\1, --\2/p
		s/^\.It Fl Fl ([a-z-]+).*/--\1/p' "$tmp/page-lines" | sort >"$tmp/page-options"
	ok "$options_name --help lists options" test -s "$tmp/help-options"
	ok "$options_name --help and cadgen(1) name the same options" \
		diff "$tmp/help-options" "$tmp/page-options"

	# A default is one word in parentheses at the end of the help, before what choices there are.
	sed -n -E 's/^(-[a-zA-Z], )?--([a-z-]+).*\(([^ ()]+)\)(; one of .*)?$/\2 \3/p' \
		"$tmp/help-lines" >"$tmp/help-defaults"
	ok "$options_name --help states defaults" test -s "$tmp/help-defaults"
	while read -r option default; do
		grep -E "^\.It .*Fl Fl $option( |\$)" "$tmp/page-lines" |
			grep -q -E "default (\.?(Pa|Cm|Li|Ql) )?$default( |\.|,|\$)" ||
			echo "--$option: default $default"
	done <"$tmp/help-defaults" >"$tmp/defaults"
	ok "cadgen(1) states the defaults of $options_name --help" test ! -s "$tmp/defaults"
	sed 's/^/# not in the page: /' "$tmp/defaults"
}

ok "--help runs" "$CADGEN" --help
check_options ''
# The verbs stand at the end of the help, behind an empty line: "  verify   what it does".
"$CADGEN" --help | awk '/^$/ { part++ } part == 2 && /^  [a-z]/ { print $1 }' >"$tmp/verbs"
ok "--help names verbs" test -s "$tmp/verbs"
sed -n -E 's/^\.Ss cadgen ([a-z]+)$/\1/p' "$page" >"$tmp/page-verbs"
ok "--help and cadgen(1) name the same verbs" diff "$tmp/verbs" "$tmp/page-verbs"
while read -r verb; do
	check_options "$verb"
done <"$tmp/verbs"

# The commands of EXAMPLES are its literal lines that begin with "$ ", run one after the other in
# one folder with the files that they name.
mkdir "$tmp/bin" "$tmp/work"
ln -s "$CADGEN" "$tmp/bin/cadgen"
cp "$CADGEN_SRCDIR/samples/styles/phone_photo.json" "$tmp/work"
printf 'Write the drawing as a program.\nGive the program of this drawing.\n' \
	>"$tmp/work/prompts.txt"
awk '/^\.Sh/ { on = $2 == "EXAMPLES" } on' "$page" | sed -n 's/^\$ //p' |
	sed 's/\\e/\\/g; s/\\-/-/g' >"$tmp/examples"
ok "EXAMPLES has commands" test -s "$tmp/examples"
cd "$tmp/work" || exit 1
PATH=$tmp/bin:$PATH
while IFS= read -r command; do
	ok "example: $command" sh -e -c "$command" </dev/null
done <"$tmp/examples"

# S(ID, "name", "family ...", "x y ...", ...) and P(ID, "name", KIND, lowest, highest), the bounds in thousandths
# but for a count, against the pages' .It lines.
formats=$CADGEN_SRCDIR/formats
sed -n -E 's/^\tS\([A-Z_]+, "([a-z_]+)", "[a-z ]+", "([A-Za-z0-9_ ]+)".*/\1 \2/p' \
	"$formats/shape.h" >"$tmp/kinds"
ok "shape.h has shapes" test -s "$tmp/kinds"
sed -n -E 's/^\.It Ic ([a-z_]+) Ar ([A-Za-z0-9_ ]+)$/\1 \2/p' "$formats/program.5" \
	>"$tmp/program-kinds"
ok "program(5) lists the shapes of shape.h" diff "$tmp/kinds" "$tmp/program-kinds"
sed -n -E 's/^\.It Ic ([a-z_]+) Ta Ar ([A-Za-z0-9_ ]+)$/\1 \2/p' "$formats/scene.5" \
	>"$tmp/scene-kinds"
ok "scene(5) lists the shapes of shape.h" diff "$tmp/kinds" "$tmp/scene-kinds"

sed -n -E 's/^\tP\([A-Z0-9_]+, ("[A-Za-z0-9_]+"), ([A-Z_]+), (-?[0-9]+), (-?[0-9]+)\).*/\1 \2 \3 \4/p' \
	"$formats/shape.h" | awk '{
		by = $2 == "COUNT" ? 1 : 1000
		gsub(/"/, "", $1)
		printf "%s %s %.10g %.10g\n", $1, tolower($2), $3 / by, $4 / by
	}' >"$tmp/params"
ok "shape.h has parameters" test -s "$tmp/params"
sed -n -E 's/^\.It Ar ([A-Za-z0-9_]+) Ta ([a-z ]+) Ta ([^ ]+) Ta ([^ ]+)$/\1 \2 \3 \4/p' \
	"$formats/program.5" | sed 's/\\-/-/g; s/point list/point_list/' >"$tmp/program-params"
ok "program(5) lists the parameters of shape.h" diff "$tmp/params" "$tmp/program-params"
tap_done
