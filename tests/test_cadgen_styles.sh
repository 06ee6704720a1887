#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen styles and styles by name: the list, each style printed and used again, the contact sheet, what
# is refused; mixes: proved, the same bytes with any number of threads, resumed, restyled into.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
seed=${CADGEN_TEST_SEED:-$(date +%s)}
echo "# seed $seed"
unset CADGEN_STYLES
styles=$CADGEN_SRCDIR/samples/styles

# --- the list, and each style ---------------------------------------------------------------------

ok "the list" sh -c '"$CADGEN" styles >list'
awk '{ print $1 }' list >listed
for file in "$styles"/*.json; do
	basename "$file" .json
done | LC_ALL=C sort >wanted
ok "names every style of the source" diff wanted listed
ok "one a line, with a description, in 80 columns" sh -c \
	"test \$(grep -c -E '^[A-Za-z0-9_-]+  +[^ ].{19,}' list) = \$(wc -l <list) && ! grep -E '.{81}' list"

while read -r name; do
	ok "$name is printed" sh -c "\"\$CADGEN\" styles $name >$name.json"
	for given in "$name" "$name.json" "$styles/$name.json"; do
		"$CADGEN" --seed "$seed" --index 3 --size 512 --stop-after scan --style "$given" \
			>"drawn$(echo "$given" | tr / _)" 2>>err || echo "$given" >>failed
	done
	ok "$name: by name, as printed and as a file give the same picture" sh -c \
		"cmp drawn$name drawn$name.json && cmp drawn$name drawn$(echo "$styles/$name.json" | tr / _)"
	if ! grep -q '"mix"' "$name.json"; then
		ok "$name is printed as its file is" cmp "$name.json" "$styles/$name.json"
	fi
done <listed
ok "all of them are drawn" test ! -e failed
ok "what is printed of a mix is printed again" sh -c \
	'"$CADGEN" styles mix.json >again && cmp mix.json again'
ok "which has the sheets, not their names" sh -c \
	'! grep -q "\"style\": \"" mix.json && grep -q "\"style\": {" mix.json'

# README.md and dataset_info.json tell the command, which differs.
ok "a dataset by name" "$CADGEN" --seed "$seed" --count 12 --size 512 --style office_scan --out named
ok "a dataset by file" "$CADGEN" --seed "$seed" --count 12 --size 512 --style office_scan.json \
	--out filed
ok "differ in their commands alone" sh -c 'diff -r -q -x README.md -x dataset_info.json named filed &&
	grep -v "^\"command\"" named/dataset_info.json >without &&
	grep -v "^\"command\"" filed/dataset_info.json | cmp - without'
ok "the card has the name" grep -q -e '--style office_scan$' named/README.md

# --- names and files ------------------------------------------------------------------------------

printf '{"standard": "mine", "text_mm": 5}\n' >gost
printf '{"standard": "mine"}\n' >mine.json
ok "a name is not the file here" sh -c '"$CADGEN" styles gost | cmp - gost.json'
ok "./ is the file here" sh -c '"$CADGEN" styles ./gost | grep -q "\"text_mm\": 5"'
ok ".json is the file here" sh -c '"$CADGEN" styles mine.json | grep -q "\"standard\": \"mine\""'
refused "an unknown name lists those there are" 2 \
	"no style 'gots'; there are asme-inch, .*, solidworks; for a file here write \./gots" \
	"$CADGEN" --style gots --stop-after scene
refused "mine is none of them" 2 "no style 'mine'" "$CADGEN" styles mine
refused "a file that is not there" 1 'absent\.json' "$CADGEN" styles absent.json
refused "two names" 2 "unexpected argument 'iso'" "$CADGEN" styles gost iso
mkdir own
cp mine.json own
ok "CADGEN_STYLES is another folder" sh -c \
	'test "$(CADGEN_STYLES=own "$CADGEN" styles | tr -d " ")" = mine'
ok "whose names --style takes" env CADGEN_STYLES=own "$CADGEN" --style mine --stop-after scene
refused "and no others" 2 'there are mine;' env CADGEN_STYLES=own "$CADGEN" --style gost \
	--stop-after scene
refused "a folder that is not there" 1 'absent: No such file' env CADGEN_STYLES=absent "$CADGEN" styles
mkdir none
refused "an empty one" 1 'no styles in none' env CADGEN_STYLES=none "$CADGEN" styles
printf '{"text_mm":\n99}\n' >own/wrong.json
refused "one with a wrong file" 1 'own/wrong\.json:2: .text_mm. is 99' env CADGEN_STYLES=own \
	"$CADGEN" styles

# --- the contact sheet ----------------------------------------------------------------------------

for family in shapes plate turned cabinet; do
	ok "a contact sheet: $family" "$CADGEN" styles --contact-sheet $family.png --family $family \
		--seed "$seed" --size 512
done
ok "again" "$CADGEN" styles --contact-sheet again.png --family plate --seed "$seed" --size 512
ok "is the same" cmp plate.png again.png
ok "another seed" "$CADGEN" styles --contact-sheet again.png --seed "$((seed + 1))" --size 512
ok "is another" sh -c '! cmp -s plate.png again.png'
refused "a contact sheet of a name" 2 "no 'gost'" "$CADGEN" styles gost --contact-sheet x.png
refused "a family that is none" 2 '--family' "$CADGEN" styles --contact-sheet x.png --family gear
refused "a folder that is not there" 1 'absent/x\.png' "$CADGEN" styles --contact-sheet absent/x.png \
	--size 256
ok "nothing is left" test ! -e x.png

# --- mixes ----------------------------------------------------------------------------------------

side=$(extent 1024 512)
ok "a dataset of a mix" "$CADGEN" --seed "$seed" --count 60 --size "$side" --family mix --style mix \
	--out mixed --jobs 2 --contact-sheet mixed.png
ok "is proved" "$CADGEN" verify mixed
ok "one thread" "$CADGEN" --seed "$seed" --count 60 --size "$side" --family mix --style mix --out one \
	--jobs 1
ok "gives the same bytes" diff -r mixed one
ok "its settings have the sheets written out" sh -c \
	'grep -q "\"standard\": \"office_scan\"" mixed/dataset_info.json && ! grep -q "\"style\": \"" mixed/dataset_info.json'
mkdir away
ok "it needs no folder of styles" env CADGEN_STYLES=away "$CADGEN" verify mixed --limit 5
# Each is 8 in 20 or more: 60 samples lack one with a chance under 1e-13.
ok "there are scans" grep -q '^{[^[]*"scan":' mixed/annotations.jsonl
ok "and clean drawings" sh -c "grep -v '^{[^[]*\"scan\":' mixed/annotations.jsonl"

env --default-signal=INT "$CADGEN" --seed "$seed" --count 60 --size "$side" --family mix --style mix --out resumed \
	>out 2>err &
pid=$!
while [ "$(find resumed/images -type f 2>/dev/null | wc -l)" -lt 10 ] && kill -0 $pid 2>/dev/null; do
	sleep 0.01
done
kill -INT $pid 2>/dev/null
wait $pid
ok "stopped and resumed, with the printed mix" "$CADGEN" --seed "$seed" --count 60 --size "$side" \
	--family mix --style mix.json --out resumed --resume
ok "gives the same pictures" diff -r mixed/images resumed/images
refused "resumed with another mix" 2 'was begun with style' "$CADGEN" --seed "$seed" --count 60 --size "$side" \
	--family mix --style gost --out resumed --resume

ok "a plain dataset" "$CADGEN" --seed "$seed" --count 40 --size "$side" --family mix --out plain
ok "restyled into the mix" "$CADGEN" restyle plain --style mix --out restyled
ok "is proved" "$CADGEN" verify restyled
ok "has the same programs" cmp plain/train.json restyled/train.json
printf '{"mix": [{"share": 1, "style": "asme-inch"}, {"share": 1, "style": "own/mine.json"}]}\n' >two.json
ok "a mix of two units" "$CADGEN" --seed "$seed" --count 40 --size "$side" --style two.json --out two
ok "is proved" "$CADGEN" verify two
ok "and has both" sh -c \
	'grep -q "\"unit\":\"inch\"" two/scenes.jsonl && grep -q -v "\"unit\":\"inch\"" two/scenes.jsonl'
ok "restyled into another of both" "$CADGEN" restyle two --style mix --out both
ok "is proved" "$CADGEN" verify both
printf '{"mix": [{"share": 1, "style": "gost"}, {"share": 1, "style": "iso"}]}\n' >metric.json
refused "restyled into one of millimetres" 1 'the scene is in inch, the style.s unit is mm' \
	"$CADGEN" restyle two --style metric.json --out metric

# wrong NAME PATTERN MIX
wrong() {
	printf '%s\n' "$3" >wrong.json
	refused "$1" 1 "wrong\.json:$2" "$CADGEN" --style wrong.json --stop-after scene
}
wrong "an empty mix" '1: .mix. must be a list of 1 to 256' '{"mix": []}'
wrong "a share below 0" '1: .mix\.share. is -1; allowed 0 to 1000' \
	'{"mix": [{"share": -1, "style": "iso"}]}'
wrong "shares of 0" '1: all shares of .mix. are 0' '{"mix": [{"share": 0, "style": "iso"}]}'
wrong "an unknown name" '1: no style .oso.; there are asme-inch' '{"mix": [{"share": 1, "style": "oso"}]}'
wrong "an unknown key" '1: .mix. has .weight.; allowed share, style' \
	'{"mix": [{"share": 1, "style": "iso", "weight": 1}]}'
wrong "a mix in a mix" '1: .*mix\.json:[0-9]+: .mix. in a style of a mix' \
	'{"mix": [{"share": 1, "style": "mix"}]}'
tap_done
