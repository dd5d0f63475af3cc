# SPDX-License-Identifier: Apache-2.0
"""`phasetap run` as a wrapper: signals, terminal, daemons and endings are the same with it and
without it.
"""

import os
import pty
import select
import signal
import subprocess
import unittest

import support
from run_wrapper import Wrapper, run_command

# Every signal that a process may handle, but those of glibc's own (32, 33).
CATCHABLE = sorted(set(range(1, signal.SIGRTMAX + 1)) - {signal.SIGKILL, signal.SIGSTOP, 32, 33})


class Program:
    """The target that prints its signals, as a context: bare or below `run`, in a session."""

    def __init__(self, *prefix, **more):
        self.process = subprocess.Popen(
            [*prefix, support.target("wrapped"), "signals"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=support.clean_environment(),
            start_new_session=True,
            **more,
        )
        support.read_line(self.process.stdout, 60, "the program")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def line(self):
        return support.read_line(self.process.stdout, 60, "a signal").strip()

    def end(self):
        self.process.stdin.close()
        rest = self.process.stdout.read()
        return self.process.wait(60), rest


class Signals(Wrapper):
    """Each signal is sent once and seen once."""

    def test_every_signal_for_the_tool_reaches_the_program_once(self):
        for prefix in ((), run_command("-o", self.path("none.bson"))):
            with self.subTest(prefix=prefix), Program(*prefix) as program:
                for number in CATCHABLE:
                    os.kill(program.process.pid, number)
                    self.assertEqual(program.line(), "got %d" % number)
                self.assertEqual(program.end(), (7, "end\n"))

    def test_every_signal_for_the_group_reaches_the_program_once(self):
        for prefix in ((), run_command("-o", self.path("none.bson"))):
            with self.subTest(prefix=prefix), Program(*prefix) as program:
                for number in CATCHABLE:
                    os.killpg(program.process.pid, number)
                    self.assertEqual(program.line(), "got %d" % number)
                self.assertEqual(program.end(), (7, "end\n"))

    def test_values_go_along(self):
        with Program(*run_command("-o", self.path("none.bson"))) as program:
            for value in (1, 70000):
                subprocess.run(
                    ["kill", "-s", "RTMIN", "-q", str(value), str(program.process.pid)], check=True
                )
                self.assertEqual(program.line(), "got %d value %d" % (signal.SIGRTMIN, value))
            self.assertEqual(program.end(), (7, "end\n"))

    def test_ignored_and_blocked_signals_are_the_programs(self):
        """What a parent ignores (nohup) or blocks is so in the program."""
        show = ["grep", "^Sig[BIC]", "/proc/self/status"]

        def meddle():
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGTERM})

        bare = support.run(show, preexec_fn=meddle)
        done = support.run([*run_command("-o", self.path("none.bson")), *show], preexec_fn=meddle)
        self.assertEqual(support.what_is_seen(done), support.what_is_seen(bare))

    def test_killing_the_tool_leaves_the_program_alone(self):
        with Program(*run_command("-o", self.path("none.bson"))) as program:
            child = self.child_of(program.process.pid)
            program.process.kill()
            self.assertEqual(program.process.wait(60), -signal.SIGKILL)
            os.kill(child, signal.SIGUSR1)
            self.assertEqual(program.line(), "got %d" % signal.SIGUSR1)
            self.assertEqual(program.end()[1], "end\n")

    def child_of(self, pid):
        """Of the two children of the tool, the one that is the program."""
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="utf-8") as file:
            children = file.read().split()
        names = {child: os.path.basename(os.readlink("/proc/%s/exe" % child)) for child in children}
        (child,) = [int(child) for child, name in names.items() if name == "wrapped"]
        return child

    def test_an_alarm_from_before(self):
        """An alarm survives exec: it is the program's, also when the tool comes first."""
        for prefix in ((), run_command("-o", self.path("none.bson"))):
            with self.subTest(prefix=prefix):
                done = support.run([*prefix, "sleep", "60"], preexec_fn=lambda: signal.alarm(1))
                self.assertEqual(done.returncode, -signal.SIGALRM)


