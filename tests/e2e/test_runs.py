# SPDX-License-Identifier: Apache-2.0
"""One run, one truth: which logs belong together, each once; which process is the first, how long
the run was, and what may be added up.
"""

import json
import os
import shutil
import time
import unittest

import bson

import support

END = 40
SPAN = 10
HOUR_NS = 3600 * 10**9


class Runs(support.HostCase):
    """Small programs against the canned peer."""

    def work(self, rounds=2, *more):
        return [support.target("work"), self.peer.uri, str(rounds), *more]

    def log(self, name, rounds=2):
        path = self.path(name)
        done = support.run(self.work(rounds), output=path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def inserts(self, report):
        return report["commands"]["insert"]["count"]

    def listed(self, *arguments):
        done = support.phasetap("report", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout), done.stderr


class Once(Runs):
    """A log that is given more than once."""

    def test_in_all_the_ways_in_which_one_log_can_be_given(self):
        folder = self.make_folder("logs")
        log = self.log("logs/a.bson")
        copy = shutil.copy(log, self.path("logs", "copy.bson"))
        os.symlink("a.bson", self.path("logs", "link.bson"))
        os.link(log, self.path("logs", "hard.bson"))
        for given in ([log, log], [log, copy], [copy, log], [folder], [folder, log]):
            with self.subTest(given=given):
                report = self.report(*given)
                self.assertEqual(self.inserts(report), 2)
                self.assertEqual(len(report["run"]["processes"]), 1)

    def test_of_a_copy_made_meanwhile_the_complete_log_counts(self):
        log = self.log("a.bson", rounds=50)
        with open(log, "rb") as whole, open(self.path("early.bson"), "wb") as early:
            early.write(whole.read(30000))
        self.assertLess(os.path.getsize(self.path("early.bson")), os.path.getsize(log))
        for given in ([self.path("early.bson"), log], [log, self.path("early.bson")]):
            self.assertEqual(self.inserts(self.report(*given)), 50)


class Together(Runs):
    """Logs of one run, and of several."""

    def test_runs_are_listed_unless_they_are_merged(self):
        folder = self.make_folder("logs")
        self.log("logs/z.bson", rounds=1)
        second = self.log("logs/a.bson", rounds=2)
        report, warning = self.listed(folder)
        self.assertIn("--merge", warning)
        self.assertEqual(
            list(report), ["report_timestamp", "schema_version", "runs"]
        )
        self.assertEqual([row["logs"] for row in report["runs"]], [["z.bson"], ["a.bson"]])
        self.assertEqual(len({row["id"] for row in report["runs"]}), 2)
        self.assertEqual(
            [(row["program"], row["ended"], row["processes"]) for row in report["runs"]],
            [("work", "exit", 1)] * 2,
        )
        self.assertEqual({row["host"] for row in report["runs"]}, {os.uname().nodename})
        self.assertEqual(self.inserts(self.report("--merge", folder)), 3)
        self.assertEqual(self.inserts(self.report(second)), 2)

    def test_the_summary_lists_them_too(self):
        folder = self.make_folder("logs")
        self.log("logs/one.bson")
        self.log("logs/two.bson")
        done = support.phasetap("summary", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = done.stdout.splitlines()
        self.assertTrue(rows[0].startswith("2 runs"), rows[0])
        self.assertEqual([row.rsplit(", ", 1)[1] for row in rows[3:]], ["one.bson", "two.bson"])
        merged = support.phasetap("summary", "--merge", folder)
        self.assertIn("  2 processes, the first pid ", merged.stdout)
        apart = support.phasetap("summary", "--json", folder)
        self.assertEqual((apart.returncode, apart.stdout), (2, ""))
        self.assertIn("--merge", apart.stderr)

    def test_what_run_starts_is_one_run(self):
        folder = self.make_folder("logs")
        command = '"%s" "%s" 1; "%s" "%s" 2' % ((support.target("work"), self.peer.uri) * 2)
        done = support.phasetap("run", "-o", folder, "--", "sh", "-c", command)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = self.report(folder)
        self.assertEqual(self.inserts(report), 3)
        ids = {support.manifest_of(path)["run"] for path in self.logs_in(folder)}
        self.assertEqual(ids, {report["run"]["id"]})
        self.assertRegex(report["run"]["id"], "^[0-9a-f]{32}$")

    def test_a_given_id_and_what_is_none(self):
        given = "0123456789abcdef" * 2
        for value, kept in ((given, True), (given[:-1], False), ("secret" * 6, False)):
            with self.subTest(value=value):
                log = self.path("given.bson")
                support.run(self.work(), output=log, env={"PHASETAP_RUN": value})
                manifest = support.manifest_of(log)
                self.assertEqual((manifest["run"] == value, manifest["run_given"]), (kept, kept))
                os.unlink(log)

    def forks(self, mode, *more):
        folder = self.make_folder("logs")
        done = support.run([support.target("forks"), mode, self.peer.uri, *more], output=folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return folder

    def test_forked_children_are_of_their_parents_run(self):
        for mode in ("both", "grandchild"):
            with self.subTest(mode=mode):
                folder = self.forks(mode)
                ids = {support.manifest_of(path)["run"] for path in self.logs_in(folder)}
                self.assertEqual(len(ids), 1)
                self.assertIn("phases", self.report(folder))
                shutil.rmtree(folder)

    def test_a_program_started_by_exec_is_of_the_run_that_started_it(self):
        """Two ids, since the environment of the host is not changed; the process joins them."""
        folder = self.forks("exec")
        ids = {support.manifest_of(path)["run"] for path in self.logs_in(folder)}
        self.assertEqual(len(ids), 2)
        self.assertEqual(self.inserts(self.report(folder)), 10)

    def test_the_hosts_environment_is_not_changed(self):
        bare = support.run(["env"], env={"PHASETAP_OUTPUT": self.path("none.bson")}).stdout
        seen = support.run(["env"], output=self.path("none.bson")).stdout
        self.assertEqual(set(seen.splitlines()) - set(bare.splitlines()),
                         {"LD_PRELOAD=" + support.PRELOAD})


class Figures(Runs):
    """What may be added up, and from when to when."""

    def test_memory_of_processes_one_after_the_other_is_not_added(self):
        folder = self.make_folder("logs")
        one = '"%s" "%s" 1 >/dev/null; ' % (support.target("work"), self.peer.uri)
        done = support.phasetap("run", "-o", folder, "--", "sh", "-c", one * 5)
        self.assertEqual(done.returncode, 0, done.stderr)
        peaks = [self.report(path)["process"]["rss_bytes"]["peak"] for path in self.logs_in(folder)]
        together = self.report(folder)["process"]
        self.assertEqual(len(peaks), 5)
        self.assertEqual(together["rss_bytes"]["peak"], max(peaks))
        self.assertIsNone(together["rss_bytes"]["first"])

    def test_memory_of_processes_at_one_time_is_added(self):
        folder = self.make_folder("logs")
        done = support.run([support.target("forks"), "both", self.peer.uri], output=folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        peaks = [self.report(path)["process"]["rss_bytes"]["peak"] for path in self.logs_in(folder)]
        self.assertEqual(self.report(folder)["process"]["rss_bytes"]["peak"], sum(peaks))

    def test_the_root_is_the_root_whatever_files_are_called(self):
        folder = self.make_folder("logs")
        done = support.run([support.target("forks"), "both", self.peer.uri], output=folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        pids = {support.manifest_of(path)["pid"]: path for path in self.logs_in(folder)}
        (root,) = [
            path for path in pids.values() if support.manifest_of(path)["ppid"] not in pids
        ]
        os.rename(root, self.path("logs", "zzz.bson"))
        summary = support.classic(folder).stdout
        (line,) = [line for line in summary.splitlines() if line.startswith("Program: ")]
        self.assertEqual(
            line,
            "Program: forks, process %d, host %s, log zzz.bson"
            % (support.manifest_of(self.path("logs", "zzz.bson"))["pid"], os.uname().nodename),
        )

    def test_the_run_lasts_until_run_saw_its_end(self):
        """The process becomes `sleep 1`, without the preload object, behind its last event."""
        log = self.path("run.bson")
        command = [support.target("forks"), "clean_exec", self.peer.uri]
        before = time.monotonic()
        done = support.phasetap("run", "-o", log, "--", *command)
        took = time.monotonic() - before
        self.assertEqual(done.returncode, 0, done.stderr)
        report = self.report(log)
        self.assertGreaterEqual(report["total_runtime_seconds"], 1.0)
        self.assertLess(report["total_runtime_seconds"], took)
        self.assertEqual(report["run"]["ended"], "exit status 0")

    def test_a_faked_clock_of_libc_moves_nothing(self):
        """Preloaded into `phasetap run` and the program: both take the kernel's clock."""
        log = self.path("run.bson")
        before = time.monotonic()
        done = support.phasetap(
            *("run", "-q", "-o", log, "--", support.target("exits"), "return", self.peer.uri, "2"),
            env={"LD_PRELOAD": support.target("shifted_clock.so")},
        )
        took = time.monotonic() - before
        self.assertEqual(done.stdout, "failed 0\n")
        report = self.report(log)
        self.assertGreater(report["total_runtime_seconds"], 0)
        self.assertLess(report["total_runtime_seconds"], took)

    def test_underscore_exit_seen_by_run(self):
        """The last event is old when it ends: the runtime goes on to the end."""
        log = self.path("run.bson")
        done = support.phasetap(
            "run", "-q", "-o", log, "--", support.target("exits"), "_exit", self.peer.uri, "2"
        )
        document = [doc for doc in support.read_log.Log(log).documents if doc["k"] == 41][0]
        report = self.report(log)
        manifest = support.manifest_of(log)
        self.assertEqual(report["run"]["exit_status"], done.returncode)
        self.assertAlmostEqual(
            report["total_runtime_seconds"], (document["t"] - manifest["start"]) / 1e9, delta=1e-3
        )

    def test_a_clock_of_day_that_was_set_back_is_noted(self):
        log = self.log("run.bson")
        runtime = self.report(log)["total_runtime_seconds"]
        with open(log, "rb") as file:
            data = bytearray(file.read())
        at = 0
        while at < len(data):
            length = int.from_bytes(data[at : at + 4], "little")
            if bson.decode(bytes(data[at : at + length]))["k"] == END:
                place = data.index(b"\x09date\x00", at) + 6
                date = int.from_bytes(data[place : place + 8], "little")
                data[place : place + 8] = (date - 3600000).to_bytes(8, "little")
            at += length
        with open(log, "wb") as file:
            file.write(data)
        report = self.report(log)
        self.assertEqual(report["total_runtime_seconds"], runtime)
        notes = [note for note in report["profiler"]["notes"] if "clock of day" in note]
        self.assertEqual(len(notes), 1)
        self.assertIn("set back by 3600.0 s", notes[0])

    def test_a_monotonic_clock_that_goes_back_is_noted(self):
        """An hour, from the middle of the run on: spans of fixed layout, `t` at a fixed place."""
        log = self.log("run.bson", rounds=20)
        whole = self.report(log)["total_runtime_seconds"]
        with open(log, "rb") as file:
            data = bytearray(file.read())
        at, spans = 0, 0
        while at < len(data):
            length = int.from_bytes(data[at : at + 4], "little")
            kind = bson.decode(bytes(data[at : at + length]))["k"]
            spans += kind == SPAN
            place = data.find(b"\x12t\x00", at, at + length) + 3
            if spans > 10 and kind in (SPAN, END):
                moment = int.from_bytes(data[place : place + 8], "little")
                data[place : place + 8] = max(0, moment - HOUR_NS).to_bytes(8, "little")
            at += length
        with open(log, "wb") as file:
            file.write(data)
        report = self.report(log)
        self.assertLess(0, report["total_runtime_seconds"])
        self.assertLessEqual(report["total_runtime_seconds"], whole)
        notes = [note for note in report["profiler"]["notes"] if "monotonic clock" in note]
        self.assertEqual(len(notes), 1)
        self.assertIn("went back", notes[0])


if __name__ == "__main__":
    unittest.main()
