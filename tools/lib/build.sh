# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Building, for tools/demo and tools/test. To be sourced after setup.sh.
#
#   build_all ROOT FOLDER [CMAKE-OPTION...]    configures and builds ROOT in FOLDER, quietly; shows the end of the output on failure

build_all()
{
    local root=$1 folder=$2
    shift 2
    setup_quietly cmake -S "$root" -B "$folder" "$@" || setup_fail "cmake could not configure the build in $folder; see the lines above" || return 1
    setup_quietly cmake --build "$folder" -j "$(nproc)" || setup_fail "the build in $folder failed; run: cmake --build $folder" || return 1
}
