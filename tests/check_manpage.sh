#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen --help and cadgen(1), cadconv, cadtok, cadtrain, cadeval and cadloop alike, name the same options, defaults and verbs; the
# pages' EXAMPLES run as they stand; program(5) and scene(5) have the tables of shape.h,
# metrics(5) that of metrics.h.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
. "$CADGEN_SRCDIR/tests/manpage.sh"
. "$CADGEN_SRCDIR/tests/made_models.sh"

mkdir "$tmp/bin" "$tmp/work-cadgen" "$tmp/work-cadconv" "$tmp/work-cadtok" "$tmp/work-cadtrain" "$tmp/work-cadeval" "$tmp/work-cadloop"
ln -s "$CADGEN" "$tmp/bin/cadgen"
ln -s "$CADGEN_BUILDDIR/cadconv" "$tmp/bin/cadconv"
ln -s "$CADGEN_BUILDDIR/cadtok" "$tmp/bin/cadtok"
ln -s "$CADGEN_BUILDDIR/cadtrain" "$tmp/bin/cadtrain"
ln -s "$CADGEN_BUILDDIR/cadeval" "$tmp/bin/cadeval"
ln -s "$CADGEN_BUILDDIR/cadloop" "$tmp/bin/cadloop"

program=cadgen binary=$CADGEN page=$CADGEN_SRCDIR/gen/cadgen.1
ok "cadgen --help runs" "$CADGEN" --help
check_options ''
check_verbs
cp "$CADGEN_SRCDIR/samples/styles/phone_photo.json" "$tmp/work-cadgen"
printf 'Write the drawing as a program.\nGive the program of this drawing.\n' \
	>"$tmp/work-cadgen/prompts.txt"
run_examples

program=cadconv binary=$CADGEN_BUILDDIR/cadconv page=$CADGEN_SRCDIR/gen/cadconv.1
ok "cadconv --help runs" "$binary" --help
check_verbs
plates "$tmp/work-cadconv/models" 12
if grep -q 'define HAVE_OCCT 1' "$CADGEN_BUILDDIR/config.h"; then
	run_examples
else
	skip "EXAMPLES of cadconv(1)" "built without Open CASCADE"
fi

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

program=cadeval binary=$CADGEN_BUILDDIR/cadeval page=$CADGEN_SRCDIR/trainer/cadeval.1
ok "cadeval --help runs" "$binary" --help
check_options ''
run_examples

program=cadloop binary=$CADGEN_BUILDDIR/cadloop page=$CADGEN_SRCDIR/trainer/cadloop.1
ok "cadloop --help runs" "$binary" --help
check_options ''
run_examples
# K(ID, "name", "program", "verb", ...) against the page's .It lines.
sed -n -E '/#define RECIPE_KINDS/,/^enum/s/^\tK\([A-Z]+, "([a-z]+)", "?([a-zA-Z]+)"?, "?([a-zA-Z]+)"?,.*/\1 \2 \3/p' \
	"$CADGEN_SRCDIR/trainer/loop/loop_recipe.h" | sed 's/ NULL//g' >"$tmp/kinds"
ok "loop_recipe.h has kinds of steps" test -s "$tmp/kinds"
sed -n -E 's/^\.It Ic ([a-z]+) Ta ([a-z ]*)Ta.*/\1 \2/p' "$page" | sed 's/ *$//' >"$tmp/page-kinds"
ok "cadloop(1) lists them" diff "$tmp/kinds" "$tmp/page-kinds"

# S(ID, "name", "family ...", "x y ...", ...) and P(ID, "name", KIND, lowest, highest), the bounds in thousandths
# but for a count, against the pages' .It lines.
formats=$CADGEN_SRCDIR/formats
sed -n -E 's/^\tS\([A-Z_]+, "([a-z_]+)", "[a-z ]+", "([A-Za-z0-9_ ]+)".*/\1 \2/p' \
	"$formats/scene/shape.h" >"$tmp/kinds"
ok "shape.h has shapes" test -s "$tmp/kinds"
sed -n -E 's/^\.It Ic ([a-z_]+) Ar ([A-Za-z0-9_ ]+)$/\1 \2/p' "$formats/program.5" \
	>"$tmp/program-kinds"
ok "program(5) lists the shapes of shape.h" diff "$tmp/kinds" "$tmp/program-kinds"
sed -n -E 's/^\.It Ic ([a-z_]+) Ta Ar ([A-Za-z0-9_ ]+)$/\1 \2/p' "$formats/scene.5" \
	>"$tmp/scene-kinds"
ok "scene(5) lists the shapes of shape.h" diff "$tmp/kinds" "$tmp/scene-kinds"

sed -n -E 's/^\tP\([A-Z0-9_]+, ("[A-Za-z0-9_]+"), ([A-Z_]+), (-?[0-9]+), (-?[0-9]+)\).*/\1 \2 \3 \4/p' \
	"$formats/scene/shape.h" | awk '{
		by = $2 == "COUNT" ? 1 : 1000
		gsub(/"/, "", $1)
		printf "%s %s %.10g %.10g\n", $1, tolower($2), $3 / by, $4 / by
	}' >"$tmp/params"
ok "shape.h has parameters" test -s "$tmp/params"
sed -n -E 's/^\.It Ar ([A-Za-z0-9_]+) Ta ([a-z ]+) Ta ([^ ]+) Ta ([^ ]+)$/\1 \2 \3 \4/p' \
	"$formats/program.5" | sed 's/\\-/-/g; s/point list/point_list/' >"$tmp/program-params"
ok "program(5) lists the parameters of shape.h" diff "$tmp/params" "$tmp/program-params"

# F(ID, "name", "what it is") of the figures, in this order.
sed -n -E '/#define METRICS_FIGURES/,/^enum/s/^\tF\([A-Z0-9_]+, "([a-z0-9_]+)".*/\1/p' \
	"$formats/metrics/metrics.h" >"$tmp/figures"
ok "metrics.h has figures" test -s "$tmp/figures"
awk '/^\.S[sh] / { on = $2 == "Figures" } on' "$formats/metrics.5" | sed -n 's/^\.It Ql //p' |
	tr -d ' ' | tr , '\n' >"$tmp/page-figures"
ok "metrics(5) lists the figures of metrics.h" diff "$tmp/figures" "$tmp/page-figures"
tap_done
