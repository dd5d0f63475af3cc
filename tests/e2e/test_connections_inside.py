# SPDX-License-Identifier: Apache-2.0
"""What happens to connections inside the calls of a connected client: the driver tries again,
connects anew, looks whether the server is still there. No command tells of it, and none of it is
work of the driver. And what the report says of a program that connects for each operation.

The truth is the canned peer's: the connections and commands that it counted, and the delays that
it, or toxiproxy, was told to make.
"""

import re
import unittest

import support
from connecting import (
    CONNECTION,
    SOCKET,
    STREAM,
    ConnectionCase,
    Proxy,
    Toxiproxy,
    seconds,
    with_options,
)

DELAY_MS = 60
DELAY_S = DELAY_MS / 1000
OTHER_MEMBER_TAKES_OVER = 91  # a code after which drivers try again: ShutdownInProgress
FRESH_CLIENTS = 50


class TriedAgain(ConnectionCase):
    """As replica set, whose drivers try reads and writes once more."""

    COLLECTION = ("--store", "--replica-set", "rs0", "--collection", "targets.patients=50:200")

    def tried_again(self, fault, text, phase, command, error):
        """One operation that goes well, one that the driver tries twice and that takes the delay of
        the hello for a new connection. Attempts are commands, the call is one entry.
        """

        def attempt():
            with support.Peer(*self.COLLECTION, *fault, *support.delays(hello=DELAY_MS)) as peer:
                with self.steps() as steps:
                    made = steps.all("client " + peer.uri)
                    first, second = steps.all(text), steps.all(text)
                report, totals = self.outcome(steps), peer.totals()
            self.check_attempts(report, totals, phase, command, error)
            self.assertGreaterEqual(seconds(second), DELAY_S)
            self.assert_connections(report, totals["connections"])
            self.assertEqual(totals["connections"], 2)
            parts = self.parts(report)
            self.assertGreaterEqual(parts["connection"], 2 * 0.95 * DELAY_S)
            calls = self.durations(report, phase)
            return self.differing(
                (
                    "connections and commands",
                    parts["connection"] + parts["server_and_network"],
                    self.waited(report),
                ),
                ("driver work", parts["driver"], 0.0),
                (
                    "all entries",
                    sum(self.durations(report)) + sum(calls) + parts["waiting_for_server"],
                    seconds(made, first, second),
                ),
                lent=parts["ready_without_cpu"],
            ) + self.longer("second call", calls[1], DELAY_S)

        self.best_of(attempt)

    def waited(self, report):
        """Seconds of all connections and commands."""
        return sum(self.durations(report)) + sum(
            row["total_seconds"] for row in report["commands"].values()
        )

    def check_attempts(self, report, totals, phase, command, error):
        """Commands and failures are those that the peer counted; two calls, both good; the error by
        its code."""
        told, true = report["commands"][command], totals["commands"][command]
        self.assertEqual((told["count"], told["failed"]), (true["commands"], true["failed"]))
        self.assertEqual((told["count"], told["failed"]), (3, 1))
        self.assertEqual(
            (report["phases"][phase]["count"], report["phases"][phase]["failed"]), (2, 0)
        )
        sent = [entry["result_metadata"]["commands"] for entry in self.entries(report, phase)]
        self.assertEqual(sent, [1, 2])
        errors = self.entries(report, phase)[1]["result_metadata"]["errors"]
        self.assertEqual(errors, {str(error[1]): 1})
        self.assertEqual(self.errors(report), {error: 1})

    def test_a_find_after_an_error(self):
        fault = ("--fail", "find=%d@=2" % OTHER_MEMBER_TAKES_OVER)
        self.tried_again(
            fault, "find patients", "Document Query", "find", (None, OTHER_MEMBER_TAKES_OVER)
        )

    def test_a_find_after_a_lost_connection(self):
        self.tried_again(
            ("--drop", "find@=2"), "find patients", "Document Query", "find", (STREAM, SOCKET)
        )

    def test_an_insert_after_an_error(self):
        fault = ("--fail", "insert=%d@=2" % OTHER_MEMBER_TAKES_OVER)
        self.tried_again(
            fault, "insert", "Document Insertion", "insert", (None, OTHER_MEMBER_TAKES_OVER)
        )

    def test_an_insert_after_a_lost_connection(self):
        self.tried_again(
            ("--drop", "insert@=2"), "insert", "Document Insertion", "insert", (STREAM, SOCKET)
        )

    def test_in_vain(self):
        """Both attempts fail: two commands, one call that failed, the error twice."""
        with support.Peer(*self.COLLECTION, "--fail", "find=%d" % OTHER_MEMBER_TAKES_OVER) as peer:
            with self.steps() as steps:
                steps.all("client " + peer.uri)
                found = steps("find patients")
            report, counts = self.outcome(steps), peer.counts()
        self.assertEqual((found.good, found.code), (False, OTHER_MEMBER_TAKES_OVER))
        self.assertEqual(report["commands"]["find"]["count"], counts["find"])
        self.assertEqual(
            (report["commands"]["find"]["count"], report["commands"]["find"]["failed"]), (2, 2)
        )
        query = report["phases"]["Document Query"]
        self.assertEqual((query["count"], query["failed"]), (1, 1))
        self.assertEqual(self.errors(report), {(None, OTHER_MEMBER_TAKES_OVER): 2})

    def test_an_error_that_ends_the_connection(self):
        """The driver tries no ping again, but drops the connection: the next call makes a new
        one."""
        fault = ("--fail", "ping=%d@=2" % OTHER_MEMBER_TAKES_OVER)

        def attempt():
            with support.Peer(*self.COLLECTION, *fault, *support.delays(hello=DELAY_MS)) as peer:
                with self.steps() as steps:
                    steps.all("client " + peer.uri, "ping")
                    self.assertFalse(steps("ping").good)
                    again = steps.all("ping")
                report, totals = self.outcome(steps), peer.totals()
            self.assertEqual(totals["connections"], 2)
            self.assert_connections(report, 2)
            pings = self.durations(report, "Command")
            return self.differing(
                (
                    "waiting for the next scan, connecting and ping",
                    self.waited_for_server(report) + self.durations(report)[1] + pings[2],
                    seconds(again),
                ),
                ("driver work", self.parts(report)["driver"], 0.0),
            )

        self.best_of(attempt)


