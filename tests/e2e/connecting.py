# SPDX-License-Identifier: Apache-2.0
"""What the tests of connections share: FerretDB with options, toxiproxy between program and server,
the program `connect_steps` driven step by step, and its report held against what was done to it.
"""

import collections
import json
import os
import re
import shlex
import socket
import subprocess
import urllib.request

import support

SERVERS = os.path.join(support.ROOT, "tests", "server")
CONNECTION = 11
NS = 1e9
# Domains and codes of the driver's own errors, the same in all its versions.
CLIENT, STREAM, SERVER_SELECTION = 1, 2, 15
AUTHENTICATE, SOCKET, NO_SERVER = 11, 4, 13053
ATTEMPTS = 10


def free_port():
    """A loopback port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


class Child:
    """A server process as a context; ended with it, and by the kernel should the tests be
    killed."""

    def __init__(self, arguments, **more):
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *arguments],
            env=support.clean_environment(),
            **more
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


class FerretDB(Child):
    """A server of one's own, with the options of tests/server/ferretdb."""

    def __init__(self, *options):
        super().__init__(
            [os.path.join(SERVERS, "ferretdb"), *options], stdout=subprocess.PIPE, encoding="utf-8"
        )
        line = support.read_line(self.process.stdout, 600, "FerretDB")
        told = dict(word.split("=", 1) for word in shlex.split(line))
        self.uri, self.metrics = told["uri"], told["metrics"]

    def connections(self):
        """How many it accepted so far; the script that started it opened some."""
        with urllib.request.urlopen(self.metrics, timeout=20) as page:
            found = re.findall(
                r"(?m)^ferretdb_client_accepts_total\{[^}]*\} (\S+)", page.read().decode()
            )
        return sum(int(float(number)) for number in found)


