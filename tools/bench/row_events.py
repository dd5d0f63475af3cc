# SPDX-License-Identifier: Apache-2.0
"""Rows about the log: `event` (what recording costs) and `report` (what reading costs)."""

import os
import subprocess
import time

from harness import Lttng, Table, Unavailable, clock_source, column, median

EVENT_NS = 50.0
EVENT_WITHOUT_COUNTER_NS = 70.0  # where the kernel does not use the time-stamp counter either
TWO_THREADS = 1.15
REPORT_EVENTS_PER_S = 10e6


def event_run(bench, mode, threads, rounds, folder, **options):
    options = {"LIMIT": "8G", "INTERVAL": "1h", **options}
    command = [bench.tool("event_loop"), mode, str(threads), str(rounds)]
    return bench.measure(command, bench.environment(folder=folder, **options))


def event_variants(bench, lttng):
    rounds = bench.scale(1500000, 400000)
    variants = {}
    places = {"disk": bench.disk}
    if bench.memory:
        places["tmpfs"] = bench.memory

    def add(name, *arguments, **options):
        variants[name] = lambda: event_run(bench, *arguments, **options)

    for threads in (1, 2):
        words = "%d thread%s" % (threads, "s"[: threads - 1])
        add("two clock reads, %s" % words, "clocks", threads, rounds, bench.disk)
        add(
            "two clock reads and a 32-byte store, %s" % words,
            "baseline",
            threads,
            rounds,
            bench.disk,
        )
        for place, folder in places.items():
            add("event on %s, %s" % (place, words), "event", threads, rounds, folder)
        variants["lttng-ust tracepoint, %s" % words] = lambda threads=threads: (
            lttng.need(),
            bench.measure([bench.tool("lttng_loop"), str(threads), str(rounds)]),
        )[1]
    for place, folder in places.items():
        add(
            "event on %s, 1 thread, no chunks prepared ahead" % place,
            "event",
            1,
            rounds,
            folder,
            SAMPLER=0,
        )
        add("event without its clock reads, on %s, 1 thread" % place, "store", 1, rounds, folder)
    add("store alone, into an allocated chunk", "warm", 1, rounds, bench.disk)
    return variants


def event(bench):
    table = Table(
        "`event`: one event recorded, with two clock reads: thread CPU time",
        "ns",
    )
    lttng = Lttng(bench.disk)
    try:
        found = bench.interleave(table, event_variants(bench, lttng), bench.rounds(7))
    finally:
        lttng.close()
    for name, results in found.items():
        table.line(
            name,
            column(results, "cpu_ns"),
            remark="wall clock %.0f ns" % median(column(results, "ns")),
        )
    one, two = (
        median(column(found["event on disk, %s" % words], "cpu_ns"))
        for words in ("1 thread", "2 threads")
    )
    limit = EVENT_NS if clock_source() == "tsc" else EVENT_WITHOUT_COUNTER_NS
    table.claim("an event recorded, clock reads included, on disk", one, limit, "ns")
    table.claim("two threads compared with one, on disk", two / one, TWO_THREADS, "times")
    for words, own in (("1 thread", one), ("2 threads", two)):
        other = found.get("lttng-ust tracepoint, %s" % words)
        if other:
            table.claim(
                "an event over a tracepoint of lttng-ust, %s" % words,
                own / median(column(other, "cpu_ns")),
                1.0,
                "times",
            )
    return [table, paced(bench), chunks(bench), whole_call(bench)]


def paced(bench):
    """The loop above leaves the thread that prepares chunks no time; a host that works between two
    events does."""
    table = Table(
        "`event`, part: one event every 5 us, with two clock reads, on disk: thread CPU time",
        "ns",
    )
    count = bench.scale(200000, 50000)
    variants = {
        words: lambda mode=mode: event_run(bench, mode, 1, count, bench.disk)
        for words, mode in (("5 us of waiting", "pace"), ("5 us of waiting and an event", "paced"))
    }
    found = bench.interleave(table, variants, bench.rounds(7))
    alone, both = (column(results, "cpu_ns") for results in found.values())
    for name, results in found.items():
        table.line(name, column(results, "cpu_ns"))
    table.line(
        "the event",
        [after - before for before, after in zip(alone, both)],
        remark="difference in the same round",
    )
    return table


