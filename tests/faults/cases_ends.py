# SPDX-License-Identifier: Apache-2.0
"""Signals, timers, stacks, and the ways in which processes, threads and calls end."""

import meddling
import support
from case import Theme, complete_or_says

SIGNALS = Theme("Signals, stacks and thread-local data")
ENDS = Theme("Ends")
OUTSIDE = ("USR1", "USR2", "ALRM", "POLL", "INT", "QUIT", "TERM", "HUP")
LATE = r"end|exit|late|behind"

SIGNALS.add(
    "signals-untouched",
    "No signal has another disposition than in the bare program.",
    "ops=50 dispositions fork{ ops=5 dispositions }",
    tool=True,
)
SIGNALS.add(
    "handlers-kept",
    "The program's own handlers run as often as it raises their signals.",
    "handler=USR1 handler=BUS handler=SEGV ops=20 raise=USR1 raise=BUS raise=SEGV taken=USR1 "
    "taken=BUS taken=SEGV ops=20",
)
SIGNALS.add(
    "handler-once",
    "SA_RESETHAND: after the signal the disposition is the default again.",
    "handler_once=USR1 handler_once=BUS ops=20 raise=USR1 raise=BUS taken=USR1 taken=BUS ops=20",
)
for name in ("SEGV", "BUS", "ABRT"):
    end = {"SEGV": "segfault", "BUS": "bus_error", "ABRT": "abort"}[name]
    SIGNALS.add(
        "crash-handler-" + name.lower(),
        "A crash handler for SIG%s runs, and ends the process by _exit." % name,
        "crash_handler=%s ops=20 %s" % (name, end),
        in_order=False,
    )
    SIGNALS.add(
        "crash-%s-default" % name.lower(),
        "The process dies of SIG%s, whose default action is in force." % name,
        "limit=core:0 ops=20 %s" % end,
        in_order=False,
        tool=True,
    )
SIGNALS.add(
    "sigaltstack",
    "The crash handler runs on a stack of its own, of 16 KiB.",
    "crash_handler_aside=SEGV ops=20 segfault",
    in_order=False,
)
SIGNALS.add(
    "ignored-signals",
    "Signals that the program ignores stay ignored.",
    "ignore=XFSZ ignore=BUS ignore=PIPE ops=20 raise=BUS raise=XFSZ taken=BUS taken=XFSZ",
)
SIGNALS.add(
    "signals-from-outside",
    "Each signal that somebody sends to the program, or to `phasetap run`, reaches its handler.",
    " ".join("handler=%s meet await=%s" % (name, name) for name in OUTSIDE) + " ops=20",
    meddle=tuple(meddling.send(name) for name in OUTSIDE),
    tool=True,
    timeout_s=10,
)
SIGNALS.add(
    "signalfd",
    "All signals are blocked and read from a descriptor: no other thread may take one.",
    "ops=20 signalfd=USR1 signalfd=TERM signalfd=PROF ops=20",
)
SIGNALS.add(
    "sigwait",
    "All signals are blocked and taken by sigwait.",
    "ops=20 sigwait=USR1 sigwait=HUP ops=20",
)
SIGNALS.add(
    "timers",
    "SIGALRM and SIGPROF come every 500 us, with SA_RESTART.",
    "handler=ALRM handler=PROF alarm_timer=500 profile_timer=500 ops=2000 alarm_timer=0 "
    "profile_timer=0 fork{ ops=5 }",
)
SIGNALS.add(
    "timers-while-forking",
    "The same while children are made.",
    "handler=ALRM alarm_timer=500 children=20{ ops=3 } alarm_timer=0 ops=5",
)
SIGNALS.add(
    "signals-in-calls",
    "Twelve signals, some inside driver calls; whose thread each one reaches is the program's.",
    program="targets/signals",
    env={"PHASETAP_INTERVAL": "10ms"},
)
SIGNALS.add(
    "stopped-and-continued",
    "The process is stopped and continued twice.",
    "ops=50 meet ops=50 meet ops=50",
    meddle=(meddling.stop_and_continue, meddling.stop_and_continue),
)
SIGNALS.add(
    "errno-kept",
    "errno after each of many driver functions is that of the bare run.",
    program="targets/errnos",
)


