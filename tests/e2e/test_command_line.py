# SPDX-License-Identifier: Apache-2.0
"""The command line of the tool: mistakes and their one message, letters together, standard input as
a log, folders of an output, the configuration file.
"""

import json
import os
import subprocess
import unittest

import support


def load_tests(loader, tests, pattern):
    """Nothing here depends on the driver of the programs that are recorded."""
    del loader, pattern
    return unittest.TestSuite() if support.DRIVER else tests


class Mistakes(support.EndToEnd):
    def test_each_has_one_message_that_names_it_and_what_is_near(self):
        for arguments, status, mentions in (
            (["reprot", "x"], 2, ["'reprot'", "'report'", "phasetap --help"]),
            (["frobnicate"], 2, ["'frobnicate'", "phasetap --help"]),
            (["--verison"], 2, ["'--verison'"]),
            (["help", "sumary"], 2, ["'sumary'", "'summary'"]),
            (["completion", "csh"], 2, ["bash, zsh or fish"]),
            (["report"], 2, ["at least one log"]),
            (["report", "--ouput", "x", "y"], 2, ["'--ouput'", "'--output'"]),
            (["report", "--entrys=3", "y"], 2, ["'--entrys=3'", "'--entries'"]),
            (["report", "--entries"], 2, ["'--entries'", "missing value"]),
            (["report", "--entries", "x", "y"], 2, ["--entries", "'x'"]),
            (["report", "--merge=1", "y"], 2, ["'--merge=1'", "no value"]),
            (["summary", "-vx", "y"], 2, ["'-vx'"]),
            (["summary", "--color", "blue", "y"], 2, ["--color", "'blue'"]),
            (["summary", self.path("none")], 2, [self.path("none")]),
            (["export", "--format", "csw", "y"], 2, ["--format", "csv", "'csw'"]),
            (["run", "--intervall", "1s", "--", "true"], 125, ["'--interval'"]),
            (["run", "--limit", "1X", "--", "true"], 125, ["--limit", "'1X'"]),
            (["run", "-qz", "--", "true"], 125, ["'-qz'"]),
            (["run"], 125, ["needs a program"]),
        ):
            with self.subTest(arguments=arguments):
                done = support.phasetap(*arguments)
                self.assertEqual((done.returncode, done.stdout), (status, ""))
                self.assert_sentence(done.stderr, *mentions)

    def test_version_has_a_letter(self):
        version = support.phasetap("--version").stdout
        self.assertEqual(support.phasetap("-V").stdout, version)
        self.assertEqual(support.phasetap("dump", "-V").stdout, version)

    def test_help_of_a_command(self):
        self.assertEqual(
            support.phasetap("help", "dump").stdout, support.phasetap("dump", "-h").stdout
        )
        self.assertEqual(support.phasetap("help").stdout, support.phasetap("--help").stdout)


