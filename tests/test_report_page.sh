#!/bin/sh
# SPDX-License-Identifier: MIT
# A report in a real browser: Chromium without a window opens it from a file, clicks, types and looks.
# CADGEN_SCREENSHOTS: a folder that keeps what it looked like.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
[ -n "${CADGEN_LONG-}" ] || skip_all "a long one: CADGEN_LONG=1 runs it"
python=/usr/bin/python3
[ -x "$python" ] || skip_all "no $python: apt-get install python3"
for chromium in chromium chromium-browser google-chrome; do
	chromium=$(command -v $chromium) && break
done
[ -n "$chromium" ] || skip_all "no Chromium: apt-get install chromium"
# Ubuntu's package is a note that points to a snap, which cannot read our files.
"$chromium" --version >/dev/null 2>&1 || skip_all "$chromium does not run"

seed=${CADGEN_TEST_SEED:-$(date +%s)}
echo "# seed $seed"
mkdir -p "${CADGEN_SCREENSHOTS:-$tmp}"
"$CADGEN_BUILDDIR/report_program" "$tmp/report.html" 250 "$seed" || exit 1
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
# Of solids, where there are any.
set --
if grep -q 'define HAVE_OCCT 1' "$CADGEN_BUILDDIR/config.h"; then
	mkdir "$tmp/run"
	printf '{"step":%d,"loss":%d}\n' 1 9 2 7 3 6 >"$tmp/run/metrics.jsonl"
	"$CADGEN_BUILDDIR/cadconv" parts --count 60 --seed "$seed" --sweeps extrude,revolve --layout sheet --views front,top,right,iso \
		--resolution 256 --val-fraction 0.9 "$tmp/parts" 2>"$tmp/log" || exit 1
	"$python" "$CADGEN_SRCDIR/tests/wrong_solids.py" "$tmp/parts" "$tmp/said.jsonl" || exit 1
	"$CADGEN_BUILDDIR/cadconv" score --about "none <b>" --curves "$tmp/run" --out "$tmp/said" "$tmp/parts" \
		"$tmp/said.jsonl" >"$tmp/log" 2>&1 || exit 1
	set -- "$tmp/said/report.html"
fi
"$python" "$CADGEN_SRCDIR/tests/report_page.py" "$chromium" "$tmp/report.html" "${CADGEN_SCREENSHOTS:-$tmp}" "$@"
