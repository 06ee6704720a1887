#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Holds the tree to its layers: which directory includes which, where each library may be seen,
# includes from the root and <config.h> first, unique file names, a licence line on top, headers
# that compile alone. TAP on stdout; each violation is a "# file:line: what" line.
#
# srcdir: the tree, default "."; CC: the compiler, default cc; CPPFLAGS: for headers that need them;
# CADGEN_COMPILE: compiler and flags in one, as make check gives it.

srcdir=${srcdir:-.}
dirs='base formats fonts gen render augment tokenizer trainer tests bench'
count=0
failed=0

# report NAME VIOLATIONS
report()
{
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
		failed=1
	fi
}

cd "$srcdir" || exit 99

# config.h may lie in the root of a build inside the tree; it is made, not ours.
sources=$({
	ls ./*.c ./*.h 2>/dev/null
	for d in $dirs; do
		[ ! -d "$d" ] ||
			find "$d" -name '.?*' -prune -o -type f \
				\( -name '*.c' -o -name '*.h' -o -name '*.cu' -o -name '*.cpp' -o \
				-name '*.cc' -o -name '*.hh' \) -print
	done
} | sed 's,^\./,,' | grep -v '^config\.h$' | LC_ALL=C sort)

empty=
[ -n "$sources" ] || empty="no source files under $srcdir"
report "there are sources to check" "$empty"
[ -z "$empty" ] || { echo "1..$count"; exit 1; }

# A row of `may` is a directory with what it may include; a row of `home` is a pattern of library
# headers with the directories, or folders of one, that may see them. New directories need a row, and so, by
# `part`, does each folder of one that has any: it may include those of its neighbours that are listed.
# shellcheck disable=SC2086
report "includes follow the layers" "$(awk '
BEGIN {
	may["base"] = "base"
	may["formats"] = "base formats"
	may["fonts"] = "base formats fonts"
	may["gen"] = "base formats gen"
	may["render"] = "base formats fonts render"
	may["augment"] = "base formats augment"
	may["tokenizer"] = "base formats tokenizer"
	may["trainer"] = "base formats tokenizer trainer"
	part["formats/encoding"] = "encoding"
	part["formats/scene"] = "encoding scene"
	part["formats/image"] = "encoding scene image"
	part["formats/program"] = "encoding scene program"
	part["formats/solid"] = "encoding scene solid"
	part["formats/drawing"] = "encoding scene solid drawing"
	part["formats/dataset"] = "encoding scene image program drawing dataset"
	part["formats/metrics"] = "encoding scene image metrics"
	part["formats/model"] = "encoding model"
	part["formats/cad"] = "encoding program solid dataset cad"
	part["gen/scene"] = "scene"
	part["gen/part"] = "part"
	part["gen/reader"] = "reader"
	part["render/hand"] = "hand"
	part["render/draft"] = "draft"
	part["render/dxf"] = "dxf"
	part["render/paint"] = "hand paint"
	part["render/chart"] = "paint chart"
	part["trainer/ops"] = "ops"
	part["trainer/train"] = "ops train"
	part["trainer/decode"] = "ops train decode"
	part["trainer/score"] = "score"
	part["trainer/rerank"] = "score rerank"
	part["trainer/report"] = "score report"
	part["trainer/loop"] = "score loop"
	home["^(cairo/)?cairo[a-z0-9-]*\\.h$"] = "render/paint render/chart fonts"
	home["^(ft2build\\.h$|freetype|FT_)"] = "render fonts"
	home["^(harfbuzz/)?hb(-[a-z0-9-]+)?\\.h$"] = "render fonts"
	home["^(libpng[0-9]*/)?png[a-z]*\\.h$"] = "formats"
	home["^j(peglib|error|morecfg)\\.h$"] = "formats"
	home["^(cjson/)?cJSON[A-Za-z_]*\\.h$"] = "formats"
	home["^yaml\\.h$"] = "formats"
	home["\\.hxx$"] = "formats"
	home["^hdf5\\.h$"] = "formats"
	home["^archive(_entry)?\\.h$"] = "formats"
	home["^(cuda|cublas|nccl|oneapi/|dnnl)"] = "trainer"
}
function among(word, list) { return index(" " list " ", " " word " ") > 0 }
function bad(what) { print FILENAME ":" FNR ": " what }
FNR == 1 {
	dir = FILENAME
	sub(/\/.*/, "", dir)
	free = dir == "tests" || dir == "bench" || FILENAME ~ /_main\.[ch]$/
	if (!free && !(dir in may))
		bad("no row for this place in tests/check_layers.sh")
	place = ""
	if (split(FILENAME, names, "/") > 2)
		place = names[1] "/" names[2]
	if (!free && place != "" && !(place in part))
		bad("no row for " place " in tests/check_layers.sh")
}
/^[ \t]*#[ \t]*include/ && !free {
	name = $0
	sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
	quoted = name ~ /^"/
	sub(/^[<"]/, "", name)
	sub(/[>"].*/, "", name)
	for (pattern in home)
		if (name ~ pattern && !among(dir, home[pattern]) && !among(place, home[pattern]))
			bad("<" name "> belongs in " home[pattern])
	from = name
	sub(/\/.*/, "", from)
	if (from in may && from != name && !among(from, may[dir]))
		bad(dir " must not include " name)
	if (place != "" && from == dir && (split(name, names, "/") < 3 || !among(names[2], part[place])))
		bad(place " must not include " name)
	if (name ~ /_main\.h$/ || (from != name && (from == "tests" || from == "bench")))
		bad("modules must not include " name)
	if (quoted && !(from in may))
		bad("\"" name "\" is not written from the root")
}' $sources)"

# shellcheck disable=SC2086
report "includes of our own are written from the root" "$(grep -nE \
	'^[[:space:]]*#[[:space:]]*include[[:space:]]*"([^/"]*"|\.\.?/)' $sources /dev/null)"

report "file names are unique" "$({
	printf '%s\n' "$sources"
	for d in $dirs man m4 samples; do
		[ ! -d "$d" ] ||
			find "$d" -name '.?*' -prune -o -type f \
				\( -name '*.sh' -o -name '*.py' -o -name '*.[1-9]' -o -name '*.m4' \) -print
	done
} | awk -F/ '$NF in seen { print $0 ": also " seen[$NF]; next } { seen[$NF] = $0 }')"

report "every .c and .cc includes <config.h> before any other directive" "$(
	for f in $(printf '%s\n' "$sources" | grep -E '\.cc?$'); do
		grep -n '^[[:space:]]*#' "$f" | sed -n 1p |
			grep -q '^[0-9]*:#include <config\.h>$' || echo "$f:1: <config.h> is not first"
	done)"

report "every source begins with its licence" "$(
	for f in $sources; do
		sed -n 1p "$f" | grep -q 'SPDX-License-Identifier: [A-Za-z0-9]' ||
			echo "$f:1: no SPDX-License-Identifier"
	done)"

