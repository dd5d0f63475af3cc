# SPDX-License-Identifier: Apache-2.0
"""The commands of `phasetap` as a user's scripts see them: statuses, output, where the log is,
several logs, running processes.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

import support

AUDIT = "libphasetap-audit.so"
COMMANDS = ("run", "report", "summary", "dump", "check", "audit")


class Tool(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer().__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def work(self, *options, rounds=10, status=0, **more):
        done = support.phasetap(
            "run", *options, "--", support.target("work"), self.peer.uri, str(rounds), **more
        )
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def log_of(self, text):
        """The path that `run` names on standard error."""
        found = re.search(r"phasetap report '?([^\s']+\.bson)", text)
        self.assertTrue(found, text)
        return found.group(1)


class Run(Tool):
    def test_passes_the_exit_status_through(self):
        for status in (0, 1, 3, 77, 200, 255):
            with self.subTest(status=status):
                self.assertEqual(
                    support.phasetap("run", "--", "sh", "-c", "exit %d" % status).returncode, status
                )

    def test_ends_by_the_signal_that_ended_the_program(self):
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT):
            with self.subTest(signal=number):
                self.assertEqual(
                    support.phasetap("run", "--", "sh", "-c", "kill -%d $$" % number).returncode,
                    -number,
                )

    def test_a_program_that_is_not_there(self):
        done = support.phasetap("run", "--", self.path("no-such-program"))
        self.assertEqual(done.returncode, 127)
        self.assert_sentence(done.stderr, "no-such-program")

    def test_a_program_that_cannot_be_executed(self):
        with open(self.path("data"), "w", encoding="utf-8") as file:
            file.write("no program")
        done = support.phasetap("run", "--", self.path("data"))
        self.assertEqual(done.returncode, 126)
        self.assert_sentence(done.stderr, "data")

    def test_names_the_log_and_the_next_command(self):
        log = self.path("run.bson")
        done = self.work("-o", log)
        self.assertEqual(done.stdout, "failed 0\n")
        self.assertEqual(self.log_of(done.stderr), log)
        self.assertEqual(self.commands_of(self.good_log(log))["insert"], 10)
        self.assertEqual(self.report(log)["run"]["ended"], "exit status 0")

    def test_output_is_not_mixed(self):
        """Standard output is the program's own; the tool speaks on standard error, after the
        program."""
        bare = support.run(["sh", "-c", "echo out; echo err >&2"])
        done = support.phasetap("run", "--", "sh", "-c", "echo out; echo err >&2")
        self.assertEqual(done.stdout, bare.stdout)
        self.assertTrue(done.stderr.startswith(bare.stderr), done.stderr)

    def test_quiet(self):
        done = self.work("--quiet", "-o", self.path("run.bson"))
        self.assertEqual((done.stdout, done.stderr), ("failed 0\n", ""))
        self.good_log(self.path("run.bson"))

    def test_default_log_in_the_state_folder(self):
        state = self.path("state")
        log = self.log_of(self.work(env={"XDG_STATE_HOME": state}).stderr)
        self.assertEqual(os.path.dirname(log), os.path.join(state, "phasetap"))
        self.assertRegex(os.path.basename(log), r"^work-\d{8}T\d{6}Z-\d+\.bson$")
        self.assertEqual(os.stat(os.path.dirname(log)).st_mode & 0o777, 0o700)
        self.good_log(log)

    def test_a_relative_output_is_relative_to_where_the_user_is(self):
        self.work("-o", "here.bson", cwd=self.folder)
        self.good_log(self.path("here.bson"))

    def test_a_folder_as_output(self):
        self.work("-o", self.folder)
        (log,) = self.logs_in(self.folder)
        self.good_log(log)

    def test_an_old_log_is_replaced_and_another_file_is_kept(self):
        log = self.path("run.bson")
        self.work("-o", log)
        first = support.read_log.Log(log).manifest
        done = self.work("-o", log)
        self.assertIn(log, done.stderr)
        self.assertNotEqual(self.good_log(log).manifest["pid"], first["pid"])
        precious = self.path("precious.txt")
        with open(precious, "w", encoding="utf-8") as file:
            file.write("keep me")
        done = self.work("-o", precious, status=125)
        self.assert_sentence(done.stderr, precious)
        self.assertEqual(done.stdout, "")
        with open(precious, encoding="utf-8") as file:
            self.assertEqual(file.read(), "keep me")

    def test_says_why_nothing_was_seen(self):
        for arguments, reason in (
            (["true"], "libmongoc"),
            ([support.target("work_static")], "static"),
        ):
            with self.subTest(program=arguments[0]):
                done = support.phasetap("run", "-o", self.path("none.bson"), "--", *arguments)
                self.assertEqual(done.returncode, 0)
                self.assertIn(reason, done.stderr)
                self.assertFalse(os.path.exists(self.path("none.bson")))

    def test_a_program_that_makes_no_driver_call(self):
        done = support.phasetap("run", "-o", self.path("none.bson"), "--", support.target("work"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("no libmongoc call", done.stderr)

    def test_keeps_what_was_preloaded_before(self):
        done = support.phasetap(
            "run", "--", "sh", "-c", "echo $LD_PRELOAD", env={"LD_PRELOAD": "libm.so.6"}
        )
        self.assertIn("libm.so.6", done.stdout)
        self.assertIn("libphasetap.so", done.stdout)

    def test_audit_is_for_the_program_alone_and_keeps_what_was_there(self):
        other = self.path("other.so")
        shutil.copy(os.path.join(os.path.dirname(support.PRELOAD), AUDIT), other)
        show = ("--", "sh", "-c", "echo $LD_AUDIT")
        done = support.phasetap("run", "--audit", *show, env={"LD_AUDIT": other})
        self.assertRegex(done.stdout, r"^/\S+/%s:%s\n$" % (re.escape(AUDIT), re.escape(other)))
        self.assertRegex(
            support.phasetap("run", "--audit", *show).stdout, r"^/[^:]+/%s\n$" % re.escape(AUDIT)
        )
        self.assertEqual(support.phasetap("run", *show).stdout, "\n")
        self.assertEqual(
            support.phasetap("run", *show, env={"LD_AUDIT": other}).stdout, other + "\n"
        )

    def test_audit_sees_a_deep_bound_plugin(self):
        """The same program, once without and once with --audit; the calls that are seen are all of
        them."""
        log = self.path("run.bson")
        host = [
            support.target("bind_host"),
            "deep",
            self.peer.uri,
            support.target("bind_plugin.so"),
        ]
        blind = support.phasetap("run", "-o", log, "--", *host)
        self.assertEqual(blind.returncode, 0, blind.stderr)
        self.assertIn("cannot tell whether libmongoc was called", blind.stderr)
        seen = support.phasetap("run", "--audit", "-o", log, "--", *host)
        self.assertEqual((seen.returncode, seen.stdout), (0, blind.stdout), seen.stderr)
        self.assertNotIn("because", seen.stderr)
        self.assertEqual(self.commands_of(self.good_log(log))["insert"], 9)

    def test_audit_without_its_module(self):
        """The older log is not touched when the program is not started."""
        log, preload = self.path("run.bson"), self.path("libphasetap.so")
        self.work("-o", log)
        before = os.stat(log)
        shutil.copy(support.PRELOAD, preload)
        done = support.phasetap(
            "run", "--audit", "-o", log, "--", "true", env={"PHASETAP_PRELOAD": preload}
        )
        self.assertEqual(done.returncode, 125)
        self.assert_sentence(done.stderr, "--audit", AUDIT, preload)
        self.assertEqual(os.stat(log).st_mtime_ns, before.st_mtime_ns)

    def test_a_driver_that_cannot_be_seen_is_named(self):
        """By run, by the log, and by every reader of it; nobody takes it for a run without database
        work."""
        log = self.path("run.bson")
        host = [
            support.target("bind_host"),
            "kept_exit",
            self.peer.uri,
            support.target("bind_bundle_hidden.so"),
        ]
        sentence = (
            "cannot tell whether libmongoc was called, because bind_bundle_hidden.so: it contains "
            "a static copy"
        )
        done = support.phasetap("run", "-o", log, "--", *host)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = done.stderr.splitlines()
        self.assertTrue(told[0].startswith("phasetap: " + sentence), done.stderr)
        self.assertEqual((len(told), self.log_of(told[1])), (2, log))
        self.good_log(log)
        report = support.phasetap("report", log)
        self.assertEqual(report.returncode, 0)
        self.assert_sentence(report.stderr, "warning: " + sentence)
        report = json.loads(report.stdout)
        self.assertTrue(report["profiler"]["notes"][0].startswith(sentence))
        (unseen,) = report["run"]["processes"][0]["unseen_drivers"]
        self.assertEqual(unseen["object"], "bind_bundle_hidden.so")
        self.assertIn(unseen["reason"], report["profiler"]["notes"][0])
        summary = support.classic(log)
        self.assertEqual(summary.returncode, 0)
        self.assert_sentence(summary.stderr, "warning: " + sentence)
        self.assertIn("Note: " + sentence, summary.stdout)
        self.assertIn(
            '"kind": "unseen", "reason": "%s"' % unseen["reason"],
            support.phasetap("dump", log).stdout,
        )

    def test_a_shell_script_that_starts_the_program(self):
        done = support.phasetap(
            "run",
            "-o",
            self.path("run.bson"),
            "--",
            "sh",
            "-c",
            '"$0" "$1" 5; "$0" "$1" 6; true',
            support.target("work"),
            self.peer.uri,
        )
        self.assertEqual(done.returncode, 0)
        logs = self.logs_in(self.folder)
        self.assertEqual(len(logs), 2)
        self.assertEqual(self.report(*logs)["commands"]["insert"]["count"], 11)

    def test_options_reach_the_library(self):
        log = self.path("run.bson")
        self.work("--interval", "10ms", "-o", log, rounds=2000)
        own = self.good_log(log)
        self.assertEqual(own.manifest["interval_ns"], 10_000_000)
        self.assertGreaterEqual(len(own.of(20)), 2)  # at the start and at the end, at least

    def test_a_killed_program_leaves_a_finished_log(self):
        log = self.path("run.bson")
        settings = support.clean_environment()
        command = [
            support.PHASETAP,
            "run",
            "-o",
            log,
            "--",
            support.target("work"),
            self.peer.uri,
            "100000",
        ]
        with subprocess.Popen(
            command, env=settings, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as process:
            support.wait_for(lambda: os.path.exists(log), 20, "the log")
            time.sleep(0.1)
            os.kill(support.manifest_of(log)["pid"], signal.SIGKILL)
            process.communicate(timeout=20)
        self.assertEqual(process.returncode, -signal.SIGKILL)
        own = support.read_log.Log(log)
        self.assertEqual(
            [(doc["status"], doc["signal"]) for doc in own.of(support.read_log.RUN_END)],
            [(-1, signal.SIGKILL)],
        )
        self.assertLess(os.path.getsize(log), 64 << 20)
        self.assertIn("signal 9", self.report(log)["run"]["ended"])

    def test_a_signal_for_the_tool_reaches_the_program(self):
        script = "trap 'echo got it; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
        with subprocess.Popen(
            [support.PHASETAP, "run", "--quiet", "--", "bash", "-c", script],
            stdout=subprocess.PIPE,
            env=support.clean_environment(),
            encoding="utf-8",
        ) as process:
            support.read_line(process.stdout, 20, "the script")
            process.send_signal(signal.SIGTERM)
            text, _ = process.communicate(timeout=20)
        self.assertEqual((text, process.returncode), ("got it\n", 9))


class Check(Tool):
    def check(self, program, status):
        done = support.phasetap("check", program)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def test_a_program_that_will_be_profiled(self):
        text = self.check(support.MASKER, 0)
        self.assertRegex(text, r"libmongoc(-1\.0\.so\.0|2\.so\.2)")
        self.assertIn("will be profiled", text.splitlines()[0])

    def test_a_program_in_the_path(self):
        self.check("true", 1)

    def test_a_static_program(self):
        self.assertIn("static", self.check(support.target("work_static"), 1))

    def test_a_script_is_followed_to_its_interpreter(self):
        script = self.path("script")
        with open(script, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nexit 0\n")
        os.chmod(script, 0o755)
        self.assertIn("/bin/sh", self.check(script, 3))

    def test_a_program_that_is_not_linked_with_the_driver(self):
        # the run path of programs for another suite's driver names that driver's folder
        statuses = (1, 3) if os.environ.get("PHASETAP_TEST_DRIVER") else (1,)
        done = support.phasetap("check", support.target("plugin_host"))
        self.assertIn(done.returncode, statuses, done.stdout + done.stderr)
        text = done.stdout
        self.assertIn("plugin", text)
        self.assertIn("phasetap run --audit", text)

    def test_shared_objects(self):
        """Plugins: linked with the driver, with a copy of it that exports its functions or hides
        them, without it."""
        for name, status, mentions in (
            (
                "bind_plugin.so",
                0,
                ["shared object that is linked with libmongoc", "--audit", "RTLD_DEEPBIND"],
            ),
            ("bind_bundle_open.so", 0, ["shared object with a copy", "--audit", "RTLD_DEEPBIND"]),
            ("bind_bundle_hidden.so", 1, ["static copy", "link it with the shared libmongoc"]),
        ):
            with self.subTest(object=name):
                text = self.check(support.target(name), status)
                for mention in mentions:
                    self.assertIn(mention, text)
        self.assertIn("nor holds a copy", self.check(support.PRELOAD, 1))
        work = os.path.join(support.BUILD, "bin", "targets", "work")
        (bson,) = [path for path in support.libraries_of(work) if "libbson" in path]
        self.assertIn("nor holds a copy", self.check(bson, 1))

    def test_a_program_with_a_copy(self):
        self.assertIn("static copy", self.check(support.target("bind_static"), 1))

    def test_a_set_user_id_program(self):
        program = self.path("work")
        shutil.copy(support.target("work"), program)
        os.chown(program, 65534, 65534)
        os.chmod(program, 0o4755)
        self.assertIn("setuid", self.check(program, 1).replace("set-user-ID", "setuid"))

    def test_what_cannot_be_read(self):
        with open(self.path("text"), "w", encoding="utf-8") as file:
            file.write("no program")
        for program in (self.path("missing"), self.folder, self.path("text")):
            with self.subTest(program=program):
                done = support.phasetap("check", program)
                self.assertEqual(done.returncode, 2)
                self.assert_sentence(done.stderr, program)


class Help(Tool):
    def test_help_and_version_everywhere(self):
        version = support.phasetap("--version")
        self.assertEqual((version.returncode, version.stderr), (0, ""))
        self.assertRegex(version.stdout, r"^phasetap \d+\.\d+\.\d+\n$")
        self.assertIn("report", support.phasetap("--help").stdout)
        for command in COMMANDS:
            with self.subTest(command=command):
                done = support.phasetap(command, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("phasetap " + command, done.stdout)
                self.assertEqual(support.phasetap(command, "--version").stdout, version.stdout)

    def test_help_of_run_names_every_option_of_the_table(self):
        text = support.phasetap("run", "--help").stdout
        with open(
            os.path.join(support.ROOT, "include", "phasetap", "options.h"), encoding="utf-8"
        ) as file:
            names = re.findall(r"^    O\((\w+),", file.read(), re.M)
        self.assertGreater(len(names), 4)
        for name in set(names) - {"OUTPUT", "ENABLE"}:
            self.assertIn(name.lower().replace("_", "-"), text)

    def test_full_standard_output_of_help(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            self.assertEqual(support.phasetap("--help", stdout=full).returncode, 1)


class Merging(Tool):
    def test_several_logs_and_a_folder(self):
        for number, rounds in enumerate((3, 4, 5)):
            self.work("--quiet", "-o", self.path("%d.bson" % number), rounds=rounds)
        with open(self.path("notes.txt"), "w", encoding="utf-8") as file:
            file.write("not a log, and not asked for")
        logs = [self.path("%d.bson" % number) for number in range(3)]
        for arguments in (logs, [self.folder]):
            report = self.report("--merge", *arguments)
            self.assertEqual(report["commands"]["insert"]["count"], 12)
            self.assertEqual(report["phases"]["Document Insertion"]["count"], 12)
            self.assertEqual(len(report["run"]["processes"]), 3)
            self.assertEqual(len(report["partition"]["threads"]), 3)
        self.assertIn("Count: 12", support.classic("--merge", self.folder).stdout)
        single = [self.report(log)["total_runtime_seconds"] for log in logs]
        self.assertGreater(report["total_runtime_seconds"], max(single))


if __name__ == "__main__":
    unittest.main()
