# SPDX-License-Identifier: Apache-2.0
"""Runs a case and decides. Everything here happens in a process of the case's own (matrix.py), with
a mount namespace of its own, so a case cannot disturb another one or the machine.
"""

import collections
import dataclasses
import glob
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse

import pymongo

import places
import support
from case import COMPLETE, NOTHING, SAYS

INSTALLED = (
    "bin/phasetap",
    "lib/libphasetap.so",
    "lib/libphasetap-audit.so",
    "bin/faults",
    "bin/targets",
)
UNCOMPARED = "busy"  # the collection of threads that insert for as long as they live
FIRST_USER = 60000


@dataclasses.dataclass
class Seen:
    """What a run showed."""

    status: int
    out: str
    err: str
    stored: dict  # numbers in each collection
    inserts: int  # that the server received


def found(patterns):
    """Paths of libraries; a pattern that fits none skips the case."""
    paths = []
    for pattern in patterns:
        pattern = pattern.replace("{faults}", os.path.join(support.BUILD, "bin", "faults"))
        places_of_it = sorted(
            path
            for folder in ("", "/lib/*/", "/usr/lib/*/")
            for path in glob.glob(folder + pattern)
        )
        if not places_of_it:
            raise places.Skip("there is no %s" % pattern)
        paths.append(places_of_it[-1])
    return paths


class Runner:
    """The runs of one case; `scratch` is a folder that exists and that everybody can enter."""

    def __init__(self, case, scratch, number):
        self.case, self.scratch = case, scratch
        self.user = FIRST_USER + number if case.user == "other" else 0
        self.prefix = os.path.join(scratch, "prefix")
        self.hidden = ""

    def install(self):
        """A copy of what is tested, where every user can reach it."""
        for name in INSTALLED:
            source, copy = os.path.join(support.BUILD, name), os.path.join(self.prefix, name)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            if os.path.isdir(source):
                os.symlink(source, copy)
            elif os.path.exists(source):
                shutil.copy(source, copy)
        program = self.case.program
        source = os.path.join(
            support.BUILD, "bin", program if "/" in program else "faults/" + program
        )
        self.program = shutil.copy(
            source, os.path.join(self.prefix, "bin", os.path.basename(program))
        )
        self.tool = os.path.join(self.prefix, "bin", "phasetap")
        self.faults = os.path.join(support.BUILD, "bin", "faults")
        self.preload = os.path.join(self.prefix, "lib", "libphasetap.so")
        if self.case.mark:
            self.case.mark(self.program)

    def command(self, place, uri):
        if self.case.command:
            return ["sh", "-c", self.filled(self.case.command, place)]
        return [self.program, uri, *self.filled(self.case.steps, place).split()]

    def filled(self, text, place):
        """Braces of steps stay; names in braces are replaced."""
        names = {"folder": place.folder, "uid": str(FIRST_USER + 500), "faults": self.faults}
        for name, value in names.items():
            text = text and text.replace("{%s}" % name, value)
        return text

    def environment(self, mode, place, uri):
        own = [self.preload] if mode == "preload" else []
        settings = {"HOME": self.scratch, "HOST": self.program, "URI": uri, **self.case.program_env}
        preloaded = [*found(self.case.first), *own, *found(self.case.last)]
        settings["LD_PRELOAD"] = ":".join(preloaded) or None
        if mode != "bare":
            settings["PHASETAP_OUTPUT"] = place.output if mode == "preload" else None
            settings.update(self.case.env)
        filled = {
            name: value and value.format(folder=place.folder) for name, value in settings.items()
        }
        return support.clean_environment(**filled)

    def whole_command(self, mode, place, uri):
        own = self.command(place, uri)
        if mode == "run":
            quiet = [] if NOTHING in self.case.expect.outcomes else ["-q"]
            own = [self.tool, "run", *quiet, "-o", place.output, "--", *own]
        return [*(self.filled(word, place) for word in self.case.wrap), *own]

    def execute(self, mode, place):
        """One run with a server of its own."""
        socket = os.path.join(self.scratch, mode + ".sock")
        with support.Peer("--store", "--unix", socket) as peer:
            os.chmod(socket, 0o777)
            uri = "mongodb://" + urllib.parse.quote(socket, safe="") if self.case.unix else peer.uri
            with open(os.path.join(self.scratch, mode + ".err"), "w+b") as errors:
                process = subprocess.Popen(
                    self.whole_command(mode, place, uri),
                    env=self.environment(mode, place, uri),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    cwd=self.scratch,
                    start_new_session=True,
                    **self.identity(),
                )
                place.process = process
                out = self.converse(process, place)
                wait_for_orphans(peer.pid)
                errors.seek(0)
                err = errors.read().decode(errors="replace")
            return Seen(
                process.returncode, out, err, stored(peer.uri), peer.counts().get("insert", 0)
            )

    def identity(self):
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}

    def converse(self, process, place):
        """Reads to the end; at each line `ready` it meddles, then lets the program go on."""
        steps, text = list(self.case.meddle), []
        watchdog = threading.Timer(self.case.timeout_s, give_up, (process, place))
        watchdog.start()
        try:
            for line in process.stdout:
                text.append(line.decode(errors="replace"))
                if line == b"ready\n":
                    if steps:
                        steps.pop(0)(place)
                    process.stdin.write(b"\n")
                    process.stdin.flush()
            process.wait()
        except BrokenPipeError:
            process.wait()
        finally:
            watchdog.cancel()
            place.thaw()
        return "".join(text)


