# SPDX-License-Identifier: Apache-2.0
"""Whatever happens to the profiled program or its surroundings, the program does what it does without the profiler.

Each case runs a small target program (tests/targets) bare and profiled and compares all that can be seen of it; then
it looks at what the log holds. A case that needs root (a small file system, another user) is required: the tests run
as root in a container or a machine of their own.
"""

import glob
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


class HostSafety(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer("--collection", "targets.errnos=5:100").__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def same(self, name, *arguments, **more):
        """Bare and profiled runs show the same; returns the outcome and the log's path."""
        return self.profiled_like_bare([support.target(name), *arguments], **more)

    def operations(self, path):
        """Inserts and pings that the log has, as commands."""
        counts = self.commands_of(support.read_log.Log(path))
        return counts.get("insert", 0) + counts.get("ping", 0)

    def no_log(self, *paths):
        for path in paths or (self.path("run.bson"),):
            self.assertEqual(glob.glob(os.path.splitext(path)[0] + "*"), [])


class Exits(HostSafety):
    """The ways of a process to end: the operations before the end are there in each."""

    def ends(self, mode, ended, in_order=True):
        done, log = self.same("exits", mode, self.peer.uri, str(ROUNDS))
        self.assertEqual(done.stdout, "failed 0\n")
        self.good_log(log, complete=in_order)
        self.assertEqual(self.operations(log), OPERATIONS)
        self.assertEqual(self.report(log)["run"]["ended"], ended)

    def test_return(self):
        self.ends("return", "exit")

    def test_exit(self):
        self.ends("exit", "exit")

    def test_exit_of_a_thread(self):
        self.ends("thread", "exit")

    def test_pthread_exit_of_main(self):
        self.ends("pthread_exit", "exit")

    def test_underscore_exit(self):
        self.ends("_exit", "killed or crashed", in_order=False)

    def test_quick_exit(self):
        self.ends("quick_exit", "killed or crashed", in_order=False)

    def test_abort(self):
        self.ends("abort", "killed or crashed", in_order=False)

    def test_segmentation_fault(self):
        self.ends("segv", "killed or crashed", in_order=False)

    def test_driver_used_in_an_exit_handler(self):
        done, log = self.same("exits", "atexit", self.peer.uri, str(ROUNDS))
        self.assertEqual((done.returncode, done.stdout), (10, "failed 0\n"))
        self.good_log(log)

    def test_exit_with_threads_inside_driver_calls(self):
        for mode, in_order in (("busy_return", True), ("busy", False)):
            for attempt in range(5):
                with self.subTest(mode=mode, attempt=attempt):
                    log = self.path("%s%d.bson" % (mode, attempt))
                    done = support.run([support.target("exits"), mode, self.peer.uri, str(ROUNDS)], output=log)
                    self.assertEqual(
                        (done.returncode, done.stdout, done.stderr), (9 if in_order else 8, "failed 0\n", "")
                    )
                    own = support.read_log.Log(log)
                    self.assertEqual(own.damaged, 0)
                    self.assertGreaterEqual(self.operations(log), OPERATIONS)


class Processes(HostSafety):
    """Children: each process that uses the driver has a log of its own, none writes into another's."""

    def logs(self, mode, *arguments):
        folder = self.make_folder(mode)
        bare = support.run([support.target("forks"), mode, self.peer.uri, *arguments])
        done = support.run([support.target("forks"), mode, self.peer.uri, *arguments], output=folder)
        self.assertEqual(support.what_is_seen(done), support.what_is_seen(bare))
        self.assertEqual(done.returncode, 0)
        return folder

    def counts(self, folder):
        return sorted(self.operations(path) for path in self.logs_in(folder))

    def test_parent_and_child_use_the_driver(self):
        folder = self.logs("both")
        self.assertEqual(self.counts(folder), [10, 20])
        pids = {self.good_log(path).manifest["pid"] for path in self.logs_in(folder)}
        self.assertEqual(len(pids), 2)
        self.assertEqual(self.report(folder)["commands"]["insert"]["count"], 15)

    def test_only_the_child_uses_the_driver(self):
        self.assertEqual(self.counts(self.logs("child_only")), [10])

    def test_children_that_leave_by_underscore_exit(self):
        self.assertEqual(self.counts(self.logs("grandchild")), [10, 10, 10])

    def test_a_file_as_output_gives_children_files_beside_it(self):
        output = self.path("run.bson")
        done = support.run([support.target("forks"), "both", self.peer.uri], output=output)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.operations(output), 20)
        (child,) = glob.glob(self.path("run-*.bson"))
        self.assertEqual(self.operations(child), 10)

    def test_follow_off_records_the_first_process_only(self):
        output = self.path("run.bson")
        done = support.run(
            [support.target("forks"), "both", self.peer.uri], output=output, env={"PHASETAP_FOLLOW": "0"}
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(self.folder), ["run.bson"])
        self.assertEqual(self.operations(output), 20)

    def test_vfork_and_posix_spawn(self):
        self.assertEqual(self.counts(self.logs("vfork")), [20])
        self.assertEqual(self.counts(self.logs("spawn")), [20])

    def test_exec_of_another_program(self):
        self.assertEqual(self.counts(self.logs("exec")), [10, 10])

    def test_a_daemon(self):
        result, folder = self.path("result"), self.make_folder("daemon")
        done = support.run([support.target("forks"), "daemon", self.peer.uri, result], output=folder)
        self.assertEqual(done.returncode, 0)
        support.wait_for(lambda: os.path.exists(result) and os.path.getsize(result) > 0, 20, "the daemon's result")
        with open(result, encoding="utf-8") as file:
            words = file.read().split()
        self.assertEqual(words[3], "0", words)
        support.wait_for(lambda: not os.path.exists("/proc/" + words[1]), 20, "the daemon's end")
        self.assertEqual(self.counts(folder), [10, 10])


