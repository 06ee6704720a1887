#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen stats: the same figures for any number of threads and in every layout, with a tokenizer, in the card and in
# a plot; samples alike in two parts end in a verdict; what is broken is said with file and line.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
count=40
# The parts of a small dataset are near each other by chance with some seeds, which is a verdict too.
seed=1
tokenizer=$CADGEN_SRCDIR/samples/tokenizer

draw() {
	"$CADGEN" --seed "$seed" --count $count --size 384 --family mix --val-fraction 0.2 \
		--test-fraction 0.1 --style "$CADGEN_SRCDIR/samples/styles/iso.json" "$@"
}

fresh() {
	rm -rf bad
	cp -r good bad
}

# leaks NAME PATTERN COMMAND...: status 3, the table on stdout, one line on stderr.
leaks() {
	leaks_name=$1 leaks_pattern=$2
	shift 2
	"$@" >out 2>err </dev/null
	leaks_status=$?
	if [ $leaks_status != 3 ] || [ "$(wc -l <err)" != 1 ] || ! grep -q '^programs, nearly' out ||
		! grep -q -E -e "^cadgen: $leaks_pattern" err; then
		fail "$leaks_name" "status $leaks_status" "$(cat err)"
	else
		pass "$leaks_name"
	fi
}

ok "a dataset" draw --out good
(cd good && find . -type f -exec cksum {} + | sort) >before
"$CADGEN" stats good --json one.json -j 1 >one 2>err
ok "its figures" test $? = 0
ok "say nothing else" test ! -s err
"$CADGEN" stats good/ --json seven.json --jobs 7 >seven
ok "any number of threads gives the same table" cmp one seven
ok "and the same JSON" cmp one.json seven.json
(cd good && find . -type f -exec cksum {} + | sort) >after
ok "nothing in the dataset changed" diff before after
ok "lines of at most 80 characters" test "$(LC_ALL=C awk 'length > 80' one | wc -l)" = 0
ok "all samples are counted" grep -q -E "^all +$count +100\.00 %" one

# What annotations.jsonl and checksums.jsonl say to another reader.
cat >check.py <<'PY'
import collections
import json
import os
import statistics

stats = json.load(open("one.json", encoding="utf-8"))
lines = [json.loads(line) for line in open("good/annotations.jsonl", encoding="utf-8")]
scenes = [json.loads(line) for line in open("good/scenes.jsonl", encoding="utf-8")]
split = [json.loads(line)["split"] for line in open("good/checksums.jsonl", encoding="utf-8")]
programs = {}
for name in ("train", "val", "test"):
    for entry in json.load(open(f"good/{name}.json", encoding="utf-8")):
        programs[int(entry["id"])] = entry["conversations"][1]["value"]

def same(group, of_sample):
    wanted = collections.Counter()
    for i, part in enumerate(split):
        for member in of_sample(i):
            wanted[member, part] += 1
    for member, parts in stats["counts"][group].items():
        for part in ("train", "val", "test"):
            assert parts[part] == wanted.pop((member, part), 0), (group, member, part)
        assert parts["all"] == parts["train"] + parts["val"] + parts["test"]
    assert not wanted, wanted

def dimensions(i):
    return [item for item in lines[i]["items"] if item["class"] == "dimension"]

def numbers(key, values):
    said = stats["spreads"][key]["all"]
    assert said["count"] == len(values), key
    assert abs(said["mean"] - statistics.mean(values)) < 1e-5, key
    assert (said["least"], said["most"]) == (min(values), max(values)), key

for part in ("train", "val", "test"):
    assert stats["samples"][part] == split.count(part)
same("family", lambda i: [scenes[i]["family"]])
same("arrangement", lambda i: [scenes[i]["arrangement"]])
same("shape", lambda i: [shape["type"] for shape in scenes[i]["shapes"]])
same("dimension", lambda i: [item["kind"] for item in dimensions(i)])
same("status", lambda i: [item.get("status", "plain") for item in dimensions(i)])
same("tolerance", lambda i: [item.get("tolerance", {"kind": "none"})["kind"] for item in dimensions(i)])
numbers("shapes", [len(scene["shapes"]) for scene in scenes])
numbers("dimensions", [len(dimensions(i)) for i in range(len(lines))])
numbers("width_px", [line["width"] for line in lines])
numbers("height_px", [line["height"] for line in lines])
stats["spreads"]["calls"] = stats["spreads"]["characters"]["calls"]
numbers("calls", [len(programs[i]) for i in range(len(lines))])
assert stats["equal"]["programs"]["distinct"] == len(set(programs.values()))
PY
if command -v python3 >/dev/null; then
	ok "the figures are those of the files" python3 check.py
else
	skip "the figures are those of the files" "no python3"
fi

ok "a degraded dataset" "$CADGEN" --seed "$seed" --count 12 --size 384 --out scanned \
	--style "$CADGEN_SRCDIR/samples/styles/office_scan.json"
