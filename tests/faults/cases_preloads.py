# SPDX-License-Identifier: Apache-2.0
"""Other objects that programs preload or are built with: allocators, clocks, sanitizers."""

import os

import meddling
import support
from case import Theme

THEME = Theme("Allocators, sanitizers and clocks")
ALL = "ops=50 threads=20 fork{ ops=5 } children=3{ ops=3 } cleanup"

for name, library in (
    ("jemalloc", "libjemalloc.so.?"),
    ("tcmalloc", "libtcmalloc_minimal.so.?"),
    ("mimalloc", "libmimalloc.so.?"),
):
    THEME.add(
        name + "-first",
        "%s is preloaded before phasetap." % name,
        ALL,
        first=(library,),
    )
    THEME.add(
        name + "-last",
        "%s is preloaded behind phasetap." % name,
        ALL,
        last=(library,),
    )

FAKETIME = "faketime/libfaketimeMT.so.1"
for order in ("first", "last"):
    THEME.add(
        "faketime-" + order,
        "libfaketime, preloaded %s, sets all clocks ten days back and runs them at double speed."
        % ("before phasetap" if order == "first" else "behind phasetap"),
        "ops=50 threads=10 fork{ ops=5 }",
        program_env={"FAKETIME": "-10d x2"},
        **{order: (FAKETIME,)},
    )
    THEME.add(
        "clock-steps-" + order,
        "All clocks jump an hour back, then two hours ahead (libfaketime, %s)." % order,
        "ops=50 meet ops=50 meet ops=50 fork{ ops=5 }",
        program_env={"FAKETIME_TIMESTAMP_FILE": "{folder}/../clock", "FAKETIME_NO_CACHE": "1"},
        meddle=(meddling.clock("-3600"), meddling.clock("+3600")),
        **{order: (FAKETIME,)},
    )
THEME.add(
    "clock-locked-at-fork",
    "A preloaded clock_gettime takes a mutex, as libfaketime's does; 60 forks of a program with "
    "one thread: none finds it locked by a thread of phasetap.",
    "ops=5 children=30{ ops=3 } children=30{ ops=3 }",
    first=("{faults}/locked_clock.so",),
)
THEME.add(
    "clock-far-ahead",
    "The monotonic clock stands at 126 years (a time namespace).",
    "ops=50 fork{ ops=5 }",
    wrap=("unshare", "--time", "--fork", "--monotonic", "4000000000"),
)


def shared_run_time(program, library):
    """A need: clang links its sanitizers' run-time libraries statically, gcc does not."""

    def need():
        with open(os.path.join(support.BUILD, "bin", "faults", program), "rb") as file:
            found = library in file.read()
        return None if found else "%s is not linked with %s" % (program, library.decode())

    return need


for name, program, options in (
    ("asan", "host_address", {"ASAN_OPTIONS": "detect_leaks=0"}),
    ("tsan", "host_thread", {"TSAN_OPTIONS": "die_after_fork=0"}),
):
    library = {"asan": "libasan.so.?", "tsan": "libtsan.so.?"}[name]
    THEME.add(
        name + "-first",
        "A program built with the sanitizer, whose run-time library is preloaded first.",
        "ops=50 threads=20 fork{ ops=5 } busy=4 quiet cleanup",
        program=program,
        program_env=options,
        first=(library,),
        needs=(shared_run_time(program, library[:-2].encode()),),
    )
THEME.add(
    "asan-below-a-shell",
    "A program built with AddressSanitizer is started by a shell under `phasetap run`.",
    program="host_address",
    command='"$HOST" "$URI" ops=50; exit $?',
    program_env={"ASAN_OPTIONS": "detect_leaks=0"},
    only_tool=True,
)
THEME.add(
    "tsan-without-threads",
    "ThreadSanitizer ends a child of a threaded process that starts threads: phasetap has none.",
    "ops=50 fork{ ops=5 threads=4 }",
    program="host_thread",
    first=("libtsan.so.?",),
    needs=(shared_run_time("host_thread", b"libtsan.so"),),
    env={"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"},
)
THEME.add(
    "tsan-alone",
    "A program built with ThreadSanitizer under phasetap alone.",
    "ops=50 threads=20",
    program="host_thread",
)
