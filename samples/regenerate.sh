#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the numbered artefacts of one sample of each family, one file per stage, the styles of degraded
# pictures, and a vocabulary with the plate's program in its tokens, in every language.
#
#	samples/regenerate.sh [FOLDER]
#
# FOLDER, where the samples' folders are, defaults to samples; the programs are $CADGEN or
# build/cadgen, and cadtok and cadconv beside it. Without Open CASCADE the part is left as it is.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
samples=${1:-$root/samples}
cadgen=${CADGEN:-$root/build/cadgen}
cadtok=${cadgen%cadgen}cadtok
cadconv=${cadgen%cadgen}cadconv
styles=$root/samples/styles
languages='calls json python sketch cadquery'

# sample NAME OPTION...
sample() {
	folder=$samples/$1
	shift
	mkdir -p "$folder"
	for stage in scene:1-scene.json program:2-program.txt drawing:3-drawing.json \
		image:4-image.png; do
		"$cadgen" "$@" --stop-after "${stage%%:*}" >"$folder/part" || {
			rm -f "$folder/part"
			exit 1
		}
		mv "$folder/part" "$folder/${stage#*:}"
	done
}

# One of the random parts: its model, program and sheet.
part() {
	folder=$samples/part
	parts=$(mktemp -d "${TMPDIR:-/tmp}/cadgen-samples.XXXXXX")
	id=00000004
	if "$cadconv" parts "$parts/parts" --count 5 --seed 1 --style iso >/dev/null 2>&1; then
		mkdir -p "$folder"
		cp "$parts/parts/cad_json/$id.json" "$folder/1-model.json"
		cat "$parts/parts/train.json" "$parts/parts/val.json" | grep "^{\"id\":\"$id\"" |
			sed -E 's/.*"from":"gpt","value":"(.*)"\}\]\},?$/\1/; s/\\n$//; s/\\n/\
/g; s/\\"/"/g' >"$folder/2-program.txt"
		cp "$parts/parts/images/$id.png" "$folder/4-image.png"
	fi
	rm -rf "$parts"
}

# The vocabulary of 200 programs in each language. Options of the sample that is shown follow.
tokenizer() {
	folder=$samples/tokenizer
	mkdir -p "$folder"
	work=$(mktemp -d "${TMPDIR:-/tmp}/cadgen-samples.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	for language in $languages; do
		"$cadgen" --seed 1 --count 200 --family shapes,plate,turned --size 512 \
			--program "$language" --out "$work/$language" >/dev/null 2>&1
	done
	(cd "$work" && "$cadtok" train --quiet --vocab-size 1024 --out "$folder/tokenizer.json" ./*)
	for language in $languages; do
		"$cadgen" "$@" --stop-after program --program "$language" >"$work/program"
		"$cadtok" inspect "$folder/tokenizer.json" "$work/program" >"$folder/$language.txt"
	done
}

"$root/samples/presets.sh" "$styles" "$samples/styles"
sample 0001 --seed 1 --index 1
sample plate --seed 1 --index 28 --family plate --size 1024 --style "$styles/iso.json"
sample turned --seed 1 --index 8 --family turned --size 1024 --style "$styles/gost.json"
sample cabinet --seed 1 --index 11 --family cabinet --size 1024 --style "$styles/asme-mm.json" \
	--program python
part
tokenizer --seed 1 --index 28 --family plate --size 1024 --style "$styles/iso.json"
