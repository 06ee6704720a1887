#!/bin/sh
# SPDX-License-Identifier: MIT
# The same command gives the same bytes: with 1 and 8 threads, killed and resumed, from another
# folder, in another locale.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -x "$CADGEN" ] || skip_all "no $CADGEN"
cd "$tmp" || exit 1
count=$(extent 1500 500)

draw() {
	"$CADGEN" --size 128 --seed 77 --count $count --program calls "$@"
}

same() {
	ok "$1" diff -r plain "$2"
	rm -rf "$2"
}

ok "an undisturbed run" draw --out plain
ok "--jobs 1" draw --out other --jobs 1
same "--jobs 1 gives the same bytes" other
ok "--jobs 8" draw --out other --jobs 8
same "--jobs 8 gives the same bytes" other

mkdir -p elsewhere/deep
ok "from another folder" sh -c "cd elsewhere/deep && exec \"\$@\"" sh \
	"$CADGEN" --size 128 --seed 77 --count $count --program calls --out ../../other
same "another folder gives the same bytes" other

export LC_ALL
LC_ALL=C
ok "LC_ALL=C" draw --out other
same "LC_ALL=C gives the same bytes" other
unset LC_ALL

# A locale with a decimal comma, made here rather than asked of the system.
mkdir locales
if localedef -i de_DE -f UTF-8 "$tmp/locales/de_DE.UTF-8" >localedef.log 2>&1; then
	ok "the locale has a decimal comma" test \
		"$(LOCPATH=$tmp/locales LC_ALL=de_DE.UTF-8 sh -c 'locale decimal_point')" = ,
	ok "LC_ALL=de_DE.UTF-8" env LOCPATH="$tmp/locales" LC_ALL=de_DE.UTF-8 \
		"$CADGEN" --size 128 --seed 77 --count $count --program calls --out other
	same "LC_ALL=de_DE.UTF-8 gives the same bytes" other
else
	skip "LC_ALL=de_DE.UTF-8" "localedef cannot make it: apt-get install locales"
fi

# Environment and clock must not show either.
ok "TZ, HOME and SOURCE_DATE_EPOCH" env TZ=Asia/Tokyo HOME=/nonexistent SOURCE_DATE_EPOCH=1 \
	"$CADGEN" --size 128 --seed 77 --count $count --program calls --out other
same "the environment does not show" other

# The first n samples of a longer run are those of a run of n.
ok "a longer run" "$CADGEN" --size 128 --seed 77 --count $((count + 200)) --program calls --out other
ok "begins with the same pictures" sh -c 'for f in plain/images/00/*; do
	cmp "$f" "other/${f#plain/}" || exit 1; done'
rm -rf other

# Killed when about one, three and five sixths of the pictures are there, and twice at random; each
# time resumed, the last time after being killed twice.
random() {
	awk -v n="$count" -v seed="$(od -An -N4 -tu4 /dev/urandom)" \
		'BEGIN { srand(seed); print int(1 + rand() * (n * 0.9)) }'
}

# killed_at N [OPTION]: kill -9 once picture N is there. Fails where the run was faster. (Not through
# draw: a function in the background is a shell of its own, and that would be killed.)
killed_at() {
	killed_picture=other/images/00/$(printf %08d "$1").png
	shift
	"$CADGEN" --size 128 --seed 77 --count $count --program calls --out other --jobs 2 "$@" \
		>/dev/null 2>kill.err &
	pid=$!
	while [ ! -e "$killed_picture" ] && kill -0 $pid 2>/dev/null; do
		sleep 0.01
	done
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	[ $? = 137 ]
}

for n in $((count / 6)) $((count / 2)) $((count * 5 / 6)) "$(random)" "$(random)"; do
	if killed_at "$n"; then
		ok "killed at picture $n: not whole" test ! -e other/train.json
		ok "killed at picture $n: --resume" draw --out other --resume --jobs 3
		same "killed at picture $n: the same bytes" other
	else
		rm -rf other
		skip "killed at picture $n" "the run was over before it"
	fi
done
if killed_at $((count / 4)) && killed_at $((count / 2)) --resume; then
	ok "killed twice: --resume" draw --out other --resume
	same "killed twice: the same bytes" other
else
	rm -rf other
	skip "killed twice" "the run was over before it"
fi
tap_done
