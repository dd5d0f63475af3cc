# SPDX-License-Identifier: Apache-2.0
"""Options from the command line and the environment to the log.

The preload object uses the values that `phasetap run` was given. The log names each variable that
had no effect, and every report of that log notes it before everything else.
"""

import json
import os

import support

SECRET = "S3cretValue-of-somebody"
LIMIT_NOTE = (
    "PHASETAP_LIMIT is not valid and was ignored; 256 MiB was used; "
    "set it to a size from 1 MiB to 64 GiB such as 64M or 1.5G"
)
UNKNOWN_NOTE = (
    "PHASETAP_%s is no option of phasetap and was ignored; "
    "'phasetap run --help' lists the options"
)


class Options(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer().__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def program(self):
        return [support.target("work"), self.peer.uri, "10"]

    def run_with(self, *options, status=0, **environment):
        """The manifest of a run under `phasetap run`, and what it printed on standard error."""
        log = self.path("run.bson")
        done = support.phasetap("run", *options, "-o", log, "--", *self.program(), env=environment)
        self.assertEqual(done.returncode, status, done.stderr)
        return (self.good_log(log).manifest if status == 0 else None), done.stderr

    def preloaded(self, **environment):
        """The log of the program with the preload object and this environment, without the tool."""
        log = self.path("run.bson")
        done = support.run(self.program(), output=log, env=environment)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "failed 0\n", ""))
        return log

    def assert_first_notes(self, log, *notes):
        done = support.phasetap("report", log)
        self.assertEqual(json.loads(done.stdout)["profiler"]["notes"], list(notes))
        self.assertEqual(done.stderr.splitlines(), ["phasetap: warning: " + note for note in notes])
        summary = support.classic(log).stdout.splitlines()
        noted = [line for line in summary if "Note: " in line]
        self.assertEqual(noted, ["Note: " + note for note in notes])

    def test_what_run_is_given_is_what_the_library_uses(self):
        for option, value, key, used in (
            ("--limit", "1.5G", "limit_bytes", 3 << 29),
            ("--limit", "0.5g", "limit_bytes", 1 << 29),
            ("--interval", "2S", "interval_ns", 2 * 10**9),
            ("--interval", "500MS", "interval_ns", 5 * 10**8),
            ("--interval", "1.5m", "interval_ns", 90 * 10**9),
        ):
            with self.subTest(option=option, value=value):
                manifest, _ = self.run_with(option, value)
                self.assertEqual(manifest[key], used)
                self.assertNotIn("invalid_variables", manifest)
                self.assertNotIn("unknown_variables", manifest)

    def test_what_run_cannot_use_it_refuses(self):
        """By one sentence that names option, value and range, and before the program starts."""
        for option, value, accepted in (
            ("--limit", "1e9", "from 1 MiB to 64 GiB"),
            ("--limit", "65G", "from 1 MiB to 64 GiB"),
            ("--limit", "", "from 1 MiB to 64 GiB"),
            ("--interval", "2 s", "from 10 ms to 1 h"),
        ):
            with self.subTest(option=option, value=value):
                _, told = self.run_with(option, value, status=125)
                self.assert_sentence(told, option, "'%s'" % value, accepted, "such as")
                self.assertFalse(os.path.exists(self.path("run.bson")))

    def test_an_invalid_variable_is_noted_first(self):
        log = self.preloaded(PHASETAP_LIMIT=SECRET)
        manifest = self.good_log(log).manifest
        self.assertEqual(manifest["invalid_variables"], {"PHASETAP_LIMIT": 256 << 20})
        self.assertEqual(manifest["limit_bytes"], 256 << 20)
        self.assert_first_notes(log, LIMIT_NOTE)

    def test_a_misspelt_variable_is_noted_first(self):
        log = self.preloaded(PHASETAP_LIMITS=SECRET)
        manifest = self.good_log(log).manifest
        self.assertEqual(manifest["unknown_count"], 1)
        self.assertEqual(manifest["unknown_variables"], {"0": "PHASETAP_LIMITS"})
        self.assert_first_notes(log, UNKNOWN_NOTE % "LIMITS")

    def test_values_of_variables_are_never_kept(self):
        names = ("LIMIT", "INTERVAL", "FOLLOW", "SECRET", "LIMITS", "X" * 100)
        log = self.preloaded(**{"PHASETAP_" + name: SECRET for name in names})
        self.assertEqual(len(self.good_log(log).manifest["invalid_variables"]), 3)
        with open(log, "rb") as file:
            self.assertNotIn(SECRET.encode(), file.read())
        for command in ("report", "summary", "dump"):
            done = support.phasetap(command, log)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn(SECRET, done.stdout + done.stderr)

    def test_many_unknown_variables_are_counted(self):
        log = self.preloaded(**{"PHASETAP_UNKNOWN_%02d" % number: "1" for number in range(40)})
        manifest = self.good_log(log).manifest
        self.assertEqual((manifest["unknown_count"], len(manifest["unknown_variables"])), (40, 8))
        notes = self.report(log)["profiler"]["notes"]
        self.assertEqual(len(notes), 9)
        self.assertIn("32 more", notes[8])

    def test_variables_of_the_tool_are_no_unknown_ones(self):
        log = self.preloaded(
            PHASETAP_PRELOAD="/nowhere",
            PHASETAP_BUILD="x",
            PHASETAP_LIMIT="",
            PHASETAP_FOLLOW="Yes",
        )
        self.assertEqual(self.report(log)["profiler"]["notes"], [])

    def test_run_warns_of_an_invalid_variable(self):
        """Unless the command line says what to use instead."""
        manifest, told = self.run_with(PHASETAP_LIMIT=SECRET)
        self.assertEqual(told.splitlines()[0], "phasetap: warning: " + LIMIT_NOTE)
        self.assertEqual(manifest["invalid_variables"], {"PHASETAP_LIMIT": 256 << 20})
        manifest, told = self.run_with("--limit", "2M", PHASETAP_LIMIT=SECRET)
        self.assertNotIn("warning", told)
        self.assertNotIn("invalid_variables", manifest)

    def test_processes_of_one_environment_are_noted_once(self):
        folder = self.make_folder("logs")
        for _ in range(2):
            done = support.run(self.program(), output=folder, env={"PHASETAP_LIMIT": "-1"})
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.logs_in(folder)), 2)
        report = self.report("--merge", folder)
        self.assertEqual(report["profiler"]["notes"], [LIMIT_NOTE])

    def test_it_is_noted_even_before_why_nothing_was_seen(self):
        log = self.path("run.bson")
        bundle = support.target("bind_bundle_hidden.so")
        host = [support.target("bind_host"), "kept_exit", self.peer.uri, bundle]
        done = support.phasetap("run", "-o", log, "--", *host, env={"PHASETAP_LIMIT": "-1"})
        self.assertEqual(done.returncode, 0, done.stderr)
        first, second = self.report(log)["profiler"]["notes"][:2]
        self.assertEqual(first, LIMIT_NOTE)
        self.assertIn("cannot tell whether libmongoc was called", second)
