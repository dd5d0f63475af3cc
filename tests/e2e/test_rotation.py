# SPDX-License-Identifier: Apache-2.0
"""A log that goes on in further files: by size, after a rename, after a truncation. What the
program says it completed is the truth that all parts together are held against.
"""

import glob
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import time
import unittest

import support

KILLS = 20
THREADS = 2
# phases of the partition only: teardown, construction of clients, pool wait
NOT_OPERATIONS = {13, 14, 15}
SPANS = support.read_log.SPAN
FASTER = "faster than the log could be written"


class Rotation(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.peer = support.Peer()
        self.peer.__enter__()
        self.addCleanup(self.peer.__exit__, None, None, None)

    def start(self, folder, **more):
        log, counters = self.path(folder, "log.bson"), self.path(folder + ".counters")
        victim = subprocess.Popen(
            [support.target("killme"), self.peer.uri, str(THREADS), counters],
            env=support.clean_environment(
                LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log, **more
            ),
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.addCleanup(victim.wait, 10)
        self.addCleanup(victim.kill)
        self.addCleanup(victim.stdout.close)
        support.read_line(victim.stdout, 20, "killme")
        return victim, log, counters

    def kill(self, victim):
        victim.send_signal(signal.SIGKILL)
        self.assertEqual(victim.wait(10), -signal.SIGKILL)

    @staticmethod
    def completed(counters):
        with open(counters, "rb") as file:
            return sum(count for _, count in struct.iter_unpack("<qq", file.read(16 * THREADS)))

    @staticmethod
    def parts(log):
        """Each file once: a kill may leave one with two names, or a next part without events."""
        names = glob.glob(glob.escape(os.path.dirname(log)) + "/*.bson*")
        names = [name for name in names if not name.endswith(".next")]
        return list({os.stat(name).st_ino: name for name in names}.values())

    def spans_by_tool(self, log):
        """Of all parts, which the newest stands for."""
        shown = support.phasetap("dump", "--raw", log, timeout=120).stdout.splitlines()
        docs = (json.loads(line) for line in shown)
        return sum(doc["k"] == SPANS and doc["ph"] not in NOT_OPERATIONS for doc in docs)

    def spans_by_reader(self, log):
        """Each file by itself, by the second reader."""
        logs = [support.read_log.Log(path) for path in self.parts(log)]
        for read in logs:
            self.assertEqual(read.broken_rules(), [])
        return sum(span["ph"] not in NOT_OPERATIONS for read in logs for span in read.of(SPANS))

    def assert_whole(self, log, counters):
        done = self.completed(counters)
        profiler = self.report(log)["profiler"]
        if any(FASTER in note for note in profiler["notes"]):  # the writer got no CPU
            counted = self.spans_by_tool(log) + profiler["events_only_in_totals"]
            self.assertGreaterEqual(counted, done)
            return
        self.assertEqual(profiler["events_only_in_totals"], 0)
        for spans in (self.spans_by_tool(log), self.spans_by_reader(log)):
            self.assertIn(spans - done, range(THREADS + 1), (spans, done))

    def wait_for_parts(self, log, count):
        support.wait_for(lambda: len(self.part_numbers(log)) >= count, 60, "%d parts" % count)

    def counted(self, *logs):
        phases = self.report(*logs)["phases"].values()
        return sum(phase["count"] for phase in phases)

    def test_by_size_all_parts_are_one_log_and_count_once(self):
        self.make_folder("size")
        victim, log, counters = self.start("size", PHASETAP_ROTATE="64K:1000")
        self.wait_for_parts(log, 5)
        self.kill(victim)
        self.assert_whole(log, counters)
        once = self.counted(log)
        self.assertGreaterEqual(once, self.completed(counters))
        self.assertEqual(self.counted(*self.parts(log)), once)
        self.assertEqual(self.counted(os.path.dirname(log)), once)

    def test_kept_parts_are_as_many_as_asked_and_missing_ones_are_said(self):
        self.make_folder("kept")
        victim, log, counters = self.start("kept", PHASETAP_ROTATE="64K:2")
        support.wait_for(
            lambda: self.part_numbers(log) and min(self.part_numbers(log)) > 2, 60, "a removal"
        )
        self.kill(victim)
        self.assertIn(len(self.part_numbers(log)), (2, 3))  # 3: killed before a removal
        missing = min(self.part_numbers(log)) - 1
        said = support.phasetap("report", log).stdout
        self.assertRegex(said, r"\b%d (older )?(files|parts)" % missing)
        self.assertLess(self.spans_by_tool(log), self.completed(counters))

    def part_numbers(self, log):
        names = (name.split(".") for name in os.listdir(os.path.dirname(log)))
        return [int(name[1]) for name in names if name[1].isdigit()]

    def test_a_rename_as_logrotate_does_it(self):
        self.make_folder("moved")
        victim, log, counters = self.start("moved")
        support.wait_for(lambda: os.path.getsize(log) > 20000, 20, "some log")
        os.rename(log, log + ".1")
        support.wait_for(lambda: os.path.exists(log), 20, "the log under its name again")
        size = os.path.getsize(log)
        support.wait_for(lambda: os.path.getsize(log) > size + 20000, 20, "more log")
        self.kill(victim)
        self.assert_whole(log, counters)
        self.assertEqual(self.counted(log, log + ".1"), self.counted(log))

    def test_a_copy_and_truncate_is_noticed_and_said(self):
        self.make_folder("cut")
        victim, log, counters = self.start("cut")
        support.wait_for(lambda: os.path.getsize(log) > 20000, 20, "some log")
        shutil.copyfile(log, self.path("cut.copy"))
        os.truncate(log, 0)
        support.wait_for(lambda: self.begins_anew(log), 20, "a log that begins anew")
        self.kill(victim)
        self.assertLess(self.spans_by_tool(log), self.completed(counters))
        profiler = self.report(log)["profiler"]
        self.assertGreater(profiler["events_dropped"], 0)
        self.assertIn("truncated", profiler["dropped_reason"])

    @staticmethod
    def begins_anew(log):
        try:
            return len(support.read_log.Log(log).of(SPANS)) > 0
        except (OSError, support.read_log.NotALog):
            return False

    def test_killed_while_rotating_nothing_is_lost(self):
        seed = random.SystemRandom().randrange(1 << 32)
        chance = random.Random(seed)
        for number in range(KILLS):
            with self.subTest(kill=number, seed=seed):
                folder = "kill%d" % number
                self.make_folder(folder)
                victim, log, counters = self.start(folder, PHASETAP_ROTATE="64K:1000")
                self.wait_for_parts(log, 3)
                time.sleep(chance.uniform(0, 0.1))
                self.kill(victim)
                self.assert_whole(log, counters)


if __name__ == "__main__":
    unittest.main()
