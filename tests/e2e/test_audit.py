# SPDX-License-Identifier: Apache-2.0
"""`phasetap audit` proves of real logs that nothing else is in them, and does not of a log into
which something was put."""

import hashlib
import os
import re
import unittest

import bson

import support


class Audit(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.log = self.path("run.bson")
        with support.Peer() as peer:
            done = support.run(
                [support.target("work"), peer.uri, "50"],
                output=self.log,
                env={"PHASETAP_INTERVAL": "10ms", "PHASETAP_LIMITS": "1", "PHASETAP_LIMIT": "x"},
            )
        self.assertEqual(done.returncode, 0, done.stderr)

    def audit(self, status):
        done = support.phasetap("audit", self.log)
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        return done.stdout

    def add(self, document):
        """Appends a document, padded as the format asks."""
        data = bson.encode(document)
        missing = -len(data) % 8
        if missing:
            document["_" * (missing - 2 + 8 * (missing <= 2))] = None
        with open(self.log, "ab") as file:
            file.write(bson.encode(document))

    def test_a_real_log(self):
        text = self.audit(0)
        with open(self.log, "rb") as file:
            self.assertIn("SHA-256: " + hashlib.sha256(file.read()).hexdigest(), text)
        self.assertIn("File: mode 0600, owner %d" % os.getuid(), text)
        self.assertRegex(text, r"Manifest: format version \d+, phasetap \S+, program work, pid \d+")
        self.assertRegex(text, r"(?m)^  10 span: \d+ documents$")
        self.assertIn("Metadata chosen by the program (annotations): 0 documents", text)
        counted = sum(int(count) for count in re.findall(r": (\d+) documents$", text, re.M)[:-1])
        self.assertEqual(counted, int(re.search(r"all of the (\d+) documents", text).group(1)))

    def test_a_log_beyond_its_limit(self):
        """What was left out is in the totals, whose documents have a schema too."""
        os.unlink(self.log)
        with support.Peer() as peer:
            done = support.run(
                [support.target("work"), peer.uri, "3000"],
                output=self.log,
                env={"PHASETAP_LIMIT": "1M"},
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(self.audit(0), r"(?m)total: [1-9]\d* documents$")

    def test_a_log_with_annotations(self):
        os.unlink(self.log)
        done = support.run([support.target("annotate"), "nested"], output=self.log)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(self.audit(0), r"\(annotations\): [1-9]\d* documents")

    def test_what_was_put_into_it(self):
        for document, mention in (
            ({"k": 5, "version": "1", "patient": "Smith"}, "patient"),
            ({"k": 5, "version": bson.Binary(b"x")}, "binary"),
            ({"k": 77, "x": 1}, "unknown kind"),
        ):
            with self.subTest(mention=mention):
                with open(self.log, "rb") as file:
                    good = file.read()
                self.add(document)
                text = self.audit(1)
                self.assertIn("NOT IN THE SCHEMA", text)
                self.assertIn(mention, text)
                self.assertIn("Result: NOT PROVED", text)
                self.assertNotIn("Smith", text)
                with open(self.log, "wb") as file:
                    file.write(good)

    def test_damage_is_not_proved(self):
        """It begins with a document: inside a text it would be another text."""
        with open(self.log, "r+b") as file:
            data, at = file.read(), 0
            while at < len(data) * 3 // 4:
                at += int.from_bytes(data[at : at + 4], "little")
            file.seek(at)
            file.write(b"patient Smith was here, and is no document of any kind at all")
        self.assertIn("Not checked", self.audit(1))

    def test_modes_are_noted(self):
        os.chmod(self.log, 0o644)
        self.assertIn("Note: other users may have access", self.audit(0))

    def test_a_folder_above_that_everybody_can_write_is_noted(self):
        above = self.make_folder("above")
        os.mkdir(os.path.join(above, "logs"), 0o700)
        moved = os.path.join(above, "logs", "run.bson")
        os.rename(self.log, moved)
        self.log = moved
        self.assertNotIn("everybody", self.audit(0))
        os.chmod(above, 0o777)
        self.assertIn("Note: everybody can write to %s above" % above, self.audit(0))


if __name__ == "__main__":
    unittest.main()
