# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A program's help beside its man page. A script sources tap.sh and this file and sets
#
#	program=cadgen binary=$CADGEN page=$CADGEN_SRCDIR/gen/cadgen.1

# check_options VERB: the help of $program, or of its verb, against its part of the page: what stands
# before the first subsection, or in the one called "$program VERB".
check_options() {
	options_name="$program${1:+ $1}"
	if [ -z "$1" ]; then
		"$binary" --help >"$tmp/help" 2>/dev/null
		awk '/^\.Ss / || /^\.Sh (FILES|CONFIGURATION|EXIT)/ { exit } { print }' "$page" >"$tmp/page"
	else
		"$binary" "$1" --help >"$tmp/help" 2>/dev/null
		awk -v ss=".Ss $program $1" '/^\.S[sh] / { on = $0 == ss } on' "$page" >"$tmp/page"
	fi

	# One line per option, its wrapped help joined: "-n, --count=N how many ... (default 1000)".
	awk '/^$/ { if (line) print line; line = "" }
		/^ +(-[a-zA-Z], )?--/ { if (line) print line; line = $0; next }
		line { line = line $0 }
		END { print line }' "$tmp/help" | tr -s ' ' | sed 's/^ //' >"$tmp/help-lines"
	# One line per option of the page: its .It line and the text up to the next.
	awk '/^\.It Fl / { if (line) print line; line = $0; next }
		/^\.El/ { if (line) print line; line = "" }
		line { line = line " " $0 }' "$tmp/page" | tr -s ' ' >"$tmp/page-lines"

	sed -n -E 's/^(-[a-zA-Z], )?(--[a-z-]+).*/\1\2/p' "$tmp/help-lines" |
		sort >"$tmp/help-options"
	sed -n -E 's/^\.It Fl ([a-zA-Z]) , Fl Fl ([a-z-]+).*/-\1, --\2/p
		s/^\.It Fl Fl ([a-z-]+).*/--\1/p' "$tmp/page-lines" | sort >"$tmp/page-options"
	ok "$options_name --help lists options" test -s "$tmp/help-options"
	ok "$options_name --help and $program(1) name the same options" \
		diff "$tmp/help-options" "$tmp/page-options"

	# A default is one word in parentheses at the end of the help, before what choices there are.
	sed -n -E 's/^(-[a-zA-Z], )?--([a-z-]+).*\(([^ ()]+)\)(; one of .*)?$/\2 \3/p' \
		"$tmp/help-lines" >"$tmp/help-defaults"
	cat "$tmp/help-defaults" >>"$tmp/defaults-of-$program"
	while read -r option default; do
		grep -E "^\.It .*Fl Fl $option( |\$)" "$tmp/page-lines" |
			grep -q -E "default (\.?(Pa|Cm|Li|Ql) )?$default( |\.|,|\$)" ||
			echo "--$option: default $default"
	done <"$tmp/help-defaults" >"$tmp/defaults"
	ok "$program(1) states the defaults of $options_name --help" test ! -s "$tmp/defaults"
	sed 's/^/# not in the page: /' "$tmp/defaults"
}

# The verbs stand in the help behind the line "Verbs, ...": "  verify   what it does".
check_verbs() {
	"$binary" --help | awk '/^$/ { on = 0 } on { print $1 } /^Verbs/ { on = 1 }' >"$tmp/verbs"
	ok "$program --help names verbs" test -s "$tmp/verbs"
	sed -n -E "s/^\\.Ss $program ([a-z]+)\$/\\1/p" "$page" >"$tmp/page-verbs"
	ok "$program --help and $program(1) name the same verbs" diff "$tmp/verbs" "$tmp/page-verbs"
	while read -r verb; do
		check_options "$verb"
	done <"$tmp/verbs"
	ok "$program --help states defaults" test -s "$tmp/defaults-of-$program"
}

# without COMMAND: the library it needs and this build lacks; false where it lacks none.
without() {
	case $1 in
	*--image-format\ jpeg*) set -- HAVE_JPEG libjpeg ;;
	*--format\ webdataset*) set -- HAVE_LIBARCHIVE libarchive ;;
	*) return 1 ;;
	esac
	! grep -q "define $1 1" "$CADGEN_BUILDDIR/config.h" && echo "$2"
}

# The commands of EXAMPLES are its literal lines that begin with "$ ", run one after the other in
# the folder $tmp/work-$program, where programs are found in $tmp/bin.
run_examples() {
	awk '/^\.Sh/ { on = $2 == "EXAMPLES" } on' "$page" | sed -n 's/^\$ //p' |
		sed 's/\\e/\\/g; s/\\-/-/g' >"$tmp/examples"
	ok "EXAMPLES of $program(1) has commands" test -s "$tmp/examples"
	while IFS= read -r command; do
		if library=$(without "$command"); then
			skip "example: $command" "built without $library"
			continue
		fi
		ok "example: $command" env PATH="$tmp/bin:$PATH" sh -e -c "cd '$tmp/work-$program' && $command" \
			</dev/null
	done <"$tmp/examples"
}
