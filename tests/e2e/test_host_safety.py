# SPDX-License-Identifier: Apache-2.0
"""Whatever happens to the profiled program or its surroundings, the program does what it does
without the profiler.

Each case runs a small target program (tests/targets) bare and profiled and compares all that can be
seen of it; then it looks at what the log holds. A case that needs root (a small file system,
another user) is required: the tests run as root in a container or a machine of their own.
"""

import os
import resource
import shutil
import subprocess
import time
import unittest

import support

ROUNDS = 10
OPERATIONS = 2 * ROUNDS
KIB = 1024


class Surroundings(support.HostCase):
    """Disk, limits, descriptors and system calls that fail under the recorder's feet."""

    def work(self, output, rounds=2000, **more):
        """The program runs unharmed, silently; the log may be anything or nothing."""
        done = support.run(
            [support.target("work"), self.peer.uri, str(rounds)], output=output, **more
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "failed 0\n", ""))

    def small_disk(self, size_kib):
        folder = self.make_folder("disk%d" % size_kib)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=%dk" % size_kib, "tmpfs", folder], check=True
        )
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        return folder

    def test_full_disk(self):
        for size_kib in (4, 64, 128, 256):
            with self.subTest(size_kib=size_kib):
                folder = self.small_disk(size_kib)
                self.work(os.path.join(folder, "run.bson"))
                for path in self.logs_in(folder):
                    self.readable_or_refused(path)

    def test_a_disk_that_fills_up_drops_events_and_says_so(self):
        log = os.path.join(self.small_disk(256), "run.bson")
        self.work(log, rounds=30000)
        report = self.report(log)
        self.assertGreater(report["profiler"]["events_dropped"], 0)
        self.assertTrue(report["profiler"]["dropped_reason"])
        self.assertGreater(report["phases"]["Document Insertion"]["count"], 0)

    def test_size_limit(self):
        log = self.path("run.bson")
        self.work(log, rounds=6000, env={"PHASETAP_LIMIT": "1M"})
        self.assertLessEqual(os.path.getsize(log), 1 << 20)
        profiler = self.report(log)["profiler"]
        self.assertEqual(profiler["events_dropped"], 0)
        self.assertGreater(profiler["events_only_in_totals"], 0)
        self.assertIn("size limit", profiler["notes"][0])

    def readable_or_refused(self, path):
        done = support.phasetap("report", path)
        self.assertIn(done.returncode, (0, 2), done.stderr)

    def test_file_size_limit(self):
        """A write behind RLIMIT_FSIZE would be SIGXFSZ, which ends a program. The driver's own
        shared memory is a file that the smallest limits forbid, so it is switched off.
        """
        for limit in (0, 100, 4 * KIB, 64 * KIB, 100 * KIB, 1000 * KIB):
            with self.subTest(limit=limit):
                log = self.path("limit%d.bson" % limit)
                limits = (resource.RLIMIT_FSIZE, (limit, limit))
                self.work(log, preexec_fn=lambda: resource.setrlimit(*limits))
                if os.path.exists(log):
                    self.assertLessEqual(os.path.getsize(log), limit)
                    self.readable_or_refused(log)

    def test_address_space_limit(self):
        """A mapping of the whole size limit does not fit: the program is what matters."""
        limit = 200 << 20
        done, _ = self.same(
            "work",
            self.peer.uri,
            "50",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        )
        self.assertEqual(done.stdout, "failed 0\n")

    def test_output_in_a_folder_that_is_not_there(self):
        self.work(self.path("missing", "run.bson"), rounds=20)
        self.assertEqual(os.listdir(self.folder), [])

    def test_output_without_permission(self):
        folder = self.make_folder("closed")
        os.chmod(folder, 0o500)
        command = support.without_privileges(support.target("work"), self.peer.uri, "20")
        done, _ = self.profiled_like_bare(command, output=folder)
        self.assertEqual(done.stdout, "failed 0\n")
        self.assertEqual(os.listdir(folder), [])

    def test_an_existing_file_is_not_overwritten(self):
        for kind in ("file", "link"):
            with self.subTest(kind=kind):
                victim, output = self.path("victim-" + kind), self.path(kind + ".bson")
                with open(victim, "w", encoding="utf-8") as file:
                    file.write("keep me")
                os.link(victim, output) if kind == "file" else os.symlink(victim, output)
                self.work(output, rounds=20)
                with open(victim, encoding="utf-8") as file:
                    self.assertEqual(file.read(), "keep me")

    def limits(self, mode):
        done, log = self.same("limits", mode, self.peer.uri, self.path("result"))
        self.assertEqual(done.returncode, 0)
        with open(self.path("result"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "failed 0\n")
        return done, log

    def meddle(self, change):
        """The program runs on, unharmed, when somebody does something to its log in the middle of
        the run."""
        log = self.path("run.bson")
        settings = support.clean_environment(LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log)
        command = [support.target("work"), self.peer.uri, "3000"]
        with subprocess.Popen(
            command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            support.wait_for(lambda: os.path.exists(log), 10, "the log")
            time.sleep(0.05)
            change(log)
            seen = process.communicate(timeout=60)
        self.assertEqual((process.returncode, *seen), (0, b"failed 0\n", b""))

    def test_log_deleted_while_running(self):
        self.meddle(os.unlink)

    def test_log_truncated_while_running(self):
        self.meddle(lambda log: os.truncate(log, 0))

    def test_no_descriptor_is_left_open(self):
        done, log = self.limits("plain")
        self.assertEqual(done.stdout, "descriptors 0 1 2 900\n")
        self.assertEqual(self.operations(log), 400)

    def test_program_that_closes_every_descriptor(self):
        _, log = self.limits("closed")
        self.good_log(log)
        self.assertEqual(self.operations(log), 800)

    def test_seccomp_from_the_start(self):
        self.limits("seccomp")

    def test_seccomp_in_the_middle(self):
        _, log = self.limits("seccomp_late")
        self.assertGreaterEqual(self.operations(log), 100)

    def test_without_proc(self):
        """A folder as root where /proc is not mounted, as in some services."""
        root, work = self.make_folder("root"), support.target("work")
        needed = support.libraries_of(work)
        for path in (work, support.PRELOAD, *needed):
            os.makedirs(root + os.path.dirname(path), exist_ok=True)
            shutil.copy(path, root + path)
        done = support.run(["chroot", root, work, self.peer.uri, "20"], output="/run.bson")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "failed 0\n", ""))
        self.assertFalse(os.path.exists(root + "/proc"))
        self.assertEqual(self.operations(root + "/run.bson"), 40)

    def test_standard_streams_closed_at_the_start(self):
        """Descriptors 0 to 2 are free then: a recorder that opened its file there would get the
        program's output into it.
        """
        command = '"$0" "$1" 20 >&- 2>&- <&-; echo $?'
        done = support.run(
            ["sh", "-c", command, support.target("work"), self.peer.uri],
            output=self.path("run.bson"),
        )
        self.assertEqual(done.stdout, "0\n")
        self.assertEqual(self.operations(self.path("run.bson")), 40)
        self.good_log(self.path("run.bson"))


