# SPDX-License-Identifier: Apache-2.0
"""What a case of the fault matrix is: a host program, its surroundings, and what must come of it.

A case is data; runner.py runs it and judge.py decides. Every case demands that the host program
shows the same with and without phasetap (output, exit status or signal, printed errno values,
documents that reached the server). `expect` says which of three things the recording may come to:

  complete  every operation that the server received is in the logs, and nothing was dropped
  says      something is missing; the report counts it and says so, in words that match `words`
  nothing   there is no log, and the tool says why, in words that match `words`
"""

import dataclasses
import typing

import places

COMPLETE, SAYS, NOTHING = "complete", "says", "nothing"
# A burst of threads fills the ring before the writer thread gets a CPU on a busy machine.
FASTER = "faster than the log could be written|stalled"


@dataclasses.dataclass(frozen=True)
class Expect:
    outcomes: tuple
    words: str = ""  # a regular expression, any case
    counted: bool = True  # what is missing is also counted: recorded and dropped are at least all
    exact: bool = False  # the report's totals are exact, although entries are missing


def complete():
    return Expect((COMPLETE,))


def says(words, counted=True, exact=False):
    return Expect((SAYS,), words, counted, exact)


def complete_or_says(words, counted=True, exact=False):
    return Expect((COMPLETE, SAYS), words, counted, exact)


def nothing(words):
    return Expect((NOTHING,), words)


def accounted(words):
    """Any of the three: what can be had depends on the file system, but never in silence."""
    return Expect((COMPLETE, SAYS, NOTHING), words)


def unharmed():
    """Only the program is looked at: somebody took the log away, so its events are gone."""
    return Expect((COMPLETE, SAYS, NOTHING), "", counted=False)


@dataclasses.dataclass(frozen=True)
class Case:
    name: str  # unique; words joined by hyphens
    what: str  # one sentence for docs/SAFETY.md
    steps: str  # arguments behind the URI; {folder} is where the log goes, {uid} a user of its own
    expect: Expect = dataclasses.field(default_factory=complete)
    program: str = "host"  # in build/bin/faults, or a path beneath build/bin
    command: str = ""  # instead of program and steps: a shell's script; $HOST is the program
    place: typing.Callable = places.plain  # where the log goes
    meddle: tuple = ()  # what happens at each `meet`, in every run; called with the place
    wrap: tuple = ()  # words before the command: unshare, setpriv
    env: dict = dataclasses.field(default_factory=dict)  # {folder} as in steps; None removes
    first: tuple = ()  # objects preloaded before ours
    last: tuple = ()  # and behind
    program_env: dict = dataclasses.field(default_factory=dict)  # in the bare run too
    user: str = ""  # "other": a user without rights and without processes
    unix: bool = False  # the server is reached by its socket file
    mark: typing.Callable = None  # called with the path of the program's copy: setuid and the like
    verify: typing.Callable = None  # called with (place, seen) of a profiled run: problems
    tool: bool = False  # a third run, under `phasetap run`
    only_tool: bool = False  # profiled under `phasetap run` only
    refused: bool = False  # `phasetap run` ends with 125 and says why; the program is not started
    in_flight: int = 0  # operations that the end may cut off before they are complete
    logs: int = 0  # so many logs are there afterwards; 0: not looked at
    in_order: bool = True  # each process exits in order: no ring is left, logs are plain BSON
    same_output: bool = True  # False: what is printed differs between two bare runs as well
    needs: tuple = ()  # functions that return why the case cannot run here, or None
    result: str = ""  # for docs/SAFETY.md, where the usual words do not say it
    timeout_s: int = 60

    def steps_text(self):
        return self.command or ("%s %s" % (self.program, self.steps)).strip()


class Theme:
    """Cases that belong together, in order, under a headline of docs/SAFETY.md."""

    def __init__(self, title):
        self.title, self.cases = title, []

    def add(self, name, what, steps="", **more):
        """Threads that insert as fast as they can (`busy`) may outrun the log on a busy machine."""
        if "busy=" in steps:
            more.setdefault("expect", complete_or_says(FASTER, exact=True))
        self.cases.append(Case(name, what, steps, **more))
