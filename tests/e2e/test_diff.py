# SPDX-License-Identifier: Apache-2.0
"""`phasetap diff` and `report --check` on logs of real runs: what they accept, refuse and say, and
with which exit status. Nothing here depends on how long a run took.
"""

import json
import os
import shutil
import subprocess

import support

RULES = """
# what a build must not make worse
Document Insertion.count > +0
throughput < -1%   # never, of a log and itself
"""


class Gates(support.HostCase):
    """One program, whose number of inserts is known, against the canned peer; one log for all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = support.tempfile.mkdtemp(prefix="phasetap-e2e-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, True)
        cls.twenty = cls.record("twenty.bson", 20)
        cls.forty = cls.record("forty.bson", 40)

    @classmethod
    def record(cls, name, rounds):
        path = os.path.join(cls.shared, name)
        done = support.run([support.target("work"), cls.peer.uri, str(rounds)], output=path)
        assert done.returncode == 0, done.stderr
        return path

    def runs(self, folder, count):
        """A folder of that many runs, a log each."""
        path = self.make_folder(folder)
        for number in range(count):
            self.record(os.path.join(path, "%d.bson" % number), 20)
        return path

    def diff(self, *arguments, status=0):
        done = support.phasetap("diff", *arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def refused(self, *arguments, mentions):
        done = self.diff(*arguments, status=2)
        self.assertEqual(done.stdout, "")
        self.assert_sentence(done.stderr, *mentions)

    def check(self, *rules, status=0, log=None):
        options = [word for rule in rules for word in ("--check", rule)]
        output = self.path("report.json")
        done = support.phasetap("report", *options, log or self.twenty, "-o", output)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr.splitlines(), output


class Compared(Gates):
    def test_a_run_with_itself(self):
        text = self.diff(self.twenty, self.twenty).stdout
        self.assertIn("A %s  1 run    work, libmongoc " % self.twenty, text)
        self.assertIn("  the same\n", text)
        self.assertIn("unclear whole run", text)
        self.assertIn("One run each: differences between runs are unknown", text)
        self.assertNotIn("SLOWER", text)
        self.assertTrue(text.isascii())

    def test_a_report_says_the_same_as_its_log(self):
        report = self.path("report.json")
        support.phasetap("report", self.twenty, "-o", report)
        rows = {
            paths: json.loads(self.diff("--json", *paths).stdout)["rows"]
            for paths in ((self.twenty, self.twenty), (report, report), (self.twenty, report))
        }
        self.assertEqual(rows[report, report], rows[self.twenty, self.twenty])
        self.assertEqual(rows[self.twenty, report], rows[self.twenty, self.twenty])
        with open(report, "rb") as file:
            text = file.read()
        piped = subprocess.run(
            [support.PHASETAP, "diff", "--json", "/dev/stdin", report],
            input=text,
            stdout=subprocess.PIPE,
            check=True,
        )
        self.assertEqual(json.loads(piped.stdout)["rows"], rows[report, report])

    def test_folders_of_runs_of_logs_and_reports(self):
        before, after = self.runs("before", 4), self.runs("after", 3)
        support.phasetap("report", self.twenty, "-o", os.path.join(after, "fourth.json"))
        with open(os.path.join(after, "other.json"), "w", encoding="utf-8") as other:
            other.write("{}")
        told = json.loads(self.diff("--json", "--floor", "100%", before, after).stdout)
        self.assertEqual(told["compared_by"], "runs")
        self.assertEqual([len(side["times"]) for side in told["results"]], [4, 4])
        self.assertEqual([side["documents"] for side in told["results"]], [[20] * 4] * 2)
        self.assertEqual(
            list(told["results"][0])[:8],
            ["command", "mean", "stddev", "median", "user", "system", "min", "max"],
        )
        self.assertEqual(told["results"][0]["exit_codes"], [None] * 4)

    def test_markdown_is_a_table(self):
        lines = self.diff("--markdown", self.twenty, self.twenty).stdout.splitlines()
        self.assertRegex(lines[0], r"^\*\*phasetap: unclear, whole run \+0\.0 %\*\* \(A 1 run, ")
        self.assertEqual(lines[2], "| verdict | phase | A | B | change | 95 % range |")
        self.assertTrue(all(line.count("|") == 7 for line in lines[2:6]), lines)


class Refused(Gates):
    def test_another_number_of_documents(self):
        self.refused(
            self.twenty, self.forty, mentions=["A has 20 documents, B has 40", "--allow documents"]
        )
        self.diff("--allow", "driver,documents", self.twenty, self.forty)
        self.diff("--allow", "all", self.twenty, self.forty)

    def test_another_program_and_a_killed_one(self):
        other = self.path("other.bson")
        support.run([support.target("example_basic"), self.peer.uri], output=other)
        self.refused(self.twenty, other, mentions=["A ran work, B example_basic", "program"])
        killed = self.path("killed.bson")
        with open(self.twenty, "rb") as whole, open(killed, "wb") as part:
            part.write(whole.read(os.path.getsize(self.twenty) - 4096))
        self.refused(self.twenty, killed, mentions=["'%s'" % killed, "--allow incomplete"])

    def test_what_cannot_be_read(self):
        empty, text = self.make_folder("empty"), self.path("text.json")
        with open(text, "w", encoding="utf-8") as file:
            file.write('{"report_timestamp": "cut')
        self.refused(self.twenty, empty, mentions=["'%s'" % empty])
        self.refused(text, self.twenty, mentions=["'%s'" % text, "JSON"])
        self.refused(self.twenty, self.path("none"), mentions=["'%s'" % self.path("none")])

    def test_wrong_usage(self):
        pair = (self.twenty, self.twenty)
        self.refused(self.twenty, mentions=["A and B"])
        self.refused("--allow", "drivers", *pair, mentions=["'drivers'", "incomplete"])
        self.refused("--floor", "two", *pair, mentions=["'two'"])
        self.refused("--floor-time", "5", *pair, mentions=["'5'"])
        self.refused("--color", "red", *pair, mentions=["'red'"])
        self.refused("--json", "--markdown", *pair, mentions=["--markdown"])
        self.refused("--fail-on", "@/nowhere", *pair, mentions=["'/nowhere'"])
        self.refused("--fail-on", "runtime > 10%", *pair, mentions=["+ or -"])
        self.refused(
            "--fail-on",
            "Document Insert.p95>+10%",
            *pair,
            mentions=["'Document Insert'", "Document Insertion", "Database Connection"]
        )
        self.refused(
            "--fail-on", "Document Insertion.p96>+10%", *pair, mentions=["'p96'", "p95, p99"]
        )


class FailOn(Gates):
    def test_a_gate_passes_and_fails(self):
        pair = ("--allow", "documents", self.twenty, self.forty)
        done = self.diff("--fail-on", "Document Insertion.count > +10%", *pair, status=1)
        self.assertIn(
            "FAILED       Document Insertion.count > +10% (20 -> 40, +100.0 %)", done.stdout
        )
        self.assert_sentence(done.stderr, "1 of 1 rules of --fail-on did not pass")
        self.diff("--fail-on", "Document Insertion.count > +100%", *pair)
        self.diff("--fail-on", "Document Insertion.count > +20", *pair)

    def test_what_cannot_be_told_does_not_pass(self):
        done = self.diff(
            "--fail-on", "Index Creation.p95 > +10%", self.twenty, self.twenty, status=1
        )
        self.assertIn("cannot tell", done.stdout)

    def test_several_rules_each_count(self):
        path = self.path("rules")
        with open(path, "w", encoding="utf-8") as file:
            file.write(RULES)
        pair = (self.twenty, self.twenty)
        self.diff("--fail-on", "@" + path, "--fail-on", "documents < -1; errors > +0", *pair)
        told = json.loads(
            self.diff(
                "--json", "--fail-on", "documents >= +0", "--fail-on", "@" + path, *pair, status=1
            ).stdout
        )
        self.assertEqual(
            [rule["result"] for rule in told["rules"]], ["failed", "passed", "passed"]
        )


class Checks(Gates):
    def test_the_report_is_written_whatever_the_rules_say(self):
        lines, output = self.check("failed == 0; documents == 20", "throughput > 0.001")
        self.assertEqual(
            lines[:2],
            [
                "phasetap: --check, passed: failed == 0 (0)",
                "phasetap: --check, passed: documents == 20 (20)",
            ],
        )
        self.assertTrue(lines[2].startswith("phasetap: --check, passed: throughput > 0.001 ("))
        os.unlink(output)
        lines, output = self.check("documents == 21", "failed == 0", status=4)
        self.assertEqual(lines[0], "phasetap: --check, FAILED: documents == 21 (20)")
        with open(output, encoding="utf-8") as file:
            self.assertEqual(json.load(file)["phases"]["Document Insertion"]["documents"], 20)

    def test_what_cannot_be_told_does_not_pass(self):
        lines, _ = self.check("Document Insertion.p99 < 1h", status=4)
        self.assertIn("cannot tell: Document Insertion.p99 < 1h (20 entries are too few", lines[0])
        empty = self.path("empty.bson")
        support.run([support.target("work"), "mongodb://127.0.0.1:1", "0"], output=empty)
        if os.path.exists(empty):
            lines, _ = self.check("failed == 0", status=4, log=empty)
            self.assertIn("cannot tell: failed == 0 (no call of the driver was seen)", lines[-1])

    def test_nothing_is_written_after_a_misspelt_rule(self):
        for rule, mention in (
            ("faild == 0", "runtime, documents"),
            ("Document Insert.p95 < 1s", "Document Insertion"),
        ):
            lines, output = self.check(rule, status=2)
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(mention, lines[0])
            self.assertFalse(os.path.exists(output))

    def test_runs_apart_are_no_run(self):
        folder = self.runs("runs", 2)
        done = support.phasetap("report", "--check", "failed == 0", folder)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--merge", done.stderr)
        done = support.phasetap("report", "--merge", "--check", "documents == 40", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
