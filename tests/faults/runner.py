# SPDX-License-Identifier: Apache-2.0
"""Runs the host program of a case: bare, under the preload object, or under `phasetap run`."""

import contextlib
import collections
import dataclasses
import glob
import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse

import pymongo

import places
import support
from case import NOTHING

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
                place.process = self.start(mode, place, uri, errors)
                out = self.converse(place.process, place)
                wait_for_orphans(peer.pid)
                errors.seek(0)
                err = errors.read().decode(errors="replace")
            inserts = peer.counts().get("insert", 0)
            return Seen(place.process.returncode, out, err, stored(peer.uri), inserts)

    def start(self, mode, place, uri, errors):
        return subprocess.Popen(
            self.whole_command(mode, place, uri),
            env=self.environment(mode, place, uri),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=self.scratch,
            start_new_session=True,
            **self.identity(),
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
    with contextlib.suppress(ProcessLookupError):  # it ended just now
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
