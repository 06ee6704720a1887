#!/bin/sh
# SPDX-License-Identifier: MIT
# Searches parsers for crashes with clang's libFuzzer, from their corpora:
#
#	tests/fuzz/run.sh [SECONDS [TARGET...]]		(60; scene program style ...)
#
# Builds in build-fuzz/ (configure --enable-fuzzing). New inputs stay in FUZZ_KEEP/TARGET if FUZZ_KEEP
# is set; what crashes is copied to the current folder, and the exit status is then 1.
set -eu
seconds=${1:-60}
[ $# -eq 0 ] || shift
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
if [ $# -eq 0 ]; then
	for source in "$top"/tests/fuzz/fuzz_*.c; do
		source=${source##*/fuzz_}
		set -- "$@" "${source%.c}"
	done
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/cadgen-fuzz.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

[ -x "$top/configure" ] || "$top/autogen.sh" >&2
mkdir -p "$top/build-fuzz"
if [ ! -f "$top/build-fuzz/Makefile" ]; then
	(cd "$top/build-fuzz" && ../configure --quiet --enable-fuzzing CC="${CLANG:-clang}") >&2
fi

for target; do
	make -C "$top/build-fuzz" --no-print-directory -j "$(nproc)" "fuzz_$target" >"$tmp/log" 2>&1 || {
		cat "$tmp/log"
		exit 1
	}
	found=${FUZZ_KEEP:-$tmp/found}/$target
	mkdir -p "$found"
	echo "# $target: $seconds s"
	if "$top/build-fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
		-malloc_limit_mb=256 -print_final_stats=1 -artifact_prefix="./$target-" \
		"$found" "$top/tests/fuzz/corpus/$target" 2>"$tmp/log"; then
		grep -E '^(Done|stat::number_of_executed)' "$tmp/log"
	else
		tail -n 60 "$tmp/log"
		exit 1
	fi
done
