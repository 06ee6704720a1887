#!/bin/sh
# SPDX-License-Identifier: MIT
# cadtok from the shell: trains on datasets, files and standard input, encodes and decodes in every
# format, shows what it has; and says in one line what is wrong.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
cadtok=$CADGEN_BUILDDIR/cadtok
cd "$tmp" || exit 1

# refuse STATUS MESSAGE ARG...: the status, nothing on standard output, that one line.
refuse() {
	refuse_status=$1
	refuse_line="cadtok: $2"
	shift 2
	"$cadtok" "$@" >out 2>err </dev/null
	refuse_got=$?
	if [ "$refuse_got" = "$refuse_status" ] && [ ! -s out ] &&
		[ "$(cat err)" = "$refuse_line" ]; then
		pass "refused: $refuse_line"
	else
		fail "refused: $refuse_line" "status $refuse_got" "$(cat err)"
	fi
}

# --- training

"$CADGEN" --count 40 --family plate,turned,cabinet,shapes --size 128 --out drawings >/dev/null 2>&1
ok "trains on a dataset" "$cadtok" train -q -v 500 -o t.json drawings
for file in tokenizer_config.json special_tokens_map.json chat_template.jinja; do
	ok "$file is there" test -s "$file"
done
for i in 0 1 2 3 4 5 6 7; do
	for language in calls json python; do
		"$CADGEN" --stop-after program --index $i --family plate,turned --program $language
		echo
	done
done >programs.txt
ok "trains on a file" "$cadtok" train -q -v 400 -o a.json programs.txt
ok "and on standard input, the same" sh -c "$cadtok train -q -v 400 -o b.json - <programs.txt && cmp a.json b.json"
ok "and on two halves, the same" sh -c "
	head -n 20 programs.txt >head.txt && tail -n +21 programs.txt >tail.txt &&
	$cadtok train -q -v 400 -o b.json --input head.txt tail.txt && cmp a.json b.json"
"$cadtok" train -v 100000 -o b.json programs.txt 2>err
ok "says how much it read" grep -q "^cadtok: $(wc -c <programs.txt) bytes, " err
ok "and that there is no more to learn" grep -q "^cadtok: no pair is left that occurs 2 times" err
"$cadtok" train -q -v 100000 -m 1 -o c.json programs.txt
ok "rarer pairs make more tokens" test "$(wc -c <c.json)" -gt "$(wc -c <b.json)"
ok "special tokens come behind the built-in ones" sh -c "
	$cadtok train -q -s '<a>,<b>' -o s.json programs.txt &&
	$cadtok inspect s.json | grep -q '^  14 <b>\$'"
ok "digits joined make numbers of one token" sh -c "
	$cadtok train -q -d joined -o d.json programs.txt &&
	$cadtok inspect --tokens d.json | grep -q -E '	[0-9]{2,}\$'"
ok "single digits do not" sh -c "! $cadtok inspect --tokens a.json | grep -q -E '	.*[0-9][0-9]\$'"

# --- encoding, decoding

printf 'caf\303\251 \360\237\231\202 \377\376\000 <s>x</s>\n\n  \t' >odd.txt
: >empty.txt
for format in text json npy; do
	for file in programs.txt odd.txt empty.txt; do
		"$cadtok" encode -t a.json -f $format --plain --bare -o ids.$format $file
		"$cadtok" decode -t a.json -o back.txt ids.$format
		ok "$file comes back from $format" cmp back.txt $file
	done
done
ok "standard input and output" sh -c "$cadtok encode -t a.json -b --stdin <programs.txt |
	$cadtok decode -t a.json --stdin | cmp - programs.txt"
ok "a line at a time" sh -c "$cadtok encode -t a.json --lines programs.txt >lines.txt &&
	test \$(wc -l <lines.txt) = \$(wc -l <programs.txt) &&
	$cadtok decode -t a.json -s lines.txt >back.txt && echo >>back.txt && cmp back.txt programs.txt"
printf 'x=3' >x.txt
ok "spans in JSON" test "$("$cadtok" encode -t a.json -f json -s x.txt |
	sed 's/.*"spans"/"spans"/')" = '"spans":[[0,0],[0,1],[1,2],[2,3]]}'
printf '<image>x' >x.txt
ok "an added token is one" test "$("$cadtok" encode -t a.json -b x.txt | wc -w)" = 2
ok "or text" test "$("$cadtok" encode -t a.json -b -p x.txt | wc -w)" -gt 2
ok "special tokens are left out" test "$(echo 1 4 2 | "$cadtok" decode -t a.json -s --stdin)" = ""
ok "or not" test "$(echo 1 4 2 | "$cadtok" decode -t a.json --stdin)" = "<s><image></s>"
printf '\344\270' >x.txt
ok "what is not UTF-8 is replaced on demand" test \
	"$("$cadtok" encode -t a.json -b x.txt | "$cadtok" decode -t a.json -l --stdin)" = "�"

