#!/bin/sh
# SPDX-License-Identifier: MIT
# The makefile names its files one by one; a file it does not name is neither built nor distributed.
. "${CADGEN_SRCDIR:-$(dirname "$0")/..}/tests/tap.sh"
cd "$CADGEN_SRCDIR" || exit 1

# A folder named as a whole (a corpus, a sample) covers what is in it.
named() {
	named_path=${1#*/}
	while :; do
		grep -qE "%D%/$named_path( |\\\\|\$)" "${1%%/*}/module.am" && return 0
		case $named_path in
		*/*) named_path=${named_path%/*} ;;
		*) return 1 ;;
		esac
	done
}

for list in */module.am; do
	folder=${list%/*}
	case $folder in
	build* | cadgen-*) continue ;;
	esac
	unnamed=$(find "$folder" -name '.?*' -prune -o -type f ! -name module.am ! -name '*~' -print |
		sort | while read -r file; do
		named "$file" || echo "$file"
	done)
	if [ -z "$unnamed" ]; then
		pass "$list names every file of $folder"
	else
		fail "$list names every file of $folder" "$unnamed"
	fi
done
tap_done
