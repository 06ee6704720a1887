#!/bin/sh
# SPDX-License-Identifier: MIT
# Every set of vector instructions gives the bits of the plainest: pictures do not depend on the machine.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"

"$CADGEN_BUILDDIR/scan_hash" >"$tmp/fast"
"$CADGEN_BUILDDIR/scan_hash_plain" >"$tmp/plain"
ok "there is a hash for each degradation" test "$(wc -l <"$tmp/fast")" -gt 50
ok "nearly all are different" test "$(cut -d ' ' -f 2 "$tmp/fast" | sort -u | wc -l)" -gt 50
ok "the plainest processor makes the same pictures" diff "$tmp/plain" "$tmp/fast"
tap_done
