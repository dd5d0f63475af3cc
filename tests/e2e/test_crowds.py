# SPDX-License-Identifier: Apache-2.0
"""More clients, sessions, collections and leaked objects than any table holds at its start: every
count stays exact, and nothing is lost without being counted.
"""

import unittest

import support

THREADS = 8
CLIENTS = 2000
SESSIONS = 100000
COLLECTIONS = 100000
LEAKED = 40000

NAME, SPAN, CONNECTION = 3, 10, 11
INSERTION = 4  # phase of a span; one that checks an idle connection can stand beside it


class Crowds(support.EndToEnd):
    def crowd(self, mode, count, *peer_options):
        """The log of `crowd MODE COUNT` and its report."""
        log = self.path(mode + ".bson")
        with support.Peer(*peer_options) as peer:
            done = support.run(
                [support.target("crowd"), mode, str(count), peer.uri], output=log, timeout=240
            )
        self.assertEqual((done.returncode, done.stdout), (0, "0 failed\n"), done.stderr)
        self.good_log(log)
        report = self.report(log)
        self.assertEqual(self.not_followed(report), 0)
        return log, report

    def not_followed(self, report):
        return report["profiler"]["handles_not_followed"]

    def churn(self, mode):
        log, report = self.crowd(mode, CLIENTS)
        connections = support.read_log.Log(log).of(CONNECTION)
        self.assertEqual(len(connections), THREADS * CLIENTS)
        self.assertEqual(len({doc["cl"] for doc in connections}), THREADS * CLIENTS)
        self.assertEqual(report["phases"]["Database Connection"]["count"], THREADS * CLIENTS)

    def test_each_client_connects_once(self):
        self.churn("clients")

    def test_each_client_of_a_pool_connects_once(self):
        self.churn("pools")

    def test_a_hundred_thousand_sessions(self):
        log, report = self.crowd("sessions", SESSIONS, "--replica-set", "rs0")
        self.assert_insert_has_its_name(log)

    def test_a_hundred_thousand_collections(self):
        log, report = self.crowd("collections", COLLECTIONS)
        names = support.read_log.Log(log).of(NAME)
        kept = {doc["collection"] for doc in names if doc["class"] == "namespace"}
        self.assertEqual(kept, {"crowd%d" % i for i in range(COLLECTIONS)} | {"work"})
        self.assert_insert_has_its_name(log)
        dump = support.phasetap("dump", log).stdout
        self.assertIn('"targets.work"', dump, "the tool names ids beyond 65,535 too")

    def test_forty_thousand_leaked_collections(self):
        log, report = self.crowd("leaked", LEAKED)
        self.assert_insert_has_its_name(log)

    def assert_insert_has_its_name(self, path):
        """The one insert, made when all the others were there, has its namespace and client."""
        log = support.read_log.Log(path)
        (insert,) = [doc for doc in log.of(SPAN) if doc["ph"] == INSERTION]
        self.assertGreater(insert["ns"], 0, insert)
        self.assertGreater(insert["cl"], 0, insert)


if __name__ == "__main__":
    unittest.main()