class Surroundings(HostSafety):
    """Disk, limits, descriptors and system calls that fail under the recorder's feet."""

    def work(self, output, rounds=2000, **more):
        """The program runs unharmed, silently; the log may be anything or nothing."""
        done = support.run([support.target("work"), self.peer.uri, str(rounds)], output=output, **more)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "failed 0\n", ""))

    def small_disk(self, size_kib):
        folder = self.make_folder("disk%d" % size_kib)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dk" % size_kib, "tmpfs", folder], check=True)
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
        self.work(log, rounds=3000)
        report = self.report(log)
        self.assertGreater(report["profiler"]["events_dropped"], 0)
        self.assertTrue(report["profiler"]["dropped_reason"])
        self.assertGreater(report["phases"]["Document Insertion"]["count"], 0)

    def test_size_limit(self):
        log = self.path("run.bson")
        self.work(log, rounds=6000, env={"PHASETAP_LIMIT": "1M"})
        self.assertLessEqual(os.path.getsize(log), 1 << 20)
        profiler = self.report(log)["profiler"]
        self.assertGreater(profiler["events_dropped"], 0)
        self.assertTrue(profiler["dropped_reason"])

    def readable_or_refused(self, path):
        done = support.phasetap("report", path)
        self.assertIn(done.returncode, (0, 2), done.stderr)

    def test_file_size_limit(self):
        """A write behind RLIMIT_FSIZE would be SIGXFSZ, which ends a program. The driver's own shared memory is a file
        that the smallest limits forbid, so it is switched off.
        """
        for limit in (0, 100, 4 * KIB, 64 * KIB, 100 * KIB, 1000 * KIB):
            with self.subTest(limit=limit):
                log = self.path("limit%d.bson" % limit)
                limits = (resource.RLIMIT_FSIZE, (limit, limit))
                self.work(log, env={"MONGOC_DISABLE_SHM": "1"}, preexec_fn=lambda: resource.setrlimit(*limits))
                if os.path.exists(log):
                    self.assertLessEqual(os.path.getsize(log), limit)
                    self.readable_or_refused(log)

    def test_address_space_limit(self):
        """A mapping of the whole size limit does not fit: the program is what matters."""
        limit = 200 << 20
        done, _ = self.same(
            "work", self.peer.uri, "50", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        )
        self.assertEqual(done.stdout, "failed 0\n")

    def test_output_in_a_folder_that_is_not_there(self):
        self.work(self.path("missing", "run.bson"), rounds=20)
        self.assertEqual(os.listdir(self.folder), [])

    def test_output_without_permission(self):
        os.chmod(self.folder, 0o755)
        folder = self.make_folder("closed")
        done, _ = self.same("work", self.peer.uri, "20", output=folder, user=65534, group=65534, extra_groups=[])
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
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", 'umount -l /proc; exec "$0" "$1" 20', support.target("work"), self.peer.uri],
            env=support.clean_environment(LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=self.path("run.bson")),
            capture_output=True,
            encoding="utf-8",
            timeout=30,
            check=False,
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "failed 0\n", ""))
        self.assertEqual(self.operations(self.path("run.bson")), 40)

    def test_standard_streams_closed_at_the_start(self):
        """Descriptors 0 to 2 are free then: a recorder that opened its file there would get the program's output
        into it.
        """
        command = '"$0" "$1" 20 >&- 2>&- <&-; echo $?'
        done = support.run(["sh", "-c", command, support.target("work"), self.peer.uri], output=self.path("run.bson"))
        self.assertEqual(done.stdout, "0\n")
        self.assertEqual(self.operations(self.path("run.bson")), 40)
        self.good_log(self.path("run.bson"))


