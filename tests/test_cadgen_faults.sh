#!/bin/sh
# SPDX-License-Identifier: MIT
# Bad input and faults: one clear line on stderr, the documented exit status (2 usage, 1 failed), and
# no file that looks whole and is not.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1

# The names that readers look for; while a dataset grows it has others.
final='train.json val.json train_val_split.json annotations.jsonl scenes.jsonl dataset_info.json'

# looks_whole FOLDER: does it hold any file that only a finished dataset has, or a half-written one?
looks_whole() {
	for looks_name in $final; do
		[ ! -e "$1/$looks_name" ] || return 0
	done
	[ -n "$(find "$1" -name '*.tmp' 2>/dev/null)" ]
}

# refused NAME STATUS PATTERN COMMAND...: the command ends with the status, and says one line that
# begins with "cadgen: " and matches the extended regular expression; nothing on stdout.
refused() {
	refused_name=$1 refused_status=$2 refused_pattern=$3
	shift 3
	: >"$tmp/out"
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	check_refusal "$refused_name" "$refused_status" "$refused_pattern" $? "$tmp/out" "$tmp/err"
}

# check_refusal NAME STATUS PATTERN STATUS-WAS OUT ERR
check_refusal() {
	if [ "$4" != "$2" ]; then
		fail "$1" "status $4 instead of $2" "$(cat "$6")"
	elif [ "$(wc -l <"$6")" != 1 ]; then
		fail "$1" "not one line on stderr:" "$(cat "$6")"
	elif ! grep -q '^cadgen: ' "$6"; then
		fail "$1" "does not begin with 'cadgen: ':" "$(cat "$6")"
	elif ! grep -q -E -e "$3" "$6"; then
		fail "$1" "does not match $3:" "$(cat "$6")"
	elif [ -s "$5" ]; then
		fail "$1" "wrote to stdout:" "$(head -c 200 "$5")"
	else
		pass "$1"
	fi
}

draw() {
	"$CADGEN" --size 128 "$@"
}

# --- the command line ----------------------------------------------------------------------------

refused "unknown option" 2 "unknown option '--colour'" "$CADGEN" --colour
refused "unknown letter" 2 "unknown option '-%'" "$CADGEN" -%
refused "operand" 2 'nonsense' "$CADGEN" nonsense
refused "--count -5" 2 '--count: -5 is out of range' "$CADGEN" --count -5
refused "--count 1e99" 2 "--count: '1e99' is not" "$CADGEN" --count 1e99
refused "--count 99999999999999999999" 2 '--count: 9+ is out of range' \
	"$CADGEN" --count 99999999999999999999
refused "--count without a number" 2 '--count' "$CADGEN" --count
refused "--count ''" 2 '--count' "$CADGEN" --count ''
refused "--seed -1" 2 '--seed' "$CADGEN" --seed -1
refused "--seed 2^64" 2 '--seed' "$CADGEN" --seed 18446744073709551616
refused "--jobs 0" 2 '--jobs: 0 is out of range' "$CADGEN" --jobs 0
refused "--size 0" 2 '--size: 0 is out of range' "$CADGEN" --size 0
refused "--size 1000000" 2 '--size: 1000000 is out of range' "$CADGEN" --size 1000000
refused "--val-fraction 1.5" 2 '--val-fraction: 1.5 is out of range' "$CADGEN" --val-fraction 1.5
refused "--val-fraction nan" 2 "--val-fraction: 'nan' is not" "$CADGEN" --val-fraction nan
refused "--max-overlap -1" 2 '--max-overlap' "$CADGEN" --max-overlap -1
refused "--family aeroplane" 2 "--family: 'aeroplane' is none of" "$CADGEN" --family aeroplane
refused "cabinets in sketch" 2 "--program sketch has no words for --family cabinet" \
	"$CADGEN" --program sketch --family plate,cabinet:2
refused "cabinets in cadquery" 2 "--program cadquery has no words for --family cabinet" \
	"$CADGEN" --program cadquery --family mix
