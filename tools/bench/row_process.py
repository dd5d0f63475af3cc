# SPDX-License-Identifier: Apache-2.0
"""Rows about whole processes: `masking` (a run), `inert` (without the driver; start of the
recording), `sampler`."""

import contextlib
import os
import subprocess
import time

from harness import ROOT, Table, Unavailable, column, instructions_of_run, median
from row_events import whole_call

MASKING_SHARE = 0.5  # percent of CPU
INERT_US = 500.0
START_US = 300.0
SAMPLER_TIMES = 1.5  # of a thread that only sleeps as long
RULES = os.path.join(ROOT, "tools", "masker", "rules.json")


def one_log(bench):
    """The documents of the only log in the folder."""
    logs = [name for name in os.listdir(bench.disk) if name.endswith(".bson")]
    if len(logs) != 1:
        raise Unavailable("expected one log, found %d" % len(logs))
    return bench.log_documents(os.path.join(bench.disk, logs[0]))


def mask_once(bench, command, preload, tell=None):
    start = time.monotonic()
    child = subprocess.Popen(
        command, env=bench.environment(preload), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, status, usage = os.wait4(child.pid, 0)
    wall_s = time.monotonic() - start
    child.returncode = status
    message = child.stderr.read().decode()
    child.stderr.close()
    if status != 0:
        raise Unavailable(
            "the masker failed: " + (message.strip().splitlines() or ["no message"])[-1]
        )
    if tell is not None:
        tell[:] = one_log(bench)
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall_s}


def bound(bench, table, log, documents, cpu_s):
    """What the parts that were measured alone add up to: the share that the noise of whole runs
    hides."""
    status = next(doc for doc in log if doc["k"] == 2)
    calls = sum(doc["k"] == 10 for doc in log)
    if "call_ns" not in bench.results:
        whole_call(bench)
    call_s = calls * bench.results["call_ns"] / 1e9
    document_s = documents * (bench.results["reply_document_ns"] + 3 + 3) / 1e9
    if "start_us" not in bench.results:
        first_call(bench)
    start_s = bench.results["start_us"] / 1e6
    samples_s = max(doc["own"] for doc in log if doc["k"] == 20) / 1e9
    share = 100 * (call_s + document_s + samples_s) / cpu_s
    whole = share + 100 * start_s / cpu_s
    costs = bench.results["call_ns"], bench.results["reply_document_ns"]
    table.notes.append(
        "From the log: %d recorded calls, %d events, %d reads of thread CPU time. "
        "Bound from the parts: calls x %.0f ns + documents x (%.1f ns in the reply + 2 x 3 ns) "
        "+ %.1f ms of the sampler = %.3f %% of the CPU time. "
        "Starting the recording takes %.1f ms once; with it %.3f %%."
        % (
            calls,
            status["events"],
            status["cpus"],
            *costs,
            samples_s * 1000,
            share,
            start_s * 1000,
            whole,
        )
    )
    return share


@contextlib.contextmanager
def patients(bench, documents):
    """A peer that holds generated patients (1.1 KB, 23 values to mask)."""
    with bench.peer("--store") as uri:
        generate = [
            bench.binary("masker"),
            "--uri",
            uri,
            "--db",
            "clinic",
            "--generate",
            str(documents),
            "--collections",
            "patients",
        ]
        subprocess.run(
            generate,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            env=bench.environment(),
        )
        yield uri


def masker(bench, uri, mode, batch):
    words = [
        bench.binary("masker"),
        "--uri",
        uri,
        "--db",
        "clinic",
        "--collections",
        "patients",
        "--mode",
        mode,
        "--rules",
        RULES,
    ]
    return words + ["--batch-size", str(batch)] + (["--drop"] if mode == "copy" else [])


def count_run(bench, table, mode, batch, sizes):
    """User-space instructions of a whole run under callgrind; two sizes, so that what is done once
    drops out."""
    slopes = []
    for preload in (None, bench.forward, bench.preload):
        counts = []
        for size in sizes:
            with patients(bench, size) as uri:
                counts.append(instructions_of_run(bench, masker(bench, uri, mode, batch), preload))
        slopes.append((counts[1] - counts[0]) / (sizes[1] - sizes[0]))
    table.notes.append(
        "User-space instructions of the run for each document (callgrind, %d and %d documents): "
        "%.0f without, %.0f forward-only, %.0f with phasetap: %.2f %% over forward-only. "
        "System calls are not included."
        % (*sizes, *slopes, 100 * (slopes[2] / slopes[1] - 1))
    )


def mask(bench, mode, batch, documents):
    table = Table(
        "`masking`: masker --mode %s, batches of %d, %d generated patients, peer on loopback"
        % (mode, batch, documents),
        "s CPU",
    )
    log = []
    with patients(bench, documents) as uri:
        command = masker(bench, uri, mode, batch)
        variants = {
            "none": lambda: mask_once(bench, command, None),
            "forward-only": lambda: mask_once(bench, command, bench.forward),
            "phasetap": lambda: mask_once(bench, command, bench.preload, log),
        }
        found = bench.interleave(table, variants, bench.rounds(9))
    for name, results in found.items():
        table.line(
            name,
            column(results, "cpu"),
            remark="wall median %.2f s" % median(column(results, "wall")),
        )
    pairs = [
        100 * (b["cpu"] / a["cpu"] - 1) for a, b in zip(found["forward-only"], found["phasetap"])
    ]
    table.line("phasetap over forward-only, in the same round", pairs, unit="%")
    same = [100 * (b["cpu"] / a["cpu"] - 1) for a, b in zip(found["none"], found["forward-only"])]
    table.line(
        "for comparison: forward-only over none",
        same,
        unit="%",
        remark="noise: a few ns per document",
    )
    if not bench.quick:
        count_run(bench, table, mode, batch, (1000, 2000))
    share = bound(bench, table, log, documents, median(column(found["forward-only"], "cpu")))
    table.claim(
        "CPU of a masking run (%s), by its parts, without the start" % mode,
        share,
        MASKING_SHARE,
        "%",
    )
    return table


