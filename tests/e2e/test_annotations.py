# SPDX-License-Identifier: Apache-2.0
"""The annotation interface, from C and C++: the original's API reference in its C form, used by
programs that neither link nor need phasetap.
"""

import json
import os
import unittest

import support

BATCHES = 3
PHASES_OF_NESTED = ["Batch Processing", "Mask Batch"]


class Annotations(support.EndToEnd):
    def annotated(self, mode, *arguments):
        """The report of a run of `annotate MODE`; it prints the same with and without the
        preload."""
        done, log = self.profiled_like_bare([support.target("annotate"), mode, *arguments])
        self.assertEqual((done.returncode, done.stdout), (0, "done\n"))
        self.good_log(log)
        return self.report(log)

    def check_nested(self, report, threads=1):
        outer, inner = (report["phases"][name] for name in PHASES_OF_NESTED)
        self.assertEqual((outer["count"], inner["count"]), (threads, BATCHES * threads))
        self.assertEqual(
            outer["entries"][0]["metadata"],
            {"total_batches": BATCHES, "dry_run": False, "rate": 0.5},
        )
        self.assertEqual(outer["entries"][0]["result_metadata"], {})
        for entry in inner["entries"]:
            self.assertEqual(entry["metadata"]["collection"], "patients")
            expected = {"status": "success", "docs_found": 100 + entry["metadata"]["batch_num"]}
            self.assertEqual(entry["result_metadata"], expected)
            self.assertGreaterEqual(entry["duration_seconds"], 0.002)
            self.assertAlmostEqual(
                entry["end_time"] - entry["start_time"], entry["duration_seconds"], places=5
            )
        self.assertGreaterEqual(outer["total_duration"], inner["total_duration"] / threads)

    def test_nested_phases_with_metadata(self):
        report = self.annotated("nested")
        self.assertEqual(report["phase_order"], PHASES_OF_NESTED)
        self.check_nested(report)
        self.assertEqual(report["annotations"]["misuse"], [])

    def test_a_program_compiled_against_the_first_header(self):
        for mode, check in (("nested", self.check_nested), ("threads", self.check_threads)):
            with self.subTest(mode=mode):
                log = self.path(mode + ".bson")
                done = support.run([support.target("annotate_first"), mode], output=log)
                self.assertEqual((done.returncode, done.stdout), (0, "done\n"))
                check(self.report(log))

    def check_threads(self, report):
        self.check_nested(report, threads=4)

    def test_each_thread_has_its_own_phases(self):
        report = self.annotated("threads")
        self.check_nested(report, threads=4)
        self.assertEqual(report["annotations"]["misuse"], [])

    def test_the_example_for_the_slowest_batch(self):
        self.annotated("nested")
        os.mkdir(self.path("reports"))
        file = self.path("reports", "performance_report.json")
        self.assertEqual(
            support.phasetap("report", self.path("run.bson"), "-o", file).returncode, 0
        )
        example = os.path.join(support.HERE, "examples", "annotated", "slowest_batch.sh")
        done = support.run(["bash", "-o", "pipefail", example], cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        slowest = json.loads(done.stdout)
        with open(file, encoding="utf-8") as report:
            entries = json.load(report)["phases"]["Mask Batch"]["entries"]
        self.assertEqual(
            slowest["duration_seconds"], max(entry["duration_seconds"] for entry in entries)
        )

    def test_scopes_end_on_every_way_out(self):
        report = self.annotated("scopes")
        ways = [entry["metadata"]["way"] for entry in report["phases"]["Scope"]["entries"]]
        self.assertEqual(sorted(ways), [0, 1, 2, 2, 3])
        self.assertEqual(report["phases"]["Ended Early"]["count"], 1)
        self.assertEqual(report["annotations"]["misuse"], [])
        self.assertEqual(report["open_phases"], [])

    def test_wrong_use_is_recorded_and_never_fatal(self):
        report = self.annotated("misuse")
        counts = {name: phase["count"] for name, phase in report["phases"].items()}
        self.assertEqual((counts["Good"], counts["Outer"], counts["Inner"]), (1, 1, 1))
        told = json.dumps(report["annotations"]["misuse"])
        self.assertIn("Never Begun", told)
        self.assertIn("Left In A Thread", told)
        summary = support.classic(self.path("run.bson")).stdout
        self.assertIn("misused 5 times:\n", summary)
        self.assertIn("  1 x end without begin: Never Begun\n", summary)
        self.assertIn("  1 x the thread ended inside the phase: Left In A Thread\n", summary)
        log = support.read_log.Log(self.path("run.bson"))
        self.assertEqual(sorted(doc["w"] for doc in log.of(32)), [1, 1, 2, 4, 5])

    def test_phases_left_open_are_listed_and_flagged(self):
        report = self.annotated("open")
        self.assertEqual(report["phases"]["Done"]["count"], 1)
        for name in ("Left Open", "Left Open Too"):
            phase = report["phases"][name]
            self.assertEqual(
                (phase["count"], phase["total_duration"], len(phase["entries"])), (0, 0, 1)
            )
            entry = phase["entries"][0]
            self.assertTrue(entry["open"])
            self.assertNotIn("end_time", entry)
            self.assertIn(name, json.dumps(report["open_phases"]))

    def test_summaries_and_throughput_for_the_program_itself(self):
        """These answer with figures only under the preload, so the outputs differ."""
        bare = support.run([support.target("annotate"), "summary"])
        self.assertEqual((bare.stdout, bare.stderr), ("done\n", ""))
        done = support.run([support.target("annotate"), "summary"], output=self.path("run.bson"))
        told = "count 3, mean of total yes, least is less than most yes\nthroughput 250\n"
        self.assertEqual((done.stdout, done.stderr), ("done\n", told))
        row = self.report(self.path("run.bson"))["throughput"][0]
        self.assertEqual(
            (row["documents"], row["seconds"], row["documents_per_second"]), (1000, 4, 250)
        )

    def test_starting_and_stopping_the_sampler(self):
        report = self.annotated("monitoring")
        self.assertGreaterEqual(report["resource_usage"]["samples_collected"], 15)
        log = support.read_log.Log(self.path("run.bson"))
        times = [doc["t"] for doc in log.of(20)]
        begin = log.manifest["start"]
        self.assertGreaterEqual(len([t for t in times if t - begin < 0.35e9]), 15)
        paused = [t for t in times if 0.35e9 < t - begin < 0.55e9]
        self.assertEqual(paused, [])

    def test_writing_report_and_summary_from_inside(self):
        report = self.path("inside.json")
        bare = support.run([support.target("annotate"), "outputs", report])
        self.assertEqual((bare.stdout, bare.stderr), ("done\n", "report -1\nsummary -1\n"))
        self.assertFalse(os.path.exists(report))
        done = support.run(
            [support.target("annotate"), "outputs", report], output=self.path("run.bson")
        )
        self.assertEqual((done.returncode, done.stdout), (0, "done\n"))
        self.assertIn("report 0\n", done.stderr)
        self.assertIn("summary 0\n", done.stderr)
        self.assertIn("Performance Phase Summary", done.stderr)
        self.assertIn("Phase: Mask Batch\n  Count: 3\n", done.stderr)
        with open(report, encoding="utf-8") as file:
            inside = json.load(file)
        self.assertEqual(inside["phases"]["Mask Batch"]["count"], BATCHES)
        self.assertEqual(inside["run"]["ended"], "not yet")

    def test_what_is_asked_from_inside_begins_at_the_reset(self):
        inside = self.path("inside.json")
        done = support.run(
            [support.target("annotate"), "reset", inside], output=self.path("run.bson")
        )
        self.assertEqual((done.returncode, done.stdout), (0, "done\n"))
        self.assertIn("after reset -1\nthen 3, across -1, version 2\n", done.stderr)
        self.assertIn("Ended: not yet, the program asked for this itself\n", done.stderr)
        self.assertIn("Note: 1 annotated phases are open.\n", done.stderr)
        for claim in ("still running", "never ended", "did not end", "Across"):
            self.assertNotIn(claim, done.stderr)
        with open(inside, encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual(report["phase_order"], [*PHASES_OF_NESTED, "Open"])
        self.check_nested(report)
        self.assertEqual((report["run"]["ended"], report["run"]["in_order"]), ("not yet", None))
        self.assertEqual(report["run"]["known_from"], "the process itself")
        whole = self.report(self.path("run.bson"))
        self.assertEqual(whole["phases"]["Mask Batch"]["count"], 2 * BATCHES)
        self.assertEqual(whole["phases"]["Across"]["count"], 1)

    def test_cut_metadata_is_counted_and_said(self):
        report = self.annotated("cut")
        metadata = report["phases"]["Cut"]["entries"][0]["metadata"]
        self.assertEqual(metadata["long"], "x" * 255)
        self.assertEqual(metadata["x" * 127], 1)
        self.assertEqual(metadata["1"], {"2": [{"3": [7]}]} | metadata["1"])
        (name,) = [name for name in report["phases"] if name.startswith("xxx")]
        result = report["phases"][name]["entries"][0]["result_metadata"]
        self.assertEqual(result["many"], list(range(len(result["many"]))))
        self.assertLess(len(result["many"]), 500)
        missing = 500 - len(result["many"]) + (0 if "last" in result else 1)
        self.assertEqual(report["annotations"]["metadata_cut"], 4 + missing)
        self.assertIn("parts of the program's names and metadata", self.notes(report))

    def notes(self, report):
        return json.dumps(report["profiler"]["notes"])

    def test_two_thousand_phases_are_all_counted(self):
        done = support.run(
            [support.target("annotate"), "many", "2000"], output=self.path("run.bson")
        )
        self.assertEqual(done.stderr, "phases 2000, entries 2000, last 0\n")
        report = self.report(self.path("run.bson"))
        self.assertEqual(len(report["phases"]), 2000)
        self.assertEqual({phase["count"] for phase in report["phases"].values()}, {1})

    def test_what_finds_no_room_is_said(self):
        done = support.run(
            [support.target("annotate"), "many", "6000"], output=self.path("run.bson")
        )
        self.assertEqual(done.stderr, "phases 4096, entries 4096, last -1\n")
        report = self.report(self.path("run.bson"))
        self.assertEqual(len(report["phases"]), 4096)
        self.assertRegex(self.notes(report), "more names than|entries of phases are not listed")

    def test_texts(self):
        report = self.annotated("texts")
        uri = report["phases"]["Connect"]["entries"][0]["metadata"]["uri"]
        self.assertTrue(uri.startswith("mongodb://"))
        self.assertIn("127.0.0.1:27017", uri)
        with open(self.path("run.bson"), "rb") as file:
            log = file.read()
        for secret in ("Benutzer", "Geheimwort9462"):
            self.assertNotIn(secret, json.dumps(report))
            self.assertNotIn(secret.encode(), log)
        (name,) = [name for name in report["phases"] if name.startswith("xxx")]
        self.assertEqual(len(name), 127)
        result = report["phases"][name]["entries"][0]["result_metadata"]
        self.assertEqual(result, {"long": "x" * 255, "nothing": ""})
        self.assertEqual(
            len([name for name in report["phases"] if name.startswith("Bad Bytes")]), 1
        )

    def test_cpp(self):
        done, log = self.profiled_like_bare([support.target("annotate_cpp")])
        self.assertEqual((done.returncode, done.stdout), (0, "caught: out of here\n"))
        self.good_log(log)
        report = self.report(log)
        counts = {name: phase["count"] for name, phase in report["phases"].items()}
        self.assertEqual(counts, {"Whole": 1, "Recursion": 3, "Plain": 1, "Last": 1})
        self.assertEqual(report["annotations"]["misuse"], [])
        depths = {entry["metadata"]["depth"] for entry in report["phases"]["Recursion"]["entries"]}
        self.assertEqual(depths, {1, 2, 3})


if __name__ == "__main__":
    unittest.main()
