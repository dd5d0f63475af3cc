# SPDX-License-Identifier: Apache-2.0
"""The report in the shape of the original: its keys, their order and spelling, its layout, and its
own examples unchanged.

examples/ holds the jq and Python examples of the original's documentation that read a report; they
expect it in reports/performance_report.json below the folder in which they run.
"""

import datetime
import glob
import json
import os
import re
import sys
import unittest

import support

TOP_KEYS = [
    "report_timestamp",
    "total_runtime_seconds",
    "total_runtime_formatted",
    "resource_usage",
    "phases",
    "phase_order",
]
RESOURCE_KEYS = [
    "average_cpu_percent",
    "average_memory_percent",
    "peak_cpu_percent",
    "peak_memory_percent",
    "samples_collected",
]
PHASE_KEYS = [
    "count",
    "total_duration",
    "average_duration",
    "min_duration",
    "max_duration",
    "entries",
]
ENTRY_KEYS = [
    "start_time",
    "start_timestamp",
    "end_time",
    "end_timestamp",
    "duration_seconds",
    "metadata",
    "result_metadata",
]
EXAMPLES = os.path.join(support.HERE, "examples")
FORMATTED = r"(\d+h )?(\d+m )?\d+\.\d\ds"


class Parity(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        """One run and its report for all tests of this class, in a folder `reports` as the examples
        want it."""
        cls.shared = support.EndToEnd("setUp")
        cls.shared.setUp()
        cls.addClassCleanup(cls.shared.doCleanups)
        log = cls.shared.path("run.bson")
        with support.Peer("--collection", "masking.patients=1000:600") as peer:
            cls.shared.masker(
                "--uri",
                peer.uri,
                "--mode",
                "copy",
                "--rules",
                support.RULES,
                "--batch-size",
                "100",
                output=log,
                env={"PHASETAP_INTERVAL": "10ms"},
            )
        os.mkdir(cls.shared.path("reports"))
        cls.file = cls.shared.path("reports", "performance_report.json")
        done = support.phasetap("report", log, "-o", cls.file)
        assert done.returncode == 0, done.stderr
        cls.log = log
        with open(cls.file, encoding="utf-8") as file:
            cls.text = file.read()
        cls.parsed = json.loads(cls.text)

    def test_top_level_keys_in_order(self):
        self.assertEqual(list(self.parsed)[:6], TOP_KEYS)
        self.assertGreaterEqual(list(self.parsed).index("schema_version"), 6)

    def test_keys_of_resource_usage(self):
        usage = self.parsed["resource_usage"]
        self.assertEqual(list(usage), RESOURCE_KEYS)
        self.assertGreaterEqual(usage["samples_collected"], 2)
        for key in RESOURCE_KEYS[:4]:
            self.assertTrue(0 <= usage[key] <= 100, usage)
            self.assertEqual(usage[key], round(usage[key], 2))
        self.assertGreater(usage["average_memory_percent"], 0)

    def test_keys_of_phases_and_entries(self):
        for name, phase in self.parsed["phases"].items():
            with self.subTest(phase=name):
                self.assertEqual(list(phase)[:6], PHASE_KEYS)
                self.assertAlmostEqual(
                    phase["average_duration"] * phase["count"], phase["total_duration"], places=9
                )
                self.assertEqual(len(phase["entries"]), phase["count"])
                for entry in phase["entries"]:
                    self.assertEqual(list(entry)[:7], ENTRY_KEYS)
                self.assertAlmostEqual(
                    sum(entry["duration_seconds"] for entry in phase["entries"]),
                    phase["total_duration"],
                    places=6,
                )

    def test_phase_order_is_the_order_of_first_start(self):
        phases = self.parsed["phases"]
        self.assertEqual(list(phases), self.parsed["phase_order"])
        starts = [
            min(entry["start_time"] for entry in phases[name]["entries"])
            for name in self.parsed["phase_order"]
        ]
        self.assertEqual(starts, sorted(starts))
        self.assertIn("Database Connection", phases)
        self.assertIn("Index Creation", phases)

    def test_times_are_local_iso_times(self):
        for text in [
            self.parsed["report_timestamp"],
            self.parsed["phases"]["Document Query"]["entries"][0]["start_timestamp"],
        ]:
            self.assertIsNone(datetime.datetime.fromisoformat(text).tzinfo)
        entry = self.parsed["phases"]["Document Query"]["entries"][0]
        shown = datetime.datetime.fromisoformat(entry["start_timestamp"]).timestamp()
        self.assertAlmostEqual(shown, entry["start_time"], delta=0.0001)
        now = datetime.datetime.now()
        self.assertLess(
            abs(
                (
                    now - datetime.datetime.fromisoformat(self.parsed["report_timestamp"])
                ).total_seconds()
            ),
            300,
        )
        self.assertRegex(self.parsed["total_runtime_formatted"], "^%s$" % FORMATTED)

    def test_layout_is_that_of_json_dump(self):
        """Two-space indent and separators as Python writes them: only numbers may be spelled in
        another way."""
        self.assertEqual(
            without_numbers(self.text.rstrip("\n")),
            without_numbers(json.dumps(self.parsed, indent=2, ensure_ascii=False)),
        )

    def test_report_on_standard_output_is_the_same(self):
        done = support.phasetap("report", self.log)
        again = json.loads(done.stdout)
        self.assertEqual((list(again), again["phases"]), (list(self.parsed), self.parsed["phases"]))

    def test_examples_run_unchanged(self):
        examples = sorted(glob.glob(os.path.join(EXAMPLES, "*.*")))
        self.assertGreaterEqual(len(examples), 5)
        for path in examples:
            with self.subTest(example=os.path.basename(path)):
                command = (
                    [sys.executable, path]
                    if path.endswith(".py")
                    else ["bash", "-o", "pipefail", path]
                )
                done = support.run(command, cwd=self.shared.folder)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertNotEqual(done.stdout.strip(), "")
                self.assertNotIn("null", done.stdout)

    def test_examples_find_the_truth(self):
        done = support.run(
            ["bash", os.path.join(EXAMPLES, "phases_by_duration.sh")], cwd=self.shared.folder
        )
        decoder, text, found = json.JSONDecoder(), done.stdout.strip(), []
        while text:
            row, end = decoder.raw_decode(text)
            found.append(row)
            text = text[end:].lstrip()
        durations = [row["duration"] for row in found]
        self.assertEqual(durations, sorted(durations, reverse=True))
        self.assertEqual({row["phase"] for row in found}, set(self.parsed["phases"]))

    def test_summary_has_the_original_layout(self):
        done = support.classic(self.log)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertEqual(lines[:3], ["=" * 70, "Performance Phase Summary", "=" * 70])
        self.assertRegex(lines[3], "^Total Runtime: %s$" % FORMATTED)
        self.assertEqual(lines[4], "")
        position = 5
        for name in self.parsed["phase_order"]:
            phase = self.parsed["phases"][name]
            self.assertEqual(
                lines[position : position + 2], ["Phase: " + name, "  Count: %d" % phase["count"]]
            )
            for offset, label in enumerate(("Total", "Average", "Min", "Max")):
                self.assertRegex(
                    lines[position + 2 + offset], "^  %s Duration: %s$" % (label, FORMATTED)
                )
            self.assertIn(
                "  Total Duration: " + formatted(phase["total_duration"]),
                lines[position : position + 6],
            )
            self.assertEqual(lines[position + 6], "")
            position += 7
        self.assertEqual(lines[position], "=" * 70)


def without_numbers(text):
    return re.sub(r"-?\d+(\.\d+)?(e[-+]?\d+)?(?=[,\n]|$)", "0", text)


def formatted(seconds):
    """Below a minute, which these phases are: seconds with two decimals."""
    return "%.2fs" % seconds


if __name__ == "__main__":
    unittest.main()
