# SPDX-License-Identifier: Apache-2.0
"""A part of a run: one thread, one collection, some time. Parts that exclude each other add up to
the whole."""

import datetime
import json
import unittest

import support

PEER = "--store --collection masking.patients=600:300 --collection masking.claims=300:300".split()


class Parts(support.EndToEnd):
    """One run of the masker with two workers over two collections serves all tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = support.tempfile.mkdtemp(prefix="phasetap-e2e-")
        cls.addClassCleanup(support.shutil.rmtree, cls.shared, True)
        cls.log = cls.shared + "/run.bson"
        with support.Peer(*PEER, "--delay", "insert=3") as peer:
            command = [support.MASKER, "--uri", peer.uri, "--mode", "copy", "--rules",
                       support.RULES, "--collections", "patients,claims", "--workers", "2",
                       "--batch-size", "50"]
            done = support.run(command, output=cls.log)
        assert done.returncode == 0, done.stderr
        cls.whole = json.loads(support.phasetap("report", cls.log).stdout)

    def part(self, *options):
        done = support.phasetap("summary", "--json", *options, self.log)
        self.assertEqual((done.returncode, done.stderr), (0, ""), options)
        return json.loads(done.stdout)

    def counts(self, *options):
        """Calls and documents of each phase."""
        return {
            row["phase"]: (row["calls"], row["documents"]) for row in self.part(*options)["phases"]
        }

    def assert_whole(self, parts):
        for name, phase in self.whole["phases"].items():
            calls = [part.get(name, (0, 0)) for part in parts]
            self.assertEqual(sum(row[0] for row in calls), phase["count"], name)
            if name != "Document Masking":  # the larger of those read and those written
                self.assertEqual(sum(row[1] for row in calls), phase["documents"], name)

    def test_threads_add_up(self):
        threads = self.whole["partition"]["threads"]
        self.assertGreater(len(threads), 4)
        self.assert_whole([self.counts("--thread", str(row["thread"])) for row in threads])

    def test_a_thread_has_its_own_time(self):
        for row in self.whole["partition"]["threads"]:
            found = self.part("--thread", str(row["thread"]))
            self.assertEqual(found["partition"]["threads"], 1)
            self.assertAlmostEqual(found["partition"]["seconds"], row["wall_seconds"], places=6)
            for part in found["partition"]["parts"]:
                self.assertAlmostEqual(
                    part["seconds"], row[part["part"] + "_seconds"], places=6, msg=part
                )
            self.assertEqual(found["insights"], [])

    def test_main_is_the_thread_of_the_process(self):
        pid = self.part()["run"]["pid"]
        (main,) = [row for row in self.whole["partition"]["threads"] if row["tid"] == pid]
        self.assertEqual(self.part("--thread", "main")["phases"],
                         self.part("--thread", str(main["thread"]))["phases"])

    def middle(self):
        """The middle of the longest pause between the starts of two entries, since 1970."""
        starts = sorted(
            entry["start_time"]
            for phase in self.whole["phases"].values()
            for entry in phase["entries"]
        )
        _, at = max((b - a, a) for a, b in zip(starts, starts[1:]))
        return min((start for start in starts if start > at)) / 2 + at / 2

    def test_times_add_up(self):
        moment = self.middle()
        utc = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc)
        stamp = utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        before, behind = self.counts("--until", stamp), self.counts("--since", stamp)
        self.assert_whole([before, behind])
        self.assertTrue(before and behind)
        offset = "%.6fs" % (moment - self.part()["run"]["start_time"])
        self.assertEqual(self.counts("--until", offset), before)
        self.assertEqual(self.counts("--since", offset), behind)

    def test_the_partition_of_a_part_has_no_gap(self):
        stamp = "%.6fs" % (self.middle() - self.part()["run"]["start_time"])
        whole = self.part()["run"]["seconds"]
        spans = [self.part(option, stamp) for option in ("--until", "--since")]
        for found in spans:
            parts = sum(row["seconds"] for row in found["partition"]["parts"])
            self.assertAlmostEqual(parts, found["partition"]["seconds"], places=6)
            self.assertLess(found["run"]["seconds"], whole)
            self.assertEqual(found["insights"], [])

    def test_collections_are_rows_of_the_report(self):
        for row in self.whole["namespaces"]:
            if row["namespace"] is None:
                continue
            found = self.part("--namespace", row["namespace"])
            (phase,) = [one for one in found["phases"] if one["phase"] == row["phase"]]
            self.assertEqual(
                (phase["calls"], phase["documents"], phase["seconds"], phase["bytes"]),
                (row["calls"], row["documents"], row["total_seconds"], row["bytes"]),
            )
            self.assertIsNone(found["partition"])
            self.assertEqual({one["namespace"] for one in found["collections"]},
                             {row["namespace"]})

    def test_the_screen_says_what_it_shows(self):
        for option, value, words in (
            ("--thread", "main", "Only thread main."),
            ("--since", "10ms", "Only what began at 10ms or later."),
            ("--namespace", "masking.patients", "Only calls on masking.patients;"),
        ):
            text = support.phasetap("summary", option, value, self.log).stdout
            self.assertIn(words, text)

    def test_what_is_not_there(self):
        for mention, *arguments in (
            ("999", "--thread", "999"),
            ("first", "--thread", "first"),
            ("masking.nothing", "--namespace", "masking.nothing"),
            ("--namespace", "--namespace", "masking.patients", "--format", "classic"),
            ("yesterday", "--since", "yesterday"),
            ("2026-11-25", "--until", "2026-11-25"),
            ("1s", "--since", "2s", "--until", "1s"),
        ):
            done = support.phasetap("summary", *arguments, self.log)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assert_sentence(done.stderr, mention)


if __name__ == "__main__":
    unittest.main()
