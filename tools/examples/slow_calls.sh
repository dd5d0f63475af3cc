#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# slow_calls.sh LOG SECONDS: reads an event log with MongoDB's bsondump and prints the calls that
# took longer, with their start in nanoseconds of the process's clock. `phasetap dump LOG` prints
# the same with names instead of ids.
#
#   BSONDUMP   bsondump of the MongoDB database tools (default: the one in PATH)
set -euo pipefail

"${BSONDUMP:-bsondump}" --quiet --type=json "$1" |
    jq -r --argjson least "$2" '
        def int:
            if type == "object" then (.["$numberLong"] // .["$numberInt"]) | tonumber else . end;
        select((.k | int) == 10 and (.d | int) > $least * 1e9)
        | "\(.t | int)\tthread \(.th | int)\t\((.d | int) / 1e9) s\t\(.n | int) documents"'
