#!/bin/sh
# SPDX-License-Identifier: MIT
# cadconv convert writes the bytes that cadgen --format writes; cadconv check names what was damaged, and cadconv
# repair brings the undisturbed bytes back.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
refused_program=cadconv
cadconv=$CADGEN_BUILDDIR/cadconv
cd "$tmp" || exit 1

make_dataset() {
	"$CADGEN" --count 240 --size 128 --seed 3 --test-fraction 0.1 "$@" 2>log ||
		fail "cadgen $*" "$(cat log)"
}

formats='tinyllava llava-jsonl hf-imagefolder tfrecord tfrecord-gz'
if grep -q 'define HAVE_LIBARCHIVE 1' "$CADGEN_BUILDDIR/config.h"; then
	formats="$formats webdataset"
else
	skip "webdataset" "built without libarchive"
fi

# same A B: the datasets are equal but for the commands that made them.
same() {
	diff -r -x README.md -x dataset_info.json "$1" "$2" &&
		grep -v '^"command"' "$1/dataset_info.json" >one &&
		grep -v '^"command"' "$2/dataset_info.json" >other && diff one other
}

make_dataset --also svg --out source
for format in $formats; do
	make_dataset --also svg --format "$format" --file-samples 100 --out "$format"
	ok "$format: converted" "$cadconv" convert --format "$format" --file-samples 100 source "to-$format"
	ok "$format: the bytes of cadgen --format" same "$format" "to-$format"
	ok "$format: sound" "$cadconv" check "$format"
done
ok "back again" "$cadconv" convert "to-tfrecord" back
ok "the bytes it began with" same source back
ok "shards of few bytes" "$cadconv" convert --format tfrecord --file-samples 100 --file-bytes 30000 source few
make_dataset --also svg --format tfrecord --file-samples 100 --file-bytes 30000 --out few-made
ok "the same as cadgen's" same few-made few
if grep -q 'define HAVE_JPEG 1' "$CADGEN_BUILDDIR/config.h"; then
	make_dataset --also svg --image-format jpeg --jpeg-quality 80 --out jpeg
	ok "converted to JPEG" "$cadconv" convert --image-format jpeg --jpeg-quality 80 source to-jpeg
	ok "the bytes of cadgen --image-format jpeg" same jpeg to-jpeg
else
	skip "JPEG" "built without libjpeg"
fi
refused "convert: two folders" 2 'needs the folder' "$cadconv" convert source
refused "convert: onto itself" 2 'is the dataset that is read' "$cadconv" convert source ./source
refused "convert: no dataset" 1 'no such|cannot|No such' "$cadconv" convert nowhere new
refused "convert: in use" 2 'back' "$cadconv" convert source back

