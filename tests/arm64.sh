#!/bin/bash
# SPDX-License-Identifier: MIT
# The tree on arm64, from a machine that is none: builds for it with Debian's cross compiler, runs the tests that are
# programs by qemu, and draws the same drawings here and there. By hand, as it takes half an hour.
#
#	tests/arm64.sh [--build DIR] [--native DIR] [--drawings N] [TEST...]
#
# Builds in DIR (build-arm64). All tests, or those; each has 15 minutes, and one that fails says so. Where --native
# (build) has cadgen, N drawings (300) of the mix by both are compared byte by byte. What Debian must have installed is
# said where it is not. The exit status is 1 where a test failed; drawings that differ are a count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=build-arm64 native=build drawings=300
while [ $# -gt 1 ]; do
	case $1 in
	--build) build=$2 ;;
	--native) native=$2 ;;
	--drawings) drawings=$2 ;;
	*) break ;;
	esac
	shift 2
done
case ${1-} in
-*)
	echo "usage: tests/arm64.sh [--build DIR] [--native DIR] [--drawings N] [TEST...]" >&2
	exit 2
	;;
esac
. build-aux/setup.sh
libraries=(libcmocka-dev)
for package in "${SETUP_BUILD_PACKAGES[@]}"; do
	case $package in lib*-dev | zlib1g-dev) libraries+=("$package") ;; esac
done
cross=aarch64-linux-gnu
if ! command -v $cross-gcc >/dev/null || ! command -v qemu-aarch64-static >/dev/null || [ ! -e /usr/lib/$cross/libcairo.so ]; then
	echo "tests/arm64.sh: as root:" >&2
	echo "dpkg --add-architecture arm64 && apt-get update && apt-get install gcc-$cross qemu-user-static" \
		"${libraries[@]/%/:arm64}" >&2
	exit 1
fi

root=$PWD
if [ ! -f "$build/Makefile" ]; then
	[ -f configure ] || ./autogen.sh
	mkdir -p "$build"
	(cd "$build" && PKG_CONFIG_LIBDIR=/usr/lib/$cross/pkgconfig:/usr/share/pkgconfig \
		"$root/configure" --host=$cross --enable-werror >configure.log) || exit 1
fi
build=$(cd "$build" && pwd)
tests=("$@")
if [ ${#tests[@]} = 0 ]; then
	# test_crew has a process run into a limit of memory, to which qemu does not hold.
	mapfile -t tests < <(cd tests && ls test_*.c | sed 's/\.c$//' | grep -v -x test_crew)
fi
make -C "$build" -k -j "$(nproc)" --no-print-directory all >/dev/null
make -C "$build" -k -j "$(nproc)" --no-print-directory check TESTS= >/dev/null

export CADGEN_SRCDIR=$root srcdir=$root CADGEN_BUILDDIR=$build CADGEN=$build/cadgen
export CADGEN_TEST_SEED=${CADGEN_TEST_SEED-1} CMOCKA_MESSAGE_OUTPUT=TAP QEMU_LD_PREFIX=/
failed=0 passed=0
for test in "${tests[@]}"; do
	[ -x "$build/$test" ] || continue
	if (cd "$build" && timeout 900 qemu-aarch64-static "./$test" >"$test.arm64" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$test: $(grep -m 1 '^not ok' "$build/$test.arm64" || tail -n 1 "$build/$test.arm64")"
	fi
done
echo "$passed tests passed, $failed failed"

if [ -x "$native/cadgen" ] && [ "$drawings" -gt 0 ]; then
	drawn=$(mktemp -d)
	trap 'rm -rf "$drawn"' EXIT
	draw=(--count "$drawings" --size 400 --family mix --style mix --seed 11)
	"$native/cadgen" "${draw[@]}" --out "$drawn/native" 2>"$drawn/log"
	qemu-aarch64-static "$build/cadgen" "${draw[@]}" --out "$drawn/arm64" 2>"$drawn/log"
	differ=$(diff -rq "$drawn/native/images" "$drawn/arm64/images" | wc -l) || true # diff's status
	for file in train.json val.json scenes.jsonl annotations.jsonl; do
		cmp -s "$drawn/native/$file" "$drawn/arm64/$file" || echo "$file differs"
	done
	echo "$drawings drawings: $differ pictures differ"
fi
[ $failed = 0 ]
