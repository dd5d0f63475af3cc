# SPDX-License-Identifier: Apache-2.0
"""Manual pages and completion, which the build makes from the tables behind --help: they hold what
--help holds, are sound, and work in the shells.
"""

import glob
import os
import pty
import re
import select
import shutil
import signal
import time
import unittest

import support

MANUAL = os.path.join(support.BUILD, "manual")
OPTION = re.compile(r"^  (?:-\w, )?(--[a-z-]+)(?: ([A-Z:]+))? ", re.M)


def load_tests(loader, tests, pattern):
    """Nothing here depends on the driver of the programs that are recorded."""
    del loader, pattern
    return unittest.TestSuite() if support.DRIVER else tests


def commands():
    listed = support.phasetap("--help").stdout.split("Commands:\n")[1]
    return re.findall(r"^  (\w+) ", listed, re.M)


def options(command):
    """[(--name, what its value is called or '')]"""
    text = support.phasetap(command, "--help").stdout.split("\nOptions:\n")[1].split("\n\n")[0]
    return OPTION.findall(text)


def page(name):
    with open(os.path.join(MANUAL, "man1", name + ".1"), encoding="utf-8") as file:
        return file.read()


class Help(unittest.TestCase):
    def test_it_fits_80_columns(self):
        for command in commands():
            with self.subTest(command=command):
                text = support.phasetap(command, "--help").stdout.split("\nOptions:\n")[1]
                self.assertEqual([line for line in text.splitlines() if len(line) > 80], [])


class Pages(unittest.TestCase):
    def test_there_is_one_for_the_tool_and_each_command(self):
        pages = sorted(os.path.basename(path) for path in glob.glob(MANUAL + "/man1/*"))
        named = ["phasetap-%s.1" % command for command in commands()]
        self.assertGreater(len(named), 8)
        self.assertEqual(pages, sorted([*named, "phasetap.1"]))

    def test_they_hold_every_option_and_command(self):
        for command in commands():
            with self.subTest(command=command):
                text = page("phasetap-" + command).replace("\\-", "-")
                found = options(command)
                self.assertIn(("--help", ""), found)
                for name, argument in found:
                    value = r" \\fI%s\\fR" % argument if argument else ""
                    self.assertRegex(text, r"(?m)^(\\fB-\w\\fR, )?\\fB%s\\fR%s$" % (name, value))
                self.assertIn("\\fB%s\\fR\n" % command, page("phasetap"))

    def test_mandoc_finds_nothing_to_mend(self):
        if shutil.which("mandoc") is None:
            self.skipTest("mandoc is not installed")
        pages = glob.glob(MANUAL + "/man1/*.1")
        done = support.run(["mandoc", "-Tlint", "-Wwarning", *pages])
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        shown = support.run(["mandoc", "-Tascii", MANUAL + "/man1/phasetap-run.1"])
        text = re.sub(".\b", "", shown.stdout)
        self.assertIn("-o, --output LOG", text)
        self.assertIn("EXIT STATUS", text)


class Shell:
    """An interactive shell at a terminal, in which lines are typed."""

    def __init__(self, arguments, environment, setup):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execvpe(arguments[0], arguments, environment)
        self.seen = ""
        self.send(setup + "; printf '<%s>' read''y\r")
        self.until("<ready>")

    def send(self, text):
        os.write(self.terminal, text.encode())

    def until(self, pattern, seconds=60):
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.seen):
            ready, _, _ = select.select([self.terminal], [], [], deadline - time.monotonic())
            if not ready:
                raise RuntimeError("the shell did not answer: %r" % self.seen)
            self.seen += os.read(self.terminal, 4096).decode(errors="replace")
        found, self.seen = re.search(pattern, self.seen), ""
        return found.group(0)

    def completed(self, line):
        """The words of the line after a tab: printed by a command that is put before them."""
        self.send(line + "\t\x01printf '<%s>' \x05 'EN''D'\r")
        words = re.findall("<([^>]*)>", self.until("<phasetap>.*<END>"))
        return " ".join(words[1:-1])

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


class Completion(support.EndToEnd):
    CASES = (
        ("phasetap summ", "summary"),
        ("phasetap summary --col", "summary --color"),
        ("phasetap summary --sort docu", "summary --sort documents"),
        ("phasetap run --ring mem", "run --ring memory"),
        ("phasetap export --format spee", "export --format speedscope"),
        ("phasetap report only-o", "report only-one.bson"),
        ("phasetap report -o some-t", "report -o some-text"),
        ("phasetap completion fi", "completion fish"),
        ("phasetap help aud", "help audit"),
        ("phasetap check program-t", "check program-to-run"),
        ("phasetap run --audit -- program-t", "run --audit -- program-to-run"),
        ("phasetap run -qo some-text only-other some-t", "run -qo some-text only-other some-text"),
    )

    def setUp(self):
        super().setUp()
        for name in ("only-one.bson", "only-other", "some-text"):
            with open(self.path(name), "w", encoding="utf-8"):
                pass
        program = self.path("program-to-run")
        shutil.copy("/bin/true", program)
        path = self.folder + ":" + os.path.dirname(support.PHASETAP) + ":" + os.environ["PATH"]
        self.environment = support.clean_environment(
            PATH=path, HOME=self.folder, TERM="dumb", PS1="> ", XDG_CONFIG_HOME=None
        )

    def check_typed(self, arguments, setup):
        shell = Shell(arguments, self.environment, "cd '%s'; %s" % (self.folder, setup))
        self.addCleanup(shell.close)
        for typed, expected in self.CASES:
            with self.subTest(typed=typed):
                self.assertEqual(shell.completed(typed), expected)

    def test_bash(self):
        setup = "source '%s/phasetap.bash'" % MANUAL
        self.check_typed(["bash", "--norc", "--noprofile", "-i"], setup)

    def test_zsh(self):
        if shutil.which("zsh") is None:
            self.skipTest("zsh is not installed")
        setup = "autoload -Uz compinit; compinit -u -D; bindkey -e; source '%s/_phasetap'" % MANUAL
        self.check_typed(["zsh", "-f", "-i"], setup)

    def test_fish(self):
        if shutil.which("fish") is None:
            self.skipTest("fish is not installed")
        for typed, expected in self.CASES:
            with self.subTest(typed=typed):
                script = "source '%s/phasetap.fish'; complete -C '%s'" % (MANUAL, typed)
                done = support.run(
                    ["fish", "--no-config", "-c", script], env=self.environment, cwd=self.folder
                )
                offered = [line.split("\t")[0] for line in done.stdout.splitlines()]
                if expected.endswith(".bson"):
                    offered = offered[:1]  # fish offers other files, too, behind the logs
                self.assertEqual(offered, [expected.split()[-1]], done.stderr)

    def test_each_option_is_offered(self):
        with open(MANUAL + "/phasetap.bash", encoding="utf-8") as file:
            bash = file.read()
        with open(MANUAL + "/phasetap.fish", encoding="utf-8") as file:
            fish = file.read()
        with open(MANUAL + "/_phasetap", encoding="utf-8") as file:
            zsh = file.read()
        for command in commands():
            offered = re.search(r"        %s\)\n            options='(.*)'" % command, bash)
            arms = zsh.split("        %s)\n" % command)[1].split(";;")[0]
            for name, _ in options(command):
                with self.subTest(command=command, option=name):
                    self.assertIn(name, offered.group(1).split())
                    self.assertIn(name, arms)
                    self.assertRegex(fish, r"__phasetap_is %s' -l %s\b" % (command, name[2:]))


if __name__ == "__main__":
    unittest.main()
