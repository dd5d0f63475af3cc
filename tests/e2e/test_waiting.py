# SPDX-License-Identifier: Apache-2.0
"""Waiting is not masking: a worker that waits on its queue adds to waiting, and nothing to
masking."""

import unittest

import support

DELAY_MS = 200
# eleven fetches: ten full batches and the empty last one, when the server needs it
DOCUMENTS, BATCH = 1000, 100
MS = 1e6


class Waiting(support.EndToEnd):
    def mask(self, peer, name, delay_ms):
        """One reader, one worker. Returns the log, the report and the masker's truth."""
        log, truth = self.path(name + ".bson"), self.path(name + ".truth")
        self.masker(
            "--uri",
            peer.uri,
            "--mode",
            "copy",
            "--rules",
            support.RULES,
            "--collections",
            "patients",
            "--workers",
            "1",
            "--batch-size",
            str(BATCH),
            "--queue-delay-ms",
            str(delay_ms),
            "--ground-truth",
            truth,
            output=log,
        )
        return self.good_log(log), self.report(log), support.read_truth(truth)

    def worker_parts(self, log, truth):
        """The partition of the thread that waited on the queue, and the ns that it says it
        waited."""
        tid = next(line.thread for line in truth if line.operation == "queue_wait")
        thread = next(doc["th"] for doc in log.of(support.read_log.THREAD) if doc["tid"] == tid)
        masking = sum(
            doc["cpu"] for doc in log.threads()[thread] if doc["k"] == support.read_log.GAP
        )
        waited = sum(line.end - line.start for line in truth if line.operation == "queue_wait")
        return log.partition(thread), masking, waited

    def test_a_waiting_worker_adds_to_waiting_only(self):
        with support.Peer("--collection", "masking.patients=%d:700" % DOCUMENTS) as peer:
            fast_log, fast_report, fast_truth = self.mask(peer, "fast", 0)
            slow_log, slow_report, slow_truth = self.mask(peer, "slow", DELAY_MS)
        fast, fast_masking, _ = self.worker_parts(fast_log, fast_truth)
        slow, slow_masking, waited = self.worker_parts(slow_log, slow_truth)
        batches = DOCUMENTS // BATCH
        self.assertGreaterEqual(waited, (batches - 1) * DELAY_MS * MS)
        # The waiting of the profiler is that of the masker; what it has more was taken by other
        # processes of the machine.
        self.assertGreaterEqual(slow["application_waiting"], waited - 1 * MS)
        self.assertLess(slow["application_waiting"], waited + 0.05 * waited)
        # Masking is CPU time: it does not know of the two seconds of waiting. Cold caches after a
        # sleep are allowed for.
        self.assertLess(slow_masking, 2 * fast_masking + 5 * MS)
        self.assertEqual(
            slow_report["phases"]["Document Masking"]["documents"],
            fast_report["phases"]["Document Masking"]["documents"],
        )
        truth_cpu = sum(line.cpu for line in slow_truth if line.operation == "mask")
        self.assertAlmostEqual(
            slow_report["phases"]["Document Masking"]["total_duration"],
            truth_cpu / 1e9,
            delta=max(0.001, truth_cpu / 1e11),
        )
        self.assertGreaterEqual(
            slow_report["phases"]["Document Masking"]["waiting_seconds"], waited / 1e9 * 0.9
        )


if __name__ == "__main__":
    unittest.main()
