#!/bin/sh
# SPDX-License-Identifier: MIT
# cadgen --format npy: arrays that hold the pictures and the programs' tokens of the same samples in another
# format; and --format llava-jsonl --out -: lines with the pictures inside.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
cadconv=$CADGEN_BUILDDIR/cadconv
cadtok=$CADGEN_BUILDDIR/cadtok
cd "$tmp" || exit 1

make_dataset() {
	"$CADGEN" --count 150 --size 128 --seed 5 --test-fraction 0.1 "$@" 2>log ||
		fail "cadgen $*" "$(cat log)"
}

make_dataset --format llava-jsonl --out lines
ok "a tokenizer" "$cadtok" train --vocab-size 300 --out tok.json lines
refused "npy without one" 2 'needs --tokenizer' "$CADGEN" --format npy --out numbers
refused "a tokenizer for nothing" 2 'has no use for' "$CADGEN" --tokenizer tok.json --out numbers
refused "no tokenizer there" 1 'nowhere' "$CADGEN" --format npy --tokenizer nowhere --out numbers
make_dataset --format npy --tokenizer tok.json --file-samples 100 --out numbers
ok "converted" "$cadconv" convert --format npy --tokenizer tok.json --file-samples 100 lines to-numbers
ok "the same arrays" diff -r numbers/shards to-numbers/shards
refused "what cannot be read back" 1 'cannot be read back' "$CADGEN" verify numbers

# What the arrays say, by their heads: shapes, and as many tokens as the lengths' sum.
shape() {
	head -c 128 "$1" | tr -d '\000-\037\200-\377' | sed -n "s/.*'shape': \\(([^)]*)\\).*/\\1/p"
}
numbers() { # those of an array of 32 bits
	tail -c +129 "$1" | od -An -v -t d4 -w4 | tr -d ' '
}
for split in train val test; do
	for block in 0 1; do
		shard=numbers/shards/$split-00000$block
		samples=$(grep "\"split\":\"$split\"" lines/checksums.jsonl | grep -c "\"id\":\"0*$((block))\\([0-9][0-9]\\)\"")
		[ "$samples" -gt 0 ] || continue
		ok "$split $block: images" test "$(shape $shard.images.npy)" = "($samples, 128, 128)"
		ok "$split $block: their bytes" test "$(wc -c <$shard.images.npy)" = $((128 + samples * 128 * 128))
		ok "$split $block: lengths" test "$(shape $shard.lengths.npy)" = "($samples,)"
		ok "$split $block: tokens" test "$(shape $shard.tokens.npy)" = \
			"($(numbers $shard.lengths.npy | awk '{ n += $1 } END { print n }'),)"
	done
done

# The first training program, token by token, is what cadtok makes of it.
first=$(numbers numbers/shards/train-000000.lengths.npy | head -n 1)
numbers numbers/shards/train-000000.tokens.npy | head -n "$first" | tr '\n' ' ' | sed 's/ $//' >tokens
head -n 1 lines/train.jsonl | sed 's/.*"gpt","value":"//; s/"}]}$//' | sed 's/\\n/\
/g; s/\\"/"/g' >program
"$cadtok" decode --tokenizer tok.json tokens >decoded 2>err || cat err
printf '\n' >>program
ok "the tokens are its program's" sh -c 'tr -d "\n" <program >a; tr -d "\n" <decoded >b; test -s a && cmp a b'

# The first picture, in the middle of white paper.
ok "the picture's pixels" sh -c "tail -c +129 numbers/shards/train-000000.images.npy | head -c 16384 | od -An -v -t u1 |
	awk '{ for (i = 1; i <= NF; i++) { if (\$i > 250) white++; if (\$i < 100) ink++ } } END { exit !(white > 8000 && ink > 100) }'"

# Lines to standard output.
"$CADGEN" --count 150 --size 128 --seed 5 --test-fraction 0.1 --format llava-jsonl --out - 2>err >all.jsonl
ok "a line for each sample" test "$(wc -l <all.jsonl)" = 150
ok "in order" sh -c 'sed "s/{\"id\":\"\([0-9]*\)\".*/\1/" all.jsonl | sort -c'
ok "any number of threads" sh -c '"$CADGEN" --count 150 --size 128 --seed 5 --test-fraction 0.1 --format llava-jsonl \
	--out - -j 5 2>err | cmp - all.jsonl'
for split in train val test; do
	ok "$split: the lines of the dataset" sh -c "grep '\"split\":\"$split\"}\$' all.jsonl |
		sed 's/\"image\":\"[^\"]*\"/\"image\":\"\"/; s/,\"split\":\"$split\"//' >one
		sed 's/\"image\":\"[^\"]*\"/\"image\":\"\"/' lines/$split.jsonl | cmp - one"
done
sed -n '8s/.*"data:image\/png;base64,\([^"]*\)".*/\1/p' all.jsonl | base64 -d >seven.png
ok "the pictures of the dataset" cmp seven.png lines/images/00/00000007.png
ok "no folder" test ! -e ./-
"$CADGEN" --count 1000000 --size 128 --format llava-jsonl --out - 2>err | head -n 3 >three
ok "who stops reading stops it" test "$(wc -l <three)" = 3
refused "not what are files" 2 'only --format llava-jsonl' "$CADGEN" --out -
refused "nor what needs a folder" 2 'need a folder' "$CADGEN" --format llava-jsonl --also svg --out -
if [ -e /dev/full ]; then
	"$CADGEN" --count 40 --size 128 --format llava-jsonl --out - >/dev/full 2>err
	ok "a full disk is said" test $? = 1
	ok "in one line" sh -c 'grep -c "^cadgen: cannot write standard output" err | grep -qx 1'
fi
tap_done