def small_frames():
    """A need: libmongoc 1.30 itself uses more than 16 KiB of a stack."""
    done = support.run(["pkg-config", "--modversion", "libmongoc-1.0"])
    if [int(part) for part in done.stdout.split(".")[:2]] < [1, 30]:
        return None
    return "libmongoc %s alone uses more" % done.stdout.strip()


for kib, needs in ((16, (small_frames,)), (20, ())):
    SIGNALS.add(
        "stacks-%d-kib" % kib,
        "Threads insert on stacks of %d KiB with nothing mapped below." % kib,
        str(kib),
        program="stacks",
        needs=needs,
    )
SIGNALS.add(
    "static-tls",
    "A library opened later needs most of the loader's reserve of static TLS.",
    "{faults}/static_tls_library.so",
    program="static_tls",
)

for name, status in (("exit", 3), ("_exit", 5), ("quick_exit", 6), ("exit_in_thread", 7)):
    label = name.replace("_", "-") if name != "_exit" else "underscore-exit"
    ENDS.add(
        label,
        "The process ends by %s." % name.replace("exit_in_thread", "exit in another thread"),
        "ops=50 %s=%d" % (name, status),
        in_order=name.startswith("exit"),
        tool=True,
    )
    ordered = name.startswith("exit")
    ENDS.add(
        (
            "%s-while-others-record" % name.replace("_", "-").lstrip("-")
            if name != "_exit"
            else "underscore-exit-while-others-record"
        ),
        "The same while four threads insert.",
        "busy=4 ops=20 %s=%d" % (name, status),
        in_flight=4,
        expect=complete_or_says(LATE, counted=False) if ordered else complete_or_says("$^"),
        in_order=False,
    )
ENDS.add(
    "abort",
    "The process aborts while four threads insert.",
    "limit=core:0 busy=4 ops=20 abort",
    in_flight=4,
    in_order=False,
)
ENDS.add(
    "kill-9",
    "The process is killed by SIGKILL while four threads insert.",
    "busy=4 ops=20 kill_hard",
    in_flight=4,
    in_order=False,
    tool=True,
)
ENDS.add(
    "kill-9-without-writer",
    "The same without threads of phasetap's own.",
    "busy=4 ops=20 kill_hard",
    in_flight=4,
    in_order=False,
    env={"PHASETAP_WRITER": "0", "PHASETAP_SAMPLER": "0"},
)
ENDS.add(
    "kill-9-while-forking",
    "The process is killed while one thread forks and three insert.",
    "busy=3 ops=20 kill_while_forking=10",
    in_flight=3,
    in_order=False,
)
ENDS.add(
    "kill-9-in-child",
    "A child is killed; the parent goes on.",
    "ops=20 fork{ ops=20 kill_hard } ops=20",
    in_order=False,
)
ENDS.add(
    "at-exit",
    "An exit handler of the program uses the driver.",
    "insert_at_exit ops=20",
)
ENDS.add(
    "late-destructor",
    "A library uses the driver in a destructor that runs behind phasetap's own end.",
    program="late",
    expect=complete_or_says(LATE, counted=False),
    in_order=False,
)
ENDS.add(
    "cleanup",
    "mongoc_cleanup at the end, as the driver's manual asks for.",
    "ops=20 cleanup",
)
ENDS.add(
    "cancellation",
    "30 threads are cancelled inside driver calls.",
    "30",
    program="cancel",
    in_flight=30,
)
ENDS.add(
    "exceptions",
    "C++ exceptions pass through frames whose destructors use the driver.",
    "20",
    program="throws",
)
for mode in ("longjmp", "throw"):
    ENDS.add(
        "left-by-" + mode,
        "Driver calls are left by %s from a callback." % mode,
        command='exec "$HOST" %s "$URI"' % mode,
        program="targets/jumps",
        in_flight=5,
    )
