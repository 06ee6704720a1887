#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen --help and cadgen(1), cadtok and cadtrain alike, name the same options, defaults and verbs; the
# pages' EXAMPLES run as they stand; program(5) and scene(5) have the tables of shape.h.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
. "$CADGEN_SRCDIR/tests/manpage.sh"

mkdir "$tmp/bin" "$tmp/work-cadgen" "$tmp/work-cadtok" "$tmp/work-cadtrain"
ln -s "$CADGEN" "$tmp/bin/cadgen"
ln -s "$CADGEN_BUILDDIR/cadtok" "$tmp/bin/cadtok"
ln -s "$CADGEN_BUILDDIR/cadtrain" "$tmp/bin/cadtrain"

program=cadgen binary=$CADGEN page=$CADGEN_SRCDIR/gen/cadgen.1
ok "cadgen --help runs" "$CADGEN" --help
check_options ''
check_verbs
cp "$CADGEN_SRCDIR/samples/styles/phone_photo.json" "$tmp/work-cadgen"
printf 'Write the drawing as a program.\nGive the program of this drawing.\n' \
	>"$tmp/work-cadgen/prompts.txt"
run_examples

program=cadtok binary=$CADGEN_BUILDDIR/cadtok page=$CADGEN_SRCDIR/tokenizer/cadtok.1
ok "cadtok --help runs" "$binary" --help
check_verbs
run_examples

program=cadtrain binary=$CADGEN_BUILDDIR/cadtrain page=$CADGEN_SRCDIR/trainer/cadtrain.1
ok "cadtrain --help runs" "$binary" --help
check_options ''
run_examples
# A("name", "key") against the page's .It lines.
sed -n -E 's/^\tA\("([a-z_]+)", "([a-z_]+)"\).*/\1 \2/p' "$CADGEN_SRCDIR/trainer/train_config_main.c" \
	>"$tmp/names"
ok "train_config_main.c has other names of keys" test -s "$tmp/names"
sed -n -E 's/^\.It Ic ([a-z_]+) Ta Ic ([a-z_]+).*/\1 \2/p' "$page" >"$tmp/page-names"
ok "cadtrain(1) lists them" diff "$tmp/names" "$tmp/page-names"

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
