#!/bin/sh
# SPDX-License-Identifier: MIT
# cadconv score in every language that can be read: the truth scores 100, another part's program little, and revolves
# are measured as extrudes are.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
CADCONV=${CADCONV:-$CADGEN_BUILDDIR/cadconv}
[ -x "$CADCONV" ] || skip_all "no $CADCONV"
grep -q 'define HAVE_OCCT 1' "$CADGEN_BUILDDIR/config.h" || skip_all "built without Open CASCADE"
refused_program=cadconv
cd "$tmp" || exit 1
seed=${CADGEN_TEST_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "# seed $seed"

# figure NAME: its value in the table, without its fraction.
figure() {
	awk -v name="$1" '$1 == name { print int($2) }' table
}
# predictions FILE SHIFT: each part's program, or that of the part so many behind it.
predictions() {
	grep '^{"id":' "$1" | sed -E 's/.*"id":"([^"]*)".*"gpt","value":("([^"\\]|\\.)*").*/\1 \2/' |
		awk -v shift="$2" '{ id[NR] = $1; sub(/^[^ ]* /, ""); text[NR] = $0 }
		END { for (i = 1; i <= NR; i++)
			printf "{\"id\":\"%s\",\"program\":%s}\n", id[i], text[(i - 1 + shift) % NR + 1] }'
}
parts=$(extent 10 4)
for code in sketch cadquery gencad recode text2cad deepcad; do
	sweeps=extrude,revolve
	[ $code != text2cad ] || sweeps=extrude # it has no revolves
	"$CADCONV" parts --seed "$seed" --count "$parts" --operations 3 --sweeps $sweeps --layout separate \
		--views front --resolution 64 --val-fraction 1 --program $code $code >/dev/null 2>&1
	ok "$code: parts" test "$(grep -c '^{"id":' $code/val.json)" -ge $((parts - 1))
	predictions $code/val.json 0 >same
	predictions $code/val.json 1 >shifted
	ok "$code: the truth is scored" sh -c '"$1" score --program '$code' '$code' same >table' - "$CADCONV"
	ok "$code: all are solids" test "$(figure valid)" = 100
	ok "$code: all say the same" test "$(figure exact)" = 100
	ok "$code: and fill it" test "$(figure iou)" = 100
	ok "$code: others are scored" sh -c '"$1" score --program '$code' '$code' shifted >table' - "$CADCONV"
	ok "$code: as solids" test "$(figure valid)" = 100
	ok "$code: which are not the same" test "$(figure exact)" = 0
	ok "$code: and fill little of it" test "$(figure iou)" -lt 70
done
# A revolve that is a step wider.
printf '{"id":"a","truth":"%s","program":"%s"}\n' \
	"import cadquery as cq\\nw0=cq.Workplane('XY',origin=(0,0,0))\\nr=w0.sketch().segment((0,0),(50,0)).segment((50,100)).segment((0,100)).close().assemble().finalize().revolve(360,(0,0),(0,1))" \
	"import cadquery as cq\\nw0=cq.Workplane('XY',origin=(0,0,0))\\nr=w0.sketch().segment((0,0),(45,0)).segment((45,100)).segment((0,100)).close().assemble().finalize().revolve(360,(0,0),(0,1))" >near
ok "a revolve that is nearly right" sh -c '"$1" score --program recode near >table' - "$CADCONV"
ok "overlaps by the square of its radius" test "$(figure iou)" = 81
refused "a language that is not read" 2 'openecad' "$CADCONV" score --program openecad near
tap_done
