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
PYTHONDONTWRITEBYTECODE=1 "$python" "$CADGEN_SRCDIR/tests/report_page.py" "$chromium" "$tmp/report.html" \
	"${CADGEN_SCREENSHOTS:-$tmp}"