def give_up(process, place):
    """The program hangs: a frozen disk is thawed first, for what waits for it cannot be killed."""
    place.thaw()
    os.killpg(process.pid, signal.SIGKILL)


def wait_for_orphans(peer):
    """Daemons and children whose parent left are this process's children now."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with open("/proc/self/task/%d/children" % os.getpid(), encoding="ascii") as file:
            others = [int(word) for word in file.read().split() if int(word) != peer]
        if not others:
            return
        for child in others:
            try:
                os.waitpid(child, os.WNOHANG)
            except ChildProcessError:
                pass
        time.sleep(0.005)


def stored(uri):
    """The documents that reached the server, without those of threads that insert on and on."""
    client = pymongo.MongoClient(uri, directConnection=True, serverSelectionTimeoutMS=5000)
    found = {}
    with client:
        for name in sorted(client.faults.list_collection_names()):
            if name != UNCOMPARED:
                numbers = (document.get("number") for document in client.faults[name].find())
                found[name] = sorted(collections.Counter(numbers).items(), key=repr)
    return found


def differences(case, bare, seen, mode):
    """What of the host program is not as in the bare run; sentences."""
    if mode == "run" and case.refused:
        return [] if seen.status == 125 else ["status %d instead of 125" % seen.status]
    problems = []
    status = seen.status
    if mode == "run" and bare.status < 0 and status == 128 - bare.status:
        status = bare.status  # as a shell would tell it
    if status != bare.status:
        problems.append("status %d instead of %d" % (seen.status, bare.status))
    order = sorted if "children=" in case.steps else list  # children write as they come
    outs = [order(text.splitlines(True)) for text in (bare.out, seen.out)]
    if case.same_output and outs[0] != outs[1]:
        problems.append("output differs: %s" % first_difference(*outs))
    quiet = mode != "run" or NOTHING not in case.expect.outcomes
    errs = [support.without_stamps(text).splitlines(True) for text in (bare.err, seen.err)]
    if quiet and case.same_output and errs[0] != errs[1]:
        problems.append("standard error differs: %s" % first_difference(*errs))
    if case.same_output and seen.stored != bare.stored:
        problems.append("other documents reached the server")
    return problems


def first_difference(bare, seen):
    """The first line that is not the same, of each of two lists."""
    for left, right in itertools.zip_longest(bare, seen, fillvalue="nothing"):
        if left != right:
            return "'%s', bare '%s'" % (right.strip()[:100], left.strip()[:100])
    return "line ends"


def read_report(runner, place):
    """(report or None, all sentences in which the report tells of something missing)."""
    done = support.run([runner.tool, "report", *place.logs()])
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return None, done.stderr
    profiler = report["profiler"]
    return report, "\n".join([str(profiler["dropped_reason"]), *profiler["notes"], done.stderr])


def recorded_as(runner, place, seen):
    """(outcome, text that tells why something is missing, problems)."""
    case = runner.case
    if not place.logs():
        return NOTHING, what_an_operator_finds(runner, place, seen), []
    report, text = read_report(runner, place)
    if report is None:
        return (
            SAYS,
            text,
            ["the logs cannot be read: %s" % text.strip()[:200]] if case.expect.counted else [],
        )
    count = report["commands"].get("insert", {"count": 0})["count"]
    dropped = report["profiler"]["events_dropped"]
    least = seen.inserts - case.in_flight
    not_followed = report["profiler"]["handles_not_followed"]
    if least <= count <= seen.inserts and dropped == 0 and not_followed == 0:
        return COMPLETE, text, order(case, place)
    problems = []
    if case.expect.counted and count + dropped < least:
        problems.append(
            "%d of %d inserts recorded, %d events counted as dropped"
            % (count, seen.inserts, dropped)
        )
    if case.expect.exact and not least <= count <= seen.inserts:
        problems.append("totals say %d inserts of %d" % (count, seen.inserts))
    if count > seen.inserts:
        problems.append("%d inserts recorded, the server had %d" % (count, seen.inserts))
    return SAYS, text, problems


def what_an_operator_finds(runner, place, seen):
    """Where one looks when there is no log: the tool's words and its check of the surroundings."""
    settings = dict(runner.environment("preload", place, ""), LD_PRELOAD=None)
    found = seen.err
    text = ask(runner, settings, "--environment").splitlines()
    found += "".join(line + "\n" for line in text if line.startswith("problem:"))
    if runner.case.mark:
        found += ask(runner, settings, runner.program)
    return found.replace(place.output, "OUTPUT").replace(runner.scratch, "SCRATCH")


