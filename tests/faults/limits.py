# SPDX-License-Identifier: Apache-2.0
"""What phasetap cannot do yet: case name -> what happens instead, and what avoids it.

Such a case runs like any other. If it fails, it is reported as skipped with this text, never as
passed; docs/SAFETY.md has the text as its result.
"""

SECCOMP = (
    "a filter that kills on system calls of phasetap's own, installed after the first driver call, "
    "ends the program; set PHASETAP_ENABLE=0 for a program that confines itself so"
)

LIMITS = {
    "frozen-at-fork-ext4": "a child that first uses the driver while the file system of its log is "
    "frozen waits for the thaw: it creates its log at that call",
    "seccomp-all": SECCOMP,
    "seccomp-strict": SECCOMP,
    "seccomp-kill-without-threads": SECCOMP,
    "seccomp-all-without-threads": SECCOMP,
    "seccomp-strict-without-threads": SECCOMP,
}
