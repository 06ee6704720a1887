#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests that draw their cases at random, round by round with other seeds: finds what one seed in a hundred shows.
# ./check always takes the same seed, so that what it says depends on the tree alone.
#
#	tests/hunt.sh [--rounds N] [--build DIR] [TEST...]
#
# 10 rounds of all of them that are programs, built in DIR (build), side by side on all processors; but for those of
# shares, which hold for most seeds and not for all. Each failure is
# a line that repeats it. The exit status is 1 where there was one.
set -euo pipefail
rounds=10 build=build
cd "$(dirname "${BASH_SOURCE[0]}")/.."
while [ $# -gt 1 ]; do
	case $1 in
	--rounds) rounds=$2 ;;
	--build) build=$2 ;;
	*) break ;;
	esac
	shift 2
done
case ${1-} in
-*)
	echo "usage: tests/hunt.sh [--rounds N] [--build DIR] [TEST...]" >&2
	exit 2
	;;
esac
tests=("$@")
if [ ${#tests[@]} = 0 ]; then
	mapfile -t tests < <(grep -l 'test_seed()' tests/test_*.c | xargs grep -L test_seed_of_shares |
		sed 's|tests/||; s|\.c$||')
fi
make -C "$build" -k -j "$(nproc)" --no-print-directory "${tests[@]}" >/dev/null

export build CADGEN_SRCDIR=$PWD LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0
# try SEED TEST
try() {
	local said
	if ! said=$(CMOCKA_MESSAGE_OUTPUT=TAP CADGEN_TEST_SEED=$1 "$build/$2" 2>&1); then
		printf 'CADGEN_TEST_SEED=%s %s/%s: %s\n' "$1" "$build" "$2" \
			"$(grep -v -E '^(ok|# seed|1\.\.)' <<<"$said" | head -n 4 | tr '\n' ' ')"
		return 1
	fi
}
export -f try
for ((round = 0; round < rounds; round++)); do
	for test in "${tests[@]}"; do
		echo "$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') $test"
	done
done | xargs -P "$(nproc)" -L 1 bash -c 'try "$@"' - || exit 1
