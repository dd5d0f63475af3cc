# SPDX-License-Identifier: Apache-2.0
"""Logs of processes in namespaces of their own: each stands at its own time of day, and a process
of a container is not taken for dead while it lives."""

import contextlib
import datetime
import glob
import json
import os
import signal
import subprocess
import time
import unittest

import connecting
import support

INSERTS = 20


class Namespaces(support.EndToEnd):
    def work(self, name, *prefix, rounds="3"):
        log = self.path(name)
        command = [*prefix, support.target("work"), self.peer.uri, rounds]
        done = support.run(command, output=log)
        self.assertEqual(done.returncode, 0, done.stderr)
        return log

    def test_a_time_namespace_has_a_clock_of_its_own(self):
        ahead = ["unshare", "--time", "--boottime", "864000", "--monotonic", "864000", "--"]
        before = datetime.datetime.now(datetime.timezone.utc)
        with support.Peer() as self.peer:
            logs = [self.work("here.bson"), self.work("there.bson", *ahead)]
        after = datetime.datetime.now(datetime.timezone.utc)
        for order in (logs, logs[::-1]):
            report = self.report("--merge", *order)
            self.assertLessEqual(
                report["total_runtime_seconds"], (after - before).total_seconds()
            )

    def test_the_number_of_a_time_namespace_is_given_again(self):
        """Two namespaces, one after the other: most kernels give both the same number."""
        before = datetime.datetime.now(datetime.timezone.utc)
        logs = []
        with support.Peer() as self.peer:
            for name, seconds in (("ahead", "864000"), ("behind", "-200")):
                enter = ["unshare", "--time", "--fork", "--monotonic", seconds, "--"]
                logs.append(self.work(name + ".bson", *enter))
        after = datetime.datetime.now(datetime.timezone.utc)
        offsets = [support.manifest_of(log)["time_offset"] for log in logs]
        self.assertEqual(offsets, [864000 * 10**9, -200 * 10**9])
        report = self.report("--merge", *logs)
        self.assertLessEqual(report["total_runtime_seconds"], (after - before).total_seconds())

    def test_a_process_of_another_time_namespace_lives(self):
        """What starts there sees another start time of a process that records here, and must not
        take its ring for that of a process that is gone.
        """
        ahead = ["unshare", "--time", "--boottime", "864000", "--"]
        with support.Peer() as self.peer:
            with connecting.Steps(self.path("here.bson")) as steps:
                steps.all("client " + self.peer.uri, "insert")
                rings = self.rings(steps.log)
                self.work("there.bson", *ahead)
                self.assertEqual((len(rings), self.rings(steps.log)), (1, rings))
                looked = support.run([*ahead, support.PHASETAP, "report", steps.log])
                self.assertEqual(json.loads(looked.stdout)["run"]["ended"], "still running")
                steps.all(*["insert"] * INSERTS)
                steps.process.kill()
                steps.process.wait()
        inserts = self.report(steps.log)["commands"]["insert"]["count"]
        self.assertEqual(inserts, INSERTS + 1)

    @staticmethod
    def rings(log):
        """Of this log, in memory."""
        found = []
        for path in glob.glob("/dev/shm/phasetap-*.ring"):
            with contextlib.suppress(OSError), open(path, "rb") as file:
                found += [path] * (os.fsencode(log) in file.read(4096))
        return found

    def test_a_process_of_another_pid_namespace_lives(self):
        log = self.path("inside.bson")
        counters = self.path("counters")
        with support.Peer() as peer:
            environment = support.clean_environment(
                LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log
            )
            command = ["unshare", "--pid", "--fork", "--kill-child", "--"]
            command += [support.target("killme"), peer.uri, "1", counters]
            inside = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
            )
            try:
                support.read_line(inside.stdout, 20, "killme")
                self.assertEqual(self.report(log)["run"]["ended"], "still running")
            finally:
                inside.send_signal(signal.SIGKILL)
                inside.wait(10)
                inside.stdout.close()
            until = time.monotonic() + 20
            while self.report(log)["run"]["ended"] == "still running":
                self.assertLess(time.monotonic(), until)
            # Processes of other namespaces than those below its own are not seen from a container.
            self.assertIn(
                self.report(log)["run"]["ended"],
                (support.NO_ORDERED_END, support.CANNOT_TELL_END),
            )
        os.unlink(log)


if __name__ == "__main__":
    unittest.main()