def heed_signals():
    """As a shell starts programs: whoever runs the tests may ignore some (nohup)."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Ends(Wrapper):
    def ends_alike(self, *program, **more):
        bare = support.run(program, **more)
        done = support.run([*run_command("-o", self.path("none.bson")), *program], **more)
        self.assertEqual(support.what_is_seen(done), support.what_is_seen(bare))
        return done.returncode

    def test_status_and_signal(self):
        for status in (0, 1, 125, 126, 127, 255):
            self.assertEqual(self.ends_alike("sh", "-c", "exit %d" % status), status)
        for number in (1, 2, 3, 6, 9, 11, 13, 14, 15, 30):
            status = self.ends_alike("sh", "-c", "kill -%d $$" % number, preexec_fn=heed_signals)
            self.assertEqual(status, -number)

    def test_the_tool_leaves_no_core_file(self):
        """The program's own is there as without the tool."""
        unlimited = "ulimit -c unlimited 2>/dev/null; "
        for prefix in ([], run_command("-o", self.path("none.bson"))):
            folder = self.make_folder("core%d" % len(prefix))
            done = support.run(
                ["sh", "-c", unlimited + 'exec "$@"', "sh", *prefix, "sh", "-c", "kill -ABRT $$"],
                cwd=folder,
            )
            self.assertEqual(done.returncode, -signal.SIGABRT)
        cores = [
            len(os.listdir(self.path(name)))
            for name in sorted(os.listdir(self.folder))
            if "core" in name
        ]
        self.assertEqual(cores[0], cores[1])

    def test_a_closed_standard_error(self):
        """Nobody reads the tool's own words: the status is the program's all the same."""
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = support.run([support.PHASETAP, "run", "--", "sh", "-c", "exit 3"], stderr=writer)
        finally:
            os.close(writer)
        self.assertEqual(done.returncode, 3)

    def test_closed_standard_streams(self):
        """They are closed in the program too, and the log is whole."""
        log, seen = self.path("run.bson"), []
        work = [support.target("work"), self.peer.uri, "5"]
        close = ["bash", "-c", 'exec "$@" <&- >&- 2>&-', "bash"]
        for prefix in ((), [support.PHASETAP, "run", "-o", log, "--"]):
            out = self.path("fds%d" % len(prefix))
            show = ["sh", "-c", 'ls /proc/$$/fd >"$0"; "$@"', out, *work]
            done = support.run([*close, *prefix, *show])
            with open(out, encoding="utf-8") as file:
                seen.append((done.returncode, done.stderr, file.read()))
        self.assertEqual(seen[1], seen[0])
        self.assertEqual(self.commands_of(self.good_log(log))["insert"], 5)

    def test_a_daemon_outlives_the_tool(self):
        result, folder = self.path("result"), self.make_folder("daemon")
        done = support.phasetap(
            "run", "-o", folder, "--", support.target("forks"), "daemon", self.peer.uri, result
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        support.wait_for(
            lambda: os.path.exists(result) and os.path.getsize(result) > 0,
            60,
            "the daemon's result",
        )
        with open(result, encoding="utf-8") as file:
            pid = file.read().split()[1]
        support.wait_for(lambda: not os.path.exists("/proc/" + pid), 60, "the daemon's end")
        self.assertEqual(len(self.logs_in(folder)), 2)
        for log in self.logs_in(folder):
            self.good_log(log, complete=False)
            self.assertEqual(self.commands_of(support.read_log.Log(log))["insert"], 5)

    def test_a_daemon_beside_a_log(self):
        script = '"$0" "$1" 2 >&2; (setsid sleep 60 >/dev/null 2>&1 </dev/null & echo $!)'
        command = ["sh", "-c", script, support.target("work"), self.peer.uri]
        done = support.phasetap("run", "-o", self.path("run.bson"), "--", *command)
        os.kill(int(done.stdout), signal.SIGKILL)
        self.assertIn("log written", done.stderr)
        self.assertRegex(done.stderr, r"process %s \('\w+'\) still runs" % done.stdout.strip())

    def test_a_daemon_that_has_not_called_the_driver(self):
        script = "(setsid sleep 60 >/dev/null 2>&1 </dev/null & echo $!)"
        done = support.phasetap("run", "-o", self.path("none.bson"), "--", "sh", "-c", script)
        os.kill(int(done.stdout), signal.SIGKILL)
        self.assertEqual(done.returncode, 0)
        self.assert_sentence(done.stderr, "still runs", "process " + done.stdout.strip())
        self.assertNotIn("no libmongoc call was seen", done.stderr)


class Terminal(Wrapper):
    """An interactive shell on a terminal of its own, with the tool and without it."""

    def session(self, *prefix):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvpe(
                "bash",
                ["bash", "--norc", "--noediting", "-i"],
                support.clean_environment(PS1="$ ", TERM="dumb"),
            )
        self.addCleanup(os.close, terminal)
        self.addCleanup(os.waitpid, pid, 0)
        self.addCleanup(os.kill, pid, signal.SIGKILL)
        self.seen = ""
        self.terminal = terminal
        self.type(" ".join([*prefix, support.target("wrapped"), "signals"]) + "\n")
        self.expect("ready\r\n")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def expect(self, text):
        """Reads up to and including the text; what came before it is returned."""
        while text not in self.seen:
            ready, _, _ = select.select([self.terminal], [], [], 60)
            self.assertTrue(ready, "%r did not come: %r" % (text, self.seen))
            self.seen += os.read(self.terminal, 4096).decode(errors="replace")
        before, _, self.seen = self.seen.partition(text)
        return before

    def both(self):
        yield self.session()
        yield self.session(*run_command("-o", self.path("none.bson")))

    def test_keys_signal_the_program_once(self):
        for _ in self.both():
            self.type("\x03")
            self.expect("got 2\r\n")
            self.type("\x1c")
            self.expect("got 3\r\n")
            self.type("\x04")
            self.assertNotIn("got", self.expect("end\r\n"))
            self.type("echo status $?\n")
            self.expect("status 7\r\n")

    def test_ctrl_z_of_a_program_that_handles_it(self):
        for _ in self.both():
            self.type("\x1a")
            self.expect("got 20\r\n")
            self.type("\x04")
            self.assertNotIn("got", self.expect("end\r\n"))

    def test_ctrl_z_of_a_program_that_does_not_handle_it(self):
        for prefix in ("", " ".join(run_command("-o", self.path("none.bson"))) + " "):
            self.session()
            self.type("\x04")
            self.expect("end\r\n")
            self.type(prefix + "sh -c 'echo begun; read line; echo line $line; exit 5'\n")
            self.expect("begun\r\n")
            self.type("\x1a")
            self.expect("Stopped")
            self.type("fg\n")
            self.expect("read line")
            self.type("again\n")
            self.expect("line again\r\n")
            self.type("echo status $?\n")
            self.expect("status 5\r\n")

    def test_a_terminal_that_hangs_up(self):
        """The kernel signals the leader of the session alone: the tool, when it comes first."""
        for prefix in ((), run_command("-o", self.path("none.bson"))):
            out = self.path("out%d" % len(prefix))
            os.mkfifo(out + ".in")
            shell = 'exec "$@" signals <>"$0.in" >"$0"'
            command = [*prefix, "sh", "-c", shell, out, support.target("wrapped")]
            pid, terminal = pty.fork()
            if pid == 0:
                os.execvpe(command[0], command, support.clean_environment())
            support.wait_for(lambda path=out: self.holds(path, "ready"), 60, "the program")
            os.close(terminal)
            support.wait_for(lambda path=out: self.holds(path, "got 1\n"), 60, "the hang-up")
            support.wait_for(lambda path=out: self.holds(path, "got 18\n"), 60, "SIGCONT")
            with open(out + ".in", "w", encoding="utf-8"):
                os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            with open(out, encoding="utf-8") as file:
                self.assertEqual(sorted(file.read().split()), sorted("ready got 1 got 18".split()))

    def test_kill_of_a_job(self):
        for _ in self.both():
            self.type("\x04")
            self.expect("end\r\n")
        for prefix in ("", " ".join(run_command("-o", self.path("none.bson"))) + " "):
            out = self.path("out%d" % len(prefix))
            os.mkfifo(out + ".in")
            self.type(
                "%s%s signals <>%s.in >%s &\n" % (prefix, support.target("wrapped"), out, out)
            )
            support.wait_for(lambda path=out: self.holds(path, "ready"), 60, "the job")
            self.type("kill -TERM %%; kill -INT %%\n")
            support.wait_for(
                lambda path=out: self.holds(path, "got 15") and self.holds(path, "got 2"),
                60,
                "signals",
            )
            self.type("kill -KILL %%; wait; echo over\n")
            self.expect("\r\nover\r\n")
            with open(out, encoding="utf-8") as file:
                self.assertEqual(sorted(file.read().split("\n")), ["", "got 15", "got 2", "ready"])

    def holds(self, path, text):
        if not os.path.exists(path):
            return False
        with open(path, encoding="utf-8") as file:
            return text in file.read()


if __name__ == "__main__":
    unittest.main()
