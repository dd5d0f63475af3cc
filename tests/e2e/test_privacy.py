# SPDX-License-Identifier: Apache-2.0
"""No protected text gets out: a canary goes through every place where a program hands data to the
driver, and is looked for in everything we write.
"""

import os
import stat
import unittest

import pymongo

import support

CANARY = "Kanarienvogel7351"
PASSWORD = "Geheimwort9462"


class Privacy(support.EndToEnd):
    def everything_about(self, *logs):
        """Name -> text of every output that the tool makes of the logs, and the logs themselves."""
        found = {os.path.basename(log): open_bytes(log) for log in logs}
        summaries = (("summary", "--long", "-v"), ("summary", "--json"),
                     ("summary", "--format", "classic"))
        for command in (("report",), *summaries, ("dump",), ("dump", "--raw")):
            for log in logs:
                done = support.phasetap(*command, log)
                self.assertEqual(done.returncode, 0, done.stderr)
                found["%s %s" % (" ".join(command), os.path.basename(log))] = (
                    done.stdout + done.stderr
                ).encode()
        return found

    def assert_clean(self, found, *words):
        for name, text in found.items():
            self.assertGreater(len(text), 100, name)
            for word in words:
                for spelling in (word, word.lower(), word.encode().hex()):
                    self.assertNotIn(spelling.encode(), text, "%s in %s" % (spelling, name))

    def assert_private(self, *paths):
        for path in paths:
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600, path)

    def test_every_way_into_the_driver(self):
        """Documents, filters, _id, commands, index options, error texts of the server and the
        driver, URI, argv, environment.
        """
        log = self.path("run.bson")
        done = support.run(
            [support.target("secrets"), support.server_uri(), CANARY, "--password=" + PASSWORD],
            output=log,
            env={"SECRET_OF_THE_PROGRAM": PASSWORD},
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        own = self.good_log(log)
        self.assertIn(11000, [doc["code"] for doc in own.of(15)])
        self.assert_clean(self.everything_about(log), CANARY, PASSWORD)
        self.assert_private(log)

    def test_the_same_against_the_peer(self):
        log = self.path("run.bson")
        with support.Peer("--store") as peer:
            support.run(
                [support.target("secrets"), peer.uri, CANARY, "--password=" + PASSWORD], output=log
            )
        self.assert_clean(self.everything_about(log), CANARY, PASSWORD)

    def patients(self):
        """Patients all of whose text is a canary."""
        return [
            {
                "_id": "%s-%d" % (CANARY, number),
                "mrn": CANARY,
                "ssn": CANARY,
                "name": {"given": CANARY, "family": CANARY},
                "notes": CANARY,
                "email": CANARY,
                "contacts": [{"name": CANARY, "phone": CANARY}],
                CANARY + "field": CANARY,
            }
            for number in range(300)
        ]

    def test_a_masking_run(self):
        database = "privacy"
        with pymongo.MongoClient(support.server_uri()) as client:
            client.drop_database(database)
            client[database].patients.insert_many(self.patients())
        logs = []
        for mode, more in (("copy", ()), ("copy", ("--workers", "2")), ("in-place", ())):
            log = self.path("run%d.bson" % len(logs))
            # The second copy meets the first one's documents: every insert is a duplicate key, told
            # by its whole document.
            status = 0 if not more else None
            done = support.run(
                [
                    support.MASKER,
                    "--uri",
                    support.server_uri(),
                    "--db",
                    database,
                    "--mode",
                    mode,
                    "--rules",
                    support.RULES,
                    "--collections",
                    "patients",
                    *more,
                ],
                output=log,
            )
            self.assertTrue(status is None or done.returncode == status, done.stderr)
            logs.append(log)
        self.assertTrue(
            support.read_log.Log(logs[1]).of(15), "the second copy was to fail on duplicate keys"
        )
        self.assert_clean(self.everything_about(*logs), CANARY)
        self.assert_private(*logs)

    def test_the_tool_keeps_the_secret_too(self):
        """`phasetap run` sees argv and URI; neither its messages nor its files repeat them."""
        log = self.path("run.bson")
        with support.Peer() as peer:
            done = support.phasetap(
                "run",
                "-o",
                log,
                "--",
                support.target("secrets"),
                peer.uri,
                CANARY,
                "--password=" + PASSWORD,
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        found = self.everything_about(log)
        found["messages of run"] = (done.stderr + " " * 100).encode()
        self.assert_clean(found, CANARY, PASSWORD)
        report = self.path("report.json")
        self.assertEqual(support.phasetap("report", log, "-o", report).returncode, 0)
        self.assert_private(log, report)

    def test_a_permissive_umask_opens_nothing(self):
        log = self.path("run.bson")
        with support.Peer() as peer:
            done = support.run([support.target("work"), peer.uri, "5"], output=log, umask=0)
        self.assertEqual(done.returncode, 0)
        self.assert_private(log)


def open_bytes(path):
    with open(path, "rb") as file:
        return file.read()


if __name__ == "__main__":
    unittest.main()
