# SPDX-License-Identifier: Apache-2.0
"""Who and where the program is: its user, rights, root folder, namespaces, sandbox."""

import os

import places
from case import Theme, accounted, complete_or_says, nothing

THEME = Theme("Users, roots, namespaces and sandboxes")
REFUSED = r"permission|denied|another user|child|this user owns"
NO_THREAD = {"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"}

THEME.add(
    "user-changes-in-the-middle",
    "The program drops root for good after its first driver calls.",
    "ops=20 become={uid} ops=200 who",
    in_order=False,
)
THEME.add(
    "user-changes-first",
    "The program drops root before its first driver call; the folder of the log is root's.",
    "become={uid} ops=20",
    expect=accounted(REFUSED),
    only_tool=True,
)
THEME.add(
    "user-changes-shared-folder",
    "The same with a folder like /tmp, where everybody may write.",
    "become={uid} ops=20",
    place=places.of_root(0o1777),
)
THEME.add(
    "workers-of-another-user",
    "Children of a daemon that runs as root drop root, then work.",
    "ops=5 children=3{ become={uid} ops=20 }",
    expect=complete_or_says(REFUSED, counted=False),
    tool=True,
    in_order=False,
)
THEME.add(
    "workers-of-another-user-folder",
    "The same with a folder as PHASETAP_OUTPUT that the workers may write into.",
    "ops=5 children=3{ become={uid} ops=20 }",
    place=places.shared_folder,
)
THEME.add(
    "master-without-calls",
    "The daemon itself never uses the driver; only children that dropped root do.",
    "children=3{ become={uid} ops=20 }",
    expect=accounted(REFUSED),
    only_tool=True,
)
THEME.add(
    "chroot-in-the-middle",
    "The program confines itself to an empty folder after its first driver calls.",
    "ops=20 chroot={folder} ops=500",
    in_order=False,
)
THEME.add(
    "chroot-first",
    "The program confines itself before its first driver call.",
    "chroot={folder} ops=20",
    expect=accounted("chroot|no such|not exist|could not be created"),
    only_tool=True,
    in_order=False,
)
THEME.add(
    "chroot-then-fork",
    "A child forks inside the chroot, where the path of the log leads nowhere.",
    "ops=20 chroot={folder} fork{ ops=20 }",
    expect=complete_or_says("chroot|root|child|process", counted=False),
    in_order=False,
)


def setuid(program):
    os.chown(program, 0, 0)
    os.chmod(program, 0o4755)


def capability(program):
    places.command(["setcap", "cap_net_bind_service+ep", program])


THEME.add(
    "setuid-program",
    "A set-user-ID program: the loader ignores LD_PRELOAD.",
    "who ops=20",
    mark=setuid,
    user="other",
    expect=nothing("set-user-ID|setuid|privilege"),
    tool=True,
)
THEME.add(
    "file-capabilities",
    "A program with file capabilities: the loader ignores LD_PRELOAD.",
    "who ops=20",
    mark=capability,
    user="other",
    expect=nothing("capabilit|privilege"),
    tool=True,
)
THEME.add(
    "environment-cleared",
    "The program empties its environment before its first driver call.",
    "environment_cleared ops=20 fork{ ops=5 }",
)
THEME.add(
    "capabilities-dropped",
    "A root without capabilities.",
    "ops=50 fork{ ops=5 }",
    wrap=("setpriv", "--inh-caps=-all", "--bounding-set=-all"),
    tool=True,
)
THEME.add(
    "not-dumpable",
    "PR_SET_DUMPABLE 0: the process's files in /proc belong to root.",
    "dumpable=0 ops=50 fork{ ops=5 }",
    user="other",
    tool=True,
)
THEME.add(
    "unshare-user-after-calls",
    "unshare(CLONE_NEWUSER) needs a process with one thread, which it is without phasetap.",
    "ops=20 unshare=user ops=200 fork{ ops=5 }",
    expect=complete_or_says(REFUSED, counted=False),
    in_order=False,
)
THEME.add(
    "unshare-and-setns-after-calls",
    "Other namespaces after the first driver calls; errno is the bare program's.",
    "ops=20 setns=mnt setns=uts setns=user unshare=mnt unshare=uts unshare=ipc ops=20",
)
for kind in ("pid", "time"):
    THEME.add(
        "unshare-%s-after-calls" % kind,
        "Children go to a new %s namespace after the first driver calls." % kind,
        "ops=20 unshare=%s fork{ ops=20 } ops=20" % kind,
    )
THEME.add(
    "unshare-net-after-calls",
    "The program leaves its network after it connected.",
    "ops=20 unshare=net ops=20 fork{ ops=20 }",
    unix=True,
)
for name, wrap in (
    ("pid", ("--pid", "--fork", "--mount-proc")),
    ("user", ("--user", "--map-root-user")),
    ("mount", ("--mount",)),
    ("net", ("--net",)),
    ("time", ("--time", "--fork", "--monotonic", "5000000", "--boottime", "5000000")),
):
    THEME.add(
        "namespace-" + name,
        "The program runs in a %s namespace of its own." % name,
        "ops=50 children=2{ ops=5 }",
        place=places.with_namespaces(*wrap),
        wrap=("unshare", *wrap),
        unix=name == "net",
        tool=name in ("pid", "user"),
    )
THEME.add(
    "container-restarts",
    "A container is started 105 times: the same output and always process 1.",
    command='for i in $(seq 105); do unshare --pid --fork "$HOST" "$URI" ops=1; done',
)
THEME.add(
    "proc-not-mounted",
    "/proc is an empty folder.",
    command='mount -t tmpfs tmpfs /proc && exec "$HOST" "$URI" ops=50',
    wrap=("unshare", "--mount"),
    in_order=False,
)

SANDBOX = "seccomp|sandbox|system call|writ"
for mode, what in (
    ("kill", "kills its own thread's process on a call that it does not need itself"),
    ("all", "is the same for all threads, phasetap's included"),
    ("errno", "answers EPERM to such calls of all threads"),
    ("strict", "kills, and allows only what a program needs that talks to its server"),
):
    THEME.add(
        "seccomp-" + mode,
        "A filter installed after the first driver call %s." % what,
        mode,
        program="sandbox",
        expect=complete_or_says(SANDBOX),
        in_order=False,
    )
    THEME.add(
        "seccomp-%s-without-threads" % mode,
        "The same without threads of phasetap's own.",
        mode,
        program="sandbox",
        env=NO_THREAD,
        expect=complete_or_says(SANDBOX),
        in_order=False,
    )
for mode in ("seccomp", "seccomp_late"):
    THEME.add(
        "seccomp-no-files" + mode[7:].replace("_", "-"),
        "openat, ftruncate, fallocate and madvise are refused %s."
        % ("from the start" if mode == "seccomp" else "in the middle"),
        command='exec "$HOST" %s "$URI" result' % mode,
        program="targets/limits",
        expect=accounted(SANDBOX + "|recording was disabled"),
        only_tool=True,
        in_order=False,
    )