class Loading(HostSafety):
    """The ways in which programs are bound to the driver."""

    def test_bindings(self):
        for name in ("work", "work_noplt", "work_now", "work_lazy"):
            with self.subTest(name=name):
                log = self.path(name + ".bson")
                self.same(name, self.peer.uri, str(ROUNDS), output=log)
                self.good_log(log)
                self.assertEqual(self.operations(log), OPERATIONS)

    def plugin(self, mode):
        done, log = self.same("plugin_host", mode, support.target("plugin.so"), self.peer.uri)
        self.assertEqual(done.stdout, "failed 0\n")
        return log

    def test_plugin_with_local_symbols(self):
        self.assertEqual(self.operations(self.plugin("local")), OPERATIONS)

    def test_plugin_with_global_symbols(self):
        self.assertEqual(self.operations(self.plugin("global")), OPERATIONS)

    def test_plugin_unloaded_and_loaded_again(self):
        self.assertEqual(self.operations(self.plugin("twice")), 2 * OPERATIONS)

    def test_plugin_bound_deep_runs_unharmed(self):
        self.plugin("deepbind")

    def test_program_without_the_driver(self):
        """No file, no thread, no descriptor."""
        self.plugin("none")
        self.no_log()
        done, _ = self.profiled_like_bare(["grep", "Threads", "/proc/self/status"])
        self.assertEqual(done.stdout.split(), ["Threads:", "1"])
        self.profiled_like_bare(["ls", "/proc/self/fd"])
        self.no_log()

    def test_set_user_id_program(self):
        """The loader ignores the preload there, and nobody notices."""
        folder = tempfile_on_exec_disk(self)
        program = os.path.join(folder, "work_setuid")
        shutil.copy(support.target("work"), program)
        os.chown(program, 65534, 65534)
        os.chmod(program, 0o4755)
        log = self.path("run.bson")
        done = support.run([program, self.peer.uri, "10"], output=log)
        self.assertEqual((done.returncode, done.stdout), (0, "failed 0, secure mode\n"))
        self.assertNotIn("phasetap", done.stderr.replace(support.PRELOAD, ""))
        self.no_log(log)

    def test_switched_off(self):
        done = support.run(
            [support.target("work"), self.peer.uri, "10"], output=self.path("run.bson"), env={"PHASETAP_ENABLE": "0"}
        )
        self.assertEqual((done.returncode, done.stdout), (0, "failed 0\n"))
        self.no_log()


class Manners(HostSafety):
    """Signals, errno and the clock of the program stay its own."""

    def test_signals(self):
        done, log = self.same("signals", self.peer.uri, env={"PHASETAP_INTERVAL": "10ms"})
        self.assertIn("taken 12", done.stdout)
        self.assertIn("ticks seen, foreign 0", done.stdout)
        self.good_log(log)
        self.assertEqual(self.operations(log), 800)

    def test_errno(self):
        done, log = self.same("errnos", self.peer.uri)
        self.assertIn("mongoc_bulk_operation_insert(bulk, document): errno 177", done.stdout)
        self.good_log(log)

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
                settings = {"PHASETAP_" + name: value, "XDG_STATE_HOME": state, "LD_PRELOAD": support.PRELOAD}
                done = support.run([support.target("work"), self.peer.uri, "10"], env=settings)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "failed 0\n", ""))
                (log,) = self.logs_in(os.path.join(state, "phasetap"))
                self.assertEqual(self.operations(log), OPERATIONS)

    def test_default_place_of_the_log(self):
        """`$XDG_STATE_HOME/phasetap`, made private; the name says program, time and process."""
        state = self.path("state")
        settings = {"XDG_STATE_HOME": state, "LD_PRELOAD": support.PRELOAD}
        self.assertEqual(support.run([support.target("work"), self.peer.uri, "10"], env=settings).returncode, 0)
        (log,) = self.logs_in(os.path.join(state, "phasetap"))
        self.assertRegex(os.path.basename(log), r"^work-\d{8}T\d{6}Z-\d+\.bson$")
        self.assertEqual(os.stat(log).st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(os.path.dirname(log)).st_mode & 0o777, 0o700)

    def test_a_log_of_a_running_process_is_readable_at_any_time(self):
        log = self.path("run.bson")
        settings = support.clean_environment(LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log)
        with subprocess.Popen(
            [support.target("work"), self.peer.uri, "6000"], env=settings, stdout=subprocess.PIPE
        ) as process:
            support.wait_for(lambda: os.path.exists(log), 10, "the log")
            time.sleep(0.05)
            seen, running = [], 0
            while process.poll() is None:
                report = self.report(log)
                seen.append(report["commands"].get("insert", {"count": 0})["count"])
                running += report["run"]["ended"] == "still running"
            self.assertEqual(process.returncode, 0)
        self.assertGreater(running, 0)
        self.assertEqual(seen, sorted(seen))
        self.assertEqual(self.operations(log), 12000)


def tempfile_on_exec_disk(test):
    """A scratch folder that everybody may enter, on a file system that honours set-user-id."""
    folder = test.make_folder("setuid")
    os.chmod(test.folder, 0o755)
    os.chmod(folder, 0o755)
    return folder


if __name__ == "__main__":
    unittest.main()
