# SPDX-License-Identifier: Apache-2.0
"""Connections that do not come about, and those that are lost: refused, not resolved, silent, not
trusted, with a wrong password, reset in the middle. Each is one failed connection with the code of
the driver's error, and takes what the program's own clock says.
"""

import socket
import unittest

import support
from connecting import (
    AUTHENTICATE,
    CLIENT,
    NO_SERVER,
    SERVER_SELECTION,
    SOCKET,
    STREAM,
    ConnectionCase,
    FerretDB,
    Proxy,
    Toxiproxy,
    free_port,
    seconds,
    with_options,
)

SCRAM = "authMechanism=SCRAM-SHA-256"
WRONG_PASSWORD = "Falschwort5173"
SILENCE_MS = 250


class Failing(ConnectionCase):
    def failed_once(self, uri, make="client", error=(SERVER_SELECTION, NO_SERVER), at_least_s=0.0):
        """The only operation cannot connect: one failed connection, which shows the code and took
        the program's time; nothing was sent, so nothing of it is work of the driver or of a
        command.
        """

        def attempt():
            with self.steps() as steps:
                steps.all("%s %s" % (make, uri), *(["pop"] if make == "pool" else []))
                ping = steps("ping")
            self.assertEqual((ping.good, ping.domain, ping.code), (False, *error))
            report = self.outcome(steps)
            self.assert_connections(report, 0, failed=1)
            self.assert_all_failed_with(report, error[1])
            self.assertEqual(self.errors(report), {error: 1})
            self.assertEqual(report["phases"]["Command"]["failed"], 1)
            self.assertGreaterEqual(self.durations(report)[0], at_least_s)
            entry, parts = self.entries(report)[0], self.parts(report)
            return self.differing(
                ("connection", entry["end_time"] - entry["start_time"], seconds(ping)),
                ("partition", parts["connection"], entry["duration_seconds"]),
                ("driver work", parts["driver"], 0.0),
                ("commands", sum(self.durations(report, "Command")), 0.0),
            )

        self.best_of(attempt)


class WithoutServer(Failing):
    def test_refused(self):
        self.failed_once("mongodb://127.0.0.1:%d/" % free_port())

    def test_refused_to_a_pool(self):
        """The monitor tries in vain until the time for the selection is over."""
        uri = "mongodb://127.0.0.1:%d/?serverSelectionTimeoutMS=%d" % (free_port(), SILENCE_MS)
        self.failed_once(uri, make="pool", at_least_s=0.95 * SILENCE_MS / 1000)

    def test_no_such_unix_socket(self):
        self.failed_once("mongodb://%s/" % self.path("nobody.sock").replace("/", "%2F"))

    def test_unresolvable(self):
        self.failed_once("mongodb://nowhere.phasetap.invalid/")

    def test_a_server_that_never_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            uri = "mongodb://127.0.0.1:%d/?connectTimeoutMS=%d" % (
                silent.getsockname()[1],
                SILENCE_MS,
            )
            self.failed_once(uri, at_least_s=0.95 * SILENCE_MS / 1000)

    def test_every_try_counts(self):
        with self.steps() as steps:
            steps.all("client mongodb://127.0.0.1:%d/" % free_port())
            self.assertEqual(
                [steps(text).good for text in ("ping", "find nothing", "insert")], 3 * [False]
            )
        report = self.outcome(steps)
        self.assert_connections(report, 0, failed=3)
        self.assertEqual(self.errors(report), {(SERVER_SELECTION, NO_SERVER): 3})

    def test_an_srv_name_that_does_not_resolve(self):
        """The constructor looks it up and gives no client: that is the failed connection."""

        def attempt():
            with self.steps() as steps:
                # unused; the recording starts with the first call
                steps.all("client mongodb://127.0.0.1:1/")
                made = steps("client mongodb+srv://nowhere.phasetap.invalid/")
            self.assertFalse(made.good)
            report = self.outcome(steps)
            self.assert_connections(report, 0, failed=1)
            return self.differing(("connection", self.durations(report)[0], seconds(made)))

        self.best_of(attempt)


