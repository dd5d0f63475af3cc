# SPDX-License-Identifier: Apache-2.0
"""The export for Prometheus, judged by promtool, and its figures against the documents of the log
and against the report."""

import collections
import os
import re
import subprocess
import unittest

import support

PROMTOOL = os.path.join(support.ROOT, "tests", "export", "promtool")
HOSTILE = 'a"b\\c\n\x1b[2J\u202e{},=#'
SAMPLE = re.compile(r'(\w+?)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)\n')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def load_tests(_loader, tests, _pattern):
    """The driver makes no difference: once is enough."""
    return unittest.TestSuite() if support.DRIVER else tests


def unescape(text):
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def read(text):
    """(name, labels as a frozenset of pairs) -> value; each line must be read, none twice."""
    samples = {}
    for line in text.splitlines(keepends=True):
        if line.startswith("# HELP ") or line.startswith("# TYPE "):
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        pairs = frozenset((key, unescape(one)) for key, one in LABEL.findall(labels or ""))
        assert (name, pairs) not in samples, line
        samples[name, pairs] = float(value)
    return samples


class Metrics(support.EndToEnd):
    def export(self, *logs, told=""):
        done = support.phasetap("export", "--format", "prometheus", *logs)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, "^%s$" % told)
        tool = subprocess.run([PROMTOOL], stdout=subprocess.PIPE, encoding="utf-8", check=True)
        judged = support.run([tool.stdout.strip(), "check", "metrics"], stdin=None,
                             input=done.stdout)
        self.assertEqual((judged.returncode, judged.stdout, judged.stderr), (0, "", ""))
        return read(done.stdout)

    def record(self, name="run.bson"):
        log = self.path(name)
        with support.Peer("--collection", "masking.patients=500:600") as peer:
            done = support.run([support.target("example_basic"), peer.uri], output=log,
                               env={"PHASETAP_INTERVAL": "10ms"})
            self.server = peer.uri.split("/")[2]
        self.assertEqual(done.returncode, 0, done.stderr)
        return log

    def value(self, samples, name, **labels):
        labels.setdefault("program", "example_basic")
        return samples["phasetap_" + name, frozenset(labels.items())]

    def test_figures_of_a_run(self):
        log = self.record()
        own = self.good_log(log)
        samples = self.export(log)
        inserts = [d for d in own.of(10) if d["ph"] == 4]
        of_insertion = {"phase": "Document Insertion"}
        self.assertEqual(
            self.value(samples, "phase_duration_seconds_count", **of_insertion), len(inserts))
        self.assertAlmostEqual(
            self.value(samples, "phase_duration_seconds_sum", **of_insertion),
            sum(d["d"] for d in inserts) / 1e9, delta=1e-9)
        for bound in ("0.0005", "0.001", "0.01", "1", "600"):
            below = sum(d["d"] <= float(bound) * 1e9 for d in inserts)
            self.assertEqual(
                self.value(samples, "phase_duration_seconds_bucket", le=bound, **of_insertion),
                below, bound)
        self.assertEqual(self.value(samples, "documents_total", namespace="masking.masked",
                                    **of_insertion), 500)
        commands = own.of(13)
        self.assertEqual(self.value(samples, "commands_total", server=self.server), len(commands))
        self.assertAlmostEqual(self.value(samples, "command_seconds_total", server=self.server),
                               sum(d["d"] for d in commands) / 1e9, delta=1e-9)
        self.assertEqual(self.value(samples, "written_documents_total", result="inserted"), 500)

    def test_the_time_of_threads_is_that_of_the_report(self):
        log = self.record()
        samples = self.export(log)
        total = self.report(log)["partition"]["total"]
        for (name, labels), value in samples.items():
            if name == "phasetap_thread_time_seconds_total":
                self.assertAlmostEqual(value, total[dict(labels)["part"] + "_seconds"], places=6)

    def test_programs_stand_apart_and_runs_of_one_add_up(self):
        logs = [self.record("one.bson"), self.record("two.bson"), self.path("three.bson")]
        with support.Peer() as peer:
            support.run([support.target("work"), peer.uri, "7"], output=logs[2])
        samples = self.export(*logs)
        self.assertEqual(
            self.value(samples, "written_documents_total", result="inserted"), 1000)
        self.assertEqual(self.value(samples, "written_documents_total", result="inserted",
                                    program="work"), 7)
        endings = collections.Counter()
        for (name, labels), value in samples.items():
            if name == "phasetap_processes":
                endings[dict(labels)["program"]] += int(value)
        self.assertEqual(endings, {"example_basic": 2, "work": 1})

    def test_hostile_names(self):
        log = self.path("run.bson")
        done = support.run([support.target("annotate"), "names", HOSTILE], output=log)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = support.phasetap("export", "--format", "prometheus", log).stdout
        self.assertNotIn("\x1b", text)
        samples = self.export(log, told=".*cannot tell.*\n")
        phases = {dict(labels).get("phase") for _, labels in samples}
        self.assertIn('a"b\\\\c\n\\u001b[2J\\u202e{},=#', phases)


if __name__ == "__main__":
    unittest.main()
