# SPDX-License-Identifier: Apache-2.0
"""The examples of the original's documentation in their C form: their counts are the original's,
whatever phasetap recognises beside them, and what a process is told about itself is what its report
says."""

import json
import os
import unittest

import support

BATCHES = 5


class OriginalExamples(support.EndToEnd):
    def example(self, mode):
        """The report of a run of one example of tools/examples, after its end."""
        log = self.path("run.bson")
        with support.Peer("--collection", "masking.patients=1000:600") as peer:
            program = [support.target("example_" + mode), peer.uri]
            done = support.run(program, output=log, cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.printed = done.stdout
        self.good_log(log)
        return self.report(log)

    def counts(self, report, source="annotated"):
        return {
            name: phase["count"]
            for name, phase in report["phases"].items()
            if phase["source"] == source
        }

    def figures(self):
        """What the process was told, by (recognised, name)."""
        lines = [line.split(" ", 7) for line in self.printed.splitlines()]
        for line in lines:  # the entries of a phase of the program are its count and its total
            if line[0] == "0":
                self.assertEqual((line[5], line[6]), (line[1], line[2]))
        return {
            (line[0] == "1", line[7]): [int(line[1]), *map(float, line[2:5])] for line in lines
        }

    def check_figures(self, report):
        """Inside and outside agree."""
        for (recognised, name), (count, total, least, most) in self.figures().items():
            phase = report["phases"][name]
            with self.subTest(phase=name):
                self.assertEqual(phase["source"], "recognised" if recognised else "annotated")
                self.assertEqual(count, phase["count"])
                self.assertAlmostEqual(total, phase["total_duration"], places=8)
                self.assertAlmostEqual(least, phase["min_duration"], places=8)
                self.assertAlmostEqual(most, phase["max_duration"], places=8)
        self.assertEqual({name for _, name in self.figures()}, set(report["phases"]))

    def test_basic(self):
        report = self.example("basic")
        expected = {
            "Database Connection": 1,
            "Document Query": 1,
            "Masking Process": 1,
            "Mask Batch": BATCHES,
            "Insert Batch": BATCHES,
        }
        self.assertEqual(self.counts(report), expected)
        own = [name for name in report["phase_order"] if name in expected]
        self.assertEqual(own, list(expected))
        recognised = self.counts(report, "recognised")
        self.assertEqual(recognised["Database Connection (recognised)"], 1)
        self.assertGreaterEqual(recognised["Document Query (recognised)"], BATCHES)
        self.assertEqual(recognised["Document Insertion"], BATCHES)
        self.assertIn("Document Query (recognised)", json.dumps(report["profiler"]["notes"]))
        self.check_figures(report)

    def test_basic_in_the_summary(self):
        self.example("basic")
        text = support.classic(self.path("run.bson")).stdout
        self.assertIn("Phase: Document Query\n  Count: 1\n", text)
        self.assertIn("Phase: Document Query (recognised)\n", text)

    def test_nested(self):
        report = self.example("nested")
        self.assertEqual(self.counts(report), {"Batch Processing": 1, "Process Batch": BATCHES})
        self.check_figures(report)

    def test_checkpoint(self):
        report = self.example("checkpoint")
        left = BATCHES - 2
        expected = {
            "Load Checkpoint": 1,
            "Masking Pipeline": 1,
            "Process Batch": left,
            "Save Checkpoint": left,
        }
        self.assertEqual(self.counts(report), expected)
        metadata = report["phases"]["Masking Pipeline"]["entries"][0]["metadata"]
        checkpoint = {"collection": "patients", "done": [0, 100]}
        self.assertEqual(metadata, {"resumed_from": 200, "checkpoint": checkpoint})
        self.check_figures(report)

    def check_section(self, number):
        with open(self.path("reports", "masked%d.json" % number), encoding="utf-8") as file:
            report = json.load(file)
        expected = {"Count Documents": 1, "Masking Pipeline": 1, "Process Batch": number}
        self.assertEqual(self.counts(report), expected)
        recognised = self.counts(report, "recognised")
        self.assertEqual(recognised["Document Insertion"], number)
        self.assertEqual(recognised["Count Documents (recognised)"], 1)
        self.assertEqual(recognised.get("Database Connection"), 1 if number == 1 else None)
        self.assertEqual(report["commands"]["insert"]["count"], number)
        self.assertEqual(report["run"]["ended"], "not yet")
        for thread in report["partition"]["threads"]:
            self.assertAlmostEqual(thread["sum_seconds"], thread["wall_seconds"], places=9)
            self.assertLessEqual(thread["wall_seconds"], report["total_runtime_seconds"])
        return report

    def test_a_report_for_each_collection(self):
        os.mkdir(self.path("reports"))
        report = self.example("collections")
        sections = [self.check_section(number) for number in (1, 2, 3)]
        expected = {"Count Documents": 3, "Masking Pipeline": 3, "Process Batch": 6}
        self.assertEqual(self.counts(report), expected)
        self.assertEqual(report["annotations"]["resets_total"], 2)
        runtime = sum(section["total_runtime_seconds"] for section in sections)
        self.assertLessEqual(runtime, report["total_runtime_seconds"])
        section = support.phasetap(
            "report", "--since", str(report["annotations"]["resets"][1]["since"]),
            self.path("run.bson"),
        )
        self.assertEqual(self.counts(json.loads(section.stdout))["Process Batch"], 3)
        self.check_figures(json.loads(section.stdout))


if __name__ == "__main__":
    unittest.main()