class Manners(support.HostCase):
    """Signals, errno and the clock of the program stay its own."""

    def check_signals(self, done, log):
        self.assertIn("taken 12", done.stdout)
        self.assertIn("ticks seen, foreign 0", done.stdout)
        self.good_log(log)
        self.assertEqual(self.operations(log), 800)

    def test_signals(self):
        self.check_signals(
            *self.same(
                "signals",
                self.peer.uri,
                env={"PHASETAP_INTERVAL": "10ms", "PHASETAP_SIGBUS_GUARD": "0"},
            )
        )

    def test_signals_with_the_guard(self):
        """Of a signal that the program leaves at its default action, SIGBUS alone may get a
        handler; all else is the same."""
        arguments = [support.target("signals"), self.peer.uri]
        log = self.path("guarded.bson")
        bare = support.run(arguments)
        done = support.run(arguments, output=log, env={"PHASETAP_INTERVAL": "10ms"})
        without_guard = done.stdout.replace("signal 7: handled\n", "")
        self.assertEqual(
            (done.returncode, without_guard, done.stderr),
            (bare.returncode, bare.stdout, bare.stderr),
        )
        self.check_signals(done, log)

    def test_errno(self):
        done, log = self.same("errnos", self.peer.uri)
        self.assertIn("mongoc_bulk_operation_insert(bulk, document): errno 177", done.stdout)
        self.good_log(log)

    def test_calls_left_by_longjmp_or_exception(self):
        """What was begun and never returned from is given up; what comes after it is recorded as
        ever."""
        for mode in ("longjmp", "throw"):
            with self.subTest(mode=mode):
                done, log = self.same(
                    "jumps", mode, self.peer.uri, output=self.path(mode + ".bson")
                )
                self.assertEqual((done.returncode, done.stdout), (0, "jumped 5\nfailed 0\n"))
                own = self.good_log(log)
                spans = [doc for doc in own.of(support.read_log.SPAN) if doc["ph"] in (4, 11)]
                self.assertGreaterEqual(len(spans), OPERATIONS)
                self.assertEqual(self.commands_of(own)["insert"], ROUNDS)

    def test_invalid_options_count_as_unset(self):
        for name, value in (
            ("INTERVAL", "soon"),
            ("LIMIT", "-5"),
            ("LIMIT", "1"),
            ("INTERVAL", ""),
            ("SAMPLER", "maybe"),
            ("OUTPUT", ""),
        ):
            with self.subTest(name=name, value=value):
                state = self.make_folder("state-%s-%s" % (name, value))
                settings = {
                    "PHASETAP_" + name: value,
                    "XDG_STATE_HOME": state,
                    "LD_PRELOAD": support.PRELOAD,
                }
                done = support.run([support.target("work"), self.peer.uri, "10"], env=settings)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "failed 0\n", ""))
                (log,) = self.logs_in(os.path.join(state, "phasetap"))
                self.assertEqual(self.operations(log), OPERATIONS)

    def test_default_place_of_the_log(self):
        """`$XDG_STATE_HOME/phasetap`, made private; the name says program, time and process."""
        state = self.path("state")
        settings = {"XDG_STATE_HOME": state, "LD_PRELOAD": support.PRELOAD}
        self.assertEqual(
            support.run([support.target("work"), self.peer.uri, "10"], env=settings).returncode, 0
        )
        (log,) = self.logs_in(os.path.join(state, "phasetap"))
        self.assertRegex(os.path.basename(log), r"^work-\d{8}T\d{6}Z-\d+\.bson$")
        self.assertEqual(os.stat(log).st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(os.path.dirname(log)).st_mode & 0o777, 0o700)

    def test_a_log_of_a_running_process_is_readable_at_any_time(self):
        """Read while it is written: what is read never goes back. A run that ended before the first
        reading shows nothing, and is made longer.
        """
        for inserts in (6000, 24000, 96000):
            log = self.path("run-%d.bson" % inserts)
            counts, running = self.read_while_it_runs(log, inserts)
            self.assertEqual(counts, sorted(counts))
            self.assertEqual(self.operations(log), 2 * inserts)
            if running > 0:
                return
        self.fail("each run ended before it could be read")

    @staticmethod
    def has_begun(log):
        return os.path.exists(log) and os.path.getsize(log) > 0

    def read_while_it_runs(self, log, inserts):
        """The inserts of each report, and how many of the reports say that the program runs."""
        settings = support.clean_environment(LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log)
        program = [support.target("work"), self.peer.uri, str(inserts)]
        with subprocess.Popen(program, env=settings, stdout=subprocess.PIPE) as process:
            support.wait_for(lambda: self.has_begun(log), 60, "the log")
            counts, running = [], 0
            while process.poll() is None:
                report = self.report(log)
                counts.append(report["commands"].get("insert", {"count": 0})["count"])
                running += report["run"]["ended"] == "still running"
            self.assertEqual(process.returncode, 0)
        return counts, running


if __name__ == "__main__":
    unittest.main()
