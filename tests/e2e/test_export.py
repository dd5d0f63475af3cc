# SPDX-License-Identifier: Apache-2.0
"""Exports of a real run, judged by the classes and schemas of the tools that read them, and by the
documents of the log."""

import collections
import csv
import json
import os
import shutil
import subprocess
import unittest

import support

VALIDATORS = os.path.join(support.ROOT, "tests", "export", "validators")
JUDGES = os.path.dirname(VALIDATORS)
KINDS = {10: "call", 11: "connection", 12: "gap", 13: "command", 15: "error", 31: "annotation"}
HOSTILE = '=cmd;"x\n\x1b[2J\u202e,<script>'


def validators():
    done = subprocess.run([VALIDATORS], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return done.stdout.split()


class Exports(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.log = self.path("run.bson")
        with support.Peer("--collection", "masking.patients=500:600") as peer:
            done = support.run(
                [support.target("example_basic"), peer.uri],
                output=self.log,
                env={"PHASETAP_INTERVAL": "10ms"},
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.own = self.good_log(self.log)

    def export(self, name, *more):
        done = support.phasetap("export", "--format", name, self.log, *more)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def export_file(self, name):
        path = self.path("run." + name)
        self.export(name, "-o", path)
        return path

    def count(self, kind):
        return len(self.own.of(kind))

    def total_ns(self, kind):
        return sum(document["d"] for document in self.own.of(kind))

    def judge(self, script, *arguments):
        python, schema = validators()
        done = support.run([python, os.path.join(JUDGES, script), *arguments, schema])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_csv(self):
        rows = list(csv.DictReader(self.export("csv").splitlines()))
        kinds = collections.Counter(row["kind"] for row in rows)
        for kind, name in KINDS.items():
            self.assertEqual(kinds[name], self.count(kind), name)
        for kind in (10, 11, 12, 13, 31):
            total = sum(
                round(float(row["duration_seconds"]) * 1e9)
                for row in rows
                if row["kind"] == KINDS[kind]
            )
            self.assertEqual(total, self.total_ns(kind))
        inserts = [row for row in rows if row["phase"] == "Document Insertion"]
        self.assertEqual({row["namespace"] for row in inserts}, {"masking.masked"})
        self.assertEqual(sum(int(row["documents"]) for row in inserts), 500)

    def test_json_lines(self):
        events = [json.loads(line) for line in self.export("jsonl").splitlines()]
        kinds = collections.Counter(event["kind"] for event in events)
        for kind, name in {**KINDS, 20: "sample", 21: "system"}.items():
            self.assertEqual(kinds[name], self.count(kind), name)
        self.assertGreater(kinds["sample"], 0)
        phases = {event.get("phase") for event in events if event["kind"] == "annotation"}
        self.assertIn("Mask Batch", phases)

    def test_folded(self):
        sums = collections.Counter()
        for line in self.export("folded").splitlines():
            stack, value = line.rsplit(" ", 1)
            sums[tuple(stack.split(";"))] += int(value)
        self.assertEqual({stack[:2] for stack in sums}, {("example_basic", "thread 1")})
        inserts = [
            stack
            for stack in sums
            if stack[-3:] == ("Document Insertion", "masking.masked", "insert")
        ]
        self.assertEqual(
            [stack[2:4] for stack in inserts], [("Masking Process", "Insert Batch")]
        )
        commands = sum(value for stack, value in sums.items() if stack[-1] == "insert")
        spent = sum(d["d"] for d in self.own.of(13) if d["cmd"] == 4) / 1000
        self.assertAlmostEqual(commands, spent, delta=1)

    def test_speedscope(self):
        path = self.export_file("speedscope")
        self.judge("judge_speedscope.py", path)
        with open(path, encoding="utf-8") as file:
            profile = json.load(file)
        frames = [frame["name"] for frame in profile["shared"]["frames"]]
        opened = collections.Counter()
        for one in profile["profiles"]:
            opened.update(frames[e["frame"]] for e in one["events"] if e["type"] == "O")
        self.assertEqual(opened["Mask Batch"], 5)
        self.assertEqual(opened["insert"], len([d for d in self.own.of(13) if d["cmd"] == 4]))

    def test_perfetto(self):
        seen = json.loads(self.judge("judge_perfetto.py", self.export_file("perfetto")))
        self.assertEqual(seen["slices"]["Mask Batch"][0], 5)
        inserts = [d["d"] for d in self.own.of(13) if d["cmd"] == 4]
        self.assertEqual(seen["slices"]["insert"], [len(inserts), sum(inserts)])
        self.assertEqual(seen["counters"]["RSS"], self.count(20))
        self.assertEqual(seen["threads"], [self.own.of(4)[0]["tid"]])
        self.assertIn("namespace=masking.masked", seen["details"])

    def test_a_log_counts_once(self):
        copy = self.path("copy.bson")
        shutil.copyfile(self.log, copy)
        once = self.export("jsonl")
        self.assertEqual(self.export("jsonl", self.log, copy), once)

    def test_wrong_use(self):
        done = support.phasetap("export", "--format", "yaml", self.log)
        self.assertEqual(done.returncode, 2)
        self.assertIn("csv, jsonl, folded, speedscope, perfetto, otlp, otlp-metrics, prometheus, "
                      "not 'yaml'", done.stderr)
        self.assertEqual(support.phasetap("export", self.log).returncode, 2)
        self.assertEqual(support.phasetap("export", "--format", "csv").returncode, 2)
        missing = support.phasetap("export", "--format", "csv", self.path("no.bson"))
        self.assertEqual(missing.returncode, 2)

    def test_log_is_never_replaced(self):
        before = os.path.getsize(self.log)
        done = support.phasetap("export", "--format", "csv", self.log, "-o", self.log, "--force")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(os.path.getsize(self.log), before)

    def test_an_earlier_export_is_replaced(self):
        for name in ("csv", "jsonl", "speedscope", "otlp", "otlp-metrics", "prometheus"):
            for _ in range(2):
                path = self.path("again." + name)
                done = support.phasetap("export", "--format", name, self.log, "-o", path)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_foreign_file_is_replaced_with_force_only(self):
        path = self.path("run.perfetto")
        with open(path, "w", encoding="utf-8") as file:
            file.write("mine")
        done = support.phasetap("export", "--format", "perfetto", self.log, "-o", path)
        self.assertEqual(done.returncode, 1)
        done = support.phasetap("export", "--format", "perfetto", self.log, "-o", path, "--force")
        self.assertEqual(done.returncode, 0, done.stderr)


class HostileNames(support.EndToEnd):
    """A phase can have any name, and every format keeps its shape."""

    def setUp(self):
        super().setUp()
        self.log = self.path("run.bson")
        done = support.run([support.target("annotate"), "names", HOSTILE], output=self.log)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_format(self):
        for name in ("csv", "folded"):
            done = support.phasetap("export", "--format", name, self.log)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("\x1b", done.stdout)
            self.assertNotIn("\u202e", done.stdout)
        rows = list(csv.DictReader(
            support.phasetap("export", "--format", "csv", self.log).stdout.splitlines()))
        self.assertTrue(rows[0]["phase"].startswith("'=cmd;\"x\\u000a"), rows[0]["phase"])
        folded = support.phasetap("export", "--format", "folded", self.log).stdout
        self.assertIn(";=cmd,\"x\\u000a", folded)


if __name__ == "__main__":
    unittest.main()
