#!/bin/sh
# SPDX-License-Identifier: MIT
# What programs that nobody here wrote see in our vector files: ezdxf in the DXF, librsvg in the SVG,
# poppler in the PDF.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
python=/usr/bin/python3 # Debian's, which has Debian's modules
here=$CADGEN_SRCDIR/tests
cd "$tmp" || exit 1

seed=${CADGEN_TEST_SEED:-$(date +%s)}
echo "# seed $seed"
# Always the same ones: where nearly all ink is small circles, viewers differ by more of it than is allowed.
ok "50 drawings" "$CADGEN" --seed "${CADGEN_TEST_SEED:-1}" --count 50 --size 1024 --family mix --out set \
	--also svg,pdf,dxf

has_module() {
	"$python" -c "import $1" 2>/dev/null
}

# Another scale, sides, decimals, what fresh scenes may lack: wide angles, an ellipse that stands, parallel
# arrangement.
write_scene() {
	cat >"$1.json" <<EOF2
{"family":"shapes","unit":"mm","sheet":$5,"scale":"$2","arrangement":"$3","shapes":[
{"type":"arc","x":$((30 * $4)),"y":$((125 * $4)),"r":$((14 * $4)).25,"start":20,"sweep":250},
{"type":"ellipse","x":$((100 * $4)),"y":$((140 * $4)).5,"rx":$((12 * $4)),"ry":$((19 * $4)).5,"angle":30},
{"type":"rounded_rectangle","x":$((110 * $4)).125,"y":$((40 * $4)),"width":$((30 * $4)).375,"height":$((20 * $4)),"r":$((4 * $4)),"angle":20}],
"dimensions":[
{"kind":"position_x","shape":0,"param":"x"},{"kind":"position_y","shape":0,"param":"y"},
{"kind":"radius","shape":0,"param":"r"},{"kind":"angular","shape":0,"param":"start"},
{"kind":"angular","shape":0,"param":"sweep"},
{"kind":"position_x","shape":1,"param":"x"},{"kind":"position_y","shape":1,"param":"y"},
{"kind":"aligned","shape":1,"param":"rx"},{"kind":"aligned","shape":1,"param":"ry"},
{"kind":"angular","shape":1,"param":"angle"},
{"kind":"position_x","shape":2,"param":"x"},{"kind":"position_y","shape":2,"param":"y"},
{"kind":"radius","shape":2,"param":"r"},{"kind":"aligned","shape":2,"param":"width"},
{"kind":"aligned","shape":2,"param":"height"},{"kind":"angular","shape":2,"param":"angle"}]}
EOF2
}

write_scene halved 1:2 parallel 2 [260,220]
write_scene full 1:1 running 1 [220,260]
for name in halved full; do
	ok "a drawing $name" sh -c \
		"\"\$CADGEN\" --scene $name.json --stop-after dxf >$name.dxf"
done

# pairs SET COUNT: what read_dxf.py takes.
pairs() {
	for i in $(seq 0 $(($2 - 1))); do
		echo "$1/scenes.jsonl:$i $1/dxf/00/$(printf %08d "$i").dxf"
	done
}

if has_module ezdxf; then
	# shellcheck disable=SC2046
	ok "ezdxf: 50 files are sound and state their scenes" "$python" "$here/read_dxf.py" \
		$(pairs set 50)
	for style in $(extent "iso asme-inch asme-mm gost jis solidworks school" "asme-inch gost"); do
		for family in shapes plate turned cabinet; do
			rm -rf styled
			ok "$style: $family" "$CADGEN" --seed "$seed" --count 12 --size 1024 \
				--family $family --style "$CADGEN_SRCDIR/samples/styles/$style.json" \
				--out styled --also dxf
			# shellcheck disable=SC2046
			ok "ezdxf: $style: $family" "$python" "$here/read_dxf.py" \
				$(pairs styled 12)
		done
	done
	ok "ezdxf: other scales, too" "$python" "$here/read_dxf.py" \
		halved.json halved.dxf full.json full.dxf
	for kind in open blank tick dot; do
		printf '{"arrow":"%s"}' $kind >style.json
		ok "$kind arrowheads" sh -c \
			"\"\$CADGEN\" --style style.json --scene full.json --stop-after dxf >$kind.dxf"
		ok "ezdxf: $kind arrowheads" "$python" "$here/read_dxf.py" full.json $kind.dxf
	done
	# The comparison sees a wrong number.
	ok "ezdxf: another scene's file is refused" sh -c \
		"! '$python' '$here/read_dxf.py' halved.json full.dxf"
else
	skip "ezdxf" "no python3-ezdxf: apt-get install python3-ezdxf"
fi

# Differences as a share of the ink, over 48 drawings of all families: 0.37 and more to the same one
# moved by a pixel across. The SVG, drawn through Cairo again, came to 0.03 at most: the PNG sets its
# letters to quarters of a pixel. Poppler has a rasteriser of its own, which moves thin lines to whole
# pixels; drawn four times as large and averaged the PDF came to 0.13 at most.
compare() {
	ok "$1: sample $2" "$python" "$here/picture_distance.py" "$3" \
		"set/images/00/0000000$2.png" picture.png
}

# four_times PNG: pdftoppm's size for a picture four times as large.
four_times() {
	"$python" -c "
import sys
from PIL import Image
width, height = Image.open(sys.argv[1]).size
print('-scale-to-x', 4 * width, '-scale-to-y', 4 * height)" "$1"
}

if ! has_module PIL; then
	skip "pictures of SVG and PDF" "no python3-pil: apt-get install python3-pil"
	tap_done
fi
if command -v rsvg-convert >/dev/null; then
	for i in 0 1 2 3 4 5; do
		rsvg-convert -b white --keep-aspect-ratio -w 1024 -h 1024 -o picture.png \
			"set/svg/00/0000000$i.svg"
		compare "rsvg-convert" $i 0.05
	done
else
	skip "rsvg-convert" "not installed: apt-get install librsvg2-bin"
fi
if command -v pdftoppm >/dev/null; then
	for i in 0 1 2 3 4 5; do
		# shellcheck disable=SC2046
		pdftoppm -png -gray -singlefile $(four_times "set/images/00/0000000$i.png") \
			"set/pdf/00/0000000$i.pdf" picture
		compare "pdftoppm" $i 0.2
	done
	ok "another drawing is farther" sh -c \
		"! '$python' '$here/picture_distance.py' 0.2 set/images/00/00000004.png picture.png"
else
	skip "pdftoppm" "not installed: apt-get install poppler-utils"
fi
tap_done
