# SPDX-License-Identifier: Apache-2.0
"""Logs of processes that were killed are completed: by the next recording, or by `phasetap close`.
"""

import os
import signal
import struct
import subprocess
import unittest

import support

KILLED = 30
LEFT_MOST = 3  # rings that may still be there when the next run has worked for a while
NOT_OPERATIONS = {13, 14, 15}  # phases of the partition only
# In a /dev/shm of its own: one process is killed, its log removed, and `close` is asked for all.
LOG_GONE = """
mount -t tmpfs tmpfs /dev/shm || exit 99
LD_PRELOAD="$PRELOAD" PHASETAP_OUTPUT="$LOG" "$KILLME" "$URI" 1 "$COUNTERS" > "$OUT" &
victim=$!
while [ ! -s "$OUT" ] || [ -z "$(ls /dev/shm)" ]; do sleep 0.05; done
kill -9 $victim; wait $victim
rm "$LOG"
"$TOOL" close --all; echo "status $?"
ls /dev/shm | wc -l
"$TOOL" close --all --force; echo "status $?"
ls /dev/shm | wc -l
"""


class Closing(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.peer = support.Peer()
        self.peer.__enter__()
        self.addCleanup(self.peer.__exit__, None, None, None)

    def start(self, log, **more):
        more = {"LD_PRELOAD": support.PRELOAD, "PHASETAP_OUTPUT": log, **more}
        victim = subprocess.Popen(
            [support.target("killme"), self.peer.uri, "2", log + ".counters"],
            env=support.clean_environment(**more),
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.addCleanup(victim.stdout.close)
        support.read_line(victim.stdout, 20, "killme")
        support.wait_for(lambda: self.spans(log) > 0, 20, "a span in the log")
        return victim

    @staticmethod
    def spans(log):
        try:
            return len(support.read_log.Log(log).of(support.read_log.SPAN))
        except (OSError, support.read_log.NotALog):
            return 0

    def kill(self, victim):
        victim.send_signal(signal.SIGKILL)
        self.assertEqual(victim.wait(10), -signal.SIGKILL)

    def killed(self, name, **more):
        """A log whose process was killed."""
        log = self.path(name)
        self.kill(self.start(log, **more))
        return log

    def assert_complete(self, path):
        """Every call that had returned is in the log, and the log needs no ring."""
        log = self.good_log(path, complete=False)
        self.assertIsNone(log.ring)
        self.assertEqual(log.torn, 0)
        tids = {
            doc["th"]: doc["tid"] for doc in log.of(support.read_log.THREAD) if doc["ev"] == "first"
        }
        with open(path + ".counters", "rb") as file:
            completed = dict(struct.iter_unpack("<qq", file.read(32)))
        recorded = dict.fromkeys(completed, 0)
        for doc in log.of(support.read_log.SPAN):
            if doc["ph"] not in NOT_OPERATIONS:
                recorded[tids[doc["th"]]] += 1
        missing = sum(max(0, count - recorded[tid]) for tid, count in completed.items())
        self.assertLessEqual(max(recorded[tid] - count for tid, count in completed.items()), 1)
        self.assertLessEqual(missing, self.told_missing(path) if missing else 0)

    def told_missing(self, path):
        """Calls without an entry: they came faster than a busy machine let the log be written."""
        profiler = self.report(path)["profiler"]
        return profiler["events_dropped"] + profiler["events_only_in_totals"]

    def test_the_next_recording_completes_the_logs_of_killed_ones(self):
        # without the writer thread no event is lost, however loaded the machine is
        logs = [self.killed("%d.bson" % number, PHASETAP_WRITER="0") for number in range(KILLED)]
        rings = [ring_in_memory(log) for log in logs]
        last = self.start(self.path("last.bson"))
        self.addCleanup(support.phasetap, "close", self.path("last.bson"))

        def left():
            return [ring for ring in rings if os.path.exists(ring)]

        support.wait_for(lambda: len(left()) <= LEFT_MOST, 20, "the rings to be removed")
        self.kill(last)
        self.assertEqual(support.phasetap("close", *logs).returncode, 0)
        self.assertEqual(left(), [])
        for log in logs:
            self.assert_complete(log)

    def test_a_log_is_closed_once_its_process_is_gone(self):
        log = self.path("run.bson")
        victim = self.start(log, PHASETAP_RING="log")
        refused = support.phasetap("close", log)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assert_sentence(refused.stderr, log, str(victim.pid), "still records")
        self.assertTrue(os.path.exists(log + ".ring"))
        self.kill(victim)
        before = support.read_log.Log(log)
        self.assertIsNotNone(before.ring)
        done = support.phasetap("close", log)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertFalse(os.path.exists(log + ".ring"))
        self.assert_complete(log)
        self.assertEqual(support.read_log.Log(log).documents, before.documents)
        self.assertEqual(support.phasetap("close", log).returncode, 0)
        self.assertEqual(support.read_log.Log(log).documents, before.documents)

    def test_a_folder_is_closed_but_for_what_still_records(self):
        gone = self.killed("gone.bson", PHASETAP_RING="log")
        living = self.start(self.path("living.bson"), PHASETAP_RING="log")
        done = support.phasetap("close", self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("still records", done.stdout)
        self.assert_complete(gone)
        self.assertTrue(os.path.exists(self.path("living.bson.ring")))
        self.kill(living)

    def test_of_another_boot_only_with_force(self):
        log = self.killed("run.bson", PHASETAP_RING="log", PHASETAP_WRITER="0")
        with open(log + ".ring", "r+b") as file:
            boot_id = open("/proc/sys/kernel/random/boot_id", "rb").read().strip()
            at = file.read(4096).index(boot_id)
            file.seek(at)
            file.write(b"0" * len(boot_id))
        refused = support.phasetap("close", log)
        self.assertEqual(refused.returncode, 1)
        self.assert_sentence(refused.stderr, log, "--force")
        self.assertEqual(support.phasetap("close", "--force", log).returncode, 0)
        self.assert_complete(log)

    def test_usage(self):
        for arguments in ([], ["--all", "run.bson"], ["--nothing"]):
            done = support.phasetap("close", *arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assert_sentence(done.stderr, "close")
        done = support.phasetap("close", self.path("missing.bson"))
        self.assertEqual(done.returncode, 2)
        self.assert_sentence(done.stderr, "missing.bson")

    @unittest.skipUnless(os.geteuid() == 0, "mounts a /dev/shm of its own")
    def test_a_ring_whose_log_is_gone_is_removed_only_with_force(self):
        support.need_own_mounts(self)
        log = self.path("run.bson")
        more = {
            "PRELOAD": support.PRELOAD,
            "LOG": log,
            "KILLME": support.target("killme"),
            "URI": self.peer.uri,
            "COUNTERS": self.path("counters"),
            "OUT": self.path("out"),
            "TOOL": support.PHASETAP,
        }
        done = support.run(
            ["unshare", "--mount", "sh", "-c", LOG_GONE],
            env=support.clean_environment(**more),
        )
        if done.returncode == 99:
            self.skipTest("no mount is allowed here")
        self.assertEqual(
            [line for line in done.stdout.split("\n") if not line.startswith("/")],
            ["status 1", "1", "status 0", "0", ""],
            done.stderr,
        )
        self.assertIn(log, done.stderr)
        self.assertIn("--force", done.stderr)


def ring_in_memory(log):
    return "/dev/shm/phasetap-%s.ring" % support.read_log.Log(log).manifest["ring"]


if __name__ == "__main__":
    unittest.main()
