# SPDX-License-Identifier: Apache-2.0
"""Time has the right name: a program (time_parts) spends it in a known way, and its own clock, or
the server's, says how much. What is measured holds at any load of the machine: time without a CPU
is a part of its own, so a part is compared with its bounds, not with a constant.
"""

import glob
import os
import unittest

import connecting
import support
from holding_server import HoldingServer

MS = 1e6
DOCUMENTS = ("--store", "--collection", "test.docs=150:300")


LIMIT_BYTES = 1 << 30


class MemoryGroup:
    """A cgroup with a memory limit, of the version that this machine has, and one without below it;
    None where none can be made."""

    def __enter__(self):
        unified = os.path.exists("/sys/fs/cgroup/cgroup.controllers")
        self.root = os.path.join("/sys/fs/cgroup", "" if unified else "memory")
        self.top = os.path.join(self.root, "phasetap-test-%d" % os.getpid())
        self.inner = os.path.join(self.top, "inner")
        limit = os.path.join(self.top, "memory.max" if unified else "memory.limit_in_bytes")
        try:
            os.mkdir(self.top)
            os.mkdir(self.inner)
            with open(limit, "w", encoding="ascii") as file:
                file.write(str(LIMIT_BYTES))
            return os.path.join(self.inner, "cgroup.procs")
        except OSError:
            return None

    def __exit__(self, *_):
        for folder in (self.inner, self.top):
            if os.path.isdir(folder):
                os.rmdir(folder)


class Limits(support.EndToEnd):
    def test_the_memory_limit_of_a_cgroup_above(self):
        log = self.path("run.bson")
        with MemoryGroup() as group, support.Peer(*DOCUMENTS) as peer:
            if group is None:
                self.skipTest("no cgroup with a memory limit can be made here")
            program = [support.target("time_parts"), "select", peer.uri]
            enter = 'echo $$ > "$0" && exec "$@"'
            done = support.run(["sh", "-c", enter, group, *program], output=log)
        self.assertEqual(done.returncode, 0, done.stderr)
        cgroup = self.report(log)["process"]["cgroup"]
        self.assertEqual(cgroup["memory_limit_bytes"], LIMIT_BYTES)
        self.assertGreater(cgroup["memory_highest_bytes"], 0)
        self.assertLess(cgroup["memory_highest_bytes"], LIMIT_BYTES)


