#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the numbered artefacts of one sample of each family, one file per stage, and the styles of
# degraded pictures.
#
#	samples/regenerate.sh [FOLDER]
#
# FOLDER, where the samples' folders are, defaults to samples; the program is $CADGEN or
# build/cadgen.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
samples=${1:-$root/samples}
cadgen=${CADGEN:-$root/build/cadgen}
styles=$root/samples/styles

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
"$root/samples/presets.sh" "$styles" "$samples/styles"
sample 0001 --seed 1 --index 1
sample plate --seed 1 --index 28 --family plate --size 1024 --style "$styles/iso.json"
sample turned --seed 1 --index 8 --family turned --size 1024 --style "$styles/gost.json"
sample cabinet --seed 1 --index 11 --family cabinet --size 1024 --style "$styles/asme-mm.json" \
	--program python
