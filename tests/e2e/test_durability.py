# SPDX-License-Identifier: Apache-2.0
"""PHASETAP_SYNC: what is asked of the disk, as strace sees it, and by which thread."""

import os
import re
import signal
import subprocess
import unittest

import support

CALL = re.compile(r"^(\d+) +(\w+)\(\d+<([^>]*)>")


class Syncing(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.peer = support.Peer()
        self.peer.__enter__()
        self.addCleanup(self.peer.__exit__, None, None, None)
        self.log = os.path.join(self.make_folder("logs"), "run.bson")

    def calls(self, *settings):
        """(thread, name, file) of each write and sync, in order; and the program's own thread."""
        trace = self.path("trace")
        done = subprocess.run(
            ["strace", "-f", "-y", "-o", trace, "-e", "trace=execve,writev,fsync,fdatasync"]
            + ["-E", "LD_PRELOAD=" + support.PRELOAD, "-E", "PHASETAP_OUTPUT=" + self.log]
            + [word for setting in settings for word in ("-E", setting)]
            + [support.target("work"), self.peer.uri, "2000"],
            env=support.clean_environment(),
            capture_output=True,
            text=True,
            timeout=support.TIMEOUT_S,
            check=False,
        )
        self.assertEqual((done.returncode, done.stdout), (0, "failed 0\n"))
        with open(trace, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        found = [match.groups() for match in map(CALL.match, lines) if match]
        return found, lines[0].split()[0]

    def syncs(self, calls):
        return [call for call in calls if call[1] in ("fsync", "fdatasync")]

    def test_nothing_is_synced_unless_asked(self):
        calls, _ = self.calls()
        self.assertIn(("writev", self.log), [call[1:] for call in calls])
        self.assertEqual(self.syncs(calls), [])

    def test_the_log_is_synced_and_first_its_name(self):
        calls, main = self.calls("PHASETAP_SYNC=1us")
        syncs = self.syncs(calls)
        self.assertEqual(
            [call[1:] for call in syncs[:2]],
            [("fdatasync", self.log), ("fsync", os.path.dirname(self.log))],
        )
        self.assertLessEqual({call[1:] for call in syncs[2:]}, {("fdatasync", self.log)})
        self.assertNotIn(main, {call[0] for call in syncs})
        self.good_log(self.log)

    def test_the_end_is_synced_whatever_the_interval(self):
        calls, _ = self.calls("PHASETAP_SYNC=1h")
        ours = [call[1] for call in calls if call[2] == self.log]
        self.assertEqual(ours[-1], "fdatasync")
        self.assertIn(ours.count("fdatasync"), (1, 2))  # the first append may be the last

    def test_without_the_writer_nothing_is_synced(self):
        calls, _ = self.calls("PHASETAP_SYNC=1us", "PHASETAP_WRITER=0", "PHASETAP_SAMPLER=0")
        self.assertEqual(self.syncs(calls), [])

    def test_without_the_ring_the_log_is_still_read(self):
        """The machine ended: of a killed process only the log is left, cut anywhere."""
        victim = subprocess.Popen(
            [support.target("killme"), self.peer.uri, "2", self.log + ".counters"],
            env=support.clean_environment(
                LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=self.log, PHASETAP_SYNC="1us"
            ),
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.addCleanup(victim.stdout.close)
        support.read_line(victim.stdout, 20, "killme")
        support.wait_for(lambda: os.path.getsize(self.log) > 20000, 20, "a log")
        victim.send_signal(signal.SIGKILL)
        victim.wait(10)
        support.remove_rings(os.path.dirname(self.log))
        with open(self.log, "r+b") as file:
            file.truncate(os.path.getsize(self.log) // 2 - 3)
        self.assertGreater(self.report(self.log)["phases"]["Document Insertion"]["count"], 0)


if __name__ == "__main__":
    unittest.main()
