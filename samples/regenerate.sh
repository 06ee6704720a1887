#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the numbered artefacts of one sample, number 1 of seed 1, one file per stage.
#
#	samples/regenerate.sh [FOLDER]
#
# FOLDER defaults to samples/0001; the program is $CADGEN or build/cadgen.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1:-$root/samples/0001}
cadgen=${CADGEN:-$root/build/cadgen}

mkdir -p "$folder"
trap 'rm -f "$folder/part"' EXIT
stage() {
	"$cadgen" --seed 1 --index 1 --stop-after "$1" >"$folder/part"
	mv "$folder/part" "$folder/$2"
}
stage scene 1-scene.json
stage program 2-program.txt
stage drawing 3-drawing.json
stage image 4-image.png
