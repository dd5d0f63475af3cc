# SPDX-License-Identifier: Apache-2.0
"""The one-screen summary on a terminal and in a pipe: width, colours, streams, exit status."""

import errno
import json
import os
import pty
import re
import subprocess
import unittest

import support

WIDTHS = (59, 60, 80, 100, 140, 160)
ESCAPE = re.compile(r"\x1b\[\d*m")


def on_terminal(*arguments, **environment):
    """What `phasetap summary` shows on a terminal. Standard error is a pipe."""
    leader, follower = pty.openpty()
    env = {**support.clean_environment(), "TERM": "xterm", **environment}
    with subprocess.Popen(
        [support.PHASETAP, "summary", *arguments],
        stdout=follower,
        stderr=subprocess.PIPE,
        env=env,
    ) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError as error:  # the other end was closed
                if error.errno != errno.EIO:
                    raise
                break
            if not piece:
                break
            shown += piece
        os.close(leader)
        told = process.stderr.read().decode()
    return process.returncode, shown.decode().replace("\r\n", "\n"), told


class Summary(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.log = self.path("run.bson")
        with support.Peer() as peer:
            done = support.run([support.target("work"), peer.uri, "120"], output=self.log)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.report = json.loads(support.phasetap("report", self.log).stdout)

    def lines(self, width, *arguments):
        status, shown, told = on_terminal(*arguments, self.log, COLUMNS=str(width), NO_COLOR="1")
        self.assertEqual((status, told), (0, ""))
        return shown.splitlines()

    def test_every_width(self):
        """No line is wider than the terminal or ends in blanks, and each width shows all facts."""
        counts = {
            name: phase["count"] for name, phase in self.report["phases"].items() if phase["count"]
        }
        for width in WIDTHS:
            lines = self.lines(width, "--long")
            for line in lines:
                self.assertLessEqual(len(line), width, line)
                self.assertEqual(line, line.rstrip())
            text = "\n".join(lines)
            self.assertNotRegex(text, r"\b0\.00 s")
            for name, count in counts.items():
                self.assertRegex(text, r"(?m)^%s(\s+|\n  )%d\b" % (name, count))

    def test_columns_join_and_never_leave(self):
        heads = []
        for width in WIDTHS[1:]:
            (head,) = [line.split() for line in self.lines(width) if line.startswith("Phase ")]
            heads.append(head)
        for narrow, wide in zip(heads, heads[1:]):
            self.assertLessEqual(set(narrow), set(wide))
        self.assertLessEqual({"calls", "documents", "time", "share", "max"}, set(heads[1]))

    def test_a_pipe_is_plain_and_the_same_bytes(self):
        outputs = set()
        for width in WIDTHS:
            done = support.phasetap(
                "summary", self.log, env={"COLUMNS": str(width), "TERM": "xterm"}
            )
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            outputs.add(done.stdout)
        (text,) = outputs
        self.assertTrue(text.isascii())
        self.assertNotIn("\x1b", text)

    def test_colours(self):
        _, coloured, _ = on_terminal(self.log)
        self.assertRegex(coloured, ESCAPE)
        self.assertLessEqual(set(ESCAPE.findall(coloured)),
                             {"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[36m"})
        _, plain, _ = on_terminal(self.log, NO_COLOR="1")
        self.assertEqual(ESCAPE.sub("", coloured), plain)
        for arguments, environment in (
            (("--color=never",), {}), ((), {"TERM": "dumb"}), ((), {"NO_COLOR": "yes"})
        ):
            _, shown, _ = on_terminal(*arguments, self.log, **environment)
            self.assertEqual(shown, plain)
        piped = support.phasetap("summary", "--color=always", self.log).stdout
        self.assertRegex(piped, ESCAPE)

    def test_the_parts_add_up(self):
        for arguments in ((), ("--long",)):
            text = support.phasetap("summary", *arguments, self.log).stdout
            block = text.split("Where the time went", 1)[1].split("\n\n")[0].splitlines()[1:]
            rows = [re.match(r"  . .*?(\d+\.\d) %", line) for line in block]
            shares = [round(float(row.group(1)) * 10) for row in rows if row is not None]
            self.assertEqual(sum(shares), 1000, text)

    def test_json_has_the_facts_of_the_report(self):
        done = support.phasetap("summary", "--json", self.log)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        found = json.loads(done.stdout)
        for phase in found["phases"]:
            told = self.report["phases"][phase["phase"]]
            self.assertEqual(
                (phase["calls"], phase["documents"], phase["bytes"], phase["failed"]),
                tuple(told[key] for key in ("count", "documents", "bytes", "failed")),
            )
            self.assertEqual(phase["seconds"], told["total_duration"])
        for key in ("insights", "insights_left_out", "checks_without_finding", "retries"):
            self.assertEqual(found[key], self.report[key])
        self.assertEqual(found["run"]["seconds"], self.report["total_runtime_seconds"])

    def test_brief_and_the_list_of_checks(self):
        whole = support.phasetap("summary", self.log).stdout.splitlines()
        brief = support.phasetap("summary", "--brief", self.log).stdout.splitlines()
        self.assertEqual(brief[:2], whole[:2])
        self.assertLess(len(brief), 10)
        checks = support.phasetap("summary", "-v", self.log).stdout
        self.assertEqual(
            len(re.findall(r"(?m)^  - ", checks)), len(self.report["checks_without_finding"])
        )

    def test_wrong_options(self):
        for arguments in (
            ("--format", "html"),
            ("--sort", "colour"),
            ("--top", "0"),
            ("--top", "many"),
            ("--color", "red"),
            ("--format", "classic", "--json"),
        ):
            done = support.phasetap("summary", *arguments, self.log)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assert_sentence(done.stderr, arguments[0])


if __name__ == "__main__":
    unittest.main()
