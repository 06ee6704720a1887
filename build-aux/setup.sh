# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What quickstart and check share: packages by apt, autoreconf, configure. Sourced by bash with
# `set -euo pipefail`, the current folder being the project's root.
#
# A build folder holds a stamp of what it was configured from; where that has changed (the tree was
# moved, a library came or went, other options), it is configured again.

# Debian 12 and Ubuntu 24.04 have the same names for these.
SETUP_BUILD_PACKAGES=(gcc libc6-dev make autoconf automake pkgconf libcairo2-dev libfreetype-dev
	libharfbuzz-dev libpng-dev libjpeg-dev libcjson-dev libyaml-dev zlib1g-dev libdeflate-dev
	libarchive-dev)

setup_say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

setup_die() {
	setup_say "$@"
	exit 1
}

# Prints those of the packages that are not installed.
setup_missing() {
	local package
	for package; do
		case $(dpkg-query --show --showformat=' ${db:Status-Status} ' "$package" 2>/dev/null) in
		*\ installed\ *) ;;
		*) printf '%s\n' "$package" ;;
		esac
	done
}

# Runs apt-get as root or through sudo. Returns 1 where neither is at hand.
setup_apt() {
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
	if [ "$(id -u)" = 0 ]; then
		"${apt[@]}" "$@" </dev/null >&2
	elif ! command -v sudo >/dev/null; then
		setup_say "not root, and there is no sudo"
		return 1
	elif [ -t 0 ]; then
		sudo "${apt[@]}" "$@" >&2
	else
		sudo -n "${apt[@]}" "$@" </dev/null >&2
	fi
}

setup_apt_update() {
	if [ -z "${SETUP_APT_UPDATED-}" ]; then
		setup_apt -qq update || return 1
		SETUP_APT_UPDATED=1
	fi
}

# Installs the build packages that are missing; ends the script where that cannot be done.
setup_packages() {
	local missing
	if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
		setup_without_apt
		return
	fi
	mapfile -t missing < <(setup_missing "${SETUP_BUILD_PACKAGES[@]}")
	[ "${#missing[@]}" -gt 0 ] || return 0
	setup_say "installing by apt: ${missing[*]}"
	if ! setup_apt_update ||
		! setup_apt -qq install -y --no-install-recommends "${missing[@]}"; then
		setup_die "could not install them; as root: apt-get install ${missing[*]}"
	fi
}

# Other systems: go on where the tools are there, and let configure name a missing library.
setup_without_apt() {
	local tool absent=
	for tool in cc make autoconf automake pkg-config; do
		command -v "$tool" >/dev/null || absent="$absent $tool"
	done
	[ -z "$absent" ] || setup_die "this system has no apt, and these are missing:$absent." \
		"Needed: a C11 compiler, make, autoconf 2.71, automake 1.16, pkg-config and the" \
		"development files of cairo 1.16, freetype2, harfbuzz 2.7, libpng, cJSON, libyaml," \
		"zlib; libdeflate speeds PNG files up, libjpeg reads and writes JPEG files," \
		"libarchive tar archives." \
		"Debian 12 and Ubuntu 24.04 are supported."
	setup_say "this system has no apt: nothing is installed, trying with what is here"
}

# Installs those packages that can be had and goes on without the others. Each argument is a package
# or several names for one thing, "a|b": the first that the system knows is taken.
setup_packages_for_tests() {
	local wanted=() missing package
	command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 0
	mapfile -t missing < <(setup_missing_tests "$@")
	[ "${#missing[@]}" -gt 0 ] || return 0
	if ! setup_apt_update; then
		setup_say "not installed, so their tests are skipped: ${missing[*]}"
		return 0
	fi
	for package in "${missing[@]}"; do
		if package=$(setup_known "$package"); then
			wanted+=("$package")
		fi
	done
	[ "${#wanted[@]}" -gt 0 ] || return 0
	setup_say "installing by apt, for tests only: ${wanted[*]}"
	setup_apt -qq install -y --no-install-recommends "${wanted[@]}" && return 0
	for package in "${wanted[@]}"; do
		setup_apt -qq install -y --no-install-recommends "$package" ||
			setup_say "could not install $package: its tests are skipped"
	done
}

# Prints those "a|b" of which no name is installed.
setup_missing_tests() {
	local names alternatives
	for names; do
		IFS='|' read -ra alternatives <<<"$names"
		[ "$(setup_missing "${alternatives[@]}" | wc -l)" -lt "${#alternatives[@]}" ] ||
			printf '%s\n' "$names"
	done
}

# Prints the first name of "a|b" that apt could install.
setup_known() {
	local alternatives package
	IFS='|' read -ra alternatives <<<"$1"
	for package in "${alternatives[@]}"; do
		# Not piped into grep -q: that ends apt-cache by SIGPIPE, which pipefail notices.
		case $(LC_ALL=C apt-cache policy "$package" 2>/dev/null) in
		*Candidate:\ [!\(]*)
			printf '%s\n' "$package"
			return 0
			;;
		esac
	done
	setup_say "apt knows no package $1: its tests are skipped"
	return 1
}

# Makes configure where it is absent or older than configure.ac; the makefiles' own rules look after
# everything else.
setup_autoreconf() {
	if [ ! -x configure ] || [ ! -f Makefile.in ] || [ ! -f build-aux/tap-driver.sh ] ||
		[ configure.ac -nt configure ]; then
		./autogen.sh
	fi
}

# What a configuration depends on besides its options.
setup_ground() {
	pwd -P
	[ -z "$(command -v dpkg-query)" ] ||
		dpkg-query --show "${SETUP_BUILD_PACKAGES[@]}" libcmocka-dev clang \
			libocct-modeling-algorithms-dev libocct-data-exchange-dev libhdf5-dev 2>/dev/null || true
}

# setup_configure FOLDER LOG OPTION...: configures FOLDER (below the root) with the options unless it
# is so already. The single option "any" is content with whatever it was configured with.
setup_configure() {
	local folder=$1 log=$2 ground options
	shift 2
	ground=$(setup_ground)
	options="options: $*"
	if [ -f "$folder/Makefile" ] && [ -f "$folder/.ground" ] &&
		[ "$(cat "$folder/.ground")" = "$ground" ] &&
		{ [ "$*" = any ] || [ "$(cat "$folder/.options")" = "$options" ]; }; then
		return 0
	fi
	[ "$*" != any ] || shift
	mkdir -p "$folder"
	rm -f "$folder/.ground"
	if ! (cd "$folder" && ../configure "$@") >"$log" 2>&1; then
		setup_tail "$log"
		return 1
	fi
	make -C "$folder" clean >/dev/null 2>&1 || true
	sed -n '/^configure: *$/,$p' "$log" >&2
	printf '%s\n' "$options" >"$folder/.options"
	printf '%s\n' "$ground" >"$folder/.ground"
}

# The end of a log, for a person to see what went wrong.
setup_tail() {
	setup_say "the end of $1:"
	tail -n "${2-30}" "$1" >&2
}
