#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen coco: the file agrees with annotations.jsonl and the pictures, appears whole or not at all,
# and says what is wrong.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
seed=${CADGEN_TEST_SEED:-$(date +%s)}
echo "# seed $seed"

fresh() {
	rm -rf bad
	cp -r good bad
}

ok "a dataset" "$CADGEN" --seed "$seed" --count 30 --size 768 --family mix --out good \
	--style "$CADGEN_SRCDIR/samples/styles/school.json" --val-fraction 0.3
(cd good && find . -type f -exec cksum {} + | sort) >before
"$CADGEN" coco good >out 2>err
ok "coco" test $? = 0
ok "says nothing" test ! -s out -a ! -s err
mv good/annotations_coco.json first.json
(cd good && find . -type f -exec cksum {} + | sort) >after
ok "nothing else in the dataset changed" diff before after
ok "--out, from another folder" sh -c "cd / && \"$CADGEN\" coco --out \"$tmp/second.json\" \"$tmp/good/\""
ok "gives the same bytes" cmp first.json second.json
ok "and no other file" test ! -e good/annotations_coco.json -a ! -e second.json.tmp

# Everything that annotations.jsonl has is there, as large as it says, and within its picture.
cat >check.py <<'PY'
import json
import struct
import sys

coco = json.load(open(sys.argv[1], encoding="utf-8"))
names = {c["id"]: c for c in coco["categories"]}
assert len(names) == len(coco["categories"])
images = {i["id"]: i for i in coco["images"]}
assert sorted(images) == list(range(30)), images
for image in images.values():
    with open("good/" + image["file_name"], "rb") as file:
        size = struct.unpack(">II", file.read(24)[16:])
    assert size == (image["width"], image["height"]), image
assert [a["id"] for a in coco["annotations"]] == list(range(1, len(coco["annotations"]) + 1))
left = iter(coco["annotations"])
for line in open("good/annotations.jsonl", encoding="utf-8"):
    sample = json.loads(line)
    for item in sample["items"]:
        a = next(left)
        category = names[a["category_id"]]
        assert a["image_id"] == int(sample["id"]) and a["iscrowd"] == 0
        if item["class"] == "dimension":
            assert (category["supercategory"], category["name"]) == ("dimension", item["kind"])
        else:
            assert category["name"] == item["class"]
        for key, value in a["attributes"].items():
            assert item[key] == value, (key, item)
        for key in ("value", "number", "unit"):
            assert (key in item) == (key in a["attributes"]), item
        (polygon,) = a["segmentation"]
        xs, ys = polygon[::2], polygon[1::2]
        assert len(xs) == len(ys) >= 3
        x, y, w, h = a["bbox"]
        box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
        assert all(abs(p - q) < 0.021 for p, q in zip(box, a["bbox"])), a
        assert 0 < a["area"] <= w * h + 0.02 * (w + h) + 0.01, a
        assert -1 <= x and x + w <= images[a["image_id"]]["width"] + 1.5, a
        assert -1 <= y and y + h <= images[a["image_id"]]["height"] + 1.5, a
        # a view of one upright line has no area: COCO gets a strip along it
        told = item["polygon"]
        flat = min(max(told[k::2]) - min(told[k::2]) for k in (0, 1)) == 0
        if not item.get("open") and not flat and len(polygon) == len(told):
            assert polygon == told, item
assert next(left, None) is None
PY
if command -v python3 >/dev/null; then
	ok "the file is that of the annotations" python3 check.py first.json
else
	skip "the file is that of the annotations" "no python3"
fi

# --- failures leave what was there ----------------------------------------------------------------

echo old >kept.json
fresh
sed -i '7s/"polygon":\[[^]]*/"polygon":[1/' bad/annotations.jsonl
refused "a broken polygon" 1 "annotations\.jsonl:7: 'polygon'" "$CADGEN" coco bad --out kept.json
ok "the old file stays" test "$(cat kept.json)" = old -a ! -e kept.json.tmp
fresh
sed -i '7s/"class":"text"/"class":"test"/' bad/annotations.jsonl
refused "an unknown class" 1 "annotations\.jsonl:7: 'class'" "$CADGEN" coco bad
ok "no file appears" test ! -e bad/annotations_coco.json -a ! -e bad/annotations_coco.json.tmp
fresh
sed -i '$d' bad/annotations.jsonl
refused "a line is missing" 1 'annotations\.jsonl:30: ends after 29 of 30' "$CADGEN" coco bad
fresh
rm bad/scenes.jsonl
refused "a file is missing" 1 'scenes\.jsonl.*No such file' "$CADGEN" coco bad
fresh
rm bad/dataset_info.json
refused "no dataset_info.json" 1 'bad holds no dataset' "$CADGEN" coco bad
refused "no such folder" 1 'nowhere.*No such file' "$CADGEN" coco nowhere
ok "nor is one made" test ! -e nowhere
refused "an --out that cannot be" 1 'cannot write absent/x\.json' "$CADGEN" coco good --out absent/x.json
if [ -w /dev/full ]; then
	refused "a full device" 1 'cannot write /dev/full: No space left' \
		"$CADGEN" coco good --out /dev/full
else
	skip "a full device" "this system has none"
fi

# --- usage and the dataset's own life -------------------------------------------------------------

ok "--help" "$CADGEN" coco --help
refused "no folder" 2 'folder' "$CADGEN" coco
refused "two folders" 2 "unexpected argument 'b'" "$CADGEN" coco a b
refused "an unknown option" 2 "unknown option '--limit'" "$CADGEN" coco good --limit
ok "coco again" "$CADGEN" coco good
ok "the dataset still verifies" "$CADGEN" verify good
ok "--overwrite removes the file" sh -c "\"\$CADGEN\" --count 3 --size 256 --out good --overwrite &&
	test ! -e good/annotations_coco.json"
tap_done
