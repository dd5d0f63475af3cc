# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Building, for tools/demo and tools/test. To be sourced after setup.sh. Quiet; shows the end of the
# output on failure.
#
#   build_all ROOT FOLDER [CMAKE-OPTION...]         configures and builds ROOT in FOLDER
#   build_configure ROOT FOLDER [CMAKE-OPTION...]   configures only
#   build_targets FOLDER [TARGET...]                builds these targets, all when none is named

build_configure()
{
    local root=$1 folder=$2
    shift 2
    setup_quietly cmake -S "$root" -B "$folder" "$@" ||
        setup_fail "cmake could not configure $folder;" \
            "see the lines above, or remove that folder and run again"
}

build_targets()
{
    local folder=$1
    shift
    setup_quietly cmake --build "$folder" -j "$(nproc)" ${1:+--target "$@"} ||
        setup_fail "the build in $folder failed; see the lines above, or run: cmake --build $folder"
}

build_all()
{
    build_configure "$@" || return 1
    build_targets "$2"
}
