# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# TAP for tests in plain sh. A script sources this file, calls the functions and ends with tap_done:
#
#	. "${CADGEN_SRCDIR:-.}/tests/tap.sh"
#	ok "two lines" test "$(wc -l <file)" = 2
#	skip "disk full" "mounting needs root"
#	tap_done
#
# $tmp is a folder that goes away with the script.

CADGEN_SRCDIR=${CADGEN_SRCDIR:-$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)}
CADGEN_BUILDDIR=${CADGEN_BUILDDIR:-$CADGEN_SRCDIR/build}
CADGEN=${CADGEN:-$CADGEN_BUILDDIR/cadgen}
export CADGEN_SRCDIR CADGEN_BUILDDIR CADGEN

tap_count=0
tap_failed=0
refused_program=cadgen
tmp=$(mktemp -d "${TMPDIR:-/tmp}/cadgen-test.XXXXXX")
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# extent ALL PART: how many cases a test tries: all in a long run, which CADGEN_LONG in the environment asks for, as
# one build of ./check does; else a part. extent.h has the same for tests in C.
extent() {
	if [ -n "${CADGEN_LONG-}" ]; then
		echo "$1"
	else
		echo "$2"
	fi
}

pass() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

# fail NAME [LINE...]
fail() {
	tap_count=$((tap_count + 1))
	tap_failed=1
	echo "not ok $tap_count - $1"
	shift
	for tap_line; do
		printf '%s\n' "$tap_line" | sed 's/^/# /'
	done
}

skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# ok NAME COMMAND...: passes when the command does; shows its output when not.
ok() {
	tap_name=$1
	shift
	if "$@" >"$tmp/tap.out" 2>&1; then
		pass "$tap_name"
	else
		fail "$tap_name" "status $? of: $*" "$(tail -n 20 "$tmp/tap.out")"
	fi
}

# refused NAME STATUS PATTERN COMMAND...: the command ends with the status, and says one line on stderr
# that begins with "cadgen: " ($refused_program) and matches the extended regular expression; nothing on stdout. Writes
# out and err in the current folder.
refused() {
	refused_name=$1 refused_status=$2 refused_pattern=$3
	shift 3
	"$@" >out 2>err </dev/null
	refused_was=$?
	if [ $refused_was != "$refused_status" ]; then
		fail "$refused_name" "status $refused_was instead of $refused_status" "$(cat err)"
	elif [ "$(wc -l <err)" != 1 ] || ! grep -q "^$refused_program: " err; then
		fail "$refused_name" "not one line of $refused_program on stderr:" "$(cat err)"
	elif ! grep -q -E -e "$refused_pattern" err; then
		fail "$refused_name" "does not match $refused_pattern:" "$(cat err)"
	elif [ -s out ]; then
		fail "$refused_name" "wrote to stdout:" "$(head -c 200 out)"
	else
		pass "$refused_name"
	fi
}

tap_done() {
	echo "1..$tap_count"
	exit "$tap_failed"
}
