# SPDX-License-Identifier: Apache-2.0
"""Rows about calls without network: `cursor` (mongoc_cursor_next in a batch), `append` (to a bulk),
`annotate`."""

import os
import shutil

from harness import Lttng, Table, Unavailable, column, instructions, median

ADDED_NS = 3.0  # the claim: phasetap over a preload object that only forwards


def other_tools(bench, lttng, command, short_command, traced):
    """The same program under LTTng, uftrace and ltrace. ltrace gets a shorter run."""

    def with_lttng():
        lttng.need()
        return bench.measure(command, bench.environment(bench.tool("lttng_wrapper.so")))

    def with_uftrace():
        if not shutil.which("uftrace"):
            raise Unavailable("uftrace is not installed")
        folder = os.path.join(bench.disk, "uftrace.data")
        result = bench.measure(
            ["uftrace", "record", "--force", "--no-event", "-d", folder] + command
        )
        shutil.rmtree(folder, ignore_errors=True)
        return result

    def with_ltrace():
        if not shutil.which("ltrace"):
            raise Unavailable("ltrace is not installed")
        return bench.measure(["ltrace", "-e", traced, "-o", "/dev/null"] + short_command)

    return {
        "lttng-ust, tracepoint at entry and return": with_lttng,
        "uftrace record --force": with_uftrace,
        "ltrace -e": with_ltrace,
    }


def add_lines(table, found):
    """The fastest slice of each process, over the rounds; and what is added over forward-only, from
    the lowest."""
    lowest = {name: min(column(results, "best_ns")) for name, results in found.items() if results}
    for name, results in found.items():
        added = (
            "%+.1f over forward-only" % (lowest[name] - lowest["forward-only"])
            if name not in ("none", "forward-only")
            else ""
        )
        table.line(name, column(results, "best_ns"), remark=added)
    return lowest["phasetap"] - lowest["forward-only"]


def count_instructions(table, bench, function, command, what):
    try:
        counts = [
            instructions(bench, function, command, preload)
            for preload in (None, bench.forward, bench.preload)
        ]
    except Unavailable as reason:
        table.notes.append("Instructions: not counted, %s." % reason)
        return
    table.notes.append(
        "Instructions for one %s (callgrind): %.0f without, %.0f forward-only, "
        "%.0f with phasetap: %.0f added."
        % (what, *counts, counts[2] - counts[1])
    )


def compare(bench, table, command, short_command, traced):
    """Many short rounds of the three that are compared to a nanosecond, a few of the tools beside
    them."""
    own = {
        "none": lambda: bench.measure(command),
        "forward-only": lambda: bench.measure(command, bench.environment(bench.forward)),
        "phasetap": lambda: bench.measure(command, bench.environment(bench.preload)),
    }
    found = bench.interleave(table, own, bench.rounds(45))
    lttng = Lttng(bench.disk)
    try:
        found.update(
            bench.interleave(
                table, other_tools(bench, lttng, command, short_command, traced), bench.rounds(7)
            )
        )
    finally:
        lttng.close()
    return add_lines(table, found)


def cursor(bench):
    table = Table(
        "`cursor`: mongoc_cursor_next inside a batch of 2000 documents of 200 bytes", "ns"
    )
    with bench.peer("--collection", "bench.source=200000:200") as uri:
        command = [bench.tool("cursor_loop"), uri, "bench", "source", "2000"]
        added = compare(
            bench, table, command + ["40"], command[:-1] + ["200", "3"], "mongoc_cursor_next"
        )
        count_instructions(table, bench, "walk_batch", command + ["5"], "call")
    table.claim("added to mongoc_cursor_next over forwarding", added, ADDED_NS, "ns")
    return table


def alone_note(bench, table, command):
    """What our thread costs a program that has none: malloc takes locks then."""
    preloads = {"forward-only": bench.forward, "phasetap": bench.preload}
    lowest = {
        name: min(
            bench.measure(command + ["alone"], bench.environment(preload))["best_ns"]
            for _ in range(bench.rounds(15))
        )
        for name, preload in preloads.items()
    }
    table.notes.append(
        "All variants have an idle thread. In a program without one, phasetap's writer thread also "
        "makes the C library's malloc take its locks: %+.1f ns over forward-only."
        % (lowest["phasetap"] - lowest["forward-only"])
    )


def append(bench):
    tables = []
    for operation, function, traced in (
        ("insert", "append_inserts", "mongoc_bulk_operation_insert_with_opts"),
        ("replace", "append_replacements", "mongoc_bulk_operation_replace_one"),
    ):
        table = Table("`append`: %s, a document of 44 bytes" % traced, "ns")
        command = [bench.tool("bulk_append"), operation]
        added = compare(bench, table, command + ["400"], command + ["3"], traced)
        count_instructions(table, bench, function, command + ["5"], "call")
        alone_note(bench, table, command + ["400"])
        table.claim("added to %s over forwarding" % traced, added, ADDED_NS, "ns")
        tables.append(table)
    return tables


def annotate(bench):
    table = Table("`annotate`: a pair of phasetap_begin and phasetap_end", "ns")
    command = [bench.tool("annotate_loop"), str(bench.scale(200000, 50000))]
    found = bench.interleave(
        table,
        {
            "without the preload object": lambda: bench.measure(command),
            "with it": lambda: bench.measure(
                command, bench.environment(bench.preload, LIMIT="1G", INTERVAL="1h")
            ),
        },
        bench.rounds(9),
    )
    for name, results in found.items():
        table.line(name, column(results, "ns"))
        table.line(
            name + ", with metadata (2 fields, 1 field)", column(results, "metadata_ns")
        )
    plain = found["without the preload object"]
    table.line("the loop without them", column(plain, "empty_ns"))
    table.claim(
        "an annotation pair without the preload object",
        median(column(plain, "ns")) - median(column(plain, "empty_ns")),
        2.0,
        "ns",
    )
    return table


def clock(bench):
    """What a read of the time costs; `pt_now_ns` reads the time-stamp counter where it may."""
    table = Table("`clock`: one read of a clock, the fastest of many rounds of 1000", "ns")
    command = [bench.tool("clock_read"), "time", str(bench.scale(1000, 300))]
    results = [bench.measure(command) for _ in range(bench.rounds(9))]
    on_counter = all(column(results, "on_counter"))
    table.line("clock_gettime(CLOCK_MONOTONIC)", column(results, "monotonic_ns"))
    table.line("the bare time-stamp counter", column(results, "counter_ns"))
    words = "on the counter" if on_counter else "clock_gettime: the counter cannot be used here"
    table.line("pt_now_ns", column(results, "now_ns"), remark=words)
    table.line("largest deviation from CLOCK_MONOTONIC at a tick", column(results, "worst_ns"))
    count = [bench.tool("clock_read"), "count", "1"]
    try:
        table.notes.append(
            "Instructions of pt_now_ns on the counter (callgrind, its loop included): %.0f."
            % instructions(bench, "read_now", count, None)
        )
    except Unavailable as reason:
        table.notes.append("Instructions: not counted, %s." % reason)
    table.claim("deviation of the clock", max(column(results, "worst_ns")), 1000.0, "ns")
    return table
