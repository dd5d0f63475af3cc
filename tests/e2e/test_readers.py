# SPDX-License-Identifier: Apache-2.0
"""Readers of others and our two read a finished log from end to end and find the same in it."""

import json
import os
import subprocess
import sys
import unittest

import bson

import support


def find_bsondump():
    """PHASETAP_BSONDUMP, or the one that tests/server keeps in its cache (and builds when it is not
    there): MongoDB's own tool is the judge, so it is never left out.
    """
    if os.environ.get("PHASETAP_BSONDUMP"):
        return os.environ["PHASETAP_BSONDUMP"]
    builder = os.path.join(support.ROOT, "tests", "server", "ferretdb-build")
    done = subprocess.run(
        [builder, "bsondump"], stdout=subprocess.PIPE, encoding="utf-8", timeout=900, check=True
    )
    return done.stdout.split()[-1]


def total_duration(documents):
    """Sum of the durations of all spans, connections and gaps: a figure that every reader must
    agree on."""
    return sum(int(doc["d"]) for doc in documents if doc.get("k") in (10, 11, 12))


class Readers(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.log = self.path("run.bson")
        with support.Peer("--collection", "masking.patients=3000:600") as peer:
            self.masker(
                "--uri",
                peer.uri,
                "--mode",
                "copy",
                "--rules",
                support.RULES,
                "--collections",
                "patients",
                "--workers",
                "3",
                "--batch-size",
                "20",
                output=self.log,
                env={"PHASETAP_INTERVAL": "10ms"},
            )
        self.own = self.good_log(self.log)
        self.assertGreater(len(self.own.of(10)), 300)
        self.everything = len(self.own.documents)

    def test_python_bson(self):
        with open(self.log, "rb") as file:
            documents = list(bson.decode_file_iter(file))
        self.assertEqual(len(documents), self.everything)
        self.assertEqual(total_duration(documents), total_duration(self.own.documents))

    def test_bsondump(self):
        done = support.run([find_bsondump(), "--quiet", "--type=json", self.log])
        self.assertEqual(done.returncode, 0, done.stderr)
        documents = [
            json.loads(line, object_hook=plain_number) for line in done.stdout.splitlines()
        ]
        self.assertEqual(len(documents), self.everything)
        self.assertEqual(total_duration(documents), total_duration(self.own.documents))

    def test_read_log_is_satisfied(self):
        script = os.path.join(support.ROOT, "tools", "read-log")
        done = support.run([sys.executable, script, "--check", self.log])
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assert_sentence(done.stdout, "good", "%d documents" % len(self.own.documents))
        lines = support.run([sys.executable, script, self.log]).stdout.splitlines()
        self.assertEqual([json.loads(line) for line in lines], self.own.documents)

    def test_phasetap_dump(self):
        done = support.phasetap("dump", "--raw", self.log)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        documents = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(documents), len(self.own.documents))
        self.assertEqual(total_duration(documents), total_duration(self.own.documents))

    def test_dump_with_names_has_every_document(self):
        done = support.phasetap("dump", self.log)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(lines), len(self.own.documents))
        self.assertIn("Document Insertion", done.stdout)
        self.assertIn("masking.patients_masked", done.stdout)

    def test_a_log_that_run_finished_is_read_too(self):
        """`phasetap run` adds a document of its own behind the end."""
        log = self.path("finished.bson")
        with support.Peer() as peer:
            done = support.phasetap("run", "-o", log, "--", support.target("work"), peer.uri, "20")
        self.assertEqual(done.returncode, 0, done.stderr)
        own = self.good_log(log)
        self.assertEqual(
            [(doc["status"], doc["signal"]) for doc in own.of(support.read_log.RUN_END)], [(0, 0)]
        )
        with open(log, "rb") as file:
            self.assertEqual(len(list(bson.decode_file_iter(file))), len(own.documents))


class ConnectedInside(support.EndToEnd):
    """A retry after a lost connection: the driver connects again between two commands of one
    call."""

    def setUp(self):
        super().setUp()
        self.file = self.path("run.bson")
        options = [
            "--replica-set",
            "rs0",
            "--store",
            "--drop",
            "insert@=2",
            *support.delays(hello=20),
        ]
        with support.Peer(*options) as peer, open(
            self.path("steps"), "w+", encoding="utf-8"
        ) as steps:
            steps.write("client %s\ninsert\ninsert\n" % peer.uri)
            steps.seek(0)
            done = support.run([support.target("connect_steps")], output=self.file, stdin=steps)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.own = self.good_log(self.file)
        ((self.connection, self.span),) = self.own.inside()

    def test_the_report_and_the_second_reader_agree(self):
        """The same parts of the thread's time, to the nanosecond."""
        report = self.report(self.file)
        (thread,) = report["partition"]["threads"]
        ready_ns = thread["ready_without_cpu_seconds"] * 1e9
        for part, spent_ns in self.own.partition(thread["thread"]).items():
            lent_ns = spent_ns - thread[part + "_seconds"] * 1e9
            ready_ns -= lent_ns
            if part in ("connection", "driver", "application_computing"):
                self.assertAlmostEqual(lent_ns, 0, delta=0.5, msg=part)
            self.assertGreaterEqual(lent_ns, -0.5, part)
        self.assertAlmostEqual(ready_ns, 0, delta=5)
        own_ns = self.span["d"] - self.connection["d"] - self.span["wait"]
        entries = report["phases"]["Document Insertion"]["entries"]
        self.assertAlmostEqual(entries[1]["duration_seconds"] * 1e9, own_ns, delta=0.5)
        self.assertGreaterEqual(self.connection["d"], 20_000_000)
        self.assertEqual(report["connections"]["established"], 2)

    def test_a_connection_that_ends_behind_its_span(self):
        self.connection["d"] = self.span["d"] + 1
        self.assertIn("ends behind its span", " ".join(self.own.broken_rules()))

    def test_more_time_inside_than_there_is(self):
        self.span["net"] = self.span["d"] - self.connection["d"] - self.span["wait"] + 1
        self.assertIn("longer than their span", " ".join(self.own.broken_rules()))

    def test_a_connection_that_is_nowhere(self):
        self.connection["t"] -= self.span["d"]
        self.assertRegex(" ".join(self.own.broken_rules()), "a hole|an overlap")


def plain_number(doc):
    """Extended JSON writes numbers as objects: {"$numberInt": "1"}."""
    for key in ("$numberInt", "$numberLong"):
        if key in doc:
            return int(doc[key])
    return doc


if __name__ == "__main__":
    unittest.main()
