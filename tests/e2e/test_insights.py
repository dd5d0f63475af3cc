# SPDX-License-Identifier: Apache-2.0
"""The verdicts: programs with one known fault each, whose first verdict must name the cause, and
the same programs without it, of which that verdict must say nothing. The canned peer's delays
decide what a fault costs, so that no verdict depends on how busy the machine is."""

import os
import re
import unittest

from support import MASKER, ROOT, RULES, EndToEnd, Peer, run, target

PROGRAM = target("faulty_masker")
SOURCE = ("--collection", "faults.source=3000:200")
# Fault, options of the peer, the verdict that comes first, and the program without the fault.
CASES = (
    ("one-document", ("--delay", "insert=3"), "one-document-per-round-trip", "healthy"),
    ("small-batches", ("--delay", "insert=4"), "small-batches", "healthy"),
    (
        "varied-batches",
        ("--delay", "insert=20", "--document-delay", "insert=2"),
        "batch-size",
        "healthy",
    ),
    ("small-cursor", ("--delay", "getMore=5"), "small-batches", "healthy"),
    ("client-per-operation", ("--delay", "connect=25"), "client-per-operation", "healthy"),
    (
        "alternating",
        ("--delay", "insert=2", "--delay", "delete=2"),
        "alternating-operations",
        "healthy",
    ),
    ("skips", ("--skipped-delay", "0.1", "--delay", "find=5"), "grows-with-position", "in-turn"),
    ("indexes-first", ("--delay", "insert=20"), "indexes-before-load", "index-calls"),
    (
        "index-calls",
        ("--delay", "insert=5", "--delay", "createIndexes=200"),
        "index-calls",
        "indexes-first",
    ),
    ("in-turn", ("--delay", "getMore=30", "--delay", "insert=50"), "overlap", "healthy"),
    ("sleeps", ("--delay", "insert=2"), "waits-in-program", "in-turn"),
    ("refused", ("--write-error", "11000@100"), "refused-documents", "healthy"),
    ("unacknowledged", (), "unacknowledged-writes", "healthy"),
    ("small-pool", ("--delay", "insert=25"), "pool-too-small", "large-pool"),
    ("uneven", ("--delay", "insert=30"), "uneven-workers", "even"),
    ("leaks", ("--delay", "insert=20"), "memory-growth", "keeps-still"),
    ("healthy", ("--delay", "connect=400"), "connecting", "healthy"),
    (
        "few",
        ("--replica-set", "rs0", "--fail", "insert=189@2"),
        "waiting-for-server",
        "few",
    ),
)
# The server's faults: without these options there is none.
OF_SERVER = {"refused-documents", "connecting", "waiting-for-server"}
# What a busy machine does to a run is true, but nothing that these programs do. That these are
# silent without their cause is shown with exact times: tests/unit/test_insight_machine.c.
MACHINE = {"missing-cpu", "stalls", "slows-down", "connecting", "waiting-for-server"}
# A line that a busy machine's pauses hide is not drawn, as it should be: these may need a new run.
# tests/unit/test_insight.c has them with exact times.
FITS = {"batch-size", "grows-with-position"}
STALL = ("healthy", ("--delay", "insert=10", "--stall", "insert=900@=15"), "stalls")


# Of the program's own doing, whatever the machine does to its times: a program that does none of it
# must never be told so.
HABITS = {
    "refused-documents",
    "unacknowledged-writes",
    "retries",
    "whole-log",
    "one-document-per-round-trip",
    "client-per-operation",
    "alternating-operations",
    "pool-too-small",
    "indexes-before-load",
    "index-calls",
    "memory-growth",
}
HEALTHY = (
    (MASKER, "--mode", "copy", "--rules", RULES, "--workers", "2", "--batch-size", "100", "--uri"),
    (MASKER, "--mode", "copy", "--rules", RULES, "--workers", "0", "--batch-size", "100", "--uri"),
    (MASKER, "--mode", "in-place", "--rules", RULES, "--batch-size", "100", "--uri"),
    (target("example_basic"),),
    (target("example_nested"),),
    (target("example_collections"),),
    (PROGRAM, "healthy"),
)


class Insights(EndToEnd):
    def insights(self, fault, options):
        self.runs = getattr(self, "runs", 0) + 1
        log = self.path("%s-%d.bson" % (fault, self.runs))
        with Peer(*SOURCE, *options) as peer:
            environment = {"PHASETAP_INTERVAL": "20ms"}
            done = run([PROGRAM, fault, peer.uri], output=log, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.report(log)["insights"]

    def ids(self, insights):
        return [insight["id"] for insight in insights]

    def causes(self, insights, verdict):
        return [name for name in self.ids(insights) if name not in MACHINE - {verdict}]

    def judged(self, fault, options, verdict):
        for _ in range(6 if verdict in FITS else 1):
            insights = self.insights(fault, options)
            if verdict in self.ids(insights):
                break
        return insights

    def test_the_first_verdict_names_the_cause(self):
        for fault, options, verdict, _ in CASES:
            with self.subTest(fault):
                insights = self.judged(fault, options, verdict)
                self.assertEqual(self.causes(insights, verdict)[:1], [verdict], insights)

    def test_without_the_fault_it_says_nothing(self):
        for _, options, verdict, healthy in CASES:
            if verdict in MACHINE:
                continue
            if verdict in OF_SERVER:
                options = ()
            with self.subTest(healthy + " for " + verdict):
                insights = self.insights(healthy, options)
                self.assertNotIn(verdict, self.ids(insights), insights)

    def test_the_gallery_shows_every_case(self):
        with open(os.path.join(ROOT, "docs", "GALLERY.md"), encoding="utf-8") as page:
            shown = re.findall(r"(?m)^Verdict: `([a-z-]+)`", page.read())
        self.assertEqual(set(shown), {verdict for _, _, verdict, _ in CASES} | {STALL[2]})

    def test_many_retries_and_their_error(self):
        options = ("--replica-set", "rs0", "--fail", "insert=189@2")
        retries = {row["id"]: row for row in self.insights("few", options)}["retries"]
        self.assertIn("189 PrimarySteppedDown", retries["numbers"][0])

    def test_threads_that_share_a_cpu_lack_one(self):
        """However busy the machine is: it can only make them lack more."""
        named = {row["id"]: row for row in self.insights("one-cpu", ())}
        self.assertEqual(named["missing-cpu"]["confidence"], "certain")

    def test_healthy_programs_have_no_bad_habits(self):
        """And nothing of their time is unknown, however short they are."""
        with Peer("--store", "--collection", "masking.patients=900:300") as peer:
            for number, program in enumerate(HEALTHY):
                with self.subTest(program):
                    log = self.path("healthy-%d.bson" % number)
                    done = run([*program, peer.uri], output=log)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    report = self.report(log)
                    self.assertEqual(HABITS & set(self.ids(report["insights"])), set())
                    self.assertEqual(report["partition"]["cannot_tell"], [])

    def test_a_stall_is_told_with_its_moment(self):
        fault, options, verdict = STALL
        stall = {row["id"]: row for row in self.insights(fault, options)}[verdict]
        self.assertEqual(stall["evidence"]["namespace"], "faults.target")
        self.assertGreaterEqual(stall["evidence"]["end"] - stall["evidence"]["start"], 0.9)


if __name__ == "__main__":
    unittest.main()
