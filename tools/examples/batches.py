#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""batches.py LOG: reads an event log with pymongo's bson and prints, for each phase, how many calls
there were, their documents, and their time. docs/FORMAT.md has the meaning of the keys."""

import collections
import sys

import bson

SPAN, MANIFEST = 10, 1


def main():
    phases, sums = {}, collections.defaultdict(lambda: [0, 0, 0])
    with open(sys.argv[1], "rb") as log:
        for document in bson.decode_file_iter(log):
            if document.get("k") == MANIFEST:
                phases = {int(number): name for number, name in document["phases"].items()}
            elif document.get("k") == SPAN:
                row = sums[phases.get(document["ph"], "unknown")]
                row[0] += 1
                row[1] += document["n"]
                row[2] += document["d"]
    for name, (calls, documents, time_ns) in sorted(sums.items()):
        print("%s\t%d calls\t%d documents\t%.6f s" % (name, calls, documents, time_ns / 1e9))


if __name__ == "__main__":
    main()
