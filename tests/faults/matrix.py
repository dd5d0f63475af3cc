# SPDX-License-Identifier: Apache-2.0
"""All cases, and how they are run: each in a process of its own, some side by side."""

import collections
import ctypes
import json
import os
import shutil
import sys
import tempfile
import time
import traceback

import cases_disk
import cases_ends
import cases_folder
import cases_identity
import cases_limits
import cases_preloads
import cases_processes
import judge
import limits
import places
import support

THEMES = [
    cases_disk.THEME,
    cases_folder.THEME,
    cases_limits.THEME,
    cases_identity.THEME,
    cases_processes.THEME,
    cases_ends.SIGNALS,
    cases_ends.ENDS,
    cases_preloads.THEME,
]
PR_SET_CHILD_SUBREAPER = 36

Result = collections.namedtuple("Result", "verdict seconds case text")


def all_cases():
    return [case for theme in THEMES for case in theme.cases]


def run_case(case, number, scratch):
    """In the case's process: the verdict and its text."""
    try:
        places.own_mounts()
        outcome, problems = judge.judge(case, scratch, number)
        if problems and case.name in limits.LIMITS:
            return "skipped", "known limit: %s (%s)" % (limits.LIMITS[case.name], problems[0])
        return ("FAILED", "; ".join(problems)) if problems else ("passed", outcome)
    except places.Skip as reason:
        return "skipped", str(reason)
    except Exception:  # a fault of the test itself is a failure with a place to look
        return "FAILED", " | ".join(traceback.format_exc().strip().splitlines()[-3:])


def begin(case, number):
    """Starts the case's process; (pid, what run_all needs to know of it).

    The scratch folder is removed by this process: the mounts in it live in the other one alone.
    """
    scratch = tempfile.mkdtemp(prefix="phasetap-faults-")
    os.chmod(scratch, 0o755)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        answer = json.dumps(run_case(case, number, scratch)).encode()
        os.write(writer, answer[:60000])
        sys.stdout.flush()
        os._exit(0)
    os.close(writer)
    return pid, (case, reader, scratch, time.monotonic())


def end(reader):
    with os.fdopen(reader, "rb") as file:
        answer = file.read()
    return (
        json.loads(answer) if answer else ("FAILED", "the case's process ended without an answer")
    )


def run_all(cases, jobs):
    """Gives a Result for each case, as they end."""
    waiting, running = list(enumerate(cases)), {}
    while waiting or running:
        while waiting and len(running) < jobs:
            number, case = waiting.pop(0)
            pid, about = begin(case, number)
            running[pid] = about
        pid, _ = os.wait()
        case, reader, scratch, started = running.pop(pid)
        verdict, text = end(reader)
        support.remove_rings(scratch)
        shutil.rmtree(scratch, ignore_errors=True)
        yield Result(verdict, time.monotonic() - started, case, text)