"$CADGEN" stats scanned >out
for state in clear degraded lost; do
	wanted=$(grep -o "\"legibility\":\"$state\"" scanned/annotations.jsonl | wc -l)
	ok "legibility: $state" test "$(awk -v state=$state '/^[a-z]+ +texts/ { on = 1 } /^$/ { on = 0 }
		on && $1 == state { n = $2 } END { print n + 0 }' out)" = "$wanted"
done
ok "clean pictures have none" sh -c '! grep -q ^legibility one'

# --- layouts, languages, tokens -------------------------------------------------------------------

layouts=$("$CADGEN" --help | tr -s '\n ' ' ' | sed -n 's/.*--format=[^;]*; one of \([a-z, -]*[a-z]\) --.*/\1/p' |
	tr -d ,)
ok "--help lists layouts" test -n "$layouts"
for layout in $layouts; do
	rm -rf other other.json
	if [ "$layout" = npy ]; then # has no programs to read
		draw --out other --format npy --tokenizer "$tokenizer/tokenizer.json" >made 2>&1
		ok "a dataset of numbers" test $? = 0
		refused "has no figures" 1 'npy.* cannot be read back' "$CADGEN" stats other
		continue
	fi
	if [ "$layout" = webdataset ] && ! grep -q 'define HAVE_LIBARCHIVE 1' "$CADGEN_BUILDDIR/config.h"; then
		skip "$layout" "built without libarchive"
		continue
	fi
	ok "a dataset as $layout" draw --out other --format "$layout"
	"$CADGEN" stats other --json other.json >other.out
	ok "its figures are the same: $layout" cmp one.json other.json
	ok "and its table: $layout" cmp one other.out
done
rm -rf other
ok "the same in another language" draw --family shapes,plate,turned --out other --program sketch
ok "and its own" draw --family shapes,plate,turned --out own
"$CADGEN" stats other --json other.json >/dev/null
"$CADGEN" stats own --json own.json >/dev/null
ok "have the same lengths in every language" cmp other.json own.json
"$CADGEN" stats good --tokenizer "$tokenizer" --json folder.json >with
ok "--tokenizer" test $? = 0
ok "has a line of tokens" grep -q -E '^tokens, cadquery +[0-9.]+' with
"$CADGEN" stats good -t "$tokenizer/tokenizer.json" --json file.json >/dev/null
ok "a tokenizer's file is as good as its folder" cmp folder.json file.json
sed -n '/"gpt"/s/.*"from":"gpt","value":"\(.*\)"}\]},*$/\1/p' good/train.json good/val.json good/test.json >programs.txt
ok "all programs" test "$(wc -l <programs.txt)" = $count
"$CADGEN_BUILDDIR/cadtok" encode -t "$tokenizer/tokenizer.json" --bare --plain --lines programs.txt |
	awk '{ sum += NF } END { printf "%.2f\n", sum / NR }' >mean
ok "are as long as cadtok says" grep -q -E "^tokens, calls +$(cat mean) " with

# --- without pictures, card, plot -------------------------------------------------------------------

"$CADGEN" stats good --no-pictures --json none.json >none
ok "--no-pictures" test $? = 0
grep -v -E '^(dark|picture |grey|colour)' one | cat -s >without
ok "tells the rest" sh -c "cat -s none | diff - without"
fresh
"$CADGEN" stats bad --card >out
ok "--card" test $? = 0
ok "says the same" cmp one out
cp bad/README.md card.md
ok "the card has the table" sh -c "sed -n '/^## Statistics/,/^## Files/p' card.md | sed -e '1,/^\`\`\`/d' -e '/^\`\`\`/,\$d' | cmp - one"
ok "behind the counts" sh -c "grep '^## ' card.md | tr '\n' ' ' | grep -q '^## Samples ## Statistics ## Files ## Made by'"
"$CADGEN" stats bad --card >out
ok "once more changes nothing" cmp card.md bad/README.md
ok "no other file" test "$(ls bad)" = "$(ls good)"
ok "the dataset still verifies" "$CADGEN" verify bad --limit 3
"$CADGEN" stats good --plot first.png >/dev/null
"$CADGEN" stats good --plot second.png -j 5 >/dev/null
ok "--plot" sh -c "test -s first.png && cmp first.png second.png"

# --- what is alike ----------------------------------------------------------------------------------

# entry FILE: the first line of an array of entries, without its comma.
entry() {
	sed -n '2s/,$//p' "$1"
}
program_of() {
	entry "$1" | sed 's/.*"from":"gpt","value":"\(.*\)"}\]}$/\1/'
}

# say LINE FILE: the entry on a line of bad/val.json says the program in the file.
say() {
	awk -v at_line="$1" -v program="$(cat "$2")" 'NR == at_line {
		at = index($0, "\"from\":\"gpt\",\"value\":\"")
		comma = /,$/ ? "," : ""
		$0 = substr($0, 1, at + 21) program "\"}]}" comma
	} { print }' good/val.json >bad/val.json
}

