# SPDX-License-Identifier: Apache-2.0
"""Connections that come about: over TLS, with SCRAM, by a unix socket, to a replica set, one or
many, from single clients and from a pool. Their number is the server's, their time the program's
own clock's and the latency that toxiproxy puts in between.
"""

import os
import re
import unittest

import support
from connecting import (
    CONNECTION,
    ConnectionCase,
    FerretDB,
    Proxy,
    Toxiproxy,
    free_port,
    seconds,
    with_options,
)

SCRAM = "authMechanism=SCRAM-SHA-256"
LATENCY_MS = 40


class Established(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        cls.tls = cls.keep(FerretDB("--tls", "--auth"))
        cls.unix = cls.keep(FerretDB("--unix", "--auth"))
        cls.set = cls.keep(FerretDB("--replica-set", "rs0"))
        cls.toxiproxy = cls.keep(Toxiproxy())

    def slow(self, server, latency_ms=LATENCY_MS):
        """A way to the server on which each answer takes so long."""
        proxy = Proxy(self.toxiproxy, server.uri)
        proxy.toxic("latency", latency=latency_ms)
        return proxy

    def first_and_second(self, server, uri):
        """A client connects for its first ping; the second one shows what a ping takes without.
        Held against the program's clock and the number of connections that the server accepted.
        """
        before = server.connections()
        with self.steps() as steps:
            steps.all("client " + uri)
            first, second = steps.all("ping"), steps.all("ping")
        report = self.outcome(steps)
        self.assert_connections(report, server.connections() - before)
        self.assert_connections(report, 1)
        entry = self.entries(report)[0]
        connecting = entry["end_time"] - entry["start_time"]
        pings = self.durations(report, "Command")
        return report, self.differing(
            ("connection and ping", connecting + pings[0], seconds(first)),
            ("ping", pings[1], seconds(second)),
            ("partition", self.parts(report)["connection"], entry["duration_seconds"]),
        )

    def test_scram_over_tls(self):
        uri = with_options(self.tls.uri, SCRAM)
        self.best_of(lambda: self.first_and_second(self.tls, uri)[1])

    def test_scram_by_a_unix_socket(self):
        uri = with_options(self.unix.uri, SCRAM)
        self.best_of(lambda: self.first_and_second(self.unix, uri)[1])

    def test_a_replica_set(self):
        self.best_of(lambda: self.first_and_second(self.set, self.set.uri)[1])

    def test_a_replica_set_whose_first_host_is_dead(self):
        """The refusal belongs to the one connection that came about."""
        uri = self.set.uri.replace("mongodb://", "mongodb://127.0.0.1:%d," % free_port())
        self.best_of(lambda: self.first_and_second(self.set, uri)[1])

    def test_latency_under_tls_and_scram_is_connecting(self):
        """Each round trip of the handshakes (TLS, hello, SCRAM) takes the latency, which is no time
        of the command, whose own round trip takes it once.
        """
        uri = with_options(self.slow(self.tls).uri, SCRAM)

        def attempt():
            report, faults = self.first_and_second(self.tls, uri)
            connecting, pings = self.durations(report)[0], self.durations(report, "Command")
            self.assertGreaterEqual(connecting, 3 * LATENCY_MS / 1000)
            self.assertGreaterEqual(min(pings), 0.95 * LATENCY_MS / 1000)
            if max(pings) > 1.5 * LATENCY_MS / 1000:
                faults.append("a ping took %.6f s, the latency is %d ms" % (max(pings), LATENCY_MS))
            return faults

        self.best_of(attempt)

    def test_a_slow_handshake_is_no_query(self):
        """The latency ends before the first query; `session` connects and sends no command."""

        def attempt():
            proxy = self.slow(self.set)
            with self.steps() as steps:
                steps.all("client " + proxy.uri.replace("replicaSet=rs0", "directConnection=true"))
                connected = steps.all("session")
                proxy.heal("latency")
                found = steps.all("find nothing")
            report = self.outcome(steps)
            self.assert_connections(report, 1)
            self.assertGreaterEqual(self.durations(report)[0], 0.95 * LATENCY_MS / 1000)
            return self.differing(
                ("connection", self.durations(report)[0], seconds(connected)),
                ("query", sum(self.durations(report, "Document Query")), seconds(found)),
            )

        self.best_of(attempt)

    def test_a_masking_run_behind_latency(self):
        """The first call, which drops the target, connects: the latency of the hello is in none of
        the queries and insertions, which take what the masker measured itself.
        """
        proxy = self.slow(self.set)
        uri = proxy.uri.replace("replicaSet=rs0", "directConnection=true")
        self.masker("--uri", uri, "--generate", "40", "--drop")

        def attempt():
            log, truth = (
                self.path("masking-%d.%s" % (len(os.listdir(self.folder)), end))
                for end in ("bson", "truth")
            )
            options = (
                "--mode",
                "copy",
                "--drop",
                "--rules",
                support.RULES,
                "--batch-size",
                "20",
                "--no-ping",
            )
            self.masker("--uri", uri, *options, "--ground-truth", truth, output=log)
            report, lines = self.report(log), support.read_truth(truth)
            self.assert_connections(report, 1)
            self.assertGreaterEqual(self.durations(report)[0], 0.95 * LATENCY_MS / 1000)
            told = {
                phase: sum(self.durations(report, phase))
                for phase in ("Document Query", "Document Insertion")
            }
            true = {
                name: sum(line.end - line.start for line in lines if line.operation in operations)
                / 1e9
                for name, operations in (
                    ("Document Query", ("find", "getmore")),
                    ("Document Insertion", ("insert",)),
                )
            }
            return self.differing(*((phase, told[phase], true[phase]) for phase in told))

        self.best_of(attempt)

    def test_two_servers_and_three_clients(self):
        """Each client's connection has the latency on the way to its own server, in the order of
        their first use."""

        def attempt():
            fast, slow = self.slow(self.set, 20), self.slow(self.tls, 60)
            before = self.set.connections(), self.tls.connections()
            with self.steps() as steps:
                steps.all("client " + with_options(slow.uri, SCRAM))
                for _ in range(2):
                    steps.all(
                        "client " + fast.uri.replace("replicaSet=rs0", "directConnection=true")
                    )
                pings = [steps.all("use %d" % number, "ping") for number in (2, 1, 3)]
                steps.all("use 2", "ping", "use 1", "ping")
            report = self.outcome(steps)
            accepted = self.set.connections() - before[0], self.tls.connections() - before[1]
            self.assertEqual(accepted, (2, 1))
            self.assert_connections(report, 3)
            self.assertEqual(report["commands"]["ping"]["count"], 5)
            for duration, latency in zip(self.durations(report), (0.020, 3 * 0.060, 0.020)):
                self.assertGreaterEqual(duration, 0.95 * latency)
            first_pings = self.durations(report, "Command")[:3]
            connections = [
                entry["end_time"] - entry["start_time"] for entry in self.entries(report)
            ]
            return self.differing(
                *(
                    ("client %d" % number, connection + first, seconds(ping))
                    for number, connection, first, ping in zip(
                        (2, 1, 3), connections, first_pings, pings
                    )
                )
            )

        self.best_of(attempt)

    def test_a_pool_over_tls_with_scram(self):
        """The clients that were used, and no others, connected; the server accepted the monitor's
        connection besides. The main thread's client waited for that one first.
        """

        def attempt():
            proxy = self.slow(self.tls)
            before = self.tls.connections()
            with self.steps() as steps:
                steps.all("pool " + with_options(proxy.uri, SCRAM), "pop")
                first, second = steps.all("ping"), steps.all("ping")
                steps.all("threads 3")
            report = self.outcome(steps)
            clients = {doc["cl"] for doc in self.log.of(CONNECTION)}
            self.assert_connections(report, len(clients))
            # a thread may find the client that another one gave back
            self.assertIn(len(clients), (2, 3, 4))
            self.assertEqual(self.tls.connections() - before, len(clients) + 1)
            self.assertGreaterEqual(min(self.durations(report)), 3 * 0.95 * LATENCY_MS / 1000)
            self.assertGreaterEqual(self.durations(report)[0], 4 * 0.95 * LATENCY_MS / 1000)
            entry = self.entries(report)[0]
            pings = self.durations(report, "Command")
            return self.differing(
                (
                    "connection and ping",
                    entry["end_time"] - entry["start_time"] + pings[0],
                    seconds(first),
                ),
                ("ping", pings[1], seconds(second)),
            )

        self.best_of(attempt)

    def test_the_account_is_in_no_output(self):
        with self.steps() as steps:
            steps.all("client " + with_options(self.tls.uri, SCRAM), "ping")
        self.outcome(steps)
        with open(steps.log, "rb") as file:
            texts = [file.read().decode("latin-1")]
        texts += [
            support.phasetap(*how, steps.log).stdout
            for how in (
                ("report",),
                ("summary", "--long", "-v"),
                ("summary", "--format", "classic"),
                ("dump", "--raw"),
            )
        ]
        for text in texts:
            self.assertGreater(len(text), 100)
            self.assertIsNone(re.search("masker|secret|tlsCAFile|SCRAM", text))


if __name__ == "__main__":
    unittest.main()
