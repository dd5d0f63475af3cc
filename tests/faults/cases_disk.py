# SPDX-License-Identifier: Apache-2.0
"""The disk of the log: full, frozen, read-only, or over a quota."""

import meddling
import places
from case import Theme, accounted, complete_or_says, nothing, says

THEME = Theme("Disk of the log")
FULL = r"disk|space|room|full|quota"
WORK = "ops=300"
BY_HALVES = "ops=200 meet ops=1000"

THEME.add(
    "plain-run",
    "Nothing is wrong: the yardstick of all other cases.",
    "ops=300 fresh=20 cleanup",
    tool=True,
)
THEME.add(
    "plain-run-without-writer",
    "Nothing is wrong, and phasetap may have no thread of its own.",
    "ops=2000 threads_now fresh=20 cleanup",
    env={"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"},
)


def kinds():
    """Each file system, as it is made for a case of a full disk."""
    for kind in ("ext4", "xfs", "btrfs"):
        yield kind, lambda *prepare, kind=kind: places.disk(kind, prepare=prepare)
    yield "tmpfs", lambda *prepare: places.memory_disk(16384, prepare)


for name, make in kinds():
    THEME.add(
        "disk-full-at-start-" + name,
        "The %s file system has no block left when the program starts." % name,
        WORK,
        place=make(meddling.fill),
        expect=accounted(FULL),
        in_order=False,
    )
    THEME.add(
        "disk-full-in-the-middle-" + name,
        "Something else takes the last block of %s while the program runs." % name,
        BY_HALVES,
        place=make(),
        meddle=(meddling.fill,),
        expect=complete_or_says(FULL),
        in_order=False,
    )
    THEME.add(
        "disk-full-at-the-end-" + name,
        "The last block of %s goes just before the program exits." % name,
        "ops=1200 meet",
        place=make(),
        meddle=(meddling.fill,),
        expect=complete_or_says(FULL),
        in_order=False,
    )

THEME.add(
    "disk-full-for-a-while-ext4",
    "The disk is full for some time, then has room again.",
    "ops=200 meet ops=500 meet ops=500",
    place=places.disk("ext4"),
    meddle=(meddling.fill, meddling.free),
    expect=complete_or_says(FULL),
)
for kib in (4, 64, 256, 1024):
    THEME.add(
        "disk-of-%d-kib" % kib,
        "The file system of the log has %d KiB." % kib,
        "ops=2000",
        place=places.memory_disk(kib),
        expect=accounted(FULL),
        in_order=False,
    )
THEME.add(
    "disk-almost-full-btrfs",
    "A copy-on-write file system has 256 KiB left: a store into mapped memory may need a block.",
    "ops=2000",
    place=places.disk("btrfs", prepare=(meddling.leave(256),)),
    expect=accounted(FULL),
    in_order=False,
)
THEME.add(
    "disk-full-forks-ext4",
    "Children start their logs on a full disk.",
    "ops=50 meet children=5{ ops=20 }",
    place=places.disk("ext4"),
    meddle=(meddling.fill,),
    expect=complete_or_says(FULL, counted=False),
    in_order=False,
)
THEME.add(
    "quota-ext4",
    "The user's quota of 64 KiB is used up in the middle of the run.",
    "ops=3000",
    place=places.disk(
        "ext4",
        options="loop,usrquota",
        make_options=("-O", "quota", "-E", "quotatype=usrquota"),
        prepare=(meddling.quota,),
    ),
    user="other",
    expect=accounted(FULL),
    in_order=False,
)
THEME.add(
    "quota-btrfs",
    "The subvolume of the log may hold 512 KiB.",
    "ops=6000",
    place=places.disk("btrfs", prepare=(meddling.group_quota,)),
    expect=accounted(FULL),
    in_order=False,
)
for kind in ("ext4", "xfs"):
    THEME.add(
        "read-only-" + kind,
        "The %s file system is mounted read-only." % kind,
        WORK,
        place=places.disk(kind, prepare=(meddling.read_only,)),
        expect=nothing("read-only"),
        tool=kind == "ext4",
    )