class LookedAfter(ConnectionCase):
    """A connected client does not use the network for a while, as in a long masking phase; the
    latency begins meanwhile.
    """

    @classmethod
    def setUpClass(cls):
        cls.toxiproxy = cls.keep(Toxiproxy())
        cls.peer = cls.keep(support.Peer("--store", "--collection", "targets.patients=50:200"))

    def counts(self):
        """Connections, pings and hellos that the peer received."""
        totals = self.peer.totals()
        commands = {name: row["commands"] for name, row in totals["commands"].items()}
        hellos = sum(commands.get(name, 0) for name in ("hello", "isMaster", "ismaster"))
        return totals["connections"], commands.get("ping", 0), hellos

    def after_a_pause(self, options, pause_ms, cut, expected):
        """Reads, pauses, writes twice. The first insert does something before its command, as
        `expected` says of connections, pings and hellos; the second does not. Returns the report,
        the steps, and whether a machine that stood still in between spoilt it.
        """
        proxy, before = Proxy(self.toxiproxy, self.peer.uri), self.counts()
        with self.steps() as steps:
            steps.all("client " + with_options(proxy.uri, options), "find patients")
            proxy.toxic("latency", latency=DELAY_MS)
            if cut:
                proxy.cut()
                proxy.restore()
            steps.all("pause %d" % pause_ms)
            first, second = steps.all("insert"), steps.all("insert")
            proxy.heal("latency")
        report = self.outcome(steps)
        counted = tuple(after - earlier for earlier, after in zip(before, self.counts()))
        self.assertNotIn("ping", report["commands"])
        self.assertGreaterEqual(seconds(first), 2 * 0.95 * DELAY_S)
        spoilt = (
            ["connections, pings, hellos: %s, not %s" % (counted, expected)]
            if counted != expected
            else []
        )
        return report, first, second, spoilt

    def network_time(self, report, first, second, spoilt):
        """What the first insert did before its command waited for the server: it is connecting or
        waiting for a server in the partition, not work of the driver.
        """
        parts = self.parts(report)
        inserts = self.durations(report, "Document Insertion")
        faults = spoilt + self.differing(
            ("driver work", parts["driver"], 0.0),
            ("second insert", inserts[1], seconds(second)),
            lent=parts["ready_without_cpu"],
        ) + self.longer("first insert", inserts[0], 2 * DELAY_S)
        waited = sum(
            parts[part]
            for part in (
                "connection",
                "waiting_for_server",
                "server_and_network",
                "ready_without_cpu",
            )
        )
        if waited < seconds(first, second) - 0.005:
            faults.append(
                "%.6f s waited for the server, truly %.6f s" % (waited, seconds(first, second))
            )
        return faults

    def test_the_idle_ping(self):
        def attempt():
            looked = self.after_a_pause("socketCheckIntervalMS=300", 400, False, (1, 1, 1))
            self.assertEqual(looked[0]["connections"]["established"], 1)
            return self.network_time(*looked)

        self.best_of(attempt)

    def test_the_second_look_at_the_servers(self):
        def attempt():
            looked = self.after_a_pause("heartbeatFrequencyMS=500", 600, False, (1, 0, 2))
            self.assertEqual(looked[0]["connections"]["established"], 1)
            return self.network_time(*looked)

        self.best_of(attempt)

    def test_a_connection_that_was_closed_meanwhile(self):
        """After a second without use the driver looks whether the connection is still open, finds
        it is not, and makes a new one before the command.
        """

        def attempt():
            report, first, second, spoilt = self.after_a_pause(
                "appname=closed", 1100, True, (2, 0, 2)
            )
            self.assert_connections(report, 2)
            self.assertGreaterEqual(self.durations(report)[1], 0.95 * DELAY_S)
            inserts = self.durations(report, "Document Insertion")
            return self.network_time(report, first, second, spoilt) + self.differing(
                ("reconnecting and insert", self.durations(report)[1] + inserts[0], seconds(first))
            )

        self.best_of(attempt)


