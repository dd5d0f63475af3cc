# SPDX-License-Identifier: Apache-2.0
"""The log's disk and folder: full, frozen, read-only, gone, or not what they seem."""

import os

import places
from case import Theme, accounted, complete, complete_or_says, nothing, says

THEME = Theme("Disk and folder of the log")
FULL = r"disk|space|room|full|quota"

WORK = "ops=300"
BY_HALVES = "ops=200 meet ops=1000"

THEME.add(
    "plain-run",
    "Nothing is wrong: the yardstick of all other cases.",
    "ops=300 fresh=20 cleanup",
    tool=True,
)

for kind in ("ext4", "xfs", "btrfs"):
    THEME.add(
        "disk-full-at-start-" + kind,
        "The %s file system has no block left when the program starts." % kind,
        WORK,
        place=places.disk(kind, prepare=(places.fill,)),
        expect=accounted(FULL),
    )
    THEME.add(
        "disk-full-in-the-middle-" + kind,
        "Something else takes the last block of %s while the program runs." % kind,
        BY_HALVES,
        place=places.disk(kind),
        meddle=(places.fill,),
        expect=complete_or_says(FULL),
        in_order=False,
    )
    THEME.add(
        "disk-full-at-the-end-" + kind,
        "The last block of %s goes just before the program exits." % kind,
        "ops=1200 meet",
        place=places.disk(kind),
        meddle=(places.fill,),
        expect=complete_or_says(FULL),
        in_order=False,
    )