def chunks(bench):
    table = Table(
        "`event`, part: a chunk of the ring: taken, finished, found free again",
        "ns",
    )
    count = bench.scale(2000, 500)
    places = {"disk": bench.disk, **({"tmpfs": bench.memory} if bench.memory else {})}
    found = bench.interleave(
        table,
        {
            place: lambda folder=folder: event_run(bench, "chunk", 1, count, folder, SAMPLER=0)
            for place, folder in places.items()
        },
        bench.rounds(7),
    )
    for name, results in found.items():
        table.line(name, column(results, "cpu_ns"))
    return table


def whole_call(bench):
    """What one call that goes to the network costs on top of it; the row `masking` counts with
    it."""
    table = Table("`event`, part: a whole recorded driver call (three documents)", "ns")
    count = bench.scale(100000, 30000)
    variants = {
        "with thread CPU time": lambda: event_run(bench, "call", 1, count, bench.disk),
        "PHASETAP_CPU_CLOCK=0": lambda: event_run(bench, "call", 1, count, bench.disk, CPU_CLOCK=0),
        "reading a reply of 1000 documents": lambda: event_run(bench, "reply", 1, 2000, bench.disk),
    }
    found = bench.interleave(table, variants, bench.rounds(7))
    for name, results in found.items():
        table.line(name, column(results, "cpu_ns"))
    bench.results["call_ns"] = median(column(found["with thread CPU time"], "cpu_ns"))
    bench.results["reply_document_ns"] = (
        median(column(found["reading a reply of 1000 documents"], "cpu_ns")) / 1000
    )
    return table


def make_log(bench, events):
    path = os.path.join(bench.disk, "large-%d.log" % events)
    bench.measure(
        [bench.tool("event_loop"), "call", "1", str(events // 3)],
        bench.environment(folder=path, LIMIT="8G", INTERVAL="1h"),
    )
    return path


def read_log(command):
    """Wall seconds, CPU seconds, peak resident bytes of one run."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status != 0:
        raise Unavailable("`%s` failed" % " ".join(command[1:]))
    return {
        "s": time.monotonic() - start,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "rss": usage.ru_maxrss / 1024,
    }


def report(bench):
    table = Table("`report`: reading a log of recorded driver calls", "M events/s")
    tool = bench.binary("phasetap")
    sizes = [bench.scale(1000000, 200000), bench.scale(5000000, 1000000)]
    logs = {size: make_log(bench, size) for size in sizes}
    variants = {}
    for size, path in logs.items():
        for words in (["summary"], ["report", "--entries", "0"]):
            name = "%s, %.1f M events, %.0f MB" % (
                " ".join(words),
                size / 1e6,
                os.path.getsize(path) / 1e6,
            )
            variants[name] = lambda words=words, path=path: read_log([tool, *words, path])
    found = bench.interleave(table, variants, bench.rounds(5))
    for name, results in found.items():
        size = next(size for size in sizes if "%.1f M events" % (size / 1e6) in name)
        rates = [size / value / 1e6 for value in column(results, "s")]
        table.line(
            name,
            rates,
            remark="%.0f MiB, CPU %.2f s"
            % (max(column(results, "rss")), median(column(results, "cpu_s"))),
        )
        if size == sizes[1] and "summary" in name:
            slower = 1 / median(rates)
    table.claim("time for each event of a summary", slower, 1e6 / REPORT_EVENTS_PER_S, "us")
    for path in logs.values():
        os.unlink(path)
    return table