# A program of train in val: the other one's id stays.
program_of good/train.json >program
fresh
say 2 program
ok "a program of train in val" sh -c '! cmp -s good/val.json bad/val.json'
leaks "is a verdict" 'bad: of val and test 1 programs and 0 pictures .* 1 programs in train or nearly so, such as 0000[0-9]+ \(train\) and 0000[0-9]+ \(val\)$' \
	"$CADGEN" stats bad
ok "--allow-duplicates" "$CADGEN" stats bad --allow-duplicates
"$CADGEN" stats bad --json leak.json --card >out 2>err
ok "files are written with it" sh -c "test -s leak.json && grep -q '^## Statistics' bad/README.md"
# The same within val: no verdict.
fresh
program_of good/val.json >program
say 3 program
"$CADGEN" stats bad >out 2>err
ok "twice in val is none" test $? = 0
ok "but is counted" grep -q -E "^programs +$((count - 1)) +1 +0\$" out

# A thousandth more: not equal, but near.
fresh
program_of good/train.json | sed -E 's/=([0-9]+)([,)])/=\1.001\2/' >near
say 2 near
leaks "a program of train, nearly, in val" \
	'bad: of val and test 0 programs and 0 pictures .* 1 programs in train or nearly so' "$CADGEN" stats bad
ok "are allowed likewise" "$CADGEN" stats bad --allow-duplicates

# A picture.
fresh
train=$(entry good/train.json | sed 's/.*"image":"\([^"]*\)".*/\1/')
val=$(entry good/val.json | sed 's/.*"image":"\([^"]*\)".*/\1/')
cp "good/$train" "bad/$val"
leaks "a picture of train in val" 'bad: of val and test 0 programs and 1 pictures' "$CADGEN" stats bad
ok "is not seen where pictures stay closed" "$CADGEN" stats bad --no-pictures

# --- broken files -----------------------------------------------------------------------------------

fresh
sed -i '2s/"gpt","value":"/&!/' bad/train.json
refused "a label that cannot be parsed" 1 'train\.json:2: program:1' "$CADGEN" stats bad
fresh
sed -i '3s/"shapes":/"shades":/' bad/scenes.jsonl
refused "a scene that cannot be parsed" 1 'scenes\.jsonl:3: ' "$CADGEN" stats bad
fresh
sed -i '4s/"items"/"item"/' bad/annotations.jsonl
refused "annotations without items" 1 "annotations\.jsonl:4: 'items'" "$CADGEN" stats bad
fresh
sed -i '5s/"kind":"[a-z_]*"/"kind":"vague"/' bad/annotations.jsonl
refused "a dimension of no kind" 1 "annotations\.jsonl:5: .*'kind'" "$CADGEN" stats bad
fresh
sed -i '$d' bad/checksums.jsonl
refused "the last line cut" 1 "checksums\.jsonl:$count: ends after $((count - 1)) of $count" "$CADGEN" stats bad
fresh
rm "bad/images/00/00000009.png"
refused "a missing picture" 1 '00000009\.png.*No such file' "$CADGEN" stats bad --json no.json
ok "writes no JSON" test ! -e no.json
ok "but is not missed where pictures stay closed" "$CADGEN" stats bad --no-pictures
fresh
dd if=good/images/00/00000009.png of=bad/images/00/00000009.png bs=700 count=1 2>/dev/null
refused "a picture cut short" 1 '00000009\.png' "$CADGEN" stats bad
fresh
sed -i 's/^## Files/## Other/' bad/README.md
refused "a card without its place" 1 "README\.md has no section 'Files'" "$CADGEN" stats bad --card
refused "no tokenizer" 1 'nowhere.*No such file' "$CADGEN" stats good --tokenizer nowhere
mkdir empty
refused "a folder without one" 1 'empty/tokenizer\.json.*No such file' "$CADGEN" stats good --tokenizer empty
echo '{}' >empty/tokenizer.json
refused "a file that is none" 1 'empty/tokenizer\.json' "$CADGEN" stats good --tokenizer empty
refused "no dataset" 1 'empty holds no dataset' "$CADGEN" stats empty
refused "no such folder" 1 'nowhere.*No such file' "$CADGEN" stats nowhere
refused "a --json that cannot be" 1 'cannot write absent/x\.json' "$CADGEN" stats good --json absent/x.json
refused "a --plot that cannot be" 1 'absent/x\.png' "$CADGEN" stats good --plot absent/x.png
if [ -w /dev/full ]; then
	"$CADGEN" stats good >/dev/full 2>err
	ok "a full device" test $? = 1
	ok "is told" grep -q '^cadgen: .*No space left' err
else
	skip "a full device" "this system has none"
fi

# --- usage ------------------------------------------------------------------------------------------

ok "stats --help" "$CADGEN" stats --help
refused "no folder" 2 'folder' "$CADGEN" stats
refused "two folders" 2 "unexpected argument 'b'" "$CADGEN" stats a b
refused "an unknown option" 2 "unknown option '--limit'" "$CADGEN" stats good --limit
tap_done