refused "--program basic" 2 "--program: 'basic' is none of" "$CADGEN" --program basic
refused "--stop-after lunch" 2 "--stop-after: 'lunch' is none of" "$CADGEN" --stop-after lunch
refused "--resume with --overwrite" 2 'resume.*overwrite|overwrite.*resume' \
	"$CADGEN" --resume --overwrite --count 1 --out both
refused "--scene without --stop-after" 2 'stop-after' "$CADGEN" --scene x.json --count 1 --out both
ok "none of them made a folder" test ! -e cadgen-out -a ! -e both

# --- input files ---------------------------------------------------------------------------------

refused "no such style file" 1 'none\.json.*No such file' draw --count 1 --out a --style none.json
printf '{\n  "text_mm": 3.5,\n  "thick_mm": [0.5\n' >style.json
refused "broken style file" 1 'style\.json:[0-9]+' draw --count 1 --out a --style style.json
printf '{\n  "text_mm": 3.5,\n  "colour": 3\n}\n' >style.json
refused "unknown key in a style file" 1 'style\.json:3: .*colour' \
	draw --count 1 --out a --style style.json
printf '{\n  "text_mm":\n  -1\n}\n' >style.json
refused "style value out of range" 1 'style\.json:[23]: .*text_mm' \
	draw --count 1 --out a --style style.json
refused "style file is a folder" 1 'directory' draw --count 1 --out a --style ./

refused "no such prompts file" 1 'none\.txt.*No such file' \
	draw --count 1 --out a --prompts none.txt
: >prompts.txt
refused "empty prompts file" 1 'prompts\.txt' draw --count 1 --out a --prompts prompts.txt
printf '# prompts\nfine\nbad \377 bytes\n' >prompts.txt
refused "prompts not in UTF-8" 1 'prompts\.txt:3' draw --count 1 --out a --prompts prompts.txt
printf 'fine\nbell \007\n' >prompts.txt
refused "control character in prompts" 1 'prompts\.txt:2' \
	draw --count 1 --out a --prompts prompts.txt

printf '{\n"family": "shapes",\n"shapes": [}\n' >scene.json
refused "broken scene file" 1 'scene\.json:3' draw --scene scene.json --stop-after image
printf '' >scene.json
refused "empty scene file" 1 'scene\.json' draw --scene scene.json --stop-after image
head -c 100000 /dev/zero | tr '\0' '[' >scene.json
refused "deeply nested scene file" 1 'scene\.json' draw --scene scene.json --stop-after image
refused "no such font" 1 'none\.ttf' draw --count 1 --out a --font none.ttf
printf 'no font' >broken.ttf
printf '{"lettering":"nobody"}' >nobody.json
refused "a lettering nobody knows" 1 "nobody.json:1: 'lettering' is 'nobody'; allowed iso3098, " \
	draw --count 1 --out a --style nobody.json
refused "broken font" 1 'broken\.ttf' draw --count 1 --out a --font broken.ttf
ok "none of them made a folder that looks whole" test ! -e a

# --- output --------------------------------------------------------------------------------------

if [ -w /dev/full ]; then
	refused "--out below /dev/full" 1 '/dev/full' draw --count 3 --out /dev/full/x
	for noun in scene program drawing image; do
		"$CADGEN" --stop-after $noun >/dev/full 2>"$tmp/err"
		check_refusal "--stop-after $noun on a full device" 1 'No space left' $? \
			/dev/null "$tmp/err"
	done
	"$CADGEN" --help >/dev/full 2>"$tmp/err"
	check_refusal "--help on a full device" 1 'No space left' $? /dev/null "$tmp/err"
	refused "--contact-sheet below /dev/full" 1 '/dev/full' \
		draw --count 3 --out sheet --contact-sheet /dev/full/x.png
else
	skip "/dev/full" "this system has none"
fi

printf 'a file\n' >file
refused "--out is a file" 1 'file' draw --count 3 --out file
ok "the file is as it was" test "$(cat file)" = 'a file'