class Parts(support.EndToEnd):
    def spend(self, mode, uri):
        """The program's own figures in ns, the report, and the parts of all threads in ns."""
        logs = self.make_folder(mode)
        done = support.run([support.target("time_parts"), mode, uri], output=logs)
        self.assertEqual(done.returncode, 0, done.stderr)
        (log,) = glob.glob(os.path.join(logs, "*.bson"))
        self.log, self.file = self.good_log(log), log
        report = self.report(log)
        total = report["partition"]["total"]
        self.assertAlmostEqual(total["sum_seconds"], total["wall_seconds"], places=7)
        told = {name: int(ns) for name, ns in map(str.split, done.stdout.splitlines())}
        parts = {
            key[: -len("_seconds")]: value * 1e9
            for key, value in total.items()
            if key.endswith("_seconds")
        }
        return told, report, parts

    def assert_between(self, value, lowest, highest, what=None):
        self.assertGreaterEqual(value, lowest, what)
        self.assertLessEqual(value, highest, what)

    def test_a_change_stream_without_events(self):
        with HoldingServer() as server:
            told, _, parts = self.spend("watch", server.uri)
        self.assertGreater(server.held_ns, 0)
        # less the shortest round trip of each, which is the network's
        lent = parts["ready_without_cpu"] + parts["driver"] + parts["server_and_network"]
        self.assert_between(
            parts["awaiting_events"],
            0.9 * server.held_ns - lent,
            told["stepped"],
            parts,
        )

    def test_masking_up_to_the_end(self):
        """The last batch is masked, though no round trip follows."""
        with support.Peer(*DOCUMENTS) as peer:
            told, report, parts = self.spend("early", peer.uri)
        masking = report["phases"]["Document Masking"]
        self.assertEqual(masking["documents"], 150)
        self.assert_between(
            parts["application_computing"], told["computed"], 1.1 * told["computed"] + 20 * MS
        )
        self.assertAlmostEqual(
            masking["total_duration"] * 1e9, parts["application_computing"], delta=5 * MS
        )

    def test_a_list_is_no_masking(self):
        with support.Peer(*DOCUMENTS) as peer:
            _, report, _ = self.spend("lists", peer.uri)
        self.assertNotIn("Document Masking", report["phases"])
        self.assertEqual(report["phases"]["Collection Administration"]["count"], 2)

    def test_selecting_a_server_connects(self):
        with support.Peer(*support.delays(hello=30)) as peer:
            _, report, parts = self.spend("select", peer.uri)
            connections = peer.totals()["connections"]
        self.assertEqual(report["connections"]["established"], connections)
        self.assertGreaterEqual(parts["connection"], 30 * MS)

    def test_a_crowded_cpu_is_no_waiting(self):
        with support.Peer() as peer:
            told, report, parts = self.spend("crowded", peer.uri)
        self.assertGreater(told["crowded"], 0)
        self.assertEqual(report["partition"]["cannot_tell"], [])
        # the kernel counts the time of interrupts and of the hypervisor differently
        self.assertGreaterEqual(parts["ready_without_cpu"], 0.9 * told["crowded"] - 10 * MS)
        self.assertLess(parts["application_waiting"], 0.2 * told["crowded"] + 10 * MS)

    def test_helper_threads_by_name(self):
        with support.Peer() as peer:
            told, report, _ = self.spend("helper", peer.uri)
        (row,) = report["partition"]["other_threads"]
        self.assertEqual((row["name"], row["threads"]), ("cruncher", 1))
        self.assertAlmostEqual(row["cpu_seconds"] * 1e9, told["crunched"], delta=20 * MS)
        self.assertIn("cruncher", support.classic(self.file).stdout)

    def test_waiting_for_a_pooled_client(self):
        with support.Peer() as peer:
            told, report, parts = self.spend("starved", peer.uri)
        # threads that were just made are read at their first call, too
        self.assertEqual(report["partition"]["cannot_tell"], [])
        lent = parts["ready_without_cpu"] + parts["driver"]
        self.assert_between(
            parts["waiting_for_pool"],
            told["starved"] - lent - MS,
            told["starved"] + lent + 50 * MS,
            parts,
        )
        self.assertIn("Waiting for a client", support.classic(self.file).stdout)

    def test_a_forked_process_begins_at_its_fork(self):
        with support.Peer() as peer:
            told, report, parts = self.spend("forked", peer.uri)
        # the kernel notes its start in ticks of 10 ms; the exit comes behind the program's reading
        self.assert_between(parts["wall"], told["child"] - 11 * MS, told["child"] + 400 * MS)

    def test_compression_is_the_drivers(self):
        with HoldingServer() as server:
            told, _, parts = self.spend(
                "packed", server.uri + "?compressors=zlib&zlibCompressionLevel=9"
            )
        self.assertGreater(server.compressed, 0)
        self.assert_between(
            parts["driver"], 0.95 * told["packed"] - MS, 1.05 * told["packed"] + 10 * MS
        )


class Election(connecting.ConnectionCase):
    """A command is refused since the server steps down; the driver scans its servers again."""

    STEPPED_DOWN = 10107

    def refused_once(self, make):
        with support.Peer(
            "--store", "--replica-set", "rs0", "--fail", "insert=%d@=2" % self.STEPPED_DOWN
        ) as peer:
            with self.steps() as steps:
                steps.all("%s %s" % (make, peer.uri), *["pop"] * (make == "pool"), "insert")
                again = steps.all("insert")
            report = self.outcome(steps)
        parts = self.parts(report)
        self.assertGreaterEqual(report["commands"]["insert"]["failed"], 1)
        self.assertLessEqual(parts["waiting_for_server"], connecting.seconds(again))
        self.assertGreaterEqual(
            parts["waiting_for_server"] + parts["ready_without_cpu"] + parts["connection"],
            0.9 * connecting.seconds(again) - parts["server_and_network"] - parts["driver"],
        )
        self.assertGreater(parts["waiting_for_server"], parts["driver"])

    def test_single_client(self):
        self.refused_once("client")

    def test_pool(self):
        self.refused_once("pool")


if __name__ == "__main__":
    unittest.main()
