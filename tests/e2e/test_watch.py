# SPDX-License-Identifier: Apache-2.0
"""`phasetap watch`: what it shows of a running program against the program's own counts, at points
where both must agree, whatever the time. Nothing here depends on the driver's version.
"""

import os
import re
import select
import signal
import struct
import subprocess
import unittest

import support
import terminal

TICK = ("--interval", "100ms")
# The peer has room for every document, and one answer to all.
SOURCE = ("--collection", "targets.source=700:100")


def words(line):
    """The words of a line, by key; the last one may hold blanks."""
    found = dict(re.findall(r'(\w+)=("[^"]*"|\S+)', line))
    return {key: value.strip('"') for key, value in found.items()}


class Steps:
    """The program connect_steps under the profiler: does one step at a time."""

    def __init__(self, test, output, *before, **more):
        environment = {"LD_PRELOAD": support.PRELOAD, "PHASETAP_OUTPUT": output}
        environment = {} if before else environment
        self.inserted = self.read = 0
        self.process = subprocess.Popen(
            [*before, support.target("connect_steps")],
            env=support.clean_environment(**environment, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        test.addCleanup(self.end)
        self.step("client " + test.peer.uri)

    @property
    def pid(self):
        return self.process.pid

    def step(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        answer = support.read_line(self.process.stdout, 60, "connect_steps").split()
        assert answer[0] == "good", answer
        return int(answer[3])

    def insert(self, times=1):
        for _ in range(times):
            self.step("insert")
            self.inserted += 1

    def find(self):
        self.read += self.step("find source")

    def kill(self):
        self.process.kill()
        self.process.wait(20)

    def end(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
        status = self.process.wait(20)
        self.process.stdout.close()
        return status


class Watcher:
    """`phasetap watch` off a terminal: its lines as they come."""

    def __init__(self, test, *arguments):
        self.lines, self.rest = [], b""
        self.process = subprocess.Popen(
            [support.PHASETAP, "watch", *arguments],
            env=support.clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        test.addCleanup(self.stop)

    def next(self):
        """The next line as words. Python's own buffer would hide lines from select()."""
        while b"\n" not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], support.TIMEOUT_S)
            piece = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not piece:
                raise RuntimeError("watch printed no line: %r" % self.rest)
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        self.lines.append(words(line.decode()))
        return self.lines[-1]

    def waiting(self):
        ready, _, _ = select.select([self.process.stderr], [], [], support.TIMEOUT_S)
        return os.read(self.process.stderr.fileno(), 4096).decode() if ready else ""

    def until_over(self):
        """The last line of a process: how it ended is known."""
        while True:
            line = self.next()
            if line.get("end", "-") != "-":
                return line

    def until(self, **wanted):
        """The first line with these words."""
        while True:
            line = self.next()
            if all(line.get(key) == str(value) for key, value in wanted.items()):
                return line

    def finish(self):
        """(exit status, rest of the output, standard error)."""
        out, err = self.process.communicate(timeout=support.TIMEOUT_S)
        return self.process.returncode, (self.rest + out).decode(), err.decode()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()


@unittest.skipIf(support.DRIVER, "watch reads logs; the driver's version does not matter")
class Watched(support.EndToEnd):
    """A server, and a name for the log of the program."""

    def setUp(self):
        super().setUp()
        self.peer = support.Peer(*SOURCE)
        self.peer.__enter__()
        self.addCleanup(self.peer.__exit__, None, None, None)
        self.log = self.path("run.bson")


class Watching(Watched):
    def assert_truthful(self, watcher, program):
        """No line ever says more than the program has done, or less than the line before."""
        for key, done in (("written", program.inserted), ("read", program.read)):
            counts = [int(line[key]) for line in watcher.lines]
            self.assertEqual(counts, sorted(counts))
            self.assertLessEqual(counts[-1], done)

    def test_documents_at_meeting_points_and_a_log_that_appears_later(self):
        watcher = Watcher(self, self.log, *TICK, "--total", "40")
        waiting = watcher.waiting()
        self.assert_sentence(waiting, self.log)
        program = Steps(self, self.log)
        for round_number in range(1, 4):
            program.insert(10)
            line = watcher.until(written=program.inserted)
            self.assertEqual((line["docs"], line["state"]), (line["written"], "running"))
            self.assertEqual((line["total"], line["pct"]), ("40", str(25 * round_number)))
            program.find()
            line = watcher.until(read=program.read)
            self.assertEqual(line["pid"], str(program.pid))
            self.assert_truthful(watcher, program)
        self.assertEqual(program.read, 2100)
        self.assertEqual(program.end(), 0)
        line = watcher.until_over()
        self.assertEqual((line["end"], line["written"], line["read"]), ("exit", "30", "2100"))
        status, summary, told = watcher.finish()
        self.assertEqual((status, told), (0, ""))
        self.assertIn("30 documents written", summary)

    def test_by_pid_killed(self):
        """The newest documents are in the ring alone when the process is killed."""
        program = Steps(self, self.log)
        program.insert(3)
        watcher = Watcher(self, str(program.pid), *TICK)
        watcher.until(written=3, state="running")
        program.insert(20)
        program.kill()
        line = watcher.until_over()
        self.assertEqual((line["end"], line["written"]), (support.NO_ORDERED_END, "23"))
        status, summary, _ = watcher.finish()
        self.assertEqual(status, 0)
        self.assertIn(support.NO_ORDERED_END, summary)

    def test_a_ring_beside_the_log_is_found_by_pid(self):
        program = Steps(self, self.log, PHASETAP_RING="log")
        program.insert(3)
        watcher = Watcher(self, str(program.pid), *TICK)
        watcher.until(written=3, state="running")
        program.end()
        self.assertEqual(watcher.until_over()["written"], "3")

    def test_how_it_ended_as_phasetap_run_says(self):
        run = [support.PHASETAP, "run", "-q", "-o", self.log, "--"]
        program = Steps(self, self.log, *run)
        program.insert(2)
        watcher = Watcher(self, self.log, *TICK)
        child = watcher.until(written=2)["pid"]
        os.kill(int(child), signal.SIGKILL)
        line = watcher.until_over()
        self.assertEqual((line["end"], line["written"]), ("signal 9 (SIGKILL)", "2"))
        self.assertEqual(watcher.finish()[0], 0)

    def test_a_folder_with_several_processes_one_of_which_comes_later(self):
        logs = self.make_folder("logs")
        old = Steps(self, logs)
        old.insert()
        old.end()
        first = Steps(self, logs)
        first.insert(2)
        watcher = Watcher(self, logs, *TICK)
        watcher.until(pid=first.pid, written=2)
        second = Steps(self, logs)
        second.insert(5)
        watcher.until(pid=second.pid, written=5)
        first.end()
        self.assertEqual(watcher.until_over()["pid"], str(first.pid))
        watcher.until(pid=second.pid, state="running")
        second.kill()
        line = watcher.until_over()
        self.assertEqual((line["pid"], line["written"]), (str(second.pid), "5"))
        status, summary, _ = watcher.finish()
        self.assertEqual(status, 0)
        self.assertIn("2 runs", summary)
        self.assertEqual({line["pid"] for line in watcher.lines}, {str(first.pid), str(second.pid)})

    def test_ctrl_c_ends_with_the_summary_so_far_and_the_program_goes_on(self):
        program = Steps(self, self.log)
        program.insert(4)
        watcher = Watcher(self, self.log, "--interval", "1h")
        watcher.until(written=4)
        program.insert(3)
        watcher.process.send_signal(signal.SIGINT)
        status, out, _ = watcher.finish()
        self.assertEqual(status, 0)
        self.assertIn("written=7 ", out.splitlines()[0])
        self.assertRegex(out, r"\b7 documents written")
        self.assertIn("still running", out)
        program.insert(1)
        self.assertEqual(program.end(), 0)

    def test_parts_and_a_renamed_log(self):
        """The last figures are those of the report, which reads all parts at once."""
        for name, settings in (("size", {"PHASETAP_ROTATE": "64K:1000"}), ("moved", {})):
            with self.subTest(name):
                self.make_folder(name)
                log, counters = self.path(name, "log.bson"), self.path(name + ".counters")
                victim = self.start_killme(log, counters, **settings)
                watcher = Watcher(self, log, *TICK)
                while int(watcher.next()["written"]) < 500:
                    pass
                if name == "moved":
                    os.rename(log, log + ".1")
                    done = int(watcher.lines[-1]["written"])
                    while int(watcher.next()["written"]) < done + 500:
                        pass
                victim.kill()
                victim.wait(20)
                line = watcher.until_over()
                phases = self.report(log)["phases"]
                self.assertEqual(int(line["written"]), phases["Document Insertion"]["documents"])
                with open(counters, "rb") as file:
                    pairs = struct.iter_unpack("<qq", file.read(32))
                    done = sum((count + 1) // 2 for _, count in pairs)
                self.assertIn(int(line["written"]) - done, (0, 1, 2))
                counts = [int(line["written"]) for line in watcher.lines]
                self.assertEqual(counts, sorted(counts))

    def start_killme(self, log, counters, **more):
        victim = subprocess.Popen(
            [support.target("killme"), self.peer.uri, "2", counters],
            env=support.clean_environment(
                LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log, **more
            ),
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.addCleanup(victim.stdout.close)
        self.addCleanup(victim.kill)
        support.read_line(victim.stdout, 60, "killme")
        return victim

    def test_a_log_that_has_ended_before(self):
        program = Steps(self, self.log)
        program.insert(3)
        program.find()
        program.end()
        done = support.phasetap("watch", self.log)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        line, summary = done.stdout.split("\n", 1)
        self.assertEqual(words(line)["end"], "exit")
        self.assertEqual((words(line)["written"], words(line)["read"]), ("3", "700"))
        self.assertEqual(words(line)["rate"], "-")
        self.assertEqual(summary, support.phasetap("summary", self.log).stdout)

    def test_wrong_usage(self):
        garbage = self.path("garbage.bson")
        with open(garbage, "wb") as file:
            file.write(b"no log at all, though its name says so")
        for arguments in (
            ("--interval", "0"), ("--interval", "2 s"), ("--total", "0"), ("--total", "1.5"),
            ("--total", "many"), (garbage,), ("/dev/null",),
        ):
            done = support.phasetap("watch", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assert_sentence(done.stderr, arguments[0])

    def test_standard_input_cannot_be_watched(self):
        done = support.phasetap("watch", "-")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot watch standard input", done.stderr)

    def test_a_process_that_does_not_exist(self):
        with subprocess.Popen(["true"]) as gone:
            pass
        done = support.phasetap("watch", str(gone.pid))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assert_sentence(done.stderr, str(gone.pid))


SCRIPT = """
before=$(stty -g)
"$@"
echo "status=$?"
[ "$(stty -g)" = "$before" ] && echo "modes as before"
%s
"""
AGAIN = """
fg > /dev/null
echo "again=$?"
[ "$(stty -g)" = "$before" ] && echo "modes as before that"
"""


class OnScreen(Watched):
    def setUp(self):
        super().setUp()
        self.program = Steps(self, self.log)
        self.program.insert(5)

    def open(self, *arguments, more="", **settings):
        shown = terminal.Terminal(
            SCRIPT % more, support.PHASETAP, "watch", self.log, *TICK, *arguments, **settings
        )
        self.addCleanup(shown.__exit__)
        return shown

    def test_it_follows_the_program_and_ends_with_it(self):
        shown = self.open("--total", "20")
        shown.wait_for(r"^5 of 20 documents written")
        shown.wait_for(r"^connect_steps +pid %d .* running +25 %%, - left" % self.program.pid)
        self.program.insert(10)
        shown.wait_for(r"^15 of 20 documents written")
        shown.wait_for(r"^  main +Document Insertion .* targets\.work$")
        self.assertEqual(shown.screen.lines()[-1].split()[:2], ["q", "quit"])
        self.program.end()
        shown.wait_for(r"^status=0$")
        shown.wait_for(r"^modes as before$")
        self.assertIn("15 documents written", shown.raw)

    def test_keys_resizing_and_q(self):
        shown = self.open()
        shown.wait_for(r"^5 documents written")
        shown.resize(12, 60)
        shown.wait_for(r"^5 documents written")
        shown.wait_for(r"^q quit  p pause(.*\n?)\Z")
        shown.type("p")
        shown.wait_for(r"^q quit  p go on")
        self.program.insert(1)
        shown.type("p")
        shown.wait_for(r"^6 documents written")
        shown.type("q")
        shown.wait_for(r"^status=0$")
        shown.wait_for(r"^modes as before$")
        self.program.insert(1)

    def test_signals_leave_the_terminal_as_it_was(self):
        for name, end in (("Ctrl-C", None), ("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP)):
            with self.subTest(name):
                shown = self.open()
                shown.wait_for(r"^5 documents written")
                if end is None:
                    shown.type("\x03")
                else:
                    os.kill(shown.foreground(), end)
                shown.wait_for(r"^status=0$")
                shown.wait_for(r"^modes as before$")
                self.assertIn("still running", shown.raw)

    def test_stopped_and_continued(self):
        shown = self.open(more=AGAIN)
        shown.wait_for(r"^5 documents written")
        shown.type("\x1a")
        shown.wait_for_output(r"^modes as before$")
        shown.wait_for(r"^5 documents written")
        self.program.insert(2)
        shown.wait_for(r"^7 documents written")
        shown.type("q")
        shown.wait_for(r"^again=0$")
        shown.wait_for(r"^modes as before that$")

    def test_a_terminal_that_cannot_show_a_screen_gets_lines(self):
        for arguments, environment in ((("--lines",), {}), ((), {"TERM": "dumb"})):
            shown = self.open(*arguments, **environment)
            shown.wait_for(r"written=5 ")
            self.assertNotIn("\x1b", shown.raw)
            shown.type("\x03")
            shown.wait_for(r"^status=0$")


if __name__ == "__main__":
    unittest.main()