def ask(runner, settings, question):
    """What `phasetap check` answers where the program ran; nothing if it cannot be asked that."""
    command = [*runner.case.wrap, runner.tool, "check", question]
    done = support.run(command, env=settings, cwd=runner.scratch, **runner.identity())
    return done.stdout + done.stderr if done.returncode in (0, 1) else ""


def order(case, place):
    """After an ordered end nothing but plain BSON is left."""
    if not case.in_order:
        return []
    problems = ["left behind: %s" % name for name in place.rings()]
    for path in place.logs():
        if not is_plain_bson(path):
            problems.append("%s is no plain BSON" % os.path.basename(path))
    return problems


def is_plain_bson(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at + 5 <= len(data):
        length = int.from_bytes(data[at : at + 4], "little")
        if length < 5 or at + length > len(data) or data[at + length - 1] != 0:
            return False
        at += length
    return at == len(data) and at > 0


def judge_recording(runner, place, seen):
    expect = runner.case.expect
    outcome, text, problems = recorded_as(runner, place, seen)
    if runner.case.logs and len(place.logs()) != runner.case.logs:
        problems.append("%d logs instead of %d" % (len(place.logs()), runner.case.logs))
    if outcome not in expect.outcomes:
        problems.append("recorded: %s; due: %s" % (outcome, " or ".join(expect.outcomes)))
        if text.strip(" \nNone"):
            problems.append("said: '%s'" % " ".join(text.split())[:160])
    elif outcome != COMPLETE and not re.search(expect.words, text, re.IGNORECASE):
        problems.append(
            "no word of it: '%s' not in '%s'" % (expect.words, " ".join(text.split())[:160])
        )
    return outcome, problems


def judge(case, scratch, number):
    """(outcome, problems); raises places.Skip."""
    for need in case.needs:
        reason = need()
        if reason:
            raise places.Skip(reason)
    runner = Runner(case, scratch, number)
    runner.install()
    modes = ["run"] if case.only_tool else ["preload", "run"] if case.tool else ["preload"]
    seen, problems, outcome = {}, [], ""
    for mode in ["bare", *modes]:
        own = os.path.join(scratch, "in-" + mode)
        os.mkdir(own)
        os.chmod(own, 0o755)
        with case.place(own, runner.user) as place:
            seen[mode] = runner.execute(mode, place)
            if mode != "bare":
                found = differences(case, seen["bare"], seen[mode], mode)
                outcome, more = judge_recording(runner, place, seen[mode])
                if case.verify:
                    more += case.verify(place, seen[mode])
                problems += ["%s: %s" % (mode, problem) for problem in [*found, *more]]
    return outcome, problems
