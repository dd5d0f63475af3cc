# SPDX-License-Identifier: Apache-2.0
"""No protected text gets out: a canary goes through every place where a program hands data to the
driver, and is looked for in everything we write.
"""

import base64
import os
import signal
import stat
import subprocess
import unittest

import pymongo

import canaries
import support

CANARY = "Kanarienvogel7351"
PASSWORD = "Geheimwort9462"


class Privacy(support.EndToEnd):
    def everything_about(self, *logs):
        """Name -> bytes of every output that the tool makes of the logs, and the logs
        themselves."""
        found = {}
        for number, log in enumerate(logs):
            folder = self.make_folder("outputs%d" % number)
            outputs = canaries.outputs_of(self, log, folder)
            found |= {"%s of %s" % (name, log): data for name, data in outputs.items()}
        return found

    def assert_clean(self, found, *words):
        self.assertEqual(canaries.search(found, *words), [])

    def assert_private(self, *paths):
        for path in paths:
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600, path)

    def test_the_search_finds_every_form(self):
        text = "x" + CANARY + "y"
        for data in (
            text.encode(),
            text.upper().encode(),
            text.encode("utf-16-le"),
            text.encode("utf-16-be"),
            text.encode().hex().encode(),
            *(base64.b64encode(b"-" * before + text.encode()) for before in range(3)),
            text[::-1].encode(),
            base64.b64encode(text[::-1].encode()),
        ):
            self.assertTrue(canaries.search({"data": b"before" + data + b"after"}, CANARY), data)
        self.assertEqual(canaries.search({"data": CANARY[1:].encode()}, CANARY), [])

    def test_the_search_finds_what_was_planted(self):
        """A program that names a collection, a phase and metadata by the canary: there the search
        of the other tests must find it, in the log, the ring and all outputs."""
        log = self.path("run.bson")
        with support.Peer() as peer:
            found = self.held([support.target("named"), peer.uri, CANARY, "hold"], log)
        html = "report --html /dev/stdout -o /dev/null"
        for output in ("ring", "report", html, "dump", "dump --raw", "summary --long -v"):
            self.assertTrue(canaries.search({output: found[output]}, CANARY), output)
        for output in canaries.export_formats():
            name = "export --format %s of the killed" % output
            self.assertTrue(canaries.search({name: found[name]}, CANARY), name)
        self.assertEqual(support.phasetap("close", log).returncode, 0)
        self.assertTrue(canaries.search({"log": canaries.read(log)}, CANARY))
        self.assert_clean(found, CANARY + "secret")

    def held(self, arguments, log):
        """Outputs of a process that has done its work and waits, then is killed. Without a writer
        thread, so that its ring holds nearly everything."""
        victim = subprocess.Popen(
            arguments,
            env=support.clean_environment(
                LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log, PHASETAP_WRITER="0"
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        support.read_line(victim.stdout, 30, arguments[0])
        found = canaries.outputs_of(self, log, self.make_folder("running"))
        self.assertIn("ring", found)
        victim.send_signal(signal.SIGKILL)
        victim.wait(10)
        victim.stdin.close()
        victim.stdout.close()
        killed = canaries.outputs_of(self, log, self.make_folder("killed"))
        found |= {name + " of the killed": data for name, data in killed.items()}
        self.assertIn("ring of the killed", found)
        return found

    def test_a_process_that_was_killed(self):
        log = self.path("run.bson")
        with support.Peer("--store") as peer:
            secrets = [support.target("secrets"), peer.uri, CANARY, "--password=" + PASSWORD]
            found = self.held([*secrets, "hold"], log)
        self.assert_clean(found, CANARY, PASSWORD)

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
        found["messages of run"] = done.stderr.encode()
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
