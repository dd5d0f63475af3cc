# SPDX-License-Identifier: Apache-2.0
"""A terminal for tests: a pseudo terminal with a shell that has job control, and what a VT100 would
show of its output. Only the sequences that ncurses writes for TERM=vt100 are known; any other one
fails the test."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import support

SEQUENCE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|\x1b[()][0AB]|\x1b([=>M])")
IGNORED = "mhl"  # attributes, modes


class Screen:
    """Rows of characters, and the cursor."""

    def __init__(self, rows, columns):
        self.size = rows, columns
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.top, self.bottom = 0, rows - 1  # what scrolls

    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    def text(self):
        return "\n".join(self.lines())

    def feed(self, text):
        """Returns what is left: the beginning of a sequence."""
        at = 0
        while at < len(text):
            found = SEQUENCE.match(text, at)
            if found is not None:
                if found.group(2) is not None:
                    self.control(found.group(1), found.group(2))
                elif found.group(3) == "M":
                    self.scroll(self.top, self.bottom, -1)
                at = found.end()
            elif text[at] == "\x1b":
                if len(text) - at > 20:
                    raise AssertionError("unknown sequence: %r" % text[at:at + 20])
                return text[at:]
            else:
                self.put(text[at])
                at += 1
        return ""

    def control(self, parameters, final):
        numbers = [int(word) for word in re.findall(r"\d+", parameters)]
        first = numbers[0] if numbers else 0
        if final == "H":
            self.row, self.column = (first or 1) - 1, (numbers[1] if len(numbers) > 1 else 1) - 1
        elif final in "ABCD":
            step = first or 1
            self.row += {"A": -step, "B": step}.get(final, 0)
            self.column += {"C": step, "D": -step}.get(final, 0)
        elif final == "r":
            self.top, self.bottom = (min(number, self.size[0]) - 1 for number in numbers)
            self.row = self.column = 0
        elif final == "K":
            begin, end = {0: (self.column, None), 1: (0, self.column + 1)}[first]
            blank = self.cells[self.row][begin:end]
            self.cells[self.row][begin:end] = [" "] * len(blank)
        elif final == "J" and first == 0:
            self.cells[self.row][self.column:] = [" "] * (self.size[1] - self.column)
            for row in self.cells[self.row + 1:]:
                row[:] = [" "] * self.size[1]
        elif final == "J" and first == 2:
            for row in self.cells:
                row[:] = [" "] * self.size[1]
        elif final not in IGNORED:
            raise AssertionError("unknown sequence: %s%s" % (parameters, final))
        # after it was made smaller, some output is still for the larger one
        self.row = max(0, min(self.row, self.size[0] - 1))
        self.column = max(0, min(self.column, self.size[1] - 1))

    def scroll(self, edge, opposite, step):
        """Moves the cursor a row; at the edge, the rows up to the opposite one instead."""
        if self.row == edge:
            del self.cells[opposite]
            self.cells.insert(edge, [" "] * self.size[1])
        else:
            self.row += step

    def put(self, character):
        columns = self.size[1]
        if character == "\r":
            self.column = 0
        elif character == "\b":
            self.column -= 1
        elif character == "\t":
            self.column = min(self.column // 8 * 8 + 8, columns - 1)
        elif character == "\n":
            self.scroll(self.bottom, self.top, 1)
        elif character.isprintable():
            if self.column == columns:
                self.put("\r")
                self.put("\n")
            self.cells[self.row][self.column] = character
            self.column += 1


class Terminal:
    """A shell script with job control on a terminal of its own, as a context."""

    def __init__(self, script, *arguments, rows=24, columns=80, **environment):
        env = {**support.clean_environment(), "TERM": "vt100", **environment}
        self.pid, self.leader = pty.fork()
        if self.pid == 0:
            for name in ("SIGINT", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGHUP", "SIGTERM"):
                signal.signal(getattr(signal, name), signal.SIG_DFL)  # whatever was inherited
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            try:
                os.execve("/bin/sh", ["sh", "-mc", script, "sh", *arguments], env)
            finally:
                os._exit(127)
        self.raw, self.rest = "", ""
        self.screen = Screen(rows, columns)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in {self.foreground(), self.pid}:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        os.waitpid(self.pid, 0)
        os.close(self.leader)

    def foreground(self):
        """The process in front: the program, or the shell."""
        try:
            return os.tcgetpgrp(self.leader) or self.pid
        except OSError:
            return self.pid

    def resize(self, rows, columns):
        self.screen = Screen(rows, columns)  # before it is told
        fcntl.ioctl(self.leader, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.leader, text.encode())

    def read(self, seconds):
        ready, _, _ = select.select([self.leader], [], [], seconds)
        if not ready:
            return
        try:
            piece = os.read(self.leader, 65536).decode("utf-8", "replace")
        except OSError:  # the shell has ended
            time.sleep(0.01)
            return
        self.raw += piece
        self.rest = self.screen.feed(self.rest + piece)

    def wait(self, pattern, text, seconds=support.TIMEOUT_S):
        deadline = time.monotonic() + seconds
        while re.search(pattern, text(), re.M) is None:
            if time.monotonic() > deadline:
                raise AssertionError("no %r on the screen:\n%s" % (pattern, self.screen.text()))
            self.read(0.2)

    def wait_for(self, pattern):
        """Until the screen shows it."""
        self.wait(pattern, lambda: self.screen.text())

    def wait_for_output(self, pattern):
        """Until it was written, though it may not be on the screen any more."""
        self.wait(pattern, lambda: self.raw.replace("\r\n", "\n"))
