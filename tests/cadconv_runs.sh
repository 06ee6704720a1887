# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What tests of cadconv share: the program, a seed, 24 models in src, and how datasets are made and looked at. Sourced
# behind tap.sh and made_models.sh; goes into $tmp.

CADCONV=${CADCONV:-$CADGEN_BUILDDIR/cadconv}
[ -x "$CADCONV" ] || skip_all "no $CADCONV"
# shellcheck disable=SC2034 # for tap.sh
refused_program=cadconv
cd "$tmp" || exit 1
seed=${CADGEN_TEST_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "# seed $seed"
plates src 24

deepcad() {
	"$CADCONV" deepcad --seed "$seed" --resolution 128 "$@"
}

# The entries of lists: a line each; the last field of each has no comma behind it.
entries() {
	grep -h '^{"id":' "$@"
}

# size FILE: width and height of a PNG.
size() {
	od -An -j16 -N8 -tu1 "$1" | awk '{ print $3 * 256 + $4, $7 * 256 + $8 }'
}
