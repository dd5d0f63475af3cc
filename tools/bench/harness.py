# SPDX-License-Identifier: Apache-2.0
"""What the rows of tools/bench/run share: programs and their environment, interleaved rounds, the
peer, tables.

A figure is the median of its rounds, with lowest and highest. All variants of a row run once in
each round, one after the other and from another one on, so that a disturbance of the machine hits
all of them; variants are compared inside one run only.
"""

import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Unavailable(Exception):
    """A variant or a row cannot run here; the text says why and becomes its line in the table."""


class Table:
    """One row of the benchmark: lines for each variant, notes, and the claims that it is held
    against."""

    def __init__(self, title, unit):
        self.title, self.unit = title, unit
        self.lines, self.notes, self.claims = [], [], []

    def line(self, variant, values, unit=None, remark=""):
        self.lines.append((variant, list(values), unit or self.unit, remark))

    def skipped(self, variant, reason):
        self.lines.append((variant, [], "", "not measured: " + reason))

    def claim(self, text, figure, limit, unit):
        self.claims.append((text, figure, limit, unit, figure <= limit))


class Bench:
    def __init__(self, build, quick):
        self.build, self.quick = os.path.abspath(build), quick
        self.forward, self.preload = self.tool("forward.so"), os.path.join(
            self.build, "lib", "libphasetap.so"
        )
        for path in (self.forward, self.preload):
            if not os.path.exists(path):
                words = "run: '%s' does not exist: build the project, or name its folder by --build"
                print(words % path, file=sys.stderr)
                sys.exit(2)
        self.results = {}
        os.makedirs(os.path.join(self.build, "bench"), exist_ok=True)
        self.disk = tempfile.mkdtemp(prefix="run-", dir=os.path.join(self.build, "bench"))
        self.memory = (
            tempfile.mkdtemp(prefix="phasetap-bench-", dir="/dev/shm")
            if os.path.isdir("/dev/shm")
            else None
        )

    def close(self):
        for folder in filter(None, (self.disk, self.memory)):
            shutil.rmtree(folder, ignore_errors=True)

    def tool(self, name):
        return os.path.join(self.build, "bin", "bench", name)

    def binary(self, name):
        path = os.path.join(self.build, "bin", name)
        if not os.path.exists(path):
            raise Unavailable("'%s' is not built" % name)
        return path

    def rounds(self, full):
        return full if not self.quick else max(3, full // 3)

    def scale(self, full, quick):
        return quick if self.quick else full

    def environment(self, preload=None, folder=None, **options):
        env = {
            key: value
            for key, value in os.environ.items()
            if key != "LD_PRELOAD" and not key.startswith("PHASETAP_")
        }
        env["PHASETAP_OUTPUT"] = folder or self.disk
        env.update({"PHASETAP_" + key: str(value) for key, value in options.items()})
        if preload:
            env["LD_PRELOAD"] = preload
        return env

    def measure(self, command, env=None, limit_s=120):
        """Runs a benchmark program and returns its `name=number` words."""
        done = subprocess.run(
            command, env=env or self.environment(), capture_output=True, text=True, timeout=limit_s
        )
        if done.returncode != 0:
            raise Unavailable(
                "%s: %s"
                % (os.path.basename(command[0]), (done.stderr.strip() or "failed").splitlines()[-1])
            )
        return {name: float(value) for name, value in re.findall(r"(\w+)=(-?[\d.]+)", done.stdout)}

    def clear_logs(self):
        for folder in filter(None, (self.disk, self.memory)):
            for name in os.listdir(folder):
                if name.endswith(".bson"):
                    os.unlink(os.path.join(folder, name))

    def interleave(self, table, variants, rounds):
        """variants: name -> function that gives one result. One that is Unavailable is noted, then
        left out."""
        found = {name: [] for name in variants}
        out = set()
        for turn in range(rounds):
            order = list(variants.items())
            order = order[turn % len(order) :] + order[: turn % len(order)]
            for name, run in order:
                if name in out:
                    continue
                try:
                    found[name].append(run())
                except (Unavailable, subprocess.TimeoutExpired) as reason:
                    out.add(name)
                    found.pop(name)
                    table.skipped(name, str(reason))
                self.clear_logs()
        return found

    @contextlib.contextmanager
    def peer(self, *options):
        """A server that answers from memory; gives its URI. It ends with its standard input: it
        cannot stay behind."""
        peer = subprocess.Popen(
            [self.binary("peer"), "--until-eof", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            uri = re.match(r"uri=(\S+)", peer.stdout.readline())
            if not uri:
                raise Unavailable("the peer did not start")
            yield uri.group(1)
        finally:
            peer.stdin.close()
            try:
                peer.wait(10)
            except subprocess.TimeoutExpired:
                peer.kill()
                peer.wait()

    def log_documents(self, path, limit_s=60):
        """The log's documents through tools/read-log."""
        import json

        done = subprocess.run(
            [os.path.join(ROOT, "tools", "read-log"), path],
            capture_output=True,
            text=True,
            timeout=limit_s,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]


def clock_source():
    with open("/sys/devices/system/clocksource/clocksource0/current_clocksource") as file:
        return file.read().strip()


def column(results, key):
    return [result[key] for result in results]


def median(values):
    return statistics.median(values)


def callgrind(bench, command, preload, options=()):
    """What a program printed under callgrind, and the number of instructions it counted."""
    if not shutil.which("valgrind"):
        raise Unavailable("valgrind is not installed")
    tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *options]
    done = subprocess.run(
        tool + command, env=bench.environment(preload), capture_output=True, text=True, timeout=120
    )
    counted = re.search(r"Collected : (\d+)", done.stderr)
    bench.clear_logs()
    if not counted:
        raise Unavailable("callgrind counted nothing")
    return done.stdout, int(counted.group(1))


def instructions(bench, function, command, preload):
    """Instructions inside `function` for each of the program's calls, everything it calls
    included."""
    printed, counted = callgrind(
        bench, command, preload, ("--collect-atstart=no", "--toggle-collect=" + function)
    )
    calls = re.search(r"calls=(\d+)", printed)
    if not calls:
        raise Unavailable("the program did not say how many calls it made")
    return counted / int(calls.group(1))


def instructions_of_run(bench, command, preload):
    return callgrind(bench, command, preload)[1]


class Lttng:
    """A running LTTng session that records the benchmark's tracepoints; `reason` says why there is
    none."""

    def __init__(self, folder):
        self.daemon, self.reason, self.folder = None, "", os.path.join(folder, "lttng")
        if not all(map(shutil.which, ("lttng-sessiond", "lttng"))):
            self.reason = "LTTng is not installed"
            return
        if (
            subprocess.run(
                ["lttng", "--no-sessiond", "list"], capture_output=True, timeout=20
            ).returncode
            == 0
        ):
            self.reason = "a session daemon of somebody else is running"
            return
        self.daemon = subprocess.Popen(
            ["lttng-sessiond", "--no-kernel"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(1.0)
        for words in (
            ["create", "bench", "--output=" + self.folder],
            ["enable-channel", "-u", "c", "--subbuf-size=4M", "--num-subbuf=8"],
            ["enable-event", "-u", "-c", "c", "phasetap_bench:*"],
            ["start"],
        ):
            if not self.command(words):
                self.reason = self.reason or "`lttng %s` failed" % words[0]

    def command(self, words):
        done = subprocess.run(
            ["lttng", "--no-sessiond", *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=30,
        )
        return done.returncode == 0

    def need(self):
        if self.reason:
            raise Unavailable(self.reason)

    def close(self):
        if self.daemon:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.command(["destroy", "bench", "--no-wait"])
            self.daemon.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.daemon.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