# --- what transformers renders from chat_template.jinja, with the engine it uses

cat >render.py <<'END'
import jinja2
import sys

words = dict(bos_token="<s>", eos_token="</s>", image_token="<image>")
template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(
    open("chat_template.jinja", encoding="utf-8").read())
user = {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Say it."}]}
plain = {"role": "user", "content": "<image>\nSay it."}
answer = {"role": "assistant", "content": "circle(x=3)"}
start = "<s><image>\nSay it.\n"
for messages, wanted in (([user], start), ([plain], start),
                         ([user, answer], start + "circle(x=3)</s>")):
    for prompt in (False, True):
        got = template.render(messages=messages, add_generation_prompt=prompt, **words)
        if got != wanted:
            sys.exit(f"{got!r} is not {wanted!r}")
END
if /usr/bin/python3 -c 'import jinja2' 2>/dev/null; then
	ok "the chat template puts the program on a line of its own" /usr/bin/python3 render.py
else
	skip "the chat template" "no jinja2: apt-get install python3-jinja2"
fi

# --- inspecting, measuring

"$cadtok" inspect a.json >shown
ok "inspect counts tokens" grep -q '^tokens: 400$' shown
ok "inspect names pieces" grep -q '^pieces: each digit alone, then words as GPT-2.s$' shown
printf 'circle(x=30)\n' >x.txt
"$cadtok" inspect a.json x.txt >shown
ok "tokens are marked" grep -q -E '^<s> c.*\( ?x ?= 3 0 \) Ċ$' shown
ok "and counted" grep -q -E '^13 bytes, [0-9]+ tokens, ' shown
ok "bench measures" sh -c "$cadtok bench -t a.json -r 1 programs.txt | grep -q '^encode .* MB/s'"

# --- what is wrong

refuse 2 "a verb is needed: train, encode, decode, inspect, bench; see cadtok --help"
refuse 2 "unknown verb 'learn'; the verbs are train, encode, decode, inspect, bench; see cadtok --help" learn
refuse 2 "train needs a dataset or a file" train
refuse 2 "--vocab-size: 12 is out of range 257..4000000" train -v 12 programs.txt
refuse 2 "a vocabulary of 260 tokens has no room for 13 special ones and 256 bytes" \
	train -v 260 -o no.json programs.txt
refuse 2 "special token '<s>' given twice" train -s '<s>' -o no.json programs.txt
refuse 2 "a special token must not be empty" train -s 'a,,b' -o no.json programs.txt
refuse 1 "cannot open absent.txt: No such file or directory" train -o no.json absent.txt
ok "nothing is left of what failed" test ! -e no.json
mkdir hollow
refuse 1 "hollow holds no dataset of cadgen" train -o no.json hollow
refuse 2 "encode needs --tokenizer" encode x.txt
refuse 2 "encode needs a file, or --stdin" encode -t a.json
refuse 2 "--spans needs --format json" encode -t a.json -s x.txt
refuse 1 "cannot open absent.json: No such file or directory" encode -t absent.json x.txt
echo '{"model":{"type":"WordPiece"}}' >wordpiece.json
refuse 1 "wordpiece.json:1: model WordPiece is not supported" encode -t wordpiece.json x.txt
sed 's/"merges": \[/"merges": [ ["q","zz"],/' a.json >merge.json
"$cadtok" inspect merge.json >out 2>err
ok "a merge of what is no token" grep -q "^cadtok: merge.json:[0-9]*: merge of 'zz', which is no token$" err
echo 1 4000 >ids
refuse 1 "ids: text 1: no token has id 4000; the vocabulary has 400" decode -t a.json ids
echo 1 -4 >ids
refuse 1 "ids:1: '-4' is no id" decode -t a.json ids
refuse 2 "decode needs --tokenizer" decode ids
refuse 2 "inspect needs a tokenizer.json" inspect
refuse 1 "there is no text to measure with" bench -t a.json empty.txt
truncate -s 65M big.json
refuse 1 "big.json: more than 67108864 bytes" inspect big.json
for verb in "encode -t a.json programs.txt" "decode -t a.json lines.txt" "inspect a.json" --help --version; do
	# shellcheck disable=SC2086
	"$cadtok" $verb >/dev/full 2>err
	ok "a full disk fails: $verb" test $? = 1 -a -s err
done
refuse 1 "cannot write absent/tokenizer_config.json: No such file or directory" \
	train -q -o absent/t.json programs.txt
tap_done
