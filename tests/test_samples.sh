#!/bin/sh
# SPDX-License-Identifier: MIT
# samples/regenerate.sh makes what is kept in samples, the pictures compared by their pixels.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"

samples=$CADGEN_SRCDIR/samples
ok "regenerate.sh runs" "$samples/regenerate.sh" "$tmp/samples"
for name in 0001 plate turned cabinet; do
	for file in 1-scene.json 2-program.txt 3-drawing.json; do
		ok "$name/$file" cmp "$tmp/samples/$name/$file" "$samples/$name/$file"
	done
	ok "$name/4-image.png" "$CADGEN_BUILDDIR/png_equal" "$tmp/samples/$name/4-image.png" \
		"$samples/$name/4-image.png"
	ok "$name: nothing else is left" test "$(ls "$tmp/samples/$name" | wc -l)" = 4
done

if grep -q 'define HAVE_OCCT 1' "$CADGEN_BUILDDIR/config.h"; then
	ok "part/1-model.json" cmp "$tmp/samples/part/1-model.json" "$samples/part/1-model.json"
	ok "part/2-program.txt" cmp "$tmp/samples/part/2-program.txt" "$samples/part/2-program.txt"
	ok "part/4-image.png" "$CADGEN_BUILDDIR/png_equal" "$tmp/samples/part/4-image.png" "$samples/part/4-image.png"
else
	skip "the part" "built without Open CASCADE"
fi

for name in blueprint cad_pdf fax office_scan old_copy pencil_sketch phone_photo school_notebook; do
	ok "styles/$name.json" cmp "$tmp/samples/styles/$name.json" "$samples/styles/$name.json"
done

for file in tokenizer.json tokenizer_config.json special_tokens_map.json chat_template.jinja calls.txt \
	json.txt python.txt sketch.txt cadquery.txt; do
	ok "tokenizer/$file" cmp "$tmp/samples/tokenizer/$file" "$samples/tokenizer/$file"
done

# The kept scene, taken as input, gives the same stages.
"$CADGEN" --scene "$samples/0001/1-scene.json" --stop-after program >"$tmp/program" 2>&1
ok "the scene file leads to the same program" cmp "$tmp/program" "$samples/0001/2-program.txt"

# styles/iso-clean.json is the built-in style.
"$CADGEN" --seed 1 --index 1 --stop-after drawing --style "$samples/styles/iso-clean.json" \
	>"$tmp/drawing" 2>&1
ok "styles/iso-clean.json is the built-in style" cmp "$tmp/drawing" "$samples/0001/3-drawing.json"
tap_done
