#!/bin/sh
# SPDX-License-Identifier: MIT
# samples/regenerate.sh makes what is kept in samples/0001, the picture compared by its pixels.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"

sample=$CADGEN_SRCDIR/samples/0001
ok "regenerate.sh runs" "$CADGEN_SRCDIR/samples/regenerate.sh" "$tmp/0001"
for file in 1-scene.json 2-program.txt 3-drawing.json; do
	ok "$file" cmp "$tmp/0001/$file" "$sample/$file"
done
ok "4-image.png" "$CADGEN_BUILDDIR/png_equal" "$tmp/0001/4-image.png" "$sample/4-image.png"
ok "nothing else is left" test "$(ls "$tmp/0001" | wc -l)" = 4

# The kept scene, taken as input, gives the same stages.
"$CADGEN" --scene "$sample/1-scene.json" --stop-after program >"$tmp/program" 2>&1
ok "the scene file leads to the same program" cmp "$tmp/program" "$sample/2-program.txt"

# styles/iso-clean.json is the built-in style.
"$CADGEN" --seed 1 --index 1 --stop-after drawing --style "$CADGEN_SRCDIR/samples/styles/iso-clean.json" \
	>"$tmp/drawing" 2>&1
ok "styles/iso-clean.json is the built-in style" cmp "$tmp/drawing" "$sample/3-drawing.json"
tap_done
