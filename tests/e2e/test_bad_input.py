# SPDX-License-Identifier: Apache-2.0
"""Whatever the tool is given, it says one clear sentence, leaves with the documented status and
never crashes.

Statuses: 0 good (what was readable of a damaged log is reported, with a warning), 1 output could
not be written, 2 wrong usage or unreadable input.
"""

import json
import os
import random
import subprocess
import unittest

import support

READERS = ("report", "summary", "dump")


class BadInput(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        """One good log of a few chunks for all tests."""
        cls.shared = support.EndToEnd("setUp")
        cls.shared.setUp()
        cls.addClassCleanup(cls.shared.doCleanups)
        cls.log = cls.shared.path("good.bson")
        with support.Peer() as peer:
            done = support.run([support.target("work"), peer.uri, "500"], output=cls.log)
        assert done.returncode == 0, done.stderr
        with open(cls.log, "rb") as file:
            cls.good = file.read()
        assert len(cls.good) > 2 * 65536, "the log is too short for these tests"

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def refused(self, status, *arguments, mentions=(), **more):
        done = support.phasetap(*arguments, **more)
        self.assertEqual(done.returncode, status, (arguments, done.stderr))
        self.assert_sentence(done.stderr, *mentions)
        return done

    def test_files_that_are_no_log(self):
        cases = {
            "empty.bson": b"",
            "text.bson": b"no log at all, but text\n" * 9,
            "zeros.bson": bytes(70000),
            "one.bson": b"\x10",
            "bson.bson": bytes.fromhex("10000000106b0001000000" + "0a5f0000" + "00"),
            "version.bson": self.good.replace(b"\x10version\0\x02", b"\x10version\0\x63", 1),
            "head.bson": self.good[:40],
        }
        for name, data in cases.items():
            path = self.write(name, data)
            for command in READERS + ("audit",):
                with self.subTest(file=name, command=command):
                    self.assertEqual(self.refused(2, command, path, mentions=[name]).stdout, "")

    def test_places_that_cannot_be_read(self):
        os.mkdir(self.path("nothing"))
        for path in (
            self.path("missing.bson"),
            self.path("nothing"),
            "/dev/null",
            self.path("missing", "run.bson"),
        ):
            for command in READERS + ("audit",):
                with self.subTest(path=path, command=command):
                    self.refused(2, command, path, mentions=[path])

    def test_a_file_without_permission(self):
        path = self.write("secret.bson", self.good)
        os.chmod(path, 0)
        done = support.run(support.without_privileges(support.PHASETAP, "report", path))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assert_sentence(done.stderr, "secret.bson")

    def partly_readable(self, path, command):
        """Status 0, a warning, and the readable part on standard output."""
        done = support.phasetap(command, path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_truncated_logs_report_what_is_there(self):
        cuts = [
            20000,
            65536 - 8,
            65536,
            65536 + 4,
            65536 + 12,
            100001,
            len(self.good) - 1,
            len(self.good) - 4096,
        ]
        for cut in cuts:
            path = self.write("cut.bson", self.good[:cut])
            for command in READERS:
                with self.subTest(cut=cut, command=command):
                    done = self.partly_readable(path, command)
                    if command == "report":
                        report = json.loads(done.stdout)
                        self.assertGreater(report["profiler"]["events"], 0)
                    self.assertNotEqual(done.stdout, "")

    def test_a_truncated_log_has_the_events_before_the_cut(self):
        path = self.write("cut.bson", self.good[: 65536 + 4100])
        own = support.read_log.Log(path)
        done = support.phasetap("dump", "--raw", path)
        self.assertEqual(len(done.stdout.splitlines()), len(own.documents))
        self.assertEqual(
            [json.loads(line) for line in done.stdout.splitlines()][-1].get("t"),
            own.documents[-1].get("t"),
        )
        self.assert_sentence(done.stderr, "cut.bson")

    def test_corrupted_logs(self):
        """200 logs with random bytes: a report or a sentence, never a crash, never text that is no
        JSON."""
        chance = random.Random(20250104)
        for number in range(200):
            data = bytearray(self.good[: 3 * 65536])
            for _ in range(chance.choice((1, 3, 30, 1000))):
                data[chance.randrange(len(data) if number % 2 else 3000)] = chance.randrange(256)
            path = self.write("corrupt.bson", data)
            command = READERS[number % 3]
            with self.subTest(number=number, command=command):
                done = support.phasetap(command, path, timeout=20)
                self.assertIn(done.returncode, (0, 2), done.stderr)
                if done.returncode == 2:
                    self.assert_sentence(done.stderr, "corrupt.bson")
                elif command == "report":
                    json.loads(done.stdout, parse_constant=self.fail)
                elif command == "dump":
                    self.assertTrue(
                        [
                            json.loads(line, parse_constant=self.fail)
                            for line in done.stdout.splitlines()
                        ]
                    )

    def test_pages_of_corrupted_logs(self):
        chance = random.Random(20261125)
        for number in range(40):
            data = bytearray(self.good[: 3 * 65536])
            for _ in range(chance.choice((3, 30, 1000))):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path = self.write("corrupt.bson", data)
            with self.subTest(number=number):
                done = support.phasetap("report", path, "--html", "-", timeout=20)
                self.assertIn(done.returncode, (0, 2), done.stderr)
                if done.returncode == 0:
                    begin = done.stdout.index('id="data">') + len('id="data">')
                    island = done.stdout[begin : done.stdout.index("</script>", begin)]
                    json.loads(island, parse_constant=self.fail)

    def test_both_readers_agree_on_corrupted_logs(self):
        """Lengths are what the walk depends on: wrong ones are damage, zeros a chunk not begun, the
        chunk's rest a torn event.
        """
        chance, offsets = random.Random(7), support.read_log.Log(self.log).offsets
        for number in range(30):
            data = bytearray(self.good)
            for offset in chance.sample(offsets[2:], 3):
                left = 65536 - offset % 65536
                wrong = chance.choice(
                    (0, left, 4, left - 4, left + 8, 1 << 31, chance.randrange(1 << 32))
                )
                data[offset : offset + 4] = wrong.to_bytes(4, "little")
            path = self.write("corrupt.bson", data)
            with self.subTest(number=number):
                own = support.read_log.Log(path)
                profiler = self.report(path)["profiler"]
                self.assertEqual(
                    (profiler["torn_events"], profiler["damaged_bytes"]), (own.torn, own.damaged)
                )

    def test_output_that_cannot_be_written(self):
        for output in (os.path.join(self.log, "report.json"), self.folder, "/proc/report.json"):
            with self.subTest(output=output):
                self.refused(1, "report", self.log, "-o", output, mentions=[output])

    def test_folders_of_the_output_are_made(self):
        """As the original did."""
        output = self.path("reports", "of today", "report.json")
        self.assertEqual(support.phasetap("report", self.log, "-o", output).returncode, 0)
        self.assertTrue(os.path.exists(output))

    def test_full_standard_output(self):
        for command in READERS:
            with self.subTest(command=command), open("/dev/full", "w", encoding="utf-8") as full:
                self.refused(1, command, self.log, stdout=full)

    def test_a_report_into_a_full_disk_is_a_failure(self):
        self.refused(1, "report", self.log, "-o", "/dev/full", mentions=["/dev/full"])

    def test_closed_standard_output(self):
        done = subprocess.run(
            ["sh", "-c", '"$0" report "$1" >&-', support.PHASETAP, self.log],
            env=support.clean_environment(),
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=20,
            check=False,
        )
        self.assertEqual(done.returncode, 1, done.stderr)

    def test_a_reader_that_goes_away_is_no_crash(self):
        done = subprocess.run(
            [
                "bash",
                "-c",
                '"$0" dump "$1" | head -n 1; exit ${PIPESTATUS[0]}',
                support.PHASETAP,
                self.log,
            ],
            env=support.clean_environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=20,
            check=False,
        )
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertIn(done.returncode, (0, 1, 141))
        self.assertLessEqual(len(done.stderr.splitlines()), 1)

    def test_wrong_options(self):
        for command in READERS + ("audit", "check"):
            with self.subTest(command=command):
                self.refused(2, command, "--no-such-option", mentions=["--no-such-option"])
                self.refused(2, command)
        self.refused(2, "report", self.log, "-o")
        self.refused(2, "no-such-command", mentions=["no-such-command"])
        self.refused(125, "run", "--no-such-option", "--", "true", mentions=["--no-such-option"])
        self.refused(125, "run")
        self.refused(125, "run", "--")
        self.refused(125, "run", "--interval", "soon", "--", "true", mentions=["interval"])

    def test_nothing_given(self):
        done = support.phasetap()
        self.assertEqual(done.returncode, 2)
        self.assertIn("report", done.stderr + done.stdout)

    def test_a_good_log_beside_a_bad_one(self):
        """A file that is no log is named and ends the command: a merged report that lacks a process
        would be untrue."""
        done = support.phasetap("report", self.log, self.write("bad.bson", b"bad"))
        self.assertEqual(done.returncode, 2)
        self.assert_sentence(done.stderr, "bad.bson")


if __name__ == "__main__":
    unittest.main()