class ClientPerOperation(ConnectionCase):
    ADVICE = "keep one client per thread, or a pool"

    def profile(self, *texts):
        """What a program does with a server whose hello takes its time: the report, the summary,
        what the peer counted, the last step.
        """
        with support.Peer("--replica-set", "rs0", *support.delays(hello=2)) as peer:
            with self.steps() as steps:
                last = steps.all(*(text.replace("URI", peer.uri) for text in texts))
            summary = support.classic(steps.log).stdout
            return self.outcome(steps), summary, peer.totals(), last

    def fresh(self):
        return self.profile("fresh %d URI" % FRESH_CLIENTS)

    def test_numbers_and_share(self):
        """As many connections as the peer counted; their share of the run is what the program
        saw."""

        def attempt():
            report, _, totals, fresh = self.fresh()
            self.assertEqual(totals["connections"], FRESH_CLIENTS)
            self.assert_connections(report, FRESH_CLIENTS)
            self.assertEqual(report["commands"]["ping"]["count"], FRESH_CLIENTS)
            self.assertEqual(len({doc["cl"] for doc in self.log.of(CONNECTION)}), FRESH_CLIENTS)
            told, parts = report["connections"], self.parts(report)
            self.assertGreaterEqual(told["total_seconds"], FRESH_CLIENTS * 0.002)
            self.assertAlmostEqual(
                told["average_seconds"], told["total_seconds"] / FRESH_CLIENTS, places=6
            )
            self.assertEqual((told["clients"], told["calls_per_connection"]), (FRESH_CLIENTS, 1.0))
            for key, whole in (("percent_of_thread_time", parts["wall"]),
                               ("percent_of_runtime", report["total_runtime_seconds"])):
                self.assertAlmostEqual(told[key], 100 * told["total_seconds"] / whole, delta=0.02)
            commands = sum(row["total_seconds"] for row in report["commands"].values())
            truly, spent = seconds(fresh) - commands, parts["connection"] + parts["driver"]
            without_cpu = parts["ready_without_cpu"]  # some of it was in these calls
            return self.differing(
                ("partition", parts["connection"], told["total_seconds"]),
                ("what is no command", min(max(truly, spent), spent + without_cpu), truly),
            )

        self.best_of(attempt)

    def test_the_summary_shows_them_and_the_advice(self):
        report, summary, _, _ = self.fresh()
        told = report["connections"]
        shown = re.search(
            r"(?m)^Connections: (\d+) established, 0 failed, (\S+)s in all, (\S+) %", summary
        )
        self.assertIsNotNone(shown, summary)
        self.assertEqual(int(shown.group(1)), FRESH_CLIENTS)
        self.assertAlmostEqual(float(shown.group(2)), told["total_seconds"], delta=0.001)
        self.assertAlmostEqual(float(shown.group(3)), told["percent_of_thread_time"], delta=0.06)
        notes = [note for note in report["profiler"]["notes"] if self.ADVICE in note]
        self.assertEqual(len(notes), 1, report["profiler"]["notes"])
        self.assertIn("%d clients" % FRESH_CLIENTS, notes[0])
        self.assertIn(notes[0], summary)

    def test_no_advice_for_a_client_that_is_kept(self):
        """Nor for a pool each of whose clients is used more than once."""
        kept = ("client URI", *FRESH_CLIENTS * ["ping"])
        pooled = ("pool URI", "pop", *10 * ["ping"], "pop", *10 * ["ping"], *5 * ["threads 2"])
        for texts in (kept, pooled):
            report, summary, _, _ = self.profile(*texts)
            self.assertNotIn(self.ADVICE, summary + "".join(report["profiler"]["notes"]))


if __name__ == "__main__":
    unittest.main()