def masking(bench):
    return [
        mask(bench, "copy", 1000, bench.scale(120000, 20000)),
        mask(bench, "in-place", 50, bench.scale(5000, 3000)),
    ]


def inert(bench):
    table = Table("`inert`: a whole run of a program without the driver", "us")
    objects = {
        "none": "-",
        "an empty object": bench.tool("empty.so"),
        "forward-only": bench.forward,
        "phasetap": bench.preload,
    }
    command = [
        bench.tool("spawn_loop"),
        str(bench.scale(100, 60)),
        bench.tool("inert"),
        *objects.values(),
    ]
    results = [bench.measure(command) for _ in range(bench.rounds(7))]
    for i, name in enumerate(objects):
        added = median(column(results, "added%d" % i))
        table.line(name, column(results, "us%d" % i), remark="+%.0f, paired" % added if i else "")
    files = len([name for name in os.listdir(bench.disk) if name.endswith(".bson")])
    tasks = bench.measure([bench.tool("inert"), "tasks"], bench.environment(bench.preload))["tasks"]
    table.notes.append(
        "With phasetap such a program has %d thread and creates %d files." % (tasks, files)
    )
    table.claim(
        "added to the start of a program without the driver",
        median(column(results, "added3")),
        INERT_US,
        "us",
    )
    table.claim("threads and files beyond the program's own", tasks - 1 + files, 0, "")
    return [table, first_call(bench)]


def first_call(bench):
    table = Table("`inert`, part: the first mongoc_client_new, which starts the recording", "us")
    command = [bench.tool("hold"), "1"]
    variants = {
        "none": lambda: bench.measure(command),
        "forward-only": lambda: bench.measure(command, bench.environment(bench.forward)),
        "phasetap, log on disk": lambda: bench.measure(command, bench.environment(bench.preload)),
    }
    if bench.memory:
        variants["phasetap, log on tmpfs"] = lambda: bench.measure(
            command, bench.environment(bench.preload, bench.memory)
        )
    found = bench.interleave(table, variants, bench.rounds(15))
    for name, results in found.items():
        table.line(
            name,
            column(results, "first_us"),
            remark="second call %.0f us" % median(column(results, "second_us")),
        )
    first = {name: median(column(results, "first_us")) for name, results in found.items()}
    bench.results["start_us"] = first["phasetap, log on disk"] - first["forward-only"]
    table.claim(
        "added to the first driver call of a process", bench.results["start_us"], START_US, "us"
    )
    return table


def own_share(bench, path):
    samples = [doc for doc in bench.log_documents(path) if doc["k"] == 20 and doc["own"] > 0]
    first, last = samples[0], samples[-1]
    return {
        "share": 100 * (last["own"] - first["own"]) / (last["t"] - first["t"]),
        "samples": len(samples),
    }


def sampler(bench):
    table = Table("`sampler`: CPU time of the sampler, in percent of one core", "%")
    seconds = {
        "10ms": bench.scale(5, 3),
        "100ms": bench.scale(5, 3),
        **({} if bench.quick else {"5s": 11}),
    }
    found = {interval: [] for interval in seconds}
    sleeping = []
    for _ in range(bench.scale(5, 2)):
        running = {}
        sleeper = [bench.tool("sleep_loop"), "10000", str(seconds["10ms"] * 1000)]
        asleep = subprocess.Popen(sleeper, stdout=subprocess.PIPE, text=True)
        for interval, length in seconds.items():
            path = os.path.join(bench.disk, interval + ".bson")
            env = bench.environment(bench.preload, path, INTERVAL=interval)
            running[path] = subprocess.Popen(
                [bench.tool("hold"), str(length * 1000)], env=env, stdout=subprocess.DEVNULL
            )
        for (path, child), interval in zip(running.items(), seconds):
            child.wait(60)
            found[interval].append(own_share(bench, path))
        sleeping.append(float(asleep.communicate(timeout=60)[0].split("=")[1]))
        bench.clear_logs()
    table.line("a thread that only sleeps 10 ms", sleeping)
    for interval, results in found.items():
        each_us = [share * interval_us(interval) / 100 for share in column(results, "share")]
        table.line(
            "every " + interval,
            column(results, "share"),
            remark="%.0f us per sample" % median(each_us),
        )
    table.notes.append(file_costs(bench))
    table.claim(
        "CPU of the sampler at 10 ms, over a sleeping thread",
        median(column(found["10ms"], "share")) / median(sleeping),
        SAMPLER_TIMES,
        "times",
    )
    return table


def interval_us(text):
    return float(text[:-2]) * 1000 if text.endswith("ms") else float(text[:-1]) * 1e6


def file_costs(bench):
    files = [
        "/proc/self/statm",
        "/proc/self/stat",
        "/proc/self/io",
        "/proc/stat",
        "/proc/meminfo",
        "/proc/self/cgroup",
        "/proc/pressure/cpu",
    ]
    files = [path for path in files if os.path.exists(path)]
    result = bench.measure([bench.tool("proc_reads"), "2000", *files])
    parts = [
        "%s %.1f (%.1f)" % (path, result["opened%d" % i] / 1000, result["kept%d" % i] / 1000)
        for i, path in enumerate(files)
    ]
    return (
        "One read in a tight loop, in us, opening the file each time "
        "(in brackets: descriptor kept open): %s; "
        "getrusage %.1f."
        % (
            ", ".join(parts),
            result["getrusage"] / 1000,
        )
    )
