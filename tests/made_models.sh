# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Files of DeepCAD models. A script sources this file and calls
#
#	model "$(loop 0 0 2 0 2 1 0 1),$(circle 1 0.5 0.2)" 0.5 >plate.json
#	plates FOLDER COUNT

point() {
	printf '"%s":{"x":%s,"y":%s,"z":0.0}' "$1" "$2" "$3"
}

line() {
	printf '{"type":"Line3D",%s,%s}' "$(point start_point "$1" "$2")" "$(point end_point "$3" "$4")"
}

# loop X Y X Y ...: a closed polygon.
loop() {
	loop_x=$1 loop_y=$2 loop_comma=''
	printf '{"is_outer":true,"profile_curves":['
	while [ $# -ge 2 ]; do
		printf '%s%s' "$loop_comma" "$(line "$1" "$2" "${3-$loop_x}" "${4-$loop_y}")"
		loop_comma=,
		shift 2
	done
	printf ']}'
}

circle() {
	printf '{"is_outer":true,"profile_curves":[{"type":"Circle3D",%s,"radius":%s,%s}]}' \
		"$(point center_point "$1" "$2")" "$3" "$(point normal 0.0 0.0)"
}

# model LOOPS DEPTH: the file of a plate.
model() {
	printf '{"entities":{"S":{"type":"Sketch","name":"S","transform":{"origin":{"x":0.0,"y":0.0,"z":0.0},'
	printf '"x_axis":{"x":1.0,"y":0.0,"z":0.0},"y_axis":{"x":0.0,"y":1.0,"z":0.0},'
	printf '"z_axis":{"x":0.0,"y":0.0,"z":1.0}},"profiles":{"P":{"loops":[%s]}}},' "$1"
	printf '"E":{"type":"ExtrudeFeature","name":"E","profiles":[{"profile":"P","sketch":"S"}],'
	printf '"operation":"NewBodyFeatureOperation","start_extent":{"type":"ProfilePlaneStartDefinition"},'
	printf '"extent_type":"OneSideFeatureExtentType","extent_one":{"type":"DistanceExtentDefinition",'
	printf '"distance":{"value":%s}}}},"sequence":[{"entity":"S"},{"entity":"E"}]}\n' "$2"
}

# plates FOLDER COUNT: plates of all widths with a hole, in two folders.
plates() {
	mkdir -p "$1/a" "$1/b"
	plates_i=1
	while [ $plates_i -le "$2" ]; do
		plates_w=$(awk "BEGIN { print 0.02 + $plates_i / 1000 }")
		plates_to=$1/b
		[ $((plates_i % 2)) = 0 ] && plates_to=$1/a
		model "$(loop 0 0 "$plates_w" 0 "$plates_w" 0.02 0 0.02),$(circle 0.01 0.01 0.004)" 0.005 \
			>"$plates_to/$(printf '%08d' "$plates_i").json"
		plates_i=$((plates_i + 1))
	done
}
