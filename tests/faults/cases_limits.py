# SPDX-License-Identifier: Apache-2.0
"""Limits of the process, its descriptors and memory, and objects beyond phasetap's tables."""

from case import FASTER, Theme, accounted, complete, complete_or_says

THEME = Theme("Limits, memory and descriptors")
NO_THREAD = {"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"}
SIZE = r"RLIMIT_FSIZE|file size|size limit|too large"

for size in (0, 100, 4096, 65536, 1024000):
    THEME.add(
        "fsize-%d" % size,
        "RLIMIT_FSIZE is %d bytes: a write behind it is SIGXFSZ, which ends a program." % size,
        "ops=2000 fork{ ops=5 }",
        wrap=("prlimit", "--fsize=%d" % size),
        expect=accounted(SIZE),
        in_order=False,
    )
THEME.add(
    "fsize-under-run",
    "The same for `phasetap run` itself.",
    "ops=50",
    wrap=("prlimit", "--fsize=100"),
    expect=accounted(SIZE),
    only_tool=True,
    in_order=False,
)
THEME.add(
    "fsize-in-the-middle",
    "The program lowers RLIMIT_FSIZE to 8 KiB while it works.",
    "ops=50 limit=fsize:8K ops=3000",
    expect=complete_or_says(SIZE),
    in_order=False,
)
THEME.add(
    "fsize-with-handler",
    "RLIMIT_FSIZE is small, and the program has a handler for SIGXFSZ that it must not get.",
    "crash_handler=XFSZ limit=fsize:8K ops=3000",
    expect=accounted(SIZE),
    in_order=False,
    only_tool=True,  # below 24 KiB there is no log, and whoever runs the program must be told
)
THEME.add(
    "address-space-450-mib",
    "RLIMIT_AS is 450 MiB and the program wants 300 for itself.",
    "limit=as:450M ops=20 allocate=300 ops=20",
)
THEME.add(
    "address-space-450-mib-threads",
    "The same with threads first.",
    "limit=as:450M threads=4 allocate=200 ops=20",
)
THEME.add(
    "address-space-in-steps",
    "RLIMIT_AS is 400 MiB and the program maps 200 of them piece by piece.",
    "limit=as:400M ops=20 map=100 map=60 map=40 ops=20",
)
THEME.add(
    "data-limit",
    "RLIMIT_DATA is 64 MiB and the program wants 40 for itself.",
    "limit=data:64M ops=20 allocate=40 ops=20",
)
THEME.add(
    "nofile-from-the-start",
    "The program may have one descriptor beyond its standard streams: its connection.",
    "limit=nofile:4 ops=200",
    in_order=False,
)
THEME.add(
    "nofile-in-the-middle",
    "No descriptor is left once the program is connected.",
    "ops=20 limit=nofile:3 ops=500",
    in_order=False,
)
THEME.add(
    "nofile-child",
    "A child has one descriptor for its own connection.",
    "ops=20 limit=nofile:5 fork{ ops=20 }",
    in_order=False,
)
THEME.add(
    "nproc-no-thread",
    "RLIMIT_NPROC grants no second thread.",
    "ops=200 granted=1",
    wrap=("prlimit", "--nproc=1"),
    user="other",
)
THEME.add(
    "nproc-exact",
    "RLIMIT_NPROC grants as many threads as the program needs; phasetap may have none.",
    "ops=20 granted=20 ops=20",
    wrap=("prlimit", "--nproc=9"),
    user="other",
    env=NO_THREAD,
)
THEME.add(
    "nproc-exact-default",
    "The same, with phasetap's defaults, threads of the program first.",
    "granted=20 ops=20",
    wrap=("prlimit", "--nproc=9"),
    user="other",
)
THEME.add(
    "no-thread-wanted",
    "PHASETAP_WRITER=0 and PHASETAP_SAMPLER=0: the process has its own threads only.",
    "ops=20 threads_now fork{ ops=5 threads_now }",
    env=NO_THREAD,
)
THEME.add(
    "memlock-small",
    "RLIMIT_MEMLOCK is 64 KiB.",
    "ops=20 mlockall ops=20",
    wrap=("prlimit", "--memlock=65536"),
    user="other",
)
THEME.add(
    "memlock-future",
    "All future mappings are locked within 8 MiB, of which the program wants 2 for itself.",
    "mlockall_future ops=20 map=2 ops=20",
    wrap=("prlimit", "--memlock=8388608"),
    user="other",
)
THEME.add(
    "mlockall-before",
    "The program locks all its memory, also what is to come, before its first driver call.",
    "mlockall ops=50 locked_below=80 fork{ ops=5 }",
)
THEME.add(
    "mlockall-after",
    "The program locks all its memory in the middle.",
    "ops=50 mlockall ops=50 locked_below=80",
)
THEME.add(
    "stack-limit-64-kib",
    "RLIMIT_STACK, which is also the size of threads' stacks, is 64 KiB.",
    "ops=50 threads=8 fork{ ops=5 }",
    wrap=("prlimit", "--stack=65536"),
)
THEME.add(
    "stack-limit-none",
    "RLIMIT_STACK is unlimited, which changes the layout of the address space.",
    "ops=50 fork{ ops=5 }",
    wrap=("prlimit", "--stack=unlimited"),
)
THEME.add(
    "addresses-fixed",
    "Address space randomization is off.",
    "ops=50 threads=8 fork{ ops=5 }",
    wrap=("setarch", "-R"),
)
THEME.add(
    "descriptors-listed",
    "A profiler's descriptors must not show up among the program's.",
    "ops=50 descriptors fresh=5 descriptors",
    tool=True,
)
THEME.add(
    "descriptors-closed",
    "The program closes every descriptor from 3 on, twice, as daemons do.",
    "fresh=50 close_from=3 fresh=50 close_from=3 fresh=50 descriptors",
)
THEME.add(
    "descriptors-close-range",
    "The same by close_range(2), then a child forks.",
    "fresh=50 close_range=3 fresh=50 close_range=3 fork{ ops=20 } descriptors",
)
THEME.add(
    "descriptors-reused",
    "Pipes take the numbers of closed descriptors; nobody else may write into them.",
    "reuse=300",
)
THEME.add(
    "descriptors-with-own-files",
    "Files of the program take the numbers of descriptors that it closed before its first call.",
    "close_from=3 own_files=40 ops=50 own_files_whole fork{ ops=5 } own_files_whole",
    tool=True,
)
THEME.add(
    "standard-streams-closed",
    "Standard input and error are closed before the first call: their numbers are free.",
    "close_standard ops=50 descriptors fork{ ops=5 }",
)
THEME.add(
    "standard-streams-closed-at-start",
    "The program starts without standard input and error.",
    command='exec "$HOST" "$URI" ops=50 descriptors <&- 2>&-',
)
THEME.add(
    "threads-5000",
    "5,000 threads live at once, one insert each.",
    "threads=5000",
    expect=complete_or_says(FASTER, exact=True),
)
THEME.add(
    "threads-5000-without-writer",
    "The same without threads of phasetap's own.",
    "threads=5000",
    env=NO_THREAD,
    expect=complete_or_says(FASTER),
)
THEME.add(
    "threads-10000",
    "10,000 threads live at once, one insert each.",
    "threads=10000",
    expect=complete_or_says(FASTER, exact=True),
)
THEME.add(
    "threads-short-lived",
    "200 threads, one after another, 40 inserts each, within a log of 16 MiB.",
    "churn=200",
    env={"PHASETAP_LIMIT": "16M"},
    expect=complete_or_says(FASTER, exact=True),
)
THEME.add(
    "threads-short-lived-without-writer",
    "The same without a thread of phasetap's own.",
    "churn=200",
    env=dict(NO_THREAD, PHASETAP_LIMIT="16M"),
    expect=complete_or_says(FASTER),
)
THEME.add(
    "clients-1000",
    "1,000 clients are open at once.",
    "clients=1000",
)
THEME.add(
    "handles-30000",
    "30,000 collection objects are held at once: the table of handles grows three times.",
    "handles=30000",
)
THEME.add(
    "names-3000",
    "3,000 collections, each with a name of its own.",
    "names=3000",
)
THEME.add(
    "malloc-fails",
    "Every allocation that libphasetap.so asks for is refused.",
    "ops=100 threads=4 fork{ ops=5 }",
    first=("{faults}/failing_malloc.so",),
    expect=accounted("memory|alloc"),
)
for what, words in (
    ("mmap", "memory|map"),
    ("open", "created|open|descriptor"),
    ("thread", "thread"),
):
    THEME.add(
        what + "-refused",
        "Every %s that libphasetap.so asks for is refused."
        % {"mmap": "mapping", "open": "file", "thread": "thread"}[what],
        "ops=300 fork{ ops=5 }",
        first=("{faults}/refusing.so",),
        program_env={"FAULTS_REFUSE": what},
        expect=complete() if what == "thread" else accounted(words),
        only_tool=what != "thread",  # without files or mappings there is nowhere else to tell
    )
