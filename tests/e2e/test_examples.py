# SPDX-License-Identifier: Apache-2.0
"""The scripts of tools/examples over a run whose answers the canned peer decided."""

import glob
import json
import os
import sys
import unittest

import support
from test_readers import find_bsondump

EXAMPLES = os.path.join(support.ROOT, "tools", "examples")


class Questions(support.EndToEnd):
    """One of the example programs reads 500 documents, five times 100, and inserts them."""

    def make(self, *settings):
        self.log = self.path("run.bson")
        with support.Peer("--collection", "masking.patients=500:600", *settings) as peer:
            self.masker_done = support.run(
                [support.target("example_nested"), peer.uri], output=self.log
            )
        self.document = self.report(self.log)
        with open(self.path("report.json"), "w", encoding="utf-8") as file:
            json.dump(self.document, file)

    def ask(self, name):
        script = os.path.join(EXAMPLES, "questions", name + ".jq")
        done = support.run(["jq", "-rf", script, self.path("report.json")])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def test_slowest_batch(self):
        self.make("--delay", "insert=3", "--stall", "insert=200@3")
        entries = [
            entry
            for phase in self.document["phases"].values()
            if phase["source"] == "recognised"
            for entry in phase["entries"]
        ]
        sent = [entry for entry in entries if entry["result_metadata"].get("commands")]
        slowest = max(sent, key=lambda entry: entry["duration_seconds"])
        (line,) = self.ask("slowest_batch")
        self.assertEqual(float(line.split()[0]), slowest["duration_seconds"])
        told = slowest["metadata"]["operation"], slowest["metadata"]["namespace"]
        self.assertIn("%s in %s, 100 documents, success" % told, line)

    def test_which_collection(self):
        self.make("--delay", "insert=3")
        rows = [line.split("\t") for line in self.ask("which_collection")]
        self.assertEqual([row[0] for row in rows], ["masking.masked", "masking.patients"])
        self.assertEqual([row[2:] for row in rows], [["500 documents", "0 refused"]] * 2)

    def test_missing_documents(self):
        self.make("--write-error", "insert=11000@250")
        self.assertNotEqual(self.masker_done.returncode, 0)
        lines = self.ask("is_anything_missing")
        self.assertEqual(lines[0], "written 249 of 300")
        self.assertEqual(
            lines[1], "refused 1, never sent 50, unacknowledged 0, unknown 0"
        )
        self.assertEqual(lines[2], "events that the log does not hold: 0")
        self.assertIn("refused", self.ask("what_to_do")[0])

    def test_retries(self):
        self.make()
        self.assertEqual(self.ask("did_retries_happen"), ["no retries"])

    def test_where_the_time_went(self):
        self.make("--delay", "insert=3")
        rows = [line.split("\t") for line in self.ask("where_the_time_went")]
        parts = {
            key: value
            for key, value in self.document["partition"]["total"].items()
            if key.endswith("_seconds") and key not in ("wall_seconds", "sum_seconds") and value
        }
        self.assertEqual(len(rows), len(parts))
        self.assertAlmostEqual(
            sum(float(row[1].split()[0]) for row in rows), sum(parts.values()), places=6
        )

    def test_logs_without_phasetap(self):
        self.make()
        own = self.good_log(self.log)
        done = support.run([sys.executable, os.path.join(EXAMPLES, "batches.py"), self.log])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        rows = dict(line.split("\t", 1) for line in done.stdout.splitlines())
        inserts = sum(d["d"] for d in own.of(10) if d["ph"] == 4) / 1e9
        self.assertEqual(
            rows["Document Insertion"], "5 calls\t500 documents\t%.6f s" % inserts
        )
        done = support.run(
            [os.path.join(EXAMPLES, "slow_calls.sh"), self.log, "0"],
            env={"BSONDUMP": find_bsondump()},
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(done.stdout.splitlines()), len(own.of(10)))

    def test_every_question_has_a_test(self):
        questions = {
            os.path.basename(path)[: -len(".jq")]
            for path in glob.glob(os.path.join(EXAMPLES, "questions", "*.jq"))
        }
        with open(__file__, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual({name for name in questions if '"%s"' % name not in text}, set())


if __name__ == "__main__":
    unittest.main()
