# SPDX-License-Identifier: Apache-2.0
"""Children, daemons and other images; each process that uses the driver has a log of its own."""

from case import Theme, complete_or_says

THEME = Theme("Processes")
CHILD = r"child|process|fork|clone"
NO_THREAD = {"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"}

# A child that is forked while another thread is inside a driver call must not use the driver before
# it executes another image: libmongoc has a lock of its own for all topologies (in
# mongoc_atomic_shared_ptr_load and _store), which stays held in the child now and then. Bare 1 hang
# in 85 runs of 20 children on a loaded machine, profiled 1 in 59, in the same frame.

THEME.add(
    "fork-both-work",
    "Parent and child use the driver.",
    "ops=20 fork{ ops=20 } ops=20",
    tool=True,
    logs=2,
)
THEME.add(
    "fork-child-works",
    "Only the child uses the driver.",
    "fork{ ops=20 }",
    tool=True,
    logs=1,
)
THEME.add(
    "fork-child-of-child",
    "Grandchildren work too, and leave by _exit.",
    "ops=20 fork{ ops=20 fork{ ops=20 _exit=0 } ops=20 _exit=0 } ops=20",
    logs=3,
    in_order=False,
)
THEME.add(
    "fork-child-idle",
    "Children that never use the driver leave no file.",
    "ops=20 children=5{ } children=5{ _exit=0 } ops=20",
    logs=1,
)
THEME.add(
    "fork-50-children",
    "50 children at once, four inserts each.",
    "ops=5 children=50{ ops=4 } ops=5",
    logs=51,
)
THEME.add(
    "fork-50-children-without-writer",
    "The same without threads of phasetap's own.",
    "ops=5 children=50{ ops=4 } ops=5",
    logs=51,
    env={"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"},
)
THEME.add(
    "fork-20-generations",
    "20 generations, each process the child of the one before; address space is limited.",
    "limit=as:600M ops=5 generations=20 allocate=200",
    logs=21,
)
THEME.add(
    "fork-while-others-record",
    "20 children fork while eight threads insert, and become another image.",
    "busy=8 children=20{ exec fresh=3 } quiet ops=5",
    logs=21,
)
THEME.add(
    "fork-while-others-record-without-writer",
    "The same without threads of phasetap's own.",
    "busy=8 children=20{ exec fresh=3 } quiet ops=5",
    logs=21,
    env={"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"},
)
for name, env in (("", {}), ("-without-writer", NO_THREAD)):
    THEME.add(
        "fork-beside-recording-threads" + name,
        "Children work; eight threads of the parent recorded and are between two calls.",
        "busy=8 pause children=20{ fresh=3 } resume quiet ops=5",
        logs=21,
        env=env,
    )
THEME.add(
    "fork-while-others-record-exit-at-once",
    "The same with children that leave at once, by _exit and by exit.",
    "busy=8 children=20{ _exit=0 } children=20{ } quiet ops=5",
    in_order=False,
)
THEME.add(
    "fork-parent-leaves",
    "The parent leaves by _exit, the child goes on.",
    "ops=20 leave_to_child ops=20",
    in_order=False,
)
THEME.add(
    "raw-clone",
    "A child made by the system call, past the C library and its fork handlers.",
    "ops=20 raw_clone{ ops=20 } ops=20",
    expect=complete_or_says(CHILD, counted=False),
    in_order=False,
)
THEME.add(
    "vfork-and-spawn",
    "vfork with exec, and posix_spawn, of a program without the driver.",
    "ops=20 vfork=/bin/true spawn=/bin/true vfork=/absent ops=20",
    logs=1,
    tool=True,
)
THEME.add(
    "vfork-while-others-record",
    "The same while four threads insert.",
    "busy=4 vfork=/bin/true spawn=/bin/true vfork=/bin/true quiet ops=5",
)
THEME.add(
    "exec",
    "The process becomes another image of the program: two logs, one process number.",
    "ops=20 exec ops=20",
    logs=2,
    tool=True,
    in_order=False,
)
THEME.add(
    "exec-in-child",
    "A child becomes another image.",
    "ops=20 fork{ ops=20 exec ops=20 } ops=20",
    in_order=False,
)
THEME.add(
    "daemon",
    "The classical double fork with all descriptors closed.",
    "ops=20 daemon ops=20 fork{ ops=20 }",
    logs=3,
    in_order=False,
)
THEME.add(
    "daemon-twice",
    "A daemon makes itself a daemon once more.",
    "ops=20 daemon ops=20 daemon ops=20",
    logs=3,
    in_order=False,
)
THEME.add(
    "follow-off",
    "PHASETAP_FOLLOW=0: the first process is recorded, its children are not.",
    "ops=20 fork{ exit=3 } ops=20",
    logs=1,
    env={"PHASETAP_FOLLOW": "0"},
)