class Recorded(support.EndToEnd):
    """With a log, made once."""

    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer().__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def setUp(self):
        super().setUp()
        self.log = self.path("run.bson")
        done = self.work("-qo", self.log)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def work(self, *options, **more):
        return support.phasetap(
            "run", *options, "--", support.target("work"), self.peer.uri, "10", **more
        )

    def facts(self, *arguments, **more):
        """A report without what differs from one call to the next."""
        done = support.phasetap("report", *arguments, **more)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        report = json.loads(done.stdout)
        for key in ("report_timestamp", "resource_usage"):
            del report[key]
        return report

    def test_standard_input_is_a_log(self):
        named = self.facts(self.log)
        with open(self.log, "rb") as file:
            self.assertEqual(self.facts("-", stdin=file), named)
        piped = self.piped("report", "-")
        self.assertEqual(json.loads(piped.stdout)["phases"], named["phases"])
        self.assertEqual(self.piped("dump", "-").stdout, support.phasetap("dump", self.log).stdout)
        audit = self.piped("audit", "-")
        self.assertIn("Log: standard input\n", audit.stdout)
        self.assertIn("are in the schema", audit.stdout)
        self.assertNotIn("/proc/self", piped.stdout + audit.stdout)

    def piped(self, *arguments, path=None):
        with subprocess.Popen(["cat", path or self.log], stdout=subprocess.PIPE) as cat:
            done = support.phasetap(*arguments, stdin=cat.stdout)
        self.assertEqual(done.stderr, "")
        return done

    def test_standard_input_that_is_no_log(self):
        done = support.phasetap("report", "-")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assert_sentence(done.stderr, "'standard input'")
        done = support.phasetap("report", "-", input="no log at all " * 9, stdin=None)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assert_sentence(done.stderr, "'standard input'")

    def test_folders_of_a_log_are_made(self):
        log = self.path("a", "b", "run.bson")
        done = self.work("-q", "-o", log)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.good_log(log)
        self.assertEqual(os.stat(self.path("a", "b")).st_mode & 0o777, 0o700)
        done = self.work("-o", self.path("each") + "/")
        (log,) = self.logs_in(self.path("each"))
        self.assertIn(" %s\n" % log, done.stderr)
        self.good_log(log)
        done = self.work("-o", os.path.join(self.log, "run.bson"))
        self.assertEqual(done.returncode, 125)
        self.assert_sentence(done.stderr, self.log, "folder")

    def configured(self, text, name="config"):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), 0o600)
        return {"PHASETAP_CONFIG": self.path(name)}

    def interval(self, *options, **env):
        log = self.path("again.bson")
        done = self.work("-q", *options, "-o", log, env=env)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.good_log(log).manifest["interval_ns"]

    def test_file_then_environment_then_flag(self):
        ms = 10**6
        env = self.configured("# intervals\n[run]\ninterval = 300ms\n")
        self.assertEqual(self.interval(**env), 300 * ms)
        env["PHASETAP_INTERVAL"] = "400ms"
        self.assertEqual(self.interval(**env), 400 * ms)
        self.assertEqual(self.interval("--interval", "700ms", **env), 700 * ms)

    def test_the_file_is_found_in_its_usual_places(self):
        plain = support.classic(self.log).stdout
        for folder, env in (
            ("xdg", {"XDG_CONFIG_HOME": self.path("xdg")}),
            ("home/.config", {"HOME": self.path("home"), "XDG_CONFIG_HOME": None}),
        ):
            os.makedirs(self.path(folder, "phasetap"), 0o700)
            place = os.path.join(folder, "phasetap", "config")
            self.configured("[summary]\nformat = classic\n", place)
            self.assertEqual(support.phasetap("summary", self.log, env=env).stdout, plain)
        done = support.phasetap("summary", "--format", "screen", self.log, env=env)
        self.assertNotEqual(done.stdout, plain)

    def test_the_preload_object_never_reads_it(self):
        env = self.configured("[run]\ninterval = 300ms\noutput = %s\n" % self.path("wrong.bson"))
        log = self.path("plain.bson")
        support.run([support.target("work"), self.peer.uri, "10"], output=log, env=env)
        manifest = self.good_log(log).manifest
        self.assertEqual(manifest["interval_ns"], 5 * 10**9)
        self.assertFalse(os.path.exists(self.path("wrong.bson")))
        self.assertEqual(self.report(log)["profiler"]["notes"], [])

    def test_what_a_program_asks_for_is_not_configured(self):
        env = self.configured("[report]\nentries = 0\noutput = %s\n" % self.path("wrong"))
        done = support.phasetap("report", "--asked-by", "1", self.log, env=env)
        self.assertIn("report_timestamp", done.stdout)
        self.assertFalse(os.path.exists(self.path("wrong")))

    def test_a_mistake_names_file_and_line(self):
        for text, line, mentions in (
            ("[summary]\n\ncolour = always\n", 3, ["'colour'", "'color'"]),
            ("[summary]\ncolor = blue\n", 2, ["--color", "'blue'"]),
            ("[summary]\ntop\n", 2, ["'top'", "needs a value"]),
            ("[summary]\nbrief = perhaps\n", 2, ["'brief'", "'perhaps'"]),
            ("[sumary]\n", 1, ["'sumary'", "'summary'"]),
            ("color = always\n", 1, ["'color'", "[COMMAND]"]),
            ("[summary]\n--color = always\n", 2, ["without dashes"]),
        ):
            with self.subTest(text=text):
                done = support.phasetap("summary", self.log, env=self.configured(text))
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assert_sentence(
                    done.stderr, self.path("config"), "line %d" % line, *mentions
                )
        env = self.configured("[run]\nlimit = 3X\n")
        done = support.phasetap("run", "--", "true", env=env)
        self.assertEqual(done.returncode, 125)
        self.assert_sentence(done.stderr, "--limit", "'3X'", self.path("config"), "line 2")

    def assert_refused(self, *mentions):
        env = {"PHASETAP_CONFIG": self.path("config")}
        done = support.phasetap("summary", self.log, env=env)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assert_sentence(done.stderr, self.path("config"), *mentions)
        self.assertEqual(support.phasetap("summary", "--help", env=env).returncode, 0)

    def test_a_file_that_is_not_used(self):
        self.assert_refused("No such file")
        self.configured("")
        os.chmod(self.path("config"), 0o666)
        self.assert_refused("write", "chmod")
        self.configured("[summary]\n" + "#" * 70000)
        self.assert_refused("64 KiB")
        os.unlink(self.path("config"))
        os.mkdir(self.path("config"))
        self.assert_refused("no file")
        done = support.phasetap("summary", self.log, env={"PHASETAP_CONFIG": "/dev/null"})
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