# Root may write everywhere, so there cadgen runs as nobody, from where nobody can reach it.
mkdir sealed && chmod 555 sealed
if [ "$(id -u)" != 0 ]; then
	refused "--out in a write-protected folder" 1 'Permission denied' \
		draw --count 3 --out sealed/x
elif command -v setpriv >/dev/null; then
	cp "$CADGEN" cadgen && chmod a+x . cadgen
	refused "--out in a write-protected folder" 1 'Permission denied' \
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		./cadgen --count 3 --out sealed/x
else
	skip "--out in a write-protected folder" "no setpriv to stop being root with"
fi

# A small file system of its own, in a mount namespace that ends with the command. The wanted words
# are cadgen's, so the mount's success is noted apart. Twice the space is still too little, 16 times as
# much is enough.
unshare=unshare
[ "$(id -u)" = 0 ] || unshare='unshare -r'
mkdir small
cat >full.sh <<'EOF'
mount -t tmpfs -o size=400k tmpfs small || exit 1
touch mounted
draw() {
	"$CADGEN" --size 128 --count 1000 --out small/ds "$@"
}
draw >full.out 2>full.err
echo $? >full.status
(cd small/ds && ls -a) >full.ls 2>/dev/null
find small -name '*.tmp' >full.tmp
mount -o remount,size=800k small
draw --resume >fuller.out 2>fuller.err
echo $? >fuller.status
mount -o remount,size=16m small
draw --resume >room.log 2>&1
echo $? >room.status
cp -r small/ds room
mount -o remount,ro small
draw --overwrite >ro.out 2>ro.err
echo $? >ro.status
"$CADGEN" --size 128 --count 3 --out small/new >ro-new.out 2>ro-new.err
echo $? >ro-new.status
mount -o remount,rw small
draw --overwrite >again.log 2>&1
echo $? >again.status
EOF
# The words of $unshare are meant to be split.
# shellcheck disable=SC2086
if ! command -v unshare >/dev/null; then
	skip "full disk" "no unshare"
elif ! $unshare -m sh full.sh >mount.log 2>&1 && [ ! -e mounted ]; then
	skip "full disk" "may not mount a tmpfs: $(tail -n 1 mount.log)"
else
	check_refusal "full disk" 1 'No space left' "$(cat full.status)" full.out full.err
	ok "a full disk leaves no half-written file" test ! -s full.tmp
	ok "a full disk leaves no dataset that looks whole" \
		sh -c "! grep -x -E '$(echo "$final" | tr ' ' '|')' full.ls"
	check_refusal "still full with --resume" 1 'No space left' "$(cat fuller.status)" \
		fuller.out fuller.err
	ok "with room again --resume goes on" test "$(cat room.status)" = 0
	ok "a dataset on a disk with room" draw --count 1000 --out roomy
	ok "has the same bytes" diff -r roomy room
	ok "and --overwrite makes another" test "$(cat again.status)" = 0
	for what in ro ro-new; do
		check_refusal "a read-only file system, $what" 1 'Read-only file system' \
			"$(cat $what.status)" $what.out $what.err
	done
fi

# --- folders in use ------------------------------------------------------------------------------

ok "a dataset" draw --count 20 --seed 5 --out ds
(cd ds && find . -type f -exec cksum {} + | sort) >before
refused "existing dataset without --resume or --overwrite" 2 'ds.*(resume|overwrite)' \
	draw --count 20 --seed 5 --out ds
refused "--resume with another seed" 2 'seed.*5.*6|seed.*6.*5' \
	draw --count 20 --seed 6 --out ds --resume
refused "--resume with another size" 2 'size' \
	"$CADGEN" --size 256 --count 20 --seed 5 --out ds --resume
refused "--resume with another count" 2 'count' draw --count 30 --seed 5 --out ds --resume
refused "--resume with another language" 2 'json|calls' \
	draw --count 20 --seed 5 --out ds --resume --program json
printf 'Another question.\n' >prompts.txt
refused "--resume with other prompts" 2 'prompts' \
	draw --count 20 --seed 5 --out ds --resume --prompts prompts.txt