# A header that needs a library this machine lacks is skipped, with its name.
# shellcheck disable=SC2086
compile_alone()
{
	printf '#include "%s"\n#include "%s"\n' "$1" "$1" |
		$compile -I. -fsyntax-only -x c - 2>&1
}

compile=${CADGEN_COMPILE-}
if [ -z "$compile" ]; then
	compile="${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror ${CPPFLAGS-}"
	for lib in cairo freetype2 harfbuzz libpng libjpeg libarchive libcjson yaml-0.1; do
		compile="$compile $(pkg-config --cflags "$lib" 2>/dev/null)"
	done
fi
for f in $(printf '%s\n' "$sources" | grep '\.h$'); do
	said=$(LC_ALL=C compile_alone "$f")
	if [ -z "$said" ]; then
		report "$f compiles alone" ""
		continue
	fi
	missing=$(printf '%s\n' "$said" | sed -nE \
		"s,.*fatal error: '?([^ ':]+)'?(: No such file or directory| file not found).*,\1,p" | sed -n 1p)
	case " $dirs " in
	*" ${missing%%/*} "*) missing= ;;
	esac
	if [ -n "$missing" ]; then
		count=$((count + 1))
		echo "ok $count - $f compiles alone # SKIP no <$missing> here"
	else
		report "$f compiles alone" "$said"
	fi
done

echo "1..$count"
exit $failed