class WrongPassword(Failing):
    @classmethod
    def setUpClass(cls):
        cls.tls = cls.keep(FerretDB("--tls", "--auth"))
        cls.unix = cls.keep(FerretDB("--unix", "--auth"))

    def refused(self, server, make, mechanism=SCRAM):
        uri = with_options(server.uri.replace("secret", WRONG_PASSWORD), mechanism)
        self.failed_once(uri, make, error=(CLIENT, AUTHENTICATE))

    def test_over_tls(self):
        self.refused(self.tls, "client")

    def test_over_tls_from_a_pool(self):
        self.refused(self.tls, "pool")

    def test_by_a_unix_socket(self):
        self.refused(self.unix, "client")

    def test_by_a_unix_socket_with_sha_1(self):
        self.refused(self.unix, "client", "authMechanism=SCRAM-SHA-1")

    def test_the_password_is_in_no_output(self):
        with self.steps() as steps:
            steps.all(
                "client " + with_options(self.tls.uri.replace("secret", WRONG_PASSWORD), SCRAM)
            )
            self.assertFalse(steps("ping").good)
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
            self.assertNotIn(WRONG_PASSWORD, text)
            self.assertNotIn("masker", text)

    def test_a_certificate_that_is_not_trusted(self):
        uri = self.tls.uri.replace("masker:secret@", "").split("&tlsCAFile=")[0]
        self.failed_once(uri)


class Lost(ConnectionCase):
    """Between the program and a peer that counts connections: one is lost, the next operation makes
    a new one."""

    @classmethod
    def setUpClass(cls):
        cls.toxiproxy = cls.keep(Toxiproxy())
        cls.peer = cls.keep(support.Peer("--store", "--collection", "targets.patients=300:200"))

    def setUp(self):
        super().setUp()
        self.proxy = Proxy(self.toxiproxy, self.peer.uri)

    def lost_and_found(self, disturb, heal, options="", lost_s=0.0):
        """ping, disturbance, ping that fails, end of it, ping that reconnects. Held against the
        peer's count of connections and the program's clock.
        """

        def attempt():
            before = self.peer.totals()["connections"]
            with self.steps() as steps:
                steps.all("client " + with_options(self.proxy.uri, options or "appname=lost"))
                steps.all("ping")
                disturb()
                lost = steps("ping")
                heal()
                again = steps.all("ping")
            self.assertEqual((lost.good, lost.domain, lost.code), (False, STREAM, SOCKET))
            report = self.outcome(steps)
            self.assertEqual(self.peer.totals()["connections"] - before, 2)
            self.assert_connections(report, 2)
            self.assertEqual(self.errors(report), {(STREAM, SOCKET): 1})
            self.assertEqual(
                (report["commands"]["ping"]["count"], report["commands"]["ping"]["failed"]), (3, 1)
            )
            pings = self.durations(report, "Command")
            self.assertGreaterEqual(pings[1], lost_s)
            return self.differing(
                ("lost ping", pings[1], seconds(lost)),
                (
                    "waiting for the next scan, reconnecting and ping",
                    self.waited_for_server(report) + self.durations(report)[1] + pings[2],
                    seconds(again),
                ),
            )

        self.best_of(attempt)

    def test_reset_in_the_middle(self):
        self.lost_and_found(
            lambda: self.proxy.toxic("reset_peer", timeout=0), lambda: self.proxy.heal("reset_peer")
        )

    def test_cut_between_two_operations(self):
        def cut_for_a_moment():
            self.proxy.cut()
            self.proxy.restore()

        self.lost_and_found(cut_for_a_moment, lambda: None)

    def test_an_answer_that_does_not_come(self):
        self.lost_and_found(
            lambda: self.proxy.toxic("timeout", timeout=0),
            lambda: self.proxy.heal("timeout"),
            options="socketTimeoutMS=%d" % SILENCE_MS,
            lost_s=0.95 * SILENCE_MS / 1000,
        )

    def test_down_for_a_while(self):
        """A pool's client is refused until the server is back: a failed connection, then one that
        succeeds."""
        before = self.peer.totals()["connections"]
        self.proxy.cut()
        with self.steps() as steps:
            steps.all(
                "pool " + with_options(self.proxy.uri, "serverSelectionTimeoutMS=%d" % SILENCE_MS),
                "pop",
            )
            refused = steps("ping")
            self.proxy.restore()
            for _ in range(40):  # the monitor looks every half second
                again = steps("ping")
                if again.good:
                    break
        self.assertTrue(again.good)
        report = self.outcome(steps)
        self.assertEqual((refused.domain, refused.code), (SERVER_SELECTION, NO_SERVER))
        told = report["connections"]
        self.assertEqual(told["established"], 1)
        self.assertEqual(self.errors(report), {(SERVER_SELECTION, NO_SERVER): told["failed"]})
        # the monitor's, and the client's
        self.assertEqual(self.peer.totals()["connections"] - before, 2)
        self.assertGreaterEqual(self.durations(report)[0], 0.95 * SILENCE_MS / 1000)


if __name__ == "__main__":
    unittest.main()