printf '{"text_mm": 5}\n' >style.json
refused "--resume with another style" 2 'style' \
	draw --count 20 --seed 5 --out ds --resume --style style.json
(cd ds && find . -type f -exec cksum {} + | sort) >after
ok "the dataset is as it was" diff before after
ok "--resume of a finished dataset is fine" draw --count 20 --seed 5 --out ds --resume
(cd ds && find . -type f -exec cksum {} + | sort) >after
ok "and changes nothing" diff before after

mkdir precious && printf 'mine\n' >precious/diary.txt
refused "--overwrite of a folder that is no dataset" 2 'precious' \
	draw --count 3 --out precious --overwrite
refused "a folder that is no dataset" 2 'precious' draw --count 3 --out precious
ok "its file is still there" test "$(cat precious/diary.txt)" = mine
ok "--overwrite replaces a dataset" draw --count 10 --seed 6 --out ds --overwrite
ok "with the new one" test "$(find ds/images -name '*.png' | wc -l)" = 10

# --- two at once ---------------------------------------------------------------------------------

# The first one stands still meanwhile, or it might be done too early.
"$CADGEN" --size 128 --count 2000 --seed 8 --out shared >shared.out 2>shared.err &
pid=$!
while [ ! -e shared/images/00/00000100.png ] && kill -0 $pid 2>/dev/null; do
	sleep 0.01
done
kill -STOP $pid
if [ -e shared/dataset_info.json ]; then
	skip "two processes on one folder" "the first was done before the second began"
else
	for option in --resume --overwrite --seed=8; do
		refused "a second process on the same folder, $option" 2 'written by another cadgen' \
			draw --count 2000 --seed 8 --out shared "$option"
	done
fi
kill -CONT $pid
ok "the first one goes on" wait $pid
ok "the same dataset without disturbance" draw --count 2000 --seed 8 --out alone
ok "has the same bytes" diff -r alone shared
rm -rf alone shared

# --- interruption --------------------------------------------------------------------------------

# A shell gives its background jobs SIGINT ignored; env gives cadgen the usual handling back.
env --default-signal=INT "$CADGEN" --size 128 --count 2000 --out broken-off >out 2>err &
pid=$!
while [ ! -e broken-off/images/00/00000200.png ] && kill -0 $pid 2>/dev/null; do
	sleep 0.01
done
kill -INT $pid
wait $pid
status=$?
if [ $status = 0 ]; then
	skip "Ctrl-C" "the run was over before it"
else
	grep -v '^drawings' err >err1 # a slow run may have told its progress
	check_refusal "Ctrl-C" 1 'resume' $status out err1
	ok "Ctrl-C leaves no dataset that looks whole" test "$(looks_whole broken-off && echo 1)" = ''
	refused "and one that is in use" 2 'resume|overwrite' draw --count 2000 --out broken-off
	ok "--resume completes it" draw --count 2000 --out broken-off --resume
	ok "with every picture" test "$(find broken-off/images -name '*.png' | wc -l)" = 2000
	ok "and every final file" sh -c "cd broken-off && ls $final"
	ok "and no other" test -z "$(find broken-off -name '*.part' -o -name '*.tmp' -o -name '.cadgen-journal')"
fi

# A picture is never poured onto a terminal.
if script -q -e -c true typescript >/dev/null 2>&1 </dev/null; then
	script -q -e -c "'$CADGEN' --stop-after image" typescript >/dev/null 2>&1 </dev/null
	status=$?
	if [ $status = 2 ] && grep -q -a 'cadgen: .*terminal' typescript &&
		! grep -q -a 'IHDR' typescript; then
		pass "--stop-after image refuses a terminal"
	else
		fail "--stop-after image refuses a terminal" "status $status" \
			"$(head -c 300 typescript | tr -c '[:print:]\n' '?')"
	fi
else
	skip "--stop-after image refuses a terminal" "script(1) gets no pseudo terminal here"
fi
tap_done
