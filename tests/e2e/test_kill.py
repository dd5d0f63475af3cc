# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments: whatever call had returned by then is in the log, with no helper
process and no exit hook.
"""

import json
import os
import random
import signal
import struct
import subprocess
import time
import unittest

import support

KILLS = int(os.environ.get("PHASETAP_KILLS", "100"))
# phases of the partition only: teardown, construction of clients, pool wait
NOT_OPERATIONS = {13, 14, 15}
MASKING = 3  # of gaps, not of calls


class Killed(support.EndToEnd):
    """One peer for all kills; the seed is printed with a failure, so that the moments can be
    repeated."""

    def start(self, threads, log, counters, **more):
        more = {"LD_PRELOAD": support.PRELOAD, "PHASETAP_OUTPUT": log, **more}
        environment = support.clean_environment(**more)
        victim = subprocess.Popen(
            [support.target("killme"), self.peer.uri, str(threads), counters],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        support.read_line(victim.stdout, 20, "killme")
        return victim

    def kill_one(self, number, chance):
        threads = 1 + number % 8
        log_path, counters = self.path("%d.bson" % number), self.path("%d.counters" % number)
        victim = self.start(threads, log_path, counters)
        time.sleep(chance.uniform(0, 0.12))
        victim.send_signal(signal.SIGKILL)
        self.assertEqual(victim.wait(10), -signal.SIGKILL, victim.stderr.read())
        victim.stdout.close()
        victim.stderr.close()
        self.compare(support.read_log.Log(log_path), self.completed(counters, threads))
        return log_path

    @staticmethod
    def completed(counters, threads):
        with open(counters, "rb") as file:
            pairs = struct.iter_unpack("<qq", file.read(16 * threads))
            return dict(pairs)

    def compare(self, log, completed):
        self.assertEqual(log.broken_rules(), [])
        self.assertLessEqual(log.torn, len(completed))
        tids = {
            doc["th"]: doc["tid"] for doc in log.of(support.read_log.THREAD) if doc["ev"] == "first"
        }
        recorded = dict.fromkeys(completed, 0)
        for doc in log.of(support.read_log.SPAN):
            if doc["ph"] not in NOT_OPERATIONS:
                recorded[tids[doc["th"]]] += 1
        for tid, count in completed.items():
            self.assertIn(
                recorded[tid] - count,
                (0, 1),
                "thread %d completed %d, recorded %d" % (tid, count, recorded[tid]),
            )

    def test_nothing_completed_is_missing(self):
        seed = random.SystemRandom().randrange(1 << 32)
        chance = random.Random(seed)
        with support.Peer() as self.peer:
            for number in range(KILLS):
                with self.subTest(kill=number, seed=seed):
                    os.unlink(self.kill_one(number, chance))

    def test_totals_of_the_ring_are_exact(self):
        """Near its size limit the log takes only some calls: what it lacks, the ring's totals have.
        Read by the second reader, and by the tool."""
        log, counters = self.path("limit.bson"), self.path("limit.counters")
        with support.Peer() as self.peer:
            victim = self.start(2, log, counters, PHASETAP_LIMIT="1M")
            support.wait_for(lambda: self.totals_of(log), 60, "totals in the ring")
            victim.send_signal(signal.SIGKILL)
            victim.wait(10)
            victim.stdout.close()
            victim.stderr.close()
        read = support.read_log.Log(log)
        counted = sum(
            row.get("count", 0)
            for row in read.ring.totals
            if row["of"] == "phase" and row["key"] not in NOT_OPERATIONS | {MASKING}
        )
        spans = sum(span["ph"] not in NOT_OPERATIONS for span in read.of(support.read_log.SPAN))
        done = sum(self.completed(counters, 2).values())
        self.assertIn(spans + counted - done, range(3), (spans, counted, done))
        shown = support.phasetap("dump", "--raw", log).stdout.splitlines()
        rows = [row for row in map(json.loads, shown) if row["k"] == support.read_log.TOTAL]
        self.assertEqual(rows, read.of(support.read_log.TOTAL))

    @staticmethod
    def totals_of(log):
        try:
            return support.read_log.Log(log).ring.totals
        except (OSError, AttributeError, support.read_log.NotALog):
            return []

    def test_the_report_says_that_it_was_killed(self):
        with support.Peer() as self.peer:
            log = self.kill_one(7, random.Random(1))
        report = self.report(log)
        self.assertEqual(report["run"]["ended"], support.NO_ORDERED_END)
        self.assertEqual(report["profiler"]["events_dropped"], 0)
        self.assertGreater(report["phases"]["Document Insertion"]["count"], 0)


if __name__ == "__main__":
    unittest.main()