class Toxiproxy(Child):
    """A toxiproxy server, whose HTTP interface makes proxies."""

    def __init__(self):
        self.port = free_port()
        builder = os.path.join(SERVERS, "toxiproxy-build")
        built = subprocess.run(
            [builder], stdout=subprocess.PIPE, encoding="utf-8", timeout=900, check=True
        )
        super().__init__(
            [built.stdout.split()[-1], "-host", "127.0.0.1", "-port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        support.wait_for(self.answers, 20, "toxiproxy")

    def answers(self):
        try:
            return self.ask("GET", "/version") is not None
        except OSError:
            return False

    def ask(self, method, path, body=None):
        """The decoded answer to a request."""
        request = urllib.request.Request(
            "http://127.0.0.1:%d%s" % (self.port, path),
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else {}


class Proxy:
    """A way to the server of a URI; `uri` leads through it. What is done to it holds for open
    connections too."""

    made = 0

    def __init__(self, toxiproxy, uri):
        Proxy.made += 1
        target = re.match(r"mongodb://(?:[^/@]*@)?([^/?]+)", uri).group(1)
        self.toxiproxy, self.name = toxiproxy, "proxy%d" % Proxy.made
        made = toxiproxy.ask(
            "POST", "/proxies", {"name": self.name, "listen": "127.0.0.1:0", "upstream": target}
        )
        self.uri = uri.replace(target, made["listen"], 1)

    def toxic(self, kind, **attributes):
        """On the way from the server to the program, for instance toxic("latency", latency=50)."""
        body = {"name": kind, "type": kind, "stream": "downstream", "attributes": attributes}
        self.toxiproxy.ask("POST", "/proxies/%s/toxics" % self.name, body)

    def heal(self, kind):
        self.toxiproxy.ask("DELETE", "/proxies/%s/toxics/%s" % (self.name, kind))

    def cut(self):
        """Closes its connections and refuses new ones."""
        self.toxiproxy.ask("POST", "/proxies/" + self.name, {"enabled": False})

    def restore(self):
        self.toxiproxy.ask("POST", "/proxies/" + self.name, {"enabled": True})


Step = collections.namedtuple("Step", "good domain code documents start end")


class Steps:
    """The program connect_steps, profiled into a log: steps("ping") does one step and tells how it
    went."""

    def __init__(self, log):
        # A name server that does not answer is not waited for.
        settings = support.clean_environment(
            LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log, RES_OPTIONS="timeout:1 attempts:1"
        )
        self.log, self.status = log, None
        self.process = subprocess.Popen(
            [support.target("connect_steps")],
            env=settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def __call__(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        words = support.read_line(
            self.process.stdout, 60, "the step '%s'" % text.split()[0]
        ).split()
        return Step(words[0] == "good", *map(int, words[1:]))

    def all(self, *texts):
        """Several steps, all of which must go well; what the last one did."""
        done = None
        for text in texts:
            done = self(text)
            assert done.good, (text.split()[0], done)
        return done

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.status = self.process.wait()
        self.process.stdout.close()


def seconds(*steps):
    """What steps took together by the program's own clock."""
    return sum(step.end - step.start for step in steps) / NS


def with_options(uri, options):
    """The URI with further options, as in "a=1&b=2"."""
    return "%s&%s" % (uri, options) if "/?" in uri else "%s/?%s" % (uri.rstrip("/"), options)


class ConnectionCase(support.EndToEnd):
    """Servers for a class of tests, and what the report says of a program's connections."""

    @classmethod
    def keep(cls, server):
        """Of a server that lives until the tests of the class are done."""
        cls.addClassCleanup(server.__exit__)
        return server.__enter__()

    def steps(self):
        return Steps(self.path("run-%d.bson" % len(os.listdir(self.folder))))

    def outcome(self, steps):
        """The report of a program that has ended; its log is a good one."""
        self.assertEqual(steps.status, 0)
        self.log = self.good_log(steps.log)
        return self.report(steps.log)

    def entries(self, report, phase="Database Connection"):
        return report["phases"].get(phase, {"entries": []})["entries"]

    def durations(self, report, phase="Database Connection"):
        return [entry["duration_seconds"] for entry in self.entries(report, phase)]

    def assert_connections(self, report, established, failed=0):
        """In the numbers and as entries, in whatever order."""
        told = report["connections"]
        self.assertEqual((told["established"], told["failed"]), (established, failed), told)
        statuses = collections.Counter(
            entry["result_metadata"]["status"] for entry in self.entries(report)
        )
        self.assertEqual((statuses["success"], statuses["failed"]), (established, failed))
        self.assertAlmostEqual(told["total_seconds"], sum(self.durations(report)), places=6)
        self.assertAlmostEqual(told["max_seconds"], max(self.durations(report)), places=6)

    def assert_all_failed_with(self, report, code):
        """Each failed connection's entry shows the code of the driver's error."""
        for entry in self.entries(report):
            if entry["result_metadata"]["status"] == "failed":
                self.assertIn(str(code), entry["result_metadata"].get("errors", {}), entry)

    def errors(self, report):
        """{(domain, code): count} of the driver's own errors and of the server's (domain None),
        without those of the farewell, which FerretDB does not know.
        """
        found = collections.Counter()
        for row in report["errors"]:
            if row["code"] != 59:
                found[row.get("domain"), row["code"]] += row["count"]
        return dict(found)

    def parts(self, report):
        """Seconds of the threads by part of the partition, which must add up."""
        total = report["partition"]["total"]
        self.assertAlmostEqual(
            total["sum_seconds"], total["wall_seconds"], delta=0.001 * total["wall_seconds"]
        )
        return {
            name[: -len("_seconds")]: value
            for name, value in total.items()
            if name.endswith("_seconds")
        }

    def waited_for_server(self, report):
        """Seconds that the driver waited for a server it could use."""
        return self.parts(report)["waiting_for_server"]

    def best_of(self, attempt):
        """`attempt` asserts whatever must always hold, and returns what else is wrong: times, which
        a busy machine may disturb. One try of several must find nothing.
        """
        faults = []
        for _ in range(ATTEMPTS):
            faults = attempt()
            if not faults:
                return
        self.fail("in each of %d runs; the last: %s" % (ATTEMPTS, "; ".join(faults)))

    @staticmethod
    def differing(*triples, lent=0.0):
        """Sentences for those (what, reported, true) whose seconds differ by more than 3 % and 2
        ms; `lent`: seconds without a CPU, which may lie on one side of a call or the other.
        """
        return [
            "%s: %.6f s reported, truly %.6f s" % triple
            for triple in triples
            if abs(triple[1] - triple[2]) > lent + max(0.002, 0.03 * triple[2])
        ]

    @staticmethod
    def longer(what, reported, bound):
        """A sentence when a delay that belongs to another entry is in this one: it then takes
        `bound` seconds or more.
        """
        if reported < bound:
            return []
        return ["%s: %.6f s reported, not below %.6f s" % (what, reported, bound)]
