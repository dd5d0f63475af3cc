# SPDX-License-Identifier: Apache-2.0
"""What the tool writes: a private, complete file, and never over a log or a file of somebody else.

An unlucky -o costs a sentence and status 1, not a log of a run that nobody can repeat."""

import json
import os
import resource
import stat
import unittest

import support


class Output(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        """One log for all tests; each works on a copy."""
        cls.shared = support.EndToEnd("setUp")
        cls.shared.setUp()
        cls.addClassCleanup(cls.shared.doCleanups)
        path = cls.shared.path("run.bson")
        with support.Peer() as peer:
            done = support.run([support.target("work"), peer.uri, "50"], output=path)
        assert done.returncode == 0, done.stderr
        with open(path, "rb") as file:
            cls.good = file.read()

    def setUp(self):
        super().setUp()
        self.log = self.write("run.bson", self.good)

    def write(self, name, data, mode=0o644):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, mode)
        return path

    def content(self, path):
        with open(path, "rb") as file:
            return file.read()

    def refused(self, output, *options, mentions=(), **more):
        done = support.phasetap("report", self.log, "-o", output, *options, **more)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assert_sentence(done.stderr, *mentions)
        self.assertEqual([], [name for name in os.listdir(self.folder) if name[0] == "."])

    def written(self, output, *options):
        done = support.phasetap("report", self.log, "-o", output, *options)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual([], [name for name in os.listdir(self.folder) if name[0] == "."])
        with open(output, encoding="utf-8") as file:
            self.assertEqual(next(iter(json.load(file))), "report_timestamp")
        self.assertEqual(stat.S_IMODE(os.stat(output).st_mode), 0o600)

    def test_a_log_is_never_replaced(self):
        other = self.path("other name")
        os.link(self.log, other)
        for output, more in (
            (self.log, {}),
            (other, {}),
            ("run.bson", {"cwd": self.folder}),
        ):
            for options in ([], ["--force"]):
                with self.subTest(output=output, options=options):
                    self.refused(output, *options, mentions=[output, "log"], **more)
                    self.assertEqual(self.content(self.log), self.good)

    def test_a_log_found_in_a_folder_is_an_input_too(self):
        done = support.phasetap("report", self.folder, "-o", self.log, "--force")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.content(self.log), self.good)

    def test_standard_output_that_is_the_log(self):
        with open(self.log, "ab") as file:
            done = support.phasetap("report", self.log, stdout=file)
        self.assertEqual(done.returncode, 1)
        self.assert_sentence(done.stderr, "standard output")
        self.assertEqual(self.content(self.log), self.good)

    def test_another_file_is_replaced_only_with_force(self):
        for name, data in (("prod.json", b'{"mongo": 1}'), ("notes", b"precious\n")):
            with self.subTest(name=name):
                output = self.write(name, data)
                self.refused(output, mentions=[output, "--force"])
                self.assertEqual(self.content(output), data)
                self.written(output, "--force")

    def test_a_report_and_an_empty_file_are_replaced(self):
        self.written(self.path("new.json"))
        os.chmod(self.path("new.json"), 0o644)
        self.written(self.path("new.json"))
        self.written(self.write("empty.json", b""))

    def test_a_symbolic_link_is_not_followed(self):
        victim = self.write("victim", b"")
        for target in (victim, self.path("missing"), "/dev/null"):
            link = self.path("link.json")
            os.symlink(target, link)
            for options in ([], ["--force"]):
                with self.subTest(target=target, options=options):
                    self.refused(link, *options, mentions=[link, "symbolic link"])
            os.unlink(link)
        self.assertEqual(self.content(victim), b"")
        self.assertFalse(os.path.exists(self.path("missing")))

    def test_a_full_disk_keeps_what_was_there(self):
        output = self.path("report.json")
        self.written(output)
        before = self.content(output)
        self.refused(
            output,
            mentions=[output],
            restore_signals=False,  # the limit is an error, not a signal
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)),
        )
        self.assertEqual(self.content(output), before)

    def test_folders_that_are_made_are_private(self):
        output = self.path("a", "b", "report.json")
        self.written(output)
        for folder in (self.path("a"), self.path("a", "b")):
            self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)

    def test_pipes_and_descriptors(self):
        expected = support.phasetap("report", self.log, "--entries", "0").stdout
        script = '"$0" report "$1" --entries 0 -o >(cat) | cat'
        for command in (
            ["sh", "-c", '"$0" report "$1" --entries 0 -o /dev/stdout | cat'],
            ["bash", "-c", script],
            ["sh", "-c", 'mkfifo f; cat f & "$0" report "$1" --entries 0 -o f; wait'],
        ):
            with self.subTest(command=command):
                done = support.run([*command, support.PHASETAP, self.log], cwd=self.folder)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(
                    list(json.loads(done.stdout)["phases"]), list(json.loads(expected)["phases"])
                )


if __name__ == "__main__":
    unittest.main()