THEME.add(
    "read-only-in-the-middle-ext4",
    "The file system meets an error and goes read-only while the log is being written.",
    BY_HALVES,
    place=places.disk("ext4", options="loop,errors=remount-ro"),
    meddle=(meddling.break_journal,),
    expect=complete_or_says("read-only|write|disk"),
    in_order=False,
)
for kind in ("ext4", "xfs", "btrfs"):
    THEME.add(
        "frozen-" + kind,
        "The %s file system is frozen (fsfreeze, a snapshot of the machine) for 2,000 inserts."
        % kind,
        "ops=100 meet ops=2000 meet ops=10",
        place=places.disk(kind),
        meddle=(meddling.freeze, meddling.thaw),
        expect=complete_or_says("stall|frozen|behind"),
        timeout_s=10,
    )
THEME.add(
    "frozen-at-fork-ext4",
    "A child forks and ends while the file system of the log is frozen.",
    "ops=100 meet fork{ ops=50 _exit=0 } meet ops=10",
    place=places.disk("ext4"),
    meddle=(meddling.freeze, meddling.thaw),
    expect=complete_or_says("stall|frozen|child|process", counted=False),
    in_order=False,
    timeout_s=10,
)
THEME.add(
    "frozen-at-exit-ext4",
    "The program exits while the file system of its log is frozen; it must not wait for the thaw.",
    "ops=100 meet ops=100 exit=3",
    place=places.disk("ext4"),
    meddle=(meddling.freeze,),
    expect=complete_or_says("stall|frozen|behind"),
    in_order=False,
    timeout_s=10,
)
THEME.add(
    "frozen-kill-9-ext4",
    "The program is killed while the file system of its log is frozen, and is gone at once.",
    "ops=100 meet ops=100 kill_hard",
    place=places.disk("ext4"),
    meddle=(meddling.freeze,),
    expect=complete_or_says("stall|frozen|behind"),
    in_order=False,
    timeout_s=10,
)
THEME.add(
    "disk-full-kill-9-ext4",
    "The disk fills up, then the program is killed.",
    "ops=200 meet ops=1000 kill_hard",
    place=places.disk("ext4"),
    meddle=(meddling.fill,),
    expect=complete_or_says(FULL),
    in_order=False,
)
THEME.add(
    "disk-full-for-long-ext4",
    "The disk is full for 20,000 inserts: entries are lost, totals are not.",
    "ops=200 meet ops=20000",
    place=places.disk("ext4"),
    meddle=(meddling.fill,),
    expect=complete_or_says(FULL, exact=True),
    in_order=False,
)
THEME.add(
    "disk-full-without-writer-ext4",
    "The disk fills up, and phasetap has no thread of its own.",
    "ops=200 meet ops=2000",
    place=places.disk("ext4"),
    meddle=(meddling.fill,),
    env={"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"},
    expect=complete_or_says(FULL),
    in_order=False,
)
THEME.add(
    "frozen-for-long-ext4",
    "The file system is frozen for 20,000 inserts: entries may be lost, totals are not.",
    "ops=100 meet ops=20000 meet ops=10",
    place=places.disk("ext4"),
    meddle=(meddling.freeze, meddling.thaw),
    expect=complete_or_says("stall|frozen|behind", exact=True),
    timeout_s=20,
)
THEME.add(
    "inodes-used-up-ext4",
    "The file system has blocks but no inode for a new file.",
    WORK,
    place=places.disk("ext4", make_options=("-N", "16"), prepare=(meddling.use_up_inodes,)),
    expect=accounted(FULL + "|inode"),
    in_order=False,
)
THEME.add(
    "overlay",
    "The log lies on an overlay, as in a container without a volume.",
    "ops=300 fork{ ops=20 }",
    place=places.overlay,
)
THEME.add(
    "shm-read-only",
    "/dev/shm cannot be written.",
    command='mount -t tmpfs -o ro tmpfs /dev/shm && exec "$HOST" "$URI" ops=300',
    wrap=("unshare", "--mount"),
)
THEME.add(
    "size-limit",
    "The log reaches PHASETAP_LIMIT: entries end, totals go on.",
    "ops=6000",
    env={"PHASETAP_LIMIT": "1M"},
    expect=says("limit", exact=True),
)
THEME.add(
    "size-limit-many-threads",
    "64 living threads and a log limit of 1 MiB.",
    "threads=64 churn=20",
    env={"PHASETAP_LIMIT": "1M"},
    expect=complete_or_says("limit"),
)
