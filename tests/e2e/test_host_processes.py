# SPDX-License-Identifier: Apache-2.0
"""How the profiled program is made, ends and starts others: it does what it does without the
profiler, and each process that uses the driver has a log of its own with every operation in it.
"""

import glob
import os
import signal
import shutil
import unittest

import support

ROUNDS = 10
OPERATIONS = 2 * ROUNDS

TIMES = 20


class Exits(support.HostCase):
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
        self.ends("_exit", "_exit", in_order=False)

    def test_quick_exit(self):
        self.ends("quick_exit", "_exit", in_order=False)

    def test_abort(self):
        self.ends("abort", support.NO_ORDERED_END, in_order=False)

    def test_segmentation_fault(self):
        self.ends("segv", support.NO_ORDERED_END, in_order=False)

    def test_driver_used_in_an_exit_handler(self):
        done, log = self.same("exits", "atexit", self.peer.uri, str(ROUNDS))
        self.assertEqual((done.returncode, done.stdout), (10, "failed 0\n"))
        self.good_log(log)

    def test_exit_with_threads_inside_driver_calls(self):
        # The driver's destructor runs while threads use it: without the preload object, too, one
        # run in a hundred ends by SIGSEGV there.
        for mode, statuses in (("busy_return", (9, -signal.SIGSEGV)), ("busy", (8,))):
            for attempt in range(5):
                with self.subTest(mode=mode, attempt=attempt):
                    log = self.path("%s%d.bson" % (mode, attempt))
                    done = support.run(
                        [support.target("exits"), mode, self.peer.uri, str(ROUNDS)], output=log
                    )
                    self.assertEqual((done.stdout, done.stderr), ("failed 0\n", ""))
                    self.assertIn(done.returncode, statuses)
                    own = support.read_log.Log(log)
                    self.assertEqual(own.damaged, 0)
                    self.assertGreaterEqual(self.operations(log), OPERATIONS)


class Processes(support.HostCase):
    """Children: each process that uses the driver has a log of its own, none writes into
    another's."""

    def logs(self, mode, *arguments):
        folder = self.make_folder(mode)
        bare = support.run([support.target("forks"), mode, self.peer.uri, *arguments])
        done = support.run(
            [support.target("forks"), mode, self.peer.uri, *arguments], output=folder
        )
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

    def test_children_that_get_no_log_leave_by_underscore_exit(self):
        """The name of a child's log, which has the child's number in it, is too long."""
        output = self.path("n" * (255 - len(".bson")) + ".bson")
        done = support.run([support.target("forks"), "grandchild", self.peer.uri], output=output)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(os.listdir(self.folder), [os.path.basename(output)])
        self.assertEqual(self.operations(output), 10)

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
            [support.target("forks"), "both", self.peer.uri],
            output=output,
            env={"PHASETAP_FOLLOW": "0"},
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(self.folder), ["run.bson"])
        self.assertEqual(self.operations(output), 20)

    def test_vfork_and_posix_spawn(self):
        self.assertEqual(self.counts(self.logs("vfork")), [20])
        self.assertEqual(self.counts(self.logs("spawn")), [20])

    def test_forks_while_a_thread_lists_the_loaded_objects(self):
        """The child finds the loader's lock held by a thread that it does not have."""
        done = support.run([support.target("fork_lister")], output=self.make_folder("logs"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "hung 0\n", ""))

    def test_exec_of_another_program(self):
        self.assertEqual(self.counts(self.logs("exec")), [10, 10])

    def test_a_daemon(self):
        result, folder = self.path("result"), self.make_folder("daemon")
        done = support.run(
            [support.target("forks"), "daemon", self.peer.uri, result], output=folder
        )
        self.assertEqual(done.returncode, 0)
        support.wait_for(
            lambda: os.path.exists(result) and os.path.getsize(result) > 0,
            20,
            "the daemon's result",
        )
        with open(result, encoding="utf-8") as file:
            words = file.read().split()
        self.assertEqual(words[3], "0", words)
        support.wait_for(lambda: not os.path.exists("/proc/" + words[1]), 20, "the daemon's end")
        self.assertEqual(self.counts(folder), [10, 10])


class Loading(support.HostCase):
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

    def test_driver_loaded_again_with_libbson_elsewhere(self):
        """The place, and now and then the name, of the driver say that it is still the one that
        was there before."""
        self.assertEqual(self.operations(self.plugin("moved")), TIMES * OPERATIONS)

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
        os.chown(program, 0, 0)
        os.chmod(program, 0o4755)
        log = self.path("run.bson")
        done = support.run([*AS_ANOTHER_USER, program, self.peer.uri, "10"], output=log)
        self.assertEqual((done.returncode, done.stdout), (0, "failed 0, secure mode\n"))
        self.assertNotIn("phasetap", done.stderr.replace(support.PRELOAD, ""))
        self.no_log(log)

    def test_switched_off(self):
        done = support.run(
            [support.target("work"), self.peer.uri, "10"],
            output=self.path("run.bson"),
            env={"PHASETAP_ENABLE": "0"},
        )
        self.assertEqual((done.returncode, done.stdout), (0, "failed 0\n"))
        self.no_log()


# Another user, who may enter every folder: the build may lie where only root can go.
AS_ANOTHER_USER = [
    "setpriv",
    "--reuid=65534",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]


def tempfile_on_exec_disk(test):
    """A scratch folder that everybody may enter, on a file system that honours set-user-id."""
    folder = test.make_folder("setuid")
    os.chmod(test.folder, 0o755)
    os.chmod(folder, 0o755)
    return folder


if __name__ == "__main__":
    unittest.main()