# damage FOLDER FILE WHAT...: damages a copy; check must name the file, and repair must mend it.
flip() { # FILE AT: another byte there
	printf '\377' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
cut_file() { # FILE BYTES
	head -c "$2" "$1" >../cut.tmp && cat ../cut.tmp >"$1"
}
damaged() {
	damaged_name=$1 damaged_from=$2 damaged_file=$3
	shift 3
	rm -rf work
	cp -r "$damaged_from" work
	(cd work && "$@") || fail "$damaged_name: $*"
	"$cadconv" check work >out 2>err
	if [ $? != 3 ]; then
		fail "$damaged_name: check says so" "$(cat out err)"
	elif ! grep -q -F -e "$damaged_file" out; then
		fail "$damaged_name: check names $damaged_file" "$(cat out)"
	else
		pass "$damaged_name: check names it"
	fi
	ok "$damaged_name: repair" "$cadconv" repair work
	ok "$damaged_name: the bytes are back" diff -r "$damaged_from" work
	ok "$damaged_name: sound" "$cadconv" check work
}
edit() { # FILE SED-SCRIPT
	sed "$2" "$1" >edit.tmp && cat edit.tmp >"$1" && rm edit.tmp
}

picture=images/00/00000017.png
damaged "a byte of a picture" tinyllava $picture flip $picture 300
damaged "a picture cut" tinyllava $picture cut_file $picture 90
damaged "a picture gone" tinyllava $picture rm $picture
damaged "a file beside it gone" tinyllava svg/00/00000021.svg rm svg/00/00000021.svg
damaged "a line of the list cut" tinyllava train.json edit train.json '30s/.\{40\}$//'
damaged "a line of the list lost" tinyllava train.json edit train.json 30d
damaged "a line of the list doubled" tinyllava train.json edit train.json 30p
damaged "two lines run together" tinyllava train.json edit train.json '30{N;s/\n//}'
damaged "an array without its end" tinyllava train.json edit train.json '$d'
damaged "a list gone" tinyllava val.json rm val.json
damaged "a list cut" tinyllava train.json cut_file train.json 9000
damaged "a word of a program" llava-jsonl train.jsonl edit train.jsonl '40s/=/:/'
damaged "a word of a prompt" llava-jsonl train.jsonl edit train.jsonl '41s/drawing\|program/thing/'
damaged "a scene lost" tinyllava scenes.jsonl edit scenes.jsonl 77d
damaged "a scene of nothing more" tinyllava scenes.jsonl edit scenes.jsonl '77a {}'
damaged "a number of a scene" tinyllava scenes.jsonl edit scenes.jsonl '77s/1/2/'
damaged "scenes cut" tinyllava scenes.jsonl cut_file scenes.jsonl 20000
damaged "annotations lost" tinyllava annotations.jsonl edit annotations.jsonl '5,9d'
damaged "annotations gone" tinyllava annotations.jsonl rm annotations.jsonl
damaged "checksums lost" tinyllava checksums.jsonl edit checksums.jsonl '100,102d'
damaged "a checksum changed" tinyllava checksums.jsonl edit checksums.jsonl '100s/"picture":"[0-9a-f]/"picture":"x/'
damaged "checksums gone" tinyllava checksums.jsonl rm checksums.jsonl
damaged "the table of splits" tinyllava train_val_split.json edit train_val_split.json '9d'
damaged "metadata" tinyllava rendering_metadata.json cut_file rendering_metadata.json 30
damaged "the card gone" tinyllava README.md rm README.md
damaged "metadata.jsonl" hf-imagefolder train/metadata.jsonl edit train/metadata.jsonl '11s/"id"/"ie"/'
damaged "a folder of pictures" hf-imagefolder validation/00 rm -r validation/00
damaged "a shard gone" tfrecord shards/train-000001.tfrecord rm shards/train-000001.tfrecord
damaged "a shard cut" tfrecord shards/train-000001.tfrecord cut_file shards/train-000001.tfrecord 50000
damaged "a byte of a record" tfrecord shards/val-000000.tfrecord flip shards/val-000000.tfrecord 9000
damaged "a byte of a member" tfrecord-gz shards/train-000002.tfrecord.gz flip shards/train-000002.tfrecord.gz 5000
damaged "one of several shards" few-made shards/train-000000-1.tfrecord rm shards/train-000000-1.tfrecord
damaged "a byte in one of them" few-made shards/train-000000-1.tfrecord flip shards/train-000000-1.tfrecord 3000
case $formats in
*webdataset)
	damaged "a tar cut" webdataset shards/train-000000.tar cut_file shards/train-000000.tar 60000
	damaged "a byte of a tar's picture" webdataset shards/train-000000.tar flip shards/train-000000.tar 900
	damaged "a byte of a tar's head" webdataset shards/train-000000.tar flip shards/train-000000.tar 3
	;;
esac

# Scenes of another dataset, in another style.
ok "restyled" "$CADGEN" restyle --style pencil_sketch --size 256 --out restyled source
damaged "a restyled picture" restyled $picture flip $picture 300
rm -rf work
cp -r restyled work
edit work/scenes.jsonl 77d
refused "a restyled scene lost" 1 'scene of sample 00000076 is lost' "$cadconv" repair work
ok "nothing was changed" test ! -e work/.cadgen-repair

# What cannot be repaired, and nothing is touched.
rm -rf work
cp -r tinyllava work
printf x >work/dataset_info.json
refused "no settings" 1 'dataset_info.json' "$cadconv" check work
refused "nor to repair" 1 'dataset_info.json' "$cadconv" repair work
printf 'What is it?\n' >prompts.txt
make_dataset --prompts prompts.txt --out prompted
flip prompted/$picture 300
refused "prompts of its own" 2 'give them with --prompts' "$cadconv" repair prompted
ok "with them" "$cadconv" repair --prompts prompts.txt prompted
ok "it is sound" "$cadconv" check prompted
rm -rf work
cp -r tinyllava work
flip work/$picture 300
sed 's/"max_overlap":0.2/"max_overlap":0.3/' tinyllava/dataset_info.json >work/dataset_info.json
edit work/dataset_info.json 's/"seed":"3"/"seed":"4"/'
refused "other settings than it was made with" 1 'is not drawn as it was' "$cadconv" repair work
refused "no folder" 2 'needs the folder' "$cadconv" repair
refused "no dataset" 1 'holds no dataset' "$cadconv" check .

# Another process is at it.
if command -v flock >/dev/null; then
	mkdir work/.cadgen-repair
	refused "two at once" 2 'written by another cadgen' flock work/.cadgen-repair/.cadgen-lock "$cadconv" repair work
	ok "the other's work stays" test -d work/.cadgen-repair
else
	skip "two at once" "no flock"
fi

# Killed on its way, it is simply run again.
rm -rf work
cp -r tfrecord work
rm work/shards/train-000001.tfrecord
for seconds in 0.02 0.1 0.2 0.4; do
	timeout -s KILL $seconds "$cadconv" repair work >/dev/null 2>&1
done
ok "after being killed" "$cadconv" repair work
ok "the bytes are back" diff -r tfrecord work
mkdir work/.cadgen-repair
cp work/dataset_info.json work/.cadgen-repair
ok "after being killed when all was mended" "$cadconv" repair work
ok "nothing is left of it" diff -r tfrecord work
tap_done
